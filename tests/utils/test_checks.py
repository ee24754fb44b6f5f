"""A test cell's checks: each runs, each says what it found, and none costs a right answer."""

import contextlib
import linecache
import sys
import warnings

import numpy as np
import pytest

from utils.checks import PRINTED, CheckFailed, Checks, unfinished


def outcome(block, visible=1):
    """What one check of exercise `f` comes to, whose body is block(check)."""
    check = Checks("f", points=1, visible=visible)
    with check("label"):
        block(check)
    (only,) = check.outcomes
    return only


def stub(*arguments):
    raise NotImplementedError


def leave(*arguments):
    sys.exit(3)


def adds(x, y):
    return x + y


def divide(*arguments):
    return 1 / 0


@pytest.fixture
def _restored():
    """NumPy's error state, the warning filters and the random state as they were."""
    state = np.random.get_state()  # noqa: NPY002
    with warnings.catch_warnings(), np.errstate():
        yield
    np.random.set_state(state)  # noqa: NPY002


@pytest.fixture
def _impatient(monkeypatch):
    """A check may take a tenth of a second, and after the first that takes longer still less."""
    monkeypatch.setattr("utils.checks.SECONDS", 0.1)
    monkeypatch.setattr("utils.checks.SECONDS_AFTER_TIMEOUT", 0.05)


# Which checks run, and what they are worth


def test_every_check_runs_whatever_happened_to_those_before():
    check = Checks("f", points=6, visible=6)
    for call in (divide, leave, stub, lambda: 2, lambda: None, lambda: 1):
        with check("is 1"):
            check.equal(call(), 1)
    assert [o.error for o in check.outcomes] == [
        "raised", "raised", "missing", "failed", "failed", None]
    assert check.result() == 1.0


@pytest.mark.parametrize(("points", "weights", "passed", "score"), [
    (2, [1, 1], [True, False], 1.0),
    (1, [1, 1, 1], [True, False, False], 0.33),
    (1, [1, 1, 1], [True, True, True], 1.0),
    (3, [4, 1, 1], [True, False, False], 2.0),
    (3, [4, 1, 1], [False, True, True], 1.0),
    (2.5, [1, 1], [True, True], 2.5),
    (2, [0, 1], [False, True], 2.0),
    (2, [1], [False], 0.0),
])
def test_each_check_counts_by_its_weight(points, weights, passed, score):
    check = Checks("f", points=points, visible=len(weights))
    for weight, right in zip(weights, passed, strict=True):
        with check("label", weight=weight):
            check.true(right, "no")
    assert check.result() == score


def test_a_check_weighs_1_and_none_is_hidden_where_nothing_is_said():
    check = Checks("f", points=3, visible=2)
    with check("plain"):
        pass
    with check("heavy", weight=2.0):
        check.true(False, "no")
    assert check.result() == 1.0
    assert check.result().headline == "f: 1 of 2 checks here pass."


def test_the_checks_behind_the_visible_ones_are_hidden():
    check = Checks("f", points=1, visible=2, hidden=1)
    for label in "abc":
        with check(label):
            pass
    assert [(o.label, o.hidden) for o in check.outcomes] == [
        ("a", False), ("b", False), ("c", True)]


def test_who_interrupts_a_check_is_heard():
    with pytest.raises(KeyboardInterrupt):
        outcome(lambda check: (_ for _ in ()).throw(KeyboardInterrupt))


def endless(*arguments):
    while True:
        pass


@pytest.mark.usefixtures("_impatient")
def test_an_endless_loop_costs_its_check_and_those_after_it_are_not_waited_for_long():
    check = Checks("f", points=4, visible=4)
    for call in (abs, endless, endless, abs):
        with check("is 1"):
            check.equal(check.call(call, -1), 1)
    assert [o.error for o in check.outcomes] == [None, "timeout", "timeout", None]
    assert check.result() == 2.0
    assert [o.message for o in check.outcomes[1:3]] == [
        "`f` was still running after 0.1 s. Is there a loop that never ends?",
        "`f` was still running after 0.05 s. Is there a loop that never ends?"]


