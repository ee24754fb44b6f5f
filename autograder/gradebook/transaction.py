"""All or nothing: nbgrader's gradebook inside a transaction of ours, and its errors in a line.

nbgrader's methods commit as they go, which after a crash leaves half a submission. Here its
session is bound to a connection whose transaction is ours: what it calls a commit reaches the
file only when everything is there (SQLAlchemy, "Joining a Session into an External Transaction").
"""

import logging
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbgrader.api import Gradebook, InvalidEntry, MissingEntry
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from autograder.errors import UserError

PATIENCE = 10  # seconds to wait for others who write: a click in formgrader takes far less


class GradebookError(UserError):
    """What is wrong with the gradebook, in one line. It is as it was before."""


def open_gradebook(address: str, course: str) -> Gradebook:
    """Open the gradebook at a database's address; a file that does not exist is created.

    Raises GradebookError.
    """
    with database_errors():
        url = make_url(address)
        if url.drivername == "sqlite" and url.database:
            _create(Path(url.database), course)
            url = url.update_query_dict({"timeout": str(PATIENCE)})
        return Gradebook(url.render_as_string(hide_password=False), course)


@contextmanager
def transaction(gradebook: Gradebook, writes: bool = True) -> Iterator[Gradebook]:
    """The gradebook, in which commits come true at the end, all at once, or not at all.

    Raises GradebookError.
    """
    engine, session = gradebook.engine, gradebook.db
    session.remove()
    with database_errors(), engine.connect() as connection:
        if writes and engine.dialect.name == "sqlite":
            # The write lock comes first, so that nothing read here is old when it is used.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        elif writes and engine.dialect.name == "postgresql":
            # Likewise, for graders on several machines; the number is only theirs.
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE}s'; "
                                       "SELECT pg_advisory_xact_lock(1958)")
        session.configure(bind=connection, join_transaction_mode="rollback_only")
        try:
            with session.no_autoflush:  # nbgrader's methods flush; in between it only costs
                yield gradebook
            session.commit()
            connection.commit()
        finally:
            session.remove()
            session.configure(bind=engine)


def vacuum(gradebook: Gradebook) -> None:
    """Let an SQLite file forget what was deleted, which stays in its free pages.

    Raises GradebookError.
    """
    engine = gradebook.engine
    if engine.dialect.name == "sqlite":
        gradebook.db.remove()
        with database_errors(), engine.connect().execution_options(
                isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM")


@contextmanager
def database_errors() -> Iterator[None]:
    """Turn errors of the database into GradebookError, without the trace that nbgrader logs."""
    thread, log = threading.get_ident(), logging.getLogger("tornado.application")

    def of_others(record: logging.LogRecord) -> bool:
        return record.thread != thread or record.module != "api"

    log.addFilter(of_others)
    try:
        yield
    except (SQLAlchemyError, InvalidEntry, MissingEntry, ImportError, OSError) as error:
        raise GradebookError(_explained(error)) from error
    finally:
        log.removeFilter(of_others)


def _create(path: Path, course: str) -> None:
    """Create an empty gradebook, complete from the moment it exists."""
    if path.exists() or path.is_symlink():  # a link that leads nowhere is for a person to fix
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # marks are for nobody else's eyes
    with tempfile.TemporaryDirectory(prefix=".gradebook-", dir=path.parent) as folder:
        new = Path(folder) / path.name
        Gradebook(f"sqlite:///{new}", course).close()
        if not path.exists():
            os.replace(new, path)


def _explained(error: Exception) -> str:
    reason = " ".join(str(getattr(error, "orig", None) or error).split())
    if any(sign in reason for sign in ("no such table", "no such column", "no column named")):
        reason += "; it may be of an older nbgrader: `nbgrader db upgrade` (keep a copy)"
    elif "locked" in reason or "lock timeout" in reason:
        reason = f"another program has kept it locked for {PATIENCE} seconds"
    return f"The gradebook: {reason.removesuffix('.')}."
