# %% [markdown]
# # 12 · Residual networks: which network can lose a layer?
#
# Train two networks to read handwritten digits.
# They have the same twelve blocks, the same sizes, and the same number of parameters.
# The only difference is one plus sign: in the second network, each block *adds* its result to what came in.
#
# Now take one block out of each, without any further training.
# One network is reduced to guessing.
# The other hardly notices.
# Why does losing a layer kill one network and not the other?
#
# **You will build**, from nothing but NumPy:
# `block_forward` → `block_backward` → `zero_init_block` → `lesion` → `path_counts` → `projection_block` → `stochastic_depth`
#
# **Time:** about 100 minutes. **You need:** [lesson 6](../06_vanishing_gradients/06_vanishing_gradients.ipynb), where you first met skip connections, the momentum steps of lesson 8, and, for one cell, the layer norm of [lesson 11](../11_normalization/11_normalization.ipynb).
#
# **How to work.** Predict, run, explain. If an exercise won't budge, skip it and come back.

# %% given: imports
import numpy as np

from utils import data, gradcheck, plots
from utils.checks import unfinished
from utils.widgets import LesionBench

# %% [markdown]
# Here are the pieces you built in earlier lessons.

# %% earlier: pieces
# from 03_forward_pass: linear_forward, softmax
# from 04_backprop: cross_entropy_grad, linear_backward
# from 06_vanishing_gradients: init_weights
# from 08_optimizers: minibatches, momentum_step
# from 11_normalization: layernorm_forward

# %%
# To use your own pieces instead, remove the # in front of the next lines.
# from utils import earlier
# linear_forward = earlier.mine("03_forward_pass", "linear_forward")
# cross_entropy_grad, linear_backward = earlier.mine("04_backprop", "cross_entropy_grad", "linear_backward")
# init_weights = earlier.mine("06_vanishing_gradients", "init_weights")
# minibatches, momentum_step = earlier.mine("08_optimizers", "minibatches", "momentum_step")
# layernorm_forward = earlier.mine("11_normalization", "layernorm_forward")

# %% [markdown]
# ## A block that adds
#
# A plain layer *replaces* its input: whatever the next layer needs has to be in the new numbers.
# A **residual block** computes only a *change*, and adds it:
#
# $$ y = x + F(x). $$
#
# $F$ is the **branch**, and the path around it is the **skip connection**.
# In this lesson a branch is two linear layers with a ReLU between them:
#
# $$ z = x W_1^\top + b_1, \qquad h = \mathrm{relu}(z), \qquad F(x) = h W_2^\top + b_2 . $$
#
# **By hand, once.** Let $x = (1, -2)$, with three hidden units and
#
# $$ W_1 = \begin{pmatrix} 1 & 1 \\ 1 & 0 \\ 0 & -1 \end{pmatrix}, \quad b_1 = (0, 0, 1), \qquad W_2 = \begin{pmatrix} 1 & 1 & 0 \\ 0 & 1 & -1 \end{pmatrix}, \quad b_2 = (0, \tfrac12) . $$
#
# | step | result |
# |---|---|
# | scores $z$ | $(1 - 2,\ 1,\ 2 + 1) = (-1, 1, 3)$ |
# | hidden units $h$ | $(0, 1, 3)$ |
# | branch $F(x)$ | $(0 + 1,\ 1 - 3 + \tfrac12) = (1, -1.5)$ |
# | output $y = x + F(x)$ | $(2, -3.5)$ |
#
# Note two things.
# The branch ends with a linear layer, so it can add and *subtract*.
# And there is no ReLU after the sum: $-3.5$ stays $-3.5$.
# With one there, the path around the branch would no longer be free: every negative number would be lost.
#
# ## Exercise 1: forward
#
# As in lesson 3, return the output together with a cache, which the backward pass is going to need.

# %% exercise: block_forward
def block_forward(X, W1, b1, W2, b2):
    """A residual block, from its input to its output.

    X: (n, d).  W1: (hidden, d), b1: (hidden,), the branch's first layer.  W2: (d, hidden), b2: (d,),
    its second layer. All are any array-likes.
    Returns (Y, cache). Y is X plus the branch, float64 (n, d). The cache is the tuple (X, Z, H): the
    input, the scores of the hidden units, before the ReLU, and their activations, after it.
    """
    ### BEGIN SOLUTION
    X, W1, b1, W2, b2 = (np.asarray(part, dtype=float) for part in (X, W1, b1, W2, b2))
    Z = X @ W1.T + b1
    H = np.maximum(Z, 0.0)
    return X + H @ W2.T + b2, (X, Z, H)
    ### END SOLUTION

# %% tests: block_forward, 3 points
import numpy as np

HAND = (np.array([[1.0, -2.0]]), np.array([[1.0, 1.0], [1.0, 0.0], [0.0, -1.0]]), np.array([0.0, 0.0, 1.0]),
        np.array([[1.0, 1.0, 0.0], [0.0, 1.0, -1.0]]), np.array([0.0, 0.5]))


def _output(args, expected):
    """Y alone, whatever the cache is like."""
    Y, _ = check.parts(check.call(block_forward, *args), "Y", "cache")
    check.close((Y,), (expected,), names=("Y, the output",))
    return Y


def _compare(args, Y, Z, H):
    _output(args, Y)
    _, cache = check.call(block_forward, *args)
    check.true(type(cache) in (tuple, list) and len(cache) == 3, "the cache should be the tuple (X, Z, H).")
    for value, expected, name in zip(cache, (args[0], Z, H), ("X, the input", "Z, the scores", "H, the hidden units")):
        check.close((value,), (expected,), names=(f"{name} in the cache",))


@check.once
def _loop(X, W1, b1, W2, b2):
    """Unit by unit: Y, Z, and H."""
    X = np.array(X, dtype=float)
    Z = np.array([[sum(x * w for x, w in zip(row, unit)) + b for unit, b in zip(W1, b1)] for row in X])
    H = np.array([[z if z > 0 else 0.0 for z in row] for row in Z])
    F = np.array([[sum(h * w for h, w in zip(row, unit)) + b for unit, b in zip(W2, b2)] for row in H])
    return X + F, Z, H


def _block(seed, n, d, hidden):
    rng = np.random.default_rng(seed)
    return (rng.normal(size=(n, d)), rng.normal(size=(hidden, d)), rng.normal(size=hidden),
            rng.normal(size=(d, hidden)), rng.normal(size=d))


with check("finds the output that you worked out by hand"):
    _output(HAND, [[2.0, -3.5]])
with check("keeps the input, the scores, and the hidden units for the way back"):
    _compare(HAND, [[2.0, -3.5]], [[-1.0, 1.0, 3.0]], [[0.0, 1.0, 3.0]])
    _compare(_block(1200, 4, 4, 4), *_loop(*_block(1200, 4, 4, 4)))
with check("finds the output for a batch, with as many hidden units as inputs"):
    _output(_block(1201, 4, 4, 4), _loop(*_block(1201, 4, 4, 4))[0])
with check("lets a batch pass unchanged where the second layer is all zeros"):
    X, W1, b1, W2, b2 = _block(1202, 5, 3, 4)
    _output((X, W1, b1, 0 * W2, 0 * b2), X)
with check("leaves its input as it was"):
    check.unchanged(block_forward, *_block(1203, 4, 4, 4))
with check("takes lists of whole numbers, and returns floats"):
    args = ([[1, 2], [3, -4], [0, 1]], [[1, 0], [0, 1]], [0, 1], [[1, 2], [-1, 1]], [0, 3])
    check.floats(_output(args, _loop(*args)[0]), (3, 2))
### BEGIN HIDDEN TESTS
with check("keeps the right cache, whatever the sizes, for lists, too"):
    for seed, sizes in enumerate(((7, 5, 3), (1, 2, 6), (6, 1, 3))):
        args = _block(1214 + seed, *sizes)
        _compare(args, *_loop(*args))
    args = ([[1, 2], [3, -4], [0, 1]], [[1, 0], [0, 1]], [0, 1], [[1, 2], [-1, 1]], [0, 3])
    _compare(args, *_loop(*args))
with check("finds the output, whatever the sizes"):
    for seed, sizes in enumerate(((7, 5, 3), (4, 4, 4), (1, 2, 6), (6, 1, 3), (3, 4, 1))):
        args = _block(1204 + seed, *sizes)
        _output(args, _loop(*args)[0])
with check("reads any memory order"):
    X, W1, b1, W2, b2 = _block(1210, 6, 8, 4)
    args = (np.asfortranarray(X)[::2, ::-1], W1[:, ::-1], b1[::-1], np.asfortranarray(W2), b2[::-1])
    _output(args, _loop(*args)[0])
with check("is right for very large inputs, too"):
    X, W1, b1, W2, b2 = _block(1211, 3, 4, 5)
    _output((1000 * X, W1, b1, W2, b2), _loop(1000 * X, W1, b1, W2, b2)[0])
with check("leaves its input as it was, whatever the sizes"):
    for seed, sizes in enumerate(((5, 3, 4), (1, 1, 1))):
        check.unchanged(block_forward, *_block(1212 + seed, *sizes))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Forget the skip connection for a moment: the branch is a network with one hidden layer, as in lesson 2.
# Which of its arrays belong in the cache?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `np.maximum(Z, 0.0)` makes a new array, so `Z` keeps its negative entries.
# Turn the arguments into float arrays with `np.asarray(X, dtype=float)`, and use `+` rather than `+=`.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Compute the scores `Z` from the input, `H` from the scores, and the branch from `H`.
# Return the input plus the branch, and the tuple of the three arrays.
# </details>