@pytest.mark.usefixtures("_impatient")
def test_the_loop_that_never_ends_is_shown():
    f = known_to_tracebacks("<answer>", "def f(x):\n    while True: x = x + 1")["f"]
    assert outcome(lambda check: check.call(f, 1)).message == (
        "`f` was still running after 0.1 s, at `while True: x = x + 1` in `f`. "
        "Is there a loop that never ends?")


@pytest.mark.usefixtures("_impatient")
def test_an_answer_that_swallows_everything_ends_too():
    def f():
        while True:
            with contextlib.suppress(BaseException):
                endless()

    assert outcome(lambda check: check.call(f)).error == "timeout"


# What a failed check says


def test_an_answer_that_was_never_run_is_missing():
    found = outcome(lambda check: eval("f(1)", {}))
    assert found.error == "missing"
    assert found.message == ("`f` is not defined. Run the cell with your answer first, and "
                             "see that its function has this name.")


def test_another_unknown_name_is_the_answers_own_mistake():
    found = outcome(lambda check: check.call(lambda: eval("numpi", {})))
    assert found.error == "raised"
    assert "NameError: name 'numpi' is not defined" in found.message


def test_a_blank_answer_is_unfinished():
    found = outcome(lambda check: check.call(stub, 1.0))
    assert (found.error, found.message) == ("missing", "`f` is not finished yet.")


UNFINISHED = """\
Traceback (most recent call last):
  File "/course/autograder/sandbox/worker.py", line 9, in answer
    return f(*arguments)
  File "/tmp/<ipython-input-3-0a1b>", line 2, in f
    return g(x)
  File "/tmp/<ipython-input-2-0a1b>", line 2, in {}
    raise NotImplementedError
NotImplementedError
"""


@pytest.mark.parametrize(("caller", "says"), [
    ("f", "`f` calls `stub`, which is not finished yet."), ("g", "`f` is not finished yet.")])
def test_another_exercise_that_is_blank_is_named(caller, says):
    namespace = known_to_tracebacks("<answer>", f"def {caller}(x):\n    stub(x)", stub=stub)
    found = outcome(lambda check: check.call(namespace[caller], 1.0))
    assert (found.error, found.message) == ("missing", says)


@pytest.mark.parametrize(("raised_in", "says"), [
    ("g", "`f` calls `g`, which is not finished yet."), ("f", "`f` is not finished yet.")])
def test_another_exercise_that_is_blank_is_named_from_another_process(raised_in, says):
    def call():
        error = NotImplementedError()
        error.remote_traceback = UNFINISHED.format(raised_in)
        raise error

    assert outcome(lambda check: check.call(call)).message == says


@pytest.mark.parametrize("got", [None, "1", object(), {1: 1}, np.array(["1"]), [1, [2], 3], stub])
def test_no_kind_of_result_ends_a_check(got):
    for compare in ("close", "equal"):
        found = outcome(lambda check, compare=compare: getattr(check, compare)(got, 1.0))
        assert found.error == "failed"
    for found in (outcome(lambda check: check.floats(got, ())),
                  outcome(lambda check: check.parts(got, "W", "b")),
                  outcome(lambda check: check.letter(got, right="a"))):
        assert found.error == "failed"
        assert found.message


@pytest.mark.parametrize(("answer", "called"), [(None, "NoneType"), (7, "int")])
def test_an_answer_that_is_no_function_is_told(answer, called):
    found = outcome(lambda check: check.call(answer, 1.0))
    assert found.error == "raised"
    assert f"'{called}' object is not callable" in found.message
    of_each = outcome(lambda check: [*check.each(answer, [(1.0,)])])
    assert (of_each.error, of_each.message) == (found.error, found.message)


def test_the_message_names_the_call():
    found = outcome(lambda check: check.close(check.call(adds, np.ones(2), 3), [9, 9]))
    assert found.message == "f([1., 1.], 3): expected [9., 9.], got [4., 4.]."


