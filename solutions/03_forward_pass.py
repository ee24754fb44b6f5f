# %% [markdown]
# # 3 · The forward pass
#
# A letter runs through a sorting machine, past a small camera.
# One digit of the ZIP code becomes 64 gray values, eight rows of eight.
# A moment later the machine says: *that is a 7, and I am 98 percent sure.*
#
# Nowhere in the machine is there a rule about sevens.
# There are only sums, products, and an activation, layer after layer.
# What exactly is computed along the way?
# How do scores become "98 percent"?
# And if the digit was really a 1, how do you measure how wrong the answer was?
#
# In this lesson you build everything from the image to that measure, and find out what such a network can promise.
#
# **You will build**, from nothing but NumPy:
# `linear_forward` → `count_params` → `mlp_forward` → `softmax` → `mse_loss` → `bce_with_logits` → `cross_entropy`
#
# **Time:** about 115 minutes. **You need:** [lesson 2](../02_xor/02_xor.ipynb), and the exponential and the logarithm.
# Plan two sittings, and stop for the day after the explorer "layer by layer".
# Sections marked *optional* can be skipped.
#
# **How to work.** As before: predict, run, explain.
# If an exercise won't budge, skip it and come back.

# %% given: imports
import time

import numpy as np

from utils import data, plots, trained
from utils.checks import unfinished
from utils.widgets import ForwardSteps

# %% [markdown]
# ## One layer, once more
#
# A layer is a stack of neurons that all look at the same input.
# Each row of $W$ holds the weights of one unit, so a single product gives all the scores.
#
# **By hand, once.** Take two inputs and three units:
#
# $$ W = \begin{pmatrix} 1 & 2 \\ 0 & -1 \\ 3 & 1 \end{pmatrix}, \quad b = (0.5,\; 1,\; -2), \qquad x = (2,\, 1). $$
#
# - unit 1: $1 \cdot 2 + 2 \cdot 1 + 0.5 = 4.5$
# - unit 2: $0 \cdot 2 - 1 \cdot 1 + 1 = 0$
# - unit 3: $3 \cdot 2 + 1 \cdot 1 - 2 = 5$
#
# So $z = Wx + b = (4.5,\; 0,\; 5)$.
# Two numbers went in and three came out, and the shape of $W$ is (out, in), here (3, 2).
#
# For a batch, with one example in each row of `X`, this becomes
#
# $$ Z = X W^\top + b \qquad (n, \text{out}) = (n, \text{in})\,(\text{in}, \text{out}) + (\text{out},). $$
#
# Books often write $z = W a + b$ for one example, with $a$ as a column.
# It is the same layer: put many such columns side by side, transpose the result (flip it across its diagonal), and you have our rows.
#
# ## Exercise 1: a layer

# %% exercise: linear_forward
def linear_forward(X, W, b):
    """Return the scores of one layer for a batch.

    X: (n, in) examples.  W: (out, in) weights, one unit per row.  b: (out,) biases.
    Each is any array-like: an array or a list, of floats or ints.
    Returns a new float64 array of shape (n, out).

    linear_forward([[2.0, 1.0]], [[1.0, 2.0], [0.0, -1.0], [3.0, 1.0]], [0.5, 1.0, -2.0])
    gives array([[4.5, 0. , 5. ]])
    """
    ### BEGIN SOLUTION
    X, W, b = (np.asarray(part, dtype=float) for part in (X, W, b))
    return X @ W.T + b
    ### END SOLUTION

# %% tests: linear_forward, 3 points
import numpy as np

with check("gives the three scores that you worked out by hand, and those of a second example"):
    W, b = np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 1.0]]), np.array([0.5, 1.0, -2.0])
    check.close(check.call(linear_forward, np.array([[2.0, 1.0], [0.0, -1.0]]), W, b),
                [[4.5, 0.0, 5.0], [-1.5, 2.0, -3.0]])
with check("returns float64, a row for each example and a column for each unit"):
    rng = np.random.default_rng(11)
    got = check.call(linear_forward, rng.normal(size=(7, 5)), rng.normal(size=(3, 5)),
                     rng.normal(size=3))
    check.floats(got, (7, 3))
with check("takes lists and whole numbers, and returns float64 for them too"):
    X, W, b = [[1, 2], [3, -4]], [[1, 0], [2, 1], [0, 3]], [10, 0, -1]
    got = check.call(linear_forward, X, W, b)
    check.floats(got, (2, 3))
    check.close(got, [[11, 4, 5], [13, 2, -13]])
### BEGIN HIDDEN TESTS
def _loop(X, W, b):
    return np.array([[sum(float(p) * float(q) for p, q in zip(x, row)) + float(bias)
                      for row, bias in zip(W, b)] for x in X])


with check("agrees with a loop when all sizes differ"):
    rng = np.random.default_rng(12)
    for n, d, out in ((7, 5, 3), (2, 3, 6), (5, 1, 4)):
        X, W, b = rng.normal(size=(n, d)), rng.normal(size=(out, d)), rng.normal(size=out)
        check.close(check.call(linear_forward, X, W, b), _loop(X, W, b))
with check("has units in rows, also when all sizes are equal"):
    rng = np.random.default_rng(13)
    X, W = rng.normal(size=(4, 4)), rng.normal(size=(4, 4))
    check.close(check.call(linear_forward, X, W, np.zeros(4)), _loop(X, W, np.zeros(4)))
with check("adds to each unit its own bias, also when there are as many examples as units"):
    rng = np.random.default_rng(14)
    for n, d, out in ((4, 4, 4), (3, 5, 3), (6, 2, 3)):
        X, W, b = rng.normal(size=(n, d)), rng.normal(size=(out, d)), 3 * rng.normal(size=out)
        check.close(check.call(linear_forward, X, W, b), _loop(X, W, b))
with check("keeps both axes for a batch of one, and for a layer of one unit"):
    rng = np.random.default_rng(15)
    for n, d, out in ((1, 5, 3), (6, 4, 1), (1, 3, 1)):
        X, W, b = rng.normal(size=(n, d)), rng.normal(size=(out, d)), rng.normal(size=out)
        check.close(check.call(linear_forward, X, W, b), _loop(X, W, b))
with check("reads any memory order, and gives back a new array"):
    rng = np.random.default_rng(16)
    X, W = np.asfortranarray(rng.normal(size=(8, 6)))[::2, ::3], rng.normal(size=(2, 5)).T
    b = rng.normal(size=10)[::2]
    check.close(check.call(linear_forward, X, W, b), _loop(X, W, b))
    check.unchanged(linear_forward, X, W, b)
    check.unchanged(linear_forward, X.copy(), W.copy(), b.copy())
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Write down the shapes of `X` and `W`. Which of the two do you have to transpose so that `@` works?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# The product has to have shape `(n, out)`; `.T` transposes a matrix. When you add an array of shape `(out,)` to it, NumPy adds that array to every row.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Lists have no `.T`, so first turn all three into float arrays, for example `W = np.asarray(W, dtype=float)`. The rest is one line: the matrix product from the formula above, plus `b` as it is.
# </details>

# %% [markdown]
# ### Why a batch, rather than one example at a time?
#
# **Predict:** you have a layer of 16 units and 1000 images of 64 pixels each.
# How many times as long does it take to process the images one by one?

# %%
with unfinished():
    rng = np.random.default_rng(1)
    X, W, b = rng.normal(size=(1000, 64)), rng.normal(size=(16, 64)), rng.normal(size=16)

    def fastest(work, tries=5):
        """Return the shortest of a few running times, in milliseconds."""
        taken = []
        for _ in range(tries):
            start = time.perf_counter()
            work()
            taken.append(1000 * (time.perf_counter() - start))
        return min(taken)

    together = fastest(lambda: linear_forward(X, W, b))
    one_by_one = fastest(lambda: [linear_forward(x[None, :], W, b) for x in X])
    print(f"the batch: {together:.2f} ms    one by one: {one_by_one:.2f} ms    "
          f"{one_by_one / together:.0f} times as long")

# %% [markdown]
# On an idle computer it usually takes dozens of times as long: one of our runs took 0.08 ms for the batch and 6.15 ms one by one, 74 times as long.
# The sums are the same, but a Python loop has some overhead in every round, and a matrix product has it only once.
# The result doesn't change: row 5 of `Z` depends on row 5 of `X`, and on no other row.

# %% [markdown]
# ## Stacking layers
#
# The output of one layer is the input of the next.
# That is all of a **multi-layer perceptron** (MLP), or **feed-forward network**.
#
# - The **input layer** computes nothing. It is the example itself.
# - A **hidden layer** is a linear map followed by an activation.
# - The **output layer** is linear. If its scores are going to be turned into probabilities, they are called **logits**.
#
# Here is a network for the digits:

# %%
with plots.figure("A network with 64 inputs, 16 hidden units, and 10 outputs; each unit is connected "
                  "to every unit of the previous layer.", size=(6.8, 4.4)) as ax:
    plots.network([64, 16, 10], title="64 pixels in, ten scores out, 16 units in between",
                  labels=[["x₁", "x₂"], ["a₁", "a₂"], ["z₁", "z₂"]], ax=ax)

# %% [markdown]
# ## Exercise 2: how many parameters?
#
# Everything a network knows is stored in its weights and biases, which are called its **parameters**.
# Each unit has one weight per input and one bias.
#
# **By hand:** for the sizes 2, 3, 1, the hidden layer has $3 \cdot 2$ weights and 3 biases, and the output layer has $1 \cdot 3$ weights and 1 bias.
# That makes $6 + 3 + 3 + 1 = 13$.

# %% exercise: count_params
def count_params(sizes):
    """Return how many weights and biases a network has.

    sizes: the number of units in each layer, [inputs, hidden..., outputs], such as [2, 3, 1].
    Returns an int. With a single size there is no layer that computes anything: the count is 0.

    count_params([2, 3, 1]) gives 13
    """
    ### BEGIN SOLUTION
    return int(sum((sizes[k - 1] + 1) * sizes[k] for k in range(1, len(sizes))))
    ### END SOLUTION

# %% tests: count_params, 2 points
from itertools import pairwise

import numpy as np

with check("counts 13 numbers for layers of 2, 3, and 1"):
    check.equal(check.call(count_params, [2, 3, 1]), 13)
with check("counts one layer: a row of weights and a bias for each unit"):
    check.equal(check.call(count_params, [3, 4]), 16)
### BEGIN HIDDEN TESTS
def _counted(sizes):
    arrays = [np.zeros((after, before)) for before, after in pairwise(sizes)]
    arrays += [np.zeros(after) for after in sizes[1:]]
    return sum(array.size for array in arrays)


