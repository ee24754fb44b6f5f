"""`nbgrader validate` says of a failed exercise what its card says, not that some tests passed."""

import pytest
from nbformat.v4 import new_code_cell, new_output
from nbgrader.validator import Validator

from utils.checks import Checks


def half(x):
    return x


def result(right):
    check = Checks("half", points=2, visible=2)
    for _ in range(2):
        with check("halves every number that it gets, whatever the size of the number may be"):
            check.close(check.call(half, 3.0), 3.0 if right else 1.5)
    return check.result()


def told(score, error):
    """What the validator shows of a test cell that gave this."""
    cell = new_code_cell(metadata={"nbgrader": {"grade": True, "solution": False, "points": 2}})
    cell.outputs = [new_output("stream", name="stderr", text=error)] if error else []
    cell.outputs.append(new_output("execute_result", {"text/plain": repr(score)}))
    validator = Validator()
    [failed] = validator._get_failed_cells(type("N", (), {"cells": [cell]})) or [None]
    return failed and validator._indent(validator._extract_error(failed))


def test_what_failed_is_said_and_no_line_is_cut(monkeypatch, capsys):
    monkeypatch.setenv("NBGRADER_VALIDATING", "1")
    score = result(right=False)
    shown = told(score, capsys.readouterr().err)
    assert "half: 0 of 2 checks here pass." in shown
    assert "passed some" not in shown
    assert "..." not in shown


@pytest.mark.parametrize(("value", "right"), [("1", True), ("", False)])
def test_nothing_is_said_of_a_right_answer_or_outside_of_validating(monkeypatch, capsys, value,
                                                                    right):
    monkeypatch.setenv("NBGRADER_VALIDATING", value)
    result(right)
    assert capsys.readouterr().err == ""
