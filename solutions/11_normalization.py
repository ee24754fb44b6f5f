# %% [markdown]
# # 11 · Normalization: a wrong batch-norm gradient trains almost as well. How would you find it?
#
# Lessons 6 and 7 trained networks with batch normalization, and its backward pass was a formula that you were given.
# Suppose you write it yourself, and you forget that the mean and the variance depend on the batch, too.
# Nothing breaks.
# The loss falls, and new digits are recognized.
# How would you ever find out?
#
# In this lesson you derive the right formula, plant that bug on purpose, and see which checks find it and which don't.
# Then you build three relatives of batch norm, which are what most large networks use today.
#
# **You will build**, from nothing but NumPy:
# `batchnorm_backward` → `layernorm_forward`, `layernorm_backward` → `rmsnorm_forward`, `rmsnorm_backward` → `groupnorm_forward` → `fold_batchnorm`
#
# **Time:** about 95 minutes. **You need:** [lesson 7](../07_regularization/07_regularization.ipynb) for batch norm itself, and [lesson 10](../10_autograd/10_autograd.ipynb) for backward rules.
# If that is too long for one sitting, a good place to stop for the day is after part one.
#
# **How to work.** Predict, run, explain. If an exercise won't budge, skip it and come back.

# %% given: imports
from itertools import pairwise

import numpy as np

from utils import data, gradcheck, plots
from utils.checks import unfinished
from utils.widgets import WhoShares

# %% [markdown]
# # Part one: back through batch norm
#
# ## Three paths to the loss
#
# Batch norm looks at one unit at a time, so take one unit and its scores over the batch, $x_1, \dots, x_n$:
#
# $$ \mu = \frac1n \sum_k x_k, \qquad \sigma = \sqrt{\frac1n \sum_k (x_k - \mu)^2 + \varepsilon}, \qquad \hat x_k = \frac{x_k - \mu}{\sigma}, \qquad y_k = \gamma\, \hat x_k + \beta . $$
#
# The gradient $dy_k$ arrives at each output.
# At $\hat x_k$, it is $g_k = \gamma\, dy_k$.
#
# A tempting next step: the slope of $\hat x_i$ is $1/\sigma$, so $dx_i = g_i / \sigma$.
# That is the bug.
# It treats $\mu$ and $\sigma$ as constants, but a nudge of $x_i$ moves both of them, and they act on *every* output of the batch.
# So there are three paths from $x_i$ to the loss:
#
# - **Directly:** $\hat x_i$ moves $1/\sigma$ times as much as $x_i$. This contributes $g_i / \sigma$.
# - **Through the mean:** $\mu$ moves $1/n$ times as much, and it lowers every $\hat x_k$ by $1/\sigma$ times that. Summed over the batch, this contributes $-\operatorname{mean}(g) / \sigma$.
# - **Through the spread:** $\sigma$ moves $\hat x_i / n$ times as much (examples far from the mean change it most), and it lowers every $\hat x_k$ by $\hat x_k / \sigma$ times that. Summed, this contributes $-\hat x_i \operatorname{mean}(g \hat x) / \sigma$.
#
# Together:
#
# $$ dx_i = \frac1\sigma \Bigl( g_i - \operatorname{mean}(g) - \hat x_i \operatorname{mean}(g \hat x) \Bigr) $$
#
# <details><summary>Optional: where the slope of σ comes from</summary>
#
# The slope of $\sigma^2$ with respect to $x_i$ is $2 (x_i - \mu) / n$.
# (The mean moves as well, but that adds nothing, because the differences from the mean add up to 0.)
# The slope of a root is half of that, divided by the root: $(x_i - \mu) / (n \sigma) = \hat x_i / n$.
# And $\hat x_k = (x_k - \mu)/\sigma$ has the slope $-(x_k - \mu)/\sigma^2 = -\hat x_k/\sigma$ with respect to $\sigma$.
# </details>
#
# And the parameters: $y_k = \gamma\, \hat x_k + \beta$ uses the same $\gamma$ and $\beta$ for all examples, so their parts add up: $d\gamma = \sum_k dy_k\, \hat x_k$ and $d\beta = \sum_k dy_k$.
#
# ## By hand, once
#
# The batch of lesson 7: $x = (1, 3, 5)$ with $\gamma = 2$ and $\varepsilon = 0$, so $\mu = 3$, $\sigma = 1.633$, and $\hat x = (-1.225,\ 0,\ 1.225)$.
# Let only the first output matter: $dy = (1, 0, 0)$.
#
# **Predict:** does the loss then depend on $x_2$ and $x_3$ at all?
#
# | | $x_1$ | $x_2$ | $x_3$ |
# |---|---|---|---|
# | directly, $g$ | 2 | 0 | 0 |
# | through the mean, $-\operatorname{mean}(g)$ | −0.667 | −0.667 | −0.667 |
# | through the spread, $-\hat x \operatorname{mean}(g \hat x)$, where $\operatorname{mean}(g \hat x) = -0.816$ | −1 | 0 | 1 |
# | sum | 0.333 | −0.667 | 0.333 |
# | divided by $\sigma$: $dx$ | **0.204** | **−0.408** | **0.204** |
# | the bug, $g / \sigma$ | 1.225 | 0 | 0 |
#
# It does: $x_2$ matters even more than $x_1$.
# The bug gives six times the slope of $x_1$, and nothing for the others.
#
# Look at the row of $dx$ once more.
# Its entries add up to 0, and so do those of $dx$ times $\hat x$.
# It has to be so: add the same number to all scores of a unit, or stretch them around their mean, and $\hat x$ doesn't change, so the loss can't either.
# The gradient has no part in these two directions, and it is the last two terms of the formula that remove them. (With $\varepsilon > 0$, the second is only nearly 0.)
#
# ## Exercise 1: batch norm, backward

# %% exercise: batchnorm_backward
def batchnorm_backward(dY, X, gamma, eps=1e-5):
    """The gradients of batch normalization in training mode.

    dY: (n, d), the gradient at the output.  X: (n, d), the input.  gamma: (d,), the scales.
    Each unit (column) is normalized with its own mean and variance over the batch; the variance is
    divided by n, and eps goes under the root, next to it.
    Returns (dX, dgamma, dbeta), float64 of shapes (n, d), (d,), and (d,). dY contains the 1/n of
    the mean loss already.
    """
    ### BEGIN SOLUTION
    dY, X, gamma = (np.asarray(part, dtype=float) for part in (dY, X, gamma))
    sigma = np.sqrt(X.var(axis=0) + eps)
    normal = (X - X.mean(axis=0)) / sigma
    g = dY * gamma
    dX = (g - g.mean(axis=0) - normal * (g * normal).mean(axis=0)) / sigma
    return dX, (dY * normal).sum(axis=0), dY.sum(axis=0)
    ### END SOLUTION

# %% tests: batchnorm_backward, 5 points
import numpy as np

NAMES = ("dX", "dgamma", "dbeta")


@check.once
def _slopes(dY, X, gamma, eps=1e-5):
    """The slope of sum(dY * Y) for each entry of X, gamma and beta, by a complex step."""
    parts = [np.asarray(part, dtype=complex) for part in (X, gamma, np.zeros(np.shape(gamma)))]
    found = []
    for part in parts:
        slope = np.zeros(part.shape)
        for index in np.ndindex(part.shape):
            kept = part[index]
            part[index] = kept + 1e-30j
            x, scale, shift = parts
            centered = x - x.sum(axis=0) / len(x)
            Y = scale * centered / np.sqrt((centered ** 2).sum(axis=0) / len(x) + eps) + shift
            slope[index] = np.sum(np.asarray(dY) * Y).imag / 1e-30
            part[index] = kept
        found.append(slope)
    return tuple(found)


def _case(seed, n, d):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d)) * rng.uniform(0.5, 3.0, size=d) + 2 * rng.normal(size=d)
    return rng.normal(size=(n, d)), X, rng.uniform(0.5, 2.0, size=d) * rng.choice([-1, 1], size=d)


with check("dX is the one that you worked out by hand"):
    got = check.parts(check.call(batchnorm_backward, np.array([[1.0], [0.0], [0.0]]),
                                 np.array([[1.0], [3.0], [5.0]]), np.array([2.0]), 0.0), *NAMES)
    check.close(got[0], np.array([[1.0], [-2.0], [1.0]]) / (3 * np.sqrt(8 / 3)))
with check("dX agrees with the slope of the loss, for random numbers"):
    for case in (_case(1100, 7, 5), _case(1101, 4, 4)):
        got = check.parts(check.call(batchnorm_backward, *case), *NAMES)
        check.close(got[0], _slopes(*case)[0], rtol=1e-6)
with check("dgamma and dbeta agree with the slopes of the loss, and have one number for each unit"):
    for case in (_case(1102, 6, 3), _case(1103, 4, 4)):
        got = check.parts(check.call(batchnorm_backward, *case), *NAMES)
        check.close(got[1], _slopes(*case)[1], rtol=1e-6)
        check.close(got[2], _slopes(*case)[2], rtol=1e-6)
with check("ε goes under the root, and is 1e-5 unless told otherwise"):
    dY, X, gamma = _case(1104, 5, 3)
    check.close(check.call(batchnorm_backward, dY, X, gamma, 0.5), _slopes(dY, X, gamma, 0.5), rtol=1e-6, names=NAMES)
    check.close(check.call(batchnorm_backward, dY, 0.01 * X, gamma), _slopes(dY, 0.01 * X, gamma), rtol=1e-6, names=NAMES)
with check("takes lists of whole numbers, and returns floats"):
    got = check.parts(check.call(batchnorm_backward, [[1, 0], [0, 2], [0, 0]], [[1, 2], [3, 0], [5, 2]], [2, 3], 1), *NAMES)
    for part, shape in zip(got, ((3, 2), (2,), (2,))):
        check.floats(part, shape)
    check.close(got, _slopes([[1, 0], [0, 2], [0, 0]], [[1, 2], [3, 0], [5, 2]], [2, 3], 1), rtol=1e-6, names=NAMES)
### BEGIN HIDDEN TESTS
with check("all three are right, whatever the sizes"):
    for seed, (n, d) in enumerate(((7, 5), (4, 4), (3, 8), (30, 2), (12, 1))):
        case = _case(1110 + seed, n, d)
        check.close(check.call(batchnorm_backward, *case), _slopes(*case), rtol=1e-6, names=NAMES)
with check("an upstream gradient of ones gives a dX of zeros"):
    _, X, gamma = _case(1120, 6, 3)
    got = check.parts(check.call(batchnorm_backward, np.ones((6, 3)), X, gamma), *NAMES)
    check.close(got[0], np.zeros((6, 3)))
    check.close(got[1], np.zeros(3))
