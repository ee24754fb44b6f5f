# %% [markdown]
# # 14 · Recurrent networks
#
# What comes next after the letters *j*, *e*, *n*, *n*?
# You would say *y* or *i*, since you have read the other letters, too.
# A network that sees only the last *n* can't know that.
#
# The networks of the earlier lessons take a fixed number of inputs.
# A name or a sentence can be of any length, and its order matters.
# A **recurrent network** reads one letter at a time and keeps notes, a vector of numbers called its *state*.
# What does it still know of a letter twenty letters later?
#
# **You will build**, from nothing but NumPy:
# `rnn_step` → `rnn_forward` → `masked_cross_entropy` → `sample` → `rnn_backward` → `lstm_step` → `lstm_step_backward` → `gru_step`
#
# **Time:** about 145 minutes. **You need:** [lesson 6](../06_vanishing_gradients/06_vanishing_gradients.ipynb) and [lesson 8](../08_optimizers/08_optimizers.ipynb).
# That is too long for one sitting: stop for the day after part one, and perhaps again after part two.
#
# **How to work.** Predict, run, explain. If an exercise won't budge, skip it and come back.

# %% given: imports
import numpy as np

from utils import data, gradcheck, plots, trained
from utils.checks import unfinished
from utils.widgets import Unrolled

# %% earlier: pieces
# from 03_forward_pass: softmax
# from 08_optimizers: adam_step

# %%
# To use your own pieces instead, remove the # in front of the next lines.
# from utils import earlier
# softmax = earlier.mine("03_forward_pass", "softmax")
# adam_step = earlier.mine("08_optimizers", "adam_step")

# %% [markdown]
# # Part one: reading
#
# ## Names, letter by letter
#
# The data are 5,163 first names from the 1990 U.S. census.
# The letters a to z are the numbers 1 to 26, and 0 stands for the end of a name.
# We also put a 0 before each name, so that its first letter has something to follow.
# The network reads a letter and predicts the next one:
#
# | | | | | |
# |---|---|---|---|---|
# | it reads | 0 | a | m | y |
# | and should predict | a | m | y | 0 |
#
# Names differ in length, but an array has one shape, so shorter names are **padded** with zeros.
# A *mask* says which places are real: the letters, and the one 0 that ends the name.
# For the network, each number becomes a row of 27 with a single 1: a *one-hot* vector.

# %%
names = data.names()
order = np.random.default_rng(0).permutation(len(names))
unseen, seen = [names[k] for k in order[:500]], [names[k] for k in order[500:]]
STEPS = 1 + max(len(name) for name in names)


def encode(some_names):
    """ids (n, STEPS), what follows each of them (n, STEPS), and the mask (n, STEPS)."""
    ids, mask = np.zeros((len(some_names), STEPS + 1), dtype=int), np.zeros((len(some_names), STEPS), dtype=bool)
    for row, name in enumerate(some_names):
        ids[row, 1:len(name) + 1] = [ord(letter) - ord("a") + 1 for letter in name]
        mask[row, :len(name) + 1] = True
    return ids[:, :-1], ids[:, 1:], mask


def decode(ids):
    return "".join(".abcdefghijklmnopqrstuvwxyz"[k] for k in ids)


ids, y, mask = encode(["amy", "jennifer"])
for row in range(2):
    print("reads", decode(ids[row]), " predicts", decode(y[row]), " mask", "".join("01"[int(kept)] for kept in mask[row]))
print("one-hot inputs:", np.eye(27)[ids].shape)

# %% [markdown]
# Inputs have shape $(n, T, d)$: names, steps, numbers per step.
#
# How well can one predict from the last letter alone?
# Count, in the names we learn from, how often each letter follows each other one: a **bigram** table.
# Then measure the mean cross-entropy of its predictions on 500 names that it has never seen, in *nats* per letter (natural logarithms, as always).
#
# **Predict:** blind guessing among 27 symbols costs $\log 27 = 3.30$ nats. How far down does the bigram table get?

# %%
ids, y, mask = encode(seen)
counts = np.full((27, 27), 0.1)  # a little for pairs that never occurred
np.add.at(counts, (ids[mask], y[mask]), 1)
bigram = counts / counts.sum(axis=1, keepdims=True)

ids, y, mask = encode(unseen)
bigram_nats = -np.mean(np.log(bigram[ids[mask], y[mask]]))
print(f"bigram: {bigram_nats:.3f} nats per letter, as if choosing among {np.exp(bigram_nats):.1f} symbols, not 27")

# %% [markdown]
# To 2.357, as if it had to guess among 10.6 equally likely symbols.
# To do better, it would have to look further back, but a table for all sequences of six letters has 387 million entries.
#
# ## A state
#
# A recurrent network keeps a state $h$ of fixed size, and each step computes a new one from the letter and the old state:
#
# $$ h_t = \tanh(W_x x_t + W_h h_{t-1} + b) $$
#
# The *same* weights are used at every step, so a name can be of any length.
# This is called an Elman network, or a plain RNN (recurrent neural network).
#
# **By hand, once.** One unit, with $w_x = 1$, $w_h = 0.5$, $b = 0$, and the old state $h = 0.8$, reads $x = 0.6$.
# The new state is $\tanh(0.6 + 0.4) = \tanh 1 = 0.762$.
# If it then reads $x = 0$, the next state is $\tanh(0.381) = 0.364$: what is left of the past has shrunk.
#
# As always, a batch has one example a row, so $Wx$ becomes `x @ W.T`; and arguments may be lists of whole numbers, so begin with `np.asarray(x, dtype=float)`.
#
# ## Exercise 1: one step

# %% exercise: rnn_step
def rnn_step(x, h, Wx, Wh, b):
    """The next state of a recurrent layer.

    x: (n, d), what is read at this step.  h: (n, h), the old state; in a shape, h is the number of
    units.
    Wx: (h, d).  Wh: (h, h).  b: (h,).
    Returns a new float64 array (n, h): the tanh of a layer with the two inputs x and h.
    """
    ### BEGIN SOLUTION
    x, h, Wx, Wh, b = (np.asarray(part, dtype=float) for part in (x, h, Wx, Wh, b))
    return np.tanh(x @ Wx.T + h @ Wh.T + b)
    ### END SOLUTION

# %% tests: rnn_step, 2 points
import math

import numpy as np


@check.once
def _by_hand(x, h, Wx, Wh, b):
    """Unit by unit."""
    x, h, Wx, Wh, b = (np.asarray(part, dtype=float).tolist() for part in (x, h, Wx, Wh, b))
    return np.array([[math.tanh(sum(w * v for w, v in zip(Wx[j], x[k])) + sum(w * v for w, v in zip(Wh[j], h[k])) + b[j])
                      for j in range(len(b))] for k in range(len(x))])


@check.once
def _case(seed, n, d, h, size=0.6):
    rng = np.random.default_rng(seed)
    return [size * rng.normal(size=shape) for shape in ((n, d), (n, h), (h, d), (h, h), (h,))]


with check("gives the state that you worked out by hand"):
    check.close(check.call(rnn_step, np.array([[0.6]]), np.array([[0.8]]), np.array([[1.0]]), np.array([[0.5]]), np.array([0.0])),
                [[math.tanh(1.0)]])
with check("uses the letter, the old state, and the bias, each once"):
    x, h, Wx, Wh, b = _case(1400, 2, 3, 2)
    for parts in ((x, 0 * h, Wx, Wh, 0 * b), (0 * x, h, Wx, Wh, 0 * b), (0 * x, 0 * h, Wx, Wh, b)):
        check.close(check.call(rnn_step, *parts), _by_hand(*parts))
with check("is right for a batch, with sizes all different and all equal"):
    for case in (_case(1401, 4, 3, 2), _case(1402, 3, 3, 3)):
        check.close(check.call(rnn_step, *case), _by_hand(*case))
### BEGIN HIDDEN TESTS
with check("is right for other sizes, down to one"):
    for seed, sizes in enumerate(((7, 5, 3), (5, 2, 6), (1, 4, 3), (3, 1, 2), (3, 2, 1), (1, 1, 1), (4, 4, 4))):
        case = _case(1403 + seed, *sizes)
        check.close(check.call(rnn_step, *case), _by_hand(*case))
with check("returns float64, for lists and whole numbers too"):
    case = [[1, 0], [0, 1]], [[1, 0, -1], [0, 0, 1]], [[1, 0], [0, -1], [1, 1]], [[0, 1, 0], [1, 0, 0], [0, 0, 1]], [0, 1, 0]
    got = check.call(rnn_step, *case)
    check.floats(got, (2, 3))
    check.close(got, _by_hand(*case))
with check("stays between -1 and 1 for huge inputs"):
    case = [1000 * part for part in _case(1411, 3, 2, 4)]
    check.close(check.call(rnn_step, *case), _by_hand(*case))
with check("reads any memory order, and leaves its input as it was"):
    x, h, Wx, Wh, b = _case(1412, 6, 4, 4)
    case = np.asfortranarray(x)[::2], h[::2], Wx[:, ::-1], np.asfortranarray(Wh), b
    check.close(check.call(rnn_step, *case), _by_hand(*case))
    check.unchanged(rnn_step, *(part.copy() for part in case))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# It is lesson 3's linear layer, twice: once for `x` and once for `h`.
# What happens to the two results?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `x @ Wx.T` has shape (n, h), and so does the state's part.
# The bias is added once, and `np.tanh` comes last.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Make float arrays of all five.
# Return the tanh of a sum of three: `x` times the transposed `Wx`, `h` times the transposed `Wh`, and `b`.
# </details>

# %% [markdown]
# ## Exercise 2: a whole sequence
#
# Start from `h0`, take one step after another, and keep every state.
# The states go into an array of shape $(n, T, h)$: `H[:, t]` is the state of all $n$ names after step $t$ (counted from 0).
#
# There are two traps: `h0` itself is not in `H`, and each step starts from the state that the step before it gave.

# %% exercise: rnn_forward
def rnn_forward(X, h0, Wx, Wh, b):
    """The state after each step of a sequence.

    X: (n, T, d), n sequences of T steps, T >= 1.  h0: (n, h), the state before the first step.
    Wx: (h, d).  Wh: (h, h).  b: (h,).
    Returns a float64 array H (n, T, h); H[:, t] is the state after step t.
    """
    ### BEGIN SOLUTION
    X, h = np.asarray(X, dtype=float), np.asarray(h0, dtype=float)
    states = []
    for t in range(X.shape[1]):
        h = rnn_step(X[:, t], h, Wx, Wh, b)
        states.append(h)
    return np.stack(states, axis=1)
    ### END SOLUTION

# %% tests: rnn_forward, 3 points
import math

import numpy as np


@check.once
def _by_hand(X, h0, Wx, Wh, b):
    """Sequence by sequence, step by step, unit by unit."""
    X, h0, Wx, Wh, b = (np.asarray(part, dtype=float) for part in (X, h0, Wx, Wh, b))
    H = np.zeros((X.shape[0], X.shape[1], len(b)))
    for k in range(len(X)):
        old = h0[k].copy()
        for t in range(X.shape[1]):
            old = np.array([math.tanh(float(Wx[j] @ X[k, t] + Wh[j] @ old + b[j])) for j in range(len(b))])
            H[k, t] = old
    return H


@check.once
def _case(seed, n, T, d, h):
    rng = np.random.default_rng(seed)
    return [0.7 * rng.normal(size=shape) for shape in ((n, T, d), (n, h), (h, d), (h, h), (h,))]


with check("carries the state: the two steps that you worked out by hand"):
    got = check.call(rnn_forward, np.array([[[0.6], [0.0]]]), np.array([[0.8]]), np.array([[1.0]]), np.array([[0.5]]), np.array([0.0]))
    check.close(got, [[[math.tanh(1.0)], [math.tanh(0.5 * math.tanh(1.0))]]])
with check("starts from h0"):
    case = _case(1420, 2, 3, 2, 4)
    check.close(check.call(rnn_forward, *case)[:, 0], _by_hand(*case)[:, 0])
with check("keeps the state after each step, in the order of the steps, names first"):
    for case in (_case(1421, 3, 5, 2, 4), _case(1422, 3, 3, 3, 3)):
        check.close(check.call(rnn_forward, *case), _by_hand(*case))
