# %% [markdown]
# # 2 · XOR: when no line will do
#
# A staircase light has two switches, one at the bottom and one at the top.
# Flip either one, and the light changes.
# So it is on when exactly one switch is up, and off when both are up or both are down.
#
# There are two inputs, one output, and only four cases to learn.
# Yet the machine from lesson 1, which learned to sort a hundred flowers from a handful of mistakes, will never learn this.
# Why not?
# And what is the least you have to add to make it work?
#
# In this lesson you will prove that one neuron is not enough, build a network of three that is, and see what a hidden layer does.
#
# **You will build**, from nothing but NumPy:
# `perceptron_cycle` → `gate` → `xor_network` → `two_layer_forward` → `collapse_affine` → `add_product_feature`
#
# **Time:** about 90 minutes. **You need:** [lesson 1](../01_perceptron/01_perceptron.ipynb), dictionaries and tuples in Python, and the product of two matrices.
# A good place for a break is after exercise 3.
#
# **How to work.** As before: predict, run, explain.
# Replace `# YOUR CODE HERE` and the `raise` below it, run the tests, and open a hint when you get stuck.
# Each exercise is checked on its own, so if one won't budge, skip it and come back.
# As in lesson 1, arguments are array-like (arrays, or lists of floats or whole numbers), results are new `float64` arrays, and no function modifies its arguments.

# %% given: imports
import numpy as np

from utils import data, plots
from utils.checks import unfinished
from utils.widgets import XorFold

# %% [markdown]
# You need one thing from lesson 1: the step function.
# Here it is again, so that this notebook doesn't depend on your other one.
# If you prefer your own version, paste it into a new cell below the next one.
# After it comes a helper for the figures: it shades the side of a line on which a neuron fires.

# %% given: step
def step(z):
    """Return 1.0 where z >= 0 and 0.0 elsewhere, in the shape of z."""
    return np.where(np.asarray(z) >= 0, 1.0, 0.0)

# %% given: shade
def shade(w, b, ax):
    """Shade the side of the line on which w·x + b >= 0."""
    side = np.linspace(-2, 2, 101)
    score = w[0] * side + w[1] * side[:, None] + b
    if score.max() >= 0:
        ax.contourf(side, side, score, levels=[0, score.max() + 1],
                    colors=[plots.CLASS_COLORS[1]], alpha=0.2, zorder=0.5)

# %% [markdown]
# ## Four points
#
# Write 1 for a switch that is up and 0 for one that is down.
# The rule of the light is then known as **XOR**, *exclusive or*: one or the other, but not both.
#
# | $x_1$ | $x_2$ | XOR |
# |---|---|---|
# | 0 | 0 | 0 |
# | 0 | 1 | 1 |
# | 1 | 0 | 1 |
# | 1 | 1 | 0 |
#
# To a neuron, the four cases are the corners of a square, and the neuron is a line with two sides.
#
# **Predict:** how many of the four corners can the best line get right?
# The next cell tries ten thousand random lines.

# %%
xor = data.gate("XOR")
lamp = ("light off", "light on")

rng = np.random.default_rng(2)
W, b = rng.normal(size=(10_000, 2)), rng.normal(size=10_000)  # a line in each row
right = np.sum(step(xor.X @ W.T + b) == xor.y[:, None], axis=0)

with plots.figure("Left: the four corners of a square, with equal labels on each diagonal, and three "
                  "lines; each has one corner on the wrong side. Right: how many of ten thousand "
                  "random lines get one, two, or three corners right; none gets all four.",
                  columns=2) as (square, bars):
    plots.points(xor.X, xor.y, names=xor.features, labels=lamp, ax=square)
    for line in ((1, 1, -0.5), (1, 1, -1.5), (1, -1, -0.5)):
        plots.line(line[:2], line[2], ax=square)
    square.set(title="Each line has a corner on the wrong side", xlim=(-0.4, 1.4),
               ylim=(-0.4, 1.4))
    bars.bar(range(5), np.bincount(right, minlength=5), color=plots.LINE, width=0.6)
    bars.set(title=f"The best of {len(b):,} lines gets {right.max()} corners right",
             xlabel="corners classified correctly", ylabel="lines")

# %% [markdown]
# Three corners are the best any of them can do.
# But ten thousand failures are a hint, not a proof: perhaps the next line would work.

# %% [markdown]
# ## A proof in two lines
#
# Suppose some $w_1$, $w_2$, and $b$ were right at all four corners.
# Then
#
# $$ \begin{aligned} (0,0) \text{ is } 0: &\quad b < 0 & \qquad (0,1) \text{ is } 1: &\quad w_2 + b \ge 0 \\ (1,1) \text{ is } 0: &\quad w_1 + w_2 + b < 0 & \qquad (1,0) \text{ is } 1: &\quad w_1 + b \ge 0. \end{aligned} $$
#
# 1. Add the two on the left: $w_1 + w_2 + 2b < 0$.
# 2. Add the two on the right: $w_1 + w_2 + 2b \ge 0$.
#
# No number satisfies both.
# So no such weights exist, no matter how long you look.
#
# **The same proof as a picture.** The two diagonals of the square cross in the middle.
# If both ends of a diagonal are on the same side of a line, then so is the whole diagonal.
# The middle would therefore have to be on both sides at once.
# Keep the crossing diagonals in mind; they will be back.

# %% [markdown]
# ## How the perceptron handles XOR
#
# Lesson 1 ended with a machine that never stopped correcting itself.
# Here is that machine on XOR, with the four corners in order and a learning rate of 1.
#
# **Predict:** will the number of mistakes go down from epoch to epoch, at least for a while?

# %%
w, b = np.zeros(2), 0.0
for epoch in range(1, 7):
    mistakes = 0
    for x, label in zip(xor.X, xor.y):
        error = label - step(w @ x + b)
        w, b = w + error * x, b + error
        mistakes += int(error != 0)
    print(f"after epoch {epoch}: w = {w}, b = {b:+.0f}, mistakes made: {mistakes}")

# %% [markdown]
# It goes up: three mistakes in each of the first two epochs, then four in every epoch.
# From the third epoch on the machine is stuck, and each epoch ends where it began.
# It gets every corner wrong in turn, and the four corrections cancel.
# Here is one such epoch, with the side that fires shaded.
# A corner that lies exactly on a line has a score of 0, so it counts as firing: `step(0)` is 1.

# %%
with plots.figure("Four squares, one after each correction, with the side that fires shaded: the "
                  "line jumps so that the corner just seen is right, but each time two or three "
                  "other corners are wrong. Two of the lines lie outside the square. The last "
                  "weights equal the first.",
                  columns=2, rows=2, size=(8.6, 7.6)) as panels:
    w, b = np.array([-1.0, 0.0]), 0.0
    for ax, x, label in zip(panels, xor.X, xor.y):
        error = label - step(w @ x + b)
        w, b = w + error * x, b + error
        wrong = step(xor.X @ w + b) != xor.y
        plots.points(xor.X, xor.y, names=xor.features, labels=lamp, mistakes=wrong, ax=ax)
        plots.line(w, b, ax=ax)
        shade(w, b, ax)
        state = f"w = ({w[0]:.0f}, {w[1]:.0f}), b = {b:.0f}".replace("-", "−")
        ax.set(title=f"({x[0]:.0f}, {x[1]:.0f}) is fixed: {state}", xlim=(-1.3, 1.5),
               ylim=(-1.3, 1.5))

# %% [markdown]
# After the fourth correction, $w$ and $b$ are what they were before the first.
# The rule looks at $w$, at $b$, and at the examples, and at nothing else.
# So if $(w, b)$ is the same at the end of two epochs, whatever happened in between will happen again and again, forever.
# If there was a mistake in between, there will be infinitely many.
# But lesson 1 promised that if a line exists, there are at most $(R/\gamma)^2$ mistakes.
#
# > If some $(w, b)$ comes back after a mistake, that **proves** that no line exists.
#
# If no line exists, does some $(w, b)$ have to come back?
# If the features are whole numbers, yes.
# Even without a line, the weights stay bounded (this is the *perceptron cycling theorem*, proved by Block and Levin in 1970), and there are only so many whole numbers within the bounds.
#
# ## Exercise 1: catch the perceptron going in circles
#
# Take the perceptron's training loop, and make it remember every state it has been in.
# Let $s_0$ be the starting state, $w = 0$ and $b = 0$, and let $s_t$ be $(w, b)$ at the end of epoch $t$.
# For XOR, as printed above, $s_3$ is the first state that has occurred before, and it equals $s_2$.
# So the cycle starts at 2 and has a period of 1.

