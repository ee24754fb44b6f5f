"""Errors and outcomes of calls, as plain values that cross and back."""

import builtins
from dataclasses import dataclass, field
from typing import Any

from autograder.rpc.array_memory import Refused
from autograder.rpc.limits import MAX_NAME, MAX_TEXT, MAX_WARNINGS


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


def to_values(outcome: Outcome) -> tuple[Any, ...]:
    """What `from_values` makes an outcome of; of a quiet call that went well, its value alone."""
    if outcome.error is None and not (outcome.warnings or outcome.printed or outcome.drew):
        return (outcome.value,)
    return (
        outcome.value if outcome.error is None else None,
        None if outcome.error is None else _error(outcome.error),
        text(outcome.traceback[-MAX_TEXT:]),  # its end says most
        tuple((_nearest(category, _WARNINGS, "UserWarning"), text(message))
              for category, message in outcome.warnings[:MAX_WARNINGS]),
        text(outcome.printed), outcome.drew is True)


def from_values(value: Any, error: Any = None, traceback: str = "", warnings: Any = (),
                printed: str = "", drew: bool = False) -> Outcome:
    """The outcome that `to_values` took apart. Raises what damage raises."""
    raised = None if error is None else _raised(*error)
    if raised is not None:
        vars(raised)["remote_traceback"] = text(traceback)
    return Outcome(value, raised, text(traceback),
                   [(_WARNINGS[name], text(message)) for name, message in warnings[:MAX_WARNINGS]],
                   text(printed), drew is True)


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
        message = text(str(error))
    except Exception:
        message = ""
    if type(error) is not _EXCEPTIONS[nearest]:
        return nearest, class_name(type(error)), (message,)
    arguments = error.args
    if not _are_scalars(arguments) or any(type(a) is str and a != text(a) for a in arguments):
        arguments = (message,)
    return nearest, "", arguments


def _raised(nearest: str, own: str, arguments: Any) -> Exception:
    kind = _EXCEPTIONS[nearest]
    if not _are_scalars(arguments):
        raise ValueError("arguments")
    if own:
        arguments, own = (text(arguments[0]),), text(own)[:MAX_NAME]
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
    return next((class_name(c) for c in lineage if known.get(class_name(c)) is c), default)


def class_name(kind: type) -> str:
    """A class's name, without asking the class, whose metaclass may answer as it likes."""
    return text(type.__dict__["__name__"].__get__(kind))[:MAX_NAME]


def text(value: str) -> str:
    """An exact `str` of bounded length that can be encoded."""
    return str.__str__(value)[:MAX_TEXT].encode("utf-8", "replace").decode()
