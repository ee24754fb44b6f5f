"""Right answers to the exercises of lesson 7, each written differently.

`NAME__LABEL` answers exercise NAME. Every one keeps to the whole contract of the course (lists,
ints, a batch of one), so every one earns full points.
"""

import math
from collections import deque

import numpy as np

# l2_penalty


def l2_penalty__loop(weights, lam):
    total = 0.0
    for W in weights:
        for w in np.ravel(W):
            total += float(w) ** 2
    return lam * total / 2


def l2_penalty__norms(weights, lam):
    return float(lam / 2 * sum(np.linalg.norm(np.ravel(np.asarray(W, float))) ** 2
                               for W in weights))


def l2_penalty__dot(weights, lam):
    flat = [np.asarray(W, dtype=float).reshape(-1) for W in weights]
    return np.float64(0.5 * lam * math.fsum(float(v @ v) for v in flat))


def l2_penalty__one_vector(weights, lam):
    flat = np.concatenate([np.zeros(1), *(np.ravel(W) for W in weights)])
    return lam / 2 * np.einsum("i,i->", flat, flat)


# l2_grad


def l2_grad__loop(weights, lam):
    grads = []
    for W in weights:
        grads.append(np.array(W, dtype=float) * lam)
    return grads


def l2_grad__tuple(weights, lam):
    return tuple(np.multiply(float(lam), W) for W in weights)


def l2_grad__in_place_on_a_copy(weights, lam):
    grads = [np.array(W, dtype=np.float64) for W in weights]
    for dW in grads:
        dW *= lam
    return grads


def l2_grad__generator_into_a_list(weights, lam):
    def layers():
        for W in weights:
            yield np.asarray(W) * float(lam)

    return list(layers())


# l1_penalty


def l1_penalty__loop(weights, lam):
    total = 0.0
    for W in weights:
        for w in np.ravel(W):
            total += abs(float(w))
    return lam * total


def l1_penalty__norm_of_the_flat(weights, lam):
    return float(lam) * sum((float(np.linalg.norm(np.ravel(np.asarray(W, float)), 1))
                             for W in weights), 0.0)


def l1_penalty__signs(weights, lam):
    arrays = [np.asarray(W, dtype=float) for W in weights]
    return float(lam * sum(np.sum(W * np.sign(W)) for W in arrays))


def l1_penalty__roots(weights, lam):
    return lam * math.fsum(np.sqrt(np.square(np.asarray(W, float))).sum() for W in weights)


# l1_grad


def l1_grad__where(weights, lam):
    return [np.where(np.asarray(W) > 0, 1.0, np.where(np.asarray(W) < 0, -1.0, 0.0)) * lam
            for W in weights]


def l1_grad__masks(weights, lam):
    grads = []
    for W in weights:
        W = np.asarray(W)
        dW = np.zeros(W.shape)
        dW[W > 0] = lam
        dW[W < 0] = -lam
        grads.append(dW)
    return grads


def l1_grad__comparisons(weights, lam):
    return tuple(lam * ((np.asarray(W) > 0).astype(float) - (np.asarray(W) < 0))
                 for W in weights)


def l1_grad__entry_by_entry(weights, lam):
    sign = np.vectorize(lambda w: math.copysign(1.0, w) if w else 0.0, otypes=[float])
    return [float(lam) * sign(W) for W in weights]


# dropout_forward


def dropout_forward__binomial(X, p, rng, training):
    if p < 0 or p >= 1:
        raise ValueError(f"p = {p} is not allowed")
    X = np.array(X, dtype=float)
    if training:
        mask = rng.binomial(1, 1 - p, size=X.shape).astype(float)
        return X / (1 - p) * mask, mask
    return X, np.ones_like(X)


def dropout_forward__bool_mask(X, p, rng, training):
    if not (0 <= p < 1):
        raise ValueError("p")
    X = np.asarray(X, dtype=np.float64)
    mask = rng.uniform(size=X.shape) < 1 - p if training else np.ones(X.shape, dtype=bool)
    return np.where(mask, X / (1 - p), 0.0) if training else X * 1.0, mask


def dropout_forward__choice(X, p, rng, training):
    if p not in np.clip([p], 0, 1) or p == 1:
        raise ValueError("p must lie in [0, 1)")
    X = np.asarray(X, dtype=float)
    if not training:
        return X, np.ones(X.shape)
    mask = rng.choice([0.0, 1.0], size=X.shape, p=[p, 1 - p])
    return mask * X * (1 / (1 - p)), mask


