# %% [markdown]
# # 13 · Convolution: why does one pixel throw a network off?
#
# A network has learned to read handwritten digits, and gets 98 of 100 right.
# Then every digit moves by one pixel.
# You would hardly notice, but the network gets fewer than half of them right.
# What had it learned?
#
# In this lesson you build layers that look for the same thing everywhere in an image, forward and backward.
# Then you find out how much of the damage they repair.
#
# **You will build**, from nothing but NumPy:
# `conv_size` → `conv2d_forward`, `cases` → `im2col` → `col2im` → `conv2d_backward` → `maxpool_forward` → `maxpool_backward` → `count_conv_params` → `receptive_field`
#
# **Time:** about 135 minutes. **You need:** [lesson 4](../04_backprop/04_backprop.ipynb), and mini-batches and Adam from [lesson 8](../08_optimizers/08_optimizers.ipynb).
# That is too long for one sitting: a good place to stop for the day is after part one.
#
# **How to work.** Predict, run, explain. If an exercise won't budge, skip it and come back.

# %% given: imports
import numpy as np

from utils import data, gradcheck, plots
from utils.checks import unfinished
from utils.widgets import Lens

# %% [markdown]
# These are the pieces you need from earlier lessons.

# %% earlier: pieces
# from 03_forward_pass: mlp_forward, softmax
# from 04_backprop: cross_entropy_grad, linear_backward, mlp_backward
# from 05_activations: relu, relu_grad
# from 08_optimizers: adam_step, minibatches

# %%
# To use your own pieces instead, remove the # in front of the next lines.
# from utils import earlier
# mlp_forward, softmax = earlier.mine("03_forward_pass", "mlp_forward", "softmax")
# cross_entropy_grad, linear_backward, mlp_backward = earlier.mine(
#     "04_backprop", "cross_entropy_grad", "linear_backward", "mlp_backward")
# relu, relu_grad = earlier.mine("05_activations", "relu", "relu_grad")
# adam_step, minibatches = earlier.mine("08_optimizers", "adam_step", "minibatches")

# %% [markdown]
# # Part one: the same look everywhere
#
# ## One pixel to the side
#
# The next cell trains a network of 64 tanh units on 1,400 digits, then tests it on the 397 others: as they are, and each moved by one pixel up, down, left, or right.
# (What leaves the picture is lost, and zeros move in.)
# It also trains a second network, on digits whose 64 pixels are *shuffled*, alike in every picture.
#
# **Predict:** how many of the moved digits will the first network get right? And how many of the shuffled ones the second?

# %%
digits = data.digits()
images, labels = digits.X.reshape(-1, 1, 8, 8) / 16, digits.y  # (n, channels, height, width)
order = np.random.default_rng(0).permutation(len(images))
seen, new = order[:1400], order[1400:]
MOVES = np.array([(-1, 0), (1, 0), (0, -1), (0, 1)])  # up, down, left, right


def moved(X, rng, moves=MOVES):
    """Each image moved by one of the moves; zeros move in."""
    padded, (h, w) = np.pad(X, ((0, 0), (0, 0), (1, 1), (1, 1))), X.shape[2:]
    chosen = moves[rng.integers(len(moves), size=len(X))]
    return np.stack([padded[k, :, 1 - i:1 - i + h, 1 - j:1 - j + w] for k, (i, j) in enumerate(chosen)])


def train(params, gradients, X, epochs, lr, prepare=lambda batch, rng: batch):
    """Parameters after training on the seen images of X, with Adam and batches of 50."""
    rng, state = np.random.default_rng(3), None
    for _ in range(epochs):
        for rows in minibatches(len(seen), 50, rng):
            batch = prepare(X[seen[rows]], rng)
            params, state = adam_step(params, gradients(params, batch, labels[seen[rows]]), state, lr)
    return params


def mlp_scores(params, X):
    return mlp_forward(X.reshape(len(X), -1), params[:2], params[2:], np.tanh)


def mlp_gradients(params, X, y):
    Z, cache = mlp_scores(params, X)
    dWs, dbs = mlp_backward(cross_entropy_grad(Z, y), cache, params[:2])
    return [*dWs, *dbs]


def new_mlp():
    rng = np.random.default_rng(1)
    return [rng.normal(size=(64, 64)) / 8, rng.normal(size=(10, 64)) / 8, np.zeros(64), np.zeros(10)]


def right(scores, X):
    """The share of the new digits that are read correctly."""
    return np.mean(scores(X).argmax(axis=1) == labels[new])


new_moved = moved(images[new], np.random.default_rng(2))
shuffle = np.random.default_rng(4).permutation(64)
shuffled = images.reshape(-1, 64)[:, shuffle].reshape(images.shape)
mlp = train(new_mlp(), mlp_gradients, images, 15, 0.003)
on_shuffled = train(new_mlp(), mlp_gradients, shuffled, 15, 0.003)
print(f"as they are: {right(lambda X: mlp_scores(mlp, X)[0], images[new]):.3f}")
print(f"moved:       {right(lambda X: mlp_scores(mlp, X)[0], new_moved):.3f}")
print(f"a network that learned from shuffled pixels, on shuffled ones: {right(lambda X: mlp_scores(on_shuffled, X)[0], shuffled[new]):.3f}")

# %% [markdown]
# It gets 98% right, but only 47% of the moved ones.
# The second network reads shuffled digits as well as the first reads ordinary ones: 98%.
#
# That explains it.
# With the pixels shuffled, *you* couldn't read a single digit, but for a network of this kind nothing has changed.
# It has a weight for every pixel and hidden unit, and no idea which pixels are neighbors.
# So it had learned *where the ink is*, pixel by pixel, and what it learned about one pixel doesn't hold for the pixel beside it.
#
# We know more about pictures than that:
#
# - What belongs together is close together: an edge, a corner, a loop. Look at a small **window** at a time. This is called **locality**.
# - An edge is an edge wherever it is. Use the *same weights* in every window: **weight sharing**.
#
# A layer built on these two ideas is called a **convolution**.
#
# ## By hand: a window that slides
#
# Here is an image of 3 × 4 pixels, dark (0) on the left and bright on the right, and a **kernel** of 2 × 2 weights:
#
# $$ X = \begin{pmatrix} 0 & 0 & 1 & 1 \\ 0 & 0 & 1 & 1 \\ 0 & 0 & 1 & 3 \end{pmatrix}, \qquad W = \begin{pmatrix} -1 & 1 \\ -1 & 1 \end{pmatrix}. $$
#
# Place the kernel on the upper left corner: multiply each weight by the pixel under it, and add the products.
# That makes $-1 \cdot 0 + 1 \cdot 0 - 1 \cdot 0 + 1 \cdot 0 = 0$.
# One pixel to the right, it makes $-0 + 1 - 0 + 1 = 2$.
# Now slide it over all places:
#
# $$ Y = \begin{pmatrix} 0 & 2 & 0 \\ 0 & 2 & 2 \end{pmatrix}. $$
#
# The result is called a **feature map**.
# It is large where the image is like the kernel: dark on the left, bright on the right.
# This kernel finds vertical edges, with four weights, everywhere.
#
# **Predict:** what would the map look like with the kernel mirrored, $+1$ on the left and $-1$ on the right?
#
# All signs would flip, so it would respond to the opposite edge, from bright to dark.
# (Mathematicians mirror the kernel first, and call what we do *cross-correlation*. In deep learning everybody says convolution, and nobody mirrors.)
#
# ## How large is the map?
#
# Two numbers change it:
#
# - The **padding** $p$ is a frame of zeros around the image, $p$ pixels wide *on every side*, so that the kernel can be placed on the border, too.
# - The **stride** $s$ is how far the window moves from one place to the next. With $s = 2$, every other place is skipped.
#
# | size | kernel | stride | padding | first pixels of the windows | places |
# |---|---|---|---|---|---|
# | 5 | 3 | 1 | 0 | 0, 1, 2 | 3 |
# | 5 | 3 | 1 | 1 | −1, 0, 1, 2, 3 | 5 |
# | 5 | 3 | 2 | 0 | 0, 2 | 2 |
# | 6 | 3 | 2 | 0 | 0, 2 | 2 |
# | 6 | 3 | 2 | 1 | −1, 1, 3 | 3 |
#
# In the fourth row, a window that begins at 4 wouldn't fit, so the last pixel is never looked at.
#
# ## Exercise 1: the size of the map

# %% exercise: conv_size
def conv_size(size, kernel, stride=1, padding=0):
    """The number of places for a kernel along one axis.

    size: pixels along this axis. kernel: weights along it.
    stride: pixels from one window to the next. padding: zeros added at *each* end. All are ints.
    Returns an int. Raises ValueError if the kernel doesn't fit even once.

    conv_size(6, 3, 2) gives 2
    """
    ### BEGIN SOLUTION
    room = size + 2 * padding - kernel
    if room < 0:
        raise ValueError(f"a kernel of {kernel} doesn't fit into {size} pixels padded by {padding}")
    return room // stride + 1
    ### END SOLUTION

# %% tests: conv_size, 2 points
def _places(size, kernel, stride, padding):
    """Count them."""
    return sum(start + kernel <= size + 2 * padding for start in range(0, size + 2 * padding, stride))


with check("counts the places in the table of the lesson"):
    for size, kernel, stride, padding in ((5, 3, 1, 0), (5, 3, 1, 1), (5, 3, 2, 0), (6, 3, 2, 0), (6, 3, 2, 1)):
        check.equal(check.call(conv_size, size, kernel, stride, padding), _places(size, kernel, stride, padding))
with check("works without stride and padding, and is 1 for a kernel as large as the image"):
    check.equal(check.call(conv_size, 7, 2), 6)
    check.equal(check.call(conv_size, 4, 4), 1)
    check.equal(check.call(conv_size, 4, 4, 3), 1)
with check("raises ValueError if the kernel doesn't fit, whatever the stride"):
    check.raises(ValueError, conv_size, 2, 3)
    check.raises(ValueError, conv_size, 2, 3, 2)
    check.raises(ValueError, conv_size, 1, 5, 1, 1)
with check("lets the padding make room"):
    check.equal(check.call(conv_size, 2, 3, 1, 1), 2)
    check.equal(check.call(conv_size, 1, 5, 1, 2), 1)
### BEGIN HIDDEN TESTS
from itertools import product

with check("agrees with counting, for many sizes, kernels, strides, and paddings"):
    for case in product((1, 2, 5, 8, 11), (1, 2, 3, 5), (1, 2, 3, 4), (0, 1, 3)):
        if case[1] <= case[0] + 2 * case[3]:
            check.equal(check.call(conv_size, *case), _places(*case))
with check("raises ValueError for every kernel that doesn't fit"):
    for size, kernel, stride, padding in ((3, 4, 1, 0), (3, 4, 3, 0), (2, 7, 2, 2), (1, 9, 5, 3), (1, 2, 7, 0)):
        check.raises(ValueError, conv_size, size, kernel, stride, padding)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# The padded axis has `size` pixels plus the padding.
# How many of its pixels are left over when the first window is in place?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# Each further place takes `stride` of the pixels that are left over.
# `//` divides and rounds down; don't forget the first place.
# Test whether the kernel fits *before* you divide.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Let the room be `size`, plus the padding at both ends, minus `kernel`.
# If it is negative, `raise ValueError(...)`.
# Otherwise, the number of steps is the room divided by the stride, rounded down, and there is one place more than steps.
# </details>

# %% [markdown]
# ## Channels
#
# A color photograph has three numbers for each pixel, its **channels**: red, green, and blue.
# So an image has shape $(c, h, w)$, a batch $(n, c, h, w)$.
# A kernel looks at all the channels at once: it has weights $(c, k, k)$, and *everything* in the window is multiplied and added up into one number.
# A layer has several kernels, each with a bias, and each makes a map of its own.
# Its weights have shape $(\text{out}, c, k, k)$, its result has $\text{out}$ channels:
#
# $$ Y_{n,o,i,j} = b_o + \sum_{c,u,v} W_{o,c,u,v}\; X_{n,\,c,\,i s + u,\,j s + v} \qquad (X \text{ with its padding}). $$
#
# ## Exercise 2: convolution, with loops
#
# Write it as the formula says: four loops, over $n$, $o$, $i$, and $j$, and in the middle one window times one kernel.

