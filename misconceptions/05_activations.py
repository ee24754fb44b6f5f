"""Wrong answers to the exercises of lesson 5, each with the hint that its author reads.

`NAME__LABEL` is a wrong answer to exercise NAME, written the way students write it (so without
annotations), and its docstring is the hint. `inputs_NAME` yields the arguments on which all of them
differ from a right answer and from each other.

The inputs are float arrays wherever two ways to write the *same* mistake treat lists or ints
differently: an answer should be recognised by its idea, not by whether it calls `np.asarray`.
"""

import math
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from scipy.special import erf

from utils._diagnosis.draw import Draw

Array = np.ndarray


def _s(z: Array) -> Array:
    """The sigmoid."""
    return 0.5 * (1 + np.tanh(0.5 * z))


def _cdf(z: Array) -> Array:
    return 0.5 * (1 + erf(z / np.sqrt(2)))


def _density(z: Array) -> Array:
    return np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi)


def _scores(rng: np.random.Generator) -> Iterator[tuple]:
    """Scores of both signs and of several sizes, as float arrays."""
    yield (np.array([-2.0, -0.5, 0.0, 0.5, 2.0]),)
    yield (rng.normal(size=(3, 4)),)
    yield (4 * rng.normal(size=6),)


def _near(rng: np.random.Generator) -> Iterator[tuple]:
    """Scores as above, but none between -5.75 and -2.5: wherever a tail is cut, it is there."""
    yield (np.array([-2.0, -0.5, 0.0, 0.5, 2.0]),)
    yield (rng.uniform(-2.5, 2.5, size=(3, 4)),)
    yield (np.array([-5.75, -1.5, 0.25, 1.75]),)


# sigmoid


def inputs_sigmoid(rng: np.random.Generator) -> Iterator[tuple]:
    yield from _scores(rng)
    yield (np.array([-800.0, 800.0]),)
    yield (np.array([800.0]),)
    yield (np.array([-3, -1, 0, 2]),)
    yield (np.float64(-800.0),)


def run_sigmoid(answer: Callable[..., Any], z: Array) -> Any:
    """The result; where it is right, and NumPy warned of an overflow on the way, both."""
    with warnings.catch_warnings(record=True) as caught, np.errstate(over="warn"):
        warnings.simplefilter("always")
        result = answer(z)
    warned = any("overflow" in str(warning.message) for warning in caught)
    if (warned and isinstance(result, np.ndarray | float) and np.shape(result) == np.shape(z)
            and np.allclose(result, _s(z))):
        return {"result": result, "warned": "overflow"}
    return result


def fresh_sigmoid(draw: Draw) -> tuple:
    return (draw.elementwise(),)


def sigmoid__tanh_not_halved(z):
    """(1 + tanh z)/2 is too steep: it is the sigmoid of 2z. What has to stand inside the tanh?"""
    return 0.5 * (1 + np.tanh(z))


def sigmoid__sign_missing(z):
    """Your function falls where the sigmoid rises: the exponent has lost its minus sign."""
    return 1 - _s(z)


def sigmoid__plain_tanh(z):
    """Your values run from -1 to 1: that is tanh. The sigmoid runs from 0 to 1."""
    return np.tanh(z)


def sigmoid__clipped(z):
    """You keep the output away from 0 and 1. The sigmoid itself goes all the way: at 1000 it is 1.
    Look for a safe form of the formula instead of cutting."""
    return np.clip(_s(z), 1e-7, 1 - 1e-7)


def sigmoid__infinity_over_infinity(z):
    """At 1000 you get nan: e^1000 is inf, and inf/inf, as in e^z/(1 + e^z), is nan. Use another
    form for positive scores."""
    return np.exp(z) / (1 + np.exp(z))


def sigmoid__whole_numbers(z):
    """Your result has the dtype of z, so for whole numbers everything is cut down to 0 or 1. Make z
    a float array first."""
    out = np.zeros_like(z)
    out[...] = _s(z)
    return out


def sigmoid__step(z):
    """Your function jumps from 0 to 1: that is step. The sigmoid passes through all values between,
    and is 1/2 at 0."""
    return np.where(z >= 0, 1.0, 0.0)


def sigmoid__softmax(z):
    """You divide by the sum over all entries: that is softmax. The sigmoid looks at each score by
    itself."""
    e = np.exp(z - np.max(z))
    return e / e.sum()


