"""Wrong answers to the exercises of lesson 15, each with the hint that its author reads.

`EXERCISE__LABEL` is a wrong answer to EXERCISE, written the way students write it, and its
docstring is the hint. `inputs_EXERCISE` yields the arguments on which all of them differ from a
right answer and from each other; `fresh_EXERCISE` makes the arguments of one call.

`run_generate` reduces random lists of ids to what can be said of them.
"""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from utils._diagnosis.draw import Draw

Array = np.ndarray


# What all of them share


def _floats(*parts: Any) -> list[Array]:
    return [np.array(part, dtype=float) for part in parts]


def _turned(X: Array) -> Array:
    return np.swapaxes(X, -1, -2)


def _softmax(scores: Array, axis: int = -1) -> Array:
    parts = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return parts / parts.sum(axis=axis, keepdims=True)


def _attend(Q: Any, K: Any, V: Any, mask: Any = None, scale: float | None = None) -> tuple:
    Q, K, V = _floats(Q, K, V)
    scores = Q @ _turned(K) / (np.sqrt(Q.shape[-1]) if scale is None else scale)
    weights = _softmax(scores if mask is None else np.where(mask, scores, -np.inf))
    return weights @ V, weights


# attention


def inputs_attention(rng: np.random.Generator) -> Iterator[tuple]:
    yield rng.normal(size=(3, 5)), rng.normal(size=(4, 5)), rng.normal(size=(4, 2))
    yield (rng.normal(size=(2, 3, 3)), rng.normal(size=(2, 3, 3)), rng.normal(size=(2, 3, 3)),
           np.tri(3, dtype=bool))
    yield (rng.normal(size=(3, 4)), rng.normal(size=(4, 4)), rng.normal(size=(4, 4)),
           np.array([[True, False, True, True], [False, True, True, False],
                     [True, True, False, False]]))
    yield (np.array([[1000.0], [-900.0]]), np.array([[1.0], [0.999], [-1.0]]),
           np.array([[1.0], [2.0], [4.0]]), np.array([[False, True, True], [True, True, False]]))
    yield np.array([[1000.0], [1.0]]), np.array([[1.0], [0.9995]]), np.array([[1.0], [3.0]])
    yield [[1, 0], [2, 1]], [[1, 2], [0, 1]], [[5, 1], [3, 0]]


def fresh_attention(draw: Draw) -> tuple:
    n, Tq, Tk, dk, dv = draw.sizes("n", "Tq", "Tk", "dk", "dv")
    front = draw.choice([(), (n,)])
    Q, K = draw.nonzero(*front, Tq, dk), draw.nonzero(*front, Tk, dk)  # no score is 0 by chance
    return (draw.given(Q), draw.given(K), draw.array(*front, Tk, dv),
            draw.choice([None, draw.mask(Tq, Tk)]))


def attention__divided_by_dk(Q, K, V, mask=None):
    """Your scores are divided by the length of a key itself, so they come out too small, and the
    weights too even. By what power of it does a dot product of random vectors grow?"""
    return _attend(Q, K, V, mask, np.shape(Q)[-1])


def attention__no_scale(Q, K, V, mask=None):
    """Your weights are too decided: the scores go into the softmax undivided. What keeps them the
    same size, however long the keys are?"""
    return _attend(Q, K, V, mask, 1.0)


def attention__multiplied_by_the_scale(Q, K, V, mask=None):
    """Your scores grow with the length of the keys where they should shrink. Do you multiply by the
    root, or divide by it?"""
    return _attend(Q, K, V, mask, 1 / np.sqrt(np.shape(Q)[-1]))


def attention__root_of_the_number_of_keys(Q, K, V, mask=None):
    """You divide by the root of the *number* of keys. Which length does a dot product add over?"""
    return _attend(Q, K, V, mask, np.sqrt(np.shape(K)[-2]))


def attention__root_of_the_values_length(Q, K, V, mask=None):
    """You divide by the root of the length of a *value*. The scores are made of queries and keys:
    how long are those?"""
    return _attend(Q, K, V, mask, np.sqrt(np.shape(V)[-1]))


def attention__scale_after_the_softmax(Q, K, V, mask=None):
    """You divide after the softmax, so the rows of your weights no longer sum to 1. What should be
    divided: the scores or the weights?"""
    _, weights = _attend(Q, K, V, mask, 1.0)
    weights = weights / np.sqrt(np.shape(Q)[-1])
    return weights @ np.asarray(V, dtype=float), weights


def attention__over_the_queries(Q, K, V, mask=None):
    """In your weights the columns sum to 1, not the rows. Each query shares out a weight of 1 among
    the keys: along which axis are the keys?"""
    Q, K, V = _floats(Q, K, V)
    scores = Q @ _turned(K) / np.sqrt(Q.shape[-1])
    weights = _softmax(scores if mask is None else np.where(mask, scores, -1e9), axis=-2)
    return weights @ V, weights


def attention__along_axis_1(Q, K, V, mask=None):
    """Right for single matrices, but your softmax runs along axis 1, and in a stack that isn't the
    axis of the keys. Which one is, however many axes are in front?"""
    Q, K, V = _floats(Q, K, V)
    scores = Q @ _turned(K) / np.sqrt(Q.shape[-1])
    weights = _softmax(scores if mask is None else np.where(mask, scores, -1e9), axis=1)
    return weights @ V, weights


def attention__over_everything(Q, K, V, mask=None):
    """All your weights together sum to 1. Every query has a weight of 1 of its own to share out."""
    Q, K, V = _floats(Q, K, V)
    scores = Q @ _turned(K) / np.sqrt(Q.shape[-1])
    parts = np.exp(scores - scores.max())
    parts = parts if mask is None else np.where(mask, parts, 0.0)
    weights = parts / parts.sum()
    return weights @ V, weights


def attention__mask_after_the_softmax(Q, K, V, mask=None):
    """You set weights to 0 after the softmax, so a masked row sums to less than 1. At which point
    would the others still share out all of it?"""
    _, weights = _attend(Q, K, V)
    weights = weights if mask is None else np.where(mask, weights, 0.0)
    return weights @ np.asarray(V, dtype=float), weights


def attention__shares_of_masked_weights(Q, K, V, mask=None):
    """Right, until a masked score is by far the largest: then all the weights you keep have been
    rounded to 0, and you divide 0 by 0. Which maximum should be subtracted?"""
    Q, K, V = _floats(Q, K, V)
    scores = Q @ _turned(K) / np.sqrt(Q.shape[-1])
    parts = np.exp(scores - scores.max(axis=-1, keepdims=True))
    parts = parts if mask is None else parts * mask
    weights = parts / parts.sum(axis=-1, keepdims=True)
    return weights @ V, weights


def attention__inverted_mask(Q, K, V, mask=None):
    """Your queries look at just those keys that the mask forbids. What does True mean in it?"""
    return _attend(Q, K, V, None if mask is None else np.logical_not(mask))


def attention__mask_ignored(Q, K, V, mask=None):
    """The mask makes no difference to your weights. Where does it come in?"""
    return _attend(Q, K, V)


def attention__masked_scores_are_zero(Q, K, V, mask=None):
    """You set masked *scores* to 0, or to a tiny number. The exponential of 0 is 1, so these keys
    still get a weight. Which score has the exponential 0?"""
    Q, K, V = _floats(Q, K, V)
    scores = Q @ _turned(K) / np.sqrt(Q.shape[-1])
    weights = _softmax(scores if mask is None else scores * mask)
    return weights @ V, weights


def attention__masked_a_little(Q, K, V, mask=None):
    """Masked keys get a small weight, but not exactly 0. How low does a score have to be, so that
    its exponential is 0?"""
    Q, K, V = _floats(Q, K, V)
    scores = Q @ _turned(K) / np.sqrt(Q.shape[-1])
    weights = _softmax(scores if mask is None else np.where(mask, scores, -10.0))
    return weights @ V, weights


def attention__overflow(Q, K, V, mask=None):
    """Right for small scores, but exponentials of large ones overflow, and the result is nan. What
    can you subtract from a row without changing its softmax?"""
    Q, K, V = _floats(Q, K, V)
    scores = Q @ _turned(K) / np.sqrt(Q.shape[-1])
    parts = np.exp(scores if mask is None else np.where(mask, scores, -np.inf))
    weights = parts / parts.sum(axis=-1, keepdims=True)
    return weights @ V, weights