with check("is 0 for inputs alone"):
    check.equal(check.call(count_params, [5]), 0)
    check.equal(check.call(count_params, [1]), 0)
with check("counts every layer of a deep network, the output's biases too"):
    for sizes in ([64, 16, 10], [7, 5, 3, 4], [4, 4, 4, 4], [1, 1, 1, 1, 1], [9, 2, 8, 3, 7, 1]):
        check.equal(check.call(count_params, sizes), _counted(sizes))
with check("counts random networks"):
    rng = np.random.default_rng(21)
    for length in (2, 3, 4, 6):
        sizes = [int(size) for size in rng.integers(1, 30, size=length)]
        check.equal(check.call(count_params, sizes), _counted(sizes))
with check("counts large layers"):
    check.equal(check.call(count_params, [100_000, 50_000, 10]), 100_001 * 50_000 + 50_001 * 10)
with check("leaves its input as it was, and takes a tuple as well"):
    check.unchanged(count_params, [3, 5, 2])
    check.equal(check.call(count_params, (8, 3, 2)), _counted((8, 3, 2)))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# A layer sits *between* two sizes: what goes in and what comes out. How many such pairs are there in a list of four sizes?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `zip(sizes, sizes[1:])` goes through neighboring pairs. For a pair `(before, after)`, the weights form a table with `after` rows and `before` columns, and there are `after` biases.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Start with `total = 0`. For each pair of neighbors, add the number of weights, `after * before`, and the number of biases. Return the total after the loop.
# </details>

# %%
with unfinished():
    for sizes in ([64, 10], [64, 16, 10], [64, 16, 16, 10], [64, 256, 10], [784, 512, 512, 10]):
        print(f"{' → '.join(map(str, sizes)):24s} {count_params(sizes):8,d} parameters")

# %% [markdown]
# In the last network (784 inputs, for an image of 28 by 28 pixels), the first hidden layer has more parameters than the other layers combined, because it has the most inputs.

# %% [markdown]
# ## Exercise 3: the forward pass
#
# Number the layers $l = 1, \dots, L$ and call the input $a^{(0)} = x$.
# Then compute, for one layer after another,
#
# $$ z^{(l)} = W^{(l)} a^{(l-1)} + b^{(l)}, \qquad a^{(l)} = \mathrm{act}\big(z^{(l)}\big). $$
#
# The only exception is the last layer, which is linear and stops at $z^{(L)}$.
# We call $z$ the **pre-activation** and $a$ the **activation**.
#
# In lesson 4 the network will have to retrace its steps to find out what it got wrong.
# So the forward pass keeps a **cache**: one pair `(A_in, Z)` per layer, in the order in which they were computed.
#
# **By hand, once.** Take one input, a hidden layer of two units, another of one unit, one output, and the absolute value as `act`:
# $W_1 = \begin{pmatrix} 1 \\ -2 \end{pmatrix}$, $b_1 = (-3,\; 0)$, then $W_2 = (1 \;\; 10)$, $b_2 = (-26)$, and $W_3 = (-3)$, $b_3 = (1)$.
# For $x = -1$:
#
# | layer | `A_in` | `Z` | after `act` |
# |---|---|---|---|
# | 1 | $(-1)$ | $(-1 - 3,\; 2 + 0) = (-4,\; 2)$ | $(4,\; 2)$ |
# | 2 | $(4,\; 2)$ | $4 + 20 - 26 = -2$ | $2$ |
# | 3 | $(2)$ | $-6 + 1 = -5$ | not applied |

# %% exercise: mlp_forward
def mlp_forward(X, weights, biases, act):
    """Run the forward pass of a network with any number of layers, for a batch.

    X: (n, d) examples.
    weights: a list of L matrices, each of shape (out, in).  biases: a list of L vectors (out,).
    X and each matrix and vector is any array-like: an array or a list, of floats or ints.
    act: a function that takes an array and returns a new one, entry by entry. It is applied to the
    Z of every layer except the last, which is linear.

    Returns (Z, cache): Z (n, out) of the last layer, and a list of L pairs (A_in, Z), one per
    layer, starting with the first. A_in is the layer's input, so cache[0][0] equals X, and Z holds
    the layer's scores, before act. All of them are float64 arrays.
    """
    ### BEGIN SOLUTION
    A, cache = np.asarray(X, dtype=float), []
    for W, b in zip(weights, biases):
        if cache:
            A = act(cache[-1][1])
        cache.append((A, A @ np.asarray(W, dtype=float).T + np.asarray(b, dtype=float)))
    return cache[-1][1], cache
    ### END SOLUTION

# %% tests: mlp_forward, 5 points
from itertools import pairwise

import numpy as np

BY_HAND = (np.array([[-1.0]]), [np.array([[1.0], [-2.0]]), np.array([[1.0, 10.0]]), np.array([[-3.0]])],
           [np.array([-3.0, 0.0]), np.array([-26.0]), np.array([1.0])], np.abs)
with check("returns the score -5 that you worked out by hand"):
    Z, _ = check.parts(check.call(mlp_forward, *BY_HAND), "Z", "cache")
    check.close(Z, [[-5.0]])
with check("keeps (A_in, Z) of all three layers in its cache"):
    _, cache = check.parts(check.call(mlp_forward, *BY_HAND), "Z", "cache")
    check.true(type(cache) in (list, tuple) and len(cache) == 3, "the cache is a list with one pair for each of the 3 layers.")
    by_hand = zip(([[-1.0]], [[4.0, 2.0]], [[2.0]]), ([[-4.0, 2.0]], [[-2.0]], [[-5.0]]))
    for k, (pair, (A_in, Z)) in enumerate(zip(cache, by_hand)):
        check.close(pair, (np.array(A_in), np.array(Z)), names=(f"the A_in of cache[{k}]", f"the Z of cache[{k}]"))
with check("takes lists and whole numbers, and changes none of its arguments"):
    X, weights, biases = [[1, 2], [3, -4]], [[[1, 0], [2, 1], [0, 3]], [[1, -2, 3]]], [[0, 1, 0], [4]]
    got = check.parts(check.call(mlp_forward, X, weights, biases, np.copy), "Z", "cache")[0]
    check.floats(got, (2, 1))
    check.close(got, [[13.0], [-35.0]])
    check.unchanged(mlp_forward, *BY_HAND)
### BEGIN HIDDEN TESTS
def _bent(z):
    """Falls steeply, rises slowly, and is not 0 at 0: it matters where it is applied."""
    return np.where(np.asarray(z) > 0, 0.5 * np.asarray(z) + 1.0, -2.0 * np.asarray(z) + 0.25)


def _network(seed, *sizes):
    rng = np.random.default_rng(seed)
    pairs = list(pairwise(sizes))
    return ([rng.normal(size=(after, before)) / before**0.5 for before, after in pairs],
            [rng.normal(size=after) for _, after in pairs])


@check.once
def _steps(X, weights, biases, act):
    """Example by example, unit by unit: for each layer what comes in and what it computes."""
    tables = [([], []) for _ in weights]
    for x in X:
        a = [float(value) for value in x]
        for (inputs, scores), W, b in zip(tables, weights, biases):
            z = [sum(float(w) * v for w, v in zip(row, a)) + float(bias) for row, bias in zip(W, b)]
            inputs.append(a)
            scores.append(z)
            a = [float(act(value)) for value in z]
    return [(np.array(inputs), np.array(scores)) for inputs, scores in tables]


def _output(X, weights, biases, act):
    return check.parts(check.call(mlp_forward, X, weights, biases, act), "Z", "cache")[0]


def _cached(X, weights, biases, act):
    _, cache = check.parts(check.call(mlp_forward, X, weights, biases, act), "Z", "cache")
    check.true(type(cache) in (list, tuple), f"the cache is a list of pairs, got a {type(cache).__name__}.")
    check.true(len(cache) == len(weights), f"the cache should have a pair for each layer, {len(weights)} in all; its length is {len(cache)}.")
    return [check.parts(pair, "A_in", "Z") for pair in cache]


def _compare(X, weights, biases, act):
    expected = _steps(X, weights, biases, act)
    for k, (pair, wanted) in enumerate(zip(_cached(X, weights, biases, act), expected)):
        check.close(pair, wanted, names=(f"the A_in of cache[{k}]", f"the Z of cache[{k}]"))


CASES = [(31, (7, 5, 3, 4)), (32, (4, 4, 4, 4)), (33, (3, 6, 2)), (34, (2, 5, 4, 3, 1))]
with check("returns the last layer's scores, linear, for networks of two to four layers"):
    for seed, sizes in CASES:
        X = np.random.default_rng(seed).normal(size=(6, sizes[0]))
        for act in (_bent, np.tanh):
            check.close(_output(X, *_network(seed, *sizes), act), _steps(X, *_network(seed, *sizes), act)[-1][1])
with check("is a linear layer without act when there is only one"):
    for sizes in ((5, 3), (4, 4), (1, 1)):
        X = np.random.default_rng(35).normal(size=(4, sizes[0]))
        check.close(_output(X, *_network(36, *sizes), _bent), _steps(X, *_network(36, *sizes), _bent)[0][1])
with check("its cache holds what came into each layer"):
    for seed, sizes in CASES:
        X = np.random.default_rng(seed).normal(size=(7, sizes[0]))
        expected = _steps(X, *_network(seed, *sizes), _bent)
        for (A_in, _), (wanted, _) in zip(_cached(X, *_network(seed, *sizes), _bent), expected):
            check.close(A_in, wanted)
with check("its cache holds each layer's Z, before act"):
    for seed, sizes in CASES:
        X = np.random.default_rng(seed).normal(size=(7, sizes[0]))
        expected = _steps(X, *_network(seed, *sizes), _bent)
        for (_, Z), (_, wanted) in zip(_cached(X, *_network(seed, *sizes), _bent), expected):
            check.close(Z, wanted)
with check("its cache of a single layer is (X, Z)"):
    _compare(np.random.default_rng(37).normal(size=(5, 3)), *_network(37, 3, 2), _bent)
with check("is right for a batch of one"):
    _compare(np.random.default_rng(38).normal(size=(1, 4)), *_network(38, 4, 3, 3, 2), np.sin)
    X = np.random.default_rng(38).normal(size=(1, 4))
    check.close(_output(X, *_network(38, 4, 3, 3, 2), np.sin), _steps(X, *_network(38, 4, 3, 3, 2), np.sin)[-1][1])
with check("returns float64 of shape (n, out)"):
    weights, biases = _network(39, 5, 3, 4)
    check.floats(_output(np.random.default_rng(39).normal(size=(7, 5)), weights, biases, np.tanh), (7, 4))
