# %% [markdown]
# # 1 · The perceptron
#
# A botanist glances at a flower and says: *setosa*, not *versicolor*.
# Ask how she knows, and she may tell you that the petals are short.
# Can a machine that knows nothing about flowers find such a rule on its own, just by looking at examples?
# And can anyone promise, *before* it starts, how many mistakes it will make along the way?
#
# Frank Rosenblatt introduced such a machine, the perceptron, in 1958.
# By 1962 it had the one-line learning rule that you are about to write, and Albert Novikoff had proved the promise.
# In this lesson you will build the machine, watch it learn, and measure how good the promise is.
#
# **You will build**, from nothing but NumPy:
# `step` → `perceptron_predict` → `boundary_x2` → `perceptron_update` → `perceptron_fit` → `margin`
#
# **Time:** about 85 minutes. **You need:** Python functions and loops, NumPy arrays, the dot product, the length of a vector.
#
# **How to work.** Run the cells from top to bottom with <kbd>Shift</kbd>+<kbd>Enter</kbd>.
# Where a cell says `# YOUR CODE HERE`, replace that line and the `raise` below it.
# The next cell checks your function and tells you what it found; run it as often as you like.
# A few more checks run when you submit; they test the rest of what the docstring says.
# Below each exercise you will find three folded hints, from a nudge to almost the whole answer.
# You may call functions you wrote earlier; if one of them turns out to be wrong, fix it first.
# Before you run a cell that draws something, guess what you will see.
# A wrong guess teaches you the most.

# %% given: imports
import numpy as np

from utils import data, plots
from utils.widgets import PerceptronExplorer

# %% [markdown]
# ## Notation
#
# | symbol | shape | what it is |
# |---|---|---|
# | `x` | `(d,)` | one example: `d` numbers, called its *features* |
# | `X` | `(n, d)` | a *batch*: `n` examples, one per row |
# | `y` | `(n,)` | the labels, one whole number per example; in this lesson 0 or 1 |
# | `w`, `b` | `(d,)`, one number | the weights and the bias of one unit |
# | `z` | one number per example | the weighted sum $w \cdot x + b$, also called the *score* |
# | `lr` | one number | the learning rate, written $\eta$ in formulas |
#
# - Arguments are **array-like**: a NumPy array, or a list (of lists) of floats or whole numbers. `np.asarray(X, dtype=float)` turns any of these into an array of floats.
# - Results are `float64`, in a new array. A function never modifies its arguments.
# - From lesson 2 on, a layer of many units keeps its weights in `W` of shape `(out, in)`, one row per unit, and computes `Z = X @ W.T + b`.
#   This is how PyTorch stores them.
#   Other texts put examples in columns, or store `(in, out)`, so check before you copy a formula.
# - Anything random takes its numbers from a generator `rng` that is passed in, so that every run can be repeated.

# %% [markdown]
# ## A neuron, twice
#
# A nerve cell collects signals through branches called *dendrites*.
# The signals add up in the cell body, where some push the cell toward a response and others hold it back.
# When the sum passes a *threshold*, the cell fires: it sends a pulse down its *axon* to the next cells.
#
# The artificial neuron keeps four of these ideas and drops the rest.
#
# | nerve cell | artificial neuron |
# |---|---|
# | signals arrive at the dendrites | the features $x_1, \dots, x_d$ |
# | each connection has its own strength, for or against | the weights $w_1, \dots, w_d$ |
# | signals add up in the cell body | $w \cdot x = w_1 x_1 + \dots + w_d x_d$ |
# | the cell fires above a threshold $\theta$ | output 1 if $w \cdot x \ge \theta$, else 0 |
#
# This is an analogy and nothing more.
# Real pulses have timing, real connections have chemistry, and nobody has found the learning rule below in a brain.
# What matters here is that we can compute everything in the right-hand column.
#
# **From threshold to bias.** Comparing $w \cdot x$ with $\theta$ is the same as comparing $w \cdot x - \theta$ with zero.
# Define the *bias* as $b = -\theta$, and the neuron becomes
#
# $$ z = w \cdot x + b, \qquad \hat y = \mathrm{step}(z) = \begin{cases} 1 & z \ge 0 \\ 0 & z < 0. \end{cases} $$
#
# With a large positive bias the neuron fires easily; with a large negative bias it hardly ever fires.
# Some books write $w_0$ for the bias and give every example a constant feature $x_0 = 1$.
# It is the same neuron, and the trick comes in handy in a proof below.

# %%
with plots.figure("Three circles on the left, for two features and a constant 1, send arrows with "
                  "the weights minus 0.5 and minus 1 and the bias 2 to one unit on the right.",
                  size=(5.6, 3.0)) as ax:
    plots.network([3, 1], labels=[["x₁", "x₂", "1"], ["ŷ"]], weights=[np.array([[-0.5, -1.0, 2.0]])],
                  title="One unit: weights on the inputs, the bias on a constant 1", ax=ax)

# %% [markdown]
# **By hand, once.** Take $w = (-0.5, -1)$, $b = 2$, and a flower whose petals are 1.4 cm long and 0.2 cm wide:
#
# $$ z = -0.5 \cdot 1.4 - 1 \cdot 0.2 + 2 = 1.1 \ge 0 \quad\Rightarrow\quad \hat y = 1. $$
#
# For petals 4.7 cm long and 1.4 cm wide, $z = -2.35 - 1.4 + 2 = -1.75$, so $\hat y = 0$.
# This neuron fires for short petals and stays silent for long ones.

# %% [markdown]
# ## Exercise 1: the step function
#
# We start with the last thing the neuron does, because it is the shortest to write.
# Your function should work on a single number and on a whole array of any shape.

# %% exercise: step
def step(z):
    """Return 1.0 where z >= 0 (the neuron fires) and 0.0 elsewhere.

    z: a number, or anything array-like, of any shape.
    Returns float64 in a new array of the same shape; a float for a single number.

    step([-2.0, 0.0, 3.0]) gives array([0., 1., 1.])
    """
    ### BEGIN SOLUTION
    return np.where(np.asarray(z) >= 0, 1.0, 0.0)
    ### END SOLUTION

# %% tests: step, 2 points
import numpy as np

with check("is 0 below zero and 1 from zero on"):
    check.close(check.call(step, np.array([-2.0, -0.5, 0.0, 0.5, 2.0])), [0, 0, 1, 1, 1])
with check("keeps the shape of its input, and returns floats even for a list of whole numbers"):
    check.floats(check.call(step, [[1, -1, 0], [-3, 4, -5]]), (2, 3))
    check.close(check.call(step, [[1, -1, 0], [-3, 4, -5]]), [[1, 0, 1], [0, 1, 0]])
