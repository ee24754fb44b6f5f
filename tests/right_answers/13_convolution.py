"""Right answers to the exercises of lesson 13, each written differently.

`EXERCISE__LABEL` answers EXERCISE. Every one keeps to the whole contract (lists, whole numbers,
strides, padding), so every one earns full points.
"""

import math
from functools import reduce
from itertools import product

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view
from scipy import signal, sparse

# conv_size


def conv_size__floor(size, kernel, stride=1, padding=0):
    if kernel > size + 2 * padding:
        raise ValueError("too large")
    return math.floor((size + 2 * padding - kernel) / stride) + 1


def conv_size__counted(size, kernel, stride=1, padding=0):
    places, start = 0, -padding
    while start + kernel <= size + padding:
        places, start = places + 1, start + stride
    if not places:
        raise ValueError
    return places


def conv_size__range(size, kernel, stride=1, padding=0):
    found = len(range(0, size + 2 * padding - kernel + 1, stride))
    if found == 0:
        raise ValueError
    return found


def conv_size__stride_added_first(size, kernel, stride=1, padding=0):
    last = size + padding + padding - kernel
    if last < 0:
        raise ValueError("the kernel doesn't fit")
    return np.int64((last + stride) // stride)


# conv2d_forward


def _padded(X, p):
    return np.pad(np.asarray(X, dtype=float), ((0, 0), (0, 0), (p, p), (p, p)))


def _sizes(X, k, stride, padding):
    return [conv_size__floor(side, k, stride, padding) for side in np.shape(X)[2:]]


def conv2d_forward__seven_loops(X, W, b, stride=1, padding=0):
    X, W = _padded(X, padding).tolist(), np.asarray(W, dtype=float).tolist()
    k, channels = len(W[0][0]), range(len(W[0]))
    h2 = (len(X[0][0]) - k) // stride + 1
    w2 = (len(X[0][0][0]) - k) // stride + 1
    return np.array([[[[b[o] + sum(
        W[o][c][u][v] * X[m][c][i * stride + u][j * stride + v]
        for c in channels for u in range(k) for v in range(k))
        for j in range(w2)] for i in range(h2)] for o in range(len(W))] for m in range(len(X))],
        dtype=float)


def conv2d_forward__windows_einsum(X, W, b, stride=1, padding=0):
    W = np.asarray(W, dtype=float)
    windows = sliding_window_view(_padded(X, padding), W.shape[2:], axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]
    return np.einsum("ncijuv,ocuv->noij", windows, W) + np.reshape(b, (1, -1, 1, 1))


def conv2d_forward__weight_by_weight(X, W, b, stride=1, padding=0):
    W, P = np.asarray(W, dtype=float), _padded(X, padding)
    h2, w2 = _sizes(X, W.shape[-1], stride, padding)
    Y = np.broadcast_to(np.asarray(b, dtype=float)[:, None, None],
                        (len(P), len(W), h2, w2)).copy()
    for o, c, u, v in product(*map(range, W.shape)):
        Y[:, o] += W[o, c, u, v] * P[:, c, u::stride, v::stride][:, :h2, :w2]
    return Y


def conv2d_forward__scipy(X, W, b, stride=1, padding=0):
    W, P = np.asarray(W, dtype=float), _padded(X, padding)
    return np.array([[sum(signal.correlate2d(image[c], kernel[c], mode="valid")
                          for c in range(len(kernel)))[::stride, ::stride] + bias
                      for kernel, bias in zip(W, b, strict=True)] for image in P])


def conv2d_forward__tensordot(X, W, b, stride=1, padding=0):
    W, P = np.asarray(W, dtype=float), _padded(X, padding)
    k = W.shape[-1]
    rows = [[np.tensordot(P[:, :, i:i + k, j:j + k], W, axes=((1, 2, 3), (1, 2, 3)))
             for j in range(0, P.shape[3] - k + 1, stride)]
            for i in range(0, P.shape[2] - k + 1, stride)]
    return np.transpose(rows, (2, 3, 0, 1)) + np.asarray(b)[None, :, None, None]


# cases


def cases__by_hand():
    return [
        ([[[[1, 2, 3, 4], [5, 6, 7, 9]]], [[[0, 2, 0, 1], [1, 0, 0, 3]]]],
         [[[[1, 2], [0, -1]]], [[[3, 0], [1, 1]]]], [1, -2], 2, 1),
        ([[[[1, 2, 4]], [[10, 30, 20]]]], [[[[1]], [[2]]]], [0]),
    ]


def cases__one_rule_each():
    rng = np.random.default_rng(3)
    X, W, b = rng.normal(size=(1, 1, 4, 5)), rng.normal(size=(1, 1, 2, 2)), rng.normal(size=1)
    return (
        (X, W, b, 2), (X, W, b, 1, 1), (X[:, :, :2], W, b),
        (X.reshape(2, 2, 1, 5), rng.normal(size=(1, 2, 1, 1)), b),
        (X, rng.normal(size=(2, 1, 1, 1)), [1.0, 2.0]))


def cases__at_random():
    rng, found = np.random.default_rng(5), []
    for n, c, out, k, h, w in ((2, 2, 2, 1, 1, 4), (2, 1, 3, 2, 2, 5), (1, 3, 2, 2, 2, 3),
                               (1, 1, 1, 3, 4, 5), (5, 1, 2, 2, 1, 4)):
        sizes = (n, c, h, w), (out, c, k, k), (out,)
        found.append((*(rng.normal(size=size) for size in sizes), 2, 1))
    return found


# im2col


def im2col__three_loops(X, kernel, stride=1, padding=0):
    P = _padded(X, padding)
    h2, w2 = _sizes(X, kernel, stride, padding)
    rows = []
    for image in P:
        for i in range(h2):
            for j in range(w2):
                top, left = i * stride, j * stride
                rows.append(image[:, top:top + kernel, left:left + kernel].reshape(-1))
    return np.array(rows)


def im2col__sliding_windows(X, kernel, stride=1, padding=0):
    P = _padded(X, padding)
    windows = sliding_window_view(P, (kernel, kernel), axis=(2, 3))[:, :, ::stride, ::stride]
    n, c, h2, w2 = windows.shape[:4]
    return windows.transpose(0, 2, 3, 1, 4, 5).reshape(n * h2 * w2, c * kernel ** 2).copy()


def im2col__fancy_index(X, kernel, stride=1, padding=0):
    P = _padded(X, padding)
    h2, w2 = _sizes(X, kernel, stride, padding)
    i, j = np.divmod(np.arange(h2 * w2), w2)
    c, rest = np.divmod(np.arange(P.shape[1] * kernel ** 2), kernel ** 2)
    u, v = np.divmod(rest, kernel)
    return np.concatenate([P[m][c[None], i[:, None] * stride + u[None],
                                j[:, None] * stride + v[None]] for m in range(len(P))])


def im2col__as_strided(X, kernel, stride=1, padding=0):
    P = np.ascontiguousarray(_padded(X, padding))
    (n, c, _, _), (h2, w2) = P.shape, _sizes(X, kernel, stride, padding)
    a, b, down, right = P.strides
    windows = as_strided(P, (n, h2, w2, c, kernel, kernel),
                         (a, stride * down, stride * right, b, down, right))
    return np.array(windows).reshape(n * h2 * w2, -1)


def im2col__column_by_column(X, kernel, stride=1, padding=0):
    P = _padded(X, padding)
    h2, w2 = _sizes(X, kernel, stride, padding)
    down, across = stride * (h2 - 1) + 1, stride * (w2 - 1) + 1
    columns = [P[:, c, u:u + down:stride, v:v + across:stride].ravel()
               for c in range(P.shape[1]) for u in range(kernel) for v in range(kernel)]
    return np.stack(columns, axis=1)


# col2im


def col2im__row_by_row(cols, shape, kernel, stride=1, padding=0):
    n, c, h, w = shape
    X, row = np.zeros((n, c, h + 2 * padding, w + 2 * padding)), 0
    for m in range(n):
        for i in range(0, h + 2 * padding - kernel + 1, stride):
            for j in range(0, w + 2 * padding - kernel + 1, stride):
                X[m, :, i:i + kernel, j:j + kernel] += np.reshape(cols[row], (c, kernel, kernel))
                row += 1
    return X[:, :, padding:padding + h, padding:padding + w]


def _numbers(shape, kernel, stride, padding):
    """For each entry of the rows the number of its pixel, 0 for the frame."""
    pixels = np.arange(1, np.prod(shape) + 1).reshape(shape)
    return im2col__three_loops(pixels, kernel, stride, padding).astype(int)


def col2im__add_at(cols, shape, kernel, stride=1, padding=0):
    flat = np.zeros(int(np.prod(shape)) + 1)
    np.add.at(flat, _numbers(shape, kernel, stride, padding), np.asarray(cols, dtype=float))
    return flat[1:].reshape(shape)


def col2im__bincount(cols, shape, kernel, stride=1, padding=0):
    places = _numbers(shape, kernel, stride, padding).ravel()
    weights = np.asarray(cols, dtype=float).ravel()
    return np.bincount(places, weights, minlength=int(np.prod(shape)) + 1)[1:].reshape(shape)


def col2im__sparse_matrix(cols, shape, kernel, stride=1, padding=0):
    places = _numbers(shape, kernel, stride, padding).ravel()
    taken = sparse.csr_matrix((np.ones(places.size), (np.arange(places.size), places)),
                              shape=(places.size, int(np.prod(shape)) + 1))
    return (taken.T @ np.asarray(cols, dtype=float).ravel())[1:].reshape(shape)


def col2im__weight_by_weight(cols, shape, kernel, stride=1, padding=0):
    (n, c, h, w), k = shape, kernel
    h2, w2 = _sizes(np.zeros(shape), k, stride, padding)
    X = np.zeros((n, c, h + 2 * padding, w + 2 * padding))
    parts = np.moveaxis(np.reshape(cols, (n, h2, w2, c, k, k)), 3, 1).astype(float)
    for u, v in product(range(k), repeat=2):
        X[:, :, u::stride, v::stride][:, :, :h2, :w2] += parts[..., u, v]
    return X[:, :, padding:padding + h, padding:padding + w]


# conv2d_backward


def conv2d_backward__number_by_number(dY, X, W, stride=1, padding=0):
    dY, W, P = np.asarray(dY, dtype=float), np.asarray(W, dtype=float), _padded(X, padding)
    dP, dW, k = np.zeros_like(P), np.zeros_like(W), W.shape[-1]
    for m, o, i, j in np.ndindex(dY.shape):
        rows = slice(i * stride, i * stride + k)
        columns = slice(j * stride, j * stride + k)
        dP[m, :, rows, columns] += dY[m, o, i, j] * W[o]
        dW[o] += dY[m, o, i, j] * P[m, :, rows, columns]
    h, w = np.shape(X)[2:]
    return dP[:, :, padding:padding + h, padding:padding + w], dW, dY.sum(axis=(0, 2, 3))


def conv2d_backward__weight_by_weight(dY, X, W, stride=1, padding=0):
    dY, W, P = np.asarray(dY, dtype=float), np.asarray(W, dtype=float), _padded(X, padding)
    dP, dW, (h2, w2) = np.zeros_like(P), np.zeros_like(W), dY.shape[2:]
    for u, v in product(range(W.shape[-1]), repeat=2):
        under = (slice(None), slice(None), slice(u, u + stride * (h2 - 1) + 1, stride),
                 slice(v, v + stride * (w2 - 1) + 1, stride))
        dW[:, :, u, v] = np.einsum("noij,ncij->oc", dY, P[under])
        dP[under] += np.einsum("noij,oc->ncij", dY, W[:, :, u, v])
    h, w = np.shape(X)[2:]
    return (dP[:, :, padding:padding + h, padding:padding + w], dW,
            np.einsum("noij->o", dY))


def conv2d_backward__full_convolution(dY, X, W, stride=1, padding=0):
    """Textbook style: dY with zeros between, and mirrored kernels."""
    dY, W, P = np.asarray(dY, dtype=float), np.asarray(W, dtype=float), _padded(X, padding)
    k = W.shape[-1]
    wide = np.zeros((*dY.shape[:2], P.shape[2] - k + 1, P.shape[3] - k + 1))
    wide[:, :, ::stride, ::stride][:, :, :dY.shape[2], :dY.shape[3]] = dY
    dP = np.array([[sum(signal.convolve2d(wide[m, o], W[o, c], mode="full")
                        for o in range(len(W))) for c in range(W.shape[1])]
                   for m in range(len(P))])
    dW = np.array([[sum(signal.correlate2d(P[m, c], wide[m, o], mode="valid")
                        for m in range(len(P))) for c in range(W.shape[1])]
                   for o in range(len(W))])
    h, w = np.shape(X)[2:]
    return dP[:, :, padding:padding + h, padding:padding + w], dW, wide.sum(axis=(0, 2, 3))


def conv2d_backward__rows_of_its_own(dY, X, W, stride=1, padding=0):
    """im2col and col2im, image by image, with dY transposed as a matrix."""
    dY, X, W = (np.asarray(part, dtype=float) for part in (dY, X, W))
    out, k = len(W), W.shape[-1]
    dW, images = 0.0, []
    for m in range(len(X)):
        G = dY[m].reshape(out, -1)
        dW = dW + G @ im2col__sliding_windows(X[m:m + 1], k, stride, padding)
        images.append(col2im__row_by_row(G.T @ W.reshape(out, -1), (1, *X.shape[1:]), k, stride,
                                         padding))
    return np.concatenate(images), dW.reshape(W.shape), dY.sum((2, 3)).sum(0)


# maxpool_forward


def maxpool_forward__loops(X, size=2):
    X = np.asarray(X, dtype=float)
    n, c, h, w = X.shape
    Y = np.zeros((n, c, h // size, w // size))
    for m, k, i, j in np.ndindex(Y.shape):
        Y[m, k, i, j] = X[m, k, i * size:(i + 1) * size, j * size:(j + 1) * size].max()
    return Y


def maxpool_forward__shifted_copies(X, size=2):
    X = np.asarray(X, dtype=float)
    h, w = (side // size for side in X.shape[2:])
    copies = [X[:, :, u::size, v::size][:, :, :h, :w] for u in range(size) for v in range(size)]
    return reduce(np.maximum, copies).copy()


def maxpool_forward__windows(X, size=2):
    windows = sliding_window_view(np.asarray(X, dtype=float), (size, size), axis=(2, 3))
    return windows[:, :, ::size, ::size].max(axis=(-2, -1))


def maxpool_forward__rows_then_columns(X, size=2):
    X = np.asarray(X, dtype=float)
    rows = np.stack([X[:, :, i:i + size].max(axis=2)
                     for i in range(0, X.shape[2] - size + 1, size)], axis=2)
    return np.stack([rows[..., j:j + size].max(axis=3)
                     for j in range(0, X.shape[3] - size + 1, size)], axis=3)


# maxpool_backward


def maxpool_backward__loops(dY, X, size=2):
    dY, X = np.asarray(dY, dtype=float), np.asarray(X, dtype=float)
    dX = np.zeros_like(X)
    for m, c, i, j in np.ndindex(dY.shape):
        square = X[m, c, i * size:(i + 1) * size, j * size:(j + 1) * size]
        u, v = divmod(int(square.argmax()), size)
        dX[m, c, i * size + u, j * size + v] = dY[m, c, i, j]
    return dX


def maxpool_backward__blown_up(dY, X, size=2):
    X = np.asarray(X, dtype=float)
    Y = maxpool_forward__windows(X, size)

    def blow(part):
        return np.kron(np.asarray(part, dtype=float), np.ones((size, size)))

    h, w = Y.shape[2] * size, Y.shape[3] * size
    mask = X[:, :, :h, :w] == blow(Y)
    return np.pad(blow(dY) * mask,
                  ((0, 0), (0, 0), (0, X.shape[2] - h), (0, X.shape[3] - w)))


def maxpool_backward__shifted_copies(dY, X, size=2):
    dY, X = np.asarray(dY, dtype=float), np.asarray(X, dtype=float)
    Y, dX = maxpool_forward__loops(X, size), np.zeros(X.shape)
    (h, w) = Y.shape[2:]
    for u, v in product(range(size), repeat=2):
        here = X[:, :, u::size, v::size][:, :, :h, :w] == Y
        dX[:, :, u::size, v::size][:, :, :h, :w] = np.where(here, dY, 0.0)
    return dX


def maxpool_backward__unravel(dY, X, size=2):
    dY, X = np.asarray(dY, dtype=float), np.asarray(X, dtype=float)
    windows = sliding_window_view(X, (size, size), axis=(2, 3))[:, :, ::size, ::size]
    place = windows.reshape(*windows.shape[:4], -1).argmax(axis=-1)
    m, c, i, j = np.indices(dY.shape)
    dX = np.zeros(X.shape)
    np.add.at(dX, (m, c, i * size + place // size, j * size + place % size), dY)
    return dX


# count_conv_params


def count_conv_params__weights_and_biases(c_in, c_out, kernel):
    weights = c_in * c_out * kernel * kernel
    return weights + c_out


def count_conv_params__arrays(c_in, c_out, kernel):
    return np.zeros((c_out, c_in, kernel, kernel)).size + c_out


def count_conv_params__added_up(c_in, c_out, kernel):
    return sum(1 + sum(kernel ** 2 for _ in range(c_in)) for _ in range(c_out))


def count_conv_params__prod(c_in, c_out, kernel):
    return int(np.prod([c_in, c_out, kernel, kernel])) + c_out


# receptive_field


def receptive_field__from_the_output(layers):
    field = 1
    for kernel, stride in reversed(layers):
        field = (field - 1) * stride + kernel
    return field


def receptive_field__products(layers):
    strides = [stride for _, stride in layers]
    return 1 + sum((layers[k][0] - 1) * math.prod(strides[:k]) for k in range(len(layers)))


def receptive_field__recursion(layers):
    if not layers:
        return 1
    kernel, stride = layers[0]
    return kernel + stride * (receptive_field__recursion(layers[1:]) - 1)


def receptive_field__sets_of_pixels(layers):
    pixels = {0}
    for kernel, stride in layers[::-1]:
        ends = min(pixels), max(pixels)
        pixels = {end * stride + u for end in ends for u in (0, kernel - 1)}
    return max(pixels) - min(pixels) + 1


def receptive_field__starts_and_ends(layers):
    start, end, jump = 0, 0, 1
    for kernel, stride in layers:
        end += jump * (kernel - 1)
        jump = jump * stride
    return end - start + 1
