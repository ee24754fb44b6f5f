# %% [markdown]
# # 4 · Backpropagation: which weight is to blame?
#
# In lesson 3 a network looked at a digit, and a single number, the loss, told you how wrong it was.
# More than a thousand weights contributed to that number.
# Which of them should change, in which direction, and by how much?
#
# You could find out by trial: nudge one weight, run the network again, and see whether the loss falls.
# With a million weights, that takes a million runs to make one small improvement.
# Backpropagation finds the answer for *all* the weights at once, for about the price of two more runs.
#
# You build it, check it, measure what it costs, and train a network with nothing but your own code.
#
# **You will build**, from nothing but NumPy:
# `cross_entropy_grad` → `linear_backward` → `tanh_backward` → `mlp_backward` → `numerical_gradient` → `gradient_check` → `cases` → `find_bugs` → `sgd_step` → `train_mlp`
#
# **Time:** about 130 minutes. **You need:** [lesson 3](../03_forward_pass/03_forward_pass.ipynb), and four derivatives: of $x^2$, of a product, of $e^x$ (it is $e^x$ itself), and of $\log x$ ($1/x$).
# Plan two sittings, and stop for the day after exercise 4, the backward pass.
# Sections marked *optional* can be skipped.
#
# **How to work.** As before: predict, run, explain, and open a hint when you get stuck.
# Each exercise is tested on its own, so if one won't budge, skip it and come back.

# %% given: imports
import numpy as np

from utils import data, gradcheck, plots
from utils.checks import unfinished
from utils.widgets import GradientGraph

# %% [markdown]
# Here are the pieces you built in lesson 3, in the version of the model solution.

# %% earlier: pieces
# from 03_forward_pass: mlp_forward, softmax, cross_entropy

# %%
# To use your own pieces instead, remove the # in front of the next two lines.
# from utils import earlier
# mlp_forward, softmax, cross_entropy = earlier.mine("03_forward_pass", "mlp_forward", "softmax", "cross_entropy")

# %% [markdown]
# ## What a gradient says
#
# <details><summary>Optional: a student, a test, a teacher</summary>
#
# | at school | in the network | in code |
# |---|---|---|
# | a student works out an answer, line by line | the forward pass: $X \to Z_1 \to A_1 \to \dots \to Z_{\text{last}}$ | `mlp_forward` |
# | the work stays on the paper | the cache: each layer's input and scores | `cache[l] = (A_in, Z)` |
# | the teacher gives one grade | the loss $\mathcal L$ | `cross_entropy` |
# | the teacher works back from the last line: which step went wrong, and by how much? | the backward pass: $dZ_{\text{last}} \to \dots \to dA_1 \to dZ_1$ | `mlp_backward` |
# | the student revises a little | the update: $W \leftarrow W - \eta\, dW$ | `sgd_step` |
# | then comes the next test, and the next | epochs | `train_mlp` |
#
# The analogy breaks down in one place: the teacher knows a better way to solve the problem, and the backward pass doesn't.
# All it knows is slopes: what a *tiny* change in each weight would do to the grade.
# </details>
#
# One piece of notation runs through the whole lesson:
#
# > `dW` is short for $\partial \mathcal L / \partial W$: for each entry of `W`, it says how fast the loss rises as that entry alone rises. It always has the same shape as `W`.

# %% [markdown]
# ## The chain rule, by hand
#
# Let's start with plain numbers.
# Take a single unit with one input, and compare its output with a target $y$.
# The loss, here simply $L$, is the squared error:
#
# $$ u = w\,x, \qquad z = u + b, \qquad a = \tanh z, \qquad e = a - y, \qquad L = e^2 . $$
#
# Let $x = 2$, $w = 0.5$, $b = -0.5$, and $y = 1$.
# **Forward**, each step uses the results of the steps before it:
#
# $$ u = 1, \qquad z = 0.5, \qquad a = 0.462, \qquad e = -0.538, \qquad L = 0.289 . $$
#
# **Backward**, start at the end with $dL/dL = 1$ and ask each step just one question: *if your input moves a little, how many times as much does your output move?*
# The answer is the step's **local slope**.
# Multiply by it and pass the product on.
#
# | step | local slope | gradient of its input |
# |---|---|---|
# | $L = e^2$ | $2e = -1.076$ | $de = 1 \cdot (-1.076) = -1.076$ |
# | $e = a - y$ | $1$ for $a$, $-1$ for $y$ | $da = -1.076, \quad dy = 1.076$ |
# | $a = \tanh z$ | $1 - a^2 = 0.786$ | $dz = -1.076 \cdot 0.786 = -0.846$ |
# | $z = u + b$ | $1$ for both | $du = -0.846, \quad db = -0.846$ |
# | $u = w\,x$ | $x = 2$ for $w$, and $w = 0.5$ for $x$ | $dw = -0.846 \cdot 2 = -1.692, \quad dx = -0.846 \cdot 0.5 = -0.423$ |
#
# Multiplying the local slopes along a path is the **chain rule**.
# Notice three things:
#
# - Each slope is evaluated *at the values of the forward pass*. That is why we keep them. (Take our word for the slope of tanh, $1 - \tanh^2$; with exercise 5 you can test it.)
# - One sweep gives you *all* the gradients: $dw$, $db$, and $dx$ share all the work up to $dz$.
# - Each operation has its own pattern. **Add distributes:** every term of a sum gets the gradient unchanged. **Multiply swaps:** the slope for $w$ is $x$, and the slope for $x$ is $w$. **Max routes:** in $\max(p, q)$ the larger one gets the whole gradient, and the other gets nothing.
#
# **Predict:** if $w$ goes up to 0.501, what will happen to $L$?

# %%
def unit_loss(x, w, b, y):
    return (np.tanh(w * x + b) - y) ** 2


before, after = unit_loss(2, 0.5, -0.5, 1), unit_loss(2, 0.501, -0.5, 1)
print(f"L before {before:.6f}, after {after:.6f}: it changed by {after - before:+.6f}")

# %%
with plots.figure("Five steps u, z, a, e, and L in a row, with the inputs w, x, b, and y beside them. Each "
                  "box shows a value from the forward pass and, below it, its gradient: dw = −1.692, "
                  "dx = −0.423, db = −0.846, dy = 1.076.",
                  size=(9.6, 3.2)) as ax:
    plots.unit_graph(x=2.0, w=0.5, b=-0.5, y=1.0, ax=ax)
    ax.set_title("Values flow to the right, gradients flow back: one sweep each")

# %% [markdown]
# The gradient told you: the loss should change by about $0.001 \cdot (-1.692) = -0.001692$.
# The actual change is $-0.001688$.
# The small difference is there because the slope itself changes a little along the way.
#
# **When a value takes two paths.** Let $q = x \cdot x$.
# The value $x$ is used twice, so nudging $x$ moves $q$ along two paths, each with local slope $x$.
# Together that makes $x + x = 2x$, as it should.
#
# > **Multiply along a path. Add where paths meet:
# > what is copied on the way forward is summed on the way back.**
#
# This law is all of backpropagation, apart from the order of the work: go from the end to the beginning, so that every gradient is complete before you pass it on.
# In a network, values are copied everywhere: a hidden unit feeds *all* the units of the next layer, and every weight and every bias serves *all* the examples of a batch.

# %% [markdown]
# ## From one unit to layers
#
# Lesson 3's network repeats two steps, starting with $A_0 = X$, and ends with a third:
#
# $$ Z_l = A_{l-1} W_l^\top + b_l, \qquad A_l = \tanh Z_l, \qquad\dots,\qquad \mathcal L = \text{cross-entropy}(Z_{\text{last}}, y). $$
#
# So you need only three local rules, and each of them is an exercise.
#
# **Start with the last step.** For one example with logits $z$ and label $y$, the loss is $-\log p_y$, where $p = \mathrm{softmax}(z)$.
# Write it out, and the logarithm undoes the exponential in the numerator:
#
# $$ \ell = -\log \frac{e^{z_y}}{\sum_k e^{z_k}} = -z_y + \log \sum_k e^{z_k}. $$
#
# Now differentiate with respect to one logit $z_j$, one term at a time.
#
# - **The first term**, $-z_y$, has slope $-1$ if $j$ is the right class, and 0 otherwise. Write that as $-[j = y]$, where the bracket is 1 if it is true and 0 if not.
# - **The second term** is $\log s$ with $s = \sum_k e^{z_k}$: two steps, so multiply two slopes. The slope of $\log s$ is $1/s$. In the sum $s$, only the term $e^{z_j}$ contains $z_j$, and its slope is $e^{z_j}$ again. The product is $\frac{1}{s} \cdot e^{z_j}$, which is just the softmax probability $p_j$.
#
# Together:
#
# $$ \frac{\partial \ell}{\partial z_j} = \frac{e^{z_j}}{\sum_k e^{z_k}} - [j = y] = p_j - [j = y]. $$
#
# It is probability minus truth, and the truth is *one-hot*: 1 for the right class, 0 for the others.
# For the logits $(0, 0)$ and the label 1 it is $(0.5, -0.5)$.
# Since you will step *against* the gradient, this pushes the first logit down and the second one up.
#
# The loss of a batch is the *mean* of its examples' losses, so everything is divided by $n$.
# **This happens here, and only here.**
# Everything that follows is multiplied by this gradient, so it already contains the $1/n$.
#
# ## Exercise 1: where the gradient begins

# %% exercise: cross_entropy_grad
def cross_entropy_grad(Z, y):
    """Return the gradient of the mean cross-entropy with respect to the logits.

    Z: (n, c) logits, any array-like; they may be very large.  y: (n,) int labels, 0 to c - 1.
    Returns a float64 array of shape (n, c); the 1/n of the mean is included.

    cross_entropy_grad([[0.0, 0.0]], [1]) gives array([[ 0.5, -0.5]])
    """
    ### BEGIN SOLUTION
    dZ = softmax(np.asarray(Z, dtype=float))
    dZ[np.arange(len(dZ)), np.asarray(y)] -= 1.0
    return dZ / len(dZ)
    ### END SOLUTION

# %% tests: cross_entropy_grad, 3 points
import math

import numpy as np

with check("pushes the right logit up and the other one down"):
    check.close(check.call(cross_entropy_grad, np.array([[0.0, 0.0]]), np.array([1])),
                [[0.5, -0.5]])
with check("divides by the number of examples"):
    Z = np.array([[0.0, 0.0], [np.log(3.0), 0.0]])
    check.close(check.call(cross_entropy_grad, Z, np.array([1, 0])),
                [[0.25, -0.25], [-0.125, 0.125]])
with check("stays right for logits of 1000 and -1000"):
    Z = np.array([[1000.0, 1000.0 + math.log(3)], [-1000.0, -1000.0]])
    check.close(check.call(cross_entropy_grad, Z, np.array([0, 1])), [[-0.375, 0.375], [0.25, -0.25]])
with check("takes lists and whole numbers, and leaves its input as it was"):
    check.close(check.call(cross_entropy_grad, [[2, 2]], [1]), [[0.5, -0.5]])
    check.unchanged(cross_entropy_grad, np.array([[1.0, -2.0], [0.5, 0.0]]), np.array([1, 0]))
### BEGIN HIDDEN TESTS
def _by_entries(Z, y):
    Z = np.asarray(Z, dtype=float)
    rows = []
    for z, label in zip(Z.tolist(), np.asarray(y).tolist()):
        powers = [math.exp(value - max(z)) for value in z]
        rows.append([(power / sum(powers) - (j == label)) / len(Z)
                     for j, power in enumerate(powers)])
    return np.array(rows)


with check("agrees with a loop, whatever the sizes"):
    rng = np.random.default_rng(411)
    for n, c in ((7, 4), (4, 4), (3, 6), (9, 2)):
        Z, y = 2 * rng.normal(size=(n, c)), rng.integers(c, size=n)
        check.close(check.call(cross_entropy_grad, Z, y), _by_entries(Z, y))
with check("is the slope of the mean loss in a random direction"):
    rng = np.random.default_rng(412)
    Z, V, y = rng.normal(size=(6, 3)), rng.normal(size=(6, 3)), rng.integers(3, size=6)
    moved = Z + 1e-30j * V  # the complex step: a derivative without a difference
    loss = np.mean(np.log(np.exp(moved).sum(axis=1)) - moved[np.arange(6), y])
    got = np.asarray(check.call(cross_entropy_grad, Z, y))
    check.floats(got, (6, 3))
    check.close(float(np.sum(got * V)), loss.imag / 1e-30)
with check("stays right for very large and very small logits"):
    Z = np.array([[1000.0, 0.0, -1000.0], [-1000.0, -1000.0, -1001.0], [1e4, 1e4, 0.0]])
    for y in (np.array([0, 1, 2]), np.array([2, 2, 0])):
        check.close(check.call(cross_entropy_grad, Z, y), _by_entries(Z, y))
with check("works on a batch of one"):
    Z = np.array([[0.3, -1.2, 2.0, 0.5]])
    check.close(check.call(cross_entropy_grad, Z, np.array([2])), _by_entries(Z, [2]))
with check("returns float64, for whole numbers too"):
    got = check.call(cross_entropy_grad, [[1, 2, 0], [0, 0, 3]], [0, 2])
    check.floats(got, (2, 3))
    check.close(got, _by_entries([[1, 2, 0], [0, 0, 3]], [0, 2]))
with check("reads any memory order, and leaves its input as it was"):
    rng = np.random.default_rng(413)
    Z, y = np.asfortranarray(rng.normal(size=(10, 6)))[::2, ::-2], rng.integers(3, size=10)[::2]
    check.close(check.call(cross_entropy_grad, Z, y), _by_entries(Z, y))
    check.unchanged(cross_entropy_grad, Z, y)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# `softmax(Z)` gives you all the probabilities.
