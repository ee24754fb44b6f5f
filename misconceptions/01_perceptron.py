"""Wrong answers to the exercises of lesson 1, each with the hint that the student reads.

`NAME__LABEL` is a wrong answer to exercise NAME, written the way students write it (so without
annotations), and its docstring is the hint. `inputs_NAME` yields the arguments on which all of them
differ from a right answer and from each other.

The inputs are float arrays wherever two ways to write the *same* mistake treat lists or ints
differently: an answer should be recognized by its idea, not by whether it calls `np.asarray`.
"""

from collections.abc import Callable, Iterator

import numpy as np

from utils._diagnosis.draw import Draw

Array = np.ndarray
Epoch = Callable[[Array, float], tuple[Array, float, float]]


def _step(z: Array | float) -> Array:
    return np.where(np.asarray(z) >= 0, 1.0, 0.0)


def _signs(y: Array) -> Array:
    return 2 * y - 1


# step


def inputs_step(rng: np.random.Generator) -> Iterator[tuple]:
    small, large = rng.uniform(0.05, 0.45), rng.uniform(1.5, 3.0)
    yield (rng.permutation([-large, -small, 0.0, small, 0.7, large]),)
    yield (np.array([[small, -large], [0.0, large], [-small, 0.0]]),)
    yield (np.float64(large),)
    yield (np.float64(-small),)
    yield (rng.permutation([-3, -1, 0, 2, 4]) * rng.integers(1, 4),)
    yield (np.array([large]),)
    yield (rng.uniform(1.5, 3.0, size=(2, 2)),)


def fresh_step(draw: Draw) -> tuple:
    return (draw.elementwise(),)


def step__strictly_greater(z):
    """Your step is 0 at exactly z = 0. The course puts zero itself on the "fires" side: look at
    your comparison once more."""
    return np.where(z > 0, 1.0, 0.0)


def step__sign(z):
    """This is the sign of z: −1, 0 or 1. The step function has only two values; check what yours
    returns for negative numbers and for 0."""
    return np.sign(z)


def step__minus_one_for_negative(z):
    """Negative inputs give −1 here. Some books label the classes −1 and 1; in this course, the step
    returns 0 and 1."""
    return np.where(z >= 0, 1.0, -1.0)


def step__boolean_result(z):
    """The comparison is right, but it returns True and False. The docstring promises floats: you
    still have to turn the booleans into numbers."""
    return np.asarray(z) >= 0


def step__integer_result(z):
    """The values are right, but they come as integers. Everything in the course is float64: choose
    or convert the two values so that the result is, too."""
    return np.where(z >= 0, 1, 0)


def step__threshold_at_half(z):
    """Your step switches at 0.5. That is the usual threshold for a probability; a raw score z has
    another one: see the docstring."""
    return np.where(z >= 0.5, 1.0, 0.0)


def step__swapped_outputs(z):
    """The two outcomes are swapped: your unit fires for negative z and stays silent for positive z.
    Check which value goes with a true condition."""
    return np.where(z >= 0, 0.0, 1.0)


def step__less_or_equal(z):
    """Your comparison points the wrong way: the unit fires for z at or below 0. Try z = 3 by
    hand."""
    return np.where(z <= 0, 1.0, 0.0)


def step__single_numbers_only(z):
    """A plain `if` can only decide about one number, but an array needs an answer for each entry.
    Look for a NumPy operation that decides entry by entry."""
    return 1.0 if z >= 0 else 0.0


def step__any_entry(z):
    """A single number comes back for the whole array: 1 as soon as any entry is at or above 0. Each
    entry needs its own answer, in the shape of z."""
    return 1.0 if np.any(z >= 0) else 0.0


def step__all_entries(z):
    """A single number comes back for the whole array: 1 only if all entries are at or above 0. Each
    entry needs its own answer, in the shape of z."""
    return 1.0 if np.all(z >= 0) else 0.0


def step__relu(z):
    """Negative numbers become 0, but positive ones pass through unchanged: that is ReLU, from a
    later lesson. A step has only one height."""
    return np.maximum(z, 0)


def step__sigmoid(z):
    """This is the sigmoid, a smooth cousin of the step. Here the output has to jump from 0 to 1,
    with nothing in between."""
    return 1 / (1 + np.exp(-z))


def step__ramp(z):
    """Clipping to the range 0 to 1 leaves the numbers in between as they are, so 0.3 stays 0.3. A
    step has only two outcomes."""
    return np.clip(z, 0.0, 1.0)


def step__half_at_zero(z):
    """Your step gives 0.5 at z = 0. Mathematicians sometimes do that; here, the docstring picks one
    of the two sides."""
    return np.heaviside(z, 0.5)


def step__in_place(z):
    """The answer is written into z itself, so the caller's data is lost. Leave z alone and build a
    new array."""
    z[z >= 0] = 1
    z[z < 0] = 0
    return z


def step__ones_everywhere(z):
    """Everything ends up as 1: the negatives become 0 first, and then the second line finds those
    zeros too. It also changes the caller's z: look at the old values, and write into a new
    array."""
    z[z < 0] = 0
    z[z >= 0] = 1
    return z


def step__dtype_of_the_input(z):
    """`zeros_like` copies the dtype as well as the shape, so an array of ints gives you ints. Say
    which dtype you want."""
    out = np.zeros_like(z)
    out[z >= 0] = 1
    return out


def step__flattened(z):
    """All the values are there, but in one flat row. The result must keep the shape of z: try it on
    a 2-D array and on a single number."""
    return np.array([1.0 if value >= 0 else 0.0 for value in np.ravel(z)])


def step__one_dimension_only(z):
    """The loop works for a 1-D array. For a single number there is nothing to loop over, and in a
    2-D array each item is a whole row: look for an operation that takes any shape."""
    return np.array([1.0 if value >= 0 else 0.0 for value in z])


