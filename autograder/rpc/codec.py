"""Plain values to bytes and back, for calls between the grader and a student's process.

A call goes by copy and restore. The caller packs its arguments, the other end works on copies,
and the reply brings back what became of them: lists, dictionaries, sets, arrays and random
generators that the function changed are changed at the caller's too, and a result that is an
argument, or a view on one, is seen to be that.

    data, sent = pack(arguments, export)                         # caller
    arguments, received = unpack(data, resolve)                  # callee
    reply = pack_reply(Outcome(f(*arguments)), received, export)
    outcome = unpack_reply(reply, sent, resolve)                 # caller

Only plain data travels, judged by its exact type: no method of any other object is called, and
nothing in a message names code. Callables stay where they are and travel as numbers. Any bytes
give a value or `Refused`, in bounded time and within MAX_BYTES of memory beside the message.
"""

import builtins
import struct
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.rpc import array_memory
from autograder.rpc.array_memory import CODES, DTYPES, MAX_BYTES, MAX_ITEMS, Refused, Region

__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_ITEMS", "Callables", "Outcome", "Refused",
           "RemoteError", "Shared", "pack", "pack_reply", "unpack", "unpack_reply"]

MAX_DEPTH = 64  # of lists in tuples in dictionaries …
MAX_INT = 1024  # bytes of an int: fewer digits than Python refuses to print
MAX_ALIKE = 16  # keys of one dictionary or set with the same hash
MAX_CALLABLES = 10_000  # known to one end of a connection
MAX_TEXT = 20_000  # characters of printed text, of a traceback, and of a warning or exception
MAX_NAME = 60  # characters of the name of a class
MAX_WARNINGS = 100

# What an item of a list, a list itself, and a random generator count as, in bytes: more than
# they take. A generator is slow to make, too.
ITEM_COST, CONTAINER_COST, GENERATOR_COST = 100, 300, 2**16

Export = Callable[[Callable[..., Any]], int]
Resolve = Callable[[int], Callable[..., Any]]

_LENGTHS = struct.Struct("<II")  # of the arrays' head, and of the values
_FLAG = struct.Struct("?")
_NUMBER = struct.Struct("<I")
_INT = struct.Struct("<q")
_FLOAT = struct.Struct("<d")
_COMPLEX = struct.Struct("<dd")
_DAMAGE = (struct.error, ValueError, TypeError, IndexError, KeyError, OverflowError, BufferError,
           RecursionError)


class RemoteError(Exception):
    """An exception of the other end's own class, under that class's name.

    Its class also derives from the nearest built-in one, so that `except ValueError` catches
    what it would catch without a wire in between.
    """

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass
class Outcome:
    """What a call came to.

    error: raised again by the caller; arrives with the attribute `remote_traceback`.
    traceback: the text of it, as the callee would print it.
    warnings: category and text of each; a category of the callee's own arrives as the nearest
        built-in one.
    printed: what the call wrote to standard output and standard error.
    drew: whether NumPy's global random state was used.
    """

    value: Any = None
    error: BaseException | None = None
    traceback: str = ""
    warnings: list[tuple[type[Warning], str]] = field(default_factory=list)
    printed: str = ""
    drew: bool = False


@dataclass
class Shared:
    """What the two ends of one call share, as this end holds it; the reply needs it."""

    objects: list[Any]
    regions: list[Region]


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


def pack(value: Any, export: Export, what: str = "An argument") -> tuple[bytes, Shared]:
    """The bytes of a value, and what of it the reply may change. Raises Refused.

    what: how a refusal calls the value.
    """
    writer = _Writer(export, Shared([], []), what)
    writer.write(value, 0)
    data, regions = writer.message()
    return data, Shared(writer.objects, regions)


def unpack(data: bytes | bytearray | memoryview, resolve: Resolve) -> tuple[Any, Shared]:
    """The value that `pack` packed, and what its two ends share. Raises Refused."""
    try:
        reader = _Reader(memoryview(data), resolve, Shared([], []))
        value = reader.read(0)
        reader.end()
    except _DAMAGE:
        raise Refused("The message is damaged.") from None
    return value, Shared(reader.objects, reader.unpacked.regions)


