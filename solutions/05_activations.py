# %% [markdown]
# # 5 · Activation functions
#
# Here is a small disaster that you will cause yourself in this lesson.
# A network with 50 hidden units learns to read handwritten digits, and reads them well.
# Train it again with a learning rate a few times larger, and it gives every digit the same answer.
# So you turn the learning rate back down and keep training.
# Nothing happens, and nothing ever will, though no weight is infinite and nothing raised an error.
# What makes the damage permanent is one small function between two layers, and what it does to the left of zero.
#
# In this lesson you build the functions that people use there, and their slopes, and watch what each of them does to a network.
# **You will build**, from nothing but NumPy and the error function:
# `sigmoid` → `sigmoid_grad` → `tanh_grad` → `relu` → `relu_grad` → `dead_fraction` → `leaky_relu` → `leaky_relu_grad` → `gelu` → `gelu_grad` → `silu` → `silu_grad`
#
# **Time:** about 110 minutes. **You need:** [lesson 3](../03_forward_pass/03_forward_pass.ipynb) for the forward pass, [lesson 4](../04_backprop/04_backprop.ipynb) for the backward pass, and the product and quotient rules.
#
# Plan two sittings, and stop for the day after exercise 6.
# Sections marked *optional* can be skipped.
#
# **How to work.** Predict, run, explain.
# If one of the twelve short exercises won't budge, skip it and come back.
# If an answer calls your own `sigmoid`, fix `sigmoid` first; a mistake costs points only once.

# %% given: imports
from itertools import pairwise
from time import perf_counter

import numpy as np
from scipy.special import erf

from utils import data, plots
from utils.checks import unfinished
from utils.widgets import ActivationExplorer

# %% [markdown]
# Here are the pieces you built in lessons 3 and 4.

# %% earlier: pieces
# from 03_forward_pass: mlp_forward, softmax
# from 04_backprop: cross_entropy_grad, linear_backward

# %%
# To use your own pieces instead, remove the # in front of the next lines.
# from utils import earlier
# mlp_forward, softmax = earlier.mine("03_forward_pass", "mlp_forward", "softmax")
# cross_entropy_grad, linear_backward = earlier.mine(
#     "04_backprop", "cross_entropy_grad", "linear_backward")

# %% [markdown]
# ## What the function between two layers has to do
#
# An **activation function** is applied to each score $z$ separately: $a = f(z)$, with the same $f$ for every unit of a layer.
# Lesson 2 showed the first requirement: it has to bend, or all the layers collapse into one.
# Lesson 4 added the second.
# On the way back, the gradient is multiplied by the *slope* of the function:
#
# $$ \frac{\partial L}{\partial z} = \frac{\partial L}{\partial a} \cdot f'(z), \qquad\text{in code}\quad \texttt{dZ = dA * act\_grad(Z)}. $$
#
# So $f$ decides what the next layer gets to see, and $f'$ decides what the earlier layers *learn*.
# Where $f'(z)$ is 0, none of the gradient gets through.
#
# In this course, `something_grad(z)` takes the score $z$ from *before* the activation; some libraries take the output instead, and mixing up the two raises no error.

# %% [markdown]
# ## The sigmoid
#
# $$ \sigma(z) = \frac{1}{1 + e^{-z}}, \qquad \text{between 0 and 1}. $$
#
# You can read its values as probabilities, and that is its main use: at the *output*, when there are two classes.
#
# **By hand.** $\sigma(0) = \tfrac12$. For $z = \ln 3$ you get $1/(1 + \tfrac13) = \tfrac34$. And since $\sigma(-z) = 1 - \sigma(z)$, $\sigma(-\ln 3) = \tfrac14$.
#
# **The trap.** At $z = -1000$ the formula needs $e^{1000}$, which is too large for a float64.
# The result, $1/\infty = 0$, happens to be right, but NumPy warns of an overflow.
# The form $e^z/(1+e^z)$ is the same on paper, but at $+1000$ it gives $\infty/\infty$, which is NaN.
# Each form is safe on *one* side of zero.
#
# ## Exercise 1: the sigmoid

# %% exercise: sigmoid
def sigmoid(z):
    """The sigmoid of z, entry by entry, for scores of any size.

    z: a number, or any array-like (lists and whole numbers too) of any shape.
    Returns float64 of the same shape, without an overflow warning: 0 at -1000 and -inf, 1 at 1000.
    """
    ### BEGIN SOLUTION
    z = np.asarray(z, dtype=float)
    small = np.exp(-np.abs(z))  # between 0 and 1: it can't overflow
    return np.where(z >= 0, 1.0, small) / (1.0 + small)
    ### END SOLUTION

# %% tests: sigmoid, 2 points
import math
import warnings

import numpy as np


def _warned(z):
    """How many of NumPy's warnings a call lets out."""
    with warnings.catch_warnings(record=True) as caught, np.errstate(under="ignore"):
        warnings.simplefilter("always")
        check.call(sigmoid, z)
    return sum(issubclass(warning.category, RuntimeWarning) for warning in caught)


with check("is 1/4, 1/2 and 3/4 at -ln 3, 0 and ln 3"):
    check.close(check.call(sigmoid, np.array([-np.log(3), 0.0, np.log(3)])), [0.25, 0.5, 0.75])
with check("takes a list of whole numbers, and returns floats"):
    got = check.call(sigmoid, [[-1, 0], [1, 2]])
    check.floats(got, (2, 2))
    check.close(got, [[1 / (1 + math.e), 0.5], [1 / (1 + 1 / math.e), 1 / (1 + math.exp(-2))]])
with check("gives 0 at -1000 and 1 at 1000"):
    check.close(check.call(sigmoid, np.array([-1000.0, 1000.0])), [0.0, 1.0])
    check.close(check.call(sigmoid, -1000.0), 0.0)
with check("causes no overflow warning at -1000 or 1000", weight=3):
    for z in (-1000.0, 1000.0):
        check.true(_warned(np.zeros(1)) >= _warned(np.array([z])), "NumPy warns of an overflow. "
                   "Which form of the formula is safe on this side of 0?")
### BEGIN HIDDEN TESTS
def _truth(Z):
    return np.reshape([0.5 * (1 + math.tanh(0.5 * v)) for v in np.ravel(Z)], np.shape(Z))


with check("agrees with the formula on random scores of every size"):
    rng = np.random.default_rng(101)
    cases = [(size * rng.normal(size=shape),) for shape, size in (
        ((7, 5), 1.0), ((4, 4), 3.0), ((6,), 20.0), ((1, 3), 400.0))]
    for (Z,), got in check.each(sigmoid, cases):
        check.close(got, _truth(Z))
with check("is 0 and 1 at the infinities"):
    check.close(check.call(sigmoid, np.array([-np.inf, np.inf])), [0.0, 1.0])
with check("fades toward 0 and 1, neither cut off nor stopped short"):
    Z = np.array([-50.0, -30.0, -20.0, -12.5, 12.5, 20.0, 30.0, 700.0])
    check.close(check.call(sigmoid, Z), _truth(Z))
with check("takes a single number to a single number, as safely as an array"):
    numbers = (0.0, -2.5, 3, -1000.0, 1000.0, -np.inf, np.inf)
    for (z,), got in check.each(sigmoid, [(z,) for z in numbers]):
        check.floats(got, ())
        check.close(got, _truth(z))
    for z in (-1000.0, 1000.0):
        check.true(_warned(np.array([z])) >= _warned(z), "for this number NumPy warns of an "
                   "overflow, and for the array of it not. Which form is safe on this side of 0?")
with check("works on empty input and in any memory order, and leaves its input as it was"):
    check.floats(check.call(sigmoid, np.zeros((0, 3))), (0, 3))
    Z = np.asfortranarray(np.random.default_rng(102).normal(size=(8, 6)))[::2, ::-3]
    check.close(check.call(sigmoid, Z), _truth(Z))
    check.unchanged(sigmoid, Z)
    check.unchanged(sigmoid, np.array([-np.inf, -709.5, 0.5, 709.5, np.inf]))  # no overflow yet
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# $1/(1+e^{-z})$ is safe for $z \ge 0$.
# Which form is safe for $z < 0$?
# Multiply numerator and denominator by $e^z$.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# $e^{-|z|}$ is never larger than 1, so it can't overflow, and you can write both forms with it.
# `np.where` chooses between two arrays.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# With `small = np.exp(-np.abs(z))`, the denominator is `1 + small` on both sides.
# The numerator is 1 where `z >= 0`, and `small` elsewhere.
# (There is another way: $\sigma(z) = \tfrac12\,(1 + \tanh \tfrac z2)$, and NumPy's tanh never overflows.)
# </details>

# %% [markdown]
# ### Its slope
#
# By the chain rule, $\sigma'(z) = e^{-z}/(1 + e^{-z})^2$, which splits into two factors you already know:
#
# $$ \sigma'(z) = \frac{1}{1+e^{-z}} \cdot \frac{e^{-z}}{1+e^{-z}} = \sigma(z)\,\bigl(1 - \sigma(z)\bigr). $$
#
# The product of two numbers that add up to 1 is largest when they are equal.
# So the slope is never more than $\tfrac14$, and it reaches that value at $z = 0$.
#
# ## Exercise 2: the slope of the sigmoid

# %% exercise: sigmoid_grad
def sigmoid_grad(z):
    """The derivative of the sigmoid at the score z, entry by entry.

    z: a number, or any array-like (lists and whole numbers too) of any shape; scores, not
        outputs of the sigmoid.
    Returns float64 of the same shape, correct even at -1000 and 1000.
    """
    ### BEGIN SOLUTION
    s = 0.5 * (1.0 + np.tanh(0.5 * np.asarray(z, dtype=float)))
    return s * (1.0 - s)
    ### END SOLUTION

# %% tests: sigmoid_grad, 2 points
import math

import numpy as np

with check("is 1/4 at 0, where it is largest"):
    check.close(check.call(sigmoid_grad, np.array([0.0])), [0.25])
with check("is 3/16 at -ln 3 and at ln 3"):
    check.close(check.call(sigmoid_grad, np.array([-np.log(3), np.log(3)])), [0.1875, 0.1875])
with check("is 0, not nan, at -1000 and 1000"):
    check.close(check.call(sigmoid_grad, np.array([-1000.0, 1000.0])), [0.0, 0.0])
with check("takes a list of whole numbers, and returns floats"):
    got = check.call(sigmoid_grad, [[-1, 1]])
    check.floats(got, (1, 2))
    check.close(got, [[math.e / (1 + math.e) ** 2] * 2])
### BEGIN HIDDEN TESTS
def _truth(Z):
    small = np.array([math.exp(-abs(v)) for v in np.ravel(Z)])
    return np.reshape(small / (1 + small) ** 2, np.shape(Z))


with check("agrees with central differences of 1 / (1 + e^-z)"):
    rng = np.random.default_rng(111)
    for shape, size in (((7, 5), 1.0), ((4, 4), 3.0), ((1, 3), 8.0)):
        Z = size * rng.normal(size=shape)
        numeric = (1 / (1 + np.exp(-Z - 1e-5)) - 1 / (1 + np.exp(-Z + 1e-5))) / 2e-5
        check.close(check.call(sigmoid_grad, Z), numeric, atol=1e-8)
with check("takes the score, not the output of the sigmoid"):
    Z = np.random.default_rng(112).uniform(0.05, 0.95, size=9)
    check.close(check.call(sigmoid_grad, Z), _truth(Z))
with check("fades on both sides, and is not cut off"):
    Z = np.array([-20.3, -13.0, -9.0, -6.0, 6.0, 9.0, 13.0, 20.3])
    check.close(check.call(sigmoid_grad, Z), _truth(Z))
with check("is 0 far out on both sides"):
    check.close(check.call(sigmoid_grad, np.array([-800.0, -40.0, 40.0, 800.0])), np.zeros(4))
with check("takes a single number to a single number"):
    for (z,), got in check.each(sigmoid_grad, [(z,) for z in (0.0, -2.5, 3, -1000.0, 1000.0)]):
        check.floats(got, ())
        check.close(got, _truth(z))
with check("works on empty input and in any memory order, and leaves its input as it was"):
    check.floats(check.call(sigmoid_grad, np.zeros(0)), (0,))
    Z = np.asfortranarray(np.random.default_rng(113).normal(size=(8, 6)))[::2, ::-3]
    check.close(check.call(sigmoid_grad, Z), _truth(Z))
    check.unchanged(sigmoid_grad, Z)
    check.unchanged(sigmoid_grad, np.array([-709.5, 0.5, 709.5]))  # no overflow yet
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# The formula uses $\sigma(z)$ twice.
# Compute it once.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# You may call your own `sigmoid`.
# Apply it only once: `z` is the score from before the activation.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# `s = sigmoid(z)` is already float64, has the right shape, and is safe at ±1000.
# Multiply `s` by what you would have to add to it to get 1.
# </details>

