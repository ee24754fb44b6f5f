"""Wrong answers to the exercises of lesson 16, each with the hint that its author reads.

`EXERCISE__LABEL` is a wrong answer to EXERCISE, written the way students write it (so without
annotations), and its docstring is the hint. `inputs_EXERCISE` yields the arguments on which all of
them differ from a right answer and from each other.

What an answer draws can't be compared, and what it asks can: `run_EXERCISE` notes both, and says
how the result fits to what was asked.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise, permutations
from math import factorial
from typing import Any

import numpy as np

Array = np.ndarray
Answer = Callable[..., Any]

# saliency


def _network(rng: np.random.Generator, n: int, sizes: tuple[int, ...]) -> tuple:
    return (rng.normal(size=(n, sizes[0])),
            [rng.normal(size=(out, d)) for d, out in pairwise(sizes)],
            [rng.normal(size=out) for out in sizes[1:]], rng.integers(sizes[-1], size=n))


def inputs_saliency(rng: np.random.Generator) -> Iterator[tuple]:
    yield _network(rng, 5, (4, 6, 3))
    yield _network(rng, 6, (4, 4, 4, 4))
    yield _network(rng, 4, (3, 5, 4, 3, 2))
    yield _network(rng, 3, (3, 4))
    X, Ws, bs, classes = _network(rng, 3, (2, 3, 3))
    bs[0] = -Ws[0] @ X[0]  # exactly 0 for the first example
    yield X, Ws, bs, classes
    yield _network(rng, 4, (4, 4, 4))


def fresh_saliency(draw):
    (n,), sizes = draw.sizes("n"), draw.layers()
    pairs = list(pairwise(sizes))
    return (draw.array(n, sizes[0]), draw.arrays([(out, d) for d, out in pairs]),
            draw.arrays([(out,) for out in sizes[1:]]), draw.labels(n, sizes[-1]))


def _forward(X, weights, biases):
    A, Zs, As = np.asarray(X, dtype=float), [], [np.asarray(X, dtype=float)]
    for W, b in zip(weights, biases, strict=True):
        Zs.append(A @ np.asarray(W, dtype=float).T + np.asarray(b, dtype=float))
        A = np.maximum(Zs[-1], 0)
        As.append(A)
    return Zs, As


def _back(G, weights, slopes):
    """G at the scores, carried back; slopes: an array for each hidden layer."""
    for k in range(len(weights) - 1, -1, -1):
        G = G @ np.asarray(weights[k], dtype=float)
        if k:
            G = G * slopes[k - 1]
    return G


def _masks(Zs):
    return [(Z > 0).astype(float) for Z in Zs[:-1]]


def _picked(Z, classes):
    return np.eye(Z.shape[1])[np.asarray(classes)]


def _right_saliency(X, weights, biases, classes):
    Zs, _ = _forward(X, weights, biases)
    return _back(_picked(Zs[-1], classes), weights, _masks(Zs))


def _softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def saliency__of_the_probability(X, weights, biases, classes):
    """This is the gradient of the *probability*: the softmax's slope is in it. Explain the score
    itself: which row do you start with, then?"""
    Zs, _ = _forward(X, weights, biases)
    P, one = _softmax(Zs[-1]), _picked(Zs[-1], classes)
    return _back((P * one).sum(axis=1, keepdims=True) * (one - P), weights, _masks(Zs))


def saliency__of_the_log_probability(X, weights, biases, classes):
    """This is the gradient of the *logarithm* of the probability, so the other classes' scores
    have a say. Explain one score by itself."""
    Zs, _ = _forward(X, weights, biases)
    return _back(_picked(Zs[-1], classes) - _softmax(Zs[-1]), weights, _masks(Zs))


def saliency__of_the_loss(X, weights, biases, classes):
    """This is the gradient of the cross-entropy loss, as in training. Here you explain a score:
    what does the way back start with?"""
    Zs, _ = _forward(X, weights, biases)
    G = (_softmax(Zs[-1]) - _picked(Zs[-1], classes)) / len(Zs[-1])
    return _back(G, weights, _masks(Zs))


def saliency__absolute(X, weights, biases, classes):
    """Your signs are lost. A negative slope speaks against the class, and that should show."""
    return np.abs(_right_saliency(X, weights, biases, classes))


def saliency__squared(X, weights, biases, classes):
    """Your result is the square of the slope. Return the slope itself, with its sign."""
    return _right_saliency(X, weights, biases, classes) ** 2


def saliency__positive_part(X, weights, biases, classes):
    """Negative slopes have become 0 in your result. They speak against the class: keep them."""
    return np.maximum(_right_saliency(X, weights, biases, classes), 0)


def saliency__guided(X, weights, biases, classes):
    """On the way back, you set negative gradients to 0, too, as in "guided backprop". The switch
    of a ReLU is decided by its Z alone, on the way forward."""
    Zs, _ = _forward(X, weights, biases)
    G = _picked(Zs[-1], classes)
    for k in range(len(weights) - 1, -1, -1):
        G = G @ np.asarray(weights[k], dtype=float)
        if k:
            G = np.maximum(G, 0) * (Zs[k - 1] > 0)
    return G


def saliency__switched_by_the_gradient(X, weights, biases, classes):
    """Your way back applies ReLU to the *gradient*. What is on and what is off was decided on the
    way forward: use the slope of ReLU at each layer's Z."""
    Zs, _ = _forward(X, weights, biases)
    G = _picked(Zs[-1], classes)
    for k in range(len(weights) - 1, -1, -1):
        G = G @ np.asarray(weights[k], dtype=float)
        if k:
            G = np.maximum(G, 0)
    return G


def saliency__no_switches(X, weights, biases, classes):
    """Right for a single layer, but the ReLUs are missing: you multiply the weights of all layers,
    which gives every example of a class the same map. What happens to a unit that is off?"""
    Zs, _ = _forward(X, weights, biases)
    return _back(_picked(Zs[-1], classes), weights, [1.0] * len(weights))


def saliency__first_switch_missing(X, weights, biases, classes):
    """The first hidden layer's ReLU is missing on the way back. After the loop, or in it: does
    every hidden layer get its turn?"""
    Zs, _ = _forward(X, weights, biases)
    return _back(_picked(Zs[-1], classes), weights, [1.0, *_masks(Zs)[1:]])


def saliency__last_switch_missing(X, weights, biases, classes):
    """The last hidden layer's ReLU is missing on the way back. Row c of the last layer's weights
    reaches its *output*; its switches come next."""
    Zs, _ = _forward(X, weights, biases)
    return _back(_picked(Zs[-1], classes), weights, [*_masks(Zs)[:-1], 1.0])


def saliency__another_layers_switches(X, weights, biases, classes):
    """Your layers use each other's switches: with three layers of one size nothing complains. Which
    Z belongs to the weights that you multiply by next?"""
    Zs, _ = _forward(X, weights, biases)
    return _back(_picked(Zs[-1], classes), weights, _masks(Zs)[::-1])


def saliency__switches_of_the_next_layer(X, weights, biases, classes):
    """You multiply by the switches of the layer *after*: with layers of one size nothing complains.
    Which Z belongs to the weights that you multiply by next?"""
    Zs, _ = _forward(X, weights, biases)
    return _back(_picked(Zs[-1], classes), weights, [(Z > 0).astype(float) for Z in Zs[1:]])


def saliency__switches_from_the_inputs(X, weights, biases, classes):
    """You take a layer's switches from its *input*: with layers of one size nothing complains. ReLU
    looks at Z, which the layer has computed."""
    _, As = _forward(X, weights, biases)
    return _back(_picked(_forward(X, weights, biases)[0][-1], classes), weights,
                 [(A > 0).astype(float) for A in As[:-2]])


def saliency__on_at_zero(X, weights, biases, classes):
    """Right except where a unit gets exactly 0: you take the slope to be 1 there. It should be
    0."""
    Zs, _ = _forward(X, weights, biases)
    return _back(_picked(Zs[-1], classes), weights, [(Z >= 0).astype(float) for Z in Zs[:-1]])


def saliency__activation_for_slope(X, weights, biases, classes):
    """You multiply by ReLU's *value* where its slope belongs. The slope is 1 or 0."""
    Zs, _ = _forward(X, weights, biases)
    return _back(_picked(Zs[-1], classes), weights, [np.maximum(Z, 0) for Z in Zs[:-1]])


def saliency__tanh(X, weights, biases, classes):
    """You go back through tanh, but this network has ReLUs. What is the slope of ReLU?"""
    A, slopes = np.asarray(X, dtype=float), []
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        A = np.tanh(A @ np.asarray(W, dtype=float).T + np.asarray(b, dtype=float))
        slopes.append(1 - A ** 2)
    G = np.asarray(weights[-1], dtype=float)[np.asarray(classes)]
    for W, slope in zip(reversed(weights[:-1]), reversed(slopes), strict=True):
        G = (G * slope) @ np.asarray(W, dtype=float)
    return G


def saliency__relu_on_the_scores(X, weights, biases, classes):
    """Where a score is negative, your map is 0: you have put a ReLU after the last layer, too."""
    Zs, _ = _forward(X, weights, biases)
    return _back(_picked(Zs[-1], classes) * (Zs[-1] > 0), weights, _masks(Zs))


def saliency__times_the_input(X, weights, biases, classes):
    """You multiply the gradient by the input. That is another method; a saliency map is the
    gradient alone."""
    return np.asarray(X, dtype=float) * _right_saliency(X, weights, biases, classes)


def saliency__of_the_largest_score(X, weights, biases, classes):
    """You explain the class that the network chose. The question is about `classes`, one for each
    example."""
    Zs, _ = _forward(X, weights, biases)
    return _back(_picked(Zs[-1], Zs[-1].argmax(axis=1)), weights, _masks(Zs))


def saliency__of_all_scores(X, weights, biases, classes):
    """You start with ones at all classes, so this is the gradient of the *sum* of the scores. Start
    with a 1 at the class that is asked about."""
    Zs, _ = _forward(X, weights, biases)
    return _back(np.ones_like(Zs[-1]), weights, _masks(Zs))


def saliency__times_the_score(X, weights, biases, classes):
    """You start with the score itself, not with 1. The slope of a score with respect to itself
    is 1."""
    Zs, _ = _forward(X, weights, biases)
    return _back(_picked(Zs[-1], classes) * Zs[-1], weights, _masks(Zs))


def saliency__one_class_for_all(X, weights, biases, classes):
    """Every example is explained for the class of the first one. Each has its own."""
    Zs, _ = _forward(X, weights, biases)
    return _back(_picked(Zs[-1], np.full(len(Zs[-1]), np.asarray(classes)[0])), weights,
                 _masks(Zs))


def saliency__biases_left_out(X, weights, biases, classes):
    """Your forward pass leaves out the biases, so some units seem on that are off. They don't occur
    in the gradient, but they decide about the switches."""
    Zs, _ = _forward(X, weights, [0.0 * np.asarray(b) for b in biases])
    return _back(_picked(Zs[-1], classes), weights, _masks(Zs))


def saliency__switches_of_the_first_example(X, weights, biases, classes):
    """All examples use the switches of the first one. Each has its own units on and off."""
    Zs, _ = _forward(X, weights, biases)
    return _back(_picked(Zs[-1], classes), weights, [mask[:1] for mask in _masks(Zs)])


