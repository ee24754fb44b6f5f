"""The data sets of the course: scikit-learn's bundled tables and photographs, first names, and
point clouds.

Every call returns fresh arrays that may be changed freely. Nothing is downloaded.

    flowers = iris().take("petal length (cm)", "petal width (cm)").only("setosa", "virginica")
    flowers.X.shape     # (100, 2)
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["PHOTOGRAPHERS", "Dataset", "breast_cancer", "circles", "diabetes", "digits", "gate",
           "iris", "moons", "names", "photograph", "wine", "xor"]

CORNERS: NDArray[np.float64] = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
CORNERS.flags.writeable = False  # shared by all; `gate` hands out copies

FIRST_NAMES = Path(__file__).with_name("_data") / "first_names.txt"
# Who took the photographs, by the pages that scikit-learn's datasets/images/README.txt links to
# (its text names danielbuechele for both). License: CC BY 2.0.
PHOTOGRAPHERS = {"china": "danielbuechele", "flower": "vultilion"}

GATES = {"AND": (0, 0, 0, 1), "OR": (0, 1, 1, 1), "NAND": (1, 1, 1, 0), "XOR": (0, 1, 1, 0)}


@dataclass(frozen=True, eq=False)
class Dataset:
    """Examples with their targets.

    X: (n, d) float64, one example a row.
    y: (n,) int64 class labels from 0, the k-th of `classes`; float64 where the target is a number.
    features: the names of X's columns. classes: the names of the labels, () for a number.
    """

    X: NDArray[np.float64]
    y: NDArray[Any]
    features: tuple[str, ...]
    classes: tuple[str, ...]
    name: str

    def take(self, *features: str) -> "Dataset":
        """The same examples with these columns, in this order."""
        columns = _places(features, self.features, f"feature of {self.name}")
        return replace(self, X=self.X[:, columns], y=self.y.copy(), features=tuple(features))

    def only(self, *classes: str) -> "Dataset":
        """The examples of these classes, labeled 0, 1, ... in the order given here."""
        if not self.classes:
            raise ValueError(f"{self.name} has no classes: its target is a number.")
        labels = _places(classes, self.classes, f"class of {self.name}")
        kept = np.isin(self.y, labels)
        new = np.zeros(len(self.classes), dtype=np.int64)
        new[labels] = np.arange(len(labels))
        return replace(self, X=self.X[kept], y=new[self.y[kept]], classes=tuple(classes))

    def __repr__(self) -> str:
        target = f"classes {', '.join(self.classes)}" if self.classes else "a number as target"
        some = ", ".join(self.features[:4]) + (", ..." if len(self.features) > 4 else "")
        return (f"<{self.name}: {len(self.X)} examples, {len(self.features)} features "
                f"({some}), {target}>")


def iris() -> Dataset:
    """150 irises of three species, petals and sepals measured in cm (Fisher, 1936)."""
    return _bundled("iris")


def wine() -> Dataset:
    """178 wines of three cultivars, 13 chemical measurements each (Forina et al., 1991)."""
    return _bundled("wine")


def breast_cancer() -> Dataset:
    """569 tumors, malignant (0) or benign (1), 30 features of their cells (Wolberg, 1995)."""
    return _bundled("breast_cancer")


def digits() -> Dataset:
    """1797 handwritten digits of 8 x 8 pixels from 0 to 16 (Alpaydin and Kaynak, 1998)."""
    return _bundled("digits")


def diabetes() -> Dataset:
    """442 patients, 10 centered and scaled features; y is the disease's progress, a number (Efron
    et al., 2004)."""
    return _bundled("diabetes")


def photograph(name: str) -> NDArray[np.float64]:
    """A photograph (3, 427, 640), its colors red, green and blue from 0 to 1.

    name: "china" or "flower". Both are licensed under CC BY 2.0: name PHOTOGRAPHERS[name] where
    one is shown.
    """
    if name not in PHOTOGRAPHERS:
        raise ValueError(f"unknown photograph {name!r}: choose one of "
                         f"{_listed(tuple(PHOTOGRAPHERS))}.")
    return _photographed(name).copy()


def moons(n: int, noise: float, rng: np.random.Generator) -> Dataset:
    """Two interleaved half circles of radius 1, `noise` the standard deviation on each axis."""
    upper, lower = (np.linspace(0, np.pi, size) for size in _halves(n))
    X = np.concatenate([np.stack([np.cos(upper), np.sin(upper)], axis=1),
                        np.stack([1 - np.cos(lower), 0.5 - np.sin(lower)], axis=1)])
    return _cloud("moons", X, np.repeat([0, 1], _halves(n)), ("upper", "lower"), noise, rng)


def circles(n: int, noise: float, rng: np.random.Generator) -> Dataset:
    """A circle of radius 1/2 inside one of radius 1."""
    turns = np.concatenate([np.linspace(0, 2 * np.pi, size, endpoint=False) for size in _halves(n)])
    y = np.repeat([0, 1], _halves(n))
    X = np.stack([np.cos(turns), np.sin(turns)], axis=1) * np.where(y == 0, 1.0, 0.5)[:, None]
    return _cloud("circles", X, y, ("outer", "inner"), noise, rng)


def xor(n: int, noise: float, rng: np.random.Generator) -> Dataset:
    """Four clouds around the corners of the unit square; 1 where exactly one coordinate is 1."""
    corner = np.arange(n) % 4
    y = np.array(GATES["XOR"])[corner]
    return _cloud("xor", CORNERS[corner], y, ("0", "1"), noise, rng)


def gate(name: str) -> Dataset:
    """The four corners (0, 0), (0, 1), (1, 0), (1, 1) and what the logic gate answers to each."""
    if name not in GATES:
        raise ValueError(f"unknown gate {name!r}: choose one of {_listed(tuple(GATES))}.")
    return Dataset(CORNERS.copy(), np.array(GATES[name], dtype=np.int64), ("x1", "x2"),
                   ("0", "1"), name)


def names() -> list[str]:
    """5,163 first names in lowercase, a to z only, in alphabetical order (1990 U.S. census).

    The Census Bureau's lists of frequent first names, in the public domain; `_data/README.md` says
    where they come from.
    """
    return FIRST_NAMES.read_text(encoding="ascii").split()


def _bundled(name: str) -> Dataset:
    kept = _loaded(name)
    return replace(kept, X=kept.X.copy(), y=kept.y.copy())


@cache
def _loaded(name: str) -> Dataset:
    # Here, since scikit-learn takes a second to import and most notebooks need no table.
    from sklearn import datasets

    table = getattr(datasets, f"load_{name}")()
    classes = tuple(str(each) for each in table.get("target_names", ()))
    return Dataset(np.array(table.data, dtype=np.float64),
                   np.array(table.target, dtype=np.int64 if classes else np.float64),
                   tuple(str(each) for each in table.feature_names), classes, name)


@cache
def _photographed(name: str) -> NDArray[np.float64]:
    from sklearn import datasets

    return np.array(datasets.load_sample_image(f"{name}.jpg").transpose(2, 0, 1) / 255)


def _cloud(name: str, X: NDArray[np.float64], y: NDArray[Any], classes: tuple[str, ...],
           noise: float, rng: np.random.Generator) -> Dataset:
    """The points in random order, each moved by normal noise."""
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng must be a generator, e.g. np.random.default_rng(0), got {rng!r}.")
    if noise < 0:
        raise ValueError(f"noise must be 0 or more, got {noise}.")
    order = rng.permutation(len(X))
    return Dataset(X[order] + noise * rng.normal(size=X.shape), y[order].astype(np.int64),
                   ("x1", "x2"), classes, name)


def _halves(n: int) -> tuple[int, int]:
    return n - n // 2, n // 2


def _places(wanted: Sequence[str], names: tuple[str, ...], what: str) -> list[int]:
    """Where each wanted name stands in `names`; each at most once and at least one."""
    unknown = [each for each in wanted if each not in names]
    if unknown or not wanted:
        problem = f"{unknown[0]!r} is no {what}" if unknown else f"name at least one {what}"
        raise ValueError(f"{problem}: choose from {_listed(names)}.")
    if len(set(wanted)) < len(wanted):
        raise ValueError(f"each {what} can be named once, got {_listed(tuple(wanted))}.")
    return [names.index(each) for each in wanted]


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(repr(name) for name in names)
