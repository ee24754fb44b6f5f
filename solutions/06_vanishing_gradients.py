# %% [markdown]
# # 6 · Vanishing gradients
#
# Take the network that read handwritten digits so well, and give it ten hidden layers instead of one.
# It can compute more than before, its gradients pass every check from lesson 4, and the learning rate is the same.
# And it learns nothing: after 150 epochs, it is still guessing.
#
# For many years, this was one of the main reasons why nobody trained deep networks.
# Sepp Hochreiter was the first to work out why, in his diploma thesis of 1991: on its way back, the gradient is multiplied by a factor in each layer, and a product of many factors seldom stays near 1.
# How do today's networks, with a hundred layers or more, get it through?
#
# In this lesson you measure where the gradient gets lost, and build what keeps it alive.
#
# **You will build**, from nothing but NumPy:
# `sigmoid_bound` → `delta_norms` → `init_weights` → `activation_stats` → `units_identical` → `residual_backward` → `clip_by_global_norm`
#
# **Time:** about 120 minutes. **You need:** the backward pass of lesson 4, the activations of lesson 5, and variances: of a sum of independent numbers, and of a number times a constant.
# Plan two sittings, and stop for the day after the explorer.
# Sections marked *optional* can be skipped.
#
# **How to work.** Predict, run, explain.
# If an exercise won't budge, skip it and come back.

# %% given: imports
from itertools import pairwise

import numpy as np

from utils import data, plots
from utils.checks import unfinished
from utils.widgets import GradientFlow

# %% [markdown]
# Here are the pieces you built in lessons 3 to 5.

# %% earlier: pieces
# from 03_forward_pass: mlp_forward, softmax, cross_entropy
# from 04_backprop: cross_entropy_grad
# from 05_activations: sigmoid, sigmoid_grad, tanh_grad, relu, relu_grad

# %%
# To use your own pieces instead, remove the # in front of the next lines.
# from utils import earlier
# mlp_forward, cross_entropy = earlier.mine("03_forward_pass", "mlp_forward", "cross_entropy")
# cross_entropy_grad = earlier.mine("04_backprop", "cross_entropy_grad")

# %% [markdown]
# And here is the training loop of lesson 4, for any activation.
# Its three switches, `skip`, `norm`, and `clip`, stay off for now.

# %% given: training
ACTIVATIONS = {  # the function, and its derivative
    "sigmoid": (sigmoid, sigmoid_grad), "tanh": (np.tanh, tanh_grad), "ReLU": (relu, relu_grad),
    "none": (lambda z: z + 0.0, np.ones_like)}


def gradients(X, y, weights, biases, kind, skip=None, norm=False):
    """The loss, the gradients of weights and biases, and the size of each layer's gradient."""
    (act, act_grad), last, kept, A = ACTIVATIONS[kind], len(weights) - 1, [], X
    for k, (W, b) in enumerate(zip(weights, biases)):
        Z, spread = A @ W.T, 0.0
        if norm and k < last:  # batch normalization
            spread = np.sqrt(Z.var(axis=0) + 1e-5)
            Z = (Z - Z.mean(axis=0)) / spread
        kept.append((A, Z, Z + b, spread))
        linear = k == last or (skip and k == 0)  # with skips, the first layer is linear too
        A = Z + b if linear else act(Z + b) + (A if skip else 0.0)
    dWs, dbs, sizes = [0.0 * W for W in weights], [0.0 * b for b in biases], []

    def back(dA, k):
        """The gradient at layer k's input, given the gradient at its output."""
        A, Z, shifted, spread = kept[k]
        dZ = dA if k == last or (skip and k == 0) else dA * act_grad(shifted)
        dbs[k] = dZ.sum(axis=0)
        if norm and k < last:
            dZ = (dZ - dZ.mean(axis=0) - Z * (dZ * Z).mean(axis=0)) / spread
        dWs[k] = dZ.T @ A
        return dZ @ weights[k]

    dA = back(cross_entropy_grad(A, y), last)
    for k in reversed(range(last)):
        sizes.insert(0, np.linalg.norm(dA))
        dA = skip(dA, lambda dY: back(dY, k)) if skip and k else back(dA, k)
    return cross_entropy(A, y), dWs, dbs, sizes


def train(X, y, weights, kind, lr, epochs, skip=None, norm=False, clip=None):
    """Gradient descent from these weights and zero biases; returns (weights, biases, losses)."""
    weights, biases, losses = list(weights), [np.zeros(len(W)) for W in weights], []
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(epochs):
            loss, dWs, dbs, _ = gradients(X, y, weights, biases, kind, skip, norm)
            losses.append(loss)
            steps = [*dWs, *dbs] if clip is None else clip([*dWs, *dbs])
            moved = [p - lr * step for p, step in zip([*weights, *biases], steps)]
            weights, biases = moved[:len(weights)], moved[len(weights):]
    return weights, biases, losses


# %% [markdown]
# ## A network that does not learn
#
# The data are the first 300 digits, and the networks have 1, 3, or 10 hidden layers of 32 sigmoid units.
# The weights of a unit with $n$ inputs are random, with a spread (a standard deviation) of $1/\sqrt{n}$.
# A network that knows nothing has a loss of $\log 10 \approx 2.303$.
#
# **Predict:** which of the three will have the lowest loss after 150 epochs?

# %%
from threadpoolctl import threadpool_limits

threadpool_limits(1)  # with small matrices, one thread is faster than two that wait for each other

digits = data.digits()
images, labels = digits.X[:300] / 16, digits.y[:300]


def stack(depth, scale, rng, width=32):
    """Weights for `depth` hidden layers; those of a unit with n inputs have a spread of scale/√n."""
    sizes = [64, *[width] * depth, 10]
    return [scale / np.sqrt(n) * rng.normal(size=(out, n)) for n, out in pairwise(sizes)]


with plots.figure("Loss against epochs for sigmoid networks with 1, 3, and 10 hidden layers. The first falls "
                  "well below 1, the second barely moves, and the third stays at log 10, the loss "
                  "of guessing.", size=(6.8, 4.0)) as ax:
    losses = {f"{depth} hidden": train(images, labels, stack(depth, 1.0, np.random.default_rng(0)),
                                       "sigmoid", 0.5, 150)[2] for depth in (1, 3, 10)}
    plots.curves(np.arange(150), losses, xlabel="epoch", ylabel="loss", ax=ax,
                 title=f"Ten sigmoid layers end at {losses['10 hidden'][-1]:.3f}, no better than guessing")

# %% [markdown]
# The one with a single hidden layer, at 0.41.
# With three hidden layers the loss ends at 2.295, and with ten at 2.302: the deeper, the worse.
# This is not overfitting, because these are the *training* losses, and not a bug, because the same code trains the network with one hidden layer.

# %% [markdown]
# ## A product of many factors
#
# Take the simplest deep network there is, with one unit in each layer: $a_l = \sigma(z_l)$ and $z_{l+1} = w_{l+1} a_l + b_{l+1}$.
# Let $\delta_l$ be the gradient of the loss with respect to $z_l$ (one entry of lesson 4's `dZ`).
# It travels back like this:
#
# $$ \delta_l = \delta_{l+1} \; w_{l+1} \; \sigma'(z_l). $$
#
# Each layer on the way multiplies it by *two* things, a weight and a derivative.
# **By hand, once:** take three layers with $z = (-1, 1, 0)$, the weights $w_2 = -1$ and $w_3 = 2$, and $\delta_3 = 1$.

# %%
slope = sigmoid_grad(np.array([-1.0, 1.0, 0.0]))
delta_3 = 1.0
delta_2 = delta_3 * 2 * slope[1]
delta_1 = delta_2 * -1 * slope[0]
print(f"derivatives {slope.round(3)}, delta 2 is {delta_2:.3f}, delta 1 is {delta_1:.3f}")

# %% [markdown]
# Two layers further back, less than a tenth of the gradient is left: the two derivatives, about a fifth each, leave only a twenty-fifth, and the weights, −1 and 2, double that.
#
# ## Exercise 1: the most the derivatives let through
#
# How large can a product of $L$ derivatives of the sigmoid be, at the very best?
# You know from lesson 5 where one is largest, and how large it is there.

# %% exercise: sigmoid_bound
def sigmoid_bound(L):
    """The largest value that a product of L derivatives of the sigmoid can have.

    L: an int, 0 or more. The product of no factors is 1.
    Returns a float. For large L, the value is too small for a float and becomes 0.0, without an
    error.
    """
    ### BEGIN SOLUTION
    return 0.25 ** float(L)
    ### END SOLUTION

# %% tests: sigmoid_bound, 2 points
import numpy as np

with check("is a quarter for one layer and a sixteenth for two"):
    check.close(check.call(sigmoid_bound, 1), 0.25)
    check.close(check.call(sigmoid_bound, 2), 0.0625)
with check("is the float 1.0 for no layer, and 0.0 for 2000 layers, without an error"):
    for L, expected in ((0, 1.0), (2000, 0.0)):
        got = check.call(sigmoid_bound, L)
        check.floats(got, ())
        check.close(got, expected)
### BEGIN HIDDEN TESTS
with check("is right to all digits for deep networks, where it is tiny"):
    expected = 1.0
    for L in range(1, 301):
        expected /= 4
        if L in (3, 5, 10, 20, 57, 150, 300):
            check.close(check.call(sigmoid_bound, L), expected, atol=0.0)
with check("is a float, also for 0 and for NumPy's integers"):
    for _, got in check.each(sigmoid_bound, [(L,) for L in (0, 1, 7, np.int64(3))]):
        check.floats(got, ())
with check("becomes 0 without an error when no float is small enough"):
    for _, got in check.each(sigmoid_bound, [(L,) for L in (600, 2000, 100_000)]):
        check.close(got, 0.0, atol=0.0)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# One derivative is at most 1/4.
# How large can the product of two of them be? And of three?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# In Python, `**` raises a number to a power.
# Try it with 0 layers too: the product of no factors is 1.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Raise the largest possible derivative, written as a float, to the power `L`.
# Don't divide by a power of `4.0`: that overflows when `L` is large, whereas a power of a number below 1 quietly becomes 0.
# </details>

# %%
with unfinished():
    for L in (1, 3, 10, 20, 50):
        print(f"after {L:2d} sigmoids, at most {sigmoid_bound(L):.1e} of the gradient is left")

# %% [markdown]
# So that is the popular explanation: *the derivative of the sigmoid is at most 0.25, so gradients vanish.*
# But the formula has a second factor, the weight, and nobody has put a bound on that one.
#
# **Predict:** take a chain of 20 sigmoid units, each with weight 4 and bias −2, and feed it 0.5, so that all the activations are 0.5. How much of $\delta$ arrives at the first unit?

# %%
z = 4 * 0.5 - 2  # the same at every unit: input and output are both 0.5
# (For other weights, let the bias change as well, so that z stays 0.)
for w in (1.0, 3.0, 4.0, 5.0):
    print(f"weight {w:.0f}: each layer multiplies by {w * sigmoid_grad(z):.2f}, "
          f"19 of them by {(w * sigmoid_grad(z)) ** 19:.1e}")

# %% [markdown]
# All of it.
# With a weight of 4, and with each unit at its steepest point, each layer multiplies by exactly 1.
# With a weight of 5 the gradient even grows, to 69 times its size.
# The bound is **only half the story**: what counts is the weight *times* the derivative.
#
# > A product of many factors goes to zero or to infinity unless their **geometric mean** (the number that gives the same product when it replaces each factor) is close to 1.

# %% [markdown]
# ## From one unit to whole layers
#
# With many units in a layer and a batch of examples, $\delta_l$ is a matrix of shape `(n, units)`, and the recursion becomes
#
# $$ \delta_l = (\delta_{l+1} W_{l+1}) \odot \mathrm{act}'(Z_l). $$
#
# There is no transpose on $W_{l+1}$, because the forward pass had one: $A_l W_{l+1}^\top$.
# Look closely at the indices: the weights are those of the *next* layer, but the derivative is taken at the layer's *own* $Z$.
#
# The size of a matrix is its **Frobenius norm**, the square root of the sum of its squared entries, which is what `np.linalg.norm` returns.
#
# ## Exercise 2: follow the gradient back

