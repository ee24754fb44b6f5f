"""Wrong answers to the exercises of lesson 7, each with the hint that its author reads.

`NAME__LABEL` is a wrong answer to exercise NAME, written the way students write it (so without
annotations), and its docstring is the hint. `inputs_NAME` yields the arguments on which all of them
differ from a right answer and from each other; `view_NAME` reduces a result that depends on how
random numbers are drawn to what does not.

The inputs are float arrays wherever two ways to write the *same* mistake treat lists or ints
differently: an answer should be recognized by its idea, not by whether it calls `np.asarray`.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from utils._diagnosis.draw import Draw

Array = np.ndarray


# l2_penalty


def _weights(rng: np.random.Generator) -> Iterator[list[Array]]:
    """Lists of layers, none of whose sums, sizes or entries agree by accident."""
    yield [rng.normal(size=(3, 5)), rng.normal(size=(4, 3))]
    yield [2 * rng.normal(size=(4, 4)), rng.normal(size=(4, 4)), rng.normal(size=(4, 4))]
    yield [rng.normal(size=(2, 6))]
    yield [np.array([[0.0, -1.5], [2.5, 0.0]]) * rng.uniform(1, 2), rng.normal(size=(3, 2))]


def inputs_l2_penalty(rng: np.random.Generator) -> Iterator[tuple]:
    for weights in _weights(rng):
        yield weights, float(rng.uniform(0.2, 0.9))
    yield [rng.normal(size=(3, 2))], 3.0
    yield [], 0.7


def fresh_l2_penalty(draw: Draw) -> tuple:
    return draw.arrays(draw.shapes()), draw.between(0.1, 3.0)


def l2_penalty__no_half(weights, lam):
    """Your penalty is twice as large as it should be. The formula has a half in front, which
    cancels the 2 that comes from differentiating the square."""
    return float(lam * sum((np.sum(W ** 2) for W in weights), 0.0))


def l2_penalty__divided_by_entries(weights, lam):
    """You divide by the number of weights, which makes it a mean. The penalty is the sum of all the
    squares, so that every weight pays the same, whatever the size of the network."""
    count = sum(W.size for W in weights)
    return float(lam / 2 * sum((np.sum(W ** 2) for W in weights), 0.0) / max(count, 1))


def l2_penalty__mean_of_each_layer(weights, lam):
    """You take the mean of each layer's squares instead of their sum. With a mean, the weights of a
    large layer would cost almost nothing."""
    return float(lam / 2 * sum((np.mean(W ** 2) for W in weights), 0.0))


def l2_penalty__norm_not_squared(weights, lam):
    """You add up the norms of the layers, that is, the square roots of the sums of squares. The
    formula has the *square* of each norm, so there is no root."""
    return float(lam / 2 * sum((np.linalg.norm(W) for W in weights), 0.0))


def l2_penalty__root_of_everything(weights, lam):
    """You take the square root of the sum of squares over all layers. The penalty uses the sum
    itself."""
    return float(lam / 2 * np.sqrt(sum((np.sum(W ** 2) for W in weights), 0.0)))


def l2_penalty__last_layer_only(weights, lam):
    """Only the last layer pays: either your total starts over for each layer, or the others are
    never added. Add up over the whole list."""
    total = 0.0
    for W in weights:
        total = lam / 2 * np.sum(W ** 2)
    return float(total)


def l2_penalty__first_layer_only(weights, lam):
    """Only the first layer pays: is the `return` inside the loop?"""
    for W in weights:
        return float(lam / 2 * np.sum(W ** 2))
    return 0.0


def l2_penalty__absolute_values(weights, lam):
    """You add up absolute values: that is the L1 penalty, with an extra half. Here, each weight is
    squared."""
    return float(lam / 2 * sum((np.sum(np.abs(W)) for W in weights), 0.0))


def l2_penalty__l1(weights, lam):
    """This is the L1 penalty, lam times the sum of absolute values. L2 squares each weight and has
    a half in front."""
    return float(lam * sum((np.sum(np.abs(W)) for W in weights), 0.0))


def l2_penalty__square_of_the_sum(weights, lam):
    """You square the sum of a layer's weights, so positive and negative weights cancel and pay
    nothing. Square each weight before adding."""
    return float(lam / 2 * sum((np.sum(W) ** 2 for W in weights), 0.0))


def l2_penalty__lam_squared(weights, lam):
    """You square lam along with the weights. Only the weights should be squared."""
    return float(lam ** 2 / 2 * sum((np.sum(W ** 2) for W in weights), 0.0))


def l2_penalty__without_lam(weights, lam):
    """Your result does not depend on lam. It sets how strong the penalty is."""
    return float(0.5 * sum((np.sum(W ** 2) for W in weights), 0.0))


def l2_penalty__half_for_each_layer(weights, lam):
    """You halve the running total once per layer, so the early layers pay very little. Apply the
    half once, at the end."""
    total = 0.0
    for W in weights:
        total = (total + lam * np.sum(W ** 2)) / 2
    return float(total)


def l2_penalty__spectral_norm(weights, lam):
    """`np.linalg.norm(W, 2)` is the largest factor by which a matrix can stretch a vector, not the
    root of its squared entries. Sum the squares of the entries, or call the norm without the 2."""
    return float(lam / 2 * sum((np.linalg.norm(W, 2) ** 2 for W in weights), 0.0))


def l2_penalty__one_for_each_layer(weights, lam):
    """You return a list with one number per layer. The penalty is a single number: their sum."""
    return [float(lam / 2 * np.sum(W ** 2)) for W in weights]


# l2_grad


def inputs_l2_grad(rng: np.random.Generator) -> Iterator[tuple]:
    yield from inputs_l2_penalty(rng)


def view_l2_grad(result: Any) -> Any:
    """A list, tuple or array of layers as a list."""
    return list(result) if isinstance(result, (list, tuple, np.ndarray)) else result


def fresh_l2_grad(draw: Draw) -> tuple:
    return draw.arrays(draw.shapes()), draw.between(0.1, 3.0)


def l2_grad__twice(weights, lam):
    """Your gradient is twice as large as it should be: the half in the penalty cancels the 2 that
    comes from the square."""
    return [2 * lam * W for W in weights]


def l2_grad__half(weights, lam):
    """Your gradient is half as large as it should be: differentiating the square gives a 2, which
    cancels the half."""
    return [lam / 2 * W for W in weights]


def l2_grad__divided_by_entries(weights, lam):
    """You divide by the number of entries in a layer. The penalty is a plain sum, so nothing is
    divided."""
    return [lam * W / W.size for W in weights]


def l2_grad__divided_by_rows(weights, lam):
    """You divide by the length of the first axis of the weights, as if it were the batch. The
    penalty does not depend on any examples, so there is no 1/n in its gradient."""
    return [lam * W / len(W) for W in weights]


def l2_grad__squares(weights, lam):
    """You return the squares, which is what the weights cost. The gradient is the slope: what is
    the derivative of w²?"""
    return [lam * W ** 2 for W in weights]


def l2_grad__half_squares(weights, lam):
    """You return what each weight costs, (lam / 2) w². The gradient is the derivative of that with
    respect to w."""
    return [lam / 2 * W ** 2 for W in weights]


def l2_grad__signs(weights, lam):
    """You return lam times the sign, which is the gradient of L1. The pull of L2 grows with the
    weight."""
    return [lam * np.sign(W) for W in weights]


def l2_grad__sizes(weights, lam):
    """You take absolute values, so negative weights are pushed further away from 0. The gradient
    should have the same sign as the weight."""
    return [lam * np.abs(W) for W in weights]


def l2_grad__direction_of_descent(weights, lam):
    """Your gradient has the wrong sign. Gradient descent does the subtracting later; the gradient
    itself points uphill."""
    return [-lam * W for W in weights]


def l2_grad__weights_after_the_step(weights, lam):
    """You return the weights after they have shrunk. Return only the gradient, which will be
    multiplied by the learning rate and subtracted later."""
    return [W - lam * W for W in weights]


def l2_grad__unit_length(weights, lam):
    """You divide each layer by its norm, as for a penalty without the square. The gradient of the
    squared norm is not normalized."""
    return [lam * W / np.linalg.norm(W) for W in weights]


def l2_grad__last_layer_only(weights, lam):
    """Only the last layer's gradient is returned. Collect one array per layer in a list."""
    return [lam * W for W in weights[-1:]]


