"""A student's file put back into the lesson's frame: their text is kept, all else is told."""

import copy
import json

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.utils import compute_checksum

from autograder.grading.recognize import overlap
from autograder.notebooks.parse import MAX_BYTES, Unreadable, parse
from autograder.notebooks.rebuild import answered, rebuild
from support.answers import cell
from support.demo import LESSON, release, solution

RELEASE, SOLUTION = release(), solution()
NAMED = [c.id for c in RELEASE.cells if "nbgrader" in c.metadata]
ANSWERS = ["double", "half", "why"]
LOCKED = [name for name in NAMED if name not in ANSWERS]
FREE = [c.id for c in RELEASE.cells if "nbgrader" not in c.metadata]
LABELS = {"setup": "The given cell `setup`", "imports": "The given cell `imports`",
          "double-tests": "The test cell of `double`", "half-tests": "The test cell of `half`",
          "double": "The answer cell of `double`", "half": "The answer cell of `half`",
          "why": "The answer cell of `why`"}


@pytest.fixture
def student():
    return copy.deepcopy(RELEASE)


def as_read(notebook):
    """The notebook after a way through a file."""
    return parse(json.dumps(notebook).encode())


def put_back(notebook, **onto):
    return rebuild(as_read(notebook), RELEASE, **onto)


def sentences(found):
    return [repair.for_teacher for repair in found.repairs]


def sources(notebook):
    return [c.source for c in notebook.cells]


def place(notebook, name):
    return [c.id for c in notebook.cells].index(name)


# What can be read


def document(*cells, **more):
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells), **more}


def one_cell(**more):
    return document({"cell_type": "code", "source": "x", "metadata": {}, **more})


@pytest.mark.parametrize(("data", "reason"), [
    (b"", "The file is empty."),
    (b" \n\t", "The file is empty."),
    (b"\xff\xfe{\x00}\x00", "The file is not text in UTF-8."),
    (b'{"nbformat": 4, "cells": ["\xe9"]}', "The file is not text in UTF-8."),
    ('{"nbformat": 4}'.encode("utf-16-le"), "The file is not valid JSON (line 1)."),
    (b'{"nbformat": 4,\n "cells": [', "The file is not valid JSON (line 2)."),
    (b"def f(x):\n    return x", "The file is not valid JSON (line 1)."),
    (b"[" * 100_000, "The file is not valid JSON."),
    (b'{"a":' * 100_000, "The file is not valid JSON."),
    (b" " * MAX_BYTES + b"{}", "The file has 32 MiB; the limit is 32."),
    (b"3", "The file is JSON, but not a notebook."),
    (b"null", "The file is JSON, but not a notebook."),
    (b"[]", "The file is JSON, but not a notebook."),
    (b"{}", "The file is JSON, but not a notebook."),
    (b'{"nbformat": "4", "cells": []}', "The file is JSON, but not a notebook."),
    (b'{"nbformat": 4}', "The notebook has no list of cells."),
    (b'{"nbformat": 4, "cells": {}}', "The notebook has no list of cells."),
    (b'{"nbformat": 3}', "The notebook's format is too old to be read."),
    (b'{"nbformat": 2, "worksheets": 5}', "The notebook's format is too old to be read."),
    (b'{"nbformat": 4, "cells": [5]}', "Cell 1 is not a notebook cell."),
    (b'{"nbformat": 4, "cells": [null]}', "Cell 1 is not a notebook cell."),
    (b'{"nbformat": 4, "cells": [[]]}', "Cell 1 is not a notebook cell."),
    (b'{"nbformat": 4, "cells": [{}]}', "Cell 1 is not a notebook cell."),
    (b'{"nbformat": 4, "cells": [{"cell_type": "code"}, {"cell_type": "heading"}]}',
     "Cell 2 is not a notebook cell."),
    (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": null}]}', "Cell 1 holds no text."),
    (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": {"a": 1}}]}',
     "Cell 1 holds no text."),
    (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": ["a", 1]}]}',
     "Cell 1 holds no text."),
])
def test_what_cannot_be_read_is_told_in_a_sentence(data, reason):
    with pytest.raises(Unreadable) as caught:
        parse(data)
    assert str(caught.value) == reason


@pytest.mark.parametrize("data", [
    json.dumps(one_cell()).encode(),
    json.dumps(one_cell(source=["x"])).encode("utf-8-sig"),
    b"\n" + json.dumps(one_cell(source=["", "x", ""]), indent=1).encode() + b"\n\n",
    json.dumps(one_cell(outputs="?", execution_count=[], id=7, more=1)).encode(),
    json.dumps(one_cell(metadata=3)).encode(),
    json.dumps(document({"cell_type": "code", "source": "x"}, nbformat_minor=0)).encode(),
    json.dumps({"nbformat": 4, "cells": one_cell()["cells"]}).encode(),
    json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [
        {"cells": [{"cell_type": "code", "input": ["x"], "language": "python", "outputs": [],
                    "metadata": {}}]}]}).encode(),
])
def test_odd_files_of_honest_tools_are_read(data):
    notebook = parse(data)
    assert [(c.cell_type, c.source) for c in notebook.cells] == [("code", "x")]
    nbformat.validate(notebook)


