"""What trained networks get right without some of their blocks, by the student's functions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from utils.widgets.kit import student
from utils.widgets.kit.student import AnswerError, FloatArray

Block = tuple[FloatArray, ...]


@dataclass(frozen=True, eq=False)
class Network:
    """A linear layer in, blocks, a linear layer out.

    skip: whether each block adds to its input, or only its branch is passed on.
    """

    entry: tuple[FloatArray, FloatArray]
    blocks: list[Block]
    head: tuple[FloatArray, FloatArray]
    skip: bool


def network(name: str, given: Any) -> Network:
    """A network as the lesson keeps it, ((entry, blocks, head), skip). Raises AnswerError."""
    try:
        (entry, blocks, head), skip = given
        parts = [*entry, *(part for block in blocks for part in block), *head]
        arrays = [np.asarray(part, dtype=float) for part in parts]
        fits = len(entry) == len(head) == 2 and all(len(block) == 4 for block in blocks)
    except Exception:  # whatever a student has put there
        fits, arrays = False, []
    if not fits or not all(np.isfinite(part).all() for part in arrays):
        raise AnswerError(f"The {name} network can't be used: its training went wrong. See that "
                          "the checks of block_forward, block_backward, and zero_init_block pass, "
                          "then run the cell that trains, and this one.")
    inner = arrays[2:-2]
    return Network((arrays[0], arrays[1]),
                   [tuple(inner[k:k + 4]) for k in range(0, len(inner), 4)],
                   (arrays[-2], arrays[-1]), bool(skip))


def accuracy(forward: Callable[..., Any], one: Network, blocks: Sequence[Block], X: FloatArray,
             y: Any) -> float:
    """The share of X that is right with these blocks. Raises AnswerError."""
    A = X @ one.entry[0].T + one.entry[1]
    for block in blocks:
        result = student.call(forward, A, *block)
        if not isinstance(result, (tuple, list)) or len(result) != 2:
            raise AnswerError(f"{student.name(forward)} returned {student.kind(result)}, "
                              "expected (Y, cache).")
        Y = student.floats(forward, result[0], A.shape, "Y, as large as X")
        A = Y if one.skip else Y - A
    Z = A @ one.head[0].T + one.head[1]
    return float(np.mean(Z.argmax(axis=1) == y))


def one_more(lesion: Callable[..., Any], forward: Callable[..., Any], one: Network,
             kept: Sequence[int], X: FloatArray, y: Any) -> FloatArray:
    """What the student's lesion says of the blocks that are kept, (len(kept),).

    Raises AnswerError.
    """
    def measured(blocks: Any) -> float:
        if not isinstance(blocks, (list, tuple)):
            raise TypeError(f"accuracy got {student.kind(blocks)}, expected a list of blocks")
        return accuracy(forward, one, list(blocks), X, y)

    blocks = [one.blocks[k] for k in kept]
    return student.array(lesion, blocks, measured, shape=(len(blocks),),
                         meaning="one accuracy for each block")
