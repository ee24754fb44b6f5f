"""Right answers to the exercises of lesson 10, each written differently.

`EXERCISE__LABEL` answers EXERCISE. Every one keeps to the whole contract (lists, whole numbers,
single numbers), so every one earns full points.
"""

from collections import Counter, defaultdict, deque
from functools import reduce
from graphlib import TopologicalSorter

import numpy as np
from scipy.special import softmax

# topological_order


def _needed(parents, root):
    needed, pending = {root}, [root]
    while pending:
        for parent in parents[pending.pop()]:
            if parent not in needed:
                needed.add(parent)
                pending.append(parent)
    return needed


def topological_order__graphlib(parents, root):
    needed = _needed(parents, root)
    return list(TopologicalSorter({name: parents[name] for name in needed}).static_order())


def topological_order__kahn_from_the_root(parents, root):
    """Count the uses; a name is free when all of its children are placed."""
    needed = _needed(parents, root)
    uses = Counter(parent for name in needed for parent in parents[name])
    order, free = [], [root]
    while free:
        name = free.pop()
        order.append(name)
        for parent in parents[name]:
            uses[parent] -= 1
            if not uses[parent]:
                free.append(parent)
    return tuple(reversed(order))


def topological_order__kahn_from_the_leaves(parents, root):
    needed = _needed(parents, root)
    children, left = defaultdict(list), {}
    for name in needed:
        left[name] = len(set(parents[name]))
        for parent in set(parents[name]):
            children[parent].append(name)
    order, free = [], deque(name for name in needed if not left[name])
    while free:
        order.append(free.popleft())
        for child in children[order[-1]]:
            left[child] -= 1
            if not left[child]:
                free.append(child)
    return order


def topological_order__iterators(parents, root):
    """A depth-first search with its own stack of iterators."""
    order, seen, stack = [], {root}, [(root, iter(parents[root]))]
    while stack:
        name, rest = stack[-1]
        for parent in rest:
            if parent not in seen:
                seen.add(parent)
                stack.append((parent, iter(parents[parent])))
                break
        else:
            order.append(name)
            stack.pop()
    return order


def topological_order__again_and_again(parents, root):
    """Slow: goes through all that is left until nothing is."""
    left, order, placed = list(_needed(parents, root)), [], set()
    while left:
        rest = []
        for name in left:
            if placed.issuperset(parents[name]):
                placed.add(name)
                order.append(name)
            else:
                rest.append(name)
        left = rest[::-1]
    return order


def topological_order__longest_distance(parents, root):
    level, waiting = {}, [root]
    while waiting:
        name = waiting[-1]
        unknown = [parent for parent in parents[name] if parent not in level]
        if unknown:
            waiting += unknown
        else:
            level[name] = max((level[parent] + 1 for parent in parents[name]), default=0)
            waiting.pop()
    return sorted(level, key=level.__getitem__)


# backprop


def backprop__sum_of_parts(parents, rules, root):
    parts = {root: [1.0]}
    grads = {}
    for name in topological_order__kahn_from_the_root(parents, root)[::-1]:
        grads[name] = reduce(lambda a, b: a + b, parts[name])
        if parents[name]:
            for parent, part in zip(parents[name], rules[name](grads[name]), strict=True):
                parts.setdefault(parent, []).append(part)
    return grads


def backprop__kahn(parents, rules, root):
    """One loop: a name's rule is called when the last of its children has had its turn."""
    uses = Counter(parent for name in _needed(parents, root) for parent in parents[name])
    grads, free = {root: 1.0}, [root]
    while free:
        name = free.pop()
        if not parents[name]:
            continue
        for parent, part in zip(parents[name], rules[name](grads[name]), strict=True):
            grads[parent] = part + grads.get(parent, 0.0)
            uses[parent] -= 1
            if uses[parent] == 0:
                free.append(parent)
    return grads


def backprop__copies_then_in_place(parents, rules, root):
    grads = {root: np.array(1.0)}
    for name in reversed(topological_order__iterators(parents, root)):
        if len(parents[name]) > 0:
            received = rules[name](grads[name].copy())
            for k in range(len(parents[name])):
                parent, part = parents[name][k], np.array(received[k], dtype=float)
                if parent in grads:
                    grads[parent] += part
                else:
                    grads[parent] = part
    return grads


def backprop__calls_leaves_too(parents, rules, root):
    grads = {root: 1.0}
    for name in reversed(topological_order__graphlib(parents, root)):
        parts = rules[name](grads[name]) if name in rules else ()
        for parent, part in zip(parents[name], parts, strict=True):
            grads[parent] = np.add(grads.get(parent, 0), part)
    return grads


