"""Wrong answers to the exercises of lesson 6, each with the hint that its author reads.

`NAME__LABEL` is a wrong answer to exercise NAME, written the way students write it, and its
docstring is the hint. `inputs_NAME` yields the arguments on which all of them differ from a right
answer and from each other. `view_init_weights` reduces a random matrix to its shape and to what
can be said of its entries.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from utils._diagnosis.draw import Draw

Array = np.ndarray
Gradient = Callable[[Array], Array]


# delta_norms


def _bump(z: Array) -> Array:
    return 1.0 / (1.0 + np.asarray(z) ** 2)


def inputs_delta_norms(rng: np.random.Generator) -> Iterator[tuple]:
    for n, *sizes in ((3, 4, 2, 5), (4, 3, 6, 2, 3), (3, 3, 3, 3, 3), (5, 2, 2, 2), (1, 3, 4)):
        weights = [rng.normal(size=(out, d)) for d, out in pairwise(sizes)]
        Zs = [rng.normal(size=(n, out)) for out in sizes[1:]]
        yield weights, Zs, rng.normal(size=(n, sizes[-1])), _bump


def _back(weights: list, Zs: list, delta_out: Array, slope: Callable[[int, list], Any],
          matrix: Callable[[int, list], Array]) -> list:
    """All deltas, the last one first; slope and matrix say what each step multiplies by."""
    delta = np.asarray(delta_out, dtype=float)
    deltas = [delta]
    for k in range(len(weights) - 2, -1, -1):
        delta = (delta @ matrix(k, weights)) * slope(k, Zs)
        deltas.append(delta)
    return deltas


def _deltas(weights: list, Zs: list, delta_out: Array, act_grad: Gradient) -> list:
    """The right ones, the first layer's first."""
    return _back(weights, Zs, delta_out, lambda k, Z: act_grad(Z[k]),
                 lambda k, W: np.asarray(W[k + 1]))[::-1]


def _norms(deltas: list) -> Array:
    return np.array([np.linalg.norm(delta) for delta in deltas])


def fresh_delta_norms(draw: Draw) -> tuple:
    n, sizes = *draw.sizes("n"), draw.layers()
    weights = [draw.array(out, d) for d, out in pairwise(sizes)]
    Zs = [draw.array(n, out) for out in sizes[1:]]
    slope = draw.function("lambda z: 1.0 / (1.0 + np.square(z))")
    return weights, Zs, draw.array(n, sizes[-1]), slope


def delta_norms__of_weight_gradients(weights, Zs, delta_out, act_grad):
    """You multiply each delta by the layer's values, as for a weight gradient, before you take
    the norm. The exercise asks for the size of delta itself."""
    return _norms([delta.T @ Z for delta, Z in
                   zip(_deltas(weights, Zs, delta_out, act_grad), Zs, strict=True)])


def delta_norms__without_weights(weights, Zs, delta_out, act_grad):
    """Your delta is multiplied by derivatives only. On its way back through a layer it passes that
    layer's weights, too: there are two factors."""
    delta, norms = np.asarray(delta_out), [np.linalg.norm(delta_out)]
    for Z in Zs[-2::-1]:
        delta = delta * act_grad(Z)
        norms.append(np.linalg.norm(delta))
    return np.array(norms[::-1])


def delta_norms__transposed_weights(weights, Zs, delta_out, act_grad):
    """You go back through W transposed. Forward it was A @ W.T, so back it is delta @ W as it
    stands. With square matrices NumPy can't tell; check it with a matrix that isn't."""
    return _norms(_back(weights, Zs, delta_out, lambda k, Z: act_grad(Z[k]),
                        lambda k, W: W[k + 1].T)[::-1])


def delta_norms__without_derivative(weights, Zs, delta_out, act_grad):
    """Your delta is multiplied by weights only. Each hidden layer's activation has a slope, and the
    gradient has to pass it as well."""
    return _norms(_back(weights, Zs, delta_out, lambda k, Z: 1.0,
                        lambda k, W: W[k + 1])[::-1])


def delta_norms__derivative_of_the_layer_behind(weights, Zs, delta_out, act_grad):
    """You take the derivative at the Z of the layer that the gradient comes *from*. It has just
    arrived at the outputs of the layer before: whose activation does it pass next?"""
    delta = np.asarray(delta_out)
    norms = [np.linalg.norm(delta)]
    for k in range(len(weights) - 2, -1, -1):
        delta = (delta * act_grad(Zs[k + 1])) @ weights[k + 1]
        norms.append(np.linalg.norm(delta))
    return np.array(norms[::-1])


def delta_norms__weights_of_the_same_layer(weights, Zs, delta_out, act_grad):
    """You use the weights with the same index as the delta that you compute. The gradient comes
    back from the layer behind, through *its* weights."""
    return _norms(_back(weights, Zs, delta_out, lambda k, Z: act_grad(Z[k]),
                        lambda k, W: W[k])[::-1])


def delta_norms__output_first(weights, Zs, delta_out, act_grad):
    """Your numbers are right and run from the last layer to the first, in the order in which you
    found them. The first layer's comes first."""
    return _norms(_deltas(weights, Zs, delta_out, act_grad))[::-1]


def delta_norms__derivative_in_the_last_layer(weights, Zs, delta_out, act_grad):
    """You multiply delta_out by a derivative before you start. It already is the complete gradient
    with respect to the last Z."""
    return _norms(_deltas(weights, Zs, np.asarray(delta_out) * act_grad(Zs[-1]), act_grad))


def delta_norms__squared(weights, Zs, delta_out, act_grad):
    """You add up the squares and leave it at that. The Frobenius norm is the square root of that
    sum."""
    return _norms(_deltas(weights, Zs, delta_out, act_grad)) ** 2


