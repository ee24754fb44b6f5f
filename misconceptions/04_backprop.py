"""Wrong answers to the exercises of lesson 4, each with the hint that its author reads.

`NAME__LABEL` is a wrong answer to exercise NAME, written the way students write it (so without
annotations), and its docstring is the hint. `inputs_NAME` yields the arguments on which all of them
differ from a right answer and from each other; `view_NAME` turns a result into plain values.

The inputs are float arrays wherever two ways to write the *same* mistake treat lists or ints
differently: an answer should be recognised by its idea, not by whether it calls `np.asarray`.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from utils._diagnosis.draw import Draw

Array = np.ndarray


def _softmax(Z: Array) -> Array:
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def _onehot(Z: Array, y: Array) -> Array:
    return np.eye(Z.shape[1])[y]


# cross_entropy_grad


def inputs_cross_entropy_grad(rng: np.random.Generator) -> Iterator[tuple]:
    for n, c in ((7, 4), (4, 4), (5, 3), (1, 4), (6, 2)):
        yield 1.5 * rng.normal(size=(n, c)), rng.integers(c, size=n)
    yield np.array([[900.0, 0.0, -3.0], [-950.0, -950.0, -951.5]]), np.array([1, 2])


def fresh_cross_entropy_grad(draw: Draw) -> tuple:
    n, c = draw.sizes("n", "c")
    return draw.array(n, c), draw.labels(n, c)


def cross_entropy_grad__no_mean(Z, y):
    """The 1/n of the mean is missing, so this is the gradient of the *sum* of the losses. With a
    batch of one you can't see the difference."""
    return _softmax(Z) - _onehot(Z, y)


def cross_entropy_grad__divided_by_classes(Z, y):
    """You divide by the number of classes. The loss is a mean over the examples: along which axis
    of Z are they?"""
    return (_softmax(Z) - _onehot(Z, y)) / Z.shape[1]


def cross_entropy_grad__divided_by_entries(Z, y):
    """You divide by the number of entries, n times c. The loss is a mean of n numbers, one per
    example."""
    return (_softmax(Z) - _onehot(Z, y)) / Z.size


def cross_entropy_grad__sign(Z, y):
    """Your signs are flipped, so this points in the direction in which the loss falls. A gradient
    points in the direction in which it rises; the minus comes with the update."""
    return (_onehot(Z, y) - _softmax(Z)) / len(Z)


def cross_entropy_grad__extra_slope(Z, y):
    """There is an extra factor of p (1 - p). It belongs to the softmax or sigmoid alone; combined
    with the logarithm of the loss, it cancels."""
    P = _softmax(Z)
    return (P - _onehot(Z, y)) * P * (1 - P) / len(Z)


def cross_entropy_grad__for_probabilities(Z, y):
    """-1/p is the slope with respect to the probability. You need the slope with respect to the
    logits, one step further back, through the softmax."""
    return -_onehot(Z, y) / _softmax(Z) / len(Z)


def cross_entropy_grad__changes_its_input(Z, y):
    """The values are right, but your function changes Z. Start with a copy, or with what softmax
    returns."""
    Z[...] = _softmax(Z)
    Z[np.arange(len(Z)), y] -= 1
    Z /= len(Z)
    return Z


def cross_entropy_grad__overflow(Z, y):
    """For large logits `exp` overflows, and inf/inf is nan. Subtract each row's largest logit
    first, as your softmax of lesson 3 does."""
    P = np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)
    return (P - _onehot(Z, y)) / len(Z)


def cross_entropy_grad__global_maximum(Z, y):
    """You subtract the largest logit of the whole batch. A row far below it becomes 0/0: subtract
    each row's own maximum."""
    E = np.exp(Z - Z.max())
    return (E / E.sum(axis=1, keepdims=True) - _onehot(Z, y)) / len(Z)


def cross_entropy_grad__softmax_over_examples(Z, y):
    """Your softmax runs down the columns, over the examples. Each row has to sum to 1 by itself."""
    E = np.exp(Z - Z.max(axis=0))
    return (E / E.sum(axis=0) - _onehot(Z, y)) / len(Z)


def cross_entropy_grad__no_softmax(Z, y):
    """You subtract the truth from the logits themselves. Subtract it from the probabilities: where
    is the softmax?"""
    return (Z - _onehot(Z, y)) / len(Z)


def cross_entropy_grad__softmax_twice(Z, y):
    """The softmax is applied twice. `Z` holds logits, and one softmax turns them into
    probabilities."""
    return (_softmax(_softmax(Z)) - _onehot(Z, y)) / len(Z)


def cross_entropy_grad__truth_left_out(Z, y):
    """These are the probabilities, divided by n. Where does the right class come in?"""
    return _softmax(Z) / len(Z)


def cross_entropy_grad__label_numbers_subtracted(Z, y):
    """You subtract the label itself from every probability of its row. A label says *where* to
    subtract: take 1 from the entry `P[i, y[i]]` of each row, and nothing from the others."""
    return (_softmax(Z) - np.reshape(y, (-1, 1))) / len(Z)


def cross_entropy_grad__all_labels_in_all_rows(Z, y):
    """`P[:, y] -= 1` subtracts 1 in the columns of *all* the labels, in every row. Pair each row
    with its own label: `P[np.arange(n), y]`."""
    P = _softmax(Z)
    P[:, y] -= 1
    return P / len(Z)


def cross_entropy_grad__mean_taken(Z, y):
    """You average over the batch and return one row. Every logit of every example has its own
    gradient; the mean only brings a factor of 1/n."""
    return (_softmax(Z) - _onehot(Z, y)).mean(axis=0)


def cross_entropy_grad__only_right_class(Z, y):
    """Only the right class gets a gradient. The other classes are in the denominator of the
    softmax, and their logits should go down."""
    return (_softmax(Z) - 1) * _onehot(Z, y) / len(Z)


def cross_entropy_grad__loss_returned(Z, y):
    """This is the loss, a single number. Return its slope with respect to each logit."""
    return -np.mean(np.log(_softmax(Z)[np.arange(len(Z)), y]))


def cross_entropy_grad__no_return(Z, y):
    """Your function returns None, because it reaches its end without a `return`. Return the
    gradient."""
    _ = (_softmax(Z) - _onehot(Z, y)) / len(Z)


# linear_backward


def inputs_linear_backward(rng: np.random.Generator) -> Iterator[tuple]:
    for n, d, out in ((7, 5, 3), (4, 4, 4), (6, 2, 2), (3, 3, 2), (1, 3, 2), (5, 2, 5)):
        yield rng.normal(size=(n, out)), rng.normal(size=(n, d)), rng.normal(size=(out, d))


def fresh_linear_backward(draw: Draw) -> tuple:
    n, d, out = draw.sizes("n", "in", "out")
    return draw.array(n, out), draw.array(n, d), draw.array(out, d)


def linear_backward__weights_transposed(dZ, X, W):
    """Your dW is transposed, as if W had shape (in, out). A gradient has the same shape as the
    thing it belongs to."""
    return dZ @ W, X.T @ dZ, dZ.sum(axis=0)


def linear_backward__input_through_transpose(dZ, X, W):
    """Your dX uses W.T, as the forward pass does. On the way back it is W itself: write the shapes
    of dZ and W side by side."""
    return dZ @ W.T, dZ.T @ X, dZ.sum(axis=0)


def linear_backward__bias_mean(dZ, X, W):
    """Your db is a mean over the examples. The 1/n is already in dZ, so sum over the examples."""
    return dZ @ W, dZ.T @ X, dZ.mean(axis=0)


def linear_backward__bias_over_units(dZ, X, W):
    """Your db sums over the units, so it has one entry per example. One bias serves all the
    examples: sum over those."""
    return dZ @ W, dZ.T @ X, dZ.sum(axis=1)


def linear_backward__bias_summed_to_a_number(dZ, X, W):
    """Your db is a single number, the sum of everything. Each unit has its own bias: keep the units
    apart."""
    return dZ @ W, dZ.T @ X, dZ.sum()


def linear_backward__bias_not_summed(dZ, X, W):
    """Your db is dZ itself, with one row per example. The books' formula db = δ is for one example;
    for a batch, add up the rows."""
    return dZ @ W, dZ.T @ X, dZ.copy()


def linear_backward__bias_as_row(dZ, X, W):
    """Your db has shape (1, out). The bias has shape (out,), and so should its gradient: leave out
    `keepdims`."""
    return dZ @ W, dZ.T @ X, dZ.sum(axis=0, keepdims=True)


def linear_backward__another_mean(dZ, X, W):
    """You divide dW and db by n once more. The gradient of the loss already brought the 1/n;
    dividing again makes the steps n times too small."""
    return dZ @ W, dZ.T @ X / len(X), dZ.sum(axis=0) / len(X)


def linear_backward__everything_divided(dZ, X, W):
    """You divide all three gradients by n once more. The gradient of the loss already brought the
    1/n; don't average anything here."""
    return dZ @ W / len(X), dZ.T @ X / len(X), dZ.sum(axis=0) / len(X)


def linear_backward__divides_in_place(dZ, X, W):
    """`dZ /= n` changes the caller's dZ, and divides by an n that dZ already contains. Don't divide
    here, and don't change the arguments."""
    dZ /= len(dZ)
    return dZ @ W, dZ.T @ X, dZ.sum(axis=0)


def linear_backward__upstream_ignored(dZ, X, W):
    """dZ is not used, as if the gradient that arrives were 1 everywhere. It is the first factor of
    each product."""
    ones = np.ones_like(dZ)
    return ones @ W, ones.T @ X, ones.sum(axis=0)


