"""Wrong answers to the exercises of lesson 8, each with the hint that its author reads.

`NAME__LABEL` is a wrong answer to exercise NAME, written the way students write it, and its
docstring is the hint. `inputs_NAME` yields the arguments on which all of them differ from a right
answer and from each other; `fresh_NAME` makes the arguments of one call. An optimizer hands itself
a state from step to step, so `run_NAME` takes several steps with it, of two runs in turn, and
`view_NAME` looks at the parameters only. `run_minibatches` reduces random batches to what can be
said of them.
"""

import copy
import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from utils._diagnosis.draw import Draw

Array = np.ndarray


# What the optimizers share


def _walk(answer: Callable[..., Any], start: Any, gradients: list, *settings: Any) -> Any:
    """Return what the parameters are after each step of two runs in turn, in place of params.

    The last step is taken twice.

    settings: for each further argument of a step its value, or a list with one for each step.
    """
    runs: list[list] = [[start, None], [copy.deepcopy(start), None]]
    seen = []
    for t in range(len(gradients)):
        rest = [value[t] if isinstance(value, list) else value for value in settings]
        for k, grads in enumerate((gradients[t], gradients[-1 - t])):
            before = copy.deepcopy(runs[k][0]) if t else runs[k][0]
            again = copy.deepcopy(before)
            state = runs[k][1]
            result = answer(before, grads, state, *rest)
            if not isinstance(result, (tuple, list)) or len(result) != 2:
                return result
            runs[k] = [copy.deepcopy(result[0]), result[1]]
            seen.append(runs[k][0])
    # From the same state once more: whoever changes a state in place arrives elsewhere.
    return [*seen, copy.deepcopy(answer(again, copy.deepcopy(grads), state, *rest)[0])], None


def _parameters(result: Any) -> Any:
    """What matters of (params, state): a state is its author's own business."""
    if isinstance(result, (tuple, list)) and len(result) == 2:
        return result[0]
    return {"no pair": result}


def _series(rng: np.random.Generator, steps: int, shapes: tuple, size: float = 1.0) -> tuple:
    """Parameters, and their gradients in some steps."""
    return [rng.normal(size=shape) for shape in shapes], [
        [size * rng.normal(size=shape) for shape in shapes] for _ in range(steps)]


def _floats(values: Any) -> list:
    return [np.asarray(value, dtype=float) for value in values]


def _zeros(grads: list) -> list:
    return [np.zeros_like(g) for g in grads]


MIXED = ((2, 3), (3,), ())
ALIKE = ((3,), (3,), (3,))


# stable_lr


def fresh_stable_lr(draw: Draw) -> tuple:
    (d,) = draw.sizes("d")
    A = draw.values(d, d)
    return (draw.given(A.T @ A + np.eye(d, dtype=A.dtype)),)


def inputs_stable_lr(rng: np.random.Generator) -> Iterator[tuple]:
    for eigenvalues in ([1.0, 6.0], [0.3, 2.0, 5.0], [3.0, 8.0, 1.5, 0.7], [7.0]):
        Q, _ = np.linalg.qr(rng.normal(size=(len(eigenvalues), len(eigenvalues))))
        yield (Q @ np.diag(np.array(eigenvalues) * rng.uniform(1.0, 1.5)) @ Q.T,)
    yield (np.diag(rng.uniform(1.0, 9.0, size=4)),)


def stable_lr__one_over_the_largest(H):
    """You return 1 over the largest eigenvalue. There one step lands exactly at the bottom; up to
    which rate does it still get closer, on the other side?"""
    return float(1 / np.linalg.eigvalsh(H).max())


def stable_lr__two_over_the_trace(H):
    """You divide by the trace, which is the sum of all eigenvalues. Only the largest one sets the
    limit."""
    return float(2 / np.trace(H))


def stable_lr__two_over_the_largest_entry(H):
    """You divide by the largest entry of H. Entries depend on how the valley is turned; its
    steepness does not. Look at [[2, 1], [1, 2]] in the text."""
    return float(2 / np.max(H))


def stable_lr__two_over_the_smallest(H):
    """You divide by the smallest eigenvalue, so your limit is that of the flattest direction. The
    steepest one diverges first."""
    return float(2 / np.linalg.eigvalsh(H).min())


def stable_lr__two_over_the_frobenius_norm(H):
    """`np.linalg.norm` of a matrix is its Frobenius norm, which mixes all eigenvalues. You need the
    largest one by itself."""
    return float(2 / np.linalg.norm(H))


def stable_lr__two_over_the_largest_row_sum(H):
    """You divide by the largest sum of sizes in a row. The largest eigenvalue is never above that,
    so your rate is safe, but it is not the limit."""
    return float(2 / np.abs(H).sum(axis=1).max())


def stable_lr__two_over_the_determinant(H):
    """You divide by the determinant, the product of all eigenvalues. Only the largest one sets the
    limit."""
    return float(2 / np.linalg.det(H))


def stable_lr__upside_down(H):
    """Your number grows with the steepness: it is the largest eigenvalue over 2. The steeper the
    valley, the smaller the rate has to be."""
    return float(np.linalg.eigvalsh(H).max() / 2)


def stable_lr__the_best_rate(H):
    """2 over the sum of the smallest and the largest eigenvalue is the rate at which gradient
    descent is *fastest*. The exercise asks for the rate at which it stops being stable."""
    eigenvalues = np.linalg.eigvalsh(H)
    return float(2 / (eigenvalues[0] + eigenvalues[-1]))


def stable_lr__two_over_the_mean(H):
    """You divide by the mean of the eigenvalues. In a valley the steepest direction diverges long
    before the average one."""
    return float(2 / np.linalg.eigvalsh(H).mean())


def stable_lr__two_over_the_condition_number(H):
    """You divide by the condition number, the ratio of the largest eigenvalue to the smallest. It
    says how slow the walk is; the limit depends on the largest eigenvalue alone."""
    eigenvalues = np.linalg.eigvalsh(H)
    return float(2 * eigenvalues[0] / eigenvalues[-1])


def stable_lr__two_over_the_square(H):
    """You divide by the square of the largest eigenvalue. Check it with one parameter: for
    ½hθ² the limit is 2/h."""
    return float(2 / np.linalg.eigvalsh(H).max() ** 2)


def stable_lr__one_for_each_eigenvalue(H):
    """You return a limit for each eigenvalue. One learning rate serves all directions, so only the
    smallest of these limits counts."""
    return 2 / np.linalg.eigvalsh(H)


# momentum_step


def fresh_momentum_step(draw: Draw) -> tuple:
    shapes, beta = draw.shapes(), draw.between(0.3, 0.95)
    before = draw.arrays(shapes), draw.arrays(shapes), None, draw.between(0.05, 0.6), beta
    return (draw.arrays(shapes), draw.arrays(shapes), draw.state(*before),
            draw.between(0.05, 0.6), beta)


def inputs_momentum_step(rng: np.random.Generator) -> Iterator[tuple]:
    yield *_series(rng, 4, MIXED), 0.1
    yield *_series(rng, 4, ALIKE), [0.1, 0.3, 0.02, 0.2], 0.7
    yield *_series(rng, 3, ((4,),)), [0.2, 0.5, 0.1], 0.6


run_momentum_step, view_momentum_step = _walk, _parameters


def momentum_step__mean_of_gradients(params, grads, state, lr, beta=0.9):
    """You multiply the gradient by (1 - beta), so your velocity is a mean. In this lesson's formula
    the whole gradient is added; compare with the two steps done by hand."""
    v = [beta * v + (1 - beta) * g for v, g in zip(state or _zeros(grads), grads, strict=True)]
    return [p - lr * v for p, v in zip(params, v, strict=True)], v


