import base64
import itertools
import re

import numpy as np
import pytest

from utils._figures.tape import ProgramError, arrows, read
from utils.widgets import TapeExplorer
from utils.widgets.tape import walk
from utils.widgets.tape.explorer import LEAVES, PRESETS, START


def order(parents, root):
    found = []
    for parent in parents[root]:
        found += [name for name in order(parents, parent) if name not in found]
    return [*found, root]


def backprop(parents, rules, root):
    grads = {root: 1.0}
    for name in reversed(order(parents, root)):
        for parent, part in zip(parents[name], rules[name](grads[name]) if parents[name] else (),
                                strict=True):
            grads[parent] = grads.get(parent, 0.0) + part
    return grads


def stub(*args):
    raise NotImplementedError


def alt(widget):
    data, _ = widget._repr_mimebundle_()
    image = re.search(r'<img alt="([^"]+)".* src="data:image/png;base64,([^"]+)">',
                      data["text/html"])
    assert base64.b64decode(image[2]).startswith(b"\x89PNG")
    return image[1]


def sentences(widget):
    return [moment["sentence"] for moment in widget.answer["moments"]]


# ---- programs

LONG = "L = (a*b + c*2)*(a - b)**2 + tanh(a*c)"


@pytest.mark.parametrize("text", [*PRESETS.values(), LONG, "a*a"])
def test_values_and_gradients_are_those_of_the_formula(text):
    program, rng = read(text), np.random.default_rng(1)
    for a, b, c in rng.uniform(-2, 2, size=(10, 3)):
        leaves = {"a": a, "b": b, "c": c}
        values = program.graph.forward(leaves | program.constants)
        gradients = program.gradients(values)
        for name in set(leaves) & set(program.parents):
            moved = dict(leaves)
            moved[name] += 1e-30j
            scope = {"tanh": np.tanh, **moved}
            for line in text.split(";"):
                target, _, formula = line.rpartition(" = ")
                scope[target.strip() or "L"] = eval(formula or line, scope)
            result = scope[program.root]
            assert values[program.root] == pytest.approx(np.real(result))
            assert gradients[name] == pytest.approx(np.imag(result) / 1e-30, abs=1e-12)


@pytest.mark.parametrize(("text", "words"), [
    ("", "at least one step"), ("u =", "no program"), ("u = a*d", "d has no value yet"),
    ("a = b*c", "a is a leaf"), ("u = a*b; u = a + b", "gets a value twice"), ("u = a", "computes"),
    ("import os", "name = expression"), ("u = a / b", "computes"), ("u = exp(a)", "computes"),
    ("u = a**3", "computes"), ("u = -a", "computes"), ("u = True * a", "computes"),
    ("u = 5", "computes"), ("longer = a*b", "three letters"), ("u = v*a; v = a*b", "no value yet"),
    ("u = " + " + ".join("a" * 20), "room for 14"), ("u = a.real * b", "computes"),
    ("u = " + "(" * 150 + "a" + ")" * 150, "computes"), ("u[0] = a*b", "name = expression"),
])
def test_what_is_no_program_gets_a_sentence(text, words):
    with pytest.raises(ProgramError, match=re.escape(words)):
        read(text)


@pytest.mark.parametrize("text", [*PRESETS.values(), LONG])
def test_boxes_stand_apart_and_lines_lead_to_the_right(text):
    program = read(text)
    places = program.graph.places()
    for one, other in itertools.combinations(places.values(), 2):
        assert abs(one[0] - other[0]) >= 1 or abs(one[1] - other[1]) >= 1
    for start, end, slot, slots, between in arrows(program):
        xs = [places[start][0], *(x for x, _ in between), places[end][0]]
        assert all(after - before == 1 for before, after in itertools.pairwise(xs))
        assert 0 <= slot < slots
        assert not set(between) & set(places.values())
    assert len(program.ways) == sum(len(step.inputs) for step in program.graph.steps)


# ---- the walk

@pytest.mark.parametrize("text", [*PRESETS.values(), LONG])
def test_a_right_walk_is_called_right(text):
    widget = TapeExplorer(order, backprop)
    for values in (START, [0.0, 0.0, 0.0], [-3.0, 2.5, 0.25]):
        widget.program, widget.values = text, values
        assert set(widget.answer["verdicts"].values()) == {"right"}
        assert widget.answer["message"].startswith("All ")
        assert widget.answer["note"] == widget.answer["trouble"] == ""


def test_the_story_is_the_students():
    widget = TapeExplorer(order, backprop)
    told = sentences(widget)
    assert told[1] == "Forward: u = a·b = 2·1 = 2. On the tape: u has the parents a and b."
    assert told[4] == "Now back. dL = 1: the root rises as fast as itself."
    assert told[5] == ("Back: your walk calls L's rule with g = 1: u gets 1 · 3 = 3; "
                       "v gets 1 · 2 = 2.")
    assert told[6] == ("Back: your walk calls v's rule with g = 2: u gets 2 · 1 = 2, together 5; "
                       "c gets 2 · 1 = 2.")
    assert widget.answer["moments"][-1]["gradients"] == {
        "L": "1", "u": "5", "v": "2", "c": "2", "a": "5", "b": "10"}
    widget.program = PRESETS["same parent twice"]
    assert "u gets 1 · 3 = 3; u gets 1 · 3 = 3, together 6" in sentences(widget)[4]