def linear_backward__weights_ignore_upstream(dZ, X, W):
    """Your dW doesn't use dZ. The local slope of a weight is its input; multiply it by the gradient
    that arrives."""
    return dZ @ W, np.ones_like(dZ).T @ X, dZ.sum(axis=0)


def linear_backward__input_unused_for_input(dZ, X, W):
    """Your dX looks like the formula for dW. The local slope for an input is its weight: which
    product of dZ and W has the shape of X?"""
    return dZ @ dZ.T @ X, dZ.T @ X, dZ.sum(axis=0)


def linear_backward__order_swapped(dZ, X, W):
    """The three gradients are right but in a different order. The docstring promises (dX, dW,
    db)."""
    return dZ.T @ X, dZ.sum(axis=0), dZ @ W


def linear_backward__input_not_returned(dZ, X, W):
    """dX is missing. Without it, nothing gets back to the previous layer."""
    return dZ.T @ X, dZ.sum(axis=0)


def linear_backward__first_example_only(dZ, X, W):
    """Only the first example contributes to dW and db. A weight serves the whole batch, so sum over
    all examples."""
    return dZ @ W, np.outer(dZ[0], X[0]), dZ[0].copy()


def linear_backward__forward_again(dZ, X, W):
    """You compute the layer's output, X W.T, and return it as dX. On the way back, dZ is what comes
    in."""
    return X @ W.T, dZ.T @ X, dZ.sum(axis=0)


def linear_backward__layout_of_inputs_by_outputs(dZ, X, W):
    """Your formulas are for weights of shape (in, out), as some texts have them. Here W is
    (out, in), and dW has the shape of W: write the shapes of dZ, X and W side by side."""
    return dZ @ W.T, X.T @ dZ, dZ.sum(axis=0)


def linear_backward__no_return(dZ, X, W):
    """Your function returns None, because it reaches its end without a `return`. Return the three
    gradients."""
    _ = dZ @ W, dZ.T @ X, dZ.sum(axis=0)


# tanh_backward


def inputs_tanh_backward(rng: np.random.Generator) -> Iterator[tuple]:
    for shape in ((7, 5), (4, 4), (6,), (1, 3)):
        yield rng.normal(size=shape), 1.3 * rng.normal(size=shape)
    yield np.array([2.0, -1.5]), np.array([0.7, 30.0])


def fresh_tanh_backward(draw: Draw) -> tuple:
    n, d = draw.sizes("n", "d")
    return draw.array(n, d), draw.array(n, d)


def tanh_backward__square_of_z(dA, Z):
    """1 - Z² needs Z to be the *output* of tanh, but Z is its input. The slope is one minus the
    square of tanh(Z)."""
    return dA * (1 - Z**2)


def tanh_backward__tanh_twice(dA, Z):
    """The tanh is applied twice. If you have A = tanh(Z) already, its slope is 1 - A², without
    another tanh."""
    return dA * (1 - np.tanh(np.tanh(Z)) ** 2)


def tanh_backward__sigmoid_form(dA, Z):
    """A (1 - A) is the slope of the sigmoid. For tanh it is 1 - A²: at Z = 0 it has to be 1."""
    A = np.tanh(Z)
    return dA * A * (1 - A)


def tanh_backward__sigmoid(dA, Z):
    """This is the sigmoid's slope, at most 0.25. The layer used tanh, whose slope at 0 is 1."""
    A = 1 / (1 + np.exp(-Z))
    return dA * A * (1 - A)


def tanh_backward__upstream_ignored(dA, Z):
    """dA is not used: this is the slope of tanh alone. The chain rule multiplies it by the gradient
    that arrives."""
    return 1 - np.tanh(Z) ** 2


def tanh_backward__upstream_added(dA, Z):
    """You add the slope to dA. Along a path, slopes are multiplied."""
    return dA + (1 - np.tanh(Z) ** 2)


def tanh_backward__square_missing(dA, Z):
    """1 - tanh(Z) lacks the square: far to the left, where tanh is flat, it is 2 instead of 0."""
    return dA * (1 - np.tanh(Z))


def tanh_backward__square_outside(dA, Z):
    """(1 - tanh(Z))² squares too much. Square only the tanh, and subtract that from 1."""
    return dA * (1 - np.tanh(Z)) ** 2


def tanh_backward__one_plus_the_square(dA, Z):
    """1 + tanh² approaches 2 where tanh is flat. The slope should approach 0 there: check the
    sign."""
    return dA * (1 + np.tanh(Z) ** 2)


def tanh_backward__one_left_out(dA, Z):
    """This is dA times tanh²: it is 0 at Z = 0, where tanh is steepest. What should the square be
    subtracted from?"""
    return dA * np.tanh(Z) ** 2


def tanh_backward__parentheses_missing(dA, Z):
    """You multiply dA by 1 and then take the square away. The whole slope, the difference, has to
    be multiplied: where do the parentheses go?"""
    return dA * 1 - np.tanh(Z) ** 2


def tanh_backward__forward(dA, Z):
    """You multiply by tanh(Z), the value. On the way back you need the slope."""
    return dA * np.tanh(Z)


def tanh_backward__slope_at_upstream(dA, Z):
    """You take the slope at dA. Take it at Z, the value that went into tanh."""
    return 1 - np.tanh(dA) ** 2


def tanh_backward__slope_of_product(dA, Z):
    """dA is inside the tanh. Take the slope at Z alone, and then multiply by dA."""
    return 1 - np.tanh(dA * Z) ** 2


def tanh_backward__one_over_cosh(dA, Z):
    """1/cosh(Z) lacks a square: the slope of tanh is 1/cosh² = 1 - tanh²."""
    return dA / np.cosh(Z)


def tanh_backward__matrix_product(dA, Z):
    """`@` mixes the entries of different examples and units. tanh works entry by entry, and so does
    its backward pass: `*`."""
    return dA @ (1 - np.tanh(Z) ** 2)


def tanh_backward__in_place(dA, Z):
    """The values are right, but `*=` changes the caller's dA. Use `*`."""
    dA *= 1 - np.tanh(Z) ** 2
    return dA


def tanh_backward__relu_slope(dA, Z):
    """This is ReLU's slope, 1 for positive Z and 0 otherwise. The layer used tanh."""
    return dA * (Z > 0)


def tanh_backward__no_return(dA, Z):
    """Your function returns None, because it reaches its end without a `return`. Return dZ."""
    _ = dA * (1 - np.tanh(Z) ** 2)


# mlp_backward

Slope = Callable[[list, int], Array]


def _network(rng: np.random.Generator, n: int, *sizes: int) -> tuple:
    """dZ, cache, weights of a random network, weights of order 1."""
    weights = [rng.normal(size=(out, d)) for d, out in pairwise(sizes)]
    A, cache = rng.normal(size=(n, sizes[0])), []
    for W in weights:
        cache.append((A, A @ W.T + rng.normal(size=len(W))))
        A = np.tanh(cache[-1][1])
    return rng.normal(size=(n, sizes[-1])), cache, weights


def inputs_mlp_backward(rng: np.random.Generator) -> Iterator[tuple]:
    for n, *sizes in ((7, 5, 3, 4), (4, 4, 4, 4), (5, 3, 3, 3, 3), (3, 3, 3, 3, 3, 3), (6, 2, 5, 3),
                      (3, 2, 4)):
        yield _network(rng, n, *sizes)




def _before(cache: list, depth: int) -> Array:
    """The slope of the tanh before layer `depth`."""
    return 1 - np.tanh(cache[depth - 1][1]) ** 2


def _sweep(dZ: Array, cache: list, weights: list, slope: Slope = _before) -> tuple[list, list]:
    dWs, dbs = [], []
    for depth in reversed(range(len(weights))):
        dWs.insert(0, dZ.T @ cache[depth][0])
        dbs.insert(0, dZ.sum(axis=0))
        if depth > 0:
            dZ = (dZ @ weights[depth]) * slope(cache, depth)
    return dWs, dbs


def fresh_mlp_backward(draw: Draw) -> tuple:
    n, sizes = *draw.sizes("n"), draw.layers()
    weights = [draw.values(out, d) for d, out in pairwise(sizes)]
    A, cache = draw.values(n, sizes[0]), []
    for W in weights:
        Z = A @ W.T + draw.values(len(W))
        cache.append((A, Z))
        A = np.tanh(Z)
    return draw.array(n, sizes[-1]), cache, [draw.given(W) for W in weights]


def mlp_backward__no_slope(dZ, cache, weights):
    """The slope of tanh is missing: you go back through the weights only, as if there were no
    activation."""
    return _sweep(dZ, cache, weights, lambda cache, depth: np.ones_like(cache[depth][0]))


def mlp_backward__square_of_z(dZ, cache, weights):
    """You take 1 - Z² as the slope. Z is what went into tanh; square what came out of it."""
    return _sweep(dZ, cache, weights, lambda cache, depth: 1 - cache[depth - 1][1] ** 2)


def mlp_backward__tanh_twice(dZ, cache, weights):
    """You take 1 - tanh(A)² as the slope. The next layer's A_in has been through tanh already:
    square it as it is, or use Z."""
    return _sweep(dZ, cache, weights, lambda cache, depth: 1 - np.tanh(cache[depth][0]) ** 2)


def mlp_backward__slope_of_wrong_layer(dZ, cache, weights):
    """You take the slope at the scores of the layer you are coming from. Its dZ is already past its
    own tanh; the next tanh on the way back is the previous layer's."""
    return _sweep(dZ, cache, weights, lambda cache, depth: 1 - np.tanh(cache[depth][1]) ** 2)


