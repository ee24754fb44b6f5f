"""Right answers to the exercises of lesson 6, each written differently.

`NAME__LABEL` answers exercise NAME. Every one keeps to the whole contract of the course (lists,
ints, one layer, a batch of one), so every one earns full points.
"""

import math
from functools import reduce

import numpy as np
from scipy import special

# delta_norms


def delta_norms__by_index(weights, Zs, delta_out, act_grad):
    L = len(weights)
    norms = np.empty(L)
    delta = np.array(delta_out, dtype=float)
    norms[L - 1] = np.sqrt(np.sum(delta**2))
    for layer in range(L - 2, -1, -1):
        delta = np.dot(delta, np.asarray(weights[layer + 1], dtype=float))
        delta = delta * act_grad(np.asarray(Zs[layer], dtype=float))
        norms[layer] = np.sqrt(np.sum(delta**2))
    return norms


def delta_norms__recursion(weights, Zs, delta_out, act_grad):
    delta = np.asarray(delta_out, dtype=float)
    own = np.array([np.linalg.norm(delta)])
    if len(weights) == 1:
        return own
    before = np.einsum("no,oi->ni", delta, np.asarray(weights[-1], dtype=float))
    before = before * act_grad(np.asarray(Zs[-2], dtype=float))
    return np.concatenate(
        [delta_norms__recursion(weights[:-1], Zs[:-1], before, act_grad), own]
    )


def delta_norms__columns(weights, Zs, delta_out, act_grad):
    """Examples in columns, as other texts have them."""
    delta, norms = np.asarray(delta_out, dtype=float).T, []
    norms.insert(0, math.sqrt((delta * delta).sum()))
    pairs = list(zip(weights[1:], Zs[:-1], strict=True))
    for W, Z in reversed(pairs):
        slopes = act_grad(np.asarray(Z, dtype=float)).T
        delta = slopes * (np.asarray(W, dtype=float).T @ delta)
        norms.insert(0, math.sqrt((delta * delta).sum()))
    return np.array(norms)


def delta_norms__example_by_example(weights, Zs, delta_out, act_grad):
    Ws = [np.asarray(W, dtype=float) for W in weights]
    slopes = [act_grad(np.asarray(Z, dtype=float)) for Z in Zs]
    squares = [0.0] * len(Ws)
    for i, delta in enumerate(np.asarray(delta_out, dtype=float)):
        squares[-1] += delta @ delta
        for k in reversed(range(len(Ws) - 1)):
            delta = (Ws[k + 1].T @ delta) * slopes[k][i]
            squares[k] += delta @ delta
    return np.sqrt(np.array(squares))


# sigmoid_bound


def sigmoid_bound__power(L):
    return 0.25**L


def sigmoid_bound__product(L):
    return float(np.prod(np.full(L, 0.25)))


def sigmoid_bound__exponential(L):
    return math.exp(-L * math.log(4))


def sigmoid_bound__ldexp(L):
    return math.ldexp(1.0, -2 * int(L))


def sigmoid_bound__loop(L):
    bound = 1.0
    for _ in range(L):
        bound = bound * 0.25
    return bound


# init_weights


def init_weights__standard_normal(fan_in, fan_out, scheme, rng):
    if scheme == "xavier":
        variance = 2 / (fan_in + fan_out)
    elif scheme == "he":
        variance = 2 / fan_in
    else:
        raise ValueError("scheme must be xavier or he")
    return rng.standard_normal((fan_out, fan_in)) * np.sqrt(variance)


def init_weights__unit_by_unit(fan_in, fan_out, scheme, rng):
    if scheme not in ("xavier", "he"):
        raise ValueError(scheme)
    std = math.sqrt(2 / (fan_in + fan_out if scheme == "xavier" else fan_in))
    return np.array([rng.normal(scale=std, size=fan_in) for _ in range(fan_out)])


def init_weights__drawn_transposed(fan_in, fan_out, scheme, rng):
    fans = {"xavier": fan_in + fan_out, "he": fan_in}
    try:
        fan = fans[scheme]
    except KeyError as error:
        raise ValueError(f"no scheme {scheme}") from error
    return (2 / fan) ** 0.5 * rng.normal(size=(fan_in, fan_out)).T


def init_weights__by_quantiles(fan_in, fan_out, scheme, rng):
    match scheme:
        case "xavier":
            std = np.sqrt(2.0 / (fan_in + fan_out))
        case "he":
            std = np.sqrt(2.0 / fan_in)
        case _:
            raise ValueError(scheme)
    return std * special.ndtri(rng.random((fan_out, fan_in)))