def delta_norms__squared_and_output_first(weights, Zs, delta_out, act_grad):
    """There are two mistakes. The square root is missing, and your numbers run from the last layer
    to the first, in the order in which you found them. The first layer's comes first."""
    return _norms(_deltas(weights, Zs, delta_out, act_grad))[::-1] ** 2


def delta_norms__divided_by_the_batch(weights, Zs, delta_out, act_grad):
    """You divide by the number of examples. The 1/n of the mean loss is in delta_out already, and
    enters once."""
    return _norms(_deltas(weights, Zs, delta_out, act_grad)) / len(delta_out)


def delta_norms__root_mean_square(weights, Zs, delta_out, act_grad):
    """You take the mean of the squares before the root. The Frobenius norm takes their sum, over
    all examples and units."""
    return np.array([np.sqrt(np.mean(delta ** 2))
                     for delta in _deltas(weights, Zs, delta_out, act_grad)])


def delta_norms__mean_of_row_norms(weights, Zs, delta_out, act_grad):
    """You take a norm for each example and then their mean. One norm goes over the batch and the
    units together."""
    return np.array([np.linalg.norm(delta, axis=1).mean()
                     for delta in _deltas(weights, Zs, delta_out, act_grad)])


def delta_norms__spectral(weights, Zs, delta_out, act_grad):
    """`np.linalg.norm(delta, 2)` of a matrix is its largest singular value. The Frobenius norm is
    what you get without the 2."""
    return np.array([np.linalg.norm(delta, 2)
                     for delta in _deltas(weights, Zs, delta_out, act_grad)])


def delta_norms__sum_of_sizes(weights, Zs, delta_out, act_grad):
    """You add up absolute values. The Frobenius norm adds up squares, and takes one root."""
    return np.array([np.sum(np.abs(delta))
                     for delta in _deltas(weights, Zs, delta_out, act_grad)])


def delta_norms__largest_entry(weights, Zs, delta_out, act_grad):
    """You return the largest entry of each delta. The Frobenius norm counts them all: the root of
    the sum of their squares."""
    return np.array([np.max(np.abs(delta))
                     for delta in _deltas(weights, Zs, delta_out, act_grad)])


def delta_norms__last_layer_left_out(weights, Zs, delta_out, act_grad):
    """You return one number too few: the norm of delta_out itself, the last layer's, is missing."""
    return _norms(_deltas(weights, Zs, delta_out, act_grad)[:-1])


def delta_norms__input_counted(weights, Zs, delta_out, act_grad):
    """You go one step too far, through the first layer's weights to the input. There are L layers,
    so L numbers; weights[0] is not needed."""
    deltas = _deltas(weights, Zs, delta_out, act_grad)
    return _norms([deltas[0] @ weights[0], *deltas])


def delta_norms__derivative_of_the_next_layer(weights, Zs, delta_out, act_grad):
    """After going back through weights[k + 1] you are at the outputs of layer k, but you take the
    derivative at Zs[k + 1]. Only equal widths hide this: write the shapes side by side."""
    return _norms(_back(weights, Zs, delta_out, lambda k, Z: act_grad(Z[k + 1]),
                        lambda k, W: np.asarray(W[k + 1]))[::-1])


def delta_norms__relative_to_the_last(weights, Zs, delta_out, act_grad):
    """You divide by the last layer's norm, so that it becomes 1. That makes a good figure; the
    exercise asks for the norms themselves."""
    norms = _norms(_deltas(weights, Zs, delta_out, act_grad))
    return norms / norms[-1]


# sigmoid_bound


def inputs_sigmoid_bound(rng: np.random.Generator) -> Iterator[tuple]:
    yield from ((0,), (1,), (2,), (3,), (5,), (int(rng.integers(6, 9)),), (2000,))


def fresh_sigmoid_bound(draw: Draw) -> tuple:
    return (draw.integer(0, 12),)


def sigmoid_bound__a_quarter_times(L):
    """You multiply a quarter by the number of layers, so your bound grows with depth. Derivatives
    multiply each *other*: what is a quarter of a quarter?"""
    return 0.25 * L


def sigmoid_bound__a_half(L):
    """You use a half for each layer. That is the sigmoid's largest *value* at 0; what is the
    largest value of its derivative?"""
    return 0.5 ** L


def sigmoid_bound__one_layer_less(L):
    """You count one layer too few: for L = 1 there is one derivative, a quarter, in the
    product."""
    return 0.25 ** (L - 1)


def sigmoid_bound__one_layer_more(L):
    """You count one layer too many: for L = 0 there is no factor, and the product of none is
    1."""
    return 0.25 ** (L + 1)


def sigmoid_bound__for_tanh(L):
    """You bound each derivative by 1, which is tanh's. The sigmoid's derivative is largest at 0:
    compute it there."""
    return 1.0 ** L


def sigmoid_bound__divided_by_layers(L):
    """You divide by 4 L. Each further layer divides what is left by 4 once more, so the 4s
    multiply."""
    return 1 / (4 * L)


def sigmoid_bound__growing(L):
    """Your number grows with the number of layers: 4 to the L. Each layer lets *less* through."""
    return 4.0 ** min(L, 500)


def sigmoid_bound__the_same_at_any_depth(L):
    """Your bound is a quarter whatever L is. That is one layer's; a product has L factors."""
    return 0.25


def sigmoid_bound__squared(L):
    """Your bound is a sixteenth for one layer, the square of what it should be. The sigmoid's
    derivative at 0 is s(1 − s) with s = 1/2: that is a quarter already."""
    return 0.0625 ** L


def sigmoid_bound__overflows(L):
    """For large L, your 4.0 ** L raises an OverflowError. A power of 0.25 gets smaller instead,
    and quietly becomes 0."""
    return 1 / 4.0 ** L


