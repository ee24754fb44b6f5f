"""A lesson's source to notebooks: what it becomes, and what is refused, with file and line."""

import re
import sys
from pathlib import Path

import jupytext
import nbformat
import numpy as np
import pytest
from nbgrader.utils import compute_checksum

from autograder.authoring.release import release_notebook
from autograder.authoring.setup_cell import SETUP
from autograder.authoring.source import LessonError, solution_notebook
from autograder.course import ROOT, lessons
from support.answers import cell
from support.demo import LESSON, release, solution


def refusal(text):
    """The line on which a source is refused, and why."""
    with pytest.raises(LessonError) as caught:
        solution_notebook(text, Path("solutions/07_demo.py"))
    match = re.fullmatch(r"solutions/07_demo\.py:(\d+): (.+)", str(caught.value))
    assert match, caught.value
    return text.splitlines()[int(match[1]) - 1], match[2]


def with_tests(text):
    """The lesson with another test cell for `half`."""
    return LESSON.replace("""with check("halves"):
    check.close(check.call(half, 3.0), 1.5)
""", text)


# What it becomes


@pytest.mark.parametrize(("name", "cell_type", "facts"), [
    ("imports", "code", {"grade": False, "solution": False, "locked": True}),
    ("setup", "code", {"grade": False, "solution": False, "locked": True}),
    ("double", "code", {"grade": False, "solution": True, "locked": False}),
    ("double-tests", "code", {"grade": True, "solution": False, "locked": True, "points": 2}),
    ("why", "markdown", {"grade": True, "solution": True, "locked": False, "points": 3}),
])
def test_a_title_says_what_nbgrader_has_to_know(name, cell_type, facts):
    made = cell(solution(), name)
    assert made.cell_type == cell_type
    assert made.metadata == {
        "nbgrader": {"grade_id": name, "schema_version": 3, "task": False, **facts}}


@pytest.mark.parametrize(("title", "points"), [
    ("1 point", 1), ("2.5 points", 2.5), ("4.0 points", 4)])
def test_points(title, points):
    made = cell(solution(LESSON.replace("half, 1 point", f"half, {title}")), "half-tests")
    assert made.metadata.nbgrader.points == points
    assert f'check = Checks("half", points={points}, visible=1)' in made.source


def test_the_cells_stand_in_the_sources_order_behind_title_and_setup():
    cells = solution().cells
    assert [c.id for c in cells if "nbgrader" in c.metadata] == [
        "setup", "imports", "double", "double-tests", "half", "half-tests", "why"]
    assert [c.source.splitlines()[0] for c in cells if "nbgrader" not in c.metadata] == [
        "# A lesson", "Play with it.", 'print("play")', "Play with it."]
    assert cells[1].source == SETUP


def test_a_test_cell_gets_its_frame():
    assert cell(solution(), "double-tests").source == '''\
def _tests_of_double():
    import numpy as np
    from utils.checks import Checks

    check = Checks("double", points=2, visible=1, hidden=1)

    with check("doubles"):
        check.close(check.call(double, np.array([1.0, -2.0])), [2.0, -4.0])
    ### BEGIN HIDDEN TESTS
    with check("leaves its input as it was"):
        check.unchanged(double, np.array([1.0]))
    ### END HIDDEN TESTS
    return check.result()


globals().pop("_tests_of_double")()  # runs the tests, and leaves no name behind'''


def test_the_student_gets_stubs_and_what_is_not_hidden():
    released = release()
    assert cell(released, "double").source == '''\
def double(x):
    """Twice x."""
    # YOUR CODE HERE
    raise NotImplementedError()'''
    assert cell(released, "double-tests").source == '''\
def _tests_of_double():
    import numpy as np
    from utils.checks import Checks

    check = Checks("double", points=2, visible=1, hidden=1)

    with check("doubles"):
        check.close(check.call(double, np.array([1.0, -2.0])), [2.0, -4.0])
    return check.result()


globals().pop("_tests_of_double")()  # runs the tests, and leaves no name behind'''
    assert "twice as much" not in nbformat.writes(released)


def test_the_release_is_locked_and_signed():
    for made in release().cells:
        if "nbgrader" in made.metadata:
            locked = made.metadata.nbgrader.locked
            assert made.metadata.get("editable", True) is not locked
            assert made.metadata.get("deletable") is False
            if locked or made.metadata.nbgrader.solution:
                assert made.metadata.nbgrader.checksum == compute_checksum(made)


def test_releasing_leaves_the_solution_as_it_was():
    notebook = solution()
    release_notebook(notebook)
    assert notebook == solution()


