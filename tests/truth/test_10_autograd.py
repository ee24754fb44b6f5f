"""The reference of lesson 10 against oracles that share no code with it."""

from graphlib import TopologicalSorter
from itertools import permutations

import numpy as np
import pytest
from scipy import optimize, special

from autograder.course import lessons
from support.answers import reference

LESSON = next(lesson for lesson in lessons() if lesson.name == "10_autograd")


@pytest.fixture
def ours():
    return reference(LESSON)


def random_tape(seed, size):
    """Parents and slopes of a random tape; any name may be the root."""
    rng = np.random.default_rng(seed)
    names = [f"v{k}" for k in rng.permutation(size)]
    slopes = {name: [(names[j], float(rng.normal())) for j in rng.integers(k, size=rng.integers(4))]
              if k else [] for k, name in enumerate(names)}
    return {name: tuple(one for one, _ in of) for name, of in slopes.items()}, slopes


def path_sum(slopes, start, end):
    """The sum over all paths from `end` back to `start` of the product of slopes."""
    return (start == end) + sum(slope * path_sum(slopes, start, one) for one, slope in slopes[end])


@pytest.mark.parametrize("seed", range(30))
def test_an_order_is_one_of_all_that_brute_force_finds(ours, seed):
    parents, _ = random_tape(seed, 6)
    for root in parents:
        needed = set(TopologicalSorter(
            {name: parents[name] for name in parents}).static_order())
        needed = {name for name in needed if path_sum(
            {k: [(one, 1.0) for one in of] for k, of in parents.items()}, name, root) > 0}
        valid = [order for order in permutations(needed) if order[-1] == root and all(
            order.index(one) < order.index(name) for name in order for one in parents[name])]
        assert tuple(ours["topological_order"](parents, root)) in valid


@pytest.mark.parametrize("seed", range(20))
def test_gradients_are_sums_over_paths(ours, seed):
    parents, slopes = random_tape(100 + seed, 9)
    rules = {name: lambda g, of=of: tuple(slope * g for _, slope in of)
             for name, of in slopes.items() if of}
    for root in parents:
        got = ours["backprop"](parents, rules, root)
        for name in parents:
            assert got.get(name, 0.0) == pytest.approx(path_sum(slopes, name, root), abs=1e-12)


def slope_by_differences(f, x):
    return optimize.approx_fprime(np.ravel(x), lambda v: f(v.reshape(np.shape(x))), 1e-6)


def central(f, x):
    x = np.asarray(x, dtype=float)
    out = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = 1e-6
        out[index] = (f(x + step) - f(x - step)) / 2e-6
    return out


@pytest.mark.parametrize(("large", "small"), [
    ((3, 4), (4,)), ((3, 4), (3, 1)), ((3, 4), ()), ((2, 3, 4), (3, 1)), ((3, 4), (3, 4))])
def test_unbroadcast_is_the_slope_of_broadcasting(ours, large, small):
    rng = np.random.default_rng(1)
    g, x = rng.normal(size=large), rng.normal(size=small)
    expected = central(lambda v: np.sum(g * np.broadcast_to(v, large)), x)
    np.testing.assert_allclose(ours["unbroadcast"](g, small), expected, atol=1e-8)


@pytest.mark.parametrize(("one", "other"), [
    ((3, 4), (3, 4)), ((3, 4), (4,)), ((3, 1), (4,)), ((), (2, 3)), ((2, 3, 4), (3, 1))])
def test_mul_backward_is_the_slope_of_a_product(ours, one, other):
    rng = np.random.default_rng(2)
    a, b = rng.normal(size=one), rng.normal(size=other)
    g = rng.normal(size=np.broadcast_shapes(one, other))
    ga, gb = ours["mul_backward"](g, a, b)
    np.testing.assert_allclose(ga, central(lambda v: np.sum(g * (v * b)), a), atol=1e-8)
    np.testing.assert_allclose(gb, central(lambda v: np.sum(g * (a * v)), b), atol=1e-8)