# init_weights


def inputs_init_weights(rng: np.random.Generator) -> Iterator[tuple]:
    # Sizes whose spreads lie in the middle of a step of the view, and so large that chance does not
    # lead out of it.
    for fan_in, fan_out in ((163, 73), (73, 163), (109, 109)):
        for scheme in ("he", "xavier"):
            yield fan_in, fan_out, scheme, rng.spawn(1)[0]
    for scheme in ("he", "xavier", "Xavier", "glorot"):
        yield 3, 2, scheme, rng.spawn(1)[0]
    yield 1, 1, "he", rng.spawn(1)[0]
    # Who asks this rng for a number fails; who gets numbers elsewhere does not.
    yield 163, 73, "he", "no generator"


def view_init_weights(result: Any) -> dict[str, str]:
    """Shape, and of a large matrix: its spread in steps of a fifth, its form, its repetitions."""
    if not isinstance(result, np.ndarray) or result.dtype.kind != "f":
        return {"kind": type(result).__name__}
    seen = {"shape": str(result.shape), "finite": str(np.isfinite(result).all())}
    if result.size < 1000:
        return seen
    spread, unlike = float(result.std()), len(np.unique(result)) / result.size
    seen["unlike"] = "all" if unlike > 0.99 else "some" if unlike * result.size > 1.5 else "one"
    if spread > 0:
        far = float(np.mean(np.abs(result - result.mean()) > 2 * spread))
        seen["spread"] = str(round(float(np.log(spread)) / 0.2))
        seen["centre"] = str(round(float(result.mean()) / spread))
        seen["form"] = "uniform" if far < 0.012 else "cut" if far < 0.033 else "normal"
    return seen


def _drawn(fan_in: int, fan_out: int, scheme: str, rng: Any, xavier: float, he: float) -> Array:
    """Normal draws with these standard deviations."""
    if scheme not in ("xavier", "he"):
        raise ValueError(scheme)
    return rng.normal(0.0, xavier if scheme == "xavier" else he, size=(fan_out, fan_in))


def _stds(fan_in: int, fan_out: int) -> tuple[float, float]:
    return (2 / (fan_in + fan_out)) ** 0.5, (2 / fan_in) ** 0.5


def fresh_init_weights(draw: Draw) -> tuple:
    return *draw.sizes("in", "out"), draw.choice(["xavier", "he"]), draw.generator()


def init_weights__variance_as_std(fan_in, fan_out, scheme, rng):
    """Your weights are far too small: you pass the *variance* to rng.normal, whose second
    argument is the standard deviation. How do you get from one to the other?"""
    return _drawn(fan_in, fan_out, scheme, rng, 2 / (fan_in + fan_out), 2 / fan_in)


def init_weights__he_of_fan_out(fan_in, fan_out, scheme, rng):
    """Your He weights look at the number of units. He's variance is 2 over the number of *inputs*,
    since that many terms are added up in each unit."""
    return _drawn(fan_in, fan_out, scheme, rng, *_stds(fan_in, fan_out)[:1], (2 / fan_out) ** 0.5)


def init_weights__transposed(fan_in, fan_out, scheme, rng):
    """Your matrix has the shape (fan_in, fan_out). In this course W is (out, in): one unit in each
    row."""
    return _drawn(fan_in, fan_out, scheme, rng, *_stds(fan_in, fan_out)).T.copy()


def init_weights__he_without_the_two(fan_in, fan_out, scheme, rng):
    """Your He weights have the variance 1 / fan_in. That keeps the signal for tanh; ReLU sets half
    of it to 0, and the 2 makes up for that."""
    return _drawn(fan_in, fan_out, scheme, rng, _stds(fan_in, fan_out)[0], fan_in ** -0.5)


def init_weights__xavier_without_the_two(fan_in, fan_out, scheme, rng):
    """Your Xavier weights have the variance 1 / (fan_in + fan_out). It is 2 over the sum: 1 over
    the *mean* of the two fans."""
    return _drawn(fan_in, fan_out, scheme, rng, (fan_in + fan_out) ** -0.5,
                  _stds(fan_in, fan_out)[1])


def init_weights__one_over_n_for_both(fan_in, fan_out, scheme, rng):
    """Both of your schemes have the variance 1 / fan_in. Xavier's counts the outputs as well, and
    He's is twice as large."""
    return _drawn(fan_in, fan_out, scheme, rng, fan_in ** -0.5, fan_in ** -0.5)


def init_weights__schemes_swapped(fan_in, fan_out, scheme, rng):
    """You have the two schemes swapped: He looks at the inputs only, Xavier at inputs and
    outputs."""
    xavier, he = _stds(fan_in, fan_out)
    return _drawn(fan_in, fan_out, scheme, rng, he, xavier)


def init_weights__always_he(fan_in, fan_out, scheme, rng):
    """You draw He's weights whatever the scheme is called."""
    return _drawn(fan_in, fan_out, "he", rng, *_stds(fan_in, fan_out))


def init_weights__else_is_he(fan_in, fan_out, scheme, rng):
    """Any name that you don't know gets He's weights: your `else` takes them all. Refuse them with
    a ValueError."""
    return _drawn(fan_in, fan_out, scheme if scheme == "xavier" else "he", rng,
                  *_stds(fan_in, fan_out))


def init_weights__none_for_unknown(fan_in, fan_out, scheme, rng):
    """For a name that none of your branches knows, the function gives back None. The docstring
    asks for a ValueError, so that the caller notices the mistake."""
    if scheme in ("he", "xavier"):
        return _drawn(fan_in, fan_out, scheme, rng, *_stds(fan_in, fan_out))
    return None


