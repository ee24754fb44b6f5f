"""The reference of lesson 15 against oracles that share no code with it."""

import numpy as np
import pytest
from scipy import optimize, special

from autograder.course import lessons
from support.answers import reference
from utils import data, trained

LESSON = next(lesson for lesson in lessons() if lesson.name == "15_attention")


@pytest.fixture
def ours():
    return reference(LESSON)


def one_query(q, K, V, allowed):
    """The answer to a single query, by the words of the lesson."""
    scores = np.array([q @ k for k in K[allowed]]) / np.sqrt(len(q))
    return special.softmax(scores) @ V[allowed]


def drawn(seed, *front, Tq=4, Tk=5, dk=3, dv=2):
    rng = np.random.default_rng(seed)
    return (rng.normal(size=(*front, Tq, dk)), rng.normal(size=(*front, Tk, dk)),
            rng.normal(size=(*front, Tk, dv)))


def test_attention_answers_each_query_as_if_it_were_alone(ours):
    Q, K, V = drawn(1, 2, 3)
    mask = np.random.default_rng(2).random((4, 5)) < 0.5
    mask[:, 2] = True
    out, weights = ours["attention"](Q, K, V, mask)
    for n, head, t in np.ndindex(2, 3, 4):
        np.testing.assert_allclose(out[n, head, t], one_query(
            Q[n, head, t], K[n, head], V[n, head], mask[t]))
    assert np.all(weights[..., ~mask] == 0)
    np.testing.assert_allclose(weights.sum(axis=-1), 1)


def test_shuffled_keys_change_nothing(ours):
    Q, K, V = drawn(3)
    order = np.random.default_rng(4).permutation(5)
    np.testing.assert_allclose(ours["attention"](Q, K, V)[0],
                               ours["attention"](Q, K[order], V[order])[0])


@pytest.mark.parametrize("masked", [False, True])
def test_attention_backward_is_the_slope_by_differences(ours, masked):
    parts = drawn(5, 2)
    g = np.random.default_rng(6).normal(size=(2, 4, 2))
    mask = np.tri(4, 5, dtype=bool) if masked else None
    found = ours["attention_backward"](g, *parts, ours["attention"](*parts, mask)[1])
    for k, part in enumerate(parts):
        def loss(x, k=k):
            moved = [x.reshape(one.shape) if j == k else one for j, one in enumerate(parts)]
            return np.sum(g * ours["attention"](*moved, mask)[0])

        slope = optimize.approx_fprime(part.ravel(), loss, 1e-7)
        np.testing.assert_allclose(found[k].ravel(), slope, atol=1e-5)


def test_twelve_places_back_is_one_matrix(ours):
    """The codes of all places are turned into those of twelve places before by one matrix."""
    codes = ours["positional_encoding"](40, 16)
    turn = np.linalg.lstsq(codes[12:26], codes[:14], rcond=None)[0]
    np.testing.assert_allclose(codes[26:] @ turn, codes[14:-12], atol=1e-4)  # of other places, too


def test_embed_backward_is_the_slope_of_a_table(ours):
    rng = np.random.default_rng(7)
    ids, g, table = rng.integers(4, size=(3, 5)), rng.normal(size=(3, 5, 2)), np.zeros((4, 2))
    slope = optimize.approx_fprime(
        table.ravel(), lambda x: np.sum(g * x.reshape(4, 2)[ids]), 1e-6)
    np.testing.assert_allclose(ours["embed_backward"](g, ids, 4).ravel(), slope, atol=1e-6)


def test_merging_undoes_splitting_and_heads_see_their_own_columns(ours):
    X = np.random.default_rng(8).normal(size=(2, 5, 12))
    for heads in (1, 2, 3, 4, 6, 12):
        split = ours["split_heads"](X, heads)
        assert split.shape == (2, heads, 5, 12 // heads)
        np.testing.assert_array_equal(split[1, 0], X[1, :, :12 // heads])
        np.testing.assert_array_equal(ours["merge_heads"](split), X)


def test_multi_head_is_a_sum_over_heads(ours):
    rng = np.random.default_rng(9)
    X, (Wq, Wk, Wv, Wo) = rng.normal(size=(2, 4, 6)), rng.normal(size=(4, 6, 6))
    mask, expected = np.tri(4, dtype=bool), np.zeros((2, 4, 6))
    for n, t, head in np.ndindex(2, 4, 3):
        own = slice(2 * head, 2 * head + 2)
        found = one_query(Wq[own] @ X[n, t], X[n] @ Wk[own].T, X[n] @ Wv[own].T, mask[t])
        expected[n, t] += Wo[:, own] @ found
    np.testing.assert_allclose(ours["multi_head"](X, Wq, Wk, Wv, Wo, 3, mask), expected)


def test_generated_ids_follow_the_probabilities(ours):
    rows = np.log([[0.2, 0.8], [0.7, 0.3]])
    ids = np.array(ours["generate"](lambda ids: rows[ids], [0], 4000, 3, 1.0,
                                    np.random.default_rng(10)))
    for k, p in ((0, 0.8), (1, 0.3)):
        after = ids[1:][ids[:-1] == k]
        assert abs(after.mean() - p) < 5 * np.sqrt(p * (1 - p) / len(after))


@pytest.mark.parametrize(("blocks", "nats"), [(1, 1.955), (2, 1.997)])
def test_the_shipped_transformers_do_with_the_reference_what_their_training_says(
        ours, blocks, nats):
    w, names = trained.names_gpt(blocks), data.names()
    unseen = [names[k] for k in np.random.default_rng(0).permutation(len(names))[:500]]
    ids = np.array([[0, *(ord(letter) - 96 for letter in name), *[0] * (12 - len(name))]
                    for name in unseen])
    shares = special.log_softmax(ours["gpt"](ids[:, :-1], w, blocks), axis=-1)
    found = -np.concatenate([shares[n, range(len(name) + 1), ids[n, 1:len(name) + 2]]
                             for n, name in enumerate(unseen)]).mean()
    assert found == pytest.approx(w["unseen"][-1], abs=1e-4)
    assert found == pytest.approx(nats, abs=1e-3)