# How many entries in each row need 1 subtracted, and which ones?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `P[np.arange(n), y]` picks one entry from each row: column `y[0]` from row 0, column `y[1]` from row 1, and so on.
# You can also assign to it.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Start with `P = softmax(Z)`, which is a new array, so `Z` stays as it is.
# Subtract 1 from the entries at `[np.arange(len(P)), y]`, then divide the whole array by the number of rows.
# </details>

# %% [markdown]
# ## Back through a layer
#
# Let $Z = X W^\top + b$, and suppose `dZ`, of shape `(n, out)`, has arrived from the next layer.
# Take a single weight, $W_{ji}$, which connects input $i$ to unit $j$.
# In every example $k$ it multiplies $X_{ki}$, and it affects only the score of its own unit, $Z_{kj}$.
# Multiply along each path, and add over the examples:
#
# $$ dW_{ji} = \sum_k dZ_{kj}\, X_{ki} \quad\Longrightarrow\quad dW = dZ^\top X . $$
#
# The law explains the bias as well: one bias is *copied* to every example, so its gradients are *summed* over the examples, $db_j = \sum_k dZ_{kj}$.
# An input $X_{ki}$ is copied to *every* unit $j$ of its own example, and reaches it through $W_{ji}$:
#
# $$ dX_{ki} = \sum_j dZ_{kj}\, W_{ji} \quad\Longrightarrow\quad dX = dZ\, W . $$
#
# If you forget the formulas, let the shapes remind you.
# With 7 examples, 5 inputs, and 3 units, `dW` must be `(3, 5)`, and there is only one way to get this shape from `(7, 3)` and `(7, 5)`.
# When all the sizes are equal, though, the shapes tell you nothing.
#
# <details><summary>Optional: the same formulas in books that use columns</summary>
#
# | one column per example, as in many books | one row per example, as here |
# |---|---|
# | $\partial \mathcal L/\partial W^{(l)} = \delta^{(l)}\, a^{(l-1)\top}$ | `dW = dZ.T @ A_in` |
# | $\partial \mathcal L/\partial b^{(l)} = \delta^{(l)}$, for one example | `db = dZ.sum(axis=0)` |
# | $\partial \mathcal L/\partial a^{(l-1)} = W^{(l)\top} \delta^{(l)}$ | `dA_in = dZ @ W` |
#
# What these books write as $\delta^{(l)}$, the *error signal* of a layer, is our `dZ`.
# In their notation, all of exercise 4 is one line: $\delta^{(l)} = \big(W^{(l+1)\top} \delta^{(l+1)}\big) \odot \tanh'(z^{(l)})$.
# </details>
#
# ## Exercise 2: back through a layer

# %% exercise: linear_backward
def linear_backward(dZ, X, W):
    """Return the gradients of a layer Z = X Wᵀ + b, given the gradient of its output.

    dZ: (n, out) the gradient of the loss with respect to Z.
    X: (n, d) the layer's input.  W: (out, d) its weights.  All three are any array-likes.
    Returns (dX, dW, db), float64 of shapes (n, d), (out, d) and (out,).
    Don't divide by n: dZ includes the 1/n already.
    """
    ### BEGIN SOLUTION
    dZ, X, W = (np.asarray(part, dtype=float) for part in (dZ, X, W))
    return dZ @ W, dZ.T @ X, dZ.sum(axis=0)
    ### END SOLUTION

# %% tests: linear_backward, 3 points
import numpy as np

NAMES = ("dX", "dW", "db")
dZ, X, W = np.array([[1.0], [10.0]]), np.array([[2.0, 3.0], [5.0, 7.0]]), np.array([[4.0, -1.0]])
with check("dW adds up what each example has to say"):
    got = check.parts(check.call(linear_backward, dZ, X, W), *NAMES)
    check.close(got[1], [[52.0, 73.0]])
with check("db is the sum of dZ over the examples"):
    got = check.parts(check.call(linear_backward, dZ, X, W), *NAMES)
    check.close(got[2], [11.0])
with check("dX comes back through the weights"):
    got = check.parts(check.call(linear_backward, dZ, X, W), *NAMES)
    check.close(got[0], [[4.0, -1.0], [40.0, -10.0]])
with check("takes lists and whole numbers, and returns float64 for them too"):
    got = check.parts(check.call(linear_backward, [[1], [10]], [[2, 3], [5, 7]], [[4, -1]]), *NAMES)
    check.close(got, (np.array([[4.0, -1.0], [40.0, -10.0]]), np.array([[52.0, 73.0]]), np.array([11.0])), names=NAMES)
    for part, shape in zip(got, ((2, 2), (1, 2), (1,))):
        check.floats(part, shape)
### BEGIN HIDDEN TESTS
def _by_paths(dZ, X, W):
    (n, out), d = np.shape(dZ), np.shape(X)[1]
    dX, dW, db = np.zeros((n, d)), np.zeros((out, d)), np.zeros(out)
    for k in range(n):
        for j in range(out):
            db[j] += dZ[k][j]
            for i in range(d):
                dX[k, i] += dZ[k][j] * W[j][i]
                dW[j, i] += dZ[k][j] * X[k][i]
    return dX, dW, db


def _layer(seed, n, d, out):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, out)), rng.normal(size=(n, d)), rng.normal(size=(out, d))


def _compare(place):
    for sizes in ((7, 5, 3), (4, 4, 4)):
        case = _layer(421 + sizes[0], *sizes)
        got = check.parts(check.call(linear_backward, *case), *NAMES)
        check.close(got[place], _by_paths(*case)[place])


with check("dX is right when all sizes differ, and when all are equal"):
    _compare(0)
with check("dW is right when all sizes differ, and when all are equal"):
    _compare(1)
with check("db is right when all sizes differ, and when all are equal"):
    _compare(2)
with check("works on a batch of one, one unit, one input"):
    for sizes in ((1, 3, 2), (5, 2, 1), (3, 1, 4), (1, 1, 1)):
        case = _layer(430, *sizes)
        check.close(check.call(linear_backward, *case), _by_paths(*case), names=NAMES)
with check("is right for whole numbers when every size is larger than one"):
    case = [[1, -1, 0], [2, 0, 3]], [[1, 2], [-3, 4]], [[1, 0], [2, 5], [0, -1]]
    got = check.parts(check.call(linear_backward, *case), *NAMES)
    for part, shape in zip(got, ((2, 2), (3, 2), (3,))):
        check.floats(part, shape)
    check.close(got, _by_paths(*case), names=NAMES)
with check("reads any memory order, and leaves its input as it was"):
    dZ, X, W = _layer(431, 8, 6, 4)
    case = dZ[::2], np.asfortranarray(X)[::-2], W[::-1]
    check.close(check.call(linear_backward, *case), _by_paths(*case), names=NAMES)
    check.unchanged(linear_backward, *case)
    check.unchanged(linear_backward, *(part.copy() for part in case))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Write down the shapes of the three results.
# Which product of two of the arguments, perhaps transposed, has the shape of `W`?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# The formulas are above: two matrix products and one sum.
# Each row is an example, so `sum(axis=0)` sums over the examples.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# First make float arrays of all three arguments.
# `dX` is `dZ` times `W`, with no transpose; `dW` is `dZ` transposed, times `X`; and `db` is the sum of the rows of `dZ`.
# Return them in the order dX, dW, db.
# </details>

# %% [markdown]
# ## Back through tanh
#
# The activation works entry by entry, and so does its backward pass.
# The local slope of $A_{kj} = \tanh Z_{kj}$ is $1 - \tanh^2 Z_{kj}$, so
#
# $$ dZ = dA \odot (1 - \tanh^2 Z), $$
#
# where $\odot$ multiplies two arrays entry by entry.
# Far from 0, tanh is flat and its slope is nearly 0, so hardly any of the gradient gets through.
#
# **By hand, once.** At $Z = 0$ the slope is 1, and at $Z = 1$ it is $1 - 0.762^2 = 0.420$.
# So a gradient of 10 comes out as 10 in the first case and as 4.20 in the second.
#
# ## Exercise 3: back through an activation

# %% exercise: tanh_backward
def tanh_backward(dA, Z):
    """Return the gradient of the input of tanh, given the gradient of its output.

    dA: the gradient of the loss with respect to A = tanh(Z), of Z's shape.
    Z: the pre-activations: a number, or an array (or list) of any shape.
    Returns dZ, the gradient of the loss with respect to Z, float64 of Z's shape.
    """
    ### BEGIN SOLUTION
    return np.asarray(dA, dtype=float) * (1.0 - np.tanh(np.asarray(Z, dtype=float)) ** 2)
    ### END SOLUTION

# %% tests: tanh_backward, 2 points
import numpy as np

with check("lets everything through at 0, and less at 1"):
    check.close(check.call(tanh_backward, np.array([10.0, 10.0]), np.array([0.0, 1.0])),
                [10.0, 10.0 / np.cosh(1.0) ** 2])
with check("keeps the sign of what arrives"):
    got = np.asarray(check.call(tanh_backward, np.array([[-3.0, 2.0]]), np.array([[0.5, -0.5]])))
    check.true(got.shape == (1, 2) and got[0, 0] < 0 < got[0, 1],
               f"dA = [[-3, 2]] came out as {got.tolist()}.")
with check("takes numbers, lists and whole numbers, and leaves its input as it was"):
    check.close(check.call(tanh_backward, 5, 0), 5.0)
    check.close(check.call(tanh_backward, [3, -2], [0, 1]), [3.0, -2.0 / np.cosh(1.0) ** 2])
    check.unchanged(tanh_backward, np.array([10.0, -3.0]), np.array([0.5, 1.0]))
### BEGIN HIDDEN TESTS
with check("multiplies by the slope of tanh, whatever the shape"):
    rng = np.random.default_rng(441)
    for shape in ((7, 5), (4, 4), (1, 3), (6,), (2, 3, 2)):
        dA, Z = rng.normal(size=shape), 1.5 * rng.normal(size=shape)
        check.close(check.call(tanh_backward, dA, Z), dA / np.cosh(Z) ** 2)
with check("lets a little through where tanh is nearly flat, for Z of 4 to 9"):
    dA, Z = np.linspace(-1, 2, 11), np.linspace(4, 9, 11)
    for side in (Z, -Z):
        check.close(check.call(tanh_backward, dA, side), dA / np.cosh(side) ** 2, rtol=1e-6, atol=0)
with check("is 0, and not nan, where tanh is flat"):
    Z = np.array([1000.0, -1000.0, 50.0, -800.0])
    check.close(check.call(tanh_backward, np.array([1.0, -5.0, 1e3, 2.0]), Z), np.zeros(4))
with check("returns float64 for whole numbers, and works on nothing at all"):
    check.close(check.call(tanh_backward, 2, 1), 2.0 / np.cosh(1.0) ** 2)
    got = check.call(tanh_backward, [[1, -2], [3, 4]], [[0, 1], [-1, 2]])
    check.floats(got, (2, 2))
    check.close(got, np.array([[1, -2], [3, 4]]) / np.cosh([[0, 1], [-1, 2]]) ** 2)
    check.close(check.call(tanh_backward, np.zeros((0, 3)), np.zeros((0, 3))), np.zeros((0, 3)))
with check("reads any memory order, and leaves its input as it was"):
    rng = np.random.default_rng(442)
    dA, Z = np.asfortranarray(rng.normal(size=(6, 4)))[::2], rng.normal(size=(3, 8))[:, ::-2]
    check.close(check.call(tanh_backward, dA, Z), dA / np.cosh(Z) ** 2)
    check.unchanged(tanh_backward, dA, Z)
    check.unchanged(tanh_backward, dA.copy(), Z.copy())
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# `dA` is what arrives.
# Each of its entries has to be multiplied by a number.
# Which one?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `np.tanh` works entry by entry, and so do `*` and `** 2`.
# `Z` is the value *before* tanh, so don't square it as it is.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Turn both into float arrays.
# Compute `A = np.tanh(Z)` once; the slope is given by the formula above, with `A` in place of the tanh.
# Multiply it by `dA` with `*`, not with `@`.
# </details>

# %% [markdown]
# ## All the way back
#
# Now chain the pieces together.
# `mlp_forward` left you a cache in which `cache[l] = (A_in, Z)` holds the input and the scores of layer `l`; in particular, `cache[0][0]` is `X`.
#
# | for each layer, from the last to the first | you need |
# |---|---|
# | start from the layer's `dZ` | for the last layer, the gradient of the loss |
# | compute its `dW` and `db` | its own `A_in` |
# | compute `dA_in = dZ @ W` | its own `W` |
# | compute the `dZ` of the previous layer from `dA_in` | the `Z` of the *previous* layer |
#
# Two traps: the last layer has no tanh, so its `dZ` is used as it is, and the first layer has no previous layer, so there you are done after `dW` and `db`.
#
# ## Exercise 4: the backward pass

# %% exercise: mlp_backward
def mlp_backward(dZ, cache, weights):
    """Return the gradients of all weights and biases of a network with tanh hidden layers.

    dZ: (n, c) the gradient of the loss with respect to the network's output; it includes the 1/n.
    cache: a list of pairs (A_in, Z), the input and the scores of each layer, first layer first.
    weights: the list of the layers' W, each of shape (out, in), first layer first.
    dZ and each W is any array-like, such as a list of whole numbers; the cache holds float arrays.
    Returns (dWs, dbs), two lists in the same order, with the shapes of the weights and biases.
    The hidden layers apply tanh to their scores; the last layer applies nothing.
    """
    ### BEGIN SOLUTION
    dZ = np.asarray(dZ, dtype=float)
    dWs, dbs = [], []
    for depth in reversed(range(len(weights))):
        A_in, W = cache[depth][0], np.asarray(weights[depth], dtype=float)
        dWs.insert(0, dZ.T @ A_in)
        dbs.insert(0, dZ.sum(axis=0))
        if depth > 0:
            dZ = (dZ @ W) * (1.0 - A_in**2)  # A_in is the tanh of the layer before
    return dWs, dbs
    ### END SOLUTION