with check("leaves its input unchanged"):
    check.unchanged(step, np.array([-1.0, 0.0, 2.0]))
### BEGIN HIDDEN TESTS
with check("switches exactly at zero, not near it"):
    check.close(check.call(step, np.array([-1e-12, -0.0, 1e-12, 0.3, 0.5, 1000.0, -1000.0])),
                [0, 1, 1, 1, 1, 1, 0])
with check("returns float64, from integers too"):
    check.floats(check.call(step, np.array([[-1.5], [2.5]])), (2, 1))
    check.floats(check.call(step, np.array([-1, 0, 7])), (3,))
with check("works on a list, on a single number, and on an empty array"):
    check.close(check.call(step, [3, -4, 0]), [1, 0, 1])
    check.close(check.call(step, -0.25), 0.0)
    check.close(check.call(step, 0), 1.0)
    check.close(check.call(step, np.zeros((0, 3))), np.zeros((0, 3)))
with check("agrees with a loop on random numbers, in a strided view"):
    z = np.random.default_rng(11).normal(size=(8, 9))[::2, ::-3]
    expected = np.array([[1.0 if value >= 0 else 0.0 for value in row] for row in z])
    check.close(check.call(step, z), expected)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# A comparison such as `z >= 0` works on a whole array at once. What does it return, and what type are the entries?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# You need numbers rather than `True` and `False`. Look up `np.where`, or see what happens when you multiply a boolean array by a float.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# You can't compare a list with 0, so turn it into an array first, with `np.asarray`. Then a single call of `np.where` can choose between `1.0` and `0.0`.
# </details>

# %%
with plots.figure("The step function: 0 for every negative z, and 1 from z = 0 on.") as ax:
    z = np.linspace(-3, 3, 601)
    plots.curves(z, {"step(z)": step(z)}, title="Your step function jumps at zero and is flat elsewhere",
                 xlabel="z", ylabel="step(z)", ax=ax)

# %% [markdown]
# Remember the two flat parts.
# If you nudge $z$ a little, the output almost never changes *at all*.
# This matters a great deal from lesson 4 on, where learning follows slopes: the slope of this function is zero everywhere except at the jump, where it has none.

# %% [markdown]
# ## Exercise 2: predict a whole batch
#
# One flower is one row, so a hundred flowers form a matrix `X` of shape `(100, 2)`.
# A single matrix product computes all hundred weighted sums at once.
# Write code for the whole batch whenever you can: it is shorter, and much faster than a Python loop.

# %% exercise: perceptron_predict
def perceptron_predict(X, w, b):
    """Return the perceptron's label for every example in a batch.

    X: (n, d) examples, one per row.  w: (d,) weights.  b: one number, the bias.
    X and w may be anything array-like.
    Returns float64 labels of shape (n,), each 0.0 or 1.0.
    """
    ### BEGIN SOLUTION
    z = np.asarray(X, dtype=float) @ np.asarray(w, dtype=float) + b
    return np.where(z >= 0, 1.0, 0.0)
    ### END SOLUTION

# %% tests: perceptron_predict, 3 points
import numpy as np

with check("labels the two flowers you did by hand, and one exactly on the line"):
    X = np.array([[1.4, 0.2], [4.7, 1.4], [2.0, 1.0]])
    check.close(check.call(perceptron_predict, X, np.array([-0.5, -1.0]), 2.0), [1, 0, 1])
with check("returns one label for each example"):
    rng = np.random.default_rng(21)
    X, w = rng.normal(size=(7, 5)), rng.normal(size=5)
    check.close(check.call(perceptron_predict, X, w, 0.3),
                [1.0 if sum(x * w) + 0.3 >= 0 else 0.0 for x in X])
with check("takes lists of whole numbers, and returns floats"):
    check.floats(check.call(perceptron_predict, [[0, 1], [5, -9], [3, 2]], [1, -1], -2), (3,))
    check.close(check.call(perceptron_predict, [[0, 1], [5, -9], [3, 2]], [1, -1], -2), [0, 1, 0])
### BEGIN HIDDEN TESTS
with check("adds the bias"):
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
with check("works on a batch of one, on an empty batch, and on lists"):
    check.close(check.call(perceptron_predict, np.array([[2.0, -1.0, 0.5]]),
                           np.array([1.0, 1.0, 1.0]), -2.0), [0])
    check.close(check.call(perceptron_predict, np.zeros((0, 3)), np.ones(3), 1.0), [])
    check.close(check.call(perceptron_predict, [[0, 1], [5, -9]], [2, 1], 1), [1, 1])
with check("returns float64 labels of shape (n,)"):
    check.floats(check.call(perceptron_predict, np.array([[1, -2], [3, 4], [0, 1]]),
                            np.array([1, 1]), 0), (3,))
with check("accepts any memory order, and leaves its input unchanged"):
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
# Go back to the flower you worked out by hand. Which numbers did you multiply, what did you add, and what did you decide only after that? Now do all the rows at once.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# What is the shape of `X @ w` when `X` is `(n, d)` and `w` is `(d,)`? Adding one number to an array adds it to every entry. And your `step` accepts arrays.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Turn `X` and `w` into float arrays. One matrix product gives a weighted sum per row. Add the bias to these sums *before* you hand them to `step`, not after.
# </details>

# %% [markdown]
# ## A line in the plane
#
# Here are two species of iris, 50 flowers each.
# Edgar Anderson collected them, and Ronald Fisher published the measurements in 1936.
#
# **Predict:** will one straight line be enough to separate them?

# %%
flowers = data.iris().take("petal length (cm)", "petal width (cm)").only("setosa", "versicolor")

with plots.figure("Two clouds of points, far apart: setosa with short, narrow petals at the lower "
                  "left, versicolor with long, wide petals at the upper right.") as ax:
    plots.points(flowers.X, flowers.y, names=flowers.features, labels=flowers.classes, ax=ax)
    ax.set_title("A child could draw the line")

# %% [markdown]
# One line is plenty: the longest *setosa* petal measures 1.9 cm, and the shortest *versicolor* petal 3.0 cm.
#
# With two features, $w_1 x_1 + w_2 x_2 + b = 0$ is the equation of a straight line.
# On one side of the line $z > 0$ and the neuron fires; on the other side $z < 0$.
#
# - The vector $w$ is perpendicular to the line and points to the side that fires.
# - The bias shifts the line along $w$, away from the origin or toward it.
# - Multiply both $w$ and $b$ by 7, and the line stays where it is: its position depends only on their ratios.
#
# Two classes that a line (in higher dimensions, a plane or a *hyperplane*) can separate without a mistake are called **linearly separable**.
# Only on such classes can a perceptron be right every time.