@pytest.mark.parametrize("cell_type", ["code", "markdown", "raw"])
def test_text_name_and_facts_are_read_and_nothing_else(cell_type):
    facts = {"nbgrader": {"grade_id": "half", "solution": True}, "tags": ["a"]}
    (read,) = parse(json.dumps(one_cell(
        cell_type=cell_type, source=["a\n", "b ü"], id="x-1", metadata=facts,
        outputs=[{"output_type": "stream"}], attachments={"a": 1})).encode()).cells
    assert (read.cell_type, read.source, read.id, read.metadata) == (
        cell_type, "a\nb ü", "x-1", facts)
    assert not read.get("outputs")
    assert "attachments" not in read


def test_half_a_character_becomes_a_question_mark():
    notebook = parse(b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "a\\ud800b"}]}')
    assert sources(notebook) == ["a?b"]


@pytest.mark.parametrize(("given", "kept"), [
    ("x" * 64, True), ("A-1_z", True), ("x" * 65, False), ("", False), ("a b", False),
    ("é", False), (7, False), ("\ud800", False)])
def test_what_is_no_cell_id_is_replaced(given, kept):
    notebook = parse(json.dumps(one_cell(id=given)).encode())
    assert (notebook.cells[0].id == given) is kept
    nbformat.validate(notebook)


@pytest.mark.parametrize("name", [[], {}, 5, None, "other"])
def test_what_is_no_name_of_a_cell_leaves_its_id(student, name):
    cell(student, "half").metadata.nbgrader.grade_id = name
    cell(student, "half").source = "mine"
    assert cell(put_back(student).notebook, "half").source == "mine"


# Honest work


def test_the_untouched_release_comes_back_as_it_was(student):
    found = put_back(student)
    assert (found.notebook, found.repairs, found.flags) == (RELEASE, [], [])


def test_on_the_solutions_frame_it_has_the_stubs_and_the_hidden_tests(student):
    found = put_back(student, onto=SOLUTION)
    assert (found.repairs, found.flags) == ([], [])
    for made in found.notebook.cells:
        of = RELEASE if made.id in ANSWERS else SOLUTION
        assert made.source == cell(of, made.id).source
        assert made.metadata == cell(SOLUTION, made.id).metadata


def test_neither_notebook_is_changed(student):
    read, frame = as_read(student), copy.deepcopy(SOLUTION)
    kept = copy.deepcopy(read)
    rebuild(read, RELEASE, onto=frame)
    assert read == kept
    assert frame == SOLUTION
    assert release() == RELEASE


@pytest.mark.parametrize("name", [*ANSWERS, *FREE])
def test_what_the_student_wrote_is_taken(student, name):
    cell(student, name).source = "mine"
    found = put_back(student)
    assert found.repairs == []
    assert found.flags == []
    assert sources(found.notebook) == sources(student)
    assert [c.id for c in found.notebook.cells] == [c.id for c in RELEASE.cells]


def test_outputs_and_counts_do_not_travel(student):
    for c in student.cells:
        if c.cell_type == "code":
            c.execution_count = 4
            c.outputs = [nbformat.v4.new_output("stream", text="hello")]
    assert put_back(student).notebook == RELEASE


