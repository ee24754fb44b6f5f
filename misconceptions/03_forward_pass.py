"""Wrong answers to the exercises of lesson 3, each with the hint that its author reads.

`NAME__LABEL` is a wrong answer to exercise NAME, written the way students write it (so without
annotations), and its docstring is the hint. `inputs_NAME` yields the arguments on which all of them
differ from a right answer and from each other.

The inputs are float arrays wherever two ways to write the *same* mistake treat lists or ints
differently: an answer should be recognised by its idea, not by whether it calls `np.asarray`.
"""

import itertools
from collections.abc import Callable, Iterator

import numpy as np

from utils._diagnosis.draw import Draw

Array = np.ndarray
Act = Callable[[Array], Array]


def _bend(low: float, high: float) -> Act:
    """An activation with two slopes and a jump, that no student has written into the answer."""
    return lambda z: np.where(np.asarray(z) > 0, high * z + 0.5, low * z - 0.25)


def _sigmoid(z: Array) -> Array:
    return 1.0 / (1.0 + np.exp(-z))


def _softmax(Z: Array) -> Array:
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


# linear_forward


def inputs_linear_forward(rng: np.random.Generator) -> Iterator[tuple]:
    # (n, in, out): all different, all equal, each pair equal, one example, one unit.
    for n, d, out in ((7, 5, 3), (4, 4, 4), (6, 3, 3), (3, 5, 3), (4, 4, 2), (1, 4, 3), (5, 2, 1),
                      (1, 2, 2)):
        yield rng.normal(size=(n, d)), rng.normal(size=(out, d)), rng.normal(size=out)


def fresh_linear_forward(draw: Draw) -> tuple:
    n, d, out = draw.sizes("n", "in", "out")
    return draw.array(n, d), draw.array(out, d), draw.array(out)


def linear_forward__weights_not_transposed(X, W, b):
    """You compute X @ W. A unit's weights are a *row* of W, so its columns would have to be the
    units. Square matrices hide this: write the shapes of X and W side by side."""
    return X @ W + b


def linear_forward__examples_in_columns(X, W, b):
    """`W @ X` treats the columns of X as examples. Here each row is an example. With square
    matrices you get no error message for this."""
    return W @ X + b


def linear_forward__formula_of_one_column(X, W, b):
    """`W @ X + b` with a column of biases is the formula for examples in columns. Here each example
    is a row of X."""
    return W @ X + b[:, None]


def linear_forward__transposed_result(X, W, b):
    """Your numbers are right, but there is one column per example, so the shape is (out, n). Return
    one row per example."""
    return W @ X.T + b[:, None]


def linear_forward__transposed_with_flat_bias(X, W, b):
    """`W @ X.T` has one column per example, so adding b gives each *example* a bias instead of each
    unit. Keep one row per example."""
    return W @ X.T + b


def linear_forward__elementwise(X, W, b):
    """`*` multiplies entry by entry. Each score is a *sum* of products: which operator adds up?"""
    return X * W + b


def linear_forward__bias_as_column(X, W, b):
    """The biases are added as a column, so each example gets one instead of each unit. What does
    NumPy do with shapes (n, out) and (out,) if you leave b as it is?"""
    return X @ W.T + b[:, None]


def linear_forward__bias_as_column_of_its_length(X, W, b):
    """You turned the biases into a column of shape (out, 1), so each row gets the same number for
    all its units. Leave b flat."""
    return (X @ W.T).reshape(len(X), -1) + b.reshape(-1, 1)[: len(X)]


def linear_forward__no_bias(X, W, b):
    """b is never used. Without it, every unit's score is 0 when the example is all zeros."""
    return X @ W.T


def linear_forward__bias_subtracted(X, W, b):
    """You subtract the bias. A threshold would be subtracted, but a bias is added."""
    return X @ W.T - b


def linear_forward__biases_added_up(X, W, b):
    """You add the sum of all the biases to each score. Each unit has its own bias."""
    return X @ W.T + b.sum()


def linear_forward__first_bias_for_all(X, W, b):
    """Every unit gets the first unit's bias. Each unit has its own: add all of b."""
    return X @ W.T + b[0]


def linear_forward__bias_twice(X, W, b):
    """The bias is added twice: two of your lines do the same thing."""
    return X @ W.T + b + b


def linear_forward__step_applied(X, W, b):
    """You apply the step function. Return the scores themselves; the activation comes later."""
    return np.where(X @ W.T + b >= 0, 1.0, 0.0)


def linear_forward__tanh_applied(X, W, b):
    """You apply tanh. Return the scores themselves; the activation comes later."""
    return np.tanh(X @ W.T + b)


def linear_forward__relu_applied(X, W, b):
    """Your negative scores have become 0. Return the scores themselves; the activation comes
    later."""
    return np.maximum(X @ W.T + b, 0.0)


def linear_forward__mean_over_inputs(X, W, b):
    """You divide the sum by the number of inputs. A score is the sum itself."""
    return X @ W.T / X.shape[1] + b


def linear_forward__summed_over_units(X, W, b):
    """You add up the scores of all units, which leaves one number per example. Keep one for each
    unit."""
    return (X @ W.T + b).sum(axis=1)


def linear_forward__flattened(X, W, b):
    """Your result is one flat row of numbers. Its shape should be (n, out)."""
    return (X @ W.T + b).ravel()


def linear_forward__squeezed(X, W, b):
    """Your result loses an axis when there is only one example or one unit. Its shape should be (n,
    out) even then."""
    return np.squeeze(X @ W.T + b)


def linear_forward__first_example_only(X, W, b):
    """Only the first example gets its scores: the `return` is inside the loop, or only X[0] is
    used."""
    return W @ X[0] + b


def linear_forward__bias_added_to_the_weights(X, W, b):
    """b is added to the weights before the product, so the inputs multiply it, too. Which comes
    first, the product or the sum?"""
    return X @ (W.T + b)


def linear_forward__no_return(X, W, b):
    """Your function returns None, because it reaches its end without a `return`. Return Z."""
    X @ W.T + b


# count_params


def inputs_count_params(rng: np.random.Generator) -> Iterator[tuple]:
    for sizes in ([7, 5, 3, 6], [5, 5, 5, 5], [6], [8, 3], [2, 9, 1], [1, 1]):
        yield (sizes,)
    yield ([int(size) for size in rng.integers(2, 30, size=5)],)


def fresh_count_params(draw: Draw) -> tuple:
    return (draw.layers()[:draw.integer(1, 4)],)


def count_params__no_biases(sizes):
    """You count the weights but not the biases. Every unit except the inputs has one."""
    return sum(before * after for before, after in itertools.pairwise(sizes))


def count_params__biases_only(sizes):
    """You count one number per unit: that is its bias. Each unit also has one weight for each of
    its inputs."""
    return sum(sizes[1:])