# %% [markdown]
# **Predict:** a hidden unit has the score $z = 10$. By what factor does the gradient shrink on its way to the unit's weights?

# %%
with unfinished():
    for z in (0.0, 2.0, 5.0, 10.0, 20.0):
        print(f"z = {z:4.0f}   output {sigmoid(z):.9f}   slope {sigmoid_grad(z):.1e}")

# %% [markdown]
# At $z = 10$ the slope is 0.000045, so the gradient shrinks by a factor of about 22,000.
# The unit is **saturated**: no matter what the loss says, its weights hardly move.
# And even at best, only a quarter of the gradient gets through: that is one root of the *vanishing gradient*, the subject of lesson 6.

# %% [markdown]
# ## tanh: the sigmoid, centered
#
# $$ \tanh z = \frac{e^z - e^{-z}}{e^z + e^{-z}} = 2\,\sigma(2z) - 1, \qquad \text{between } -1 \text{ and } 1. $$
#
# It is a sigmoid stretched to twice its height, moved down by 1, and squeezed to half its width, so its slope at 0 is $2 \cdot 2 \cdot \tfrac14 = 1$.
# The quotient rule gives you the slope in terms of tanh itself:
#
# $$ \tanh' z = 1 - \tanh^2 z. $$
#
# **By hand.** At $z = \ln 2$, $\tanh z = (2 - \tfrac12)/(2 + \tfrac12) = \tfrac35$, so the slope is $1 - \tfrac{9}{25} = \tfrac{16}{25}$.
#
# ## Exercise 3: the slope of tanh
#
# For tanh itself, use `np.tanh`.

# %% exercise: tanh_grad
def tanh_grad(z):
    """The derivative of tanh at the score z, entry by entry.

    z: a number, or any array-like (lists and whole numbers too) of any shape; scores, not
        outputs of tanh.
    Returns float64 of the same shape.
    """
    ### BEGIN SOLUTION
    return 1.0 - np.tanh(np.asarray(z, dtype=float)) ** 2
    ### END SOLUTION

# %% tests: tanh_grad, 2 points
import math

import numpy as np

with check("is 1 at 0, where it is largest"):
    check.close(check.call(tanh_grad, np.array([0.0])), [1.0])
with check("is 16/25 at -ln 2 and at ln 2"):
    check.close(check.call(tanh_grad, np.array([-np.log(2), np.log(2)])), [0.64, 0.64])
with check("takes a list of whole numbers, and returns floats"):
    got = check.call(tanh_grad, [[-1, 1]])
    check.floats(got, (1, 2))
    check.close(got, [[1 / math.cosh(1) ** 2] * 2])
### BEGIN HIDDEN TESTS
def _truth(Z):
    small = np.array([math.exp(-2 * abs(v)) for v in np.ravel(Z)])
    return np.reshape(4 * small / (1 + small) ** 2, np.shape(Z))


with check("agrees with central differences of tanh"):
    rng = np.random.default_rng(121)
    for shape, size in (((7, 5), 1.0), ((4, 4), 2.0), ((1, 3), 5.0)):
        Z = size * rng.normal(size=shape)
        numeric = (np.tanh(Z + 1e-5) - np.tanh(Z - 1e-5)) / 2e-5
        check.close(check.call(tanh_grad, Z), numeric, atol=1e-8)
with check("takes the score, not the output of tanh"):
    Z = np.random.default_rng(122).uniform(-0.95, 0.95, size=9)
    check.close(check.call(tanh_grad, Z), _truth(Z))
with check("fades on both sides, and is not cut off"):
    Z = np.array([-10.5, -8.5, -6.5, -4.5, 4.5, 6.5, 8.5, 10.5])
    check.close(check.call(tanh_grad, Z), _truth(Z))
with check("is 0, not nan, at -1000 and 1000"):
    check.close(check.call(tanh_grad, np.array([-1000.0, -30.0, 30.0, 1000.0])), np.zeros(4))
with check("takes a single number to a single number"):
    for (z,), got in check.each(tanh_grad, [(z,) for z in (0.0, -1.5, 2, -1000.0, 1000.0)]):
        check.floats(got, ())
        check.close(got, _truth(z))
with check("works on empty input and in any memory order, and leaves its input as it was"):
    check.floats(check.call(tanh_grad, np.zeros(0)), (0,))
    Z = np.asfortranarray(np.random.default_rng(123).normal(size=(8, 6)))[::2, ::-3]
    check.close(check.call(tanh_grad, Z), _truth(Z))
    check.unchanged(tanh_grad, Z)
    check.unchanged(tanh_grad, np.array([-350.0, 0.5, 350.0]))  # no overflow yet
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# The formula is above.
# What do you have to square: the score, or its tanh?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `np.tanh` accepts arrays, lists, and numbers, and never overflows.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Compute `t = np.tanh(z)`, and subtract its square from 1.
# `t` is float64 even if `z` holds integers, so the result is, too.
# </details>

# %% [markdown]
# Here are the two side by side; the dots mark $z = \pm 3$.
# **Predict:** tanh starts with four times the slope of the sigmoid. How do the two slopes compare at $z = \pm 3$?

# %%
COLORS = dict(zip(("sigmoid", "tanh", "ReLU", "leaky ReLU", "GELU", "SiLU", "Mish"),
                  plots.SERIES_COLORS))

with plots.figure("Left: the sigmoid rises from 0 to 1, and tanh rises from -1 to 1. Right: their slopes "
                  "are bell-shaped around 0; that of tanh reaches 1, that of the sigmoid a quarter. "
                  "At plus and minus 3, little is left of either.", columns=2) as (values, slopes):
    z = np.linspace(-6, 6, 241)
    plots.curves(z, {"sigmoid": sigmoid(z), "tanh": np.tanh(z)}, title="Both flatten out on both sides",
                 xlabel="score z", ylabel="output f(z)", colors=COLORS, ax=values)
    plots.curves(z, {"sigmoid": sigmoid_grad(z), "tanh": tanh_grad(z)}, xlabel="score z",
                 ylabel="slope f'(z)", colors=COLORS, ax=slopes, title="At z = ±3 the slope is "
                 f"{sigmoid_grad(3.0):.3f} (sigmoid) and {tanh_grad(3.0):.3f} (tanh)")
    for name, grad in (("sigmoid", sigmoid_grad), ("tanh", tanh_grad)):
        slopes.plot([-3, 3], grad(np.array([-3.0, 3.0])), "o", color=COLORS[name])

# %% [markdown]
# At $z = \pm 3$ the order is reversed: the slope of the sigmoid is 0.045, that of tanh only 0.010.
# So tanh saturates *earlier*.
#
# ### Zero-centered: what for? (optional)
#
# The weights of a unit in the *next* layer get the gradient $\delta\,a_j$, where the $a_j$ are the outputs of this layer and $\delta$ is one number for that unit (`dW = dZ.T @ A`).
# The outputs of the sigmoid are all positive, so any one example pushes all these weights *in the same direction*, up or down.
# If one has to go up and another down, they can only get there in a zigzag.
# The outputs of tanh have both signs; that is the benefit of being zero-centered (Y. LeCun and others, 1998).
#
# **Predict:** is ReLU, $\max(0, z)$, zero-centered?

# %%
with unfinished():
    rng = np.random.default_rng(5)
    Z = rng.normal(size=(1000, 50))  # the scores of 50 hidden units for 1000 examples
    for name, act in (("sigmoid", sigmoid), ("tanh", np.tanh), ("ReLU", lambda z: np.maximum(z, 0))):
        A = act(Z)
        up, down = (A > 0).sum(axis=1), (A < 0).sum(axis=1)
        together = np.mean(np.maximum(up, down) / (up + down))
        print(f"{name:8s} mean output {A.mean():+.2f}, "
              f"{together:4.0%} of the weights that move are pushed the same way")

# %% [markdown]
# No: its mean output is +0.40, and 100% of the weights that move are pushed the same way, just as with the sigmoid.
# With tanh it is 56%.
# And yet ReLU is the most widely used activation, so being zero-centered is an advantage, not a necessity.

# %% [markdown]
# ## ReLU: half a line
#
# $$ \mathrm{ReLU}(z) = \max(0, z), \qquad \text{from 0 to infinity}. $$
#
# The *rectified linear unit* lets positive scores through unchanged and blocks the others.
# Its slope is
#
# $$ \mathrm{ReLU}'(z) = \begin{cases} 1 & z > 0 \\ 0 & z < 0 \end{cases} \qquad\text{and at } 0 \text{, where there is a corner, we use } 0. $$
#
# Where the score is positive, the slope is exactly 1, however large $z$ is: there is no saturation on that side.
# ReLU costs next to nothing, and about half of its outputs are exactly 0: the layer is *sparse*.
# But to the left of zero, the slope is not just small, it *is* zero.
#
# V. Nair and G. Hinton used such units in 2010; in 2011 X. Glorot, A. Bordes, and Y. Bengio showed that deep networks made of them train well.
#
# **By hand.** For the scores $(-2, 0, 3)$, the outputs are $(0, 0, 3)$ and the slopes are $(0, 0, 1)$.
#
# ## Exercise 4: ReLU

# %% exercise: relu
def relu(z):
    """ReLU of z, entry by entry.

    z: a number, or any array-like (lists and whole numbers too) of any shape; it may contain
        -inf and inf.
    Returns float64 of the same shape; z itself is not changed.
    """
    ### BEGIN SOLUTION
    return np.maximum(np.asarray(z, dtype=float), 0.0)
    ### END SOLUTION

# %% tests: relu, 2 points
import numpy as np

with check("stops what is negative and leaves what is positive"):
    check.close(check.call(relu, np.array([-2.0, -0.25, 0.0, 0.5, 3.0])), [0, 0, 0, 0.5, 3.0])
with check("is 0 at -inf"):
    check.close(check.call(relu, np.array([-np.inf, 1.0])), [0.0, 1.0])
with check("takes a list of whole numbers, and returns floats"):
    got = check.call(relu, [-2, 0, 3])
    check.floats(got, (3,))
    check.close(got, [0.0, 0.0, 3.0])
with check("leaves its input as it was"):
    check.unchanged(relu, np.array([-3.0, -2.0, 1.0, -0.5]))
### BEGIN HIDDEN TESTS
def _truth(Z):
    return np.reshape([float(v) if v > 0 else 0.0 for v in np.ravel(Z)], np.shape(Z))


with check("agrees with a loop on random scores of every size"):
    rng = np.random.default_rng(131)
    cases = [(size * rng.normal(size=shape),) for shape, size in (
        ((7, 5), 1.0), ((4, 4), 0.01), ((1, 3), 1000.0), ((2, 3, 4), 5.0))]
    for (Z,), got in check.each(relu, cases):
        check.close(got, _truth(Z))
with check("lets small numbers through as well"):
    check.close(check.call(relu, np.array([-2e-9, 2e-9, 5e-7])), [0.0, 2e-9, 5e-7])
with check("is 0 at -inf and inf at inf"):
    check.close(check.call(relu, np.array([-np.inf, np.inf])), [0.0, np.inf])
with check("is right when all scores are negative, and when all are positive"):
    Z = np.random.default_rng(132).uniform(0.5, 4.0, size=(3, 5))
    check.close(check.call(relu, -Z), np.zeros((3, 5)))
    check.close(check.call(relu, Z), Z)
with check("takes a single number to a single number"):
    for (z,), got in check.each(relu, [(z,) for z in (0.0, -2.5, 3, -np.inf, np.inf)]):
        check.floats(got, ())
        check.close(got, _truth(z))
with check("works on empty input and in any memory order"):
    check.floats(check.call(relu, np.zeros((0, 3))), (0, 3))
    Z = np.asfortranarray(np.random.default_rng(133).normal(size=(8, 6)))[::2, ::-3]
    check.close(check.call(relu, Z), _truth(Z))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Python's own `max` tries to compare whole arrays and fails.
# You want the larger of two numbers, entry by entry.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `np.maximum(p, q)` compares entry by entry and returns a new array.
# `np.max(p)` is something else: a single number for the whole array.
# And `z * (z > 0)` runs into $-\infty \cdot 0$, which is NaN.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Convert `z` to a float array with `np.asarray(z, dtype=float)`, then compare it with `0.0` using `np.maximum`.
# Don't write `z[z < 0] = 0`, because that changes the caller's array.
# </details>

# %% [markdown]
# ## Exercise 5: the slope of ReLU