with check("is right for large ε, and for units that hardly vary"):
    dY, X, gamma = _case(1121, 6, 4)
    for scale, eps in ((0.1, 4.0), (1e-3, 1e-5), (1.0, 1e-3), (0.0, 1e-5)):
        check.close(check.call(batchnorm_backward, dY, scale * X, gamma, eps),
                    _slopes(dY, scale * X, gamma, eps), rtol=1e-6, names=NAMES)
with check("a batch of one gives dX and dgamma of zeros"):
    check.close(check.call(batchnorm_backward, np.array([[2.0, -1.0]]), np.array([[3.0, 4.0]]), np.array([2.0, 5.0])),
                (np.zeros((1, 2)), np.zeros(2), np.array([2.0, -1.0])), names=NAMES)
with check("reads any memory order, and leaves its input as it was"):
    dY, X, gamma = _case(1122, 8, 6)
    case = np.asfortranarray(dY)[::2, ::-2], np.asfortranarray(X)[::2, ::2], gamma[::2]
    check.close(check.call(batchnorm_backward, *case), _slopes(*case), rtol=1e-6, names=NAMES)
    check.unchanged(batchnorm_backward, *(part.copy() for part in case))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# First repeat the forward pass as far as $\hat x$: you need it three times, and $\sigma$ once.
# Then take the three rows of the table, one after the other.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# All means run over the batch: `axis=0`.
# `X.var(axis=0)` divides by n.
# The formula has $g$, which is `dY` times `gamma`, in all three terms; `dgamma` and `dbeta` are made from `dY` itself.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Compute `sigma`, the root of the variance plus eps, and the normalized values.
# `dX` is $g$, minus the mean of $g$, minus the normalized values times the mean of $g$ times the normalized values; all of that divided by `sigma`.
# `dgamma` sums `dY` times the normalized values over the batch, and `dbeta` sums `dY`.
# </details>

# %% [markdown]
# ## Would you have noticed?
#
# Here is the bug, ready to use, and lesson 4's training loop with a normalization in front of each ReLU.

# %% earlier: pieces
# from 03_forward_pass: cross_entropy, softmax
# from 04_backprop: cross_entropy_grad, linear_backward
# from 05_activations: relu, relu_grad
# from 07_regularization: batchnorm_forward
# from 10_autograd: backprop, topological_order

# %%
# To use your own pieces instead, remove the # in front of the next lines.
# from utils import earlier
# cross_entropy, = earlier.mine("03_forward_pass", "cross_entropy")
# cross_entropy_grad, linear_backward = earlier.mine("04_backprop", "cross_entropy_grad", "linear_backward")
# relu, relu_grad = earlier.mine("05_activations", "relu", "relu_grad")
# batchnorm_forward, = earlier.mine("07_regularization", "batchnorm_forward")
# backprop, = earlier.mine("10_autograd", "backprop")

# %% given: training
digits = data.digits()
pixels, labels = (digits.X - 5) / 6, digits.y


def as_constants(dY, X, gamma, eps=1e-5):
    """Batch norm's backward pass with the bug: mean and variance are treated as constants."""
    sigma = np.sqrt(X.var(axis=0) + eps)
    return dY * gamma / sigma, (dY * (X - X.mean(axis=0)) / sigma).sum(axis=0), dY.sum(axis=0)