# %% tests: mlp_backward, 4 points
from itertools import pairwise

import numpy as np


def _forward(X, weights, biases):
    """The output and the cache; complex numbers go through as well."""
    cache = []
    for W, b in zip(weights, biases):
        cache.append((X, X @ W.T + b))
        X = np.tanh(cache[-1][1])
    return cache[-1][1], cache


def _case(seed, n, *sizes):
    rng = np.random.default_rng(seed)
    weights = [rng.normal(size=pair[::-1]) for pair in pairwise(sizes)]
    biases = [rng.normal(size=out) for out in sizes[1:]]
    return (rng.normal(size=(n, sizes[0])), weights, biases, rng.normal(size=(n, sizes[-1])))


def _answer(dZ, cache, weights):
    got = check.parts(check.call(mlp_backward, dZ, cache, weights), "dWs", "dbs")
    dWs, dbs = (list(part) if isinstance(part, np.ndarray) else part for part in got)
    check.true(type(dWs) in (list, tuple) and type(dbs) in (list, tuple), "return two lists.")
    check.true(len(dWs) == len(dbs) == len(weights), "expected one dW and one db for each layer, "
               f"{len(weights)} in all, got {len(dWs)} and {len(dbs)}.")
    return dWs, dbs


with check("has a gradient of the right shape for each layer, first layer first"):
    X, weights, biases, dZ = _case(451, 7, 5, 3, 4)
    dWs, dbs = _answer(dZ, _forward(X, weights, biases)[1], weights)
    for W, b, dW, db in zip(weights, biases, dWs, dbs):
        check.floats(dW, W.shape)
        check.floats(db, b.shape)
with check("gets the last layer right: no tanh there"):
    X, weights, biases, dZ = _case(452, 7, 5, 3, 4)
    cache = _forward(X, weights, biases)[1]
    dWs, dbs = _answer(dZ, cache, weights)
    check.close(dWs[-1], dZ.T @ np.tanh(cache[0][1]))
    check.close(dbs[-1], dZ.sum(axis=0))
with check("gets the first layer right, through the tanh between"):
    X, W1, W2 = np.array([[2.0]]), np.array([[0.5]]), np.array([[3.0]])
    dWs, dbs = _answer(np.array([[10.0]]), _forward(X, [W1, W2], [np.zeros(1), np.zeros(1)])[1],
                      [W1, W2])
    check.close(dbs[0], [30.0 / np.cosh(1.0) ** 2])
    check.close(dWs[0], [[60.0 / np.cosh(1.0) ** 2]])
with check("takes lists and whole numbers for dZ and the weights, and changes nothing, the cache included"):
    cache = _forward(np.array([[2.0]]), [np.array([[0.5]]), np.array([[3.0]])], [np.zeros(1), np.zeros(1)])[1]
    dWs, dbs = _answer([[10]], cache, [[[0.5]], [[3]]])
    check.close((dWs[0], dbs[0]), (np.array([[60.0]]) / np.cosh(1.0) ** 2, np.array([30.0]) / np.cosh(1.0) ** 2),
                names=("dWs[0]", "dbs[0]"))
    check.unchanged(mlp_backward, np.array([[10.0]]), cache, [np.array([[0.5]]), np.array([[3.0]])])
### BEGIN HIDDEN TESTS
@check.once
def _slopes(X, weights, biases, dZ):
    """The slope of sum(dZ * output) for every single parameter, by a complex step."""
    parts = [np.asarray(part, dtype=complex) for part in (*weights, *biases)]
    found = []
    for part in parts:
        slope = np.zeros(part.shape)
        for index in np.ndindex(part.shape):
            kept = part[index]
            part[index] = kept + 1e-30j
            Z, _ = _forward(X, parts[:len(weights)], parts[len(weights):])
            slope[index] = np.sum(dZ * Z).imag / 1e-30
            part[index] = kept
        found.append(slope)
    return tuple(found[:len(weights)]), tuple(found[len(weights):])


def _match(name, ours, theirs):
    check.close(ours, theirs, names=tuple(f"{name}[{k}]" for k in range(len(theirs))))


def _compare(X, weights, biases, dZ, parts=("dWs", "dbs")):
    got = _answer(dZ, _forward(X, weights, biases)[1], weights)
    for name, ours, theirs in zip(("dWs", "dbs"), got, _slopes(X, weights, biases, dZ)):
        if name in parts:
            _match(name, ours, theirs)


with check("the weights' gradients are right, all sizes different or all equal"):
    _compare(*_case(453, 7, 5, 3, 4), parts=("dWs",))
    _compare(*_case(454, 4, 4, 4, 4), parts=("dWs",))
with check("the biases' gradients are right, all sizes different or all equal"):
    _compare(*_case(453, 7, 5, 3, 4), parts=("dbs",))
    _compare(*_case(454, 4, 4, 4, 4), parts=("dbs",))
with check("goes through three layers and more"):
    _compare(*_case(455, 3, 4, 5, 3, 2))
    _compare(*_case(456, 3, 3, 3, 3, 3, 3))
with check("works for a network of one layer"):
    _compare(*_case(457, 6, 3, 4))
with check("works on a batch of one, with one unit in a layer"):
    _compare(*_case(458, 1, 3, 1, 2))
with check("is right for whole numbers in a larger network, and returns float64"):
    X, weights, biases, _ = _case(459, 2, 2, 3, 2)
    weights, dZ = [np.round(2 * W).astype(int) for W in weights], [[1, -2], [3, 0]]
    cache = _forward(X, weights, biases)[1]
    dWs, dbs = _answer(dZ, cache, [W.tolist() for W in weights])
    for name, ours, theirs in zip(("dWs", "dbs"), (dWs, dbs),
                                  _slopes(X, weights, biases, np.array(dZ))):
        _match(name, ours, theirs)
    for W, b, dW, db in zip(weights, biases, dWs, dbs):
        check.floats(dW, W.shape)
        check.floats(db, b.shape)
with check("reads any memory order, and leaves its input as it was"):
    X, weights, biases, dZ = _case(460, 6, 4, 3, 2)
    X, dZ = np.asfortranarray(X)[::2], dZ[::-2]
    weights = [np.asfortranarray(W) for W in weights]
    _compare(X, weights, biases, dZ)
    cache = _forward(X, weights, biases)[1]
    check.unchanged(mlp_backward, dZ, cache, weights)
    plain = [(A_in.copy(), Z.copy()) for A_in, Z in cache]
    check.unchanged(mlp_backward, dZ.copy(), plain, [W.copy() for W in weights])
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Work out a network with two layers on paper first.
# Which `A_in` goes with `weights[1]`, and how do you get from its `dZ` to the `dZ` of the layer with `weights[0]`?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# Loop over the layers from the last to the first, for example over `reversed(range(len(weights)))`.
# Your `linear_backward` gives you three gradients: for the layer's input, its weights, and its bias.
# Send the first of them through your `tanh_backward`, and you have the `dZ` of the previous layer.
# `list.insert(0, …)` puts an item at the front of a list.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# For each layer `l`, starting from the last: call `linear_backward` with `dZ`, the layer's input `cache[l][0]`, and `weights[l]`. It returns `dA`, `dW`, and `db`; insert the last two at the front of their lists.
# If `l > 0`, compute the next `dZ` with `tanh_backward`, from `dA` and the scores `cache[l - 1][1]`.
# After the loop, return both lists.
# </details>

# %% [markdown]
# *This is a good place to stop for the day.*
#
# ### How a gradient flows (optional)
#
# Here is a network with eight hidden layers of 32 units each, and 200 real digits.
# Your `linear_backward` and `tanh_backward` carry the gradient from the last layer to the first.
# The three curves differ only in the size of the random weights: their standard deviation is $s$ divided by the square root of the number of inputs.
#
# **Predict:** if the weights are half as large, will the gradient at the first layer be half as large too?

# %%
from itertools import pairwise

digits = data.digits()
X_digits, y_digits = digits.X / 16, digits.y


def random_network(sizes, rng, scale=1.0):
    """Normal weights with the standard deviation scale / sqrt(inputs), and zero biases."""
    weights = [scale / np.sqrt(d) * rng.normal(size=(out, d)) for d, out in pairwise(sizes)]
    return weights, [np.zeros(out) for out in sizes[1:]]


def flow(scale):
    """The size (root mean square) of dZ in each layer, input-first."""
    weights, biases = random_network([64, *[32] * 8, 10], np.random.default_rng(5), scale)
    Z, cache = mlp_forward(X_digits[:200], weights, biases, np.tanh)
    dZ = cross_entropy_grad(Z, y_digits[:200])
    sizes = []
    for depth in reversed(range(len(weights))):
        sizes.insert(0, np.sqrt(np.mean(dZ ** 2)))
        if depth > 0:
            dA = linear_backward(dZ, cache[depth][0], weights[depth])[0]
            dZ = tanh_backward(dA, cache[depth - 1][1])
    return np.array(sizes)


with plots.figure("The size of dZ in each layer on a logarithmic axis, for three sizes of weights. From "
                  "the last layer to the first it shrinks a lot with small weights, a little "
                  "with s = 1, and grows with large weights.", size=(6.8, 4.2)) as ax:
    sizes = {f"s = {scale:g}": flow(scale) for scale in (0.5, 1.0, 2.0)}
    faded = sizes["s = 0.5"][-1] / sizes["s = 0.5"][0]
    plots.curves(range(1, 10), sizes, log=True, xlabel="layer (the gradient enters on the right)",
                 ylabel="size of dZ", ax=ax,
                 title=f"Small weights: the gradient shrinks by a factor of {faded:,.0f}")
    ax.set_xticks(range(1, 10))

# %% [markdown]
# No, it is far smaller than half.
# With $s = 0.5$, the gradient at the first layer is 363 times smaller than at the last.
# Each layer on the way back multiplies the gradient by its weights and by the slope of tanh, so halving the weights halves the gradient *again at every layer*: $0.5^8$ alone is 1/256.
# With large weights the gradient can even grow; lesson 6 is about both.

# %% [markdown]
# ## Is it right?
#
# A wrong gradient seldom causes a crash.
# It has the right shape, the loss falls for a while, and the network ends up worse than it should be, without anybody noticing.
# So check it against something that is too simple to be wrong: nudge a number and see what happens.
#
# The slope of $f(x) = x^3$ at $x = 2$ is 12.
# With a nudge of $\epsilon = 0.1$ you get:
#
# | | formula | here |
# |---|---|---|
# | forward difference | $\frac{f(x + \epsilon) - f(x)}{\epsilon} = \frac{9.261 - 8}{0.1}$ | $12.61$ |
# | central difference | $\frac{f(x + \epsilon) - f(x - \epsilon)}{2 \epsilon} = \frac{9.261 - 6.859}{0.2}$ | $12.01$ |
#
# The central difference looks to both sides, so the effect of the curvature cancels.
# Its error is about $\epsilon^2 f'''(x) / 6$; the error of the forward difference is about $\epsilon f''(x) / 2$.
# If $f$ depends on many numbers, nudge them one at a time and leave the others alone.
#
# ## Exercise 5: slow, but too simple to be wrong

# %% exercise: numerical_gradient
def numerical_gradient(f, x, eps=1e-5):
    """Return central differences of f at x, one entry of x at a time.

    f: takes an array of x's shape and returns one number; it does not change the array.
    x: a number, or an array (or list) of any shape; ints are treated as floats.
    eps: how far an entry is moved up and down.
    Returns a float64 array of x's shape: the slope of f in the direction of each entry.
    After the call, x is exactly what it was before, to the last bit.
    """
    ### BEGIN SOLUTION
    x = np.array(x, dtype=float)  # a copy
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
        above[index] += eps
        below[index] -= eps
        gradient[index] = (f(above) - f(below)) / (2 * eps)
    return gradient
    ### END SOLUTION

# %% tests: numerical_gradient, 3 points
import numpy as np

with check("finds the slopes of x0² + 3 x1"):
    check.close(check.call(numerical_gradient, lambda v: v[0] ** 2 + 3 * v[1],
                           np.array([2.0, 5.0])), [4.0, 3.0])
with check("looks to both sides: 12.01 for x³ at 2 with eps = 0.1"):
    check.close(check.call(numerical_gradient, lambda v: v[0] ** 3, np.array([2.0]), 0.1), [12.01])
with check("has the shape of x"):
    A = np.arange(6.0).reshape(2, 3)
    check.close(check.call(numerical_gradient, lambda M: np.sum(A * M), np.ones((2, 3))), A)
with check("takes lists and whole numbers, and leaves x as it was, to the last bit"):
    def f(v):
        return float(np.sum(np.asarray(v, dtype=float) ** 2))
    check.close(check.call(numerical_gradient, f, [1.0, -2.0]), [2.0, -4.0])
    check.close(check.call(numerical_gradient, f, np.array([3, -1])), [6.0, -2.0])
    check.unchanged(numerical_gradient, f, np.array([0.1, 0.7]))
