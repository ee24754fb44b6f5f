# %% [markdown]
# # 3 · The forward pass
#
# A letter runs through a sorting machine, past a small camera.
# One digit of the postcode becomes 64 grey values, eight rows of eight.
# A moment later the machine says: *that is a 7, and I am 98 per cent sure.*
#
# Between the 64 numbers and the answer there is no rule about sevens, only sums, products and a bend, layer behind layer.
# What exactly is computed on the way? How do scores become "98 per cent"? And who says how wrong it was, if it was a 1?
#
# In this lesson you build the whole way from the picture to the mark, look at each layer while it works, and measure what is promised about networks of this kind, and what is not.
#
# **You will build**, from nothing but NumPy:
# `linear_forward` → `count_params` → `mlp_forward` → `softmax` → `mse_loss` → `bce_with_logits` → `cross_entropy`
#
# **Time:** about 90 minutes. **You need:** [lesson 2](../02_xor/02_xor.ipynb), and the logarithm.
#
# **How to work.** As before: predict, run, explain.
# Replace `# YOUR CODE HERE` and the `raise` below it, run the tests, open a hint when you are stuck.
# Each exercise is tested on its own, so one that resists can wait.

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
# Lesson 2 put the weights of each unit into a row of $W$, so that one product gives the scores of all of them.
#
# **By hand, once.** Two inputs, three units:
#
# $$ W = \begin{pmatrix} 1 & 2 \\ 0 & -1 \\ 3 & 1 \end{pmatrix}, \quad b = (0.5,\; 1,\; -2), \qquad x = (2,\, 1). $$
#
# - unit 1: $1 \cdot 2 + 2 \cdot 1 + 0.5 = 4.5$
# - unit 2: $0 \cdot 2 - 1 \cdot 1 + 1 = 0$
# - unit 3: $3 \cdot 2 + 1 \cdot 1 - 2 = 5$
#
# So $z = Wx + b = (4.5,\; 0,\; 5)$. Two numbers went in, three came out: the layer's shape is (out, in), here (3, 2).
#
# For a batch, one example in each row of `X`, the same is
#
# $$ Z = X W^\top + b \qquad (n, \text{out}) = (n, \text{in})\,(\text{in}, \text{out}) + (\text{out},). $$
#
# Books write $z = W a + b$ with a column $a$, for one example. It is the same layer: put many such columns side by side, turn the page by 90 degrees, and you have our rows.
#
# ## Exercise 1: a layer

# %% exercise: linear_forward
def linear_forward(X, W, b):
    """The scores of one layer for a batch.

    X: (n, in) examples.  W: (out, in) weights, one unit in each row.  b: (out,) biases.
    Returns Z = X Wᵀ + b, a new float64 array of shape (n, out).

    linear_forward([[2.0, 1.0]], [[1.0, 2.0], [0.0, -1.0], [3.0, 1.0]], [0.5, 1.0, -2.0])
    gives array([[4.5, 0. , 5. ]])
    """
    ### BEGIN SOLUTION
    X, W, b = (np.asarray(part, dtype=float) for part in (X, W, b))
    return X @ W.T + b
    ### END SOLUTION

# %% tests: linear_forward, 3 points
import numpy as np

with check("gives the three scores that you worked out by hand"):
    W, b = np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 1.0]]), np.array([0.5, 1.0, -2.0])
    check.close(check.call(linear_forward, np.array([[2.0, 1.0]]), W, b), [[4.5, 0.0, 5.0]])
with check("returns float64, a row for each example and a column for each unit"):
    rng = np.random.default_rng(11)
    got = check.call(linear_forward, rng.normal(size=(7, 5)), rng.normal(size=(3, 5)),
                     rng.normal(size=3))
    check.floats(got, (7, 3))
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
with check("works on lists and whole numbers, and returns float64"):
    X, W, b = [[1, 2], [3, -4]], [[1, 0], [2, 1], [0, 3]], [10, 0, -1]
    got = check.call(linear_forward, X, W, b)
    check.floats(got, (2, 3))
    check.close(got, [[11, 4, 5], [13, 2, -13]])
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
# Write down the shapes of `X` and of `W`. Which of the two has to be turned round so that `@` fits?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `X @ W.T` has shape `(n, out)`. When you add an array of shape `(out,)` to it, NumPy adds it to every row.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Lists have no `.T`, so make float arrays of all three first, for instance `W = np.asarray(W, dtype=float)`. Then one line: the matrix product of the formula above, plus `b` as it is.
# </details>

# %% [markdown]
# ### Why a batch, and not one example after the other?
#
# The sums are the same. But a loop in Python pays for each step, and a product of two matrices pays once.
# **Predict:** a layer of 16 units, and 1000 pictures of 64 pixels each. How many times as long do they take one by one?

# %%
with unfinished():
    rng = np.random.default_rng(1)
    X, W, b = rng.normal(size=(1000, 64)), rng.normal(size=(16, 64)), rng.normal(size=16)

    def fastest(work, tries=5):
        """The shortest of a few times, in milliseconds."""
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
# Nothing else changes: no example sees another one. Row 5 of `Z` depends on row 5 of `X` and on nothing else.

# %% [markdown]
# ## Layers behind layers
#
# The output of one layer is the input of the next. That is all there is to a **multi-layer perceptron** (MLP), or **feed-forward network**: data flow from the inputs to the outputs, and nothing ever flows back into an earlier layer.
#
# - The **input layer** computes nothing: it is the example itself.
# - A **hidden layer** is a linear map with an activation behind it.
# - The **output layer** is linear. Its scores are called **logits** when probabilities will be made of them.
#
# Here is a network for the digits: 64 pixels, a hidden layer of 16 units, and one output for each digit.

# %%
with plots.figure("A network with 64 inputs, 16 hidden units and 10 outputs; each unit of a layer "
                  "is joined to all units of the layer before.", size=(6.8, 4.4)) as ax:
    plots.network([64, 16, 10], title="64 pixels in, ten scores out, 16 units in between",
                  labels=[["x₁", "x₂"], ["a₁", "a₂"], ["z₁", "z₂"]], ax=ax)

# %% [markdown]
# ## Exercise 2: how many numbers are in it?
#
# Whatever a network knows stands in its weights and biases, its **parameters**.
# Each unit has one weight for each of its inputs, and one bias.
#
# **By hand:** for the sizes 2, 3, 1, the hidden layer has $3 \cdot 2$ weights and 3 biases, the output $1 \cdot 3$ weights and 1 bias. That makes $6 + 3 + 3 + 1 = 13$.