def init_weights__any_case(fan_in, fan_out, scheme, rng):
    """You accept names in any case. They have to be spelled exactly as in the docstring."""
    return _drawn(fan_in, fan_out, scheme.lower(), rng, *_stds(fan_in, fan_out))


def init_weights__uniform(fan_in, fan_out, scheme, rng):
    """Your weights have the right variance and are uniform. The exercise asks for a normal
    distribution."""
    widths = [3 ** 0.5 * std for std in _stds(fan_in, fan_out)]
    if scheme not in ("xavier", "he"):
        raise ValueError(scheme)
    width = widths[0] if scheme == "xavier" else widths[1]
    return rng.uniform(-width, width, size=(fan_out, fan_in))


def init_weights__uniform_with_std_as_limit(fan_in, fan_out, scheme, rng):
    """Your weights are uniform between minus and plus the standard deviation, which makes them
    smaller by a factor of √3. The exercise asks for a normal distribution."""
    if scheme not in ("xavier", "he"):
        raise ValueError(scheme)
    width = _stds(fan_in, fan_out)[scheme == "he"]
    return rng.uniform(-width, width, size=(fan_out, fan_in))


def init_weights__not_centred(fan_in, fan_out, scheme, rng):
    """All your weights are positive: `rng.random` lies between 0 and 1. The distribution is normal
    with mean 0."""
    if scheme not in ("xavier", "he"):
        raise ValueError(scheme)
    return rng.random(size=(fan_out, fan_in)) * _stds(fan_in, fan_out)[scheme == "he"]


def init_weights__fixed_spread(fan_in, fan_out, scheme, rng):
    """Your spread is 0.01 for every layer. That is right for no layer: it has to depend on the
    number of inputs."""
    return _drawn(fan_in, fan_out, scheme, rng, 0.01, 0.01)


def init_weights__not_scaled(fan_in, fan_out, scheme, rng):
    """Your weights have the spread 1, whatever the layer's size. The scheme says how to scale
    them."""
    return _drawn(fan_in, fan_out, scheme, rng, 1.0, 1.0)


def init_weights__multiplied_by_n(fan_in, fan_out, scheme, rng):
    """Your spread grows with the number of inputs. The more terms a unit adds up, the *smaller*
    each weight has to be."""
    return _drawn(fan_in, fan_out, scheme, rng, ((fan_in + fan_out) / 2) ** 0.5,
                  (fan_in / 2) ** 0.5)


def init_weights__one_unit_repeated(fan_in, fan_out, scheme, rng):
    """You draw one row and repeat it, so all units are the same one, and will stay so."""
    row = _drawn(fan_in, 1, scheme, rng, *_stds(fan_in, fan_out))
    return np.tile(row, (fan_out, 1))


def init_weights__one_number(fan_in, fan_out, scheme, rng):
    """All your weights are the same number, drawn once. Every weight is a draw of its own: look at
    `size`."""
    xavier, he = _stds(fan_in, fan_out)
    if scheme not in ("xavier", "he"):
        raise ValueError(scheme)
    return np.full((fan_out, fan_in), rng.normal(0.0, xavier if scheme == "xavier" else he))


def init_weights__exact_moments(fan_in, fan_out, scheme, rng):
    """You divide what you drew by its own spread, so that it has the formula's exactly. That is
    the spread of the distribution: a draw varies around it, and a single weight has no spread
    to divide by."""
    W = _drawn(fan_in, fan_out, scheme, rng, *_stds(fan_in, fan_out))
    return (W - W.mean()) / W.std() * _stds(fan_in, fan_out)[scheme == "he"]


def init_weights__xavier_of_fan_in(fan_in, fan_out, scheme, rng):
    """Your Xavier has the variance 1 / fan_in, as some texts have it. Glorot and Bengio's counts
    the outputs too, as a compromise between the way forward and the way back."""
    return _drawn(fan_in, fan_out, scheme, rng, fan_in ** -0.5, _stds(fan_in, fan_out)[1])


def init_weights__limit_as_std(fan_in, fan_out, scheme, rng):
    """The root of 6 / (fan_in + fan_out) is the limit of Xavier's *uniform* version. Your draws are
    normal, so pass the square root of the variance."""
    return _drawn(fan_in, fan_out, scheme, rng, np.sqrt(6 / (fan_in + fan_out)),
                  np.sqrt(2 / fan_in))


def init_weights__without_rng(fan_in, fan_out, scheme, rng):
    """You never use `rng`: your numbers come from np.random or from a generator of your own.
    Draw from the one that is passed in, so that the caller can repeat a run, and each layer
    differs."""
    if scheme not in ("xavier", "he"):
        raise ValueError(scheme)
    std = _stds(fan_in, fan_out)[scheme == "he"]
    return np.random.normal(0.0, std, size=(fan_out, fan_in))  # noqa: NPY002  # the mistake


# activation_stats


def inputs_activation_stats(rng: np.random.Generator) -> Iterator[tuple]:
    for n, *sizes in ((3, 4, 2, 5), (5, 3, 6, 2, 4), (3, 3, 3, 3), (1, 4, 3)):
        yield (rng.normal(size=(n, sizes[0])),
               [rng.normal(size=(out, d)) for d, out in pairwise(sizes)],
               _curve)


def _curve(z: Any) -> Any:
    return np.where(np.asarray(z) > 0, np.tanh(z), 0.3 * np.asarray(z)) + 0.4


def _layers(X: Array, weights: list, act: Gradient) -> list[tuple[Array, Array]]:
    """(Z, A) of each layer."""
    A, found = np.asarray(X, dtype=float), []
    for W in weights:
        Z = A @ np.asarray(W).T
        A = act(Z)
        found.append((Z, A))
    return found


def _stats(arrays: list) -> Array:
    return np.array([(np.mean(A), np.std(A)) for A in arrays])