def test_cell_ids_are_valid_unique_and_stay_with_their_text():
    more = LESSON.replace("# %% exercise: half", "# %% [markdown]\n# New.\n\n# %% exercise: half")
    ids = [c.id for c in solution().cells]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name) for name in ids)
    assert [c.id for c in solution(more).cells if c.source != "New."] == ids
    assert [c.id for c in release().cells] == ids


def test_two_builds_are_the_same():
    assert nbformat.writes(solution()) == nbformat.writes(solution())
    assert nbformat.writes(release()) == nbformat.writes(release())


@pytest.mark.parametrize("text", [LESSON, *(one.source.read_text() for one in lessons())],
                         ids=["demo", *(one.name for one in lessons())])
def test_titles_survive_jupytext(text):
    """As when somebody opens the source as a notebook in JupyterLab and saves it."""
    notebook = jupytext.reads(text, fmt="py:percent")
    saved = jupytext.writes(notebook, fmt="py:percent")
    without_header = saved[saved.index("# %%"):]
    earlier = {one.name: one.source.read_text() for one in lessons()}
    answers = {kind: "".join(getattr(one, place).read_text() for one in lessons()
                             if one.source.read_text() == text)
               for kind, place in (("wrong", "misconceptions"), ("right", "right_answers"))}
    assert solution_notebook(without_header, Path("x.py"), earlier, answers) == (
        solution_notebook(text, Path("x.py"), earlier, answers))


@pytest.mark.parametrize("source", [
    "half = lambda x: (\n    ### BEGIN SOLUTION\n    x / 2\n    ### END SOLUTION\n)",
    "from operator import neg as half\n### BEGIN SOLUTION\n### END SOLUTION",
    "class half:\n    ### BEGIN SOLUTION\n    def __new__(cls, x): return x / 2\n"
    "    ### END SOLUTION",
    "### BEGIN SOLUTION\na = 1\n### END SOLUTION\ndef half(x):\n    ### BEGIN SOLUTION\n"
    "    return a\n    ### END SOLUTION",
])
def test_an_exercise_may_define_its_name_in_any_way(source):
    text = LESSON.replace('''def half(x):
    """Half of x."""
    ### BEGIN SOLUTION
    return x / 2
    ### END SOLUTION''', source)
    assert cell(solution(text), "half").source == source


@pytest.mark.parametrize("tests", [
    'with check("a"):\n    check.true(all(half(x) for x in range(3)), "no")',
    'with check("a"):\n    for x in [1]:\n        half(x)',
    'values = [1, 2]\nwith check("a"):\n    [half(v) + len(values) for v in values]',
    'def _g(a, *b, c=1, **d):\n    return half(a), b, c, d\n\nwith check("a"):\n    _g(1)',
    'import math as m\nfrom os import path\nwith check("a"):\n    half(m.pi), path.sep',
    'with check("a") as nothing, open("x") as file:\n    half(file)',
    'with check("a"):\n    try:\n        half(1)\n    except ValueError as e:\n        e.args',
    'with check("a"):\n    (lambda z: half(z))(1)\n    __name__',
])
def test_a_test_cell_may_use_what_it_defines(tests):
    assert f"    {tests.splitlines()[-1]}" in cell(solution(with_tests(tests)), "half-tests").source


# What is refused: (in place of, this; the line that is named, the reason)

