"""Right answers to the exercises of lesson 8, each written differently.

`NAME__LABEL` answers exercise NAME. Every one keeps to the whole contract of the course (lists,
ints, any shapes, a state of its own kind), so every one earns full points.
"""

import math
from functools import reduce

import numpy as np
from scipy import linalg

# stable_lr


def stable_lr__scipy(H):
    return float(2 / linalg.eigh(np.asarray(H, dtype=float), eigvals_only=True)[-1])


def stable_lr__spectral_norm(H):
    return 2.0 / float(np.linalg.norm(np.array(H, dtype=float), ord=2))


def stable_lr__any_eigenvalues(H):
    return np.float64(2) / max(np.real(np.linalg.eigvals(H)))


def stable_lr__singular_values(H):
    return np.array(2 / np.linalg.svd(np.asarray(H, dtype=float), compute_uv=False)[0])


def stable_lr__smallest_of_all_limits(H):
    return np.min(2 / np.linalg.eigvalsh(np.asarray(H, dtype=float)))


def stable_lr__squaring(H):
    """H to a high power is the largest eigenvalue to that power times a projection."""
    A = np.asarray(H, dtype=float)
    log = 0.0
    for k in range(60):
        size = np.trace(A)
        log += math.log(size) / 2**k
        A = (A / size) @ (A / size)
    return 2.0 / math.exp(log)


# momentum_step


def momentum_step__loop(params, grads, state, lr, beta=0.9):
    if state is None:
        state = [np.zeros(np.shape(p)) for p in params]
    new_params, new_state = [], []
    for p, g, v in zip(params, grads, state, strict=True):
        velocity = beta * v + np.array(g, dtype=float)
        new_params.append(np.array(p, dtype=float) - lr * velocity)
        new_state.append(velocity)
    return new_params, new_state


def momentum_step__dict_by_index(params, grads, state, lr, beta=0.9):
    old = (state or {}).get("v", {})
    v = {k: beta * old.get(k, 0.0) + np.asarray(g, dtype=float) for k, g in enumerate(grads)}
    return [np.subtract(p, lr * v[k], dtype=float) for k, p in enumerate(params)], {"v": v}


def momentum_step__all_gradients(params, grads, state, lr, beta=0.9):
    """Keeps every gradient there was, and adds them up anew in each step."""
    history = (*(state or ()), [np.asarray(g, dtype=float) for g in grads])
    t = len(history) - 1
    new = []
    for i, p in enumerate(params):
        v = sum(beta ** (t - k) * history[k][i] for k in range(t + 1))
        new.append(np.asarray(p, dtype=float) - lr * v)
    return tuple(new), history


def momentum_step__one_long_vector(params, grads, state, lr, beta=0.9):
    flat = np.concatenate([np.ravel(g).astype(float) for g in grads])
    v = flat if state is None else beta * np.asarray(state) + flat
    new, first = [], 0
    for p in params:
        p = np.asarray(p, dtype=float)
        new.append(p - lr * v[first : first + p.size].reshape(p.shape))
        first += p.size
    return [new, v.copy()]


def momentum_step__downward_velocity(params, grads, state, lr, beta=0.9):
    """The velocity points down, so that it is added."""
    old = [0.0 for _ in grads] if state is None else state
    v = [beta * u - np.asarray(g, dtype=float) for u, g in zip(old, grads, strict=True)]
    return [np.asarray(p, dtype=float) + lr * u for p, u in zip(params, v, strict=True)], v


def momentum_step__as_a_mean(params, grads, state, lr, beta=0.9):
    """Keeps the velocity and the number of steps, which nobody needs."""
    t, old = state if state is not None else (0, [0] * len(grads))
    v = [np.asarray(g, dtype=float) + np.multiply(beta, u) for u, g in zip(old, grads, strict=True)]
    new = [np.array(np.asarray(p, dtype=float) - lr * u) for p, u in zip(params, v, strict=True)]
    return new, [t + 1, v]


# rmsprop_step