def test_a_free_cell_turned_to_another_type_and_edited_is_taken_so(student):
    at = place(student, FREE[1])
    student.cells[at] = new_code_cell("1 + 1", id=FREE[1])
    found = put_back(student)
    assert (found.notebook.cells[at].cell_type, found.notebook.cells[at].source) == (
        "code", "1 + 1")
    assert found.repairs == []


@pytest.mark.parametrize("at", [0, 2, 4, len(RELEASE.cells)])
def test_cells_of_the_students_own_stay_where_they_stood(student, at):
    student.cells[at:at] = [new_code_cell("a = 1"), new_markdown_cell("note"), new_code_cell("a")]
    found = put_back(student)
    assert sources(found.notebook) == sources(student)
    assert (found.repairs, found.flags) == ([], [])
    nbformat.validate(found.notebook)


def test_cells_of_the_students_own_lose_their_settings(student):
    facts = {"nbgrader": {"grade": False, "grade_id": "mine", "solution": False, "locked": False},
             "tags": ["skip-execution"]}
    student.cells.insert(3, new_code_cell("a = 1", metadata=facts, id="mine"))
    made = put_back(student).notebook.cells[3]
    assert (made.source, made.metadata, made.id) == ("a = 1", {}, "mine")


def test_blank_cells_of_the_students_own_are_left_out(student):
    student.cells.insert(3, new_code_cell(" \n"))
    assert put_back(student).notebook == RELEASE


def test_own_cells_get_ids_that_nobody_has(student):
    student.cells[3:3] = [new_code_cell("a", id="x"), new_code_cell("b", id="y")]
    read = as_read(student)
    read.cells[4].id = "x"
    names = [c.id for c in rebuild(read, RELEASE).notebook.cells]
    assert len(set(names)) == len(names)
    assert names[3] == "x"


@pytest.mark.parametrize("tool", ["ids gone", "ids renamed"])
def test_nbgraders_names_are_enough(student, tool):
    """As after a way through Colab or an old JupyterLab."""
    raw = json.loads(json.dumps(student))
    for number, c in enumerate(raw["cells"]):
        if "nbgrader" in c["metadata"]:
            c["id"] = f"cell{number}"
            if c["metadata"]["nbgrader"]["solution"]:
                c["source"] = "mine"
            if tool == "ids gone":
                del c["id"]
    found = rebuild(parse(json.dumps(raw).encode()), RELEASE)
    assert (found.repairs, found.flags) == ([], [])
    assert [c.id for c in found.notebook.cells] == [c.id for c in RELEASE.cells]
    assert [cell(found.notebook, name).source for name in ANSWERS] == ["mine"] * 3


def test_ids_are_enough(student):
    for c in student.cells:
        c.metadata = {}
        if c.id in ANSWERS:
            c.source = "mine"
    found = put_back(student)
    assert [cell(found.notebook, name).source for name in ANSWERS] == ["mine"] * 3
    assert [c.id for c in found.notebook.cells] == [c.id for c in RELEASE.cells]


def test_nbgraders_name_counts_more_than_the_id(student):
    a, b = cell(student, "double"), cell(student, "half")
    a.source, b.source = "mine: double", "mine: half"
    a.id, b.id = "half", "double"
    found = put_back(student).notebook
    assert cell(found, "double").source == "mine: double"
    assert cell(found, "half").source == "mine: half"


# What is put right


@pytest.mark.parametrize("name", LOCKED)
def test_a_changed_locked_cell_is_restored_and_flagged(student, name):
    cell(student, name).source += "\nprint('mine')"
    found = put_back(student, onto=SOLUTION)
    assert cell(found.notebook, name).source == cell(SOLUTION, name).source
    assert sentences(found) == [f"{LABELS[name]} had been changed; the original was used."]
    assert found.flags == [f"{LABELS[name]} had been changed."]


@pytest.mark.parametrize("name", NAMED)
def test_a_deleted_cell_is_put_back(student, name):
    del student.cells[place(student, name)]
    found = put_back(student)
    assert found.notebook == RELEASE
    assert sentences(found) == [f"{LABELS[name]} was missing; it was put back."]
    assert found.flags == []


