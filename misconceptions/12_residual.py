"""Wrong answers to the exercises of lesson 12, each with the hint that its author reads.

`EXERCISE__LABEL` is a wrong answer to EXERCISE, written the way students write it, and its
docstring is the hint. `inputs_EXERCISE` yields the arguments on which all of them differ from a
right answer and from each other.

What is random is reduced to what can be said of it: `view_zero_init_block` says the shape and the
spread of a draw, and `run_stochastic_depth` which examples have kept their branch.
"""

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

Array = np.ndarray
Answer = Callable[..., Any]


def _relu(z: Array) -> Array:
    return np.maximum(z, 0.0)


# block_forward


def fresh_block_forward(draw):
    n, d, hidden = draw.sizes("n", "d", "hidden")
    return (draw.array(n, d), draw.array(hidden, d), draw.array(hidden), draw.array(d, hidden),
            draw.array(d))


def inputs_block_forward(rng: np.random.Generator) -> Iterator[tuple]:
    for n, d, hidden in ((4, 4, 4), (3, 2, 5)):
        yield (rng.normal(size=(n, d)), rng.normal(size=(hidden, d)), rng.normal(size=hidden),
               rng.normal(size=(d, hidden)), rng.normal(size=d))


def _pieces(X, W1, b1, W2, b2):
    """Z, H, and the branch."""
    Z = X @ W1.T + b1
    return Z, _relu(Z), _relu(Z) @ W2.T + b2


def _block(X, W1, b1, W2, b2):
    Z, H, F = _pieces(X, W1, b1, W2, b2)
    return X + F, (X, Z, H)


def block_forward__relu_after_the_sum(X, W1, b1, W2, b2):
    """There is a ReLU around your sum, so negative numbers are lost on the path around the branch,
    which should let everything through. Where does this lesson's block have its only ReLU?"""
    Z, H, F = _pieces(X, W1, b1, W2, b2)
    return _relu(X + F), (X, Z, H)


def block_forward__relu_after_the_branch(X, W1, b1, W2, b2):
    """You apply a ReLU to the branch's output, so it can only add, never subtract. The second layer
    has no activation."""
    Z, H, F = _pieces(X, W1, b1, W2, b2)
    return X + _relu(F), (X, Z, H)


def block_forward__skip_from_the_hidden_layer(X, W1, b1, W2, b2):
    """You add the hidden units where the block's *input* should be added. What does the skip
    connection go around?"""
    Z, H, F = _pieces(X, W1, b1, W2, b2)
    return H + F, (X, Z, H)


def block_forward__skip_from_the_scores(X, W1, b1, W2, b2):
    """You add the scores Z where the block's *input* should be added. What does the skip connection
    go around?"""
    Z, H, F = _pieces(X, W1, b1, W2, b2)
    return Z + F, (X, Z, H)


def block_forward__product(X, W1, b1, W2, b2):
    """You multiply the input by the branch. A residual block adds the two."""
    Z, H, F = _pieces(X, W1, b1, W2, b2)
    return X * F, (X, Z, H)


def block_forward__no_skip(X, W1, b1, W2, b2):
    """You return the branch alone. What goes around it?"""
    Z, H, F = _pieces(X, W1, b1, W2, b2)
    return F, (X, Z, H)


def block_forward__difference(X, W1, b1, W2, b2):
    """You subtract the branch. Look at the sign in y = x + F(x)."""
    Z, H, F = _pieces(X, W1, b1, W2, b2)
    return X - F, (X, Z, H)


def block_forward__skip_twice(X, W1, b1, W2, b2):
    """The input is added twice. Around the branch it goes once."""
    Z, H, F = _pieces(X, W1, b1, W2, b2)
    return 2 * X + F, (X, Z, H)


def block_forward__mean(X, W1, b1, W2, b2):
    """You take the mean of the input and the branch. A residual block adds them."""
    Z, H, F = _pieces(X, W1, b1, W2, b2)
    return (X + F) / 2, (X, Z, H)


def block_forward__second_bias_lost(X, W1, b1, W2, b2):
    """b2 makes no difference to your result. Each of the branch's two layers has a bias."""
    Z, H, F = _pieces(X, W1, b1, W2, b2)
    return X + F - b2, (X, Z, H)


def block_forward__first_bias_lost(X, W1, b1, W2, b2):
    """b1 makes no difference to your result. Each of the branch's two layers has a bias."""
    Z, H, F = _pieces(X, W1, 0 * b1, W2, b2)
    return X + F, (X, Z, H)


def block_forward__bias_after_the_relu(X, W1, b1, W2, b2):
    """You add b1 after the ReLU. It belongs to the scores, which the ReLU then bends."""
    Z = X @ W1.T
    H = _relu(Z) + b1
    return X + H @ W2.T + b2, (X, Z, H)


def block_forward__no_relu(X, W1, b1, W2, b2):
    """Your branch has no ReLU between its two layers, so together they are just one linear layer
    (lesson 2)."""
    Z = X @ W1.T + b1
    return X + Z @ W2.T + b2, (X, Z, Z)


def block_forward__relu_of_the_input(X, W1, b1, W2, b2):
    """You apply the ReLU to the input, not to the scores. That is another block, used in later
    papers. Here it stands between the two layers."""
    Z = _relu(X) @ W1.T + b1
    return X + Z @ W2.T + b2, (X, Z, _relu(Z))


def block_forward__tanh(X, W1, b1, W2, b2):
    """Your hidden units are tanh of the scores. This lesson's blocks have a ReLU."""
    Z = X @ W1.T + b1
    H = np.tanh(Z)
    return X + H @ W2.T + b2, (X, Z, H)


def block_forward__first_weights_not_transposed(X, W1, b1, W2, b2):
    """You multiply by W1 as it is. W is (out, in), so a layer computes X Wᵀ + b."""
    return _block(X, W1.T, b1, W2, b2)


def block_forward__second_weights_not_transposed(X, W1, b1, W2, b2):
    """You multiply by W2 as it is. W is (out, in), so a layer computes H Wᵀ + b."""
    return _block(X, W1, b1, W2.T, b2)


def block_forward__weights_not_transposed(X, W1, b1, W2, b2):
    """You multiply by both weight matrices as they are. W is (out, in), so a layer computes
    X Wᵀ + b."""
    return _block(X, W1.T, b1, W2.T, b2)


def block_forward__relu_in_place(X, W1, b1, W2, b2):
    """The output is right, but the scores Z in your cache have lost their negative entries: your
    ReLU works in place. The backward pass needs to know where Z was negative."""
    _, H, F = _pieces(X, W1, b1, W2, b2)
    return X + F, (X, H, H)


def block_forward__cache_in_another_order(X, W1, b1, W2, b2):
    """The output is right, but the cache holds its three arrays in another order. It should be
    (X, Z, H)."""
    Z, H, F = _pieces(X, W1, b1, W2, b2)
    return X + F, (X, H, Z)


def block_forward__cache_of_the_output(X, W1, b1, W2, b2):
    """The output is right, but the first array in your cache is the block's output. For the way
    back, its *input* is needed."""
    Z, H, F = _pieces(X, W1, b1, W2, b2)
    return X + F, (X + F, Z, H)


def block_forward__cache_with_the_branch(X, W1, b1, W2, b2):
    """The output is right, but the last array in your cache is the branch's output. The third one
    should be H, the hidden units after the ReLU."""
    Z, _, F = _pieces(X, W1, b1, W2, b2)
    return X + F, (X, Z, F)