def train(norm, norm_back, size, lr, seed, depth=1, epochs=15, examples=1200, width=32):
    """Train on the digits in batches of `size`, with a normalization in front of each ReLU.

    norm(Z, gamma, beta, state, training) returns (U, state), as batchnorm_forward does.
    norm_back(dU, Z, gamma) returns (dZ, dgamma, dbeta).
    Returns a dict: the mean loss of each epoch, the share of 597 new digits that are right, and
    what was learned.
    """
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(labels))
    sizes = [64, *[width] * depth, 10]
    W = [rng.normal(size=(o, i)) * np.sqrt(2 / i) for i, o in pairwise(sizes)]
    b, gamma, beta = np.zeros(10), np.ones((depth, width)), np.zeros((depth, width))
    states = [{"mean": np.zeros(width), "var": np.ones(width)} for _ in range(depth)]

    def forward(A, training):
        cache = []
        for k in range(depth):
            Z = A @ W[k].T
            U, states[k] = norm(Z, gamma[k], beta[k], states[k], training)
            cache.append((A, Z, U))
            A = relu(U)
        return A, A @ W[-1].T + b, cache

    losses = []
    for _ in range(epochs):
        total, batches = 0.0, rng.permutation(order[:examples])[:examples // size * size].reshape(-1, size)
        for batch in batches:
            A, scores, cache = forward(pixels[batch], training=True)
            total += cross_entropy(scores, labels[batch]) / len(batches)
            dA, dW, db = linear_backward(cross_entropy_grad(scores, labels[batch]), A, W[-1])
            W[-1], b = W[-1] - lr * dW, b - lr * db
            for k in reversed(range(depth)):
                A, Z, U = cache[k]
                dZ, dgamma, dbeta = norm_back(dA * relu_grad(U), Z, gamma[k])
                dA, dW, _ = linear_backward(dZ, A, W[k])
                W[k] = W[k] - lr * dW
                gamma[k], beta[k] = gamma[k] - lr * dgamma, beta[k] - lr * dbeta
        losses.append(total)
    _, scores, _ = forward(pixels[order[1200:]], training=False)
    return {"losses": losses, "right": np.mean(scores.argmax(axis=1) == labels[order[1200:]]),
            "W": W, "b": b, "gamma": gamma, "beta": beta, "states": states, "test": order[1200:]}

# %% [markdown]
# One of the next two networks is trained with your gradient, the other with the bug; apart from that they are the same.
#
# **Predict:** will you be able to tell which is which?

# %%
with plots.figure("Two training losses over 15 epochs, called A and B. Both fall steeply at first and "
                  "end below 0.1, A a little above B.", size=(6.8, 4.2)) as ax:
    runs = [[train(batchnorm_forward, back, 50, 0.3, seed) for seed in range(5)]
            for back in (as_constants, batchnorm_backward)]
    curves = [np.mean([run["losses"] for run in same], axis=0) for same in runs]
    plots.curves(range(1, 16), {"A": curves[0], "B": curves[1]}, log=True, xlabel="epoch", ylabel="mean loss", ax=ax,
                 title="Both learn. Which of them has the wrong gradient?")
    for name, same in zip("AB", runs):
        print(f"{name}: last loss {np.mean([run['losses'][-1] for run in same]):.3f}, new digits right "
              f"{np.mean([run['right'] for run in same]):.1%} ({', '.join(format(run['right'], '.1%') for run in same)})")

# %% [markdown]
# A is the wrong one.
# Its last loss is higher, 0.073 against 0.046, as it might be with another learning rate.
# On new digits it even gets a little more right, 97.2% against 97.1%.
# Nobody would suspect a bug behind these numbers.
#
# **Predict:** now with six hidden layers in place of one. What becomes of the two?

# %%
with unfinished():
    for depth in (3, 6):
        found = [[train(batchnorm_forward, back, 50, 0.3, seed, depth, epochs=10)["right"] for seed in range(2)]
                 for back in (batchnorm_backward, as_constants)]
        print(f"{depth} hidden layers: {np.mean(found[0]):.1%} right with your gradient, {np.mean(found[1]):.1%} with the bug")

# %% [markdown]
# Now it costs something: with three hidden layers 93.4% against 97.2%, with six 77.7% against 97.1%.
# Every layer passes its mistake on to the layer before it.
# But would you look for a bug in the gradient?
# A deep network that trains badly makes you change the learning rate, the initialization, the optimizer.
# Nothing points to the normalization.
#
# ## Why does it train at all?
#
# For each unit, the true gradient has no part in 2 of $n$ directions, the shift and the stretch, and the bug leaves both parts in.
# If gradients were random, these would be 2 parts of $n$, and the two gradients would have a cosine of about $\sqrt{1 - 2/n}$: they point almost the same way if the batch is large.
# The next cell measures the cosine for random numbers, then for the first step of a network on digits: at the scores, and for the weights before them, which is what the step uses.
#
# **Predict:** which cosine does the formula give for batches of 4, and of 256?

# %%
def cosine(a, b):
    return np.sum(a * b) / max(np.linalg.norm(a) * np.linalg.norm(b), 1e-300)


def first_step(size, seed):
    """Of batch norm's dZ and of the dW before it: right against wrong, in a new network."""
    rng = np.random.default_rng([size, seed])
    batch = rng.permutation(len(labels))[:size]
    W, V = rng.normal(size=(32, 64)) * np.sqrt(2 / 64), rng.normal(size=(10, 32)) * np.sqrt(2 / 32)
    X, gamma = pixels[batch], np.ones(32)
    Z = X @ W.T
    U, _ = batchnorm_forward(Z, gamma, 0 * gamma, {"mean": 0 * gamma, "var": gamma}, True)
    dU = cross_entropy_grad(relu(U) @ V.T, labels[batch]) @ V * relu_grad(U)
    right, wrong = batchnorm_backward(dU, Z, gamma)[0], as_constants(dU, Z, gamma)[0]
    return cosine(right, wrong), cosine(right.T @ X, wrong.T @ X)


with plots.figure("The cosine between the right and the wrong gradient against the batch size. For random "
                  "numbers it rises from 0.7 to nearly 1, along the formula. In a network on digits it rises to "
                  "0.95 for the scores and to 0.65 for the weights.", size=(6.8, 4.4)) as ax:
    sizes = np.array([4, 8, 16, 64, 256])
    rng = np.random.default_rng(7)
    noise = []
    for size in sizes:
        dY, X, ones = rng.normal(size=(size, 500)), rng.normal(size=(size, 500)), np.ones(500)
        noise.append(cosine(batchnorm_backward(dY, X, ones)[0], as_constants(dY, X, ones)[0]))
    scores, weights = np.array([np.mean([first_step(size, seed) for seed in range(5)], axis=0) for size in sizes]).T
    plots.curves(sizes, {"random dZ": noise, "√(1 − 2/n)": np.sqrt(1 - 2 / sizes), "digits, dZ": scores,
                         "digits, dW": weights}, log="x", xlabel="batch size n", ylabel="cosine, right against wrong", ax=ax,
                 title=f"In batches of 256 the wrong dW is still {np.degrees(np.arccos(weights[-1])):.0f}° off")
    for k, size in enumerate(sizes):
        print(f"batches of {size:3d}: random {noise[k]:.3f}, formula {np.sqrt(1 - 2 / size):.3f}, "
              f"digits: dZ {scores[k]:.3f}, dW {weights[k]:.3f}")

# %% [markdown]
# The formula gives 0.707 and 0.996, and random numbers follow it.
# In the digit network, the cosine at the scores rises to 0.95, but from 8 digits up, that of the weights stays near 0.6: even with 256 digits it is 0.65, which is 50° off.
# The weights' gradient is a sum over the batch, and what the bug leaves in doesn't average out there: part of it is the same for all examples.
#
# A direction that is 50° off still leads downhill, at 0.65 times the rate of the right one.
# And look at what the extra parts do to the scores of a unit: one shifts them, and the other stretches them.
# The next forward pass takes both out again.
# That is why one layer hardly suffers; the layers before it get these parts as if they were meant for them.
#
# ## Checks that see nothing
#
# So a training curve is no test.
# A gradient check is (lesson 4): nudge each entry of `X`, and compare the slope of *some* loss with `dX`.
# But which loss?
# The simplest is the sum of all outputs, for which the upstream gradient is all ones.
# The next cell plants five bugs, one after the other, and lets four checks look for them.
#
# **Predict:** how many of the five does the check with the sum of the outputs find?

# %%
BUGS = {  # from dY, g = dY · gamma, the normalized values, and sigma
    "none": lambda dY, g, x, s: (g - g.mean(axis=0) - x * (g * x).mean(axis=0)) / s,
    "mean, variance constant": lambda dY, g, x, s: g / s,
    "variance constant": lambda dY, g, x, s: (g - g.mean(axis=0)) / s,
    "mean constant": lambda dY, g, x, s: (g - x * (g * x).mean(axis=0)) / s,
    "gamma lost": lambda dY, g, x, s: (dY - dY.mean(axis=0) - x * (dY * x).mean(axis=0)) / s,
    "an extra 1/n": lambda dY, g, x, s: (g - g.mean(axis=0) - x * (g * x).mean(axis=0)) / s / len(g),
}
rng = np.random.default_rng(8)
X, mask, gamma = rng.normal(size=(6, 4)), rng.normal(size=(6, 4)), rng.uniform(0.5, 2, size=4)
CHECKS = {  # the loss of the outputs Y, its gradient, gamma, and beta
    "sum of Y": (lambda Y: Y.sum(), lambda Y: np.ones(Y.shape), gamma, np.ones(4)),
    "sum of Y²": (lambda Y: (Y ** 2).sum(), lambda Y: 2 * Y, np.ones(4), np.zeros(4)),
    "random, γ = 1": (lambda Y: (mask * Y).sum(), lambda Y: mask, np.ones(4), np.ones(4)),
    "random": (lambda Y: (mask * Y).sum(), lambda Y: mask, gamma, np.ones(4))}


def outputs(X, gamma, beta):
    return batchnorm_forward(X, gamma, beta, {"mean": np.zeros(4), "var": np.ones(4)}, True)[0]


with unfinished():
    print(f"{'the bug':24s}" + "".join(f"{name:>16s}" for name in CHECKS))
    for bug, backward in BUGS.items():
        said = []
        for loss, upstream, scale, shift in CHECKS.values():
            dY = upstream(outputs(X, scale, shift))
            sigma = np.sqrt(X.var(axis=0) + 1e-5)
            dX = backward(dY, dY * scale, (X - X.mean(axis=0)) / sigma, sigma)
            report = gradcheck.gradient_check(lambda X: loss(outputs(X, scale, shift)), X, dX)
            said.append("passes" if report.passed else "found")
        print(f"{bug:24s}" + "".join(f"{word:>16s}" for word in said))
    ones = batchnorm_backward(np.ones((6, 4)), X, gamma)[0]
    print(f"\nwith an upstream gradient of ones, the largest entry of the true dX is {np.abs(ones).max():.0e}")

# %% [markdown]
# It finds two of the five.
# The normalized values of a unit add up to 0, so its outputs add up to $n\beta$ whatever `X` is: the true `dX` is 0.
# (The few $10^{-16}$ are rounding.)
# So every formula that turns ones into zeros passes: with a wrong factor, without γ, or without the spread's term.
#
# The sum of squares, a popular choice, misses two: with γ = 1 and β = 0, it is $nd$ up to ε, whatever `X` is.
# (It finds the extra $1/n$ only because ε leaves a trace in it.)
# Random weights with γ = 1 miss the lost γ.
# Only the last check finds all five.
# The rule behind it: **nothing in a check may be special**. Use a random upstream gradient, parameters away from 0 and 1, and sizes that all differ.
#
# ## Let the tape do it
#
# The other way to be sure is not to derive anything.
# Write batch norm as a tape, as in lesson 10, with the mean and σ as steps of their own, and your `backprop` finds all three paths by itself.
# Here, `c` is the centered score, `x̂ = c / s`, and `L` is the sum of all outputs, weighted by `dY`; each rule is one you could have written in lesson 10.
#
# **Predict:** how would you plant the bug on this tape?

# %% given: tape
def on_a_tape(dY, X, gamma, cut=(), eps=1e-5):
    """dX by a walk over the tape of batch norm. What is in `cut` loses its parents."""
    n, c = len(X), X - X.mean(axis=0)
    s = np.sqrt((c ** 2).mean(axis=0) + eps)
    parents = {"x": (), "mean": ("x",), "c": ("x", "mean"), "s": ("c",), "x̂": ("c", "s"), "L": ("x̂",)}
    rules = {"mean": lambda g: (np.ones((n, 1)) * g / n,),
             "c": lambda g: (g, -g.sum(axis=0)),
             "s": lambda g: (g * c / (n * s),),
             "x̂": lambda g: (g / s, -(g * c).sum(axis=0) / s ** 2),
             "L": lambda g: (g * gamma * dY,)}
    return backprop({**parents, **dict.fromkeys(cut, ())}, rules, "L")["x"]

# %%
with unfinished():
    dX = batchnorm_backward(mask, X, gamma)[0]
    print(f"your formula and the tape differ by at most {np.abs(on_a_tape(mask, X, gamma) - dX).max():.0e}")
    cut = on_a_tape(mask, X, gamma, cut=("mean", "s"))
    print(f"the bug and the tape with two cuts differ by at most {np.abs(cut - as_constants(mask, X, gamma)[0]).max():.0e}")

# %% [markdown]
# Take away the parents of the mean and of σ: then both count as leaves, as constants.
# What is left is the direct path, and the walk returns exactly the bug.
# In PyTorch, `detach()` makes such a cut, and `x.mean(dim=0).detach()` is all it takes.
#
# **A good place to stop for the day.**

# %% [markdown]
# # Part two: other means
#
# ## Layer norm: a mean for each example
#
# Batch norm needs a batch, and it needs running averages for later.
# Layer norm (Ba, Kiros, and Hinton, 2016) doesn't: it normalizes each *example* over its $d$ units.
# In a Transformer, an input has shape (examples, positions, units), and each position of each example is normalized on its own.
# So all means run over the last axis, however many axes there are in front.
# $\gamma$ and $\beta$ have one number for each unit, as before.
#
# **By hand, once.** For the row $(1, 3, 5)$ with $\gamma = (1, 2, 1)$, $\beta = 0$, and $\varepsilon = 0$, you get $\hat x = (-1.225,\ 0,\ 1.225)$ as before, and $y = (-1.225,\ 0,\ 1.225)$, since the 2 multiplies the 0.
#
# ## Exercise 2: layer norm, forward

# %% exercise: layernorm_forward
def layernorm_forward(X, gamma, beta, eps=1e-5):
    """Layer normalization over the last axis.

    X: (..., d), with any number of axes in front, or none.  gamma, beta: (d,), the scales and
    the shifts.
    eps: goes under the root, next to the variance, which is divided by d.
    Returns float64 of X's shape.
    """
    ### BEGIN SOLUTION
    X, gamma, beta = (np.asarray(part, dtype=float) for part in (X, gamma, beta))
    mean, variance = X.mean(axis=-1, keepdims=True), X.var(axis=-1, keepdims=True)
    return gamma * (X - mean) / np.sqrt(variance + eps) + beta
    ### END SOLUTION

# %% tests: layernorm_forward, 2 points
import math

import numpy as np


@check.once
def _by_rows(X, gamma, beta, eps=1e-5):
    X = np.asarray(X, dtype=float)
    out = np.zeros(X.shape)
    for place in np.ndindex(X.shape[:-1]):
        row = [float(value) for value in X[place]]
        mean = math.fsum(row) / len(row)
        root = math.sqrt(math.fsum((value - mean) ** 2 for value in row) / len(row) + eps)
        out[place] = [g * (value - mean) / root + b for g, value, b in zip(gamma, row, beta)]
    return out


def _case(seed, *shape):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=shape) * rng.uniform(0.5, 3.0, size=(*shape[:-1], 1)) + rng.normal(size=(*shape[:-1], 1))
    return X, rng.uniform(0.5, 2.0, size=shape[-1]), rng.normal(size=shape[-1])


with check("normalizes the row that you worked out by hand, then scales and shifts it"):
    check.close(check.call(layernorm_forward, np.array([[1.0, 3.0, 5.0]]), np.array([1.0, 2.0, 1.0]), np.zeros(3), 0.0),
                [[-1.5 ** 0.5, 0.0, 1.5 ** 0.5]])
    check.close(check.call(layernorm_forward, np.array([[1.0, 3.0, 5.0]]), np.array([2.0, 2.0, 4.0]),
                           np.array([10.0, 20.0, 30.0]), 0.0), [[10 - 6 ** 0.5, 20.0, 30 + 24 ** 0.5]])
with check("treats each row by itself, also where there are as many rows as columns"):
    for case in (_case(1130, 4, 4), _case(1131, 7, 5)):
        check.close(check.call(layernorm_forward, *case), _by_rows(*case))
with check("normalizes over the last axis only, with more axes in front or none"):
    for case in (_case(1132, 2, 3, 4), _case(1133, 3, 3, 3), _case(1134, 5)):
        check.close(check.call(layernorm_forward, *case), _by_rows(*case))
with check("ε goes under the root, and is 1e-5 unless told otherwise"):
    X, gamma, beta = _case(1135, 3, 4)
    check.close(check.call(layernorm_forward, X, gamma, beta, 0.5), _by_rows(X, gamma, beta, 0.5))
    check.close(check.call(layernorm_forward, 0.01 * X, gamma, beta), _by_rows(0.01 * X, gamma, beta))
with check("takes lists of whole numbers, and returns floats"):
    got = check.call(layernorm_forward, [[1, 3], [4, 0]], [1, 2], [0, 1], 0)
    check.floats(got, (2, 2))
    check.close(got, [[-1.0, 3.0], [1.0, -1.0]])
### BEGIN HIDDEN TESTS
with check("is right for any shape"):
    for seed, shape in enumerate(((7, 5), (4, 4), (1, 6), (6, 2), (2, 3, 4), (2, 2, 2, 2), (3, 1, 2, 5), (8,))):
        case = _case(1140 + seed, *shape)
        check.close(check.call(layernorm_forward, *case), _by_rows(*case))
with check("is right for large ε, and for rows that hardly vary"):
    X, gamma, beta = _case(1150, 6, 4)
    for scale, eps in ((0.1, 4.0), (1e-3, 1e-5), (1.0, 1e-3), (0.0, 1e-5)):
        check.close(check.call(layernorm_forward, scale * X, gamma, beta, eps), _by_rows(scale * X, gamma, beta, eps))