# %% exercise: count_params
def count_params(sizes):
    """How many weights and biases a network has.

    sizes: the units of each layer [inputs, hidden..., outputs], for example [2, 3, 1].
    Returns an int. One size alone has no layer that computes anything, so it gives 0.

    count_params([2, 3, 1]) gives 13
    """
    ### BEGIN SOLUTION
    return int(sum((sizes[k - 1] + 1) * sizes[k] for k in range(1, len(sizes))))
    ### END SOLUTION

# %% tests: count_params, 2 points
from itertools import pairwise

import numpy as np

with check("counts the 13 numbers of 2, 3, 1"):
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
# A layer lies *between* two sizes: what comes in, and what goes out. How many such pairs are there in a list of four sizes?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `zip(sizes, sizes[1:])` walks over neighbours. For a pair `(before, after)`, the weights are a table of `after` rows and `before` columns, and there are `after` biases.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Begin with `total = 0`. For each pair of neighbours add `after * before` and `after`. Return the total after the loop.
# </details>

# %%
with unfinished():
    for sizes in ([64, 10], [64, 16, 10], [64, 16, 16, 10], [64, 256, 10], [784, 512, 512, 10]):
        print(f"{' → '.join(map(str, sizes)):24s} {count_params(sizes):8,d} parameters")

# %% [markdown]
# The first hidden layer of the last network has more parameters than all its other layers together, since it has the most inputs.
# The one with sizes 784 stands for pictures of 28 by 28 pixels: still small, for a picture.

# %% [markdown]
# ## Exercise 3: the forward pass
#
# Number the layers $l = 1, \dots, L$ and call the input $a^{(0)} = x$. Then, for each layer in turn,
#
# $$ z^{(l)} = W^{(l)} a^{(l-1)} + b^{(l)}, \qquad a^{(l)} = \mathrm{act}\big(z^{(l)}\big), $$
#
# except that the last layer stops at $z^{(L)}$: it is linear.
# $z$ is called the **pre-activation**, $a$ the **activation**.
#
# One thing more. In lesson 4 the network will be told what it got wrong, and will have to retrace its steps.
# For that it needs, of each layer, what came in and what the sums were.
# So the forward pass keeps a **cache**: one pair `(A_in, Z)` for each layer, in the order in which they were computed.
#
# **By hand, once.** One input, two hidden units, one output, and as `act` the absolute value:
# $W_1 = \begin{pmatrix} 1 \\ -2 \end{pmatrix}$, $b_1 = (-3,\; 0)$, $W_2 = (1 \;\; 10)$, $b_2 = (5)$. For $x = 1$:
#
# | layer | `A_in` | `Z` | behind `act` |
# |---|---|---|---|
# | 1 | $(1)$ | $(1 - 3,\; -2) = (-2, -2)$ | $(2, 2)$ |
# | 2 | $(2, 2)$ | $2 + 20 + 5 = 27$ | not applied |