# %% exercise: delta_norms
def delta_norms(weights, Zs, delta_out, act_grad):
    """The size of the gradient at each layer, on its way back from the last layer to the first.

    weights: L matrices (any array-likes), first layer first; weights[l] has shape (out, in).
    Zs: L matrices; Zs[l] (n, out) holds the scores of layer l, before its activation.
    delta_out: (n, out) the gradient of the loss with respect to Zs[-1]; it is the last delta.
    act_grad: the derivative of the hidden layers' activation; takes an array, returns a new one.
    Returns float64 (L,): entry l is the Frobenius norm of delta_l (over batch and units together).
    """
    ### BEGIN SOLUTION
    delta = np.asarray(delta_out, dtype=float)
    norms = [np.linalg.norm(delta)]
    for W, Z in zip(weights[:0:-1], Zs[-2::-1]):
        delta = (delta @ np.asarray(W, dtype=float)) * act_grad(np.asarray(Z, dtype=float))
        norms.append(np.linalg.norm(delta))
    return np.array(norms[::-1])
    ### END SOLUTION

# %% tests: delta_norms, 5 points
from itertools import pairwise

import numpy as np

with check("goes back through two layers that you can do by hand"):
    # Two examples, delta_2 = (3, 4) and (4, -3); times W_2: (6, 8) and (8, -6); times the
    # derivatives, which are Z itself here: (3, 16) and (2, -6).
    weights = [np.ones((2, 2)), np.array([[2.0, 0.0], [0.0, 2.0]])]
    Zs = [np.array([[0.5, 2.0], [0.25, 1.0]]), np.array([[9.0, 9.0], [9.0, 9.0]])]
    got = check.call(delta_norms, weights, Zs, np.array([[3.0, 4.0], [4.0, -3.0]]), np.copy)
    check.close(got, [np.sqrt(3 ** 2 + 16 ** 2 + 2 ** 2 + 6 ** 2), np.sqrt(50)])
with check("takes lists of whole numbers"):
    got = check.call(delta_norms, [[[1, 1]], [[2], [1]]], [[[3]], [[0, 0]]], [[1, 2]],
                     lambda z: 2.0 * z)
    check.floats(got, (2,))
    check.close(got, [24.0, np.sqrt(5)])  # (1·2 + 2·1) times 2·3
with check("returns one number for each layer, the first layer's first"):
    rng = np.random.default_rng(21)
    weights = [rng.normal(size=(3, 5)), rng.normal(size=(6, 3)), rng.normal(size=(4, 6))]
    Zs = [rng.normal(size=(7, 3)), rng.normal(size=(7, 6)), rng.normal(size=(7, 4))]
    got = check.call(delta_norms, weights, Zs, 100 * np.ones((7, 4)), np.cos)
    check.floats(got, (3,))
    check.close((got[-1],), (100 * np.sqrt(28),), names=("the last entry, the norm of `delta_out`",))
### BEGIN HIDDEN TESTS
def _bent(z):
    """A derivative that is different at every place."""
    return 0.3 + np.cos(z) ** 2 + 0.1 * z


def _fall(z):
    return 1.0 / np.cosh(z) ** 2


@check.once
def _by_rows(weights, Zs, delta_out, act_grad):
    """The same one example and one layer at a time, with matrices of derivatives."""
    squares = np.zeros(len(weights))
    for i, row in enumerate(np.asarray(delta_out, dtype=float)):
        squares[-1] += sum(v * v for v in row)
        for k in range(len(weights) - 2, -1, -1):
            slopes = np.diag(act_grad(np.asarray(Zs[k][i], dtype=float)))
            row = slopes @ np.transpose(weights[k + 1]) @ row
            squares[k] += sum(v * v for v in row)
    return np.sqrt(squares)


def _network(seed, n, *sizes):
    rng = np.random.default_rng(seed)
    weights = [rng.normal(size=(out, d)) for d, out in pairwise(sizes)]
    return weights, [rng.normal(size=(n, out)) for out in sizes[1:]], rng.normal(
        size=(n, sizes[-1]))


def _compare(weights, Zs, delta_out, act_grad):
    check.close(check.call(delta_norms, weights, Zs, delta_out, act_grad),
                _by_rows(weights, Zs, delta_out, act_grad), atol=0.0)


with check("is right when all sizes differ, at several depths"):
    for seed, sizes in ((22, (5, 3, 4)), (23, (5, 3, 6, 4)), (24, (2, 7, 3, 5, 4, 6))):
        _compare(*_network(seed, 7, *sizes), _bent)
with check("is right when all sizes are equal"):
    _compare(*_network(25, 4, 4, 4, 4, 4), _bent)
    _compare(*_network(26, 4, 4, 4, 4), _fall)
with check("takes each derivative at the layer's own Z"):
    weights, Zs, delta_out = _network(27, 3, 3, 3, 3, 3, 3)
    Zs = [Z + 2.0 * k for k, Z in enumerate(Zs)]
    _compare(weights, Zs, delta_out, _fall)
with check("needs neither the first weights nor the last Z: delta_out is complete"):
    weights, Zs, delta_out = _network(28, 5, 4, 3, 3, 2)
    expected = _by_rows(weights, Zs, delta_out, _bent)
    weights[0], Zs[-1] = 1000 * weights[0], Zs[-1] - 1000
    check.close(check.call(delta_norms, weights, Zs, delta_out, _bent), expected, atol=0.0)
with check("works with one layer, with one example, and with units that let nothing through"):
    _compare(*_network(29, 6, 3, 2), _bent)
    _compare(*_network(30, 1, 5, 3, 4), _bent)
    _compare(*_network(31, 3, 4, 4, 4, 2), lambda z: np.zeros_like(z))
with check("is accurate where the gradient has almost vanished"):
    weights, Zs, delta_out = _network(32, 3, 5, *[5] * 24)
    _compare([0.2 * W for W in weights], Zs, delta_out, lambda z: 0.25 * _fall(z))
with check("reads any memory order, and leaves its input as it was"):
    weights, Zs, delta_out = _network(33, 8, 6, 6, 6, 4)
    weights = [np.asfortranarray(W) for W in weights]
    Zs, delta_out = [Z[::2] for Z in Zs], delta_out[::-2]
    _compare(weights, Zs, delta_out, _bent)
    check.unchanged(delta_norms, weights, Zs, delta_out, _bent)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Start from `delta_out`: its norm is the last entry of the result.
# Then take one step back on paper: in a network with two layers, which `W` and which `Z` do you need?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# Loop over the layers backward, and apply the recursion once in each round.
# `range(5, -1, -1)` counts from 5 down to 0; where do you have to start?
# `@` multiplies matrices, `*` multiplies entry by entry, and `np.linalg.norm` of a matrix is its Frobenius norm.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Let `delta` be a float array made from `delta_out`, and start with `norms = [np.linalg.norm(delta)]`.
# In each round, multiply `delta` by `weights[l + 1]` and then by the derivative at `Zs[l]`, both as float arrays, and append the new norm.
# The list then runs from the last layer to the first, so return `np.array(norms[::-1])`.
# </details>

# %% [markdown]
# Now look inside some deep networks before their first update: 20 hidden layers of 100 units, weights with a spread of $1/\sqrt n$, and four activations.
#
# **Predict:** with which of them does the gradient survive? ("None" is a stack of linear layers.)

# %%
def back_through(weights, kind, X=images[:50], y=labels[:50]):
    """The result of your delta_norms for a network with zero biases, on some digits."""
    act, act_grad = ACTIVATIONS[kind]
    Z, cache = mlp_forward(X, weights, [np.zeros(len(W)) for W in weights], act)
    return delta_norms(weights, [Z for _, Z in cache], cross_entropy_grad(Z, y), act_grad)


COLORS = dict(zip(ACTIVATIONS, plots.SERIES_COLORS))
BACK = "layers back from the output"
FIVES = [1, 5, 10, 15, 20]

with plots.figure("Size of delta against the number of layers it has traveled back, on a logarithmic "
                  "scale. Left, four activations with weights of the same spread: the line for the "
                  "sigmoid falls by twelve powers of ten, the one for ReLU by three, and those for "
                  "tanh and no activation hardly fall. Right, linear networks with weights of "
                  "three scales: one line rises, one is flat, and one falls.", columns=2) as (four, linear):
    back = np.arange(21)
    deltas = {kind: back_through(stack(20, 1.0, np.random.default_rng(1), 100), kind)
              for kind in ACTIVATIONS}
    lost = deltas["sigmoid"][0] / deltas["sigmoid"][-2]
    deltas = {kind: row[::-1] for kind, row in deltas.items()}
    plots.curves(back, deltas, log=True, xlabel=BACK, ylabel="size of δ", colors=COLORS, ax=four,
                 title=f"Sigmoid: {lost:.0e} of δ reaches layer 1")
    scales = {f"scale {s:g}": back_through(stack(20, s, np.random.default_rng(1), 100), "none")[::-1]
              for s in (2.0, 1.0, 0.5)}
    plots.curves(back, scales, log=True, xlabel=BACK, ylabel="size of δ", ax=linear,
                 title="Linear networks can do it too")
    for ax in (four, linear):
        ax.set_xticks([0, *FIVES[1:]])

# %% [markdown]
# With tanh and without an activation.
# With the sigmoid, only $10^{-12}$ of it reaches layer 1, with ReLU about a thousandth, with tanh 30%, and without an activation 86%.
# On the logarithmic scale the lines are nearly straight, because each layer multiplies by about the same factor.
#
# The networks on the right have **no activation at all**, so all their derivatives are exactly 1, and yet the gradient vanishes when the weights are small and explodes when they are large.
# Neither the sigmoid nor saturation is needed to make a gradient vanish: a product is enough.

# %% [markdown]
# ## The other half: the scale of the weights
#
# Let the weights be independent with mean 0 and spread $s/\sqrt n$, and the layers equally wide.
# Then $\delta W$ is about $s$ times as large as $\delta$.
#
# <details><summary>Optional: why</summary>
#
# One entry of $\delta W$ is a sum of $n$ products $\delta_j W_{ji}$.
# The expected square of this sum is $n \cdot \frac{s^2}{n} = s^2$ times the mean square of $\delta$.
# </details>
#
# Including the derivatives, we get
#
# $$ \text{factor of a layer} \;\approx\; s \cdot \text{(root mean square of } \mathrm{act}'). $$
#
# Without an activation, the factor is $s$.
# For ReLU, where half of the derivatives are 1 and half are 0, it is $s/\sqrt 2 \approx 0.71\,s$.
# For the sigmoid, it is at most $s/4$.
#
# **Predict:** the derivative of tanh is at most 1, so surely its gradients can only vanish?

# %%
with plots.figure("The factor by which one layer multiplies the gradient, against the scale of the "
                  "weights, both logarithmic. No activation and ReLU give straight rising lines. tanh "
                  "follows the first and rises more slowly above a scale of 1. The sigmoid is far below "
                  "and reaches 1 only for weights about ten times as large.", size=(7.2, 4.6)) as ax:
    s = np.array([0.25, 0.35, 0.5, 0.7, 1, 1.2, 1.41, 2, 3, 4, 6, 8, 12, 16])
    factor = {kind: [] for kind in ACTIVATIONS}
    for kind in factor:
        for scale in s:
            norms = back_through(stack(20, scale, np.random.default_rng(1), 100), kind, images[:20],
                                 labels[:20])
            factor[kind].append((norms[0] / norms[-2]) ** (1 / 19))
    factor = {kind: np.array(row) for kind, row in factor.items()}
    crossing = {kind: np.interp(0, np.log(row), np.log(s)) for kind, row in factor.items()}
    ax.axhline(1, color=plots.SERIES_COLORS[-1], linewidth=1, linestyle="--")
    plots.curves(s, factor, log="xy", xlabel="scale s of the weights (spread s/√n)", colors=COLORS,
                 ylabel="factor of one layer", ax=ax,
                 title=f"tanh: gradients vanish below a scale of {np.exp(crossing['tanh']):.1f}, explode above")
    for kind, at in crossing.items():
        print(f"{kind:8s} keeps the size of the gradient at a scale of about {np.exp(at):.2f}")
    weights = stack(20, np.exp(crossing["sigmoid"]), np.random.default_rng(1), 100)
    _, cache = mlp_forward(images[:50], weights, [np.zeros(len(W)) for W in weights], sigmoid)
    flat = np.mean([np.mean(sigmoid_grad(Z) < 0.05) for _, Z in cache[:-1]])
    print(f"at the sigmoid's scale, {flat:.0%} of its derivatives are below 0.05")