# %% exercise: relu_grad
def relu_grad(z):
    """The slope of ReLU at the score z, entry by entry.

    z: a number, or any array-like (lists and whole numbers too) of any shape; it may contain
        -inf and inf.
    Returns float64 of the same shape; the slope at 0 is 0.
    """
    ### BEGIN SOLUTION
    return np.where(np.asarray(z) > 0, 1.0, 0.0)
    ### END SOLUTION

# %% tests: relu_grad, 2 points
import numpy as np

with check("is 0 for negative scores and 1 for positive ones, even tiny ones"):
    check.close(check.call(relu_grad, np.array([-2.0, -1e-9, 1e-9, 3.0])), [0, 0, 1, 1])
with check("is 0 at 0"):
    check.close(check.call(relu_grad, np.array([0.0])), [0.0])
with check("returns floats, not True and False"):
    check.floats(check.call(relu_grad, np.array([-1.0, 2.0])), (2,))
with check("takes a list of whole numbers"):
    check.close(check.call(relu_grad, [-1, 2]), [0.0, 1.0])
### BEGIN HIDDEN TESTS
def _truth(Z):
    return np.reshape([1.0 if v > 0 else 0.0 for v in np.ravel(Z)], np.shape(Z))


with check("agrees with a loop on random scores of every size"):
    rng = np.random.default_rng(141)
    cases = [(size * rng.normal(size=shape),) for shape, size in (
        ((7, 5), 1.0), ((4, 4), 0.01), ((1, 3), 1000.0), ((2, 3, 4), 5.0))]
    for (Z,), got in check.each(relu_grad, cases):
        check.close(got, _truth(Z))
with check("returns float64, not True and False"):
    check.floats(check.call(relu_grad, np.array([-1.5, 2.5, 0.5])), (3,))
with check("tells the sides of 0 apart, however near a score is"):
    check.close(check.call(relu_grad, np.array([-1e-9, -1e-20, 1e-20, 1e-9])), [0, 0, 1, 1])
with check("is 0 at -inf and 1 at inf"):
    check.close(check.call(relu_grad, np.array([-np.inf, np.inf])), [0.0, 1.0])
with check("takes a single number to a single number"):
    for (z,), got in check.each(relu_grad, [(z,) for z in (0.0, -2.5, 3, -np.inf, np.inf)]):
        check.floats(got, ())
        check.close(got, _truth(z))
with check("works on lists and whole numbers"):
    check.floats(check.call(relu_grad, np.array([[-1, 2], [0, 3]])), (2, 2))
    check.close(check.call(relu_grad, [2, -1, 0]), [1, 0, 0])
with check("works on empty input and in any memory order, and leaves its input as it was"):
    check.floats(check.call(relu_grad, np.zeros(0)), (0,))
    Z = np.asfortranarray(np.random.default_rng(143).normal(size=(8, 6)))[::2, ::-3]
    check.close(check.call(relu_grad, Z), _truth(Z))
    check.unchanged(relu_grad, Z)
    check.unchanged(relu_grad, np.array([-np.inf, 0.5, np.inf]))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# The slope depends on just one question about each score: is it greater than 0?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `z > 0` gives you True and False, but you want 1.0 and 0.0.
# `np.where` takes a condition and two values.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Use `np.where(…, 1.0, 0.0)`, where the condition compares `np.asarray(z)` with 0.
# Choose the comparison carefully: at 0, the slope is 0.
# </details>

# %% [markdown]
# ## Dead units
#
# A ReLU unit that is silent for *some* examples is doing its job: that is where the bend comes from.
# But suppose its score is negative for **every** example there is.
# Then the gradient of its weights and its bias is exactly 0, and no update will ever move them.
# The unit is **dead**.
#
# > Dead means inactive on *all* inputs. A unit that outputs 0 for most of them is sparse, not dead.
#
# **By hand.** Here are three examples (rows) and four units (columns):
#
# $$ A = \begin{pmatrix} 0 & 2 & 0 & 0 \\ 0 & 0 & 0 & 1 \\ 0 & 3 & 0 & 0 \end{pmatrix} $$
#
# Nine of the twelve outputs are 0, but only units 1 and 3 are dead, so the fraction of dead units is $\tfrac24 = 0.5$.
#
# ## Exercise 6: how many units are dead?

# %% exercise: dead_fraction
def dead_fraction(A):
    """The fraction of units that are exactly 0 for every example of the batch.

    A: any array-like (n, h): outputs of h units for n examples, one unit per column. A unit with
        a negative output is alive.
    Returns a float between 0 and 1.
    """
    ### BEGIN SOLUTION
    return float(np.mean(np.all(np.asarray(A) == 0, axis=0)))
    ### END SOLUTION

# %% tests: dead_fraction, 2 points
import numpy as np

with check("counts the dead units of the example above"):
    A = np.array([[0.0, 2, 0, 0], [0, 0, 0, 1], [0, 3, 0, 0]])
    check.close(check.call(dead_fraction, A), 0.5)
with check("is the float 0.0 when every unit fires for at least one example"):
    got = check.call(dead_fraction, np.array([[0.0, 0.5, 0], [1.0, 0, 2.0]]))
    check.floats(got, ())
    check.close(got, 0.0)
with check("negative outputs are alive, even if they cancel"):
    check.close(check.call(dead_fraction, np.array([[-1.0, 0, -0.5, 0], [1.0, 0, 0, 2]])), 0.25)
with check("takes a list of whole numbers"):
    check.close(check.call(dead_fraction, [[0, 1, 0], [0, 0, 0]]), 2 / 3)
### BEGIN HIDDEN TESTS
def _truth(A):
    dead = sum(all(value == 0 for value in column) for column in np.transpose(A))
    return dead / np.shape(A)[1]


def _outputs(seed, n, h, silent):
    """ReLU outputs of h units, about half of them 0; the units of `silent` are dead."""
    A = np.maximum(np.random.default_rng(seed).normal(size=(n, h)), 0.0)
    A[0, A.max(axis=0) == 0] = 1.0
    A[:, silent] = 0.0
    return A


with check("agrees with a loop, whatever the sizes"):
    for seed, n, h, silent in ((151, 7, 5, [1, 4]), (152, 4, 4, [2]), (153, 30, 8, [0, 3, 5]),
                               (154, 5, 9, [])):
        A = _outputs(seed, n, h, silent)
        check.close(check.call(dead_fraction, A), _truth(A))
with check("a unit that fires for the last example only is alive"):
    A = np.zeros((6, 4))
    A[5, 1], A[5, 2] = 0.125, 7.0
    check.close(check.call(dead_fraction, A), 0.5)
with check("an example for which all are silent kills nobody"):
    A = _outputs(155, 5, 3, [])
    A[2] = 0.0
    check.close(check.call(dead_fraction, A), _truth(A))
with check("negative and very small outputs are alive"):
    A = np.array([[-1.5, 0.0, 1e-12, 2.0, -0.0], [0.0, 0.0, 0.0, -2.0, 0.0]])
    check.close(check.call(dead_fraction, A), 0.4)
with check("works on a batch of one and on a layer of one unit"):
    check.close(check.call(dead_fraction, np.array([[0.0, 1.0, 0.0, 3.0, 0.5]])), 0.4)
    check.close(check.call(dead_fraction, np.array([[0.0], [0.0], [0.0]])), 1.0)
with check("works on lists and whole numbers, and returns a float"):
    got = check.call(dead_fraction, [[0, 1, 0, 0], [0, 0, 3, 0]])
    check.floats(got, ())
    check.close(got, 0.5)
    check.floats(check.call(dead_fraction, np.zeros((2, 3), dtype=int)), ())
    check.floats(check.call(dead_fraction, np.array([[0.0, 0.5], [1.5, 0.0]])), ())
with check("reads any memory order, and leaves its input as it was"):
    A = np.zeros((8, 9), order="F")
    A[::2, ::-3] = _outputs(156, 4, 3, [1])
    check.close(check.call(dead_fraction, A[::2, ::-3]), _truth(A[::2, ::-3]))
    check.unchanged(dead_fraction, A[::2, ::-3])
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# There are two steps: decide for each unit whether it is dead, then compute the fraction.
# Each unit is a column.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `A == 0` is an array of True and False.
# `np.all(…, axis=0)` combines the entries of each column.
# The mean of an array of True and False is the fraction of True.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Compare `np.asarray(A)` with 0, apply `np.all` down each column, take the mean, and convert it to a `float`.
# With `any`, a unit would be dead as soon as it is silent once; with `axis=1`, you would count examples.
# </details>

# %% [markdown]
# *This is a good place to stop for the day.*
#
# ## A disaster on purpose
#
# Now for the digits, two thirds of them for training and the rest for testing.
# The loop below is the backward pass of lesson 4 for *any* activation, with 50 random examples for each step.

# %% given: training
digits = data.digits()
_order = np.random.default_rng(0).permutation(len(digits.y))
X_train, y_train = digits.X[_order[:1200]] / 16, digits.y[_order[:1200]]  # gray values 0 to 1
X_test, y_test = digits.X[_order[1200:]] / 16, digits.y[_order[1200:]]


def start(sizes, rng):
    """Random layers: normal weights with standard deviation √(2 / in) (lesson 6 says why), b = 0."""
    weights = [rng.normal(size=(out, size)) * np.sqrt(2 / size)
               for size, out in pairwise(sizes)]
    return weights, [np.zeros(size) for size in sizes[1:]]


def train(layers, act, act_grad, lr, steps, X=X_train, y=y_train, seed=1):
    """New layers after `steps` steps on 50 examples each. act_grad: the slope of act at Z."""
    weights, biases = list(layers[0]), list(layers[1])
    rng = np.random.default_rng(seed)
    with np.errstate(all="ignore"):  # a learning rate that is far too large overflows
        for _ in range(steps):
            rows = rng.integers(len(X), size=50)
            Z, cache = mlp_forward(X[rows], weights, biases, act)
            dZ = cross_entropy_grad(Z, y[rows])
            for k in reversed(range(len(weights))):
                dA, dW, db = linear_backward(dZ, cache[k][0], weights[k])
                weights[k], biases[k] = weights[k] - lr * dW, biases[k] - lr * db
                if k > 0:
                    dZ = dA * act_grad(cache[k - 1][1])
    return weights, biases


def accuracy(layers, act, X=X_test, y=y_test):
    """The share of examples for which the right class has the largest score."""
    with np.errstate(all="ignore"):
        Z, _ = mlp_forward(X, *layers, act)
    return float(np.mean(np.argmax(Z, axis=1) == y))


def hidden_scores(layers, act):
    """Z (1200, units) of the first hidden layer, for all training examples."""
    with np.errstate(all="ignore"):
        return mlp_forward(X_train, *layers, act)[1][0][1]

# %% [markdown]
# **Predict:** take one hidden layer of 50 ReLU units and train it for 200 steps, with larger and larger learning rates, starting at 0.03. Will the network get worse gradually, or all at once?

# %%
with plots.figure("Two curves against the learning rate on a logarithmic axis. Left: the accuracy on new "
                  "digits rises to about 97 percent and falls off a cliff between 1 and 2, down to "
                  "10 percent. Right: at the same place, the fraction of dead units jumps from a few "
                  "percent to nearly all.", columns=2) as (left, right):
    rates = np.array([0.03, 0.1, 0.3, 0.7, 1.0, 1.5, 2.0, 3.0])
    found = [train(start((64, 50, 10), np.random.default_rng(0)), relu, relu_grad, lr, 200)
             for lr in rates]
    right_share = np.array([accuracy(layers, relu) for layers in found])
    dead = np.array([dead_fraction(relu(hidden_scores(layers, relu))) for layers in found])
    for ax, values, ylabel, title in (
            (left, right_share, "accuracy on new digits",
             f"Accuracy drops from {right_share.max():.0%} to guessing"),
            (right, dead, "dead units",
             f"At lr = {rates[-1]:g}, {dead[-1]:.0%} of the units are dead")):
        plots.curves(rates, {"": values}, title=title, xlabel="learning rate", ylabel=ylabel, log="x",
                     colors={"": COLORS["ReLU"]}, ax=ax)
        ax.plot(rates, values, "o", color=COLORS["ReLU"])
        ax.set(ylim=(-0.03, 1.03))
        ax.set_xticks([0.03, 0.1, 0.3, 1, 3], ["0.03", "0.1", "0.3", "1", "3"], minor=False)
        ax.set_xticks([], minor=True)

# %% [markdown]
# All at once: the accuracy climbs to 97%, and beyond a learning rate of about 1 it drops to guessing.
# Past that cliff, the steps are so large that they throw units into a region where their scores are negative for all 1200 training digits.
# There the slope is 0, and no later step can bring them back.
# At a learning rate of 3, all of the units are dead.
#
# (The few units that are dead at the smallest rate were so *before* the first step.)
#
# This is the **dying ReLU** problem.
# Its usual cause is a learning rate that is too large; a bias far below zero has the same effect.
#
# **Predict:** can you repair the network by training it with a smaller learning rate?