def saliency__weights_transposed(X, weights, biases, classes):
    """You transpose the weights on the way back; with square ones nothing complains. The way
    forward was X @ W.T: what is the way back?"""
    Zs, _ = _forward(X, weights, biases)
    G = np.asarray(weights[-1], dtype=float)[np.asarray(classes)]
    for W, mask in zip(reversed(weights[:-1]), reversed(_masks(Zs)), strict=True):
        G = (G * mask) @ np.asarray(W, dtype=float).T
    return G


def saliency__column_for_row(X, weights, biases, classes):
    """You start with a *column* of the last weights; with square ones nothing complains. W has
    shape (out, in): where are the weights that lead to score c?"""
    Zs, _ = _forward(X, weights, biases)
    G = np.asarray(weights[-1], dtype=float)[:, np.asarray(classes)].T
    for W, mask in zip(reversed(weights[:-1]), reversed(_masks(Zs)), strict=True):
        G = (G * mask) @ np.asarray(W, dtype=float)
    return G


def saliency__divided_by_n(X, weights, biases, classes):
    """You divide by the number of examples. That belongs to a mean loss; here each example has a
    score of its own."""
    return _right_saliency(X, weights, biases, classes) / len(X)


def saliency__mean_over_the_batch(X, weights, biases, classes):
    """You return one map, the mean over the batch. Each example gets its own row."""
    return _right_saliency(X, weights, biases, classes).mean(axis=0)


def saliency__scaled_to_one(X, weights, biases, classes):
    """Your map is divided by its largest entry. That is a matter of drawing: return the slopes
    themselves."""
    G = _right_saliency(X, weights, biases, classes)
    return G / np.abs(G).max()


def saliency__stops_one_layer_early(X, weights, biases, classes):
    """You stop one layer too early: the result has an entry for each hidden unit, not for each
    input. Carry it past the first layer, too."""
    Zs, _ = _forward(X, weights, biases)
    G = np.asarray(weights[-1], dtype=float)[np.asarray(classes)]
    for W, mask in zip(reversed(weights[1:-1]), reversed(_masks(Zs)[1:]), strict=True):
        G = (G * mask) @ np.asarray(W, dtype=float)
    return G


def saliency__no_return(X, weights, biases, classes):
    """Your function gives back None: it gets to its end without a `return`. Return the slopes."""
    _right_saliency(X, weights, biases, classes)


# integrated_gradients


class _Bent:
    """The gradient of sum(p0 p) + sum(c p³)."""

    def __init__(self, c: Array) -> None:
        self.c = c

    def __call__(self, p: Any) -> Array:
        p = np.asarray(p, dtype=float)
        found = p[..., :1] + 3 * self.c * p ** 2
        found[..., 0] += p.sum(axis=-1)
        return found


def inputs_integrated_gradients(rng: np.random.Generator) -> Iterator[tuple]:
    for d, steps in ((3, 4), (4, 3), (2, 1), (5, 2)):
        yield _Bent(rng.normal(size=d)), rng.normal(size=d), rng.normal(size=d), steps
    yield _Bent(rng.normal(size=3)), rng.normal(size=3), np.zeros(3), 3


def fresh_integrated_gradients(draw):
    (d,) = draw.sizes("d")
    grad = draw.function("lambda p: a * np.asarray(p, dtype=float) ** 2 + b",
                         a=draw.between(-1.0, 1.0, d), b=draw.between(-1.0, 1.0, d))
    return grad, draw.array(d), draw.array(d), draw.integer(1, 5)


def _shares(steps, shift=0.5):
    return [(k + shift) / steps for k in range(steps)]


def _along(grad, x, baseline, shares):
    """The sum of the gradients at these shares of the way."""
    return sum(np.asarray(grad(baseline + t * (x - baseline))) for t in shares)


def _points(x, baseline):
    return np.asarray(x, dtype=float), np.asarray(baseline, dtype=float)


def integrated_gradients__distance_missing(grad, x, baseline, steps):
    """You return the mean gradient. Something is missing in front of the sum: how far did each
    entry go?"""
    x, baseline = _points(x, baseline)
    return _along(grad, x, baseline, _shares(steps)) / steps


def integrated_gradients__times_x(grad, x, baseline, steps):
    """You multiply by x. That is right only for a baseline of zeros: how far is it from the
    baseline to x?"""
    x, baseline = _points(x, baseline)
    return x * _along(grad, x, baseline, _shares(steps)) / steps


def integrated_gradients__baseline_ignored(grad, x, baseline, steps):
    """Your walk starts at zeros, whatever the baseline is. It is an argument, since it's a
    choice."""
    x, baseline = _points(x, baseline)
    return x * _along(grad, x, 0 * x, _shares(steps)) / steps


def integrated_gradients__walks_from_zero(grad, x, baseline, steps):
    """You multiply by the right distance, but your points lie between zeros and x. They should lie
    between the baseline and x."""
    x, baseline = _points(x, baseline)
    return (x - baseline) * _along(grad, x, 0 * x, _shares(steps)) / steps


def integrated_gradients__walks_by_x(grad, x, baseline, steps):
    """Your points are the baseline plus a share of *x*, so they go past x. Which vector leads from
    the baseline to x?"""
    x, baseline = _points(x, baseline)
    return (x - baseline) * sum(np.asarray(grad(baseline + t * x)) for t in _shares(steps)) / steps


def integrated_gradients__left_ends(grad, x, baseline, steps):
    """You take the gradient at the *beginning* of each step, from the baseline on. The formula asks
    for the middle of each step."""
    x, baseline = _points(x, baseline)
    return (x - baseline) * _along(grad, x, baseline, _shares(steps, 0.0)) / steps


def integrated_gradients__right_ends(grad, x, baseline, steps):
    """You take the gradient at the *end* of each step. The formula asks for the middle of each
    step."""
    x, baseline = _points(x, baseline)
    return (x - baseline) * _along(grad, x, baseline, _shares(steps, 1.0)) / steps


def integrated_gradients__both_ends(grad, x, baseline, steps):
    """Your points run from the baseline to x, both ends included, as `np.linspace(0, 1, steps)`
    gives them. The formula asks for the middles of the steps."""
    x, baseline = _points(x, baseline)
    return (x - baseline) * _along(grad, x, baseline, np.linspace(0, 1, steps)) / steps


def integrated_gradients__trapezoids(grad, x, baseline, steps):
    """You take the ends of the steps, the first and last one half. That is a fair integral, but the
    formula asks for the middles of the steps."""
    x, baseline = _points(x, baseline)
    ends = [np.asarray(grad(baseline + k / steps * (x - baseline))) for k in range(steps + 1)]
    return (x - baseline) * (sum(ends) - 0.5 * (ends[0] + ends[-1])) / steps


def integrated_gradients__sum(grad, x, baseline, steps):
    """You add up the gradients without dividing by their number: the result grows with the
    steps."""
    x, baseline = _points(x, baseline)
    return (x - baseline) * _along(grad, x, baseline, _shares(steps))


def integrated_gradients__sign(grad, x, baseline, steps):
    """All signs are flipped: you go from x to the baseline. What is added on the way *to* x?"""
    x, baseline = _points(x, baseline)
    return (baseline - x) * _along(grad, x, baseline, _shares(steps)) / steps


def integrated_gradients__gradient_at_x(grad, x, baseline, steps):
    """You take the gradient at x only. Where x is saturated, that is 0: average over the walk."""
    x, baseline = _points(x, baseline)
    return (x - baseline) * np.asarray(grad(x))


def integrated_gradients__gradient_halfway(grad, x, baseline, steps):
    """You take the gradient at one point, half of the way. Take one in the middle of *each*
    step."""
    x, baseline = _points(x, baseline)
    return (x - baseline) * np.asarray(grad((x + baseline) / 2))


def integrated_gradients__last_point_only(grad, x, baseline, steps):
    """Only the last point counts: each gradient replaces the one before it. Add them up."""
    x, baseline = _points(x, baseline)
    return (x - baseline) * np.asarray(grad(baseline + (steps - 0.5) / steps * (x - baseline)))


def integrated_gradients__last_point_divided(grad, x, baseline, steps):
    """Only the last gradient is left, divided by the number of steps: each one replaces the one
    before it. `=` forgets; add them up."""
    return integrated_gradients__last_point_only(grad, x, baseline, steps) / steps


def integrated_gradients__ends_after_the_first_point(grad, x, baseline, steps):
    """Only the first point counts: does the `return` stand inside the loop?"""
    x, baseline = _points(x, baseline)
    return (x - baseline) * np.asarray(grad(baseline + 0.5 / steps * (x - baseline))) / steps


def integrated_gradients__absolute(grad, x, baseline, steps):
    """Your signs are lost. What speaks against the output should be negative."""
    x, baseline = _points(x, baseline)
    return np.abs((x - baseline) * _along(grad, x, baseline, _shares(steps)) / steps)


def integrated_gradients__absolute_distance(grad, x, baseline, steps):
    """You multiply by the *size* of the distance. Where x lies below the baseline, the walk goes
    down, and the sign matters."""
    x, baseline = _points(x, baseline)
    return np.abs(x - baseline) * _along(grad, x, baseline, _shares(steps)) / steps


def integrated_gradients__divided_twice(grad, x, baseline, steps):
    """You divide by the number of steps twice. The mean does it once."""
    x, baseline = _points(x, baseline)
    return (x - baseline) * _along(grad, x, baseline, _shares(steps)) / steps ** 2


def integrated_gradients__one_point_more(grad, x, baseline, steps):
    """You take one point too many: there are as many as steps, k = 0 to steps - 1."""
    x, baseline = _points(x, baseline)
    shares = [(k + 0.5) / steps for k in range(steps + 1)]
    return (x - baseline) * _along(grad, x, baseline, shares) / steps


def integrated_gradients__one_point_less(grad, x, baseline, steps):
    """The last point is missing: k runs from 0 to steps - 1, both included."""
    x, baseline = _points(x, baseline)
    return (x - baseline) * (0.0 * x + _along(grad, x, baseline, _shares(steps)[:-1])) / steps


def integrated_gradients__added_up(grad, x, baseline, steps):
    """You return one number, the sum over the inputs. That is what completeness is about; the
    result is one number for each input."""
    x, baseline = _points(x, baseline)
    return float(np.sum((x - baseline) * _along(grad, x, baseline, _shares(steps)) / steps))


def integrated_gradients__one_length_for_all(grad, x, baseline, steps):
    """You multiply all entries by the *length* of the walk. Each entry has a distance of its
    own."""
    x, baseline = _points(x, baseline)
    return np.linalg.norm(x - baseline) * _along(grad, x, baseline, _shares(steps)) / steps


def integrated_gradients__all_points_at_once(grad, x, baseline, steps):
    """You hand all points to grad at once. It takes one point of shape (d,): loop."""
    x, baseline = _points(x, baseline)
    return (x - baseline) * grad(baseline + np.array(_shares(steps))[:, None] * (x - baseline))