def block_forward__no_cache(X, W1, b1, W2, b2):
    """You return Y alone. The backward pass also needs the cache, (X, Z, H)."""
    return X + _pieces(X, W1, b1, W2, b2)[2]


def block_forward__flat(X, W1, b1, W2, b2):
    """You return four values side by side. It should be a pair: Y, and the cache, a tuple of three
    arrays."""
    Z, H, F = _pieces(X, W1, b1, W2, b2)
    return X + F, X, Z, H


def block_forward__changes_the_input(X, W1, b1, W2, b2):
    """You add the branch to X in place, with `+=`, so the caller's X and the X in your cache are
    changed, too. Use a plain `+`."""
    Z, H, F = _pieces(X, W1, b1, W2, b2)
    Y = X
    Y += F
    return Y, (X, Z, H)


def block_forward__no_return(X, W1, b1, W2, b2):
    """Your function gives back None: it gets to its end without a `return`. Return Y and the
    cache."""
    _pieces(X, W1, b1, W2, b2)


# block_backward


def _fresh_cache(draw, n, d, hidden):
    X, W1, b1 = draw.values(n, d), draw.values(hidden, d), draw.values(hidden)
    Z = X @ W1.T + b1
    return W1, (draw.given(X), draw.given(Z), draw.given(_relu(Z)))


def fresh_block_backward(draw):
    n, d, hidden = draw.sizes("n", "d", "hidden")
    W1, cache = _fresh_cache(draw, n, d, hidden)
    return draw.array(n, d), cache, draw.given(W1), draw.array(d, hidden)


def inputs_block_backward(rng: np.random.Generator) -> Iterator[tuple]:
    for n, d, hidden in ((4, 4, 4), (3, 2, 5)):
        X, W1 = rng.normal(size=(n, d)), rng.normal(size=(hidden, d))
        Z = X @ W1.T + rng.normal(size=hidden)
        Z[0, 0] = 0.0
        yield rng.normal(size=(n, d)), (X, Z, _relu(Z)), W1, rng.normal(size=(d, hidden))


def _back(dY, cache, W1, W2, dZ=None):
    """The right gradients, or those for another dZ."""
    X, Z, H = cache
    dZ = (dY @ W2) * (Z > 0) if dZ is None else dZ
    return dY + dZ @ W1, dZ.T @ X, dZ.sum(axis=0), dY.T @ H, dY.sum(axis=0)


def block_backward__skip_lost(dY, cache, W1, W2):
    """Your dX has only what comes back through the branch. There is a second way from x to y."""
    dX, *rest = _back(dY, cache, W1, W2)
    return dX - dY, *rest


def block_backward__skip_only(dY, cache, W1, W2):
    """Your dX has only what comes around. The branch sends something back as well."""
    _, *rest = _back(dY, cache, W1, W2)
    return dY.copy(), *rest


def block_backward__twice(dY, cache, W1, W2):
    """You add dY twice. Around the branch it comes once."""
    dX, *rest = _back(dY, cache, W1, W2)
    return dX + dY, *rest


def block_backward__relu_on_the_whole(dY, cache, W1, W2):
    """You apply the ReLU's slope to dX, or to what comes around as well. Only what goes through the
    branch meets the ReLU."""
    X, Z, _ = cache
    _, *rest = _back(dY, cache, W1, W2)
    dZ = (dY @ W2) * (Z > 0)
    return (dY + dZ @ W1) * (X > 0), *rest


def block_backward__relu_on_dy(dY, cache, W1, W2):
    """You set dY to 0 where Z was negative, before it goes anywhere. The ReLU is in the middle of
    the branch: first go back through the second layer, then through the ReLU."""
    X, Z, H = cache
    if Z.shape != dY.shape:
        raise ValueError(f"operands could not be broadcast together {dY.shape} {Z.shape}")
    D = dY * (Z > 0)
    dZ = D @ W2
    return D + dZ @ W1, dZ.T @ X, dZ.sum(axis=0), D.T @ H, D.sum(axis=0)


def block_backward__relu_on_dy_in_the_branch(dY, cache, W1, W2):
    """In the branch, you apply the ReLU's slope to dY, at the branch's end. The ReLU is in the
    middle: first go back through the second layer, then through the ReLU."""
    X, Z, H = cache
    D = dY * (Z > 0)
    dZ = D @ W2
    return dY + dZ @ W1, dZ.T @ X, dZ.sum(axis=0), D.T @ H, D.sum(axis=0)


def block_backward__no_relu(dY, cache, W1, W2):
    """Your gradient ignores the ReLU. Where a hidden unit was off, nothing goes back through it."""
    return _back(dY, cache, W1, W2, dY @ W2)


def block_backward__slope_at_zero(dY, cache, W1, W2):
    """You let the gradient through where Z is exactly 0. In this course the ReLU's slope is 0
    there: ask for `>`, not `>=`. (Asking `H >= 0` is always true.)"""
    return _back(dY, cache, W1, W2, (dY @ W2) * (cache[1] >= 0))


def block_backward__times_h(dY, cache, W1, W2):
    """You multiply by H, or by relu(Z), where the ReLU's *slope* belongs: it is 1 where Z is
    positive, otherwise 0."""
    return _back(dY, cache, W1, W2, (dY @ W2) * cache[2])


def block_backward__times_z(dY, cache, W1, W2):
    """You multiply by Z where the ReLU's *slope* belongs: it is 1 where Z is positive, otherwise
    0."""
    return _back(dY, cache, W1, W2, (dY @ W2) * cache[1])


def block_backward__divided_by_n(dY, cache, W1, W2):
    """Your gradients of weights and biases are divided by n. The 1/n is already in dY; it enters
    once, in the loss's gradient."""
    dX, *rest = _back(dY, cache, W1, W2)
    return dX, *(part / len(dY) for part in rest)


def block_backward__all_divided_by_n(dY, cache, W1, W2):
    """All your gradients are divided by n. The 1/n is already in dY; it enters once, in the loss's
    gradient."""
    return tuple(part / len(dY) for part in _back(dY, cache, W1, W2))


def block_backward__mean_of_the_biases(dY, cache, W1, W2):
    """Your bias gradients are means over the batch. Each example adds its part: take the sum."""
    dX, dW1, db1, dW2, db2 = _back(dY, cache, W1, W2)
    return dX, dW1, db1 / len(dY), dW2, db2 / len(dY)


def block_backward__bias_over_the_features(dY, cache, W1, W2):
    """Your bias gradients are summed over axis 1, across the units. Each unit has a bias of its
    own: sum over the examples, axis 0."""
    _, Z, _ = cache
    dX, dW1, _, dW2, _ = _back(dY, cache, W1, W2)
    return dX, dW1, ((dY @ W2) * (Z > 0)).sum(axis=1), dW2, dY.sum(axis=1)


def block_backward__bias_before_the_relu(dY, cache, W1, W2):
    """Your db1 is the sum of the gradient *before* it has gone back through the ReLU. b1 is added
    before the ReLU on the way forward, so on the way back its gradient comes after."""
    dX, dW1, _, dW2, db2 = _back(dY, cache, W1, W2)
    return dX, dW1, (dY @ W2).sum(axis=0), dW2, db2


def block_backward__first_bias_of_dy(dY, cache, W1, W2):
    """Your db1 is made of dY, like db2. b1 belongs to the first layer: use the gradient that
    arrives there."""
    dX, dW1, _, dW2, db2 = _back(dY, cache, W1, W2)
    return dX, dW1, dY.sum(axis=0), dW2, db2


