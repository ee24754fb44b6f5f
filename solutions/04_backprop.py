# %% [markdown]
# # 4 · Backpropagation: which weight is to blame?
#
# In lesson 3 a network looked at a digit, and one number, the loss, said how wrong it was.
# Behind that number stand thousands of weights.
# Which of them have to change, in which direction, and by how much?
#
# You could try: nudge one weight, run the network again, and see whether the loss falls.
# Then the next weight. For a network with a million weights, that is a million runs for a single small improvement.
# There is a way to ask *all* the weights at once, for the price of about two runs more. Without it, nobody would train networks of this size.
#
# In this lesson you build it, prove that yours is right, measure what it costs, and train a network with nothing but your own code.
#
# **You will build**, from nothing but NumPy:
# `cross_entropy_grad` → `linear_backward` → `tanh_backward` → `mlp_backward` → `numerical_gradient` → `gradient_check` → `find_bugs` → `sgd_step` → `train_mlp`
#
# **Time:** about 90 minutes. **You need:** [lesson 3](../03_forward_pass/03_forward_pass.ipynb), and the slopes of $x^2$ and of a product.
#
# **How to work.** As before: predict, run, explain.
# Replace `# YOUR CODE HERE` and the `raise` below it, run the tests, open a hint when you are stuck.
# Most answers are two to five lines. Each exercise is tested on its own, so one that resists can wait.

# %% given: imports
import numpy as np

from utils import data, gradcheck, plots
from utils.checks import unfinished
from utils.widgets import GradientGraph

# %% [markdown]
# Here are the pieces you built in lesson 3, as its model answers have them.

# %% earlier: pieces
# from 03_forward_pass: mlp_forward, softmax, cross_entropy

# %%
# Your own pieces instead: remove the # in front of the next two lines.
# from utils import earlier
# mlp_forward, softmax, cross_entropy = earlier.mine("03_forward_pass", "mlp_forward", "softmax", "cross_entropy")

# %% [markdown]
# ## A student, a test, a teacher
#
# | at school | in the network | in code |
# |---|---|---|
# | a student works out an answer, line by line | forward pass: $X \to Z_1 \to A_1 \to \dots \to Z_L$ | `mlp_forward` |
# | the lines of the working stay on the paper | the cache: each layer's input and score | `cache[l] = (A_in, Z)` |
# | the teacher gives one mark | the loss $L$ | `cross_entropy` |
# | the teacher goes back from the last line: which step made it go wrong, and by how much? | backward pass: $dZ_L \to dA_{L-1} \to dZ_{L-1} \to \dots$ | `mlp_backward` |
# | the student changes what they know, a little | the update $W \leftarrow W - \eta\, dW$ | `sgd_step` |
# | the next test, and the next | epochs | `train_mlp` |
#
# The picture carries far, and fails in one place: the teacher knows a better way, the backward pass does not.
# It only knows slopes: what a *tiny* change of each weight would do to the mark.
#
# > `dW` is short for $\partial L / \partial W$: for each entry of `W`, how fast the loss rises when this entry rises. It always has the shape of `W`.

# %% [markdown]
# ## The chain rule, by hand
#
# Numbers before letters. One unit with one input, its output compared with a target $y$:
#
# $$ u = w\,x, \qquad z = u + b, \qquad a = \tanh z, \qquad e = a - y, \qquad L = e^2 . $$
#
# Take $x = 2$, $w = 0.5$, $b = -0.5$ and $y = 1$. **Forward**, each step from those before it:
#
# $$ u = 1, \qquad z = 0.5, \qquad a = 0.462, \qquad e = -0.538, \qquad L = 0.289 . $$
#
# **Backward.** Begin at the end, with $dL/dL = 1$, and ask each step only one thing: *when your input moves a little, how much faster or slower does your output move?* That is its **local slope**. Multiply by it and hand the product on.
#
# | step | its local slope | gradient of its input |
# |---|---|---|
# | $L = e^2$ | $2e = -1.076$ | $de = 1 \cdot (-1.076) = -1.076$ |
# | $e = a - y$ | $1$ for $a$, $-1$ for $y$ | $da = -1.076$ |
# | $a = \tanh z$ | $1 - a^2 = 0.786$ | $dz = -1.076 \cdot 0.786 = -0.846$ |
# | $z = u + b$ | $1$ for both | $du = -0.846, \quad db = -0.846$ |
# | $u = w\,x$ | $x = 2$ for $w$, and $w = 0.5$ for $x$ | $dw = -0.846 \cdot 2 = -1.692, \quad dx = -0.423$ |
#
# Multiplying local slopes along the way is the **chain rule**. Three things to see:
#
# - Each slope is taken *at the values of the forward pass*. That is why they are kept. (For the slope of tanh, $1 - \tanh^2$, take our word; exercise 5 lets you test it.)
# - One sweep gives *all* gradients: $dw$, $db$, $dx$ share the work that was done up to $dz$.
# - A product swaps its partners: the slope for $w$ is $x$, and the slope for $x$ is $w$.
#
# **Predict:** if $w$ becomes 0.501, what will $L$ be? The gradient says: lower by about $0.001 \cdot 1.692$.

# %%
def unit_loss(x, w, b, y):
    return (np.tanh(w * x + b) - y) ** 2


before, after = unit_loss(2, 0.5, -0.5, 1), unit_loss(2, 0.501, -0.5, 1)
print(f"L before {before:.6f}, after {after:.6f}: it changed by {after - before:+.6f}")

# %%
with plots.figure("Five steps u, z, a, e and L in a row, with the inputs w, x, b and y beside them; each "
                  "box holds a value of the forward pass and, below it, its gradient: dw = −1.692, "
                  "dx = −0.423, db = −0.846, dy = 1.076.",
                  size=(9.6, 3.2)) as ax:
    plots.unit_graph(x=2.0, w=0.5, b=-0.5, y=1.0, ax=ax)
    ax.set_title("Values go to the right, gradients come back: one sweep each")

# %% [markdown]
# **When a value goes two ways.** Let $q = x \cdot x$. The value $x$ enters twice, so a nudge of $x$ reaches $q$ by two paths, each with the local slope $x$: in all $x + x = 2x$, as it should be.
#
# > **Along a path, multiply. Where paths meet, add.**
#
# There is nothing more to backpropagation than this sentence and an order to work in: from the end to the beginning, so that every gradient is complete before it is handed on.
# In a network paths meet everywhere: a hidden unit feeds *all* the units behind it, and a weight serves *all* the examples of a batch.

# %% [markdown]
# ## From one unit to layers
#
# Lesson 3's network repeats two steps, and ends in a third:
#
# $$ Z_l = A_{l-1} W_l^\top + b_l, \qquad A_l = \tanh Z_l, \qquad\dots,\qquad L = \text{cross-entropy}(Z_L, y). $$
#
# So three local rules are enough, and each is an exercise. Then you put them into a row.
#
# **The last step first.** For one example with logits $z$ and label $y$ the loss is $-\log p_y$, where $p = \mathrm{softmax}(z)$:
#
# $$ \ell = -z_y + \log \sum_k e^{z_k}, \qquad \frac{\partial \ell}{\partial z_j} = \frac{e^{z_j}}{\sum_k e^{z_k}} - [j = y] = p_j - [j = y], $$
#
# where $[j = y]$ is 1 for the right class and 0 for the others: one row of a *one-hot* table.
# Probability minus truth, and nothing else: the logarithm has undone the exponential.
# For the logits $(0, 0)$ and the label 1 it is $(0.5, -0.5)$: push the first logit down, the second one up.
#
# The loss of a batch is the *mean* of its examples' losses, so everything is divided by $n$. **Here, and only here.** All that follows is multiplied with this gradient, and so gets its $1/n$ by itself.
#
# ## Exercise 1: where the gradient begins

