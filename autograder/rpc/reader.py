"""The bytes of a message into values."""

import struct
from collections import Counter
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import numpy as np

from autograder.rpc import array_memory, limits, plain_types, rng_state
from autograder.rpc.array_memory import DTYPES, Refused
from autograder.rpc.callables import Resolve
from autograder.rpc.exceptions import text
from autograder.rpc.limits import CONTAINER_COST, GENERATOR_COST, MAX_ALIKE, MAX_INT, MAX_NAME
from autograder.rpc.message import COMPLEX, FLOAT, INT, LENGTHS, NUMBER, Message, Shared, length
from autograder.rpc.plain_types import Types
from utils._checks.compare import same
from utils._checks.forms import become, by_name, form_of
from utils.plain import PlainFormError, made


class Reader(Message):
    """Reads the values of one message, in the order in which they were written.

    what: how a refusal refers to the value.
    types: which values are not refused.
    """

    def __init__(self, data: memoryview, resolve: Resolve, shared: Shared, what: str,
                 types: Types, outer: Message | None = None) -> None:
        super().__init__(shared, outer)
        self.what, self.types, self.readers = what, types, _readers(types)
        data = data.cast("B")
        if len(data) > limits.MAX_BYTES:
            raise Refused("The message is too large.")
        head, values = LENGTHS.unpack_from(data)
        self.resolve, self.at = resolve, 0
        self.data = data[LENGTHS.size + head:LENGTHS.size + head + values]
        self.unpacked = array_memory.unpack(data[LENGTHS.size:LENGTHS.size + head],
                                      data[LENGTHS.size + head + values:], shared.regions,
                                      self.spend)
        self.arrays = self.unpacked.arrays[::-1]
        self.slot: int | None = None  # the known value whose contents come next
        self.new: dict[int, Any] = {}

    def become(self) -> None:
        """What became of the values that were sent."""
        for number in range(self.known):
            if number in self.awaited and self.read(0) is not self.objects[number]:
                raise ValueError("another value")

    def end(self) -> None:
        """Nothing may be left over, and nothing missing."""
        if self.at != len(self.data) or self.arrays or self.awaited:
            raise ValueError("end")

    def restore(self) -> None:
        """Write what came back into the values that were sent."""
        for array, content in self.unpacked.changes:
            array[...] = content
        for number, new in self.new.items():
            old = self.objects[number]
            if type(old) is list:
                old[:] = new
            elif type(old) is np.random.Generator:
                rng_state.restore(old, new)
            elif type(old) is set:
                if old != new:  # someone may be walking through it
                    old.clear()
                    old.update(new)
            elif form_of(old):
                if not same(old, new):  # what it holds keeps its identity
                    become(old, new)
            else:
                if [*map(hash, old)] != [*map(hash, new)] or old.keys() != new.keys():
                    old.clear()
                for key, value in new.items():
                    old[key] = value

    def read(self, level: int) -> Any:
        """The next value; `level` counts the containers around it."""
        tag = self.data[self.at]
        self.at += 1
        return self.readers[tag](self, level)

    def take(self, size: int) -> memoryview:
        """The next `size` bytes."""
        start, self.at = self.at, self.at + size
        if self.at > len(self.data):
            raise ValueError("size")
        return self.data[start:self.at]

    def unpack(self, form: struct.Struct) -> tuple[Any, ...]:
        """The next numbers of this form."""
        return form.unpack(self.take(form.size))

    def sized(self, cost: int = 1) -> memoryview:
        """A length, and that many bytes."""
        size = self.unpack(NUMBER)[0]
        self.spend(0, cost * size)
        return self.take(size)

    def integer(self, level: int) -> int:
        """An int of any size."""
        data = self.sized()
        if len(data) > MAX_INT:
            raise ValueError("int")
        return int.from_bytes(data, "little", signed=True)

    def text(self, level: int) -> str:
        """A text."""
        return str(self.sized(4), "utf-8")

    def scalar(self, level: int) -> Any:
        """A NumPy scalar."""
        dtype = DTYPES[self.take(1)[0]]
        array: array_memory.Array = np.frombuffer(self.take(dtype.itemsize), dtype)
        array_memory.require_booleans(array)
        return array[0]

    def function(self, level: int) -> Callable[..., Any]:
        """The callable that a number stands for."""
        self.spend(0, CONTAINER_COST)
        return self.resolve(self.unpack(INT)[0])

    def steps(self, level: int) -> range:
        """A range."""
        steps = range(*self.contents(level))
        self.spend(length(steps), 0)
        return steps

    def contents(self, level: int, number: int | None = None) -> list[Any]:
        """A count, and that many values."""
        count = self.unpack(NUMBER)[0]
        before = self.enter(level, count)
        values = [self.read(level + 1) for _ in range(count)]
        self.leave(before, level, number)
        return values

    def members(self, level: int, number: int | None = None) -> set[Any]:
        """The members of a set."""
        return set(_distinct(self.contents(level, number)))

    def mapping(self, level: int, number: int) -> dict[Any, Any]:
        """A dictionary."""
        parts = self.contents(level, number)
        return dict(zip(_distinct(parts[::2]), parts[1::2], strict=True))

    def generator(self, level: int, number: int) -> np.random.Generator:
        """A random generator in the state that was sent."""
        self.spend(0, GENERATOR_COST)
        self.weights[number] = 1, GENERATOR_COST, 0
        generator = rng_state.unpack(self.text(level), self.sized(), self.read(level))
        if number < self.known and type(generator.bit_generator) is not type(
                self.objects[number].bit_generator):
            raise ValueError("another bit generator")
        return generator

    def array(self, level: int) -> array_memory.Array:
        """The next of the arrays, which are already there."""
        array = self.arrays.pop()
        self.add(array, (1, array.nbytes, 0))
        return array

    def changeable(self, kind: type, fill: Callable[["Reader", int, int], Any],
                   level: int) -> Any:
        """A list, set, dictionary or generator, which keeps its identity."""
        number, self.slot = self.slot, None
        if number is None:
            number = self.add(None, None)
        elif type(self.objects[number]) is not kind:
            raise ValueError("kind")
        new = fill(self, level, number)
        if number < self.known:
            self.new[number] = new
        else:
            self.objects[number] = new
        return self.objects[number]

    def registered(self, level: int) -> Any:
        """A value of a type of the course's own, made of its plain form, which is checked."""
        number, self.slot = self.slot, None
        name, data = str(self.sized(), "utf-8"), self.sized(0)
        form = by_name().get(name)
        if form is None or name not in self.types:
            raise Refused(plain_types.refusal(self.what, text(name)[:MAX_NAME], self.types))
        if number is None:
            number = self.add(None, None)
        elif type(self.objects[number]) is not form.kind:
            raise ValueError("kind")
        before = self.enter(level, 1)
        inner = Reader(data, self.resolve, Shared([], []), self.what,
                       plain_types.data(self.types), self)
        written = inner.read(level + 1)
        inner.end()
        self.leave_inner(inner, before, level, number)
        try:
            value = made(form, written)
        except PlainFormError as error:
            raise Refused(f"{self.what}: {error}.") from None
        if number < self.known:
            self.new[number] = value
        else:
            self.objects[number] = value
        return self.objects[number]

    def sent(self, level: int) -> Any:
        """What became of a value of the call that is replied to."""
        self.slot = self.unpack(NUMBER)[0]
        self.awaited.remove(self.slot)
        if self.data[self.at] not in b"[${g*":
            raise ValueError("no contents")
        return self.read(level)

    def reference(self, level: int) -> Any:
        """A value that came before."""
        number = self.unpack(NUMBER)[0]
        self.again(number, level)
        return self.objects[number]