# %% exercise: perceptron_cycle
def perceptron_cycle(X, y, lr=1.0, max_epochs=1000):
    """Find where the perceptron begins to go in circles, and how many epochs one cycle takes.

    X: (n, d) examples, and y: (n,) labels 0 or 1, both array-like.  lr: the learning rate.
    Trains as in lesson 1: from zero weights and a zero bias, with an update after each example,
    in the given order. State 0 is the zero start, and state t is (w, b) after epoch t.

    Returns two ints (start, period). If state t, with t <= max_epochs, is the first that equals
    an earlier state k, then start is k and period is t - k.
    Returns None if an epoch passes without a mistake, or if no state has come back by max_epochs.
    """
    ### BEGIN SOLUTION
    X = np.asarray(X, dtype=float)
    w, b = np.zeros(X.shape[1]), 0.0
    seen = {(*w, b): 0}
    for epoch in range(1, max_epochs + 1):
        mistakes = 0
        for x, label in zip(X, y):
            error = label - step(w @ x + b)
            w, b = w + lr * error * x, float(b + lr * error)
            mistakes += error != 0
        if mistakes == 0:
            return None
        state = (*w, b)
        if state in seen:
            return seen[state], epoch - seen[state]
        seen[state] = epoch
    return None
    ### END SOLUTION

# %% tests: perceptron_cycle, 4 points
import numpy as np

with check("finds the cycle of XOR, if it may look at three epochs"):
    X, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
    check.equal(check.call(perceptron_cycle, X, y, 1.0, 3), (2, 1))
    check.equal(check.call(perceptron_cycle, X, y, 1.0, 2), None)
with check("finds a longer cycle, in lists of whole numbers"):
    check.equal(check.call(perceptron_cycle, [[-2], [0], [1]], [0, 1, 0], 1, 100), (2, 3))
with check("is None when training converges, as it does for AND"):
    X, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 0, 0, 1])
    check.equal(check.call(perceptron_cycle, X, y, 1.0, 1000), None)
### BEGIN HIDDEN TESTS
@check.once
def _cycle(X, y, max_epochs=60):
    """The same in another way: whole numbers only, with a learning rate of 1."""
    rows = [(*(int(value) for value in x), 1) for x in X]
    state, seen = (0,) * len(rows[0]), {}
    for epoch in range(max_epochs + 1):
        if state in seen:
            return seen[state], epoch - seen[state]
        seen[state], mistakes = epoch, 0
        for row, label in zip(rows, y):
            fires = sum(s * v for s, v in zip(state, row)) >= 0
            if fires != bool(label):
                state = tuple(s + (-v if fires else v) for s, v in zip(state, row))
                mistakes += 1
        if not mistakes:
            return None
    return None


@check.once
def _examples(seed, n, d, wanted, count=4):
    """Random whole numbers on which the perceptron goes in circles, in the wanted way.

    The seeds are chosen so that such examples are found quickly.
    """
    rng, found = np.random.default_rng(seed), []
    while len(found) < count:
        X, y = rng.integers(-3, 4, size=(n, d)).astype(float), rng.integers(2, size=n)
        start_and_period = _cycle(X, y)
        if start_and_period and wanted(*start_and_period):
            found.append((X, y))
    return found


def _compare(examples, lr=1.0):
    for (X, y, *_), got in check.each(perceptron_cycle, [(X, y, lr, 60) for X, y in examples]):
        check.equal(got, _cycle(X, y))


with check("finds cycles of several epochs, wherever they begin"):
    for seed, n, d in ((55, 6, 2), (9, 7, 3)):
        _compare(_examples(seed, n, d, lambda start, period: start > 1 and period > 1))
with check("is right when there are as many examples as features"):
    wider = np.array([[1.0, 0.0, 2.0, -1.0], [0.0, 1.0, 1.0, 1.0]])
    _compare([(X @ wider, y) for X, y in _examples(
        27, 4, 2, lambda start, period: start + period > 3)])
with check("recognizes the zero start when training comes back to it"):
    _compare(_examples(1, 5, 2, lambda start, period: start == 0))
    check.equal(check.call(perceptron_cycle, np.array([[3.0], [3.0]]), np.array([0, 1]), 1.0, 9),
                (0, 1))
with check("doesn't mistake an equal number of mistakes for an equal state"):
    rng = np.random.default_rng(13)
    for d in (2, 2, 3, 5):
        X = rng.integers(-5, 6, size=(15, d)).astype(float)
        y = (X @ np.arange(2, d + 2) >= 0.5).astype(int)
        check.equal(check.call(perceptron_cycle, X, y, 1.0, 1000), None)
with check("doesn't mistake the same w with another b for the same state"):
    check.equal(check.call(perceptron_cycle, np.array([[0.0, 0.0]]), np.array([0]), 1.0, 9), None)
    check.equal(check.call(perceptron_cycle, np.zeros((3, 2)), np.array([0, 0, 1]), 1.0, 9),
                _cycle(np.zeros((3, 2)), [0, 0, 1]))
with check("looks at max_epochs epochs, no more and no fewer"):
    for X, y in _examples(62, 6, 3, lambda start, period: start > 0 and period > 1):
        start, period = _cycle(X, y)
        check.equal(check.call(perceptron_cycle, X, y, 1.0, start + period), (start, period))
        check.equal(check.call(perceptron_cycle, X, y, 1.0, start + period - 1), None)
    check.equal(check.call(perceptron_cycle, X, y, 1.0, 0), None)
with check("finds the same cycle with other learning rates"):
    for lr in (0.25, 4.0):
        _compare(_examples(45, 5, 3, lambda start, period: period > 1), lr)
with check("works without lr and max_epochs, and then looks at hundreds of epochs"):
    X, y = np.array([[9.0], [10.0], [12.0]]), np.array([0, 1, 0])
    check.equal(check.call(perceptron_cycle, X, y), _cycle(X, y, 1000))
with check("doesn't mistake two states that are close to each other for the same"):
    X, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
    check.equal(check.call(perceptron_cycle, X, y, 2.0**-30, 60), (2, 1))
with check("works on lists, whole numbers, and labels 0.0 and 1.0, in any memory order"):
    X, y = [[2, 1], [-1, 3], [2, 1], [0, -2]], [0.0, 1.0, 1.0, 0.0]
    check.equal(check.call(perceptron_cycle, X, y, 1, 60), _cycle(X, y))
    for X, y in _examples(16, 5, 2, lambda start, period: period > 1):
        wide = np.zeros((10, 6), order="F")
        wide[::2, ::3] = X
        check.equal(check.call(perceptron_cycle, wide[::2, ::3], np.repeat(y, 2)[::2], 1.0, 60),
                    _cycle(X, y))
with check("leaves its input unchanged"):
    X, y = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0, 1, 1, 0])
    check.unchanged(perceptron_cycle, X, y, 1.0, 20)
    check.unchanged(perceptron_cycle, X, y.astype(float), 1.0, 20)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Start from the training loop in the cell above, turn `X` and `y` into float arrays, and put `lr` where it belongs. What do you have to remember from each epoch, and what do you have to ask at the end of it?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# Arrays are hard to look up: `==` returns an array, and `in` gets confused. A tuple of numbers such as `(*w, b)` can be compared as a whole. It can also be a key in a dictionary that remembers in which epoch each state first occurred.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Begin with a dictionary that holds the zero start, and count epochs from 1. After the loop over the examples, return `None` if there was no mistake. Otherwise build the state. If it is in the dictionary, return the epoch stored there, and the number of epochs that have passed since then; if not, store it with the current epoch. If the last epoch ends and no state has come back, return `None` as well.
# </details>

# %% [markdown]
# **Predict:** the four corners can come in 24 different orders.
# In how many of them does the perceptron go in circles on XOR?
# And what will it do with the two species of iris from the end of lesson 1, if you round their sepal measurements to the nearest half centimeter?

# %%
from collections import Counter
from itertools import permutations

with unfinished():
    rounds = Counter(perceptron_cycle(xor.X[list(order)], xor.y[list(order)])
                     for order in permutations(range(4)))
    for found, orders in rounds.items():
        print(f"XOR in {orders:2d} of the 24 orders: (start, period) = {found}")

    sepals = data.iris().take("sepal length (cm)", "sepal width (cm)")
    irises = sepals.only("versicolor", "virginica")
    found = perceptron_cycle(np.round(2 * irises.X), irises.y)
    print(f"versicolor against virginica, by their sepals: (start, period) = {found}")

# %% [markdown]
# In all 24 orders it goes in circles; only the start differs (0, 1, or 2), and the period is always 1.
# The irises take longer: the cycle starts after 86 epochs and has a period of 4.
# So with these coarse measurements, your function has just proved that no line separates the two species.
# All it took was one state that came back.

# %% [markdown]
# ## What one neuron can do: gates
#
# If one neuron can't do XOR, what *can* it do with two switches?
# Computers are built from a few simple parts called *gates*, and in 1943 Warren McCulloch and Walter Pitts pointed out that a neuron with a threshold can act as one.
#
# | $x_1$ | $x_2$ | AND | OR | NAND |
# |---|---|---|---|---|
# | 0 | 0 | 0 | 0 | 1 |
# | 0 | 1 | 0 | 1 | 1 |
# | 1 | 0 | 0 | 1 | 1 |
# | 1 | 1 | 1 | 1 | 0 |
#
# NAND is "not AND": it always gives the opposite answer.
#
# **By hand, once: NOR**, the opposite of OR. It is 1 only at $(0,0)$, so the line has to pass between $(0,0)$ and the other three corners.
# The line $x_1 + x_2 = 0.5$ does.
# We want the side with the *small* sums to fire, so the weights are negative: $w = (-1, -1)$, $b = 0.5$.
# The scores at the four corners are $0.5,\ -0.5,\ -0.5,\ -1.5$, and only the first one is at least 0.
#
# **Room for noise.** A real wire carries 0.97 or 0.04, and hardly ever exactly 1 or 0.
# So let's ask for a little more: each input may be off by up to 0.1, independently of the other, and the gate must still be right.
# In the plane, this means that a small square around each corner must lie entirely on the correct side.
# Our NOR passes: such noise changes its score by at most $0.1\,(|w_1| + |w_2|) = 0.2$, and no score is closer to 0 than 0.5.
#
# ## Exercise 2: three gates
#
# There are many right answers.
# Choose weights that you can check in your head.