def dropout_forward__loop(X, p, rng, training):
    if not 0 <= p < 1:
        raise ValueError("p must be at least 0 and below 1")
    X = np.array(X, dtype=float)
    mask = np.ones(X.shape)
    if training:
        for at in np.ndindex(X.shape):
            mask[at] = float(rng.random() >= p)
            X[at] = X[at] / (1 - p) if mask[at] else 0.0
    return X, mask


# dropout_backward


def dropout_backward__where(dY, mask, p):
    return np.where(np.asarray(mask) != 0, np.asarray(dY, dtype=float) / (1 - p), 0.0)


def dropout_backward__scale_first(dY, mask, p):
    scale = 1 / (1 - p)
    return np.multiply(dY, np.asarray(mask, dtype=float) * scale)


def dropout_backward__copy_and_zero(dY, mask, p):
    dX = np.array(dY, dtype=float) / (1 - p)
    dX[np.logical_not(mask)] = 0.0
    return dX


def dropout_backward__loop(dY, mask, p):
    dY, mask = np.asarray(dY), np.asarray(mask)
    dX = np.zeros(dY.shape)
    for at in np.ndindex(dY.shape):
        if mask[at]:
            dX[at] = dY[at] / (1 - p)
    return dX


# early_stopping


def early_stopping__distance_from_the_best(val_losses, patience, min_delta=0.0):
    best_loss, best_epoch, last = np.inf, -1, -1
    for last, loss in enumerate(val_losses):
        if best_loss - loss > min_delta:
            best_loss, best_epoch = loss, last
        if last - best_epoch >= patience:
            break
    return max(best_epoch, 0), last


def early_stopping__while(val_losses, patience, min_delta=0.0):
    epoch, misses, best = 0, 0, 0
    lowest = math.inf
    while True:
        if val_losses[epoch] < lowest - min_delta:
            lowest, best, misses = val_losses[epoch], epoch, 0
        else:
            misses += 1
        if misses >= patience or epoch == len(val_losses) - 1:
            return best, epoch
        epoch += 1


def early_stopping__window(val_losses, patience, min_delta=0.0):
    lowest, best, recent = float("inf"), 0, deque(maxlen=patience)
    for epoch, loss in enumerate(float(v) for v in val_losses):
        better = loss < lowest - min_delta
        recent.append(better)
        if better:
            lowest, best = loss, epoch
        if len(recent) == patience and not any(recent):
            return best, epoch
    return best, len(val_losses) - 1


def early_stopping__numpy_ints(val_losses, patience, min_delta=0.0):
    losses = np.asarray(val_losses, dtype=float)
    best, lowest, left = np.int64(0), np.inf, patience
    for epoch in np.arange(len(losses)):
        if losses[epoch] < lowest - min_delta:
            best, lowest, left = epoch, losses[epoch], patience
            continue
        left -= 1
        if not left:
            break
    return best, epoch


# cases


def cases__with_arrays():
    return [
        (np.array([5, 4, 6, 3, 3, 3.5, 3, 1, 2]), np.int64(3)),
        (np.array([5.0, 4.0, 6.0, 5.0, 4.5, 4.25, 4.125, 1.0]), 3),
        (np.array([5.0, np.nan, 4.0, 4.5, np.nan, 1.0]), 2),
        (np.arange(4.0, 1.0, -0.25), 4, 0.5),
        (np.array([1.0, 2.0]), 9),
    ]


def cases__in_one_tuple():
    nan = math.nan
    return ([2, 3, 1, 2, 1, 0], 2), ([1, nan, nan, 0], 2), ([1], 1, 0), (
        [9, 8, 9, 8.5, 8.25, 7], 3), ([9, 8.5, 8, 7.5, 7, 6.5, 6], 4, 1.5), ([3, 2, 4, 3, 2.5], 9)


def cases__at_random():
    rng, found = np.random.default_rng(9), []
    for patience in (1, 2, 2, 3, 3):
        walk = 8.0 + np.cumsum(rng.integers(-2, 3, size=30))
        walk[rng.integers(2, 30, size=4)] = np.nan
        found.append((walk, patience, 2 * (patience == 3)))
    return [*found, ([2, 1, 3], 3), ([2, 1, 1, 1, 0], 2),
            ([4.0, 3.75, 3.5, 3.25, 3.0], 3, 0.5)]