def block_backward__weights_transposed(dY, cache, W1, W2):
    """Your dW1 and dW2 are transposed. A gradient has the shape of its weights: (out, in)."""
    dX, dW1, db1, dW2, db2 = _back(dY, cache, W1, W2)
    return dX, dW1.T, db1, dW2.T, db2


def block_backward__second_weights_from_scores(dY, cache, W1, W2):
    """Your dW2 is made with Z. The second layer's input is what the ReLU makes of Z."""
    dX, dW1, db1, _, db2 = _back(dY, cache, W1, W2)
    return dX, dW1, db1, dY.T @ cache[1], db2


def block_backward__first_weights_from_hidden(dY, cache, W1, W2):
    """Your dW1 is made with H. The first layer's input is X."""
    _, Z, H = cache
    dX, _, db1, dW2, db2 = _back(dY, cache, W1, W2)
    return dX, ((dY @ W2) * (Z > 0)).T @ H, db1, dW2, db2


def block_backward__adds_x(dY, cache, W1, W2):
    """You add X to the branch's gradient. On the way forward x goes around; on the way back its
    gradient, dY, does."""
    dX, *rest = _back(dY, cache, W1, W2)
    return dX - dY + cache[0], *rest


def block_backward__product(dY, cache, W1, W2):
    """You multiply what comes around by what comes through the branch. Where two ways meet, the
    gradients add."""
    dX, *rest = _back(dY, cache, W1, W2)
    return dY * (dX - dY), *rest


def block_backward__skip_into_the_branch(dY, cache, W1, W2):
    """Your dX is right, but the gradients of the first layer are made with a mixture: the dY that
    goes around has been added to dZ. The skip connection bypasses the whole branch."""
    X, Z, _ = cache
    right = _back(dY, cache, W1, W2)
    if Z.shape != dY.shape:
        raise ValueError(f"operands could not be broadcast together {Z.shape} {dY.shape}")
    dZ = (dY @ W2) * (Z > 0) + dY
    return right[0], dZ.T @ X, dZ.sum(axis=0), *right[3:]


def block_backward__second_weights_transposed(dY, cache, W1, W2):
    """You go back through the second layer with W2 transposed. Forward it was H W2ᵀ, so back it is
    dY W2."""
    if W2.shape[0] != W2.shape[1]:
        raise ValueError(f"matmul: {dY.shape} and {W2.T.shape}")
    return _back(dY, cache, W1, W2, (dY @ W2.T) * (cache[1] > 0))


def block_backward__first_weights_transposed(dY, cache, W1, W2):
    """You go back through the first layer with W1 transposed. Forward it was X W1ᵀ, so back it is
    dZ W1."""
    if W1.shape[0] != W1.shape[1]:
        raise ValueError(f"matmul: {cache[1].shape} and {W1.T.shape}")
    _, *rest = _back(dY, cache, W1, W2)
    return dY + ((dY @ W2) * (cache[1] > 0)) @ W1.T, *rest


def block_backward__another_order(dY, cache, W1, W2):
    """The gradients are right, but not in the order of the docstring: first the first layer's
    weights and bias, then the second layer's."""
    dX, dW1, db1, dW2, db2 = _back(dY, cache, W1, W2)
    return dX, dW2, db2, dW1, db1


def block_backward__weights_first(dY, cache, W1, W2):
    """The gradients are right, but not in the order of the docstring: each weight matrix is
    followed by its bias."""
    dX, dW1, db1, dW2, db2 = _back(dY, cache, W1, W2)
    return dX, dW1, dW2, db1, db2


def block_backward__changes_dy(dY, cache, W1, W2):
    """The result may be right, but you add to dY in place, with `+=`, and dY belongs to the
    caller. Use a plain `+`."""
    dX, *rest = _back(dY, cache, W1, W2)
    dY += dX - dY
    return dY, *rest


def block_backward__dx_only(dY, cache, W1, W2):
    """You return only dX. The weights and biases need their gradients, too: five arrays in all."""
    return _back(dY, cache, W1, W2)[0]


def block_backward__no_return(dY, cache, W1, W2):
    """Your function gives back None: it gets to its end without a `return`. Return the five
    gradients."""
    _back(dY, cache, W1, W2)


# zero_init_block


def fresh_zero_init_block(draw):
    return *draw.sizes("d", "hidden"), draw.generator()


def inputs_zero_init_block(rng: np.random.Generator) -> Iterator[tuple]:
    # Sizes whose spreads lie in the middle of a step of the view.
    yield 163, 73, rng.spawn(1)[0]
    yield 73, 163, rng.spawn(1)[0]
    yield 3, 2, rng.spawn(1)[0]
    # Who asks this rng for a number fails; who gets numbers elsewhere does not.
    yield 5, 4, "no generator"


def view_zero_init_block(result: Any) -> Any:
    """Of each array: its shape, and what can be said of its entries."""
    if not isinstance(result, (tuple, list)):
        return {"kind": type(result).__name__}
    return {"count": len(result),
            **{f"{k} {name}": value for k, part in enumerate(result)
               for name, value in _seen(part).items()}}


def _seen(part: Any) -> dict[str, str]:
    if not isinstance(part, np.ndarray):
        return {"kind": type(part).__name__}
    seen = {"shape": str(part.shape), "dtype": str(part.dtype)}
    if not part.any():
        return seen | {"entries": "zeros"}
    if part.size < 1000:
        return seen | {"entries": "ones" if (part == 1).all() else "some"}
    spread = float(part.std())
    if spread > 0:
        far = float(np.mean(np.abs(part - part.mean()) > 2 * spread))
        seen |= {"spread": str(round(float(np.log(spread)) / 0.2)),
                 "centre": str(round(float(part.mean()) / spread)),
                 "form": "uniform" if far < 0.012 else "normal",
                 "unlike": str(len(np.unique(part)) > 0.9 * part.size)}
    return seen


def _start(d, hidden, rng, std):
    W1 = rng.normal(0.0, std, size=(hidden, d))
    return W1, np.zeros(hidden), np.zeros((d, hidden)), np.zeros(d)


def zero_init_block__all_zero(d, hidden, rng):
    """All your weights are zero. The block is the identity, but it can never learn: with both W1
    and W2 zero, what are dW1 and dW2?"""
    return np.zeros((hidden, d)), np.zeros(hidden), np.zeros((d, hidden)), np.zeros(d)


def zero_init_block__first_weights_zero(d, hidden, rng):
    """You have drawn W2 and set W1 to zero. The block is the identity, and it can learn, but this
    exercise asks for it the other way around: which of the two layers comes last?"""
    W2 = rng.normal(0.0, (2 / hidden) ** 0.5, size=(d, hidden))
    return np.zeros((hidden, d)), np.zeros(hidden), W2, np.zeros(d)


def zero_init_block__small_second_weights(d, hidden, rng):
    """Your W2 is small, but not zero, so the block isn't exactly the identity at the start."""
    W1, b1, _, b2 = _start(d, hidden, rng, (2 / d) ** 0.5)
    return W1, b1, 0.01 * rng.normal(size=(d, hidden)), b2


def zero_init_block__he_for_both(d, hidden, rng):
    """You have drawn both weight matrices. Then each branch adds about as much as it gets, and the
    signal explodes with depth. Which one has to be zero?"""
    W1, b1, _, b2 = _start(d, hidden, rng, (2 / d) ** 0.5)
    return W1, b1, rng.normal(0.0, (2 / hidden) ** 0.5, size=(d, hidden)), b2


