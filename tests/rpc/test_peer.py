# ruff: noqa: NPY002  # the old functions are what some of these tests are about
"""Two peers in two processes: calls with keywords, deadlines, and the global generator."""

import contextlib
import copy
import os
import socket
import time

import numpy as np
import pytest

from autograder.rpc import plain_types
from autograder.rpc.array_memory import Refused
from autograder.rpc.channel import Channel, Gone, Late
from autograder.rpc.peer import Peer
from autograder.rpc.rng_state import GlobalGenerator
from utils._checks import time_limit

SOON = 0.3  # seconds until a deadline


@contextlib.contextmanager
def student(*functions, types=plain_types.ALL, leaves_no_trace=False):
    """Proxies of functions that run in another process, and the peer that calls them."""
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        try:
            ours.close()
            peer = Peer(Channel(theirs), is_student=True, global_generator=GlobalGenerator())
            for function in functions:
                peer.callables.export(function)
            while True:
                _, data = peer.channel.receive()
                peer.serve(data)
        finally:
            os._exit(0)
    theirs.close()
    peer = Peer(Channel(ours, lambda: None), types=types, leaves_no_trace=leaves_no_trace)
    try:
        yield peer, *(peer.callables.resolve(number) for number in range(len(functions)))
    finally:
        peer.channel.close()
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, 9)
        os.waitpid(pid, 0)


def test_a_function_of_the_other_end_is_copied_like_any_function():
    with student(lambda: lambda x: x + 1) as (_, remote):
        for one in (copy.deepcopy(remote)(), copy.deepcopy({"result": remote()})["result"]):
            assert one(1) == 2


# ---- Keywords


def test_a_call_takes_keywords():
    def f(a, b=2, *, self=3, **others):
        return a, b, self, others

    with student(f) as (_, remote):
        for arguments, keywords in (((1,), {}), ((1,), {"b": 5}), ((), {"a": 1, "self": 7}),
                                    ((1, 2), {"σ": [1], "number": None, "value": 2.5})):
            assert remote(*arguments, **keywords) == f(*arguments, **keywords)
        with pytest.raises(TypeError, match=r"unexpected|positional|missing|multiple"):
            remote(1, a=2)


def test_what_is_changed_of_a_keyword_argument_is_changed_here():
    def f(x, *, table, rng):
        table["sum"] = x.sum()
        table["x"][0] = 9
        return rng.normal(), table

    x, rng = np.arange(3.0), np.random.default_rng(1)
    table = {"x": x}
    with student(f) as (_, remote):
        number, same = remote(x, table=table, rng=rng)
    assert same is table
    assert table["sum"] == 3
    assert x.tolist() == [9, 1, 2]
    again = np.random.default_rng(1)
    assert number == again.normal()
    assert rng.normal() == again.normal()


def test_keywords_go_the_other_way_too():
    def model(x, *, scale, log):
        log.append(scale)
        return scale * x

    def f(g):
        log = []
        return g(np.ones(2), scale=3, log=log), log

    with student(f) as (_, remote):
        result, log = remote(model)
    assert result.tolist() == [3, 3]
    assert log == [3]


def test_a_keyword_that_is_no_plain_value_is_refused():
    def f(**keywords):
        return keywords

    with student(f) as (_, remote), pytest.raises(Refused, match="value of type object"):
        remote(a=object())


# ---- Deadlines


def loop():
    while True:
        pass


@pytest.mark.parametrize("off", [False, True])
def test_code_of_this_end_that_is_called_back_ends_at_the_deadline(off):
    with student(lambda f: f()) as (peer, remote):
        began = time.monotonic()
        peer.channel.deadline = began + SOON
        with time_limit.off() if off else contextlib.nullcontext(), pytest.raises(Late):
            remote(loop)
        assert SOON <= time.monotonic() - began < 10 * SOON


def test_the_deadline_holds_for_calls_inside_of_calls():
    def f(g, n):
        return g(f, n - 1) if n else g(None, 0)

    def g(f, n):
        return f(g, n) if f else loop()

    with student(f) as (peer, remote):
        peer.channel.deadline = time.monotonic() + SOON
        with pytest.raises(Late):
            remote(g, 3)