@pytest.mark.parametrize("name", LOCKED)
def test_a_deleted_test_comes_back_with_what_is_hidden(student, name):
    del student.cells[place(student, name)]
    found = put_back(student, onto=SOLUTION)
    assert cell(found.notebook, name) == cell(SOLUTION, name)


@pytest.mark.parametrize("name", ANSWERS)
def test_a_deleted_answer_is_never_the_solution(student, name):
    del student.cells[place(student, name)]
    found = put_back(student, onto=SOLUTION)
    assert cell(found.notebook, name).source == cell(RELEASE, name).source


def test_a_deleted_free_cell_needs_no_word(student):
    for name in FREE:
        del student.cells[place(student, name)]
    found = put_back(student)
    assert (found.notebook, found.repairs, found.flags) == (RELEASE, [], [])


@pytest.mark.parametrize("name", LOCKED)
def test_a_copy_of_a_locked_cell_is_dropped(student, name):
    again = copy.deepcopy(cell(student, name))
    again.id = "again"
    again.source += "\nprint('mine')"
    student.cells.append(again)
    found = put_back(student)
    assert found.notebook == RELEASE
    assert sentences(found) == [f"{LABELS[name]} was duplicated; the copy was dropped."]


@pytest.mark.parametrize("name", ["double", "half"])
def test_a_filled_copy_of_a_stub_is_the_answer(student, name):
    again = copy.deepcopy(cell(student, name))
    again.id, again.source = "again", "second try"
    student.cells.append(again)
    found = put_back(student)
    assert cell(found.notebook, name).source == "second try"
    assert [c.id for c in found.notebook.cells] == [c.id for c in RELEASE.cells]
    assert f"{LABELS[name]} was duplicated; the copy was dropped." in sentences(found)
    assert found.flags == []


@pytest.mark.parametrize("name", ["double", "half"])
def test_a_filled_copy_of_an_answer_counts_where_it_stands(student, name):
    """In the notebook, too, the later definition counted."""
    at = place(student, name)
    again = copy.deepcopy(student.cells[at])
    again.id, again.source = "again", "second try"
    student.cells.insert(at + 1, again)
    student.cells[at].source = "first try"
    found = put_back(student)
    assert sources(found.notebook) == sources(student)
    assert found.notebook.cells[at + 1].metadata == {}
    assert sentences(found) == [f"{LABELS[name]} was duplicated; the copy counts as a cell of the "
                             "student's own."]
    assert found.flags == []


def test_an_unfilled_copy_of_an_answer_is_dropped(student):
    again = copy.deepcopy(cell(student, "half"))
    again.id = "again"
    student.cells.append(again)
    cell(student, "half").source = "mine"
    found = put_back(student)
    assert [c.id for c in found.notebook.cells] == [c.id for c in RELEASE.cells]
    assert cell(found.notebook, "half").source == "mine"


def test_of_two_copies_the_one_with_the_lessons_id_is_the_answer(student):
    again = copy.deepcopy(cell(student, "half"))
    again.id, again.source = "again", "earlier"
    cell(student, "half").source = "later"
    student.cells.insert(2, again)
    found = put_back(student).notebook
    assert cell(found, "half").source == "later"
    assert found.cells[2].source == "earlier"


def test_a_copy_of_a_free_cell_with_other_text_is_the_students(student):
    student.cells.append(new_markdown_cell("mine", id=FREE[0]))
    found = rebuild(as_read(student), RELEASE)
    assert sources(found.notebook) == sources(student)
    assert (found.repairs, found.flags) == ([], [])
    nbformat.validate(found.notebook)


def test_another_order_is_put_right(student):
    student.cells.reverse()
    cell(student, "half").source = "mine"
    found = put_back(student)
    assert [c.id for c in found.notebook.cells] == [c.id for c in RELEASE.cells]
    assert cell(found.notebook, "half").source == "mine"
    assert sentences(found) == ["The cells were out of order; the lesson's order was restored."]
    assert found.flags == []


def test_own_cells_follow_the_cell_they_stood_behind_into_the_old_order(student):
    at = place(student, "double")
    student.cells.insert(at + 1, new_code_cell("mine"))
    moved = student.cells[at:at + 2]
    del student.cells[at:at + 2]
    student.cells += moved
    found = put_back(student).notebook
    assert found.cells[place(found, "double") + 1].source == "mine"
    assert found.cells[place(found, "double") + 2].id == "double-tests"