with check("computes with float64 in every layer, also when only whole numbers come in"):
    X, weights, biases = np.array([[1, 2], [3, -4]]), [np.array([[1, 0], [2, 1], [0, 3]]), np.array([[1, -2, 3]])], [np.array([0, 1, 0]), np.array([4])]
    _compare(X, weights, biases, np.tanh)
    for (A_in, Z), d, out in zip(_cached(X, weights, biases, np.tanh), (2, 3), (3, 1)):
        check.floats(A_in, (2, d))
        check.floats(Z, (2, out))
with check("reads any memory order"):
    weights, biases = _network(41, 3, 4, 2)
    X = np.asfortranarray(np.random.default_rng(41).normal(size=(8, 6)))[::2, ::2]
    _compare(X, [np.asfortranarray(W) for W in weights], [np.repeat(b, 2)[::2] for b in biases], np.tanh)
with check("leaves the examples, the weights and the biases as they were, and takes tuples of layers, too"):
    weights, biases = _network(42, 3, 4, 4, 2)
    X = np.random.default_rng(42).normal(size=(5, 3))
    check.unchanged(mlp_forward, X, weights, biases, np.tanh)
    _compare(X, tuple(weights), tuple(biases), _bent)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Write a loop over the layers, with one variable `A` for the input of the next layer. What is `A` before the first layer?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `for W, b in zip(weights, biases):` goes through both lists. In the loop, compute `Z`, append the pair to `cache`, and only then compute the next `A`. The activation of the last `Z` will simply not be used.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Before the loop: `A = np.asarray(X, dtype=float)` and `cache = []`. Inside, in this order: compute `Z` from `A`, `W`, and `b` (convert both to float arrays so that lists work); `cache.append((A, Z))`; and let `A` be `act` of `Z`. After the loop, return the last `Z` together with `cache`.
# </details>

# %% [markdown]
# ## Two networks look at a digit
#
# scikit-learn comes with 1797 handwritten digits of 8 by 8 pixels (Alpaydin and Kaynak, 1998).
# We divide the pixels by 16 so that they lie between 0 and 1.
#
# Take two networks of the same size, 64 → 16 → 16 → 10, with tanh as the activation.
# The first has random weights; the second was trained on the first 1400 digits, in a way that lesson 4 explains.
# Both look at the remaining 397 digits, which neither has ever seen.
# Their answer is the digit with the largest score.
#
# **Predict:** how many of the 397 will the random network get right?

# %%
sizes = [64, 16, 16, 10]
digits = data.digits()
pictures, labels = digits.X[1400:] / 16, digits.y[1400:]

reader = trained.digits(sizes)
rng = np.random.default_rng(3)
untrained = [rng.normal(size=W.shape) for W in reader.weights], [np.zeros_like(b) for b in reader.biases]

with unfinished():
    for name, layers in (("random", untrained), ("trained", (reader.weights, reader.biases))):
        Z, cache = mlp_forward(pictures, *layers, np.tanh)
        print(f"{name:8s} {np.sum(Z.argmax(axis=1) == labels):3d} of {len(labels)} right")
    print("shapes:", "  ".join(f"A_in {A.shape} → Z {Z.shape}" for A, Z in cache))

# %% [markdown]
# The random network gets 56 of the 397 right, which is not much more than the one in ten you would expect by chance.
# The trained one gets 364.
# Both run the same code on the same shapes; the only difference is in the values of the weights.
#
# What do the layers do to the images?
# The next cell measures how far apart all pairs of the 397 digits are, first in pixels and then in each layer's activations.
# If the layers work toward an answer, drawings of the *same* digit should move closer together, compared with drawings of different digits.
#
# **Predict:** in pixels, two drawings of the same digit are on average 0.72 times as far apart as drawings of different digits.
# What will this ratio be in the final scores?

# %%
from scipy.spatial.distance import cdist


def alike(A, y):
    """Return the mean distance within a class, divided by the mean distance between classes."""
    distances = cdist(A, A)
    same = y[:, None] == y
    return distances[same & ~np.eye(len(y), dtype=bool)].mean() / distances[~same].mean()


with plots.figure("The distance between drawings of the same digit, divided by the distance "
                  "between drawings of different digits, from the pixels through two hidden "
                  "layers to the scores. It falls at each layer of the trained network and "
                  "rises a little in the random one.", size=(6.8, 4.0)) as ax:
    shares = {}
    for name, layers in (("random", untrained), ("trained", (reader.weights, reader.biases))):
        Z, cache = mlp_forward(pictures, *layers, np.tanh)
        shares[name] = [alike(A, labels) for A, _ in cache] + [alike(Z, labels)]
    last = shares["trained"]
    plots.curves(range(4), shares, xlabel="", ylabel="same digit / other digits", ax=ax,
                 title=f"Drawings of the same digit move closer: from {last[0]:.2f} in "
                       f"pixels to {last[-1]:.2f} in the scores")
    ax.set(xticks=range(4), ylim=(0, 1.05),
           xticklabels=["pixels\n64", "hidden 1\n16", "hidden 2\n16", "scores\n10"])

# %% [markdown]
# In the trained network the ratio falls at every layer: 0.72 in pixels, then 0.51, 0.42, and 0.36 in the scores.
# In the random network it rises a little, to 0.79.
#
# This is lesson 2's picture again, in more dimensions: a hidden layer *moves the examples* to where the next layer has an easier job.

# %% [markdown]
# ## From scores to probabilities
#
# Ten scores tell you which digit is ahead, but not how likely it is.
# To be read as probabilities, they must be positive and sum to 1.
# The **softmax** takes exponentials, which are always positive, and divides by their sum:
#
# $$ p_j = \frac{e^{z_j}}{\sum_{k} e^{z_k}} . $$
#
# **By hand, once.** The logits $\log 1,\ \log 3,\ \log 6$ have the exponentials 1, 3, and 6, which sum to 10.
# So $p = (0.1,\ 0.3,\ 0.6)$.
#
# Three things to know about it:
#
# - **Only differences count.** If you add 5 to every logit, each exponential grows by the same factor $e^5$, and so does the sum. Nothing changes.
#   If one logit is larger than another by 1, its probability is $e \approx 2.7$ times as large.
# - **Scale counts.** Multiply all logits by 10, and the largest takes nearly everything.
# - **With two classes, softmax is the sigmoid.** For the logits $(0, z)$ the second probability is $e^z / (1 + e^z) = 1 / (1 + e^{-z})$, written $\sigma(z)$. It turns *one* score into the probability of "yes".

# %% [markdown]
# **What can go wrong.** $e^{710}$ is too large for a float64, so a logit of 1000 leads to `inf / inf`, which is `nan`.
# The first of the three points shows the way out: before you take exponentials, subtract the largest logit of each row.
# The probabilities stay the same, and no exponent is above 0.
# Much smaller logits may give an exponential that rounds to 0, which does no harm: the largest contributes $e^0 = 1$ to the sum.
#
# ## Exercise 4: softmax
#
# Mind the axis: each *row* is an example.

# %% exercise: softmax
def softmax(Z):
    """Turn scores into probabilities, row by row.

    Z: (n, c) logits, c scores for each of n examples; any array-like. They may be as large as
    1000, or as small as -1000.
    Returns a new float64 array of shape (n, c): p_j = exp(z_j) / (exp(z_1) + ... + exp(z_c)) within
    each row, so every row sums to 1.
    """
    ### BEGIN SOLUTION
    Z = np.asarray(Z, dtype=float)
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)
    ### END SOLUTION

# %% tests: softmax, 4 points
import math

import numpy as np

with check("turns the logits log 1, log 3 and log 6 into 0.1, 0.3 and 0.6"):
    check.close(check.call(softmax, np.log([[1.0, 3.0, 6.0]])), [[0.1, 0.3, 0.6]])
with check("makes every row sum to 1"):
    got = check.call(softmax, np.random.default_rng(41).normal(size=(7, 3)))
    check.floats(got, (7, 3))
    check.close(got.sum(axis=1), np.ones(7))
with check("gives numbers for logits of 1000 and -1000, where exp overflows or is 0"):
    got = check.call(softmax, np.array([[1000.0, 1000.0 + math.log(3)], [0.0, math.log(3)],
                                        [-1000.0 - math.log(3), -1000.0]]))
    check.close(got, [[0.25, 0.75], [0.25, 0.75], [0.25, 0.75]])
with check("takes lists and whole numbers, and leaves its input as it was"):
    e = math.e
    check.close(check.call(softmax, [[0, 1], [2, 2]]), [[1 / (1 + e), e / (1 + e)], [0.5, 0.5]])
    check.unchanged(softmax, np.array([[1.0, -2.0, 0.5], [3.0, 0.0, 1.0]]))
### BEGIN HIDDEN TESTS
def _rows(Z):
    """By sums of differences only: 1 / p_j = sum over k of exp(z_k - z_j)."""
    def inverse(z, j):
        return math.fsum(math.exp(min(other - z[j], 709.0)) for other in z)
    return np.array([[1.0 / inverse(z, j) for j in range(len(z))] for z in np.asarray(Z, dtype=float).tolist()])


with check("agrees with a loop when all sizes differ"):
    rng = np.random.default_rng(42)
    for shape in ((7, 4), (2, 5), (6, 3)):
        Z = 2 * rng.normal(size=shape)
        check.close(check.call(softmax, Z), _rows(Z))
with check("works row by row, also when there are as many examples as classes"):
    Z = 2 * np.random.default_rng(43).normal(size=(4, 4))
    check.close(check.call(softmax, Z), _rows(Z))
with check("gives numbers for logits of 1000, where exp overflows"):
    Z = np.array([[1000.0, 1001.0, 999.0], [0.0, 1.0, -1.0], [1000.0, 0.0, -1000.0]])
    check.close(check.call(softmax, Z), _rows(Z))
with check("gives numbers for logits of -1000, where every exp is 0"):
    Z = np.array([[-1000.0, -1001.0], [-1000.0, -1000.0]])
    check.close(check.call(softmax, Z), _rows(Z))
with check("is right when one row is far above another"):
    Z = np.array([[900.0, 902.0], [-900.0, -903.0], [0.5, 0.25]])
    check.close(check.call(softmax, Z), _rows(Z))
with check("does not change when a number is added to a row"):
    rng = np.random.default_rng(44)
    Z, shift = rng.normal(size=(5, 4)), 100 * rng.normal(size=(5, 1))
    check.close(check.call(softmax, Z + shift), _rows(Z))
with check("keeps small probabilities exact, not rounded to 0"):
    Z = np.array([[0.0, -50.0, -300.0], [20.0, 0.0, -20.0]])
    check.close(check.call(softmax, Z), _rows(Z), rtol=1e-7, atol=0.0)
