"""Wrong answers to the exercises of lesson 2, each with the hint that the student reads.

`NAME__LABEL` is a wrong answer to exercise NAME, written the way students write it (so without
annotations), and its docstring is the hint. `inputs_NAME` yields the arguments on which all of them
differ from a right answer and from each other; `view_NAME` reduces a result that has many valid
forms, such as the weights of a gate, to what it does.

The inputs are float arrays wherever two ways to write the *same* mistake treat lists or ints
differently: an answer should be recognized by its idea, not by whether it calls `np.asarray`.
"""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from utils._diagnosis.draw import Draw

Array = np.ndarray
Act = Callable[[Array], Array]
Epoch = Callable[[Array, float], tuple[Array, float, float]]

_CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
_NOISE = np.array(list(itertools.product((-0.1, 0.1), repeat=2)))


def _step(z: Array | float) -> Array:
    return np.where(np.asarray(z) >= 0, 1.0, 0.0)


def _floats(value: Any) -> Array | None:
    """`value` as a float array, None where it isn't made of numbers."""
    try:
        return np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        return None


def _parts(result: Any, count: int) -> tuple[str, list[Array]]:
    """The arrays of a tuple of `count` results; otherwise a word for what came instead."""
    if result is None:
        return "None", []
    if not isinstance(result, (tuple, list)):
        return f"one value of shape {np.shape(result)}", []
    if len(result) != count:
        return f"{len(result)} values", []
    parts = [_floats(part) for part in result]
    arrays = [part for part in parts if part is not None]
    return ("", arrays) if len(arrays) == count else ("not numbers", [])


def _table(labels: Array) -> str:
    return "".join(str(int(label)) for label in labels)


# gate


def inputs_gate(rng: np.random.Generator) -> Iterator[tuple]:
    for name in ("AND", "OR", "NAND", "XOR", "and", "Nand"):
        yield (name,)
    yield ("".join(rng.choice(list("QUVWZ"), size=4)),)


def view_gate(result: Any) -> dict[str, str]:
    """Shapes, and for each corner the output without noise and with it ("?": it depends)."""
    wrong, parts = _parts(result, 2)
    if wrong:
        return {"kind": wrong}
    w, b = parts
    shapes = f"{w.shape} {b.shape}"
    if w.shape != (2,) or b.size != 1:
        return {"kind": shapes}
    clean = _step(_CORNERS @ w + b.item())
    noisy = _step((_CORNERS[:, None] + _NOISE) @ w + b.item()).mean(axis=1)
    marks = ["?" if 0 < share < 1 else str(int(share)) for share in noisy]
    return {"kind": shapes, "clean": _table(clean), "noisy": "".join(marks)}


def _gate(name: str, **gates: tuple) -> tuple:
    """The (w, b) of `name` among (w1, w2, b) by name; ValueError for any other name."""
    if name not in gates:
        raise ValueError(f"unknown gate {name!r}")
    w1, w2, b = gates[name]
    return np.array([w1, w2]), b


def _right(name: str) -> tuple:
    return _gate(name, AND=(1.0, 1.0, -1.5), OR=(1.0, 1.0, -0.5), NAND=(-1.0, -1.0, 1.5))


fresh_gate = None  # any valid answer is right: there is no expected one to show


def gate__or_for_and(name):
    """Your AND already fires when one input is on: that is OR. How far must the bias hold back so
    that only both together reach 0?"""
    return _gate(name, AND=(1.0, 1.0, -0.5), OR=(1.0, 1.0, -0.5), NAND=(-1.0, -1.0, 1.5))


def gate__and_for_or(name):
    """Your OR fires only when both inputs are on: that is AND. One single input has to be enough to
    reach 0."""
    return _gate(name, AND=(1.0, 1.0, -1.5), OR=(1.0, 1.0, -1.5), NAND=(-1.0, -1.0, 1.5))


def gate__nor_for_nand(name):
    """Your NAND fires only when both inputs are off: that is NOR, not-OR. Write down the four lines
    of NAND's truth table."""
    return _gate(name, AND=(1.0, 1.0, -1.5), OR=(1.0, 1.0, -0.5), NAND=(-1.0, -1.0, 0.5))


def gate__nand_is_and(name):
    """Your NAND is AND, not its opposite. To reverse a unit's answers, you have to reverse its
    score, and the score has two parts."""
    return _gate(name, AND=(1.0, 1.0, -1.5), OR=(1.0, 1.0, -0.5), NAND=(1.0, 1.0, -1.5))


def gate__nand_bias_not_flipped(name):
    """In your NAND the weights have changed sign but the bias hasn't, so the score is negative at
    all four corners. Work it out for inputs 0 and 0."""
    return _gate(name, AND=(1.0, 1.0, -1.5), OR=(1.0, 1.0, -0.5), NAND=(-1.0, -1.0, -1.5))


def gate__nand_weights_not_flipped(name):
    """In your NAND the bias has changed sign but the weights haven't, so the score is positive at
    all four corners. Work it out for inputs 1 and 1."""
    return _gate(name, AND=(1.0, 1.0, -1.5), OR=(1.0, 1.0, -0.5), NAND=(1.0, 1.0, 1.5))


def gate__nand_for_and(name):
    """Your AND and NAND are swapped. Check the score of each for inputs 1 and 1."""
    return _gate(name, AND=(-1.0, -1.0, 1.5), OR=(1.0, 1.0, -0.5), NAND=(1.0, 1.0, -1.5))


def gate__boundary_through_corner(name):
    """Your boundary runs right through a corner of the square: it is correct there, but wrong as
    soon as an input is off by 0.1. Move the line into the middle of the free space."""
    return _gate(name, AND=(1.0, 1.0, -2.0), OR=(1.0, 1.0, -1.0), NAND=(-1.0, -1.0, 1.0))


def gate__boundary_too_near(name):
    """Your gates are right at the corners themselves, but the boundary passes so close to one that
    ±0.1 on the inputs crosses it. How far is the line from the nearest corner on either side?"""
    return _gate(name, AND=(1.0, 1.0, -1.1), OR=(1.0, 1.0, -0.1), NAND=(-1.0, -1.0, 1.9))