def sigmoid__one_plus_the_exponential(z):
    """Your function is 1 + e^-z: the sum is not divided into 1. In 1 / 1 + e^-z the division
    comes first, so the sum needs parentheses."""
    return 1 / 1 + np.exp(-z)


def sigmoid__minus_in_the_denominator(z):
    """The denominator is 1 *plus* e^-z. With a minus it is 0 at z = 0."""
    return 1 / (1 - np.exp(-z))


def sigmoid__base_two(z):
    """Your function is too flat: it takes powers of 2, not of e."""
    return _s(z * np.log(2))


def sigmoid__overflow_warning(z):
    """Your values are right, but far to the left NumPy warns of an overflow: there, e^-z is too
    large for a float. Which form of the formula is safe for negative scores?"""
    return 1 / (1 + np.exp(-z))


def sigmoid__overflow_in_the_form_not_chosen(z):
    """Your values are right, and you choose the safe form on each side. But `np.where` needs both
    forms for *every* score, so NumPy also computes the unsafe one and warns of an overflow. Can
    you write both with a power of e that is never larger than 1?"""
    return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))


def sigmoid__overflow_error(z):
    """Where the exponent is large and positive, math.exp raises an OverflowError: e^1000 is too
    large for a float. Choose the form of the formula by the sign of each score."""
    z = np.asarray(z, dtype=float)
    return np.reshape([1 / (1 + math.exp(-v)) for v in z.ravel()], z.shape)


def sigmoid__overflow_error_for_a_number(z):
    """Your function is right for arrays, but for the single number -1000 it raises an
    OverflowError: e^1000 is too large for a float. A number needs the safe form just as an
    array does."""
    if np.ndim(z) == 0:
        return 1 / (1 + math.exp(-z))
    return _s(z)


# sigmoid_grad


def inputs_sigmoid_grad(rng: np.random.Generator) -> Iterator[tuple]:
    yield from _scores(rng)
    yield (np.array([-800.0, 800.0]),)


def fresh_sigmoid_grad(draw: Draw) -> tuple:
    return (draw.elementwise(),)


def sigmoid_grad__of_the_output(z):
    """z(1 - z) is right if z is the *output* of the sigmoid. You get the score: apply the sigmoid
    first."""
    return z * (1 - z)


def sigmoid_grad__sigmoid_twice(z):
    """You apply the sigmoid twice: to the score, and to what came out. Once is enough."""
    s = _s(_s(z))
    return s * (1 - s)


def sigmoid_grad__output_times_one_plus_output(z):
    """s(1 + s) grows toward 2. The slope has to vanish on both sides: which sign gives that?"""
    return _s(z) * (1 + _s(z))


def sigmoid_grad__square(z):
    """The square of the sigmoid goes to 1 on the right. Where the sigmoid is flat its slope is
    0."""
    return _s(z) ** 2


def sigmoid_grad__second_factor_twice(z):
    """You have one factor too many, s(1 - s)². At 0, where s is 1/2, the slope is 1/4."""
    return _s(z) * (1 - _s(z)) ** 2


def sigmoid_grad__of_tanh(z):
    """1 - s² is the pattern of tanh. For the sigmoid it is s(1 - s)."""
    return 1 - _s(z) ** 2


def sigmoid_grad__negative(z):
    """Your slope is negative, but the sigmoid rises everywhere: the two terms are in the wrong
    order."""
    return _s(z) * (_s(z) - 1)


def sigmoid_grad__mixed(z):
    """You have s(1 - z): the second factor has to use the sigmoid, too, not the score."""
    return _s(z) * (1 - z)


def sigmoid_grad__the_sigmoid(z):
    """This is the sigmoid itself, not its slope. At z = 10 it is flat, so its slope is near 0."""
    return _s(z)


def sigmoid_grad__denominator_not_squared(z):
    """You have one factor only: this falls from 1 to 0, and a slope of the sigmoid is 0 on both
    sides. Look at the denominator of the derivative again."""
    e = np.exp(-np.asarray(z, dtype=float))
    return 1 - 1 / (1 + e)


def sigmoid_grad__nan_far_out(z):
    """You are right near 0, but far to the left you get nan: there e^-z is inf, and you are
    left with inf/inf or inf times 0. Write the slope with a sigmoid that does not overflow."""
    return np.exp(-z) / (1 + np.exp(-z)) ** 2