def l2_grad__one_array(weights, lam):
    """You join all layers into one long array. Return a list with one array per layer, each of the
    same shape as that layer."""
    return np.concatenate([lam * W.ravel() for W in weights])


def l2_grad__a_number(weights, lam):
    """You return one number per layer. Every single weight has its own slope, so each result has
    the shape of its weights."""
    return [float(lam * np.sum(W)) for W in weights]


def l2_grad__without_lam(weights, lam):
    """Your gradient does not depend on lam. It sets how hard the penalty pulls."""
    return [1.0 * W for W in weights]


def l2_grad__in_place(weights, lam):
    """Your function changes the caller's weights: it writes into the arrays (`*=`) or into the list
    (`weights[k] = …`) that were passed in. Make new ones."""
    for W in weights:
        W *= lam
    return weights


# l1_penalty


def inputs_l1_penalty(rng: np.random.Generator) -> Iterator[tuple]:
    yield from inputs_l2_penalty(rng)


def fresh_l1_penalty(draw: Draw) -> tuple:
    return draw.arrays(draw.shapes()), draw.between(0.1, 3.0)


def l1_penalty__half(weights, lam):
    """You halve the sum. The half in L2 is there to cancel the 2 from the square; L1 has
    neither."""
    return float(lam / 2 * sum((np.sum(np.abs(W)) for W in weights), 0.0))


def l1_penalty__absolute_of_the_sum(weights, lam):
    """You add up first and take the absolute value afterward, so positive and negative weights
    cancel. Each weight pays for its own size."""
    return float(lam * sum((np.abs(np.sum(W)) for W in weights), 0.0))


def l1_penalty__absolute_of_everything(weights, lam):
    """You add up all the layers and take one absolute value at the end, so positive and negative
    weights cancel. Each weight pays for its own size."""
    return float(lam * abs(sum((np.sum(W) for W in weights), 0.0)))


def l1_penalty__without_absolute_values(weights, lam):
    """You add the weights with their signs, so negative weights are rewarded. The penalty counts
    their sizes."""
    return float(lam * sum((np.sum(W) for W in weights), 0.0))


def l1_penalty__squares(weights, lam):
    """You square the weights: that is L2 without its half. L1 adds up absolute values."""
    return float(lam * sum((np.sum(W ** 2) for W in weights), 0.0))


def l1_penalty__l2(weights, lam):
    """This is the L2 penalty, with squares and a half. L1 is lam times the sum of absolute
    values."""
    return float(lam / 2 * sum((np.sum(W ** 2) for W in weights), 0.0))


def l1_penalty__mean(weights, lam):
    """You take the mean of each layer's absolute values. The penalty is a sum, so nothing is
    divided by the number of weights."""
    return float(lam * sum((np.mean(np.abs(W)) for W in weights), 0.0))


def l1_penalty__column_sums(weights, lam):
    """`np.linalg.norm(W, 1)` is the largest column sum of a matrix. L1 adds up all the entries."""
    return float(lam * sum((np.linalg.norm(W, 1) for W in weights), 0.0))


def l1_penalty__euclidean(weights, lam):
    """You add up the layers' Euclidean norms, the square roots of the sums of squares. L1 takes the
    size of each single entry."""
    return float(lam * sum((np.linalg.norm(W) for W in weights), 0.0))


def l1_penalty__largest(weights, lam):
    """Only the largest weight of each layer pays. L1 adds up the sizes of all of them."""
    return float(lam * sum((np.max(np.abs(W)) for W in weights), 0.0))


def l1_penalty__last_layer_only(weights, lam):
    """Only the last layer pays: your total starts over for each layer. Add up over the whole
    list."""
    total = 0.0
    for W in weights:
        total = lam * np.sum(np.abs(W))
    return float(total)


def l1_penalty__first_layer_only(weights, lam):
    """Only the first layer pays: is the `return` inside the loop?"""
    for W in weights:
        return float(lam * np.sum(np.abs(W)))
    return 0.0


def l1_penalty__without_lam(weights, lam):
    """Your result does not depend on lam. It sets how strong the penalty is."""
    return float(sum((np.sum(np.abs(W)) for W in weights), 0.0))


def l1_penalty__one_for_each_layer(weights, lam):
    """You return a list with one number per layer. The penalty is a single number: their sum."""
    return [float(lam * np.sum(np.abs(W))) for W in weights]


# l1_grad


def inputs_l1_grad(rng: np.random.Generator) -> Iterator[tuple]:
    yield from inputs_l2_penalty(rng)


def view_l1_grad(result: Any) -> Any:
    """A list, tuple or array of layers as a list."""
    return list(result) if isinstance(result, (list, tuple, np.ndarray)) else result


def fresh_l1_grad(draw: Draw) -> tuple:
    return draw.arrays(draw.shapes()), draw.between(0.1, 3.0)


def l1_grad__weights(weights, lam):
    """You return lam times the weight, which is the gradient of L2. The slope of |w| does not
    depend on how large w is."""
    return [lam * W for W in weights]


def l1_grad__sizes(weights, lam):
    """You return what each weight costs, lam times its size. The gradient is the slope of that
    cost, which can take only three values."""
    return [lam * np.abs(W) for W in weights]


def l1_grad__half(weights, lam):
    """Your gradient is half as large as it should be: L1 has no half in front."""
    return [lam / 2 * np.sign(W) for W in weights]


def l1_grad__zero_counts_as_positive(weights, lam):
    """You give +lam to a weight of exactly 0, which would push it away from 0. By convention, the
    gradient there is 0."""
    return [lam * np.where(W >= 0, 1.0, -1.0) for W in weights]


def l1_grad__zero_counts_as_negative(weights, lam):
    """You give −lam to a weight of exactly 0, which would push it away from 0. By convention, the
    gradient there is 0."""
    return [lam * np.where(W > 0, 1.0, -1.0) for W in weights]


def l1_grad__nan_at_zero(weights, lam):
    """W / |W| is 0/0 where a weight is 0, which gives nan. NumPy has a function for signs that gets
    0 right too."""
    return [lam * W / np.abs(W) for W in weights]


def l1_grad__positive_weights_only(weights, lam):
    """You give 0 to negative weights. For them, |w| is just as steep as for positive ones, in the
    other direction."""
    return [lam * (W > 0) for W in weights]


def l1_grad__always_positive(weights, lam):
    """Every weight other than 0 gets +lam, so negative weights are pushed further away from 0. What
    is the slope of |w| for w < 0?"""
    return [lam * (W != 0) for W in weights]


def l1_grad__direction_of_descent(weights, lam):
    """Your gradient has the wrong sign. Gradient descent does the subtracting later; the gradient
    itself points uphill."""
    return [-lam * np.sign(W) for W in weights]


def l1_grad__without_lam(weights, lam):
    """You return only the signs. The strength of the penalty, lam, is missing."""
    return [np.sign(W) for W in weights]


def l1_grad__divided_by_entries(weights, lam):
    """You divide by the number of entries in a layer. The penalty is a plain sum, so nothing is
    divided."""
    return [lam * np.sign(W) / W.size for W in weights]


def l1_grad__last_layer_only(weights, lam):
    """Only the last layer's gradient is returned. Collect one array per layer in a list."""
    return [lam * np.sign(W) for W in weights[-1:]]


def l1_grad__one_array(weights, lam):
    """You join all layers into one long array. Return a list with one array per layer, each of the
    same shape as that layer."""
    return np.concatenate([lam * np.sign(W).ravel() for W in weights])


def l1_grad__weights_after_the_step(weights, lam):
    """You return the weights after a step. Return only the gradient, which will be multiplied by
    the learning rate and subtracted later."""
    return [W - lam * np.sign(W) for W in weights]


# dropout_forward

# A generator that knows only the number 0: whoever draws from it treats all entries alike, and a
# mask that is mixed nevertheless comes from somewhere else.
_FROZEN = (9, 4)
# So large that coins never drop exactly a quarter, which whole rows or columns can't make up.
_COUNTED = (302, 202)