# %% [markdown]
# No: with tanh, the gradient keeps its size at a scale of about 1.2, and above that it grows.
# Three things here correct what you will read elsewhere.
#
# - **Whether gradients vanish with tanh depends on the scale of the weights.** (For very wide layers, theory puts the turning point at exactly 1: Poole and others, 2016.)
# - **ReLU is not immune.** "Its derivative is 1, so nothing vanishes" forgets the weights, and the half of the units with derivative 0. At a scale of 1, ReLU loses about 30% of the gradient in each layer; to lose nothing, it needs a scale of about $\sqrt 2$ (measured: 1.45).
# - **The sigmoid is the difficult one.** A scale of 4 would be enough if every unit sat at $z = 0$, but large weights drive the units away from there. It takes weights about ten times the usual size, and by then 66% of the derivatives are below 0.05: most units are **saturated**.

# %% [markdown]
# ## Weight gradients can fool you
#
# Somebody finds that the *weight* gradients of a deep network are about the same size in all layers, and concludes that nothing is vanishing.
# But $dW_l = \delta_l^\top A_{l-1}$ has two factors of its own.
#
# **Predict:** in a tanh network with small weights, $\delta_l$ shrinks on the way *back*. What happens to $A_l$ on the way *forward*, and what does that do to the product?

# %%
def weight_gradients(weights, kind):
    """The size of each layer's weight gradient before the first update."""
    _, dWs, _, _ = gradients(images, labels, weights, [np.zeros(len(W)) for W in weights], kind)
    return np.array([np.linalg.norm(dW) for dW in dWs])


with plots.figure("Left, a tanh network with small weights: delta falls by six powers of ten from the last "
                  "layer to the first, while the weight gradients are about the same in all layers. "
                  "Right, a sigmoid network: both fall together.",
                  columns=2) as (tanh, sigmoids):
    for ax, kind, scale in ((tanh, "tanh", 0.5), (sigmoids, "sigmoid", 1.0)):
        weights = stack(20, scale, np.random.default_rng(1), 100)
        delta, dW = back_through(weights, kind, images, labels), weight_gradients(weights, kind)
        plots.curves(back[1:], {"δ": delta[-2::-1], "dW": dW[-2::-1]}, log=True, xlabel=BACK, ax=ax,
                     ylabel="size", title=f"{kind}, scale {scale:g}: layer 1 over layer 20\n"
                     f"δ {delta[0] / delta[-2]:.0e}, dW {dW[0] / dW[-2]:.0e}").set_xticks(FIVES)

# %% [markdown]
# $A_l$ shrinks on the way forward, and the two changes cancel: in the left-hand network, each layer halves the signal going forward *and* the gradient coming back, so all the weight gradients are about the same size, and *all* of them are tiny.
# (They change by a factor of only 0.8, while δ shrinks by a factor of 500,000. Xavier Glorot and Yoshua Bengio noticed this in 2010.)
#
# On the right, the activations of sigmoid units stay around 0.5 at any depth, so the weight gradients vanish together with δ, and the first layers stand still while the last ones learn.
#
# > To find out whether a signal gets through, look at δ (or at the bias gradients, which are its column sums) and at the activations, not at the weight gradients alone.

# %% [markdown]
# ## How large should the weights be?
#
# Choose the spread of the weights so that the signal keeps its size.
#
# **Forward.** A unit adds up $n_\text{in}$ products $w_i a_i$.
# If the weights are independent with mean 0, the sum has the variance $n_\text{in} \cdot \mathrm{var}(w) \cdot \overline{a^2}$.
# If the activation is roughly the identity near 0, as tanh is, the signal keeps its size when $\mathrm{var}(w) = 1/n_\text{in}$.
#
# **Backward.** Here the same kind of sum runs over the $n_\text{out}$ units of the layer, so the gradient keeps its size when $\mathrm{var}(w) = 1/n_\text{out}$.
#
# Unless $n_\text{in} = n_\text{out}$, a layer can't have both, so Glorot and Bengio (2010) chose a compromise, known by Xavier Glorot's first name:
#
# $$ \textbf{Xavier:} \quad \mathrm{var}(w) = \frac{2}{n_\text{in} + n_\text{out}}. $$
#
# **ReLU** sets half of the scores to 0 and so halves the mean square of what it passes on.
# To make up for that, Kaiming He and others (2015) double the variance:
#
# $$ \textbf{He:} \quad \mathrm{var}(w) = \frac{2}{n_\text{in}}. $$
#
# These are variances; a random number generator asks for the standard deviation, the square root.
# For 100 inputs and 50 units, it is $\sqrt{2/150} \approx 0.115$ for Xavier and $\sqrt{2/100} \approx 0.141$ for He.
#
# ## Exercise 3: draw the weights of a layer

# %% exercise: init_weights
def init_weights(fan_in, fan_out, scheme, rng):
    """Random weights for one layer, normally distributed with mean 0.

    fan_in: the number of inputs of the layer.  fan_out: the number of its units.
    scheme: "xavier", variance 2 / (fan_in + fan_out), or "he", variance 2 / fan_in.
        Any other spelling raises a ValueError.
    rng: an np.random.Generator; draw every number from it.
    Returns float64 (fan_out, fan_in), one unit per row.
    """
    ### BEGIN SOLUTION
    variances = {"xavier": 2.0 / (fan_in + fan_out), "he": 2.0 / fan_in}
    if scheme not in variances:
        raise ValueError(f"unknown scheme {scheme!r}")
    return rng.normal(0.0, np.sqrt(variances[scheme]), size=(fan_out, fan_in))
    ### END SOLUTION

# %% tests: init_weights, 5 points
import numpy as np


def _spread_is(fan_in, fan_out, scheme, seed, variance):
    """The entries' standard deviation; six times its own uncertainty is allowed."""
    W = check.call(init_weights, fan_in, fan_out, scheme, np.random.default_rng(seed))
    W = np.asarray(W, dtype=float)
    off = np.std(W) / np.sqrt(variance)
    check.true(abs(off - 1) < 6 / np.sqrt(2 * fan_in * fan_out),
               f"the standard deviation of the weights should be about {np.sqrt(variance):.4g}, "
               f"and theirs is {np.std(W):.4g}.")


with check("returns one row for each unit, one column for each input"):
    check.floats(check.call(init_weights, 5, 3, "he", np.random.default_rng(1)), (3, 5))
    check.floats(check.call(init_weights, 4, 6, "xavier", np.random.default_rng(1)), (6, 4))
with check("has He's spread: the variance is 2 / fan_in"):
    _spread_is(200, 100, "he", 2, 2 / 200)
with check("has Xavier's spread: the variance is 2 / (fan_in + fan_out)"):
    _spread_is(200, 100, "xavier", 3, 2 / 300)
with check("refuses any other name, even another spelling, with a ValueError"):
    for scheme in ("lecun", "He"):
        check.raises(ValueError, init_weights, 3, 2, scheme, np.random.default_rng(16))
with check("draws every number from rng"):
    one, same = (np.asarray(check.call(init_weights, 3, 4, "he", np.random.default_rng(17)))
                 for _ in range(2))
    check.true(np.array_equal(one, same), "two generators with the same seed should give the same "
               "weights.")
    rng = np.random.default_rng(17)
    first, second = (np.array(check.call(init_weights, 3, 4, "he", rng)) for _ in range(2))
    check.true(not np.array_equal(first, second), "the second layer got the same weights as the "
               "first, though rng had moved on.")
with check("draws from a normal distribution, not from a uniform one"):
    W = np.asarray(check.call(init_weights, 150, 200, "he", np.random.default_rng(18)), dtype=float)
    far = np.mean(np.abs(W - W.mean()) > 2 * W.std())
    check.true(0.035 < far < 0.056, "in a normal distribution, about 4.6% of the draws are more than "
               f"two standard deviations from the mean; here {100 * far:.1f}% are.")
### BEGIN HIDDEN TESTS
with check("has He's spread when there are more units than inputs, too"):
    _spread_is(60, 400, "he", 4, 2 / 60)
    _spread_is(120, 120, "he", 5, 2 / 120)
with check("has Xavier's spread when there are more units than inputs, too"):
    _spread_is(60, 400, "xavier", 6, 2 / 460)
    _spread_is(120, 120, "xavier", 7, 2 / 240)
with check("is centered on 0 and shaped like a normal distribution", weight=2):
    for scheme, variance in (("he", 2 / 150), ("xavier", 2 / 350)):
        W = np.asarray(check.call(init_weights, 150, 200, scheme, np.random.default_rng(8)))
        check.true(abs(W.mean()) < 6 * np.sqrt(variance / W.size),
                   f"the mean of the weights should be near 0, and it is {W.mean():.3g}.")
        far = np.mean(np.abs(W) > 2 * W.std())  # of a normal distribution 4.6%
        check.true(0.035 < far < 0.056, "in a normal distribution, about 4.6% of the draws are more "
                   "than two of their standard deviations from the middle, and here "
                   f"{100 * far:.1f}% are.")
        check.true(np.abs(W).max() > 3 * W.std(), "the largest of 30,000 draws from a normal "
                   "distribution is beyond three of their standard deviations, and here it is at "
                   f"{np.abs(W).max() / W.std():.3g} of them.")
with check("draws every weight on its own"):
    W = np.asarray(check.call(init_weights, 30, 40, "he", np.random.default_rng(9)), dtype=float)
    check.true(len(np.unique(W)) == W.size, "the same number occurs more than once.")
with check("draws from rng and from nothing else"):
    for scheme in ("he", "xavier"):
        first, again, other = (
            np.asarray(check.call(init_weights, 6, 4, scheme, np.random.default_rng(seed)))
            for seed in (10, 10, 11))
        check.true(np.array_equal(first, again),
                   "two generators with one seed should give the same weights.")
        check.true(not np.array_equal(first, other),
                   "generators with different seeds gave the same weights.")
        check.unchanged(init_weights, 6, 4, scheme, np.random.default_rng(12))
with check("gives new weights at each call with the same rng"):
    rng = np.random.default_rng(13)
    first, second = (np.array(check.call(init_weights, 4, 4, "he", rng)) for _ in range(2))
    check.true(not np.array_equal(first, second),
               "the second layer got the same weights as the first.")
    check.true(abs(first.std() - second.std()) > 1e-9, "two layers have exactly the same standard "
               f"deviation, {first.std():.4g}. From one draw to the next it should vary a little.")
with check("works for a single unit with a single input"):
    for scheme in ("he", "xavier"):
        W = check.call(init_weights, 1, 1, scheme, np.random.default_rng(15))
        check.floats(W, (1, 1))
        check.true(np.isfinite(W).all(), f"expected a finite number, got {W[0, 0]}.")
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# You need to get two things right: the shape and the spread.
# A layer's `W` is `(out, in)`, as everywhere in this course.
# What is the standard deviation if the variance is `2 / fan_in`?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `rng.normal(0.0, std, size=(rows, columns))` draws a matrix; its second argument is the *standard deviation*.
# Choose between the schemes with `if`, `elif`, and `else: raise ValueError(…)`.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Set `variance` to `2 / (fan_in + fan_out)` for "xavier" and to `2 / fan_in` for "he", and raise a `ValueError` for any other name.
# Then draw with `rng.normal`, using the square root of the variance and the size `(fan_out, fan_in)`.
# </details>

