# %% [markdown]
# # 1 · The perceptron
#
# A botanist glances at a flower and says: *setosa*, not *versicolor*.
# Ask how, and you may hear: "the petals are short".
# Can a machine that knows nothing of flowers find such a rule by itself, from examples alone?
# And can anybody promise, *before* it starts, how many mistakes it will make on the way?
#
# In 1958 Frank Rosenblatt gave a machine a rule of one line, and four years later Albert Novikoff proved the promise.
# In this lesson you build that machine, watch it learn, and measure how good the promise is.
#
# **You will build**, from nothing but NumPy:
# `step` → `perceptron_predict` → `boundary_x2` → `perceptron_update` → `perceptron_fit` → `margin`
#
# **Time:** about 75 minutes. **You need:** Python functions and loops, NumPy arrays, the dot product.
#
# **How to work.** Run the cells from top to bottom with <kbd>Shift</kbd>+<kbd>Enter</kbd>.
# Where a cell says `# YOUR CODE HERE`, replace that line and the `raise` below it.
# The cell after it tests your function and tells you what it found; run it as often as you like.
# Hints are folded away below each exercise, from a nudge to nearly everything.
# You may call what you built before; but each exercise is marked by itself, so if an earlier function is wrong, those that call it are wrong as well.
# Before you run a cell that draws something, guess what you will see: a wrong guess teaches most.

# %% given: imports
import numpy as np

from utils import data, plots
from utils.widgets import PerceptronExplorer

# %% [markdown]
# ## The words and symbols of this course
#
# | symbol | shape | what it is |
# |---|---|---|
# | `x` | `(d,)` | one example: `d` numbers, its *features* |
# | `X` | `(n, d)` | a *batch*: `n` examples, one in each row |
# | `y` | `(n,)` | the labels, one whole number for each example; here 0 or 1 |
# | `w`, `b` | `(d,)`, one number | the weights and the bias of one unit |
# | `z` | as its input | the weighted sum $w \cdot x + b$, before anything else happens to it |
# | `lr` | one number | the learning rate, $\eta$ in formulas |
#
# - Numbers are `float64`. A function takes whatever can be read as numbers (lists, integers, a batch of one) and returns new arrays: it never changes what it was given.
# - A layer of many units, from lesson 2 on, keeps its weights in `W` of shape `(out, in)`, one row for each unit, and computes `Z = X @ W.T + b`.
#   That is how PyTorch stores them; other texts put examples in columns, or store `(in, out)`. Check before you copy a formula.
# - Anything random gets its numbers from a generator `rng` that is passed in, so that every run can be repeated.

# %% [markdown]
# ## A neuron, twice
#
# A nerve cell collects signals through branches called *dendrites*.
# In the cell body they add up, some pushing towards a reaction, some against it.
# When the sum passes a *threshold*, the cell fires: one pulse runs down its *axon* to the cells behind it.
#
# The artificial neuron keeps four of these ideas and drops the rest.
#
# | nerve cell | artificial neuron |
# |---|---|
# | signals arriving at the dendrites | the features $x_1, \dots, x_d$ |
# | how strongly each connection counts, for or against | the weights $w_1, \dots, w_d$ |
# | adding up in the cell body | $w \cdot x = w_1 x_1 + \dots + w_d x_d$ |
# | firing above a threshold $\theta$ | output 1 if $w \cdot x \ge \theta$, else 0 |
#
# It is an analogy and no more: a nerve cell's pulses have timing, its connections have chemistry, and nobody has found the learning rule below in a brain.
# What matters is that the right-hand column can be computed.
#
# **From threshold to bias.** Comparing with $\theta$ is the same as comparing $w \cdot x - \theta$ with zero.
# Call $b = -\theta$ the *bias*, and the neuron becomes
#
# $$ z = w \cdot x + b, \qquad \hat y = \mathrm{step}(z) = \begin{cases} 1 & z \ge 0 \\ 0 & z < 0. \end{cases} $$
#
# A large positive bias fires easily, a large negative one hardly ever.
# Some books write $w_0$ for the bias and give every example a feature $x_0 = 1$ that never changes.
# That is the same neuron, and we shall use the trick in a proof below.

# %%
with plots.figure("Three circles on the left, two features and a constant one, send arrows with "
                  "the weights minus 0.5, minus 1 and the bias 2 to one unit on the right.",
                  size=(5.6, 3.0)) as ax:
    plots.network([3, 1], labels=[["x₁", "x₂", "1"], ["ŷ"]], weights=[np.array([[-0.5, -1.0, 2.0]])],
                  title="One unit: weights on the inputs, the bias on a constant 1", ax=ax)

# %% [markdown]
# **By hand, once.** Take $w = (-0.5, -1)$, $b = 2$ and a flower whose petals are 1.4 cm long and 0.2 cm wide:
#
# $$ z = -0.5 \cdot 1.4 - 1 \cdot 0.2 + 2 = 1.1 \ge 0 \quad\Rightarrow\quad \hat y = 1. $$
#
# For petals of 4.7 cm and 1.4 cm, $z = -2.35 - 1.4 + 2 = -1.75$, and $\hat y = 0$.
# Short petals fire this neuron, long ones do not.

# %% [markdown]
# ## Exercise 1: the step function
#
# The last act of the neuron comes first, since it is the shortest.
# It has to work on one number and on a whole array of them, whatever its shape.

# %% exercise: step
def step(z):
    """Fire or not: 1.0 where z >= 0, else 0.0.

    z: a number, or an array (or list) of any shape.
    Returns float64 of the same shape; a float for a number.

    step([-2.0, 0.0, 3.0]) gives array([0., 1., 1.])
    """
    ### BEGIN SOLUTION
    return np.where(np.asarray(z) >= 0, 1.0, 0.0)
    ### END SOLUTION

# %% tests: step, 2 points
import numpy as np

with check("is 0 below zero and 1 from zero on"):
    check.close(check.call(step, np.array([-2.0, -0.5, 0.0, 0.5, 2.0])), [0, 0, 1, 1, 1])
with check("keeps the shape of its input"):
    check.close(check.call(step, np.array([[1.0, -1.0, 0.0], [-3.0, 4.0, -5.0]])),
                [[1, 0, 1], [0, 1, 0]])