def _frozen() -> np.random.Generator:
    twister = np.random.MT19937()
    state: Any = twister.state
    # Words of 0 from the third on. All 0 is no state of a generator, and would not be handed over.
    state["state"]["key"] = np.array([2 ** 31, *[0] * 623], dtype=np.uint32)
    state["state"]["pos"] = 2
    twister.state = state
    return np.random.Generator(twister)


def inputs_dropout_forward(rng: np.random.Generator) -> Iterator[tuple]:
    def fresh() -> np.random.Generator:
        return np.random.default_rng(rng.integers(2 ** 32))

    yield np.full((90, 40), 2.0), 0.2, fresh(), True
    yield np.full((80, 50), -3.0), 0.7, fresh(), True
    yield np.full((80, 50), 1.5), 0.0, fresh(), True
    yield np.repeat([[0.0, 4.0]], 30, axis=1).repeat(60, axis=0), 0.4, fresh(), True
    yield np.full((60, 30), 2.5), 0.4, fresh(), False
    yield np.full((4, 3), 2.5), 1.0, fresh(), True
    yield np.full((4, 3), 2.5), 1.5, fresh(), False
    yield np.full((4, 3), 2.5), -0.25, fresh(), True
    yield np.full(_FROZEN, 7.0), 0.5, _frozen(), True
    yield np.full(_COUNTED, 4.5), 0.25, fresh(), True


def view_dropout_forward(result: Any) -> Any:
    """Which values occur, about how often an entry is kept, and whether rows or columns agree."""
    if not isinstance(result, (tuple, list)) or len(result) != 2:
        return {"kind": "None" if result is None else f"one value of shape {np.shape(result)}"}
    Y, mask = (np.asarray(part, dtype=float) for part in result)
    if mask.shape == _FROZEN:
        return {"mixed": bool(np.ptp(mask) > 0)}
    if mask.shape == _COUNTED:
        return {"a quarter": bool(4 * np.sum(mask == 0) in (mask.size, 3 * mask.size))}
    told = {"shapes": f"{Y.shape} {mask.shape}", "Y": np.unique(Y.round(9))[:5],
            "mask": np.unique(mask.round(9))[:5]}
    if mask.ndim == 2 and Y.shape == mask.shape:
        kept = mask != 0
        told |= {"share": round(float(kept.mean()), 1),
                 "columns": bool((kept == kept[:1]).all()),
                 "rows": bool((kept == kept[:, :1]).all()),
                 "counts": bool((kept.sum(axis=0) == kept.sum(axis=0)[0]).all()),
                 "in rows": bool((kept.sum(axis=1) == kept.sum(axis=1)[0]).all()),
                 "dropped": bool((Y[~kept] == 0).all())}
    return told


def _p(p: float) -> float:
    if not 0 <= p < 1:
        raise ValueError("p must be at least 0 and below 1")
    return p


def fresh_dropout_forward(draw: Draw) -> tuple:
    X, p = draw.array(*draw.sizes("n", "d")), draw.between(0.1, 0.9)
    return X, p, draw.generator(), draw.choice([True, False])


def dropout_forward__not_scaled(X, p, rng, training):
    """You do not divide what is kept by 1 − p. So the next layer gets less during training than it
    does in use, when everything is on."""
    mask = rng.random(X.shape) >= _p(p)
    return (X * mask, mask) if training else (X, np.ones(X.shape))


def dropout_forward__divided_by_p(X, p, rng, training):
    """You divide by p, the fraction that is dropped. To preserve the average, divide by the
    fraction that is kept."""
    mask = rng.random(X.shape) >= _p(p)
    return (X * mask / p, mask) if training else (X, np.ones(X.shape))


def dropout_forward__divided_by_the_share_that_was_kept(X, p, rng, training):
    """You divide by the share that happened to be kept, which differs from mask to mask. Divide by
    1 − p, which is the same for every mask."""
    mask = rng.random(X.shape) >= _p(p)
    return (X * mask / max(mask.mean(), 1e-12), mask) if training else (X, np.ones(X.shape))


def dropout_forward__multiplied(X, p, rng, training):
    """You multiply by 1 − p. With fewer units on, those that are left have to make up for the
    others: divide."""
    mask = rng.random(X.shape) >= _p(p)
    return (X * mask * (1 - p), mask) if training else (X, np.ones(X.shape))


def dropout_forward__keep_and_drop_swapped(X, p, rng, training):
    """You keep the fraction p and drop the rest. p is the probability of *dropping*."""
    mask = rng.random(X.shape) < _p(p)
    return (X * mask / (1 - p), mask) if training else (X, np.ones(X.shape))


def dropout_forward__p_is_the_share_kept(X, p, rng, training):
    """You read p as the fraction to keep, in both the mask and the scale. Here, as in PyTorch, p is
    the probability of dropping."""
    mask = rng.random(X.shape) < _p(p)
    return (X * mask / p, mask) if training else (X, np.ones(X.shape))


def dropout_forward__mask_of_the_dropped(X, p, rng, training):
    """Y is right, but your mask is 1 where an entry was dropped. It should be 1 where an entry was
    kept, because the backward pass multiplies by it."""
    dropped = rng.random(X.shape) < _p(p)
    return (X * ~dropped / (1 - p), dropped) if training else (X, np.ones(X.shape))


def dropout_forward__one_mask_for_all_rows(X, p, rng, training):
    """All the examples in the batch lose the same units. Toss a coin for each entry: draw random
    numbers in the shape of X."""
    mask = np.broadcast_to(rng.random(X.shape[1]) >= _p(p), X.shape)
    return (X * mask / (1 - p), mask) if training else (X, np.ones(X.shape))


def dropout_forward__mask_of_one_row(X, p, rng, training):
    """Your mask has one entry per column, so all the examples lose the same units. Toss a coin for
    each entry: draw random numbers in the shape of X."""
    mask = rng.random(X.shape[1]) >= _p(p)
    return (X * mask / (1 - p), mask) if training else (X, np.ones(X.shape))


def dropout_forward__whole_examples(X, p, rng, training):
    """You drop whole rows: an example keeps either all its units or none. Toss a coin for each
    entry."""
    mask = np.broadcast_to(rng.random((X.shape[0], 1)) >= _p(p), X.shape)
    return (X * mask / (1 - p), mask) if training else (X, np.ones(X.shape))


def dropout_forward__same_number_in_every_row(X, p, rng, training):
    """Every example loses exactly the same number of units. Toss a separate coin for each entry, so
    that the number varies."""
    _p(p)
    if not training:
        return X, np.ones(X.shape)
    ranks = rng.random(X.shape).argsort(axis=1).argsort(axis=1)
    mask = ranks >= round(p * X.shape[1])
    return X * mask / (1 - p), mask


def dropout_forward__drops_in_use(X, p, rng, training):
    """You drop entries even when `training` is False, so the same input would get a different
    answer each time. In use, nothing is dropped."""
    mask = rng.random(X.shape) >= _p(p)
    return X * mask / (1 - p), mask


def dropout_forward__training_turned_round(X, p, rng, training):
    """You drop when `training` is False, and not when it is True. Reverse the condition."""
    mask = rng.random(X.shape) >= _p(p)
    return (X, np.ones(X.shape)) if training else (X * mask / (1 - p), mask)


def dropout_forward__scales_in_use(X, p, rng, training):
    """You multiply by 1 − p in use. That goes with the kind of dropout that does not divide during
    training; yours does, and once is enough."""
    mask = rng.random(X.shape) >= _p(p)
    return (X * mask / (1 - p), mask) if training else (X * (1 - p), np.ones(X.shape))


def dropout_forward__classic(X, p, rng, training):
    """You return X times the mask in training, without dividing, and X · (1 − p) in use. Inverted
    dropout divides during training, and then does nothing in use."""
    mask = rng.random(X.shape) >= _p(p)
    return (X * mask, mask) if training else (X * (1 - p), np.ones(X.shape))


def dropout_forward__scaled_mask(X, p, rng, training):
    """Your mask contains 1 / (1 − p) where an entry was kept. It should contain 1: the backward
    pass does the scaling itself, and would do it twice."""
    mask = (rng.random(X.shape) >= _p(p)) / (1 - p)
    return (X * mask, mask) if training else (X, np.ones(X.shape))