@pytest.mark.parametrize(("name", "key", "value"), [
    ("double-tests", "points", 100), ("double-tests", "grade", False),
    ("double-tests", "locked", False), ("double-tests", "solution", True),
    ("double", "grade", True), ("why", "points", 50), ("imports", "solution", True),
    ("double-tests", "task", True), ("double-tests", "points", "many"),
])
def test_other_settings_are_put_back_and_flagged(student, name, key, value):
    cell(student, name).metadata.nbgrader[key] = value
    found = put_back(student)
    assert found.notebook == RELEASE
    assert sentences(found) == [f"{LABELS[name]} had other settings ({key}); they were put back."]
    assert found.flags == [f"{LABELS[name]} had other settings ({key})."]


@pytest.mark.parametrize("points", ["many", 10**400, None, []],
                         ids=["word", "huge", "null", "list"])
def test_points_that_are_no_number_are_put_back_also_in_a_changed_cell(student, points):
    own = cell(student, "double-tests")
    own.source, own.metadata.nbgrader.points = "check = 1", points
    found = put_back(student)
    assert found.notebook == RELEASE
    assert len(found.flags) == 2


@pytest.mark.parametrize("name", ["double-tests", "why"])
def test_points_of_an_older_release_are_no_tampering(student, name):
    cell(student, "why").source = "Because."
    now = copy.deepcopy(RELEASE)
    cell(now, name).metadata.nbgrader.points = 50
    cell(now, name).metadata.nbgrader.checksum = compute_checksum(cell(now, name))
    found = rebuild(student, now)
    assert (found.repairs, found.flags) == ([], [])
    assert cell(found.notebook, name).metadata.nbgrader.points == 50


@pytest.mark.parametrize("name", LOCKED)
def test_a_tag_on_a_locked_cell_is_removed_and_flagged(student, name):
    cell(student, name).metadata.tags = ["skip-execution"]
    found = put_back(student)
    assert found.notebook == RELEASE
    assert found.flags == [f"{LABELS[name]} had other settings (tags)."]


@pytest.mark.parametrize("name", NAMED)
def test_another_type_is_turned_back(student, name):
    cell(student, name).cell_type = "raw"
    found = put_back(student)
    assert found.notebook == RELEASE
    assert sentences(found) == [f"{LABELS[name]} had become a raw cell; it was turned back."]
    assert found.flags == []


def test_a_new_test_cell_is_dropped(student):
    facts = {"nbgrader": {"grade": True, "grade_id": "bonus", "solution": False, "locked": True,
                          "points": 50, "schema_version": 3, "task": False}}
    student.cells.append(new_code_cell("100", metadata=facts))
    found = put_back(student)
    assert found.notebook == RELEASE
    assert sentences(found) == ["A locked cell that the lesson does not have was dropped."]


# An older version of the lesson

OLDER = (LESSON.replace('"doubles"', '"twice as much"').replace('"Half of x."', '"x by 2."')
         .replace("Play with it.\n\n#", "Try it.\n\n#")
         .replace("# %% exercise: half", '''# %% exercise: third
def third(x):
    ### BEGIN SOLUTION
    return x / 3
    ### END SOLUTION

# %% tests: third, 1 point
with check("is a third"):
    check.close(third(3), 1)

# %% exercise: half'''))


def test_an_older_version_is_known_by_its_checksums():
    found = put_back(release(OLDER))
    assert sentences(found) == [
        "The test cell of `double` was of an older version; the current one was used."]
    assert found.flags == []
    assert {c.id for c in RELEASE.cells} <= {c.id for c in found.notebook.cells}
    assert [c.source for c in found.notebook.cells if c.id in NAMED] == [
        c.source for c in RELEASE.cells if c.id in NAMED]
    assert "Try it." not in sources(found.notebook)
    assert not any("is a third" in text for text in sources(found.notebook))