def count_params__units(sizes):
    """You count the units. Count the numbers inside them: their weights and biases."""
    return sum(sizes)


def count_params__inputs_have_biases(sizes):
    """You also count a bias for each input. Inputs compute nothing; only the units of the layers
    after them have biases."""
    weights = sum(before * after for before, after in itertools.pairwise(sizes))
    return weights + sum(sizes)


def count_params__bias_for_each_input_of_a_layer(sizes):
    """You count one bias for each input of a layer. Biases belong to the layer's units, so there
    are as many as outputs."""
    return sum(before * (after + 1) for before, after in itertools.pairwise(sizes))


def count_params__one_bias_a_layer(sizes):
    """You count one bias per layer. Each *unit* of the layer has its own."""
    return sum(before * after + 1 for before, after in itertools.pairwise(sizes))


def count_params__product_of_all(sizes):
    """You multiply all the sizes together. Multiply the two sizes of each layer, then add up the
    layers."""
    total = 1
    for size in sizes:
        total *= size
    return total


def count_params__product_of_layers(sizes):
    """You multiply the layers' counts. The network has the parameters of one layer *and* those of
    the next, so add them."""
    total = 1
    for before, after in itertools.pairwise(sizes):
        total *= (before + 1) * after
    return total


def count_params__output_without_biases(sizes):
    """The output layer's biases are missing. It has no activation, but it does have biases."""
    weights = sum(before * after for before, after in itertools.pairwise(sizes))
    return weights + sum(sizes[1:-1])


def count_params__last_layer_missing(sizes):
    """The last layer is missing: the loop ends one pair too early."""
    return sum((before + 1) * after for before, after in list(itertools.pairwise(sizes))[:-1])


def count_params__first_layer_missing(sizes):
    """The first layer is missing: it lies between sizes[0] and sizes[1]."""
    return sum((before + 1) * after for before, after in list(itertools.pairwise(sizes))[1:])


def count_params__first_layer_only(sizes):
    """Only the first layer is counted: the `return` is inside the loop."""
    for before, after in itertools.pairwise(sizes):
        return (before + 1) * after
    return 0


def count_params__last_layer_only(sizes):
    """Only the last layer is counted: each round of the loop overwrites the one before. Add to the
    total with `+=`."""
    total = 0
    for before, after in itertools.pairwise(sizes):
        total = (before + 1) * after
    return total


def count_params__biases_doubled(sizes):
    """Your biases are counted twice: once with the weights, and once on their own."""
    pairs = list(itertools.pairwise(sizes))
    return sum((before + 1) * after for before, after in pairs) + sum(sizes[1:])


def count_params__neighbours_added(sizes):
    """You add a layer's two sizes. Multiply them: every unit has a weight for *each* input."""
    return sum(before + after for before, after in itertools.pairwise(sizes))


def count_params__first_size_for_all_layers(sizes):
    """You treat every layer as if it read the network's inputs. A layer reads the outputs of the
    layer just before it."""
    return sum((sizes[0] + 1) * after for after in sizes[1:])


def count_params__float(sizes):
    """The number is right, but it is a float. A count is an int."""
    return float(sum((before + 1) * after for before, after in itertools.pairwise(sizes)))


def count_params__list_of_layers(sizes):
    """You return one count for each layer. The docstring asks for their sum."""
    return [(before + 1) * after for before, after in itertools.pairwise(sizes)]


def count_params__no_return(sizes):
    """Your function returns None: it reaches its end without a `return`, or it prints the number
    instead of returning it."""
    print(sum((before + 1) * after for before, after in itertools.pairwise(sizes)))


# mlp_forward


def inputs_mlp_forward(rng: np.random.Generator) -> Iterator[tuple]:
    # (n, in, hidden..., out)
    for n, *sizes in ((7, 5, 3, 4), (4, 4, 4, 4), (6, 3, 5, 4, 2), (5, 4, 3), (3, 3, 3, 3, 3),
                      (1, 2, 3, 1), (2, 2, 2)):
        pairs = list(itertools.pairwise(sizes))
        yield (rng.normal(size=(n, sizes[0])),
               [rng.normal(size=(after, before)) for before, after in pairs],
               [rng.normal(size=after) for _, after in pairs],
               _bend(rng.uniform(0.1, 0.6), rng.uniform(1.2, 2.0)))


def fresh_mlp_forward(draw: Draw) -> tuple:
    n, sizes = *draw.sizes("n"), draw.layers()
    weights = [draw.array(after, before) for before, after in itertools.pairwise(sizes)]
    biases = [draw.array(size) for size in sizes[1:]]
    return draw.array(n, sizes[0]), weights, biases, draw.act()


def mlp_forward__act_on_the_output(X, weights, biases, act):
    """You return `act` of the last layer's Z. The last layer is linear: return Z itself."""
    A, cache = X, []
    for W, b in zip(weights, biases, strict=True):
        Z = A @ W.T + b
        cache.append((A, Z))
        A = act(Z)
    return A, cache


def mlp_forward__no_act(X, weights, biases, act):
    """`act` is never used, so all your layers are one linear layer in disguise. It belongs between
    the layers."""
    A, cache = X, []
    for W, b in zip(weights, biases, strict=True):
        Z = A @ W.T + b
        cache.append((A, Z))
        A = Z
    return A, cache


def mlp_forward__act_on_the_input(X, weights, biases, act):
    """`act` is also applied to X, before the first layer. The input of the first layer is X
    itself."""
    A, cache = X, []
    for W, b in zip(weights, biases, strict=True):
        A = act(A)
        Z = A @ W.T + b
        cache.append((A, Z))
        A = Z
    return A, cache


def mlp_forward__act_before_the_bias(X, weights, biases, act):
    """You add the bias after `act`. It is part of Z, so add it before."""
    A, cache = X, []
    for l, (W, b) in enumerate(zip(weights, biases, strict=True)):  # noqa: E741
        Z = A @ W.T
        cache.append((A, Z + b))
        A = act(Z) + b if l < len(weights) - 1 else Z + b
    return A, cache


def mlp_forward__tanh_hard_coded(X, weights, biases, act):
    """Your hidden layers always use tanh. Use the function that was passed in as `act`."""
    A, cache = X, []
    for W, b in zip(weights, biases, strict=True):
        Z = A @ W.T + b
        cache.append((A, Z))
        A = np.tanh(Z)
    return Z, cache


def mlp_forward__relu_hard_coded(X, weights, biases, act):
    """Your hidden layers always use ReLU. Use the function that was passed in as `act`."""
    A, cache = X, []
    for W, b in zip(weights, biases, strict=True):
        Z = A @ W.T + b
        cache.append((A, Z))
        A = np.maximum(Z, 0.0)
    return Z, cache