### BEGIN HIDDEN TESTS
with check("switches exactly at zero, not near it"):
    check.close(check.call(step, np.array([-1e-12, -0.0, 1e-12, 0.3, 0.5, 1000.0, -1000.0])),
                [0, 1, 1, 1, 1, 1, 0])
with check("returns float64, from integers too"):
    check.floats(check.call(step, np.array([[-1.5], [2.5]])), (2, 1))
    check.floats(check.call(step, np.array([-1, 0, 7])), (3,))
with check("works on a list, on one number, and on nothing at all"):
    check.close(check.call(step, [3, -4, 0]), [1, 0, 1])
    check.close(check.call(step, -0.25), 0.0)
    check.close(check.call(step, 0), 1.0)
    check.close(check.call(step, np.zeros((0, 3))), np.zeros((0, 3)))
with check("agrees with a loop on random numbers, read in strides"):
    z = np.random.default_rng(11).normal(size=(8, 9))[::2, ::-3]
    expected = np.array([[1.0 if value >= 0 else 0.0 for value in row] for row in z])
    check.close(check.call(step, z), expected)
with check("leaves its input as it was"):
    check.unchanged(step, np.array([-1.0, 0.0, 2.0]))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# A comparison such as `z >= 0` works on a whole array at once. What does it return, and of which type?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# You need numbers, not `True` and `False`: look at `np.where(condition, this, that)`, or at what happens when you multiply a boolean array by a float.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# A list can't be compared with 0, so make it an array first: `z = np.asarray(z)`. Then choose `1.0` where `z >= 0` and `0.0` elsewhere, in one call of `np.where`.
# </details>

# %%
with plots.figure("The step function: 0 for every negative z, and 1 from z = 0 on.") as ax:
    z = np.linspace(-3, 3, 601)
    plots.curves(z, {"step(z)": step(z)}, title="Your step jumps at zero and is flat elsewhere",
                 xlabel="z", ylabel="step(z)", ax=ax)

# %% [markdown]
# Keep the two flat parts in mind: nudge $z$ a little and, nearly everywhere, *nothing* happens to the output.
# From lesson 4 on this will matter a great deal, because there learning follows slopes, and this function has none.

# %% [markdown]
# ## Exercise 2: predict a whole batch
#
# One flower is one row. A hundred flowers are a matrix `X` of shape `(100, 2)`, and the hundred sums $z$ are one product: `X @ w + b`.
# Whatever you can say for a batch, say for a batch: it is shorter to read and runs far faster than a loop in Python.

# %% exercise: perceptron_predict
def perceptron_predict(X, w, b):
    """The perceptron's labels for a batch: step(w·x + b) for every row x of X.

    X: (n, d) examples.  w: (d,) weights.  b: one number, the bias.
    Returns float64 labels of shape (n,), each 0.0 or 1.0.
    """
    ### BEGIN SOLUTION
    z = np.asarray(X, dtype=float) @ np.asarray(w, dtype=float) + b
    return np.where(z >= 0, 1.0, 0.0)
    ### END SOLUTION

# %% tests: perceptron_predict, 3 points
import numpy as np

with check("labels the two flowers that you did by hand"):
    X = np.array([[1.4, 0.2], [4.7, 1.4]])
    check.close(check.call(perceptron_predict, X, np.array([-0.5, -1.0]), 2.0), [1, 0])
with check("returns one label for each example"):
    rng = np.random.default_rng(21)
    X, w = rng.normal(size=(7, 5)), rng.normal(size=5)
    check.close(check.call(perceptron_predict, X, w, 0.3),
                [1.0 if sum(x * w) + 0.3 >= 0 else 0.0 for x in X])
### BEGIN HIDDEN TESTS
with check("uses the bias"):
    rng = np.random.default_rng(22)
    X, w = rng.normal(size=(7, 5)), rng.normal(size=5)
    for b in (-50.0, -0.7, 0.7, 50.0):
        check.close(check.call(perceptron_predict, X, w, b),
                    [1.0 if sum(x * w) + b >= 0 else 0.0 for x in X])
with check("is right when there are as many examples as features"):
    rng = np.random.default_rng(23)
    X, w = rng.normal(size=(4, 4)), rng.normal(size=4)
    check.close(check.call(perceptron_predict, X, w, -0.2),
                [1.0 if sum(x * w) - 0.2 >= 0 else 0.0 for x in X])
with check("counts an example on the line as 1, and one just below it as 0"):
    X = np.array([[1, 2], [2, 1], [3, 3], [0, 0]])
    check.close(check.call(perceptron_predict, X, np.array([1, 1]), -3), [1, 1, 1, 0])
    X = np.array([[1.0, 0.0], [1.0, -(2.0**-40)], [1.0, 2.0**-40]])
    check.close(check.call(perceptron_predict, X, np.array([1.0, 1.0]), -1.0), [1, 0, 1])
with check("works on a batch of one, on none, and on lists"):
    check.close(check.call(perceptron_predict, np.array([[2.0, -1.0, 0.5]]),
                           np.array([1.0, 1.0, 1.0]), -2.0), [0])
    check.close(check.call(perceptron_predict, np.zeros((0, 3)), np.ones(3), 1.0), [])
    check.close(check.call(perceptron_predict, [[0, 1], [5, -9]], [2, 1], 1), [1, 1])
with check("returns float64 labels of shape (n,)"):
    check.floats(check.call(perceptron_predict, np.array([[1, -2], [3, 4], [0, 1]]),
                            np.array([1, 1]), 0), (3,))
with check("reads its input in any memory order, and leaves it as it was"):
    rng = np.random.default_rng(24)
    X, w = np.asfortranarray(rng.normal(size=(7, 5))), rng.normal(size=10)[::2]
    check.close(check.call(perceptron_predict, X, w, 0.1),
                [1.0 if sum(x * w) + 0.1 >= 0 else 0.0 for x in X])
    check.unchanged(perceptron_predict, X, w, 0.1)
    check.unchanged(perceptron_predict, X.copy(), w.copy(), 0.1)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Write it for one example first: `step(x @ w + b)`. What are the shapes of `X @ w` when `X` is `(n, d)` and `w` is `(d,)`?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `X @ w` already is one weighted sum for each row, shape `(n,)`. The bias is added to all of them at once. Your `step` takes arrays.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Turn `X` and `w` into arrays, compute `z = X @ w + b`, return `step(z)`. The bias belongs inside the step, not after it.