def test_answers_to_an_older_version_are_taken():
    older = release(OLDER)
    for name in (*ANSWERS, "third"):
        cell(older, name).source = f"mine: {name}"
    found = put_back(older)
    assert [cell(found.notebook, name).source for name in ANSWERS] == [
        f"mine: {name}" for name in ANSWERS]
    assert "mine: third" in sources(found.notebook)
    assert found.flags == []


def test_a_checksum_does_not_hide_a_change(student):
    cell(student, "half-tests").source = "1"
    for checksum in (None, "", 5, "0" * 32):
        cell(student, "half-tests").metadata.nbgrader.checksum = checksum
        assert put_back(student).flags == ["The test cell of `half` had been changed."]


# No text of the student's is ever lost


@st.composite
def edited(draw):
    """A release after edits of any kind, and the texts that the student wrote."""
    notebook, written = copy.deepcopy(RELEASE), []
    for number in range(draw(st.integers(1, 8))):
        kind = draw(st.sampled_from(
            ["edit", "insert", "copy", "move", "delete", "strip", "bare", "type"]))
        at = draw(st.integers(0, len(notebook.cells) - 1))
        chosen, text = notebook.cells[at], f"mine {number}"
        if kind == "insert":
            new = draw(st.sampled_from([new_code_cell, new_markdown_cell]))
            notebook.cells.insert(at, new(text))
            written.append(text)
        elif kind == "move":
            notebook.cells.insert(draw(st.integers(0, len(notebook.cells) - 1)),
                                  notebook.cells.pop(at))
        elif kind == "delete" and chosen.source not in written:
            del notebook.cells[at]
        elif kind == "strip":
            chosen.id = f"new-{number}"
        elif kind == "bare":
            chosen.id, chosen.metadata = f"new-{number}", nbformat.NotebookNode()
        elif kind == "type" and "nbgrader" in chosen.metadata:
            notebook.cells[at] = new_markdown_cell(chosen.source, id=chosen.id,
                                                   metadata=chosen.metadata)
        elif kind in ("edit", "copy") and not chosen.metadata.get("nbgrader", {}).get("locked"):
            if kind == "copy":
                chosen = copy.deepcopy(chosen)
                chosen.id = f"new-{number}"
                notebook.cells.insert(at, chosen)
            elif chosen.source in written:
                written.remove(chosen.source)
            chosen.source = text
            written.append(text)
    return notebook, written


@settings(deadline=None)
@given(edited(), st.sampled_from([RELEASE, SOLUTION]))
def test_no_text_of_the_students_is_lost_and_no_frame_is_broken(work, onto):
    notebook, written = work
    found = put_back(notebook, onto=onto)
    texts = sources(found.notebook)
    assert all(any(text in whole for whole in texts) for text in written)
    assert [c.id for c in found.notebook.cells if "nbgrader" in c.metadata] == NAMED
    for made in found.notebook.cells:
        if made.id in LOCKED:
            assert made == cell(onto, made.id)
    assert found.flags == []
    nbformat.validate(found.notebook)


# Which lesson, and is it answered


def test_overlap_counts_the_lessons_own_cells_by_id_or_text(student):
    most = len(RELEASE.cells) - 1
    assert overlap(as_read(student), RELEASE) == most
    for number, c in enumerate(student.cells):
        if c.id == "half":
            c.metadata = {}
            c.source = "mine"
        else:
            c.id = f"x{number}"
    assert overlap(as_read(student), RELEASE) == most
    assert overlap(parse(json.dumps(one_cell()).encode()), RELEASE) == 0
    assert overlap(parse(json.dumps(one_cell(id="setup")).encode()), RELEASE) == 0


@pytest.mark.parametrize(("text", "is_answer"), [
    ("YOUR ANSWER HERE", False), ("  YOUR ANSWER HERE\n", False), ("", False), (" \n", False),
    ("Because.", True), ("YOUR ANSWER HERE Because.", True)])
def test_a_written_answer_is_one_when_it_says_something(student, text, is_answer):
    cell(student, "why").source = text
    assert answered(cell(student, "why"), RELEASE) is is_answer


def test_the_checksum_is_nbgraders(student):
    """What tells an older version from a change is what nbgrader itself wrote."""
    assert cell(student, "half-tests").metadata.nbgrader.checksum == compute_checksum(
        cell(student, "half-tests"))