# %% exercise: conv2d_forward
def conv2d_forward(X, W, b, stride=1, padding=0):
    """The feature maps of a batch of images; the kernels are not mirrored.

    X: (n, c, h, w).  W: (out, c, k, k).  b: (out,).
    stride: rows and columns from one window to the next.
    padding: rows and columns of zeros on each of the four sides.
    Returns float64 (n, out, h2, w2), where h2 and w2 are the numbers of places down and across.
    """
    ### BEGIN SOLUTION
    X, W, b = (np.asarray(part, dtype=float) for part in (X, W, b))
    n, out, k = len(X), len(W), W.shape[-1]
    h2, w2 = (conv_size(size, k, stride, padding) for size in X.shape[2:])
    X = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    Y = np.zeros((n, out, h2, w2))
    for m in range(n):
        for o in range(out):
            for i in range(h2):
                for j in range(w2):
                    window = X[m, :, i * stride:i * stride + k, j * stride:j * stride + k]
                    Y[m, o, i, j] = np.sum(window * W[o]) + b[o]
    return Y
    ### END SOLUTION

# %% tests: conv2d_forward, 5 points
import numpy as np


@check.once
def _conv(X, W, b, stride=1, padding=0):
    """Weight by weight: each is multiplied by all the pixels that it ever lies on."""
    X, W, b = (np.asarray(part, dtype=float) for part in (X, W, b))
    (n, c, h, w), (out, _, k, _) = X.shape, W.shape
    padded = np.zeros((n, c, h + 2 * padding, w + 2 * padding))
    padded[:, :, padding:padding + h, padding:padding + w] = X
    h2, w2 = (h + 2 * padding - k) // stride + 1, (w + 2 * padding - k) // stride + 1
    Y = np.zeros((n, out, h2, w2)) + b[:, None, None]
    for u in range(k):
        for v in range(k):
            under = padded[:, :, u:u + stride * h2:stride, v:v + stride * w2:stride][:, :, :h2, :w2]
            Y += np.einsum("ncij,oc->noij", under, W[:, :, u, v])
    return Y


def _case(seed, n, c, out, k, h, w):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, c, h, w)), rng.normal(size=(out, c, k, k)), rng.normal(size=out)


EDGE = np.array([[[[0.0, 0.0, 1.0, 1.0], [0.0, 0.0, 1.0, 1.0], [0.0, 0.0, 1.0, 3.0]]]])
with check("finds the map that you worked out by hand"):
    check.close(check.call(conv2d_forward, EDGE, np.array([[[[-1.0, 1.0], [-1.0, 1.0]]]]), np.zeros(1)),
                [[[[0.0, 2.0, 0.0], [0.0, 2.0, 2.0]]]])
with check("uses the kernel as it is, without mirroring it"):
    check.close(check.call(conv2d_forward, np.array([[[[1.0, 10.0], [100.0, 1000.0]]]]),
                           np.array([[[[1.0, 2.0], [3.0, 4.0]]]]), np.zeros(1)), [[[[4321.0]]]])
with check("adds up the channels, and makes one map for each kernel, with its bias"):
    X = np.array([[[[1.0, 2.0]], [[10.0, 20.0]]]])
    W = np.array([[[[1.0]], [[1.0]]], [[[0.0]], [[1.0]]], [[[1.0]], [[0.0]]]])
    check.close(check.call(conv2d_forward, X, W, np.array([0.5, 0.0, -1.0])),
                [[[[11.5, 22.5]], [[10.0, 20.0]], [[0.0, 1.0]]]])
with check("moves the window by the stride, down and across"):
    X = np.arange(30.0).reshape(1, 1, 5, 6)
    check.close(check.call(conv2d_forward, X, np.ones((1, 1, 1, 1)), np.zeros(1), 2), X[:, :, ::2, ::2])
    check.close(check.call(conv2d_forward, X, np.ones((1, 1, 2, 2)), np.zeros(1), 3), [[[[14.0, 26.0], [86.0, 98.0]]]])
with check("puts zeros on all four sides"):
    check.close(check.call(conv2d_forward, np.array([[[[1.0, 2.0, 3.0]]]]), np.ones((1, 1, 3, 3)), np.zeros(1), 1, 1),
                [[[[3.0, 6.0, 5.0]]]])
    check.close(check.call(conv2d_forward, np.array([[[[1.0, 2.0, 3.0]]]]), np.ones((1, 1, 1, 1)), np.ones(1), 1, 1),
                [[[[1.0] * 5, [1.0, 2.0, 3.0, 4.0, 1.0], [1.0] * 5]]])
with check("takes a batch of images that are not square, with channels, stride, and padding"):
    case = (*_case(1300, 2, 3, 4, 3, 5, 7), 2, 1)
    check.close(check.call(conv2d_forward, *case), _conv(*case))
### BEGIN HIDDEN TESTS
with check("agrees with another way of adding, whatever the sizes"):
    for seed, sizes in enumerate(((2, 3, 4, 3, 6, 8), (3, 2, 2, 2, 7, 4), (3, 3, 3, 3, 3, 3), (1, 1, 1, 1, 4, 2), (2, 2, 3, 4, 4, 6))):
        check.close(check.call(conv2d_forward, *_case(1301 + seed, *sizes)), _conv(*_case(1301 + seed, *sizes)))
with check("is right for every stride, also where some rows or columns are left over"):
    for stride in (2, 3, 4):
        for h, w in ((6, 7), (5, 8), (7, 3)):
            case = (*_case(1310 + stride, 2, 2, 3, 3, h, w), stride)
            check.close(check.call(conv2d_forward, *case), _conv(*case))
with check("is right for every padding, with and without a stride"):
    for stride, padding in ((1, 1), (1, 2), (2, 1), (3, 2), (2, 3)):
        case = (*_case(1320 + padding, 2, 2, 3, 3, 4, 6), stride, padding)
        check.close(check.call(conv2d_forward, *case), _conv(*case))
with check("works for a kernel of 1, and one of the image's size"):
    for sizes in ((2, 3, 2, 1, 3, 4), (2, 2, 3, 4, 4, 4), (3, 1, 2, 5, 5, 5)):
        check.close(check.call(conv2d_forward, *_case(1330, *sizes)), _conv(*_case(1330, *sizes)))
with check("returns float64, for lists and whole numbers too"):
    case = [[[[1, 2, 0], [3, -1, 2]]]], [[[[1, 0], [2, 1]]], [[[0, 1], [1, 1]]]], [1, -2]
    got = check.call(conv2d_forward, *case)
    check.floats(got, (1, 2, 1, 2))
    check.close(got, _conv(*case))
with check("reads any memory order, and leaves its input as it was"):
    X, W, b = _case(1340, 4, 2, 3, 2, 6, 8)
    case = np.asfortranarray(X)[::2, :, ::2, ::-2], W[:, :, ::-1], b[::-1], 1, 1
    check.close(check.call(conv2d_forward, *case), _conv(*case))
    check.unchanged(conv2d_forward, X.copy(), W.copy(), b.copy(), 2, 1)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Before the loops, you need three things: float arrays, the padded images, and an array of zeros for the result.
# Which of your functions gives its height and width?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `np.pad(X, ((0, 0), (0, 0), (p, p), (p, p)))` adds `p` zeros before and after each of the last two axes, and none at the first two.
# A window is a slice: all the channels, `k` rows, and `k` columns.
# The window of place `i` begins at row `i * stride`.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# For each image `m`, kernel `o`, row `i`, and column `j` of the result, cut the window `X[m, :, top:top + k, left:left + k]` from the padded images, where `top` and `left` are `i` and `j` times the stride.
# Multiply it by `W[o]`, sum all the products, and add `b[o]`.
# </details>

# %% [markdown]
# ## Catch the bug
#
# We have eight wrong versions of `conv2d_forward`.
# Your points are the share of them that at least one of your examples exposes; after you hand in, you see which ones escaped.
# An example has at most 20 pixels: few enough to check by hand.
#
# With one channel, for instance, nobody sees whether channels are added up or averaged.

# %% exercise: cases
def cases():
    """Return examples on which wrong versions of conv2d_forward give themselves away.

    Returns a list of 1 to 8 tuples (X, W, b), (X, W, b, stride), or (X, W, b, stride, padding),
    the arguments of one call each. X holds at most 20 numbers, and all arrays together at most
    200, between -1000 and 1000; the stride is at most 5, and the padding at most 3.
    If a kernel doesn't fit into the padded image, even right versions raise an error, and that
    costs all the points.
    """
    ### BEGIN SOLUTION
    rng = np.random.default_rng(13)
    return [
        # two images, two kernels, a stride, padding, and maps of 2 by 3
        (rng.normal(size=(2, 1, 2, 5)), rng.normal(size=(2, 1, 2, 2)), rng.normal(size=2), 2, 1),
        (rng.normal(size=(1, 2, 2, 3)), rng.normal(size=(1, 2, 2, 2)), [0.5]),  # two channels
    ]
    ### END SOLUTION

# %% tests: cases, 2 points
import numpy as np


def _fit(X, W, b, stride=1, padding=0):
    X, W, b = (np.array(part, dtype=float) for part in (X, W, b))
    if X.ndim != 4 or W.ndim != 4 or W.shape[2] != W.shape[3] or W.shape[1] != X.shape[1]:
        return f"X and W should have shapes (n, c, h, w) and (out, c, k, k), not {X.shape} and {W.shape}."
    if b.shape != W.shape[:1]:
        return "b should hold one number for each kernel."
    if not 1 <= X.size <= 20 or not W.size:
        return f"X should hold 1 to 20 numbers, not {X.size}."
    if not all(np.all(np.abs(part) <= 1000) for part in (X, W, b)):
        return "all numbers should lie between -1000 and 1000."
    if not all(isinstance(number, (int, np.integer)) for number in (stride, padding)):
        return "stride and padding should be ints."
    if not 1 <= stride <= 5 or not 0 <= padding <= 3:
        return "the stride should be 1 to 5, and the padding 0 to 3."
    return X, W, b, int(stride), int(padding)


with check("is a list of 1 to 8 examples (X, W, b, stride, padding) that can be used", weight=0):
    check.cases(cases, _fit)
### BEGIN HIDDEN TESTS
# right answers to conv2d_forward: windows_einsum, weight_by_weight
# wrong answers to conv2d_forward: mirrored, window_starts_at_i, padding_before_only, padding_repeats_the_border, as_wide_as_high, channels_averaged, one_bias_for_all, one_image_for_all
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Go through the sizes: n, c, out, k, h, w, stride, and padding.
# For each of them, think of a mistake that doesn't show if it is 1 (or 0), or the same as another.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `rng.normal(size=(2, 1, 2, 5))` gives you two images of one channel, with 20 pixels in all.
# `conv_size` says how many places there are down and across: they should differ.
# A kernel of random weights looks different upside down.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Two examples are enough.
# One has two images of 2 × 5 pixels, two kernels with different biases, a stride of 2, and a padding of 1.
# The other one has two channels.
# </details>

# %% [markdown]
# ## What a kernel sees
#
# Nine weights are enough to find something in a photograph.
# We use gray photographs: the mean of the three channels, at a quarter of the size.
#
# **Predict:** one kernel has the rows $(-1, 0, 1)$, three times; the second is the first one turned on its side; the third has nine weights of $\tfrac19$. What will each map show?

