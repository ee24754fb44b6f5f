# %% [markdown]
# # 7 · Regularization: the rule, not the noise
#
# Somebody careless has labeled 300 handwritten digits for you: three labels in ten are wrong.
# You train a network on them, and in the end it gives nearly every example the label on its card, including most of the wrong ones.
# What will it say about a digit it has never seen?
#
# In this lesson you watch a network memorize lies, build the tools that keep it from doing so, and measure what each of them is worth, and where it is worth nothing.
#
# **You will build**, from nothing but NumPy:
# `l2_penalty`, `l2_grad` → `l1_penalty`, `l1_grad` → `dropout_forward`, `dropout_backward` → `early_stopping`, `cases` → `standardize` → `batchnorm_forward`
#
# **Time:** about 125 minutes. **You need:** lessons 3 to 5: forward pass, backpropagation, ReLU.
#
# Plan two sittings, and stop for the day after *Play: three knobs on one network*.
# Sections marked *optional* can be skipped.
#
# **How to work.** Predict, run, explain.
# If one of the nine short exercises won't budge, skip it and come back.

# %% given: imports
import numpy as np

from utils import data, plots
from utils.checks import unfinished
from utils.widgets import RegularizationPlayground

# %% [markdown]
# Here are the pieces you built in lessons 3 to 5.

# %% earlier: pieces
# from 03_forward_pass: linear_forward, softmax, cross_entropy
# from 04_backprop: cross_entropy_grad, linear_backward
# from 05_activations: relu, relu_grad

# %%
# To use your own pieces instead, remove the # in front of the next lines.
# from utils import earlier
# linear_forward, softmax, cross_entropy = earlier.mine(
#     "03_forward_pass", "linear_forward", "softmax", "cross_entropy")
# cross_entropy_grad, linear_backward = earlier.mine(
#     "04_backprop", "cross_entropy_grad", "linear_backward")
# relu, relu_grad = earlier.mine("05_activations", "relu", "relu_grad")

# %% [markdown]
# ## Three hundred digits and ninety lies
#
# Here are 300 digits for training, 300 for **validation** (for making choices), and 600 for the **test** (to be looked at once, at the end).
# In the first two sets, some labels are replaced by another digit, chosen at random; the test labels stay true.
# (This lesson plots test curves, too, to show you what happens; in a real project you would not look.)

# %%
def task(seed, lies, n=300):
    """n digits for training, 300 for validation, 600 for the test; and which of the n labels lie."""
    rng = np.random.default_rng(seed)
    table = data.digits()
    X, truth = (table.X - 5) / 6, table.y  # over all pixels the mean is about 5, the std 6
    y = np.where(rng.random(len(truth)) < lies, (truth + rng.integers(1, 10, len(truth))) % 10,
                 truth)
    order = rng.permutation(len(y))
    train, valid, test = order[:n], order[-900:-600], order[-600:]
    return (X[train], y[train]), (X[valid], y[valid]), (X[test], truth[test]), (y != truth)[train]


# %%
from threadpoolctl import threadpool_limits

threadpool_limits(1)  # with small matrices, one thread is faster than two that wait for each other
EVERY = 5  # epochs in a round; after each round, we look at the validation digits
EPOCHS = np.arange(0, 201, EVERY)
TRAINING, VALIDATION, TEST = plots.SERIES_COLORS[:3]  # the same in every figure


def fit(digits, seed, lam=0.0, p=0.0, lr=0.5, hidden=50):
    """Train a 64 → hidden → 10 network with ReLU, and record how it does after each round.

    lam: the strength of the L2 penalty. p: the probability of dropping a hidden unit.
    """
    (X, y), (X_valid, y_valid), (X_test, y_test), lying = digits
    rng = np.random.default_rng(seed)
    W1, b1 = rng.normal(size=(hidden, 64)) / 8, np.zeros(hidden)
    W2, b2 = rng.normal(size=(10, hidden)) / np.sqrt(hidden), np.zeros(10)
    scores = lambda X: linear_forward(relu(linear_forward(X, W1, b1)), W2, b2)
    seen = {"loss": [], "valid loss": [], "true": [], "lies": [], "as labeled": [], "valid": [],
            "test": []}
    for epoch in range(EPOCHS[-1] + 1):
        if epoch % EVERY == 0:
            S, S_valid = scores(X), scores(X_valid)
            repeats = S.argmax(axis=1) == y
            seen["loss"].append(cross_entropy(S, y))
            seen["valid loss"].append(cross_entropy(S_valid, y_valid))
            seen["as labeled"].append(repeats.mean())
            seen["true"].append(repeats[~lying].mean())
            seen["lies"].append(repeats[lying].mean() if lying.any() else np.nan)
            seen["valid"].append((S_valid.argmax(axis=1) == y_valid).mean())
            seen["test"].append((scores(X_test).argmax(axis=1) == y_test).mean())
        Z = linear_forward(X, W1, b1)
        H = relu(Z)
        if p:
            H, mask = dropout_forward(H, p, rng, True)
        dS = cross_entropy_grad(linear_forward(H, W2, b2), y)
        dH, dW2, db2 = linear_backward(dS, H, W2)
        if p:
            dH = dropout_backward(dH, mask, p)
        _, dW1, db1 = linear_backward(dH * relu_grad(Z), X, W1)
        if lam:
            more1, more2 = l2_grad([W1, W2], lam)
            dW1, dW2 = dW1 + more1, dW2 + more2
        W1, b1, W2, b2 = W1 - lr * dW1, b1 - lr * db1, W2 - lr * dW2, b2 - lr * db2
    return {name: np.array(values) for name, values in seen.items()}


# %% [markdown]
# **Predict:** the network has 3760 weights and biases, and the training set has 300 labels, about 90 of them lies. Which will it learn first, the true labels or the lies? Will it ever learn the lies? And what will happen to the test digits?

# %%
SEEDS = range(5)
noisy = [task(seed, lies=0.3) for seed in SEEDS]
plain = [fit(digits, seed) for digits, seed in zip(noisy, SEEDS)]


def mean(runs, name, epoch=-1):
    return float(np.mean([run[name][epoch] for run in runs]))


with plots.figure("Left: the training loss keeps falling; the validation loss falls for about 20 epochs "
                  "and then keeps climbing. Right: the true training labels are learned within "
                  "20 epochs, the lies only later, but in the end most of them; the percentage of "
                  "test digits that are right peaks early and then falls.", columns=2) as (left, right):
    first = plain[0]
    plots.curves(EPOCHS, {"training": first["loss"], "validation": first["valid loss"]},
                 title="One loss falls, the other turns around", xlabel="epoch", ylabel="mean loss",
                 ax=left, colors={"training": TRAINING, "validation": VALIDATION})
    plots.curves(EPOCHS, {"true labels\nlearned": 100 * first["true"],
                          "lies\nlearned": 100 * first["lies"],
                          "test digits\nright": 100 * first["test"]},
                 title="First the rule, then the lies", xlabel="epoch", ylabel="%", ax=right,
                 colors={"true labels\nlearned": TRAINING, "lies\nlearned": plots.WRONG,
                         "test digits\nright": TEST})

best = [run["test"].max() for run in plain]
print(f"mean of {len(plain)} networks, after {EPOCHS[-1]} epochs:")
print(f"  {100 * mean(plain, 'as labeled'):.1f}% of the training examples get the label on their card, "
      f"including {100 * mean(plain, 'lies'):.1f}% of the lies")
print(f"  {100 * mean(plain, 'test'):.1f}% of the test digits are right; "
      f"at the best moment it was {100 * np.mean(best):.1f}%")

# %% [markdown]
# The true labels come first.
# After 20 epochs, the network in the figure has learned 90% of them and only 13% of the lies.
# Most examples agree on the rule, while each lie has to be learned separately, and that takes longer.
# But there is plenty of room: after 200 epochs, the five networks have learned 87% of the lies, and the test digits pay for it: at best 83.0% were right, and in the end only 69.8%.
#
# - **Overfitting** means that the training loss keeps falling while the loss on new data rises. The difference between the two losses is the **generalization gap**.
# - **Capacity** makes it possible: a network with far more weights than examples can fit almost any labels, even random ones (Zhang and others, 2017).
# - **Regularization** is everything you do to lower the loss on new data rather than the training loss.

# %% [markdown]
# ## A price on large weights
#
# To bend around a single example, a network needs steep slopes, and steep slopes need large weights.
# So make large weights cost something:
#
# $$ \mathcal L_{\text{total}} = \mathcal L_{\text{data}} + \frac{\lambda}{2} \sum_l \lVert W_l \rVert^2, \qquad \lVert W \rVert^2 = \sum_{ij} W_{ij}^2. $$
#
# **One weight first.** Take $w = 2$, $\lambda = 0.1$, and a learning rate of $\eta = 0.5$.
# The penalty is $0.05 \cdot 4 = 0.2$.
# Its derivative happens to be 0.2 as well: the 2 from the square cancels the half, which is why it is there.
# If the data had no say, one step would give $w \leftarrow 2 - 0.5 \cdot 0.2 = 1.9$.
#
# Biases are usually left out of the penalty: they shift a unit, but they don't make anything steeper.
#
# ## Exercise 1: the L2 penalty

# %% exercise: l2_penalty
def l2_penalty(weights, lam):
    """The L2 penalty on all the weights together.

    weights: a list of array-likes of any shapes, one per layer.  lam: the strength, >= 0.
    Returns a float; 0.0 for an empty list.

    l2_penalty([[[1.0, -2.0]], [[3.0]]], 0.1) gives 0.7, which is 0.05 * (1 + 4 + 9)
    """
    ### BEGIN SOLUTION
    squares = (float(np.sum(np.asarray(W, dtype=float) ** 2)) for W in weights)
    return 0.5 * float(lam) * sum(squares)
    ### END SOLUTION

# %% tests: l2_penalty, 2 points
import numpy as np

with check("is half of lam times the sum of squares"):
    check.close(check.call(l2_penalty, [np.array([[1.0, -2.0]]), np.array([[3.0]])], 0.1), 0.7)
with check("grows with the square of the weights"):
    W = np.array([[0.5, -1.5], [2.0, 0.0]])
    check.close(check.call(l2_penalty, [W], 2.0), 6.5)
    check.close(check.call(l2_penalty, [10 * W], 2.0), 650.0)
with check("takes lists of whole numbers, and returns a float"):
    got = check.call(l2_penalty, [[[1, -2], [3, 4]], [5, -1]], 1)
    check.floats(got, ())
    check.close(got, 28.0)
### BEGIN HIDDEN TESTS
def _by_entries(weights, lam):
    return sum(lam * w * w / 2 for W in weights for w in np.ravel(np.asarray(W, dtype=float)))


def _layers(seed, *shapes):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in shapes]


with check("counts every layer, whatever their sizes"):
    for seed, shapes in ((71, ((3, 5), (4, 3))), (72, ((4, 4), (4, 4), (4, 4))), (73, ((1, 6),))):
        weights = _layers(seed, *shapes)
        check.close(check.call(l2_penalty, weights, 0.3), _by_entries(weights, 0.3))
with check("takes arrays of one, two and three dimensions"):
    weights = _layers(74, (7,), (3, 2), (2, 3, 4))
    check.close(check.call(l2_penalty, weights, 1.7), _by_entries(weights, 1.7))
with check("is proportional to lam, and 0 for lam = 0"):
    weights = _layers(75, (2, 3), (4, 2))
    for case, got in check.each(l2_penalty, [(weights, lam) for lam in (0.0, 0.01, 4, 50.0)]):
        check.close(got, _by_entries(*case))
with check("is a float, 0.0 for an empty list"):
    check.floats(check.call(l2_penalty, _layers(76, (2, 2)), 0.5), ())
    check.floats(check.call(l2_penalty, [], 0.5), ())
    check.close(check.call(l2_penalty, [], 0.5), 0.0)
with check("reads any memory order, and leaves the weights as they were"):
    W = np.asfortranarray(np.random.default_rng(77).normal(size=(6, 8)))[::2, ::-3]
    check.close(check.call(l2_penalty, [W, W.T], 0.9), _by_entries([W, W], 0.9))
    check.unchanged(l2_penalty, [W.copy(), np.ones(3)], 0.4)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Start with one layer: how do you sum the squares of all the entries of an array?
# Then add up over the list.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `np.sum(W ** 2)` sums over all axes.
# The layers have different shapes, so they don't fit into a single array: use a loop, or `sum(... for W in weights)`.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Start with `total = 0.0`.
# For each `W` in `weights`, make a float array and add the sum of its squares.
# At the end, multiply the total by `lam / 2` and return a float.
# </details>

# %% [markdown]
# ## Exercise 2: its gradient
#
# Training needs only the slope.
# Work it out for one weight.

# %% exercise: l2_grad
def l2_grad(weights, lam):
    """The gradient of the L2 penalty with respect to every weight.

    weights: a list of array-likes of any shapes.  lam: the strength, >= 0.
    Returns a list of new float64 arrays with the same shapes; [] for an empty list.
    """
    ### BEGIN SOLUTION
    return [float(lam) * np.asarray(W, dtype=float) for W in weights]
    ### END SOLUTION

# %% tests: l2_grad, 2 points
import numpy as np


def _gradients(weights, lam):
    got = check.call(l2_grad, weights, lam)
    return list(got) if isinstance(got, np.ndarray) else got


with check("is how steep the penalty is at each weight"):
    weights = [np.array([[1.0, -2.0], [0.0, 4.0]]), np.array([[3.0]])]
    check.close(_gradients(weights, 0.1), (np.array([[0.1, -0.2], [0.0, 0.4]]), np.array([[0.3]])))
with check("has one array for each layer, of that layer's shape"):
    weights = [np.ones((3, 5)), np.ones((4, 3)), np.ones(2)]
    for part, shape in zip(check.parts(_gradients(weights, 0.1), "W1", "W2", "W3"),
                           ((3, 5), (4, 3), (2,))):
        check.floats(part, shape)
with check("leaves the weights as they were, and gives back new arrays"):
    weights = [np.array([[1.0, 2.0], [3.0, -4.0]]), np.ones((2, 3))]
    check.unchanged(l2_grad, weights, 0.5)
    check.new(check.call(l2_grad, weights, 1.0), weights)
with check("takes lists of whole numbers, and returns floats"):
    got = _gradients([[[1, -2], [3, 4]], [5, -1]], 2)
    for part, shape in zip(check.parts(got, "W1", "W2"), ((2, 2), (2,))):
        check.floats(part, shape)
    check.close(got, (np.array([[2, -4], [6, 8]]), np.array([10, -2])))
