"""A lesson with written answers, and what the gradebook holds of their marks."""

from nbgrader.plugins import BasePlugin

from support import demo
from support.classes import dump

SCHEME = """\
# One point for each, half points where it is incomplete:
#
# 1. **Says:** that it is *twice* as much.
# 2. **Shows:** `2 * x`, for x < 0 too.
# 3. **Bounds:** nothing.
#
# These cost the point in parentheses: "it is more" (1)."""
LESSON = demo.LESSON.replace("# It is twice as much.", SCHEME).replace(
    "# %% answer: why", "# %% [markdown]\n# ## In an interview\n#\n# *Why* twice?\n\n"
    "# %% answer: why") + """
# %% answer: what, 2 points [markdown]
# This is what.
#
# ### BEGIN MARK SCHEME
# 1. **All:** of it.
# ### END MARK SCHEME
"""


def given_by_hand(lesson):
    """By student and cell: a teacher's points, and whether one is still to look."""
    return {(str(one["notebook_id"]).split("/")[1], str(one["cell_id"]).split("/")[2]): (
        one["manual_score"], bool(one["needs_manual_grade"]))
        for one in dump(lesson.root)["grade"] if "-tests/" not in str(one["cell_id"])}


def comments(lesson):
    return {str(one["notebook_id"]).split("/")[1]: one["manual_comment"]
            for one in dump(lesson.root)["comment"] if "/why/" in str(one["cell_id"])}


class Half(BasePlugin):
    """Half of what is there."""

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return score / 2


class Broken(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        raise ZeroDivisionError("the plugin's own")