def momentum_step__looks_ahead(params, grads, state, lr, beta=0.9):
    """You step by the gradient plus beta times the new velocity. That is Nesterov's momentum; here
    the step is the new velocity itself."""
    v = [beta * v + g for v, g in zip(state or _zeros(grads), grads, strict=True)]
    return [p - lr * (g + beta * v) for p, v, g in zip(params, v, grads, strict=True)], v


def momentum_step__rate_inside_the_velocity(params, grads, state, lr, beta=0.9):
    """Your learning rate is inside the velocity. As long as the rate stays the same you can't tell;
    when it changes, your old velocity still has the old rate in it."""
    v = [beta * v + lr * g for v, g in zip(state or _zeros(grads), grads, strict=True)]
    return [p - v for p, v in zip(params, v, strict=True)], v


def momentum_step__one_velocity_for_all(params, grads, state, lr, beta=0.9):
    """One velocity runs through all of your parameters: each of them inherits what the parameter
    before it left. Each parameter needs a velocity of its own."""
    v, new = 0.0 if state is None else state, []
    for p, g in zip(params, grads, strict=True):
        v = beta * v + g
        new.append(p - lr * v)
    return new, v


def momentum_step__one_number_for_each_parameter(params, grads, state, lr, beta=0.9):
    """Your velocity is a single number for each array, the mean over its gradients. Each *entry*
    has a velocity of its own."""
    old = [0.0] * len(grads) if state is None else state
    v = [beta * v + float(np.mean(g)) for v, g in zip(old, grads, strict=True)]
    return [p - lr * v for p, v in zip(params, v, strict=True)], v


def momentum_step__uphill(params, grads, state, lr, beta=0.9):
    """You walk uphill: the gradient points up, and the step is subtracted."""
    v = [beta * v + g for v, g in zip(state or _zeros(grads), grads, strict=True)]
    return [p + lr * v for p, v in zip(params, v, strict=True)], v


def momentum_step__parameters_in_place(params, grads, state, lr, beta=0.9):
    """You change the caller's parameters: `-=` on an array works in place. Make a new array with a
    plain minus sign."""
    v = [beta * v + g for v, g in zip(state or _zeros(grads), grads, strict=True)]
    for p, v_p in zip(params, v, strict=True):
        p -= lr * v_p
    return params, v


def momentum_step__state_in_place(params, grads, state, lr, beta=0.9):
    """You change the old state: `*=` and `+=` on an array work in place. Whoever takes the same
    step again, from the state that they kept, arrives elsewhere."""
    if state is None:
        state = [np.zeros(np.shape(g)) for g in grads]
    for v, g in zip(state, grads, strict=True):
        v *= beta
        v += g
    return [p - lr * v for p, v in zip(params, state, strict=True)], state


def momentum_step__gradients_in_place(params, grads, state, lr, beta=0.9):
    """You add the old velocity into the caller's gradients: `+=` on an array works in place. Make a
    new array."""
    for v, g in zip(state or _zeros(grads), grads, strict=True):
        g += beta * v
    return [p - lr * g for p, g in zip(params, grads, strict=True)], [g.copy() for g in grads]


def momentum_step__without_velocity(params, grads, state, lr, beta=0.9):
    """Your steps are those of plain gradient descent: nothing of the last step's velocity arrives
    in the next one. Do you return the new velocities as the state, and use them?"""
    return [p - lr * g for p, g in zip(params, grads, strict=True)], None


def momentum_step__gradient_for_state(params, grads, state, lr, beta=0.9):
    """Your first two steps are right, and the third is not: you return the gradients as the state,
    so only the last one is remembered. Return the new velocities."""
    v = [beta * v + g for v, g in zip(state or _zeros(grads), grads, strict=True)]
    return [p - lr * v for p, v in zip(params, v, strict=True)], [np.copy(g) for g in grads]


def momentum_step__last_steps_velocity(params, grads, state, lr, beta=0.9):
    """You step by the old velocity, and update it afterward. The gradient goes into the velocity
    first; then the new velocity makes the step."""
    old = state or _zeros(grads)
    new = [p - lr * v for p, v in zip(params, old, strict=True)]
    return new, [beta * v + g for v, g in zip(old, grads, strict=True)]


def momentum_step__always_nine_tenths(params, grads, state, lr, beta=0.9):
    """You keep 0.9 of the velocity whatever beta is. Use the argument."""
    v = [0.9 * v + g for v, g in zip(state or _zeros(grads), grads, strict=True)]
    return [p - lr * v for p, v in zip(params, v, strict=True)], v


def momentum_step__starts_with_the_gradient(params, grads, state, lr, beta=0.9):
    """Your velocity starts as the first gradient, so in the first step the gradient counts 1 + beta
    times. It starts at 0."""
    v = [beta * v + g for v, g in zip(state or grads, grads, strict=True)]
    return [p - lr * v for p, v in zip(params, v, strict=True)], v


def momentum_step__beta_on_the_gradient(params, grads, state, lr, beta=0.9):
    """You keep 1 - beta of the velocity and add beta times the gradient. It is the velocity that
    beta belongs to, and the gradient is added as it is."""
    v = [(1 - beta) * v + beta * g for v, g in zip(state or _zeros(grads), grads, strict=True)]
    return [p - lr * v for p, v in zip(params, v, strict=True)], v


def momentum_step__keeps_all_of_the_velocity(params, grads, state, lr, beta=0.9):
    """Your velocity never loses anything: it is the sum of all gradients. Each step keeps only beta
    of it."""
    v = [v + g for v, g in zip(state or _zeros(grads), grads, strict=True)]
    return [p - lr * v for p, v in zip(params, v, strict=True)], v


_kept = {"v": []}


def momentum_step__remembers_by_itself(params, grads, state, lr, beta=0.9):
    """Your velocity is in a variable outside of the function. Two networks that are trained side by
    side then share it. Return it as the state, and use the state that you are given."""
    old = _zeros(grads) if state is None else _kept["v"]
    _kept["v"] = [beta * v + g for v, g in zip(old, grads, strict=True)]
    return [p - lr * v for p, v in zip(params, _kept["v"], strict=True)], "outside"


def momentum_step__only_parameters(params, grads, state, lr, beta=0.9):
    """You return the new parameters only. The caller needs the pair (params, state), to hand the
    state back in the next step."""
    v = [beta * v + g for v, g in zip(state or _zeros(grads), grads, strict=True)]
    return [p - lr * v for p, v in zip(params, v, strict=True)]


def momentum_step__state_first(params, grads, state, lr, beta=0.9):
    """You return the state first and the parameters second. The pair is (params, state)."""
    v = [beta * v + g for v, g in zip(state or _zeros(grads), grads, strict=True)]
    return v, [p - lr * v for p, v in zip(params, v, strict=True)]


# rmsprop_step


def fresh_rmsprop_step(draw: Draw) -> tuple:
    shapes, rho, eps = draw.shapes(), draw.between(0.3, 0.98), draw.between(0.005, 0.3)
    before = draw.arrays(shapes), draw.arrays(shapes), None, draw.between(0.05, 0.6), rho, eps
    return (draw.arrays(shapes), draw.arrays(shapes), draw.state(*before),
            draw.between(0.05, 0.6), rho, eps)


def inputs_rmsprop_step(rng: np.random.Generator) -> Iterator[tuple]:
    yield *_series(rng, 4, MIXED), 0.1
    yield *_series(rng, 4, ALIKE), [0.1, 0.3, 0.02, 0.2], 0.8, 1e-3
    yield *_series(rng, 3, ((4,),), 1e-8), 1.0, 0.6, 1e-3
    params, gradients = _series(rng, 3, ((4,),))
    yield params, [[0.0 * gradients[0][0]], gradients[1], gradients[2]], 0.1, 0.7