# %% exercise: gate
def gate(name):
    """Return the weights and the bias of a neuron that acts as a logic gate with two inputs.

    name: "AND", "OR", or "NAND", spelled exactly like this; anything else raises a ValueError.
    Returns (w, b): a float64 array of shape (2,) and a float. The neuron is step(w·x + b). It is
    right at the four corners, even if each input is off by up to 0.1, independently of the other.

    For NOR, which you don't have to handle, (np.array([-1.0, -1.0]), 0.5) would be one answer.
    """
    ### BEGIN SOLUTION
    gates = {"AND": ((1.0, 1.0), -1.5), "OR": ((1.0, 1.0), -0.5), "NAND": ((-1.0, -1.0), 1.5)}
    if name not in gates:
        raise ValueError(f"unknown gate {name!r}")
    w, b = gates[name]
    return np.array(w), b
    ### END SOLUTION

# %% tests: gate, 2 points
import itertools

import numpy as np

CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))


def _judge(name, truth, noise):
    w, b = check.parts(check.call(gate, name), "w", "b")
    w, b = np.ravel(np.asarray(w, dtype=float)), np.ravel(np.asarray(b, dtype=float))
    check.true(w.size == 2 and b.size == 1, "a gate has two weights and one bias; expected w of "
               f"shape (2,) and one number b, got {w.size} and {b.size} numbers.")
    for corner, label in zip(CORNERS, truth):
        for signs in itertools.product((-1, 1), repeat=2):
            x = np.array(corner) + noise * np.array(signs)
            z = float(w @ x + b[0])
            rounding = 1e-9 * float(np.abs(w).sum() + abs(b[0]))
            check.true(z >= -rounding if label else z < 0,
                       f"for the inputs ({x[0]:g}, {x[1]:g}) the score w·x + b is {z:.3g}, so the "
                       f"neuron says {int(z >= 0)}; {name} is {label} there.")


TABLES = (("AND", (0, 0, 0, 1)), ("OR", (0, 1, 1, 1)), ("NAND", (1, 1, 1, 0)))
with check("all three gates are right at the four corners"):
    for name, truth in TABLES:
        _judge(name, truth, 0.0)
with check("all three gates stay right when the inputs are off by 0.1"):
    for name, truth in TABLES:
        _judge(name, truth, 0.1)
with check("refuses any other name with a ValueError, including lowercase ones"):
    check.raises(ValueError, gate, "XOR")
    check.raises(ValueError, gate, "and")
with check("returns w as float64 of shape (2,) and b as a float"):
    w, b = check.parts(check.call(gate, "AND"), "w", "b")
    check.floats(w, (2,))
    check.floats(b, ())
### BEGIN HIDDEN TESTS
with check("AND is right at the four corners, even when the inputs are off by 0.1"):
    _judge("AND", (0, 0, 0, 1), 0.1)
with check("OR is right at the four corners"):
    _judge("OR", (0, 1, 1, 1), 0.0)
with check("OR stays right when the inputs are off by 0.1"):
    _judge("OR", (0, 1, 1, 1), 0.1)
with check("NAND is right at the four corners"):
    _judge("NAND", (1, 1, 1, 0), 0.0)
with check("NAND stays right when the inputs are off by 0.1"):
    _judge("NAND", (1, 1, 1, 0), 0.1)
with check("refuses other names with a ValueError"):
    for name in ("NOR", "", "ANDOR"):
        check.raises(ValueError, gate, name)
with check("takes names only as they are spelled"):
    for name in ("Or", "nand", "AND "):
        try:
            check.call(gate, name)
        except (ValueError, LookupError):  # which of them it should be is the check above
            continue
        check.true(False, f"{name!r} is not the name of a gate, but it was not refused.")
with check("returns floats for OR and NAND, too"):
    for name in ("OR", "NAND"):
        w, b = check.parts(check.call(gate, name), "w", "b")
        check.floats(w, (2,))
        check.floats(b, ())
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Draw the square, mark the corners where the gate is 1, and draw a line that leaves some room on both sides. For AND, one corner is on its own. Which one?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# With $w = (1, 1)$ the sums $x_1 + x_2$ are 0, 1, 1, and 2. AND has to tell 2 from 1, and OR has to tell 1 from 0. Where would you put each threshold, and what is $b$ then? To reverse all of a gate's answers, compare the NOR above with your OR.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# OR is NOR with all three signs flipped. AND has the same weights as OR, but needs its threshold halfway between the sums 1 and 2. NAND is AND with all three signs flipped. Put the three pairs in a dictionary or use `if` statements, and end with `raise ValueError(…)` for any other name.
# </details>

# %%
with plots.figure("Three squares, for AND, OR, and NAND: your line with the side that fires shaded, "
                  "and the four corners, each with a small box of noise around it.",
                  columns=3) as panels:
    outline = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]])
    for ax, name in zip(panels, ("AND", "OR", "NAND")):
        w, b = gate(name)
        table = data.gate(name)
        wrong = step(table.X @ w + b) != table.y
        plots.points(table.X, table.y, names=table.features, labels=("0", "1"), mistakes=wrong,
                     ax=ax)
        for corner in table.X:
            ax.plot(*(corner + 0.1 * outline).T, color=plots.SERIES_COLORS[-1], linewidth=1)
        plots.line(w, b, ax=ax)
        shade(w, b, ax)
        ax.set(title=f"{name}: {4 - wrong.sum()} of 4 corners right", xlim=(-0.4, 1.4),
               ylim=(-0.4, 1.4))

# %% [markdown]
# ## Two neurons, and one more
#
# Say in words when the light is on: *at least one* switch is up, *but not both*.
# "At least one" is OR, "not both" is NAND, and the "but" is AND.
#
# | $x_1$ | $x_2$ | $h_1$: OR | $h_2$: NAND | $\hat y$: AND of $h_1$ and $h_2$ |
# |---|---|---|---|---|
# | 0 | 0 | 0 | 1 | 0 |
# | 0 | 1 | 1 | 1 | 1 |
# | 1 | 0 | 1 | 1 | 1 |
# | 1 | 1 | 1 | 0 | 0 |
#
# The last column is XOR, and each step along the way is something a single neuron can do.

# %%
with plots.figure("Two inputs x1 and x2 feed two hidden units h1 and h2, which feed one "
                  "output unit y.", size=(5.6, 2.9)) as ax:
    plots.network([2, 2, 1], labels=[["x₁", "x₂"], ["h₁", "h₂"], ["ŷ"]],
                  title="h₁ is OR, h₂ is NAND, and ŷ is the AND of both", ax=ax)

# %% [markdown]
# The two units in the middle are called **hidden units**, because nobody outside sees their outputs.
# Together they form a **hidden layer**.
# A network with one or more hidden layers is called a **multi-layer perceptron**, or MLP for short.
# Its computation flows in one direction only, from the inputs to the output, which gives it its other name: **feed-forward network**.
#
# ### A layer is a matrix
#
# One unit has a weight vector $w$ and a bias $b$.
# Two units have two of each, so we stack the weight vectors: each *row* of $W$ is one unit.
#
# $$ W = \begin{pmatrix} w_{11} & w_{12} \\ w_{21} & w_{22} \end{pmatrix} \; \begin{matrix} \leftarrow \text{unit 1} \\ \leftarrow \text{unit 2} \end{matrix} \qquad\quad b = (b_1, b_2) $$
#
# For one example, $z = W x + b$ contains both scores.
# For a batch, with one example in each row of `X`, it becomes
#
# $$ Z = X W^\top + b \qquad\text{with shapes}\qquad (n, \text{out}) = (n, \text{in})\,(\text{in}, \text{out}) + (\text{out},), $$
#
# and NumPy adds `b` to every row.
# Column $j$ of $Z$ contains the scores of unit $j$ for all the examples.
# Watch out for square matrices: when $W$ is 2 by 2, forgetting the `.T` raises no error, but the numbers are wrong.

# %%
W = np.array([[-1.0, -1.0], [1.0, 0.0], [0.0, 1.0]])  # three units: NOR, "x1 is on", "x2 is on"
b = np.array([0.5, -0.5, -0.5])
H = step(xor.X @ W.T + b)
print(f"X has shape {xor.X.shape}, W {W.shape}, b {b.shape}, H {H.shape}")
print(H)

# %% [markdown]
# Each row of `H` is a corner, and each column is a unit.
# The first unit fires only for $(0,0)$.
#
# ## Exercise 3: three neurons that make XOR
#
# Write down the weights.
# OR and NAND are one way to do it, but not the only one.
# The inputs of the output unit are the *outputs* of the two hidden units.