### BEGIN HIDDEN TESTS
with check("is right for other sizes, down to one step and one sequence"):
    for seed, sizes in enumerate(((7, 6, 5, 3), (4, 1, 3, 2), (1, 5, 2, 3), (2, 3, 1, 1), (4, 4, 4, 4), (1, 1, 1, 1))):
        case = _case(1423 + seed, *sizes)
        check.close(check.call(rnn_forward, *case), _by_hand(*case))
with check("is right for 60 steps"):
    case = _case(1430, 2, 60, 2, 3)
    check.close(check.call(rnn_forward, *case), _by_hand(*case))
with check("returns float64, for lists and whole numbers too"):
    case = [[[1, 0], [0, 1], [1, 1]]], [[0, 1]], [[1, 0], [0, -1]], [[0, 1], [1, 0]], [0, 1]
    got = check.call(rnn_forward, *case)
    check.floats(got, (1, 3, 2))
    check.close(got, _by_hand(*case))
with check("reads any memory order, and leaves its input as it was, h0 too"):
    X, h0, Wx, Wh, b = _case(1431, 6, 4, 3, 3)
    case = np.asfortranarray(X)[::2], h0[::2], np.asfortranarray(Wx), Wh[:, ::-1], b
    check.close(check.call(rnn_forward, *case), _by_hand(*case))
    check.unchanged(rnn_forward, *(part.copy() for part in case))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# A loop over the steps, with one variable for the current state.
# What does it hold before the loop?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `X[:, t]` is what all sequences read at step `t`, of shape (n, d): just what `rnn_step` takes.
# Collect the states in a list; `np.stack(states, axis=1)` puts the steps on the second axis.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Make a float array of `X`, and let `h` be `h0`.
# For each `t` in `range(X.shape[1])`, replace `h` by what `rnn_step` gives for `X[:, t]` and `h`, and append it to the list.
# Stack the list along axis 1 and return it.
# </details>

# %% [markdown]
# ## Exercise 3: a loss for names of different length
#
# The last layer turns each state into 27 scores, so for a batch, $Z$ has shape $(n, T, 27)$.
# The loss is the mean cross-entropy of lesson 3, but over real places only: what the network says in the padding doesn't matter.
#
# **By hand, once.** Two names, with the losses of their letters:
#
# | | letter 1 | letter 2 | letter 3 |
# |---|---|---|---|
# | first name | 2 | 4 | 6 |
# | second name | 8 | *padding* | *padding* |
#
# Each *letter* counts the same: $(2 + 4 + 6 + 8)/4 = 5$.
# Dividing by all six places would give 3.3, and the mean of the two names' means, 4 and 8, would be 6.

# %% exercise: masked_cross_entropy
def masked_cross_entropy(Z, y, mask):
    """The mean cross-entropy over the places that the mask keeps.

    Z: (n, T, k), logits, finite numbers however large.
    y: (n, T), for each place the right class from 0 to k − 1. Where the mask is False, y may
    be anything, even −100.
    mask: (n, T), bools, at least one of them True.
    Returns a float.
    """
    ### BEGIN SOLUTION
    mask = np.asarray(mask)
    Z, y = np.asarray(Z, dtype=float)[mask], np.asarray(y)[mask]
    Z = Z - Z.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(Z).sum(axis=-1))
    return float(np.mean(log_sums - Z[np.arange(len(y)), y]))
    ### END SOLUTION

# %% tests: masked_cross_entropy, 3 points
import numpy as np
from scipy.special import logsumexp


@check.once
def _by_hand(Z, y, mask):
    """Place by place."""
    Z, y, mask = np.asarray(Z, dtype=float), np.asarray(y), np.asarray(mask)
    losses = [logsumexp(Z[place]) - Z[place][y[place]] for place in np.ndindex(mask.shape) if mask[place]]
    return sum(losses) / len(losses)


@check.once
def _case(seed, n, T, k, size=2.0):
    rng = np.random.default_rng(seed)
    mask = np.arange(T) < rng.integers(1, T + 1, size=(n, 1))
    return size * rng.normal(size=(n, T, k)), rng.integers(k, size=(n, T)), mask


# Two classes: the loss of a place is that of its logits (0, v), with the right class 0.
LOSSES = np.array([[2.0, 4.0, 6.0], [8.0, 5.0, 7.0]])
LESSON = (np.stack([np.zeros((2, 3)), np.log(np.expm1(LOSSES))], axis=-1), np.zeros((2, 3), dtype=int),
          np.array([[True, True, True], [True, False, False]]))
with check("counts each letter that the mask keeps the same, as in the example"):
    check.close(check.call(masked_cross_entropy, *LESSON), 5.0)
with check("is the ordinary mean where the mask keeps everything"):
    Z, y, mask = _case(1440, 3, 4, 5)
    check.close(check.call(masked_cross_entropy, Z, y, np.ones_like(mask)), _by_hand(Z, y, np.ones_like(mask)))
with check("ignores Z and y where the mask is False, even a label of -100"):
    Z, y, mask = _case(1441, 4, 5, 3)
    check.close(check.call(masked_cross_entropy, np.where(mask[..., None], Z, 1e6), np.where(mask, y, -100), mask), _by_hand(Z, y, mask))
with check("is stable for large logits"):
    check.close(check.call(masked_cross_entropy, np.array([[[1000.0, 0.0], [0.0, -1000.0]]]), np.array([[1, 0]]), np.array([[True, True]])), 500.0)
### BEGIN HIDDEN TESTS
with check("agrees with a loop over all places, whatever the mask"):
    for seed, sizes in enumerate(((7, 5, 3), (4, 4, 4), (1, 6, 4), (5, 1, 3), (2, 3, 2), (3, 4, 27))):
        Z, y, mask = _case(1442 + seed, *sizes)
        check.close(check.call(masked_cross_entropy, Z, y, mask), _by_hand(Z, y, mask))
    holes = np.array([[False, True, False, True], [False, False, False, False], [True, False, False, True]])
    Z, y, _ = _case(1450, 3, 4, 5)
    check.close(check.call(masked_cross_entropy, Z, y, holes), _by_hand(Z, y, holes))
with check("is right where a single place is kept"):
    Z, y, _ = _case(1451, 2, 3, 4)
    one = np.zeros((2, 3), dtype=bool)
    one[1, 2] = True
    check.close(check.call(masked_cross_entropy, Z, y, one), _by_hand(Z, y, one))
with check("stays finite at logits of ±1000"):
    Z, y, mask = _case(1452, 3, 4, 5, size=1000.0)
    check.close(check.call(masked_cross_entropy, Z, y, mask), _by_hand(Z, y, mask))
    check.close(check.call(masked_cross_entropy, Z - 1e4, y, mask), _by_hand(Z, y, mask))
with check("returns a float, for lists and whole numbers too"):
    case = [[[1, 2, 0], [0, 0, 3]], [[1, 1, 1], [2, 0, 1]]], [[1, 2], [0, -100]], [[True, True], [True, False]]
    got = check.call(masked_cross_entropy, *case)
    check.floats(got, ())
    check.close(got, _by_hand(*case))
with check("reads any memory order, and leaves its input as it was"):
    Z, y, mask = _case(1453, 6, 4, 3)
    case = np.asfortranarray(Z)[::2], np.asfortranarray(y)[::2], mask[::2]
    check.close(check.call(masked_cross_entropy, *case), _by_hand(*case))
    check.unchanged(masked_cross_entropy, *(part.copy() for part in case))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Which rows of scores, and which labels, are left if you keep the real places only?
# After that it is lesson 3's `cross_entropy`.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `Z[mask]` with a bool mask of shape (n, T) picks the rows where it is True, in an array of shape (kept, k); `y[mask]` picks their labels.
# For stability, subtract each row's largest score before you take exponentials.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Pick rows and labels with the mask, then subtract each row's maximum.
# A row's loss is the logarithm of the sum of its exponentials, minus its score at the right class: `Z[np.arange(len(y)), y]`.
# Return the mean of these as a float.
# </details>

# %% [markdown]
# ## Your functions, with trained weights
#
# How such a network is trained is part two.
# Here are the weights of 64 units that were trained on the names in `seen`.
# The functions that use them are yours.
#
# <details><summary>Where the weights come from</summary>
#
# `PYTHONPATH=. python tools/train_recurrent.py names_rnn`, run in the course's folder, trains them for 2,400 steps, which took us 22 seconds, and writes `utils/_data/names_rnn.npz`.
# All the trained networks of this lesson were made by this script.
# </details>
#
# **Predict:** the bigram table needs 2.357 nats. And the network?

# %%
def scores(H, w):
    """The logits (n, T, k) of a network's last layer."""
    return H @ w["Wy"].T + w["by"]


rnn = trained.recurrent("names_rnn")
ids, y, mask = encode(unseen)
with unfinished():
    H = rnn_forward(np.eye(27)[ids], np.zeros((len(ids), 64)), rnn["Wx"], rnn["Wh"], rnn["b"])
    rnn_nats = masked_cross_entropy(scores(H, rnn), y, mask)
    print(f"unseen names, nats per letter: bigram {bigram_nats:.3f}, recurrent network {rnn_nats:.3f}")
    predictions = {"bigram, after n": bigram[14]}
    for begun in ("jenn", "robin", "kathryn"):
        read, _, _ = encode([begun])
        H = rnn_forward(np.eye(27)[read], np.zeros((1, 64)), rnn["Wx"], rnn["Wh"], rnn["b"])
        predictions[f"network, after {begun}"] = softmax(scores(H, rnn)[0])[len(begun)]
    for label, P in predictions.items():
        print(f"{label:24s}" + "  ".join(f"{decode([k])} {P[k]:.2f}" for k in np.argsort(-P)[:5]))

# %% [markdown]
# 1.977, as if it chose among 7.2 symbols.
# After an *n*, the bigram table always says the same; the network expects *e*, *i*, or *a* after *jenn*, and takes *kathryn* for complete.
# Somewhere in its 64 numbers it keeps what came before.
#
# ## Exercise 4: let it talk
#
# A network that predicts the next letter can also write.
# Draw a letter from its prediction, let it read that letter, and draw the next one, until a 0 is drawn.
#
# Before drawing, divide the logits by a **temperature** $\tau$: the probabilities are $\mathrm{softmax}(z/\tau)$.
#
# **By hand, once.** With logits $(0, \log 3)$, the probabilities are $\tfrac14$ and $\tfrac34$ at $\tau = 1$.
# At $\tau = 0.5$ the logits double to $(0, \log 9)$, which gives $\tfrac1{10}$ and $\tfrac9{10}$: it plays it safe.
# At $\tau = 2$ it gets bolder: $0.37$ and $0.63$.
#
# Here `step` is any function that takes an id and a state and returns logits and the new state.
# You don't need to know what a state is; just pass it on.

# %% exercise: sample
def sample(step, state, start, length, temperature, rng):
    """Ids that a network draws, one after another.

    step: logits, state = step(id, state) reads one id; the logits are an array or list of k numbers,
    within ±1000.
    state: what the first call of step gets. What comes back goes into the next call.
    start: the id that is read first. It is not part of the result, and it may be 0.
    length: the most ids to draw, 0 or more.
    temperature: > 0; an id is drawn from softmax(logits / temperature).
    rng: an np.random.Generator, the only source of randomness.
    Returns a plain list of ints, at most `length` of them. It ends before the first 0 that is drawn.
    """
    ### BEGIN SOLUTION
    drawn, current = [], start
    while len(drawn) < length:
        logits, state = step(current, state)
        z = np.asarray(logits, dtype=float) / temperature
        p = np.exp(z - z.max())
        current = int(rng.choice(len(p), p=p / p.sum()))
        if current == 0:
            break
        drawn.append(current)
    return drawn
    ### END SOLUTION

# %% tests: sample, 4 points
import math

import numpy as np


def _ids(step, state, start, length, temperature, seed):
    got = check.call(sample, step, state, start, length, temperature, np.random.default_rng(seed))
    check.true(type(got) is list, f"expected a list of ints, got a {type(got).__name__}.")
    strange = [one for one in got if type(one) is not int]
    check.true(not strange, f"expected plain ints, the list holds a {type(strange[0]).__name__ if strange else ''}.")
    return got