_READERS: dict[int, Callable[[Reader, int], Any]] = {tag[0]: read for tag, read in {
    b"N": lambda reader, level: None, b"E": lambda reader, level: ...,
    b"T": lambda reader, level: True, b"F": lambda reader, level: False,
    b"i": lambda reader, level: reader.unpack(INT)[0], b"I": Reader.integer,
    b"f": lambda reader, level: reader.unpack(FLOAT)[0],
    b"c": lambda reader, level: complex(*reader.unpack(COMPLEX)),
    b"n": Reader.scalar, b"s": Reader.text,
    b"u": lambda reader, level: np.str_(reader.text(level)),
    b"b": lambda reader, level: bytes(reader.sized()),
    b"r": Reader.steps, b":": lambda reader, level: slice(*reader.contents(level)),
    b"(": lambda reader, level: tuple(reader.contents(level)),
    b"<": lambda reader, level: frozenset(reader.members(level)),
    b"[": lambda reader, level: reader.changeable(list, Reader.contents, level),
    b"$": lambda reader, level: reader.changeable(set, Reader.members, level),
    b"{": lambda reader, level: reader.changeable(dict, Reader.mapping, level),
    b"g": lambda reader, level: reader.changeable(
        np.random.Generator, Reader.generator, level),
    b"*": Reader.registered,
    b"a": Reader.array, b"@": Reader.function, b"!": Reader.sent, b"=": Reader.reference,
}.items()}
_NAMES = {b"c"[0]: "complex", b"b"[0]: "bytes", b"["[0]: "list", b"$"[0]: "set", b"<"[0]: "set",
          b"{"[0]: "dict", b"a"[0]: "ndarray", b"n"[0]: "ndarray", b"g"[0]: "Generator",
          b"@"[0]: "callable"}


@cache
def _readers(types: Types) -> dict[int, Callable[[Reader, int], Any]]:
    def refuse(name: str, reader: Reader, level: int) -> None:
        raise Refused(plain_types.refusal(reader.what, name, types))

    return {tag: read if tag not in _NAMES or _NAMES[tag] in types
            else partial(refuse, _NAMES[tag]) for tag, read in _READERS.items()}


def _distinct(keys: list[Any]) -> list[Any]:
    """Refuse keys that are equal, or so many with one hash that a dictionary grinds to a halt."""
    if len(keys) > MAX_ALIKE and max(Counter(map(hash, keys)).values()) > MAX_ALIKE:
        raise Refused("A dictionary or set holds too many keys with the same hash.")
    if len(set(keys)) != len(keys):
        raise ValueError("keys")
    return keys