with check("a row of one unit gives beta"):
    check.close(check.call(layernorm_forward, np.array([[3.0], [-5.0]]), np.array([2.0]), np.array([0.5])), [[0.5], [0.5]])
with check("reads any memory order, and leaves its input as it was"):
    X, gamma, beta = _case(1151, 8, 6)
    case = np.asfortranarray(X)[::2, ::-2], gamma[::2], beta[::-2]
    check.close(check.call(layernorm_forward, *case), _by_rows(*case))
    check.unchanged(layernorm_forward, *(part.copy() for part in case))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Write it for one row of numbers.
# Then, for many rows, what shape must the means have so that each row gets its own?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `axis=-1` is the last axis, however many there are.
# `keepdims=True` keeps it with size 1, so that a mean lines up with its row.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Take mean and variance over the last axis, both with `keepdims=True`.
# Subtract the mean, divide by the root of the variance plus eps, multiply by gamma, and add beta.
# </details>

# %% [markdown]
# ## Exercise 3: layer norm, backward
#
# Within a row, the story is the same as within a column before: three paths, the same formula, with means over the last axis.
# But there is one difference that a careless copy of exercise 1 gets wrong.
# There, $\gamma$ was one number for all that shared a mean; here, it differs from unit to unit.
# So multiply first, $g = dY \cdot \gamma$, and take the means of *that*.
#
# **By hand, once.** The row $(1, 3, 5)$ again, with $\gamma = (1, 2, 1)$ and $dy = (1, 1, 0)$.
# Then $g = (1, 2, 0)$, $\operatorname{mean}(g) = 1$, and $\operatorname{mean}(g \hat x) = -0.408$, so
#
# $$ dx = \frac{(1 - 1 - 0.5,\;\; 2 - 1 - 0,\;\; 0 - 1 + 0.5)}{1.633} = (-0.306,\; 0.612,\; -0.306), $$
#
# which adds up to 0, as it should.
# Multiplied by $\gamma$ at the end instead, it would be $(-0.102, 0.408, -0.102)$, which doesn't.
#
# $d\gamma$ and $d\beta$ have one number for each unit, so they are summed over *all* axes in front.

# %% exercise: layernorm_backward
def layernorm_backward(dY, X, gamma, eps=1e-5):
    """The gradients of layer normalization over the last axis.

    dY: (..., d), the gradient at the output.  X: (..., d), the input.  gamma: (d,), the scales.
    There may be any number of axes in front, or none.
    Returns (dX, dgamma, dbeta), float64 of X's shape, (d,), and (d,).
    """
    ### BEGIN SOLUTION
    dY, X, gamma = (np.asarray(part, dtype=float) for part in (dY, X, gamma))
    sigma = np.sqrt(X.var(axis=-1, keepdims=True) + eps)
    normal = (X - X.mean(axis=-1, keepdims=True)) / sigma
    g = dY * gamma
    dX = (g - g.mean(axis=-1, keepdims=True) - normal * (g * normal).mean(axis=-1, keepdims=True)) / sigma
    front = tuple(range(X.ndim - 1))
    return dX, (dY * normal).sum(axis=front), dY.sum(axis=front)
    ### END SOLUTION

# %% tests: layernorm_backward, 4 points
import numpy as np

NAMES = ("dX", "dgamma", "dbeta")


@check.once
def _slopes(dY, X, gamma, eps=1e-5):
    """The slope of sum(dY * Y) for each entry of X, gamma and beta, by a complex step."""
    parts = [np.asarray(part, dtype=complex) for part in (X, gamma, np.zeros(np.shape(gamma)))]
    found = []
    for part in parts:
        slope = np.zeros(part.shape)
        for index in np.ndindex(part.shape):
            kept = part[index]
            part[index] = kept + 1e-30j
            x, scale, shift = parts
            centered = x - x.sum(axis=-1, keepdims=True) / x.shape[-1]
            root = np.sqrt((centered ** 2).sum(axis=-1, keepdims=True) / x.shape[-1] + eps)
            slope[index] = np.sum(np.asarray(dY) * (scale * centered / root + shift)).imag / 1e-30
            part[index] = kept
        found.append(slope)
    return tuple(found)


def _case(seed, *shape):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=shape) * rng.uniform(0.5, 3.0, size=(*shape[:-1], 1)) + rng.normal(size=(*shape[:-1], 1))
    gamma = rng.uniform(0.5, 2.0, size=shape[-1]) * rng.choice([-1, 1], size=shape[-1])
    return rng.normal(size=shape), X, gamma


with check("dX is the one that you worked out by hand"):
    got = check.parts(check.call(layernorm_backward, np.array([[1.0, 1.0, 0.0]]), np.array([[1.0, 3.0, 5.0]]),
                                 np.array([1.0, 2.0, 1.0]), 0.0), *NAMES)
    check.close(got[0], np.array([[-0.5, 1.0, -0.5]]) / np.sqrt(8 / 3))
with check("dX agrees with the slope of the loss, for random numbers"):
    for case in (_case(1160, 7, 5), _case(1161, 4, 4)):
        got = check.parts(check.call(layernorm_backward, *case), *NAMES)
        check.close(got[0], _slopes(*case)[0], rtol=1e-6)
with check("dgamma and dbeta have one number for each unit, summed over the examples"):
    for case in (_case(1162, 6, 3), _case(1163, 4, 4)):
        got = check.parts(check.call(layernorm_backward, *case), *NAMES)
        check.close(got[1], _slopes(*case)[1], rtol=1e-6)
        check.close(got[2], _slopes(*case)[2], rtol=1e-6)
with check("takes more axes in front, or none"):
    for case in (_case(1164, 2, 3, 4), _case(1165, 3, 3, 3), _case(1166, 5)):
        check.close(check.call(layernorm_backward, *case), _slopes(*case), rtol=1e-6, names=NAMES)
with check("ε goes under the root, and is 1e-5 unless told otherwise"):
    dY, X, gamma = _case(1167, 3, 4)
    check.close(check.call(layernorm_backward, dY, X, gamma, 0.5), _slopes(dY, X, gamma, 0.5), rtol=1e-6, names=NAMES)
    check.close(check.call(layernorm_backward, dY, 0.01 * X, gamma), _slopes(dY, 0.01 * X, gamma), rtol=1e-6, names=NAMES)
with check("takes lists of whole numbers, and returns floats"):
    case = [[1, 0, 2], [0, 2, -1]], [[1, 2, 6], [3, 0, 0]], [2, 3, 1], 1
    got = check.parts(check.call(layernorm_backward, *case), *NAMES)
    for part, shape in zip(got, ((2, 3), (3,), (3,))):
        check.floats(part, shape)
    check.close(got, _slopes(*case), rtol=1e-6, names=NAMES)
### BEGIN HIDDEN TESTS
with check("all three are right, whatever the shape"):
    for seed, shape in enumerate(((7, 5), (4, 4), (1, 6), (6, 2), (2, 3, 4), (2, 2, 2, 2), (3, 1, 2, 5), (8,))):
        case = _case(1170 + seed, *shape)
        check.close(check.call(layernorm_backward, *case), _slopes(*case), rtol=1e-6, names=NAMES)
with check("is right for large ε, and for rows that hardly vary"):
    dY, X, gamma = _case(1180, 6, 4)
    for scale, eps in ((0.1, 4.0), (1e-3, 1e-5), (1.0, 1e-3), (0.0, 1e-5)):
        check.close(check.call(layernorm_backward, dY, scale * X, gamma, eps),
                    _slopes(dY, scale * X, gamma, eps), rtol=1e-6, names=NAMES)
with check("rows of one unit give dX and dgamma of zeros"):
    check.close(check.call(layernorm_backward, np.array([[2.0], [-3.0]]), np.array([[3.0], [4.0]]), np.array([2.0])),
                (np.zeros((2, 1)), np.zeros(1), np.array([-1.0])), names=NAMES)
with check("reads any memory order, and leaves its input as it was"):
    dY, X, gamma = _case(1181, 8, 6)
    case = np.asfortranarray(dY)[::2, ::-2], np.asfortranarray(X)[::2, ::2], gamma[::2]
    check.close(check.call(layernorm_backward, *case), _slopes(*case), rtol=1e-6, names=NAMES)
    check.unchanged(layernorm_backward, *(part.copy() for part in case))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Write it for two axes first, with your `batchnorm_backward` beside you.
# Which of its axes change, and which don't?
# Not all of its sums run along the same axis.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# The means in `dX` run over the last axis, with `keepdims=True`.
# `dgamma` and `dbeta` are sums over all the other axes; `sum(axis=...)` takes a tuple, and `tuple(range(X.ndim - 1))` is the right one.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Normalize along the last axis, and set `g` to `dY` times `gamma`.
# `dX` is `g`, minus its mean over the last axis, minus the normalized values times the mean of `g` times the normalized values, divided by `sigma`.
# `dgamma` sums `dY` times the normalized values over the axes in front, and `dbeta` sums `dY`.
# </details>

# %% [markdown]
# ## RMS norm: no mean, no shift
#
# Zhang and Sennrich (2019) left out the mean: divide by the root mean square (RMS), and subtract nothing.
# Llama and many other language models do this.
#
# $$ r = \sqrt{\operatorname{mean}(x^2) + \varepsilon}, \qquad \hat x = \frac{x}{r}, \qquad y = \gamma\, \hat x $$
#
# **By hand, once.** For $x = (1, 7)$, the mean of the squares is 25, so $r = 5$ and $\hat x = (0.2, 1.4)$.
# With $\gamma = (2, 1)$, the output is $(0.4, 1.4)$.
#
# ## Exercise 4: RMS norm, forward

# %% exercise: rmsnorm_forward
def rmsnorm_forward(X, gamma, eps=1e-5):
    """RMS normalization over the last axis: no mean is subtracted.

    X: (..., d), with any number of axes in front, or none.  gamma: (d,), the scales.
    eps: goes under the root, next to the mean square.
    Returns float64 of X's shape.
    """
    ### BEGIN SOLUTION
    X, gamma = (np.asarray(part, dtype=float) for part in (X, gamma))
    return gamma * X / np.sqrt((X ** 2).mean(axis=-1, keepdims=True) + eps)
    ### END SOLUTION

# %% tests: rmsnorm_forward, 2 points
import math

import numpy as np


@check.once
def _by_rows(X, gamma, eps=1e-5):
    X = np.asarray(X, dtype=float)
    out = np.zeros(X.shape)
    for place in np.ndindex(X.shape[:-1]):
        row = [float(value) for value in X[place]]
        root = math.sqrt(math.fsum(value ** 2 for value in row) / len(row) + eps)
        out[place] = [g * value / root for g, value in zip(gamma, row)]
    return out