@pytest.mark.parametrize(("one", "other"), [
    ((4, 3), (3, 2)), ((3, 3), (3, 3)), ((2, 4, 3), (2, 3, 2)), ((2, 4, 3), (3, 2)),
    ((4, 3), (2, 3, 2)), ((2, 1, 2, 3), (4, 3, 2)), ((3, 3, 3), (3, 3))])
def test_matmul_backward_is_the_slope_of_a_matrix_product(ours, one, other):
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=one), rng.normal(size=other)
    g = rng.normal(size=(a @ b).shape)
    ga, gb = ours["matmul_backward"](g, a, b)
    np.testing.assert_allclose(ga, central(lambda v: np.sum(g * (v @ b)), a), atol=1e-8)
    np.testing.assert_allclose(gb, central(lambda v: np.sum(g * (a @ v)), b), atol=1e-8)


@pytest.mark.parametrize("axis", [None, 0, 1, 2, -1, -2, (0, 1), (-1, 0), (2, 1, 0)])
def test_sum_backward_is_the_slope_of_a_sum(ours, axis):
    rng = np.random.default_rng(4)
    x = rng.normal(size=(3, 3, 3))
    g = rng.normal(size=np.shape(x.sum(axis)))
    np.testing.assert_allclose(ours["sum_backward"](g, x, axis),
                               central(lambda v: np.sum(g * v.sum(axis)), x), atol=1e-8)


@pytest.mark.parametrize("of", [(7,), (2, 4), ()])
def test_take_backward_is_the_slope_of_taking_rows(ours, of):
    rng = np.random.default_rng(5)
    x, index = rng.normal(size=(4, 3)), rng.integers(-4, 4, size=of)
    g = rng.normal(size=x[index].shape)
    np.testing.assert_allclose(ours["take_backward"](g, x, index),
                               central(lambda v: np.sum(g * v[index]), x), atol=1e-8)


@pytest.mark.parametrize("shape", [(5,), (4, 4), (2, 3, 4)])
def test_log_softmax_backward_is_scipys_slope(ours, shape):
    rng = np.random.default_rng(6)
    Z, g = rng.normal(size=shape), rng.normal(size=shape)
    got = ours["log_softmax_backward"](g, special.log_softmax(Z, axis=-1))
    expected = slope_by_differences(lambda v: np.sum(g * special.log_softmax(v, axis=-1)), Z)
    np.testing.assert_allclose(got.ravel(), expected, atol=1e-5)


def test_tensors_have_the_slopes_of_the_function_that_they_compute(ours):
    """A small network with a shared table, written once with Tensors and once with NumPy."""
    Tensor, tanh, transpose = ours["Tensor"], ours["tanh"], ours["transpose"]
    rng = np.random.default_rng(7)
    start = [rng.normal(size=size) for size in ((5, 3), (4, 3), (4,), ())]
    rows, mask = np.array([0, 3, 3, 4, -1, 0]), rng.normal(size=(6, 4))

    def plain(table, W, b, s):
        hidden = np.tanh(table[rows] @ W.T + b) * s
        return np.sum(special.log_softmax(hidden, axis=-1) * mask) + np.sum(
            table.sum(axis=0) * table)

    leaves = [Tensor(value) for value in start]
    table, W, b, s = leaves
    hidden = tanh(table.take(rows) @ transpose(W) + b) * s
    loss = (hidden.log_softmax() * Tensor(mask)).sum() + (table.sum(axis=0) * table).sum()
    loss.backward()
    assert float(loss.data) == pytest.approx(plain(*start))
    for k, leaf in enumerate(leaves):
        expected = central(lambda v, k=k: plain(*start[:k], v, *start[k + 1:]), start[k])
        np.testing.assert_allclose(leaf.grad, expected, atol=1e-7)
    assert float(loss.grad) == 1.0


def test_a_tensor_of_five_thousand_steps_goes_back(ours):
    x = ours["Tensor"](np.ones(2))
    y = x
    for _ in range(5000):
        y = y + x
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, [5001.0, 5001.0])


def test_the_tensor_of_the_lesson_is_short():
    text = LESSON.source.read_text(encoding="utf-8")
    cell = text[text.index("class Tensor:"):]
    assert cell[:cell.index("\n# %%")].rstrip().count("\n") + 1 < 40
