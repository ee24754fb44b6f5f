# %% [markdown]
# # 2 · XOR: when no line will do
#
# A lamp on a staircase has two switches, one at the bottom and one at the top.
# Flip either of them and the lamp changes.
# So it is on when exactly one switch is up, and off when both are up or both are down.
#
# Two inputs, one output, four cases to know.
# The machine of lesson 1, which sorted a hundred flowers after a handful of mistakes, will never learn it.
# Why not? And what is the least that has to be added, so that it can be done?
#
# In this lesson you prove that one neuron is not enough, put three of them together that are, and find out what the space between two layers is good for.
#
# **You will build**, from nothing but NumPy:
# `perceptron_cycle` → `gate` → `xor_network` → `two_layer_forward` → `collapse_affine` → `add_product_feature`
#
# **Time:** about 80 minutes. **You need:** [lesson 1](../01_perceptron/01_perceptron.ipynb), and the product of two matrices.
#
# **How to work.** As before: predict, run, explain.
# Replace `# YOUR CODE HERE` and the `raise` below it, run the tests, open a hint when you are stuck.
# Each exercise is tested on its own, so one that resists can wait.

# %% given: imports
import numpy as np

from utils import data, plots
from utils.checks import unfinished
from utils.widgets import XorFold

# %% [markdown]
# One thing comes with you from lesson 1: the step function.
# Here it is again, so that nothing depends on your other notebook.
# If you like your own better, paste it into a new cell below this one.

# %% given: step
def step(z):
    """1.0 where z >= 0, else 0.0; the same shape as z."""
    return np.where(np.asarray(z) >= 0, 1.0, 0.0)

# %% [markdown]
# ## Four points
#
# Call a switch that is up 1 and one that is down 0. The rule of the lamp is known as **XOR**, *exclusive or*: one or the other, but not both.
#
# | $x_1$ | $x_2$ | XOR |
# |---|---|---|
# | 0 | 0 | 0 |
# | 0 | 1 | 1 |
# | 1 | 0 | 1 |
# | 1 | 1 | 0 |
#
# A neuron with two inputs is a line and its two sides.
# **Predict:** how many of the four corners can the best line get right? The next cell tries ten thousand lines at random.

# %%
xor = data.gate("XOR")
lamp = ("lamp off", "lamp on")

rng = np.random.default_rng(2)
W, b = rng.normal(size=(10_000, 2)), rng.normal(size=10_000)  # a line in each row
right = np.sum(step(xor.X @ W.T + b) == xor.y[:, None], axis=0)

with plots.figure("Left: the four corners of a square, equal labels on the diagonals, and three "
                  "lines; each has a corner on its wrong side. Right: how many of ten thousand "
                  "random lines get one, two or three corners right; none gets all four.",
                  columns=2) as (square, bars):
    plots.points(xor.X, xor.y, names=xor.features, labels=lamp, ax=square)
    for line in ((1, 1, -0.5), (1, 1, -1.5), (1, -1, -0.5)):
        plots.line(line[:2], line[2], ax=square)
    square.set(title="Each line leaves a corner on its wrong side", xlim=(-0.4, 1.4),
               ylim=(-0.4, 1.4))
    bars.bar(range(5), np.bincount(right, minlength=5), color=plots.LINE, width=0.6)
    bars.set(title=f"The best of {len(b):,} lines gets {right.max()} corners right",
             xlabel="corners that are right", ylabel="lines")

# %% [markdown]
# Ten thousand failures are a hint, not a proof: perhaps the next line would do.

# %% [markdown]
# ## A proof in two lines
#
# Suppose some $w_1$, $w_2$ and $b$ were right at all four corners. Then
#
# $$ \begin{aligned} (0,0) \text{ is } 0: &\quad b < 0 & \qquad (0,1) \text{ is } 1: &\quad w_2 + b \ge 0 \\ (1,1) \text{ is } 0: &\quad w_1 + w_2 + b < 0 & \qquad (1,0) \text{ is } 1: &\quad w_1 + b \ge 0. \end{aligned} $$
#
# 1. Add the two on the left: $w_1 + w_2 + 2b < 0$.
# 2. Add the two on the right: $w_1 + w_2 + 2b \ge 0$.
#
# No number is both. So there are no such weights, however long anybody searches.
#
# **The same in a picture.** The two diagonals of the square cross in its middle.
# A line that has both ends of a diagonal on one side has the whole diagonal there.
# So the middle would have to lie on both sides at once.
# Remember the crossing diagonals: they come back below.

# %% [markdown]
# ## What the perceptron makes of it
#
# Lesson 1 ended with a machine that never came to rest. Here it is on XOR, with the four corners in order and a learning rate of 1.
#
# **Predict:** will the mistakes become fewer from epoch to epoch, at least for a while?

# %%
w, b = np.zeros(2), 0.0
for epoch in range(1, 7):
    mistakes = 0
    for x, label in zip(xor.X, xor.y):
        error = label - step(w @ x + b)
        w, b = w + error * x, b + error
        mistakes += int(error != 0)
    print(f"after epoch {epoch}: w = {w}, b = {b:+.0f}, mistakes in it: {mistakes}")

# %% [markdown]
# It gets worse, and then it gets stuck: from the third epoch on, each ends where it began.
# All four corners are mistaken in turn, and the four corrections cancel. Here is one such round.

# %%
with plots.figure("Four squares, one after each correction: the line jumps so that the corner just "
                  "seen is right, and two or three other corners are wrong each time. Two of the "
                  "lines run outside the square. The last weights are those of the start.",
                  columns=2, rows=2, size=(8.6, 7.6)) as panels:
    w, b = np.array([-1.0, 0.0]), 0.0
    for ax, x, label in zip(panels, xor.X, xor.y):
        error = label - step(w @ x + b)
        w, b = w + error * x, b + error
        wrong = step(xor.X @ w + b) != xor.y
        plots.points(xor.X, xor.y, names=xor.features, labels=lamp, mistakes=wrong, ax=ax)
        plots.line(w, b, ax=ax)
        state = f"w = ({w[0]:.0f}, {w[1]:.0f}), b = {b:.0f}".replace("-", "−")
        ax.set(title=f"({x[0]:.0f}, {x[1]:.0f}) is put right: {state}", xlim=(-1.3, 1.5),
               ylim=(-1.3, 1.5))

