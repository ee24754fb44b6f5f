"""A lesson's model answers as functions that can be called, in a process without student code.

They stand in for a student's wrong answers to earlier exercises, so that a later answer that calls
those is judged by itself. The student's process gets proxies of them, never their source.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import nbformat

from autograder.course import Lesson, files_beside
from autograder.grading.warm_process import NotebookProcess, WarmProcess

SECONDS = 60.0  # for a cell of the lesson's own


class ModelAnswers:
    """The model answers of one lesson at a time, in a warm process of their own.

    new: makes one.
    """

    def __init__(self, new: Callable[[], WarmProcess]) -> None:
        self._new = new
        self._warm: WarmProcess | None = None
        self._open = ExitStack()
        self._lesson: Lesson | None = None
        self._process: NotebookProcess | None = None

    @contextmanager
    def answers(self, lesson: Lesson, names: Sequence[str],
                seconds: float) -> Iterator[dict[str, Callable[..., Any]]]:
        """The model answers of these exercises, by name; they can be called for so many seconds.

        None of them where there is no solution, as on a student's machine. Raises Gone, Late.
        """
        if not lesson.solution.exists():
            yield {}
            return
        try:
            with self._of(lesson).exercise(list(names), seconds) as (peer, defined):
                yield {name: peer.callables.resolve(number)
                       for number, name in enumerate(names) if defined[number]}
        except BaseException:
            self.close()  # whatever it was, the next use gets a fresh process
            raise

    def close(self) -> None:
        """End the processes."""
        self._open.close()
        self._lesson = self._process = None
        if self._warm is not None:
            self._warm.close()
            self._warm = None

    def _of(self, lesson: Lesson) -> NotebookProcess:
        """A process in which the lesson's given cells and model answers have run."""
        if self._process is None or self._lesson != lesson:
            self._open.close()
            if self._warm is None:
                self._warm = self._new()
            self._process = self._open.enter_context(self._warm.submission())
            self._lesson = lesson
            self._process.put(files_beside(lesson.release), SECONDS)
            for cell in nbformat.read(lesson.solution, as_version=4).cells:
                facts = cell.metadata.get("nbgrader")
                if cell.cell_type == "code" and facts and not facts.grade:
                    self._process.cell(cell.source, SECONDS)
        return self._process