# %% exercise: cross_entropy_grad
def cross_entropy_grad(Z, y):
    """The gradient of the mean cross-entropy with respect to the logits.

    Z: (n, c) logits, also very large ones.  y: (n,) int labels, 0 to c - 1.
    Returns float64 of shape (n, c): (softmax(Z) - onehot(y)) / n.

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
    check.close(check.call(cross_entropy_grad, Z, np.array([1, 1])),
                [[0.25, -0.25], [0.375, -0.375]])
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
with check("works on lists and whole numbers, and returns float64"):
    got = check.call(cross_entropy_grad, [[1, 2, 0], [0, 0, 3]], [0, 2])
    check.floats(got, (2, 3))
    check.close(got, _by_entries([[1, 2, 0], [0, 0, 3]], [0, 2]))
with check("reads any memory order, and leaves its input as it was"):
    rng = np.random.default_rng(413)
    Z, y = np.asfortranarray(rng.normal(size=(10, 6)))[::2, ::-2], rng.integers(3, size=10)[::2]
    check.close(check.call(cross_entropy_grad, Z, y), _by_entries(Z, y))
    check.unchanged(cross_entropy_grad, np.array([[1.0, -2.0], [0.5, 0.0]]), np.array([1, 0]))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# `softmax(Z)` gives all the probabilities. From how many entries of each row do you have to take 1 away, and which?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `P[np.arange(n), y]` picks one entry of each row: row 0 at column `y[0]`, row 1 at column `y[1]`, and so on. It can be assigned to.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Take `P = softmax(Z)`, which is a new array, so that `Z` stays as it is. Subtract 1 at `[np.arange(len(P)), y]`, divide all of it by the number of rows, return it.
# </details>

# %% [markdown]
# ## Back through a layer
#
# Let $Z = X W^\top + b$, and let `dZ` of shape `(n, out)` have arrived from behind. Take one weight, $W_{ji}$, from input $i$ to unit $j$.
# It multiplies $X_{ki}$ in every example $k$, and only moves the score of its own unit, $Z_{kj}$. Multiply along each path, add over the examples:
#
# $$ dW_{ji} = \sum_k dZ_{kj}\, X_{ki} \quad\Longrightarrow\quad dW = dZ^\top X . $$
#
# The bias's input is always 1, so $db_j = \sum_k dZ_{kj}$.
# And an input $X_{ki}$ reaches *every* unit $j$ of its own example, through $W_{ji}$:
#
# $$ dX_{ki} = \sum_j dZ_{kj}\, W_{ji} \quad\Longrightarrow\quad dX = dZ\, W . $$
#
# Shapes are the best crib: with $n$ = 7 examples, 5 inputs and 3 units, `dW` must be `(3, 5)`, and of the products of a `(7, 3)` with a `(7, 5)` only one fits. When all sizes are equal, this crib says nothing.
#
# | one column for each example, as in many books | here, one row for each example |
# |---|---|
# | $\partial L/\partial W^{(l)} = \delta^{(l)}\, a^{(l-1)\top}$ | `dW = dZ.T @ A_in` |
# | $\partial L/\partial b^{(l)} = \delta^{(l)}$, for one example | `db = dZ.sum(axis=0)` |
# | $\partial L/\partial a^{(l-1)} = W^{(l)\top} \delta^{(l)}$ | `dA_in = dZ @ W` |
#
# The $\delta^{(l)}$ of the books, a layer's *error signal*, is our `dZ`.
#
# ## Exercise 2: a layer, backwards

# %% exercise: linear_backward
def linear_backward(dZ, X, W):
    """The gradients of a layer Z = X Wᵀ + b from the gradient of its output.

    dZ: (n, out) the gradient of the loss with respect to Z.
    X: (n, d) the layer's input.  W: (out, d) its weights.
    Returns (dX, dW, db), float64 of shapes (n, d), (out, d) and (out,).
    Nothing is divided by n: dZ holds that already.
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
with check("returns float64 of the right shapes, from lists and whole numbers too"):
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
# Write the shapes beside the three results. Which product of two of the arguments, perhaps transposed, has the shape of `W`?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# The formulas stand above: two matrix products and one sum. Rows are examples, so the sum over the examples is `sum(axis=0)`.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# After making float arrays of all three: `dX` is `dZ` times `W`, without a transpose; `dW` is the transposed `dZ` times `X`; `db` sums the rows of `dZ`. Return them in the order dX, dW, db.
# </details>

# %% [markdown]
# ## Back through tanh
#
# The activation works entry by entry, so its backward pass does as well: $A_{kj} = \tanh Z_{kj}$ has the local slope $1 - \tanh^2 Z_{kj}$, and
#
# $$ dZ = dA \odot (1 - \tanh^2 Z), $$
#
# where $\odot$ multiplies entry with entry. Far from 0, where tanh is flat, the slope is nearly 0: whatever arrives there goes no further.
#
# **By hand, once.** At $Z = 0$ the slope is 1; at $Z = 1$ it is $1 - 0.762^2 = 0.420$. So a gradient of 10 comes through as 10, or as 4.20.
#
# ## Exercise 3: an activation, backwards

# %% exercise: tanh_backward
def tanh_backward(dA, Z):
    """The gradient before tanh from the gradient behind it.

    dA: the gradient of the loss with respect to A = tanh(Z), of Z's shape.
    Z: the pre-activations, a number, or an array (or list) of any shape.
    Returns dZ = dA * (1 - tanh(Z)²), float64 of Z's shape.
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
with check("works on a number, on lists and whole numbers, and on nothing at all"):
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
# What arrives is `dA`. Each entry has to be multiplied by one number. By which?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `np.tanh` works entry by entry, and so do `*` and `** 2`. `Z` is the value *before* tanh: don't square it as it is.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# With `A = np.tanh(Z)` the slope is one minus the square of `A`. Multiply it with `dA`, as float arrays, by `*` and not by `@`.
# </details>

# %% [markdown]
# ## All the way back
#
# Now put the pieces into a row. `mlp_forward` left a cache, `cache[l] = (A_in, Z)`: the input and the scores of layer `l`, and `cache[0][0]` is `X`.
#
# | going back from the last layer | with |
# |---|---|
# | `dZ` of this layer is there | for the last layer it is the gradient of the loss |
# | `dW`, `db` of this layer | its own `A_in` |
# | `dA_in = dZ @ W` | its own `W` |
# | `dZ` of the layer before: `dA_in * (1 - tanh²)` | the `Z` of the layer before |
#
# In one line, as the books have it: $\delta^{(l)} = \big(W^{(l+1)\top} \delta^{(l+1)}\big) \odot \tanh'(z^{(l)})$.
# Two traps: the last layer has no tanh, so nothing is done to its `dZ`; and before the first layer there is no layer any more.
#
# ## Exercise 4: the backward pass

# %% exercise: mlp_backward
def mlp_backward(dZ, cache, weights):
    """The gradients of all weights and biases of a network with tanh hidden layers.

    dZ: (n, c) the gradient of the loss with respect to the network's output; it holds the 1/n.
    cache: a list, input-first, of pairs (A_in, Z) for each layer: its input and its scores.
    weights: the list of the layers' W, each of shape (out, in).
    Returns (dWs, dbs), two lists, input-first, with the shapes of the weights and biases.
    The hidden layers apply tanh to their scores, the last one applies nothing.
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
    check.true(len(dWs) == len(dbs) == len(weights), f"expected one dW and one db for each of the "
               f"{len(weights)} layers, got {len(dWs)} and {len(dbs)}.")
    return dWs, dbs