# %% [markdown]
# ## Back through a block
#
# A nudge of $x$ reaches $y$ along two paths: around the branch, and through it.
# In lesson 6, your `residual_backward` added what comes back along both.
# Now you write the branch's part, too.
#
# **By hand,** for the block above, with $dy = (1, 10)$ arriving:
#
# | gradient | how | result |
# |---|---|---|
# | $db_2$ | what arrives at the sum | $(1, 10)$ |
# | $dW_2$ | $dy^\top h$ | $\begin{pmatrix} 0 & 1 & 3 \\ 0 & 10 & 30 \end{pmatrix}$ |
# | $dh$ | $dy\, W_2$ | $(1, 11, -10)$ |
# | $dz$ | 0 where the ReLU was off ($z \le 0$) | $(0, 11, -10)$ |
# | $db_1$ | the same | $(0, 11, -10)$ |
# | $dW_1$ | $dz^\top x$ | $\begin{pmatrix} 0 & 0 \\ 11 & -22 \\ -10 & 20 \end{pmatrix}$ |
# | through the branch | $dz\, W_1$ | $(11, 10)$ |
# | $dx$ | around plus through | $(1, 10) + (11, 10) = (12, 20)$ |
#
# The ReLU holds back only what went *through* the branch.
# What comes around the branch always arrives whole.
#
# ## Exercise 2: backward

# %% exercise: block_backward
def block_backward(dY, cache, W1, W2):
    """The gradients of a residual block, given the gradient of its output.

    dY: (n, d), the gradient of the loss with respect to Y. It includes the 1/n already.
    cache: (X, Z, H), as block_forward returns it.  W1: (hidden, d), W2: (d, hidden): the weights.
    Returns (dX, dW1, db1, dW2, db2), float64 arrays, each of the shape of what it belongs to. The
    slope of the ReLU is 0 at 0.
    """
    ### BEGIN SOLUTION
    dY, X, Z, H, W1, W2 = (np.asarray(part, dtype=float) for part in (dY, *cache, W1, W2))
    dZ = (dY @ W2) * (Z > 0)
    return dY + dZ @ W1, dZ.T @ X, dZ.sum(axis=0), dY.T @ H, dY.sum(axis=0)
    ### END SOLUTION

# %% tests: block_backward, 5 points
import numpy as np

NAMES = ("dX", "dW1", "db1", "dW2", "db2")


def _cache(X, W1, b1):
    Z = np.asarray(X) @ np.asarray(W1).T + np.asarray(b1)
    return X, Z, np.where(Z > 0, Z, 0.0)


def _gradients(dY, cache, W1, W2):
    return check.parts(check.call(block_backward, dY, cache, W1, W2), *NAMES)


def _part(name, args, expected, **tolerance):
    check.close((_gradients(*args)[NAMES.index(name)],), (expected,), names=(name,), **tolerance)


@check.once
def _differences(dY, X, W1, b1, W2, b2):
    """The gradients of the sum of dY * Y, by central differences."""
    def value(X, W1, b1, W2, b2):
        return np.sum(dY * (X + np.maximum(X @ W1.T + b1, 0.0) @ W2.T + b2))

    args, found, eps = [X, W1, b1, W2, b2], [], 1e-6
    for k, arg in enumerate(args):
        gradient = np.zeros(arg.shape)
        for index in np.ndindex(arg.shape):
            moved = []
            for sign in (1, -1):
                changed = arg.copy()
                changed[index] += sign * eps
                moved.append(value(*args[:k], changed, *args[k + 1:]))
            gradient[index] = (moved[0] - moved[1]) / (2 * eps)
        found.append(gradient)
    return tuple(found)


def _block(seed, n, d, hidden):
    """dY, X, W1, b1, W2, b2; no score is so near 0 that a difference would cross it."""
    rng = np.random.default_rng(seed)
    while True:
        X, W1, b1 = rng.normal(size=(n, d)), rng.normal(size=(hidden, d)), rng.normal(size=hidden)
        if np.abs(X @ W1.T + b1).min() > 1e-3:
            return rng.normal(size=(n, d)), X, W1, b1, rng.normal(size=(d, hidden)), rng.normal(size=d)


HAND_W1, HAND_W2 = np.array([[1.0, 1.0], [1.0, 0.0], [0.0, -1.0]]), np.array([[1.0, 1.0, 0.0], [0.0, 1.0, -1.0]])
HAND = (np.array([[1.0, 10.0]]), _cache(np.array([[1.0, -2.0]]), HAND_W1, np.array([0.0, 0.0, 1.0])), HAND_W1, HAND_W2)
with check("finds the gradient dX that you worked out by hand"):
    _part("dX", HAND, [[12.0, 20.0]])
with check("finds the gradients of the second layer that you worked out by hand"):
    _part("dW2", HAND, [[0.0, 1.0, 3.0], [0.0, 10.0, 30.0]])
    _part("db2", HAND, [1.0, 10.0])
with check("finds the gradients of the first layer that you worked out by hand"):
    _part("dW1", HAND, [[0.0, 0.0], [11.0, -22.0], [-10.0, 20.0]])
    _part("db1", HAND, [0.0, 11.0, -10.0])
with check("agrees with differences for a batch"):
    for seed, sizes in ((1221, (4, 4, 4)), (1222, (3, 2, 4))):
        dY, X, W1, b1, W2, b2 = _block(seed, *sizes)
        check.close(_gradients(dY, _cache(X, W1, b1), W1, W2), _differences(dY, X, W1, b1, W2, b2),
                    rtol=1e-6, atol=1e-7, names=NAMES)
with check("takes 0 for the slope of the ReLU at 0"):
    cache = (np.array([[1.0, 2.0]]), np.array([[0.0, 3.0]]), np.array([[0.0, 3.0]]))
    _part("db1", (np.array([[1.0, 1.0]]), cache, np.eye(2), np.array([[5.0, 7.0], [1.0, 2.0]])), [0.0, 9.0])
with check("leaves its input as it was"):
    dY, X, W1, b1, W2, _ = _block(1223, 4, 4, 4)
    check.unchanged(block_backward, dY, _cache(X, W1, b1), W1, W2)
with check("takes lists of whole numbers, and a list as the cache"):
    cache = [[[1, -2]], [[-1, 1, 3]], [[0, 1, 3]]]
    got = _gradients([[1, 10]], cache, [[1, 1], [1, 0], [0, -1]], [[1, 1, 0], [0, 1, -1]])
    for value, shape in zip(got, ((1, 2), (3, 2), (3,), (2, 3), (2,))):
        check.floats(value, shape)
    check.close(got[0], [[12.0, 20.0]])
### BEGIN HIDDEN TESTS
with check("agrees with differences, whatever the sizes", weight=2):
    for seed, sizes in enumerate(((7, 5, 3), (4, 4, 4), (1, 3, 5), (5, 1, 4), (6, 3, 1))):
        dY, X, W1, b1, W2, b2 = _block(1224 + seed, *sizes)
        check.close(_gradients(dY, _cache(X, W1, b1), W1, W2), _differences(dY, X, W1, b1, W2, b2),
                    rtol=1e-6, atol=1e-7, names=NAMES)
with check("passes dY on whole where the branch sends nothing back"):
    dY, X, W1, b1, W2, _ = _block(1230, 5, 3, 4)
    _part("dX", (dY, _cache(X, W1, b1), W1, 0 * W2), dY)
    _part("dX", (dY, _cache(X, W1, b1 - 100), W1, W2), dY)
with check("takes 0 for the slope at 0 in a batch, too"):
    rng = np.random.default_rng(1231)
    X, Z = rng.normal(size=(6, 4)), rng.integers(-1, 2, size=(6, 4)).astype(float)
    dY, W1, W2 = rng.normal(size=(6, 4)), rng.normal(size=(4, 4)), rng.normal(size=(4, 4))
    dZ = np.where(Z > 0, np.einsum("nd,dh->nh", dY, W2), 0.0)
    check.close(_gradients(dY, (X, Z, np.where(Z > 0, Z, 0.0)), W1, W2),
                (dY + np.einsum("nh,hd->nd", dZ, W1), np.einsum("nh,nd->hd", dZ, X), dZ.sum(axis=0),
                 np.einsum("nd,nh->dh", dY, np.where(Z > 0, Z, 0.0)), dY.sum(axis=0)), names=NAMES)
with check("reads any memory order, and leaves its input as it was"):
    dY, X, W1, b1, W2, b2 = _block(1232, 4, 6, 3)
    dY, X, W1, W2 = np.asfortranarray(dY), X[:, ::-1], np.asfortranarray(W1), W2[::-1]
    check.close(_gradients(dY, _cache(X, W1, b1), W1, W2), _differences(dY, X, W1, b1, W2, b2),
                rtol=1e-6, atol=1e-7, names=NAMES)
    check.unchanged(block_backward, dY.copy(), _cache(X.copy(), W1, b1), W1.copy(), W2.copy())
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# $dY$ has two jobs: it arrives at the end of the branch, and it goes around.
# First go back through the branch, as in lesson 4.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# Three formulas for a linear layer, twice: $dX = dZ\,W$, $dW = dZ^\top X$, and $db$ is the sum of $dZ$ over the batch.
# For the second layer, `dY` is the gradient of the scores, and `H` the input.
# `Z > 0` is the ReLU's slope at each hidden unit.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Turn everything into float arrays.
# Compute `dZ`, which is `dY @ W2` times `Z > 0`.
# The weights' gradients are `dZ.T` and `dY.T`, each times its own layer's input; the biases' are sums over axis 0.
# For `dX`, add `dZ @ W1` to the `dY` that goes around.
# </details>

# %% [markdown]
# ## How should a block begin?
#
# With He's weights, each branch adds about as much as it gets.
# So the mean square of the signal doubles from block to block, and so does that of the gradient on its way back; you saw that in lesson 6.
# One cure is to let every branch begin at zero, so that the block begins as the **identity**, $y = x$ (Goyal and others, 2017; Zhang and others, 2019).
#
# Zero weights were a trap in lesson 6, though: a layer of zeros may never learn.
#
# **Predict:** suppose all biases are zero, and $W_1$ and $W_2$ are, too. Which of the gradients $dW_1$ and $dW_2$ are zero? And if only $W_2$ is?
#
# $dW_2 = dY^\top H$ is zero if $H$ is zero, which is the case when $W_1$ and $b_1$ are.
# $dW_1 = dZ^\top X$ is zero if $dZ$ is zero, which is the case when $W_2$ is.
# With both zero, both gradients are zero, and they stay zero forever.
# With only $W_2 = 0$, its own gradient isn't zero: the first step moves $W_2$, and from the second step on, $W_1$ learns as well.
#
# ## Exercise 3: a block that begins as the identity