def backprop__pulls(parents, rules, root):
    """Each name collects from its children, from the root on."""
    order = topological_order__longest_distance(parents, root)[::-1]
    children = defaultdict(list)
    for name in order:
        for k, parent in enumerate(parents[name]):
            children[parent].append((name, k))
    grads, handed = {}, {}
    for name in order:
        grads[name] = 1.0 if name == root else sum(
            handed[child][k] for child, k in children[name])
        if parents[name]:
            handed[name] = list(rules[name](grads[name]))
    return grads


# unbroadcast


def unbroadcast__one_axis_at_a_time(g, shape):
    g = np.array(g, dtype=float)
    while g.ndim > len(shape):
        g = g.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            g = g.sum(axis=axis, keepdims=True)
    return g


def unbroadcast__padded_shape(g, shape):
    g = np.asarray(g, dtype=float)
    padded = (1,) * (g.ndim - len(shape)) + tuple(shape)
    axes = tuple(k for k in range(g.ndim) if padded[k] == 1 != g.shape[k])
    return np.array(g.sum(axis=axes, keepdims=True).reshape(shape))


def unbroadcast__scatter(g, shape):
    """Every entry of g is added at the number of the entry that it was copied from."""
    g, out = np.asarray(g, dtype=float), np.zeros(int(np.prod(shape, dtype=int)))
    numbers = np.broadcast_to(np.arange(out.size).reshape(shape), g.shape)
    np.add.at(out, numbers.ravel(), g.ravel())
    return out.reshape(shape)


def unbroadcast__loop(g, shape):
    g, out = np.asarray(g, dtype=float), np.zeros(shape)
    for index in np.ndindex(*g.shape):
        own = index[len(index) - len(shape):]
        out[tuple(0 if n == 1 else k for k, n in zip(own, shape, strict=True))] += g[index]
    return out


# cases


def cases__by_hand():
    return [
        ([[[1, 2, 3], [4, 5, 7]], [[10, 20, 30], [40, 50, 70]]], (2, 1)),
        ([[1, 2], [30, 40]], (2,)),
        ([[5, 6]], (2,)),
    ]


def cases__many_axes():
    rng = np.random.default_rng(11)
    return [(rng.normal(size=(1, 2, 2, 3)), (2, 1)), [rng.normal(size=(4, 4)), [4]],
            [np.arange(3.0)[None], (3,)]]


def cases__at_random():
    shapes = [((3, 4), (4,)), ((3, 3), (3,)), ((1, 5), (5,)), ((3, 3, 3), (3, 1)),
              ((2, 3, 4), (1, 1)), ((4, 2), ()), ((2, 3), (2, 1))]
    return [(np.random.default_rng(seed).normal(size=large), small)
            for seed, (large, small) in enumerate(shapes)]


# mul_backward


def mul_backward__unbroadcast(g, a, b):
    ga = np.multiply(g, b, dtype=float)
    gb = np.multiply(g, a, dtype=float)
    return unbroadcast__one_axis_at_a_time(ga, np.shape(a)), unbroadcast__padded_shape(
        gb, np.shape(b))


def mul_backward__broadcast_first(g, a, b):
    g = np.asarray(g, dtype=float)
    wide = np.broadcast_arrays(a, b)
    return [unbroadcast__scatter(g * wide[1 - k], np.shape((a, b)[k])) for k in range(2)]


def mul_backward__einsum(g, a, b):
    """Ellipses line up at the right, like broadcasting."""
    full = np.einsum("...,...->...", np.asarray(g, float), np.asarray(b, float))
    other = np.einsum("...,...->...", np.asarray(g, float), np.asarray(a, float))
    return unbroadcast__loop(full, np.shape(a)), unbroadcast__loop(other, np.shape(b))


def mul_backward__entry_by_entry(g, a, b):
    g, a, b = (np.asarray(part, dtype=float) for part in (g, a, b))
    found = []
    for one, other in ((a, b), (b, a)):
        out, other = np.zeros(one.shape), np.broadcast_to(other, g.shape)
        for index in np.ndindex(g.shape):
            own = index[g.ndim - one.ndim:]
            out[tuple(min(k, n - 1) for k, n in zip(own, one.shape, strict=True))] += (
                g[index] * other[index])
        found.append(out)
    return tuple(found)


# matmul_backward


def matmul_backward__swapaxes(g, a, b):
    g, a, b = (np.array(part, dtype=float) for part in (g, a, b))
    return (unbroadcast__scatter(np.matmul(g, b.swapaxes(-2, -1)), a.shape),
            unbroadcast__scatter(np.matmul(a.swapaxes(-2, -1), g), b.shape))


def matmul_backward__einsum(g, a, b):
    g, a, b = (np.asarray(part, dtype=float) for part in (g, a, b))
    ga = np.einsum("...nm,...km->...nk", g, b)
    gb = np.einsum("...nk,...nm->...km", a, g)
    return [unbroadcast__one_axis_at_a_time(ga, a.shape),
            unbroadcast__one_axis_at_a_time(gb, b.shape)]