def _sure(follows, k=6):
    """Always sure: the id that follows x; notes what it reads and the states it is given."""
    read = []

    def step(one, state):
        read.append((int(one), state))
        logits = np.full(k, -500.0)
        logits[follows(int(one), state)] = 500.0
        return logits, state + 1

    return step, read


def _shares(logits, temperature, draws, seed):
    """How often each id is drawn; the first logit belongs to the 0."""
    got = _ids(lambda one, state: (logits, state), None, 1, draws, temperature, seed)
    check.true(len(got) == draws, f"expected {draws} ids, since a 0 is next to impossible here, got {len(got)}.")
    return np.array([got.count(k) for k in range(len(logits))]) / draws


def _near(shares, expected, draws, what):
    for k, share in enumerate(expected):
        allowed = 5 * math.sqrt(share * (1 - share) / draws) + 1e-9
        check.true(abs(shares[k] - share) <= allowed, f"{what}: id {k} came up in {shares[k]:.0%} of {draws} draws, "
                   f"expected about {share:.0%}.")


with check("reads the start, then each id that it has drawn"):
    step, read = _sure(lambda one, state: one + 1)
    check.equal(_ids(step, 0, 2, 3, 1.0, 1460), [3, 4, 5])
    check.true([one for one, _ in read][:3] == [2, 3, 4], f"step read {[one for one, _ in read]}, expected [2, 3, 4].")
with check("hands the state that step returns to the next call"):
    step, read = _sure(lambda one, state: state)
    check.equal(_ids(step, 1, 0, 4, 1.0, 1461), [1, 2, 3, 4])
with check("stops before a 0 that is drawn, and after `length` ids"):
    step, _ = _sure(lambda one, state: [3, 1, 0, 4, 4, 4, 4, 4, 4][state])
    check.equal(_ids(step, 0, 5, 8, 1.0, 1462), [3, 1])
    step, _ = _sure(lambda one, state: 2)
    check.equal(_ids(step, 0, 0, 4, 1.0, 1463), [2] * 4)
with check("draws from the softmax of logits / temperature"):
    logits = np.array([-1000.0, 0.0, math.log(3.0)])
    _near(_shares(logits, 1.0, 300, 1464), (0, 0.25, 0.75), 300, "temperature 1")
    _near(_shares(logits, 0.5, 300, 1465), (0, 0.1, 0.9), 300, "temperature 0.5")
    _near(_shares(logits, 2.0, 300, 1466), (0, 0.366, 0.634), 300, "temperature 2")
with check("draws from rng only: the same seed gives the same ids, another one others"):
    flat = np.array([-1000.0, 0.0, 0.0, 0.0, 0.0])
    once, again, other = (_ids(lambda one, state: (flat, state), None, 0, 30, 1.0, seed) for seed in (1467, 1467, 1468))
    check.true(once == again, "two generators with the same seed gave different ids.")
    check.true(once != other, "two different seeds gave the same 30 ids.")
    check.unchanged(sample, lambda one, state: (flat, state), None, 0, 3, 1.0, np.random.default_rng(1467))
### BEGIN HIDDEN TESTS
with check("goes on drawing from the same generator"):
    rng, seen = np.random.default_rng(1469), []
    for _ in range(2):
        seen.append(check.call(sample, lambda one, state: ([-1000.0, 0.0, 0.0, 0.0], state), None, 0, 30, 1.0, rng))
    check.true(seen[0] != seen[1], "a second call with the same generator drew the same ids.")
with check("has the probabilities right for other logits and temperatures"):
    rng = np.random.default_rng(1470)
    for temperature in (0.3, 0.8, 3.0):
        logits = np.concatenate([[-1000.0], rng.normal(size=4)])
        P = np.exp(logits[1:] / temperature) / np.exp(logits[1:] / temperature).sum()
        _near(_shares(logits, temperature, 400, 1471), (0, *P), 400, f"temperature {temperature}")
with check("draws the 0 as often as it should"):
    lengths = [len(_ids(lambda one, state: ([0.0, math.log(3.0)], state), None, 0, 1, 1.0, 1500 + k)) for k in range(200)]
    check.true(abs(np.mean(lengths) - 0.75) < 5 * math.sqrt(0.1875 / 200), f"a 0 of probability 25% came up in {1 - np.mean(lengths):.0%} of 200 draws.")
with check("stays finite for logits of ±1000 and a low temperature"):
    check.equal(_ids(lambda one, state: ([-1000.0, 1000.0, 990.0], state), None, 0, 5, 0.05, 1472), [1] * 5)
    check.equal(_ids(lambda one, state: ([-1000, -1000, -900], state), None, 0, 5, 1.0, 1473), [2] * 5)
with check("takes a length of 0, logits in a list, and a state of any kind"):
    check.equal(_ids(lambda one, state: ([0.0, 1.0], state), None, 1, 0, 1.0, 1474), [])
    step = lambda one, state: ([-500, 500, -500] if len(state["seen"]) % 2 else [-500, -500, 500], {"seen": state["seen"] + [one]})
    check.equal(_ids(step, {"seen": []}, 1, 5, 1.0, 1475), [2, 1, 2, 1, 2])
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# A loop with two variables that change: the id that is read next, and the state.
# What are they before the first round?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# Make a float array of the logits, divide, subtract the largest, take exponentials, and divide by their sum.
# `rng.choice(len(p), p=p)` draws an index with these probabilities; `int(...)` makes a plain int of it.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# As long as fewer than `length` ids have been drawn: call `step` with the current id and state, and keep the state it returns.
# Turn the logits into probabilities and draw an int.
# If it is 0, leave the loop; otherwise append it, and read it next.
# Return the list.
# </details>

# %%
def reader(w):
    """A step function for `sample`: it reads one id and returns logits and the new state."""
    def step(one, h):
        h = rnn_step(np.eye(27)[[one]], h, w["Wx"], w["Wh"], w["b"])
        return scores(h, w)[0], h
    return step


def write(temperature, count, seed=0):
    """Names that the trained network makes up."""
    rng = np.random.default_rng(seed)
    return [decode(sample(reader(rnn), np.zeros((1, 64)), 0, 11, temperature, rng)) for _ in range(count)]


with unfinished():
    known = set(names)
    for temperature in (0.3, 0.7, 1.0, 1.5):
        made = write(temperature, 200)
        print(f"temperature {temperature}: {', '.join(made[:7])}")
        print(f"   of 200, {len(set(made))} are different, and {np.mean([name in known for name in made]):.0%} are in the census lists")

# %% [markdown]
# At 0.3 it repeats what is common: 66% of what it writes is in the census lists (if you draw with `rng.choice`).
# At 1 it writes as the data are: 16% are real names, and most of the others could be.
# At 1.5 it stumbles.
#
# **A good place to stop for the day.** The network can read and write. Next it learns.

# %% [markdown]
# # Part two: back through time
#
# ## Unrolled, it is a deep network
#
# Write the steps side by side, and a recurrent network is an ordinary network with $T$ layers.
# There are two differences: every layer gets an input and gives an output of its own, and all layers share the same weights.
# So lesson 4's rules are enough; applied here, they are called **backpropagation through time**.
#
# Two things reach the state $h_t$ on the way back: the gradient from its own output, which we call $dH_t$, and what comes from the next step, since $h_t$ also went into $h_{t+1}$.
# Where paths meet, gradients add up.
#
# **By hand, once.** One unit, two steps, $w_h = 2$, $w_x = 1$.
# The forward pass started from $h_0 = 0.1$ and gave $h_1 = 0.5$ and $h_2 = 0.8$.
# The outputs send back $dH_1 = 1$ and $dH_2 = 10$.
# Tanh's slope is $1 - h^2$, and $z$ is the number that went into the tanh.
#
# | from the end | reaches $h_t$ | through the tanh: $dz_t$ | goes on to $h_{t-1}$: $dz_t\,w_h$ |
# |---|---|---|---|
# | $t = 2$ | $10$ | $10 \cdot (1 - 0.64) = 3.6$ | $3.6 \cdot 2 = 7.2$ |
# | $t = 1$ | $1 + 7.2 = 8.2$ | $8.2 \cdot (1 - 0.25) = 6.15$ | $6.15 \cdot 2 = 12.3$, which is $dh_0$ |
#
# The weight $w_h$ was used in both steps, each time with the *old* state, and so it gets two parts:
#
# $$ dw_h = dz_1 h_0 + dz_2 h_1 = 6.15 \cdot 0.1 + 3.6 \cdot 0.5 = 2.415 $$
#
# Likewise $dw_x = dz_1 x_1 + dz_2 x_2$, and $db = 6.15 + 3.6 = 9.75$; each input gets $dx_t = dz_t\,w_x$.
#
# With batches, these products are lesson 4's `linear_backward`: $dX_t = dZ_t W_x$, and $dW_x$ gets $dZ_t^\top X_t$ from each step.
#
# ## Exercise 5: backpropagation through time
#
# The steps are counted from 0 in the arrays: `H[:, 0]` is the state after the first step, and the state before it is `h0`.

# %% exercise: rnn_backward
def rnn_backward(dH, X, H, h0, Wx, Wh):
    """The gradients of a loss with respect to everything that rnn_forward was given.

    dH: (n, T, h); dH[:, t] is what reaches the state after step t from outside, that is, not
    through later steps.
    X: (n, T, d).  H: (n, T, h), what rnn_forward returned.  h0: (n, h).  Wx: (h, d).  Wh: (h, h).
    Returns (dX, dh0, dWx, dWh, db), float64, with the shapes of X, h0, Wx, Wh and (h,). The 1/n of
    a mean is in dH already.
    """
    ### BEGIN SOLUTION
    dH, X, H, h0, Wx, Wh = (np.asarray(part, dtype=float) for part in (dH, X, H, h0, Wx, Wh))
    dX, dh = np.zeros(X.shape), np.zeros(h0.shape)
    dWx, dWh, db = np.zeros(Wx.shape), np.zeros(Wh.shape), np.zeros(len(Wh))
    for t in reversed(range(X.shape[1])):
        old = H[:, t - 1] if t > 0 else h0
        dZ = (dH[:, t] + dh) * (1 - H[:, t] ** 2)
        dX[:, t] = dZ @ Wx
        dh = dZ @ Wh
        dWx += dZ.T @ X[:, t]
        dWh += dZ.T @ old
        db += dZ.sum(axis=0)
    return dX, dh, dWx, dWh, db
    ### END SOLUTION

# %% tests: rnn_backward, 8 points
import numpy as np

NAMES = ("dX", "dh0", "dWx", "dWh", "db")


def _run(X, h, Wx, Wh, b):
    states = []
    for t in range(X.shape[1]):
        h = np.tanh(X[:, t] @ Wx.T + h @ Wh.T + b)
        states.append(h)
    return np.stack(states, axis=1)


@check.once
def _case(seed, n, T, d, h):
    """The arguments, and the gradients by a complex step: exact slopes, number by number."""
    rng = np.random.default_rng(seed)
    parts = [0.7 * rng.normal(size=shape) for shape in ((n, T, d), (n, h), (h, d), (h, h), (h,))]
    dH, found = rng.normal(size=(n, T, h)), []
    for k, part in enumerate(parts):
        slope = np.zeros(part.shape)
        for index in np.ndindex(part.shape):
            moved = part.astype(complex)
            moved[index] += 1e-30j
            slope[index] = np.sum(dH * _run(*parts[:k], moved, *parts[k + 1:])).imag / 1e-30
        found.append(slope)
    X, h0, Wx, Wh, _ = parts
    return (dH, X, _run(*parts), h0, Wx, Wh), tuple(found)


def _compare(seed, *sizes, only=NAMES):
    case, expected = _case(seed, *sizes)
    got = check.parts(check.call(rnn_backward, *case), *NAMES)
    keep = [k for k, name in enumerate(NAMES) if name in only]
    check.close(tuple(got[k] for k in keep), tuple(expected[k] for k in keep), names=tuple(NAMES[k] for k in keep))


