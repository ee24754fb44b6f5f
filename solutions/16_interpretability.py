# %% [markdown]
# # 16 · Interpretability
#
# The network says 8.
# Which pixels say so?
#
# A trained network is a **black box** of a special kind: every number in it is known, and still nobody can tell you why it said what it said.
# There are many methods that answer this question with a colorful map or a bar chart.
# In this lesson you build six of them, then put them to the test: does the map still look the same if the network has forgotten everything?
#
# **You will build**, from nothing but NumPy:
# `saliency` → `integrated_gradients` → `occlusion` → `permutation_importance` → `lime` → `coalition_value` → `shapley` → `shapley_sampled`
#
# **Time:** about 125 minutes. **You need:** [lesson 4](../04_backprop/04_backprop.ipynb), and ReLU and Adam from lessons [5](../05_activations/05_activations.ipynb) and [8](../08_optimizers/08_optimizers.ipynb).
# It takes two sittings: a good place to stop for the day is after part one.
#
# **How to work.** Predict, run, explain. If an exercise won't budge, skip it and come back.

# %% given: imports
from itertools import pairwise
from time import perf_counter

import numpy as np

from utils import data, plots
from utils.checks import unfinished
from utils.widgets import SaysWho

# %% [markdown]
# These are the pieces you need from earlier lessons.

# %% earlier: pieces
# from 03_forward_pass: mlp_forward, softmax
# from 04_backprop: cross_entropy_grad, linear_backward
# from 05_activations: relu, relu_grad
# from 08_optimizers: adam_step, minibatches

# %%
# To use your own pieces instead, remove the # in front of the next lines.
# from utils import earlier
# mlp_forward, softmax = earlier.mine("03_forward_pass", "mlp_forward", "softmax")
# cross_entropy_grad, linear_backward = earlier.mine("04_backprop", "cross_entropy_grad", "linear_backward")
# relu, relu_grad = earlier.mine("05_activations", "relu", "relu_grad")
# adam_step, minibatches = earlier.mine("08_optimizers", "adam_step", "minibatches")

# %% [markdown]
# # Part one: which pixels?
#
# ## The network says 8
#
# The next cell trains a network with two hidden layers of 32 ReLU units on 1,400 digits.
# Then it looks at one of the others.
#
# **Predict:** the picture shows a clear 8. Which pixels would *you* point at to prove that it is not a 3, a 6, or a 9?

# %%
digits = data.digits()
images, labels = digits.X / 16, digits.y
order = np.random.default_rng(0).permutation(len(images))
seen, new = order[:1400], order[1400:]


def train(sizes, X, y, epochs, lr):
    """The weights and biases of an MLP with ReLU, trained with Adam on batches of 50."""
    rng, L, state = np.random.default_rng(1), len(sizes) - 1, None
    params = [rng.normal(size=(out, d)) * np.sqrt(2 / d) for d, out in pairwise(sizes)]
    params += [np.zeros(out) for out in sizes[1:]]
    for _ in range(epochs):
        for rows in minibatches(len(X), 50, rng):
            Z, cache = mlp_forward(X[rows], params[:L], params[L:], relu)
            dZ, grads = cross_entropy_grad(Z, y[rows]), [None] * (2 * L)
            for k in reversed(range(L)):
                dA, grads[k], grads[L + k] = linear_backward(dZ, cache[k][0], params[k])
                dZ = dA * relu_grad(cache[k - 1][1]) if k else None
            params, state = adam_step(params, grads, state, lr)
    return params[:L], params[L:]


def scores(X, weights, biases):
    return mlp_forward(X, weights, biases, relu)[0]


weights, biases = train([64, 32, 32, 10], images[seen], labels[seen], 30, 0.003)
x = images[309]
print(f"new digits right: {np.mean(scores(images[new], weights, biases).argmax(axis=1) == labels[new]):.3f}")
print(f"picture 309 is an {labels[309]}; probabilities of 0 to 9:")
print(softmax(scores(x[None], weights, biases))[0].round(3))
with plots.figure("An 8, in 8 by 8 pixels: a wide upper loop and a narrow lower one.", size=(2.6, 2.9)) as ax:
    plots.image(x.reshape(8, 8), title="What says that it is an 8?", ax=ax)

# %% [markdown]
# Probably you pointed at the left side of the upper loop (a 3 has a gap there), at the lower loop (a 9 has none), and at the upper right (where a 6 is open).
# Note that some of your evidence is *black*: the holes in the loops.
#
# Now let us ask the network.
# It computes a score for each class, $z_0, \dots, z_9$, and the largest wins.
# So the question becomes: where does $z_8$ come from?
#
# ## Nudge a pixel
#
# The simplest idea: nudge a pixel, and see how much $z_8$ moves.
# That is the gradient $\partial z_8 / \partial x$, one number for each pixel.
# It is called the **saliency map**.
# Backprop computes it as a by-product: it is what is left when you carry a gradient past the *first* layer.
#
# Two choices matter:
#
# - **The score, not the probability.** At $p_8 = 0.999$, no nudge moves the probability much: the slope of the softmax is nearly 0. The probability also mixes in the nine other scores.
# - **Start with 1.** In training, backprop begins with the gradient of the loss. Here it begins with a 1 at the class you ask about, and 0 elsewhere, so that the first step back gives row $c$ of the last layer's weights.
#
# **By hand.** Two inputs, two hidden units, and classes 0 and 1; all biases are 0 but one:
#
# $$ W_1 = \begin{pmatrix} 1 & -1 \\ 2 & 1 \end{pmatrix}, \quad b_1 = \begin{pmatrix} 0 \\ -4 \end{pmatrix}, \quad W_2 = \begin{pmatrix} 1 & -1 \\ 0.5 & 2 \end{pmatrix}. $$
#
# For $x = (3, 1)$ the hidden units get $(2, 3)$, so both are on.
# For class 1, the row is $(0.5, 2)$, and $(0.5, 2)\, W_1 = (4.5, 1.5)$.
#
# **Predict:** what is it for $x = (2, -1)$? And for $x = (1, 1)$?
#
# At $(2, -1)$ the hidden units get $(3, -1)$.
# The second one is off, so its entry becomes 0 on the way back: $(0.5, 0)\, W_1 = (0.5, -0.5)$.
# At $(1, 1)$ they get $(0, -1)$, and both are off (at exactly 0, ReLU's slope counts as 0): the gradient is $(0, 0)$.
# Which units are on decides what the gradient is, so different examples can get different explanations.
#
# ## Exercise 1: saliency

# %% exercise: saliency
def saliency(X, weights, biases, classes):
    """The gradient of one score of each example with respect to its inputs.

    The network is an MLP: linear layers, ReLU after each of them but the last.
    X: (n, d). weights: a list of (out, in). biases: a list of (out,). There may be a single layer.
    classes: n ints; of the k-th example, the score of classes[k] (before any softmax) is explained.
    Returns float64 (n, d), with its signs. ReLU's slope at 0 is 0.
    """
    ### BEGIN SOLUTION
    _, cache = mlp_forward(X, weights, biases, relu)
    G = np.asarray(weights[-1], dtype=float)[np.asarray(classes)]
    for W, (_, Z) in zip(reversed(weights[:-1]), reversed(cache[:-1])):
        G = (G * relu_grad(Z)) @ np.asarray(W, dtype=float)
    return G
    ### END SOLUTION

# %% tests: saliency, 4 points
from itertools import pairwise

import numpy as np


def _slopes(X, weights, biases, classes):
    """Example by example: where no switch flips, the network is one matrix."""
    rows = []
    for x, c in zip(np.asarray(X, dtype=float), classes):
        M, a = np.eye(len(x)), x
        for k, (W, b) in enumerate(zip(weights, biases)):
            z = np.asarray(W, dtype=float) @ a + np.asarray(b, dtype=float)
            M = np.asarray(W, dtype=float) @ M
            if k < len(weights) - 1:
                M, a = np.diag((z > 0).astype(float)) @ M, np.where(z > 0, z, 0.0)
        rows.append(M[c])
    return np.array(rows)


def _case(seed, n, *sizes):
    rng = np.random.default_rng(seed)
    return (rng.normal(size=(n, sizes[0])), [rng.normal(size=(out, d)) for d, out in pairwise(sizes)],
            [rng.normal(size=out) for out in sizes[1:]], rng.integers(sizes[-1], size=n))


SMALL = ([np.array([[1.0, -1.0], [2.0, 1.0]]), np.array([[1.0, -1.0], [0.5, 2.0]])], [np.array([0.0, -4.0]), np.zeros(2)])
with check("finds the slopes that you worked out by hand"):
    check.close(check.call(saliency, np.array([[3.0, 1.0]]), *SMALL, np.array([1])), [[4.5, 1.5]])
    check.close(check.call(saliency, np.array([[2.0, -1.0]]), *SMALL, np.array([1])), [[0.5, -0.5]])
with check("takes ReLU's slope at exactly 0 to be 0"):
    check.close(check.call(saliency, np.array([[1.0, 1.0]]), *SMALL, np.array([1])), [[0.0, 0.0]])
with check("explains the class of each example, and keeps the signs"):
    case = _case(1600, 6, 4, 5, 3)
    check.close(check.call(saliency, *case), _slopes(*case))
with check("is right if there is a single layer, without any ReLU"):
    case = _case(1601, 4, 3, 5)
    check.close(check.call(saliency, *case), _slopes(*case))
with check("goes back through three layers, each with its own switches"):
    for seed, sizes in ((1602, (5, 4, 6, 3)), (1603, (4, 4, 4, 4))):
        case = _case(seed, 5, *sizes)
        check.close(check.call(saliency, *case), _slopes(*case))
### BEGIN HIDDEN TESTS
with check("agrees with the product of the matrices, whatever the sizes"):
    for seed, (n, *sizes) in enumerate(((7, 5, 3, 4), (2, 3, 2, 5, 4), (4, 4, 4), (3, 2, 6, 3, 5, 2), (5, 1, 4, 2))):
        case = _case(1604 + seed, n, *sizes)
        check.close(check.call(saliency, *case), _slopes(*case))
with check("works for a batch of one"):
    case = _case(1610, 1, 4, 6, 3)
    check.close(check.call(saliency, *case), _slopes(*case))
with check("returns float64, for lists and whole numbers too"):
    case = [[1, 2], [3, -1]], [[[1, -1], [2, 1], [0, 1]], [[1, 0, 2], [-1, 3, 1]]], [[0, -1, 1], [1, 0]], [1, 0]
    got = check.call(saliency, *case)
    check.floats(got, (2, 2))
    check.close(got, _slopes(*case))
    check.floats(check.call(saliency, [[1, 2]], [[[3, 4], [5, 6]]], [[0, 0]], [1]), (1, 2))
with check("reads any memory order, and leaves its input as it was"):
    X, Ws, bs, classes = _case(1611, 8, 6, 5, 4)
    case = np.asfortranarray(X)[::2], [np.asfortranarray(Ws[0]), Ws[1][:, ::-1]], bs, classes[::-2]
    check.close(check.call(saliency, *case), _slopes(*case))
    check.unchanged(saliency, X.copy(), [W.copy() for W in Ws], [b.copy() for b in bs], classes.copy())
    check.unchanged(saliency, X.copy(), [Ws[0][:3].copy()], [bs[0][:3].copy()], classes % 3)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# For one example and a network with a single layer, the gradient is a row of `W`. Which one?