# %% [markdown]
# ### Play: depth, activation, initialization
#
# Each line shows the size of δ in each layer of a network that was just drawn by *your* `init_weights`, as measured by *your* `delta_norms`.
# The lower slider multiplies all the weights by a factor, and the dotted line falls to a quarter in each layer.
# *Comes through* means a change by a factor of 3 at most, *vanishes* and *explodes* mean more than a factor of 1000, and in between the gradient *fades* or *grows*.
#
# *The question to answer:* which activation goes with which initialization, so that a network of 50 layers keeps its gradient?
#
# 1. Combine ReLU with Xavier and 50 layers. Then switch to He: by how many powers of ten does the gradient at the first layer grow?
# 2. Choose tanh. Which of the two initializations is better, and where does each lead if you multiply the weights by 0.8 or by 1.5?
# 3. Try to rescue the sigmoid with the slider. What factor does it need, with Xavier?

# %%
flow = GradientFlow(delta_norms, init_weights)
flow

# %% [markdown]
# <details><summary>Answers, when you have tried</summary>
#
# **1.** By between seven and eight powers of ten: with Xavier, $3 \cdot 10^{-8}$ of the gradient arrives at the first layer, and with He 0.95 of it.
# (Three more draws, with *Draw new weights*, gave 2.4, 0.28, and 0.59.)
#
# **2.** With tanh, the two are about equally good over 50 layers: the gradient arrives at 0.14 times its size with Xavier, and at 9.3 times with He.
# With the weights multiplied by 0.8, Xavier leaves $10^{-5}$ of the gradient, and He 58%; by 1.5, Xavier makes it 29 times as large, and He 6000 times.
#
# **3.** About 10, as in the figure above: with all the weights multiplied by 10, the geometric mean is 1.00, and with 4 it is still so small that only $7 \cdot 10^{-11}$ arrives.
# </details>
#
# So ReLU needs He, and tanh something between Xavier and He.
# Neither was made for the sigmoid, and a network whose units are mostly saturated is not a good start even if the gradient comes through.
#
# *This is a good place to stop for the day.*
#
# ## What arrives going forward
#
# A gradient can be no better than the signal it is made from, so watch each layer's activations, too.
#
# ## Exercise 4: statistics of the activations

# %% exercise: activation_stats
def activation_stats(X, weights, act):
    """The mean and standard deviation of the activations in each layer of a network without biases.

    X: any array-like (n, d), examples.
    weights: L matrices (out, in), any array-likes, first layer first.
    act: the activation, applied in every layer, including the last; takes an array and returns a
        new one.
    Returns float64 (L, 2): row l holds the mean and the standard deviation of all n times out
    activations of layer l. (The standard deviation divides by the number of entries.)
    """
    ### BEGIN SOLUTION
    A, rows = np.asarray(X, dtype=float), []
    for W in weights:
        A = act(A @ np.asarray(W, dtype=float).T)
        rows.append((np.mean(A), np.std(A)))
    return np.array(rows)
    ### END SOLUTION

# %% tests: activation_stats, 4 points
from itertools import pairwise

import numpy as np

with check("is right for two examples and one layer, by hand"):
    # z = (3, -1) and (3, 3); 2z - 1 makes (5, -3) and (5, 5) of it: mean 3, variance 48/4.
    X, W = np.array([[1.0, 2.0], [3.0, 0.0]]), np.array([[1.0, 1.0], [1.0, -1.0]])
    got = check.call(activation_stats, X, [W], lambda z: 2 * z - 1)
    check.close(got, [[3.0, np.sqrt(12.0)]])
with check("takes lists of whole numbers"):
    got = check.call(activation_stats, [[1, 2], [3, 0]], [[[1, 1], [1, -1]]], lambda z: 2 * z - 1)
    check.close(got, [[3.0, np.sqrt(12.0)]])
with check("has one row for each layer, with a mean and a standard deviation"):
    rng = np.random.default_rng(41)
    weights = [rng.normal(size=(3, 5)), rng.normal(size=(6, 3)), rng.normal(size=(4, 6))]
    got = check.call(activation_stats, rng.normal(size=(7, 5)), weights, np.tanh)
    check.floats(got, (3, 2))
### BEGIN HIDDEN TESTS
def _bent(z):
    """Falls steeply, rises slowly, is not 0 at 0 and not its own repetition."""
    return np.where(np.asarray(z) > 0, 0.5 * np.asarray(z) + 1.0, -0.4 * np.asarray(z) + 0.25)


def _loop(X, weights, act):
    rows, examples = [], [[float(v) for v in x] for x in X]
    for W in weights:
        examples = [[float(act(sum(float(w) * v for w, v in zip(row, x)))) for row in W]
                    for x in examples]
        entries = [v for x in examples for v in x]
        mean = sum(entries) / len(entries)
        rows.append([mean, (sum((v - mean) ** 2 for v in entries) / len(entries)) ** 0.5])
    return np.array(rows)


def _network(seed, n, *sizes):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, sizes[0])), [
        rng.normal(size=(out, d)) for d, out in pairwise(sizes)]


def _compare(X, weights, act):
    check.close(check.call(activation_stats, X, weights, act), _loop(X, weights, act))


with check("agrees with a loop when all sizes differ", weight=2):
    for act in (np.tanh, _bent):
        _compare(*_network(42, 7, 5, 3, 6, 4), act)
with check("has units in rows, also when all sizes are equal"):
    for act in (np.tanh, _bent):
        _compare(*_network(43, 4, 4, 4, 4, 4), act)
with check("applies the activation in every layer, the last one too"):
    X, weights = _network(44, 5, 3, 2, 3)
    _compare(X, weights, lambda z: np.asarray(z) ** 2 + 1)
    _compare(X, weights[:1], lambda z: np.asarray(z) ** 2 + 1)
with check("divides by the number of entries, not by one less"):
    _compare(np.array([[1.0, -2.0]]), [np.array([[1.0, 0.5], [3.0, 1.0]])], np.tanh)
    _compare(*_network(45, 2, 2, 1, 2), np.cos)
with check("the standard deviation is 0 where all activations are equal"):
    _compare(np.zeros((3, 2)), [np.ones((4, 2)), np.eye(4)], np.cos)
with check("reads any memory order, and leaves its input as it was"):
    X, weights = _network(46, 8, 6, 4, 3)
    X, weights = np.asfortranarray(X)[::2], [np.asfortranarray(W) for W in weights]
    _compare(X, weights, np.tanh)
    check.unchanged(activation_stats, X, weights, np.tanh)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# This is the forward pass from lesson 3, without biases and with the activation in every layer.
# What goes into the second layer?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# Without an axis, `np.mean(A)` and `np.std(A)` use all the entries of a matrix, and `np.std` divides by their number.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Start with `A = np.asarray(X, dtype=float)` and an empty list.
# For each `W`, replace `A` with the activation of `A @ W.T`, then append the pair of its mean and its standard deviation.
# Return the list as an array.
# </details>

# %% [markdown]
# ### Glorot and Bengio, 2010, measured again (optional)
#
# Before 2010, many people drew weights uniformly between $-1/\sqrt n$ and $1/\sqrt n$, which is a spread of only $1/\sqrt{3n}$.
# So each layer multiplies by about $1/\sqrt 3 \approx 0.58$, forward and back.
#
# **Predict:** in five tanh layers of 300 units (Glorot and Bengio had 1000), how much of the spread is left in the fifth layer, compared with the first?

# %%
with plots.figure("Five tanh layers. Left, the spread of the activations: with the old uniform weights it "
                  "falls in each layer, and with Xavier's weights it stays. Right, the size of delta: with "
                  "the old weights it falls on its way back, and with Xavier's weights it stays.",
                  columns=2) as (forward, backward):
    sizes = list(zip([64, 300, 300, 300, 300, 300], [300, 300, 300, 300, 300, 10]))
    rng = np.random.default_rng(5)
    starts = {"Xavier": [init_weights(d, out, "xavier", rng) for d, out in sizes],
              "uniform ±1/√n": [rng.uniform(-1, 1, size=(out, d)) / np.sqrt(d) for d, out in sizes]}
    spreads = {name: activation_stats(images, weights[:5], np.tanh)[:, 1]
               for name, weights in starts.items()}
    deltas = {name: back_through(weights, "tanh")[:5] for name, weights in starts.items()}
    old, new = spreads["uniform ±1/√n"], spreads["Xavier"]
    plots.curves(range(1, 6), spreads, log=True, xlabel="layer", ylabel="spread of activations",
                 ax=forward, title=f"Old start: {old[-1] / old[0]:.0%} of the spread arrives, "
                 f"Xavier: {new[-1] / new[0]:.0%}")
    deltas = {name: row[::-1] for name, row in deltas.items()}
    plots.curves(range(1, 6), deltas, log=True, xlabel=BACK, ylabel="size of δ", ax=backward,
                 title="The same happens to the gradient on its way back")
    for ax in (forward, backward):
        ax.set_xticks(range(1, 6))

# %%
with unfinished():
    for name, scale in (("uniform ±1/√n", None), ("Xavier", "xavier")):
        rng = np.random.default_rng(6)
        sizes = list(zip([64, 32, 32, 32, 32, 32], [32, 32, 32, 32, 32, 10]))
        weights = [init_weights(d, out, scale, rng) if scale else
                   rng.uniform(-1, 1, size=(out, d)) / np.sqrt(d) for d, out in sizes]
        losses = train(images, labels, weights, "tanh", 0.2, 101)[2]
        print(f"{name:14s} loss at the start {losses[0]:.2f}, after 25 epochs {losses[25]:.2f}, "
              f"after 100 epochs {losses[100]:.2f}")

# %% [markdown]
# Four steps of 0.58 leave 11%, and 11% is what you measured, against 79% with Xavier's weights.
# It shows in training: after 100 epochs, the loss is 1.28 with the old weights and 0.09 with Xavier's.
#
# ### He and others, 2015, measured again
#
# He and others trained 30 layers of ReLU, for which Xavier's weights have only half the variance they should have.
#
# **Predict:** if each layer leaves $1/\sqrt 2$ of the signal, by what factor do 30 ReLU layers with Xavier's weights shrink it?

# %%
with plots.figure("Thirty ReLU layers. Left, the spread of the activations falls by about five powers of ten "
                  "with Xavier's weights and stays about the same with He's. Right, the training loss: with "
                  "Xavier's weights it stays at log 10, and with He's it falls.",
                  columns=2) as (forward, learning):
    sizes = list(zip([64, *[32] * 30], [*[32] * 30, 10]))
    starts = {name: [init_weights(d, out, name.lower(), np.random.default_rng(k))
                     for k, (d, out) in enumerate(sizes)] for name in ("He", "Xavier")}
    spreads = {name: activation_stats(images, weights[:30], relu)[:, 1] for name, weights in starts.items()}
    plots.curves(range(1, 31), spreads, log=True, xlabel="layer", ylabel="spread of activations",
                 ax=forward, title=f"Xavier with ReLU: {spreads['Xavier'][-1] / spreads['Xavier'][0]:.0e}"
                 " of the signal arrives")
    losses = {name: train(images, labels, weights, "ReLU", 0.02, 120)[2] for name, weights in starts.items()}
    plots.curves(np.arange(120), losses, xlabel="epoch", ylabel="loss", ax=learning,
                 title=f"After 120 epochs: Xavier {losses['Xavier'][-1]:.3f}, He {losses['He'][-1]:.3f}")

# %% [markdown]
# From the first to the thirtieth layer there are 29 steps, and $(1/\sqrt 2)^{29}$ is about $4 \cdot 10^{-5}$.
# The measured factor is $1.3 \cdot 10^{-5}$; with He's weights it is 0.3.
# A factor of $\sqrt 2$, thirty times over, makes the difference between a network that stands still and one that learns, though not *well*: after 120 epochs, the loss has only come down from 2.30 to 2.14, and you will see one reason below.