with check("gives the gradients that you worked out by hand"):
    one = np.array([[1.0]])
    got = check.call(rnn_backward, np.array([[[1.0], [10.0]]]), np.array([[[3.0], [-1.0]]]), np.array([[[0.5], [0.8]]]),
                     0.1 * one, one, 2 * one)
    check.close(got, (np.array([[[6.15], [3.6]]]), 12.3 * one, 14.85 * one, 2.415 * one, np.array([9.75])), names=NAMES)
with check("has dX and dh0 right for a batch: what later steps send back is added"):
    _compare(1480, 3, 4, 2, 5, only=("dX", "dh0"))
with check("has dWx, dWh and db right for a batch: a sum over all steps"):
    _compare(1481, 3, 4, 2, 5, only=("dWx", "dWh", "db"))
with check("is right where all sizes are equal, and for a single step"):
    _compare(1482, 3, 3, 3, 3)
    _compare(1483, 4, 1, 2, 3)
### BEGIN HIDDEN TESTS
with check("is right for other sizes"):
    for seed, sizes in enumerate(((5, 6, 4, 2), (1, 5, 2, 3), (2, 3, 1, 1), (4, 4, 4, 4), (1, 1, 1, 1), (2, 1, 3, 3))):
        _compare(1484 + seed, *sizes)
with check("sends what reaches only the last state back to the first step"):
    (dH, X, H, h0, Wx, Wh), _ = _case(1492, 2, 6, 2, 3)
    dH = np.zeros_like(dH)
    dH[:, -1] = [[1.0, -2.0, 0.5], [0.3, 1.0, 1.0]]
    g = dH[:, -1]
    for t in reversed(range(6)):
        dz = g * (1 - H[:, t] ** 2)
        g = dz @ Wh
    got = check.parts(check.call(rnn_backward, dH, X, H, h0, Wx, Wh), *NAMES)
    check.close((got[0][:, 0], got[1]), (dz @ Wx, g), names=("the first step's dX", "dh0"))
with check("returns float64, for lists and whole numbers too"):
    case = [[[1, 0], [2, -1]]], [[[1, 0, 2], [0, 1, 1]]], [[[0.5, 0.25], [0, -0.5]]], [[0, 1]], [[1, 0, 1], [0, -1, 0]], [[1, 2], [0, 1]]
    got = check.parts(check.call(rnn_backward, *case), *NAMES)
    for part, shape in zip(got, ((1, 2, 3), (1, 2), (2, 3), (2, 2), (2,))):
        check.floats(part, shape)
    # dZ of the last step is (2, -0.75), so (2, 3.25) goes on to the first; its dZ is (2.25, 3.046875).
    check.close(got[0], [[[2.25, -3.046875, 2.25], [2.0, 0.75, 2.0]]])
with check("reads any memory order, and leaves its input as it was"):
    (dH, X, H, h0, Wx, Wh), expected = _case(1493, 3, 4, 2, 3)
    case = np.asfortranarray(dH), np.repeat(X, 2, axis=1)[:, ::2], np.asfortranarray(H), h0, np.asfortranarray(Wx), Wh
    check.close(check.call(rnn_backward, *case), expected, names=NAMES)
    check.unchanged(rnn_backward, *(part.copy() for part in case))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Go through the steps from the last to the first, and keep one variable for what the later steps send back.
# What is it before the last step, when there are no later ones?
# Which line of the table do you compute in each round?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `reversed(range(T))` counts backward.
# Before the loop, make arrays of zeros for the gradients.
# In each round the weights' gradients get one part more, with `+=`; `dX[:, t]` is simply set.
# The old state of step `t` is `H[:, t - 1]`; what is it for `t = 0`? (Beware: `H[:, -1]` exists.)
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# In each round: add `dH[:, t]` and what came from later, and multiply by `1 - H[:, t] ** 2`; this is `dZ`.
# Then `dX[:, t]` is `dZ @ Wx`, and what goes to the earlier step is `dZ @ Wh`.
# `dWx` gets `dZ.T @ X[:, t]`, `dWh` gets `dZ.T` times the old state, and `db` gets the sum of `dZ` over the batch.
# What is sent back by the first step is `dh0`.
# </details>

# %% [markdown]
# ## Train it
#
# First compare with differences, then take 200 steps with batches of 64 names and lesson 8's `adam_step`.
# The gradient is *clipped*: if its norm is above 1, it is scaled down to 1.
#
# **Predict:** the loss starts near $\log 27 = 3.30$. Will 200 steps, a few seconds, get it below the bigram table's 2.357?

# %%
def start(h, rng):
    """Weights of a network with h units: Wx, Wh, b, Wy, by."""
    turn, _ = np.linalg.qr(rng.normal(size=(h, h)))
    return [rng.normal(size=(h, 27)) / np.sqrt(27), turn, np.zeros(h), rng.normal(size=(27, h)) / np.sqrt(h), np.zeros(27)]


def loss_and_gradients(params, ids, y, mask):
    Wx, Wh, b, Wy, by = params
    X, h0 = np.eye(27)[ids], np.zeros((len(ids), len(b)))
    H = rnn_forward(X, h0, Wx, Wh, b)
    Z = H @ Wy.T + by
    dZ = (softmax(Z.reshape(-1, 27)).reshape(Z.shape) - np.eye(27)[y]) * mask[..., None] / mask.sum()
    _, _, dWx, dWh, db = rnn_backward(dZ @ Wy, X, H, h0, Wx, Wh)
    dWy = np.einsum("ntk,nth->kh", dZ, H)
    return masked_cross_entropy(Z, y, mask), [dWx, dWh, db, dWy, dZ.sum(axis=(0, 1))]


ids, y, mask = encode(seen)
with plots.figure("The loss on batches of names falls within 200 steps from 3.3 to about 2.1, below the level "
                  "of the bigram table at 2.36.", size=(6.6, 4.0)) as ax:
    small = start(4, np.random.default_rng(1))
    _, grads = loss_and_gradients(small, ids[:5], y[:5], mask[:5])
    report = gradcheck.gradient_check(lambda Wh: loss_and_gradients([small[0], Wh, *small[2:]], ids[:5], y[:5], mask[:5])[0],
                                      small[1], grads[1])
    print(f"dWh against differences: largest relative error {report.error:.0e}")

    rng, losses = np.random.default_rng(2), []
    params, state = start(64, rng), None
    for _ in range(200):
        rows = rng.choice(len(ids), size=64, replace=False)
        loss, grads = loss_and_gradients(params, ids[rows], y[rows], mask[rows])
        norm = np.sqrt(sum(np.sum(g ** 2) for g in grads))
        params, state = adam_step(params, [g * min(1.0, 1 / norm) for g in grads], state, 0.005)
        losses.append(loss)
    plots.curves(np.arange(1, 201), {"network": losses, "bigram": np.full(200, bigram_nats)}, xlabel="step",
                 ylabel="nats per letter on the batch", title=f"{np.mean(losses[-20:]):.2f} nats after 200 steps, below the bigram table", ax=ax)
    unseen_loss, _ = loss_and_gradients(params, *encode(unseen))
    print(f"on unseen names: {unseen_loss:.3f}")

# %% [markdown]
# Yes: after 200 steps the network is at 2.16 nats on unseen names.
# The weights that you used above had twelve times as many steps.
#
# ## What becomes of the past
#
# The table above hides a product.
# On its way from $h_T$ back to $h_0$, a gradient is multiplied by $w_h (1 - h_t^2)$ at *every* step.
# With vectors it is the matrix
#
# $$ \frac{\partial h_T}{\partial h_0} = \prod_{t=T}^{1} \operatorname{diag}(1 - h_t^2)\, W_h , $$
#
# with $W_h$ in it $T$ times.
# The same matrix says how much a nudge of $h_0$ still moves $h_T$: what the network *knows* of the past and what it can *learn* from it go together.
#
# Without the tanh, this is the $T$-th power of $W_h$, which grows or shrinks like $\rho^T$, where $\rho$ is the **spectral radius** of $W_h$, the largest absolute value of its eigenvalues.
# In lesson 6, each layer had weights of its own; here it is the same matrix every time.
#
# ### Play: unrolled
#
# Type a name, and *your* `rnn_step` reads it with 12 units and random weights.
# Each column is the state after a letter.
# Below, *your* `rnn_backward` measures $\lVert \partial h_t / \partial h_0 \rVert$ (the largest factor by which a nudge can grow), and a dashed line shows how much of the state really changes if the first letter is another one.
#
# *The question to answer:* what decides how far back a network remembers?
#
# 1. Radius 0.5, the longest text: after how many letters is the norm below 0.001?
# 2. Radius 1, the same text: does the norm stay near 1? Why not?
# 3. Radius 1.5: does it explode like $1.5^t$? What do the cells of the strip look like?
# 4. Set the inputs to 0 at radius 1.2. What changes, and why?

# %%
unrolled = Unrolled(rnn_step, rnn_backward)
unrolled

# %% [markdown]
# <details><summary>The answers</summary>
#
# **1.** After 9 letters, and after 40 it is $1.5 \cdot 10^{-14}$.
#
# **2.** No: it falls to 0.0005. The inputs drive the units away from 0, where tanh's slope is less than 1.
#
# **3.** No: after 40 letters the norm is 0.09, far from $1.5^{40} = 10^7$. The cells have strong colors: many units are near ±1, where tanh is flat.
#
# **4.** With no inputs the state stays 0 and all slopes are 1. Nothing tames the growth: the norm reaches 2,600.
#
# So two things decide: the matrix and the slopes. A larger radius lets more of the past through, until saturated units hold it back.
# </details>

# %% [markdown]
# ### Thirty and sixty steps
#
# Now 64 units and random letters, with the geometric mean over ten networks.
#
# **Predict:** $0.8^{30} = 0.0012$, $1.2^{30} = 237$. How close will the norms come?

# %%
def jacobian_norms(radius, steps, seed, h=64):
    """The norm of ∂h_t/∂h_0 after t = 1, ..., steps, in a random network with this spectral radius."""
    rng = np.random.default_rng(seed)
    Wh = rng.normal(size=(h, h))
    Wh *= radius / np.abs(np.linalg.eigvals(Wh)).max()
    Wx, old, J, norms = rng.normal(size=(h, 27)) / np.sqrt(4 * 27), np.zeros((1, h)), np.eye(h), []
    for letter in rng.integers(1, 27, size=steps):
        x = np.eye(27)[[letter]]
        new = rnn_step(x, old, Wx, Wh, np.zeros(h))
        # One step back from each unit of the new state: the rows of its Jacobian.
        one_step = rnn_backward(np.eye(h)[:, None], np.repeat(x, h, 0)[:, None], np.repeat(new, h, 0)[:, None],
                                np.repeat(old, h, 0), Wx, Wh)[1]
        J, old = one_step @ J, new
        norms.append(np.linalg.norm(J, 2))
    return norms


with plots.figure("The norm of the derivative of h_t with respect to h_0 against t, on a logarithmic axis. At radius 0.8 "
                  "it falls in a straight line to less than a millionth; at 1.0 it falls slowly to about a tenth; at 1.2 "
                  "it rises to about ten and stays there.", size=(6.8, 4.2)) as ax:
    radii = (0.8, 1.0, 1.2)
    norms = {radius: np.exp(np.mean([np.log(jacobian_norms(radius, 60, seed)) for seed in range(10)], axis=0)) for radius in radii}
    plots.curves(np.arange(1, 61), {f"radius {radius}": norms[radius] for radius in radii}, log=True, ax=ax, xlabel="letters later, t",
                 ylabel="norm of ∂h_t/∂h_0", title="Below 1 the past vanishes; above 1, tanh steps in")
    for radius in radii:
        print(f"radius {radius}: after 30 steps {norms[radius][29]:.2g}, after 60 {norms[radius][59]:.2g}; "
              f"{radius}^30 = {radius ** 30:.2g}, {radius}^60 = {radius ** 60:.2g}")

