# %% [markdown]
# # 15 · Attention: how does a letter look twelve places back in one step?
#
# The recurrent network of lesson 14 reads *christopher* letter by letter and keeps a state.
# When it comes to the last *r*, whatever it still knows of the *c* has gone through ten updates of that state.
# The gradient has to go back through the same ten, one after the other.
#
# What if each letter could look at all the letters before it, near or far, in one step?
# That is **attention**, and it is the idea behind the transformer, the T in GPT.
# You will write it, forward and backward, and end with a small GPT that makes up names.
#
# **You will build**, from nothing but NumPy:
# `attention`, `cases` → `causal_mask` → `positional_encoding` → `embed_backward` → `attention_backward` → `split_heads` → `merge_heads` → `multi_head` → `generate`
#
# **Time:** about 135 minutes. **You need:** the matrix rules of [lesson 10](../10_autograd/10_autograd.ipynb), layer norm and skip connections from lessons [11](../11_normalization/11_normalization.ipynb) and [12](../12_residual/12_residual.ipynb), and [lesson 14](../14_recurrent/14_recurrent.ipynb).
# That is two sittings: stop for the day after part one.
#
# **How to work.** Predict, run, explain. If an exercise won't budge, skip it and come back.

# %% given: imports
import numpy as np

from utils import data, plots, trained
from utils.checks import unfinished
from utils.widgets import AttentionExplorer

# %% earlier: pieces
# from 03_forward_pass: softmax, cross_entropy
# from 04_backprop: cross_entropy_grad
# from 08_optimizers: adam_step
# from 11_normalization: layernorm_forward
# from 14_recurrent: rnn_step, rnn_forward, masked_cross_entropy

# %%
# To use your own pieces instead, remove the # in front of the next lines.
# from utils import earlier
# softmax, cross_entropy = earlier.mine("03_forward_pass", "softmax", "cross_entropy")
# cross_entropy_grad = earlier.mine("04_backprop", "cross_entropy_grad")
# adam_step = earlier.mine("08_optimizers", "adam_step")
# layernorm_forward = earlier.mine("11_normalization", "layernorm_forward")
# rnn_forward, masked_cross_entropy = earlier.mine("14_recurrent", "rnn_forward", "masked_cross_entropy")

# %% [markdown]
# # Part one: a letter that looks around
#
# ## A soft lookup
#
# A Python dict looks things up: it finds the **key** that equals your **query**, and returns the **value** stored with it.
# The match is all or nothing, so it has no slope, and nothing can be learned.
#
# Attention makes the lookup soft.
# Query, keys, and values are vectors.
# The dot product of the query with each key says how well they match, softmax turns these scores into weights, and the answer is the *weighted mean of all the values*.
#
# **By hand, once.** Let the query be $q = (2, 0, 0, 0)$, with two keys and two values, each value a single number:
#
# | | key | $q \cdot k$ | divided by $\sqrt{4}$ | exponential | weight | value |
# |---|---|---|---|---|---|---|
# | 1 | $(1.1, 7, 0, 0)$ | 2.2 | 1.1 | 3.0 | 0.75 | 10 |
# | 2 | $(0, 0, 5, 0)$ | 0 | 0 | 1.0 | 0.25 | 2 |
#
# The answer is $0.75 \cdot 10 + 0.25 \cdot 2 = 8$.
# The scores are divided by $\sqrt{d_k}$, where $d_k$ is the length of a key; you will soon see why.
#
# For many queries at once, put queries, keys, and values in the rows of three matrices:
#
# $$ P = \mathrm{softmax}\!\left(\frac{Q K^\top}{\sqrt{d_k}}\right), \qquad O = P\,V . $$
#
# Each row of $P$ belongs to one query, has one weight for each key, and sums to 1.
#
# ## The mask
#
# Sometimes a query must not see certain keys.
# A **mask** says which: it is True where a query may look.
# A forbidden key gets a weight of *exactly* 0, and the weights of the others still sum to 1.
#
# So the mask has to act *before* the softmax: replace forbidden scores by $-\infty$, since $e^{-\infty} = 0$.
#
# There is a trap.
# For stability, softmax subtracts the largest score of the row.
# Let that be the largest score *that is allowed*: if a forbidden one is 1,000 higher, all others become $e^{-1000}$, which the computer rounds to 0, and you get 0/0.
#
# ## Exercise 1: attention
#
# There may be more axes in front of the last two: one for the examples of a batch, one for the *heads* of part two.

# %% exercise: attention
def attention(Q, K, V, mask=None):
    """For each query, the mean of the values, weighted by how well their keys match it.

    Q: (..., Tq, dk), K: (..., Tk, dk), V: (..., Tk, dv): one query, key, or value per row, with
    the same axes in front.
    mask: None, or bools that broadcast to (..., Tq, Tk), True where a query may look. Each query
    may look at one key or more.
    Returns (out, weights), both float64: out (..., Tq, dv); weights (..., Tq, Tk), the softmax over
    the keys of the scores divided by the root of dk, exactly 0 where the mask is False. No score,
    however large, masked or not, leads to nan.
    """
    ### BEGIN SOLUTION
    Q, K, V = (np.asarray(part, dtype=float) for part in (Q, K, V))
    scores = Q @ np.swapaxes(K, -1, -2) / np.sqrt(Q.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = weights / weights.sum(axis=-1, keepdims=True)
    return weights @ V, weights
    ### END SOLUTION

# %% tests: attention, 5 points
import numpy as np

NAMES = ("out", "weights")


@check.once
def _by_loops(Q, K, V, mask=None):
    """Query by query, over the keys that it may look at."""
    Q, K, V = (np.array(part, dtype=float) for part in (Q, K, V))
    weights = np.zeros((*Q.shape[:-1], K.shape[-2]))
    allowed = np.broadcast_to(True if mask is None else mask, weights.shape)
    for index in np.ndindex(Q.shape[:-1]):
        keys = np.flatnonzero(allowed[index])
        scores = K[index[:-1]][keys] @ Q[index] / Q.shape[-1] ** 0.5
        parts = np.exp(scores - scores.max())
        weights[index][keys] = parts / parts.sum()
    return np.einsum("...qk,...kv->...qv", weights, V), weights


def _agrees(Q, K, V, *mask):
    got = check.parts(check.call(attention, Q, K, V, *mask), *NAMES)
    check.close(got, _by_loops(Q, K, V, *mask), names=NAMES)
    return got


def _drawn(seed, *front, Tq=3, Tk=4, dk=5, dv=2):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(*front, Tq, dk)), rng.normal(size=(*front, Tk, dk)), rng.normal(size=(*front, Tk, dv))


with check("gives the weights and the mean that you worked out by hand"):
    got = check.parts(check.call(attention, np.array([[2.0, 0, 0, 0]]), np.array([[1.1, 7, 0, 0], [0, 0, 5.0, 0]]),
                                 np.array([[10.0], [2.0]])), *NAMES)
    share = np.exp(1.1) / (np.exp(1.1) + 1)
    check.close(got, (np.array([[10 * share + 2 * (1 - share)]]), np.array([[share, 1 - share]])), names=NAMES)
with check("has weights that sum to 1 over the keys, for each query"):
    _, weights = check.parts(check.call(attention, *_drawn(1501)), *NAMES)
    check.floats(weights, (3, 4))
    sums = np.sum(weights, axis=1)
    check.true(np.allclose(sums, 1), "the weights of each query (row) should sum to 1. "
               f"Your rows sum to {np.round(sums, 3)}.")
with check("divides the scores by the root of the key's length, and uses each matrix in its place"):
    _agrees(*_drawn(1502))
    _agrees(*_drawn(1503, Tq=4, Tk=4, dk=4, dv=4))
with check("gives weight exactly 0 where the mask is False, and shares 1 among the others"):
    for seed, mask in ((1504, [[True, False, True], [True, True, False]]),
                       (1514, [[True, False, False, True], [True, True, False, False], [False, False, False, True]])):
        mask = np.array(mask)
        args = *_drawn(seed, Tq=mask.shape[0], Tk=mask.shape[1], dk=2, dv=1), mask
        _, weights = check.parts(check.call(attention, *args), *NAMES)
        check.close((weights,), (_by_loops(*args)[1],), names=("weights",))
        check.true(np.all(np.asarray(weights)[~mask] == 0), "where the mask is False, a weight should be exactly 0.")
with check("is stable for scores of ±1000, also if a masked one is the largest"):
    Q, K, V = np.array([[1000.0], [-1000.0]]), np.array([[1.0], [0.999], [-1.0]]), np.array([[1.0], [2.0], [4.0]])
    _agrees(Q, K, V)
    _agrees(Q, K, V, np.array([[False, True, True], [True, True, False]]))
with check("works with more axes in front, all with one mask, and takes lists of whole numbers"):
    _agrees(*_drawn(1505, 2, 3))
    _agrees(*_drawn(1513, 2, 3, Tq=4), np.tri(4, dtype=bool))
    got = _agrees([[1, 0], [2, 1]], [[1, 2], [0, 1]], [[5, 1, 0], [3, 0, 2]])
    check.floats(got[0], (2, 3))
### BEGIN HIDDEN TESTS
with check("broadcasts the mask, whatever the axes in front"):
    rng = np.random.default_rng(1506)
    for front, shape in (((2, 3), (3, 4)), ((2, 3), (2, 1, 3, 4)), ((2, 3), (1, 4)), ((3,), (3, 1, 4)), ((), (4,)),
                         ((2,), (2, 3, 4))):
        mask = rng.random(shape) < 0.5
        mask[..., 1] = True
        _, weights = _agrees(*_drawn(1507, *front), mask)
        full = np.broadcast_to(mask, np.shape(weights))
        check.true(np.all(np.asarray(weights)[~full] == 0), "where the mask is False, a weight should be exactly 0.")
with check("is right where all sizes are equal, or where there is one query, one key, or one column"):
    for sizes in ({"Tq": 4, "Tk": 4, "dk": 4, "dv": 4}, {"Tq": 1}, {"Tk": 1}, {"dk": 1}, {"dv": 1}, {"dk": 16, "dv": 3}):
        _agrees(*_drawn(1508, **sizes))
        _agrees(*_drawn(1509, 2, **sizes))
with check("is stable where a masked score is by far the largest, in a batch"):
    Q, K, V = _drawn(1510, 2)
    K[:, 2] *= 1e4
    mask = np.array([True, True, False, True])
    _agrees(Q, K, V, mask)
    _agrees(Q, K, V)
with check("returns float64, for any memory order, and leaves its arguments as they were"):
    got = check.parts(check.call(attention, np.array([[1, 2]]), np.array([[1, 0], [0, 1]]), np.array([[1], [2]])), *NAMES)
    check.floats(got[0], (1, 1))
    check.floats(got[1], (1, 2))
    Q, K, V = _drawn(1511, 2, Tq=6, Tk=4, dk=6)
    _agrees(np.asfortranarray(Q)[:, ::2, ::-2], K[:, :, :3], np.asfortranarray(V))
    check.unchanged(attention, *_drawn(1512), np.tri(3, 4, dtype=bool))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Start without the mask, for single matrices.
