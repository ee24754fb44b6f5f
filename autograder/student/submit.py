"""Handing in a lesson that was looked through: sent, with a receipt, marked, and its feedback."""

import hashlib
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbgrader.utils import get_username, parse_utc

from autograder.authoring.answers import model_answers
from autograder.course import ROOT, Lesson
from autograder.errors import UserError
from autograder.feedback.annotate import autograded
from autograder.feedback.mark_scheme import written_questions
from autograder.feedback.page import Key, page
from autograder.feedback.publish import review_key
from autograder.files import write_beside
from autograder.gradebook.exchange import reason, released, transfer
from autograder.gradebook.settings import make_folders, settings
from autograder.grading.grade import grade
from autograder.grading.result import Result
from autograder.grading.settings import Settings
from autograder.grading.submissions import Submission
from autograder.student.copies import copy_of
from autograder.student.look import Looked
from autograder.student.receipt import Receipt, Sent, as_text


@dataclass(frozen=True)
class Marked:
    """What the engine says of what was sent, hidden checks included, and the page that tells it."""

    result: Result
    page: Path


def send(looked: Looked, root: Path = ROOT) -> Receipt:
    """Hand in what was looked through, through nbgrader's exchange. Raises UserError."""
    config = settings(root)
    try:
        with TemporaryDirectory(prefix="hand-in-") as scratch:
            for name, data in looked.files.items():
                place = Path(scratch, looked.lesson, name)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(data)
            config.Exchange.assignment_dir = scratch  # where nbgrader takes submissions from
            deed = transfer("Submit", looked.lesson, config)
    except OSError as error:
        raise UserError(f"Nothing was sent. {reason(error)}") from error
    when = parse_utc(deed.timestamp).replace(tzinfo=UTC).astimezone()
    files = tuple(Sent(name, len(data), hashlib.sha256(data).hexdigest())
                  for name, data in looked.files.items())
    return Receipt(looked.lesson, get_username(), config.CourseDirectory.course_id,
                   deed.timestamp, when, files, tuple(looked.answered), tuple(looked.unanswered),
                   tuple(looked.result.repairs), looked.left_out, looked.due)


def keep(receipt: Receipt, looked: Looked) -> Path:
    """Write the receipt beside the lesson, to a name that no file has. Raises UserError."""
    name = f"{looked.lesson}.receipt-{receipt.time:%Y-%m-%d-%H%M%S}"
    try:
        return write_beside(looked.path, name, ".txt", as_text(receipt).encode())
    except OSError as error:
        raise UserError(f"The receipt could not be kept: {reason(error)}") from error


def mark(looked: Looked, receipt: Receipt, root: Path = ROOT) -> Marked | None:
    """Grade what was sent as a teacher would; None where there are no solutions to grade with.

    Its page also holds the model answers and the mark schemes of the written questions. It goes
    where nbgrader's Assignment List looks for this submission's feedback; what a teacher releases
    later takes its place. Raises UserError.
    """
    lesson = Lesson(looked.lesson, root)
    if not (lesson.source.is_file() and lesson.solution.is_file()):
        return None
    try:
        with TemporaryDirectory(prefix="hand-in-") as scratch:
            copy = Path(scratch, looked.path.name)
            copy.write_bytes(looked.files[looked.path.name])
            result, ran = grade(Submission(copy, None, lesson.name), Settings(root=root))
        if ran is None:
            raise UserError(f"It could not be graded: {result.reason}")
        result.path, result.repairs = str(looked.path), looked.result.repairs
        release = nbformat.read(lesson.release, as_version=4)
        solution = nbformat.read(lesson.solution, as_version=4)
        text = page(result, autograded(ran, release, result), release,
                    handed_in=f"{receipt.time:%Y-%m-%d %H:%M}",
                    key=Key(model_answers(solution), tuple(written_questions(solution))),
                    review_key=review_key(lesson))
        place = looked.path.parent / "feedback" / receipt.timestamp / f"{lesson.name}.html"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UserError(f"It could not be graded: {reason(error)}") from error
    return Marked(result, place)


def fetch_feedback(name: str, root: Path = ROOT) -> list[Path]:
    """Bring the feedback that is released for a lesson; all its pages here, the newest first.

    Raises UserError.
    """
    make_folders(root)
    config = settings(root)
    released(config, root)  # says so where there is no exchange
    if Path(config.Exchange.root, config.CourseDirectory.course_id, "feedback").is_dir():
        transfer("FetchFeedback", name, config)
    return sorted(copy_of(name, config).parent.glob(f"feedback/*/{name}.html"), reverse=True)