def dropout_forward__mask_from_the_output(X, p, rng, training):
    """You derive the mask from the output, so an activation that was 0 anyway counts as dropped.
    The mask records the coins."""
    _p(p)
    if not training:
        return X, np.ones(X.shape)
    Y = X * (rng.random(X.shape) >= p) / (1 - p)
    return Y, (Y != 0).astype(float)


def dropout_forward__exact_count(X, p, rng, training):
    """Every call drops exactly the same number of entries. Toss a separate coin for each entry, so
    that the number varies."""
    _p(p)
    if not training:
        return X, np.ones(X.shape)
    mask = np.ones(X.size)
    mask[rng.permutation(X.size)[:int(p * X.size)]] = 0.0
    mask = mask.reshape(X.shape)
    return X * mask / (1 - p), mask


def dropout_forward__without_rng(X, p, rng, training):
    """You never use `rng`: your coins come from np.random, or from a generator of your own. Draw
    from the one that is passed in, so that a run can be repeated and every call drops different
    entries."""
    mask = np.random.default_rng(0).random(X.shape) >= _p(p)
    return (X * mask / (1 - p), mask) if training else (X, np.ones(X.shape))


def dropout_forward__p_is_never_refused(X, p, rng, training):
    """You accept a p that makes no sense, such as 1 or −0.25. The docstring promises a
    ValueError."""
    mask = rng.random(X.shape) >= p
    return (X * mask / (1 - p), mask) if training else (X, np.ones(X.shape))


def dropout_forward__p_of_one_is_allowed(X, p, rng, training):
    """You accept p = 1: then everything is dropped, and 1 − p is 0. The docstring promises a
    ValueError for p = 1 and above."""
    if not 0 <= p <= 1:
        raise ValueError("p must lie between 0 and 1")
    mask = rng.random(X.shape) >= p
    return (X * mask / (1 - p), mask) if training else (X, np.ones(X.shape))


def dropout_forward__refuses_while_training_only(X, p, rng, training):
    """A p that makes no sense goes unnoticed when `training` is False. Check it before anything
    else."""
    if not training:
        return X, np.ones(X.shape)
    mask = rng.random(X.shape) >= _p(p)
    return X * mask / (1 - p), mask


def dropout_forward__mask_is_missing(X, p, rng, training):
    """You return only Y. The backward pass needs the mask as well: return both."""
    mask = rng.random(X.shape) >= _p(p)
    return X * mask / (1 - p) if training else X


def dropout_forward__p_kept_in_a_scaled_mask(X, p, rng, training):
    """This is the form in which p is the share to keep and the mask already holds 1 / p. Here p
    is the probability of dropping, and the mask holds 1 where an entry was kept."""
    mask = (rng.random(X.shape) < _p(p)) / p
    return (X * mask, mask) if training else (X, np.ones(X.shape))


def dropout_forward__no_mask_in_use(X, p, rng, training):
    """In use, your mask is all zeros, which says that everything was dropped. Nothing was, so it
    should be all ones."""
    mask = rng.random(X.shape) >= _p(p)
    return (X * mask / (1 - p), mask) if training else (X, np.zeros(X.shape))


# dropout_backward


def inputs_dropout_backward(rng: np.random.Generator) -> Iterator[tuple]:
    for shape, p in (((6, 4), 0.2), ((5, 5), 0.65), ((3, 7), 0.35)):
        mask = (rng.random(shape) >= p) * 1.0
        mask.flat[:2] = 0.0, 1.0
        yield rng.normal(size=shape), mask, p
    yield rng.normal(size=(4, 3)), np.ones((4, 3)), 0.3


def fresh_dropout_backward(draw: Draw) -> tuple:
    n, d = draw.sizes("n", "d")
    return draw.array(n, d), draw.given(draw.mask(n, d).astype(float)), draw.between(0.1, 0.9)


def dropout_backward__not_scaled(dY, mask, p):
    """You do not scale what passes. The forward pass divided by 1 − p: what does that make the
    slope of a kept entry?"""
    return dY * mask


def dropout_backward__scaled_twice(dY, mask, p):
    """You divide by 1 − p twice. Once is enough: y is x divided by 1 − p, and so is its slope."""
    return dY * mask / (1 - p) ** 2


def dropout_backward__mask_ignored(dY, mask, p):
    """Your gradient passes through dropped entries too. They had no part in the output, so their
    gradient is 0."""
    return dY / (1 - p)


def dropout_backward__passes_everything(dY, mask, p):
    """You return dY unchanged. Dropped entries had no part in the output, and kept ones were
    scaled."""
    return dY.copy()


def dropout_backward__divided_by_p(dY, mask, p):
    """You divide by p, the fraction that is dropped. The forward pass divided by the fraction that
    is kept."""
    return dY * mask / p


def dropout_backward__multiplied(dY, mask, p):
    """You multiply by 1 − p. What is the slope of x / (1 − p)?"""
    return dY * mask * (1 - p)


def dropout_backward__mask_turned_round(dY, mask, p):
    """Your gradient passes where an entry was dropped and stops where one was kept. The mask is 1
    where an entry was kept."""
    return dY * (1 - mask) / (1 - p)


def dropout_backward__fresh_mask(dY, mask, p):
    """You toss new coins. The gradient belongs to the forward pass that has already happened: use
    the mask that is passed in."""
    mask = np.random.default_rng(0).random(dY.shape) >= p
    return dY * mask / (1 - p)


def dropout_backward__share_of_the_mask(dY, mask, p):
    """You divide by the fraction of entries that happened to be kept. The forward pass divided by 1
    − p, however the coins fell."""
    return dY * mask / mask.mean()


def dropout_backward__nothing_without_drops(dY, mask, p):
    """When the mask is all ones, you assume that the network was in use, and do not scale. The
    exercise is about a forward pass during training, and with few units all of them may have been
    kept."""
    return dY.copy() if mask.all() else dY * mask / (1 - p)


def dropout_backward__summed_over_the_batch(dY, mask, p):
    """You add up over the examples. Every entry of the input has its own gradient, so the result
    has dY's shape."""
    return np.sum(dY * mask / (1 - p), axis=0)


def dropout_backward__mean_over_the_batch(dY, mask, p):
    """You also divide by the number of examples. The 1/n is already in the gradient of the loss,
    and it enters only once."""
    return dY * mask / (1 - p) / len(dY)


def dropout_backward__kept_entries_only(dY, mask, p):
    """You return only the kept entries, in one row. The dropped ones belong in the result too, as
    zeros."""
    return dY[mask == 1] / (1 - p)


def dropout_backward__in_place(dY, mask, p):
    """You write into dY, which the caller may still need. Make a new array."""
    dY *= mask / (1 - p)
    return dY


# early_stopping


def inputs_early_stopping(rng: np.random.Generator) -> Iterator[tuple]:
    nan = float("nan")
    yield [5.0, 4.0, 4.5, 4.25, 3.0, 3.5, 3.25, 3.75, 1.0, 0.5], 3
    yield [5.0, 4.0, 4.5, 3.5, 3.75, 3.0, 3.25, 3.5, 4.0, 1.0], 2
    yield [6.0, 5.0, 5.5, 5.25, 4.0], 5
    yield [6.0, 5.0, 4.0, 3.0], 2
    yield [3.0, 2.0, 2.0, 2.0, 2.0, 1.0], 2
    yield [4.0, 3.75, 3.5, 3.25, 3.0, 2.75, 2.5, 2.25], 3, 0.5
    yield [4.0, 3.5, 3.0, 2.75, 2.5, 2.25, 2.0], 2, 0.5
    yield [8.0, 7.75, 7.5, 7.5, 7.25, 7.75, 6.0], 9, 1.0
    yield [3.0, 3.5, 3.25, 3.75, 3.5, 3.0, 4.0], 2, 1.0
    yield [5.0, nan, 4.0, nan, nan, nan, 3.0], 3
    yield [3e200, 2e200, 4e200, 2.5e200, 1e200], 2
    yield [5.0, nan, 4.0, 4.5, nan, 6.0, 5.5], 9
    yield [5.0, 4.0, 6.0, 5.5, 5.25, 5.0, 4.75, 4.5], 3
    for patience in (2, 3):
        start = 4 * rng.integers(5, 8)
        yield (np.concatenate([[start], start - np.cumsum(rng.integers(-2, 4, size=14))]) / 4
               ).tolist(), patience


