"""Right answers to the exercises of lesson 1, each written differently.

`NAME__LABEL` answers exercise NAME. Every one keeps to the whole contract of the course (lists,
ints, single numbers, empty batches where they are allowed), so every one earns full points.
"""

import math
from itertools import takewhile

import numpy as np


class _Unit:
    """A callable object in place of a function."""

    def __init__(self, threshold):
        self.threshold = threshold

    def __call__(self, z):
        return np.greater_equal(z, self.threshold).astype(np.float64)


def _augment(X):
    """X with a last column of ones, so that the bias is one more weight."""
    X = np.asarray(X, dtype=float)
    return np.hstack([X, np.ones((X.shape[0], 1))])


# step


def step__where(z):
    return np.where(np.asarray(z) >= 0, 1.0, 0.0)


def step__heaviside(z):
    return np.heaviside(z, 1.0)


def step__loop(z):
    z = np.asarray(z, dtype=float)
    out = np.zeros(z.shape)
    for index, value in np.ndenumerate(z):
        if value >= 0:
            out[index] = 1.0
    return out


def step__sign_arithmetic(z):
    return np.floor((np.sign(np.asarray(z, dtype=float)) + 2) / 2)


step__vectorize = np.vectorize(lambda value: 1.0 if value >= 0 else 0.0, otypes=[float])

step__object = _Unit(0.0)


# perceptron_predict


def perceptron_predict__matrix_product(X, w, b):
    scores = np.asarray(X, dtype=float) @ np.asarray(w, dtype=float) + b
    return (scores >= 0).astype(float)


def perceptron_predict__einsum(X, w, b):
    return np.where(np.einsum("ij,j->i", X, w) >= -np.float64(b), 1.0, 0.0)


def perceptron_predict__python_loop(X, w, b):
    labels = []
    for x in X:
        score = sum(float(x_j) * float(w_j) for x_j, w_j in zip(x, w, strict=True)) + float(b)
        labels.append(1.0 if score >= 0 else 0.0)
    return np.array(labels, dtype=float)


def perceptron_predict__bias_as_weight(X, w, b):
    return np.heaviside(np.dot(_augment(X), np.append(w, b)), 1.0)


def perceptron_predict__sum_of_products(X, w, b):
    scores = (np.asarray(X) * np.asarray(w)).sum(axis=1) + b
    labels = np.ones_like(scores, dtype=np.float64)
    labels[scores < 0] = 0.0
    return labels


# perceptron_update


def perceptron_update__error(w, b, x, y, lr):
    w, x = np.asarray(w, dtype=float), np.asarray(x, dtype=float)
    error = y - (1.0 if w @ x + b >= 0 else 0.0)
    return w + lr * error * x, float(b + lr * error)


def perceptron_update__two_mistakes(w, b, x, y, lr):
    w, b, x = np.array(w, dtype=float), float(b), np.array(x, dtype=float)
    fires = np.sum(w * x) + b >= 0
    if y == 1 and not fires:
        w += lr * x
        b += lr
    elif y == 0 and fires:
        w -= lr * x
        b -= lr
    return w, b


def perceptron_update__signed_label(w, b, x, y, lr):
    w = np.asarray(w, dtype=float)
    score = np.vdot(w, x) + b
    if (score >= 0) == bool(y):
        return w, float(b)
    t = 2 * y - 1
    return w + lr * t * np.asarray(x), float(b) + float(lr * t)


def perceptron_update__bias_as_weight(w, b, x, y, lr):
    v, u = np.append(w, b).astype(float), np.append(x, 1.0)
    v = v + lr * (y - np.heaviside(v @ u, 1.0)) * u
    return v[:-1].copy(), v[-1]


def perceptron_update__python_numbers(w, b, x, y, lr):
    score = math.fsum([float(w_j) * float(x_j) for w_j, x_j in zip(w, x, strict=True)] + [float(b)])
    change = float(lr) * (float(y) - float(score >= 0))
    return np.array(
        [float(w_j) + change * float(x_j) for w_j, x_j in zip(w, x, strict=True)]
    ), b + change


# perceptron_fit


def perceptron_fit__loops(X, y, lr, max_epochs):
    X = np.asarray(X, dtype=float)
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(max_epochs):
        mistakes = 0
        for x_i, y_i in zip(X, y, strict=True):
            error = y_i - (1.0 if w @ x_i + b >= 0 else 0.0)
            if error != 0:
                w += lr * error * x_i
                b += float(lr * error)
                mistakes += 1
        errors.append(mistakes)
        if mistakes == 0:
            break
    return w, b, errors


def perceptron_fit__bias_as_weight(X, y, lr, max_epochs):
    U, y = _augment(X), np.asarray(y)
    v, errors = np.zeros(U.shape[1]), []
    while len(errors) < max_epochs and 0 not in errors:
        before = []
        for i in range(len(U)):
            before.append(np.heaviside(U[i] @ v, 1.0))
            v = v + lr * (y[i] - before[-1]) * U[i]
        errors.append(np.count_nonzero(before != y))
    return v[:-1], v[-1], errors