run_rmsprop_step, view_rmsprop_step = _walk, _parameters


def _rms(params: list, grads: list, state: Any, lr: float, rho: float, *,
         square: Callable[..., Any], divide: Callable[..., Any]) -> tuple:
    """Square says what the new s is, of the old s and g; divide the step, of g and s."""
    old = [np.zeros(np.shape(g)) for g in grads] if state is None else state
    s = [square(s, g) for s, g in zip(old, _floats(grads), strict=True)]
    return [p - lr * divide(g, s) for p, g, s in zip(params, grads, s, strict=True)], s


def rmsprop_step__eps_under_the_root(params, grads, state, lr, rho=0.99, eps=1e-8):
    """Your eps is under the root. For gradients near eps that makes a large difference: it is added
    after the root is taken."""
    return _rms(params, grads, state, lr, rho,
                square=lambda s, g: rho * s + (1 - rho) * g ** 2,
                divide=lambda g, s: g / np.sqrt(s + eps))


def rmsprop_step__without_root(params, grads, state, lr, rho=0.99, eps=1e-8):
    """You divide by the mean square itself. Only its root has the size of a gradient; without
    the root, a small gradient makes a huge step."""
    return _rms(params, grads, state, lr, rho,
                square=lambda s, g: rho * s + (1 - rho) * g ** 2,
                divide=lambda g, s: g / (s + eps))


def rmsprop_step__whole_square_added(params, grads, state, lr, rho=0.99, eps=1e-8):
    """You add the whole squared gradient. Without the factor 1 - rho, s is no mean: for a constant
    gradient it becomes 1/(1 - rho) times too large."""
    return _rms(params, grads, state, lr, rho,
                square=lambda s, g: rho * s + g ** 2, divide=lambda g, s: g / (np.sqrt(s) + eps))


def rmsprop_step__sum_of_all_squares(params, grads, state, lr, rho=0.99, eps=1e-8):
    """You add up all squares and forget none. That is AdaGrad, whose steps get shorter forever;
    RMSprop keeps rho of the old mean and adds 1 - rho of the new square."""
    return _rms(params, grads, state, lr, rho,
                square=lambda s, g: s + g ** 2, divide=lambda g, s: g / (np.sqrt(s) + eps))


def rmsprop_step__last_steps_scale(params, grads, state, lr, rho=0.99, eps=1e-8):
    """You divide by the old s and update it afterward. In the first step that is a division by eps
    alone. Update s first, then use the new one."""
    old = _zeros(grads) if state is None else state
    new = [p - lr * g / (np.sqrt(s) + eps) for p, g, s in zip(params, grads, old, strict=True)]
    return new, [rho * s + (1 - rho) * g ** 2 for s, g in zip(old, grads, strict=True)]


def rmsprop_step__starts_at_one(params, grads, state, lr, rho=0.99, eps=1e-8):
    """Your s starts at 1. It starts at 0, and the first step then depends on the sign of the
    gradient only."""
    old = [np.ones(np.shape(g)) for g in grads] if state is None else state
    return _rms(params, grads, old, lr, rho,
                square=lambda s, g: rho * s + (1 - rho) * g ** 2,
                divide=lambda g, s: g / (np.sqrt(s) + eps))


def rmsprop_step__starts_with_the_first_square(params, grads, state, lr, rho=0.99, eps=1e-8):
    """Your s starts as the first squared gradient. That is a reasonable idea, but here it starts
    at 0, as the two steps by hand do."""
    old = [g ** 2 for g in _floats(grads)] if state is None else state
    return _rms(params, grads, old, lr, rho,
                square=lambda s, g: rho * s + (1 - rho) * g ** 2,
                divide=lambda g, s: g / (np.sqrt(s) + eps))


def rmsprop_step__mean_of_sizes(params, grads, state, lr, rho=0.99, eps=1e-8):
    """You keep a mean of absolute values. RMSprop keeps a mean of squares and takes its root."""
    return _rms(params, grads, state, lr, rho,
                square=lambda s, g: rho * s + (1 - rho) * np.abs(g),
                divide=lambda g, s: g / (s + eps))


def rmsprop_step__mean_of_gradients(params, grads, state, lr, rho=0.99, eps=1e-8):
    """You keep a mean of the gradients and square it later. Then gradients that flip sign cancel;
    square each one first."""
    return _rms(params, grads, state, lr, rho,
                square=lambda s, g: rho * s + (1 - rho) * g,
                divide=lambda g, s: g / (np.sqrt(s ** 2) + eps))


def rmsprop_step__one_scale_for_each_parameter(params, grads, state, lr, rho=0.99, eps=1e-8):
    """You average the squares over each whole array. Each *entry* has a scale of its own."""
    return _rms(params, grads, state, lr, rho,
                square=lambda s, g: rho * s + (1 - rho) * np.mean(g ** 2),
                divide=lambda g, s: g / (np.sqrt(s) + eps))


def rmsprop_step__without_eps(params, grads, state, lr, rho=0.99, eps=1e-8):
    """You don't use eps. A parameter whose gradients are all 0 then becomes nan: 0 divided by 0."""
    return _rms(params, grads, state, lr, rho,
                square=lambda s, g: rho * s + (1 - rho) * g ** 2,
                divide=lambda g, s: g / np.sqrt(s))


def rmsprop_step__at_least_eps(params, grads, state, lr, rho=0.99, eps=1e-8):
    """You divide by the larger of the root and eps. Here eps is *added* to the root."""
    return _rms(params, grads, state, lr, rho,
                square=lambda s, g: rho * s + (1 - rho) * g ** 2,
                divide=lambda g, s: g / np.maximum(np.sqrt(s), eps))


def rmsprop_step__eps_added_outside(params, grads, state, lr, rho=0.99, eps=1e-8):
    """Your eps is added after the division. Mind the brackets: the root plus eps is the
    denominator."""
    return _rms(params, grads, state, lr, rho,
                square=lambda s, g: rho * s + (1 - rho) * g ** 2,
                divide=lambda g, s: g / np.sqrt(s) + eps)


def rmsprop_step__uphill(params, grads, state, lr, rho=0.99, eps=1e-8):
    """You walk uphill: the step is subtracted."""
    return _rms(params, grads, state, -lr, rho,
                square=lambda s, g: rho * s + (1 - rho) * g ** 2,
                divide=lambda g, s: g / (np.sqrt(s) + eps))


def rmsprop_step__rho_on_the_square(params, grads, state, lr, rho=0.99, eps=1e-8):
    """You keep 1 - rho of the old mean and add rho times the new square. It is the other way
    around: rho says how much is kept."""
    return _rms(params, grads, state, lr, rho,
                square=lambda s, g: (1 - rho) * s + rho * g ** 2,
                divide=lambda g, s: g / (np.sqrt(s) + eps))


def rmsprop_step__bias_corrected(params, grads, state, lr, rho=0.99, eps=1e-8):
    """You correct for the start at 0, as Adam does. RMSprop has no such correction: its first steps
    are longer."""
    t, old = (0, _zeros(grads)) if state is None else state
    s = [rho * s + (1 - rho) * g ** 2 for s, g in zip(old, _floats(grads), strict=True)]
    return [p - lr * g / (np.sqrt(s / (1 - rho ** (t + 1))) + eps)
            for p, g, s in zip(params, grads, s, strict=True)], (t + 1, s)