def mlp_backward__slope_of_input(dZ, cache, weights):
    """You take the slope at the previous layer's input, cache[l - 1][0]. Take it at that layer's
    scores, the second part of the pair."""
    return _sweep(dZ, cache, weights, lambda cache, depth: 1 - np.tanh(cache[depth - 1][0]) ** 2)


def mlp_backward__sigmoid_slope(dZ, cache, weights):
    """A (1 - A) is the slope of the sigmoid. The hidden layers use tanh, whose slope is 1 - A²."""
    return _sweep(dZ, cache, weights, lambda cache, depth: cache[depth][0] * (1 - cache[depth][0]))


def mlp_backward__slope_on_output(dZ, cache, weights):
    """You multiply the last layer's dZ by a slope of tanh, but there is no tanh after the last
    layer. Use its dZ as it is."""
    return _sweep(dZ * (1 - np.tanh(cache[-1][1]) ** 2), cache, weights)


def mlp_backward__another_mean(dZ, cache, weights):
    """You divide the gradients by n once more. dZ already contains the 1/n of the mean, and so does
    everything computed from it."""
    n = len(dZ)
    dWs, dbs = _sweep(dZ, cache, weights)
    return [dW / n for dW in dWs], [db / n for db in dbs]


def mlp_backward__mean_at_every_layer(dZ, cache, weights):
    """You divide by n again at each layer, so the early layers' gradients get smaller and smaller.
    The 1/n came in once, with dZ."""
    dWs, dbs, n = [], [], len(dZ)
    for depth in reversed(range(len(weights))):
        dZ = dZ / n
        dWs.insert(0, dZ.T @ cache[depth][0])
        dbs.insert(0, dZ.sum(axis=0))
        if depth > 0:
            dZ = (dZ @ weights[depth]) * _before(cache, depth)
    return dWs, dbs


def mlp_backward__bias_mean(dZ, cache, weights):
    """You take means over the batch for the biases. Like the weights' gradients, these are sums:
    the 1/n is already in dZ."""
    n = len(dZ)
    dWs, dbs = _sweep(dZ, cache, weights)
    return dWs, [db / n for db in dbs]


def mlp_backward__bias_over_units(dZ, cache, weights):
    """You sum the biases' gradients over the units (axis 1), so they have one entry per example.
    Sum over the examples."""
    dWs, dbs = [], []
    for depth in reversed(range(len(weights))):
        dWs.insert(0, dZ.T @ cache[depth][0])
        dbs.insert(0, dZ.sum(axis=1))
        if depth > 0:
            dZ = (dZ @ weights[depth]) * _before(cache, depth)
    return dWs, dbs


def mlp_backward__lists_reversed(dZ, cache, weights):
    """Both lists start with the last layer, in the order in which you computed them. Reverse them
    before you return them."""
    dWs, dbs = _sweep(dZ, cache, weights)
    return dWs[::-1], dbs[::-1]


def mlp_backward__weights_transposed(dZ, cache, weights):
    """Each dW is transposed, as if W had shape (in, out). A gradient has the same shape as the
    thing it belongs to."""
    dWs, dbs = _sweep(dZ, cache, weights)
    return [dW.T for dW in dWs], dbs


def mlp_backward__through_transpose(dZ, cache, weights):
    """You go back through W.T, as on the way forward. Only square matrices let you do that: on the
    way back it is `dZ @ W`."""
    dWs, dbs = [], []
    for depth in reversed(range(len(weights))):
        dWs.insert(0, dZ.T @ cache[depth][0])
        dbs.insert(0, dZ.sum(axis=0))
        if depth > 0:
            dZ = (dZ @ weights[depth].T) * _before(cache, depth)
    return dWs, dbs


def mlp_backward__weights_of_layer_before(dZ, cache, weights):
    """You go back through the previous layer's weights. The gradient goes back through the layer's
    own W."""
    dWs, dbs = [], []
    for depth in reversed(range(len(weights))):
        dWs.insert(0, dZ.T @ cache[depth][0])
        dbs.insert(0, dZ.sum(axis=0))
        if depth > 0:
            dZ = (dZ @ weights[depth - 1]) * _before(cache, depth)
    return dWs, dbs


def mlp_backward__output_for_input(dZ, cache, weights):
    """Your dW uses the layer's output Z. A weight multiplies the layer's *input*, the first part of
    the pair."""
    dWs, dbs = [], []
    for depth in reversed(range(len(weights))):
        dWs.insert(0, dZ.T @ cache[depth][1])
        dbs.insert(0, dZ.sum(axis=0))
        if depth > 0:
            dZ = (dZ @ weights[depth]) * _before(cache, depth)
    return dWs, dbs


def mlp_backward__first_input_everywhere(dZ, cache, weights):
    """Every dW uses the first layer's input X. Each layer has its own input in the cache."""
    dWs, dbs = [], []
    for depth in reversed(range(len(weights))):
        dWs.insert(0, dZ.T @ cache[0][0])
        dbs.insert(0, dZ.sum(axis=0))
        if depth > 0:
            dZ = (dZ @ weights[depth]) * _before(cache, depth)
    return dWs, dbs


def mlp_backward__same_gradient_everywhere(dZ, cache, weights):
    """Every layer uses the last layer's dZ. On the way back it changes from layer to layer: assign
    the new one to dZ."""
    return [dZ.T @ A_in for A_in, _ in cache], [dZ.sum(axis=0) for _ in cache]


def mlp_backward__first_layer_missing(dZ, cache, weights):
    """The loop stops before the first layer. That layer has weights, too: go down to index 0."""
    dWs, dbs = _sweep(dZ, cache, weights)
    return dWs[1:], dbs[1:]


def mlp_backward__last_layer_only(dZ, cache, weights):
    """Only the last layer gets gradients. Does your loop return in its first round?"""
    return [dZ.T @ cache[-1][0]], [dZ.sum(axis=0)]


def mlp_backward__pairs(dZ, cache, weights):
    """You return a list with one pair per layer. The docstring promises two lists, (dWs, dbs)."""
    return list(zip(*_sweep(dZ, cache, weights), strict=True))


def mlp_backward__cache_used_up(dZ, cache, weights):
    """The gradients are right, but `pop` has emptied the caller's cache. Read it by index, or with
    `reversed`."""
    result = _sweep(dZ, cache, weights)
    cache.clear()
    return result


def mlp_backward__slope_before_the_first_layer(dZ, cache, weights):
    """Below the first layer there is no activation, but your loop goes on and takes the slope at
    cache[-1], which is the *last* layer. At which layer does the walk back have to stop?"""
    dWs, dbs = [], []
    for depth in reversed(range(len(weights))):
        dWs.insert(0, dZ.T @ cache[depth][0])
        dbs.insert(0, dZ.sum(axis=0))
        dZ = (dZ @ weights[depth]) * (1 - np.tanh(cache[depth - 1][1]) ** 2)
    return dWs, dbs


def mlp_backward__no_return(dZ, cache, weights):
    """Your function returns None, because it reaches its end without a `return`. Return both
    lists."""
    _sweep(dZ, cache, weights)


# numerical_gradient


def _quartic(M: Array) -> Callable[[Any], float]:
    """A curved function of all entries, with every pair of them connected."""
    def f(x):
        flat = np.asarray(x, dtype=float).reshape(-1)
        return float(flat @ M @ flat + np.sum(flat**3) + np.sum(np.exp(0.5 * flat)))
    return f


def inputs_numerical_gradient(rng: np.random.Generator) -> Iterator[tuple]:
    for shape in ((5,), (3, 4), (4, 4), (1,), (2, 3)):
        size = int(np.prod(shape))
        yield _quartic(rng.normal(size=(size, size))), rng.normal(size=shape)
    yield _quartic(rng.normal(size=(4, 4))), rng.normal(size=4), 0.3
    yield _quartic(rng.normal(size=(6, 6))), rng.normal(size=(3, 4))[:, ::2], 0.05
    yield lambda v: 1e9 * float(np.sum(np.asarray(v) ** 3)), np.zeros(2)
    yield _quartic(rng.normal(size=(3, 3))), np.array([2, -1, 3])


def _differences(f: Callable[[Array], float], x: Any, above: float, below: float,
                 divisor: float) -> Array:
    x = np.array(x, dtype=float)
    slopes = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[index] += above
        down[index] -= below
        slopes[index] = (f(up) - f(down)) / divisor
    return slopes


def fresh_numerical_gradient(draw: Draw) -> tuple:
    x = draw.between(-2.0, 2.0, *draw.sizes("n", "d"))
    f = draw.choice(["lambda x: np.sum(np.asarray(x) ** 3)", "lambda x: np.sum(np.exp(x))"])
    return draw.function(f), draw.given(x), draw.between(1e-3, 1e-2)


def numerical_gradient__forward_difference(f, x, eps=1e-5):
    """This is the forward difference: it looks to one side only, and is off by about eps/2 times
    the second derivative. Move the entry up *and* down."""
    return _differences(f, x, eps, 0.0, eps)


def numerical_gradient__backward_difference(f, x, eps=1e-5):
    """This is the backward difference: it looks to one side only. Move the entry up *and* down."""
    return _differences(f, x, 0.0, eps, eps)


def numerical_gradient__divided_by_eps(f, x, eps=1e-5):
    """Your slopes are twice too large: x + eps and x - eps are 2 eps apart."""
    return _differences(f, x, eps, eps, eps)