def step__no_return(z):
    """Your function returns None: it reaches its end without a `return` statement. Return the
    result."""
    np.where(z >= 0, 1.0, 0.0)


# perceptron_predict


def _with_scores(rng: np.random.Generator, scores: Array, w: Array, b: float) -> Array:
    """Examples X with w·x + b = scores, up to float noise."""
    X = rng.normal(size=(len(scores), len(w)))
    return X + np.outer(scores - b - X @ w, w) / (w @ w)


def inputs_perceptron_predict(rng: np.random.Generator) -> Iterator[tuple]:
    for n, d, b in ((9, 3, 0.8), (4, 4, -0.8), (1, 3, -0.6), (12, 2, 0.9)):
        w = rng.uniform(0.5, 1.5, size=d) * rng.choice([-1.0, 1.0], size=d)
        # Small scores, so that the bias decides; the first label is 0, the sum of all is large.
        scores = rng.uniform(0.1, 0.4, size=n) * np.resize([-1.0, 1.0], n)
        scores[-1] += 2 * n if n > 1 else 0.5
        yield _with_scores(rng, scores, w, b), w, b
    # Scores of exactly 0, and of 0.25: only whole numbers and quarters are exact.
    X = rng.integers(-3, 4, size=(6, 2)).astype(float)
    w = rng.choice([-2.0, -1.0, 1.0, 2.0], size=2)
    X[:, 1] = -X[:, 0] * w[0] / w[1]
    X[:3, 1] += rng.choice([-1.0, 1.0], size=3)
    yield X, w, 0.0
    yield X, w, 0.25
    yield X, w, -0.25


def fresh_perceptron_predict(draw: Draw) -> tuple:
    n, d = draw.sizes("n", "d")
    return draw.array(n, d), draw.array(d), draw.number()


def perceptron_predict__bias_left_out(X, w, b):
    """The bias plays no part in your prediction, so your boundary always runs through the origin.
    Look at where b enters the score, before the step."""
    return _step(X @ w)


def perceptron_predict__bias_after_step(X, w, b):
    """b is added to the finished labels, so they are no longer 0 and 1. The bias is part of the
    score that goes into the step."""
    return _step(X @ w) + b


def perceptron_predict__bias_subtracted(X, w, b):
    """Your unit fires when w·x reaches b: that treats b as a threshold. In this course b is a bias;
    compare the sign in front of it with the formula."""
    return _step(X @ w - b)


def perceptron_predict__bias_once_per_feature(X, w, b):
    """b is added to each product before the products are summed, so it counts d times. An example
    has one score, and the score has one bias."""
    return _step(np.sum(X * w + b, axis=1))


def perceptron_predict__products_not_summed(X, w, b):
    """`X * w` multiplies entry by entry and keeps the shape (n, d), so each feature votes on its
    own. A unit adds up its weighted inputs to one score per example."""
    return _step(X * w + b)


def perceptron_predict__sum_over_examples(X, w, b):
    """The sum runs down the columns, over the examples, and leaves one value per feature. The
    examples are the rows of X: which axis should disappear?"""
    return _step(np.sum(X * w, axis=0) + b)


def perceptron_predict__sum_over_everything(X, w, b):
    """A sum without an axis adds up the whole table, so the whole batch shares a single label. Each
    row needs a score of its own."""
    return _step(np.sum(X * w) + b)


def perceptron_predict__raw_score(X, w, b):
    """These are the scores w·x + b, before the decision. To get labels, apply the step function to
    the scores."""
    return X @ w + b


def perceptron_predict__strictly_greater(X, w, b):
    """You give label 0 to an example that lies exactly on the boundary, where the score is 0. Which
    label does the course's step give there?"""
    return np.where(X @ w + b > 0, 1.0, 0.0)


def perceptron_predict__boolean_result(X, w, b):
    """The decisions are right, but they are True and False. The docstring promises float labels."""
    return X @ w + b >= 0


def perceptron_predict__integer_result(X, w, b):
    """The labels are right, but they are integers. The docstring promises float64."""
    return np.where(X @ w + b >= 0, 1, 0)


def perceptron_predict__minus_one_labels(X, w, b):
    """Your labels are −1 and 1. The classes of this course's perceptron are called 0 and 1."""
    return np.where(X @ w + b >= 0, 1.0, -1.0)


def perceptron_predict__swapped_labels(X, w, b):
    """0 and 1 are swapped: examples on the positive side of the boundary get label 0. Check your
    condition with a score of 5."""
    return np.where(X @ w + b >= 0, 0.0, 1.0)


def perceptron_predict__threshold_at_half(X, w, b):
    """Your unit fires from a score of 0.5 on. That is the usual threshold for a probability; a
    perceptron's threshold is where the step function jumps."""
    return np.where(X @ w + b >= 0.5, 1.0, 0.0)


def perceptron_predict__column(X, w, b):
    """Your labels form a column of shape (n, 1). The promised shape is (n,): a column against a row
    would later broadcast into a square without a warning."""
    return _step(X @ w.reshape(-1, 1) + b)


def perceptron_predict__first_example_only(X, w, b):
    """Only the first example gets an answer: the `return` is inside the loop and ends the function
    on the first pass. Collect the labels, and return after the loop."""
    for x in X:
        return _step(x @ w + b)


def perceptron_predict__batches_of_one_only(X, w, b):
    """A plain `if` can only decide about one score, and here there are n of them. Decide entry by
    entry."""
    return 1.0 if X @ w + b >= 0 else 0.0


def perceptron_predict__weights_first(X, w, b):
    """`w @ X` pairs the weights with the rows of X, that is, with examples. Each weight belongs to
    a feature, and features are columns."""
    return _step(w @ X + b)


def perceptron_predict__no_return(X, w, b):
    """Your function returns None: it reaches its end without a `return` statement. Return the
    labels."""
    _step(X @ w + b)


# perceptron_update