def test_code_that_swallows_exceptions_ends_all_the_same():
    def stubborn():
        while True:
            with contextlib.suppress(Exception):
                loop()

    with student(lambda f: f()) as (peer, remote):
        peer.channel.deadline = time.monotonic() + SOON
        with pytest.raises(Late):
            remote(stubborn)


def test_no_call_is_served_after_the_deadline():
    called = []
    with student(lambda f: time.sleep(2 * SOON) or f()) as (peer, remote):
        peer.channel.deadline = time.monotonic() + SOON
        with pytest.raises(Late):
            remote(lambda: called.append(1))
    assert not called


def test_no_second_call_is_served_after_the_deadline():
    called = []

    def late():
        called.append("first")
        peer.channel.deadline = time.monotonic() - 1

    with student(lambda f, g: (f(), g())) as (peer, remote):
        peer.channel.deadline = time.monotonic() + 100
        with pytest.raises(Late):
            remote(late, lambda: called.append("second"))
    assert called == ["first"]


def test_a_quick_callback_leaves_no_alarm():
    with student(lambda f: f()) as (peer, remote):
        peer.channel.deadline = time.monotonic() + SOON
        assert remote(lambda: 3) == 3
        time.sleep(1.5 * SOON)


def test_an_end_that_is_gone_is_said_to_be():
    with student(lambda: os._exit(1)) as (_, remote), pytest.raises(Gone):
        remote()


# ---- NumPy's global generator


def moves_global_state(call):
    before = np.random.get_state()[1:3]
    call()
    return not all(map(np.array_equal, before, np.random.get_state()[1:3]))


def draw():
    return np.random.normal()


def seed():
    np.random.seed(0)


def replace():
    np.random.set_bit_generator(np.random.PCG64(1))


@pytest.mark.parametrize("function", [draw, seed, replace, lambda: np.random.shuffle([1, 2])])
def test_the_use_of_the_global_generator_shows_here(function):
    with student(lambda use: function() if use else None, np.add) as (_, remote, add):
        for _ in range(3):
            assert not moves_global_state(lambda: remote(False))
            assert moves_global_state(lambda: remote(True))
            assert not moves_global_state(lambda: add(1, 2))


def test_a_callback_leaves_the_global_generator_of_this_end_alone():
    with student(lambda f: f(1)) as (_, remote):
        assert not moves_global_state(lambda: remote(abs))
        assert moves_global_state(lambda: remote(lambda _: draw()))


def test_the_first_draw_from_a_seeded_global_generator_is_the_local_one():
    np.random.seed(5)
    state = np.random.get_state()
    with student(draw) as (_, remote):
        number = remote()
    np.random.set_state(state)
    assert number == draw()


# ---- Random generators


def spawned(rng):
    """Draws of children, of their children, and of the generator itself."""
    first, second = rng.spawn(2)
    return first.integers(99), second.spawn(1)[0].integers(99), rng.integers(99)


@pytest.mark.parametrize("make", [
    np.random.default_rng, lambda s: np.random.Generator(np.random.MT19937(s)),
    lambda s: np.random.Generator(np.random.Philox(s)),
    lambda s: np.random.Generator(np.random.SFC64(s)),
    lambda s: np.random.Generator(np.random.PCG64DXSM(s))],
    ids=["PCG64", "MT19937", "Philox", "SFC64", "PCG64DXSM"])
@pytest.mark.parametrize("entropy", [
    7, 2**128, [1, 2**40, 3], np.random.SeedSequence(3, spawn_key=(4, 1), pool_size=8)],
    ids=["int", "large int", "list", "sequence"])
def test_a_generator_spawns_as_a_local_one(make, entropy):
    def again():
        if isinstance(entropy, np.random.SeedSequence):
            return make(np.random.SeedSequence(**entropy.state))
        return make(entropy)

    local, here = again(), again()
    with student(spawned, lambda rng: rng) as (_, remote, same):
        for _ in range(3):
            assert remote(here) == spawned(local)
        assert same(here) is here
        assert remote(here.spawn(1)[0]) == spawned(local.spawn(1)[0])
    assert spawned(here) == spawned(local)