def zero_init_block__fans_swapped(d, hidden, rng):
    """The spread of your W1 looks at the number of hidden units. He's variance is 2 over the number
    of *inputs* of the layer: how many does each hidden unit have?"""
    return _start(d, hidden, rng, (2 / hidden) ** 0.5)


def zero_init_block__shapes_swapped(d, hidden, rng):
    """Your matrices are (in, out). In this course W is (out, in): one unit in each row."""
    W1, b1, W2, b2 = _start(d, hidden, rng, (2 / d) ** 0.5)
    return W1.T.copy(), b1, W2.T.copy(), b2


def zero_init_block__inputs_and_hidden_swapped(d, hidden, rng):
    """You have mixed up d and hidden in W1 and W2: both are (in, out), and the spread of W1 goes by
    the number of hidden units. W is (out, in), and each hidden unit reads d numbers."""
    W1, b1, W2, b2 = _start(d, hidden, rng, (2 / hidden) ** 0.5)
    return W1.T.copy(), b1, W2.T.copy(), b2


def zero_init_block__variance_as_std(d, hidden, rng):
    """The spread of your W1 is far too small: you pass the *variance* to rng.normal, whose second
    argument is the standard deviation. How do you get from one to the other?"""
    return _start(d, hidden, rng, 2 / d)


def zero_init_block__two_outside_the_root(d, hidden, rng):
    """The spread of your W1 is 2/√d. He's variance is 2/d, so its root has the 2 inside, too."""
    return _start(d, hidden, rng, 2 / d ** 0.5)


def zero_init_block__without_the_two(d, hidden, rng):
    """Your W1 has the variance 1/d. The ReLU sets half of the signal to 0, and the 2 in He's
    variance makes up for that."""
    return _start(d, hidden, rng, d ** -0.5)


def zero_init_block__xavier(d, hidden, rng):
    """Your W1 has Xavier's variance, 2 over inputs plus outputs. He's looks at the inputs only."""
    return _start(d, hidden, rng, (2 / (d + hidden)) ** 0.5)


def zero_init_block__standard_normal(d, hidden, rng):
    """Your W1 has the variance 1, whatever the size of the layer. Scale it: He's variance is 2 over
    the number of inputs."""
    return _start(d, hidden, rng, 1.0)


def zero_init_block__fixed_spread(d, hidden, rng):
    """Your W1 has the same spread whatever the size of the layer. He's variance is 2 over the
    number of inputs."""
    return _start(d, hidden, rng, 0.01)


def zero_init_block__uniform(d, hidden, rng):
    """Your W1 comes from a uniform distribution. The exercise asks for normal draws:
    `rng.normal`."""
    limit = (6 / d) ** 0.5
    return rng.uniform(-limit, limit, size=(hidden, d)), *_start(d, hidden, rng, 1.0)[1:]


def zero_init_block__random_biases(d, hidden, rng):
    """Your biases are random. They begin at zero; b2 would be added to the input at once."""
    W1, _, W2, _ = _start(d, hidden, rng, (2 / d) ** 0.5)
    return W1, rng.normal(size=hidden), W2, rng.normal(size=d)


def zero_init_block__biases_of_one(d, hidden, rng):
    """Your biases are ones. They begin at zero; b2 would be added to the input at once."""
    W1, _, W2, _ = _start(d, hidden, rng, (2 / d) ** 0.5)
    return W1, np.ones(hidden), W2, np.ones(d)


def zero_init_block__biases_swapped(d, hidden, rng):
    """The lengths of your two biases are swapped. Each layer has one bias for each of its units:
    how many does the first layer have?"""
    W1, b1, W2, b2 = _start(d, hidden, rng, (2 / d) ** 0.5)
    return W1, b2, W2, b1


def zero_init_block__both_biases_of_length_d(d, hidden, rng):
    """Your b1 has one entry for each *input*. A bias belongs to the units of its layer: how many
    does the first one have?"""
    W1, _, W2, b2 = _start(d, hidden, rng, (2 / d) ** 0.5)
    return W1, np.zeros(d), W2, b2


def zero_init_block__bias_rows(d, hidden, rng):
    """Your biases are matrices with one row, like (1, d). They should be plain vectors, (hidden,)
    and (d,)."""
    W1, b1, W2, b2 = _start(d, hidden, rng, (2 / d) ** 0.5)
    return W1, b1[None], W2, b2[None]


def zero_init_block__weights_first(d, hidden, rng):
    """The arrays are right, but in another order: each weight matrix is followed by its bias,
    (W1, b1, W2, b2)."""
    W1, b1, W2, b2 = _start(d, hidden, rng, (2 / d) ** 0.5)
    return W1, W2, b1, b2


def zero_init_block__without_rng(d, hidden, rng):
    """You never use `rng`: your draws come from np.random, or from a generator of your own. Draw
    them all from `rng`."""
    return _start(d, hidden, np.random.default_rng(0), (2 / d) ** 0.5)


def zero_init_block__one_number(d, hidden, rng):
    """You draw one number and use it for all of W1. Then all hidden units are the same, and stay
    the same. Draw one for each entry: pass `size`."""
    std = (2 / d) ** 0.5
    return np.full((hidden, d), rng.normal(0.0, std)), *_start(d, hidden, rng, 1.0)[1:]


def zero_init_block__no_return(d, hidden, rng):
    """Your function gives back None: it gets to its end without a `return`. Return the four
    arrays."""
    _start(d, hidden, rng, 1.0)


# lesion


def fresh_lesion(draw):
    blocks = [draw.integer(1, 4) for _ in range(draw.sizes("L")[0])]
    text = ("lambda blocks: 1.0 + sum(0.1 ** k * (one if isinstance(one, int) else 0.5) "
            "for k, one in enumerate(blocks))")
    return blocks, draw.function(text)


def inputs_lesion(rng: np.random.Generator) -> Iterator[tuple]:
    for blocks in ([5, 7, 9], [2, 2, 3, 2], [1, 2, 3, 4], [4], [6, 1]):
        yield (blocks,)


def run_lesion(answer: Answer, blocks: list) -> Any:
    """What came back, of which kind, the lists that were asked about, and what `blocks` is now."""
    asked: list[str] = []

    def accuracy(given: Any) -> float:
        listed = [one if isinstance(one, int) else -1 for one in list(given)]
        asked.append(f"{type(given).__name__} {listed}")
        return 0.5 + sum(one * 10.0 ** -k for k, one in enumerate(listed))

    mine = list(blocks)
    got = answer(mine, accuracy)
    kind = str(getattr(got, "dtype", type(got).__name__))
    return [got, kind, sorted(set(asked)), str(mine)]


def _without(blocks, k):
    return blocks[:k] + blocks[k + 1:]


def lesion__cumulative(blocks, accuracy):
    """You never put a block back: by the end, nearly all are out. Each entry is about the list in
    which *one* block is missing."""
    return np.array([accuracy(blocks[k + 1:]) for k in range(len(blocks))], dtype=float)


def lesion__cumulative_from_the_end(blocks, accuracy):
    """Entry k is the accuracy of the first k blocks only: you leave out all that come after, too.
    Put what comes after block k back in."""
    return np.array([accuracy(blocks[:k]) for k in range(len(blocks))], dtype=float)