def _example(rng: np.random.Generator, d: int, dot: float, score: float) -> tuple:
    """(w, b, x) with w·x = dot and w·x + b = score, up to float noise."""
    w, x = rng.normal(size=d), rng.uniform(0.5, 2.0, size=d) * rng.choice([-1.0, 1.0], size=d)
    w += (dot - w @ x) / (x @ x) * x
    return w, score - dot, x


def inputs_perceptron_update(rng: np.random.Generator) -> Iterator[tuple]:
    # (w·x, score, y, lr): both kinds of mistake, corrected enough by one update and not enough;
    # both kinds of right answer; w·x on the other side of 0 than the score.
    for d, dot, score, y, lr in (
        (3, 0.6, -0.7, 1, 0.05),
        (3, 0.4, -0.1, 1, 2.5),
        (2, -0.8, 0.6, 0, 0.04),
        (4, 1.2, 0.3, 0, 1.5),
        (3, -0.5, 0.9, 1, 0.3),
        (2, 0.7, -0.4, 0, 0.3),
        (1, -0.9, -0.4, 1.0, 0.2),
    ):
        w, b, x = _example(rng, d, dot, score)
        yield w, b, x, y, lr * rng.uniform(0.9, 1.1)
    for y in (0, 1):  # a score of exactly 0
        x = rng.integers(1, 4, size=2).astype(float)
        w = x[::-1] * [1.0, -1.0]
        yield w, 0.0, x, y, 0.5


def fresh_perceptron_update(draw: Draw) -> tuple:
    (d,) = draw.sizes("d")
    w, b, x = draw.array(d), draw.number(), draw.array(d)
    return w, b, x, draw.choice([0, 1]), draw.between(0.1, 3.0)


def perceptron_update__sign_flipped(w, b, x, y, lr):
    """Your update pushes the boundary the wrong way, so a mistake gets worse. Check the order of
    the two terms in the error: a missed 1 should raise the score."""
    error = _step(w @ x + b) - y
    return w + lr * error * x, b + lr * error


def perceptron_update__label_for_error(w, b, x, y, lr):
    """The label y stands where the error belongs. So examples of class 1 move the weights even when
    they are right, and those of class 0 never do."""
    return w + lr * y * x, b + lr * y


def perceptron_update__moves_when_right(w, b, x, y, lr):
    """You move w and b after every example, right or wrong. Look at what should happen when the
    prediction already equals the label."""
    t = _signs(y)
    return w + lr * t * x, b + lr * t


def perceptron_update__zero_label_never_corrects(w, b, x, y, lr):
    """Your correction is multiplied by y. That works for labels −1 and 1; with label 0 the product
    vanishes, and a false alarm is never corrected."""
    if _step(w @ x + b) != y:
        return w + lr * y * x, b + lr * y
    return w, b


def perceptron_update__rule_for_signed_labels(w, b, x, y, lr):
    """This is the textbook rule for labels −1 and 1: it asks whether y times the score is at most
    0. The labels here are 0 and 1, so work out what your condition and your correction do for y =
    0."""
    if y * (w @ x + b) <= 0:
        return w + lr * y * x, b + lr * y
    return w, b


def perceptron_update__always_adds(w, b, x, y, lr):
    """The size of your step is right, but its sign is lost: any mistake adds x. A missed 1 and a
    false alarm need opposite corrections."""
    error = abs(y - _step(w @ x + b))
    return w + lr * error * x, b + lr * error


def perceptron_update__raw_score_error(w, b, x, y, lr):
    """You compare the label with the raw score, so w and b move even when the prediction is right.
    That is the delta rule of ADALINE; the perceptron compares labels with labels."""
    error = y - (w @ x + b)
    return w + lr * error * x, b + lr * error


def perceptron_update__strictly_greater(w, b, x, y, lr):
    """You treat a score of exactly 0 as label 0. Recall what the course's step does at 0."""
    error = y - np.where(w @ x + b > 0, 1.0, 0.0)
    return w + lr * error * x, b + lr * error


def perceptron_update__prediction_without_bias(w, b, x, y, lr):
    """The bias is updated, but your prediction doesn't use it. So the error belongs to a different
    line from the one that w and b describe."""
    error = y - _step(w @ x)
    return w + lr * error * x, b + lr * error


def perceptron_update__bias_frozen(w, b, x, y, lr):
    """The weights learn, but the bias stays where it was. b is a weight, too: think of it as the
    weight of an input that is always 1."""
    error = y - _step(w @ x + b)
    return w + lr * error * x, b


def perceptron_update__bias_times_x(w, b, x, y, lr):
    """Your new bias has the shape of x, because its correction was multiplied by x as well. The
    bias is one number; which input does it belong to?"""
    error = y - _step(w @ x + b)
    return w + lr * error * x, b + lr * error * x


def perceptron_update__bias_times_sum_of_x(w, b, x, y, lr):
    """The bias moves by the sum of all features. It belongs to an input that is always 1, whatever
    x is."""
    error = y - _step(w @ x + b)
    return w + lr * error * x, b + lr * error * np.sum(x)


def perceptron_update__bias_after_new_weights(w, b, x, y, lr):
    """The bias is corrected with an error that was computed again after w had changed. One example
    gives one prediction and one error, and both corrections use it."""
    w = w + lr * (y - _step(w @ x + b)) * x
    b = b + lr * (y - _step(w @ x + b))
    return w, b


def perceptron_update__lr_ignored(w, b, x, y, lr):
    """lr never enters your update: every correction has full size. Call it with two different lr
    and compare."""
    error = y - _step(w @ x + b)
    return w + error * x, b + error


def perceptron_update__lr_ignored_in_bias(w, b, x, y, lr):
    """The correction of the weights is scaled by lr, but the correction of the bias is not. Both
    follow the same rule."""
    error = y - _step(w @ x + b)
    return w + lr * error * x, b + error