def mlp_forward__first_hidden_layer_only(X, weights, biases, act):
    """You apply `act` after the first layer only. Apply it after *every* layer except the last."""
    A, cache = X, []
    for l, (W, b) in enumerate(zip(weights, biases, strict=True)):  # noqa: E741
        Z = A @ W.T + b
        cache.append((A, Z))
        A = act(Z) if l == 0 else Z
    return Z, cache


def mlp_forward__last_hidden_layer_linear(X, weights, biases, act):
    """`act` is missing after the last hidden layer: your condition stops one layer too early. With
    L layers, the last one has index L − 1."""
    A, cache = X, []
    for l, (W, b) in enumerate(zip(weights, biases, strict=True)):  # noqa: E741
        Z = A @ W.T + b
        cache.append((A, Z))
        A = act(Z) if l < len(weights) - 2 else Z
    return Z, cache


def mlp_forward__last_layer_skipped(X, weights, biases, act):
    """The output layer is missing: your loop ends before it. It is a layer like the others, just
    without `act`."""
    A, Z, cache = X, X, []
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        Z = A @ W.T + b
        cache.append((A, Z))
        A = act(Z)
    return A, cache


def mlp_forward__last_layer_not_cached(X, weights, biases, act):
    """Your output is right, but the cache has no pair for the last layer. The backward pass will
    start with that pair."""
    A, cache = X, []
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        Z = A @ W.T + b
        cache.append((A, Z))
        A = act(Z)
    return A @ weights[-1].T + biases[-1], cache


def mlp_forward__first_layer_used_again(X, weights, biases, act):
    """Every round uses weights[0] and biases[0]. Each layer has its own: go through both lists
    together."""
    A, cache = X, []
    for _ in weights:
        Z = A @ weights[0].T + biases[0]
        cache.append((A, Z))
        A = act(Z)
    return Z, cache


def mlp_forward__first_bias_used_again(X, weights, biases, act):
    """Every layer adds the first layer's biases. Each has its own: go through both lists
    together."""
    A, cache = X, []
    for W in weights:
        Z = A @ W.T + biases[0]
        cache.append((A, Z))
        A = act(Z)
    return Z, cache


def mlp_forward__every_layer_reads_the_input(X, weights, biases, act):
    """Each of your layers reads X. A layer's input is the previous layer's output."""
    cache = []
    for W, b in zip(weights, biases, strict=True):
        Z = X @ W.T + b
        cache.append((X, Z))
    return Z, cache


def mlp_forward__weights_not_transposed(X, weights, biases, act):
    """You compute A @ W. A unit's weights are a row of W. Square matrices hide this: write the
    shapes side by side."""
    A, cache = X, []
    for W, b in zip(weights, biases, strict=True):
        Z = A @ W + b
        cache.append((A, Z))
        A = act(Z)
    return Z, cache


def mlp_forward__examples_in_columns(X, weights, biases, act):
    """`W @ A` treats the columns as examples. Here each row is an example, in every layer. With
    square matrices you get no error message for this."""
    A, cache = X, []
    for W, b in zip(weights, biases, strict=True):
        Z = W @ A + b[:, None]
        cache.append((A, Z))
        A = act(Z)
    return Z, cache


def mlp_forward__no_biases(X, weights, biases, act):
    """The biases are never added. Without them, every layer turns an example of zeros into
    act(0)."""
    A, cache = X, []
    for W in weights:
        Z = A @ W.T
        cache.append((A, Z))
        A = act(Z)
    return Z, cache


def mlp_forward__output_without_bias(X, weights, biases, act):
    """The last layer's bias is missing. The last layer has no `act`, but it does have a bias."""
    A, cache = X, []
    for l, (W, b) in enumerate(zip(weights, biases, strict=True)):  # noqa: E741
        Z = A @ W.T + (b if l < len(weights) - 1 else 0.0)
        cache.append((A, Z))
        A = act(Z)
    return Z, cache


def mlp_forward__cache_after_act(X, weights, biases, act):
    """Your cache holds `act(Z)` instead of Z. Perhaps you stored the result of `act` in the same
    variable, or array, before appending the pair."""
    A, cache = X, []
    for l, (W, b) in enumerate(zip(weights, biases, strict=True)):  # noqa: E741
        Z = A @ W.T + b
        after = act(Z) if l < len(weights) - 1 else Z
        cache.append((A, after))
        A = after
    return A, cache


def mlp_forward__cache_after_act_everywhere(X, weights, biases, act):
    """Your cache holds `act(Z)` instead of Z, even for the last layer, which has no `act` at all.
    Append the pair (A_in, Z) before you call `act`."""
    A, cache = X, []
    for W, b in zip(weights, biases, strict=True):
        Z = A @ W.T + b
        cache.append((A, act(Z)))
        A = act(Z)
    return Z, cache


def mlp_forward__z_overwritten_in_every_layer(X, weights, biases, act):
    """Your Z is overwritten by `act(Z)` in every layer, the last one too. So the result isn't
    linear, and your cache holds `act(Z)`. The last layer has no `act`, and the cache needs Z."""
    A, cache = X, []
    for W, b in zip(weights, biases, strict=True):
        Z = act(A @ W.T + b)
        cache.append((A, Z))
        A = Z
    return Z, cache


def mlp_forward__cache_of_outputs(X, weights, biases, act):
    """Your pairs hold a layer's *output* and its Z. A_in is the layer's input; for the first layer,
    that is X."""
    A, cache = X, []
    for W, b in zip(weights, biases, strict=True):
        Z = A @ W.T + b
        A = act(Z)
        cache.append((A, Z))
    return Z, cache


def mlp_forward__cache_of_z_only(X, weights, biases, act):
    """Your cache keeps Z alone. Each entry should be a pair: the layer's input and Z."""
    A, cache = X, []
    for W, b in zip(weights, biases, strict=True):
        Z = A @ W.T + b
        cache.append(Z)
        A = act(Z)
    return Z, cache


def mlp_forward__cache_of_inputs_only(X, weights, biases, act):
    """Your cache keeps each layer's input but not its Z. Each entry should be a pair of both."""
    A, cache = X, []
    for W, b in zip(weights, biases, strict=True):
        Z = A @ W.T + b
        cache.append(A)
        A = act(Z)
    return Z, cache


def mlp_forward__cache_pairs_swapped(X, weights, biases, act):
    """Your pairs are (Z, A_in). The docstring puts the layer's input first."""
    A, cache = X, []
    for W, b in zip(weights, biases, strict=True):
        Z = A @ W.T + b
        cache.append((Z, A))
        A = act(Z)
    return Z, cache