# %% [markdown]
# At 0.8, close: 0.0014 after 30 steps and less than $10^{-6}$ after 60.
# At 1.0, a slow loss: 0.55, then 0.13.
# At 1.2 not at all: 10 after 30 steps and 10 after 60, in place of 237 and 56,000.
# **Tanh tames the explosion**: when states grow, their slopes shrink.
# With other inputs it can still be large, as you saw in the explorer: that is why the gradient was clipped.
#
# For learning, this means: at 0.8, a mistake at the 60th letter sends a millionth of its gradient back to the start, drowned out by what the last few letters send.
# The network doesn't learn from what happened long ago: lesson 6's vanishing gradients, in time.
#
# ### Twenty letters later
#
# And the trained network, whose spectral radius is 1.83?
# String names together, replace the very first letter, and see how different the two states still are.
#
# **Predict:** twenty letters after the one that was replaced, what share of the difference is left?

# %%
def differences(w, read, texts=50, letters=25):
    """How far two states are apart, after each letter, if the first letter of a text is another one."""
    rng, found = np.random.default_rng(3), []
    for _ in range(texts):
        text = "".join(rng.choice(seen, size=20))[:letters]
        first = [ord(letter) - ord("a") + 1 for letter in text]
        second = [first[0] % 26 + 1, *first[1:]]
        a, b = (read(np.eye(27)[[line]], w)[0] for line in (first, second))
        found.append(np.linalg.norm(a - b, axis=1))
    return np.exp(np.mean(np.log(np.array(found) + 1e-12), axis=0))


def read_rnn(X, w):
    return rnn_forward(X, np.zeros((len(X), len(w["b"]))), w["Wx"], w["Wh"], w["b"])


with unfinished():
    left = differences(rnn, read_rnn)
    print(f"spectral radius {np.abs(np.linalg.eigvals(rnn['Wh'])).max():.2f}")
    for later in (0, 1, 5, 10, 20):
        print(f"{later:2d} letters later the states are {left[later]:.2f} apart: {left[later] / left[0]:.0%}")

# %% [markdown]
# 8%.
# At first the difference even grows, to 114%; then it fades by about an eighth with each letter.
# That is the answer to the question at the beginning: twenty letters later, this network still knows something of a letter, but not much.
#
# **Another good place to stop for the day.** Part three builds a better memory.

# %% [markdown]
# # Part three: gates
#
# ## A cell that is not overwritten
#
# A plain network must push what it wants to keep through the matrix and the tanh at every step.
# The **LSTM** (long short-term memory, 1997) has a second state, the *cell* $c$, which is only scaled and added to:
#
# $$ c_t = f \odot c_{t-1} + i \odot g, \qquad h_t = o \odot \tanh c_t $$
#
# Three **gates**, numbers between 0 and 1 for each unit, control it: the *forget gate* $f$ says how much of the old cell stays, the *input gate* $i$, how much of the *candidate* $g$ is added, and the *output gate* $o$, how much of the cell shows in $h$.
# All four come from one linear layer that reads the letter and the old state side by side:
#
# $$ [z_i, z_f, z_o, z_g] = [x, h]\,W^\top + b, \qquad i, f, o = \sigma(z_i), \sigma(z_f), \sigma(z_o), \qquad g = \tanh(z_g) $$
#
# The first $h$ rows of $W$ are for $i$, the next for $f$, then $o$, then $g$.
# **The order is a convention, and i, f, o, g is not PyTorch's.** PyTorch has i, f, g, o: weights moved without reordering their rows are wrong, and no error tells you.
#
# **By hand, once.** One unit has $i = 0.5$, $f = 0.9$, $o = 0.5$, $g = 0.6$, and the old cell is $c = 2$.
# The new cell is $0.9 \cdot 2 + 0.5 \cdot 0.6 = 2.1$, and $h = 0.5 \cdot \tanh 2.1 = 0.485$.
#
# ## Exercise 6: a step of the LSTM
#
# Beware of large numbers: at $z = 1000$, $e^z/(1 + e^z)$ is $\infty/\infty$, a nan.
# $1/(1 + e^{-z})$ is safe: at $-1000$, NumPy warns of an overflow but gives $1/\infty = 0$, which is right.

# %% exercise: lstm_step
def lstm_step(x, h, c, W, b):
    """The next state and cell of an LSTM layer.

    x: (n, d).  h, c: (n, h), the old state and the old cell.
    W: (4h, d + h), for the inputs [x, h] in this order; its rows, and those of b: (4h,), belong to
    the gates i, f, o and the candidate g, in this order.
    Returns (h, c), new float64 arrays (n, h). Gates may be driven by ±1000; nothing becomes nan.
    """
    ### BEGIN SOLUTION
    x, h, c, W, b = (np.asarray(part, dtype=float) for part in (x, h, c, W, b))
    Z = np.concatenate([x, h], axis=1) @ W.T + b
    size = h.shape[1]
    i, f, o = (0.5 * (1 + np.tanh(Z[:, k * size:(k + 1) * size] / 2)) for k in range(3))
    c = f * c + i * np.tanh(Z[:, 3 * size:])
    return o * np.tanh(c), c
    ### END SOLUTION

# %% tests: lstm_step, 4 points
import math

import numpy as np

NAMES = ("h", "c")


def _sigmoid(z):
    return 1 / (1 + math.exp(-z)) if z > 0 else math.exp(z) / (1 + math.exp(z))


@check.once
def _by_hand(x, h, c, W, b):
    """Unit by unit."""
    x, h, c, W, b = (np.asarray(part, dtype=float) for part in (x, h, c, W, b))
    size, new_h, new_c = h.shape[1], np.zeros(h.shape), np.zeros(h.shape)
    for k in range(len(x)):
        for j in range(size):
            i, f, o, g = (float(W[row, :x.shape[1]] @ x[k] + W[row, x.shape[1]:] @ h[k] + b[row]) for row in range(j, 4 * size, size))
            new_c[k, j] = _sigmoid(f) * c[k, j] + _sigmoid(i) * math.tanh(g)
            new_h[k, j] = _sigmoid(o) * math.tanh(new_c[k, j])
    return new_h, new_c


@check.once
def _case(seed, n, d, h, size=1.0):
    rng = np.random.default_rng(seed)
    return [size * rng.normal(size=shape) for shape in ((n, d), (n, h), (n, h), (4 * h, d + h), (4 * h,))]


def _logit(p):
    return math.log(p / (1 - p))


with check("gives the state and the cell that you worked out by hand"):
    b = np.array([_logit(0.5), _logit(0.9), _logit(0.5), math.atanh(0.6)])
    got = check.call(lstm_step, np.array([[1.0]]), np.array([[1.0]]), np.array([[2.0]]), np.zeros((4, 2)), b)
    check.close(got, (np.array([[0.5 * math.tanh(2.1)]]), np.array([[2.1]])), names=NAMES)
with check("gives each gate its own rows: i, f, o, g"):
    shut, open_ = -40.0, 40.0
    for gates, expected in (((open_, open_, open_, open_), 3.0), ((shut, open_, open_, open_), 2.0),
                            ((open_, shut, open_, open_), 1.0), ((shut, shut, open_, open_), 0.0)):
        h, c = check.parts(check.call(lstm_step, np.array([[1.0]]), np.array([[0.0]]), np.array([[2.0]]), np.zeros((4, 2)), np.array(gates)), *NAMES)
        check.close((h, c), (np.array([[math.tanh(expected)]]), np.array([[expected]])), names=NAMES)
    h, _ = check.parts(check.call(lstm_step, np.array([[1.0]]), np.array([[0.0]]), np.array([[2.0]]), np.zeros((4, 2)), np.array([open_, open_, shut, open_])), *NAMES)
    check.close(h, [[0.0]])
with check("is right for a batch, with sizes all different and all equal"):
    for case in (_case(1510, 4, 3, 2), _case(1511, 3, 3, 3)):
        check.close(check.call(lstm_step, *case), _by_hand(*case), names=NAMES)
with check("gives no nan when the gates are driven by ±1000"):
    W = np.zeros((4, 2))
    for drive in (1000.0, -1000.0):
        got = check.parts(check.call(lstm_step, np.array([[1.0]]), np.array([[0.0]]), np.array([[2.0]]), W, np.full(4, drive)), *NAMES)
        check.close(got, (np.array([[math.tanh(3.0) if drive > 0 else 0.0]]), np.array([[3.0 if drive > 0 else 0.0]])), names=NAMES)
### BEGIN HIDDEN TESTS
with check("is right for other sizes, down to one"):
    for seed, sizes in enumerate(((7, 5, 3), (5, 2, 6), (1, 4, 3), (3, 1, 2), (3, 2, 1), (1, 1, 1), (4, 4, 4))):
        case = _case(1512 + seed, *sizes)
        check.close(check.call(lstm_step, *case), _by_hand(*case), names=NAMES)
with check("carries h and c over several steps"):
    rng = np.random.default_rng(1520)
    x, h, c, W, b = _case(1521, 2, 3, 4)
    ours = theirs = (h, c)
    for _ in range(5):
        x = rng.normal(size=(2, 3))
        ours, theirs = check.parts(check.call(lstm_step, x, *ours, W, b), *NAMES), _by_hand(x, *theirs, W, b)
    check.close(ours, theirs, names=NAMES)
with check("returns new float64 arrays, for lists and whole numbers too"):
    case = [[1, 0]], [[0, 1]], [[2, -1]], [[1, 0, 0, 1], [0, 1, 0, 0], [0, 0, 1, 0], [1, 1, 0, 0], [0, 0, 0, 1], [1, 0, 1, 0], [0, 1, 0, 1], [1, 0, 0, 0]], [0, 1, 0, 0, 1, 0, 0, 1]
    got = check.parts(check.call(lstm_step, *case), *NAMES)
    check.floats(got[0], (1, 2))
    check.floats(got[1], (1, 2))
    check.close(got, _by_hand(*case), names=NAMES)
    x, h, c, W, b = _case(1522, 2, 3, 3)
    check.new(check.call(lstm_step, x, h, c, W, np.full(12, 1000.0)), h, c)
with check("stays finite for huge weights"):
    case = _case(1523, 3, 2, 4, size=30.0)
    check.close(check.call(lstm_step, *case), _by_hand(*case), names=NAMES)
with check("reads any memory order, and leaves its input as it was"):
    x, h, c, W, b = _case(1524, 6, 4, 2)
    case = np.asfortranarray(x)[::2], h[::2], np.asfortranarray(c)[::2], np.asfortranarray(W), b
    check.close(check.call(lstm_step, *case), _by_hand(*case), names=NAMES)
    check.unchanged(lstm_step, *(part.copy() for part in case))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Put `x` and `h` side by side, then it is one linear layer with 4h outputs.
# Which columns of the result belong to which gate?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `np.concatenate([x, h], axis=1)` puts them side by side, and `np.split(Z, 4, axis=1)` cuts the result into four equal blocks of columns.
# A sigmoid that never overflows: $\sigma(z) = (1 + \tanh(z/2))/2$.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Make float arrays, compute the linear layer, and split it into four blocks.
# The first three go through the sigmoid, the last through tanh.
# The new cell is forget gate times old cell plus input gate times candidate; the new state is the output gate times the tanh of the *new* cell.
# Return both, the state first.
# </details>