def fresh_activation_stats(draw: Draw) -> tuple:
    n, sizes = *draw.sizes("n"), draw.layers()
    return draw.array(n, sizes[0]), [draw.array(b, a) for a, b in pairwise(sizes)], draw.act()


def activation_stats__of_pre_activations(X, weights, act):
    """Your numbers are those of Z, before the activation. Apply `act` first, then measure."""
    return _stats([Z for Z, _ in _layers(X, weights, act)])


def activation_stats__input_counted(X, weights, act):
    """You have one row too many: the input X is not a layer."""
    return _stats([np.asarray(X), *(A for _, A in _layers(X, weights, act))])


def activation_stats__std_of_each_unit(X, weights, act):
    """You take the standard deviation of each unit over the batch, and then their mean. Use all
    entries of a layer together."""
    return np.array([(A.mean(), A.std(axis=0).mean()) for _, A in _layers(X, weights, act)])


def activation_stats__std_of_each_example(X, weights, act):
    """You take the standard deviation within each example, and then their mean. Use all entries
    of a layer together."""
    return np.array([(A.mean(), A.std(axis=1).mean()) for _, A in _layers(X, weights, act)])


def activation_stats__sample_std(X, weights, act):
    """You divide by one less than the number of entries (`ddof=1`). The docstring asks for the
    population standard deviation, which is NumPy's default."""
    return np.array([(A.mean(), A.std(ddof=1)) for _, A in _layers(X, weights, act)])


def activation_stats__input_reused(X, weights, act):
    """Each of your layers gets X. The input of a layer is the output of the previous layer."""
    return _stats([act(np.asarray(X) @ W.T) for W in weights])


def activation_stats__last_layer_linear(X, weights, act):
    """Your last layer has no activation. In a network's forward pass that is usual; here `act`
    goes on every layer, the last one too."""
    layers = _layers(X, weights, act)
    return _stats([*(A for _, A in layers[:-1]), layers[-1][0]])


def activation_stats__without_activation(X, weights, act):
    """You never call `act`, so your layers are linear."""
    return _stats([Z for Z, _ in _layers(X, weights, lambda z: z)])


def activation_stats__variance(X, weights, act):
    """Your second column is the variance. The standard deviation is its square root."""
    return np.array([(A.mean(), A.var()) for _, A in _layers(X, weights, act)])


def activation_stats__untransposed(X, weights, act):
    """You multiply by W without transposing it. A layer's `W` is (out, in), so it is `A @ W.T`.
    With square matrices NumPy can't tell."""
    A, rows = np.asarray(X, dtype=float), []
    for W in weights:
        A = act(A @ W)
        rows.append((A.mean(), A.std()))
    return np.array(rows)


def activation_stats__std_first(X, weights, act):
    """Your columns are in the wrong order: the mean comes first, the standard deviation
    second."""
    return _stats([A for _, A in _layers(X, weights, act)])[:, ::-1].copy()


def activation_stats__two_rows(X, weights, act):
    """Your result is (2, L), a row of means and a row of standard deviations. The exercise asks
    for (L, 2), one row for each layer."""
    return _stats([A for _, A in _layers(X, weights, act)]).T.copy()


def activation_stats__last_layer_only(X, weights, act):
    """You return the last layer's two numbers. Every layer has a row."""
    return _stats([A for _, A in _layers(X, weights, act)])[-1]


def activation_stats__activated_twice(X, weights, act):
    """You apply `act` twice in each layer: once when you compute it, once more when you measure
    it."""
    return _stats([act(A) for _, A in _layers(X, weights, act)])


def activation_stats__mean_of_sizes(X, weights, act):
    """Your first column is the mean of absolute values. Activations below 0 count as negative."""
    return np.array([(np.abs(A).mean(), A.std()) for _, A in _layers(X, weights, act)])


def activation_stats__root_mean_square(X, weights, act):
    """Your second column is the root of the mean square, which is a spread around 0. The standard
    deviation is around the mean."""
    return np.array([(A.mean(), np.sqrt(np.mean(A ** 2))) for _, A in _layers(X, weights, act)])


# units_identical


def inputs_units_identical(rng: np.random.Generator) -> Iterator[tuple]:
    row = rng.normal(size=3)
    for copies in (1, 3, 4):
        yield (np.tile(row, (copies, 1)),)
    yield (np.tile(rng.normal(size=(4, 1)), (1, 3)),)
    yield (np.tile(rng.normal(size=(3, 1)), (1, 3)),)
    yield (np.zeros((3, 2)),)
    yield (np.full((3, 4), 0.6),)
    for odd in range(4):
        W = np.tile(row, (4, 1))
        W[odd] += (0.4, 0.0, 0.0)
        yield (W,)
        yield W - np.eye(4)[odd][:, None], 0.1
    yield (np.array([row, -row]),)
    yield (np.array([row, row[::-1], row]),)
    yield (np.array([row, row + (0.3, -0.3, 0.0)]),)
    yield (rng.normal(size=(3, 4)),)
    # Rows that drift away, rows on both sides of the first, and one entry among many.
    for off in ((0.0, 0.055), (0.0, 0.07), (0.0, 0.25), (0.0, 0.07, 0.14), (0.0, 0.07, -0.07),
                (0.0, 0.055, -0.055), (0.0, 0.14, -0.14)):
        yield row + np.array(off)[:, None], 0.1
    for far in (0.14, 0.7):
        W = np.tile(row, (5, 1))
        W[3, 1] += far
        yield W, 0.1
    for size, tol in ((1e-14, 1e-12), (1e-9, 1e-12), (1e-4, 1e-3), (0.2, 0.5), (0.2, 0.1)):
        for sign in (1, -1):
            W = np.tile(row, (3, 1))
            W[1] += sign * size * np.array([1.0, 0.5, 0.25])
            yield W, tol
    yield (np.full((2, 2), 1e5) + np.array([[0.0], [1e-2]]),)
    yield np.full((2, 2), 7e-9) * np.array([[1.0], [2.0]]), 1e-12


