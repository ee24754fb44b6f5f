"""A cell that waits until the student has written the function it shows."""

import contextlib
import traceback
from collections.abc import Iterator


@contextlib.contextmanager
def unfinished() -> Iterator[None]:
    """Let a cell that shows something with the student's function wait until it is written.

    Where the blank stub's NotImplementedError comes up, a note takes the place of the
    result and the notebook goes on.
    """
    from IPython.display import HTML, display

    try:
        yield
    except NotImplementedError as stub:
        names = [frame.name for frame in traceback.extract_tb(stub.__traceback__)]
        display(HTML(f"<p><em>This waits for your <code>{names[-1].strip('<>')}</code>: "
                     "finish it, then run this cell again.</em></p>"))