def test_of_several_cases_the_message_names_the_one_that_fails_and_none_is_called_after_it():
    called = []

    def f(x, y):
        called.append((x, y))
        return x + y

    def compare(check):
        for (x, y), got in check.each(f, [(1.0, 2), (3.0, 4), (5.0, 6)]):
            check.close(got, x + y if x < 3 else 0)

    assert outcome(compare).message == "f(3, 4): expected 0, got 7."
    assert called == [(1.0, 2), (3.0, 4)]


def test_of_several_cases_each_gets_its_arguments_as_they_were():
    def in_place(x):
        x += 1
        return x

    x = np.zeros(2)

    def compare(check):
        for _, got in check.each(in_place, [(x,), (x,)]):
            check.close(got, [1, 1])

    assert outcome(compare).message == ""
    assert not x.any()


def test_of_several_cases_the_one_that_raises_is_named():
    def f(x):
        return 1 / (x - 2)

    found = outcome(lambda check: [*check.each(f, [(1,), (2,)])])
    assert found.message.startswith("f(2) raised ZeroDivisionError")


def acts(x, act):
    return act(x)


def _bent(z):
    return z


@pytest.mark.parametrize(("act", "shown"), [
    (_bent, "act=a function"), (lambda z: z, "act=a function"), (np.tanh, "np.tanh")])
def test_a_function_in_the_call_is_named_where_a_student_can_know_it(act, shown):
    found = outcome(lambda check: check.close(check.call(acts, 1.0, act), 9.0))
    assert found.message.startswith(f"f(1, {shown}): expected 9")


def test_a_function_given_to_what_keeps_its_parameters_to_itself_is_a_function():
    found = outcome(lambda check: check.true(check.call(map, _bent, [1]) is None, "no."))
    assert found.message == "f(a function, [1]): no."


@pytest.mark.parametrize(("fail", "fault"), [
    (lambda check, x: check.close(check.call(adds, x, 1.0), np.ones((5, 5))),
     "expected shape (#, #), got (#,): an axis was summed or dropped."),
    (lambda check, x: check.call(divide, x), "ZeroDivisionError, at `return 1 / 0` in `divide`"),
])
def test_one_mistake_has_one_fault_whatever_the_call(fail, fault):
    check = Checks("f", points=1, visible=1)
    # The functions of this file count as a student's: the test cell is another file.
    known_to_tracebacks("<tests>", "with check('label'):\n    fail(check, x)",
                        check=check, fail=fail, x=np.ones(5))
    assert check.outcomes[0].fault == fault


def test_different_values_are_different_faults():
    first, second = (outcome(lambda check, got=got: check.equal(got, 3)) for got in (1, 2))
    assert first.fault != second.fault


def test_the_message_names_no_call_of_an_earlier_check():
    check = Checks("f", points=1, visible=2)
    with check("first"):
        check.call(abs, -1)
    with check("second"):
        check.true(False, "say this.")
    assert check.outcomes[1].message == "Say this."


@pytest.mark.parametrize(("call", "text"), [
    (lambda check: check.call(divide, 1.5), "f(1.5) raised ZeroDivisionError: division by zero"),
    (lambda check: check.unchanged(divide, 1.5), "f(1.5) raised ZeroDivisionError"),
    (lambda check: check.raises(ValueError, divide, 1.5), "f(1.5) raised ZeroDivisionError"),
    (lambda check: check.no_warnings(divide, 1.5), "f(1.5) raised ZeroDivisionError"),
    (lambda check: divide(1.5), "f raised ZeroDivisionError"),
    (lambda check: check.call(leave), "f() raised SystemExit: 3"),
])
def test_what_was_called_and_raised_is_said(call, text):
    found = outcome(call)
    assert found.error == "raised"
    assert found.message.startswith(text)


def raising(message):
    def f():
        raise ValueError(message)
    return f