with check("works on a batch of one and on one class, and returns float64 for whole numbers"):
    check.close(check.call(softmax, np.array([[1.0, -2.0, 0.5]])), _rows([[1.0, -2.0, 0.5]]))
    check.close(check.call(softmax, np.array([[3.0], [-7.0]])), [[1.0], [1.0]])
    got = check.call(softmax, [[1, 2, 3], [0, 0, 5]])
    check.floats(got, (2, 3))
    check.close(got, _rows([[1, 2, 3], [0, 0, 5]]))
with check("reads any memory order, and leaves its input as it was"):
    Z = np.asfortranarray(np.random.default_rng(45).normal(size=(8, 6)))[::2, ::-2]
    check.close(check.call(softmax, Z), _rows(Z))
    check.unchanged(softmax, Z)
    check.unchanged(softmax, Z.copy())
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# There are three steps: shift each row so that its largest logit is 0, take `np.exp`, and divide each row by its sum. Which axis is "along a row"?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `Z.max(axis=1)` has shape `(n,)`, so `Z - Z.max(axis=1)` fails or subtracts it along the wrong axis. With `keepdims=True` it remains a column of shape `(n, 1)`, with one entry per row.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Turn `Z` into a float array. Subtract `Z.max(axis=1, keepdims=True)` (not with `-=`, which could change the caller's array), call the exponentials `E`, and divide them by their sum, using the same two arguments.
# </details>

# %% [markdown]
# **Predict:** below you will see the softmax of five logits, of the same logits plus 5, and of the same logits times 10.
# How will the three charts differ?

# %%
with plots.figure("Three bar charts of five probabilities: for some logits; for the same logits plus "
                  "5, which gives the same chart; and for ten times the logits, where one class "
                  "gets nearly everything.", columns=3) as panels:
    z = np.array([1.0, 0.2, 1.3, -0.5, 0.6])
    for ax, logits, name in zip(panels, (z, z + 5, 10 * z), ("z", "z + 5", "10 z")):
        p = softmax(logits[None, :])[0]
        ax.bar(range(5), p, color=plots.SERIES_COLORS[0], width=0.7)
        ax.set(title=f"softmax({name}): at most {p.max():.2f}", xlabel="class",
               ylabel="probability", ylim=(0, 1), xticks=range(5))

# %% [markdown]
# Adding 5 changes nothing: the first two charts are identical, with a highest bar of 0.37.
# Multiplying by 10 raises that bar to 0.95.
#
# ### Play: layer by layer
#
# Here is a digit on its way through a network, computed by *your* `mlp_forward` and *your* `softmax`.
# Step forward, or press *Play*: each step shows what goes into a layer, its parameters, and what comes out.
# Blue is positive, and orange is negative.
#
# *The question to answer:* at which step do two different drawings of a 3 begin to look alike?
# Press *Keep this picture to compare*, then *Another 3*, and step forward.
#
# Three more things to try:
#
# 1. Choose a unit in the first hidden layer. Its 64 weights form an image of 8 by 8. Which pixels raise its score, and which lower it?
# 2. Change the number of layers. With a single layer there is nothing in between: just ten such images, one for each digit. How many of the 397 digits are right then?
# 3. Press *Next mistake*. How sure was the network when it was wrong?

# %%
steps = ForwardSteps(mlp_forward, softmax)
steps

# %% [markdown]
# <details><summary>Answers, when you have tried</summary>
#
# With the first two 3s, most of the change happens early.
# In pixels they are 0.39 times as far apart as drawings of different digits are on average, after the first layer (a¹) 0.14 times, after the second (a²) 0.10 times, and in the scores (z³) 0.06 times.
# Over all 397 digits you measured the same trend: 0.72, 0.51, 0.42, 0.36.
#
# 1. Pixels under a blue weight raise the unit's score where there is ink, and pixels under an orange weight lower it. (A blank pixel is 0 and does neither.)
# 2. With a single layer, 360 of the 397 digits are right; with two layers 363, with three 364, and with four 359.
# 3. Often quite sure. With three layers, its 33 wrong answers got a probability of 81 percent on average. The next section measures this for each depth.
# </details>
#
# *This is a good place to stop for the day.*

# %% [markdown]
# ### "98 percent sure" (optional)
#
# Softmax gives numbers between 0 and 1 that sum to 1.
# Does that make them probabilities?
# We can count: of the digits for which a network is at least 95 percent sure, how many does it get right?
#
# **Predict:** all of them?
# At least 95 percent?
# And will deeper networks be right more often, or only more confident?

# %%
with unfinished():
    for deeper in ([64, 10], [64, 16, 10], [64, 16, 16, 10], [64, 16, 16, 16, 10]):
        deep = trained.digits(deeper)
        P = softmax(mlp_forward(pictures, deep.weights, deep.biases, np.tanh)[0])
        sure, right = P.max(axis=1), P.argmax(axis=1) == labels
        print(f"layers: {len(deeper) - 1}   right: {right.mean():.1%}   mean confidence: {sure.mean():.1%}   "
              f"right where at least 95% sure: {right[sure >= 0.95].mean():.1%}   "
              f"confidence where wrong: {sure[~right].mean():.0%}")

# %% [markdown]
# Where the networks are at least 95 percent sure, they are right 99.6 percent of the time with one layer, but only 96.0 percent with four.
# More layers make them more confident, but hardly more accurate.
# (With 397 digits, a difference of one percent may well be chance.)
#
# The network with four layers promises more than it delivers: on average it is 96.2 percent sure and 90.4 percent right, and even when it is wrong, it is 79 percent sure.
# Whether the numbers from a softmax can be trusted as probabilities, that is, whether they are *calibrated*, has to be measured on new data.
# Larger modern networks have the same problem (Guo and others, 2017).

# %% [markdown]
# ## How wrong was it?
#
# The forward pass ends with an answer.
# To learn from it, the network needs *one number* that says how wrong the answer was: the **loss**.
# In school, the loss would be the grade.
#
# <details><summary>Optional: a student takes a test, line by line</summary>
#
# Think of a student taking a test.
#
# | in the classroom | in the network | symbol |
# |---|---|---|
# | the questions | a batch of examples | `X` |
# | what the student knows so far | the parameters | `weights`, `biases` |
# | the work on scratch paper, line by line | each layer's sums and activations | $z^{(l)}$, $a^{(l)}$ |
# | the scratch paper, which is kept | the cache | `cache` |
# | the answers, and how sure the student is of each | the logits, and their softmax | `Z`, `P` |
# | the answer key | the labels | `y` |
# | the grade | the loss: a mean over all questions | $\mathcal L$ |
# | the teacher goes back over the work, from the last line to the first, to find which step is to blame, and how much | the backward pass (lesson 4) | `dZ`, `dW`, `db` |
# | the student revises a little | the update (lesson 4) | $W \leftarrow W - \eta\, dW$ |
#
# The first part, down to the answers, is the forward pass.
# By itself it teaches nothing: you could take a thousand tests and never learn a thing if nobody graded them.
# Once a network is trained and in use, the forward pass is all it does, and people call it *inference* or *prediction*.
# The analogy breaks down in one place: a student may understand why an answer is wrong, but all the network gets is a slope for each of its numbers.
# </details>

# %% [markdown]
# ### When the answer is a number
#
# If the network predicts a temperature or a price, take the difference between the prediction $\hat y$ and the target $y$, square it, and average.
# This is the **mean squared error**,
#
# $$ \mathrm{MSE} = \frac{1}{n} \sum_{i=1}^{n} (\hat y_i - y_i)^2 . $$
#
# Missing by 10 costs a hundred times as much as missing by 1, so a single outlier can dominate the loss.
# With several outputs per example, take the mean over all entries.
#
# **By hand, once:** if you predict 1, 2, 5 and the targets are 1, 4, 4, the errors are 0, −2, 1, their squares are 0, 4, 1, and the loss is 5/3.
#
# **A trap.** A network with one output returns a column of shape `(n, 1)`, but the targets usually have shape `(n,)`.
# Look at what NumPy does with their difference:

# %%
column, row = np.array([[1.0], [2.0], [5.0]]), np.array([1.0, 4.0, 4.0])
print(column - row)
print("mean of these nine squares:", np.mean((column - row) ** 2), "  instead of 5/3")

# %% [markdown]
# NumPy compared each prediction with *every* target.
# There is no error and no warning, just a wrong number that looks quite ordinary.
#
# ## Exercise 5: mean squared error

# %% exercise: mse_loss
def mse_loss(y_hat, y):
    """Return the mean squared error over all entries.

    y_hat: predictions, y: targets; any array-likes, both (n,) or both (n, k). One may also be
    (n, 1) and the other (n,); in that case, entry i of one still belongs to entry i of the other.
    Returns a float.

    mse_loss([1.0, 2.0, 5.0], [1.0, 4.0, 4.0]) gives 1.6666666666666667
    """
    ### BEGIN SOLUTION
    error = np.ravel(np.asarray(y_hat, dtype=float)) - np.ravel(np.asarray(y, dtype=float))
    return float(np.mean(error**2))
    ### END SOLUTION

# %% tests: mse_loss, 3 points
import numpy as np

with check("is the mean of 0, 4 and 1"):
    check.close(check.call(mse_loss, np.array([1.0, 2.0, 5.0]), np.array([1.0, 4.0, 4.0])), 5 / 3)
with check("compares a column of predictions with a row of targets entry by entry"):
    check.close(check.call(mse_loss, np.array([[1.0], [2.0], [5.0]]), np.array([1.0, 4.0, 4.0])), 5 / 3)
with check("is the mean of all four entries for two examples with two outputs each"):
    check.close(check.call(mse_loss, np.array([[1.0, 2.0], [5.0, 3.0]]), np.array([[1.0, 4.0], [4.0, 3.0]])), 5 / 4)
with check("takes lists and whole numbers, and leaves its input as it was"):
    check.close(check.call(mse_loss, [1, 0, -2], [0, 2, 2]), 7.0)
    check.unchanged(mse_loss, np.array([1.0, 2.0, 5.0]), np.array([1.0, 4.0, 4.0]))
    check.unchanged(mse_loss, np.array([[1.0], [2.0]]), np.array([[3.0], [4.0]]))
### BEGIN HIDDEN TESTS
def _mean_square(y_hat, y):
    squares = [(float(p) - float(t)) ** 2 for p, t in zip(np.asarray(y_hat).flat, np.asarray(y).flat)]
    return sum(squares) / len(squares)


with check("agrees with a loop on random numbers"):
    rng = np.random.default_rng(51)
    for n in (7, 4, 2):
        y_hat, y = 3 * rng.normal(size=n), 3 * rng.normal(size=n)
        check.close(check.call(mse_loss, y_hat, y), _mean_square(y_hat, y))