### BEGIN HIDDEN TESTS
def _slopes(weights, lam):
    """By central differences of the penalty in one entry at a time; exact for squares."""
    half = lambda w: lam * w * w / 2
    return tuple(np.reshape([half(w + 0.5) - half(w - 0.5) for w in np.ravel(W)], np.shape(W))
                 for W in weights)


with check("is the slope of (lam / 2) · w² at every weight"):
    rng = np.random.default_rng(81)
    for shapes in (((3, 5), (4, 3)), ((4, 4), (4, 4)), ((2, 6),)):
        weights = [rng.normal(size=shape) for shape in shapes]
        check.close(_gradients(weights, 0.7), _slopes(weights, 0.7))
with check("is proportional to lam, and all zeros for lam = 0"):
    weights = [np.random.default_rng(82).normal(size=(3, 2))]
    for lam in (0.0, 0.01, 3, 40.0):
        check.close(_gradients(weights, lam), _slopes(weights, lam))
with check("takes arrays of one and three dimensions, and an empty list"):
    rng = np.random.default_rng(83)
    weights = [rng.normal(size=5), rng.normal(size=(2, 3, 4))]
    check.close(_gradients(weights, 1.3), _slopes(weights, 1.3))
    check.true(len(_gradients([], 1.3)) == 0, "for an empty list an empty list is expected.")
with check("reads any memory order"):
    W = np.asfortranarray(np.random.default_rng(84).normal(size=(6, 8)))[::2, ::-3]
    check.close(_gradients([W, W.T], 0.9), _slopes([W, W.T], 0.9))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Differentiate $\frac{\lambda}{2} w^2$ with respect to $w$.
# No other term of the sum contains this weight.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# Use a list comprehension over `weights`.
# A number times an array gives a new array.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# For each `W`, make a float array with `np.asarray(W, dtype=float)` and multiply it by the number you found in hint 1.
# Collect the results in a list.
# </details>

# %% [markdown]
# Now you can write down a whole step of gradient descent:
#
# $$ w \leftarrow w - \eta\,(dw + \lambda w) = (1 - \eta\lambda)\,w - \eta\, dw. $$
#
# Each step first shrinks every weight by the same *percentage*, 5% in the example above, and then the data gets to pull.
# That is why the method is also called **weight decay**.
# A weight survives only if the data keeps pulling on it, and a single lie among 300 labels pulls only weakly.
#
# **Predict:** how will the accuracies on the training, validation, and test digits change as λ grows from 0.001 to 0.3? Which of the three should choose λ?

# %%
with plots.figure("Accuracy against lambda on a logarithmic axis. Training accuracy falls from nearly "
                  "100 percent to below half; validation and test accuracy first rise, peak around "
                  "0.03, and then fall.", size=(6.8, 4.2)) as ax:
    strengths = np.array([0.001, 0.01, 0.03, 0.1, 0.3])
    runs = [[fit(noisy[seed], seed, lam=lam) for seed in (0, 1)] for lam in strengths]
    shares = {name: 100 * np.array([mean(pair, key) for pair in runs]) for name, key in (
        ("training,\nas labeled", "as labeled"), ("validation,\nas labeled", "valid"),
        ("test, true\nlabels", "test"))}
    chosen = strengths[np.argmax(shares["validation,\nas labeled"])]
    plots.curves(strengths, shares, title=f"The validation digits choose λ = {chosen:g}",
                 xlabel="λ", ylabel="% right", log="x", ax=ax,
                 colors=dict(zip(shares, (TRAINING, VALIDATION, TEST))))

# %% [markdown]
# Training accuracy only falls, so it would always choose the smallest λ, and learn the lies.
# Validation and test accuracy rise and then fall: with a large λ, even the digits aren't learned, which is **underfitting**.
# At λ = 0.03, the validation accuracy is highest (only 61%, because many of the labels are lies), and 85% of the test digits are right.
#
# So choose by the validation data, and keep the test digits for the final verdict.

# %% [markdown]
# ## A price per step: L1 and zeros
#
# Now charge for the size itself: $\lambda \sum |W_{ij}|$.
#
# | weight | pull of L2 | pull of L1 |
# |---|---|---|
# | 10 | 10 λ | λ |
# | 1 | λ | λ |
# | 0.01 | 0.01 λ | λ |
#
# L2 lets go of small weights, which become tiny, but never zero.
# With L1, if the data pulls back with less than λ, the weight goes all the way to zero: the solution is **sparse**.
#
# At zero itself, $|w|$ has a corner and no slope; by convention we use 0 there (a *subgradient*), so that a weight at zero stays where it is.
#
# ## Exercise 3: the L1 penalty
#
# There is no half this time.

# %% exercise: l1_penalty
def l1_penalty(weights, lam):
    """The L1 penalty on all the weights together.

    weights: a list of array-likes of any shapes.  lam: the strength, >= 0.
    Returns a float; 0.0 for an empty list.

    l1_penalty([[[1.0, -2.0]], [[3.0]]], 0.1) gives 0.6
    """
    ### BEGIN SOLUTION
    sizes = (float(np.sum(np.abs(np.asarray(W, dtype=float)))) for W in weights)
    return float(lam) * float(sum(sizes))
    ### END SOLUTION

# %% tests: l1_penalty, 2 points
import numpy as np

with check("is lam times the sum of absolute values"):
    check.close(check.call(l1_penalty, [np.array([[1.0, -2.0]]), np.array([[3.0]])], 0.1), 0.6)
with check("lets no sign cancel another"):
    check.close(check.call(l1_penalty, [np.array([[2.0, -2.0], [-1.5, 1.5]])], 2.0), 14.0)
with check("takes lists of whole numbers, and returns a float"):
    got = check.call(l1_penalty, [[[1, -2], [3, 4]], [5, -1]], 1)
    check.floats(got, ())
    check.close(got, 16.0)
### BEGIN HIDDEN TESTS
def _by_entries(weights, lam):
    return sum(lam * max(w, -w) for W in weights for w in np.ravel(np.asarray(W, dtype=float)))


def _layers(seed, *shapes):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in shapes]


with check("counts every layer, whatever their sizes"):
    for seed, shapes in ((91, ((3, 5), (4, 3))), (92, ((4, 4), (4, 4), (4, 4))), (93, ((1, 6),))):
        weights = _layers(seed, *shapes)
        check.close(check.call(l1_penalty, weights, 0.3), _by_entries(weights, 0.3))
with check("takes arrays of one, two and three dimensions"):
    weights = _layers(94, (7,), (3, 2), (2, 3, 4))
    check.close(check.call(l1_penalty, weights, 1.7), _by_entries(weights, 1.7))
with check("is proportional to lam, and 0 for lam = 0"):
    weights = _layers(95, (2, 3), (4, 2))
    for case, got in check.each(l1_penalty, [(weights, lam) for lam in (0.0, 0.01, 4, 50.0)]):
        check.close(got, _by_entries(*case))
with check("is a float, 0.0 for an empty list"):
    check.floats(check.call(l1_penalty, _layers(96, (2, 2)), 0.5), ())
    check.floats(check.call(l1_penalty, [], 0.5), ())
    check.close(check.call(l1_penalty, [], 0.5), 0.0)
with check("reads any memory order, and leaves the weights as they were"):
    W = np.asfortranarray(np.random.default_rng(97).normal(size=(6, 8)))[::2, ::-3]
    check.close(check.call(l1_penalty, [W, W.T], 0.9), _by_entries([W, W], 0.9))
    check.unchanged(l1_penalty, [-W.copy(), -np.ones(3)], 0.4)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# It's the L2 penalty with a different function of each entry, and without the half.
# Which comes first: taking absolute values, or summing?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `np.abs` works entry by entry, and `np.sum` sums over all axes.
# (For a matrix, `np.linalg.norm(W, 1)` is something else: the largest column sum.)
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Starting from `0.0`, add up the sum of the absolute values of each layer.
# Multiply the total by `lam` and return a float.
# </details>

# %% [markdown]
# ## Exercise 4: its gradient

# %% exercise: l1_grad
def l1_grad(weights, lam):
    """A (sub)gradient of the L1 penalty with respect to every weight; at 0 it is 0.

    weights: a list of array-likes of any shapes.  lam: the strength, >= 0.
    Returns a list of new float64 arrays with the same shapes; [] for an empty list.
    """
    ### BEGIN SOLUTION
    return [float(lam) * np.sign(np.asarray(W, dtype=float)) for W in weights]
    ### END SOLUTION

# %% tests: l1_grad, 2 points
import numpy as np


def _gradients(weights, lam):
    got = check.call(l1_grad, weights, lam)
    return list(got) if isinstance(got, np.ndarray) else got


with check("is the slope of the penalty on either side of 0"):
    weights = [np.array([[0.5, -2.0], [-0.001, 4.0]]), np.array([[-3.0]])]
    check.close(_gradients(weights, 0.5),
                (np.array([[0.5, -0.5], [-0.5, 0.5]]), np.array([[-0.5]])))
with check("is 0 at a weight of 0"):
    check.close(_gradients([np.array([0.0, 1.0, 0.0, -1.0])], 0.3), (np.array([0, 0.3, 0, -0.3]),))
with check("leaves the weights as they were, and gives back new arrays"):
    weights = [np.array([[1.0, 0.0], [3.0, -4.0]]), -np.ones((2, 3))]
    check.unchanged(l1_grad, weights, 0.5)
    check.new(check.call(l1_grad, weights, 1.0), weights)
with check("takes lists of whole numbers, and returns floats"):
    got = _gradients([[[1, -2], [0, 4]], [5, -1]], 2)
    for part, shape in zip(check.parts(got, "W1", "W2"), ((2, 2), (2,))):
        check.floats(part, shape)
    check.close(got, (np.array([[2, -2], [0, 2]]), np.array([2, -2])))
### BEGIN HIDDEN TESTS
def _signs(weights, lam):
    return tuple(np.reshape([lam * (float(w > 0) - float(w < 0)) for w in np.ravel(np.asarray(W, float))],
                            np.shape(W)) for W in weights)


with check("has one array for each layer, of that layer's shape"):
    rng = np.random.default_rng(101)
    for shapes in (((3, 5), (4, 3)), ((4, 4), (4, 4)), ((2, 6),), ((5,), (2, 3, 4))):
        weights = [rng.normal(size=shape) for shape in shapes]
        check.close(_gradients(weights, 0.7), _signs(weights, 0.7))
with check("is the slope of lam · |w| away from 0, at weights of any size"):
    w = np.array([1e-9, -1e-9, 1e-300, 1000.0, -1000.0, 0.5])
    check.close(_gradients([w], 0.2), (np.array([0.2, -0.2, 0.2, 0.2, -0.2, 0.2]),))
with check("is proportional to lam, and all zeros for lam = 0"):
    weights = [np.random.default_rng(102).normal(size=(3, 2))]
    for lam in (0.0, 0.01, 3, 40.0):
        check.close(_gradients(weights, lam), _signs(weights, lam))
with check("gives an empty list for an empty list, and takes −0.0 for 0"):
    check.true(len(_gradients([], 1.3)) == 0, "for an empty list an empty list is expected.")
    check.close(_gradients([np.array([-0.0, 0.0, -2.0])], 1.5), (np.array([0, 0, -1.5]),))
with check("reads any memory order"):
    W = np.asfortranarray(np.random.default_rng(103).normal(size=(6, 8)))[::2, ::-3]
    check.close(_gradients([W, W.T], 0.9), _signs([W, W.T], 0.9))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# How steep is $\lambda |w|$ at $w = 3$? At $w = -3$? At $w = -0.001$?
# And what is the convention at 0?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# The result depends on which side of 0 a weight lies, not on its size; NumPy has a function for that.
# Dividing by $|w|$ fails at 0.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# As in exercise 2, make a list with one array per layer.
# `np.sign` tells you the side for every entry, and gets 0 right.
# </details>

# %% [markdown]
# ### Does L1 give exact zeros?
#
# "L1 makes weights exactly zero," says every textbook. Let's count.
# The data are 442 patients with 10 measurements each, plus 30 columns of pure noise.
# A linear model, trained by gradient descent on the mean squared error plus a penalty, predicts how the disease progressed.
#
# **Predict:** after 1000 steps, how many of the 40 weights will be exactly 0.0 with L2? And with L1?

# %%
patients = data.diabetes()
rng = np.random.default_rng(5)
X = np.column_stack([patients.X, rng.normal(size=(len(patients.X), 30))])
X = (X - X.mean(axis=0)) / X.std(axis=0)
y = (patients.y - patients.y.mean()) / patients.y.std()
w_start = 0.1 * rng.normal(size=40)


def descend(penalty_grad, lam, shrink=0.0, lr=0.1, steps=1000):
    """Gradient descent; after each step, the size of every weight is reduced by `shrink`."""
    w = w_start
    for _ in range(steps):
        w = w - lr * (X.T @ (X @ w - y) / len(y) + penalty_grad([w], lam)[0])
        w = np.sign(w) * np.maximum(np.abs(w) - shrink, 0.0)
    return w


with unfinished():
    lam, lr = 0.1, 0.1
    nothing = lambda weights, lam: [0.0]
    for name, w in (("no penalty", descend(nothing, lam)),
                    ("L2, gradient", descend(l2_grad, lam)),
                    ("L1, subgradient", descend(l1_grad, lam)),
                    ("L1, soft threshold", descend(nothing, lam, shrink=lr * lam))):
        print(f"{name:18s}  exactly zero: {np.sum(w == 0):2d} of 40,  at most lr·λ = {lr * lam:g} "
              f"in size: {np.sum(np.abs(w) <= lr * lam):2d},  "
              f"zero among the 30 noise columns: {np.sum(w[10:] == 0):2d}")

# %% [markdown]
# None with L2, and with your subgradient of L1, *none* either.
# Near zero, a weight still takes steps of about $\eta\lambda$, however small it is, so it jumps back and forth over zero forever.
# 30 of the 40 weights end up within one step of zero.
#
# The zeros are in the *solution*; this way of walking toward it just doesn't reach them.
# The **soft threshold** in the last row does: after a step for the data alone, it shrinks every weight by $\eta\lambda$ and stops *at* zero (Daubechies and others, 2004).
# It makes 36 weights exactly zero, including all 30 of the noise columns.