def pack_reply(outcome: Outcome, received: Shared, export: Export) -> bytes:
    """The bytes of an outcome, and of what became of the arguments.

    A value that can't travel makes the outcome an error, `Refused`; then the arguments stay at
    the caller's as they were.
    """
    try:
        return _reply(outcome, received, export)
    except Refused as refused:
        without = Outcome(None, refused, outcome.traceback, outcome.warnings, outcome.printed,
                          outcome.drew)
        return _reply(without, Shared([], []), export)


def unpack_reply(data: bytes | bytearray | memoryview, sent: Shared, resolve: Resolve) -> Outcome:
    """The outcome of a call; changes what was sent as the function changed its copies.

    Raises Refused, and then nothing is changed.
    """
    try:
        reader = _Reader(memoryview(data), resolve, sent)
        if not reader.unpack(_FLAG)[0]:
            reader.awaited.clear()
        reader.become()
        parts = reader.read(0)
        reader.end()
        outcome = _outcome(*parts)
    except _DAMAGE:
        raise Refused("The reply is damaged.") from None
    reader.restore()
    return outcome


def _reply(outcome: Outcome, received: Shared, export: Export) -> bytes:
    writer = _Writer(export, received, "After the call an argument")
    writer.out += _FLAG.pack(writer.known > 0)  # without: the arguments stay as they were
    for number, thing in enumerate(received.objects):
        if number in writer.awaited:
            writer.write(thing, 0)
    writer.what = "The result"
    writer.write((
        outcome.value if outcome.error is None else None,
        None if outcome.error is None else _error(outcome.error),
        _text(outcome.traceback[-MAX_TEXT:]),  # its end says most
        tuple((_nearest(category, _WARNINGS, "UserWarning"), _text(text))
              for category, text in outcome.warnings[:MAX_WARNINGS]),
        _text(outcome.printed), outcome.drew is True), 0)
    return writer.message()[0]


# Not by name: those whose text crashes some Pythons when their numbers lie, or that hold others.
_UNFIT = (UnicodeDecodeError, UnicodeEncodeError, UnicodeTranslateError, ExceptionGroup)
_EXCEPTIONS: dict[str, type[Any]] = {"Refused": Refused} | {
    name: kind for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, Exception) and not issubclass(kind, _UNFIT)
    and kind.__name__ == name}
_WARNINGS = {name: kind for name, kind in _EXCEPTIONS.items() if issubclass(kind, Warning)}
_MAX_ARGUMENTS = 8


def _error(error: BaseException) -> tuple[str, str, tuple[Any, ...]]:
    """Nearest built-in class, own class where it is another, arguments.

    What isn't an Exception (SystemExit, KeyboardInterrupt) counts as a class of its own: no
    student ends the grader by raising one.
    """
    nearest = _nearest(type(error), _EXCEPTIONS, "Exception")
    try:
        text = _text(str(error))
    except Exception:
        text = ""
    if type(error) is not _EXCEPTIONS[nearest]:
        return nearest, _name(type(error)), (text,)
    arguments = error.args
    if not _are_scalars(arguments) or any(type(a) is str and a != _text(a) for a in arguments):
        arguments = (text,)
    return nearest, "", arguments


def _outcome(value: Any, error: Any, traceback: str, warnings: Any, printed: str,
             drew: bool) -> Outcome:
    raised = None if error is None else _raised(*error)
    if raised is not None:
        vars(raised)["remote_traceback"] = _text(traceback)
    return Outcome(value, raised, _text(traceback),
                   [(_WARNINGS[name], _text(text)) for name, text in warnings[:MAX_WARNINGS]],
                   _text(printed), drew is True)


def _raised(nearest: str, own: str, arguments: Any) -> Exception:
    kind = _EXCEPTIONS[nearest]
    if not _are_scalars(arguments):
        raise ValueError("arguments")
    if own:
        arguments, own = (_text(arguments[0]),), _text(own)[:MAX_NAME]
        bases = (RemoteError,) if kind is Exception else (RemoteError, kind)
        kind = type(own if own.isidentifier() else "RemoteError", bases, {})
    elif issubclass(kind, SyntaxError):
        arguments = arguments[:1]  # the rest says where, in a form that can trip its printing
    raised: Exception = kind(*arguments)
    return raised