# %% [markdown]
# ## All weights zero
#
# Why not start at zero, as the perceptron did?
#
# **Predict:** all weights and biases are 0, and the hidden units are ReLU. Which of the network's parameters will the first update change?
# Write down $A$, then $\delta$, then $dW = \delta^\top A$, layer by layer.

# %%
def changed(weights, kind):
    """Print which arrays of a network with one hidden layer are changed by 200 updates."""
    after, biases, losses = train(images, labels, weights, kind, 0.5, 200)
    names = ("W1", "W2", "b1", "b2")
    moved = [np.any(new != old) for new, old in zip([*after, *biases],
                                                    [*weights, np.zeros(16), np.zeros(10)])]
    print(f"{kind:8s} changed: {', '.join(n for n, m in zip(names, moved) if m):15s} "
          f"loss {losses[0]:.3f} to {losses[-1]:.3f}")
    return after


for kind in ("ReLU", "tanh", "sigmoid"):
    changed([np.zeros((16, 64)), np.zeros((10, 16))], kind)

# %% [markdown]
# Only the biases of the last layer.
# With ReLU or tanh, the hidden activations are all 0, so $dW_2 = \delta_2^\top A_1 = 0$; and $\delta_1 = (\delta_2 W_2) \odot \dots = 0$, because $W_2 = 0$.
# The output biases learn how frequent each class is, and that is all the network will ever learn.
#
# With the sigmoid, the hidden activations are 0.5, so the weights do change.
# But units that start alike see the same inputs, give the same outputs, get the same δ, and so move in the same way, forever.
# This is called the **symmetry problem**: sixteen units that are all the same are worth no more than one.
#
# ## Exercise 5: are they all the same?

# %% exercise: units_identical
def units_identical(W, tol=1e-12):
    """Whether all units of a layer are the same: every row of W equals the first, up to tol.

    W: any array-like (out, in), one unit per row.
    tol: an entry may differ from that of the first row by at most tol, whatever its size.
    Returns a bool. A layer with a single unit gives True.
    """
    ### BEGIN SOLUTION
    W = np.asarray(W, dtype=float)
    return bool(np.all(np.abs(W - W[0]) <= tol))
    ### END SOLUTION

# %% tests: units_identical, 3 points
import numpy as np

with check("is True for three equal rows"):
    W = np.array([[1.0, -2.0], [1.0, -2.0], [1.0, -2.0]])
    check.equal(check.call(units_identical, W), True)
with check("is False for rows that differ"):
    W = np.array([[1.0, -2.0], [1.0, -2.0], [3.0, 0.5]])
    check.equal(check.call(units_identical, W), False)
with check("is True for a single unit"):
    check.equal(check.call(units_identical, np.array([[1.0, 2.0, 3.0]])), True)
with check("takes lists of whole numbers"):
    check.equal(check.call(units_identical, [[1, 2, 3], [1, 2, 3]]), True)
    check.equal(check.call(units_identical, [[1, 2, 3], [1, 2, 4]]), False)
with check("notices another sign, another order of the weights, and an odd unit in the middle"):
    for W in ([[1, 2], [-1, -2]], [[1, 2], [2, 1]], [[1, 2], [1, 5], [1, 2]], [[0, 0], [-1, -1]]):
        check.equal(check.call(units_identical, np.array(W, dtype=float)), False)
with check("lets every weight differ from the first unit's by up to tol, and by no more"):
    for W, expected in (([[5, 5], [5.08, 4.92]], True), ([[5, 5], [5.15, 4.85]], False),
                        ([[5, 5], [5.08, 5.08], [4.92, 4.92]], True),
                        ([[5, 5], [5.08, 5], [5.16, 5]], False)):
        check.equal(check.call(units_identical, np.array(W), 0.1), expected)
with check("tol stays the same for large weights"):
    check.equal(check.call(units_identical, np.array([[1e6], [1e6 + 1e-3]])), False)
### BEGIN HIDDEN TESTS
with check("compares units, which are rows, not columns"):
    row = np.random.default_rng(51).normal(size=4)
    check.equal(check.call(units_identical, np.tile(row, (4, 1))), True)
    check.equal(check.call(units_identical, np.tile(row, (4, 1)).T), False)
    check.equal(check.call(units_identical, np.tile(row, (3, 1))), True)
with check("is True for a matrix of zeros and for any other constant"):
    for value in (0.0, 0.5, -1000.0):
        check.equal(check.call(units_identical, np.full((5, 3), value)), True)
with check("is False when only some units are alike, wherever the odd one stands"):
    row = np.random.default_rng(52).normal(size=3)
    for odd in range(4):
        W = np.tile(row, (4, 1))
        W[odd] += np.array([0.0, 0.0, 0.7])
        check.equal(check.call(units_identical, W), False)
with check("notices another sign, and another order within a row"):
    check.equal(check.call(units_identical, np.array([[1.0, 2.0], [-1.0, -2.0]])), False)
    check.equal(check.call(units_identical, np.array([[1.0, 2.0], [2.0, 1.0]])), False)
    check.equal(check.call(units_identical, np.array([[2.0, 1.0], [-2.0, 1.0], [2.0, 1.0]])), False)
with check("lets differences up to tol pass, above and below, and no larger ones"):
    rng = np.random.default_rng(53)
    W = np.tile(rng.normal(size=3), (5, 1))
    off = np.array([1.0, -1.0, 0.5])
    for size, tol, expected in ((1e-14, 1e-12, True), (1e-9, 1e-12, False), (1e-4, 1e-3, True),
                                (1e-2, 1e-3, False), (0.3, 0.5, True)):
        shifted = W + 0.0
        shifted[3] += size * off
        check.equal(check.call(units_identical, shifted, tol), expected)
        shifted[3] -= 2 * size * off
        check.equal(check.call(units_identical, shifted, tol), expected)
    W[2] -= 1e-9
    check.equal(check.call(units_identical, W), False)
with check("compares every weight by itself with the first unit's, whatever the others are like"):
    row, tol = np.array([2.0, -1.0]), 0.1
    for off, expected in (([0.0, 0.08, 0.16], False), ([0.0, 0.08, -0.08], True),
                          ([0.0, 0.3], False)):
        W = row + np.array(off)[:, None]
        check.equal(check.call(units_identical, W, tol), expected)
    W = np.tile(row, (4, 1))
    W[2, 1] += 0.15
    check.equal(check.call(units_identical, W, tol), False)
with check("tol is the same for large weights and for small ones"):
    W = np.full((3, 2), 1e6)
    W[1] += 1e-3
    check.equal(check.call(units_identical, W), False)
    check.equal(check.call(units_identical, 1e-7 * np.array([[1.0, 2.0], [-3.0, 1.0]])), False)
with check("works with one input"):
    check.equal(check.call(units_identical, np.array([[2.0], [2.0]])), True)
    check.equal(check.call(units_identical, np.array([[2.0], [3.0]])), False)
with check("works in any memory order, and leaves W as it was"):
    W = np.asfortranarray(np.tile(np.random.default_rng(54).normal(size=6), (8, 1)))[::2, ::3]
    check.equal(check.call(units_identical, W), True)
    check.unchanged(units_identical, W, 1e-6)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# `W[0]` is the first unit.
# What is `W - W[0]`, and what must it look like if all the units are the same?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# The differences have signs, so take `np.abs`.
# Compare the result with `tol`, and use `np.all` to find out whether the comparison holds everywhere.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Make `W` a float array, and take the absolute differences between all rows and `W[0]`.
# Return a `bool` that says whether all of them are at most `tol`.
# (`np.allclose` would also allow a difference *relative* to the size of the weights, which you don't want here.)
# </details>

# %% [markdown]
# Here are three species of flowers, four features, five hidden tanh units, and 300 updates.
# The two networks differ only in their initial weights.
#
# **Predict:** if all the weights start out equal, how many different units will there be after training?

# %%
flowers = data.iris()
F = (flowers.X - flowers.X.mean(axis=0)) / flowers.X.std(axis=0)

with plots.figure("The weights of five hidden units after training, as heat maps. When the weights start out "
                  "equal, all five rows are the same. When they start out random, the rows differ.",
                  columns=2, size=(9.6, 3.9)) as panels:
    rng = np.random.default_rng(7)
    for ax, name, start in zip(panels, ("equal", "random"), (
            [np.full((5, 4), 0.3), np.full((3, 5), 0.3)],
            [init_weights(4, 5, "xavier", rng), init_weights(5, 3, "xavier", rng)])):
        (W1, W2), _, losses = train(F, flowers.y, start, "tanh", 0.5, 300)
        said = "still one unit, five times" if units_identical(W1, 1e-9) else "five different units"
        plots.heat_map(W1, title=f"From {name} weights: {said}\n(loss {losses[-1]:.3f})",
                       xlabel="input", ylabel="hidden unit", ax=ax)

# %% [markdown]
# Just one: all five rows are the same, and the loss ends at 0.087 instead of 0.047.
# So weights are drawn at random because units have to *differ*; the biases may start at zero.

# %% [markdown]
# ## A way around: residual connections
#
# Here is another idea: give the gradient a path without any factors.
# Let a layer add to its input instead of replacing it:
#
# $$ y = x + F(x). $$
#
# $F$ is what the layer did before.
# The path around it is called a **skip connection**, and the whole thing is a **residual block**.
# In 2015, Kaiming He and others built networks of 152 layers from such blocks and called them ResNets.
#
# Nudge $x$ in $y = x + 3x$ by a little, and $y$ moves by $1 + 3$ times as much.
# There are two paths from $x$ to $y$, so the gradient is the *sum* of what comes back along both:
#
# $$ dx = dy + (\text{what } F \text{ sends back for } dy). $$
#
# If $F$ sends back nothing at all, because it is saturated, or dead, or has zero weights, then $dx = dy$: the gradient passes as if the block weren't there.
#
# ## Exercise 6: the backward pass of a residual block

# %% exercise: residual_backward
def residual_backward(dY, branch_backward):
    """The gradient at the input x of a residual block y = x + F(x).

    dY: any array-like (n, d), the gradient of the loss with respect to y.
    branch_backward: a function that takes the gradient at F's output and returns the gradient at
        F's input. Call it once, with all of dY. (It may return the very array it is given.)
    Returns a new float64 array (n, d): the gradient of the loss with respect to x.
    """
    ### BEGIN SOLUTION
    dY = np.asarray(dY, dtype=float)
    return dY + branch_backward(dY)
    ### END SOLUTION

# %% tests: residual_backward, 3 points
import numpy as np

with check("lets the gradient pass when the branch sends nothing back"):
    dY = np.array([[1.0, -2.0], [0.5, 3.0]])
    check.close(check.call(residual_backward, dY, np.zeros_like), dY)
with check("is right for y = x + 3x"):
    dY = np.array([[1.0, -2.0], [0.5, 3.0]])
    check.close(check.call(residual_backward, dY, lambda d: 3 * d), [[4.0, -8.0], [2.0, 12.0]])
with check("hands the whole batch to the branch"):
    dY = np.array([[1.0, -2.0], [0.5, 3.0]])
    check.close(check.call(residual_backward, dY, lambda d: np.asarray(d)[::-1]),
                [[1.5, 1.0], [1.5, 1.0]])
with check("leaves dY as it was"):
    dY = np.array([[1.0, -2.0], [0.5, 3.0]])
    check.unchanged(residual_backward, dY, lambda d: 3 * d)
    check.unchanged(residual_backward, dY, lambda d: d)
with check("takes a list of whole numbers, and returns a new float array"):
    got = check.call(residual_backward, [[1, 2]], np.zeros_like)
    check.floats(got, (1, 2))
    check.close(got, [[1.0, 2.0]])
### BEGIN HIDDEN TESTS
def _differences(f, X, dY):
    """The gradient of the sum of dY * f(X), by central differences."""
    gradient, eps = np.zeros_like(X), 1e-5
    for index in np.ndindex(X.shape):
        above, below = X.copy(), X.copy()
        above[index] += eps
        below[index] -= eps
        gradient[index] = np.sum(dY * (f(above) - f(below))) / (2 * eps)
    return gradient