# %% [markdown]
# ## Dropout: noise inside the network
#
# The second idea sounds crazy: at every training step, switch off a random fraction $p$ of the hidden units, tossing a separate coin for each (Hinton and others, 2012).
# To memorize a lie, a few units have to agree on a special arrangement, and dropout disrupts exactly that.
#
# **By hand, once.** The outputs of a hidden layer are $(4, 2, 1, 5)$, and $p = 0.2$.
# The coins keep the 1st, 2nd, and 4th units, so the mask is $(1, 1, 0, 1)$.
# With nothing else done, the next layer would get only a fraction $1 - p = 0.8$ of what it is used to, on average.
# So divide whatever is kept by 0.8:
#
# $$ Y = \frac{X \odot \text{mask}}{1 - p} = (5,\ 2.5,\ 0,\ 6.25). $$
#
# Averaged over the coins, every entry is what it was before: $0.8 \cdot \frac{4}{0.8} + 0.2 \cdot 0 = 4$.
# So when you *use* the network, there is nothing left to do: all the units are on, and nothing is scaled.
# This is **inverted dropout**, and all of today's libraries use it.
#
# <details><summary>Other conventions that you will meet</summary>
#
# The 2014 paper did it the other way around: no division during training, and all weights multiplied by $1 - p$ afterward.
# Its `p` is the probability of *keeping* a unit; here and in PyTorch, `p` is the probability of *dropping* it.
# </details>
#
# ## Exercise 5: dropout, forward

# %% exercise: dropout_forward
def dropout_forward(X, p, rng, training):
    """Inverted dropout: each entry is dropped with probability p, and what is kept is scaled.

    X: (n, d) activations, array-like.  p: the probability of dropping, 0 <= p < 1; otherwise a ValueError.
    rng: an np.random.Generator; draw a new number from it for every entry.
    training: if False, nothing is dropped or scaled.
    Returns (Y, mask), both of X's shape. Y is float64; the mask, float64 or bool, is 1 (True) where
    an entry was kept, otherwise 0. When not training, Y equals X and the mask is all ones.
    """
    ### BEGIN SOLUTION
    if not 0 <= p < 1:
        raise ValueError(f"p must be at least 0 and below 1, got {p}")
    X = np.asarray(X, dtype=float)
    if not training:
        return X.copy(), np.ones(X.shape)
    mask = (rng.random(X.shape) >= p).astype(float)
    return X * mask / (1 - p), mask
    ### END SOLUTION

# %% tests: dropout_forward, 4 points
import numpy as np


def _drop(X, p, seed, training=True):
    rng = np.random.default_rng(seed)
    Y, mask = check.parts(check.call(dropout_forward, X, p, rng, training), "Y", "mask")
    mask = np.asarray(mask)
    check.true(mask.shape == np.shape(X), f"expected a mask of shape {np.shape(X)}, "
               f"got {mask.shape}.")
    check.true(np.isin(mask, (0, 1)).all(), "a mask holds 1 where an entry is kept and 0 where it "
               f"is dropped; this one holds {mask.ravel()[~np.isin(mask, (0, 1)).ravel()][:1]}.")
    return Y, mask.astype(float)


with check("keeps about the share 1 − p of the entries"):
    for p in (0.2, 0.7):
        _, mask = _drop(np.ones((300, 40)), p, 1)
        check.true(abs(mask.mean() - (1 - p)) < 0.03,
                   f"with p = {p} about {1 - p:.0%} are to be kept, it kept {mask.mean():.0%}.")
with check("for p = 0.2, Y is X times the mask, divided by 0.8"):
    X = np.random.default_rng(2).normal(size=(7, 5))
    Y, mask = _drop(X, 0.2, 10)
    check.close((Y,), (X * mask / 0.8,), names=("Y",))
with check("does nothing when not training"):
    X = np.random.default_rng(4).normal(size=(7, 5))
    Y, mask = _drop(X, 0.4, 5, False)
    check.close(Y, X)
    check.close(mask, np.ones((7, 5)))
with check("tosses a separate coin for each entry"):
    _, mask = _drop(np.ones((400, 12)), 0.3, 114)
    for axis, what in ((0, "column"), (1, "row")):
        kept = mask.sum(axis=axis)
        check.true(len(set(kept.tolist())) > 1, f"it keeps equally many entries in every {what}.")
    check.true((mask.std(axis=0) > 0).all(), "in some column every entry has the same fate.")
    check.true(np.abs(np.corrcoef(mask.T) - np.eye(12)).max() < 0.35,
               "two columns of the mask go together.")
    _, mask = _drop(np.ones((12, 400)), 0.3, 156)
    check.true(np.abs(np.corrcoef(mask) - np.eye(12)).max() < 0.35,
               "two rows of the mask go together.")
    counts = {_drop(np.ones((5, 6)), 0.4, seed)[1].sum() for seed in range(115, 145)}
    check.true(len(counts) > 2, "it drops the same number of entries every time: each should have "
               "a coin of its own.")
with check("draws from rng only: equal seeds give equal masks, and other seeds or calls give others"):
    X = np.ones((30, 8))
    check.close(_drop(X, 0.5, 148), _drop(X, 0.5, 148), names=("Y", "mask"))
    check.true((_drop(X, 0.5, 148)[1] != _drop(X, 0.5, 149)[1]).any(),
               "two generators with different seeds give the same mask.")
    rng = np.random.default_rng(150)
    masks = [np.asarray(check.call(dropout_forward, X, 0.5, rng, True)[1]) for _ in range(2)]
    check.true((masks[0] != masks[1]).any(), "two calls with one rng give the same mask.")
with check("refuses a p below 0 or from 1 on with a ValueError, training or not"):
    for p in (1.0, 1.5, -0.1, 1):
        for training in (True, False):
            check.raises(ValueError, dropout_forward, np.ones((2, 2)), p,
                         np.random.default_rng(151), training)
with check("takes lists of whole numbers, and returns floats"):
    for X in ([[1, 2, -3]], [[0, 1, 2], [3, 4, 5]]):
        for training in (True, False):
            Y, mask = _drop(X, 0.25, 152, training)
            check.floats(Y, np.shape(X))
            check.close(Y, np.asarray(X) * mask / (0.75 if training else 1.0))
            kind = np.asarray(dropout_forward(X, 0.25, np.random.default_rng(1), training)[1]).dtype
            check.true(kind in (np.dtype(float), np.dtype(bool)),
                       f"the mask should be float64 or bool, got {kind}.")
### BEGIN HIDDEN TESTS
with check("scales right for other shares too, and keeps all for p = 0"):
    X = np.random.default_rng(111).normal(size=(4, 4))
    for p in (0.0, 0.1, 0.5, 0.9):
        Y, mask = _drop(X, p, 112)
        check.close(Y, X * mask / (1 - p))
    check.close(_drop(X, 0.0, 113), (X, np.ones((4, 4))), names=("Y", "mask"))
with check("the mask says which entries were dropped, not which are 0 anyway"):
    X = np.zeros((200, 30))
    X[:, ::2] = np.random.default_rng(146).normal(size=(200, 15))
    Y, mask = _drop(X, 0.25, 147)
    check.true(abs(mask.mean() - 0.75) < 0.06, f"it kept {mask.mean():.0%} in place of 75%.")
    check.close(Y, X * mask / 0.75)
with check("reads any memory order, and leaves its input as it was"):
    X = np.asfortranarray(np.random.default_rng(153).normal(size=(8, 9)))[::2, ::-3]
    Y, mask = _drop(X, 0.3, 154)
    check.close(Y, X * mask / 0.7)
    check.unchanged(dropout_forward, X.copy(), 0.3, np.random.default_rng(155), True)
    check.unchanged(dropout_forward, X.copy(), 0.3, np.random.default_rng(155), False)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Handle three cases, in this order: a `p` that isn't allowed, not training, and training.
# In the last case, how do you toss a coin for every entry at once?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `rng.random(X.shape)` gives you numbers between 0 and 1; the expected fraction of them that are at least `p` is $1 - p$.
# A comparison gives you a mask of booleans, and you can multiply by it.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Raise a `ValueError` unless `0 <= p < 1`, and make a float array of `X`.
# If not training, return it together with `np.ones(X.shape)`.
# Otherwise, the mask is `rng.random(X.shape) >= p`; apply the formula for $Y$, and return the result together with the mask.
# </details>

# %% [markdown]
# ## Exercise 6: dropout, backward
#
# A unit that was switched off had no part in the loss: what does that make its gradient?
# A unit that was kept had been scaled: what does that do to its slope?
# The gradient has to be taken for the *same* coins; that is why the forward pass returns the mask.

# %% exercise: dropout_backward
def dropout_backward(dY, mask, p):
    """The gradient at the input of dropout, for a forward pass during training.

    dY: (n, d) the gradient at the output.  mask: (n, d) from the forward pass, 0/1 or bool; both
        are array-like.
    p: the probability of dropping that the forward pass used.
    Returns dX, float64 of the same shape.
    """
    ### BEGIN SOLUTION
    return np.asarray(dY, dtype=float) * np.asarray(mask, dtype=float) / (1 - p)
    ### END SOLUTION

# %% tests: dropout_backward, 2 points
import numpy as np

with check("is right for the coins of the example above, and for a second example in the batch"):
    dY = np.array([[1.0, -2.0, 4.0, 3.0], [2.0, -1.0, 5.0, -3.0]])
    mask = np.array([[1.0, 1.0, 0.0, 1.0], [0.0, 1.0, 1.0, 1.0]])
    check.close(check.call(dropout_backward, dY, mask, 0.2),
                [[1.25, -2.5, 0.0, 3.75], [0.0, -1.25, 6.25, -3.75]])
with check("returns float64 of dY's shape"):
    mask = np.array([[1.0, 0.0, 1.0], [0.0, 0.0, 1.0]])
    check.floats(check.call(dropout_backward, np.ones((2, 3)), mask, 0.5), (2, 3))
with check("leaves dY and the mask as they were, and gives back a new array"):
    dY, mask = np.array([[1.0, -2.0], [4.0, 3.0]]), np.array([[1.0, 0.0], [1.0, 1.0]])
    check.unchanged(dropout_backward, dY.copy(), mask.copy(), 0.3)
    check.new(check.call(dropout_backward, dY, mask, 0.3), dY, mask)
with check("takes lists of whole numbers, and returns floats"):
    got = check.call(dropout_backward, [[4, -2], [6, 8]], [[1, 0], [1, 1]], 0.5)
    check.floats(got, (2, 2))
    check.close(got, [[8, 0], [12, 16]])
### BEGIN HIDDEN TESTS
def _differences(X, dY, mask, p):
    """The slope of sum(dY · Y) in each entry of X, for Y = X · mask / (1 − p)."""
    value = lambda X: float(np.sum(dY * np.where(mask, X / (1 - p), 0.0)))
    dX = np.zeros(X.shape)
    for at in np.ndindex(X.shape):
        move = np.zeros(X.shape)
        move[at] = 0.5
        dX[at] = value(X + move) - value(X - move)
    return dX


with check("agrees with differences, for a random gradient and any p"):
    rng = np.random.default_rng(161)
    for shape, p in (((7, 5), 0.2), ((4, 4), 0.75), ((1, 6), 0.4), ((3, 1), 0.9)):
        X, dY, mask = rng.normal(size=shape), rng.normal(size=shape), rng.random(shape) >= p
        check.close(check.call(dropout_backward, dY, mask * 1.0, p), _differences(X, dY, mask, p))
with check("uses the mask that it gets, whichever it is"):
    rng = np.random.default_rng(162)
    dY, mask = rng.normal(size=(6, 5)), (rng.random((6, 5)) >= 0.5) * 1.0
    for m in (mask, mask, 1 - mask, np.ones((6, 5)), np.zeros((6, 5))):
        check.close(check.call(dropout_backward, dY, m, 0.3), dY * m / 0.7)
with check("for p = 0 the gradient passes as it is"):
    dY = np.random.default_rng(163).normal(size=(4, 3))
    check.close(check.call(dropout_backward, dY, np.ones((4, 3)), 0.0), dY)
    check.close(check.call(dropout_backward, dY, np.ones((4, 3)), 0), dY)
with check("takes a mask of booleans"):
    rng = np.random.default_rng(164)
    dY, mask = rng.normal(size=(5, 4)), rng.random((5, 4)) >= 0.3
    check.close(check.call(dropout_backward, dY, mask, 0.3), np.where(mask, dY / 0.7, 0.0))
with check("reads any memory order"):
    rng = np.random.default_rng(165)
    dY = np.asfortranarray(rng.normal(size=(8, 6)))[::2, ::-2]
    mask = (rng.random((3, 4)) >= 0.3).T * 1.0
    check.close(check.call(dropout_backward, dY, mask, 0.3), dY * mask / 0.7)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# For a single entry, $y = x \cdot m / (1 - p)$, with a fixed $m$.
# What is $dy/dx$?
# Then multiply by the gradient that arrives.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# You don't draw any random numbers here, because the mask is an argument.
# Arrays of the same shape are multiplied entry by entry.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Write the slope from hint 1 with arrays, for all entries at once, and multiply it by `dY`.
# Make a float array of `dY` first, so that lists work, and don't write into it.
# </details>

# %% [markdown]
# **Predict:** average the output of your dropout over 4000 draws. How close will the average be to the activations? And what if you had forgotten the division?

# %%
with unfinished():
    rng = np.random.default_rng(6)
    X = np.array([[4.0, 2.0, 1.0, 5.0]])
    draws = [dropout_forward(np.repeat(X, 500, axis=0), 0.2, rng, True) for _ in range(8)]
    outputs = np.concatenate([Y for Y, _ in draws])
    print("activations:                    ", X[0])
    print("mean of Y over 4000 draws:      ", outputs.mean(axis=0).round(2))
    print("the same without the division:  ", (0.8 * outputs).mean(axis=0).round(2))
    used, _ = dropout_forward(X, 0.2, rng, False)
    print("in use, training=False:         ", used[0])

# %% [markdown]
# With the division, the average is right to within 0.03.
# Without it, everything comes out at about 80%: 3.23 instead of 4.
#
# ### An ensemble in one network (optional)
#
# Twelve hidden units have $2^{12} = 4096$ possible masks, so there are 4096 *thinned* networks, all sharing their weights.
# The full network is said to be *like* the average of them all, so ask every one, weighted by how likely its mask is.
#
# **Predict:** how much better is the committee of 4096 than an average member? And how far is the full network from the committee?

# %%
def twelve_units(digits, p, epochs=300, lr=0.5):
    """W1, b1, W2, b2 of 64 → 12 → 10, trained with your dropout."""
    (X, y), *_ = digits
    rng = np.random.default_rng(7)
    W1, b1, W2, b2 = rng.normal(size=(12, 64)) / 8, np.zeros(12), rng.normal(size=(10, 12)) / 4, 0.0
    for _ in range(epochs):
        Z = linear_forward(X, W1, b1)
        H, mask = dropout_forward(relu(Z), p, rng, True)
        dH, dW2, db2 = linear_backward(cross_entropy_grad(H @ W2.T + b2, y), H, W2)
        _, dW1, db1 = linear_backward(dropout_backward(dH, mask, p) * relu_grad(Z), X, W1)
        W1, b1, W2, b2 = W1 - lr * dW1, b1 - lr * db1, W2 - lr * dW2, b2 - lr * db2
    return W1, b1, W2, b2


