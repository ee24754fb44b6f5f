# %% [markdown]
# # 8 · Optimizers
#
# You are standing on the side of a long, narrow valley, in thick fog, and you want to get down to the lake at its far end.
# All you can feel is the slope under your feet.
# So you take a step in the steepest direction, feel the slope again, and take the next one.
# After fifty steps you have crossed the stream at the bottom fifty times, and the lake is hardly any closer.
#
# This is how gradient descent moves, and the losses of neural networks are full of such valleys.
# Why does the steepest way down so rarely point at the lake?
# What do momentum, RMSprop, and Adam do about it, and when do they not help?
#
# **You will build**, from nothing but NumPy:
# `stable_lr` → `momentum_step` → `rmsprop_step` → `adam_step` → `minibatches` → `adamw_step` → `warmup_cosine`
#
# **Time:** about 115 minutes. **You need:** the gradients and the training loop of [lesson 4](../04_backprop/04_backprop.ipynb).
#
# **How to work.** As before: predict, run, explain.
# Each exercise is tested on its own, so if one won't budge, skip it and come back.

# %% given: imports
import numpy as np

from utils import data, plots
from utils.checks import unfinished
from utils.widgets import Valley

# %% [markdown]
# These are the pieces you need from lessons 3 and 4.

# %% earlier: pieces
# from 03_forward_pass: mlp_forward, softmax, cross_entropy
# from 04_backprop: cross_entropy_grad, mlp_backward, sgd_step

# %%
# To use your own pieces instead, remove the # in front of the next lines.
# from utils import earlier
# mlp_forward, cross_entropy = earlier.mine("03_forward_pass", "mlp_forward", "cross_entropy")
# cross_entropy_grad, mlp_backward, sgd_step = earlier.mine(
#     "04_backprop", "cross_entropy_grad", "mlp_backward", "sgd_step")

# %% [markdown]
# ## Downhill is not toward the minimum
#
# Here is a valley with two parameters, $\theta = (\theta_1, \theta_2)$:
#
# $$ L(\theta) = \tfrac12\,(\theta_1^2 + 20\,\theta_2^2). $$
#
# Along $\theta_1$ it is almost flat, and along $\theta_2$ it is 20 times as steep.
#
# **By hand, once.** At $\theta = (10, 1)$ the gradient is $(10,\; 20 \cdot 1) = (10, 20)$.
# So the steepest way down is the direction $(-10, -20)$.
# But the minimum, at $(0, 0)$, lies in the direction $(-10, -1)$.
#
# **Predict:** how many degrees apart are the two directions?

# %%
steepest, home = np.array([-10.0, -20.0]), np.array([-10.0, -1.0])
cosine = steepest @ home / np.linalg.norm(steepest) / np.linalg.norm(home)
print(f"the steepest way down is {np.degrees(np.arccos(cosine)):.1f} degrees off")

# %% [markdown]
# Almost 58.
# The gradient knows the slope *right here*, but not where the valley leads.
# The narrower the valley, the further off it is.
#
# The next cell lets gradient descent walk from $(10, 1)$ with four learning rates.
#
# **Predict:** a learning rate of 0.09 makes good progress. What will change at 0.101?

# %%
def descend(step, H, start, lr, steps):
    """The points that an optimizer visits in the valley ½ θᵀHθ, and the start: (steps + 1, 2).

    step(params, grads, state, lr) returns the new params and the new state.
    """
    params, state, visited = [np.array(start, dtype=float)], None, [np.array(start, dtype=float)]
    for _ in range(steps):
        params, state = step(params, [H @ params[0]], state, lr)
        visited.append(params[0])
    return np.array(visited)


def gradient_descent(params, grads, state, lr):
    """sgd_step from lesson 4, in the form that all the optimizers of this lesson have."""
    return sgd_step(params, grads, lr), state


H = np.diag([1.0, 20.0])
with plots.figure("Left, the ellipses of a narrow valley and the path of gradient descent, which jumps "
                  "from one side to the other at each step. Right, the distance from the minimum: with "
                  "learning rates of 0.01, 0.05, and 0.09 it falls, and with 0.101 it grows.",
                  columns=2) as (valley, distance):
    paths = {lr: descend(gradient_descent, H, (10, 1), lr, 50) for lr in (0.01, 0.05, 0.09, 0.101)}
    x, y = np.meshgrid(np.linspace(-1, 11, 100), np.linspace(-1.5, 1.5, 100))
    valley.contour(x, y, x ** 2 / 2 + 10 * y ** 2, levels=[0.5, 2, 5, 10, 20, 35, 55], linewidths=0.8,
                   colors=plots.SERIES_COLORS[-1])
    valley.plot(*paths[0.09].T, "o-", markersize=3, linewidth=1.2, color=plots.SERIES_COLORS[0])
    crossed = int(np.sum(np.diff(np.sign(paths[0.09][:, 1])) != 0))
    valley.set(title=f"0.09: {crossed} crossings in 50 steps", xlabel="θ₁", ylabel="θ₂")
    far = {f"{lr:g}": np.linalg.norm(path, axis=1) for lr, path in paths.items()}
    plots.curves(np.arange(51), far, log=True, xlabel="step", ylabel="distance from the minimum",
                 title="Beyond a limit, it diverges", ax=distance)
    print({name: round(float(row[-1]), 3) for name, row in far.items()})

# %% [markdown]
# It diverges.
# At 0.09 the path crosses the valley in each of the 50 steps, but each jump is a little shorter than the last one, and the distance from the minimum falls from 10 to 0.09.
# At 0.101 each jump is a little *longer* than the last one: the distance falls at first, because the walk makes progress along the valley, but then it grows without end.
# (In the picture, $\theta_2$ is stretched; the real valley is even narrower.)
#
# ## A speed limit
#
# Look at one parameter by itself, with the loss $\tfrac12 h\theta^2$.
# Its gradient is $h\theta$, so one step gives
#
# $$ \theta \leftarrow \theta - \mathrm{lr} \cdot h\,\theta = (1 - \mathrm{lr} \cdot h)\,\theta. $$
#
# So each step multiplies $\theta$ by a factor.
# For the steep direction, with $h = 20$, and the flat one, with $h = 1$, it is:
#
# | lr | steep: $1 - 20\,\mathrm{lr}$ | flat: $1 - \mathrm{lr}$ |
# |---|---|---|
# | 0.01 | 0.8 | 0.99 |
# | 0.05 | 0 | 0.95 |
# | 0.09 | −0.8 | 0.91 |
# | 0.1 | −1 | 0.9 |
# | 0.101 | −1.02 | 0.899 |
#
# A factor between −1 and 1 shrinks $\theta$, and a factor below −1 makes it grow.
# So the walk is stable if $\mathrm{lr} < 2/h$.
# **The steepest direction sets the speed limit, and the flattest direction suffers from it.**
# The number $h$ is the *curvature* of a direction, and the ratio of the largest to the smallest, here 20, is the **condition number** $\kappa$ of the valley.
#
# Most valleys don't run along an axis.
# In general, the loss is $\tfrac12\,\theta^\top H\,\theta$ with a symmetric matrix $H$ of second derivatives, the *Hessian* (above: 1 and 20 on its diagonal), and the gradient is $H\theta$.
# A symmetric matrix has perpendicular directions, its *eigenvectors*, in which it only stretches, and the *eigenvalues* $\lambda$ say by how much.
# Along an eigenvector the valley is just $\tfrac12\lambda\theta^2$, so you already know the limit:
#
# $$ \mathrm{lr} < \frac{2}{\lambda_\text{max}}. $$
#
# **By hand:** $\begin{pmatrix} 2 & 1 \\ 1 & 2 \end{pmatrix}$ sends $(1, 1)$ to $(3, 3)$ and $(1, -1)$ to $(1, -1)$.
# Its eigenvalues are 3 and 1, and the limit is $2/3$, although the largest *entry* is 2.
#
# ## Exercise 1: the speed limit

# %% exercise: stable_lr
def stable_lr(H):
    """The learning rate below which gradient descent on ½ θᵀHθ is stable.

    H: (d, d) a symmetric matrix with positive eigenvalues.
    Returns a float: 2 over the largest eigenvalue of H.

    stable_lr([[2.0, 1.0], [1.0, 2.0]]) gives 0.6666666666666666 (up to rounding)
    """
    ### BEGIN SOLUTION
    return float(2.0 / np.max(np.linalg.eigvalsh(np.asarray(H, dtype=float))))
    ### END SOLUTION

# %% tests: stable_lr, 3 points
import numpy as np


def _hessian(rng, eigenvalues):
    """A symmetric matrix that has these eigenvalues, in directions of no special kind."""
    Q, _ = np.linalg.qr(rng.normal(size=(len(eigenvalues), len(eigenvalues))))
    H = Q @ np.diag(eigenvalues) @ Q.T
    return (H + H.T) / 2


with check("is 0.1 for the valley with the curvatures 1 and 20"):
    check.close(check.call(stable_lr, np.diag([1.0, 20.0])), 0.1)
with check("looks at eigenvalues, not at entries: 2/3 for the matrix that you did by hand"):
    check.close(check.call(stable_lr, np.array([[2.0, 1.0], [1.0, 2.0]])), 2 / 3)
with check("is 1/3 for [[5, -2], [-2, 2]], whose eigenvalues are 6 and 1"):
    check.close(check.call(stable_lr, np.array([[5.0, -2.0], [-2.0, 2.0]])), 1 / 3)
with check("takes lists of whole numbers"):
    check.close(check.call(stable_lr, [[2, 1], [1, 2]]), 2 / 3)
with check("is a float, and half as large for a valley twice as steep"):
    H = np.array([[5.0, -2.0, 0.5], [-2.0, 4.0, 1.0], [0.5, 1.0, 3.0]])
    got = check.call(stable_lr, H)
    check.floats(got, ())
    check.close(check.call(stable_lr, 2 * H), float(np.asarray(got)) / 2)
### BEGIN HIDDEN TESTS
with check("finds the largest eigenvalue whatever the directions are", weight=2):
    rng = np.random.default_rng(81)
    for eigenvalues in ([1.0, 7.0], [0.2, 3.0, 2.5], [9.0, 1.0, 4.0, 0.5, 8.9], [1e-3, 1e3]):
        check.close(check.call(stable_lr, _hessian(rng, eigenvalues)), 2 / max(eigenvalues))
with check("is right for the Hessian of a least-squares loss"):
    rng = np.random.default_rng(82)
    X = rng.normal(size=(9, 4)) * [1.0, 3.0, 0.5, 1.0]
    check.close(check.call(stable_lr, X.T @ X / 9), 2 * 9 / np.linalg.norm(X, 2) ** 2)
with check("gradient descent shrinks just below it and grows just above it"):
    rng = np.random.default_rng(83)
    H = _hessian(rng, [0.5, 2.0, 6.0])
    limit = float(np.asarray(check.call(stable_lr, H)))
    for factor, shrinks in ((0.99, True), (1.01, False)):
        theta = rng.normal(size=3)
        before = np.linalg.norm(theta)
        for _ in range(3000):
            theta = theta - factor * limit * (H @ theta)
        check.true((np.linalg.norm(theta) < before) == shrinks, f"at {factor} times your limit, "
                   f"gradient descent should {'shrink' if shrinks else 'grow'}.")
with check("works for one parameter, and for a round bowl"):
    check.close(check.call(stable_lr, np.array([[0.25]])), 8.0)
    check.close(check.call(stable_lr, 4 * np.eye(5)), 0.5)
with check("works when all the entries beside the diagonal are negative"):
    check.close(check.call(stable_lr, np.array([[3.0, -1.0], [-1.0, 3.0]])), 0.5)
with check("works in any memory order, and leaves H as it was"):
    H = np.kron(_hessian(np.random.default_rng(84), [1.0, 4.0, 2.0]), np.ones((2, 2)))[::2, ::2]
    check.close(check.call(stable_lr, H), 0.5)
    check.unchanged(stable_lr, H)
    check.unchanged(stable_lr, H.copy(order="F"))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# You need all the eigenvalues of `H`, and then the largest of them.
# NumPy's linear algebra lives in `np.linalg`.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `np.linalg.eigvalsh` returns the eigenvalues of a symmetric matrix, smallest first.
# (The plain `np.linalg.eig` works too, but it returns the eigenvectors as well, and its order is arbitrary.)
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Turn `H` into a float array, pass it to `np.linalg.eigvalsh`, and take the largest entry of the result.
# Return 2 divided by it, as a `float`.
# </details>

# %% [markdown]
# Try it on a valley that runs diagonally.