def lesion__by_value(blocks, accuracy):
    """You leave out every block that *equals* block k. Two blocks may be equal: go by the place."""
    return np.array([accuracy([one for one in blocks if one != blocks[k]])
                     for k in range(len(blocks))], dtype=float)


def lesion__remove(blocks, accuracy):
    """`remove` takes out the first block that *equals* block k, and that may be another one. Go by
    the place."""
    found = []
    for block in blocks:
        left = list(blocks)
        left.remove(block)
        found.append(accuracy(left))
    return np.array(found, dtype=float)


def lesion__changes_the_list(blocks, accuracy):
    """The results may be right, but you take blocks out of the caller's list and don't put them
    back. Make a new list for each k."""
    found = [accuracy(_without(blocks, k)) for k in range(len(blocks))]
    blocks.pop()
    return np.array(found, dtype=float)


def lesion__pops_while_counting(blocks, accuracy):
    """You take blocks out of the list while you count through it, so the places shift, and every
    second block is passed over. Make a new list for each k."""
    left, found = list(blocks), []
    for k in range(len(blocks)):
        if k < len(left):
            left.pop(k)
        found.append(accuracy(list(left)))
    return np.array(found, dtype=float)


def lesion__put_back_at_the_end(blocks, accuracy):
    """You put each block back at the end of the list, so the order changes. Put it back in its
    place, or better, make a new list for each k."""
    left, found = list(blocks), []
    for _ in range(len(blocks)):
        block = left.pop(0)
        found.append(accuracy(list(left)))
        left.append(block)
    return np.array(found, dtype=float)


def lesion__off_by_one(blocks, accuracy):
    """Entry k is about the block after block k, and for the last entry nothing is missing. Places
    are counted from 0."""
    return np.array([accuracy(_without(blocks, k)) for k in range(1, len(blocks) + 1)],
                    dtype=float)


def lesion__nothing_missing(blocks, accuracy):
    """Nothing is missing from the lists that you ask about: `blocks[:k] + blocks[k:]` is the whole
    list. Where does the second part begin?"""
    return np.array([accuracy(list(blocks)) for _ in blocks], dtype=float)


def lesion__two_missing(blocks, accuracy):
    """Two blocks are missing from each of your lists, block k and a neighbor. `blocks[:k]` already
    ends before block k."""
    return np.array([accuracy(blocks[:max(k - 1, 0)] + blocks[k + 1:])
                     for k in range(len(blocks))], dtype=float)


def lesion__only_that_block(blocks, accuracy):
    """You keep only block k and leave out all the others. It is the other way around."""
    return np.array([accuracy([block]) for block in blocks], dtype=float)


def lesion__in_reverse(blocks, accuracy):
    """Your results are in reverse order: entry 0 belongs to the first block."""
    return np.array([accuracy(_without(blocks, k)) for k in range(len(blocks))][::-1], dtype=float)


def lesion__with_the_baseline(blocks, accuracy):
    """Your result has one entry more, the accuracy of the whole list. Return one for each missing
    block, nothing else."""
    return np.array([accuracy(list(blocks)), *(accuracy(_without(blocks, k))
                                               for k in range(len(blocks)))], dtype=float)


def lesion__baseline_last(blocks, accuracy):
    """Your result has one entry more at the end, the accuracy of the whole list. Return one for
    each missing block, nothing else."""
    return np.array([accuracy(_without(blocks, k)) for k in range(len(blocks) + 1)], dtype=float)


def lesion__what_is_lost(blocks, accuracy):
    """You return how much accuracy is *lost* without each block. Return the accuracy itself."""
    whole = accuracy(list(blocks))
    return np.array([whole - accuracy(_without(blocks, k)) for k in range(len(blocks))],
                    dtype=float)


def lesion__change(blocks, accuracy):
    """You return the *change* of the accuracy without each block. Return the accuracy itself."""
    whole = accuracy(list(blocks))
    return np.array([accuracy(_without(blocks, k)) - whole for k in range(len(blocks))],
                    dtype=float)


def lesion__relative(blocks, accuracy):
    """You divide by the accuracy of the whole list. Return the accuracy itself."""
    whole = accuracy(list(blocks))
    return np.array([accuracy(_without(blocks, k)) / whole for k in range(len(blocks))],
                    dtype=float)


def lesion__none_in_its_place(blocks, accuracy):
    """You put None where the block was, so the list is as long as before. Take the block out: the
    list gets shorter by one."""
    return np.array([accuracy([*blocks[:k], None, *blocks[k + 1:]]) for k in range(len(blocks))],
                    dtype=float)


def lesion__tuples(blocks, accuracy):
    """Your accuracies are right, but you hand `accuracy` a tuple. It is promised a list."""
    return np.array([accuracy(tuple(_without(blocks, k))) for k in range(len(blocks))],
                    dtype=float)


def lesion__delete_from_an_array(blocks, accuracy):
    """`np.delete` turns your list into an array, and blocks of arrays don't fit into one. Join two
    slices of the list instead."""
    return np.array([accuracy(np.delete(blocks, k)) for k in range(len(blocks))], dtype=float)


def lesion__list(blocks, accuracy):
    """The numbers are right, but you return a list. Return a float64 array."""
    return [accuracy(_without(blocks, k)) for k in range(len(blocks))]


def lesion__rounded_to_int(blocks, accuracy):
    """Your result holds whole numbers: the accuracies are cut off. Make a float array."""
    return np.array([int(accuracy(_without(blocks, k))) for k in range(len(blocks))])


def lesion__mean(blocks, accuracy):
    """You return one number, the mean over the blocks. Return all of them, one for each block."""
    return np.float64(np.mean([accuracy(_without(blocks, k)) for k in range(len(blocks))]))


def lesion__no_return(blocks, accuracy):
    """Your function gives back None: it gets to its end without a `return`. Return the array."""


# path_counts


def fresh_path_counts(draw):
    return (draw.integer(0, 12),)


def inputs_path_counts(rng: np.random.Generator) -> Iterator[tuple]:
    for L in (0, 1, 3, 4, 7, 36, 100):
        yield (L,)


def view_path_counts(result: Any) -> Any:
    """Every number as text: ints may be larger than any float is exact."""
    if not isinstance(result, (list, tuple, np.ndarray)):
        return f"{type(result).__name__} {result}"
    return [f"{type(one).__name__} {one}" for one in list(result)]


def path_counts__number_of_all(L):
    """You return how many paths there are altogether, 2 to the power L. How many of them go through
    0, 1, 2, … blocks?"""
    return 2 ** L


def path_counts__powers_of_two(L):
    """Your counts are powers of two. How many paths through 3 blocks go through exactly two of
    them? List them."""
    return [2 ** k for k in range(L + 1)]


def path_counts__lengths(L):
    """You return the lengths, 0 to L. How *many* paths have each length?"""
    return list(range(L + 1))


def path_counts__length_times_count(L):
    """You have multiplied each count by its length, so you count branches. Count paths."""
    return [k * math.comb(L, k) for k in range(L + 1)]


def path_counts__permutations(L):
    """You count orders: L · (L − 1) ⋯ for k blocks. A path meets its blocks in the order of the
    network, so only *which* blocks matters."""
    return [math.perm(L, k) for k in range(L + 1)]


def path_counts__floats(L):
    """Your counts are floats. They round above 2 to the power 53, which 100 blocks exceed by far.
    Stay with Python's ints: `//` divides them without leaving them."""
    return [math.factorial(L) / math.factorial(k) / math.factorial(L - k) for k in range(L + 1)]