### BEGIN HIDDEN TESTS
def _bowl(seed, shape):
    """x ↦ x·M x / 2 with every pair of entries connected, and its exact gradient at a point."""
    rng = np.random.default_rng(seed)
    size = int(np.prod(shape))
    M, x = rng.normal(size=(size, size)), rng.normal(size=shape)

    def f(v):
        flat = np.asarray(v, dtype=float).reshape(-1)
        return float(flat @ M @ flat) / 2

    return f, x, ((M + M.T) @ x.reshape(-1) / 2).reshape(shape)


with check("moves one entry at a time, in vectors and in matrices"):
    for shape in ((4,), (1,), (2, 3), (2, 2), (1, 1, 3)):
        f, x, expected = _bowl(461, shape)
        check.close(check.call(numerical_gradient, f, x), expected)
with check("uses the eps that it gets, in a central difference"):
    x = np.random.default_rng(462).normal(size=2)
    for eps in (0.5, 0.01, 1e-3):
        check.close(check.call(numerical_gradient, lambda v: np.sum(np.exp(v)), x, eps),
                    np.exp(x) * np.sinh(eps) / eps)
with check("takes 1e-5 when it gets no eps"):
    got = check.call(numerical_gradient, lambda v: 1e10 * np.sum(v ** 3), np.zeros(2))
    check.close(got, np.ones(2), rtol=1e-5)
with check("is close to the true slope of a curved function"):
    x = np.random.default_rng(463).normal(size=(2, 2))
    check.close(check.call(numerical_gradient, lambda v: np.sum(np.sin(v) * v), x),
                np.cos(x) * x + np.sin(x))
with check("takes lists, whole numbers and a single number"):
    got = check.call(numerical_gradient, lambda v: np.sum(np.asarray(v) ** 2), [1, -2, 3])
    check.floats(got, (3,))
    check.close(got, [2.0, -4.0, 6.0])
    check.close(check.call(numerical_gradient, lambda v: np.sum(np.asarray(v) ** 2),
                           np.array([[3, 4]])), [[6.0, 8.0]])
    got = check.call(numerical_gradient, lambda v: float(v) ** 2, 3.0)
    check.floats(got, ())
    check.close(got, 6.0)
with check("reads x in any memory order"):
    f, x, expected = _bowl(464, (3, 2))
    wide = np.zeros((6, 6), order="F")
    wide[::2, ::3] = x
    check.close(check.call(numerical_gradient, f, wide[::2, ::3]), expected)
with check("leaves x as it was, to the last bit"):
    f, x, _ = _bowl(465, (1, 3))
    check.unchanged(numerical_gradient, f, x)
    check.unchanged(numerical_gradient, f, x, 0.3)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# For a single number, it's the formula in the table.
# For an array: what copies of `x` do you need to handle one entry?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `for index in np.ndindex(x.shape):` runs through the indices of all entries, whatever the shape, and `x[index]` reads or changes an entry.
# `x.copy()` makes a copy; `y = x` does not.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# First make a float copy of `x`, because you can't add `1e-5` to an integer array in place.
# For each index, make two more copies: add `eps` at this index in one, and subtract it in the other.
# Call `f` on both, divide the difference by `2 * eps`, and store the quotient at the same index of the result.
# </details>

# %% [markdown]
# ### How small should the nudge be?
#
# The smaller the better, says calculus.
# The next cell nudges the 18 biases of a real network by smaller and smaller steps and compares the results with your backward pass.
#
# **Predict:** how will the error change as $\epsilon$ shrinks from $10^{-1}$, on the right, to $10^{-13}$, on the left?

# %%
def small_network():
    """A loss as a function of all biases in one vector, a start, and the gradient by backprop."""
    rng = np.random.default_rng(6)
    weights, _ = random_network([64, 8, 10], rng)
    X, y = X_digits[:100], y_digits[:100]

    def f(v):
        return cross_entropy(mlp_forward(X, weights, [v[:8], v[8:]], np.tanh)[0], y)

    v = rng.normal(size=18)
    Z, cache = mlp_forward(X, weights, [v[:8], v[8:]], np.tanh)
    _, dbs = mlp_backward(cross_entropy_grad(Z, y), cache, weights)
    return f, v, np.concatenate(dbs)


def forward_difference(f, v, eps):
    return np.array([(f(v + eps * unit) - f(v)) / eps for unit in np.eye(len(v))])


with plots.figure("The error of difference quotients against eps on logarithmic axes. Both curves are "
                  "V-shaped. Toward small eps, on the left, they rise together; the central "
                  "difference reaches a much lower point, at a larger eps.", size=(6.8, 4.4)) as ax:
    f, v, exact = small_network()
    steps = np.logspace(-1, -13, 25)
    errors = {"central": [np.max(np.abs(numerical_gradient(f, v, eps) - exact)) for eps in steps],
              "forward": [np.max(np.abs(forward_difference(f, v, eps) - exact)) for eps in steps]}
    best = {name: steps[int(np.argmin(row))] for name, row in errors.items()}
    plots.curves(steps, errors, log="xy", xlabel="eps", ylabel="largest error", ax=ax,
                 title="Smaller is better, until rounding takes over")
    for name, row in errors.items():
        print(f"{name}: smallest error {min(row):.0e}, at eps = {best[name]:.0e}")

# %% [markdown]
# The error falls and then rises again.
# On the right, calculus holds: each time $\epsilon$ gets ten times smaller, the central difference gains two digits and the forward difference gains one.
# Then rounding takes over.
# A `float64` has about 16 digits, so $f(x + \epsilon) - f(x - \epsilon)$ is off by about $10^{-16}$, and dividing by a tiny $2\epsilon$ blows this error up.
# The central difference does best at $3 \cdot 10^{-5}$, so $10^{-5}$ is a good default; the forward difference does best at $10^{-7}$.
#
# Even at its best, the central difference is right to about ten decimal places ($8 \cdot 10^{-11}$ here), not 16.
# So a check can't insist on equality.

# %% [markdown]
# ## Exercise 6: how different are two gradients?
#
# Is an error of $10^{-4}$ small?
# It is for a gradient of 50, but not for a gradient of $10^{-4}$.
# So measure the error *relative* to the two numbers you compare, $a_i$ from backpropagation (*analytic*) and $n_i$ from differences (*numeric*):
#
# $$ \max_i \; \frac{|a_i - n_i|}{\max(10^{-8},\; |a_i| + |n_i|)} . $$
#
# The floor of $10^{-8}$ keeps two zeros from giving $0/0$.
# We take the *largest* error, because a mean over a million entries would hide a single wrong one.
# As a rule of thumb for `float64`: $10^{-7}$ or less means the gradient is right, $10^{-2}$ or more means it is wrong, and 1 means a wrong sign or a missing entry.

# %% exercise: gradient_check
def gradient_check(analytic, numeric):
    """Return the largest relative error between two gradients.

    analytic, numeric: numbers, or arrays (or lists) of the same shape.
    Returns a float: the relative error of the worst entry, with a floor of 1e-8.

    gradient_check([1.0, 3.0], [1.0, 1.0]) gives 0.5
    """
    ### BEGIN SOLUTION
    a, n = np.asarray(analytic, dtype=float), np.asarray(numeric, dtype=float)
    return float(np.max(np.abs(a - n) / np.maximum(1e-8, np.abs(a) + np.abs(n))))
    ### END SOLUTION

# %% tests: gradient_check, 2 points
import numpy as np

with check("is 0 for equal gradients, also where both are 0"):
    check.close(check.call(gradient_check, np.array([2.0, -5.0, 0.0]), np.array([2.0, -5.0, 0.0])), 0.0)
with check("is 0.5 for 3 against 1, and for 1 against 3, though another entry is a little wrong and a third is large"):
    one, other = np.array([3.0, 2.0, 300.0]), np.array([1.0, 1.0, 301.0])
    check.close(check.call(gradient_check, one, other), 0.5)
    check.close(check.call(gradient_check, other, one), 0.5)
with check("is 1 for a wrong sign, however small the numbers"):
    check.close(check.call(gradient_check, np.array([1e-5]), np.array([-1e-5])), 1.0)
with check("takes numbers, lists and whole numbers, and returns one float"):
    check.close(check.call(gradient_check, 1, 3), 0.5)
    got = check.call(gradient_check, [1, 3], [1, 1])
    check.floats(got, ())
    check.close(got, 0.5)
### BEGIN HIDDEN TESTS
def _worst(analytic, numeric):
    return max(abs(a - n) / max(1e-8, abs(a) + abs(n))
               for a, n in zip(np.ravel(analytic).tolist(), np.ravel(numeric).tolist()))


def _pair(seed, shape, noise):
    rng = np.random.default_rng(seed)
    numeric = rng.normal(size=shape) * 10.0 ** rng.integers(-3, 4, size=shape)
    return numeric * (1 + noise * rng.normal(size=shape)), numeric


with check("takes the largest error over entries of all sizes, signs and shapes"):
    pairs = [_pair(seed, shape, noise) for noise in (1e-4, 0.1, 3.0) for seed, shape in (
        (471, (7,)), (472, (3, 5)), (473, (4, 4)), (474, (2, 2, 3)))]
    for sign in (1, -1):
        for pair, got in check.each(gradient_check, [(sign * a, sign * n) for a, n in pairs]):
            check.close(got, _worst(*pair))
with check("finds the one wrong entry among many"):
    _, numeric = _pair(475, (40, 25), 0.0)
    analytic = numeric.copy()
    analytic[17, 3] *= -3
    check.close(check.call(gradient_check, analytic, numeric), 1.0)
    analytic[17, 3] = 0.9 * numeric[17, 3]
    check.close(check.call(gradient_check, analytic, numeric), 0.1 / 1.9)
with check("is 0 for two zeros, and small where both are next to nothing"):
    check.close(check.call(gradient_check, np.zeros(3), np.zeros(3)), 0.0)
    check.close(check.call(gradient_check, np.array([1e-10, 0.0]), np.array([0.0, 0.0])), 0.01)
    check.close(check.call(gradient_check, np.array([3e-9, 2.0]), np.array([-1e-9, 2.0])), 0.4)
with check("takes both numbers into the scale"):
    check.close(check.call(gradient_check, np.array([0.0]), np.array([2.0])), 1.0)
    check.close(check.call(gradient_check, np.array([2.0]), np.array([0.0])), 1.0)
    check.close(check.call(gradient_check, np.array([1.0, 1.0]), np.array([4.0, 0.5])), 0.6)
with check("returns one float for tables of whole numbers, too"):
    got = check.call(gradient_check, [[1, 2], [3, 4]], [[1, 2], [3, 6]])
    check.floats(got, ())
    check.close(got, 0.2)
with check("reads any memory order, and leaves its input as it was"):
    analytic, numeric = _pair(476, (6, 8), 0.3)
    case = np.asfortranarray(analytic)[::2, ::-2], numeric[::2, ::-2]
    check.close(check.call(gradient_check, *case), _worst(*case))
    check.unchanged(gradient_check, *case)
    check.unchanged(gradient_check, *(part.copy() for part in case))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Everything inside the outer maximum works entry by entry.
# How do you get from there to a single number?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# The formula has two maxima: `np.maximum(1e-8, …)` compares entry by entry and keeps the shape, while `np.max(…)` returns the largest entry of all.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Convert both to float arrays first.
# The errors are `np.abs(a - n)`, and the scale is `np.abs(a) + np.abs(n)`, but at least `1e-8`.
# Divide, take the largest entry, and convert it to a `float`.
# </details>

# %% [markdown]
# Now for the moment of truth: is *your* backward pass really the gradient?
# The cell checks two hidden layers, one weight matrix and one bias at a time.

# %%
with unfinished():
    rng = np.random.default_rng(7)
    X, y = rng.normal(size=(7, 5)), rng.integers(4, size=7)
    weights, biases = random_network([5, 3, 6, 4], rng)
    biases = [rng.normal(size=b.shape) for b in biases]
    Z, cache = mlp_forward(X, weights, biases, np.tanh)
    dWs, dbs = mlp_backward(cross_entropy_grad(Z, y), cache, weights)
    for name, parts, gradients in (("weights", weights, dWs), ("biases", biases, dbs)):
        for depth, part in enumerate(parts):
            def f(changed):
                parts[depth] = changed
                return cross_entropy(mlp_forward(X, weights, biases, np.tanh)[0], y)

            numeric = numerical_gradient(f, part)
            parts[depth] = part
            error = gradient_check(gradients[depth], numeric)
            print(f"{name} of layer {depth + 1}: {part.size:2d} entries, error {error:.0e}")

# %% [markdown]
# If every error is $10^{-7}$ or less, your backward pass is right; with the model solution the largest is $3 \cdot 10^{-8}$.
#
# From now on you may also use the course's own check, `utils.gradcheck`, which shows you where the worst entry is.
# Here it looks at a gradient that we spoiled on purpose.
#
# **Predict:** the gradient's third row has the wrong sign. What will the largest relative error be?

# %%
with unfinished():
    def f(W):
        return cross_entropy(mlp_forward(X, [W, *weights[1:]], biases, np.tanh)[0], y)

    Z, cache = mlp_forward(X, weights, biases, np.tanh)
    careless = np.array(mlp_backward(cross_entropy_grad(Z, y), cache, weights)[0][0])
    careless[2] = -careless[2]
    display(gradcheck.gradient_check(f, weights[0], careless))

# %% [markdown]
# It is 1, as for every wrong sign, and the whole third row is flagged: all the weights of the third unit.
#
# **A check is only as good as its example.** A badly chosen example can hide a mistake:
#
# | choice | what it hides |
# |---|---|
# | a batch of one | a missing or doubled $1/n$ |
# | zero or tiny weights | wrong slopes, because tanh has slope 1 near 0 |
# | square matrices | a missing transpose raises no error (though the check still catches it) |
# | all ones as the gradient that arrives | that it was ignored, or summed over the wrong axis |
# | a point with a kink, such as 0 for ReLU | nothing, but it makes a correct gradient look wrong |
#
# And one thing no such check can see: if the *forward* pass is wrong, the correct gradient of the wrong function passes.