def attention__one_maximum_for_all(Q, K, V, mask=None):
    """You subtract the largest score of *all* rows. A row whose own scores are far below it becomes
    all zeros, and 0/0 is nan. Each row needs its own maximum."""
    Q, K, V = _floats(Q, K, V)
    scores = Q @ _turned(K) / np.sqrt(Q.shape[-1])
    parts = np.exp(scores - scores.max())
    parts = parts if mask is None else np.where(mask, parts, 0.0)
    weights = parts / parts.sum(axis=-1, keepdims=True)
    return weights @ V, weights


def attention__scores_for_weights(Q, K, V, mask=None):
    """What you return as weights are the scores: they don't sum to 1. The softmax is missing."""
    Q, K, V = _floats(Q, K, V)
    scores = Q @ _turned(K) / np.sqrt(Q.shape[-1])
    weights = scores if mask is None else np.where(mask, scores, 0.0)
    return weights @ V, weights


def attention__hard_lookup(Q, K, V, mask=None):
    """All the weight goes to the best key. That is a hard lookup, without a slope: which function
    makes it soft?"""
    Q, K, V = _floats(Q, K, V)
    scores = Q @ _turned(K)
    scores = scores if mask is None else np.where(mask, scores, -np.inf)
    weights = (scores == scores.max(axis=-1, keepdims=True)).astype(float)
    return weights @ V, weights


def attention__queries_and_keys_swapped(Q, K, V, mask=None):
    """Your keys ask and your queries answer: rows and columns of the scores are swapped. Which of
    the two stands on the left of the product?"""
    return _attend(K, Q, V, mask)


def attention__reversed_transpose(Q, K, V, mask=None):
    """Right for single matrices, but for stacks `.T` reverses *all* the axes. Only the last two
    should be swapped."""
    Q, K, V = _floats(Q, K, V)
    scores = Q @ K.T / np.sqrt(Q.shape[-1])
    weights = _softmax(scores if mask is None else np.where(mask, scores, -np.inf))
    return weights @ V, weights


def attention__rows_divided_without_their_axis(Q, K, V, mask=None):
    """You divide by sums that have lost an axis, so they line up with the columns: an error where
    there are more keys than queries or fewer, and wrong numbers where there aren't. What does
    `keepdims` do?"""
    Q, K, V = _floats(Q, K, V)
    scores = Q @ _turned(K) / np.sqrt(Q.shape[-1])
    scores = scores if mask is None else np.where(mask, scores, -np.inf)
    parts = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = parts / parts.sum(axis=-1)
    return weights @ V, weights


def attention__mask_not_broadcast(Q, K, V, mask=None):
    """Right for single matrices, but `scores[~mask]` wants a mask of the scores' own shape. One
    mask is to serve a whole stack: which function broadcasts it?"""
    Q, K, V = _floats(Q, K, V)
    scores = Q @ _turned(K) / np.sqrt(Q.shape[-1])
    if mask is not None:
        scores[~np.asarray(mask)] = -np.inf
    weights = _softmax(scores)
    return weights @ V, weights


def attention__root_of_the_number_of_queries(Q, K, V, mask=None):
    """You divide by the root of the *number* of queries. Which axis of Q does a dot product add
    over?"""
    return _attend(Q, K, V, mask, np.sqrt(np.shape(Q)[-2]))


def attention__weights_first(Q, K, V, mask=None):
    """You return the two parts in the wrong order: first the output, then the weights."""
    return _attend(Q, K, V, mask)[::-1]


def attention__output_alone(Q, K, V, mask=None):
    """You return one thing where two are promised: the output, and the weights."""
    return _attend(Q, K, V, mask)[0]


def attention__changes_values(Q, K, V, mask=None):
    """The numbers are right, but one of your arguments is changed afterward. Work with new
    arrays."""
    result = _attend(Q, K, V, mask)
    for part in (Q, K):
        if isinstance(part, np.ndarray):
            part *= 2
    return result


def attention__no_return(Q, K, V, mask=None):
    """Your function gives back None: it gets to its end without a `return`."""
    _attend(Q, K, V, mask)


# cases


def inputs_cases(rng: np.random.Generator) -> Iterator[tuple]:
    yield ()


def _told(Q: Any, K: Any, V: Any, mask: Any = None) -> set[str]:
    """What one example has."""
    Q, K, V = _floats(Q, K, V)
    scores = Q @ _turned(K) / np.sqrt(Q.shape[-1])
    seen = np.broadcast_to(True if mask is None else np.array(mask), scores.shape)
    tops = np.where(seen, scores, -np.inf).max(axis=-1, keepdims=True)
    hidden = np.where(seen, -np.inf, scores).max(axis=-1, keepdims=True)
    sizes = len({K.shape[-2], K.shape[-1], V.shape[-1], 1}) == 4
    return {name for name, there in {
        "a key for each query": np.isfinite(tops).all(),
        "sizes of their own": sizes, "a mask": not seen.all(), "a stack": Q.ndim > 2,
        "one mask for a stack": Q.ndim > 2 and np.ndim(mask) == 2 and not seen.all(),
        "large scores": tops.max() > 710,
        "rows far apart": (scores.max() - tops).max() > 746,
        "a large masked score": (hidden - tops).max() > 746}.items() if there}


def view_cases(result):
    """What the examples lack first."""
    if result is None or not 1 <= len(result) <= 8:
        return "nothing" if result is None else "another number of examples"
    if not all(isinstance(case, (list, tuple)) and 3 <= len(case) <= 4 for case in result):
        return "no arguments"
    if any(np.size(part) > 200 for case in result for part in case):
        return "small ones"
    found = [_told(*case) for case in result]
    if not all("a key for each query" in one for one in found):
        return "a key for each query"
    found = set().union(*found)
    return next((name for name in (
        "sizes of their own", "a mask", "a stack", "one mask for a stack", "large scores",
        "rows far apart", "a large masked score") if name not in found), "nothing at all")


def _drawn(seed: int, *sizes: int) -> tuple:
    """Q, K, V for axes in front, then the numbers of queries and keys, and the lengths."""
    *front, Tq, Tk, dk, dv = sizes
    rng = np.random.default_rng(seed)
    return (rng.normal(size=(*front, Tq, dk)), rng.normal(size=(*front, Tk, dk)),
            rng.normal(size=(*front, Tk, dv)))


_STACK = (*_drawn(1, 2, 3, 3, 2, 4), np.tri(3, dtype=bool))
_LARGE = (np.array([[1000.0], [1.0]]), np.array([[1.0], [-1.0]]), np.array([[1.0], [3.0]]))
_HIDDEN = (np.array([[1000.0]]), np.array([[1.0], [-1.0], [-1.001]]),
           np.array([[1.0], [3.0], [5.0]]), np.array([[False, True, True]]))


def cases__too_many():
    """You return more examples than allowed. A few are enough if each is there for a reason: which
    mistakes does it show that the others don't?"""
    return [_drawn(seed, 2, 3, 2, 4) for seed in range(12)]


def cases__one_example_without_a_list():
    """You return one example where a list of examples is promised. Put it in a list, even if there
    is only one."""
    return _STACK


def cases__lengths_of_one_number():
    """In your examples, the number of keys, the length of a key, and the length of a value are not
    all different, or one of them is 1. Then the root of the wrong one passes for the right one."""
    return [(*_drawn(2, 2, 3, 3, 3, 3), np.tri(3, dtype=bool)), _LARGE, _HIDDEN]


def cases__no_mask():
    """Your examples have no mask, or one that hides nothing. Then everything that goes wrong with a
    mask goes unnoticed."""
    return [_drawn(3, 2, 3, 3, 2, 4), _LARGE]


def cases__single_matrices():
    """Your examples are single matrices. With more axes in front, some versions transpose the wrong
    ones."""
    return [(*_drawn(4, 3, 3, 2, 4), np.tri(3, dtype=bool)), _LARGE, _HIDDEN]


def cases__a_mask_for_each_matrix():
    """Where you have a stack of matrices, there is no mask for it, or one of the stack's own shape.
    One mask may serve a whole stack."""
    return [(*_drawn(5, 2, 3, 3, 2, 4), np.array([np.tri(3, dtype=bool)] * 2)), _LARGE, _HIDDEN]


def cases__ordinary_scores():
    """All your scores are of ordinary size. What becomes of the exponential of 1000?"""
    return [_STACK, (*_drawn(6, 3, 4, 2, 3), np.tri(3, 4, dtype=bool))]