with check("agrees with differences for y = x + tanh(x W), whatever the sizes", weight=2):
    for seed, (n, d) in enumerate([(7, 5), (4, 4), (1, 3)]):
        rng = np.random.default_rng(61 + seed)
        X, W, dY = rng.normal(size=(n, d)), rng.normal(size=(d, d)), rng.normal(size=(n, d))
        _branch = lambda d: (d / np.cosh(X @ W) ** 2) @ W.T
        check.close(check.call(residual_backward, dY, _branch),
                    _differences(lambda x: x + np.tanh(x @ W), X, dY), rtol=1e-6, atol=1e-8)
with check("adds what the branch sends back, also when it mixes the examples"):
    rng = np.random.default_rng(65)
    mix, dY = rng.normal(size=(6, 6)), rng.normal(size=(6, 3))
    check.close(check.call(residual_backward, dY, lambda d: mix @ d), dY + mix @ dY)
    _centre = lambda d: d - d.mean(axis=0)
    check.close(check.call(residual_backward, dY, _centre), 2 * dY - dY.mean(axis=0))
with check("calls the branch once, with the whole gradient"):
    dY, seen = np.random.default_rng(66).normal(size=(5, 2)), []

    def _branch(d):
        seen.append(np.array(d, dtype=float))
        return -0.5 * np.asarray(d)

    got = check.call(residual_backward, dY, _branch)
    check.true(len(seen) == 1, f"branch_backward was called {len(seen)} times, expected once.")
    check.close(seen[0], dY)
    check.close(got, 0.5 * dY)
with check("is a new array, even when the branch returns its argument"):
    dY = np.random.default_rng(67).normal(size=(4, 3))
    check.close(check.call(residual_backward, dY, lambda d: d), 2 * dY)
    for _branch in (lambda d: d, np.zeros_like, lambda d: 2.0 * d):
        check.new(residual_backward(dY, _branch), dY)
with check("works in any memory order"):
    _half = lambda d: 0.5 * np.asarray(d)
    dY = np.asfortranarray(np.random.default_rng(69).normal(size=(8, 6)))[::2, ::-2]
    check.close(check.call(residual_backward, dY, _half), 1.5 * dY)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# There are two paths from $x$ to $y$.
# What comes back along the direct one? And through $F$?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# All you need from $F$ is `branch_backward(dY)`.
# The two parts have the same shape.
# Beware of `+=`, which would change the caller's `dY`.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Make `dY` a float array, and add what the two paths send back, using a plain `+`, which makes a new array.
# </details>

# %% [markdown]
# Now for the hard case: 20 sigmoid layers with Xavier's weights, once without and once with your skip connections around every hidden layer except the first, which changes the width and is linear then.
#
# **Predict:** the second network has the same sigmoids, with the same factor of a quarter. Will it learn?

# %%
def xavier_or_he(depth, kind, rng):
    """The weights of `depth` hidden layers of 32 units, drawn by your init_weights."""
    sizes = list(zip([64, *[32] * depth], [*[32] * depth, 10]))
    return [init_weights(d, out, "he" if kind == "ReLU" else "xavier", rng) for d, out in sizes]


def at_start(weights, kind, **remedy):
    """The size of the gradient at each hidden layer's output before the first update."""
    return np.array(gradients(images, labels, weights, [np.zeros(len(W)) for W in weights], kind, **remedy)[3])


with plots.figure("Twenty sigmoid layers with and without skip connections. Left, the gradient before training: "
                  "without skips it falls by about twelve powers of ten, and with skips it keeps its "
                  "size. Right, the loss: without skips it stays at log 10, and with skips it falls "
                  "close to zero.", columns=2) as (gradient, learning):
    weights = xavier_or_he(20, "sigmoid", np.random.default_rng(0))
    ways = {"with skips": {"skip": residual_backward}, "without": {}}
    sizes = {name: at_start(weights, "sigmoid", **way) for name, way in ways.items()}
    ratio = {name: row[0] / row[-1] for name, row in sizes.items()}
    sizes = {name: row[::-1] for name, row in sizes.items()}
    plots.curves(range(1, 21), sizes, log=True, xlabel=BACK, ylabel="size of the gradient",
                 ax=gradient, title=f"{ratio['without']:.0e} of the gradient arrives, "
                 f"{ratio['with skips']:.1f} with skips").set_xticks(FIVES)
    losses = {name: train(images, labels, weights, "sigmoid", 0.1, 80, **way)[2]
              for name, way in ways.items()}
    ends = {name: row[-1] for name, row in losses.items()}
    plots.curves(np.arange(80), losses, xlabel="epoch", ylabel="loss", ax=learning,
                 title=f"The loss ends at {ends['with skips']:.2f} instead of {ends['without']:.2f}")
    learning.set_ylim(-0.1, 5)

# %% [markdown]
# Yes: with the same weights and the same sigmoids, the loss ends at 0.23 instead of 2.30.
# Each block passes on the gradient itself *plus* a little from its branch, a factor of $1 + f$.
# Multiply out $(1 + f_1)(1 + f_2) \cdots$, and one of the terms is 1, with no factors at all.
#
# **Skip connections have a price.** In ReLU blocks with He's weights, the branch adds about as much as it receives, so the mean square of the signal at least doubles from block to block.
#
# **Predict:** what will the loss be before training, with 40 such blocks?

# %%
with unfinished():
    for depth in (5, 10, 20, 40):
        weights = xavier_or_he(depth, "ReLU", np.random.default_rng(0))
        start = [np.zeros(len(W)) for W in weights]
        loss, _, _, sizes = gradients(images, labels, weights, start, "ReLU", skip=residual_backward)
        print(f"{depth:2d} ReLU blocks: loss before training {loss:8.1e}, "
              f"gradient at the first layer over the last {sizes[0] / sizes[-1]:7.1e}")

# %% [markdown]
# It is $5 \cdot 10^8$, and the gradient grows by a factor of $2 \cdot 10^8$ on its way back: we went from vanishing to exploding.
# That is why real ResNets put batch normalization in each branch, or scale the branch down, or start its last weights at 0.
#
# <details><summary>Optional: did ResNets solve the vanishing gradient problem?</summary>
#
# That is not what their inventors found.
# Their plain networks, without skips, had batch normalization, and the authors checked that the gradients were healthy; still, 34 layers trained worse than 18.
# They wrote that vanishing gradients were unlikely to be the cause.
# (He and others, "Deep residual learning for image recognition", section 4.1.)
# Skip connections do cure vanishing gradients, as you just measured, *and* they make networks easier to train in other ways, which are still being studied.
# </details>

# %% [markdown]
# ## When gradients explode
#
# Now for the other extreme: if a gradient is a million times too large, a single step ruins everything, and the loss becomes huge or turns into `nan`.
#
# Sometimes you can't remove the cause, for example in recurrent networks, which use the same matrix over and over.
# Then you **clip** the gradient (Pascanu, Mikolov, and Bengio, 2013).
# Think of all the gradients of the network together as one long vector.
# If its length, the *global norm*
#
# $$ \lVert g \rVert = \sqrt{\textstyle\sum_k \lVert g_k \rVert^2}, $$
#
# is above a maximum, scale *everything* by the same factor, down to that maximum:
#
# $$ g_k \leftarrow g_k \cdot \min\!\left(1, \frac{\text{max norm}}{\lVert g \rVert}\right). $$
#
# One factor for everything keeps the *direction* of the step.
#
# ## Exercise 7: clip by the global norm

# %% exercise: clip_by_global_norm
def clip_by_global_norm(grads, max_norm):
    """All gradients, scaled by one factor so that their global norm is at most max_norm.

    grads: a list of arrays (any array-likes) of any shapes.  max_norm: a number above 0.
    Returns a new list of new float64 arrays. If the global norm is at most max_norm already, they
    equal the gradients. Gradients that are all zero stay zero; an empty list gives an empty list.

    clip_by_global_norm([[3.0], [4.0]], 1.0) gives [array([0.6]), array([0.8])]
    """
    ### BEGIN SOLUTION
    arrays = [np.asarray(grad, dtype=float) for grad in grads]
    norm = np.sqrt(sum(np.sum(array ** 2) for array in arrays))
    factor = max_norm / norm if norm > max_norm else 1.0
    return [array * factor for array in arrays]
    ### END SOLUTION

# %% tests: clip_by_global_norm, 4 points
import numpy as np


def _clipped(grads, max_norm):
    """The answer's arrays, once it is sure that they are a list of as many."""
    got = check.call(clip_by_global_norm, grads, max_norm)
    check.true(isinstance(got, (list, tuple, np.ndarray)) and len(got) == len(grads),
               f"expected a list of one array for each gradient, {len(grads)} in all.")
    return got


def _compare(grads, max_norm):
    squares = [float(v) ** 2 for grad in grads for v in np.ravel(grad)]
    norm = sum(squares) ** 0.5
    factor = max_norm / norm if norm > max_norm else 1.0
    for got, grad in zip(_clipped(grads, max_norm), grads):
        check.close(got, factor * np.asarray(grad, dtype=float), rtol=1e-5)


with check("scales (3) and (4) to a global norm of 1, and of 2.5"):
    _compare([np.array([3.0]), np.array([4.0])], 1.0)
    _compare([np.array([3.0]), np.array([4.0])], 2.5)
with check("leaves gradients alone that are short enough, and zeros as well"):
    _compare([np.array([3.0]), np.array([4.0])], 10.0)
    _compare([np.zeros(2), np.array([[0.0]])], 1.0)
with check("takes lists of whole numbers"):
    _compare([[3, 0], [[0], [4]]], 1)
    for got, shape in zip(_clipped([[3, 0], [[0], [4]]], 9), ((2,), (2, 1))):
        check.floats(got, shape)
with check("gives a list of new arrays, and leaves the caller's as they were"):
    grads = [np.array([3.0, 0.0]), np.array([[4.0]])]
    check.unchanged(clip_by_global_norm, grads, 1.0)
    check.new(list(check.call(clip_by_global_norm, grads, 10.0)), *grads)
### BEGIN HIDDEN TESTS
def _arrays(seed, size=1.0):
    rng = np.random.default_rng(seed)
    return [size * rng.normal(size=shape) for shape in ((3, 5), (3,), (4, 3), (4,), (2, 3, 2), ())]


with check("uses one norm for all arrays, whatever their shapes", weight=2):
    for seed, max_norm in ((71, 1.0), (72, 0.25), (73, 3.0)):
        _compare(_arrays(seed), max_norm)
with check("keeps the shapes, and returns float64"):
    for got, grad in zip(_clipped(_arrays(74), 1.0), _arrays(74)):
        check.floats(got, grad.shape)
with check("keeps the direction, and reaches the maximum exactly"):
    grads = _arrays(75, 100.0)
    got = np.concatenate([np.ravel(part) for part in _clipped(grads, 2.0)])
    whole = np.concatenate([np.ravel(part) for part in grads])
    check.close((np.linalg.norm(got),), (2.0,), rtol=1e-5, names=("the global norm of the result",))
    check.close((got / np.linalg.norm(got),), (whole / np.linalg.norm(whole),), rtol=1e-5,
                names=("the result divided by its global norm, all in one row",))
with check("never scales up, however small the gradients are"):
    _compare(_arrays(76, 1e-3), 1.0)
    _compare(_arrays(77, 0.1), 50.0)
with check("clips large gradients, and small ones to a smaller maximum"):
    _compare(_arrays(78, 1000.0), 5.0)
    _compare(_arrays(79, 0.1), 0.2)
with check("keeps zeros zero beside other gradients"):
    _compare([np.zeros(3), np.array([0.0, -8.0])], 2.0)
with check("gives an empty list for an empty list"):
    check.true(len(_clipped([], 1.0)) == 0, "expected an empty list.")