# %%
def gray(name, step=4):
    """A photograph as one channel (1, 1, h, w): the mean of the colors in squares of step × step pixels."""
    photo = data.photograph(name).mean(axis=0)
    h, w = (size // step for size in photo.shape)
    return photo[:h * step, :w * step].reshape(1, 1, h, step, w, step).mean(axis=(3, 5))


across = np.array([[-1.0, 0.0, 1.0]] * 3)
kernels = np.array([across, across.T, np.full((3, 3), 1 / 9)])[:, None]
with plots.figure("A gray photograph of a Chinese palace roof and three maps of it. The first is strong at "
                  "vertical edges such as columns; the second, at horizontal ones such as those of the roofs. The third is "
                  "the photograph, blurred.", columns=2, rows=2, size=(9.6, 6.8), photo=True) as panels:
    china = gray("china")
    maps = conv2d_forward(china, kernels, np.zeros(3))[0]
    plots.image(china[0, 0], title=f"The photograph (by {data.PHOTOGRAPHERS['china']}, CC BY 2.0)", ax=panels[0])
    plots.image(maps[0], title="Left to right: vertical edges", strongest=1.5, ax=panels[1])
    plots.image(maps[1], title="Top to bottom: horizontal edges", strongest=1.5, ax=panels[2])
    plots.image(maps[2], title="The mean of nine pixels: blurred", ax=panels[3])
    print("shapes:", china.shape, "→", maps.shape)
    print("strongest response of each:", np.abs(maps).max(axis=(1, 2)).round(2))

# %% [markdown]
# The first map responds to vertical edges, the second to horizontal ones, and the third is a blurred copy.
# Engineers designed such kernels by hand for decades; in part three, a network finds its own.
#
# ### Play: the lens
#
# The explorer lays a kernel on a digit or a photograph, by *your* `conv2d_forward`.
# Edit the nine weights or choose a preset, then move the pointer over the picture: the explorer shows the window, the products, and their sum.
#
# *The question to answer:* what makes a map strong at a place?
#
# 1. "vertical edges" on the digit: where is the map blue, where orange, and where 0?
# 2. "dots" has weights that sum to 0. What does its map show in an even area?
# 3. Set the weight in the middle to 1, all others to 0. What is the map? And with the 1 one place to the right?
# 4. Multiply all the weights of a preset by $-1$. What changes?

# %%
lens = Lens(conv2d_forward)
lens

# %% [markdown]
# <details><summary>The answers</summary>
#
# **1.** Blue at the left edge of a stroke, where it gets brighter; orange at the right edge; near 0 where the left and the right column of the window are alike.
#
# **2.** 0: eight times $-1$ and once $+8$ of the same number cancel. It is strong at single bright pixels, ends, and corners.
#
# **3.** The picture itself, without its border. With the 1 to the right, it is the same picture moved by one pixel to the left: a convolution can move things.
#
# **4.** Blue and orange trade places.
#
# So the sum is a dot product of window and kernel: it is large where the window looks like the kernel and has strong contrast.
# </details>

# %% [markdown]
# ## The same, as one matrix product
#
# Four loops in Python are slow.
# But each number of the map is a dot product of a window and a kernel, and a table of dot products is a *matrix product*.
# So write each window as one row of a long matrix.
# This is called **im2col**, "image to columns".
#
# For a 3 × 3 image and a kernel of 2 there are four windows:
#
# $$ \begin{pmatrix} 1 & 2 & 3 \\ 4 & 5 & 6 \\ 7 & 8 & 9 \end{pmatrix} \;\longrightarrow\; \begin{pmatrix} 1 & 2 & 4 & 5 \\ 2 & 3 & 5 & 6 \\ 4 & 5 & 7 & 8 \\ 5 & 6 & 8 & 9 \end{pmatrix} \begin{matrix} \text{window } (0, 0) \\ \text{window } (0, 1) \\ \text{window } (1, 0) \\ \text{window } (1, 1) \end{matrix} $$
#
# Everything that follows relies on this order:
#
# - **Rows:** all the windows of the first image, then those of the second. Within an image, row by row, as you read: $(n, i, j)$, the last one running fastest.
# - **Columns:** the first channel of the window, read row by row, then the second channel: $(c, u, v)$. This is the order in which `W[o].reshape(-1)` lists the weights.
#
# ## Exercise 3: windows as rows

# %% exercise: im2col
def im2col(X, kernel, stride=1, padding=0):
    """All the windows of a batch of images, each as one row.

    X: (n, c, h, w). kernel: the side k of a window. stride, padding: as in conv2d_forward.
    Returns a new float64 array (n·h2·w2, c·k·k): rows ordered by (n, i, j), columns by (c, u, v).

    im2col([[[[1, 2, 3], [4, 5, 6]]]], 2) gives array([[1., 2., 4., 5.], [2., 3., 5., 6.]])
    """
    ### BEGIN SOLUTION
    X = np.asarray(X, dtype=float)
    n, c, h, w = X.shape
    h2, w2 = (conv_size(size, kernel, stride, padding) for size in (h, w))
    X = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    cols = np.zeros((n, h2, w2, c, kernel, kernel))
    for u in range(kernel):
        for v in range(kernel):
            under = X[:, :, u:u + stride * h2:stride, v:v + stride * w2:stride]
            cols[..., u, v] = under.transpose(0, 2, 3, 1)
    return cols.reshape(n * h2 * w2, c * kernel * kernel)
    ### END SOLUTION

# %% tests: im2col, 4 points
import numpy as np


@check.once
def _rows(X, kernel, stride=1, padding=0):
    """Window by window."""
    X = np.asarray(X, dtype=float)
    n, c, h, w = X.shape
    padded = np.zeros((n, c, h + 2 * padding, w + 2 * padding))
    padded[:, :, padding:padding + h, padding:padding + w] = X
    return np.array([padded[m, :, top:top + kernel, left:left + kernel].ravel() for m in range(n)
                     for top in range(0, h + 2 * padding - kernel + 1, stride)
                     for left in range(0, w + 2 * padding - kernel + 1, stride)])


with check("makes a row of each window, as in the lesson"):
    check.close(check.call(im2col, np.arange(1.0, 10.0).reshape(1, 1, 3, 3), 2),
                [[1.0, 2.0, 4.0, 5.0], [2.0, 3.0, 5.0, 6.0], [4.0, 5.0, 7.0, 8.0], [5.0, 6.0, 8.0, 9.0]])
with check("puts the first channel of a window before the second"):
    X = np.array([[[[1.0, 2.0], [3.0, 4.0]], [[10.0, 20.0], [30.0, 40.0]]]])
    check.close(check.call(im2col, X, 2), [[1.0, 2.0, 3.0, 4.0, 10.0, 20.0, 30.0, 40.0]])
with check("puts all windows of the first image before those of the second"):
    check.close(check.call(im2col, np.array([[[[1.0, 2.0]], [[3.0, 4.0]]], [[[5.0, 6.0]], [[7.0, 8.0]]]]), 1),
                [[1.0, 3.0], [2.0, 4.0], [5.0, 7.0], [6.0, 8.0]])
with check("moves by the stride, also where pixels are left over"):
    X = np.arange(30.0).reshape(1, 1, 5, 6)
    check.close(check.call(im2col, X, 2, 3), _rows(X, 2, 3))
    check.close(check.call(im2col, X, 3, 2), _rows(X, 3, 2))
with check("puts zeros on all four sides"):
    check.close(check.call(im2col, np.array([[[[1.0, 2.0]]]]), 3, 1, 1),
                [[0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0, 2.0, 0.0, 0.0, 0.0, 0.0]])
with check("returns a new array"):
    X = np.arange(6.0).reshape(1, 1, 2, 3)
    check.new(check.call(im2col, X, 1), X)
### BEGIN HIDDEN TESTS
def _images(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape)


with check("agrees with cutting out window by window, whatever the sizes"):
    for shape, kernel in (((2, 3, 5, 7), 3), ((3, 2, 6, 4), 2), ((3, 3, 3, 3), 3), ((4, 4, 4, 4), 2), ((1, 2, 3, 5), 1), ((2, 1, 4, 4), 4)):
        check.close(check.call(im2col, _images(1350, *shape), kernel), _rows(_images(1350, *shape), kernel))
with check("is right for every stride and padding"):
    for stride, padding in ((2, 0), (3, 0), (1, 1), (1, 2), (2, 1), (3, 2), (2, 3), (4, 1)):
        for h, w in ((5, 8), (7, 4)):
            X = _images(1351, 2, 2, h, w)
            check.close(check.call(im2col, X, 3, stride, padding), _rows(X, 3, stride, padding))
with check("returns a new float64 array, for lists and whole numbers too"):
    got = check.call(im2col, [[[[1, 2, 3], [4, 5, 6]]]], 2)
    check.floats(got, (2, 4))
    check.close(got, [[1.0, 2.0, 4.0, 5.0], [2.0, 3.0, 5.0, 6.0]])
    check.floats(check.call(im2col, np.ones((2, 1, 2, 2), dtype=int), 1, 2), (2, 1))
    X = _images(1352, 2, 1, 3, 3)
    check.new(check.call(im2col, X, 3), X)
    check.new(check.call(im2col, X[:1], 1), X)
with check("reads any memory order, and leaves its input as it was"):
    X = np.asfortranarray(_images(1353, 4, 2, 6, 8))[::2, :, ::2, ::-2]
    check.close(check.call(im2col, X, 2, 1, 1), _rows(X, 2, 1, 1))
    check.unchanged(im2col, X.copy(), 2)
    check.unchanged(im2col, X.copy(), 2, 2, 1)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# A version with three loops, over the images and over the places $i$ and $j$, is right and quite fast: the loop over the kernels is gone.
# What is one row?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# The window is the same slice as before, and `.reshape(-1)` lays it out in the order $(c, u, v)$.
# For more speed, loop over the $k \times k$ weights $u, v$ instead of the places: `X[:, :, u:u + stride * h2:stride, v:v + stride * w2:stride]` is the pixel under that weight *in all windows at once*.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Pad the images, and make zeros of shape `(n, h2, w2, c, k, k)`.
# For each `u` and `v`, take the slice of hint 2, of shape `(n, c, h2, w2)`, move its channels to the end with `.transpose(0, 2, 3, 1)`, and store it in `cols[..., u, v]`.
# At the end, reshape to `(n * h2 * w2, c * k * k)`.
# </details>

# %% [markdown]
# With the windows in rows, a convolution is the layer of lesson 3: a product with the weights, plus the bias.
# The last line gives the product an image's shape again.

# %% given: conv
def conv(X, W, b, stride=1, padding=0):
    """The same as conv2d_forward, by one matrix product."""
    n, out, k = len(X), len(W), W.shape[-1]
    h2, w2 = (conv_size(size, k, stride, padding) for size in X.shape[2:])
    Y = im2col(X, k, stride, padding) @ W.reshape(out, -1).T + b  # (n·h2·w2, out)
    return Y.reshape(n, h2, w2, out).transpose(0, 3, 1, 2)

# %% [markdown]
# The number of multiplications is the same as with loops.
#
# **Predict:** how many times as fast is it?

# %%
from time import perf_counter

from threadpoolctl import threadpool_limits


def seconds(task, repeats):
    """The shortest time of a call, on one core."""
    times = []
    with threadpool_limits(1):
        for _ in range(repeats):
            start = perf_counter()
            task()
            times.append(perf_counter() - start)
    return min(times)


with plots.figure("Seconds for a convolution against the side of the image, on logarithmic axes. Both lines rise; "
                  "the one for loops is several hundred times as high.", size=(6.8, 4.2)) as ax:
    sides, slow, fast = np.array([8, 12, 16, 24, 32]), [], []
    rng = np.random.default_rng(5)
    W, b = rng.normal(size=(8, 3, 3, 3)), rng.normal(size=8)
    for side in sides:
        X = rng.normal(size=(4, 3, side, side))
        slow.append(seconds(lambda: conv2d_forward(X, W, b, 1, 1), 2))
        fast.append(seconds(lambda: conv(X, W, b, 1, 1), 9))
    same = np.allclose(conv2d_forward(X, W, b, 1, 1), conv(X, W, b, 1, 1))
    ratio = np.array(slow) / fast
    plots.curves(sides, {"your loops": slow, "im2col": fast}, log="xy", xlabel="side of the image (pixels)",
                 ylabel="seconds", title=f"im2col is {ratio[-1]:.0f} times as fast", ax=ax,
                 colors={"your loops": plots.WRONG})
    ax.set_xticks(sides, [str(side) for side in sides])
    ax.set_xticks([], minor=True)
    print("the same result:", same, "  times as fast:", ratio.round(0))
    print(f"{4 * 8 * 32 * 32 * 3 * 9:,} multiplications in {slow[-1]:.3f} or {fast[-1]:.4f} s; "
          f"memory: {X.nbytes / 1e3:.0f} kB of images, {im2col(X, 3, 1, 1).nbytes / 1e3:.0f} kB of windows")

# %% [markdown]
# In our run, it was about 400 times as fast on images of 32 × 32, and 130 times on 8 × 8.
# Python spends several microseconds on each window, for 27 multiplications.
# The matrix product is *one* call of a compiled routine from an optimized library (a BLAS), which uses the processor's vector units and caches well.
# A GPU goes further, with thousands of multiplications at once.
#
# The price is memory: each pixel is copied into up to $k^2$ rows, here nine times as much.
#
# **A good place to stop for the day.** What is missing is the backward pass.

# %% [markdown]
# # Part two: the backward pass
#
# ## Put the windows back
#
# `im2col` copies a pixel into every window it belongs to.
# What is copied in the forward pass has its gradients *added* in the backward pass: a nudge of the pixel acts in all these windows at once.
# So to go back through `im2col`, take the rows, put each of them where its window came from, and add.
# This is `col2im`.
#
# **Predict:** in the 3 × 3 image above, suppose all four rows are full of ones. What comes back?
#
# $$ \begin{pmatrix} 1 & 2 & 1 \\ 2 & 4 & 2 \\ 1 & 2 & 1 \end{pmatrix} $$
#
# A corner is in one window, and the middle is in all four.
# With padding, some of what comes back lands on the frame.
# Those zeros were not part of the image, so cut the frame off at the end.
#
# ## Exercise 4: rows back to images

# %% exercise: col2im
def col2im(cols, shape, kernel, stride=1, padding=0):
    """The rows of im2col, each added up where its window came from.

    cols: (n·h2·w2, c·k·k), ordered as in im2col. shape: (n, c, h, w), that of the images.
    kernel, stride, padding: as in the call of im2col.
    Returns a new float64 array of that shape. Pixels in no window are 0; padding is cut off.
    """
    ### BEGIN SOLUTION
    n, c, h, w = shape
    h2, w2 = (conv_size(size, kernel, stride, padding) for size in (h, w))
    cols = np.asarray(cols, dtype=float).reshape(n, h2, w2, c, kernel, kernel)
    X = np.zeros((n, c, h + 2 * padding, w + 2 * padding))
    for u in range(kernel):
        for v in range(kernel):
            part = cols[..., u, v].transpose(0, 3, 1, 2)
            X[:, :, u:u + stride * h2:stride, v:v + stride * w2:stride] += part
    return X[:, :, padding:padding + h, padding:padding + w]
    ### END SOLUTION

# %% tests: col2im, 4 points
import numpy as np


@check.once
def _added(cols, shape, kernel, stride=1, padding=0):
    """Entry by entry: the number of each entry's pixel, found by taking windows of numbers."""
    n, c, h, w = shape
    cols = np.asarray(cols, dtype=float)
    place = np.full((n, c, h + 2 * padding, w + 2 * padding), n * c * h * w)
    place[:, :, padding:padding + h, padding:padding + w] = np.arange(n * c * h * w).reshape(shape)
    rows = [place[m, :, top:top + kernel, left:left + kernel].ravel() for m in range(n)
            for top in range(0, h + 2 * padding - kernel + 1, stride)
            for left in range(0, w + 2 * padding - kernel + 1, stride)]
    return np.bincount(np.ravel(rows), cols.ravel(), n * c * h * w + 1)[:-1].reshape(shape)


def _case(seed, shape, kernel, stride=1, padding=0):
    n, c, h, w = shape
    h2, w2 = (h + 2 * padding - kernel) // stride + 1, (w + 2 * padding - kernel) // stride + 1
    return np.random.default_rng(seed).normal(size=(n * h2 * w2, c * kernel ** 2)), shape, kernel, stride, padding


with check("adds up what four overlapping windows give, as in the lesson"):
    check.close(check.call(col2im, np.ones((4, 4)), (1, 1, 3, 3), 2), [[[[1.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 1.0]]]])
with check("lays each number of a row on its own pixel"):
    check.close(check.call(col2im, np.array([[1.0, 2.0, 3.0, 4.0], [10.0, 20.0, 30.0, 40.0]]), (1, 1, 2, 3), 2),
                [[[[1.0, 12.0, 20.0], [3.0, 34.0, 40.0]]]])
with check("keeps channels and images apart, in im2col's order"):
    case = np.arange(1.0, 17.0).reshape(2, 8), (2, 2, 2, 2), 2
    check.close(check.call(col2im, *case), np.arange(1.0, 17.0).reshape(2, 2, 2, 2))
    check.close(check.call(col2im, np.array([[1.0, 3.0], [2.0, 4.0], [5.0, 7.0], [6.0, 8.0]]), (2, 2, 1, 2), 1),
                [[[[1.0, 2.0]], [[3.0, 4.0]]], [[[5.0, 6.0]], [[7.0, 8.0]]]])
with check("uses the stride, and leaves zeros where no window was"):
    case = _case(1360, (1, 2, 6, 5), 2, 3)
    check.close(check.call(col2im, *case), _added(*case))
with check("cuts the padding off"):
    check.close(check.call(col2im, np.array([[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]]), (1, 1, 1, 1), 3, 1, 1), [[[[5.0]]]])
    case = _case(1361, (2, 2, 4, 5), 3, 2, 1)
    check.close(check.call(col2im, *case), _added(*case))
### BEGIN HIDDEN TESTS
with check("agrees with adding entry by entry, whatever the sizes"):
    for seed, (shape, kernel) in enumerate((((2, 3, 5, 7), 3), ((3, 2, 6, 4), 2), ((3, 3, 3, 3), 3), ((4, 4, 4, 4), 2), ((2, 1, 3, 5), 1))):
        case = _case(1362 + seed, shape, kernel)
        check.close(check.call(col2im, *case), _added(*case))
with check("is right for every stride and padding"):
    for stride, padding in ((2, 0), (3, 0), (1, 1), (1, 2), (2, 1), (3, 2), (2, 3), (4, 1)):
        for h, w in ((5, 8), (7, 4)):
            case = _case(1370 + stride, (2, 2, h, w), 3, stride, padding)
            check.close(check.call(col2im, *case), _added(*case))
with check("returns new float64, for lists and whole numbers too"):
    got = check.call(col2im, [[1, 2, 3, 4], [10, 20, 30, 40]], (1, 1, 2, 3), 2)
    check.floats(got, (1, 1, 2, 3))
    check.close(got, [[[[1.0, 12.0, 20.0], [3.0, 34.0, 40.0]]]])
    cols = np.arange(1.0, 7.0).reshape(6, 1)
    check.new(check.call(col2im, cols, (1, 1, 2, 3), 1), cols)
with check("reads any memory order, and leaves its input as it was"):
    cols, *rest = _case(1380, (2, 3, 4, 5), 2, 1, 1)
    wide = np.asfortranarray(np.repeat(cols, 2, axis=1))[:, ::2]
    check.close(check.call(col2im, wide, *rest), _added(cols, *rest))
    check.unchanged(col2im, cols.copy(), *rest)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# It is `im2col` backward.
# Begin with zeros for the images *with* their frame, go through the same windows in the same order, and end by cutting the frame off.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `row.reshape(c, k, k)` makes a window of a row.
# Where `im2col` reads a slice, `col2im` has `+=` on the same slice.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Either loop over `m`, `i`, `j`, with a counter for the row, and add `cols[row].reshape(c, k, k)` to `X[m, :, top:top + k, left:left + k]`.
# Or reshape `cols` to `(n, h2, w2, c, k, k)`, loop over `u` and `v`, and add `cols[..., u, v]`, its channels moved to axis 1 by `.transpose(0, 3, 1, 2)`, to the slice with steps of `stride`.
# Then return the part of `X` without the first and last `padding` rows and columns.
# </details>

# %% [markdown]
# ## Back through a convolution, by hand
#
# A convolution is `im2col`, then lesson 4's linear layer.
# So go back through these two, in reverse.
#
# Take an image of 2 × 3 and two kernels of 2 × 2, which fit in two places.
# The gradient of the maps arrives, one map for each kernel:
#
# $$ X = \begin{pmatrix} 1 & 2 & 3 \\ 4 & 5 & 6 \end{pmatrix}, \quad W_0 = \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}, \quad W_1 = \begin{pmatrix} 0 & 0 \\ 0 & 1 \end{pmatrix}, \qquad dY_0 = (1,\ 2), \quad dY_1 = (10,\ 20). $$
#
# **Step 1: bring `dY` into rows.** The product of the forward pass had one row for each *place*, one column for each *kernel*.
# So must its gradient:
#
# $$ D = \begin{pmatrix} 1 & 10 \\ 2 & 20 \end{pmatrix} \begin{matrix} \text{first place} \\ \text{second place} \end{matrix} $$
#
# Most mistakes happen here.
# `dY` has shape (n, out, h2, w2): first move the kernels' axis to the end, *then* reshape.
#
# **Predict:** what would `dY.reshape(2, 2)` have given?
#
# The rows $(1, 2)$ and $(10, 20)$: the right shape, and kernels mixed up with places.
#
# **Step 2: the linear layer.** With the windows in rows, each weight gets the sum over *all places* (and all images) of pixel times gradient, because it was used in all of them:
#
# $$ dW = D^\top \begin{pmatrix} 1 & 2 & 4 & 5 \\ 2 & 3 & 5 & 6 \end{pmatrix} = \begin{pmatrix} 5 & 8 & 14 & 17 \\ 50 & 80 & 140 & 170 \end{pmatrix}, \qquad db = (3,\ 30). $$
#
# A row of this, reshaped to 2 × 2, is one kernel's gradient.
#
# **Step 3: the rows' gradient.** Each place sends back its kernels, times what arrived:
#
# $$ D \begin{pmatrix} 1 & 2 & 3 & 4 \\ 0 & 0 & 0 & 1 \end{pmatrix} = \begin{pmatrix} 1 & 2 & 3 & 14 \\ 2 & 4 & 6 & 28 \end{pmatrix}. $$
#
# **Step 4: put the windows back**, by `col2im`: $\; dX = \begin{pmatrix} 1 & 2 + 2 & 4 \\ 3 & 14 + 6 & 28 \end{pmatrix}$.
#
# ## Exercise 5: the backward pass

# %% exercise: conv2d_backward
def conv2d_backward(dY, X, W, stride=1, padding=0):
    """The gradients of a convolution.

    dY: (n, out, h2, w2), the gradient of its result.
    X: (n, c, h, w), W: (out, c, k, k), stride, padding: as in the forward pass.
    Returns (dX, dW, db), float64 with the shapes of X, W and b; dX is without the padding.
    """
    ### BEGIN SOLUTION
    dY, X, W = (np.asarray(part, dtype=float) for part in (dY, X, W))
    out, k = len(W), W.shape[-1]
    D = dY.transpose(0, 2, 3, 1).reshape(-1, out)
    dW = (D.T @ im2col(X, k, stride, padding)).reshape(W.shape)
    dX = col2im(D @ W.reshape(out, -1), X.shape, k, stride, padding)
    return dX, dW, D.sum(axis=0)
    ### END SOLUTION

# %% tests: conv2d_backward, 7 points
import numpy as np

NAMES = ("dX", "dW", "db")


@check.once
def _by_windows(dY, X, W, stride=1, padding=0):
    """Number by number of dY: its window gets the kernel, its kernel gets the window."""
    dY, X, W = np.asarray(dY, dtype=float), np.asarray(X, dtype=float), np.asarray(W, dtype=float)
    (n, c, h, w), k = X.shape, W.shape[-1]
    padded = np.zeros((n, c, h + 2 * padding, w + 2 * padding))
    padded[:, :, padding:padding + h, padding:padding + w] = X
    dP, dW, db = np.zeros(padded.shape), np.zeros(W.shape), np.zeros(len(W))
    for (m, o, i, j), g in np.ndenumerate(dY):
        window = (m, slice(None), slice(i * stride, i * stride + k), slice(j * stride, j * stride + k))
        dP[window] += g * W[o]
        dW[o] += g * padded[window]
        db[o] += g
    return dP[:, :, padding:padding + h, padding:padding + w], dW, db


def _case(seed, n, c, out, k, h, w, stride=1, padding=0):
    rng = np.random.default_rng(seed)
    h2, w2 = (h + 2 * padding - k) // stride + 1, (w + 2 * padding - k) // stride + 1
    return (rng.normal(size=(n, out, h2, w2)), rng.normal(size=(n, c, h, w)), rng.normal(size=(out, c, k, k)), stride, padding)


def _parts(*case):
    return check.parts(check.call(conv2d_backward, *case), *NAMES)


HAND = (np.array([[[[1.0, 2.0]], [[10.0, 20.0]]]]), np.array([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]]),
        np.array([[[[1.0, 2.0], [3.0, 4.0]]], [[[0.0, 0.0], [0.0, 1.0]]]]))