def _are_scalars(arguments: Any) -> bool:
    return type(arguments) is tuple and len(arguments) <= _MAX_ARGUMENTS and all(
        type(argument) in (type(None), bool, float, str)
        or (type(argument) is int and argument.bit_length() < 64) for argument in arguments)


def _nearest(kind: type, known: dict[str, type[Any]], default: str) -> str:
    """The name of the first class in the lineage of `kind` that both ends know."""
    lineage: tuple[type, ...] = type.__dict__["__mro__"].__get__(kind)
    return next((_name(c) for c in lineage if known.get(_name(c)) is c), default)


def _name(kind: type) -> str:
    """A class's name, without asking the class, whose metaclass may answer as it likes."""
    return _text(type.__dict__["__name__"].__get__(kind))[:MAX_NAME]


def _text(text: str) -> str:
    """An exact `str` of bounded length that can be encoded."""
    return str.__str__(text)[:MAX_TEXT].encode("utf-8", "replace").decode()


class _Message:
    """What a message may still hold, and what the values with an identity in it weigh.

    A value that occurs again is a few bytes in the message, but weighs in full each time, since
    whoever walks through the result meets it each time.
    """

    def __init__(self, shared: Shared) -> None:
        self.items, self.bytes = MAX_ITEMS, MAX_BYTES
        self.reach = 0  # the deepest level met so far in the value at hand
        self.objects = list(shared.objects)  # those of the call replied to come first
        self.known = len(self.objects)
        # Items, bytes and levels below; None until a value is complete.
        self.weights: list[tuple[int, int, int] | None] = [
            (1, thing.nbytes, 0) if type(thing) is np.ndarray else None for thing in self.objects]
        # Whose new contents a reply must bring; what became of arrays comes with their memory.
        self.awaited = {n for n, thing in enumerate(self.objects) if type(thing) is not np.ndarray}

    def spend(self, items: int, size: int) -> None:
        self.items -= items
        self.bytes -= size
        if self.items < 0 or self.bytes < 0:
            raise Refused(f"A value is too large: more than {MAX_ITEMS:,} items or "
                          f"{MAX_BYTES // 2**20} MiB.")

    def add(self, thing: Any, weight: tuple[int, int, int] | None) -> int:
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

    def leave(self, before: tuple[int, int, int], level: int, number: int | None) -> None:
        items, size, reach = before
        if number is not None:
            self.weights[number] = items - self.items, size - self.bytes, self.reach - level
        self.reach = max(reach, self.reach)

    def _reach(self, level: int) -> None:
        if level > MAX_DEPTH:
            raise Refused(f"A value is nested more than {MAX_DEPTH} deep.")
        self.reach = max(self.reach, level)