def perceptron_update__lr_squared(w, b, x, y, lr):
    """lr enters twice: your corrections scale with its square. Look for a second multiplication by
    lr."""
    change = lr * (y - _step(w @ x + b))
    return w + lr * change * x, b + lr * change


def perceptron_update__x_left_out(w, b, x, y, lr):
    """All the weights move by the same amount, whatever the example looks like. How much a weight
    is to blame depends on the input that came through it."""
    error = y - _step(w @ x + b)
    return w + lr * error, b + lr * error


def perceptron_update__in_place(w, b, x, y, lr):
    """The numbers are right, but an update in place (such as `+=`) wrote them into the caller's w.
    Make a new array and leave the argument alone."""
    error = y - _step(w @ x + b)
    w += lr * error * x
    b += lr * error
    return w, b


def perceptron_update__order_swapped(w, b, x, y, lr):
    """You return the bias first and the weights second. The docstring says in which order the
    caller unpacks them."""
    error = y - _step(w @ x + b)
    return b + lr * error, w + lr * error * x


def perceptron_update__bias_not_returned(w, b, x, y, lr):
    """Only the weights come back; the new bias is lost. The docstring promises two results."""
    error = y - _step(w @ x + b)
    return w + lr * error * x


def perceptron_update__none_when_right(w, b, x, y, lr):
    """When the prediction is right, your function returns None: only the branch for a mistake has a
    `return`. What should the caller get when nothing changes?"""
    error = y - _step(w @ x + b)
    if error != 0:
        return w + lr * error * x, b + lr * error


def perceptron_update__no_return(w, b, x, y, lr):
    """Your function returns None: it reaches its end without a `return` statement. Return the new w
    and b."""
    error = y - _step(w @ x + b)
    w = w + lr * error * x
    b = b + lr * error


# perceptron_fit


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


def _learn(epoch: Epoch, d: int, max_epochs: int) -> tuple[Array, float, list]:
    """Run `epoch(w, b)` from zeros until it counts no mistake, or max_epochs times."""
    w, b, errors = np.zeros(d), 0.0, []
    for _ in range(max_epochs):
        w, b, mistakes = epoch(w, b)
        errors.append(mistakes)
        if mistakes == 0:
            break
    return w, b, errors


def _separable(rng: np.random.Generator, n: int, d: int) -> tuple[Array, Array]:
    """Both classes, a gap between them, and a boundary that is well away from the origin."""
    w = rng.normal(size=d)
    w /= np.linalg.norm(w)
    y = rng.permutation(np.arange(n) % 2)
    X = rng.normal(size=(n, d))
    X += np.outer(_signs(y) * rng.uniform(0.3, 1.5, size=n) + 1.0 - X @ w, w)
    return X, y


def inputs_perceptron_fit(rng: np.random.Generator) -> Iterator[tuple]:
    for n, d, lr in ((8, 3, 0.1), (10, 2, 0.3)):
        X, y = _separable(rng, n, d)
        yield X, y, lr, 80
        yield X, y, lr, 2
    X, y = _separable(rng, 6, 4)
    yield X, y.astype(float), 2.5, 80
    # Whole numbers, so that scores of exactly 0 occur; the second example repeats the first, so
    # it is right after the first one's correction.
    X = rng.integers(-2, 3, size=(7, 2)).astype(float)
    y = np.concatenate([[0, 0], rng.permutation([0, 0, 1, 1, 1, 1])])
    yield np.vstack([X[:1], X]), y, 0.5, 7
    # Positive features: the first two examples, a 0 and a 1, are both mistakes.
    yield rng.uniform(0.2, 2.0, size=(9, 2)), np.arange(9) % 2, 0.7, 6
    yield rng.normal(size=(1, 3)), np.array([0]), 0.4, 10
    # No line, and a number of mistakes that stays the same in the end, or goes round.
    corners = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    yield corners * rng.integers(2, 5), np.array([0, 1, 1, 0]), 0.5, 12
    for _ in range(2):
        yield rng.normal(size=(8, 2)), np.arange(8) % 2, 0.6, 15


def fresh_perceptron_fit(draw: Draw) -> tuple:
    n, d = draw.sizes("n", "d")
    return draw.array(n, d), draw.bits(n), draw.between(0.1, 3.0), draw.integer(0, 6)


def perceptron_fit__batch_update(X, y, lr, max_epochs):
    """You look at the whole batch with the same w and b, and then update once. The perceptron
    learns after each example, so the second example already sees the new weights."""

    def epoch(w, b):
        error = y - _step(X @ w + b)
        return w + lr * error @ X, b + lr * np.sum(error), int(np.sum(error != 0))

    return _learn(epoch, X.shape[1], max_epochs)


def perceptron_fit__batch_mean_update(X, y, lr, max_epochs):
    """You update once an epoch, with the mean error of the batch. The perceptron learns after each
    example, with that example's own error."""

    def epoch(w, b):
        error = y - _step(X @ w + b)
        return w + lr * error @ X / len(y), b + lr * np.mean(error), int(np.sum(error != 0))

    return _learn(epoch, X.shape[1], max_epochs)


def perceptron_fit__stops_at_first_right_example(X, y, lr, max_epochs):
    """Training ends at the first example that is classified correctly. One right answer isn't
    enough: a whole epoch must pass without a mistake."""
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(max_epochs):
        mistakes = 0
        for x_i, y_i in zip(X, y, strict=True):
            error = y_i - _step(w @ x_i + b)
            if error == 0:
                return w, b, errors + [mistakes]
            w, b = w + lr * error * x_i, b + lr * error
            mistakes += 1
        errors.append(mistakes)
    return w, b, errors


def perceptron_fit__right_example_ends_epoch(X, y, lr, max_epochs):
    """A `break` inside the inner loop ends the epoch at the first right example, and the rest of
    the data is never seen. A right example needs no update, but the next one may."""

    def epoch(w, b):
        mistakes = 0
        for x_i, y_i in zip(X, y, strict=True):
            error = y_i - _step(w @ x_i + b)
            if error == 0:
                break
            w, b = w + lr * error * x_i, b + lr * error
            mistakes += 1
        return w, b, mistakes

    return _learn(epoch, X.shape[1], max_epochs)