def _stop(val_losses, patience, better, *, start=float("inf")):
    """The loop, with another idea of what is better."""
    best, best_epoch, waited = start, 0, 0
    for epoch, loss in enumerate(val_losses):
        if better(loss, best):
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited == patience:
                return best_epoch, epoch
    return best_epoch, len(val_losses) - 1


def fresh_early_stopping(draw: Draw) -> tuple:
    losses = draw.rng.permutation(np.arange(12.0))[: draw.integer(1, 9)]
    return losses.tolist(), draw.integer(1, 3), draw.choice([0.0, 1.5])


def early_stopping__starts_at_a_number(val_losses, patience, min_delta=0.0):
    """Your best loss starts at a finite number, and a loss above that number never counts as an
    improvement, not even the first. Start at infinity, which is above them all."""
    return _stop(val_losses, patience, lambda loss, best: loss < best - min_delta, start=1e6)


def early_stopping__looks_ahead(val_losses, patience, min_delta=0.0):
    """Your best epoch may come after the stop: it is the lowest of the whole list. When training
    stops, the later losses do not exist."""
    _, stop = _stop(val_losses, patience, lambda loss, best: loss < best - min_delta)
    return int(np.nanargmin(val_losses)), stop


def early_stopping__never_stops(val_losses, patience, min_delta=0.0):
    """You find the lowest loss of the whole list and run to its end. The list contains what *would*
    come: stop as soon as the patience is used up."""
    return int(np.nanargmin(val_losses)), len(val_losses) - 1


def early_stopping__counts_all_misses(val_losses, patience, min_delta=0.0):
    """You count all the epochs without an improvement since the beginning. Patience is about epochs
    *in a row*: start over after an improvement."""
    best, best_epoch, waited = float("inf"), 0, 0
    for epoch, loss in enumerate(val_losses):
        if loss < best - min_delta:
            best, best_epoch = loss, epoch
        else:
            waited += 1
            if waited == patience:
                return best_epoch, epoch
    return best_epoch, len(val_losses) - 1


def early_stopping__equal_is_better(val_losses, patience, min_delta=0.0):
    """You count an epoch that only equals the best one as an improvement. It has to be *below* the
    best loss minus min_delta."""
    return _stop(val_losses, patience, lambda loss, best: loss <= best - min_delta)


def early_stopping__one_epoch_late(val_losses, patience, min_delta=0.0):
    """You wait one epoch too long: with a patience of 2, the second epoch in a row without an
    improvement is the last one that is run."""
    return _stop(val_losses, patience + 1, lambda loss, best: loss < best - min_delta)


def early_stopping__one_epoch_early(val_losses, patience, min_delta=0.0):
    """You stop one epoch too early: with a patience of 2, a single epoch without an improvement is
    still all right."""
    return _stop(val_losses, max(1, patience - 1), lambda loss, best: loss < best - min_delta)


def early_stopping__epochs_from_one(val_losses, patience, min_delta=0.0):
    """You count epochs from 1. They are counted from 0, like the entries of the list."""
    best, stop = _stop(val_losses, patience, lambda loss, best: loss < best - min_delta)
    return best + 1, stop + 1


def early_stopping__stop_is_the_next_epoch(val_losses, patience, min_delta=0.0):
    """Your stop_epoch is the first epoch that is no longer run. It should be the last one that was
    run."""
    best, stop = _stop(val_losses, patience, lambda loss, best: loss < best - min_delta)
    return best, stop + 1


def early_stopping__length_at_the_end(val_losses, patience, min_delta=0.0):
    """When the patience lasts to the end, you return the number of epochs. The last epoch of a list
    of five is epoch 4."""
    best, stop = _stop(val_losses, patience, lambda loss, best: loss < best - min_delta)
    waited = stop - best
    return best, stop if waited == patience else len(val_losses)


def early_stopping__patience_past_the_end(val_losses, patience, min_delta=0.0):
    """Your stop_epoch is always best_epoch + patience. When the list ends before the patience is
    used up, the last epoch that was run is the last one of the list."""
    best, _ = _stop(val_losses, patience, lambda loss, best: loss < best - min_delta)
    return best, best + patience


def early_stopping__plus_min_delta(val_losses, patience, min_delta=0.0):
    """You add min_delta to the best loss, so a slightly worse epoch counts as an improvement.
    Subtract it."""
    return _stop(val_losses, patience, lambda loss, best: loss < best + min_delta)


def early_stopping__min_delta_ignored(val_losses, patience, min_delta=0.0):
    """You ignore min_delta: even a tiny decrease counts as an improvement."""
    return _stop(val_losses, patience, lambda loss, best: loss < best)


def early_stopping__relative_min_delta(val_losses, patience, min_delta=0.0):
    """You treat min_delta as a fraction of the best loss. It is a difference between losses:
    subtract it."""
    return _stop(val_losses, patience, lambda loss, best: loss < best * (1 - min_delta))


def early_stopping__best_moves_without_min_delta(val_losses, patience, min_delta=0.0):
    """You lower the best loss after every small decrease, even one that does not count. Then a slow
    but steady fall never adds up to min_delta. The best loss is the loss of the best epoch."""
    best, best_epoch, waited = float("inf"), 0, 0
    for epoch, loss in enumerate(val_losses):
        if loss < best - min_delta:
            best_epoch, waited = epoch, 0
        else:
            waited += 1
        if loss < best:
            best = loss
        if waited == patience:
            return best_epoch, epoch
    return best_epoch, len(val_losses) - 1


def early_stopping__best_epoch_without_min_delta(val_losses, patience, min_delta=0.0):
    """Your best epoch is the lowest so far, even if it did not improve by min_delta. An epoch
    either counts as an improvement, for both purposes, or it does not."""
    _, stop = _stop(val_losses, patience, lambda loss, best: loss < best - min_delta)
    return int(np.nanargmin(val_losses[:stop + 1])), stop


def early_stopping__compares_with_the_last_epoch(val_losses, patience, min_delta=0.0):
    """You compare each epoch with the one before it. After a jump upward, every small step down
    would count: compare with the *best* one."""
    best_epoch, waited, last = 0, 0, float("inf")
    for epoch, loss in enumerate(val_losses):
        if loss < last - min_delta:
            best_epoch, waited = epoch, 0
        else:
            waited += 1
            if waited == patience:
                return best_epoch, epoch
        last = loss
    return best_epoch, len(val_losses) - 1


def early_stopping__waits_since_the_last_step_down(val_losses, patience, min_delta=0.0):
    """Your best epoch is right, but your patience starts anew whenever the loss is below the one
    *before* it. Count the epochs since the best one."""
    best_epoch, waited, best, last = 0, 0, float("inf"), float("inf")
    for epoch, loss in enumerate(val_losses):
        if loss < best - min_delta:
            best_epoch, best = epoch, loss
        waited = 0 if loss < last - min_delta else waited + 1
        last = loss
        if waited == patience:
            return best_epoch, epoch
    return best_epoch, len(val_losses) - 1


def early_stopping__nan_is_better(val_losses, patience, min_delta=0.0):
    """You ask whether the loss is worse, and a comparison with nan is never true, so nan becomes
    your best loss. Ask whether it is better."""
    return _stop(val_losses, patience, lambda loss, best: not loss >= best - min_delta)


def early_stopping__nan_is_skipped(val_losses, patience, min_delta=0.0):
    """You skip a loss of nan, so it uses up no patience. It is an epoch without an improvement,
    like any other: a network that has blown up should not run on forever."""
    best, best_epoch, waited = float("inf"), 0, 0
    for epoch, loss in enumerate(val_losses):
        if np.isnan(loss):
            continue
        if loss < best - min_delta:
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
            if waited == patience:
                return best_epoch, epoch
    return best_epoch, len(val_losses) - 1


def early_stopping__stop_first(val_losses, patience, min_delta=0.0):
    """You return the stop first and the best epoch second. The caller unpacks
    (best_epoch, stop_epoch)."""
    best, stop = _stop(val_losses, patience, lambda loss, best: loss < best - min_delta)
    return stop, best