def integrated_gradients__moves_the_baseline(grad, x, baseline, steps):
    """The result is right, but you walk with the caller's baseline: afterward, it is another
    point. Make a new array."""
    x, total, step = np.asarray(x, dtype=float), 0.0, (x - baseline) / steps
    distance = x - baseline
    baseline += 0.5 * step
    for _ in range(steps):
        total = total + np.asarray(grad(baseline.copy()))
        baseline += step
    return distance * total / steps


def integrated_gradients__no_return(grad, x, baseline, steps):
    """Your function gives back None: it gets to its end without a `return`. Return the map."""


# occlusion


class _Score:
    """A score that tells every pixel from every other, and is no sum."""

    def __init__(self, weights: Array) -> None:
        self.weights = weights

    def __call__(self, image: Any) -> float:
        image = np.asarray(image, dtype=float)
        total = np.sum(self.weights * image ** 2) + 0.3 * np.sum(self.weights * image) ** 2
        return float(total + 1.0)


def inputs_occlusion(rng: np.random.Generator) -> Iterator[tuple]:
    for h, w, size, value in ((4, 5, 2, 0.7), (5, 3, 3, 0.0), (4, 4, 1, 0.5), (3, 3, 2, -1.0)):
        yield _Score(rng.normal(size=(h, w))), rng.normal(size=(h, w)), size, value
    yield _Score(rng.normal(size=(3, 4))), rng.integers(-3, 4, size=(3, 4)), 2, 0.5


def fresh_occlusion(draw):
    h, w = draw.sizes("h", "w")
    score = draw.function("lambda image: float(np.sum(weights * np.asarray(image) ** 2))",
                          weights=draw.between(-1.0, 1.0, h, w))
    image = draw.given(np.asarray(draw.between(-2.0, 2.0, h, w)))
    return score, image, draw.integer(1, min(h, w)), draw.between(0.0, 1.5)


def _covered(image, i, j, size, value):
    image = np.array(image, dtype=float)
    image[max(i, 0):i + size, max(j, 0):j + size] = value
    return image


def _over(image, size, look):
    """look(i, j) at every place."""
    h, w = np.shape(image)
    return np.array([[look(i, j) for j in range(w - size + 1)] for i in range(h - size + 1)],
                    dtype=float)


def _right_occlusion(score, image, size, value):
    before = score(image)
    return _over(image, size, lambda i, j: before - score(_covered(image, i, j, size, value)))


def occlusion__sign(score, image, size, value):
    """All signs are flipped. A square that speaks *for* the class should get a positive number:
    what does the score do when it is covered?"""
    return -_right_occlusion(score, image, size, value)


def occlusion__absolute(score, image, size, value):
    """Your signs are lost. A square can also speak against the class."""
    return np.abs(_right_occlusion(score, image, size, value))


def occlusion__keeps_the_square(score, image, size, value):
    """You cover everything *but* the square. Cover the square, and leave the rest as it is."""
    def look(i, j):
        kept = np.full(np.shape(image), value, dtype=float)
        kept[i:i + size, j:j + size] = np.asarray(image)[i:i + size, j:j + size]
        return score(image) - score(kept)

    return _over(image, size, look)


def occlusion__border_lost(score, image, size, value):
    """The last row and the last column of places are missing. How many squares fit side by side:
    w - size, or one more?"""
    return _right_occlusion(score, image, size, value)[:-1, :-1]


def occlusion__hangs_over_the_border(score, image, size, value):
    """Your result has a place for every pixel: at the lower and right border, the squares hang over
    the edge. Only whole squares count."""
    h, w = np.shape(image)
    return np.array([[score(image) - score(_covered(image, i, j, size, value)) for j in range(w)]
                     for i in range(h)])


def occlusion__centered(score, image, size, value):
    """Your squares are centered on each pixel, and cut off at the border. (i, j) is the square's
    upper left corner, and it lies inside the image."""
    h, w = np.shape(image)
    back = size // 2

    def look(i, j):
        covered = np.array(image, dtype=float)
        covered[max(i - back, 0):i - back + size, max(j - back, 0):j - back + size] = value
        return score(image) - score(covered)

    return np.array([[look(i, j) for j in range(w)] for i in range(h)])


def occlusion__squares_accumulate(score, image, size, value):
    """What you have covered once stays covered: from place to place, more of the image is gone.
    Where do you make the copy?"""
    before, covered = score(image), np.array(image, dtype=float)

    def look(i, j):
        covered[i:i + size, j:j + size] = value
        return before - score(covered)

    return _over(image, size, look)


def occlusion__rows_accumulate(score, image, size, value):
    """Within a row of places, what was covered stays covered. Make the copy in the inner loop."""
    h, w = np.shape(image)
    found = np.zeros((h - size + 1, w - size + 1))
    for i in range(h - size + 1):
        covered = np.array(image, dtype=float)
        for j in range(w - size + 1):
            covered[i:i + size, j:j + size] = value
            found[i, j] = score(image) - score(covered)
    return found


def occlusion__changes_the_image(score, image, size, value):
    """You cover the caller's own image, and what is covered stays covered. Copy it for each
    place."""
    before = score(image)

    def look(i, j):
        image[i:i + size, j:j + size] = value
        return before - score(image)

    return _over(image, size, look)


def occlusion__before_changes_too(score, image, size, value):
    """You compare the covered image with itself: all drops are 0. Does the "copy" share its memory
    with the image, or do you score the same one twice?"""
    return 0.0 * _right_occlusion(score, image, size, value)


def occlusion__drop_from_place_to_place(score, image, size, value):
    """Each entry is the drop since the *place before*. Always compare with the whole image."""
    flat = [score(image)]
    found = _over(image, size, lambda i, j: flat.append(
        score(_covered(image, i, j, size, value))) or flat[-2] - flat[-1])
    return found


def occlusion__zeros(score, image, size, value):
    """You cover with 0, whatever `value` says."""
    return _right_occlusion(score, image, size, 0.0)


def occlusion__mean_of_the_image(score, image, size, value):
    """You cover with the image's mean, whatever `value` says."""
    return _right_occlusion(score, image, size, float(np.mean(image)))


def occlusion__value_added(score, image, size, value):
    """You *add* the value to the square. Covered pixels are set to it."""
    def look(i, j):
        changed = np.array(image, dtype=float)
        changed[i:i + size, j:j + size] += value
        return score(image) - score(changed)

    return _over(image, size, look)


def occlusion__value_multiplied(score, image, size, value):
    """You *multiply* the square by the value. Covered pixels are set to it."""
    def look(i, j):
        changed = np.array(image, dtype=float)
        changed[i:i + size, j:j + size] *= value
        return score(image) - score(changed)

    return _over(image, size, look)


def occlusion__side_by_side(score, image, size, value):
    """Your squares lie side by side. Move by one pixel at a time: neighboring squares overlap."""
    return _right_occlusion(score, image, size, value)[::size, ::size]


def occlusion__score_when_covered(score, image, size, value):
    """You return the score of the covered images. The exercise asks how much it *drops*."""
    return _over(image, size, lambda i, j: score(_covered(image, i, j, size, value)))


def occlusion__score_of_the_square(score, image, size, value):
    """You subtract nothing and keep only the square. The result is a difference: the score of the
    whole image minus the score without the square."""
    def look(i, j):
        kept = np.full(np.shape(image), value, dtype=float)
        kept[i:i + size, j:j + size] = np.asarray(image)[i:i + size, j:j + size]
        return score(kept)

    return _over(image, size, look)


def occlusion__relative(score, image, size, value):
    """You divide by the score of the whole image. Return the plain difference."""
    return _right_occlusion(score, image, size, value) / score(image)


def occlusion__per_pixel(score, image, size, value):
    """You divide by the number of covered pixels. Return the plain difference."""
    return _right_occlusion(score, image, size, value) / size ** 2


def occlusion__one_pixel_too_large(score, image, size, value):
    """Your squares are one pixel too large: a slice's end is not included."""
    before = score(image)
    return _over(image, size, lambda i, j: before - score(_covered(image, i, j, size + 1, value)))


def occlusion__one_pixel_too_small(score, image, size, value):
    """Your squares are one pixel too small: with size 2, two rows and two columns are covered."""
    before = score(image)
    return _over(image, size, lambda i, j: before - score(_covered(image, i, j, size - 1, value)))


def occlusion__single_pixels(score, image, size, value):
    """You cover a single pixel at each place. It should be a square of `size` by `size`."""
    before = score(image)
    return _over(image, size, lambda i, j: before - score(_covered(image, i, j, 1, value)))


def occlusion__diagonal(score, image, size, value):
    """You cover only the diagonal of the square: two arrays of indices are paired. Use slices."""
    def look(i, j):
        covered = np.array(image, dtype=float)
        covered[np.arange(i, i + size), np.arange(j, j + size)] = value
        return score(image) - score(covered)

    return _over(image, size, look)


def occlusion__whole_rows(score, image, size, value):
    """You cover whole rows. The square ends on the right, too: give a slice for the columns."""
    def look(i, j):
        covered = np.array(image, dtype=float)
        covered[i:i + size] = value
        return score(image) - score(covered)

    return _over(image, size, look)


def occlusion__rows_and_columns_swapped(score, image, size, value):
    """Rows and columns are swapped in your result. Entry (i, j): i counts rows, from above."""
    return _right_occlusion(score, image, size, value).T


def occlusion__mirrored_corner(score, image, size, value):
    """Your map runs from the lower right to the upper left. (i, j) is the square's *upper left*
    corner."""
    return _right_occlusion(score, image, size, value)[::-1, ::-1]


def occlusion__height_for_width(score, image, size, value):
    """You use the height for both sides. The image need not be square."""
    h, _ = np.shape(image)
    before = score(image)
    return np.array([[before - score(_covered(image, i, j, size, value))
                      for j in range(h - size + 1)] for i in range(h - size + 1)])


def occlusion__flat(score, image, size, value):
    """Your result is one long row. It should have the shape of the places."""
    return _right_occlusion(score, image, size, value).ravel()


def occlusion__cut_to_ints(score, image, size, value):
    """For an image of ints, the value is cut to an int when you store it: 0.5 becomes 0. Make the
    image float64 first."""
    def look(i, j):
        covered = np.array(image)
        covered[i:i + size, j:j + size] = value
        return score(image) - score(covered)

    return _over(image, size, look)


def occlusion__no_return(score, image, size, value):
    """Your function gives back None: it gets to its end without a `return`. Return the map."""


# permutation_importance

BASE = 50.0


def inputs_permutation_importance(rng: np.random.Generator) -> Iterator[tuple]:
    for n, d in ((24, 3), (24, 4), (30, 1)):
        yield (rng.normal(size=(n, d)), [round(float(w), 2) for w in rng.uniform(1.0, 6.0, size=d)],
               int(rng.integers(2 ** 30)))
    yield rng.normal(size=(24, 3)), [2.0, -3.0, -5.0], int(rng.integers(2 ** 30))


def fresh_permutation_importance(draw):
    n, d = draw.sizes("n", "d")
    score = draw.function("lambda X, y: float(np.mean(np.asarray(X)[:, 0] * np.asarray(y)))")
    return score, draw.array(n, d), draw.array(n), draw.generator()


