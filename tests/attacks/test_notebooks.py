"""Files that are no honest notebooks: graded as far as they are one, or put aside with a reason."""

import copy
import json
import os

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from attacks.driver import POINTS, RIGHT, is_clean
from autograder.feedback.text import as_json, as_report
from autograder.grading import grade as grading
from support.answers import cell

DEEP = "[" * 100_000 + "]" * 100_000


def with_metadata(text: str) -> bytes:
    """A notebook whose first cell has this JSON as metadata."""
    return ('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", '
            '"id": "attacked", "source": "", "outputs": [], "execution_count": null, "metadata": '
            + text + "}]}").encode()


FILES = {
    "empty": b"", "blank": b" \n" * 1000, "zeros": bytes(10**6), "huge": b"[" * (40 * 2**20),
    "deep": DEEP.encode(), "deep_cells": f'{{"nbformat": 4, "cells": {DEEP}}}'.encode(),
    "deep_metadata": with_metadata('{"a":' * 400 + "1" + "}" * 400),
    "deeper_metadata": with_metadata('{"a":' * 900 + "1" + "}" * 900),
    "huge_number": with_metadata("1" * 10_000),
    "huge_float": with_metadata("1e999999999"),
    "no_number": with_metadata("NaN"),
    "half_a_character": with_metadata('{"nbgrader": {"grade_id": "\\ud800"}}'),
    "list_for_metadata": with_metadata("[]"),
    "list_for_nbgrader": with_metadata('{"nbgrader": [1]}'),
    "list_for_name": with_metadata('{"nbgrader": {"grade_id": ["attacked"]}}'),
    "list_for_tags": with_metadata('{"tags": {"a": 1}, "nbgrader": {"points": [], "locked": {}}}'),
    "program": b"import os; os._exit(0)", "archive": b"PK\x03\x04" + bytes(1000),
    "utf_16": '{"nbformat": 4, "cells": []}'.encode("utf-16"),
    "latin": '{"nbformat": 4, "cells": ["\xe9"]}'.encode("latin-1"),
    "null": b"null", "number": b"5", "text": b'"notebook"', "list": b"[]",
    "no_cells": b'{"nbformat": 4}', "cells_of_text": b'{"nbformat": 4, "cells": "x"}',
    "cells_of_numbers": b'{"nbformat": 4, "cells": [1, 2]}',
    "cells_of_null": b'{"nbformat": 4, "cells": [null]}',
    "unknown_cells": b'{"nbformat": 4, "cells": [{"cell_type": "evil", "source": ""}]}',
    "source_of_numbers": b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": [1]}]}',
    "format_of_the_future": b'{"nbformat": 1e400, "cells": []}',
    "format_true": b'{"nbformat": true, "cells": []}',
    "format_negative": b'{"nbformat": -3, "cells": [], "worksheets": []}',
    "old_format": b'{"nbformat": 3, "worksheets": 5}',
    "many_cells": b'{"nbformat": 4, "cells": ['
                  + b'{"cell_type": "markdown", "source": "x"},' * 20_000
                  + b'{"cell_type": "markdown", "source": "x"}]}',
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_none_is_put_aside_or_earns_nothing(field, name):
    result, _ = field.grade(FILES[name])
    assert result.score == 0
    assert result.status == "quarantined" or result.exercises
    assert result.status == "graded" or (result.reason or "").endswith(".")
    field.stands(result)


def graded(field, notebook):
    result, _ = field.grade(notebook)
    field.stands(result)
    return result, {exercise.name: exercise.score for exercise in result.exercises}


def wrong(field):
    """A notebook whose answer to `attacked` is wrong."""
    return field.notebook(attacked="def attacked(x): return 0.0")


CHEAT = "from utils.checks import Checks\ncheck = Checks('attacked', points=4, visible=0)\n" \
        "attacked = None\n4.0"


def change_tests(notebook):
    cell(notebook, "attacked-tests").source = CHEAT


def unlock_tests(notebook):
    tests = cell(notebook, "attacked-tests")
    tests.source = CHEAT
    tests.metadata.nbgrader.update(locked=False, solution=True, points=400)


def delete_tests(notebook):
    notebook.cells.remove(cell(notebook, "attacked-tests"))


def double_tests(notebook):
    twin = copy.deepcopy(cell(notebook, "attacked-tests"))
    twin.source, twin.id = CHEAT, "twin"
    notebook.cells.insert(0, twin)


def raise_points(notebook):
    for one in notebook.cells:
        if "points" in one.metadata.get("nbgrader", {}):
            one.metadata.nbgrader.points = 1000


def negative_points(notebook):
    cell(notebook, "attacked-tests").metadata.nbgrader.points = -1000


def point_tests_at_another(notebook):
    cell(notebook, "attacked-tests").metadata.nbgrader.grade_id = "before-tests"


def swap_tests(notebook):
    a, b = cell(notebook, "attacked-tests"), cell(notebook, "before-tests")
    a.metadata.nbgrader, b.metadata.nbgrader = b.metadata.nbgrader, a.metadata.nbgrader
    a.id, b.id = b.id, a.id


def answer_in_place_of_tests(notebook):
    tests = cell(notebook, "attacked-tests")
    tests.metadata.nbgrader = copy.deepcopy(cell(notebook, "attacked").metadata.nbgrader)


def new_test_cell(notebook):
    notebook.cells.append(new_code_cell(CHEAT, metadata={"nbgrader": {
        "grade": True, "grade_id": "bonus-tests", "locked": True, "points": 100,
        "schema_version": 3, "solution": False, "task": False}}))


def task_cell(notebook):
    notebook.cells.append(new_markdown_cell("Give me points.", metadata={"nbgrader": {
        "grade": True, "grade_id": "task", "locked": False, "points": 100,
        "schema_version": 3, "solution": True, "task": True}}))


def output_of_full_marks(notebook):
    tests = cell(notebook, "attacked-tests")
    tests.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "4.0"})]


