"""Random generators as their state."""

from typing import Any

import numpy as np

from autograder.rpc.array_memory import Refused

_BIT_GENERATORS = {kind.__name__: kind for kind in (
    np.random.PCG64, np.random.PCG64DXSM, np.random.MT19937, np.random.Philox, np.random.SFC64)}
# NumPy believes what it is given: a position outside its table reads foreign memory.
_MOST = {"pos": 624, "buffer_pos": 4, "has_uint32": 1, "uinteger": 2**32 - 1}
_WORD = 16  # bytes of an int of a state


def pack(generator: np.random.Generator, what: str) -> tuple[str, bytes]:
    """The name of the bit generator, and its state."""
    kind = type(generator.bit_generator)
    name = next((name for name, known in _BIT_GENERATORS.items() if known is kind), None)
    if name is None:
        raise Refused(f"{what} holds a random generator of an unknown kind; use "
                      "`np.random.default_rng`.")

    def words(state: dict[str, Any]) -> bytes:
        return b"".join(
            words(value) if type(value) is dict else b"" if type(value) is str
            else value.tobytes() if type(value) is np.ndarray
            else int(value).to_bytes(_WORD, "little") for value in state.values())

    return name, words(dict(generator.bit_generator.state))


def unpack(name: str, data: memoryview) -> np.random.Generator:
    """A generator in that state, when it is one in which it goes on drawing.

    Its seed sequence stays behind: it draws as the original does, but doesn't spawn as it does.
    """
    bits = _BIT_GENERATORS[name](0)

    def fill(state: dict[str, Any], at: int) -> int:
        for key, value in state.items():
            if type(value) is dict:
                at = fill(value, at)
            elif type(value) is np.ndarray:
                state[key] = np.frombuffer(data[at:at + value.nbytes], value.dtype)
                at += value.nbytes
            elif type(value) is not str:
                state[key] = int.from_bytes(data[at:at + _WORD], "little")
                at += _WORD
                if state[key] > _MOST.get(key, 2**128):
                    raise ValueError("state")
        return at

    state: Any = bits.state
    if fill(state, 0) != len(data):
        raise ValueError("state")
    # From these two states every draw is the same, and a draw from a range never ends.
    if name.startswith("PCG64") and state["state"]["inc"] % 2 == 0:
        raise ValueError("state")
    if name == "MT19937" and not (state["state"]["key"][1:].any()
                                  or state["state"]["key"][0] >> 31):
        raise ValueError("state")
    bits.state = state
    return np.random.Generator(bits)