with unfinished():
    clean = task(0, lies=0.0)
    X_test, y_test = (part[:200] for part in clean[2])
    p = 0.3
    W1, b1, W2, b2 = twelve_units(clean, p)
    H = relu(linear_forward(X_test, W1, b1))
    masks = (np.arange(4096)[:, None] >> np.arange(12)) & 1  # each row is a different subset of units
    chance = np.prod(np.where(masks, 1 - p, p), axis=1)
    mean_p, mean_log, member = np.zeros((200, 10)), np.zeros((200, 10)), 0.0
    for mask, weight in zip(masks, chance):
        P = softmax((H * mask / (1 - p)) @ W2.T + b2)
        mean_p, mean_log = mean_p + weight * P, mean_log + weight * np.log(P)
        member += weight * np.mean(P.argmax(axis=1) == y_test)
    full, geometric = softmax(H @ W2.T + b2), softmax(mean_log)
    right = lambda P: f"{100 * np.mean(P.argmax(axis=1) == y_test):.1f}%"
    print(f"the probabilities of the masks add up to {chance.sum():.12f}")
    print(f"one member, on average:      {100 * member:.1f}% of the test digits right")
    print(f"mean of all 4096:            {right(mean_p)}")
    print(f"geometric mean of all 4096:  {right(geometric)}")
    print(f"the full network, once:      {right(full)}")
    print(f"full network and geometric mean: the probabilities differ by at most "
          f"{np.abs(full - geometric).max():.0e}")
    print(f"full network and plain mean:     they differ by at most {np.abs(full - mean_p).max():.2f}")

# %% [markdown]
# An average member gets 75.8% of the test digits right, and the committee gets about 91%.
# With one hidden layer, the full network is not just *like* the committee: it *is* the geometric mean of its thinned networks (the mean of the logarithms, rescaled), to within $10^{-14}$.
#
# <details><summary>Optional: why the geometric mean</summary>
#
# It is not the plain mean: single probabilities differ from that by up to 0.40.
# The scores are a sum over units, so their mean over the masks is the score with everything switched on, and softmax turns a mean of scores into a geometric mean of probabilities.
# With several layers it is only an approximation, because the mean of a ReLU is not the ReLU of the mean.
# </details>

# %% [markdown]
# ## Stopping in time
#
# The third tool is the cheapest: stop where the validation loss turns upward.
# But the curve wobbles, so have **patience**: stop only after a certain number of epochs in a row without an improvement, and go back to the weights of the best epoch.
#
# **By hand, once.** The patience is 2, and the validation losses are 0.9, 0.7, 0.8, 0.6, 0.65, 0.62, 0.5.
#
# | epoch | loss | best so far | epochs without improvement |
# |---|---|---|---|
# | 0 | 0.9 | 0.9 (epoch 0) | 0 |
# | 1 | 0.7 | 0.7 (epoch 1) | 0 |
# | 2 | 0.8 | | 1 |
# | 3 | 0.6 | 0.6 (epoch 3) | 0 |
# | 4 | 0.65 | | 1 |
# | 5 | 0.62 | | 2: stop |
#
# The result is `(3, 5)`: the best epoch, and the last one that was run.
# You never see the 0.5: you would have had to pay for more training.
#
# With `min_delta`, an epoch counts as an improvement only if its loss is *below* the best loss minus `min_delta`.
#
# ## Exercise 7: when to stop

# %% exercise: early_stopping
def early_stopping(val_losses, patience, min_delta=0.0):
    """The best epoch, and the epoch at which training stops.

    val_losses: the validation loss after each epoch, a list or array; epochs are counted from 0.
    patience: stop after this many epochs in a row without an improvement; at least 1.
    min_delta: an epoch is an improvement if its loss is below (best loss so far) - min_delta.
        The best loss starts at infinity; after that, it is the loss of the best epoch.
    Returns two ints (best_epoch, stop_epoch): the epoch to go back to, and the last epoch that was
    run, which is the one that used up the patience, or else the last of the list.
    A loss of nan is never an improvement; at least one loss up to the stop is finite. Losses after
    the stop don't matter.
    """
    ### BEGIN SOLUTION
    best_loss, best_epoch, waited = float("inf"), 0, 0
    for epoch, loss in enumerate(val_losses):
        if loss < best_loss - min_delta:
            best_loss, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited == patience:
                return best_epoch, epoch
    return best_epoch, len(val_losses) - 1
    ### END SOLUTION

# %% tests: early_stopping, 4 points
import numpy as np

with check("stops where the table above stops"):
    losses = [0.9, 0.7, 0.8, 0.6, 0.65, 0.62, 0.5]
    check.equal(check.call(early_stopping, losses, 2), (3, 5))
with check("runs to the last epoch when patience is never used up"):
    check.equal(check.call(early_stopping, [5.0, 4.0, 3.0, 2.0], 1), (3, 3))
    check.equal(check.call(early_stopping, [5.0, 4.0, 4.5, 4.2], 3), (1, 3))
with check("min_delta: better by less does not count"):
    check.equal(check.call(early_stopping, [4.0, 3.75, 3.5, 3.25, 3.0], 3, 0.5), (3, 4))
    check.equal(check.call(early_stopping, [4.0, 3.75, 3.5, 3.25, 3.0], 2, 0.5), (0, 2))
with check("a loss of nan is never an improvement, not even the first"):
    nan = float("nan")
    check.equal(check.call(early_stopping, [2.0, nan, 1.0, nan, nan, 0.5], 2), (2, 4))
    check.equal(check.call(early_stopping, [nan, 3.0, 2.0, 2.5, 2.25], 2), (2, 4))
    check.equal(check.call(early_stopping, [3.0, nan, nan, nan, 1.0], 3), (0, 3))
with check("takes large losses and negative ones"):
    check.equal(check.call(early_stopping, [1e6, 1e5, -3.0, -8.0, -7.0, -7.5], 2), (3, 5))
    check.equal(check.call(early_stopping, [-1.0, -1.25, -1.5], 2, 0.25), (2, 2))
    check.equal(check.call(early_stopping, [1e300, 2e300, 1e299, 1e300, 2e299], 2), (2, 4))
with check("works on whole numbers, tuples, arrays and a single epoch"):
    for losses in ([5, 3, 4, 4, 2], (5, 3, 4, 4, 2), np.array([5, 3, 4, 4, 2]),
                   np.array([5.0, 3.0, 4.0, 4.0, 2.0, 9.0])[:5]):
        check.equal(check.call(early_stopping, losses, 2), (1, 3))
    check.equal(check.call(early_stopping, [7.0], 1), (0, 0))
### BEGIN HIDDEN TESTS
def _stops(losses, patience, min_delta=0.0):
    """By the definition: mark the better epochs, then look for the first run of misses."""
    best, better = np.inf, []
    for loss in losses:
        better.append(bool(loss < best - min_delta))
        best = loss if better[-1] else best
    runs = (k for k in range(patience - 1, len(losses)) if not any(better[k - patience + 1:k + 1]))
    stop = next(runs, len(losses) - 1)
    return max(k for k in range(stop + 1) if better[k]), stop


def _walk(seed, n=25):
    """Quarters, so that nothing is decided by rounding; falling, then rising, with jumps."""
    rng = np.random.default_rng(seed)
    trend = np.abs(np.arange(n) - n / 2) + rng.integers(-6, 7, size=n)
    return (4 + trend / 4).tolist()


with check("counts misses in a row, and starts again after a better epoch"):
    cases = [(_walk(seed), patience) for seed in range(171, 183) for patience in (1, 2, 3, 5)]
    for case, got in check.each(early_stopping, cases):
        check.equal(got, _stops(*case))
with check("stops at the miss that uses up the patience, not one later or earlier"):
    for patience in (1, 2, 4):
        check.equal(check.call(early_stopping, [1.0] + [2.0] * 9, patience), (0, patience))
with check("does not look ahead"):
    losses = [3.0, 2.0, 2.5, 2.5, 2.5]
    for rest in ([], [9.0], [0.0, 0.0], [1.0, np.nan]):
        check.equal(check.call(early_stopping, losses + rest, 3), (1, 4))
with check("an equal loss is not better"):
    check.equal(check.call(early_stopping, [2.0, 1.5, 1.5, 1.5, 1.0], 2), (1, 3))
    check.equal(check.call(early_stopping, [1.0, 0.5, 0.25, 0.25], 1, 0.25), (1, 2))
with check("compares with the loss of the best epoch, with any min_delta"):
    cases = [(_walk(seed), patience, min_delta) for seed in range(191, 199)
             for patience, min_delta in ((2, 0.25), (3, 0.5), (4, 1.0), (2, 0.0), (2, 2.0))]
    for case, got in check.each(early_stopping, cases):
        check.equal(got, _stops(*case))
    slow = [10.0, 9.75, 9.5, 9.25, 9.0, 8.75, 8.5]
    check.equal(check.call(early_stopping, slow, 9, 0.5), (6, 6))
    check.equal(check.call(early_stopping, slow, 9, 0.75), (4, 6))
with check("a gain counts however small it is, when min_delta is 0"):
    check.equal(check.call(early_stopping, [4e-9, 3e-9, 2e-9, 5e-9, 1e-9], 1), (2, 3))
with check("leaves its input as it was"):
    check.unchanged(early_stopping, [3.0, 1.0, 2.0, 4.0, 0.0], 2)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Go through the losses once, as if they came in during training.
# Which three things do you have to remember from one epoch to the next?
# They are the columns of the table.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# Use `for epoch, loss in enumerate(val_losses)`.
# Keep track of the best loss (starting from `float("inf")`), its epoch, and how long you have waited.
# A comparison with NaN is always False, so ask "is it better?" rather than "is it worse?".
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# If `loss < best_loss - min_delta`, update all three and set the waiting time to 0.
# Otherwise add one to it, and if it has reached `patience`, return the best epoch and this one.
# If the loop ends without that, the last epoch is `len(val_losses) - 1`.
# </details>

# %% [markdown]
# ## Catch the bug
#
# We have eight wrong versions of `early_stopping`.
# Your points are the share of them that at least one of your examples exposes; after you hand in, you see which ones escaped.
#
# In the table above, no two losses are equal, so a version that takes a tie for an improvement passes.
# What else never happens there?

# %% exercise: cases
def cases():
    """Return examples on which wrong versions of early_stopping give themselves away.

    Returns a list of 1 to 8 tuples (val_losses, patience) or (val_losses, patience, min_delta),
    each the arguments of one call and with at most 200 numbers. A loss lies within a million of 0,
    or is nan; patience is an int from 1 to 1000, and min_delta at least 0.
    """
    ### BEGIN SOLUTION
    return [
        ([0.9, 0.7, 0.8, 0.6, 0.65, 0.62, 0.5], 2),  # a better loss after the stop
        ([3.0, 2.0, 2.0, 2.0, 1.0], 2),  # a tie
        ([3.0, 2.0, 2.5], 4),  # the list ends before the patience does
        ([4.0, 3.75, 3.5, 3.25, 3.0], 3, 0.5),  # small steps add up
        ([2.0, float("nan"), 3.0, 4.0], 2),
    ]
    ### END SOLUTION

# %% tests: cases, 3 points
import numpy as np


def _fit(val_losses, patience, min_delta=0.0):
    losses = np.array(val_losses, dtype=float)
    if losses.ndim != 1 or losses.size == 0:
        return f"val_losses should be a list of losses, not of shape {losses.shape}."
    if not np.all(np.isnan(losses) | (np.abs(losses) <= 1e6)):
        return "a loss should be nan, or lie within a million of 0."
    if not isinstance(patience, (int, np.integer)) or not 1 <= patience <= 1000:
        return "patience should be an int from 1 to 1000."
    if np.ndim(min_delta) or not 0 <= min_delta <= 1e6:
        return "min_delta should be a number, at least 0."
    return losses.tolist(), int(patience), float(min_delta)


with check("is a list of 1 to 8 examples (val_losses, patience, min_delta) that can be used", weight=0):
    check.cases(cases, _fit)
### BEGIN HIDDEN TESTS
# right answers to early_stopping: while, window
# wrong answers to early_stopping: looks_ahead, counts_all_misses, equal_is_better, length_at_the_end, compares_with_the_last_epoch, min_delta_ignored, best_moves_without_min_delta, nan_is_better
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Read the docstring of `early_stopping` sentence by sentence.
# Each of them can be misunderstood: which list of losses would tell?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# Try losses that fall, rise, and fall again; ties; nan; a list that ends before the patience is used up; and a `min_delta` that isn't 0.
# Work out by hand what comes out, and what a careless version would say.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Five short examples are enough: the table above; one with a tie; one whose patience lasts to the end; one in which steps smaller than `min_delta` add up to more than `min_delta`; and one in which nan comes right after the best loss.
# </details>

# %% [markdown]
# **Predict:** with a patience of 4 rounds (20 epochs), where will training stop on the validation loss of the first figure? And how many of the test digits will be right?

# %%
with plots.figure("The validation loss of the first figure with two marks: the best round, early on, and "
                  "the stop, four rounds later; after that, the loss climbs.",
                  size=(6.8, 4.0)) as ax:
    losses = plain[0]["valid loss"]
    best, stop = early_stopping(losses, 4)
    plots.curves(EPOCHS, {"validation\nloss": losses}, xlabel="epoch", ylabel="mean loss", ax=ax,
                 colors={"validation\nloss": VALIDATION},
                 title=f"Back to epoch {EPOCHS[best]}: {100 * plain[0]['test'][best]:.0f}% of the "
                       f"test digits right, not {100 * plain[0]['test'][-1]:.0f}%")
    for at, mark, color, name in ((best, "o", plots.CLASS_COLORS[2], "best round"),
                                  (stop, "s", plots.WRONG, "stop")):
        ax.plot(EPOCHS[at], losses[at], mark, markersize=9, color=color, label=name)

# %% [markdown]
# It stops at epoch 35 and goes back to epoch 15, where 82% of the test digits are right, compared with 71% at the end.
#
# <details><summary>Optional: how early stopping acts like a penalty</summary>
#
# Weights that start small and take only so many steps can't become large.
# For a linear model with squared error, $t$ steps from zero weights act much like an L2 penalty of $\lambda = 1 / (\eta t)$ trained to the end (Bishop, 1995).
# On the diabetes data, in the next cell, the two weight vectors point in nearly the same direction (the cosine is at least 0.998), and they are 6% to 23% apart: early stopping is a penalty in disguise.
# </details>