# %% exercise: mlp_forward
def mlp_forward(X, weights, biases, act):
    """The forward pass of a network with any number of layers, for a batch.

    X: (n, d) examples.
    weights: a list of L matrices, the l-th of shape (out, in).  biases: a list of L vectors (out,).
    act: a function that takes an array and returns a new one, entry by entry. It is applied to the
    Z of every layer but the last, which is linear.

    Returns (Z, cache): Z (n, out) of the last layer, and a list of L pairs (A_in, Z), one for each
    layer, the first layer first. A_in is what came into the layer, so cache[0][0] equals X;
    Z = A_in Wᵀ + b is what the layer computed, before act. All of them are float64 arrays.
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

with check("returns the score 27 that you worked out by hand"):
    weights, biases = [np.array([[1.0], [-2.0]]), np.array([[1.0, 10.0]])], [np.array([-3.0, 0.0]), np.array([5.0])]
    Z, _ = check.parts(check.call(mlp_forward, np.array([[1.0]]), weights, biases, np.abs), "Z", "cache")
    check.close(Z, [[27.0]])
with check("keeps (A_in, Z) of both layers in its cache"):
    weights, biases = [np.array([[1.0], [-2.0]]), np.array([[1.0, 10.0]])], [np.array([-3.0, 0.0]), np.array([5.0])]
    _, cache = check.parts(check.call(mlp_forward, np.array([[1.0]]), weights, biases, np.abs), "Z", "cache")
    check.true(type(cache) in (list, tuple) and len(cache) == 2, "the cache is a list with one pair for each of the 2 layers.")
    for pair, A_in, Z in zip(cache, ([[1.0]], [[2.0, 2.0]]), ([[-2.0, -2.0]], [[27.0]])):
        check.close(pair, (np.array(A_in), np.array(Z)), names=("A_in", "Z"))
### BEGIN HIDDEN TESTS
def _bent(z):
    """Falls steeply, rises slowly, and is not 0 at 0: it matters where it is applied."""
    return np.where(np.asarray(z) > 0, 0.5 * np.asarray(z) + 1.0, -2.0 * np.asarray(z) + 0.25)


def _network(seed, *sizes):
    rng = np.random.default_rng(seed)
    pairs = list(pairwise(sizes))
    return ([rng.normal(size=(after, before)) / before**0.5 for before, after in pairs],
            [rng.normal(size=after) for _, after in pairs])


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
    check.true(len(cache) == len(weights), f"{len(weights)} layers make {len(weights)} pairs in the cache, got {len(cache)}.")
    return [check.parts(pair, "A_in", "Z") for pair in cache]


def _compare(X, weights, biases, act):
    expected = _steps(X, weights, biases, act)
    for pair, wanted in zip(_cached(X, weights, biases, act), expected):
        check.close(pair, wanted, names=("A_in", "Z"))


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
with check("works on lists and whole numbers"):
    X, weights, biases = [[1, 2], [3, -4]], [[[1, 0], [2, 1], [0, 3]], [[1, -2, 3]]], [[0, 1, 0], [4]]
    got = _output(X, weights, biases, np.copy)
    check.floats(got, (2, 1))
    check.close(got, [[13.0], [-35.0]])
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
# Write a loop over the layers, with one variable `A` for what comes into the next one. What is `A` before the first layer?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `for W, b in zip(weights, biases):` walks over both lists. In the loop: compute `Z`, put the pair `(A, Z)` at the end of `cache`, and only then let `A` be `act(Z)`. What `act` makes of the last `Z` is simply not used.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Before the loop: `A = np.asarray(X, dtype=float)` and `cache = []`. In it, in this order: `Z` from `A`, `W` and `b` (both made float arrays, so that lists work); `cache.append((A, Z))`; `A = act(Z)`. After it: `return Z, cache`, with the `Z` of the last round.
# </details>

# %% [markdown]
# ## Two networks look at a digit
#
# Time to use it. scikit-learn brings 1797 handwritten digits of 8 by 8 pixels (Alpaydin and Kaynak, 1998); we divide the pixels by 16, so that they lie between 0 and 1.
#
# Two networks with the same sizes, 64 → 16 → 16 → 10, and tanh as activation.
# The first has random weights. The second has been trained on the first 1400 digits, in a moment and by plain means, which are the subject of lesson 4.
# Both look at the other 397, which neither has seen. The digit with the largest score is the answer.
#
# **Predict:** how many of the 397 will the random one get right?

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
# Random weights give random answers. About one in ten is right by chance; how many exactly depends on which digits the network happens to like.
# It is the same code, the same shapes, the same number of products and sums. All the difference is in the numbers.
#
# What do the layers do with the pictures? Take all pairs of the 397 digits and measure how far apart they are: in pixels, then in each layer's activations.
# If the layers work towards an answer, two drawings of the *same* digit should come closer together, compared with drawings of different ones.
#
# **Predict:** what share of the distance is left for drawings of the same digit? In pixels it is about 70 per cent.

# %%
from scipy.spatial.distance import cdist


def alike(A, y):
    """The mean distance between examples of one class, as a share of that between classes."""
    distances = cdist(A, A)
    same = y[:, None] == y
    return distances[same & ~np.eye(len(y), dtype=bool)].mean() / distances[~same].mean()


with plots.figure("The distance between drawings of the same digit, as a share of the distance "
                  "between different digits, from the pixels over two hidden layers to the "
                  "scores. It falls at each layer of the trained network and "
                  "rises a little in the random one.", size=(6.8, 4.0)) as ax:
    shares = {}
    for name, layers in (("random", untrained), ("trained", (reader.weights, reader.biases))):
        Z, cache = mlp_forward(pictures, *layers, np.tanh)
        shares[name] = [alike(A, labels) for A, _ in cache] + [alike(Z, labels)]
    last = shares["trained"]
    plots.curves(range(4), shares, xlabel="", ylabel="same digit / other digits", ax=ax,
                 title=f"Drawings of one digit come together: {last[0]:.2f} of the distance in "
                       f"pixels, {last[-1]:.2f} in the scores")
    ax.set(xticks=range(4), ylim=(0, 1.05),
           xticklabels=["pixels\n64", "hidden 1\n16", "hidden 2\n16", "scores\n10"])

# %% [markdown]
# This is lesson 2's picture again, with more corners: a hidden layer *moves the examples* to where the next layer has it easier.
# And it does so step by step, as far as the network has learned to.

# %% [markdown]
# ## From scores to probabilities
#
# Ten scores say which digit is ahead, but not by how much it matters. To read them as probabilities they must be positive and sum to 1.
# The **softmax** takes exponentials, which are always positive, and divides by their sum:
#
# $$ p_j = \frac{e^{z_j}}{\sum_{k} e^{z_k}} . $$
#
# **By hand, once.** The logits $\log 1,\ \log 3,\ \log 6$ have the exponentials 1, 3 and 6, with the sum 10. So $p = (0.1,\ 0.3,\ 0.6)$.
#
# Three things to know of it:
#
# - **Only differences count.** Add 5 to all logits: each exponential grows by the same factor $e^5$, and so does the sum. Nothing changes.
#   One logit that is larger by 1 has a probability that is $e \approx 2.7$ times as large.
# - **Scale counts.** Multiply all logits by 10 and the largest takes nearly everything.
# - **With two classes it is the sigmoid.** For the logits $(0, z)$ the second probability is $e^z / (1 + e^z) = 1 / (1 + e^{-z})$: written $\sigma(z)$. It turns *one* score into the probability of "yes".

# %% [markdown]
# **What can go wrong.** $e^{710}$ is larger than any float64, so a logit of 1000 makes `inf / inf`, which is `nan`.
# The way out is the first of the three points: before taking exponentials, subtract from each row its largest logit. The probabilities stay, and no exponent is above 0.
# A logit far below becomes 0, which does no harm, since the largest contributes $e^0 = 1$ to the sum.
#
# ## Exercise 4: softmax
#
# Mind the axis: each *row* is an example.

# %% exercise: softmax
def softmax(Z):
    """Scores to probabilities, row by row.

    Z: (n, c) logits, c scores for each of n examples; they may be large.
    Returns float64 of shape (n, c): p_j = exp(z_j) / (exp(z_1) + ... + exp(z_c)) within each row,
    so that every row sums to 1.
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
with check("works on a batch of one, on one class, on lists and whole numbers"):
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
# Three steps: make the largest logit of each row 0, take `np.exp`, divide each row by its sum. Which axis is "along a row"?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `Z.max(axis=1)` has shape `(n,)`, and `Z - Z.max(axis=1)` would subtract it along the wrong direction. With `keepdims=True` it stays a column of shape `(n, 1)`, which belongs to the rows.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Make a float array of `Z`. Subtract `Z.max(axis=1, keepdims=True)` (not with `-=`, which could change the caller's array), call the exponentials `E`, and divide by their sum with the same two arguments.
# </details>

# %% [markdown]
# **Predict:** below are five logits, the same plus 5, and the same times 10. How do the three charts differ?

# %%
with plots.figure("Three bar charts of five probabilities: from some logits, from the same logits "
                  "plus 5, which look the same, and from ten times the logits, where one class "
                  "has nearly everything.", columns=3) as panels:
    z = np.array([1.0, 0.2, 1.3, -0.5, 0.6])
    for ax, logits, name in zip(panels, (z, z + 5, 10 * z), ("z", "z + 5", "10 z")):
        p = softmax(logits[None, :])[0]
        ax.bar(range(5), p, color=plots.SERIES_COLORS[0], width=0.7)
        ax.set(title=f"softmax({name}): at most {p.max():.2f}", xlabel="class",
               ylabel="probability", ylim=(0, 1), xticks=range(5))

# %% [markdown]
# ### Play: layer by layer
#
# Here is a digit on its way through a network, computed by *your* `mlp_forward` and *your* `softmax`.
# Step forward, or press *Play*. Each step shows what comes in, what the layer's numbers are, and what goes out: blue is positive, orange negative.
#
# *The question to answer:* take two different drawings of a 3. From which step on do they look alike to you?
#
# Three things to try:
#
# 1. Choose a unit of the first hidden layer. Its 64 weights are themselves a picture of 8 by 8: which pixels speak for it, which against?
# 2. Change the number of layers. With one layer there is nothing in between: ten such pictures, one for each digit. How many of the 397 are right then?
# 3. Press *Next mistake*. How sure was the network when it was wrong?

