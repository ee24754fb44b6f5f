"""Runs a rebuilt notebook: the student's cells behind the fence, the test cells on this side.

The student's functions reach a test as proxies. What a test does, compares and counts happens
here, where no code of the student ever runs.
"""

import ast
import logging
import time
from collections.abc import Callable
from dataclasses import astuple, dataclass, field, replace
from functools import cached_property
from typing import Any

from nbformat import NotebookNode

from autograder.course import Lesson
from autograder.grading import test_cell
from autograder.grading.diagnosis import diagnose, explain
from autograder.grading.model_answers import ModelAnswers
from autograder.grading.outcome import Outcome, Trouble
from autograder.grading.result import Earlier, Smallest
from autograder.grading.warm_process import NotebookProcess, TooMuchMemory
from autograder.notebooks import dependencies, purity
from autograder.notebooks.cells import exercise_name, is_answer, is_tests
from autograder.notebooks.outputs import new_output, visible
from autograder.rpc.channel import Gone, Late
from autograder.rpc.peer import Peer, Proxy
from utils._checks import time_limit
from utils._checks.answer_cell import left_in

_log = logging.getLogger(__name__)


class StartOver(Exception):
    """The submission's process is lost; what is left needs a new one."""


@dataclass
class Run:
    """One notebook on its way: which cells and tests have run, and what came of them."""

    notebook: NotebookNode
    release: NotebookNode
    lesson: Lesson
    timeout: float
    end: float  # of time.monotonic()
    full: bool  # run every cell
    models: Callable[[], ModelAnswers]  # started when they are first needed
    explain: bool  # say what holds of wrong answers on fresh inputs
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    troubles: dict[str, Trouble] = field(default_factory=dict)  # by cell id: not run again
    busy: list[NotebookNode] = field(default_factory=list)  # cells whose threads still run
    suspected: dict[str, str] = field(default_factory=dict)  # see `_culprit`
    cleared: set[str] = field(default_factory=set)
    one_by_one: set[str] = field(default_factory=set)  # exercises of which nothing is called ahead

    @property
    def progress(self) -> int:
        """Grows whenever a step is done that a new process need not do again."""
        return len(self.troubles) + len(self.one_by_one) + sum(
            1 + outcome.retried for outcome in self.outcomes.values())

    def go(self, process: NotebookProcess) -> None:
        """Run what is left. Raises StartOver."""
        self.busy.clear()
        released = {cell.id: cell.source for cell in self.release.cells}
        code = [cell for cell in self.notebook.cells if cell.cell_type == "code"]
        full = self.full
        to_run = ({cell.id for cell in code} if full
                  else dependencies.must_run(self.notebook, released))
        students = self._students()
        own = {cell.id for cell in students}.union(
            *(dependencies.binds(cell.source) for cell in students))
        # As `%%time` over an answer does, which is a text to it.
        anything = any(dependencies.reaches_anything(cell.source) for cell in students)
        alone = set() if full else dependencies.mentioned_once(self.notebook, released)
        for cell in code:
            if is_tests(cell):
                name = exercise_name(cell)
                answered = anything or name in own
                if name not in self.outcomes:
                    self.outcomes[name] = Outcome()
                    self._test(process, cell, name, answered, name in alone)
                outcome = self.outcomes[name]
                if answered and not outcome.passed and not outcome.retried:
                    outcome.retried = True
                    self._retry(process, cell, name, students)
            elif cell.id in to_run and cell.id not in self.troubles:
                self._run(process, cell)

    def _students(self) -> list[NotebookNode]:
        """The code cells that are the student's."""
        released = {cell.id: cell.source for cell in self.release.cells}
        return [cell for cell in self.notebook.cells if cell.cell_type == "code"
                and dependencies.is_own(cell, released) and not is_tests(cell)]

    def _seconds(self) -> float:
        """What the next step may take: nothing when the submission's time is used up."""
        return max(0.0, min(self.timeout, self.end - time.monotonic()))

    def _run(self, process: NotebookProcess, cell: NotebookNode) -> None:
        was_busy = process.busy
        try:
            cell.outputs = process.cell(cell.source, self._seconds())
        except (Late, Gone) as trouble:
            self._leave_out(self._culprit(cell), trouble)
            raise StartOver from None
        if process.busy and not was_busy:
            self.busy.append(cell)

    def _leave_out(self, cell: NotebookNode, trouble: BaseException) -> None:
        self.troubles[cell.id] = _name(trouble)
        cell.outputs = [_stopped(self.troubles[cell.id])]

    def _culprit(self, cell: NotebookNode) -> NotebookNode:
        """The cell to leave out when one, or an exercise's tests, end the process.

        It is the cell itself, or one whose threads still ran.

        Threads of an earlier cell can spoil what this one has to say. Such a cell is left out
        first; when this one ends the process without it, too, the earlier one is cleared.
        """
        if cell.id in self.suspected:
            suspect = self.suspected.pop(cell.id)
            self.cleared.add(suspect)
            del self.troubles[suspect]
            return cell
        for earlier in self.busy:
            if earlier.id not in self.cleared:
                self.suspected[cell.id] = earlier.id
                return earlier
        return cell

    def _test(self, process: NotebookProcess, cell: NotebookNode, name: str, answered: bool,
              alone: bool) -> None:
        """Run an exercise's tests; those of a blank or a constant answer without asking anybody.

        answered: whether the student answered, as far as the texts tell.
        alone: whether one cell alone mentions the name.
        """
        outcome, answer = self.outcomes[name], self._answer(name)
        outcome.raised = next((f"{output.get('ename')}: {output.get('evalue')}"
                               for output in answer.outputs if output.output_type == "error"), "")
        if name in self.troubles:
            outcome.trouble = self.troubles[name]
            return
        if not answered and not self.full:
            self._record(cell, outcome, {name: _unfinished})
            return
        constant = dependencies.constant(answer.source, name) if alone else None
        if constant is not None and not outcome.raised:
            self._record(cell, outcome, {name: lambda: constant})
            return
        peer: Peer | None = None
        try:
            in_place = (name in self._pure - self.one_by_one) and not process.busy
            with process.exercise([name], self._seconds(), in_place=in_place) as (peer, [there]):
                function = peer.callables.resolve(0)
                self._record(cell, outcome, {name: function} if there else {})
                self._diagnose(outcome, name, function, peer)
        except Exception:
            # Checks catch whatever an answer raises, so this is the test cell's own failure.
            _log.exception("The tests of %s in %s failed.", name, self.lesson.name)
            outcome.record, outcome.trouble = None, "lesson"
            cell.outputs = [_stopped("lesson")]
        except (Late, Gone) as trouble:
            if peer is not None and peer.waits_for_nothing:
                # Nobody has asked for this: it counts only if somebody does.
                self.one_by_one.add(name)
                del self.outcomes[name]
            elif outcome.record is None and (culprit := self._culprit(cell)) is not cell:
                self._leave_out(culprit, trouble)
                del self.outcomes[name]
            elif outcome.record is None:
                outcome.trouble = _name(trouble)
                cell.outputs = [_stopped(outcome.trouble)]
            raise StartOver from None

    def _retry(self, process: NotebookProcess, cell: NotebookNode, name: str,
               students: list[NotebookNode]) -> None:
        """Run the tests again with model answers for the earlier ones that fail, if it uses any.

        The better result counts: a mistake costs points only once.
        """
        earlier = self._failed_before(name, students)
        first = self.outcomes[name]
        if not earlier or first.trouble == "lesson" or name in self.troubles:
            return
        again, outputs = Outcome(raised=first.raised), cell.outputs
        try:
            with (self.models().answers(self.lesson, earlier, self._seconds()) as models,
                  process.exercise([name], self._seconds(), models) as (peer, [there])):
                if there:
                    function = peer.callables.resolve(0)
                    self._record(cell, again, {name: function})
                    if again.score > first.score:
                        again.earlier = Earlier(earlier[0], _fix_first(earlier, again.passed))
                        again.retried = True
                        self.outcomes[name] = again
                    # What it behaved like may be the earlier one's.
                    first.misconception, first.patterns, first.smallest = None, [], None
                    self._diagnose(again, name, function, peer)
                    first.misconception = again.misconception
                    first.patterns, first.smallest = again.patterns, again.smallest
        except Exception:
            _log.exception("%s in %s can't be run with model answers.", name, self.lesson.name)
        except (Late, Gone):
            raise StartOver from None
        finally:
            if self.outcomes[name] is first:
                cell.outputs = outputs

    def _failed_before(self, name: str, students: list[NotebookNode]) -> list[str]:
        """The earlier exercises that the answer reaches and that fail, in the lesson's order."""
        before = list(self.outcomes)[:list(self.outcomes).index(name)]
        failed = [other for other in before if not self.outcomes[other].passed
                  and not self._is_bound_elsewhere(other, students)]
        reached = dependencies.reached(self._answer(name).source, students) if failed else set()
        return [other for other in failed if reached is None or other in reached]

    def _is_bound_elsewhere(self, name: str, students: list[NotebookNode]) -> bool:
        """Whether another cell of the student's than the answer binds the name: it stays theirs."""
        return any(cell.id != name and name in dependencies.binds(cell.source)
                   for cell in students)

    def _answer(self, name: str) -> NotebookNode:
        return self._cells[name]

    @cached_property
    def _parameters(self) -> dict[str, tuple[str, ...]]:
        """What the lesson's stubs call their arguments, by exercise."""
        return {node.name: tuple(one.arg for one in node.args.args)
                for cell in self.release.cells if is_answer(cell) and cell.cell_type == "code"
                for node in ast.parse(cell.source).body if isinstance(node, ast.FunctionDef)}

    @cached_property
    def _pure(self) -> frozenset[str]:
        """The functions that can be called in the notebook's own process."""
        return purity.pure([cell for cell in self.notebook.cells if cell.cell_type == "code"
                            and not is_tests(cell)], self._students())

    @cached_property
    def _cells(self) -> dict[str, NotebookNode]:
        return {cell.id: cell for cell in self.notebook.cells}

    def _record(self, cell: NotebookNode, outcome: Outcome, namespace: dict[str, Any]) -> None:
        for name, function in namespace.items():
            if isinstance(function, Proxy):
                function.parameters = self._parameters.get(name, ())
        with time_limit.off():  # the channel's deadline rules here
            score = test_cell.score(cell.source, cell.id, namespace)
        left = left_in(self._answer(exercise_name(cell)).source, exercise_name(cell))
        score.outcomes = [
            replace(check, message=visible(f"{check.message} {left}".strip()
                                           if check.error == "missing" else check.message))
            for check in score.outcomes]
        score.printed = visible(score.printed)
        outcome.record = score.as_json()
        cell.outputs = [new_output("execute_result", {
            "text/plain": repr(score), **score._repr_mimebundle_()})]

    def _diagnose(self, outcome: Outcome, name: str, function: Any, peer: Peer) -> None:
        if any(check["error"] in ("failed", "raised")
               for check in (outcome.record or {})["outcomes"]):
            outcome.misconception = diagnose(self.lesson, name, function, peer)
            if not self.explain:
                return
            found = explain(self.lesson, name, function, outcome.misconception, peer)
            outcome.patterns = [visible(text) for text in found.patterns]
            if taken := dependencies.overwritten(self._answer(name).source, self._students()):
                outcome.patterns.insert(0, f"A cell gives `{taken}` a value, so it is no longer "
                                        "Python's: use another name there.")
            if found.smallest and not _is_small(outcome, found.smallest):
                outcome.smallest = Smallest(*map(visible, astuple(found.smallest)))


