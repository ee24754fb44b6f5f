"""Right answers to the exercises of lesson 15, each written differently.

`EXERCISE__LABEL` answers EXERCISE. Every one keeps to the whole contract (lists, whole numbers,
stacks), so every one earns full points.
"""

import math

import numpy as np
from scipy import special

# attention


def attention__scipy(Q, K, V, mask=None):
    Q, K, V = (np.array(part, dtype=float) for part in (Q, K, V))
    scores = np.matmul(Q, K.swapaxes(-2, -1)) * Q.shape[-1] ** -0.5
    if mask is not None:
        scores = scores + np.where(mask, 0.0, -np.inf)
    weights = special.softmax(scores, axis=-1)
    return np.matmul(weights, V), weights


def attention__einsum_with_a_large_number(Q, K, V, mask=None):
    """Filled with −1e9; exact zeros come out."""
    Q, K, V = (np.asarray(part, dtype=float) for part in (Q, K, V))
    scores = np.einsum("...qd,...kd->...qk", Q / math.sqrt(Q.shape[-1]), K)
    if mask is not None:
        scores = np.where(mask, scores, -1e9)
    parts = np.exp(scores - np.max(scores, axis=-1)[..., None])
    weights = parts / np.sum(parts, axis=-1)[..., None]
    return np.einsum("...qk,...kv->...qv", weights, V), weights


def attention__query_by_query(Q, K, V, mask=None):
    Q, K, V = (np.asarray(part, dtype=float) for part in (Q, K, V))
    front, Tk = Q.shape[:-1], K.shape[-2]
    allowed = np.broadcast_to(True if mask is None else mask, (*front, Tk))
    weights, out = np.zeros((*front, Tk)), np.zeros((*front, V.shape[-1]))
    for place in np.ndindex(front):
        stack = place[:-1]
        scores = {k: float(K[stack][k] @ Q[place]) / math.sqrt(Q.shape[-1])
                  for k in range(Tk) if allowed[place][k]}
        top = max(scores.values())
        total = sum(math.exp(score - top) for score in scores.values())
        for k, score in scores.items():
            weights[place][k] = math.exp(score - top) / total
            out[place] += weights[place][k] * V[stack][k]
    return [out, weights]


def attention__masked_maximum(Q, K, V, mask=None):
    """The mask as zeros of the exponentials, and a maximum over what is allowed."""
    Q, K, V = (np.asarray(part, dtype=float) for part in (Q, K, V))
    scores = Q @ np.moveaxis(K, -1, -2) / np.sqrt(K.shape[-1])
    kept = np.broadcast_to(np.array(True) if mask is None else mask, scores.shape)
    top = scores.max(axis=-1, keepdims=True, where=kept, initial=-np.inf)
    parts = np.exp(np.minimum(scores - top, 0.0)) * kept
    weights = parts / parts.sum(axis=-1, keepdims=True)
    return weights @ V, weights


# cases


def cases__by_hand():
    Q = [[[1, 2], [0, -1]], [[3, 0], [1, 1]]]
    K = [[[1, 0], [0, 1], [2, 2]], [[1, 1], [-1, 0], [0, 3]]]
    V = [[[1, 2, 3, 5], [0, 1, 0, 4], [7, 1, 1, 0]], [[2, 2, 0, 1], [1, 0, 3, 3], [0, 5, 1, 1]]]
    mask = [[True, False, True], [True, True, False]]
    return [
        (Q, K, V, mask),
        ([[2000], [-1]], [[1], [-1]], [[1], [3]]),
        ([[2000]], [[1], [-1]], [[1], [3]], [[False, True]]),
    ]


def cases__all_in_a_stack():
    rng = np.random.default_rng(4)
    Q, K, V = (rng.normal(size=(2, 2, size)) for size in (5, 5, 3))
    Q[0, 0], K[0, 0], K[0, 1] = 30.0, 30.0, -30.0
    return (Q, K, V, np.array([[False, True], [True, True]])), (
        Q, K, V, np.array([[True, False], [True, False]])), (Q, K, V)


def cases__at_random():
    rng, found = np.random.default_rng(6), []
    for size in (1.0, 30.0, 60.0, 100.0):
        Q, K, V = (rng.normal(size=shape) for shape in ((2, 3, 2), (2, 4, 2), (2, 4, 3)))
        mask = rng.random((3, 4)) < 0.5
        mask[:, 1] = True
        found.append((size * Q, size * K, V, mask))
    return found


# causal_mask


def causal_mask__compare(T):
    places = np.arange(T)
    return places[None, :] <= places[:, None]


def causal_mask__tri(T):
    return np.tri(T, dtype=bool)


def causal_mask__loops(T):
    mask = np.zeros((T, T), dtype=bool)
    for t in range(T):
        mask[t, :t + 1] = True
    return mask


