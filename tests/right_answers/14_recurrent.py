"""Right answers to the exercises of lesson 14, each written differently.

`EXERCISE__LABEL` answers EXERCISE. Every one keeps to the whole contract (lists, whole numbers,
one step, huge inputs), so every one earns full points.
"""

from functools import reduce
from itertools import accumulate, islice

import numpy as np
from scipy.special import expit, log_softmax, logsumexp, softmax


def _floats(*parts):
    return [np.array(part, dtype=float) for part in parts]


# rnn_step


def rnn_step__side_by_side(x, h, Wx, Wh, b):
    """One layer that reads x and h side by side."""
    inputs, W = np.hstack(_floats(x, h)), np.hstack(_floats(Wx, Wh))
    return np.tanh(inputs @ W.T + np.asarray(b, dtype=float))


def rnn_step__einsum(x, h, Wx, Wh, b):
    x, h, Wx, Wh, b = _floats(x, h, Wx, Wh, b)
    return np.tanh(np.einsum("nd,hd->nh", x, Wx) + np.einsum("nk,hk->nh", h, Wh) + b)


def rnn_step__row_by_row(x, h, Wx, Wh, b):
    x, h, Wx, Wh, b = _floats(x, h, Wx, Wh, b)
    return np.array([np.tanh(Wx @ row + Wh @ old + b) for row, old in zip(x, h, strict=True)])


def rnn_step__exponentials(x, h, Wx, Wh, b):
    """tanh z = 2σ(2z) − 1."""
    x, h, Wx, Wh, b = _floats(x, h, Wx, Wh, b)
    return 2 * expit(2 * ((Wx @ x.T).T + (Wh @ h.T).T + b)) - 1


def rnn_step__in_place_on_its_own(x, h, Wx, Wh, b):
    out = np.dot(np.asarray(x, float), np.transpose(Wx).astype(float))
    out += np.dot(np.asarray(h, float), np.transpose(Wh))
    out += b
    return np.tanh(out, out=out)


# rnn_forward


def rnn_forward__filled(X, h0, Wx, Wh, b):
    X, h0, Wx, Wh, b = _floats(X, h0, Wx, Wh, b)
    H = np.empty((X.shape[0], X.shape[1], len(b)))
    for t in range(X.shape[1]):
        H[:, t] = np.tanh(X[:, t] @ Wx.T + (h0 if t == 0 else H[:, t - 1]) @ Wh.T + b)
    return H


def rnn_forward__inputs_first(X, h0, Wx, Wh, b):
    """All inputs are multiplied at once, before the loop."""
    X, h, Wx, Wh, b = _floats(X, h0, Wx, Wh, b)
    driven, states = X @ Wx.T + b, []
    for t in range(X.shape[1]):
        h = np.tanh(driven[:, t, :] + h @ Wh.T)
        states.append(h[:, None, :])
    return np.concatenate(states, axis=1)


def rnn_forward__accumulate(X, h0, Wx, Wh, b):
    X, h0, Wx, Wh, b = _floats(X, h0, Wx, Wh, b)
    states = accumulate(np.moveaxis(X, 1, 0), lambda h, x: rnn_step__einsum(x, h, Wx, Wh, b),
                        initial=h0)
    return np.moveaxis(np.array(list(islice(states, 1, None))), 0, 1)


def rnn_forward__sequence_by_sequence(X, h0, Wx, Wh, b):
    X, h0, Wx, Wh, b = _floats(X, h0, Wx, Wh, b)
    H = np.zeros((len(X), X.shape[1], h0.shape[1]))
    for k, (sequence, h) in enumerate(zip(X, h0, strict=True)):
        for t, x in enumerate(sequence):
            h = np.tanh(Wx @ x + Wh @ h + b)
            H[k, t] = h
    return H


# masked_cross_entropy


def masked_cross_entropy__weights(Z, y, mask):
    """A weighted mean over all places, with labels that are none replaced."""
    mask = np.asarray(mask)
    y = np.where(mask, y, 0)
    losses = logsumexp(np.where(mask[..., None], Z, 0.0), axis=-1) - np.take_along_axis(
        np.where(mask[..., None], np.asarray(Z, dtype=float), 0.0), y[..., None], axis=-1)[..., 0]
    return float(np.average(losses, weights=mask))


def masked_cross_entropy__place_by_place(Z, y, mask):
    total, count = 0.0, 0
    for row, labels, kept in zip(np.asarray(Z, float), np.asarray(y), np.asarray(mask),
                                 strict=True):
        for z, label, keep in zip(row, labels, kept, strict=True):
            if keep:
                total -= log_softmax(z)[label]
                count += 1
    return total / count