# %% exercise: zero_init_block
def zero_init_block(d, hidden, rng):
    """The start of a residual block that passes its input on unchanged, and can learn.

    d: the number of inputs, and of outputs.  hidden: the number of hidden units.
    rng: an np.random.Generator, the only source of randomness.
    Returns (W1, b1, W2, b2), float64. W1 (hidden, d) has He's normal draws, with mean 0 and variance
    2 / (number of inputs of this layer); b1 (hidden,), W2 (d, hidden), and b2 (d,) are zeros.
    """
    ### BEGIN SOLUTION
    W1 = rng.normal(0.0, np.sqrt(2 / d), size=(hidden, d))
    return W1, np.zeros(hidden), np.zeros((d, hidden)), np.zeros(d)
    ### END SOLUTION

# %% tests: zero_init_block, 3 points
import numpy as np


def _start(d, hidden, seed):
    rng = seed if isinstance(seed, np.random.Generator) else np.random.default_rng(seed)
    return check.parts(check.call(zero_init_block, d, hidden, rng), "W1", "b1", "W2", "b2")


def _spread(d, hidden, seed):
    W1 = np.asarray(_start(d, hidden, seed)[0], dtype=float)
    check.true(W1.any(), "W1 is all zeros. With W2 zero as well, no gradient ever gets through.")
    wanted = np.sqrt(2 / d)
    check.true(abs(W1.std() / wanted - 1) < 6 / np.sqrt(2 * W1.size), "the standard deviation of W1 should be "
               f"about {wanted:.4g}, and it is {W1.std():.4g}.")
    check.true(abs(W1.mean()) < 6 * wanted / np.sqrt(W1.size), f"the mean of W1 should be near 0, and it is {W1.mean():.3g}.")


with check("returns four arrays, with one row in each matrix for each unit"):
    for value, shape in zip(_start(5, 3, 1), ((3, 5), (3,), (5, 3), (5,))):
        check.floats(value, shape)
with check("starts as the identity: W2 and both biases are zeros"):
    _, b1, W2, b2 = _start(6, 4, 2)
    for value, shape, name in ((b1, 4, "b1"), (W2, (6, 4), "W2"), (b2, 6, "b2")):
        check.close((value,), (np.zeros(shape),), names=(name,))
with check("gives W1 He's spread: the variance is 2 over the number of inputs"):
    _spread(60, 300, 3)
    _spread(300, 60, 4)
with check("draws W1 from a normal distribution, each entry on its own"):
    W1 = np.asarray(_start(150, 200, 5)[0], dtype=float)
    far = np.mean(np.abs(W1 - W1.mean()) > 2 * W1.std())
    check.true(0.035 < far < 0.056, "in a normal distribution, about 4.6% of the draws are more than two standard "
               f"deviations from the mean; here {far:.1%} are.")
    check.true(len(np.unique(W1)) == W1.size, "the same number occurs more than once in W1.")
with check("draws from rng only: equal seeds give equal weights, and two blocks differ"):
    check.close((_start(4, 5, 6)[0],), (_start(4, 5, 6)[0],), names=("W1, drawn again with the same seed",))
    rng = np.random.default_rng(6)
    first, second = (np.array(_start(4, 5, rng)[0]) for _ in range(2))
    check.true(not np.array_equal(first, second), "two blocks drawn with one rng have the same W1.")
### BEGIN HIDDEN TESTS
with check("has He's spread for other sizes, too"):
    for seed, (d, hidden) in enumerate(((120, 120), (40, 500), (2, 4000))):
        _spread(d, hidden, 1241 + seed)
with check("has the right shapes and zeros for all sizes"):
    for seed, (d, hidden) in enumerate(((1, 1), (1, 4), (4, 1), (4, 4), (7, 5))):
        W1, b1, W2, b2 = _start(d, hidden, 1251 + seed)
        check.floats(W1, (hidden, d))
        for value, shape in ((b1, (hidden,)), (W2, (d, hidden)), (b2, (d,))):
            check.floats(value, shape)
            check.close(value, np.zeros(shape))
with check("draws from rng and from nothing else"):
    check.unchanged(zero_init_block, 5, 3, np.random.default_rng(1261))
    one, other = (np.asarray(_start(5, 3, seed)[0]) for seed in (1262, 1263))
    check.true(not np.array_equal(one, other), "generators with different seeds gave the same W1.")
    check.close(_start(5, 3, 1264)[0], _start(5, 3, 1264)[0])
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Only one of the four arrays is random.
# A weight matrix is (out, in): what goes into each of the two layers, and what comes out?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `rng.normal(0.0, std, size=(rows, columns))` wants the standard deviation, the *root* of the variance.
# `np.zeros(shape)` makes the rest.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# `W1` has `hidden` rows and `d` columns, drawn with the standard deviation √(2/d).
# `W2` has it the other way around, and is zero, as both biases are.
# </details>

# %% [markdown]
# ## Both kinds in one piece of code
#
# A network here is a linear layer in, from 64 pixels to 32 numbers, then the blocks, and a linear layer out, to ten scores.
# With `skip = 0` the next cell turns each residual block into a plain one: it subtracts the input again, so that only the branch is left.
# So the two kinds differ by one plus sign, and by nothing else.

# %% given: networks
def new_network(depth, start, rng):
    """(entry, blocks, head): a layer in, `depth` blocks, a layer out. start: "zero" or "He"."""
    def layer(d, out, scheme="xavier"):
        return init_weights(d, out, scheme, rng), np.zeros(out)

    entry, head = layer(64, 32), layer(32, 10)
    if start == "zero":
        return entry, [zero_init_block(32, 32, rng) for _ in range(depth)], head
    return entry, [(*layer(32, 32, "he"), *layer(32, 32)) for _ in range(depth)], head


def scores(X, network, skip):
    """The ten scores of each example; skip: 1 for a residual network, 0 for a plain one."""
    entry, blocks, head = network
    A = linear_forward(X, *entry)
    for block in blocks:
        Y, _ = block_forward(A, *block)
        A = Y if skip else Y - A
    return linear_forward(A, *head)


def gradients(X, y, network, skip, p=0.0, rng=None):
    """The gradients of all parameters, and those at the blocks' input and output. p is for later."""
    entry, blocks, head = network
    A, kept, d_blocks = linear_forward(X, *entry), [], []
    for block in blocks:
        Y, cache = block_forward(A, *block)
        keep = stochastic_depth(np.ones_like, np.zeros_like(A), p, rng, True) if p else 1.0
        kept.append((cache, keep))
        A = skip * A + keep * (Y - A)
    dA, *d_head = linear_backward(cross_entropy_grad(linear_forward(A, *head), y), A, head[0])
    d_out = dA
    for (cache, keep), (W1, _, W2, _) in zip(reversed(kept), reversed(blocks)):
        dX, *d_block = block_backward(keep * dA, cache, W1, W2)
        d_blocks = [*d_block, *d_blocks]
        dA = skip * dA + (dX - keep * dA)
    _, *d_entry = linear_backward(dA, X, entry[0])
    return [*d_entry, *d_blocks, *d_head], dA, d_out


def train(network, skip, lr, rng, epochs=25, p=0.0):
    """Mini-batches of 50 digits, and momentum."""
    entry, blocks, head = network
    params, state = [*entry, *(part for block in blocks for part in block), *head], None
    for _ in range(epochs):
        for batch in minibatches(len(images), 50, rng):
            grads, _, _ = gradients(images[batch], labels[batch], network, skip, p, rng)
            params, state = momentum_step(params, grads, state, lr)
            network = params[:2], [tuple(params[k:k + 4]) for k in range(2, len(params) - 2, 4)], params[-2:]
    return network


COLORS = dict(zip(("residual", "plain", "stochastic depth"), plots.SERIES_COLORS))
networks = {}  # each trained network by its name, with its skip


def trained_network(name):
    """(network, skip), once it has been trained."""
    if name not in networks:
        raise NotImplementedError
    return networks[name]

# %%
digits = data.digits()
order = np.random.default_rng(0).permutation(len(digits.y))
images, labels = digits.X[order[:1200]] / 16, digits.y[order[:1200]]
new_images, new_labels = digits.X[order[1200:]] / 16, digits.y[order[1200:]]

# %% [markdown]
# Is the backward pass right?
# Find out with a gradient check through three blocks.

# %%
with unfinished():
    network = new_network(3, "He", np.random.default_rng(1))
    X, y = images[:5], labels[:5]

    def loss_of_W1(W1):
        entry, (first, *others), head = network
        Z = scores(X, (entry, [(W1, *first[1:]), *others], head), skip=1)
        return float(np.mean(np.log(np.exp(Z).sum(axis=1)) - Z[np.arange(5), y]))

    grads, _, _ = gradients(X, y, network, skip=1)
    report = gradcheck.gradient_check(loss_of_W1, network[1][0][0], grads[2])
    print(f"dW1 of the first block: largest relative error {report.error:.0e}")

# %% [markdown]
# It is: with the model solution, the largest relative error is $4 \cdot 10^{-7}$.
#
# ## Deeper should not be worse
#
# Suppose that 6 plain blocks can read digits.
# Then 24 can do so, too: let 6 of them read, and the other 18 copy.
# So at least on the digits it is *trained* on, a deeper network should never be worse.
#
# Each kind gets the largest learning rate out of 0.001, 0.003, 0.01, and 0.03 at which 12 blocks learned with all four of the seeds that we tried.
#
# **Predict:** after six epochs, what share of its own training digits does a network of 3, 6, 12, or 24 blocks get right, with and without the plus sign?

# %%
with plots.figure("Share of the training digits that are right, against the number of blocks. For residual networks it stays "
                  "above nine tenths. For plain ones it stays near nine tenths up to 6 blocks, then falls far below a half.",
                  size=(7.2, 4.2)) as ax:
    depths, learned = [3, 6, 12, 24], {}
    for kind, start, skip, lr in (("residual", "zero", 1, 0.01), ("plain", "He", 0, 0.003)):
        learned[kind] = []
        for depth in depths:
            rng = np.random.default_rng(3)
            network = train(new_network(depth, start, rng), skip, lr, rng, epochs=6)
            learned[kind].append(np.mean(scores(images, network, skip).argmax(axis=1) == labels))
        print(f"{kind:8s}" + "".join(f"{depth:4d} blocks: {share:.1%}" for depth, share in zip(depths, learned[kind])))
    plots.curves(depths, learned, colors=COLORS, xlabel="blocks", ylabel="training digits right", ax=ax,
                 title="Plain networks get worse as they get deeper")
    ax.set(ylim=(0, 1.03), xticks=depths)

