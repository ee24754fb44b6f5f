# %% [markdown]
# # 9 · Tuning: skill, luck, or a leak?
#
# Three people show you their networks, and all three say: *97% right*.
# One of them found a good method.
# One of them tried a hundred settings on a hundred examples and reports the luckiest.
# And one of them let the network peek at the answers, without noticing.
#
# The number is the same. How do you tell them apart?
#
# In this lesson you build the tools that make a number honest: splits, folds, a search, and an interval.
# On the way you will see pure noise score 82%.
#
# **You will build**, from nothing but NumPy:
# `split_indices`, `stratified_split` → `one_hot`, `impute_mean` → `kfold`, `cross_validate` → `random_search` → `bootstrap_interval`
#
# **Time:** about 100 minutes. **You need:** [lesson 3](../03_forward_pass/03_forward_pass.ipynb) and [lesson 7](../07_regularization/07_regularization.ipynb).
#
# **How to work.** As before: predict, run, explain.
# Each exercise is tested on its own, so if one won't budge, skip it and come back.

# %% given: imports
import numpy as np

from utils import data, plots
from utils.checks import unfinished
from utils.widgets import SearchBench

# %% [markdown]
# Here are the pieces you built in earlier lessons.

# %% earlier: pieces
# from 03_forward_pass: linear_forward, softmax, cross_entropy
# from 04_backprop: cross_entropy_grad, linear_backward
# from 05_activations: relu, relu_grad
# from 07_regularization: l2_grad

# %%
# To use your own pieces instead, remove the # in front of the next lines.
# from utils import earlier
# linear_forward, softmax, cross_entropy = earlier.mine(
#     "03_forward_pass", "linear_forward", "softmax", "cross_entropy")
# cross_entropy_grad, linear_backward = earlier.mine(
#     "04_backprop", "cross_entropy_grad", "linear_backward")
# relu, relu_grad = earlier.mine("05_activations", "relu", "relu_grad")
# l2_grad = earlier.mine("07_regularization", "l2_grad")

# %% [markdown]
# ## Three piles
#
# Every number you report is measured on some examples, and what matters is what those examples were used for before that.
# So you make three piles, and each has one job.
#
# - **Training:** the network learns its weights from these.
# - **Validation:** you make your *choices* by these: the learning rate, the width, when to stop. Such choices are called **hyperparameters**, because no gradient sets them.
# - **Test:** you look at these once, at the end, and report what you see.
#
# A choice is a kind of learning, too.
# Once you have chosen by a pile, that pile flatters you.
#
# Shuffle before you cut: tables often come sorted, by date, by hospital, or by class.
#
# **By hand, once.** Split $n = 7$ rows by the fractions 0.6, 0.2, 0.2.
# If you round each size by itself, you get 4, 1, and 1, and one row has vanished.
# Round the *ends* instead: add up the fractions as you go, and part $k$ ends at $n$ times the sum so far.
#
# | part | sum of the fractions so far | times 7 | ends at | size |
# |---|---|---|---|---|
# | training | 0.6 | 4.2 | 4 | 4 |
# | validation | 0.8 | 5.6 | 6 | 2 |
# | test | 1.0 | 7.0 | 7 | 1 |
#
# Each end is the next part's beginning, so no row is lost and none is used twice.
# (Python's `round` takes an exact half to the even number: 2.5 becomes 2. The tests expect the same.)
#
# ## Exercise 1: split

# %% exercise: split_indices
def split_indices(n, fractions, rng):
    """Deal the row numbers 0 to n-1 into parts at random.

    n: how many rows there are.  fractions: the parts' shares, a list of numbers that sum to 1.
    rng: an np.random.Generator, the only source of randomness.
    Returns a list with one int array per fraction. Together the arrays hold every row number
    exactly once; which rows go where is random, and the order inside a part is free.
    Part k ends at round(n * sum of the first k fractions) of the shuffled rows. A part may be
    empty; then it is an int array of length 0.
    """
    ### BEGIN SOLUTION
    ends = [round(n * share) for share in np.cumsum(fractions)]
    return np.split(rng.permutation(n), ends[:-1])
    ### END SOLUTION

# %% tests: split_indices, 3 points
import numpy as np


def _parts(n, fractions, rng):
    got = check.call(split_indices, n, fractions, rng)
    check.true(type(got) in (list, tuple, np.ndarray) and len(got) == len(fractions),
               f"expected a list of {len(fractions)} arrays, one for each fraction, got "
               + (f"{len(got)} parts." if type(got) in (list, tuple, np.ndarray)
                  else f"{type(got).__name__}."))
    for part in got:
        check.true(type(part) is np.ndarray and part.ndim == 1 and part.dtype.kind in "iu",
                   "each part should be an array of ints with one axis; one of them is "
                   + (f"of dtype {part.dtype} and shape {part.shape}." if type(part) is np.ndarray
                      else f"a {type(part).__name__}."))
    return list(got)


def _whole(parts, n):
    rows = np.sort(np.concatenate(parts))
    check.true(rows.tolist() == list(range(n)),
               f"together, the parts should hold each of 0 to {n - 1} exactly once. "
               f"Yours hold {len(rows)} numbers, {len(np.unique(rows))} of them different.")


def _have(parts, sizes):
    found = [len(part) for part in parts]
    check.true(found == sizes, f"the parts should hold {sizes} rows; yours hold {found}.")


with check("cuts 7 rows into 4, 2, and 1, as in the table"):
    _have(_parts(7, [0.6, 0.2, 0.2], np.random.default_rng(901)), [4, 2, 1])
with check("puts every row into exactly one part"):
    for n, fractions in ((7, [0.6, 0.2, 0.2]), (23, [0.33, 0.33, 0.34])):
        _whole(_parts(n, fractions, np.random.default_rng(902)), n)
with check("decides at random which rows go together"):
    first, second = _parts(60, [0.5, 0.5], np.random.default_rng(903))
    for part in (first, second):
        check.true(np.ptp(part) > 35, "one part is a block of neighboring rows.")
    other, _ = _parts(60, [0.5, 0.5], np.random.default_rng(904))
    check.true(set(first.tolist()) != set(other.tolist()),
               "two generators with different seeds give the same parts.")
with check("draws from rng only: the same seed gives the same parts"):
    once, again = (_parts(30, [0.7, 0.3], np.random.default_rng(905)) for _ in range(2))
    check.true(all(np.array_equal(a, b) for a, b in zip(once, again)),
               "two generators with the same seed give different parts.")
    rng = np.random.default_rng(906)
    once, again = (_parts(30, [0.7, 0.3], rng) for _ in range(2))
    check.true(set(once[0].tolist()) != set(again[0].tolist()),
               "two calls with one generator give the same parts.")
    check.unchanged(split_indices, 30, [0.7, 0.3], np.random.default_rng(907))
with check("rounds every end, an exact half to the even number"):
    for n, fractions, sizes in ((10, [0.25, 0.25, 0.5], [2, 3, 5]), (6, [0.25, 0.75], [2, 4]),
                                (11, [0.8, 0.2], [9, 2])):
        _have(_parts(n, fractions, np.random.default_rng(908)), sizes)
### BEGIN HIDDEN TESTS
with check("every pair of parts is as likely as any other"):
    rng, seen = np.random.default_rng(911), {}
    for _ in range(300):
        part = tuple(sorted(_parts(6, [0.5, 0.5], rng)[0].tolist()))
        seen[part] = seen.get(part, 0) + 1
    check.true(len(seen) == 20 and max(seen.values()) < 41,
               "of the 20 ways to choose 3 of 6 rows, some come up too often or never.")
with check("works for other sizes and numbers of parts"):
    for n, fractions in ((1, [1.0]), (5, [1.0]), (40, [0.125] * 8), (101, [0.7, 0.1, 0.1, 0.1]),
                         (97, [0.05, 0.9, 0.05])):
        parts = _parts(n, fractions, np.random.default_rng(912))
        _whole(parts, n)
        ends = [round(n * sum(fractions[:k + 1])) for k in range(len(fractions))]
        _have(parts, [b - a for a, b in zip([0, *ends], ends)])
with check("an empty part is an array of ints, too"):
    for n, fractions, sizes in ((2, [0.9, 0.1], [2, 0]), (4, [0.0, 1.0], [0, 4]),
                                (1, [0.5, 0.5], [0, 1])):
        parts = _parts(n, fractions, np.random.default_rng(913))
        _have(parts, sizes)
        _whole(parts, n)
with check("takes a tuple or an array of fractions, and leaves it as it was"):
    for fractions in ((0.5, 0.25, 0.25), np.array([0.5, 0.25, 0.25])):
        _have(_parts(12, fractions, np.random.default_rng(914)), [6, 3, 3])
    check.unchanged(split_indices, 12, [0.5, 0.25, 0.25], np.random.default_rng(915))
    check.unchanged(split_indices, 12, np.array([0.5, 0.5]), np.random.default_rng(915))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# There are two steps: put the row numbers in random order, then cut that one order at the right places.
# The table shows how to find the places.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `rng.permutation(n)` gives you 0 to n−1 in random order, and `np.cumsum` adds up the fractions as you go.
# Then slice, part by part; an empty slice of an int array is an int array.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Start at 0. For each sum in `np.cumsum(fractions)`, the end is `round(n * total)`; append the slice of the shuffled row numbers from the start to the end, and let the end become the next start.
# </details>

# %% [markdown]
# ## A rare class
#
# A random split is fair on average, but a single one can be unlucky.
# Take 120 patients, of whom 6 are sick, and a validation set of 20%.
#
# **Predict:** how often will a random split put *no* sick patient at all into the validation set?

# %%
with unfinished():
    sick = np.arange(120) < 6
    rng = np.random.default_rng(1)
    splits = [split_indices(120, [0.8, 0.2], rng) for _ in range(2000)]
    found = np.array([sick[valid].sum() for _, valid in splits])
    print(f"none of the 6 is in the validation set in {100 * np.mean(found == 0):.0f}% of 2000 splits")
    print(f"exactly one, which is their share, in {100 * np.mean(found == 1):.0f}%")

# %% [markdown]
# In about a quarter of the splits, 24%, not one sick patient is in the validation set.
# With such a validation set, you can't even ask how well the network finds the sick.
#
# The cure is to **stratify**: split each class by itself, and put the pieces together.
#
# **By hand, once.** With `y = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1]` and a fraction of 0.25, class 0 sends round(8 · 0.25) = 2 of its 8 rows to validation, and class 1 sends round(4 · 0.25) = 1 of its 4.
# Which ones is a matter of chance.
#
# ## Exercise 2: split each class

# %% exercise: stratified_split
def stratified_split(y, fraction, rng):
    """Deal the rows into training and validation so that each class gives its share.

    y: (n,) class labels, any ints; n may be 0.  fraction: the share for *validation*, 0 to 1.
    rng: an np.random.Generator, the only source of randomness.
    Returns (train, val), two int arrays of row numbers that together hold 0 to n-1 exactly once.
    Of a class with m rows, round(m * fraction) are in val; for a small class that may be none.
    Which of them is random, and the order inside an array is free.
    """
    ### BEGIN SOLUTION
    y = np.asarray(y)
    train, val = [], []
    for label in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == label))
        share = round(len(rows) * fraction)
        val.extend(rows[:share])
        train.extend(rows[share:])
    return np.array(train, dtype=int), np.array(val, dtype=int)
    ### END SOLUTION