def masked_cross_entropy__kept_rows(Z, y, mask):
    rows, columns = np.nonzero(np.asarray(mask))
    L = log_softmax(np.asarray(Z, dtype=float)[rows, columns], axis=1)
    return -L[range(len(L)), np.asarray(y)[rows, columns]].mean()


def masked_cross_entropy__one_hot(Z, y, mask):
    mask = np.asarray(mask)
    Z = np.asarray(Z, dtype=float)[mask]
    truth = np.asarray(y)[mask][:, None] == np.arange(Z.shape[1])
    return float(-log_softmax(Z, axis=1)[truth].sum() / np.count_nonzero(mask))


# sample


def sample__cumulative(step, state, start, length, temperature, rng):
    """One uniform number for each id, looked up in the cumulated probabilities."""
    names, one = [], start
    for _ in range(length):
        logits, state = step(one, state)
        z = np.asarray(logits, dtype=float) / temperature
        edges = np.cumsum(np.exp(z - z.max()))
        one = int(np.searchsorted(edges, rng.random() * edges[-1], side="right"))
        if one == 0:
            return names
        names.append(one)
    return names


def sample__gumbel(step, state, start, length, temperature, rng):
    """The largest of logits with Gumbel noise is a draw from the softmax."""
    ids = [start]
    while len(ids) <= length:
        logits, state = step(ids[-1], state)
        z = np.array(logits, dtype=float) / temperature
        drawn = int(np.argmax(z + rng.gumbel(size=z.shape)))
        if not drawn:
            break
        ids.append(drawn)
    return ids[1:]


def sample__recursive(step, state, start, length, temperature, rng):
    if length == 0:
        return []
    logits, after = step(start, state)
    p = softmax(np.asarray(logits, dtype=float) / temperature)
    drawn = rng.choice(np.arange(len(p)), p=p).item()
    return [drawn, *sample__recursive(step, after, drawn, length - 1, temperature, rng)] if (
        drawn) else []


def sample__multinomial(step, state, start, length, temperature, rng):
    out = []
    one = start
    while True:
        if len(out) == length:
            return out
        logits, state = step(one, state)
        p = softmax(np.array(logits, float) / temperature)
        one = int(rng.multinomial(1, p / p.sum()).argmax())
        if one == 0:
            return out
        out.append(one)


# rnn_backward


def rnn_backward__all_dz_first(dH, X, H, h0, Wx, Wh):
    """The loop finds dZ of all steps; the products follow at once."""
    dH, X, H, h0, Wx, Wh = _floats(dH, X, H, h0, Wx, Wh)
    dZ, later = np.zeros_like(H), np.zeros_like(h0)
    for t in range(H.shape[1] - 1, -1, -1):
        dZ[:, t] = (dH[:, t] + later) * (1 - H[:, t]) * (1 + H[:, t])
        later = dZ[:, t] @ Wh
    old = np.concatenate([h0[:, None], H[:, :-1]], axis=1)
    return (dZ @ Wx, later, np.einsum("nth,ntd->hd", dZ, X), np.einsum("nth,ntk->hk", dZ, old),
            dZ.sum(axis=(0, 1)))


def rnn_backward__lists(dH, X, H, h0, Wx, Wh):
    dH, X, H, h0, Wx, Wh = _floats(dH, X, H, h0, Wx, Wh)
    states, g, dxs, parts = [h0, *np.moveaxis(H, 1, 0)], np.zeros_like(h0), [], []
    for t in range(X.shape[1])[::-1]:
        dz = (g + dH[:, t]) * (1 - np.square(states[t + 1]))
        parts.append((dz.T @ X[:, t], dz.T @ states[t], dz.sum(0)))
        dxs.insert(0, dz @ Wx)
        g = dz @ Wh
    dWx, dWh, db = (reduce(np.add, one) for one in zip(*parts, strict=True))
    return [np.stack(dxs, axis=1), g, dWx, dWh, db]


def rnn_backward__in_place_on_a_copy(dH, X, H, h0, Wx, Wh):
    """A copy of dH collects what the later steps send."""
    G, X, H, h0, Wx, Wh = _floats(dH, X, H, h0, Wx, Wh)
    for t in reversed(range(1, G.shape[1])):
        G[:, t - 1] += (G[:, t] * (1 - H[:, t] ** 2)) @ Wh
    G *= 1 - H ** 2
    flat = G.reshape(-1, G.shape[2])
    old = np.roll(H, 1, axis=1)
    old[:, 0] = h0
    return (G @ Wx, G[:, 0] @ Wh, flat.T @ X.reshape(-1, X.shape[2]),
            flat.T @ old.reshape(flat.shape), flat.sum(axis=0))


