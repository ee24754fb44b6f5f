"""A wrong answer is named when it behaves like one known mistake; else nothing is said."""

import copy
import runpy
import warnings

import numpy as np
import pytest

from autograder.course import ROOT
from utils._diagnosis.misconceptions import Misconceptions, alike

MODULE = '''\
import numpy as np


def inputs_double(rng):
    yield (rng.normal(size=4),)
    yield (rng.normal(size=(2, 3)),)
    yield ([1, 2],)


def double__square(x):
    """This is  x times x.

    Twice x is
    x plus x.
    """
    return np.asarray(x) ** 2


def double__in_place(x):
    """It changes what it was given."""
    x *= 2
    return x


def double__twin_a(x):
    """One of two that can't be told apart."""
    return np.asarray(x) + 1


def double__twin_b(x):
    """The other of the two."""
    return 1 + np.asarray(x)


def double__refuses(x):
    """It raises for every input."""
    raise ValueError


def double__no_lists(x):
    """It can't take a list."""
    return -x


def inputs_gate(rng):
    yield (rng.normal(),)


def view_gate(result):
    weights, bias = result
    return bool(weights[0] > bias)


def gate__never(x):
    """It is never on."""
    return np.array([0.0]), 1.0


def inputs_shared(rng):
    x = rng.normal(size=1)
    yield (x,)
    yield (x,)


def inputs_counter(rng):
    yield (3,)


def run_counter(answer, calls):
    seen, state = [], None
    for _ in range(calls):
        result, state = answer(state)
        seen.append(result)
    return seen


def counter__forgets(state):
    """It says 1 each time."""
    return 1, "a state of its own"


def inputs_silent(rng):
    yield (1,)


def silent__nothing(x):
    """It returns nothing."""
'''


@pytest.fixture
def known(tmp_path):
    path = tmp_path / "01_demo.py"
    path.write_text(MODULE)
    return Misconceptions(path)


def in_place_by_hand(x):
    for index in range(len(x)):
        x[index] = x[index] + x[index]
    return x


@pytest.mark.parametrize(("answer", "name"), [
    (lambda x: np.asarray(x) * np.asarray(x), "square"),
    (lambda x: np.array([value * value for value in x]), "square"),
    (lambda x: -1 * x if isinstance(x, np.ndarray) else x - 1, "no_lists"),  # the same exception
])
def test_what_behaves_alike_is_named(known, answer, name):
    assert known.diagnose("double", answer).name == name


# What a student may have written in another way: only what an answer does is known.
SYNTAX = {"equality", "if", "return", "keepdims", "precedence", "bracket", "brackets"}


def test_no_name_claims_a_way_of_writing():
    for path in sorted((ROOT / "misconceptions").glob("[0-9]*.py")):
        for function in runpy.run_path(str(path)):
            words = function.partition("__")[2].split("_")
            if words != ["no", "return"]:
                assert not SYNTAX & set(words), function
            assert words[-1] not in ("plus", "minus"), function


def test_the_hint_is_the_docstring_in_a_line(known):
    found = known.diagnose("double", lambda x: np.square(x))
    assert (found.name, found.hint) == ("square", "This is x times x. Twice x is x plus x.")


def copies(x):
    return np.asarray(x) * 2 if isinstance(x, np.ndarray) else x * 2


def changes(x):
    if isinstance(x, list):
        x += x  # what `x *= 2` does to a list
        return x
    x += x
    return x


def test_a_change_of_the_arguments_is_seen(known):
    assert known.diagnose("double", changes).name == "in_place"
    assert known.diagnose("double", copies) is None


@pytest.mark.parametrize("answer", [
    lambda x: np.asarray(x) * 2.0,  # right
    lambda x: np.asarray(x) + 1,  # two matches
    lambda x: 1 / 0,  # raises only
    lambda x: (_ for _ in ()).throw(ValueError),  # as a known one does
    lambda x: np.asarray(x) ** 2 + 1e-6,
    lambda x: (np.asarray(x) ** 2).ravel(),
    lambda x: (np.asarray(x) ** 2).astype(np.float64),  # floats for ints
    lambda x: (np.asarray(x) ** 2).tolist(),
    lambda x: np.asarray(x) ** 2 if isinstance(x, np.ndarray) else None,
    lambda x: -x if isinstance(x, np.ndarray) else None,  # where the known one raises
    lambda x: np.asarray(x) ** 2 if isinstance(x, np.ndarray) else 1 / 0,
    lambda: 1,
    lambda x: lambda: 1,
    lambda x: (y for y in x),
    None, 7, "square", [np.square],
])
def test_when_in_doubt_nothing_is_said(known, answer):
    assert known.diagnose("double", answer) is None