# What are the shapes of Q and K, and which product has shape (Tq, Tk)?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `np.swapaxes(K, -1, -2)` transposes the last two axes only, so it works for stacks.
# `np.where(mask, scores, -np.inf)` broadcasts the mask by itself.
# `max` and `sum` need `axis=-1, keepdims=True`.
# (The `softmax` of lesson 3 runs along axis 1, so it is right for single matrices only.)
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Turn all three into float arrays.
# Compute the scores and divide them by the root of `Q.shape[-1]`.
# If there is a mask, replace the forbidden scores by minus infinity, and only *then* take each row's maximum.
# Subtract it, take exponentials, and divide by their sum along the last axis.
# Return the weights times V, and the weights.
# </details>

# %% [markdown]
# ## Catch the bug
#
# We have ten wrong versions of `attention`; your points are the share of them that your examples expose.
# With keys of length 1, for instance, nobody notices a missing root.

# %% exercise: cases
def cases():
    """Return examples on which wrong versions of attention give themselves away.

    Returns a list of 1 to 8 tuples (Q, K, V) or (Q, K, V, mask), the arguments of one call each
    and with at most 200 numbers in all. Numbers lie between -10,000 and 10,000.
    If a mask leaves a query without a key, right versions disagree or raise an error, and that
    costs all the points.
    """
    ### BEGIN SOLUTION
    rng = np.random.default_rng(15)
    Q, K, V = (rng.normal(size=(2, 3, length)) for length in (2, 2, 4))
    return [
        (Q, K, V, np.tri(3, dtype=bool)),  # a stack with one mask, and sizes of their own
        ([[1000.0], [1.0]], [[1.0], [-1.0]], [[1.0], [3.0]]),  # scores of 1000 beside a row of ±1
        ([[1000.0]], [[1.0], [-1.0]], [[1.0], [3.0]], [[False, True]]),  # the masked one is larger
    ]
    ### END SOLUTION

# %% tests: cases, 2 points
import numpy as np


def _fit(Q, K, V, mask=None):
    Q, K, V = (np.array(part, dtype=float) for part in (Q, K, V))
    if min(Q.ndim, K.ndim, V.ndim) < 2 or not Q.size or not K.size or not V.size:
        return "Q, K, and V should have two axes at least, none of length 0."
    if not Q.shape[:-2] == K.shape[:-2] == V.shape[:-2]:
        return "Q, K, and V should have the same axes in front of the last two."
    if Q.shape[-1] != K.shape[-1] or K.shape[-2] != V.shape[-2]:
        return (f"queries and keys should have one length, and there should be a value for each key: {Q.shape}, "
                f"{K.shape}, {V.shape}.")
    if not all(np.all(np.abs(part) <= 1e4) for part in (Q, K, V)):
        return "all numbers should lie between -10,000 and 10,000."
    if mask is None:
        return Q, K, V
    mask, shape = np.array(mask), (*Q.shape[:-1], K.shape[-2])
    if mask.dtype != bool or mask.ndim > len(shape) or any(
            size not in (1, full) for size, full in zip(mask.shape[::-1], shape[::-1])):
        return f"mask should hold bools that broadcast to {shape}."
    return Q, K, V, mask


with check("is a list of 1 to 8 examples (Q, K, V, mask) that can be used", weight=0):
    check.cases(cases, _fit)
### BEGIN HIDDEN TESTS
# right answers to attention: scipy, query_by_query
# wrong answers to attention: divided_by_dk, root_of_the_number_of_keys, root_of_the_values_length, mask_after_the_softmax, masked_scores_are_zero, shares_of_masked_weights, overflow, one_maximum_for_all, reversed_transpose, mask_not_broadcast
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Five sizes, a mask, axes in front, and the trap of large scores: which of them hides a mistake if it is 1, missing, or the same as another?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `rng.normal(size=(2, 3, 4))` gives you a stack of two matrices, and `np.tri(3, dtype=bool)` one mask for all of them.
# You get scores of exactly the size you want with keys of length 1: a query of 1000 and a key of -1 give -1000.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Three examples are enough.
# One is a stack of random matrices with one mask, where the number of keys, their length, and the values' length all differ.
# One has a row with a score of 1000 and another whose scores are small.
# In the last one, a masked score is 1000 and the others are -1000.
# </details>

# %% [markdown]
# ## No looking ahead
#
# Our network is going to predict the next letter at every place of a name at once.
# If the letter at place $t$ could look at place $t + 1$, it would see the answer.
# So it may look at the places 0 to $t$ only.
# This is called a **causal** mask.
# For three letters it is
#
# $$ \begin{pmatrix} \text{True} & \text{False} & \text{False} \\ \text{True} & \text{True} & \text{False} \\ \text{True} & \text{True} & \text{True} \end{pmatrix}. $$
#
# ## Exercise 2: the causal mask

# %% exercise: causal_mask
def causal_mask(T):
    """Who may look at whom: bools of shape (T, T), T >= 1.

    Row t belongs to the letter that looks, and is True in the columns 0 to t.
    """
    ### BEGIN SOLUTION
    return np.tril(np.ones((T, T), dtype=bool))
    ### END SOLUTION

# %% tests: causal_mask, 2 points
import numpy as np


def _is_causal(T):
    got = np.asarray(check.call(causal_mask, T))
    check.true(got.shape == (T, T), f"expected shape ({T}, {T}), got {got.shape}.")
    for t in range(T):
        for s in range(T):
            check.true(bool(got[t, s]) == (s <= t), f"row {t}, column {s} should be {s <= t}: the letter at place {t} "
                       f"may {'' if s <= t else 'not '}look at place {s}.")


with check("lets each letter look at itself and at what is before it, and at nothing else"):
    _is_causal(3)
with check("holds bools"):
    got = check.call(causal_mask, 4)
    kind = got.dtype if isinstance(got, np.ndarray) else type(got).__name__
    check.true(isinstance(got, np.ndarray) and got.dtype == bool, f"expected an array of bools, got {kind}.")
### BEGIN HIDDEN TESTS
with check("is right for any number of letters"):
    for T in (1, 2, 5, 12):
        _is_causal(T)
with check("works as a mask with ~ and with np.where"):
    got = check.call(causal_mask, 5)
    check.true(isinstance(got, np.ndarray) and got.dtype == bool and np.sum(~got) == 10,
               "with 5 letters, ~mask should be True in 10 places.")
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# How many entries of row $t$ are True?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `np.tril` keeps the lower triangle of a matrix, `np.tri` makes one.
# Or compare a column of places with a row of places.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# `places = np.arange(T)`.
# The entry in row t and column s is True if s is at most t; `places[:, None]` is the column of all t.
# </details>

# %% [markdown]
# ## Why the square root?
#
# A dot product of length $d$ adds up $d$ products.
# If all the numbers are independent, with mean 0 and variance 1, each product has variance 1 as well, and the variances add up: the score has variance $d$, and a standard deviation of $\sqrt d$.
# Dividing by $\sqrt d$ brings it back to 1, for keys of any length.
#
# Without it, nothing seems wrong: every row still sums to 1.
# The next cell draws queries and keys at random, 16 keys for each query, and looks at the *largest* of the 16 weights.
# It also looks at the slope of that weight $p$ for its own score, which is $p\,(1 - p)$.
#
# **Predict:** with keys of length 256, how large is the largest weight on average, with and without the division?

# %%
lengths = [1, 2, 4, 8, 16, 32, 64, 128, 256]
rng = np.random.default_rng(1)
with plots.figure("Two plots against the length of the keys, 1 to 256. Left: with the division, the largest of 16 "
                  "weights stays between 0.2 and 0.25; without, it rises to 0.92. Right: the slope of that weight "
                  "rises from 0.14 to 0.18 with the division; without, it rises to 0.20 at length 4 and then falls "
                  "to 0.055.",
                  columns=2) as (left, right):
    largest, slope = {"÷ √d": [], "no division": []}, {"÷ √d": [], "no division": []}
    for label in largest:
        for d in lengths:
            Q, K, V = rng.normal(size=(3, 200, 16, d))
            factor = 1.0 if label == "÷ √d" else np.sqrt(d)  # which undoes your division
            _, weights = attention(factor * Q, K, V)
            p = weights.max(axis=-1)
            largest[label].append(p.mean())
            slope[label].append((p * (1 - p)).mean())
        print(f"d = 256, {label}: largest weight {p.mean():.2f}, slope {(p * (1 - p)).mean():.3f}, "
              f"below 0.01 in {np.mean(p * (1 - p) < 0.01):.0%} of the rows")
    plots.curves(lengths, largest, log="x", xlabel="length of the keys", ylabel="largest of 16 weights", ax=left,
                 title="Undivided, one key takes it all …")
    plots.curves(lengths, slope, log="x", xlabel="length of the keys", ylabel="its slope p (1 − p)", ax=right,
                 title="… and there is little slope left")

# %% [markdown]
# It is 0.25 with the division, and 0.92 without.
# A softmax that is all but sure before it has learned anything is a problem: its slope has fallen from 0.18 to 0.055, and in more than half of the rows it is below 0.01, so hardly any gradient gets back to the queries and keys.
# It is saturated, like the sigmoids of lesson 6.
# (For short keys the slope even rises, since $p\,(1 - p)$ is largest at $p = ½$.)
#
# ## Attention doesn't see the order
#
# **Predict:** shuffle the keys, and the values with them. What happens to the answer?

# %%
with unfinished():
    rng = np.random.default_rng(2)
    Q, K, V = rng.normal(size=(1, 8)), rng.normal(size=(6, 8)), rng.normal(size=(6, 2))
    shuffled = rng.permutation(6)
    print("in order:", attention(Q, K, V)[0].round(3))
    print("shuffled:", attention(Q, K[shuffled], V[shuffled])[0].round(3))

# %% [markdown]
# Nothing: a sum doesn't know the order of its terms.
# For attention, *amy* and *may* are the same three letters.
# (A causal mask gives away a little: later letters see more.)
# So each letter has to carry its place along: we add a vector that depends on the place alone, a **positional encoding**.
#
# The vectors of the first transformer are like the hands of many clocks.
# Each pair of columns is one hand: at place $t$ it has turned by the angle $t / 10000^{2i/d}$, and the pair holds this angle's sine and cosine.
#
# $$ E_{t,\,2i} = \sin \frac{t}{10000^{2i/d}}, \qquad E_{t,\,2i+1} = \cos \frac{t}{10000^{2i/d}} . $$
#
# Here $i$ counts the hands, from 0 to $d/2 - 1$.
# The first hand turns by one radian per letter, the last one hardly moves.
#
# Why clocks?
# Twelve places later, each hand has turned by a fixed angle, *wherever you started*.
# Turning is multiplication by a matrix, so a matrix such as $W_q$ can learn "twelve places back" once, for all places.
#
# **By hand:** for $d = 4$, the exponents $2i/d$ are 0 and ½, so the hands turn by $t$ and by $t/100$. Row 1 is $(\sin 1, \cos 1, \sin 0.01, \cos 0.01) = (0.841, 0.540, 0.010, 1.000)$.
#
# ## Exercise 3: a code for each place