# %%
steps = ForwardSteps(mlp_forward, softmax)
steps

# %% [markdown]
# ### "98 per cent sure"
#
# The numbers sum to 1 and lie between 0 and 1. Does that make them probabilities?
# We can count. Of the digits that a network is at least 95 per cent sure of, how many does it get right?
#
# **Predict:** all of them? At least 95 per cent? And will networks with more layers be more often right, or only surer?

# %%
with unfinished():
    for deeper in ([64, 10], [64, 16, 10], [64, 16, 16, 10], [64, 16, 16, 16, 10]):
        deep = trained.digits(deeper)
        P = softmax(mlp_forward(pictures, deep.weights, deep.biases, np.tanh)[0])
        sure, right = P.max(axis=1), P.argmax(axis=1) == labels
        print(f"layers: {len(deeper) - 1}   right: {right.mean():.1%}   mean sureness: {sure.mean():.1%}   "
              f"right where at least 95% sure: {right[sure >= 0.95].mean():.1%}   "
              f"sureness where wrong: {sure[~right].mean():.0%}")

# %% [markdown]
# Hidden layers make these networks surer, hardly more right. (Among 397 digits, one per cent more or less is chance.)
# The network with four layers claims more than it keeps: on average it is surer than it is right, by several per cent, and when it is wrong it is still quite sure.
# A softmax makes numbers that *look* like probabilities. Whether they are as good as their word (one says: *calibrated*) has to be measured, on data that were not used for training.
# With modern, much larger networks that is a known trouble, too (Guo and others, 2017).

# %% [markdown]
# ## The mark
#
# The forward pass ends with an answer. To learn from it, one needs to know how wrong it was, as *one number*: the **loss**.
#
# Think of a student who sits a test.
#
# | in the exam room | in the network | symbol |
# |---|---|---|
# | the questions | a batch of examples | `X` |
# | what the student knows by now | the parameters | `weights`, `biases` |
# | the working on scratch paper, line after line | each layer's sums and activations | $z^{(l)}$, $a^{(l)}$ |
# | the scratch paper is kept | the cache | `cache` |
# | the answers, and how sure of each | logits, and their softmax | `Z`, `P` |
# | the answer key | the labels | `y` |
# | the mark | the loss: a mean over all questions | $\mathcal L$ |
# | the teacher goes back over the working, from the last line to the first, to find which step is to blame, and how much | the backward pass (lesson 4) | `dZ`, `dW`, `db` |
# | the student revises a little | the update (lesson 4) | $W \leftarrow W - \eta\, dW$ |
#
# The first part, down to the answers, is the forward pass. By itself it teaches nothing: you can sit a thousand tests and learn nothing if nobody marks them.
# A trained network in use does only this part, and people then call it *inference* or *prediction*.
#
# Where the analogy limps: the student may understand why an answer is wrong. The network gets a slope for each of its numbers, and nothing else.

# %% [markdown]
# ### When the answer is a number
#
# For a temperature or a price, take the difference, square it, and average: the **mean squared error**,
#
# $$ \mathrm{MSE} = \frac{1}{n} \sum_{i=1}^{n} (\hat y_i - y_i)^2 . $$
#
# The square makes errors of both signs count, and a miss by 10 counts a hundred times as much as a miss by 1: one outlier can dominate it.
# If there are several outputs for each example, the mean runs over all entries.
#
# **By hand, once:** predictions 1, 2, 5 for the targets 1, 4, 4 have the errors 0, −2, 1, the squares 0, 4, 1, and the loss 5/3.
#
# **A trap.** A network with one output returns a column of shape `(n, 1)`. The targets usually are a plain row `(n,)`. Look what NumPy makes of their difference:

# %%
column, row = np.array([[1.0], [2.0], [5.0]]), np.array([1.0, 4.0, 4.0])
print(column - row)
print("mean of these nine squares:", np.mean((column - row) ** 2), "  instead of 5/3")

# %% [markdown]
# Each prediction met *every* target. No error, no warning, and a wrong number that looks quite ordinary.
#
# ## Exercise 5: mean squared error

# %% exercise: mse_loss
def mse_loss(y_hat, y):
    """The mean squared error, over all entries.

    y_hat: predictions, y: targets; both (n,) or both (n, k). One may be (n, 1) and the other (n,):
    they hold the same n entries, which belong together one by one.
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
with check("works on one example, on lists and on large numbers"):
    check.close(check.call(mse_loss, np.array([3.0]), np.array([1.0])), 4.0)
    check.close(check.call(mse_loss, [1, 0, -2], [0, 2, 2]), 7.0)
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
# Difference, square, mean. What does NumPy make of a difference between shapes `(3, 1)` and `(3,)`? Try it.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `np.ravel` makes a flat array of anything. When both are flat, entry meets entry.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Flatten both as float arrays, subtract, square with `** 2`, take `np.mean`, and put `float(…)` around it.
# </details>

# %% [markdown]
# **What is a good value?** It depends on the units of $y$, squared. So compare with a simple rule.
# **Predict:** which constant, the same for everybody, has the smallest mean squared error?

# %%
with plots.figure("The mean squared error of predicting one constant for all diabetes patients, "
                  "against that constant: a parabola with its lowest point at the mean of the "
                  "targets, where it equals their variance.") as ax:
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
# A network that predicts numbers has to beat the variance of the targets. If it doesn't, it has learned less than their mean.

# %% [markdown]
# ### When the answer is yes or no
#
# Now the network has one output, the logit $z$, and $p = \sigma(z)$ is its probability of "yes".
# What should an answer cost that gave the truth the probability $p$?
#
# - Sure and right, $p = 1$: nothing.
# - Two independent answers, with $p_1$ and $p_2$: the costs add up. Probabilities multiply, so the cost is a *logarithm*.
# - Sure and wrong, $p \to 0$: more than any limit.
#
# $-\log p$ does all three. For a label $y$ that is 1 or 0 it is written in one line,
#
# $$ -\big(y \log p + (1 - y) \log (1 - p)\big), $$
#
# where only one of the two terms is ever different from 0. The mean over the batch is called **binary cross-entropy**.
#
# **Never by way of $p$.** In float64, $\sigma(40)$ is exactly 1, so $1 - p$ is 0 and its logarithm $-\infty$. Many programs clip $p$, or add 10⁻⁸, and so forgive the worst answers.
# Put the sigmoid into the formula first, on paper, and all is well:
#
# $$ -\log \sigma(z) = \log (1 + e^{-z}), \qquad -\log\big(1 - \sigma(z)\big) = \log (1 + e^{z}). $$
#
# When $s$ is large, $\log(1 + e^s)$ is practically $s$. So an answer that is 1000 on the wrong side costs 1000, not `inf` and not 18.
#
# ## Exercise 6: cross-entropy for yes or no, from the logit

# %% exercise: bce_with_logits
def bce_with_logits(z, y):
    """The mean cross-entropy of yes-or-no answers, from their logits.

    z: (n,) logits, any real numbers.  y: (n,) labels, ints 0 or 1. Both may have shape (n, 1).
    Returns the float mean of -(y log p + (1 - y) log(1 - p)) with p = 1 / (1 + exp(-z)),
    exact for large logits too: z = -1000 with y = 1 costs 1000.
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
    for z, y in ((-1000.0, 1), (1000.0, 0), (-50.0, 1), (50.0, 0), (-800.0, 1)):
        check.close(check.call(bce_with_logits, np.array([z]), np.array([y])), abs(z))