def gate__for_a_strict_step(name):
    """These weights belong to a step that is 0 at exactly 0. The course's step fires there, so a
    score of exactly 0 at a corner counts as "on"."""
    return _gate(name, AND=(1.0, 1.0, -1.0), OR=(1.0, 1.0, 0.0), NAND=(-1.0, -1.0, 2.0))


def gate__threshold_for_bias(name):
    """Your b is the threshold that w·x has to reach. The unit *adds* b to the score, so think about
    its sign."""
    return _gate(name, AND=(1.0, 1.0, 1.5), OR=(1.0, 1.0, 0.5), NAND=(-1.0, -1.0, -1.5))


def gate__no_bias(name):
    """With b = 0 the boundary runs through the corner (0, 0), whatever the weights are. The bias is
    what moves it away."""
    return _gate(name, AND=(1.0, 1.0, 0.0), OR=(1.0, 1.0, 0.0), NAND=(-1.0, -1.0, 0.0))


def gate__inputs_of_minus_one(name):
    """These gates would be right for inputs −1 and 1. Here "off" is 0, so the corners, and with
    them the boundary, lie elsewhere."""
    return _gate(name, AND=(1.0, 1.0, -1.0), OR=(1.0, 1.0, 1.0), NAND=(-1.0, -1.0, 1.0))


def gate__scalar_weight(name):
    """Your w is a single number. The gate has two inputs, and each has a weight: the promised shape
    is (2,)."""
    w, b = _right(name)
    return w[0], b


def gate__column_of_weights(name):
    """Your w is two-dimensional. The weights of one unit are a flat array of numbers: the promised
    shape is (2,)."""
    w, b = _right(name)
    return w.reshape(2, 1), b


def gate__bias_as_array(name):
    """Your b is an array with one entry. One unit has one bias, and the docstring promises a
    float."""
    w, b = _right(name)
    return w, np.array([b])


def gate__bias_inside_weights(name):
    """You return one array with the bias among the weights. That is a common trick, but the
    docstring promises a pair: w of shape (2,), and b."""
    w, b = _right(name)
    return np.array([b, *w])


def gate__order_swapped(name):
    """You return the bias first and the weights second. The docstring says in which order the
    caller unpacks them."""
    w, b = _right(name)
    return b, w


def gate__truth_table(name):
    """You return the gate's four outputs. The exercise asks for the weights and the bias of a unit
    that produces them."""
    w, b = _right(name)
    return _step(_CORNERS @ w + b)


def gate__else_is_nand(name):
    """Any name that you don't know, "XOR" for instance, gets the weights of NAND: your `else` takes
    them all. An unknown name should be refused with a ValueError."""
    return _right(name if name in ("AND", "OR") else "NAND")


def gate__unknown_name_gives_none(name):
    """For a name that none of your branches handles, the function returns None. The docstring asks
    for a ValueError, so that the caller learns about the mistake."""
    if name in ("AND", "OR", "NAND"):
        return _right(name)


def gate__key_error(name):
    """An unknown name ends in your dictionary's KeyError. The docstring promises a ValueError."""
    gates = {"AND": (1.0, 1.0, -1.5), "OR": (1.0, 1.0, -0.5), "NAND": (-1.0, -1.0, 1.5)}
    w1, w2, b = gates[name]
    return np.array([w1, w2]), b


def gate__any_case(name):
    """Your function also accepts "and" in lowercase. The names have to match exactly; anything else
    is refused."""
    return _right(name.upper())


def gate__no_return(name):
    """Your function returns None for each gate: it reaches its end without a `return` statement.
    Return w and b."""
    _right(name)


# xor_network


def inputs_xor_network(rng: np.random.Generator) -> Iterator[tuple]:
    yield ()


def view_xor_network(result: Any) -> dict[str, Any]:
    """What the network computes at the corners; "xor" alone says that all is well.

    Hidden units are sorted by their truth tables, as their order is free.
    """
    wrong, parts = _parts(result, 4)
    if wrong:
        return {"kind": wrong}
    W1, b1, W2, b2 = parts
    shapes = [part.shape for part in parts]
    if shapes != [(2, 2), (2,), (1, 2), (1,)]:
        return {"kind": " ".join(map(str, shapes))}
    hidden = _step(_CORNERS @ W1.T + b1)
    output = _table(_step(hidden @ W2.T + b2)[:, 0])
    if output == "0110":
        whole = any(np.asarray(part).dtype.kind in "iub" for part in result)
        return {"kind": "xor in integers" if whole else "xor"}
    if not b1.any() and not b2.any():
        return {"kind": "no biases"}
    if np.array_equal(W1[0], W1[1]) and b1[0] == b1[1]:
        return {"kind": "identical hidden units"}
    return {"hidden": sorted(_table(unit) for unit in hidden.T), "output": output}


def _network(W1: list, b1: list, W2: list, b2: list) -> tuple[Array, Array, Array, Array]:
    return np.array(W1), np.array(b1), np.array(W2), np.array(b2)


def xor_network__or_and_and():
    """Your hidden units are OR and AND, and the output asks for both: together that is just AND.
    Which of the two should count *against* the output?"""
    return _network([[1.0, 1.0], [1.0, 1.0]], [-0.5, -1.5], [[1.0, 1.0]], [-1.5])


def xor_network__or_or_and():
    """Your hidden units are OR and AND, and the output asks for either: together that is just OR.
    The corner (1, 1) needs a unit that counts against it."""
    return _network([[1.0, 1.0], [1.0, 1.0]], [-0.5, -1.5], [[1.0, 1.0]], [-0.5])


def xor_network__nand_or_or():
    """Your hidden units OR and NAND are well chosen, but the output fires when *either* does, and
    one of them always does. At which corners are both on?"""
    return _network([[1.0, 1.0], [-1.0, -1.0]], [-0.5, 1.5], [[1.0, 1.0]], [-0.5])