def run_permutation_importance(answer: Answer, X: Array, weights: list, seed: int) -> Any:
    """The drops, where a column whose order has changed costs its weight and a bit of the rest."""
    y, asked = np.arange(float(len(X))), []

    def score(given: Any, labels: Any) -> float:
        given = np.array(given, dtype=float)
        asked.append(given.round(9).tolist())
        if given.shape != X.shape:
            return 7.0
        moved = (given != X).any(axis=0)
        kinds = [0.0 if np.array_equal(np.sort(given[:, j]), np.sort(X[:, j])) else
                 0.125 if np.ptp(given[:, j]) == 0 else
                 0.25 if set(given[:, j].tolist()) <= set(X[:, j].tolist()) else 0.375
                 for j in range(X.shape[1])]
        kinds.append(0.03 * any(np.array_equal(given[:, j], X[::-1, j]) for j in range(len(kinds))))
        kinds.append(0.05 * (sorted(map(tuple, given)) == sorted(map(tuple, X))
                             and len(weights) > 1 and bool(moved.any())))
        value = BASE - float(np.dot(weights, moved)) - 0.5 * float(moved.sum()) ** 2
        return value - sum(kinds) - 20.0 * (not np.array_equal(np.asarray(labels), y))

    mine = X.copy()
    first = answer(score, mine, y.copy(), np.random.default_rng(seed))
    tables = [str(asked)]
    for other in (seed, seed + 1):
        asked.clear()
        answer(score, X.copy(), y.copy(), np.random.default_rng(other))
        tables.append(str(asked))
    return [first, str(getattr(first, "dtype", type(first).__name__)),
            bool(np.array_equal(mine, X)), tables[0] == tables[1], tables[1] == tables[2]]


def _permuted(score, X, y, change):
    """The drops when change(j) makes the table of column j."""
    before = score(X, y)
    return np.array([before - score(change(j), y) for j in range(X.shape[1])], dtype=float)


def _with(X, j, column):
    table = np.array(X, dtype=float)
    table[:, j] = column
    return table


def permutation_importance__shuffles_rows(score, X, y, rng):
    """You shuffle whole rows, as `rng.permutation(X)` does. Then *all* columns are out of step with
    y. Shuffle one column of a copy."""
    return _permuted(score, X, y, lambda j: rng.permutation(X))


def permutation_importance__shuffles_y(score, X, y, rng):
    """You shuffle the labels. Then every column is out of step at once: shuffle one column of X,
    and leave y alone."""
    before = score(X, y)
    return np.array([before - score(X, rng.permutation(y)) for _ in range(X.shape[1])])


def permutation_importance__row_and_label_together(score, X, y, rng):
    """You shuffle the labels along with the column. They should stay in their order."""
    before, drops = score(X, y), []
    for j in range(X.shape[1]):
        order = rng.permutation(len(X))
        drops.append(before - score(_with(X, j, X[order, j]), np.asarray(y)[order]))
    return np.array(drops)


def permutation_importance__columns_stay_shuffled(score, X, y, rng):
    """A column that you have shuffled stays shuffled, so the later ones are blamed for the earlier
    ones as well. Take a fresh copy for each column."""
    before, table, drops = score(X, y), np.array(X, dtype=float), []
    for j in range(X.shape[1]):
        table[:, j] = rng.permutation(table[:, j])
        drops.append(before - score(table, y))
    return np.array(drops)


def permutation_importance__drop_since_the_last_column(score, X, y, rng):
    """Your columns stay shuffled, and each is compared with the one before. Compare every column
    with the *untouched* table, all others in place."""
    table, drops = np.array(X, dtype=float), [score(X, y)]
    for j in range(X.shape[1]):
        table[:, j] = rng.permutation(table[:, j])
        drops.append(score(table, y))
    return -np.diff(drops)


def permutation_importance__in_place(score, X, y, rng):
    """You shuffle the caller's own table, and it stays that way. Work on a copy, a fresh one for
    each column."""
    before, drops = score(X, y), []
    for j in range(X.shape[1]):
        rng.shuffle(X[:, j])
        drops.append(before - score(X, y))
    return np.array(drops)


def permutation_importance__all_columns(score, X, y, rng):
    """You shuffle all columns every time. Only column j should change, and all others stay."""
    return _permuted(score, X, y, lambda j: rng.permuted(np.array(X), axis=0))


def permutation_importance__all_but_one(score, X, y, rng):
    """You shuffle every column *but* j. It is j that should be shuffled, and all others stay."""
    return _permuted(score, X, y, lambda j: _with(rng.permuted(np.array(X), axis=0), j, X[:, j]))


def permutation_importance__sign(score, X, y, rng):
    """All signs are flipped. A column that the model needs should get a positive number: what does
    the score do when it is shuffled?"""
    return -_permuted(score, X, y, lambda j: _with(X, j, rng.permutation(X[:, j])))


def permutation_importance__score_itself(score, X, y, rng):
    """You return the scores with a shuffled column. The exercise asks by how much they *drop*."""
    return np.array([score(_with(X, j, rng.permutation(X[:, j])), y) for j in range(X.shape[1])])


def permutation_importance__absolute(score, X, y, rng):
    """You return the size of the difference. Where shuffling *helps*, the importance is
    negative."""
    return np.abs(_permuted(score, X, y, lambda j: _with(X, j, rng.permutation(X[:, j]))))


def permutation_importance__cut_at_zero(score, X, y, rng):
    """Negative importances have become 0. Where shuffling *helps*, that should show."""
    found = _permuted(score, X, y, lambda j: _with(X, j, rng.permutation(X[:, j])))
    return np.maximum(found, 0.0)


def permutation_importance__relative(score, X, y, rng):
    """You divide the drops by the score. Return the plain difference."""
    found = _permuted(score, X, y, lambda j: _with(X, j, rng.permutation(X[:, j])))
    return found / score(X, y)


def permutation_importance__adds_up_to_one(score, X, y, rng):
    """You divide the drops by their sum. Return the plain difference for each column."""
    found = _permuted(score, X, y, lambda j: _with(X, j, rng.permutation(X[:, j])))
    return found / found.sum()


def permutation_importance__mean(score, X, y, rng):
    """You set the whole column to one number, such as 0 or its mean. No table of real examples
    looks like that: shuffle the column, so that its values stay real ones."""
    return _permuted(score, X, y, lambda j: _with(X, j, np.mean(X[:, j])) + 0.0)


def permutation_importance__dropped(score, X, y, rng):
    """You take the column out of the table. The model was trained with all of them: shuffle the
    column, and keep the table's shape."""
    return _permuted(score, X, y, lambda j: np.delete(X, j, axis=1))


def permutation_importance__with_replacement(score, X, y, rng):
    """You draw the column's values *with replacement*: some come up twice, others never. Shuffle
    them."""
    return _permuted(score, X, y, lambda j: _with(X, j, rng.choice(X[:, j], size=len(X))))


def permutation_importance__noise(score, X, y, rng):
    """You replace the column by random numbers, or add some. Shuffle its own values, which are
    distributed as they should be."""
    return _permuted(score, X, y, lambda j: _with(X, j, rng.normal(size=len(X))))


def permutation_importance__reversed(score, X, y, rng):
    """You don't shuffle the column at random: its order is reversed, sorted, or moved along, the
    same way in each call. Draw the order from rng."""
    return _permuted(score, X, y, lambda j: _with(X, j, X[::-1, j]))


def permutation_importance__without_rng(score, X, y, rng):
    """You never use `rng`: your shuffles come from a generator of your own, with a fixed seed, so
    the caller's seed decides nothing. Draw from the one passed in."""
    rng = np.random.default_rng(0)
    return _permuted(score, X, y, lambda j: _with(X, j, rng.permutation(X[:, j])))


def permutation_importance__global_generator(score, X, y, rng):
    """You shuffle with NumPy's global generator, so a run can't be repeated from the caller's seed.
    Use `rng`, which was passed in for that."""
    return _permuted(score, X, y,
                     lambda j: _with(X, j, np.random.permutation(X[:, j])))  # noqa: NPY002


def permutation_importance__nothing_shuffled(score, X, y, rng):
    """All your drops are 0: the table that you score is the untouched one. Do you throw away what
    `rng.permutation` returns? It doesn't work in place."""
    return _permuted(score, X, y, lambda j: (rng.permutation(X[:, j]), np.array(X))[1])


def permutation_importance__mean_of_the_drops(score, X, y, rng):
    """You return one number. Return one for each column."""
    found = _permuted(score, X, y, lambda j: _with(X, j, rng.permutation(X[:, j])))
    return float(found.mean())


def permutation_importance__ranks(score, X, y, rng):
    """You return the order of the columns by importance. Return the drops themselves."""
    found = _permuted(score, X, y, lambda j: _with(X, j, rng.permutation(X[:, j])))
    return np.argsort(-found)


def permutation_importance__no_return(score, X, y, rng):
    """Your function gives back None: it gets to its end without a `return`. Return the drops."""


# lime


def inputs_lime(rng: np.random.Generator) -> Iterator[tuple]:
    for d, samples, sigma, width in ((3, 60, 0.6, 0.9), (2, 40, 1.3, 2.1), (4, 50, 0.7, 1.7)):
        yield (3.0 + rng.normal(size=d), samples, sigma, width, int(rng.integers(2 ** 30)))


def fresh_lime(draw):
    (d,) = draw.sizes("d")
    predict = draw.function("lambda Z: np.tanh(np.asarray(Z, dtype=float)).sum(axis=1)")
    return (predict, draw.given(np.asarray(draw.between(-2.0, 2.0, d))), draw.integer(12, 20),
            draw.between(0.3, 1.5), draw.between(0.8, 3.0), draw.generator())


def _model(Z: Array) -> Array:
    return (np.sin(Z[:, 0]) + 0.5 * Z[:, 0] * Z[:, -1] + 0.1 * np.sum(Z, axis=1) ** 2
            - 6.0 * Z[:, 1] + 7.0)


def run_lime(answer: Answer, x: Array, samples: int, sigma: float, width: float,
             seed: int) -> Any:
    """Where the points lie, and which fit to them the result is."""
    rows: list[Array] = []

    def predict(Z: Any) -> Array:
        Z = np.array(Z, dtype=float)
        if Z.ndim != 2 or Z.shape[1] != len(x):
            raise ValueError(f"predict takes a batch (m, {len(x)})")
        rows.extend(Z)
        return _model(Z)

    mine = x.copy()
    got = answer(predict, mine, samples, sigma, width, np.random.default_rng(seed))
    Z, told = np.array(rows), {"asked": len(rows), "shape": str(np.shape(got)),
                               "x": any((z == x).all() for z in rows),
                               "kept": bool(np.array_equal(mine, x))}
    repeats = []
    for other in (seed, seed + 1):
        rows.clear()
        answer(predict, x.copy(), samples, sigma, width, np.random.default_rng(other))
        repeats.append(np.array_equal(Z, np.array(rows)))
    Z = Z[(Z != x).any(axis=1)] if Z.ndim == 2 else Z
    told |= {"repeats": repeats[0], "moves": not repeats[1]}
    if Z.ndim == 2 and len(Z) > 10:
        spread = (Z - Z.mean(axis=0)).std() / sigma
        told |= {"around 0": bool((np.abs(Z.mean(axis=0)) < 0.4 * np.abs(x)).any()),
                 "around sigma x": bool(np.abs(Z.mean(axis=0) - sigma * x).max()
                                        < np.abs(Z.mean(axis=0) - x).max()),
                 "spread": "right" if 0.7 < spread < 1.4 else f"{spread > 1}",
                 "alike": bool(np.allclose(np.ptp(Z - x, axis=1), 0))}
    fits = _fits(Z[:samples], x, width, sigma)
    told["fit"] = next((name for name, fit in fits.items() if np.shape(fit) == np.shape(got)
                        and np.allclose(np.asarray(got, dtype=float), fit, rtol=1e-6, atol=1e-9)),
                       "none")
    return told