# And with one hidden layer, by what is that row multiplied?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `mlp_forward(X, weights, biases, relu)` gives you the cache: `cache[l] = (A_in, Z)`.
# `weights[-1][classes]` takes one row for each example: an array (n, hidden).
# On the way back, each hidden layer needs `relu_grad` of *its own* Z, then its W.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Start with `G = weights[-1][classes]` (make arrays of floats first).
# For the layers before the last one, from the back: multiply `G` by `relu_grad(Z)` of that layer, entry by entry, then by its `W` as a matrix: `G @ W`.
# What is left after the first layer has shape (n, d).
# </details>

# %% [markdown]
# **Predict:** will the map of our 8 be empty where the picture is black?

# %%
with plots.figure("Left the 8, right its saliency map: blue and orange pixels scattered over the whole picture, "
                  "also where the digit has none.", columns=2, size=(6.4, 3.2)) as (left, right):
    slopes = saliency(x[None], weights, biases, [8])[0].reshape(8, 8)
    plots.image(x.reshape(8, 8), title="An 8", ax=left)
    plots.image(slopes, title="Saliency for 8", strongest=np.abs(slopes).max(), ax=right)
    inked = x.reshape(8, 8) > 0
    print("blue: more ink here would raise the score of 8; orange: lower it")
    print(f"mean size of the slope: {np.abs(slopes[inked]).mean():.2f} on the digit, {np.abs(slopes[~inked]).mean():.2f} off it")

# %% [markdown]
# No: off the digit, the slopes are about as large as on it.
# That is not a bug.
# The gradient says what *would* happen if a pixel were a bit brighter, and a spot of ink in the middle of nowhere would matter.
# It doesn't say how much the ink that is there contributes.

# %% [markdown]
# ## From nothing to the 8
#
# There is a second problem.
# Take $f(x) = \min(x, 1)$, at $x = 2$.
# The output is 1, and all of it is due to $x$, but the slope at 2 is 0: the unit is *saturated*.
#
# **Integrated gradients** (IG) look at the whole way to $x$.
# Choose a **baseline** $x'$ that stands for "nothing", such as a black picture, and walk from there to $x$ in a straight line.
# Average the gradient over the walk, then multiply by how far each entry went:
#
# $$ \text{IG}_i = (x_i - x'_i) \cdot \frac{1}{m} \sum_{k=0}^{m-1} \frac{\partial f}{\partial x_i}\!\left(x' + \frac{k + \frac12}{m} (x - x')\right). $$
#
# The $m$ points are the midpoints of $m$ equal steps, which makes the sum a good stand-in for an integral.
#
# **By hand.** $f(x) = \min(x, 1)$ from $x' = 0$ to $x = 2$ in $m = 4$ steps: the points are 0.25, 0.75, 1.25, and 1.75, with slopes 1, 1, 0, and 0.
# The mean is 0.5, and times 2 that makes 1: exactly $f(2) - f(0)$.
#
# That is no coincidence.
# As the steps get smaller, the sum of the entries of IG approaches $f(x) - f(x')$, for any network made of linear layers and ReLUs, and for most other functions without jumps: the whole difference is divided among the pixels, and nothing is left over.
# This is called **completeness**.
#
# ## Exercise 2: integrated gradients

# %% exercise: integrated_gradients
def integrated_gradients(grad, x, baseline, steps):
    """The difference between f(x) and f(baseline), divided among the inputs.

    grad: a function that takes one point (d,) and returns the gradient of f there, (d,).
    x, baseline: (d,). steps: the number of points, an int >= 1.
    The points lie on the line from baseline to x, at the fractions (k + 1/2) / steps of the way.
    Returns float64 (d,).
    """
    ### BEGIN SOLUTION
    x, baseline = np.asarray(x, dtype=float), np.asarray(baseline, dtype=float)
    total = np.zeros(x.shape)
    for k in range(steps):
        total += grad(baseline + (k + 0.5) / steps * (x - baseline))
    return (x - baseline) * total / steps
    ### END SOLUTION

# %% tests: integrated_gradients, 3 points
import numpy as np


def _walk(grad, x, baseline, steps):
    start, end = np.array([baseline, x], dtype=float)
    shares = (np.arange(steps) + 0.5) / steps
    return (end - start) * np.mean([grad((1 - t) * start + t * end) for t in shares], axis=0)


def _two(p):
    """The gradient of p0² p1 + p1³."""
    p = np.asarray(p, dtype=float)
    return np.array([2 * p[0] * p[1], p[0] ** 2 + 3 * p[1] ** 2])


with check("gives 1 for the smaller of x and 1, from 0 to 2 in four steps"):
    check.close(check.call(integrated_gradients, lambda p: (np.asarray(p) < 1).astype(float), np.array([2.0]), np.zeros(1), 4), [1.0])
with check("adds up to f(x) - f(baseline), wherever the baseline is"):
    x, baseline = np.array([3.0, -1.0]), np.array([1.0, 2.0])
    check.close(check.call(integrated_gradients, lambda p: 2 * np.asarray(p), x, baseline, 5), x ** 2 - baseline ** 2)
with check("takes the gradient at the midpoints of the steps"):
    asked = []

    def _noted(p):
        asked.append(np.array(p, dtype=float))
        return np.ones(2)

    check.call(integrated_gradients, _noted, np.array([1.0, 10.0]), np.array([0.0, 20.0]), 4)
    points = [one.tolist() for one in sorted(asked, key=lambda one: one.tolist())]
    expected = [[0.125, 18.75], [0.375, 16.25], [0.625, 13.75], [0.875, 11.25]]
    check.true(np.shape(points) == (4, 2) and np.allclose(points, expected),
               f"from (0, 20) to (1, 10) in 4 steps, grad should be asked at {expected}; it was asked at {points[:8]}.")
with check("averages the slopes over the walk, and multiplies by the distance"):
    for steps in (1, 2, 7):
        check.close(check.call(integrated_gradients, _two, np.array([2.0, 1.0]), np.zeros(2), steps),
                    _walk(_two, [2.0, 1.0], [0.0, 0.0], steps))
with check("goes from the baseline to x, for a baseline other than 0"):
    check.close(check.call(integrated_gradients, _two, np.array([-1.0, 2.0]), np.array([0.5, 3.0]), 3), _walk(_two, [-1.0, 2.0], [0.5, 3.0], 3))
### BEGIN HIDDEN TESTS
with check("agrees with the formula for random gradients, of any size and in any memory order"):
    rng = np.random.default_rng(1620)
    for d, steps in ((1, 3), (4, 4), (6, 1), (3, 20)):
        A, c = rng.normal(size=(d, d)), rng.normal(size=d)
        x, baseline = rng.normal(size=d), rng.normal(size=d)

        def _grad(p):
            return np.tanh(A @ np.asarray(p, dtype=float) + c)

        check.close(check.call(integrated_gradients, _grad, x, baseline, steps), _walk(_grad, x, baseline, steps))
    x = np.array([1.0, 9.0, 2.0])[::2]
    check.close(check.call(integrated_gradients, _two, x, np.zeros(2), 3), _walk(_two, x, [0.0, 0.0], 3))
with check("is 0 where x and the baseline are the same"):
    got = check.call(integrated_gradients, _two, np.array([2.0, 5.0]), np.array([2.0, 1.0]), 3)
    check.close(got[:1], [0.0])
with check("returns float64, for lists and whole numbers too"):
    got = check.call(integrated_gradients, _two, [2, 3], [1, 0], 2)
    check.floats(got, (2,))
    check.close(got, _walk(_two, [2, 3], [1, 0], 2))
with check("leaves its input as it was"):
    check.unchanged(integrated_gradients, _two, np.array([2.0, 1.0]), np.array([0.5, -1.0]), 3)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Write down the point for $k = 0$ and the one for $k = m - 1$. How far are they from the two ends?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# A loop over `range(steps)` that adds up gradients. The fraction of the way is `(k + 0.5) / steps`.
# `grad` takes one point at a time.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Make float arrays of `x` and `baseline`.
# For each `k`, the point is the baseline plus the fraction times `(x - baseline)`; add `grad(point)` to a total that starts as zeros.
# At the end, divide the total by `steps` and multiply it by `(x - baseline)`, entry by entry.
# </details>

# %% [markdown]
# With our network, $f$ is $z_8$, and its gradient is your `saliency`.
#
# **Predict:** completeness is exact in the limit of infinitely many steps. How many are enough here?

# %%
def grad_of(c, weights, biases):
    """The gradient of score c as a function of one picture."""
    return lambda p: saliency(np.asarray(p)[None], weights, biases, [c])[0]


black = np.zeros(64)
with unfinished():
    difference = (scores(x[None], weights, biases) - scores(black[None], weights, biases))[0, 8]
    print(f"score of the 8 minus score of a black picture: {difference:.3f}")
    for steps in (1, 5, 20, 100):
        total = integrated_gradients(grad_of(8, weights, biases), x, black, steps).sum()
        print(f"sum of the map with {steps:3} steps: {total:.3f}")

# %% [markdown]
# Even one step is off by only 3%, and twenty by 0.2%.
#
# The baseline is a *choice*.
# From a black one, black pixels get exactly 0, since there $x_i - x'_i = 0$: the hole that you may have pointed at can't appear in the map.
#
# ## Cover a square
#
# The third idea needs no gradient at all: cover part of the picture, and see what the network says then.
# Slide the cover over all places.
# This is **occlusion**, and it works for any model that gives you a score.
#
# **By hand.** Let the score be the sum of all pixels, and cover squares of 2 × 2 with 0:
#
# $$ \begin{pmatrix} 1 & 2 & 3 \\ 4 & 5 & 6 \end{pmatrix} \;\longrightarrow\; \begin{pmatrix} 21 - 9 & \; 21 - 5 \end{pmatrix} = \begin{pmatrix} 12 & 16 \end{pmatrix}. $$
#
# There are only two places, side by side.
# A large *positive* number means: without this square the score drops, so the square speaks for the class.
#
# ## Exercise 3: occlusion

# %% exercise: occlusion
def occlusion(score, image, size, value):
    """How much the score drops when a square of the image is covered.

    score: a function that takes an image (h, w) and returns a number.
    image: (h, w). size: the side of the square, an int; it fits into the image.
    value: what the covered pixels are set to.
    Returns float64 (h - size + 1, w - size + 1). Entry (i, j) is score(image) minus the score of
    the image in which the square with its upper left corner at (i, j) is covered.
    """
    ### BEGIN SOLUTION
    image = np.asarray(image, dtype=float)
    h, w = image.shape
    before, drops = score(image.copy()), np.zeros((h - size + 1, w - size + 1))
    for i in range(h - size + 1):
        for j in range(w - size + 1):
            covered = image.copy()
            covered[i:i + size, j:j + size] = value
            drops[i, j] = before - score(covered)
    return drops
    ### END SOLUTION

# %% tests: occlusion, 3 points
import numpy as np


def _drops(score, image, size, value):
    image = np.asarray(image, dtype=float)
    (h, w), rows, columns = image.shape, *np.indices(image.shape)
    return np.array([[score(image) - score(np.where((abs(rows - i - (size - 1) / 2) < size / 2)
                                                    & (abs(columns - j - (size - 1) / 2) < size / 2), value, image))
                      for j in range(w - size + 1)] for i in range(h - size + 1)])