# %%
def turned(kappa, degrees):
    """A valley with eigenvalues 1 and kappa, its flat direction turned away from the first axis."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    Q = np.array([[c, -s], [s, c]])
    return Q @ np.diag([1.0, kappa]) @ Q.T


with unfinished():
    H = turned(20, 45)
    print("H =", H.round(2).tolist(), " limit", round(stable_lr(H), 4))
    for share in (0.5, 0.99, 1.01):
        end = descend(gradient_descent, H, (10, 1), share * stable_lr(H), 300)[-1]
        print(f"lr = {share:.2f} of the limit: after 300 steps, the distance is {np.linalg.norm(end):.2g}")

# %% [markdown]
# The limit is 0.1 again: turning a valley doesn't change its curvatures.
#
# A network's loss isn't a parabola, but near any point it resembles one.
# When training blows up at a large learning rate, this is usually why.

# %% [markdown]
# ## Momentum: a heavy ball
#
# In the zigzag, the steps *across* the valley point left, right, left, right, while the steps *along* it all agree.
# If you average over the last few gradients, the zigzag cancels and the rest adds up.
# A heavy ball rolling downhill does just that.
# It has a **velocity** $v$, one number for each parameter, which starts at 0:
#
# $$ v \leftarrow \beta v + g, \qquad \theta \leftarrow \theta - \mathrm{lr} \cdot v. $$
#
# Here $g$ is the gradient, and $\beta$, usually 0.9, says how much of the old velocity is kept.
#
# **By hand:** take $\theta = 1$, $\mathrm{lr} = 0.1$, $\beta = 0.9$, and the gradient 2 twice.
#
# | step | $g$ | $v$ | $\theta$ |
# |---|---|---|---|
# | 1 | 2 | $0.9 \cdot 0 + 2 = 2$ | $1 - 0.1 \cdot 2 = 0.8$ |
# | 2 | 2 | $0.9 \cdot 2 + 2 = 3.8$ | $0.8 - 0.1 \cdot 3.8 = 0.42$ |
#
# **State.** The velocity must survive from one step to the next, but your function shouldn't keep it in a global variable: two networks would share it.
# So the function takes a `state` and returns a new one.
# In the first step the state is `None`. After that, the caller hands back whatever you returned, without looking inside.
# What you put in is up to you, as long as it is plain data: numbers, arrays, lists, tuples, or dicts.
#
# Beware of three mistakes here.
# The velocity has one entry for each entry of each parameter, so don't mix parameters.
# The learning rate doesn't go *into* $v$: if it changes later, the old velocity must not remember the old rate.
# And don't change the caller's arrays or the old state; make new ones.
#
# ## Exercise 2: momentum

# %% exercise: momentum_step
def momentum_step(params, grads, state, lr, beta=0.9):
    """One step of gradient descent with momentum, for a list of parameters.

    params: a list of arrays (or of lists of numbers) of any shapes.  grads: their gradients.
    state: None in the first step, later what the previous step returned as state.
    lr: the learning rate of this step.  beta: how much of the velocity is kept.
    Returns (params, state): a new list of new float64 arrays, and the new state.

    The velocity v starts at 0. Each step sets v to beta v + g, then theta to theta - lr v.
    (B. Polyak, 1964, in the form that PyTorch uses.)
    """
    ### BEGIN SOLUTION
    old = [0.0] * len(params) if state is None else state
    velocities = [beta * v + np.asarray(g, dtype=float) for v, g in zip(old, grads)]
    return [np.asarray(p, dtype=float) - lr * v for p, v in zip(params, velocities)], velocities
    ### END SOLUTION

# %% tests: momentum_step, 4 points
import numpy as np


def _step(params, grads, state, *rest):
    """The answer's new parameters, once it is sure that there is one for each, and its state."""
    new, state = check.parts(check.call(momentum_step, params, grads, state, *rest), "params", "state")
    listed = isinstance(new, (list, tuple)) or (isinstance(new, np.ndarray) and new.ndim > 0)
    check.true(listed and len(new) == len(params),
               f"expected a list of {len(params)} new parameters, one for each old one.")
    return new, state


def _agree(new, expected, step=0):
    after = f" after step {step} of a run from the state None" if step else ""
    for k, (part, value) in enumerate(zip(new, expected)):
        check.close((part,), (np.asarray(value, dtype=float),), names=(f"parameter {k}{after}",))


with check("takes the two steps that you did by hand, to 0.8 and to 0.42"):
    params, state = _step([np.array([1.0])], [np.array([2.0])], None, 0.1)
    _agree(params, [[0.8]])
    params, state = _step([np.array([0.8])], [np.array([2.0])], state, 0.1)
    _agree(params, [[0.42]])
with check("uses each step's own learning rate, which is no part of the velocity"):
    _, state = _step([np.array([1.0])], [np.array([2.0])], None, 0.1)
    params, _ = _step([np.array([0.8])], [np.array([-1.0])], state, 0.5)
    _agree(params, [[0.8 - 0.5 * (0.9 * 2.0 - 1.0)]])
with check("has a velocity for each entry of each parameter"):
    start = [np.zeros((2, 3)), np.array([1.0, 2.0]), np.array(5.0)]
    first = [np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), np.array([-1.0, 0.5]), np.array(10.0)]
    params, state = _step(start, first, None, 0.1)
    _agree(params, [p - 0.1 * g for p, g in zip(start, first)])
    second = [np.ones((2, 3)), np.array([2.0, 0.0]), np.array(-4.0)]
    params, _ = _step(params, second, state, 0.1)
    _agree(params, [p - 0.1 * (1.9 * g + h) for p, g, h in zip(start, first, second)])
with check("keeps as much of the velocity as beta says"):
    _, state = _step([np.array([1.0, 0.0])], [np.array([2.0, 1.0])], None, 0.1, 0.5)
    params, _ = _step([np.array([1.0, 0.0])], [np.array([3.0, 0.0])], state, 0.1, 0.5)
    _agree(params, [[1.0 - 0.1 * (0.5 * 2 + 3), -0.1 * 0.5]])
with check("takes lists of whole numbers, and returns float64"):
    params, state = _step([[1, 2], [[3], [4]]], [[1, 0], [[2], [-2]]], None, 1)
    for part, shape in zip(params, ((2,), (2, 1))):
        check.floats(part, shape)
    params, _ = _step(params, [[1, 1], [[0], [2]]], state, 1)
    _agree(params, [[-1.9, 1.0], [[-0.8], [5.8]]])
with check("leaves its arguments and the old state as they were, and keeps two runs apart"):
    params, grads = [np.array([1.0, 2.0])], [np.array([3.0, 4.0])]
    check.unchanged(momentum_step, params, grads, None, 0.1)
    new, state = _step(params, grads, None, 0.1)
    check.unchanged(momentum_step, params, grads, state, 0.1)
    _step([np.array([0.0, 9.0])], [np.array([-8.0, 0.5])], None, 0.1)  # another run begins
    later, _ = _step(new, grads, state, 0.1)
    _agree(later, [[1.0 - 0.1 * 2.9 * 3, 2.0 - 0.1 * 2.9 * 4]])
### BEGIN HIDDEN TESTS
SHAPES = ((3, 5), (3,), (4, 3), (), (1, 4), (2, 2, 2))


def _draw(seed, steps, shapes=SHAPES):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in shapes], [
        [rng.normal(size=shape) for shape in shapes] for _ in range(steps)]


def _sums(start, gradients, lrs, beta):
    """The same without any velocity: gradient k counts beta ** (t - k) times in step t."""
    return [start[i] - sum(lrs[t] * sum(beta ** (t - k) * gradients[k][i] for k in range(t + 1))
                           for t in range(len(lrs))) for i in range(len(start))]


def _walk(start, gradients, lrs, *rest):
    params, state = start, None
    for t, (grads, lr) in enumerate(zip(gradients, lrs), start=1):
        params, state = _step(params, grads, state, lr, *rest)
        _agree(params, _sums(start, gradients[:t], lrs[:t], *(rest or (0.9,))), t)


with check("agrees with sums of all the gradients over many steps", weight=2):
    for seed, beta in ((85, 0.9), (86, 0.5), (87, 0.99)):
        start, gradients = _draw(seed, 7)
        _walk(start, gradients, [0.1] * 7, beta)
with check("uses 0.9 when no beta is given"):
    _walk(*_draw(88, 4), [0.3] * 4)
with check("follows a learning rate that changes from step to step"):
    _walk(*_draw(89, 6), [0.1, 0.2, 0.0, 0.05, 1.0, 0.3], 0.8)
with check("is gradient descent for beta = 0"):
    _walk(*_draw(90, 3), [0.1] * 3, 0.0)
with check("keeps two runs apart, whichever takes the next step"):
    runs = [_draw(91, 4, ((2, 3), (3,))), _draw(92, 4, ((2, 3), (3,)))]
    params, states = [start for start, _ in runs], [None, None]
    for t in range(4):
        for k, (start, gradients) in enumerate(runs):
            params[k], states[k] = _step(params[k], gradients[t], states[k], 0.2)
            _agree(params[k], _sums(start, gradients[:t + 1], [0.2] * (t + 1), 0.9), t + 1)
with check("gives the same step twice from the same state"):
    start, gradients = _draw(93, 3)
    params, state = _step(start, gradients[0], None, 0.1)
    for grads in gradients[1:]:
        new, _ = _step(params, grads, state, 0.1)
        _agree(new, _sums(start, [gradients[0], grads], [0.1, 0.1], 0.9))
with check("keeps the shapes, and returns float64"):
    start, gradients = _draw(94, 1)
    for part, value in zip(_step(start, gradients[0], None, 0.1)[0], start):
        check.floats(part, value.shape)
with check("stays where it is while the gradients are exactly 0, and sees tiny ones"):
    start, gradients = _draw(95, 3)
    _walk(start, [[0.0 * g for g in grads] for grads in gradients], [0.1] * 3)
    params, state = [np.array([0.0, 0.0])], None
    for _ in range(3):
        params, state = _step(params, [np.array([1e-8, -2e-8])], state, 1e6)
    _agree(params, [[-0.01 * 5.61, 0.02 * 5.61]])
with check("works on tuples and in any memory order"):
    start, gradients = _draw(96, 2, ((6, 8), (4,)))
    gradients = [tuple(np.asfortranarray(g)[::2] for g in grads) for grads in gradients]
    _walk(tuple(p[::2] for p in start), gradients, [0.1, 0.1])
with check("returns new arrays, also for a rate of 0 and a state that is there"):
    start, gradients = _draw(97, 2, ((2, 3), (4,)))
    new, state = _step(start, gradients[0], None, 0.0)
    check.new(list(new), *start, *gradients[0])
    new, _ = _step(start, gradients[1], state, 0.0)
    check.new(list(new), *start, *gradients[1])
with check("leaves its input as it was over a whole run"):
    start, gradients = _draw(98, 3)
    params, state = start, None
    for grads in gradients:
        check.unchanged(momentum_step, params, grads, state, 0.1)
        params, state = _step(params, grads, state, 0.1)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Decide what your state is: a list with one velocity for each parameter is all you need.
# What should the velocities be in the first step, when `state` is `None`?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `zip(velocities, grads)` goes through two lists side by side, so one line with a list comprehension makes all the new velocities, and another one makes all the new parameters.
# Parameters have different shapes, so they don't fit into a single array.
# Avoid `+=`: on an array, it changes the caller's data.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# If `state` is `None`, begin with a list of zeros, one for each parameter.
# Build the list of new velocities from the first formula and the list of new parameters from the second, with each gradient and parameter as a float array.
# Return the two lists as a pair.
# </details>

# %% [markdown]
# **Predict:** the gradient is 1 in every step. How large will the velocity become?

# %%
with unfinished():
    position, state, before = [np.array([0.0])], None, 0.0
    for step in range(1, 51):
        position, state = momentum_step(position, [np.array([1.0])], state, 1.0)
        if step in (1, 2, 5, 10, 20, 50):
            print(f"step {step:2d}: the velocity is {before - position[0][0]:.2f}")
        before = position[0][0]

# %% [markdown]
# Almost 10: it approaches $1 + 0.9 + 0.9^2 + \dots = 1/(1 - \beta)$.
# So where the gradients agree, momentum makes each step ten times as long.
# If you switch from plain gradient descent to momentum, try a tenth of the learning rate first.
#
# <details><summary>Other texts have another formula</summary>
#
# Some write $v \leftarrow \beta v + (1 - \beta) g$.
# That is the same walk with another learning rate; here, as in PyTorch, there is no $1 - \beta$.
# </details>