# %%
with unfinished():
    broken = train(start((64, 50, 10), np.random.default_rng(0)), relu, relu_grad, 3.0, 200)
    later = train(broken, relu, relu_grad, 0.1, 1000)
    same = np.array_equal(broken[0][0], later[0][0]) and np.array_equal(broken[1][0], later[1][0])
    dead_at_start = dead_fraction(relu(hidden_scores(start((64, 50, 10), np.random.default_rng(0)),
                                                     relu)))
    print(f"before the first step:    dead {dead_at_start:.0%}")
    print(f"after the large steps: accuracy {accuracy(broken, relu):.0%}, "
          f"dead {dead_fraction(relu(hidden_scores(broken, relu))):.0%}")
    print(f"1000 small steps later: accuracy {accuracy(later, relu):.0%}, "
          f"dead {dead_fraction(relu(hidden_scores(later, relu))):.0%}")
    print("hidden weights and biases unchanged, bit for bit:", same)

# %% [markdown]
# No: after 1000 small steps, all the units are still dead, and the accuracy is still 9%.
# Not one bit of the hidden layer has changed.
#
# But that is final only in the *first* hidden layer, whose inputs are the data.
# A dead unit deeper in the network may wake up when the layers before it move.
# Here is a network with two hidden layers, damaged by a learning rate of 1 and then trained further at 0.1:

# %%
with unfinished():
    damaged = train(start((64, 50, 50, 10), np.random.default_rng(0)), relu, relu_grad, 1.0, 300)
    healed = train(damaged, relu, relu_grad, 0.1, 600)
    for k in range(2):
        dead_before, dead_after = (np.all(mlp_forward(X_train, *layers, relu)[1][k][1] <= 0, axis=0)
                                   for layers in (damaged, healed))
        print(f"hidden layer {k + 1}: {dead_before.sum()} units dead, "
              f"{np.sum(dead_before & ~dead_after)} of them wake up")

# %% [markdown]
# In the first hidden layer, none of the 40 dead units woke up; in the second, 4 of 36 did.
#
# ## Leaky ReLU: a small slope on the left
#
# If a slope of 0 is the problem, don't let it be 0:
#
# $$ \mathrm{leaky}(z) = \begin{cases} z & z > 0 \\ \alpha z & z \le 0 \end{cases} \qquad\qquad \mathrm{leaky}'(z) = \begin{cases} 1 & z > 0 \\ \alpha & z < 0 \end{cases} $$
#
# Usually $\alpha = 0.01$, and the values range from $-\infty$ to $\infty$.
# (A. Maas, A. Hannun, and A. Ng, 2013. If $\alpha$ is learned along with the weights, it is called PReLU: K. He and others, 2015.)
# At $z = 0$, we use the slope $\alpha$.
#
# **By hand**, with $\alpha = 0.01$: for the scores $(-5, 2)$, the outputs are $(-0.05, 2)$ and the slopes are $(0.01, 1)$.
# With $\alpha = 0$ it is ReLU, with $\alpha = 1$ it is no activation at all, and with $\alpha = 2$ it bends the other way.
#
# ## Exercise 7: leaky ReLU
#
# Your function has to be right for every $\alpha \ge 0$, including 2, so beware of the short formula you may have seen.

# %% exercise: leaky_relu
def leaky_relu(z, alpha=0.01):
    """Leaky ReLU of z, entry by entry.

    z: a number, or any array-like (lists and whole numbers too) of any shape.
    alpha: the slope on the left, a number >= 0; it may be greater than 1.
    Returns float64 of z's shape.
    """
    ### BEGIN SOLUTION
    z = np.asarray(z, dtype=float)
    return np.where(z > 0, z, alpha * z)
    ### END SOLUTION

# %% tests: leaky_relu, 2 points
import numpy as np

with check("leaves positive scores alone and shrinks negative ones to a hundredth"):
    check.close(check.call(leaky_relu, np.array([-5.0, -0.5, 0.0, 2.0])), [-0.05, -0.005, 0.0, 2.0])
with check("uses the alpha it is given, even one above 1"):
    check.close(check.call(leaky_relu, np.array([-4.0, 2.0]), 0.25), [-1.0, 2.0])
    check.close(check.call(leaky_relu, np.array([-3.0, 3.0]), 2), [-6.0, 3.0])
with check("leaves its input as it was"):
    check.unchanged(leaky_relu, np.array([-5.0, -0.5, 2.0]))
with check("takes a list of whole numbers, and returns floats"):
    got = check.call(leaky_relu, [-3, 0, 2], 2)
    check.floats(got, (3,))
    check.close(got, [-6.0, 0.0, 2.0])
### BEGIN HIDDEN TESTS
def _truth(Z, alpha):
    return np.reshape([float(v) if v > 0 else alpha * float(v) for v in np.ravel(Z)], np.shape(Z))


with check("agrees with a loop for alpha = 0, 0.01 and 1"):
    rng = np.random.default_rng(161)
    cases = [(2 * rng.normal(size=shape), alpha) for alpha in (0.0, 0.01, 0.3, 1.0)
             for shape in ((7, 5), (4, 4))]
    for case, got in check.each(leaky_relu, cases):
        check.close(got, _truth(*case))
with check("is right for alpha = 2, which bends the other way"):
    Z = np.random.default_rng(162).normal(size=(3, 4))
    check.close(check.call(leaky_relu, Z, 2.0), _truth(Z, 2.0))
    check.close(check.call(leaky_relu, np.array([-2.0, 5.0]), 3), [-6.0, 5.0])
with check("is right at -1000 and 1000"):
    check.close(check.call(leaky_relu, np.array([-1000.0, 1000.0]), 0.01), [-10.0, 1000.0])
with check("takes a single number to a single number"):
    for (z, alpha), got in check.each(leaky_relu, ((0.0, 0.01), (-2.5, 0.5), (3, 0.1))):
        check.floats(got, ())
        check.close(got, _truth(z, alpha))
with check("works on empty input and in any memory order, and leaves its input as it was"):
    check.floats(check.call(leaky_relu, np.zeros((0, 3)), 0.1), (0, 3))
    Z = np.asfortranarray(np.random.default_rng(163).normal(size=(8, 6)))[::2, ::-3]
    check.close(check.call(leaky_relu, Z, 0.2), _truth(Z, 0.2))
    check.unchanged(leaky_relu, Z, 0.2)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# There are two cases, depending on the sign of each entry.
# The short formula is $\max(\alpha z, z)$: what does it give for $\alpha = 2$ and $z = -3$?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# All three arguments of `np.where(condition, here, there)` can be arrays.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# First convert `z` to a float array, so that integers become floats.
# Then use `np.where(z > 0, …, …)`, with `z` itself in one place and `alpha * z` in the other.
# </details>

# %% [markdown]
# ## Exercise 8: the slope of leaky ReLU

# %% exercise: leaky_relu_grad
def leaky_relu_grad(z, alpha=0.01):
    """The slope of leaky ReLU at the score z, entry by entry; at 0 it is alpha.

    z: a number, or any array-like (lists and whole numbers too) of any shape.
    alpha: the slope on the left, a number >= 0; it may be greater than 1.
    Returns float64 of z's shape.
    """
    ### BEGIN SOLUTION
    return np.where(np.asarray(z) > 0, 1.0, float(alpha))
    ### END SOLUTION

# %% tests: leaky_relu_grad, 2 points
import numpy as np

with check("is 0.01 on the left and 1 on the right if no alpha is given"):
    check.close(check.call(leaky_relu_grad, np.array([-5.0, -0.5, 0.5, 2.0])), [0.01, 0.01, 1, 1])
with check("uses the alpha it is given, even one above 1"):
    check.close(check.call(leaky_relu_grad, np.array([-4.0, 2.0]), 0.25), [0.25, 1.0])
    check.close(check.call(leaky_relu_grad, np.array([-3.0, 3.0]), 2), [2.0, 1.0])
with check("takes a list of whole numbers, and returns floats"):
    got = check.call(leaky_relu_grad, [-3, 2], 2)
    check.floats(got, (2,))
    check.close(got, [2.0, 1.0])
### BEGIN HIDDEN TESTS
def _truth(Z, alpha):
    return np.reshape([1.0 if v > 0 else alpha for v in np.ravel(Z)], np.shape(Z)).astype(float)


with check("agrees with a loop for alpha = 0, 0.01 and 1"):
    rng = np.random.default_rng(171)
    cases = [(2 * rng.normal(size=shape), alpha) for alpha in (0.0, 0.01, 0.3, 1.0)
             for shape in ((7, 5), (4, 4))]
    for case, got in check.each(leaky_relu_grad, cases):
        check.close(got, _truth(*case))
with check("is right for alpha = 2"):
    Z = np.random.default_rng(172).normal(size=(3, 4))
    check.close(check.call(leaky_relu_grad, Z, 2.0), _truth(Z, 2.0))
with check("is right very near 0 and very far from it; at 0 itself, 1 is accepted as well as alpha"):
    Z = np.array([-1000.0, -1e-9, 1e-9, 1000.0])
    check.close(check.call(leaky_relu_grad, Z, 0.2), [0.2, 0.2, 1.0, 1.0])
    got = check.call(leaky_relu_grad, np.array([0.0]), 0.2)
    check.floats(got, (1,))
    check.true(min(abs(got[0] - 0.2), abs(got[0] - 1.0)) < 1e-9,
               f"at 0 the slope may be alpha or 1, got {float(got[0]):.6g}.")
with check("takes a single number to a single number"):
    for (z, alpha), got in check.each(leaky_relu_grad, ((-2.5, 0.5), (3, 0.1), (-1, 0))):
        check.floats(got, ())
        check.close(got, _truth(z, alpha))
with check("works on empty input and in any memory order, and leaves its input as it was"):
    check.floats(check.call(leaky_relu_grad, np.zeros(0), 0.1), (0,))
    Z = np.asfortranarray(np.random.default_rng(173).normal(size=(8, 6)))[::2, ::-3]
    check.close(check.call(leaky_relu_grad, Z, 0.2), _truth(Z, 0.2))
    check.unchanged(leaky_relu_grad, Z, 0.2)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# What is the slope of the straight line $\alpha z$?
# It is the same number at $z = -1$ and at $z = -100$.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# Use `np.where` again; this time, a *number* is enough for each of the two cases.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Use `np.where(np.asarray(z) > 0, 1.0, …)`.
# What is missing is the slope on the left; since 1.0 is a float, `alpha=2` gives 2.0.
# </details>

# %% [markdown]
# ### Does the leak bring the dead back?
#
# "Leaky ReLU fixes dying ReLU", most guides say.
# Put it to the test: take the network that a rate of 3 ruined and train it further at 0.1, this time with a leak.
#
# **Predict:** after 600 steps with $\alpha = 0.01$, how many of the 50 units will fire again for at least one digit? And how many with $\alpha = 0.1$?

# %%
def revived(layers, act, act_grad, steps=600):
    """The accuracy, and the number of units that fire for some digit, after `steps` small steps."""
    later = train(layers, act, act_grad, 0.1, steps)
    return accuracy(later, act), int(np.sum(np.any(hidden_scores(later, act) > 0, axis=0)))


LEAKS = {f"alpha = {alpha:g}": (lambda z, a=alpha: leaky_relu(z, a),
                                lambda z, a=alpha: leaky_relu_grad(z, a))
         for alpha in (0.0, 0.01, 0.1, 0.3)}

with plots.figure("Four bars, for a slope of 0, 0.01, 0.1, and 0.3 on the left: how many of 50 dead units "
                  "fire again after 600 small steps. It is none for 0, a few for 0.01, and about a "
                  "third at most. The accuracy is written above each bar.", size=(6.8, 3.8)) as ax:
    broken = train(start((64, 50, 10), np.random.default_rng(0)), relu, relu_grad, 3.0, 200)
    outcome = [revived(broken, *pair) for pair in LEAKS.values()]
    bars = ax.bar(list(LEAKS), [units for _, units in outcome], color=COLORS["leaky ReLU"], width=0.6)
    ax.bar_label(bars, [f"{units} units, {share:.0%} right" for share, units in outcome], padding=3,
                 color=ax.xaxis.label.get_color())
    ax.set(title=f"A leak of 0.01 revives {outcome[1][1]} of 50 dead units, 0.1 revives "
           f"{outcome[2][1]}", ylabel="units that fire again", ylim=(0, 50))