def path_counts__rounded_floats(L):
    """Your counts are right for a few blocks, and rounded for many: somewhere there is a float in
    between, such as the result of `/`. Use `//`, which stays with ints."""
    return [int(math.factorial(L) / (math.factorial(k) * math.factorial(L - k)))
            for k in range(L + 1)]


def path_counts__from_scipy(L):
    """Your counts are floats, as scipy's `comb` returns them. It has an option for exact ints, and
    Python's `math` has a function of its own."""
    from scipy.special import comb
    return [float(comb(L, k)) for k in range(L + 1)]


def path_counts__from_scipy_rounded(L):
    """Your counts are right for a few blocks, and rounded for many: scipy's `comb` returns floats,
    and `int` comes too late. It has an option for exact ints."""
    from scipy.special import comb
    return [int(comb(L, k)) for k in range(L + 1)]


def path_counts__overflow(L):
    """Your counts are right for a few blocks, and nonsense for many: NumPy's ints have 64 bits and
    overflow. Python's own ints never do."""
    row = np.array([1], dtype=np.int64)
    for _ in range(L):
        row = np.convolve(row, np.array([1, 1], dtype=np.int64))
    return [int(count) for count in row]


def path_counts__overflow_in_numpy(L):
    """Your counts are NumPy's ints, which have 64 bits and overflow for many blocks. Use Python's
    own."""
    row = np.array([1], dtype=np.int64)
    for _ in range(L):
        row = np.convolve(row, np.array([1, 1], dtype=np.int64))
    return list(row)


def path_counts__without_the_empty_path(L):
    """You have left out the path that goes around all blocks. It is one of the 2 to the power L."""
    return [math.comb(L, k) for k in range(1, L + 1)]


def path_counts__without_the_longest(L):
    """You have left out the path through all L blocks: there are L + 1 counts, from 0 to L."""
    return [math.comb(L, k) for k in range(L)]


def path_counts__one_block_more(L):
    """Your counts are for L + 1 blocks. For one block there are two paths: [1, 1]."""
    return [math.comb(L + 1, k) for k in range(L + 2)]


def path_counts__one_block_less(L):
    """Your counts are for L − 1 blocks. For one block there are two paths: [1, 1]."""
    return [math.comb(max(L - 1, 0), k) for k in range(max(L - 1, 0) + 1)]


def path_counts__cumulative(L):
    """You count the paths through *at most* k blocks. Count those through exactly k."""
    return [sum(math.comb(L, j) for j in range(k + 1)) for k in range(L + 1)]


def path_counts__shares(L):
    """You divide by the number of all paths. Return the counts themselves, as ints."""
    return [math.comb(L, k) / 2 ** L for k in range(L + 1)]


def path_counts__linear(L):
    """You count L paths for every length in between. For 4 blocks, how many ways are there to
    choose two of them?"""
    return [1 if k in (0, L) else L for k in range(L + 1)]


def path_counts__dictionary(L):
    """You return a dict. Return a list: entry k is the number of paths through k blocks."""
    return {k: math.comb(L, k) for k in range(L + 1)}


def path_counts__no_return(L):
    """Your function gives back None: it gets to its end without a `return`. Return the list."""


# projection_block


def fresh_projection_block(draw):
    n, d, hidden, out = draw.sizes("n", "d", "hidden", "out")
    identity = draw.choice([True, False])
    out = d if identity else out
    args = (draw.array(n, d), draw.array(hidden, d), draw.array(hidden), draw.array(out, hidden),
            draw.array(out))
    return (*args, None if identity else draw.array(out, d))


def inputs_projection_block(rng: np.random.Generator) -> Iterator[tuple]:
    for n, d, hidden, out, projected in ((4, 4, 4, 4, True), (3, 2, 5, 4, True),
                                         (3, 5, 2, 4, True), (4, 4, 4, 4, False),
                                         (2, 3, 5, 3, False)):
        args = (rng.normal(size=(n, d)), rng.normal(size=(hidden, d)), rng.normal(size=hidden),
                rng.normal(size=(out, hidden)), rng.normal(size=out))
        yield (*args, rng.normal(size=(out, d)) if projected else None)


def _branch(X, W1, b1, W2, b2):
    return _relu(X @ W1.T + b1) @ W2.T + b2


def projection_block__transposed(X, W1, b1, W2, b2, Ws=None):
    """You multiply by Ws as it is. It is (out, d), like every weight matrix, so it is X Wsᵀ."""
    return (X if Ws is None else X @ Ws) + _branch(X, W1, b1, W2, b2)


def projection_block__identity_always(X, W1, b1, W2, b2, Ws=None):
    """Ws makes no difference to your result: you add X itself. Where a projection is given, it is
    what goes around the branch."""
    return X + _branch(X, W1, b1, W2, b2)


def projection_block__identity_where_it_fits(X, W1, b1, W2, b2, Ws=None):
    """You use Ws only where the width changes. Where it is given, it is to be used, also from 4 to
    4."""
    F = _branch(X, W1, b1, W2, b2)
    return (X if X.shape == F.shape else X @ Ws.T) + F


def projection_block__applied_to_the_branch(X, W1, b1, W2, b2, Ws=None):
    """You apply the projection to the branch's output. The branch has its own weights; Ws is for
    what goes *around* it."""
    F = _branch(X, W1, b1, W2, b2)
    return X + (F if Ws is None else F @ Ws.T)


def projection_block__applied_to_the_sum(X, W1, b1, W2, b2, Ws=None):
    """You apply the projection to the whole sum. Ws is only for what goes *around* the branch."""
    Y = X + _branch(X, W1, b1, W2, b2)
    return Y if Ws is None else Y @ Ws.T


def projection_block__branch_of_the_projection(X, W1, b1, W2, b2, Ws=None):
    """You feed the projected input to the branch, too. The branch gets X itself."""
    around = X if Ws is None else X @ Ws.T
    return around + _branch(around, W1, b1, W2, b2)


def projection_block__both(X, W1, b1, W2, b2, Ws=None):
    """You add X *and* its projection. Where Ws is given, the projection takes the place of X."""
    return X + (0.0 if Ws is None else X @ Ws.T) + _branch(X, W1, b1, W2, b2)


def projection_block__no_skip_without_ws(X, W1, b1, W2, b2, Ws=None):
    """Without Ws, nothing goes around your branch. None means the identity: X itself."""
    return (0.0 if Ws is None else X @ Ws.T) + _branch(X, W1, b1, W2, b2)


def projection_block__no_skip(X, W1, b1, W2, b2, Ws=None):
    """You return the branch alone. Where is what goes around it?"""
    return _branch(X, W1, b1, W2, b2)


def projection_block__truth_of_an_array(X, W1, b1, W2, b2, Ws=None):
    """You ask whether an array is true, with `if Ws`, or whether its entries equal None, with
    `Ws == None`. NumPy refuses to answer either for the array as a whole. Ask `Ws is None`."""
    return (X @ Ws.T if Ws else X) + _branch(X, W1, b1, W2, b2)


def projection_block__relu_after_the_sum(X, W1, b1, W2, b2, Ws=None):
    """There is a ReLU around your sum. The only ReLU of this block is inside the branch."""
    return _relu((X if Ws is None else X @ Ws.T) + _branch(X, W1, b1, W2, b2))