# %% [markdown]
# ## Catch the bug
#
# Now choose the examples yourself.
# We have eight wrong versions of `cross_entropy_grad`, each with a different mistake that people really make.
# Your points are the share of them that at least one of your batches exposes; after you hand in, you see which ones escaped.
#
# Take the version that forgets the $1/n$.
# For $Z = [[0, 0]]$ and $y = [1]$ it returns $(0.5, -0.5)$, as it should, since $n = 1$; with two rows it is caught.
# So ask of each piece of the formula: what could go wrong, and when would it *not* show?

# %% exercise: cases
def cases():
    """Return batches on which wrong versions of cross_entropy_grad give themselves away.

    Returns a list of 1 to 8 tuples (Z, y), each the arguments of one call and with at most 200
    numbers in all; every version gets them as arrays.
    Z: (n, c) logits between -10,000 and 10,000.  y: (n,) int labels, 0 to c - 1.
    A batch that breaks these rules, so that even right versions disagree, costs all the points.
    """
    ### BEGIN SOLUTION
    rng = np.random.default_rng(13)
    return [
        (rng.normal(size=(5, 3)), [0, 2, 1, 1, 0]),  # n is not c, and the labels differ
        ([[1000.0, 0.0, -2.0], [0.5, 0.0, 1.0]], [1, 2]),  # exp overflows, and the rows lie apart
    ]
    ### END SOLUTION

# %% tests: cases, 3 points
import numpy as np


def _fit(Z, y):
    Z, y = np.array(Z, dtype=float), np.array(y)
    if Z.ndim != 2 or Z.size == 0:
        return f"Z should have shape (n, c), not {Z.shape}."
    if y.shape != Z.shape[:1] or y.dtype.kind != "i":
        return "y should hold one int label for each row of Z."
    if not np.all(np.abs(Z) <= 1e4):
        return "the logits should lie between -10,000 and 10,000."
    return Z, y


with check("is a list of 1 to 8 batches (Z, y), none with more than 200 numbers", weight=0):
    check.cases(cases, _fit)
### BEGIN HIDDEN TESTS
# right answers to cross_entropy_grad: comparison, scipy
# wrong answers to cross_entropy_grad: no_mean, divided_by_classes, all_labels_in_all_rows, softmax_twice, softmax_over_examples, only_right_class, overflow, global_maximum
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# The formula has four pieces: the softmax of each row, its stability, the one-hot labels, and $1/n$.
# For each of them, think of a mistake, and then of a batch for which it makes no difference.
# You need a batch that is different.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# Whatever is equal hides something: one row, as many rows as columns, labels that are all the same, or logits that are all the same.
# `rng.normal(size=(n, c))` gives you numbers without such coincidences.
# But they are all of ordinary size: what does `np.exp` make of 1000, and of -1000?
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Three batches are enough.
# One has ordinary random logits, more rows than columns, and different labels.
# One has a logit of 1000 in some row.
# In the last one, the largest logit of one row is 1000 higher than the largest logit of another.
# </details>

# %% [markdown]
# Try your batches on mistakes of your own: change one thing in the first function.

# %%
def spoiled(Z, y):
    return len(Z) * cross_entropy_grad(Z, y)  # without the 1/n


with unfinished():
    for Z, y in cases():
        caught = not np.allclose(spoiled(Z, y), cross_entropy_grad(Z, y))
        print(f"{len(Z)} rows: {'caught' if caught else 'not noticed'}")

# %% [markdown]
# ## Exercise 7: find the wrong gradients
#
# Somebody hands you several candidates for the gradient of a function.
# Which of them are wrong?
#
# The relative error could raise a false alarm: where the true gradient is 0, the difference quotient may be $10^{-11}$, and a *correct* 0 then has a relative error of $10^{-3}$.
# So compare every difference with the *largest* entry of the gradient instead: a candidate is wrong if any entry is off by more than a thousandth of that.
# NaN and infinity are always wrong, and so is a different shape.

# %% exercise: find_bugs
def find_bugs(candidates, f, x):
    """Return the names of the candidates that are not the gradient of f at x.

    candidates: a dict from names to functions. Each takes an array of x's shape and returns what
    it claims is the gradient of f there. It may change the array it gets, so pass it a copy.
    f: takes an array of x's shape, returns one number, and does not change the array.
    x: any array-like.
    Returns a set of names.

    A gradient is wrong if its shape differs from x's, if it contains nan or inf, or if any entry
    is off by more than 1e-3 times the largest absolute entry of the true gradient. All others are
    exact up to rounding. The sizes of f, its gradient, and x are between 1e-4 and 1e4, and f is
    smooth enough that central differences with eps = 1e-5 are right to 1e-4 of the largest entry.
    """
    ### BEGIN SOLUTION
    x = np.array(x, dtype=float)
    true = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        nudge = np.zeros_like(x)
        nudge[index] = 1e-5
        true[index] = (f(x + nudge) - f(x - nudge)) / 2e-5
    allowed = 5e-4 * np.max(np.abs(true))
    wrong = set()
    for name, gradient in candidates.items():
        claimed = np.asarray(gradient(x.copy()), dtype=float)
        # Comparisons with nan are False, so nan is not "at most".
        if claimed.shape != x.shape or not np.all(np.abs(claimed - true) <= allowed):
            wrong.add(name)
    return wrong
    ### END SOLUTION

# %% tests: find_bugs, 4 points
import numpy as np


def _compare(candidates, wrong, f, x):
    got = check.call(find_bugs, candidates, f, x)
    check.true(got is not None, "it returned None. Is a `return` missing?")
    check.true(isinstance(got, (set, frozenset)),
               f"expected a set of names, got a {type(got).__name__}.")
    check.true(all(isinstance(name, str) for name in got),
               "the set should hold names, the keys of the dict.")
    missed, blamed = sorted(wrong - got), sorted(got - wrong)
    check.true(not missed, f"missed: {', '.join(missed)}.")
    check.true(not blamed, f"wrongly accused: {', '.join(blamed)}.")


def _curve(v):
    return float(np.sum(np.sin(v) + v ** 2))


def _off(by):
    """The right gradient of a thousandth of the curve, with something added."""
    return lambda v: 1e-3 * (np.cos(v) + 2 * v + np.asarray(by))


with check("finds a wrong factor and a wrong sign, and one entry that is off by a little more than a thousandth of the largest"):
    _compare({"right": _off(0.0), "factor": lambda v: 1e-3 * (np.cos(v) + v),
             "sign": lambda v: 1e-3 * (2 * v - np.cos(v)), "one entry": _off([0.0, -0.0043, 0.0]),
             "two that cancel": _off([0.3, 0.0, -0.3])}, {"factor", "sign", "one entry", "two that cancel"},
             lambda v: 1e-3 * _curve(v), np.array([0.5, -1.0, 2.0]))
with check("accuses nobody when all are right, even where f is large and a slope is 0"):
    def f(v):
        return 9000.0 + 0.01 * v[0] ** 2 + v[1] ** 3
    _compare({"one": lambda v: np.array([0.02 * v[0], 3 * v[1] ** 2]),
             "other": lambda v: np.array([v[0] / 50, 3 * v[1] * v[1]])}, set(), f, np.array([1.5, 0.0]))
with check("finds nan, inf, and a wrong shape"):
    _compare({"right": lambda v: np.cos(v) + 2 * v, "nan": lambda v: [0.0, np.nan] + np.cos(v) + 2 * v,
             "inf": lambda v: [np.inf, 0.0] + np.cos(v) + 2 * v, "column": lambda v: (np.cos(v) + 2 * v)[:, None]},
            {"nan", "inf", "column"}, _curve, np.array([0.5, -1.0]))
with check("is not misled by a candidate that changes its array"):
    def greedy(v):
        v[...] = np.cos(v) + 2 * v
        return v
    _compare({"greedy": greedy, "right": lambda v: np.cos(v) + 2 * v, "wrong": lambda v: 2 * v}, {"wrong"},
            _curve, np.array([0.5, -1.0]))
### BEGIN HIDDEN TESTS
def _slope(v):
    return np.cos(v) + 2 * v


def _spoiled(place, factor=1.0, plus=0.0):
    """The right gradient with one entry changed."""
    def gradient(v):
        found = _slope(v)
        found[place] = factor * found[place] + plus
        return found
    return gradient


def _in_place(v):
    v[...] = np.cos(v) + 2 * v
    return v


x5 = np.random.default_rng(481).normal(size=5)
x3, x22 = x5[:3].copy(), np.random.default_rng(482).normal(size=(2, 2))
x23 = np.random.default_rng(482).normal(size=(2, 3))
with check("looks at every entry"):
    _compare({"first": _spoiled(0, 1.2), "last": _spoiled(-1, -1), "middle": _spoiled(2, plus=0.5),
             "right": _slope}, {"first", "last", "middle"}, _curve, x5)
    _compare({"cancelling": _spoiled([1, 4], plus=np.array([0.5, -0.5]))}, {"cancelling"}, _curve, x5)
    _compare({"corner": _spoiled((1, 2), 0.5), "right": _slope, "inside": _spoiled((0, 1), plus=1.0)},
            {"corner", "inside"}, _curve, x23)
with check("finds an entry that is off by a hundredth of the largest"):
    largest = float(np.max(np.abs(_slope(x3))))
    _compare({"a little": _spoiled(1, plus=0.01 * largest), "right": _slope,
             "a little less": _spoiled(2, plus=-0.01 * largest)},
            {"a little", "a little less"}, _curve, x3)
with check("finds an entry that is off by 1.5 thousandths of the largest"):
    largest = float(np.max(np.abs(_slope(x22))))
    _compare({"a little": _spoiled((1, 1), plus=0.0015 * largest), "right": _slope,
             "a little less": _spoiled((1, 0), plus=-0.0015 * largest)},
            {"a little", "a little less"}, _curve, x22)
with check("raises no false alarm over rounding, where f is large and its gradient is small"):
    _compare({"right": lambda v: 0.01 * _slope(v), "wrong": lambda v: 0.01 * _spoiled(3, 1.1)(v)},
            {"wrong"}, lambda v: 9000.0 + 0.01 * _curve(v), x5)
with check("raises no false alarm over entries that are 0, or small beside the largest"):
    x, steep = np.array([0.0, 3.0, 1.0]), np.array([1.0, 1000.0, 0.0])
    _compare({"right": lambda v: 2 * steep * v + np.array([0.0, 0.0, 3e4 * (v[2] - 1) ** 2]),
             "wrong": lambda v: steep * v}, {"wrong"},
            lambda v: float(np.sum(steep * v ** 2) + 1e4 * (v[2] - 1) ** 3), x)
    x = np.array([0.3, 2.0, -1.0])
    _compare({"right": lambda v: np.array([np.cos(v[0]) * v[1], np.sin(v[0]), 0.0])}, set(),
            lambda v: float(np.sin(v[0]) * v[1] + 100.0), x)
with check("works for small and for large functions alike"):
    for size in (1e-3, 1e3):
        _compare({"right": lambda v: size * _slope(v), "wrong": lambda v: 1.02 * size * _slope(v),
                 "sign": lambda v: size * _spoiled(4, -1)(v)}, {"wrong", "sign"},
                lambda v: size * _curve(v), x5)
with check("measures the largest entry without its sign"):
    _compare({"right": lambda v: -np.exp(v), "wrong": lambda v: -1.05 * np.exp(v)}, {"wrong"},
            lambda v: -float(np.sum(np.exp(v))), x3)
with check("sees every kind of wrong shape"):
    _compare({"right": _slope, "column": lambda v: _slope(v)[:, None], "sum": lambda v: _slope(v).sum(),
             "row": lambda v: _slope(v)[None], "short": lambda v: _slope(v)[:-1]},
            {"column", "row", "sum", "short"}, _curve, x3)
    _compare({"right": _slope, "flat": lambda v: _slope(v).ravel(), "turned": lambda v: _slope(v).T},
            {"flat", "turned"}, _curve, x23)
with check("takes neither nan nor inf for a number, whichever entry it is"):
    _compare({"right": _slope, "nan": _spoiled(1, np.nan), "inf": _spoiled(2, plus=np.inf),
             "all nan": lambda v: np.nan * v}, {"nan", "inf", "all nan"}, _curve, x3)
with check("is not misled by several candidates that change their array, or by one with a table"):
    _compare({"changes its array": _in_place, "right": _slope, "wrong": lambda v: 2 * v}, {"wrong"},
            _curve, x3)
    _compare({"again": _in_place, "and again": _in_place, "right": _slope}, set(), _curve, x22)
with check("finds everything, and nothing where there is nothing"):
    _compare({"p": lambda v: 0 * v, "q": lambda v: _slope(v) / 2}, {"p", "q"}, _curve, x23)
    _compare({}, set(), _curve, x3)
with check("takes whole numbers, and leaves its input as it was"):
    _compare({"right": _slope, "wrong": lambda v: 2 * v}, {"wrong"}, _curve, np.array([1, 2, -1]))
    check.unchanged(find_bugs, {"right": _slope, "wrong": lambda v: 2 * v}, _curve, x22)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Compute the true gradient once, by differences, and then make one decision for each candidate.