def mlp_forward__cache_reversed(X, weights, biases, act):
    """Your cache starts with the last layer. It should start with the first: `append` puts each
    pair at the end."""
    A, cache = X, []
    for W, b in zip(weights, biases, strict=True):
        Z = A @ W.T + b
        cache.insert(0, (A, Z))
        A = act(Z)
    return Z, cache


def mlp_forward__cache_of_the_last_layer(X, weights, biases, act):
    """Only the last layer is in your cache, because the list is made anew in every round. Make the
    empty list before the loop."""
    A, cache = X, []
    for W, b in zip(weights, biases, strict=True):
        Z = A @ W.T + b
        cache = [(A, Z)]
        A = act(Z)
    return Z, cache


def mlp_forward__cache_flat(X, weights, biases, act):
    """Your cache is one flat list of arrays. Keep a pair for each layer: `cache.append((A, Z))`,
    with two pairs of parentheses."""
    A, cache = X, []
    for W, b in zip(weights, biases, strict=True):
        Z = A @ W.T + b
        cache += [A, Z]
        A = act(Z)
    return Z, cache


def mlp_forward__cache_with_x_everywhere(X, weights, biases, act):
    """The first part of every pair in your cache is X. A_in is the input of *that* layer."""
    A, cache = X, []
    for W, b in zip(weights, biases, strict=True):
        Z = A @ W.T + b
        cache.append((X, Z))
        A = act(Z)
    return Z, cache


def mlp_forward__cache_with_weights(X, weights, biases, act):
    """Your cache holds the weights and Z. The weights are known anyway; keep the layer's input
    instead."""
    A, cache = X, []
    for W, b in zip(weights, biases, strict=True):
        Z = A @ W.T + b
        cache.append((W, Z))
        A = act(Z)
    return Z, cache


def mlp_forward__no_cache(X, weights, biases, act):
    """You return only Z. The docstring promises a pair: Z and the cache."""
    A = X
    for W, b in zip(weights, biases, strict=True):
        Z = A @ W.T + b
        A = act(Z)
    return Z


def mlp_forward__cache_first(X, weights, biases, act):
    """You return the cache first and Z second. The docstring says (Z, cache)."""
    A, cache = X, []
    for W, b in zip(weights, biases, strict=True):
        Z = A @ W.T + b
        cache.append((A, Z))
        A = act(Z)
    return cache, Z


def mlp_forward__input_overwritten(X, weights, biases, act):
    """Your function writes into X, which changes the caller's examples and your own cache. Give
    each result a new array."""
    A, cache = X, []
    for W, b in zip(weights, biases, strict=True):
        Z = A @ W.T + b
        cache.append((A, Z))
        if A.shape == Z.shape:
            A[...] = act(Z)
        else:
            A = act(Z)
    return Z, cache


def mlp_forward__returns_after_one_layer(X, weights, biases, act):
    """Your function returns after the first layer: the `return` is inside the loop."""
    A, cache = X, []
    for W, b in zip(weights, biases, strict=True):
        Z = A @ W.T + b
        cache.append((A, Z))
        return Z, cache


def mlp_forward__no_return(X, weights, biases, act):
    """Your function returns None, because it reaches its end without a `return`. Return Z and the
    cache."""
    A, cache = X, []
    for W, b in zip(weights, biases, strict=True):
        Z = A @ W.T + b
        cache.append((A, Z))
        A = act(Z)


# softmax


def inputs_softmax(rng: np.random.Generator) -> Iterator[tuple]:
    for shape in ((7, 4), (4, 4), (1, 3), (5, 2), (3, 1)):
        yield (rng.normal(size=shape),)
    yield (np.array([[1000.0, 998.5, 1001.5], [999.0, 1000.5, 1000.0]]) + rng.normal(),)
    yield (np.array([[905.0, 906.0], [-905.0, -903.5], [0.25, 1.0]]) + rng.normal(),)
    yield (np.array([[0.0, -40.0, -250.0], [-30.0, 0.0, 1.0]]) + rng.normal(),)
    yield (np.array([[2000.0, 0.0, 1.0], [-30.0, 0.0, 1.0]]) + rng.normal(),)


def fresh_softmax(draw: Draw) -> tuple:
    return (draw.array(*draw.sizes("n", "c")),)


def softmax__axis_0(Z):
    """Your columns sum to 1. An example is a row, so the sum (and the largest logit) are taken
    along axis 1."""
    E = np.exp(Z - Z.max(axis=0))
    return E / E.sum(axis=0)


def softmax__over_the_whole_batch(Z):
    """All your numbers together sum to 1, over the whole batch. Each *row* should sum to 1."""
    E = np.exp(Z - Z.max())
    return E / E.sum()


def softmax__overflows(Z):
    """Large logits give nan, and so do very negative ones: exp(1000) is more than a float64 can
    hold. What can you subtract from a row without changing its probabilities?"""
    E = np.exp(Z)
    return E / E.sum(axis=1, keepdims=True)


def softmax__global_max(Z):
    """You subtract the largest logit of the whole batch. In a row far below it, every exponential
    is 0, and 0/0 is nan: subtract each row's own maximum."""
    E = np.exp(Z - Z.max())
    return E / E.sum(axis=1, keepdims=True)