class _Writer(_Message):
    def __init__(self, export: Export, shared: Shared, what: str) -> None:
        super().__init__(shared)
        self.export, self.regions, self.what = export, shared.regions, what
        self.out = bytearray()
        self.arrays: list[array_memory.Array] = []
        self.numbers = {id(thing): number for number, thing in enumerate(self.objects)}

    def message(self) -> tuple[bytes, list[Region]]:
        head, contents, regions = array_memory.pack(self.arrays, self.regions, self.spend)
        size = len(head) + len(self.out) + sum(content.nbytes for content in contents)
        if size + _LENGTHS.size > MAX_BYTES:
            raise Refused(f"{self.what} is too large: {size:,} bytes.")
        lengths = _LENGTHS.pack(len(head), len(self.out))
        return b"".join([lengths, head, self.out, *contents]), regions

    def write(self, value: Any, level: int) -> None:
        kind = type(value)
        # A metaclass of another's own would have a say in the look-up.
        write = _WRITERS.get(kind) if type(kind) is type else None
        if write is not None:
            write(self, value, level)
        elif type(kind) is type and issubclass(kind, tuple) and hasattr(kind, "_fields"):
            self.fixed(tuple(tuple.__iter__(value)), level)  # named or not, it is a tuple
        elif callable(value):
            self.out += b"@" + _INT.pack(self.export(value))
        else:
            raise Refused(f"{self.what} holds a value of type {_name(kind)}; use plain numbers, "
                          "texts, arrays, lists, tuples or dictionaries.")

    def constant(self, value: Any, level: int) -> None:
        self.out += _TAGS[value]

    def integer(self, value: int, level: int) -> None:
        if -2**63 <= value < 2**63:
            self.out += b"i" + _INT.pack(value)
            return
        size = value.bit_length() // 8 + 1
        if size > MAX_INT:
            raise Refused(f"{self.what} holds an int of {size:,} bytes.")
        self.sized(b"I", value.to_bytes(size, "little", signed=True))

    def real(self, value: float, level: int) -> None:
        self.out += b"f" + _FLOAT.pack(value)

    def complex(self, value: complex, level: int) -> None:
        self.out += b"c" + _COMPLEX.pack(value.real, value.imag)

    def scalar(self, value: np.generic, level: int) -> None:
        self.out += b"n" + bytes([CODES[value.dtype.str]]) + value.tobytes()

    def text(self, value: str, level: int) -> None:
        try:
            data = str.encode(value)
        except UnicodeEncodeError:
            raise Refused(f"{self.what} holds a text with half a character in it (a lone "
                          "surrogate).") from None
        self.sized(b"s" if type(value) is str else b"u", data, 4)

    def raw(self, value: bytes, level: int) -> None:
        self.sized(b"b", value)

    def sized(self, tag: bytes, data: bytes, cost: int = 1) -> None:
        self.spend(0, cost * len(data))
        self.out += tag + _NUMBER.pack(len(data)) + data

    def steps(self, value: Any, level: int) -> None:
        if type(value) is range:
            self.spend(_length(value), 0)  # whoever walks through it meets so many
        self.contents(b"r" if type(value) is range else b":",
                      (value.start, value.stop, value.step), level, None)

    def fixed(self, value: Any, level: int) -> None:
        self.contents(b"(" if type(value) is tuple else b"<", value, level, None)

    def changeable(self, value: Any, level: int) -> None:
        number = self.place(value, level)
        if number is None:
            return
        if isinstance(value, dict):
            self.contents(b"{", [part for pair in value.items() for part in pair], level, number)
        else:
            self.contents(b"[" if type(value) is list else b"$", value, level, number)

    def contents(self, tag: bytes, values: Any, level: int, number: int | None) -> None:
        before = self.enter(level, len(values))
        self.out += tag + _NUMBER.pack(len(values))
        for value in values:
            self.write(value, level + 1)
        self.leave(before, level, number)

    def generator(self, value: np.random.Generator, level: int) -> None:
        number = self.place(value, level)
        if number is not None:
            self.spend(0, GENERATOR_COST)
            self.weights[number] = 1, GENERATOR_COST, 0
            name, state = _state(value, self.what)
            self.sized(b"g", name.encode())
            self.sized(b"", state)

    def array(self, value: array_memory.Array, level: int) -> None:
        number = self.place(value, level)
        if number is not None:
            array_memory.check(value, self.what)
            self.spend(1, array_memory.ARRAY_COST + value.nbytes)
            self.weights[number] = 1, value.nbytes, 0
            self.arrays.append(value)
            self.out += b"a"

    def place(self, value: Any, level: int) -> int | None:
        """The number of a value whose contents are to follow; None when it was there before."""
        number = self.numbers.get(id(value))
        if number is None:
            number = self.numbers[id(value)] = self.add(value, None)
        elif number in self.awaited:
            self.awaited.remove(number)
            self.out += b"!" + _NUMBER.pack(number)
        else:
            self.again(number, level)
            self.out += b"=" + _NUMBER.pack(number)
            return None
        return number


_TAGS = {None: b"N", True: b"T", False: b"F", ...: b"E"}
_SCALARS = {np.dtype(char).type for char in "?bhilqBHILQefdFD"}
_WRITERS: dict[type, Callable[[_Writer, Any, int], None]] = {
    **dict.fromkeys((type(None), bool, type(...)), _Writer.constant),
    **dict.fromkeys(_SCALARS, _Writer.scalar),
    int: _Writer.integer, float: _Writer.real, complex: _Writer.complex,
    str: _Writer.text, np.str_: _Writer.text, bytes: _Writer.raw,
    range: _Writer.steps, slice: _Writer.steps, tuple: _Writer.fixed, frozenset: _Writer.fixed,
    list: _Writer.changeable, set: _Writer.changeable,
    dict: _Writer.changeable, OrderedDict: _Writer.changeable,
    np.random.Generator: _Writer.generator, np.ndarray: _Writer.array,
}