# </details>

# %% [markdown]
# ## A line in the plane
#
# Here are two kinds of iris, 50 flowers each, measured by Edgar Anderson and published by Ronald Fisher in 1936.
# **Before you run the cell:** will one straight line be enough to part them?

# %%
flowers = data.iris().take("petal length (cm)", "petal width (cm)").only("setosa", "versicolor")

with plots.figure("Two clouds of points far apart: setosa with short, narrow petals at the lower "
                  "left, versicolor with long, wide ones at the upper right.") as ax:
    plots.points(flowers.X, flowers.y, names=flowers.features, labels=flowers.classes, ax=ax)
    ax.set_title("Any child could draw the line")

# %% [markdown]
# With two features, $w_1 x_1 + w_2 x_2 + b = 0$ is the equation of a straight line.
# On one side of it $z > 0$ and the neuron fires; on the other $z < 0$.
#
# - The vector $w$ stands at a right angle to the line and points to the side that fires.
# - The bias pushes the line along $w$, away from the origin or towards it.
# - Multiply $w$ and $b$ by 7 and the line stays where it is: only their ratio matters.
#
# Two classes that a line (in more dimensions: a plane or a *hyperplane*) can part without a mistake are called **linearly separable**.
# Those are all that a perceptron can ever learn.

# %% [markdown]
# ## Exercise 3: where is the line?
#
# To draw the line you need its height $x_2$ above each $x_1$. Solve $w_1 x_1 + w_2 x_2 + b = 0$ for $x_2$.

# %% exercise: boundary_x2
def boundary_x2(w, b, x1):
    """The x2 at which w[0]*x1 + w[1]*x2 + b = 0.

    w: (2,) weights with w[1] != 0.  b: one number.
    x1: a number, or an array (or list) of any shape.
    Returns float64 of x1's shape; a float for a number.
    """
    ### BEGIN SOLUTION
    return -(w[0] * np.asarray(x1, dtype=float) + b) / w[1]
    ### END SOLUTION

# %% tests: boundary_x2, 2 points
import numpy as np

with check("lies on the line x1 + 2 x2 - 6 = 0"):
    check.close(check.call(boundary_x2, np.array([1.0, 2.0]), -6.0, np.array([0.0, 2.0, 6.0])),
                [3, 2, 0])
### BEGIN HIDDEN TESTS
with check("makes the weighted sum zero for other weights, too"):
    rng = np.random.default_rng(31)
    for _ in range(5):
        w, b, x1 = rng.normal(size=2), rng.normal(), rng.normal(size=6)
        check.close(check.call(boundary_x2, w, b, x1), [(-b - w[0] * v) / w[1] for v in x1])
with check("keeps the shape of x1: a number, a list, a table, strides"):
    w, b = np.array([3.0, -2.0]), 1.0
    check.close(check.call(boundary_x2, w, b, 5.0), 8.0)
    check.close(check.call(boundary_x2, w, b, [1, 3]), [2.0, 5.0])
    table = np.arange(24.0).reshape(4, 6)[::2, ::3]
    check.close(check.call(boundary_x2, w, b, table), (1.0 + 3.0 * table) / 2.0)
with check("returns float64 for whole numbers"):
    check.floats(check.call(boundary_x2, np.array([1, 2]), 3, np.array([1, 2, 3])), (3,))
    check.floats(check.call(boundary_x2, [1, 2], 3, 4), ())
    check.close(check.call(boundary_x2, [1, 2], 3, 4), -3.5)
with check("leaves its input as it was"):
    check.unchanged(boundary_x2, np.array([1.0, -2.0]), 0.5, np.array([1.0, 2.0]))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Use pencil and paper: bring everything without $x_2$ to the other side, then divide.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# Check a point: with `w = (1, 2)` and `b = -6`, the line meets the $x_2$ axis (where $x_1 = 0$) at 3. Which of `b` and `-b` gives that?
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# $x_2 = -(w_1 x_1 + b) / w_2$. In Python, $w_1$ is `w[0]` and $w_2$ is `w[1]`; make `x1` a float array first so that a list works.
# </details>

# %% [markdown]
# **Predict:** the cell below draws your line for the weights we used by hand, $w = (-0.5, -1)$, $b = 2$. Which flowers will it get wrong, and on which side do they lie?

# %%
with plots.figure("The two clouds with a falling line between them; no flower is ringed as a mistake.") as ax:
    w, b = np.array([-0.5, -1.0]), 2.0
    said = perceptron_predict(flowers.X, w, b)
    is_setosa = 1 - flowers.y  # this neuron fires for short petals, so 1 has to mean setosa
    plots.points(flowers.X, flowers.y, names=flowers.features, labels=flowers.classes,
                 mistakes=said != is_setosa, ax=ax)
    x1 = np.array([0.6, 4.0])
    ax.plot(x1, boundary_x2(w, b, x1), color=plots.LINE)
    ax.set_title(f"A line chosen by hand: {int(np.sum(said != is_setosa))} mistakes")

# %% [markdown]
# ## Learning from a mistake
#
# We chose those weights; now the machine shall find its own.
# Rosenblatt's rule looks at one example at a time:
#
# > If the prediction is right, change nothing. If it is wrong, add the example to the weights, or take it away.
#
# With the error $e = y - \hat y$, which is $+1$ when the neuron should have fired, $-1$ when it should not have, and $0$ when it was right:
#
# $$ w \leftarrow w + \eta\, e\, x, \qquad b \leftarrow b + \eta\, e . $$
#
# **Why this helps.** Suppose the neuron stayed silent though $y = 1$, so $e = 1$. The score of *this same example* after the update is
#
# $$ (w + \eta x) \cdot x + (b + \eta) = \underbrace{w \cdot x + b}_{\text{score before}} + \;\eta\,(\lVert x \rVert^2 + 1), $$
#
# which is larger than before by $\eta\,(\lVert x \rVert^2 + 1) > 0$: a step in the right direction, though perhaps not yet far enough.
# For a false alarm all signs turn around, and the score falls by the same amount.
#
# The bias changes by $\eta e$ and not by $\eta e x$: its input is the constant 1.

# %%
w, b, lr = np.array([0.0, 0.0]), -1.0, 0.5
x, y = np.array([1.0, 2.0]), 1