# %% [markdown]
# ## RMSprop: a scale for each parameter
#
# In the valley, one learning rate has to serve both a steep and a flat direction.
# So measure how large each parameter's gradients usually are, and divide by that.
#
# RMSprop keeps a running mean $s$ of the squared gradients, again one number for each entry of each parameter, starting at 0:
#
# $$ s \leftarrow \rho s + (1 - \rho)\, g^2, \qquad \theta \leftarrow \theta - \mathrm{lr} \cdot \frac{g}{\sqrt{s} + \varepsilon}. $$
#
# The square and the root are taken entry by entry (RMS stands for *root mean square*).
# The tiny $\varepsilon$ prevents a division by zero; it is added *after* the root, and the $s$ in the second formula is already the new one.
#
# **By hand**, with $\rho = 0.75$, $\mathrm{lr} = 0.1$, and $\theta = 1$ (and without the tiny $\varepsilon$):
#
# | step | $g$ | $s$ | $\theta$ |
# |---|---|---|---|
# | 1 | 4 | $0.75 \cdot 0 + 0.25 \cdot 16 = 4$ | $1 - 0.1 \cdot 4/2 = 0.8$ |
# | 2 | 2 | $0.75 \cdot 4 + 0.25 \cdot 4 = 4$ | $0.8 - 0.1 \cdot 2/2 = 0.7$ |
#
# ## Exercise 3: RMSprop

# %% exercise: rmsprop_step
def rmsprop_step(params, grads, state, lr, rho=0.99, eps=1e-8):
    """One step of RMSprop, for a list of parameters.

    params: a list of arrays (or of lists of numbers) of any shapes.  grads: their gradients.
    state: None in the first step, later what the previous step returned as state.
    lr: the learning rate.  rho: how much of the mean square is kept.  eps: a small number.
    Returns (params, state): a new list of new float64 arrays, and the new state.

    The mean square s starts at 0. Each step sets s to rho s + (1 - rho) g², then theta to
    theta - lr g / (sqrt(s) + eps). (T. Tieleman and G. Hinton, 2012.)
    """
    ### BEGIN SOLUTION
    grads = [np.asarray(g, dtype=float) for g in grads]
    old = [0.0] * len(grads) if state is None else state
    squares = [rho * s + (1 - rho) * g ** 2 for s, g in zip(old, grads)]
    return [np.asarray(p, dtype=float) - lr * g / (np.sqrt(s) + eps)
            for p, g, s in zip(params, grads, squares)], squares
    ### END SOLUTION

# %% tests: rmsprop_step, 4 points
import numpy as np


def _step(params, grads, state, *rest):
    """The answer's new parameters, once it is sure that there is one for each, and its state."""
    new, state = check.parts(check.call(rmsprop_step, params, grads, state, *rest), "params", "state")
    listed = isinstance(new, (list, tuple)) or (isinstance(new, np.ndarray) and new.ndim > 0)
    check.true(listed and len(new) == len(params),
               f"expected a list of {len(params)} new parameters, one for each old one.")
    return new, state


def _agree(new, expected, step=0):
    after = f" after step {step} of a run from the state None" if step else ""
    for k, (part, value) in enumerate(zip(new, expected)):
        check.close((part,), (np.asarray(value, dtype=float),), names=(f"parameter {k}{after}",))


with check("takes the two steps that you did by hand, to 0.8 and to 0.7"):
    params, state = _step([np.array([1.0])], [np.array([4.0])], None, 0.1, 0.75)
    _agree(params, [[0.8]])
    params, _ = _step([np.array([0.8])], [np.array([2.0])], state, 0.1, 0.75)
    _agree(params, [[0.7]])
with check("adds eps after the root: a gradient of 1e-8 hardly moves anything when eps is 0.001"):
    params, _ = _step([np.array([1.0, 1.0])], [np.array([1e-8, 1.0])], None, 1000.0, 0.75, 1e-3)
    _agree(params, [[1.0 - 1000 * 1e-8 / (0.5e-8 + 1e-3), 1.0 - 1000 / (0.5 + 1e-3)]])
with check("has a scale for each entry of each parameter, and stays put for a gradient of 0"):
    start = [np.zeros((2, 2)), np.array([1.0, 2.0]), np.array(5.0)]
    grads = [np.array([[100.0, 0.0], [-0.01, 3.0]]), np.array([-7.0, 0.0]), np.array(0.5)]
    params, state = _step(start, grads, None, 0.01, 0.96)
    moved = [p - 0.01 * g / (0.2 * np.abs(g) + 1e-8) for p, g in zip(start, grads)]
    _agree(params, moved)
    params, _ = _step(params, [np.zeros((2, 2)), np.array([7.0, 0.0]), np.array(0.0)], state, 0.01, 0.96)
    _agree(params, [moved[0], moved[1] - [0.07 / (np.sqrt(0.0784 * 49) + 1e-8), 0.0], moved[2]])
with check("takes lists of whole numbers, and returns float64"):
    params, _ = _step([[1, 2], [[3], [4]]], [[1, 0], [[2], [-2]]], None, 1, 0.75)
    for part, shape in zip(params, ((2,), (2, 1))):
        check.floats(part, shape)
    _agree(params, [[-1.0, 2.0], [[1.0], [6.0]]])
with check("leaves its arguments and the old state as they were, and keeps two runs apart"):
    params, grads = [np.array([1.0, 2.0])], [np.array([3.0, 4.0])]
    check.unchanged(rmsprop_step, params, grads, None, 0.1)
    new, state = _step(params, grads, None, 0.1)
    check.unchanged(rmsprop_step, params, grads, state, 0.1)
    _step([np.array([0.0, 9.0])], [np.array([-8.0, 0.5])], None, 0.1)  # another run begins
    later, _ = _step(new, grads, state, 0.1)
    _agree(later, [params[0] - sum(0.1 * grads[0] / (root * grads[0] + 1e-8)
                                   for root in (0.1, np.sqrt(1 - 0.99 ** 2)))])
### BEGIN HIDDEN TESTS
SHAPES = ((3, 5), (3,), (4, 3), (), (1, 4), (2, 2, 2))


def _draw(seed, steps, shapes=SHAPES):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in shapes], [
        [rng.normal(size=shape) for shape in shapes] for _ in range(steps)]


@check.once
def _one_by_one(start, gradients, lrs, rho, eps):
    """The same for each number by itself, with the mean square as a weighted sum."""
    ends = []
    for i, value in enumerate(start):
        end = np.array(value, dtype=float)
        for index in np.ndindex(end.shape):
            for t, lr in enumerate(lrs):
                series = [float(np.asarray(grads[i])[index]) for grads in gradients[:t + 1]]
                mean = sum((1 - rho) * rho ** (t - k) * g * g for k, g in enumerate(series))
                end[index] -= lr * series[-1] / (mean ** 0.5 + eps)
        ends.append(end)
    return ends


def _walk(start, gradients, lrs, *rest):
    params, state = start, None
    for t, (grads, lr) in enumerate(zip(gradients, lrs), start=1):
        params, state = _step(params, grads, state, lr, *rest)
        rho, eps = (*rest, *(0.99, 1e-8)[len(rest):])
        _agree(params, _one_by_one(start, gradients[:t], lrs[:t], rho, eps), t)


with check("agrees with a loop over single numbers and all their gradients", weight=2):
    for seed, rho in ((101, 0.99), (102, 0.9), (103, 0.5)):
        _walk(*_draw(seed, 5), [0.01] * 5, rho)
with check("uses 0.99 and 1e-8 when no rho and no eps are given"):
    _walk(*_draw(104, 4), [0.03] * 4)
    _walk([np.ones(3)], [[np.array([1e-8, -3e-8, 1e-7])]] * 2, [0.1] * 2)
with check("follows a learning rate that changes from step to step"):
    _walk(*_draw(105, 5), [0.1, 0.02, 0.0, 0.5, 0.01], 0.8)
with check("is right for tiny gradients and for a large eps"):
    start, gradients = _draw(106, 4)
    for size, eps in ((1e-8, 1e-8), (1e-8, 1e-3), (1e-3, 1e-3), (1.0, 1e-3)):
        _walk(start, [[size * g for g in grads] for grads in gradients], [10.0] * 4, 0.9, eps)
with check("stays where it is while the gradients are exactly 0"):
    start, gradients = _draw(107, 3)
    _walk(start, [[0.0 * g for g in grads] for grads in gradients], [0.1] * 3)
with check("keeps two runs apart, whichever takes the next step"):
    runs = [_draw(108, 3, ((2, 3), (3,))), _draw(109, 3, ((2, 3), (3,)))]
    params, states = [start for start, _ in runs], [None, None]
    for t in range(3):
        for k, (start, gradients) in enumerate(runs):
            params[k], states[k] = _step(params[k], gradients[t], states[k], 0.2)
            _agree(params[k], _one_by_one(start, gradients[:t + 1], [0.2] * (t + 1), 0.99, 1e-8), t + 1)
with check("gives the same step twice from the same state"):
    start, gradients = _draw(110, 3)
    params, state = _step(start, gradients[0], None, 0.1)
    for grads in gradients[1:]:
        new, _ = _step(params, grads, state, 0.1)
        _agree(new, _one_by_one(start, [gradients[0], grads], [0.1, 0.1], 0.99, 1e-8))
with check("keeps the shapes, and returns float64"):
    start, gradients = _draw(111, 1)
    for part, value in zip(_step(start, gradients[0], None, 0.1)[0], start):
        check.floats(part, value.shape)
with check("works on tuples and in any memory order"):
    start, gradients = _draw(112, 2, ((6, 8), (4,)))
    gradients = [tuple(np.asfortranarray(g)[::2] for g in grads) for grads in gradients]
    _walk(tuple(p[::2] for p in start), gradients, [0.1, 0.1])
with check("returns new arrays, and leaves its input as it was over a whole run"):
    start, gradients = _draw(113, 3, ((2, 3), (4,)))
    params, state = start, None
    for grads in gradients:
        check.unchanged(rmsprop_step, params, grads, state, 0.1)
        new, later = _step(params, grads, state, 0.0)
        check.new(list(new), *params, *grads)
        params, state = new, later
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# The frame is the same as in `momentum_step`: the state is a list with one array for each parameter.
# Which of the two formulas has to come first?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `g ** 2` and `np.sqrt(s)` work entry by entry.
# Watch the parentheses in the denominator: the root is taken first, and `eps` is added to the result.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Begin with zeros if `state` is `None`.
# Make the list of new mean squares, with `(1 - rho)` in front of the squared gradient.
# Then go through parameters, gradients, and *new* mean squares side by side, and divide `lr * g` by the root plus `eps`.
# </details>

# %% [markdown]
# **Predict:** one parameter has the gradient 100 and another one 0.01. How far does the first step of RMSprop move each of them, with a learning rate of 0.01?

# %%
with unfinished():
    for g in (100.0, 1.0, 0.01):
        (moved,), _ = rmsprop_step([np.array([0.0])], [np.array([g])], None, 0.01)
        print(f"gradient {g:6g}: the first step is {abs(moved[0]):.3f}")

# %% [markdown]
# All of them move by 0.1.
# The size of the gradient has canceled out, so each parameter should move by about the learning rate.
#
# But the learning rate was 0.01, and the step is *ten times* as long.
# That is because $s$ started at 0.
# After one step it holds only $1 - \rho = 1\%$ of $g^2$, so $\sqrt s$ is a tenth of what it should be.
# The next optimizer corrects that.

# %% [markdown]
# ## Adam: momentum, scale, and a fair start
#
# Adam (Kingma and Ba, 2015) combines the two: a running mean $m$ of the gradients for the direction, and a running mean $v$ of their squares for the scale.
# (Here, as in the paper, $v$ is the mean square and not a velocity.)
#
# $$ m \leftarrow \beta_1 m + (1 - \beta_1)\, g, \qquad v \leftarrow \beta_2 v + (1 - \beta_2)\, g^2. $$
#
# Both start at 0, so at first both are too small, and we know exactly by how much.
# If the gradient is always $g$, then after $t$ steps $m = (1 - \beta_1^t)\, g$.
# So Adam divides that factor out; this is called **bias correction**:
#
# $$ \hat m = \frac{m}{1 - \beta_1^t}, \qquad \hat v = \frac{v}{1 - \beta_2^t}, \qquad
# \theta \leftarrow \theta - \mathrm{lr} \cdot \frac{\hat m}{\sqrt{\hat v} + \varepsilon}. $$
#
# The first step has $t = 1$.
# The corrected $\hat m$ and $\hat v$ are used and thrown away; what is kept is $m$, $v$, and $t$.
#
# **By hand**, with $\beta_1 = 0.9$, $\beta_2 = 0.999$, $\mathrm{lr} = 0.1$, and $\theta = 1$:
#
# | $t$ | $g$ | $m$ | $v$ | $\hat m$ | $\hat v$ | $\theta$ |
# |---|---|---|---|---|---|---|
# | 1 | 2 | 0.2 | 0.004 | 0.2/0.1 = 2 | 0.004/0.001 = 4 | $1 - 0.1 \cdot 2/2 = 0.9$ |
# | 2 | −1 | 0.08 | 0.004996 | 0.08/0.19 ≈ 0.4211 | 0.004996/0.001999 ≈ 2.4992 | $0.9 - 0.1 \cdot 0.2663 \approx 0.8734$ |
#
# **Predict:** suppose you leave the correction out. Both $m$ and $v$ are too small then. Will the first steps be too short or too long?