with check("has a gradient of the right shape for each layer, input-first"):
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
### BEGIN HIDDEN TESTS
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


def _compare(X, weights, biases, dZ, parts=("dWs", "dbs")):
    got = _answer(dZ, _forward(X, weights, biases)[1], weights)
    for name, ours, theirs in zip(("dWs", "dbs"), got, _slopes(X, weights, biases, dZ)):
        if name in parts:
            check.close(ours, theirs)


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
with check("works on lists and whole numbers, and returns float64"):
    X, weights, biases, _ = _case(459, 2, 2, 3, 2)
    weights, dZ = [np.round(2 * W).astype(int) for W in weights], [[1, -2], [3, 0]]
    cache = _forward(X, weights, biases)[1]
    dWs, dbs = _answer(dZ, cache, [W.tolist() for W in weights])
    check.close((dWs, dbs), _slopes(X, weights, biases, np.array(dZ)), names=("dWs", "dbs"))
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
# Do a network with two layers on paper first. Which `A_in` belongs to `weights[1]`, and what do you need to get from its `dZ` to that of `weights[0]`?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# A loop over the layers from the last to the first, for instance over `reversed(range(len(weights)))`. Your `linear_backward` gives the three gradients of a layer: its input's, its weights' and its bias's. The input's, sent through your `tanh_backward`, is the `dZ` of the layer before. `list.insert(0, …)` puts a thing in front.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# For each layer `l`, from the back: `dA, dW, db = linear_backward(dZ, cache[l][0], weights[l])`; put `dW` and `db` in front of their lists; if `l > 0`, then `dZ = tanh_backward(dA, cache[l - 1][1])`. After the loop return both lists.
# </details>

# %% [markdown]
# ### How a gradient flows
#
# Here are eight hidden layers of 32 units over 200 real digits. Your `tanh_backward` and your `linear_backward` carry the gradient from the last layer to the first, and the cell notes how large it is at each.
# The three curves differ in nothing but the size of the random weights: each entry has the standard deviation $s$ divided by the square root of the number of inputs.
#
# **Predict:** if the weights are half as large, will the gradient at the first layer be half as large?

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


with plots.figure("The size of dZ by layer on a logarithmic axis, for three sizes of weights. With "
                  "small weights it falls by a large factor from the last layer to the first, with "
                  "s = 1 by a small one, and with large weights it grows.", size=(6.8, 4.2)) as ax:
    sizes = {f"s = {scale:g}": flow(scale) for scale in (0.5, 1.0, 2.0)}
    faded = sizes["s = 0.5"][-1] / sizes["s = 0.5"][0]
    plots.curves(range(1, 10), sizes, log=True, xlabel="layer (the gradient enters on the right)",
                 ylabel="size of dZ", ax=ax,
                 title=f"Small weights: {faded:,.0f} times less arrives at the first layer")
    ax.set_xticks(range(1, 10))

# %% [markdown]
# Not half as large: every layer on the way multiplies by its weights and by the slope of tanh, so a factor for each layer becomes a *power* of it.
# The early layers get what all the later ones have let through. With small weights that is next to nothing; with large ones it can even grow.
# What to do about it is lesson 6. Here it is enough to have seen it: the gradient at a layer depends on every layer behind it.

# %% [markdown]
# ## Is it right?
#
# A wrong gradient seldom crashes. It has the right shape, the loss falls for a while, and the network ends up worse than it should be. Nobody notices.
# So check it against something too simple to be wrong: nudge a number and look.
#
# For $L = x^3$ at $x = 2$ the slope is 12. With a nudge of $\epsilon = 0.1$:
#
# | | formula | here |
# |---|---|---|
# | forward difference | $\frac{f(x + \epsilon) - f(x)}{\epsilon} = \frac{9.261 - 8}{0.1}$ | $12.61$ |
# | central difference | $\frac{f(x + \epsilon) - f(x - \epsilon)}{2 \epsilon} = \frac{9.261 - 6.859}{0.2}$ | $12.01$ |
#
# The central one looks to both sides, so that the bend of the curve cancels: it is off by about $\epsilon^2 f'''(x) / 6$, the other one by about $\epsilon f''(x) / 2$.
#
# With many numbers, nudge one at a time and leave the others where they are.
#
# ## Exercise 5: the slow way that can't be wrong