# %% [markdown]
# ## Exercise 3: where is the line?
#
# To draw the line, you need its height $x_2$ at each $x_1$.
# Solve $w_1 x_1 + w_2 x_2 + b = 0$ for $x_2$.

# %% exercise: boundary_x2
def boundary_x2(w, b, x1):
    """Return the height of the perceptron's line, x2, at each x1.

    w: (2,) weights with w[1] != 0.  b: one number.
    x1: a number, or anything array-like, of any shape.
    Returns float64 in a new array of x1's shape; a float for a single number.
    """
    ### BEGIN SOLUTION
    return -(w[0] * np.asarray(x1, dtype=float) + b) / w[1]
    ### END SOLUTION

# %% tests: boundary_x2, 2 points
import numpy as np

with check("lies on the line x1 + 2 x2 - 6 = 0"):
    check.close(check.call(boundary_x2, np.array([1.0, 2.0]), -6.0, np.array([0.0, 2.0, 5.0])),
                [3, 2, 0.5])
with check("takes a single number, or a list of whole numbers"):
    check.close(check.call(boundary_x2, [1, 2], -6, 3), 1.5)
    check.close(check.call(boundary_x2, [1, 2], -6, [[0, 5]]), [[3, 0.5]])
with check("leaves its input unchanged"):
    check.unchanged(boundary_x2, np.array([1.0, -2.0]), 0.5, np.array([1.0, 2.0]))
### BEGIN HIDDEN TESTS
with check("is right for random weights, where the weighted sum is zero"):
    rng = np.random.default_rng(31)
    for _ in range(5):
        w, b, x1 = rng.normal(size=2), rng.normal(), rng.normal(size=6)
        check.close(check.call(boundary_x2, w, b, x1), [(-b - w[0] * v) / w[1] for v in x1])
with check("keeps the shape of x1: a number, a list, a table, a strided view"):
    w, b = np.array([3.0, -2.0]), 1.0
    check.close(check.call(boundary_x2, w, b, 5.0), 8.0)
    check.close(check.call(boundary_x2, w, b, [1, 3]), [2.0, 5.0])
    table = np.arange(24.0).reshape(4, 6)[::2, ::3]
    check.close(check.call(boundary_x2, w, b, table), (1.0 + 3.0 * table) / 2.0)
with check("returns float64 for whole numbers"):
    check.floats(check.call(boundary_x2, np.array([1, 2]), 3, np.array([1, 2, 3])), (3,))
    check.floats(check.call(boundary_x2, [1, 2], 3, 4), ())
    check.close(check.call(boundary_x2, [1, 2], 3, 4), -3.5)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Use pencil and paper. Move every term without $x_2$ to the other side, then divide.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# Check one point: with `w = (1, 2)` and `b = -6`, the line crosses the $x_2$ axis (where $x_1 = 0$) at 3. Is it `b` or `-b` that gives you 3?
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Both $w_1 x_1$ and $b$ change their signs when they move to the other side, and both are divided by $w_2$: mind the parentheses. In Python, $w_1$ is `w[0]` and $w_2$ is `w[1]`. Convert `x1` to a float array first, so that lists work too.
# </details>

# %% [markdown]
# **Predict:** the next cell draws your line for the weights we used by hand, $w = (-0.5, -1)$ and $b = 2$.
# How many flowers will it get wrong?

# %%
with plots.figure("The two clouds with a downward-sloping line between them; no flower is marked as a mistake.") as ax:
    w, b = np.array([-0.5, -1.0]), 2.0
    said = perceptron_predict(flowers.X, w, b)
    is_setosa = 1 - flowers.y  # this neuron fires for short petals, so 1 has to mean setosa
    plots.points(flowers.X, flowers.y, names=flowers.features, labels=flowers.classes,
                 mistakes=said != is_setosa, ax=ax)
    x1 = np.array([0.6, 4.0])
    ax.plot(x1, boundary_x2(w, b, x1), color=plots.LINE)
    ax.set_title(f"A line chosen by hand makes {int(np.sum(said != is_setosa))} mistakes")
    distances = np.abs(flowers.X @ w + b) / np.linalg.norm(w)
    closest = int(np.argmin(distances))
    print(f"closest to the line: a {flowers.classes[flowers.y[closest]]} with petals of "
          f"{flowers.X[closest][0]} by {flowers.X[closest][1]} cm, {distances[closest]:.2f} cm away")