def softmax__row_mean_subtracted(Z):
    """You subtract each row's mean. That changes no probability, but a logit far above the mean can
    still overflow. Subtract something that no logit of the row exceeds."""
    E = np.exp(Z - Z.mean(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def softmax__base_2(Z):
    """You take powers of 2. Softmax takes powers of e: `np.exp`."""
    E = 2.0 ** (Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def softmax__divided_by_the_sum(Z):
    """You divide the logits by their sum. Logits may be negative, and so your probabilities may be,
    too. What makes any number positive first?"""
    return Z / Z.sum(axis=1, keepdims=True)


def softmax__shifted_and_divided(Z):
    """You divide without an exponential. The exponential is what turns differences of logits into
    ratios of probabilities."""
    S = Z - Z.min(axis=1, keepdims=True)
    return S / S.sum(axis=1, keepdims=True)


def softmax__sums_of_other_rows(Z):
    """The sum of each row has shape (n,), and NumPy aligns it with the columns, so with as many
    examples as classes each row is divided by another row's sum. Look up `keepdims`."""
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1)


def softmax__largest_and_sums_of_other_rows(Z):
    """`Z.max(axis=1)` and the sum have shape (n,), and NumPy aligns both with the columns. They
    should remain columns of shape (n, 1): look up `keepdims`."""
    E = np.exp(Z - Z.max(axis=1))
    return E / E.sum(axis=1)


def softmax__largest_of_other_rows(Z):
    """`Z.max(axis=1)` has shape (n,), and NumPy aligns it with the columns. It should remain a
    column of shape (n, 1): look up `keepdims`."""
    E = np.exp(Z - Z.max(axis=1))
    return E / E.sum(axis=1, keepdims=True)


def softmax__largest_of_each_column(Z):
    """You subtract the largest logit of each *column*. Within a row every logit moves by another
    number then, and the probabilities change. Subtract from each row its own largest one: axis 1,
    and `keepdims`."""
    E = np.exp(Z - Z.max(axis=0))
    return E / E.sum(axis=1, keepdims=True)


def softmax__not_normalised(Z):
    """Your rows don't sum to 1: you still have to divide by their sum."""
    return np.exp(Z - Z.max(axis=1, keepdims=True))


def softmax__sigmoid(Z):
    """You take the sigmoid of each logit on its own. A softmax weighs the classes of a row against
    each other, so that they sum to 1."""
    return _sigmoid(Z)


def softmax__sign_turned(Z):
    """The smallest logit gets the largest probability: a sign is flipped."""
    E = np.exp(Z.min(axis=1, keepdims=True) - Z)
    return E / E.sum(axis=1, keepdims=True)


def softmax__log_softmax(Z):
    """You return the logarithms of the probabilities. The docstring asks for the probabilities
    themselves."""
    S = Z - Z.max(axis=1, keepdims=True)
    return S - np.log(np.exp(S).sum(axis=1, keepdims=True))


def softmax__one_hot(Z):
    """You put 1 at the largest logit and 0 elsewhere. Softmax is soft: the other classes keep a
    share."""
    return np.eye(Z.shape[1])[Z.argmax(axis=1)]


def softmax__clipped_probabilities(Z):
    """Your small probabilities are clipped, so they come out too large. You don't need to clip
    anything: once the largest logit is subtracted, a tiny exponential does no harm."""
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return np.clip(E / E.sum(axis=1, keepdims=True), 1e-7, 1.0)


def softmax__clipped_logits(Z):
    """You clip large logits, so 1000 and 1001 look alike. Subtracting the same number from the
    whole row preserves their difference."""
    E = np.exp(np.clip(Z, -500.0, 500.0))
    return E / E.sum(axis=1, keepdims=True)


def softmax__epsilon_added(Z):
    """You add a small number to the sum or to each term. After subtracting the row's largest logit,
    the sum is at least 1: there is nothing to guard against."""
    E = np.exp(Z - Z.max(axis=1, keepdims=True)) + 1e-6
    return E / E.sum(axis=1, keepdims=True)


def softmax__in_place(Z):
    """Your function changes the caller's array (`Z -= …` works in place). Write `Z = Z - …`, which
    makes a new array."""
    Z -= Z.max(axis=1, keepdims=True)
    E = np.exp(Z)
    return E / E.sum(axis=1, keepdims=True)


def softmax__first_row_only(Z):
    """Only the first example gets its probabilities: the `return` is inside the loop."""
    E = np.exp(Z[0] - Z[0].max())
    return E / E.sum()


def softmax__shifted_above_only(Z):
    """You subtract the largest logit above the line, but not below it: the two use different
    exponentials. What do your rows sum to?"""
    return np.exp(Z - Z.max(axis=1, keepdims=True)) / np.exp(Z).sum(axis=1, keepdims=True)


def softmax__row_overwritten(Z):
    """You put each result into the row that the next sum still needs. Compute the whole row, or the
    sum, before you write anything."""
    Z = np.array(Z, dtype=float)
    for row in Z:
        row -= row.max()
        for k in range(len(row)):
            row[k] = np.exp(row[k]) / np.sum(np.exp(row))
    return Z


def softmax__no_return(Z):
    """Your function returns None, because it reaches its end without a `return`. Return the
    probabilities."""
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    E / E.sum(axis=1, keepdims=True)


# mse_loss


def inputs_mse_loss(rng: np.random.Generator) -> Iterator[tuple]:
    for left, right in (((7,), (7,)), ((4, 4), (4, 4)), ((5, 3), (5, 3)), ((6, 1), (6,)),
                        ((6,), (6, 1)), ((1,), (1,)), ((5, 1), (5, 1))):
        yield 2.0 * rng.normal(size=left), 2.0 * rng.normal(size=right)


def fresh_mse_loss(draw: Draw) -> tuple:
    n, d = draw.sizes("n", "d")
    left, right = draw.choice([((n,), (n,)), ((n, d), (n, d)), ((n, 1), (n,))])
    return draw.array(*left), draw.array(*right)


def _errors(y_hat: Array, y: Array) -> Array:
    return np.ravel(y_hat) - np.ravel(y)


def mse_loss__column_minus_row(y_hat, y):
    """A column of shape (n, 1) minus a row of shape (n,) makes a square: every prediction is
    compared with every target. Flatten both first."""
    return float(np.mean((y_hat - y) ** 2))


def mse_loss__half(y_hat, y):
    """You take half of it. Some books do, so that a 2 cancels in the derivative; a mean squared
    error has no half."""
    return float(np.mean(_errors(y_hat, y) ** 2) / 2)


def mse_loss__half_of_a_square(y_hat, y):
    """You take half of it; a mean squared error has no half. And a column minus a row makes a
    square: flatten both first."""
    return float(np.mean((y_hat - y) ** 2) / 2)


def mse_loss__sum(y_hat, y):
    """You return the sum. Divide it by the number of entries to get the mean; otherwise a larger
    batch looks worse."""
    return float(np.sum(_errors(y_hat, y) ** 2))


def mse_loss__sum_of_a_square(y_hat, y):
    """You return the sum, not the mean. And a column minus a row makes a square: flatten both
    first."""
    return float(np.sum((y_hat - y) ** 2))


def mse_loss__root(y_hat, y):
    """You take the square root. That is the *root* mean squared error, in the units of y; this loss
    is the mean square itself."""
    return float(np.sqrt(np.mean(_errors(y_hat, y) ** 2)))


def mse_loss__root_of_a_square(y_hat, y):
    """You take the square root, but this loss has none. And a column minus a row makes a square:
    flatten both first."""
    return float(np.sqrt(np.mean((y_hat - y) ** 2)))


def mse_loss__divided_by_examples_only(y_hat, y):
    """You divide by the number of examples. With several outputs there are more entries than
    examples, and the mean is over all entries."""
    return float(np.sum(_errors(y_hat, y) ** 2) / len(y))


def mse_loss__half_and_divided_by_examples_only(y_hat, y):
    """You divide by twice the number of examples. A mean squared error has no half, and with
    several outputs the mean is over all entries, not just over the examples."""
    return float(np.sum(_errors(y_hat, y) ** 2) / (2 * len(y)))


def mse_loss__absolute(y_hat, y):
    """You average the absolute errors. Square them instead: one large miss should count more than
    two small ones."""
    return float(np.mean(np.abs(_errors(y_hat, y))))


def mse_loss__signed(y_hat, y):
    """You average the errors with their signs, so that +5 and −5 cancel out. What makes both
    count?"""
    return float(np.mean(_errors(y_hat, y)))


def mse_loss__square_of_the_mean(y_hat, y):
    """You square the mean error, so that +5 and −5 cancel first. Square each error, then take the
    mean."""
    return float(np.mean(_errors(y_hat, y)) ** 2)


def mse_loss__variance(y_hat, y):
    """You take the variance of the errors, which is 0 when all predictions are off by the same
    amount. That should cost something, too."""
    return float(np.var(_errors(y_hat, y)))


def mse_loss__n_minus_one(y_hat, y):
    """You divide by one less than the number of entries. That is for estimating a variance; this is
    a plain mean."""
    errors = _errors(y_hat, y)
    return float(np.sum(errors**2) / max(len(errors) - 1, 1))


def mse_loss__sum_of_squares_apart(y_hat, y):
    """You square predictions and targets first and then subtract. Subtract first: it is the error
    that is squared."""
    return float(np.mean(np.ravel(y_hat) ** 2 - np.ravel(y) ** 2))


def mse_loss__doubled(y_hat, y):
    """You multiply by 2. The 2 belongs to the derivative, which comes later."""
    return float(2 * np.mean(_errors(y_hat, y) ** 2))


def mse_loss__each_example(y_hat, y):
    """You return one number for each entry. A loss is one number: their mean."""
    return _errors(y_hat, y) ** 2


def mse_loss__sum_along_rows(y_hat, y):
    """You average along one axis, so that a table of outputs gives several numbers. A loss is one
    number: the mean over *all* entries."""
    return np.mean((y_hat - y) ** 2, axis=0)


def mse_loss__largest(y_hat, y):
    """You return the largest squared error. The loss is their mean."""
    return float(np.max(_errors(y_hat, y) ** 2))


def mse_loss__in_place(y_hat, y):
    """Your function changes the caller's predictions (`y_hat -= …` works in place). Give the
    difference a name of its own."""
    flat = y_hat.reshape(-1)
    flat -= y.reshape(-1)
    return float(np.mean(flat**2))


def mse_loss__no_return(y_hat, y):
    """Your function returns None, because it reaches its end without a `return`. Return the
    loss."""
    float(np.mean(_errors(y_hat, y) ** 2))


# bce_with_logits


def inputs_bce_with_logits(rng: np.random.Generator) -> Iterator[tuple]:
    for n in (7, 4):
        yield 2.0 * rng.normal(size=n), np.arange(n) % 2
    yield rng.normal(size=(5, 1)), np.array([[1], [0], [0], [1], [0]])
    for z, y in ((-990.0, 1), (990.0, 0), (-48.0, 1), (48.0, 0), (990.0, 1), (-990.0, 0),
                 (-20.0, 1), (14.5, 0)):
        yield np.array([z + rng.uniform()]), np.array([y])


def fresh_bce_with_logits(draw: Draw) -> tuple:
    (n,) = draw.sizes("n")
    return draw.array(n), draw.bits(n)


def bce_with_logits__overflows(z, y):
    """Large logits give inf or nan: the sigmoid becomes exactly 0 or 1, and then you take log 0.
    Use the formula in z, without computing a probability first."""
    p = _sigmoid(z)
    return float(np.mean(-(y * np.log(p) + (1 - y) * np.log(1 - p))))


def bce_with_logits__softplus_overflows(z, y):
    """Your formula doesn't use a probability, and it is right for logits up to about 700. Beyond
    that, exp overflows: what is log(1 + exp(s)) nearly equal to when s is large?"""
    s = np.where(y == 1, -z, z)
    return float(np.mean(np.log1p(np.exp(s))))


def bce_with_logits__score_not_made_positive(z, y):
    """Your loss is right where z is positive, and too large where it is negative. The last term is
    log(1 + exp(-|z|)); without the absolute value, it grows as z falls below 0."""
    z = np.asarray(z, dtype=float)
    return float(np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-z))))