# %%
with plots.figure("The length of Adam's steps for a constant gradient, in learning rates, against the step on a "
                  "logarithmic axis. With correction it is always 1. Without, it starts at 3.16, rises to "
                  "6.57 at step 12, and comes back to 1 only after thousands of steps.", size=(7.2, 4.2)) as ax:
    t = np.unique(np.geomspace(1, 5000, 400).astype(int))
    uncorrected = (1 - 0.9 ** t) / np.sqrt(1 - 0.999 ** t)
    plots.curves(t, {"without": uncorrected, "with correction": np.ones(len(t))}, log="x",
                 xlabel="step t", ylabel="length of the step / lr", ax=ax,
                 title=f"Without correction, Adam's first step is {uncorrected[0]:.2f} times too long")
    ax.set_ylim(0, None)
    longest = int(np.argmax(uncorrected))
    print(f"longest at step {t[longest]}: {uncorrected[longest]:.2f} times too long")
    print(f"after 1000 steps still {uncorrected[np.searchsorted(t, 1000)]:.2f} times")

# %% [markdown]
# Too long, because $v$ falls short by more than $m$ does, even after the root.
# The first step is $(1 - \beta_1)/\sqrt{1 - \beta_2} = 0.1/0.0316 = 3.16$ times too long, and step 12 is 6.57 times too long.
# After 1000 steps they are still a quarter too long.
#
# ## Exercise 4: Adam
#
# There is only *one* $t$, and it counts calls, not parameters.
# And $\varepsilon$ is again added after the root.

# %% exercise: adam_step
def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """One step of Adam, for a list of parameters.

    params: a list of arrays (or of lists of numbers) of any shapes.  grads: their gradients.
    state: None in the first step, later what the previous step returned as state.
    lr: the learning rate.  beta1, beta2: how much of the two running means is kept.
    eps: a small number, added to the root of the corrected mean square.
    Returns (params, state): a new list of new float64 arrays, and the new state.

    The formulas are above; t is 1 in the first step. (D. Kingma and J. Ba, 2015, algorithm 1.)
    """
    ### BEGIN SOLUTION
    grads = [np.asarray(g, dtype=float) for g in grads]
    t, means, squares = (0, [0.0] * len(grads), [0.0] * len(grads)) if state is None else state
    t = t + 1
    means = [beta1 * m + (1 - beta1) * g for m, g in zip(means, grads)]
    squares = [beta2 * v + (1 - beta2) * g ** 2 for v, g in zip(squares, grads)]
    new = []
    for p, m, v in zip(params, means, squares):
        m_hat, v_hat = m / (1 - beta1 ** t), v / (1 - beta2 ** t)
        new.append(np.asarray(p, dtype=float) - lr * m_hat / (np.sqrt(v_hat) + eps))
    return new, (t, means, squares)
    ### END SOLUTION

# %% tests: adam_step, 5 points
import numpy as np


def _step(params, grads, state, *rest):
    """The answer's new parameters, once it is sure that there is one for each, and its state."""
    new, state = check.parts(check.call(adam_step, params, grads, state, *rest), "params", "state")
    listed = isinstance(new, (list, tuple)) or (isinstance(new, np.ndarray) and new.ndim > 0)
    check.true(listed and len(new) == len(params),
               f"expected a list of {len(params)} new parameters, one for each old one.")
    return new, state


def _agree(new, expected, step=0):
    after = f" after step {step} of a run from the state None" if step else ""
    for k, (part, value) in enumerate(zip(new, expected)):
        check.close((part,), (np.asarray(value, dtype=float),), names=(f"parameter {k}{after}",))


with check("takes the two steps that you did by hand, to 0.9 and to 0.8734"):
    params, state = _step([np.array([1.0])], [np.array([2.0])], None, 0.1)
    _agree(params, [[0.9]])
    params, _ = _step([np.array([0.9])], [np.array([-1.0])], state, 0.1)
    _agree(params, [[0.9 - 0.1 * (0.08 / 0.19) / np.sqrt(0.004996 / 0.001999)]])
with check("counts its steps once for all parameters, and corrects with t = 1, 2, 3"):
    params, state = [np.zeros((2, 2)), np.array([1.0, 2.0]), np.array(5.0)], None
    grads = [np.array([[100.0, 1.0], [-0.5, 3.0]]), np.array([-7.0, 2.0]), np.array(0.5)]
    for t in (1, 2, 3):
        params, state = _step(params, grads, state, 0.1)
        _agree(params, [p - 0.1 * t * g / (np.abs(g) + 1e-8) for p, g in zip(
            [np.zeros((2, 2)), np.array([1.0, 2.0]), np.array(5.0)], grads)])
with check("adds eps after the root: a gradient of 1e-8 hardly moves anything when eps is 0.001"):
    params, _ = _step([np.array([1.0, 1.0])], [np.array([1e-8, 1.0])], None, 1000.0, 0.9, 0.999, 1e-3)
    _agree(params, [[1.0 - 1000 * 1e-8 / (1e-8 + 1e-3), 1.0 - 1000 / (1 + 1e-3)]])
with check("uses beta1 and beta2 as they are given, and lets both means forget"):
    params, state = _step([np.array([1.0])], [np.array([4.0])], None, 0.1, 0.5, 0.75)
    params, _ = _step([np.array([0.9])], [np.array([0.0])], state, 0.1, 0.5, 0.75)
    _agree(params, [[0.9 - 0.1 * (1 / 0.75) / np.sqrt(3 / 0.4375)]])
with check("does not move a parameter whose gradients are all 0"):
    params, state = _step([np.array([1.0, 2.0])], [np.array([0.0, 1.0])], None, 0.1)
    params, _ = _step(params, [np.array([0.0, 1.0])], state, 0.1)
    _agree(params, [[1.0, 1.8]])
with check("takes lists of whole numbers, and returns float64"):
    params, _ = _step([[3, 2], [[3], [4]]], [[1, 0], [[2], [-2]]], None, 1)
    for part, shape in zip(params, ((2,), (2, 1))):
        check.floats(part, shape)
    _agree(params, [[2.0, 2.0], [[2.0], [5.0]]])
with check("leaves its arguments and the old state as they were, and keeps two runs apart"):
    params, grads = [np.array([1.0, 2.0])], [np.array([3.0, 4.0])]
    check.unchanged(adam_step, params, grads, None, 0.1)
    new, state = _step(params, grads, None, 0.1)
    check.unchanged(adam_step, params, grads, state, 0.1)
    _step([np.array([0.0, 9.0])], [np.array([-8.0, 0.5])], None, 0.1)  # another run begins
    later, _ = _step(new, grads, state, 0.1)
    _agree(later, [[0.8, 1.8]])
### BEGIN HIDDEN TESTS
SHAPES = ((3, 5), (3,), (4, 3), (), (1, 4), (2, 2, 2))


def _draw(seed, steps, shapes=SHAPES):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in shapes], [
        [rng.normal(size=shape) for shape in shapes] for _ in range(steps)]


@check.once
def _one_by_one(start, gradients, lrs, beta1=0.9, beta2=0.999, eps=1e-8):
    """The same for each number by itself; the corrected means as means with weights that sum to 1."""
    def _mean(values, beta):
        weights = [beta ** (len(values) - 1 - k) for k in range(len(values))]
        return sum(w * value for w, value in zip(weights, values)) / sum(weights)

    ends = []
    for i, value in enumerate(start):
        end = np.array(value, dtype=float)
        for index in np.ndindex(end.shape):
            for t, lr in enumerate(lrs):
                series = [float(np.asarray(grads[i])[index]) for grads in gradients[:t + 1]]
                root = _mean([g * g for g in series], beta2) ** 0.5
                end[index] -= lr * _mean(series, beta1) / (root + eps)
        ends.append(end)
    return ends


def _walk(start, gradients, lrs, *rest):
    params, state = start, None
    for t, (grads, lr) in enumerate(zip(gradients, lrs), start=1):
        params, state = _step(params, grads, state, lr, *rest)
        _agree(params, _one_by_one(start, gradients[:t], lrs[:t], *rest), t)


with check("agrees with weighted means over all the gradients, number by number", weight=2):
    for seed, beta1, beta2 in ((121, 0.9, 0.999), (122, 0.5, 0.9), (123, 0.9, 0.5)):
        _walk(*_draw(seed, 5), [0.01] * 5, beta1, beta2)
with check("uses 0.9, 0.999 and 1e-8 when nothing else is given"):
    _walk(*_draw(124, 4), [0.03] * 4)
    _walk([np.ones(3)], [[np.array([1e-8, -3e-8, 1e-7])]] * 2, [0.1] * 2)
with check("follows a learning rate that changes from step to step"):
    _walk(*_draw(125, 5), [0.1, 0.02, 0.0, 0.5, 0.01], 0.8, 0.95)
with check("is right for tiny gradients and for a large eps"):
    start, gradients = _draw(126, 4)
    for size, eps in ((1e-8, 1e-8), (1e-8, 1e-3), (1e-3, 1e-3), (1.0, 1e-3)):
        _walk(start, [[size * g for g in grads] for grads in gradients], [10.0] * 4, 0.9, 0.99, eps)
with check("stays where it is while the gradients are exactly 0"):
    start, gradients = _draw(127, 3)
    _walk(start, [[0.0 * g for g in grads] for grads in gradients], [0.1] * 3)
with check("is right after many steps, too"):
    start, gradients = _draw(128, 60, ((2,),))
    _walk(start, gradients, [0.01] * 60)
with check("keeps two runs apart, whichever takes the next step"):
    runs = [_draw(129, 4, ((2, 3), (3,))), _draw(130, 3, ((2, 3), (3,)))]
    params, states = [start for start, _ in runs], [None, None]
    for k, t in ((0, 0), (0, 1), (1, 0), (0, 2), (1, 1), (1, 2), (0, 3)):
        start, gradients = runs[k]
        params[k], states[k] = _step(params[k], gradients[t], states[k], 0.2)
        _agree(params[k], _one_by_one(start, gradients[:t + 1], [0.2] * (t + 1)), t + 1)
with check("gives the same step twice from the same state"):
    start, gradients = _draw(131, 3)
    params, state = _step(start, gradients[0], None, 0.1)
    for grads in gradients[1:]:
        new, _ = _step(params, grads, state, 0.1)
        _agree(new, _one_by_one(start, [gradients[0], grads], [0.1, 0.1]))
with check("keeps the shapes, and returns float64"):
    start, gradients = _draw(132, 1)
    for part, value in zip(_step(start, gradients[0], None, 0.1)[0], start):
        check.floats(part, value.shape)
with check("works on tuples and in any memory order"):
    start, gradients = _draw(133, 2, ((6, 8), (4,)))
    gradients = [tuple(np.asfortranarray(g)[::2] for g in grads) for grads in gradients]
    _walk(tuple(p[::2] for p in start), gradients, [0.1, 0.1])
with check("returns new arrays, and leaves its input as it was over a whole run"):
    start, gradients = _draw(134, 3, ((2, 3), (4,)))
    params, state = start, None
    for grads in gradients:
        check.unchanged(adam_step, params, grads, state, 0.1)
        new, later = _step(params, grads, state, 0.0)
        check.new(list(new), *params, *grads)
        params, state = new, later
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Your state has to hold three things: the number of steps so far, the list of means, and the list of mean squares.
# What are they when `state` is `None`?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# A tuple `(t, means, squares)` makes a good state, and `t, means, squares = state` unpacks it.
# Add 1 to `t` once, before the loop over the parameters, and compute `1 - beta1 ** t` from it.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Unpack the state, or begin with 0 and two lists of zeros, and increase `t`.
# Make the two new lists as in the last two exercises, with the factors `1 - beta1` and `1 - beta2`.
# For each parameter, correct its `m` and its `v` *in new variables*, and take the step with them.
# Return the new parameters and `(t, means, squares)`, uncorrected.
# </details>

# %% [markdown]
# How many steps does it take to get within a thousandth of the starting distance, as the valley gets narrower?
# Plain gradient descent and momentum get a learning rate at 90% of the speed limit, and Adam gets 0.3.
#
# **Predict:** Adam gives each parameter its own scale. Does it matter to Adam how narrow the valley is? And what if the valley runs diagonally?

# %%
COLORS = dict(zip(("gradient descent", "momentum", "RMSprop", "Adam"), plots.SERIES_COLORS))
COLORS |= {"SGD": COLORS["gradient descent"], "Adam, along an axis": COLORS["Adam"],
           "Adam, diagonal": plots.SERIES_COLORS[5]}