@pytest.mark.parametrize(("message", "shown"), [
    ("first\nsecond", "f() raised ValueError: first."),
    ("x" * 1000, f"f() raised ValueError: {'x' * 300}."),
    ("", "f() raised ValueError."),
])
def test_a_long_exception_is_cut_to_a_line(message, shown):
    assert outcome(lambda check: check.call(raising(message))).message == shown


def known_to_tracebacks(filename, source, **namespace):
    """Run source as a kernel runs a cell: tracebacks find its lines."""
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    exec(compile(source, filename, "exec"), namespace)
    return namespace


@pytest.mark.parametrize("call", ["check.call(f, secret)", "f(secret)"])
@pytest.mark.parametrize(("answer", "line"), [
    ("def f(g):\n    return 1 / 0  # mine", ", at `return 1 / 0  # mine` in `f`."),
    ("def f(g):\n    return g(0)", ", at `return g(0)` in `f`."),
    ("def f(g):\n    return np.stack([])", ", at `return np.stack([])` in `f`."),  # not NumPy's
    ("def helper(g):\n    return 1 / 0\ndef f(g):\n    return helper(g)",
     ", at `return 1 / 0` in `helper`."),
    ("def f(g):\n    sum(1 / 0 for _ in 'a')", ", at `sum(1 / 0 for _ in 'a')` in `f`."),
    ("f = lambda g: 1 / 0", ", at `f = lambda g: 1 / 0` in a lambda."),
    ("f = None", "."),
    ("def f(g):\n    return 5", "."),
])
def test_the_line_shown_is_the_students_never_the_tests(answer, line, call):
    f = known_to_tracebacks("<answer>", answer, np=np)["f"]
    tests = ('with check("label"):\n'
             '    secret = lambda x: 7 / x\n'
             f'    secret({call} - 5)  # hidden')
    check = Checks("f", points=1, visible=1)
    known_to_tracebacks("<tests>", tests, check=check, f=f)
    message = check.outcomes[0].message
    assert message.split(" None is called")[0].endswith(line)
    assert "secret" not in message
    assert "hidden" not in message


REMOTE = """\
Traceback (most recent call last):
  File "/course/autograder/sandbox/worker.py", line 9, in answer
    return f(*arguments)
  File "/tmp/<ipython-input-3-0a1b>", line 2, in f
    return np.stack(x)  # mine
           ~~~~~~~~^^^
  File "/venv/site-packages/numpy/shape_base.py", line 7, in stack
    raise ValueError("no")
ValueError: no
"""


@pytest.mark.parametrize(("notices", "line"), [
    (REMOTE, ", at `return np.stack(x)  # mine` in `f`."),
    (REMOTE.replace("    return np.stack(x)  # mine\n           ~~~~~~~~^^^\n", ""), "."),
    ("", "."),
])
def test_of_an_exception_from_another_process_the_students_line_is_shown(notices, line):
    def f():
        error = ValueError("no")
        error.remote_traceback = notices
        raise error

    found = outcome(lambda check: check.call(f))
    assert found.message == f"f() raised ValueError: no{line}"


@pytest.mark.parametrize(("block", "got"), [
    (lambda check: check.close([1.0, 2.0], [1.0, 3.0]), [1.0, 2.0]),
    (lambda check: check.close((0, [1.0, 2.0]), (0, [1.0, 3.0]), names=("w", "b")), [1.0, 2.0]),
    (lambda check: check.equal([1, 2], [1, 3]), [1.0, 2.0]),
    (lambda check: check.equal(np.array([1, 2]), (1, 3)), [1.0, 2.0]),
    (lambda check: check.close([1.0], [1.0 + 1e-12]), None),
    (lambda check: check.close([1.0], [1.1], rtol=0.2), None),
    (lambda check: check.close(1.0, 2.0), None),
    (lambda check: check.equal("a", "b"), None),
    (lambda check: check.equal(["a"], ["b"]), None),
    (lambda check: check.true(False, "no"), None),
])
def test_where_arrays_differ_both_go_to_the_card(block, got):
    sides = outcome(block).sides
    assert (sides and sides.got) == got