TITLES = [
    ("exercise: half", "task: half", "# %% task: half",
     "unknown role `task`; the roles are exercise, tests, answer, given"),
    ("exercise: half", "half", "# %% half", "unknown role `half`"),
    ("exercise: half", "Exercise: half", "# %% Exercise: half", "unknown role `Exercise`"),
    ("exercise: half", "exercise: half, 2 points", "# %% exercise: half, 2 points",
     "write `# %% exercise: name`, not `exercise: half, 2 points`"),
    ("exercise: half", "exercise: ha lf", "# %% exercise: ha lf", "write `# %% exercise: name`"),
    ("exercise: half", "exercise half", "# %% exercise half", "unknown role `exercise half`"),
    ("tests: half, 1 point", "tests: half", "# %% tests: half",
     "write `# %% tests: name, N points`, not `tests: half`"),
    ("tests: half, 1 point", "tests: half, one point", "# %% tests: half, one point",
     "write `# %% tests: name, N points`"),
    ("tests: half, 1 point", "tests: half, -1 points", "# %% tests: half, -1 points",
     "write `# %% tests: name, N points`"),
    ("answer: why, 3 points [markdown]", "answer: why [markdown]", "# %% answer: why [markdown]",
     "write `# %% answer: name, N points`"),
    ("given: imports", "given: imports, 1 point", "# %% given: imports, 1 point",
     "write `# %% given: name`"),
    ("exercise: half", "exercise: half [markdown]", "# %% exercise: half [markdown]",
     "the cell of `exercise: half` must be a code cell"),
    ("tests: half, 1 point", "tests: half, 1 point [raw]", "# %% tests: half, 1 point [raw]",
     "must be a code cell"),
    ("given: imports", "given: imports [markdown]", "# %% given: imports [markdown]",
     "must be a code cell"),
    ("answer: why, 3 points [markdown]", "answer: why, 3 points", "# %% answer: why, 3 points",
     "the cell of `answer: why, 3 points` must be a markdown cell"),
    ("exercise: half", 'exercise: half tags=["x"]', '# %% exercise: half tags=["x"]',
     "a cell's title holds its role only, not tags"),
    ("# %%\nprint", '# %% slideshow={"slide_type": "skip"} id="3"\nprint', "# %% slideshow",
     "a cell's title holds its role only, not id, slideshow"),
    ("# %% [markdown]\n# # A lesson", "# # A lesson", "# # A lesson",
     "a lesson begins with `# %% [markdown]` and its title"),
    ("# %% [markdown]\n# # A lesson", '# %%\n"A lesson"', "# %%", "a lesson begins with"),
    ("# %% [markdown]\n# # A lesson", "# ---\n# ---\n\n# %% [markdown]\n# # A lesson", "# ---",
     "a lesson begins with"),
]
NAMES = [
    ("exercise: half", "exercise: double", "# %% exercise: double",
     "`exercise: double` stands here a second time"),
    ("tests: half, 1", "tests: double, 1", "# %% tests: double, 1",
     "`tests: double` stands here a second time"),
    ("given: imports", "given: half", "# %% exercise: half", "`exercise: half` stands here"),
    ("given: imports", "given: setup", "# %% given: setup", "`given: setup` stands here a second"),
    ("answer: why", "answer: half", "# %% answer: half", "`answer: half` stands here"),
    ("exercise: half", "given: half", "# %% tests: half, 1 point",
     "tests without an exercise `half` above them"),
    ("tests: half, 1", "tests: haIf, 1", "# %% tests: haIf, 1",
     "tests without an exercise `haIf` above them"),
    ("# %% tests: half, 1 point", "# %%", "# %% exercise: half", "`half` has no tests"),
    ("def half(x)", "def Half(x)", "# %% exercise: half", "the exercise does not define `half`"),
    ("def half(x)", "def outer():\n  def half(x): pass\ndef other(x)", "# %% exercise: half",
     "the exercise does not define `half`"),
    ("def half(x)", "print(half)\ndef other(x)", "# %% exercise: half",
     "the exercise does not define `half`"),
]
SOLUTION = "    ### BEGIN SOLUTION\n    return x / 2\n    ### END SOLUTION"
SCHEME = "# ### BEGIN MARK SCHEME\n# It is twice as much.\n# ### END MARK SCHEME"
MARKERS = [
    (SOLUTION, SOLUTION.replace("    ### END SOLUTION", "    # end"),
     "### BEGIN SOLUTION", "the region that begins here has no end"),
    (SOLUTION, SOLUTION.replace("    ### BEGIN SOLUTION\n", ""), "### END SOLUTION",
     "`### END SOLUTION` without its counterpart"),
    (SOLUTION, SOLUTION.replace("return", "### BEGIN SOLUTION\n    return"),
     "### BEGIN SOLUTION", "`### BEGIN SOLUTION` without its counterpart"),
    (SOLUTION, SOLUTION.replace("return x", "return x  ### BEGIN SOLUTION"),
     "return x  ### BEGIN SOLUTION", "a marker stands alone on its line, as `### BEGIN SOLUTION`"),
    (SOLUTION, SOLUTION.replace("### END", "## END"), "## END SOLUTION", "a marker stands alone"),
    (SOLUTION, SOLUTION.replace("SOLUTION", "HIDDEN TESTS"), "### BEGIN HIDDEN TESTS",
     "`### BEGIN HIDDEN TESTS` does not belong in this kind of cell"),
    (SOLUTION, SOLUTION.replace("END SOLUTION", "END HIDDEN TESTS"), "### END HIDDEN TESTS",
     "`### END HIDDEN TESTS` does not belong in this kind of cell"),
    (SOLUTION, "    return x / 2", "# %% exercise: half",
     "an exercise needs a region"),
    ('with check("halves"):', '### BEGIN HIDDEN TESTS\nwith check("halves"):',
     "### BEGIN HIDDEN TESTS", "the region that begins here has no end"),
    ('with check("halves"):', '### END HIDDEN TESTS\nwith check("halves"):',
     "### END HIDDEN TESTS", "`### END HIDDEN TESTS` without its counterpart"),
    ('with check("halves"):', '### BEGIN SOLUTION\nwith check("halves"):',
     "### BEGIN SOLUTION", "`### BEGIN SOLUTION` does not belong in this kind of cell"),
    ('print("play")', '### BEGIN SOLUTION\nprint("play")\n### END SOLUTION', "### BEGIN SOLUTION",
     "does not belong in this kind of cell"),
    ("# %% given: imports\n", "# %% given: imports\n### BEGIN HIDDEN TESTS\n",
     "### BEGIN HIDDEN TESTS", "does not belong in this kind of cell"),
    ("# # A lesson", "# # A lesson\n#\n# ### BEGIN MARK SCHEME", "# ### BEGIN MARK SCHEME",
     "does not belong in this kind of cell"),
    (SCHEME, SCHEME.replace("\n# ### END MARK SCHEME", ""), "# ### BEGIN MARK SCHEME",
     "the region that begins here has no end"),
]
TESTS = [
    ('    check.close(np.ones(1), 1)', "    check.close(np.ones(1), 1)",
     "the tests use `np`, which they neither import nor define"),
    ('    half(double(1))', "    half(double(1))", "the tests use `double`"),
    ('    def g():\n        return half(numpy)\n    g()', "        return half(numpy)",
     "the tests use `numpy`"),
    ('    [half(y) for x in [1]]', "    [half(y) for x in [1]]", "the tests use `y`"),
    ('    half(1)\n### BEGIN HIDDEN TESTS\nimport math\nwith check("b"):\n    half(math.pie(np))\n'
     '### END HIDDEN TESTS', "    half(math.pie(np))", "the tests use `np`"),
    ('    half(math.pi)\n### BEGIN HIDDEN TESTS\nimport math\nwith check("b"):\n    half(math.pi)\n'
     '### END HIDDEN TESTS', "    half(math.pi)", "the tests use `math`"),
    ('    half(x)\n### BEGIN HIDDEN TESTS\nx = 3\n### END HIDDEN TESTS', "    half(x)",
     "the tests use `x`"),
    ('    half(1)\nfor i in range(3):\n    with check("b"):\n        half(i)',
     '    with check("b"):', "a check inside a loop or a branch can't be counted"),
    ('    half(1)\nif True:\n    with check("b"):\n        half(2)', '    with check("b"):',
     "a check inside a loop or a branch"),
    ('    with check("b"):\n        half(2)', '    with check("b"):',
     "a check inside a loop or a branch"),
    ('    half(1)\ndef g():\n    with check("b"):\n        half(2)', '    with check("b"):',
     "a check inside a loop or a branch"),
    ('    half(1)\ndef half(x):\n    return x', "def half(x):",
     "the tests give `half` another meaning; use another name"),
    ('    half(1)\n    for check in [1]:\n        pass', "    for check in [1]:",
     "the tests give `check` another meaning"),
    ('    half(1)\nfrom operator import neg as half', "from operator import neg as half",
     "the tests give `half` another meaning"),
    ('    half(1)\nfrom math import *', "from math import *", "name what the tests import"),
    ('    half(1)\ndef g():\n    global x\n    x = 1', "    global x",
     "`global` would put a name into the student's notebook"),
    ('    half(1)\nreturn 3', "return 3", "syntax error: 'return' outside function"),
    ('    half(1)\nexpected = half(2)', "expected = half(2)",
     "`half` is used outside of a check"),
    ('    half(1)\nwith open("x"):\n    half(2)', "    half(2)", "is used outside of a check"),
    ('    half(1)\n### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS\nx = 1', "x = 1",
     "hidden tests come last in their cell"),
    ('    half(1)\n    x = = 2', "    x = = 2", "syntax error: invalid syntax"),
    ('    half(1', "    half(1", "syntax error: '(' was never closed"),
]