def xor_network__xnor():
    """Your network answers 1 where the inputs are equal: that is the opposite of XOR. The output
    unit's score has the wrong sign."""
    return _network([[1.0, 1.0], [-1.0, -1.0]], [-0.5, 1.5], [[-1.0, -1.0]], [1.5])


def xor_network__output_bias_zero():
    """OR minus AND is a good idea, but at (0, 0) and (1, 1) the output's score is exactly 0, and
    the course's step fires at 0. What could hold it back?"""
    return _network([[1.0, 1.0], [1.0, 1.0]], [-0.5, -1.5], [[1.0, -1.0]], [0.0])


def xor_network__biases_absent():
    """All your biases are 0, so at (0, 0) each unit's score is 0 and every hidden unit fires.
    Without biases no choice of weights gives XOR: say where each line should lie."""
    return _network([[1.0, 1.0], [-1.0, -1.0]], [0.0, 0.0], [[1.0, 1.0]], [0.0])


def xor_network__identical_hidden_units():
    """Your two hidden units have the same weights and the same bias, so they always agree, and
    together they know no more than one line does. XOR needs two different lines."""
    return _network([[1.0, 1.0], [1.0, 1.0]], [-0.5, -0.5], [[1.0, 1.0]], [-1.5])


def xor_network__in_out_layout():
    """Your W2 has shape (2, 1), inputs by outputs. In this course a row of W belongs to a unit: the
    shape is (out, in), for W1 too."""
    return _network([[1.0, -1.0], [1.0, -1.0]], [-0.5, 1.5], [[1.0], [1.0]], [-1.5])


def xor_network__hidden_units_in_columns():
    """The weights of your hidden units are in the columns of W1, so each unit gets one weight of
    each. In this course a row of W1 is a unit; with shape (2, 2) no error tells you."""
    return _network([[1.0, -1.0], [1.0, -1.0]], [-0.5, 1.5], [[1.0, 1.0]], [-1.5])


def xor_network__flat_output():
    """Your output layer has a flat W2 and a plain number b2. Even a layer of one unit keeps the
    layer's shapes: (1, 2) and (1,)."""
    W1, b1, W2, b2 = _network([[1.0, 1.0], [-1.0, -1.0]], [-0.5, 1.5], [[1.0, 1.0]], [-1.5])
    return W1, b1, W2[0], b2[0]


def xor_network__biases_as_columns():
    """Your biases are columns. A layer's bias has shape (out,): one number per unit, in a flat
    array."""
    W1, b1, W2, b2 = _network([[1.0, 1.0], [-1.0, -1.0]], [-0.5, 1.5], [[1.0, 1.0]], [-1.5])
    return W1, b1.reshape(-1, 1), W2, b2.reshape(-1, 1)


def xor_network__weights_for_relu():
    """This is the well-known solution for ReLU hidden units and a linear output. Here both layers
    use the step function, so place each unit's line again."""
    return _network([[1.0, 1.0], [1.0, 1.0]], [0.0, -1.0], [[1.0, -2.0]], [0.0])


def xor_network__for_a_strict_step():
    """These weights belong to a step that is 0 at exactly 0. The course's step fires there, so
    several of your units are on when they should be off: keep the scores away from 0."""
    return _network([[1.0, 1.0], [1.0, 1.0]], [0.0, -1.0], [[1.0, -1.0]], [0.0])


def xor_network__thresholds_for_biases():
    """Your b1 and b2 are the thresholds that the sums have to reach. A unit *adds* its bias to the
    score, so think about the signs."""
    return _network([[1.0, 1.0], [-1.0, -1.0]], [0.5, -1.5], [[1.0, 1.0]], [1.5])


def xor_network__integers():
    """Your network computes XOR, but some of its weights or biases are integers. Everything in the
    course is float64, including these."""
    return _network([[1, 1], [1, 1]], [-1, -2], [[1, -1]], [-1])


def xor_network__one_layer():
    """Only one layer comes back. A single line can't do XOR: the output layer's W2 and b2 are
    missing."""
    return np.array([[1.0, 1.0], [-1.0, -1.0]]), np.array([-0.5, 1.5])


def xor_network__outputs():
    """You return the four outputs of XOR. The exercise asks for the weights and biases of a network
    that produces them."""
    return np.array([0.0, 1.0, 1.0, 0.0])


def xor_network__no_return():
    """Your function returns None: it reaches its end without a `return` statement. Return W1, b1,
    W2, and b2."""


# two_layer_forward


def _some_layers(rng: np.random.Generator, d: int, h: int, out: int) -> tuple:
    """W1, b1, W2, b2 of order 1."""
    return (
        rng.normal(size=(h, d)),
        rng.normal(size=h),
        rng.normal(size=(out, h)),
        rng.normal(size=out),
    )


def _bend(low: float, high: float) -> Act:
    """An activation with two slopes and a jump, that no student has written into the answer."""
    return lambda z: np.where(np.asarray(z) > 0, high * z + 0.5, low * z - 0.25)


def inputs_two_layer_forward(rng: np.random.Generator) -> Iterator[tuple]:
    sizes = ((7, 5, 3, 4), (4, 4, 4, 4), (6, 3, 3, 2), (5, 2, 3, 3), (1, 3, 2, 2), (5, 2, 3, 1))
    for n, d, h, out in sizes:
        act = _bend(rng.uniform(0.1, 0.6), rng.uniform(1.2, 2.0))
        yield rng.normal(size=(n, d)), *_some_layers(rng, d, h, out), act
    yield rng.normal(size=(4, 2)), *_some_layers(rng, 2, 2, 1), _step
    # Hidden scores that are whole numbers, and fractions everywhere behind them.
    X, W1, b1 = (rng.integers(-3, 4, size=size) for size in ((6, 4), (3, 4), 3))
    yield X, W1, b1, rng.normal(size=(2, 3)), rng.normal(size=2), np.tanh


def fresh_two_layer_forward(draw: Draw) -> tuple:
    n, d, h, out = draw.sizes("n", "d", "h", "out")
    hidden = draw.array(h, d), draw.array(h)
    return draw.array(n, d), *hidden, draw.array(out, h), draw.array(out), draw.act()