def test_a_later_failure_keeps_no_arrays_of_an_earlier_one():
    def block(check):
        with contextlib.suppress(CheckFailed):
            check.close([1.0], [2.0])
        check.call(divide)

    assert outcome(block).sides is None


def test_hints_are_offered_for_what_was_tried(monkeypatch):
    monkeypatch.setattr("utils._checks.answer_cell.shell", lambda: object())
    monkeypatch.setattr("utils._checks.answer_cell.unreadable", lambda name: "")
    monkeypatch.setattr("utils._checks.answer_cell.beside_stub", lambda name: "")
    monkeypatch.setattr("utils._cards.hint_card.find", lambda name: (f"of {name}",))
    found = []
    for call in (lambda: 1, lambda: 2, stub, divide):
        check = Checks("f", points=1, visible=1)
        with check("is 1"):
            check.equal(call(), 1)
        found.append(check.result().hints)
    assert found == [(), ("of f",), (), ("of f",)]


# Warnings, prints and standard error


def warns(x):
    warnings.warn("deprecated", UserWarning, stacklevel=1)
    warnings.warn("slow", RuntimeWarning, stacklevel=1)
    return x * 1.0


def divides_by_zero(x):
    _ = np.array([1.0, 0.0]) / np.array([0.0, 0.0]), np.exp(np.array([1e9])), np.log(-x)
    return x * 1.0


def talks(x):
    print("<so far>", x)
    print("trouble", file=sys.stderr)
    return x * 1.0


@pytest.mark.usefixtures("_restored")
@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("f", [warns, divides_by_zero, talks])
def test_warnings_and_prints_cost_nothing_and_show_nowhere(f, strict, capfd):
    if strict:  # as a student may have set them in a cell of their own
        np.seterr(all="raise")
        warnings.simplefilter("error")
    check = Checks("f", points=2, visible=3)
    x = np.array([1.0, 2.0])
    with check("values"):
        check.close(check.call(f, x), x)
    with check("copy"):
        check.new(f(x), x)
    with check("unchanged"):
        check.unchanged(f, x)
    assert check.result() == 2.0
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("_restored")
def test_a_check_leaves_the_students_settings_alone():
    np.seterr(all="raise")
    warnings.simplefilter("error")
    out, err, filters = sys.stdout, sys.stderr, list(warnings.filters)
    outcome(lambda check: check.call(divides_by_zero, np.ones(2)))
    assert set(np.geterr().values()) == {"raise"}
    assert (sys.stdout, sys.stderr, warnings.filters) == (out, err, filters)


def test_what_was_printed_is_kept_up_to_a_limit():
    check = Checks("f", points=1, visible=1)
    with check("label"):
        check.call(talks, 1)
        print("." * 2 * PRINTED)
    printed = check.result().printed
    assert printed.startswith("<so far> 1\ntrouble\n...")
    assert len(printed) == PRINTED


# Arguments and memory


def doubles_in_place(x):
    x *= 2
    return x


@pytest.mark.parametrize("x", [np.array([1.0, 2.0]), np.arange(6.0).reshape(2, 3)[:, ::2]])
def test_working_in_place_costs_one_check_only(x):
    check = Checks("f", points=4, visible=4)
    expected = 2 * x
    with check("values"):
        check.close(check.call(doubles_in_place, x), expected)
    with check("and once more"):
        check.close(check.call(doubles_in_place, x), expected)
    with check("new"):
        check.new(check.call(doubles_in_place, x), x)
    with check("unchanged"):
        check.unchanged(doubles_in_place, x)
    assert [o.passed for o in check.outcomes] == [True, True, True, False]


@pytest.mark.parametrize("wrap", [lambda x: [x], lambda x: (0, [x]), lambda x: {"W": x}])
def test_arrays_inside_an_argument_are_put_back_too(wrap):
    x = np.ones(2)

    def change(argument):
        x[:] = 7

    outcome(lambda check: check.call(change, wrap(x)))
    assert x.tolist() == [1, 1]