with check("is a mean over all entries when there are several outputs"):
    rng = np.random.default_rng(52)
    for shape in ((7, 3), (4, 4), (2, 5)):
        y_hat, y = rng.normal(size=shape), rng.normal(size=shape)
        check.close(check.call(mse_loss, y_hat, y), _mean_square(y_hat, y))
with check("compares (n,) with (n, 1), and two columns, entry by entry"):
    rng = np.random.default_rng(53)
    y_hat, y = rng.normal(size=6), rng.normal(size=6)
    for left, right in ((y_hat, y[:, None]), (y_hat[:, None], y), (y_hat[:, None], y[:, None])):
        check.close(check.call(mse_loss, left, right), _mean_square(y_hat, y))
with check("is 0 for perfect predictions, and the same with both exchanged"):
    y = np.random.default_rng(54).normal(size=5)
    check.close(check.call(mse_loss, y, y.copy()), 0.0)
    check.close(check.call(mse_loss, y + 2.0, y), 4.0)
    check.close(check.call(mse_loss, y - 2.0, y), 4.0)
with check("works on one example, and on large numbers"):
    check.close(check.call(mse_loss, np.array([3.0]), np.array([1.0])), 4.0)
    check.close(check.call(mse_loss, [1000.0, -1000.0], [-1000.0, -1000.0]), 2e6)
with check("returns one float, also for whole numbers and for columns"):
    check.floats(check.call(mse_loss, np.array([1, 2]), np.array([3, 4])), ())
    check.floats(check.call(mse_loss, np.array([[1.0], [2.0]]), np.array([[0.0], [4.0]])), ())
with check("reads any memory order, and leaves its input as it was"):
    rng = np.random.default_rng(55)
    y_hat, y = np.asfortranarray(rng.normal(size=(6, 4)))[::2, ::2], rng.normal(size=(3, 2))
    check.close(check.call(mse_loss, y_hat, y), _mean_square(y_hat, y))
    check.unchanged(mse_loss, y_hat, y)
    check.unchanged(mse_loss, y_hat.copy(), y.copy())
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Difference, square, mean. What does NumPy do when you subtract arrays of shapes `(3, 1)` and `(3,)`? Try it.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `np.ravel` flattens any array. When both are flat, they are compared entry by entry.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Flatten both as float arrays, subtract, square with `** 2`, take `np.mean`, and turn the result into a `float`.
# </details>

# %% [markdown]
# **What is a good value?** That depends on the units of $y$, squared, so compare it with a simple baseline.
# scikit-learn comes with a table of 442 patients with diabetes.
# For each of them, one number says how far the disease had progressed a year later; it lies between 25 and 346.
#
# **Predict:** suppose you had to predict the same number for every patient.
# Which number gives the smallest mean squared error?

# %%
with plots.figure("The mean squared error of predicting one constant for all diabetes patients, "
                  "plotted against that constant: a parabola whose lowest point is at the mean of "
                  "the targets, where it equals their variance.") as ax:
    target = data.diabetes().y
    constants = np.linspace(50, 250, 101)
    errors = [mse_loss(np.full(len(target), c), target) for c in constants]
    ax.plot(constants, errors, color=plots.SERIES_COLORS[0])
    best = constants[int(np.argmin(errors))]
    ax.axvline(target.mean(), color=plots.LINE, label=f"the mean of the targets, {target.mean():.0f}")
    ax.set(title=f"The best constant is {best:.0f}: the mean, and its loss of {min(errors):.0f} is "
                 "the variance", xlabel="what is predicted for every patient", ylabel="MSE",
           ylim=(0, None))

# %% [markdown]
# The best of the constants tried is the one closest to the mean of the targets, 152, and its loss is their variance, 5930.
# So any network that predicts numbers has to beat the variance of the targets.
# Otherwise it has learned no more than their mean.

# %% [markdown]
# ### When the answer is yes or no
#
# Now the network has a single output, the logit $z$, and $p = \sigma(z)$ is its probability of "yes".
# Let $q$ be the probability that it gives to the *true* label: $p$ if the truth is "yes", and $1 - p$ if it is "no".
# How much should the answer cost?
#
# - Sure and right, $q = 1$: nothing.
# - Two independent answers, with $q_1$ and $q_2$: their costs should add up. Since probabilities multiply, the cost has to be a *logarithm*.
# - Sure and wrong, $q \to 0$: the cost should grow without limit.
#
# The function $-\log q$ does all three.
# With a label $y$ of 1 for "yes" and 0 for "no", you can write it in one line,
#
# $$ -\big(y \log p + (1 - y) \log (1 - p)\big), $$
#
# in which one of the two terms is always 0.
# Its mean over the batch is called **binary cross-entropy**.
#
# **Don't compute it from $p$.** In float64, $\sigma(40)$ is exactly 1, so $1 - p$ is 0 and its logarithm is $-\infty$.
# Many programs clip $p$, or add $10^{-8}$ to it, and so go easy on the worst answers.
# Instead, put the sigmoid into the formula on paper first:
#
# $$ -\log \sigma(z) = \log (1 + e^{-z}), \qquad -\log\big(1 - \sigma(z)\big) = \log (1 + e^{z}). $$
#
# For large $s$, $\log(1 + e^s)$ is practically $s$.
# So an answer that is wrong by 1000 costs 1000, not `inf` and not 18.
#
# ## Exercise 6: cross-entropy for yes or no, from the logit

# %% exercise: bce_with_logits
def bce_with_logits(z, y):
    """Return the mean cross-entropy of yes-or-no answers, computed from their logits.

    z: (n,) logits, any real numbers.  y: (n,) labels, ints 0 or 1. Both are any array-likes, and
    both may have shape (n, 1) instead.
    Returns a float, the mean of -(y log p + (1 - y) log(1 - p)) with p = 1 / (1 + exp(-z)).
    It must be accurate for large logits too: z = -1000 with y = 1 costs 1000.
    """
    ### BEGIN SOLUTION
    z, y = np.asarray(z, dtype=float), np.asarray(y, dtype=float)
    return float(np.mean(np.maximum(z, 0.0) - y * z + np.log1p(np.exp(-np.abs(z)))))
    ### END SOLUTION

# %% tests: bce_with_logits, 4 points
import math

import numpy as np

with check("costs log 2 where the network can't decide"):
    check.close(check.call(bce_with_logits, np.array([0.0, 0.0]), np.array([0, 1])), math.log(2))
with check("costs log(4/3) when the truth was given 3/4, and log 4 when it was given 1/4"):
    check.close(check.call(bce_with_logits, np.array([math.log(3)]), np.array([1])), math.log(4 / 3))
    check.close(check.call(bce_with_logits, np.array([math.log(3)]), np.array([0])), math.log(4))
with check("costs 40 when a score is wrong by 40, and 1000 when it is wrong by 1000"):
    for z, y in ((-40.0, 1), (40.0, 0), (-1000.0, 1), (1000.0, 0)):
        check.close(check.call(bce_with_logits, np.array([z]), np.array([y])), abs(z))
with check("takes lists and whole numbers, and leaves its input as it was"):
    check.close(check.call(bce_with_logits, [0, 0, 0], [1, 0, 1]), math.log(2))
    check.unchanged(bce_with_logits, np.array([0.5, -2.0, 1.0]), np.array([1, 1, 0]))
### BEGIN HIDDEN TESTS
def _cost(z, y):
    """log(1 + exp(s)) of how far the score is on the wrong side, example by example."""
    total = 0.0
    for score, label in zip(np.ravel(z).tolist(), np.ravel(y).tolist()):
        s = -score if label == 1 else score
        total += s + math.log1p(math.exp(-s)) if s > 0 else math.log1p(math.exp(s))
    return total / np.size(z)


with check("agrees with a loop on random logits and labels"):
    rng = np.random.default_rng(61)
    for n in (7, 4, 12):
        z, y = 3 * rng.normal(size=n), rng.integers(2, size=n)
        check.close(check.call(bce_with_logits, z, y), _cost(z, y))
with check("is right when all labels are 1, and when all are 0"):
    z = 2 * np.random.default_rng(62).normal(size=6)
    for y in (np.ones(6, dtype=int), np.zeros(6, dtype=int)):
        check.close(check.call(bce_with_logits, z, y), _cost(z, y))
with check("is exact for logits that are far on the wrong side"):
    cases = [(np.array([z]), np.array([y])) for z, y in (
        (-1000.0, 1), (1000.0, 0), (-50.0, 1), (50.0, 0), (-800.0, 1))]
    for (z, _), got in check.each(bce_with_logits, cases):
        check.close(got, abs(z[0]))
with check("is 0, not nan, for logits that are far on the right side"):
    cases = [(np.array([z]), np.array([y])) for z, y in (
        (1000.0, 1), (-1000.0, 0), (60.0, 1), (-60.0, 0))]
    for _, got in check.each(bce_with_logits, cases):
        check.close(got, 0.0)
with check("is exact for logits from 8 to 30, where log(1 + exp(s)) is nearly s, or nearly 0"):
    cases = [(np.array([z]), np.array([y])) for s in np.arange(8.0, 30.5, 1.5)
             for z, y in ((-s, 1), (s, 0), (s, 1), (-s, 0))]
    for case, got in check.each(bce_with_logits, cases):
        check.close(got, _cost(*case), rtol=1e-9, atol=1e-12)
with check("is a mean, with extreme and ordinary logits together"):
    z, y = np.array([-1000.0, 1000.0, 0.3, -2.0]), np.array([1, 1, 0, 1])
    check.close(check.call(bce_with_logits, z, y), _cost(z, y))
with check("compares two columns (n, 1) entry by entry"):
    rng = np.random.default_rng(63)
    z, y = rng.normal(size=(6, 1)), rng.integers(2, size=(6, 1))
    check.close(check.call(bce_with_logits, z, y), _cost(z, y))
with check("returns one float for whole numbers, for a list, and for one example"):
    check.close(check.call(bce_with_logits, [2, -1, 0], [1, 0, 1]), _cost([2, -1, 0], [1, 0, 1]))
    check.floats(check.call(bce_with_logits, np.array([2, -1]), np.array([1, 1])), ())
    check.floats(check.call(bce_with_logits, np.array([[0.5]]), np.array([[1]])), ())