def numerical_gradient__multiplied_by_eps(f, x, eps=1e-5):
    """`/ 2 * eps` divides by 2 and then *multiplies* by eps. Put 2 * eps in parentheses."""
    return _differences(f, x, eps, eps, 2.0 / eps)


def numerical_gradient__half_steps(f, x, eps=1e-5):
    """You move by eps/2 to each side. That is a central difference, too, but with half the step
    that the caller asked for."""
    return _differences(f, x, eps / 2, eps / 2, eps)


def numerical_gradient__not_divided(f, x, eps=1e-5):
    """These are differences, not slopes: divide by the distance between the two points."""
    return _differences(f, x, eps, eps, 1.0)


def numerical_gradient__sign(f, x, eps=1e-5):
    """Your signs are flipped. It is the value above minus the value below."""
    return -_differences(f, x, eps, eps, 2 * eps)


def numerical_gradient__eps_ignored(f, x, eps=1e-5):
    """Your step is always 1e-5, whatever `eps` the caller passes."""
    return _differences(f, x, 1e-5, 1e-5, 2e-5)


def numerical_gradient__another_default(f, x, eps=1e-6):
    """When the caller passes no `eps`, your step isn't 1e-5. Look at the `def` line."""
    return _differences(f, x, eps, eps, 2 * eps)


def numerical_gradient__always_zero(f, x, eps=1e-5):
    """`up = x` and `down = x` are two names for one array, so both hold the same values and every
    difference is 0. Use `x.copy()`."""
    slopes = np.zeros(np.shape(x))
    for index in np.ndindex(x.shape):
        up = down = np.array(x, dtype=float)
        up[index] += eps
        down[index] -= eps
        slopes[index] = (f(up) - f(down)) / (2 * eps)
    return slopes


def numerical_gradient__integers(f, x, eps=1e-5):
    """With whole numbers in x nothing moves: 1e-5 can't be added to an entry of an int array (it is
    rounded away, or fails). Make a float copy first."""
    x = np.array(x)
    slopes = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        kept = x[index]
        x[index] = kept + eps
        above = f(x)
        x[index] = kept - eps
        slopes[index] = (above - f(x)) / (2 * eps)
        x[index] = kept
    return slopes


def numerical_gradient__all_at_once(f, x, eps=1e-5):
    """`x + eps` moves all entries together, and gives one number: the slope along the diagonal.
    Move one entry at a time."""
    return (f(x + eps) - f(x - eps)) / (2 * eps)


def numerical_gradient__all_at_once_filled(f, x, eps=1e-5):
    """Every entry gets the same slope, since `x + eps` moves all of them together. Move one at a
    time."""
    return np.full(np.shape(x), (f(x + eps) - f(x - eps)) / (2 * eps))


def numerical_gradient__first_entry_only(f, x, eps=1e-5):
    """Only the first entry has a slope, the others are 0. Does your loop end too early, or return
    in its first round?"""
    slopes = _differences(f, x, eps, eps, 2 * eps)
    slopes.flat[1:] = 0
    return slopes


def numerical_gradient__last_entry_missing(f, x, eps=1e-5):
    """The last entry has no slope. Your loop stops one too early."""
    slopes = _differences(f, x, eps, eps, 2 * eps)
    slopes.flat[-1] = 0
    return slopes


def numerical_gradient__rows_at_once(f, x, eps=1e-5):
    """For a matrix you move whole rows, because `x[i]` is a row. `np.ndindex(x.shape)` goes through
    single entries."""
    x = np.array(x, dtype=float)
    slopes = np.zeros_like(x)
    for i in range(len(x)):
        up, down = x.copy(), x.copy()
        up[i] += eps
        down[i] -= eps
        slopes[i] = (f(up) - f(down)) / (2 * eps)
    return slopes


def numerical_gradient__nudges_pile_up(f, x, eps=1e-5):
    """You don't put an entry back before you move the next one, so you drift away from x. Start
    from x each time."""
    up, down = np.array(x, dtype=float), np.array(x, dtype=float)
    slopes = np.zeros_like(up)
    for index in np.ndindex(up.shape):
        up[index] += eps
        down[index] -= eps
        slopes[index] = (f(up) - f(down)) / (2 * eps)
    return slopes


def numerical_gradient__x_left_moved(f, x, eps=1e-5):
    """After the call, x is not what it was: your nudges stay in the caller's array. Work on a copy,
    or put each entry back."""
    slopes = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        x[index] += eps
        above = f(x)
        x[index] -= 2 * eps
        slopes[index] = (above - f(x)) / (2 * eps)
    return slopes


def numerical_gradient__flattened(f, x, eps=1e-5):
    """Your result is one flat row. It should have the shape of x, even when x is a matrix."""
    return _differences(f, x, eps, eps, 2 * eps).ravel()


def numerical_gradient__relative_step(f, x, eps=1e-5):
    """Your step is eps times the entry, so an entry of 0 doesn't move at all. The step should be
    eps itself."""
    x = np.array(x, dtype=float)
    slopes = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        step = eps * abs(x[index])
        up[index] += step
        down[index] -= step
        slopes[index] = (f(up) - f(down)) / np.float64(2 * step)
    return slopes


def numerical_gradient__back_to_the_start(f, x, eps=1e-5):
    """You go up by eps and then down by eps, which is where you began: one of your two points is
    x itself, and your slopes are half of what they should be. How far is it from x + eps to
    x - eps?"""
    return _differences(f, x, eps, 0.0, 2 * eps)


def numerical_gradient__no_return(f, x, eps=1e-5):
    """Your function returns None, because it reaches its end without a `return`. Return the
    gradient."""
    _differences(f, x, eps, eps, 2 * eps)


# gradient_check


def inputs_gradient_check(rng: np.random.Generator) -> Iterator[tuple]:
    for shape in ((7,), (3, 5), (4, 4)):
        numeric = rng.normal(size=shape) * 10.0 ** rng.integers(-2, 3, size=shape)
        for noise in (0.2, 2.0):
            yield numeric * (1 + noise * rng.normal(size=shape)), numeric
    yield rng.normal(size=6), np.zeros(6)
    yield np.zeros(4), np.zeros(4)
    yield np.array([2e-9, 1.0, 0.5]), np.array([0.0, 1.0, 0.5])
    numeric = rng.normal(size=50)
    yield numeric - 1e-3 * np.abs(numeric), numeric
    yield numeric * np.where(np.arange(50) == 31, 0.5, 1.0), numeric


def fresh_gradient_check(draw: Draw) -> tuple:
    n, d = draw.sizes("n", "d")
    return draw.array(n, d), draw.array(n, d)


def gradient_check__absolute(analytic, numeric):
    """This is the largest absolute error. For gradients of size 1e-6, even a wrong sign would look
    small: divide by the size of the two numbers."""
    return float(np.max(np.abs(analytic - numeric)))


def gradient_check__signed(analytic, numeric):
    """The absolute value of the difference is missing: if the analytic gradient is too *small*, the
    error comes out negative and goes unnoticed."""
    return float(np.max((analytic - numeric)
                        / np.maximum(1e-8, np.abs(analytic) + np.abs(numeric))))


def gradient_check__signed_scale(analytic, numeric):
    """The denominator adds the numbers with their signs, so for a wrong sign it is close to 0, or
    negative. Add their absolute values."""
    return float(np.max(np.abs(analytic - numeric) / np.maximum(1e-8, analytic + numeric)))


def gradient_check__absolute_of_sum(analytic, numeric):
    """The denominator is |a + n|. For a wrong sign that is 0: it should be |a| + |n|."""
    return float(np.max(np.abs(analytic - numeric)
                        / np.maximum(1e-8, np.abs(analytic + numeric))))


def gradient_check__no_floor(analytic, numeric):
    """Without the floor, two zeros give 0/0, which is nan. Don't let the denominator fall below
    1e-8."""
    return float(np.max(np.abs(analytic - numeric) / (np.abs(analytic) + np.abs(numeric))))


def gradient_check__floor_added(analytic, numeric):
    """You add 1e-8 to the denominator. Take the larger of the two instead; for tiny entries it
    makes a difference."""
    return float(np.max(np.abs(analytic - numeric)
                        / (np.abs(analytic) + np.abs(numeric) + 1e-8)))


def gradient_check__floor_of_result(analytic, numeric):
    """You apply the floor to the result instead of the denominator, so no error is ever 0."""
    errors = np.abs(analytic - numeric) / (np.abs(analytic) + np.abs(numeric))
    return float(np.max(np.maximum(1e-8, np.nan_to_num(errors))))


def gradient_check__mean(analytic, numeric):
    """You average the errors. One wrong entry among a thousand would get lost: take the largest."""
    return float(np.mean(np.abs(analytic - numeric)
                         / np.maximum(1e-8, np.abs(analytic) + np.abs(numeric))))


def gradient_check__sum(analytic, numeric):
    """You add up the errors, so that a large gradient looks worse than a small one. Take the
    largest."""
    return float(np.sum(np.abs(analytic - numeric)
                        / np.maximum(1e-8, np.abs(analytic) + np.abs(numeric))))


def gradient_check__smallest(analytic, numeric):
    """This is the smallest error. A gradient is as wrong as its worst entry."""
    return float(np.min(np.abs(analytic - numeric)
                        / np.maximum(1e-8, np.abs(analytic) + np.abs(numeric))))


def gradient_check__squared(analytic, numeric):
    """The difference is squared: that makes small errors look much smaller than they are."""
    return float(np.max((analytic - numeric) ** 2
                        / np.maximum(1e-8, np.abs(analytic) + np.abs(numeric))))