@pytest.mark.parametrize(("old", "new", "line", "reason"), [*TITLES, *NAMES, *MARKERS])
def test_a_broken_source_is_refused_with_its_line(old, new, line, reason):
    assert LESSON.count(old) == 1
    named, message = refusal(LESSON.replace(old, new))
    assert named.strip().startswith(line)
    assert reason in message


@pytest.mark.parametrize(("tests", "line", "reason"), TESTS)
def test_a_broken_test_cell_is_refused_with_its_line(tests, line, reason):
    named, message = refusal(with_tests(f'with check("a"):\n{tests}\n'))
    assert named == line
    assert reason in message


def test_a_test_cell_shows_the_student_something():
    hidden = '### BEGIN HIDDEN TESTS\nwith check("a"):\n    half(1)\n### END HIDDEN TESTS\n'
    assert refusal(with_tests(hidden)) == (
        "# %% tests: half, 1 point", "a test cell needs at least one check that the student sees")


def test_tests_come_after_their_exercise():
    start, end = LESSON.index("# %% exercise: half"), LESSON.index("# %% tests: half")
    text = LESSON[:start] + LESSON[end:] + "\n" + LESSON[start:end]
    assert refusal(text) == ("# %% tests: half, 1 point",
                             "tests without an exercise `half` above them")