def cases__rows_alike():
    """Your scores are large in every row. Then it makes no difference whether each row's own
    maximum is subtracted, or the largest of all."""
    return [_STACK, (np.array([[1000.0], [1001.0]]), *_LARGE[1:])]


def cases__no_large_masked_score():
    """Where you mask a score, it is not much larger than the others. If it is, it matters whether
    the largest score is looked for before the mask, or after."""
    return [_STACK, _LARGE]


def cases__no_return():
    """Your function gives back None: it gets to its end without a `return`. Return the list of
    examples."""
    _ = [_STACK]


# causal_mask


def inputs_causal_mask(rng: np.random.Generator) -> Iterator[tuple]:
    for T in (4, 3, 1):
        yield (T,)


def fresh_causal_mask(draw: Draw) -> tuple:
    return (draw.integer(1, 7),)


def causal_mask__without_itself(T):
    """Your mask is False on the diagonal, so a letter may not look at itself, and the first one at
    nothing at all. Should columns 0 to t include t?"""
    return np.tril(np.ones((T, T), dtype=bool), -1)


def causal_mask__upper_triangle(T):
    """In your mask, letters look at what comes *after* them. Row t is the one that looks: which of
    its columns lie before t?"""
    return np.triu(np.ones((T, T), dtype=bool))


def causal_mask__inverted(T):
    """Your mask is True where a letter may *not* look. Here, True means allowed."""
    return np.triu(np.ones((T, T), dtype=bool), 1)


def causal_mask__one_too_many(T):
    """Your letters see one place into the future. Where does row t have to stop?"""
    return np.tril(np.ones((T, T), dtype=bool), 1)


def causal_mask__floats(T):
    """The pattern is right, but the entries are numbers, not bools: `~` and indexing wouldn't work
    with it."""
    return np.tril(np.ones((T, T)))


def causal_mask__ints(T):
    """The pattern is right, but the entries are whole numbers, not bools: `~1` is −2."""
    return np.tril(np.ones((T, T), dtype=int))


def causal_mask__to_be_added(T):
    """Yours is a mask to *add* to scores, 0 and minus infinity. Here, a mask says True or False."""
    return np.where(np.tri(T, dtype=bool), 0.0, -np.inf)


def causal_mask__everything(T):
    """Every letter may look everywhere in your mask. What should the first one see?"""
    return np.ones((T, T), dtype=bool)


def causal_mask__itself_alone(T):
    """Every letter looks at itself only. What about those before it?"""
    return np.eye(T, dtype=bool)


def causal_mask__two_places(T):
    """Your letters look at themselves and at the one before. They may look at everything before."""
    return np.tri(T, dtype=bool) & ~np.tri(T, k=-2, dtype=bool)


def causal_mask__list(T):
    """The pattern is right, but it is a list of lists: return an array, so that it broadcasts."""
    return np.tri(T, dtype=bool).tolist()


def causal_mask__mirrored(T):
    """Your triangle stands on the wrong side: the first letter looks at the last place only. Which
    place may row 0 look at?"""
    return np.tri(T, dtype=bool)[:, ::-1].copy()


def causal_mask__one_row(T):
    """You return a single row. Each letter has a row of its own: compare a *column* of places with
    a row of places."""
    return np.arange(T) <= T


def causal_mask__no_return(T):
    """Your function gives back None: it gets to its end without a `return`."""
    np.tri(T, dtype=bool)


# positional_encoding


def inputs_positional_encoding(rng: np.random.Generator) -> Iterator[tuple]:
    yield 5, 8
    yield 4, 4
    yield 3, 2


def fresh_positional_encoding(draw: Draw) -> tuple:
    return draw.integer(1, 7), 2 * draw.integer(1, 4)


def _hands(T: int, d: int, exponents: Any = None, base: float = 10000.0) -> Array:
    exponents = np.arange(0, d, 2) / d if exponents is None else exponents
    return np.arange(T)[:, None] / base ** np.asarray(exponents, dtype=float)


def _laid(angles: Array) -> Array:
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(len(angles), -1)


def positional_encoding__halves(T, d):
    """You put all the sines on the left and all the cosines on the right. Here they alternate: the
    two numbers of one hand are neighbors."""
    angles = _hands(T, d)
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1)


