"""The one base class of everything that a command may tell a person."""


class UserError(Exception):
    """What is wrong, in one line, and where it helps what to do about it.

    Commands print it and exit; nothing else that is raised is meant for a person. A subclass
    exists only where some caller tells it from other errors.
    """


def disk_error(error: OSError, place: object) -> UserError:
    """What to tell of an error of the file system. place: named where the error names no file."""
    return UserError(f"{error.filename or place}: {error.strerror or error}.")