def change_setup(notebook):
    cell(notebook, "setup").source = "class Checks: pass\nraise SystemExit"


def change_given(notebook):
    cell(notebook, "imports").source = "import os as np"


def tag_cells(notebook):
    for one in notebook.cells:
        one.metadata.tags = ["raises-exception", "skip-execution"]


def reverse(notebook):
    notebook.cells.reverse()


def as_markdown(notebook):
    tests = cell(notebook, "attacked-tests")
    tests.cell_type = "markdown"
    tests.pop("outputs")
    tests.pop("execution_count")


def another_kernel(notebook):
    notebook.metadata.kernelspec = {"name": "evil; rm -rf /", "language": "bash"}
    notebook.metadata.language_info = {"name": "bash"}


def same_ids(notebook):
    for one in notebook.cells:
        one.id = "attacked"


TAMPERING = [change_tests, unlock_tests, delete_tests, double_tests, raise_points,
             negative_points, point_tests_at_another, swap_tests,
             answer_in_place_of_tests, new_test_cell, task_cell, output_of_full_marks,
             change_setup, change_given, tag_cells, reverse,
             as_markdown, another_kernel, pytest.param(same_ids, marks=pytest.mark.filterwarnings(
                 "ignore:Non-unique cell id"))]


@pytest.mark.parametrize("tamper", TAMPERING, ids=lambda tamper: tamper.__name__)
def test_tampering_earns_nothing_and_costs_nothing(field, tamper):
    notebook = wrong(field)
    tamper(notebook)
    result, scores = graded(field, notebook)
    assert scores == POINTS | {"attacked": 0}
    assert result.max_score == 9


@pytest.mark.parametrize("tamper", TAMPERING, ids=lambda tamper: tamper.__name__)
def test_what_was_tampered_with_is_put_right(field, tamper):
    notebook = field.notebook()
    tamper(notebook)
    _, scores = graded(field, notebook)
    assert scores == POINTS


def test_an_answer_in_two_cells_is_taken_from_its_own(field):
    notebook = wrong(field)
    twin = copy.deepcopy(cell(notebook, "attacked"))
    twin.source, twin.id = RIGHT, "twin"
    notebook.cells.insert(0, twin)
    _, scores = graded(field, notebook)
    assert scores["before"] == 1


def test_an_answer_of_another_exercise_stays_there(field):
    notebook = field.notebook()
    one, other = cell(notebook, "attacked"), cell(notebook, "before")
    one.source, other.source = other.source, one.source
    _, scores = graded(field, notebook)
    assert scores == POINTS | {"before": 0}  # it is defined only behind its tests


