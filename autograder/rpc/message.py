"""What the writer and the reader of a message share: its parts, its limits, what it weighs."""

import struct
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.rpc import limits
from autograder.rpc.array_memory import Refused, Region
from autograder.rpc.limits import CONTAINER_COST, ITEM_COST, MAX_DEPTH

LENGTHS = struct.Struct("<II")  # of the arrays' head, and of the values
FLAG = struct.Struct("?")
NUMBER = struct.Struct("<I")
INT = struct.Struct("<q")
FLOAT = struct.Struct("<d")
COMPLEX = struct.Struct("<dd")


@dataclass
class Shared:
    """What the two ends of one call share, as this end holds it; the reply needs it."""

    objects: list[Any]
    regions: list[Region]


class Message:
    """What a message may still hold, and what the values with an identity in it weigh.

    A value that occurs again is a few bytes in the message, but weighs in full each time, since
    whoever walks through the result meets it each time.
    """

    def __init__(self, shared: Shared, outer: "Message | None" = None) -> None:
        """outer: the message in which this one is the plain form of a value, and counts."""
        self.items: int = outer.items if outer else limits.MAX_ITEMS
        self.bytes: int = outer.bytes if outer else limits.MAX_BYTES
        self.reach = 0  # the deepest level met so far in the value at hand
        self.objects = list(shared.objects)  # those of the call replied to come first
        self.known = len(self.objects)
        # Items, bytes and levels below; None until a value is complete.
        self.weights: list[tuple[int, int, int] | None] = [
            (1, thing.nbytes, 0) if type(thing) is np.ndarray else None for thing in self.objects]
        # Whose new contents a reply must bring; what became of arrays comes with their memory.
        self.awaited = {n for n, thing in enumerate(self.objects) if type(thing) is not np.ndarray}

    def spend(self, items: int, size: int) -> None:
        """Count what a value takes. Raises Refused when the message has no more left."""
        self.items -= items
        self.bytes -= size
        if self.items < 0 or self.bytes < 0:
            raise Refused(f"A value is too large: more than {limits.MAX_ITEMS:,} items or "
                          f"{limits.MAX_BYTES // 2**20} MiB.")

    def add(self, thing: Any, weight: tuple[int, int, int] | None) -> int:
        """Give a value with an identity its number, and return that."""
        self.objects.append(thing)
        self.weights.append(weight)
        return len(self.objects) - 1

    def again(self, number: int, level: int) -> None:
        """A value occurs once more."""
        weight = self.weights[number]
        if weight is None:
            raise Refused("A list or dictionary that holds itself can't be handed over.")
        self._reach(level + weight[2])
        self.spend(weight[0], weight[1])

    def enter(self, level: int, count: int) -> tuple[int, int, int]:
        """A container begins; `leave` wants to know what this returns."""
        before = self.items, self.bytes, self.reach
        self.reach = 0
        self._reach(level + 1)
        self.spend(count, CONTAINER_COST + ITEM_COST * count)
        return before

    def leave_inner(self, inner: "Message", before: tuple[int, int, int], level: int,
                    number: int) -> None:
        """The plain form that `enter` began is complete, as a message of its own."""
        self.items, self.bytes = inner.items, inner.bytes
        self.reach = max(self.reach, inner.reach)
        self.leave(before, level, number)

    def leave(self, before: tuple[int, int, int], level: int, number: int | None) -> None:
        """The container that `enter` began is complete."""
        items, size, reach = before
        if number is not None:
            self.weights[number] = items - self.items, size - self.bytes, self.reach - level
        self.reach = max(reach, self.reach)

    def _reach(self, level: int) -> None:
        if level > MAX_DEPTH:
            raise Refused(f"A value is nested more than {MAX_DEPTH} deep.")
        self.reach = max(self.reach, level)


def length(steps: range) -> int:
    """Its length or one more; `len` fails for long ones."""
    return max(0, (steps.stop - steps.start) // steps.step + 1)