# %% [markdown]
# Something can be learned from this.
# The rule looks at $w$, at $b$ and at the examples, and at nothing else.
# If $(w, b)$ is the same at the ends of two epochs, then whatever happened in between will happen again, and again, for ever.
# With a mistake in it, that makes infinitely many mistakes.
# But lesson 1 promised: if a line exists, the mistakes are at most $(R/\gamma)^2$.
#
# > A pair $(w, b)$ that comes back **proves** that no line exists.
#
# Must it come back? If the features are whole numbers, yes.
# Even without a line the weights stay within bounds (the *perceptron cycling theorem*, proved by Block and Levin in 1970), and within bounds there are only so many whole numbers.
#
# ## Exercise 1: catch the machine going round
#
# Take the loop of the perceptron, and let it remember all its states.
# Write $s_0$ for the start, $w = 0$ and $b = 0$, and $s_t$ for $(w, b)$ at the end of epoch $t$.
# For XOR, as printed above, $s_3$ is the first state that was there before, and it equals $s_2$: the round starts at 2 and has a period of 1.

# %% exercise: perceptron_cycle
def perceptron_cycle(X, y, lr=1.0, max_epochs=1000):
    """Where the perceptron begins to go round in circles, and how long one round takes.

    X: (n, d) examples.  y: (n,) labels 0 or 1.  lr: the learning rate.
    Trains as in lesson 1: from zero weights and a zero bias, an update after each example,
    the examples in the order given. State 0 is that zero start, state t is (w, b) after epoch t.

    Returns two ints (start, period): the first state t <= max_epochs that equals an earlier one,
    state k, gives (k, t - k).
    Returns None when an epoch passes without a mistake, or no state has come back by max_epochs.
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

with check("finds the round that XOR sends it into"):
    X, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
    check.equal(check.call(perceptron_cycle, X, y, 1.0, 1000), (2, 1))
with check("is None when training comes to rest, as it does for AND"):
    X, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 0, 0, 1])
    check.equal(check.call(perceptron_cycle, X, y, 1.0, 1000), None)
### BEGIN HIDDEN TESTS
def _cycle(X, y, max_epochs=60):
    """The same by another way: whole numbers only, the learning rate 1."""
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


def _examples(seed, n, d, wanted, count=4):
    """Random whole numbers on which the perceptron goes round, in a wanted way.

    The seeds are such that they are soon found: grading is as fast as its tests.
    """
    rng, found = np.random.default_rng(seed), []
    while len(found) < count:
        X, y = rng.integers(-3, 4, size=(n, d)).astype(float), rng.integers(2, size=n)
        start_and_period = _cycle(X, y)
        if start_and_period and wanted(*start_and_period):
            found.append((X, y))
    return found


with check("finds rounds of several epochs, wherever they begin"):
    for seed, n, d in ((55, 6, 2), (9, 7, 3)):
        for X, y in _examples(seed, n, d, lambda start, period: start > 1 and period > 1):
            check.equal(check.call(perceptron_cycle, X, y, 1.0, 60), _cycle(X, y))
with check("is right when there are as many examples as features"):
    for X, y in _examples(27, 4, 2, lambda start, period: start + period > 3):
        X = X @ np.array([[1.0, 0.0, 2.0, -1.0], [0.0, 1.0, 1.0, 1.0]])
        check.equal(check.call(perceptron_cycle, X, y, 1.0, 60), _cycle(X, y))
with check("knows the zero start again when it comes back to it"):
    for X, y in _examples(1, 5, 2, lambda start, period: start == 0):
        check.equal(check.call(perceptron_cycle, X, y, 1.0, 60), _cycle(X, y))
    check.equal(check.call(perceptron_cycle, np.array([[3.0], [3.0]]), np.array([0, 1]), 1.0, 9),
                (0, 1))
with check("does not take the same number of mistakes for the same state"):
    rng = np.random.default_rng(13)
    for d in (2, 2, 3, 5):
        X = rng.integers(-5, 6, size=(15, d)).astype(float)
        y = (X @ np.arange(2, d + 2) >= 0.5).astype(int)
        check.equal(check.call(perceptron_cycle, X, y, 1.0, 1000), None)
with check("does not take the same w with another b for the same state"):
    check.equal(check.call(perceptron_cycle, np.array([[0.0, 0.0]]), np.array([0]), 1.0, 9), None)
    check.equal(check.call(perceptron_cycle, np.zeros((3, 2)), np.array([0, 0, 1]), 1.0, 9),
                _cycle(np.zeros((3, 2)), [0, 0, 1]))
with check("looks at max_epochs epochs, no more and no fewer"):
    for X, y in _examples(62, 6, 3, lambda start, period: start > 0 and period > 1):
        start, period = _cycle(X, y)
        check.equal(check.call(perceptron_cycle, X, y, 1.0, start + period), (start, period))
        check.equal(check.call(perceptron_cycle, X, y, 1.0, start + period - 1), None)
    check.equal(check.call(perceptron_cycle, X, y, 1.0, 0), None)
with check("finds the same round with other learning rates"):
    for X, y in _examples(45, 5, 3, lambda start, period: period > 1):
        check.equal(check.call(perceptron_cycle, X, y, 0.25, 60), _cycle(X, y))
        check.equal(check.call(perceptron_cycle, X, y, 4.0, 60), _cycle(X, y))
with check("works without being given lr and max_epochs, and then looks at hundreds of epochs"):
    X, y = np.array([[9.0], [10.0], [12.0]]), np.array([0, 1, 0])
    check.equal(check.call(perceptron_cycle, X, y), _cycle(X, y, 1000))
with check("does not take two states that are near each other for the same"):
    X, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
    check.equal(check.call(perceptron_cycle, X, y, 2.0**-30, 60), (2, 1))
with check("works on lists, whole numbers and labels 0.0 and 1.0, in any memory order"):
    X, y = [[2, 1], [-1, 3], [2, 1], [0, -2]], [0.0, 1.0, 1.0, 0.0]
    check.equal(check.call(perceptron_cycle, X, y, 1, 60), _cycle(X, y))
    for X, y in _examples(16, 5, 2, lambda start, period: period > 1):
        wide = np.zeros((10, 6), order="F")
        wide[::2, ::3] = X
        check.equal(check.call(perceptron_cycle, wide[::2, ::3], np.repeat(y, 2)[::2], 1.0, 60),
                    _cycle(X, y))
with check("leaves its input as it was"):
    X, y = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0, 1, 1, 0])
    check.unchanged(perceptron_cycle, X, y, 1.0, 20)
    check.unchanged(perceptron_cycle, X, y.astype(float), 1.0, 20)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# The training loop is the one in the cell above, with `lr` in its place. What do you have to keep from each epoch, and what do you ask at its end?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# Arrays are awkward to look up: `==` gives an array, and `in` gets confused. A tuple of numbers such as `(*w, b)` can be compared as a whole, and can be a key of a dictionary that tells at which epoch the state was seen first.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Begin with `seen = {(*w, b): 0}` and count epochs from 1. After the loop over the examples: without a mistake, return `None`; make `state = (*w, b)`; if it is in `seen`, return `seen[state]` and how many epochs have passed since; otherwise enter it with this epoch. After the last epoch nothing has come back.
# </details>

# %% [markdown]
# **Predict:** four corners can come in 24 orders. In how many of them does the perceptron go round on XOR? And what will it do with the two kinds of iris from the end of lesson 1, measured in whole numbers of half centimetres?

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
# Whatever the order, no peace.
# And for the irises, measured so coarsely, your function has just proved that no line parts them. All you need to know is that one state came back.

# %% [markdown]
# ## What one neuron can do: gates
#
# If one neuron can't do XOR, what can it do with two switches?
# Computers are built from a few simple parts called *gates*, and in 1943 Warren McCulloch and Walter Pitts pointed out that a neuron with a threshold can be one.
#
# | $x_1$ | $x_2$ | AND | OR | NAND |
# |---|---|---|---|---|
# | 0 | 0 | 0 | 0 | 1 |
# | 0 | 1 | 0 | 1 | 1 |
# | 1 | 0 | 0 | 1 | 1 |
# | 1 | 1 | 1 | 1 | 0 |
#
# NAND is "not AND": the opposite answer everywhere.
#
# **By hand, once: NOR**, the opposite of OR. It is 1 at $(0,0)$ only, so the line has to pass between $(0,0)$ and the three others, and $x_1 + x_2 = 0.5$ does.
# The side with *small* sums shall fire, so the weights are negative: $w = (-1, -1)$, $b = 0.5$.
# The scores at the four corners are $0.5,\ -0.5,\ -0.5,\ -1.5$: only the first reaches 0.
#
# **Room for noise.** A real wire carries 0.97 or 0.04, hardly ever exactly 1 or 0.
# So we ask for more: each input may be off by up to 0.1, each on its own, and the gate must still be right.
# Around every corner, a small square has to lie on the proper side.
# Our NOR passes: such noise moves its score by at most $0.1\,(|w_1| + |w_2|) = 0.2$, and no score was nearer to 0 than 0.5.
#
# ## Exercise 2: three gates
#
# There are many right answers. Choose weights that you can check in your head.

# %% exercise: gate
def gate(name):
    """A neuron step(w·x + b) that acts as a logic gate with two inputs, each 0 or 1.

    name: "AND", "OR" or "NAND", spelt exactly so; anything else is a ValueError.
    Returns (w, b): a float64 array of shape (2,) and a float. The gate is right at the four
    corners, also when each input is off by up to 0.1 on its own.

    For NOR, which is not asked for, (np.array([-1.0, -1.0]), 0.5) would be an answer.
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


