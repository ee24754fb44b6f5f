"""The transformers of lesson 15: their weights are shipped."""

import numpy as np
import pytest

from utils import trained


@pytest.mark.parametrize("blocks", [1, 2])
def test_weights_have_the_shapes_of_their_network(blocks):
    w = trained.names_gpt(blocks)
    for k in range(1, blocks + 1):
        assert all(w[f"W{part}{k}"].shape == (32, 32) for part in "qkvo")
        assert (w[f"W{k}a"].shape, w[f"W{k}b"].shape) == ((128, 32), (32, 128))
    assert f"Wq{blocks + 1}" not in w
    assert w["table"].shape == w["W"].shape == (27, 32)
    assert all(part.dtype == np.float64 and np.isfinite(part).all() for part in w.values())
    assert w["steps"].shape == w["seen"].shape == w["unseen"].shape


def test_each_call_has_arrays_of_its_own():
    trained.names_gpt(1)["table"][:] = 0
    assert trained.names_gpt(1)["table"].any()


def test_other_sizes_are_refused():
    with pytest.raises(ValueError, match="1 and of 2 blocks, not of 3"):
        trained.names_gpt(3)