with check("finds the dW and the db that you worked out by hand"):
    got = _parts(*HAND)
    check.close(got[1], [[[[5.0, 8.0], [14.0, 17.0]]], [[[50.0, 80.0], [140.0, 170.0]]]])
    check.close(got[2], [3.0, 30.0])
with check("finds the dX that you worked out by hand"):
    check.close(_parts(*HAND)[0], [[[[1.0, 4.0, 4.0], [3.0, 20.0, 28.0]]]])
with check("adds up over all images, without a mean: dW and db for two images are the sums for each"):
    dY, X, W, *rest = _case(1400, 2, 2, 3, 2, 3, 4)
    got, one, two = _parts(dY, X, W), _by_windows(dY[:1], X[:1], W), _by_windows(dY[1:], X[1:], W)
    check.close(got[1], one[1] + two[1])
    check.close(got[2], one[2] + two[2])
with check("gives each image its own dX, with several channels and kernels"):
    case = _case(1401, 3, 2, 4, 2, 3, 5)
    check.close(_parts(*case)[0], _by_windows(*case)[0])
with check("uses the stride, in all three gradients"):
    case = _case(1402, 2, 2, 3, 2, 5, 6, 2)
    check.close(check.call(conv2d_backward, *case), _by_windows(*case), names=NAMES)