with check("AND is right at the four corners"):
    _judge("AND", (0, 0, 0, 1), 0.0)
with check("AND stays right when the inputs are off by 0.1"):
    _judge("AND", (0, 0, 0, 1), 0.1)
### BEGIN HIDDEN TESTS
with check("OR is right at the four corners"):
    _judge("OR", (0, 1, 1, 1), 0.0)
with check("OR stays right when the inputs are off by 0.1"):
    _judge("OR", (0, 1, 1, 1), 0.1)
with check("NAND is right at the four corners"):
    _judge("NAND", (1, 1, 1, 0), 0.0)
with check("NAND stays right when the inputs are off by 0.1"):
    _judge("NAND", (1, 1, 1, 0), 0.1)
with check("refuses a gate that it doesn't know with a ValueError"):
    for name in ("XOR", "NOR", "", "ANDOR"):
        check.raises(ValueError, gate, name)
with check("takes names only as they are spelt"):
    for name in ("and", "Or", "nand", "AND "):
        try:
            check.call(gate, name)
        except (ValueError, LookupError):  # which of them it should be is the check above
            continue
        check.true(False, f"{name!r} is no name of a gate, but it was not refused.")
with check("returns w as float64 of shape (2,) and b as a float"):
    for name in ("AND", "OR", "NAND"):
        w, b = check.parts(check.call(gate, name), "w", "b")
        check.floats(w, (2,))
        check.floats(b, ())
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Draw the square, mark the corners where the gate is 1, and draw a line with some room on both sides. For AND only one corner is on its own; which?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# With $w = (1, 1)$ the sums $x_1 + x_2$ are 0, 1, 1 and 2. AND has to tell 2 from 1, OR has to tell 1 from 0. Where would you put each threshold, and what is then $b$? To turn all the answers of a gate round, look at what changes from OR to the NOR above.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# OR is NOR with all signs turned: $w = (1, 1)$, $b = -0.5$. AND needs the threshold halfway between 1 and 2, and NAND is AND with all signs turned. Put the three pairs into a dictionary or behind `if`s, and end with `raise ValueError(…)` for every other name.
# </details>