# %% [markdown]
# With the plus sign, it gets 94% to 98%, whatever the depth.
# Without it, 88.3% with 6 blocks, 38.1% with 12, and 35.4% with 24, on the very digits that the network is learning from.
# So this isn't overfitting.
# Weights that copy exist, but training doesn't find them, or not soon enough.
# He and others (2015) called this **degradation**; it is what led them to the plus sign, with which copying costs nothing.
#
# ## What is left of the gradient?
#
# Is it the gradient that doesn't get through?
# Before any training, compare the gradient at the blocks' input with the one at their output, by depth.
# Plain blocks start with He's weights in the first layer and Xavier's in the second; residual ones start the same way ("residual, He"), or by your `zero_init_block`.
#
# **Predict:** with twelve blocks, what fraction of the gradient is left in each?

# %%
with plots.figure("What is left of the gradient, against the number of blocks, on a logarithmic axis. Plain blocks stay "
                  "near 1 up to 8 blocks, then fall, to a few hundredths at 64. Residual blocks with He's weights "
                  "rise beyond a billion. Residual blocks that start as the identity stay at exactly 1.", size=(7.2, 4.2)) as ax:
    depths = [1, 2, 4, 8, 12, 24, 64]
    ways = {"plain": ("He", 0), "residual, He": ("He", 1), "residual": ("zero", 1)}
    left = {name: [] for name in ways}
    for name, (start, skip) in ways.items():
        for depth in depths:
            ratios = []
            for seed in range(5):
                network = new_network(depth, start, np.random.default_rng(seed))
                _, d_in, d_out = gradients(images[:100], labels[:100], network, skip)
                ratios.append(np.linalg.norm(d_in) / np.linalg.norm(d_out))
            left[name].append(np.median(ratios))
        print(f"{name:12s}" + "".join(f"{depth:4d}: {value:7.2g}" for depth, value in zip(depths, left[name])))
    plots.curves(depths, left, log=True, colors=COLORS, xlabel="blocks", ylabel="gradient at the input / at the output", ax=ax,
                 title="Zero branches let the gradient pass unchanged")

# %% [markdown]
# In the plain network, 0.42 of it is left; with 24 blocks, 0.16, and with 64, 0.04.
# With He's weights in the residual one, it *grows*: by about $\sqrt2$ at each block, 59 times at 12 blocks, and more than a billion times at 64.
# With zero branches it is exactly 1, at any depth: a branch of zeros sends nothing back, and what goes around arrives whole.
#
# So with 12 blocks, the plain network's gradient has *not* vanished. Keep that in mind for later.
#
# ### Other ways to begin small
#
# You can also keep He's weights and multiply each of $L$ branches by $1/\sqrt{L}$.
# Or normalize what goes *into* the branch, $x + F(\mathrm{norm}(x))$, here with lesson 11's layer norm.
#
# **Predict:** after 64 blocks, how many times as large is the mean square of the numbers, for each of the four?

# %%
with unfinished():
    ones, zeros = np.ones(32), np.zeros(32)
    for name, start in (("He", "He"), ("He / √64", "He"), ("normalized", "He"), ("zero", "zero")):
        entry, blocks, _ = new_network(64, start, np.random.default_rng(0))
        A = linear_forward(images[:200], *entry)
        sizes = [np.mean(A ** 2)]
        for block in blocks:
            B = layernorm_forward(A, ones, zeros) if name == "normalized" else A
            branch = block_forward(B, *block)[0] - B
            A = A + (branch / 8 if name == "He / √64" else branch)
            sizes.append(np.mean(A ** 2))
        print(f"{name:10s}" + "".join(f"{k:5d} blocks: {sizes[k] / sizes[0]:7.2g}" for k in (1, 4, 16, 32, 64)))

# %% [markdown]
# Left alone, it has grown by a factor of $2 \cdot 10^{19}$; scaled, by 1.6; with zero branches, not at all.
# Normalized, it is 190 times as large, but it has grown by addition instead of doubling, by about 3 at each block: a branch whose input always has the same size always adds about as much.
# So by the end, a block adds only a percent or two of what is there.
# That is what transformers do, and it is called **pre-norm**.
#
# ## Train both
#
# Now give the networks of 12 blocks more time: 25 epochs.

# %%
with unfinished():
    for kind, start, skip, lr in (("plain", "He", 0, 0.003), ("residual", "zero", 1, 0.01)):
        network = train(new_network(12, start, np.random.default_rng(3)), skip, lr, np.random.default_rng(3))
        networks[kind] = network, skip
        right = np.mean(scores(new_images, network, skip).argmax(axis=1) == new_labels)
        print(f"{kind:8s} network, 12 blocks: {right:.1%} of the new digits right")

# %% [markdown]
# With more time, even the plain network gets 92.0% of the new digits right.
# The residual one gets 98.2%.
# These are the model solution's numbers; yours may differ.
# The same sum in another order is rounded differently, and training a plain network magnifies that: right answers of ours got from 89% to 95%.
#
# ## Exercise 4: the lesion
#
# In a brain, a **lesion** is damage to one area; what a person can no longer do afterward tells you something about what the area was for.
# Do the same here: take out one block at a time, and measure the accuracy of what is left.
# Everything goes back in before the next one is taken out, and the caller's list must stay as it was.

# %% exercise: lesion
def lesion(blocks, accuracy):
    """The accuracy without each of the blocks in turn.

    blocks: a list of L >= 1 blocks, in order. What a block is doesn't matter; two may be equal, and
    they may hold arrays, so don't compare them.
    accuracy: a function that takes a list of blocks and returns a number.
    Returns float64 (L,): entry k is the accuracy of the list in which only block k is missing. The
    list `blocks` is the same afterward.

    lesion([5, 7, 9], sum) gives array([16., 14., 12.])
    """
    ### BEGIN SOLUTION
    return np.array([accuracy([*blocks[:k], *blocks[k + 1:]]) for k in range(len(blocks))], dtype=float)
    ### END SOLUTION

# %% tests: lesion, 3 points
import numpy as np


def _digits(blocks):
    """The blocks' numbers as the digits of one number: tells which there are, and their order."""
    return float(sum(one * 10.0 ** -k for k, one in enumerate(blocks)))


with check("takes out one block at a time"):
    check.close(check.call(lesion, [5, 7, 9], sum), [16.0, 14.0, 12.0])
with check("keeps the order of the others"):
    check.close(check.call(lesion, [1, 2, 3, 4], _digits), [2.34, 1.34, 1.24, 1.23])
with check("goes by the place, not by the value, where blocks are equal"):
    check.close(check.call(lesion, [2, 2, 3], _digits), [2.3, 2.3, 2.2])
with check("leaves the list as it was, and gives accuracy a list"):
    kinds = []

    def _accuracy(blocks):
        kinds.append(type(blocks).__name__)
        return float(len(blocks))

    blocks = [1, 2, 3, 4]
    check.close(check.call(lesion, blocks, _accuracy), [3.0, 3.0, 3.0, 3.0])
    check.true(set(kinds) == {"list"}, f"accuracy got {', '.join(sorted(set(kinds)))}, expected a list.")
    check.unchanged(lesion, [1, 2, 3, 4], _accuracy)
with check("returns a float64 array, with one entry for each block, even for a single one"):
    check.floats(check.call(lesion, [4, 5], len), (2,))
    check.close(check.call(lesion, [4], _digits), [0.0])
with check("works where blocks are tuples of arrays"):
    arrays = [(np.full((2, 2), k), np.full(2, k)) for k in (1.0, 2.0, 2.0)]
    check.close(check.call(lesion, arrays, lambda blocks: float(sum(W.sum() for W, _ in blocks))), [16.0, 12.0, 12.0])
### BEGIN HIDDEN TESTS
with check("is right for longer lists, with equal blocks among them"):
    for seed, L in enumerate((1, 2, 5, 9)):
        blocks = np.random.default_rng(1271 + seed).integers(1, 5, size=L).tolist()
        expected = [_digits(blocks[:k] + blocks[k + 1:]) for k in range(L)]
        check.close(check.call(lesion, list(blocks), _digits), expected)
with check("returns floats where accuracy returns ints or NumPy numbers"):
    check.floats(check.call(lesion, [1, 2, 3], lambda blocks: len(blocks)), (3,))
    got = check.call(lesion, [1, 2, 3], lambda blocks: np.float64(blocks[-1]) / 2)
    check.floats(got, (3,))
    check.close(got, [1.5, 1.5, 1.0])
with check("leaves the blocks themselves alone"):
    check.unchanged(lesion, [(np.ones(2), [1, 2]), (np.zeros(2), [3])], len)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# For three blocks, write down the three lists that `accuracy` should get.
# How do you get the second one from `blocks`, without touching `blocks`?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `blocks[:k]` is a new list of those before place `k`, and `blocks[k + 1:]` one of those after it; `+` joins two lists.
# `remove` looks for an equal value; that is not what you want here.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# For each `k` in `range(len(blocks))`, call `accuracy` with the blocks before `k` and those after it, joined.
# Collect the results, and return them as a float array.
# </details>

# %% [markdown]
# Now for both networks.
#
# **Predict:** draw two lines before you run the cell: accuracy without block 1, 2, …, 12, for each kind.

# %%
def accuracy_of(name):
    """A function of a list of blocks: the share of new digits that the network gets right with them."""
    (entry, _, head), skip = trained_network(name)
    return lambda blocks: float(np.mean(scores(new_images, (entry, blocks, head), skip).argmax(axis=1) == new_labels))