# %% exercise: numerical_gradient
def numerical_gradient(f, x, eps=1e-5):
    """Central differences of f at x, one entry of x at a time.

    f: takes an array of x's shape and returns one number; it does not change the array.
    x: a number, or an array (or list) of any shape; ints count as floats.
    eps: how far an entry is moved, up and down.
    Returns float64 of x's shape: (f(x with entry + eps) - f(x with entry - eps)) / (2 eps).
    After the call x is what it was, to the last bit.
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
    for shape in ((7,), (1,), (3, 4), (4, 4), (2, 3, 2)):
        f, x, expected = _bowl(461, shape)
        check.close(check.call(numerical_gradient, f, x), expected)
with check("uses the eps that it gets, in a central difference"):
    x = np.random.default_rng(462).normal(size=5)
    for eps in (0.5, 0.01, 1e-3):
        check.close(check.call(numerical_gradient, lambda v: np.sum(np.exp(v)), x, eps),
                    np.exp(x) * np.sinh(eps) / eps)
with check("takes 1e-5 when it gets no eps"):
    got = check.call(numerical_gradient, lambda v: 1e10 * np.sum(v ** 3), np.zeros(3))
    check.close(got, np.ones(3), rtol=1e-5)
with check("is close to the true slope of a curved function"):
    x = np.random.default_rng(463).normal(size=(2, 3))
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
    f, x, _ = _bowl(465, (3, 4))
    check.unchanged(numerical_gradient, f, x)
    check.unchanged(numerical_gradient, f, x, 0.3)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# For a single number it is the formula of the table. For an array: which copies of `x` do you need for one entry?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `for index in np.ndindex(x.shape):` gives the index of every entry, whatever the shape; `x[index]` reads or changes it. `x.copy()` makes a copy, `y = x` does not.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# First a float copy of `x`, since `+= 1e-5` does nothing to an int. For each index make two copies of it, one with `eps` added at this index, the other with `eps` taken away. Call `f` on both, divide the difference by `2 * eps`, store it at the same index of the result.
# </details>

# %% [markdown]
# ### How small should the nudge be?
#
# The smaller the better, says calculus. The cell measures it on a real loss: a network with 8 hidden units on 100 digits, its 18 biases nudged by ever smaller steps, against your backward pass.
#
# **Predict:** what does the error look like when $\epsilon$ goes from $10^{-1}$, on the right, down to $10^{-13}$, on the left?

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


with plots.figure("The error of difference quotients against eps on logarithmic axes: both curves "
                  "are Vs. Towards small eps, on the left, they rise together; the central "
                  "difference reaches a much lower point, at a larger eps.", size=(6.8, 4.4)) as ax:
    f, v, exact = small_network()
    steps = np.logspace(-1, -13, 25)
    errors = {"central": [np.max(np.abs(numerical_gradient(f, v, eps) - exact)) for eps in steps],
              "forward": [np.max(np.abs(forward_difference(f, v, eps) - exact)) for eps in steps]}
    best = {name: steps[int(np.argmin(row))] for name, row in errors.items()}
    plots.curves(steps, errors, log="xy", xlabel="eps", ylabel="largest error", ax=ax,
                 title="Smaller is better only as far as rounding allows")
    for name, row in errors.items():
        print(f"{name}: error at best {min(row):.0e}, with eps = {best[name]:.0e}")

# %% [markdown]
# A V, not a slope. Walk in from the right, and calculus holds: the central difference gains two digits for each digit of $\epsilon$, the forward difference one.
# Then rounding takes over. `float64` keeps about 16 digits, so $f(x + \epsilon) - f(x - \epsilon)$ has an error of about $10^{-16}$, and dividing by a tiny $2\epsilon$ makes it large.
# The bottom of the central V lies near $\epsilon = 10^{-5}$: hence the default.
#
# Even there some ten digits after the point are right, not 16. So a check can't ask for equality, and needs a measure.

# %% [markdown]
# ## Exercise 6: how different are two gradients?
#
# Is an error of $10^{-4}$ small? Beside a gradient of 50 it is, beside one of $10^{-4}$ it isn't. So take it *relative* to the two numbers compared:
#
# $$ \max_i \; \frac{|a_i - n_i|}{\max(10^{-8},\; |a_i| + |n_i|)} . $$
#
# The floor of $10^{-8}$ keeps two zeros from being $0/0$. The *largest* error counts: a mean over a million entries would hide one that is wrong.
# As a rule of thumb for `float64`, $10^{-7}$ or less is right, $10^{-2}$ is wrong, and 1 means a wrong sign or a missing entry.

# %% exercise: gradient_check
def gradient_check(analytic, numeric):
    """The largest relative error between two gradients.

    analytic, numeric: numbers, or arrays (or lists) of one shape.
    Returns the float: the largest, over all entries, of |a - n| / max(1e-8, |a| + |n|).

    gradient_check([1.0, 3.0], [1.0, 1.0]) gives 0.5
    """
    ### BEGIN SOLUTION
    a, n = np.asarray(analytic, dtype=float), np.asarray(numeric, dtype=float)
    return float(np.max(np.abs(a - n) / np.maximum(1e-8, np.abs(a) + np.abs(n))))
    ### END SOLUTION

# %% tests: gradient_check, 2 points
import numpy as np

with check("is 0 for equal gradients, and 0.5 for 3 against 1"):
    check.close(check.call(gradient_check, np.array([2.0, -5.0]), np.array([2.0, -5.0])), 0.0)
    check.close(check.call(gradient_check, np.array([1.0, 3.0]), np.array([1.0, 1.0])), 0.5)
with check("is 1 for a wrong sign, however small the numbers"):
    check.close(check.call(gradient_check, np.array([1e-5]), np.array([-1e-5])), 1.0)
### BEGIN HIDDEN TESTS
def _worst(analytic, numeric):
    return max(abs(a - n) / max(1e-8, abs(a) + abs(n))
               for a, n in zip(np.ravel(analytic).tolist(), np.ravel(numeric).tolist()))


def _pair(seed, shape, noise):
    rng = np.random.default_rng(seed)
    numeric = rng.normal(size=shape) * 10.0 ** rng.integers(-3, 4, size=shape)
    return numeric * (1 + noise * rng.normal(size=shape)), numeric


with check("takes the largest error over entries of all sizes, signs and shapes"):
    for seed, shape in ((471, (7,)), (472, (3, 5)), (473, (4, 4)), (474, (2, 2, 3))):
        for noise in (1e-4, 0.1, 3.0):
            case = _pair(seed, shape, noise)
            check.close(check.call(gradient_check, *case), _worst(*case))
            check.close(check.call(gradient_check, -case[0], -case[1]), _worst(*case))
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
with check("works on single numbers, lists and whole numbers, and returns one float"):
    check.close(check.call(gradient_check, 1, 3), 0.5)
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
# Everything inside the maximum works entry by entry. What is the one number that comes out of it at the end?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# There are two maxima: `np.maximum(1e-8, …)` compares entry by entry and keeps the shape, `np.max(…)` takes the largest of all.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Float arrays first. The errors are `np.abs(a - n)`, the scale is `np.abs(a) + np.abs(n)` but never below `1e-8`; divide, take the largest, make a `float` of it.
# </details>

# %% [markdown]
# Now the moment of truth: is *your* backward pass the gradient of the forward pass? A network with two hidden layers, all weights and biases in turn.

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
# The course has such a check ready for you, and from now on you may use it: `utils.gradcheck` compares and shows where the worst entry sits.
# Here it looks at a gradient that was spoiled on purpose. What is wrong with it?

# %%
with unfinished():
    def f(W):
        return cross_entropy(mlp_forward(X, [W, *weights[1:]], biases, np.tanh)[0], y)

    Z, cache = mlp_forward(X, weights, biases, np.tanh)
    careless = np.array(mlp_backward(cross_entropy_grad(Z, y), cache, weights)[0][0])
    careless[2] = -careless[2]
    display(gradcheck.gradient_check(f, weights[0], careless))

# %% [markdown]
# One row is one unit: all the weights of the third unit have the wrong sign.
#
# **A check is only as good as its example.** Some mistakes hide in a badly chosen one:
#
# | choice | what it hides |
# |---|---|
# | a batch of one | a missing or doubled $1/n$ |
# | zero or tiny weights | wrong slopes: near 0, tanh has the slope 1 |
# | square matrices | a missing transpose raises no error (though the check sees it) |
# | all-ones as the gradient from behind | that it was ignored, or summed over the wrong axis |
# | a point with a kink, such as ReLU's at 0 | nothing: it makes a right gradient look wrong |
#
# And one thing no check of this kind can see: it compares the backward pass with *your* forward pass. If that is wrong, the gradient of the wrong thing passes.

# %% [markdown]
# ## Exercise 7: find the wrong ones
#
# Somebody hands you several gradients of one function. Which of them are wrong?
#
# Beware of the relative error here. If an entry of the true gradient is 0, its difference quotient is perhaps $10^{-11}$, and a *right* 0 beside it has a relative error of $10^{-3}$: a false alarm.
# So measure every difference against the *largest* entry of the gradient: wrong is what is off by more than a thousandth of that.
# Not a number is never right, and neither is another shape.

# %% exercise: find_bugs
def find_bugs(candidates, f, x):
    """The names of those candidates that are not the gradient of f at x.

    candidates: a dict from names to functions. Each takes an array of x's shape and returns what
    it holds to be the gradient of f there. It may change the array that it gets: hand it a copy.
    f: takes an array of x's shape, returns one number and leaves the array alone.  x: an array.
    Returns a set of names.

    A gradient is wrong when its shape is not x's, when it holds nan or inf, or when any entry is
    off by more than 1e-3 times the largest absolute entry of the true gradient. The others are
    exact up to rounding. f, its gradient and x are of a size between 1e-4 and 1e4, and f is so
    smooth that central differences with eps = 1e-5 are right to 1e-4 of the largest entry.
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


with check("finds a wrong factor and a wrong sign"):
    _compare({"right": lambda v: np.cos(v) + 2 * v, "factor": lambda v: np.cos(v) + v,
             "sign": lambda v: -np.cos(v) + 2 * v}, {"factor", "sign"},
            _curve, np.array([0.5, -1.0, 2.0]))
with check("accuses nobody when all are right"):
    _compare({"one": lambda v: np.cos(v) + 2 * v, "other": lambda v: v + v + np.cos(v)}, set(),
            _curve, np.array([1.5, 0.25]))
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


x7 = np.random.default_rng(481).normal(size=7)
x34 = np.random.default_rng(482).normal(size=(3, 4))
with check("looks at every entry"):
    _compare({"first": _spoiled(0, 1.2), "last": _spoiled(-1, -1), "middle": _spoiled(3, plus=0.5),
             "right": _slope}, {"first", "last", "middle"}, _curve, x7)
    _compare({"cancelling": _spoiled([1, 4], plus=np.array([0.5, -0.5]))}, {"cancelling"}, _curve, x7)
    _compare({"corner": _spoiled((2, 3), 0.5), "right": _slope, "inside": _spoiled((1, 2), plus=1.0)},
            {"corner", "inside"}, _curve, x34)