# %%
with plots.figure("Three squares, for AND, OR and NAND: your line and the four corners, each with "
                  "a small box of noise around it.", columns=3) as panels:
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
        ax.set(title=f"{name}: {4 - wrong.sum()} of 4 corners right", xlim=(-0.4, 1.4),
               ylim=(-0.4, 1.4))

# %% [markdown]
# ## Two neurons, and one more
#
# Say what the lamp does in words: *at least one* switch is up, *but not both*.
# "At least one" is OR. "Not both" is NAND. And the "but" is AND.
#
# | $x_1$ | $x_2$ | $h_1$: OR | $h_2$: NAND | $\hat y$: AND of $h_1$ and $h_2$ |
# |---|---|---|---|---|
# | 0 | 0 | 0 | 1 | 0 |
# | 0 | 1 | 1 | 1 | 1 |
# | 1 | 0 | 1 | 1 | 1 |
# | 1 | 1 | 1 | 0 | 0 |
#
# The last column is XOR, and each step on the way is something that one neuron can do.

# %%
with plots.figure("Two inputs x1 and x2 lead to two hidden units h1 and h2, and these to one "
                  "output unit y.", size=(5.6, 2.9)) as ax:
    plots.network([2, 2, 1], labels=[["x₁", "x₂"], ["h₁", "h₂"], ["ŷ"]],
                  title="h₁ is OR, h₂ is NAND, and behind them ŷ is AND", ax=ax)

# %% [markdown]
# The two in the middle are **hidden units**: nobody outside sees what they say. Together they make a **hidden layer**.
# A network with one hidden layer or more is called a **multi-layer perceptron**, MLP for short.
# What it computes runs in one direction, from the inputs to the output and never back; hence the other name, **feed-forward network**.
#
# ### A layer is a matrix
#
# One unit has weights $w$ and a bias $b$. Two units have two of each, so put the weights under one another: each *row* of $W$ is a unit.
#
# $$ W = \begin{pmatrix} w_{11} & w_{12} \\ w_{21} & w_{22} \end{pmatrix} \; \begin{matrix} \leftarrow \text{unit 1} \\ \leftarrow \text{unit 2} \end{matrix} \qquad\quad b = (b_1, b_2) $$
#
# For one example, $z = W x + b$ holds both scores. For a batch, whose examples are the rows of `X`, it is
#
# $$ Z = X W^\top + b \qquad\text{with the shapes}\qquad (n, \text{out}) = (n, \text{in})\,(\text{in}, \text{out}) + (\text{out},), $$
#
# and NumPy adds `b` to each row. Column $j$ of $Z$ is what unit $j$ makes of every example.
# Other texts put examples in columns, or store $W$ as (in, out). Beware of square matrices: with a 2 by 2 $W$, a forgotten `.T` raises no error, and the numbers are wrong.

# %%
W = np.array([[-1.0, -1.0], [1.0, 0.0], [0.0, 1.0]])  # three units: NOR, "x1 is on", "x2 is on"
b = np.array([0.5, -0.5, -0.5])
H = step(xor.X @ W.T + b)
print(f"X has shape {xor.X.shape}, W {W.shape}, b {b.shape}, H {H.shape}")
print(H)

# %% [markdown]
# Each row of `H` is a corner, each column a unit: the first one fires for $(0,0)$ only.
#
# ## Exercise 3: three neurons that make XOR
#
# Write the weights down. OR and NAND are one way, not the only one. The unit behind them gets *their* answers as its inputs.

# %% exercise: xor_network
def xor_network():
    """A network of two hidden units and one output unit, all with step, that computes XOR.

    Returns four float64 arrays (W1, b1, W2, b2):
    W1 (2, 2), one hidden unit in each row, and b1 (2,);  W2 (1, 2) and b2 (1,) of the output.
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
with check("the lamp is on when exactly one switch is up"):
    check.close(_output([(0, 1), (1, 0)]), [1, 1])
with check("the lamp is off when both are down and when both are up"):
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
# You have all three gates from exercise 2. Which two go into the hidden layer, and which one behind it?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# The first row of `W1` are OR's weights, the second NAND's; `b1` holds their two biases in the same order. The output layer has one unit, so `W2` has one row: mind the double brackets.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# OR is `[1.0, 1.0]` with -0.5, NAND is `[-1.0, -1.0]` with 1.5: they make `W1` and `b1`. AND is `[1.0, 1.0]` with -1.5: as a layer of one unit its weights are `np.array([[…, …]])` and its bias is `np.array([…])`.
# </details>

# %% [markdown]
# ## What the output unit sees
#
# Two lines over the plane, and yet the region in between is found: how?
# Take the output unit's point of view. It has never seen a switch. Its world is the **hidden space**, with the answers of the two hidden units as coordinates.
#
# **Predict:** where in that world do the four corners lie?

# %%
with plots.figure("Left: the plane with your two hidden lines and the region in which your network "
                  "says 1. Right: the four corners in hidden space, two of them on one point, and "
                  "the line of the output unit, which parts the labels.",
                  columns=2) as (plane, inside):
    W1, b1, W2, b2 = xor_network()
    plots.decision_boundary(lambda grid: step(step(grid @ W1.T + b1) @ W2.T + b2), xor.X, xor.y,
                            title="In the plane: what your network says",
                            xlabel="x1", ylabel="x2", labels=lamp, ax=plane)
    plots.hidden_space(step(xor.X @ W1.T + b1), xor.y, w=W2[0], b=b2[0], labels=lamp,
                       title="In hidden space: one line is enough", ax=inside)
    inside.set(xlim=(-0.4, 1.4), ylim=(-0.4, 1.4))

# %% [markdown]
# Two of the four corners have fallen onto one point. Which two depends on your weights, but they always share their label.
# The hidden layer has *folded* the plane, and in the folded plane a line will do.
#
# > A hidden layer does not draw the answer. It moves the examples to where a line can draw it.
#
# That is what hidden layers do in every network of this course, with more units and softer folds.

# %% [markdown]
# ## Exercise 4: any two layers
#
# Now for networks of any size. The function that each hidden unit applies to its score is called the **activation function**; until here it was `step`, from now on it is an argument.
# The output layer stays *linear*: it returns its scores as they are. Whoever wants labels puts `step` around them, and in lesson 3 something better will stand there.

# %% exercise: two_layer_forward
def two_layer_forward(X, W1, b1, W2, b2, act):
    """The scores of a network with one hidden layer, for a batch.

    X: (n, d) examples.
    W1: (h, d), b1: (h,)  the hidden layer, whose units apply act to their scores.
    W2: (out, h), b2: (out,)  the output layer, which applies nothing.
    act: a function that takes an array and returns a new one, entry by entry.
    Returns float64 of shape (n, out).

    Hidden: act(X W1ᵀ + b1), shape (n, h).  Output: hidden W2ᵀ + b2.
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
with check("returns a row for each example, a column for each output"):
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