def matmul_backward__matrix_by_matrix(g, a, b):
    g, a, b = (np.asarray(part, dtype=float) for part in (g, a, b))
    ga, gb, front = np.zeros(a.shape), np.zeros(b.shape), g.shape[:-2]

    def own(part, index):
        index = index[len(index) - (part.ndim - 2):]
        return tuple(min(k, n - 1) for k, n in zip(index, part.shape, strict=False))

    for index in np.ndindex(*front):
        i, j = own(a, index), own(b, index)
        ga[i] += g[index] @ b[j].T
        gb[j] += a[i].T @ g[index]
    return ga, gb


def matmul_backward__as_products(g, a, b):
    """A matrix product is a product with broadcasting, then a sum."""
    g, a, b = (np.asarray(part, dtype=float) for part in (g, a, b))
    wide, rows, columns = g[..., :, None, :], a[..., :, :, None], b[..., None, :, :]
    ga = unbroadcast__padded_shape(wide * columns, rows.shape)
    gb = unbroadcast__padded_shape(wide * rows, columns.shape)
    return ga.reshape(a.shape), gb.reshape(b.shape)


# sum_backward


def sum_backward__expand(g, x, axis=None):
    g = np.asarray(g, dtype=np.float64)
    if axis is not None:
        g = np.expand_dims(g, axis)
    return g * np.ones(np.shape(x))


def sum_backward__keepdims_shape(g, x, axis=None):
    kept = np.sum(np.asarray(x, dtype=float), axis=axis, keepdims=True).shape
    out = np.empty(np.shape(x))
    out[...] = np.reshape(g, kept)
    return out


def sum_backward__move_axes(g, x, axis=None):
    """Writes into a view in which the summed axes come first."""
    out = np.zeros(np.shape(x))
    axes = range(out.ndim) if axis is None else (axis,) if isinstance(axis, int) else axis
    np.moveaxis(out, tuple(axes), range(len(tuple(axes))))[...] = g
    return out


def sum_backward__loop(g, x, axis=None):
    g, out = np.asarray(g, dtype=float), np.zeros(np.shape(x))
    axes = (set(range(out.ndim)) if axis is None else
            {int(k) % out.ndim for k in np.atleast_1d(axis)})
    for index in np.ndindex(out.shape):
        out[index] = g[tuple(k for place, k in enumerate(index) if place not in axes)]
    return out


# take_backward


def take_backward__add_at(g, x, index):
    total = np.zeros_like(np.asarray(x, dtype=float))
    np.add.at(total, np.array(index), g)
    return total


def take_backward__loop(g, x, index):
    g, index = np.asarray(g, dtype=float), np.asarray(index)
    out = np.zeros(np.shape(x))
    for place in np.ndindex(index.shape):
        out[index[place]] += g[place]
    return out


def take_backward__one_hot_product(g, x, index):
    x = np.asarray(x)
    index = np.asarray(index).ravel() % len(x)
    onehot = (np.arange(len(x))[:, None] == index).astype(float)
    rows = np.asarray(g, dtype=float).reshape(len(index), -1)
    return (onehot @ rows).reshape(x.shape)


def take_backward__row_by_row(g, x, index):
    x, g, index = np.asarray(x), np.asarray(g, dtype=float), np.asarray(index)
    index = np.where(index < 0, index + len(x), index)
    return np.array([g[index == k].sum(axis=0) for k in range(len(x))])


# log_softmax_backward


def log_softmax_backward__formula(g, out):
    g, P = np.array(g, dtype=float), np.exp(np.array(out, dtype=float))
    return g - P * np.sum(g, axis=-1)[..., np.newaxis]


def log_softmax_backward__softmax_of_the_output(g, out):
    """The softmax of logarithms of probabilities: the same probabilities."""
    g = np.asarray(g, dtype=float)
    return g - softmax(np.asarray(out, dtype=float), axis=-1) * g.sum(-1, keepdims=True)


def log_softmax_backward__jacobian(g, out):
    g, P = np.asarray(g, dtype=float), np.exp(np.asarray(out, dtype=float))
    slopes = np.eye(g.shape[-1]) - P[..., None, :]  # of output j with respect to logit i
    return np.einsum("...j,...ji->...i", g, slopes)


def log_softmax_backward__row_by_row(g, out):
    g = np.asarray(g, dtype=float)
    rows = np.asarray(out, dtype=float).reshape(-1, g.shape[-1])
    found = [h - sum(h) * np.exp(o) for h, o in zip(g.reshape(rows.shape), rows, strict=True)]
    return np.array(found).reshape(g.shape)