z = w @ x + b
print(f"before: z = {z:+.1f}, so the neuron says {int(z >= 0)}; the label is {y}")
w, b = w + lr * 1 * x, b + lr * 1
print(f"after:  w = {w}, b = {b}, z = {w @ x + b:+.1f}")
print(f"the score rose by lr * (|x|^2 + 1) = {lr * (x @ x + 1)}")

# %% [markdown]
# ## Exercise 4: one update

# %% exercise: perceptron_update
def perceptron_update(w, b, x, y, lr):
    """The weights and the bias after one example.

    w: (d,) weights.  b: one number.  x: (d,) one example.  y: its label, 0 or 1.
    lr: the learning rate.
    Returns the new pair (w, b): a float64 array of shape (d,) and a float.
    They have the old values when the prediction step(w·x + b) was right.
    The arrays that were passed in stay as they are.
    """
    ### BEGIN SOLUTION
    w, x = np.asarray(w, dtype=float), np.asarray(x, dtype=float)
    error = y - (w @ x + b >= 0)
    return w + lr * error * x, float(b + lr * error)
    ### END SOLUTION

# %% tests: perceptron_update, 3 points
import numpy as np

NAMES = ("w", "b")
with check("adds the example when the neuron should have fired"):
    check.close(check.call(perceptron_update, np.array([0.0, 0.0]), -1.0, np.array([1.0, 2.0]), 1,
                           0.5), (np.array([0.5, 1.0]), -0.5), names=NAMES)
with check("changes nothing when the prediction was right"):
    check.close(check.call(perceptron_update, np.array([1.0, -1.0]), 0.5, np.array([2.0, 1.0]), 1,
                           0.5), (np.array([1.0, -1.0]), 0.5), names=NAMES)
### BEGIN HIDDEN TESTS
with check("takes the example away after a false alarm"):
    check.close(check.call(perceptron_update, np.array([1.0, 1.0, 2.0]), 0.5,
                           np.array([2.0, -1.0, 3.0]), 0, 2.0),
                (np.array([-3.0, 3.0, -4.0]), -1.5), names=NAMES)
with check("changes nothing when it was right to stay silent"):
    check.close(check.call(perceptron_update, np.array([1.0, 1.0]), -9.0, np.array([2.0, 3.0]), 0,
                           0.25), (np.array([1.0, 1.0]), -9.0), names=NAMES)
with check("counts a score of exactly 0 as firing"):
    check.close(check.call(perceptron_update, np.array([1.0, -1.0]), 1.0, np.array([1.0, 2.0]), 0,
                           1.0), (np.array([0.0, -3.0]), 0.0), names=NAMES)
    check.close(check.call(perceptron_update, np.array([1.0, -1.0]), 1.0, np.array([1.0, 2.0]), 1,
                           1.0), (np.array([1.0, -1.0]), 1.0), names=NAMES)
with check("follows the rule on random examples and learning rates"):
    rng = np.random.default_rng(41)
    for _ in range(20):
        w, b, x = rng.normal(size=5), rng.normal(), rng.normal(size=5)
        y, lr = int(rng.integers(2)), rng.uniform(0.05, 3.0)
        score = sum(w * x) + b
        sign = 0 if (score >= 0) == (y == 1) else 1 if y == 1 else -1
        check.close(check.call(perceptron_update, w, b, x, y, lr),
                    (w + sign * lr * x, b + sign * lr), names=NAMES)
with check("returns a float64 array and a float, also for whole numbers and without a mistake"):
    for y, expected in ((1.0, ([1, 2, 3], 0)), (0, ([0, 0, 0], -1))):
        w, b = check.parts(check.call(perceptron_update, [0, 0, 0], -1, [1, 2, 3], y, 1), *NAMES)
        check.floats(w, (3,))
        check.floats(b, ())
        check.close((w, b), expected, names=NAMES)
with check("leaves the arrays it was given as they were"):
    check.unchanged(perceptron_update, np.array([1.0, 1.0]), 0.5, np.array([2.0, -1.0]), 0, 2.0)
    check.unchanged(perceptron_update, np.array([0.0, 0.0]), -0.5, np.array([2.0, -1.0]), 1, 2.0)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# First predict. Then think of the three cases: the error `y - prediction` is 1, 0 or -1. Do you need an `if` at all?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# With `error = y - step(w @ x + b)` both updates are one line each, and an error of 0 changes nothing by itself.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# `new_w = w + lr * error * x` and `new_b = b + lr * error`. Beware of `w += …`: on an array that changes the caller's weights.
# </details>

# %% [markdown]
# ## Exercise 5: learn
#
# Start from zero weights and a zero bias.
# Go through the examples in their order, updating after *each* one: the next prediction already uses the new weights.
# One pass over all examples is an *epoch*. Count the mistakes of each epoch, and stop after the first epoch without any, or after `max_epochs`.

# %% exercise: perceptron_fit
def perceptron_fit(X, y, lr, max_epochs):
    """Train a perceptron, from zero weights and a zero bias, on examples in the order given.

    X: (n, d) examples.  y: (n,) labels 0 or 1.  lr: the learning rate.
    max_epochs: at most this many passes over the examples.
    Returns (w, b, errors): the last weights (d,), the last bias as a float, and a list in which
    errors[k] is the number of mistakes made during epoch k, counted from 0. Training ends after
    the first epoch without a mistake, whose 0 is the last entry.
    """
    ### BEGIN SOLUTION
    X = np.asarray(X, dtype=float)
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(max_epochs):
        mistakes = 0
        for x, label in zip(X, y):
            error = label - float(w @ x + b >= 0)
            w, b = w + lr * error * x, float(b + lr * error)
            mistakes += error != 0
        errors.append(int(mistakes))
        if mistakes == 0:
            break
    return w, b, errors
    ### END SOLUTION

# %% tests: perceptron_fit, 4 points
import numpy as np

NAMES = ("w", "b", "errors")
with check("learns AND, mistake by mistake"):
    X, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 0, 0, 1])
    w, b, errors = check.parts(check.call(perceptron_fit, X, y, 1.0, 20), *NAMES)
    check.close((w, b), (np.array([2.0, 1.0]), -3.0), names=NAMES[:2])
    check.equal(errors, [2, 3, 3, 2, 1, 0])