def _weights(Z, x, width):
    return np.exp(-np.sum((Z - x) ** 2, axis=1) / width ** 2)


def _line(Z, p, w, intercept=True):
    """Intercept and slopes of the fit in which row k counts w[k]."""
    A = np.column_stack([np.ones(len(Z)), Z]) if intercept else Z
    root = np.sqrt(w)
    return np.linalg.lstsq(A * root[:, None], p * root, rcond=None)[0]


def _fits(Z: Array, x: Array, width: float, sigma: float) -> dict[str, Array]:
    """What right and wrong formulas make of the same points."""
    p, w = _model(Z), _weights(Z, x, width)
    d2, ones = np.sum((Z - x) ** 2, axis=1), np.ones(len(Z))
    right = _line(Z, p, w)
    centered = _line(Z - x, p, w)
    ridge = np.column_stack([ones, Z - x])
    gram = (ridge * w[:, None]).T @ ridge
    penalty = np.diag([0.0] + [1.0] * len(x))
    skewed = np.column_stack([ones, Z - x]) * np.sqrt(w)[:, None]
    p0 = _model(x[None])[0]
    return {
        "right": right[1:], "unweighted": _line(Z, p, ones)[1:],
        "squared weights": _line(Z, p, w ** 2)[1:], "fourth root": _line(Z, p, w ** 0.5)[1:],
        "no intercept": _line(Z, p, w, False), "no intercept, centered": _line(Z - x, p, w, False),
        "fixed": _line(Z - x, p - p0, w, False),
        "no intercept, unweighted": _line(Z, p, ones, False),
        "whole": right, "whole, centered": centered, "last dropped": right[:-1],
        "last dropped, centered": centered[:-1],
        "gauss": _line(Z, p, np.exp(-d2 / (2 * width ** 2)))[1:],
        "distance": _line(Z, p, np.exp(-np.sqrt(d2) / width))[1:],
        "width not squared": _line(Z, p, np.exp(-d2 / width))[1:],
        "times width": _line(Z, p, np.exp(-d2 * width ** 2))[1:],
        "far ones": _line(Z, p, np.exp(d2 / width ** 2))[1:],
        "one minus": _line(Z, p, 1 - w)[1:],
        "from 0": _line(Z, p, _weights(Z, 0 * x, width))[1:],
        "p not weighted": np.linalg.lstsq(skewed, p, rcond=None)[0][1:],
        "A not weighted": np.linalg.lstsq(np.column_stack([ones, Z - x]), p * np.sqrt(w),
                                          rcond=None)[0][1:],
        "ridge": np.linalg.solve(gram + penalty, (ridge * w[:, None]).T @ p)[1:],
        "times x": right[1:] * x, "absolute": np.abs(right[1:]),
        "one by one": np.array([_line(Z[:, [j]], p, w)[1] for j in range(len(x))]),
        "per sigma": right[1:] * sigma,
        "feature by feature": _line(Z, p, np.exp(-np.abs(Z - x).sum(axis=1) ** 2 / width ** 2))[1:],
        "sigma for width": _line(Z, p, _weights(Z, x, sigma))[1:]}


def _around(x, samples, sigma, rng):
    return np.asarray(x, dtype=float) + sigma * rng.normal(size=(samples, len(x)))


def lime__unweighted(predict, x, samples, sigma, width, rng):
    """All your points count the same, and `width` plays no part. Where do the weights come in?"""
    Z = _around(x, samples, sigma, rng)
    return _line(Z, np.asarray(predict(Z)), np.ones(samples))[1:]


def lime__weights_not_under_the_root(predict, x, samples, sigma, width, rng):
    """You multiply the rows by the weights themselves. Each row is squared afterward, so the
    weights act twice. What do you have to multiply the rows by for each
    weight to act once?"""
    Z = _around(x, samples, sigma, rng)
    return _line(Z, np.asarray(predict(Z)), _weights(Z, x, width) ** 2)[1:]


def lime__no_intercept(predict, x, samples, sigma, width, rng):
    """Your line has no intercept: it is forced through the origin, and the slopes have to make up
    for that. Give the matrix a column of ones."""
    Z = _around(x, samples, sigma, rng)
    return _line(Z, np.asarray(predict(Z)), _weights(Z, x, width), False)


def lime__no_intercept_and_no_weights(predict, x, samples, sigma, width, rng):
    """Two things are missing: a column of ones for the intercept, and the weights."""
    Z = _around(x, samples, sigma, rng)
    return _line(Z, np.asarray(predict(Z)), np.ones(samples), False)


def lime__zero_at_x(predict, x, samples, sigma, width, rng):
    """Your line has no intercept, so at x it is forced to be 0. Give the matrix a column of
    ones."""
    Z = _around(x, samples, sigma, rng)
    return _line(Z - x, np.asarray(predict(Z)), _weights(Z, x, width), False)


def lime__fixed_at_the_prediction(predict, x, samples, sigma, width, rng):
    """You force the line through the prediction at x, and ask about one row too many for it. The
    intercept is fitted, like the slopes."""
    Z = _around(x, samples, sigma, rng)
    here = np.asarray(predict(np.asarray(x, dtype=float)[None]))[0]
    return _line(Z - x, np.asarray(predict(Z)) - here, _weights(Z, x, width), False)


def lime__one_row_too_many(predict, x, samples, sigma, width, rng):
    """The slopes are right, but you ask predict about x as well, one row more than `samples`. You
    don't need it: the intercept is fitted."""
    Z = _around(x, samples, sigma, rng)
    p = np.asarray(predict(Z))
    predict(np.asarray(x, dtype=float)[None])
    return _line(Z, p, _weights(Z, x, width))[1:]


def lime__x_among_the_points(predict, x, samples, sigma, width, rng):
    """x itself is among your points, in addition to the draws or in place of one. Fit to the
    `samples` draws only."""
    Z = np.vstack([np.asarray(x, dtype=float), _around(x, samples, sigma, rng)])
    return _line(Z, np.asarray(predict(Z)), _weights(Z, x, width))[1:]


def lime__around_zero(predict, x, samples, sigma, width, rng):
    """Your points lie around 0, or it is the noise alone that you hand to predict. The explanation
    is about x: ask about x plus noise."""
    Z = sigma * rng.normal(size=(samples, len(x)))
    return _line(Z, np.asarray(predict(Z)), np.exp(-np.sum(Z ** 2, axis=1) / width ** 2))[1:]


def lime__sigma_times_everything(predict, x, samples, sigma, width, rng):
    """You multiply x by sigma as well, so the points don't lie around x. Sigma scales the noise
    only."""
    Z = sigma * (np.asarray(x, dtype=float) + rng.normal(size=(samples, len(x))))
    return _line(Z, np.asarray(predict(Z)), _weights(Z, x, width))[1:]


def lime__sigma_ignored(predict, x, samples, sigma, width, rng):
    """Your noise always has standard deviation 1. Where does sigma come in?"""
    Z = _around(x, samples, 1.0, rng)
    return _line(Z, np.asarray(predict(Z)), _weights(Z, x, width))[1:]


def lime__width_for_sigma(predict, x, samples, sigma, width, rng):
    """You draw the noise with `width`. Sigma says how far the points lie, the width how much they
    count."""
    Z = _around(x, samples, width, rng)
    return _line(Z, np.asarray(predict(Z)), _weights(Z, x, sigma))[1:]


def lime__sigma_for_width(predict, x, samples, sigma, width, rng):
    """You use sigma in the weights. The width decides how much a point counts."""
    Z = _around(x, samples, sigma, rng)
    return _line(Z, np.asarray(predict(Z)), _weights(Z, x, sigma))[1:]


def lime__one_noise_for_all_features(predict, x, samples, sigma, width, rng):
    """You draw one number for each point and add it to all features, so they all move together, and
    no fit can tell them apart. Draw one for each entry."""
    Z = np.asarray(x, dtype=float) + sigma * rng.normal(size=(samples, 1))
    return _line(Z, np.asarray(predict(Z)), _weights(Z, x, width))[1:]


def lime__intercept_returned(predict, x, samples, sigma, width, rng):
    """Your result has one entry too many: the intercept stands in front of the slopes. Leave it
    out."""
    Z = _around(x, samples, sigma, rng)
    return _line(Z, np.asarray(predict(Z)), _weights(Z, x, width))


def lime__intercept_returned_centered(predict, x, samples, sigma, width, rng):
    """Your result has one entry too many: the height of the line at x stands in front of the
    slopes. Leave it out."""
    Z = _around(x, samples, sigma, rng)
    return _line(Z - x, np.asarray(predict(Z)), _weights(Z, x, width))


def lime__last_slope_dropped(predict, x, samples, sigma, width, rng):
    """You leave out the last entry of the fit, but it is the first that belongs to the column of
    ones. Which column comes first in your matrix?"""
    Z = _around(x, samples, sigma, rng)
    return _line(Z, np.asarray(predict(Z)), _weights(Z, x, width))[:-1]


def lime__last_slope_dropped_centered(predict, x, samples, sigma, width, rng):
    """You leave out the last entry of the fit, but it is the first that belongs to the column of
    ones, here the height at x. Which column comes first in your matrix?"""
    Z = _around(x, samples, sigma, rng)
    return _line(Z - x, np.asarray(predict(Z)), _weights(Z, x, width))[:-1]


def lime__two_widths_squared(predict, x, samples, sigma, width, rng):
    """Your weights are the roots of those in the formula. Do you divide by 2 · width², or take the
    root in the weights, and once more in the fit?"""
    Z = _around(x, samples, sigma, rng)
    return _line(Z, np.asarray(predict(Z)), np.sqrt(_weights(Z, x, width)))[1:]


def lime__distance_not_squared(predict, x, samples, sigma, width, rng):
    """Your weights are exp(−|z − x| / width). The distance is squared, and so is the width."""
    Z = _around(x, samples, sigma, rng)
    w = np.exp(-np.linalg.norm(Z - x, axis=1) / width)
    return _line(Z, np.asarray(predict(Z)), w)[1:]


def lime__width_not_squared(predict, x, samples, sigma, width, rng):
    """You divide by the width; the formula has its square."""
    Z = _around(x, samples, sigma, rng)
    return _line(Z, np.asarray(predict(Z)), np.exp(-np.sum((Z - x) ** 2, axis=1) / width))[1:]