def sigmoid_grad__largest_is_one(z):
    """Your slope is four times too large: the sigmoid's is at most 1/4."""
    return 4 * _s(z) * (1 - _s(z))


# tanh_grad


def inputs_tanh_grad(rng: np.random.Generator) -> Iterator[tuple]:
    yield from _scores(rng)
    yield (np.array([-800.0, 800.0]),)


def fresh_tanh_grad(draw: Draw) -> tuple:
    return (draw.elementwise(),)


def tanh_grad__of_the_output(z):
    """1 - z² is right if z is the *output* of tanh. You get the score: apply tanh first."""
    return 1 - z ** 2


def tanh_grad__not_squared(z):
    """1 - tanh z is 2 on the far left. The square is missing."""
    return 1 - np.tanh(z)


def tanh_grad__square_of_the_difference(z):
    """You square the difference, (1 - tanh z)². Only tanh is squared: 1 - (tanh z)²."""
    return (1 - np.tanh(z)) ** 2


def tanh_grad__tanh_twice(z):
    """You apply tanh twice: to the score, and to what came out. Once is enough."""
    return 1 - np.tanh(np.tanh(z)) ** 2


def tanh_grad__of_the_sigmoid(z):
    """t(1 - t) is the sigmoid's pattern. With tanh it is negative for negative scores, although
    tanh rises everywhere."""
    return np.tanh(z) * (1 - np.tanh(z))


def tanh_grad__one_plus_the_square(z):
    """1 + tanh² grows to 2 on both sides. Where tanh is flat its slope is 0."""
    return 1 + np.tanh(z) ** 2


def tanh_grad__square_only(z):
    """tanh² is 0 where the slope is largest, and 1 where it vanishes. Something is missing in
    front."""
    return np.tanh(z) ** 2


def tanh_grad__square_inside(z):
    """You have 1 - tanh(z²): the square belongs to the tanh, not to the score."""
    return 1 - np.tanh(z ** 2)


def tanh_grad__the_sigmoids_slope(z):
    """At 0 you get 1/4: that is the slope of the sigmoid. tanh is four times as steep there."""
    return _s(z) * (1 - _s(z))


def tanh_grad__negative(z):
    """Your slope is negative, but tanh rises everywhere: the two terms are in the wrong
    order."""
    return np.tanh(z) ** 2 - 1


# relu


def inputs_relu(rng: np.random.Generator) -> Iterator[tuple]:
    yield from _scores(rng)
    yield (np.array([-np.inf, -1.5, np.inf]),)
    yield (np.array([-2.5, -1.0]),)


def fresh_relu(draw: Draw) -> tuple:
    return (draw.elementwise(),)


def relu__absolute_value(z):
    """Your function turns negative scores positive. What should come out for -2?"""
    return np.abs(z)


def relu__nan_at_minus_infinity(z):
    """You are nearly right, but at -inf you get nan: there an infinity meets a 0 or another
    infinity, as in z * (z > 0) or (|z| + z)/2. Choose between z and 0 instead of
    calculating."""
    return z * (z > 0)


def relu__in_place(z):
    """The result is right, but you have written into the caller's array. Make a new one."""
    z[z < 0] = 0
    return z


def relu__identity(z):
    """You return z as it is. Negative scores have to become 0."""
    return z + 0.0


def relu__minimum(z):
    """You keep the negative scores and stop the positive ones: that is the minimum."""
    return np.minimum(z, 0.0)


def relu__mask(z):
    """You return whether each score is positive. Return the score itself where it is, and 0
    elsewhere."""
    return z > 0


def relu__largest_of_all(z):
    """You return one number, the largest of all. Compare each entry with 0: np.maximum, not
    np.max."""
    return max(np.max(z), 0.0)


def relu__leaky(z):
    """On the left you let a hundredth through: that is leaky ReLU. Here it is exactly 0."""
    return np.where(z > 0, z, 0.01 * z)


def relu__softplus(z):
    """ln(1 + e^z) is a smooth relative, called softplus. ReLU has a corner, and is exactly 0 on the
    left."""
    return np.logaddexp(0, z)


def relu__slope(z):
    """You return the slope, 0 or 1. Return the value: positive scores come through
    unchanged."""
    return np.where(z > 0, 1.0, 0.0)