with check("works in any memory order"):
    rng = np.random.default_rng(80)
    _compare([np.asfortranarray(rng.normal(size=(6, 8)))[::2, ::-3], rng.normal(size=9)[::2]], 1.5)
with check("returns new arrays, also when nothing is clipped, and leaves its input as it was"):
    for max_norm in (0.5, 1000.0):
        grads = _arrays(81)[:5]
        check.unchanged(clip_by_global_norm, grads, max_norm)
        check.new(list(check.call(clip_by_global_norm, grads, max_norm)), *grads)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Start with the norm of everything together: add up the squares of all the entries of all the arrays, and take a single root at the end.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `sum(np.sum(grad ** 2) for grad in grads)` adds up over the list.
# Decide on the factor before you scale anything: if the norm is not above `max_norm`, the factor is 1, and you never divide by zero.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Make float arrays of all the gradients, and let `norm` be the square root of the sum.
# The factor is `max_norm / norm` if the norm is above `max_norm`, and 1 otherwise.
# Multiply each array by it; this makes new arrays even if the factor is 1.
# </details>

# %% [markdown]
# Here are ten ReLU layers whose weights are too large (a scale of 2, where $\sqrt 2$ would do), trained with a learning rate of 0.1.
#
# **Predict:** how many epochs will the network survive without clipping? And with it?

# %%
with plots.figure("The loss of ten ReLU layers whose weights are too large, on a logarithmic axis. Without "
                  "clipping, it jumps up in the first epochs and then turns into NaN. Clipped to a global "
                  "norm of 1, it falls.", size=(6.8, 4.0)) as ax:
    weights = stack(10, 2.0, np.random.default_rng(0))
    runs = {"clipped to 1": train(images, labels, weights, "ReLU", 0.1, 100,
                                  clip=lambda grads: clip_by_global_norm(grads, 1.0))[2],
            "not clipped": train(images, labels, weights, "ReLU", 0.1, 100)[2]}
    finite = int(np.argmin(np.isfinite(runs["not clipped"])))
    runs["not clipped"] = [loss if loss < 1e6 else np.nan for loss in runs["not clipped"]]
    plots.curves(np.arange(100), runs, log=True, xlabel="epoch", ylabel="loss", ax=ax,
                 title=f"Without clipping, the loss is NaN from epoch {finite} on")

# %% [markdown]
# Without clipping, the loss jumps from 66 to 5560 in the first step, and from epoch 2 on it is `nan`.
# Clipped to a global norm of 1, it falls from 66 to 0.83 in 100 epochs.
#
# You could also cut off each entry at plus or minus some value ("clipping by value"), but that changes the direction:

# %%
with unfinished():
    g = np.array([10.0, 0.5])
    by_norm, by_value = clip_by_global_norm([g], 1.0)[0], np.clip(g, -1.0, 1.0)
    for name, clipped in (("by norm", by_norm), ("by value", by_value)):
        cosine = clipped @ g / np.linalg.norm(clipped) / np.linalg.norm(g)
        print(f"{name:8s} {clipped.round(2)}, {np.degrees(np.arccos(min(cosine, 1.0))):4.1f} degrees off")

# %% [markdown]
# ## Batch normalization as a remedy
#
# A good initialization makes the factors right *once*, at the start, and then the weights change.
# So Sergey Ioffe and Christian Szegedy (2015) adjust the scale at every step: for each unit, they subtract from $z$ its mean over the batch, and divide by its standard deviation over the batch.
# Then the activation gets values of $z$ around 0, where it is steep, whatever the weights are.
# You will build this in lesson 7; here it is the switch `norm` of the training loop.
#
# ## Four remedies side by side
#
# Here are twenty plain sigmoid layers with Xavier's weights, and four networks that differ from them in *one* thing each. (ReLU comes with He's weights.)
#
# **Predict:** which of the four remedies bring the gradient through? And will the losses rank them in the same order?

# %%
with plots.figure("Five networks of twenty layers. Left, the gradient before training: with plain sigmoids it "
                  "vanishes; with the four others it keeps its size within a factor of three. Right, the "
                  "loss: plain sigmoids stay at log 10; skips, batch normalization, and tanh fall well "
                  "below it; ReLU with He's weights jumps around and hardly falls.",
                  columns=2, size=(10.6, 4.4)) as (gradient, learning):
    remedies = {"skips": ("sigmoid", {"skip": residual_backward}), "ReLU, He": ("ReLU", {}),
                "tanh": ("tanh", {}), "batch norm": ("sigmoid", {"norm": True}),
                "sigmoid": ("sigmoid", {})}
    start = {name: xavier_or_he(20, kind, np.random.default_rng(0))
             for name, (kind, _) in remedies.items()}
    sizes = {name: at_start(start[name], kind, **way) for name, (kind, way) in remedies.items()}
    losses = {name: train(images, labels, start[name], kind, 0.1, 80, **way)[2]
              for name, (kind, way) in remedies.items()}
    through = sum(1 / 3 < row[0] / row[-1] < 3 for row in sizes.values())
    sizes = {name: row[::-1] for name, row in sizes.items()}
    colors = {"sigmoid": COLORS["sigmoid"], "tanh": COLORS["tanh"], "ReLU, He": COLORS["ReLU"],
              "skips": plots.SERIES_COLORS[4], "batch norm": plots.SERIES_COLORS[5]}
    plots.curves(range(1, 21), sizes, log=True, xlabel=BACK, ylabel="size of the gradient", colors=colors,
                 ax=gradient, title=f"In {through} of 5, the gradient gets through").set_xticks(FIVES)
    plots.curves(np.arange(80), losses, xlabel="epoch", ylabel="loss", colors=colors, ax=learning,
                 title=f"{sum(row[-1] < 1 for row in losses.values())} of 5 reach a loss below 1")
    learning.set_ylim(-0.1, 4)

# %% [markdown]
# All four bring the gradient through, within a factor of about 2: from 0.48 times its size with tanh to 1.97 times with batch norm, while the plain sigmoids leave $10^{-12}$ of it.
# But the final losses are in a different order: 0.23 with skips, 0.81 with batch norm, 0.90 with tanh, and 2.29 with ReLU, whose gradient came through best of all (0.90).
#
# ### Arriving is not enough
#
# So why does the ReLU network learn next to nothing?
# A step helps with other inputs only if their gradients point in a similar direction.
# So walk in a straight line from one image to another, and compare the gradient at each point with the one a twentieth of the way farther on.
# Their cosine is 1 if they agree, and 0 if they have nothing to do with each other.
#
# **Predict:** does this agreement survive in 50 layers of ReLU? And with skips?

# %%
def agreement(depth, kind, **remedy):
    """The mean cosine between the gradients at layer 1 of inputs a twentieth of the way apart."""
    weights = xavier_or_he(depth, kind, np.random.default_rng(0))
    zeros = [np.zeros(len(W)) for W in weights]
    walk = [(1 - t) * images[0] + t * images[1] for t in np.linspace(0, 1, 101)]
    # For a single example, the gradient of the biases is delta itself.
    deltas = np.array([gradients(x[None], labels[:1], weights, zeros, kind, **remedy)[2][0] for x in walk])
    deltas /= np.linalg.norm(deltas, axis=1, keepdims=True)
    return np.mean(np.sum(deltas[5:] * deltas[:-5], axis=1))


with unfinished():
    for depth in (2, 20, 50):
        print(f"{depth:2d} layers:  ReLU {agreement(depth, 'ReLU'):.3f}   tanh {agreement(depth, 'tanh'):.3f}   "
              f"ReLU with skips {agreement(depth, 'ReLU', skip=residual_backward):.3f}")

# %% [markdown]
# Not with plain ReLU: the agreement falls from 0.965 with 2 layers to 0.940 with 20 and 0.775 with 50.
# With skips it is still 0.992 at 50 layers, and with tanh 0.998.
# David Balduzzi and others (2017) call gradients that stop agreeing *shattered*: each step helps one input and disturbs its neighbors.
# At 20 layers, this is only part of what holds ReLU back, and agreement alone is not enough either: with skips, ReLU's gradients agree, and explode.
#
# ### Batch normalization in deep networks (optional)
#
# **Predict:** what does the gradient do in a deep ReLU network with batch normalization and no skips?

# %%
with unfinished():
    for depth in (5, 10, 20, 40):
        weights = xavier_or_he(depth, "ReLU", np.random.default_rng(0))
        sizes = at_start(weights, "ReLU", norm=True)
        print(f"{depth:2d} layers: gradient at the first over the last {sizes[0] / sizes[-1]:8.1f}, "
              f"a factor of {(sizes[0] / sizes[-1]) ** (1 / (depth - 1)):.2f} in each layer")

# %% [markdown]
# It *explodes*: each layer multiplies it by about 1.22, and over 40 layers that is a factor of about 2400.
# No choice of weights prevents this, as Greg Yang and others proved in 2019 for wide networks.
# So deep networks with batch normalization have skip connections, too.

# %% [markdown]
# ## Check your understanding
#
# Each of the five questions has exactly one right answer.
# Return its letter.

# %% [markdown]
# **Question 1.** Why do gradients vanish in a deep network of sigmoids with ordinary random weights?
#
# - **a**  The outputs of the units are not centered on 0, so all the weights of a unit are pushed in the same direction.
# - **b**  Each layer multiplies the gradient by a derivative below 1, and the weights do not make up for it.
# - **c**  The learning rate is too small for the first layers, and a larger learning rate would make up for that.
# - **d**  The numbers become smaller than anything a float64 can hold, so they are rounded to 0 on the way.

# %% exercise: quiz_vanish
def quiz_vanish():
    """The letter of your answer to question 1, for example return "a"."""
    ### BEGIN SOLUTION
    return "b"
    ### END SOLUTION

