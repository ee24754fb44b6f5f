"""Fresh inputs for an exercise: a lesson says what they are, a plan says what varies.

In `misconceptions/NN_name.py`, `fresh_EXERCISE(draw)` returns the arguments of one call. It asks a
`Draw` for sizes, arrays and numbers, and puts together what the exercise's contract promises, such
as a cache that fits the weights. A `Plan` decides the rest, so that what holds on all inputs, or
only on those with one row, can be found, and the smallest input on which an answer is wrong.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np

Array = np.ndarray
Sizes = Literal["different", "some equal", "equal", "one first", "one last", "small"]
Values = Literal["ordinary", "whole", "ints", "large", "tiny", "negative", "zero", "small"]
Container = Literal["array", "list", "fortran", "strided"]

_SMALL = (-1.0, 0.0, 1.0, 2.0)
_ROUND = (1.0, 2.0, 0.5, 0.25, 0.1, 0.01, 4.0, 10.0)  # numbers to calculate with on paper
_EXACT = ("whole", "ints", "zero", "small")  # kinds of values with which ties occur
_ACTS = ("lambda z: np.where(np.asarray(z) > 0, 1.75 * z + 0.5, 0.5 * z - 0.25)",
         "lambda z: np.where(np.asarray(z) > 0.25, 1.25 * z - 0.5, 0.25 * z + 0.5)")
_SMALL_ACT = "lambda z: np.maximum(2 * z, z)"


@dataclass(frozen=True)
class Plan:
    """What the inputs of one call are like.

    sizes: "different" from each other, "some equal" by chance, all "equal", the first (a batch) or
        the last of them one, or "small": at most `largest`.
    values: of arrays and numbers; "whole" ones are floats, "ints" are not; "large" ones are about
        1000, "small" ones -1, 0, 1 and 2.
    container: how arrays are handed over.
    layers: how many layers, or arrays of parameters, there are.
    """

    sizes: Sizes = "different"
    values: Values = "ordinary"
    container: Container = "array"
    layers: int = 2
    largest: int = 2


class Function:
    """A function with a text that feedback can show."""

    def __init__(self, text: str, names: dict[str, Any]) -> None:
        self.text = text
        self.names = names
        self._function: Callable[..., Any] = eval(text, {"np": np, **names})

    def __call__(self, *arguments: Any) -> Any:
        """Call it."""
        return self._function(*arguments)

    def __deepcopy__(self, memo: dict[int, Any]) -> "Function":
        return self  # it keeps nothing


@dataclass(frozen=True)
class Earlier:
    """Stands for the last part of what the answer returns for these arguments."""

    arguments: tuple[Any, ...]


class Draw:
    """What a generator of inputs draws from: the same rng and plan give the same inputs."""

    def __init__(self, rng: np.random.Generator, plan: Plan | None = None) -> None:
        self.rng, self.plan = rng, plan or Plan()
        self._pool: list[int] = []
        self._equal = int(rng.integers(2, 5))
        self._first = True

    # Sizes

    def sizes(self, *names: str) -> tuple[int, ...]:
        """A size of at least 1 for each name; the batch, where there is one, comes first."""
        found = [self._size() for _ in names]
        if self.plan.sizes == "one first" and self._first:
            found[0] = 1
        if self.plan.sizes == "one last":
            found[-1] = 1
        self._first = False
        return tuple(found)

    def layers(self) -> list[int]:
        """Sizes of a network's layers: inputs, hidden units, outputs."""
        return [self._size() for _ in range(self.plan.layers + 1)]

    def shapes(self) -> list[tuple[int, ...]]:
        """Shapes of a network's parameters, as in `params` and `grads`: each layer's W and b."""
        sizes = self.layers()
        return [shape for d, out in pairwise(sizes)
                for shape in ((out, d), (out,))]

    def integer(self, low: int, high: int) -> int:
        """An int from low to high, both included, such as a number of epochs."""
        if self.plan.sizes == "small":
            high = min(high, max(low, self.plan.largest))
        return int(self.rng.integers(low, high + 1))

    def _size(self) -> int:
        if self.plan.sizes == "small":
            return int(self.rng.integers(1, self.plan.largest + 1))
        if self.plan.sizes == "equal":
            return self._equal
        if self.plan.sizes == "some equal":
            return int(self.rng.integers(2, 4))
        if not self._pool:
            self._pool = [int(size) for size in self.rng.permutation(np.arange(2, 7))]
        return self._pool.pop()

    # Arrays and numbers

    def array(self, *shape: int) -> Any:
        """Numbers of this shape as an argument: an array, or a list where the plan says so."""
        return self.given(self.values(*shape))

    def arrays(self, shapes: Iterable[tuple[int, ...]]) -> list[Any]:
        """A list of such arguments, as `params` is."""
        return [self.array(*shape) for shape in shapes]

    def values(self, *shape: int) -> Array:
        """The same numbers as a plain array, to calculate with; hand them over with `given`."""
        rng, kind = self.rng, self.plan.values
        if kind == "ordinary":
            return np.asarray(rng.normal(size=shape))
        if kind == "small":
            return np.asarray(rng.choice(_SMALL, size=shape))
        if kind in ("whole", "ints"):
            drawn = rng.integers(-3, 5, size=shape)
            return np.asarray(drawn, dtype=float if kind == "whole" else int)
        if kind == "zero":
            return np.zeros(shape)
        if kind == "negative":
            return np.asarray(-rng.uniform(0.2, 2.0, size=shape))
        signs = rng.choice([-1.0, 1.0], size=shape)
        return np.asarray(signs * (rng.uniform(750.0, 1000.0, size=shape) if kind == "large"
                                   else rng.uniform(1e-6, 9e-6, size=shape)))

    def nonzero(self, *shape: int) -> Array:
        """A plain array like `values`, without zeros: to divide by, or for a norm."""
        found = self.values(*shape)
        return np.where(found == 0, np.ones_like(found), found)

    def given(self, values: Any) -> Any:
        """Numbers as an argument: as an array, a list, or an array with another memory order."""
        values = np.asarray(values)
        if values.ndim == 0:
            return values.item()
        if self.plan.container == "list":
            return values.tolist()
        if self.plan.container == "fortran":
            return np.asfortranarray(values)
        if self.plan.container == "strided":
            return np.repeat(values, 2, axis=-1)[..., ::2]
        return values

    def elementwise(self) -> Any:
        """The argument of an elementwise function: a number, or an array of one to three axes."""
        by_sizes: dict[str, list[tuple[int, ...]]] = {
            "one first": [(), (1,)], "one last": [(3, 1)], "equal": [(3, 3)],
            "small": [(), (1,), (2,)]}
        kinds = by_sizes.get(self.plan.sizes, [(5,), (4, 3), (2, 3, 2)])
        return self.array(*kinds[self.rng.integers(len(kinds))])

    def number(self) -> float:
        """A number like an array's entries."""
        return float(self.values()) if self.plan.values != "ints" else int(self.values())

    def between(self, low: float, high: float, *shape: int) -> Any:
        """A float (or a plain array) from low to high whatever the plan: lr, p, a variance.

        Where values are whole or small it is a round number, if one lies well inside.
        """
        margin = 1e-3 * (high - low)
        fitting = [x for x in _ROUND if low + margin < x < high - margin]
        if self.plan.values in _EXACT and fitting:
            exact = [x for x in fitting if x in (0.25, 0.5, 1.0, 2.0, 4.0)] or fitting
            drawn = self.rng.choice(exact, size=shape or None)
        else:
            drawn = self.rng.uniform(low, high, size=shape or None)
        return drawn if shape else float(drawn)

    def labels(self, shape: int | Sequence[int], classes: int) -> Any:
        """Class labels, or indices, from 0 to classes - 1, as an argument."""
        return self.given(self.rng.integers(classes, size=shape))

    def bits(self, shape: int | Sequence[int]) -> Any:
        """Labels 0 and 1, as an argument."""
        return self.labels(shape, 2)

    def mask(self, *shape: int) -> Array:
        """A bool array in which each row, along the last axis, keeps at least one entry."""
        kept = self.rng.random(shape) < 0.6
        first = self.rng.integers(shape[-1], size=shape[:-1])
        np.put_along_axis(kept, first[..., None], True, axis=-1)
        return kept

    # Everything else

    def choice(self, options: Sequence[Any]) -> Any:
        """One of several things, such as a name or a flag."""
        return options[int(self.rng.integers(len(options)))]

    def generator(self) -> np.random.Generator:
        """An `rng` argument. Of an answer that draws, only kinds and shapes are compared."""
        return np.random.default_rng(int(self.rng.integers(100)))

    def function(self, text: str, **names: Any) -> Function:
        """A function as an argument, from its text, which feedback shows.

        text: an expression such as "lambda x: np.sum(a * x ** 2)". names: its free names.
        """
        return Function(text, names)

    def act(self) -> Function:
        """An elementwise activation that no student has written into an answer."""
        return self.function(_SMALL_ACT if self.plan.values == "small" else self.choice(_ACTS))

    def state(self, *arguments: Any) -> Earlier | None:
        """A `state` argument: None, or what an earlier call with these arguments returned last."""
        return self.choice([None, Earlier(arguments)])

    def graph(self) -> dict[str, tuple[str, ...]]:
        """Parents by name, as in a tape: the last name is the root; a node may be of no use."""
        few = self.plan.sizes == "small"
        names = [f"v{k}" for k in range(self.plan.largest + 1 if few else 6)]
        leaves = 1 if few else 2
        return {name: () if k < leaves else tuple(
            self.choice(names[:k]) for _ in range(1 + int(self.rng.integers(2))))
            for k, name in enumerate(names)}