def projection_block__relu_after_the_projection(X, W1, b1, W2, b2, Ws=None):
    """There is a ReLU after your projection. The way around has no activation."""
    return (X if Ws is None else _relu(X @ Ws.T)) + _branch(X, W1, b1, W2, b2)


def projection_block__no_relu(X, W1, b1, W2, b2, Ws=None):
    """Your branch has no ReLU between its two layers."""
    return (X if Ws is None else X @ Ws.T) + (X @ W1.T + b1) @ W2.T + b2


def projection_block__second_bias_lost(X, W1, b1, W2, b2, Ws=None):
    """b2 makes no difference to your result. The branch is the same as in block_forward."""
    return (X if Ws is None else X @ Ws.T) + _branch(X, W1, b1, W2, 0 * b2)


def projection_block__second_bias_twice(X, W1, b1, W2, b2, Ws=None):
    """You add b2 to the projection, too. The way around has no bias."""
    return (X if Ws is None else X @ Ws.T + b2) + _branch(X, W1, b1, W2, b2)


def projection_block__first_bias_lost(X, W1, b1, W2, b2, Ws=None):
    """b1 makes no difference to your result. The branch is the same as in block_forward."""
    return (X if Ws is None else X @ Ws.T) + _branch(X, W1, 0 * b1, W2, b2)


def projection_block__product(X, W1, b1, W2, b2, Ws=None):
    """You multiply the two ways. A residual block adds them."""
    return (X if Ws is None else X @ Ws.T) * _branch(X, W1, b1, W2, b2)


def projection_block__with_a_cache(X, W1, b1, W2, b2, Ws=None):
    """You return a tuple, as block_forward does. Here only the output is asked for."""
    Z = X @ W1.T + b1
    return (X if Ws is None else X @ Ws.T) + _branch(X, W1, b1, W2, b2), (X, Z, _relu(Z))


def projection_block__changes_the_input(X, W1, b1, W2, b2, Ws=None):
    """The result may be right, but without Ws you add to X in place, with `+=`, and X belongs to
    the caller. Use a plain `+`."""
    F = _branch(X, W1, b1, W2, b2)
    around = X if Ws is None else X @ Ws.T
    around += F
    return around


def projection_block__no_return(X, W1, b1, W2, b2, Ws=None):
    """Your function gives back None: it gets to its end without a `return`. Return the output."""


# stochastic_depth


def fresh_stochastic_depth(draw):
    X, p = draw.array(*draw.sizes("n", "d")), draw.between(0.1, 0.9)
    return (draw.function("lambda X: 1.0 + np.asarray(X) ** 2"), X, p, draw.generator(),
            draw.choice([True, False]))


# A generator that knows only the number 0: whoever draws from it treats all alike.
_FROZEN = (9, 4)


def _frozen() -> np.random.Generator:
    twister = np.random.MT19937()
    state: Any = twister.state
    # Words of 0 from the third on. All 0 is no state of a generator, and would not be handed over.
    state["state"]["key"] = np.array([2 ** 31, *[0] * 623], dtype=np.uint32)
    state["state"]["pos"] = 2
    twister.state = state
    return np.random.Generator(twister)


def inputs_stochastic_depth(rng: np.random.Generator) -> Iterator[tuple]:
    for shape, p, training in (((602, 4), 0.2, True), ((40, 3), 0.0, True), ((302, 2), 0.75, True),
                               ((6, 3), 0.4, False), ((5, 2, 2), 0.3, True), (_FROZEN, 0.5, True)):
        yield shape, p, int(rng.integers(2 ** 30)), training
    for p, training in ((1.0, True), (1.5, False), (-0.25, True), (1.0, False)):
        yield (4, 3), p, int(rng.integers(2 ** 30)), training


def run_stochastic_depth(answer: Answer, shape: tuple, p: float, seed: int, training: bool) -> Any:
    """How often the branch was called and with which shapes, and what became of x = 1, F = 8.

    The branch returns 8 for each entry, and 16 in the last example where the batch is large.
    """
    seen = []

    def branch(X: Any) -> Array:
        seen.append(str(np.shape(X)))
        F = np.full(np.shape(X), 8.0)
        if len(F) > 1:
            F[-1] = 16.0 if len(F) == shape[0] else 24.0
        return F

    rng = _frozen() if shape == _FROZEN else np.random.default_rng(seed)
    got = np.asarray(answer(branch, np.ones(shape), p, rng, training), dtype=float)
    told: dict[str, Any] = {"branch": str(seen[:3]), "shape": str(got.shape)}
    if got.shape != shape:
        return told
    if shape == _FROZEN:
        return told | {"mixed": bool(np.ptp(got[:-1]) > 0)}
    rows = got[:-1].reshape(len(got) - 1, -1)
    told |= {"values": np.unique(rows.round(9))[:6],
             "alike in a row": bool((np.ptp(rows, axis=1) < 1e-9).all()),
             "alike in a column": bool((np.ptp(rows, axis=0) < 1e-9).all()),
             "last": "same" if np.isin(got[-1].round(9), rows.round(9)).all() else "another"}
    if len(rows) > 100:
        share = float(np.mean(rows > rows.min() + 1e-9)) if np.ptp(rows) > 1e-9 else 1.0
        told |= {"share": round(4 * share),
                 "exact": bool(abs(share * len(rows) - round((1 - p) * len(rows))) < 1e-9
                               and p == 0.75)}
    return told


def _p(p: float) -> float:
    if not 0 <= p < 1:
        raise ValueError("p must be at least 0 and below 1")
    return p


def _coins(X, p, rng):
    """1 where an example keeps its branch, in a shape that fits X."""
    return (rng.random(len(X)) >= _p(p)).astype(float).reshape(-1, *[1] * (np.ndim(X) - 1))


def stochastic_depth__one_draw_for_the_batch(branch, X, p, rng, training):
    """The whole batch keeps its branch, or loses it. Draw for each example on its own."""
    _p(p)
    F = branch(X)
    return X + F * (rng.random() >= p) / (1 - p) if training else X + F


def stochastic_depth__one_draw_for_each_entry(branch, X, p, rng, training):
    """You drop single entries of the branch, as in dropout. An example keeps its whole branch, or
    loses it: draw one number for each row."""
    _p(p)
    F = branch(X)
    return X + F * (rng.random(X.shape) >= p) / (1 - p) if training else X + F


def stochastic_depth__one_draw_for_each_column(branch, X, p, rng, training):
    """Your draws belong to the columns, so all examples lose the same entries. Draw one number for
    each row, and give it the shape (n, 1)."""
    _p(p)
    F = branch(X)
    return X + F * (rng.random(X.shape[-1]) >= p) / (1 - p) if training else X + F


def stochastic_depth__not_scaled(branch, X, p, rng, training):
    """You do not divide by 1 − p. So the branch counts less during training, on average, than it
    does at test time."""
    keep, F = _coins(X, p, rng), branch(X)
    return X + F * keep if training else X + F


def stochastic_depth__scaled_in_use(branch, X, p, rng, training):
    """You do not divide in training, and multiply the branch by 1 − p at test time. That is how the
    original paper does it; here you divide in training, and change nothing at test time."""
    keep, F = _coins(X, p, rng), branch(X)
    return X + F * keep if training else X + (1 - p) * F


def stochastic_depth__scaled_twice(branch, X, p, rng, training):
    """You divide in training and also multiply by 1 − p at test time. Once is enough: at test time,
    add the whole branch."""
    keep, F = _coins(X, p, rng), branch(X)
    return X + F * keep / (1 - p) if training else X + (1 - p) * F