# %%
patients = data.diabetes()
A = (patients.X - patients.X.mean(axis=0)) / patients.X.std(axis=0)
target = (patients.y - patients.y.mean()) / patients.y.std()
pull, curve = A.T @ target / len(A), A.T @ A / len(A)  # the gradient is curve @ w - pull
w, lr = np.zeros(10), 0.05
for t in range(1, 1001):
    w = w - lr * (curve @ w - pull)
    if t in (10, 100, 1000):
        penalized = np.linalg.solve(curve + np.eye(10) / (lr * t), pull)
        cosine = w @ penalized / np.linalg.norm(w) / np.linalg.norm(penalized)
        apart = np.linalg.norm(w - penalized) / np.linalg.norm(w)
        print(f"stopped after {t:4d} steps, or λ = {1 / (lr * t):.2f}: cosine {cosine:.3f}, "
              f"{100 * apart:2.0f}% apart")

# %% [markdown]
# ### Play: three knobs on one network
#
# A network with 40 hidden units learns 50 noisy examples of two moons, using *your* functions; `early_stopping` marks the best look at the validation loss (●) and says when to stop (■).
#
# *The question to answer:* which of the three knobs keeps the validation loss down however long you train, which one only stops in time, and which one does neither here?
#
# Begin each run with **Start again** (the previous validation curve stays in gray).
#
# 1. λ = 0, p = 0, patience *never*. Watch the boundary for 1000 epochs, then look at it *at the best look*.
# 2. λ = 0.003, and then λ = 0.1. Where does the validation loss end up?
# 3. λ = 0, p = 0.5. Why is the training loss so shaky? And what does the validation loss say?
# 4. λ = 0, p = 0, patience 5: it stops on its own. Then p = 0.2 and patience 1: it stops far too soon. Why?

# %%
playground = RegularizationPlayground(l2_grad, dropout_forward, dropout_backward, early_stopping)
playground

# %% [markdown]
# The weight penalty keeps the loss down, early stopping only stops in time, and dropout does neither here.
#
# <details><summary>What happens in each of the four runs</summary>
#
# 1. The boundary first finds the moons, then grows fingers around single examples. The validation loss is lowest at epoch 220 (0.23), and by epoch 1000 it has climbed to 0.39.
# 2. With λ = 0.003, the boundary stays smooth: the validation loss falls to 0.22, and at epoch 1000 it is still 0.23. λ = 0.1 irons the boundary flat, and the loss stays at 0.45.
# 3. The training loss is shaky, because every step switches off different units. The validation loss is never below 0.29, and it climbs to 0.56 at epoch 2000. Dropout is a tool for wide layers with many inputs, and here there are only two.
# 4. With patience 5, training stops at epoch 320 and goes back to 220, before the fingers grow. With p = 0.2 the validation loss is shaky as well, and a patience of 1 mistakes the first wobble, at epoch 60, for the turn.
# </details>
#
# *This is a good place to stop for the day.*

# %% [markdown]
# ## All of them, side by side
#
# Take five splits of the digits and train a network on each in five ways: with no regularization, with λ = 0.05 (close to what the validation digits chose), with p = 0.5, with early stopping (a patience of 4 rounds), and with all three.
# First 30% of the labels are lies; then all are true.
#
# In each split, the five ways share the digits and the initial weights, so the runs come in *pairs*: subtract the accuracy without regularization, split by split, and the luck of the split drops out.
#
# **Predict:** which single tool gains the most when there are lies? Do three tools gain three times as much? And how much does each gain when the labels are true?

# %%
def right_on_test(runs, stopped=False):
    """The percentage of test digits right, for each network at the end or where it was stopped."""
    where = [early_stopping(run["valid loss"], 4)[0] if stopped else -1 for run in runs]
    return np.array([100 * run["test"][k] for run, k in zip(runs, where)])


def compare(tasks, untouched):
    """The test accuracy of each network for each way of training it."""
    again = lambda **how: [fit(digits, seed, **how) for digits, seed in zip(tasks, SEEDS)]
    return {"nothing": right_on_test(untouched),
            "L2": right_on_test(again(lam=0.05)),
            "dropout": right_on_test(again(p=0.5)),
            "early\nstopping": right_on_test(untouched, stopped=True),
            "all three": right_on_test(again(lam=0.05, p=0.5), stopped=True)}


def print_pairs(shares):
    """For each way of training: its mean accuracy, and its gain over no regularization, in pairs."""
    for name, values in shares.items():
        gains = values - shares["nothing"]
        each = "".join(f"{gain:+7.1f}" for gain in gains)
        print(f"{name:15s} ".replace("\n", " ") + f"{values.mean():5.1f}%" + (
            f"   gain in each split:{each}   on average: {gains.mean():+.1f} "
            f"± {gains.std(ddof=1) / np.sqrt(len(gains)):.1f}" if name != "nothing" else ""))


clean = [task(seed, lies=0.0) for seed in SEEDS]
plain_clean = [fit(digits, seed) for digits, seed in zip(clean, SEEDS)]
with unfinished():
    with_lies = compare(noisy, plain)
    print("30% of the labels are lies:")
    print_pairs(with_lies)

# %%
with plots.figure("Test accuracy of five networks for each of five ways of training; a line joins the "
                  "networks of one split. Left, with 30 percent wrong labels: every line rises from "
                  "no regularization to each of the tools. Right, with true labels: the lines "
                  "are nearly level, and four of five fall at the L2 penalty.", columns=2) as panels:
    with_truth = compare(clean, plain_clean)
    cost = with_truth["L2"] - with_truth["nothing"]
    titles = (f"30% lies: from {with_lies['nothing'].mean():.0f}% to "
              f"{max(values.mean() for values in with_lies.values()):.0f}%",
              f"All true: L2 loses in {np.sum(cost < 0)} of {len(cost)} splits")
    for ax, shares, title in zip(panels, (with_lies, with_truth), titles):
        table = np.array(list(shares.values()))
        ax.plot(table, "o-", color=TEST, alpha=0.5, linewidth=1)
        ax.plot(table.mean(axis=1), "_", color=TEST, markersize=26, markeredgewidth=2.5)
        ax.set(title=title, ylabel="test digits right, %", ylim=(55, 100), xticks=range(5),
               xticklabels=shares)
        ax.grid(axis="x", visible=False)
    print("all the labels are true:")
    print_pairs(with_truth)

# %% [markdown]
# - **With lies, every tool helps, in every split.** The L2 penalty gains the most here: from 69.8% to 84.9%, between 8.8 and 21.0 points in each split.
# - **The gains don't add up.** The single gains are 15.1, 10.9, and 11.1 points; all three tools together gain 16.8.
# - **With true labels, the L2 penalty does harm.** The averages, 93.3% without it and 91.9% with it, look close. But in pairs, it loses in four of the five splits, on average 1.4 ± 0.6 points (the ± is the standard error of the mean).
# - **Dropout and early stopping change little there**: +0.3 ± 0.4 and +0.1 ± 0.2 points, which five splits can't tell from nothing.
#
# So regularization pays off when data is scarce or mislabeled; how much, measure on your own data, in pairs.
#
# ### Or more examples?
#
# Better labels are worth more than any of these tools: they take the network from 69.8% to 93.3%.
# Compare 597 more digits with four more copies of each digit, shifted by one pixel in the four directions.
# Making new examples from old ones is called **data augmentation**, and it costs no labels.
#
# **Predict:** which of the two gains more, with lies and with true labels?

# %%
def with_shifts(digits):
    """The same task with five training examples for each digit: itself, and shifted four ways."""
    (X, y), valid, test, lying = digits
    wide = np.pad(X.reshape(-1, 8, 8), ((0, 0), (1, 1), (1, 1)), constant_values=X.min())
    corners = ((1, 1), (1, 0), (1, 2), (0, 1), (2, 1))
    copies = [wide[:, i:i + 8, j:j + 8].reshape(-1, 64) for i, j in corners]
    return (np.concatenate(copies), np.tile(y, 5)), valid, test, np.tile(lying, 5)


tripled = {}
for lies, tasks, untouched in ((0.3, noisy, plain), (0.0, clean, plain_clean)):
    before = right_on_test(untouched[:3])
    tripled[lies] = [fit(task(seed, lies, n=897), seed) for seed in range(3)]
    moved = [fit(with_shifts(tasks[seed]), seed) for seed in range(3)]
    for name, runs in (("897 digits", tripled[lies]), ("300 digits, and shifted", moved)):
        gains = right_on_test(runs) - before
        print(f"{lies:3.0%} lies, {name:23s}: {before.mean():.1f}% becomes "
              f"{right_on_test(runs).mean():.1f}%, gain in each split "
              + "".join(f"{gain:+6.1f}" for gain in gains))

# %% [markdown]
# New digits help in every split: by 16.5 points with lies, and by 3.4 points with true labels.
# The shifted copies gain 12.1 points with lies, since it is harder to memorize five versions of a lie than one.
# With true labels they gain nothing: −2.2, −1.8, and +1.5 points in the three splits.
# All these digits sit in the middle of their frames, so hardly any test digit looks like a shifted one: augmentation helps if it makes examples that you will really meet.

# %% [markdown]
# ## Inputs on one scale
#
# For 178 wines, 13 things were measured: the *hue* is around 1, and the amount of *proline* around 750.
# Along the weight of proline, the loss is so steep that only tiny steps are safe, and then the weight of the hue hardly moves.
#
# **Standardizing** puts every column on the same scale: subtract its mean, and divide by its standard deviation,
#
# $$ x'_j = \frac{x_j - \mu_j}{\sigma_j}. $$
#
# Two rules keep this honest.
#
# 1. **$\mu$ and $\sigma$ come from the training data**, and you use these *same* numbers for all other data. Test data plays the part of the future, and nobody knows the mean of the future.
# 2. **A column that is constant in the training data** has $\sigma = 0$ and nothing to teach: it becomes 0 in both tables.
#
# ## Exercise 8: standardize

# %% exercise: standardize
def standardize(train, test):
    """Both tables, shifted and scaled by the means and standard deviations of the training table.

    train: (n, d).  test: (m, d), with the same columns. Both are array-like.
    Returns (train, test), new float64 arrays of the same shapes. The standard deviation is the
    square root of the mean squared deviation (ddof 0).
    A column whose training values are all equal becomes 0 in both tables.
    """
    ### BEGIN SOLUTION
    train, test = np.asarray(train, dtype=float), np.asarray(test, dtype=float)
    mean, std = train.mean(axis=0), train.std(axis=0)
    varies = np.any(train != train[0], axis=0)
    scale = np.where(varies, std, 1.0)
    return varies * (train - mean) / scale, varies * (test - mean) / scale
    ### END SOLUTION

# %% tests: standardize, 3 points
import numpy as np


def _tables(train, test):
    return check.parts(check.call(standardize, train, test), "train", "test")


with check("gives each training column mean 0 and standard deviation 1"):
    rng = np.random.default_rng(201)
    train = rng.normal(size=(7, 3)) * [1.0, 50.0, 0.01] + [0.0, 700.0, -3.0]
    got, _ = _tables(train, train[:2])
    check.floats(got, (7, 3))
    check.close(np.mean(got, axis=0), np.zeros(3), atol=1e-6)
    check.close(np.std(got, axis=0), np.ones(3), rtol=1e-6)
with check("uses the training table's numbers for the test table too"):
    train, test = np.array([[0.0, 10.0], [2.0, 30.0]]), np.array([[1.0, 50.0], [4.0, 20.0]])
    check.close(_tables(train, test)[1], [[0.0, 3.0], [3.0, 0.0]], rtol=1e-6)
with check("a column that is constant in training becomes 0 in both tables"):
    train, test = np.array([[1.0, 5.0], [3.0, 5.0]]), np.array([[2.0, 7.0], [5.0, 5.0]])
    check.close(_tables(train, test), ([[-1.0, 0.0], [1.0, 0.0]], [[0.0, 0.0], [3.0, 0.0]]),
                rtol=1e-6, names=("train", "test"))
with check("takes lists of whole numbers, and returns floats"):
    got = _tables([[1, 10], [3, 20]], [[2, 15], [5, 20]])
    for part in got:
        check.floats(part, (2, 2))
    check.close(got, ([[-1, -1], [1, 1]], [[0, 0], [3, 1]]), rtol=1e-6, names=("train", "test"))
### BEGIN HIDDEN TESTS
@check.once
def _by_columns(train, test):
    pairs = []
    for column, other in zip(np.asarray(train, float).T, np.asarray(test, float).T):
        mean = sum(column) / len(column)
        std = (sum((value - mean) ** 2 for value in column) / len(column)) ** 0.5
        same = all(value == column[0] for value in column)
        pairs.append([np.zeros(len(part)) if same else (part - mean) / std
                      for part in (column, other)])
    return tuple(np.stack(part, axis=1) for part in zip(*pairs))


with check("agrees with a loop over the columns, whatever the sizes"):
    rng = np.random.default_rng(202)
    for n, m, d in ((7, 5, 3), (4, 4, 4), (2, 9, 1), (20, 1, 6)):
        stds, means = 10.0 ** rng.integers(-3, 4, size=d), 10 * rng.normal(size=d)
        train = rng.normal(size=(n, d)) * stds + means
        test = 2 * rng.normal(size=(m, d)) * stds - means
        check.close(_tables(train, test), _by_columns(train, test), rtol=1e-6,
                    names=("train", "test"))
with check("doesn't treat a column as constant if its values differ, however little"):
    train = np.random.default_rng(206).normal(size=(6, 3)) * [1e-9, 1e-5, 1.0]
    test = 2 * train[:4] - train[1:5]
    check.close(_tables(train, test), _by_columns(train, test), rtol=1e-6, names=("train", "test"))
with check("a constant column becomes 0 in both tables, and the others stay right"):
    rng = np.random.default_rng(203)
    train, test = rng.normal(size=(6, 3)), rng.normal(size=(4, 3))
    train[:, 1] = 5.0
    check.close(_tables(train, test), _by_columns(train, test), rtol=1e-6, names=("train", "test"))
    train[:, 2], test[:, 1] = 0.0, 5.0
    check.close(_tables(train, test), _by_columns(train, test), rtol=1e-6, names=("train", "test"))
with check("a table in which every column is constant becomes all zeros"):
    got = _tables(np.full((3, 2), 5.0), np.array([[5.0, 6.0], [-1.0, 5.0]]))
    check.close(got, (np.zeros((3, 2)), np.zeros((2, 2))), names=("train", "test"))
with check("a training table of one row is constant in every column"):
    check.close(_tables(np.array([[4.0, -2.0]]), np.array([[5.0, 1.0], [4.0, 0.0]])),
                (np.zeros((1, 2)), np.zeros((2, 2))), names=("train", "test"))