def _weighted(seed, h, w):
    """A score that tells every pixel from every other, and is no sum."""
    A = np.random.default_rng(seed).normal(size=(h, w))
    return lambda image: float(np.sum(A * np.asarray(image, dtype=float) ** 2) + 0.5 * np.sum(A * image) ** 2)


def _total(image):
    return float(np.sum(image))


with check("finds the two numbers that you worked out by hand"):
    check.close(check.call(occlusion, _total, np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), 2, 0.0), [[12.0, 16.0]])
with check("covers one square at a time, up to the last row and column"):
    image = np.random.default_rng(1630).normal(size=(5, 4))
    check.close(check.call(occlusion, _weighted(1631, 5, 4), image, 2, 0.0), _drops(_weighted(1631, 5, 4), image, 2, 0.0))
    check.close(check.call(occlusion, _weighted(1631, 5, 4), image, 1, 0.0), _drops(_weighted(1631, 5, 4), image, 1, 0.0))
with check("sets the covered pixels to the given value"):
    check.close(check.call(occlusion, _total, np.zeros((2, 2)), 1, 3.0), [[-3.0, -3.0], [-3.0, -3.0]])
with check("covers with fractions, even in an image of ints"):
    check.close(check.call(occlusion, _total, np.array([[1, 2], [3, 4]]), 1, 0.5), [[0.5, 1.5], [2.5, 3.5]])
with check("leaves the image as it was"):
    check.unchanged(occlusion, _total, np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), 2, 0.0)
### BEGIN HIDDEN TESTS
with check("agrees with covering by a mask, whatever the sizes"):
    for seed, (h, w, size) in enumerate(((3, 6, 3), (4, 4, 2), (6, 3, 2), (1, 5, 1), (5, 5, 4))):
        image = np.random.default_rng(1632 + seed).normal(size=(h, w))
        check.close(check.call(occlusion, _weighted(seed, h, w), image, size, 0.7), _drops(_weighted(seed, h, w), image, size, 0.7))
with check("gives a single number if the square is as large as the image"):
    check.close(check.call(occlusion, _total, np.array([[1.0, 2.0], [3.0, 4.0]]), 2, 1.0), [[6.0]])