def _case(seed, *shape):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=shape) * rng.uniform(0.5, 3.0, size=(*shape[:-1], 1)) + rng.normal(size=(*shape[:-1], 1))
    return X, rng.uniform(0.5, 2.0, size=shape[-1])


with check("normalizes the row that you worked out by hand"):
    check.close(check.call(rmsnorm_forward, np.array([[1.0, 7.0]]), np.array([2.0, 1.0]), 0.0), [[0.4, 1.4]])
with check("treats each row by itself, also where there are as many rows as columns"):
    for case in (_case(1190, 4, 4), _case(1191, 7, 5)):
        check.close(check.call(rmsnorm_forward, *case), _by_rows(*case))
with check("normalizes over the last axis only, with more axes in front or none"):
    for case in (_case(1192, 2, 3, 4), _case(1193, 3, 3, 3), _case(1194, 5)):
        check.close(check.call(rmsnorm_forward, *case), _by_rows(*case))
with check("ε goes under the root, and is 1e-5 unless told otherwise"):
    X, gamma = _case(1195, 3, 4)
    check.close(check.call(rmsnorm_forward, X, gamma, 0.5), _by_rows(X, gamma, 0.5))
    check.close(check.call(rmsnorm_forward, 0.01 * X, gamma), _by_rows(0.01 * X, gamma))
with check("takes lists of whole numbers, and returns floats"):
    got = check.call(rmsnorm_forward, [[1, 7], [7, -1]], [5, 10], 0)
    check.floats(got, (2, 2))
    check.close(got, [[1.0, 14.0], [7.0, -2.0]])
### BEGIN HIDDEN TESTS
with check("is right for any shape"):
    for seed, shape in enumerate(((7, 5), (4, 4), (1, 6), (6, 2), (5, 1), (2, 3, 4), (2, 2, 2, 2), (3, 1, 2, 5), (8,))):
        case = _case(1200 + seed, *shape)
        check.close(check.call(rmsnorm_forward, *case), _by_rows(*case))
with check("is right for large ε, for tiny rows, and for zeros"):
    X, gamma = _case(1210, 6, 4)
    for scale, eps in ((0.1, 4.0), (1e-3, 1e-5), (1.0, 1e-3), (0.0, 1e-5)):
        check.close(check.call(rmsnorm_forward, scale * X, gamma, eps), _by_rows(scale * X, gamma, eps))
with check("reads any memory order, and leaves its input as it was"):
    X, gamma = _case(1211, 8, 6)
    case = np.asfortranarray(X)[::2, ::-2], gamma[::2]
    check.close(check.call(rmsnorm_forward, *case), _by_rows(*case))
    check.unchanged(rmsnorm_forward, *(part.copy() for part in case))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Read "root mean square" from its end: what do you do to the numbers first, what second, and what last?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# The mean runs over the last axis, with `keepdims=True`, as in layer norm.
# `X ** 2` squares each entry.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Square `X`, take the mean over the last axis, add eps, and take the root.
# Divide `X` by that, and multiply by gamma.
# </details>

# %% [markdown]
# ## Exercise 5: RMS norm, backward
#
# **Predict:** which of the three terms goes away, and why?
#
# Without a mean there is no path through the mean, so the second term is gone.
# The third stays: a nudge of $x_i$ moves $r$ by $\hat x_i / d$.
#
# $$ dx_i = \frac1r \Bigl( g_i - \hat x_i \operatorname{mean}(g \hat x) \Bigr), \qquad g = dY \cdot \gamma . $$
#
# **By hand, once.** For $x = (1, 7)$, $\gamma = (2, 1)$, and $dy = (1, 0)$: $g = (2, 0)$, $\operatorname{mean}(g \hat x) = 0.2$, and $dx = (2 - 0.04,\; 0 - 0.28) / 5 = (0.392, -0.056)$.
# This time $dx$ doesn't add up to 0, since shifting matters; but $dx \cdot x = 0.392 - 7 \cdot 0.056 = 0$, since stretching still doesn't.
# As in exercise 3, $d\gamma$ sums $dY \cdot \hat x$ over all axes in front.

# %% exercise: rmsnorm_backward
def rmsnorm_backward(dY, X, gamma, eps=1e-5):
    """The gradients of RMS normalization over the last axis.

    dY: (..., d), the gradient at the output.  X: (..., d), the input.  gamma: (d,), the scales.
    There may be any number of axes in front, or none.
    Returns (dX, dgamma), float64 of X's shape and (d,).
    """
    ### BEGIN SOLUTION
    dY, X, gamma = (np.asarray(part, dtype=float) for part in (dY, X, gamma))
    root = np.sqrt((X ** 2).mean(axis=-1, keepdims=True) + eps)
    normal, g = X / root, dY * gamma
    dX = (g - normal * (g * normal).mean(axis=-1, keepdims=True)) / root
    return dX, (dY * normal).sum(axis=tuple(range(X.ndim - 1)))
    ### END SOLUTION

# %% tests: rmsnorm_backward, 3 points
import numpy as np

NAMES = ("dX", "dgamma")


@check.once
def _slopes(dY, X, gamma, eps=1e-5):
    """The slope of sum(dY * Y) for each entry of X and gamma, by a complex step."""
    parts, found = [np.asarray(part, dtype=complex) for part in (X, gamma)], []
    for part in parts:
        slope = np.zeros(part.shape)
        for index in np.ndindex(part.shape):
            kept = part[index]
            part[index] = kept + 1e-30j
            x, scale = parts
            root = np.sqrt((x ** 2).sum(axis=-1, keepdims=True) / x.shape[-1] + eps)
            slope[index] = np.sum(np.asarray(dY) * (scale * x / root)).imag / 1e-30
            part[index] = kept
        found.append(slope)
    return tuple(found)


def _case(seed, *shape):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=shape) * rng.uniform(0.5, 3.0, size=(*shape[:-1], 1)) + rng.normal(size=(*shape[:-1], 1))
    gamma = rng.uniform(0.5, 2.0, size=shape[-1]) * rng.choice([-1, 1], size=shape[-1])
    return rng.normal(size=shape), X, gamma


with check("dX is the one that you worked out by hand"):
    got = check.parts(check.call(rmsnorm_backward, np.array([[1.0, 0.0]]), np.array([[1.0, 7.0]]),
                                 np.array([2.0, 1.0]), 0.0), *NAMES)
    check.close(got[0], [[0.392, -0.056]])
with check("dX agrees with the slope of the loss, for random numbers"):
    for case in (_case(1220, 7, 5), _case(1221, 4, 4)):
        got = check.parts(check.call(rmsnorm_backward, *case), *NAMES)
        check.close(got[0], _slopes(*case)[0], rtol=1e-6)
with check("dgamma has one number for each unit, summed over the examples"):
    for case in (_case(1222, 6, 3), _case(1223, 4, 4)):
        got = check.parts(check.call(rmsnorm_backward, *case), *NAMES)
        check.close(got[1], _slopes(*case)[1], rtol=1e-6)
with check("takes more axes in front, or none"):
    for case in (_case(1224, 2, 3, 4), _case(1225, 3, 3, 3), _case(1226, 5)):
        check.close(check.call(rmsnorm_backward, *case), _slopes(*case), rtol=1e-6, names=NAMES)
with check("ε goes under the root, and is 1e-5 unless told otherwise"):
    dY, X, gamma = _case(1227, 3, 4)
    check.close(check.call(rmsnorm_backward, dY, X, gamma, 0.5), _slopes(dY, X, gamma, 0.5), rtol=1e-6, names=NAMES)
    check.close(check.call(rmsnorm_backward, dY, 0.01 * X, gamma), _slopes(dY, 0.01 * X, gamma), rtol=1e-6, names=NAMES)
with check("takes lists of whole numbers, and returns floats"):
    case = [[1, 0, 2], [0, 2, -1]], [[1, 2, 6], [3, 0, 0]], [2, 3, 1], 1
    got = check.parts(check.call(rmsnorm_backward, *case), *NAMES)
    for part, shape in zip(got, ((2, 3), (3,))):
        check.floats(part, shape)
    check.close(got, _slopes(*case), rtol=1e-6, names=NAMES)
### BEGIN HIDDEN TESTS
with check("both are right, whatever the shape"):
    for seed, shape in enumerate(((7, 5), (4, 4), (1, 6), (6, 2), (5, 1), (2, 3, 4), (2, 2, 2, 2), (3, 1, 2, 5), (8,))):
        case = _case(1230 + seed, *shape)
        check.close(check.call(rmsnorm_backward, *case), _slopes(*case), rtol=1e-6, names=NAMES)
with check("is right for large ε, for tiny rows, and for zeros"):
    dY, X, gamma = _case(1240, 6, 4)
    for scale, eps in ((0.1, 4.0), (1e-3, 1e-5), (1.0, 1e-3), (0.0, 1e-5)):
        check.close(check.call(rmsnorm_backward, dY, scale * X, gamma, eps),
                    _slopes(dY, scale * X, gamma, eps), rtol=1e-6, names=NAMES)
with check("reads any memory order, and leaves its input as it was"):
    dY, X, gamma = _case(1241, 8, 6)
    case = np.asfortranarray(dY)[::2, ::-2], np.asfortranarray(X)[::2, ::2], gamma[::2]
    check.close(check.call(rmsnorm_backward, *case), _slopes(*case), rtol=1e-6, names=NAMES)
    check.unchanged(rmsnorm_backward, *(part.copy() for part in case))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Start from your `layernorm_backward`.
# What takes the place of `sigma`, what is normalized now, and which term goes?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# The mean of `g` times the normalized values runs over the last axis, with `keepdims=True`.
# `dgamma` is a sum over all the axes in front, `tuple(range(X.ndim - 1))`.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# The root is that of exercise 4, and the normalized values are `X` divided by it.
# `dX` is `g` minus the normalized values times the mean of `g` times the normalized values, all divided by the root.
# `dgamma` sums `dY` times the normalized values over the axes in front.
# </details>

# %% [markdown]
# ## Is the mean needed?
#
# Now you can compare layer norm and RMS norm on the digits.
#
# **Predict:** what does a network lose without the mean and without β?

# %%
def layer_norm(Z, gamma, beta, state, training):
    return layernorm_forward(Z, gamma, beta), state


def rms_norm(Z, gamma, beta, state, training):
    return rmsnorm_forward(Z, gamma), state


def rms_back(dU, Z, gamma):
    return *rmsnorm_backward(dU, Z, gamma), np.zeros(len(gamma))  # there is no beta to learn


with unfinished():
    for name, pair in (("layer norm", (layer_norm, layernorm_backward)), ("RMS norm", (rms_norm, rms_back))):
        right = [train(*pair, 50, 0.3, seed)["right"] for seed in range(3)]
        print(f"{name}: {np.mean(right):.1%} of the new digits right ({', '.join(format(share, '.1%') for share in right)})")