def fresh_units_identical(draw: Draw) -> tuple:
    units, d = draw.sizes("out", "in")
    W = np.tile(draw.values(1, d), (units, 1))
    odd = draw.integer(0, units - 1), draw.integer(0, d - 1)
    if draw.choice([True, False]):
        W[odd] += 1 if W.dtype.kind == "i" else 0.25
    return draw.given(W), draw.choice([1e-12, 0.5])


def units_identical__columns(W, tol=1e-12):
    """You compare columns, which are inputs. A unit is a row of W."""
    W = np.asarray(W, dtype=float)
    return bool(np.all(np.abs(W - W[:, :1]) <= tol))


def units_identical__only_zeros(W, tol=1e-12):
    """You ask whether all weights are 0. Units are just as identical when their weights are equal
    and not 0."""
    return bool(np.all(np.abs(W) <= tol))


def units_identical__all_entries(W, tol=1e-12):
    """You ask whether all *entries* of W are equal. A unit may have different weights for different
    inputs; compare unit with unit."""
    W = np.asarray(W, dtype=float)
    return bool(W.max() - W.min() <= tol)


def units_identical__some_pair(W, tol=1e-12):
    """You return True as soon as some other unit equals the first. *All* of them have to."""
    W = np.asarray(W, dtype=float)
    return len(W) == 1 or any(bool(np.all(np.abs(row - W[0]) <= tol)) for row in W[1:])


def units_identical__some_entry(W, tol=1e-12):
    """You use `any` where it has to be `all`: one equal entry in each row is not enough, nor is one
    in the whole matrix."""
    W = np.asarray(W, dtype=float)
    return bool(np.any(np.abs(W[1:] - W[0]) <= tol)) or len(W) == 1


def units_identical__signs_ignored(W, tol=1e-12):
    """You compare absolute values of weights, so a unit and its opposite count as the same. Take
    the absolute value of the *difference*."""
    W = np.abs(np.asarray(W, dtype=float))
    return bool(np.all(np.abs(W - W[0]) <= tol))


def units_identical__difference_with_sign(W, tol=1e-12):
    """You compare the difference with tol without taking its absolute value, so anything that is
    smaller than the first row passes."""
    W = np.asarray(W, dtype=float)
    return bool(np.all(W - W[0] <= tol))


def units_identical__first_two(W, tol=1e-12):
    """You compare the first two units only. The odd one may be farther down."""
    W = np.asarray(W, dtype=float)
    return bool(np.all(np.abs(W[:2] - W[0]) <= tol))


def units_identical__first_and_last(W, tol=1e-12):
    """You compare the first unit with the last. The odd one may be in between."""
    W = np.asarray(W, dtype=float)
    return bool(np.all(np.abs(W[-1] - W[0]) <= tol))


def units_identical__tol_ignored(W, tol=1e-12):
    """You ask for exact equality and never use `tol`. Numbers that went through the same training
    may differ in the last digit."""
    W = np.asarray(W, dtype=float)
    return bool(np.all(W == W[0]))


def units_identical__relative_difference_allowed(W, tol=1e-12):
    """You call units identical whose large weights differ by much more than tol. For example,
    `np.allclose` also allows a *relative* difference of 1e-5 unless you set `rtol=0`."""
    W = np.asarray(W, dtype=float)
    return bool(np.allclose(W, W[0], atol=tol))


def units_identical__row_sums(W, tol=1e-12):
    """You compare one number for each unit, the sum of its weights. Different units can have equal
    sums."""
    sums = np.asarray(W, dtype=float).sum(axis=1)
    return bool(np.all(np.abs(sums - sums[0]) <= tol))


def units_identical__same_weights_in_another_order(W, tol=1e-12):
    """You sort each row before you compare, so two units with the same weights for *other* inputs
    count as one. Compare input by input."""
    W = np.sort(np.asarray(W, dtype=float), axis=1)
    return bool(np.all(np.abs(W - W[0]) <= tol))


def units_identical__neighbours_only(W, tol=1e-12):
    """You compare each unit with the one before it, so small steps may add up from row to row.
    Compare every unit with the first."""
    W = np.asarray(W, dtype=float)
    return bool(np.all(np.abs(np.diff(W, axis=0)) <= tol))


def units_identical__from_the_mean(W, tol=1e-12):
    """You compare each unit with the mean of all units. The docstring compares with the first:
    a unit within tol of the mean may be farther than tol from the first."""
    W = np.asarray(W, dtype=float)
    return bool(np.all(np.abs(W - W.mean(axis=0)) <= tol))


def units_identical__spread(W, tol=1e-12):
    """You compare the standard deviation over the units with tol. It is smaller than the largest
    difference, so a single odd unit can slip through."""
    W = np.asarray(W, dtype=float)
    return bool(np.all(np.std(W, axis=0) <= tol))


def units_identical__range(W, tol=1e-12):
    """You compare the largest with the smallest weight of each input. Both may differ from the
    first unit's by up to tol, in opposite directions."""
    W = np.asarray(W, dtype=float)
    return bool(np.all(np.ptp(W, axis=0) <= tol))


def units_identical__norm_of_all(W, tol=1e-12):
    """You compare the norm of all differences together with tol, and it grows with their number.
    Every entry alone may differ by tol."""
    W = np.asarray(W, dtype=float)
    return bool(np.linalg.norm(W - W[0]) <= tol)