with check("what stands in the test table changes nothing in the training table"):
    rng = np.random.default_rng(204)
    train, test = rng.normal(size=(5, 4)), rng.normal(size=(3, 4))
    expected = _by_columns(train, test)
    check.close(_tables(train, 1000 * test)[0], expected[0], rtol=1e-6)
    check.close(_tables(train, test[:1])[1], expected[1][:1], rtol=1e-6)
with check("reads any memory order, leaves both tables as they were, and gives back new ones"):
    rng = np.random.default_rng(205)
    train = np.asfortranarray(rng.normal(size=(12, 8)))[::2, ::-2]
    test = rng.normal(size=(4, 5)).T
    check.close(_tables(train, test), _by_columns(train, test), rtol=1e-6, names=("train", "test"))
    check.unchanged(standardize, train.copy(), test.copy())
    check.new(check.call(standardize, train, test), train, test)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# You need one mean and one standard deviation for each *column*.
# Which axis gives you `d` numbers from an array of shape `(n, d)`?
# And which of the two tables do you compute them from?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# Use `train.mean(axis=0)` and `train.std(axis=0)`; both tables broadcast against them.
# In a constant column, divide by 1 instead of the standard deviation (`np.where`), and remember that the *test* table may contain other values there.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Make float arrays of both tables.
# Let `constant = np.all(train == train[0], axis=0)` (rounding can keep `std` off 0) and `scale = np.where(constant, 1.0, std)`.
# Subtract the mean from both tables and divide by `scale`, then set the constant columns of both results to 0: `result[:, constant] = 0.0`.
# </details>

# %% [markdown]
# **Predict:** a linear softmax classifier gets 300 steps to learn the three kinds of wine, each time with the best of 22 learning rates. What will its loss be with the raw columns, and with the standardized ones? (Knowing nothing costs $\log 3 \approx 1.10$.)

# %%
def best_loss(X, y, steps=300):
    """The lowest training loss after `steps` steps over 22 learning rates, and the best rate."""
    found = []
    for lr in 10.0 ** np.linspace(-7, 0, 22):
        W, b = np.zeros((3, X.shape[1])), np.zeros(3)
        for _ in range(steps):
            _, dW, db = linear_backward(cross_entropy_grad(linear_forward(X, W, b), y), X, W)
            W, b = W - lr * dW, b - lr * db
        found.append((cross_entropy(linear_forward(X, W, b), y), lr))
    return min(found)


with unfinished():
    wine = data.wine()
    order = np.random.default_rng(8).permutation(len(wine.y))
    train, test = wine.X[order[:100]], wine.X[order[100:]]
    scaled, scaled_test = standardize(train, test)
    spread = lambda X: np.linalg.cond(np.cov(X.T))
    for name, X in (("raw", train), ("standardized", scaled)):
        loss, lr = best_loss(X, wine.y[order[:100]])
        print(f"{name:13s} loss {loss:.4f} with lr = {lr:.1e};  the steepest direction is "
              f"{spread(X):,.0f} times as steep as the flattest")
    _, alone = standardize(test[:1], test[:1])
    print("one wine, by its own mean:    ", alone[0, :3])
    print("by the training table's mean: ", scaled_test[0, :3].round(2))

# %% [markdown]
# With the raw columns the loss is 0.76; with standardized columns it is 0.006.
#
# ## Batch normalization
#
# If it is good to have the inputs of a network on one scale, why not the inputs of *every* layer?
# **Batch normalization** (Ioffe and Szegedy, 2015) standardizes each unit over the examples of the batch, at every step, and then gives the network two numbers per unit with which to undo this if that is better:
#
# $$ \hat x = \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}}, \qquad y = \gamma\, \hat x + \beta, $$
#
# where $\mu$ and $\sigma^2$ are the mean and variance of the unit over the batch, and $\gamma$ and $\beta$ are learned, just like weights.
#
# **By hand, once.** For a batch of three examples, a unit outputs 1, 3, and 5. Then $\mu = 3$, $\sigma^2 = (4 + 0 + 4) / 3 = 8/3$, and without $\varepsilon$, $\hat x$ is about $(-1.22,\ 0,\ 1.22)$. With $\gamma = 2$ and $\beta = 1$, the output is $(-1.45,\ 1,\ 3.45)$.
#
# When you *use* the network, an answer must not depend on which other examples happen to be in the batch.
# So during training you keep running averages of $\mu$ and $\sigma^2$, in a `state`:
#
# $$ \text{running} \leftarrow (1 - m)\,\text{running} + m\,\text{batch}, $$
#
# with a small *momentum* $m$; at evaluation, they take the place of $\mu$ and $\sigma^2$.
# We use the same variance, divided by $n$, in both places.
#
# <details><summary>Other conventions that you will meet</summary>
#
# In Keras, momentum is the weight of the *old* value, and PyTorch keeps the unbiased variance, divided by $n - 1$, in the running average.
# </details>
#
# ## Exercise 9: batch normalization, forward

# %% exercise: batchnorm_forward
def batchnorm_forward(X, gamma, beta, state, training, momentum=0.1, eps=1e-5):
    """Batch normalization of a layer, and the running averages after it.

    X: (n, d).  gamma, beta: (d,) the scale and the shift of each unit. All are array-like.
    state: {"mean": (d,), "var": (d,)}, the running averages so far.
    training: if True, use the batch's own mean and variance (divide by n), and update the running
        averages with weight `momentum` for the batch.
        If False, use the averages in `state`, and leave them as they are.
    eps: goes under the root, next to the variance.
    Returns (Y, state): the output, float64 (n, d), and a new dict with the keys "mean" and "var",
    float64 (d,). The dict that was passed in is not changed.
    """
    ### BEGIN SOLUTION
    X, gamma, beta = (np.asarray(part, dtype=float) for part in (X, gamma, beta))
    kept = {key: np.array(state[key], dtype=float) for key in ("mean", "var")}
    if training:
        mean, var = X.mean(axis=0), X.var(axis=0)
        after = {"mean": (1 - momentum) * kept["mean"] + momentum * mean,
                 "var": (1 - momentum) * kept["var"] + momentum * var}
    else:
        mean, var, after = kept["mean"], kept["var"], kept
    return gamma * (X - mean) / np.sqrt(var + eps) + beta, after
    ### END SOLUTION

# %% tests: batchnorm_forward, 4 points
import numpy as np


def _fresh(d, rng=None):
    if rng is None:
        return {"mean": np.zeros(d), "var": np.ones(d)}
    return {"mean": rng.normal(size=d), "var": rng.uniform(0.5, 3.0, size=d)}


def _run(X, gamma, beta, state, *rest):
    given = {key: np.array(value) for key, value in state.items()}
    Y, after = check.parts(check.call(batchnorm_forward, X, gamma, beta, given, *rest),
                           "Y", "state")
    check.true(isinstance(after, dict) and set(after) == {"mean", "var"},
               "the second result should be a dict with the keys 'mean' and 'var' only.")
    return Y, after["mean"], after["var"]


with check("normalizes the three numbers worked out above"):
    X, state = np.array([[1.0], [3.0], [5.0]]), {"mean": np.zeros(1), "var": np.ones(1)}
    Y = _run(X, np.array([2.0]), np.array([1.0]), state, True, 0.1, 0.0)[0]
    check.close(Y, [[1 - 6 ** 0.5], [1.0], [1 + 6 ** 0.5]])
with check("while training, moves the running mean and variance of each unit toward the batch's"):
    X = np.array([[1.0, 0.0], [3.0, 6.0], [5.0, 6.0]])
    state = {"mean": np.array([11.0, 0.0]), "var": np.array([4.0, 4.0])}
    _, *moved = _run(X, np.ones(2), np.zeros(2), state, True, 0.25)
    check.close(moved[0], [9.0, 1.0])
    check.close(moved[1], [3 + 2 / 3, 5.0])
with check("when not training, uses the state and returns it as it was"):
    X, state = np.array([[1.0], [6.0]]), {"mean": np.array([2.0]), "var": np.array([15.0])}
    check.close(_run(X, np.ones(1), np.zeros(1), state, False, 0.1, 1.0),
                (np.array([[-0.25], [1.0]]), np.array([2.0]), np.array([15.0])),
                names=("Y", "state['mean']", "state['var']"))
with check("leaves the state as it was, and gives back a new one"):
    X, gamma, beta = np.array([[1.0, 4.0], [3.0, 2.0]]), np.array([2.0, 1.0]), np.zeros(2)
    for training in (True, False):
        given = _fresh(2)
        check.unchanged(batchnorm_forward, X.copy(), gamma.copy(), beta.copy(), given, training)
        given = _fresh(2)
        _, after = check.parts(check.call(batchnorm_forward, X, gamma, beta, given, training),
                               "Y", "state")
        check.true(after is not given, "the dict that came in came back: make a new one.")
        check.new(list(after.values()), *given.values())
with check("takes lists of whole numbers, and returns floats"):
    for training, Y in ((True, [[-1.0, 1.0], [1.0, -1.0]]), (False, [[1.0, 4.0], [3.0, 2.0]])):
        got = _run([[1, 4], [3, 2]], [1, 1], [0, 0], _fresh(2), training, 0.5, 0)
        for part, shape in zip(got, ((2, 2), (2,), (2,))):
            check.floats(part, shape)
        check.close(got[0], Y)
### BEGIN HIDDEN TESTS
@check.once
def _by_columns(X, gamma, beta, state, training, momentum=0.1, eps=1e-5):
    Y, means, variances = [], [], []
    for j, column in enumerate(np.asarray(X, float).T):
        mean, var = float(state["mean"][j]), float(state["var"][j])
        if training:
            mu = sum(column) / len(column)
            s2 = sum((value - mu) ** 2 for value in column) / len(column)
            means.append(mean + momentum * (mu - mean))
            variances.append(var + momentum * (s2 - var))
            mean, var = mu, s2
        else:
            means.append(mean)
            variances.append(var)
        Y.append([gamma[j] * (value - mean) / (var + eps) ** 0.5 + beta[j] for value in column])
    return np.array(Y).T, np.array(means), np.array(variances)


NAMES = ("Y", "state['mean']", "state['var']")


def _example(seed, n, d):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d)) * 10.0 ** rng.uniform(-1, 1, size=d) + 3 * rng.normal(size=d)
    return X, rng.normal(size=d) + 2, rng.normal(size=d), _fresh(d, rng)


with check("Y is right while training, for any sizes and any scale of the columns"):
    for n, d in ((7, 5), (4, 4), (2, 3), (30, 1)):
        arguments = (*_example(210 + n, n, d), True)
        check.close(_run(*arguments)[0], _by_columns(*arguments)[0])
with check("ε stands under the root, beside the variance"):
    X, gamma, beta, state = _example(221, 6, 4)
    for eps in (0.5, 1e-3, 4.0):
        arguments = (0.1 * X, gamma, beta, state, True, 0.1, eps)
        check.close(_run(*arguments)[0], _by_columns(*arguments)[0])
with check("the running averages are right, for any momentum"):
    for momentum in (0.1, 0.25, 0.9, 1.0):
        arguments = (*_example(222, 5, 3), True, momentum)
        check.close(_run(*arguments)[1:], _by_columns(*arguments)[1:], names=NAMES[1:])
with check("uses momentum 0.1 and ε = 1e-5 unless told otherwise"):
    X, gamma, beta, state = _example(223, 5, 3)
    check.close(_run(0.01 * X, gamma, beta, state, True),
                _by_columns(0.01 * X, gamma, beta, state, True, 0.1, 1e-5), names=NAMES)
with check("at evaluation the batch plays no part, down to a batch of one"):
    for n in (6, 1):
        for eps in (1e-5, 0.5):
            arguments = (*_example(224, n, 4), False, 0.3, eps)
            check.close(_run(*arguments), _by_columns(*arguments), names=NAMES)
with check("a training batch of one gives beta; a constant column does, too"):
    X, gamma, beta, state = _example(225, 1, 3)
    check.close(_run(X, gamma, beta, state, True)[0], beta[None])
    X = np.array([[2.0, 1.0], [2.0, 4.0], [2.0, 4.0]])
    check.close(_run(X, np.array([3.0, 1.0]), np.array([0.5, 0.0]), _fresh(2), True)[0][:, 0],
                [0.5, 0.5, 0.5])
with check("several batches in turn leave the right averages"):
    state = {"mean": np.zeros(3), "var": np.ones(3)}
    expected = dict(state)
    for seed in range(226, 230):
        X, gamma, beta, _ = _example(seed, 6, 3)
        _, *moved = _run(X, gamma, beta, state, True, 0.2)
        state = dict(zip(("mean", "var"), moved))
        _, *moved = _by_columns(X, gamma, beta, expected, True, 0.2)
        expected = dict(zip(("mean", "var"), moved))
    check.close((state["mean"], state["var"]), (expected["mean"], expected["var"]),
                names=NAMES[1:])
with check("reads any memory order"):
    X = np.asfortranarray(np.random.default_rng(231).normal(size=(8, 6)))[::2, ::-2]
    check.close(_run(X, np.ones(3), np.zeros(3), _fresh(3), True),
                _by_columns(X, np.ones(3), np.zeros(3), _fresh(3), True), names=NAMES)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Answer two questions, one after the other: *which* mean and variance does this call use, and what happens to the running ones?
# The formula for Y is the same in both cases.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `X.mean(axis=0)` and `X.var(axis=0)` give you one number per unit, and NumPy's `var` divides by n.
# For the state, create a new dict `{"mean": …, "var": …}`, and never assign to `state[…]`.
# To copy an average, use `np.array(state["mean"], dtype=float)`.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# When training, take the mean and the variance of the batch, and build `new = {"mean": (1 - momentum) * state["mean"] + momentum * mean, …}`, with "var" in the same way.
# Otherwise, the mean and the variance come from the state, and `new` contains copies of them.
# At the end, apply the formula for Y, and return the result together with `new`.
# </details>

# %% [markdown]
# ### Where the ε goes (optional)
#
# Some write batch norm as $(x - \mu) / (\sigma + \varepsilon)$, which is not the same.
#
# **Predict:** over the batch, a unit has $\sigma = 0.001$, and $\varepsilon = 10^{-5}$. What is the standard deviation of its output in each version?