NASTY = "\\x1b[2J\\x1b]0;ha\\x07\\x9b31m\\r\\x00<script>alert(1)</script>\\u202e&amp;'\\\"\\ud800"
SHOWN = {
    "exception": f'def attacked(x): raise ValueError("{NASTY}")',
    "exception_in_the_cell": f'raise ValueError("{NASTY}")',
    "exception_name": f'def attacked(x): raise type("X" + "{NASTY[:20]}", (Exception,), {{}})',
    "result": f'def attacked(x): return "{NASTY[:-6]}"',
    "print": f'def attacked(x):\n    print("{NASTY}")\n    return 0.0',
    "print_in_the_cell": f'print("{NASTY}")',
    "warning": f'import warnings\ndef attacked(x):\n    warnings.warn("{NASTY}")\n    return 0.0',
    "name": f'def attacked(x): return 0.0\nattacked.__name__ = "{NASTY}"',
    "line": 'def attacked(x):\n    raise ValueError  # \x1b[2J<script>alert(1)</script>\u202e\x9b',
    "html": 'from IPython.display import HTML, Javascript, SVG, display\n'
            'display(HTML("<script>alert(1)</script>"), Javascript("alert(1)"),\n'
            'SVG("<svg><script>alert(1)</script></svg>"))\n'
            'display({"text/html": "<img src=x onerror=alert(1)>",\n'
            '         "text/markdown": "<script>alert(1)</script>",\n'
            '         "text/latex": "<script>alert(1)</script>",\n'
            '         "application/vnd.jupyter.widget-view+json": {"model_id": "x"}}, raw=True)',
}


@pytest.mark.parametrize("name", SHOWN)
def test_what_is_shown_is_escaped(field, name):
    result, notebook = field.grade(field.notebook(attacked=SHOWN[name]))
    assert {e.name: e.score for e in result.exercises} == POINTS | {"attacked": 0}
    field.stands(result)
    nbformat.writes(notebook).encode()
    for one in notebook.cells:
        for output in one.get("outputs", ()):
            data = output.get("data", {})
            assert set(data) <= {"text/plain", "text/html", "image/png"} or (
                one.id.endswith("-tests"))
            for unsafe in ("<script", "onerror=alert(1)>", "\x1b", "\x9b", "\x07", "\u202e"):
                assert unsafe not in data.get("text/html", "")
                assert unsafe == "<script" or "\x1b" not in json.dumps(output, ensure_ascii=False)


@pytest.mark.parametrize("name", [b"../x.ipynb", b"\x1b[2J.ipynb", b"\xff\xfe.ipynb",
                                  b"a\nb.ipynb", b"-rf.ipynb", b"$(touch x).ipynb",
                                  b"x" * 200 + b".ipynb", "\u202egnp.ipynb".encode()])
def test_no_file_name_does_harm(field, tmp_path, name):
    (tmp_path / "in").mkdir()
    path = os.path.join(os.fsencode(tmp_path / "in"), name)
    with open(path, "wb") as file:
        file.write(nbformat.writes(field.notebook()).encode())
    result, _ = grading.grade(grading.Submission(type(tmp_path)(os.fsdecode(path))),
                                field.settings)
    assert result.score == 9
    as_json([result], []).encode()
    text = as_report([result], [])
    text.encode()
    assert not {"\x1b", "\u202e"} & set(text)
    field.stands()


@pytest.mark.parametrize("target", ["/etc/shadow", "/dev/zero", "/dev/full", "loop", "gone", "pipe",
                                    "folder"])
def test_links_and_odd_files_are_put_aside(field, tmp_path, target):
    link = tmp_path / "01_demo.ipynb"
    if target == "pipe":
        os.mkfifo(link)
    elif target == "folder":
        link.mkdir()
    else:
        link.symlink_to(link if target == "loop" else target)
    result, _ = grading.grade(grading.Submission(link), field.settings)
    assert (result.status, result.score) == ("quarantined", 0)
    is_clean(result)
    field.stands()


@pytest.mark.parametrize("name", ["..", ".", "/etc", "01_demo/../../x", "a\x00b", "\x1b[2J", ""])
def test_no_assignment_folder_leads_elsewhere(field, name):
    path = field.root.parent / "01_demo.ipynb"
    path.write_text(nbformat.writes(field.notebook()))
    result, _ = grading.grade(grading.Submission(path, "../../x", name), field.settings)
    assert result.status == ("graded" if not name else "quarantined")
    field.stands(result)


def test_free_cells_of_every_kind_are_harmless(field):
    notebook = field.notebook()
    for number, source in enumerate(("%%bash\nexit 1", "%%html\n<script>", "!kill -9 0", "%quit",
                                     "exit", "(((", "%%nonsense", "?", "%run x.py", "\x00", "%%",
                                     "%load_ext evil", "%debug", "%reset -f", "1 / 0",
                                     "a" * 10**6)):
        notebook.cells.append(new_code_cell(source, id=f"free-{number}"))
    _, scores = graded(field, notebook)
    assert scores == POINTS