with check("finds an entry that is off by a hundredth of the largest"):
    largest = float(np.max(np.abs(_slope(x7))))
    _compare({"a little": _spoiled(2, plus=0.01 * largest), "right": _slope,
             "a little less": _spoiled(5, plus=-0.01 * largest)},
            {"a little", "a little less"}, _curve, x7)
with check("finds an entry that is off by 1.5 thousandths of the largest"):
    largest = float(np.max(np.abs(_slope(x34))))
    _compare({"a little": _spoiled((1, 2), plus=0.0015 * largest), "right": _slope,
             "a little less": _spoiled((2, 0), plus=-0.0015 * largest)},
            {"a little", "a little less"}, _curve, x34)
with check("raises no false alarm over rounding, where f is large and its gradient is small"):
    _compare({"right": lambda v: 0.01 * _slope(v), "wrong": lambda v: 0.01 * _spoiled(3, 1.1)(v)},
            {"wrong"}, lambda v: 9000.0 + 0.01 * _curve(v), x7)
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
                lambda v: size * _curve(v), x7)
with check("measures the largest entry without its sign"):
    _compare({"right": lambda v: -np.exp(v), "wrong": lambda v: -1.05 * np.exp(v)}, {"wrong"},
            lambda v: -float(np.sum(np.exp(v))), x7)
with check("sees a wrong shape"):
    _compare({"right": _slope, "column": lambda v: _slope(v)[:, None], "sum": lambda v: _slope(v).sum(),
             "row": lambda v: _slope(v)[None], "short": lambda v: _slope(v)[:-1]},
            {"column", "row", "sum", "short"}, _curve, x7)
    _compare({"right": _slope, "flat": lambda v: _slope(v).ravel(), "turned": lambda v: _slope(v).T},
            {"flat", "turned"}, _curve, x34)
with check("takes neither nan nor inf for a number"):
    _compare({"right": _slope, "nan": _spoiled(1, np.nan), "inf": _spoiled(6, plus=np.inf),
             "all nan": lambda v: np.nan * v}, {"nan", "inf", "all nan"}, _curve, x7)
with check("is not misled by a candidate that changes its array"):
    _compare({"changes its array": _in_place, "right": _slope, "wrong": lambda v: 2 * v}, {"wrong"},
            _curve, x7)
    _compare({"again": _in_place, "and again": _in_place, "right": _slope}, set(), _curve, x34)
with check("finds everything, and nothing where there is nothing"):
    _compare({"p": lambda v: 0 * v, "q": lambda v: _slope(v) / 2}, {"p", "q"}, _curve, x34)
    _compare({}, set(), _curve, x7)
with check("takes whole numbers, and leaves its input as it was"):
    _compare({"right": _slope, "wrong": lambda v: 2 * v}, {"wrong"}, _curve, np.array([1, 2, -1]))
    check.unchanged(find_bugs, {"right": _slope, "wrong": lambda v: 2 * v}, _curve, x34)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# You need the true gradient once, by differences, and then one decision for each candidate. Loop over `candidates.items()`.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# Your `numerical_gradient(f, x)`. Ask for the shape first: arrays of different shapes may be subtracted without an error, and make a larger array. `nan <= 1` is `False`, and so is `nan > 1`: which of the two comparisons do you want?
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Make a float copy of `x` and take `true = numerical_gradient(f, x)`. The limit is a number below `1e-3` times the largest absolute entry of `true`, but well above the error of a difference quotient: take half of it. For each candidate: call it with `x.copy()`; add its name to the set if the shape differs, or if *not all* absolute differences are at most the limit. Return the set.
# </details>

# %% [markdown]
# ### Play: plant a bug
#
# Below is the unit from the beginning, with a weight $v$ behind the tanh and a *skip*: $x$ also goes round everything and is added at the end. So $x$ has two ways to the loss.
# Step forward to fill in the values, then step back to fill in the gradients. Switch a bug on, and *your* `numerical_gradient` and `gradient_check` test each of the five inputs.
#
# *The question to answer:* can you tell from the red entries alone where in the graph the bug sits?
#
# 1. Switch on one bug after the other and note which entries turn red. Where do the red ones begin?
# 2. Two bugs make only one entry red. Why only one?
# 3. With "slope of tanh: 1 − z²", drag $b$ until $z$ is close to 0. What happens to the red, and what does that say about tests with tiny numbers?
# 4. Press *Plant a secret one*, and say where it is before you reveal it.

# %%
graph = GradientGraph(numerical_gradient, gradient_check)
graph

# %% [markdown]
# A wrong local slope spoils everything on the way *back* from it, and nothing else.
# So look for the wrong entry that is closest to the loss, and for the right one behind it: the bug sits between the places where these two enter. With $b$ wrong and $v$ right, for instance, it is between $z$ and $m$.
# And a bug can hide: at $z = 0$ the slopes $1 - z^2$ and $1 - \tanh^2 z$ are the same number. Check with numbers of ordinary size, several times.

# %% [markdown]
# ## What it costs
#
# If the check can't be wrong, why not train with it? Because of the price.
# Let $P$ be the number of parameters. A forward difference takes one more forward pass for each parameter, a central one takes two, and each pass works through all $P$ parameters: the work grows as $P^2$.
# A backward pass visits each parameter once: its work grows as $P$.
#
# The cell times both on 100 digits with hidden layers of growing width. Up to 2,500 parameters the differences are really taken, with your `numerical_gradient`; beyond, the time of one forward pass is measured and multiplied by $2P$.
#
# **Predict:** with 75,000 parameters, how long would *one* gradient take by differences?

# %%
from time import perf_counter

from threadpoolctl import threadpool_limits


def seconds(task, repeats):
    """The median time of a call, on one core: other programs disturb it less."""
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
                  "The time of differences climbs steeply from milliseconds to minutes, that of "
                  "backprop stays at milliseconds.", size=(6.8, 4.4)) as ax:
    rows = np.array([timed(width) for width in (1, 2, 4, 8, 16, 32, 100, 300, 1000)])
    parameters, one_pass, back, slow = rows.T
    ratio = 2 * parameters[-1] * one_pass[-1] / back[-1]
    plots.curves(parameters, {"2P × one pass": 2 * parameters * one_pass, "backprop": back},
                 log="xy", ax=ax, xlabel="parameters P", ylabel="seconds for one gradient",
                 colors={"2P × one pass": plots.WRONG},
                 title=f"At the right, differences take {float(f'{ratio:.1g}'):,.0f} times as long")
    ax.plot(parameters, slow, "o", color=plots.WRONG, label="differences, measured")
    print(f"{parameters[-1]:,.0f} parameters: backprop {1000 * back[-1]:.1f} ms, "
          f"differences {2 * parameters[-1] * one_pass[-1]:.0f} s")

# %% [markdown]
# On the left the curve climbs more gently than $P^2$: these networks are so small that a pass takes about the same time whatever its size, and only the number of passes grows. On the right both factors count.
#
# ### Is going back as cheap as going forward?
#
# So it is often told. Count the matrix products instead. A layer forward is *one*: $X W^\top$. A layer backward is *two*, each of the same size: $dZ\,W$ and $dZ^\top X$.
# The first layer is let off one, since nobody wants the gradient of the pictures.
#
# **Predict:** the ratio of backward to forward for a network with two hidden layers of 1024 units.

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
# Not "the same": the products alone make it nearly two.
# The clock says about the same. How close it comes depends on the tanh: the forward pass has to work it out, and the backward pass gets the slope cheaply if it takes it from the value. On a busy machine the numbers shift.
# Remember: *backward is about two forwards*, so a training step costs about three. This factor does not grow with the number of parameters, and that is what counts.
#
# Going back has another price: the cache. All activations have to be kept until the backward pass has used them, and in large networks that takes much of the memory.