# %% [markdown]
# None.
# Even the closest flower, a *setosa* with petals 1.6 cm long and 0.6 cm wide, is 0.54 cm from the line.
#
# ## Learning from a mistake
#
# We chose those weights ourselves.
# Now let the machine find its own.
# Rosenblatt's *error-correction rule* looks at one example at a time:
#
# > If the prediction is right, change nothing.
# > If it is wrong, add the example to the weights or subtract it from them.
#
# Define the error as $e = y - \hat y$.
# It is $+1$ when the neuron should have fired but didn't, $-1$ when it fired but shouldn't have (a *false alarm*), and $0$ when it was right.
# Then
#
# $$ w \leftarrow w + \eta\, e\, x, \qquad b \leftarrow b + \eta\, e . $$
#
# **Why this helps.** Suppose the neuron stayed silent although $y = 1$, so $e = 1$.
# After the update, the score of *this same example* is
#
# $$ (w + \eta x) \cdot x + (b + \eta) = \underbrace{w \cdot x + b}_{\text{score before}} + \;\eta\,(\lVert x \rVert^2 + 1). $$
#
# The score has gone up by $\eta\,(\lVert x \rVert^2 + 1) > 0$.
# That is a step in the right direction, though perhaps not far enough.
# After a false alarm all the signs are reversed, and the score goes down by the same amount.
#
# The bias changes by $\eta e$ rather than $\eta e x$, because its input is the constant 1.

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
    """Return the weights and the bias after learning from one example.

    w: (d,) weights.  b: one number.  x: (d,) one example.  y: its label, 0 or 1.
    lr: the learning rate.  w and x may be anything array-like.
    Returns the new pair (w, b): a float64 array of shape (d,) and a float.
    If the prediction was right, they have the same values as before.
    The arrays that were passed in are not modified.
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
with check("subtracts it after a false alarm, even if the score was exactly 0"):
    check.close(check.call(perceptron_update, np.array([1.0, 1.0, 2.0]), 0.5,
                           np.array([2.0, -1.0, 3.0]), 0, 2.0),
                (np.array([-3.0, 3.0, -4.0]), -1.5), names=NAMES)
    check.close(check.call(perceptron_update, np.array([1.0, -1.0]), 1.0, np.array([1.0, 2.0]), 0,
                           0.5), (np.array([0.5, -2.0]), 0.5), names=NAMES)
with check("changes nothing when the prediction was right, and takes lists of whole numbers"):
    check.close(check.call(perceptron_update, np.array([1.0, -1.0]), 0.5, np.array([2.0, 1.0]), 1,
                           0.5), (np.array([1.0, -1.0]), 0.5), names=NAMES)
    w, b = check.parts(check.call(perceptron_update, [1, -1], -2, [2, 1], 0, 1), *NAMES)
    check.floats(w, (2,))
    check.floats(b, ())
with check("leaves the arrays it was given unchanged"):
    check.unchanged(perceptron_update, np.array([1.0, 1.0]), 0.5, np.array([2.0, -1.0]), 0, 2.0)
### BEGIN HIDDEN TESTS
with check("changes nothing when the neuron was right to stay silent"):
    check.close(check.call(perceptron_update, np.array([1.0, 1.0]), -9.0, np.array([2.0, 3.0]), 0,
                           0.25), (np.array([1.0, 1.0]), -9.0), names=NAMES)
with check("counts a score of exactly 0 as firing"):
    check.close(check.call(perceptron_update, np.array([1.0, -1.0]), 1.0, np.array([1.0, 2.0]), 0,
                           1.0), (np.array([0.0, -3.0]), 0.0), names=NAMES)
    check.close(check.call(perceptron_update, np.array([1.0, -1.0]), 1.0, np.array([1.0, 2.0]), 1,
                           1.0), (np.array([1.0, -1.0]), 1.0), names=NAMES)
with check("follows the rule on random examples and learning rates"):
    rng = np.random.default_rng(41)
    cases = [(rng.normal(size=5), rng.normal(), rng.normal(size=5), int(rng.integers(2)),
              rng.uniform(0.05, 3.0)) for _ in range(20)]
    for (w, b, x, y, lr), got in check.each(perceptron_update, cases):
        score = sum(w * x) + b
        sign = 0 if (score >= 0) == (y == 1) else 1 if y == 1 else -1
        check.close(got, (w + sign * lr * x, b + sign * lr), names=NAMES)
with check("returns a float64 array and a float, even for whole numbers and without a mistake"):
    for y, expected in ((1.0, ([1, 2, 3], 0)), (0, ([0, 0, 0], -1))):
        w, b = check.parts(check.call(perceptron_update, [0, 0, 0], -1, [1, 2, 3], y, 1), *NAMES)
        check.floats(w, (3,))
        check.floats(b, ())
        check.close((w, b), expected, names=NAMES)
with check("leaves the arrays it was given unchanged when the neuron should have fired"):
    check.unchanged(perceptron_update, np.array([0.0, 0.0]), -0.5, np.array([2.0, -1.0]), 1, 2.0)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Make the prediction first. Then think through the three cases, in which the error `y - prediction` is 1, 0, or -1. Do you need an `if` at all?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# Once you have the error as a number, each update takes one line, and an error of 0 changes nothing all by itself. Your `step` gives you the prediction.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Turn `w` and `x` into float arrays. With `error = y - step(w @ x + b)`, the new bias is `b + lr * error`. The weights work the same way, but with the error also multiplied by the input. Don't use `w += …`: on an array it changes the caller's weights.
# </details>

# %% [markdown]
# ## Exercise 5: learn
#
# Start with zero weights and a zero bias.
# Go through the examples in order and update after *each* one, so that the next prediction already uses the new weights.
# One pass over all the examples is called an *epoch*.
# Count the mistakes in each epoch, and stop after the first epoch without one, or after `max_epochs`.

# %% exercise: perceptron_fit
def perceptron_fit(X, y, lr, max_epochs):
    """Train a perceptron from zero weights and a zero bias, on the examples in the given order.

    X: (n, d) examples.  y: (n,) labels 0 or 1.  lr: the learning rate.
    max_epochs: the maximum number of passes over the examples.
    X and y may be anything array-like.
    Returns (w, b, errors): the final weights (d,), the final bias as a float, and a list in which
    errors[k] is the number of mistakes made during epoch k, counting epochs from 0. Training ends
    after the first epoch without a mistake; the last entry is then 0.
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
    w, b, errors = check.parts(check.call(perceptron_fit, X, y, 0.5, 20), *NAMES)
    check.close((w, b), (np.array([1.0, 0.5]), -1.5), names=NAMES[:2])
    check.equal(errors, [2, 3, 3, 2, 1, 0])
with check("goes on until max_epochs when there is no line, and takes lists"):
    X, y = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    w, b, errors = check.parts(check.call(perceptron_fit, X, y, 1.0, 6), *NAMES)
    check.equal(errors, [3, 3, 4, 4, 4, 4])
    check.close((w, b), (np.array([-1.0, 0.0]), 0.0), names=NAMES[:2])
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
with check("runs for max_epochs and returns the last line when no line separates the classes"):
    rng = np.random.default_rng(53)
    X, y = rng.normal(size=(30, 4)), rng.integers(2, size=30)
    _compare(X, y, 0.5, 7)
    _compare(np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0]), 1.0, 12)
with check("is right when there are as many examples as features"):
    rng = np.random.default_rng(54)
    X = rng.normal(size=(4, 4))
    _compare(X, np.array([1, 0, 0, 1]), 1.0, 50)
with check("stops at once when there is nothing to learn, and does nothing when max_epochs is 0"):
    _compare(np.array([[1.0, 2.0], [3.0, 1.0]]), np.array([1, 1]), 1.0, 10)
    _compare(np.array([[1.0, 2.0], [3.0, 1.0]]), np.array([1, 0]), 1.0, 0)
with check("works on lists, whole numbers, and labels 0.0 and 1.0, and returns floats"):
    for y in ([0.0, 1.0, 0.0], [0, 1, 0], [1, 1, 1]):
        w, b = _compare([[2, 1], [-1, 3], [0, -2]], y, 1, 20)
        check.floats(w, (2,))
        check.floats(b, ())
with check("accepts any memory order, and leaves its input unchanged"):
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
# You need two loops: epochs on the outside, examples on the inside. Which variables start over in each epoch, and which ones carry over to the next?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `for x, label in zip(X, y):` goes through rows and labels together. Predict with the *current* `w` and `b`; if the prediction is wrong, count a mistake and update them, as in exercise 4.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Turn `X` into a float array, and start with one zero weight per column. In each epoch, set `mistakes = 0`, then loop over the examples. After that loop, append `mistakes` to `errors`, and only then `break` if there were none. Return after the outer loop.
# </details>

# %% [markdown]
# **Predict:** how many mistakes will your perceptron make on the hundred flowers before it stops making any?
# Write down a number, then run the cell.