# %% [markdown]
# Nothing: on average over three runs, both get 97.0% right.
# On these digits, it is the division that counts.
#
# ## Group norm: a few channels together
#
# A batch of images has shape (n, c, height, width).
# A *channel* is one number per pixel, such as the red of a photo, or one of a network's own features.
# Group norm (Wu and He, 2018) divides the $c$ channels into groups of neighbors.
# Each group of each example gets its own mean and variance, over all its channels and pixels.
#
# **By hand, once.** An example has four channels and no pixels, $x = (1, 3, 10, 30)$.
# With two groups, $(1, 3)$ has mean 2 and standard deviation 1, and $(10, 30)$ has mean 20 and standard deviation 10, so $\hat x = (-1, 1, -1, 1)$.
#
# $\gamma$ and $\beta$ have one number for each *channel*, not for each group.
# They have to line up with axis 1, and the pixels come after it: give them shape (c, 1, 1).
#
# ## Exercise 6: group norm, forward

# %% exercise: groupnorm_forward
def groupnorm_forward(X, groups, gamma, beta, eps=1e-5):
    """Group normalization: statistics for each example and each group of neighboring channels.

    X: (n, c, ...), the channels along axis 1, then any number of axes, or none.
    groups: an int, at least 1. It must divide c, otherwise ValueError. Neighbors are grouped: with
        c = 6 and 2 groups, channels 0, 1, 2 belong together.
    gamma, beta: (c,), the scales and the shifts of the channels.
    eps: goes under the root, next to the variance, which is divided by the number of values in
        the group.
    Returns float64 of X's shape.
    """
    ### BEGIN SOLUTION
    X, gamma, beta = (np.asarray(part, dtype=float) for part in (X, gamma, beta))
    n, c = X.shape[:2]
    if c % groups:
        raise ValueError(f"{c} channels can't be divided into {groups} groups")
    grouped = X.reshape(n, groups, -1)
    sigma = np.sqrt(grouped.var(axis=-1, keepdims=True) + eps)
    normal = ((grouped - grouped.mean(axis=-1, keepdims=True)) / sigma).reshape(X.shape)
    aligned = (c,) + (1,) * (X.ndim - 2)
    return normal * gamma.reshape(aligned) + beta.reshape(aligned)
    ### END SOLUTION

# %% tests: groupnorm_forward, 3 points
import math

import numpy as np


@check.once
def _by_groups(X, groups, gamma, beta, eps=1e-5):
    X = np.asarray(X, dtype=float)
    out, together = np.zeros(X.shape), X.shape[1] // groups
    for i in range(len(X)):
        for k in range(groups):
            mine = range(k * together, (k + 1) * together)
            values = [float(value) for j in mine for value in X[i, j].ravel()]
            mean = math.fsum(values) / len(values)
            root = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / len(values) + eps)
            for j in mine:
                out[i, j] = gamma[j] * (X[i, j] - mean) / root + beta[j]
    return out


def _case(seed, groups, *shape):
    rng = np.random.default_rng(seed)
    front = (*shape[:2], *[1] * (len(shape) - 2))
    X = rng.normal(size=shape) * rng.uniform(0.5, 3.0, size=front) + rng.normal(size=front)
    return X, groups, rng.uniform(0.5, 2.0, size=shape[1]), rng.normal(size=shape[1])


with check("normalizes the two groups that you worked out by hand"):
    check.close(check.call(groupnorm_forward, np.array([[1.0, 3.0, 10.0, 30.0]]), 2, np.ones(4), np.zeros(4), 0.0),
                [[-1.0, 1.0, -1.0, 1.0]])
with check("each channel has its own gamma and beta"):
    check.close(check.call(groupnorm_forward, np.array([[1.0, 3.0, 10.0, 30.0]]), 2, np.array([1.0, 2.0, 3.0, 4.0]),
                           np.array([10.0, 20.0, 30.0, 40.0]), 0.0), [[9.0, 22.0, 27.0, 44.0]])
with check("keeps examples and groups apart, and takes the pixels together"):
    for case in (_case(1250, 2, 3, 6, 5), _case(1251, 2, 4, 4, 4, 4), _case(1252, 3, 2, 6, 2, 3)):
        check.close(check.call(groupnorm_forward, *case), _by_groups(*case))
with check("takes one group for all channels, and one for each"):
    for case in (_case(1253, 1, 2, 4, 3), _case(1254, 4, 2, 4, 3)):
        check.close(check.call(groupnorm_forward, *case), _by_groups(*case))
with check("raises a ValueError if the groups don't divide the channels"):
    check.raises(ValueError, groupnorm_forward, np.ones((2, 6, 2)), 4, np.ones(6), np.zeros(6))
    check.raises(ValueError, groupnorm_forward, np.ones((2, 4)), 8, np.ones(4), np.zeros(4))
with check("ε goes under the root, and is 1e-5 unless told otherwise"):
    X, groups, gamma, beta = _case(1255, 2, 3, 4, 3)
    check.close(check.call(groupnorm_forward, X, groups, gamma, beta, 0.5), _by_groups(X, groups, gamma, beta, 0.5))
    check.close(check.call(groupnorm_forward, 0.01 * X, groups, gamma, beta), _by_groups(0.01 * X, groups, gamma, beta))
with check("takes lists of whole numbers, and returns floats"):
    got = check.call(groupnorm_forward, [[1, 3, 10, 30], [5, 3, 0, 4]], 2, [1, 1, 2, 2], [0, 0, 1, 1], 0)
    check.floats(got, (2, 4))
    check.close(got, [[-1.0, 1.0, -1.0, 3.0], [1.0, -1.0, -1.0, 3.0]])
### BEGIN HIDDEN TESTS
with check("is right for any shape and any number of groups"):
    for seed, (groups, *shape) in enumerate(((2, 3, 6), (3, 4, 6, 5), (1, 4, 4, 4), (2, 4, 4, 4), (4, 4, 4, 4), (2, 1, 4, 3, 2),
                                             (3, 2, 3, 2, 2), (1, 3, 1, 4), (2, 2, 4, 2, 3, 2), (5, 2, 10))):
        case = _case(1260 + seed, groups, *shape)
        check.close(check.call(groupnorm_forward, *case), _by_groups(*case))
with check("is right for large ε, and for groups that hardly vary"):
    X, groups, gamma, beta = _case(1280, 2, 3, 4, 5)
    for scale, eps in ((0.1, 4.0), (1e-3, 1e-5), (1.0, 1e-3), (0.0, 1e-5)):
        check.close(check.call(groupnorm_forward, scale * X, groups, gamma, beta, eps),
                    _by_groups(scale * X, groups, gamma, beta, eps))
with check("raises a ValueError whatever the shape"):
    for shape, groups in (((2, 5), 2), ((1, 3, 4), 2), ((4, 4, 4, 4), 3), ((2, 6, 3, 2), 12)):
        check.raises(ValueError, groupnorm_forward, np.ones(shape), groups, np.ones(shape[1]), np.zeros(shape[1]))
with check("reads any memory order, and leaves its input as it was"):
    X, groups, gamma, beta = _case(1281, 2, 6, 8, 4)
    case = np.asfortranarray(X)[::2, ::-2], groups, gamma[::2], beta[::-2]
    check.close(check.call(groupnorm_forward, *case), _by_groups(*case))
    check.unchanged(groupnorm_forward, case[0].copy(), groups, case[2].copy(), case[3].copy())
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Reshape `X` so that all numbers that share a mean are in one row.
# What does the shape (n, groups, …) have to be, and why does `reshape` then put neighbors together?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `X.reshape(n, groups, -1)` works out the last size itself.
# After normalizing over the last axis, `.reshape(X.shape)` goes back.
# Line up gamma with axis 1 by `gamma.reshape(c, 1, 1)`, with as many ones as there are axes after the channels.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# If `c % groups` is not 0, raise a ValueError.
# Reshape to (n, groups, −1), subtract the mean over the last axis, divide by the root of the variance plus eps, and reshape back.
# Then multiply by gamma and add beta, both reshaped to `(c,) + (1,) * (X.ndim - 2)`.
# </details>

# %% [markdown]
# ### Play: who shares a mean?
#
# The block has four examples, six channels, and four pixels.
# For images, layer norm takes everything in an example together, batch norm a channel's pixels in all examples, and **instance norm** one channel of one example.
# Choose a normalization and a cell.
# The explorer frames the cells that *should* share a mean with it; then it nudges your cell and paints the outputs of *your* function that move.
# (Batch norm is computed by your `groupnorm_forward` as well, with the axes in another order.)
#
# *The question to answer:* whose outputs does one number change?
#
# 1. How many outputs move with batch norm, layer norm, and instance norm? Which of them reach into other examples?
# 2. With how many groups is group norm the same as layer norm, and with how many the same as instance norm?
# 3. Which one notices if 2 is added to *all* cells?

# %%
who_shares = WhoShares(layernorm_forward, rmsnorm_forward, groupnorm_forward)
who_shares

# %% [markdown]
# <details><summary>The answers</summary>
#
# **1.** Batch norm moves 16, the channel's four pixels in all four examples; layer norm moves 24, everything in the example; instance norm moves 4, one channel of one example. Only batch norm reaches into other examples.
#
# **2.** One group makes it layer norm (over channels and pixels), six groups make it instance norm.
#
# **3.** Only RMS norm: the others subtract a mean, and the 2 with it. None of them notices if all cells are multiplied by 3 (here, ε is 0).
# </details>

# %% [markdown]
# ## How small can a batch be?
#
# In lesson 7, batch norm's output for one digit depended on its neighbors, the more so the smaller the batch.
# Layer norm and group norm don't look at neighbors.
# Group norm's backward pass needs nothing new: it is layer norm's, after a reshape.
# (The learning rate here grows with the root of the batch size, and each run is three epochs of 600 digits.)
#
# **Predict:** how will the three do on new digits with batches of 32, of 4, of 2, and of 1?

# %%
def group_norm(Z, gamma, beta, state, training):
    return groupnorm_forward(Z, 4, gamma, beta), state