def test_an_exercise_without_inputs_is_passed_over(known, tmp_path):
    assert known.diagnose("half", lambda x: x) is None
    assert Misconceptions(tmp_path / "gone.py").diagnose("double", np.square) is None


def test_an_answer_that_returns_nothing_can_be_known(known):
    assert known.diagnose("silent", lambda x: None).name == "nothing"
    assert known.diagnose("silent", lambda x: 0) is None


@pytest.mark.parametrize(("weights", "bias", "name"), [
    ([-3.0], 5.0, "never"), ([7.0], 5.0, None), ([], 1.0, None)])
def test_where_many_answers_are_right_the_view_is_compared(known, weights, bias, name):
    found = known.diagnose("gate", lambda x: (weights, bias))
    assert getattr(found, "name", None) == name


@pytest.mark.parametrize(("answer", "name"), [
    (lambda state: (1, {"t": 0}), "forgets"),  # whatever it keeps to itself
    (lambda state: ((state or 0) + 1, (state or 0) + 1), None)])
def test_a_state_is_handed_on_and_not_compared(known, answer, name):
    found = known.diagnose("counter", answer)
    assert getattr(found, "name", None) == name


def test_an_answer_can_neither_leave_nor_talk_nor_spoil_the_inputs(known, capfd, recwarn):
    def noisy(x):
        print("here")
        warnings.warn("old", stacklevel=1)
        np.log(np.zeros(1))
        if isinstance(x, list):
            raise SystemExit
        x[...] = 0
        return x

    assert known.diagnose("double", noisy) is None
    assert known.diagnose("double", np.square).name == "square"
    assert capfd.readouterr() == ("", "")
    assert not recwarn.list


def test_the_same_answer_always_gets_the_same_inputs(known):
    first, second = ([o.arguments for o in known.outcomes("double", np.square)] for _ in range(2))
    assert len(first) == 3
    assert alike(first, second)


def test_what_an_answer_does_later_does_not_change_what_it_returned(known):
    shared = np.zeros(1)

    def counts(x):
        shared[0] += 1
        return shared

    assert [o.value[0] for o in known.outcomes("double", counts)] == [1, 2, 3]


def test_what_an_answer_does_to_an_input_does_not_reach_the_next(known):
    def spoils(x):
        x += 1
        return x

    first, second = known.outcomes("shared", spoils)
    assert alike(first, second)


def test_wrong_answers_are_listed_by_name(known):
    assert list(known.of("double")) == [
        "square", "in_place", "twin_a", "twin_b", "refuses", "no_lists"]
    assert list(known.of("dou")) == []


# With a right answer at hand


def right(x):
    return np.asarray(x) * 2


@pytest.mark.parametrize(("answer", "name"), [
    (lambda x: np.asarray(x) ** 2.0, "square"),  # floats for ints
    (lambda x: x ** 2, "square"),  # fails on a list
    (lambda x: (np.asarray(x) ** 2).astype(np.float32).astype(float), "square"),  # rounded
    (lambda x: np.asarray(x) ** 2 if np.ndim(x) == 2 else 1 / 0, None),  # on too few inputs
    (lambda x: np.asarray(x) * 2.0, None),  # right but for its kind
    (lambda x: x * 2 if isinstance(x, np.ndarray) else 1 / 0, None),  # right where it returns
    (lambda x: np.asarray(x) + 1.0, None),  # still two matches
    (lambda x: 1 / 0, None),
])
def test_values_are_compared_where_there_are_some(known, answer, name):
    assert known.diagnose("double", answer) is None
    assert getattr(known.diagnose("double", answer, right), "name", None) == name


LOOSE = '''\
import numpy as np


def inputs_sign(rng):
    yield (np.array([-1.5, 0.0, 2.0]),)
    yield ([-1.0, 0.0],)
    yield (np.float64(0.0),)
    yield (np.array([[0.5], [-0.5]]),)


def sign__strict(z):
    """Zero is on the wrong side."""
    return np.where(np.asarray(z) > 0, 1.0, 0.0), "said"
'''
RELATIVES = {
    "booleans": "return np.where(np.asarray(z) > 0, True, False), 'said'",
    "raises": "return (z > 0) * 1.0, 'said'",
    "in_place": "if isinstance(z, np.ndarray): z[...] = z > 0; return z, 'said'\n"
                "    return np.where(np.asarray(z) > 0, 1.0, 0.0), 'said'",
    "number": "return 5 if isinstance(z, list) else (np.where(z > 0, 1.0, 0.0), 'said')",
    "nested": "return ([1.0] if isinstance(z, list) else np.where(z > 0, 1.0, 0.0)), 'said'",
    "text": "return 'said' if isinstance(z, list) else (np.where(z > 0, 1.0, 0.0), 'said')",
}