# %% exercise: xor_network
def xor_network():
    """Return the weights of a network that computes XOR with two hidden units and one output unit.

    Returns four float64 arrays (W1, b1, W2, b2):
    W1 (2, 2), with one hidden unit per row, and b1 (2,);  W2 (1, 2) and b2 (1,) for the output.
    With H = step(X @ W1.T + b1), the output step(H @ W2.T + b2) is XOR at the four corners.
    """
    ### BEGIN SOLUTION
    W1 = np.array([[1.0, 1.0], [-1.0, -1.0]])  # OR, NAND
    b1 = np.array([-0.5, 1.5])
    W2 = np.array([[1.0, 1.0]])  # AND
    b2 = np.array([-1.5])
    return W1, b1, W2, b2
    ### END SOLUTION

# %% tests: xor_network, 3 points
import numpy as np

NAMES = ("W1", "b1", "W2", "b2")
SHAPES = ((2, 2), (2,), (1, 2), (1,))


def _layers():
    """The answer's numbers in the right shapes, where there are as many as there should be."""
    got = [np.asarray(part, dtype=float)
           for part in check.parts(check.call(xor_network), *NAMES)]
    for name, part, shape in zip(NAMES, got, SHAPES):
        check.true(part.size == np.prod(shape), f"expected {name} of shape {shape}, "
                   f"got shape {part.shape}.")
    return [part.reshape(shape) for part, shape in zip(got, SHAPES)]


def _output(corners):
    W1, b1, W2, b2 = _layers()
    hidden = np.where(np.array(corners) @ W1.T + b1 >= 0, 1.0, 0.0)
    return np.where(hidden @ W2.T + b2 >= 0, 1.0, 0.0)[:, 0]


with check("returns float64 arrays of the shapes (2, 2), (2,), (1, 2) and (1,)"):
    for part, shape in zip(check.parts(check.call(xor_network), *NAMES), SHAPES):
        check.floats(part, shape)
with check("the light is on when exactly one switch is up"):
    check.close(_output([(0, 1), (1, 0)]), [1, 1])
with check("the light is off when both are down and when both are up"):
    check.close(_output([(0, 0), (1, 1)]), [0, 0])
### BEGIN HIDDEN TESTS
with check("is XOR at all four corners together", weight=2):
    check.close(_output([(0, 0), (0, 1), (1, 0), (1, 1)]), [0, 1, 1, 0])
with check("its two hidden units are two different lines"):
    W1, b1, _, _ = _layers()
    check.true(not (np.array_equal(W1[0], W1[1]) and b1[0] == b1[1]),
               "both hidden units have the same weights and the same bias: that is one unit twice.")
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# You have all three gates from exercise 2. Which two go into the hidden layer, and which one goes after it?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# The first row of `W1` holds OR's weights and the second row NAND's; `b1` holds their biases in the same order. The output layer has one unit, so `W2` has one row. Mind the double brackets.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# The weights and the biases are the ones your `gate` returns for OR, NAND, and AND. `W1` is a list of two lists, one per hidden unit, turned into an array. As a layer of one unit, AND has the weights `np.array([[…, …]])` and the bias `np.array([…])`.
# </details>

# %% [markdown]
# ## What the output unit sees
#
# How can two lines in the plane pick out the region between them?
# Take the point of view of the output unit.
# It has never seen a switch.
# Its world is the **hidden space**, whose coordinates are the outputs of the two hidden units.
#
# **Predict:** where in this world are the four corners?

# %%
with plots.figure("Left: the plane with your two hidden lines and the region where your network "
                  "outputs 1. Right: the four corners in hidden space, two of them on the same "
                  "point, and the line of the output unit, which separates the labels.",
                  columns=2) as (plane, inside):
    W1, b1, W2, b2 = xor_network()
    plots.decision_boundary(lambda grid: step(step(grid @ W1.T + b1) @ W2.T + b2), xor.X, xor.y,
                            title="In the plane: your network's answer",
                            xlabel="x1", ylabel="x2", labels=lamp, ax=plane)
    plots.hidden_space(step(xor.X @ W1.T + b1), xor.y, w=W2[0], b=b2[0], labels=lamp,
                       title="In hidden space: one line is enough", ax=inside)
    inside.set(xlim=(-0.4, 1.4), ylim=(-0.4, 1.4))

# %% [markdown]
# Two of the four corners have landed on the same point.
# With OR and NAND, $(0,1)$ and $(1,0)$ meet at $(1,1)$; with other weights another pair may meet, but always two corners with the same label.
# The hidden layer has *folded* the plane, and in the folded plane one line is enough.
#
# > A hidden layer doesn't draw the answer.
# > It moves the examples to where a line can.
#
# Hidden layers do this in every network of the course, with more units and softer folds.

# %% [markdown]
# ## Exercise 4: any two layers
#
# Now for networks of any size.
# The function that each hidden unit applies to its score is called the **activation function**.
# So far it has been `step`; from now on it is an argument.
# The output layer stays *linear*: it has no activation and returns its scores as they are.
# If you want labels, apply `step` to the result.
# (Lesson 3 will replace that `step` with something better.)

# %% exercise: two_layer_forward
def two_layer_forward(X, W1, b1, W2, b2, act):
    """Return the scores of a network with one hidden layer, for a batch.

    X: (n, d) examples.
    W1: (h, d), b1: (h,)  the hidden layer, whose units apply act to their scores.
    W2: (out, h), b2: (out,)  the output layer, which is linear.
    act: a function that takes an array and returns a new one, entry by entry.
    X and the four parameters may be anything array-like.
    Returns float64 of shape (n, out).
    """
    ### BEGIN SOLUTION
    X, W1, b1, W2, b2 = (np.asarray(part, dtype=float) for part in (X, W1, b1, W2, b2))
    hidden = act(X @ W1.T + b1)
    return hidden @ W2.T + b2
    ### END SOLUTION

# %% tests: two_layer_forward, 3 points
import numpy as np

with check("takes one example through both layers"):
    X, W1, b1 = np.array([[1.0, 2.0]]), np.array([[1.0, 1.0], [2.0, -3.0]]), np.array([0.5, 1.0])
    W2, b2 = np.array([[2.0, -1.0]]), np.array([-10.0])
    check.close(check.call(two_layer_forward, X, W1, b1, W2, b2, np.abs), [[-6.0]])
with check("takes lists of whole numbers"):
    X, W1, W2 = [[1, 2], [0, -1]], [[1, 1], [2, -3]], [[2, -1]]
    check.close(check.call(two_layer_forward, X, W1, [0, 1], W2, [-10], np.abs), [[-7.0], [-12.0]])
with check("returns a row for each example and a column for each output"):
    rng = np.random.default_rng(41)
    X, W1, W2 = rng.normal(size=(7, 5)), rng.normal(size=(3, 5)), rng.normal(size=(4, 3))
    got = check.call(two_layer_forward, X, W1, np.zeros(3), W2, np.zeros(4), np.tanh)
    check.floats(got, (7, 4))
### BEGIN HIDDEN TESTS
def _bent(z):
    """Falls steeply, rises slowly, and is not 0 at 0: it matters where it is applied."""
    return np.where(np.asarray(z) > 0, 0.5 * np.asarray(z) + 1.0, -2.0 * np.asarray(z) + 0.25)


def _loop(X, W1, b1, W2, b2, act):
    rows = []
    for x in X:
        hidden = [float(act(float(sum(w * x) + b))) for w, b in zip(W1, b1)]
        rows.append([sum(v * h for v, h in zip(row, hidden)) + b for row, b in zip(W2, b2)])
    return np.array(rows, dtype=float)


with check("applies act to the hidden layer, but not to the input or the output"):
    rng = np.random.default_rng(42)
    X, W1, W2 = rng.normal(size=(7, 5)), rng.normal(size=(3, 5)), rng.normal(size=(4, 3))
    for act in (_bent, np.tanh):
        check.close(check.call(two_layer_forward, X, W1, np.zeros(3), W2, np.zeros(4), act),
                    _loop(X, W1, np.zeros(3), W2, np.zeros(4), act))
with check("has its units in rows, even when all sizes are equal"):
    rng = np.random.default_rng(43)
    X, W1, W2 = rng.normal(size=(4, 4)), rng.normal(size=(4, 4)), rng.normal(size=(4, 4))
    check.close(check.call(two_layer_forward, X, W1, np.zeros(4), W2, np.zeros(4), np.copy),
                _loop(X, W1, np.zeros(4), W2, np.zeros(4), np.copy))
with check("adds each layer's own bias"):
    rng = np.random.default_rng(44)
    X, W, b1, b2 = rng.normal(size=(5, 3)), np.eye(3), rng.normal(size=3), rng.normal(size=3)
    check.close(check.call(two_layer_forward, X, W, b1, W, b2, np.copy), X + b1 + b2)
    check.close(check.call(two_layer_forward, X, W, b1, 2 * W, b2, np.copy), 2 * (X + b1) + b2)
with check("adds b1 before act"):
    rng = np.random.default_rng(45)
    X, W, b1 = rng.normal(size=(6, 3)), np.eye(3), 2 * rng.normal(size=3)
    check.close(check.call(two_layer_forward, X, W, b1, W, np.zeros(3), _bent), _bent(X + b1))
