"""What had to be repaired in a notebook, as data, and in sentences for teachers and students."""

from dataclasses import dataclass
from typing import Literal

from nbformat import NotebookNode

from autograder.notebooks.cells import exercise_of

Code = Literal["line_endings", "old_format", "lost_ids", "lost_settings", "order", "renamed",
               "unknown_locked", "missing", "retyped", "moved_answer", "merged", "split",
               "another_type", "old_version", "reformatted", "changed", "settings",
               "elsewhere", "copy_dropped", "copy_kept"]
_TEXTS: dict[Code, str] = {
    # Of the notebook as a whole.
    "line_endings": "The cells had the line endings of another system; they were converted.",
    "old_format": "The notebook was saved in an old format; it was converted.",
    "lost_ids": "The notebook had lost its cell ids (VS Code and Colab do that); its cells were "
                "matched by their text.",
    "lost_settings": "The notebook had lost its cells' settings (nbstripout and Colab do that); "
                     "they were restored.",
    "order": "The cells were out of order; the lesson's order was restored.",
    "renamed": "The file was called `{detail}`; it was graded under the lesson's name.",
    "unknown_locked": "A locked cell that the lesson does not have was dropped.",
    # Of one cell.
    "missing": "{cell} was missing; it was put back.",
    "retyped": "{cell} had lost its id; it was recognized by its text or its place.",
    "moved_answer": "{cell} was empty; the text in the next cell was taken as the answer.",
    "merged": "{cell} was part of another cell; it was put back in its place.",
    "split": "{cell} had been split; its parts were joined.",
    "elsewhere": "{cell} was missing; the answer is in another cell.",
    "another_type": "{cell} had become a {detail} cell; it was turned back.",
    "old_version": "{cell} was of an older version; the current one was used.",
    "reformatted": "{cell} had been reformatted; the original was used.",
    "changed": "{cell} had been changed; the original was used.",
    "settings": "{cell} had other settings ({detail}); they were put back.",
    "copy_dropped": "{cell} was duplicated; the copy was dropped.",
    "copy_kept": "{cell} was duplicated; the copy counts as a cell of {owner} own.",
}


@dataclass(frozen=True)
class Repair:
    """One repair.

    code: what kind it is. cell: which cell it concerns (see `label`), "" for the whole notebook.
    detail: what the sentence names besides.
    """

    code: Code
    cell: str = ""
    detail: str = ""

    @property
    def for_teacher(self) -> str:
        """The sentence that a teacher reads, and whoever grades."""
        return self._text("the student's")

    @property
    def for_student(self) -> str:
        """The sentence that the student reads whose notebook it is."""
        return self._text("your")

    def _text(self, owner: str) -> str:
        return _TEXTS[self.code].format(cell=self.cell, detail=self.detail, owner=owner)


def label(released: NotebookNode) -> str:
    """Name one of the lesson's cells at the beginning of a sentence."""
    facts = released.metadata.get("nbgrader")
    if facts is None:
        return "A free cell"
    if facts.grade and not facts.solution:
        return f"The test cell of `{exercise_of(released.id)}`"
    return (f"The answer cell of `{released.id}`" if facts.solution
            else f"The given cell `{released.id}`")
