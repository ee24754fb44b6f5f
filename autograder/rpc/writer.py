"""Values into the bytes of a message."""

from collections import OrderedDict
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from autograder.rpc import array_memory, limits, plain_types, rng_state
from autograder.rpc.array_memory import CODES, Refused, Region
from autograder.rpc.callables import Export
from autograder.rpc.exceptions import class_name
from autograder.rpc.limits import GENERATOR_COST, MAX_INT
from autograder.rpc.message import COMPLEX, FLOAT, INT, LENGTHS, NUMBER, Message, Shared, length
from autograder.rpc.plain_types import Types
from utils._checks.forms import Form, form_of
from utils.plain import PlainFormError, plain


class Writer(Message):
    """Writes values, one after the other, into the bytes of one message.

    what: how a refusal refers to the value.
    types: which values are not refused.
    """

    def __init__(self, export: Export, shared: Shared, what: str, types: Types,
                 outer: Message | None = None) -> None:
        super().__init__(shared, outer)
        self.types, self.writers = types, _writers(types)
        self.export, self.regions, self.what = export, shared.regions, what
        self.out = bytearray()
        self.arrays: list[array_memory.Array] = []
        self.numbers = {id(thing): number for number, thing in enumerate(self.objects)}

    def message(self) -> tuple[bytes, list[Region]]:
        """The whole message, and the regions of memory that are new in it."""
        head, contents, regions = array_memory.pack(self.arrays, self.regions, self.spend)
        size = len(head) + len(self.out) + sum(content.nbytes for content in contents)
        if size + LENGTHS.size > limits.MAX_BYTES:
            raise Refused(f"{self.what} is too large: {size:,} bytes.")
        lengths = LENGTHS.pack(len(head), len(self.out))
        return b"".join([lengths, head, self.out, *contents]), regions

    def write(self, value: Any, level: int) -> None:
        """Write one value; `level` counts the containers around it. Raises Refused."""
        kind = type(value)
        # A metaclass of another's own would have a say in the look-up.
        write = self.writers.get(kind) if type(kind) is type else None
        if write is not None:
            write(self, value, level)
        elif (form := form_of(value)) is not None and form.name in self.types:
            self.registered(form, value, level)
        elif type(kind) is type and issubclass(kind, tuple) and hasattr(kind, "_fields"):
            self.fixed(tuple(tuple.__iter__(value)), level)  # named or not, it is a tuple
        elif "callable" in self.types and callable(value):
            self.out += b"@" + INT.pack(self.export(value))
        else:
            raise Refused(plain_types.refusal(self.what, class_name(kind), self.types))

    def constant(self, value: Any, level: int) -> None:
        """None, True, False or `...`."""
        self.out += _TAGS[value]

    def integer(self, value: int, level: int) -> None:
        """An int: eight bytes if it fits, else as many as it takes."""
        if -2**63 <= value < 2**63:
            self.out += b"i" + INT.pack(value)
            return
        size = value.bit_length() // 8 + 1
        if size > MAX_INT:
            raise Refused(f"{self.what} holds an int of {size:,} bytes.")
        self.sized(b"I", value.to_bytes(size, "little", signed=True))

    def real(self, value: float, level: int) -> None:
        """A float."""
        self.out += b"f" + FLOAT.pack(value)

    def complex(self, value: complex, level: int) -> None:
        """A complex number."""
        self.out += b"c" + COMPLEX.pack(value.real, value.imag)

    def scalar(self, value: np.generic, level: int) -> None:
        """A NumPy scalar: its dtype and its bytes."""
        self.out += b"n" + bytes([CODES[value.dtype]]) + value.tobytes()

    def text(self, value: str, level: int) -> None:
        """A `str` or `np.str_` as UTF-8."""
        try:
            data = str.encode(value)
        except UnicodeEncodeError:
            raise Refused(f"{self.what} holds a text with half a character in it (a lone "
                          "surrogate).") from None
        self.sized(b"s" if type(value) is str else b"u", data, 4)

    def raw(self, value: bytes, level: int) -> None:
        """A `bytes` object."""
        self.sized(b"b", value)

    def sized(self, tag: bytes, data: bytes, cost: int = 1) -> None:
        """A tag, a length, and that many bytes."""
        self.spend(0, cost * len(data))
        self.out += tag + NUMBER.pack(len(data)) + data

    def steps(self, value: Any, level: int) -> None:
        """A range or a slice."""
        if type(value) is range:
            self.spend(length(value), 0)  # whoever walks through it meets so many
        self.contents(b"r" if type(value) is range else b":",
                      (value.start, value.stop, value.step), level, None)

    def fixed(self, value: Any, level: int) -> None:
        """A tuple or a frozenset, which have no identity here."""
        self.contents(b"(" if type(value) is tuple else b"<", value, level, None)

    def changeable(self, value: Any, level: int) -> None:
        """A list, set or dictionary: its contents the first time, then its number."""
        number = self.place(value, level)
        if number is None:
            return
        if isinstance(value, dict):
            self.contents(b"{", [part for pair in value.items() for part in pair], level, number)
        else:
            self.contents(b"[" if type(value) is list else b"$", value, level, number)

    def contents(self, tag: bytes, values: Any, level: int, number: int | None) -> None:
        """A tag, a count, and that many values."""
        before = self.enter(level, len(values))
        self.out += tag + NUMBER.pack(len(values))
        for value in values:
            self.write(value, level + 1)
        self.leave(before, level, number)

    def generator(self, value: np.random.Generator, level: int) -> None:
        """A random generator as its state."""
        number = self.place(value, level)
        if number is not None:
            self.spend(0, GENERATOR_COST)
            self.weights[number] = 1, GENERATOR_COST, 0
            name, state, seed = rng_state.pack(value, self.what)
            self.sized(b"g", name.encode())
            self.sized(b"", state)
            self.write(seed, level)

    def array(self, value: array_memory.Array, level: int) -> None:
        """An array; its elements follow with the memory of all arrays."""
        number = self.place(value, level)
        if number is not None:
            array_memory.check(value, self.what)
            self.spend(1, array_memory.ARRAY_COST + value.nbytes)
            self.weights[number] = 1, value.nbytes, 0
            self.arrays.append(value)
            self.out += b"a"

    def registered(self, form: Form, value: Any, level: int) -> None:
        """A value of a type of the course's own: the type's name and the plain form.

        The form is a message of its own, so that nothing in it is shared with what is outside.
        """
        number = self.place(value, level)
        if number is None:
            return
        before = self.enter(level, 1)
        try:
            written = plain(value)
        except PlainFormError as error:
            raise Refused(f"{self.what}: {error}.") from None
        inner = Writer(self.export, Shared([], []), self.what, plain_types.data(self.types), self)
        inner.write(written, level + 1)
        data, _ = inner.message()
        self.leave_inner(inner, before, level, number)
        self.sized(b"*", form.name.encode())
        self.sized(b"", data, 0)

    def place(self, value: Any, level: int) -> int | None:
        """The number of a value whose contents are to follow; None when it was there before."""
        number = self.numbers.get(id(value))
        if number is None:
            number = self.numbers[id(value)] = self.add(value, None)
        elif number in self.awaited:
            self.awaited.remove(number)
            self.out += b"!" + NUMBER.pack(number)
        else:
            self.again(number, level)
            self.out += b"=" + NUMBER.pack(number)
            return None
        return number