def lime__city_blocks(predict, x, samples, sigma, width, rng):
    """Your distance is the sum of the entries' sizes, squared. ‖z − x‖² is the sum of the
    squares."""
    Z = _around(x, samples, sigma, rng)
    w = np.exp(-np.abs(Z - x).sum(axis=1) ** 2 / width ** 2)
    return _line(Z, np.asarray(predict(Z)), w)[1:]


def lime__far_ones_count_more(predict, x, samples, sigma, width, rng):
    """Far points count *more* in your fit. What is the sign in the exponent?"""
    Z = _around(x, samples, sigma, rng)
    return _line(Z, np.asarray(predict(Z)), np.exp(np.sum((Z - x) ** 2, axis=1) / width ** 2))[1:]


def lime__weights_from_zero(predict, x, samples, sigma, width, rng):
    """Your weights measure the distance from 0. Near means near x."""
    Z = _around(x, samples, sigma, rng)
    return _line(Z, np.asarray(predict(Z)), np.exp(-np.sum(Z ** 2, axis=1) / width ** 2))[1:]


def lime__predictions_not_weighted(predict, x, samples, sigma, width, rng):
    """You multiply the rows of the matrix by the root, but not the predictions. Both sides of an
    equation need the same factor."""
    Z = _around(x, samples, sigma, rng)
    A = np.column_stack([np.ones(samples), Z - x]) * np.sqrt(_weights(Z, x, width))[:, None]
    return np.linalg.lstsq(A, np.asarray(predict(Z)), rcond=None)[0][1:]


def lime__only_predictions_weighted(predict, x, samples, sigma, width, rng):
    """You multiply the predictions by the root, but not the rows of the matrix. Both sides of an
    equation need the same factor."""
    Z = _around(x, samples, sigma, rng)
    p = np.asarray(predict(Z)) * np.sqrt(_weights(Z, x, width))
    return np.linalg.lstsq(np.column_stack([np.ones(samples), Z - x]), p, rcond=None)[0][1:]


def lime__ridge(predict, x, samples, sigma, width, rng):
    """Your slopes are pulled toward 0: there is a penalty in the fit. Use plain least
    squares."""
    Z = _around(x, samples, sigma, rng)
    w, A = _weights(Z, x, width), np.column_stack([np.ones(samples), Z - x])
    penalty = np.diag([0.0] + [1.0] * len(x))
    return np.linalg.solve((A * w[:, None]).T @ A + penalty,
                           (A * w[:, None]).T @ np.asarray(predict(Z)))[1:]


def lime__times_x(predict, x, samples, sigma, width, rng):
    """You multiply the slopes by x. Return the slopes themselves."""
    Z = _around(x, samples, sigma, rng)
    return _line(Z, np.asarray(predict(Z)), _weights(Z, x, width))[1:] * x


def lime__absolute(predict, x, samples, sigma, width, rng):
    """The signs of your slopes are lost. A slope can be negative."""
    Z = _around(x, samples, sigma, rng)
    return np.abs(_line(Z, np.asarray(predict(Z)), _weights(Z, x, width))[1:])


def lime__one_feature_at_a_time(predict, x, samples, sigma, width, rng):
    """You fit a line to each feature by itself, so each is blamed for what the others did. Fit all
    slopes together."""
    Z = _around(x, samples, sigma, rng)
    p, w = np.asarray(predict(Z)), _weights(Z, x, width)
    return np.array([_line(Z[:, [j]], p, w)[1] for j in range(len(x))])


def lime__differences(predict, x, samples, sigma, width, rng):
    """You compute the gradient at x by differences. LIME fits a line to random points around x."""
    steps = 1e-5 * np.eye(len(x))
    return (np.asarray(predict(x + steps)) - np.asarray(predict(x - steps))) / 2e-5


def lime__without_rng(predict, x, samples, sigma, width, rng):
    """You never use `rng`: your draws come from a generator of your own, with a fixed seed, so the
    caller's seed decides nothing. Draw from the one passed in."""
    Z = _around(x, samples, sigma, np.random.default_rng(0))
    return _line(Z, np.asarray(predict(Z)), _weights(Z, x, width))[1:]


def lime__global_generator(predict, x, samples, sigma, width, rng):
    """You draw from NumPy's global generator, so a run can't be repeated from the caller's seed.
    Use `rng`, which was passed in for that."""
    Z = x + sigma * np.random.normal(size=(samples, len(x)))  # noqa: NPY002
    return _line(Z, np.asarray(predict(Z)), _weights(Z, x, width))[1:]


def lime__no_return(predict, x, samples, sigma, width, rng):
    """Your function gives back None: it gets to its end without a `return`. Return the slopes."""
    predict(_around(x, samples, sigma, rng))


# coalition_value


class _Predict:
    """A bent model that takes a batch only."""

    def __init__(self, weights: Array) -> None:
        self.weights = weights

    def __call__(self, X: Any) -> Array:
        X = np.asarray(X, dtype=float)
        if X.ndim != 2 or X.shape[1] != len(self.weights):
            raise ValueError(f"predict takes a batch (m, {len(self.weights)})")
        return np.asarray(np.tanh(X @ self.weights) + np.prod(X, axis=1))


def inputs_coalition_value(rng: np.random.Generator) -> Iterator[tuple]:
    for d, m in ((3, 5), (2, 4), (4, 3)):
        yield _Predict(rng.normal(size=d)), rng.normal(size=d), rng.normal(size=(m, d))
    yield _Predict(rng.normal(size=2)), rng.normal(size=2), rng.integers(-3, 4, size=(4, 2))
    yield _Predict(rng.normal(size=3)), rng.integers(-3, 4, size=3), rng.normal(size=(3, 3))


def fresh_coalition_value(draw):
    m, d = draw.sizes("m", "d")
    predict = draw.function("lambda X: (np.asarray(X, dtype=float) @ a) ** 2",
                            a=draw.between(-1.0, 1.0, d))
    return (predict, draw.given(np.asarray(draw.between(-2.0, 2.0, d))),
            draw.given(np.asarray(draw.between(-2.0, 2.0, m, d))))


def view_coalition_value(result: Any, predict: Any, x: Any, background: Any) -> Any:
    """What it says of all coalitions, or of which type it is."""
    if not callable(result):
        return type(result).__name__
    d = len(x)
    found = [result(np.array([bool(k >> j & 1) for j in range(d)])) for k in range(2 ** min(d, 4))]
    return [str(np.shape(found)), *[np.asarray(one) if one is not None else "None"
                                    for one in found]]


def _mixed(mask, x, background):
    return np.where(mask, np.asarray(x, dtype=float), np.asarray(background, dtype=float))


def _over_rows(predict, x, background, mask):
    return np.asarray(predict(_mixed(mask, x, background)), dtype=float)


def coalition_value__mean_row(predict, x, background):
    """You fill the gaps with the background's *mean row* and predict once. The mean of the
    predictions is something else, unless the model is linear: predict for every row, then take the
    mean."""
    row = np.mean(background, axis=0)
    return lambda mask: float(np.asarray(predict(_mixed(mask, x, row)[None]))[0])


def coalition_value__median_row(predict, x, background):
    """You fill the gaps with the background's *median row* and predict once. Predict for every row,
    then take the mean."""
    row = np.median(background, axis=0)
    return lambda mask: float(np.asarray(predict(_mixed(mask, x, row)[None]))[0])


def coalition_value__zeros(predict, x, background):
    """Features that are out become 0, and the background plays no part. They should take the
    background's values, row by row."""
    return lambda mask: float(np.asarray(predict(_mixed(mask, x, 0.0 * np.asarray(x))[None]))[0])


def coalition_value__roles_swapped(predict, x, background):
    """The roles are swapped: where the mask is True, you take the background. A feature that is
    *in* has x's value."""
    return lambda mask: float(_over_rows(predict, x, background, ~np.asarray(mask)).mean())


def coalition_value__first_row(predict, x, background):
    """Only the first row of the background is used. Take the mean over all of them."""
    return lambda mask: float(_over_rows(predict, x, background, mask)[0])


def coalition_value__last_row(predict, x, background):
    """Only the last row of the background is used: each replaces the one before it. Take the mean
    over all of them."""
    return lambda mask: float(_over_rows(predict, x, background, mask)[-1])


def coalition_value__sum(predict, x, background):
    """You add up the predictions. Take their mean, so that the number of rows plays no part."""
    return lambda mask: float(_over_rows(predict, x, background, mask).sum())


def coalition_value__one_for_each_row(predict, x, background):
    """Your value is an array, with a prediction for each row. It should be one number: their
    mean."""
    return lambda mask: _over_rows(predict, x, background, mask)


def coalition_value__median(predict, x, background):
    """You take the median of the predictions. Return the mean."""
    return lambda mask: float(np.median(_over_rows(predict, x, background, mask)))


def coalition_value__minus_nobody(predict, x, background):
    """You subtract what the background alone is worth, so nobody gets 0. `shapley` takes
    differences itself: return the mean prediction."""
    return lambda mask: float((_over_rows(predict, x, background, mask)
                               - np.asarray(predict(1.0 * np.asarray(background)))).mean())


def coalition_value__minus_the_prediction(predict, x, background):
    """You subtract the prediction for x. Return the mean prediction itself."""
    here = np.ones(len(x), dtype=bool)
    return lambda mask: float((_over_rows(predict, x, background, mask)
                               - _over_rows(predict, x, background, here)).mean())


def coalition_value__mask_ignored(predict, x, background):
    """Your value is the same for every mask: the prediction for x. Who is out has the background's
    values."""
    here = np.ones(len(x), dtype=bool)
    return lambda mask: float(_over_rows(predict, x, background, here).mean())


def coalition_value__x_ignored(predict, x, background):
    """Your value is the same for every mask: the background's mean prediction. Who is in has x's
    values."""
    out = np.zeros(len(x), dtype=bool)
    return lambda mask: float(_over_rows(predict, x, background, out).mean())


def coalition_value__share_of_each(predict, x, background):
    """You mix two *predictions*, by the share of features that are in. Mix the inputs, feature by
    feature, then predict."""
    both = [np.ones(len(x), dtype=bool), np.zeros(len(x), dtype=bool)]
    ends = [float(_over_rows(predict, x, background, one).mean()) for one in both]
    return lambda mask: float(np.mean(mask)) * ends[0] + (1 - float(np.mean(mask))) * ends[1]


def coalition_value__rows_stay_replaced(predict, x, background):
    """What has been replaced once stays replaced: the next mask finds x's values where it should
    find the background's. Copy the background inside of `value`."""
    rows = np.array(background, dtype=float)

    def value(mask):
        rows[:, mask] = np.asarray(x, dtype=float)[mask]
        return float(np.mean(predict(rows)))

    return value


def coalition_value__cut_to_ints(predict, x, background):
    """For a background of ints, x's fractions are cut off when you store them. Make the arrays
    float64 first."""
    def value(mask):
        rows = np.array(background)
        rows[:, mask] = np.asarray(x)[mask]
        return float(np.mean(predict(rows)))

    return value


def coalition_value__x_filled(predict, x, background):
    """You predict once, for x with the background's means in the gaps of an array of x's own kind,
    so an x of ints cuts them. Predict for every row of the background, then take the mean."""
    def value(mask):
        row = np.array(x)
        row[~np.asarray(mask)] = np.mean(background, axis=0)[~np.asarray(mask)]
        return float(np.asarray(predict(row[None]))[0])

    return value