def perceptron_fit__one_example_an_epoch(X, y, lr, max_epochs):
    """Your epoch is a single example. An epoch is one pass over all the examples, so it takes two
    loops, one inside the other."""
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for k in range(max_epochs):
        i = k % len(y)
        w, b, mistakes = _learner(X[i : i + 1], y[i : i + 1], lr)(w, b)
        errors.append(mistakes)
        if mistakes == 0:
            break
    return w, b, errors


def perceptron_fit__bias_reset(X, y, lr, max_epochs):
    """The bias starts from 0 again in each epoch, so it forgets what it has learned. Check which of
    your starting values are set inside the loop."""
    return _learn(lambda w, b: _learner(X, y, lr)(w, 0.0), X.shape[1], max_epochs)


def perceptron_fit__weights_reset(X, y, lr, max_epochs):
    """w and b start from zero again in each epoch, so every epoch repeats the first one. Check
    which lines belong before the loop."""
    return _learn(lambda w, b: _learner(X, y, lr)(0 * w, 0.0), X.shape[1], max_epochs)


def perceptron_fit__errors_cumulative(X, y, lr, max_epochs):
    """Your `errors` add up from epoch to epoch. errors[k] counts only the mistakes of epoch k, so
    the count starts over each time."""
    w, b, errors = _learn(_learner(X, y, lr), X.shape[1], max_epochs)
    return w, b, [sum(errors[: k + 1]) for k in range(len(errors))]


def perceptron_fit__mistakes_not_reset(X, y, lr, max_epochs):
    """The counter of mistakes is set to 0 only once, so it never returns to 0, and training goes on
    after it has converged. Each epoch needs a fresh count."""
    w, b, errors, mistakes = np.zeros(X.shape[1]), 0.0, [], 0
    for _ in range(max_epochs):
        w, b, new = _learner(X, y, lr)(w, b)
        mistakes += new
        errors.append(mistakes)
        if mistakes == 0:
            break
    return w, b, errors


def perceptron_fit__never_stops(X, y, lr, max_epochs):
    """The training always runs through all max_epochs, and `errors` ends in a row of zeros. After
    the first epoch without a mistake, nothing can change anymore."""
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(max_epochs):
        w, b, mistakes = _learner(X, y, lr)(w, b)
        errors.append(mistakes)
    return w, b, errors


def perceptron_fit__final_zero_missing(X, y, lr, max_epochs):
    """You stop at the right moment, but the epoch without a mistake isn't in `errors`. Which comes
    first in your code, the check or the append?"""
    w, b, errors = _learn(_learner(X, y, lr), X.shape[1], max_epochs)
    return w, b, [mistakes for mistakes in errors if mistakes]


def perceptron_fit__stops_after_one_epoch(X, y, lr, max_epochs):
    """The training ends after one epoch, whatever max_epochs says. Check how far your `return` is
    indented."""
    return _learn(_learner(X, y, lr), X.shape[1], min(1, max_epochs))


def perceptron_fit__stops_when_no_better(X, y, lr, max_epochs):
    """You stop as soon as an epoch makes no fewer mistakes than the one before. The perceptron's
    count may go up on its way down: only an epoch without a mistake ends the training."""
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(max_epochs):
        w, b, mistakes = _learner(X, y, lr)(w, b)
        errors.append(mistakes)
        if mistakes == 0 or (len(errors) > 1 and errors[-1] >= errors[-2]):
            break
    return w, b, errors


def perceptron_fit__stops_at_an_equal_count(X, y, lr, max_epochs):
    """You stop when two epochs make equally many mistakes. The weights have moved anyway, and the
    next epoch may make fewer: only an epoch without a mistake ends the training."""
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(max_epochs):
        w, b, mistakes = _learner(X, y, lr)(w, b)
        errors.append(mistakes)
        if mistakes == 0 or errors[-2:] == [mistakes, mistakes]:
            break
    return w, b, errors


def perceptron_fit__stops_after_three_equal_counts(X, y, lr, max_epochs):
    """You stop when three epochs in a row make equally many mistakes. The weights have moved
    anyway: only an epoch without a mistake, or max_epochs, ends the training."""
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(max_epochs):
        w, b, mistakes = _learner(X, y, lr)(w, b)
        errors.append(mistakes)
        if mistakes == 0 or errors[-3:] == [mistakes, mistakes, mistakes]:
            break
    return w, b, errors


def perceptron_fit__keeps_the_best_epoch(X, y, lr, max_epochs):
    """You return the weights after the epoch with the fewest mistakes. That is known as the pocket
    algorithm, and it can be useful, but this exercise asks for the weights after the last epoch."""
    w, b, errors, best = np.zeros(X.shape[1]), 0.0, [], (np.zeros(X.shape[1]), 0.0)
    for _ in range(max_epochs):
        w, b, mistakes = _learner(X, y, lr)(w, b)
        if mistakes < min(errors, default=np.inf):
            best = w, b
        errors.append(mistakes)
        if mistakes == 0:
            break
    return *best, errors


def perceptron_fit__one_epoch_short(X, y, lr, max_epochs):
    """One epoch fewer than max_epochs is run when the data can't be separated. Count how many times
    your loop runs for max_epochs = 2."""
    return _learn(_learner(X, y, lr), X.shape[1], max_epochs - 1)


def perceptron_fit__one_epoch_long(X, y, lr, max_epochs):
    """One epoch more than max_epochs is run when the data can't be separated. Count how many times
    your loop runs for max_epochs = 2."""
    return _learn(_learner(X, y, lr), X.shape[1], max_epochs + 1)