def doubles_entries(grads):
    for k in range(len(grads)):
        grads[k] = 2 * grads[k]
    return grads


def drops_the_first(grads):
    return [2 * grads.pop(0), *(2 * g for g in grads)]


def takes_out(grads):
    found = {"g": 2 * grads[0]}
    found.update(zip("hij", (2 * g for g in grads[1:]), strict=False))
    grads.clear()
    return list(found.values())


@pytest.mark.parametrize("f", [doubles_entries, drops_the_first, takes_out])
def test_a_list_that_is_changed_costs_one_check_only(f):
    check, grads = Checks("f", points=3, visible=3), [np.ones(2), np.full((2, 1), 3.0)]
    with check("values"):
        for got, g in zip(check.call(f, grads), grads, strict=True):
            check.close(got, 2 * g)
    with check("unchanged"):
        check.unchanged(f, grads)
    assert [o.passed for o in check.outcomes] == [True, False]


def test_a_dict_that_is_changed_is_put_back():
    state = {"mean": np.zeros(2), "seen": [1]}

    def f(state):
        state["seen"].append(2)
        state["new"] = state.pop("mean") + 1
        return state

    got = []
    outcome(lambda check: got.append(check.call(f, state)))
    assert (list(state), state["mean"].tolist(), state["seen"]) == (["mean", "seen"], [0, 0], [1])
    assert (list(got[0]), got[0]["new"].tolist(), got[0]["seen"]) == (["seen", "new"], [1, 1],
                                                                     [1, 2])


@pytest.mark.parametrize(("f", "passes"), [
    (lambda x: x, False),
    (lambda x: x[1:], False),
    (lambda x: (1, x.T), False),
    (lambda x: {"W": [x[None]]}, False),
    (lambda x: x.copy(), True),
    (lambda x: [float(v) for v in x], True),
    (lambda x: 3.0, True),
])
def test_new_tells_a_part_of_an_argument_from_a_new_array(f, passes):
    x = np.arange(3.0)
    found = outcome(lambda check: check.new(check.call(f, x), x))
    assert found.passed == passes
    assert ("Return a new array" in found.message) != passes


def change_list(x, y):
    y[0].append(1)


def change_dict(x, y):
    y["W"][0] = 5


def change_list_of_arrays(x, y):
    y[1][1][2, 2:] = 5


def change_rows(x, y):
    y[3:] = -2


def same_values_other_type(x, y):
    y[:] = [float(entry) for entry in y]


@pytest.mark.parametrize(("f", "y", "says"), [
    (doubles_in_place, None, "`x` was [1., 2.] before the call and is [2., 4.] after it."),
    (doubles_in_place, None, "f([1., 2.]): `x`"),  # the call as it was made
    (change_list, [[0]],
     "f([1., 2.], [[0]]): `y` was [[0]] before the call and is [[0, 1]] after it."),
    (change_dict, {"W": np.zeros(2)},
     "`y` was [0., 0.] at index 'W' before the call and is [5., 0.] after it."),
    (change_list_of_arrays, [np.zeros(2), (np.eye(3), np.eye(3))],
     "`y` was 1 at index 1, 1, (2, 2) before the call and is 5 after it."),
    (change_rows, np.r_[np.nan, np.ones(19)].reshape(5, 4),
     "`y` was 1 at index (3, 0) before the call and is -2 after it."),
    (same_values_other_type, [1, 2],
     "`y` was 1 (int) at index 0 before the call and is 1 (float) after it."),
    (lambda x, y: np.random.rand(), 0, "NumPy's global random state"),  # noqa: NPY002
    (lambda x, y: np.random.seed(5), 0, "NumPy's global random state"),  # noqa: NPY002
])
@pytest.mark.usefixtures("_restored")
def test_unchanged_names_what_changed(f, y, says):
    arguments = (np.array([1.0, 2.0]),) if y is None else (np.array([1.0, 2.0]), y)
    found = outcome(lambda check: check.unchanged(f, *arguments))
    assert found.error == "failed"
    assert says in found.message