def gradient_check__squared_error(analytic, numeric):
    """The whole error is squared: 1e-2 becomes 1e-4, and a wrong gradient looks right."""
    return float(np.max((np.abs(analytic - numeric)
                         / np.maximum(1e-8, np.abs(analytic) + np.abs(numeric))) ** 2))


def gradient_check__larger_of_two(analytic, numeric):
    """You divide by the larger of the two numbers. Divide by the sum of their absolute values, so
    that the error lies between 0 and 1."""
    scale = np.maximum(np.abs(analytic), np.abs(numeric))
    return float(np.max(np.abs(analytic - numeric) / np.maximum(1e-8, scale)))


def gradient_check__mean_scale(analytic, numeric):
    """The denominator is the mean of both sizes, so the errors come out twice as large. Here it is
    their sum."""
    scale = (np.abs(analytic) + np.abs(numeric)) / 2
    return float(np.max(np.abs(analytic - numeric) / np.maximum(1e-8, scale)))


def gradient_check__relative_to_numeric(analytic, numeric):
    """You divide by the numeric gradient only. Where it is 0, the error explodes: use both numbers
    in the denominator."""
    return float(np.max(np.abs(analytic - numeric) / np.maximum(1e-8, np.abs(numeric))))


def gradient_check__relative_to_analytic(analytic, numeric):
    """You divide by the analytic gradient only. Where it is 0, the error explodes: use both numbers
    in the denominator."""
    return float(np.max(np.abs(analytic - numeric) / np.maximum(1e-8, np.abs(analytic))))


def gradient_check__norms(analytic, numeric):
    """You compare the lengths of whole vectors. Some people do, but a wrong small entry hides among
    large ones: compare entry by entry."""
    scale = np.linalg.norm(analytic) + np.linalg.norm(numeric)
    return float(np.linalg.norm(analytic - numeric) / max(1e-8, scale))


def gradient_check__largest_over_largest(analytic, numeric):
    """You divide the largest difference by the largest size, which may belong to another entry.
    Divide first, then take the largest."""
    scale = np.max(np.abs(analytic) + np.abs(numeric))
    return float(np.max(np.abs(analytic - numeric)) / max(1e-8, scale))


def gradient_check__first_entry_only(analytic, numeric):
    """Only the first entry is compared. Go through all of them, whatever the shape."""
    a, n = float(analytic.flat[0]), float(numeric.flat[0])
    return abs(a - n) / max(1e-8, abs(a) + abs(n))


def gradient_check__array(analytic, numeric):
    """You return the errors of all entries. Return a single number, the largest."""
    return np.abs(analytic - numeric) / np.maximum(1e-8, np.abs(analytic) + np.abs(numeric))


def gradient_check__verdict(analytic, numeric):
    """You return True or False. Return the error itself, so that the caller can judge."""
    errors = np.abs(analytic - numeric) / np.maximum(1e-8, np.abs(analytic) + np.abs(numeric))
    return bool(errors.max() < 1e-6)


def gradient_check__norms_over_the_larger(analytic, numeric):
    """You compare the norms of whole gradients, so one wrong entry drowns among many right ones.
    Here each entry has an error of its own, and the largest one counts."""
    error = np.linalg.norm(np.ravel(analytic) - np.ravel(numeric))
    return float(error / max(np.linalg.norm(analytic), np.linalg.norm(numeric)))


def gradient_check__no_return(analytic, numeric):
    """Your function returns None, because it reaches its end without a `return`. Return the
    error."""
    np.max(np.abs(analytic - numeric) / np.maximum(1e-8, np.abs(analytic) + np.abs(numeric)))


# cases


def inputs_cases(rng: np.random.Generator) -> Iterator[tuple]:
    yield ()


def view_cases(result):
    """What the batches lack first."""
    if result is None or not 1 <= len(result) <= 8:
        return "nothing" if result is None else "another number of batches"
    if not all(isinstance(case, (list, tuple)) for case in result):
        return "no tuples"
    if not all(len(case) == 2 for case in result):
        return "other arguments"
    if any(np.size(part) > 200 for case in result for part in case):
        return "small ones"
    batches = [(np.array(Z, dtype=float), np.array(y)) for Z, y in result]
    lacking = {
        "labels of classes": all(((y >= 0) & (y < Z.shape[1])).all() for Z, y in batches),
        "rows": any(len(Z) > 1 for Z, _ in batches),
        "different logits": any(np.ptp(Z, axis=1).any() for Z, _ in batches),
        "other sizes": any(len(Z) != Z.shape[1] for Z, _ in batches),
        "different labels": any(len({*y.tolist()}) > 1 for _, y in batches),
        "large logits": any(Z.max() > 709 for Z, _ in batches),
        "rows far apart": any(np.ptp(Z.max(axis=1)) > 745 for Z, _ in batches)}
    return next((name for name, there in lacking.items() if not there), "nothing at all")


def cases__too_many():
    """You return more batches than allowed. A few are enough if each is there for a reason: which
    mistakes does it show that the others don't?"""
    rng = np.random.default_rng(1)
    return [(rng.normal(size=(4, 3)), rng.integers(3, size=4)) for _ in range(20)]


def cases__one_batch_without_a_list():
    """You return one batch where a list of batches is promised. Put it in a list, even if there is
    only one."""
    return np.array([[0.5, -1.0, 2.0], [1000.0, 0.0, 3.0]]), np.array([0, 2])


def cases__with_results():
    """Your tuples have more entries than a call has arguments. Leave out what should come out: it
    is compared with right versions."""
    return [(np.array([[0.0, 0.0]]), np.array([1]), np.array([[0.5, -0.5]]))]


def cases__one_large_batch():
    """Your batch holds too many numbers. A mistake that shows in a hundred rows shows in a few:
    two or three are enough, if they differ."""
    rng = np.random.default_rng(2)
    return [(1000 * rng.normal(size=(100, 10)), rng.integers(10, size=100))]


def cases__batches_of_one():
    """All your batches have a single row. Then a missing 1/n doesn't show, and neither does
    anything that mixes rows."""
    return [([[0.5, -1.0, 2.0]], [0]), ([[1000.0, 0.0, -1000.0]], [1])]


def cases__equal_logits():
    """In all your batches, the logits of a row are all the same. Then every probability is 1/c,
    and most mistakes in the softmax don't show."""
    return [(np.zeros((4, 3)), [0, 2, 1, 1]), (np.full((5, 2), 1000.0), [0, 1, 1, 0, 1])]


def cases__as_many_rows_as_columns():
    """All your batches are square, so n and c are the same number. Whoever divides by the wrong one
    of them gets away with it."""
    rng = np.random.default_rng(3)
    return [(rng.normal(size=(3, 3)), [0, 2, 1]),
            ([[1000.0, 0.0], [0.5, -1.0]], [1, 0])]


def cases__same_label():
    """In each of your batches, all labels are the same. Then it doesn't show whether each row is
    paired with its own."""
    rng = np.random.default_rng(4)
    return [(rng.normal(size=(4, 3)), [1, 1, 1, 1]),
            ([[1000.0, 0.0, 1.0], [0.5, -1.0, 0.0]], [2, 2])]


def cases__ordinary_logits():
    """All your logits are of ordinary size. There `exp` works well, however it is used: how large
    do logits get when training goes wrong?"""
    rng = np.random.default_rng(5)
    return [(rng.normal(size=(n, c)), np.arange(n) % c) for n, c in ((4, 3), (1, 4), (6, 2))]


def cases__rows_alike():
    """Your large logits are large in every row of their batch. Subtracting the largest logit of the
    whole batch is then as good as subtracting each row's own."""
    rng = np.random.default_rng(6)
    return [(rng.normal(size=(4, 3)), [0, 2, 1, 1]),
            ([[1000.0, 0.0, 1.0], [999.0, 1001.0, 0.0]], [2, 0])]


def cases__no_return():
    """Your function returns None, because it reaches its end without a `return`. Return the list
    of batches."""
    _ = [([[0.0, 0.0]], [1])]


# find_bugs


def _wave(x: Array) -> float:
    return float(np.sum(np.cos(x) + 1.5 * x**2))


def _rise(x: Array) -> Array:
    return 3 * x - np.sin(x)


def _with(place: Any, factor: float = 1.0, plus: float = 0.0) -> Callable[[Array], Array]:
    def gradient(x):
        found = _rise(x)
        found[place] = factor * found[place] + plus
        return found
    return gradient


def _spoiling(x: Array) -> Array:
    x[...] = _rise(x)
    return x