with check("reads any memory order, and leaves its input as it was"):
    rng = np.random.default_rng(64)
    z, y = rng.normal(size=12)[::-2], rng.integers(2, size=18)[::3]
    check.close(check.call(bce_with_logits, z, y), _cost(z, y))
    check.unchanged(bce_with_logits, z, y)
    check.unchanged(bce_with_logits, z.copy(), y.copy())
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Work with the two cases above: the cost is $\log(1 + e^{-z})$ for $y = 1$ and $\log(1 + e^{z})$ for $y = 0$. What goes wrong when the exponent is 1000, and what is $\log(1 + e^{1000})$ nearly equal to?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# Let `s` say how far the score is on the wrong side: `-z` where `y` is 1, and `z` where it is 0. You need $\log(e^0 + e^s)$. NumPy has a function that adds two exponentials and takes the logarithm without ever overflowing: `np.logaddexp`.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Turn `z` and `y` into arrays, build `s` with `np.where`, then take the mean of `np.logaddexp` of 0 and `s`, as a float. (Or do it yourself: $\log(1 + e^s) = \max(s, 0) + \log(1 + e^{-|s|})$, in which the exponent is never positive.)
# </details>

# %%
with unfinished():
    print("the truth is no       using p    p clipped     with 1e-8     yours")
    for z in (-2.0, 2.0, 20.0, 40.0, 1000.0):
        with np.errstate(all="ignore"):
            p = 1 / (1 + np.exp(-z))
            ways = -np.log([1 - p, 1 - np.clip(p, 1e-7, 1 - 1e-7), 1 - p + 1e-8])
        yours = bce_with_logits(np.array([z]), np.array([0]))
        print(f"z = {z:8.0f}      ", *(f"{cost:11.4f}" for cost in (*ways, yours)))

# %% [markdown]
# At 40 the formula that uses $p$ breaks down, and with either repair, being wrong by 1000 costs no more than being wrong by 40.
#
# **Why not the squared error of $p$?** Let $s$ be how far the score is on the wrong side ($s = -z$ if the truth is "yes").
#
# **Predict:** how do the two costs behave as the answer gets more and more wrong?

# %%
with plots.figure("The cost of a yes-or-no answer against how far the score is on the wrong side. "
                  "Both curves start near zero. Cross-entropy turns into a rising straight line; "
                  "the squared error levels off at 1.",
                  size=(6.8, 4.2)) as ax:
    s = np.linspace(-8, 8, 161)  # the truth is yes, so the logit is -s
    costs = {"cross-entropy": [bce_with_logits(np.array([-v]), np.array([1])) for v in s],
             "squared error": [mse_loss(1 / (1 + np.exp(np.array([v]))), np.array([1])) for v in s]}
    slopes = {name: (row[-1] - row[-11]) / (s[-1] - s[-11]) for name, row in costs.items()}
    plots.curves(s, costs, xlabel="how far the score is on the wrong side", ylabel="cost", ax=ax,
                 title="Where the answer is worst, the slope is "
                       f"{slopes['cross-entropy']:.2f} or {slopes['squared error']:.3f}")

# %% [markdown]
# On the far right the network is sure and wrong.
# There the squared error is flat, with a slope of 0.001: a small change in the weights changes almost nothing.
# Cross-entropy is steepest there, with a slope of 1.00.
# That, and its meaning as a log-probability, is why people use it.

# %% [markdown]
# ### When the answer is one of several
#
# With $c$ classes there are $c$ logits.
# Softmax turns them into probabilities, and the cost is again $-\log p$ of the *true* class $y$.
# The other classes matter only through the sum:
#
# $$ -\log p_y \;=\; -\log \frac{e^{z_y}}{\sum_k e^{z_k}} \;=\; \log \sum_k e^{z_k} \;-\; z_y . $$
#
# The mean over the batch is the **cross-entropy**.
# You never compute a probability, so none can be rounded to 0.
# As in the softmax, subtract the largest logit of the row first; it cancels out.
#
# **Two values to keep in mind.** If all logits are equal, each class gets $1/c$, so the cost is $\log c$: 2.303 for ten digits.
# And for the two logits $(0, z)$ it is the binary cross-entropy of $z$.
#
# ## Exercise 7: cross-entropy for many classes

# %% exercise: cross_entropy
def cross_entropy(Z, y):
    """Return the mean cross-entropy of a choice among c classes, computed from the logits.

    Z: (n, c) logits; they may be large.  y: (n,) labels, ints from 0 to c - 1.  Any array-likes.
    Returns a float, the mean over the examples of -log p, where p is the softmax probability of
    the true class. If all logits are equal it is log c; [[-1000, 0]] with label 0 costs 1000.
    """
    ### BEGIN SOLUTION
    Z, y = np.asarray(Z, dtype=float), np.asarray(y)
    Z = Z - Z.max(axis=1, keepdims=True)
    log_sums = np.log(np.exp(Z).sum(axis=1))
    return float(np.mean(log_sums - Z[np.arange(len(Z)), y]))
    ### END SOLUTION

# %% tests: cross_entropy, 4 points
import math

import numpy as np

with check("costs -log 0.3 and -log 0.5 when the truth was given 0.3 and 0.5: the mean of the two"):
    check.close(check.call(cross_entropy, np.log([[0.1, 0.3, 0.6], [0.2, 0.3, 0.5]]), np.array([1, 2])),
                -(math.log(0.3) + math.log(0.5)) / 2)
with check("costs log c when all c classes are equally likely"):
    check.close(check.call(cross_entropy, np.zeros((6, 10)), np.arange(6)), math.log(10))
with check("costs 1000 when the true logit is 1000 below the other, wherever both of them lie"):
    check.close(check.call(cross_entropy, np.array([[1000.0, 0.0], [-2000.0, -1000.0]]), np.array([1, 0])), 1000.0)
with check("takes lists and whole numbers, and leaves its input as it was"):
    check.close(check.call(cross_entropy, [[0, 0], [3, 3]], [1, 0]), math.log(2))
    check.unchanged(cross_entropy, np.array([[1.0, -2.0], [0.5, 3.0]]), np.array([1, 0]))
### BEGIN HIDDEN TESTS
def _cost(Z, y):
    """log of the sum over k of exp(z_k - z_y), example by example."""
    costs = []
    for z, label in zip(np.asarray(Z, dtype=float).tolist(), np.asarray(y).tolist()):
        top = max(z)
        costs.append(top - z[label] + math.log(math.fsum(math.exp(value - top) for value in z)))
    return sum(costs) / len(costs)


with check("agrees with a loop when all sizes differ"):
    rng = np.random.default_rng(71)
    for n, c in ((7, 4), (2, 5), (9, 3), (5, 2)):
        Z, y = 2 * rng.normal(size=(n, c)), rng.integers(c, size=n)
        check.close(check.call(cross_entropy, Z, y), _cost(Z, y))
with check("takes one logit from each row, also when there are as many examples as classes"):
    rng = np.random.default_rng(72)
    Z, y = 2 * rng.normal(size=(4, 4)), np.array([2, 0, 2, 1])
    check.close(check.call(cross_entropy, Z, y), _cost(Z, y))
with check("is exact when the truth was thought impossible"):
    Z = np.array([[1000.0, 0.0], [0.0, 1000.0]])
    check.close(check.call(cross_entropy, Z, np.array([1, 0])), 1000.0)
    check.close(check.call(cross_entropy, np.array([[-50.0, 0.0, -60.0]]), np.array([0])), 50.0)
with check("is 0 or nearly 0, not nan, when it was sure and right"):
    Z = np.array([[1000.0, 0.0], [0.0, 1000.0]])
    check.close(check.call(cross_entropy, Z, np.array([0, 1])), 0.0)
    check.close(check.call(cross_entropy, np.array([[-1000.0, -1002.0]]), np.array([0])), math.log1p(math.exp(-2.0)))
with check("is right when one row is far above another"):
    Z, y = np.array([[900.0, 902.0], [-900.0, -903.0], [0.5, 0.25]]), np.array([0, 1, 1])
    check.close(check.call(cross_entropy, Z, y), _cost(Z, y))
with check("does not change when a number is added to all logits of an example"):
    rng = np.random.default_rng(73)
    Z, y = rng.normal(size=(5, 4)), rng.integers(4, size=5)
    check.close(check.call(cross_entropy, Z + 100 * rng.normal(size=(5, 1)), y), _cost(Z, y))
with check("returns one float for whole numbers, for lists, and for one example"):
    check.close(check.call(cross_entropy, np.array([[0.2, -1.0, 3.0]]), np.array([1])), _cost([[0.2, -1.0, 3.0]], [1]))
    check.close(check.call(cross_entropy, [[1, 2, 0], [3, 0, -1]], [2, 0]), _cost([[1, 2, 0], [3, 0, -1]], [2, 0]))
    check.floats(check.call(cross_entropy, np.array([[1, 2, 0], [3, 0, -1]]), np.array([2, 0])), ())
with check("reads any memory order, and leaves its input as it was"):
    rng = np.random.default_rng(74)
    Z, y = np.asfortranarray(rng.normal(size=(8, 6)))[::2, ::-2], rng.integers(3, size=12)[::3]
    check.close(check.call(cross_entropy, Z, y), _cost(Z, y))
    check.unchanged(cross_entropy, Z, y)
    check.unchanged(cross_entropy, Z.copy(), y.copy())
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Look at the end of the formula: the cost of one example is the logarithm of a sum, minus one single logit. Write it for one row first.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `Z[np.arange(len(Z)), y]` takes logit number `y[0]` from row 0, logit number `y[1]` from row 1, and so on, and has shape `(n,)`. `Z[:, y]` would take whole columns.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# First subtract the largest logit of each row, as in `softmax`. Then sum the exponentials along each row, take the logarithm, and subtract the *shifted* logits of the true classes. Return the mean as a float.
# </details>

# %% [markdown]
# ### A first check for any network
#
# Before you train a network, look at its loss.
# A network that knows nothing should *admit* it, with a loss of about $\log c$.
#
# **Predict:** what is the cross-entropy on the digits if all the weights are 0?
# If they are small?
# If they are random numbers with a standard deviation of 1?

# %%
with unfinished():
    print(f"log 10 = {np.log(10):.3f}")
    for scale in (0.0, 0.01, 0.1, 1.0, 3.0):
        layers = [scale * W for W in untrained[0]], untrained[1]
        Z = mlp_forward(pictures, *layers, np.tanh)[0]
        print(f"weights {scale:4.2f} × random:  loss {cross_entropy(Z, labels):6.3f},  {np.mean(Z.argmax(axis=1) == labels):.0%} right")
    Z = mlp_forward(pictures, reader.weights, reader.biases, np.tanh)[0]
    print(f"trained:                loss {cross_entropy(Z, labels):6.3f},  {np.mean(Z.argmax(axis=1) == labels):.0%} right")