def relu__max_along_axis_0(z):
    """`np.max(z, 0)` looks for the largest entry along axis 0. You want to compare each entry
    with 0: look for the function that compares two arrays entry by entry."""
    return np.max(z, 0)


def relu__only_the_positive(z):
    """You drop the negative scores, so that fewer numbers come out than went in. Keep the shape,
    with 0 in their places."""
    return z[z > 0]


# relu_grad


def inputs_relu_grad(rng: np.random.Generator) -> Iterator[tuple]:
    yield from _scores(rng)
    yield (np.array([-0.0, 0.0]),)
    yield (np.array([-2.5, 1.5, -1.0]),)
    yield (np.array([-3e-10, 3e-10]),)


def fresh_relu_grad(draw: Draw) -> tuple:
    return (draw.elementwise(),)


def relu_grad__one_at_zero(z):
    """At exactly 0 this course uses the slope 0. Your comparison lets the 0 in."""
    return np.where(z >= 0, 1.0, 0.0)


def relu_grad__booleans(z):
    """You return True and False. A slope is a number, 1.0 or 0.0."""
    return z > 0


def relu_grad__half_at_zero(z):
    """At exactly 0 you return 1/2. That is a possible choice, but this course uses 0 there."""
    return np.where(z > 0, 1.0, np.where(z < 0, 0.0, 0.5))


def relu_grad__sign(z):
    """The sign is -1 on the left. ReLU is flat there, so its slope is 0."""
    return np.sign(z)


def relu_grad__relu(z):
    """This is ReLU itself. Its slope for z = 3 is 1, not 3."""
    return np.maximum(z, 0.0)


def relu_grad__ones(z):
    """1 everywhere is the slope of a straight line. What is it where ReLU is flat?"""
    return np.ones_like(z)


def relu_grad__turned_round(z):
    """Your slope is 1 on the left and 0 on the right: the two sides are swapped."""
    return np.where(z > 0, 0.0, 1.0)


def relu_grad__leaky(z):
    """On the left you return 0.01: that belongs to leaky ReLU. Here the slope is 0."""
    return np.where(z > 0, 1.0, 0.01)


def relu_grad__above_one(z):
    """You ask whether z > 1. The corner of ReLU is at 0."""
    return np.where(z > 1, 1.0, 0.0)


def relu_grad__divided(z):
    """At z = 0 you get nan: a division is 0/0 there, such as ReLU(z)/z or z/|z|. Compare z with 0
    instead of dividing."""
    return np.maximum(z, 0.0) / z


def relu_grad__tolerance(z):
    """You count small positive scores as 0. The slope is 1 for every score above 0, however small:
    compare with 0 itself."""
    return np.where(z > 1e-8, 1.0, 0.0)


# dead_fraction


def inputs_dead_fraction(rng: np.random.Generator) -> Iterator[tuple]:
    A = np.maximum(rng.normal(size=(6, 8)), 0)
    A[1] = rng.uniform(1, 2, size=8)
    A[:, [2, 5, 7]] = 0
    A[4] = 0
    yield (A,)
    B = np.array([[-1.25, 0.0, 0.5, 0.0, 0.0], [1.25, 0.0, 0.0, 3.5, -2.0], [0.0] * 5])
    yield (B,)
    yield (np.array([[0.0, 1.5, 2.5, 0.0], [1.5, 0.0, 0.5, 0.0]]),)
    yield (np.array([[0.0, 0.25], [0.0, 0.75], [0.0, 0.5]]),)
    yield (np.array([[-0.5, 0.0, -2.5, 1.5], [0.0, 0.0, -1.5, 0.0]]),)
    yield (np.array([[0.0, 1.5, 0.5], [2.5, 0.0, 0.5]]),)


def fresh_dead_fraction(draw: Draw) -> tuple:
    n, d = draw.sizes("n", "d")
    dead = draw.rng.random(d) < 0.4
    return (draw.given(draw.values(n, d) * (draw.rng.random((n, d)) < 0.6) * ~dead),)


def dead_fraction__share_of_zeros(A):
    """You count all zeros. A unit that is silent for some examples is not dead: it has to be 0 for
    every one."""
    return float(np.mean(A == 0))


def dead_fraction__examples(A):
    """You look along the rows and count examples for which all units are silent. Units are the
    columns."""
    return float(np.mean(np.all(A == 0, axis=1)))


def dead_fraction__any(A):
    """You count a unit as soon as it is silent once. Dead means silent for all examples."""
    return float(np.mean(np.any(A == 0, axis=0)))