with check("is 0, not nan, for logits that are far on the right side"):
    for z, y in ((1000.0, 1), (-1000.0, 0), (60.0, 1), (-60.0, 0)):
        check.close(check.call(bce_with_logits, np.array([z]), np.array([y])), 0.0)
with check("is exact for logits from 8 to 30, where log(1 + exp(s)) is nearly s, or nearly 0"):
    for s in np.arange(8.0, 30.5, 1.5):
        for z, y in ((-s, 1), (s, 0), (s, 1), (-s, 0)):
            check.close(check.call(bce_with_logits, np.array([z]), np.array([y])), _cost(z, y), rtol=1e-9, atol=1e-12)
with check("is a mean, with extreme and ordinary logits together"):
    z, y = np.array([-1000.0, 1000.0, 0.3, -2.0]), np.array([1, 1, 0, 1])
    check.close(check.call(bce_with_logits, z, y), _cost(z, y))
with check("compares two columns (n, 1) entry by entry"):
    rng = np.random.default_rng(63)
    z, y = rng.normal(size=(6, 1)), rng.integers(2, size=(6, 1))
    check.close(check.call(bce_with_logits, z, y), _cost(z, y))
with check("works on one example, on lists and whole numbers, and returns one float"):
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
# Work with the two cases above: for $y = 1$ the cost is $\log(1 + e^{-z})$, for $y = 0$ it is $\log(1 + e^{z})$. What is the trouble when the exponent is 1000, and what is nearly equal to $\log(1 + e^{1000})$?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# Let `s` be how far the score is on the wrong side: `-z` where `y` is 1 and `z` where it is 0. You need $\log(e^0 + e^s)$, and NumPy has a function that adds two exponentials and takes the logarithm without ever overflowing: `np.logaddexp`.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# `s = np.where(y == 1, -z, z)` with both as arrays, then the mean of `np.logaddexp(0.0, s)`, as a float. (Or by yourself: $\log(1 + e^s) = \max(s, 0) + \log(1 + e^{-|s|})$, whose exponent is never positive.)
# </details>

# %%
with unfinished():
    print("the truth is no    by way of p    p clipped     with 1e-8     yours")
    for z in (-2.0, 2.0, 20.0, 40.0, 1000.0):
        with np.errstate(all="ignore"):
            p = 1 / (1 + np.exp(-z))
            ways = -np.log([1 - p, 1 - np.clip(p, 1e-7, 1 - 1e-7), 1 - p + 1e-8])
        yours = bce_with_logits(np.array([z]), np.array([0]))
        print(f"z = {z:8.0f}      ", *(f"{cost:11.4f}" for cost in (*ways, yours)))

# %% [markdown]
# From 40 on the way by $p$ breaks down, and the two repairs charge the same for being 40 wrong and 1000 wrong.
#
# **Why not the squared error of $p$?** Let $s$ be how far the score is on the wrong side: $-z$ if the truth is "yes".
# **Predict:** how do the two costs go on, when the answer gets more and more wrong?

# %%
with plots.figure("The cost of a yes-or-no answer against how far the score is on the wrong "
                  "side. Both begin near zero. Cross-entropy goes on as a rising straight line; "
                  "the squared error flattens out at 1.",
                  size=(6.8, 4.2)) as ax:
    s = np.linspace(-8, 8, 161)  # the truth is yes, so the logit is -s
    costs = {"cross-entropy": [bce_with_logits(np.array([-v]), np.array([1])) for v in s],
             "squared error": [mse_loss(1 / (1 + np.exp(np.array([v]))), np.array([1])) for v in s]}
    slopes = {name: (row[-1] - row[-11]) / (s[-1] - s[-11]) for name, row in costs.items()}
    plots.curves(s, costs, xlabel="how far the score is on the wrong side", ylabel="cost", ax=ax,
                 title="Where the answer is worst, the slope is "
                       f"{slopes['cross-entropy']:.2f} or {slopes['squared error']:.3f}")

# %% [markdown]
# On the far right the network is sure and wrong. There the squared error is flat: a small change of the weights changes nothing, and learning by slopes would not know where to go.
# Cross-entropy has its steepest slope there, 1 for each unit of $s$. That, and the meaning as a probability, is why it is used.
#

# %% [markdown]
# ### When the answer is one of several
#
# With $c$ classes there are $c$ logits, the softmax makes probabilities of them, and the cost is again $-\log p$ of the *true* class $y$.
# What the others got matters only through the sum:
#
# $$ -\log p_y \;=\; -\log \frac{e^{z_y}}{\sum_k e^{z_k}} \;=\; \log \sum_k e^{z_k} \;-\; z_y . $$
#
# Its mean over the batch is the **cross-entropy**. No probability has to be computed, so none can be rounded to 0. As in the softmax, subtract the row's largest logit first; it cancels out.
#
# **Two numbers to keep in mind.** Logits that are all equal give each class $1/c$, so the cost is $\log c$: 2.303 for ten digits.
# Two logits $(0, z)$ are the yes-or-no case: then it equals the binary cross-entropy.
#
# ## Exercise 7: cross-entropy for many classes