with check("applies act to the hidden layer, not to the input or the output"):
    rng = np.random.default_rng(42)
    X, W1, W2 = rng.normal(size=(7, 5)), rng.normal(size=(3, 5)), rng.normal(size=(4, 3))
    for act in (_bent, np.tanh):
        check.close(check.call(two_layer_forward, X, W1, np.zeros(3), W2, np.zeros(4), act),
                    _loop(X, W1, np.zeros(3), W2, np.zeros(4), act))
with check("has units in rows, also when all sizes are equal"):
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
with check("works on lists and whole numbers, and returns float64"):
    X, W1, W2 = [[1, 2], [3, -4]], [[1, 0], [2, 1], [0, 3]], [[1, -2, 3]]
    got = check.call(two_layer_forward, X, W1, [0, 0, 0], W2, [0], np.copy)
    check.floats(got, (2, 1))
    check.close(got, [[11.0], [-37.0]])
    check.close(check.call(two_layer_forward, X, W1, [0, 1, 0], W2, [0], np.tanh),
                _loop(np.array(X), np.array(W1), [0, 1, 0], W2, [0], np.tanh))
with check("reads any memory order, and leaves its input as it was"):
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
# It is the same line of code twice, with `act` around the first. Write the shape of every piece beside it.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `X @ W1.T + b1` are the scores of the hidden layer, shape `(n, h)`. What `act` makes of them is the input of the second layer, in the place of `X`.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Make float arrays of all five. `hidden = act(X @ W1.T + b1)`; then return `hidden` through the second layer in the same way, with `W2.T` and `b2` and without `act`.
# </details>

# %%
with unfinished():
    scores = two_layer_forward(xor.X, *xor_network(), step)
    for corner, score, label in zip(xor.X, scores, xor.y):
        print(f"{corner}  score {score[0]:+.2f}  says {step(score[0]):.0f}  XOR {label}")

# %% [markdown]
# ### Play: fold the square
#
# On the left are the switches with two hidden lines, on the right the hidden space with the line of the output unit.
# Drag the lines or use the sliders. Every point on the right was put there by *your* `two_layer_forward`.
#
# *The question to answer:* which pairs of hidden lines make XOR possible for the output unit? And which do so without an activation?
#
# Three things to try:
#
# 1. OR and NAND: line 1 at 45° with offset −0.35, line 2 at −135° with offset −0.35. Watch $(0,1)$ and $(1,0)$ meet.
# 2. Another pair, which folds elsewhere: line 1 at −45° with offset 0.35, line 2 at 135° with offset 0.35. What does the output unit have to be now?
# 3. Set the activation to *none*. Turn whatever you like, and watch the two coloured diagonals on the right.

# %%
fold = XorFold(two_layer_forward)
fold

# %% [markdown]
# With an activation there are many pairs that work. Each makes two corners with the same label meet, or come close, and brings the crossed diagonals apart.
# With *none*, the square stays a parallelogram: stretched, turned or squashed flat, but its diagonals cross in the middle, as in the proof above.

# %% [markdown]
# ## Without a bend, nothing is gained
#
# Start with single numbers: a first layer $2x + 1$, and behind it a second layer $3z + 4$. Together:
#
# $$ 3\,(2x + 1) + 4 = 6x + 7. $$
#
# That is *one* layer. The weights multiply, the second bias is added, and the first bias comes through the second weight: $3 \cdot 1 + 4 = 7$.
#
# With matrices it is the same, and the order matters. For one example $x$,
#
# $$ W_2\,(W_1 x + b_1) + b_2 = \underbrace{W_2 W_1}_{W}\, x + \underbrace{W_2 b_1 + b_2}_{b}, $$
#
# and for a batch, with everything transposed,
#
# $$ (X W_1^\top + b_1)\,W_2^\top + b_2 = X\,(W_2 W_1)^\top + (W_2 b_1 + b_2), $$
#
# since $W_1^\top W_2^\top = (W_2 W_1)^\top$, and the row $b_1 W_2^\top$ holds the same numbers as $W_2 b_1$.
# Whatever the hidden layer's width, the two layers are one. With three layers collapse the last two first, then collapse again: a hundred layers without an activation are one.
#
# A map $x \mapsto Wx + b$ is called *affine*, or *linear* when $b = 0$. In the talk of the trade, "linear layer" means the affine one.
#
# ## Exercise 5: collapse two layers into one