# %%
with plots.figure("Left: the learned line separates the two clouds. Right: the number of mistakes "
                  "in each epoch, two in each of the first two and none in the third.", columns=2) as (left, right):
    w, b, errors = perceptron_fit(flowers.X, flowers.y, 1.0, 100)
    plots.decision_boundary(lambda grid: perceptron_predict(grid, w, b), flowers.X, flowers.y,
                            title=f"A line learned from {sum(errors)} mistakes",
                            xlabel=flowers.features[0], ylabel=flowers.features[1],
                            labels=flowers.classes, ax=left)
    right.bar(range(len(errors)), errors, color=plots.WRONG, width=0.6)
    right.set(title=f"Epoch {len(errors) - 1} is the first without a mistake", xlabel="epoch",
              ylabel="mistakes", xticks=range(len(errors)))
    right.yaxis.get_major_locator().set_params(integer=True)
    print(f"w = {w}, b = {b}")
    for label, name in enumerate(flowers.classes):
        distances = np.abs(flowers.X[flowers.y == label] @ w + b) / np.linalg.norm(w)
        print(f"the closest {name} is {distances.min():.2f} cm from the line")

# %% [markdown]
# Four mistakes: two in epoch 0, two in epoch 1, and none in epoch 2.
# And that is with the flowers in an awkward order, first all of one species and then all of the other.
#
# The line ends up closer to *versicolor* than you would probably have drawn it: 0.40 cm from the nearest one, with 0.76 cm to spare on the *setosa* side.
# The perceptron stops as soon as it makes no more mistakes.
# It doesn't look for the *best* line, only for *a* line.

# %% [markdown]
# ## A promise about mistakes
#
# How close to the line is the closest example?
# For an example with label $y$, let $t = 2y - 1$, which is $+1$ or $-1$.
# Then $t\,(w \cdot x + b)$ is positive when the example is on the correct side of the line, and dividing it by $\lVert w \rVert$ turns it into a distance.
# The smallest of these distances is the **margin** of the line:
#
# $$ \text{margin} = \min_i \; \frac{t_i\,(w \cdot x_i + b)}{\lVert w \rVert}. $$
#
# A negative margin means that some example is on the wrong side, and tells you how far.
# The length of $w$, its *norm*, is all we divide by: $b$ shifts the line, but distances are measured along $w$.

# %% [markdown]
# ## Exercise 6: the margin

# %% exercise: margin
def margin(X, y, w, b):
    """Return the margin: the smallest signed distance between an example and the line.

    X: (n, d) examples.  y: (n,) labels 0 or 1.  w: (d,) weights, not all zero.  b: one number.
    X, y, and w may be anything array-like.
    Returns a float. A distance is positive where the example is on the correct side of the line,
    and negative where it is on the wrong side.
    """
    ### BEGIN SOLUTION
    w = np.asarray(w, dtype=float)
    t = 2 * np.asarray(y, dtype=float) - 1
    return float(np.min(t * (np.asarray(X, dtype=float) @ w + b)) / np.linalg.norm(w))
    ### END SOLUTION

# %% tests: margin, 3 points
import numpy as np

with check("is the distance of the closest example"):
    X, y = np.array([[3.0, 4.0], [6.0, 8.0], [1.0, -2.0]]), np.array([1, 1, 0])
    check.close(check.call(margin, X, y, np.array([3.0, 4.0]), -5.0), 2.0)
with check("is negative when an example is on the wrong side, and takes lists of whole numbers"):
    check.close(check.call(margin, [[2, 0], [-1, 0]], [0, 0], [1, 0], 0), -2.0)
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
with check("agrees with a loop when all examples are on the correct side"):
    rng = np.random.default_rng(62)
    X, w, b = 3 * rng.normal(size=(20, 3)), rng.normal(size=3), 0.4
    y = (X @ w + b >= 0).astype(int)
    check.close(check.call(margin, X, y, w, b), _smallest(X, y, w, b))
with check("does not depend on the scale of w and b"):
    rng = np.random.default_rng(63)
    X, w, b, y = rng.normal(size=(6, 3)), rng.normal(size=3), -0.8, np.array([1, 0, 0, 1, 1, 0])
    check.close(check.call(margin, X, y, 7.0 * w, 7.0 * b), _smallest(X, y, w, b))
with check("works on one example, on lists, and on labels 0.0 and 1.0, and leaves them unchanged"):
    check.close(check.call(margin, [[3, 4]], [0], [3, 4], 0), -5.0)
    check.close(check.call(margin, [[3, 4], [6, 8], [0, 5]], [1, 0, 1], [3, 4], 0), -10.0)
    X, y, w = [[0.0, 2.0], [0.0, -3.0]], np.array([1.0, 0.0]), [0.0, 5.0]
    check.close(check.call(margin, X, y, w, 0.0), 2.0)
    check.unchanged(margin, X, y, w, 0.0)
with check("returns one float"):
    check.floats(check.call(margin, np.array([[3, 4], [6, 8]]), np.array([1, 1]), np.array([3, 4]),
                            -5), ())
with check("accepts any memory order, and leaves its input unchanged"):
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
# Turn `X`, `y`, and `w` into float arrays, and compute the scores of all the examples at once. Then turn the labels 0 and 1 into -1 and +1. What does the sign of their product tell you?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# One multiplication and one subtraction turn 0 and 1 into -1 and +1 (the formula is above). `np.linalg.norm(w)` is the length of `w`; the bias is not part of it.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Multiply each score by its $t$, bias included: that gives an array of shape `(n,)`. Take its smallest entry (not the mean, and no absolute values), and divide it by the norm of `w`.
# </details>