# %% exercise: cross_entropy
def cross_entropy(Z, y):
    """The mean cross-entropy of a choice among c classes, from the logits.

    Z: (n, c) logits; they may be large.  y: (n,) labels, ints from 0 to c - 1.
    Returns the float mean over the examples of -log p, where p is the softmax probability of
    the true class. Logits that are all equal cost log c; [[-1000, 0]] with the label 0 costs 1000.
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

with check("costs -log 0.3 when the truth was given 0.3"):
    check.close(check.call(cross_entropy, np.log([[0.1, 0.3, 0.6]]), np.array([1])), -math.log(0.3))
with check("costs log c when all c classes are equally likely"):
    check.close(check.call(cross_entropy, np.zeros((6, 10)), np.arange(6)), math.log(10))
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
with check("is 0, not nan, when it was sure and right"):
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
with check("works on one example, on lists and whole numbers, and returns one float"):
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
# Look at the last line of the formula: the cost of one example is the logarithm of a sum, minus one single logit. Write it for one row first.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `Z[np.arange(len(Z)), y]` takes from row 0 the logit number `y[0]`, from row 1 the logit number `y[1]`, and so on: shape `(n,)`. `Z[:, y]` would take whole columns.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Subtract the largest logit of each row first, as in `softmax`. Then the logarithm of `np.exp(Z).sum(axis=1)`, minus the logits of the true classes; the mean of that, as a float. No probability is ever computed, so none can be rounded to 0.
# </details>

# %% [markdown]
# ### A first check of any network
#
# Before you train a network, look at its loss. If it knows nothing, it should *admit* it: about $\log c$.
#
# **Predict:** what is the cross-entropy on the digits when all weights are 0? When they are small? When they are random numbers of size 1?

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
# Large random weights are *worse than knowing nothing*: they make the network sure without a reason, and being sure and wrong is what costs most.
# Keep this check. A loss far from $\log c$ at the start means large starting weights, or a mistake in the code.
# (All weights equal to 0 are no good start either, for a reason that lesson 6 shows.)
#
# **Which output for which question?** The last layer is linear in each case; what stands behind it, and the loss, depend on the question.
#
# | the answer is | outputs | read as | loss |
# |---|---|---|---|
# | a number, or several | one for each | the number itself | mean squared error |
# | yes or no | one logit | $\sigma(z)$, the probability of yes | binary cross-entropy |
# | one of $c$ classes | $c$ logits | softmax: they share 1 | cross-entropy |
# | several yes-or-no questions at once | one logit for each | $\sigma$ of each: they share nothing | binary cross-entropy of each |
#
# And why does `mlp_forward` return logits and not probabilities? Because of the last two exercises: the loss is exact only from the logits.

# %% [markdown]
# ## What can a network compute at all?
#
# Lesson 2 ended with a question of size: how many hidden units are enough? For any continuous function there is an answer, the **universal approximation theorem**:
#
# > Let $f$ be *continuous* on a *closed and bounded* region (a *compact* set), and choose any tolerance $\varepsilon > 0$.
# > Then there is a network with one hidden layer, wide enough, and a linear output, whose error is below $\varepsilon$ *everywhere in that region*.
#
# George Cybenko proved it in 1989 for sigmoid-like activations, Kurt Hornik in 1991 for more of them, and Moshe Leshno and others showed in 1993 that nearly every activation will do, ReLU included: all but polynomials.
#
# You can see why. With ReLU, each hidden unit $\max(0, wx + b)$ is flat, then has a kink, then rises. A weighted sum of such pieces is a line with kinks; and with enough kinks, a line with kinks follows any curve.
#
# Let us try it on $\sin x$ between $-\pi$ and $\pi$. To be honest about what is done: the kinks are put at random places, and only the output weights are fitted, by least squares. Nothing else is trained, and a trained network might do better.
#
# **Predict:** how well will 4 units do? And 200 units without an activation?

# %%
def relu(z):
    return np.maximum(z, 0.0)


def fitted(f, x, width, act, rng):
    """A network with one hidden layer: random kinks within [-pi, pi], output by least squares."""
    W1, b1 = rng.choice([-1.0, 1.0], size=(width, 1)), rng.uniform(-np.pi, np.pi, size=width)
    hidden = act(mlp_forward(x, [W1], [b1], act)[0])
    best = np.linalg.lstsq(np.column_stack([hidden, np.ones(len(x))]), f(x[:, 0]), rcond=None)[0]
    return [W1, best[None, :-1]], [b1, best[-1:]], act


x = np.linspace(-np.pi, np.pi, 240)[:, None]

with plots.figure("Left: sin x and three ReLU networks. Four units make a rough line with kinks, "
                  "eight follow it loosely, 64 lie on the curve. Right: a stack without "
                  "activation, which is a straight line for 8 units and for 200.",
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
                            f"Without: 8 units or 200, off by {worst:.2f}"))
        ax.set_ylim(-1.25, 1.25)

# %% [markdown]
# Without an activation the stack collapses, as you proved in lesson 2, and no width helps: its best is the best straight line.
#
# ### What the theorem does not say
#
# "A network can learn any function": so it is often told, and three things are wrong with it.
# The cell below measures two of them. For each width it takes five random networks, fits their outputs as before, and notes their largest errors, of which the middle one is drawn:
#
# - on $\sin x$, within $[-\pi, \pi]$, where it was fitted;
# - on $\sin x$ *beyond* the region, from $\pi$ to $2\pi$;
# - on a function with a *jump*: −1 left of zero, +1 right of it.
#
# **Predict** the three curves.

# %%
with plots.figure("Largest error against the number of hidden units, from 2 to 64, on "
                  "logarithmic axes. For the sine within the region it falls steadily to about a "
                  "hundredth. Beyond the region, for a jump, and without activation it does not "
                  "fall.", size=(7.4, 4.6)) as ax:
    beyond = np.linspace(np.pi, 2 * np.pi, 200)[:, None]
    jump = lambda v: np.where(v >= 0, 1.0, -1.0)
    tight = np.concatenate([x, [[-1e-9], [1e-9]]])  # the jump is looked at from close by
    widths = np.array([2, 4, 8, 16, 32, 64])

    def largest_errors(f, act, *places):
        """For each place a list: the middle one of five networks' largest errors, by width."""
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
                 title="Width helps for continuous functions, inside the region, with an activation")
    ax.set_xticks(widths, widths)
    ax.minorticks_off()
    for name, row in errors.items():
        print(f"{name:12s}", *(f"{width:4d}: {error:6.3f}" for width, error in zip(widths, row)))

# %% [markdown]
# - **Inside, for a continuous function**, each doubling of the width here leaves roughly a half to a quarter of the error. That is the theorem at work.
# - **Beyond the region it promises nothing**, and nothing is what you get: the last piece goes straight on, while the sine turns.
# - **A jump is not continuous.** A network with ReLU is, so somewhere near the jump it must be off by half its height, here 1, whatever the width.
#
# And the third, which no picture shows:
#
# - **That good weights *exist* does not mean that anybody finds them.** The theorem says nothing of training, of how many examples it takes, or of examples not seen. In lesson 2 two hidden units were enough for XOR, and many random starts never found them.
#
# Nor does it say that "wide enough" is affordable. The width may have to grow exponentially with the number of inputs; and there are functions for which one more layer saves just that (Eldan and Shamir, 2016).
# So the theorem removes one worry, that the *shape* of such networks could be too poor. All the other worries remain, and the rest of the course is about them.