# %% exercise: collapse_affine
def collapse_affine(W1, b1, W2, b2):
    """The one layer that does what two layers without activation do.

    W1: (h, d), b1: (h,)  the first layer.  W2: (out, h), b2: (out,)  the second.
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
with check("the weight of 2x + 1 followed by 3z + 4 is 6"):
    check.close(_answer(SMALL)[0], [[6.0]])
with check("the bias of 2x + 1 followed by 3z + 4 is 7"):
    check.close(_answer(SMALL)[1], [7.0])
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
        check.close(X @ np.asarray(W).T + b, (X @ W1.T + b1) @ W2.T + b2)
with check("works on lists and whole numbers, and returns float64"):
    layers = [[1, 2], [0, -1], [3, 1]], [1, -1, 2], [[2, 0, 1], [1, 1, 1]], [5, -5]
    W, b = _answer(layers)
    check.floats(W, (2, 2))
    check.floats(b, (2,))
    check.close((W, b), _collapse(*layers), names=NAMES)
with check("reads any memory order, and gives back new arrays"):
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
# Matrices multiply with `@`, and so does a matrix with a vector. In which order do `W1` of shape `(h, d)` and `W2` of shape `(out, h)` fit together?
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Make float arrays of all four. The weights are `W2 @ W1`, the second layer on the left. The first bias goes through the second layer's weights before `b2` is added to it. Return both.
# </details>

# %% [markdown]
# **Predict:** a first layer of 1000 units, a second with one. How many numbers are in the two layers, and how many are left after the collapse?

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
# And here is the bend at work. Both pictures below have the *same* 16 hidden units, with random weights, and an output unit that does its best with them (its weights come from least squares).
# **Predict** the border in each of them.

# %%
with plots.figure("A ring of points around a smaller ring, twice. Without activation the border is "
                  "a straight line and about half of the points are on the wrong side; with tanh "
                  "it is a closed curve between the rings.", columns=2) as (straight, curved):
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
# So this is what an activation is for. Not, in the first place, to press numbers into a range, and not to imitate a nerve cell: it keeps two layers from being one.
# A straight one will not do: $\mathrm{act}(z) = 2z + 1$ is one more affine layer, and collapses with the rest.
#
# What collapses is what the network can *compute*. How a stack of linear layers learns is a question of its own, and is studied; but whatever it learns is affine.

# %% [markdown]
# ## Enough is not the same as found
#
# Two hidden units are enough for XOR: you wrote down their weights. Would a machine find them by itself?
#
# The cell below trains networks on XOR, each from 100 random starts, with 1, 2, 3, 4 and 8 hidden units.
# *How* it trains is lesson 4, so don't stop at its lines: here we only count how many of the hundred get all four corners right in the end.

# %%
ACTIVATIONS = {  # the function, and its slope, which the training needs
    "tanh": (np.tanh, lambda Z: 1 - np.tanh(Z) ** 2),
    "ReLU": (lambda Z: np.maximum(Z, 0.0), lambda Z: (Z > 0) * 1.0),
    "no activation": (lambda Z: Z, np.ones_like)}


def solved(width, act, slope, epochs=500, lr=1.0):
    """How many of 100 networks with this many hidden units have learned XOR."""
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
# **Predict:** with how many hidden units do nearly all of them succeed? And how many succeed without an activation?

# %%
with plots.figure("Successes out of 100 against the number of hidden units. Without activation the "
                  "curve stays at zero. With one unit nobody succeeds, with two some do, with "
                  "eight nearly all; tanh is ahead of ReLU.", size=(6.8, 4.2)) as ax:
    widths = np.array([1, 2, 3, 4, 8])
    counts = {name: [solved(width, *pair) for width in widths]
              for name, pair in ACTIVATIONS.items()}
    plots.curves(widths, counts, xlabel="hidden units", ylabel="successes out of 100", ax=ax,
                 title=f"Two tanh units suffice; {counts['tanh'][1]} of 100 starts find XOR")
    ax.set(xticks=widths, ylim=(-4, 104))

for name, row in counts.items():
    print(f"{name:13s}", *(f"{n} units: {count:3d}" for n, count in zip(widths, row)), sep="   ")

# %% [markdown]
# Three things to see:
#
# - **Without an activation, nobody, at any width.** That is no bad luck, it is the proof above: the network is one line.
# - **With one hidden unit, nobody either.** The output unit gets a single number. tanh and ReLU never fall, so this number only grows in one direction of the plane, and a threshold on it is a line again.
# - **Two units can do it, and many starts don't find it.** A network with more units than it needs has more ways to the goal.
#
# The counts belong to these starts, this learning rate and 500 epochs; others give others. Why ReLU gets stuck more often than tanh here is a matter for lesson 5.

# %% [markdown]
# ## The other way out: bend the data yourself
#
# There is a way without a hidden layer. Give the neuron a third feature, the product $x_1 x_2$.
# At the corners it is 0, 0, 0 and 1: it sees the very case in which OR goes wrong. Now
#
# $$ z = x_1 + x_2 - 3\,x_1 x_2 - 0.5 \qquad\text{is}\qquad -0.5,\ \ 0.5,\ \ 0.5,\ \ -1.5, $$
#
# and `step(z)` is XOR. One neuron, no hidden layer, and everything of lesson 1 applies: the rule, the bound, the promise.
#
# ## Exercise 6: one feature more

# %% exercise: add_product_feature
def add_product_feature(X):
    """The examples with a third feature, the product of the first two.

    X: (n, 2) examples.
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
with check("each row has its own product, whatever the signs"):
    X = np.array([[2.0, 3.0], [-4.0, 0.5], [-1.5, -2.0]])
    check.close(check.call(add_product_feature, X), [[2, 3, 6], [-4, 0.5, -2], [-1.5, -2, 3]])
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
with check("works on lists and whole numbers, and returns float64"):
    got = check.call(add_product_feature, [[3, 4], [-2, 5]])
    check.floats(got, (2, 3))
    check.close(got, [[3, 4, 12], [-2, 5, -10]])
    check.floats(check.call(add_product_feature, np.array([[3, 4], [-2, 5], [0, 1]])), (3, 3))
with check("reads any memory order"):
    X = np.asfortranarray(np.random.default_rng(63).normal(size=(10, 4)))[::2, ::-2]
    check.close(check.call(add_product_feature, X), _by_rows(X))
with check("leaves its input as it was, and gives back a new array"):
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
# `np.column_stack` puts columns side by side; it takes a matrix and a vector in one list.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# First `X = np.asarray(X, dtype=float)`. Then stack two things, in this order: `X` itself, and the entry-by-entry product of its two columns (with `*`, not `@`, which would add everything up).
# </details>