with check("uses the padding, and cuts it off from dX"):
    case = _case(1403, 2, 2, 3, 3, 4, 5, 1, 1)
    check.close(check.call(conv2d_backward, *case), _by_windows(*case), names=NAMES)
### BEGIN HIDDEN TESTS
with check("agrees with going back number by number, whatever the sizes"):
    for seed, sizes in enumerate(((2, 3, 4, 3, 5, 7), (3, 2, 2, 2, 6, 4), (3, 3, 3, 3, 3, 3), (2, 2, 2, 2, 4, 4), (1, 1, 1, 2, 3, 2))):
        case = _case(1404 + seed, *sizes)
        check.close(check.call(conv2d_backward, *case), _by_windows(*case), names=NAMES)
with check("is right for every stride, also where pixels are in no window"):
    for stride, (h, w) in ((2, (6, 7)), (3, (8, 5)), (3, (4, 7)), (4, (6, 9))):
        case = _case(1410 + stride, 2, 2, 3, 2, h, w, stride)
        check.close(check.call(conv2d_backward, *case), _by_windows(*case), names=NAMES)
with check("is right for every padding, with and without a stride"):
    for stride, padding in ((1, 1), (1, 2), (2, 1), (3, 2), (2, 3)):
        case = _case(1420 + padding, 2, 2, 3, 3, 4, 6, stride, padding)
        check.close(check.call(conv2d_backward, *case), _by_windows(*case), names=NAMES)
with check("works for a kernel of 1, and one of the image's size"):
    for sizes in ((2, 3, 2, 1, 3, 4), (3, 2, 4, 4, 4, 4)):
        case = _case(1430, *sizes)
        check.close(check.call(conv2d_backward, *case), _by_windows(*case), names=NAMES)
with check("returns float64, for lists and whole numbers too"):
    case = [[[[1, -2]], [[0, 3]]]], [[[[1, 2, 3], [4, 5, 6]]]], [[[[1, 0], [2, 1]]], [[[0, 1], [1, 1]]]]
    got = _parts(*case)
    for part, shape in zip(got, ((1, 1, 2, 3), (2, 1, 2, 2), (2,))):
        check.floats(part, shape)
    check.close(got, _by_windows(*case), names=NAMES)
with check("reads any memory order, and leaves its input as it was"):
    dY, X, W, stride, padding = _case(1440, 4, 2, 3, 2, 3, 4, 1, 1)
    case = np.asfortranarray(dY)[::2, :, ::-1], np.asfortranarray(X)[::-2], W[:, :, ::-1], stride, padding
    check.close(check.call(conv2d_backward, *case), _by_windows(*case), names=NAMES)
    check.unchanged(conv2d_backward, dY.copy(), X.copy(), W.copy(), stride, padding)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Go through the four steps with the numbers of the example, printing each array.
# In step 1, the first row of `D` should be 1 and 10.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `dY.transpose(0, 2, 3, 1)` has shape (n, h2, w2, out); after `.reshape(-1, out)` its rows are in the order of `im2col`'s.
# `W.reshape(out, -1)` has one row for each kernel.
# Compare shapes: which product of `D` and the windows, perhaps transposed, has shape (out, c·k·k)? Which product of `D` and the kernels has the windows' shape?
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# The windows are `im2col(X, k, stride, padding)`.
# `dW` is the transposed `D` times the windows, reshaped to `W.shape`.
# The windows' gradient is `D` times the kernels in rows; `col2im` turns it into `dX`, given `X.shape`, `k`, `stride`, and `padding`.
# `db` is the sum of `D` over its rows.
# </details>

# %% [markdown]
# Check it by differences, with padding and a stride.

# %%
with unfinished():
    rng = np.random.default_rng(6)
    X, W, b = rng.normal(size=(2, 3, 5, 6)), rng.normal(size=(4, 3, 3, 3)), rng.normal(size=4)
    g = rng.normal(size=conv2d_forward(X, W, b, 2, 1).shape)
    dX, dW, db = conv2d_backward(g, X, W, 2, 1)
    for name, f, at, gradient in (("dX", lambda v: np.sum(g * conv2d_forward(v, W, b, 2, 1)), X, dX),
                                  ("dW", lambda v: np.sum(g * conv2d_forward(X, v, b, 2, 1)), W, dW),
                                  ("db", lambda v: np.sum(g * conv2d_forward(X, W, v, 2, 1)), b, db)):
        print(f"{name}: largest relative error {gradcheck.gradient_check(f, at, gradient).error:.0e}")

# %% [markdown]
# With the model solution, the largest error is $1 \cdot 10^{-7}$, so all three are right.
#
# ## Max pooling
#
# A convolutional network often shrinks its maps in between.
# **Max pooling** cuts a map into squares of 2 × 2, side by side, and keeps only the largest number of each: *somewhere in here, something was found*.
# That leaves a quarter of the numbers.
#
# $$ \begin{pmatrix} 1 & 3 & 0 & 2 & 9 \\ 4 & 2 & 1 & -5 & 9 \end{pmatrix} \;\longrightarrow\; (4,\ 2) $$
#
# The fifth column doesn't fill a square, so it is cut off.
# Channels stay apart.
#
# ## Exercise 6: pool

# %% exercise: maxpool_forward
def maxpool_forward(X, size=2):
    """The largest number of each square of size × size, the squares side by side.

    X: (n, c, h, w). Rows and columns at the bottom and the right that don't fill a square are
    left out.
    Returns a new float64 array (n, c, h // size, w // size).
    """
    ### BEGIN SOLUTION
    X = np.asarray(X, dtype=float)
    n, c, h, w = X.shape
    h2, w2 = h // size, w // size
    squares = X[:, :, :h2 * size, :w2 * size].reshape(n, c, h2, size, w2, size)
    return squares.max(axis=(3, 5))
    ### END SOLUTION

# %% tests: maxpool_forward, 2 points
import numpy as np