def early_stopping__best_loss(val_losses, patience, min_delta=0.0):
    """You return the best *loss*. Return the epoch in which it was reached."""
    best, stop = _stop(val_losses, patience, lambda loss, best: loss < best - min_delta)
    return val_losses[best], stop


def early_stopping__none_at_the_end(val_losses, patience, min_delta=0.0):
    """When the patience is never used up, your function reaches its end without a `return`. In that
    case, the last epoch of the list is the stop."""
    best, stop = _stop(val_losses, patience, lambda loss, best: loss < best - min_delta)
    if stop - best == patience:
        return best, stop


def early_stopping__smallest_of_all_and_patience(val_losses, patience, min_delta=0.0):
    """You look for the smallest loss of the whole list first, and wait from there. When the
    waiting ends earlier, training never gets to see that loss: go epoch by epoch."""
    best = int(np.argmin(val_losses))
    return best, min(best + patience, len(val_losses) - 1)


def early_stopping__last_epoch_is_best(val_losses, patience, min_delta=0.0):
    """Your best epoch is the one in which training stopped. Go back to the last epoch that was an
    improvement."""
    _, stop = _stop(val_losses, patience, lambda loss, best: loss < best - min_delta)
    return stop, stop


# cases


def inputs_cases(rng: np.random.Generator) -> Iterator[tuple]:
    yield ()


def view_cases(result):
    """What the examples lack first."""
    if result is None or not 1 <= len(result) <= 8:
        return "nothing" if result is None else "another number of examples"
    if not all(isinstance(case, (list, tuple)) for case in result):
        return "no tuples"
    if not all(2 <= len(case) <= 3 for case in result):
        return "other arguments"
    if any(np.size(part) > 200 for case in result for part in case):
        return "short lists"
    runs = [(np.array(losses, dtype=float), patience, *by) for losses, patience, *by in result]
    ends = [_stop(losses, patience, lambda loss, best, least=(*by, 0.0)[0]: loss < best - least)
            for losses, patience, *by in runs]
    lacking = {
        "patience": all(run[1] >= 1 for run in runs),
        "a stop": any(end - best == run[1] for (best, end), run in zip(ends, runs, strict=True)),
        "better after the stop": any((run[0][end + 1:] < run[0][best]).any()
                                     for (best, end), run in zip(ends, runs, strict=True)),
        "an end": any(end - best < run[1] for (best, end), run in zip(ends, runs, strict=True)),
        "ties": any(len({*run[0].tolist()}) < run[0].size for run in runs),
        "min_delta": any(len(run) > 2 and run[2] > 0 for run in runs),
        "nan": any(np.isnan(run[0]).any() for run in runs)}
    return next((name for name, there in lacking.items() if not there), "nothing at all")


def cases__too_many():
    """You return more examples than allowed. A few are enough if each is there for a reason: which
    mistakes does it show that the others don't?"""
    rng = np.random.default_rng(1)
    return [(rng.integers(9, size=8).tolist(), 2) for _ in range(20)]


def cases__lists_of_losses_alone():
    """Your entries are lists of losses alone. Each has to hold all the arguments of one call, as a
    tuple: (val_losses, patience)."""
    return [(0.9, 0.7, 0.8, 0.6, 0.65, 0.62, 0.5), (3.0, 2.0, 2.0, 2.0, 1.0)]


def cases__one_example_without_a_list():
    """You return one example where a list of examples is promised. Put it in a list, even if there
    is only one."""
    return [0.9, 0.7, 0.8, 0.6, 0.65, 0.62, 0.5], 2


def cases__never_stops():
    """In all your examples, training runs to the end of the list. Nobody sees whether a version
    would stop at the right epoch."""
    return [([5.0, 4.0, 3.0], 2), ([5.0, 4.0, 4.5, 4.25], 5), ([5.0, 4.75, 4.5], 3, 0.5)]


def cases__nothing_better_after_the_stop():
    """In none of your examples does a better loss come after the stop. Then a version that looks
    ahead finds nothing there, and passes."""
    return [([3.0, 2.0, 2.5, 2.25, 4.0], 2), ([3.0, 2.0, 2.0, 2.0, 5.0], 2), ([3.0, 2.0, 2.5], 4),
            ([4.0, 3.75, 3.5, 3.25, 3.0], 3, 0.5), ([2.0, float("nan"), 3.0, 4.0], 2)]


def cases__always_stops():
    """In all your examples, the patience can be used up. What should come out if the list ends
    first?"""
    return [([0.9, 0.7, 0.8, 0.6, 0.65, 0.62, 0.5], 2), ([3.0, 2.0, 2.0, 2.0, 1.0], 2),
            ([4.0, 3.75, 3.5, 3.25, 3.0, 3.5, 4.0], 3, 0.5), ([2.0, float("nan"), 3.0, 4.0], 2)]


def cases__no_ties():
    """No two losses are equal in your examples. Then it doesn't show whether a version takes a tie
    for an improvement."""
    return [([0.9, 0.7, 0.8, 0.6, 0.65, 0.62, 0.5], 2), ([3.0, 2.0, 2.5], 4),
            ([4.0, 3.75, 3.5, 3.25, 3.0], 3, 0.4), ([2.0, float("nan"), 3.0, 4.0], 2)]


def cases__no_min_delta():
    """All your examples have a min_delta of 0. Whoever ignores it, or uses it wrongly, gets away
    with it."""
    return [([0.9, 0.7, 0.8, 0.6, 0.65, 0.62, 0.5], 2), ([3.0, 2.0, 2.0, 2.0, 1.0], 2),
            ([3.0, 2.0, 2.5], 4), ([2.0, float("nan"), 3.0, 4.0], 2)]


def cases__no_nan():
    """None of your losses is nan. A network that blows up gives nan, and comparisons with nan are
    never true: what do careless versions make of that?"""
    return [([0.9, 0.7, 0.8, 0.6, 0.65, 0.62, 0.5], 2), ([3.0, 2.0, 2.0, 2.0, 1.0], 2),
            ([3.0, 2.0, 2.5], 4), ([4.0, 3.75, 3.5, 3.25, 3.0], 3, 0.5)]


def cases__no_return():
    """Your function returns None, because it reaches its end without a `return`. Return the list
    of examples."""
    _ = [([3.0, 2.0, 2.5], 4)]


# standardize


def inputs_standardize(rng: np.random.Generator) -> Iterator[tuple]:
    for n, m, d in ((7, 5, 3), (4, 4, 4), (9, 3, 2)):
        scale, shift = rng.uniform(0.5, 4, size=d), 3 * rng.normal(size=d)
        yield (rng.normal(size=(n, d)) * scale + shift,
               2 * rng.normal(size=(m, d)) * scale + shift + 1)
    train, test = rng.normal(size=(6, 3)), rng.normal(size=(4, 3))
    train[:, 1], test[:, 1] = 5.0, [5.0, 6.0, 3.0, 5.0]
    yield train, test
    yield 3e-10 * rng.normal(size=(5, 2)), 3e-10 * rng.normal(size=(2, 2))


def _scaled(train, test, mean, std):
    with np.errstate(all="ignore"):
        constant = train.std(axis=0) == 0
        return tuple(np.where(constant, 0.0, (part - mean) / std) for part in (train, test))


def _std(train, ddof=0):
    std = train.std(axis=0, ddof=ddof)
    return np.where(std == 0, 1.0, std)


def fresh_standardize(draw: Draw) -> tuple:
    n, m, d = draw.sizes("n", "m", "d")
    scale, shift = draw.between(0.5, 3.0, d), draw.between(-3.0, 3.0, d)
    train = (draw.rng.normal(size=(n, d)) * scale + shift).round(1)
    if draw.choice([True, False]):
        train[:, 0] = 5.0
    return draw.given(train), draw.given((draw.rng.normal(size=(m, d)) * scale).round(1))


def standardize__each_by_its_own(train, test):
    """You standardize the test table by its own mean and spread. Use the training table's numbers
    for both: the test data plays the part of the future."""
    first, _ = _scaled(train, test, train.mean(axis=0), _std(train))
    constant = train.std(axis=0) == 0
    return first, np.where(constant, 0.0, (test - test.mean(axis=0)) / _std(test))


def standardize__pooled(train, test):
    """You compute the mean and spread from both tables together. Then the test data influences the
    training: use only the training table's."""
    both = np.concatenate([train, test])
    return _scaled(train, test, both.mean(axis=0), _std(both))