def dead_fraction__count(A):
    """You return how many units are dead. The exercise asks for their share, between 0 and
    1."""
    return float(np.sum(np.all(A == 0, axis=0)))


def dead_fraction__alive(A):
    """You return the share of units that are alive. The dead ones are the rest."""
    return float(np.mean(np.any(A != 0, axis=0)))


def dead_fraction__not_positive(A):
    """You count negative outputs as silent. A unit with a negative output is active, as in
    leaky ReLU: only exactly 0 counts."""
    return float(np.mean(np.all(A <= 0, axis=0)))


def dead_fraction__sums_to_zero(A):
    """You add up each column: a 1 and a -1 make 0, and yet that unit is alive. Ask every
    entry."""
    return float(np.mean(A.sum(axis=0) == 0))


def dead_fraction__per_example(A):
    """You divide the number of dead units by the number of examples. It is a share of the units."""
    return float(np.sum(np.all(A == 0, axis=0)) / len(A))


def dead_fraction__first_example(A):
    """You look at the first example only. Dead means silent for all of them."""
    return float(np.mean(A[0] == 0))


def dead_fraction__per_cent(A):
    """Your number is a percentage. The exercise asks for a share between 0 and 1."""
    return float(100 * np.mean(np.all(A == 0, axis=0)))


def dead_fraction__of_each_unit(A):
    """You return an array, the share of zeros of each unit. The exercise asks for one number:
    the share of units for which it is 1."""
    return np.mean(A == 0, axis=0)


def dead_fraction__int_without_dead_units(A):
    """Where no unit is dead, you return the int 0. The exercise asks for a float: 0.0."""
    dead = np.sum(np.all(A == 0, axis=0))
    return float(dead / A.shape[1]) if dead else 0


# leaky_relu


def inputs_leaky_relu(rng: np.random.Generator) -> Iterator[tuple]:
    yield (np.array([-2.0, -0.5, 0.0, 0.5, 2.0]),)
    yield (rng.normal(size=(3, 4)), 0.01)
    yield (3 * rng.normal(size=6), 0.2)
    yield (rng.normal(size=5), 2.0)
    yield (rng.normal(size=5), 0.0)


def fresh_leaky_relu(draw: Draw) -> tuple:
    return draw.elementwise(), draw.choice([0.01, 0.0, 1.0, 2.0])


def leaky_relu__maximum(z, alpha=0.01):
    """You take the larger of alpha·z and z, which is right as long as alpha is at most 1. For z
    = -3 and alpha = 2 that is -3, but the right value is -6. Decide by the sign of z."""
    return np.maximum(alpha * z, z)


def leaky_relu__sign(z, alpha=0.01):
    """To the left of 0, your function rises as z falls: the sign is wrong. What is 0.01 times
    -5?"""
    return np.where(z > 0, z, -alpha * z)


def leaky_relu__alpha_ignored(z, alpha=0.01):
    """You always take 0.01, whatever alpha says. Use the argument."""
    return np.where(z > 0, z, 0.01 * z)


def leaky_relu__alpha_everywhere(z, alpha=0.01):
    """You multiply everything by alpha. On the right z comes through as it is."""
    return alpha * z


def leaky_relu__sides_exchanged(z, alpha=0.01):
    """You shrink the positive scores and leave the negative ones: the two sides are swapped."""
    return np.where(z > 0, alpha * z, z)


def leaky_relu__plain_relu(z, alpha=0.01):
    """On the left you return 0: that is ReLU. Let alpha·z through."""
    return np.maximum(z, 0.0)


def leaky_relu__constant(z, alpha=0.01):
    """On the left you return alpha itself, the same for every z. It is the *slope*: multiply z
    by it."""
    return np.where(z > 0, z, alpha)


def leaky_relu__elu(z, alpha=0.01):
    """alpha·(e^z - 1) on the left makes a function called ELU, which levels off. Leaky ReLU is a
    straight line there."""
    return np.where(z > 0, z, alpha * (np.exp(z) - 1))


def leaky_relu__shifted(z, alpha=0.01):
    """You subtract alpha on the left. It is a factor."""
    return np.where(z > 0, z, z - alpha)


def leaky_relu__in_place(z, alpha=0.01):
    """The result is right, but you have written into the caller's array. Make a new one."""
    z[z < 0] *= alpha
    return z