# %% [markdown]
# With $\alpha = 0.01$ only 2 of the 50 units come back; with $\alpha = 0.1$ it is 14.
# A leak of 0.01 lets *one hundredth* of the gradient through.
# So the unit does move, but a hundred times more slowly, and nothing tells it to move *back*: each step goes where the loss gets smaller, and that may be the wrong way.
# The network improves all the same, because on the left a leaky unit is linear, and linear units can do a lot on these digits.
#
# So a leak is a precaution, not a cure; a smaller learning rate *from the start* would have saved this network.

# %% [markdown]
# ## GELU and SiLU: a gate instead of a corner
#
# ReLU is a gate: it multiplies $z$ by 1 or by 0.
# What if the gate opened *gradually*?
#
# **GELU** (*Gaussian error linear unit*, D. Hendrycks and K. Gimpel, 2016) multiplies $z$ by the probability that a standard normal random number is less than $z$.
# With the density $\varphi$ and the cumulative distribution function $\Phi$,
#
# $$ \mathrm{GELU}(z) = z\,\Phi(z), \qquad \Phi(z) = \tfrac12\Bigl[1 + \mathrm{erf}\bigl(\tfrac{z}{\sqrt 2}\bigr)\Bigr], \qquad \varphi(z) = \tfrac{1}{\sqrt{2\pi}}\,e^{-z^2/2}. $$
#
# **By hand.** $\Phi(0) = \tfrac12$, but $\mathrm{GELU}(0) = 0 \cdot \tfrac12 = 0$. At $z = 1$, both $\Phi$ and GELU are about 0.8413.
#
# Two approximations date from the days when `erf` was slow: $\tfrac z2\bigl(1 + \tanh[\sqrt{2/\pi}\,(z + 0.044715\,z^3)]\bigr)$, which GPT-2 uses, and $z\,\sigma(1.702\,z)$.
# Here, use the exact one, with SciPy's `erf`.
#
# ## Exercise 9: GELU

# %% exercise: gelu
def gelu(z):
    """GELU of z, entry by entry: the exact form, not an approximation.

    z: a number, or any array-like (lists and whole numbers too) of any shape.
    Returns float64 of the same shape, accurate to 1e-9.
    """
    ### BEGIN SOLUTION
    z = np.asarray(z, dtype=float)
    return 0.5 * z * (1.0 + erf(z / np.sqrt(2.0)))
    ### END SOLUTION

# %% tests: gelu, 2 points
import math

import numpy as np

with check("is 0 at 0, about 0.8413 at 1 and about -0.1587 at -1"):
    check.close(check.call(gelu, np.array([-1.0, 0.0, 1.0])), [-0.158655254, 0.0, 0.841344746])
with check("is nearly z far on the right, nearly 0 far on the left, but not cut off"):
    check.close(check.call(gelu, np.array([-9.0, -4.0, 9.0])), [0.0, -4 * 0.5 * math.erfc(8 ** 0.5), 9.0])
with check("takes a list of whole numbers, and returns floats"):
    got = check.call(gelu, [[-2, 2]])
    check.floats(got, (1, 2))
    check.close(got, [[-math.erfc(2 ** 0.5), math.erfc(-(2 ** 0.5))]])
### BEGIN HIDDEN TESTS
def _truth(Z):
    return np.reshape([v * 0.5 * math.erfc(-v / math.sqrt(2)) for v in np.ravel(Z)], np.shape(Z))


with check("agrees with the exact formula on random scores"):
    rng = np.random.default_rng(181)
    cases = [(size * rng.normal(size=shape),) for shape, size in (
        ((7, 5), 1.0), ((4, 4), 3.0), ((1, 3), 10.0))]
    for (Z,), got in check.each(gelu, cases):
        check.close(got, _truth(Z))
with check("is exact, not an approximation by tanh or by a sigmoid"):
    Z = np.array([-2.5, -1.7, -0.7, 0.9, 1.8, 2.6])
    check.close(check.call(gelu, Z), _truth(Z))
with check("is exact to 1e-9 far from 0 too, and not cut off"):
    Z = np.array([-6.1, -5.3, -4.6, -3.7, 3.7, 4.6, 5.3, 6.1])
    check.close(check.call(gelu, Z), _truth(Z), rtol=0)
with check("is right at -1000 and 1000"):
    check.close(check.call(gelu, np.array([-1000.0, 1000.0])), [0.0, 1000.0])
with check("takes a single number to a single number"):
    for (z,), got in check.each(gelu, [(z,) for z in (0.0, -1.5, 2)]):
        check.floats(got, ())
        check.close(got, _truth(z))
with check("works on empty input and in any memory order, and leaves its input as it was"):
    check.floats(check.call(gelu, np.zeros((0, 3))), (0, 3))
    Z = np.asfortranarray(np.random.default_rng(182).normal(size=(8, 6)))[::2, ::-3]
    check.close(check.call(gelu, Z), _truth(Z))
    check.unchanged(gelu, Z)
    check.unchanged(gelu, np.array([-1000.0, 0.5, 1000.0]))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Compute Φ first, then multiply by `z`.
# Check that your Φ is ½ at 0, close to 0 at −5, and close to 1 at 5.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# SciPy's `erf` takes arrays, while `math.erf` takes only a single number.
# Its argument is $z/\sqrt2$, not $z$.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Start with `z = np.asarray(z, dtype=float)` and `Phi = 0.5 * (1 + erf(z / np.sqrt(2)))`.
# Only one factor is missing.
# </details>

# %% [markdown]
# ### Its slope
#
# $z\,\Phi(z)$ is a product, so its derivative has two terms, and the derivative of Φ is φ:
#
# $$ \mathrm{GELU}'(z) = \Phi(z) + z\,\varphi(z). $$
#
# ## Exercise 10: the slope of GELU

# %% exercise: gelu_grad
def gelu_grad(z):
    """The derivative of GELU at the score z, entry by entry.

    z: a number, or any array-like (lists and whole numbers too) of any shape.
    Returns float64 of the same shape.
    """
    ### BEGIN SOLUTION
    z = np.asarray(z, dtype=float)
    density = np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi)
    return 0.5 * (1.0 + erf(z / np.sqrt(2.0))) + z * density
    ### END SOLUTION

# %% tests: gelu_grad, 2 points
import math

import numpy as np

with check("is 1/2 at 0, about 1.0833 at 1 and about -0.0833 at -1"):
    check.close(check.call(gelu_grad, np.array([-1.0, 0.0, 1.0])), [-0.083315471, 0.5, 1.083315471])
with check("is nearly 1 far on the right, nearly 0 far on the left, but not cut off"):
    check.close(check.call(gelu_grad, np.array([-9.0, -4.0, 9.0])),
                [0.0, 0.5 * math.erfc(8 ** 0.5) - 4 * math.exp(-8) / math.sqrt(2 * math.pi), 1.0])
with check("takes a list of whole numbers, and returns floats"):
    got = check.call(gelu_grad, [[-2, 2]])
    check.floats(got, (1, 2))
    steep = 0.5 * math.erfc(2 ** 0.5) - 2 * math.exp(-2) / math.sqrt(2 * math.pi)
    check.close(got, [[steep, 1 - steep]])
### BEGIN HIDDEN TESTS
def _truth(Z):
    return np.reshape([0.5 * math.erfc(-v / math.sqrt(2))
                       + v * math.exp(-v * v / 2) / math.sqrt(2 * math.pi) for v in np.ravel(Z)],
                      np.shape(Z))


with check("agrees with central differences of z·Φ(z)"):
    rng = np.random.default_rng(191)
    _exact = np.vectorize(lambda v: 0.5 * v * math.erfc(-v / math.sqrt(2)))
    for shape, size in (((7, 5), 1.0), ((4, 4), 2.0)):
        Z = size * rng.normal(size=shape)
        check.close(check.call(gelu_grad, Z), (_exact(Z + 1e-5) - _exact(Z - 1e-5)) / 2e-5, atol=1e-8)
with check("is exact, and goes below 0 and above 1 where GELU does"):
    Z = np.array([-3.5, -2.2, -1.4, -0.8, -0.7, 0.7, 1.4, 2.2])
    check.close(check.call(gelu_grad, Z), _truth(Z))
with check("fades to 0 and 1, and is not cut off"):
    Z = np.array([-6.4, -5.5, -4.6, -3.7, 3.7, 4.6, 5.1, 5.6])
    check.close(check.call(gelu_grad, Z), _truth(Z))
with check("is 0 at -1000 and 1 at 1000, not nan"):
    check.close(check.call(gelu_grad, np.array([-1000.0, 1000.0])), [0.0, 1.0])
with check("takes a single number to a single number"):
    for (z,), got in check.each(gelu_grad, [(z,) for z in (0.0, -1.5, 2)]):
        check.floats(got, ())
        check.close(got, _truth(z))
with check("works on empty input and in any memory order, and leaves its input as it was"):
    check.floats(check.call(gelu_grad, np.zeros(0)), (0,))
    Z = np.asfortranarray(np.random.default_rng(193).normal(size=(8, 6)))[::2, ::-3]
    check.close(check.call(gelu_grad, Z), _truth(Z))
    check.unchanged(gelu_grad, Z)
    check.unchanged(gelu_grad, np.array([-1000.0, 0.5, 1000.0]))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# There are two terms.
# You already have Φ; the other term is `z` times the bell curve.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# φ is `np.exp(-z**2 / 2) / np.sqrt(2 * np.pi)`.
# Watch the parentheses: the root covers all of $2\pi$.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Convert `z` to a float array, compute `0.5 * (1 + erf(z / np.sqrt(2)))`, and add `z` times φ.
# The result may be negative, so don't clip it.
# </details>

# %% [markdown]
# ### Is the slope ever 0 on the left?
#
# People often say that GELU beats ReLU because "it has a non-zero gradient for negative inputs".
# **Predict:** is that true for *all* negative inputs?

# %%
with unfinished():
    low, high = -2.0, 0.0  # the slope is negative at low, positive at high: halve 60 times
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if gelu_grad(middle) < 0 else (low, middle)
    zero = high
    print(f"GELU's slope is 0 at z = {zero:.6f}, where its value is {gelu(zero):.6f}")
    z = np.linspace(-6, 6, 120_001)
    slope = gelu_grad(z)
    print(f"smallest slope {slope.min():.4f} at z = {z[slope.argmin()]:.4f}, "
          f"largest {slope.max():.4f} at {z[slope.argmax()]:.4f}")
    for far in (-2.0, -4.0, -6.0):
        print(f"slope at z = {far:g}: {gelu_grad(far):.1e}")

# %% [markdown]
# No.
# Coming from the right, the slope falls to **0 at about $z = -0.752$**, is **negative** to the left of that (it is lowest at $-\sqrt2$), and then fades: at $z = -6$ it is $-3.5 \cdot 10^{-8}$.
# GELU has a valley, and to the left of its lowest point everything is reversed: to raise its output, a unit has to move even further *left*, away from where it would be active.
# What GELU does have is no corner, and some slope near zero, where most scores are.
#
# ### SiLU, or Swish
#
# This is the same idea, with the sigmoid as the gate:
#
# $$ \mathrm{SiLU}(z) = z\,\sigma(z), \qquad \mathrm{SiLU}'(z) = \sigma(z) + z\,\sigma(z)\bigl(1 - \sigma(z)\bigr). $$
#
# The name SiLU comes from the GELU paper (2016).
# In 2017, a search through many formulas found the function again and called it *Swish* (P. Ramachandran, B. Zoph, and Q. Le).
#
# **By hand.** At $z = \ln 3$, $\sigma = \tfrac34$, so SiLU is $\tfrac34 \ln 3 \approx 0.824$, and its slope is $\tfrac34 + \ln 3 \cdot \tfrac{3}{16} \approx 0.956$.
#
# ## Exercise 11: SiLU

# %% exercise: silu
def silu(z):
    """SiLU of z, entry by entry.

    z: a number, or any array-like (lists and whole numbers too) of any shape.
    Returns float64 of the same shape, correct even at -1000 and 1000.
    """
    ### BEGIN SOLUTION
    z = np.asarray(z, dtype=float)
    return 0.5 * z * (1.0 + np.tanh(0.5 * z))
    ### END SOLUTION

# %% tests: silu, 2 points
import math

import numpy as np

with check("is 0 at 0, and ln 3 times 3/4 at ln 3"):
    check.close(check.call(silu, np.array([0.0, np.log(3)])), [0.0, 0.75 * np.log(3)])
with check("is -ln 3 times 1/4 at -ln 3"):
    check.close(check.call(silu, np.array([-np.log(3)])), [-0.25 * np.log(3)])
with check("is 0 at -1000 and 1000 at 1000, not nan"):
    check.close(check.call(silu, np.array([-1000.0, 1000.0])), [0.0, 1000.0])
with check("takes a list of whole numbers, and returns floats"):
    got = check.call(silu, [[-1, 1]])
    check.floats(got, (1, 2))
    check.close(got, [[-1 / (1 + math.e), 1 / (1 + 1 / math.e)]])