def inputs_find_bugs(rng: np.random.Generator) -> Iterator[tuple]:
    x = np.array([1.3, -0.4, 2.1, 0.9, -1.7]) + 0.1 * rng.normal(size=5)
    largest = float(np.abs(_rise(x)).max())
    yield {"a": _rise, "b": _with(0, 1.5), "c": _with(4, -1.0), "d": _with(2, plus=0.02 * largest),
           "e": _with(2, plus=-0.02 * largest), "f": lambda x: 0.5 * _rise(x)}, _wave, x
    # One entry that is off by little more than a thousandth, and all of them.
    yield {"a": _with(1, plus=0.0011 * largest), "b": _with(..., plus=0.0015 * largest),
           "c": _rise}, _wave, x
    # Two wrong entries that cancel in a sum, an entry by a tenth, and one by a fifth.
    yield {"a": _with([0, 1], plus=np.array([0.1, -0.1]) * largest), "b": _with(1, plus=0.3),
           "c": _with(3, plus=-0.2 * largest), "d": _rise}, _wave, x
    yield {"a": _with(1, np.nan), "b": _with(2, plus=np.inf), "c": _rise,
           "d": _with(2, plus=-np.inf)}, _wave, x
    yield {"a": lambda x: _rise(x)[:, None], "b": _rise, "c": lambda x: _rise(x).sum(),
           "d": lambda x: _rise(x)[None], "e": lambda x: _rise(x)[:3]}, _wave, x
    yield {"a": _spoiling, "b": _rise, "c": _spoiling}, _wave, x.copy()
    table = rng.normal(size=(3, 4))
    yield {"a": _rise, "b": lambda x: _rise(x).T, "c": lambda x: _rise(x).ravel(),
           "d": _with((2, 3), 0.2)}, _wave, table
    # Entries that are 0 or small beside the largest, and a large value of f.
    steep = np.array([1.0, 4000.0, 0.0, 0.5])
    yield ({"a": lambda x: 2 * steep * x + np.array([0, 0, 1.5e4 * (x[2] - 2) ** 2, 0]),
            "b": lambda x: steep * x},
           lambda x: float(np.sum(steep * x**2) + 5e3 * (x[2] - 2) ** 3),
           np.array([0.0, 1.5, 2.0, 1.0]))
    # A large f with a small gradient, where rounding shows; and one where it shows in the last
    # digit only.
    yield ({"a": _rise, "b": _with(3, 1.5)}, lambda x: 9000.0 + _wave(x), x)
    yield ({"a": lambda x: np.full(3, 0.9), "b": lambda x: np.full(3, 0.7)},
           lambda x: float(np.sum(0.9 * x)), np.zeros(3))
    for size in (2e-4, 5e3):
        yield ({"a": lambda x, size=size: size * _rise(x),
                "b": lambda x, size=size: 1.05 * size * _rise(x)},
               lambda x, size=size: size * _wave(x), x.copy())


def view_find_bugs(result: Any) -> Any:
    """The names in order, and what holds them where that is no set."""
    if isinstance(result, (set, frozenset)):
        return [str(name) for name in sorted(result, key=str)]
    if isinstance(result, dict):
        return ["dict", *map(str, sorted(result))]
    if isinstance(result, list):
        return ["list", *map(str, result)]
    return result


def _true(f: Callable[[Array], float], x: Array) -> Array:
    return _differences(f, x, 1e-5, 1e-5, 2e-5)


def _judged(candidates: dict, x: Array, wrong: Callable[[Array], bool]) -> set[str]:
    """The names whose claim is wrong; the shape is looked at first."""
    found = set()
    for name, gradient in candidates.items():
        claim = np.asarray(gradient(x.copy()), dtype=float)
        if claim.shape != x.shape or wrong(claim):
            found.add(name)
    return found


def fresh_find_bugs(draw: Draw) -> tuple:
    (d,) = draw.sizes("d")
    wrong = [f"lambda x: {slope} * np.asarray(x) ** 2" for slope in (1.0, -3.0, 6.0)]
    texts = [draw.choice(["lambda x: 3.0 * np.asarray(x) ** 2", *wrong]) for _ in range(3)]
    candidates = {name: draw.function(text) for name, text in zip("abc", texts, strict=True)}
    f = draw.function("lambda x: np.sum(np.asarray(x) ** 3)")
    return candidates, f, draw.given(draw.between(0.5, 2.0, d))


def find_bugs__too_loose(candidates, f, x):
    """Your tolerance is too generous: a gradient with an entry that is off by a few hundredths of
    the largest gets through. The limit is one thousandth."""
    true = _true(f, x)
    limit = 0.05 * np.abs(true).max()
    return _judged(candidates, x, lambda g: not np.all(np.abs(g - true) <= limit))


def find_bugs__a_little_too_loose(candidates, f, x):
    """Your tolerance is a little too generous: a gradient with an entry that is off by a few
    thousandths of the largest gets through. The limit is one thousandth."""
    true = _true(f, x)
    limit = 0.005 * np.abs(true).max()
    return _judged(candidates, x, lambda g: not np.all(np.abs(g - true) <= limit))


def find_bugs__far_too_loose(candidates, f, x):
    """Your tolerance is far too generous: only gradients that are off by half of the largest entry
    or more are found. The limit is one thousandth."""
    true = _true(f, x)
    limit = 0.5 * np.abs(true).max()
    return _judged(candidates, x, lambda g: not np.all(np.abs(g - true) <= limit))


def find_bugs__too_tight(candidates, f, x):
    """You ask for more digits than a difference quotient has: where f is large, you accuse right
    gradients, too. Leave room for rounding: the limit is a thousandth of the largest entry."""
    true = _true(f, x)
    limit = 1e-9 * np.abs(true).max()
    return _judged(candidates, x, lambda g: not np.all(np.abs(g - true) <= limit))


def find_bugs__far_too_tight(candidates, f, x):
    """You ask for nearly all the digits of a float64, and a difference quotient has ten at best:
    right gradients are accused. The limit is a thousandth of the largest entry."""
    true = _true(f, x)
    limit = 1e-12 * np.abs(true).max()
    return _judged(candidates, x, lambda g: not np.all(np.abs(g - true) <= limit))


def find_bugs__no_difference_allowed(candidates, f, x):
    """You allow no difference at all between a gradient and its difference quotient. Rounding makes
    the last digits of nearly every right one differ: compare with a tolerance."""
    true = _true(f, x)
    return _judged(candidates, x, lambda g: not np.array_equal(g, true))


def find_bugs__relative_errors(candidates, f, x):
    """You judge by the relative error of each entry. Where the true slope is 0, you are comparing
    with rounding error, and a right gradient gets accused. Compare with the largest entry."""
    true = _true(f, x)

    def wrong(g):
        errors = np.abs(g - true) / np.maximum(1e-8, np.abs(g) + np.abs(true))
        return not np.all(errors <= 1e-5)

    return _judged(candidates, x, wrong)


def find_bugs__absolute_tolerance(candidates, f, x):
    """Your tolerance is a fixed number, so for a small function every gradient passes. It has to
    grow and shrink with the gradient."""
    true = _true(f, x)
    return _judged(candidates, x, lambda g: not np.all(np.abs(g - true) <= 1e-3))


def find_bugs__absolute_tolerance_and_nan(candidates, f, x):
    """Two things. Your tolerance is a fixed number, so for a small function every gradient passes:
    it has to grow and shrink with the gradient. And nan passes, since `nan > limit` is False: ask
    whether all the errors are *at most* the limit."""
    true = _true(f, x)
    return _judged(candidates, x, lambda g: bool(np.any(np.abs(g - true) > 1e-3)))


def find_bugs__first_entry_only(candidates, f, x):
    """You compare the first entry only. The bug may be in any of them."""
    true = _true(f, x)
    limit = 1e-3 * np.abs(true).max()
    return _judged(candidates, x, lambda g: not abs(g.flat[0] - true.flat[0]) <= limit)


def find_bugs__shape_only(candidates, f, x):
    """You check the shape only. The numbers could be anything."""
    return _judged(candidates, x, lambda g: False)


def find_bugs__shape_ignored(candidates, f, x):
    """A gradient with the wrong shape gets through if its numbers are right. NumPy compares a
    column with a row without complaint, so check the shape first."""
    true, found = _true(f, x), set()
    limit = 1e-3 * np.abs(true).max()
    for name, gradient in candidates.items():
        claim = np.ravel(gradient(x.copy()))
        if claim.size != true.size or not np.all(np.abs(claim - true.ravel()) <= limit):
            found.add(name)
    return found


def find_bugs__nan_gets_through(candidates, f, x):
    """A gradient with nan gets through: `nan > limit` is False. Ask instead whether all the errors
    are *at most* the limit."""
    true = _true(f, x)
    limit = 1e-3 * np.abs(true).max()
    return _judged(candidates, x, lambda g: bool(np.any(np.abs(g - true) > limit)))


def find_bugs__mean_error(candidates, f, x):
    """You judge by the mean error, in which one wrong entry may get lost. Use the largest one."""
    true = _true(f, x)
    limit = 1e-2 * np.abs(true).max()
    return _judged(candidates, x, lambda g: not np.mean(np.abs(g - true)) <= limit)


def find_bugs__small_mean_error(candidates, f, x):
    """You judge by the mean error, in which one wrong entry may get lost. Use the largest one."""
    true = _true(f, x)
    limit = 5e-4 * np.abs(true).max()
    return _judged(candidates, x, lambda g: not np.mean(np.abs(g - true)) <= limit)


def find_bugs__signed_error(candidates, f, x):
    """The absolute value of the difference is missing: entries that are too small get through."""
    true = _true(f, x)
    limit = 1e-3 * np.abs(true).max()
    return _judged(candidates, x, lambda g: not np.all(g - true <= limit))


def find_bugs__sums_compared(candidates, f, x):
    """You compare the sums of the two gradients, so two errors that cancel go unnoticed. Compare
    entry by entry."""
    true = _true(f, x)
    limit = 1e-3 * np.abs(true).max()
    return _judged(candidates, x, lambda g: not abs(g.sum() - true.sum()) <= limit)


def find_bugs__no_copy(candidates, f, x):
    """Every candidate gets your own x. A candidate that changes its array moves the point at which
    the next ones are judged: pass copies."""
    x = np.array(x, dtype=float)
    true, found = _true(f, x), set()
    limit = 1e-3 * np.abs(true).max()
    for name, gradient in candidates.items():
        claim = np.array(gradient(x))
        if claim.shape != true.shape or not np.all(np.abs(claim - true) <= limit):
            found.add(name)
    return found