def standardize__test_statistics(train, test):
    """You use the test table's mean and spread for both. The training table sets the scale."""
    return _scaled(train, test, test.mean(axis=0), _std(test))


def standardize__test_mean_with_train_std(train, test):
    """In the test table, you subtract its own mean and divide by the training table's spread. Both
    numbers come from the training table."""
    first, _ = _scaled(train, test, train.mean(axis=0), _std(train))
    return first, _scaled(train, test, test.mean(axis=0), _std(train))[1]


def standardize__variance(train, test):
    """You divide by the variance. Its square root, the standard deviation, has the units of the
    column."""
    return _scaled(train, test, train.mean(axis=0), _std(train) ** 2)


def standardize__rows(train, test):
    """You standardize each row, across its columns. A column is a feature: take the mean and the
    spread down the column, along axis 0."""
    return tuple((part - part.mean(axis=1, keepdims=True)) / part.std(axis=1, keepdims=True)
                 for part in (train, test))


def standardize__one_mean_for_all(train, test):
    """You use one mean and one spread for the whole table. Each column has its own: which axis?"""
    return _scaled(train, test, train.mean(), train.std())


def standardize__divides_by_zero(train, test):
    """A column that is constant in training has a standard deviation of 0, and dividing by it gives
    nan and inf. Such a column should become 0."""
    with np.errstate(all="ignore"):
        mean, std = train.mean(axis=0), train.std(axis=0)
        return (train - mean) / std, (test - mean) / std


def standardize__constant_column_in_test(train, test):
    """Where a training column is constant, your test table keeps its differences from the mean. A
    model can't learn anything from such a column: it should become 0 in both tables."""
    mean, std = train.mean(axis=0), _std(train)
    return (train - mean) / std, (test - mean) / std


def standardize__small_number_for_zero(train, test):
    """You add a tiny number to the spread. In a constant column, this makes a test value that
    differs huge: such a column should become 0 in both tables."""
    mean, std = train.mean(axis=0), train.std(axis=0) + 1e-8
    return (train - mean) / std, (test - mean) / std


def standardize__constant_column_left_alone(train, test):
    """You leave constant columns as they are. They should become 0 in both tables."""
    first, second = _scaled(train, test, train.mean(axis=0), _std(train))
    constant = train.std(axis=0) == 0
    return np.where(constant, train, first), np.where(constant, test, second)


def standardize__constant_column_removed(train, test):
    """You remove constant columns. Keep the shapes: such a column should become 0 in both
    tables."""
    varies = train.std(axis=0) > 0
    first, second = _scaled(train, test, train.mean(axis=0), _std(train))
    return first[:, varies], second[:, varies]


def standardize__small_is_constant(train, test):
    """You treat a column with a small spread as constant. It is constant only if all its training
    values are equal: in another unit, 0.000000001 may be a lot."""
    constant = train.std(axis=0) < 1e-8
    first, second = _scaled(train, test, train.mean(axis=0), _std(train))
    return np.where(constant, 0.0, first), np.where(constant, 0.0, second)


def standardize__divided_by_n_minus_one(train, test):
    """Your standard deviation divides by n − 1 (ddof=1). Here it is the root of the mean squared
    deviation, which divides by n."""
    return _scaled(train, test, train.mean(axis=0), _std(train, ddof=1))


def standardize__not_centred(train, test):
    """You divide by the spread but do not subtract the mean. Standardizing takes both steps."""
    return _scaled(train, test, 0.0, _std(train))


def standardize__not_scaled(train, test):
    """You subtract the mean but do not divide by the spread. Standardizing takes both steps."""
    return _scaled(train, test, train.mean(axis=0), 1.0)


def standardize__from_0_to_1(train, test):
    """You stretch each column from its minimum to its maximum. That is another way of scaling:
    here, the mean becomes 0 and the standard deviation 1."""
    low, high = train.min(axis=0), train.max(axis=0)
    return _scaled(train, test, low, np.where(high == low, 1.0, high - low))


def standardize__test_left_alone(train, test):
    """You return the test table unchanged. The network has learned from standardized columns, so
    the test data has to be on the same scale."""
    first, _ = _scaled(train, test, train.mean(axis=0), _std(train))
    return first, test.copy()


def standardize__test_mean_and_constant_columns(train, test):
    """The test set is centered on its own mean, and a constant column of train is divided by 1.
    Both sets use train's mean and deviation; a column that is constant in train becomes 0."""
    std = np.where(_std(train) == 0, 1.0, _std(train))
    return (train - train.mean(axis=0)) / std, (test - test.mean(axis=0)) / std


def standardize__pooled_and_constant_columns(train, test):
    """Mean and deviation come from both sets together: the test set has leaked into them. Take
    them from train alone."""
    both = np.vstack([train, test])
    std = np.where(_std(both) == 0, 1.0, _std(both))
    return (train - both.mean(axis=0)) / std, (test - both.mean(axis=0)) / std


def standardize__train_only(train, test):
    """You return only the training table. Return a pair: (train, test)."""
    return _scaled(train, test, train.mean(axis=0), _std(train))[0]


# batchnorm_forward


def inputs_batchnorm_forward(rng: np.random.Generator) -> Iterator[tuple]:
    def state(d: int) -> dict[str, Array]:
        return {"mean": rng.normal(size=d), "var": rng.uniform(0.5, 3, size=d)}

    for n, d in ((6, 4), (4, 4)):
        X = rng.normal(size=(n, d)) * rng.uniform(0.3, 3, size=d) + 2
        for training in (True, False):
            yield (X, rng.normal(size=d) + 2, rng.normal(size=d), state(d), training, 0.3, 0.5)
    X = 0.02 * rng.normal(size=(5, 3)) + 1
    yield X, rng.normal(size=3) + 2, rng.normal(size=3), state(3), True
    yield X, rng.normal(size=3) + 2, rng.normal(size=3), state(3), False


def _normalized(X, gamma, beta, mean, var, eps):
    return gamma * (X - mean) / np.sqrt(var + eps) + beta


def _moved(state, mean, var, momentum):
    return {"mean": (1 - momentum) * state["mean"] + momentum * mean,
            "var": (1 - momentum) * state["var"] + momentum * var}


def _copy(state):
    return {key: value.copy() for key, value in state.items()}


def _batchnorm(X, gamma, beta, state, training, momentum, eps, axis=0, ddof=0, after_ddof=0):
    """The right way, with room for a slip in how mean and variance are taken."""
    if not training:
        return _normalized(X, gamma, beta, state["mean"], state["var"], eps), _copy(state)
    mean, var = X.mean(axis=axis), X.var(axis=axis, ddof=ddof)
    after = _moved(state, X.mean(axis=0), X.var(axis=0, ddof=after_ddof), momentum)
    return _normalized(X, gamma, beta, mean, var, eps), after


def fresh_batchnorm_forward(draw: Draw) -> tuple:
    n, d = draw.sizes("n", "d")
    X, gamma, beta = draw.array(n, d), draw.array(d), draw.array(d)
    state = {"mean": draw.values(d) * 1.0, "var": draw.between(0.5, 3.0, d)}
    return (X, gamma, beta, state, draw.choice([True, False]), draw.between(0.1, 0.9),
            draw.between(0.01, 0.5))


def batchnorm_forward__rows(X, gamma, beta, state, training, momentum=0.1, eps=1e-5):
    """You normalize each example over its units: that is layer normalization. Batch normalization
    treats each unit over the examples, along axis 0."""
    Y, after = _batchnorm(X, gamma, beta, state, training, momentum, eps)
    if training:
        mean, var = X.mean(axis=1, keepdims=True), X.var(axis=1, keepdims=True)
        Y = _normalized(X, gamma, beta, mean, var, eps)
    return Y, after


def batchnorm_forward__eps_beside_sigma(X, gamma, beta, state, training, momentum=0.1, eps=1e-5):
    """You divide by σ + ε. The formula has the root of σ² + ε, with ε *under* the root; for units
    that hardly vary, that makes a big difference."""
    _, after = _batchnorm(X, gamma, beta, state, training, momentum, eps)
    mean, var = (X.mean(axis=0), X.var(axis=0)) if training else (state["mean"], state["var"])
    return gamma * (X - mean) / (np.sqrt(var) + eps) + beta, after