# %% tests: stratified_split, 3 points
import numpy as np


def _halves(y, fraction, rng):
    got = check.parts(check.call(stratified_split, y, fraction, rng), "train", "val")
    for name, part in zip(("train", "val"), got):
        check.true(type(part) is np.ndarray and part.ndim == 1 and part.dtype.kind in "iu",
                   f"{name} should be an array of ints with one axis, got "
                   + (f"dtype {part.dtype} and shape {part.shape}." if type(part) is np.ndarray
                      else f"a {type(part).__name__}."))
    rows = np.sort(np.concatenate(got))
    check.true(rows.tolist() == list(range(len(y))),
               f"train and val should together hold each of 0 to {len(y) - 1} exactly once.")
    return got


def _gives(y, rows, expected):
    chosen, labels = np.asarray(y)[rows].tolist(), sorted(set(np.asarray(y).tolist()))
    found = [chosen.count(label) for label in labels]
    check.true(found == expected, f"of the classes {labels}, val should hold {expected} rows; yours "
               f"holds {found}.")


LABELS = np.array([0] * 8 + [1] * 4)
with check("sends 2 of the 8 and 1 of the 4 to validation, as worked out above"):
    _, val = _halves(LABELS, 0.25, np.random.default_rng(921))
    _gives(LABELS, val, [2, 1])
with check("takes its share from every class, whatever the labels are called"):
    y = np.repeat([7, -2, 4], [10, 15, 5])[np.random.default_rng(922).permutation(30)]
    _, val = _halves(y, 0.4, np.random.default_rng(923))
    _gives(y, val, [6, 2, 4])
with check("decides at random which rows of a class go where"):
    picks = [_halves(LABELS, 0.25, np.random.default_rng(seed))[1] for seed in range(1201, 1241)]
    check.true(len({tuple(sorted(val.tolist())) for val in picks}) > 6,
               "40 generators with different seeds choose nearly the same rows.")
    for label in (0, 1):
        chosen = {row for val in picks for row in val.tolist() if LABELS[row] == label}
        check.true(len(chosen) > 2, f"always the same rows of class {label} are chosen.")
with check("draws from rng only: the same seed gives the same split"):
    once, again = (_halves(LABELS, 0.25, np.random.default_rng(935)) for _ in range(2))
    check.true(all(np.array_equal(a, b) for a, b in zip(once, again)),
               "two generators with the same seed give different splits.")
    rng = np.random.default_rng(936)
    y = np.arange(60) % 3
    once, again = (_halves(y, 0.5, rng)[1] for _ in range(2))
    check.true(set(once.tolist()) != set(again.tolist()),
               "two calls with one generator give the same split.")
    check.unchanged(stratified_split, LABELS.copy(), 0.25, np.random.default_rng(937))
with check("rounds each class's share, an exact half to the even number"):
    y = np.repeat([0, 1, 2, 3], [5, 3, 7, 1])
    _gives(y, _halves(y, 0.5, np.random.default_rng(938))[1], [2, 2, 4, 0])
    _gives(y, _halves(y, 0.25, np.random.default_rng(939))[1], [1, 1, 2, 0])
### BEGIN HIDDEN TESTS
with check("every choice inside a class is as likely as any other"):
    rng, seen = np.random.default_rng(941), {}
    y = [3, 5, 3, 5, 3, 5, 3, 5, 3]
    for _ in range(200):
        val = _halves(y, 0.5, rng)[1].tolist()
        key = tuple(sorted(row for row in val if y[row] == 5))
        seen[key] = seen.get(key, 0) + 1
    check.true(len(seen) == 6 and max(seen.values()) < 66,
               "of the 6 ways to choose 2 of 4 rows, some come up too often or never.")
with check("draws each class independently of the others"):
    rng, together = np.random.default_rng(942), 0
    for _ in range(150):
        val = set(_halves(np.array([0, 0, 0, 0, 1, 1, 1, 1]), 0.5, rng)[1].tolist())
        together += {row - 4 for row in val if row > 3} == {row for row in val if row < 4}
    check.true(together < 52, "the same places are chosen in two classes.")
with check("gives all to one side for a fraction of 0 or 1"):
    y = np.array([2, 2, 5, 5, 5])
    _gives(y, _halves(y, 0.0, np.random.default_rng(943))[1], [0, 0])
    _gives(y, _halves(y, 1.0, np.random.default_rng(943))[1], [2, 3])
with check("a class with a single row, and no rows at all, give int arrays"):
    _gives([4], _halves([4], 0.3, np.random.default_rng(944))[1], [0])
    train, val = _halves(np.array([], dtype=int), 0.3, np.random.default_rng(945))
    check.close((len(train), len(val)), (0, 0), names=("len(train)", "len(val)"))
with check("works on lists, many classes and large tables, and leaves the labels as they were"):
    y = (np.random.default_rng(946).permutation(500) % 11).tolist()
    _, val = _halves(y, 0.3, np.random.default_rng(947))
    _gives(y, val, [round(y.count(label) * 0.3) for label in range(11)])
    y = np.repeat(np.arange(4), 12)[::-1][::2]
    _gives(y, _halves(y, 0.5, np.random.default_rng(948))[1], [3, 3, 3, 3])
    check.unchanged(stratified_split, list(y), 0.5, np.random.default_rng(949))
    check.unchanged(stratified_split, y.copy(), 0.5, np.random.default_rng(949))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Do it for one class first: which rows belong to it, in random order, and how many of them go to validation?
# Then repeat that for every class, and join the pieces.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `np.unique(y)` lists the classes, whatever they are called, and `np.flatnonzero(y == label)` gives the row numbers of one.
# `rng.permutation` also takes an array.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Begin with two empty lists.
# For each class, shuffle its row numbers, let `share = round(len(rows) * fraction)`, and extend one list by the first `share` of them and the other by the rest.
# At the end, make arrays with `dtype=int`, so that empty ones are ints, too.
# </details>

# %% [markdown]
# ## Columns that aren't numbers
#
# Networks take numbers, and tables hold words: a color, a district, a blood type.
# If you number them 0, 1, 2, you have told the network that district 2 is *twice* district 1.
#
# **One-hot** coding makes no such claim: each class gets a column of its own, with a 1 where a row belongs to it.
# For the classes red, green, blue:
#
# | label | red | green | blue |
# |---|---|---|---|
# | green | 0 | 1 | 0 |
# | red | 1 | 0 | 0 |
#
# The order of the columns is decided *once*, from the training data, and every table uses the same order.
# A word nobody has seen before should be an error, not a silent row of zeros.
#
# ## Exercise 3: one-hot

# %% exercise: one_hot
def one_hot(labels, classes):
    """A column for each class, with 1.0 where a row has it.

    labels: n ints or strings.  classes: the k known ones, without duplicates; column j belongs to
    the j-th of them.
    Returns float64 (n, k), with exactly one 1.0 in each row; shape (0, k) without labels.
    Raises ValueError if a label is not among the classes.
    """
    ### BEGIN SOLUTION
    place = {label: j for j, label in enumerate(classes)}
    coded = np.zeros((len(labels), len(classes)))
    for i, label in enumerate(labels):
        if label not in place:
            raise ValueError(f"{label!r} is not one of the classes")
        coded[i, place[label]] = 1.0
    return coded
    ### END SOLUTION

# %% tests: one_hot, 2 points
import numpy as np