# Loop over `candidates.items()`.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# Use your `numerical_gradient(f, x)`.
# Check the shape first: NumPy may subtract arrays of different shapes without complaint and give you a larger one.
# Both `nan <= 1` and `nan > 1` are `False`: which of the two comparisons do you want?
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Make a float copy of `x` and take `true = numerical_gradient(f, x)`.
# As the tolerance, take half of `1e-3` times the largest absolute entry of `true`: that is safely below what counts as wrong, but well above the error of a difference quotient.
# Call each candidate with `x.copy()`.
# Add its name to the set if its shape is different, or if *not all* the absolute differences are within the tolerance.
# Return the set.
# </details>

# %% [markdown]
# ### Play: plant a bug
#
# Below is the unit from the beginning, with two additions: a weight $v$ after the tanh, and a *skip connection* that carries $x$ around everything and adds it at the end.
# So there are two paths between $x$ and the loss.
# Press *Step* to fill in the values one by one, and then the gradients.
# At the end, *your* `numerical_gradient` and `gradient_check` test the gradients of the five inputs and flag the wrong ones.
#
# *The question to answer:* can you tell where in the graph the bug is, just from which gradients are flagged?
#
# 1. Switch on the bugs one at a time, and note which gradients are flagged.
# 2. Two of the bugs spoil only one gradient each. Why only one?
# 3. With "slope of tanh: 1 − z²", drag $b$ until $z$ is close to 0. What happens to the flags, and what does that tell you about testing with tiny numbers?
# 4. Press *Plant a secret one*, and decide where it is before you press *Reveal it*.

# %%
graph = GradientGraph(numerical_gradient, gradient_check)
graph

# %% [markdown]
# <details><summary>Answers, when you have tried</summary>
#
# Yes, nearly always.
# Follow the paths from the loss back to an input: **an input is flagged if at least one of its paths uses a wrong slope, and it is fine only if none does.**
# So look for a place that every flagged input's gradient passes through, and no other input's.
#
# **1.** Here are the six bugs, with the values the graph starts with:
#
# | flagged | the bug | why |
# |---|---|---|
# | all five | the slope of the square | every path starts there |
# | $w$, $b$, $x$ | either bug at the tanh | $v$ and $y$ branch off before it |
# | $w$, $x$ | the product $x \cdot w$ | $b$ branches off before it |
# | only $y$ | the slope for $y$ | no other path uses it |
# | only $x$ | only one of its paths is kept | only $x$ has two |
#
# The two bugs at the tanh flag the same inputs, so the flags tell you the place but not the mistake.
# And $x$ by itself tells you little: it has two paths, so it is flagged when either of them is faulty, which is the case for five of the six bugs.
#
# **2.** The slope for $y$ is used on one path only, the one that ends at $y$.
# "x keeps the gradient of its last path only" drops one of the two terms that are summed at $x$, and $x$ is an input, so nothing comes after it.
#
# **3.** The flags disappear.
# At $z = 0.5$ the relative error for $w$ is 0.024, but at $z = 0$ no gradient is flagged anymore: near 0, the slopes $1 - z^2$ and $1 - \tanh^2 z$ are almost the same number.
# So check with numbers of ordinary size, and more than once.
# </details>

# %% [markdown]
# ## What it costs
#
# If differences are so hard to get wrong, why not train with them?
# Because of the price.
# Let $P$ be the number of parameters.
# Central differences take two forward passes for each parameter, and every pass works through all $P$ of them, so the work grows like $P^2$.
# Backpropagation works through the parameters only a few times in all, so its work grows like $P$.
#
# The cell times both on 100 digits.
# Below 2,500 parameters it computes all the differences, using your `numerical_gradient`; beyond that, it times one forward pass and multiplies by $2P$.
#
# **Predict:** with 75,000 parameters, how long would *one* gradient take by differences?

# %%
from time import perf_counter

from threadpoolctl import threadpool_limits


def seconds(task, repeats):
    """The median time of a call on one core, where other programs disturb it less."""
    times = []
    with threadpool_limits(1):
        for _ in range(repeats):
            start = perf_counter()
            task()
            times.append(perf_counter() - start)
    return float(np.median(times))


def timed(width, count=100):
    """Parameters, and the times of a forward pass, of backprop, and of all differences."""
    weights, biases = random_network([64, width, 10], np.random.default_rng(8))
    X, y = X_digits[:count], y_digits[:count]
    flat = np.concatenate([part.ravel() for part in (*weights, *biases)])
    ends = np.cumsum([part.size for part in (*weights, *biases)])[:-1]

    def f(v):
        W1, W2, b1, b2 = np.split(v, ends)
        layers = [W1.reshape(width, 64), W2.reshape(10, width)], [b1, b2]
        return cross_entropy(mlp_forward(X, *layers, np.tanh)[0], y)

    def backprop():
        Z, cache = mlp_forward(X, weights, biases, np.tanh)
        return mlp_backward(cross_entropy_grad(Z, y), cache, weights)

    slow = seconds(lambda: numerical_gradient(f, flat), 1) if flat.size < 2500 else np.nan
    return flat.size, seconds(lambda: f(flat), 7), seconds(backprop, 7), slow


with plots.figure("Seconds for one gradient against the number of parameters, on logarithmic axes. "
                  "The time for differences climbs steeply from milliseconds to minutes; the time "
                  "for backprop stays in the milliseconds.", size=(6.8, 4.4)) as ax:
    rows = np.array([timed(width) for width in (1, 2, 4, 8, 16, 32, 100, 300, 1000)])
    parameters, one_pass, back, slow = rows.T
    ratio = 2 * parameters[-1] * one_pass[-1] / back[-1]
    plots.curves(parameters, {"2P × one pass": 2 * parameters * one_pass, "backprop": back},
                 log="xy", ax=ax, xlabel="parameters P", ylabel="seconds for one gradient",
                 colors={"2P × one pass": plots.WRONG},
                 title=f"On the right, differences take {float(f'{ratio:.1g}'):,.0f} times as long")
    ax.plot(parameters, slow, "o", color=plots.WRONG, label="differences, measured")
    print(f"{parameters[-1]:,.0f} parameters: backprop {1000 * back[-1]:.1f} ms, "
          f"differences {2 * parameters[-1] * one_pass[-1]:.0f} s")

# %% [markdown]
# It would take minutes: 135 seconds on the machine where we measured it, compared with 1.2 milliseconds for backpropagation.
# That is a factor of about 100,000.
#
# ### Is going back as cheap as going forward?
#
# People often say so, but count the matrix products.
# Going forward, a layer needs *one*: $X W^\top$.
# Going backward, it needs *two*, of the same size: $dZ\,W$ and $dZ^\top X$.
# (The first layer needs only the second of these: nobody needs the gradient of the images.)
#
# **Predict:** what is the ratio of backward to forward for a network with two hidden layers of 1024 units?

# %%
with unfinished():
    weights, biases = random_network([64, 1024, 1024, 10], np.random.default_rng(9))
    X, y = X_digits[:200], y_digits[:200]
    Z, cache = mlp_forward(X, weights, biases, np.tanh)
    dZ = cross_entropy_grad(Z, y)
    tasks = (lambda: mlp_backward(dZ, cache, weights),
             lambda: mlp_forward(X, weights, biases, np.tanh),
             lambda: mlp_forward(X, weights, biases, lambda Z: Z))
    back, there, bare = np.array([[seconds(task, 1) for task in tasks] for _ in range(15)]).T
    forward_products = sum(W.size for W in weights)
    products = (2 * forward_products - weights[0].size) / forward_products
    print(f"multiplications in the products, backward / forward: {products:.2f}")
    print(f"time, backward / forward:                            {np.median(back / there):.2f}")
    print(f"time, backward / forward without its tanh:           {np.median(back / bare):.2f}")

# %% [markdown]
# It is nearly two, not one.
# Counting multiplications gives 1.94.
# The clock gave 1.87 in our run.
# The forward pass also has to compute tanh; without it (the last line), the ratio was 2.06.
#
# Remember: *a backward pass costs about two forward passes*, so a training step costs about three.
#
# The other price is memory: the activations have to be kept until the backward pass has used them.

# %% [markdown]
# ## Downhill
#
# For every weight, you now know how the loss rises as the weight rises.
# So take a small step in the opposite direction:
#
# $$ W \leftarrow W - \eta\, dW, \qquad b \leftarrow b - \eta\, db . $$
#
# Here $\eta$ is the learning rate, `lr`, and the method is called **gradient descent**.
# On a random part of the examples, a *mini-batch*, it is *stochastic* gradient descent, or SGD.
#
# **By hand, once.** Take $w = 0.5$ and $dw = -1.692$ from the beginning of the lesson, and $\eta = 0.1$.
# Then $w$ becomes $0.5 + 0.169 = 0.669$.
# The gradient was negative, so the weight goes up, and the loss goes down, from 0.289 to 0.099.
#
# ## Exercise 8: one step

# %% exercise: sgd_step
def sgd_step(params, grads, lr):
    """Take one step of gradient descent for a list of parameters.

    params: a list of any array-likes, of any shapes.  grads: their gradients, in the same order.
    lr: the learning rate.
    Returns a new list of new float64 arrays: the parameters after the step.
    """
    ### BEGIN SOLUTION
    return [np.asarray(p, dtype=float) - lr * np.asarray(g, dtype=float)
            for p, g in zip(params, grads)]
    ### END SOLUTION

# %% tests: sgd_step, 2 points
import numpy as np


def _answer(params, grads, lr):
    got = check.call(sgd_step, params, grads, lr)
    got = list(got) if isinstance(got, np.ndarray) else got
    check.true(type(got) in (list, tuple), "return a list of arrays.")
    check.true(len(got) == len(params), "expected one array for each parameter, "
               f"{len(params)} in all, got {len(got)}.")
    return got


with check("goes against the gradient"):
    got = _answer([np.array([0.5, 1.0])], [np.array([-2.0, 4.0])], 0.1)
    check.close(got[0], [0.7, 0.6])
with check("moves every parameter in the list"):
    got = _answer([np.array([[1.0, 2.0]]), np.array([3.0])], [np.array([[2.0, 0.0]]), np.array([1.0])], 0.5)
    check.close(tuple(got), (np.array([[0.0, 2.0]]), np.array([2.5])))
with check("takes lists and whole numbers, and leaves its input as it was"):
    check.close(tuple(_answer([[1, 2], [3]], [[2, 0], [1]], 1)), (np.array([-1.0, 2.0]), np.array([2.0])))
    check.unchanged(sgd_step, [np.array([1.0, 2.0]), np.array([[3.0]])],
                    [np.array([0.5, -1.0]), np.array([[2.0]])], 0.1)
### BEGIN HIDDEN TESTS
def _layers(seed):
    rng = np.random.default_rng(seed)
    shapes = (3, 5), (4, 3), (3,), (4,), (2, 2, 2), (3, 5), (4,)
    return [rng.normal(size=shape) for shape in shapes], [rng.normal(size=shape) for shape in shapes]


with check("takes each step lr times its own gradient long, for any shapes and rates"):
    params, grads = _layers(491)
    for lr in (0.3, 1.0, 2.5, 0.001, 0.0):
        for p, g, new in zip(params, grads, _answer(params, grads, lr)):
            check.close(new, np.array([a - lr * b for a, b in zip(p.flat, g.flat)]).reshape(p.shape))
with check("works on a list of one, and returns float64 for whole numbers"):
    got = _answer([[[1, 2], [3, 4]]], [[[1, 0], [-2, 1]]], 1)
    check.floats(got[0], (2, 2))
    check.close(got[0], [[0.0, 2.0], [5.0, 3.0]])
with check("gives back new arrays, even when nothing moves"):
    params, grads = _layers(492)
    for lr, size in ((0.1, 1.0), (0.0, 1.0), (0.1, 0.0)):
        check.new(check.call(sgd_step, params, [size * g for g in grads], lr), params)
with check("reads any memory order"):
    (a, b, *_), (c, d, *_) = _layers(493)
    got = _answer([a[::-2], np.asfortranarray(b)], [c[::2], d], 0.7)
    check.close(tuple(got), (a[::-2] - 0.7 * c[::2], b - 0.7 * d))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Two lists go in, and one list comes out.
# What happens to a single parameter and its gradient?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `zip(params, grads)` gives you the pairs.
# `p -= …` changes the caller's array, whereas `p - …` makes a new one.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Write one list comprehension over the pairs.
# Convert each parameter to a float array before you take the step.
# </details>

# %% [markdown]
# ## Exercise 9: train
#
# In *full-batch* training, an epoch looks at all the examples at once:
#
# 1. **Forward:** compute the logits and the cache with the current weights.
# 2. **Loss:** record it, *before* you change anything.
# 3. **Backward:** compute the gradient of the loss, then go all the way back.
# 4. **Update:** change the weights and the biases.
#
# Then start over at 1, because after the update the old cache is worthless.

# %% exercise: train_mlp
def train_mlp(X, y, weights, biases, lr, epochs):
    """Train a network with tanh hidden layers by full-batch gradient descent on the cross-entropy.

    X: (n, d) examples.  y: (n,) int labels.  lr: the learning rate.
    weights, biases: lists of the layers' W (out, in) and b (out,) to start from; they are not
    changed. X, y, and each W and b is any array-like, such as a list of whole numbers.
    epochs: the number of updates.
    Returns (weights, biases, losses): two lists of new arrays, and a list of `epochs` floats in
    which losses[k] is the mean cross-entropy just before update k, counting from 0.
    With epochs = 0, returns copies of the parameters, and [].
    """
    ### BEGIN SOLUTION
    weights = [np.array(W, dtype=float) for W in weights]
    biases = [np.array(b, dtype=float) for b in biases]
    losses = []
    for _ in range(epochs):
        Z, cache = mlp_forward(X, weights, biases, np.tanh)
        losses.append(cross_entropy(Z, y))
        dZ = softmax(Z)
        dZ[np.arange(len(dZ)), np.asarray(y)] -= 1.0
        dZ /= len(dZ)
        for depth in reversed(range(len(weights))):
            A_in, W = cache[depth][0], weights[depth]
            weights[depth] = W - lr * dZ.T @ A_in
            biases[depth] = biases[depth] - lr * dZ.sum(axis=0)
            dZ = (dZ @ W) * (1.0 - A_in**2)  # through the W of the forward pass, not the new one
    return weights, biases, losses
    ### END SOLUTION