# %% [markdown]
# ## The proof, in three steps
#
# Now for the promise.
# Append the constant input 1 to every example, and the bias to the weights: with $\tilde x = (x, 1)$ and $\tilde w = (w, b)$, the score is simply $\tilde w \cdot \tilde x$.
# Let $R$ be the length of the longest $\tilde x$.
# Suppose that *some* unit vector $\tilde w^*$ separates the classes:
# $t\,\tilde w^* \cdot \tilde x \ge \gamma > 0$ for every example.
# We don't have to know it; it only has to exist.
#
# > **Two margins.** $\gamma$ is a margin as well, but one measured in the space of $(x, 1)$: it divides by $\lVert (w, b) \rVert$.
# > The margin of exercise 6 is measured in the plane of the flowers and divides by $\lVert w \rVert$.
# > It is the distance you can see, and $\gamma$ is never larger.
#
# Start at $\tilde w = 0$ with $\eta = 1$, and keep an eye on two numbers.
# At every mistake $e = t$, so $\tilde w$ becomes $\tilde w + t \tilde x$.
#
# 1. *The agreement grows quickly.* Each mistake increases $\tilde w \cdot \tilde w^*$ by $t\,\tilde x \cdot \tilde w^* \ge \gamma$. After $k$ mistakes it is at least $k\gamma$.
# 2. *The length grows slowly.* $\lVert \tilde w + t \tilde x \rVert^2 = \lVert \tilde w \rVert^2 + 2\,t\,\tilde w \cdot \tilde x + \lVert \tilde x \rVert^2$. Since it was a mistake, the middle term is not positive, and the last term is at most $R^2$. After $k$ mistakes the length is at most $\sqrt{k}\,R$.
# 3. *The agreement can't exceed the length*, because $\tilde w^*$ is a unit vector. So $k\gamma \le \sqrt{k}\,R$, and therefore
#
# $$ k \le \left(\frac{R}{\gamma}\right)^2 . $$
#
# It doesn't matter how many examples there are, or in what order they come.
# Only two things limit the number of mistakes: how far the examples reach, and how narrow the gap between the classes is.
# A different learning rate just multiplies $\tilde w$ by $\eta$ at every step, and $\eta$ cancels.
#
# To watch the proof at work, we need a harder pair of features: the sepals of the same two species, where the gap is narrow.
# `widest` finds the best $\tilde w^*$, the one with the largest $\gamma$ (a small quadratic program, which we leave to SciPy).
# Then your `perceptron_update` learns, and we record both numbers at every mistake.
#
# **Predict:** the two numbers have to stay between the line $k\gamma$ and the curve $\sqrt{k}\,R$. Where do the line and the curve meet?

# %%
from scipy.optimize import linprog, minimize


def widest(X, y):
    """Return the unit vector (w, b) with the largest gamma, or None if no line exists."""
    signed = (2 * y - 1)[:, None] * np.column_stack([X, np.ones(len(X))])
    start = linprog(np.zeros(3), A_ub=-signed, b_ub=-np.ones(len(X)), bounds=[(None, None)] * 3)
    if not start.success:
        return None
    v = minimize(lambda v: v @ v / 2, start.x, jac=lambda v: v, method="SLSQP", constraints={
        "type": "ineq", "fun": lambda v: signed @ v - 1, "jac": lambda v: signed}).x
    return v / np.linalg.norm(v)


def radius_and_gamma(X, y, v):
    """Return R, and the gamma of the unit vector v = (w, b)."""
    extended = np.column_stack([X, np.ones(len(X))])
    return float(np.linalg.norm(extended, axis=1).max()), float(((2 * y - 1) * (extended @ v)).min())


def weights_at_each_mistake(X, y, max_epochs=2000):
    """Return (w, b) after every mistake, one row each, learning with lr = 1."""
    w, b, rows = np.zeros(X.shape[1]), 0.0, []
    for _ in range(max_epochs):
        before = len(rows)
        for x, label in zip(X, y):
            new_w, new_b = perceptron_update(w, b, x, label, 1.0)
            if new_b != b:
                w, b = new_w, new_b
                rows.append([*w, b])
        if len(rows) == before:
            break
    return np.array(rows)


# %%
sepals = data.iris().take("sepal length (cm)", "sepal width (cm)").only("setosa", "versicolor")
best = widest(sepals.X, sepals.y)
R, gamma = radius_and_gamma(sepals.X, sepals.y, best)

with plots.figure("Four curves against the number of mistakes, on logarithmic axes. From below: k times "
                  "gamma, the agreement, the length, and the root of k times R. The lowest and the "
                  "highest meet far to the right of where the learning ends.",
                  size=(6.8, 4.4)) as ax:
    rows = weights_at_each_mistake(sepals.X, sepals.y)
    k = np.arange(1, len(rows) + 1)
    limit = np.geomspace(1, 4 * (R / gamma) ** 2, 100)
    ax.plot(limit, np.sqrt(limit) * R, color=plots.LINE, label="√k · R")
    ax.plot(k, np.linalg.norm(rows, axis=1), color=plots.SERIES_COLORS[0], label="length of (w, b)")
    ax.plot(k, rows @ best, color=plots.SERIES_COLORS[1], label="agreement with the best line")
    ax.plot(limit, limit * gamma, color=plots.LINE, linestyle="--", label="k · γ")
    ax.axvline((R / gamma) ** 2, color=plots.WRONG, linestyle=":", label="bound (R / γ)²")
    ax.set(title="Both numbers stay between the limits of the proof",
           xlabel="mistakes so far, k", xscale="log", yscale="log")
    print(f"R = {R:.2f}, gamma = {gamma:.4f}, bound (R / gamma)^2 = {(R / gamma) ** 2:.0f}")
    print(f"mistakes made: {len(rows)}; the length is then {np.linalg.norm(rows[-1]):.1f} where "
          f"the proof allows {np.sqrt(len(rows)) * R:.1f}, and the agreement {rows[-1] @ best:.1f} "
          f"where it demands {len(rows) * gamma:.1f}")

# %% [markdown]
# They meet at the bound, 22,134 mistakes: beyond it, the agreement would have to be larger than the length.
# The learning ends long before that, after 1562 mistakes.
# The proof assumes the worst at every mistake, and most mistakes are not that bad.
# In the end the length is 180, where the proof allows 307, and the agreement is 168, where the proof demands only 82.

# %% [markdown]
# ### Play: you against the promise
#
# Back to the petals, this time with *your* `perceptron_predict`, `perceptron_update`, and `margin` behind the picture.
# Move the line by hand or with the sliders, or press *One update* and let your rule find it.
# Every line that makes no mistakes proves a bound, with its own $\gamma$; the explorer keeps the smallest one you have found.
#
# *Try to answer:* how small can you make the bound $(R/\gamma)^2$ by hand?
# Where is the best line?
# Does the perceptron end up there?

# %%
explorer = PerceptronExplorer(flowers, perceptron_predict, perceptron_update, margin)
explorer

# %%
from utils.checks import unfinished

with unfinished():
    best = widest(flowers.X, flowers.y)
    w, b, errors = perceptron_fit(flowers.X, flowers.y, 1.0, 100)
    yours = np.array([*w, b]) / np.linalg.norm([*w, b])
    for name, v in (("best line", best), ("perceptron", yours)):
        R, gamma = radius_and_gamma(flowers.X, flowers.y, v)
        print(f"{name}: (w, b) = {v.round(3)}, margin {margin(flowers.X, flowers.y, v[:2], v[2]):.2f} cm, "
              f"gamma {gamma:.3f}, bound (R / gamma)^2 = ({R:.2f} / {gamma:.3f})^2 = {(R / gamma) ** 2:.0f}")

