import base64
import itertools
import re

import numpy as np
import pytest

from utils.widgets import WhoShares
from utils.widgets.who_shares.block import GROUPS, NORMS, SHAPE, block, sharing
from utils.widgets.who_shares.explorer import row

COUNTS = {"batch": 16, "layer": 24, "group": 12, "instance": 4, "rms": 24}


def layernorm_forward(X, gamma, beta, eps=1e-5):
    X = X - X.mean(axis=-1, keepdims=True)
    return gamma * X / np.sqrt((X ** 2).mean(axis=-1, keepdims=True) + eps) + beta


def rmsnorm_forward(X, gamma, eps=1e-5):
    return gamma * X / np.sqrt((X ** 2).mean(axis=-1, keepdims=True) + eps)


def groupnorm_forward(X, groups, gamma, beta, eps=1e-5):
    rows = X.reshape(len(X), groups, -1)
    normal = layernorm_forward(rows, 1.0, 0.0, eps).reshape(len(X), X.shape[1], -1)
    return (normal * gamma[:, None] + beta[:, None]).reshape(X.shape)


def interleaved(X, groups, gamma, beta, eps=1e-5):
    order = np.argsort(np.arange(X.shape[1]) % groups, kind="stable")
    out = np.empty(X.shape)
    out[:, order] = groupnorm_forward(X[:, order], groups, gamma, beta, eps)
    return out


def stub(*args):
    raise NotImplementedError


@pytest.fixture
def widget():
    return WhoShares(layernorm_forward, rmsnorm_forward, groupnorm_forward)


def alt(widget):
    data, _ = widget._repr_mimebundle_()
    image = re.search(r'<img alt="([^"]+)".* src="data:image/png;base64,([^"]+)">',
                      data["text/html"], re.DOTALL)
    assert base64.b64decode(image[2]).startswith(b"\x89PNG")
    return image[1]


def moved(widget):
    return np.frombuffer(widget.answer["moved"], dtype="u1").reshape(SHAPE).astype(bool)


# ---- who shares

@pytest.mark.parametrize(("norm", "groups", "members"), [
    ("batch", 2, [(i, 4, k) for i in range(4) for k in range(4)]),
    ("layer", 2, [(2, j, k) for j in range(6) for k in range(4)]),
    ("rms", 2, [(2, j, k) for j in range(6) for k in range(4)]),
    ("instance", 2, [(2, 4, k) for k in range(4)]),
    ("group", 2, [(2, j, k) for j in (3, 4, 5) for k in range(4)]),
    ("group", 3, [(2, j, k) for j in (4, 5) for k in range(4)]),
])
def test_the_cells_that_share_statistics(norm, groups, members):
    assert list(zip(*np.nonzero(sharing(norm, groups, (2, 4, 1))), strict=True)) == members


@pytest.mark.parametrize(("norm", "groups"), [*((norm, 2) for norm in NORMS),
                                              *(("group", groups) for groups in GROUPS)])
def test_right_functions_move_exactly_these_whatever_the_cell(widget, norm, groups):
    widget.norm, widget.groups = norm, groups
    for cell in itertools.product((0, 3), range(6), (0, 1, 3)):
        widget.cell = list(cell)
        np.testing.assert_array_equal(moved(widget), sharing(norm, groups, cell))
        assert "exactly the cells" in widget.answer["message"]
        assert widget.answer["note"] == ""


@pytest.mark.parametrize("norm", NORMS)
def test_the_message_counts_and_names_the_students_function(widget, norm):
    widget.norm = norm
    used = {"layer": "layernorm_forward", "rms": "rmsnorm_forward"}.get(norm, "groupnorm_forward")
    called = NORMS[norm] + (" with 2 groups" if norm == "group" else "")
    said = f"{called[0].upper()}{called[1:]}, by your {used}: {COUNTS[norm]} outputs move."
    assert widget.answer["message"].startswith(said)
    assert "exactly the cells" in alt(widget)


def test_only_rms_norm_notices_a_shift_and_none_a_stretch(widget):
    for norm in NORMS:
        widget.norm = norm
        nudged, shifted, stretched = widget.answer["rows"]
        assert nudged[:2] == ["1 added to the cell", str(COUNTS[norm])]
        assert (shifted[1:] == ["0", "0"]) is (norm != "rms")
        assert stretched[1:] == ["0", "0"]


def test_a_wrong_grouping_is_seen():
    widget = WhoShares(layernorm_forward, rmsnorm_forward, interleaved)
    widget.norm, widget.cell = "group", [1, 2, 1]
    assert sorted({int(j) for _, j, _ in zip(*np.nonzero(moved(widget)), strict=True)}) == [0, 2, 4]
    assert widget.answer["message"].endswith(
        "But 4 outputs should move and don't, and 4 outputs move and shouldn't: they are marked.")
    widget.norm = "batch"
    assert "exactly" in widget.answer["message"]


@pytest.mark.parametrize(("wrong", "words"), [
    (stub, "waits for your stub"), (lambda *a: None, "None (is there a return?)"),
    (lambda *a: np.zeros(3), "expected"), (lambda *a: a[0] * np.nan, "nan or inf"),
    (lambda *a: 1 / 0, "stopped with ZeroDivisionError"), (lambda *a: "no", "expected"),
    (lambda X: X, "stopped with TypeError"), (lambda *a: [[1.0], [2.0, 3.0]], "expected"),
])
def test_a_function_that_fails_costs_a_sentence(wrong, words):
    widget = WhoShares(wrong, wrong, wrong)
    for norm in NORMS:
        widget.norm = norm
        assert words in widget.answer["note"]
        assert not widget.answer["known"]
        assert widget.answer["message"] == ""
    assert "In JupyterLab" in alt(widget)


def test_a_function_that_writes_into_its_argument_harms_nobody():
    def greedy(X, gamma, beta, eps=1e-5):
        X[...] = layernorm_forward(X, gamma, beta, eps)
        return X

    widget = WhoShares(greedy, rmsnorm_forward, groupnorm_forward)
    widget.norm = "layer"
    before = widget.answer
    widget.cell = [0, 0, 0]
    widget.cell = [1, 2, 1]
    assert widget.answer == before
    np.testing.assert_array_equal(widget._block, block())


def test_a_cell_beyond_the_block_is_its_last(widget):
    widget.cell = [9, 9, 9]
    assert moved(widget)[3, 5, 3]


def test_small_changes_are_not_called_zero():
    assert row("so", np.array([1e-4, 0.0])) == ["so", "1", "below 0.01"]
    assert row("so", np.array([1e-12, 0.0])) == ["so", "0", "0"]


def test_a_nudge_of_any_number_of_the_block_shows():
    assert block().shape == SHAPE
    assert np.abs(block()).min() > 0.05
    assert np.abs(block() + 0.5).min() > 0.05


def test_the_module_stands_alone():
    assert not re.search(r"https?:|\bimport\b", WhoShares._esm)