# %% exercise: positional_encoding
def positional_encoding(T, d):
    """A vector for each of the places 0 to T − 1 (Vaswani and others, 2017, section 3.5).

    T: the number of places, >= 1.  d: the length of a vector, an even number >= 2.
    Returns float64 of shape (T, d): for each i, columns 2i and 2i + 1 hold the sine and the cosine
    of an angle in radians, the place divided by 10000 to the power 2i/d.
    """
    ### BEGIN SOLUTION
    angles = np.arange(T)[:, None] / 10000.0 ** (np.arange(0, d, 2) / d)
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(T, d)
    ### END SOLUTION

# %% tests: positional_encoding, 3 points
import math

import numpy as np


def _codes(T, d):
    return np.array([[(math.cos if column % 2 else math.sin)(t / 10000 ** (2 * (column // 2) / d)) for column in range(d)]
                     for t in range(T)])


with check("gives place 0 the sine and cosine of 0 in turn: 0, 1, 0, 1"):
    check.close(check.call(positional_encoding, 3, 4)[0], [0.0, 1.0, 0.0, 1.0])
with check("gives the row that you worked out by hand"):
    check.close(check.call(positional_encoding, 2, 4)[1], [math.sin(1), math.cos(1), math.sin(0.01), math.cos(0.01)])
with check("has one hand that turns by a radian a place where d = 2"):
    check.close(check.call(positional_encoding, 4, 2), [[math.sin(t), math.cos(t)] for t in range(4)])
with check("turns each hand at its own speed, also where there are many"):
    check.close(check.call(positional_encoding, 7, 10), _codes(7, 10))
### BEGIN HIDDEN TESTS
with check("is right for other sizes, and where T and d are equal"):
    for T, d in ((1, 2), (6, 6), (12, 32), (40, 8), (3, 14)):
        check.close(check.call(positional_encoding, T, d), _codes(T, d))
with check("returns float64"):
    check.floats(check.call(positional_encoding, 5, 6), (5, 6))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# First make the table of the angles: T rows, and one column for each hand, so d/2 of them.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `np.arange(0, d, 2)` holds the numbers 2i: 0, 2, 4, …
# A column of places, `np.arange(T)[:, None]`, divided by a row of d/2 powers of 10000 broadcasts to the table.
# In `out[:, 0::2] = …`, the slice takes every other column.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# The angles are the column of places divided by `10000.0 ** (np.arange(0, d, 2) / d)`.
# Make an empty float array of shape (T, d), put their sines in the columns 0, 2, 4, … and their cosines in the columns 1, 3, 5, …
# </details>

# %% [markdown]
# ## From letters to vectors
#
# As in lesson 14, letters are numbers: 1 to 26 for a to z, and 0 for the start and the end of a name.
# A **table** has one row for each of the 27, and `table[ids]` takes the row of every letter, for ids of any shape.
# The table is learned with everything else.
#
# Its gradient is lesson 10's rule for taking rows.
# The row of *e* may have been taken forty times: the parts of all forty **add up**, and a row that was never taken gets zeros.
# The trap: `total[ids] += dY` keeps only one of the repeats.
#
# ## Exercise 4: the gradient of the table

# %% exercise: embed_backward
def embed_backward(dY, ids, size):
    """The gradient of a table of `size` rows, given the gradient of table[ids].

    ids: whole numbers from 0 to size − 1, an array (or list) of any shape, or a single one.
    dY: the gradient of table[ids], of the shape of ids and one more axis, of length d.
    Returns float64 of shape (size, d): row k is the sum of all the parts of dY where ids is k.

    embed_backward([[1.0, 2.0], [10.0, 20.0]], [3, 3], 4) has zeros in rows 0 to 2, and [11, 22] in row 3.
    """
    ### BEGIN SOLUTION
    dY = np.asarray(dY, dtype=float)
    total = np.zeros((size, dY.shape[-1]))
    np.add.at(total, np.asarray(ids), dY)
    return total
    ### END SOLUTION

# %% tests: embed_backward, 2 points
import numpy as np


def _row_by_row(dY, ids, size):
    dY, ids = np.asarray(dY, dtype=float), np.asarray(ids)
    parts = dY.reshape(-1, dY.shape[-1])
    total = np.zeros((size, parts.shape[1]))
    for k, part in zip(ids.reshape(-1).tolist(), parts):
        total[k] = total[k] + part
    return total


with check("adds up the parts of a repeated letter, and gives zeros to a letter that does not occur"):
    check.close(check.call(embed_backward, [[1.0, 2.0], [10.0, 20.0]], [3, 3], 4), [[0.0, 0], [0, 0], [0, 0], [11, 22]])
with check("takes a batch of names, with ids of shape (n, T)"):
    rng = np.random.default_rng(1541)
    ids, dY = np.array([[0, 2, 2], [4, 0, 2]]), rng.normal(size=(2, 3, 5))
    check.close(check.call(embed_backward, dY, ids, 6), _row_by_row(dY, ids, 6))
with check("takes a single id"):
    check.close(check.call(embed_backward, np.array([1.0, -2.0, 3.0]), 1, 3), [[0.0, 0, 0], [1, -2, 3], [0, 0, 0]])
### BEGIN HIDDEN TESTS
with check("agrees with a loop, for ids of any shape"):
    rng = np.random.default_rng(1542)
    for shape, size, d in (((9,), 4, 3), ((4, 4), 4, 4), ((2, 3, 4), 5, 2), ((), 3, 3), ((1,), 1, 2), ((30,), 27, 1)):
        ids, dY = rng.integers(size, size=shape), rng.normal(size=(*shape, d))
        check.close(check.call(embed_backward, dY, ids, size), _row_by_row(dY, ids, size))
with check("returns float64, for lists, whole numbers, and any memory order"):
    got = check.call(embed_backward, [[[1, 2]], [[3, 4]]], [[0], [0]], 2)
    check.floats(got, (2, 2))
    check.close(got, [[4.0, 6.0], [0.0, 0.0]])
    dY = np.asfortranarray(np.random.default_rng(1543).normal(size=(6, 4)))[::2, ::-2]
    check.close(check.call(embed_backward, dY, np.array([1, 0, 1, 9])[:3], 3), _row_by_row(dY, [1, 0, 1], 3))
with check("leaves its arguments as they were"):
    check.unchanged(embed_backward, np.ones((3, 2)), np.array([1, 1, 0]), 2)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Start with zeros in the shape of the table.
# Where does its number of columns come from?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `np.add.at(total, ids, parts)` adds each part at its place, one after another; it takes ids of any shape, () included.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Turn `dY` into a float array, and make zeros of shape (size, dY.shape[-1]).
# Call `np.add.at` with the zeros, `np.asarray(ids)`, and `dY`. It changes the zeros in place and returns nothing, so return them afterward.
# </details>

# %% [markdown]
# ## Back through attention
#
# This is the hardest part of the lesson.
# Forward, there are three steps:
#
# $$ S = \frac{Q K^\top}{\sqrt{d_k}}, \qquad P = \mathrm{softmax}(S) \text{ row by row}, \qquad O = P V . $$
#
# Let the gradient $dO$ arrive, and go back one step at a time.
#
# **1. The weighted mean**, $O = PV$, is a matrix product, so lesson 10's rule applies:
#
# $$ dP = dO\, V^\top, \qquad dV = P^\top dO . $$
#
# **2. The softmax.** Raise the score $S_{ij}$ a little.
# Its own weight $P_{ij}$ rises, with slope $P_{ij}(1 - P_{ij})$; every other weight of the row, $P_{ik}$, falls, with slope $-P_{ik} P_{ij}$.
# Multiply each slope by the gradient of its weight, and add:
#
# $$ dS_{ij} = P_{ij}(1 - P_{ij})\, dP_{ij} - \sum_{k \neq j} P_{ik} P_{ij}\, dP_{ik} = P_{ij} \Bigl( dP_{ij} - \sum_k P_{ik}\, dP_{ik} \Bigr). $$
#
# The last sum is one number per row: the mean of the row of $dP$, weighted by $P$.
# Where $dP$ is above the mean, $dS$ is positive: raising that score would raise the loss, so gradient descent lowers it, in favor of the other keys.
#
# **3. The scores** are a matrix product again, with a factor:
#
# $$ dQ = \frac{dS\, K}{\sqrt{d_k}}, \qquad dK = \frac{dS^\top Q}{\sqrt{d_k}} . $$
#
# **By hand, once.** Take the example from the beginning: $P = (0.75, 0.25)$, values 10 and 2, and let $dO = 1$ arrive.
#
# | step | result |
# |---|---|
# | 1 | $dP = (1 \cdot 10,\; 1 \cdot 2) = (10, 2)$ and $dV = (0.75, 0.25)$ |
# | 2, the row's mean | $0.75 \cdot 10 + 0.25 \cdot 2 = 8$ |
# | 2 | $dS = (0.75\,(10 - 8),\; 0.25\,(2 - 8)) = (1.5, -1.5)$ |
# | 3 | $dQ = (1.5\,k_1 - 1.5\,k_2)/2 = (0.825,\; 5.25,\; -3.75,\; 0)$ |
# | 3 | row 1 of $dK$ is $1.5\,q/2 = (1.5, 0, 0, 0)$, row 2 is $(-1.5, 0, 0, 0)$ |
#
# In step 2, the row sums to 0: if every score rises by the same amount, no weight changes.
# And the mask? Where a weight is 0, step 2 makes $dS$ 0 all by itself.
#
# ## Exercise 5: the way back
#
# Divide by $\sqrt{d_k}$ once: either $dS$, or both $dQ$ and $dK$.

# %% exercise: attention_backward
def attention_backward(dO, Q, K, V, weights):
    """The gradients of Q, K, and V, given the gradient of attention's output.

    dO: (..., Tq, dv), the gradient of out.  Q, K, V: as `attention` got them.
    weights: (..., Tq, Tk), as `attention` returned them, with a mask or without.
    Returns (dQ, dK, dV), float64, with the shapes of Q, K, and V.
    """
    ### BEGIN SOLUTION
    dO, Q, K, V, P = (np.asarray(part, dtype=float) for part in (dO, Q, K, V, weights))
    dV = np.swapaxes(P, -1, -2) @ dO
    dP = dO @ np.swapaxes(V, -1, -2)
    dS = P * (dP - np.sum(P * dP, axis=-1, keepdims=True)) / np.sqrt(Q.shape[-1])
    return dS @ K, np.swapaxes(dS, -1, -2) @ Q, dV
    ### END SOLUTION

# %% tests: attention_backward, 7 points
import numpy as np

NAMES = ("dQ", "dK", "dV")


def _forward(Q, K, V, mask=None):
    """With complex numbers too, for the complex step."""
    scores = np.einsum("...qd,...kd->...qk", Q, K) / np.sqrt(Q.shape[-1])
    kept = np.broadcast_to(True if mask is None else mask, scores.shape)
    shift = np.where(kept, scores.real, -np.inf).max(axis=-1, keepdims=True)
    parts = np.where(kept, np.exp(np.where(kept, scores - shift, 0)), 0)
    weights = parts / parts.sum(axis=-1, keepdims=True)
    return np.einsum("...qk,...kv->...qv", weights, V), weights


@check.once
def _slopes(dO, Q, K, V, mask=None):
    """The slopes of sum(dO * out), entry by entry."""
    found = []
    for k in range(3):
        parts = [np.array(part, dtype=complex) for part in (Q, K, V)]
        slope = np.zeros(parts[k].shape)
        for index in np.ndindex(slope.shape):
            old = parts[k][index]
            parts[k][index] = old + 1e-30j
            slope[index] = np.sum(dO * _forward(*parts, mask)[0]).imag / 1e-30
            parts[k][index] = old
        found.append(slope)
    return tuple(found)


def _drawn(seed, *front, Tq=3, Tk=4, dk=5, dv=2):
    rng = np.random.default_rng(seed)
    return (rng.normal(size=(*front, Tq, dv)), rng.normal(size=(*front, Tq, dk)), rng.normal(size=(*front, Tk, dk)),
            rng.normal(size=(*front, Tk, dv)))


def _agrees(dO, Q, K, V, mask=None, only=NAMES):
    weights = _forward(np.asarray(Q), np.asarray(K), np.asarray(V), mask)[1]
    got = check.parts(check.call(attention_backward, dO, Q, K, V, weights), *NAMES)
    for name, one, expected in zip(NAMES, got, _slopes(dO, Q, K, V, mask)):
        if name in only:
            check.close((one,), (expected,), names=(name,))
    return got


HAND = (np.array([[1.0]]), np.array([[2.0, 0, 0, 0]]), np.array([[1.1, 7, 0, 0], [0, 0, 5, 0]]), np.array([[10.0], [2.0]]))
with check("gives each value its share of what arrives: dV"):
    got = check.parts(check.call(attention_backward, *HAND, np.array([[0.75, 0.25]])), *NAMES)
    check.close((got[2],), (np.array([[0.75], [0.25]]),), names=("dV",))
    _agrees(*_drawn(1551), only=("dV",))
with check("goes back through the softmax to the query, as worked out by hand: dQ"):
    got = check.parts(check.call(attention_backward, *HAND, np.array([[0.75, 0.25]])), *NAMES)
    check.close((got[0],), (np.array([[0.825, 5.25, -3.75, 0.0]]),), names=("dQ",))
    _agrees(*_drawn(1552), only=("dQ",))
with check("goes back through the softmax to the keys, as worked out by hand: dK"):
    got = check.parts(check.call(attention_backward, *HAND, np.array([[0.75, 0.25]])), *NAMES)
    check.close((got[1],), (np.array([[1.5, 0, 0, 0], [-1.5, 0, 0, 0]]),), names=("dK",))
    _agrees(*_drawn(1553), only=("dK",))
with check("is right for keys of length 1, where the scale is 1", weight=2):
    _agrees(*_drawn(1563, dk=1))
with check("is right where all sizes are equal, so that no wrong transpose can hide"):
    _agrees(*_drawn(1554, Tq=4, Tk=4, dk=4, dv=4))
with check("is right with a causal mask, and for a batch of several heads"):
    _agrees(*_drawn(1555, 2, 2, Tq=3, Tk=3), np.tri(3, dtype=bool))
with check("returns float64 for lists of whole numbers"):
    got = _agrees([[1, 2]], [[0, 0]], [[1, 2], [3, 1]], [[1, 0], [2, 5]])
    for one, shape in zip(got, ((1, 2), (2, 2), (2, 2))):
        check.floats(one, shape)
### BEGIN HIDDEN TESTS
with check("is the slope of attention, whatever the sizes"):
    for front, sizes in (((), {"Tq": 1}), ((2,), {"Tk": 1}), ((), {"dk": 1, "dv": 3}), ((), {"dv": 1}),
                         ((3, 2), {"Tq": 2, "Tk": 3, "dk": 2}), ((2,), {"Tq": 5, "Tk": 2, "dk": 3})):
        _agrees(*_drawn(1556, *front, **sizes))
with check("is the slope of masked attention, whatever the mask"):
    rng = np.random.default_rng(1557)
    for front in ((), (2,), (2, 2)):
        mask = rng.random((3, 4)) < 0.5
        mask[:, 1] = True
        _agrees(*_drawn(1558, *front), mask)
with check("uses the weights it is given"):
    dO, Q, K, V = _drawn(1559)
    mask = np.array([True, True, False, True])
    _agrees(dO, Q, K, V, mask)
with check("stays right where the weights are 0 and 1"):
    dO, Q, K, V = _drawn(1560)
    _agrees(dO, 300 * Q, K, V)
with check("reads any memory order, and leaves its arguments as they were"):
    dO, Q, K, V = _drawn(1561, 2, Tq=6, dk=6)
    _agrees(np.asfortranarray(dO)[:, ::2], np.asfortranarray(Q)[:, ::-2, ::2], K[:, :, :3], np.asfortranarray(V))
    dO, Q, K, V = _drawn(1562)
    check.unchanged(attention_backward, dO, Q, K, V, _forward(Q, K, V)[1])
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Write the three steps as three lines, in the order of the table above, with a comment on the shape of each result.
# For one head: dO is (Tq, dv), V is (Tk, dv), and dP has the shape of the weights, (Tq, Tk).
# There is only one way to multiply the first two that gives the third.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `np.swapaxes(A, -1, -2)` transposes the last two axes, in stacks as well.
# The row's mean in step 2 is `np.sum(P * dP, axis=-1, keepdims=True)`; with `keepdims=True` it broadcasts back over the row.
# Check your dS: every row has to sum to 0.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Turn all five into float arrays, and call the weights P.
# dV is the transposed P times dO, and dP is dO times the transposed V.
# dS is P times the difference of dP and its row's mean, entry by entry; divide it by the root of `Q.shape[-1]`.
# Then dQ is dS times K, and dK is the transposed dS times Q.
# </details>

# %% [markdown]
# ## Twelve places back
#
# Now the question in the title, put to the test.
# The input is 24 random letters, and at each place from 12 on, the answer is the letter twelve places before.
# A recurrent network would have to carry twelve letters in its state all the time.
#
# Here is one head of attention with all it needs: a table, places, three matrices for queries, keys, and values, and a last layer for the answer.
# On the way back, the gradient goes through your functions.
#
# **Predict:** 200 steps take a few seconds. The loss starts at about $\log 27 = 3.3$. Where does it end?

# %%
T, BACK, WIDTH = 24, 12, 32


def copy_step(w, rng):
    """The loss on 32 random rows of letters, its gradients, and the attention weights."""
    table, Wq, Wk, Wv, W = w
    ids = rng.integers(27, size=(32, T))
    X = table[ids] + positional_encoding(T, WIDTH)
    Q, K, V = X @ Wq.T, X @ Wk.T, X @ Wv.T
    out, weights = attention(Q, K, V, causal_mask(T))
    rows, y = out[:, BACK:].reshape(-1, WIDTH), ids[:, :-BACK].reshape(-1)
    Z = rows @ W.T

    dZ, dO = cross_entropy_grad(Z, y), np.zeros_like(out)
    dO[:, BACK:] = (dZ @ W).reshape(32, T - BACK, WIDTH)
    dQ, dK, dV = attention_backward(dO, Q, K, V, weights)
    dX = dQ @ Wq + dK @ Wk + dV @ Wv
    dWq, dWk, dWv = (np.einsum("nti,ntj->ij", part, X) for part in (dQ, dK, dV))
    return cross_entropy(Z, y), [embed_backward(dX, ids, 27), dWq, dWk, dWv, dZ.T @ rows], weights


with plots.figure("Left, the loss falls from about 3.5 to nearly 0 within 200 steps. Right, the attention weights of "
                  "one row of 24 letters: from place 12 on, a bright stripe runs twelve places to the left of the "
                  "diagonal.", columns=2, size=(9.4, 4.2)) as (left, right):
    rng = np.random.default_rng(3)
    w = [rng.normal(size=(27, WIDTH)), *rng.normal(size=(3, WIDTH, WIDTH)) / np.sqrt(WIDTH),
         rng.normal(size=(27, WIDTH)) / np.sqrt(WIDTH)]
    state, losses = None, []
    for _ in range(200):
        loss, grads, weights = copy_step(w, rng)
        losses.append(loss)
        w, state = adam_step(w, grads, state, 0.01)
    plots.loss(losses, title=f"The loss falls to {losses[-1]:.4f}", ax=left)
    left.set_xlabel("step")
    plots.heat_map(weights[0], xlabel="looks at place", ylabel="place", ax=right,
                   title="From place 12 on: twelve places back")
    print(f"loss at steps 0, 50, 100, 199: {losses[0]:.2f}, {losses[50]:.2f}, {losses[100]:.3f}, {losses[199]:.4f}")
    for back in (11, 12, 13):
        places = np.arange(max(BACK, back), T)
        print(f"mean weight on the letter {back} places back: {weights[:, places, places - back].mean():.2f}")

# %% [markdown]
# Practically at zero: 0.07 after 100 steps, and 0.0006 after 200.
# The stripe is what it found: two thirds of the weight are on the place twelve back, and a sixth on each of its neighbors.
# That is enough for the last layer, which picks the letter with the largest share.
# (At places 0 to 11 nobody asks for an answer, so what those rows do means nothing.)
#
# From a letter to the one twelve places back it is *one* step, forward and backward.
# It would be one step for a thousand places, too.
#
# **A good place to stop for the day.** You have the idea and its gradient. Part two puts it to work.

# %% [markdown]
# # Part two: a small GPT
#
# ## Several heads
#
# One softmax makes one mixture.
# A letter that wants to know the letter before it *and* how the name began would get a blend of the two.
# So run several attentions side by side, called **heads**, each in its own share of the columns: with $d = 32$ and 4 heads, each has queries, keys, and values of length 8.
#
# Neighboring columns go to one head: the first head gets the first $d/h$ of them.
# To treat the heads like a stack of matrices, their axis must come *before* the places:
#
# $$ (n,\; T,\; d) \;\longrightarrow\; (n,\; T,\; h,\; d/h) \;\longrightarrow\; (n,\; h,\; T,\; d/h) . $$
#
# The first arrow is a reshape, the second swaps two axes.
# **A trap:** reshaping directly to the last shape gives the right *shape*, but mixes up the places.
#
# **By hand:** two places, four columns, two heads.
#
# $$ \begin{pmatrix} 0 & 1 & 2 & 3 \\ 10 & 11 & 12 & 13 \end{pmatrix} \;\longrightarrow\; \begin{pmatrix} 0 & 1 \\ 10 & 11 \end{pmatrix}, \quad \begin{pmatrix} 2 & 3 \\ 12 & 13 \end{pmatrix} $$
#
# A direct reshape would give the first head $\begin{pmatrix} 0 & 1 \\ 2 & 3 \end{pmatrix}$, all from the first place.
#
# ## Exercises 6 and 7: split and merge

# %% exercise: split_heads
def split_heads(X, heads):
    """Split the columns among the heads, neighbors together.

    X: (n, T, d).  heads: how many, >= 1.
    Returns float64 of shape (n, heads, T, d / heads); head 0 has the first d / heads columns, head 1
    the next ones, and so on. ValueError if heads doesn't divide d.
    """
    ### BEGIN SOLUTION
    X = np.asarray(X, dtype=float)
    n, T, d = X.shape
    if d % heads:
        raise ValueError(f"{heads} heads can't share {d} columns evenly.")
    return X.reshape(n, T, heads, d // heads).swapaxes(1, 2)
    ### END SOLUTION

# %% tests: split_heads, 3 points
import numpy as np


def _dealt(X, heads):
    X = np.asarray(X, dtype=float)
    own = X.shape[2] // heads
    return np.array([[[row[k * own:(k + 1) * own] for row in one] for k in range(heads)] for one in X])


with check("gives each head its own columns, for all the places"):
    X = np.array([[[0.0, 1, 2, 3], [10, 11, 12, 13]]])
    check.close(check.call(split_heads, X, 2), [[[[0.0, 1], [10, 11]], [[2, 3], [12, 13]]]])
with check("has shape (n, heads, T, d / heads), and the right entries, where all sizes differ"):
    X = np.random.default_rng(1571).normal(size=(2, 5, 12))
    check.close(check.call(split_heads, X, 3), _dealt(X, 3))
with check("raises a ValueError if the heads don't divide the columns"):
    check.raises(ValueError, split_heads, np.zeros((2, 3, 8)), 3)
with check("takes a list of whole numbers, and returns float64"):
    got = check.call(split_heads, [[[1, 2], [3, 4]]], 2)
    check.floats(got, (1, 2, 2, 1))
    check.close(got, [[[[1.0], [3.0]], [[2.0], [4.0]]]])
### BEGIN HIDDEN TESTS
with check("is right for all equal sizes, for one head, one place, and as many heads as columns"):
    for shape, heads in (((4, 4, 4), 2), ((4, 4, 4), 4), ((2, 3, 6), 1), ((3, 1, 6), 2), ((1, 4, 6), 3), ((2, 2, 8), 4)):
        X = np.random.default_rng(1572).normal(size=shape)
        check.close(check.call(split_heads, X, heads), _dealt(X, heads))
with check("refuses more heads than columns, and other uneven shares"):
    check.raises(ValueError, split_heads, np.zeros((1, 3, 4)), 8)
    check.raises(ValueError, split_heads, np.zeros((2, 2, 9)), 2)
with check("reads any memory order, and leaves its argument as it was"):
    X = np.asfortranarray(np.random.default_rng(1573).normal(size=(4, 6, 8)))[::2, ::-2]
    check.close(check.call(split_heads, X, 2), _dealt(X, 2))
    check.unchanged(split_heads, X.copy(), 2)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Two moves: cut the last axis in two, then swap two axes.
# What are the four sizes after the first move?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `X.reshape(n, T, heads, d // heads)` cuts the last axis into neighbors.
# `np.swapaxes(A, 1, 2)` swaps the axes 1 and 2.
# `d % heads` is 0 if the division comes out even.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Turn X into a float array and unpack its shape.
# If `d % heads` isn't 0, raise a ValueError.
# Reshape to four axes as in hint 2, swap axes 1 and 2, and return the result.
# </details>

# %% exercise: merge_heads
def merge_heads(X):
    """Put the heads' columns side by side again: the inverse of split_heads.

    X: (n, heads, T, own).
    Returns float64 of shape (n, T, heads · own): the columns of head 0 first, then those of head 1, …
    """
    ### BEGIN SOLUTION
    X = np.asarray(X, dtype=float)
    n, heads, T, own = X.shape
    return X.swapaxes(1, 2).reshape(n, T, heads * own)
    ### END SOLUTION

# %% tests: merge_heads, 2 points
import numpy as np


def _side_by_side(X):
    X = np.asarray(X, dtype=float)
    return np.array([[np.concatenate([head[t] for head in one]) for t in range(X.shape[2])] for one in X])


with check("puts the heads' columns side by side, place by place"):
    X = np.array([[[[0.0, 1], [10, 11]], [[2, 3], [12, 13]]]])
    check.close(check.call(merge_heads, X), [[[0.0, 1, 2, 3], [10, 11, 12, 13]]])
with check("has shape (n, T, d), and the right entries, where all sizes differ"):
    X = np.random.default_rng(1581).normal(size=(2, 3, 5, 4))
    check.close(check.call(merge_heads, X), _side_by_side(X))
with check("takes a list of whole numbers, and returns float64"):
    got = check.call(merge_heads, [[[[1], [3]], [[2], [4]]]])
    check.floats(got, (1, 2, 2))
    check.close(got, [[[1.0, 2.0], [3.0, 4.0]]])
### BEGIN HIDDEN TESTS
with check("is right for all equal sizes, for one head, one place, and heads of one column"):
    for shape in ((3, 3, 3, 3), (2, 1, 4, 3), (2, 3, 1, 4), (2, 4, 3, 1), (1, 2, 6, 2)):
        X = np.random.default_rng(1582).normal(size=shape)
        check.close(check.call(merge_heads, X), _side_by_side(X))
with check("reads any memory order, and leaves its argument as it was"):
    X = np.asfortranarray(np.random.default_rng(1583).normal(size=(2, 4, 6, 3)))[:, ::2, ::-2]
    check.close(check.call(merge_heads, X), _side_by_side(X))
    check.unchanged(merge_heads, X.copy())
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Undo the two moves of `split_heads`, the last one first.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# Swapping axes 1 and 2 a second time restores the old order.
# Then a reshape joins the last two axes.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Turn X into a float array and unpack its four sizes.
# Swap axes 1 and 2, and reshape to `(n, T, heads * own)`.
# </details>

# %% [markdown]
# ## Exercise 8: multi-head attention
#
# Now put the pieces together.
# Each letter's vector, a row of $X$, makes its own query, key, and value through three layers without biases; this is *self*-attention, since all three come from the same letters.
#
# $$ Q = X W_q^\top, \qquad K = X W_k^\top, \qquad V = X W_v^\top $$
#
# Split each of them into heads, let all the heads attend, merge what they return, and multiply by $W_o^\top$.
# This last layer mixes what the heads have found; until then, they don't meet.
# Inside a head, keys have length $d/h$, so the scale is $\sqrt{d/h}$; your `attention` takes care of that.

# %% exercise: multi_head
def multi_head(X, Wq, Wk, Wv, Wo, heads, mask=None):
    """Self-attention in several heads.

    X: (n, T, d).  Wq, Wk, Wv, Wo: (d, d) each, rows are outputs, without biases.
    heads: how many, a divisor of d.  mask: None, or bools (T, T), the same for all heads.
    Returns float64 of shape (n, T, d).
    """
    ### BEGIN SOLUTION
    X, Wq, Wk, Wv, Wo = (np.asarray(part, dtype=float) for part in (X, Wq, Wk, Wv, Wo))
    Q, K, V = (split_heads(X @ W.T, heads) for W in (Wq, Wk, Wv))
    out, _ = attention(Q, K, V, mask)
    return merge_heads(out) @ Wo.T
    ### END SOLUTION

# %% tests: multi_head, 4 points
import numpy as np


@check.once
def _head_by_head(X, Wq, Wk, Wv, Wo, heads, mask=None):
    """Example by example, head by head, letter by letter."""
    X, Wq, Wk, Wv, Wo = (np.array(part, dtype=float) for part in (X, Wq, Wk, Wv, Wo))
    (n, T, d), own = X.shape, X.shape[2] // heads
    found = np.zeros((n, T, d))
    for one in range(n):
        for head in range(heads):
            rows = slice(head * own, (head + 1) * own)
            Q, K, V = (X[one] @ W[rows].T for W in (Wq, Wk, Wv))
            for t in range(T):
                keys = np.arange(T) if mask is None else np.flatnonzero(np.asarray(mask)[t])
                scores = K[keys] @ Q[t] / own ** 0.5
                parts = np.exp(scores - scores.max())
                found[one, t, rows] = parts @ V[keys] / parts.sum()
    return found @ Wo.T


def _drawn(seed, n=2, T=3, d=6):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, T, d)), *(rng.normal(size=(4, d, d)) / 2)


with check("is attention and a last layer where there is one head"):
    args = (*_drawn(1591, n=1, d=4), 1)
    check.close(check.call(multi_head, *args), _head_by_head(*args))
with check("keeps the heads apart until the last layer, with keys of length d / heads in each"):
    X, Wq, Wk, Wv, _ = _drawn(1592)
    check.close(check.call(multi_head, X, Wq, Wk, Wv, np.eye(6), 2), _head_by_head(X, Wq, Wk, Wv, np.eye(6), 2))
with check("mixes with Wo what the heads found"):
    args = (*_drawn(1593), 3)
    check.close(check.call(multi_head, *args), _head_by_head(*args))
with check("applies the mask in every head"):
    args = (*_drawn(1594), 2, np.tri(3, dtype=bool))
    check.close(check.call(multi_head, *args), _head_by_head(*args))
with check("takes lists of whole numbers, and returns float64"):
    args = ([[[1, 0], [2, 1]]], [[1, 0], [1, 1]], [[0, 1], [1, 0]], [[1, 2], [0, 1]], [[1, 1], [0, 2]], 2)
    got = check.call(multi_head, *args)
    check.floats(got, (1, 2, 2))
    check.close(got, _head_by_head(*args))
### BEGIN HIDDEN TESTS
with check("is right for other sizes, and where all are equal"):
    for (n, T, d), heads in (((4, 4, 4), 2), ((4, 4, 4), 4), ((1, 5, 8), 2), ((3, 1, 6), 3), ((2, 7, 12), 4)):
        args = (*_drawn(1595, n, T, d), heads)
        check.close(check.call(multi_head, *args), _head_by_head(*args))
with check("is right with any mask"):
    rng = np.random.default_rng(1596)
    for heads in (1, 2, 3):
        mask = (rng.random((5, 5)) < 0.4) | np.eye(5, dtype=bool)
        args = (*_drawn(1597, T=5), heads, mask)
        check.close(check.call(multi_head, *args), _head_by_head(*args))
with check("reads any memory order, and leaves its arguments as they were"):
    X, *Ws = _drawn(1598, T=6)
    args = (np.asfortranarray(X)[:, ::-2], *(np.asfortranarray(W) for W in Ws), 2)
    check.close(check.call(multi_head, *args), _head_by_head(*args))
    check.unchanged(multi_head, X, *Ws, 2, np.tri(6, dtype=bool))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Follow the steps above in their order: you have a function for nearly every one.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `X @ W.T` works for X of shape (n, T, d): NumPy treats the first axis as a stack.
# A mask of shape (T, T) broadcasts over examples and heads by itself.
# `attention` returns two things; here you need only one of them.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Turn everything but `heads` and `mask` into float arrays.
# Make the queries, keys, and values, split each, and pass them to `attention` with the mask.
# Merge its output, and multiply by the transposed Wo.
# </details>

# %% [markdown]
# ## A block, and a GPT
#
# Attention carries information *between* places, but what it does with it is simple: it takes weighted means.
# So a transformer alternates two steps: attention, then a small network with one hidden layer, applied to each letter by itself.
# Each step has a skip connection around it (lesson 12), and layer norm (lesson 11) standardizes what goes in.
# Together they make a **block**:
#
# $$ \begin{aligned} X &\leftarrow X + \text{multi-head}(\text{norm}(X)) \\ X &\leftarrow X + \text{GELU}(\text{norm}(X)\, W_1^\top + b_1)\, W_2^\top + b_2 \end{aligned} $$
#
# In front is the table, with your places added; after the last block come one more norm and a layer with a logit for each of the 27 symbols.
# GPT stands for *generative pre-trained transformer*; this is one, only small, and with fixed codes for the places where GPT learned them.
#
# It was trained on first names, as in lesson 14, and 500 names were kept aside.
# Training takes longer than a cell should, about 45 seconds for this network, so its weights come with the course; `tools/train_attention.py` makes them.
# What runs here with these weights is *your* attention.

# %% given: gpt
from scipy.special import erf


def gelu(z):
    """Lesson 5's GELU, the exact form."""
    return 0.5 * z * (1.0 + erf(z / np.sqrt(2.0)))


def gpt(ids, w, blocks):
    """Logits (n, T, 27) for what follows each of the letters ids (n, T), with the weights w."""
    X = w["table"][ids] + positional_encoding(ids.shape[1], 32)
    mask = causal_mask(ids.shape[1])
    for k in range(1, blocks + 1):
        A = layernorm_forward(X, w[f"gamma{k}a"], w[f"beta{k}a"])
        X = X + multi_head(A, w[f"Wq{k}"], w[f"Wk{k}"], w[f"Wv{k}"], w[f"Wo{k}"], 4, mask)
        B = layernorm_forward(X, w[f"gamma{k}b"], w[f"beta{k}b"])
        X = X + gelu(B @ w[f"W{k}a"].T + w[f"b{k}a"]) @ w[f"W{k}b"].T + w[f"b{k}b"]
    return layernorm_forward(X, w["gamma"], w["beta"]) @ w["W"].T + w["b"]

# %% [markdown]
# How good are its predictions?
# The next cell measures the mean cross-entropy on the 500 unseen names, in nats per letter.
# From lesson 14 you know two others: the bigram table, which knows the last letter only, needs 2.357, and the recurrent network 1.977.
#
# **Predict:** and one block of a GPT?

# %%
names = data.names()
order = np.random.default_rng(0).permutation(len(names))
unseen, seen = [names[k] for k in order[:500]], [names[k] for k in order[500:]]


def encode(some_names):
    """Letters (n, 12), what follows each of them (n, 12), and bools (n, 12): is there a letter or an end?"""
    ids, mask = np.zeros((len(some_names), 13), dtype=int), np.zeros((len(some_names), 12), dtype=bool)
    for row, name in enumerate(some_names):
        ids[row, 1:len(name) + 1] = [ord(letter) - ord("a") + 1 for letter in name]
        mask[row, :len(name) + 1] = True
    return ids[:, :-1], ids[:, 1:], mask


def decode(ids):
    return "".join(".abcdefghijklmnopqrstuvwxyz"[k] for k in ids)


ids, y, mask = encode(seen)
counts = np.full((27, 27), 0.1)  # a little for pairs that never occurred
np.add.at(counts, (ids[mask], y[mask]), 1)
bigram = np.log(counts / counts.sum(axis=1, keepdims=True))
one = trained.names_gpt(1)
rnn = trained.recurrent("names_rnn")


def recurrent(ids):
    """Logits (n, T, 27) of lesson 14's network."""
    H = rnn_forward(np.eye(27)[ids], np.zeros((len(ids), 64)), rnn["Wx"], rnn["Wh"], rnn["b"])
    return H @ rnn["Wy"].T + rnn["by"]


def difference(first, second):
    """How much more the first logits need than the second, and the standard error over names, as text."""
    letters = mask.sum(axis=1)
    by_name = letters * [masked_cross_entropy(first[[k]], y[[k]], mask[[k]])
                         - masked_cross_entropy(second[[k]], y[[k]], mask[[k]]) for k in range(len(y))]
    gap = by_name.sum() / letters.sum()
    error = np.sqrt(np.sum((by_name - gap * letters) ** 2)) / letters.sum()
    return f"difference: {gap:.3f} nats per letter, with a standard error of {error:.3f}"


ids, y, mask = encode(unseen)
with unfinished():
    for label, logits in (("bigram", bigram[ids]), ("recurrent network", recurrent(ids)),
                          ("one block", gpt(ids, one, 1))):
        print(f"{label:>17}: {masked_cross_entropy(logits, y, mask):.3f} nats per letter")
    print(difference(recurrent(ids), logits))

# %% [markdown]
# It needs 1.955, hardly less than the recurrent network: the difference of 0.022 has a standard error of 0.013.
# (The LSTM of lesson 14 got to 1.945.)
# On eleven letters, a state can keep up; the longer the text, the more a direct look is worth.
#
# ## Play: who looks at whom
#
# The explorer shows the four heads of this network at work, each as a square: row by row, how much each letter (on the left) looks at each one before it (along the top).
# The dot · stands for the start.
# The weights are computed by *your* `attention`.
# Type a name, and point at a row, or move the slider.
#
# *The question to answer:* do the heads look at different things?
#
# 1. In *christopher*, which letter does the last *r* look at most, in each head?
# 2. Take away the mask. Which rows change, and which one doesn't?
# 3. Take away the scale. Then put it back, and raise the temperature, which divides the scores. What happens to the rows?

# %%
looks = AttentionExplorer(attention)
looks

# %% [markdown]
# <details><summary>The answers</summary>
#
# **1.** Head 1 looks at the *h* before the *e* (0.46), head 2 at the *e* (0.43), head 3 at hardly anything but the *o* four places back (0.95), and head 4 at the *s* (0.43).
# So yes, they look at different things; in head 3, all four letters after the *o* look at it most.
#
# **2.** All but the last one: it was allowed to see everything before.
#
# **3.** Without the scale, the rows are more decided: the means of the largest weights rise from between 0.58 and 0.78 to between 0.81 and 0.97.
# A high temperature does the opposite: at 10, with the scale, all the allowed letters get nearly the same weight, and the means fall to about 0.3.
# </details>

# %% [markdown]
# ## Exercise 9: generate
#
# The network was trained to say what comes next.
# To *write*, draw the next letter from its probabilities, append it, and ask again.
#
# Three details:
#
# - The network has places for `context` ids only, so it gets the **last** `context` of what is there.
# - It answers for every place; what comes next is in the **last** row.
# - A **temperature** divides the logits before the softmax: below 1 the draws become more careful, above 1 wilder.

# %% exercise: generate
def generate(logits, prompt, length, context, temperature, rng):
    """Continue a list of ids, one at a time.

    logits: a function that takes a list of at most `context` ids and returns one row of logits for
    each, an array or a list of shape (len, k): what follows that id. They may be as large as ±1000.
    prompt: a list of at least one id.  length: how many more to draw, >= 0.  context: >= 1.
    temperature: > 0, divides the logits.  rng: an np.random.Generator; draw from nothing else.
    Returns a list of plain ints: the prompt, then `length` ids, each drawn from the softmax of the
    last row. A 0 is an id like any other, and doesn't end the list.
    """
    ### BEGIN SOLUTION
    ids = list(prompt)
    for _ in range(length):
        z = np.asarray(logits(ids[-context:])[-1], dtype=float) / temperature
        p = np.exp(z - z.max())
        ids.append(int(rng.choice(len(p), p=p / p.sum())))
    return ids
    ### END SOLUTION

# %% tests: generate, 3 points
import numpy as np


def _ids(got, prompt, length):
    check.true(got is not None, "it returned None. Is a `return` missing?")
    check.true(type(got) is list, f"expected a list, got a {type(got).__name__}.")
    strange = [type(k).__name__ for k in got if type(k) is not int]
    check.true(not strange, f"the list should hold plain ints, not {', '.join(strange[:1])}.")
    check.true(len(got) == len(prompt) + length, f"the prompt has {len(prompt)} ids and length is {length}, so expected "
               f"{len(prompt) + length} ids, got {len(got)}.")
    check.true(got[:len(prompt)] == list(prompt),
               f"the list should begin with the prompt, {list(prompt)}, but it begins with {got[:8]}.")
    return got


def _counting(calls, k=5):
    """After each id comes id + 2, modulo k, for sure; the rows before the last one say something else."""
    def logits(ids):
        calls.append([int(one) for one in ids])
        Z = np.full((len(ids), k), -1000.0)
        Z[np.arange(len(ids)), [(int(one) + 1) % k for one in ids]] = 1000.0
        Z[-1] = -1000.0
        Z[-1, (int(ids[-1]) + 2) % k] = 1000.0
        return Z
    return logits


def _windows(calls, ids, start, context):
    asked = [call for k, call in enumerate(calls) if not k or call != calls[k - 1]]
    asked += asked[-1:] * (len(ids) - start - len(asked))  # what is asked at every step counts at every step
    for k, call in enumerate(asked):
        expected = ids[max(0, start + k - context):start + k]
        check.true(call == expected, f"with context {context} and the ids {ids[:start + k]}, logits should be asked about "
                   f"{expected}, but was asked about {call}.")


def _near(shares, p, draws, what):
    p = np.asarray(p)
    error = 5 * np.sqrt(p * (1 - p) / draws) + 1e-9
    check.true(np.all(np.abs(shares - p) <= error), f"{what}: expected shares near {np.round(p, 2)}, "
               f"got {np.round(shares, 2)} in {draws} draws.")


def _shares(ids, k):
    return np.bincount(ids, minlength=k)[:k] / len(ids)


with check("returns the prompt and the ids that the last row makes likely, as a list of ints"):
    got = _ids(check.call(generate, _counting([]), [3, 1], 6, 4, 1.0, np.random.default_rng(1601)), [3, 1], 6)
    check.true(got == [3, 1, 3, 0, 2, 4, 1, 3], "here each id is the one before it plus 2, modulo 5, for sure: "
               f"expected [3, 1, 3, 0, 2, 4, 1, 3], got {got}.")
with check("asks about the last `context` ids"):
    calls = []
    got = _ids(check.call(generate, _counting(calls), [0, 1, 2], 7, 4, 1.0, np.random.default_rng(1602)), [0, 1, 2], 7)
    _windows(calls, got, 3, 4)
with check("draws, from the softmax of the logits divided by the temperature"):
    z = np.array([2.0, 0.0, -2.0])
    for temperature in (2.0, 0.5):
        got = check.call(generate, lambda ids: [z.tolist()] * len(ids), [0], 300, 1, temperature,
                         np.random.default_rng(1603))
        parts = np.exp(z / temperature)
        _near(_shares(_ids(got, [0], 300)[1:], 3), parts / parts.sum(), 300, f"temperature {temperature}")
with check("draws from rng alone: equal seeds give equal lists"):
    runs = [check.call(generate, lambda ids: np.zeros((len(ids), 9)), [0], 30, 3, 1.0, np.random.default_rng(seed))
            for seed in (1604, 1604, 1605)]
    check.true(runs[0] == runs[1], "with the same seed, it should draw the same ids.")
    check.true(runs[0] != runs[2], "with another seed, it should draw other ids.")
    check.unchanged(generate, lambda ids: np.zeros((len(ids), 9)), [0], 5, 3, 1.0, np.random.default_rng(1606))
### BEGIN HIDDEN TESTS
with check("goes on after a 0, and returns the prompt alone for length 0"):
    got = _ids(check.call(generate, lambda ids: [[1000.0, -1000.0]] * len(ids), [1, 0], 4, 2, 1.0,
                          np.random.default_rng(1611)), [1, 0], 4)
    check.true(got == [1, 0, 0, 0, 0, 0], f"expected [1, 0, 0, 0, 0, 0], got {got}.")
    _ids(check.call(generate, _counting([]), [2, 3], 0, 4, 1.0, np.random.default_rng(1612)), [2, 3], 0)
with check("asks about the last ids also where the prompt is longer than the context, or the context is 1"):
    for prompt, context in (([4, 0, 1, 2, 3], 2), ([1, 2], 1), ([2], 12)):
        calls = []
        got = _ids(check.call(generate, _counting(calls), prompt, 6, context, 0.7, np.random.default_rng(1613)), prompt, 6)
        _windows(calls, got, len(prompt), context)
with check("is stable for logits of ±1000, at a low temperature too"):
    ids = _ids(check.call(generate, lambda ids: [[1000.0, 999.9, -1000.0]] * len(ids), [0], 200, 2, 0.1,
                          np.random.default_rng(1614)), [0], 200)
    _near(_shares(ids[1:], 3), np.array([np.e, 1.0, 0.0]) / (np.e + 1), 200,
          "logits 1000, 999.9 and −1000, temperature 0.1")
with check("draws each id anew, from what came before it"):
    P = np.array([[0.1, 0.9, 0.0], [0.3, 0.2, 0.5], [0.6, 0.4, 0.0]])
    with np.errstate(divide="ignore"):
        Z = np.maximum(np.log(P), -900.0)
    got = check.call(generate, lambda ids: Z[np.array(ids)], [0], 400, 3, 1.0, np.random.default_rng(1615))
    ids = np.array(_ids(got, [0], 400))
    for k in range(3):
        after = ids[1:][ids[:-1] == k]
        _near(_shares(after, 3), P[k], max(len(after), 1), f"after {k}")
with check("leaves its arguments as they were"):
    check.unchanged(generate, lambda ids: np.zeros((len(ids), 3)), [1, 2], 4, 2, 1.0, np.random.default_rng(1616))
    prompt = [1, 2]
    generate(lambda ids: np.zeros((len(ids), 3)), prompt, 4, 2, 1.0, np.random.default_rng(1617))
    check.true(prompt == [1, 2], f"the prompt was [1, 2] and is now {prompt}: make a copy of it first.")
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Begin with a copy of the prompt.
# In each round: ask, draw, append.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `ids[-context:]` is the end of a list, or all of it if it is shorter; `rows[-1]` is the last row.
# `rng.choice(k, p=probabilities)` draws one of 0 to k − 1.
# `softmax` from lesson 3 takes a batch of rows; a stable softmax of one row takes a line or two.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# In each of `length` rounds, call `logits` with the last `context` ids and take its last row as a float array, divided by the temperature.
# Subtract its maximum, take exponentials, and divide by their sum.
# Draw with `rng.choice`, turn the result into an int, and append it. Return the list.
# </details>

# %% [markdown]
# ## Names that nobody has
#
# Now let all of them make up names.
# A name begins after a 0, and we cut it off at the next 0.
#
# **Predict:** of 100 names by the one-block GPT at temperature 1, how many will be real ones, from the list? And at 0.5 or 1.5?

# %%
def invent(logits, count, temperature):
    """Names made up with `generate`, from a fixed seed."""
    rng = np.random.default_rng(5)
    return [decode(generate(logits, [0], 11, 12, temperature, rng)[1:]).split(".")[0] for _ in range(count)]


two = trained.names_gpt(2)
writers = {"bigram": lambda ids: bigram[ids], "recurrent network": lambda ids: recurrent(np.array([ids]))[0],
           "one block": lambda ids: gpt(np.array([ids]), one, 1)[0],
           "two blocks": lambda ids: gpt(np.array([ids]), two, 2)[0]}
with unfinished():
    for label, temperature in (("bigram", 1.0), ("recurrent network", 1.0), ("one block", 1.0), ("two blocks", 1.0),
                               ("one block", 0.5), ("one block", 1.5)):
        made = invent(writers[label], 100, temperature)
        known, new = sum(name in seen for name in made), sum(name in unseen for name in made)
        print(f"{label}, temperature {temperature}: {known + new} of 100 names are real, {known} it has seen and {new} unseen")
        print("   ", " ".join(made[:9]))

# %% [markdown]
# At temperature 1, 23 of the one block's names are real, and many others could be: *Alittasa*, *Tiffine*.
# At 0.5 it is 57, since careful draws stay close to what is common; at 1.5 it is 4.
# The recurrent network gets 12, and the bigram table, which has no idea how long a name already is, 9.
#
# And two blocks get 40. Are they that much better?
#
# ## A second block
#
# GPT-3 has 96 blocks. Ours has one.
#
# **Predict:** with a second block, will names that the network has seen be predicted better? And unseen ones?

# %%
with plots.figure("Nats per letter against the step of training. On names they have seen, two blocks get much lower than "
                  "one, to 1.54 against 1.76. On unseen names, one block falls to 1.955 and stays there; two blocks "
                  "reach 1.975 after 1,200 steps and then rise to 1.997.", size=(8.0, 4.2)) as ax:
    lines = {f"{label}, {kind}": w[kind] for label, w in (("one", one), ("two", two)) for kind in ("seen", "unseen")}
    plots.curves(one["steps"][1:], {label: values[1:] for label, values in lines.items()}, ax=ax,
                 xlabel="step of training", ylabel="nats per letter", title="The second block learns the names by heart")
    for label, w, blocks in (("one block", one, 1), ("two blocks", two, 2)):
        print(f"{label}: {w['seen'][-1]:.3f} nats on names it has seen; on unseen ones "
              f"{masked_cross_entropy(gpt(ids, w, blocks), y, mask):.3f} by your functions, and "
              f"{w['unseen'].min():.3f} at its best, at step {w['steps'][w['unseen'].argmin()]:.0f}")
    print(difference(gpt(ids, two, 2), gpt(ids, one, 1)))

# %% [markdown]
# The seen ones yes, 1.543 against 1.755; the unseen ones no, 1.997 against 1.955, a difference of 0.042 with a standard error of 0.016.
# After step 1,200, the unseen names only get worse: with the second block, the network learns names by heart.
# It overfits, as in lesson 7.
# Of the real names it made up, many more are ones it has *seen* (38 against 22), but hardly any more are unseen ones (2 against 1).
# Large models can use their many blocks because they have the texts to fill them.
#
# ## From here to GPT and BERT
#
# You have built what the large models are made of.
# GPT and BERT even have lesson 5's **GELU** in their blocks, where the first transformer had ReLU.
# What differs is mostly the amount, and two choices:
#
# - **Who may look at whom.** *GPT* has the causal mask, predicts what comes next, and can write. *BERT* has no mask: some words of a text are hidden, and it fills the gaps with both sides in view. It isn't made to write, but it is good at classifying a text. In the first transformer, a translator, one half without a mask (the *encoder*) reads the source, and another half with the mask (the *decoder*) writes, its queries meeting the encoder's keys and values.
# - **Tokens**, pieces of words, for letters: tens of thousands of them, and a text of billions of words.
#
# And the price: the weights of a text of length $T$ form a square of $T^2$ numbers, so twice the length takes four times as many. A recurrent network takes only $T$ steps, but one after the other, while attention does all places at once. That is why transformers train so well on GPUs.

# %% [markdown]
# ## Check your understanding
#
# Each of the five questions has exactly one right answer.
# Return its letter.

# %% [markdown]
# **Question 1.** What does attention divide its scores by, and what for?
#
# - **a**  By the root of the key's length, so that the weights of a query sum to 1.
# - **b**  By the key's length, so that a score is the mean of its products.
# - **c**  By the root of the key's length, so that long keys don't saturate the softmax.
# - **d**  By the number of keys, so that long texts don't get larger scores.

# %% exercise: quiz_scale
def quiz_scale():
    """The letter of your answer to question 1, for example return "a"."""
    ### BEGIN SOLUTION
    return "c"
    ### END SOLUTION

# %% tests: quiz_scale, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_scale())
### BEGIN HIDDEN TESTS
with check("what the scores are divided by"):
    check.letter(quiz_scale(), right="c", why={
        "a": "The softmax takes care of the sum, with any scores. The division keeps the scores at a size at which the "
             "softmax still has a slope.",
        "b": "The mean of d products has standard deviation 1/√d: with long keys, all scores would be nearly alike at the "
             "start, and every query would get the plain mean.",
        "c": "A dot product of d independent products has standard deviation √d. Divided by √d, it is 1 whatever the "
             "length, and the softmax begins undecided, with a slope to learn from.",
        "d": "The number of keys has no influence on a single score. It is the length of the dot product that counts."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 2.** With a causal mask, why do we set scores to −∞ before the softmax, instead of setting weights to 0 after it?
#
# - **a**  It is faster, since the softmax has less to do.
# - **b**  Otherwise the weights would no longer sum to 1, and the future would still have a say in the others.
# - **c**  Otherwise the weights would be right, but the gradient of the masked keys would not be 0.
# - **d**  There is no difference, except for rounding.

# %% exercise: quiz_mask
def quiz_mask():
    """The letter of your answer to question 2, for example return "a"."""
    ### BEGIN SOLUTION
    return "b"
    ### END SOLUTION

# %% tests: quiz_mask, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_mask())
### BEGIN HIDDEN TESTS
with check("why the mask comes before the softmax"):
    check.letter(quiz_mask(), right="b", why={
        "a": "Softmax takes the exponential of −∞ like any other. It isn't about speed.",
        "b": "The scores of later letters would be in the denominator of the softmax. So the weights of a row would sum "
             "to less than 1, by how much the letter likes what it must not see: a leak.",
        "c": "The weights wouldn't be right: in each row they'd sum to less than 1.",
        "d": "Take two equal scores, one of them masked. Before the softmax, the other weight becomes 1; after it, it "
             "stays ½."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 3.** A transformer without positional encoding and without a mask reads *amy*, then *may*. What is true of its output for the letter *y*?
#
# - **a**  It is different, because the rows of X are in another order.
# - **b**  It is the same, because *y* is the last letter in both.
# - **c**  It is different, because the *y* has other neighbors.
# - **d**  It is the same, because the *y* sees the same letters.

# %% exercise: quiz_order
def quiz_order():
    """The letter of your answer to question 3, for example return "a"."""
    ### BEGIN SOLUTION
    return "d"
    ### END SOLUTION

# %% tests: quiz_order, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_order())
### BEGIN HIDDEN TESTS
with check("what attention knows of the order"):
    check.letter(quiz_order(), right="d", why={
        "a": "The rows of the output would come in that other order, too. But the row of the y stays the same.",
        "b": "It is the same, but that isn't the reason: in yam it would be the same as well.",
        "c": "There are no neighbors in attention: every letter is equally far away. Only a code added to the vectors, or "
             "a mask, brings in the order.",
        "d": "Its query meets the same keys and values, and a weighted sum doesn't depend on the order of its terms."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 4.** In a row of weights, $P = (0.5, 0.5)$, and $dP = (3, 1)$ arrives. What is the gradient of the two scores, before the scale?
#
# - **a**  $(0.5, -0.5)$
# - **b**  $(1.5, 0.5)$
# - **c**  $(0.75, 0.25)$
# - **d**  $(1, -1)$

# %% exercise: quiz_slope
def quiz_slope():
    """The letter of your answer to question 4, for example return "a"."""
    ### BEGIN SOLUTION
    return "a"
    ### END SOLUTION

# %% tests: quiz_slope, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_slope())
### BEGIN HIDDEN TESTS
with check("back through a row of the softmax"):
    check.letter(quiz_slope(), right="a", why={
        "a": "The row's mean is 0.5 · 3 + 0.5 · 1 = 2, so 0.5 · (3 − 2) = 0.5 and 0.5 · (1 − 2) = −0.5. They sum to 0.",
        "b": "That is P · dP, without the row's mean. The sum of a row has to be 0: raising all scores changes nothing.",
        "c": "That is P (1 − P) dP: only the slope of each weight for its own score. A score also moves the other weight "
             "of the row.",
        "d": "That is dP minus the row's mean, 2. The factor P is missing."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 5.** A text gets four times as long. How do the number of attention weights, and the number of steps from its last letter to its first, change?
#
# - **a**  Four times as many weights; one step, as before.
# - **b**  Sixteen times as many weights; four times as many steps.
# - **c**  Four times as many weights; four times as many steps.
# - **d**  Sixteen times as many weights; one step, as before.

# %% exercise: quiz_cost
def quiz_cost():
    """The letter of your answer to question 5, for example return "a"."""
    ### BEGIN SOLUTION
    return "d"
    ### END SOLUTION

# %% tests: quiz_cost, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_cost())
### BEGIN HIDDEN TESTS
with check("what attention costs, and what it saves"):
    check.letter(quiz_cost(), right="d", why={
        "a": "Each letter has a weight for each letter: both the rows and the columns of the square grow.",
        "b": "The weights are right. But the last letter still looks at the first one directly.",
        "c": "That describes a recurrent network: four times the work, and four times as far.",
        "d": "The weights are a square of T × T numbers. In exchange, any two letters are one step apart."})
### END HIDDEN TESTS

# %% [markdown]
# ## Questions people ask you
#
# Answer each one out loud before you open it.
#
# <details><summary>What are query, key, and value, in one sentence each?</summary>
#
# The query is what a letter is looking for.
# The key is what a letter offers to be found by.
# The value is what it hands over when it is found.
# In self-attention, all three are linear functions of the same vector, with weights that are learned.
#
# **A good answer says:** the query: what is looked for; the key: what there is to be found by; the value: what is handed over; in self-attention, learned linear functions of the same vector.
# </details>
# <details><summary>What is the difference between self-attention and cross-attention?</summary>
#
# Where queries, keys, and values come from.
# In self-attention, all three come from the same text.
# In cross-attention, the queries come from one text, such as the translation so far, and the keys and values from another one, such as the original.
# Your `attention` does both: the numbers of queries and keys may differ.
#
# **A good answer says:** where queries, keys, and values come from; self: all from one text; cross: queries from one, keys and values from another.
# </details>
# <details><summary>Why several heads, and what do they cost?</summary>
#
# One head has one softmax, so it makes one mixture; several heads can look at several things at once.
# They cost no more multiplications than one wide head, since each works in its share of the columns.
# Many heads can be removed from a trained network with hardly any loss; some can't (Michel and others, 2019).
#
# **A good answer says:** one softmax makes one mixture; several heads look at several things; no more multiplications than one wide head.
# </details>
# <details><summary>What does a transformer cost, compared with a recurrent network?</summary>
#
# To multiply T vectors of length d by a (d, d) matrix takes T·d² multiplications.
# A recurrent layer does it twice; attention does it four times, and needs another 2·T²·d for the scores and the means.
# So it is the square that hurts, as soon as T is a good deal longer than d.
# In exchange, nothing has to wait: a recurrent network takes T steps one after the other, while a transformer computes all places at once during training.
# When it *writes*, it also goes letter by letter; keys and values of earlier letters are then kept instead of being computed anew, the "KV cache".
#
# **A good answer says:** T·d² for the matrices of both, and T²·d more for attention, which hurts once T is longer than d; a transformer trains on all places at once; when it writes, it goes step by step, with a KV cache.
# </details>
# <details><summary>Do attention weights explain what a network does?</summary>
#
# With caution.
# They show where information may flow, not what it is or what the following layers make of it.
# After the first block, the vector at a place holds more than the letter of that place.
# There are networks with very different weights and the same predictions (Jain and Wallace, 2019); how much this means is contested (Wiegreffe and Pinter, 2019).
#
# **A good answer says:** with caution: they show where information may flow, not what it is; later vectors hold more than their own letter; the same predictions with other weights.
# </details>
# <details><summary>Why layer norm and not batch norm?</summary>
#
# Layer norm takes each letter's vector for itself, so it doesn't depend on the other names of the batch, nor on how long they are or on padding.
# It does the same in training and in use, also for a batch of one.
#
# **A good answer says:** each vector for itself: nothing depends on the batch or its lengths; the same in training and in use.
# </details>
# <details><summary>Are sines and cosines still used for places?</summary>
#
# The idea is: many models *turn* queries and keys by an angle that grows with the place, so that their dot product depends on the distance (RoPE).
# Others learn a table of places, as GPT-2 and BERT did, or add a penalty for distance to the scores.
# With a causal mask, a model can even be trained without any code, since the mask gives some of the order away (Haviv and others, 2022).
#
# **A good answer says:** the idea is: RoPE turns queries and keys by the place; or tables of places, or a penalty for distance.
# </details>

# %% [markdown]
# ## In an interview
#
# *Derive scaled dot-product attention: what is computed, step by step, from queries, keys, and values? And why the division by $\sqrt{d_k}$?*
#
# Answer in the cell below, in six to ten sentences, with shapes.
# Say what each of the steps is for, where a mask goes, and what would happen without the division, forward and backward.
# A teacher reads this answer; it is worth 4 points.
#
# <!-- A good answer says: the steps, with shapes; what each step is for; where a mask goes; what would happen without the division, forward and backward -->

# %% answer: interview_attention, 4 points [markdown]
# Every position has a query, a key, and a value, usually linear functions of its vector; stacked in rows they are Q (Tq, d_k), K (Tk, d_k), and V (Tk, d_v).
# The dot product of a query with a key measures how well they match, so the scores are Q Kᵀ, a (Tq, Tk) matrix.
# They are divided by √d_k, and where a position must not look, for instance at later ones, the score is replaced by −∞.
# A softmax over the keys turns each row into weights that are positive and sum to 1 (masked ones are exactly 0), and the output is the weighted mean of the values, P V of shape (Tq, d_v).
# Unlike a lookup in a table, all of this has slopes, so what to look for can be learned; and any two positions are one step apart.
# The division: if the entries of q and k are independent with mean 0 and variance 1, each of the d_k products has variance 1, so their sum has variance d_k and a standard deviation of √d_k. Divided by √d_k, the scores have variance 1, whatever the length of the keys.
# Without it, long keys give scores that differ by √d_k or more; the softmax is then nearly one-hot before anything has been learned. Its slope p(1 − p) is close to 0, so hardly any gradient reaches queries and keys, and training is slow or stuck.
#
# ### BEGIN MARK SCHEME
# One point for each, half points where it is incomplete:
#
# 1. **Scores and weights:** dot products of queries with keys, a (Tq, Tk) matrix; a mask sets scores to −∞; then a softmax over the *keys*, so that each query's weights sum to 1.
# 2. **Output:** the weighted mean of the values, shape (Tq, d_v); and what it is good for (a soft lookup that has a slope, or any two positions one step apart).
# 3. **Variance:** the dot product of d_k independent products with variance 1 has variance d_k, so dividing by the *root* brings it back to 1. "So that the numbers don't get too large" with no variance is half.
# 4. **Softmax:** without the division it saturates (nearly one-hot), and its gradient vanishes, so queries and keys learn slowly. Either half of this is half a point.
#
# These cost the point in parentheses: the softmax runs over the queries, or over the whole matrix, or weights are set to 0 after it (1); the values take part in the scores (2); divided by d_k, or because of the number of keys T (3); the division is said to make the weights sum to 1 (4).
# ### END MARK SCHEME

# %% [markdown]
# ## What to remember
#
# > - Attention is a soft lookup: $O = \mathrm{softmax}(QK^\top/\sqrt{d_k})\,V$. The mask acts before the softmax.
# > - $\sqrt{d_k}$ keeps the scores at variance 1; without it the softmax saturates and hardly any gradient passes.
# > - By itself, attention doesn't see the order; codes for the places bring it in.
# > - Back: $dV = P^\top dO$, $dP = dO\,V^\top$, $dS = P\,(dP - \text{the row's mean})$, then the scale once.
# > - Heads attend side by side, each in its own columns. A block adds attention, then a small network for each letter, each with a skip connection around it.
# > - Any two letters are one step apart, at the price of $T^2$ weights.
#
# **Back:** [lesson 14, recurrent networks](../14_recurrent/14_recurrent.ipynb), and [lesson 10, autograd](../10_autograd/10_autograd.ipynb). **Next:** [lesson 16, interpretability](../16_interpretability/16_interpretability.ipynb): the network says 8, and which pixels say so?
#
# <details><summary>Sources</summary>
#
# A. Vaswani and others, "Attention is all you need" (2017). D. Bahdanau, K. Cho, and Y. Bengio, "Neural machine translation by jointly learning to align and translate" (2015). A. Radford and others, "Improving language understanding by generative pre-training" (2018). J. Devlin and others, "BERT" (2019). T. Brown and others, "Language models are few-shot learners", on GPT-3 (2020). D. Hendrycks and K. Gimpel, "Gaussian error linear units" (2016). P. Michel, O. Levy, and G. Neubig, "Are sixteen heads really better than one?" (2019). S. Jain and B. Wallace, "Attention is not explanation" (2019). S. Wiegreffe and Y. Pinter, "Attention is not not explanation" (2019). A. Haviv and others, "Transformer language models without positional encodings still learn positional information" (2022). The names are from the 1990 U.S. census, through the Python package `names` (MIT).
# </details>

# %% [markdown]
# ## Your progress, and handing in
#
# The first cell shows which of your exercises pass the checks here.
# The second gives you a button that saves, checks, and submits this lesson, then shows you your receipt, and your grade if it is available.

# %%
from utils import progress

progress.show()

# %%
from utils.hand_in import HandIn

HandIn("15_attention")