_TAGS = {None: b"N", True: b"T", False: b"F", ...: b"E"}
_SCALARS = {np.dtype(char).type for char in "?bhilqBHILQefdFD"}
_WRITERS: dict[type, Callable[[Writer, Any, int], None]] = {
    **dict.fromkeys((type(None), bool, type(...)), Writer.constant),
    **dict.fromkeys(_SCALARS, Writer.scalar),
    int: Writer.integer, float: Writer.real, complex: Writer.complex,
    str: Writer.text, np.str_: Writer.text, bytes: Writer.raw,
    range: Writer.steps, slice: Writer.steps, tuple: Writer.fixed, frozenset: Writer.fixed,
    list: Writer.changeable, set: Writer.changeable,
    dict: Writer.changeable, OrderedDict: Writer.changeable,
    np.random.Generator: Writer.generator, np.ndarray: Writer.array,
}
_NAMES = {
    complex: "complex", bytes: "bytes", list: "list", set: "set", frozenset: "set", dict: "dict",
    OrderedDict: "dict", np.ndarray: "ndarray", np.random.Generator: "Generator",
    **dict.fromkeys(_SCALARS, "ndarray"),
}


@cache
def _writers(types: Types) -> dict[type, Callable[[Writer, Any, int], None]]:
    return {kind: write for kind, write in _WRITERS.items()
            if kind not in _NAMES or _NAMES[kind] in types}