def two_layer_forward__no_act(X, W1, b1, W2, b2, act):
    """`act` is never used, so your two layers are one affine map in disguise. Look at what happens
    between the layers."""
    return (X @ W1.T + b1) @ W2.T + b2


def two_layer_forward__act_on_output_too(X, W1, b1, W2, b2, act):
    """`act` is applied to the output as well. The docstring keeps the last layer linear."""
    return act(act(X @ W1.T + b1) @ W2.T + b2)


def two_layer_forward__act_before_the_output_bias(X, W1, b1, W2, b2, act):
    """`act` is applied to the output, too, before its bias is added. The docstring keeps the last
    layer linear."""
    return act(act(X @ W1.T + b1) @ W2.T) + b2


def two_layer_forward__act_on_output_only(X, W1, b1, W2, b2, act):
    """`act` is applied to the output, and the hidden layer stays linear, so it adds nothing. Which
    of the two layers needs the bend?"""
    return act((X @ W1.T + b1) @ W2.T + b2)


def two_layer_forward__act_on_input(X, W1, b1, W2, b2, act):
    """`act` is applied to X, before the first layer. It belongs to what the hidden layer has
    computed."""
    return (act(X) @ W1.T + b1) @ W2.T + b2


def two_layer_forward__act_before_bias(X, W1, b1, W2, b2, act):
    """The hidden bias is added after `act`. It is part of the pre-activation: it decides where the
    activation bends."""
    return (act(X @ W1.T) + b1) @ W2.T + b2


def two_layer_forward__step_hard_coded(X, W1, b1, W2, b2, act):
    """Your hidden layer always uses the step function. Call the function that comes in as `act`."""
    return _step(X @ W1.T + b1) @ W2.T + b2


def two_layer_forward__tanh_hard_coded(X, W1, b1, W2, b2, act):
    """Your hidden layer always uses tanh. Call the function that comes in as `act`."""
    return np.tanh(X @ W1.T + b1) @ W2.T + b2


def two_layer_forward__weights_not_transposed(X, W1, b1, W2, b2, act):
    """Neither weight matrix is transposed. Square matrices hide this: with the layout (out, in),
    write the shapes of X and W1 side by side."""
    return act(X @ W1 + b1) @ W2 + b2


def two_layer_forward__first_not_transposed(X, W1, b1, W2, b2, act):
    """W1 is used as if it were laid out (in, out). Square matrices hide this: write the shapes of X
    and W1 side by side."""
    return act(X @ W1 + b1) @ W2.T + b2


def two_layer_forward__second_not_transposed(X, W1, b1, W2, b2, act):
    """W2 is used as if it were laid out (in, out). Square matrices hide this: write the shapes of
    the hidden values and W2 side by side."""
    return act(X @ W1.T + b1) @ W2 + b2


def two_layer_forward__examples_in_columns(X, W1, b1, W2, b2, act):
    """`W @ X` treats the columns of X as examples. Here an example is a row; with square matrices
    no error tells you."""
    return W2 @ act(W1 @ X + b1) + b2


def two_layer_forward__transposed_result(X, W1, b1, W2, b2, act):
    """Your numbers are right, with one column per example: shape (out, n). The promised result
    keeps one example per row."""
    return W2 @ act(W1 @ X.T + b1[:, None]) + b2[:, None]


def two_layer_forward__biases_as_columns(X, W1, b1, W2, b2, act):
    """The biases are added as columns, so there is one per example instead of one per unit. Each
    column of X @ W1.T is a unit: how does (out,) broadcast against (n, out)?"""
    return act(X @ W1.T + b1[:, None]) @ W2.T + b2[:, None]


def two_layer_forward__first_bias_dropped(X, W1, b1, W2, b2, act):
    """b1 is never used, so every hidden line runs through the origin."""
    return act(X @ W1.T) @ W2.T + b2


def two_layer_forward__second_bias_dropped(X, W1, b1, W2, b2, act):
    """b2 is never used. The output layer has a bias too."""
    return act(X @ W1.T + b1) @ W2.T


def two_layer_forward__first_bias_twice(X, W1, b1, W2, b2, act):
    """The output layer adds b1 where its own bias belongs. That looks like a copied line: check
    each name in it."""
    return act(X @ W1.T + b1) @ W2.T + b1


def two_layer_forward__input_used_twice(X, W1, b1, W2, b2, act):
    """Your second layer reads X again, so the hidden layer has no effect. What is the second
    layer's input?"""
    return X @ W2.T + b2


def two_layer_forward__hidden_values_truncated(X, W1, b1, W2, b2, act):
    """`zeros_like` copies the dtype as well as the shape, so if the scores are ints, the hidden
    values become ints, too, and tanh(1) turns into 0. Convert the inputs to floats first."""
    Z = X @ W1.T + b1
    H = np.zeros_like(Z)
    H[...] = act(Z)
    return H @ W2.T + b2


def two_layer_forward__hidden_only(X, W1, b1, W2, b2, act):
    """You return the hidden layer. There is one more layer."""
    return act(X @ W1.T + b1)


def two_layer_forward__hidden_returned_too(X, W1, b1, W2, b2, act):
    """You return the hidden values together with the output. The docstring asks for the output
    alone."""
    H = act(X @ W1.T + b1)
    return H, H @ W2.T + b2


def two_layer_forward__output_flattened(X, W1, b1, W2, b2, act):
    """Your result is one flat row of numbers. The shape is (n, out), even when out is 1."""
    return (act(X @ W1.T + b1) @ W2.T + b2).ravel()


def two_layer_forward__first_example_only(X, W1, b1, W2, b2, act):
    """Only the first example gets an answer: the `return` stands inside the loop. Collect the
    outputs, and return after it."""
    for x in X:
        return W2 @ act(W1 @ x + b1) + b2


def two_layer_forward__no_return(X, W1, b1, W2, b2, act):
    """Your function returns None: it reaches its end without a `return` statement. Return the
    output."""
    np.add(act(X @ W1.T + b1) @ W2.T, b2)


# collapse_affine