def leaky_relu__slope(z, alpha=0.01):
    """You return the slopes, 1 and alpha. Return the values, z and alpha·z."""
    return np.where(z > 0, 1.0, alpha)


# leaky_relu_grad


def inputs_leaky_relu_grad(rng: np.random.Generator) -> Iterator[tuple]:
    yield (np.array([-2.0, -0.5, 0.5, 2.0]),)
    yield (rng.normal(size=(3, 4)), 0.01)
    yield (3 * rng.normal(size=6), 0.2)
    yield (rng.normal(size=5), 2.0)
    yield (rng.normal(size=5), 0.0)


def fresh_leaky_relu_grad(draw: Draw) -> tuple:
    n, d = draw.sizes("n", "d")
    return draw.given(draw.nonzero(n, d)), draw.choice([0.01, 0.0, 1.0, 2.0])


def leaky_relu_grad__alpha_ignored(z, alpha=0.01):
    """You always take 0.01, whatever alpha says. Use the argument."""
    return np.where(z > 0, 1.0, 0.01)


def leaky_relu_grad__plain_relu(z, alpha=0.01):
    """On the left you return 0: that is the slope of ReLU. What is the slope of alpha·z?"""
    return np.where(z > 0, 1.0, 0.0)


def leaky_relu_grad__sign(z, alpha=0.01):
    """On the left you return -alpha. The line alpha·z rises there too, only slowly."""
    return np.where(z > 0, 1.0, -alpha)


def leaky_relu_grad__value_on_the_left(z, alpha=0.01):
    """On the left you return alpha·z, which is the value of the function. Its slope is the same
    for all z there."""
    return np.where(z > 0, 1.0, alpha * z)


def leaky_relu_grad__the_function(z, alpha=0.01):
    """This is leaky ReLU itself. Its slope for z = 3 is 1, not 3."""
    return np.where(z > 0, z, alpha * z)


def leaky_relu_grad__value_on_the_right(z, alpha=0.01):
    """On the right you return z, which is the value of the function. Its slope there is 1."""
    return np.where(z > 0, z, alpha)


def leaky_relu_grad__alpha_everywhere(z, alpha=0.01):
    """You return alpha on both sides. On the right the slope is 1."""
    return np.full_like(z, alpha)


def leaky_relu_grad__sides_exchanged(z, alpha=0.01):
    """Your slope is 1 on the left and alpha on the right: the two sides are swapped."""
    return np.where(z > 0, alpha, 1.0)


def leaky_relu_grad__never_above_one(z, alpha=0.01):
    """For alpha = 2 your slope on the left is 1. That is the slope of max(alpha·z, z), which takes
    the other line when alpha is above 1."""
    return np.where(alpha * z < z, 1.0, alpha)


def leaky_relu_grad__added(z, alpha=0.01):
    """On the right you return 1 + alpha. The leak doesn't matter there: the slope is 1."""
    return (z > 0) + alpha


# gelu


def inputs_gelu(rng: np.random.Generator) -> Iterator[tuple]:
    yield from _near(rng)


def fresh_gelu(draw: Draw) -> tuple:
    return (draw.elementwise(),)


def gelu__tanh_form(z):
    """That is the approximation by tanh, which is off by up to 0.0005. The exercise asks for
    the exact one, with erf."""
    return 0.5 * z * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z ** 3)))


def gelu__sigmoid_form(z):
    """z·σ(1.702 z) is an approximation that is off by up to 0.02. The exercise asks for the
    exact one, with erf."""
    return z * _s(1.702 * z)


def gelu__gate_alone(z):
    """You return the gate Φ(z), which goes from 0 to 1. The score has to be multiplied by it."""
    return _cdf(z)


def gelu__root_two_missing(z):
    """The argument of erf is z/√2, not z: the normal distribution function is (1 +
    erf(z/√2))/2."""
    return 0.5 * z * (1 + erf(z))


def gelu__density(z):
    """You multiply by the density φ, the bell curve. The gate is the distribution function Φ, which
    rises from 0 to 1."""
    return z * _density(z)


def gelu__half_missing(z):
    """On the right your function is 2z: the factor 1/2 of Φ is missing."""
    return z * (1 + erf(z / np.sqrt(2)))


def gelu__one_missing(z):
    """You multiply by erf alone, which is negative on the left. Φ is (1 + erf(…))/2."""
    return 0.5 * z * erf(z / np.sqrt(2))