with check("stops after max_epochs when there is no line"):
    X, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
    w, b, errors = check.parts(check.call(perceptron_fit, X, y, 1.0, 3), *NAMES)
    check.true(len(errors) == 3, f"errors has {len(errors)} entries after 3 epochs.")
### BEGIN HIDDEN TESTS
def _train(X, y, lr, max_epochs):
    w, b, errors = [0.0] * X.shape[1], 0.0, []
    while len(errors) < max_epochs and (not errors or errors[-1]):
        errors.append(0)
        for x, label in zip(X.tolist(), y.tolist()):
            fires = sum(p * q for p, q in zip(w, x)) + b >= 0
            if fires != bool(label):
                sign = 1 if label else -1
                w, b = [p + sign * lr * q for p, q in zip(w, x)], b + sign * lr
                errors[-1] += 1
    return np.array(w), b, errors


def _compare(X, y, lr, max_epochs):
    expected = _train(np.asarray(X, dtype=float), np.asarray(y), lr, max_epochs)
    w, b, errors = check.parts(check.call(perceptron_fit, X, y, lr, max_epochs), *NAMES)
    check.equal(errors, expected[2])
    check.close((w, b), expected[:2], names=NAMES[:2])
    return w, b


with check("updates after every example and counts each epoch's mistakes"):
    rng = np.random.default_rng(51)
    X = rng.normal(size=(40, 3))
    y = (X @ np.array([1.0, -2.0, 0.5]) + 0.3 >= 0).astype(int)
    _compare(X, y, 1.0, 500)
with check("uses the learning rate"):
    rng = np.random.default_rng(52)
    X = rng.normal(size=(25, 2))
    y = (X[:, 0] - X[:, 1] >= 0.4).astype(int)
    _compare(X, y, 0.25, 300)
    _compare(X, y, 0.3, 300)
    _compare(X, y, 4.0, 300)
with check("goes on to max_epochs and returns the last line when the classes can't be parted"):
    rng = np.random.default_rng(53)
    X, y = rng.normal(size=(30, 4)), rng.integers(2, size=30)
    _compare(X, y, 0.5, 7)
    _compare(np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0]), 1.0, 12)
with check("is right when there are as many examples as features"):
    rng = np.random.default_rng(54)
    X = rng.normal(size=(4, 4))
    _compare(X, np.array([1, 0, 0, 1]), 1.0, 50)
with check("stops at once when nothing is left to learn, and does nothing in no epochs"):
    _compare(np.array([[1.0, 2.0], [3.0, 1.0]]), np.array([1, 1]), 1.0, 10)
    _compare(np.array([[1.0, 2.0], [3.0, 1.0]]), np.array([1, 0]), 1.0, 0)
with check("works on lists, whole numbers and labels 0.0 and 1.0, and returns floats"):
    for y in ([0.0, 1.0, 0.0], [0, 1, 0], [1, 1, 1]):
        w, b = _compare([[2, 1], [-1, 3], [0, -2]], y, 1, 20)
        check.floats(w, (2,))
        check.floats(b, ())
with check("reads any memory order, and leaves its input as it was"):
    rng = np.random.default_rng(55)
    X = np.asfortranarray(rng.normal(size=(12, 5)))[:, ::2]
    y = (X[:, 0] > 0).astype(int)
    _compare(X, y, 1.0, 100)
    check.unchanged(perceptron_fit, X, y, 1.0, 5)
    check.unchanged(perceptron_fit, X.copy(), y.astype(float), 1.0, 5)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Two loops: epochs outside, examples inside. Which variables have to be made anew for each epoch, and which must survive it?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `for x, label in zip(X, y):` walks over rows and labels together. Predict with the *current* `w` and `b`; on a mistake count one and call your `perceptron_update`.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Inside an epoch: `mistakes = 0`, then the loop over examples. After it: `errors.append(mistakes)`, and `break` if `mistakes == 0`. Return only after the outer loop.
# </details>

# %% [markdown]
# **Predict:** how many mistakes will your perceptron make on the hundred flowers before it has learned to make none? Write down a number, then run.

# %%
with plots.figure("Left: the learned line parts the two clouds. Right: mistakes in each epoch, "
                  "falling to zero after a few.", columns=2) as (left, right):
    w, b, errors = perceptron_fit(flowers.X, flowers.y, 1.0, 100)
    plots.decision_boundary(lambda grid: perceptron_predict(grid, w, b), flowers.X, flowers.y,
                            title=f"Learned from {sum(errors)} mistakes",
                            xlabel=flowers.features[0], ylabel=flowers.features[1],
                            labels=flowers.classes, ax=left)
    right.bar(range(len(errors)), errors, color=plots.WRONG, width=0.6)
    right.set(title=f"Nothing left to learn after {len(errors)} epochs", xlabel="epoch",
              ylabel="mistakes", xticks=range(len(errors)))
    right.yaxis.get_major_locator().set_params(integer=True)

# %% [markdown]
# A handful of mistakes, on a hundred flowers that come in the worst of orders: first all of one kind, then all of the other.
# The line ends closer to one cloud than you would have drawn it.
# The perceptron stops as soon as it makes no mistake; it does not look for the *best* line, only for *a* line.

# %% [markdown]
# ## A promise about mistakes
#
# How far is the closest flower from the line? For an example with label $y$ write $t = 2y - 1$, which is $+1$ or $-1$.
# Then $t\,(w \cdot x + b)$ is positive exactly when the example lies on its right side, and dividing by $\lVert w \rVert$ turns it into a distance.
# The smallest of them is the **margin**:
#
# $$ \text{margin} = \min_i \; \frac{t_i\,(w \cdot x_i + b)}{\lVert w \rVert}. $$
#
# A negative margin tells that somebody stands on the wrong side, and how deep.

# %% [markdown]
# ## Exercise 6: the margin

# %% exercise: margin
def margin(X, y, w, b):
    """The smallest signed distance of an example from the line, positive on its own side.

    X: (n, d) examples.  y: (n,) labels 0 or 1.  w: (d,) weights, not all zero.  b: one number.
    Returns the float min over i of t_i (w·x_i + b) / ||w||, where t_i is +1 for label 1
    and -1 for label 0.
    """
    ### BEGIN SOLUTION
    w = np.asarray(w, dtype=float)
    t = 2 * np.asarray(y, dtype=float) - 1
    return float(np.min(t * (np.asarray(X, dtype=float) @ w + b)) / np.linalg.norm(w))
    ### END SOLUTION