@pytest.mark.parametrize("argument", [
    np.array([np.nan, np.inf, -0.0]), float("nan"), [1, (2.0, "a")], None, abs,
    {"W": np.ones(2)}, np.random.default_rng(0)], ids=lambda value: type(value).__name__)
def test_unchanged_passes_what_stayed_as_it_was(argument):
    def f(x):
        if isinstance(x, np.random.Generator):
            x.normal()  # drawing from it is what it is for

    assert outcome(lambda check: check.unchanged(f, argument)).passed


# The other comparisons


def test_comparisons_pass_what_is_right():
    def block(check):
        check.close([1, 2], np.array([1.0, 2.0 + 1e-10]))
        check.close(0.5, 0.4, atol=0.2)
        check.close(11.0, 10.0, rtol=0.2)
        check.equal([1, True, "a"], [1, True, "a"])
        check.floats(np.zeros((2, 3)), (2, 3))
        check.true(np.True_, "no")
        check.raises(ValueError, raising("no"))
        check.raises(Exception, raising("no"))
        check.letter(" B ", right="b")
        assert check.parts((1, 2), "W", "b") == (1, 2)
        assert check.no_warnings(warns_of_nothing, 4) == 4
    found = outcome(block)
    assert found.passed, found.message


def warns_of_nothing(x):
    warnings.warn("old-fashioned", DeprecationWarning, stacklevel=1)
    with np.errstate(all="ignore"):
        np.array([1.0]) / 0
    return x


@pytest.mark.parametrize(("block", "says"), [
    (lambda check: check.raises(ValueError, abs, -2), "f(-2): expected a ValueError, but it "
                                                      "returned 2."),
    (lambda check: check.no_warnings(divides_by_zero, np.ones(1)), "f([1.]): it warned: "),
    (lambda check: check.no_warnings(lambda: np.log(0.0)), "it warned: divide by zero"),
    (lambda check: check.close([1.0], [2.0]), "Expected [2.], got [1.]."),
    (lambda check: check.close((1.0, 2.0), (1.0, 3.0), names=("w", "b")), "In b, expected 3"),
    (lambda check: check.equal(1, True), "Expected True (bool), got 1 (int)."),
    (lambda check: check.floats(1, ()), "Expected a float, got an int."),
    (lambda check: check.parts([1], "w", "b"), "Expected the 2 values (w, b), got 1."),
])
def test_comparisons_say_what_is_wrong(block, says):
    found = outcome(block)
    assert found.error == "failed"
    assert says in found.message


@pytest.mark.usefixtures("_restored")
def test_a_warning_is_seen_whatever_the_student_set():
    np.seterr(all="ignore")
    warnings.simplefilter("ignore")
    assert not outcome(lambda check: check.no_warnings(lambda: np.log(np.zeros(1)))).passed


WHY = {"a": "A is too small.", "b": "", "c": "C is too large."}


@pytest.mark.parametrize(("got", "says"), [
    ("a", "You chose a. A is too small."),
    ("C", "You chose c. C is too large."),
    ("d", 'Return one letter of a, b, c, for example "a".'),
    ("ab", "Return one letter"),
    ("", "Return one letter"),
    (None, "Return one letter"),
    (1, "Return one letter"),
])
def test_a_wrong_letter_is_explained(got, says):
    assert outcome(lambda check: check.letter(got, right="b", why=WHY)).message.startswith(says)


def test_without_the_right_letter_only_the_form_is_checked():
    for letter in "abcd":
        assert outcome(lambda check, letter=letter: check.letter(letter)).passed
    assert not outcome(lambda check: check.letter("e")).passed


# What waits for an answer


def test_unfinished_puts_a_note_in_place_of_the_result(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda thing: shown.append(thing.data))
    with unfinished():
        stub(1)
    assert len(shown) == 1
    assert "<code>stub</code>" in shown[0]


def test_unfinished_keeps_other_exceptions():
    with pytest.raises(ZeroDivisionError), unfinished():
        divide()