def rmsprop_step__squared_step(params, grads, state, lr, rho=0.99, eps=1e-8):
    """You multiply by the squared gradient, which has lost its sign. The step goes along g; the
    square belongs only into s."""
    return _rms(params, grads, state, lr, rho,
                square=lambda s, g: rho * s + (1 - rho) * g ** 2,
                divide=lambda g, s: np.asarray(g) ** 2 / (np.sqrt(s) + eps))


def rmsprop_step__parameters_in_place(params, grads, state, lr, rho=0.99, eps=1e-8):
    """You change the caller's parameters: `-=` on an array works in place. Make a new array with a
    plain minus sign."""
    old = _zeros(grads) if state is None else state
    s = [rho * s + (1 - rho) * g ** 2 for s, g in zip(old, grads, strict=True)]
    for p, g, s_p in zip(params, grads, s, strict=True):
        p -= lr * g / (np.sqrt(s_p) + eps)
    return params, s


def rmsprop_step__state_in_place(params, grads, state, lr, rho=0.99, eps=1e-8):
    """You change the old state: `*=` and `+=` on an array work in place. Make new arrays."""
    s = [np.zeros(np.shape(g)) for g in grads] if state is None else state
    for s_p, g in zip(s, grads, strict=True):
        s_p *= rho
        s_p += (1 - rho) * np.asarray(g) ** 2
    return [p - lr * g / (np.sqrt(s) + eps) for p, g, s in zip(params, grads, s, strict=True)], s


def rmsprop_step__starts_again_each_step(params, grads, state, lr, rho=0.99, eps=1e-8):
    """Nothing of the old mean arrives in the next step: each of your steps is a first one. Return
    the new mean squares as the state, and use the state that you are given."""
    s = [(1 - rho) * g ** 2 for g in _floats(grads)]
    return [p - lr * g / (np.sqrt(s) + eps) for p, g, s in zip(params, grads, s, strict=True)], s


def rmsprop_step__only_parameters(params, grads, state, lr, rho=0.99, eps=1e-8):
    """You return the new parameters only. The caller needs the pair (params, state), to hand the
    state back in the next step."""
    return _rms(params, grads, state, lr, rho,
                square=lambda s, g: rho * s + (1 - rho) * g ** 2,
                divide=lambda g, s: g / (np.sqrt(s) + eps))[0]


# adam_step


def _fresh_adam(draw: Draw, *rates: float) -> tuple:
    shapes = draw.shapes()
    rest = (draw.between(0.3, 0.95), draw.between(0.4, 0.98), draw.between(0.005, 0.3))
    before = draw.arrays(shapes), draw.arrays(shapes), None, draw.between(0.05, 0.6), *rates, *rest
    return (draw.arrays(shapes), draw.arrays(shapes), draw.state(*before),
            draw.between(0.05, 0.6), *rates, *rest)


def fresh_adam_step(draw: Draw) -> tuple:
    return _fresh_adam(draw)


def inputs_adam_step(rng: np.random.Generator) -> Iterator[tuple]:
    yield *_series(rng, 4, MIXED), 0.1
    yield *_series(rng, 4, ALIKE), [0.1, 0.3, 0.02, 0.2], 0.8, 0.95, 1e-3
    yield *_series(rng, 3, ((4,),), 1e-8), 1.0, 0.6, 0.7, 1e-3
    params, gradients = _series(rng, 3, ((4,),))
    yield params, [[0.0 * gradients[0][0]], gradients[1], gradients[2]], 0.1


run_adam_step, view_adam_step = _walk, _parameters


def _adam(params: list, grads: list, state: Any, lr: float, beta1: float = 0.9,
          beta2: float = 0.999, eps: float = 1e-8, *, step: Callable[..., Any] | None = None,
          new_m: Callable[..., Any] | None = None,
          new_v: Callable[..., Any] | None = None) -> tuple:
    """Adam; step, new_m and new_v replace parts of it."""
    grads = _floats(grads)
    t, m, v = (0, _zeros(grads), _zeros(grads)) if state is None else state
    t = t + 1
    new_m = new_m or (lambda m, g: beta1 * m + (1 - beta1) * g)
    new_v = new_v or (lambda v, g: beta2 * v + (1 - beta2) * g ** 2)
    step = step or (lambda m, v, t: m / (1 - beta1 ** t) / (np.sqrt(v / (1 - beta2 ** t)) + eps))
    m = [new_m(m, g) for m, g in zip(m, grads, strict=True)]
    v = [new_v(v, g) for v, g in zip(v, grads, strict=True)]
    return [np.asarray(p, dtype=float) - lr * step(m, v, t)
            for p, m, v in zip(params, m, v, strict=True)], (t, m, v)