with check("agrees with a loop, whatever the sizes"):
    rng = np.random.default_rng(46)
    for n, d, h, out in ((7, 5, 3, 4), (4, 4, 4, 4), (1, 3, 6, 2), (5, 1, 2, 1), (3, 2, 1, 5)):
        layers = (rng.normal(size=(h, d)), rng.normal(size=h), rng.normal(size=(out, h)),
                  rng.normal(size=out))
        X = rng.normal(size=(n, d))
        for act in (_bent, np.sin):
            check.close(check.call(two_layer_forward, X, *layers, act), _loop(X, *layers, act))
with check("works on lists of whole numbers, and returns float64"):
    X, W1, W2 = [[1, 2], [3, -4]], [[1, 0], [2, 1], [0, 3]], [[1, -2, 3]]
    got = check.call(two_layer_forward, X, W1, [0, 0, 0], W2, [0], np.copy)
    check.floats(got, (2, 1))
    check.close(got, [[11.0], [-37.0]])
    check.close(check.call(two_layer_forward, X, W1, [0, 1, 0], W2, [0], np.tanh),
                _loop(np.array(X), np.array(W1), [0, 1, 0], W2, [0], np.tanh))
with check("accepts any memory order, and leaves its input unchanged"):
    rng = np.random.default_rng(47)
    X = np.asfortranarray(rng.normal(size=(8, 6)))[::2, ::3]
    layers = (rng.normal(size=(2, 3)).T, rng.normal(size=6)[::2], rng.normal(size=(2, 6))[:, ::2],
              rng.normal(size=2))
    check.close(check.call(two_layer_forward, X, *layers, np.copy), _loop(X, *layers, np.copy))
    check.unchanged(two_layer_forward, X, *layers, np.tanh)
    check.unchanged(two_layer_forward, *(part.copy() for part in (X, *layers)), np.tanh)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# A layer computes its scores in one line of code. You need that line twice, with `act` in between. Write down the shape of every piece.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `X @ W1.T + b1` gives the scores of the hidden layer, with shape `(n, h)`. Apply `act` to them, and you have the input of the second layer: it takes the place of `X`.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Convert all five to float arrays. Compute the hidden scores and apply `act` to them. Then send the result through the second layer in the same way, with `W2.T` and `b2`, and without `act`.
# </details>

# %%
with unfinished():
    scores = two_layer_forward(xor.X, *xor_network(), step)
    for corner, score, label in zip(xor.X, scores, xor.y):
        print(f"{corner}  score {score[0]:+.2f}  says {step(score[0]):.0f}  XOR {label}")

# %% [markdown]
# ### Play: fold the square
#
# On the left you see the square of the switches with two hidden lines; on the right, hidden space with the line of the output unit.
# Drag the lines or use the sliders: *your* `two_layer_forward` puts every point on the right in its place.
#
# *Try to answer:* which pairs of hidden lines make XOR possible for the output unit?
# Which pairs work without an activation?
#
# Three things to try:
#
# 1. OR and NAND: line 1 at 45° with offset −0.35, line 2 at −135° with offset −0.35. Watch $(0,1)$ and $(1,0)$ meet.
# 2. Another pair, which folds the square differently: line 1 at −45° with offset 0.35, line 2 at 135° with offset 0.35. Which gate does the output unit have to be now?
# 3. Set the activation to *none*. Rotate whatever you like, and watch the two colored diagonals on the right.

# %%
fold = XorFold(two_layer_forward)
fold

# %%
from itertools import combinations, product

# What one unit can do, as a table of its answers at the four corners: all but XOR and its opposite.
units = [table for table in product((0, 1), repeat=4) if table not in ((0, 1, 1, 0), (1, 0, 0, 1))]
pairs = list(combinations(units, 2))
work = [(h1, h2) for h1, h2 in pairs
        if any(all(output[2 * p + q] == label for p, q, label in zip(h1, h2, xor.y))
               for output in units)]
print(f"{len(units)} different units make {len(pairs)} pairs; XOR is possible with {len(work)} of them")

# %% [markdown]
# With `step`, a unit can answer in 14 different ways at the four corners, and 8 of the 91 pairs of such units make XOR possible.
# In each of the eight, two corners with the same label meet, and the crossed diagonals come apart.
# In the second experiment, line 1 fires only for $(1,0)$ and line 2 only for $(0,1)$, so $(0,0)$ and $(1,1)$ meet at $(0,0)$, and the output unit has to be OR: set the output line to 45° with offset −0.35.
# With *none*, no pair works.
# The square always becomes a parallelogram: stretched, rotated, or squashed flat, but with diagonals that cross in the middle, just as in the proof above.

# %% [markdown]
# ## Without a bend, nothing is gained
#
# Start with plain numbers: a first layer $2x + 1$, followed by a second layer $3z + 4$.
# Together they compute
#
# $$ 3\,(2x + 1) + 4 = 6x + 7. $$
#
# That is *one* layer.
# The weights are multiplied, and the first bias passes through the second weight before the second bias is added: $3 \cdot 1 + 4 = 7$.
#
# The same happens with matrices, except that the order matters.
# For one example $x$,
#
# $$ W_2\,(W_1 x + b_1) + b_2 = \underbrace{W_2 W_1}_{W}\, x + \underbrace{W_2 b_1 + b_2}_{b}, $$
#
# and for a batch, with everything transposed,
#
# $$ (X W_1^\top + b_1)\,W_2^\top + b_2 = X\,(W_2 W_1)^\top + (W_2 b_1 + b_2), $$
#
# because $W_1^\top W_2^\top = (W_2 W_1)^\top$, and the row $b_1 W_2^\top$ contains the same numbers as $W_2 b_1$.
# However wide the hidden layer is, the two layers are one.
# If there are three, collapse the last two and then collapse again.
# A hundred layers without an activation are still just one.
#
# A map $x \mapsto Wx + b$ is called *affine*, or *linear* when $b = 0$.
# In practice, people say "linear layer" and mean the affine one.
#
# ## Exercise 5: collapse two layers into one

# %% exercise: collapse_affine
def collapse_affine(W1, b1, W2, b2):
    """Return the single layer that computes the same as two layers without an activation.

    W1: (h, d), b1: (h,)  the first layer.  W2: (out, h), b2: (out,)  the second.
    All four may be anything array-like.
    Returns (W, b), new float64 arrays of shapes (out, d) and (out,), so that
    X Wᵀ + b = (X W1ᵀ + b1) W2ᵀ + b2 for every batch X of shape (n, d).

    collapse_affine([[2.0]], [1.0], [[3.0]], [4.0]) gives (array([[6.]]), array([7.]))
    """
    ### BEGIN SOLUTION
    W1, b1, W2, b2 = (np.asarray(part, dtype=float) for part in (W1, b1, W2, b2))
    return W2 @ W1, W2 @ b1 + b2
    ### END SOLUTION

# %% tests: collapse_affine, 3 points
import numpy as np

NAMES = ("W", "b")


def _answer(layers):
    return check.parts(check.call(collapse_affine, *layers), *NAMES)


SMALL = np.array([[2.0]]), np.array([1.0]), np.array([[3.0]]), np.array([4.0])
LISTS = [[1, 2], [0, -1], [3, 1]], [1, -1, 2], [[2, 0, 1], [1, 1, 1]], [5, -5]
with check("the weight of 2x + 1 followed by 3z + 4 is 6, and matrices multiply in the right order"):
    check.close(_answer(SMALL)[0], [[6.0]])
    check.close(_answer(LISTS)[0], [[5.0, 5.0], [4.0, 2.0]])
with check("the bias of 2x + 1 followed by 3z + 4 is 7, and it works the same way with matrices, given as lists"):
    check.close(_answer(SMALL)[1], [7.0])
    check.close(_answer(LISTS)[1], [9.0, -3.0])
### BEGIN HIDDEN TESTS
def _collapse(W1, b1, W2, b2):
    """By probing: what comes out for 0 is b, and each unit vector adds a column of W."""
    def both(x):
        hidden = [sum(p * q for p, q in zip(row, x)) + b for row, b in zip(W1, b1)]
        return np.array([sum(p * q for p, q in zip(row, hidden)) + b for row, b in zip(W2, b2)])

    d = len(W1[0])
    b = both(np.zeros(d))
    return np.stack([both(unit) - b for unit in np.eye(d)], axis=1), b


def _random_layers(seed, d, h, out):
    rng = np.random.default_rng(seed)
    return (rng.normal(size=(h, d)), rng.normal(size=h), rng.normal(size=(out, h)),
            rng.normal(size=out))


with check("has the shapes of a layer from d inputs to out outputs"):
    W, b = _answer(_random_layers(51, 5, 3, 3))
    check.floats(W, (3, 5))
    check.floats(b, (3,))
with check("its weights are right when all sizes are equal"):
    layers = _random_layers(52, 4, 4, 4)
    check.close(_answer(layers)[0], _collapse(*layers)[0])
with check("its bias is right when all sizes are equal"):
    layers = _random_layers(53, 4, 4, 4)
    check.close(_answer(layers)[1], _collapse(*layers)[1])
with check("its weights are right when W1 is not square"):
    layers = _random_layers(54, 5, 3, 3)
    check.close(_answer(layers)[0], _collapse(*layers)[0])