def coalition_value__mask_for_one_player(predict, x, background):
    """Your value counts how many are in, not who. Replace the features where the mask is True."""
    return lambda mask: float(_over_rows(
        predict, x, background, np.arange(len(x)) < np.sum(mask)).mean())


def coalition_value__a_number(predict, x, background):
    """You return a number. Return a *function* that takes a mask: define it inside, and return it
    without calling it."""
    return float(np.mean(predict(1.0 * np.asarray(background))))


def coalition_value__inner_function_returns_nothing(predict, x, background):
    """Your inner function gives back None: it has no `return`. It should return the mean."""
    def value(mask):
        _over_rows(predict, x, background, mask).mean()

    return value


def coalition_value__no_return(predict, x, background):
    """Your function gives back None. Return the inner function, without calling it."""


# shapley


def inputs_shapley(rng: np.random.Generator) -> Iterator[tuple]:
    for n in (3, 4, 2, 1):
        yield rng.normal(size=2 ** n) + 3.0, n


def fresh_shapley(draw):
    (n,) = draw.sizes("n")
    value = draw.function("lambda mask: b + float(np.sum(a * np.asarray(mask))) ** 2",
                          a=draw.between(-2.0, 2.0, n), b=draw.between(1.0, 3.0))
    return value, n


def run_shapley(answer: Answer, worth: Array, n: int) -> Any:
    """The shares, and of which kind the masks are that value gets."""
    kinds: set[str] = set()

    def value(mask: Any) -> float:
        given = np.asarray(mask)
        kinds.add(f"{type(mask).__name__} {given.dtype.kind} {given.shape == (n,)}")
        if given.shape != (n,):
            return 1.0 + float(given.sum())
        return float(worth[int(np.dot(given.astype(int), 2 ** np.arange(n)))])

    got = answer(value, n)
    return [got, str(getattr(got, "dtype", type(got).__name__)), sorted(kinds)]


def _masks_of(n):
    return [np.array([bool(k >> i & 1) for i in range(n)]) for k in range(2 ** n)]


def _with_player(mask, i):
    mask = mask.copy()
    mask[i] = True
    return mask


def _summed(value, n, weight, gain=None):
    """Sum over the coalitions without i of weight(size) times what i adds."""
    gain = gain or (lambda after, before: after - before)
    worth = {tuple(mask.tolist()): value(mask) for mask in _masks_of(n)}
    return np.array([sum((weight(int(mask.sum()))
                          * gain(worth[tuple(_with_player(mask, i).tolist())],
                                 worth[tuple(mask.tolist())])
                          for mask in _masks_of(n) if not mask[i]), 0.0) for i in range(n)])


def _fair(n):
    return lambda s: factorial(s) * factorial(n - s - 1) / factorial(n)


def shapley__leave_one_out(value, n):
    """You compare everybody with everybody but one. That is only the case in which the player comes
    *last*: where are the other coalitions?"""
    full = np.ones(n, dtype=bool)
    found = []
    for i in range(n):
        without = full.copy()
        without[i] = False
        found.append(value(full) - value(without))
    return np.array(found)


def shapley__first_in(value, n):
    """You take what each player adds to nobody. That is only the case in which they come *first*:
    where are the other coalitions?"""
    nobody = np.zeros(n, dtype=bool)
    return np.array([value(_with_player(nobody, i)) - value(nobody) for i in range(n)])


def shapley__alone(value, n):
    """You take what each player is worth alone. What do they *add*, to nobody and to all other
    coalitions?"""
    nobody = np.zeros(n, dtype=bool)
    value(nobody)
    return np.array([value(_with_player(nobody, i)) for i in range(n)])


def shapley__first_and_last(value, n):
    """You average what a player adds as the first and as the last. With three players that leaves
    out coming second: go through all the coalitions."""
    return (shapley__first_in(value, n) + shapley__leave_one_out(value, n)) / 2


def shapley__all_coalitions_alike(value, n):
    """In your mean, every coalition counts the same. But in random orders, a player finds nobody
    there far more often than exactly three certain others. How often does a player find each
    coalition? That is its weight."""
    return _summed(value, n, lambda s: 1 / 2 ** (n - 1))


def shapley__not_weighted(value, n):
    """You add up what a player adds to every coalition, without weights. They should add up to 1:
    see the formula."""
    return _summed(value, n, lambda s: 1.0)


def shapley__player_counted_in(value, n):
    """Your weights are off by one: |S| counts those who are there *before* the player comes. Do you
    count after the player was added?"""
    return _summed(value, n, lambda s: factorial(s + 1) * factorial(max(n - s - 2, 0))
                   / factorial(n))


def shapley__rest_off_by_one(value, n):
    """Your weights use (n − |S|)!. The player is neither there already nor among the rest: how many
    still come?"""
    return _summed(value, n, lambda s: factorial(s) * factorial(n - s) / factorial(n))


def shapley__both_off_by_one(value, n):
    """Your weights use |S| and n − |S| of the coalition *with* the player in it. Both count without
    them."""
    return _summed(value, n, lambda s: factorial(s + 1) * factorial(n - s - 1) / factorial(n))


def shapley__not_divided(value, n):
    """Your weights are not divided by n!: you add over all orders. Return the mean."""
    return factorial(n) * _summed(value, n, _fair(n))


def shapley__divided_by_n(value, n):
    """Your shares are too small by a factor of n. The weights of the formula add up to 1 already:
    there is nothing left to divide by."""
    return _summed(value, n, _fair(n)) / n


def shapley__times_n(value, n):
    """Your shares are too large by a factor of n: 1 over "size choose from n − 1" is the mean
    within one size, and there are n sizes to average over."""
    return n * _summed(value, n, _fair(n))


def shapley__binomial_of_n(value, n):
    """You weight by 1 over "choose |S| of n". The coalition is chosen from the n − 1 others, and
    there are n sizes."""
    return _summed(value, n, lambda s: factorial(s) * factorial(n - s) / factorial(n) / n)


def shapley__nobody_is_worth_nothing(value, n):
    """Your shares add up to what everybody is worth, as if nobody were worth 0. Ask value about the
    empty coalition, too."""
    def gone(mask):
        return value(mask) if mask.any() else 0.0 * value(mask)

    return _summed(gone, n, _fair(n))


def shapley__empty_coalition_left_out(value, n):
    """You leave out the coalition of nobody. The player can come first, too."""
    return _summed(value, n, lambda s: _fair(n)(s) if s else 0.0)


def shapley__full_coalition_left_out(value, n):
    """You leave out the coalition of all the others. The player can come last, too."""
    return _summed(value, n, lambda s: _fair(n)(s) if s < n - 1 else 0.0)


def shapley__worth_for_gain(value, n):
    """You average what the coalitions *with* the player are worth. The share is what the player
    adds: subtract what they are worth without."""
    return _summed(value, n, _fair(n), lambda after, before: after)


def shapley__sign(value, n):
    """All signs are flipped: you subtract what it is worth *with* the player."""
    return -_summed(value, n, _fair(n))


def shapley__absolute(value, n):
    """You average the *size* of what a player adds. A player can also do harm, and then it counts
    negative."""
    return _summed(value, n, _fair(n), lambda after, before: abs(after - before))


def shapley__one_order(value, n):
    """You let the players come in one order only, 0, 1, 2, … Average over all orders."""
    mask, found = np.zeros(n, dtype=bool), []
    for i in range(n):
        before = value(mask.copy())
        mask[i] = True
        found.append(value(mask.copy()) - before)
    return np.array(found)


def shapley__circles_only(value, n):
    """You average over the n orders that begin somewhere and go around. There are n! orders."""
    total = np.zeros(n)
    for start in range(n):
        mask = np.zeros(n, dtype=bool)
        for k in range(n):
            i, before = (start + k) % n, value(mask.copy())
            mask[i] = True
            total[i] += value(mask.copy()) - before
    return total / n


def shapley__split_evenly(value, n):
    """You split the whole evenly. Who adds more gets more."""
    masks = _masks_of(n)
    return np.full(n, (value(masks[-1]) - value(masks[0])) / n)


def shapley__scaled(value, n):
    """You scale single gains so that their sum is right. A right sum is not enough: average what
    each adds over all orders."""
    first, masks = shapley__first_in(value, n), _masks_of(n)
    return first * (value(masks[-1]) - value(masks[0])) / first.sum()


def shapley__lists_for_masks(value, n):
    """The shares are right, but value gets lists or tuples. It should get a bool *array*."""
    return _summed(lambda mask: value(mask.tolist()), n, _fair(n))


def shapley__ints_for_masks(value, n):
    """The shares are right, but value gets arrays of 0 and 1. It should get a *bool* array: used as
    an index, the two mean different things."""
    return _summed(lambda mask: value(mask.astype(int)), n, _fair(n))


def shapley__numbers_for_masks(value, n):
    """You tell value the *numbers* of those who are in. It takes a bool array with an entry for
    each player."""
    return _summed(lambda mask: value(np.flatnonzero(mask)), n, _fair(n))


def shapley__one_number(value, n):
    """You return the sum of the shares. Return one for each player."""
    return float(_summed(value, n, _fair(n)).sum())


def shapley__a_list(value, n):
    """You return a list. Return a float64 array."""
    return _summed(value, n, _fair(n)).tolist()


def shapley__no_return(value, n):
    """Your function gives back None: it gets to its end without a `return`. Return the shares."""


# shapley_sampled

GAME = np.array([5.0, 17.0, 1.0, 45.0, 13.0, 21.0, 3.0, 101.0])
ROUNDS = 150


def inputs_shapley_sampled(rng: np.random.Generator) -> Iterator[tuple]:
    yield GAME, int(rng.integers(2 ** 30))


def fresh_shapley_sampled(draw):
    (n,) = draw.sizes("n")
    value = draw.function("lambda mask: b + float(np.sum(a * np.asarray(mask))) ** 2",
                          a=draw.between(-2.0, 2.0, n), b=draw.between(1.0, 3.0))
    return value, n, draw.integer(1, 5), draw.generator()