def perceptron_fit__lr_ignored(X, y, lr, max_epochs):
    """lr never enters your updates. From a zero start, lr changes no prediction, only the size of w
    and b, so the mistakes look right: compare the weights for two different values of lr."""
    return _learn(_learner(X, y, 1.0), X.shape[1], max_epochs)


def perceptron_fit__sign_flipped(X, y, lr, max_epochs):
    """Your updates push the boundary away from the examples that need it, so the mistakes don't go
    down. Check the order of the two terms in the error."""
    return _learn(_learner(X, y, -lr), X.shape[1], max_epochs)


def perceptron_fit__label_for_error(X, y, lr, max_epochs):
    """The label stands where the error belongs: each example of class 1 is added, right or wrong,
    and class 0 never corrects anything."""

    def epoch(w, b):
        mistakes = 0
        for x_i, y_i in zip(X, y, strict=True):
            mistakes += int(_step(w @ x_i + b) != y_i)
            w, b = w + lr * y_i * x_i, b + lr * y_i
        return w, b, mistakes

    return _learn(epoch, X.shape[1], max_epochs)


def perceptron_fit__bias_frozen(X, y, lr, max_epochs):
    """The bias is still 0 after the training, so your boundary always runs through the origin. b
    learns from each mistake, too."""

    def epoch(w, b):
        mistakes = 0
        for x_i, y_i in zip(X, y, strict=True):
            error = y_i - _step(w @ x_i + b)
            w = w + lr * error * x_i
            mistakes += int(error != 0)
        return w, b, mistakes

    return _learn(epoch, X.shape[1], max_epochs)


def perceptron_fit__prediction_without_bias(X, y, lr, max_epochs):
    """The bias is updated, but your predictions don't use it, so mistakes are counted for a
    different line from the one you return."""

    def epoch(w, b):
        mistakes = 0
        for x_i, y_i in zip(X, y, strict=True):
            error = y_i - _step(w @ x_i)
            w, b = w + lr * error * x_i, b + lr * error
            mistakes += int(error != 0)
        return w, b, mistakes

    return _learn(epoch, X.shape[1], max_epochs)


def perceptron_fit__strictly_greater(X, y, lr, max_epochs):
    """You treat a score of exactly 0 as label 0. From a zero start the very first score is 0, so
    this changes the whole run: recall what the course's step does at 0."""
    return _learn(_learner(X, y, lr, lambda score: score > 0), X.shape[1], max_epochs)


def perceptron_fit__starts_from_ones(X, y, lr, max_epochs):
    """Your weights start from ones. The exercise starts from zero, so that everyone gets the same
    result."""
    w, b, errors = np.ones(X.shape[1]), 0.0, []
    for _ in range(max_epochs):
        w, b, mistakes = _learner(X, y, lr)(w, b)
        errors.append(mistakes)
        if mistakes == 0:
            break
    return w, b, errors


def perceptron_fit__shuffled(X, y, lr, max_epochs):
    """You shuffle the examples in each epoch. That is often a good idea, but here you should take
    them in the given order."""
    rng = np.random.default_rng(0)

    def epoch(w, b):
        order = rng.permutation(len(y))
        return _learner(X[order], y[order], lr)(w, b)

    return _learn(epoch, X.shape[1], max_epochs)


def perceptron_fit__last_example_skipped(X, y, lr, max_epochs):
    """The last example is never looked at. Check where your inner loop ends."""
    return _learn(_learner(X[:-1], y[:-1], lr), X.shape[1], max_epochs)


def perceptron_fit__counts_after_epoch(X, y, lr, max_epochs):
    """You count mistakes with the weights at the end of the epoch. errors[k] counts the mistakes
    made along the way, each with the weights at that moment."""

    def epoch(w, b):
        w, b, _ = _learner(X, y, lr)(w, b)
        return w, b, int(np.sum(_step(X @ w + b) != y))

    return _learn(epoch, X.shape[1], max_epochs)


def perceptron_fit__counts_before_epoch(X, y, lr, max_epochs):
    """You count mistakes with the weights at the start of the epoch. errors[k] counts the mistakes
    made along the way, each with the weights at that moment."""

    def epoch(w, b):
        mistakes = int(np.sum(_step(X @ w + b) != y))
        w, b, _ = _learner(X, y, lr)(w, b)
        return w, b, mistakes

    return _learn(epoch, X.shape[1], max_epochs)


def perceptron_fit__signed_errors_cancel(X, y, lr, max_epochs):
    """You add up y minus prediction, where a missed 1 and a false alarm cancel. Two mistakes are
    two mistakes, whatever their signs."""

    def epoch(w, b):
        total = 0
        for x_i, y_i in zip(X, y, strict=True):
            error = y_i - _step(w @ x_i + b)
            w, b = w + lr * error * x_i, b + lr * error
            total += error
        return w, b, total

    return _learn(epoch, X.shape[1], max_epochs)


def perceptron_fit__counts_as_floats(X, y, lr, max_epochs):
    """The counts are right, but they are floats such as 2.0. A count is an int; did you add up the
    errors themselves?"""
    w, b, errors = _learn(_learner(X, y, lr), X.shape[1], max_epochs)
    return w, b, [float(mistakes) for mistakes in errors]


def perceptron_fit__error_rate(X, y, lr, max_epochs):
    """Your `errors` are fractions of the batch. The docstring asks for counts."""
    w, b, errors = _learn(_learner(X, y, lr), X.shape[1], max_epochs)
    return w, b, [mistakes / len(y) for mistakes in errors]


def perceptron_fit__last_count_only(X, y, lr, max_epochs):
    """You return one number, the count of the last epoch. `errors` is the history: one count for
    each epoch that was run."""
    w, b, errors = _learn(_learner(X, y, lr), X.shape[1], max_epochs)
    return w, b, errors[-1]


def perceptron_fit__errors_not_returned(X, y, lr, max_epochs):
    """Only w and b come back. The docstring promises a third result, the number of mistakes in each
    epoch."""
    w, b, _ = _learn(_learner(X, y, lr), X.shape[1], max_epochs)
    return w, b