# %% [markdown]
# ## Exercise 7: and back
#
# This one is long, but there is no new idea in it: follow every path back, and add where paths meet.
#
# **By hand.** One unit: $i = 0.5$, $f = 0.5$, $o = 0.8$, $g = 0.386$, old cell $c_\text{old} = 1$.
# Then $c = 0.5 \cdot 1 + 0.5 \cdot 0.386 = 0.693$, $\tanh c = 0.6$, and tanh's slope there is $1 - 0.36 = 0.64$.
# Let $dh = 10$ arrive at the new state and $dc = 1$ at the new cell (from the next step).
#
# **First, what reaches the cell in all.** $h = o \tanh c$, so through $h$ another part arrives:
#
# $$ d\tilde c = dc + dh \cdot o \cdot (1 - \tanh^2 c) = 1 + 10 \cdot 0.8 \cdot 0.64 = 6.12 $$
#
# **Then everything that $c$ and $h$ were made of:**
#
# | | gradient | times its own slope |
# |---|---|---|
# | $o$, from $h = o \tanh c$ | $dh \tanh c = 10 \cdot 0.6 = 6$ | $dz_o = 6 \cdot o(1 - o) = 6 \cdot 0.16 = 0.96$ |
# | $f$, from $f\,c_\text{old}$ | $d\tilde c\; c_\text{old} = 6.12$ | $dz_f = 6.12 \cdot f(1 - f) = 1.53$ |
# | $i$, from $i\,g$ | $d\tilde c\; g = 2.36$ | $dz_i = 2.36 \cdot i(1 - i) = 0.59$ |
# | $g$, from $i\,g$ | $d\tilde c\; i = 3.06$ | $dz_g = 3.06 \cdot (1 - g^2) = 2.60$ |
# | $c_\text{old}$, from $f\,c_\text{old}$ | $d\tilde c\; f = 3.06$ | no more: this is `dc_prev` |
#
# **Last, the linear layer.** Put the four $dz$ side by side in the order i, f, o, g; call that $dZ$.
# With $X = [x, h]$, lesson 4's rule gives $dW = dZ^\top X$, $db$, and $dX = dZ\,W$, whose first $d$ columns are `dx` and whose others are `dh_prev`.
#
# Look at the last line of the table: the cell's gradient travels back through *one multiplication by $f$*.
# No matrix, no tanh.

# %% exercise: lstm_step_backward
def lstm_step_backward(dh, dc, x, h, c, W, b):
    """The gradients of one LSTM step with respect to everything it was given.

    dh, dc: (n, h), what reaches the step's two results, the new state and the new cell, from
    outside this step.
    x, h, c, W, b: what lstm_step was given; h and c are the *old* state and cell.
    Returns (dx, dh_prev, dc_prev, dW, db), float64, with the shapes of x, h, c, W and b.
    """
    ### BEGIN SOLUTION
    dh, dc, x, h, c, W, b = (np.asarray(part, dtype=float) for part in (dh, dc, x, h, c, W, b))
    inputs, size = np.concatenate([x, h], axis=1), h.shape[1]
    z_i, z_f, z_o, z_g = np.split(inputs @ W.T + b, 4, axis=1)
    i, f, o = (0.5 * (1 + np.tanh(z / 2)) for z in (z_i, z_f, z_o))
    g = np.tanh(z_g)
    squashed = np.tanh(f * c + i * g)
    dc = dc + dh * o * (1 - squashed ** 2)
    dZ = np.concatenate([dc * g * i * (1 - i), dc * c * f * (1 - f),
                         dh * squashed * o * (1 - o), dc * i * (1 - g ** 2)], axis=1)
    d_inputs = dZ @ W
    return d_inputs[:, :-size], d_inputs[:, -size:], dc * f, dZ.T @ inputs, dZ.sum(axis=0)
    ### END SOLUTION

# %% tests: lstm_step_backward, 8 points
import math

import numpy as np

NAMES = ("dx", "dh_prev", "dc_prev", "dW", "db")


def _run(x, h, c, W, b):
    Z = np.concatenate([x, h], axis=1) @ W.T + b
    i, f, o, g = np.split(Z, 4, axis=1)
    c = c / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
    return np.tanh(c) / (1 + np.exp(-o)), c


@check.once
def _case(seed, n, d, h):
    """The arguments, and the gradients by a complex step: exact slopes, number by number."""
    rng = np.random.default_rng(seed)
    parts = [rng.normal(size=shape) for shape in ((n, d), (n, h), (n, h), (4 * h, d + h), (4 * h,))]
    dh, dc, found = rng.normal(size=(n, h)), rng.normal(size=(n, h)), []
    for k, part in enumerate(parts):
        slope = np.zeros(part.shape)
        for index in np.ndindex(part.shape):
            moved = part.astype(complex)
            moved[index] += 1e-30j
            new_h, new_c = _run(*parts[:k], moved, *parts[k + 1:])
            slope[index] = np.sum(dh * new_h + dc * new_c).imag / 1e-30
        found.append(slope)
    return (dh, dc, *parts), tuple(found)


def _compare(seed, *sizes, only=NAMES):
    case, expected = _case(seed, *sizes)
    got = check.parts(check.call(lstm_step_backward, *case), *NAMES)
    keep = [k for k, name in enumerate(NAMES) if name in only]
    check.close(tuple(got[k] for k in keep), tuple(expected[k] for k in keep), names=tuple(NAMES[k] for k in keep))


def _logit(p):
    return math.log(p / (1 - p))


with check("gives the gradients that you worked out by hand"):
    g = 2 * math.log(2) - 1
    b, one = np.array([0.0, 0.0, _logit(0.8), math.atanh(g)]), np.array([[1.0]])
    got = check.parts(check.call(lstm_step_backward, 10 * one, one, one, 0 * one, one, np.zeros((4, 2)), b), *NAMES)
    check.close((got[4], got[2]), (np.array([6.12 * g / 4, 1.53, 0.96, 3.06 * (1 - g ** 2)]), np.array([[3.06]])),
                names=("db, which is dz here", "dc_prev"))
with check("has dc_prev right for a batch: the part through h is in it"):
    _compare(1530, 3, 2, 4, only=("dc_prev",))
with check("has dx and dh_prev right for a batch"):
    _compare(1531, 3, 2, 4, only=("dx", "dh_prev"))
with check("has dW and db right for a batch"):
    _compare(1532, 3, 2, 4, only=("dW", "db"))
with check("is right where all sizes are equal"):
    _compare(1533, 3, 3, 3)
### BEGIN HIDDEN TESTS
with check("is right for other sizes, down to one"):
    for seed, sizes in enumerate(((5, 4, 2), (1, 3, 2), (3, 1, 2), (2, 3, 1), (1, 1, 1), (4, 2, 4), (2, 5, 3))):
        _compare(1534 + seed, *sizes)
with check("is right when only one of the two gradients arrives"):
    (dh, dc, x, h, c, W, b), _ = _case(1542, 3, 2, 3)
    both = check.parts(check.call(lstm_step_backward, dh, dc, x, h, c, W, b), *NAMES)
    first = check.parts(check.call(lstm_step_backward, dh, 0 * dc, x, h, c, W, b), *NAMES)
    second = check.parts(check.call(lstm_step_backward, 0 * dh, dc, x, h, c, W, b), *NAMES)
    check.close(tuple(np.add(one, other) for one, other in zip(first, second)), tuple(both), names=NAMES)
    i, f, o, g = np.split(np.concatenate([x, h], axis=1) @ W.T + b, 4, axis=1)
    check.close(second[2], dc / (1 + np.exp(-f)))
with check("lets the cell's gradient through an open forget gate, and stops it at a shut one"):
    for drive, expected in ((1000.0, 1.0), (-1000.0, 0.0)):
        b = np.repeat([0.0, drive, -1000.0, 0.0], 2)
        got = check.parts(check.call(lstm_step_backward, np.zeros((1, 2)), np.ones((1, 2)), np.ones((1, 1)), np.zeros((1, 2)),
                                     np.ones((1, 2)), np.zeros((8, 3)), b), *NAMES)
        check.close(got[2], np.full((1, 2), expected))
        check.true(all(np.isfinite(part).all() for part in got), "there is a nan or an infinity, with gates driven by ±1000.")
with check("returns float64, for lists and whole numbers too"):
    case = [[1, 0]], [[0, 2]], [[1]], [[0, 1]], [[2, -1]], [[0, 0, 0]] * 8, [0] * 8
    got = check.parts(check.call(lstm_step_backward, *case), *NAMES)
    for part, shape in zip(got, ((1, 1), (1, 2), (1, 2), (8, 3), (8,))):
        check.floats(part, shape)
    check.close(got[2], [[0.25 * (1 - math.tanh(1.0) ** 2), 1.0]])
with check("reads any memory order, and leaves its input as it was"):
    (dh, dc, x, h, c, W, b), expected = _case(1543, 3, 4, 2)
    case = np.asfortranarray(dh), np.asfortranarray(dc), np.asfortranarray(x), np.repeat(h, 2, axis=1)[:, ::2], np.asfortranarray(c), np.asfortranarray(W), b
    check.close(check.call(lstm_step_backward, *case), expected, names=NAMES)
    check.unchanged(lstm_step_backward, *(part.copy() for part in case))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Run the step forward once more and keep all its pieces: the inputs side by side, i, f, o, g, and the tanh of the new cell.
# Then work through the example from top to bottom, with arrays in place of numbers.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# Everything up to the four $dz$ is entry by entry: plain `*` and `+`.
# Make a new name for the total that reaches the cell, so that you don't mix it up with `dc`.
# `np.concatenate([...], axis=1)` puts the four side by side, in the order i, f, o, g.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# The total is `dc` plus `dh` times o times one minus the squared tanh of the new cell.
# The four blocks: total · g · i(1 − i), then total · *old* cell · f(1 − f), then `dh` · tanh of the new cell · o(1 − o), then total · i · (1 − g²).
# With them side by side as `dZ`: `dZ @ W` holds `dx` in its first columns and `dh_prev` in the rest, `dc_prev` is the total times f, `dW` is `dZ.T` times the inputs, and `db` the sum of `dZ` over the batch.
# </details>

# %% [markdown]
# ### The open road
#
# What does the path through the cell do for a gradient?
# Send a gradient of norm 1 back from the cell through 60 steps, with your function, in random LSTMs whose forget gates have different biases.
# For the figure, what comes back through $h$ is dropped at each step, so that only the road through the cell counts.
#
# **Predict:** a gate with bias 0 is about half open. After 60 steps, what is left? And with bias 5, where $\sigma(5) = 0.993$?

# %%
def cell_gradients(bias, through_h, steps=60, h=32, seed=0):
    """The norm of the gradient that reaches the cell, 1, ..., steps steps back."""
    rng = np.random.default_rng(seed)
    W, b = rng.normal(size=(4 * h, 27 + h)) / np.sqrt(27 + h), np.repeat([0.0, bias, 0.0, 0.0], h)
    state, kept = (np.zeros((1, h)), np.zeros((1, h))), []
    for letter in rng.integers(1, 27, size=steps):
        kept.append((np.eye(27)[[letter]], *state))
        state = lstm_step(*kept[-1], W, b)
    dh, dc, norms = np.zeros((1, h)), np.full((1, h), 1 / np.sqrt(h)), []
    for x, old_h, old_c in reversed(kept):
        _, dh_prev, dc, _, _ = lstm_step_backward(dh, dc, x, old_h, old_c, W, b)
        dh = dh_prev if through_h else 0 * dh_prev
        norms.append(np.linalg.norm(dc))
    return norms


with plots.figure("The norm of the gradient at the cell against the steps back, on a logarithmic axis. With a forget "
                  "bias of 0 it vanishes within a few steps, with 2 slowly, and with 5 most of it is still there after "
                  "60 steps.", size=(6.8, 4.2)) as ax:
    lines, full = {}, {}
    for bias in (0, 1, 2, 5):
        lines[f"bias {bias}"], full[f"bias {bias}"] = (
            np.mean([cell_gradients(bias, through_h, seed=seed) for seed in range(5)], axis=0) for through_h in (False, True))
    plots.curves(np.arange(1, 61), lines, log=True, xlabel="steps back", ylabel="norm of the cell's gradient", ax=ax,
                 title=f"An open forget gate: {lines['bias 5'][-1]:.2f} is left after 60 steps")
    for name, line in lines.items():
        print(f"{name}: after 20 steps {line[19]:.2g}, after 60 {line[59]:.2g}; with what comes through h: {full[name][59]:.2g}")

