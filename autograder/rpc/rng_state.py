"""Random generators as their state, and whether NumPy's global generator was used."""

import copy
from typing import Any

import numpy as np

from autograder.rpc.array_memory import Refused

# How a generator spawns: entropy, spawn key, pool size, number of children spawned so far. None
# where it can't spawn.
Seed = tuple[int | tuple[int, ...], tuple[int, ...], int, int] | None

_BIT_GENERATORS = {kind.__name__: kind for kind in (
    np.random.PCG64, np.random.PCG64DXSM, np.random.MT19937, np.random.Philox, np.random.SFC64)}
# NumPy believes what it is given: a position outside its table reads foreign memory.
_MOST = {"pos": 624, "buffer_pos": 4, "has_uint32": 1, "uinteger": 2**32 - 1}
_WORD = 16  # bytes of an int of a state
_random: Any = np.random  # older versions have no types for its functions on bit generators
_MAX_POOL = 64  # words; the time to make a seed sequence grows with the square of them


def pack(generator: np.random.Generator, what: str) -> tuple[str, bytes, Seed]:
    """The name of the bit generator, its state, and how it spawns. Raises Refused."""
    kind = type(generator.bit_generator)
    name = next((name for name, known in _BIT_GENERATORS.items() if known is kind), None)
    if name is None:
        raise Refused(f"{what} holds a random generator of an unknown kind; use "
                      "`np.random.default_rng`.")
    return name, _words(dict(generator.bit_generator.state)), _seed(generator)


def unpack(name: str, data: memoryview, seed: Seed) -> np.random.Generator:
    """A generator that draws and spawns as the packed one does.

    Raises ValueError, KeyError or TypeError for anything that `pack` doesn't give, and for the
    states from which NumPy would not go on drawing.
    """
    bits: Any = _BIT_GENERATORS[name](0)
    state: Any = bits.state
    if _fill(state, data) != len(data):
        raise ValueError("state")
    # From these two states every draw is the same, and a draw from a range never ends.
    if name.startswith("PCG64") and state["state"]["inc"] % 2 == 0:
        raise ValueError("state")
    if name == "MT19937" and not (state["state"]["key"][1:].any()
                                  or state["state"]["key"][0] >> 31):
        raise ValueError("state")
    bits.__setstate__((state, _seed_sequence(seed)))
    return np.random.Generator(bits)


def restore(generator: np.random.Generator, new: np.random.Generator) -> None:
    """Bring a generator to where another of the same kind stands."""
    old: Any = generator.bit_generator
    bits = new.bit_generator
    if _seed(generator) == _seed(new):
        old.state = bits.state
    else:
        old.__setstate__((bits.state, bits.seed_seq))


def _words(state: dict[str, Any]) -> bytes:
    return b"".join(
        _words(value) if type(value) is dict else b"" if type(value) is str
        else value.tobytes() if type(value) is np.ndarray
        else int(value).to_bytes(_WORD, "little") for value in state.values())


def _fill(state: dict[str, Any], data: memoryview, at: int = 0) -> int:
    """Put the words into the entries of a state; returns where they end."""
    for key, value in state.items():
        if type(value) is dict:
            at = _fill(value, data, at)
        elif type(value) is np.ndarray:
            state[key] = np.frombuffer(data[at:at + value.nbytes], value.dtype)
            at += value.nbytes
        elif type(value) is not str:
            state[key] = int.from_bytes(data[at:at + _WORD], "little")
            at += _WORD
            if state[key] > _MOST.get(key, 2**128):
                raise ValueError("state")
    return at


def _seed(generator: np.random.Generator) -> Seed:
    sequence = generator.bit_generator.seed_seq
    if type(sequence) is not np.random.SeedSequence or sequence.pool_size > _MAX_POOL:
        return None
    entropy: Any = sequence.entropy
    if type(entropy) is not int:
        try:
            entropy = tuple(map(int, entropy))
        except (TypeError, ValueError):  # lists of lists, or texts
            return None
    return entropy, tuple(map(int, sequence.spawn_key)), sequence.pool_size, (
        sequence.n_children_spawned)


def _seed_sequence(seed: Seed) -> np.random.SeedSequence | None:
    if seed is None:
        return None
    entropy, key, size, children = seed
    numbers = entropy if type(entropy) is tuple else (entropy,)
    if any(type(number) is not int for number in (*numbers, *key, size, children)) or (
            type(key) is not tuple or size > _MAX_POOL):
        raise ValueError("seed")
    return np.random.SeedSequence(entropy, spawn_key=key, pool_size=size,
                                  n_children_spawned=children)


class GlobalGenerator:
    """Tells whether NumPy's global generator was used since it was asked last.

    A copy of the global generator draws a number whenever the global one is asked for a number,
    too: they agree until somebody else draws or sets the seed. Comparing two states would copy
    624 numbers one by one, 120 µs or half a call, against under 1 µs for the two draws:
    `python -m timeit -s "import numpy as np" "np.random.get_state(legacy=False)"` and
    `python -m timeit -s "import numpy as np; g = np.random.MT19937()" "g.random_raw()"`.

    Being asked moves the global generator on. Use it only in a process where this is no harm.
    """

    def __init__(self) -> None:
        self._follow()

    def was_used(self) -> bool:
        """Was it drawn from, seeded, or replaced since the last call?"""
        generator = _random.get_bit_generator()
        if generator.random_raw() == self._copy.random_raw():
            return False
        self._follow()
        return True

    def _follow(self) -> None:
        generator = _random.get_bit_generator()
        # Set again, it forgets the normal number that it keeps after every other one: handing
        # that out would move nothing that can be compared.
        _random.set_bit_generator(generator)
        self._copy = copy.deepcopy(generator)