# %% [markdown]
# With zero or small weights the loss is 2.303, which is $\log 10$.
# With a standard deviation of 1 it is 5.643, and with weights three times as large it is 16.573.
# Large random weights are *worse than knowing nothing*: they make the network sure for no reason, and nothing costs more than being sure and wrong.
#
# Make a habit of this check.
# If the loss starts far from $\log c$, either the initial weights are too large or there is a bug in your code.
#
# **Which output for which question?** The last layer is always linear.
# What follows it, and which loss you use, depends on the question.
#
# | the answer is | outputs | read as | loss |
# |---|---|---|---|
# | a number, or several | one for each | the number itself | mean squared error |
# | yes or no | one logit | $\sigma(z)$, the probability of yes | binary cross-entropy |
# | one of $c$ classes | $c$ logits | softmax: the probabilities sum to 1 | cross-entropy |
# | several yes-or-no questions at once | one logit for each | $\sigma$ of each, independently | binary cross-entropy of each |
#
# This is also why `mlp_forward` returns logits rather than probabilities: only from the logits can the loss be computed exactly.

# %% [markdown]
# ## What can a network compute at all?
#
# How many hidden units are enough?
# For continuous functions there is an answer, the **universal approximation theorem**:
#
# > Let $f$ be *continuous* on a *closed and bounded* region (a *compact* set), and choose any tolerance $\varepsilon > 0$.
# > Then, for almost any activation, there is a network with one hidden layer, wide enough, and a linear output, whose error is below $\varepsilon$ *everywhere in that region*.
#
# <details><summary>Optional: who proved it</summary>
#
# George Cybenko proved it in 1989 for sigmoid-like activations, and Kurt Hornik extended it to more of them in 1991.
# In 1993 Moshe Leshno and others showed that almost any activation will do, including ReLU, as long as it isn't a polynomial.
# </details>
#
# It is easy to see why.
# With ReLU, each hidden unit $\max(0, wx + b)$ is flat on one side of a kink and rises on the other.
# A weighted sum of such units is a line with kinks, and with enough kinks it can follow any curve.
#
# Let's try it on $\sin x$ between $-\pi$ and $\pi$.
# The kinks are in random places, and only the output weights are fitted, by least squares.
# (A network that is trained as a whole might do better.)
#
# **Predict:** how well will 4 units do?
# What about 200 units without an activation?

# %%
def relu(z):
    return np.maximum(z, 0.0)


def fitted(f, x, width, act, rng):
    """Return a network with random kinks in [-pi, pi] and output weights from least squares."""
    W1, b1 = rng.choice([-1.0, 1.0], size=(width, 1)), rng.uniform(-np.pi, np.pi, size=width)
    hidden = act(mlp_forward(x, [W1], [b1], act)[0])
    best = np.linalg.lstsq(np.column_stack([hidden, np.ones(len(x))]), f(x[:, 0]), rcond=None)[0]
    return [W1, best[None, :-1]], [b1, best[-1:]], act


x = np.linspace(-np.pi, np.pi, 240)[:, None]

with plots.figure("Left: sin x and three ReLU networks. Four units give a rough line with kinks, "
                  "eight follow the curve loosely, and 64 lie right on it. Right: a stack without "
                  "an activation, which is a straight line with 8 units and with 200.",
                  columns=2, size=(10.4, 4.2)) as (bent, straight):
    for ax, act, widths in ((bent, relu, (4, 8, 64)), (straight, lambda z: z, (8, 200))):
        found = {}
        ax.plot(x, np.sin(x), color=plots.SERIES_COLORS[-1], linewidth=7, alpha=0.35, label="sin x")
        for width in widths:
            layers = fitted(np.sin, x, width, act, np.random.default_rng(5))
            found[f"{width} units"] = mlp_forward(x, *layers)[0][:, 0]
        worst = np.abs(found[f"{widths[-1]} units"] - np.sin(x[:, 0])).max()
        plots.curves(x[:, 0], found, xlabel="x", ylabel="output", ax=ax,
                     title=(f"With ReLU: {widths[-1]} units are off by at most {worst:.3f}" if act is relu else
                            f"Without: off by {worst:.2f}, with 8 units or 200"))
        ax.set_ylim(-1.25, 1.25)

# %% [markdown]
# With 4 units the network is off by as much as 0.56; with 8 units by 0.35, and with 64 by only 0.013.
# Without an activation, the stack collapses into a straight line, as you proved in lesson 2, and is off by 0.94 with 8 units and with 200.
#
# ### What the theorem does not say
#
# You often hear that "a network can learn any function".
# Three things are wrong with that, and the cell below measures two of them.
# For each width it fits five random networks as before, and plots the median of their largest errors:
#
# - on $\sin x$ within $[-\pi, \pi]$, where it was fitted;
# - on $\sin x$ *beyond* that region, from $\pi$ to $2\pi$;
# - on a function with a *jump*: −1 to the left of zero, +1 to the right.
#
# **Predict:** which of the three errors will go toward 0 as the network gets wider?

# %%
with plots.figure("Largest error against the number of hidden units, from 2 to 64, on "
                  "logarithmic axes. For the sine within the region it falls steadily to about "
                  "0.01. Beyond the region, for a jump, and without an activation it does not "
                  "fall.", size=(7.4, 4.6)) as ax:
    beyond = np.linspace(np.pi, 2 * np.pi, 200)[:, None]
    jump = lambda v: np.where(v >= 0, 1.0, -1.0)
    tight = np.concatenate([x, [[-1e-9], [1e-9]]])  # the jump is looked at from close by
    widths = np.array([2, 4, 8, 16, 32, 64])

    def largest_errors(f, act, *places):
        """Return for each place the median of five networks' largest errors, by width."""
        rows = []
        for width in widths:
            nets = [fitted(f, x, width, act, np.random.default_rng(seed)) for seed in range(5)]
            rows.append([np.median([np.abs(mlp_forward(place, *net)[0][:, 0] - f(place[:, 0])).max()
                                    for net in nets]) for place in places])
        return np.array(rows).T

    inside, outside = largest_errors(np.sin, relu, x, beyond)
    (at_jump,), (linear,) = largest_errors(jump, relu, tight), largest_errors(np.sin, lambda z: z, x)
    errors = {"sin, beyond": outside, "a jump": at_jump, "sin, no act": linear, "sin, within": inside}
    plots.curves(widths, errors, log="xy", xlabel="hidden units", ylabel="largest error", ax=ax,
                 title="Width helps for continuous functions, within the region, with an activation")
    ax.set_xticks(widths, widths)
    ax.minorticks_off()
    for name, row in errors.items():
        print(f"{name:12s}", *(f"{width:4d}: {error:6.3f}" for width, error in zip(widths, row)))

# %% [markdown]
# - **Within the region, for a continuous function,** the theorem is at work. From 2 units to 64 the error falls from 1.130 to 0.011. Without an activation ("sin, no act") it doesn't fall.
# - **Beyond the region, the theorem promises nothing,** and that is what you get. The last piece goes straight on while the sine turns, and with 64 units the error is 3.1.
# - **A jump is not continuous.** A ReLU network is, so somewhere near the jump it must be off by at least half the jump's height, here 1, no matter how wide it is. The measured errors lie between 1.06 and 1.17.
#
# The third thing is one that no picture shows:
#
# - **That good weights *exist* doesn't mean that anyone will find them.** The theorem says nothing about training or about unseen examples. In lesson 2, two hidden units were enough for XOR, and many random starts never found the weights.
#
# Nor does it say that you can afford a network that is "wide enough": the width may have to grow exponentially with the number of inputs, and for some functions one more layer avoids exactly that (Eldan and Shamir, 2016).

# %% [markdown]
# ## Check your understanding
#
# Each of the five questions has exactly one right answer.
# Return its letter.

# %% [markdown]
# **Question 1.** A batch of 32 examples with 64 features goes into a layer of 16 units.
# What are the shapes of `W`, `b`, and `Z`?
#
# - **a**  (64, 16), (16,) and (32, 16)
# - **b**  (16, 64), (32,) and (16, 32)
# - **c**  (16, 64), (16,) and (32, 16)
# - **d**  (32, 64), (32,) and (32, 16)

# %% exercise: quiz_shapes
def quiz_shapes():
    """Return the letter of your answer to question 1, for example "a"."""
    ### BEGIN SOLUTION
    return "c"
    ### END SOLUTION

