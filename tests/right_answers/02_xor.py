"""Right answers to the exercises of lesson 2, each written differently.

`NAME__LABEL` answers exercise NAME. Every one keeps to the whole contract of the course (lists,
ints, a batch of one), so every one earns full points.
"""

from fractions import Fraction

import numpy as np

# gate


def gate__branches(name):
    if name == "AND":
        return np.array([1.0, 1.0]), -1.5
    if name == "OR":
        return np.array([1.0, 1.0]), -0.5
    if name == "NAND":
        return np.array([-1.0, -1.0]), 1.5
    raise ValueError("name must be AND, OR or NAND")


def gate__dictionary(name):
    gates = {"AND": ([20, 20], -30), "OR": ([20, 20], -10), "NAND": ([-20, -20], 30)}
    if name not in gates:
        raise ValueError(name)
    w, b = gates[name]
    return np.array(w, dtype=float), float(b)


def gate__uneven_weights(name):
    match name:
        case "AND":
            return np.array([2.0, 3.0]), -4.0
        case "OR":
            return np.array([2.0, 3.0]), -1.0
        case "NAND":
            return np.array([-2.0, -3.0]), 4.0
        case _:
            raise ValueError(f"no gate called {name}")


def gate__needed_inputs(name):
    """At least `needed` inputs are on; NAND is the opposite of AND."""
    try:
        needed, sign = {"AND": (2, 1.0), "OR": (1, 1.0), "NAND": (2, -1.0)}[name]
    except KeyError:
        raise ValueError(f"unknown gate: {name}") from None
    return sign * np.ones(2), sign * (0.5 - needed)