with plots.figure("Accuracy on new digits against the number of the block that is missing. The line of the residual "
                  "network runs just below the top, the line of the plain network near a tenth.", size=(7.2, 4.2)) as ax:
    without = {name: lesion(trained_network(name)[0][1], accuracy_of(name)) for name in ("plain", "residual")}
    plots.curves(range(1, 13), without, colors=COLORS, xlabel="the block that is missing", ylabel="new digits right", ax=ax,
                 title="One block gone: one network dies, the other hardly notices")
    ax.set(ylim=(0, 1.03), xticks=range(1, 13))
    for name, row in without.items():
        print(f"{name:8s}: all blocks {accuracy_of(name)(trained_network(name)[0][1]):.3f}, "
              f"one missing {row.mean():.3f} on average, from {row.min():.3f} to {row.max():.3f}")

# %% [markdown]
# Without one of its blocks, the plain network falls from 0.920 to 0.106 on average, about as good as guessing among ten digits.
# It doesn't matter which block it is.
# The residual network goes from 0.982 to 0.971, and at worst to 0.950.
#
# In the plain network, block 7 has learned to read the numbers that block 6 makes, and without block 6 it gets something it has never seen.
# In the residual network, what block 7 gets without block 6 is nearly what it always got.
#
# ### Play: the lesion bench
#
# Take out blocks of both networks, as many as you like.
# Your `block_forward` runs what is left, and the bars show what your `lesion` says: the accuracy when one *more* is taken out.
#
# *The question to answer:* how many blocks can the residual network lose, and does it matter which?
#
# 1. Take out block 6. What do the two networks still get right?
# 2. Take out the first six, then only the last six. Which half matters more?
# 3. Take out all twelve. Why do the two networks not both guess?

# %%
bench = LesionBench(block_forward, lesion, networks, new_images, new_labels)
bench

# %% [markdown]
# <details><summary>The answers</summary>
#
# **1.** The plain network gets 11.7% right (yours may be off by some points) and the residual one 97.3%.
#
# **2.** Without the first half, the residual network still gets 69.5%, and without the last half, 94.5%: the early blocks matter more. The plain network gets less than a quarter in both cases.
#
# **3.** Only the layers in and out are left. In the residual network, the last layer has always read a sum that contains the first layer's output, so it can still read that alone, and gets 59.1%. In the plain network it has never seen that output: 4.0%, worse than guessing.
#
# So the residual network can lose several blocks, and yes, it matters which: the bars of the early ones are a little shorter.
# </details>

# %% [markdown]
# ## Four thousand ways through
#
# Why does the residual network survive?
# Write out two blocks in a row:
#
# $$ y = x_1 + F_2(x_1) = x + F_1(x) + F_2\big(x + F_1(x)\big). $$
#
# At each block, a signal can go through the branch or around it.
# With two blocks there are four ways, or **paths**: around both, through the first only, through the second only, through both.
# A plain network has just one of them, the one through everything.
#
# **Predict:** how many paths are there through 12 blocks? How many are left when one block is taken out?
#
# Each block doubles their number, so there are $2^{12} = 4096$; without one block, it's $2^{11} = 2048$.
# Half of the paths are left, and they are whole, while the plain network's only path is broken.
# This is how Veit, Wilber, and Belongie explained it in 2016; they were the first to do this experiment.
# (Since $F_2$ is curved, the four paths don't simply add up in the signal. In the gradient they do: $(1 + f_1)(1 + f_2) = 1 + f_1 + f_2 + f_1 f_2$, as in lesson 6.)
#
# ## Exercise 5: count the paths
#
# How many of the paths are long?
# For three blocks, one path goes around all of them, three go through one, three through two, and one through all: 1, 3, 3, 1.

# %% exercise: path_counts
def path_counts(L):
    """How many of the 2 ** L paths through L residual blocks go through 0, 1, ..., L branches.

    L: the number of blocks, an int >= 0.
    Returns a list of L + 1 ints, exact however large they are. Don't visit the paths one by one: for
    L = 100 there are 2 ** 100 of them.
    """
    ### BEGIN SOLUTION
    counts = [1]
    for _ in range(L):
        counts = [a + b for a, b in zip([*counts, 0], [0, *counts])]
    return counts
    ### END SOLUTION

# %% tests: path_counts, 2 points
from itertools import product


def _counted(L):
    """All paths, one by one: 0 around, 1 through."""
    lengths = [sum(path) for path in product((0, 1), repeat=L)]
    return [lengths.count(k) for k in range(L + 1)]


with check("counts the paths through 3 blocks"):
    check.equal(check.call(path_counts, 3), [1, 3, 3, 1])
with check("agrees with listing all paths, for up to 6 blocks"):
    for L in (1, 2, 4, 5, 6):
        check.equal(check.call(path_counts, L), _counted(L))
with check("counts one path where there is no block"):
    check.equal(check.call(path_counts, 0), [1])
with check("is exact for 100 blocks: 2 ** 100 paths, and 4,950 of them go through two"):
    got = check.call(path_counts, 100)
    check.true(type(got) in (list, tuple) and len(got) == 101, "expected a list of 101 ints.")
    check.equal(got[2], 4950)
    check.true(all(isinstance(count, int) for count in got), "the counts should be Python ints: others round or overflow.")
    check.true(sum(got) == 2 ** 100, f"together there should be {2 ** 100} paths, and there are {sum(got)}.")
### BEGIN HIDDEN TESTS
with check("agrees with listing all paths, for 7 to 10 blocks"):
    for L in (7, 10):
        check.equal(check.call(path_counts, L), _counted(L))