def find_bugs__the_right_ones(candidates, f, x):
    """You return the names of the right ones. Return the wrong ones."""
    true = _true(f, x)
    limit = 1e-3 * np.abs(true).max()
    wrong = _judged(candidates, x, lambda g: not np.all(np.abs(g - true) <= limit))
    return set(candidates) - wrong


def find_bugs__first_one_only(candidates, f, x):
    """You stop at the first wrong gradient. There may be several: return after the loop."""
    true = _true(f, x)
    limit = 1e-3 * np.abs(true).max()
    wrong = _judged(candidates, x, lambda g: not np.all(np.abs(g - true) <= limit))
    return {name for name in list(candidates) if name in wrong and name == min(wrong)}


def find_bugs__list(candidates, f, x):
    """You return a list. The docstring promises a set: there is no order among the names."""
    true = _true(f, x)
    limit = 1e-3 * np.abs(true).max()
    return sorted(_judged(candidates, x, lambda g: not np.all(np.abs(g - true) <= limit)))


def find_bugs__no_return(candidates, f, x):
    """Your function returns None, because it reaches its end without a `return`. Return the set."""
    _judged(candidates, x, lambda g: True)


# sgd_step


def inputs_sgd_step(rng: np.random.Generator) -> Iterator[tuple]:
    for shapes in (((3, 5), (3,), (4, 3), (4,)), ((4, 4), (4,)), ((2, 2), (2, 2), (2, 2)), ((6,),)):
        params, grads = ([rng.normal(size=shape) for shape in shapes] for _ in range(2))
        yield params, grads, 0.3
        yield params, grads, 2.0


def _stepped(params: list, grads: list, factor: float) -> list:
    return [p - factor * g for p, g in zip(params, grads, strict=True)]


def fresh_sgd_step(draw: Draw) -> tuple:
    shapes = draw.shapes()
    return draw.arrays(shapes), draw.arrays(shapes), draw.between(0.1, 3.0)


def sgd_step__uphill(params, grads, lr):
    """You add the gradient. It points to where the loss *rises*: go the other way."""
    return _stepped(params, grads, -lr)


def sgd_step__in_place(params, grads, lr):
    """The values are right, but your function changes its arguments: `-=` works on the caller's
    arrays, and `params[k] = ...` on the caller's list. Make a new list of new arrays with `p -
    ...`."""
    for p, g in zip(params, grads, strict=True):
        p -= lr * g
    return list(params)


def sgd_step__rate_squared(params, grads, lr):
    """The learning rate is used twice. Each step is lr times the gradient."""
    return _stepped(params, grads, lr**2)


def sgd_step__rate_ignored(params, grads, lr):
    """`lr` is not used: your step is the whole gradient."""
    return _stepped(params, grads, 1.0)


def sgd_step__divided_by_rate(params, grads, lr):
    """You divide by the learning rate. A small rate should give a small step."""
    return _stepped(params, grads, 1 / lr)


def sgd_step__mean_again(params, grads, lr):
    """You divide by the number of parameters in the list. Each one takes its own full step."""
    return _stepped(params, grads, lr / len(params))


def sgd_step__last_one_skipped(params, grads, lr):
    """The last parameter is unchanged. Your loop stops one too early."""
    return [*_stepped(params[:-1], grads[:-1], lr), params[-1].copy()]


def sgd_step__last_one_missing(params, grads, lr):
    """The last parameter is missing from your list. Your loop stops one too early."""
    return _stepped(params[:-1], grads[:-1], lr)


def sgd_step__first_only(params, grads, lr):
    """You return in the first round of the loop, so only one parameter comes back. Return after the
    loop."""
    return [params[0] - lr * grads[0]]


def sgd_step__steps_only(params, grads, lr):
    """You return the steps. Return the parameters after the step."""
    return [-lr * g for g in grads]


def sgd_step__everything_scaled(params, grads, lr):
    """The parentheses are wrong: `lr * (p - g)` shrinks the parameter, too."""
    return [lr * (p - g) for p, g in zip(params, grads, strict=True)]


def sgd_step__sign_of_gradient(params, grads, lr):
    """You use only the sign of the gradient. Its size counts, too: a steeper slope means a longer
    step."""
    return [p - lr * np.sign(g) for p, g in zip(params, grads, strict=True)]


def sgd_step__normalised(params, grads, lr):
    """You divide each gradient by its length. The step is lr times the gradient as it is."""
    return [p - lr * g / np.linalg.norm(g) for p, g in zip(params, grads, strict=True)]


def sgd_step__gradient_minus_parameter(params, grads, lr):
    """You subtract the parameter from the gradient. It is the other way around: parameter minus lr
    times gradient."""
    return [lr * g - p for p, g in zip(params, grads, strict=True)]


def sgd_step__unchanged(params, grads, lr):
    """You return the parameters unchanged. Is the new value assigned to a variable that is
    overwritten in the next round?"""
    return [p.copy() for p in params]


def sgd_step__gradients_returned_too(params, grads, lr):
    """You return the gradients together with the parameters. The docstring asks for one list."""
    return _stepped(params, grads, lr), grads


def sgd_step__no_return(params, grads, lr):
    """Your function returns None, because it reaches its end without a `return`. Return the new
    list."""
    _stepped(params, grads, lr)


# train_mlp


def inputs_train_mlp(rng: np.random.Generator) -> Iterator[tuple]:
    for n, *sizes in ((7, 5, 3, 4), (4, 4, 4, 4), (5, 3, 3, 3, 3), (6, 3, 4)):
        weights = [rng.normal(size=(out, d)) for d, out in pairwise(sizes)]
        biases = [rng.normal(size=out) for out in sizes[1:]]
        X, y = rng.normal(size=(n, sizes[0])), rng.integers(sizes[-1], size=n)
        yield X, y, weights, biases, 0.4, 3
        yield X, y, weights, biases, 1.3, 2
    # The loss rises and falls, and is not at its lowest at the end.
    yield X, y, weights, biases, 10.0, 5
    yield X, y, weights, biases, 0.4, 0
    yield 300 * X, y, weights, biases, 0.01, 1


def _run(X: Array, weights: list, biases: list, act: Callable = np.tanh,
         last: bool = False) -> tuple[Array, list]:
    A, cache = X, []
    for W, b in zip(weights, biases, strict=True):
        if cache:
            A = act(cache[-1][1])
        cache.append((A, A @ W.T + b))
    return (act(cache[-1][1]) if last else cache[-1][1]), cache


def _cost(Z: Array, y: Array) -> float:
    Z = Z - Z.max(axis=1, keepdims=True)
    return float(np.mean(np.log(np.exp(Z).sum(axis=1)) - Z[np.arange(len(y)), y]))


def _dz(Z: Array, y: Array) -> Array:
    return (_softmax(Z) - _onehot(Z, y)) / len(y)


def _copies(weights: list, biases: list) -> tuple[list, list]:
    return [W.copy() for W in weights], [b.copy() for b in biases]


def _descended(X: Array, y: Array, weights: list, biases: list, lr: float, epochs: int,
               dz: Callable = _dz, back: Callable = _sweep,
               weight_lr: Callable[[int], float] = lambda depth: 1.0, bias_lr: float = 1.0,
               loss: Callable = _cost) -> tuple[list, list, list]:
    """Training with a part exchanged."""
    weights, biases = _copies(weights, biases)
    losses = []
    for _ in range(epochs):
        Z, cache = _run(X, weights, biases)
        losses.append(loss(Z, y))
        dWs, dbs = back(dz(Z, y), cache, weights)
        weights = [W - lr * weight_lr(k) * dW
                   for k, (W, dW) in enumerate(zip(weights, dWs, strict=True))]
        biases = [b - lr * bias_lr * weight_lr(k) * db
                  for k, (b, db) in enumerate(zip(biases, dbs, strict=True))]
    return weights, biases, losses


def fresh_train_mlp(draw: Draw) -> tuple:
    n, sizes = *draw.sizes("n"), draw.layers()
    weights = [draw.array(out, d) for d, out in pairwise(sizes)]
    biases = [draw.array(out) for out in sizes[1:]]
    X, y = draw.array(n, sizes[0]), draw.labels(n, sizes[-1])
    return X, y, weights, biases, draw.between(0.01, 0.1), draw.integer(0, 3)


def train_mlp__forward_not_repeated(X, y, weights, biases, lr, epochs):
    """The forward pass is before the loop, so every epoch uses the first epoch's values and the
    loss never changes. Run it again in every epoch."""
    weights, biases = _copies(weights, biases)
    Z, cache = _run(X, weights, biases)
    losses = []
    for _ in range(epochs):
        losses.append(_cost(Z, y))
        dWs, dbs = _sweep(_dz(Z, y), cache, weights)
        weights, biases = _stepped(weights, dWs, lr), _stepped(biases, dbs, lr)
    return weights, biases, losses


def train_mlp__gradients_accumulated(X, y, weights, biases, lr, epochs):
    """The gradients of earlier epochs are added to the new ones. Begin each epoch with fresh
    gradients."""
    weights, biases = _copies(weights, biases)
    sums_w, sums_b = [np.zeros_like(W) for W in weights], [np.zeros_like(b) for b in biases]
    losses = []
    for _ in range(epochs):
        Z, cache = _run(X, weights, biases)
        losses.append(_cost(Z, y))
        dWs, dbs = _sweep(_dz(Z, y), cache, weights)
        sums_w, sums_b = _stepped(sums_w, dWs, -1), _stepped(sums_b, dbs, -1)
        weights, biases = _stepped(weights, sums_w, lr), _stepped(biases, sums_b, lr)
    return weights, biases, losses