def gate__learned(name):
    """Trains on corners that are off by more than the noise of the exercise."""
    tables = {"AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "NAND": [1, 1, 1, 0]}
    if name not in tables:
        raise ValueError(name)
    inputs, labels = [], []
    for corner, label in zip([(0, 0), (0, 1), (1, 0), (1, 1)], tables[name], strict=True):
        for noise in (-0.15, -0.15), (-0.15, 0.15), (0.15, -0.15), (0.15, 0.15):
            inputs.append(np.add(corner, noise))
            labels.append(label)
    w, b, mistakes = np.zeros(2), 0.0, 1
    while mistakes:
        mistakes = 0
        for x, label in zip(inputs, labels, strict=True):
            error = label - (w @ x + b >= 0)
            w, b, mistakes = w + error * x, b + float(error), mistakes + abs(error)
    return w, b


# xor_network


def xor_network__or_and_nand():
    W1 = np.array([[1.0, 1.0], [-1.0, -1.0]])
    return W1, np.array([-0.5, 1.5]), np.array([[1.0, 1.0]]), np.array([-1.5])


def xor_network__or_without_and():
    W1, b1 = np.ones((2, 2)), np.array([-0.5, -1.5])
    return W1, b1, np.array([[1.0, -1.0]]), np.array([-0.5])


def xor_network__one_but_not_the_other():
    W1 = 2 * np.eye(2) - 1
    return W1, np.full(2, -0.5), np.ones((1, 2)), np.full(1, -0.5)


def xor_network__neither_nor_both():
    W1 = np.array([[-10.0, -10.0], [7.0, 8.0]])
    return W1, np.array([5.0, -11.0]), np.array([[-3.0, -2.0]]), np.array([1.0])


def xor_network__on_the_corners():
    """Scores of exactly 0 at corners: there the step is 1."""
    W1, b1 = np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([-1.0, -2.0])
    return W1, b1, np.array([[1.0, -1.0]]), np.array([-1.0])


# two_layer_forward


def two_layer_forward__matrix_products(X, W1, b1, W2, b2, act):
    H = act(np.asarray(X, dtype=float) @ np.transpose(W1) + np.asarray(b1))
    return H @ np.transpose(W2) + np.asarray(b2)


def two_layer_forward__einsum(X, W1, b1, W2, b2, act):
    Z1 = np.einsum("nd,hd->nh", np.asarray(X, dtype=float), np.asarray(W1, dtype=float))
    return np.einsum("nh,oh->no", act(Z1 + b1), np.asarray(W2, dtype=float)) + b2


def two_layer_forward__row_by_row(X, W1, b1, W2, b2, act):
    W1, b1, W2, b2 = (np.asarray(part, dtype=float) for part in (W1, b1, W2, b2))
    return np.array([W2 @ act(W1 @ np.asarray(x, dtype=float) + b1) + b2 for x in X])


def two_layer_forward__number_by_number(X, W1, b1, W2, b2, act):
    outputs = []
    for x in X:
        hidden = []
        for row, bias in zip(W1, b1, strict=True):
            z = float(bias)
            for weight, value in zip(row, x, strict=True):
                z += float(weight) * float(value)
            hidden.append(float(act(z)))
        outputs.append(
            [
                float(bias) + sum(float(v) * h for v, h in zip(row, hidden, strict=True))
                for row, bias in zip(W2, b2, strict=True)
            ]
        )
    return np.array(outputs)


def two_layer_forward__columns(X, W1, b1, W2, b2, act):
    def layer(A, W, b):
        return np.dot(np.asarray(W, dtype=float), A) + np.reshape(b, (-1, 1))

    return layer(act(layer(np.asarray(X, dtype=float).T, W1, b1)), W2, b2).T


# collapse_affine


def collapse_affine__matrix_products(W1, b1, W2, b2):
    W1, b1, W2, b2 = (np.asarray(part, dtype=float) for part in (W1, b1, W2, b2))
    return W2 @ W1, W2 @ b1 + b2


def collapse_affine__einsum(W1, b1, W2, b2):
    W1, b1, W2, b2 = map(np.float64, (W1, b1, W2, b2))
    return np.einsum("oh,hd->od", W2, W1), np.einsum("oh,h->o", W2, b1) + b2


def collapse_affine__probing(W1, b1, W2, b2):
    """What the two layers give for 0 is b; what each input adds to it is a column of W."""
    W1, b1, W2, b2 = (np.array(part, dtype=float) for part in (W1, b1, W2, b2))

    def network(x):
        return W2 @ (W1 @ x + b1) + b2

    b = network(np.zeros(W1.shape[1]))
    return np.column_stack([network(unit) - b for unit in np.eye(W1.shape[1])]), b


def collapse_affine__one_block(W1, b1, W2, b2):
    """Bias columns beside the weights, and a row that keeps the 1 for the next layer."""
    first = np.column_stack([W1, b1]).astype(float)
    first = np.vstack([first, np.eye(1, first.shape[1], first.shape[1] - 1)])
    both = np.column_stack([W2, b2]) @ first
    return both[:, :-1].copy(), both[:, -1].copy()


def collapse_affine__loops(W1, b1, W2, b2):
    out, h, d = len(W2), len(W1), len(W1[0])
    W, b = np.zeros((out, d)), np.array(b2, dtype=np.float64)
    for o in range(out):
        for k in range(h):
            b[o] += W2[o][k] * b1[k]
            for j in range(d):
                W[o, j] += W2[o][k] * W1[k][j]
    return W, b


# add_product_feature


def add_product_feature__column_stack(X):
    X = np.asarray(X, dtype=float)
    return np.column_stack([X, X[:, 0] * X[:, 1]])


def add_product_feature__filled(X):
    out = np.empty((len(X), 3))
    out[:, :2] = X
    np.multiply(out[:, 0], out[:, 1], out=out[:, 2])
    return out


def add_product_feature__rows(X):
    return np.array([[x1, x2, x1 * x2] for x1, x2 in X], dtype=np.float64)


def add_product_feature__product_of_rows(X):
    X = np.array(X, dtype=float)
    return np.hstack((X, X.prod(axis=1, keepdims=True)))


def add_product_feature__transposed(X):
    x1, x2 = np.transpose(X).astype(float)
    return np.array((x1, x2, x1 * x2)).T


# perceptron_cycle


def _one_epoch(X, y, lr, w, b):
    """The state after one epoch, and the mistakes in it."""
    mistakes = 0
    for x_i, y_i in zip(X, y, strict=True):
        error = y_i - (1.0 if w @ x_i + b >= 0 else 0.0)
        w, b = w + lr * error * x_i, b + lr * error
        mistakes += error != 0
    return w, b, mistakes


def perceptron_cycle__dictionary(X, y, lr=1.0, max_epochs=1000):
    X = np.asarray(X, dtype=float)
    w, b = np.zeros(X.shape[1]), 0.0
    seen = {(*w, b): 0}
    for epoch in range(1, max_epochs + 1):
        w, b, mistakes = _one_epoch(X, y, lr, w, b)
        if mistakes == 0:
            return None
        start = seen.setdefault((*w, b), epoch)
        if start < epoch:
            return start, epoch - start
    return None


def perceptron_cycle__list_of_arrays(X, y, lr=1.0, max_epochs=1000):
    U = np.hstack([np.asarray(X, dtype=float), np.ones((len(X), 1))])
    history = [np.zeros(U.shape[1])]
    for t in range(1, max_epochs + 1):
        v, mistakes = history[-1].copy(), 0
        for u, label in zip(U, y, strict=True):
            if (v @ u >= 0) != (label == 1):
                v += lr * u if label == 1 else -lr * u
                mistakes += 1
        if not mistakes:
            return None
        for k, old in enumerate(history):
            if np.array_equal(old, v):
                return k, t - k
        history.append(v)


def perceptron_cycle__table(X, y, lr=1.0, max_epochs=1000):
    """All states so far as the rows of one array."""
    X, y = np.asarray(X, dtype=float), np.asarray(y)
    states = np.zeros((1, X.shape[1] + 1))
    while len(states) <= max_epochs:
        w, b, mistakes = _one_epoch(X, y, lr, states[-1, :-1], states[-1, -1])
        if mistakes == 0:
            break
        new = np.append(w, b)
        equal = np.flatnonzero(np.all(states == new, axis=1))
        if equal.size:
            return equal[0], len(states) - equal[0]
        states = np.vstack([states, new])
    return None


def perceptron_cycle__exact_fractions(X, y, lr=1.0, max_epochs=1000):
    rows = [[*(Fraction(float(value)) for value in x), Fraction(1)] for x in X]
    rate, state, states = Fraction(float(lr)), (Fraction(0),) * len(rows[0]), []
    for _ in range(max_epochs):
        states.append(state)
        wrong = False
        for row, label in zip(rows, y, strict=True):
            fires = sum(s * u for s, u in zip(state, row, strict=True)) >= 0
            if fires != bool(label):
                wrong = True
                step = -rate if fires else rate
                state = tuple(s + step * u for s, u in zip(state, row, strict=True))
        if not wrong:
            return None
        if state in states:
            return (states.index(state), len(states) - states.index(state))
    return None


def perceptron_cycle__two_runners(X, y, lr=1.0, max_epochs=1000):
    """Brent's search: the period from one waiting and one running state, then the start."""
    X = np.asarray(X, dtype=float)

    def after(state):
        w, b, mistakes = _one_epoch(X, y, lr, np.array(state[:-1]), state[-1])
        return (*w, b) if mistakes else None

    zero = (0.0,) * (X.shape[1] + 1)
    waiting, running, power, period = zero, after(zero), 1, 1
    for _ in range(4 * max_epochs + 4):
        if running is None or running == waiting:
            break
        if period == power:
            waiting, power, period = running, 2 * power, 0
        running, period = after(running), period + 1
    if running is None or running != waiting:
        return None
    ahead, behind, start = zero, zero, 0
    for _ in range(period):
        ahead = after(ahead)
    while ahead != behind:
        ahead, behind, start = after(ahead), after(behind), start + 1
    return (start, period) if start + period <= max_epochs else None