def test_half_a_gradient_is_seen():
    def hasty(parents, rules, root):
        grads = {root: 1.0}
        for name in ["L", "u", "v"]:  # u before v
            for parent, part in zip(parents[name], rules[name](grads[name]), strict=True):
                grads[parent] = grads.get(parent, 0.0) + part
        return grads

    widget = TapeExplorer(order, hasty)
    assert "with g = 3" in sentences(widget)[6]
    assert sentences(widget)[6].endswith("But the complete gradient of u is 5.")
    assert widget.answer["verdicts"]["a"] == "wrong"
    assert widget.answer["message"] == "Not right: da, db."
    assert "Not right: da, db." in alt(widget)


@pytest.mark.parametrize(("program", "given", "words"), [
    ("two paths", list("abuvcL"), "v comes before its parent c"),
    ("two paths", list("abucvLL"), "L twice"), ("two paths", list("abucv"), "lacks L"),
    ("not needed", list("abucwL"), "w, which L doesn't need"),
    ("two paths", list("cbauvL"), ""), ("two paths", tuple("abucvL"), ""),
])
def test_an_order_is_judged_by_what_it_is_for(program, given, words):
    widget = TapeExplorer(lambda parents, root: given, backprop)
    widget.program = PRESETS[program]
    if words:
        assert words in widget.answer["note"]
    else:
        assert widget.answer["note"] == ""
    assert widget.answer["orderly"] is not bool(words)


@pytest.mark.parametrize(("f", "g", "words"), [
    (stub, backprop, "waits for your stub"), (order, stub, "waits for your stub"),
    (lambda p, r: None, backprop, "None (is there a return?)"),
    (lambda p, r: ["z"], backprop, "not on the tape: z"),
    (lambda p, r: [["a"]], backprop, "not on the tape"),
    (lambda p, r: 1 / 0, backprop, "stopped with ZeroDivisionError"),
    (order, lambda p, u, r: [1.0], "expected a dict"),
    (order, lambda p, u, r: {"L": np.ones(2)}, "expected a number for each name"),
    (order, lambda p, u, r: {"z": 1.0}, "expected a number for each name"),
    (order, lambda p, u, r: {"L": None}, "expected a number for each name"),
    (order, lambda p, u, r: u["L"](None), "stopped with TypeError"),
    (order, lambda p, u, r: [u["L"](1.0) for _ in iter(int, 1)], "more than 100 calls"),
])
def test_a_function_that_fails_costs_a_sentence(f, g, words):
    widget = TapeExplorer(f, g)
    assert words in widget.answer["note"]
    assert widget.answer["values"]["L"] == "6"
    assert len(widget.answer["moments"]) >= 5
    assert "In JupyterLab" in alt(widget)


def test_missing_and_needless_gradients_are_named():
    def careless(parents, rules, root):
        found = backprop(parents, rules, root)
        del found["a"]
        return found | {"w": 0.0}

    widget = TapeExplorer(order, careless)
    widget.program = PRESETS["not needed"]
    assert widget.answer["verdicts"]["a"] == "missing"
    assert widget.answer["verdicts"]["w"] == "extra"
    assert ["dw", "0", "none"] in widget.answer["rows"]
    assert ["da", "none", "1"] in widget.answer["rows"]


def test_a_program_that_cannot_be_read_leaves_the_one_before():
    widget = TapeExplorer(order, backprop)
    before = widget.answer["picture"]
    widget.program = "u = a*"
    assert "no program" in widget.answer["trouble"]
    assert widget.answer["picture"] == before
    widget.program = "y = a*c"
    assert widget.answer["trouble"] == ""
    assert widget.answer["values"] == {"a": "2", "c": "1", "y": "2"}


def test_functions_that_change_what_they_get_harm_nobody():
    def greedy(parents, rules, root):
        found = backprop(parents, rules, root)
        parents.clear()
        rules.clear()
        return found

    widget = TapeExplorer(lambda p, r: [order(p, r), p.clear()][0], greedy)
    assert widget.answer["note"] == ""
    widget.values = [1.0, 1.0, 1.0]
    assert set(widget.answer["verdicts"].values()) == {"right"}


def test_the_module_stands_alone():
    assert not re.search(r"https?:|\bimport\b", TapeExplorer._esm)


def test_the_leaves_are_the_readers():
    assert LEAVES == ("a", "b", "c")
    assert walk.complaint(list("abucvL"), read(PRESETS["two paths"])) == ""