# %% tests: margin, 3 points
import numpy as np

with check("is the distance of the closest example"):
    X, y = np.array([[3.0, 4.0], [6.0, 8.0], [-3.0, -4.0]]), np.array([1, 1, 0])
    check.close(check.call(margin, X, y, np.array([3.0, 4.0]), -5.0), 4.0)
with check("is negative when an example lies on the wrong side"):
    X, y = np.array([[2.0, 0.0], [-1.0, 0.0]]), np.array([0, 0])
    check.close(check.call(margin, X, y, np.array([1.0, 0.0]), 0.0), -2.0)
### BEGIN HIDDEN TESTS
def _smallest(X, y, w, b):
    length = sum(v * v for v in w) ** 0.5
    return min((1 if label else -1) * (sum(x * w) + b) / length for x, label in zip(X, y))


with check("agrees with a loop on random examples"):
    rng = np.random.default_rng(61)
    for n, d in ((7, 5), (4, 4), (9, 2)):
        X, w, b = rng.normal(size=(n, d)), rng.normal(size=d), rng.normal()
        y = rng.integers(2, size=n)
        check.close(check.call(margin, X, y, w, b), _smallest(X, y, w, b))
with check("agrees with a loop when all examples are on their right side"):
    rng = np.random.default_rng(62)
    X, w, b = 3 * rng.normal(size=(20, 3)), rng.normal(size=3), 0.4
    y = (X @ w + b >= 0).astype(int)
    check.close(check.call(margin, X, y, w, b), _smallest(X, y, w, b))
with check("does not depend on the scale of w and b"):
    rng = np.random.default_rng(63)
    X, w, b, y = rng.normal(size=(6, 3)), rng.normal(size=3), -0.8, np.array([1, 0, 0, 1, 1, 0])
    check.close(check.call(margin, X, y, 7.0 * w, 7.0 * b), _smallest(X, y, w, b))
with check("works on one example, on lists, and on labels 0.0 and 1.0, which stay as they were"):
    check.close(check.call(margin, [[3, 4]], [0], [3, 4], 0), -5.0)
    check.close(check.call(margin, [[3, 4], [6, 8], [0, 5]], [1, 0, 1], [3, 4], 0), -10.0)
    X, y, w = [[0.0, 2.0], [0.0, -3.0]], np.array([1.0, 0.0]), [0.0, 5.0]
    check.close(check.call(margin, X, y, w, 0.0), 2.0)
    check.unchanged(margin, X, y, w, 0.0)
with check("returns one float"):
    check.floats(check.call(margin, np.array([[3, 4], [6, 8]]), np.array([1, 1]), np.array([3, 4]),
                            -5), ())
with check("reads any memory order, and leaves its input as it was"):
    rng = np.random.default_rng(64)
    X, y = np.asfortranarray(rng.normal(size=(14, 6)))[::2, ::2], rng.integers(2, size=14)[::2]
    w = np.array([1.0, -2.0, 0.5])
    check.close(check.call(margin, X, y, w, 0.1), _smallest(X, y, w, 0.1))
    check.unchanged(margin, X, y, w, 0.1)
    check.unchanged(margin, X.copy(), y.copy(), w, 0.1)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Compute the scores of all examples at once. Then turn the labels 0 and 1 into -1 and +1. What is the sign of their product?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `2 * y - 1` maps the labels. `np.linalg.norm(w)` is the length of `w`; the bias is no part of it.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# `t * (X @ w + b)` has shape `(n,)`; take its smallest entry (not its mean, and no absolute value) and divide by the norm of `w`.
# </details>

# %% [markdown]
# ## The bound, in six lines
#
# Now the promise. Put the constant input 1 behind every example and the bias behind the weights, so that $\tilde x = (x, 1)$, $\tilde w = (w, b)$ and the score is just $\tilde w \cdot \tilde x$.
# Let $R$ be the length of the longest $\tilde x$, and suppose that *some* unit vector $\tilde w^*$, unknown to us, parts the classes with margin $\gamma > 0$:
# $t\,\tilde w^* \cdot \tilde x \ge \gamma$ for every example.
# Start at $\tilde w = 0$ with $\eta = 1$, and watch two numbers at every mistake, where $\tilde w$ becomes $\tilde w + t \tilde x$:
#
# 1. *Agreement grows.* $\tilde w \cdot \tilde w^*$ grows by $t\,\tilde x \cdot \tilde w^* \ge \gamma$. After $k$ mistakes it is at least $k\gamma$.
# 2. *Length grows slowly.* $\lVert \tilde w + t \tilde x \rVert^2 = \lVert \tilde w \rVert^2 + 2\,t\,\tilde w \cdot \tilde x + \lVert \tilde x \rVert^2$. It was a mistake, so the middle term is not positive, and the last is at most $R^2$. After $k$ mistakes the length is at most $\sqrt{k}\,R$.
# 3. The agreement with a unit vector can't exceed the length: $k\gamma \le \sqrt{k}\,R$, and therefore
#
# $$ k \le \left(\frac{R}{\gamma}\right)^2 . $$
#
# However many examples there are and in whatever order they come, the mistakes are bounded: by how far the examples reach, and by how narrow the gap between the classes is.
# Another learning rate multiplies $\tilde w$ by $\eta$ all the way, and $\eta$ drops out.

# %% [markdown]
# ### Play: you against the promise
#
# Below are the flowers again, with *your* `perceptron_predict`, `perceptron_update` and `margin` behind the picture.
# Move the sliders, or press *One update* and let your rule find the line.
#
# *The question to answer:* make the bound $(R/\gamma)^2$ as small as you can by hand. Where does the best line lie? Does the perceptron end there?

# %%
explorer = PerceptronExplorer(flowers, perceptron_predict, perceptron_update, margin)
explorer

# %% [markdown]
# ### Is the promise any good?
#
# A bound may be true and useless. So we measure: four features make six pairs, three kinds of iris make three pairs; that gives eighteen problems with two features each.
# For each one that can be parted we look for the widest margin (a small quadratic programme, left to SciPy), and count the mistakes of *your* `perceptron_fit`.
#
# **Predict:** will the mistakes come close to the bound, or stay far below it? Will a problem with a hundred times the bound make a hundred times the mistakes?

# %%
from itertools import combinations