def causal_mask__not_the_future(T):
    return ~np.triu(np.full((T, T), True), k=1)


# positional_encoding


def positional_encoding__slices(T, d):
    angles = np.arange(T).reshape(-1, 1) / np.power(10000, np.arange(0, d, 2) / d)
    out = np.empty((T, d))
    out[:, ::2] = np.sin(angles)
    out[:, 1::2] = np.cos(angles)
    return out


def positional_encoding__entry_by_entry(T, d):
    return np.array([[math.sin(t / 10000 ** (c / d)) if c % 2 == 0 else
                      math.cos(t / 10000 ** ((c - 1) / d)) for c in range(d)] for t in range(T)])


def positional_encoding__one_sine(T, d):
    """A cosine is a sine that is a quarter turn ahead."""
    columns = np.arange(d)
    speeds = np.exp(-math.log(10000.0) * (columns - columns % 2) / d)
    return np.sin(np.outer(np.arange(T), speeds) + np.pi / 2 * (columns % 2))


def positional_encoding__complex(T, d):
    turns = np.exp(1j * np.outer(np.arange(T), 10000.0 ** -(np.arange(d // 2) * 2 / d)))
    return np.dstack([turns.imag, turns.real]).reshape(T, d)


# embed_backward


def embed_backward__one_hot(dY, ids, size):
    dY = np.asarray(dY, dtype=float)
    rows = np.asarray(ids).reshape(-1)
    return np.eye(size)[rows].T @ dY.reshape(len(rows), -1)


def embed_backward__loop(dY, ids, size):
    dY, ids = np.asarray(dY, dtype=float), np.asarray(ids)
    total = np.zeros((size, dY.shape[-1]))
    for place in np.ndindex(ids.shape):
        total[ids[place]] += dY[place]
    return total


def embed_backward__letter_by_letter(dY, ids, size):
    dY, ids = np.asarray(dY, dtype=float), np.asarray(ids)
    return np.array([dY[ids == k].reshape(-1, dY.shape[-1]).sum(axis=0) for k in range(size)])


def embed_backward__bincount(dY, ids, size):
    dY = np.asarray(dY, dtype=float)
    rows = np.ravel(ids)
    columns = dY.reshape(len(rows), -1).T
    return np.stack([np.bincount(rows, column, minlength=size) for column in columns], axis=1)


# attention_backward


def attention_backward__einsum(dO, Q, K, V, weights):
    dO, Q, K, V, P = (np.asarray(part, dtype=float) for part in (dO, Q, K, V, weights))
    dP = np.einsum("...qv,...kv->...qk", dO, V)
    dS = P * (dP - np.einsum("...qk,...qk->...q", P, dP)[..., None]) / np.sqrt(K.shape[-1])
    return (np.einsum("...qk,...kd->...qd", dS, K), np.einsum("...qk,...qd->...kd", dS, Q),
            np.einsum("...qk,...qv->...kv", P, dO))


def attention_backward__mean_from_the_output(dO, Q, K, V, weights):
    """The row's mean of dP is dO times the output."""
    dO, Q, K, V, P = (np.array(part, dtype=float) for part in (dO, Q, K, V, weights))
    mean = np.sum(dO * (P @ V), axis=-1, keepdims=True)
    dS = P * (dO @ V.swapaxes(-1, -2) - mean)
    scale = Q.shape[-1] ** -0.5
    return [dS @ (scale * K), dS.swapaxes(-1, -2) @ (scale * Q), P.swapaxes(-1, -2) @ dO]


def attention_backward__jacobians(dO, Q, K, V, weights):
    dO, Q, K, V, P = (np.asarray(part, dtype=float) for part in (dO, Q, K, V, weights))
    slopes = P[..., :, None] * np.eye(P.shape[-1]) - P[..., :, None] * P[..., None, :]
    dP = np.matmul(dO, np.moveaxis(V, -1, -2))
    dS = np.matmul(slopes, dP[..., None])[..., 0] / math.sqrt(Q.shape[-1])
    return (np.matmul(dS, K), np.matmul(np.moveaxis(dS, -1, -2), Q),
            np.matmul(np.moveaxis(P, -1, -2), dO))


def attention_backward__query_by_query(dO, Q, K, V, weights):
    dO, Q, K, V, P = (np.asarray(part, dtype=float) for part in (dO, Q, K, V, weights))
    dQ, dK, dV = np.zeros(Q.shape), np.zeros(K.shape), np.zeros(V.shape)
    for place in np.ndindex(Q.shape[:-1]):
        stack, p = place[:-1], P[place]
        dp = V[stack] @ dO[place]
        ds = p * (dp - p @ dp) / math.sqrt(Q.shape[-1])
        dQ[place] = ds @ K[stack]
        dK[stack] += np.outer(ds, Q[place])
        dV[stack] += np.outer(p, dO[place])
    return dQ, dK, dV


# split_heads


def split_heads__stacked_slices(X, heads):
    X = np.asarray(X, dtype=float)
    own, rest = divmod(X.shape[-1], heads)
    if rest:
        raise ValueError("not divisible")
    return np.stack([X[..., k * own:(k + 1) * own] for k in range(heads)], axis=1)


def split_heads__numpys_split(X, heads):
    """np.split raises a ValueError by itself."""
    return np.array(np.split(np.asarray(X, dtype=float), heads, axis=2)).transpose(1, 0, 2, 3)


def split_heads__by_index(X, heads):
    X = np.array(X, dtype=np.float64)
    n, T, d = X.shape
    if d % heads != 0:
        raise ValueError(d, heads)
    out = np.zeros((n, heads, T, d // heads))
    for column in range(d):
        out[:, column // (d // heads), :, column % (d // heads)] = X[:, :, column]
    return out


# merge_heads


def merge_heads__concatenate(X):
    return np.concatenate(list(np.moveaxis(np.asarray(X, dtype=float), 1, 0)), axis=-1)


def merge_heads__einsum(X):
    X = np.asarray(X, dtype=float)
    return np.einsum("nhtd->nthd", X).reshape(X.shape[0], X.shape[2], -1)


def merge_heads__by_index(X):
    X = np.array(X, dtype=float)
    n, heads, T, own = X.shape
    out = np.empty((n, T, heads * own))
    for head in range(heads):
        out[:, :, head * own:(head + 1) * own] = X[:, head]
    return out


# multi_head


def multi_head__head_by_head(X, Wq, Wk, Wv, Wo, heads, mask=None):
    X, Wq, Wk, Wv, Wo = (np.asarray(part, dtype=float) for part in (X, Wq, Wk, Wv, Wo))
    own, out = X.shape[-1] // heads, 0.0
    for head in range(heads):
        rows = slice(head * own, (head + 1) * own)
        found, _ = attention__scipy(X @ Wq[rows].T, X @ Wk[rows].T, X @ Wv[rows].T, mask)
        out = out + found @ Wo[:, rows].T
    return out


def multi_head__einsum(X, Wq, Wk, Wv, Wo, heads, mask=None):
    X = np.asarray(X, dtype=float)
    d = X.shape[-1]
    Q, K, V = (np.einsum("ntd,hod->nhto", X, np.asarray(W, float).reshape(heads, d // heads, d))
               for W in (Wq, Wk, Wv))
    out, _ = attention__einsum_with_a_large_number(Q, K, V, mask)
    return np.einsum("nhto,eho->nte", out,
                     np.asarray(Wo, dtype=float).reshape(d, heads, d // heads))


def multi_head__heads_in_the_batch(X, Wq, Wk, Wv, Wo, heads, mask=None):
    X = np.array(X, dtype=float)
    n, T, d = X.shape

    def dealt(W):
        return split_heads__by_index(X @ np.transpose(np.asarray(W, dtype=float)),
                                     heads).reshape(n * heads, T, d // heads)

    out, _ = attention__query_by_query(dealt(Wq), dealt(Wk), dealt(Wv), mask)
    return merge_heads__by_index(out.reshape(n, heads, T, -1)) @ np.asarray(Wo, dtype=float).T


# generate


def generate__inverse_of_the_sums(logits, prompt, length, context, temperature, rng):
    ids = [int(one) for one in prompt]
    while len(ids) < len(prompt) + length:
        p = special.softmax(np.array(logits(ids[-context:]), dtype=float)[-1] / temperature)
        ids.append(int(min(np.searchsorted(np.cumsum(p), rng.random(), side="right"), len(p) - 1)))
    return ids


def generate__gumbel(logits, prompt, length, context, temperature, rng):
    """The largest of logits with Gumbel noise is a draw from their softmax."""
    ids = list(prompt)
    for _ in range(length):
        start = max(0, len(ids) - context)
        row = np.array(list(logits(ids[start:]))[-1], dtype=float)
        ids.append(int(np.argmax(row / temperature + rng.gumbel(size=len(row)))))
    return ids


def generate__by_hand(logits, prompt, length, context, temperature, rng):
    ids = list(prompt)
    for _ in range(length):
        z = [float(one) / temperature for one in logits(ids[-context:])[-1]]
        weights = [math.exp(one - max(z)) for one in z]
        at, k = rng.random() * sum(weights), 0
        while at > weights[k] and k < len(z) - 1:
            at, k = at - weights[k], k + 1
        ids = [*ids, k]
    return ids


def generate__multinomial(logits, prompt, length, context, temperature, rng):
    ids = list(prompt)
    for _ in range(length):
        rows = np.asarray(logits(ids[-context:]), dtype=float)
        p = special.softmax(rows / temperature, axis=-1)[-1]
        ids += [int(np.flatnonzero(rng.multinomial(1, p))[0])]
    return ids