def inputs_collapse_affine(rng: np.random.Generator) -> Iterator[tuple]:
    # (d, h, out): all different, all equal, each pair equal, and single numbers.
    for sizes in ((5, 3, 4), (4, 4, 4), (3, 5, 3), (2, 2, 3), (4, 3, 3), (2, 1, 4), (1, 1, 1)):
        yield _some_layers(rng, *sizes)


def fresh_collapse_affine(draw: Draw) -> tuple:
    d, h, out = draw.sizes("d", "h", "out")
    return draw.array(h, d), draw.array(h), draw.array(out, h), draw.array(out)


def collapse_affine__order_swapped(W1, b1, W2, b2):
    """You multiply the matrices in the order in which the data meets them. On a column x the second
    layer computes W2 (W1 x + ...): read the order from there."""
    return W1 @ W2, W2 @ b1 + b2


def collapse_affine__both_orders_swapped(W1, b1, W2, b2):
    """The two layers are swapped, both in the weights and in the bias: this is the result when the
    second layer comes first."""
    return W1 @ W2, W1 @ b2 + b1


def collapse_affine__biases_swapped(W1, b1, W2, b2):
    """Your bias sends b2 through the first layer. Which of the two biases passes through which
    weights on its way to the output?"""
    return W2 @ W1, W1 @ b2 + b1


def collapse_affine__biases_added(W1, b1, W2, b2):
    """You add the two biases as they are. b1 is added before the second layer: what does that layer
    do to everything that comes in?"""
    return W2 @ W1, b1 + b2


def collapse_affine__second_bias_lost(W1, b1, W2, b2):
    """b2 is missing from your result. Put x = 0 through both layers and see what comes out."""
    return W2 @ W1, W2 @ b1


def collapse_affine__first_bias_lost(W1, b1, W2, b2):
    """b1 is missing from your result. Put x = 0 through both layers and see what comes out."""
    return W2 @ W1, b2.copy()


def collapse_affine__bias_through_both(W1, b1, W2, b2):
    """You send b1 through the product of both matrices. It is added after the first one: which
    weights does it still have to pass through?"""
    W = W2 @ W1
    return W, W @ b1 + b2


def collapse_affine__both_biases_through_second(W1, b1, W2, b2):
    """Both biases go through W2. b2 is added after that multiplication: check your parentheses."""
    return W2 @ W1, W2 @ (b1 + b2)


def collapse_affine__bias_through_transpose(W1, b1, W2, b2):
    """`b1 @ W2` multiplies by the columns of W2, where its rows are needed. Square matrices hide
    this: write down the shapes."""
    return W2 @ W1, b1 @ W2 + b2


def collapse_affine__elementwise(W1, b1, W2, b2):
    """`*` multiplies entry by entry. One layer after the other is a matrix product."""
    return W2 * W1, W2 @ b1 + b2


def collapse_affine__weights_added(W1, b1, W2, b2):
    """You add the weights. One layer *after* another means multiplying; adding would put two layers
    side by side."""
    return W1 + W2, W2 @ b1 + b2


def collapse_affine__transposed(W1, b1, W2, b2):
    """Your W is laid out (in, out). The course's layers are (out, in): compare its shape with the
    docstring's."""
    return W1.T @ W2.T, W2 @ b1 + b2


def collapse_affine__bias_as_column(W1, b1, W2, b2):
    """Your b is a column of shape (out, 1). A layer's bias has shape (out,)."""
    return W2 @ W1, W2 @ b1.reshape(-1, 1) + b2.reshape(-1, 1)


def collapse_affine__column_plus_row(W1, b1, W2, b2):
    """A column meets the row b2, and the two broadcast into a square. Keep both biases in one
    dimension."""
    return W2 @ W1, W2 @ b1.reshape(-1, 1) + b2


def collapse_affine__second_layer_only(W1, b1, W2, b2):
    """You return the second layer as it is, with nothing from the first."""
    return W2.copy(), b2.copy()


def collapse_affine__bias_not_returned(W1, b1, W2, b2):
    """Only W comes back. The docstring promises a pair, W and b."""
    return W2 @ W1


def collapse_affine__no_return(W1, b1, W2, b2):
    """Your function returns None: it reaches its end without a `return` statement. Return W and
    b."""
    np.add(W2 @ b1, b2)


# add_product_feature


def inputs_add_product_feature(rng: np.random.Generator) -> Iterator[tuple]:
    for n in (7, 3, 2, 1):
        yield (rng.uniform(0.5, 2.0, size=(n, 2)) * rng.choice([-1.0, 1.0], size=(n, 2)),)
    yield (rng.integers(2, 9, size=(5, 2)) * np.array([1, -1]),)


def view_add_product_feature(result: Any) -> Any:
    """Integers stay integers only where nothing else is wrong with the result.

    So another mistake is recognised whether or not the answer first turned X into floats.
    """
    if isinstance(result, np.ndarray) and result.dtype.kind in "iu":
        right = result.ndim == 2 and result.shape[1] == 3
        if not right or np.any(result[:, 2] != result[:, 0] * result[:, 1]):
            return result.astype(float)
    return result


def fresh_add_product_feature(draw: Draw) -> tuple:
    (n,) = draw.sizes("n")
    return (draw.array(n, 2),)


def add_product_feature__squares(X):
    """You add the squares of both features. The third column is to combine x1 with x2."""
    return np.column_stack([X, X**2])


def add_product_feature__square_of_first(X):
    """Your third column is x1 times itself. The other factor should be x2."""
    return np.column_stack([X, X[:, 0] ** 2])


def add_product_feature__sum(X):
    """Your third column is x1 + x2. A sum is a linear combination, so it adds nothing that a line
    couldn't do before; which operation does the exercise ask for?"""
    return np.column_stack([X, X[:, 0] + X[:, 1]])


def add_product_feature__difference(X):
    """Your third column is the distance between x1 and x2. It would separate XOR, but the exercise
    asks for their product."""
    return np.column_stack([X, np.abs(X[:, 0] - X[:, 1])])


def add_product_feature__product_alone(X):
    """Only the product comes back. x1 and x2 stay: the result has three columns."""
    return X[:, 0] * X[:, 1]