def _is_small(outcome: Outcome, smallest: Smallest) -> bool:
    """Whether the first visible check that fails shows as small an input in full."""
    message = next((check["message"] for check in (outcome.record or {})["outcomes"]
                    if check["error"] and not check["hidden"]), "")
    return ("expected" in message and "array of shape" not in message
            and len(message) <= len("".join(astuple(smallest))) + len(": expected , got ."))


def _unfinished(*arguments: Any) -> None:
    raise NotImplementedError


def _name(trouble: BaseException) -> Trouble:
    return "timeout" if isinstance(trouble, Late) else (
        "memory" if isinstance(trouble, TooMuchMemory) else "crashed")


def _stopped(trouble: Trouble) -> NotebookNode:
    return new_output("stream", name="stderr", text={
        "timeout": "Stopped at the time limit.", "memory": "Stopped: it used too much memory.",
        "crashed": "It ended the program.",
        "lesson": "The tests of this exercise failed themselves: the fault is the lesson's."
    }[trouble])


def _fix_first(earlier: list[str], passed: bool) -> str:
    """What to tell a student whose answer depends on earlier ones that fail."""
    names = [f"`{name}`" for name in earlier]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    correct = f"a correct {listed}" if len(names) == 1 else f"correct {listed}"
    fix = "that one" if len(names) == 1 else "those"
    return (f"This answer is right, given {correct}: fix {fix} first." if passed else
            f"Part of what fails here comes from {listed}: fix {fix} first.")