with check("its bias is right when all sizes differ"):
    layers = _random_layers(55, 3, 5, 2)
    check.close(_answer(layers)[1], _collapse(*layers)[1])
with check("gives the same as both layers, on a batch, through one hidden unit or many"):
    rng = np.random.default_rng(56)
    for d, h, out in ((3, 1, 2), (2, 50, 1), (1, 4, 3), (4, 4, 4)):
        W1, b1, W2, b2 = _random_layers(57 + h, d, h, out)
        X = 10 * rng.normal(size=(6, d))
        W, b = _answer((W1, b1, W2, b2))
        check.close((X @ np.asarray(W).T + b,), ((X @ W1.T + b1) @ W2.T + b2,), names=("X Wᵀ + b for a batch X",))
with check("works on lists of whole numbers, and returns float64"):
    layers = [[1, 2], [0, -1], [3, 1]], [1, -1, 2], [[2, 0, 1], [1, 1, 1]], [5, -5]
    W, b = _answer(layers)
    check.floats(W, (2, 2))
    check.floats(b, (2,))
    check.close((W, b), _collapse(*layers), names=NAMES)
with check("accepts any memory order, and returns new arrays"):
    W1, b1, W2, b2 = _random_layers(58, 6, 3, 4)
    layers = W1[:, ::2], b1, np.asfortranarray(W2), b2[::-1]
    check.close(_answer(layers), _collapse(*layers), names=NAMES)
    check.unchanged(collapse_affine, *layers)
    check.unchanged(collapse_affine, *(part.copy() for part in layers))
    zeros = np.zeros((2, 3)), np.zeros(2), np.eye(2), np.array([1.0, 2.0])
    check.new(collapse_affine(*zeros), *zeros)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Read $W$ and $b$ off the formula for one example above. Then check the shapes: $W$ has to be (out, d).
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# Use `@` to multiply two matrices, or a matrix and a vector. In which order do `W1` of shape `(h, d)` and `W2` of shape `(out, h)` fit together?
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Convert all four to float arrays. The weights are a product of the two matrices, and the shapes leave only one order. The first bias goes through the second layer's weights before `b2` is added to it. Return both.
# </details>

# %% [markdown]
# **Predict:** suppose the first layer has 1000 units and two inputs, and the second layer has one unit.
# How many numbers do the two layers contain, and how many are left after the collapse?

# %%
with unfinished():
    rng = np.random.default_rng(3)
    wide = (rng.normal(size=(1000, 2)), rng.normal(size=1000), rng.normal(size=(1, 1000)),
            rng.normal(size=1))
    X = rng.normal(size=(500, 2))
    W, b = collapse_affine(*wide)
    two, one = two_layer_forward(X, *wide, lambda z: z), X @ W.T + b
    print(f"{sum(part.size for part in wide):,} numbers in two layers, {W.size + b.size} in one")
    print(f"largest difference on 500 examples: {np.abs(two - one).max():.1e}, "
          f"where the scores reach {np.abs(two).max():.0f}")

# %% [markdown]
# The two layers contain 4001 numbers, and only 3 are left.
# The outputs agree up to rounding, within 1.6e-13.
#
# Now watch what a bend can do.
# Both pictures below use the *same* 16 hidden units with random weights, followed by an output unit that makes the best of them (its weights come from least squares).
#
# **Predict:** what will the boundary look like in each picture?

# %%
with plots.figure("A ring of points around a smaller ring, twice. Without an activation the "
                  "boundary is a straight line, and about half of the points are on the wrong "
                  "side; with tanh it is a closed curve between the rings.", columns=2) as (straight, curved):
    rng = np.random.default_rng(4)
    rings = data.circles(200, 0.08, rng)
    W1, b1 = 2 * rng.normal(size=(16, 2)), rng.normal(size=16)
    for ax, act, name in ((straight, lambda z: z, "No activation"), (curved, np.tanh, "tanh")):
        hidden = two_layer_forward(rings.X, W1, b1, np.eye(16), np.zeros(16), act)
        best = np.linalg.lstsq(np.column_stack([hidden, np.ones(200)]), 2 * rings.y - 1)[0]
        says = lambda X: two_layer_forward(X, W1, b1, best[None, :16], best[16:], act)[:, 0] >= 0
        plots.decision_boundary(says, rings.X, rings.y, xlabel="x1", ylabel="x2",
                                labels=rings.classes, ax=ax,
                                title=f"{name}: {np.sum(says(rings.X) == rings.y)} of 200 right")

# %% [markdown]
# Without an activation, the boundary is a straight line, and 101 of the 200 points are right, no better than a coin toss.
# With tanh it is a closed curve between the rings, and all 200 are right.
#
# So this is what an activation is for.
# Its main purpose is not to squeeze numbers into a range, or to imitate a nerve cell.
# It keeps two layers from collapsing into one.
# And it has to have a bend: $\mathrm{act}(z) = 2z + 1$ is just another affine layer and collapses with the rest.

# %% [markdown]
# ## Existing is not the same as being found
#
# Two hidden units are enough for XOR: you wrote down their weights yourself.
# But would a machine find them on its own?
#
# The cell below trains networks with 1, 2, 3, 4, and 8 hidden units on XOR, each from 100 random starts, with tanh, ReLU (which is $\max(0, z)$), or no activation.
# *How* it trains them is the subject of lesson 4.
# Here we just count how many of the hundred end up with all four corners right.

# %%
ACTIVATIONS = {  # the function, and its slope, which the training needs
    "tanh": (np.tanh, lambda Z: 1 - np.tanh(Z) ** 2),
    "ReLU": (lambda Z: np.maximum(Z, 0.0), lambda Z: (Z > 0) * 1.0),
    "no activation": (lambda Z: Z, np.ones_like)}


def solved(width, act, slope, epochs=500, lr=1.0):
    """Return how many of 100 networks with this many hidden units learn XOR."""
    start = np.stack([np.random.default_rng(seed).normal(size=(width, 4)) for seed in range(100)])
    W1, b1, W2 = start[:, :, :2], start[:, None, :, 2], start[:, None, :, 3]
    b2, X, y = np.zeros((100, 1, 1)), xor.X, xor.y[:, None]
    for _ in range(epochs):  # all 100 networks at once
        Z = X @ W1.swapaxes(1, 2) + b1
        A = act(Z)
        scores = A @ W2.swapaxes(1, 2) + b2
        dscores = (1 / (1 + np.exp(-scores)) - y) / 4
        dZ = dscores * W2 * slope(Z)
        W2, b2 = W2 - lr * dscores.swapaxes(1, 2) @ A, b2 - lr * dscores.sum(axis=1, keepdims=True)
        W1, b1 = W1 - lr * dZ.swapaxes(1, 2) @ X, b1 - lr * dZ.sum(axis=1, keepdims=True)
    # A corner counts as right when its score is clear of 0, not right by rounding alone.
    return int(np.sum(np.all((2 * y - 1) * scores > 0.01, axis=(1, 2))))


# %% [markdown]
# **Predict:** how many hidden units does it take for nearly all the networks to succeed?
# And how many succeed without an activation?

# %%
with plots.figure("Successes out of 100 against the number of hidden units. Without an activation the "
                  "curve stays at zero. With one unit no network succeeds, with two some do, and "
                  "with eight nearly all do; tanh is ahead of ReLU.", size=(6.8, 4.2)) as ax:
    widths = np.array([1, 2, 3, 4, 8])
    counts = {name: [solved(width, *pair) for width in widths]
              for name, pair in ACTIVATIONS.items()}
    plots.curves(widths, counts, xlabel="hidden units", ylabel="successes out of 100", ax=ax,
                 title=f"Two tanh units are enough, but only {counts['tanh'][1]} of 100 starts find XOR")
    ax.set(xticks=widths, ylim=(-4, 104))

for name, row in counts.items():
    print(f"{name:13s}", *(f"{n} unit{'s' if n > 1 else ''}: {count:3d}" for n, count in zip(widths, row)), sep="   ")

# %% [markdown]
# With tanh, four units are enough for 96 of the 100 networks; with ReLU it takes eight units, and then 99 succeed.
# Without an activation, none do.
# Notice three things:
#
# - **Without an activation, no network succeeds, at any width.** That isn't bad luck. It is the proof above: the network is a single line.
# - **With one hidden unit, no network succeeds either.** The output unit receives a single number. Neither tanh nor ReLU ever decreases, so this number can only grow in one direction of the plane, and a threshold on it is a line again.
# - **Two units are enough, but many starts don't find the weights:** 48 of 100 do with tanh, and 26 with ReLU. A network with more units than it needs has more ways to succeed.
#
# These counts depend on the random starts, the learning rate, and the 500 epochs.
# Why ReLU gets stuck more often than tanh here is a question for lesson 5.

# %% [markdown]
# ## The other way out: bend the data yourself
#
# You can also do without a hidden layer.
# Give the neuron a third feature, the product $x_1 x_2$.
# At the four corners the product is 0, 0, 0, and 1, so it picks out the one case that OR gets wrong.
# Now
#
# $$ z = x_1 + x_2 - 3\,x_1 x_2 - 0.5 \qquad\text{is}\qquad -0.5,\ \ 0.5,\ \ 0.5,\ \ -1.5, $$
#
# and `step(z)` is XOR. With just one neuron and no hidden layer, everything from lesson 1 applies: the rule, the proof, and the promise.
#
# ## Exercise 6: one more feature