def gelu__silu(z):
    """Your gate is the sigmoid: that is SiLU. GELU uses the normal distribution function."""
    return z * _s(z)


def gelu__relu(z):
    """That is ReLU. GELU opens its gate gradually, and dips a little below 0 on the left."""
    return np.maximum(z, 0.0)


def gelu__gate_closed_on_the_right(z):
    """Your gate is open on the left and closed on the right: the sign inside is reversed."""
    return z * (1 - _cdf(z))


def gelu__cut_off(z):
    """You put 0 for scores far on the left. GELU is small there, but not 0 to nine decimals before
    -6.3. The formula needs no such case: erf takes every score."""
    return np.where(z < -5, 0.0, z * _cdf(z))


# gelu_grad


def inputs_gelu_grad(rng: np.random.Generator) -> Iterator[tuple]:
    yield from _near(rng)


def fresh_gelu_grad(draw: Draw) -> tuple:
    return (draw.elementwise(),)


def gelu_grad__gate_alone(z):
    """You have the first term of the product rule, Φ(z). The second is missing: z times the slope
    of the gate."""
    return _cdf(z)


def gelu_grad__density_without_z(z):
    """In the second term the factor z is missing: Φ(z) + z·φ(z)."""
    return _cdf(z) + _density(z)


def gelu_grad__second_term_subtracted(z):
    """The product rule adds its two terms; you subtract the second one."""
    return _cdf(z) - z * _density(z)


def gelu_grad__second_term_only(z):
    """You have the second term of the product rule only. On the far right the slope has to be 1."""
    return z * _density(z)


def gelu_grad__root_two_pi_missing(z):
    """Your bell curve is too high: it has to be divided by √(2π)."""
    return _cdf(z) + z * np.exp(-0.5 * z * z)


def gelu_grad__root_of_two_only(z):
    """np.sqrt(2) * np.pi is not √(2π): the π belongs under the root."""
    return _cdf(z) + z * np.exp(-0.5 * z * z) / (np.sqrt(2) * np.pi)


def gelu_grad__half_missing_in_the_exponent(z):
    """Your bell curve is too narrow: its exponent is -z²/2, not -z²."""
    return _cdf(z) + z * np.exp(-z * z) / np.sqrt(2 * np.pi)


def gelu_grad__never_negative(z):
    """You cut the slope off at 0. GELU really falls left of about -0.75, so its slope is negative
    there."""
    return np.maximum(_cdf(z) + z * _density(z), 0.0)


def gelu_grad__of_the_tanh_form(z):
    """That is the derivative of the approximation by tanh. The exercise asks for the exact one,
    with erf."""
    u = np.sqrt(2 / np.pi) * (z + 0.044715 * z ** 3)
    du = np.sqrt(2 / np.pi) * (1 + 3 * 0.044715 * z ** 2)
    return 0.5 * (1 + np.tanh(u)) + 0.5 * z * (1 - np.tanh(u) ** 2) * du


def gelu_grad__the_function(z):
    """This is GELU itself. Its slope on the far right is 1, not z."""
    return z * _cdf(z)


def gelu_grad__of_silu(z):
    """That is the slope of SiLU, with the sigmoid as the gate. GELU's gate is Φ."""
    return _s(z) * (1 + z * (1 - _s(z)))


def gelu_grad__cut_off(z):
    """You put 0 for scores far on the left. The slope is small there, but not 0 to nine decimals
    before -6.6. The formula needs no such case: erf takes every score."""
    return np.where(z < -5, 0.0, _cdf(z) + z * _density(z))


# silu


def inputs_silu(rng: np.random.Generator) -> Iterator[tuple]:
    yield from _scores(rng)
    yield (np.array([-800.0, 800.0]),)


def fresh_silu(draw: Draw) -> tuple:
    return (draw.elementwise(),)


def silu__gate_alone(z):
    """You return the gate σ(z), which goes from 0 to 1. The score has to be multiplied by it."""
    return _s(z)


def silu__slope_of_the_gate(z):
    """You multiply z by the slope of the sigmoid. The gate is the sigmoid itself."""
    return z * _s(z) * (1 - _s(z))


def silu__gate_closed_on_the_right(z):
    """Your gate is open on the left and closed on the right: the sign in the exponent is
    reversed."""
    return z * _s(-z)