# %%
with plots.figure("Left: with the sum of the inputs across and their product upwards, the lamp-on "
                  "corners lie together at (1, 0) and a rising line parts them from the other two. "
                  "Right: in the plane of the inputs the same border is a curve with two branches.",
                  columns=2) as (lifted, plane):
    w, b = np.array([1.0, 1.0, -3.0]), -0.5
    F = add_product_feature(xor.X)
    view = np.column_stack([F[:, 0] + F[:, 1], F[:, 2]])
    plots.points(view, xor.y, names=("x1 + x2", "x1 · x2"), labels=lamp, ax=lifted)
    lifted.annotate("2 points", (1, 0), (9, 7), textcoords="offset points")
    plots.line((1.0, -3.0), b, ax=lifted)
    lifted.set_title("With the product as a feature: a line")
    plots.decision_boundary(lambda grid: step(add_product_feature(grid) @ w + b), xor.X, xor.y,
                            title="The same border in the plane: a curve", xlabel="x1",
                            ylabel="x2", labels=lamp, ax=plane)

# %%
with unfinished():
    print("XOR:                 ", perceptron_cycle(xor.X, xor.y))
    print("XOR with the product:", perceptron_cycle(add_product_feature(xor.X), xor.y))

# %% [markdown]
# `None`: with the third feature there is a plane between the classes, so the promise of lesson 1 holds, and the perceptron finds its way to rest.
#
# This trick has a big brother. More products mean more features, and the machine stays linear in them.
# A perceptron adds and takes away examples, so all that it ever needs of the features are *dot products* between examples.
# With a constant, the features themselves, their squares and all products of pairs, each with a fixed factor, this dot product is a short formula, $k(x, x') = (1 + x \cdot x')^2$: not one feature has to be written down.
# Such a $k$ is called a **kernel**, and machines built on kernels were among the best of the 1990s.

# %% [markdown]
# ### So why hidden layers?
#
# Because somebody has to know *which* feature to make.
# Take XOR's square, put its middle at the origin and turn it by 45 degrees. It is the same problem, seen at another angle.
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
# The product is 0 everywhere: worthless. The two hidden units only had to turn their lines, and turning lines is what learning can do.
#
# - A **hand-made feature** is cheap, clear, and needs few examples: when you know what matters (an area is a length times a width), make it.
# - But you have to know. With $d$ features there are $d(d-1)/2$ products of pairs, 2016 for the 64 pixels of a small picture, and the one that matters may be made of more than two.
# - A **learned feature** fits itself to the data. That takes more examples and more computing, and a way to learn it, which we don't have yet.

# %% [markdown]
# ## A fair piece of history
#
# It is often told that in 1969 Marvin Minsky and Seymour Papert showed that neural networks can't do XOR, and that nobody knew better.
#
# What they proved in their book *Perceptrons* is about machines with *one* layer that learns, behind features that are fixed.
# For instance: to tell whether the number of ones among many inputs is odd, such a machine needs a feature that looks at all of them at once. With two inputs, that is XOR and the product. The theorems stand.
#
# That more layers compute more was known, to them too. McCulloch and Pitts had built logic from threshold neurons in 1943, and Rosenblatt worked with machines of several layers.
# What was missing was a way to *train* them. The perceptron rule tells an output unit what it should have said; nobody tells a hidden unit. And `step` is flat, so no slope shows the way.
# Minsky and Papert did not expect much of such machines. They called this their intuitive judgement, and a question for research to clear up.
#
# Research did: with smooth activations and the chain rule, hidden layers can be trained. David Rumelhart, Geoffrey Hinton and Ronald Williams made that widely known in 1986; others had found parts of it before.
# That is lesson 4. How far the book was to blame for the quiet years in between is disputed among historians.

# %% [markdown]
# ## Check your understanding
#
# Five questions with one right answer each. Return its letter.

# %% [markdown]
# **Question 1.** You train a perceptron from zero weights. After 1000 epochs it still makes mistakes. What would *prove* that no line exists?
#
# - **a**  Nothing more is needed: a thousand epochs are enough for any data that a line can part.
# - **b**  The last two epochs had the same number of mistakes.
# - **c**  At the ends of two epochs, $w$ and $b$ were exactly the same.
# - **d**  A smaller learning rate does not help either.

# %% exercise: quiz_proof
def quiz_proof():
    """The letter of your answer to question 1, for example return "a"."""
    ### BEGIN SOLUTION
    return "c"
    ### END SOLUTION