# %% tests: train_mlp, 4 points
from itertools import pairwise

import numpy as np


def _answer(*case):
    got = check.parts(check.call(train_mlp, *case), "weights", "biases", "losses")
    weights, biases, losses = (list(part) if isinstance(part, np.ndarray) else part for part in got)
    check.true(all(type(part) in (list, tuple) for part in (weights, biases, losses)),
               "return three lists.")
    check.true(len(weights) == len(biases) == len(case[2]), "expected one W and one b for each "
               f"layer, {len(case[2])} in all, got {len(weights)} and {len(biases)}.")
    check.true(len(losses) == case[5], "expected one loss for each epoch, "
               f"{case[5]} in all, got {len(losses)}.")
    return weights, biases, losses


with check("notes the mean loss before the first update"):
    W, b = [np.array([[1.0], [-1.0]])], [np.zeros(2)]
    check.close(_answer(np.array([[1.0], [-1.0]]), np.array([0, 1]), W, b, 0.5, 1)[2],
                [np.log(1 + np.exp(-2.0))])
with check("takes one right step in both layers, for two equal examples with the logits 0 and 0"):
    a = np.tanh(1.0)
    W, b = [np.array([[0.5]]), np.array([[3.0], [1.0]])], [np.zeros(1), np.array([-3 * a, -a])]
    weights, biases, _ = _answer(np.array([[2.0], [2.0]]), np.array([0, 0]), W, b, 0.1, 1)
    check.close(tuple(weights), (np.array([[0.5 + 0.2 * (1 - a**2)]]), np.array([[3 + 0.05 * a], [1 - 0.05 * a]])),
                names=("weights[0]", "weights[1]"))
    check.close(tuple(biases), (np.array([0.1 * (1 - a**2)]), np.array([0.05 - 3 * a, -0.05 - a])),
                names=("biases[0]", "biases[1]"))
with check("the loss falls from epoch to epoch"):
    rng = np.random.default_rng(501)
    X, y = rng.normal(size=(12, 2)), np.arange(12) % 3
    losses = _answer(X, y, [rng.normal(size=(5, 2)), rng.normal(size=(3, 5))],
                    [np.zeros(5), np.zeros(3)], 0.1, 20)[2]
    check.true(all(b < a for a, b in pairwise(losses)), "the loss did not fall every time.")
with check("takes lists and whole numbers, and leaves the caller's weights and biases as they were"):
    weights, biases, _ = _answer([[2], [2]], [0, 1], [[[0], [0]]], [[0, 0]], 1, 1)
    check.close((weights[0], biases[0]), (np.zeros((2, 1)), np.zeros(2)), names=("weights[0]", "biases[0]"))
    check.unchanged(train_mlp, np.array([[2.0], [1.0]]), np.array([0, 1]), [np.array([[1.0], [-1.0]])],
                    [np.zeros(2)], 0.5, 1)
### BEGIN HIDDEN TESTS
def _loss(X, y, weights, biases):
    """The mean cross-entropy; complex numbers go through as well."""
    for depth, (W, b) in enumerate(zip(weights, biases)):
        X = (np.tanh(X) if depth else X) @ W.T + b
    X = X - X.real.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(X).sum(axis=1)) - X[np.arange(len(y)), y])


@check.once
def _descend(X, y, weights, biases, lr, epochs):
    """The same with slopes by complex steps, one parameter at a time."""
    L, losses = len(weights), []
    parts = [np.array(part, dtype=complex) for part in (*weights, *biases)]
    for _ in range(epochs):
        losses.append(float(_loss(X, y, parts[:L], parts[L:]).real))
        slopes = []
        for part in parts:
            slopes.append(np.zeros(part.shape))
            for index in np.ndindex(part.shape):
                part[index] += 1e-30j
                slopes[-1][index] = _loss(X, y, parts[:L], parts[L:]).imag / 1e-30
                part[index] = part[index].real
        parts = [part - lr * slope for part, slope in zip(parts, slopes)]
    return [part.real for part in parts[:L]], [part.real for part in parts[L:]], losses


def _start(seed, n, *sizes):
    rng = np.random.default_rng(seed)
    weights = [rng.normal(size=pair[::-1]) for pair in pairwise(sizes)]
    return (rng.normal(size=(n, sizes[0])), rng.integers(sizes[-1], size=n), weights,
            [rng.normal(size=out) for out in sizes[1:]])


def _match(got, expected):
    for name, ours, theirs in zip(("weights", "biases"), got, expected):
        check.close(tuple(ours), tuple(theirs), names=tuple(
            f"{name}[{k}]" for k in range(len(theirs))))


def _compare(*case):
    _match(_answer(*case), _descend(*case))


different, equal = (_start(502, 7, 5, 3, 4), 0.3, 2), (_start(503, 4, 4, 4, 4), 0.7, 2)
with check("notes the loss before each update"):
    for (X, y, weights, biases), lr, epochs in (different, equal):
        check.close(_answer(X, y, weights, biases, lr, epochs)[2],
                    _descend(X, y, weights, biases, lr, epochs)[2])
with check("reaches the right weights and biases after one epoch"):
    for (X, y, weights, biases), lr, _ in (different, equal):
        _compare(X, y, weights, biases, lr, 1)
with check("goes on from the new weights in the second epoch"):
    for (X, y, weights, biases), lr, epochs in (different, equal):
        _compare(X, y, weights, biases, lr, epochs)
with check("trains networks of one layer, and of three and four"):
    _compare(*_start(504, 6, 3, 4), 0.5, 3)
    _compare(*_start(505, 3, 2, 3, 2, 3), 0.5, 2)
    _compare(*_start(506, 3, 2, 2, 2, 2, 2), 1.0, 1)
with check("works on a batch of one"):
    _compare(*_start(507, 1, 3, 2, 3), 0.4, 2)
with check("stays finite for very large inputs"):
    X, y = np.array([[1000.0, -1000.0], [500.0, 1000.0]]), np.array([0, 1])
    case = X, y, [3 * np.array([[1.0, 2.0], [0.5, -1.0]])], [np.zeros(2)], 1e-4, 2
    _compare(*case)
    check.close(_answer(*case)[2], _descend(*case)[2])
with check("keeps using the lr it was given and returns the last weights, whether the loss rises or hardly falls"):
    for lr in (4.0, 1e-4):
        _compare(*_start(512, 6, 3, 4, 3), lr, 6)
        check.close(_answer(*_start(512, 6, 3, 4, 3), lr, 6)[2], _descend(*_start(512, 6, 3, 4, 3), lr, 6)[2])
with check("with no epochs gives back copies, and no losses"):
    X, y, weights, biases = _start(508, 4, 3, 2, 3)
    ours = _answer(X, y, weights, biases, 0.1, 0)
    _match(ours, (weights, biases))
    check.new(train_mlp(X, y, weights, biases, 0.1, 0)[:2], *weights, *biases)
with check("is right for whole numbers in lists, and returns float64"):
    X, y, weights, biases = [[1, -1], [0, 2], [2, 1]], [1, 0, 1], [[[1, 2], [0, -1]]], [[0, 1]]
    for epochs in (2, 0):
        ours = _answer(X, y, weights, biases, 1, epochs)
        theirs = _descend(np.array(X), np.array(y), weights, biases, 1, epochs)
        check.floats(ours[0][0], (2, 2))
        check.floats(ours[1][0], (2,))
        check.close((ours[0][0], ours[1][0]), (theirs[0][0], theirs[1][0]),
                    names=("weights[0]", "biases[0]"))
with check("reads any memory order, and leaves its input as it was"):
    X, y, weights, biases = _start(509, 6, 4, 3, 2)
    case = (np.asfortranarray(X)[::2], y[::2], [np.asfortranarray(W) for W in weights], biases,
            0.5, 2)
    _compare(*case)
    check.unchanged(train_mlp, *case)
    check.unchanged(train_mlp, X.copy(), y, [W.copy() for W in weights], biases, 0.5, 2)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Copy the lists first.
# Then write the four steps of one epoch; each is a call to a function you already have.
# Put the loop over the epochs around them.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `mlp_forward`, `cross_entropy`, `cross_entropy_grad`, `mlp_backward`, and `sgd_step` twice: once for the weights and once for the biases.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Start with `[np.array(W, dtype=float) for W in weights]`, the same for the biases, and an empty list.
# In each epoch, call `mlp_forward(X, weights, biases, np.tanh)`, and append the cross-entropy of its logits to the list.
# Pass the gradient of that cross-entropy, the cache, and the weights to `mlp_backward`, then update the weights and the biases with `sgd_step`.
# After the loop, return all three.
# </details>

# %% [markdown]
# **Predict:** take two interleaved half moons, 16 hidden units, and 600 updates. Will the boundary be a curve that runs between the moons?

# %%
with plots.figure("Left: the loss falls steeply at first, then slowly toward zero. Right: two interleaved "
                  "half moons with a curved boundary between them.", columns=2) as (left, right):
    moons = data.moons(200, 0.15, np.random.default_rng(10))
    start = random_network([2, 16, 2], np.random.default_rng(11), scale=2.0)
    weights, biases, losses = train_mlp(moons.X, moons.y, *start, 1.0, 600)
    says = lambda X: mlp_forward(X, weights, biases, np.tanh)[0].argmax(axis=1)
    wrong = int(np.sum(says(moons.X) != moons.y))
    plots.loss(losses, title=f"The loss falls from {losses[0]:.2f} to {losses[-1]:.3f}", ax=left)
    plots.decision_boundary(says, moons.X, moons.y, xlabel="x1", ylabel="x2", ax=right,
                            labels=moons.classes, title=f"{wrong} of {len(moons.X)} on the wrong side")

# %% [markdown]
# Yes: the loss fell from 0.76 to 0.027, and only 2 of the 200 points are on the wrong side.
# Nobody designed a feature by hand: the hidden units found their own, just by going downhill.
#
# ### Before you train anything: three small steps
#
# Climb this ladder, and don't go on until each rung holds:
#
# 1. **The loss at the start.** With small random weights, all classes are about equally likely, so the loss should be close to $\log c$: 2.30 for ten digits.
# 2. **Twenty examples.** A network with enough units must be able to get them all right. If it can't, something is broken, and more data won't help.
# 3. **Then** use all the data, and look for a good learning rate.

# %%
with unfinished():
    start = random_network([64, 16, 10], np.random.default_rng(12), scale=0.3)
    *_, losses = train_mlp(X_digits[:200], y_digits[:200], *start, 0.5, 1)
    print(f"1. the first loss is {losses[0]:.2f}, and log 10 is {np.log(10):.2f}")
    weights, biases, losses = train_mlp(X_digits[:20], y_digits[:20], *start, 0.5, 300)
    said = mlp_forward(X_digits[:20], weights, biases, np.tanh)[0].argmax(axis=1)
    print(f"2. {np.sum(said == y_digits[:20])} of 20 digits are right, with a loss of {losses[-1]:.3f}")

# %% [markdown]
# Both rungs hold: the first loss is 2.31, and all 20 digits are right.
#
# **Predict:** on the third rung, what will you see if the learning rate is ten times too small? And if it is ten times too large?

# %%
with plots.figure("The loss on 200 digits over 200 epochs for three learning rates. With 0.05 it falls "
                  "slowly, with 0.5 quickly and smoothly; with 5 it climbs and then jumps up and "
                  "down, far above where it started.",
                  size=(6.8, 4.2)) as ax:
    curves, right = {}, {}
    for lr in (0.05, 0.5, 5.0):
        weights, biases, losses = train_mlp(X_digits[:200], y_digits[:200], *start, lr, 200)
        said = mlp_forward(X_digits[200:], weights, biases, np.tanh)[0].argmax(axis=1)
        curves[f"lr = {lr:g}"], right[lr] = losses, np.mean(said == y_digits[200:])
    plots.curves(range(200), curves, log=True, xlabel="epoch", ylabel="mean loss", ax=ax,
                 title=f"lr = 0.5 gets {right[0.5]:.0%} of {len(said):,} new digits right after 200 epochs")
    for lr, share in right.items():
        print(f"lr = {lr:<4g} loss {curves[f'lr = {lr:g}'][-1]:6.3f}, new digits right: {share:.0%}")

# %% [markdown]
# With steps ten times too small, you waste time: after 200 epochs, the loss has only come down to 1.44, and 65% of the new digits are right instead of 82%.
# With steps ten times too large, each step goes far beyond the point where the slope still holds: the loss ends at 21, and only 10% of the new digits are right.
#
# A falling loss doesn't prove that the gradient is right: a gradient that is too small in some layers still takes you downhill.

# %% [markdown]
# ## Check your understanding
#
# Each question has exactly one right answer.
# Return its letter.

# %% [markdown]
# **Question 1.** What is backpropagation?
#
# - **a**  The rule by which all the weights and biases are changed a little after each epoch.
# - **b**  The chain rule, applied from the loss back to the first layer, to get all gradients.
# - **c**  Running the network in reverse, from an answer back to the image that it belongs to.
# - **d**  A way to approximate the gradients, by nudging each weight a little and running the network again.