def train_mlp__loss_after_update(X, y, weights, biases, lr, epochs):
    """You record the loss after the update. `losses[0]` is the loss of the weights that were passed
    in."""
    weights, biases, _ = _descended(X, y, weights, biases, lr, 0)
    losses = []
    for _ in range(epochs):
        weights, biases, _ = _descended(X, y, weights, biases, lr, 1)
        losses.append(_cost(_run(X, weights, biases)[0], y))
    return weights, biases, losses


def train_mlp__one_loss_too_many(X, y, weights, biases, lr, epochs):
    """Your list has one loss too many: leave out the loss after the last update."""
    weights, biases, losses = _descended(X, y, weights, biases, lr, epochs)
    return weights, biases, [*losses, _cost(_run(X, weights, biases)[0], y)]


def train_mlp__one_epoch_too_many(X, y, weights, biases, lr, epochs):
    """You make one update too many. `epochs` is the number of updates."""
    return _descended(X, y, weights, biases, lr, epochs + 1)


def train_mlp__stops_when_the_loss_rises(X, y, weights, biases, lr, epochs):
    """You stop as soon as the loss rises. Make all `epochs` updates, whatever the loss does; with a
    large lr it may rise and fall again."""
    losses = _descended(X, y, weights, biases, lr, epochs)[2]
    stop = next((k for k in range(1, epochs) if losses[k] > losses[k - 1]), epochs)
    new_weights, new_biases, seen = _descended(X, y, weights, biases, lr, stop)
    return new_weights, new_biases, seen + losses[stop:stop + 1] * (epochs - stop)


def train_mlp__best_returned(X, y, weights, biases, lr, epochs):
    """You return the weights with the lowest loss. Return the last ones, after all updates."""
    every = [_descended(X, y, weights, biases, lr, k) for k in range(epochs + 1)]
    best = min(every, key=lambda result: _cost(_run(X, *result[:2])[0], y))
    return best[0], best[1], every[-1][2]


def train_mlp__one_epoch_short(X, y, weights, biases, lr, epochs):
    """The last update is missing: there should be as many updates as epochs, including one after
    the last recorded loss."""
    weights, biases, losses = _descended(X, y, weights, biases, lr, max(epochs - 1, 0))
    if epochs:
        losses.append(_cost(_run(X, weights, biases)[0], y))
    return weights, biases, losses


def train_mlp__last_losses_only(X, y, weights, biases, lr, epochs):
    """You return only the last loss. Return the list of all of them, one per epoch."""
    weights, biases, losses = _descended(X, y, weights, biases, lr, epochs)
    return weights, biases, losses[-1:]


def train_mlp__uphill(X, y, weights, biases, lr, epochs):
    """Your loss rises, because you add the gradient. Subtract it."""
    return _descended(X, y, weights, biases, -lr, epochs)


def train_mlp__inputs_changed(X, y, weights, biases, lr, epochs):
    """Your function changes the caller's weights: `-=` works on their arrays, and `weights[k] =
    ...` on their list. Copy both before you start."""
    new_weights, new_biases, losses = _descended(X, y, weights, biases, lr, epochs)
    for old, new in zip([*weights, *biases], [*new_weights, *new_biases], strict=True):
        old[...] = new
    return new_weights, new_biases, losses


def train_mlp__no_mean(X, y, weights, biases, lr, epochs):
    """Your steps are n times too long: the gradient lacks the 1/n of the mean."""
    return _descended(X, y, weights, biases, lr, epochs, dz=lambda Z, y: _dz(Z, y) * len(y))


def train_mlp__mean_twice(X, y, weights, biases, lr, epochs):
    """Your steps are n times too short: you divide by n twice."""
    return _descended(X, y, weights, biases, lr, epochs, dz=lambda Z, y: _dz(Z, y) / len(y))


def train_mlp__rate_ignored(X, y, weights, biases, lr, epochs):
    """`lr` is not used: your step is the whole gradient."""
    return _descended(X, y, weights, biases, 1.0, epochs)


def train_mlp__biases_frozen(X, y, weights, biases, lr, epochs):
    """The biases never change. They have gradients, too."""
    return _descended(X, y, weights, biases, lr, epochs, bias_lr=0.0)


def train_mlp__last_layer_only(X, y, weights, biases, lr, epochs):
    """Only the last layer learns. Keep going back to the first."""
    last = len(weights) - 1
    return _descended(X, y, weights, biases, lr, epochs, weight_lr=lambda k: float(k == last))


def train_mlp__first_layer_frozen(X, y, weights, biases, lr, epochs):
    """The first layer never changes. Your backward pass ends one layer too early."""
    return _descended(X, y, weights, biases, lr, epochs, weight_lr=lambda k: float(k > 0))


def train_mlp__last_layer_frozen(X, y, weights, biases, lr, epochs):
    """The last layer never changes. The backward pass starts with it."""
    last = len(weights) - 1
    return _descended(X, y, weights, biases, lr, epochs, weight_lr=lambda k: float(k < last))


def train_mlp__no_slope(X, y, weights, biases, lr, epochs):
    """The slope of tanh is missing in your backward pass, so the hidden layers take wrong steps.
    Check your gradients."""
    return _descended(X, y, weights, biases, lr, epochs, back=mlp_backward__no_slope)


def train_mlp__square_of_z(X, y, weights, biases, lr, epochs):
    """In your backward pass the slope of tanh is 1 - Z². Square the output of tanh instead."""
    return _descended(X, y, weights, biases, lr, epochs, back=mlp_backward__square_of_z)


def train_mlp__through_new_weights(X, y, weights, biases, lr, epochs):
    """You update a layer's weights and then go back through the *new* ones. All gradients are for
    the weights of the forward pass."""
    weights, biases = _copies(weights, biases)
    losses = []
    for _ in range(epochs):
        Z, cache = _run(X, weights, biases)
        losses.append(_cost(Z, y))
        dZ = _dz(Z, y)
        for k in reversed(range(len(weights))):
            weights[k] = weights[k] - lr * dZ.T @ cache[k][0]
            biases[k] = biases[k] - lr * dZ.sum(axis=0)
            if k:
                dZ = dZ @ weights[k] * _before(cache, k)
    return weights, biases, losses


def train_mlp__one_example_at_a_time(X, y, weights, biases, lr, epochs):
    """You update after each example. Full-batch means one update per epoch, with the gradient of
    the mean loss over all examples."""
    weights, biases, _ = _descended(X, y, weights, biases, lr, 0)
    losses = []
    for _ in range(epochs):
        losses.append(_cost(_run(X, weights, biases)[0], y))
        for k in range(len(X)):
            weights, biases, _ = _descended(X[k:k + 1], y[k:k + 1], weights, biases, lr, 1)
    return weights, biases, losses


def train_mlp__tanh_on_output(X, y, weights, biases, lr, epochs):
    """You also apply tanh to the last layer. It is linear: its scores go straight into the
    softmax."""
    weights, biases = _copies(weights, biases)
    losses = []
    for _ in range(epochs):
        A, cache = _run(X, weights, biases, last=True)
        losses.append(_cost(A, y))
        dWs, dbs = _sweep(_dz(A, y) * (1 - A**2), cache, weights)
        weights, biases = _stepped(weights, dWs, lr), _stepped(biases, dbs, lr)
    return weights, biases, losses


def train_mlp__relu(X, y, weights, biases, lr, epochs):
    """The hidden layers use ReLU. The docstring asks for tanh."""
    weights, biases = _copies(weights, biases)
    losses = []
    for _ in range(epochs):
        Z, cache = _run(X, weights, biases, act=lambda Z: np.maximum(Z, 0))
        losses.append(_cost(Z, y))
        dWs, dbs = _sweep(_dz(Z, y), cache, weights, lambda cache, k: cache[k - 1][1] > 0)
        weights, biases = _stepped(weights, dWs, lr), _stepped(biases, dbs, lr)
    return weights, biases, losses


def train_mlp__squared_error(X, y, weights, biases, lr, epochs):
    """You train on the squared error of the probabilities. The docstring asks for the
    cross-entropy."""
    def squared(Z, y):
        return float(np.mean((_softmax(Z) - _onehot(Z, y)) ** 2))

    def slope(Z, y):
        P = _softmax(Z)
        dP = 2 * (P - _onehot(Z, y)) / Z.size
        return P * (dP - np.sum(dP * P, axis=1, keepdims=True))

    return _descended(X, y, weights, biases, lr, epochs, dz=slope, loss=squared)


def train_mlp__losses_summed(X, y, weights, biases, lr, epochs):
    """Your losses are sums over the examples. The cross-entropy of a batch is their mean."""
    return _descended(X, y, weights, biases, lr, epochs, loss=lambda Z, y: _cost(Z, y) * len(y))


def train_mlp__losses_missing(X, y, weights, biases, lr, epochs):
    """You return only weights and biases. Return the list of losses as well."""
    return _descended(X, y, weights, biases, lr, epochs)[:2]


def train_mlp__start_returned(X, y, weights, biases, lr, epochs):
    """You return the weights and biases that were passed in, so the trained ones are lost."""
    return (*_copies(weights, biases), _descended(X, y, weights, biases, lr, epochs)[2])


def train_mlp__first_epoch_only(X, y, weights, biases, lr, epochs):
    """You return after the first epoch: the `return` is inside the loop."""
    return _descended(X, y, weights, biases, lr, min(epochs, 1))


def train_mlp__no_return(X, y, weights, biases, lr, epochs):
    """Your function returns None, because it reaches its end without a `return`. Return weights,
    biases and losses."""
    _descended(X, y, weights, biases, lr, epochs)