# %% tests: quiz_proof, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_proof())
### BEGIN HIDDEN TESTS
with check("what proves that no line exists"):
    check.letter(quiz_proof(), right="c", why={
        "a": "The bound on the mistakes is (R/gamma)^2, and a narrow gap makes it as large as you "
             "like: a thousand epochs may be too few.",
        "b": "Two epochs can make equally many mistakes with different weights, and the next one "
             "fewer. What has to come back for everything to repeat?",
        "c": "An epoch depends only on the w and b that it starts from, so the same mistakes "
             "will repeat forever; if a line existed, they would end.",
        "d": "From a zero start the learning rate only scales w and b: every prediction stays the "
             "same, so another rate tells nothing new."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 2.** A unit with `step` has the weights $w = (1, 1)$. For which biases is it an OR gate at the four corners?
#
# - **a**  $-1 \le b < 0$
# - **b**  $-2 \le b < -1$
# - **c**  $0 < b \le 1$
# - **d**  for every $b < 0$

# %% exercise: quiz_gate
def quiz_gate():
    """The letter of your answer to question 2, for example return "a"."""
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
        "b": "With these the sums 0 and 1 stay below zero and only 2 fires: that is AND.",
        "c": "That is where the threshold lies. The bias is the threshold with its sign turned; "
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
# - **d**  Without them all the layers together compute no more than one layer does.

# %% exercise: quiz_activation
def quiz_activation():
    """The letter of your answer to question 3, for example return "a"."""
    ### BEGIN SOLUTION
    return "d"
    ### END SOLUTION

# %% tests: quiz_activation, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_activation())
### BEGIN HIDDEN TESTS
with check("what activations are for"):
    check.letter(quiz_activation(), right="d", why={
        "a": "Some do, at the output, where it is useful. Between layers it is not needed: ReLU "
             "has no upper end and is the most common one.",
        "b": "Preventing that is not what they are there for. Some of them, such as the sigmoid, "
             "are a cause of vanishing gradients, as lesson 6 shows.",
        "c": "That is where the idea came from, not why it is needed: tanh has no threshold and "
             "works.",
        "d": "Layers without an activation between them collapse into a single layer, however "
             "many there are."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 4.** In a network of ten layers with 500 units each, every layer uses $\mathrm{act}(z) = 2z + 1$. Which functions can it compute?
#
# - **a**  Curved ones too, since $2z + 1$ is not the identity.
# - **b**  Those of the form $Wx + b$, and no others.
# - **c**  Polynomials up to degree 10.
# - **d**  With so many units, practically all.

# %% exercise: quiz_affine
def quiz_affine():
    """The letter of your answer to question 4, for example return "a"."""
    ### BEGIN SOLUTION
    return "b"
    ### END SOLUTION

# %% tests: quiz_affine, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_affine())
### BEGIN HIDDEN TESTS
with check("what an affine activation adds"):
    check.letter(quiz_affine(), right="b", why={
        "a": "Not every function other than the identity bends: 2z + 1 is an affine layer itself. "
             "Collapse it with the layer before it.",
        "b": "The activation is affine, and affine layers in a row collapse into a single one.",
        "c": "Degrees grow when inputs are multiplied with each other. Here they are only "
             "multiplied with weights and added up.",
        "d": "Width does not help: a layer with 1000 units collapsed into three numbers above."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 5.** In some network, two examples with *different* labels land on exactly the same point of hidden space. What follows?
#
# - **a**  Whatever comes after this hidden layer can't tell them apart.
# - **b**  The output layer needs an activation as well.
# - **c**  Another line of the output unit may still part them.
# - **d**  The output layer has to be trained longer.

# %% exercise: quiz_merged
def quiz_merged():
    """The letter of your answer to question 5, for example return "a"."""
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
        "c": "A line has each point on one side only, and for the output unit these two examples "
             "are one point.",
        "d": "The output layer gets the same numbers for both, so it answers the same for both, "
             "whatever its weights. It is the hidden layer that has to change."})
### END HIDDEN TESTS

# %% [markdown]
# ## In an interview
#
# *What would happen if you removed all activation functions from a deep network, and why are they necessary?*
#
# Answer in the cell below, in five to eight sentences.
# Show with a short derivation what happens, say what such a network can and can't do, with an example, and say which property an activation must have and what the hidden layers gain from it.
# A teacher reads this answer; 3 points.

# %% answer: interview_activations, 3 points [markdown]
# Without activations each layer computes Wx + b, and one such map after another is again one: W2(W1 x + b1) + b2 = (W2 W1)x + (W2 b1 + b2).
# The same step can be repeated, so a network of any depth and width equals a single layer.
# Such a network can only draw straight boundaries (or fit a plane, if it predicts a number); a softmax or sigmoid at the output turns it into logistic regression, whose boundaries are still straight.
# XOR is the smallest example that it can't do: no line has (0,1) and (1,0) on one side and (0,0) and (1,1) on the other.
# So the activations between the layers have to be non-linear, and more precisely not affine: act(z) = 2z + 1 would collapse in the same way.
# With a bend, the hidden layer can move the examples to where a line parts them: for XOR, OR and NAND units put (0,1) and (1,0) on one point.
# These features are learned from the data, which is what hidden layers are for.
#
# ### BEGIN MARK SCHEME
# One point for each, half points where it is incomplete:
#
# 1. **Collapse:** a composition of affine layers is one affine layer, with a reason (W2 W1 and W2 b1 + b2, or the equivalent in words), for any number of layers.
# 2. **Consequence:** such a network has straight boundaries only (or is linear or logistic regression), and neither depth nor width helps, with an example that it can't do (XOR, rings, moons).
# 3. **Remedy:** the activations in the hidden layers must be non-linear (not affine), so that hidden layers can build features, or move the examples, for a linear output to use.
#
# Disqualifying for its point: "the network could no longer be trained" or "the gradients would vanish" as what happens (1); "more layers or units would make up for it" (2); "their purpose is to keep values between 0 and 1", or any linear function offered as a remedy (3).
# ### END MARK SCHEME

# %% [markdown]
# ## What to remember
#
# > - XOR has no line: its diagonals cross. A state $(w, b)$ of the perceptron that comes back proves such a thing by machine.
# > - OR and NAND, and AND behind them: two hidden units and one output unit compute XOR.
# > - A layer is $Z = X W^\top + b$ with `W` of shape (out, in): a row is a unit, a column of `Z` is what it says.
# > - A hidden layer moves the examples to where a line can part them.
# > - Affine layers without a non-linear activation collapse: $W = W_2 W_1$, $b = W_2 b_1 + b_2$. That is what activations are for.
# > - A feature made by hand can do the same, if you know which one. That enough units exist does not mean that training finds their weights.
#
# **Next:** [lesson 3, the forward pass](../03_forward_pass/03_forward_pass.ipynb): networks of many layers, outputs that can be read as probabilities, and one number that says how wrong they are.
# **Back:** [lesson 1, the perceptron](../01_perceptron/01_perceptron.ipynb).
#
# *Sources.* W. McCulloch and W. Pitts, "A logical calculus of the ideas immanent in nervous activity" (1943). F. Rosenblatt, "Principles of Neurodynamics" (1962). M. Minsky and S. Papert, "Perceptrons" (1969); section 13.2 is on several layers. H. D. Block and S. A. Levin, "On the boundedness of an iterative procedure for solving a system of linear inequalities", Proceedings of the AMS 26 (1970). D. Rumelhart, G. Hinton and R. Williams, "Learning representations by back-propagating errors", Nature 323 (1986). M. Olazaran, "A sociological study of the official history of the perceptrons controversy", Social Studies of Science 26 (1996).

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

HandIn("02_xor")