from scipy.optimize import linprog, minimize


def novikoff_bound(X, y):
    """(R / gamma)^2 for the widest margin through the origin in (x, 1) space; None without a line."""
    extended = np.column_stack([X, np.ones(len(X))])
    signed = (2 * y - 1)[:, None] * extended
    start = linprog(np.zeros(3), A_ub=-signed, b_ub=-np.ones(len(X)), bounds=[(None, None)] * 3)
    if not start.success:
        return None
    widest = minimize(lambda v: v @ v / 2, start.x, jac=lambda v: v, method="SLSQP", constraints={
        "type": "ineq", "fun": lambda v: signed @ v - 1, "jac": lambda v: signed}).x
    gamma = margin(extended, y, widest, 0.0)
    return float((extended**2).sum(axis=1).max() / gamma**2)


def problems():
    iris = data.iris()
    for features in combinations(iris.features, 2):
        for classes in combinations(iris.classes, 2):
            yield iris.take(*features).only(*classes)


# %%
with plots.figure("Mistakes made against the bound on logarithmic axes: all twelve problems lie "
                  "below the diagonal, between ten and two hundred times below it.",
                  size=(6.8, 4.4)) as ax:
    bounds, mistakes, without = [], [], 0
    for problem in problems():
        bound = novikoff_bound(problem.X, problem.y)
        if bound is None:
            without += 1
            continue
        bounds.append(bound)
        mistakes.append(sum(perceptron_fit(problem.X, problem.y, 1.0, 2000)[2]))
    ax.plot([1, 1e5], [1, 1e5], color=plots.LINE, label="as many mistakes as the bound allows")
    ax.scatter(bounds, mistakes, s=50, color=plots.CLASS_COLORS[1], zorder=3,
               label="one pair of features, one pair of kinds")
    hard, easy = int(np.argmax(mistakes)), int(np.argmin(mistakes))
    ax.annotate("setosa and versicolor\nby their sepals", (bounds[hard], mistakes[hard]),
                xytext=(-10, -3), textcoords="offset points", ha="right", va="center")
    ax.set(title="No problem breaks the promise, and most stay far below it",
           xlabel="bound (R / γ)²", ylabel="mistakes made", xscale="log", yscale="log")
    print(f"{len(bounds)} problems have a line, {without} have none")
    print(f"fewest mistakes: {mistakes[easy]}, with a bound of {bounds[easy]:.0f}")
    print(f"most mistakes: {mistakes[hard]}, with a bound of {bounds[hard]:.0f}")

# %% [markdown]
# The promise holds every time, as a theorem must, and it is generous: the mistakes stay well below it.
# It still sorts the problems: where the gap between the kinds is narrow, the bound is high and the perceptron has to work.
#
# And the others? Six of the eighteen have no line at all: versicolor against virginica, whichever two features you take.

# %%
with plots.figure("Mistakes in each of 200 epochs on versicolor and virginica: they go up and down "
                  "between two and five and never reach zero.") as ax:
    tangled = data.iris().take("petal length (cm)", "petal width (cm)").only("versicolor", "virginica")
    _, _, errors = perceptron_fit(tangled.X, tangled.y, 1.0, 200)
    ax.plot(errors, color=plots.WRONG, linewidth=1.2)
    ax.set(title=f"No line, no peace: never fewer than {min(errors)} mistakes in 200 epochs",
           xlabel="epoch", ylabel="mistakes", ylim=(0, None))

# %% [markdown]
# Nothing in the rule notices that the task is hopeless: it goes on correcting one flower at the expense of another, for ever.
# What to do when no line exists is the question of the next lesson, with the smallest example there is.

# %% [markdown]
# ## Check your understanding
#
# Five questions with one right answer each. Return its letter.
# What you have to say for it, say to yourself first; when the work is graded, each answer comes with an explanation.

# %% [markdown]
# **Question 1.** A neuron fires when $3x_1 - x_2 \ge 4$. Written as $\mathrm{step}(w \cdot x + b)$, what is $b$?
#
# - **a**  $4$
# - **b**  $-4$
# - **c**  $1/4$
# - **d**  It has none: a threshold and a bias are different things.

# %% exercise: quiz_threshold
def quiz_threshold():
    """The letter of your answer to question 1, for example return "a"."""
    ### BEGIN SOLUTION
    return "b"
    ### END SOLUTION