def rmsprop_step__loop(params, grads, state, lr, rho=0.99, eps=1e-8):
    means = [np.zeros(np.shape(g)) for g in grads] if state is None else state
    new, kept = [], []
    for p, g, s in zip(params, grads, means, strict=True):
        g = np.array(g, dtype=float)
        s = rho * s + (1 - rho) * g * g
        kept.append(s)
        new.append(np.array(p, dtype=float) - lr * g / (s**0.5 + eps))
    return new, kept


def rmsprop_step__toward_the_square(params, grads, state, lr, rho=0.99, eps=1e-8):
    """Moves the mean a share of the way to the new square."""
    G = [np.asarray(g, dtype=float) for g in grads]
    S = dict(enumerate(np.zeros_like(g) for g in G)) if state is None else dict(state)
    for k, g in enumerate(G):
        S[k] = S[k] + (1 - rho) * (np.square(g) - S[k])
    return tuple(
        np.asarray(p, dtype=float) - lr * (G[k] / (np.sqrt(S[k]) + eps))
        for k, p in enumerate(params)
    ), S


def rmsprop_step__all_gradients(params, grads, state, lr, rho=0.99, eps=1e-8):
    history = [] if state is None else list(state)
    history.append([np.asarray(g, dtype=float) for g in grads])
    new = []
    for i, p in enumerate(params):
        s = reduce(lambda s, g: rho * s + (1 - rho) * g[i] ** 2, history, 0.0)
        new.append(np.asarray(p, dtype=float) - lr * history[-1][i] / (np.sqrt(s) + eps))
    return new, history


def rmsprop_step__keeps_roots(params, grads, state, lr, rho=0.99, eps=1e-8):
    """The state holds roots, which are squared again in the next step."""
    roots = [np.sqrt(1 - rho) * np.abs(np.asarray(g, dtype=float)) for g in grads]
    if state is not None:
        roots = [np.hypot(np.sqrt(rho) * r, new) for r, new in zip(state, roots, strict=True)]
    return [
        np.asarray(p, dtype=float) - lr * np.asarray(g, dtype=float) / np.add(r, eps)
        for p, g, r in zip(params, grads, roots, strict=True)
    ], roots


def rmsprop_step__entry_by_entry(params, grads, state, lr, rho=0.99, eps=1e-8):
    new, kept = [], []
    for i, (p, g) in enumerate(zip(params, grads, strict=True)):
        p, g = np.array(p, dtype=float), np.array(g, dtype=float)
        s = np.zeros(p.shape) if state is None else np.array(state[i])
        for k in np.ndindex(p.shape):
            s[k] = rho * s[k] + (1 - rho) * g[k] ** 2
            p[k] -= lr * g[k] / (math.sqrt(s[k]) + eps)
        new.append(p)
        kept.append(s)
    return new, kept


# adam_step


