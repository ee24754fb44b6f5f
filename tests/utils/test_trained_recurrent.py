"""The recurrent networks whose weights are shipped."""

import numpy as np
import pytest

from utils import trained


@pytest.mark.parametrize(("name", "shapes"), [
    ("names_rnn", {"Wx": (64, 27), "Wh": (64, 64), "b": (64,), "Wy": (27, 64), "by": (27,)}),
    ("names_lstm", {"W": (128, 59), "b": (128,), "Wy": (27, 32), "by": (27,)}),
    ("adding_rnn", {"Wx": (32, 2), "Wh": (32, 32), "b": (32,), "Wy": (1, 32), "by": (1,)}),
    ("adding_lstm", {"W": (128, 34), "b": (128,), "Wy": (1, 32), "by": (1,)}),
    ("adding_gru", {"W": (96, 2), "U": (96, 32), "b": (96,), "Wy": (1, 32), "by": (1,)}),
])
def test_shipped_weights_have_their_shapes_and_are_the_callers(name, shapes):
    weights = trained.recurrent(name)
    assert {key: part.shape for key, part in weights.items()} == shapes
    for part in weights.values():
        assert part.dtype == np.float64
        assert np.isfinite(part).all()
        part[...] = 0
    assert all(part.any() for part in trained.recurrent(name).values())


def test_an_unknown_network_is_answered_with_those_that_there_are():
    with pytest.raises(ValueError, match=r"unknown network 'names'.*adding_gru, .*names_rnn"):
        trained.recurrent("names")