def adam_step__without_correction(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """You use m and v as they are. Both start at 0 and are too small at first, v even more than m,
    so your first step is 3.16 times too long."""
    return _adam(params, grads, state, lr, beta1, beta2, eps,
                 step=lambda m, v, t: m / (np.sqrt(v) + eps))


def adam_step__counts_from_zero(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """Your t is 0 in the first step, so you divide by 1 - beta ** 0, which is 0. Add 1 to t before
    you use it."""
    return _adam(params, grads, state, lr, beta1, beta2, eps,
                 step=lambda m, v, t: m / (1 - beta1 ** (t - 1)) / (
                     np.sqrt(v / (1 - beta2 ** (t - 1))) + eps))


def adam_step__counts_one_too_many(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """Your t is 2 in the first step. It counts the steps, this one included, so it begins at 1."""
    return _adam(params, grads, state, lr, beta1, beta2, eps,
                 step=lambda m, v, t: m / (1 - beta1 ** (t + 1)) / (
                     np.sqrt(v / (1 - beta2 ** (t + 1))) + eps))


def adam_step__counts_each_parameter(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """Your t goes up once for each parameter, because it is counted inside the loop over them. It
    counts calls: add 1 before the loop."""
    grads = _floats(grads)
    t, ms, vs = (0, _zeros(grads), _zeros(grads)) if state is None else state
    new, new_m, new_v = [], [], []
    for p, g, m, v in zip(params, grads, ms, vs, strict=True):
        t = t + 1
        new_m.append(beta1 * m + (1 - beta1) * g)
        new_v.append(beta2 * v + (1 - beta2) * g ** 2)
        new.append(p - lr * new_m[-1] / (1 - beta1 ** t) / (
            np.sqrt(new_v[-1] / (1 - beta2 ** t)) + eps))
    return new, (t, new_m, new_v)


def adam_step__beta_times_t(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """You correct by 1 - beta * t. It is a power: beta ** t. With a product the first step is
    right, and from the second on the correction is negative, so its root is nan."""
    return _adam(params, grads, state, lr, beta1, beta2, eps, step=lambda m, v, t: m / (
        1 - beta1 * t) / (np.sqrt(v / (1 - beta2 * t)) + eps))


def adam_step__corrects_as_in_the_first_step(params, grads, state, lr, beta1=0.9, beta2=0.999,
                                             eps=1e-8):
    """Your correction is always that of the first step: t never goes up. Keep it in the state."""
    return _adam(params, grads, state, lr, beta1, beta2, eps,
                 step=lambda m, v, t: m / (1 - beta1) / (np.sqrt(v / (1 - beta2)) + eps))


def adam_step__betas_swapped(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """Your two betas are swapped: beta1 belongs to the mean of the gradients, beta2 to the mean of
    their squares."""
    return _adam(params, grads, state, lr, beta2, beta1, eps)


def adam_step__eps_under_the_root(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """Your eps is under the root. For gradients near eps that makes a large difference: it is added
    after the root is taken."""
    return _adam(params, grads, state, lr, beta1, beta2, eps,
                 step=lambda m, v, t: m / (1 - beta1 ** t) / np.sqrt(v / (1 - beta2 ** t) + eps))


def adam_step__eps_before_the_correction(params, grads, state, lr, beta1=0.9, beta2=0.999,
                                         eps=1e-8):
    """You add eps to the root of the *uncorrected* v and put the corrections into the learning
    rate. That is nearly the same for a tiny eps; but v is corrected first, then eps is added."""
    return _adam(params, grads, state, lr, beta1, beta2, eps,
                 step=lambda m, v, t: math.sqrt(1 - beta2 ** t) / (1 - beta1 ** t) * m / (
                     np.sqrt(v) + eps))


def adam_step__corrected_means_kept(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """You keep the corrected means as the state, so the next step corrects them a second time. Put
    them into new variables, and return m and v uncorrected."""
    new, (t, m, v) = _adam(params, grads, state, lr, beta1, beta2, eps)
    return new, (t, [m / (1 - beta1 ** t) for m in m], [v / (1 - beta2 ** t) for v in v])


def adam_step__corrects_only_the_mean(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """You correct m and not v. Both start at 0, so both need it."""
    return _adam(params, grads, state, lr, beta1, beta2, eps,
                 step=lambda m, v, t: m / (1 - beta1 ** t) / (np.sqrt(v) + eps))


def adam_step__corrects_only_the_square(params, grads, state, lr, beta1=0.9, beta2=0.999,
                                        eps=1e-8):
    """You correct v and not m. Both start at 0, so both need it."""
    return _adam(params, grads, state, lr, beta1, beta2, eps,
                 step=lambda m, v, t: m / (np.sqrt(v / (1 - beta2 ** t)) + eps))


def adam_step__corrects_after_the_root(params, grads, state, lr, beta1=0.9, beta2=0.999,
                                       eps=1e-8):
    """You take the root of v first and divide by 1 - beta2 ** t afterward. The correction belongs
    to v itself, under the root."""
    return _adam(params, grads, state, lr, beta1, beta2, eps,
                 step=lambda m, v, t: m / (1 - beta1 ** t) / (
                     np.sqrt(v) / (1 - beta2 ** t) + eps))


def adam_step__multiplied_by_t(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """Your correction is 1 - beta * t. It is beta to the *power* t: `beta ** t`."""
    return _adam(params, grads, state, lr, beta1, beta2, eps,
                 step=lambda m, v, t: m / (1 - beta1 * t) / (
                     np.sqrt(np.abs(v / (1 - beta2 * t))) + eps))


def adam_step__plain_gradient_on_top(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """Your step goes along the latest gradient, and m is never used. The numerator is the corrected
    mean of the gradients."""
    return _adam(params, grads, state, lr, beta1, beta2, eps, new_m=lambda m, g: g,
                 step=lambda m, v, t: m / (np.sqrt(v / (1 - beta2 ** t)) + eps))


def adam_step__without_root(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """You divide by the mean square itself. Only its root has the size of a gradient."""
    return _adam(params, grads, state, lr, beta1, beta2, eps,
                 step=lambda m, v, t: m / (1 - beta1 ** t) / (v / (1 - beta2 ** t) + eps))


def adam_step__whole_gradient_added(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """Your m adds the whole gradient, as momentum does. In Adam it is a mean: the gradient counts
    1 - beta1."""
    return _adam(params, grads, state, lr, beta1, beta2, eps, new_m=lambda m, g: beta1 * m + g)


def adam_step__mean_of_gradients_squared(params, grads, state, lr, beta1=0.9, beta2=0.999,
                                         eps=1e-8):
    """Your v averages the gradients themselves and not their squares. Square each gradient before
    it goes into v."""
    return _adam(params, grads, state, lr, beta1, beta2, eps,
                 new_v=lambda v, g: beta2 * v + (1 - beta2) * np.abs(g))


def adam_step__largest_square_kept(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """Your v never becomes smaller: you keep the largest so far. That is AMSGrad; Adam's v is a
    mean that also forgets."""
    return _adam(params, grads, state, lr, beta1, beta2, eps,
                 new_v=lambda v, g: np.maximum(v, beta2 * v + (1 - beta2) * g ** 2))


def adam_step__without_eps(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """You don't use eps. A parameter whose gradients are all 0 then becomes nan: 0 divided by 0."""
    return _adam(params, grads, state, lr, beta1, beta2, 0.0)


def adam_step__betas_ignored(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """You use 0.9 and 0.999 whatever beta1 and beta2 are. Use the arguments."""
    return _adam(params, grads, state, lr, 0.9, 0.999, eps)


def adam_step__uphill(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """You walk uphill: the step is subtracted."""
    return _adam(params, grads, state, -lr, beta1, beta2, eps)


def adam_step__one_scale_for_each_parameter(params, grads, state, lr, beta1=0.9, beta2=0.999,
                                            eps=1e-8):
    """You average the squares over each whole array. Each *entry* has a scale of its own."""
    return _adam(params, grads, state, lr, beta1, beta2, eps,
                 new_v=lambda v, g: beta2 * v + (1 - beta2) * np.mean(g ** 2))


def adam_step__parameters_in_place(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """You change the caller's parameters. Make new arrays: `-=` and `p[...] =` work in place."""
    new, state = _adam(params, grads, state, lr, beta1, beta2, eps)
    for p, value in zip(params, new, strict=True):
        p[...] = value
    return params, state


def adam_step__state_in_place(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """You change the old state: a list or a dict that you keep writing into, or arrays with `*=`
    and `+=`. Make a new state in each step."""
    if state is None:
        state = {"t": 0, "m": _zeros(_floats(grads)), "v": _zeros(_floats(grads))}
    new, (state["t"], state["m"], state["v"]) = _adam(
        params, grads, (state["t"], state["m"], state["v"]), lr, beta1, beta2, eps)
    return new, state


def adam_step__starts_again_each_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """Each of your steps is a first one: nothing of the state arrives. Return t, m, and v, and use
    them in the next step."""
    return _adam(params, grads, None, lr, beta1, beta2, eps)


_remembered = {"state": None}


def adam_step__remembers_by_itself(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """Your means are in a variable outside of the function. Two networks that are trained side by
    side then share them. Return them as the state, and use the state that you are given."""
    old = None if state is None else _remembered["state"]
    new, _remembered["state"] = _adam(params, grads, old, lr, beta1, beta2, eps)
    return new, "outside"


def adam_step__only_parameters(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """You return the new parameters only. The caller needs the pair (params, state), to hand the
    state back in the next step."""
    return _adam(params, grads, state, lr, beta1, beta2, eps)[0]


# minibatches


def fresh_minibatches(draw: Draw) -> tuple:
    return draw.integer(1, 30), draw.integer(1, 9), draw.generator()


def inputs_minibatches(rng: np.random.Generator) -> Iterator[tuple]:
    for n, batch_size in ((61, 8), (60, 12), (90, 45), (5, 40)):
        yield n, batch_size, int(rng.integers(1000))


def run_minibatches(answer: Callable[..., Any], n: int, batch_size: int, seed: int) -> dict:
    """What can be said of an answer's batches that does not depend on chance."""
    rng = np.random.default_rng(seed)
    first = answer(n, batch_size, rng)
    if not isinstance(first, (list, tuple)) or not all(
            isinstance(b, (list, np.ndarray)) for b in first):
        return {"kind": type(first).__name__}
    order = np.concatenate([np.asarray(b, dtype=float) for b in first])
    seen = {"kinds": "".join(sorted({np.asarray(b).dtype.kind for b in first if len(b)})),
            "batches": sorted({type(b).__name__ for b in first}), "sizes": [len(b) for b in first],
            "range": [str(order.min() < 0), str(order.max() >= n)],
            "unlike": str(len(np.unique(order)) == len(order)),
            "unlike in a batch": str(all(len(np.unique(b)) == len(b) for b in first))}
    if n < 50:
        return seen
    neighbors = float(np.mean(np.diff(order) == 1))
    seen["neighbors"] = "all" if neighbors == 1 else "many" if neighbors > 0.5 else "few"
    seen["moved"] = str(float(np.mean(np.abs(order[:n] - np.arange(len(order[:n]))))) > n / 6)
    seen["first block"] = str(bool(first[0].max() < batch_size)
                              if isinstance(first[0], np.ndarray) else None)
    for name, generator in (("again", np.random.default_rng(seed)), ("next", rng)):
        batches = answer(n, batch_size, generator)
        seen[name] = str(np.array_equal(order, np.concatenate(batches)))
    return seen


def minibatches__last_piece_dropped(n, batch_size, rng):
    """Your last batch is missing when batch_size doesn't divide n, so some examples are never
    seen. It is shorter, but it counts."""
    order = rng.permutation(n)
    return [order[k * batch_size:(k + 1) * batch_size] for k in range(n // batch_size)]


def minibatches__with_replacement(n, batch_size, rng):
    """You draw each batch at random with replacement: in an epoch some examples come twice and
    others not at all. Shuffle all of them once, and cut."""
    return [rng.integers(0, n, size=min(batch_size, n - first))
            for first in range(0, n, batch_size)]


def minibatches__not_shuffled(n, batch_size, rng):
    """Your batches are blocks of neighbors in the old order. Shuffle before you cut: data are
    often sorted, by class for example."""
    return [np.arange(first, min(first + batch_size, n)) for first in range(0, n, batch_size)]


def minibatches__without_rng(n, batch_size, rng):
    """You never use `rng`: your order comes from np.random or from Python's own random numbers.
    Draw from the generator that is handed in, so that a run can be repeated."""
    order = np.random.permutation(n)  # noqa: NPY002  # the mistake
    return [order[first:first + batch_size] for first in range(0, n, batch_size)]


def minibatches__the_same_order_each_time(n, batch_size, rng):
    """Your order is the same in each epoch, because you make a generator of your own with a fixed
    seed. Draw from `rng`."""
    order = np.random.default_rng(0).permutation(n)
    return [order[first:first + batch_size] for first in range(0, n, batch_size)]


def minibatches__shuffled_anew_for_each_piece(n, batch_size, rng):
    """You shuffle again for each batch, so one example can be in two of them, and another in none.
    Shuffle once, then cut."""
    return [rng.permutation(n)[first:first + batch_size] for first in range(0, n, batch_size)]


def minibatches__empty_last_piece(n, batch_size, rng):
    """Your last batch is empty when batch_size divides n. A mean over no examples is nan; where
    does the last batch begin?"""
    order = rng.permutation(n)
    return [order[k * batch_size:(k + 1) * batch_size] for k in range(n // batch_size + 1)]


def minibatches__blocks_in_random_order(n, batch_size, rng):
    """You put the batches into a random order, but each of them is still a block of neighbors. It
    is the examples that have to be mixed."""
    blocks = [np.arange(first, min(first + batch_size, n)) for first in range(0, n, batch_size)]
    if len(blocks) > 1:
        blocks = [blocks[k] for k in rng.permutation(len(blocks) - 1)] + blocks[-1:]
    return blocks


def minibatches__blocks_in_random_order_short_one_too(n, batch_size, rng):
    """You cut first and shuffle the batches: each is still a block of neighbors, and the short one
    comes anywhere. It is the examples that have to be mixed, before you cut."""
    starts = np.arange(0, n, batch_size)
    return [np.arange(first, min(first + batch_size, n)) for first in rng.permutation(starts)]


def minibatches__shuffled_inside_the_batches(n, batch_size, rng):
    """You cut first and shuffle each batch by itself. Then the same examples are together in each
    epoch; shuffle all of them before you cut."""
    return [first + rng.permutation(min(batch_size, n - first))
            for first in range(0, n, batch_size)]


def minibatches__that_many_batches(n, batch_size, rng):
    """You make batch_size batches. It is the number of examples *in* a batch, not the number of
    batches."""
    return np.array_split(rng.permutation(n), batch_size)


def minibatches__even_sizes(n, batch_size, rng):
    """Your batches are all about equally long. All but the last have exactly batch_size examples,
    and the last one gets what is left."""
    return np.array_split(rng.permutation(n), -(-n // batch_size))


def minibatches__numbers_from_one(n, batch_size, rng):
    """Your numbers go from 1 to n. Indices go from 0 to n - 1."""
    order = rng.permutation(n) + 1
    return [order[first:first + batch_size] for first in range(0, n, batch_size)]


def minibatches__last_piece_filled_up(n, batch_size, rng):
    """You fill up the last batch with examples from the beginning, so these are seen twice. The
    last batch may be shorter."""
    order = rng.permutation(n)
    return [np.take(order, range(first, first + batch_size), mode="wrap")
            for first in range(0, n, batch_size)]


def minibatches__only_the_first(n, batch_size, rng):
    """You return one batch only. An epoch needs all of them: every example once."""
    return [rng.permutation(n)[:batch_size]]


def minibatches__lists_for_arrays(n, batch_size, rng):
    """Your batches are lists. Return arrays of ints."""
    order = rng.permutation(n).tolist()
    return [order[first:first + batch_size] for first in range(0, n, batch_size)]


def minibatches__floats(n, batch_size, rng):
    """Your numbers are floats, and NumPy refuses a float as an index. Keep them ints."""
    order = rng.permutation(n).astype(float)
    return [order[first:first + batch_size] for first in range(0, n, batch_size)]


def minibatches__one_array(n, batch_size, rng):
    """You return the shuffled numbers in one piece. Cut them into batches of batch_size."""
    return rng.permutation(n)


# adamw_step


def fresh_adamw_step(draw: Draw) -> tuple:
    return _fresh_adam(draw, draw.between(0.05, 0.7))


def inputs_adamw_step(rng: np.random.Generator) -> Iterator[tuple]:
    yield *_series(rng, 4, MIXED), 0.1, 0.4
    yield *_series(rng, 4, ALIKE), [0.1, 0.3, 0.02, 0.2], [0.5, 0.1, 2.0, 0.3], 0.8, 0.95, 1e-3
    yield *_series(rng, 3, ((4,),), 1e-8), 1.0, 0.3, 0.6, 0.7, 1e-3


run_adamw_step, view_adamw_step = _walk, _parameters


def _decayed(params: list, grads: list, state: Any, lr: float, betas: tuple,
             decay: Callable[[Array], Any]) -> tuple:
    """Adam's step, less what decay says of each old parameter."""
    new, state = _adam(params, grads, state, lr, *betas)
    return [n - decay(np.asarray(p, dtype=float)) for n, p in zip(new, params, strict=True)], state


def adamw_step__decay_in_the_gradient(params, grads, state, lr, weight_decay, beta1=0.9,
                                      beta2=0.999, eps=1e-8):
    """You add the decay to the gradient, as an L2 penalty does. Adam then divides it by the scale
    of the gradients, and that is what AdamW avoids: subtract it from the parameter instead."""
    grads = [g + weight_decay * p for p, g in zip(_floats(params), _floats(grads), strict=True)]
    return _adam(params, grads, state, lr, beta1, beta2, eps)


def adamw_step__without_rate(params, grads, state, lr, weight_decay, beta1=0.9, beta2=0.999,
                             eps=1e-8):
    """You subtract weight_decay times the parameter. In this form the decay is multiplied by the
    learning rate as well."""
    return _decayed(params, grads, state, lr, (beta1, beta2, eps), lambda p: weight_decay * p)


def adamw_step__divided_by_the_scale(params, grads, state, lr, weight_decay, beta1=0.9,
                                     beta2=0.999, eps=1e-8):
    """You divide the decay by the root of the corrected v. It is outside of Adam's fraction: every
    weight loses the same share."""
    new, (t, m, v) = _adam(params, grads, state, lr, beta1, beta2, eps)
    return [n - lr * weight_decay * p / (np.sqrt(v / (1 - beta2 ** t)) + eps)
            for n, p, v in zip(new, _floats(params), v, strict=True)], (t, m, v)


def adamw_step__from_the_new_parameters(params, grads, state, lr, weight_decay, beta1=0.9,
                                        beta2=0.999, eps=1e-8):
    """You take the decay from the parameters *after* Adam's step. It is taken from the old ones."""
    new, state = _adam(params, grads, state, lr, beta1, beta2, eps)
    return [(1 - lr * weight_decay) * n for n in new], state


def adamw_step__growing(params, grads, state, lr, weight_decay, beta1=0.9, beta2=0.999, eps=1e-8):
    """Your weights grow: the decay is subtracted, so that they shrink toward 0."""
    return _decayed(params, grads, state, lr, (beta1, beta2, eps), lambda p: -lr * weight_decay * p)


def adamw_step__without_decay(params, grads, state, lr, weight_decay, beta1=0.9, beta2=0.999,
                              eps=1e-8):
    """Your step is plain Adam: weight_decay is not used."""
    return _adam(params, grads, state, lr, beta1, beta2, eps)


def adamw_step__half_the_decay(params, grads, state, lr, weight_decay, beta1=0.9, beta2=0.999,
                               eps=1e-8):
    """Your decay is half of what it should be. The half of the L2 penalty is gone once you take its
    gradient."""
    return _decayed(params, grads, state, lr, (beta1, beta2, eps),
                    lambda p: lr * weight_decay / 2 * p)


def adamw_step__twice_the_decay(params, grads, state, lr, weight_decay, beta1=0.9, beta2=0.999,
                                eps=1e-8):
    """Your decay is twice what it should be. It is lr times weight_decay times the parameter."""
    return _decayed(params, grads, state, lr, (beta1, beta2, eps),
                    lambda p: 2 * lr * weight_decay * p)


def adamw_step__rate_squared(params, grads, state, lr, weight_decay, beta1=0.9, beta2=0.999,
                             eps=1e-8):
    """Your decay has the learning rate in it twice. Once is enough."""
    return _decayed(params, grads, state, lr, (beta1, beta2, eps),
                    lambda p: lr ** 2 * weight_decay * p)


def adamw_step__only_matrices(params, grads, state, lr, weight_decay, beta1=0.9, beta2=0.999,
                              eps=1e-8):
    """You let only the matrices decay and leave the biases alone. People do that on purpose, but
    this function decays every parameter that it is given."""
    return _decayed(params, grads, state, lr, (beta1, beta2, eps),
                    lambda p: lr * weight_decay * p * (p.ndim > 1))


def adamw_step__the_same_for_all_sizes(params, grads, state, lr, weight_decay, beta1=0.9,
                                       beta2=0.999, eps=1e-8):
    """You subtract the same amount from each weight, by its sign. That is an L1 penalty; here a
    weight loses a share of its size."""
    return _decayed(params, grads, state, lr, (beta1, beta2, eps),
                    lambda p: lr * weight_decay * np.sign(p))


def adamw_step__squared_weights(params, grads, state, lr, weight_decay, beta1=0.9, beta2=0.999,
                                eps=1e-8):
    """You subtract the squared parameters. The penalty is made of squares; its gradient is the
    parameter itself."""
    return _decayed(params, grads, state, lr, (beta1, beta2, eps),
                    lambda p: lr * weight_decay * p ** 2)


def adamw_step__betas_not_passed_on(params, grads, state, lr, weight_decay, beta1=0.9, beta2=0.999,
                                    eps=1e-8):
    """You call Adam without beta1, beta2, and eps, so it uses its own defaults. Pass them on."""
    return _decayed(params, grads, state, lr, (), lambda p: lr * weight_decay * p)


def adamw_step__eps_not_passed_on(params, grads, state, lr, weight_decay, beta1=0.9, beta2=0.999,
                                  eps=1e-8):
    """You call Adam without eps, so it uses its own default. Pass it on."""
    return _decayed(params, grads, state, lr, (beta1, beta2), lambda p: lr * weight_decay * p)


def adamw_step__starts_again_each_step(params, grads, state, lr, weight_decay, beta1=0.9,
                                       beta2=0.999, eps=1e-8):
    """Each of your steps is a first one: you don't pass the state on, or don't return Adam's."""
    return _decayed(params, grads, None, lr, (beta1, beta2, eps), lambda p: lr * weight_decay * p)


def adamw_step__adam_without_correction(params, grads, state, lr, weight_decay, beta1=0.9,
                                        beta2=0.999, eps=1e-8):
    """Your decay is right, but Adam's step lacks the bias correction. Call your `adam_step`, which
    has it."""
    new, state = _adam(params, grads, state, lr, beta1, beta2, eps,
                       step=lambda m, v, t: m / (np.sqrt(v) + eps))
    return [n - lr * weight_decay * p for n, p in zip(new, _floats(params), strict=True)], state


def adamw_step__parameters_in_place(params, grads, state, lr, weight_decay, beta1=0.9, beta2=0.999,
                                    eps=1e-8):
    """You shrink the caller's own parameters: `*=` and `-=` on an array work in place. Make new
    arrays."""
    new, state = _adam(params, grads, state, lr, beta1, beta2, eps)
    for p, n in zip(params, new, strict=True):
        p[...] = n - lr * weight_decay * p
    return params, state


def adamw_step__only_parameters(params, grads, state, lr, weight_decay, beta1=0.9, beta2=0.999,
                                eps=1e-8):
    """You return the new parameters only. The caller needs the pair (params, state)."""
    return _decayed(params, grads, state, lr, (beta1, beta2, eps),
                    lambda p: lr * weight_decay * p)[0]


# warmup_cosine


def fresh_warmup_cosine(draw: Draw) -> tuple:
    total = draw.integer(2, 30)
    warmup = draw.integer(0, total - 1)
    return (draw.integer(0, total + 3), total, warmup, draw.between(0.3, 1.2),
            draw.between(0.02, 0.28))


def inputs_warmup_cosine(rng: np.random.Generator) -> Iterator[tuple]:
    high, low = float(rng.uniform(0.5, 0.9)), float(rng.uniform(0.1, 0.2))
    for step in (0, 2, 4, 5, 6, 9, 12, 13, 14, 15, 20):
        yield step, 14, 5, high, low
        yield step, 14, 5, high
    for step in (0, 3, 8, 9):
        yield step, 8, 0, high, low
    yield 9, 8, 2, 3, 1
    yield 9, 8, 2, 3, 0


def _cosine(share: float, high: float, low: float) -> float:
    return float(low + (high - low) * (1 + math.cos(math.pi * share)) / 2)


def _schedule(step: int, total: int, warmup: int, high: float, low: float, *,
              rise: Callable[[], float] | None = None,
              fall: Callable[[float], float] | None = None) -> float:
    """The right one; rise and fall (of the share that is done) replace its two parts."""
    if step < warmup:
        return rise() if rise else float(high * (step + 1) / warmup)
    if step >= total:
        return float(low)
    share = (step - warmup) / (total - warmup)
    return fall(share) if fall else _cosine(share, high, low)


def warmup_cosine__first_step_zero(step, total, warmup, lr_max, lr_min=0.0):
    """Your first rate is 0, so the first step is wasted, and the maximum comes one step late. It
    rises with step + 1."""
    return _schedule(step, total, warmup, lr_max, lr_min,
                     rise=lambda: float(lr_max * step / warmup))


def warmup_cosine__cosine_from_the_start(step, total, warmup, lr_max, lr_min=0.0):
    """Your cosine runs from step 0 to total, so after the warmup it has fallen already. It begins
    at lr_max when the warmup ends."""
    return _schedule(step, total, warmup, lr_max, lr_min,
                     fall=lambda share: _cosine(step / total, lr_max, lr_min))


def warmup_cosine__cosine_as_long_as_total(step, total, warmup, lr_max, lr_min=0.0):
    """Your cosine starts at the right step but takes `total` steps, so it never gets down to
    lr_min. Only total - warmup steps are left."""
    return _schedule(step, total, warmup, lr_max, lr_min,
                     fall=lambda share: _cosine((step - warmup) / total, lr_max, lr_min))


def warmup_cosine__whole_period(step, total, warmup, lr_max, lr_min=0.0):
    """Your cosine goes down and up again: it runs through a whole period, 2π. Half a period is
    π."""
    return _schedule(step, total, warmup, lr_max, lr_min,
                     fall=lambda share: _cosine(2 * share, lr_max, lr_min))


def warmup_cosine__quarter_period(step, total, warmup, lr_max, lr_min=0.0):
    """You use a quarter of a period, from 1 to 0. It is half a period, from 1 to -1, moved up by 1
    and halved."""
    return _schedule(step, total, warmup, lr_max, lr_min, fall=lambda share: float(
        lr_min + (lr_max - lr_min) * math.cos(math.pi / 2 * share)))


def warmup_cosine__minimum_on_top(step, total, warmup, lr_max, lr_min=0.0):
    """You add lr_min to a cosine that starts at lr_max, so you begin above lr_max. The cosine
    covers the difference of the two."""
    return _schedule(step, total, warmup, lr_max, lr_min,
                     fall=lambda share: lr_min + _cosine(share, lr_max, 0.0))


def warmup_cosine__minimum_as_a_floor(step, total, warmup, lr_max, lr_min=0.0):
    """Your cosine goes down to 0 and is cut off at lr_min. It should arrive at lr_min exactly at
    the end."""
    return _schedule(step, total, warmup, lr_max, lr_min,
                     fall=lambda share: max(float(lr_min), _cosine(share, lr_max, 0.0)))


def warmup_cosine__minimum_ignored(step, total, warmup, lr_max, lr_min=0.0):
    """You never use lr_min: your rate falls to 0."""
    return _schedule(step, total, warmup, lr_max, 0.0)


def warmup_cosine__degrees(step, total, warmup, lr_max, lr_min=0.0):
    """You put 180 degrees into the cosine. `np.cos` and `math.cos` expect radians: half a period is
    π."""
    return _schedule(step, total, warmup, lr_max, lr_min, fall=lambda share: float(
        lr_min + (lr_max - lr_min) * (1 + math.cos(180 * share)) / 2))


def warmup_cosine__an_int_at_the_end(step, total, warmup, lr_max, lr_min=0.0):
    """After the end you return lr_min as it is, an int when it is an int. Make it a float."""
    return lr_min if step >= total else _schedule(step, total, warmup, lr_max, lr_min)


def warmup_cosine__up_again_after_the_end(step, total, warmup, lr_max, lr_min=0.0):
    """After the end your rate goes up again, because the cosine does. From `total` on it stays at
    lr_min."""
    if step < warmup:
        return float(lr_max * (step + 1) / warmup)
    return _cosine((step - warmup) / (total - warmup), lr_max, lr_min)


def warmup_cosine__first_step_zero_and_up_again(step, total, warmup, lr_max, lr_min=0.0):
    """There are two mistakes. Your first rate is 0: the rise is proportional to step + 1. And after
    the end your rate goes up again, because the cosine does: from `total` on it stays at
    lr_min."""
    if step < warmup:
        return float(lr_max * step / warmup)
    return _cosine((step - warmup) / (total - warmup), lr_max, lr_min)


def warmup_cosine__zero_after_the_end(step, total, warmup, lr_max, lr_min=0.0):
    """After the end your rate is 0. It stays at lr_min."""
    return 0.0 if step >= total else _schedule(step, total, warmup, lr_max, lr_min)


def warmup_cosine__straight_down(step, total, warmup, lr_max, lr_min=0.0):
    """Your rate falls along a straight line. It follows half a cosine: slowly at first, and slowly
    at the end."""
    return _schedule(step, total, warmup, lr_max, lr_min,
                     fall=lambda share: float(lr_max + (lr_min - lr_max) * share))


def warmup_cosine__rises_from_the_minimum(step, total, warmup, lr_max, lr_min=0.0):
    """Your warmup starts from lr_min. In the formula it rises in proportion to step + 1, and lr_min
    plays no part in it."""
    return _schedule(step, total, warmup, lr_max, lr_min,
                     rise=lambda: float(lr_min + (lr_max - lr_min) * (step + 1) / warmup))


def warmup_cosine__without_warmup(step, total, warmup, lr_max, lr_min=0.0):
    """You leave the warmup out: before it ends, your rate is lr_max already."""
    return _schedule(step, total, warmup, lr_max, lr_min, rise=lambda: float(lr_max))


def warmup_cosine__twice_as_large(step, total, warmup, lr_max, lr_min=0.0):
    """1 + cos runs from 2 to 0, so your rate starts at twice the maximum. Halve it."""
    return _schedule(step, total, warmup, lr_max, lr_min, fall=lambda share: float(
        lr_min + (lr_max - lr_min) * (1 + math.cos(math.pi * share))))


def warmup_cosine__upside_down(step, total, warmup, lr_max, lr_min=0.0):
    """Your cosine rises from lr_min to lr_max. It should fall: mind the sign before the cosine."""
    return _schedule(step, total, warmup, lr_max, lr_min,
                     fall=lambda share: _cosine(1 - share, lr_max, lr_min))


def warmup_cosine__above_the_maximum(step, total, warmup, lr_max, lr_min=0.0):
    """At step = warmup you are still rising and go above lr_max. The warmup is over there: compare
    with < and not with <=."""
    if step == warmup and warmup:
        return float(lr_max * (step + 1) / warmup)
    return _schedule(step, total, warmup, lr_max, lr_min)


def warmup_cosine__one_step_early(step, total, warmup, lr_max, lr_min=0.0):
    """Your cosine reaches lr_min one step early, at total - 1. It gets there at total."""
    return _schedule(step, total, warmup, lr_max, lr_min, fall=lambda share: _cosine(
        min(1.0, (step - warmup) / max(1, total - 1 - warmup)), lr_max, lr_min))


def warmup_cosine__cosine_itself(step, total, warmup, lr_max, lr_min=0.0):
    """A cosine goes from 1 down to -1, so halfway your rate falls below lr_min. What turns it into
    something that goes from 1 down to 0?"""
    return _schedule(step, total, warmup, lr_max, lr_min, fall=lambda share: float(
        lr_min + (lr_max - lr_min) * math.cos(math.pi * share)))


def warmup_cosine__needs_a_warmup(step, total, warmup, lr_max, lr_min=0.0):
    """With warmup = 0 your function divides by zero. Divide by warmup only where there is one."""
    rise = (step + 1) / warmup
    return float(lr_max * rise) if rise <= 1 else _schedule(step, total, warmup, lr_max, lr_min)