# %%
with plots.figure("The standard deviation of the output against that of the input, both logarithmic. The "
                  "version with the root falls off below an input of 0.003; the other version "
                  "stays near 1 down to 0.0001.", size=(6.8, 4.2)) as ax:
    eps = 1e-5
    column = np.random.default_rng(9).normal(size=(1000, 1))
    column = (column - column.mean()) / column.std()
    sigmas = 10.0 ** np.linspace(-6, 1, 57)
    state = {"mean": np.zeros(57), "var": np.ones(57)}
    Y, _ = batchnorm_forward(column * sigmas, np.ones(57), np.zeros(57), state, True, 0.1, eps)
    at = np.argmin(np.abs(sigmas - 1e-3))
    other = sigmas / (sigmas + eps)
    plots.curves(sigmas, {"yours,\n√(σ² + ε)": Y.std(axis=0), "σ + ε": other}, log="xy", ax=ax,
                 title=f"At σ = 0.001: {Y[:, at].std():.2f} against {other[at]:.2f}",
                 xlabel="σ of the unit over the batch", ylabel="std of the output")
    print(f"noise can be blown up by a factor of at most {1 / np.sqrt(eps):,.0f} with the "
          f"root, and {1 / eps:,.0f} with σ + ε")

# %% [markdown]
# With the root, it is 0.30; with $\sigma + \varepsilon$, it is 0.99.
# <details><summary>Optional: two reasons for the root</summary>
#
# The root is what the paper has, what PyTorch and Keras compute, and what the tests require.
# Under the root, $\varepsilon = 10^{-5}$ means that a unit that varies by less than about $\sqrt\varepsilon = 0.003$ counts as silent; next to $\sigma$, that threshold would be 0.00001.
# Besides, a root without an $\varepsilon$ under it has an infinite slope at 0, which would ruin the backward pass.
# </details>
#
# ### What it does, measured
#
# **Predict:** multiply the weights of the previous layer by 100. What happens to the output of batch norm? And how much does the output for *one* digit depend on which others are in its batch?

# %%
with unfinished():
    rng = np.random.default_rng(10)
    X = task(0, lies=0.0)[0][0]
    W, gamma, beta = rng.normal(size=(50, 64)) / 8, np.ones(50), np.zeros(50)
    state = {"mean": np.zeros(50), "var": np.ones(50)}
    small, _ = batchnorm_forward(X @ W.T, gamma, beta, state, True)
    large, _ = batchnorm_forward(X @ (100 * W).T, gamma, beta, state, True)
    print(f"weights times 100: the output changes by {np.abs(large - small).max():.0e} at most")
    for size in (2, 8, 32, 128):
        seen = []
        for _ in range(40):
            batch = np.concatenate([[0], rng.choice(np.arange(1, 300), size - 1, replace=False)])
            seen.append(batchnorm_forward(X[batch] @ W.T, gamma, beta, state, True)[0][0])
        print(f"digit 0 in random batches of {size:3d}: its outputs vary by "
              f"{np.std(seen, axis=0).mean():.2f} (the layer's own spread is 1)")

# %% [markdown]
# - The output hardly changes, by $9 \cdot 10^{-5}$ at most. The scale of the previous layer's weights no longer matters, which is one reason given for the higher learning rates that batch norm allows.
# - In a small batch, an example's output depends heavily on its neighbors: it varies by 0.81 in batches of 2, and by 0.07 in batches of 128. This works like a mild dropout, but with only a few examples, the noise drowns out the signal.
#
# ### Why does it work? (optional)
#
# "By reducing internal covariate shift," says the paper's title: while the early layers learn, the inputs of the late layers *shift*, and batch norm holds their mean and variance still.
# So Santurkar and others (2018) *brought the shift back*, with new random shifts and scales after every batch norm at each step.
#
# <details><summary>Optional: the one line of the code that goes beyond lesson 4, the backward pass through batch norm</summary>
#
# Look at one unit, with its scores $x_1, \dots, x_n$ over the batch and the gradient $g_i$ that arrives at $\hat x_i$.
# A score $x_i$ acts on the loss in three ways.
#
# - *Directly*: moving $x_i$ by a little moves $\hat x_i$ by $1 / \sigma$ times as much. If there were nothing else, the gradient would be $g_i / \sigma$.
# - *Through the mean*: moving $x_i$ moves $\mu$ by $1 / n$ times as much, and that lowers *every* $\hat x_k$ by $1 / (n\sigma)$ times as much. Added up over the batch, this subtracts the mean of the $g_k$, divided by $\sigma$.
# - *Through the spread*: moving $x_i$ moves $\sigma$ by $\hat x_i / n$ times as much, because examples far from the mean change the spread the most. A larger $\sigma$ shrinks every $\hat x_k$ in proportion to itself, by $\hat x_k / \sigma$. Added up, this subtracts $\hat x_i$ times the mean of the $g_k \hat x_k$, divided by $\sigma$.
#
# Together:
#
# $$ dx_i = \frac1\sigma \Bigl( g_i - \operatorname{mean}(g) - \hat x_i \operatorname{mean}(g \hat x) \Bigr), $$
#
# where $\sigma$ stands for $\sqrt{\sigma^2 + \varepsilon}$. In the code, `Z` is $\hat x$ and `dZ` is $g$.
# This makes sense: shifting all the scores of a unit together, or stretching them around their mean, has no effect on $\hat x$, so the gradient has no component in these two directions.
# [Lesson 11](../11_normalization/11_normalization.ipynb) comes back to it.
# </details>
#
# **Predict:** up to which learning rate can the network be trained without batch norm, with it, and *shaken* like this?

# %%
from itertools import pairwise


def deep(kind, lr, seed, steps=100, width=32, layers=5):
    """The mean loss of the last 30 steps, and how far the third layer's input moves per step."""
    rng = np.random.default_rng(seed)
    sizes = [64, *[width] * layers, 10]
    W = [rng.normal(size=(o, i)) * np.sqrt(2 / i) for i, o in pairwise(sizes)]
    b, gamma = [np.zeros(o) for o in sizes[1:]], np.ones((layers, width))
    table = data.digits()
    losses, centers = [], []
    for _ in range(steps):
        batch = rng.integers(len(table.y), size=50)
        A, cache = (table.X[batch] - 5) / 6, []
        for k in range(layers):
            Z = A @ W[k].T
            root, scale, shift = 1.0, 1.0, 0.0
            if kind != "without":
                root = np.sqrt(Z.var(axis=0) + 1e-5)
                Z = (Z - Z.mean(axis=0)) / root
            if kind == "shaken":
                scale, shift = rng.uniform(0.5, 1.5, width), rng.normal(size=width) / 2
            V = scale * (gamma[k] * Z + b[k]) + shift
            cache.append((A, Z, root, scale, V))
            A = relu(V)
        centers.append(cache[2][4].mean(axis=0))
        scores = A @ W[-1].T + b[-1]
        losses.append(cross_entropy(scores, table.y[batch]))
        dZ = cross_entropy_grad(scores, table.y[batch])
        dA, dW, db = linear_backward(dZ, A, W[-1])
        W[-1], b[-1] = W[-1] - lr * dW, b[-1] - lr * db
        for k in reversed(range(layers)):
            A, Z, root, scale, V = cache[k]
            dU = dA * relu_grad(V) * scale
            dZ = dU * gamma[k]
            if kind != "without":
                dZ = (dZ - dZ.mean(axis=0) - Z * (dZ * Z).mean(axis=0)) / root
                gamma[k] -= lr * (dU * Z).sum(axis=0)
            dA, dW, _ = linear_backward(dZ, A, W[k])
            W[k], b[k] = W[k] - lr * dW, b[k] - lr * dU.sum(axis=0)
    moved = np.sqrt(np.mean(np.diff(centers, axis=0) ** 2))
    return np.mean(losses[-30:]), moved


# %%
with plots.figure("Loss after 100 steps against the learning rate. Without batch norm, training works at "
                  "small rates and fails from about 1 on. With batch norm, and with batch norm "
                  "plus random shifts, it still works there.", size=(6.8, 4.2)) as ax:
    rates = np.array([0.03, 0.1, 0.3, 1.0, 3.0])
    kinds = {"without": "no batch norm", "with": "batch norm", "shaken": "batch norm,\nshaken"}
    with np.errstate(all="ignore"):  # some of these runs overflow, which is the point
        found = {kind: np.array([[deep(kind, lr, seed) for seed in (0, 1)] for lr in rates])
                 for kind in kinds}
    losses = {kind: np.minimum(np.nan_to_num(found[kind][:, :, 0].mean(axis=1), nan=4.0), 4.0)
              for kind in kinds}
    plots.curves(rates, {kinds[kind]: losses[kind] for kind in kinds}, log="x",
                 xlabel="learning rate", ylabel="loss (4 stands for 4 or more)", ax=ax,
                 title=f"At lr = 1: {losses['without'][3]:.1f} without, {losses['with'][3]:.1f} "
                       f"with, {losses['shaken'][3]:.1f} shaken")
    ax.axhline(np.log(10), color=plots.SERIES_COLORS[-1], linewidth=1, linestyle=":")
    ax.annotate("knowing nothing", (0.02, np.log(10) + 0.06), xycoords=("axes fraction", "data"))
    for kind in kinds:
        print(f"{kinds[kind]:19s}".replace("\n", " ") + " the input of the third ReLU moves by "
              f"{found[kind][2, :, 1].mean():.2f} at each step (lr = 0.3)")

# %% [markdown]
# Without batch norm, training works up to a rate of 0.3; at 1, the loss is 2.3, the same as knowing nothing.
# With batch norm it still works at 3, with a loss of 0.36, and the shaken network reaches 0.48 at 1 and 1.22 at 3.
# Yet in the shaken network, the input of the third ReLU moves *more* from step to step than in the plain one (0.71 against 0.56).
# So "it reduces covariate shift" is at best part of the story, and **contested**.
#
# ## Layer normalization
#
# Change just one thing: compute the mean and the variance over the *units of one example*, not over the examples of one unit (Ba, Kiros, and Hinton, 2016).
#
# | | batch norm | layer norm |
# |---|---|---|
# | for `X` of shape (n, d), statistics over | the batch: axis 0, d means and variances | the units: axis 1, n means and variances |
# | needs other examples | yes, during training | no |
# | running averages, and a difference between training and use | yes | no |
# | typical use | convolutional networks, large batches | Transformers, recurrent networks |

# %%
def layer_norm(X, gamma, beta, eps=1e-5):
    mean, var = X.mean(axis=1, keepdims=True), X.var(axis=1, keepdims=True)
    return gamma * (X - mean) / np.sqrt(var + eps) + beta


Z = X @ W.T
alone, among = layer_norm(Z[:1], gamma, beta), layer_norm(Z, gamma, beta)[:1]
print(f"layer norm, digit 0 alone or among {len(Z)}: largest difference {np.abs(alone - among).max():.0e}")
with unfinished():
    alone, _ = batchnorm_forward(Z[:1], gamma, beta, state, True)
    among, _ = batchnorm_forward(Z, gamma, beta, state, True)
    print(f"batch norm, training:              largest difference "
          f"{np.abs(alone - among[:1]).max():.1f}  (alone, it is all beta: {np.unique(alone)})")

# %% [markdown]
# With layer norm, it makes no difference whether digit 0 is alone or among 300; with batch norm in training mode, digit 0 alone comes out as β.
#
# ## When is a neural network the right tool?
#
# **Predict:** how many more test digits does the network with 50 hidden units get right than a plain linear classifier, with 300 examples? And with 900?

# %%
def linear(digits, lr=0.3, steps=200):
    """The fraction of test digits that softmax on the pixels gets right, without a hidden layer."""
    (X, y), _, (X_test, y_test), _ = digits
    W, b = np.zeros((10, 64)), np.zeros(10)
    for _ in range(steps):
        _, dW, db = linear_backward(cross_entropy_grad(linear_forward(X, W, b), y), X, W)
        W, b = W - lr * dW, b - lr * db
    return np.mean(linear_forward(X_test, W, b).argmax(axis=1) == y_test)


for n, runs in ((300, plain_clean[:3]), (897, tripled[0.0])):
    straight = 100 * np.array([linear(task(seed, lies=0.0, n=n)) for seed in range(3)])
    hidden = right_on_test(runs)
    print(f"{n} examples: linear {straight.mean():.1f}%, 50 hidden units {hidden.mean():.1f}%; "
          f"gain in each split {(hidden - straight).round(1)}")

# %% [markdown]
# With 300 examples, half a percentage point more (93.6% against 93.1%), which is hardly worth the trouble.
# With 900, it pulls ahead by 1.3 points (96.9% against 95.6%), in each of the three splits.
#
# Neural networks shine where the relation is *not linear*, where there are *very many features* or no table at all (pixels, sound, text), and where there is enough data to *learn* the features.
# For a small or medium-sized table with well-chosen columns, start with a linear model or with trees, which are quick, hard to beat there (Grinsztajn and others, 2022), and easier to explain.

# %% [markdown]
# ## Check your understanding
#
# Each of the five questions has exactly one right answer.
# Return its letter.

# %% [markdown]
# **Question 1.** From epoch 40 on, the training loss keeps falling while the validation loss rises. Which step is *least* likely to help the network on new data?
#
# - **a**  Add an L2 penalty on the weights.
# - **b**  Go back to the weights of epoch 40.
# - **c**  Collect more training examples.
# - **d**  Add another hidden layer.

# %% exercise: quiz_overfitting
def quiz_overfitting():
    """The letter of your answer to question 1, for example return "a"."""
    ### BEGIN SOLUTION
    return "d"
    ### END SOLUTION

