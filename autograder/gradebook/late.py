"""What being late costs, by nbgrader's configured plugin."""

from nbgrader.api import Gradebook, SubmittedAssignment, SubmittedNotebook
from nbgrader.preprocessors import AssignLatePenalties
from traitlets.config import Config


def penalize(gradebook: Gradebook, config: Config, submission: SubmittedAssignment,
             submitted: SubmittedNotebook) -> None:
    """Set the late penalty of a submission by its marks as they are now.

    config: nbgrader's, which names the plugin that decides.
    """
    submitted.late_submission_penalty = None
    # nbgrader fails on an extension where nothing is due.
    if submission.assignment.duedate and submission.total_seconds_late > 0:
        session = gradebook.db
        session.flush()
        session.refresh(submitted, ["score"])
        submitted.late_submission_penalty = _Penalties(config=config).of(
            submitted, submission.student_id, submission.total_seconds_late)


class _Penalties(AssignLatePenalties):
    """nbgrader's own way to ask the configured plugin, in a gradebook that is open."""

    def of(self, notebook: SubmittedNotebook, student: str, late: float) -> float | None:
        self.init_plugin()
        penalty = self.plugin_inst.late_submission_penalty(student, notebook.score, late)
        return None if penalty is None else self._check_late_penalty(notebook, penalty)