def perceptron_fit__counted_after_the_correction(X, y, lr, max_epochs):
    """You correct the line first, and then test whether the example is still wrong. A mistake is
    what the line got wrong *before* it was corrected: predict, count, and then update."""
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(max_epochs):
        mistakes = 0
        for x_i, y_i in zip(X, y, strict=True):
            error = float(y_i) - float(w @ x_i + b >= 0)
            w, b = w + lr * error * x_i, b + lr * error
            mistakes += int(float(w @ x_i + b >= 0) != y_i)
        errors.append(mistakes)
        if mistakes == 0:
            break
    return w, b, errors


def perceptron_fit__no_return(X, y, lr, max_epochs):
    """Your function returns None: it reaches its end without a `return` statement. Return w, b, and
    the errors."""
    _learn(_learner(X, y, lr), X.shape[1], max_epochs)


# margin


def inputs_margin(rng: np.random.Generator) -> Iterator[tuple]:
    for n, d in ((7, 3), (3, 3), (6, 2), (1, 4)):
        w = rng.uniform(0.6, 2.0, size=d) * rng.choice([-1.0, 1.0], size=d)
        b = rng.choice([-1.0, 1.0]) * rng.uniform(0.3, 1.0)
        X = rng.normal(size=(n, d))
        y = _step(X @ w + b).astype(int)
        yield X, y, w, b
        if n > 1:  # the nearest example on the wrong side
            y = y.copy()
            y[np.argmin(np.abs(X @ w + b))] ^= 1
            yield X, y, w, b
    # An example of each class on each side.
    x = rng.uniform(0.5, 2.0, size=(4, 2)) * [[1.0], [-1.0], [1.0], [-1.0]]
    yield x, np.array([0.0, 1.0, 1.0, 0.0]), rng.uniform(1.0, 3.0, size=2), 0.2


def fresh_margin(draw: Draw) -> tuple:
    n, d = draw.sizes("n", "d")
    w, b = draw.given(draw.nonzero(d)), draw.number()
    return draw.array(n, d), draw.bits(n), w, b


def margin__not_divided_by_norm(X, y, w, b):
    """This is a score, not a distance: doubling w and b would double it, though the line stays
    where it is. See what the formula divides by."""
    return np.min(_signs(y) * (X @ w + b))


def margin__labels_zero_one(X, y, w, b):
    """The labels 0 and 1 are used as they are, so examples of class 0 count as 0. The formula's t
    takes two other values."""
    return np.min(y * (X @ w + b)) / np.linalg.norm(w)


def margin__signs_swapped(X, y, w, b):
    """Your signs are reversed: class 1 counts as −1. A right classifier then gets a negative
    margin."""
    return np.min(-_signs(y) * (X @ w + b)) / np.linalg.norm(w)


def margin__signs_swapped_and_not_divided_by_norm(X, y, w, b):
    """There are two mistakes. Your signs are reversed: class 1 counts as −1. And nothing is divided
    by the length of w, so this is a score, not a distance."""
    return np.min(-_signs(y) * (X @ w + b))


def margin__mean(X, y, w, b):
    """You average over the examples. The margin belongs to a single example, the one that is worst
    off."""
    return np.mean(_signs(y) * (X @ w + b)) / np.linalg.norm(w)


def margin__largest(X, y, w, b):
    """You return the distance of the example that is farthest on the right side. The margin asks
    for the opposite end."""
    return np.max(_signs(y) * (X @ w + b)) / np.linalg.norm(w)


def margin__sum(X, y, w, b):
    """You add up all the signed distances. The margin is the value of a single example."""
    return np.sum(_signs(y) * (X @ w + b)) / np.linalg.norm(w)


def margin__absolute_value(X, y, w, b):
    """The absolute value hides on which side an example lies, so mistakes look like successes. The
    sign has to come from the label."""
    return np.min(np.abs(X @ w + b)) / np.linalg.norm(w)


def margin__not_below_zero(X, y, w, b):
    """Your margin is never negative. When an example lies on the wrong side, the margin shows by
    how much: keep the sign."""
    return max(0.0, np.min(_signs(y) * (X @ w + b)) / np.linalg.norm(w))


def margin__right_examples_only(X, y, w, b):
    """Examples on the wrong side are left out of your minimum. They are the ones that make a margin
    negative, so they count."""
    scores = _signs(y) * (X @ w + b)
    return np.min(scores[scores >= 0]) / np.linalg.norm(w)


def margin__norm_with_bias(X, y, w, b):
    """The bias is part of your norm. It shifts the line and doesn't turn or scale it: distances are
    measured along w alone."""
    return np.min(_signs(y) * (X @ w + b)) / np.linalg.norm(np.append(w, b))


def margin__squared_norm(X, y, w, b):
    """You divide by w·w, the square of the length. Look for a missing root."""
    return np.min(_signs(y) * (X @ w + b)) / (w @ w)


def margin__sum_of_absolute_weights(X, y, w, b):
    """You divide by the sum of the absolute weights. The bars in the formula mean the Euclidean
    length of w."""
    return np.min(_signs(y) * (X @ w + b)) / np.sum(np.abs(w))


def margin__norm_of_the_examples(X, y, w, b):
    """You divide each score by the length of its example. The length that turns a score into a
    distance is that of another vector."""
    return np.min(_signs(y) * (X @ w + b) / np.linalg.norm(X, axis=1))


def margin__bias_left_out(X, y, w, b):
    """b is missing, so you measure distances to the parallel line through the origin. Look at the
    parentheses in the formula."""
    return np.min(_signs(y) * (X @ w)) / np.linalg.norm(w)


def margin__bias_not_divided(X, y, w, b):
    """Only w·x is divided by the norm; b is added afterward as it is. Check where your parentheses
    close."""
    return np.min(_signs(y) * (X @ w / np.linalg.norm(w) + b))


