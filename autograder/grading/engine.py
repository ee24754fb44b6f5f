"""The processes that run notebooks, started when they are needed and again when they die."""

import contextlib
import time
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from autograder.course import Lesson, files_beside
from autograder.grading.model_answers import ModelAnswers
from autograder.grading.outcome import Outcome
from autograder.grading.registered import types_of
from autograder.grading.result import CantGrade
from autograder.grading.runner import Run, StartOver
from autograder.grading.template import Template, template
from autograder.grading.warm_process import WarmProcess
from autograder.notebooks.cells import is_given
from autograder.notebooks.dependencies import imports
from autograder.rpc.channel import Gone, Late

BUDGET = 20  # times the limit for a cell is the limit for a whole submission
PUTTING = 60.0  # seconds for a lesson's files to be copied
NO_PROCESS = ("the machine can't start a process for a notebook: it may be out of memory or of "
              "processes")
RESTARTS = 2  # of the warm process in a row, after which nothing can be graded


@dataclass
class Engine:
    """Runs notebooks with a warm process of its own, which it starts again when that dies.

    root: the course's folder.
    fenced: whether to build the fence; `missing` says what of it the machine could not give.
    full: run every cell and draw every figure, also those that don't affect the marks.
    template: the process of which others are forks, if it has been started.
    """

    root: Path
    fenced: bool = True
    full: bool = False
    template: Template | None = None
    _warm: WarmProcess | None = None
    _models: ModelAnswers | None = None

    def warm(self) -> WarmProcess:
        """The process that is ready to be forked. Raises Gone, Late, CantGrade."""
        if self._warm is None:
            self._warm = self._new()
        return self._warm

    def missing(self) -> list[str]:
        """What of the fence the machine can't give. Raises CantGrade."""
        try:
            return self.warm().missing
        except (Gone, Late) as error:
            raise CantGrade(NO_PROCESS) from error

    def models(self) -> ModelAnswers:
        """The lessons' own answers, in a process that never holds a student's code."""
        if self._models is None:
            self._models = ModelAnswers(self._new)
        return self._models

    def start(self) -> None:
        """Let the template load what notebooks load while the caller does something else."""
        types_of(self.root)  # says what is wrong with a module of the course's before it is loaded
        if self.template is None:
            self.template = template(self.root, self.fenced, self.full)

    def _new(self) -> WarmProcess:
        self.start()
        assert self.template is not None
        try:
            return WarmProcess(self.template, types_of(self.root))
        except OSError:  # it has ended
            self.template.close()
            self.template = Template(self.root, self.fenced, self.full)
            return WarmProcess(self.template, types_of(self.root))

    def forked(self) -> "Engine":
        """What a fork of this process has of it: the template serves both."""
        return Engine(self.root, self.fenced, self.full, self.template)

    def close(self) -> None:
        """End the processes."""
        self._restart()
        if self.template is not None:
            self.template.close()
        self.template = None

    def _restart(self) -> None:
        """End the processes, but for the template, from which new ones can begin."""
        for process in (self._warm, self._models):
            if process is not None:
                process.close()
        self._warm = self._models = None

    def begin(self, release: NotebookNode) -> None:
        """Let the process for the next notebook be made while the caller still prepares it."""
        with contextlib.suppress(Gone, Late):  # `run` finds it lost, and tries again
            self.warm().begin(_needed(release))

    def run(self, notebook: NotebookNode, release: NotebookNode, lesson: Lesson,
            timeout: float, explain: bool = True,
            released: Path | None = None) -> dict[str, Outcome]:
        """Run the notebook; returns what came of each exercise, by name.

        notebook: on the solution's frame; its outputs are filled in.
        release: the lesson as students get it.
        timeout: seconds for each cell, and for each exercise's tests; for all, `BUDGET` times that.
        explain: say what holds of wrong answers on fresh inputs.
        released: the notebook beside which the lesson's files lie, the release when left out. The
            tests run in its folder, and what the student's cells see is a copy.
        Raises CantGrade when the machine can't start a process for it.
        """
        end = time.monotonic() + BUDGET * timeout
        run = Run(notebook, release, lesson, timeout, end, self.full, self.models, explain)
        # When a cell ends the process, the notebook starts over without it: the state before it
        # is what the cells before it make. Every round leaves out one cell more.
        restarts, progress = 0, -1
        released = (released or lesson.release).resolve()
        files = files_beside(released)
        while True:
            try:
                with (self.warm().submission(_needed(release)) as process,
                      contextlib.chdir(released.parent) if files else contextlib.nullcontext()):
                    if files:
                        process.put(files, PUTTING)
                    run.go(process)
                return run.outcomes
            except StartOver:
                pass
            except Gone as error:
                self._restart()  # it was the warm process itself: the next round gets a new one
                restarts = restarts + 1 if run.progress == progress else 0
                progress = run.progress
                if restarts == RESTARTS:
                    raise CantGrade(NO_PROCESS) from error


def _needed(release: NotebookNode) -> list[str]:
    """The lesson's own imports."""
    return [line for cell in release.cells if is_given(cell) for line in imports(cell.source)]