# %% exercise: add_product_feature
def add_product_feature(X):
    """Return the examples with a third feature, the product of the first two.

    X: (n, 2) examples, array-like.
    Returns a new float64 array of shape (n, 3), each row x1, x2, x1·x2.

    add_product_feature([[2.0, -3.0]]) gives array([[ 2., -3., -6.]])
    """
    ### BEGIN SOLUTION
    X = np.asarray(X, dtype=float)
    return np.column_stack([X, X[:, 0] * X[:, 1]])
    ### END SOLUTION

# %% tests: add_product_feature, 2 points
import numpy as np

with check("adds the product to the four corners"):
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    check.close(check.call(add_product_feature, X),
                [[0, 0, 0], [0, 1, 0], [1, 0, 0], [1, 1, 1]])
with check("gives each row its own product, and returns floats for a list of whole numbers"):
    check.close(check.call(add_product_feature, [[2, 3], [-4, 1], [-1, -2]]),
                [[2, 3, 6], [-4, 1, -4], [-1, -2, 2]])
    check.floats(check.call(add_product_feature, np.array([[2, 3], [-4, 1], [-1, -2]])), (3, 3))
### BEGIN HIDDEN TESTS
def _by_rows(X):
    return np.array([[p, q, p * q] for p, q in np.asarray(X, dtype=float)])


with check("keeps x1 and x2 in front"):
    X = np.random.default_rng(61).normal(size=(9, 2))
    got = check.call(add_product_feature, X)
    check.floats(got, (9, 3))
    check.close(got[:, :2], X)
with check("agrees with a loop on random examples, large ones too"):
    rng = np.random.default_rng(62)
    for n, size in ((7, 1.0), (2, 1.0), (3, 5.0), (20, 1000.0)):
        X = size * rng.normal(size=(n, 2))
        check.close(check.call(add_product_feature, X), _by_rows(X))
with check("works on a batch of one"):
    check.close(check.call(add_product_feature, np.array([[-0.5, 8.0]])), [[-0.5, 8.0, -4.0]])
with check("works on lists of whole numbers, and returns float64"):
    got = check.call(add_product_feature, [[3, 4], [-2, 5]])
    check.floats(got, (2, 3))
    check.close(got, [[3, 4, 12], [-2, 5, -10]])
    check.floats(check.call(add_product_feature, np.array([[3, 4], [-2, 5], [0, 1]])), (3, 3))
with check("accepts any memory order"):
    X = np.asfortranarray(np.random.default_rng(63).normal(size=(10, 4)))[::2, ::-2]
    check.close(check.call(add_product_feature, X), _by_rows(X))
with check("leaves its input unchanged, and returns a new array"):
    X = np.array([[1.0, 2.0], [3.0, -4.0]])
    check.unchanged(add_product_feature, X)
    check.new(add_product_feature(X), X)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# The columns of `X` are `X[:, 0]` and `X[:, 1]`. What does `*` do with two arrays of shape `(n,)`?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `np.column_stack` puts columns side by side. It takes a list, which may contain both matrices and vectors.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Turn `X` into a float array first. Then stack two things in this order: `X` itself, and the entry-by-entry product of its two columns (using `*`, not `@`, which would add everything up).
# </details>

# %%
with plots.figure("Left: plotted by the sum and the product of the inputs, both light-on corners lie "
                  "at (1, 0), and a rising line separates them from the other two. Right: in the "
                  "plane of the inputs the same boundary is a curve with two branches.",
                  columns=2) as (lifted, plane):
    w, b = np.array([1.0, 1.0, -3.0]), -0.5
    F = add_product_feature(xor.X)
    view = np.column_stack([F[:, 0] + F[:, 1], F[:, 2]])
    plots.points(view, xor.y, names=("x1 + x2", "x1 · x2"), labels=lamp, ax=lifted)
    lifted.annotate("2 points", (1, 0), (9, 7), textcoords="offset points")
    plots.line((1.0, -3.0), b, ax=lifted)
    lifted.set_title("With the product as a feature: a line")
    plots.decision_boundary(lambda grid: step(add_product_feature(grid) @ w + b), xor.X, xor.y,
                            title="The same boundary in the plane: a curve", xlabel="x1",
                            ylabel="x2", labels=lamp, ax=plane)

# %%
with unfinished():
    print("XOR:                 ", perceptron_cycle(xor.X, xor.y))
    print("XOR with the product:", perceptron_cycle(add_product_feature(xor.X), xor.y))

# %% [markdown]
# Here `None` means that an epoch passed without a mistake.
# With the third feature, a plane separates the classes, so the promise of lesson 1 holds again, and the perceptron converges.
#
# <details><summary>Optional: this trick taken further, and the kernel machines of the 1990s</summary>
#
# This trick can be taken much further.
# More products mean more features, and the machine remains linear in them.
# A perceptron only adds and subtracts examples, so all it ever needs to know about the features are *dot products* between examples.
# Take a constant, the features themselves, their squares, and all products of pairs, each with a fixed factor.
# Their dot product is a short formula, $k(x, x') = (1 + x \cdot x')^2$, and you never have to compute a single one of those features.
# Such a $k$ is called a **kernel**, and kernel machines were among the best of the 1990s.
# </details>

# %% [markdown]
# ### So why hidden layers?
#
# Because someone has to know *which* feature to build.
# Take the XOR square, center it at the origin, rotate it by 45 degrees, and rescale it.
# It is the same problem, seen from another angle.
#
# **Predict:** will the product help again?

# %%
turned = np.array([[1, 0], [-1, 0], [0, 1], [0, -1]])
lamp_on = np.array([1, 1, 0, 0])

with unfinished():
    print("the products:", add_product_feature(turned)[:, 2] + 0.0)
    print("perceptron:  ", perceptron_cycle(add_product_feature(turned), lamp_on))
    W1, b1 = np.array([[1.0, 0.0], [-1.0, 0.0]]), np.array([-0.5, -0.5])
    scores = two_layer_forward(turned, W1, b1, np.array([[1.0, 1.0]]), np.array([-0.5]), step)
    print("two hidden units with other weights:", step(scores)[:, 0], "for", lamp_on)

# %% [markdown]
# The product is 0 at every corner, so it is useless, and the perceptron goes in circles again.
# The hidden units only had to rotate their lines, and rotating lines is something that can be learned.
#
# - A **hand-crafted feature** is cheap and easy to understand, and it needs few examples. When you know what matters (an area is length times width), build it.
# - But you have to know. With $d$ features there are $d(d-1)/2$ products of pairs. That makes 2016 for the 64 pixels of a tiny image, and the product that matters may involve more than two pixels.
# - A **learned feature** adapts to the data. That takes more examples and more computation, along with a way to learn it, which we don't have yet.

# %% [markdown]
# ## A fair piece of history
#
# <details><summary>Optional: what Minsky and Papert did and didn't show in 1969</summary>
#
# The usual story is that in 1969 Marvin Minsky and Seymour Papert showed that neural networks can't do XOR, and that nobody knew any better.
#
# What they proved in their book *Perceptrons* concerns machines with *one* layer that learns, on top of fixed features.
# For example, to tell whether the number of ones among many inputs is odd, such a machine needs a feature that looks at all the inputs at once.
# With two inputs, that is XOR and the product.
# Their theorems still stand.
#
# That several layers can compute more was already known, and Minsky and Papert knew it too.
# McCulloch and Pitts had built logic from threshold neurons in 1943, and Rosenblatt worked with multi-layer machines.
# What was missing was a way to *train* them.
# The perceptron rule tells an output unit what it should have said, but nobody tells a hidden unit.
# And because `step` is flat, there is no slope to show the way.
# Minsky and Papert did not expect much from such machines.
# They called this their intuitive judgment, and a question for research to settle.
#
# Research did settle it: with smooth activations and the chain rule, hidden layers can be trained.
# David Rumelhart, Geoffrey Hinton, and Ronald Williams made this widely known in 1986; others had found parts of it before.
# That is the subject of lesson 4.
# Historians still disagree about how much the book was to blame for the quiet years in between.
# </details>

# %% [markdown]
# ## Check your understanding
#
# Each of the five questions has exactly one right answer.
# Return its letter.

# %% [markdown]
# **Question 1.** You train a perceptron from zero weights.
# After 1000 epochs it still makes mistakes.
# What would *prove* that no line exists?
#
# - **a**  Nothing more is needed: a thousand epochs are enough for any linearly separable data.
# - **b**  The last two epochs had the same number of mistakes.
# - **c**  After two different epochs, $w$ and $b$ were exactly the same.
# - **d**  A smaller learning rate doesn't help either.

# %% exercise: quiz_proof
def quiz_proof():
    """Return the letter of your answer to question 1, for example "a"."""
    ### BEGIN SOLUTION
    return "c"
    ### END SOLUTION