def perceptron_fit__flags(X, y, lr, max_epochs):
    X, signs = np.asarray(X, dtype=float), np.where(np.asarray(y) == 1, 1.0, -1.0)
    w, b = np.zeros_like(X[0]), 0.0

    def learn(x, t):
        nonlocal w, b
        wrong = (np.dot(x, w) + b >= 0) != (t > 0)
        w, b = (w + lr * t * x, b + lr * t) if wrong else (w, b)
        return wrong

    errors = []
    for _ in range(max_epochs):
        errors.append(sum([learn(x, t) for x, t in zip(X, signs, strict=True)], start=0))
        if not errors[-1]:
            break
    return w, float(b), tuple(int(count) for count in errors)


def perceptron_fit__dual(X, y, lr, max_epochs):
    """Counts how often each example was missed; w is a sum over the examples."""
    X, t = np.asarray(X, dtype=float), 2 * np.asarray(y, dtype=float) - 1
    missed, K = np.zeros(len(X)), X @ X.T + 1
    errors = []
    for _ in range(max_epochs):
        before = missed.sum()
        for i in range(len(X)):
            missed[i] += ((missed * t) @ K[i] >= 0) != (t[i] == 1)
        errors.append(int(missed.sum() - before))
        if errors[-1] == 0:
            break
    return lr * (missed * t) @ X, float(lr * (missed @ t)), np.array(errors, dtype=int)


def perceptron_fit__generator(X, y, lr, max_epochs):
    X = [[float(value) for value in x] for x in X]
    state = [0.0] * (len(X[0]) + 1)

    def epochs():
        for _ in range(max_epochs):
            count = 0
            for x, label in zip(X, y, strict=True):
                fires = sum(s * u for s, u in zip(state, [*x, 1.0], strict=True)) >= 0
                if fires != (label == 1):
                    count += 1
                    for j, u in enumerate([*x, 1.0]):
                        state[j] += (-lr if fires else lr) * u
            yield count

    errors = list(takewhile(lambda count: count > 0, epochs()))
    if len(errors) < max_epochs:
        errors.append(0)
    return np.array(state[:-1]), state[-1], errors


# margin


def margin__formula(X, y, w, b):
    t = 2 * np.asarray(y) - 1
    return np.min(t * (np.asarray(X) @ np.asarray(w) + b)) / np.linalg.norm(w)


def margin__by_class(X, y, w, b):
    scores, y = np.dot(X, w) + float(b), np.asarray(y)
    lowest = min(scores[y == 1].min(initial=np.inf), (-scores[y == 0]).min(initial=np.inf))
    return float(lowest) / math.hypot(*w)


def margin__loop(X, y, w, b):
    norm = sum(float(w_j) ** 2 for w_j in w) ** 0.5
    smallest = float("inf")
    for x, label in zip(X, y, strict=True):
        distance = (
            sum(float(x_j) * float(w_j) for x_j, w_j in zip(x, w, strict=True)) + float(b)
        ) / norm
        smallest = min(smallest, distance if label == 1 else -distance)
    return smallest


def margin__unit_normal(X, y, w, b):
    w = np.asarray(w, dtype=float)
    norm = np.sqrt(np.einsum("i,i->", w, w))
    distances = np.asarray(X) @ (w / norm) + b / norm
    return np.sort(np.where(np.asarray(y) > 0, distances, -distances))[0]


def margin__bias_as_weight(X, y, w, b):
    signed = _augment(X) * (-1.0) ** (1 - np.asarray(y).reshape(-1, 1))
    return np.min(signed @ np.append(w, b) / np.sqrt(np.sum(np.square(w))))


# boundary_x2


def boundary_x2__formula(w, b, x1):
    return -(w[0] * np.asarray(x1, dtype=float) + b) / w[1]


def boundary_x2__slope_and_intercept(w, b, x1):
    return np.polyval([-w[0] / w[1], -b / w[1]], np.asarray(x1, dtype=float))


def boundary_x2__loop(w, b, x1):
    x1 = np.array(x1, dtype=float)
    x2 = np.empty_like(x1)
    for index in np.ndindex(x1.shape):
        x2[index] = (-b - w[0] * x1[index]) / w[1]
    return x2


def boundary_x2__vectorize(w, b, x1):
    return np.vectorize(lambda value: -(w[0] * value + b) / w[1], otypes=[np.float64])(x1)


def boundary_x2__point_and_direction(w, b, x1):
    """From the point of the line that is nearest to the origin, along the line."""
    w = np.asarray(w, dtype=float)
    near = -b * w / (w @ w)
    return near[1] + (np.asarray(x1, dtype=float) - near[0]) * w[0] / -w[1]