# %% tests: quiz_overfitting, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_overfitting())
### BEGIN HIDDEN TESTS
with check("what does not help against overfitting"):
    check.letter(quiz_overfitting(), right="d", why={
        "a": "That does help: weights that fit single examples have to be large, and now large "
             "weights cost something.",
        "b": "That does help: it is early stopping, and epoch 40 is where the validation loss was "
             "lowest.",
        "c": "That does help: three times as many digits gained over 16 points with lies and 3 without. "
             "The more examples agree on the rule, the less a single one can bend it.",
        "d": "The network fits the training examples too closely already, and another layer "
             "lets it fit them even more closely."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 2.** Why does the solution of a problem with an L1 penalty have zeros, while that of a problem with an L2 penalty has practically none?
#
# - **a**  L1 pulls a tiny weight as hard as a large one, while the pull of L2 fades as the weight gets small.
# - **b**  L1 is the stronger of the two penalties; with a larger λ, L2 gives exact zeros too.
# - **c**  $|w|$ is smaller than $w^2$, so that under an L1 penalty the weights can become smaller.
# - **d**  A gradient step with $\lambda\,\mathrm{sign}(w)$ lands exactly on zero sooner or later, and stays there.

# %% exercise: quiz_sparsity
def quiz_sparsity():
    """The letter of your answer to question 2, for example return "a"."""
    ### BEGIN SOLUTION
    return "a"
    ### END SOLUTION

# %% tests: quiz_sparsity, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_sparsity())
### BEGIN HIDDEN TESTS
with check("where zeros come from"):
    check.letter(quiz_sparsity(), right="a", why={
        "a": "The slope of |w| has the same size for every w other than 0, while the slope of "
             "w² goes to 0 along with w.",
        "b": "For any λ, the pull of L2 is λw, which fades as w gets small. A large λ makes weights "
             "tiny, not zero.",
        "c": "For weights below 1 it is the other way around: |w| is larger than w². What counts "
             "is the slope near zero.",
        "d": "You counted: none of the 40 weights was exactly zero. Such steps jump back and forth "
             "over zero; it takes a soft threshold to stop there."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 3.** A layer was trained with inverted dropout, $p = 0.2$. What happens to its activations when you use the finished network?
#
# - **a**  They are multiplied by 0.8, because more units are on than during training.
# - **b**  They are divided by 0.8.
# - **c**  Nothing: all units are on, and nothing is scaled.
# - **d**  A fifth of them are switched off, as during training.

# %% exercise: quiz_dropout
def quiz_dropout():
    """The letter of your answer to question 3, for example return "a"."""
    ### BEGIN SOLUTION
    return "c"
    ### END SOLUTION

# %% tests: quiz_dropout, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_dropout())
### BEGIN HIDDEN TESTS
with check("what dropout does in use"):
    check.letter(quiz_dropout(), right="c", why={
        "a": "That is what the 2014 paper did, without dividing during training. Inverted "
             "dropout has taken care of it already.",
        "b": "That is what happens to the activations kept *during training*, so that the average "
             "stays the same.",
        "c": "Inverted dropout divided the kept activations by 0.8 during training, so their "
             "average is right without any scaling.",
        "d": "Then the same digit would get a different answer each time. The coins are for training "
             "only."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 4.** A network with batch norm gets 97% of the validation digits right, in batches of 100. Then it is given one digit at a time, still in training mode, and gives the same answer for all of them. Why?
#
# - **a**  Its learning rate is too high for single examples, so every new digit overwrites the last one.
# - **b**  Normalized by its own mean, a batch of one is all zeros, so each layer outputs just β.
# - **c**  The batch size has changed from 100 to 1, so γ and β have to be learned all over again.
# - **d**  The internal covariate shift is larger for small batches than it is for large ones.

# %% exercise: quiz_batchnorm
def quiz_batchnorm():
    """The letter of your answer to question 4, for example return "a"."""
    ### BEGIN SOLUTION
    return "b"
    ### END SOLUTION

# %% tests: quiz_batchnorm, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_batchnorm())
### BEGIN HIDDEN TESTS
with check("what a batch of one does to batch norm"):
    check.letter(quiz_batchnorm(), right="b", why={
        "a": "Nothing is being learned here, so the learning rate plays no part.",
        "b": "The mean of a batch of one is the example itself, so what is left after "
             "subtracting it is 0, and γ times 0 plus β is β.",
        "c": "γ and β don't depend on the batch. In training mode, the mean and the variance "
             "do.",
        "d": "That phrase is about training, and it is contested even there. Work out x minus the "
             "mean of the batch for a batch of one."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 5.** You standardize a table, and then split it into training and test data. What is wrong with that?
#
# - **a**  Nothing: standardizing doesn't look at the labels, so nothing about the answers can leak.
# - **b**  The mean and the spread include the test rows, which should play the part of the future.
# - **c**  The test table should be standardized separately, using its own mean and its own spread.
# - **d**  The test table must not be standardized at all, because it has to stay as it was measured.

# %% exercise: quiz_leak
def quiz_leak():
    """The letter of your answer to question 5, for example return "a"."""
    ### BEGIN SOLUTION
    return "b"
    ### END SOLUTION

# %% tests: quiz_leak, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_leak())
### BEGIN HIDDEN TESTS
with check("whose mean and spread are used"):
    check.letter(quiz_leak(), right="b", why={
        "a": "Labels are not the only thing that can leak. The effect may be small, but the test "
             "data has been used too early, and nobody can say how much that mattered.",
        "b": "The test rows helped to scale the training rows, so the test no longer shows how "
             "the network does on data that nobody has seen.",
        "c": "Then the same wine would get different numbers in different company; alone, it would be "
             "all zeros.",
        "d": "The network has learned from standardized columns, and raw ones, on another scale, would "
             "be nonsense to it. Use the mean and spread of the training table."})
### END HIDDEN TESTS

# %% [markdown]
# ## In an interview
#
# *Your network gets nearly every training example right, and is much worse on new data. What is going on, which remedies do you know, how do they work, and how would you choose among them?*
#
# Answer in the cell below, in six to ten sentences.
# Say how you would recognize the problem.
# Explain at least three remedies by what they do to the network (for one of them, both in training *and* in use).
# Say how you would choose their strength and report the result.
# A teacher reads this answer; it is worth 3 points.
#
# <!-- A good answer says: how to recognize it; three remedies, by what they do to the network; one of them both in training and in use; how to choose their strength, and how to report -->

# %% answer: interview_overfitting, 3 points [markdown]
# The network is overfitting: it has enough capacity to fit the peculiarities and the wrong labels of the training set, not only the rule. I see it in the curves: the training loss keeps falling while the validation loss turns and rises.
# An L2 penalty adds (λ/2)·Σw² to the loss, so each step shrinks the weights by the factor 1 − ηλ, and large weights remain only where the data keeps asking for them; L1 pulls with a constant λ and leads to sparse solutions.
# Dropout switches off each hidden unit with probability p during training and divides the kept ones by 1 − p; in use, everything is on and unscaled. Units can't rely on particular partners, and the full network acts like an average of many thinned networks.
# Early stopping keeps the weights of the epoch with the lowest validation loss and stops after a number of epochs without an improvement.
# Better still are more examples and cleaner labels, or a smaller network.
# I choose λ, p, and the patience on a validation set (or by cross-validation), comparing several seeds, and I look at the test set once, at the end. The remedies overlap, so I try them one at a time first, and I expect little from them if data is plentiful and clean.
#
# ### BEGIN MARK SCHEME
# One point for each, half points where it is incomplete:
#
# 1. **Diagnosis:** overfitting named and explained (the network fits noise or peculiarities of the training data, capacity is large for the data), recognized by comparing training with validation loss or accuracy.
# 2. **Remedies:** three that are right, each with what it does (L2/weight decay, L1, dropout, early stopping, more data or augmentation, smaller network, batch norm as a mild one); for dropout or batch norm, the difference between training and use is stated.
# 3. **Choice:** strengths chosen on validation data or by cross-validation, not on training and not on test data; the test set only at the end. Mentioning seeds or scatter is good and not required.
#
# These cost the point in parentheses: "the learning rate is too small" or "it needs more layers" as the diagnosis (1); dropout that stays active in use or is left unscaled in both phases, or "L2 makes weights exactly zero" (2); choosing by the test set (3).
# ### END MARK SCHEME

# %% [markdown]
# ## Questions people ask you
#
# Answer each one out loud before you open it.
#
# <details><summary>How does batch normalization interact with activation functions?</summary>
#
# Placed before the activation, it decides where on the curve the inputs fall.
# For sigmoid and tanh, that is around 0, where the slope is largest, so units saturate less.
# For ReLU, about half of the batch is positive for each unit (as long as β is near 0), so hardly any unit is silent for all examples.
# γ and β can move the inputs elsewhere if that is better, and higher learning rates become possible.
# Whether this is *because* covariate shift is reduced is contested: Santurkar and others argue that batch norm makes the loss smoother, so that you can trust a gradient for a longer step; others point to the scale of the weights, which no longer matters.
# Batch norm can also go after the activation; people do both.
# If it directly follows a linear layer, that layer's own bias becomes useless, because the mean is subtracted; β takes its place.
#
# **A good answer says:** it decides where on the curve the inputs fall: near 0, less saturation, few silent units; γ and β can move them elsewhere; why it works is contested; the bias in front of it becomes useless.
# </details>
#
# <details><summary>L1 or L2?</summary>
#
# Usually L2: it is smooth, and it spreads the weight over features that say the same thing.
# Use L1 if you believe that most features are worthless, or if you want a model that people can read, and use an algorithm that really produces zeros.
# The two together are called an *elastic net*.
#
# **A good answer says:** L2 is smooth and spreads the weight over features that say the same; L1 gives zeros: for few useful features, or a model to be read.
# </details>
#
# <details><summary>Are weight decay and an L2 penalty the same?</summary>
#
# For plain gradient descent, yes: both multiply the weights by $1 - \eta\lambda$ at each step.
# (Some books divide the penalty by $n$ or leave out the half; the formula in this lesson matches `weight_decay` in PyTorch's SGD.)
# For optimizers that scale each parameter's gradient separately, such as Adam, no: there the gradient of the penalty is scaled too, and shrinking the weights separately (*AdamW*) usually works better (Loshchilov and Hutter, 2019).
#
# **A good answer says:** the same for plain gradient descent; not for Adam, which scales the penalty's gradient too; AdamW shrinks the weights separately.
# </details>
#
# <details><summary>Do dropout and batch norm go together?</summary>
#
# Only with care.
# With dropout, the variance of a layer's output is different in training and in use, but batch norm has stored the variance from training, so after a dropout layer its averages no longer fit (Li and others, 2019).
# Put dropout after the last batch norm, or use just one of the two.
#
# **A good answer says:** dropout changes the variance between training and use; batch norm has stored the one from training; put dropout after the last batch norm, or use one of them.
# </details>
#
# <details><summary>Why do Transformers use layer norm?</summary>
#
# Their inputs are sequences of different lengths, in small batches, and they generate text one token at a time.
# Statistics over a batch would be noisy, would mix up positions, and would differ between training and use.
# Layer norm looks only at the units of a single token.
#
# **A good answer says:** sequences of different lengths, small batches, one token at a time; batch statistics would be noisy and differ in use; layer norm looks at one token only.
# </details>
#
# <details><summary>Modern networks have far more weights than examples. Why do they generalize at all?</summary>
#
# Nobody has the whole answer.
# The number of weights is a poor measure of capacity: gradient descent from small weights prefers some solutions to others, and it learns structure before noise, as in the first figure.
# With more and more weights, the test error can even fall again (*double descent*; Belkin and others, 2019).
# That is no license to skip the validation set.
#
# **A good answer says:** nobody knows completely; the number of weights is a poor measure of capacity; gradient descent prefers some solutions, or double descent; a validation set is still needed.
# </details>
#
# <details><summary>How do I explain what such a network decided?</summary>
#
# Again, only with care: a network is called a *black box* because its weights tell a reader very little.
# Tools such as LIME and SHAP estimate how much each feature contributed to one answer.
# They explain the model, not the world.
#
# **A good answer says:** names LIME or SHAP: shares of features in one answer; they explain the model, not the world.
# </details>

# %% [markdown]
# ## What to remember
#
# > - Overfitting: the training loss falls while the validation loss turns upward. The network learns the rule first, and the noise later.
# > - L2, $\frac{\lambda}{2}\sum \lVert W \rVert^2$: the gradient is $\lambda W$, and each step shrinks the weights by the factor $1 - \eta\lambda$. L1, $\lambda\sum|W|$: the gradient is $\lambda\,\mathrm{sign}(W)$; the *solutions* are sparse, but plain gradient steps give no exact zeros.
# > - Inverted dropout: $X \odot \text{mask} / (1 - p)$ in training, nothing in use.
# > - Early stopping: wait for `patience` epochs without an improvement, then go back to the best.
# > - Standardize with the mean and spread of the *training* data.
# > - Batch norm: $\gamma\,(x - \mu) / \sqrt{\sigma^2 + \varepsilon} + \beta$ over the batch, with running averages in use. Layer norm: over the units, no batch needed.
# > - These tools overlap, and on clean data they may gain nothing. Choose with validation data, compare several seeds, and use the test data once.
#
# <details><summary>What lies ahead</summary>
#
# You have built a neural network, from a single threshold unit to one that is trained, tested, and regularized, and every line of it is yours.
#
# - **Optimizers:** momentum, RMSprop, Adam; learning-rate schedules. That is [lesson 8](../08_optimizers/08_optimizers.ipynb).
# - **Tuning:** learning rate, depth, width, batch size, λ, and p, by grid search or, better, random search; and **preprocessing**, such as missing values and categories. That is [lesson 9](../09_tuning/09_tuning.ipynb).
# - **Autograd,** so that you never derive a backward pass again, in [lesson 10](../10_autograd/10_autograd.ipynb); and the one behind batch norm, in [lesson 11](../11_normalization/11_normalization.ipynb).
# - **Residual networks (ResNets)**, whose skip connections you met in lesson 6, in [lesson 12](../12_residual/12_residual.ipynb), and **convolutional networks (CNN)** for pictures in [lesson 13](../13_convolution/13_convolution.ipynb).
# - **Recurrent networks (RNN, LSTM, GRU)** for sequences in [lesson 14](../14_recurrent/14_recurrent.ipynb), and the **Transformers** that took over much of their work in [lesson 15](../15_attention/15_attention.ipynb).
# - **Looking inside:** LIME, SHAP, and what they can't tell you, in [lesson 16](../16_interpretability/16_interpretability.ipynb).
# </details>
#
# <details><summary>Sources</summary>
#
# C. Bishop, "Regularization and complexity control in feed-forward networks" (1995). I. Daubechies, M. Defrise, and C. De Mol, "An iterative thresholding algorithm for linear inverse problems with a sparsity constraint" (2004). G. Hinton and others, "Improving neural networks by preventing co-adaptation of feature detectors" (2012). N. Srivastava and others, "Dropout", Journal of Machine Learning Research 15 (2014). S. Ioffe and C. Szegedy, "Batch normalization" (2015). J. Ba, J. Kiros, and G. Hinton, "Layer normalization" (2016). C. Zhang and others, "Understanding deep learning requires rethinking generalization" (2017). S. Santurkar and others, "How does batch normalization help optimization?" (2018). D. Arpit and others, "A closer look at memorization in deep networks" (2017). I. Loshchilov and F. Hutter, "Decoupled weight decay regularization" (2019). M. Belkin and others, "Reconciling modern machine-learning practice and the classical bias–variance trade-off" (2019). X. Li and others, "Understanding the disharmony between dropout and batch normalization by variance shift" (2019). L. Grinsztajn, E. Oyallon, and G. Varoquaux, "Why do tree-based models still outperform deep learning on tabular data?" (2022). Data: scikit-learn's digits, diabetes, and wine.
# </details>
#
# **Back:** [lesson 6, vanishing gradients](../06_vanishing_gradients/06_vanishing_gradients.ipynb). **Next:** [lesson 8, optimizers](../08_optimizers/08_optimizers.ipynb).

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

HandIn("07_regularization")