# %% [markdown]
# ## Check your understanding
#
# Five questions with one right answer each. Return its letter.

# %% [markdown]
# **Question 1.** A batch of 32 examples with 64 features goes into a layer of 16 units. Which shapes do `W`, `b` and `Z` have?
#
# - **a**  (64, 16), (16,) and (32, 16)
# - **b**  (16, 64), (32,) and (16, 32)
# - **c**  (16, 64), (16,) and (32, 16)
# - **d**  (32, 64), (32,) and (32, 16)

# %% exercise: quiz_shapes
def quiz_shapes():
    """The letter of your answer to question 1, for example return "a"."""
    ### BEGIN SOLUTION
    return "c"
    ### END SOLUTION

# %% tests: quiz_shapes, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_shapes())
### BEGIN HIDDEN TESTS
with check("the shapes of a layer"):
    check.letter(quiz_shapes(), right="c", why={
        "a": "That W would be used without a transpose, as some other texts do. Here a row of W is "
             "a unit, and it has one weight for each of the 64 inputs.",
        "b": "A bias belongs to a unit, not to an example, and Z keeps one example in each row.",
        "c": "W has a row of 64 weights for each of the 16 units, b has a number for each unit, "
             "and Z has a row for each of the 32 examples.",
        "d": "No parameter's shape depends on how many examples come in: the same layer works for "
             "one and for a thousand."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 2.** You add 100 to all ten logits of an example. What becomes of its softmax probabilities?
#
# - **a**  They stay as they are.
# - **b**  They all grow, and must be normalised again.
# - **c**  The largest comes closer to 1.
# - **d**  They become more alike, since 100 outweighs the differences.

# %% exercise: quiz_shift
def quiz_shift():
    """The letter of your answer to question 2, for example return "a"."""
    ### BEGIN SOLUTION
    return "a"
    ### END SOLUTION

# %% tests: quiz_shift, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_shift())
### BEGIN HIDDEN TESTS
with check("what softmax takes notice of"):
    check.letter(quiz_shift(), right="a", why={
        "a": "Every exponential grows by the factor e^100, and so does their sum, so the factor "
             "cancels.",
        "b": "The division by the sum is part of the softmax: every exponential grows by the "
             "factor e^100, and so does the sum.",
        "c": "That is what multiplying the logits does. Adding keeps all their differences, and "
             "only these count.",
        "d": "Shares of a sum would behave like that. Softmax takes exponentials first, and "
             "e^(100 + z) is e^100 times e^z for every class."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 3.** Before any training, a network for ten classes has a cross-entropy of 9.2 on its first batch. What do you conclude?
#
# - **a**  Nothing: without training any loss is possible, and training will bring it down.
# - **b**  It is sure of wrong answers. A network that knows nothing and admits it would have about 2.3.
# - **c**  There is a bug in the loss, since a cross-entropy lies between 0 and 1.
# - **d**  It knows nothing, as expected: guessing among ten classes costs about 10.

# %% exercise: quiz_first_loss
def quiz_first_loss():
    """The letter of your answer to question 3, for example return "a"."""
    ### BEGIN SOLUTION
    return "b"
    ### END SOLUTION

# %% tests: quiz_first_loss, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_first_loss())
### BEGIN HIDDEN TESTS
with check("what the first loss tells"):
    check.letter(quiz_first_loss(), right="b", why={
        "a": "It is possible, and it tells something: equal logits would cost log 10. What makes it "
             "four times that?",
        "b": "Equal probabilities would cost log 10, about 2.3; a loss of 9.2 means that the "
             "right class typically gets about 0.0001.",
        "c": "A probability lies between 0 and 1. Its negative logarithm has no upper limit.",
        "d": "Giving each of ten classes the probability 1/10 costs log 10, not 10."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 4.** A photo may show a dog, a cat, both, or neither. How should the output of your network be built?
#
# - **a**  Two logits, a softmax over them, and cross-entropy.
# - **b**  One logit, with "dog" above and "cat" below zero, and binary cross-entropy.
# - **c**  Two outputs, and the mean squared error against 0 and 1, since a sum of 1 is not wanted.
# - **d**  Two logits, a sigmoid on each, and binary cross-entropy for each.

# %% exercise: quiz_output
def quiz_output():
    """The letter of your answer to question 4, for example return "a"."""
    ### BEGIN SOLUTION
    return "d"
    ### END SOLUTION

# %% tests: quiz_output, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_output())
### BEGIN HIDDEN TESTS
with check("which output for which question"):
    check.letter(quiz_output(), right="d", why={
        "a": "The two probabilities of a softmax share 1: with both animals in the photo, neither "
             "could get more than its part.",
        "b": "Then a dog would speak against a cat, and there is no score for both or for neither.",
        "c": "It is true that no sum of 1 is wanted, but that is no reason for squares: where an "
             "answer is sure and wrong, the squared error of a probability is flat.",
        "d": "\"Is there a dog?\" and \"is there a cat?\" are separate yes-or-no questions, and "
             "each gets a probability of its own."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 5.** What does the universal approximation theorem promise about networks with one hidden layer?
#
# - **a**  Gradient descent finds the weights for any function, if the layer is wide enough.
# - **b**  For a continuous function on a closed and bounded region, some network comes as close as you like.
# - **c**  Any function is approximated everywhere, also far from the data.
# - **d**  Deeper networks are never needed, because one hidden layer does the same with about as many units.

# %% exercise: quiz_universal
def quiz_universal():
    """The letter of your answer to question 5, for example return "a"."""
    ### BEGIN SOLUTION
    return "b"
    ### END SOLUTION

# %% tests: quiz_universal, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_universal())
### BEGIN HIDDEN TESTS
with check("what universal approximation promises"):
    check.letter(quiz_universal(), right="b", why={
        "a": "It says that such weights exist, and not a word about finding them. Remember the "
             "starts that never found XOR.",
        "b": "That is what it promises: such a network exists, though nothing is said about its "
             "width or about how to find its weights.",
        "c": "Only continuous functions, and only within the region: look at the curves beyond pi "
             "and at the jump.",
        "d": "It gives no bound on the width. There are functions for which one hidden layer needs "
             "exponentially many units, and two do not."})
### END HIDDEN TESTS

# %% [markdown]
# ## Questions people ask you
#
# Say your answer first, then open the box.
#
# <details><summary>What happens in the forward pass?</summary>
#
# The batch enters the first layer. Each layer multiplies by its weights and adds its biases, $Z = A W^\top + b$, and every layer but the last applies its activation to the result, which is the input of the next. The last layer's scores are turned into an answer (a number, a sigmoid, a softmax), and in training a loss compares that with the truth. What each layer got and computed is kept for the backward pass. Nothing is learned in it.
# </details>
# <details><summary>What is a multi-layer perceptron, and why "feed-forward"?</summary>
#
# An input layer, one or more hidden layers with a non-linear activation, and an output layer, each joined to all units of the one before. Feed-forward: the data go from the inputs to the outputs, without a cycle. (The name is old; the units are no longer perceptrons with a step, since a step has no slope to learn from.)
# </details>
# <details><summary>Are neural networks universal function approximators that can learn any mapping?</summary>
#
# Half of it. For every continuous function on a compact set and every tolerance there is a wide enough network with one hidden layer (and an activation that is not a polynomial). The theorem does not say how wide, nor that training finds it, nor anything about jumps, about points outside the region, or about data not seen.
# </details>
# <details><summary>Why cross-entropy for classes, and mean squared error for numbers?</summary>
#
# Cross-entropy is minus the log-probability of what happened, so the costs of independent examples add up; a sure and wrong answer costs without limit, and its slope stays steep where the answer is worst, while the squared error of a probability goes flat there. For numbers, the squared error has the mean as its best constant, and is minus the log-probability too, if the errors are normal with a fixed spread.
# </details>
# <details><summary>Why compute a loss from logits and not from probabilities?</summary>
#
# Because a probability that is rounded to 0 or 1 has lost what the logarithm needs. From the logits, $\log \sum_k e^{z_k} - z_y$ is exact when the largest logit is subtracted first. And nobody can apply a softmax twice by mistake.
# </details>
# <details><summary>How many parameters has a network, and does the batch size matter?</summary>
#
# (in + 1) · out for each layer, added up. The batch size does not occur: it only sets how many rows go through at once, and how much memory the cache takes.
# </details>

# %% [markdown]
# ## In an interview
#
# *Walk me through the forward pass of a multi-layer network that sorts pictures into ten classes: from a batch of pictures to the loss.*
#
# Answer in the cell below, in six to ten sentences.
# Say what a layer computes, with the shapes for a batch; what comes between the layers and what behind the last one; how the loss is computed, and what has to be watched in the numbers; and what must be kept, and why.
# A teacher reads this answer; 3 points.

# %% answer: interview_forward, 3 points [markdown]
# A batch X holds one picture in each row, so it has shape (n, d), with the pixels as d features.
# Layer l computes Z = A W^T + b from the previous layer's output A (the input X for the first layer), where W has shape (out, in) and b has shape (out,), so Z has shape (n, out); all examples go through at once and do not influence each other.
# Behind each hidden layer an activation such as ReLU or tanh is applied entry by entry; without it the layers would collapse into one.
# The last layer is linear and returns ten logits for each picture, shape (n, 10).
# A softmax turns each row into probabilities that sum to 1; only the differences of the logits matter, so the largest is subtracted first and no exponential overflows.
# The loss is the cross-entropy: the mean over the batch of minus the log-probability of the true class, computed from the logits as log-sum-exp minus the true logit, since the logarithm of a probability that was rounded to 0 is infinite.
# A network that knows nothing has a loss of about log 10 = 2.3, which is a good first check.
# Each layer's input and Z are kept in a cache, because the backward pass needs them to compute the gradients; the forward pass itself changes no weights.
#
# ### BEGIN MARK SCHEME
# One point for each, half points where it is incomplete:
#
# 1. **Layers and shapes:** weighted sums plus bias for a whole batch, with matching shapes of X, W, b and Z (any consistent layout), and a non-linear activation between the layers.
# 2. **Output and loss:** a linear last layer whose logits become probabilities by softmax, and cross-entropy as the mean of minus log p of the true class.
# 3. **Numbers and memory:** one numerical point (subtract the maximum, loss from logits, or log 10 as the value to expect at the start), and that inputs and pre-activations (or activations) are kept for the backward pass.
#
# Disqualifying for its point: the activation only at the output, or shapes that don't fit together (1); softmax applied before a loss that applies it again, or a sigmoid for each class presented as probabilities that sum to 1 (2); "the weights are updated in the forward pass" (3).
# ### END MARK SCHEME

# %% [markdown]
# ## What to remember
#
# > - A layer is $Z = A W^\top + b$: (n, out) from (n, in). The first $A$ is the input; between the layers stands an activation; the last layer is linear.
# > - The cache keeps `(A_in, Z)` of each layer for the way back. The forward pass by itself learns nothing.
# > - (in + 1) · out parameters for each layer. The batch size is not among them.
# > - Softmax: only differences of logits count. Subtract the row's largest first.
# > - Losses are means: squared error for numbers, minus log p of the truth for classes, computed from the logits.
# > - A network that knows nothing costs $\log c$. Check that before you train.
# > - Universal approximation: continuous functions, compact sets, *some* wide enough network. Nothing about finding it.
#
# **Where this leads.** Pictures are better served by layers that share their weights over the picture (convolutional networks), texts by recurrent networks and transformers; the forward pass of each is built of the same pieces. They are lessons for another time.
#
# **Next:** [lesson 4, backpropagation](../04_backprop/04_backprop.ipynb): the teacher takes the scratch paper and goes back over it, and the weights learn.
# **Back:** [lesson 2, XOR](../02_xor/02_xor.ipynb).
#
# *Sources.* G. Cybenko, "Approximation by superpositions of a sigmoidal function", Mathematics of Control, Signals and Systems 2 (1989). K. Hornik, "Approximation capabilities of multilayer feedforward networks", Neural Networks 4 (1991). M. Leshno, V. Lin, A. Pinkus and S. Schocken, "Multilayer feedforward networks with a nonpolynomial activation function can approximate any function", Neural Networks 6 (1993). R. Eldan and O. Shamir, "The power of depth for feedforward neural networks", COLT (2016). C. Guo, G. Pleiss, Y. Sun and K. Weinberger, "On calibration of modern neural networks", ICML (2017). E. Alpaydin and C. Kaynak, "Optical recognition of handwritten digits" (1998), here from scikit-learn.

# %% [markdown]
# ## How far you are, and handing in
#
# The first cell shows which of your exercises pass the checks here.
# The second gives you a button that saves, checks and submits this lesson, and then shows you your receipt, and your mark where it can be had.

# %%
from utils import progress

progress.show()

# %%
from utils.hand_in import HandIn

HandIn("03_forward_pass")