# %% [markdown]
# The best bound is 410, with $R \approx 5.44$ and $\gamma \approx 0.268$.
# The line that achieves it, $w = (0.250, 0.375)$ and $b = -0.893$ or any positive multiple of both, keeps its distance from both species: in the plane, its margin is 0.60 cm.
# (With the sliders, $w = (2.8, 4.2)$ and $b = -10$ comes close: 412.)
# The perceptron doesn't get there.
# It stops at $w = (0.5, 0.8)$, $b = -2$, with a margin of 0.40 cm and a $\gamma$ of 0.172, and that line only proves a bound of 1001.
# Yet all it needed was four mistakes.
#
# ### Is the promise any good?
#
# A bound can be true and useless, so let's measure it.
# Four features make six pairs, and three species make three pairs, which gives eighteen problems with two features each.
# For each linearly separable problem, we find the largest $\gamma$ and count the mistakes your `perceptron_fit` makes.
#
# **Predict:** will the number of mistakes come close to the bound or stay far below it?
# If the bound is a hundred times as large, will there be a hundred times as many mistakes?

# %%
from itertools import combinations

from scipy.stats import spearmanr


def problems():
    iris = data.iris()
    for features in combinations(iris.features, 2):
        for classes in combinations(iris.classes, 2):
            yield iris.take(*features).only(*classes)


# %%
with plots.figure("Mistakes plotted against the bound, on logarithmic axes: all twelve problems lie "
                  "below the diagonal, by factors between 14 and 177.",
                  size=(6.8, 4.4)) as ax:
    results, without = [], 0
    for problem in problems():
        best = widest(problem.X, problem.y)
        if best is None:
            without += 1
            continue
        R, gamma = radius_and_gamma(problem.X, problem.y, best)
        mistakes = sum(perceptron_fit(problem.X, problem.y, 1.0, 2000)[2])
        results.append(((R / gamma) ** 2, mistakes))
    bounds, mistakes = np.array(sorted(results)).T
    ax.plot([1, 1e5], [1, 1e5], color=plots.LINE, label="as many mistakes as the bound allows")
    ax.scatter(bounds, mistakes, s=50, color=plots.CLASS_COLORS[1], zorder=3,
               label="one pair of features, one pair of species")
    hard = int(np.argmax(mistakes))
    ax.annotate("setosa and\nversicolor,\nby their sepals", (bounds[hard], mistakes[hard]),
                xytext=(-10, -3), textcoords="offset points", ha="right", va="center")
    ax.set(title="Every problem keeps the promise, with room to spare",
           xlabel="bound (R / γ)²", ylabel="mistakes made", xscale="log", yscale="log")
    print(f"{len(bounds)} problems are linearly separable, {without} are not")
    print("bound:   ", *(f"{bound:6.0f}" for bound in bounds))
    print("mistakes:", *(f"{count:6.0f}" for count in mistakes))
    print(f"bound / mistakes: from {(bounds / mistakes).min():.0f} to {(bounds / mistakes).max():.0f}; "
          f"rank correlation {spearmanr(bounds, mistakes).statistic:.2f}")

# %% [markdown]
# The promise is kept every time, as a theorem must be, but it is generous: the bound is 14 to 177 times the number of mistakes.
# And a hundred times the bound doesn't mean a hundred times the mistakes.
# Go from a bound of 242 to one of 22,134, which is 91 times as large, and the mistakes rise from 2 to 1562, by a factor of 781.
# Go from 66 to 2124, which is 32 times as large, and they rise only from 3 to 12.
# Still, a higher bound usually means more work: the rank correlation between the bound and the mistakes is 0.79, where 1 would mean that the bound puts the problems in exactly the right order.
#
# What about the other six problems?
# They are *versicolor* against *virginica*, and whichever two features you choose, no line separates them.
#
# **Predict:** what will your perceptron do on one of those?

# %%
with plots.figure("The number of mistakes in each of 200 epochs on versicolor and virginica: it goes "
                  "up and down between two and five and never reaches zero.") as ax:
    tangled = data.iris().take("petal length (cm)", "petal width (cm)").only("versicolor", "virginica")
    _, _, errors = perceptron_fit(tangled.X, tangled.y, 1.0, 200)
    ax.plot(errors, color=plots.WRONG, linewidth=1.2)
    ax.set(title=f"No line, no peace: never fewer than {min(errors)} mistakes in 200 epochs",
           xlabel="epoch", ylabel="mistakes", ylim=(0, None))

# %% [markdown]
# In each of the 200 epochs it makes at least 2 mistakes.
# Nothing in the rule notices that the task is hopeless: it keeps correcting one flower at the expense of another, forever.
# What can you do when no line exists?
# That is the subject of the next lesson, which begins with the smallest example there is.

# %% [markdown]
# ## Check your understanding
#
# Each of the five questions has exactly one right answer.
# Return its letter.
# Before you choose, explain to yourself why; after grading, every answer comes with an explanation.

# %% [markdown]
# **Question 1.** A neuron fires when $3x_1 - x_2 \ge 4$.
# If you write it as $\mathrm{step}(w \cdot x + b)$, what is $b$?
#
# - **a**  $4$
# - **b**  $-4$
# - **c**  $1/4$
# - **d**  It has none: a threshold and a bias are different things.

# %% exercise: quiz_threshold
def quiz_threshold():
    """Return the letter of your answer to question 1, for example "a"."""
    ### BEGIN SOLUTION
    return "b"
    ### END SOLUTION