def test_a_syntax_error_in_an_exercise_is_refused_with_its_line():
    named, message = refusal(LESSON.replace("return x / 2", "return x / / 2"))
    assert named == "    return x / / 2"
    assert message == "syntax error: invalid syntax"


@pytest.mark.parametrize("text", ["", "\n", "x = 1\n"])
def test_what_is_no_lesson_is_refused(text):
    with pytest.raises(LessonError, match=r"^x\.py:1: a lesson begins with"):
        solution_notebook(text, Path("x.py"))


# Pieces of earlier lessons

EARLIER = """# %% [markdown]
# # Later
# %% earlier: pieces
# from 01_demo: half, double
"""


def test_pieces_of_earlier_lessons_are_their_model_answers():
    path = Path("solutions/02_later.py")
    made = cell(solution_notebook(EARLIER, path, {"01_demo": LESSON}), "pieces")
    assert made.metadata.nbgrader.locked
    assert not made.metadata.nbgrader.solution
    namespace = {"np": np}
    exec(made.source, namespace)
    assert (namespace["half"](3.0), namespace["double"](3.0)) == (1.5, 6.0)
    assert "SOLUTION" not in made.source
    assert namespace["double"].__doc__ == "Twice x."


@pytest.mark.parametrize(("line", "reason"), [
    ("# from 01_dema: half", "there is no earlier lesson 01_dema"),
    ("# from 02_later: half", "there is no earlier lesson 02_later"),
    ("# from 01_demo: halve", "01_demo has no exercise `halve`"),
    ("# from 01_demo: why", "01_demo has no exercise `why`"),
    ("import half", "write `# from 03_lesson: one_name, another`"),
])
def test_a_piece_that_is_not_to_be_had_is_refused_with_its_line(line, reason):
    text = EARLIER.replace("# from 01_demo: half, double", f"# from 01_demo: half\n{line}")
    with pytest.raises(LessonError) as caught:
        solution_notebook(text, Path("solutions/02_later.py"), {"01_demo": LESSON})
    assert str(caught.value) == f"solutions/02_later.py:5: {reason}"


# The setup cell


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A student's folder inside another, from where no `utils` is found, also none of a course that
    another test has read the configuration of; `sys.path` and the working directory come back."""
    inside = tmp_path / "lessons" / "01_demo"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    monkeypatch.setattr(sys, "path", [
        p for p in sys.path if p and not Path(p, "utils").is_dir()])
    return inside


@pytest.mark.parametrize("up", [0, 1])
def test_the_setup_cell_finds_the_courses_utils_above(folder, up):
    place = folder.parents[up]
    (place / "utils").symlink_to(ROOT / "utils")
    exec(SETUP, {})
    assert sys.path[0] == str(place.resolve())


def forget_utils(monkeypatch):
    """Let `utils` be looked for again; afterward everything is as it was."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "utils"]:
        monkeypatch.delitem(sys.modules, name)


def test_the_setup_cell_never_takes_the_students_own_folder(folder, monkeypatch):
    (folder / "utils").symlink_to(ROOT / "utils")
    (folder.parent / "utils").mkdir()  # some other `utils`
    forget_utils(monkeypatch)
    with pytest.raises(ModuleNotFoundError, match="beside the folder of lessons"):
        exec(SETUP, {})


def test_the_setup_cell_takes_utils_that_are_installed(folder, monkeypatch):
    place = folder.parents[1] / "site-packages"
    place.mkdir()
    (place / "utils").symlink_to(ROOT / "utils")
    sys.path.insert(0, str(place))
    forget_utils(monkeypatch)
    before, names = list(sys.path), {}
    exec(SETUP, names)
    assert sys.path == before
    assert names["utils"].__path__ == [str(place / "utils")]