def bce_with_logits__clipped(z, y):
    """You clip the probability, so no answer ever costs more than a fixed amount, however wrong it
    is. With the formula in z, you don't need to clip anything."""
    p = np.clip(_sigmoid(z), 1e-12, 1 - 1e-12)
    return float(np.mean(-(y * np.log(p) + (1 - y) * np.log(1 - p))))


def bce_with_logits__clipped_early(z, y):
    """You clip the probability, and so early that even ordinary logits get the wrong cost. With the
    formula in z, you don't need to clip anything."""
    p = np.clip(_sigmoid(z), 1e-7, 1 - 1e-7)
    return float(np.mean(-(y * np.log(p) + (1 - y) * np.log(1 - p))))


def bce_with_logits__epsilon(z, y):
    """You add a small number inside the logarithm. It hides log 0 and changes the cost of every
    answer that is far off. With the formula in z, there is nothing to hide."""
    p = _sigmoid(z)
    return float(np.mean(-(y * np.log(p + 1e-8) + (1 - y) * np.log(1 - p + 1e-8))))


def bce_with_logits__logits_clipped(z, y):
    """You clip the logits, so beyond some score, being more wrong costs nothing extra. Each further
    step to the wrong side should cost one more."""
    z = np.clip(z, -500.0, 500.0)
    return float(np.mean(np.logaddexp(0.0, np.where(y == 1, -z, z))))


def bce_with_logits__cut_short(z, y):
    """Above some score, you leave out the rest of log(1 + e^s), which is not zero yet: at s = 10 it
    is 0.00005. A formula that is right for every s needs no limit."""
    s = np.where(y == 1, -z, z)
    return float(np.mean(np.where(s > 10.0, s, np.logaddexp(0.0, s))))


def bce_with_logits__in_place(z, y):
    """Your function changes the caller's logits (`z *= …` and `z[y == 1] = …` work in place). Put
    the scores with their new signs into a new array."""
    z *= np.where(y == 1, -1.0, 1.0)
    return float(np.mean(np.logaddexp(0.0, z)))


def bce_with_logits__minus_on_the_first_term_only(z, y):
    """The minus sign applies to the first term only: -a + b is not -(a + b). Check your
    parentheses."""
    log_p, log_q = -np.logaddexp(0.0, -z), -np.logaddexp(0.0, z)
    return float(np.mean(-y * log_p + (1 - y) * log_q))


def bce_with_logits__one_minus_the_product(z, y):
    """Your second term behaves like 1 - (y * log(1 - p)). It should be (1 - y) times log(1 - p):
    check your parentheses."""
    log_p, log_q = -np.logaddexp(0.0, -z), -np.logaddexp(0.0, z)
    return float(np.mean(-(y * log_p + 1 - y * log_q)))


def bce_with_logits__only_ones_count(z, y):
    """Only examples with label 1 cost anything. Saying yes to a 0 is a mistake, too: the second
    term is missing."""
    return float(np.mean(y * np.logaddexp(0.0, -z)))