# %% [markdown]
# ## Downhill
#
# You know for every weight how the loss rises when the weight rises. So go the other way, by a small step:
#
# $$ W \leftarrow W - \eta\, dW, \qquad b \leftarrow b - \eta\, db . $$
#
# $\eta$ is the learning rate, `lr`. This is **gradient descent**.
# When the gradient comes from a random part of the examples, a *mini-batch*, it is called *stochastic* gradient descent, SGD; the step is the same.
#
# **By hand, once.** With $w = 0.5$ and $dw = -1.692$ from the beginning, and $\eta = 0.1$: $w$ becomes $0.5 + 0.169 = 0.669$. The gradient was negative, so the weight went up, and the loss goes down.
#
# ## Exercise 8: one step

# %% exercise: sgd_step
def sgd_step(params, grads, lr):
    """One step of gradient descent for a list of parameters.

    params: a list of arrays of any shapes.  grads: their gradients, in the same order.
    lr: the learning rate.
    Returns a new list of new float64 arrays: each parameter minus lr times its gradient.
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
    check.true(len(got) == len(params), f"expected {len(params)} arrays, got {len(got)}.")
    return got


with check("goes against the gradient"):
    got = _answer([np.array([0.5, 1.0])], [np.array([-2.0, 4.0])], 0.1)
    check.close(got[0], [0.7, 0.6])
with check("moves every parameter in the list"):
    got = _answer([np.array([[1.0, 2.0]]), np.array([3.0])], [np.array([[2.0, 0.0]]), np.array([1.0])], 0.5)
    check.close(tuple(got), (np.array([[0.0, 2.0]]), np.array([2.5])))
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
with check("works on a list of one, on lists and on whole numbers, and returns float64"):
    got = _answer([[[1, 2], [3, 4]]], [[[1, 0], [-2, 1]]], 1)
    check.floats(got[0], (2, 2))
    check.close(got[0], [[0.0, 2.0], [5.0, 3.0]])
with check("gives back new arrays, and leaves its input as it was"):
    params, grads = _layers(492)
    check.unchanged(sgd_step, [np.array([1.0, 2.0]), np.array([[3.0]])],
                    [np.array([0.5, -1.0]), np.array([[2.0]])], 0.1)
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
# Two lists go in, one list comes out. What happens to one parameter and its gradient?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `zip(params, grads)` gives the pairs. `p -= …` changes the caller's array; `p - …` makes a new one.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# One list comprehension: for each pair, the parameter as a float array, minus `lr` times its gradient.
# </details>

# %% [markdown]
# ## Exercise 9: train
#
# Everything is there. An epoch of *full-batch* training looks at all examples at once:
#
# 1. **Forward:** the logits and the cache, with the current weights.
# 2. **Loss:** note it, *before* anything is changed.
# 3. **Backward:** the gradient of the loss, then all the way back.
# 4. **Update:** weights and biases.
#
# Then again, from 1: after the update the old cache is worth nothing.

# %% exercise: train_mlp
def train_mlp(X, y, weights, biases, lr, epochs):
    """Train a network with tanh hidden layers by full-batch gradient descent on the cross-entropy.

    X: (n, d) examples.  y: (n,) int labels.  lr: the learning rate.
    weights, biases: lists of the layers' W (out, in) and b (out,) to start from; they stay as
    they are.
    epochs: the number of updates.
    Returns (weights, biases, losses): two lists of new arrays, and a list of `epochs` floats in
    which losses[k] is the mean cross-entropy just before update k, counted from 0.
    With epochs = 0: copies of the parameters, and [].
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
    check.true(len(weights) == len(biases) == len(case[2]), f"expected {len(case[2])} weights and "
               f"biases, got {len(weights)} and {len(biases)}.")
    check.true(len(losses) == case[5], f"{case[5]} epochs gave {len(losses)} losses.")
    return weights, biases, losses


W, b = [np.array([[1.0], [-1.0]])], [np.zeros(2)]
with check("notes the loss before the first update"):
    check.close(_answer(np.array([[1.0]]), np.array([0]), W, b, 0.5, 1)[2],
                [np.log(1 + np.exp(-2.0))])
with check("takes one right step: logits (0, 0), label 0"):
    weights, biases, _ = _answer(np.array([[2.0]]), np.array([0]), [np.zeros((2, 1))], b, 0.1, 1)
    check.close(biases[0], [0.05, -0.05])
    check.close(weights[0], [[0.1], [-0.1]])
with check("the loss falls from epoch to epoch"):
    rng = np.random.default_rng(501)
    X, y = rng.normal(size=(12, 2)), np.arange(12) % 3
    losses = _answer(X, y, [rng.normal(size=(5, 2)), rng.normal(size=(3, 5))],
                    [np.zeros(5), np.zeros(3)], 0.1, 20)[2]
    check.true(all(b < a for a, b in pairwise(losses)), "the loss did not fall every time.")
### BEGIN HIDDEN TESTS
def _loss(X, y, weights, biases):
    """The mean cross-entropy; complex numbers go through as well."""
    for depth, (W, b) in enumerate(zip(weights, biases)):
        X = (np.tanh(X) if depth else X) @ W.T + b
    X = X - X.real.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(X).sum(axis=1)) - X[np.arange(len(y)), y])


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


def _compare(*case):
    for name, ours, theirs in zip(("weights", "biases"), _answer(*case), _descend(*case)):
        check.close(tuple(ours), tuple(theirs), names=tuple(
            f"{name}[{k}]" for k in range(len(theirs))))


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
with check("keeps to its lr and returns the last weights, whether the loss rises or hardly falls"):
    for lr in (4.0, 1e-4):
        _compare(*_start(512, 6, 3, 4, 3), lr, 6)
        check.close(_answer(*_start(512, 6, 3, 4, 3), lr, 6)[2], _descend(*_start(512, 6, 3, 4, 3), lr, 6)[2])
with check("with no epochs gives back copies, and no losses"):
    X, y, weights, biases = _start(508, 4, 3, 2, 3)
    ours = _answer(X, y, weights, biases, 0.1, 0)
    check.close((tuple(ours[0]), tuple(ours[1])), (tuple(weights), tuple(biases)),
                names=("weights", "biases"))
    check.new(train_mlp(X, y, weights, biases, 0.1, 0)[:2], *weights, *biases)
with check("works on lists and whole numbers, and returns float64"):
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
# Copy the lists first. Then write the four steps of one epoch; each is a call of a function that you have. The loop over the epochs goes around them.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `mlp_forward`, `cross_entropy`, `cross_entropy_grad`, `mlp_backward`, and `sgd_step` twice: for the weights and for the biases.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Start with `[np.array(W, dtype=float) for W in weights]`, the same for the biases, and an empty list. In each epoch: `Z, cache = mlp_forward(X, weights, biases, np.tanh)`; append `cross_entropy(Z, y)`; `dWs, dbs = mlp_backward(cross_entropy_grad(Z, y), cache, weights)`; then `weights = sgd_step(weights, dWs, lr)` and the biases likewise. After the loop return all three.
# </details>

# %% [markdown]
# **Predict:** two interleaved half moons, 16 hidden units, 600 updates. Will the border be a curve that goes between them?