def test_a_new_generator_spawns_as_it_would_at_the_other_end():
    with student(lambda: np.random.default_rng(4).spawn(2)[1]) as (_, remote):
        child = remote()
    assert spawned(child) == spawned(np.random.default_rng(4).spawn(2)[1])


def test_a_generator_that_cannot_spawn_cannot_do_so_at_the_other_end():
    np.random.seed(1)
    rng = np.random.Generator(np.random.get_bit_generator())  # seeded in the old way
    with student(lambda rng: rng.spawn(1)) as (_, remote):
        for function in (lambda rng: rng.spawn(1), remote):
            with pytest.raises(TypeError, match="spawn"):
                function(rng)


def test_it_is_enough_that_the_grader_knows_which_types_may_cross():
    types = plain_types.choose(plain_types.ALL - {"set"})
    with student(lambda f: f({1}) if f else {1}, types=types) as (_, remote):
        with pytest.raises(TypeError, match="The result holds a value of type set; use plain"):
            remote(None)
        with pytest.raises(TypeError, match="An argument holds a value of type set; use plain"):
            remote(len)


# ---- Recursion


def test_recursion_ends_between_two_messages_and_never_within_one():
    def walk(f, number, frames):
        return walk(f, number, frames - 1) if frames else walk(f, f(number), 0)

    with student(walk, lambda number: number + 1) as (_, remote, more):
        for frames in range(40):  # so that it ends at another place of a call each time
            with pytest.raises(RecursionError):
                remote(lambda number: number + 1, 0, frames)
            assert more(frames) == frames + 1


# ---- Calls that are sent ahead


def numbered():
    """A function that says how many calls there were before, and one that adds to them."""
    calls = []

    def f(x):
        calls.append(x)
        print(x)
        return len(calls) - 1

    return f, lambda: len(calls)


@pytest.mark.parametrize("ahead", [False, True])
def test_results_come_in_the_order_of_the_cases_with_what_was_printed(ahead, capsys):
    with student(numbered()[0], leaves_no_trace=ahead) as (_, remote):
        for number, run in enumerate(remote.ahead([(10 * k,) for k in range(30)])):
            assert run() == number
            assert capsys.readouterr().out == f"{10 * number}\n"


def test_only_what_leaves_no_trace_is_called_before_its_result_is_asked_for():
    for ahead in (False, True):
        with student(*numbered(), leaves_no_trace=ahead) as (_, remote, count):
            runs = remote.ahead([(k,) for k in range(5)])
            assert next(runs)() == 0
            assert count() == (5 if ahead else 1)


def test_other_calls_may_come_between():
    with student(lambda x: 2 * x, lambda f, x: f(x), leaves_no_trace=True) as (_, twice, asks):
        for (k,), run in zip(cases := [(k,) for k in range(20)], twice.ahead(cases), strict=True):
            assert asks(lambda x: x + 1, k) == k + 1
            if k % 3:  # and some results are never asked for
                assert run() == 2 * k
        assert twice(4) == 8


def test_a_function_and_what_is_large_wait_for_their_turn():
    cases = [(1,), (np.ones(10**6),), (lambda: 3,), (2,), (object(),), (5,)]
    with student(lambda x: x() if callable(x) else np.sum(x), leaves_no_trace=True) as (_, remote):
        runs = [run for _, run in zip(cases, remote.ahead(cases), strict=True)]
        assert [run() for run in runs[:4]] == [1, 10**6, 3, 2]
        with pytest.raises(Refused, match="object"):
            runs[4]()
        assert runs[5]() == 5


def test_errors_come_where_their_results_are_asked_for():
    with student(lambda x: 1 / x, leaves_no_trace=True) as (_, remote):
        first, second, third = remote.ahead([(1,), (0,), (2,)])
        assert first() == 1
        with pytest.raises(ZeroDivisionError):
            second()
        assert third() == 0.5


def test_a_call_ahead_that_never_ends_ends_at_the_deadline():
    def f(x):
        while x:
            pass

    with student(f, leaves_no_trace=True) as (peer, remote):
        first, _ = remote.ahead([(0,), (1,)])
        assert first() is None
        peer.channel.deadline = time.monotonic() + SOON
        with pytest.raises(Late):
            peer.settle()