def rnn_backward__sequence_by_sequence(dH, X, H, h0, Wx, Wh):
    dH, X, H, h0, Wx, Wh = _floats(dH, X, H, h0, Wx, Wh)
    dX, dh0 = np.zeros_like(X), np.zeros_like(h0)
    dWx, dWh, db = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(len(Wh))
    for k in range(len(X)):
        for t in range(X.shape[1] - 1, -1, -1):
            dz = (dH[k, t] + dh0[k]) * (1 - H[k, t] ** 2)
            dX[k, t], dh0[k] = Wx.T @ dz, Wh.T @ dz
            dWx += np.outer(dz, X[k, t])
            dWh += np.outer(dz, H[k, t - 1] if t else h0[k])
            db += dz
    return dX, dh0, dWx, dWh, db


# lstm_step


def lstm_step__expit(x, h, c, W, b):
    x, h, c, W, b = _floats(x, h, c, W, b)
    n = h.shape[1]
    Z = np.hstack([x, h]) @ W.T + b
    new = expit(Z[:, n:2 * n]) * c + expit(Z[:, :n]) * np.tanh(Z[:, 3 * n:])
    return expit(Z[:, 2 * n:3 * n]) * np.tanh(new), new


def lstm_step__two_products(x, h, c, W, b):
    """W is cut into columns for x and for h, and into four blocks of rows."""
    x, h, c, W, b = _floats(x, h, c, W, b)
    d, size = x.shape[1], h.shape[1]
    zi, zf, zo, zg = (x @ rows[:, :d].T + h @ rows[:, d:].T + bias
                      for rows, bias in zip(W.reshape(4, size, -1), b.reshape(4, size),
                                            strict=True))
    with np.errstate(over="ignore"):
        i, f, o = (1 / (1 + np.exp(-z)) for z in (zi, zf, zo))
    c = f * c + i * np.tanh(zg)
    return [o * np.tanh(c), c]


def lstm_step__row_by_row(x, h, c, W, b):
    x, h, c, W, b = _floats(x, h, c, W, b)
    pairs = []
    for row, old, cell in zip(x, h, c, strict=True):
        z = (W @ np.r_[row, old] + b).reshape(4, -1)
        new = expit(z[1]) * cell + expit(z[0]) * np.tanh(z[3])
        pairs.append((expit(z[2]) * np.tanh(new), new))
    return tuple(np.array(one) for one in zip(*pairs, strict=True))


def lstm_step__einsum(x, h, c, W, b):
    x, h, c, W, b = _floats(x, h, c, W, b)
    Z = np.einsum("nk,gjk->gnj", np.concatenate((x, h), 1), W.reshape(4, h.shape[1], -1))
    Z += b.reshape(4, 1, -1)
    S = 0.5 + 0.5 * np.tanh(0.5 * Z)
    new = S[1] * c + S[0] * np.tanh(Z[3])
    return S[2] * np.tanh(new), new


# lstm_step_backward


def _pieces(x, h, c, W, b):
    inputs = np.hstack([x, h])
    zi, zf, zo, zg = np.split(inputs @ W.T + b, 4, axis=1)
    i, f, o, g = expit(zi), expit(zf), expit(zo), np.tanh(zg)
    return inputs, i, f, o, g, f * c + i * g


def lstm_step_backward__gate_by_gate(dh, dc, x, h, c, W, b):
    """Each gate's linear layer goes back on its own."""
    dh, dc, x, h, c, W, b = _floats(dh, dc, x, h, c, W, b)
    inputs, i, f, o, g, new = _pieces(x, h, c, W, b)
    total = dc + dh * o / np.cosh(new) ** 2
    parts = (total * g * i * (1 - i), total * c * f * (1 - f), dh * np.tanh(new) * o * (1 - o),
             total * i * (1 - g * g))
    blocks = np.split(W, 4)
    back = sum(part @ rows for part, rows in zip(parts, blocks, strict=True))
    dW = np.vstack([part.T @ inputs for part in parts])
    d = x.shape[1]
    return back[:, :d], back[:, d:], total * f, dW, np.hstack([part.sum(0) for part in parts])