# activation_stats


def activation_stats__plain(X, weights, act):
    A = np.asarray(X, dtype=float)
    stats = np.zeros((len(weights), 2))
    for layer, W in enumerate(weights):
        A = act(A @ np.transpose(np.asarray(W, dtype=float)))
        stats[layer] = A.mean(), A.std()
    return stats


def activation_stats__recursion(X, weights, act):
    if len(weights) == 0:
        return np.zeros((0, 2))
    A = act(np.einsum("nd,od->no", np.asarray(X, dtype=float), np.asarray(weights[0], dtype=float)))
    first = np.array([[np.mean(A), np.sqrt(np.var(A))]])
    return np.vstack([first, activation_stats__recursion(A, weights[1:], act)])


def activation_stats__row_by_row(X, weights, act):
    rows, stats = [np.asarray(x, dtype=float) for x in X], []
    for W in weights:
        rows = [act(np.asarray(W, dtype=float) @ row) for row in rows]
        entries = np.concatenate(rows)
        mean = entries.sum() / entries.size
        stats.append([mean, math.sqrt(((entries - mean) ** 2).sum() / entries.size)])
    return np.array(stats)


def activation_stats__all_layers_first(X, weights, act):
    layers = reduce(
        lambda made, W: [*made, act(made[-1] @ np.asarray(W, dtype=float).T)],
        weights,
        [np.asarray(X, dtype=float)],
    )[1:]
    return np.array([[np.average(A), np.std(A, ddof=0)] for A in layers])


# units_identical


def units_identical__differences(W, tol=1e-12):
    W = np.asarray(W, dtype=float)
    return np.max(np.abs(W - W[0])) <= tol


def units_identical__allclose(W, tol=1e-12):
    W = np.asarray(W, dtype=float)
    return np.allclose(W, W[0], rtol=0, atol=tol)


def units_identical__loops(W, tol=1e-12):
    first = W[0]
    for row in W[1:]:
        for a, b in zip(row, first, strict=True):
            if abs(float(a) - float(b)) > tol:
                return False
    return True


def units_identical__all_generator(W, tol=1e-12):
    rows = np.array(W, dtype=float)
    return all(bool((np.abs(row - rows[0]) <= tol).all()) for row in rows)


# clip_by_global_norm


def clip_by_global_norm__minimum(grads, max_norm):
    norm = math.sqrt(sum(float(np.sum(np.square(g))) for g in grads))
    scale = min(1.0, max_norm / norm) if norm > 0 else 1.0
    return [scale * np.array(g, dtype=float) for g in grads]


def clip_by_global_norm__with_epsilon(grads, max_norm):
    """As PyTorch has it: 1e-6 in the denominator, and no branch."""
    total = np.linalg.norm([np.linalg.norm(np.ravel(g)) for g in grads]) if len(grads) else 0.0
    return [np.asarray(g, dtype=float) * min(1.0, max_norm / (total + 1e-6)) for g in grads]


def clip_by_global_norm__flat(grads, max_norm):
    arrays = [np.array(g, dtype=float) for g in grads]
    if not arrays:
        return []
    norm = np.linalg.norm(np.concatenate([a.ravel() for a in arrays]))
    if norm <= max_norm:
        return arrays
    return tuple(a / norm * max_norm for a in arrays)


def clip_by_global_norm__loop(grads, max_norm):
    square = 0.0
    for g in grads:
        for value in np.asarray(g, dtype=float).flat:
            square += value * value
    clipped = []
    for g in grads:
        new = np.array(g, dtype=float)
        if square > max_norm**2:
            new *= max_norm / square**0.5
        clipped.append(new)
    return clipped


# residual_backward


def residual_backward__sum(dY, branch_backward):
    dY = np.asarray(dY, dtype=float)
    return dY + branch_backward(dY)


def residual_backward__copy_and_add(dY, branch_backward):
    dX = np.array(dY, dtype=float)
    dX += branch_backward(np.array(dY, dtype=float))
    return dX


def residual_backward__np_add(dY, branch_backward):
    return np.add(np.asarray(dY, dtype=np.float64), np.asarray(branch_backward(dY)))


def residual_backward__by_rows_after_one_call(dY, branch_backward):
    branch = np.asarray(branch_backward(np.asarray(dY, dtype=float)))
    return np.array([np.asarray(a, dtype=float) + b for a, b in zip(dY, branch, strict=True)])