### BEGIN HIDDEN TESTS
def _truth(Z):
    return np.reshape([v * math.exp(min(v, 0)) / (1 + math.exp(-abs(v))) for v in np.ravel(Z)],
                      np.shape(Z))


with check("agrees with the formula on random scores"):
    rng = np.random.default_rng(201)
    cases = [(size * rng.normal(size=shape),) for shape, size in (
        ((7, 5), 1.0), ((4, 4), 3.0), ((1, 3), 20.0))]
    for (Z,), got in check.each(silu, cases):
        check.close(got, _truth(Z))
with check("fades on the left, and is not cut off"):
    Z = np.array([-23.0, -18.0, -13.0, -8.0, 8.0, 13.0, 15.5])
    check.close(check.call(silu, Z), _truth(Z))
with check("is right far out on both sides"):
    check.close(check.call(silu, np.array([-800.0, 800.0])), [0.0, 800.0])
with check("takes a single number to a single number"):
    for (z,), got in check.each(silu, [(z,) for z in (0.0, -1.5, 2, -1000.0, 1000.0)]):
        check.floats(got, ())
        check.close(got, _truth(z))
with check("works on empty input and in any memory order, and leaves its input as it was"):
    check.floats(check.call(silu, np.zeros((0, 3))), (0, 3))
    Z = np.asfortranarray(np.random.default_rng(202).normal(size=(8, 6)))[::2, ::-3]
    check.close(check.call(silu, Z), _truth(Z))
    check.unchanged(silu, Z)
    check.unchanged(silu, np.array([-709.5, 0.5, 709.5]))  # no overflow yet
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# The gate is the function from exercise 1.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# Lists don't multiply the way you want here, so convert `z` to an array first.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# After `z = np.asarray(z, dtype=float)`, multiply `z` by the gate, entry by entry.
# </details>

# %% [markdown]
# ## Exercise 12: the slope of SiLU

# %% exercise: silu_grad
def silu_grad(z):
    """The derivative of SiLU at the score z, entry by entry.

    z: a number, or any array-like (lists and whole numbers too) of any shape.
    Returns float64 of the same shape, correct even at -1000 and 1000.
    """
    ### BEGIN SOLUTION
    z = np.asarray(z, dtype=float)
    s = 0.5 * (1.0 + np.tanh(0.5 * z))
    return s * (1.0 + z * (1.0 - s))
    ### END SOLUTION

# %% tests: silu_grad, 2 points
import math

import numpy as np

with check("is 1/2 at 0, and 3/4 + 3/16 ln 3 at ln 3"):
    check.close(check.call(silu_grad, np.array([0.0, np.log(3)])), [0.5, 0.75 + 3 / 16 * np.log(3)])
with check("is 1/4 - 3/16 ln 3 at -ln 3, and negative farther left"):
    check.close(check.call(silu_grad, np.array([-np.log(3)])), [0.25 - 3 / 16 * np.log(3)])
    check.close(check.call(silu_grad, np.array([-math.log(9)])), [0.1 - 0.09 * math.log(9)])
with check("is 0 at -1000 and 1 at 1000, not nan"):
    check.close(check.call(silu_grad, np.array([-1000.0, 1000.0])), [0.0, 1.0])
with check("takes a list of whole numbers, and returns floats"):
    got = check.call(silu_grad, [[-1, 1]])
    check.floats(got, (1, 2))
    steep = 1 / (1 + math.e) - math.e / (1 + math.e) ** 2
    check.close(got, [[steep, 1 - steep]])
### BEGIN HIDDEN TESTS
def _truth(Z):
    small = np.array([math.exp(-abs(v)) for v in np.ravel(Z)])
    gate = np.where(np.ravel(Z) >= 0, 1, small) / (1 + small)
    return np.reshape(gate + np.ravel(Z) * small / (1 + small) ** 2, np.shape(Z))


with check("agrees with central differences of z·σ(z)"):
    rng = np.random.default_rng(211)
    for shape, size in (((7, 5), 1.0), ((4, 4), 3.0), ((1, 3), 6.0)):
        Z = size * rng.normal(size=shape)
        p, q = Z + 1e-5, Z - 1e-5
        numeric = (p / (1 + np.exp(-p)) - q / (1 + np.exp(-q))) / 2e-5
        check.close(check.call(silu_grad, Z), numeric, atol=1e-8)
with check("fades to 0 and 1, and is not cut off"):
    Z = np.array([-23.0, -18.0, -13.0, -8.0, 8.0, 13.0, 18.0])
    check.close(check.call(silu_grad, Z), _truth(Z))
with check("is right far out on both sides"):
    check.close(check.call(silu_grad, np.array([-800.0, 800.0])), [0.0, 1.0])
with check("goes below 0 and above 1 where SiLU does"):
    Z = np.array([-5.5, -2.4, -1.3, -1.2, 1.2, 2.4, 5.5])
    check.close(check.call(silu_grad, Z), _truth(Z))
with check("takes a single number to a single number"):
    for (z,), got in check.each(silu_grad, [(z,) for z in (0.0, -1.5, 2, -1000.0, 1000.0)]):
        check.floats(got, ())
        check.close(got, _truth(z))
with check("works on empty input and in any memory order, and leaves its input as it was"):
    check.floats(check.call(silu_grad, np.zeros(0)), (0,))
    Z = np.asfortranarray(np.random.default_rng(213).normal(size=(8, 6)))[::2, ::-3]
    check.close(check.call(silu_grad, Z), _truth(Z))
    check.unchanged(silu_grad, Z)
    check.unchanged(silu_grad, np.array([-709.5, 0.5, 709.5]))  # no overflow yet
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# It's the product rule again: the gate, plus `z` times the slope of the gate.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# Both terms are built from $\sigma(z)$, so compute it once, in a way that is safe at ±1000.
# You have already found the slope of the gate: that was exercise 2.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Make `z` a float array and let `s = sigmoid(z)`.
# The first term is `s`; the second is `z` times the slope of the sigmoid, written with `s`.
# </details>

# %% [markdown]
# There is one more relative: **Mish** (D. Misra, 2019), whose gate is $\tanh(\ln(1 + e^z))$.
# The figure shows all four.
# **Predict:** on which side of $-1$ does each of the three smooth functions have its lowest point?

# %%
def mish(z):
    return z * np.tanh(np.logaddexp(0, z))  # logaddexp(0, z) is ln(1 + e^z) without overflow


def mish_grad(z):
    gate, s = np.tanh(np.logaddexp(0, z)), 1 / (1 + np.exp(-z))
    return gate + z * (1 - gate ** 2) * s


with plots.figure("Left: ReLU, GELU, SiLU, and Mish between -5 and 3. All are close to 0 on the far left "
                  "and close to z on the right; the last three have a valley below zero in between. "
                  "Right: their slopes. That of ReLU jumps from 0 to 1; the others dip below 0 "
                  "and rise above 1 before they settle.", columns=2) as (values, slopes):
    z = np.linspace(-5, 3, 321)
    family = {"ReLU": (relu, relu_grad), "GELU": (gelu, gelu_grad), "SiLU": (silu, silu_grad),
              "Mish": (mish, mish_grad)}
    outputs = {name: f(z) for name, (f, _) in family.items()}
    plots.curves(z, outputs, xlabel="score z", ylabel="output f(z)", colors=COLORS, ax=values,
                 title="The smooth functions dip below 0")
    plots.curves(z, {name: grad(z) for name, (_, grad) in family.items()}, colors=COLORS, ax=slopes,
                 title="Left of the dip, their slope is negative", xlabel="score z", ylabel="slope f'(z)")
    slopes.axhline(0, color=plots.SERIES_COLORS[-1], linewidth=0.8)

with unfinished():
    z = np.linspace(-5, 3, 8001)
    for name in ("GELU", "SiLU", "Mish"):
        low = family[name][0](z)
        print(f"{name:4s} is lowest at z = {z[low.argmin()]:.3f}, where it is {low.min():.3f}")
    tanh_form = 0.5 * z * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z ** 3)))
    print(f"largest error of GELU's tanh form: {np.abs(tanh_form - gelu(z)).max():.1e}, "
          f"of z·sigmoid(1.702 z): {np.abs(z * sigmoid(1.702 * z) - gelu(z)).max():.1e}")

# %% [markdown]
# GELU is lowest at $z = -0.752$, to the right of $-1$; SiLU at $-1.278$ and Mish at $-1.192$ are to the left.
# (The tanh form of GELU is off by at most 0.0005, the sigmoid form by 0.02.)
#
# ### Play: the functions at work
#
# Drag across a curve: the tangent, the slope, the output, and what is left of a gradient of 1 move together.
# Below, 150 digits run through three hidden layers of your functions.
# A layer's scores are shown right under the curve; pale bars are scores where the curve is *flat* (its slope is below 0.05).
#
# *The question to answer:* which functions still have a slope where the scores really are, and what happens to it when the input gets larger?
#
# 1. Drag the score to 3. Which keeps more of the gradient, the sigmoid or tanh? Then raise the input scale to 10: at what share of the scores in layer 1 is each curve flat, and what share has left the window of ±6?
# 2. At scale 1, step from layer 1 to 2 and 3, with sigmoid, tanh, and ReLU. What happens to the *spread*, which measures how much the digits differ from one another?
# 3. Tick leaky ReLU and set its $\alpha$ to 0, 1, and 2. For which of these do the outputs look just like the scores?
# 4. Watch the disaster: switch the weights from *random* to *trained* to *damaged* (three more steps with a learning rate ten times as large). How many ReLU units of layer 1 are dead in each?

# %%
FUNCTIONS = {
    "sigmoid": (sigmoid, sigmoid_grad), "tanh": (np.tanh, tanh_grad), "ReLU": (relu, relu_grad),
    "leaky ReLU": (leaky_relu, leaky_relu_grad), "GELU": (gelu, gelu_grad),
    "SiLU": (silu, silu_grad), "Mish": (mish, mish_grad)}

LAYERS = start((64, 50, 50, 50, 10), np.random.default_rng(3))  # the last one has no activation


def trained(act, act_grad):
    """The three hidden layers after 200 steps at a learning rate of 0.3."""
    weights, biases = train(LAYERS, act, act_grad, 0.3, 200)
    return weights[:3], biases[:3]


def damaged(act, act_grad):
    """The same, and then three steps at a rate ten times as large."""
    weights, biases = train(train(LAYERS, act, act_grad, 0.3, 200), act, act_grad, 3.0, 3, seed=2)
    return weights[:3], biases[:3]


explorer = ActivationExplorer(FUNCTIONS, X_train[:150], LAYERS[0][:3], LAYERS[1][:3], alpha="leaky ReLU",
                              networks={"trained": trained, "damaged": damaged})
explorer

# %% [markdown]
# <details><summary>Answers, when you have tried</summary>
#
# **1.** The sigmoid: its slope at 3 is 0.045, that of tanh 0.010.
# At scale 1, neither is flat at any score in layer 1; at scale 10, the sigmoid is flat at 71% of them and tanh at 78%, and 42% of the scores lie outside ±6 (17% on the left, 25% on the right).
# ReLU is flat at 47% of its scores at either scale.
#
# **2.** With the sigmoid, it falls from 0.09 to 0.03 to 0.01: after three layers, all the digits look nearly alike.
# With tanh it stays (0.29, 0.31, 0.33), and with ReLU it falls slowly (0.23, 0.21, 0.18).
#
# **3.** For $\alpha = 1$: then leaky ReLU is the identity.
#
# **4.** None, then 8%, then 68%.
# The accuracy on new digits falls from 96% after training to 10%.
# The units of the other functions don't die, but tanh is flat at 94% of its scores, and the scores of GELU and SiLU have left the window on both sides.
# </details>
#
# So saturation is a property of the function *and* of the scale of the scores: with large inputs, the sigmoid and tanh are flat at most of them, while ReLU keeps its slope at the same half.
# That is why inputs are standardized and weights are drawn with care (lesson 6).

# %%
with unfinished():
    for name, network in (("trained", train(LAYERS, relu, relu_grad, 0.3, 200)),
                          ("damaged", train(train(LAYERS, relu, relu_grad, 0.3, 200), relu, relu_grad, 3.0, 3, seed=2))):
        print(f"ReLU, {name}: {accuracy(network, relu):.0%} of the new digits right")

# %% [markdown]
# ## Take them all away
#
# Without any activation function, the network collapses into a single linear layer (lesson 2).
# **Predict:** how accurate will it be on the digits? And on the two rings of lesson 2?