# %%
with plots.figure("Left: the loss falls steeply, then slowly towards zero. Right: two interleaved half "
                  "moons with a curved border between them.", columns=2) as (left, right):
    moons = data.moons(200, 0.15, np.random.default_rng(10))
    start = random_network([2, 16, 2], np.random.default_rng(11), scale=2.0)
    weights, biases, losses = train_mlp(moons.X, moons.y, *start, 1.0, 600)
    says = lambda X: mlp_forward(X, weights, biases, np.tanh)[0].argmax(axis=1)
    wrong = int(np.sum(says(moons.X) != moons.y))
    plots.loss(losses, title=f"The loss falls from {losses[0]:.2f} to {losses[-1]:.3f}", ax=left)
    plots.decision_boundary(says, moons.X, moons.y, xlabel="x1", ylabel="x2", ax=right,
                            labels=moons.classes, title=f"{wrong} of {len(moons.X)} on the wrong side")

# %% [markdown]
# No line was drawn by hand, and no feature made: the hidden units found theirs, by walking downhill.
#
# ### Before you train anything: three small steps
#
# Training that goes wrong is quiet, too. So climb a ladder, and don't go on before a rung holds:
#
# 1. **The loss at the start.** With small random weights all classes are about equally likely, so it should be near $\log C$: 2.30 for ten digits.
# 2. **Twenty examples.** A network with enough units must get them all right. If it can't, something is broken, and more data won't help.
# 3. **Then** all the data, and the learning rate.

# %%
with unfinished():
    start = random_network([64, 16, 10], np.random.default_rng(12), scale=0.3)
    *_, losses = train_mlp(X_digits[:200], y_digits[:200], *start, 0.5, 1)
    print(f"1. the first loss is {losses[0]:.2f}, and log 10 is {np.log(10):.2f}")
    weights, biases, losses = train_mlp(X_digits[:20], y_digits[:20], *start, 0.5, 300)
    said = mlp_forward(X_digits[:20], weights, biases, np.tanh)[0].argmax(axis=1)
    print(f"2. of 20 digits {np.sum(said == y_digits[:20])} are right, with a loss of {losses[-1]:.3f}")

# %% [markdown]
# **Predict:** on the third rung, what will you see when the learning rate is ten times too small? And when it is ten times too large?

# %%
with plots.figure("The loss on 200 digits over 200 epochs for three learning rates. With 0.05 it falls "
                  "slowly, with 0.5 quickly and smoothly, with 5 it climbs and then jumps up and "
                  "down, far above where it began.",
                  size=(6.8, 4.2)) as ax:
    curves, right = {}, {}
    for lr in (0.05, 0.5, 5.0):
        weights, biases, losses = train_mlp(X_digits[:200], y_digits[:200], *start, lr, 200)
        said = mlp_forward(X_digits[200:], weights, biases, np.tanh)[0].argmax(axis=1)
        curves[f"lr = {lr:g}"], right[lr] = losses, np.mean(said == y_digits[200:])
    plots.curves(range(200), curves, log=True, xlabel="epoch", ylabel="mean loss", ax=ax,
                 title=f"lr = 0.5 reads {right[0.5]:.0%} of {len(said):,} new digits after 200 epochs")
    for lr, share in right.items():
        print(f"lr = {lr:<4g} loss {curves[f'lr = {lr:g}'][-1]:6.3f}, new digits right: {share:.0%}")

# %% [markdown]
# Too small a step is a waste of time. Too large a step leaves the ground on which the slope was measured: here the loss ends far above the $\log 10$ of somebody who guesses.
# A falling loss curve is no proof that the gradient is right, as a gradient with the wrong length in some layers goes downhill too. That is why you checked it first.
#
# The new digits were never used for training. That a network can do well on the old ones and badly on the new ones is lesson 7.

# %% [markdown]
# ## Check your understanding
#
# Five questions with one right answer each. Return its letter.

# %% [markdown]
# **Question 1.** What is backpropagation?
#
# - **a**  The rule by which the weights are changed after each epoch.
# - **b**  A way to compute the gradient of the loss for all parameters, with the chain rule from the last layer to the first.
# - **c**  The network run in reverse, from an answer back to the picture it belongs to.
# - **d**  A way to approximate the gradient by nudging the weights.

# %% exercise: quiz_backprop
def quiz_backprop():
    """The letter of your answer to question 1, for example return "a"."""
    ### BEGIN SOLUTION
    return "b"
    ### END SOLUTION