# %% [markdown]
# With bias 0 nothing: $2 \cdot 10^{-18}$, of the order of $0.5^{60}$.
# With bias 5, 0.66 is left, and that is all the damage that 60 steps can do.
# The network can *learn* how long to keep each number, by learning $f$.
# In practice, forget biases start at 1 or more.
# The last column is the whole gradient, which also travels through $h$ and the gates: with bias 5 it even grows, to 48.
# An LSTM's gradients can still explode, and are clipped, too.
#
# ## Exercise 8: fewer gates
#
# The **GRU** (gated recurrent unit, 2014) does without a separate cell.
# The *update gate* $z$ mixes the old state with a new candidate $n$, and the *reset gate* $r$ says how much of the old state the candidate may see:
#
# $$ r, z = \sigma(\ldots), \qquad n = \tanh\bigl(x W_n^\top + r \odot (h U_n^\top) + b_n\bigr), \qquad h \leftarrow (1 - z) \odot n + z \odot h $$
#
# Both gates are $\sigma(x W^\top + h U^\top + b)$ with their own rows; the rows of $W$, $U$, and $b$ are in the order r, z, n.
# The reset gate acts *after* the product with $U_n$, as in PyTorch; the paper had it before. And some texts swap $z$ and $1 - z$.
#
# **By hand, once.** One unit with $r = 0.5$, $z = 0.9$, old state $h = 1$, $x W_n + b_n = 0.2$, $U_n = 0.8$: the candidate is $n = \tanh(0.2 + 0.5 \cdot 0.8) = \tanh 0.6 = 0.537$, and the new state is $0.1 \cdot 0.537 + 0.9 \cdot 1 = 0.954$.

# %% exercise: gru_step
def gru_step(x, h, W, U, b):
    """The next state of a GRU layer.

    x: (n, d).  h: (n, h), the old state.
    W: (3h, d).  U: (3h, h).  b: (3h,). Their rows belong to r, z and n, in this order.
    Returns a new float64 array (n, h). Gates may be driven by ±1000; nothing becomes nan.
    """
    ### BEGIN SOLUTION
    x, h, W, U, b = (np.asarray(part, dtype=float) for part in (x, h, W, U, b))
    from_x, from_h = np.split(x @ W.T + b, 3, axis=1), np.split(h @ U.T, 3, axis=1)
    r, z = (0.5 * (1 + np.tanh((from_x[k] + from_h[k]) / 2)) for k in range(2))
    n = np.tanh(from_x[2] + r * from_h[2])
    return (1 - z) * n + z * h
    ### END SOLUTION

# %% tests: gru_step, 4 points
import math

import numpy as np


def _sigmoid(z):
    return 1 / (1 + math.exp(-z)) if z > 0 else math.exp(z) / (1 + math.exp(z))


@check.once
def _by_hand(x, h, W, U, b):
    """Unit by unit."""
    x, h, W, U, b = (np.asarray(part, dtype=float) for part in (x, h, W, U, b))
    size, out = h.shape[1], np.zeros(h.shape)
    for k in range(len(x)):
        for j in range(size):
            r, z = (_sigmoid(float(W[row] @ x[k] + U[row] @ h[k] + b[row])) for row in (j, j + size))
            row = j + 2 * size
            n = math.tanh(float(W[row] @ x[k] + b[row]) + r * float(U[row] @ h[k]))
            out[k, j] = (1 - z) * n + z * h[k, j]
    return out


@check.once
def _case(seed, n, d, h, size=1.0):
    rng = np.random.default_rng(seed)
    return [size * rng.normal(size=shape) for shape in ((n, d), (n, h), (3 * h, d), (3 * h, h), (3 * h,))]


with check("gives the state that you worked out by hand"):
    b, U = np.array([0.0, math.log(9.0), 0.2]), np.array([[0.0], [0.0], [0.8]])
    check.close(check.call(gru_step, np.array([[5.0]]), np.array([[1.0]]), np.zeros((3, 1)), U, b), [[0.1 * math.tanh(0.6) + 0.9]])
with check("keeps the old state where z is 1, and takes the candidate where z is 0"):
    for drive, expected in ((40.0, 0.25), (-40.0, math.tanh(2.0))):
        got = check.call(gru_step, np.array([[1.0]]), np.array([[0.25]]), np.array([[0.0], [0.0], [2.0]]), np.zeros((3, 1)), np.array([0.0, drive, 0.0]))
        check.close(got, [[expected]])
with check("is right for a batch, with sizes all different and all equal"):
    for case in (_case(1550, 4, 3, 2), _case(1551, 3, 3, 3)):
        check.close(check.call(gru_step, *case), _by_hand(*case))
with check("gives no nan when the gates are driven by ±1000"):
    for drive in (1000.0, -1000.0):
        case = np.array([[1.0]]), np.array([[0.5]]), np.zeros((3, 1)), np.zeros((3, 1)), np.array([drive, drive, 0.0])
        check.close(check.call(gru_step, *case), _by_hand(*case))
### BEGIN HIDDEN TESTS
with check("is right for other sizes, down to one"):
    for seed, sizes in enumerate(((7, 5, 3), (5, 2, 6), (1, 4, 3), (3, 1, 2), (3, 2, 1), (1, 1, 1), (4, 4, 4))):
        case = _case(1552 + seed, *sizes)
        check.close(check.call(gru_step, *case), _by_hand(*case))
with check("applies the reset gate after the product with U, and not to the bias"):
    x, h, W, U, b = _case(1560, 2, 3, 4)
    b[:4] = -40.0  # r = 0: the candidate sees nothing of h, but the input and the bias
    b[4:8] = -40.0
    check.close(check.call(gru_step, 0.1 * x, h, W, U, b), np.tanh(0.1 * x @ W[8:].T + b[8:]))
with check("returns a new float64 array, for lists and whole numbers too"):
    case = [[1, 0]], [[2, -1]], [[1, 0], [0, 1], [1, 1], [0, -1], [2, 0], [0, 1]], [[0, 1], [1, 0], [1, 1], [0, 0], [1, -1], [1, 0]], [0, 1, 0, -1, 0, 1]
    got = check.call(gru_step, *case)
    check.floats(got, (1, 2))
    check.close(got, _by_hand(*case))
    x, h, W, U, b = _case(1561, 2, 3, 3)
    check.new(check.call(gru_step, x, h, W, U, np.full(9, 1000.0)), h)
with check("stays finite for huge weights"):
    case = _case(1562, 3, 2, 4, size=30.0)
    check.close(check.call(gru_step, *case), _by_hand(*case))
with check("reads any memory order, and leaves its input as it was"):
    x, h, W, U, b = _case(1563, 6, 4, 2)
    case = np.asfortranarray(x)[::2], h[::2], np.asfortranarray(W), np.asfortranarray(U), b
    check.close(check.call(gru_step, *case), _by_hand(*case))
    check.unchanged(gru_step, *(part.copy() for part in case))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Compute two linear layers, one of `x` with `W` and `b`, one of `h` with `U`, and split each into three blocks of columns.
# For r and z, add the two blocks; what is different for n?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `np.split(A, 3, axis=1)` cuts into three equal blocks of columns.
# The stable sigmoid is again $(1 + \tanh(z/2))/2$.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# With the blocks `xr, xz, xn` and `hr, hz, hn`: r is the sigmoid of `xr + hr`, z the sigmoid of `xz + hz`, and n the tanh of `xn` plus r times `hn`.
# Return one minus z, times n, plus z times the old state.
# </details>

# %% [markdown]
# ## Where gates pay: the adding problem
#
# A sequence of 100 steps has two numbers at each: a value between 0 and 1, and a marker, which is 1 at exactly two steps, one in each half.
# At the end, the network should say the *sum of the two marked values*.
# So it has to store a number, keep it through up to 99 steps of noise, and add another one to it.
# Always saying 1 gives a mean squared error of 1/6 = 0.167.
#
# Three networks of 32 units were trained for 1,000 steps each.
#
# **Predict:** which of them has solved it?