# %% tests: quiz_threshold, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_threshold())
### BEGIN HIDDEN TESTS
with check("a threshold as a bias"):
    check.letter(quiz_threshold(), right="b", why={
        "a": "With b = 4 the neuron would fire for 3x1 - x2 >= -4. Bring the 4 to the other side "
             "of the inequality: what happens to its sign?",
        "b": "Taking 4 from both sides gives 3x1 - x2 - 4 >= 0: the bias is the threshold with "
             "its sign flipped.",
        "c": "Nothing is divided here: bring the threshold to the other side of the inequality.",
        "d": "They are the same thing written in two ways: compare the sum with a threshold, or "
             "take the threshold away first and compare with 0."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 2.** You replace $(w, b)$ by $(-w, -b)$. What happens?
#
# - **a**  Nothing: it is the same line, so the predictions are the same.
# - **b**  The line is mirrored at the origin.
# - **c**  The line stays, and the two sides change their labels.
# - **d**  The line turns by 90 degrees.

# %% exercise: quiz_flip
def quiz_flip():
    """The letter of your answer to question 2, for example return "a"."""
    ### BEGIN SOLUTION
    return "c"
    ### END SOLUTION

# %% tests: quiz_flip, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_flip())
### BEGIN HIDDEN TESTS
with check("what the sign of the weights means"):
    check.letter(quiz_flip(), right="c", why={
        "a": "The line is the same, but w points to the side that fires, and now it points to the "
             "other one.",
        "b": "Only flipping w, or only b, would do that. Put a point of the old line into the new "
             "equation.",
        "c": "The line w·x + b = 0 stays where it is, but every score changes its sign, and "
             "with it the side that fires.",
        "d": "The direction of the line is at a right angle to w, and -w has the same right "
             "angles."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 3.** An example is misclassified and you make one update with it. What is certain?
#
# - **a**  It is classified correctly now.
# - **b**  The number of mistakes on the whole training set has gone down.
# - **c**  The line is closer to the line with the widest margin.
# - **d**  Its score has moved in the right direction.

# %% exercise: quiz_update
def quiz_update():
    """The letter of your answer to question 3, for example return "a"."""
    ### BEGIN SOLUTION
    return "d"
    ### END SOLUTION

# %% tests: quiz_update, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_update())
### BEGIN HIDDEN TESTS
with check("what one update guarantees"):
    check.letter(quiz_update(), right="d", why={
        "a": "The score moves by lr * (|x|^2 + 1). If it was further on the wrong side than that, "
             "the example is still wrong.",
        "b": "Putting one example right can put others wrong: look at the mistakes per epoch of "
             "versicolor against virginica.",
        "c": "The rule knows nothing of margins; it stops at any line without mistakes.",
        "d": "The update moves the score of that example by lr * (|x|^2 + 1), always toward the "
             "right side."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 4.** You train from zero weights and double the learning rate. What changes?
#
# - **a**  `w` and `b` come out twice as large; every prediction on the way stays the same.
# - **b**  It needs about half as many epochs.
# - **c**  It may overshoot and never converge.
# - **d**  The margin of the line that it ends with doubles.

# %% exercise: quiz_learning_rate
def quiz_learning_rate():
    """The letter of your answer to question 4, for example return "a"."""
    ### BEGIN SOLUTION
    return "a"
    ### END SOLUTION

# %% tests: quiz_learning_rate, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_learning_rate())
### BEGIN HIDDEN TESTS
with check("what the learning rate does from a zero start"):
    check.letter(quiz_learning_rate(), right="a", why={
        "a": "From zero, w and b are lr times a sum of examples, and doubling both leaves the "
             "sign of every score as it is.",
        "b": "From zero, every update is lr times the same sum of examples, and the sign of a "
             "score does not depend on its scale. Try perceptron_fit with two rates.",
        "c": "That is true of gradient descent, which lesson 4 is about. Here the bound does not "
             "contain the learning rate.",
        "d": "The margin divides by the norm of w, which doubles as well."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 5.** Two data sets reach equally far, but in the second the gap between the classes is half as wide. What becomes of the bound on the mistakes?
#
# - **a**  It doubles.
# - **b**  It becomes four times as large.
# - **c**  It stays: the bound counts examples.
# - **d**  It halves, because the classes are closer together.

# %% exercise: quiz_bound
def quiz_bound():
    """The letter of your answer to question 5, for example return "a"."""
    ### BEGIN SOLUTION
    return "b"
    ### END SOLUTION

# %% tests: quiz_bound, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_bound())
### BEGIN HIDDEN TESTS
with check("how the bound depends on the margin"):
    check.letter(quiz_bound(), right="b", why={
        "a": "The ratio R / gamma doubles, and the bound is its square.",
        "b": "The bound is (R / gamma)^2, so half the gap makes it four times as large.",
        "c": "The number of examples does not occur in the bound at all.",
        "d": "A narrower gap is harder: gamma stands in the denominator."})
### END HIDDEN TESTS

# %% [markdown]
# ## In an interview
#
# *What is a perceptron, how does it learn, and what can it not do?*
#
# Answer in the cell below, in five to eight sentences, as you would to an interviewer who wants to know whether you understand it.
# Name what is computed, the learning rule and why it works, what is guaranteed and under which condition, and a limit with an example.
# A teacher reads this answer; 3 points.

# %% answer: interview_perceptron, 3 points [markdown]
# A perceptron computes a weighted sum of its inputs plus a bias and outputs 1 when the sum is at least zero, else 0; with two inputs that is a line and its two sides.
# It learns from one example at a time: after a wrong prediction it adds the example, times the learning rate, to the weights if it should have fired, and subtracts it if it should not have; the bias moves by the learning rate itself.
# This raises (or lowers) the score of that example by the learning rate times the squared length of the example plus one, so each mistake pushes the right way, although it may undo others.
# If some hyperplane separates the classes with margin gamma and the examples have length at most R, it makes at most (R/gamma) squared mistakes from a zero start, whatever the order; then it stops at some separating line, not the best one.
# If the classes are not linearly separable it never settles; XOR of two bits is the smallest example, because no line has (0,1) and (1,0) on one side and (0,0) and (1,1) on the other.
#
# ### BEGIN MARK SCHEME
# One point for each, half points where it is incomplete:
#
# 1. **Computes:** weighted sum plus bias, then a threshold; or geometrically a hyperplane with two sides.
# 2. **Learns:** error-driven update with the example itself, for weights and bias, and a reason why it helps (the score of that example moves the right way).
# 3. **Limit and guarantee:** converges only for linearly separable classes (the bound or "finitely many mistakes" is enough), with an example that is not, such as XOR.
#
# Disqualifying for its point: "it minimises the squared error by gradient descent" (2); "it finds the best line" or "it converges on any data" (3); leaving out the bias altogether (1).
# ### END MARK SCHEME

# %% [markdown]
# ## What to remember
#
# > - A perceptron is $\mathrm{step}(w \cdot x + b)$: a hyperplane and its two sides. The bias is a threshold with its sign turned.
# > - It learns from mistakes only: $w \leftarrow w + \eta\,(y - \hat y)\,x$, $b \leftarrow b + \eta\,(y - \hat y)$.
# > - If a line exists, it makes at most $(R/\gamma)^2$ mistakes, in any order, with any learning rate.
# > - If none exists, it never rests.
# > - It finds *a* line, not the best one, and tells you nothing of how sure it is.
#
# **When is a neural network the right tool?** For two measurements and two well-parted kinds of flower, one neuron is plenty, and so would be a ruler.
# Networks of many neurons earn their keep where the relation between features and labels is not a line, where there are many features or the raw data has no table (pictures, sound, text), and where there is enough data to find good features instead of inventing them: image recognition, translation, recommendations.
# Where data is scarce, or a decision must be explained to the person it concerns, start with something simpler.
#
# **Next:** [lesson 2](../02_xor/02_xor.ipynb), in which four points defeat every line, and two neurons bend the plane to win.
#
# *Sources.* F. Rosenblatt, "The perceptron", Psychological Review 65 (1958). A. Novikoff, "On convergence proofs on perceptrons" (1962). R. A. Fisher, "The use of multiple measurements in taxonomic problems" (1936), with E. Anderson's data, here from scikit-learn.

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

HandIn("01_perceptron")