def batchnorm_forward__variance(X, gamma, beta, state, training, momentum=0.1, eps=1e-5):
    """You divide by σ² + ε. The root is missing."""
    _, after = _batchnorm(X, gamma, beta, state, training, momentum, eps)
    mean, var = (X.mean(axis=0), X.var(axis=0)) if training else (state["mean"], state["var"])
    return gamma * (X - mean) / (var + eps) + beta, after


def batchnorm_forward__no_eps(X, gamma, beta, state, training, momentum=0.1, eps=1e-5):
    """You never use ε. It goes next to the variance, under the root, and keeps you from dividing by
    0 when a unit is silent."""
    return _batchnorm(X, gamma, beta, state, training, momentum, 0.0)


def batchnorm_forward__fixed_eps(X, gamma, beta, state, training, momentum=0.1, eps=1e-5):
    """Your ε is always 1e-5, whatever the caller passes. Use the argument."""
    return _batchnorm(X, gamma, beta, state, training, momentum, 1e-5)


def batchnorm_forward__fixed_momentum(X, gamma, beta, state, training, momentum=0.1, eps=1e-5):
    """Your momentum is always 0.1, whatever the caller passes. Use the argument."""
    return _batchnorm(X, gamma, beta, state, training, 0.1, eps)


def batchnorm_forward__divided_by_n_minus_one(X, gamma, beta, state, training, momentum=0.1,
                                              eps=1e-5):
    """Your variance divides by n − 1 (ddof=1). Here, both the batch and the running average use the
    variance that divides by n."""
    return _batchnorm(X, gamma, beta, state, training, momentum, eps, ddof=1, after_ddof=1)


def batchnorm_forward__unbiased_running_variance(X, gamma, beta, state, training, momentum=0.1,
                                                 eps=1e-5):
    """You update the running variance with the unbiased variance (n − 1), as PyTorch does. Here,
    the same biased variance is used in both places."""
    return _batchnorm(X, gamma, beta, state, training, momentum, eps, after_ddof=1)


def batchnorm_forward__batch_at_evaluation(X, gamma, beta, state, training, momentum=0.1,
                                           eps=1e-5):
    """When not training, you still use the batch's own mean and variance. An answer must not depend
    on what else is in the batch: use the state."""
    mean, var = X.mean(axis=0), X.var(axis=0)
    after = _moved(state, mean, var, momentum) if training else _copy(state)
    return _normalized(X, gamma, beta, mean, var, eps), after


def batchnorm_forward__state_moves_at_evaluation(X, gamma, beta, state, training, momentum=0.1,
                                                 eps=1e-5):
    """You update the running averages even when `training` is False. In use, nothing is learned:
    return them as they were."""
    Y, _ = _batchnorm(X, gamma, beta, state, training, momentum, eps)
    return Y, _moved(state, X.mean(axis=0), X.var(axis=0), momentum)


def batchnorm_forward__training_ignored(X, gamma, beta, state, training, momentum=0.1, eps=1e-5):
    """`training` makes no difference: you always use the batch, and always update the averages.
    When it is False, use the state, and return it as it was."""
    return _batchnorm(X, gamma, beta, state, True, momentum, eps)


def batchnorm_forward__running_while_training(X, gamma, beta, state, training, momentum=0.1,
                                              eps=1e-5):
    """During training, you normalize by the running averages. They are for later: use the batch's
    own mean and variance."""
    after = _moved(state, X.mean(axis=0), X.var(axis=0), momentum) if training else _copy(state)
    return _normalized(X, gamma, beta, after["mean"], after["var"], eps), after


def batchnorm_forward__momentum_reversed(X, gamma, beta, state, training, momentum=0.1, eps=1e-5):
    """You use momentum as the weight of the old average (as Keras does). Here, it is the weight of
    the new batch: running = (1 − m) · old + m · batch."""
    return _batchnorm(X, gamma, beta, state, training, 1 - momentum, eps)


def batchnorm_forward__momentum_reversed_and_eps_beside_sigma(X, gamma, beta, state, training,
                                                              momentum=0.1, eps=1e-5):
    """There are two mistakes. ε goes *under* the root, next to the variance. And momentum is the
    weight of the new batch, not of the old average: running = (1 − m) · old + m · batch."""
    _, after = _batchnorm(X, gamma, beta, state, training, 1 - momentum, eps)
    mean, var = (X.mean(axis=0), X.var(axis=0)) if training else (state["mean"], state["var"])
    return gamma * (X - mean) / (np.sqrt(var) + eps) + beta, after


def batchnorm_forward__gamma_and_beta_swapped(X, gamma, beta, state, training, momentum=0.1,
                                              eps=1e-5):
    """You add gamma and multiply by beta. gamma is the scale, and beta is the shift."""
    return _batchnorm(X, beta, gamma, state, training, momentum, eps)


def batchnorm_forward__no_gamma_and_beta(X, gamma, beta, state, training, momentum=0.1, eps=1e-5):
    """You return the normalized values. They still have to be multiplied by gamma and shifted by
    beta."""
    return _batchnorm(X, 1.0, 0.0, state, training, momentum, eps)


def batchnorm_forward__beta_inside(X, gamma, beta, state, training, momentum=0.1, eps=1e-5):
    """You add beta before multiplying by gamma, so beta is scaled as well. Scale first, then
    shift."""
    Y, after = _batchnorm(X, 1.0, beta, state, training, momentum, eps)
    return gamma * Y, after


def batchnorm_forward__state_is_left_alone(X, gamma, beta, state, training, momentum=0.1,
                                           eps=1e-5):
    """You never update the running averages. During training, they take a step toward the batch's
    mean and variance."""
    Y, _ = _batchnorm(X, gamma, beta, state, training, momentum, eps)
    return Y, _copy(state)


def batchnorm_forward__state_is_the_batch(X, gamma, beta, state, training, momentum=0.1, eps=1e-5):
    """Your new state is just the last batch's mean and variance. It is a running average: keep 1 −
    m of the old one."""
    return _batchnorm(X, gamma, beta, state, training, 1.0, eps)


def batchnorm_forward__running_std(X, gamma, beta, state, training, momentum=0.1, eps=1e-5):
    """You move the running *variance* toward the standard deviation of the batch. The key "var"
    contains a variance."""
    Y, after = _batchnorm(X, gamma, beta, state, training, momentum, eps)
    if training:
        after["var"] = (1 - momentum) * state["var"] + momentum * X.std(axis=0)
    return Y, after


def batchnorm_forward__state_in_place(X, gamma, beta, state, training, momentum=0.1, eps=1e-5):
    """You write into the dict that was passed in, which the caller may still need. Make a new dict
    with new arrays."""
    Y, after = _batchnorm(X, gamma, beta, state, training, momentum, eps)
    state["mean"], state["var"] = after["mean"], after["var"]
    return Y, state


def batchnorm_forward__one_mean_for_all(X, gamma, beta, state, training, momentum=0.1, eps=1e-5):
    """You take one mean and one variance over the whole batch and all units. Each unit has its own:
    pass an axis."""
    if not training:
        return _batchnorm(X, gamma, beta, state, False, momentum, eps)
    mean, var = X.mean(), X.var()
    return _normalized(X, gamma, beta, mean, var, eps), _moved(state, mean, var, momentum)


def batchnorm_forward__rows_in_a_column(X, gamma, beta, state, training, momentum=0.1, eps=1e-5):
    """You normalize each example over its features (axis 1). Batch norm takes each feature over
    the batch: one mean and one variance for every column."""
    mean, var = state["mean"], state["var"]
    if training:
        mean, var = X.mean(axis=1, keepdims=True), X.var(axis=1, keepdims=True)
        state = {"mean": (1 - momentum) * state["mean"] + momentum * mean,
                 "var": (1 - momentum) * state["var"] + momentum * var}
    else:
        state = _copy(state)
    return _normalized(X, gamma, beta, mean, var, eps), state


def batchnorm_forward__y_alone(X, gamma, beta, state, training, momentum=0.1, eps=1e-5):
    """You return only Y. The new state is part of the result: return (Y, state)."""
    return _batchnorm(X, gamma, beta, state, training, momentum, eps)[0]