# %%
def adding_problem(n, rng, steps=100):
    X, rows = np.zeros((n, steps, 2)), np.arange(n)
    X[:, :, 0] = rng.random((n, steps))
    first, second = rng.integers(steps // 2, size=n), rng.integers(steps // 2, steps, size=n)
    X[rows, first, 1] = X[rows, second, 1] = 1
    return X, X[rows, first, 0] + X[rows, second, 0]


def answers(name, X):
    """What a trained network says at the end of each sequence, by your step functions."""
    w = trained.recurrent(name)
    h = c = np.zeros((len(X), 32))
    for t in range(X.shape[1]):
        if name == "adding_rnn":
            h = rnn_step(X[:, t], h, w["Wx"], w["Wh"], w["b"])
        elif name == "adding_lstm":
            h, c = lstm_step(X[:, t], h, c, w["W"], w["b"])
        else:
            h = gru_step(X[:, t], h, w["W"], w["U"], w["b"])
    return h @ w["Wy"][0] + w["by"][0]


with plots.figure("Answers against true sums, for three networks. The plain network's answers lie around 1 whatever the sum; "
                  "those of the LSTM and the GRU lie on the diagonal.", columns=3) as axes:
    X, sums = adding_problem(400, np.random.default_rng(4))
    for ax, (label, name) in zip(axes, {"plain RNN": "adding_rnn", "LSTM": "adding_lstm", "GRU": "adding_gru"}.items()):
        said = answers(name, X)
        error = np.mean((said - sums) ** 2)
        ax.plot([0, 2], [0, 2], color=plots.LINE, linewidth=1.5)
        ax.plot(sums, said, ".", markersize=4, color=plots.SERIES_COLORS[0])
        ax.set(title=f"{label}: error {error:.4f}", xlabel="true sum", ylabel="answer", ylim=(-0.2, 2.2))
        print(f"{label}: mean squared error {error:.4f}")

# %% [markdown]
# The gated ones.
# The plain network says about 1 whatever the sum, with an error of 0.18: after 1,000 steps it has learned nothing that a constant doesn't know.
# The LSTM is at 0.0055, the GRU at 0.0003.
# The plain network was treated fairly: it started from an orthogonal matrix and had the better of two learning rates.
# In two runs of twice as many steps, it got to 0.056 and 0.035.
# So it can learn the task, but the gradient that would teach it is faint.
#
# And the names?
#
# **Predict:** an LSTM with about as many parameters, 32 units, on unseen names: better than the plain network?

# %%
def read_lstm(X, w):
    h = c = np.zeros((len(X), len(w["b"]) // 4))
    states = []
    for t in range(X.shape[1]):
        h, c = lstm_step(X[:, t], h, c, w["W"], w["b"])
        states.append(h)
    return np.stack(states, axis=1)


lstm = trained.recurrent("names_lstm")
ids, y, mask = encode(unseen)
letters, losses = mask.sum(axis=1), []
with unfinished():
    for label, w, read in (("plain RNN", rnn, read_rnn), ("LSTM", lstm, read_lstm)):
        Z, left = scores(read(np.eye(27)[ids], w), w), differences(w, read)
        print(f"{label}: {sum(part.size for part in w.values()):,} parameters, {masked_cross_entropy(Z, y, mask):.3f} nats per letter; "
              f"twenty letters later {left[20] / left[0]:.0%} of a letter is left")
        losses.append([masked_cross_entropy(Z[[k]], y[[k]], mask[[k]]) * letters[k] for k in range(len(Z))])  # of each name
    by_name = np.subtract(*losses)
    gap = by_name.sum() / letters.sum()
    error = np.sqrt(np.sum((by_name - gap * letters) ** 2)) / letters.sum()
    print(f"difference: {gap:.3f} nats per letter, with a standard error of {error:.3f}")

# %% [markdown]
# A little: 1.945 nats against 1.977.
# (Over 500 names, the difference of 0.033 has a standard error of 0.011.)
# Of a letter twenty letters ago it keeps 12% rather than 8%.
# Where little has to be kept for long, gates have little to do.

# %% [markdown]
# ## Check your understanding
#
# Each of the five questions has exactly one right answer.
# Return its letter.

# %% [markdown]
# **Question 1.** A recurrent network with 64 units reads names of up to 12 steps. You now give it texts of 200 steps. How many more weights does it need?
#
# - **a**  None: every step uses the same weights.
# - **b**  188 times as many as before: one set for each further step.
# - **c**  It can't read them: the number of steps is fixed when it is built.
# - **d**  Only a larger $W_h$, with a row for each step that it must remember.

# %% exercise: quiz_weights
def quiz_weights():
    """The letter of your answer to question 1, for example return "a"."""
    ### BEGIN SOLUTION
    return "a"
    ### END SOLUTION

# %% tests: quiz_weights, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_weights())
### BEGIN HIDDEN TESTS
with check("weights and length"):
    check.letter(quiz_weights(), right="a", why={
        "a": "The loop goes on with the same matrices. Whether it still knows at the end what stood at the beginning is another question.",
        "b": "That would be an ordinary deep network. Here the steps share one set of weights, and the gradients of all steps are added.",
        "c": "Look at your rnn_forward: T is read from X, and no weight's shape contains it.",
        "d": "W_h is (h, h): units by units. It doesn't know how many steps there are."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 2.** Suppose that the loss depends on the *last* state only. What is $dW_h$ in `rnn_backward`?
#
# - **a**  The last step's part: only its output is in the loss.
# - **b**  The mean of all steps' parts, since they share the matrix.
# - **c**  The first step's part: that is where the gradient ends up.
# - **d**  The sum of all steps' parts, since the matrix acted at every step.

# %% exercise: quiz_shared
def quiz_shared():
    """The letter of your answer to question 2, for example return "a"."""
    ### BEGIN SOLUTION
    return "d"
    ### END SOLUTION

# %% tests: quiz_shared, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_shared())
### BEGIN HIDDEN TESTS
with check("the gradient of a shared matrix"):
    check.letter(quiz_shared(), right="d", why={
        "a": "The last state depends on the matrix through the earlier states, too. All of that is in the slope.",
        "b": "Nudge the matrix, and it moves at all steps at once: the effects add. The 1/n of a mean loss is in dH already.",
        "c": "The gradient passes through all steps and leaves a part at each.",
        "d": "Where one thing is used several times, its gradients are added. That holds for weights as it does for values."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 3.** During training, the loss of a plain recurrent network suddenly becomes nan. The spectral radius of $W_h$ is 1.9. What should you try first?
#
# - **a**  Replacing tanh by ReLU, so that the slopes are 1.
# - **b**  Clipping the gradient's norm before each step.
# - **c**  More units, so that the gradient is spread over more weights.
# - **d**  Longer sequences, so that the explosion averages out.

# %% exercise: quiz_clip
def quiz_clip():
    """The letter of your answer to question 3, for example return "a"."""
    ### BEGIN SOLUTION
    return "b"
    ### END SOLUTION

# %% tests: quiz_clip, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_clip())
### BEGIN HIDDEN TESTS
with check("what helps against an explosion"):
    check.letter(quiz_clip(), right="b", why={
        "a": "Tanh is what limits the growth. With slopes of 1 the product is 1.9 to the power of T.",
        "b": "A clipped step keeps its direction and can't be larger than the limit. It doesn't help against vanishing: scaling up what is gone brings back noise.",
        "c": "The growth depends on the eigenvalues, not on the number of units.",
        "d": "Every further step is one more factor."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 4.** In an LSTM all forget gates are 1 and all input gates 0. What happens?
#
# - **a**  The cell becomes 0, and the state with it.
# - **b**  The cell is overwritten by the candidate at every step.
# - **c**  The cell stays as it is, however many steps follow.
# - **d**  The cell grows by 1 at each step and explodes.

# %% exercise: quiz_gates
def quiz_gates():
    """The letter of your answer to question 4, for example return "a"."""
    ### BEGIN SOLUTION
    return "c"
    ### END SOLUTION

# %% tests: quiz_gates, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_gates())
### BEGIN HIDDEN TESTS
with check("what open and shut gates do"):
    check.letter(quiz_gates(), right="c", why={
        "a": "That is a forget gate of 0. The name misleads: 1 means keep.",
        "b": "For that, the forget gate would be 0 and the input gate 1.",
        "c": "c = 1 · c + 0 · g. Its gradient, too, comes back unchanged. (The output gate still decides how much of it shows.)",
        "d": "The forget gate multiplies the cell. Only i · g is added, and i is 0."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 5.** You load an LSTM's weights from PyTorch, whose order is i, f, g, o, into your `lstm_step`. No error appears. What happens?
#
# - **a**  It computes the same, since all gates have the same shape.
# - **b**  Output gate and candidate are swapped, and the results are wrong.
# - **c**  Only the signs of the cell change, and the output hides it.
# - **d**  The first step is wrong; after that the state corrects itself.

# %% exercise: quiz_order
def quiz_order():
    """The letter of your answer to question 5, for example return "a"."""
    ### BEGIN SOLUTION
    return "b"
    ### END SOLUTION

# %% tests: quiz_order, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_order())
### BEGIN HIDDEN TESTS
with check("another order of the gates"):
    check.letter(quiz_order(), right="b", why={
        "a": "The shapes agree, which is why no error appears. The numbers don't: one goes through a sigmoid, the other through tanh.",
        "b": "The third and the fourth block change places: what was trained as a candidate now opens the output. Reorder the rows of W and b before you use them.",
        "c": "A sigmoid in place of a tanh changes much more than signs.",
        "d": "The same wrong rows are used at every step, and errors in the cell are carried along."})
### END HIDDEN TESTS

# %% [markdown]
# ## Questions people ask you
#
# Answer each one out loud before you open it.
#
# <details><summary>What is the hidden state across time steps, and how does it differ from a hidden layer?</summary>
#
# It is the output of a hidden layer that is fed back as an input of the same layer at the next step.
# So it depends on everything read so far, in order, squeezed into a vector of fixed size.
# An ordinary hidden layer depends on the present input only, and is forgotten before the next example.
#
# **A good answer says:** the output of a layer, fed back into it at the next step; it depends on everything read so far; a hidden layer depends on the present input only.
# </details>
# <details><summary>LSTM or GRU?</summary>
#
# A GRU has three blocks of weights in place of four and no separate cell, so it is a little smaller and faster.
# Systematic comparisons (Greff and others, 2017; Jozefowicz and others, 2015) found no clear winner; the forget gate, and its bias starting at 1, matter most.
# Try both. On our adding problem the GRU was done first.
#
# **A good answer says:** a GRU has three blocks of weights and no separate cell; no clear winner: try both; the forget gate and its bias matter most.
# </details>
# <details><summary>Why does clipping help against exploding gradients, but not against vanishing ones?</summary>
#
# An exploded gradient still has a useful direction; only its length is of no use, and clipping repairs the length.
# In a vanished gradient, the share of the distant steps is lost beneath the share of the near ones.
# Scaling the sum up scales both and brings nothing back.
#
# **A good answer says:** an exploded gradient has the right direction, and clipping repairs its length; in a vanished one the distant steps' share is lost; scaling up brings nothing back.
# </details>
# <details><summary>What is truncated backpropagation through time?</summary>
#
# For very long sequences, the states of all steps don't fit into memory, and going back through all of them is slow.
# So the sequence is cut into pieces of, say, 100 steps: the state is carried from piece to piece, but the gradient stops at the boundary.
# The network can still remember further back than 100 steps, but it isn't trained to.
#
# **A good answer says:** memory and time: all steps are too many; cut into pieces; the state is carried on, the gradient stops; it can remember further back, but isn't trained to.
# </details>
# <details><summary>Why do we feed the true letters during training, and the drawn ones afterward?</summary>
#
# With the true letters (*teacher forcing*), all steps can be trained at once, each from a correct past.
# When it writes, the network must live with its own mistakes, which it never saw in training.
# On short names this hardly matters; in long texts errors may pile up.
#
# **A good answer says:** teacher forcing trains all steps from a correct past; when writing, the network meets its own mistakes; errors may pile up in long texts.
# </details>
# <details><summary>Does anybody still use recurrent networks?</summary>
#
# For text, transformers (lesson 15 is about them) have taken over: they look at all earlier places directly and train on all of them in parallel, while a recurrent network must go step by step.
# Recurrent networks need constant memory and time for each new step, so they are used where data arrive as a stream, on small devices, and, in new forms such as state-space models, in current research on long texts.
#
# **A good answer says:** for text, transformers have taken over, since they train in parallel; recurrent networks need constant memory and time per step: streams, small devices.
# </details>

# %% [markdown]
# ## In an interview
#
# *Why do gradients vanish in recurrent networks, and what does the LSTM's cell change?*
#
# Answer in the cell below, in six to ten sentences.
# Say what the gradient is multiplied by on its way back, what decides whether it vanishes or explodes, and what that means for learning.
# Then describe the path through the cell, and say what it doesn't solve.
# A teacher reads this answer; it is worth 4 points.
#
# <!-- A good answer says: what the gradient is multiplied by on its way back; what decides whether it vanishes or explodes, and what that means for learning; the path through the cell; what the LSTM doesn't solve -->

# %% answer: interview_recurrent, 4 points [markdown]
# Unrolled over its steps, a recurrent network is a deep network whose layers share one matrix.
# On the way from step T back to step t, backpropagation through time multiplies the gradient once for each step by the transpose of diag(1 − h²)·W_h, tanh's slope times the recurrent matrix.
# If this factor is smaller than 1 in all directions, for instance because the spectral radius is below 1 or because the units are saturated, the product shrinks exponentially with the distance; if the radius is clearly above 1 it can grow, though with tanh saturation limits that.
# The gradients of all steps are summed, so near steps drown out distant ones: the network does not learn that something long ago mattered, and it doesn't remember it either, since the same Jacobian says how much the past still moves the present.
# An LSTM carries a second state, the cell, with c = f ⊙ c_old + i ⊙ g.
# Along it, the gradient is multiplied by the forget gate only, entry by entry, with no matrix and no squashing; where f is near 1, it arrives almost unchanged after many steps, and the gates learn when to keep and when to overwrite. That is why the forget bias often starts at 1 or more.
# It is not a cure for everything: where f is below 1, the gradient still shrinks exponentially, paths through h and the gates still vanish or explode, so one still clips, and the state still has a fixed size.
#
# ### BEGIN MARK SCHEME
# One point for each, half points where it is incomplete:
#
# 1. **Product:** going back through time multiplies by one Jacobian for each step, made of the recurrent matrix and the activation's slope; the same matrix each time.
# 2. **Condition:** below 1 (spectral radius or norm, saturated units) it shrinks exponentially with the number of steps, above 1 it may explode; and the consequence: distant steps are not learned.
# 3. **Cell:** c = f·c + i·g gives an additive path on which the gradient is multiplied by the forget gate only, so near 1 it survives.
# 4. **Limits:** at least one of: f < 1 still fades; other paths remain, exploding gradients need clipping; fixed-size state; the forget bias has to start open.
#
# These cost the point in parentheses: "because there are too many layers of weights" with no product (1); "the learning rate gets too small" (2); "the LSTM has more parameters" or "it uses sigmoid in place of tanh" as the reason (3); "LSTMs solve the vanishing gradient for good" (4).
# ### END MARK SCHEME

# %% [markdown]
# ## What to remember
#
# > - A recurrent network computes a new state from the input and the old state, with the same weights at every step.
# > - Unrolled it is a deep network; backpropagation through time adds what arrives from later steps, and sums the weights' gradients over all steps.
# > - $\partial h_T / \partial h_0$ is a product of $T$ factors $\operatorname{diag}(1 - h^2)\,W_h$: the past vanishes below a spectral radius of 1, and tanh tames the explosion above it.
# > - An LSTM's cell is scaled by the forget gate and added to: an open road for the gradient. A GRU does it with fewer gates.
#
# **Back:** [lesson 13, convolution](../13_convolution/13_convolution.ipynb), [lesson 8, optimizers](../08_optimizers/08_optimizers.ipynb), and [lesson 6, vanishing gradients](../06_vanishing_gradients/06_vanishing_gradients.ipynb). **Next:** [lesson 15, attention](../15_attention/15_attention.ipynb): a letter looks at any other one in a single step.
#
# <details><summary>Sources</summary>
#
# J. Elman, "Finding structure in time" (1990). S. Hochreiter, *Untersuchungen zu dynamischen neuronalen Netzen* (1991), and Y. Bengio and others, "Learning long-term dependencies with gradient descent is difficult" (1994), on vanishing gradients. S. Hochreiter and J. Schmidhuber, "Long short-term memory" (1997), with the adding problem. F. Gers and others, "Learning to forget" (2000). K. Cho and others, "Learning phrase representations using RNN encoder-decoder" (2014). R. Pascanu and others, "On the difficulty of training recurrent neural networks" (2013), on clipping. The names are the U.S. Census Bureau's lists of 1990, in the public domain, taken from the Python package `names` 0.3.0 by T. Hunner (MIT license).
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

HandIn("14_recurrent")