# standardize


def standardize__columns(train, test):
    train, test = np.array(train, dtype=float), np.array(test, dtype=float)
    for j in range(train.shape[1]):
        mean, std = np.mean(train[:, j]), np.std(train[:, j])
        for table in (test, train):
            table[:, j] = 0.0 if std == 0 else (table[:, j] - mean) / std
    return train, test


def standardize__masked(train, test):
    train, test = np.asarray(train, dtype=float), np.asarray(test, dtype=float)
    mean, std = train.mean(axis=0), train.std(axis=0)
    constant = std == 0
    results = []
    for table in (train, test):
        scaled = (table - mean) / np.where(constant, 1.0, std)
        scaled[:, constant] = 0.0
        results.append(scaled)
    return tuple(results)


def standardize__infinite_spread(train, test):
    train, test = np.asarray(train, float), np.asarray(test, float)
    spread = np.sqrt(((train - train.mean(0)) ** 2).mean(0))
    spread[np.ptp(train, axis=0) == 0] = np.inf
    return (train - train.mean(0)) / spread, (test - train.mean(0)) / spread


def standardize__divide_where(train, test):
    train, test = np.asarray(train, float), np.asarray(test, float)
    mean, std = train.mean(axis=0, keepdims=True), train.std(axis=0, keepdims=True)
    divide = lambda table: np.divide(table - mean, std, out=np.zeros(table.shape),  # noqa: E731
                                     where=np.broadcast_to(std > 0, table.shape))
    return divide(train), divide(test)


# batchnorm_forward


def batchnorm_forward__two_branches(X, gamma, beta, state, training, momentum=0.1, eps=1e-5):
    X = np.asarray(X, dtype=float)
    if training:
        mean = X.mean(0)
        var = ((X - mean) ** 2).mean(0)
        new = {"mean": state["mean"] + momentum * (mean - state["mean"]),
               "var": state["var"] + momentum * (var - state["var"])}
    else:
        mean, var = np.array(state["mean"]), np.array(state["var"])
        new = {"mean": mean, "var": var}
    return np.asarray(gamma) * ((X - mean) / (var + eps) ** 0.5) + beta, new


def batchnorm_forward__units_in_turn(X, gamma, beta, state, training, momentum=0.1, eps=1e-5):
    X = np.asarray(X, dtype=float)
    n, d = X.shape
    Y, new = np.empty((n, d)), {"mean": np.array(state["mean"], float),
                                "var": np.array(state["var"], float)}
    for j in range(d):
        mean, var = new["mean"][j], new["var"][j]
        if training:
            mean = sum(X[:, j]) / n
            var = sum((x - mean) ** 2 for x in X[:, j]) / n
            new["mean"][j] = (1 - momentum) * new["mean"][j] + momentum * mean
            new["var"][j] = (1 - momentum) * new["var"][j] + momentum * var
        Y[:, j] = [gamma[j] * (x - mean) / math.sqrt(var + eps) + beta[j] for x in X[:, j]]
    return Y, new


def batchnorm_forward__scale_and_offset(X, gamma, beta, state, training, momentum=0.1, eps=1e-5):
    X, gamma, beta = (np.asarray(part, dtype=float) for part in (X, gamma, beta))
    old = np.stack([state["mean"], state["var"]]).astype(float)
    used = np.stack([X.mean(axis=0), X.var(axis=0)]) if training else old
    moved = (1 - momentum) * old + momentum * used if training else old
    scale = gamma / np.sqrt(used[1] + eps)
    Y = X * scale + (beta - used[0] * scale)
    return Y, {"mean": moved[0].copy(), "var": moved[1].copy()}


def batchnorm_forward__copy_of_the_state(X, gamma, beta, state, training, momentum=0.1, eps=1e-5):
    state = {key: np.array(value, dtype=float) for key, value in state.items()}
    use = {"mean": np.mean(X, axis=0), "var": np.var(X, axis=0)} if training else dict(state)
    if training:
        for key in state:
            state[key] = state[key] * (1 - momentum) + use[key] * momentum
    return np.multiply(gamma, X - use["mean"]) / np.sqrt(use["var"] + eps) + beta, state