# %% tests: quiz_vanish, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_vanish())
### BEGIN HIDDEN TESTS
with check("why gradients vanish"):
    check.letter(quiz_vanish(), right="b", why={
        "a": "That is true of the sigmoid and slows learning down. But tanh is centered, and its "
             "gradients can vanish as well.",
        "b": "The sigmoid's derivative is at most 1/4, and ordinary weights don't make up for "
             "it, so the gradient shrinks at every layer.",
        "c": "A rate a million times larger would move the first layers, but it would also blow up the "
             "last ones, whose gradients are not small. The ratio stays the same.",
        "d": "A float64 goes down to about 1e-308. A gradient of 1e-12 still has 16 correct digits, "
             "but it is far too small to move a weight."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 2.** A tanh network has 50 layers, and its weights have a spread of $s/\sqrt n$. Before training, what happens to the gradient on its way back?
#
# - **a**  It vanishes for every $s$, because the derivative of tanh is at most 1.
# - **b**  It keeps its size for every $s$, because the derivative of tanh at 0 is 1.
# - **c**  It vanishes only for large $s$, because then the units are saturated.
# - **d**  It vanishes for $s = 0.5$ and grows for $s = 3$.

# %% exercise: quiz_scale
def quiz_scale():
    """The letter of your answer to question 2, for example return "a"."""
    ### BEGIN SOLUTION
    return "d"
    ### END SOLUTION

# %% tests: quiz_scale, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_scale())
### BEGIN HIDDEN TESTS
with check("what the scale of the weights does"):
    check.letter(quiz_scale(), right="d", why={
        "a": "The derivative is only one of two factors, and large weights can more than make up for "
             "it: look at the figure of the factor against the scale.",
        "b": "Only one scale keeps the size. With s = 0.5, the units do sit near 0, where the slope "
             "is 1, and each layer still multiplies by a half.",
        "c": "Many units are saturated, and their slopes are small. But the weights are large, and "
             "the measured factor for s = 3 is above 1.",
        "d": "Each layer multiplies the gradient by the scale of the weights and by the slope "
             "of tanh, and the measured product is below 1 for s = 0.5 and above 1 for s = 3."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 3.** In a tanh network of 20 layers, all the *weight* gradients have the same size, $10^{-7}$. A colleague concludes that nothing is vanishing. What do you say?
#
# - **a**  Right: vanishing means that the first layers have smaller weight gradients than the last ones.
# - **b**  Right, and to make the network learn, the learning rate should be multiplied by $10^7$.
# - **c**  Not so fast: the activations may shrink going forward while δ shrinks going back.
# - **d**  Wrong: there must be a bug in the weight gradients, because δ always shrinks on the way back.

# %% exercise: quiz_weight_gradients
def quiz_weight_gradients():
    """The letter of your answer to question 3, for example return "a"."""
    ### BEGIN SOLUTION
    return "c"
    ### END SOLUTION

# %% tests: quiz_weight_gradients, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_weight_gradients())
### BEGIN HIDDEN TESTS
with check("what weight gradients tell"):
    check.letter(quiz_weight_gradients(), right="c", why={
        "a": "That is what you see with sigmoids. In the tanh network above, delta fell by a factor "
             "of 500,000, while all the weight gradients were alike, and all tiny.",
        "b": "The bias gradients are sums of delta itself, which differs by many powers of ten between "
             "layers, so no single rate fits them. Fix the scale of the weights instead.",
        "c": "A weight gradient is delta times the incoming activations, so equal products "
             "say nothing about either factor.",
        "d": "There doesn't have to be a bug. dW is delta times the activations of the previous layer; "
             "if one shrinks going back and the other going forward, they can balance."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 4.** All the weights and biases of a network with ReLU hidden layers and a softmax output start at 0. What can training change?
#
# - **a**  Everything, but all the units of a layer learn the same feature.
# - **b**  Only the biases of the output layer.
# - **c**  The weights and biases of the output layer; the hidden layers stay as they are.
# - **d**  Nothing at all, because every gradient is 0.

# %% exercise: quiz_zero
def quiz_zero():
    """The letter of your answer to question 4, for example return "a"."""
    ### BEGIN SOLUTION
    return "b"
    ### END SOLUTION

# %% tests: quiz_zero, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_zero())
### BEGIN HIDDEN TESTS
with check("what starts from zero"):
    check.letter(quiz_zero(), right="b", why={
        "a": "That is what happens with equal weights other than 0, or with sigmoids. Here the "
             "hidden activations are 0, and delta times 0 moves no weight.",
        "b": "All hidden activations and all output weights are 0, and every gradient except that "
             "of the output biases has one of them as a factor.",
        "c": "The gradient of the output weights is delta times the hidden activations, which "
             "are all 0.",
        "d": "One gradient has no factor of 0: that of the output biases, which is the column "
             "sum of softmax minus one-hot."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 5.** A gradient $g$ arrives at the output of a residual block $y = x + F(x)$, whose branch $F$ is so saturated that it sends back exactly 0. What arrives at $x$?
#
# - **a**  $g$
# - **b**  0
# - **c**  $2g$
# - **d**  $g/2$

# %% exercise: quiz_skip
def quiz_skip():
    """The letter of your answer to question 5, for example return "a"."""
    ### BEGIN SOLUTION
    return "a"
    ### END SOLUTION

# %% tests: quiz_skip, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_skip())
### BEGIN HIDDEN TESTS
with check("what a skip connection does"):
    check.letter(quiz_skip(), right="a", why={
        "a": "A sum passes its gradient to both of its terms: the skip brings g, and the branch "
             "adds 0.",
        "b": "That would be true without the skip, or if the two paths were multiplied. They are "
             "added, and the direct path brings g.",
        "c": "2g would arrive if the branch sent back g as well. Here it sends back 0.",
        "d": "A sum is not a mean: each of the two paths gets all of g."})
### END HIDDEN TESTS

# %% [markdown]
# ## Questions people ask you
#
# Answer each one out loud before you open it.
#
# <details><summary>What happens if all weights are initialized to zero?</summary>
#
# The usual answer, "all units of a layer learn the same thing", is right for equal weights *other* than zero, and for sigmoids.
# With ReLU or tanh units it is worse: all hidden activations are 0, and so is every δ that comes back through zero weights, so only the output biases learn.
# Either way, the remedy is to draw the weights at random (Xavier, He), which breaks the symmetry.
# The biases may be zero.
#
# **A good answer says:** equal weights keep the units of a layer equal; with ReLU or tanh, zeros stop everything but the output biases; draw weights at random, and biases may be zero.
# </details>
# <details><summary>Doesn't ReLU solve the vanishing gradient problem?</summary>
#
# It removes the factor of a quarter, and it does not saturate for positive inputs.
# But half of its units pass nothing on, so with weights of spread 1/√n each layer still takes away 30% of the gradient, and a network of 30 layers with Xavier's weights stands still.
# With He's weights, the factor is about 1.
# And units that are inactive on all inputs never pass anything on again (lesson 5).
#
# **A good answer says:** what it removes: the factor of a quarter; half of its units pass nothing on, so the weights' scale decides; dead units stay dead.
# </details>
# <details><summary>Xavier or He?</summary>
#
# Use Xavier for tanh and other activations that are roughly the identity near 0, and He for ReLU and its relatives.
# Both assume independent weights, and they hold only at the start of training.
# In very deep networks, a factor of √2 is decisive; in shallow ones you will hardly see it.
# With batch or layer normalization, the choice matters less.
#
# **A good answer says:** Xavier for tanh, He for ReLU; both hold at the start only, for independent weights; it matters in deep networks, less with normalization.
# </details>
# <details><summary>What can you do about vanishing gradients, and what does each remedy change?</summary>
#
# | remedy | which factor it fixes |
# |---|---|
# | **activation** (ReLU or tanh instead of sigmoid) | the derivative: up to 1 instead of up to 1/4 |
# | **initialization** (Xavier, He) | the weights: weight times derivative is about 1 at the start |
# | **skip connections** | they go around the product, on a path without any factors |
# | **batch normalization** | it keeps $z$ where the activation is steep, at every step |
#
# In practice, they are used together.
#
# **A good answer says:** names at least three of activation, initialization, skip connections, normalization; says for each which factor it changes, or that it goes around the product.
# </details>
# <details><summary>How does batch normalization interact with the activation functions?</summary>
#
# It (usually) comes before the activation and keeps its input around 0 with a spread of 1: sigmoid and tanh stay away from their flat ends, and about half of the ReLU units are active.
# That allows higher learning rates.
# "It reduces internal covariate shift", the drifting of each layer's inputs, is what its inventors said, and that is contested: Shibani Santurkar and others (2018) made the inputs drift on purpose, and training went just as well.
# They found that the loss becomes smoother instead.
# In deep networks without skips, it makes gradients grow.
#
# **A good answer says:** it keeps the activation's input near 0 with spread 1; that means less saturation, and half of the ReLU units active; covariate shift as the reason is contested.
# </details>
# <details><summary>How do you find out whether gradients vanish or explode?</summary>
#
# For each layer, log the size of δ or of the bias gradients, and the spread of the activations, on a logarithmic scale, at the start and every now and then.
# A line that falls steadily toward the first layer means vanishing, and one that rises means exploding.
# The symptom is a loss that stays at $\log c$, as for guessing among $c$ classes, or turns into `nan`.
# Don't rely on the weight gradients alone.
#
# **A good answer says:** log the size of δ or of the bias gradients, layer by layer; a line that falls toward the first layer, or rises; the symptom: a loss at log c, or nan.
# </details>

# %% [markdown]
# ## In an interview
#
# *What is the vanishing gradient problem, and how can it be mitigated?*
#
# Answer in the cell below, in six to ten sentences.
# Say, with a formula, what one layer multiplies the gradient by, and what follows for many layers.
# Explain why "because the derivative of the sigmoid is at most 0.25" is only half an answer.
# Name at least three remedies and what each of them changes.
# A teacher reads this answer; it is worth 3 points.
#
# <!-- A good answer says: a formula for what one layer multiplies by, and what follows for many; why the sigmoid's slope is only half an answer; three remedies, and what each changes -->

# %% answer: interview_vanishing, 3 points [markdown]
# In the backward pass the gradient at layer l is δ_l = (δ_{l+1} W_{l+1}) ⊙ act'(Z_l), so each layer multiplies it by its weights and by the derivative of the activation.
# Through L layers that is a product of L such factors: if their geometric mean is below 1, the gradient shrinks exponentially with depth and the first layers hardly learn; if it is above 1, it explodes.
# With sigmoids the derivative is at most 0.25, so with ordinary weights the factor is about a quarter, and less where the units are saturated.
# But the derivative is only one of the two factors: a linear network with small weights has vanishing gradients too, and tanh with large weights has exploding ones.
# Remedies: ReLU has a derivative of 1 for active units and doesn't saturate on that side; Xavier and He initialization choose the variance of the weights so that the factor is about 1 at the start.
# Residual connections y = x + F(x) add a path without factors: dx is dy plus what F sends back.
# Batch normalization keeps the pre-activations where the slope is large during training.
# Against exploding gradients, we clip by the global norm.
#
# ### BEGIN MARK SCHEME
# One point for each, half points where it is incomplete:
#
# 1. **Mechanism:** a product over the layers of weights times derivatives (formula or clear words), hence exponential in depth, and the first layers (or all weights) hardly learn.
# 2. **Both factors:** the bound of 0.25 (or saturation) named for what it is, and the scale of the weights as the other half, with a consequence or an example (linear networks vanish too, tanh can explode, a larger weight makes up for it).
# 3. **Remedies:** three of: ReLU-like activation, initialization (Xavier, He), residual connections, batch or layer normalization (LSTM gates count); each with what it changes.
#
# These cost the point in parentheses: "the loss becomes small near the minimum" or overfitting as the explanation (1); "tanh always vanishes", or "only the activation matters" (2); a larger learning rate, more epochs, or gradient clipping offered as a cure for *vanishing* gradients (3).
# ### END MARK SCHEME

# %% [markdown]
# ## What to remember
#
# > - Back through one layer: $\delta_l = (\delta_{l+1} W_{l+1}) \odot \mathrm{act}'(Z_l)$. Many layers make a product, which vanishes or explodes unless the geometric mean of its factors is close to 1.
# > - Each factor is a *weight times a derivative*, and $0.25^L$ bounds only the derivatives. Linear networks have vanishing gradients too.
# > - Look at δ and at the activations. Weight gradients are the product of the two and can hide the problem.
# > - Xavier: variance $2/(n_\text{in} + n_\text{out})$, for tanh. He: $2/n_\text{in}$, for ReLU. Equal weights make equal units, and zero weights don't learn at all with ReLU or tanh.
# > - $y = x + F(x)$ sends back $dy$ plus the branch's part. Skip connections need normalization or small branches, or the gradient explodes.
# > - Clip by the global norm: one factor for everything keeps the direction.
# > - A gradient that arrives is necessary for learning, but not sufficient.
#
# **Next:** [lesson 7, regularization](../07_regularization/07_regularization.ipynb): networks that learn too well, and batch normalization from the inside.
# **Back:** [lesson 5, activation functions](../05_activations/05_activations.ipynb).
#
# <details><summary>Sources</summary>
#
# S. Hochreiter, "Untersuchungen zu dynamischen neuronalen Netzen" (diploma thesis, 1991), the first analysis of the problem. Y. Bengio, P. Simard, and P. Frasconi, "Learning long-term dependencies with gradient descent is difficult" (1994). X. Glorot and Y. Bengio, "Understanding the difficulty of training deep feedforward neural networks" (2010). R. Pascanu, T. Mikolov, and Y. Bengio, "On the difficulty of training recurrent neural networks" (2013). K. He, X. Zhang, S. Ren, and J. Sun, "Delving deep into rectifiers" (2015) and "Deep residual learning for image recognition" (2016). S. Ioffe and C. Szegedy, "Batch normalization" (2015). B. Poole and others, "Exponential expressivity in deep neural networks through transient chaos" (2016). S. Schoenholz and others, "Deep information propagation" (2017). S. Santurkar and others, "How does batch normalization help optimization?" (2018). G. Yang and others, "A mean field theory of batch normalization" (2019). D. Balduzzi and others, "The shattered gradients problem" (2017).
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

HandIn("06_vanishing_gradients")