# %% tests: quiz_threshold, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_threshold())
### BEGIN HIDDEN TESTS
with check("a threshold as a bias"):
    check.letter(quiz_threshold(), right="b", why={
        "a": "With b = 4 the neuron would fire when 3x1 - x2 >= -4. Move the 4 to the other side "
             "of the inequality: what happens to its sign?",
        "b": "Subtracting 4 from both sides gives 3x1 - x2 - 4 >= 0: the bias is the threshold with "
             "its sign flipped.",
        "c": "No division is needed here: move the threshold to the other side of the inequality.",
        "d": "They are the same thing written in two ways: compare the sum with a threshold, or "
             "subtract the threshold first and compare with 0."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 2.** You replace $(w, b)$ with $(-w, -b)$.
# What happens?
#
# - **a**  Nothing: it is the same line, so the predictions are the same.
# - **b**  The line is reflected through the origin.
# - **c**  The line stays where it is, but its two sides swap labels.
# - **d**  The line rotates by 90 degrees.

# %% exercise: quiz_flip
def quiz_flip():
    """Return the letter of your answer to question 2, for example "a"."""
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
             "other side.",
        "b": "Flipping only w, or only b, would do that. Plug a point of the old line into the new "
             "equation.",
        "c": "The line w·x + b = 0 stays where it is, but every score changes sign, so the other "
             "side fires now.",
        "d": "The line is perpendicular to w, and whatever is perpendicular to w is also "
             "perpendicular to -w."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 3.** An example is misclassified, and you make one update with it.
# What can you be sure of?
#
# - **a**  It is now classified correctly.
# - **b**  The number of mistakes on the whole training set has gone down.
# - **c**  The line is closer to the line with the widest margin.
# - **d**  Its score has moved in the right direction.

# %% exercise: quiz_update
def quiz_update():
    """Return the letter of your answer to question 3, for example "a"."""
    ### BEGIN SOLUTION
    return "d"
    ### END SOLUTION

# %% tests: quiz_update, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_update())
### BEGIN HIDDEN TESTS
with check("what one update guarantees"):
    check.letter(quiz_update(), right="d", why={
        "a": "The score moves by lr * (|x|^2 + 1). If it was farther on the wrong side than that, "
             "the example is still wrong.",
        "b": "Fixing one example can break others: look at the mistakes per epoch for versicolor "
             "against virginica.",
        "c": "The rule knows nothing about margins; it stops at any line that makes no mistakes.",
        "d": "The update moves the score of that example by lr * (|x|^2 + 1), and always in the "
             "right direction."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 4.** You train from zero weights, and you double the learning rate.
# What changes?
#
# - **a**  `w` and `b` come out twice as large; every prediction along the way stays the same.
# - **b**  Training takes about half as many epochs.
# - **c**  It may overshoot and never converge.
# - **d**  The margin of the final line doubles.

# %% exercise: quiz_learning_rate
def quiz_learning_rate():
    """Return the letter of your answer to question 4, for example "a"."""
    ### BEGIN SOLUTION
    return "a"
    ### END SOLUTION

# %% tests: quiz_learning_rate, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_learning_rate())
### BEGIN HIDDEN TESTS
with check("what the learning rate does from a zero start"):
    check.letter(quiz_learning_rate(), right="a", why={
        "a": "From zero, w and b are always lr times a sum of examples, and doubling both leaves "
             "the sign of every score unchanged.",
        "b": "From zero, every update is lr times the same sum of examples, and the sign of a "
             "score does not depend on its scale. Try perceptron_fit with two rates.",
        "c": "That is true of gradient descent, the subject of lesson 4. Here the bound does not "
             "depend on the learning rate.",
        "d": "The margin is divided by the norm of w, which doubles as well."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 5.** Two data sets reach equally far from the origin, but in the second one the gap $\gamma$ between the classes is half as wide.
# What happens to the bound on the number of mistakes?
#
# - **a**  It doubles.
# - **b**  It becomes four times as large.
# - **c**  It stays the same, because it counts examples.
# - **d**  It is cut in half, because the classes are closer together.

# %% exercise: quiz_bound
def quiz_bound():
    """Return the letter of your answer to question 5, for example "a"."""
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
        "c": "The number of examples does not appear in the bound at all.",
        "d": "A narrower gap makes the bound larger, because gamma is in the denominator."})
### END HIDDEN TESTS

# %% [markdown]
# ## In an interview
#
# *What is a perceptron, how does it learn, and what can't it do?*
#
# Answer in the cell below, in five to eight sentences, as you would for an interviewer who wants to know whether you really understand it.
# Say what a perceptron computes, what the learning rule is and why it works, what is guaranteed and under what condition, and name one limitation with an example.
# A teacher reads this answer; it is worth 3 points.
#
# <!-- A good answer says: what it computes: a weighted sum and a step; the learning rule, and why it works; what is guaranteed, and when; a limitation, with an example -->

# %% answer: interview_perceptron, 3 points [markdown]
# A perceptron computes a weighted sum of its inputs plus a bias and outputs 1 when the result is at least zero, and 0 otherwise; with two inputs, that is a line and its two sides.
# It learns from one example at a time: after a wrong prediction it adds the example, times the learning rate, to the weights if it should have fired, and subtracts it if it should not have; the bias changes by the learning rate itself.
# This raises (or lowers) the score of that example by the learning rate times the squared length of the example plus one, so every correction pushes the example the right way, although it may spoil others.
# If some hyperplane separates the classes with margin gamma, and the examples have length at most R (both with the constant input 1 included), it makes at most (R/gamma) squared mistakes from a zero start, in any order; then it stops at some separating line, not the best one.
# If the classes are not linearly separable, it never settles. XOR of two bits is the smallest example, because no line has (0,1) and (1,0) on one side and (0,0) and (1,1) on the other.
#
# ### BEGIN MARK SCHEME
# One point for each, half points where it is incomplete:
#
# 1. **Computes:** weighted sum plus bias, then a threshold; or geometrically, a hyperplane with two sides.
# 2. **Learns:** error-driven update with the example itself, for weights and bias, and a reason why it helps (the score of that example moves the right way).
# 3. **Limit and guarantee:** converges only for linearly separable classes (the bound or "finitely many mistakes" is enough), with an example that is not separable, such as XOR.
#
# These cost the point in parentheses: "it minimizes the squared error by gradient descent" (2); "it finds the best line" or "it converges on any data" (3); leaving out the bias altogether (1).
# ### END MARK SCHEME

# %% [markdown]
# ## What to remember
#
# > - A perceptron is $\mathrm{step}(w \cdot x + b)$: a hyperplane and its two sides. The bias is the threshold with its sign flipped.
# > - It learns only from mistakes: $w \leftarrow w + \eta\,(y - \hat y)\,x$, $b \leftarrow b + \eta\,(y - \hat y)$.
# > - If a separating line exists, it makes at most $(R/\gamma)^2$ mistakes from a zero start, in any order, with any learning rate.
# > - If none exists, it never stops correcting.
# > - It finds *a* line, not the best one, and it can't tell you how sure it is.
#
# **When is a neural network the right tool?** For two measurements and two well-separated species of flower, one neuron is plenty, and so is a ruler.
# Networks of many neurons earn their keep when the boundary between the classes is not a line, when the raw data doesn't come in a table (images, sound, text), and when there is enough data to learn good features instead of inventing them.
# Image recognition, translation, and recommendations are examples.
# When data is scarce, or when you must explain a decision to the person it affects, start with something simpler.
#
# **Next:** [lesson 2](../02_xor/02_xor.ipynb), in which four points defeat every line, and two neurons fold the plane to win.
#
# *Sources.* F. Rosenblatt, "The perceptron: a probabilistic model for information storage and organization in the brain", Psychological Review 65 (1958), where active connections are strengthened but errors are not yet corrected as here; "Principles of Neurodynamics" (1962), with the error-correction rule. A. Novikoff, "On convergence proofs on perceptrons", Symposium on the Mathematical Theory of Automata (1962). R. A. Fisher, "The use of multiple measurements in taxonomic problems" (1936), with E. Anderson's data, here from scikit-learn.

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

HandIn("01_perceptron")