def units_identical__norm_of_each_unit(W, tol=1e-12):
    """You compare the distance of each unit from the first, the norm of its differences, with tol.
    It grows with the number of inputs; every entry alone may differ by tol."""
    W = np.asarray(W, dtype=float)
    return bool(np.all(np.linalg.norm(W - W[0], axis=1) <= tol))


def units_identical__mean_size(W, tol=1e-12):
    """You compare the *mean* size of the differences with tol, so many small ones hide a large one.
    Every single entry counts."""
    W = np.asarray(W, dtype=float)
    return bool(np.mean(np.abs(W - W[0])) <= tol)


def units_identical__row_norms(W, tol=1e-12):
    """You compare one number for each unit, its norm. Different units can have equal norms."""
    norms = np.linalg.norm(np.asarray(W, dtype=float), axis=1)
    return bool(np.all(np.abs(norms - norms[0]) <= tol))


def units_identical__negated(W, tol=1e-12):
    """You return the opposite: True when the units differ."""
    W = np.asarray(W, dtype=float)
    return not bool(np.all(np.abs(W - W[0]) <= tol))


def units_identical__mean_difference(W, tol=1e-12):
    """You compare the *mean* difference with tol, in which differences up and down cancel. Every
    single entry counts."""
    W = np.asarray(W, dtype=float)
    return bool(abs(np.mean(W - W[0])) <= tol)


def units_identical__one_unit_is_not(W, tol=1e-12):
    """For a layer of one unit you return False. No unit in it differs, so the answer is
    True."""
    W = np.asarray(W, dtype=float)
    return len(W) > 1 and bool(np.all(np.abs(W - W[0]) <= tol))


def units_identical__array(W, tol=1e-12):
    """You return an array with an answer for each row. The exercise asks for one bool for the
    layer: `np.all`."""
    W = np.asarray(W, dtype=float)
    return np.all(np.abs(W - W[0]) <= tol, axis=1)


# clip_by_global_norm


def inputs_clip_by_global_norm(rng: np.random.Generator) -> Iterator[tuple]:
    for max_norm in (0.5, 2.0, 3.5, 1000.0):
        yield [rng.normal(size=(2, 3)), rng.normal(size=3), rng.normal(size=(4, 2))], max_norm
    yield [np.array([0.3, -0.1]), np.array([0.2])], 0.6
    yield [np.array([0.3, 0.1]), np.array([-0.2])], 0.3
    yield [np.array([50.0]), np.array([-0.01, 0.02])], 1.0
    yield [np.zeros(3), np.zeros((2, 2))], 1.0
    yield [], 1.0


def _norm(grads: list) -> float:
    return float(np.sqrt(sum(np.sum(np.asarray(grad, dtype=float) ** 2) for grad in grads)))


def _scaled(grads: list, factor: float) -> list:
    return [np.asarray(grad, dtype=float) * factor for grad in grads]


def fresh_clip_by_global_norm(draw: Draw) -> tuple:
    return draw.arrays(draw.shapes()), draw.between(0.5, 8.0)


def clip_by_global_norm__each_array(grads, max_norm):
    """You clip each array by its own norm, so some shrink and others don't, and the direction of
    the whole step changes. One norm, and one factor, for all."""
    return [grad * min(1.0, max_norm / max(float(np.linalg.norm(grad)), 1e-300))
            for grad in grads]


def clip_by_global_norm__each_entry(grads, max_norm):
    """You cut every entry off at plus and minus max_norm. That is clipping by value, and it bends
    the direction. Scale all entries by one factor."""
    return [np.clip(grad, -max_norm, max_norm) for grad in grads]


def clip_by_global_norm__scales_up(grads, max_norm):
    """Your gradients always end at max_norm, so short ones are made longer. The factor is at most
    1."""
    norm = _norm(grads)
    return _scaled(grads, max_norm / norm if norm > 0 else 1.0)


def clip_by_global_norm__squared_norm(grads, max_norm):
    """You use the sum of squares as if it were the norm. The square root is missing."""
    square = _norm(grads) ** 2
    return _scaled(grads, max_norm / square if square > max_norm else 1.0)


def clip_by_global_norm__square_compared(grads, max_norm):
    """You compare the *squared* norm with max_norm, and then scale by the right one. So you
    change gradients that are short enough, or leave alone some that aren't."""
    norm = _norm(grads)
    return _scaled(grads, max_norm / norm if norm ** 2 > max_norm else 1.0)


def clip_by_global_norm__sum_of_norms(grads, max_norm):
    """You add up the norms of the arrays. The global norm adds up their *squares*, and takes one
    root at the end."""
    norm = sum(float(np.linalg.norm(grad)) for grad in grads)
    return _scaled(grads, max_norm / norm if norm > max_norm else 1.0)


def clip_by_global_norm__largest_norm(grads, max_norm):
    """You use the norm of the longest array. All arrays count together."""
    norm = max((float(np.linalg.norm(grad)) for grad in grads), default=0.0)
    return _scaled(grads, max_norm / norm if norm > max_norm else 1.0)


def clip_by_global_norm__largest_entry(grads, max_norm):
    """You scale by the largest entry. The norm is the root of the sum of all squares."""
    largest = max((float(np.max(np.abs(grad))) for grad in grads), default=0.0)
    return _scaled(grads, max_norm / largest if largest > max_norm else 1.0)


def clip_by_global_norm__sum_of_sizes(grads, max_norm):
    """You add up absolute values. The norm adds up squares and takes the root."""
    norm = sum(float(np.sum(np.abs(grad))) for grad in grads)
    return _scaled(grads, max_norm / norm if norm > max_norm else 1.0)


def clip_by_global_norm__to_length_one(grads, max_norm):
    """You scale gradients that are too long to length 1, whatever max_norm is."""
    norm = _norm(grads)
    return _scaled(grads, 1.0 / norm if norm > max_norm else 1.0)