def adam_step__loop(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    if state is None:
        state = {"t": 0, "m": [0.0] * len(params), "v": [0.0] * len(params)}
    t, ms, vs, new = state["t"] + 1, [], [], []
    for p, g, m, v in zip(params, grads, state["m"], state["v"], strict=True):
        g = np.array(g, dtype=float)
        ms.append(beta1 * m + (1 - beta1) * g)
        vs.append(beta2 * v + (1 - beta2) * g * g)
        step = (ms[-1] / (1 - beta1**t)) / ((vs[-1] / (1 - beta2**t)) ** 0.5 + eps)
        new.append(np.array(p, dtype=float) - lr * step)
    return new, {"t": t, "m": ms, "v": vs}


def adam_step__corrected_rate(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """The corrections go into the rate and into eps, as fast implementations do it."""
    t, pairs = (0, [(0.0, 0.0)] * len(params)) if state is None else state
    t += 1
    scale = math.sqrt(1 - beta2**t)
    rate, small = lr * scale / (1 - beta1**t), eps * scale
    new, kept = [], []
    for p, g, (m, v) in zip(params, grads, pairs, strict=True):
        g = np.asarray(g, dtype=float)
        m, v = m + (1 - beta1) * (g - m), v + (1 - beta2) * (g**2 - v)
        kept.append((m, v))
        new.append(np.asarray(p, dtype=float) - rate * m / (np.sqrt(v) + small))
    return new, (t, kept)


def adam_step__sums_and_weights(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """Weighted means: sums, divided by the sums of the weights. No correction is needed then."""
    w1, w2, sums = (0.0, 0.0, None) if state is None else state
    w1, w2 = beta1 * w1 + 1, beta2 * w2 + 1
    G = [np.asarray(g, dtype=float) for g in grads]
    sums = sums or [(0.0, 0.0)] * len(G)
    sums = [
        (beta1 * a + g, beta2 * b + g * g) for (a, b), g in zip(sums, G, strict=True)
    ]
    return tuple(
        np.asarray(p, dtype=float) - lr * (a / w1) / (np.sqrt(b / w2) + eps)
        for p, (a, b) in zip(params, sums, strict=True)
    ), (w1, w2, sums)


def adam_step__powers_kept(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """Keeps beta1 ** t and beta2 ** t in place of t."""
    power1, power2, m, v = (1.0, 1.0, {}, {}) if state is None else state
    power1, power2 = power1 * beta1, power2 * beta2
    G = dict(enumerate(np.asarray(g, dtype=float) for g in grads))
    m = {k: beta1 * m.get(k, 0.0) + (1 - beta1) * g for k, g in G.items()}
    v = {k: beta2 * v.get(k, 0.0) + (1 - beta2) * np.square(g) for k, g in G.items()}
    new = []
    for k, p in enumerate(params):
        direction = np.divide(m[k], 1 - power1)
        size = np.sqrt(np.divide(v[k], 1 - power2))
        new.append(np.asarray(p, dtype=float) - np.multiply(lr, direction) / (size + eps))
    return [new, [power1, power2, m, v]]


def adam_step__all_gradients(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    history = (*(() if state is None else state), tuple(np.array(g, dtype=float) for g in grads))
    t = len(history)
    first = np.array([(1 - beta1) * beta1 ** (t - k) for k in range(1, t + 1)])
    second = np.array([(1 - beta2) * beta2 ** (t - k) for k in range(1, t + 1)])
    new = []
    for i, p in enumerate(params):
        series = np.stack([step[i] for step in history])
        m = np.tensordot(first / (1 - beta1**t), series, axes=1)
        v = np.tensordot(second / (1 - beta2**t), series**2, axes=1)
        new.append(np.asarray(p, dtype=float) - lr * m / (np.sqrt(v) + eps))
    return new, history


# minibatches


def minibatches__while(n, batch_size, rng):
    order, batches, first = rng.permutation(n), [], 0
    while first < n:
        batches.append(order[first : first + batch_size])
        first += batch_size
    return batches


def minibatches__split(n, batch_size, rng):
    order = np.arange(n)
    rng.shuffle(order)
    return np.split(order, range(batch_size, n, batch_size))


def minibatches__random_keys(n, batch_size, rng):
    order = np.argsort(rng.random(n))
    count = math.ceil(n / batch_size)
    return tuple(order[k * batch_size : (k + 1) * batch_size] for k in range(count))


def minibatches__drawn_without_replacement(n, batch_size, rng):
    left = np.arange(int(n))
    batches = []
    while len(left):
        batch = rng.choice(left, size=min(batch_size, len(left)), replace=False)
        left = np.setdiff1d(left, batch)
        batches.append(batch)
    return batches


def minibatches__fisher_yates(n, batch_size, rng):
    order = list(range(n))
    for k in range(n - 1, 0, -1):
        other = int(rng.integers(k + 1))
        order[k], order[other] = order[other], order[k]
    return [np.array(order[k : k + batch_size]) for k in range(0, n, batch_size)]


# adamw_step


def adamw_step__decays_first(
    params, grads, state, lr, weight_decay, beta1=0.9, beta2=0.999, eps=1e-8
):
    """Shrinks the parameters and lets Adam, which doesn't look at them, step from there."""
    shrunk = [(1 - lr * weight_decay) * np.asarray(p, dtype=float) for p in params]
    return adam_step__loop(shrunk, grads, state, lr, beta1, beta2, eps)


def adamw_step__difference(
    params, grads, state, lr, weight_decay, beta1=0.9, beta2=0.999, eps=1e-8
):
    """Asks Adam for the step from 0, and takes it from the real place."""
    zeros = [np.zeros(np.shape(p)) for p in params]
    steps, state = adam_step__corrected_rate(zeros, grads, state, lr, beta1, beta2, eps)
    return [
        np.asarray(p, dtype=float) - lr * weight_decay * np.asarray(p, dtype=float) + step
        for p, step in zip(params, steps, strict=True)
    ], state


def adamw_step__by_itself(
    params, grads, state, lr, weight_decay, beta1=0.9, beta2=0.999, eps=1e-8
):
    t, m, v = (0, [0.0] * len(params), [0.0] * len(params)) if state is None else state
    t, new = t + 1, []
    G = [np.asarray(g, dtype=float) for g in grads]
    m = [beta1 * a + (1 - beta1) * g for a, g in zip(m, G, strict=True)]
    v = [beta2 * b + (1 - beta2) * g**2 for b, g in zip(v, G, strict=True)]
    for p, a, b in zip(params, m, v, strict=True):
        p = np.asarray(p, dtype=float)
        update = a / (1 - beta1**t) / (np.sqrt(b / (1 - beta2**t)) + eps) + weight_decay * p
        new.append(p - lr * update)
    return tuple(new), (t, m, v)


def adamw_step__weights_kept(
    params, grads, state, lr, weight_decay, beta1=0.9, beta2=0.999, eps=1e-8
):
    new, kept = adam_step__sums_and_weights(params, grads, state, lr, beta1, beta2, eps)
    old = map(np.array, params)
    return [np.add(n, -lr * weight_decay * p) for n, p in zip(new, old, strict=True)], kept


# warmup_cosine


def warmup_cosine__math(step, total, warmup, lr_max, lr_min=0.0):
    if step < warmup:
        return lr_max * (step + 1) / warmup
    if step >= total:
        return float(lr_min)
    angle = math.pi * (step - warmup) / (total - warmup)
    return lr_min + (lr_max - lr_min) * (1 + math.cos(angle)) / 2


def warmup_cosine__half_angle(step, total, warmup, lr_max, lr_min=0.0):
    if step < warmup:
        return float(lr_max) / warmup * (step + 1)
    share = min((step - warmup) / (total - warmup), 1.0)
    fall = math.cos(math.pi * share / 2) ** 2
    return float(fall * lr_max + (1 - fall) * lr_min)


def warmup_cosine__clipped(step, total, warmup, lr_max, lr_min=0.0):
    share = np.clip((step - warmup) / (total - warmup), 0.0, 1.0)
    falling = lr_min + 0.5 * (lr_max - lr_min) * (1 + np.cos(np.pi * share))
    return np.asarray(falling if step >= warmup else lr_max * (step + 1) / warmup, dtype=float)


def warmup_cosine__whole_table(step, total, warmup, lr_max, lr_min=0.0):
    rise = lr_max * np.arange(1, warmup + 1) / max(1, warmup)
    turn = np.linspace(0.0, np.pi, total - warmup + 1)
    fall = (lr_max + lr_min) / 2 + (lr_max - lr_min) / 2 * np.cos(turn)
    return np.concatenate([rise, fall])[min(step, total)]


def warmup_cosine__complex(step, total, warmup, lr_max, lr_min=0.0):
    if step < warmup:
        return np.float64(lr_max) * (step + 1) / warmup
    done = min(step, total) - warmup
    wheel = np.exp(1j * np.pi * done / (total - warmup)).real
    return float(np.interp(wheel, [-1, 1], sorted((lr_min, lr_max))))