def add_product_feature__product_column_alone(X):
    """Only the product comes back, as a column. x1 and x2 stay: the result has three columns."""
    return X[:, [0]] * X[:, [1]]


def add_product_feature__dot_of_columns(X):
    """`@` between the two columns adds up the products of all examples, so every example gets the
    same number. Each row needs its own product."""
    return np.column_stack([X, np.full(len(X), X[:, 0] @ X[:, 1])])


def add_product_feature__outer_product(X):
    """The outer product multiplies each example's x1 by every example's x2, which gives n new
    columns. Multiply within each row."""
    return np.hstack([X, np.outer(X[:, 0], X[:, 1])])


def add_product_feature__product_down_the_columns(X):
    """You multiply down the columns, over the examples, and add a row. The new feature is a column,
    made from the two numbers of each row."""
    return np.vstack([X, np.prod(X, axis=0)])


def add_product_feature__features_as_rows(X):
    """Your result has shape (3, n): the features are its rows. An example is a row here."""
    return np.array([X[:, 0], X[:, 1], X[:, 0] * X[:, 1]])


def add_product_feature__flattened(X):
    """`np.append` without an axis makes one long flat row of everything. Look for a function that
    puts columns side by side."""
    return np.append(X, X[:, 0] * X[:, 1])


def add_product_feature__product_first(X):
    """All three columns are there, with the product in front. The docstring gives their order."""
    return np.column_stack([X[:, 0] * X[:, 1], X])


def add_product_feature__constant_added(X):
    """You add a column of ones as well. The bias takes care of the constant; the exercise asks for
    three columns."""
    return np.column_stack([np.ones(len(X)), X, X[:, 0] * X[:, 1]])


def add_product_feature__second_replaced(X):
    """The product overwrites x2, in the caller's own array. Leave X alone and build a new array
    with three columns."""
    X[:, 1] *= X[:, 0]
    return X


def add_product_feature__first_column_overwritten(X):
    """A column taken from X is a view: `*=` on it also changes X, and x1 is lost. Compute the
    product as a new array."""
    product = X[:, 0]
    product *= X[:, 1]
    return np.column_stack([X, product])


def add_product_feature__integers(X):
    """The values are right, but integer features give you an integer array. Everything in the
    course is float64."""
    return np.column_stack([X, X[:, 0] * X[:, 1]])


def add_product_feature__no_return(X):
    """Your function returns None: it reaches its end without a `return` statement. Return the new
    array."""
    np.column_stack([X, X[:, 0] * X[:, 1]])


# perceptron_cycle


def _learner(
    X: Array, y: Array, lr: float, fires: Callable[[float], bool] = lambda score: score >= 0
) -> Epoch:
    """One pass over the examples in order: (w, b) -> new w, new b and the number of mistakes."""

    def epoch(w: Array, b: float) -> tuple[Array, float, int]:
        mistakes = 0
        for x_i, y_i in zip(X, y, strict=True):
            error = float(y_i) - float(fires(w @ x_i + b))
            w, b = w + lr * error * x_i, b + lr * error
            mistakes += int(error != 0)
        return w, b, mistakes

    return epoch


def _round(
    epoch: Epoch, d: int, max_epochs: int, key: Callable[..., tuple] = lambda w, b: (*w, b)
) -> tuple[int, int] | None:
    """The first epochs (k, t) with equal keys; None after an epoch without a mistake."""
    w, b = np.zeros(d), 0.0
    seen = [key(w, b)]
    for t in range(1, max_epochs + 1):
        w, b, mistakes = epoch(w, b)
        if mistakes == 0:
            return None
        if key(w, b) in seen:
            return seen.index(key(w, b)), t
        seen.append(key(w, b))
    return None


def _period(found: tuple[int, int] | None) -> tuple[int, int] | None:
    """(start, period) of a repeat (k, t)."""
    return found and (found[0], found[1] - found[0])


def _cycling(
    rng: np.random.Generator, n: int, d: int, accept: Callable[..., bool]
) -> tuple[Array, Array, int]:
    """Integer data on which the perceptron comes round, such that accept(X, y, start, period); and
    the epoch in which it does."""
    while True:
        X = rng.integers(-3, 4, size=(n, d)).astype(float)
        y = rng.permutation(np.arange(n) % 2)
        found = _round(_learner(X, y, 1.0), d, 25)
        if found is not None and accept(X, y, found[0], found[1] - found[0]):
            return X, y, found[1]


def inputs_perceptron_cycle(rng: np.random.Generator) -> Iterator[tuple]:
    def tells_apart(X: Array, y: Array, start: int, period: int) -> bool:
        """A late, long cycle on which these wrong answers differ, also from the right one."""
        answers = {
            (start, period),
            perceptron_cycle__bias_not_compared(X, y, 1.0, 25),
            perceptron_cycle__bias_frozen(X, y, 1.0, 25),
            perceptron_cycle__signed_errors_cancel(X, y, 1.0, 25),
        }
        return start > 1 and period > 1 and len(answers) == 4

    def never_cancels(X: Array, y: Array, start: int, period: int) -> bool:
        return perceptron_cycle__signed_errors_cancel(X, y, 1.0, 25) is not None

    X, y, t = _cycling(rng, 6, 2, tells_apart)
    yield X, y, 1.0, 60
    yield X, y, 1.0, t
    yield X, y, 0.5, t - 1
    yield X, y, 1.0, t - 2
    X, y, _ = _cycling(rng, 6, 2, lambda X, y, start, period: start + period > 12)
    yield X, y, 1.0, 1
    X, y, t = _cycling(rng, 4, 1, lambda X, y, start, period: start > 0 and period == 1)
    yield X, y, 2.0, t + 20
    X, y, t = _cycling(rng, 4, 1, never_cancels)
    yield X, y, 1.0, t + 20
    corners = rng.permutation(4)
    yield _CORNERS[corners], np.array([0, 1, 1, 0])[corners]
    # All states are near each other.
    yield _CORNERS[corners], np.array([0, 1, 1, 0])[corners], 2.0**-32, 40
    # One example with both labels: the mistakes of the first epoch cancel.
    yield np.full((2, 1), rng.integers(2, 6).astype(float)), np.array([0, 1]), 1.0, 8
    # A gap between the classes: it converges.
    x = rng.permutation([-3.0, -2.0, -1.0, 1.0, 2.0, 4.0])
    yield np.column_stack([x, rng.integers(-1, 2, size=6)]), _step(-x).astype(int), 1.0, 200