# %%
with plots.figure("Bars: accuracy without an activation and with ReLU. On the digits, the two are nearly "
                  "equal. On two rings, the network without an activation guesses, and the one with "
                  "ReLU gets nearly all points right.", size=(6.6, 3.8)) as ax:
    rings = data.circles(600, 0.08, np.random.default_rng(7))
    none = (lambda z: z, np.ones_like)
    shares = []
    for act, grad in (none, (relu, relu_grad)):
        on_digits = train(start((64, 50, 10), np.random.default_rng(0)), act, grad, 0.3, 400)
        on_rings = train(start((2, 50, 2), np.random.default_rng(0)), act, grad, 0.3, 400,
                         rings.X[:400], rings.y[:400])
        shares.append((accuracy(on_digits, act),
                       accuracy(on_rings, act, rings.X[400:], rings.y[400:])))
    for k, (name, color) in enumerate((("no activation", plots.SERIES_COLORS[-1]),
                                       ("ReLU", COLORS["ReLU"]))):
        bars = ax.bar(np.arange(2) + 0.36 * k - 0.18, shares[k], width=0.34, color=color, label=name)
        ax.bar_label(bars, fmt="{:.0%}", padding=2, color=ax.xaxis.label.get_color())
    ax.set(title=f"Without activations: {shares[0][0]:.0%} on digits, {shares[0][1]:.0%} on rings",
           ylabel="accuracy on new examples", ylim=(0, 1.08))
    ax.set_xticks(range(2), ["digits (64 pixels)", "rings (2 numbers)"])

# %% [markdown]
# On the digits, you hardly notice: the network without activations gets 97% right, because in 64 dimensions flat boundaries separate ten classes quite well.
# On the rings, no flat boundary can work, and it guesses: 52%.
# Whether a task needs nonlinearity is a question for the data, and a linear model is the first thing to try.

# %% [markdown]
# ## What they cost (optional)
#
# "The sigmoid is expensive, ReLU is cheap": let's measure it, for 50 units and 1000 examples.
# The figure includes the matrix product that computes those scores from 500 inputs.
# **Predict:** which takes longer, the most expensive activation or the matrix product?

# %%
from threadpoolctl import threadpool_limits

threadpool_limits(1)  # one thread for the product too, so that the comparison is fair
CONTEST = ("sigmoid", "tanh", "ReLU", "leaky ReLU", "GELU", "SiLU")


def best_time(f, *arguments, repeats=7):
    """Milliseconds of the fastest of several runs, since disturbances only make a run slower."""
    times = []
    for _ in range(repeats):
        begin = perf_counter()
        f(*arguments)
        times.append(perf_counter() - begin)
    return 1000 * min(times)


with plots.figure("Horizontal bars: milliseconds for the matrix product and for each function on 50,000 "
                  "scores. ReLU is by far the fastest; how the others compare depends on the machine "
                  "and on how they are written.",
                  size=(6.8, 3.4)) as ax:
    rng = np.random.default_rng(8)
    A, W, Z = rng.normal(size=(1000, 500)), rng.normal(size=(50, 500)), rng.normal(size=(1000, 50))
    cost = {"A @ W.T": best_time(lambda: A @ W.T)}
    cost |= {name: best_time(FUNCTIONS[name][0], Z) for name in CONTEST}
    bars = ax.barh(list(cost), list(cost.values()),
                   color=[COLORS.get(name, plots.SERIES_COLORS[-1]) for name in cost])
    ax.bar_label(bars, fmt="{:.2f}", padding=3, color=ax.xaxis.label.get_color())
    ax.invert_yaxis()
    slowest = max(CONTEST, key=cost.get)
    ax.set(title=f"{slowest}: {cost[slowest] / cost['ReLU']:.0f} times ReLU's time, "
           f"{cost[slowest] / cost['A @ W.T']:.1f} times the layer's", xlabel="milliseconds")
    ax.margins(x=0.15)

# %% [markdown]
# In our run the product did: it took 1.1 milliseconds, GELU 0.70, and ReLU 0.01, a factor of 50 between the two functions (before rounding).
# Your times will differ, because they depend on the machine and on how you write a function: our leaky ReLU contains no exponential, but with `np.where` it took 0.29 milliseconds, more than tanh with its 0.08.
# The cost of the product grows with the number of *inputs*, and the cost of the activation does not, so in large layers the activation seldom matters.

# %% [markdown]
# ## Which one should you use? A measurement
#
# This is the same network with the same start, trained for 160 steps each time; only the activation and the learning rate change.
# **Predict:** which function falls off a cliff first? And which reaches the best accuracy?

# %%
with plots.figure("Accuracy against the learning rate for six activations. At a learning rate of 1, all are "
                  "above 90 percent and close together. Beyond that, each falls off a cliff: "
                  "ReLU and GELU first, the sigmoid last.", size=(7.4, 4.4)) as ax:
    rates = np.array([0.03, 0.1, 0.3, 1.0, 1.5, 2.0, 3.0, 8.0])
    table, flat = {}, {}
    for name in CONTEST:
        act, grad = FUNCTIONS[name]
        networks = [train(start((64, 50, 10), np.random.default_rng(0)), act, grad, lr, 160)
                    for lr in rates]
        table[name] = [accuracy(layers, act) for layers in networks]
        flat[name] = np.mean(np.abs(grad(hidden_scores(networks[-1], act))) < 0.02)
    best = [max(row) for row in table.values()]
    plots.curves(rates, table, xlabel="learning rate", ylabel="accuracy on new digits", log="x",
                 colors=COLORS, ax=ax, title="At its best rate each reaches "
                 f"{min(best):.0%} to {max(best):.0%}")
    ax.set(ylim=(0, 1.03))
    ax.set_xticks([0.03, 0.1, 0.3, 1, 3, 8], ["0.03", "0.1", "0.3", "1", "3", "8"], minor=False)
    ax.set_xticks([], minor=True)
    for name, row in table.items():
        print(f"{name:11s}", *(f"{lr:g}: {share:3.0%}" for lr, share in zip(rates, row)), sep="  ")
    print("\nslopes below 0.02 after the largest rate:",
          ", ".join(f"{name} {share:.0%}" for name, share in flat.items()))

# %% [markdown]
# ReLU falls first: at a learning rate of 1.5, it is down to 21%.
# At its best rate, every one of them is good, between 96% and 97%.
#
# - **The choice of function matters less than the choice of learning rate.** The exact numbers belong to this start and these 160 steps, so don't read anything into a difference of a point or two.
# - **Every one of them has a cliff**, even tanh and leaky ReLU. Past it, the scores are where the slopes are next to nothing.
# - The sigmoid, so often called the worst, withstands the largest steps, because its slopes are so small: it still gets 96% at a rate of 3. For the same reason, it is the slowest at small rates.
# - This is *one* hidden layer. In deep networks the slopes multiply, and sigmoid and tanh fall behind: that is lesson 6.
#
# ### Selection guide
#
# | function | range | slope | where it is used |
# |---|---|---|---|
# | sigmoid | (0, 1) | at most 0.25; saturates on both sides | output for two classes, or for several labels at once; gates of LSTM and GRU |
# | tanh | (−1, 1) | at most 1; saturates on both sides; zero-centered | recurrent networks; small networks; outputs between −1 and 1 |
# | ReLU | [0, ∞) | 0 or 1; units can die | default in hidden layers, most convolutional networks |
# | leaky ReLU, PReLU | (−∞, ∞) | α or 1; never 0 | hidden layers in which units die |
# | GELU | about [−0.170, ∞) | smooth; 0 near −0.752, negative to the left of it | transformers: BERT, GPT |
# | SiLU (Swish) | about [−0.278, ∞) | smooth; 0 near −1.278, negative to the left of it | EfficientNet; LLaMA, in its gates |
# | Mish | about [−0.309, ∞) | smooth; 0 near −1.192, negative to the left of it | some object detectors (YOLOv4) |
# | softmax | each in (0, 1), sum 1 | a matrix, see below | output for one class of many; attention |
# | none | (−∞, ∞) | 1 | output, when you predict a number |
#
# In the **hidden layers**, use ReLU, or whatever is customary for the kind of network you work with (GELU or SiLU in transformers; why smooth functions do better there is not settled).
# Find a good learning rate.
# Change the activation only if you *measure* dead units, or if you have time to experiment.
# The **output layer** is no matter of taste: it follows from what you want to predict.

# %% [markdown]
# ## The output layer, and softmax
#
# | you predict | units | output activation | loss |
# |---|---|---|---|
# | a number | 1 | none | squared error |
# | yes or no (spam or not) | 1 | sigmoid | binary cross-entropy |
# | one class of $c$ | $c$ | softmax | cross-entropy |
# | any number of $c$ labels | $c$ | a sigmoid for each | binary cross-entropy, averaged |
#
# **Softmax** takes all the scores of a layer at once, $p_i = e^{z_i} / \sum_k e^{z_k}$: raise one score, and all the other probabilities fall.
# So its derivative is not one slope per unit but a matrix, $\partial p_i / \partial z_j = p_i\,([i = j] - p_j)$, where $[i = j]$ is 1 if $i = j$ and 0 otherwise.
#
# For two classes, softmax is nothing new.
# **Predict:** what does softmax turn the scores $(0, z)$ into?

# %%
with unfinished():
    z = np.array([-2.0, 0.0, 1.0, 5.0])
    print("softmax of (0, z), second column:", softmax(np.column_stack([np.zeros(4), z]))[:, 1])
    print("sigmoid of z:                    ", sigmoid(z))
    print("softmax of z alone, one unit:    ", softmax(z[:, None])[:, 0])

# %% [markdown]
# The second column of softmax over $(0, z)$ *is* the sigmoid of $z$.
# And softmax over a single unit is always 1: a spam filter with that output calls everything spam, and its gradient is 0.

# %% [markdown]
# ## Questions people ask you
#
# Answer each one out loud before you open it.
#
# <details><summary>Why do neural networks need activation functions at all?</summary>
#
# To keep the layers from collapsing: without them, any stack of layers is a single affine map, with flat boundaries only.
# They have to be nonlinear (not affine); squashing values into a range is not the point.
# Given enough units, a network with any continuous activation that is not a polynomial can approximate any continuous function on a compact set, but that says nothing about finding the weights (lesson 3).
#
# **A good answer says:** without them, any stack of layers is one affine map; they have to be nonlinear, and squashing isn't the point; approximation theorems say nothing about finding the weights.
# </details>
#
# <details><summary>Compare sigmoid, tanh and ReLU.</summary>
#
# Sigmoid: range (0, 1), slope at most ¼, saturates on both sides, and all its outputs are positive; used today for outputs and gates.
# tanh: range (−1, 1), slope at most 1, zero-centered, and it saturates too, even earlier.
# ReLU: range [0, ∞), slope 0 or 1, no saturation on the right, cheap, sparse, not zero-centered; units can die.
#
# **A good answer says:** the range of each; the slope of each and where it saturates; one drawback and one use of each, such as gates, zero-centered outputs, or units that die.
# </details>
#
# <details><summary>Does ReLU avoid vanishing gradients?</summary>
#
# An active unit multiplies the gradient by exactly 1, so *it* shrinks nothing; an inactive unit passes nothing on.
# But the gradient is also multiplied by the weights of each layer, and those can shrink it or blow it up with any activation: lesson 6 measures this.
#
# **A good answer says:** active units pass the gradient on unchanged, inactive ones not at all; the weights can still shrink it or blow it up.
# </details>
#
# <details><summary>Why do gradients vanish with sigmoid and tanh in deep networks?</summary>
#
# Each layer multiplies the gradient by its slopes (at most ¼ for the sigmoid, at most 1 for tanh, near 0 for saturated units) and by its weights.
# A product of many factors below 1 shrinks exponentially.
# Whether gradients vanish with tanh depends on the scale of the weights.
#
# **A good answer says:** each layer multiplies by slopes: at most ¼ or 1, near 0 when saturated; a product of many small factors shrinks exponentially; the scale of the weights counts as well.
# </details>
#
# <details><summary>Why is GELU preferred over ReLU in transformers?</summary>
#
# It is smooth, it passes on some gradient for moderately negative scores, and it did somewhat better in experiments with language models.
# It is not true that its slope is non-zero everywhere: it is 0 near −0.752, negative to the left of that, and practically 0 below −5.
# The reason for its success is not settled.
#
# **A good answer says:** it is smooth and passes some gradient for moderately negative scores; it did somewhat better in experiments; its slope is not non-zero everywhere, or the reason isn't settled.
# </details>
#
# <details><summary>How does batch normalization interact with activations?</summary>
#
# It shifts and scales the scores before they reach the activation, first to mean 0 and variance 1, then by learned amounts.
# That keeps them away from saturation, and it keeps each unit active on part of every batch, so few units die.
# Whether it works by "reducing covariate shift" is contested; see lesson 7.
#
# **A good answer says:** it centers and scales scores before the activation, then shifts and scales them by learned amounts; less saturation, fewer dead units; that it reduces covariate shift is contested.
# </details>
#
# <details><summary>Many hidden units output 0 for every input. What is going on, and what do you do?</summary>
#
# They are dead; this is called dying ReLU.
# The usual cause is a learning rate that is too large (or very negative biases), which has pushed the scores below 0 for all inputs, where the slope is 0.
# Count the dead units with `dead_fraction`, then start over with a smaller rate, better initial weights, or normalization; use leaky ReLU, GELU, or SiLU as a precaution.
# As you measured above, a leak of 0.01 revives few units that are already dead.
#
# **A good answer says:** dead units, dying ReLU; the cause: usually too large a learning rate, with scores pushed below 0 for all inputs; count them, then restart with a smaller rate, better weights, or normalization; leaky relatives prevent more than they cure.
# </details>