# %% tests: quiz_shapes, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_shapes())
### BEGIN HIDDEN TESTS
with check("the shapes of a layer"):
    check.letter(quiz_shapes(), right="c", why={
        "a": "That W would be used without a transpose, as in some other texts. Here each row of "
             "W is a unit, with one weight for each of the 64 inputs.",
        "b": "A bias belongs to a unit, not to an example, and Z has one example per row.",
        "c": "W has a row of 64 weights for each of the 16 units, b has one number per unit, and Z "
             "has a row for each of the 32 examples.",
        "d": "The shape of a parameter never depends on the number of examples: the same layer "
             "works for one example and for a thousand."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 2.** You add 100 to all ten logits of an example.
# What happens to its softmax probabilities?
#
# - **a**  They stay the same.
# - **b**  They all grow and must be normalized again.
# - **c**  The largest one gets closer to 1.
# - **d**  They become more alike, because 100 outweighs the differences.

# %% exercise: quiz_shift
def quiz_shift():
    """Return the letter of your answer to question 2, for example "a"."""
    ### BEGIN SOLUTION
    return "a"
    ### END SOLUTION

# %% tests: quiz_shift, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_shift())
### BEGIN HIDDEN TESTS
with check("what softmax takes notice of"):
    check.letter(quiz_shift(), right="a", why={
        "a": "Every exponential grows by a factor of e^100, and so does their sum, so the factor "
             "cancels.",
        "b": "Dividing by the sum is part of the softmax: every exponential grows by a factor of "
             "e^100, and so does the sum.",
        "c": "That is what multiplying the logits does. Adding a number leaves all their "
             "differences unchanged, and only differences count.",
        "d": "That would happen if you divided the logits themselves by their sum. Softmax takes "
             "exponentials first, and e^(100 + z) is e^100 times e^z for every class."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 3.** Before any training, a network for ten classes has a cross-entropy of 9.2 on its first batch.
# What do you conclude?
#
# - **a**  Nothing: without training any loss is possible, and training will bring it down.
# - **b**  It is sure of wrong answers. A network that knows nothing and admits it would have about 2.3.
# - **c**  There is a bug in the loss, since a cross-entropy lies between 0 and 1.
# - **d**  It knows nothing, as expected: guessing among ten classes costs about 10.

# %% exercise: quiz_first_loss
def quiz_first_loss():
    """Return the letter of your answer to question 3, for example "a"."""
    ### BEGIN SOLUTION
    return "b"
    ### END SOLUTION

# %% tests: quiz_first_loss, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_first_loss())
### BEGIN HIDDEN TESTS
with check("what the first loss tells"):
    check.letter(quiz_first_loss(), right="b", why={
        "a": "It is possible, but it tells you something: equal logits would cost log 10. What "
             "could make it four times as large?",
        "b": "Equal probabilities would cost log 10, about 2.3; a loss of 9.2 means that the "
             "right class typically gets a probability of about 0.0001.",
        "c": "A probability lies between 0 and 1, but its negative logarithm has no upper limit.",
        "d": "Giving each of the ten classes a probability of 1/10 costs log 10, not 10."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 4.** A photo may show a dog, a cat, both, or neither.
# How should you build the output of your network?
#
# - **a**  Two logits, a softmax over them, and cross-entropy.
# - **b**  One logit, with "dog" above and "cat" below zero, and binary cross-entropy.
# - **c**  Two outputs, and the mean squared error against 0 and 1, since the two needn't sum to 1.
# - **d**  Two logits, a sigmoid on each, and binary cross-entropy for each.

# %% exercise: quiz_output
def quiz_output():
    """Return the letter of your answer to question 4, for example "a"."""
    ### BEGIN SOLUTION
    return "d"
    ### END SOLUTION

# %% tests: quiz_output, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_output())
### BEGIN HIDDEN TESTS
with check("which output for which question"):
    check.letter(quiz_output(), right="d", why={
        "a": "The two probabilities of a softmax sum to 1: with both animals in the photo, they "
             "could not both be close to 1.",
        "b": "Then a dog would count against a cat, and no score would mean both or neither.",
        "c": "It's true that the two needn't sum to 1, but without a sigmoid they aren't "
             "probabilities, and with one, the squared error is flat where an answer is sure and wrong.",
        "d": "\"Is there a dog?\" and \"is there a cat?\" are separate yes-or-no questions, and "
             "each needs a probability of its own."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 5.** What does the universal approximation theorem promise about networks with one hidden layer?
#
# - **a**  Gradient descent finds the weights for any function, if the layer is wide enough.
# - **b**  For a continuous function on a closed and bounded region, some network comes as close as you like.
# - **c**  Any function can be approximated everywhere, even far from the data.
# - **d**  Deeper networks are never needed, because one hidden layer does the same with about as many units.

# %% exercise: quiz_universal
def quiz_universal():
    """Return the letter of your answer to question 5, for example "a"."""
    ### BEGIN SOLUTION
    return "b"
    ### END SOLUTION

# %% tests: quiz_universal, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_universal())
### BEGIN HIDDEN TESTS
with check("what universal approximation promises"):
    check.letter(quiz_universal(), right="b", why={
        "a": "It says that such weights exist, but not a word about finding them. Remember the "
             "random starts that never found XOR.",
        "b": "That is exactly the promise: such a network exists, though the theorem doesn't say "
             "how wide it is or how to find its weights.",
        "c": "Only continuous functions, and only within the region: look again at the curves "
             "beyond pi and at the jump.",
        "d": "It doesn't limit the width. There are functions for which one hidden layer needs "
             "exponentially many units, and two layers don't."})
### END HIDDEN TESTS

# %% [markdown]
# ## Questions people ask you
#
# Say your answer first, then open the box.
#
# <details><summary>What happens in the forward pass?</summary>
#
# The batch enters the first layer.
# Each layer multiplies by its weights and adds its biases, $Z = A W^\top + b$.
# Every layer except the last applies its activation to the result, which becomes the input of the next layer.
# The scores of the last layer are turned into an answer (a number, a sigmoid, or a softmax), and during training a loss compares that answer with the truth.
# The input and the scores of each layer are kept for the backward pass.
# Nothing is learned in the forward pass itself.
#
# **A good answer says:** each layer multiplies by its weights, adds biases, and applies its activation; the last layer's scores become an answer and a loss; inputs and scores are kept for the backward pass, and nothing is learned yet.
# </details>
# <details><summary>What is a multi-layer perceptron, and why "feed-forward"?</summary>
#
# It has an input layer, one or more hidden layers with a non-linear activation, and an output layer.
# Each unit is connected to all the units of the previous layer.
# Feed-forward means that data flows from the inputs to the outputs, without cycles.
# (The name is old: the units are no longer perceptrons with a step, because a step has no slope to learn from.)
#
# **A good answer says:** input, hidden layers, output; a non-linear activation in between, with a slope; data flows one way, without cycles.
# </details>
# <details><summary>Are neural networks universal function approximators that can learn any mapping?</summary>
#
# Only half of that is true.
# For every continuous function on a compact set and every tolerance, there is a wide enough network with one hidden layer (and an activation that is not a polynomial).
# The theorem doesn't say how wide it has to be, nor that training finds it, and it says nothing about jumps, about points outside the region, or about unseen data.
#
# **A good answer says:** any continuous function on a compact set, to any tolerance, with one wide enough hidden layer; nothing about how wide, or whether training finds it; nothing about points outside the region or unseen data.
# </details>
# <details><summary>Why cross-entropy for classes, and mean squared error for numbers?</summary>
#
# Cross-entropy is minus the log-probability of what actually happened, so the costs of independent examples add up.
# The cost of a sure and wrong answer has no limit, and its slope stays steep where the answer is worst, whereas the squared error of a probability goes flat there.
# For numbers, the best constant under the squared error is the mean, and the squared error, too, is minus a log-probability (up to constants) if the errors are normal with a fixed spread.
#
# **A good answer says:** cross-entropy is minus the log-probability of what happened; its slope stays steep where the answer is sure and wrong; squared error fits numbers because its best constant is the mean, or because of normal errors.
# </details>
# <details><summary>Why compute a loss from logits and not from probabilities?</summary>
#
# Because a probability that has been rounded to 0 or 1 has lost what the logarithm needs.
# From the logits, $\log \sum_k e^{z_k} - z_y$ is accurate if you subtract the largest logit first.
# It also keeps you from applying softmax twice by mistake.
#
# **A good answer says:** a probability rounded to 0 or 1 ruins the logarithm; log-sum-exp with the largest logit subtracted; no softmax applied twice.
# </details>
# <details><summary>How many parameters does a network have, and does the batch size matter?</summary>
#
# (in + 1) · out for each layer, added up.
# The batch size doesn't matter: it only determines how many rows go through at once, and how much memory the cache takes.
#
# **A good answer says:** (in + 1) · out for each layer, added up; the batch size changes memory, not parameters.
# </details>

# %% [markdown]
# ## In an interview
#
# *Walk me through the forward pass of a multi-layer network that sorts images into ten classes: from a batch of images to the loss.*
#
# Answer in the cell below, in six to ten sentences.
# Say what a layer computes, with the shapes for a batch, and what comes between the layers and after the last one.
# Say how the loss is computed and what numerical problem you have to watch out for.
# Finally, say what must be kept, and why.
# A teacher reads this answer; it is worth 3 points.
#
# <!-- A good answer says: what a layer computes, with the shapes for a batch; what comes between the layers and after the last; the loss, and its numerical problem; what must be kept, and why -->

# %% answer: interview_forward, 3 points [markdown]
# A batch X has one image per row, so its shape is (n, d), with the pixels as the d features.
# Layer l computes Z = A W^T + b from the previous layer's output A (the input X for the first layer). W has shape (out, in) and b has shape (out,), so Z has shape (n, out); all examples go through at once and do not influence each other.
# After each hidden layer, an activation such as ReLU or tanh is applied entry by entry; without it, the layers would collapse into one.
# The last layer is linear and returns ten logits per image, shape (n, 10).
# A softmax turns each row into probabilities that sum to 1. Only the differences between the logits matter, so the largest is subtracted first, and no exponential overflows.
# The loss is the cross-entropy: the mean over the batch of minus the log-probability of the true class. It is computed from the logits as log-sum-exp minus the true logit, because the logarithm of a probability that was rounded to 0 is infinite.
# A network that knows nothing has a loss of about log 10 = 2.3, which is a good first check.
# Each layer's input and Z are kept in a cache, because the backward pass needs them to compute the gradients; the forward pass itself changes no weights.
#
# ### BEGIN MARK SCHEME
# One point for each, half points where it is incomplete:
#
# 1. **Layers and shapes:** weighted sums plus bias for a whole batch, with matching shapes of X, W, b, and Z (any consistent layout), and a non-linear activation between the layers.
# 2. **Output and loss:** a linear last layer whose logits become probabilities by softmax, and cross-entropy as the mean of minus log p of the true class.
# 3. **Numbers and memory:** one numerical point (subtract the maximum, loss from logits, or log 10 as the value to expect at the start), and that inputs and pre-activations (or activations) are kept for the backward pass.
#
# These cost the point in parentheses: the activation only at the output, or shapes that don't fit together (1); softmax applied before a loss that applies it again, or a sigmoid for each class presented as probabilities that sum to 1 (2); "the weights are updated in the forward pass" (3).
# ### END MARK SCHEME

# %% [markdown]
# ## What to remember
#
# > - A layer is $Z = A W^\top + b$, with shape (n, out) from (n, in). The first $A$ is the input. An activation follows every layer except the last, which is linear.
# > - The cache keeps `(A_in, Z)` of each layer for the way back. The forward pass by itself learns nothing.
# > - Each layer has (in + 1) · out parameters. The batch size doesn't matter.
# > - In a softmax, only the differences between logits count. Subtract the largest logit of each row first.
# > - Losses are means: squared error for numbers, minus log p of the truth for classes, computed from the logits.
# > - A network that knows nothing costs $\log c$. Check that before you train.
# > - Universal approximation: continuous functions, compact sets, *some* network that is wide enough. Nothing about finding it.
#
# **Where this leads.** Convolutional networks for images, and recurrent networks and transformers for text, are built from the same pieces.
#
# **Next:** [lesson 4, backpropagation](../04_backprop/04_backprop.ipynb): the teacher goes back over the work, and the weights learn.
# **Back:** [lesson 2, XOR](../02_xor/02_xor.ipynb).
#
# <details><summary>Sources</summary>
#
# G. Cybenko, "Approximation by superpositions of a sigmoidal function", Mathematics of Control, Signals and Systems 2 (1989). K. Hornik, "Approximation capabilities of multilayer feedforward networks", Neural Networks 4 (1991). M. Leshno, V. Lin, A. Pinkus, and S. Schocken, "Multilayer feedforward networks with a nonpolynomial activation function can approximate any function", Neural Networks 6 (1993). R. Eldan and O. Shamir, "The power of depth for feedforward neural networks", COLT (2016). C. Guo, G. Pleiss, Y. Sun, and K. Weinberger, "On calibration of modern neural networks", ICML (2017). B. Efron, T. Hastie, I. Johnstone, and R. Tibshirani, "Least angle regression", Annals of Statistics 32 (2004), for the diabetes data. E. Alpaydin and C. Kaynak, "Optical recognition of handwritten digits" (1998), here from scikit-learn.
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

HandIn("03_forward_pass")