# %% exercise: quiz_backprop
def quiz_backprop():
    """Return the letter of your answer to question 1, for example "a"."""
    ### BEGIN SOLUTION
    return "b"
    ### END SOLUTION

# %% tests: quiz_backprop, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_backprop())
### BEGIN HIDDEN TESTS
with check("what backpropagation is"):
    check.letter(quiz_backprop(), right="b", why={
        "a": "Changing the weights is the job of gradient descent, or of another optimizer. It uses "
             "the gradient; backpropagation only computes it.",
        "b": "It applies the chain rule from the loss back to the first layer and reuses what "
             "it has computed on the way; the update comes afterward.",
        "c": "Gradients travel back, not values: they say how much the loss would change, not what "
             "the input might have been.",
        "d": "Those are difference quotients, which take two forward passes for each weight. "
             "Backpropagation is exact up to rounding and takes a single sweep."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 2.** A value $h$ feeds two units. The gradient 3 comes back from the first and $-1$ from the second, each already multiplied by the local slope for $h$. What is $dh$?
#
# - **a**  $-3$
# - **b**  $1$
# - **c**  $3$
# - **d**  $2$

# %% exercise: quiz_paths
def quiz_paths():
    """Return the letter of your answer to question 2, for example "a"."""
    ### BEGIN SOLUTION
    return "d"
    ### END SOLUTION

# %% tests: quiz_paths, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_paths())
### BEGIN HIDDEN TESTS
with check("what happens where paths meet"):
    check.letter(quiz_paths(), right="d", why={
        "a": "That is their product. You multiply slopes along one path, but these are two paths.",
        "b": "That is their mean. Nothing is averaged: nudging h acts on both paths at the same "
             "time.",
        "c": "That keeps one path and forgets the other, as if a second assignment had overwritten "
             "the first.",
        "d": "Where paths meet, their contributions add up: 3 + (-1) = 2."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 3.** A network has a million parameters. About how long does it take to compute one gradient by backpropagation, including the forward pass it needs?
#
# - **a**  As long as one forward pass.
# - **b**  As long as three forward passes.
# - **c**  As long as a million forward passes.
# - **d**  As long as two million forward passes.

# %% exercise: quiz_cost
def quiz_cost():
    """Return the letter of your answer to question 3, for example "a"."""
    ### BEGIN SOLUTION
    return "b"
    ### END SOLUTION

# %% tests: quiz_cost, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_cost())
### BEGIN HIDDEN TESTS
with check("what a gradient costs"):
    check.letter(quiz_cost(), right="b", why={
        "a": "The forward pass alone takes that long, and then each layer needs two matrix products "
             "on the way back.",
        "b": "The forward pass takes one matrix product per layer, and the backward pass takes "
             "two, one for dW and one for dX.",
        "c": "That would be forward differences, with one nudge per parameter. A backward pass "
             "gives you all the gradients in one sweep.",
        "d": "That is the price of central differences, two passes per parameter: fine for "
             "checking a small network, hopeless for training."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 4.** A layer has 64 inputs and 10 units, and the batch has 32 examples. You have `dZ` of shape `(32, 10)`, `X` of shape `(32, 64)`, and `W` of shape `(10, 64)`. Which of these is `dW`?
#
# - **a**  `dZ.T @ X`
# - **b**  `X.T @ dZ`
# - **c**  `dZ @ W`
# - **d**  `dZ.T @ X / 32`

# %% exercise: quiz_shapes
def quiz_shapes():
    """Return the letter of your answer to question 4, for example "a"."""
    ### BEGIN SOLUTION
    return "a"
    ### END SOLUTION

# %% tests: quiz_shapes, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_shapes())
### BEGIN HIDDEN TESTS
with check("the gradient of a layer's weights"):
    check.letter(quiz_shapes(), right="a", why={
        "a": "It has the shape of W, (10, 64), and it adds up what each of the 32 examples "
             "contributes.",
        "b": "That has shape (64, 10). A gradient has the same shape as the thing it belongs to, and "
             "here W is (10, 64). In texts that store W as (in, out), b would be right.",
        "c": "That is dX, of shape (32, 64): what the layer passes back to the previous layer.",
        "d": "dZ already includes the 1/n, from the loss. Dividing again makes every step 32 times "
             "too small."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 5.** The gradient check of your network passes with an error of $10^{-9}$, but the loss does not fall. What do you know for certain?
#
# - **a**  The backward pass must be wrong after all, and the tolerance of the check was too generous.
# - **b**  The network is too small for the task, so more hidden units or more layers are needed.
# - **c**  Where you checked, the backward pass fits the forward pass; the fault is elsewhere.
# - **d**  The weights have reached the best possible values, so there is nothing left to improve.

# %% exercise: quiz_check
def quiz_check():
    """Return the letter of your answer to question 5, for example "a"."""
    ### BEGIN SOLUTION
    return "c"
    ### END SOLUTION

# %% tests: quiz_check, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_check())
### BEGIN HIDDEN TESTS
with check("what a gradient check tells"):
    check.letter(quiz_check(), right="c", why={
        "a": "An error of 1e-9 is about as good as central differences get in float64. The fault is "
             "somewhere the check doesn't look.",
        "b": "Possible, but the check can't tell you that. A plus instead of a minus in the update "
             "would stop the loss from falling just as well.",
        "c": "The check says that the backward pass fits this forward pass at this point; "
             "everything else may still be wrong.",
        "d": "Then the gradient would be close to zero, and the check says nothing about that. It "
             "compares two gradients, whatever their size."})
### END HIDDEN TESTS

# %% [markdown]
# ## Questions people ask you
#
# Answer each one out loud before you open it.
#
# <details><summary>What role does the chain rule play in backpropagation?</summary>
#
# The loss is a long composition of functions: layer after layer, then softmax and cross-entropy.
# The chain rule says that its slope is the product of the local slopes along a path, summed over all paths.
# Backpropagation works out these products from the loss backward, so it computes whatever the paths share only once.
#
# **A good answer says:** the loss is a composition of functions; multiply local slopes along a path and add over paths; going backward, shared pieces are computed once.
# </details>
# <details><summary>Why go backward, and not forward?</summary>
#
# You can apply the chain rule in either order.
# Going forward, one sweep gives you the slopes of everything with respect to *one* input.
# Going backward, one sweep gives you the slopes of *one* output with respect to everything.
# Training has one loss and a great many parameters, so backward wins.
# The general name for this is reverse-mode automatic differentiation.
#
# **A good answer says:** forward: one sweep for one input; backward: one sweep for one output; training has one loss and many parameters.
# </details>
# <details><summary>Is the backward pass as cheap as the forward pass?</summary>
#
# No, it costs about twice as much: each layer needs two matrix products instead of one, for its weights and for its input.
# You measured this above.
# For a large network, that is still nothing compared with differences, which take two forward passes for *each* parameter.
#
# **A good answer says:** about twice the forward pass; because each layer needs two products, for weights and for input; far cheaper than differences, two passes for each parameter.
# </details>
# <details><summary>Backpropagation is O(n), numerical differentiation O(n²): in what?</summary>
#
# In the number of parameters P, for one example.
# A forward pass uses each weight in one multiplication, and a backward pass in two, so both are O(P).
# Differences take 2P forward passes of O(P) each, which makes O(P²).
# With N examples, both costs are multiplied by N.
#
# **A good answer says:** n is the number of parameters; forward and backward each use a weight a constant number of times; differences take 2P passes of O(P).
# </details>
# <details><summary>What is δ?</summary>
#
# It is the gradient of the loss with respect to a layer's pre-activation, which this course calls dZ.
# For the last layer it comes from the loss.
# For any other layer, it is what the next layer passes back through its weights, times the slope of the layer's own activation.
# Everything else follows from δ: times the layer's input it gives dW, and summed over the batch it gives db.
#
# **A good answer says:** the gradient of the loss with respect to a layer's pre-activation; where it comes from: the next layer's weights times the slope of the activation; what it gives: dW and db.
# </details>
# <details><summary>Why is the gradient of softmax and cross-entropy so simple?</summary>
#
# Because the logarithm in the loss undoes the exponential in the softmax, which leaves probability minus one-hot truth.
# It is also numerically safer: if you computed the two gradients one after the other, you would divide by a probability that may be 0.
#
# **A good answer says:** the logarithm undoes the exponential; what is left is probability minus one-hot; no division by a probability that may be 0.
# </details>
# <details><summary>Why does training need so much more memory than prediction?</summary>
#
# The backward pass needs the values from the forward pass: every layer's input, for every example in the batch.
# If you only predict, you can discard each one as soon as the next layer has used it.
# You can also trade time for memory: keep a few of them and recompute the rest.
#
# **A good answer says:** the backward pass needs every layer's input, for the whole batch; prediction can throw them away; recomputing trades time for memory.
# </details>
# <details><summary>Gradient descent, SGD, Adam: what is the difference?</summary>
#
# All of them use the same gradients.
# Gradient descent uses all the examples; SGD uses a random mini-batch, which gives a rougher gradient much more cheaply.
# Adam and its relatives also remember earlier gradients and give each parameter its own step size.
#
# **A good answer says:** all follow the same gradients; full data or a random mini-batch: rougher, but cheaper; Adam remembers earlier gradients and scales each parameter's step.
# </details>

# %% [markdown]
# ## In an interview
#
# *Walk us through a complete training step of a multi-layer network: forward propagation, backward propagation, update. How do you know that your gradients are right, and what does it all cost?*
#
# Answer in the cell below, in six to ten sentences.
# Say what each layer computes going forward, what it passes back, and which two gradients it produces on the way.
# Say how the weights change, how you check the gradients, and what the gradients cost compared with a forward pass and with differences.
# A teacher reads this answer; it is worth 4 points.
#
# <!-- A good answer says: what a layer computes and passes back, and its two gradients; the update; how gradients are checked; what they cost, compared with a forward pass and with differences -->

# %% answer: interview_backprop, 4 points [markdown]
# Going forward, each layer computes Z = A_in Wᵀ + b and, if it is a hidden layer, A = act(Z); the last scores go through softmax and cross-entropy, which gives one number, the mean loss. The inputs and scores of every layer are kept.
# Going backward, we start with the gradient of the loss with respect to the last scores, (softmax − onehot)/n.
# Given a layer's dZ, dW = dZᵀ A_in and db is the sum of dZ over the batch; dZ W is passed back, and multiplied by the slope of the previous layer's activation at its own scores it becomes that layer's dZ. So the chain rule is applied from the last layer to the first, and each common factor is computed only once.
# Then every parameter takes a step against its gradient, W ← W − lr·dW; the next step starts with a new forward pass.
# I check the gradients on a small network in float64 against central differences with eps near 1e-5, entry by entry, and look at the largest relative error, using several examples and weights of ordinary size.
# A backward pass costs about two forward passes, because each layer needs two matrix products instead of one, plus memory for the stored activations; differences would need two forward passes per parameter, so their work grows with the square of the number of parameters.
#
# ### BEGIN MARK SCHEME
# One point for each, half points where it is incomplete:
#
# 1. **Forward:** weighted sum plus bias, activation, layer by layer, to a loss; and that values are kept for the way back.
# 2. **Backward:** the chain rule from the loss to the first layer; dW from the layer's dZ and its input, and what is passed back through W and the activation's slope (in any notation; words are enough).
# 3. **Update:** each parameter takes a step against its gradient, scaled by a learning rate. (The question is about a single step; repeating it for many epochs is fine but not required.)
# 4. **Check and cost:** comparison with (central) differences on a small case; backward about twice a forward pass (accept "the same order", "a small constant"), differences one or two passes for each parameter.
#
# These cost the point in parentheses: "backpropagation updates the weights" with no mention of gradients (2); a step *along* the gradient (3); "the network is run in reverse to recover the input" (2); "the backward pass costs one forward pass per weight", or training by difference quotients (4).
# ### END MARK SCHEME

# %% [markdown]
# ## What to remember
#
# > - A gradient has the same shape as the thing it belongs to, and says how the loss rises as that thing rises. Multiply local slopes along a path, and add where paths meet.
# > - $dZ_{\text{last}} = (\mathrm{softmax}(Z_{\text{last}}) - \mathrm{onehot}(y))/n$: the $1/n$ enters here and nowhere else.
# > - For a layer, $dW = dZ^\top A_{in}$, $db$ is the sum of $dZ$ over the batch, and $dA_{in} = dZ\,W$. Then multiply by the slope of the previous layer's activation, entry by entry.
# > - A backward pass costs about two forward passes; differences cost $2P$ of them. So train with backpropagation, and use differences to check it.
# > - Check with central differences, $\epsilon \approx 10^{-5}$, and the largest relative error, using several examples and weights of ordinary size.
# > - Update with $W \leftarrow W - \eta\, dW$, then run a new forward pass. First look for $\log c$, then overfit twenty examples, then train.
#
# **Next:** [lesson 5, activations](../05_activations/05_activations.ipynb): tanh was one choice among many.
# **Back:** [lesson 3, the forward pass](../03_forward_pass/03_forward_pass.ipynb).
#
# <details><summary>Sources</summary>
#
# D. Rumelhart, G. Hinton, and R. Williams, "Learning representations by back-propagating errors", Nature 323 (1986); S. Linnainmaa's thesis (1970) has the reverse sweep for general programs, and P. Werbos (1974, 1982) proposed it for networks. J. Nocedal and S. Wright, "Numerical Optimization", section 8.1, on difference quotients and their step sizes. A. Griewank and A. Walther, "Evaluating Derivatives" (2008), on the cost of gradients. The digits are E. Alpaydin and C. Kaynak's (1998), from scikit-learn.
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

HandIn("04_backprop")
