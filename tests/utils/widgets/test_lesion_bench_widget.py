import base64
import re

import numpy as np
import pytest

from utils.widgets import LesionBench
from utils.widgets.kit.student import AnswerError
from utils.widgets.lesion_bench import cut
from utils.widgets.lesion_bench.explorer import BLOCKS, PRESETS, message


def block_forward(X, W1, b1, W2, b2):
    Z = X @ W1.T + b1
    H = np.maximum(Z, 0)
    return X + H @ W2.T + b2, (X, Z, H)


def lesion(blocks, accuracy):
    return np.array([accuracy(blocks[:k] + blocks[k + 1:]) for k in range(len(blocks))])


def stub(*args):
    raise NotImplementedError


def random_network(seed, scale):
    rng = np.random.default_rng(seed)
    blocks = [(rng.normal(size=(6, 4)), np.zeros(6), scale * rng.normal(size=(4, 6)), np.zeros(4))
              for _ in range(BLOCKS)]
    return (rng.normal(size=(4, 5)), np.zeros(4)), blocks, (rng.normal(size=(3, 4)), np.zeros(3))


X = np.random.default_rng(1).normal(size=(80, 5))
NETWORKS = {"plain": (random_network(2, 1.0), 0), "residual": (random_network(3, 0.05), 1)}
(ENTRY, _, HEAD), _ = NETWORKS["residual"]
Y = ((X @ ENTRY[0].T) @ HEAD[0].T).argmax(axis=1)  # right without any blocks


def bench(forward=block_forward, cutting=lesion, networks=NETWORKS):
    return LesionBench(forward, cutting, networks, X, Y)


def alt(widget):
    data, _ = widget._repr_mimebundle_()
    image = re.search(r'<img alt="([^"]+)".* src="data:image/png;base64,([^"]+)">',
                      data["text/html"])
    assert base64.b64decode(image[2]).startswith(b"\x89PNG")
    return image[1]


def by_hand(name, gone):
    (entry, blocks, head), skip = NETWORKS[name]
    A = X @ entry[0].T
    for k, (W1, _, W2, _) in enumerate(blocks):
        if k not in gone:
            A = skip * A + np.maximum(A @ W1.T, 0) @ W2.T
    return np.mean((A @ head[0].T).argmax(axis=1) == Y)


# ---- what is measured

@pytest.mark.parametrize("gone", [[], [5], [0, 11], list(range(1, 12, 2)), list(range(12))])
def test_accuracies_are_those_of_the_blocks_that_are_left(gone):
    widget = bench()
    widget.removed = gone
    assert [row["name"] for row in widget.answer["rows"]] == ["plain", "residual"]
    for row in widget.answer["rows"]:
        assert row["right"] == pytest.approx(by_hand(row["name"], gone))
        for k, bar in enumerate(row["bars"]):
            assert bar == (None if k in gone else pytest.approx(by_hand(row["name"], [*gone, k])))
    assert widget.answer["note"] == ""


def test_without_any_block_the_residual_network_is_right():
    widget = bench()
    widget.removed = list(range(12))
    assert widget.answer["rows"][1]["right"] == 1.0
    assert "the residual network gets 100.0% right" in widget.answer["message"]


def test_the_bars_are_the_students_lesion():
    widget = bench(cutting=lambda blocks, accuracy: np.full(len(blocks), 0.25))
    assert widget.answer["rows"][0]["bars"] == [0.25] * 12


def test_every_preset_is_a_list_of_blocks():
    widget = bench()
    for gone in PRESETS.values():
        widget.removed = gone
        assert widget.answer["gone"] == gone


def test_blocks_that_occur_twice_or_unsorted_count_once():
    widget = bench()
    widget.removed = [7, 3, 7]
    assert widget.answer["gone"] == [3, 7]


def test_the_message_says_what_is_out():
    rows = [{"name": "plain", "right": 0.5, "bars": []}]
    assert message([], rows) == "All 12 blocks are in: the plain network gets 50.0% right."
    assert message([5], rows).startswith("Without block 6:")
    assert message([0, 4, 5], rows).startswith("Without blocks 1, 5, and 6:")
    assert message(list(range(12)), []) == "All 12 blocks are out."


# ---- what goes wrong

@pytest.mark.parametrize(("forward", "cutting", "words"), [
    (stub, lesion, "waits for your stub"),
    (block_forward, stub, "waits for your stub"),
    (lambda *args: None, lesion, "None (is there a return?)"),
    (lambda *args: block_forward(*args)[0], lesion, "expected (Y, cache)"),
    (lambda X, *args: (X[:, :2], ()), lesion, "Y, as large as X"),
    (lambda X, *args: (X * np.nan, ()), lesion, "nan or inf"),
    (lambda X, *args: X @ X, lesion, "ValueError"),
    (block_forward, lambda blocks, accuracy: None, "expected one accuracy for each block"),
    (block_forward, lambda blocks, accuracy: [accuracy(blocks)], "(1,)"),
    (block_forward, lambda blocks, accuracy: [accuracy(None)], "expected a list of blocks"),
    (block_forward, lambda blocks, accuracy: [accuracy([1])] * 12, "stopped with"),
    (block_forward, lambda blocks, accuracy: blocks.pop(99), "IndexError"),
])
def test_a_wrong_answer_costs_a_sentence(forward, cutting, words):
    widget = bench(forward, cutting)
    assert words in widget.answer["note"]
    assert len(alt(widget)) > 60
    widget.removed = [2, 3]
    assert words in widget.answer["note"]


def test_a_lesion_that_fails_leaves_the_accuracies():
    row = bench(cutting=stub).answer["rows"][0]
    assert row["right"] == pytest.approx(by_hand("plain", []))
    assert row["bars"] == [None] * 12


def test_a_lesion_that_empties_its_list_harms_nobody():
    def emptying(blocks, accuracy):
        found = lesion(blocks, accuracy)
        blocks.clear()
        return found

    widget = bench(cutting=emptying)
    widget.removed = [4]
    assert widget.answer["rows"][1]["right"] == pytest.approx(by_hand("residual", [4]))


@pytest.mark.parametrize("networks", [{}, {"plain": NETWORKS["plain"]}])
def test_it_waits_for_trained_networks(networks):
    widget = bench(networks=networks)
    assert "waits for the trained networks" in widget.answer["note"]
    assert len(widget.answer["rows"]) == len(networks)
    assert "waits for the trained networks" in alt(widget)


BROKEN = ((ENTRY[0] * np.nan, ENTRY[1]), NETWORKS["plain"][0][1], HEAD)


@pytest.mark.parametrize("broken", [None, 3, (None, 1), ((1, 2), 1), (BROKEN, 0), "network",
                                    ((ENTRY, [ENTRY], HEAD), 1)])
def test_networks_that_are_none_cost_a_sentence(broken):
    widget = bench(networks={"plain": broken, "residual": NETWORKS["residual"]})
    assert "plain network can't be used" in widget.answer["note"]
    assert [row["name"] for row in widget.answer["rows"]] == ["residual"]
    with pytest.raises(AnswerError, match="training went wrong"):
        cut.network("plain", broken)


# ---- the explorer

def test_it_leaves_a_picture_with_alt_text():
    widget = bench()
    said = alt(widget)
    assert widget.answer["message"] in said
    assert "one more block" in said


def test_the_module_stands_alone():
    assert not re.search(r"https?:|\bimport\b", LesionBench._esm)
    assert bench().facts["blocks"] == 12
