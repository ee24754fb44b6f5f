"""The functions that one end of a connection knows; they travel as numbers."""

from collections.abc import Callable
from typing import Any

from autograder.rpc.array_memory import Refused
from autograder.rpc.limits import MAX_CALLABLES

Export = Callable[[Callable[..., Any]], int]
Resolve = Callable[[int], Callable[..., Any]]


class Callables:
    """The callables that one end of a connection knows: its own, and proxies for the peer's.

    proxy: makes the callable that stands for the peer's own number n.
    """

    def __init__(self, proxy: Resolve) -> None:
        self._proxy = proxy
        self._own: list[Callable[..., Any]] = []
        self._proxies: dict[int, Callable[..., Any]] = {}
        self._numbers: dict[int, int] = {}  # id: n of an own one, ~n of the peer's

    def export(self, function: Callable[..., Any]) -> int:
        """The number under which the peer finds it again: >= 0 for ours, < 0 for the peer's."""
        number = self._numbers.get(id(function))
        if number is None:
            if len(self._own) == MAX_CALLABLES:
                raise Refused("Too many functions were handed over.")
            number = self._numbers[id(function)] = len(self._own)
            self._own.append(function)
        return number

    def resolve(self, number: int) -> Callable[..., Any]:
        """What the peer means by a number: >= 0 is the peer's own, < 0 is one of ours."""
        if number < 0:
            return self.own(~number)
        if number >= MAX_CALLABLES:
            raise Refused("Too many functions were handed over.")
        if number not in self._proxies:
            self._proxies[number] = self._proxy(number)
            self._numbers[id(self._proxies[number])] = ~number
        return self._proxies[number]

    def own(self, number: int) -> Callable[..., Any]:
        """The callable that a peer's call by number is for."""
        if not 0 <= number < len(self._own):
            raise Refused("There is no such function.")
        return self._own[number]