def clip_by_global_norm__in_place(grads, max_norm):
    """The caller's gradients are changed after your call: something writes into the arrays (`*=`)
    or into the list (`grads[k] = …`) that were passed in. Make new ones."""
    norm = _norm(grads)
    for grad in grads:
        grad *= min(1.0, max_norm / norm) if norm > 0 else 1.0
    return grads


def clip_by_global_norm__nan_for_zero(grads, max_norm):
    """When all gradients are 0 you divide 0 by 0, and everything becomes nan. Divide only when
    the norm is too large."""
    norm = np.float64(_norm(grads))
    return _scaled(grads, float(np.minimum(1.0, max_norm / norm) + 0.0 * (1.0 / norm)))


def clip_by_global_norm__factor_upside_down(grads, max_norm):
    """Your factor is norm / max_norm, so long gradients stay and short ones shrink. Turn the
    fraction upside down."""
    return _scaled(grads, min(1.0, _norm(grads) / max_norm))


def clip_by_global_norm__never(grads, max_norm):
    """You return the gradients as they are. When the norm is above max_norm they have to be
    scaled."""
    return _scaled(grads, 1.0)


def clip_by_global_norm__dropped(grads, max_norm):
    """You set gradients that are too long to zero. That throws the step away; scale it, and the
    direction is kept."""
    return _scaled(grads, 0.0 if _norm(grads) > max_norm else 1.0)


def clip_by_global_norm__one_array(grads, max_norm):
    """You return one long vector. The caller needs the arrays back in their own shapes."""
    norm = _norm(grads)
    whole = np.concatenate([np.ravel(grad) for grad in grads] or [np.zeros(0)])
    return whole * (max_norm / norm if norm > max_norm else 1.0)


def clip_by_global_norm__the_norm(grads, max_norm):
    """You return the norm. The exercise asks for the list of scaled gradients."""
    return _norm(grads)


# residual_backward


def inputs_residual_backward(rng: np.random.Generator) -> Iterator[tuple]:
    mix, W = rng.normal(size=(4, 4)), rng.normal(size=(3, 3))
    dY = rng.normal(size=(4, 3))
    for branch in (np.zeros_like, lambda d: 3.0 * d, lambda d: mix @ d, lambda d: d @ W,
                   lambda d: d, lambda d: d - d.mean(axis=0), lambda d: np.tanh(d) + 1.0):
        yield dY + 0.0, branch
    yield rng.normal(size=(1, 2)), lambda d: -0.5 * d


def fresh_residual_backward(draw: Draw) -> tuple:
    branch = draw.choice(["lambda d: 3.0 * np.asarray(d)", "lambda d: np.zeros_like(d, float)",
                          "lambda d: -0.5 * np.asarray(d)"])
    return draw.array(*draw.sizes("n", "d")), draw.function(branch)


def residual_backward__branch_only(dY, branch_backward):
    """You return what comes back through the branch. The direct path, around it, brings dY
    itself."""
    return np.array(branch_backward(dY))


def residual_backward__skip_only(dY, branch_backward):
    """You return dY and leave the branch out. x reaches y through F as well."""
    return np.array(dY)


def residual_backward__product(dY, branch_backward):
    """You multiply the two parts. Where there are two paths from x to y, their gradients
    *add*."""
    return dY * branch_backward(dY)


def residual_backward__upstream_twice(dY, branch_backward):
    """You multiply the branch's part by dY once more. `branch_backward(dY)` has that factor
    already: it was given dY for it."""
    return dY + dY * branch_backward(dY)


def residual_backward__twice_the_skip(dY, branch_backward):
    """You return 2 dY and never ask the branch. Only a branch that is the identity sends back
    dY."""
    return 2.0 * np.asarray(dY)


def residual_backward__mean(dY, branch_backward):
    """You take the mean of the two parts. y is a sum, so each part comes back in full, without
    a factor of a half."""
    return (dY + branch_backward(dY)) / 2


def residual_backward__branch_subtracted(dY, branch_backward):
    """You subtract the branch's part. There is a plus in y = x + F(x), and so there is one in
    the gradient."""
    return dY - branch_backward(dY)


def residual_backward__in_place(dY, branch_backward):
    """You add to dY itself (`+=`), which changes the caller's array. Use a plain `+`, which makes
    a new one."""
    dY += branch_backward(dY)
    return dY


def residual_backward__branch_of_the_sum(dY, branch_backward):
    """You pass the branch twice the gradient, or the sum of both paths. What arrives at F's
    output is dY."""
    return dY + branch_backward(dY + dY)


def residual_backward__branch_twice(dY, branch_backward):
    """You add the branch's part twice. Each path counts once: the direct one, and the one
    through F."""
    return dY + branch_backward(dY) + branch_backward(dY)


def residual_backward__branch_of_the_branch(dY, branch_backward):
    """You send the gradient through the branch a second time. It passes F once."""
    return dY + branch_backward(branch_backward(dY))


def residual_backward__skip_twice(dY, branch_backward):
    """You count the direct path twice: dY comes back once around the branch, and once *through*
    it."""
    return dY + dY + branch_backward(dY)


def residual_backward__one_added_to_the_branch(dY, branch_backward):
    """You add 1 to the branch's part: the derivative of x is 1, but it is multiplied by the
    gradient that arrives, dY."""
    return 1.0 + branch_backward(dY)


def residual_backward__example_by_example(dY, branch_backward):
    """You call the branch for one example at a time. It may mix the examples of a batch, as
    batch normalization does: pass it all of dY."""
    return np.concatenate([row[None] + branch_backward(row[None]) for row in dY])


def residual_backward__larger(dY, branch_backward):
    """You take the larger of the two parts. They add up, entry by entry."""
    return np.maximum(dY, branch_backward(dY))
