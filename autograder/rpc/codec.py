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

import struct
from typing import Any

from autograder.rpc.array_memory import Refused
from autograder.rpc.callables import Export, Resolve
from autograder.rpc.exceptions import Outcome, from_values, to_values
from autograder.rpc.message import FLAG, Shared
from autograder.rpc.plain_types import ALL, Types
from autograder.rpc.reader import Reader
from autograder.rpc.writer import Writer

_DAMAGE = (struct.error, ValueError, TypeError, IndexError, KeyError, OverflowError, BufferError,
           RecursionError)
_CHANGED, _RESULT = "After the call an argument", "The result"


def pack(value: Any, export: Export, types: Types = ALL) -> tuple[bytes, Shared]:
    """The bytes of a value, and what of it the reply may change. Raises Refused.

    types: values of other types are refused; so in each of these functions.
    """
    writer = Writer(export, Shared([], []), "An argument", types)
    writer.write(value, 0)
    data, regions = writer.message()
    return data, Shared(writer.objects, regions)


def unpack(data: bytes | bytearray | memoryview, resolve: Resolve,
           types: Types = ALL) -> tuple[Any, Shared]:
    """The value that `pack` packed, and what its two ends share. Raises Refused."""
    try:
        reader = Reader(memoryview(data), resolve, Shared([], []), "An argument", types)
        value = reader.read(0)
        reader.end()
    except _DAMAGE:
        raise Refused("The message is damaged.") from None
    return value, Shared(reader.objects, reader.unpacked.regions)


def pack_reply(outcome: Outcome, received: Shared, export: Export,
               types: Types = ALL) -> bytes:
    """The bytes of an outcome, and of what became of the arguments.

    A value that can't travel makes the outcome an error, `Refused`; then the arguments stay at
    the caller's as they were.
    """
    try:
        return _reply(outcome, received, export, types)
    except Refused as refused:
        without = Outcome(None, refused, outcome.traceback, outcome.warnings, outcome.printed,
                          outcome.drew)
        return _reply(without, Shared([], []), export, types)


def unpack_reply(data: bytes | bytearray | memoryview, sent: Shared, resolve: Resolve,
                 types: Types = ALL) -> Outcome:
    """The outcome of a call; changes what was sent as the function changed its copies.

    Raises Refused, and then nothing is changed.
    """
    try:
        reader = Reader(memoryview(data), resolve, sent, _CHANGED, types)
        if not reader.unpack(FLAG)[0]:
            reader.awaited.clear()
        reader.become()
        reader.what = _RESULT
        parts = reader.read(0)
        reader.end()
        outcome = from_values(*parts)
    except _DAMAGE:
        raise Refused("The reply is damaged.") from None
    reader.restore()
    return outcome


def _reply(outcome: Outcome, received: Shared, export: Export, types: Types) -> bytes:
    writer = Writer(export, received, _CHANGED, types)
    writer.out += FLAG.pack(writer.known > 0)  # without: the arguments stay as they were
    for number, thing in enumerate(received.objects):
        if number in writer.awaited:
            writer.write(thing, 0)
    writer.what = _RESULT
    writer.write(to_values(outcome), 0)
    return writer.message()[0]