def steps_needed(step, H, start, lr, most=4000):
    """After how many steps the distance is below a thousandth of that at the start, or nan."""
    params, state = [start], None
    for count in range(1, most + 1):
        params, state = step(params, [H @ params[0]], state, lr)
        if np.linalg.norm(params[0]) < np.linalg.norm(start) / 1000:
            return count
    return np.nan


with plots.figure("Steps needed against the condition number, both logarithmic. Gradient descent rises in "
                  "proportion. Momentum stays near 90 and rises at the end. Adam stays at 90 in a valley along "
                  "an axis, but in a diagonal valley it rises to about a thousand.", size=(7.4, 4.4)) as ax:
    kappas, needed = np.array([10, 30, 100, 300, 1000]), {}
    for name, step, degrees in (("gradient descent", gradient_descent, 45), ("Adam, diagonal", adam_step, 45),
                                ("momentum", momentum_step, 45), ("Adam, along an axis", adam_step, 0)):
        c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        start = np.array([10 * c - s, 10 * s + c])  # the same place in the valley at any angle
        needed[name] = np.array([steps_needed(
            step, turned(kappa, degrees), start,
            0.3 if step is adam_step else 0.9 * stable_lr(turned(kappa, degrees))) for kappa in kappas])
        print(f"{name:20s}", needed[name])
    plots.curves(kappas, needed, log="xy", xlabel="condition number κ", ylabel="steps needed", ax=ax, colors=COLORS,
                 title=f"κ = 1000: gradient descent {needed['gradient descent'][-1]}, "
                       f"momentum {needed['momentum'][-1]} steps")

# %% [markdown]
# If the valley runs along an axis, it does not matter at all: Adam needs 90 steps at every $\kappa$, because dividing by each parameter's own scale turns the ellipse into a circle.
# But turn the same valley by 45 degrees, and each parameter feels the steep direction and the flat one *mixed*.
# Then no choice of one scale per parameter can separate them, and Adam needs 1074 steps at $\kappa = 1000$.
#
# Gradient descent and momentum don't care about the angle.
#
# <details><summary>How the number of steps grows</summary>
#
# Gradient descent needs about $3.8\,\kappa$ steps.
# Momentum with $\beta = 0.9$ needs about 90 up to $\kappa = 300$, where $\beta$ sets the pace in every direction; only beyond that does the flat direction hold it up.
# With the best $\beta$ for each valley, the number of steps grows like $\sqrt\kappa$ instead of $\kappa$.
# </details>
#
# ### Play: the valley
#
# Four optimizers walk from the point you choose, all of them by *your* functions (gradient descent by lesson 4's `sgd_step`).
# The mark under the learning rate is *your* `stable_lr`.
#
# *The question to answer:* which optimizer is the first to arrive (within a thousandth of the starting distance) when $\kappa = 50$, and does it still win when the valley runs diagonally?
#
# 1. Set the learning rate of gradient descent and momentum just below the mark, then just above it. Does momentum have the same limit as gradient descent?
# 2. Set $\kappa$ to 50 and that learning rate to 0.036, which is 90% of the new limit. Compare the four. Then turn the valley by 45 degrees.
# 3. Turn it back, and set the learning rate of RMSprop and Adam to a tenth (0.03), then to ten times its value (3).

# %%
valley = Valley(stable_lr, sgd_step, momentum_step, rmsprop_step, adam_step)
valley

# %% [markdown]
# <details><summary>What you should have seen</summary>
#
# **1.** No. At 0.099, gradient descent arrives after 281 steps, and at 0.102 it diverges.
# Momentum still arrives at 0.188, after 140 steps, and diverges at 0.192: its limit is $2(1 + \beta)/\lambda_\text{max}$, here 0.19.
#
# **2.** Along the axis, RMSprop is first, after 28 steps (its long first steps help it here), then come momentum (110), Adam (122), and gradient descent (188).
# In the diagonal valley, momentum wins with 125 steps and gradient descent needs 169, while RMSprop and Adam don't arrive within 300.
# (Gradient descent doesn't need exactly as many as before, because the start now lies elsewhere in the valley.)
#
# **3.** With 0.03 neither arrives within 300 steps: a step is about as long as the learning rate, and 300 steps of 0.03 are not enough for a distance of 10.
# With 3, RMSprop is there after 8 steps, but then it keeps jumping around the minimum: after 300 steps it is still 0.006 away, whereas at 0.3 it settled.
# So these two have a learning rate to choose as well.
# </details>

# %% [markdown]
# ## Thousands of examples: mini-batches
#
# For a network, one gradient over the whole training set can take minutes.
# But the loss is a mean over examples, and you can estimate a mean from a sample.
#
# **Stochastic gradient descent** (SGD) does that: shuffle the examples, cut them into small **mini-batches**, and take one step for each batch.
# One pass over all the batches is an **epoch**.
# Each gradient is noisy, but on average it is right, and there are many more steps.
#
# **By hand:** ten examples in batches of four.
# One random order makes the batches `(7, 2, 9, 0)`, `(4, 1, 8, 5)`, and `(3, 6)`.
# The last one is shorter, and no example is left out.
#
# ## Exercise 5: mini-batches

# %% exercise: minibatches
def minibatches(n, batch_size, rng):
    """One epoch's batches: the numbers 0 to n - 1 in random order, cut into pieces.

    n: the number of examples, at least 1.  batch_size: the length of a piece, at least 1.
    rng: an np.random.Generator, the only source of randomness.
    Returns a list of int arrays. Each number occurs in exactly one of them. All have length
    batch_size, except that the last one is shorter if batch_size doesn't divide n. None is empty.
    """
    ### BEGIN SOLUTION
    order = rng.permutation(n)
    return [order[first:first + batch_size] for first in range(0, n, batch_size)]
    ### END SOLUTION

# %% tests: minibatches, 3 points
import numpy as np


def _batches(n, batch_size, rng):
    """The answer's batches, once it is sure that they are int arrays."""
    got = check.call(minibatches, n, batch_size, rng)
    check.true(isinstance(got, (list, tuple, np.ndarray)),
               f"expected a list of arrays, got {type(got).__name__}.")
    for batch in got:
        check.true(isinstance(batch, np.ndarray) and batch.ndim == 1 and batch.dtype.kind in "iu",
                   "each batch should be an array of ints with one axis.")
    return list(got)


def _joined(batches):
    """All the batches in one array, even if there are none."""
    return np.concatenate([np.zeros(0, dtype=int), *batches])


def _order(n, batch_size, rng):
    """One epoch's order, once it is sure that every number occurs once."""
    order = _joined(_batches(n, batch_size, rng))
    check.true(sorted(order.tolist()) == list(range(n)), f"the numbers 0 to {n - 1} should each occur once.")
    return order