def positional_encoding__i_for_two_i(T, d):
    """All your hands but the first turn too fast. The exponent of pair i is 2i/d: is yours i/d?"""
    return _laid(_hands(T, d, np.arange(d // 2) / d))


def positional_encoding__four_i(T, d):
    """All your hands but the first turn too slowly. The exponent of pair i is 2i/d: did you put in
    the 2 twice?"""
    return _laid(_hands(T, d, 2 * np.arange(0, d, 2) / d))


def positional_encoding__each_column_its_own(T, d):
    """The sine and the cosine of a pair belong to *one* hand, with one angle. In yours, each column
    has a speed of its own."""
    angles = _hands(T, d, np.arange(d) / d)
    return np.where(np.arange(d) % 2, np.cos(angles), np.sin(angles))


def positional_encoding__column_for_i(T, d):
    """You take the number of the column for i. Two columns share one i, and with it one angle: the
    columns 2i and 2i + 1."""
    angles = _hands(T, d, 2 * np.arange(d) / d)
    return np.where(np.arange(d) % 2, np.cos(angles), np.sin(angles))


def positional_encoding__power_first(T, d):
    """Your power comes out wrong: Python reads `10000 ** 2 * i / d` as (10000²)·i/d. Put the
    exponent in parentheses."""
    return _laid(np.arange(T)[:, None] / 10000.0 ** 2 * np.arange(d // 2) / d)


def positional_encoding__from_one(T, d):
    """Your first place is 1. Count them from 0: what are the sine and the cosine of 0?"""
    return _laid(np.arange(1, T + 1)[:, None] / 10000.0 ** (np.arange(0, d, 2) / d))


def positional_encoding__degrees(T, d):
    """You take the angles for degrees. The formula means radians, as NumPy does."""
    return _laid(np.radians(_hands(T, d)))


def positional_encoding__cosine_first(T, d):
    """Sine and cosine are swapped. Which of them stands in the even columns?"""
    angles = _hands(T, d)
    return np.stack([np.cos(angles), np.sin(angles)], axis=-1).reshape(T, d)


def positional_encoding__not_divided_by_d(T, d):
    """Your exponents aren't divided by d, so all hands but the first stand still. They should run
    from 0 to just below 1."""
    return _laid(_hands(T, d, np.arange(0, d, 2)))


def positional_encoding__multiplied(T, d):
    """Your later hands turn faster and faster. The place should be *divided* by the power."""
    return _laid(np.arange(T)[:, None] * 10000.0 ** (np.arange(0, d, 2) / d))


def positional_encoding__base_1000(T, d):
    """The hands have the wrong speeds, all but the first. Count the zeros of your base."""
    return _laid(_hands(T, d, base=1000.0))


def positional_encoding__one_speed(T, d):
    """All your hands turn at the same speed. Where does i come in, and does it survive your
    division? (`//` would round each exponent down to 0.)"""
    return _laid(np.repeat(np.arange(T)[:, None], d // 2, axis=1))


def positional_encoding__sines_only(T, d):
    """All your columns are sines. The odd ones should hold the cosine of the same angle."""
    return np.sin(np.repeat(_hands(T, d), 2, axis=1))


def positional_encoding__half_the_columns(T, d):
    """Your table has half as many columns as it should: each hand needs two."""
    return np.sin(_hands(T, d))


def positional_encoding__angles(T, d):
    """You return the angles. Their sines and cosines are asked for."""
    return np.repeat(_hands(T, d), 2, axis=1)


def positional_encoding__transposed(T, d):
    """Rows and columns are swapped: each place should be a row."""
    return _laid(_hands(T, d)).T


def positional_encoding__no_return(T, d):
    """Your function gives back None: it gets to its end without a `return`."""
    _laid(_hands(T, d))


# embed_backward


def inputs_embed_backward(rng: np.random.Generator) -> Iterator[tuple]:
    yield rng.normal(size=(6, 3)), np.array([2, 0, 2, 4, 2, 0]), 5
    yield rng.normal(size=(2, 3, 4)), np.array([[1, 1, 0], [3, 1, 3]]), 4
    yield rng.normal(size=3), np.array(1), 3
    yield [[1, 2], [10, 20]], [1, 1], 3
    yield rng.normal(size=(3, 3)), np.array([0, 1, 2]), 3


def fresh_embed_backward(draw: Draw) -> tuple:
    n, T, d = draw.sizes("n", "T", "d")
    size = draw.integer(1, 6)
    shape = draw.choice([(n, T), (T,), (n,)])
    return draw.array(*shape, d), draw.labels(shape, size), size


def _embed(dY: Any, ids: Any, size: int) -> Array:
    total = np.zeros((size, np.shape(dY)[-1]))
    np.add.at(total, np.asarray(ids), np.asarray(dY, dtype=float))
    return total


def embed_backward__adds_once_for_each_id(dY, ids, size):
    """Of a letter that occurs several times, only one part is in your table. With `total[ids] = …`
    each overwrites the one before; `total[ids] += …` does no better, since NumPy reads first and
    writes later. Which function adds one after another?"""
    total = np.zeros((size, np.shape(dY)[-1]))
    total[np.asarray(ids)] += np.asarray(dY, dtype=float)
    return total


def embed_backward__mean(dY, ids, size):
    """A letter that occurs several times gets the mean of its parts. They are added: each is
    already a part of the loss's slope."""
    count = np.bincount(np.asarray(ids).ravel(), minlength=size)
    return _embed(dY, ids, size) / np.maximum(count, 1)[:, None]


def embed_backward__mean_of_nothing(dY, ids, size):
    """You take the mean of each letter's parts, which is nan for a letter that doesn't occur. The
    parts are added, and the sum of nothing is 0."""
    dY, ids = np.asarray(dY, dtype=float), np.asarray(ids)
    return np.stack([dY[ids == k].mean(axis=0) for k in range(size)])


def embed_backward__divided_by_all(dY, ids, size):
    """You divide by the number of letters. The mean over the batch is already in dY."""
    return _embed(dY, ids, size) / max(1, np.size(ids))


def embed_backward__shape_of_ids(dY, ids, size):
    """What you return has a row for each *letter of the text*. The table has a row for each
    *different* letter there is."""
    return np.array(dY, dtype=float)


def embed_backward__only_those_taken(dY, ids, size):
    """Your result has rows only for the letters that occur. A row that wasn't taken has a gradient
    as well: zeros."""
    return _embed(dY, ids, size)[np.unique(ids)]


def embed_backward__as_many_rows_as_needed(dY, ids, size):
    """Your table ends at the largest id that occurs. It has `size` rows, whatever occurs."""
    return _embed(dY, ids, int(np.max(ids)) + 1)


def embed_backward__counts(dY, ids, size):
    """You count how often each letter occurs. Add up the parts of dY that belong to it."""
    return _embed(np.ones(np.shape(dY)), ids, size)


def embed_backward__transposed(dY, ids, size):
    """Rows and columns are swapped: the table has one row for each letter."""
    return _embed(dY, ids, size).T


def embed_backward__first_name_only(dY, ids, size):
    """Only the first row of the batch is in your sum. Ids may have any shape: all their axes are
    added up."""
    if np.ndim(ids) > 1:
        dY, ids = dY[0], ids[0]
    return _embed(dY, ids, size)


def embed_backward__zero_left_out(dY, ids, size):
    """Row 0 gets nothing. Here, 0 is an id like the others."""
    total = _embed(dY, ids, size)
    total[0] = 0
    return total


def embed_backward__batch_kept(dY, ids, size):
    """Your result has a table for each example. There is one table for all of them: add them up."""
    dY, ids = np.asarray(dY, dtype=float), np.asarray(ids)
    if ids.ndim < 2:
        return _embed(dY, ids, size)
    return np.stack([_embed(part, own, size) for part, own in zip(dY, ids, strict=True)])


def embed_backward__ids_alone_flattened(dY, ids, size):
    """You flatten the ids, but dY keeps its shape, so the two no longer fit. Flatten both, or
    neither: `np.add.at` takes ids of any shape."""
    total = np.zeros((size, np.shape(dY)[-1]))
    np.add.at(total, np.ravel(ids), np.asarray(dY, dtype=float))
    return total


def embed_backward__one_axis_of_ids(dY, ids, size):
    """Right where ids has one axis, but it may have any shape: a batch of names, or a single
    letter."""
    dY, total = np.asarray(dY, dtype=float), np.zeros((size, np.shape(dY)[-1]))
    for t in range(len(ids)):
        total[int(ids[t])] += dY[t]
    return total


def embed_backward__no_single_id(dY, ids, size):
    """Right for arrays of ids, but a single one, of shape (), has no length and can't be looped
    over."""
    if not np.ndim(ids):
        raise TypeError("iteration over a 0-d array")
    return _embed(dY, ids, size)


def embed_backward__size_for_d(dY, ids, size):
    """Your table is square. Where does its number of columns come from?"""
    total = np.zeros((size, size))
    for k, part in zip(np.ravel(ids), np.reshape(dY, (-1, np.shape(dY)[-1])), strict=True):
        total[k, :len(part)] += part[:size]
    return total


def embed_backward__no_return(dY, ids, size):
    """Your function gives back None. `np.add.at` returns nothing; what it changed has to be
    returned."""
    _embed(dY, ids, size)


# attention_backward


def inputs_attention_backward(rng: np.random.Generator) -> Iterator[tuple]:
    for front, (Tq, Tk, dk, dv), mask in (
            ((), (3, 4, 5, 2), None), ((), (3, 3, 3, 3), None), ((2,), (4, 4, 4, 4), None),
            ((), (3, 3, 2, 4), np.tri(3, dtype=bool)), ((2,), (2, 4, 3, 2), None)):
        Q, K = rng.normal(size=(*front, Tq, dk)), rng.normal(size=(*front, Tk, dk))
        V = rng.normal(size=(*front, Tk, dv))
        yield rng.normal(size=(*front, Tq, dv)), Q, K, V, _attend(Q, K, V, mask)[1]


def fresh_attention_backward(draw: Draw) -> tuple:
    n, Tq, Tk, dk, dv = draw.sizes("n", "Tq", "Tk", "dk", "dv")
    front = draw.choice([(), (n,)])
    Q, K, V = (draw.between(-1.5, 1.5, *front, *own) for own in ((Tq, dk), (Tk, dk), (Tk, dv)))
    mask = draw.mask(Tq, Tk) if draw.choice([True, False]) else None
    return (draw.array(*front, Tq, dv), *(draw.given(part) for part in (Q, K, V)),
            draw.given(_attend(Q, K, V, mask)[1]))


def _back(dO: Any, Q: Any, K: Any, V: Any, P: Any, *, slope: Callable | None = None,
          dq: float = 1.0, dk: float = 1.0) -> tuple:
    """dq, dk: by what the two differ from the right ones. slope: dS of P and dP, unscaled."""
    dO, Q, K, V, P = _floats(dO, Q, K, V, P)
    dP = dO @ _turned(V)
    dS = (P * (dP - np.sum(P * dP, axis=-1, keepdims=True)) if slope is None
          else slope(P, dP)) / np.sqrt(Q.shape[-1])
    return dq * (dS @ K), dk * (_turned(dS) @ Q), _turned(P) @ dO


def attention_backward__scale_lost(dO, Q, K, V, weights):
    """Your dQ and dK are too large, both by the same factor. What were the scores divided by, on
    the way forward?"""
    factor = np.sqrt(np.shape(Q)[-1])
    return _back(dO, Q, K, V, weights, dq=factor, dk=factor)


def attention_backward__scale_twice(dO, Q, K, V, weights):
    """Your dQ and dK are too small by the scale: it is in there twice. Is it in dS already when you
    divide again?"""
    factor = 1 / np.sqrt(np.shape(Q)[-1])
    return _back(dO, Q, K, V, weights, dq=factor, dk=factor)


def attention_backward__scale_lost_in_dk(dO, Q, K, V, weights):
    """dQ has the scale, and dK doesn't. Both come from the same scores."""
    return _back(dO, Q, K, V, weights, dk=np.sqrt(np.shape(Q)[-1]))


def attention_backward__scale_lost_in_dq(dO, Q, K, V, weights):
    """dK has the scale, and dQ doesn't. Both come from the same scores."""
    return _back(dO, Q, K, V, weights, dq=np.sqrt(np.shape(Q)[-1]))


def attention_backward__multiplied_by_the_scale(dO, Q, K, V, weights):
    """You multiply by the root where you should divide by it. The factor of the way back is the
    factor of the way forward."""
    factor = float(np.shape(Q)[-1])
    return _back(dO, Q, K, V, weights, dq=factor, dk=factor)


def attention_backward__scaled_by_values_length(dO, Q, K, V, weights):
    """Your scale comes from the length of a value. The scores were divided by the root of the
    length of a *key*."""
    factor = np.sqrt(np.shape(Q)[-1] / np.shape(V)[-1])
    return _back(dO, Q, K, V, weights, dq=factor, dk=factor)


def attention_backward__row_sum_lost(dO, Q, K, V, weights):
    """In your dS the rows don't sum to 0. A weight that rises takes from the other weights of its
    row: which term of step 2 says so?"""
    return _back(dO, Q, K, V, weights, slope=lambda P, dP: P * dP)


def attention_backward__own_slope_only(dO, Q, K, V, weights):
    """You use P (1 − P), the slope of a weight for its own score. A score moves the *other* weights
    of its row as well."""
    return _back(dO, Q, K, V, weights, slope=lambda P, dP: P * (1 - P) * dP)


def attention_backward__softmax_skipped(dO, Q, K, V, weights):
    """You go from dP straight to the scores. Between scores and weights there is a softmax, and it
    has a rule of its own: step 2."""
    return _back(dO, Q, K, V, weights, slope=lambda P, dP: dP)


def attention_backward__plain_mean(dO, Q, K, V, weights):
    """You subtract the plain mean of each row of dP. It has to be weighted: by what?"""
    return _back(dO, Q, K, V, weights,
                 slope=lambda P, dP: P * (dP - dP.mean(axis=-1, keepdims=True)))


def attention_backward__plain_sum(dO, Q, K, V, weights):
    """You subtract the plain sum of each row of dP. Each term has a weight in it: which one?"""
    return _back(dO, Q, K, V, weights,
                 slope=lambda P, dP: P * (dP - dP.sum(axis=-1, keepdims=True)))


def attention_backward__weight_in_front_lost(dO, Q, K, V, weights):
    """You subtract the row's mean, but the factor in front is missing: a key with weight 0 must not
    get a gradient."""
    return _back(dO, Q, K, V, weights,
                 slope=lambda P, dP: dP - np.sum(P * dP, axis=-1, keepdims=True))


def attention_backward__mean_outside_the_parentheses(dO, Q, K, V, weights):
    """You multiply dP by the weights, but not the mean you subtract: in step 2 the factor stands
    before the *parentheses*."""
    return _back(dO, Q, K, V, weights,
                 slope=lambda P, dP: P * dP - np.sum(P * dP, axis=-1, keepdims=True))


def attention_backward__mean_without_its_axis(dO, Q, K, V, weights):
    """Your row's mean has lost an axis, so it lines up with the columns: an error where there are
    more keys than queries or fewer, and wrong numbers where there aren't. What does `keepdims`
    do?"""
    return _back(dO, Q, K, V, weights,
                 slope=lambda P, dP: P * (dP - np.sum(P * dP, axis=-1)))


def attention_backward__sum_over_queries(dO, Q, K, V, weights):
    """The mean in step 2 is taken along the wrong axis. It is one number for each query: what does
    its sum run over?"""
    return _back(dO, Q, K, V, weights,
                 slope=lambda P, dP: P * (dP - np.sum(P * dP, axis=-2, keepdims=True)))


def attention_backward__sum_over_everything(dO, Q, K, V, weights):
    """Your sum in step 2 runs over all the queries, too. Each row has a mean of its own."""
    return _back(dO, Q, K, V, weights, slope=lambda P, dP: P * (dP - np.sum(P * dP)))


def attention_backward__mean_added(dO, Q, K, V, weights):
    """You add the row's mean where it should be subtracted: your rows of dS don't sum to 0."""
    return _back(dO, Q, K, V, weights,
                 slope=lambda P, dP: P * (dP + np.sum(P * dP, axis=-1, keepdims=True)))


def attention_backward__sign(dO, Q, K, V, weights):
    """dQ and dK point the wrong way: every entry has the other sign. Where dP is above the row's
    mean, dS is positive."""
    return _back(dO, Q, K, V, weights, dq=-1.0, dk=-1.0)


def attention_backward__weights_not_transposed(dO, Q, K, V, weights):
    """In dV the weights aren't transposed. A value collects from all the queries that used it: over
    which axis of the weights is that?"""
    dQ, dK, _ = _back(dO, Q, K, V, weights)
    return dQ, dK, np.asarray(weights, dtype=float) @ np.asarray(dO, dtype=float)


def attention_backward__scores_not_transposed(dO, Q, K, V, weights):
    """In dK, dS isn't transposed. A key collects from all the queries: over which axis of dS is
    that?"""
    dO, Q, K, V, P = _floats(dO, Q, K, V, weights)
    dP = dO @ _turned(V)
    dS = P * (dP - np.sum(P * dP, axis=-1, keepdims=True)) / np.sqrt(Q.shape[-1])
    return dS @ K, dS @ Q, _turned(P) @ dO


def attention_backward__values_not_transposed(dO, Q, K, V, weights):
    """Your dP multiplies dO by V as it is. Each entry of dP compares one row of dO with one row of
    V: what has to be transposed?"""
    dO, Q, K, V, P = _floats(dO, Q, K, V, weights)
    dP = dO @ V
    dS = P * (dP - np.sum(P * dP, axis=-1, keepdims=True)) / np.sqrt(Q.shape[-1])
    return dS @ K, _turned(dS) @ Q, _turned(P) @ dO


def attention_backward__queries_and_keys_swapped(dO, Q, K, V, weights):
    """dQ and dK stand in each other's place. The order is dQ, dK, dV."""
    dQ, dK, dV = _back(dO, Q, K, V, weights)
    return dK, dQ, dV


def attention_backward__multiplied_by_itself(dO, Q, K, V, weights):
    """Your dQ has Q in it, and dK has K. In a product, the slope of each factor is the *other*
    one."""
    dO, Q, K, V, P = _floats(dO, Q, K, V, weights)
    dP = dO @ _turned(V)
    dS = P * (dP - np.sum(P * dP, axis=-1, keepdims=True)) / np.sqrt(Q.shape[-1])
    return dS @ Q, _turned(dS) @ K, _turned(P) @ dO


def attention_backward__values_first(dO, Q, K, V, weights):
    """Your three gradients come in another order than promised: dQ, dK, dV."""
    dQ, dK, dV = _back(dO, Q, K, V, weights)
    return dV, dQ, dK


def attention_backward__mask_forgotten(dO, Q, K, V, weights):
    """Right without a mask, but you compute the weights anew, without one. Use those that you are
    given: they know the mask."""
    return _back(dO, Q, K, V, _attend(Q, K, V)[1])


def attention_backward__averaged_over_queries(dO, Q, K, V, weights):
    """Your dK and dV are divided by the number of queries. What several queries say is added up;
    the mean over the batch is already in dO."""
    dQ, dK, dV = _back(dO, Q, K, V, weights)
    return dQ, dK / np.shape(Q)[-2], dV / np.shape(Q)[-2]


def attention_backward__reversed_transpose(dO, Q, K, V, weights):
    """Right for single matrices, but for stacks `.T` reverses *all* the axes. Only the last two
    should be swapped."""
    dO, Q, K, V, P = _floats(dO, Q, K, V, weights)
    dP = dO @ V.T
    dS = P * (dP - np.sum(P * dP, axis=-1, keepdims=True)) / np.sqrt(Q.shape[-1])
    return dS @ K, dS.T @ Q, P.T @ dO


def attention_backward__values_only(dO, Q, K, V, weights):
    """You hand dO to the values as it is. Each value counted with its weight: the more a query used
    it, the more it gets."""
    dQ, dK, dV = _back(dO, Q, K, V, weights)
    return dQ, dK, np.broadcast_to(np.sum(np.asarray(dO, float), axis=-2, keepdims=True), dV.shape)


def attention_backward__no_return(dO, Q, K, V, weights):
    """Your function gives back None: it gets to its end without a `return`."""
    _back(dO, Q, K, V, weights)


# split_heads


def inputs_split_heads(rng: np.random.Generator) -> Iterator[tuple]:
    yield rng.normal(size=(2, 3, 12)), 4
    yield rng.normal(size=(2, 5, 6)), 2
    yield rng.normal(size=(4, 4, 4)), 2
    yield rng.normal(size=(1, 3, 5)), 2
    yield [[[1, 2], [3, 4]]], 2


def fresh_split_heads(draw: Draw) -> tuple:
    n, T, own, heads = draw.sizes("n", "T", "own", "heads")
    return draw.array(n, T, own * heads), heads


def _checked(X: Any, heads: int) -> Array:
    X = np.array(X, dtype=float)
    if X.shape[-1] % heads:
        raise ValueError(f"{heads} heads can't share {X.shape[-1]} columns evenly.")
    return X


def _split(X: Any, heads: int) -> Array:
    X = _checked(X, heads)
    n, T, d = X.shape
    return X.reshape(n, T, heads, d // heads).swapaxes(1, 2)


def split_heads__reshaped_at_once(X, heads):
    """The shape is right, but places and heads are mixed up: a reshape fills the new shape in the
    old order. First cut the columns, then swap two axes."""
    X = _checked(X, heads)
    n, T, d = X.shape
    return X.reshape(n, heads, T, d // heads)


def split_heads__interleaved(X, heads):
    """You deal the columns out in turn, like cards. Neighbors should stay together: the first head
    gets the first ones."""
    X = _checked(X, heads)
    n, T, d = X.shape
    return X.reshape(n, T, d // heads, heads).transpose(0, 3, 1, 2)


def split_heads__heads_last(X, heads):
    """In your result the heads come last. Their axis belongs before the places, so that each head
    is a stack of rows."""
    X = _checked(X, heads)
    n, T, d = X.shape
    return X.reshape(n, T, heads, d // heads).swapaxes(2, 3)


def split_heads__not_swapped(X, heads):
    """You have cut the columns into heads. What is missing is the second move: the heads' axis
    should come before the places."""
    X = _checked(X, heads)
    n, T, d = X.shape
    return X.reshape(n, T, heads, d // heads)


def split_heads__heads_first(X, heads):
    """In your result the heads come first of all. The examples stay in front, the heads come
    second."""
    return np.moveaxis(_split(X, heads), 1, 0)


def split_heads__list_of_heads(X, heads):
    """You return a list of the heads' parts. One array with an axis for the heads is asked for."""
    return np.split(_checked(X, heads), heads, axis=-1)


def split_heads__folded_into_the_batch(X, heads):
    """You fold the heads into the batch. Here they keep an axis of their own, so the result has
    four."""
    parts = _split(X, heads)
    return parts.reshape(-1, *parts.shape[2:])


def split_heads__columns_before_places(X, heads):
    """The last two axes are swapped. The places come first, then the columns of the head."""
    return _split(X, heads).swapaxes(2, 3)


def split_heads__rest_cut_off(X, heads):
    """Where the heads don't divide the columns, you drop some. That should be a ValueError: nobody
    would notice the loss."""
    X = np.array(X, dtype=float)
    own = X.shape[2] // heads
    return _split(X[:, :, :own * heads], heads)


def split_heads__none_for_an_error(X, heads):
    """Where the heads don't divide the columns, you return something instead of raising a
    ValueError, and the mistake would show up much later."""
    return None if np.shape(X)[2] % heads else _split(X, heads)


def split_heads__another_error(X, heads):
    """You refuse what can't be divided, but with another kind of error than the ValueError that is
    promised."""
    X = np.array(X, dtype=float)
    assert X.shape[2] % heads == 0
    return _split(X, heads)


def split_heads__sizes_of_heads(X, heads):
    """You take `heads` for the number of columns in each head. It says how many heads there are."""
    X = _checked(X, heads)
    return _split(X, X.shape[2] // heads)


def split_heads__places_dealt_out(X, heads):
    """You cut the places, not the columns: each head has only a part of the name. Every head should
    see all the places."""
    X = _checked(X, heads)
    n, T, d = X.shape
    return X.swapaxes(1, 2).reshape(n, heads, T, d // heads)


def split_heads__ints(X, heads):
    """The numbers are right, but for whole numbers yours stays whole: return float64."""
    X = np.array(X)
    if X.shape[2] % heads:
        raise ValueError
    n, T, d = X.shape
    return X.reshape(n, T, heads, d // heads).swapaxes(1, 2)


def split_heads__no_return(X, heads):
    """Your function gives back None: it gets to its end without a `return`."""
    _split(X, heads)


# merge_heads


def inputs_merge_heads(rng: np.random.Generator) -> Iterator[tuple]:
    yield (rng.normal(size=(2, 4, 3, 5)),)
    yield (rng.normal(size=(3, 3, 3, 3)),)
    yield (rng.normal(size=(1, 2, 5, 3)),)
    yield ([[[[1], [3]], [[2], [4]]]],)


def fresh_merge_heads(draw: Draw) -> tuple:
    return (draw.array(*draw.sizes("n", "heads", "T", "own")),)


def _merge(X: Any) -> Array:
    X = np.array(X, dtype=float)
    n, heads, T, own = X.shape
    return X.swapaxes(1, 2).reshape(n, T, heads * own)


def merge_heads__not_swapped_back(X):
    """The shape is right, but places and heads are mixed up: a reshape reads in the old order. Swap
    two axes back first."""
    X = np.array(X, dtype=float)
    n, heads, T, own = X.shape
    return X.reshape(n, T, heads * own)


def merge_heads__interleaved(X):
    """You shuffle the heads' columns together like cards. All the columns of head 0 come first,
    then those of head 1."""
    X = np.array(X, dtype=float)
    n, heads, T, own = X.shape
    return X.transpose(0, 2, 3, 1).reshape(n, T, heads * own)


def merge_heads__below_each_other(X):
    """You put the heads below each other, so there are more rows than places. They belong side by
    side."""
    X = np.array(X, dtype=float)
    n, heads, T, own = X.shape
    return X.reshape(n, heads * T, own)


def merge_heads__mean(X):
    """You average over the heads. Each head keeps its own columns: nothing is mixed here."""
    return np.mean(np.array(X, dtype=float), axis=1)


def merge_heads__sum(X):
    """You add the heads up. Each head keeps its own columns: nothing is mixed here."""
    return np.sum(np.array(X, dtype=float), axis=1)


def merge_heads__first_head(X):
    """Only the first head is left in your result. The columns of all of them are wanted."""
    return np.array(X, dtype=float)[:, 0]


def merge_heads__four_axes(X):
    """You have swapped the axes back. What is missing is the second move: join the last two."""
    return np.array(X, dtype=float).swapaxes(1, 2)


def merge_heads__transposed(X):
    """The last two axes are swapped: each place should be a row."""
    return _merge(X).swapaxes(1, 2)


def merge_heads__last_head_first(X):
    """Your heads stand in the opposite order: head 0 comes first."""
    return _merge(np.array(X, dtype=float)[:, ::-1])


def merge_heads__other_axes_swapped(X):
    """You swap the last two axes, but the heads have to get past the places. Which two axes are
    those?"""
    X = np.array(X, dtype=float)
    n, heads, T, own = X.shape
    return X.swapaxes(2, 3).reshape(n, T, heads * own)


def merge_heads__batch_joined(X):
    """Your result has lost the axis of the examples. They stay apart."""
    merged = _merge(X)
    return merged.reshape(-1, merged.shape[-1])


def merge_heads__ints(X):
    """The numbers are right, but for whole numbers yours stays whole: return float64."""
    X = np.array(X)
    n, heads, T, own = X.shape
    return X.swapaxes(1, 2).reshape(n, T, heads * own)


def merge_heads__no_return(X):
    """Your function gives back None: it gets to its end without a `return`."""
    _merge(X)


# multi_head


def inputs_multi_head(rng: np.random.Generator) -> Iterator[tuple]:
    for (n, T, d), heads, mask in (((2, 3, 6), 2, ()), ((1, 4, 4), 2, (np.tri(4, dtype=bool),)),
                                   ((2, 3, 6), 3, (np.tri(3, dtype=bool),)), ((1, 3, 4), 1, ())):
        yield rng.normal(size=(n, T, d)), *(rng.normal(size=(4, d, d)) / 2), heads, *mask
    yield ([[[1, 0], [2, 1]]], [[1, 0], [1, 1]], [[0, 1], [1, 0]], [[1, 2], [0, 1]],
           [[1, 1], [0, 2]], 2)


def fresh_multi_head(draw: Draw) -> tuple:
    n, T, own, heads = draw.sizes("n", "T", "own", "heads")
    d = own * heads
    X, *Ws = (draw.given(draw.between(-1.0, 1.0, *shape))
              for shape in ((n, T, d), (d, d), (d, d), (d, d), (d, d)))
    return X, *Ws, heads, draw.choice([None, draw.mask(T, T)])


def _multi(X: Any, Wq: Any, Wk: Any, Wv: Any, Wo: Any, heads: int, mask: Any = None, *,
           scale: float | None = None, split: Callable = _split,
           merge: Callable = _merge) -> Array:
    X, Wq, Wk, Wv, Wo = _floats(X, Wq, Wk, Wv, Wo)
    parts = (split(X @ W.T, heads) for W in (Wq, Wk, Wv))
    return merge(_attend(*parts, mask, scale)[0]) @ Wo.T


def multi_head__scaled_by_d(X, Wq, Wk, Wv, Wo, heads, mask=None):
    """Your scores are divided by the root of *all* the columns. How long are the keys inside a
    head?"""
    return _multi(X, Wq, Wk, Wv, Wo, heads, mask, scale=np.sqrt(np.shape(X)[-1]))


def multi_head__no_scale(X, Wq, Wk, Wv, Wo, heads, mask=None):
    """Your scores go into the softmax undivided. What does attention divide them by?"""
    return _multi(X, Wq, Wk, Wv, Wo, heads, mask, scale=1.0)


def multi_head__scaled_twice(X, Wq, Wk, Wv, Wo, heads, mask=None):
    """Your scores are divided twice. `attention` does it already."""
    return _multi(X, Wq, Wk, Wv, Wo, heads, mask, scale=np.shape(X)[-1] / heads)


def multi_head__one_head(X, Wq, Wk, Wv, Wo, heads, mask=None):
    """`heads` makes no difference to your result: all the columns form one head. Each head attends
    in its own share."""
    return _multi(X, Wq, Wk, Wv, Wo, 1, mask)


def multi_head__places_mixed(X, Wq, Wk, Wv, Wo, heads, mask=None):
    """Your heads mix places and columns: a reshape straight to (n, heads, T, …) fills in the wrong
    order. `split_heads` takes two moves."""
    return _multi(X, Wq, Wk, Wv, Wo, heads, mask, split=split_heads__reshaped_at_once)


def multi_head__merged_at_once(X, Wq, Wk, Wv, Wo, heads, mask=None):
    """Inside the heads all is right, but on the way out places and heads are mixed up. Merging
    takes two moves."""
    return _multi(X, Wq, Wk, Wv, Wo, heads, mask, merge=merge_heads__not_swapped_back)


def multi_head__interleaved(X, Wq, Wk, Wv, Wo, heads, mask=None):
    """Your heads have every other column. Neighboring columns belong to one head."""
    return _multi(X, Wq, Wk, Wv, Wo, heads, mask, split=split_heads__interleaved,
                  merge=merge_heads__interleaved)


def multi_head__last_layer_lost(X, Wq, Wk, Wv, Wo, heads, mask=None):
    """Wo makes no difference to your result. What mixes what the heads found?"""
    return _multi(X, Wq, Wk, Wv, np.eye(np.shape(Wo)[0]), heads, mask)


def multi_head__last_layer_not_transposed(X, Wq, Wk, Wv, Wo, heads, mask=None):
    """In the last layer the rows of Wo should be its outputs, as in every layer of this course.
    What has to be transposed?"""
    return _multi(X, Wq, Wk, Wv, np.transpose(Wo), heads, mask)


def multi_head__not_transposed(X, Wq, Wk, Wv, Wo, heads, mask=None):
    """Your layers multiply by the weights as they are. Rows of W are outputs, as in every layer of
    this course: what has to be transposed?"""
    return _multi(X, *(np.transpose(W) for W in (Wq, Wk, Wv, Wo)), heads, mask)


def multi_head__inner_layers_not_transposed(X, Wq, Wk, Wv, Wo, heads, mask=None):
    """The last layer is right, but the three before attention multiply by the weights as they are.
    What has to be transposed?"""
    return _multi(X, *(np.transpose(W) for W in (Wq, Wk, Wv)), Wo, heads, mask)


def multi_head__keys_for_values(X, Wq, Wk, Wv, Wo, heads, mask=None):
    """Wv makes no difference to your result: the keys are averaged in place of the values."""
    return _multi(X, Wq, Wk, Wk, Wo, heads, mask)


def multi_head__queries_for_keys(X, Wq, Wk, Wv, Wo, heads, mask=None):
    """Wk makes no difference to your result: queries are compared with queries."""
    return _multi(X, Wq, Wq, Wv, Wo, heads, mask)


def multi_head__queries_and_keys_swapped(X, Wq, Wk, Wv, Wo, heads, mask=None):
    """Wq and Wk stand in each other's place: your keys ask, and your queries answer."""
    return _multi(X, Wk, Wq, Wv, Wo, heads, mask)


def multi_head__values_are_the_input(X, Wq, Wk, Wv, Wo, heads, mask=None):
    """Wv makes no difference to your result: you average the input itself."""
    return _multi(X, Wq, Wk, np.eye(np.shape(Wv)[0]), Wo, heads, mask)


def multi_head__mask_lost(X, Wq, Wk, Wv, Wo, heads, mask=None):
    """The mask makes no difference to your result. Who has to be told of it?"""
    return _multi(X, Wq, Wk, Wv, Wo, heads)


def multi_head__mask_inverted(X, Wq, Wk, Wv, Wo, heads, mask=None):
    """Your letters look where the mask is False. What does True mean in it?"""
    if mask is not None:
        mask = np.where(np.asarray(mask).all(axis=-1, keepdims=True), mask, ~np.asarray(mask))
    return _multi(X, Wq, Wk, Wv, Wo, heads, mask)


def multi_head__always_causal(X, Wq, Wk, Wv, Wo, heads, mask=None):
    """Yours is always causal. Without a mask, every letter may look everywhere."""
    return _multi(X, Wq, Wk, Wv, Wo, heads,
                  np.tri(np.shape(X)[1], dtype=bool) if mask is None else mask)


def multi_head__with_the_skip(X, Wq, Wk, Wv, Wo, heads, mask=None):
    """You add X to the result. The skip connection belongs to the block, and is not part of this
    function."""
    return np.asarray(X, dtype=float) + _multi(X, Wq, Wk, Wv, Wo, heads, mask)


def multi_head__mean_of_heads(X, Wq, Wk, Wv, Wo, heads, mask=None):
    """You average the heads. They belong side by side, each in its own columns."""
    return _multi(X, Wq, Wk, Wv, Wo, heads, mask,
                  merge=lambda Y: np.tile(Y.mean(axis=1), heads))


def multi_head__pair(X, Wq, Wk, Wv, Wo, heads, mask=None):
    """You return two things. Only the output is asked for here; the weights stay inside."""
    return _multi(X, Wq, Wk, Wv, Wo, heads, mask), None


def multi_head__no_return(X, Wq, Wk, Wv, Wo, heads, mask=None):
    """Your function gives back None: it gets to its end without a `return`."""
    _multi(X, Wq, Wk, Wv, Wo, heads, mask)


# generate

SURE = 900.0  # a logit beside which nothing else is ever drawn
ORDER = [[-SURE if j != (2 * k + 1) % 5 else SURE for j in range(5)] for k in range(5)]
EVEN = [[0.0] * 7] * 7
SLOPE = [[2.0, 0.0, -2.0]] * 3  # for shares
CLOSE = [[0.0, 1.0, 0.0, 0.0]] * 4  # sure at a low temperature only


def inputs_generate(rng: np.random.Generator) -> Iterator[tuple]:
    for rows, prompt, length, context, temperature in (
            (ORDER, [3, 1, 4, 2], 9, 3, 1.0), (ORDER, [2, 0], 5, 6, 0.5), (ORDER, [4], 4, 1, 1.0),
            (EVEN, [0, 3], 30, 2, 1.0), (CLOSE, [0], 30, 2, 0.01), (SLOPE, [1], 250, 1, 2.0),
            ([[SURE, -SURE]] * 2, [1], 5, 2, 1.0), (ORDER, [1, 3], 0, 3, 1.0)):
        yield rows, prompt, length, context, temperature, int(rng.integers(1000))


def fresh_generate(draw: Draw) -> tuple:
    k = draw.integer(2, 5)
    logits = draw.function(
        f"lambda ids: [[900.0 * (j == (2 * i + 1) % {k}) for j in range({k})] for i in ids]")
    return (logits, [int(one) for one in np.asarray(draw.labels(draw.integer(1, 4), k))],
            draw.integer(0, 6), draw.integer(1, 5), draw.between(0.5, 1.5), draw.generator())


def run_generate(answer: Callable[..., Any], rows: list, prompt: list, length: int, context: int,
                 temperature: float, seed: int) -> dict[str, Any]:
    """What can be said of the ids that does not depend on chance.

    rows: the logits after each id.
    """
    asked: list[list[int]] = []

    def logits(ids: Any) -> list:
        asked.append([int(one) for one in ids])
        return [rows[one] for one in asked[-1]]

    given = list(prompt)
    result = answer(logits, given, length, context, temperature, np.random.default_rng(seed))
    seen = {"kind": type(result).__name__, "prompt": str(given == list(prompt))}
    if not isinstance(result, (list, tuple, np.ndarray)):
        return seen
    ids = [int(one) for one in result]
    seen |= {"kinds": str(sorted({type(one).__name__ for one in result})), "length": len(ids),
             "start": str(ids[:len(prompt)] == list(prompt)),
             "asked": str([len(one) for one, _ in itertools.groupby(asked)][:12])}
    if rows == ORDER or len(rows) == 2:
        return seen | {"ids": str(ids), "last": str([one[-1:] for one in asked][:12])}
    again = answer(logits, list(prompt), length, context, temperature,
                   np.random.default_rng(seed))
    own = ids[-length:]
    return seen | {"again": str([int(one) for one in again] == ids),
                   "all": str(own[0]) if len(set(own)) == 1 else "different",
                   "ones": str(own.count(1) > 0.8 * len(own)),
                   **({"shares": _nearest(own, rows[0], temperature)} if rows[0] == SLOPE[0]
                      else {})}


def _nearest(ids: list[int], z: list[float], temperature: float) -> str:
    """Which temperature the shares of the first id speak for."""
    share = ids.count(0) / max(1, len(ids))
    kinds = {"as asked": temperature, "one": 1.0, "times": 1 / temperature, "none": 1e9}
    return min(kinds, key=lambda kind: abs(
        _softmax(np.array(z) / kinds[kind])[0] - share))


def _continue(logits: Any, prompt: Any, length: int, context: int, temperature: float, rng: Any, *,
              window: Callable | None = None, row: Callable = lambda rows: rows[-1],
              pick: Callable | None = None) -> list[int]:
    ids = list(prompt)
    for _ in range(length):
        asked = ids[-context:] if window is None else window(ids)
        z = np.asarray(row(logits(asked)), dtype=float)
        p = _softmax(z / temperature)
        ids.append(int(rng.choice(len(p), p=p)) if pick is None else pick(z, p))
    return ids


def generate__first_context(logits, prompt, length, context, temperature, rng):
    """You ask about the *first* `context` ids, over and over: once there are more of them, the
    newest ones have no influence. Which end of the list matters?"""
    return _continue(logits, prompt, length, context, temperature, rng,
                     window=lambda ids: ids[:context])


def generate__all_of_it(logits, prompt, length, context, temperature, rng):
    """You ask about all the ids. The network has places for `context` of them: which should it
    get?"""
    return _continue(logits, prompt, length, context, temperature, rng, window=list)


def generate__newest_alone(logits, prompt, length, context, temperature, rng):
    """You ask about the newest id alone. The network can look at up to `context` of them."""
    return _continue(logits, prompt, length, context, temperature, rng,
                     window=lambda ids: ids[-1:])


def generate__prompt_again(logits, prompt, length, context, temperature, rng):
    """You ask about the prompt every time, so what you have drawn has no influence on what comes
    next."""
    return _continue(logits, prompt, length, context, temperature, rng,
                     window=lambda ids: list(prompt)[-context:])


def generate__one_too_few(logits, prompt, length, context, temperature, rng):
    """You ask about one id less than you could, or nothing at all: how long is `ids[-context:]`?"""
    return _continue(logits, prompt, length, context, temperature, rng,
                     window=lambda ids: ids[-max(1, context - 1):])


def generate__first_row(logits, prompt, length, context, temperature, rng):
    """You draw from the first row of the logits: it says what follows the *first* id. Which row
    says what follows the last one?"""
    return _continue(logits, prompt, length, context, temperature, rng, row=lambda rows: rows[0])


def generate__mean_of_the_rows(logits, prompt, length, context, temperature, rng):
    """You average the logits of all places. What comes next is in one row alone: which?"""
    return _continue(logits, prompt, length, context, temperature, rng,
                     row=lambda rows: np.mean(rows, axis=0))


def generate__most_likely(logits, prompt, length, context, temperature, rng):
    """You always take the most likely id, so there is nothing random in your text. *Draw* from the
    probabilities."""
    return _continue(logits, prompt, length, context, temperature, rng,
                     pick=lambda z, p: int(np.argmax(p)))


def generate__times_temperature(logits, prompt, length, context, temperature, rng):
    """Your temperature works the wrong way: a low one makes the draws wilder. Are the logits
    multiplied by it, or divided?"""
    return _continue(logits, prompt, length, context, 1 / temperature, rng)


def generate__no_temperature(logits, prompt, length, context, temperature, rng):
    """The temperature makes no difference to your draws. Where does it come in? (To divide
    *probabilities* by it changes nothing, once they sum to 1 again.)"""
    return _continue(logits, prompt, length, context, 1.0, rng)


def generate__uniform(logits, prompt, length, context, temperature, rng):
    """All ids are equally likely in your draws. Hand the probabilities to `rng.choice`."""
    return _continue(logits, prompt, length, context, temperature, rng,
                     pick=lambda z, p: int(rng.integers(len(p))))


def generate__overflow(logits, prompt, length, context, temperature, rng):
    """Right for small logits, but the exponentials of large ones overflow. What can you subtract
    before you take them?"""
    ids = list(prompt)
    for _ in range(length):
        z = np.asarray(logits(ids[-context:])[-1], dtype=float) / temperature
        p = np.exp(z) / np.exp(z).sum()
        ids.append(int(rng.choice(len(p), p=p)))
    return ids


def generate__global_generator(logits, prompt, length, context, temperature, rng):
    """You draw from NumPy's global generator, so nobody can repeat the result. Draw from `rng`."""
    return _continue(logits, prompt, length, context, temperature, rng,
                     pick=lambda z, p: int(np.random.choice(len(p), p=p)))  # noqa: NPY002


def generate__seeded_in_the_loop(logits, prompt, length, context, temperature, rng):
    """You make a new generator for every draw, with the same seed, so that every draw comes out
    alike. Draw from `rng`, which goes on."""
    return _continue(logits, prompt, length, context, temperature, rng,
                     pick=lambda z, p: int(np.random.default_rng(0).choice(len(p), p=p)))


def generate__prompt_lost(logits, prompt, length, context, temperature, rng):
    """The prompt is missing in front of what you return."""
    return _continue(logits, prompt, length, context, temperature, rng)[len(prompt):]


def generate__length_of_all(logits, prompt, length, context, temperature, rng):
    """You stop when prompt and new ids *together* are `length`. It counts the new ones only."""
    return _continue(logits, prompt, max(0, length - len(prompt)), context, temperature, rng)


def generate__one_too_many(logits, prompt, length, context, temperature, rng):
    """You draw one id more than asked for."""
    return _continue(logits, prompt, length + 1, context, temperature, rng)


def generate__stops_at_zero(logits, prompt, length, context, temperature, rng):
    """You stop when a 0 is drawn. Here, 0 is an id like any other; whoever calls can cut there."""
    ids = _continue(logits, prompt, length, context, temperature, rng)
    new = ids[len(prompt):]
    return ids[:len(prompt)] + (new[:new.index(0)] if 0 in new else new)


def generate__changes_the_prompt(logits, prompt, length, context, temperature, rng):
    """The ids are right, but you append to the list that belongs to the caller. Begin with a
    copy."""
    new = _continue(logits, prompt, length, context, temperature, rng)[len(prompt):]
    for one in new:
        prompt.append(one)
    return prompt


def generate__numpy_ints(logits, prompt, length, context, temperature, rng):
    """The ids are right, but they are NumPy's integers. Turn each into an `int`."""
    ids = _continue(logits, prompt, length, context, temperature, rng)
    return ids[:len(prompt)] + [np.int64(one) for one in ids[len(prompt):]]


def generate__array(logits, prompt, length, context, temperature, rng):
    """You return an array. A plain list is promised."""
    return np.array(_continue(logits, prompt, length, context, temperature, rng))


def generate__no_return(logits, prompt, length, context, temperature, rng):
    """Your function gives back None: it gets to its end without a `return`."""
    _continue(logits, prompt, length, context, temperature, rng)