@pytest.fixture
def family(tmp_path):
    """Makes a module with `strict`, if it is wanted, and relatives that have its values."""
    def make(*labels, plain=True):
        text = LOOSE if plain else LOOSE[:LOOSE.index("def sign__strict")]
        for label in labels:
            text += f'\n\ndef sign__{label}(z):\n    """A relative."""\n    {RELATIVES[label]}\n'
        (tmp_path / "family.py").write_text(text)
        return Misconceptions(tmp_path / "family.py")
    return make


def right_sign(z):
    return np.where(np.asarray(z) >= 0, 1.0, 0.0), "said"


def strict_ints(z):
    """A wrong answer that none is alike to the letter: ints, and no lists."""
    return (z > 0) * 1, "said"


def named(known, answer):
    found = known.diagnose("sign", answer, right_sign)
    return found and found.name


@pytest.mark.parametrize("labels", [[], *[[label] for label in RELATIVES], list(RELATIVES)],
                         ids=" ".join)
def test_of_those_with_the_same_values_the_plainest_is_named(family, labels):
    assert named(family(*labels), strict_ints) == "strict"


def test_one_that_is_not_plain_is_named_when_it_is_the_only_one(family):
    assert named(family("booleans", plain=False), strict_ints) == "booleans"
    assert named(family("booleans", "raises", plain=False), strict_ints) is None


def test_what_is_alike_to_the_letter_comes_before_the_plainest(family):
    def booleans(z):
        return np.asarray(np.asarray(z) > 0), "said"

    assert named(family("booleans"), booleans) == "booleans"


def test_values_are_seen_on_most_inputs_or_nothing_is_said(family):
    def on_arrays_only(z):
        return (z > 0) * 1 if z.ndim else 1 / 0, "said"

    assert named(family(), on_arrays_only) is None


def test_nothing_returned_is_not_what_raises(family):
    def nothing_for_lists(z):
        return None if isinstance(z, list) else ((z > 0) * 1, "said")

    assert named(family("raises"), nothing_for_lists) is None


def test_what_is_alike_to_the_letter_needs_no_second_look(known):
    assert known.diagnose("double", np.square, right).name == "square"
    assert known.diagnose("double", right, right) is None


VALUES = [1, 1.5, True, "a", None, np.ones(2), np.ones((2, 1)), np.ones(2, dtype=int),
          np.array([True, False]), np.array([1j, 0]), [1, 2], [1, 2, 3], [1, [2]],
          {"W": np.ones(1)}, {"b": np.ones(1)}, {"W": np.zeros(1)}, float("nan"),
          float("inf"), -1.5, "b",
          np.zeros(0), abs]


@pytest.mark.parametrize("a", range(len(VALUES)))
def test_each_value_is_like_itself_and_no_other(a):
    assert [alike(copy.deepcopy(VALUES[a]), value) for value in VALUES] == [
        b == a for b in range(len(VALUES))]


@pytest.mark.parametrize(("a", "b"), [
    (1.0, np.float64(1)), (1, np.int64(1)), (True, np.True_), ((1, 2), [1, 2]),
    (1.0, 1 + 1e-11), (np.float32(1), 1.0), (abs, max),
    (np.random.default_rng(1), np.random.default_rng(2)),
    (np.ones((2, 3)).T, np.ones((3, 2)))])
def test_some_differences_do_not_matter(a, b):
    assert alike(a, b)
    assert alike(b, a)


@pytest.mark.parametrize(("a", "b"), [
    (1.0, 1 + 1e-7), (1.0, np.ones(1)), (np.ones(2), [1.0, 1.0]), (None, 0), ({1}, {1}),
    (1j, 1j), (np.array(["a"]), np.array(["a"])), (np.array([None]), np.array([None]))])
def test_in_doubt_values_are_not_alike(a, b):
    assert not alike(a, b)
    assert not alike(b, a)


REFUSING = '''\
def inputs_root(rng):
    yield from ((4.0,), (9.0,), (-1.0,), (0.25,), (-4.0,))


def root__half(x):
    """It halves."""
    if x < 0:
        raise ValueError
    return x / 2
'''


@pytest.mark.parametrize(("answer", "name"), [
    (lambda x: x / 2, "half"),
    (lambda x: x / 2 if x < 0 else x ** 0.5, None),  # right but for what it ought to refuse
    (lambda x: x / 3, None),
], ids=["half", "root", "third"])
def test_what_ought_to_be_refused_and_is_not_is_a_slip_of_its_own(tmp_path, answer, name):
    def right(x):
        if x < 0:
            raise ValueError
        return x ** 0.5

    (tmp_path / "refusing.py").write_text(REFUSING)
    found = Misconceptions(tmp_path / "refusing.py").diagnose("root", answer, right)
    assert (found and found.name) == name