with check("is exact for 64 and 100 blocks, by Pascal's rule"):
    for L in (64, 100):
        row = [1]
        for k in range(L):
            row.append(row[-1] * (L - k) // (k + 1))
        check.equal(check.call(path_counts, L), row)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Suppose you know the counts for $L - 1$ blocks.
# A path through $k$ of $L$ blocks either goes around the last one or through it.
# Through how many of the others does it go in each case?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# You are choosing $k$ of $L$ blocks, so these are binomial coefficients.
# Build them block by block from `[1]`, or use what Python's `math` has for them.
# Python's ints are exact at any size; floats and NumPy's ints are not.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# In each of L rounds, put a 0 at the end of a copy of the list (paths that go around the new block), and a 0 at the beginning of another (paths that go through it).
# Add the two, entry by entry.
# </details>

# %% [markdown]
# ### Which paths carry the gradient?
#
# On its way back, the gradient splits at every block.
# With your `block_backward`, the next cell keeps its parts apart, by how many branches they have come through.
#
# **Predict:** most paths go through six blocks. Is that where most of the gradient comes from?

# %%
def by_length(network, X, y):
    """The size of the gradient at the blocks' input that came through 0, 1, ..., L branches."""
    entry, blocks, head = network
    A, caches = linear_forward(X, *entry), []
    for block in blocks:
        A, cache = block_forward(A, *block)
        caches.append(cache)
    dA, _, _ = linear_backward(cross_entropy_grad(linear_forward(A, *head), y), A, head[0])
    parts = [dA]
    for cache, (W1, _, W2, _) in zip(reversed(caches), reversed(blocks)):
        through = [block_backward(part, cache, W1, W2)[0] - part for part in parts]
        parts = [a + t for a, t in zip([*parts, 0.0], [0.0, *through])]
    return np.array([np.linalg.norm(part) for part in parts])


with plots.figure("Left: the number of paths against their length in blocks, a bell with its top of 924 at six. Right: the "
                  "size of the gradient that came through so many blocks, on a logarithmic axis. It is largest at two, "
                  "and beyond six it falls steeply, to less than a ten-millionth at twelve.", columns=2) as (number, strength):
    sizes = by_length(trained_network("residual")[0], images[:300], labels[:300])
    plots.curves(range(13), {"paths": path_counts(12)}, xlabel="blocks that a path goes through", ylabel="number of paths",
                 ax=number, title="Most paths have a medium length")
    plots.curves(range(13), {"gradient": sizes / sizes.max()}, log=True, xlabel="blocks that it came through",
                 ylabel="size, relative to the largest", ax=strength, title="The gradient takes the short ones")
    print("relative size by length:", "  ".join(f"{k}: {size:.1g}" for k, size in enumerate(sizes / sizes.max())))
    print(f"lengths 0 to 4 have {sum(path_counts(12)[:5]):,d} of the 4,096 paths and {sizes[:5].sum() / sizes.sum():.0%} of the sum of these sizes")

# %% [markdown]
# No: the largest part comes through two branches, and the 924 paths through six together bring a twentieth of that.
# Paths through at most four branches are only a fifth of all, 794 of 4,096, but they have 94% of the sum of these sizes.
# The path through all twelve brings $2 \cdot 10^{-8}$ of the largest part, next to nothing; and it is the only one that the plain network has.
#
# So, as far as its gradient is concerned, this network of 12 blocks trains mostly like a crowd of networks that are one to four blocks deep.
# That is a rough account: the parts are vectors, which may cancel, and the paths share their blocks, so it isn't a crowd of *independent* networks.
#
# ## Is it really the plus sign?
#
# Paths are one way to see it.
# Here is another: how much does a block *change* what comes in?
# Measure $\lVert y - x \rVert / \lVert x \rVert$.
#
# And here is a third network.
# It is plain, without any skip connection, but its blocks, too, begin as the identity.
# Give them twice as many hidden units, for $x$ and $-x$, and subtract:
#
# $$ \mathrm{relu}(x) - \mathrm{relu}(-x) = x . $$
#
# **Predict:** will this plain network survive a lesion?

# %%
def relative_change(name):
    """How much each block changes its input, relative to the input's size."""
    (entry, blocks, _), skip = trained_network(name)
    A, found = linear_forward(new_images, *entry), []
    for block in blocks:
        Y, _ = block_forward(A, *block)
        Y = Y if skip else Y - A
        found.append(np.linalg.norm(Y - A) / np.linalg.norm(A))
        A = Y
    return np.array(found)


with unfinished():
    one = np.eye(32)
    entry, _, head = new_network(0, "He", np.random.default_rng(3))
    identity = np.vstack([one, -one]), np.zeros(64), np.hstack([one, -one]), np.zeros(32)
    networks["plain, identity"] = train((entry, [identity] * 12, head), 0, 0.003, np.random.default_rng(3)), 0
    for name in ("plain", "residual", "plain, identity"):
        blocks = trained_network(name)[0][1]
        change, row = relative_change(name), lesion(blocks, accuracy_of(name))
        print(f"{name:15s}: a block changes its input by {change.mean():.2f} of its size; "
              f"all blocks {accuracy_of(name)(blocks):.3f}, one missing {row.mean():.3f}, at worst {row.min():.3f}")

# %% [markdown]
# Yes: it goes from 0.975 to 0.969!
# It has no plus sign, and only one path.
# So neither the plus sign nor the number of paths, as such, is what lets a network survive.
#
# What the two survivors share is that each block changes little: by a quarter of its input's size, compared with one and a half times its size in the network that dies.
# Take out a block that changes little, and the next one gets nearly what it is used to.
#
# What the plus sign does is make small changes the *default*.
# A branch of zeros is the identity, so a block begins with no change, and learns only what pays.
# In a plain block, zeros wipe out everything; our third network needed a trick, and twice as many hidden units.
# With them it also *trained* nearly as well as the residual one, so much of the advantage is a matter of a good start.
#
# And what about vanishing gradients?
# In plain networks of 12 blocks, 0.42 of the gradient arrived at the start, and still ours came out several points behind.
# Skip connections keep gradients alive in much deeper networks, but that doesn't explain what you have just seen.
# (Lesson 6 measured something else that goes wrong in deep plain networks: the gradients of neighboring inputs stop agreeing.)
#
# ## When the width changes
#
# $x + F(x)$ needs two vectors of the same length.
# Where a network gets narrower or wider, the skip connection needs a matrix, too, called a **projection**:
#
# $$ y = x W_s^\top + F(x) . $$
#
# ## Exercise 6: a block with a projection

# %% exercise: projection_block
def projection_block(X, W1, b1, W2, b2, Ws=None):
    """The output of a residual block whose skip connection may be a matrix.

    X: (n, d).  W1: (hidden, d), b1: (hidden,).  W2: (out, hidden), b2: (out,).
    Ws: (out, d), or None for the identity, which only happens if out = d.
    Returns float64 (n, out): what the skip connection makes of X, plus the branch, which is the same
    as in block_forward.
    """
    ### BEGIN SOLUTION
    X, W1, b1, W2, b2 = (np.asarray(part, dtype=float) for part in (X, W1, b1, W2, b2))
    around = X if Ws is None else X @ np.asarray(Ws, dtype=float).T
    return around + np.maximum(X @ W1.T + b1, 0.0) @ W2.T + b2
    ### END SOLUTION

# %% tests: projection_block, 2 points
import numpy as np


@check.once
def _loop(X, W1, b1, W2, b2, Ws=None):
    Ws, rows = np.eye(len(W2)) if Ws is None else np.asarray(Ws, dtype=float), []
    for x in X:
        h = [max(0.0, sum(w * one for w, one in zip(unit, x)) + b) for unit, b in zip(W1, b1)]
        rows.append([sum(s * one for s, one in zip(around, x)) + sum(w * one for w, one in zip(unit, h)) + b
                     for around, unit, b in zip(Ws, W2, b2)])
    return np.array(rows)


def _block(seed, n, d, hidden, out, projected=True):
    rng = np.random.default_rng(seed)
    args = (rng.normal(size=(n, d)), rng.normal(size=(hidden, d)), rng.normal(size=hidden),
            rng.normal(size=(out, hidden)), rng.normal(size=out))
    return (*args, rng.normal(size=(out, d))) if projected else args


with check("projects the input where the width changes"):
    args = _block(1281, 5, 4, 3, 2)
    check.close(check.call(projection_block, *args), _loop(*args))
    args = _block(1282, 3, 2, 3, 5)
    check.close(check.call(projection_block, *args), _loop(*args))
with check("passes the input on as it is when Ws is None or missing"):
    args = _block(1283, 5, 4, 3, 4, projected=False)
    check.close(check.call(projection_block, *args), _loop(*args))
    check.close(check.call(projection_block, *args, None), _loop(*args))
with check("uses Ws also where the width stays the same"):
    args = _block(1284, 4, 4, 4, 4)
    check.close(check.call(projection_block, *args), _loop(*args))
with check("takes lists of whole numbers, returns floats, and leaves its input as it was"):
    args = ([[1, 2], [3, -4]], [[1, 0], [0, 1], [1, 1]], [0, 1, 0], [[1, 2, 0]], [3], [[2, -1]])
    got = check.call(projection_block, *args)
    check.floats(got, (2, 1))
    check.close(got, _loop(*args))
    check.unchanged(projection_block, *_block(1285, 4, 4, 4, 4))
    check.unchanged(projection_block, *_block(1286, 4, 4, 4, 4, projected=False))
### BEGIN HIDDEN TESTS
with check("agrees with a loop, whatever the sizes"):
    for seed, sizes in enumerate(((7, 5, 3, 4), (4, 4, 4, 4), (1, 3, 5, 2), (6, 1, 2, 3), (2, 5, 1, 1), (3, 4, 6, 4))):
        args = _block(1287 + seed, *sizes)
        check.close(check.call(projection_block, *args), _loop(*args))
        if sizes[1] == sizes[3]:
            check.close(check.call(projection_block, *args[:5]), _loop(*args[:5]))
with check("reads any memory order"):
    X, W1, b1, W2, b2, Ws = _block(1295, 6, 4, 3, 8)
    args = (np.asfortranarray(X)[::2], W1[:, ::-1], b1[::-1], W2[::2], b2[::2], np.asfortranarray(Ws)[::2])
    check.close(check.call(projection_block, *args), _loop(*args))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# The branch hasn't changed, only the path around it.
# Which two cases are there?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `Ws` is (out, d), like every weight matrix of the course: what did `linear_forward` do with one?
# Ask `Ws is None`; for an array, `if Ws` raises an error.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# What goes around is `X` if `Ws` is None, otherwise `X` times the transpose of `Ws`.
# Add the branch, computed from `X` itself.
# </details>

# %% [markdown]
# Why not always use a projection?
# It could learn to be the identity, after all.
#
# **Predict:** twelve blocks in a row have random projections around them, and branches that are still zero. They are fed 32 vectors of length 1, all at right angles. What comes out?

# %%
with unfinished():
    rng = np.random.default_rng(2)
    around = [init_weights(32, 32, "xavier", rng) for _ in range(12)]
    for name, projections in (("identity", [None] * 12), ("projections", around)):
        Y = np.eye(32)
        for Ws in projections:
            Y = projection_block(Y, *zero_init_block(32, 32, rng), Ws)
        values = np.linalg.svd(Y, compute_uv=False)
        print(f"{name:11s}: the largest, middle, and smallest factor by which a direction is stretched: "
              f"{values[0]:.2g}, {values[16]:.2g}, {values[-1]:.2g}")

# %% [markdown]
# With the identity, every direction keeps its length.
# After twelve random projections, one direction has grown to 4 times its length, the middle one has shrunk to 0.008, and the last one is gone.
# The gradient goes back through the same matrices, so it fares no better.
# Only the identity is a free path, so ResNets project only where the width changes.
#
# ## Practice for emergencies: stochastic depth
#
# If losing a block does so little harm, why not lose some during training (Huang and others, 2016)?
# In each step, each example skips each branch with probability $p$.
# As with dropout in lesson 7, what is kept is divided by $1 - p$, so the mean stays the same, and at test time nothing has to change:
#
# $$ y = x + \frac{\text{keep}}{1 - p}\, F(x), \qquad \text{keep} = 0 \text{ or } 1 \text{, one draw for each example.} $$
#
# With $p = 0.5$, $x = 3$, and $F(x) = 2$, the output is 3 or 7, and 5 on average, as it should be.
#
# ## Exercise 7: stochastic depth

# %% exercise: stochastic_depth
def stochastic_depth(branch, X, p, rng, training):
    """A residual block whose branch is sometimes left out, for each example on its own.

    branch: a function that takes all of X and returns an array of the same shape. It may look at
    the whole batch, so call it once, with all of X.
    X: (n, ...), array-like.  p: the probability of leaving a branch out, 0 <= p < 1; otherwise a
    ValueError, training or not.
    rng: an np.random.Generator; in training, draw once for each example.
    Returns float64 of X's shape: in training X + keep * branch(X) / (1 - p), where keep is 0 or 1
    for each example. When not training, X + branch(X).
    """
    ### BEGIN SOLUTION
    if not 0 <= p < 1:
        raise ValueError(f"p must be at least 0 and below 1, got {p}")
    X = np.asarray(X, dtype=float)
    F = np.asarray(branch(X), dtype=float)
    if not training:
        return X + F
    keep = (rng.random(len(X)) >= p).reshape(-1, *[1] * (X.ndim - 1))
    return X + F * keep / (1 - p)
    ### END SOLUTION

# %% tests: stochastic_depth, 4 points
import numpy as np


def _out(branch, X, p, seed, training=True):
    rng = seed if isinstance(seed, np.random.Generator) else np.random.default_rng(seed)
    got = check.call(stochastic_depth, branch, X, p, rng, training)
    check.floats(got, np.shape(X))
    return np.asarray(got)


def _square(X):
    return np.asarray(X, dtype=float) ** 2 + 1.0


def _kept(branch, X, p, seed):
    """Which examples kept their branch; the output must be right for each of them."""
    X = np.asarray(X, dtype=float)
    Y, F = _out(branch, X, p, seed), branch(X)
    whole = X + F / (1 - p)
    without, within = (np.isclose(Y, part, rtol=1e-7, atol=1e-9).reshape(len(X), -1) for part in (X, whole))
    keep = within.all(axis=1)
    for i in np.flatnonzero(~keep & ~without.all(axis=1))[:1]:
        k = np.argmin(without[i] | within[i])  # the first entry that is neither, or 0
        check.true(False, f"in example {i}, some entries have the branch and others don't."
                   if (without[i] | within[i]).all() else
                   f"entry {k} of example {i} is {np.ravel(Y[i])[k]:.4g}. Without its branch it would be {np.ravel(X[i])[k]:.4g}, "
                   f"and with its branch, divided by 1 − p, {np.ravel(whole[i])[k]:.4g}.")
    return keep


with check("adds the whole branch when not training"):
    X = np.random.default_rng(1301).normal(size=(6, 3))
    check.close(_out(_square, X, 0.4, 1, False), X + _square(X))
with check("in training, each example is X alone, or X plus its branch divided by 1 − p"):
    for p in (0.2, 0.75):
        _kept(_square, np.random.default_rng(1302).normal(size=(40, 3)), p, 2)
with check("leaves the branch out with probability p"):
    for p in (0.2, 0.7):
        share = np.mean(_kept(_square, np.ones((2000, 2)), p, 3))
        check.true(abs(share - (1 - p)) < 0.06, f"with p = {p}, about {1 - p:.0%} of the examples should keep their branch, "
                   f"and {share:.0%} did.")
with check("draws for each example on its own"):
    counts = {int(_kept(_square, np.ones((12, 3)), 0.5, seed).sum()) for seed in range(20)}
    check.true(len(counts) > 2, "the number of examples that keep their branch should vary from call to call.")
with check("draws from rng only: equal seeds give equal results, and the next call another"):
    X = np.random.default_rng(1303).normal(size=(50, 2))
    check.close(_out(_square, X, 0.5, 4), _out(_square, X, 0.5, 4))
    rng = np.random.default_rng(4)
    check.true(not np.array_equal(_out(_square, X, 0.5, rng), _out(_square, X, 0.5, rng)),
               "two calls with one rng drew the same.")
with check("refuses a p below 0 or from 1 on with a ValueError, training or not"):
    for p in (1.0, 1.5, -0.1):
        for training in (True, False):
            check.raises(ValueError, stochastic_depth, _square, np.ones((2, 2)), p, np.random.default_rng(5), training)
with check("calls the branch once, with the whole batch"):
    seen = []

    def _branch(X):
        seen.append(np.shape(X))
        return np.asarray(X, dtype=float) - np.mean(X, axis=0)

    for training in (True, False):
        seen.clear()
        check.call(stochastic_depth, _branch, np.arange(12.0).reshape(6, 2), 0.5, np.random.default_rng(6), training)
        check.true(seen == [(6, 2)], f"the branch was called with the shapes {seen}, expected [(6, 2)].")
with check("takes images, shape (n, c, h, w), and lists of whole numbers"):
    _kept(_square, np.random.default_rng(1304).normal(size=(9, 2, 3, 3)), 0.3, 7)
    for training in (True, False):
        _out(lambda X: 2 * np.asarray(X), [[1, 2], [3, 4], [5, 6]], 0.25, 8, training)
### BEGIN HIDDEN TESTS
with check("is right for other shapes, with as many examples as features, and for one example or feature"):
    for k, shape in enumerate(((4, 4), (7, 5), (1, 6), (6, 1), (5,), (3, 4, 2), (3, 3, 3))):
        X = np.random.default_rng(1311 + k).normal(size=shape)
        for seed in range(4):
            _kept(_square, X, 0.4, seed)
        check.close(_out(_square, X, 0.4, 9, False), X + _square(X))
with check("keeps everything, unscaled, for p = 0"):
    X = np.random.default_rng(1320).normal(size=(30, 4))
    check.close(_out(_square, X, 0.0, 10), X + _square(X))
    check.close(_out(_square, X, 0, 10), X + _square(X))
with check("lets the branch mix the examples"):
    X, mix = np.random.default_rng(1321).normal(size=(8, 3)), np.random.default_rng(1322).normal(size=(8, 8))
    _kept(lambda X: mix @ np.asarray(X), X, 0.5, 11)
    check.close(_out(lambda X: mix @ np.asarray(X), X, 0.5, 11, False), X + mix @ X)
with check("draws for neighbors independently, with the right share, also in a small batch"):
    rows = np.array([_kept(_square, np.ones((6, 2)), 0.3, seed) for seed in range(150)])
    shares = rows.mean(axis=0)
    check.true(np.abs(shares - 0.7).max() < 0.2, "with p = 0.3, each example should keep its branch in about 70% of the calls; "
               f"the shares are {shares.min():.0%} to {shares.max():.0%}.")
    check.true(np.abs(np.corrcoef(rows.T.astype(float)) - np.eye(6)).max() < 0.42, "two examples go together.")
with check("leaves its input as it was, in any memory order"):
    X = np.asfortranarray(np.random.default_rng(1323).normal(size=(8, 6)))[::2, ::-2]
    _kept(_square, X, 0.4, 12)
    for training in (True, False):
        check.unchanged(stochastic_depth, _square, X.copy(), 0.4, np.random.default_rng(13), training)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Handle three cases, in this order: a `p` that isn't allowed, not training, and training.
# What stays the same in the last two?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `rng.random(n) >= p` is True for the share 1 − p of n examples.
# To multiply it with an array of shape (n, c, h, w), it needs the shape (n, 1, 1, 1): `keep.reshape(n, *[1] * (X.ndim - 1))`.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Raise the `ValueError`, make `X` a float array, and call the branch once.
# When not training, return the sum.
# Otherwise draw `keep`, reshape it, and return `X` plus the branch times `keep`, divided by `1 - p`; `X` itself is neither dropped nor scaled.
# </details>

# %% [markdown]
# Train a residual network with $p = 0.3$, and take out several blocks at once, chosen at random.
#
# **Predict:** with 6 of 12 blocks gone, how much better will it do than the one without practice?

# %%
def after_losing(name, count, rng, times=10):
    """The mean accuracy after losing `count` random blocks."""
    blocks, accuracy = trained_network(name)[0][1], accuracy_of(name)
    kept = [np.sort(rng.permutation(len(blocks))[count:]) for _ in range(times)]
    return np.mean([accuracy([blocks[k] for k in keep]) for keep in kept])


with plots.figure("Accuracy against the number of blocks that are missing, from 0 to 12. The plain network falls to a tenth at "
                  "once. The residual network falls slowly at first, then faster; the one trained with stochastic depth "
                  "stays above it all the way.", size=(7.2, 4.2)) as ax:
    practiced = train(new_network(12, "zero", np.random.default_rng(3)), 1, 0.01, np.random.default_rng(3), p=0.3)
    networks["stochastic depth"] = practiced, 1
    counts = range(0, 13, 2)
    after = {name: [after_losing(name, count, np.random.default_rng(3)) for count in counts]
             for name in ("stochastic depth", "residual", "plain")}
    plots.curves(counts, after, colors=COLORS, xlabel="blocks missing", ylabel="new digits right", ax=ax,
                 title=f"Half of the blocks gone: {after['stochastic depth'][3]:.0%} with practice, "
                       f"{after['residual'][3]:.0%} without")
    ax.set_ylim(0, 1.03)
    for name, row in after.items():
        print(f"{name:16s}" + "".join(f"{count:4d}: {value:.3f}" for count, value in zip(counts, row)))

# %% [markdown]
# With 6 of 12 blocks gone, it gets 96.8% right instead of 87.9%; with all twelve gone, it still gets 87.6% instead of 59.1%.
# With all blocks in place it is about as good: 98.7% against 98.2%, or 97.2% with other draws. A few digits may be luck.
#
# The paper draws once for each mini-batch, so a branch that is left out needn't be computed, and training takes less time.
# Libraries often offer both; torchvision calls them `"batch"` and `"row"`.

# %% [markdown]
# ## Check your understanding
#
# Each of the five questions has exactly one right answer.
# Return its letter.

# %% [markdown]
# **Question 1.** The first ResNets had a ReLU after the sum, $y = \mathrm{relu}(x + F(x))$. What becomes of the gradient that goes around the branch?
#
# - **a**  Nothing: the ReLU only affects what comes through the branch.
# - **b**  It is cut off wherever $x + F(x)$ is not positive.
# - **c**  It doubles, since the ReLU's slope is added to that of the sum.
# - **d**  It vanishes, as in a plain network of the same depth.

# %% exercise: quiz_relu
def quiz_relu():
    """The letter of your answer to question 1, for example return "a"."""
    ### BEGIN SOLUTION
    return "b"
    ### END SOLUTION

# %% tests: quiz_relu, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_relu())
### BEGIN HIDDEN TESTS
with check("what a ReLU after the sum does"):
    check.letter(quiz_relu(), right="b", why={
        "a": "It comes after the sum, so both ways lead through it.",
        "b": "Where the sum is not positive, the slope is 0 for both ways. The free way then has a ReLU at every "
             "block. He and others moved it into the branch in 2016, and could train 1,001 layers.",
        "c": "The slopes of steps in a row are multiplied, and the ReLU's is 0 or 1.",
        "d": "Not quite: where the sum is positive, all of it passes, whatever the branch's weights are. But it is no "
             "longer free everywhere."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 2.** Somebody sets *all* the weights and biases of a residual block to zero. What will the block learn in training?
#
# - **a**  Only its last bias, $b_2$: all the other gradients of the block stay 0.
# - **b**  The same as usual, since the skip connection brings it gradients.
# - **c**  Nothing: it outputs zeros, so the whole network is dead.
# - **d**  All its hidden units learn, but all the same thing.

# %% exercise: quiz_zeros
def quiz_zeros():
    """The letter of your answer to question 2, for example return "a"."""
    ### BEGIN SOLUTION
    return "a"
    ### END SOLUTION

# %% tests: quiz_zeros, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_zeros())
### BEGIN HIDDEN TESTS
with check("what a block of zeros learns"):
    check.letter(quiz_zeros(), right="a", why={
        "a": "H is 0, so dW2 is 0; W2 is 0, so dZ and with it dW1 and db1 are 0. Only db2, the sum of dY, is left: the "
             "block can learn to add a constant.",
        "b": "What goes around the branch never touches its weights. Their gradients contain H or W2, and both are 0.",
        "c": "The branch outputs zeros. The block outputs x.",
        "d": "For that, something would have to reach them. With W2 = 0, dZ is 0."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 3.** A residual network has 20 blocks. How many of its paths go through exactly one branch, and how many are left in all when two blocks are taken out?
#
# - **a**  1 path, and $2^{20} - 2$ are left.
# - **b**  20 paths, and $2^{10}$ are left.
# - **c**  20 paths, and $2^{18}$ are left.
# - **d**  190 paths, and $2^{18}$ are left.

# %% exercise: quiz_paths
def quiz_paths():
    """The letter of your answer to question 3, for example return "a"."""
    ### BEGIN SOLUTION
    return "c"
    ### END SOLUTION

# %% tests: quiz_paths, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_paths())
### BEGIN HIDDEN TESTS
with check("how many paths there are"):
    check.letter(quiz_paths(), right="c", why={
        "a": "Any of the 20 branches may be the one. And each block that is taken out breaks half of the paths.",
        "b": "Right for one branch. Each block that is taken out halves the number, so two leave a quarter, not the root.",
        "c": "One path for each branch, and a quarter of 2^20, since two halvings are left after 18 doublings.",
        "d": "190 is the number of paths through two branches."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 4.** A plain network whose blocks began as the identity survived the lesion, too. What follows?
#
# - **a**  Skip connections are of no use.
# - **b**  What matters in the lesion is how little each block changes its input.
# - **c**  The plain network must have found a second path.
# - **d**  The network had too many blocks, and most of them learned nothing.

# %% exercise: quiz_identity
def quiz_identity():
    """The letter of your answer to question 4, for example return "a"."""
    ### BEGIN SOLUTION
    return "b"
    ### END SOLUTION

# %% tests: quiz_identity, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_identity())
### BEGIN HIDDEN TESTS
with check("what the third network shows"):
    check.letter(quiz_identity(), right="b", why={
        "a": "They make small changes the default, with half of the hidden units, at any depth. That is of use; it is "
             "just not the only way.",
        "b": "Both survivors change their input by about a quarter of its size, and the network that dies by one and a "
             "half times its size.",
        "c": "It has one path, through all blocks. A block that is nearly the identity can be missing from it.",
        "d": "They changed their input by a quarter of its size, each, and without half of them both networks get "
             "much worse."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 5.** You trained with stochastic depth, $p = 0.2$, dividing by $1 - p$. What do you do with the branches when the network is used?
#
# - **a**  Add each of them whole.
# - **b**  Multiply each of them by 0.8.
# - **c**  Leave out a fifth of them, at random.
# - **d**  Divide each of them by 0.8, as in training.

# %% exercise: quiz_depth
def quiz_depth():
    """The letter of your answer to question 5, for example return "a"."""
    ### BEGIN SOLUTION
    return "a"
    ### END SOLUTION

# %% tests: quiz_depth, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_depth())
### BEGIN HIDDEN TESTS
with check("what happens at test time"):
    check.letter(quiz_depth(), right="a", why={
        "a": "In training a branch counts 1/0.8 in 80% of the cases, so 1 on average. That is what it counts at test time.",
        "b": "That is right if you did not divide in training, as in the original paper. Doing both makes the branches "
             "too small.",
        "c": "Then the same digit could get a different answer each time.",
        "d": "In training that makes up for the branches that are left out. At test time, none is."})
### END HIDDEN TESTS

# %% [markdown]
# ## Questions people ask you
#
# Answer each one out loud before you open it.
#
# <details><summary>Why can residual networks be so much deeper than plain ones?</summary>
#
# A block computes a change, so doing nothing is easy: a branch of zeros is the identity, while plain layers have to learn to copy.
# The gradient has a way back without any factors.
# And since each block changes little, the next one can learn from an input that stays nearly the same.
# He and others (2015) saw plain networks of 34 layers train worse than those of 18, even on the training data; with skip connections, 34 were better.
#
# **A good answer says:** a block computes a change, so the identity is easy; the gradient has a way back without factors; plain networks got worse with depth even on training data.
# </details>
# <details><summary>Is a residual network an ensemble of shallow networks?</summary>
#
# It behaves like one in two ways: taking out a block does little harm, and most of the gradient comes along short paths.
# But the paths share their blocks and are trained together, and you saw a network with a single path that survives as well.
# "Like an ensemble" is fine; "an ensemble" claims too much.
#
# **A good answer says:** like one: losing a block does little harm, and short paths carry most of the gradient; not one: paths share blocks and are trained together.
# </details>
# <details><summary>Do skip connections solve the vanishing gradient problem?</summary>
#
# They do keep a gradient from vanishing, as the figure by depth shows.
# But that isn't the whole reason why they help: at 12 blocks, the plain network's gradient arrived, and the network was still worse.
# In the paper that introduced them, the plain networks had batch normalization and healthy gradients.
#
# **A good answer says:** they keep the gradient from vanishing; that isn't the whole reason why they help; an example: plain networks with healthy gradients did worse.
# </details>
# <details><summary>What is pre-activation?</summary>
#
# Normalization and ReLU come first in the branch, before each weight layer, and nothing comes after the sum.
# So the path around the branches is free from the first block to the last.
# Transformers do the same when they are "pre-norm": $x + F(\mathrm{norm}(x))$.
#
# **A good answer says:** normalization and activation before the weights, nothing after the sum; the path around the branches stays free.
# </details>
# <details><summary>Why does a residual network with He's weights explode?</summary>
#
# Each branch adds about as much variance as came in, so the variance doubles at each block: $2^L$ after $L$ blocks.
# Start the branch's last weights at zero, scale the branch by $1/\sqrt{L}$, or normalize what goes into it.
#
# **A good answer says:** variance doubles at each block; a remedy: zero the branch's last weights, scale by 1/√L, or normalize its input.
# </details>
# <details><summary>Does the lesion show that most blocks are superfluous?</summary>
#
# No. It shows that the network can do without any *one* of them.
# Without half of them, accuracy falls from 98.2% to 87.9% on average, and without all to 59.1%.
#
# **A good answer says:** no: it shows that any one block can be missed; without several, accuracy falls.
# </details>
# <details><summary>Where else are there skip connections?</summary>
#
# In every transformer, around attention and around the layers between.
# In DenseNets and U-Nets, where earlier activations are put next to later ones instead of being added.
# And in an LSTM, whose cell state is carried on and changed by additions.
#
# **A good answer says:** transformers; one more: DenseNets, U-Nets, or the cell of an LSTM.
# </details>

# %% [markdown]
# ## In an interview
#
# *Why do skip connections help, and what do they not explain?*
#
# Answer in the cell below, in six to ten sentences.
# Say what a block computes, what that does to the signal and to the gradient, and how it should start.
# Then say what happens when a block is taken out, why, and which popular explanation goes too far.
# A teacher reads this answer; it is worth 4 points.
#
# <!-- A good answer says: what a block computes, and how it should start; what that does to signal and gradient; what happens when a block is taken out, and why; which explanation goes too far -->

# %% answer: interview_residual, 4 points [markdown]
# A residual block computes y = x + F(x), so it learns a change to its input instead of a replacement. Doing nothing is easy, since a branch of zeros is the identity; plain layers would have to learn to copy.
# On the way back, dx = dy + what F sends back. One of the terms in the product over all blocks is the identity, with no factors, so a gradient reaches the first block even if all branches are saturated or zero.
# There is a price: with ordinary random weights each branch adds about as much as it gets, and signal and gradient explode with depth. So the branch's last layer starts at zero, or is scaled or normalized.
# Written out, L blocks have 2^L paths, and taking one out leaves half of them; each block changes its input by only a fraction of its size, so the next one gets nearly what it is used to. That is why a trained residual network loses about a percent where a plain one falls to guessing.
# "They solve the vanishing gradient" goes too far: plain networks of a moderate depth whose gradients arrive still train worse, in our measurements at 12 blocks and in the paper by He and others, whose plain networks had batch norm. "An ensemble" goes too far as well: the paths share blocks, and a plain network that starts as the identity survives a lesion just as well. What counts there is that each block does little.
#
# ### BEGIN MARK SCHEME
# One point for each, half points where it is incomplete:
#
# 1. **Block:** y = x + F(x); the branch learns a change, and the identity is easy (a zero branch).
# 2. **Gradient:** dx = dy + the branch's part, so a way without factors; and that He-style branches explode unless they start at zero, are scaled, or normalized. One of the two is half.
# 3. **Lesion:** a residual network survives the loss of a block, a plain one doesn't, with a reason: many paths of which half are left, or blocks that change little.
# 4. **Limits:** at least one: healthy gradients alone don't make plain networks train as well; it is no true ensemble; survival is about small changes, not about the plus sign as such; losing many blocks does harm.
#
# These cost the point in parentheses: "y = F(x) · x" or a skip that replaces the branch (1); "the gradient can't explode" (2); "blocks are useless, so they can go" (3); "skip connections explain everything, vanishing gradients were the only problem" (4).
# ### END MARK SCHEME

# %% [markdown]
# ## What to remember
#
# > - A residual block adds a change: $y = x + F(x)$, and back, $dx = dy$ plus what the branch sends.
# > - Let branches start at zero: $W_2 = 0$, but not $W_1$. Then the gradient passes any depth unchanged.
# > - $L$ blocks make $2^L$ paths; the gradient comes along the short ones. Taking out one block leaves half of them.
# > - What survives a lesion is a network whose blocks each change little. The plus sign makes that the default.
# > - Where the width changes, the skip connection needs a projection, and only there. Stochastic depth trains a network to do without any of its blocks.
#
# **Back:** [lesson 11, normalization](../11_normalization/11_normalization.ipynb). **Next:** [lesson 13, convolution](../13_convolution/13_convolution.ipynb): every digit moves by one pixel, and the network knows half as much.
#
# <details><summary>Sources</summary>
#
# K. He, X. Zhang, S. Ren, and J. Sun, "Deep residual learning for image recognition" (2015) and "Identity mappings in deep residual networks" (2016). A. Veit, M. Wilber, and S. Belongie, "Residual networks behave like ensembles of relatively shallow networks" (2016). G. Huang and others, "Deep networks with stochastic depth" (2016). P. Goyal and others, "Accurate, large minibatch SGD" (2017). H. Zhang, Y. Dauphin, and T. Ma, "Fixup initialization" (2019). The digits are E. Alpaydin and C. Kaynak's (1998), from scikit-learn.
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

HandIn("12_residual")