def _partition(n, batch_size, seed):
    got = _batches(n, batch_size, np.random.default_rng(seed))
    rest = n % batch_size
    sizes = [batch_size] * (n // batch_size) + [rest] * (rest > 0)
    check.true(len(got) == len(sizes),
               f"expected {len(sizes)} batch{'es' * (len(sizes) > 1)}, got {len(got)}.")
    lengths = [len(batch) for batch in got]
    check.true(lengths == sizes, f"expected batches of lengths {sizes}, got {lengths}.")
    numbers = [int(k) for batch in got for k in batch]
    for k in range(n):
        check.true(numbers.count(k) == 1, f"the number {k} should occur once in all the batches, "
                   f"but it occurs {numbers.count(k)} times.")
    return _joined(got)


with check("cuts ten examples into 4, 4, and 2, and forgets none"):
    _partition(10, 4, 141)
with check("has no empty batch at the end when the size divides n"):
    _partition(12, 4, 142)
with check("mixes all the examples: a batch is no block of neighbors, and no block is kept together"):
    order = _partition(60, 6, 143)
    steps = np.abs(np.diff(order))
    check.true(np.mean(steps == 1) < 0.25, "most examples are still next to their old neighbors.")
    away = np.abs(order - np.arange(60))
    check.true(np.mean(away) > 10, f"on average, an example has moved by {np.mean(away):.1f} places; "
               "in a random order of 60 it is about 20.")
with check("takes its order from rng: equal seeds give equal batches, the next epoch another order"):
    first, again = (_joined(_batches(30, 7, np.random.default_rng(144))) for _ in range(2))
    check.true(np.array_equal(first, again), "two generators with one seed gave different batches.")
    rng = np.random.default_rng(145)
    epochs = [_joined(_batches(30, 7, rng)) for _ in range(2)]
    check.true(not np.array_equal(*epochs), "two calls with one generator gave the same order.")
    other = _joined(_batches(30, 7, np.random.default_rng(146)))
    check.true(not np.array_equal(other, first), "another seed gave the same order.")
    check.unchanged(minibatches, 30, 7, np.random.default_rng(147))
### BEGIN HIDDEN TESTS
with check("is right for many sizes", weight=2):
    for n, batch_size in ((1, 1), (7, 3), (9, 9), (5, 1), (100, 32), (31, 32), (64, 32), (11, 5)):
        _partition(n, batch_size, n)
with check("makes one short batch when there are fewer examples than a batch holds"):
    _partition(3, 10, 148)
    _partition(1, 4, 149)
with check("puts every example in every place equally often", weight=2):
    rng, places = np.random.default_rng(150), np.zeros((6, 6))
    for _ in range(300):
        order = _order(6, 4, rng)
        places[order, np.arange(6)] += 1
    # 50 are expected for each, with a standard deviation of 6.5; five of them are allowed.
    check.true(np.abs(places - 50).max() < 33, "some examples come first (or last) too often: "
               f"one was at the same place in {int(places.max())} of 300 epochs, expected about 50.")
with check("shuffles anew in each epoch, the order of two neighbors too"):
    rng = np.random.default_rng(151)
    ahead = sum(list(_order(8, 3, rng)).index(0) < list(_order(8, 3, rng)).index(1) for _ in range(100))
    check.true(24 < ahead < 76, "one example nearly always came before another.")
with check("works with NumPy's ints"):
    _order(np.int64(5), np.int64(2), np.random.default_rng(152))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Shuffle first, *once*, and cut afterward.
# At which positions does a new batch begin?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `rng.permutation(n)` returns the numbers 0 to n − 1 in random order.
# `range(0, n, batch_size)` counts in steps, and a slice that reaches beyond the end of an array simply stops there.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Draw one permutation and call it `order`.
# For each `first` in `range(0, n, batch_size)`, take the slice of `order` that begins at `first` and is `batch_size` long, and collect the slices in a list.
# </details>

# %% [markdown]
# Now the digits: 1200 images to train on, 597 to test, and a network with 32 tanh units.
# `train` takes one of your step functions, and gets its batches from your `minibatches`.

# %% given: training
from itertools import pairwise

from threadpoolctl import threadpool_limits

threadpool_limits(1)  # with small matrices, one thread is faster than two that wait for each other

digits = data.digits()
order = np.random.default_rng(0).permutation(len(digits.y))
X, y = digits.X[order[:1200]] / 16, digits.y[order[:1200]]
X_test, y_test = digits.X[order[1200:]] / 16, digits.y[order[1200:]]


def initial(rng, sizes=(64, 32, 10)):
    """The weights, then the biases, of a new network, in one list."""
    weights = [rng.normal(size=(out, n)) / np.sqrt(n) for n, out in pairwise(sizes)]
    return weights + [np.zeros(out) for out in sizes[1:]]


def loss_and_gradients(params, X, y):
    """The loss on a batch and the gradients of all parameters, in the order of the parameters."""
    weights, biases = params[:len(params) // 2], params[len(params) // 2:]
    Z, cache = mlp_forward(X, weights, biases, np.tanh)
    dWs, dbs = mlp_backward(cross_entropy_grad(Z, y), cache, weights)
    return cross_entropy(Z, y), [*dWs, *dbs]


def train(step, lr, epochs=10, batch_size=32, X=X, y=y, seed=1):
    """Train a network; returns its parameters and the loss on each batch.

    lr: the learning rate, or a function that says it for each step, counted from 0.
    """
    rng = np.random.default_rng(seed)
    params, state, losses = initial(rng), None, []
    with np.errstate(all="ignore"):  # some rates are too large on purpose
        for _ in range(epochs):
            for batch in minibatches(len(X), batch_size, rng):
                loss, grads = loss_and_gradients(params, X[batch], y[batch])
                rate = lr(len(losses)) if callable(lr) else lr
                params, state = step(params, grads, state, rate)
                losses.append(loss)
    return params, losses


def accuracy(params, X=X_test, y=y_test):
    """The share of right answers; 0.1 is guessing."""
    half = len(params) // 2
    with np.errstate(all="ignore"):
        Z, _ = mlp_forward(X, params[:half], params[half:], np.tanh)
    return np.mean(np.argmax(Z, axis=1) == y)

# %% [markdown]
# **Predict:** in *one* epoch, with a learning rate of 0.3, how accurate will the network be with one batch of all 1200 examples? And with batches of 32, or of 4?

# %%
with unfinished():
    for size in (1200, 300, 32, 4, 1):
        params, losses = train(gradient_descent, 0.3, epochs=1, batch_size=size)
        print(f"batches of {size:4d}: {len(losses):4d} steps, accuracy {accuracy(params):.3f}")

# %% [markdown]
# With one batch, the epoch is a single step, and the network is still guessing, at 13%.
# The 38 steps with batches of 32 reach 83%, and the 300 steps with batches of 4 reach 89%.
# But batches of 1 get only 38%: at this learning rate, the noise of single examples throws the network around.
#
# ## Which one for the digits?
#
# Let three of them compete: ten epochs each, at learning rates from 0.0001 to 10.
#
# **Predict:** which one reaches the highest accuracy at its own best learning rate? And which one works over the widest range of rates?

# %%
OPTIMIZERS = {"SGD": gradient_descent, "momentum": momentum_step, "Adam": adam_step}
with plots.figure("Accuracy on the test digits against the learning rate, for three optimizers. Each has a "
                  "plateau of similar height and falls off on both sides. Adam's plateau lies at the "
                  "smallest rates, SGD's at the largest, and momentum's in between.",
                  size=(7.6, 4.6)) as ax:
    rates = 10.0 ** np.arange(-4, 1.1, 0.5)
    found = {name: np.array([accuracy(train(step, lr)[0]) for lr in rates])
             for name, step in OPTIMIZERS.items()}
    for name, row in found.items():
        good = rates[row >= 0.94]
        print(f"{name:8s} best {row.max():.3f} at {rates[row.argmax()]:.2g}, "
              f"0.94 and more from {good.min():.2g} to {good.max():.2g}")
    plots.curves(rates, found, log="x", xlabel="learning rate", ylabel="accuracy on test digits", ax=ax,
                 colors=COLORS, title=f"At its best rate, each of them gets {min(map(max, found.values())):.0%} or more")

# %% [markdown]
# They all get 97% or 98%.
# Adam's 0.980 against 0.972 for the others is a difference of five images out of 597, about as much as another seed makes.
# The ranges are what differs: at least 94% is reached by SGD from 0.1 to 1, by momentum from 0.01 to 0.32, and by Adam from 0.0032 to 0.032.
# So momentum, not Adam, has the widest range here, and it begins at a tenth of SGD's, as its longer steps suggest.
#
# ### The same digits, one hundred times as large
#
# Somebody forgets to scale the inputs, so each pixel lies between 0 and 100 instead of 0 and 1.
#
# **Predict:** Adam divides by the size of the gradients. Will it notice the difference?

# %%
with unfinished():
    for name, lr in (("SGD", 0.3), ("momentum", 0.03), ("Adam", 0.003)):
        scores = [accuracy(train(OPTIMIZERS[name], lr, X=scale * X)[0], scale * X_test) for scale in (1, 100)]
        print(f"{name:8s} lr {lr:5g}: accuracy {scores[0]:.3f}, with inputs times 100 {scores[1]:.3f}")

# %% [markdown]
# It does notice, but it suffers much less.
# SGD falls from 96% to 19% and momentum to 8%, because the gradients of the first layer, and with them its steps, are 100 times as large.
# Adam's steps keep their length, and it still gets 92%.
# But it isn't immune: such inputs saturate the tanh units from the start.
# So scale the inputs (lesson 7), whatever the optimizer.

# %% [markdown]
# ## Weight decay, and where it goes wrong with Adam
#
# In lesson 7 an L2 penalty added $\lambda\theta$ to the gradient.
# With plain gradient descent that is the same as shrinking each weight a little in every step, which is why people also call it **weight decay**:
#
# $$ \theta - \mathrm{lr}\,(g + \lambda\theta) = \underbrace{\theta - \mathrm{lr}\,\lambda\,\theta}_{\text{decay}} - \mathrm{lr}\, g. $$
#
# Adam, however, divides the gradient by its usual size, and a $\lambda\theta$ inside the gradient gets divided, too.
# Then a weight with large gradients hardly decays.
#
# Ilya Loshchilov and Frank Hutter (2019) take the decay back out of the gradient and call the result **AdamW**:
#
# $$ \theta \leftarrow \theta - \mathrm{lr}\,\lambda\,\theta - \text{(Adam's step for } g). $$
#
# The decay is computed from the *old* $\theta$, and $g$ has no part in it.
#
# **By hand:** $\theta = 2$, $g = 3$, $\mathrm{lr} = 0.1$, $\lambda = 0.5$, first step.
# The decay is $0.1 \cdot 0.5 \cdot 2 = 0.1$, and Adam's first step is $0.1$, so the result is 1.8.
#
# ## Exercise 6: AdamW

# %% exercise: adamw_step
def adamw_step(params, grads, state, lr, weight_decay, beta1=0.9, beta2=0.999, eps=1e-8):
    """One step of Adam with decoupled weight decay, for a list of parameters.

    params: a list of arrays (or of lists of numbers) of any shapes.  grads: their gradients.
    state: None in the first step, later what the previous step returned as state.
    lr: the learning rate.  weight_decay: the λ above.  beta1, beta2, eps: as in `adam_step`.
    Returns (params, state): a new list of new float64 arrays, and the new state.

    You may call your own `adam_step`. (I. Loshchilov and F. Hutter, 2019, in the form that
    PyTorch uses, where the decay is multiplied by lr.)
    """
    ### BEGIN SOLUTION
    stepped, state = adam_step(params, grads, state, lr, beta1, beta2, eps)
    return [new - lr * weight_decay * np.asarray(old, dtype=float)
            for new, old in zip(stepped, params)], state
    ### END SOLUTION

# %% tests: adamw_step, 4 points
import numpy as np


def _step(params, grads, state, *rest):
    """The answer's new parameters, once it is sure that there is one for each, and its state."""
    new, state = check.parts(check.call(adamw_step, params, grads, state, *rest), "params", "state")
    listed = isinstance(new, (list, tuple)) or (isinstance(new, np.ndarray) and new.ndim > 0)
    check.true(listed and len(new) == len(params),
               f"expected a list of {len(params)} new parameters, one for each old one.")
    return new, state


def _agree(new, expected, step=0):
    after = f" after step {step} of a run from the state None" if step else ""
    for k, (part, value) in enumerate(zip(new, expected)):
        check.close((part,), (np.asarray(value, dtype=float),), names=(f"parameter {k}{after}",))


with check("takes the step that you did by hand, from 2 to 1.8"):
    params, _ = _step([np.array([2.0])], [np.array([3.0])], None, 0.1, 0.5)
    _agree(params, [[1.8]])
with check("shrinks a weight without gradients by the factor 1 - lr times the decay, in every step"):
    params, state = _step([np.array([2.0, -4.0])], [np.zeros(2)], None, 0.1, 0.5)
    _agree(params, [[1.9, -3.8]])
    params, _ = _step(params, [np.zeros(2)], state, 0.1, 0.5)
    _agree(params, [[1.805, -3.61]])
with check("shrinks a weight with large gradients just as much as one with small gradients"):
    params, state = [np.array([4.0, 4.0]), np.array(-4.0)], None
    for _ in range(2):
        new, state = _step(params, [np.array([1e4, 1e-2]), np.array(5.0)], state, 1.0, 0.25)
        size = np.array([1e4, 1e-2]) / (np.array([1e4, 1e-2]) + 1e-8)
        params = [params[0] - 0.25 * params[0] - size, params[1] * 0.75 - 5 / (5 + 1e-8)]
        _agree(new, params)
with check("is plain Adam without decay, with the betas and the eps that it is given"):
    params, state = _step([np.array([1.0])], [np.array([4.0])], None, 0.1, 0.0, 0.5, 0.75, 0.001)
    _agree(params, [[1.0 - 0.1 * 4 / 4.001]])
    params, _ = _step([np.array([0.9])], [np.array([0.0])], state, 0.1, 0.0, 0.5, 0.75, 0.001)
    _agree(params, [[0.9 - 0.1 * (1 / 0.75) / (np.sqrt(3 / 0.4375) + 0.001)]])
with check("takes lists of whole numbers, and returns float64"):
    params, _ = _step([[1, 2], [[3], [4]]], [[1, 0], [[2], [-2]]], None, 1, 2)
    for part, shape in zip(params, ((2,), (2, 1))):
        check.floats(part, shape)
    _agree(params, [[-2.0, -2.0], [[-4.0], [-3.0]]])
with check("leaves its arguments and the old state as they were, and keeps two runs apart"):
    params, grads = [np.array([1.0, 2.0])], [np.array([3.0, 4.0])]
    check.unchanged(adamw_step, params, grads, None, 0.1, 0.2)
    new, state = _step(params, grads, None, 0.1, 0.2)
    check.unchanged(adamw_step, params, grads, state, 0.1, 0.2)
    _step([np.array([0.0, 9.0])], [np.array([-8.0, 0.5])], None, 0.1, 0.2)  # another run begins
    later, _ = _step(new, grads, state, 0.1, 0.2)
    _agree(later, [0.98 * (0.98 * params[0] - 0.1) - 0.1])
### BEGIN HIDDEN TESTS
SHAPES = ((3, 5), (3,), (4, 3), (), (1, 4), (2, 2, 2))


def _draw(seed, steps, shapes=SHAPES):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in shapes], [
        [rng.normal(size=shape) for shape in shapes] for _ in range(steps)]


@check.once
def _one_by_one(start, gradients, lrs, decays, beta1=0.9, beta2=0.999, eps=1e-8):
    """The same for each number by itself; the corrected means as means with weights that sum to 1."""
    def _mean(values, beta):
        weights = [beta ** (len(values) - 1 - k) for k in range(len(values))]
        return sum(w * value for w, value in zip(weights, values)) / sum(weights)

    ends = []
    for i, value in enumerate(start):
        end = np.array(value, dtype=float)
        for index in np.ndindex(end.shape):
            for t, (lr, decay) in enumerate(zip(lrs, decays)):
                series = [float(np.asarray(grads[i])[index]) for grads in gradients[:t + 1]]
                root = _mean([g * g for g in series], beta2) ** 0.5
                end[index] = (1 - lr * decay) * end[index] - lr * _mean(series, beta1) / (root + eps)
        ends.append(end)
    return ends


def _walk(start, gradients, lrs, decays, *rest):
    params, state = start, None
    for t, (grads, lr, decay) in enumerate(zip(gradients, lrs, decays), start=1):
        params, state = _step(params, grads, state, lr, decay, *rest)
        _agree(params, _one_by_one(start, gradients[:t], lrs[:t], decays[:t], *rest), t)


with check("agrees with a loop over single numbers, whatever the decay", weight=2):
    for seed, decay, beta1, beta2 in ((161, 0.1, 0.9, 0.999), (162, 2.0, 0.5, 0.9), (163, 0.01, 0.9, 0.5)):
        _walk(*_draw(seed, 5), [0.05] * 5, [decay] * 5, beta1, beta2)
with check("uses Adam's 0.9, 0.999 and 1e-8 when nothing else is given"):
    _walk(*_draw(164, 4), [0.03] * 4, [0.5] * 4)
    _walk([np.ones(3)], [[np.array([1e-8, -3e-8, 1e-7])]] * 2, [0.1] * 2, [0.3] * 2)
with check("follows a learning rate and a decay that change from step to step"):
    _walk(*_draw(165, 5), [0.1, 0.02, 0.0, 0.5, 0.01], [0.1, 0.0, 1.0, 0.4, 2.0], 0.8, 0.95)
with check("is right for tiny gradients and for a large eps"):
    start, gradients = _draw(166, 3)
    for size, eps in ((1e-8, 1e-8), (1e-8, 1e-3), (1e-3, 1e-3), (1.0, 1e-3)):
        _walk(start, [[size * g for g in grads] for grads in gradients], [10.0] * 3, [0.01] * 3,
              0.9, 0.99, eps)
with check("keeps two runs apart, whichever takes the next step"):
    runs = [_draw(167, 4, ((2, 3), (3,))), _draw(168, 3, ((2, 3), (3,)))]
    params, states = [start for start, _ in runs], [None, None]
    for k, t in ((0, 0), (0, 1), (1, 0), (0, 2), (1, 1), (1, 2), (0, 3)):
        start, gradients = runs[k]
        params[k], states[k] = _step(params[k], gradients[t], states[k], 0.2, 0.1)
        _agree(params[k], _one_by_one(start, gradients[:t + 1], [0.2] * (t + 1), [0.1] * (t + 1)), t + 1)
with check("gives the same step twice from the same state"):
    start, gradients = _draw(169, 3)
    params, state = _step(start, gradients[0], None, 0.1, 0.5)
    for grads in gradients[1:]:
        new, _ = _step(params, grads, state, 0.1, 0.5)
        _agree(new, _one_by_one(start, [gradients[0], grads], [0.1, 0.1], [0.5, 0.5]))
with check("keeps the shapes, and returns float64"):
    start, gradients = _draw(170, 1)
    for part, value in zip(_step(start, gradients[0], None, 0.1, 0.2)[0], start):
        check.floats(part, value.shape)
with check("works on tuples and in any memory order"):
    start, gradients = _draw(171, 2, ((6, 8), (4,)))
    gradients = [tuple(np.asfortranarray(g)[::2] for g in grads) for grads in gradients]
    _walk(tuple(p[::2] for p in start), gradients, [0.1, 0.1], [0.5, 0.5])
with check("returns new arrays, and leaves its input as it was over a whole run"):
    start, gradients = _draw(172, 3, ((2, 3), (4,)))
    params, state = start, None
    for grads in gradients:
        check.unchanged(adamw_step, params, grads, state, 0.1, 0.3)
        new, later = _step(params, grads, state, 0.0, 0.3)
        check.new(list(new), *params, *grads)
        params, state = new, later
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Most of the work is Adam's step with the plain gradients.
# What is subtracted in addition, and from which θ is it computed?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `adam_step(params, grads, state, lr, beta1, beta2, eps)` returns the new parameters and the new state.
# `zip` lets you go through them and the old parameters side by side.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Call your `adam_step`, with the gradients as they are.
# From each parameter that it returns, subtract `lr * weight_decay` times the *old* parameter (as a float array).
# Return the new list together with Adam's state.
# </details>

# %% [markdown]
# Here are three weights that all start at 1.
# Their gradients flip sign in every step, so on average nothing pulls at them, but they are of very different sizes.
#
# **Predict:** after 300 steps, which of the three will have decayed the most with L2 inside the gradient? And with AdamW?

# %%
with unfinished():
    sizes = np.array([100.0, 1.0, 0.01])
    for name, step in (
            ("L2 inside the gradient", lambda w, g, state: adam_step([w], [g + 0.1 * w], state, 0.01)),
            ("AdamW", lambda w, g, state: adamw_step([w], [g], state, 0.01, 0.1))):
        w, state = np.ones(3), None
        for t in range(300):
            (w,), state = step(w, sizes * (-1) ** t, state)
        print(f"{name:23s}", ", ".join(f"gradient ±{size:g}: {value:.3f}" for size, value in zip(sizes, w)))

# %% [markdown]
# With L2 inside the gradient, the weight with large gradients keeps 98%, and the one with tiny gradients is gone.
# With AdamW, all three shrink to 0.728, whatever their gradients.

# %% [markdown]
# ## A learning rate that changes
#
# A large learning rate gets far, and a small one settles down.
# So people change it during training, by a **schedule**. A popular one has two parts:
#
# - **Warmup.** In the beginning, the weights are random and the running means rest on a few gradients, so the learning rate rises to its maximum in equal steps.
# - **Cosine decay.** After that, it falls along half a period of a cosine: slowly at first, quickly in the middle, and slowly at the end (Loshchilov and Hutter, 2017).
#
# With `step` counted from 0:
#
# $$ \mathrm{lr} = \begin{cases}
# \mathrm{lr}_\text{max} \cdot \dfrac{\text{step} + 1}{\text{warmup}} & \text{step} < \text{warmup} \\[2ex]
# \mathrm{lr}_\text{min} + \dfrac{\mathrm{lr}_\text{max} - \mathrm{lr}_\text{min}}{2}
# \left(1 + \cos\Big(\pi\, \dfrac{\text{step} - \text{warmup}}{\text{total} - \text{warmup}}\Big)\right) & \text{warmup} \le \text{step} < \text{total} \\[2ex]
# \mathrm{lr}_\text{min} & \text{afterward}
# \end{cases} $$
#
# **By hand**, with total = 10, warmup = 2, and rates from 0.8 down to 0: step 0 gives $0.8 \cdot 1/2 = 0.4$ (not 0, which would waste the step), step 1 gives 0.8, and so does step 2, where the cosine begins.
# Step 6 is halfway from 2 to 10, so it gives 0.4. From step 10 on, it is 0.
#
# ## Exercise 7: warmup and cosine

# %% exercise: warmup_cosine
def warmup_cosine(step, total, warmup, lr_max, lr_min=0.0):
    """The learning rate of one step: a straight rise, then half a cosine down.

    step: an int, 0 or more.  total: the step at which lr_min is reached.
    warmup: the number of steps of the rise, 0 <= warmup < total. With 0 there is no rise.
    lr_max, lr_min: the largest rate and the last one.
    Returns a float, after the end too.

    The formula is above.
    """
    ### BEGIN SOLUTION
    if step < warmup:
        return float(lr_max * (step + 1) / warmup)
    if step >= total:
        return float(lr_min)
    share = (step - warmup) / (total - warmup)
    return float(lr_min + 0.5 * (lr_max - lr_min) * (1 + np.cos(np.pi * share)))
    ### END SOLUTION

# %% tests: warmup_cosine, 4 points
import math

import numpy as np

with check("gives the rates that you worked out by hand: 0.4, 0.8, 0.8, then 0.4 in the middle"):
    for step, rate in ((0, 0.4), (1, 0.8), (2, 0.8), (6, 0.4)):
        check.close(check.call(warmup_cosine, step, 10, 2, 0.8), rate)
with check("falls along half a cosine that lasts from the end of the warmup to `total`"):
    for step, rate in ((4, 0.8 * (1 + math.sqrt(0.5)) / 2), (8, 0.8 * (1 - math.sqrt(0.5)) / 2)):
        check.close(check.call(warmup_cosine, step, 10, 2, 0.8), rate)
with check("ends at lr_min, stays there, and is a float even when lr_min is an int"):
    for step in (10, 11, 50):
        check.close(check.call(warmup_cosine, step, 10, 2, 0.8, 0.1), 0.1)
        check.floats(check.call(warmup_cosine, step, 10, 2, 1, 0), ())
        check.close(check.call(warmup_cosine, step, 10, 2, 1, 0), 0.0)
with check("goes from lr_max to lr_min, so that the middle is their mean"):
    check.close(check.call(warmup_cosine, 6, 10, 2, 0.8, 0.2), 0.5)
    check.close(check.call(warmup_cosine, 2, 10, 2, 0.8, 0.2), 0.8)
    check.close(check.call(warmup_cosine, 1, 10, 4, 0.8, 0.2), 0.4)
with check("begins at lr_max when there is no warmup"):
    check.close(check.call(warmup_cosine, 0, 8, 0, 0.8), 0.8)
    check.close(check.call(warmup_cosine, 4, 8, 0, 0.8), 0.4)
### BEGIN HIDDEN TESTS
def _rate(step, total, warmup, high, low):
    """The same with half-angle squares in place of a cosine."""
    if step < warmup:
        return high / warmup * (step + 1)
    turn = min(1.0, (step - warmup) / (total - warmup)) * math.pi / 2
    return round(high * math.cos(turn) ** 2 + low * math.sin(turn) ** 2, 15)


with check("is right in every step of several schedules", weight=2):
    for total, warmup, high, low in ((23, 5, 0.3, 0.0), (40, 0, 1.7, 0.2), (12, 11, 0.05, 0.01),
                                     (17, 1, 2.0, 0.5), (1, 0, 0.7, 0.1)):
        for step in range(total + 4):
            check.close(check.call(warmup_cosine, step, total, warmup, high, low),
                        _rate(step, total, warmup, high, low))
with check("uses 0 when no lr_min is given"):
    for step in (3, 9, 20, 29, 30, 35):
        check.close(check.call(warmup_cosine, step, 30, 4, 0.6), _rate(step, 30, 4, 0.6, 0.0))
with check("rises from a first rate above 0 to exactly lr_max"):
    check.close(check.call(warmup_cosine, 0, 2000, 1000, 0.5), 0.0005)
    check.close(check.call(warmup_cosine, 999, 2000, 1000, 0.5), 0.5)
    check.close(check.call(warmup_cosine, 0, 5, 1, 0.5), 0.5)
with check("is a float in every part, for whole numbers and for NumPy's too"):
    for step in (0, 1, 3, 5, 6, 9):
        check.floats(check.call(warmup_cosine, step, 6, 2, 2, 1), ())
        got = check.call(warmup_cosine, np.int64(step), np.int64(6), np.int64(2), 2, 1)
        check.close(got, _rate(step, 6, 2, 2, 1))
with check("is a constant rate when lr_min equals lr_max and there is no warmup"):
    for step in (0, 3, 7, 8, 9):
        check.close(check.call(warmup_cosine, step, 8, 0, 0.25, 0.25), 0.25)
with check("never goes up again after the end"):
    for step in (100, 150, 200, 1000):
        check.close(check.call(warmup_cosine, step, 100, 10, 1.0, 0.3), 0.3)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# There are three cases, so use `if` twice and return early.
# Which case is the simplest?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# For the cosine part, compute first which share of the way from `warmup` to `total` is done: a number from 0 to 1.
# `np.cos` expects radians; half a period is `np.pi`.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# If `step < warmup`, return the straight rise. If `step >= total`, return `lr_min`.
# Otherwise, put the share times π into the cosine. `1 + cos` runs from 2 to 0, so half the difference between the two rates, times that, added to `lr_min`, is the rate.
# Wrap each result in `float(…)`.
# </details>

# %% [markdown]
# Here are ten epochs on the digits, with three maximum rates: a moderate one, and two that are too large to stay constant.
#
# **Predict:** where will the schedule make a difference, and which of its two parts helps?

# %%
with plots.figure("Left, the learning rate against the step: a constant, half a cosine, and a straight rise "
                  "followed by half a cosine. Right, the loss of SGD with a maximum rate of 2, averaged over 20 "
                  "steps, for the three schedules. It ends near 9 with the constant rate, above 1 with the cosine, and "
                  "near 0.3 with warmup and cosine.",
                  columns=2) as (rates_ax, losses_ax):
    TOTAL = 10 * 38  # steps in ten epochs

    def schedules(peak):
        """Three functions of the step with the same maximum."""
        return {"constant": lambda step: peak, "cosine": lambda step: warmup_cosine(step, TOTAL, 0, peak),
                "warmup + cosine": lambda step: warmup_cosine(step, TOTAL, TOTAL // 10, peak)}

    plots.curves(np.arange(TOTAL), {name: [rate(step) for step in range(TOTAL)]
                                    for name, rate in schedules(2.0).items()},
                 xlabel="step", ylabel="learning rate", title="Three schedules", ax=rates_ax)
    curves, ends = {}, {}
    for name, step, peak in (("SGD", gradient_descent, 0.3), ("SGD", gradient_descent, 2.0), ("Adam", adam_step, 0.1)):
        for kind, rate in schedules(peak).items():
            runs = [train(step, rate, seed=seed) for seed in (1, 2, 3)]
            scores = [accuracy(params) for params, _ in runs]
            print(f"{name:4s} up to {peak:3g}, {kind:15s} accuracy", *(f"{score:.3f}" for score in scores))
            if peak == 2.0:
                ends[kind] = np.mean(scores)
                curves[kind] = np.convolve(np.mean([losses for _, losses in runs], axis=0), np.ones(20) / 20, "valid")
    plots.curves(np.arange(20, TOTAL + 1), curves, log=True, xlabel="step", ylabel="loss (mean of 20 steps)", ax=losses_ax,
                 title=f"SGD at 2: {ends['constant']:.0%} right, {ends['warmup + cosine']:.0%} with warmup")

# %% [markdown]
# At the moderate rate of 0.3, the schedule makes hardly any difference: the cosine is even a little worse, because with smaller steps the network learns less in ten epochs.
#
# SGD at a rate of 2 is a matter of luck without warmup: the constant rate gets 0.43, 0.11, and 0.79 with three seeds, and the cosine alone 0.11, 0.66, and 0.87.
# With warmup, all three get 0.89 or more.
# Here it is the *warmup* that helps: it protects the fragile beginning.
# (Where training is this unstable, even rounding errors matter, so your numbers may differ from ours.)
#
# Adam at 0.1 gets 0.89 to 0.92 with a constant rate and at least 0.965 with the cosine, with or without warmup.
# Here it is the *decay* that helps: as the rate falls, the noise of the mini-batches settles.

# %% [markdown]
# ## Check your understanding
#
# Each question has exactly one right answer.

# %% [markdown]
# **Question 1.** The Hessian of a loss near its minimum has the eigenvalues 0.5, 4, and 10. For which learning rates is plain gradient descent stable there?
#
# - **a**  below 0.1
# - **b**  below 0.2
# - **c**  below 0.5
# - **d**  below 4

# %% exercise: quiz_limit
def quiz_limit():
    """The letter of your answer to question 1, for example return "a"."""
    ### BEGIN SOLUTION
    return "b"
    ### END SOLUTION

# %% tests: quiz_limit, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_limit())
### BEGIN HIDDEN TESTS
with check("what sets the speed limit"):
    check.letter(quiz_limit(), right="b", why={
        "a": "That is 1/10. There the steep direction reaches its bottom in a single step; up to 2/10 it "
             "overshoots, but each time by less.",
        "b": "The factor in the steepest direction is 1 - 10 lr, and it is above -1 as long as lr is below "
             "2/10.",
        "c": "That is the limit for the direction with eigenvalue 4. The one with eigenvalue 10 has already "
             "diverged by then.",
        "d": "That is the limit for the flattest direction alone. The steepest direction sets the limit for "
             "all."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 2.** Why does Adam divide $m$ and $v$ by $1 - \beta_1^t$ and $1 - \beta_2^t$?
#
# - **a**  So that the learning rate gets smaller as the training goes on.
# - **b**  So that the division by $\sqrt{\hat v}$ can never be a division by zero.
# - **c**  Because the gradients are noisy in the first steps, and it averages over them.
# - **d**  Because both means start at 0, and in the first steps they are too small.

# %% exercise: quiz_correction
def quiz_correction():
    """The letter of your answer to question 2, for example return "a"."""
    ### BEGIN SOLUTION
    return "d"
    ### END SOLUTION

# %% tests: quiz_correction, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_correction())
### BEGIN HIDDEN TESTS
with check("what the bias correction is for"):
    check.letter(quiz_correction(), right="d", why={
        "a": "The correction goes to 1 as t grows and then does nothing at all. A learning rate that falls "
             "is the business of a schedule.",
        "b": "That is what epsilon is for. A v of 0 stays 0 whatever you divide it by.",
        "c": "Averaging is what m does, and the correction makes early steps rely on fewer gradients, not "
             "more. It removes a bias, not noise.",
        "d": "After one step m is a tenth of the gradient and v a thousandth of its square. Dividing by 1 - "
             "beta to the t makes them weighted means again."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 3.** A colleague switches from plain SGD to momentum with $\beta = 0.9$, keeps the learning rate of 1, and the training explodes. What is the most likely reason?
#
# - **a**  Where gradients agree, the velocity grows to ten times a single gradient.
# - **b**  Momentum needs larger batches, because it adds up the noise of all of them.
# - **c**  The velocity must be set back to 0 after each epoch, and that was forgotten.
# - **d**  With momentum, the stability limit $2/\lambda_\text{max}$ becomes ten times smaller.

# %% exercise: quiz_momentum
def quiz_momentum():
    """The letter of your answer to question 3, for example return "a"."""
    ### BEGIN SOLUTION
    return "a"
    ### END SOLUTION

# %% tests: quiz_momentum, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_momentum())
### BEGIN HIDDEN TESTS
with check("what momentum does to the length of a step"):
    check.letter(quiz_momentum(), right="a", why={
        "a": "1 + 0.9 + 0.81 + ... is 10, so a rate of 1 acts like 10 in a direction where the gradients "
             "agree. Try 0.1 first.",
        "b": "Averaging over several batches makes the direction less noisy, if anything. It is the length "
             "of the steps that has changed.",
        "c": "Nobody does that. The velocity is carried through the whole training.",
        "d": "On a quadratic valley the limit even rises, to 2(1 + beta) over lambda. But a network is no "
             "such valley, and steps ten times as long soon leave the region that looks like one."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 4.** A valley with $\kappa = 1000$ runs diagonally through the plane of two parameters. Which statement is true?
#
# - **a**  Gradient descent gets faster, because both parameters now feel the steep direction.
# - **b**  Adam makes it a round bowl all the same, by dividing each parameter by its scale.
# - **c**  Adam loses much of its advantage, because its scales belong to the axes.
# - **d**  The stable learning rate changes, because the entries of the Hessian do.

# %% exercise: quiz_diagonal
def quiz_diagonal():
    """The letter of your answer to question 4, for example return "a"."""
    ### BEGIN SOLUTION
    return "c"
    ### END SOLUTION

# %% tests: quiz_diagonal, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_diagonal())
### BEGIN HIDDEN TESTS
with check("what turning a valley changes"):
    check.letter(quiz_diagonal(), right="c", why={
        "a": "Gradient descent doesn't know where the axes are. Turn the valley, and its path turns with "
             "it, step by step.",
        "b": "That works only if the valley runs along an axis. In the diagonal one both parameters have "
             "the same scale, so dividing by it changes nothing about the shape.",
        "c": "In the figure it needed 90 steps along an axis and more than a thousand along the diagonal.",
        "d": "The entries do change, but the eigenvalues don't, and they set the limit."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 5.** What is the difference between Adam with an L2 penalty and AdamW?
#
# - **a**  None: weight decay is just another name for an L2 penalty.
# - **b**  An L2 penalty's decay is divided by the gradients' scale; AdamW's is not.
# - **c**  AdamW decays the running means $m$ and $v$ in addition to the weights.
# - **d**  AdamW doesn't multiply the decay by the learning rate, and an L2 penalty does.

# %% exercise: quiz_decay
def quiz_decay():
    """The letter of your answer to question 5, for example return "a"."""
    ### BEGIN SOLUTION
    return "b"
    ### END SOLUTION

# %% tests: quiz_decay, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_decay())
### BEGIN HIDDEN TESTS
with check("what decoupled means"):
    check.letter(quiz_decay(), right="b", why={
        "a": "For plain gradient descent that is true. With Adam, what is inside the gradient gets divided "
             "by its scale, and the two differ: 0.98 against 0.73 in the cell above.",
        "b": "Inside the gradient, the penalty goes through m and the square root of v. AdamW subtracts the "
             "decay by itself, the same share for every weight.",
        "c": "The running means forget at the pace of their betas in both. The decay touches only the "
             "weights.",
        "d": "In the form you built, lr multiplies the decay. What matters is what it is not divided by."})
### END HIDDEN TESTS

# %% [markdown]
# ## Questions people ask you
#
# Answer each one out loud before you open it.
#
# <details><summary>Which optimizer should I use?</summary>
#
# If you have no reason to do otherwise, AdamW with a learning rate around 0.001 to 0.003, a short warmup, and a cosine schedule.
# It works on the first try more often than anything else, which is not the same as being the best.
# Tuned SGD with momentum is as good on many image tasks and needs half the memory for its state.
# Whatever you choose, the learning rate matters more than the choice.
#
# **A good answer says:** a default with a learning rate: AdamW, warmup, a schedule; SGD with momentum is as good on many tasks, with less memory; the learning rate matters more than the choice.
# </details>
# <details><summary>What does the batch size change?</summary>
#
# Larger batches give less noisy gradients, but fewer steps per epoch, and they use parallel hardware better.
# A rule of thumb for SGD is to multiply the learning rate by the same factor as the batch size, as long as it stays stable.
# With small batches, the noise keeps the parameters moving about at the end of the training, unless the learning rate falls.
#
# **A good answer says:** less noise, but fewer steps per epoch, and better use of hardware; scale the learning rate with it, for SGD; small batches keep moving unless the rate falls.
# </details>
# <details><summary>What is the difference between gradient descent, SGD, and mini-batch SGD?</summary>
#
# They differ in how many examples one gradient is computed from: all of them, one, or a small batch.
# In practice everybody says SGD and means mini-batches.
# The update rule is the same.
#
# **A good answer says:** how many examples one gradient is computed from; in practice SGD means mini-batches; the update rule is the same.
# </details>
# <details><summary>Is Adam insensitive to the learning rate, so that I needn't tune it?</summary>
#
# No. On the digits, its accuracy fell above 0.03, just as SGD's did above 1.
# What Adam adapts is the *relative* scale of the parameters; the overall length of the step is still yours to choose.
#
# **A good answer says:** no: it adapts relative scales only; the overall step is yours to choose.
# </details>
# <details><summary>Why not use second derivatives, as in Newton's method?</summary>
#
# Newton's step $H^{-1}g$ undoes any valley, diagonal ones too, in a single step.
# But $H$ has $P^2$ entries for $P$ parameters: for a network with a million parameters that is $10^{12}$ numbers.
# RMSprop and Adam keep one scale per parameter, like an $H$ without its off-diagonal entries, and in a diagonal valley just those matter.
#
# **A good answer says:** Newton's step undoes any valley at once; the matrix has P² entries; Adam keeps one scale per parameter, without the off-diagonal entries.
# </details>

# %% [markdown]
# ## In an interview
#
# *Explain Adam line by line, and why its correction is there.*
#
# Answer in the cell below, in six to ten sentences.
# Write down the update, and say what each line contributes.
# Explain, with a number, what would go wrong in the first steps without the correction.
# Name one situation in which Adam does not help, or does harm.
# A teacher reads this answer; it is worth 3 points.
#
# <!-- A good answer says: the update, and what each line contributes; what goes wrong in the first steps without the correction, with a number; a case in which Adam doesn't help -->

# %% answer: interview_adam, 3 points [markdown]
# Adam keeps two running means for each parameter: m ← β₁m + (1 − β₁)g, of the gradients, and v ← β₂v + (1 − β₂)g², of their squares.
# m works like momentum: gradients that flip sign cancel, and those that agree remain, so it gives the direction.
# The root of v is the usual size of that parameter's gradient.
# The step is θ ← θ − lr · m̂ / (√v̂ + ε), so each parameter moves by about the learning rate, whatever the scale of its gradients, and ε prevents a division by zero.
# Both means start at 0 and are too small at first: for a constant gradient, m = (1 − β₁ᵗ)g, and likewise for v.
# Dividing by 1 − β₁ᵗ and 1 − β₂ᵗ makes them proper weighted means.
# Without it, v would be far too small in the first steps, more so than m: the first step would be 0.1/√0.001 ≈ 3.16 times too long, and it gets worse before it gets better.
# As t grows, the correction goes to 1.
# Adam's scales belong to single parameters, so in a valley that runs diagonally it is not much better than gradient descent with momentum; and an L2 penalty inside the gradient gets divided by the scale, which is why AdamW exists.
#
# ### BEGIN MARK SCHEME
# One point for each, half points where it is incomplete:
#
# 1. **Two means:** m and v with their formulas (or clear words), what each is for (direction, scale), and the update with the root, so that the size of a gradient cancels out.
# 2. **Correction:** both start at 0 and are too small; what is divided by and why exactly that; a consequence with a number (3.16 times too long, or m a tenth and v a thousandth after one step). "The steps would be too small" earns at most half: they are too long.
# 3. **Limits:** one real limit with its reason: valleys not along an axis, L2 inside the gradient (AdamW), the learning rate still has to be tuned, twice the memory, a step of about lr near the minimum.
#
# These cost the point in parentheses: m and v confused, or v taken for the variance around the mean (1); the correction explained as a guard against division by zero or as a learning-rate schedule (2); "Adam always finds the global minimum", or "with Adam the learning rate doesn't matter" (3).
# ### END MARK SCHEME

# %% [markdown]
# ## What to remember
#
# > - The steepest way down points across a narrow valley. Gradient descent is stable below $2/\lambda_\text{max}$, and the flat direction suffers from it.
# > - Momentum: $v \leftarrow \beta v + g$. Zigzags cancel, and where gradients agree, steps become $1/(1 - \beta)$ times as long.
# > - RMSprop and Adam divide by the usual size of each parameter's gradient, so a step is about as long as the learning rate. That helps in valleys along the axes, and not in diagonal ones.
# > - Adam's means start at 0; without bias correction the first step is 3.16 times too long.
# > - A mini-batch's gradient is noisy, but right on average.
# > - Weight decay belongs outside Adam's gradient: AdamW.
# > - Every optimizer has a learning rate to tune. Warmup makes large rates survivable, and a cosine lets the training settle.
#
# **Next:** [lesson 9, tuning](../09_tuning/09_tuning.ipynb): how to choose a learning rate and everything else without fooling yourself.
# **Back:** [lesson 7, regularization](../07_regularization/07_regularization.ipynb).
#
# <details><summary>Sources</summary>
#
# B. Polyak, "Some methods of speeding up the convergence of iteration methods" (1964). T. Tieleman and G. Hinton, "Lecture 6.5: RMSprop", Coursera (2012). D. Kingma and J. Ba, "Adam: a method for stochastic optimization" (2015). I. Loshchilov and F. Hutter, "SGDR: stochastic gradient descent with warm restarts" (2017) and "Decoupled weight decay regularization" (2019). P. Goyal and others, "Accurate, large minibatch SGD: training ImageNet in 1 hour" (2017), on warmup and batch size. A. Wilson and others, "The marginal value of adaptive gradient methods in machine learning" (2017). G. Goh, "Why momentum really works", Distill (2017). Data: scikit-learn's digits.
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

HandIn("08_optimizers")