# %% [markdown]
# ## Check your understanding
#
# Each of the five questions has exactly one right answer.
# Return its letter.

# %% [markdown]
# **Question 1.** You build a model that decides whether an e-mail is spam. What should its output be?
#
# - **a**  One unit with ReLU: 0 means no spam, and anything above 0 means spam.
# - **b**  One unit with softmax, because softmax turns scores into probabilities.
# - **c**  One unit with the sigmoid.
# - **d**  One unit with tanh, because it is zero-centered.

# %% exercise: quiz_spam
def quiz_spam():
    """The letter of your answer to question 1, for example return "a"."""
    ### BEGIN SOLUTION
    return "c"
    ### END SOLUTION

# %% tests: quiz_spam, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_spam())
### BEGIN HIDDEN TESTS
with check("the output for yes or no"):
    check.letter(quiz_spam(), right="c", why={
        "a": "ReLU has no upper limit, so its output is not a probability. And its slope is 0 for "
             "every negative score, so the model learns nothing from a spam e-mail it misses.",
        "b": "Softmax makes its outputs sum to 1. With a single unit, that output is always 1, so "
             "everything is spam. You need two units, or a sigmoid.",
        "c": "The sigmoid turns the score into a number between 0 and 1, which can be read as "
             "the probability of spam.",
        "d": "Zero-centered outputs help hidden layers a little. But a probability has to be between "
             "0 and 1, and tanh goes down to -1."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 2.** During training, many hidden units start to output 0 for *all* inputs. What is this called, and what is the main cause?
#
# - **a**  Dying ReLU: updates that were too large pushed their scores below 0 everywhere, where the slope is 0.
# - **b**  Vanishing gradients: there are too many layers, so the gradient no longer reaches these units.
# - **c**  Saturation: their scores have become so large that the activation function is flat there.
# - **d**  Sparsity: the network has learned that it does not need these units, which is a good sign.

# %% exercise: quiz_dying
def quiz_dying():
    """The letter of your answer to question 2, for example return "a"."""
    ### BEGIN SOLUTION
    return "a"
    ### END SOLUTION

# %% tests: quiz_dying, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_dying())
### BEGIN HIDDEN TESTS
with check("units that are silent for all inputs"):
    check.letter(quiz_dying(), right="a", why={
        "a": "A score below 0 for every input means a slope of 0 for every input, so no "
             "gradient reaches the unit's weights anymore.",
        "b": "A vanishing gradient leaves units where they are; it does not make them silent. "
             "In this lesson they died in a network with a single hidden layer.",
        "c": "A saturated unit is stuck at one end of the range of sigmoid or tanh. For large "
             "scores, ReLU isn't flat at all: its slope there is 1.",
        "d": "Sparse means that each unit is silent for many inputs. A unit that is silent for all "
             "of them contributes nothing and can't learn to, so its capacity is lost."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 3.** On a large batch, half of all the outputs of a ReLU layer are 0. What fraction of its units is dead?
#
# - **a**  Half of them.
# - **b**  You can't tell from this number.
# - **c**  None: half is what you would expect.
# - **d**  A quarter.

# %% exercise: quiz_sparse
def quiz_sparse():
    """The letter of your answer to question 3, for example return "a"."""
    ### BEGIN SOLUTION
    return "b"
    ### END SOLUTION

# %% tests: quiz_sparse, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_sparse())
### BEGIN HIDDEN TESTS
with check("silent and dead"):
    check.letter(quiz_sparse(), right="b", why={
        "a": "If half of the units were dead and the others always active, half of the outputs would "
             "be 0. But you get the same if each unit is silent for half of the examples.",
        "b": "Half of the outputs are 0 if half of the units are dead, but also if every unit "
             "is silent for half of the examples.",
        "c": "Half is typical of random scores, and then few units are dead. But if half of the "
             "units are dead, you can get the same number. What would you have to count?",
        "d": "Nothing here gives you a quarter. Imagine two layers in which half of the outputs are "
             "0, one with no dead units and one with many."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 4.** For which scores $z < 0$ is the slope of GELU *positive*?
#
# - **a**  For all of them; that is its advantage over ReLU.
# - **b**  For none of them, just as with ReLU.
# - **c**  Only for those below about −0.75.
# - **d**  Only for those between about −0.75 and 0.

# %% exercise: quiz_gelu
def quiz_gelu():
    """The letter of your answer to question 4, for example return "a"."""
    ### BEGIN SOLUTION
    return "d"
    ### END SOLUTION

# %% tests: quiz_gelu, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_gelu())
### BEGIN HIDDEN TESTS
with check("the slope of GELU on the left"):
    check.letter(quiz_gelu(), right="d", why={
        "a": "People often say so. But GELU falls before it rises: print gelu_grad at -1 and -2.",
        "b": "At z = -0.1 the gate is still nearly half open, and the slope is about 0.42.",
        "c": "There the slope is negative: coming from the far left, GELU falls into its valley.",
        "d": "Coming from the far left, GELU falls until about -0.75; from there on it rises, "
             "so its slope is positive."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 5.** A hidden sigmoid unit has scores around 12 for nearly all examples, and the loss says that its output should be smaller. What happens?
#
# - **a**  It learns fast, because its output is far off and so the gradient is large.
# - **b**  Nothing ever happens, because its gradient is exactly 0: the unit is dead.
# - **c**  It learns very slowly, because the gradient is multiplied by a slope of about 0.000006.
# - **d**  Its gradient explodes, because the score of 12 is one of the factors in the product.

# %% exercise: quiz_saturated
def quiz_saturated():
    """The letter of your answer to question 5, for example return "a"."""
    ### BEGIN SOLUTION
    return "c"
    ### END SOLUTION

# %% tests: quiz_saturated, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_saturated())
### BEGIN HIDDEN TESTS
with check("a saturated unit"):
    check.letter(quiz_saturated(), right="c", why={
        "a": "However large the gradient is at the unit's output, on its way to the score it is "
             "multiplied by the slope there. Print sigmoid_grad(12.0).",
        "b": "The gradient is nearly 0, but not exactly. Unlike a dead ReLU unit, this one does move, "
             "though so slowly that it looks dead.",
        "c": "The gradient of the score contains the slope of the sigmoid, and "
             "sigmoid_grad(12.0) is about 0.000006.",
        "d": "The score itself isn't a factor in this gradient. The slope at the score is, and it is "
             "tiny."})
### END HIDDEN TESTS

# %% [markdown]
# ## In an interview
#
# *Discuss the trade-offs between different activation functions. Which would you use where, and why?*
#
# Answer in the cell below, in eight to ten sentences.
# Cover sigmoid, tanh, ReLU, and one smooth relative of ReLU: the range, the slope, and what can go wrong with each.
# Explain what "dying ReLU" is, how you would notice it, and what you would do about it.
# Then choose activations for hidden layers and for three kinds of output.
# A teacher reads this answer; it is worth 3 points.
#
# <!-- A good answer says: range, slope, and trouble of each activation; dying ReLU: what it is, how to notice it, what to do; a choice for hidden layers; choices for three kinds of output -->

# %% answer: interview_trade_offs, 3 points [markdown]
# An activation has to be nonlinear, and on the way back its slope multiplies the gradient, so I look at both.
# The sigmoid gives values in (0, 1) and reads naturally as a probability, but its slope is at most 0.25 and goes to 0 on both sides: saturated units hardly learn, gradients vanish in deep stacks, and its outputs are all positive.
# tanh has range (-1, 1), is zero-centered, and has slope 1 at 0, but it saturates as well, so it suffers in deep networks too, depending on the scale of the weights.
# ReLU is cheap and sparse, and its slope is exactly 1 for positive scores, so it does not saturate there; for negative scores the slope is 0.
# A ReLU unit whose score is negative for all inputs gets no gradient at all and stays silent: it is dead, usually after steps that were too large. I would notice it by the fraction of units that are 0 for every example, and start over with a smaller learning rate, good initial weights, or normalization, or use leaky ReLU from the start; a leak of 0.01 revives dead units only slowly.
# GELU and SiLU are smooth gates that let some gradient through for moderately negative scores; they cost more, their slope is even negative on the far left (below about -0.75 for GELU), and they are customary in transformers because they did somewhat better in experiments.
# In hidden layers I would start with ReLU (GELU or SiLU in a transformer) and tune the learning rate first, since at the best rate the differences are small.
# At the output I would use none for a number, a sigmoid for yes or no, and softmax for one class of many.
#
# ### BEGIN MARK SCHEME
# One point for each, half points where it is incomplete:
#
# 1. **Properties:** ranges, and slopes with their limits (0.25 for the sigmoid, 1 for tanh, 0 or 1 for ReLU); saturation of sigmoid *and* tanh and its consequence (slow learning, vanishing in deep stacks); one more of zero-centering, cost, sparsity, smoothness.
# 2. **Dying ReLU:** inactive on *all* inputs, so slope and gradient are 0 and it stays that way; cause (too large a learning rate or very negative bias); how to notice or count it; a sensible remedy.
# 3. **Choice:** hidden layers (ReLU as default, GELU or SiLU in transformers, with a reason), and the output by task: none for a number, sigmoid for two classes, softmax for one of many.
#
# These cost the point in parentheses: "ReLU has no vanishing gradients at all", "tanh does not saturate", or "GELU's gradient is never 0 or negative" (1); a unit that is 0 for some inputs called dead, or "leaky ReLU always revives dead units" (2); softmax or ReLU on a single output unit for yes or no, or sigmoid as the default for deep hidden layers (3).
# ### END MARK SCHEME

# %% [markdown]
# ## What to remember
#
# > - An activation's values go forward; its slope goes back.
# > - The slope of the sigmoid is at most ¼, that of tanh at most 1. Both saturate, and where they do, learning all but stops. Whether they do depends on the scale of the scores.
# > - The slope of ReLU is 0 or 1. A unit is dead if it is inactive on **all** inputs, and in the first layer it stays dead. The usual cause is a learning rate that is too large.
# > - A leak of 0.01 is a precaution; it revives few dead units.
# > - GELU and SiLU are gates that open gradually. Their slope is 0 at one point on the left (for GELU, at −0.752) and negative beyond it.
# > - Without activations a network is linear. On some data (the digits!) that is nearly enough; on other data it is hopeless.
# > - Find a good learning rate first, then think about the activation. The output layer follows from what you predict.
#
# **Next:** [lesson 6, vanishing gradients](../06_vanishing_gradients/06_vanishing_gradients.ipynb): what slopes and weights do to the gradient in a network of twenty layers, and four ways to keep it alive.
# **Back:** [lesson 4, backpropagation](../04_backprop/04_backprop.ipynb).
#
# <details><summary>Sources</summary>
#
# Y. LeCun, L. Bottou, G. Orr, and K.-R. Müller, "Efficient BackProp" (1998). V. Nair and G. Hinton, "Rectified linear units improve restricted Boltzmann machines" (2010). X. Glorot, A. Bordes, and Y. Bengio, "Deep sparse rectifier neural networks" (2011). A. Maas, A. Hannun, and A. Ng, "Rectifier nonlinearities improve neural network acoustic models" (2013). K. He, X. Zhang, S. Ren, and J. Sun, "Delving deep into rectifiers" (2015). D. Hendrycks and K. Gimpel, "Gaussian error linear units", arXiv 1606.08415 (2016). S. Elfwing, E. Uchibe, and K. Doya, "Sigmoid-weighted linear units for neural network function approximation in reinforcement learning", arXiv 1702.03118 (2017). P. Ramachandran, B. Zoph, and Q. Le, "Searching for activation functions", arXiv 1710.05941 (2017). D. Misra, "Mish", arXiv 1908.08681 (2019). A. Bochkovskiy and others, "YOLOv4", arXiv 2004.10934 (2020).
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

HandIn("05_activations")