def margin__sign_not_on_bias(X, y, w, b):
    """t multiplies w·x only, and b keeps its sign for both classes. Check where your parentheses
    close."""
    return np.min(_signs(y) * (X @ w) + b) / np.linalg.norm(w)


def margin__all_distances(X, y, w, b):
    """You return the signed distance of each example. The margin is one of these numbers: which?"""
    return _signs(y) * (X @ w + b) / np.linalg.norm(w)


def margin__index_of_the_smallest(X, y, w, b):
    """You return the position of the worst example instead of its value. Compare what `argmin` and
    `min` give."""
    return np.argmin(_signs(y) * (X @ w + b) / np.linalg.norm(w))


def margin__column_times_row(X, y, w, b):
    """A column of signs meets a row of scores, and the two broadcast into an n × n table: each
    score is multiplied by everybody's sign. Keep both of them in shape (n,)."""
    return np.min(_signs(y).reshape(-1, 1) * (X @ w + b)) / np.linalg.norm(w)


def margin__width_of_the_street(X, y, w, b):
    """This is 2 / ||w||, the width between the classes of a support vector machine whose weights
    were scaled for it. For any other w the examples themselves have to be looked at."""
    return 2 / np.linalg.norm(w)


def margin__no_return(X, y, w, b):
    """Your function returns None: it reaches its end without a `return` statement. Return the
    margin."""
    np.min(_signs(y) * (X @ w + b) / np.linalg.norm(w))


# boundary_x2


def inputs_boundary_x2(rng: np.random.Generator) -> Iterator[tuple]:
    def line() -> tuple[Array, float]:
        w = rng.permutation([rng.uniform(0.4, 1.3), rng.uniform(1.6, 3.0)])
        return w * rng.choice([-1.0, 1.0], size=2), rng.choice([-1.0, 1.0]) * rng.uniform(0.5, 2)

    yield *line(), rng.normal(size=5)
    yield *line(), rng.normal(size=(3, 2))
    yield *line(), rng.normal(size=2)
    yield *line(), np.float64(rng.normal())
    yield *line(), np.float64(0.0)
    yield *line(), np.linspace(-1.0, rng.uniform(1.0, 4.0), 7)


def fresh_boundary_x2(draw: Draw) -> tuple:
    return draw.given(draw.nonzero(2)), draw.number(), draw.elementwise()


def boundary_x2__bias_added(w, b, x1):
    """b has the wrong sign in your result. Move both w1·x1 *and* b to the other side of the
    equation, and watch the signs."""
    return (-w[0] * x1 + b) / w[1]


def boundary_x2__sign_lost(w, b, x1):
    """Your line is mirrored: a minus sign is missing. What happens to a term that moves to the
    other side?"""
    return (w[0] * x1 + b) / w[1]


def boundary_x2__weights_swapped(w, b, x1):
    """The two weights are swapped. w[0] belongs to x1, which you know, and w[1] to x2, which you
    are looking for."""
    return -(w[1] * x1 + b) / w[0]


def boundary_x2__divided_by_first_weight(w, b, x1):
    """You divide by the weight of x1. You are solving for x2: which factor has to go?"""
    return -(w[0] * x1 + b) / w[0]


def boundary_x2__not_divided(w, b, x1):
    """This is w2·x2, not yet x2. You still have to get rid of one factor."""
    return -(w[0] * x1 + b)


def boundary_x2__bias_left_out(w, b, x1):
    """Your line runs through the origin: b is missing."""
    return -w[0] * x1 / w[1]


def boundary_x2__only_bias_divided(w, b, x1):
    """Only b is divided, because division comes before addition. The whole has to be divided: do
    you need parentheses?"""
    return -w[0] * x1 - b / w[1]


def boundary_x2__bias_not_divided(w, b, x1):
    """Only the term with x1 is divided; b is subtracted as it is. The whole has to be divided: do
    you need parentheses?"""
    return -w[0] * x1 / w[1] - b


def boundary_x2__bias_over_norm(w, b, x1):
    """You divide b by the length of w. That gives the line's distance from the origin; where it
    crosses the x2 axis is another number."""
    return -w[0] * x1 / w[1] - b / np.linalg.norm(w)


def boundary_x2__along_w(w, b, x1):
    """You follow the direction of w. The weight vector is perpendicular to the boundary; the
    boundary itself is where the score is 0."""
    return w[1] / w[0] * x1


def boundary_x2__score_of_x1_twice(w, b, x1):
    """You plug in x1 for both inputs and return the score. x2 is the unknown: solve the equation
    for it."""
    return w[0] * x1 + w[1] * x1 + b


def boundary_x2__whole_weight_vector(w, b, x1):
    """The whole vector w is multiplied by x1, so you get two numbers for one. Only one of the two
    weights belongs to x1."""
    return -(w * x1 + b) / w[1]


def boundary_x2__floor_division(w, b, x1):
    """`//` rounds down to whole numbers. The line has points in between."""
    return -(w[0] * x1 + b) // w[1]


def boundary_x2__needs_a_sequence(w, b, x1):
    """Your loop needs several x1, or at least a 1-D array. NumPy's arithmetic works on a single
    number and on arrays of any shape."""
    return np.array([-(w[0] * value + b) / w[1] for value in x1])


def boundary_x2__in_place(w, b, x1):
    """The result is computed inside x1, so the caller's values are lost. Leave the argument alone
    and compute a new array."""
    x1 *= -w[0] / w[1]
    x1 -= b / w[1]
    return x1


def boundary_x2__point(w, b, x1):
    """You return the point, x1 together with x2. The docstring asks for x2 only."""
    return x1, -(w[0] * x1 + b) / w[1]


def boundary_x2__no_return(w, b, x1):
    """Your function returns None: it reaches its end without a `return` statement. Return x2."""
    np.divide(w[0] * x1 + b, -w[1])