def _largest(X, size=2):
    X = np.asarray(X, dtype=float)
    n, c, h, w = X.shape
    return np.array([[[[max(X[m, k, i * size + u, j * size + v] for u in range(size) for v in range(size))
                        for j in range(w // size)] for i in range(h // size)] for k in range(c)] for m in range(n)])


with check("keeps the largest of each square, and cuts off what is left over"):
    X = np.array([[[[1.0, 3.0, 0.0, 2.0, 9.0], [4.0, 2.0, 1.0, -5.0, 9.0]]]])
    check.close(check.call(maxpool_forward, X), [[[[4.0, 2.0]]]])
    check.close(check.call(maxpool_forward, X.transpose(0, 1, 3, 2)), [[[[4.0], [2.0]]]])
with check("cuts the image into squares, and not into pieces of a row"):
    X = np.array([[[[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0], [8.0, 7.0, 6.0, 5.0], [4.0, 3.0, 2.0, 1.0]]]])
    check.close(check.call(maxpool_forward, X), [[[[6.0, 8.0], [8.0, 6.0]]]])
with check("keeps images and channels apart"):
    X = np.array([[[[1.0, 2.0]], [[8.0, 4.0]]], [[[5.0, 6.0]], [[7.0, 3.0]]]])
    check.close(check.call(maxpool_forward, np.repeat(X, 2, axis=2)), [[[[2.0]], [[8.0]]], [[[6.0]], [[7.0]]]])
with check("keeps the largest of four negative numbers, too"):
    check.close(check.call(maxpool_forward, np.array([[[[-4.0, -3.0], [-2.0, -7.0]]]])), [[[[-2.0]]]])
with check("takes squares of another size"):
    X = np.random.default_rng(1451).normal(size=(2, 2, 7, 6))
    check.close(check.call(maxpool_forward, X, 3), _largest(X, 3))
with check("returns a new array, for squares of 1 as well"):
    X = np.arange(4.0).reshape(1, 1, 2, 2)
    check.new(check.call(maxpool_forward, X, 1), X)
    check.close(check.call(maxpool_forward, X, 1), X)
### BEGIN HIDDEN TESTS
with check("agrees with a loop, whatever the sizes"):
    rng = np.random.default_rng(1452)
    for shape, size in (((2, 3, 5, 7), 2), ((3, 1, 8, 4), 4), ((4, 4, 4, 4), 2), ((1, 2, 9, 5), 3), ((2, 2, 2, 5), 2), ((3, 3, 3, 3), 3), ((2, 1, 3, 3), 2)):
        X = rng.normal(size=shape)
        check.close(check.call(maxpool_forward, X, size), _largest(X, size))
with check("returns float64, for lists and whole numbers too"):
    got = check.call(maxpool_forward, [[[[1, 2, 3], [4, 0, 1]]]])
    check.floats(got, (1, 1, 1, 1))
    check.close(got, [[[[4.0]]]])
    check.floats(check.call(maxpool_forward, np.ones((1, 2, 2, 4), dtype=int), 1), (1, 2, 2, 4))
with check("reads any memory order, and leaves its input as it was"):
    X = np.asfortranarray(np.random.default_rng(1453).normal(size=(4, 2, 8, 12)))[::2, :, ::-1, ::2]
    check.close(check.call(maxpool_forward, X), _largest(X))
    check.unchanged(maxpool_forward, X.copy())
    check.unchanged(maxpool_forward, X.copy(), 1)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# How many squares fit down and across?
# First cut off what is left over.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# A loop over the squares with `.max(axis=(2, 3))` of a slice works, for all images and channels at once.
# Without a loop: split the axis of height `h` into two, (which square, which row in it), and the width likewise, by a reshape to six axes.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Cut `X` to `h2 * size` rows and `w2 * size` columns, and reshape it to `(n, c, h2, size, w2, size)`.
# Axes 3 and 5 are the row and the column inside a square: take the maximum over both.
# </details>

# %% [markdown]
# ## Back through the pool
#
# Only the largest number of a square had any influence: a small nudge of the others changes nothing.
# So the whole gradient goes to *its* place, and all others get 0:
#
# $$ dY = (5,\ 7) \;\longrightarrow\; \begin{pmatrix} 0 & 0 & 0 & 7 & 0 \\ 5 & 0 & 0 & 0 & 0 \end{pmatrix} $$
#
# ## Exercise 7: back through the pool
#
# Look for the largest number of each square *inside that square*.
# The same number may occur in another square, where it isn't the largest.

# %% exercise: maxpool_backward
def maxpool_backward(dY, X, size=2):
    """The gradient of X, given the gradient of its max pooling.

    dY: (n, c, h // size, w // size). X: (n, c, h, w), as in the forward pass.
    Returns a new float64 array of X's shape. (Two equal largest numbers in one square are not tested.)
    """
    ### BEGIN SOLUTION
    dY, X = np.asarray(dY, dtype=float), np.asarray(X, dtype=float)
    n, c, h, w = X.shape
    h2, w2 = h // size, w // size
    squares = X[:, :, :h2 * size, :w2 * size].reshape(n, c, h2, size, w2, size)
    squares = squares.transpose(0, 1, 2, 4, 3, 5).reshape(n, c, h2, w2, size * size)
    parts = np.zeros(squares.shape)
    np.put_along_axis(parts, squares.argmax(axis=-1)[..., None], dY[..., None], axis=-1)
    parts = parts.reshape(n, c, h2, w2, size, size).transpose(0, 1, 2, 4, 3, 5)
    dX = np.zeros(X.shape)
    dX[:, :, :h2 * size, :w2 * size] = parts.reshape(n, c, h2 * size, w2 * size)
    return dX
    ### END SOLUTION

# %% tests: maxpool_backward, 4 points
import numpy as np


@check.once
def _to_the_largest(dY, X, size=2):
    dY, X = np.asarray(dY, dtype=float), np.asarray(X, dtype=float)
    dX = np.zeros(X.shape)
    for (m, k, i, j), g in np.ndenumerate(dY):
        places = [(i * size + u, j * size + v) for u in range(size) for v in range(size)]
        dX[(m, k, *max(places, key=lambda place: X[(m, k, *place)]))] += g
    return dX


def _case(seed, shape, size=2):
    rng, (n, c, h, w) = np.random.default_rng(seed), shape
    return rng.normal(size=(n, c, h // size, w // size)), rng.normal(size=shape), size


with check("sends each gradient to the largest number of its square, and nothing to the rest"):
    X = np.array([[[[1.0, 3.0, 0.0, 2.0, 9.0], [4.0, 2.0, 1.0, -5.0, 9.0]]]])
    check.close(check.call(maxpool_backward, np.array([[[[5.0, 7.0]]]]), X), [[[[0.0, 0.0, 0.0, 7.0, 0.0], [5.0, 0.0, 0.0, 0.0, 0.0]]]])
with check("looks for the largest number in each square by itself"):
    X = np.array([[[[5.0, 1.0, 2.0, 5.0], [2.0, 3.0, 8.0, 1.0]]]])
    check.close(check.call(maxpool_backward, np.array([[[[10.0, 20.0]]]]), X), [[[[10.0, 0.0, 0.0, 0.0], [0.0, 0.0, 20.0, 0.0]]]])
with check("works where all numbers are negative, in several images and channels"):
    dY, X, size = _case(1460, (2, 3, 4, 6))
    check.close(check.call(maxpool_backward, dY, X - 5), _to_the_largest(dY, X - 5))
with check("keeps the shape of X, where rows and columns are left over"):
    case = _case(1461, (2, 2, 5, 7))
    check.close(check.call(maxpool_backward, *case), _to_the_largest(*case))
with check("takes squares of another size"):
    case = _case(1462, (2, 2, 7, 6), 3)
    check.close(check.call(maxpool_backward, *case), _to_the_largest(*case))
### BEGIN HIDDEN TESTS
with check("agrees with a loop, whatever the sizes"):
    for seed, (shape, size) in enumerate((((2, 3, 5, 7), 2), ((3, 1, 8, 4), 4), ((4, 4, 4, 4), 2), ((1, 2, 9, 5), 3), ((2, 2, 2, 5), 2), ((3, 3, 3, 3), 3), ((2, 2, 3, 4), 1))):
        case = _case(1463 + seed, shape, size)
        check.close(check.call(maxpool_backward, *case), _to_the_largest(*case))
with check("finds the largest also where a number occurs in many squares"):
    rng = np.random.default_rng(1470)
    X = np.array([rng.permutation(4) for _ in range(24)]).reshape(2, 3, 2, 2, 2, 2).swapaxes(3, 4).reshape(2, 3, 4, 4)
    dY = rng.normal(size=(2, 3, 2, 2))
    check.close(check.call(maxpool_backward, dY, X), _to_the_largest(dY, X))
with check("returns new float64, for lists and whole numbers too"):
    got = check.call(maxpool_backward, [[[[5]]]], [[[[1, 2, 3], [4, 0, 1]]]])
    check.floats(got, (1, 1, 2, 3))
    check.close(got, [[[[0.0, 0.0, 0.0], [5.0, 0.0, 0.0]]]])
    dY, X = np.ones((1, 1, 2, 2)), np.arange(4.0).reshape(1, 1, 2, 2)
    check.new(check.call(maxpool_backward, dY, X, 1), dY, X)
with check("reads any memory order, and leaves its input as it was"):
    dY, X, size = _case(1471, (4, 2, 8, 6))
    case = np.asfortranarray(dY)[::2, :, ::-1], np.asfortranarray(X)[::2, :, ::-1]
    check.close(check.call(maxpool_backward, *case), _to_the_largest(*case))
    check.unchanged(maxpool_backward, dY.copy(), X.copy())
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Begin with zeros in the shape of `X`.
# For each number of `dY`, which slice of `X` is its square?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# In a loop over `np.ndindex(dY.shape)`: `square.argmax()` counts through the square row by row, and `divmod(place, size)` turns that into a row and a column.
# Without a loop: `a.repeat(size, axis=2).repeat(size, axis=3)` blows a pooled array up to the images' size. Blow up the maxima and compare.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# With the loop: cut out the square, find the row `u` and the column `v` of its largest number, and write the gradient to `dX[m, c, i * size + u, j * size + v]`.
# Without: cut `X` to whole squares; where it equals the blown-up maxima of its own squares, take the blown-up `dY`, elsewhere 0; put that into the upper left part of `dX`.
# </details>

# %% [markdown]
# ## What sharing saves
#
# A kernel's weights don't depend on where it is placed, so the number of parameters doesn't depend on the size of the image.
# Each kernel has weights for $c_\text{in}$ channels and one bias.
#
# **By hand:** 2 kernels of 3 × 3 on one channel make $2 \cdot (9 + 1) = 20$ parameters.
#
# ## Exercise 8: count them

# %% exercise: count_conv_params
def count_conv_params(c_in, c_out, kernel):
    """The number of parameters, weights and biases, of a convolution; an int.

    c_in: channels that come in. c_out: kernels. kernel: the side of each. All are ints.
    """
    ### BEGIN SOLUTION
    return c_out * (c_in * kernel ** 2 + 1)
    ### END SOLUTION

# %% tests: count_conv_params, 1 point
import numpy as np


def _count(c_in, c_out, kernel):
    return np.zeros((c_out, c_in, kernel, kernel)).size + np.zeros(c_out).size


with check("counts weights and biases, with one channel and with several"):
    check.equal(check.call(count_conv_params, 1, 2, 3), 20)
    check.equal(check.call(count_conv_params, 3, 4, 5), _count(3, 4, 5))
with check("is right for kernels of 1"):
    check.equal(check.call(count_conv_params, 5, 2, 1), _count(5, 2, 1))
### BEGIN HIDDEN TESTS
with check("is right for all kinds of layers"):
    for case in ((3, 16, 3), (16, 3, 2), (4, 4, 4), (1, 1, 1), (2, 7, 11), (64, 128, 3)):
        check.equal(check.call(count_conv_params, *case), _count(*case))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# How many weights does one kernel have on a color photograph?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `W` has shape (out, c, k, k), and `b` has shape (out,).
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# One kernel has a weight for each channel, row, and column, and a bias.
# Multiply that by the number of kernels.
# </details>

# %% [markdown]
# ## How far does a unit look?
#
# A number in the first map looks at 3 × 3 pixels.
# A number in the second map looks at 3 × 3 numbers of the first, whose windows overlap; together they cover 5 × 5 pixels.
# This is its **receptive field**: all the pixels that can influence it.
#
# Strides and pooling make it grow faster.
# After a layer of stride 2, *neighboring numbers are two pixels apart*, so each further step to the side counts double.
#
# | layers (kernel, stride) | field | pixels between neighbors |
# |---|---|---|
# | none | 1 | 1 |
# | (3, 1) | 3 | 1 |
# | (3, 1), then pooling (2, 2) | 4 | 2 |
# | (3, 1), (2, 2), (3, 1) | 8 | 2 |
#
# In the last row, the kernel of 3 reaches two steps beyond its first number, and each step is two pixels: $4 + 2 \cdot 2 = 8$.
#
# ## Exercise 9: the receptive field

# %% exercise: receptive_field
def receptive_field(layers):
    """The side, in pixels, of the square that one number after the last layer depends on.

    layers: a list of (kernel, stride), input first; pooling by s counts as (s, s). It may be empty:
    then the answer is 1.
    Returns an int.

    receptive_field([(3, 1), (2, 2), (3, 1)]) gives 8
    """
    ### BEGIN SOLUTION
    field, apart = 1, 1
    for kernel, stride in layers:
        field += (kernel - 1) * apart
        apart *= stride
    return field
    ### END SOLUTION

# %% tests: receptive_field, 3 points
def _traced(layers):
    """Follow the first and the last pixel of one number back through the layers."""
    first = last = 0
    for kernel, stride in reversed(list(layers)):
        first, last = first * stride, last * stride + kernel - 1
    return last - first + 1


with check("is 1 without layers, and the kernel's side for one layer, whatever its stride"):
    check.equal(check.call(receptive_field, []), 1)
    check.equal(check.call(receptive_field, [(5, 1)]), 5)
    check.equal(check.call(receptive_field, [(3, 2)]), 3)
with check("grows by two for each further kernel of 3"):
    check.equal(check.call(receptive_field, [(3, 1), (3, 1)]), 5)
    check.equal(check.call(receptive_field, [(3, 1)] * 4), 9)
with check("counts steps after a stride double, as in the table"):
    check.equal(check.call(receptive_field, [(3, 1), (2, 2)]), 4)
    check.equal(check.call(receptive_field, [(3, 1), (2, 2), (3, 1)]), 8)
with check("multiplies strides, and starts with the layer next to the input"):
    check.equal(check.call(receptive_field, [(3, 2), (3, 2), (3, 1)]), 15)
    check.equal(check.call(receptive_field, [(5, 1), (3, 2), (2, 1)]), _traced([(5, 1), (3, 2), (2, 1)]))
    check.equal(check.call(receptive_field, [(2, 3), (5, 1)]), _traced([(2, 3), (5, 1)]))
### BEGIN HIDDEN TESTS
import numpy as np

with check("agrees with following the pixels back, for random layers"):
    rng = np.random.default_rng(1480)
    for count in (1, 2, 3, 4, 6, 9):
        layers = [(int(rng.integers(1, 8)), int(rng.integers(1, 4))) for _ in range(count)]
        check.equal(check.call(receptive_field, layers), _traced(layers))
with check("leaves its input as it was"):
    check.unchanged(receptive_field, [(3, 2), (5, 1)])
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Work out [(3, 2), (3, 1)] on paper: draw seven pixels, then the places of the first layer's windows.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# Carry two numbers through the list, both 1 at the start: the field, and how many pixels neighbors are apart.
# In the table, each row follows from the row above and the layer.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# For each layer, the field grows by the kernel's steps beyond its first number, `kernel - 1`, times the distance between neighbors *before* this layer.
# Then the distance is multiplied by the stride.
# </details>

# %% [markdown]
# # Part three: what had it learned?
#
# ## A convolutional network
#
# Here is a small one for the digits, built from your functions:
# 8 kernels of 3 × 3 with padding 1, ReLU, max pooling to 4 × 4; then 16 kernels, ReLU, pooling to 2 × 2; then a linear layer on the $16 \cdot 2 \cdot 2 = 64$ numbers left.
# (Training uses `conv`, not your four loops. If your `col2im` or `maxpool_backward` loops over places, this cell may take half a minute, and the last training a minute.)
#
# **Predict:** the first network had 4,810 parameters. How many does this one have, and how many moved digits will it get right?

# %%
def cnn_scores(params, X, pools=(2, 2)):
    """Scores (n, 10), and what the backward pass needs."""
    W1, b1, W2, b2, W3, b3 = params
    Z1 = conv(X, W1, b1, padding=1)
    P1 = maxpool_forward(relu(Z1), pools[0])
    Z2 = conv(P1, W2, b2, padding=1)
    P2 = maxpool_forward(relu(Z2), pools[1])
    F = P2.reshape(len(X), -1)
    return F @ W3.T + b3, (Z1, P1, Z2, P2, F)


def cnn_gradients(params, X, y, pools=(2, 2)):
    W1, _, W2, _, W3, _ = params
    Z, (Z1, P1, Z2, P2, F) = cnn_scores(params, X, pools)
    dF, dW3, db3 = linear_backward(cross_entropy_grad(Z, y), F, W3)
    dZ2 = maxpool_backward(dF.reshape(P2.shape), relu(Z2), pools[1]) * relu_grad(Z2)
    dP1, dW2, db2 = conv2d_backward(dZ2, P1, W2, 1, 1)
    dZ1 = maxpool_backward(dP1, relu(Z1), pools[0]) * relu_grad(Z1)
    _, dW1, db1 = conv2d_backward(dZ1, X, W1, 1, 1)
    return [dW1, db1, dW2, db2, dW3, db3]


def new_cnn(kernel=3, maps=16, left=4):
    """Random weights (He's, lesson 6); left: the numbers that are left of each map in the end."""
    rng = np.random.default_rng(1)
    return [rng.normal(size=(8, 1, 3, 3)) * np.sqrt(2 / 9), np.zeros(8),
            rng.normal(size=(maps, 8, kernel, kernel)) * np.sqrt(2 / (8 * kernel ** 2)), np.zeros(maps),
            rng.normal(size=(10, maps * left)) / np.sqrt(maps * left), np.zeros(10)]


cnn = new_cnn()
with unfinished():
    with threadpool_limits(1):
        cnn = train(cnn, cnn_gradients, images, 15, 0.003)
    count = count_conv_params(1, 8, 3) + count_conv_params(8, 16, 3) + 10 * 64 + 10
    print(f"parameters: {count:,}, receptive field before the linear layer: "
          f"{receptive_field([(3, 1), (2, 2), (3, 1), (2, 2)])} pixels")
    print(f"as they are: {right(lambda X: cnn_scores(cnn, X)[0], images[new]):.3f}")
    print(f"moved:       {right(lambda X: cnn_scores(cnn, X)[0], new_moved):.3f}")

# %% [markdown]
# It has 1,898, fewer than half as many, and reads 98% of the digits as they are.
# Of the moved ones it gets 64%: better than 47%, but poor for a network that looks for the same thing everywhere.
#
# ## It moves along, but it doesn't stay the same
#
# What happens inside when an image moves? The next cell asks the trained network, with a digit that has room on all sides.
#
# **Predict:** move the image by one pixel. Is the first map the old one, moved by one? And the pooled map?

# %%
with unfinished():
    roomy = np.pad(images[new[:50]], ((0, 0), (0, 0), (4, 4), (4, 4)))

    def change(f, by, then):
        """The largest difference between f of the moved images and f of the images, moved."""
        before, after = f(roomy), f(np.roll(roomy, by, axis=3))
        return np.max(np.abs(after - np.roll(before, then, axis=3))[..., 2:-2]) / np.max(before)

    def first_map(X):
        return relu(conv(X, cnn[0], cnn[1], padding=1))

    def pooled(X):
        return maxpool_forward(first_map(X))

    print(f"map, image moved by 1: differs from the map moved by 1 by up to {change(first_map, 1, 1):.0%}")
    print(f"pooled map, image moved by 2: from the pooled map moved by 1    {change(pooled, 2, 1):.0%}")
    print(f"pooled map, image moved by 1: from the pooled map as it was     {change(pooled, 1, 0):.0%}")
    print(f"                              from the pooled map moved by 1    {change(pooled, 1, 1):.0%}")

# %% [markdown]
# The map moves along exactly, and so does the pooled map if the image moves by 2, the side of a square.
# But when the image moves by 1, the pooled map is neither the old one nor the old one moved: it differs from them by up to 70% and 74% of the largest number.
# A bright pixel may stay in its square, or cross into the next.
#
# A convolution is **equivariant**: move the image, and the map moves along, exactly.
# **Invariant** would mean that the result stays the same.
# Convolution isn't invariant, and it shouldn't be: the map says *where* something was found.
# The damage is done later.
# The last layer has a weight for each place of each map, so for it a corner on the upper left and the same corner further down are different things, just as pixels were for the first network.
#
# So how do you make a network that doesn't care?
#
# 1. **Show it moved digits in training.** This is called *data augmentation*, and works for any network.
# 2. **Build it in:** give the last layer no places to learn. Take the largest number of *each whole map*: "there is such a corner, somewhere". This is called **global max pooling**, and your `maxpool_forward` can do it, with the size of the map.
#
# For the second, we leave out the first pooling and use 32 kernels of 5 × 5 in the second layer, so that a number sees 7 × 7 pixels: almost a whole digit.
#
# **Predict:** which will do best on the moved digits? (The one with global pooling never sees a moved digit in training.)

# %%
def also_moved(batch, rng):
    """A batch in which each digit is moved or stays, with equal chances of all five."""
    return moved(batch, rng, np.vstack([MOVES, (0, 0)]))


def global_scores(params, X):
    return cnn_scores(params, X, (1, 6))


def global_gradients(params, X, y):
    return cnn_gradients(params, X, y, (1, 6))


global_cnn = new_cnn(5, 32, 1)
with plots.figure("Pairs of bars, for digits as they are and for moved ones, of five networks. As they are, all read "
                  "about 95 percent or more. On moved digits, the dense network falls to under half and the "
                  "convolutional one to about 60 percent; trained on moved digits both stay near 90 percent, and so does "
                  "the one with global pooling, which never saw a moved digit.", size=(9.0, 4.2)) as ax:
    with threadpool_limits(1):
        global_cnn = train(global_cnn, global_gradients, images, 8, 0.006)
        networks = {
            "dense": (mlp_scores, mlp), "convolutional": (cnn_scores, cnn),
            "dense,\nsaw moved ones": (mlp_scores, train(new_mlp(), mlp_gradients, images, 40, 0.003, also_moved)),
            "convolutional,\nsaw moved ones": (cnn_scores, train(new_cnn(), cnn_gradients, images, 15, 0.003, also_moved)),
            "convolutional,\nglobal pooling": (global_scores, global_cnn)}
    shares = np.array([[right(lambda X: scores(params, X)[0], X) for X in (images[new], new_moved)]
                       for scores, params in networks.values()])
    for k, (name, color) in enumerate((("as they are", plots.SERIES_COLORS[0]), ("moved by one pixel", plots.SERIES_COLORS[1]))):
        bars = ax.bar(np.arange(5) + 0.4 * k - 0.2, shares[:, k], 0.36, color=color, label=name)
        ax.bar_label(bars, [f"{share:.2f}" for share in shares[:, k]], padding=2)
    ax.set(ylim=(0, 1.12), ylabel="share of new digits right", title="Moved examples help, and so does forgetting the place")
    ax.set_xticks(np.arange(5), networks)
    ax.grid(axis="x", visible=False)
    for name, (plain, one_off) in zip(networks, shares):
        print(f"{name.replace(chr(10), ' '):32s} as they are {plain:.3f}, moved {one_off:.3f}")
    missed = global_scores(global_cnn, new_moved)[0].argmax(axis=1) != labels[new]
    vertical = np.random.default_rng(2).integers(4, size=len(new)) < 2  # as `moved` has drawn them
    print(f"the last one misses {missed.sum()} moved digits; {np.sum(missed & vertical)} of them were moved up or down")

# %% [markdown]
# Training on moved digits helps both: 91% for the dense network and 90% for the convolutional one.
# (We gave the dense one 40 epochs instead of 15, since it has to learn every place separately.)
# But the network with global pooling gets 92% of the moved digits *without ever having seen one*, and 98% as they are.
# Of the 33 that it misses, 23 were moved up or down: digits fill the picture from top to bottom, so a row of pixels is cut off.
#
# ## Nobody designed these
#
# The kernels for the palace were designed by hand.
# Those of the last network began as random numbers, and gradients made them into something.
# But what? A number in its second map sees 7 × 7 pixels, so you can ask each of the 32 kernels what it likes best: take the 15 new digits to which it responds most strongly, cut out the 7 × 7 pixels around the strongest place, and average them.

# %%
with unfinished():
    found = relu(global_scores(global_cnn, images[new])[1][2])  # (397, 32, 6, 6)
    padded = np.pad(images[new, 0], ((0, 0), (2, 2), (2, 2)))
    with plots.figure("Eight patches of 7 × 7 pixels, each the mean of the fifteen that excite one kernel most. They "
                      "show parts of digits: strokes at different angles, bends, and ends.",
                      columns=4, rows=2, size=(8.6, 4.8), photo=True) as panels:
        favorites = np.argsort(-found.max(axis=(2, 3)).std(axis=0))[:8]
        for unit, ax in zip(favorites, panels):
            best = np.argsort(-found[:, unit].max(axis=(1, 2)))[:15]
            places = [np.unravel_index(found[k, unit].argmax(), (6, 6)) for k in best]
            patch = np.mean([padded[k, i:i + 7, j:j + 7] for k, (i, j) in zip(best, places)], axis=0)
            plots.image(patch, title=f"kernel {unit}", ax=ax)
            print(f"kernel {unit:2d}: the fifteen are", *np.sort(labels[new][best]))

# %% [markdown]
# In our run, kernel 19 likes the hook at the bottom of a 5 or a 9, kernel 25 the foot of a 2, and kernel 21 the upper right corner of a 7.
# This is called **automatic feature learning**, and it is why convolutional networks replaced hand-made features.
#
# ## Check your understanding
#
# Each question has exactly one right answer.
# Return its letter.

# %% [markdown]
# **Question 1.** A dense network reads digits well, and fails when they move by one pixel. Why?
#
# - **a**  It has too few parameters to store all the places where a digit can be.
# - **b**  Its weights belong to single pixels; what one learns, its neighbors don't know.
# - **c**  Moved digits have another mean brightness, and the inputs weren't standardized.
# - **d**  It was trained for too long, and an earlier stop would have prevented this.

# %% exercise: quiz_dense
def quiz_dense():
    """The letter of your answer to question 1, for example return "a"."""
    ### BEGIN SOLUTION
    return "b"
    ### END SOLUTION

# %% tests: quiz_dense, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_dense())
### BEGIN HIDDEN TESTS
with check("why a dense network fails on moved digits"):
    check.letter(quiz_dense(), right="b", why={
        "a": "The convolutional network has fewer than half as many parameters and does better. How many there are "
             "is not the point, but what they are shared by.",
        "b": "It even learns shuffled pixels equally well: for a dense layer, no two pixels are neighbors.",
        "c": "Moving a digit changes its mean hardly at all. What changes is which pixels are dark.",
        "d": "It learned what the training digits showed, and no moved digit was among them. Stopping earlier adds none."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 2.** A layer has 16 kernels of 5 × 5 on a color image of 32 × 32. You use it on images of 64 × 64 instead. What happens to its 1,216 parameters?
#
# - **a**  There are four times as many, since there are four times as many places.
# - **b**  There are twice as many, since each side is twice as long.
# - **c**  There are a few more, because of the larger border.
# - **d**  Nothing: the same kernels are used at more places.

# %% exercise: quiz_params
def quiz_params():
    """The letter of your answer to question 2, for example return "a"."""
    ### BEGIN SOLUTION
    return "d"
    ### END SOLUTION

# %% tests: quiz_params, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_params())
### BEGIN HIDDEN TESTS
with check("what a larger image does to the number of parameters"):
    check.letter(quiz_params(), right="d", why={
        "a": "The *maps* have four times as many numbers, and the work grows by four. The weights are shared by all places.",
        "b": "No weight belongs to a row or a column of the image.",
        "c": "The border is padded with zeros, which are no parameters.",
        "d": "16 · (3 · 25 + 1) = 1,216, whatever the image. (A linear layer after it would have to change, though.)"})
### END HIDDEN TESTS

# %% [markdown]
# **Question 3.** You move an image by one pixel, and a convolution's map moves by one pixel as well. What is this called?
#
# - **a**  The convolution is equivariant.
# - **b**  The convolution is invariant.
# - **c**  The convolution is linear.
# - **d**  The convolution has a local receptive field.

# %% exercise: quiz_equivariant
def quiz_equivariant():
    """The letter of your answer to question 3, for example return "a"."""
    ### BEGIN SOLUTION
    return "a"
    ### END SOLUTION

# %% tests: quiz_equivariant, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_equivariant())
### BEGIN HIDDEN TESTS
with check("what it is called when the map moves along"):
    check.letter(quiz_equivariant(), right="a", why={
        "a": "The result changes in the same way as the input. It comes from using the same weights in every window.",
        "b": "Invariant would mean that the map stays where it was. Global pooling is (almost) invariant; a convolution isn't.",
        "c": "It is linear, but so is any dense layer, and that one doesn't move along.",
        "d": "It has one, but local windows with different weights in each place wouldn't move along."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 4.** Why is `im2col` with one product so much faster than four loops?
#
# - **a**  It needs far fewer multiplications.
# - **b**  It needs less memory, since windows overlap.
# - **c**  It does the same multiplications in one call of a compiled, optimized routine.
# - **d**  It rounds to fewer digits, as a GPU does.

# %% exercise: quiz_fast
def quiz_fast():
    """The letter of your answer to question 4, for example return "a"."""
    ### BEGIN SOLUTION
    return "c"
    ### END SOLUTION

# %% tests: quiz_fast, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_fast())
### BEGIN HIDDEN TESTS
with check("why one matrix product is fast"):
    check.letter(quiz_fast(), right="c", why={
        "a": "It is exactly the same number: each window times each kernel.",
        "b": "It needs more: each pixel is copied into up to k² rows.",
        "c": "Python's part, microseconds for each window, is gone, and the routine uses the processor's vector units and caches well. "
             "A GPU does the same with thousands of multipliers at a time.",
        "d": "Both are float64, and they agree to the last digits. (Networks *can* be run with fewer digits, but that is another step.)"})
### END HIDDEN TESTS

# %% [markdown]
# **Question 5.** A weight of a kernel was used at 900 places in each of 50 images. What is its gradient?
#
# - **a**  The mean over the 900 places, summed over the images.
# - **b**  The sum over all places and images, pixel times incoming gradient.
# - **c**  That of the place with the largest response, as in max pooling.
# - **d**  900 gradients, one for each place, each with its own update.

# %% exercise: quiz_shared
def quiz_shared():
    """The letter of your answer to question 5, for example return "a"."""
    ### BEGIN SOLUTION
    return "b"
    ### END SOLUTION

# %% tests: quiz_shared, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_shared())
### BEGIN HIDDEN TESTS
with check("what the gradient of a shared weight is"):
    check.letter(quiz_shared(), right="b", why={
        "a": "Nothing is averaged in the backward pass. The 1/n of the mean loss is already in what arrives.",
        "b": "A nudge of the weight acts at all places at the same time, and where paths meet, parts add up.",
        "c": "Max pooling chooses; a convolution uses all places, and each sends its part back.",
        "d": "There is only one weight, so there is one gradient. That is what sharing means."})
### END HIDDEN TESTS

# %% [markdown]
# ## Questions people ask you
#
# Answer each one out loud before you open it.
#
# <details><summary>Why do neural networks run on GPUs?</summary>
#
# Because nearly all of their work is matrix products, whose entries can be computed independently.
# A CPU has a few fast cores with vector units; a GPU has thousands of simpler multipliers and a memory that feeds them quickly.
# You saw the first step of this in the lesson: the same multiplications, handed over as one product instead of one by one.
# A GPU helps only where there is enough to do at once: large batches, large layers.
#
# **A good answer says:** nearly all the work is matrix products, whose entries are independent; many simple multipliers and fast memory; it pays only for large batches and layers.
# </details>
# <details><summary>What do optimized libraries do that your loops don't?</summary>
#
# NumPy passes a matrix product to a BLAS library such as OpenBLAS, which cuts the matrices into blocks that fit the caches and uses vector instructions.
# cuDNN, for GPUs, has several methods for convolution, among them im2col without actually writing down the windows, and picks one for the sizes at hand.
# Frameworks such as PyTorch add the tape of lesson 10 on top.
#
# **A good answer says:** blocks that fit the caches, and vector instructions; several methods for convolution, chosen by size, such as im2col.
# </details>
# <details><summary>What does "automatic feature learning" mean?</summary>
#
# For decades, people designed features by hand, such as edge detectors, and trained only a simple classifier on top.
# A convolutional network learns both together: gradients flow through the classifier into the kernels, so these become whatever lowers the loss.
# First layers tend to find edges and spots; later layers combine them into larger things.
# Someone still chooses the architecture, the data, and the loss.
#
# **A good answer says:** features used to be designed by hand; now kernels are learned together with the classifier, by gradients; people still choose architecture, data, and loss.
# </details>
# <details><summary>Is it convolution or cross-correlation?</summary>
#
# Mathematically, what our layers compute is a cross-correlation: the kernel isn't mirrored.
# For learned kernels it makes no difference, since training would simply learn the mirrored one.
# It matters when you use SciPy: `scipy.signal.correlate2d` does what we do, and `convolve2d` mirrors.
#
# **A good answer says:** it is cross-correlation: the kernel isn't mirrored; for learned kernels it makes no difference.
# </details>
# <details><summary>What is a convolution with a kernel of 1 good for?</summary>
#
# It looks at one pixel, but at all of its channels: a linear layer applied to each pixel separately.
# It is a cheap way to mix channels, or to change how many there are.
#
# **A good answer says:** a linear layer on the channels of each pixel; cheap mixing, or changing the number of channels.
# </details>
# <details><summary>Why several layers of 3 × 3 instead of one of 7 × 7?</summary>
#
# Three layers of 3 × 3 have a receptive field of 7 as well.
# With c channels in and out they need 27c² weights instead of 49c², and there are two more activations in between.
#
# **A good answer says:** the same receptive field; fewer weights: 27c² against 49c²; more activations in between.
# </details>
# <details><summary>Do you need pooling?</summary>
#
# Not necessarily.
# A stride of 2 shrinks maps as well, and many newer networks use that, with one global pooling (mostly of the mean) at the end.
#
# **A good answer says:** not necessarily; a stride of 2 does it as well; many networks keep one global pooling at the end.
# </details>
# <details><summary>Are convolutional networks out of date?</summary>
#
# No.
# Vision transformers, which use attention in place of convolution, do as well or better when there is very much data.
# With less data, locality and sharing built in are an advantage, and so are speed and size on small devices.
# The two are often combined.
#
# **A good answer says:** no, but with very much data, vision transformers do as well or better; with less data, built-in locality and sharing are an advantage.
# </details>

# %% [markdown]
# ## In an interview
#
# *Why convolutions? What do locality, weight sharing, and equivariance each buy you, and what do they not?*
#
# Answer in the cell below, in six to ten sentences.
# Compare with a dense layer, say what each of the three means and what it is good for, and say what a convolutional network still doesn't know about an object that moves.
# A teacher reads this answer; it is worth 4 points.
#
# <!-- A good answer says: what locality means, and what it is good for; the same for weight sharing, compared with a dense layer; the same for equivariance; what is still not known about an object that moves -->

# %% answer: interview_convolution, 4 points [markdown]
# A dense layer has a weight for each pair of a pixel and a unit. It doesn't know which pixels are neighbors (with all pixels shuffled it learns just as well), and what it learns about one place doesn't carry over to any other.
# A convolution looks at small windows only. This locality fits images, where what belongs together, such as an edge, is close together; it saves most of the weights, and deeper layers still see larger areas, because receptive fields grow from layer to layer.
# The same kernel is used in all windows. This weight sharing makes the number of parameters independent of the image's size, and every place of every image is a training example for the same few weights, so less data is needed.
# It also makes the layer equivariant: when the image moves, the feature map moves along, so a pattern that was learned in one place is found in all the others.
# Equivariant isn't invariant, though: the map changes, and a dense layer on top of it, with weights for each place, can fail on moved images. In our lesson, a convolutional network lost more than a third of the digits when they moved by one pixel.
# What helps is pooling, in particular global pooling, and moved examples in training. For rotation or size nothing is built in at all.
# And where neighbors mean nothing, as in a table with columns in any order, convolution is the wrong assumption.
#
# ### BEGIN MARK SCHEME
# One point for each, half points where it is incomplete:
#
# 1. **Locality:** a unit looks at a small window, since what is close together belongs together; fewer weights, or receptive fields that grow with depth.
# 2. **Sharing:** the same weights at every place, so the number of parameters doesn't depend on the size of the image, or every place helps to learn them (less data, less overfitting).
# 3. **Equivariance:** the map moves along with the image, so a pattern learned in one place is found everywhere. "It moves along" without what it is good for is half.
# 4. **Limits:** equivariant is not invariant; what comes after (a dense layer on the places) can still fail, and pooling or moved training examples help. Or that nothing is built in for rotation or size. One limit with a reason is enough.
#
# These cost the point in parentheses: a confusion of locality with sharing (1, 2); "convolutions are invariant to shifts" (3, and 4 as well unless it is put right); "fewer multiplications" as the only advantage (2).
# ### END MARK SCHEME

# %% [markdown]
# ## What to remember
#
# > - A dense layer doesn't know which pixels are neighbors. A convolution looks at small windows (locality) with the same weights in all of them (sharing).
# > - A map has $\lfloor (\text{size} + 2p - k)/s \rfloor + 1$ places along each axis. A layer has $\text{out} \cdot (c\,k^2 + 1)$ parameters, whatever the image's size.
# > - `im2col` turns a convolution into a matrix product: the same multiplications, in a fraction of the time, for more memory.
# > - The backward pass is a linear layer's, with `dY` in rows, then `col2im`, which adds up what overlaps. Max pooling sends its gradient to the largest.
# > - Convolutions are equivariant: the map moves along. They are not invariant; global pooling and moved examples get you closer.
#
# **Back:** [lesson 12, residual networks](../12_residual/12_residual.ipynb). **Next:** [lesson 14, recurrent networks](../14_recurrent/14_recurrent.ipynb): a convolution shares its weights between places, and a recurrent network between moments.
#
# <details><summary>Sources</summary>
#
# K. Fukushima, "Neocognitron" (1980). Y. LeCun and others, "Gradient-based learning applied to document recognition" (1998). K. Chellapilla, S. Puri, and P. Simard, "High performance convolutional neural networks for document processing" (2006), on im2col. A. Azulay and Y. Weiss, "Why do deep convolutional networks generalize so poorly to small image transformations?" (2019). The digits are E. Alpaydin and C. Kaynak's (1998), the photographs danielbuechele's and vultilion's (CC BY 2.0), all from scikit-learn.
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

HandIn("13_convolution")