def fresh_perceptron_cycle(draw: Draw) -> tuple:
    n, d = draw.sizes("n", "d")
    X = draw.rng.integers(-1, 2, size=(n, d)).astype(float)  # whole numbers, which do repeat
    return draw.given(X), draw.bits(n), draw.choice([1.0, 2.0]), draw.integer(1, 30)


def perceptron_cycle__mistakes_compared(X, y, lr=1.0, max_epochs=1000):
    """You look for a repeated number of mistakes. Two epochs may well make equally many mistakes
    with different weights; only when (w, b) comes back does everything repeat."""
    w, b, counts = np.zeros(X.shape[1]), 0.0, []
    for epoch in range(1, max_epochs + 1):
        w, b, mistakes = _learner(X, y, lr)(w, b)
        if mistakes == 0:
            return None
        if mistakes in counts:
            start = counts.index(mistakes) + 1
            return start, epoch - start
        counts.append(mistakes)


def perceptron_cycle__bias_not_compared(X, y, lr=1.0, max_epochs=1000):
    """You compare w alone. The same w with a different b is a different line, so training may still
    go on differently."""
    return _period(_round(_learner(X, y, lr), X.shape[1], max_epochs, key=lambda w, b: tuple(w)))


def perceptron_cycle__weights_not_compared(X, y, lr=1.0, max_epochs=1000):
    """Only b is really compared. Either w is left out, or your history contains the same array w
    again and again: `+=` changes that one array, so every old w equals the newest."""
    w, b = np.zeros(X.shape[1]), 0.0
    history = [(w, b)]
    for epoch in range(1, max_epochs + 1):
        new_w, b, mistakes = _learner(X, y, lr)(w, b)
        w[:] = new_w
        if mistakes == 0:
            return None
        for start, (old_w, old_b) in enumerate(history):
            if np.array_equal(w, old_w) and b == old_b:
                return start, epoch - start
        history.append((w, b))


def perceptron_cycle__error_for_several_weights(X, y, lr=1.0, max_epochs=1000):
    """`in` compares tuples that hold arrays, and an array has no single truth value: hence the
    ValueError as soon as there are two weights. Store something that can be compared as a whole."""
    return _period(_round(_learner(X, y, lr), X.shape[1], max_epochs, key=lambda w, b: (w, b)))


def perceptron_cycle__after_each_example(X, y, lr=1.0, max_epochs=1000):
    """You record (w, b) after each example, so an example without a mistake already looks like a
    repeat. Compare only the states at the ends of epochs."""
    w, b = np.zeros(X.shape[1]), 0.0
    seen = [(*w, b)]
    for _ in range(max_epochs):
        total = 0
        for i in range(len(y)):
            w, b, mistakes = _learner(X[i : i + 1], y[i : i + 1], lr)(w, b)
            total += mistakes
            if (*w, b) in seen:
                start = seen.index((*w, b))
                return start, len(seen) - start
            seen.append((*w, b))
        if total == 0:
            return None


def perceptron_cycle__after_each_update(X, y, lr=1.0, max_epochs=1000):
    """You record (w, b) after each update. Within an epoch the same weights may come up at another
    example, and training goes on differently from there: compare only the ends of epochs."""
    w, b = np.zeros(X.shape[1]), 0.0
    seen = [(*w, b)]
    for _ in range(max_epochs):
        total = 0
        for i in range(len(y)):
            w, b, mistakes = _learner(X[i : i + 1], y[i : i + 1], lr)(w, b)
            total += mistakes
            if mistakes and (*w, b) in seen:
                start = seen.index((*w, b))
                return start, len(seen) - start
            if mistakes:
                seen.append((*w, b))
        if total == 0:
            return None


def perceptron_cycle__zero_start_left_out(X, y, lr=1.0, max_epochs=1000):
    """Your history begins after the first epoch. The zero start is a state too: it is epoch 0, and
    training may come back to it."""
    w, b, seen = np.zeros(X.shape[1]), 0.0, []
    for _ in range(max_epochs):
        w, b, mistakes = _learner(X, y, lr)(w, b)
        if mistakes == 0:
            return None
        if (*w, b) in seen:
            start = seen.index((*w, b))
            return start, len(seen) - start
        seen.append((*w, b))


def perceptron_cycle__counted_from_one(X, y, lr=1.0, max_epochs=1000):
    """Your start is one too large: the zero start is epoch 0, not epoch 1."""
    found = _round(_learner(X, y, lr), X.shape[1], max_epochs)
    return found and (found[0] + 1, found[1] - found[0])


def perceptron_cycle__period_one_short(X, y, lr=1.0, max_epochs=1000):
    """Your period counts the states between the two equal ones. It should be the number of epochs
    it takes to get from one to the other."""
    found = _round(_learner(X, y, lr), X.shape[1], max_epochs)
    return found and (found[0], found[1] - found[0] - 1)


def perceptron_cycle__period_one_long(X, y, lr=1.0, max_epochs=1000):
    """Your period counts both of the equal states. It should be the number of epochs it takes to
    get from one to the other."""
    found = _round(_learner(X, y, lr), X.shape[1], max_epochs)
    return found and (found[0], found[1] - found[0] + 1)


def perceptron_cycle__end_for_period(X, y, lr=1.0, max_epochs=1000):
    """Your second number is the epoch in which the state came back. The period is how many epochs
    it took since the first time."""
    return _round(_learner(X, y, lr), X.shape[1], max_epochs)


def perceptron_cycle__order_swapped(X, y, lr=1.0, max_epochs=1000):
    """You return the period first and the start second. See the order in the docstring."""
    found = _round(_learner(X, y, lr), X.shape[1], max_epochs)
    return found and (found[1] - found[0], found[0])