class _Reader(_Message):
    def __init__(self, data: memoryview, resolve: Resolve, shared: Shared) -> None:
        super().__init__(shared)
        data = data.cast("B")
        if len(data) > MAX_BYTES:
            raise Refused("The message is too large.")
        head, values = _LENGTHS.unpack_from(data)
        self.resolve, self.at = resolve, 0
        self.data = data[_LENGTHS.size + head:_LENGTHS.size + head + values]
        self.unpacked = array_memory.unpack(data[_LENGTHS.size:_LENGTHS.size + head],
                                      data[_LENGTHS.size + head + values:], shared.regions,
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
                old.bit_generator.state = new.bit_generator.state
            elif type(old) is set:
                if old != new:  # someone may be walking through it
                    old.clear()
                    old.update(new)
            else:
                if [*map(hash, old)] != [*map(hash, new)] or old.keys() != new.keys():
                    old.clear()
                for key, value in new.items():
                    old[key] = value

    def read(self, level: int) -> Any:
        tag = self.data[self.at]
        self.at += 1
        return _READERS[tag](self, level)

    def take(self, size: int) -> memoryview:
        start, self.at = self.at, self.at + size
        if self.at > len(self.data):
            raise ValueError("size")
        return self.data[start:self.at]

    def unpack(self, form: struct.Struct) -> tuple[Any, ...]:
        return form.unpack(self.take(form.size))

    def sized(self, cost: int = 1) -> memoryview:
        size = self.unpack(_NUMBER)[0]
        self.spend(0, cost * size)
        return self.take(size)

    def integer(self, level: int) -> int:
        data = self.sized()
        if len(data) > MAX_INT:
            raise ValueError("int")
        return int.from_bytes(data, "little", signed=True)

    def text(self, level: int) -> str:
        return str(self.sized(4), "utf-8")

    def scalar(self, level: int) -> Any:
        dtype = DTYPES[self.take(1)[0]]
        array: array_memory.Array = np.frombuffer(self.take(dtype.itemsize), dtype)
        array_memory.require_booleans(array)
        return array[0]

    def function(self, level: int) -> Callable[..., Any]:
        self.spend(0, CONTAINER_COST)
        return self.resolve(self.unpack(_INT)[0])

    def steps(self, level: int) -> range:
        steps = range(*self.contents(level))
        self.spend(_length(steps), 0)
        return steps

    def contents(self, level: int, number: int | None = None) -> list[Any]:
        count = self.unpack(_NUMBER)[0]
        before = self.enter(level, count)
        values = [self.read(level + 1) for _ in range(count)]
        self.leave(before, level, number)
        return values

    def members(self, level: int, number: int | None = None) -> set[Any]:
        return set(_distinct(self.contents(level, number)))

    def mapping(self, level: int, number: int) -> dict[Any, Any]:
        parts = self.contents(level, number)
        return dict(zip(_distinct(parts[::2]), parts[1::2], strict=True))

    def generator(self, level: int, number: int) -> np.random.Generator:
        self.spend(0, GENERATOR_COST)
        self.weights[number] = 1, GENERATOR_COST, 0
        generator = _generator(self.text(level), self.sized())
        if number < self.known and type(generator.bit_generator) is not type(
                self.objects[number].bit_generator):
            raise ValueError("another bit generator")
        return generator

    def array(self, level: int) -> array_memory.Array:
        array = self.arrays.pop()
        self.add(array, (1, array.nbytes, 0))
        return array

    def changeable(self, kind: type, fill: Callable[["_Reader", int, int], Any],
                   level: int) -> Any:
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

    def sent(self, level: int) -> Any:
        self.slot = self.unpack(_NUMBER)[0]
        self.awaited.remove(self.slot)
        if self.data[self.at] not in b"[${g":
            raise ValueError("no contents")
        return self.read(level)

    def reference(self, level: int) -> Any:
        number = self.unpack(_NUMBER)[0]
        self.again(number, level)
        return self.objects[number]


_READERS: dict[int, Callable[[_Reader, int], Any]] = {tag[0]: read for tag, read in {
    b"N": lambda reader, level: None, b"E": lambda reader, level: ...,
    b"T": lambda reader, level: True, b"F": lambda reader, level: False,
    b"i": lambda reader, level: reader.unpack(_INT)[0], b"I": _Reader.integer,
    b"f": lambda reader, level: reader.unpack(_FLOAT)[0],
    b"c": lambda reader, level: complex(*reader.unpack(_COMPLEX)),
    b"n": _Reader.scalar, b"s": _Reader.text,
    b"u": lambda reader, level: np.str_(reader.text(level)),
    b"b": lambda reader, level: bytes(reader.sized()),
    b"r": _Reader.steps, b":": lambda reader, level: slice(*reader.contents(level)),
    b"(": lambda reader, level: tuple(reader.contents(level)),
    b"<": lambda reader, level: frozenset(reader.members(level)),
    b"[": lambda reader, level: reader.changeable(list, _Reader.contents, level),
    b"$": lambda reader, level: reader.changeable(set, _Reader.members, level),
    b"{": lambda reader, level: reader.changeable(dict, _Reader.mapping, level),
    b"g": lambda reader, level: reader.changeable(
        np.random.Generator, _Reader.generator, level),
    b"a": _Reader.array, b"@": _Reader.function, b"!": _Reader.sent, b"=": _Reader.reference,
}.items()}


def _length(steps: range) -> int:
    """Its length or one more; `len` fails for long ones."""
    return max(0, (steps.stop - steps.start) // steps.step + 1)


def _distinct(keys: list[Any]) -> list[Any]:
    """Refuse keys that are equal, or so many with one hash that a dictionary grinds to a halt."""
    if len(keys) > MAX_ALIKE and max(Counter(map(hash, keys)).values()) > MAX_ALIKE:
        raise Refused("A dictionary or set holds too many keys with the same hash.")
    if len(set(keys)) != len(keys):
        raise ValueError("keys")
    return keys


_BIT_GENERATORS = {kind.__name__: kind for kind in (
    np.random.PCG64, np.random.PCG64DXSM, np.random.MT19937, np.random.Philox, np.random.SFC64)}
# NumPy believes what it is given: a position outside its table reads foreign memory.
_MOST = {"pos": 624, "buffer_pos": 4, "has_uint32": 1, "uinteger": 2**32 - 1}
_WORD = 16  # bytes of an int of a state


def _state(generator: np.random.Generator, what: str) -> tuple[str, bytes]:
    """The name of the bit generator, and its state."""
    kind = type(generator.bit_generator)
    name = next((name for name, known in _BIT_GENERATORS.items() if known is kind), None)
    if name is None:
        raise Refused(f"{what} holds a random generator of an unknown kind; use "
                      "`np.random.default_rng`.")

    def words(state: dict[str, Any]) -> bytes:
        return b"".join(
            words(value) if type(value) is dict else b"" if type(value) is str
            else value.tobytes() if type(value) is np.ndarray
            else int(value).to_bytes(_WORD, "little") for value in state.values())

    return name, words(dict(generator.bit_generator.state))


def _generator(name: str, data: memoryview) -> np.random.Generator:
    """A generator in that state, when it is one in which it goes on drawing.

    Its seed sequence stays behind: it draws as the original does, but doesn't spawn as it does.
    """
    bits = _BIT_GENERATORS[name](0)

    def fill(state: dict[str, Any], at: int) -> int:
        for key, value in state.items():
            if type(value) is dict:
                at = fill(value, at)
            elif type(value) is np.ndarray:
                state[key] = np.frombuffer(data[at:at + value.nbytes], value.dtype)
                at += value.nbytes
            elif type(value) is not str:
                state[key] = int.from_bytes(data[at:at + _WORD], "little")
                at += _WORD
                if state[key] > _MOST.get(key, 2**128):
                    raise ValueError("state")
        return at

    state: Any = bits.state
    if fill(state, 0) != len(data):
        raise ValueError("state")
    # From these two states every draw is the same, and a draw from a range never ends.
    if name.startswith("PCG64") and state["state"]["inc"] % 2 == 0:
        raise ValueError("state")
    if name == "MT19937" and not (state["state"]["key"][1:].any()
                                  or state["state"]["key"][0] >> 31):
        raise ValueError("state")
    bits.state = state
    return np.random.Generator(bits)