def silu__tanh_gate(z):
    """Your gate is tanh, which is negative on the left. It has to lie between 0 and 1."""
    return z * np.tanh(z)


def silu__sum(z):
    """You add the score and the gate. The gate is a factor: z times σ(z)."""
    return z + _s(z)


def silu__relu(z):
    """That is ReLU. SiLU opens its gate gradually, and dips a little below 0 on the left."""
    return np.maximum(z, 0.0)


def silu__gelu(z):
    """Your gate is the normal distribution function: that is GELU. SiLU uses the sigmoid."""
    return z * _cdf(z)


def silu__gelus_factor(z):
    """σ(1.702 z) is an approximation of GELU's gate. In SiLU there is no factor inside."""
    return z * _s(1.702 * z)


def silu__softplus(z):
    """ln(1 + e^z) is softplus, a relative. SiLU is z times the sigmoid, and dips below 0."""
    return np.logaddexp(0, z)


def silu__nan_far_out(z):
    """At 1000 you get nan: e^1000 is inf, and inf/inf, as in z·e^z/(1 + e^z), is nan. Use a
    sigmoid that does not overflow."""
    return z * np.exp(z) / (1 + np.exp(z))


# silu_grad


def inputs_silu_grad(rng: np.random.Generator) -> Iterator[tuple]:
    yield from _scores(rng)
    yield (np.array([-800.0, 800.0]),)


def fresh_silu_grad(draw: Draw) -> tuple:
    return (draw.elementwise(),)


def silu_grad__slope_of_the_gate_added(z):
    """You have σ + σ'. In the second term the factor z is missing."""
    return _s(z) + _s(z) * (1 - _s(z))


def silu_grad__second_term_only(z):
    """You have only one term of the product rule, z times the slope of the gate. The other one is
    missing: far to the right, the slope should be 1."""
    return z * _s(z) * (1 - _s(z))


def silu_grad__gate_alone(z):
    """You have the first term of the product rule, σ(z). The second is missing: z times the slope
    of the gate."""
    return _s(z)


def silu_grad__silu_for_the_gate(z):
    """f(1 - f) is the slope of the sigmoid only. SiLU is a product, z·σ(z): use the product rule,
    with the sigmoid as the gate."""
    f = z * _s(z)
    return f * (1 - f)


def silu_grad__of_the_sigmoid(z):
    """σ(1 - σ) is the slope of the sigmoid alone. SiLU is z times it: use the product rule."""
    return _s(z) * (1 - _s(z))


def silu_grad__gate_not_derived(z):
    """You have σ + zσ. In the second term the *slope* of the gate has to stand, σ(1 - σ)."""
    return _s(z) + z * _s(z)


def silu_grad__gate_missing_in_the_second_term(z):
    """The second term is z times the slope of the gate, and that slope is s(1 - s). You have
    1 - s, which goes to 1 on the far left, where the slope has to vanish."""
    return _s(z) + z * (1 - _s(z))


def silu_grad__second_term_subtracted(z):
    """The product rule adds its two terms; you subtract the second one."""
    return _s(z) - z * _s(z) * (1 - _s(z))


def silu_grad__one_plus_the_gate(z):
    """The slope of the gate is σ(1 - σ), with a minus: it has to vanish on the far right."""
    return _s(z) + z * _s(z) * (1 + _s(z))


def silu_grad__never_negative(z):
    """You cut the slope off at 0. SiLU really falls left of about -1.28, so its slope is negative
    there."""
    return np.maximum(_s(z) * (1 + z * (1 - _s(z))), 0.0)


def silu_grad__the_function(z):
    """This is SiLU itself. Its slope on the far right is 1, not z."""
    return z * _s(z)


def silu_grad__of_gelu(z):
    """That is the slope of GELU, with Φ as the gate. SiLU's gate is the sigmoid."""
    return _cdf(z) + z * _density(z)


def silu_grad__factored_wrongly(z):
    """You have the right pieces, and something went wrong when you put them together. Take the
    gate out of both terms once more: what is left of the second term is a product."""
    return _s(z) * (1 + z - _s(z))


def silu_grad__nan_far_out(z):
    """You are right near 0, but far to the left you get nan: there e^-z is inf, and you are
    left with inf/inf or inf times 0. Write the slope with a sigmoid that does not overflow."""
    e = np.exp(-z)
    return (1 + e + z * e) / (1 + e) ** 2