def group_back(dU, Z, gamma):
    """Four groups: layer norm's backward pass in each of them."""
    grouped = (len(Z), 4, -1)
    dZ, _, _ = layernorm_backward((dU * gamma).reshape(grouped), Z.reshape(grouped), np.ones(Z.shape[1] // 4))
    normal = groupnorm_forward(Z, 4, np.ones(Z.shape[1]), np.zeros(Z.shape[1]))
    return dZ.reshape(Z.shape), (dU * normal).sum(axis=0), dU.sum(axis=0)


with plots.figure("Share of new digits that are right against the batch size. Layer norm and group norm stay above "
                  "0.92 for all sizes. Batch norm is as good from 4 up, much worse at 2, and at chance with "
                  "batches of one.", size=(6.8, 4.4)) as ax:
    sizes = [1, 2, 4, 8, 32]
    pairs = {"batch norm": (batchnorm_forward, batchnorm_backward),
             "layer norm": (layer_norm, layernorm_backward),
             "group norm": (group_norm, group_back)}
    right = {name: [train(*pair, size, 0.05 * np.sqrt(size), seed=0, epochs=3, examples=600)["right"] for size in sizes]
             for name, pair in pairs.items()}
    plots.curves(sizes, right, log="x", xlabel="batch size", ylabel="share of new digits right", ax=ax,
                 title="Batch norm needs a batch")
    for name, shares in right.items():
        print(f"{name}: " + ", ".join(f"{share:.1%} with {size}" for size, share in zip(sizes, shares)))

# %% [markdown]
# With 4 digits or more, the three are about equal, all between 93% and 96%. (These are single runs, so a point or two means nothing.)
# With 2, batch norm falls to little more than 70%, and with 1 to 9.2%, no better than guessing.
# Layer norm and group norm stay above 92% throughout.
#
# With a batch of one, $\hat x$ is 0 and nothing of the digit is left.
# With two, each unit's $\hat x$ is $-1$ and $1$, however far apart its two scores are, so hardly any gradient gets through to the weights before it.
# Networks that find objects in large photos often have room for only one or two of them at a time; that is what group norm was made for.
#
# ## After training: batch norm for free
#
# In use, batch norm takes its mean and variance from the running averages.
# *Now* they are constants: for each unit, it multiplies by one number and adds another.
# The linear layer in front of it does the same kind of thing, so the two can be **folded** into one:
#
# $$ \gamma\, \frac{(W x + b) - \mu}{\sqrt{v + \varepsilon}} + \beta = W_2\, x + b_2, $$
#
# where $v$ is the running variance.
# Networks on phones usually run folded like this.
#
# **By hand, once.** One unit: $W = 2$, $b = 1$, $\mu = 3$, $v = 4$, $\gamma = 6$, $\beta = 0.5$, and $\varepsilon = 0$.
# Batch norm multiplies by $6/2 = 3$, so $W_2 = 6$.
# The bias goes through batch norm, too: $b_2 = 3 \cdot (1 - 3) + 0.5 = -5.5$.
# Try $x = 1$: the layer gives 3, and batch norm makes 0.5 of it; folded, $6 - 5.5 = 0.5$.
#
# ## Exercise 7: fold

# %% exercise: fold_batchnorm
def fold_batchnorm(W, b, gamma, beta, mean, var, eps=1e-5):
    """The one linear layer that equals a linear layer followed by batch norm at evaluation.

    W: (out, in).  b, gamma, beta, mean, var: (out,); mean and var are the running averages.
    eps: goes under the root, next to var.
    Returns (W2, b2), float64 of shapes (out, in) and (out,), so that X @ W2.T + b2 is the output of
    batch norm for X @ W.T + b.
    """
    ### BEGIN SOLUTION
    W, b, gamma, beta, mean, var = (np.asarray(part, dtype=float) for part in (W, b, gamma, beta, mean, var))
    scale = gamma / np.sqrt(var + eps)
    return scale[:, None] * W, scale * (b - mean) + beta
    ### END SOLUTION

# %% tests: fold_batchnorm, 3 points
import math

import numpy as np

NAMES = ("W2", "b2")


def _by_units(W, b, gamma, beta, mean, var, eps=1e-5):
    W2, b2 = [], []
    for unit in range(len(b)):
        factor = gamma[unit] / math.sqrt(var[unit] + eps)
        W2.append([factor * float(weight) for weight in W[unit]])
        b2.append(factor * (b[unit] - mean[unit]) + beta[unit])
    return np.array(W2).reshape(np.shape(W)), np.array(b2)


def _case(seed, out, size):
    rng = np.random.default_rng(seed)
    return (rng.normal(size=(out, size)), rng.normal(size=out), rng.uniform(0.5, 2.0, size=out), rng.normal(size=out),
            rng.normal(size=out), rng.uniform(0.3, 4.0, size=out))


with check("W2 and b2 are those that you worked out by hand"):
    got = check.call(fold_batchnorm, np.array([[2.0]]), np.array([1.0]), np.array([6.0]), np.array([0.5]),
                     np.array([3.0]), np.array([4.0]), 0.0)
    check.close(got, (np.array([[6.0]]), np.array([-5.5])), names=NAMES)
with check("the folded layer gives what linear layer and batch norm give, also if W is square"):
    for seed, out, size in ((1290, 4, 3), (1291, 4, 4)):
        W, b, gamma, beta, mean, var = _case(seed, out, size)
        W2, b2 = check.parts(check.call(fold_batchnorm, W, b, gamma, beta, mean, var), *NAMES)
        check.close(W2, _by_units(W, b, gamma, beta, mean, var)[0])
        check.close(b2, _by_units(W, b, gamma, beta, mean, var)[1])
with check("ε goes under the root, and is 1e-5 unless told otherwise"):
    W, b, gamma, beta, mean, var = _case(1292, 3, 2)
    check.close(check.call(fold_batchnorm, W, b, gamma, beta, mean, var, 0.5),
                _by_units(W, b, gamma, beta, mean, var, 0.5), names=NAMES)
    check.close(check.call(fold_batchnorm, W, b, gamma, beta, mean, 1e-4 * var),
                _by_units(W, b, gamma, beta, mean, 1e-4 * var), names=NAMES)
with check("takes lists of whole numbers, and returns floats"):
    got = check.parts(check.call(fold_batchnorm, [[2, 1], [0, 3]], [1, 2], [6, 1], [1, 0], [3, 0], [4, 1], 0), *NAMES)
    check.floats(got[0], (2, 2))
    check.floats(got[1], (2,))
    check.close(got, (np.array([[6.0, 3.0], [0.0, 3.0]]), np.array([-5.0, 2.0])), names=NAMES)
### BEGIN HIDDEN TESTS
with check("is right, whatever the sizes"):
    for seed, (out, size) in enumerate(((5, 3), (4, 4), (1, 6), (6, 1), (2, 8))):
        case = _case(1300 + seed, out, size)
        check.close(check.call(fold_batchnorm, *case), _by_units(*case), names=NAMES)
with check("is right for negative scales, large ε, and a variance of zero"):
    W, b, gamma, beta, mean, var = _case(1310, 4, 3)
    for factor, eps in ((1.0, 4.0), (1e-6, 1e-5), (0.0, 1e-3)):
        check.close(check.call(fold_batchnorm, W, b, -gamma, beta, mean, factor * var, eps),
                    _by_units(W, b, -gamma, beta, mean, factor * var, eps), names=NAMES)
with check("returns new arrays, even where nothing changes"):
    W, ones, zeros = np.eye(2), np.ones(2), np.zeros(2)
    case = W, zeros, ones, zeros, zeros, ones, 0.0
    check.new(check.call(fold_batchnorm, *case), *case[:6])
with check("reads any memory order, and leaves its input as it was"):
    W, *rest = _case(1311, 8, 6)
    case = np.asfortranarray(W)[::2, ::-2], *(part[::2] for part in rest)
    check.close(check.call(fold_batchnorm, *case), _by_units(*case), names=NAMES)
    check.unchanged(fold_batchnorm, *(part.copy() for part in case))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Take one unit: by which number does batch norm multiply its score?
# That number multiplies everything in $Wx + b - \mu$.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `scale` has one number for each unit, and a unit's weights are a *row* of `W`.
# `scale[:, None]` is a column: it lines up with the rows.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# `scale` is gamma divided by the root of var plus eps.
# `W2` is `W` with each row multiplied by its unit's scale.
# `b2` is the scale times the difference of b and mean, plus beta.
# </details>

# %% [markdown]
# Does it work on a trained network?
#
# **Predict:** by how much will the scores of the 597 new digits change?

# %%
with unfinished():
    run = train(batchnorm_forward, batchnorm_backward, 16, 0.3, seed=0)
    (W, V), b, state = run["W"], run["b"], run["states"][0]
    X = pixels[run["test"]]
    U, _ = batchnorm_forward(X @ W.T, run["gamma"][0], run["beta"][0], state, False)
    W2, b2 = fold_batchnorm(W, np.zeros(32), run["gamma"][0], run["beta"][0], state["mean"], state["var"])
    before, after = relu(U) @ V.T + b, relu(X @ W2.T + b2) @ V.T + b
    print(f"largest change of a score: {np.abs(after - before).max():.0e}")
    print(f"digits with another answer: {np.sum(before.argmax(axis=1) != after.argmax(axis=1))} of {len(X)}")

# %% [markdown]
# By about $10^{-14}$ at most, which is rounding, and no digit gets another answer.
# Gamma, beta, and both running averages are gone, and so is the time to apply them.

# %% [markdown]
# ## Check your understanding
#
# Each of the five questions has exactly one right answer.
# Return its letter.

# %% [markdown]
# **Question 1.** Someone writes batch norm with a framework's autograd and calls `detach()` on the mean and the variance, so they count as constants. What happens in training?
#
# - **a**  The loss becomes nan within a few steps.
# - **b**  Gamma and beta no longer learn.
# - **c**  Nothing changes, because mean and variance are not parameters.
# - **d**  It trains, more or less well, with a wrong gradient for everything upstream.

# %% exercise: quiz_detach
def quiz_detach():
    """The letter of your answer to question 1, for example return "a"."""
    ### BEGIN SOLUTION
    return "d"
    ### END SOLUTION

# %% tests: quiz_detach, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_detach())
### BEGIN HIDDEN TESTS
with check("what constant statistics do"):
    check.letter(quiz_detach(), right="d", why={
        "a": "You trained with exactly this bug. Nothing blew up, and that is what makes it hard to find.",
        "b": "Their gradients don't go through the mean and the variance at all, so they stay right.",
        "c": "They are no parameters, but they are computed from the scores, and the scores from the parameters. "
             "Two of the three paths to the loss are cut.",
        "d": "Two of the three paths are cut. With one hidden layer the digits hardly noticed, with six they did."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 2.** A gradient check of batch norm uses the sum of all outputs as its loss, and it passes. What do you know?
#
# - **a**  Little: the true dX is zero, and so is that of many wrong formulas.
# - **b**  That dX is right for every loss.
# - **c**  That dX is right, but dgamma need not be.
# - **d**  Nothing at all, since differences are never exact.

# %% exercise: quiz_check
def quiz_check():
    """The letter of your answer to question 2, for example return "a"."""
    ### BEGIN SOLUTION
    return "a"
    ### END SOLUTION

# %% tests: quiz_check, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_check())
### BEGIN HIDDEN TESTS
with check("what an upstream gradient of ones sees"):
    check.letter(quiz_check(), right="a", why={
        "a": "The outputs of a unit always add up to n times beta, whatever X is. So every formula that makes zeros of "
             "ones passes, with gamma or without, with the variance's term or without.",
        "b": "It is right for one loss, and that one doesn't depend on X at all.",
        "c": "Three of the five bugs in the table had a wrong dX and passed this check.",
        "d": "They are exact enough: the same check with random weights found all five bugs."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 3.** A linear layer with a bias $b$ is followed by batch norm, in training mode. What is the gradient of $b$?
#
# - **a**  The sum of the upstream gradient, as always.
# - **b**  That of $\beta$, times $\gamma / \sigma$.
# - **c**  Zero: batch norm subtracts $b$ again together with the mean.
# - **d**  Zero, but only if $\gamma = 1$.

# %% exercise: quiz_bias
def quiz_bias():
    """The letter of your answer to question 3, for example return "a"."""
    ### BEGIN SOLUTION
    return "c"
    ### END SOLUTION

# %% tests: quiz_bias, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_bias())
### BEGIN HIDDEN TESTS
with check("what becomes of a bias in front of batch norm"):
    check.letter(quiz_bias(), right="c", why={
        "a": "It is the sum of what arrives at the linear layer, dX, over the batch. And dX adds up to 0 in each column.",
        "b": "That is what the bug would say. A bias shifts all scores of a unit together, and the mean takes it away.",
        "c": "Each column of dX adds up to 0, which says the same. So layers in front of batch norm are built without "
             "a bias; beta does its work.",
        "d": "Gamma scales what is left after the mean has been subtracted. A multiple of nothing is nothing."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 4.** Why do Transformers use layer norm or RMS norm rather than batch norm?
#
# - **a**  Because they are more accurate whatever the data.
# - **b**  Because each position is normalized by itself, whatever the length and the rest of the batch.
# - **c**  Because batch norm has no backward pass for three axes.
# - **d**  Because batch norm has more parameters.

# %% exercise: quiz_sequences
def quiz_sequences():
    """The letter of your answer to question 4, for example return "a"."""
    ### BEGIN SOLUTION
    return "b"
    ### END SOLUTION

# %% tests: quiz_sequences, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_sequences())
### BEGIN HIDDEN TESTS
with check("why sequences are normalized by example"):
    check.letter(quiz_sequences(), right="b", why={
        "a": "No. On images with large batches, batch norm is often as good or better, and with 64 digits in a batch you "
             "saw no difference.",
        "b": "Sequences differ in length, batches are small or hold one sequence while text is generated, and no answer "
             "should depend on the other sequences. Layer norm needs no averages for later either.",
        "c": "It has one: take examples and positions together as one long batch.",
        "d": "Both have a gamma and a beta for each unit. Batch norm's running averages are no parameters."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 5.** In which of these is it right to treat the mean and the variance as constants?
#
# - **a**  In the backward pass, if the batch has more than 256 examples.
# - **b**  In the backward pass of layer norm, since each example has its own.
# - **c**  In the backward pass of RMS norm, which has no mean.
# - **d**  When batch norm is folded into a linear layer after training.

# %% exercise: quiz_constants
def quiz_constants():
    """The letter of your answer to question 5, for example return "a"."""
    ### BEGIN SOLUTION
    return "d"
    ### END SOLUTION

# %% tests: quiz_constants, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_constants())
### BEGIN HIDDEN TESTS
with check("when statistics are constants"):
    check.letter(quiz_constants(), right="d", why={
        "a": "The two gradients at the scores point almost the same way then, but the one of the weights was still far "
             "off with 256 digits.",
        "b": "Its own mean and variance still depend on it: each unit moves them, and they act on all units of the row.",
        "c": "There is no mean, but the root mean square moves with every entry. One of the two paths would be cut.",
        "d": "Then they are running averages, numbers that no longer depend on the input."})
### END HIDDEN TESTS

# %% [markdown]
# ## Questions people ask you
#
# Answer each one out loud before you open it.
#
# <details><summary>Your loss falls and accuracy is good. How do you know that your gradients are right?</summary>
#
# You don't.
# A gradient that points roughly the right way lowers the loss, too.
# Compare each backward pass with central differences: small sizes, all different, float64, a random upstream gradient, and parameters that are not 0 or 1.
# Then compare a whole network once, where every path is used.
#
# **A good answer says:** you don't: a wrong gradient can lower the loss, too; compare with central differences; small different sizes, float64, a random upstream gradient; check the whole network once.
# </details>
# <details><summary>Why does the sum of a layer's outputs make a bad loss for a gradient check?</summary>
#
# An upstream gradient of ones treats all outputs alike, and mistakes cancel.
# With batch norm, layer norm, or softmax the sum doesn't even depend on the input, so the true gradient is zero.
# Random weights treat every output differently.
#
# **A good answer says:** ones treat all outputs alike, so mistakes cancel; with normalization or softmax the true gradient of the sum is zero; use random weights.
# </details>
# <details><summary>What is the difference between batch, layer, instance, and group normalization?</summary>
#
# Who shares a mean and a variance.
# Batch norm: one channel, over all examples and pixels.
# Layer norm: one example, over everything in it (in Transformers: one position, over its units).
# Instance norm: one channel of one example.
# Group norm: a few channels of one example, between the last two.
# PyTorch has them as `BatchNorm1d`, `LayerNorm`, `InstanceNorm1d`, `GroupNorm`, and `RMSNorm`.
#
# **A good answer says:** the difference is who shares a mean and a variance; batch norm: a channel over all examples; layer norm: one example; instance and group norm: one or a few channels of one example.
# </details>
# <details><summary>When does batch norm fail?</summary>
#
# When batches are small: the mean and the variance are noisy, and with a batch of one, nothing of the input is left.
# When the batch isn't a random sample, as with frames of one video: the running averages fit other batches than these.
# And when somebody forgets to switch to evaluation mode.
#
# **A good answer says:** small batches: noisy statistics; batches that are no random sample, so the running averages don't fit; evaluation mode forgotten.
# </details>
# <details><summary>What do you gain from RMS norm?</summary>
#
# One mean less to compute, and no β.
# The paper reports similar quality at 7 to 64 percent less running time, depending on the model.
# Today's language models use it mostly because it is simpler and no worse.
#
# **A good answer says:** no mean to compute, no β; similar quality in less time.
# </details>
# <details><summary>Does a layer in front of batch norm need a bias?</summary>
#
# No.
# The mean takes it away, its gradient is zero, and β does its job.
# Frameworks let you build the layer with `bias=False`.
# In front of RMS norm, a bias does make a difference.
#
# **A good answer says:** no: the mean takes it away; β does its job; in front of RMS norm it does make a difference.
# </details>

# %% [markdown]
# ## In an interview
#
# *Derive the backward pass of batch normalization. Why does layer normalization suit sequences better?*
#
# Answer in the cell below, in eight to twelve sentences or a few formulas.
# For the derivation, name every path by which one input acts on the loss, and say why the result adds up to 0 over the batch.
# A teacher reads this answer; it is worth 4 points.
#
# <!-- A good answer says: every way in which one input acts on the loss; the result, as a formula; why it adds up to 0 over the batch; why layer norm suits sequences -->

# %% answer: interview_normalization, 4 points [markdown]
# Take one unit with scores $x_1 \dots x_n$, $\hat x = (x - \mu)/\sigma$ and $y = \gamma \hat x + \beta$, and let $g = \gamma\, dy$ be the gradient at $\hat x$.
# An input $x_i$ acts on the loss along three paths. Directly, with slope $1/\sigma$: that gives $g_i/\sigma$. Through the mean, which it moves by $1/n$ and which lowers every $\hat x_k$ by $1/\sigma$ of that: together $-\operatorname{mean}(g)/\sigma$. And through the standard deviation, which it moves by $\hat x_i/n$ and which shrinks every $\hat x_k$ in proportion to itself: together $-\hat x_i \operatorname{mean}(g\hat x)/\sigma$.
# So $dx_i = (g_i - \operatorname{mean}(g) - \hat x_i \operatorname{mean}(g \hat x))/\sigma$; the parameters get $d\gamma = \sum dy\,\hat x$ and $d\beta = \sum dy$.
# Over the batch $dx$ adds up to 0, because adding a constant to all scores changes no output; likewise it has no part along $\hat x$, because stretching changes none either (up to ε).
# I would check it with central differences, a random upstream gradient, and a random γ, because the sum of the outputs doesn't depend on the input.
# Layer norm takes its mean and variance over the units of one position of one example. So nothing depends on the other sequences of the batch or on their lengths, a batch of one works, training and use are the same, and no running averages are needed, which would differ from position to position. While text is generated, there is only one position at a time, and batch norm would have nothing to average over.
#
# ### BEGIN MARK SCHEME
# One point for each, half points where it is incomplete:
#
# 1. **Three paths:** directly, through the mean, through the variance (or the standard deviation), each with the reason why it acts on all outputs of the batch.
# 2. **Result:** the formula for dX, or an equivalent one, and that of dgamma or dbeta as a sum over the batch. One wrong factor is half.
# 3. **Meaning or check:** dX adds up to 0 over the batch (or has no part along x̂) because shifting (stretching) the scores changes nothing; or a gradient check with a random upstream gradient, and why ones would not do.
# 4. **Sequences:** layer norm's statistics are those of one example or position: independent of the batch, of its size and of the lengths, the same in training and in use, no running averages. Two of these are enough.
#
# These cost the point in parentheses: mean and variance treated as constants (1); a formula without one of the three terms (2); "layer norm averages over the sequence" or "over the batch" (4); "layer norm is always more accurate" (4).
# ### END MARK SCHEME

# %% [markdown]
# ## What to remember
#
# > - Batch norm's mean and variance depend on the batch: each input acts directly, through the mean, and through the spread. $dx = (g - \operatorname{mean}(g) - \hat x \operatorname{mean}(g \hat x)) / \sigma$ with $g = \gamma\, dy$.
# > - A wrong gradient can train almost as well. A falling loss is no proof; a gradient check is, with random upstream gradients and γ away from 1.
# > - Layer norm, RMS norm, and group norm differ from batch norm in who shares a mean. They don't look at other examples, so they work with a batch of one.
# > - In layer norm, γ differs within the group: multiply by it before you take the means.
# > - After training, batch norm is constant and folds into the linear layer in front of it.
#
# **Back:** [lesson 10, autograd](../10_autograd/10_autograd.ipynb). **Next:** [lesson 12, residual networks](../12_residual/12_residual.ipynb): what happens when you take a layer out of a trained network.
#
# <details><summary>Sources</summary>
#
# S. Ioffe and C. Szegedy, "Batch normalization: accelerating deep network training by reducing internal covariate shift" (2015). J. Ba, J. Kiros, and G. Hinton, "Layer normalization" (2016). D. Ulyanov, A. Vedaldi, and V. Lempitsky, "Instance normalization" (2016). Y. Wu and K. He, "Group normalization" (2018). B. Zhang and R. Sennrich, "Root mean square layer normalization" (2019). The digits are E. Alpaydin and C. Kaynak's (1998), from scikit-learn.
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

HandIn("11_normalization")