def perceptron_cycle__period_only(X, y, lr=1.0, max_epochs=1000):
    """Only the period comes back. The docstring promises a pair, start and period."""
    found = _round(_learner(X, y, lr), X.shape[1], max_epochs)
    return found and found[1] - found[0]


def perceptron_cycle__converged_is_a_cycle(X, y, lr=1.0, max_epochs=1000):
    """When the perceptron has converged, its weights stay the same, and you report that as a cycle
    of period 1. An epoch without a mistake means None."""

    def epoch(w, b):
        w, b, _ = _learner(X, y, lr)(w, b)
        return w, b, 1

    return _period(_round(epoch, X.shape[1], max_epochs))


def perceptron_cycle__unchanged_is_converged(X, y, lr=1.0, max_epochs=1000):
    """You take unchanged weights for convergence. The mistakes of an epoch may cancel, and then the
    weights are the same again though the data are still misclassified: that is a cycle."""
    found = _round(_learner(X, y, lr), X.shape[1], max_epochs)
    return None if found and found[1] - found[0] == 1 else _period(found)


def perceptron_cycle__signed_errors_cancel(X, y, lr=1.0, max_epochs=1000):
    """You add up y minus prediction to see whether an epoch was free of mistakes. A missed 1 and a
    false alarm cancel in that sum: count mistakes, whatever their sign."""

    def epoch(w, b):
        total = 0
        for x_i, y_i in zip(X, y, strict=True):
            error = y_i - _step(w @ x_i + b)
            w, b = w + lr * error * x_i, b + lr * error
            total += error
        return w, b, total

    return _period(_round(epoch, X.shape[1], max_epochs))


def perceptron_cycle__previous_epoch_only(X, y, lr=1.0, max_epochs=1000):
    """You compare each state with the one before it, which finds cycles of period 1 only. Longer
    cycles come back to an earlier state."""
    found = _round(_learner(X, y, lr), X.shape[1], max_epochs)
    return _period(found) if found and found[1] - found[0] == 1 else None


def perceptron_cycle__zero_start_only(X, y, lr=1.0, max_epochs=1000):
    """You wait for training to come back to the zero start. Often it circles through later states
    and never returns to zero: compare with all of them."""
    found = _round(_learner(X, y, lr), X.shape[1], max_epochs)
    return _period(found) if found and found[0] == 0 else None


def perceptron_cycle__one_epoch_short(X, y, lr=1.0, max_epochs=1000):
    """A repeat in epoch max_epochs itself is missed. Count how many times your loop runs for
    max_epochs = 2."""
    return _period(_round(_learner(X, y, lr), X.shape[1], max_epochs - 1))


def perceptron_cycle__one_epoch_long(X, y, lr=1.0, max_epochs=1000):
    """You run one epoch more than max_epochs and report a repeat that shows up there. Count how
    many times your loop runs for max_epochs = 2."""
    return _period(_round(_learner(X, y, lr), X.shape[1], max_epochs + 1))


def perceptron_cycle__ignores_max_epochs(X, y, lr=1.0, max_epochs=1000):
    """max_epochs has no effect: you report a repeat however late it comes. Try your function with
    max_epochs = 1."""
    return _period(_round(_learner(X, y, lr), X.shape[1], 1000))


def perceptron_cycle__near_is_equal(X, y, lr=1.0, max_epochs=1000):
    """You round the states, or compare them with a tolerance. With a small learning rate, different
    states are close together: only a state that is exactly the same proves that everything
    repeats."""
    return _period(_round(_learner(X, y, lr), X.shape[1], max_epochs,
                          key=lambda w, b: (*np.round(w, 6), round(b, 6))))


def perceptron_cycle__batch_update(X, y, lr=1.0, max_epochs=1000):
    """You update once an epoch, from the whole batch. The perceptron learns after each example, and
    that leads to different cycles."""

    def epoch(w, b):
        error = y - _step(X @ w + b)
        return w + lr * error @ X, b + lr * np.sum(error), np.sum(error != 0)

    return _period(_round(epoch, X.shape[1], max_epochs))


def perceptron_cycle__strictly_greater(X, y, lr=1.0, max_epochs=1000):
    """You treat a score of exactly 0 as label 0. With whole numbers such scores are frequent, so
    training goes differently: recall what the course's step does at 0."""
    return _period(_round(_learner(X, y, lr, lambda score: score > 0), X.shape[1], max_epochs))


def perceptron_cycle__bias_frozen(X, y, lr=1.0, max_epochs=1000):
    """The bias never moves in your training. Each mistake changes b as well, and it is part of the
    state."""

    def epoch(w, b):
        mistakes = 0
        for x_i, y_i in zip(X, y, strict=True):
            error = y_i - _step(w @ x_i + b)
            w = w + lr * error * x_i
            mistakes += int(error != 0)
        return w, b, mistakes

    return _period(_round(epoch, X.shape[1], max_epochs))


def perceptron_cycle__pair_of_nones(X, y, lr=1.0, max_epochs=1000):
    """When there is no cycle you return the pair (None, None). The docstring asks for None
    itself."""
    return _period(_round(_learner(X, y, lr), X.shape[1], max_epochs)) or (None, None)


def perceptron_cycle__first_epoch_is_zero(X, y, lr=1.0, max_epochs=1000):
    """You number the first epoch 0, which is the number of the zero start. The state after the
    first epoch is state 1."""
    epoch = _learner(X, y, lr)
    w, b = np.zeros(X.shape[1]), 0.0
    seen = {(*w, b): 0}
    for t in range(max_epochs):
        w, b, mistakes = epoch(w, b)
        if mistakes == 0:
            return None
        if (*w, b) in seen:
            return seen[(*w, b)], t - seen[(*w, b)]
        seen[(*w, b)] = t
    return None


def perceptron_cycle__always_none(X, y, lr=1.0, max_epochs=1000):
    """Your function returns None even when a state comes back. Either the `return` is missing, or
    your comparison never finds two equal states: `is`, for example, compares identity, not
    values."""
    return None