def run_shapley_sampled(answer: Answer, worth: Array, seed: int) -> Any:
    """What one, two, and many rounds come to, compared with what players add in each order."""
    kinds: set[str] = set()

    def value(mask: Any) -> float:
        given = np.asarray(mask)
        kinds.add(f"{type(mask).__name__} {given.dtype.kind}")
        return float(worth[int(np.dot(given.astype(int), (1, 2, 4)))])

    orders = np.array([_adds(value, order) for order in permutations(range(3))])
    total, seeds = worth[7] - worth[0], range(seed, seed + 14)
    kinds.clear()

    def known(found: list) -> list[bool]:
        return [bool(np.isclose(one, orders).all(axis=1).any()) for one in found]

    def share(found: list) -> float | None:
        """The sum of the shares, if it is always the same; 1 is right."""
        sums = {round(float(np.sum(one)) / total, 3) for one in found}
        return sums.pop() if len(sums) == 1 else None

    ones = [answer(value, 3, 1, np.random.default_rng(k)) for k in seeds]
    if not all(np.shape(one) == (3,) for one in ones):
        return [str(np.shape(ones[0])), type(ones[0]).__name__]
    again = [answer(value, 3, 1, np.random.default_rng(k)) for k in seeds]
    twos = [np.asarray(answer(value, 3, 2, np.random.default_rng(k))) for k in seeds]
    many = np.asarray(answer(value, 3, ROUNDS, np.random.default_rng(seed)))
    error = orders.std(axis=0) / np.sqrt(ROUNDS)
    gains = [{round(float(gain), 6) for gain in column} for column in orders.T]
    flat = np.concatenate(ones)
    return {
        "kind": str(getattr(ones[0], "dtype", type(ones[0]).__name__)), "masks": sorted(kinds),
        "repeats": str(ones) == str(again), "moves": len({str(one) for one in ones}) > 1,
        "one": all(known(ones)), "two is one": all(known(twos)),
        "twice two is one": all(known([2 * two for two in twos])),
        "first counts": all(np.allclose(a, b) for a, b in zip(ones, twos, strict=True)),
        "first counts half": all(np.allclose(a, 2 * b) for a, b in zip(ones, twos, strict=True)),
        "shares": [share(ones), share(twos), share([many])],
        "close": bool((np.abs(many - orders.mean(axis=0)) < 6 * error).all()),
        "turned": any(bool(np.isclose(one, orders[[1, 2, 5]]).all(axis=1).any()) for one in ones),
        "in turn": all(np.allclose(one, orders[0]) for one in ones),
        "gains": all(round(float(one[i]), 6) in gains[i] for one in ones for i in range(3)),
        "negative": bool((flat < 0).any()), "zero": all(0.0 in one for one in ones),
        "all": all(worth[7] in np.asarray(one) for one in ones)}


def _adds(value, order):
    mask, found = np.zeros(len(order), dtype=bool), np.zeros(len(order))
    for i in order:
        before = value(mask.copy())
        mask[i] = True
        found[i] = value(mask.copy()) - before
    return found


def _mean_of_orders(value, orders):
    orders = list(orders)
    return sum(_adds(value, order) for order in orders) / len(orders)


def shapley_sampled__measured_after_adding(value, n, rounds, rng):
    """All your shares are 0: you ask what the coalition is worth *before* only after the player has
    come in."""
    for _ in range(rounds):
        rng.permutation(n)
        value(np.ones(n, dtype=bool))
    return np.zeros(n)


def shapley_sampled__coalition_not_reset(value, n, rounds, rng):
    """From the second round on, everybody is in already, and nobody adds anything. Begin each round
    with an empty coalition."""
    mask, found = np.zeros(n, dtype=bool), np.zeros(n)
    for _ in range(rounds):
        for i in rng.permutation(n):
            before = value(mask.copy())
            mask[i] = True
            found[i] += value(mask.copy()) - before
    return found / rounds


def shapley_sampled__before_not_reset(value, n, rounds, rng):
    """The mask begins anew, but from the second round on, the first player is compared with
    *everybody*. Set "before" to what nobody is worth in each round."""
    before, found = value(np.zeros(n, dtype=bool)), np.zeros(n)
    for _ in range(rounds):
        mask = np.zeros(n, dtype=bool)
        for i in rng.permutation(n):
            mask[i] = True
            after = value(mask.copy())
            found[i] += after - before
            before = after
    return found / rounds


def shapley_sampled__divided_by_n(value, n, rounds, rng):
    """You divide by the number of players. The mean is over the rounds."""
    return sum(_adds(value, rng.permutation(n)) for _ in range(rounds)) / n


def shapley_sampled__divided_by_both(value, n, rounds, rng):
    """You divide by the number of players as well. Every player comes once in each round: the mean
    is over the rounds."""
    return _mean_of_orders(value, (rng.permutation(n) for _ in range(rounds))) / n


def shapley_sampled__sum(value, n, rounds, rng):
    """You add up over the rounds, and your shares grow with their number. Take the mean."""
    return sum(_adds(value, rng.permutation(n)) for _ in range(rounds))


def shapley_sampled__one_order_for_all(value, n, rounds, rng):
    """All your rounds use the same order. Draw a new one in each round."""
    order = rng.permutation(n)
    return _mean_of_orders(value, [order] * rounds)


def shapley_sampled__last_round_only(value, n, rounds, rng):
    """Only the last round counts: it replaces those before it. Add them up, then divide."""
    return [_adds(value, rng.permutation(n)) for _ in range(rounds)][-1]


def shapley_sampled__last_round_divided(value, n, rounds, rng):
    """Only the last round is left, divided by their number: `=` forgets. Add them up."""
    return [_adds(value, rng.permutation(n)) for _ in range(rounds)][-1] / rounds


def shapley_sampled__nobody_is_worth_nothing(value, n, rounds, rng):
    """Your first player in each round gets what nobody is worth on top: "before" starts at 0. Ask
    value about the empty coalition."""
    def gone(mask):
        return value(mask) if mask.any() else 0.0

    return _mean_of_orders(gone, (rng.permutation(n) for _ in range(rounds)))


def shapley_sampled__first_not_counted(value, n, rounds, rng):
    """Your first player in each round gets nothing. Compare them with nobody."""
    found = np.zeros(n)
    for _ in range(rounds):
        order = rng.permutation(n)
        adds = _adds(value, order)
        adds[order[0]] = 0.0
        found += adds
    return found / rounds


def shapley_sampled__before_stays(value, n, rounds, rng):
    """You compare each coalition with *nobody*, so later players get what the earlier ones have
    added, too. After each player, "before" moves on."""
    start, found = value(np.zeros(n, dtype=bool)), np.zeros(n)
    for _ in range(rounds):
        mask = np.zeros(n, dtype=bool)
        for i in rng.permutation(n):
            mask[i] = True
            found[i] += value(mask.copy()) - start
    return found / rounds


def shapley_sampled__worth_for_gain(value, n, rounds, rng):
    """You average what the coalitions are worth. A player's share is what they *add*."""
    found = np.zeros(n)
    for _ in range(rounds):
        mask = np.zeros(n, dtype=bool)
        for i in rng.permutation(n):
            mask[i] = True
            found[i] += value(mask.copy())
    return found / rounds


def shapley_sampled__gains_by_place(value, n, rounds, rng):
    """You store what is added under its place in the order: first, second, third. It belongs to the
    *player* who came."""
    found = np.zeros(n)
    for _ in range(rounds):
        order = rng.permutation(n)
        found += _adds(value, order)[order]
    return found / rounds


def shapley_sampled__mask_by_place(value, n, rounds, rng):
    """You draw an order, but let the players come as 0, 1, 2, … all the same. Who comes is
    `order[k]`, not `k`."""
    return _mean_of_orders(value, (0 * rng.permutation(n) + np.arange(n) for _ in range(rounds)))


def shapley_sampled__leaving_instead_of_coming(value, n, rounds, rng):
    """All signs are flipped: your players leave, or you subtract the worth with them. What does the
    coalition gain when one comes?"""
    return -_mean_of_orders(value, (rng.permutation(n) for _ in range(rounds)))


def shapley_sampled__absolute(value, n, rounds, rng):
    """You add up the *sizes* of what is added. A player can do harm, and then it counts
    negative."""
    return sum(np.abs(_adds(value, rng.permutation(n))) for _ in range(rounds)) / rounds


def shapley_sampled__drawn_with_replacement(value, n, rounds, rng):
    """Your "order" is drawn with replacement: some players come twice, others never. Use a
    permutation."""
    found = np.zeros(n)
    for _ in range(rounds):
        mask = np.zeros(n, dtype=bool)
        for i in rng.integers(n, size=n):
            before = value(mask.copy())
            mask[i] = True
            found[i] += value(mask.copy()) - before
    return found / rounds


def shapley_sampled__circles_only(value, n, rounds, rng):
    """Your orders begin at a random player and then go around: n of the n! orders. Use
    `rng.permutation`."""
    return _mean_of_orders(value, ((np.arange(n) + rng.integers(n)) % n for _ in range(rounds)))


def shapley_sampled__random_coalitions(value, n, rounds, rng):
    """You put each of the others in by the toss of a coin. Then middle-sized coalitions come up too
    often, and the shares don't add up: draw orders."""
    found = np.zeros(n)
    for _ in range(rounds):
        for i in range(n):
            mask = rng.random(n) < 0.5
            mask[i] = False
            found[i] += value(_with_player(mask, i)) - value(mask)
    return found / rounds


def shapley_sampled__new_order_for_each_player(value, n, rounds, rng):
    """You draw an order for each player by itself, so in a single round the shares don't add up. In
    one round, all players come in *one* order."""
    found = np.zeros(n)
    for _ in range(rounds):
        for i in range(n):
            found[i] += _adds(value, rng.permutation(n))[i]
    return found / rounds


def shapley_sampled__leave_one_out(value, n, rounds, rng):
    """You take out one player at a time from everybody. Let them come in, one after the other, in a
    random order."""
    return shapley__leave_one_out(value, n)


def shapley_sampled__exact(value, n, rounds, rng):
    """These are the exact values, from all coalitions: that takes too long for many players. Draw
    `rounds` random orders."""
    return _summed(value, n, _fair(n))


def shapley_sampled__without_rng(value, n, rounds, rng):
    """You never use `rng`: your orders come from a generator of your own, with a fixed seed, so the
    caller's seed decides nothing. Draw from the one passed in."""
    rng = np.random.default_rng(0)
    return _mean_of_orders(value, (rng.permutation(n) for _ in range(rounds)))


def shapley_sampled__seed_in_the_loop(value, n, rounds, rng):
    """You make a new generator in each round, with the same seed, so all rounds have the same
    order, whatever `rng` is. Use the one passed in."""
    return _mean_of_orders(value, (np.random.default_rng(0).permutation(n)
                                   for _ in range(rounds)))


def shapley_sampled__global_generator(value, n, rounds, rng):
    """You draw from NumPy's global generator, so a run can't be repeated from the caller's seed.
    Use `rng`, which was passed in for that."""
    return _mean_of_orders(value, [np.random.permutation(n)  # noqa: NPY002
                                   for _ in range(rounds)])


def shapley_sampled__ints_for_masks(value, n, rounds, rng):
    """The shares are right, but value gets arrays of 0 and 1. It should get a *bool* array."""
    return _mean_of_orders(lambda mask: value(mask.astype(int)),
                           (rng.permutation(n) for _ in range(rounds)))


def shapley_sampled__lists_for_masks(value, n, rounds, rng):
    """The shares are right, but value gets lists. It should get a bool *array*."""
    return _mean_of_orders(lambda mask: value(mask.tolist()),
                           (rng.permutation(n) for _ in range(rounds)))


def shapley_sampled__a_list(value, n, rounds, rng):
    """You return a list. Return a float64 array."""
    return _mean_of_orders(value, (rng.permutation(n) for _ in range(rounds))).tolist()


def shapley_sampled__one_number(value, n, rounds, rng):
    """You return the sum of the shares. Return one for each player."""
    return float(_mean_of_orders(value, (rng.permutation(n) for _ in range(rounds))).sum())


def shapley_sampled__no_return(value, n, rounds, rng):
    """Your function gives back None: it gets to its end without a `return`. Return the shares."""