def lstm_step_backward__example_by_example(dh, dc, x, h, c, W, b):
    dh, dc, x, h, c, W, b = _floats(dh, dc, x, h, c, W, b)
    dx, dh_prev, dc_prev = np.zeros_like(x), np.zeros_like(h), np.zeros_like(c)
    dW, db = np.zeros_like(W), np.zeros_like(b)
    for k in range(len(x)):
        u = np.concatenate([x[k], h[k]])
        zi, zf, zo, zg = (W @ u + b).reshape(4, -1)
        i, f, o, g = expit(zi), expit(zf), expit(zo), np.tanh(zg)
        s = np.tanh(f * c[k] + i * g)
        D = dc[k] + dh[k] * o * (1 - s * s)
        dz = np.concatenate([D * g * i * expit(-zi), D * c[k] * f * expit(-zf),
                             dh[k] * s * o * expit(-zo), D * i * (1 - g) * (1 + g)])
        du = W.T @ dz
        dx[k], dh_prev[k], dc_prev[k] = du[:x.shape[1]], du[x.shape[1]:], D * f
        dW += np.outer(dz, u)
        db += dz
    return dx, dh_prev, dc_prev, dW, db


def lstm_step_backward__stacked(dh, dc, x, h, c, W, b):
    """One array of shape (4, n, h) for the gates and the candidate."""
    dh, dc, x, h, c, W, b = _floats(dh, dc, x, h, c, W, b)
    inputs, i, f, o, g, new = _pieces(x, h, c, W, b)
    s = np.tanh(new)
    D = dc + dh * o * (1 - s ** 2)
    own = np.stack([i - i ** 2, f - f ** 2, o - o ** 2, 1 - g ** 2])
    dZ = own * np.stack([D * g, D * c, dh * s, D * i])
    rows = W.reshape(4, h.shape[1], -1)
    du = np.einsum("gnj,gjk->nk", dZ, rows)
    dW = np.einsum("gnj,nk->gjk", dZ, inputs).reshape(W.shape)
    return [du[:, :x.shape[1]].copy(), du[:, x.shape[1]:].copy(), D * f, dW,
            dZ.sum(axis=1).ravel()]


def lstm_step_backward__two_passes(dh, dc, x, h, c, W, b):
    """What arrives at h and what arrives at c go back separately and are added."""
    dh, dc, x, h, c, W, b = _floats(dh, dc, x, h, c, W, b)
    inputs, i, f, o, g, new = _pieces(x, h, c, W, b)
    d = x.shape[1]

    def from_cell(D, at_output):
        dZ = np.hstack([D * g * i * (1 - i), D * c * f * (1 - f), at_output, D * i * (1 - g ** 2)])
        du = dZ @ W
        return du[:, :d], du[:, d:], D * f, dZ.T @ inputs, dZ.sum(axis=0)

    one = from_cell(dh * o * (1 - np.tanh(new) ** 2), dh * np.tanh(new) * o * (1 - o))
    other = from_cell(dc, np.zeros_like(dh))
    return tuple(a + b for a, b in zip(one, other, strict=True))


# gru_step


def gru_step__expit(x, h, W, U, b):
    x, h, W, U, b = _floats(x, h, W, U, b)
    k = h.shape[1]
    A, B = x @ W.T + b, h @ U.T
    r, z = expit(A[:, :k] + B[:, :k]), expit(A[:, k:2 * k] + B[:, k:2 * k])
    return z * h + (1 - z) * np.tanh(A[:, 2 * k:] + r * B[:, 2 * k:])


def gru_step__candidate_plus_difference(x, h, W, U, b):
    """n + z (h − n)."""
    x, h, W, U, b = _floats(x, h, W, U, b)
    (Wr, Wz, Wn), (Ur, Uz, Un), (br, bz, bn) = (np.split(part, 3) for part in (W, U, b))
    with np.errstate(over="ignore"):
        r = 1 / (1 + np.exp(-(x @ Wr.T + h @ Ur.T + br)))
        z = 1 / (1 + np.exp(-(x @ Wz.T + h @ Uz.T + bz)))
    n = np.tanh(x @ Wn.T + bn + r * (h @ Un.T))
    return n + z * (h - n)


def gru_step__row_by_row(x, h, W, U, b):
    x, h, W, U, b = _floats(x, h, W, U, b)
    out = []
    for row, old in zip(x, h, strict=True):
        a, v = (W @ row + b).reshape(3, -1), (U @ old).reshape(3, -1)
        r, z = expit(a[:2] + v[:2])
        out.append((1 - z) * np.tanh(a[2] + r * v[2]) + z * old)
    return np.array(out)


def gru_step__einsum(x, h, W, U, b):
    x, h, W, U, b = _floats(x, h, W, U, b)
    k = h.shape[1]
    A = np.einsum("nd,gjd->gnj", x, W.reshape(3, k, -1)) + b.reshape(3, 1, k)
    B = np.einsum("nd,gjd->gnj", h, U.reshape(3, k, k))
    r, z = 0.5 * (1 + np.tanh((A[:2] + B[:2]) / 2))
    return (1 - z) * np.tanh(A[2] + r * B[2]) + z * h