def stochastic_depth__divided_in_use(branch, X, p, rng, training):
    """You divide the branch by 1 − p at test time, too. That makes up for branches that are left
    out in training; at test time, none is."""
    keep, F = _coins(X, p, rng), branch(X)
    return X + F * keep / (1 - p) if training else X + F / (1 - p)


def stochastic_depth__multiplied(branch, X, p, rng, training):
    """You multiply by 1 − p. The branches that are kept have to make up for the others: divide."""
    keep, F = _coins(X, p, rng), branch(X)
    return X + F * keep * (1 - p) if training else X + F


def stochastic_depth__divided_by_p(branch, X, p, rng, training):
    """You divide by p, the probability of leaving out. To preserve the mean, divide by the
    probability of keeping."""
    keep, F = _coins(X, p, rng), branch(X)
    return X + F * keep / p if training else X + F


def stochastic_depth__keep_and_drop_swapped(branch, X, p, rng, training):
    """You keep the branch with probability p. p is the probability of leaving it *out*."""
    keep, F = _coins(X, p, rng), branch(X)
    return X + F * (1 - keep) / (1 - p) if training else X + F


def stochastic_depth__p_is_the_share_kept(branch, X, p, rng, training):
    """You read p as the probability of keeping, in both the draw and the scale. Here p is the
    probability of leaving the branch *out*."""
    keep, F = _coins(X, p, rng), branch(X)
    return X + F * (1 - keep) / p if training else X + F


def stochastic_depth__drops_the_skip(branch, X, p, rng, training):
    """You drop the whole example, with what goes around the branch. The skip connection always
    stays: that is what lets the network go on without a branch."""
    keep, F = _coins(X, p, rng), branch(X)
    return (X + F) * keep / (1 - p) if training else X + F


def stochastic_depth__scales_the_skip(branch, X, p, rng, training):
    """You divide the whole sum by 1 − p. Only the branch is ever left out, so only the branch is
    scaled."""
    keep, F = _coins(X, p, rng), branch(X)
    return (X + F * keep) / (1 - p) if training else X + F


def stochastic_depth__no_skip(branch, X, p, rng, training):
    """X itself is missing from your result. What goes around the branch is always added."""
    keep, F = _coins(X, p, rng), branch(X)
    return F * keep / (1 - p) if training else F


def stochastic_depth__drops_in_use(branch, X, p, rng, training):
    """You leave branches out even when `training` is False, so the same input would get a different
    answer each time."""
    return X + branch(X) * _coins(X, p, rng) / (1 - p)


def stochastic_depth__never_drops(branch, X, p, rng, training):
    """Your result always contains the whole branch. In training, each example leaves it out with
    probability p."""
    _p(p)
    return X + branch(X)


def stochastic_depth__training_turned_round(branch, X, p, rng, training):
    """You leave branches out when `training` is False, and not when it is True. Reverse the
    condition."""
    keep, F = _coins(X, p, rng), branch(X)
    return X + F if training else X + F * keep / (1 - p)


def stochastic_depth__no_branch_in_use(branch, X, p, rng, training):
    """When not training, you return X alone. At test time, every branch is added, whole."""
    keep, F = _coins(X, p, rng), branch(X)
    return X + F * keep / (1 - p) if training else X + 0.0


def stochastic_depth__exact_count(branch, X, p, rng, training):
    """Every call leaves out exactly the same number of branches. Draw for each example on its own,
    so that the number varies."""
    _p(p)
    F, keep = branch(X), np.ones(len(X))
    keep[rng.permutation(len(X))[:round(p * len(X))]] = 0.0
    return X + F * keep.reshape(-1, *[1] * (X.ndim - 1)) / (1 - p) if training else X + F


def stochastic_depth__only_two_axes(branch, X, p, rng, training):
    """Right for X of shape (n, d). With more axes, your draws of shape (n, 1) line up with the
    wrong ones: they need a 1 for each of the others, as many as X has."""
    _p(p)
    F = branch(X)
    return X + F * (rng.random((len(X), 1)) >= p) / (1 - p) if training else X + F


def stochastic_depth__draws_not_in_a_column(branch, X, p, rng, training):
    """Your draws have the shape (n,), so NumPy lines them up with the columns of X, not with its
    rows. Give them the shape (n, 1), with a 1 for every further axis."""
    _p(p)
    F = branch(X)
    return X + F * (rng.random(len(X)) >= p) / (1 - p) if training else X + F


def stochastic_depth__branch_of_those_kept(branch, X, p, rng, training):
    """You call the branch with only those examples that keep it. It may look at the whole batch, as
    batch norm does: call it once, with all of X."""
    keep = _coins(X, p, rng).reshape(-1) > 0
    if not training:
        return X + branch(X)
    Y = X.copy()
    Y[keep] += branch(X[keep]) / (1 - p)
    return Y


def stochastic_depth__branch_row_by_row(branch, X, p, rng, training):
    """You call the branch once for each example. It may look at the whole batch: call it once, with
    all of X."""
    _p(p)
    if not training:
        return X + branch(X)
    return np.array([x + branch(x[None])[0] * (rng.random() >= p) / (1 - p) for x in X])


def stochastic_depth__branch_called_twice(branch, X, p, rng, training):
    """You call the branch more than once. It costs time, and a branch may itself be random: keep
    its result in a variable."""
    keep = _coins(X, p, rng)
    F = np.where(keep > 0, branch(X), 0.0 * branch(X))
    return X + F / (1 - p) if training else X + branch(X)


def stochastic_depth__any_p(branch, X, p, rng, training):
    """You accept any p. For p = 1 you would divide by 0, and a probability is never negative: raise
    a ValueError unless 0 <= p < 1."""
    F = branch(X)
    keep = (rng.random(len(X)) >= p).reshape(-1, *[1] * (X.ndim - 1))
    return X + F * keep / (1 - p or 1) if training else X + F


def stochastic_depth__p_checked_in_training_only(branch, X, p, rng, training):
    """You refuse a wrong p only in training. It should be a ValueError at test time as well."""
    return X + branch(X) * _coins(X, p, rng) / (1 - p) if training else X + branch(X)


def stochastic_depth__accepts_one(branch, X, p, rng, training):
    """You accept p = 1. Then every branch is left out, and you divide by 0: allowed is p from 0 to
    *below* 1."""
    if not 0 <= p <= 1:
        raise ValueError("p must be between 0 and 1")
    F = branch(X)
    keep = (rng.random(len(X)) >= p).reshape(-1, *[1] * (X.ndim - 1))
    return X + F * keep / (1 - p or 1) if training else X + F


def stochastic_depth__refuses_zero(branch, X, p, rng, training):
    """You refuse p = 0. It is allowed: no branch is ever left out."""
    if not 0 < p < 1:
        raise ValueError("p must be between 0 and 1")
    return X + branch(X) * _coins(X, p, rng) / (1 - p) if training else X + branch(X)


def stochastic_depth__without_rng(branch, X, p, rng, training):
    """You never use `rng`: your draws come from np.random, or from a generator of your own. Draw
    them all from `rng`."""
    keep, F = _coins(X, p, np.random.default_rng(0)), branch(X)
    return X + F * keep / (1 - p) if training else X + F


def stochastic_depth__no_return(branch, X, p, rng, training):
    """Your function gives back None: it gets to its end without a `return`. Return the sum."""
    branch(X)