with check("returns float64, for lists and whole numbers too"):
    got = check.call(occlusion, lambda image: int(np.sum(image)), [[1, 2, 3], [4, 5, 6]], 1, 0)
    check.floats(got, (2, 3))
    check.close(got, [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
with check("reads any memory order, and takes NumPy numbers as scores"):
    image = np.asfortranarray(np.random.default_rng(1640).normal(size=(6, 8)))[::2, ::-2]
    check.close(check.call(occlusion, lambda one: np.max(one), image, 2, -1.0), _drops(np.max, image, 2, -1.0))
    check.unchanged(occlusion, _total, [[1.0, 2.0], [3.0, 4.0]], 1, 0.0)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# How many places are there for the square, down and across?
# For one place: what do you cover, and what should be whole again at the next place?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `image.copy()` gives you a fresh copy to cover; `covered[i:i + size, j:j + size] = value` covers it.
# Make the image an array of floats first: an array of ints would cut 0.5 down to 0.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Compute the score of the whole image once.
# For each `i` in `range(h - size + 1)` and `j` in `range(w - size + 1)`: copy the image, cover the slice, and store the score of the whole minus the score of the copy in entry `(i, j)` of the result.
# </details>

# %% [markdown]
# Now the three maps side by side.

# %%
def score_of(c, weights, biases):
    """Score c as a function of one picture (8, 8)."""
    return lambda image: scores(np.reshape(image, (1, 64)), weights, biases)[0, c]


def maps_of(x, c, weights, biases):
    """The three maps of one picture, by name."""
    grad, score = grad_of(c, weights, biases), score_of(c, weights, biases)
    return {"saliency": grad(x).reshape(8, 8),
            "integrated gradients": integrated_gradients(grad, x, black, 20).reshape(8, 8),
            "occlusion": occlusion(score, x.reshape(8, 8), 2, 0.0)}


with plots.figure("The 8 and three maps of it. Saliency is scattered; integrated gradients and occlusion are "
                  "mostly confined to the strokes, and agree that the crossing in the middle speaks for an 8.",
                  columns=4, size=(11.0, 3.0)) as panels:
    plots.image(x.reshape(8, 8), title="An 8", ax=panels[0])
    for (name, M), ax in zip(maps_of(x, 8, weights, biases).items(), panels[1:]):
        plots.image(M, title=name[0].upper() + name[1:], strongest=np.abs(M).max(), ax=ax)
    print("blue: speaks for an 8; orange: against it")

# %% [markdown]
# The last two look convincing: they follow the strokes, and agree on the crossing in the middle.
# Is that because the *network* knows what an 8 is, or because the *picture* shows one?
#
# ## Does the map look at the network?
#
# Here is a test (Adebayo and others, 2018).
# Destroy what the network has learned: shuffle the trained weights of the last layer, then of the last two, then of all three.
# From the first step on, the network reads digits no better than chance.
# A map that explains the network has to change.
#
# We compare two maps by their correlation: 1 for the same pattern, 0 for nothing in common.
# We do this twice: with signs, and by size only, as in the heat maps that glow where "the network looks".
#
# **Predict:** which maps will still look as they did before?

# %%
def randomized(count, rng):
    """The network with the weights and biases of its last `count` layers shuffled."""
    kept = len(weights) - count
    return tuple([part if k < kept else rng.permutation(part.ravel()).reshape(part.shape)
                  for k, part in enumerate(parts)] for parts in (weights, biases))


def alike(A, B):
    return np.corrcoef(np.ravel(A), np.ravel(B))[0, 1]


some = new[:40]
said = scores(images[some], weights, biases).argmax(axis=1)
with plots.figure("Two panels: how much maps resemble those of the trained network, against the number of shuffled "
                  "layers. With signs, all three fall to about 0. By size only, saliency falls to 0, but integrated "
                  "gradients and occlusion stay near one half.", columns=2, size=(10.4, 4.0)) as panels:
    rng = np.random.default_rng(6)
    original = [maps_of(images[k], c, weights, biases) for k, c in zip(some, said)]
    signed, sizes = ({name: [1.0] for name in original[0]} for _ in range(2))
    print(f"right as trained: {np.mean(said == labels[some]):.2f}", end="")
    for count in (1, 2, 3):
        network = randomized(count, rng)
        print(f", {count} shuffled: {np.mean(scores(images[new], *network).argmax(axis=1) == labels[new]):.2f}", end="")
        after = [maps_of(images[k], c, *network) for k, c in zip(some, said)]
        for name in signed:
            signed[name].append(np.mean([alike(a[name], b[name]) for a, b in zip(original, after)]))
            sizes[name].append(np.mean([alike(abs(a[name]), abs(b[name])) for a, b in zip(original, after)]))
    for curves, title, ax in ((signed, "With signs, all maps change", panels[0]),
                              (sizes, "By size, two stay half alike", panels[1])):
        plots.curves(range(4), curves, xlabel="layers shuffled, from the last one", ylabel="correlation with the trained network's map",
                     title=title, ax=ax)
        ax.set(xticks=range(4), ylim=(-0.3, 1.05))
    print()
    for name in signed:
        print(f"{name:21} with signs {np.round(signed[name][1:], 2)}, by size {np.round(sizes[name][1:], 2)}")

# %% [markdown]
# With signs, all three pass: what speaks *for* the 8 and what against it is gone.
# By size, integrated gradients and occlusion keep a correlation of about 0.5, although the network no longer knows anything.
# Now we know why they look so convincing: IG multiplies by $x - x'$, and covering black with black changes nothing.
# Both are 0 wherever the picture is black, so the outline of a digit shows up whatever the network thinks.
# The outline comes from the picture.
# (What such a test proves is debated: it depends on how maps are compared, as you see.)
#
# So do these maps say anything at all?
# Try an experiment in which they can fail: blacken the eight pixels that a map calls most important, and see how many digits are still read as before.
#
# **Predict:** what is a fair opponent for such a map?

# %%
with unfinished():
    rng = np.random.default_rng(7)
    original = [maps_of(images[k], c, weights, biases) for k, c in zip(some, said)]
    # Occlusion is left out: its map has an entry for each square, not for each pixel.
    choices = {"random pixels": rng.random((40, 64)), "the brightest pixels": images[some],
               "saliency, by size": [np.abs(one["saliency"]).ravel() for one in original],
               "integrated gradients": [one["integrated gradients"].ravel() for one in original]}
    for name, ranking in choices.items():
        blackened = images[some].copy()
        np.put_along_axis(blackened, np.argsort(ranking, axis=1)[:, -8:], 0.0, axis=1)
        kept = np.mean(scores(blackened, weights, biases).argmax(axis=1) == said)
        print(f"8 pixels blackened, chosen by {name:21} {kept:.0%} are read as before")

# %% [markdown]
# Random pixels are too easy to beat, since many of them are black already.
# The fair opponent is simple: take the brightest ones.
# Integrated gradients beat it by far: these pixels *are* what this network relies on.
# (One doubt remains: no digit with eight holes was in the training set, so part of the drop may be due to that.)
# Judge a map by an experiment in which it can fail, and not by how much it looks like what you expected.
#
# ### Play: says who
#
# In the explorer, *your* functions draw the map of a digit.
# Its slider shuffles trained layers, from the last one on.
#
# *The question to answer:* what would you need to see to believe a map?
#
# 1. Take the 2. Which map changes the most when one layer is shuffled? Compare "with signs" and "size only".
# 2. Take the 3, and ask for the score of 8. What would turn it into an 8, and which of the maps can say so?
# 3. Occlusion of the 2, size only, all three layers shuffled: could you tell from the map which digit it is?
# 4. Which map has colors where the digit is black? Why only this one?

# %%
says_who = SaysWho(saliency, integrated_gradients, occlusion, (weights, biases), images[new], labels[new])
says_who

# %% [markdown]
# <details><summary>The answers</summary>
#
# **1.** With signs, all of them: the correlations are below 0.2. By size, saliency changes the most (0.2); integrated gradients and occlusion keep the outline (0.6 to 0.7). It varies from digit to digit.
#
# **2.** Ink in the gaps on the left would. Saliency is mostly blue there. The two others can't say so: the gaps are black, and these maps only ask about ink that is there.
#
# **3.** Usually yes, although this network has forgotten everything.
#
# **4.** Saliency. The two others are 0 where $x_i = x'_i$, and where black is covered with black.
#
# To believe a map, you would want to see it change when the network changes, and to see the score drop when you take away what it points at.
# </details>

# %% [markdown]
# **A good place to stop for the day.** You have three kinds of maps, and two experiments that tell you what they are worth.

# %% [markdown]
# # Part two: which columns?
#
# ## A tumor
#
# Now a table: tumors, with twelve measurements of their cells under a microscope.
# A small network learns to tell malignant from benign.
# Of the tumors that it hasn't seen, it calls a benign one malignant, with a probability of 0.81.
# A doctor would want to know why.

# %%
FEATURES = ("mean radius", "mean texture", "mean perimeter", "mean area", "mean smoothness", "mean compactness",
            "mean concavity", "mean concave points", "mean symmetry", "worst radius", "worst texture", "worst concave points")
tumors = data.breast_cancer().take(*FEATURES)
malignant = 1 - tumors.y
order = np.random.default_rng(0).permutation(len(malignant))
learned, unseen = order[:400], order[400:]
columns = (tumors.X - tumors.X[learned].mean(axis=0)) / tumors.X[learned].std(axis=0)
net = train([12, 16, 2], columns[learned], malignant[learned], 20, 0.01)


def predict(X):
    """The probability that each tumor is malignant, (n,)."""
    return softmax(scores(X, *net))[:, 1]


def accuracy(X, y):
    return np.mean((predict(X) > 0.5) == y)


wrong = [row for row in unseen if predict(columns[[row]])[0] > 0.5 and not malignant[row]]
patient = columns[max(wrong, key=lambda row: predict(columns[[row]])[0])]
print(f"accuracy on unseen tumors: {accuracy(columns[unseen], malignant[unseen]):.3f}")
print(f"a benign one: malignant with probability {predict(patient[None])[0]:.3f}; in standard deviations from the mean:")
print(", ".join(f"{name} {value:+.1f}" for name, value in zip(FEATURES, patient)))

# %% [markdown]
# ## Shuffle a column
#
# First a question about the model as a whole: which columns does it need?
# Shuffle one column among the examples, so that nearly everybody gets somebody else's value.
# How much does the score fall?
# This is **permutation importance**.
# All it needs from the model are predictions.
#
# **By hand.** Two columns and labels $y = (1, 2, 3)$. The model answers with column 0, which is $(1, 2, 3)$, so all three are right.
# Shuffle column 0 to $(1, 3, 2)$: one is right, and the score falls by $1 - \frac13 = \frac23$.
# Shuffle column 1: nothing happens, and its importance is 0.
#
# Column 0 has to be *put back* before column 1 is shuffled.
#
# ## Exercise 4: permutation importance

# %% exercise: permutation_importance
def permutation_importance(score, X, y, rng):
    """How much the score drops when one column of X is shuffled.

    score: a function of (X, y) that returns a number; larger is better.
    X: (n, d). y: n labels, which keep their order.
    rng: an np.random.Generator, the only source of randomness.
    Returns float64 (d,): score(X, y) minus the score with column j in random order and all others
    as they were. Each column is shuffled once.
    """
    ### BEGIN SOLUTION
    X = np.asarray(X, dtype=float)
    before, drops = score(X, y), np.zeros(X.shape[1])
    for j in range(X.shape[1]):
        shuffled = X.copy()
        shuffled[:, j] = rng.permutation(X[:, j])
        drops[j] = before - score(shuffled, y)
    return drops
    ### END SOLUTION

# %% tests: permutation_importance, 3 points
import numpy as np

Y = np.arange(12.0)


def _seen(X, y, rng):
    """What came back, and the tables and labels that score was asked about, with its answers."""
    asked, numbers = [], np.random.default_rng(1650).normal(size=np.shape(X))

    def score(X, y):
        X = np.array(X, dtype=float)
        value = float(np.sum(numbers * X ** 2)) if X.shape == numbers.shape else 0.0
        asked.append((X, np.array(y), value))
        return value

    got = check.call(permutation_importance, score, X, y, rng)
    return got, asked, float(np.sum(numbers * np.asarray(X, dtype=float) ** 2))


def _column(X, asked, j):
    """What score said of tables in which only the entries of column j have changed places."""
    X = np.asarray(X, dtype=float)
    return [value for one, _, value in asked
            if one.shape == X.shape and np.array_equal(np.delete(one, j, axis=1), np.delete(X, j, axis=1))
            and np.array_equal(np.sort(one[:, j]), np.sort(X[:, j])) and not np.array_equal(one, X)]


def _table(seed, n, d):
    return np.random.default_rng(seed).normal(size=(n, d))


def _hits(X, y):
    """The share of labels that column 0 gets right."""
    return float(np.mean(np.asarray(X, dtype=float)[:, 0] == np.asarray(y)))


with check("shuffles a single column at a time, with all others as they were"):
    X = _table(1651, 12, 4)
    _, asked, _ = _seen(X, Y, np.random.default_rng(1652))
    for j in range(4):
        check.true(_column(X, asked, j), f"score was never asked about a table in which column {j} is shuffled, and nothing else.")
with check("subtracts the score with the shuffled column from the score as it is"):
    got, asked, before = _seen(_table(1653, 12, 3), Y, np.random.default_rng(1654))
    check.true(np.shape(got) == (3,), f"expected one number for each of the 3 columns, shape (3,), got {np.shape(got)}.")
    for j in range(3):
        drops = [before - value for value in _column(_table(1653, 12, 3), asked, j)]
        check.true(drops, f"score was never asked about a table in which column {j} is shuffled, and nothing else.")
        check.true(any(np.isclose(got[j], drop) for drop in drops),
                   f"column {j}: the score fell by {drops[0]:.4g} when it was shuffled, but entry {j} is {float(got[j]):.4g}.")
with check("is 0 for a column that the score never reads, and large for the one that decides"):
    X = np.stack([np.arange(30.0), np.zeros(30), np.arange(30.0)[::-1]], axis=1)
    got = check.call(permutation_importance, _hits, X, np.arange(30.0), np.random.default_rng(1655))
    check.close(got[1:], [0.0, 0.0])
    check.true(got[0] > 0.6, f"column 0 gets all 30 labels right, shuffled only about one; its importance should be above 0.6, yours is {float(got[0]):.3g}.")
with check("keeps the labels in their order"):
    _, asked, _ = _seen(_table(1656, 12, 2), Y, np.random.default_rng(1657))
    check.true(all(np.array_equal(y, Y) for _, y, _ in asked), "score got labels in another order than they came in.")
with check("draws from rng only: the same seed gives the same result, another one another"):
    once, again, other = (_seen(_table(1658, 12, 2), Y, np.random.default_rng(seed))[0] for seed in (1, 1, 2))
    check.true(np.array_equal(once, again), "two generators with the same seed give different results.")
    check.true(not np.array_equal(once, other), "two generators with different seeds give the same result.")
with check("leaves X and y as they were"):
    check.unchanged(permutation_importance, _hits, _table(1659, 6, 3), np.arange(6.0), np.random.default_rng(3))
### BEGIN HIDDEN TESTS
with check("every order of a column is as likely as any other"):
    X, rng, counts = np.array([[1.0], [2.0], [3.0]]), np.random.default_rng(1660), {}
    for _ in range(240):
        got = check.call(permutation_importance, lambda X, y: float(np.dot(np.ravel(X), [1.0, 10.0, 100.0])), X, np.zeros(3), rng)
        counts[round(float(got[0]))] = counts.get(round(float(got[0])), 0) + 1
    check.true(len(counts) == 6 and max(counts.values()) < 70, "of the 6 orders of 3 values, some come up too often or never.")
with check("returns float64, for lists and whole numbers too, with labels of any kind"):
    got = check.call(permutation_importance, lambda X, y: len(y), [[1, 2], [3, 4], [5, 6]], ["a", "b", "a"], np.random.default_rng(1))
    check.floats(got, (2,))
    check.close(got, [0.0, 0.0])
with check("works for a single column, and for a single row"):
    got, asked, before = _seen(_table(1661, 9, 1), Y[:9], np.random.default_rng(1662))
    check.true(any(np.isclose(got[0], before - value) for value in _column(_table(1661, 9, 1), asked, 0)), "the importance of a single column is wrong.")
    check.close(check.call(permutation_importance, _hits, np.ones((1, 3)), np.ones(1), np.random.default_rng(1663)), np.zeros(3))
with check("reads any memory order"):
    X = np.asfortranarray(_table(1664, 24, 6))[::2, ::-2]
    got, asked, before = _seen(X, Y, np.random.default_rng(1665))
    check.true(all(any(np.isclose(got[j], before - value) for value in _column(X, asked, j)) for j in range(3)), "the result is wrong where X is a slice of a larger table.")
    check.unchanged(permutation_importance, _hits, X, Y.tolist(), np.random.default_rng(4))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Compute the score of the untouched table first.
# Then: what has to be done for one column, so that the next one finds all others as they were?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `rng.permutation(column)` gives you a shuffled copy. `X.copy()` is a table that you may change.
# Beware of `rng.permutation(X)`: it shuffles whole rows.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# For each `j` in `range(d)`: copy `X`, replace column `j` of the copy by `rng.permutation(X[:, j])`, and store the score of the untouched table minus `score(copy, y)`.
# </details>

# %% [markdown]
# **Predict:** doctors look at the *size* of the nuclei.
# There are four columns for it: mean radius, perimeter, area, and worst radius.
# Will they be at the top?

# %%
with plots.figure("Bars: the importance of the twelve columns. Worst concave points and worst texture lead; "
                  "the four columns for size are short. A last bar, for these four shuffled together, is by far the longest.",
                  size=(7.6, 4.6)) as ax:
    rng = np.random.default_rng(8)
    drops = np.array([permutation_importance(accuracy, columns[unseen], malignant[unseen], rng) for _ in range(20)])
    size, together = [0, 2, 3, 9], []
    for _ in range(20):
        table = columns[unseen].copy()
        table[:, size] = rng.permutation(table[:, size])  # whole rows of these four
        together.append(accuracy(columns[unseen], malignant[unseen]) - accuracy(table, malignant[unseen]))
    names, heights = [*FEATURES, "the four for size, together"], [*drops.mean(axis=0), np.mean(together)]
    ax.barh(range(13), heights, color=[plots.SERIES_COLORS[0]] * 12 + [plots.WRONG])
    ax.set(yticks=range(13), yticklabels=names, xlabel="accuracy lost (mean of 20 shuffles)",
           title="One by one, the columns for size seem to matter little")
    ax.invert_yaxis()
    print(f"each column for size alone: {drops.mean(axis=0)[size].round(3)}; all four together: {np.mean(together):.3f}")
    print(f"correlation of mean radius with the other three: {np.corrcoef(columns[unseen][:, size].T)[0, 1:].round(2)}")

# %% [markdown]
# No.
# Each of the four alone costs at most a few hundredths; together, they cost more than any other column.
# They are nearly copies of each other, so when one is shuffled, the model still has three.
# Read a small importance as "not needed, *given the others*".
#
# ## A straight line nearby
#
# Now back to the patient.
# Why *this* prediction?
# The network is not linear, but near a single point it nearly is.
# **LIME** (Ribeiro and others, 2016), in its simplest form, fits a linear model there:
#
# 1. Draw `samples` points around $x$: $z = x + \sigma \cdot$ normal noise.
# 2. Ask the model about them.
# 3. Fit $a + b \cdot z$ by least squares, with more weight on near points: each has the weight $w(z) = \exp(-\lVert z - x \rVert^2 / \text{width}^2)$.
# 4. The slopes $b$ are the explanation.
#
# Least squares with weights needs one trick.
# You want the smallest $\sum_k w_k \, (p_k - a - b \cdot z_k)^2$, and a weight of 4 in front of a square is a factor of 2 *inside* it.
# So multiply both sides of each equation by $\sqrt{w_k}$, then fit as usual.
#
# **By hand.** Points $z = 0, 1, 2$ with $p = 0, 1, 4$, and weights $1, 1, 0$: the third point doesn't count, and the line is $p = z$, with slope 1.
# With equal weights, the slope is 2.
#
# ## Exercise 5: LIME

# %% exercise: lime
def lime(predict, x, samples, sigma, width, rng):
    """The slopes of a straight line, fitted to a model near one point.

    predict: a function that takes a batch (m, d) and returns an array (m,).
    x: (d,). samples: how many points to ask about, an int >= d + 2. They are x + sigma times
    standard normal draws. width: a point z counts with weight exp(-|z - x|² / width²).
    rng: an np.random.Generator, the only source of randomness.
    Returns float64 (d,): the slopes of the weighted least-squares fit with an intercept. The
    intercept is fitted too, but not returned. predict is asked about exactly `samples` rows.
    """
    ### BEGIN SOLUTION
    x = np.asarray(x, dtype=float)
    Z = x + sigma * rng.normal(size=(samples, len(x)))
    root = np.sqrt(np.exp(-np.sum((Z - x) ** 2, axis=1) / width ** 2))
    A = np.column_stack([np.ones(samples), Z - x])
    fit = np.linalg.lstsq(A * root[:, None], np.asarray(predict(Z)) * root, rcond=None)[0]
    return fit[1:]
    ### END SOLUTION

# %% tests: lime, 5 points
import numpy as np


def _recorded(model, x, samples, sigma, width, rng):
    """What came back, and the rows that were asked about, with the model's answers."""
    rows, answers = [], []

    def predict(Z):
        Z = np.array(Z, dtype=float)
        check.true(Z.ndim == 2 and Z.shape[1] == len(x), f"predict takes a batch (m, {len(x)}); it got an array of shape {Z.shape}.")
        found = np.array([model(z) for z in Z])
        rows.extend(Z)
        answers.extend(found)
        return found

    got = check.call(lime, predict, x, samples, sigma, width, rng)
    check.true(len(rows) == samples, f"predict should be asked about {samples} rows in all; it was asked about {len(rows)}.")
    return got, np.array(rows), np.array(answers)


def _fit(x, rows, answers, width):
    """Weighted means first, then the slopes around them."""
    x = np.asarray(x, dtype=float)
    w = np.exp(-np.sum((rows - x) ** 2, axis=1) / width ** 2)
    w = w / w.sum()
    A, p = rows - w @ rows, answers - w @ answers
    return np.linalg.solve((A * w[:, None]).T @ A, (A * w[:, None]).T @ p)


def _bent(z):
    return float(np.sin(z[0]) + 0.5 * z[0] * z[-1] + np.exp(0.3 * np.sum(z)) + 2.0)


with check("finds the slopes of a model that is a straight line, whatever its intercept"):
    for shift in (0.0, 100.0):
        got = check.call(lime, lambda Z: np.asarray(Z) @ np.array([2.0, -3.0]) + shift, np.array([1.0, 5.0]), 30, 0.5, 1.0, np.random.default_rng(1670))
        check.close(got, [2.0, -3.0], rtol=1e-6, atol=1e-6)
with check("draws its points around x, with standard deviation sigma"):
    for x, sigma in ((np.array([5.0, -3.0, 0.0]), 0.5), (np.zeros(2), 2.0)):
        _, rows, _ = _recorded(_bent, x, 400, sigma, 3.0, np.random.default_rng(1671))
        for j in range(len(x)):
            check.true(abs(rows[:, j].mean() - x[j]) < 5 * sigma / 20,
                       f"with x = {x[j]:g} and sigma = {sigma:g}, the points' mean is {rows[:, j].mean():.3g}.")
            check.true(abs(rows[:, j].std() / sigma - 1) < 5 / np.sqrt(800),
                       f"with sigma = {sigma:g}, the points' standard deviation is {rows[:, j].std():.3g}.")
with check("gives near points more weight, as the formula says"):
    for seed, width in ((1672, 1.0), (1673, 0.6), (1674, 5.0)):
        x = np.array([0.5, -1.0])
        got, rows, answers = _recorded(_bent, x, 40, 0.8, width, np.random.default_rng(seed))
        check.close(got, _fit(x, rows, answers, width), rtol=1e-6)
with check("fits the intercept too, where all points count nearly the same"):
    x = np.array([1.0, 2.0, -1.0])
    got, rows, answers = _recorded(lambda z: 10.0 + z[0] ** 2, x, 25, 1.0, 1e6, np.random.default_rng(1675))
    check.close(got, _fit(x, rows, answers, 1e6), rtol=1e-6)
with check("draws from rng only: the same seed gives the same slopes, another one others"):
    once, again, other = (_recorded(_bent, np.array([0.5, -1.0]), 20, 1.0, 1.5, np.random.default_rng(seed))[0] for seed in (1, 1, 2))
    check.true(np.array_equal(once, again), "two generators with the same seed give different slopes.")
    check.true(not np.array_equal(once, other), "two generators with different seeds give the same slopes.")
### BEGIN HIDDEN TESTS
with check("agrees with a fit around the weighted means, whatever the sizes and the memory order"):
    for seed, (d, samples) in enumerate(((1, 8), (3, 5), (4, 60), (6, 30))):
        x = np.random.default_rng(1676 + seed).normal(size=2 * d)[::2]
        got, rows, answers = _recorded(_bent, x, samples, 0.7, 1.7, np.random.default_rng(seed))
        check.close(got, _fit(x, rows, answers, 1.7), rtol=1e-6)
with check("draws every entry by itself"):
    _, rows, _ = _recorded(_bent, np.zeros(3), 300, 1.0, 2.0, np.random.default_rng(1681))
    check.true(np.abs(np.corrcoef(rows.T) - np.eye(3)).max() < 5 / np.sqrt(300), "the columns of the points are correlated.")
    check.true(len(np.unique(rows)) == 900, "some draws come up twice.")
with check("returns float64, for lists and whole numbers too"):
    got = check.call(lime, lambda Z: np.sum(np.asarray(Z), axis=1), [1, 2], 12, 1, 2, np.random.default_rng(1682))
    check.floats(got, (2,))
    check.close(got, [1.0, 1.0], rtol=1e-6)
with check("leaves x and NumPy's global state as they were"):
    check.unchanged(lime, lambda Z: np.asarray(Z)[:, 0], np.array([1.0, 2.0]), 12, 1.0, 2.0, np.random.default_rng(1683))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Without weights, this would be an ordinary fit.
# Write down one row of its matrix: what multiplies the intercept, and what multiplies each slope?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `rng.normal(size=(samples, d))` draws all the noise; `np.column_stack([np.ones(samples), Z])` adds a column of ones for the intercept.
# `np.linalg.lstsq(A, p, rcond=None)[0]` is the least-squares fit.
# Multiply each row of `A` and each entry of `p` by the root of its weight first.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# `Z` is `x` plus `sigma` times the noise. `w` is `np.exp` of minus the row sums of `(Z - x) ** 2`, over `width ** 2`.
# With `A` as in hint 2 and `root = np.sqrt(w)`, fit `A * root[:, None]` to `predict(Z) * root`.
# The first entry of the result is the intercept: return the others.
# </details>

# %% [markdown]
# Two knobs are left to you, $\sigma$ and the width.
#
# **Predict:** with $\sigma = 1$, should the width be small or large? The next cell repeats each explanation with ten seeds.

# %%
with plots.figure("Two curves against LIME's width. The spread between seeds falls as the width grows; the distance of "
                  "the mean slopes from the gradient rises.", size=(6.8, 4.0)) as ax:
    widths, spread, off = np.array([0.5, 0.7, 1.0, 1.5, 2.0, 4.0, 8.0]), [], []
    gradient = np.array([(predict((patient + step)[None]) - predict((patient - step)[None]))[0] / 2e-5 for step in 1e-5 * np.eye(12)])
    for width in widths:
        slopes = np.array([lime(predict, patient, 300, 1.0, width, np.random.default_rng(seed)) for seed in range(10)])
        spread.append(np.sqrt(slopes.var(axis=0, ddof=1).mean()))
        off.append(np.sqrt(np.mean((slopes.mean(axis=0) - gradient) ** 2)))
    plots.curves(widths, {"spread between\nten seeds": spread, "mean's distance\nfrom the gradient": off}, log="x", xlabel="width",
                 ylabel="slope (root mean square)", title="A narrow LIME is noisy, a wide one isn't local", ax=ax)
    ax.set_xticks(widths, [f"{width:g}" for width in widths])
    ax.set_xticks([], minor=True)
    print("spread:", np.round(spread, 3), "  distance:", np.round(off, 3))
    print(f"for comparison, the mean size of a slope: {np.abs(gradient).mean():.3f}")

# %% [markdown]
# Neither is good.
# With a small width, hardly any of the 300 points count, and the next seed gives another explanation.
# With a large one, the fit no longer describes the neighborhood, but an average over a region whose size you chose.
# So a LIME explanation depends on two numbers. Ask for them, and for the spread between seeds.
#
# ## Fair shares
#
# The last idea comes from game theory (Shapley, 1953).
# Several players earn something together: what is each one's fair share?
#
# **By hand.** With nobody, a shop earns $v(\varnothing) = 10$; with Ann 30, with Ben 20, with both 60.
# Let them come one after the other:
#
# | order | Ann adds | Ben adds |
# |---|---|---|
# | Ann, Ben | 30 − 10 = 20 | 60 − 30 = 30 |
# | Ben, Ann | 60 − 20 = 40 | 20 − 10 = 10 |
# | mean | **30** | **20** |
#
# The mean over all orders is the **Shapley value**.
# The shares always add up to $v(\text{all}) - v(\varnothing)$, here 50; a player who never adds anything gets 0; and equals get equal shares.
# No other rule does all that and also gives, for the sum of two games, the sum of their shares.
#
# For a model, the players are the features.
# A feature that is "in" has the patient's value.
# One that is "out" needs *some* value: take those of other patients, the **background**, one after the other, and average the predictions.
# SHAP (Lundberg and Lee, 2017) is the name of this combination.
#
# **By hand.** A model multiplies two features, $x = (2, 3)$, and the background has the rows $(0, 0)$ and $(4, 1)$.
# With only feature 0 in, the rows become $(2, 0)$ and $(2, 1)$, so $v = \frac{0 + 2}{2} = 1$.
# With nobody in, $v = \frac{0 + 4}{2} = 2$.
# (At the background's *mean* row, $(2, 0.5)$, the model would say 1. The mean of the predictions is not the prediction for the mean.)
#
# ## Exercise 6: what a coalition is worth

# %% exercise: coalition_value
def coalition_value(predict, x, background):
    """A game whose players are the features of one example.

    predict: a function that takes a batch (m, d) and returns an array (m,).
    x: (d,), the example. background: (m, d), other examples.
    Returns a function value(mask) of a bool array (d,): the mean of predict over all the rows of
    the background, in which the features with mask True have been replaced by those of x. A float.
    """
    ### BEGIN SOLUTION
    x, background = np.asarray(x, dtype=float), np.asarray(background, dtype=float)

    def value(mask):
        return float(np.mean(predict(np.where(mask, x, background))))

    return value
    ### END SOLUTION

# %% tests: coalition_value, 3 points
import numpy as np


def _mean(predict, x, background, mask):
    rows = [[a if known else b for a, b, known in zip(x, row, mask)] for row in background]
    return sum(float(predict(np.array([row], dtype=float))[0]) for row in rows) / len(rows)


def _is(predict, x, background, *masks):
    value = check.call(coalition_value, predict, x, background)
    check.true(callable(value), f"expected a function of a mask, got {'None: is there a return?' if value is None else type(value).__name__}.")
    for mask in masks:
        expected, got = _mean(predict, x, background, mask), value(np.array(mask))
        check.true(np.shape(got) == (), f"value({mask}) should be one number, got shape {np.shape(got)}.")
        check.true(np.isclose(float(got), expected, rtol=1e-7, atol=1e-9), f"value({mask}) should be {expected:.6g}, got {float(got):.6g}.")


def _product(X):
    return np.prod(np.asarray(X, dtype=float), axis=1)


def _bent(X):
    X = np.asarray(X, dtype=float)
    return np.tanh(X[:, 0] * X[:, -1] - X.sum(axis=1)) + X[:, 0] ** 2


T, F = True, False
with check("gives 1 for the coalition that you worked out by hand"):
    _is(_product, np.array([2.0, 3.0]), np.array([[0.0, 0.0], [4.0, 1.0]]), [T, F])
with check("is the prediction for x with everybody in, and the background's mean prediction with nobody"):
    _is(_product, np.array([2.0, 3.0]), np.array([[0.0, 0.0], [4.0, 1.0]]), [T, T], [F, F])
with check("keeps the background's values where the mask is False, row by row"):
    rng = np.random.default_rng(1690)
    _is(_bent, rng.normal(size=3), rng.normal(size=(5, 3)), [F, T, F], [T, F, T], [F, F, T], [F, F, F], [T, T, T])
with check("takes fractions of x, even if the background holds ints"):
    _is(_product, np.array([0.5, 1.5]), np.array([[1, 2], [3, 4]]), [T, F], [F, T])
    _is(_product, np.array([1, 2]), np.array([[0.5, 1.5], [0.25, 4.0]]), [T, F], [F, T])
### BEGIN HIDDEN TESTS
with check("agrees with putting rows together entry by entry, for all coalitions"):
    rng = np.random.default_rng(1691)
    for d, m in ((1, 3), (2, 2), (3, 1), (3, 4)):
        _is(_bent, rng.normal(size=d), rng.normal(size=(m, d)), *[[bool(k >> j & 1) for j in range(d)] for k in range(2 ** d)])
with check("takes lists, and gives a mean where the model gives whole numbers"):
    _is(lambda X: np.sum(np.asarray(X), axis=1).astype(int), [1, 2, 3], [[0, 0, 1], [5, 4, 4]], [T, F, F], [F, T, T])
with check("keeps two games apart, and remembers nothing from call to call"):
    one = check.call(coalition_value, _product, np.array([2.0, 3.0]), np.array([[1.0, 1.0], [5.0, 7.0]]))
    two = check.call(coalition_value, _product, np.array([4.0, 9.0]), np.array([[2.0, 2.0]]))
    found = [float(value(np.array(mask))) for mask in ([T, T], [T, F], [F, F]) for value in (one, two)]
    check.close(found, [6.0, 36.0, 8.0, 8.0, 18.0, 4.0])
with check("leaves x, the background, and the mask as they were"):
    x, background, mask = np.array([2.0, 3.0]), np.array([[0.0, 0.0], [4.0, 1.0]]), np.array([T, F])
    check.unchanged(coalition_value, _product, x, background)
    check.call(coalition_value, _product, x, background)(mask)
    check.true(x.tolist() == [2.0, 3.0] and background.tolist() == [[0.0, 0.0], [4.0, 1.0]] and mask.tolist() == [T, F],
               "value(mask) changed x, the background, or the mask. Work on a copy.")
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# The result is a function: define `value(mask)` inside of yours, and return it (without calling it).
# For a background of 50 rows, how many rows does predict get?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `np.where(mask, x, background)` has the background's shape: where `mask` is True, each row has x's entry.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Make float arrays of `x` and `background`.
# Inside, `value(mask)` mixes the rows as in hint 2, calls `predict` on them, and returns the mean of what comes back, as a float.
# </details>

# %% [markdown]
# ## All coalitions
#
# With $n$ players there are $n!$ orders, but much of that work is the same: what player $i$ adds depends only on *who is there already*, not on the order they came in.
# In how many orders does $i$ find exactly the coalition $S$? In $|S|!\,(n - |S| - 1)!$ of the $n!$: first the players of $S$ in any order, then $i$, then the rest in any order.
# So
#
# $$ \phi_i = \sum_{S \not\ni i} \frac{|S|!\,(n - |S| - 1)!}{n!} \bigl(v(S \cup \{i\}) - v(S)\bigr). $$
#
# For $n = 3$ the weights are $\frac13$ for nobody, $\frac16$ for each single other, and $\frac13$ for both: they add up to 1.
#
# ## Exercise 7: exact Shapley values

# %% exercise: shapley
def shapley(value, n):
    """The exact Shapley values of a game.

    value: a function of a bool array (n,), which says who is in, that returns a number.
    n: the number of players, an int from 1 to about 12.
    Returns float64 (n,): for each player what they add, averaged over all the orders in which the
    players can come. Going through all n! orders takes too long for n = 10.
    """
    ### BEGIN SOLUTION
    from math import factorial

    place = np.arange(n)
    worth = [value((number >> place & 1).astype(bool)) for number in range(2 ** n)]
    shares = np.zeros(n)
    for number in range(2 ** n):
        there = number.bit_count()
        for i in range(n):
            if not number >> i & 1:
                weight = factorial(there) * factorial(n - there - 1) / factorial(n)
                shares[i] += weight * (worth[number | 1 << i] - worth[number])
    return shares
    ### END SOLUTION

# %% tests: shapley, 5 points
import numpy as np


def _game(seed, n):
    """A random game, and its shares: what a group adds as a group is split evenly among it."""
    rng = np.random.default_rng(seed)
    groups = [[bool(k >> i & 1) for i in range(n)] for k in range(2 ** n)]
    extra = rng.normal(size=2 ** n)
    shares = sum((np.array(group) * e / sum(group) for group, e in zip(groups[1:], extra[1:])), np.zeros(n))
    worth = extra.copy()
    for i in range(n):  # sums over all the groups inside each coalition
        inside = np.array([k for k in range(2 ** n) if k >> i & 1])
        worth[inside] += worth[inside - 2 ** i]

    def value(mask):
        return float(worth[int(np.dot(np.asarray(mask, dtype=int), 2 ** np.arange(n)))])

    return value, shares


def _shop(mask):
    return {(False, False): 10.0, (True, False): 30.0, (False, True): 20.0, (True, True): 60.0}[tuple(bool(one) for one in mask)]


with check("gives Ann 30 and Ben 20"):
    check.close(check.call(shapley, _shop, 2), [30.0, 20.0])
with check("gives everything to a single player, except what was there without anybody"):
    check.close(check.call(shapley, lambda mask: 7.0 if mask[0] else 5.0, 1), [2.0])
with check("gives 0 to a player who never adds anything, and the same to players who always add the same"):
    check.close(check.call(shapley, lambda mask: 6.0 * mask[0] * mask[2], 3), [3.0, 0.0, 3.0])
    check.close(check.call(shapley, lambda mask: 12.0 * bool(np.any(mask)), 4), [3.0, 3.0, 3.0, 3.0])
with check("agrees with splitting what each group adds evenly among its members"):
    for n in (3, 4, 5):
        check.close(check.call(shapley, *(_game(1700 + n, n)[0], n)), _game(1700 + n, n)[1])
with check("asks value about bool arrays, with an entry for each player"):
    kinds = set()

    def _noted(mask):
        kinds.add(f"{type(mask).__name__} of {mask.dtype} {mask.shape}" if isinstance(mask, np.ndarray) else type(mask).__name__)
        return 1.0

    check.call(shapley, _noted, 3)
    check.true(kinds == {"ndarray of bool (3,)"}, f"value should get a bool array of shape (3,); it got {' and '.join(sorted(kinds)) or 'nothing'}.")
### BEGIN HIDDEN TESTS
with check("is right for seven players"):
    check.close(check.call(shapley, _game(1710, 7)[0], 7), _game(1710, 7)[1])
with check("is right for ten players, in reasonable time"):
    check.close(check.call(shapley, _game(1711, 10)[0], 10), _game(1711, 10)[1])
with check("returns float64, where value returns ints or NumPy numbers"):
    got = check.call(shapley, lambda mask: int(np.sum(mask)), 3)
    check.floats(got, (3,))
    check.close(got, [1.0, 1.0, 1.0])
    check.close(check.call(shapley, lambda mask: np.float64(mask[1]) / 2, 2), [0.0, 0.5])
with check("adds up to v(all) - v(nobody)"):
    for n in (2, 6):
        value, _ = _game(1712 + n, n)
        got = np.sum(check.call(shapley, value, n))
        check.true(np.isclose(got, value([True] * n) - value([False] * n)), "the shares don't add up to the difference.")
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# How do you get *all* coalitions of the other players, exactly once?
# Each player is in or out, so a coalition is a number in binary: 5 is 101, players 0 and 2.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `itertools.product([False, True], repeat=n)` gives all the masks, or `itertools.combinations(others, size)` all coalitions of one size.
# `math.factorial` for the weights.
# If you call `value` once for each coalition and keep the results in a dict, you save most of the time.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# For each player `i` and each mask in which `i` is False: let `s` be the number of True in it, and make a copy in which `i` is True.
# Add `factorial(s) * factorial(n - s - 1) / factorial(n)` times (value of the copy minus value of the mask) to the share of `i`.
# </details>

# %% [markdown]
# **Predict:** look at the patient's values above. Which column pushed the network toward "malignant"?

# %%
background = columns[learned[:50]]
with plots.figure("Bars: the Shapley values of the patient's twelve columns. Worst texture is by far the longest, toward malignant; "
                  "smoothness and a few others point the other way.", size=(7.2, 4.4)) as ax:
    value = coalition_value(predict, patient, background)
    start = perf_counter()
    shares = shapley(value, 12)
    took = perf_counter() - start
    ranks = np.argsort(np.abs(shares))
    ax.barh(range(12), shares[ranks], color=[plots.SERIES_COLORS[0] if share > 0 else plots.CLASS_COLORS[0] for share in shares[ranks]])
    ax.set(yticks=range(12), yticklabels=[f"{FEATURES[j]}: {patient[j] + 0.0:.1f}".replace("-", "−") for j in ranks], xlabel="share of the probability",
           title=f"{FEATURES[ranks[-1]].capitalize()} has the largest share")
    print(f"nobody in: {value(np.zeros(12, dtype=bool)):.3f}; everybody in: {value(np.ones(12, dtype=bool)):.3f}")
    print(f"the shares add up to {shares.sum():.3f}; {2 ** 12} coalitions of {len(background)} rows took {took:.2f} s")

# %% [markdown]
# You can read it like a bill: the mean prediction for the background is 0.405; the shares lead from there to this tumor's 0.812, and everything is accounted for.
# Now the doctor has something to go on: a texture one standard deviation above the mean did more than anything else to make the network say malignant.
#
# With twelve columns, that was quick.
# What about more?

# %%
with plots.figure("Seconds for exact Shapley values against the number of features, on a logarithmic axis: nearly a straight line upward.",
                  size=(6.4, 3.8)) as ax:
    value = coalition_value(predict, patient, background)
    counts, times = np.arange(4, 13), []
    for n in counts:
        start = perf_counter()
        shapley(lambda mask: value(np.append(mask, np.zeros(12 - n, dtype=bool))), int(n))
        times.append(perf_counter() - start)
    growth = (times[-1] / times[-5]) ** 0.25
    plots.curves(counts, {"": times}, log=True, xlabel="features", ylabel="seconds", title=f"Each further feature: {growth:.1f} times as long", ax=ax)
    print(f"if each one doubles the time, 30 features take {times[-1] * 2 ** 18 / 3600:.0f} hours, and 64 pixels {times[-1] * 2 ** 52 / 3.15e7:.0e} years")

# %% [markdown]
# There are $2^n$ coalitions, so each further feature doubles the work.
# (Each coalition also costs as many predictions as the background has rows.)
#
# ## Some orders instead of all
#
# The Shapley value is a mean over orders.
# A mean can be estimated from a sample: draw orders at random, and average what each player adds.
# One round starts with nobody, lets the players come in one by one in a random order, and notes what each adds: $n + 1$ values in all.
#
# **Predict:** how much more work does it take to halve the error?
#
# ## Exercise 8: sampled Shapley values

# %% exercise: shapley_sampled
def shapley_sampled(value, n, rounds, rng):
    """Estimates of the Shapley values, from random orders.

    value: a function of a bool array (n,), which says who is in, that returns a number.
    n: the number of players, an int >= 1. rounds: how many orders are drawn, an int >= 1, each by
    itself, all orders equally likely.
    rng: an np.random.Generator, the only source of randomness.
    Returns float64 (n,): what each player adds, averaged over the orders drawn.
    """
    ### BEGIN SOLUTION
    shares = np.zeros(n)
    nobody = value(np.zeros(n, dtype=bool))
    for _ in range(rounds):
        mask, before = np.zeros(n, dtype=bool), nobody
        for i in rng.permutation(n):
            mask[i] = True
            after = value(mask.copy())
            shares[i] += after - before
            before = after
    return shares / rounds
    ### END SOLUTION

# %% tests: shapley_sampled, 4 points
from itertools import permutations

import numpy as np

WORTH = np.array([5.0, 7.0, 4.0, 13.0, 8.0, 8.0, 9.0, 21.0])


def _value(mask):
    """A game of three players; nobody is worth 5."""
    return float(WORTH[int(np.dot(np.asarray(mask, dtype=int), [1, 2, 4]))])


def _adds(order, value=_value):
    """What each player adds in one order."""
    mask, shares = np.zeros(len(order), dtype=bool), np.zeros(len(order))
    for i in order:
        before = value(mask)
        mask[i] = True
        shares[i] = value(mask) - before
    return shares


ORDERS = np.array([_adds(order) for order in permutations(range(3))])
with check("gives, in one round, what each player adds in some order"):
    for seed in range(1720, 1728):
        got = np.asarray(check.call(shapley_sampled, _value, 3, 1, np.random.default_rng(seed)))
        check.true(got.shape == (3,), f"expected one share for each of the 3 players, shape (3,), got {got.shape}.")
        check.true(np.isclose(got, ORDERS).all(axis=1).any(),
                   f"after one round, the shares are {got.round(3).tolist()}, but in no order of the players do they add that.")
with check("adds up to v(all) - v(nobody), whatever the number of rounds"):
    for rounds in (1, 2, 7):
        got = np.sum(check.call(shapley_sampled, _value, 3, rounds, np.random.default_rng(1729)))
        check.true(np.isclose(got, 16.0), f"with rounds = {rounds}, the shares should add up to 21 - 5 = 16; they add up to {got:.4g}.")
    check.close(check.call(shapley_sampled, lambda mask: float(np.sum(mask)), 1, 3, np.random.default_rng(6)), [1.0])
    check.close(check.call(shapley_sampled, lambda mask: float(np.sum(mask)), 12, 2, np.random.default_rng(6)), np.ones(12))
with check("draws another order in each round, and averages"):
    got = [check.call(shapley_sampled, _value, 3, 2, np.random.default_rng(seed)) for seed in range(1730, 1740)]
    pairs = (ORDERS[:, None] + ORDERS[None]).reshape(-1, 3) / 2
    check.true(all(np.isclose(one, pairs).all(axis=1).any() for one in got), "after two rounds, the shares are no mean of two orders.")
    check.true(not all(np.isclose(one, ORDERS).all(axis=1).any() for one in got), "two rounds gave the same order in all of ten trials.")
with check("comes close to the exact values"):
    exact, error = ORDERS.mean(axis=0), ORDERS.std(axis=0) / np.sqrt(300)
    got = np.asarray(check.call(shapley_sampled, _value, 3, 300, np.random.default_rng(1741)))
    check.true((np.abs(got - exact) <= 5 * error).all(), f"the exact values are {exact.round(3).tolist()}; after 300 rounds, yours are {got.round(3).tolist()}.")
with check("asks value about bool arrays, for one player and for twelve"):
    kinds = set()

    def _noted(mask):
        kinds.add(f"{type(mask).__name__} of {mask.dtype} {mask.shape}" if isinstance(mask, np.ndarray) else type(mask).__name__)
        return float(np.sum(mask))

    check.call(shapley_sampled, _noted, 1, 3, np.random.default_rng(6))
    check.call(shapley_sampled, _noted, 12, 2, np.random.default_rng(6))
    check.true(kinds == {"ndarray of bool (1,)", "ndarray of bool (12,)"}, f"value should get bool arrays; it got {' and '.join(sorted(kinds)) or 'nothing'}.")
with check("draws from rng only: the same seed gives the same result, another one another"):
    got = [[check.call(shapley_sampled, _value, 3, 5, np.random.default_rng(seed)).tolist() for seed in (1, 1, 2, 3, 4)]]
    check.true(got[0][0] == got[0][1], "two generators with the same seed give different results.")
    check.true(len({str(one) for one in got[0]}) > 1, "generators with different seeds give the same result.")
    check.unchanged(shapley_sampled, _value, 3, 2, np.random.default_rng(5))
### BEGIN HIDDEN TESTS
with check("all orders are equally likely"):
    rng, counts = np.random.default_rng(1742), np.zeros(6)
    for _ in range(240):
        got = np.asarray(check.call(shapley_sampled, _value, 3, 1, rng))
        counts += np.isclose(got, ORDERS).all(axis=1)
    check.true(counts.min() > 12 and counts.max() < 70, "of the 6 orders of 3 players, some come up too often or never.")
with check("the rounds are independent: the error falls as it should"):
    # Player 0 adds 1 where player 1 is there already, else 0: in half of the orders.
    got = [check.call(shapley_sampled, lambda mask: float(mask[0] and mask[1]), 2, 10, np.random.default_rng(seed))[0] for seed in range(1743, 1783)]
    check.true(0.08 < np.std(got) < 0.25, f"the standard deviation after 10 rounds should be about 0.16; yours is {np.std(got):.3f}.")
with check("returns float64, where value returns ints"):
    got = check.call(shapley_sampled, lambda mask: int(np.sum(mask)), 4, 3, np.random.default_rng(7))
    check.floats(got, (4,))
    check.close(got, np.ones(4))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Write one round first, for the order Ben, Ann: who is in, what is it worth now, what was it worth before?
# What has to be as at the start when the next round begins?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `rng.permutation(n)` is a random order. The mask starts as `np.zeros(n, dtype=bool)`, anew in each round.
# What a coalition is worth *after* one player has come is what it is worth *before* the next.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# In each round: a fresh mask of False, and `before = value(mask)`.
# For each `i` in the order: set `mask[i]` to True, compute `after = value(mask)`, add `after - before` to the share of `i`, and let `before = after`.
# At the end, divide the shares by the number of rounds.
# </details>

# %%
with plots.figure("The error of sampled Shapley values against rounds, both axes logarithmic: a straight line that falls by "
                  "ten while the rounds rise by a hundred.", size=(6.6, 4.0)) as ax:
    table, value = {}, coalition_value(predict, patient, background)

    def remembered(mask):
        """The same game; each coalition is computed once."""
        key = tuple(mask)
        if key not in table:
            table[key] = value(mask)
        return table[key]

    rounds, errors, exact = np.array([10, 30, 100, 300, 1000]), [], shapley(value, 12)
    for count in rounds:
        off = [shapley_sampled(remembered, 12, int(count), np.random.default_rng(seed)) - exact for seed in range(10)]
        errors.append(np.sqrt(np.mean(np.square(off))))
    ideal = errors[0] * np.sqrt(rounds[0] / rounds)
    plots.curves(rounds, {"sampled": errors, "1/√rounds": ideal}, log="xy", xlabel="rounds",
                 ylabel="error (root mean square)", title="A hundred times the rounds, a tenth of the error", ax=ax)
    print("error:", dict(zip(rounds.tolist(), np.round(errors, 4).tolist())))
    print(f"exact: {2 ** 12} coalitions. 100 rounds, with nobody counted once: at most {100 * 12 + 1}; for 30 features {100 * 30 + 1:,} instead of {2 ** 30:,}")
    print(f"largest share: {np.abs(exact).max():.3f}")

# %% [markdown]
# Four times the rounds for half the error: the error falls like $1/\sqrt{\text{rounds}}$.
# More features only make each round longer: sampling makes 30 features possible, and 64 pixels.
# A hundred rounds are enough to see that texture leads, but not to rank the smallest shares.
#
# ## What a share doesn't say
#
# - **It is about the model, not about the world.** Changing a tumor's texture would not make it benign.
# - **It asks about patients who don't exist.** This patient's radius with another's perimeter: no circle has that. The model was never trained on such rows, and what it says there counts all the same. (A model can even be built to look harmless there and nowhere else: Slack and others, 2020.)
# - **It depends on the background.** "Compared with whom?" is a part of the question.
# - **Copies share.** If the same column is there twice, and the model uses both alike, each gets half, and both look less important.

# %% [markdown]
# ## Check your understanding
#
# Each of the five questions has exactly one right answer.
# Return its letter.

# %% [markdown]
# **Question 1.** A saliency map of the class score is almost 0 everywhere on a picture. What may you conclude?
#
# - **a**  The network does not use this picture's pixels for that class.
# - **b**  Small changes of single pixels would hardly move the score here.
# - **c**  The network was not trained for long enough on that class.
# - **d**  The probability of the class is close to 0 on this picture.

# %% exercise: quiz_saliency
def quiz_saliency():
    """The letter of your answer to question 1, for example return "a"."""
    ### BEGIN SOLUTION
    return "b"
    ### END SOLUTION

# %% tests: quiz_saliency, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_saliency())
### BEGIN HIDDEN TESTS
with check("what a gradient says"):
    check.letter(quiz_saliency(), right="b", why={
        "a": "The smaller of x and 1 has slope 0 at x = 2, and yet all of its value comes from x. A slope looks no further than the nearest surroundings.",
        "b": "That is all a gradient says: what a small change would do, here.",
        "c": "Nothing of the kind can be read off: training for longer often makes units saturate.",
        "d": "The map is about the score, before the softmax. Its slope and the probability have little to do with each other."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 2.** You shuffle all the weights of a network, and a method's heat map stays nearly the same. What does the map show?
#
# - **a**  Mostly the picture itself, whatever the network has learned.
# - **b**  That the network has learned features that survive shuffling.
# - **c**  That the method is robust, so that its maps can be trusted.
# - **d**  That the shuffled network still recognizes the same things.

# %% exercise: quiz_shuffled
def quiz_shuffled():
    """The letter of your answer to question 2, for example return "a"."""
    ### BEGIN SOLUTION
    return "a"
    ### END SOLUTION

# %% tests: quiz_shuffled, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_shuffled())
### BEGIN HIDDEN TESTS
with check("a map that stays the same"):
    check.letter(quiz_shuffled(), right="a", why={
        "a": "What doesn't depend on the weights can't explain them. It comes from the picture, or from the method.",
        "b": "Shuffled weights read digits no better than chance: there is nothing left to survive.",
        "c": "Robust against noise would be good. Robust against exchanging the thing that is to be explained is not.",
        "d": "It recognizes nothing any more: its accuracy was that of guessing."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 3.** Two columns of a table are exact copies of each other. Permutation importance, one column at a time, is close to 0 for both. What follows?
#
# - **a**  Neither of them matters, and both can be dropped together.
# - **b**  The first one matters, and the second one is never used.
# - **c**  Each can be spared while the other is there; about the two together, this says nothing.
# - **d**  The shuffling went wrong, since equal columns should get half of the total each.

# %% exercise: quiz_copies
def quiz_copies():
    """The letter of your answer to question 3, for example return "a"."""
    ### BEGIN SOLUTION
    return "c"
    ### END SOLUTION

# %% tests: quiz_copies, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_copies())
### BEGIN HIDDEN TESTS
with check("what a small importance says"):
    check.letter(quiz_copies(), right="c", why={
        "a": "The four columns for size looked like that, one by one. Shuffled together, they cost more than any other.",
        "b": "Then shuffling the first would hurt.",
        "c": "Shuffling one leaves its information in the other. Shuffle them together to find out.",
        "d": "Splitting evenly is what Shapley values do. Permutation importance compares with everybody else in place."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 4.** Two colleagues run LIME on the same prediction of the same model, and get different slopes. Which of these can *not* be the reason?
#
# - **a**  They drew their points with different seeds.
# - **b**  They used different widths.
# - **c**  They used different values of sigma.
# - **d**  The true label of the example was entered differently.

# %% exercise: quiz_lime
def quiz_lime():
    """The letter of your answer to question 4, for example return "a"."""
    ### BEGIN SOLUTION
    return "d"
    ### END SOLUTION

# %% tests: quiz_lime, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_lime())
### BEGIN HIDDEN TESTS
with check("what LIME depends on"):
    check.letter(quiz_lime(), right="d", why={
        "a": "It can: with a narrow width, the slopes of ten seeds differed by half of what a slope amounts to.",
        "b": "It can: the width decides which points count, and so which neighborhood is described.",
        "c": "It can: sigma decides where the points are.",
        "d": "LIME looks at what the model predicts, and never sees a true label. It explains wrong predictions just like right ones."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 5.** Exact Shapley values of 20 features take an hour. How long will 25 features take, roughly?
#
# - **a**  An hour and a quarter
# - **b**  An hour and a half
# - **c**  Five hours
# - **d**  More than a day

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
with check("what one more feature costs"):
    check.letter(quiz_cost(), right="d", why={
        "a": "That is growth in proportion to the number of features. The number of coalitions grows faster.",
        "b": "That is growth with the square. The number of coalitions doubles with each feature.",
        "c": "One hour more for each feature? Each feature doubles what there was before it.",
        "d": "Five features more means 2 · 2 · 2 · 2 · 2 = 32 times as many coalitions: 32 hours."})
### END HIDDEN TESTS

# %% [markdown]
# ## Questions people ask you
#
# Answer each one out loud before you open it.
#
# <details><summary>What is a black box, if all the weights are known?</summary>
#
# A model whose computation you can follow, but not understand: no single weight means anything by itself.
# The opposite is a model you can read, such as a short list of rules or a linear model with few features.
# Before you explain a black box, ask whether a model that can be read would do as well: for tables, it often does (Rudin, 2019).
#
# **A good answer says:** you can follow the computation, but no weight means anything by itself; the opposite is a model you can read; ask first whether such a model would do.
# </details>
# <details><summary>Local or global: what is the difference?</summary>
#
# A local explanation is about one prediction: saliency, integrated gradients, occlusion, LIME, Shapley values.
# A global one is about the model as a whole: permutation importance, or the mean size of the Shapley values over many examples.
# A feature can matter a lot for one patient, and little on average.
#
# **A good answer says:** local is about one prediction, with an example; global is about the model as a whole, with an example; a feature can matter for one and little on average.
# </details>
# <details><summary>How does the library shap get its values, if 2ⁿ is too many?</summary>
#
# KernelSHAP draws coalitions, and gets all the shares at once from a weighted least-squares fit; its weights are the ones for which the fit gives the Shapley values.
# In that sense it is a LIME whose weights aren't a matter of taste.
# TreeSHAP computes exact values for decision trees, in polynomial time, by going down all the branches together.
# For networks, DeepSHAP and integrated gradients are faster approximations.
#
# **A good answer says:** KernelSHAP draws coalitions and fits all shares by weighted least squares; TreeSHAP is exact for trees in polynomial time; networks have faster approximations.
# </details>
# <details><summary>How are integrated gradients and Shapley values related?</summary>
#
# Both divide $f(x) - f(x')$ completely.
# Shapley values switch features on one by one, in all orders; integrated gradients fade all of them in at the same time, along one straight line.
# (In game theory, the second is known as the Aumann–Shapley value.)
# Integrated gradients need a differentiable model, and one gradient for each step, whatever the number of features.
#
# **A good answer says:** both divide the whole difference; one by one in all orders, against all at once along a line; gradients as many as steps, whatever the number of features.
# </details>
# <details><summary>Do attention weights explain a prediction?</summary>
#
# This is debated.
# They show where a layer got its information from, not what was made of it.
# Often, very different attention weights lead to the same prediction (Jain and Wallace, 2019); whether that rules them out as explanations is another question (Wiegreffe and Pinter, 2019).
# Treat them like any other map: as a hypothesis, to be tested by taking away what they point at.
#
# **A good answer says:** they show where a layer looked, not what was made of it; very different weights can lead to the same prediction; test them by taking away what they point at.
# </details>
# <details><summary>A customer wants to know what to change to get a loan. Do Shapley values tell?</summary>
#
# No. They divide up how this prediction differs from the average.
# What would change the decision is another question: look for a counterfactual, the smallest change of the input that flips the output, among changes that the customer can make.
#
# **A good answer says:** shares divide the difference from the average; what flips the decision is a counterfactual; among changes the customer can make.
# </details>
# <details><summary>Can an explanation show that a model is fair?</summary>
#
# No. A feature with a share of 0 may act through its copies: the postal code knows a lot about income.
# And a model can be built so that the explanations look harmless (Slack and others, 2020).
# Measure the decisions themselves, group by group.
#
# **A good answer says:** copies of a feature carry what it would have told; explanations can be fooled; measure the decisions, group by group.
# </details>

# %% [markdown]
# ## In an interview
#
# *A product manager asks: "Our model rejects this customer, and the report shows SHAP values. What are they, can I rely on them, and what do they cost us?"*
#
# Answer in the cell below, in eight to twelve sentences, in words that make sense to somebody who has never seen a formula.
# Say what a SHAP value is and compared with what, what the values add up to, what they cost and what can be done about it, and what they do *not* tell.
# A teacher reads this answer; it is worth 4 points.
#
# <!-- A good answer says: this prediction against that of a comparison group; what a feature adds, averaged over all orders; the cost doubles with each feature, so one samples; about the model, not about causes, and what else it doesn't tell. -->

# %% answer: interview_interpretability, 4 points [markdown]
# SHAP values are like a bill for one prediction. The average customer in our comparison group has, say, a 10% risk according to the model, and this one has 35%. The values split up the difference of 25 points among the customer's features: income adds 15, the short history 12, age takes away 2, and so on. They always add up exactly.
# To find the share of income, we let the features "arrive" one after the other, each time replacing the value of other customers by this customer's own, and note how much the prediction moves when it is the turn of income; then we average over all the orders in which they can arrive. The averaging is what makes it fair: no feature has the advantage of being first or last.
# Computing this exactly means asking the model about every combination of features, and every further feature doubles that: 4,096 combinations for 12 features, a billion for 30, each one times the number of customers we compare with. That is why one samples. With a hundred random orders, 30 features need about 3,000 combinations, and the error falls only with the square root of the effort, so half the error costs four times as much. For some kinds of models, such as trees, there are exact shortcuts.
# As for relying on them: they describe the model, and not the world. A large share for income does not mean that a higher income would lower the real risk, nor that it is what the customer should change. They depend on the group we compare with. Features that go together share the credit, and the combinations we ask about may be of customers who don't exist. So I would use them to find errors in the model and reasons to discuss, fix the comparison group, and report the sampling error along with them.
#
# ### BEGIN MARK SCHEME
# One point for each, half points where it is incomplete:
#
# 1. **What is divided:** the difference between this prediction and the average prediction of a comparison group (the background, named as a choice); the shares add up to it.
# 2. **How:** what a feature adds when its value becomes known, averaged over all orders (or all combinations of the others, weighted). An everyday picture is fine. "How important the feature is" alone earns nothing.
# 3. **Cost:** 2ⁿ combinations, so each feature doubles it, times the rows of the background; and a way out (sampling with an error like 1/√rounds, or a shortcut for special models).
# 4. **Limits:** at least two of these: about the model and not about causes; correlated features share or make impossible customers; depends on the background; not a recipe for what to change; can be fooled.
#
# These cost the point in parentheses: the values add up to the prediction itself, with no word of the average (1); leave-one-out, or the slope of the model, is given as the definition (2); the cost grows in proportion to the number of features, or with its square (3); "if income rose, the risk would fall by that much" (4).
# ### END MARK SCHEME

# %% [markdown]
# ## What to remember
#
# > - Saliency is a slope: what a small change would do. Integrated gradients and Shapley values divide a difference, and add up to it.
# > - Every explanation answers "compared with what?": a baseline, a covered square, a shuffled column, a background. Ask for it.
# > - Test a map: it has to change if the network forgets, and the score has to drop if you take away what it points at.
# > - Permutation importance sees what can't be spared, so copies hide each other. LIME depends on its width and its seed.
# > - Exact Shapley values cost $2^n$ coalitions; sampling costs $n + 1$ a round, with an error like $1/\sqrt{\text{rounds}}$.
# > - An explanation is about the model, not about the world.
#
# **Back:** [lesson 15, attention](../15_attention/15_attention.ipynb). **Next:** [lesson 17, the capstone](../17_capstone/17_capstone.ipynb): build it, train it, defend it.
#
# <details><summary>Sources</summary>
#
# K. Simonyan and others, "Deep inside convolutional networks" (2013). M. Zeiler and R. Fergus, "Visualizing and understanding convolutional networks" (2014). M. Sundararajan and others, "Axiomatic attribution for deep networks" (2017). J. Adebayo and others, "Sanity checks for saliency maps" (2018). L. Breiman, "Random forests" (2001). M. Ribeiro and others, "Why should I trust you?" (2016). L. Shapley, "A value for n-person games" (1953). E. Štrumbelj and I. Kononenko, "An efficient explanation of individual classifications using game theory" (2010). S. Lundberg and S.-I. Lee, "A unified approach to interpreting model predictions" (2017). D. Slack and others, "Fooling LIME and SHAP" (2020). C. Rudin, "Stop explaining black box machine learning models for high stakes decisions" (2019). S. Jain and B. Wallace, "Attention is not explanation" (2019). S. Wiegreffe and Y. Pinter, "Attention is not not explanation" (2019). The digits are E. Alpaydin and C. Kaynak's (1998), the tumors W. Wolberg's and others (1995), both from scikit-learn.
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

HandIn("16_interpretability")