# %% tests: quiz_proof, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_proof())
### BEGIN HIDDEN TESTS
with check("what proves that no line exists"):
    check.letter(quiz_proof(), right="c", why={
        "a": "The bound on the mistakes is (R/gamma)^2, and a narrow gap can make it as large as "
             "you like: a thousand epochs may not be enough.",
        "b": "Two epochs can have the same number of mistakes with different weights, and the "
             "next one fewer. What has to come back for everything to repeat?",
        "c": "An epoch depends only on the w and b it starts from, so the same mistakes "
             "will repeat forever; if a line existed, they would end.",
        "d": "From a zero start the learning rate only scales w and b: every prediction stays the "
             "same, so another rate tells you nothing new."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 2.** A unit with `step` has the weights $w = (1, 1)$.
# For which biases is it an OR gate at the four corners?
#
# - **a**  $-1 \le b < 0$
# - **b**  $-2 \le b < -1$
# - **c**  $0 < b \le 1$
# - **d**  for every $b < 0$

# %% exercise: quiz_gate
def quiz_gate():
    """Return the letter of your answer to question 2, for example "a"."""
    ### BEGIN SOLUTION
    return "a"
    ### END SOLUTION

# %% tests: quiz_gate, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_gate())
### BEGIN HIDDEN TESTS
with check("where the bias of an OR gate may lie"):
    check.letter(quiz_gate(), right="a", why={
        "a": "The score of (0, 0) is b, which has to stay below 0; the scores of (0, 1) and (1, "
             "0) are 1 + b, which has to reach 0.",
        "b": "With these biases, the inputs with sums 0 and 1 have negative scores, and only the "
             "sum 2 fires: that is AND.",
        "c": "That is where the threshold lies. The bias is the threshold with its sign flipped; "
             "with b > 0 the unit fires even at (0, 0).",
        "d": "b has to be below 0, so that (0, 0) stays silent, but not too far: the score of "
             "(0, 1) is 1 + b, and it has to reach 0."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 3.** What is the single most important reason for non-linear activation functions between the layers of a network?
#
# - **a**  They keep the numbers between 0 and 1, so that they can be read as probabilities.
# - **b**  They keep the gradients from vanishing while the network is trained.
# - **c**  They imitate the threshold of a nerve cell.
# - **d**  Without them, all the layers together compute no more than one layer does.

# %% exercise: quiz_activation
def quiz_activation():
    """Return the letter of your answer to question 3, for example "a"."""
    ### BEGIN SOLUTION
    return "d"
    ### END SOLUTION

# %% tests: quiz_activation, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_activation())
### BEGIN HIDDEN TESTS
with check("what activations are for"):
    check.letter(quiz_activation(), right="d", why={
        "a": "Some do, at the output, where that is useful. Between layers it isn't needed: ReLU "
             "has no upper limit, and it is very widely used.",
        "b": "That is not their purpose. Some of them, such as the sigmoid, even cause vanishing "
             "gradients, as lesson 6 shows.",
        "c": "That is where the idea came from, not why it is needed: tanh has no threshold, yet "
             "it works.",
        "d": "Layers without an activation between them collapse into a single layer, however "
             "many there are."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 4.** In a network of ten layers with 500 units each, every layer uses $\mathrm{act}(z) = 2z + 1$.
# Which functions can it compute?
#
# - **a**  Curved ones too, since $2z + 1$ is not the identity.
# - **b**  Those of the form $Wx + b$, and no others.
# - **c**  Polynomials up to degree 10.
# - **d**  With so many units, practically all.

# %% exercise: quiz_affine
def quiz_affine():
    """Return the letter of your answer to question 4, for example "a"."""
    ### BEGIN SOLUTION
    return "b"
    ### END SOLUTION

# %% tests: quiz_affine, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_affine())
### BEGIN HIDDEN TESTS
with check("what an affine activation adds"):
    check.letter(quiz_affine(), right="b", why={
        "a": "A function can differ from the identity and still be straight: 2z + 1 is an affine "
             "layer itself. Collapse it with the layer before it.",
        "b": "The activation is affine, and affine layers in a row collapse into a single one.",
        "c": "The degree grows when inputs are multiplied by each other. Here they are only "
             "multiplied by weights and added up.",
        "d": "Width doesn't help: above, a network with 1000 hidden units collapsed to three numbers."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 5.** In some network, two examples with *different* labels land on exactly the same point in hidden space.
# What follows?
#
# - **a**  Nothing after this hidden layer can tell them apart.
# - **b**  The output layer needs an activation as well.
# - **c**  A different line of the output unit might still separate them.
# - **d**  The output layer has to be trained longer.

# %% exercise: quiz_merged
def quiz_merged():
    """Return the letter of your answer to question 5, for example "a"."""
    ### BEGIN SOLUTION
    return "a"
    ### END SOLUTION

# %% tests: quiz_merged, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_merged())
### BEGIN HIDDEN TESTS
with check("what a hidden layer can lose"):
    check.letter(quiz_merged(), right="a", why={
        "a": "Everything after the hidden layer gets the same numbers for both examples, so it "
             "gives both the same answer.",
        "b": "An activation turns one score into one number: equal scores stay equal.",
        "c": "Each point lies on only one side of a line, and to the output unit these two "
             "examples are the same point.",
        "d": "The output layer gets the same numbers for both examples, so it gives both the same "
             "answer, whatever its weights. It is the hidden layer that has to change."})
### END HIDDEN TESTS

# %% [markdown]
# ## In an interview
#
# *What would happen if you removed all activation functions from a deep network, and why are they necessary?*
#
# Answer in the cell below, in five to eight sentences.
# Show with a short derivation what happens.
# Say what such a network can and can't do, and give an example.
# Then say which property an activation must have, and what the hidden layers gain from it.
# A teacher reads this answer; it is worth 3 points.
#
# <!-- A good answer says: a short derivation of what happens without activations; what such a network can and can't do, with an example; the property that an activation must have; what the hidden layers gain -->

# %% answer: interview_activations, 3 points [markdown]
# Without activations, each layer computes Wx + b, and the composition of two such maps is another one: W2(W1 x + b1) + b2 = (W2 W1)x + (W2 b1 + b2).
# The same step can be repeated, so a network of any depth and width is equivalent to a single layer.
# Such a network can only draw straight boundaries (or fit a plane, if it predicts a number); a softmax or sigmoid at the output turns it into logistic regression, whose boundaries are still straight.
# XOR is the smallest example of what it can't do: no line has (0,1) and (1,0) on one side and (0,0) and (1,1) on the other.
# So the activations between the layers have to be non-linear or, more precisely, not affine: act(z) = 2z + 1 would collapse in the same way.
# With a bend, the hidden layer can move the examples to where a line separates them: for XOR, OR and NAND units put (0,1) and (1,0) on one point.
# These features are learned from the data, which is what hidden layers are for.
#
# ### BEGIN MARK SCHEME
# One point for each, half points where it is incomplete:
#
# 1. **Collapse:** a composition of affine layers is one affine layer, with a reason (W2 W1 and W2 b1 + b2, or the equivalent in words), for any number of layers.
# 2. **Consequence:** such a network has only straight boundaries (or is linear or logistic regression), and neither depth nor width helps, with an example that it can't do (XOR, rings, moons).
# 3. **Remedy:** the activations in the hidden layers must be non-linear (not affine), so that hidden layers can build features, or move the examples, for a linear output to use.
#
# These cost the point in parentheses: "the network could no longer be trained" or "the gradients would vanish" as what happens (1); "more layers or units would make up for it" (2); "their purpose is to keep values between 0 and 1", or any linear function offered as a remedy (3).
# ### END MARK SCHEME

# %% [markdown]
# ## What to remember
#
# > - No line solves XOR, because its diagonals cross. If a state $(w, b)$ of the perceptron comes back, the machine has proved that no line exists.
# > - OR and NAND followed by AND: two hidden units and one output unit compute XOR.
# > - A layer is $Z = X W^\top + b$ with `W` of shape (out, in). Each row of `W` is a unit, and each column of `Z` holds that unit's scores.
# > - A hidden layer moves the examples to where a line can separate them.
# > - Affine layers without a non-linear activation collapse: $W = W_2 W_1$, $b = W_2 b_1 + b_2$. Preventing this is what activations are for.
# > - A hand-crafted feature can take the place of a hidden layer, if you know which one to build. And even with enough units, training may not find their weights.
#
# **Next:** [lesson 3, the forward pass](../03_forward_pass/03_forward_pass.ipynb): networks of many layers, outputs you can read as probabilities, and one number that says how wrong they are.
# **Back:** [lesson 1, the perceptron](../01_perceptron/01_perceptron.ipynb).
#
# *Sources.* W. McCulloch and W. Pitts, "A logical calculus of the ideas immanent in nervous activity" (1943). F. Rosenblatt, "Principles of Neurodynamics" (1962). M. Minsky and S. Papert, "Perceptrons" (1969); section 13.2 is on several layers. H. D. Block and S. A. Levin, "On the boundedness of an iterative procedure for solving a system of linear inequalities", Proceedings of the AMS 26 (1970). D. Rumelhart, G. Hinton, and R. Williams, "Learning representations by back-propagating errors", Nature 323 (1986). M. Olazaran, "A sociological study of the official history of the perceptrons controversy", Social Studies of Science 26 (1996).

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

HandIn("02_xor")