def bce_with_logits__only_zeros_count(z, y):
    """Only examples with label 0 cost anything. Saying no to a 1 is a mistake, too: the first term
    is missing."""
    return float(np.mean((1 - y) * np.logaddexp(0.0, z)))


def bce_with_logits__labels_ignored(z, y):
    """Your loss never looks at the labels: every logit is treated as if the label were 1."""
    return float(np.mean(np.logaddexp(0.0, -z)))


def bce_with_logits__labels_swapped(z, y):
    """Right answers cost a lot and wrong ones little: y and 1 − y are swapped."""
    return float(np.mean(np.logaddexp(0.0, np.where(y == 1, z, -z))))


def bce_with_logits__sign(z, y):
    """Your loss is negative, because logarithms of probabilities are: the minus in front of the sum
    is missing."""
    return float(-np.mean(np.logaddexp(0.0, np.where(y == 1, -z, z))))


def bce_with_logits__sum(z, y):
    """You return the sum. A loss is a mean over the batch."""
    return float(np.sum(np.logaddexp(0.0, np.where(y == 1, -z, z))))


def bce_with_logits__log2(z, y):
    """You use logarithms to base 2, which measure bits. This loss uses the natural logarithm:
    knowing nothing costs log 2 = 0.693."""
    return float(np.mean(np.logaddexp(0.0, np.where(y == 1, -z, z))) / np.log(2))


def bce_with_logits__labels_as_signs(z, y):
    """Your formula is for the labels −1 and 1. Here "no" is 0, so each of those examples costs log
    2, whatever its score."""
    return float(np.mean(np.logaddexp(0.0, -y * z)))


def bce_with_logits__logits_as_probabilities(z, y):
    """You take the logarithm of z itself. But z is a score, and may be negative; use the formula in
    z."""
    return float(np.mean(-(y * np.log(z) + (1 - y) * np.log(1 - z))))


def bce_with_logits__sigmoid_twice(z, y):
    """The sigmoid is applied twice, as if a probability were a logit. Then even a sure and right
    answer costs something."""
    p = _sigmoid(z)
    return float(np.mean(np.logaddexp(0.0, np.where(y == 1, -p, p))))


def bce_with_logits__squared_error(z, y):
    """You return a squared error, which never exceeds 1, however sure the wrong answer was.
    Cross-entropy takes a logarithm."""
    return float(np.mean((_sigmoid(z) - y) ** 2))


def bce_with_logits__hinge(z, y):
    """You return how far a score is on the wrong side. Near 0 that is not enough: the logarithm is
    missing."""
    return float(np.mean(np.maximum(np.where(y == 1, -z, z), 0.0)))


def bce_with_logits__each_example(z, y):
    """You return one number for each example. A loss is one number: their mean."""
    return np.logaddexp(0.0, np.where(y == 1, -z, z))


def bce_with_logits__clipped_very_late(z, y):
    """You clip the probability at a very small number, so no answer costs more than about 35. A
    score of -1000 for a 1 should cost 1000. Use the formula in z, and nothing has to be clipped."""
    p = np.clip(_sigmoid(z), 1e-15, 1 - 1e-15)
    return float(np.mean(-(y * np.log(p) + (1 - y) * np.log(1 - p))))


def bce_with_logits__tiny_constant_in_the_logarithm(z, y):
    """You add a tiny number inside the logarithm. It only moves the largest possible cost, and a
    score of -1000 still costs the wrong amount. Use the formula in z instead."""
    p = _sigmoid(z)
    return float(np.mean(-(y * np.log(p + 1e-120) + (1 - y) * np.log(1 - p + 1e-120))))


def bce_with_logits__no_return(z, y):
    """Your function returns None, because it reaches its end without a `return`. Return the
    loss."""
    float(np.mean(np.logaddexp(0.0, np.where(y == 1, -z, z))))


# cross_entropy


def inputs_cross_entropy(rng: np.random.Generator) -> Iterator[tuple]:
    for n, c in ((7, 4), (4, 4), (5, 3), (1, 3), (6, 2)):
        yield 1.5 * rng.normal(size=(n, c)), np.arange(n)[::-1] % c
    yield np.array([[985.0, 0.0], [0.0, 985.0]]) + rng.normal(), np.array([1, 0])
    yield np.array([[985.0, 0.0], [0.0, 985.0]]) + rng.normal(), np.array([0, 1])
    yield np.array([[-45.0, 0.0, -62.0]]) + rng.normal(), np.array([0])
    yield np.array([[903.0, 904.0], [-905.0, -903.0]]) + rng.normal(), np.array([0, 1])


def _log_p(Z: Array) -> Array:
    S = Z - Z.max(axis=1, keepdims=True)
    return S - np.log(np.exp(S).sum(axis=1, keepdims=True))


def _of_truth(table: Array, y: Array) -> Array:
    return table[np.arange(len(y)), y]


def fresh_cross_entropy(draw: Draw) -> tuple:
    n, c = draw.sizes("n", "c")
    return draw.array(n, c), draw.labels(n, c)


def cross_entropy__overflows(Z, y):
    """Large logits give nan: exp(1000) is more than a float64 can hold. Subtract each row's largest
    logit first; that changes no probability."""
    E = np.exp(Z)
    return float(np.mean(-np.log(_of_truth(E / E.sum(axis=1, keepdims=True), y))))


def cross_entropy__log_of_zero(Z, y):
    """Your softmax is stable, but the probability of an unlikely class is rounded to 0, and its
    logarithm is infinite. Take the logarithm on paper first: log p is a difference of two terms."""
    return float(np.mean(-np.log(_of_truth(_softmax(Z), y))))


def cross_entropy__epsilon(Z, y):
    """You add a small number inside the logarithm. It hides log 0 and changes the cost of every
    answer that is far off. Take the logarithm on paper first, and there is nothing to hide."""
    return float(np.mean(-np.log(_of_truth(_softmax(Z), y) + 1e-8)))


def cross_entropy__clipped(Z, y):
    """You clip the probability, so no answer costs more than a fixed amount, however wrong it is.
    Take the logarithm on paper first, and you don't need to clip anything."""
    return float(np.mean(-np.log(np.clip(_of_truth(_softmax(Z), y), 1e-12, 1.0))))


def cross_entropy__softmax_twice(Z, y):
    """The softmax is applied twice, as if probabilities were logits. Then even a sure and right
    answer costs something."""
    return float(np.mean(-_of_truth(_log_p(_softmax(Z)), y)))


def cross_entropy__whole_columns(Z, y):
    """`Z[:, y]` takes whole columns, so every example is charged for everybody's labels. You need
    one entry from each row."""
    return float(np.mean(-_log_p(Z)[:, y]))