# %% tests: quiz_backprop, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_backprop())
### BEGIN HIDDEN TESTS
with check("what backpropagation is"):
    check.letter(quiz_backprop(), right="b", why={
        "a": "Changing the weights is gradient descent, or another optimiser. It uses the gradient; "
             "backpropagation computes it, and changes nothing.",
        "b": "It applies the chain rule from the loss back to the first layer and reuses what "
             "it has computed on the way; the update comes afterward.",
        "c": "What goes back are gradients, not values: how much the loss would change, not what "
             "the input could have been.",
        "d": "Those are difference quotients, which take two forward passes for each weight. "
             "Backpropagation is exact up to rounding, and takes one sweep."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 2.** A value $h$ feeds two units. From the first one arrives the gradient 3, from the second one $-1$, each already multiplied by the local slope for $h$. What is $dh$?
#
# - **a**  $-3$
# - **b**  $1$
# - **c**  $3$
# - **d**  $2$

# %% exercise: quiz_paths
def quiz_paths():
    """The letter of your answer to question 2, for example return "a"."""
    ### BEGIN SOLUTION
    return "d"
    ### END SOLUTION

# %% tests: quiz_paths, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_paths())
### BEGIN HIDDEN TESTS
with check("what happens where paths meet"):
    check.letter(quiz_paths(), right="d", why={
        "a": "That is their product. Slopes are multiplied along one path; these are two paths.",
        "b": "That is their mean. Nothing is averaged: a nudge of h takes effect on both paths at "
             "once.",
        "c": "That keeps one path and forgets the other, as when a second assignment overwrites "
             "the first.",
        "d": "Where paths meet, their contributions add up: 3 + (-1) = 2."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 3.** A network has a million parameters. About how long does one gradient by backpropagation take, with the forward pass that it needs?
#
# - **a**  As long as one forward pass.
# - **b**  As long as three forward passes.
# - **c**  As long as a million forward passes.
# - **d**  As long as two million forward passes.

# %% exercise: quiz_cost
def quiz_cost():
    """The letter of your answer to question 3, for example return "a"."""
    ### BEGIN SOLUTION
    return "b"
    ### END SOLUTION

# %% tests: quiz_cost, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_cost())
### BEGIN HIDDEN TESTS
with check("what a gradient costs"):
    check.letter(quiz_cost(), right="b", why={
        "a": "The forward pass itself is one already, and each layer takes two matrix products on "
             "the way back against one on the way there.",
        "b": "The forward pass takes one matrix product per layer, and the backward pass takes "
             "two, one for dW and one for dX.",
        "c": "That would be forward differences, one nudge for each parameter. A backward pass "
             "gives all the gradients in one sweep.",
        "d": "That is the price of central differences, two passes for each parameter: good for "
             "checking a small network, hopeless for training."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 4.** A layer has 64 inputs and 10 units, the batch has 32 examples. You have `dZ` `(32, 10)`, `X` `(32, 64)` and `W` `(10, 64)`. Which is `dW`?
#
# - **a**  `dZ.T @ X`
# - **b**  `X.T @ dZ`
# - **c**  `dZ @ W`
# - **d**  `dZ.T @ X / 32`

# %% exercise: quiz_shapes
def quiz_shapes():
    """The letter of your answer to question 4, for example return "a"."""
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
        "b": "That has the shape (64, 10). A gradient has the shape of what it belongs to, and W "
             "is (10, 64) here; other texts store W as (in, out), and there b would be right.",
        "c": "That is dX, of shape (32, 64): what the layer hands back to the one before it.",
        "d": "The 1/n is in dZ already, from the loss. Dividing again makes every step 32 times "
             "too small."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 5.** The gradient check of your network passes with an error of $10^{-9}$, but the loss does not fall. What is certain?
#
# - **a**  The backward pass is wrong after all; the check was too lenient.
# - **b**  The network is too small for the task.
# - **c**  At the point that was checked, backward and forward pass belong together; look at the forward pass, the data, the update and the learning rate.
# - **d**  The weights have reached the best possible values.

# %% exercise: quiz_check
def quiz_check():
    """The letter of your answer to question 5, for example return "a"."""
    ### BEGIN SOLUTION
    return "c"
    ### END SOLUTION

# %% tests: quiz_check, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_check())
### BEGIN HIDDEN TESTS
with check("what a gradient check tells"):
    check.letter(quiz_check(), right="c", why={
        "a": "An error of 1e-9 is as good as central differences get with float64. The fault is "
             "somewhere that the check does not look at.",
        "b": "Possible, but the check says nothing of it. A plus in place of a minus in the update "
             "would do it as well.",
        "c": "The check says that the backward pass fits this forward pass at this point; "
             "everything else may still be wrong.",
        "d": "Then the gradient would be close to zero. The check compares two gradients; it does "
             "not ask how large they are."})
### END HIDDEN TESTS

# %% [markdown]
# ## Questions people ask you
#
# Answer each aloud before you open it.
#
# <details><summary>What role does the chain rule play in backpropagation?</summary>
#
# The loss is a long composition: layer after layer, then softmax and cross-entropy. The chain rule says that its slope is the product of the steps' slopes, summed over all paths. Backpropagation works these products out from the loss backwards, and so computes what the paths have in common only once.
# </details>
# <details><summary>Why backwards, and not forwards?</summary>
#
# The chain rule can be worked out in either order. Forwards, one sweep gives the slopes of everything with respect to *one* input. Backwards, one sweep gives the slopes of *one* output with respect to everything. Training has one loss and very many parameters, so backwards wins. The general name is reverse-mode automatic differentiation.
# </details>
# <details><summary>Is the backward pass as cheap as the forward pass?</summary>
#
# About twice as expensive: each layer needs two matrix products instead of one, for its weights and for its input. You measured it above. For large networks it is still nothing beside differences, which take two forward passes for *each* parameter.
# </details>
# <details><summary>Backpropagation is O(n), numerical differentiation O(n²): in what?</summary>
#
# In the number of parameters P, for one example. A forward pass handles each parameter once, O(P), and a backward pass does so twice. Differences take 2P forward passes of O(P) each. With N examples everything is multiplied by N, on both sides.
# </details>
# <details><summary>What is δ?</summary>
#
# The gradient of the loss with respect to a layer's pre-activation, in this course dZ: δ of the last layer comes from the loss, and δ of any other layer is what its successor's weights hand back, times the slope of its own activation. From δ everything follows: times the layer's input it is dW, summed over the batch it is db.
# </details>
# <details><summary>Why is the gradient of softmax and cross-entropy so simple?</summary>
#
# Because the logarithm in the loss undoes the exponential in the softmax: probability minus one-hot truth. It is also safer to compute: taking the two gradients one after the other divides by a probability that may be 0.
# </details>
# <details><summary>Why does training need so much more memory than prediction?</summary>
#
# The backward pass needs the values of the forward pass: every layer's input, for every example of the batch. When you only predict, each can be forgotten as soon as the next layer has used it. One can trade: keep a few, and compute the rest again.
# </details>
# <details><summary>Gradient descent, SGD, Adam: what is the difference?</summary>
#
# All use the same gradients. Gradient descent takes those of all examples, SGD those of a random mini-batch, which are rougher and much cheaper. Adam and its kin also remember earlier gradients and give each parameter a step size of its own.
# </details>

# %% [markdown]
# ## In an interview
#
# *Walk us through a complete training step of a multi-layer network: forward propagation, backward propagation, update. How do you know that your gradients are right, and what does it all cost?*
#
# Answer in the cell below, in six to ten sentences.
# Write down what each layer computes on the way there, what it hands back and which two gradients it yields on the way back, how the weights change, how you check, and what it costs compared with a forward pass and with differences.
# A teacher reads this answer; 4 points.

# %% answer: interview_backprop, 4 points [markdown]
# Forward, each layer computes Z = A_in Wᵀ + b and, if it is hidden, A = act(Z); the last scores go through softmax and cross-entropy to one number, the mean loss. Inputs and scores of each layer are kept.
# Backward starts with the gradient of the loss with respect to the last scores, (softmax − onehot)/n.
# With dZ of a layer, dW = dZᵀ A_in and db is the sum of dZ over the batch; dZ W is handed back, and multiplied by the slope of the previous layer's activation at its own scores it is that layer's dZ. So the chain rule is applied from the last layer to the first, each common factor computed once.
# Then every parameter takes a step against its gradient, W ← W − lr·dW, and the whole is repeated for many epochs, with a new forward pass each time.
# I check the gradients on a small network in float64 against central differences with eps near 1e-5, entry by entry, by the largest relative error, with several examples and weights of ordinary size.
# A backward pass costs about two forward passes, since there are two matrix products a layer in place of one, and memory for the kept activations; differences would need two forward passes for each parameter, so work that grows with the square of their number.
#
# ### BEGIN MARK SCHEME
# One point for each, half points where it is incomplete:
#
# 1. **Forward:** weighted sum plus bias, activation, layer by layer, to a loss; and that values are kept for the way back.
# 2. **Backward:** the chain rule from the loss to the first layer; dW from the layer's dZ and its input, and what is handed back through W and the activation's slope (in any notation, words are enough).
# 3. **Update:** a step against the gradient times a learning rate, then a new forward pass, for many epochs.
# 4. **Check and cost:** comparison with (central) differences on a small case; backward about twice a forward pass (accept "the same order", "a small constant"), differences one or two passes for each parameter.
#
# Disqualifying for its point: "backpropagation updates the weights" with no mention of gradients (2); a step *along* the gradient (3); "the network is run in reverse to recover the input" (2); "the backward pass costs as much as all weights together times a forward pass", or training by difference quotients (4).
# ### END MARK SCHEME

# %% [markdown]
# ## What to remember
#
# > - A gradient has the shape of what it belongs to, and says how the loss would rise. Along a path multiply local slopes, where paths meet add.
# > - $dZ_L = (\mathrm{softmax}(Z_L) - \mathrm{onehot}(y))/n$: the $1/n$ enters here and nowhere else.
# > - A layer: $dW = dZ^\top A_{in}$, $db$ = the sum of $dZ$ over the batch, $dA_{in} = dZ\,W$; then $\odot$ the slope of the activation before it.
# > - Backward is about two forwards; differences are $2P$ of them. So train with the one and check with the other.
# > - Check with central differences, $\epsilon \approx 10^{-5}$, the largest relative error, more than one example, ordinary weights.
# > - $W \leftarrow W - \eta\, dW$, then a new forward pass. First look for $\log C$, then overfit twenty examples, then train.
#
# **Next:** [lesson 5, activations](../05_activations/05_activations.ipynb): tanh was one choice of many.
# **Back:** [lesson 3, the forward pass](../03_forward_pass/03_forward_pass.ipynb).
#
# *Sources.* D. Rumelhart, G. Hinton and R. Williams, "Learning representations by back-propagating errors", Nature 323 (1986); S. Linnainmaa's thesis (1970) has the reverse sweep for general programs, P. Werbos (1974, 1982) proposed it for networks. J. Nocedal and S. Wright, "Numerical Optimization", section 8.1, on difference quotients and their steps. A. Griewank and A. Walther, "Evaluating Derivatives" (2008), on the cost of gradients. The digits are E. Alpaydin and C. Kaynak's (1998), from scikit-learn.

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

HandIn("04_backprop")
