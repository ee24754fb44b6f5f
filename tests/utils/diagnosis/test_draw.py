"""Fresh inputs: what a plan varies, and what it leaves as the exercise's contract has it."""

from itertools import pairwise, product
from typing import Any, get_args

import numpy as np
import pytest

from utils._diagnosis.draw import Container, Draw, Earlier, Plan, Sizes, Values

SEEDS = range(20)


def draws(**plan: Any) -> list[Draw]:
    return [Draw(np.random.default_rng(seed), Plan(**plan)) for seed in SEEDS]


def test_sizes_are_all_different_or_all_equal() -> None:
    for draw in draws():
        sizes = draw.sizes("n", "in", "out")
        assert len(set(sizes)) == 3
        assert min(sizes) >= 2
    for draw in draws(sizes="equal"):
        assert len({*draw.sizes("n", "in", "out"), *draw.layers()}) == 1


def test_the_batch_is_the_first_size_and_the_units_are_the_last() -> None:
    for draw in draws(sizes="one first"):
        n, d, out = draw.sizes("n", "in", "out")
        assert n == 1
        assert d > 1
        assert out > 1
        assert draw.sizes("m")[0] > 1
    for draw in draws(sizes="one last"):
        n, _, out = draw.sizes("n", "in", "out")
        assert out == 1
        assert n > 1


def test_small_sizes_stay_small() -> None:
    for draw in draws(sizes="small", largest=2):
        assert max(*draw.sizes("n", "d", "h", "out"), *draw.layers()) <= 2
        assert draw.integer(0, 30) <= 2
        assert draw.integer(4, 30) == 4


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_a_network_has_as_many_layers_as_planned(layers: int) -> None:
    for draw in draws(layers=layers):
        assert len(draw.layers()) == layers + 1
        assert len(draw.shapes()) == 2 * layers


@pytest.mark.parametrize("container", get_args(Container))
def test_a_container_changes_no_number(container: Container) -> None:
    for draw in draws(container=container):
        values = draw.values(3, 4)
        given = draw.given(values)
        np.testing.assert_array_equal(given, values)
        assert isinstance(given, list) == (container == "list")
        if container in ("fortran", "strided"):
            assert not given.flags.c_contiguous


def test_values_are_of_their_kind() -> None:
    kinds = {kind: [draw.values(4, 5) for draw in draws(values=kind)] for kind in get_args(Values)}
    for kind, tables in kinds.items():
        for table in tables:
            assert table.dtype.kind == ("i" if kind == "ints" else "f"), kind
            assert np.isfinite(table).all()
    assert all((abs(table) > 709).all() for table in kinds["large"])
    assert all((table < 0).all() for table in kinds["negative"])
    assert {float(x) for table in kinds["small"] for x in table.flat} == {-1, 0, 1, 2}


@pytest.mark.parametrize("sizes", get_args(Sizes))
@pytest.mark.parametrize("kind", get_args(Values))
def test_preconditions_hold_under_every_plan(sizes: Sizes, kind: Values) -> None:
    for draw, container in product(draws(sizes=sizes, values=kind)[:5], get_args(Container)):
        draw.plan = Plan(sizes, kind, container)
        assert (draw.nonzero(3, 3) != 0).all()
        assert 0.1 <= draw.between(0.1, 0.9) <= 0.9
        assert (draw.between(0.5, 3.0, 4) >= 0.5).all()
        labels = np.asarray(draw.labels(6, 3))
        assert labels.dtype.kind == "i"
        assert set(labels) <= {0, 1, 2}
        assert draw.mask(4, 5).any(axis=-1).all()
        assert np.asarray(draw.elementwise()).ndim <= 3
        parents = draw.graph()
        for (name, above), before in zip(parents.items(), range(9), strict=False):
            assert set(above) <= set(list(parents)[:before]), name


def test_the_same_seed_gives_the_same_inputs() -> None:
    a, b = (Draw(np.random.default_rng(3), Plan(values="small")) for _ in range(2))
    assert a.sizes("n", "d") == b.sizes("n", "d")
    np.testing.assert_array_equal(a.array(3, 2), b.array(3, 2))


def test_an_activation_works_on_numbers_and_arrays_and_shows_its_text() -> None:
    for draw in [*draws(), *draws(values="small")]:
        act = draw.act()
        table = draw.values(3, 2)
        assert act.text.startswith("lambda z")
        np.testing.assert_allclose(act(table)[1, 1], act(float(table[1, 1])))


def test_a_state_is_none_or_stands_for_an_earlier_call() -> None:
    states = [draw.state([1.0], None) for draw in draws()]
    assert None in states
    assert Earlier(([1.0], None)) in states


def test_a_generator_of_inputs_is_short() -> None:
    def fresh_mlp(draw: Draw) -> tuple[Any, ...]:
        n, sizes = *draw.sizes("n"), draw.layers()
        return (draw.array(n, sizes[0]), [draw.array(b, a) for a, b in pairwise(sizes)],
                [draw.array(b) for b in sizes[1:]], draw.act())

    for draw in draws(layers=3):
        X, weights, biases, act = fresh_mlp(draw)
        for W, b in zip(weights, biases, strict=True):
            X = act(X @ W.T + b)
