"""A complete lesson of one exercise: the skeleton that `new` writes, with everything filled in."""

import re
from pathlib import Path

from autograder.authoring.scaffold import new_lesson
from autograder.course import Lesson

STEM = "08_scaling"
FIGURE = re.compile(r"# %%\nwith plots\.figure.*?(?=\n# %%)", re.DOTALL)
QUESTION = re.compile(r"\*\*Question 1.*?### END HIDDEN TESTS\n", re.DOTALL)
EXPLORER = '''
# %%
from utils.widgets import ActivationExplorer


def double(z):
    return scale(z, 2.0)


rng = np.random.default_rng(0)
with plots.figure("Two points, on a line through the origin.") as ax:
    plots.curves(rng.normal(size=2), {"double": double(np.ones(2))}, title="A line", xlabel="x",
                 ylabel="y", ax=ax)
with unfinished():
    scale(1.0, 2.0)
    explorer = ActivationExplorer(
        {"double": (double, lambda z: 2.0 * np.ones_like(z))}, rng.normal(size=(5, 2)),
        [rng.normal(size=(3, 2))], [np.zeros(3)])
'''
WRONG = '''

def scale__adds_the_square(x, factor):
    """Your function adds the square of the factor. What is scale([1.0], 2)?"""
    return np.asarray(x, dtype=float) + factor**2


def scale__ignores_the_factor(x, factor):
    """The factor makes no difference to what your function returns. Where is it used?"""
    return np.asarray(x, dtype=float)


def scale__divides(x, factor):
    """Your function divides by the factor. What should scale([1.0], 2) give?"""
    return np.asarray(x, dtype=float) / factor


def scale__negated(x, factor):
    """The sign of what you return is turned around. Where does the minus come from?"""
    return -factor * np.asarray(x, dtype=float)


def scale__twice(x, factor):
    """The factor goes in twice. How often does it occur in the formula?"""
    return factor * factor * np.asarray(x, dtype=float)
'''
RIGHT = '''

def scale__the_other_way_round(x, factor):
    return np.asarray(x, dtype=float) * factor


def scale__zero_plus(x, factor):
    return 0.0 + factor * np.array(x, dtype=float)
'''


def complete(root: Path) -> Lesson:
    """Write the lesson into a course: complete, not built, and mentioned on the coverage page."""
    new_lesson(STEM, root)
    lesson = Lesson(STEM, root)
    text = lesson.source.read_text(encoding="utf-8").replace(
        "TODO: why this is so, in a sentence.", "").replace("TODO", "Words about scaling it")
    question = QUESTION.search(text)[0]
    more = "".join(
        f"\n# %% [markdown]\n# {question}".replace("quiz_first", name).replace(
            "uestion 1", f"uestion {number}")
        for number, name in ((2, "quiz_second"), (3, "quiz_third")))
    text = text.replace(question, question + more)
    figure = FIGURE.search(text)[0]
    text = text.replace(figure, figure + EXPLORER).replace(
        "from utils import plots\n",
        "from utils import plots\nfrom utils.checks import unfinished\n")
    lesson.source.write_text(text, encoding="utf-8")
    for path, answers in ((lesson.misconceptions, WRONG), (lesson.right_answers, RIGHT)):
        path.write_text(path.read_text(encoding="utf-8") + answers, encoding="utf-8")
    coverage = root / "docs" / "coverage.md"
    coverage.parent.mkdir(exist_ok=True)
    with coverage.open("a", encoding="utf-8") as file:
        file.write(f"| Scaling | [8](../lessons/{STEM}/{STEM}.ipynb): The idea |\n")
    return lesson