def cross_entropy__sum(Z, y):
    """You return the sum. A loss is a mean over the batch."""
    return float(np.sum(-_of_truth(_log_p(Z), y)))


def cross_entropy__mean_over_classes_too(Z, y):
    """You also divide by the number of classes, as a mean over the whole n × c table does. The mean
    is over the n examples."""
    return float(np.sum(-_of_truth(_log_p(Z), y)) / Z.size)


def cross_entropy__sign(Z, y):
    """Your loss is negative, because logarithms of probabilities are: a minus is missing."""
    return float(np.mean(_of_truth(_log_p(Z), y)))


def cross_entropy__no_logarithm(Z, y):
    """You return the mean probability of being wrong, without a logarithm. It never exceeds 1,
    however sure the wrong answer was."""
    return float(np.mean(1.0 - _of_truth(_softmax(Z), y)))


def cross_entropy__log_of_the_mean(Z, y):
    """You take the logarithm of the mean probability. Each example has its own cost: take the
    logarithm first, then the mean."""
    return float(-np.log(np.mean(_of_truth(_softmax(Z), y))))


def cross_entropy__log2(Z, y):
    """You use logarithms to base 2, which measure bits. This loss uses the natural logarithm."""
    return float(np.mean(-_of_truth(_log_p(Z), y)) / np.log(2))


def cross_entropy__true_logit_only(Z, y):
    """You use only the true class's logit. The other classes matter, too: the logarithm of the sum
    is missing."""
    return float(np.mean(-_of_truth(Z, y)))


def cross_entropy__logits_as_probabilities(Z, y):
    """You take the logarithm of the logits. They are scores, not probabilities, and may be
    negative: the softmax is missing."""
    return float(np.mean(-np.log(_of_truth(Z, y))))


def cross_entropy__global_max(Z, y):
    """You subtract the largest logit of the whole batch. In a row far below it, every exponential
    is 0, and log 0 is infinite: subtract each row's own maximum."""
    S = Z - Z.max()
    return float(np.mean(np.log(np.exp(S).sum(axis=1)) - _of_truth(S, y)))


def cross_entropy__max_not_subtracted_from_the_truth(Z, y):
    """You subtract the largest logit inside the exponentials but not from the true class's logit.
    Use the same shifted row in both terms."""
    S = Z - Z.max(axis=1, keepdims=True)
    return float(np.mean(np.log(np.exp(S).sum(axis=1)) - _of_truth(Z, y)))


def cross_entropy__axis_0(Z, y):
    """Your softmax runs down the columns, over the examples. The classes of *one* example compete,
    so use axis 1."""
    S = Z - Z.max(axis=0)
    return float(np.mean(-_of_truth(S - np.log(np.exp(S).sum(axis=0)), y)))


def cross_entropy__column_maximum_subtracted(Z, y):
    """You subtract the largest logit of each *column*. That shifts the classes of one example by
    different amounts and changes the softmax. Which axis holds one example's logits?"""
    S = Z - Z.max(axis=0)
    return float(np.mean(np.log(np.exp(S).sum(axis=1)) - _of_truth(S, y)))


def cross_entropy__column_maximum_in_the_softmax(Z, y):
    """Your softmax subtracts the largest logit of each *column*. That shifts the classes of one
    example by different amounts. Which axis holds one example's logits?"""
    E = np.exp(Z - Z.max(axis=0))
    return float(np.mean(-np.log(_of_truth(E / E.sum(axis=1, keepdims=True), y))))


def cross_entropy__column_maximum_inside_only(Z, y):
    """You subtract the largest logit of each *column* inside the exponentials only. Subtract each
    row's own largest logit, and use the same shifted row in both terms."""
    S = Z - Z.max(axis=0)
    return float(np.mean(np.log(np.exp(S).sum(axis=1)) - _of_truth(Z, y)))


def cross_entropy__sigmoid(Z, y):
    """You take the sigmoid of the true class's logit, as for a yes-or-no question. Here the classes
    compete: softmax."""
    return float(np.mean(np.logaddexp(0.0, -_of_truth(Z, y))))


def cross_entropy__every_class_a_question(Z, y):
    """You treat every class as a separate yes-or-no question. Here they are one choice: only the
    true class's probability counts."""
    signs = 1 - 2 * np.eye(Z.shape[1])[y]
    return float(np.mean(np.logaddexp(0.0, signs * Z).sum(axis=1)))


def cross_entropy__best_class(Z, y):
    """You charge for the class with the largest logit, which is the network's answer. The label
    says which class is the true one."""
    return float(np.mean(-_log_p(Z).max(axis=1)))


def cross_entropy__labels_from_one(Z, y):
    """You subtract 1 from the labels, but they already start at 0."""
    return float(np.mean(-_of_truth(_log_p(Z), y - 1)))


def cross_entropy__squared_error(Z, y):
    """You return a squared error of the probabilities. Cross-entropy is minus the logarithm of one
    of them."""
    return float(np.mean((_softmax(Z) - np.eye(Z.shape[1])[y]) ** 2))


def cross_entropy__entropy(Z, y):
    """You compute the entropy of the predicted probabilities. It says how undecided the network is,
    and never looks at the label."""
    return float(np.mean(-(_softmax(Z) * _log_p(Z)).sum(axis=1)))


def cross_entropy__each_example(Z, y):
    """You return one number for each example. A loss is one number: their mean."""
    return -_of_truth(_log_p(Z), y)


def cross_entropy__first_example_only(Z, y):
    """Only the first example is charged: the `return` is inside the loop."""
    return float(-_log_p(Z)[0, y[0]])


def cross_entropy__in_place(Z, y):
    """Your function changes the caller's logits (`Z -= …` works in place). Write `Z = Z - …`, which
    makes a new array."""
    Z -= Z.max(axis=1, keepdims=True)
    return float(np.mean(np.log(np.exp(Z).sum(axis=1)) - _of_truth(Z, y)))


def cross_entropy__clipped_very_late(Z, y):
    """You clip the probability at a very small number, so no answer costs more than about 35.
    Take the logarithm on paper first, and nothing has to be clipped."""
    return float(np.mean(-np.log(np.clip(_of_truth(_softmax(Z), y), 1e-15, 1.0))))


def cross_entropy__tiny_constant_in_the_logarithm(Z, y):
    """You add a tiny number inside the logarithm. It only moves the largest possible cost, and an
    answer that is far wrong still costs too little. Take the logarithm on paper first."""
    return float(np.mean(-np.log(_of_truth(_softmax(Z), y) + 1e-120)))


def cross_entropy__no_return(Z, y):
    """Your function returns None, because it reaches its end without a `return`. Return the
    loss."""
    float(np.mean(-_of_truth(_log_p(Z), y)))