COLORS = ["red", "green", "blue"]
with check("gives the two rows of the table"):
    check.close(check.call(one_hot, ["green", "red"], COLORS), [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
with check("keeps the order of the classes, whichever labels come first"):
    check.close(check.call(one_hot, ["blue", "blue", "green"], COLORS),
                [[0.0, 0.0, 1.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
    check.close(check.call(one_hot, np.array([30, 10]), [30, 20, 10]),
                [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
with check("returns float64"):
    check.floats(check.call(one_hot, ["red", "red", "blue", "red"], COLORS), (4, 3))
with check("refuses a label that it doesn't know with a ValueError"):
    check.raises(ValueError, one_hot, ["red", "pink"], COLORS)
    check.raises(ValueError, one_hot, [1, 3], [0, 1, 2])
### BEGIN HIDDEN TESTS
def _table(labels, classes):
    return np.array([[1.0 if label == one else 0.0 for one in classes] for label in labels])


with check("agrees with a loop for ints, negative ones too, in any order of the classes"):
    rng = np.random.default_rng(951)
    for n, classes in ((9, [4, -1, 7, 0]), (4, [3, 2, 1, 0]), (1, [5, 6]), (6, [8])):
        labels = rng.choice(classes, size=n)
        got = check.call(one_hot, labels, classes)
        check.floats(got, (n, len(classes)))
        check.close(got, _table(labels, classes))
        check.close(check.call(one_hot, labels.tolist(), np.array(classes)), _table(labels, classes))
with check("agrees with a loop for strings, whatever their length"):
    classes = ["a", "abc", "b", "B", ""]
    labels = ["abc", "B", "a", "", "b", "abc"]
    check.close(check.call(one_hot, labels, classes), _table(labels, classes))
    check.close(check.call(one_hot, tuple(labels), tuple(classes)), _table(labels, classes))
with check("refuses an unknown label wherever it is, and near a known one"):
    for labels in (["ab"], ["a", "b", "c"], ["A"], ["abcd"]):
        check.raises(ValueError, one_hot, labels, ["a", "b", "abc"])
    for labels in ([-1], [3], [10], [0, 5, 1]):
        check.raises(ValueError, one_hot, np.array(labels), [1, 0, 2])
with check("has no rows when there are no labels, but still a column for every class"):
    for labels, classes in (([], ["a", "b"]), ([], [1, 2, 3]), (np.array([], dtype=int), [4])):
        check.floats(check.call(one_hot, labels, classes), (0, len(classes)))
with check("leaves its input as it was"):
    check.unchanged(one_hot, ["b", "a"], ["a", "b", "c"])
    check.unchanged(one_hot, np.array([2, 1]), [1, 2])
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Start from a table of zeros.
# For one label: in which column does the 1 belong?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# A dictionary from each class to its column (`enumerate`) answers that at once, and also tells you whether a label is known.
# `np.zeros` makes float64, even with 0 rows.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Build `{label: column}` from `classes`, and zeros of shape `(len(labels), len(classes))`.
# Go through the labels with their row number: raise a `ValueError` if the label isn't in the dictionary, otherwise write a 1.0 into its row and column.
# </details>

# %% [markdown]
# **Predict:** rents in three districts average 8, 14, and 9. A linear model gets the district either as one column of 0, 1, 2 or one-hot. How far off will its predictions be, on average?

# %%
with unfinished():
    rng = np.random.default_rng(2)
    district = rng.integers(0, 3, size=300)
    rent = np.array([8.0, 14.0, 9.0])[district] + rng.normal(size=300)
    fit_rows, check_rows = split_indices(300, [0.5, 0.5], rng)
    as_number = np.column_stack([np.ones(300), district])
    for name, table in (("0, 1, 2", as_number), ("one-hot", one_hot(district, [0, 1, 2]))):
        w = np.linalg.lstsq(table[fit_rows], rent[fit_rows], rcond=None)[0]
        off = np.abs(table[check_rows] @ w - rent[check_rows]).mean()
        print(f"{name}: off by {off:.2f} on average")

# %% [markdown]
# With one-hot columns the model is off by 0.81, which is just the noise; with one column of 0, 1, 2 it is off by 2.64.
# A line can't go up and then down again; three separate columns can.
#
# ## Holes in the table
#
# Real tables have holes: a question nobody answered, a sensor that failed.
# NumPy marks them as NaN, and a single NaN in a row makes all of its scores NaN.
# The plainest repair is to fill in the column's mean, which says "nothing special".
#
# **By hand, once.** In a training column of 1, NaN, 6, 2, the known values average $9/3 = 3$, so the hole becomes 3.
# A hole in the *test* column becomes 3 as well, whatever the test column's own mean is: the rule is the same as for `standardize` in lesson 7.
#
# ## Exercise 4: fill the holes

# %% exercise: impute_mean
def impute_mean(train, test):
    """Both tables with each missing value replaced by its column's mean in the training table.

    train: (n, d) and test: (m, d), with the same columns; missing values are NaN.
    The mean is taken over the known values of the training column; there is at least one.
    Returns (train, test), new float64 arrays of the same shapes. Known values stay as they are.
    """
    ### BEGIN SOLUTION
    train, test = np.asarray(train, dtype=float), np.asarray(test, dtype=float)
    means = np.nanmean(train, axis=0)
    return tuple(np.where(np.isnan(table), means, table) for table in (train, test))
    ### END SOLUTION

# %% tests: impute_mean, 2 points
import numpy as np

NAN = float("nan")


def _tables(train, test):
    return check.parts(check.call(impute_mean, train, test), "train", "test")


with check("fills the holes as worked out above, in both tables"):
    train, test = np.array([[1.0], [NAN], [6.0], [2.0]]), np.array([[NAN], [10.0]])
    check.close(_tables(train, test), (np.array([[1.0], [3.0], [6.0], [2.0]]),
                                       np.array([[3.0], [10.0]])), names=("train", "test"))
with check("uses one mean for each column"):
    train = np.array([[1.0, 20.0, NAN], [NAN, 40.0, 5.0], [3.0, NAN, 7.0]])
    check.close(_tables(train, np.full((1, 3), NAN)),
                (np.array([[1.0, 20.0, 6.0], [2.0, 40.0, 5.0], [3.0, 30.0, 7.0]]),
                 np.array([[2.0, 30.0, 6.0]])), names=("train", "test"))
with check("the test table's own values change nothing"):
    train = np.array([[1.0, 4.0], [NAN, 6.0]])
    for value in (-100.0, 1000.0):
        _, test = _tables(train, np.array([[value, NAN], [NAN, value]]))
        check.close(test, [[value, 5.0], [1.0, value]])
with check("gives back new float64 tables, and leaves the old ones as they were"):
    train, test = np.array([[1.0, NAN], [3.0, 4.0]]), np.array([[NAN, 2.0]])
    check.unchanged(impute_mean, train.copy(), test.copy())
    got = _tables(train, test)
    check.floats(got[0], (2, 2))
    check.floats(got[1], (1, 2))
    check.new(got, train, test)
### BEGIN HIDDEN TESTS
def _by_columns(train, test):
    train, test = np.array(train, dtype=float), np.array(test, dtype=float)
    for j in range(train.shape[1]):
        known = [value for value in train[:, j] if value == value]
        for table in (train, test):
            for i in range(len(table)):
                if table[i, j] != table[i, j]:
                    table[i, j] = sum(known) / len(known)
    return train, test


def _holed(seed, n, m, d):
    rng = np.random.default_rng(seed)
    train, test = 5 * rng.normal(size=(n, d)) + 3, 5 * rng.normal(size=(m, d)) - 3
    train[rng.random((n, d)) < 0.4] = NAN
    test[rng.random((m, d)) < 0.4] = NAN
    train[rng.integers(n, size=d), np.arange(d)] = rng.normal(size=d)
    return train, test


with check("agrees with a loop over the columns, whatever the sizes"):
    for seed, (n, m, d) in enumerate(((7, 5, 3), (4, 4, 4), (1, 6, 2), (9, 1, 5), (6, 2, 1))):
        tables = _holed(961 + seed, n, m, d)
        check.close(_tables(*tables), _by_columns(*tables), names=("train", "test"))
with check("leaves tables without holes as they are, but copies them"):
    rng = np.random.default_rng(971)
    train, test = rng.normal(size=(5, 3)), rng.normal(size=(4, 3))
    got = _tables(train, test)
    check.close(got, (train, test), names=("train", "test"))
    check.new(got, train, test)
with check("works on lists, and on whole numbers where there are no holes"):
    got = _tables([[1, 10], [NAN, 30]], [[2, NAN]])
    check.close(got, (np.array([[1, 10], [1, 30]]), np.array([[2, 20]])), names=("train", "test"))
    train, test = np.array([[1, 2], [3, 4]]), np.array([[5, 6]])
    got = _tables(train, test)
    check.floats(got[0], (2, 2))
    check.floats(got[1], (1, 2))
    check.new(got, train, test)
with check("reads any memory order"):
    train, test = _holed(972, 12, 5, 8)
    train = np.asfortranarray(train)[:, ::-2]
    check.close(_tables(train, test[:, ::2]), _by_columns(train, test[:, ::2]),
                names=("train", "test"))
    check.unchanged(impute_mean, train.copy(), test[:, ::2])
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# You need one mean per column, of the known training values only.
# Then both tables are filled from the same means.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `np.nanmean` leaves NaN out; mind the axis.
# `np.isnan` finds the holes, and `np.where(condition, a, b)` makes a new array that takes `a` where the condition holds, otherwise `b`.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Make float arrays of both tables and compute `means` from `train` along axis 0.
# For each table, use `np.where` with its holes, `means` (which broadcast over the rows), and the table itself.
# </details>

# %% [markdown]
# How much would it have mattered if you had used the pooled mean of both tables?
# **Predict:** take the breast cancer table, punch holes into 30% of its entries, and classify each tumor by the nearer class mean. How do honest means, pooled means, and throwing away every row with a hole compare?

# %%
def nearest_mean(X, y):
    """A classifier that remembers the mean of each class."""
    return [X[y == label].mean(axis=0) for label in (0, 1)]


def accuracy_of_nearest(means, X, y):
    """The fraction of rows that lie nearer to the mean of their own class."""
    distances = [np.sum((X - mean) ** 2, axis=1) for mean in means]
    return np.mean(np.argmin(distances, axis=0) == y)


with unfinished():
    tumors, rows_left, got = data.breast_cancer(), [], {"training means": [], "pooled means": []}
    for seed in range(30):
        rng = np.random.default_rng(seed)
        X = np.where(rng.random(tumors.X.shape) < 0.3, np.nan, tumors.X)
        train, test = split_indices(len(X), [0.3, 0.7], rng)
        X = (X - np.nanmean(X[train], axis=0)) / np.nanstd(X[train], axis=0)
        rows_left.append(np.sum(~np.isnan(X[train]).any(axis=1)))
        for name, (A, B) in (("training means", impute_mean(X[train], X[test])),
                             ("pooled means", (impute_mean(X, X[train])[1], impute_mean(X, X[test])[1]))):
            model = nearest_mean(A, tumors.y[train])
            got[name].append(accuracy_of_nearest(model, B, tumors.y[test]))
    for name, values in got.items():
        print(f"{name}: {100 * np.mean(values):.2f}% right")
    print(f"rows without a hole: {np.mean(rows_left):.2f} of {len(train)} on average")

# %% [markdown]
# Honest means, those of the training rows, give 92.60%, pooled means 92.65%: no difference to speak of.
# And throwing rows away leaves nothing at all: with 30 columns and 30% holes, no row is complete.
# So this leak is tiny. The next one is not.

# %% [markdown]
# ## Every row gets its turn
#
# With few rows, the verdict depends on which of them happen to be in the validation set.
# **Cross-validation** gives every row a turn: cut the rows into $k$ parts, the **folds**.
# Train $k$ times, each time on all parts but one, and measure on the part left out.
# You get $k$ scores, and their mean counts every row once.
# It judges a setting, not a network: the one you use in the end is trained again, on all these rows.
#
# **By hand, once.** Seven rows in shuffled order 3, 0, 6, 2, 5, 1, 4, and $k = 3$.
# Since 7 isn't divisible by 3, one fold is larger by one:
#
# | fold | val | train |
# |---|---|---|
# | 1 | 3, 0, 6 | 2, 5, 1, 4 |
# | 2 | 2, 5 | 3, 0, 6, 1, 4 |
# | 3 | 1, 4 | 3, 0, 6, 2, 5 |
#
# Shuffle only *once*: if you did it again for each fold, some rows would be in two validation parts, and others in none.
#
# ## Exercise 5: folds

# %% exercise: kfold
def kfold(n, k, rng):
    """k ways to split n rows into training and validation, so that each row is validated once.

    n: how many rows there are.  k: the number of folds, 2 <= k <= n.
    rng: an np.random.Generator, the only source of randomness.
    Returns a list of k pairs (train, val) of int arrays. Every row number from 0 to n-1 is in
    exactly one val, and train holds all the rows that the pair's val doesn't. The sizes of the
    vals differ by at most 1. Which rows are in which val is random; the order inside an array is free.
    """
    ### BEGIN SOLUTION
    parts = np.array_split(rng.permutation(n), k)
    return [(np.concatenate(parts[:j] + parts[j + 1:]), parts[j]) for j in range(k)]
    ### END SOLUTION

# %% tests: kfold, 3 points
import numpy as np


def _pairs(n, k, rng):
    got = check.call(kfold, n, k, rng)
    check.true(type(got) in (list, tuple) and len(got) == k, f"expected a list of {k} pairs, got "
               + (f"{len(got)} entries." if type(got) in (list, tuple) else f"a {type(got).__name__}."))
    for pair in got:
        for name, part in zip(("train", "val"), check.parts(pair, "train", "val")):
            check.true(type(part) is np.ndarray and part.ndim == 1 and part.dtype.kind in "iu",
                       f"{name} should be an array of ints with one axis, got "
                       + (f"dtype {part.dtype} and shape {part.shape}."
                          if type(part) is np.ndarray else f"a {type(part).__name__}."))
    return got


def _complete(n, pairs):
    everyone = list(range(n))
    check.true(sorted(row for _, val in pairs for row in val.tolist()) == everyone,
               f"each of the {n} rows should be in exactly one of the vals.")
    for train, val in pairs:
        check.true(sorted(train.tolist() + val.tolist()) == everyone,
                   "train should hold each row that isn't in val, once, and no other.")
    sizes = [len(val) for _, val in pairs]
    check.true(max(sizes) - min(sizes) <= 1, f"the vals hold {sizes} rows: the sizes should differ "
               "by at most 1.")


with check("validates each of 7 rows once in 3 folds, and trains on the others"):
    _complete(7, _pairs(7, 3, np.random.default_rng(981)))
with check("makes folds whose sizes differ by at most 1"):
    for n, k in ((10, 5), (11, 4), (23, 6)):
        _complete(n, _pairs(n, k, np.random.default_rng(982)))
with check("decides at random who is in which fold"):
    pairs = _pairs(60, 4, np.random.default_rng(983))
    for _, val in pairs:
        check.true(np.ptp(val) > 25, "one val is a block of neighboring rows.")
        check.true(len(set(np.diff(np.sort(val)).tolist())) > 1, "the rows of a val are evenly spaced.")
    other = _pairs(60, 4, np.random.default_rng(984))
    check.true({tuple(sorted(val.tolist())) for _, val in pairs}
               != {tuple(sorted(val.tolist())) for _, val in other},
               "two generators with different seeds give the same folds.")
with check("draws from rng only: the same seed gives the same folds"):
    once, again = (_pairs(20, 4, np.random.default_rng(985)) for _ in range(2))
    check.true(all(np.array_equal(a[1], b[1]) for a, b in zip(once, again)),
               "two generators with the same seed give different folds.")
    rng = np.random.default_rng(986)
    once, again = (_pairs(20, 4, rng) for _ in range(2))
    check.true({tuple(sorted(val.tolist())) for _, val in once}
               != {tuple(sorted(val.tolist())) for _, val in again},
               "two calls with one generator give the same folds.")
    check.unchanged(kfold, 20, 4, np.random.default_rng(987))
### BEGIN HIDDEN TESTS
with check("can leave out a single row at a time, and works for many sizes"):
    for n, k in ((2, 2), (3, 2), (5, 5), (9, 8), (30, 7), (101, 10)):
        _complete(n, _pairs(n, k, np.random.default_rng(991)))
with check("every way to form two folds is as likely as any other"):
    rng, seen = np.random.default_rng(992), {}
    for _ in range(250):
        first, second = (tuple(sorted(val.tolist())) for _, val in _pairs(6, 2, rng))
        key = first if 0 in first else second
        seen[key] = seen.get(key, 0) + 1
    check.true(len(seen) == 10 and max(seen.values()) < 55,
               "of the 10 ways to form two folds of 3 rows, some come up too often or never.")
with check("arrays are ints, also where a fold has one row"):
    for train, val in _pairs(3, 3, np.random.default_rng(993)):
        check.close((len(train), len(val)), (2, 1), names=("len(train)", "len(val)"))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Shuffle once, cut into $k$ parts, and let each part be the validation part in turn.
# What is the training part then?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `np.array_split` cuts an array into $k$ parts whose sizes differ by at most 1.
# `np.concatenate` joins a list of arrays, and lists can be joined by `+`.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Let `parts` be the shuffled row numbers, cut into `k`.
# For each `j`, the pair is the concatenation of `parts[:j] + parts[j + 1:]`, and `parts[j]`.
# </details>

# %% [markdown]
# ## Exercise 6: cross-validate
#
# Now use the folds with any method.
# A method is two functions: `fit(X, y)` returns a model, whatever that may be, and `score(model, X, y)` says how good it is on some rows.
#
# **By hand, once.** Let the model be the mean of `y`, let the score be the mean distance from it, and let `y` be 1, 2, 6.
# With three folds of one row each, the first model is $(2 + 6)/2 = 4$, and its score is $|1 - 4| = 3$.
# The others score $|2 - 3.5| = 1.5$ and $|6 - 1.5| = 4.5$.

# %% exercise: cross_validate
def cross_validate(fit, score, X, y, folds):
    """The score of each fold, by a model that was trained on the other rows.

    fit: a function of (X, y) that returns a model, which is only handed on to score.
    score: a function of (model, X, y) that returns a number.
    X: (n, d) examples.  y: (n,) targets, which keep their dtype.
    folds: a list of pairs (train, val) of row numbers.
    Returns a float64 array (k,): for each pair, in order, the score on its val rows of the model
    that was fit to its train rows.
    """
    ### BEGIN SOLUTION
    X, y = np.asarray(X), np.asarray(y)
    scores = []
    for train, val in folds:
        model = fit(X[train], y[train])
        scores.append(score(model, X[val], y[val]))
    return np.array(scores, dtype=float)
    ### END SOLUTION

# %% tests: cross_validate, 3 points
import numpy as np


def _mean_model(X, y):
    return float(np.mean(y))


def _mean_distance(model, X, y):
    return float(np.mean(np.abs(y - model)))


THREE = [(np.array([1, 2]), np.array([0])), (np.array([0, 2]), np.array([1])),
         (np.array([0, 1]), np.array([2]))]
with check("gives the three scores worked out above"):
    got = check.call(cross_validate, _mean_model, _mean_distance, np.zeros((3, 2)),
                     np.array([1.0, 2.0, 6.0]), THREE)
    check.close(got, [3.0, 1.5, 4.5])
with check("fits to the train rows and scores on the val rows, X and y alike"):
    X, y = np.arange(10.0).reshape(5, 2) ** 2, np.array([3.0, 1.0, 4.0, 1.5, 9.0])
    folds = [(np.array([0, 1, 4]), np.array([2, 3])), (np.array([3, 2]), np.array([4, 0, 1]))]
    seen = []

    def _fit(X, y):
        seen.append(("fit", np.array(X), np.array(y)))
        return {"number": len(seen)}

    def _score(model, X, y):
        seen.append(("score", np.array(X), np.array(y)))
        return 0.5

    check.call(cross_validate, _fit, _score, X, y, folds)
    check.true(sorted(name for name, _, _ in seen) == ["fit", "fit", "score", "score"],
               f"with two folds, fit and score should be called twice each; it was "
               f"{[name for name, _, _ in seen].count('fit')} and "
               f"{[name for name, _, _ in seen].count('score')} times.")
    for name, part in (("fit", 0), ("score", 1)):
        for (_, gotX, goty), fold in zip([one for one in seen if one[0] == name], folds):
            check.true(np.array_equal(gotX, X[fold[part]]) and np.array_equal(goty, y[fold[part]]),
                       f"{name} should get the rows {fold[part].tolist()} of X and y, in this order.")
with check("scores each fold with the model of that fold"):
    X, y = np.zeros((4, 1)), np.array([1.0, 2.0, 4.0, 8.0])
    folds = [(np.array([0, 1]), np.array([2, 3])), (np.array([2, 3]), np.array([0, 1]))]
    got = check.call(cross_validate, _mean_model, lambda model, X, y: model, X, y, folds)
    check.close(got, [1.5, 6.0])
with check("returns a float64 array, one number for each fold"):
    got = check.call(cross_validate, _mean_model, _mean_distance, np.zeros((3, 2)),
                     np.array([1.0, 2.0, 6.0]), THREE)
    check.floats(got, (3,))
### BEGIN HIDDEN TESTS
def _slope(X, y):
    return [float(np.sum(X[:, 0] * y) / np.sum(X[:, 0] ** 2)), float(np.max(X[:, -1]))]


def _error(model, X, y):
    return np.mean((X[:, 0] * model[0] - y) ** 2) + model[1]


def _folds(rng, n, k):
    parts = np.array_split(rng.permutation(n), k)
    return [(np.setdiff1d(np.arange(n), val)[::-1], val) for val in parts]


with check("agrees with a loop, whatever the sizes, and with a score that is a NumPy float"):
    for seed, (n, d, k) in enumerate(((12, 3, 4), (5, 5, 5), (9, 1, 2))):
        rng = np.random.default_rng(1001 + seed)
        X, y, folds = rng.normal(size=(n, d)), rng.normal(size=n), _folds(rng, n, k)
        expected = [float(_error(_slope(X[t], y[t]), X[v], y[v])) for t, v in folds]
        got = check.call(cross_validate, _slope, _error, X, y, folds)
        check.floats(got, (k,))
        check.close(got, expected)
with check("y keeps its dtype: ints stay ints, bools stay bools"):
    kinds = []

    def _fit_kind(X, y):
        kinds.append(np.asarray(y).dtype.kind)
        return 0

    def _score_kind(model, X, y):
        kinds.append(np.asarray(y).dtype.kind)
        return 1.0

    for y, kind in ((np.array([0, 2, 1]), "i"), (np.array([True, False, True]), "b"),
                    ([4, 5, 6], "i"), (np.array([0.5, 1.0, 2.0]), "f")):
        kinds.clear()
        check.call(cross_validate, _fit_kind, _score_kind, np.zeros((3, 2)), y, THREE)
        check.true(set(kinds) == {kind}, "y came to fit or score with another dtype than its own.")
with check("works on lists, on folds of tuples, and hands on whatever a model is"):
    for model in (None, "nearest", (1, [2.0]), {"W": 3.0}, 7):
        got = check.call(cross_validate, lambda X, y: model,
                         lambda given, X, y: 1.0 if given == model else 0.0,
                         [[1, 2], [3, 4], [5, 6]], [0, 1, 0], tuple(THREE[:2]))
        check.close(got, [1.0, 1.0])
    lists = [([1, 2], [0]), ([0], [2, 1])]
    got = check.call(cross_validate, _mean_model, _mean_distance, [[0], [0], [0]], [1, 2, 6], lists)
    check.floats(got, (2,))
    check.close(got, [3.0, 3.0])
with check("takes folds that leave rows out or use them twice"):
    folds = [(np.array([0, 0, 3]), np.array([1])), (np.array([3]), np.array([2, 2]))]
    got = check.call(cross_validate, _mean_model, _mean_distance, np.zeros((4, 1)),
                     np.array([1.0, 2.0, 4.0, 8.0]), folds)
    check.close(got, [abs(2 - 10 / 3), 4.0])
with check("reads any memory order, and leaves its input as it was"):
    rng = np.random.default_rng(1011)
    X, y = np.asfortranarray(rng.normal(size=(12, 6)))[::2, ::-2], rng.normal(size=12)[::2]
    folds = _folds(rng, 6, 3)
    expected = [float(_error(_slope(X[t], y[t]), X[v], y[v])) for t, v in folds]
    check.close(check.call(cross_validate, _slope, _error, X, y, folds), expected)
    check.unchanged(cross_validate, _slope, _error, X.copy(), y.copy(), folds)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Go through the pairs, one at a time.
# For each one you need four pieces: two of X and two of y. Which two does `fit` get?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# An array of row numbers picks rows: `X[train]`.
# For that, lists have to become arrays first; `np.asarray` without a dtype leaves ints ints.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Loop `for train, val in folds:`, fit a model to the `train` rows, and append its score on the `val` rows to a list.
# Return the list as a float array.
# </details>

# %% [markdown]
# ## A leak: pure noise, 82% right
#
# Here is a study that has been published, in one form or another, many times.
# There are 150 patients, with 2000 measurements each.
# First keep the 20 measurements that correlate best with the diagnosis, then cross-validate a classifier on those 20.
#
# We repeat it with data in which there is *nothing to find*: measurements and diagnoses are drawn independently.
# One study chooses the 20 from all rows, before the folds; another chooses them inside `fit`, from the training rows only.
#
# **Predict:** an honest classifier is right 50% of the time. What will the two studies report?

# %%
def best_columns(X, y, keep=20):
    """The columns that are most correlated with y, whatever the sign."""
    pull = (X - X.mean(axis=0)).T @ (y - y.mean())
    return np.argsort(np.abs(pull / X.std(axis=0)))[-keep:]


def fit_after_choosing(X, y):
    columns = best_columns(X, y)
    return columns, nearest_mean(X[:, columns], y)


def score_after_choosing(model, X, y):
    columns, means = model
    return accuracy_of_nearest(means, X[:, columns], y)


with plots.figure("Cross-validated accuracy on 20 data sets of pure noise. Choosing the columns before the "
                  "split gives about 82 percent each time; choosing them inside the training part gives "
                  "about 50 percent.", size=(6.8, 4.0)) as ax:
    before, inside = [], []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        X, y = rng.normal(size=(150, 2000)), rng.integers(0, 2, size=150)
        folds = kfold(150, 5, rng)
        chosen = X[:, best_columns(X, y)]
        before.append(100 * cross_validate(nearest_mean, accuracy_of_nearest, chosen, y, folds).mean())
        inside.append(100 * cross_validate(fit_after_choosing, score_after_choosing, X, y, folds).mean())
    for k, (values, color) in enumerate(((before, plots.WRONG), (inside, plots.SERIES_COLORS[0]))):
        ax.plot(values, [k] * 20, "o", color=color, alpha=0.5)
        ax.plot(np.mean(values), k, "|", color=color, markersize=34, markeredgewidth=3)
    ax.axvline(50, color=plots.SERIES_COLORS[-1], linewidth=1, linestyle=":")
    ax.set(title=f"Nothing to find, and yet {np.mean(before):.0f}% right", xlim=(35, 100), ylim=(1.6, -0.6),
           xlabel="cross-validated accuracy, %", yticks=[0, 1],
           yticklabels=["chosen before\nthe split", "chosen inside\nthe training part"])
    ax.grid(axis="y", visible=False)
    print(f"chosen before the split: {np.mean(before):.1f}%   chosen inside the training part: "
          f"{np.mean(inside):.1f}%")

# %% [markdown]
# Chosen before the split, the columns of noise give 82% right; chosen inside the training part, 50%.
# Among 2000 columns of noise, some correlate well with 150 diagnoses by luck, those of the validation rows included.
# This is a **leak**: something about the validation rows reached the model before it was judged by them.
# The folds were perfect; what came *before* them was not.
#
# The rule is simple: **split first, and whatever learns from data happens inside `fit`**: choosing columns, means and spreads, filling holes, the order of the classes.
#
# Leaks get in by other doors, too:
#
# - *Twins:* the same patient, photograph, or sentence, or a near copy, is in training and in test. Split by patient, not by picture.
# - *The future:* tomorrow's rows train a model that is tested on yesterday. Split by date.
# - *The answer in disguise:* a column that is written down only after the diagnosis, such as the medicine.
# - *The slow leak:* you look at the test pile again and again, and keep what helps.
#
# And how do you notice?
# Look at which column does most of the work.
# And **shuffle the labels** and run *everything* again, from the first line: with nothing to find, whatever is left above chance is a leak.
# (It doesn't find every leak: with shuffled labels, a twin or an answer in disguise no longer knows the label.)

# %% [markdown]
# ## Before you search
#
# A network has many knobs: learning rate, batch size, number of epochs, depth and width, weight decay, dropout.
# Before you turn any of them, climb three rungs.
#
# 1. **The loss at the start.** With ten classes and small weights, it should be near $\log 10 \approx 2.30$, the loss of knowing nothing.
# 2. **Overfit 20 examples.** A network that can't even memorize those has a bug, not a bad setting.
# 3. **Then search, the learning rate first.** No other knob can do so much damage.
#
# **Predict:** what is the loss of our network at the start, and after 100 epochs on just 20 digits?

# %%
from threadpoolctl import threadpool_limits

threadpool_limits(1)  # with small matrices, one thread is faster than two that wait for each other
digits = data.digits()
PIXELS, LABELS = digits.X / 16, digits.y


def network(X, W1, b1, W2, b2):
    """The scores of a 64 → hidden → 10 network with ReLU."""
    return linear_forward(relu(linear_forward(X, W1, b1)), W2, b2)


def train_network(X, y, lr=0.1, decay=0.0, hidden=32, epochs=10, seed=0):
    """Minibatches of 32; returns the parameters W1, b1, W2, b2."""
    rng = np.random.default_rng(seed)
    W1, b1 = rng.normal(size=(hidden, 64)) / 8, np.zeros(hidden)
    W2, b2 = rng.normal(size=(10, hidden)) / np.sqrt(hidden), np.zeros(10)
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for start in range(0, len(y), 32):
            batch = order[start:start + 32]
            Z = linear_forward(X[batch], W1, b1)
            H = relu(Z)
            dS = cross_entropy_grad(linear_forward(H, W2, b2), y[batch])
            dH, dW2, db2 = linear_backward(dS, H, W2)
            _, dW1, db1 = linear_backward(dH * relu_grad(Z), X[batch], W1)
            more1, more2 = l2_grad([W1, W2], decay)
            W1, b1 = W1 - lr * (dW1 + more1), b1 - lr * db1
            W2, b2 = W2 - lr * (dW2 + more2), b2 - lr * db2
    return W1, b1, W2, b2


def accuracy(parameters, X, y):
    return np.mean(network(X, *parameters).argmax(axis=1) == y)


start = train_network(PIXELS, LABELS, epochs=0)
few = train_network(PIXELS[:20], LABELS[:20], lr=0.3, epochs=100)
print(f"loss at the start:                     {cross_entropy(network(PIXELS, *start), LABELS):.2f}")
print(f"on 20 digits, after 100 epochs on them: {cross_entropy(network(PIXELS[:20], *few), LABELS[:20]):.4f}")

# %% [markdown]
# The loss starts at 2.29, and on the 20 digits it falls to 0.05: the network can learn.
#
# ## Grid or dice?
#
# A **grid search** tries every combination: three learning rates and three decays make 9 runs.
# A **random search** draws 9 settings and tries those.
# That sounds careless, but look at *one* knob: the grid has tried three learning rates, each of them three times; the dice have tried nine.
# If only one of the two knobs matters, six runs of the grid were wasted (Bergstra and Bengio, 2012).
#
# Draw knobs that work by *factors*, such as learning rates and decays, on a **logarithmic scale**: `10 ** rng.uniform(-3, 1)`.
# Between 0.001 and 10, plain uniform draws put 90% above 1, where our network doesn't learn at all.
#
# **By hand, once.** Five trials give the values 0.3, NaN, 0.1, 0.1, 0.2, where smaller is better.
# The winner is 0.1, and the setting to return is that of the third trial, the *earlier* of the two.
# The NaN, a run that blew up, never wins.
# Careful: every comparison with NaN is False, so a search that *starts* with a NaN as its best never finds anything better.
#
# ## Exercise 7: random search

# %% exercise: random_search
def random_search(objective, sample, trials, rng):
    """Try random settings, and keep the one with the smallest value.

    objective: a function of a setting that returns a number, a finite one or nan.
    sample: a function of rng that returns a random setting, of any kind.
    trials: how many settings to try, >= 1.  rng: an np.random.Generator, handed to sample.
    Returns (best_config, best_value, history): the setting with the smallest value (of equal ones
    the earliest), that value, and the list of all the values in the order of the trials.
    nan never wins; if every value is nan, the result is (None, nan, history).
    sample and objective are called exactly `trials` times each.
    """
    ### BEGIN SOLUTION
    best_config, best_value, history = None, float("nan"), []
    for _ in range(trials):
        config = sample(rng)
        value = objective(config)
        history.append(value)
        if value < best_value or (best_value != best_value and value == value):
            best_config, best_value = config, value
    return best_config, best_value, history
    ### END SOLUTION

# %% tests: random_search, 3 points
import numpy as np

NAN = float("nan")


def _searched(values, seed=1021):
    """Search among settings 0, 1, 2, … that come to these values; who was asked what, is noted."""
    drawn, asked = [], []

    def sample(rng):
        drawn.append(float(rng.random()))
        return len(drawn) - 1

    def objective(config):
        asked.append(config)
        return values[min(max(int(config), 0), len(values) - 1)]

    got = check.parts(check.call(random_search, objective, sample, len(values),
                                 np.random.default_rng(seed)), "best_config", "best_value", "history")
    check.true(len(drawn) == len(values) and len(asked) == len(values),
               f"with {len(values)} trials, sample was called {len(drawn)} times and objective "
               f"{len(asked)} times.")
    check.true(sorted(asked) == list(range(len(values))),
               "objective should be asked once about each setting that sample returned.")
    return got, drawn


def _shown(values):
    first = ", ".join(f"{value:.4g}" for value in values[:8])
    return first + (f", and {len(values) - 8} more" if len(values) > 8 else "")


def _is_found(values, best):
    (config, value, history), _ = _searched(values)
    if best is None:
        check.true(config is None, "if every value is nan, the best setting is None.")
        check.close(value, NAN)
    else:
        check.true(type(config) in (int, np.int64) and config == best,
                   f"the trials came to {_shown(values)}, in this order. The best setting is the "
                   f"one of trial {best + 1} ({values[best]:.4g}), " + (f"yours is the one of trial {config + 1}."
                   if type(config) in (int, np.int64) else f"but best_config is {config}."))
        check.close(value, values[best])
    check.true(type(history) in (list, tuple, np.ndarray), "the history should be a list.")
    check.close(history, values)


with check("finds the third of the five trials worked out above"):
    _is_found([0.3, NAN, 0.1, 0.1, 0.2], 2)
with check("finds the smallest value wherever it is, negative ones too"):
    for values, best in (([1.0, 2.0, 3.0], 0), ([3.0, 2.0, 1.0], 2), ([2.0, -5.0, 4.0, -1.0], 1)):
        _is_found(values, best)
with check("is not misled by a NaN, even if it comes first"):
    _is_found([NAN, 4.0, NAN, 3.0, NAN], 3)
    _is_found([NAN, 7.0], 1)
with check("returns None and nan when every value is NaN"):
    _is_found([NAN, NAN], None)
with check("keeps all the values in the history, in order"):
    (_, _, history), _ = _searched([5.0, 9.0, 1.0, 4.0])
    check.close(history, [5.0, 9.0, 1.0, 4.0])
with check("hands its own rng to sample, and draws from nothing else"):
    for seed in (1022, 1023):
        _, drawn = _searched([3.0, 1.0, 2.0], seed)
        rng = np.random.default_rng(seed)
        check.true(drawn == [float(rng.random()) for _ in range(3)],
                   "sample should get the rng that was passed in, each time: it drew other numbers "
                   "than that rng would have given it.")
    check.unchanged(random_search, lambda config: config, lambda rng: float(rng.random()), 3,
                    np.random.default_rng(1024))
### BEGIN HIDDEN TESTS
with check("the earliest of equal values wins"):
    _is_found([2.0, 2.0, 2.0], 0)
    _is_found([NAN, 5.0, 1.0, NAN, 1.0, 1.0], 2)
with check("works with a single trial, even if it is NaN"):
    _is_found([0.0], 0)
    _is_found([NAN], None)
with check("hands on settings of any kind"):
    for kinds in ([0.5, 0.25], [{"lr": 0.1}, {"lr": 0.3, "p": 1}], [[1, 2], [3]], ["adam", "sgd"],
                  [(1, 2.0), (2, 0.5)], [None, 5], [0, False]):
        settings, values = iter(kinds), iter([2.0, 1.0])
        got = check.parts(check.call(random_search, lambda config: next(values),
                                     lambda rng: next(settings), 2, np.random.default_rng(1031)),
                          "best_config", "best_value", "history")
        check.true(type(got[0]) is type(kinds[1]) and got[0] == kinds[1],
                   f"expected the setting {kinds[1]}, got {got[0]}.")
with check("hands on settings that are arrays"):
    rows, values = iter(np.arange(6.0).reshape(3, 2)), iter([2.0, 1.0, 3.0])
    got = check.parts(check.call(random_search, lambda config: next(values), lambda rng: next(rows),
                                 3, np.random.default_rng(1032)),
                      "best_config", "best_value", "history")
    check.close(got[0], [2.0, 3.0])
with check("takes values that are whole numbers, NumPy floats, huge or tiny"):
    for values in ([4, 2, 9], [np.float64(0.5), np.float64(NAN), np.float64(0.25)],
                   [1e300, 1e299, 1e301], [-1e300, 0.0, 5.0], [3e-300, 2e-300, 4e-300]):
        _is_found(values, int(np.nanargmin(values)))
with check("finds the best of many random trials"):
    rng = np.random.default_rng(1033)
    values = rng.normal(size=60)
    values[rng.random(60) < 0.3] = NAN
    _is_found(values.tolist(), int(np.nanargmin(values)))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Write the loop first: draw, ask, note down.
# Then: what do you have to remember about the best trial so far, and what is it before the first one?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# Start with `None` for the setting.
# A value is better if nothing has been found yet and it isn't NaN, or if it is *smaller* than the best one.
# `value == value` is False for NaN only; `np.isnan(value)` works as well.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Begin with `best_value = float("inf")` and `best_config = None`.
# In each of the trials, append the value to the history, and replace both if `value < best_value`; NaN fails that comparison, which is what you want.
# If every value was NaN, `best_value` is still infinite after the loop: return nan in its place.
# </details>

# %% [markdown]
# In the next figure, the value of a setting depends on the first knob only, and the best place is drawn anew 2000 times.
#
# **Predict:** with 9 trials, how often does each search come within 0.05 of the best place?
# And if *both* knobs matter equally, how often within 0.15?

# %%
def grid_points(side):
    middles = (np.arange(side) + 0.5) / side
    return np.array([(a, b) for a in middles for b in middles])


def success(side, knobs, close, rounds=2000):
    """How often a grid, and as many random trials, come close to the best place on these knobs."""
    rng, hits, grid = np.random.default_rng(3), np.zeros(2), grid_points(side)
    for _ in range(rounds):
        best = rng.random(2)
        distance = lambda setting: float(np.linalg.norm((np.asarray(setting) - best)[:knobs]))
        _, nearest, _ = random_search(distance, lambda rng: rng.random(2), side ** 2, rng)
        hits += min(map(distance, grid)) < close, nearest < close
    return 100 * hits / rounds


with plots.figure("Nine trials of a grid and nine random ones in a square, with a mark on the bottom edge for "
                  "each value of the first knob: the grid has tried three values, the random search "
                  "nine.", columns=2) as panels:
    one_knob, two_knobs = success(3, 1, 0.05), success(3, 2, 0.15)
    dice = np.random.default_rng(5).random((9, 2))
    for ax, points, name, share in zip(panels, (grid_points(3), dice), ("grid", "dice"), one_knob):
        ax.plot(*points.T, "o", markersize=8, color=plots.SERIES_COLORS[0], clip_on=False)
        ax.vlines(points[:, 0], 0, 0.06, color=plots.WRONG, linewidth=2.5)
        ax.set(title=f"{name}: {len(np.unique(points[:, 0]))} values, close in {share:.0f}%",
               xlim=(0, 1), ylim=(0, 1), xlabel="the knob that matters", ylabel="the one that doesn't")
    print(f"one knob matters, within 0.05:    grid {one_knob[0]:.0f}%, random {one_knob[1]:.0f}%")
    print(f"both matter equally, within 0.15: grid {two_knobs[0]:.0f}%, random {two_knobs[1]:.0f}%")

# %% [markdown]
# If one knob matters, the grid comes close 31% of the time and the dice 59%.
# If both matter equally, it is the other way around: 64% for the grid, 43% for the dice, because a grid covers the *square* more evenly.
# So random search is not magic: it wins where knobs differ in importance, which is usually the case.
# And you can stop it at any time, or add ten more trials.
#
# ### Play: the search bench
#
# Now with a real network.
# We trained 4125 of them on 1000 digits, for 33 learning rates, 25 weight decays, and 5 seeds, so a trial of *your* `random_search` is just a look-up.
# The bluer the spot, the more validation digits are right.
#
# *The question to answer:* with the same budget, which finds the better setting on this landscape, the grid or the dice?
#
# 1. Press **Search again** a few times with 9 trials. Which knob matters, and where?
# 2. Press **Search 200 times** with 4, 9, and 25 trials, and compare the two averages, and which wins more often.
# 3. Switch to the *linear* scale, with 9 trials. What happens to the dice, and why?

# %%
bench = SearchBench(random_search)
bench

# %% [markdown]
# <details><summary>The answers, with what we measured</summary>
#
# **1.** The learning rate matters: between about 0.1 and 0.6 nearly everything is blue.
# The weight decay hardly matters until it reaches 0.01, where it begins to do harm.
# Beyond a learning rate of 1, there is a cliff: the network doesn't learn at all.
# Nine trials of the grid have three learning rates, and how good they are depends on where the grid happens to begin.
#
# **2.** With 4 trials the grid finds 87.7% on average, and the dice 81.6%; with 9 they find 92.4% and 91.9%; with 25, 93.3% and 93.7%, and then the dice win in 68% of the searches.
# So with very few trials the grid's even spacing is worth more, because four dice may all land in the desert.
# With more trials, the dice overtake it, though not by much: this landscape has only two knobs, and a broad valley.
# The more knobs there are, the larger the advantage: five values for each of six knobs would be 15,625 runs.
#
# **3.** On a linear scale, nine dice find 18% on average, and the grid doesn't do better (16%).
# Nine out of ten learning rates are above 1, beyond the cliff.
# The scale matters far more than the question of grid or dice.
# </details>

# %% [markdown]
# ## How sure is 97%?
#
# Your network has read 300 test digits, and got 291 of them right: 97%.
# With 300 *other* digits, it would have been a little more or a little less. How much?
#
# You don't have other digits, but the **bootstrap** (Efron, 1979) makes do with the ones you have.
# Draw 300 times from your 300 results *with replacement*: some are drawn twice, some not at all.
# That is a **resample**, and its mean is a number you might just as well have gotten.
# Make thousands of them, sort the means, and cut off 2.5% at each end; what remains is a 95% interval.
#
# **By hand, once.** Four results, 1, 1, 0, 1, and three resamples:
#
# | drawn | mean |
# |---|---|
# | 1, 0, 0, 1 | 0.5 |
# | 1, 1, 0, 1 | 0.75 |
# | 1, 1, 1, 1 | 1.0 |
#
# For a level of 0.5, cut off a quarter at each end: the 25th percentile of the three means is 0.625, halfway between the first and the second, and the 75th is 0.875.
# That is how `np.percentile` does it.
#
# ## Exercise 8: an interval

# %% exercise: bootstrap_interval
def bootstrap_interval(correct, rounds, rng, level=0.95):
    """An interval for the accuracy, from resamples of the results.

    correct: (n,) bools or 0/1, whether each example was right; n >= 1.
    rounds: how many resamples, each of n results drawn with replacement.
    rng: an np.random.Generator, the only source of randomness.  level: between 0 and 1.
    Returns (low, high), two floats: of the resamples' means, the fraction (1 - level)/2 lies below
    low, and (1 + level)/2 below high (percentiles, with NumPy's default interpolation).
    """
    ### BEGIN SOLUTION
    correct = np.asarray(correct, dtype=float)
    draws = rng.integers(len(correct), size=(rounds, len(correct)))
    low, high = np.quantile(correct[draws].mean(axis=1), [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
    ### END SOLUTION

# %% tests: bootstrap_interval, 3 points
import numpy as np
from scipy import stats


def _interval(correct, rounds, seed, *level):
    got = check.parts(check.call(bootstrap_interval, correct, rounds, np.random.default_rng(seed),
                                 *level), "low", "high")
    for end in got:
        check.floats(end, ())
    return got


def _is_right(right, n, rounds, seed, *level):
    """Both ends lie where the binomial distribution has them, give or take five standard errors."""
    rng = np.random.default_rng(seed)
    correct = rng.permutation(n) < right
    got = _interval(correct, rounds, seed + 1, *level)
    share = level[0] if level else 0.95
    for name, end, q in zip(("low", "high"), got, ((1 - share) / 2, (1 + share) / 2)):
        slack = 5 * np.sqrt(q * (1 - q) / rounds)
        least, most = (stats.binom.ppf(np.clip(p, 1e-12, 1 - 1e-12), n, right / n) / n
                       for p in (q - slack, q + slack))
        check.true(least - 1e-9 <= end <= most + 1e-9,
                   f"with {right} of {n} right and {rounds} resamples, {name} should lie between "
                   f"{least:.4g} and {most:.4g}, got {end:.4g}.")


with check("gives about 0.95 and 0.987 for 291 of 300"):
    _is_right(291, 300, 1000, 1041)
with check("gives two floats, the lower one first, between 0 and 1"):
    low, high = _interval(np.array([True] * 19 + [False]), 500, 1043)
    check.true(0 <= low < high <= 1, "with 19 of 20 right, low should be less than high, and both "
               f"between 0 and 1, got {low:.4g} and {high:.4g}.")
with check("cuts off what the level says"):
    for level in (0.5, 0.8, 0.99):
        _is_right(60, 100, 1000, 1044, level)
with check("draws from rng only: the same seed gives the same interval, another seed another"):
    correct = np.arange(40) % 3 > 0
    check.close(_interval(correct, 50, 1046), _interval(correct, 50, 1046), names=("low", "high"))
    several = {_interval(correct, 9, seed)[0] for seed in range(1047, 1067)}
    check.true(len(several) > 2, "twenty generators with different seeds give nearly the same interval.")
    rng = np.random.default_rng(1068)
    several = {tuple(check.call(bootstrap_interval, correct, 9, rng)) for _ in range(20)}
    check.true(len(several) > 2, "twenty calls with one generator give nearly the same interval.")
    check.unchanged(bootstrap_interval, correct.copy(), 20, np.random.default_rng(1069))
### BEGIN HIDDEN TESTS
with check("is right for few and many examples, and for rare and frequent ones"):
    for seed, (right, n) in enumerate(((5, 10), (9, 10), (3, 40), (200, 400), (1, 2))):
        _is_right(right, n, 600, 1071 + 2 * seed)
        _is_right(right, n, 600, 1091 + 2 * seed, 0.8)
with check("is as wide with many resamples as with few"):
    _is_right(30, 50, 3000, 1111)
    _is_right(30, 50, 300, 1113)
with check("has no width when all are right, all wrong, or there is a single one"):
    for correct, end in (([True] * 6, 1.0), ([0, 0, 0], 0.0), ([1], 1.0)):
        check.close(_interval(correct, 30, 1115), (end, end), names=("low", "high"))
with check("takes lists, bools, and zeros and ones, and leaves them as they were"):
    values = [1, 0, 1, 1, 1, 0, 1, 1, 0, 1]
    for correct in (values, [bool(v) for v in values], np.array(values), np.array(values, dtype=float),
                    np.repeat(np.array(values), 2)[::2]):
        low, high = _interval(correct, 1000, 1117)
        check.true(0.3 <= low <= 0.5 and 0.9 <= high <= 1.0, "with 7 of 10 right, low should lie "
                   f"between 0.3 and 0.5, and high between 0.9 and 1, got {low:.4g} and {high:.4g}.")
    check.unchanged(bootstrap_interval, values, 20, np.random.default_rng(1119))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Make one resample and its mean first.
# Which two things do you need for it: how many row numbers, and may they repeat?
# Then do it `rounds` times.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `rng.integers(n, size=(rounds, n))` draws row numbers with replacement, a row for each resample, and indexing by it gives an array of that shape.
# `np.quantile` wants fractions from 0 to 1; `np.percentile` wants 0 to 100.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Make a float array of `correct` and index it by the drawn row numbers; take the mean over each row.
# Return the quantiles of these means at `(1 - level) / 2` and `(1 + level) / 2`, as floats.
# </details>

# %%
with unfinished():
    rng = np.random.default_rng(4)
    for n in (30, 100, 300, 1000, 10_000):
        right = round(0.97 * n)
        low, high = bootstrap_interval(np.arange(n) < right, 2000, rng)
        print(f"{right} of {n} right, {100 * right / n:.1f}%: from {100 * low:.1f}% to {100 * high:.1f}%")

# %% [markdown]
# For 291 of 300, the interval goes from 95.0% to 98.7%.
# So "97%" means "somewhere between 95 and 99%".
# To make an interval half as wide, you need four times as many examples.
# It covers the luck of the test examples and nothing else: neither the luck of the training run, nor a leak.
#
# ## Is 48 better than 32?
#
# Training is a matter of luck, too: different initial weights and a different order of the batches give a different network.
#
# **Predict:** of 30 networks with 32 hidden units and 30 with 48, the ones with 48 come out slightly ahead, on average. If you had trained only one of each, how often would you have seen the opposite?

# %%
order = np.random.default_rng(0).permutation(len(LABELS))
train, valid, test = np.split(order, [1000, 1300])
runs = {}
for hidden in (32, 48):
    runs[hidden] = 100 * np.array([
        accuracy(train_network(PIXELS[train], LABELS[train], hidden=hidden, seed=seed),
                 PIXELS[valid], LABELS[valid]) for seed in range(30)])

# %%
with plots.figure("Validation accuracy of 30 networks with 32 hidden units and 30 with 48, a dot for each. The "
                  "two clouds overlap almost completely; the means are a fraction of a point apart.",
                  size=(6.8, 3.6)) as ax:
    gap = runs[48].mean() - runs[32].mean()
    spread = np.mean([values.std(ddof=1) for values in runs.values()])
    reversed_ = np.mean(runs[48][:, None] < runs[32])
    for k, values in enumerate(runs.values()):
        ax.plot(values, k + np.linspace(-0.22, 0.22, 30), "o", color=plots.SERIES_COLORS[k], alpha=0.6)
        ax.plot(values.mean(), k, "|", color=plots.SERIES_COLORS[k], markersize=60, markeredgewidth=3)
    ax.set(title=f"The gap is {gap:.1f} points, the spread {spread:.1f}", yticks=[0, 1], ylim=(1.5, -0.5),
           yticklabels=["32 units", "48 units"], xlabel="validation digits right, %")
    ax.grid(axis="y", visible=False)
    print(f"mean with 32: {runs[32].mean():.2f}%, with 48: {runs[48].mean():.2f}%")
    print(f"standard deviation over seeds: {spread:.2f} points")
    print(f"a pair of single runs says the opposite in {100 * reversed_:.0f}% of the cases")
    print(f"standard error of the gap with 30 runs each: {spread * np.sqrt(2 / 30):.2f} points")

# %% [markdown]
# The mean gap is 0.2 points, and a single network varies by 1.0 points from seed to seed.
# With one network of each, you would have seen the opposite 40% of the time, nearly a coin toss.
# Even with 30 of each, the gap is smaller than its *standard error* of 0.27 points, which is how far chance alone typically moves it: nobody can say yet that 48 is better.
# So before you believe a gain, run both settings with several seeds, and compare the gap with the spread.
#
# ## The luckiest of a hundred
#
# One of the three people at the beginning tried a hundred settings.
# Suppose none of them made any difference: every network is right 91% of the time.
# **Predict:** how good will the best of 100 look, on 100 validation examples?

# %%
rng = np.random.default_rng(6)
for n in (100, 1000):
    seen = rng.binomial(n, 0.91, size=(2000, 100)) / n  # 2000 times a hundred networks
    for tries in (1, 10, 100):
        best = 100 * seen[:, :tries].max(axis=1).mean()
        print(f"{n:4d} validation examples, best of {tries:3d} tries: looks like {best:.1f}%")

# %% [markdown]
# With 100 validation examples, the best of ten looks like 95.1%, and the best of a hundred like 97.3%, though every one of them is a 91% network.
# With 1000 examples there is less room for luck, but the best of a hundred still looks like 93.2%.
#
# So there is one of the three 97s.
# Nobody cheated, and nothing leaked: choosing the maximum *is* the bias.
# That is why the winner goes to the test pile, once, and why you report *that* number: for the winner of a hundred it would be 91% again, on average.
#
# ## Putting it together
#
# Split first, search at random, choose by validation, open the test pile once, and report the accuracy with its interval and the number of tries:

# %%
with unfinished():
    rng = np.random.default_rng(7)
    train, rest = stratified_split(LABELS, 0.4, rng)
    parts = stratified_split(LABELS[rest], 0.5, rng)
    valid, test = (rest[part] for part in parts)

    def sample_setting(rng):
        return {"lr": 10 ** rng.uniform(-2, 0), "decay": 10 ** rng.uniform(-6, -2),
                "hidden": int(rng.choice([16, 32, 64]))}

    def validation_error(setting, seed=0):
        parameters = train_network(PIXELS[train], LABELS[train], seed=seed, **setting)
        return 1 - accuracy(parameters, PIXELS[valid], LABELS[valid])

    setting, error, history = random_search(validation_error, sample_setting, 25, rng)
    final = train_network(PIXELS[train], LABELS[train], seed=1, **setting)
    right = network(PIXELS[test], *final).argmax(axis=1) == LABELS[test]
    low, high = bootstrap_interval(right, 2000, rng)
    print(f"25 settings, validation accuracy from {100 * (1 - max(history)):.1f}% to {100 * (1 - error):.1f}%")
    print(f"the best: lr {setting['lr']:.2g}, decay {setting['decay']:.1g}, {setting['hidden']} hidden units")
    print(f"test: {100 * right.mean():.1f}% of {len(right)}, 95% interval from {100 * low:.1f}% to {100 * high:.1f}%")

# %% [markdown]
# The best of 25 settings got 97.2% of the validation digits right.
# Trained again with another seed, it gets 96.4% of the test digits, with an interval from 94.2% to 98.1%.
# The test number is a little lower, as you would expect of a winner, though a difference this small may also be chance.
#
# And now you know what to ask the three people with their 97%: *on how many examples? The best of how many tries? And what happened before the split?*

# %% [markdown]
# ## Check your understanding
#
# Each question has exactly one right answer.

# %% [markdown]
# **Question 1.** A team tries 60 settings. For each, it trains on the training pile and measures on the test pile. It reports the best of the 60 numbers. What is wrong with that?
#
# - **a**  Nothing: the networks were never trained on the test pile, so it is still unseen.
# - **b**  The number is too high on average: the test pile was used for choosing the setting.
# - **c**  The number is too low on average: the network could have learned from more rows.
# - **d**  Only that 60 settings are too few; a number like this needs several hundred trials.

# %% exercise: quiz_test_pile
def quiz_test_pile():
    """The letter of your answer to question 1, for example return "a"."""
    ### BEGIN SOLUTION
    return "b"
    ### END SOLUTION

# %% tests: quiz_test_pile, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_test_pile())
### BEGIN HIDDEN TESTS
with check("what choosing by the test pile does"):
    check.letter(quiz_test_pile(), right="b", why={
        "a": "No weights were fit to it, but the setting was: the best of 60 is the one that this "
             "particular pile happened to favor.",
        "b": "The largest of 60 noisy numbers is large partly by luck. A pile that was used for a choice "
             "can't judge the choice.",
        "c": "More rows may help the network, but that is another matter. The number reported is the "
             "largest of 60, and a maximum is biased upward.",
        "d": "More trials make it worse: the more numbers there are, the luckier the luckiest one is."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 2.** You standardize a table by the means of *all* rows, keep the 10 columns that correlate best with the label, and then cross-validate properly. Where does most of the leak come from?
#
# - **a**  From the standardizing, because each row's numbers now depend on all the others.
# - **b**  From the folds, because each row is used for training in all of the folds but one.
# - **c**  From choosing the columns, because that used the labels of the validation rows.
# - **d**  From nowhere, because the cross-validation kept its own training and validation apart.

# %% exercise: quiz_leak
def quiz_leak():
    """The letter of your answer to question 2, for example return "a"."""
    ### BEGIN SOLUTION
    return "c"
    ### END SOLUTION

# %% tests: quiz_leak, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_leak())
### BEGIN HIDDEN TESTS
with check("which step lets the answers through"):
    check.letter(quiz_leak(), right="c", why={
        "a": "That is a leak, but a small one: means and spreads know nothing about the labels, and "
             "neither did the pooled means of exercise 4.",
        "b": "That is how cross-validation works. The model that judges a row was trained without it.",
        "c": "The validation rows' labels helped to choose the inputs. With noise alone, that was worth "
             "32 points in the figure.",
        "d": "The folds were fine, but the columns had been chosen before the split, and every fold "
             "inherits that choice."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 3.** Two knobs, 25 trials. One of the knobs hardly matters, but you don't know which. How many different values of the *other* knob does each search try?
#
# - **a**  The grid tries 25 of them, and the random search tries 25 as well.
# - **b**  The grid tries 25 of them, but the random search only about 5.
# - **c**  The grid tries 5 of them, and the random search tries 5 as well.
# - **d**  The grid tries 5 of them, but the random search tries all 25.

# %% exercise: quiz_search
def quiz_search():
    """The letter of your answer to question 3, for example return "a"."""
    ### BEGIN SOLUTION
    return "d"
    ### END SOLUTION

# %% tests: quiz_search, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_search())
### BEGIN HIDDEN TESTS
with check("how many values of one knob are tried"):
    check.letter(quiz_search(), right="d", why={
        "a": "A grid of 25 trials over two knobs is 5 by 5: each value comes up five times.",
        "b": "It is the other way around. Look at the marks on the bottom edge of the figure.",
        "c": "Random trials don't share values: each draws both knobs anew.",
        "d": "5 by 5 makes 25 runs but 5 values of each knob, while each random trial has values of "
             "its own. That is the whole advantage."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 4.** You cross-validate a setting with 5 folds and like the mean score. Which network do you deliver?
#
# - **a**  A new one, trained with this setting on all the rows outside of the test pile.
# - **b**  The one with the best score of the five, because it has proven itself to be better.
# - **c**  The one with the median score of the five, because it is the most typical of them.
# - **d**  A network whose weights are the means of the five networks' weights, entry by entry.

# %% exercise: quiz_folds
def quiz_folds():
    """The letter of your answer to question 4, for example return "a"."""
    ### BEGIN SOLUTION
    return "a"
    ### END SOLUTION

# %% tests: quiz_folds, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_folds())
### BEGIN HIDDEN TESTS
with check("what cross-validation is for"):
    check.letter(quiz_folds(), right="a", why={
        "a": "Cross-validation judges the setting. Once that is done, use every row you may train on.",
        "b": "Each was judged on other rows, so the best score went to the one with the easiest fold, "
             "not to the best network.",
        "c": "Its score says little about its weights, and it was trained on only four fifths of the rows.",
        "d": "Hidden units come in a different order in each network, so a mean of weights mixes units "
             "that have nothing to do with each other."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 5.** On the same 300 test digits, your network gets 96.7% right, and your colleague's gets 97.3%. What can you say?
#
# - **a**  Your colleague's network is better, since both were measured on exactly the same digits.
# - **b**  The two networks are equally good, since the difference is smaller than one percent.
# - **c**  Little: two digits make the difference, and the intervals are several points wide.
# - **d**  Little: accuracies can't be compared at all if the networks have different sizes.

# %% exercise: quiz_gap
def quiz_gap():
    """The letter of your answer to question 5, for example return "a"."""
    ### BEGIN SOLUTION
    return "c"
    ### END SOLUTION

# %% tests: quiz_gap, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_gap())
### BEGIN HIDDEN TESTS
with check("what two digits prove"):
    check.letter(quiz_gap(), right="c", why={
        "a": "The same digits make the comparison fairer, but two of them are still a matter of luck, "
             "and so is the training run.",
        "b": "Not showing a difference is not showing that there is none. With more digits or more "
             "seeds, one may turn out to be better.",
        "c": "290 against 292 right. On other digits, or with another seed, it may well be the other "
             "way around.",
        "d": "They can be compared, whatever their sizes: what counts is what they say about the "
             "same digits."})
### END HIDDEN TESTS

# %% [markdown]
# ## In an interview
#
# *A colleague reports 97% accuracy on a problem where everybody else gets about 85%. How would you find out whether there is a leak?*
#
# Answer in the cell below, in six to ten sentences.
# Say what a leak is, and name at least three ways it can happen.
# Name at least two things you would check or run, and say what result would convince you either way.
# Say how the work should have been set up, so that the question wouldn't arise.
# A teacher reads this answer; it is worth 3 points.
#
# <!-- A good answer says: what a leak is; three ways it can happen; two checks, and what would convince you; how the work should have been set up -->

# %% answer: interview_leak, 3 points [markdown]
# A leak means that information about the validation or test rows, above all their labels, reached the model before it was judged, so the score doesn't say how the model does on new data.
# Typical ways: a step that learns from data, such as choosing columns, imputing, or scaling, was run on all rows before the split; the same patient or a near copy is in both parts; later rows train a model that is tested on earlier ones; a column is written down only after the outcome; or the test set was used to choose among many settings.
# I would first ask what happened before the split and how many settings were tried, and look for duplicates and shared ids across the parts.
# Then I would look at which columns the model depends on, and train on the strongest one alone: if one column gives nearly 97%, I want to know when it is recorded.
# I would shuffle the labels and run the whole pipeline again, from the first line: it has to fall to chance; what stays above is a leak. That doesn't find duplicates or a disguised column, so I would also move the split before everything else, split by patient or date, and see whether 97% falls to 85%.
# What would convince me that it is real is a fresh test set, collected later and looked at once, where the accuracy stays within its interval.
# The work should have split first, put every learned step inside the training part of each fold, chosen by validation, and opened the test set once.
#
# ### BEGIN MARK SCHEME
# One point for each, half points where it is incomplete:
#
# 1. **What and how:** says that information about held-out rows reached the model (or the choice), and names three different ways (preprocessing or selection before the split, duplicates or groups across the split, time, a feature that comes after the label, repeated use of the test set).
# 2. **Evidence:** at least two checks that could show it, with the result that would convince: shuffled labels and the whole pipeline, overlap of ids or near duplicates, importance of single columns, a new split by group or time, a fresh test set.
# 3. **Setup:** split before anything else, learned steps inside the training part, choices by validation, the test set once.
#
# These cost the point in parentheses: leak explained as overfitting only, or as the network being too large (1); "compare training and test accuracy" as the only check (2); shuffling labels for the last training step only, after columns were chosen (2); preprocessing all rows "because it doesn't use labels" recommended (3).
# ### END MARK SCHEME

# %% [markdown]
# ## Questions people ask you
#
# Answer each one out loud before you open it.
#
# <details><summary>Which hyperparameters do you tune, and in which order?</summary>
#
# The learning rate first, together with its schedule: nothing else can do so much damage.
# Then what depends on the data: the size of the network (number of layers and width), and the strength of the regularization.
# The batch size mostly follows from the hardware; when you change it, look for the learning rate again.
# Leave the rest at the values other people use.
#
# **A good answer says:** the learning rate first, with its schedule; then size and regularization; when the batch size changes, look for the rate again.
# </details>
#
# <details><summary>Grid search or random search?</summary>
#
# Random, in most cases: with the same budget it tries more values of each knob, and you can stop or go on at any time.
# A grid is fine for one knob, or for two that matter equally, or if you want to show a table.
# In both, use logarithmic scales for what works by factors, and widen the range if the best trial is at its edge.
# With a smarter budget you can do better than either: give many settings a few epochs and go on with the best half (*Hyperband*), or let a model propose the next trial (*Bayesian optimization*).
#
# **A good answer says:** random tries more values of each knob with the same budget; a grid is fine for one or two knobs; logarithmic scales, and a wider range if the best is at the edge; names a smarter way, such as Hyperband or Bayesian optimization.
# </details>
#
# <details><summary>What belongs to preprocessing, and where does it go?</summary>
#
# Filling holes, one-hot coding, standardizing, choosing columns, sometimes augmenting.
# Whatever learns numbers from data learns them from the training part of each split, and is then applied unchanged to everything else.
# scikit-learn's `Pipeline` exists for just that.
#
# **A good answer says:** names at least two steps: holes, one-hot, standardizing; fitted on the training part of each split only; then applied unchanged to the rest.
# </details>
#
# <details><summary>How large should the test set be?</summary>
#
# Large enough for the difference you care about.
# The interval's half-width is about $2\sqrt{p(1-p)/n}$: at 97%, 300 examples give ±2 points, and 10,000 give ±0.3.
#
# **A good answer says:** large enough for the difference you care about; the half-width of the interval, about 2√(p(1−p)/n), or an example in numbers.
# </details>
#
# <details><summary>Is there a cross-validation for both choosing and reporting?</summary>
#
# Yes, *nested* cross-validation: inside each training part, run another cross-validation to choose the setting, and use the outer validation part only to judge the result.
# It costs $k$ times as many runs, and it is worth that much when there are too few rows for a test pile.
#
# **A good answer says:** nested cross-validation; the inner one chooses, the outer one judges; k times the cost, worth it with few rows.
# </details>
#
# <details><summary>Should I impute with the mean?</summary>
#
# It is a start.
# It is wrong when a value is missing *for a reason*: people with high incomes answer less often.
# Then add a column that says "was missing", or model the missing value.
#
# **A good answer says:** it is a start; it is wrong when values are missing for a reason; add a column that says so, or model the value.
# </details>

# %% [markdown]
# ## What to remember
#
# > - Three piles: training learns weights, validation makes choices, the test pile is opened once. A pile that was used for a choice flatters the choice.
# > - Split first, stratified if classes are rare, and by patient or date if rows belong together. Whatever learns from data learns from the training part, inside `fit`.
# > - Cross-validation validates every row once. It judges a setting; the final network is trained anew.
# > - First the loss at the start, then 20 examples, then the learning rate. Search at random, on logarithmic scales.
# > - The best of many looks too good. Compare gaps with the spread over seeds, and report an interval and the number of tries.
# > - Too good to be true? Shuffle the labels and run everything again.
#
# **Next:** [lesson 10, autograd](../10_autograd/10_autograd.ipynb): so far, you have worked out every gradient by hand, and there you build the machine that finds them by itself.
#
# <details><summary>Sources</summary>
#
# B. Efron, "Bootstrap methods: another look at the jackknife" (1979). M. Stone, "Cross-validatory choice and assessment of statistical predictions" (1974). C. Ambroise and G. McLachlan, "Selection bias in gene extraction on the basis of microarray gene-expression data" (2002). T. Hastie, R. Tibshirani, and J. Friedman, *The Elements of Statistical Learning*, section 7.10 (2009). J. Bergstra and Y. Bengio, "Random search for hyper-parameter optimization" (2012). A. Karpathy, "A recipe for training neural networks" (2019). L. Li and others, "Hyperband" (2018). S. Kapoor and A. Narayanan, "Leakage and the reproducibility crisis in machine-learning-based science" (2023). Data: scikit-learn's digits and breast cancer.
# </details>

# %% [markdown]
# ## Your progress, and handing in
#
# The first cell shows which of your exercises pass the checks here.
# The second gives you a button that saves, checks, and submits this lesson, then shows you your receipt, and your grade if it is available.

# %%
from utils import progress

progress.show()

# %%
from utils.hand_in import HandIn

HandIn("09_tuning")
