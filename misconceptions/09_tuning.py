"""Wrong answers to the exercises of lesson 9, each with the hint that its author reads.

`NAME__LABEL` is a wrong answer to exercise NAME, written the way students write it (so without
annotations), and its docstring is the hint. `inputs_NAME` yields what all of them are compared on.
Most of these exercises draw at random or call functions that they are given, so `run_NAME` makes
the calls, and returns what does not depend on how the random numbers are drawn.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from utils._diagnosis.draw import Draw

Array = np.ndarray
Answer = Callable[..., Any]
NAN = float("nan")


# What several exercises share: row numbers that are dealt at random


def _dealt(answer: Answer, arguments: tuple, seeds: tuple[int, int],
           look: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    """What two seeds have in common, and whether a seed decides all and two seeds differ."""
    first, again, other = (answer(*arguments, np.random.default_rng(seed))
                           for seed in (seeds[0], *seeds))
    seen, seen_too = look(first), look(other)
    told = {key: value if key in seen_too and seen_too[key] == value else "varies"
            for key, value in seen.items()}
    return told | {"repeats": _text(first) == _text(again), "moves": _sets(first) != _sets(other)}


def _text(value: Any) -> str:
    return repr([_text(one) for one in value]) if isinstance(value, (list, tuple)) else (
        repr(np.asarray(value).tolist()))


def _sets(value: Any) -> str:
    """As `_text`, whatever the order inside an array."""
    return repr([_sets(one) for one in value]) if isinstance(value, (list, tuple)) else (
        repr(sorted(np.ravel(value).tolist(), key=repr)))


def _rows(part: Any) -> dict[str, Any]:
    """What can be said of an array of row numbers, however they were drawn."""
    if not isinstance(part, np.ndarray):
        return {"type": type(part).__name__}
    told = {"kind": part.dtype.kind, "shape": str(part.shape)}
    if part.dtype.kind in "iu" and part.ndim == 1 and len(part) > 7:  # fewer may be so by chance
        steps = set(np.diff(np.sort(part)).tolist())
        told |= {"block": steps == {1}, "even": len(steps) == 1,
                 "in order": steps == {1} and bool((np.diff(part) == 1).all())}
    return told


def _together(parts: Any, n: int) -> str:
    """Do row numbers hold each of 0 to n - 1 once?"""
    try:
        rows = np.concatenate([np.ravel(part) for part in parts])
    except (TypeError, ValueError):
        return "not rows"
    counts = np.unique(rows, return_counts=True)
    lost = set(range(n)) - set(counts[0].tolist())
    return f"lost {bool(lost)}, twice {bool((counts[1] > 1).any())}, {len(rows)} in all"


# split_indices


def fresh_split_indices(draw: Draw) -> tuple:
    fractions = draw.choice([[0.6, 0.2, 0.2], [0.8, 0.2], [0.5, 0.25, 0.25], [1.0]])
    return draw.integer(1, 30), fractions, draw.generator()


def inputs_split_indices(rng: np.random.Generator) -> Iterator[tuple]:
    for n, fractions in ((67, [0.53, 0.21, 0.26]), (58, [0.61, 0.39]), (26, [0.25, 0.25, 0.5]),
                         (48, [0.27, 0.24, 0.26, 0.23]), (12, [0.97, 0.03]), (90, [0.5, 0.5])):
        yield n, fractions, tuple(rng.integers(2 ** 30, size=2).tolist())


def run_split_indices(answer: Answer, n: int, fractions: list, seeds: tuple) -> Any:
    def look(parts: Any) -> dict[str, Any]:
        if not isinstance(parts, (list, tuple)):
            return {"type": type(parts).__name__}
        told = {"count": len(parts), "together": _together(parts, n)}
        return told | {f"{k} {key}": value for k, part in enumerate(parts)
                       for key, value in _rows(part).items()}

    return _dealt(answer, (n, fractions), seeds, look)


def _ends(n, fractions):
    return [round(n * total) for total in np.cumsum(fractions)]


def _cut(order, ends):
    return [order[a:b] for a, b in zip([0, *ends], ends, strict=False)]


def split_indices__each_size_rounded(n, fractions, rng):
    """You round the size of each part by itself, so the sizes need not add up to n: some rows are
    lost. Round where each part *ends*, as in the table."""
    sizes = [round(n * share) for share in fractions]
    return _cut(rng.permutation(n), np.cumsum(sizes).tolist())


def split_indices__each_size_rounded_and_the_rest(n, fractions, rng):
    """You round the size of each part by itself, and the last part gets the rest. Rounding errors
    add up that way: round where each part *ends*, n times the sum of the fractions so far."""
    sizes = [round(n * share) for share in fractions[:-1]]
    return _cut(rng.permutation(n), [*np.cumsum(sizes, dtype=int).tolist(), n])


def split_indices__each_size_cut_off(n, fractions, rng):
    """You cut off the decimals of each part's size, so a few rows end up in no part at all. Round
    where each part ends, counting from the beginning."""
    sizes = [int(n * share) for share in fractions]
    return _cut(rng.permutation(n), np.cumsum(sizes).tolist())


def split_indices__ends_cut_off(n, fractions, rng):
    """You cut off the decimals of the ends. The promise is to round them: 5.6 becomes 6."""
    return _cut(rng.permutation(n), [int(n * s + 1e-9) for s in np.cumsum(fractions)])


def split_indices__ends_rounded_up(n, fractions, rng):
    """You always round the ends up. The promise is to round to the nearest: 4.2 becomes 4."""
    return _cut(rng.permutation(n), [int(np.ceil(n * s - 1e-9)) for s in np.cumsum(fractions)])


def split_indices__halves_rounded_up(n, fractions, rng):
    """Your parts are right but for exact halves, which you round up. Python's `round` takes them to
    the even number, and so does the promise."""
    return _cut(rng.permutation(n), [int(np.floor(n * s + 0.5)) for s in np.cumsum(fractions)])


def split_indices__last_takes_the_rest(n, fractions, rng):
    """You cut off the decimals of all sizes, and the last part gets the rest. No row is lost, but
    the ends aren't where they should be: round n times the sum of the fractions so far."""
    ends = np.cumsum([int(n * share) for share in fractions])[:-1].tolist()
    return _cut(rng.permutation(n), [*ends, n])


def split_indices__not_shuffled(n, fractions, rng):
    """You cut the rows in the order in which they come. A sorted table would put all of its last
    class into the last part: shuffle first."""
    return _cut(np.arange(n), _ends(n, fractions))


def split_indices__shuffled_inside_each_part(n, fractions, rng):
    """Each part is a block of neighboring rows, only shuffled inside. Which rows go *together* has
    to be random: shuffle before you cut."""
    return [rng.permutation(part) for part in _cut(np.arange(n), _ends(n, fractions))]


def split_indices__turned_by_a_random_start(n, fractions, rng):
    """Your parts are blocks of neighboring rows that begin at a random place. Shuffle all the row
    numbers instead."""
    return _cut(np.roll(np.arange(n), rng.integers(n)), _ends(n, fractions))


def split_indices__fractions_of_what_is_left(n, fractions, rng):
    """You take each fraction of what is left, not of all n rows, so the later parts are too small,
    and rows remain."""
    order, parts = rng.permutation(n), []
    for share in fractions:
        size = round(len(order) * share)
        parts.append(order[:size])
        order = order[size:]
    return parts


def split_indices__without_rng(n, fractions, rng):
    """You never use `rng`: the order comes from a generator of your own, with a fixed seed, so
    every call gives the same split. Draw from the one passed in."""
    return _cut(np.random.default_rng(0).permutation(n), _ends(n, fractions))


def split_indices__global_generator(n, fractions, rng):
    """You draw from NumPy's global generator, so the caller's seed decides nothing, and a run
    can't be repeated. Use `rng`, which was passed in for that."""
    return _cut(np.random.permutation(n), _ends(n, fractions))  # noqa: NPY002


def split_indices__drawn_with_replacement(n, fractions, rng):
    """You draw row numbers with replacement, so some rows are in several parts and others in none.
    Deal them out like cards: each once."""
    return _cut(rng.integers(n, size=n), _ends(n, fractions))


def split_indices__shuffled_for_each_part(n, fractions, rng):
    """You shuffle anew for each part, so a row can be in two of them. Shuffle once, and cut that
    one order."""
    ends = _ends(n, fractions)
    return [rng.permutation(n)[a:b] for a, b in zip([0, *ends], ends, strict=False)]


def split_indices__one_empty_part_more(n, fractions, rng):
    """There is one part too many, an empty one at the end: the last end is n, and cutting there
    leaves nothing behind it. `np.split` wants the inner ends only."""
    return np.split(rng.permutation(n), _ends(n, fractions))


def split_indices__last_part_missing(n, fractions, rng):
    """There is one part too few: what comes after the last inner end is a part, too."""
    return _cut(rng.permutation(n), _ends(n, fractions)[:-1])


def split_indices__counted_from_one(n, fractions, rng):
    """Your row numbers run from 1 to n. In Python they run from 0 to n − 1."""
    return _cut(rng.permutation(n) + 1, _ends(n, fractions))


def split_indices__masks(n, fractions, rng):
    """You return masks of booleans, as long as the table. The promise is arrays of row numbers."""
    parts = _cut(rng.permutation(n), _ends(n, fractions))
    return [np.isin(np.arange(n), part) for part in parts]


def split_indices__lists(n, fractions, rng):
    """Your parts are lists. Make arrays of ints of them: an empty list can't even pick rows."""
    return [part.tolist() for part in _cut(rng.permutation(n), _ends(n, fractions))]


def split_indices__sizes_only(n, fractions, rng):
    """You return how many rows each part gets. The row numbers themselves are needed."""
    return [b - a for a, b in zip([0, *_ends(n, fractions)], _ends(n, fractions), strict=False)]


def split_indices__floats(n, fractions, rng):
    """Your row numbers are floats, which can't pick rows. Keep them ints, also in an empty part."""
    return [part.astype(float) for part in _cut(rng.permutation(n), _ends(n, fractions))]


# stratified_split


def fresh_stratified_split(draw: Draw) -> tuple:
    return draw.labels(draw.integer(1, 20), 3), draw.choice([0.25, 0.5]), draw.generator()


def inputs_stratified_split(rng: np.random.Generator) -> Iterator[tuple]:
    def seeds() -> tuple[int, ...]:
        return tuple(rng.integers(2 ** 30, size=2).tolist())

    yield np.repeat([0, 1], [50, 20]), 0.3, seeds()
    yield rng.permutation(np.repeat([3, -1, 8], [40, 21, 33])), 0.37, seeds()
    yield np.repeat([0, 1, 2], [31, 9, 2]), 0.2, seeds()
    yield np.repeat([4, 6], [25, 15]), 0.5, seeds()
    yield np.repeat([1, 5, 2], [24, 24, 24]), 0.25, seeds()


def run_stratified_split(answer: Answer, y: Array, fraction: float, seeds: tuple) -> Any:
    n = len(y)

    def look(parts: Any) -> dict[str, Any]:
        if not isinstance(parts, (list, tuple)) or len(parts) != 2:
            return {"type": type(parts).__name__}
        told = {"together": _together(parts, n)}
        for name, part in zip(("train", "val"), parts, strict=True):
            told |= {f"{name} {key}": value for key, value in _rows(part).items()}
            if isinstance(part, np.ndarray) and part.dtype.kind in "iu" and (part < n).all():
                told[f"{name} shares"] = str([int(np.sum(y[part] == c)) for c in np.unique(y)])
        for c in np.unique(y):
            of_class = np.flatnonzero(y == c)
            for place, some in (("first", of_class[:9]), ("last", of_class[-9:])):
                told[f"{place} of {c}"] = len(some) == 9 and bool(np.isin(some, parts[1]).all())
        return told

    return _dealt(answer, (y, fraction), seeds, look)


def _by_class(y, fraction, rng, count, pick=None):
    """Train and val, with count(m) rows of a class of m in val."""
    train, val = [], []
    for label in np.unique(y):
        rows = np.flatnonzero(y == label)
        rows = rng.permutation(rows) if pick is None else pick(rows)
        size = count(len(rows))
        val.extend(rows[:size])
        train.extend(rows[size:])
    return np.array(train, dtype=int), np.array(val, dtype=int)


def stratified_split__plain(y, fraction, rng):
    """You split all the rows at once, so how many of a class are in val is left to luck. Split each
    class by itself."""
    order, size = rng.permutation(len(y)), round(len(y) * fraction)
    return order[size:], order[:size]


def stratified_split__first_of_each_class(y, fraction, rng):
    """It is always the first rows of each class that go to val. Shuffle the rows of a class before
    you cut."""
    return _by_class(y, fraction, rng, lambda m: round(m * fraction), lambda rows: rows)


def stratified_split__last_of_each_class(y, fraction, rng):
    """It is always the last rows of each class that go to val. Shuffle the rows of a class before
    you cut."""
    return _by_class(y, fraction, rng, lambda m: round(m * fraction), lambda rows: rows[::-1])


def stratified_split__fraction_to_train(y, fraction, rng):
    """You send the fraction to train. It is the share that goes to val."""
    return _by_class(y, fraction, rng, lambda m: round(m * fraction))[::-1]


def stratified_split__shares_cut_off(y, fraction, rng):
    """You cut off the decimals of each class's share. The promise is to round it."""
    return _by_class(y, fraction, rng, lambda m: int(m * fraction + 1e-9))


def stratified_split__shares_rounded_up(y, fraction, rng):
    """You round each class's share up. The promise is to round it to the nearest whole number."""
    return _by_class(y, fraction, rng, lambda m: int(np.ceil(m * fraction - 1e-9)))


def stratified_split__halves_rounded_up(y, fraction, rng):
    """Your shares are right but for exact halves, which you round up. Python's `round` takes them
    to the even number, and so does the promise."""
    return _by_class(y, fraction, rng, lambda m: int(np.floor(m * fraction + 0.5)))


def stratified_split__at_least_one_of_each(y, fraction, rng):
    """You put at least one row of each class into val. A kind thought, but the promise is
    round(m * fraction), which is 0 for a very small class."""
    return _by_class(y, fraction, rng, lambda m: max(1, round(m * fraction)))


def stratified_split__equally_many_of_each(y, fraction, rng):
    """You take equally many rows of every class. Each class is to give its *share*, so a large one
    gives more."""
    size = round(len(y) * fraction / len(np.unique(y)))
    return _by_class(y, fraction, rng, lambda m: min(m, size))


def stratified_split__labels_taken_for_0_1_2(y, fraction, rng):
    """You look for the labels 0, 1, 2, … only, so classes with other labels are lost. Ask the table
    which labels it has."""
    train, val = [], []
    for label in range(len(np.unique(y))):
        rows = rng.permutation(np.flatnonzero(y == label))
        val.extend(rows[:round(len(rows) * fraction)])
        train.extend(rows[round(len(rows) * fraction):])
    return np.array(train, dtype=int), np.array(val, dtype=int)


def stratified_split__smallest_class_lost(y, fraction, rng):
    """The rows of one class are in neither part. Does your loop end one class too early?"""
    train, val = [], []
    for label in np.unique(y)[:-1]:
        rows = rng.permutation(np.flatnonzero(y == label))
        val.extend(rows[:round(len(rows) * fraction)])
        train.extend(rows[round(len(rows) * fraction):])
    return np.array(train, dtype=int), np.array(val, dtype=int)


def stratified_split__train_keeps_all(y, fraction, rng):
    """train still holds the rows that you sent to val. A row is in one of the two."""
    _, val = _by_class(y, fraction, rng, lambda m: round(m * fraction))
    return np.arange(len(y)), val


def stratified_split__places_in_the_class(y, fraction, rng):
    """You return places inside a class, such as "the third one of class 1", not row numbers of the
    table. `np.flatnonzero(y == label)` has the row numbers."""
    train, val = [], []
    for label in np.unique(y):
        rows = rng.permutation(int(np.sum(y == label)))
        val.extend(rows[:round(len(rows) * fraction)])
        train.extend(rows[round(len(rows) * fraction):])
    return np.array(train, dtype=int), np.array(val, dtype=int)


def stratified_split__labels(y, fraction, rng):
    """You return the labels of the rows. The promise is their row numbers."""
    train, val = _by_class(y, fraction, rng, lambda m: round(m * fraction))
    return y[train], y[val]


def stratified_split__masks(y, fraction, rng):
    """You return masks of booleans. The promise is arrays of row numbers."""
    _, val = _by_class(y, fraction, rng, lambda m: round(m * fraction))
    chosen = np.isin(np.arange(len(y)), val)
    return ~chosen, chosen


def stratified_split__with_replacement(y, fraction, rng):
    """You draw val with replacement, so a row can be in it twice, and another one nowhere. Draw
    each row once."""
    val = np.concatenate([rng.choice(np.flatnonzero(y == label),
                                     round(np.sum(y == label) * fraction))
                          for label in np.unique(y)])
    return np.setdiff1d(np.arange(len(y)), val), val


def stratified_split__a_coin_for_each_row(y, fraction, rng):
    """You toss a coin for each row, so every class gives its share on average only. The promise is
    exactly round(m * fraction)."""
    chosen = rng.random(len(y)) < fraction
    return np.flatnonzero(~chosen), np.flatnonzero(chosen)


def stratified_split__without_rng(y, fraction, rng):
    """You never use `rng`: the order comes from a generator of your own, with a fixed seed, so
    every call gives the same split. Draw from the one passed in."""
    return _by_class(y, fraction, np.random.default_rng(0), lambda m: round(m * fraction))


def stratified_split__global_generator(y, fraction, rng):
    """You draw from NumPy's global generator, so the caller's seed decides nothing, and a run
    can't be repeated. Use `rng`, which was passed in for that."""
    return _by_class(y, fraction, rng, lambda m: round(m * fraction),
                     np.random.permutation)


def stratified_split__val_only(y, fraction, rng):
    """You return val alone. Both parts are asked for: train, then val."""
    return _by_class(y, fraction, rng, lambda m: round(m * fraction))[1]


# one_hot


def fresh_one_hot(draw: Draw) -> tuple:
    (n,) = draw.sizes("n")
    classes = draw.choice([[0, 1, 2], [2, 0, 1], [7, 3], [-1, 4, 1, 9]])
    return draw.given(draw.rng.choice(classes, size=n)), classes


def inputs_one_hot(rng: np.random.Generator) -> Iterator[tuple]:
    yield rng.permutation([40, 10, 40, 30, 10, 20]), [30, 10, 40, 20]
    yield rng.permutation([1, 1, 2, 0]), [0, 1, 2]
    yield np.array([2, 2, 2, 0]), [2, 0, 1]
    yield rng.permutation([0, 2, 1, 1]), [2, 1, 0]
    yield [3, -1, 3], [-1, 3, 5]
    yield [1, 1], [0, 1]
    yield [7, 8], [7, 6]
    yield [5], [2, 1]
    yield [], [4, 5]


def _table(labels, classes):
    return np.array([[float(label == one) for one in classes] for label in labels]).reshape(
        len(labels), len(classes))


def _known(labels, classes):
    if any(label not in list(classes) for label in labels):
        raise ValueError
    return labels


def one_hot__in_order_of_appearance(labels, classes):
    """Your columns stand in the order in which the labels appear. It has to be the order of
    `classes`: otherwise two tables would have different columns."""
    _known(labels, classes)
    return _table(labels, list(dict.fromkeys(list(labels))))


def one_hot__sorted_classes(labels, classes):
    """You sort the classes. Column j belongs to the j-th of `classes`, as they were passed in."""
    return _table(_known(labels, classes), sorted(classes))


def one_hot__sorted_labels(labels, classes):
    """Your columns are the sorted labels that occur. Every class has a column, in the order of
    `classes`, whether it occurs or not."""
    return _table(_known(labels, classes), sorted(set(np.asarray(labels).tolist())))


def one_hot__unknown_as_zeros(labels, classes):
    """A label that is not among the classes gets a row of zeros, and nobody notices. The promise is
    a ValueError."""
    return _table(labels, classes)


def one_hot__unknown_as_the_first(labels, classes):
    """A label that is not among the classes is counted as the first class: `argmax` of nothing but
    False is 0. The promise is a ValueError."""
    columns = [([one == label for one in classes].index(True) if label in list(classes) else 0)
               for label in labels]
    return np.eye(len(classes))[np.array(columns, dtype=int)]


def one_hot__another_error(labels, classes):
    """A label that is not among the classes raises, but not a ValueError. A dictionary raises a
    KeyError: check yourself, and raise a ValueError with a message."""
    place = {one: j for j, one in enumerate(classes)}
    coded = np.zeros((len(labels), len(classes)))
    for i, label in enumerate(labels):
        coded[i, place[label]] = 1.0
    return coded


def one_hot__ints(labels, classes):
    """Your table holds ints. The promise is float64: `np.zeros` makes that by itself."""
    return _table(_known(labels, classes), classes).astype(int)


def one_hot__bools(labels, classes):
    """Your table holds True and False. The promise is float64, with 1.0 and 0.0."""
    return _table(_known(labels, classes), classes).astype(bool)


def one_hot__first_column_dropped(labels, classes):
    """Your first class has no column. Dropping one is a habit from linear regression with an
    intercept; here each class has its own."""
    return _table(_known(labels, classes), classes)[:, 1:]


def one_hot__last_column_dropped(labels, classes):
    """Your last class has no column. Each class has its own."""
    return _table(_known(labels, classes), classes)[:, :-1]


def one_hot__transposed(labels, classes):
    """Your table has a row for each class. The promise is a row for each label, and a column for
    each class."""
    return _table(_known(labels, classes), classes).T.copy()


def one_hot__numbers_of_the_classes(labels, classes):
    """You return the number of each label's class. That is the code that the lesson warns about:
    make a column for each class instead."""
    return np.array([list(classes).index(label) for label in _known(labels, classes)], dtype=float)


def one_hot__minus_one_for_no(labels, classes):
    """You write −1 where a row doesn't have the class. The promise is 0."""
    return 2 * _table(_known(labels, classes), classes) - 1


def one_hot__cold(labels, classes):
    """Your table is 0 where a row has the class and 1 elsewhere: turn it around."""
    return 1 - _table(_known(labels, classes), classes)


def one_hot__label_taken_for_the_column(labels, classes):
    """You use the label itself as the column's number. That works only while the classes happen to
    be 0, 1, 2, …: look up where the label stands in `classes`."""
    _known(labels, classes)
    return np.eye(len(classes))[np.array(labels, dtype=int)]


def one_hot__counts(labels, classes):
    """You count how often each class occurs. The promise is a row for each label."""
    return _table(_known(labels, classes), classes).sum(axis=0)


def one_hot__no_columns_without_labels(labels, classes):
    """Without labels your table has no columns. It should have the shape (0, k), so that it fits
    below other tables."""
    _known(labels, classes)
    return np.array([[float(label == one) for one in classes] for label in labels])


def one_hot__the_columns_number(labels, classes):
    """You write the column's number into the table, not 1: the first class becomes a row of
    zeros, and the third counts twice."""
    return _table(_known(labels, classes), classes) * np.arange(len(classes))


def one_hot__last_row_only(labels, classes):
    """Only one row comes back: is a table made anew inside the loop, or the `return` in it?"""
    return _table(_known(labels, classes), classes)[-1:]


# impute_mean


def fresh_impute_mean(draw: Draw) -> tuple:
    n, m, d = draw.sizes("n", "m", "d")
    train, test = 1.0 * draw.values(n, d), 1.0 * draw.values(m, d)
    train[draw.rng.random((n, d)) < 0.3] = NAN
    test[draw.rng.random((m, d)) < 0.4] = NAN
    train[draw.rng.integers(n, size=d), np.arange(d)] = draw.values(d)
    return draw.given(train), draw.given(test)


def inputs_impute_mean(rng: np.random.Generator) -> Iterator[tuple]:
    for n, m, d in ((9, 6, 4), (8, 8, 3), (5, 11, 5)):
        train, test = 3 * rng.normal(size=(n, d)) + 2, 3 * rng.normal(size=(m, d)) - 4
        train[rng.random((n, d)) < 0.3] = NAN
        test[rng.random((m, d)) < 0.3] = NAN
        train[0], test[0] = rng.normal(size=d), rng.normal(size=d)
        train[1] = rng.normal(size=d)
        train[2, 0] = test[1, 1] = NAN
        yield train, test


def _filled(table, means):
    return np.where(np.isnan(table), means, table)


def impute_mean__test_by_its_own_means(train, test):
    """The holes of the test table get the means of the test table. Test rows play the part of the
    future: use the training means for both."""
    return _filled(train, np.nanmean(train, axis=0)), _filled(test, np.nanmean(test, axis=0))


def impute_mean__zeros(train, test):
    """You fill the holes with 0. For a column of body heights, that is a strange patient: take the
    column's mean."""
    return np.nan_to_num(train), np.nan_to_num(test)


def impute_mean__row_means(train, test):
    """You take means along the rows, which mixes columns that have nothing to do with each other.
    Take one mean per column: axis 0."""
    return tuple(_filled(table, np.nanmean(table, axis=1, keepdims=True))
                 for table in (train, test))


def impute_mean__pooled(train, test):
    """Your means are those of both tables together, so the test rows have a say in what the
    training table looks like. Use the training rows only."""
    means = np.nanmean(np.concatenate([train, test]), axis=0)
    return _filled(train, means), _filled(test, means)


def impute_mean__one_mean_for_all_columns(train, test):
    """Every hole gets the same number, the mean of the whole table. Take one mean per column: mind
    the axis."""
    return _filled(train, np.nanmean(train)), _filled(test, np.nanmean(train))


def impute_mean__medians(train, test):
    """You fill in the columns' medians. A sound choice, but the promise is the mean."""
    means = np.nanmedian(train, axis=0)
    return _filled(train, means), _filled(test, means)


def impute_mean__holes_counted_as_zero(train, test):
    """Your means count the holes as zeros: the sum is right, but it is divided by all n rows.
    Divide by how many values are known."""
    means = np.nansum(train, axis=0) / len(train)
    return _filled(train, means), _filled(test, means)


def impute_mean__means_of_complete_rows(train, test):
    """Your means leave out every row that has a hole anywhere. Each column has more known values
    than that: leave out its own holes only."""
    means = train[~np.isnan(train).any(axis=1)].mean(axis=0)
    return _filled(train, means), _filled(test, means)


def impute_mean__rows_with_holes_dropped(train, test):
    """You drop the rows that have a hole. The tables should keep their shapes, with the holes
    filled."""
    return tuple(table[~np.isnan(table).any(axis=1)] for table in (train, test))


def impute_mean__plain_mean(train, test):
    """Your means are NaN wherever a column has a hole, since `mean` adds up everything. Leave the
    NaN out, as `np.nanmean` does."""
    means = train.mean(axis=0)
    return _filled(train, means), _filled(test, means)


def impute_mean__train_not_filled(train, test):
    """Only the test table is filled. The training table's holes need filling, too."""
    return train.copy(), _filled(test, np.nanmean(train, axis=0))


def impute_mean__test_not_filled(train, test):
    """Only the training table is filled. The test table's holes need filling, too, from the same
    means."""
    return _filled(train, np.nanmean(train, axis=0)), test.copy()


def impute_mean__in_place(train, test):
    """The caller's tables are changed: you write into the arrays that were passed in. Make new ones
    with `np.where`, or copy first."""
    means = np.nanmean(train, axis=0)
    for table in (train, test):
        table[...] = _filled(table, means)
    return train, test


def impute_mean__in_place_on_train(train, test):
    """The caller's training table is changed: you write into the array that was passed in. Copy it
    first."""
    means = np.nanmean(train, axis=0)
    train[...] = _filled(train, means)
    return train, _filled(test, means)


def impute_mean__everything_replaced(train, test):
    """You replace the known values as well. Only the holes are filled."""
    means = np.nanmean(train, axis=0)
    return np.broadcast_to(means, train.shape).copy(), np.broadcast_to(means, test.shape).copy()


def impute_mean__tables_swapped(train, test):
    """The tables come back in the wrong order: train first, then test."""
    means = np.nanmean(train, axis=0)
    return _filled(test, means), _filled(train, means)


def impute_mean__train_by_the_test_means(train, test):
    """Your means are those of the test table. It is the training table that may be learned
    from."""
    means = np.nanmean(test, axis=0)
    return _filled(train, means), _filled(test, means)


def impute_mean__centered(train, test):
    """You subtract the means as well. Known values should stay as they are; standardizing is
    another step."""
    means = np.nanmean(train, axis=0)
    return _filled(train, means) - means, _filled(test, means) - means


def impute_mean__from_the_row_above(train, test):
    """You fill a hole with the value above it. The promise is the column's mean."""
    filled = []
    for table in (train, test):
        table = table.copy()
        for i in range(1, len(table)):
            table[i] = np.where(np.isnan(table[i]), table[i - 1], table[i])
        filled.append(table)
    return tuple(filled)


# kfold


def fresh_kfold(draw: Draw) -> tuple:
    """Folds of one size: else it is free which of them are larger."""
    k = draw.integer(2, 5)
    return k * draw.integer(1, 5), k, draw.generator()


def inputs_kfold(rng: np.random.Generator) -> Iterator[tuple]:
    for n, k in ((62, 5), (48, 4), (37, 3), (50, 12)):
        yield n, k, tuple(rng.integers(2 ** 30, size=2).tolist())


def run_kfold(answer: Answer, n: int, k: int, seeds: tuple) -> Any:
    def look(pairs: Any) -> dict[str, Any]:
        if not isinstance(pairs, (list, tuple)):
            return {"type": type(pairs).__name__}
        told: dict[str, Any] = {"count": len(pairs)}
        if not all(isinstance(pair, (list, tuple)) and len(pair) == 2 for pair in pairs):
            return told | {"entries": type(pairs[0]).__name__}
        told["vals"] = _together([val for _, val in pairs], n)
        told["sizes"] = str(sorted(np.size(val) for _, val in pairs))
        told["last"] = int(np.size(pairs[-1][1]))
        for place, (train, val) in enumerate(pairs):
            told |= {f"{place} val {key}": value for key, value in _rows(val).items()}
            told |= {f"{place} train {key}": value for key, value in _rows(train).items()}
            told[f"{place} pair"] = _together([train, val], n)
        return told

    return _dealt(answer, (n, k), seeds, look)


def _pairs(parts, n):
    return [(np.setdiff1d(np.arange(n), val), val) for val in parts]


def kfold__rows_lost(n, k, rng):
    """Each of your folds has n // k rows, so the last few rows are validated in none. Let the first
    folds be larger by one."""
    order, size = rng.permutation(n), n // k
    return _pairs([order[j * size:(j + 1) * size] for j in range(k)], n)


def kfold__rows_dropped_for_good(n, k, rng):
    """You drop the last n % k rows from everything, train included. Every row is validated once:
    let the first folds be larger by one."""
    order, size = rng.permutation(n)[:n // k * k], n // k
    parts = [order[j * size:(j + 1) * size] for j in range(k)]
    return [(np.concatenate(parts[:j] + parts[j + 1:]), parts[j]) for j in range(k)]


def kfold__last_fold_takes_the_rest(n, k, rng):
    """Your last fold takes all the rows that are left over, and is larger by more than one. Spread
    them over the first folds."""
    order, size = rng.permutation(n), n // k
    return _pairs([order[j * size:(j + 1) * size if j < k - 1 else n] for j in range(k)], n)


def kfold__one_fold_more(n, k, rng):
    """You make an extra fold of the rows that are left over. Promised are k folds, whose sizes
    differ by at most 1."""
    order, size = rng.permutation(n), n // k
    return _pairs([order[a:a + size] for a in range(0, n, size)], n)


def kfold__too_large_folds(n, k, rng):
    """You round the folds' size up, so the last one comes out too small. The sizes may differ by at
    most 1."""
    order, size = rng.permutation(n), -(-n // k)
    return _pairs([order[j * size:(j + 1) * size] for j in range(k)], n)


def kfold__val_inside_train(n, k, rng):
    """Each train holds its own val as well, so the model has seen what it is judged on. Leave those
    rows out."""
    return [(np.arange(n), val) for val in np.array_split(rng.permutation(n), k)]


def kfold__not_shuffled(n, k, rng):
    """Your folds are blocks of rows, in the order in which they come. A sorted table would put a
    whole class into one fold: shuffle first."""
    return _pairs(np.array_split(np.arange(n), k), n)


def kfold__every_kth_row(n, k, rng):
    """Fold j holds the rows j, j + k, j + 2k, …, always the same. Who is in which fold should be
    random: shuffle first."""
    return _pairs([np.arange(j, n, k) for j in range(k)], n)


def kfold__blocks_in_random_order(n, k, rng):
    """Your folds are blocks of neighboring rows, only shuffled inside or among themselves. Which
    rows go *together* has to be random: shuffle before you cut."""
    parts = np.array_split(np.arange(n), k)
    return _pairs([rng.permutation(parts[j]) for j in range(k)], n)


def kfold__shuffled_for_each_fold(n, k, rng):
    """You shuffle anew for each fold, so some rows are validated twice and others never. Shuffle
    once, and cut that one order."""
    return _pairs([np.array_split(rng.permutation(n), k)[j] for j in range(k)], n)


def kfold__train_and_val_swapped(n, k, rng):
    """The two arrays of each pair are in the wrong order: train, the large one, comes first."""
    return [(val, train) for train, val in _pairs(np.array_split(rng.permutation(n), k), n)]


def kfold__vals_only(n, k, rng):
    """You return the validation parts alone. The promise is pairs (train, val)."""
    return np.array_split(rng.permutation(n), k)


def kfold__without_rng(n, k, rng):
    """You never use `rng`: the order comes from a generator of your own, with a fixed seed, so
    every call gives the same folds. Draw from the one passed in."""
    return _pairs(np.array_split(np.random.default_rng(0).permutation(n), k), n)


def kfold__global_generator(n, k, rng):
    """You draw from NumPy's global generator, so the caller's seed decides nothing, and a run
    can't be repeated. Use `rng`, which was passed in for that."""
    return _pairs(np.array_split(np.random.permutation(n), k), n)  # noqa: NPY002


def kfold__train_is_the_next_fold(n, k, rng):
    """Each train is a single other fold. It should hold all the rows that aren't in val."""
    parts = np.array_split(rng.permutation(n), k)
    return [(parts[(j + 1) % k], parts[j]) for j in range(k)]


def kfold__train_is_what_came_before(n, k, rng):
    """Each train holds the folds before it only, so the first one is empty. The folds after it
    belong to it, too."""
    parts = np.array_split(rng.permutation(n), k)
    return [(np.concatenate([parts[0][:0], *parts[:j]]), parts[j]) for j in range(k)]


def kfold__drawn_with_replacement(n, k, rng):
    """You draw the validation rows with replacement, so some are drawn twice and others never. That
    is a bootstrap; folds deal each row out once."""
    return _pairs(np.array_split(rng.integers(n, size=n), k), n)


def kfold__masks(n, k, rng):
    """You return masks of booleans. The promise is arrays of row numbers."""
    return [(np.isin(np.arange(n), train), np.isin(np.arange(n), val))
            for train, val in _pairs(np.array_split(rng.permutation(n), k), n)]


def kfold__lists(n, k, rng):
    """Your pairs hold lists. Make arrays of ints of them."""
    return [(train.tolist(), val.tolist())
            for train, val in _pairs(np.array_split(rng.permutation(n), k), n)]


def kfold__last_fold_missing(n, k, rng):
    """There is one fold too few, so some rows are never validated. Does your loop end too early?"""
    return _pairs(np.array_split(rng.permutation(n), k), n)[:-1]


# cross_validate


def fresh_cross_validate(draw: Draw) -> tuple:
    n, d, k = draw.integer(4, 9), draw.sizes("d")[0], draw.integer(2, 4)
    parts = np.array_split(draw.rng.permutation(n), k)
    folds = [(np.concatenate(parts[:j] + parts[j + 1:]), parts[j]) for j in range(k)]
    return (draw.function("lambda X, y: float(np.mean(X[:, 0] * y))"),
            draw.function("lambda model, X, y: model + float(np.sum(X[:, -1] * y))"),
            draw.given(draw.between(0.5, 3.0, n, d)), draw.labels(n, 4), folds)


def inputs_cross_validate(rng: np.random.Generator) -> Iterator[tuple]:
    for n, d, k in ((11, 3, 4), (8, 8, 2), (10, 2, 5)):
        parts = np.array_split(rng.permutation(n), k)
        folds = [(rng.permutation(np.concatenate(parts[:j] + parts[j + 1:])), parts[j])
                 for j in range(k)]
        yield rng.normal(size=(n, d)), rng.integers(1, 9, size=n), folds


def run_cross_validate(answer: Answer, X: Array, y: Array, folds: list) -> Any:
    """Every row leaves its trace in the models and the scores; who was called is counted."""
    told = {"fit": 0, "score": 0, "kinds": ""}

    def fit(X: Any, y: Any) -> list[float]:
        told["fit"] += 1
        told["kinds"] += np.asarray(y).dtype.kind
        X, y = np.asarray(X), np.asarray(y)
        return [float(np.sin(X[:, 0]) @ np.arange(1, len(X) + 1)), float(np.mean(y ** 2))]

    def score(model: Any, X: Any, y: Any) -> float:
        told["score"] += 1
        told["kinds"] += np.asarray(y).dtype.kind
        return 0.7 * model[0] + float(np.mean(np.cos(np.asarray(X)[:, 1]))) + (
            0.1 * model[1] * float(np.sum(np.asarray(y))))

    return answer(fit, score, X, y, folds), told


def cross_validate__fits_on_everything(fit, score, X, y, folds):
    """Each model is fit to all the rows, the validation rows included. That is the leak itself: fit
    to the train rows only."""
    return np.array([score(fit(X, y), X[val], y[val]) for _, val in folds])


def cross_validate__scores_on_train(fit, score, X, y, folds):
    """You score each model on the rows it was fit to. The question is how it does on the rows it
    has *not* seen."""
    return np.array([score(fit(X[train], y[train]), X[train], y[train]) for train, _ in folds])


def cross_validate__scores_on_everything(fit, score, X, y, folds):
    """You score each model on all the rows, most of which it was fit to. Score it on its val rows
    only."""
    return np.array([score(fit(X[train], y[train]), X, y) for train, _ in folds])


def cross_validate__train_and_val_swapped(fit, score, X, y, folds):
    """You fit to the val rows and score on the train rows. In each pair, train comes first."""
    return np.array([score(fit(X[val], y[val]), X[train], y[train]) for train, val in folds])


def cross_validate__mean_only(fit, score, X, y, folds):
    """You return the mean of the scores. The promise is one score for each fold: from the mean
    alone nobody sees how much they differ."""
    return float(np.mean([score(fit(X[t], y[t]), X[v], y[v]) for t, v in folds]))


def cross_validate__sum(fit, score, X, y, folds):
    """You add up the scores. The promise is an array with one score for each fold."""
    return float(np.sum([score(fit(X[t], y[t]), X[v], y[v]) for t, v in folds]))


def cross_validate__best_only(fit, score, X, y, folds):
    """You return the largest score only. The promise is an array with one score for each fold."""
    return float(np.max([score(fit(X[t], y[t]), X[v], y[v]) for t, v in folds]))


def cross_validate__one_fit_for_all(fit, score, X, y, folds):
    """You fit once, on the first fold's train rows, and score that one model on every val. The
    other vals are among the rows it was fit to: fit anew for each fold."""
    model = fit(X[folds[0][0]], y[folds[0][0]])
    return np.array([score(model, X[val], y[val]) for _, val in folds])


def cross_validate__one_fit_on_everything(fit, score, X, y, folds):
    """You fit once, to all the rows, and score that one model on every val. It has seen every row
    it is judged on: fit anew for each fold, to its train rows."""
    model = fit(X, y)
    return np.array([score(model, X[val], y[val]) for _, val in folds])


def cross_validate__last_model_for_all(fit, score, X, y, folds):
    """Every fold is scored with the last model: it was overwritten in a first loop. Score each
    model right after fitting it, or keep them in a list."""
    for train, _ in folds:
        model = fit(X[train], y[train])
    return np.array([score(model, X[val], y[val]) for _, val in folds])


def cross_validate__a_list(fit, score, X, y, folds):
    """You return a list. The promise is a float64 array: `np.array(…)` around it is enough."""
    return [score(fit(X[train], y[train]), X[val], y[val]) for train, val in folds]


def cross_validate__labels_as_floats(fit, score, X, y, folds):
    """You turn y into floats, so labels can't be used as indices any more. It should keep its
    dtype."""
    y = np.asarray(y, dtype=float)
    return np.array([score(fit(X[train], y[train]), X[val], y[val]) for train, val in folds])


def cross_validate__labels_not_split(fit, score, X, y, folds):
    """You pick rows of X, but hand on the whole of y, so examples and labels no longer belong
    together. Pick the same rows of both."""
    return np.array([score(fit(X[train], y), X[val], y) for train, val in folds])


def cross_validate__labels_of_the_train_rows(fit, score, X, y, folds):
    """score gets the val rows of X but the train rows of y. Both should be the val rows."""
    return np.array([score(fit(X[train], y[train]), X[val], y[train]) for train, val in folds])


def cross_validate__rows_sorted(fit, score, X, y, folds):
    """You hand on the rows in sorted order, as a mask does. They should come in the order of the
    fold: `X[train]`."""
    return np.array([score(fit(X[np.sort(t)], y[t]), X[np.sort(v)], y[v]) for t, v in folds])


def cross_validate__one_minus_the_score(fit, score, X, y, folds):
    """You return one minus each score. What a score means is the caller's business: hand it on as
    it is."""
    return np.array([1 - score(fit(X[t], y[t]), X[v], y[v]) for t, v in folds])


def cross_validate__first_fold_only(fit, score, X, y, folds):
    """Only the first fold is scored: is the `return` inside the loop?"""
    train, val = folds[0]
    return np.array([score(fit(X[train], y[train]), X[val], y[val])])


def cross_validate__last_fold_left_out(fit, score, X, y, folds):
    """There is one score too few: the last fold is left out."""
    return np.array([score(fit(X[train], y[train]), X[val], y[val]) for train, val in folds[:-1]])


def cross_validate__a_column(fit, score, X, y, folds):
    """Your scores stand in a column, shape (k, 1). The promise is (k,)."""
    return np.array([[score(fit(X[train], y[train]), X[val], y[val])] for train, val in folds])


# random_search


def fresh_random_search(draw: Draw) -> tuple:
    best = round(draw.between(0.1, 0.9), 3)
    return (draw.function(f"lambda x: (x - {best}) ** 2"),
            draw.function("lambda rng: float(rng.random())"), draw.integer(1, 8),
            draw.generator())


def inputs_random_search(rng: np.random.Generator) -> Iterator[tuple]:
    for values in ([3.5, 1.25, 2.0, 1.25, 4.0], [NAN, 6.0, 2.5, NAN, 5.0], [8.0, NAN, 7.0, 9.0],
                   [NAN, NAN, NAN], [2.25, 3.0, 6.5], [-1.0, -3.0, -2.0, -3.0], [0.75]):
        yield values, int(rng.integers(2 ** 30))


def run_random_search(answer: Answer, values: list, seed: int) -> Any:
    """Setting k comes to values[k]; what was drawn and asked is noted."""
    drawn, asked = [], []

    def sample(rng: Any) -> int:
        drawn.append(float(rng.random()))
        return len(drawn) - 1

    def objective(config: Any) -> float:
        asked.append(int(config))
        return values[min(int(config), len(values) - 1)]

    got = answer(objective, sample, len(values), np.random.default_rng(seed))
    return got, asked, len(drawn), [round(number, 9) for number in drawn]


def _tried(objective, sample, trials, rng):
    configs, values = [], []
    for _ in range(trials):
        configs.append(sample(rng))
        values.append(objective(configs[-1]))
    return configs, values


def _winner(configs, values):
    known = [k for k, value in enumerate(values) if value == value]
    if not known:
        return None, NAN
    best = min(known, key=lambda k: values[k])
    return configs[best], values[best]


def random_search__maximizes(objective, sample, trials, rng):
    """You keep the largest value. Here smaller is better, as for a loss."""
    configs, values = _tried(objective, sample, trials, rng)
    config, value = _winner(configs, [-v for v in values])
    return config, -value, values


def random_search__last_of_equals(objective, sample, trials, rng):
    """Of equal values, you keep the last. The earliest wins: `<`, not `<=`."""
    configs, values = _tried(objective, sample, trials, rng)
    return (*_winner(configs[::-1], values[::-1]), values)


def random_search__argmin(objective, sample, trials, rng):
    """A NaN wins in your search: `np.argmin` takes the first NaN for the smallest. Leave them
    out."""
    configs, values = _tried(objective, sample, trials, rng)
    best = int(np.argmin(values))
    return configs[best], values[best], values


def random_search__first_nan_sticks(objective, sample, trials, rng):
    """When the first value is NaN, your search never finds anything better: no number is smaller
    than NaN. A start at infinity doesn't have that problem; where all are NaN, the best one is
    nan."""
    configs, values = _tried(objective, sample, trials, rng)
    best = 0
    for k, value in enumerate(values):
        if value < values[best]:
            best = k
    return configs[best], values[best], values


def random_search__best_starts_at_zero(objective, sample, trials, rng):
    """Your best value starts at 0, and no value above 0 is ever better. Start at infinity, which is
    above them all."""
    configs, values = _tried(objective, sample, trials, rng)
    config, best = None, 0
    for k, value in enumerate(values):
        if value < best:
            config, best = configs[k], value
    return config, best, values


def random_search__infinity_when_all_are_nan(objective, sample, trials, rng):
    """When every value is NaN, you return your start value, infinity. The promise is nan."""
    configs, values = _tried(objective, sample, trials, rng)
    config, value = _winner(configs, values)
    return config, float("inf") if config is None else value, values


def random_search__a_setting_when_all_are_nan(objective, sample, trials, rng):
    """When every value is NaN, you still return a setting. None of them has won: the promise is
    None."""
    configs, values = _tried(objective, sample, trials, rng)
    config, value = _winner(configs, values)
    return configs[0] if config is None else config, value, values


def random_search__fails_when_all_are_nan(objective, sample, trials, rng):
    """When every value is NaN, your search raises: `np.nanargmin`, and `min` of nothing, do. The
    promise is (None, nan, history)."""
    configs, values = _tried(objective, sample, trials, rng)
    best = int(np.nanargmin(values))
    return configs[best], values[best], values


def random_search__same_trial_again(objective, sample, trials, rng):
    """Every trial draws the same setting: the generator starts anew each time. Use the one passed
    in, all the time."""
    seed = int(rng.integers(2 ** 30))
    configs, values = [], []
    for _ in range(trials):
        configs.append(sample(np.random.default_rng(seed)))
        values.append(objective(configs[-1]))
    return (*_winner(configs, values), values)


def random_search__new_generator_in_each_trial(objective, sample, trials, rng):
    """In each trial, you make a new generator with the same fixed seed, so every trial draws the
    same setting, whatever `rng` is. Hand `rng` itself to sample."""
    configs, values = [], []
    for _ in range(trials):
        configs.append(sample(np.random.default_rng(0)))
        values.append(objective(configs[-1]))
    return (*_winner(configs, values), values)


def random_search__without_rng(objective, sample, trials, rng):
    """You never hand on `rng`: sample gets a generator of your own, so the caller's seed decides
    nothing."""
    return _right_search(objective, sample, trials, np.random.default_rng(0))


def random_search__one_setting_for_all(objective, sample, trials, rng):
    """You draw one setting before the loop and ask about it again and again. Draw inside the
    loop."""
    config, values = sample(rng), []
    for _ in range(trials):
        values.append(objective(config))
    best = next((value for value in values if value == value), NAN)
    return config if best == best else None, best, values


def random_search__history_of_improvements(objective, sample, trials, rng):
    """Your history holds the improvements only. It should hold every value, also those that were
    not better."""
    configs, values = _tried(objective, sample, trials, rng)
    history, best = [], float("inf")
    for value in values:
        if value < best:
            best = value
            history.append(value)
    return (*_winner(configs, values), history)


def random_search__history_of_the_best_so_far(objective, sample, trials, rng):
    """Your history holds the best value so far at each trial. It should hold the value of each
    trial itself."""
    configs, values = _tried(objective, sample, trials, rng)
    history, best = [], NAN
    for value in values:
        best = value if value < best or best != best else best
        history.append(best)
    return (*_winner(configs, values), history)


def random_search__history_without_nan(objective, sample, trials, rng):
    """Your history leaves out the NaN. A run that blew up is part of the story: keep every
    value."""
    configs, values = _tried(objective, sample, trials, rng)
    return (*_winner(configs, values), [value for value in values if value == value])


def random_search__nan_noted_as_infinity(objective, sample, trials, rng):
    """Your history holds infinity where the value was NaN. Compare with infinity if you like, but
    keep the values as they came."""
    configs, values = _tried(objective, sample, trials, rng)
    return (*_winner(configs, values), [v if v == v else float("inf") for v in values])


def random_search__history_sorted(objective, sample, trials, rng):
    """You sort the history. It should keep the order of the trials."""
    configs, values = _tried(objective, sample, trials, rng)
    return (*_winner(configs, values), sorted(values))


def random_search__history_of_settings(objective, sample, trials, rng):
    """Your history holds the settings. It should hold the values that they came to."""
    configs, values = _tried(objective, sample, trials, rng)
    return (*_winner(configs, values), configs)


def random_search__one_trial_more(objective, sample, trials, rng):
    """You make one trial too many. Does the loop run over `trials + 1`, or is there a trial before
    it?"""
    return _right_search(objective, sample, trials + 1, rng)


def random_search__asks_about_the_best_again(objective, sample, trials, rng):
    """You ask about the best setting once more at the end. A trial may be an hour of training:
    remember its value instead."""
    configs, values = _tried(objective, sample, trials, rng)
    config, value = _winner(configs, values)
    return config, value if config is None else objective(config), values


def random_search__value_before_setting(objective, sample, trials, rng):
    """The value comes first in your result. The promise is the setting, its value, and the
    history, in this order."""
    configs, values = _tried(objective, sample, trials, rng)
    return (*_winner(configs, values)[::-1], values)


def random_search__history_missing(objective, sample, trials, rng):
    """You return the setting and its value, but not the history."""
    return _winner(*_tried(objective, sample, trials, rng))


def _right_search(objective, sample, trials, rng):
    configs, values = _tried(objective, sample, trials, rng)
    return (*_winner(configs, values), values)



# bootstrap_interval


def fresh_bootstrap_interval(draw: Draw) -> tuple:
    return (draw.bits(draw.integer(1, 12)), draw.integer(1, 20), draw.generator(),
            draw.between(0.3, 0.95))


def inputs_bootstrap_interval(rng: np.random.Generator) -> Iterator[tuple]:
    # Cases in which the ends hardly depend on the draws: the percentiles lie well inside a step.
    for right, n, level in ((5, 9, None), (14, 16, None), (7, 10, (0.5,)), (8, 11, (0.8,)),
                            (29, 30, (0.9,))):
        yield rng.permutation(n) < right, 1500, level, tuple(rng.integers(2 ** 30, size=2).tolist())
    yield np.array([True, True, True]), 40, None, (1, 2)


def run_bootstrap_interval(answer: Answer, correct: Array, rounds: int, level: tuple | None,
                           seeds: tuple) -> Any:
    """The ends to about a hundredth, and whether a seed decides all and two seeds differ."""
    first = answer(correct, rounds, np.random.default_rng(seeds[0]), *(level or ()))
    few = [[_text(answer(correct, 7, np.random.default_rng(seed), *(level or ())))
            for seed in (*seeds, *range(60, 70))] for _ in range(2)]
    told: dict[str, Any] = {"ends": [_rounded(part) for part in first]
                            if isinstance(first, (tuple, list)) else _rounded(first)}
    return told | {"repeats": few[0] == few[1], "moves": len(set(few[0])) > 1}


def _rounded(value: Any) -> str:
    if not np.ndim(value):
        return f"{type(value).__name__[:5]} {float(value):.2f}"
    return f"{np.shape(value)}"


def _means(correct, rounds, rng, size=None, replace=True):
    correct = np.asarray(correct, dtype=float)
    if not replace:
        return np.array([rng.permutation(correct).mean() for _ in range(rounds)])
    return correct[rng.integers(len(correct), size=(rounds, size or len(correct)))].mean(axis=1)


def _between(means, *shares):
    low, high = np.quantile(means, shares)
    return float(low), float(high)


def bootstrap_interval__without_replacement(correct, rounds, rng, level=0.95):
    """You draw without replacement, which only shuffles: every resample has the same mean, and the
    interval has no width. Draw with replacement."""
    return _between(_means(correct, rounds, rng, replace=False), (1 - level) / 2, (1 + level) / 2)


def bootstrap_interval__half_the_size(correct, rounds, rng, level=0.95):
    """Your resamples are smaller than the data, so the interval is too wide. Draw as many results
    as there are."""
    means = _means(correct, rounds, rng, max(1, len(correct) // 2))
    return _between(means, (1 - level) / 2, (1 + level) / 2)


def bootstrap_interval__ten_times_the_size(correct, rounds, rng, level=0.95):
    """Your resamples are larger than the data, as if you had more of it, so the interval is too
    narrow. Draw n results, not `rounds` of them: have two sizes been swapped?"""
    means = _means(correct, 200, rng, 10 * len(correct))
    return _between(means, (1 - level) / 2, (1 + level) / 2)


def bootstrap_interval__single_results(correct, rounds, rng, level=0.95):
    """You take the percentiles of single results, not of means of resamples, so the ends are 0 or
    1. Take the mean of each resample first."""
    values = np.asarray(correct, dtype=float)[rng.integers(len(correct), size=rounds)]
    return _between(values, (1 - level) / 2, (1 + level) / 2)


def bootstrap_interval__cuts_off_at_one_end(correct, rounds, rng, level=0.95):
    """You cut off everything at the upper end, and nothing at the lower one. Half of it belongs to
    each end."""
    return _between(_means(correct, rounds, rng), 0.0, level)


def bootstrap_interval__cuts_off_below_only(correct, rounds, rng, level=0.95):
    """You cut off everything at the lower end, and nothing at the upper one. Half of it belongs to
    each end."""
    return _between(_means(correct, rounds, rng), 1 - level, 1.0)


def bootstrap_interval__all_of_it_at_each_end(correct, rounds, rng, level=0.95):
    """You cut off 1 − level at *each* end, twice as much as you should. Half of it belongs to each
    end."""
    return _between(_means(correct, rounds, rng), 1 - level, level)


def bootstrap_interval__always_95(correct, rounds, rng, level=0.95):
    """Your interval is the 95% one, whatever `level` says."""
    return _between(_means(correct, rounds, rng), 0.025, 0.975)


def bootstrap_interval__level_cut_off(correct, rounds, rng, level=0.95):
    """You cut off half the *level* at each end, and keep what should be cut. Between the two ends
    there should be `level` of the means."""
    return _between(_means(correct, rounds, rng), level / 2, 1 - level / 2)


def bootstrap_interval__fractions_for_percentages(correct, rounds, rng, level=0.95):
    """Both ends lie far below the accuracy: `np.percentile` wants numbers from 0 to 100, and you
    give it fractions. `np.quantile` takes fractions."""
    return _between(_means(correct, rounds, rng), (1 - level) / 200, (1 + level) / 200)


def bootstrap_interval__one_deviation(correct, rounds, rng, level=0.95):
    """You return the mean minus and plus one standard deviation. The promise is percentiles of the
    resamples' means."""
    means = _means(correct, rounds, rng)
    return float(means.mean() - means.std()), float(means.mean() + means.std())


def bootstrap_interval__normal(correct, rounds, rng, level=0.95):
    """You return the mean minus and plus 1.96 standard deviations. Close to 100% that goes beyond
    1, and it ignores the level: take the percentiles themselves."""
    means = _means(correct, rounds, rng)
    return float(means.mean() - 1.96 * means.std()), float(means.mean() + 1.96 * means.std())


def bootstrap_interval__half_width(correct, rounds, rng, level=0.95):
    """You return the middle and the half-width. The promise is the two ends, low and high."""
    low, high = _between(_means(correct, rounds, rng), (1 - level) / 2, (1 + level) / 2)
    return (low + high) / 2, (high - low) / 2


def bootstrap_interval__distances_from_the_accuracy(correct, rounds, rng, level=0.95):
    """You return how far the ends lie from the accuracy. The promise is the ends themselves."""
    low, high = _between(_means(correct, rounds, rng), (1 - level) / 2, (1 + level) / 2)
    return float(np.mean(correct)) - low, high - float(np.mean(correct))


def bootstrap_interval__high_first(correct, rounds, rng, level=0.95):
    """The upper end comes first in your result. The promise is (low, high)."""
    return _between(_means(correct, rounds, rng), (1 + level) / 2, (1 - level) / 2)


def bootstrap_interval__sums(correct, rounds, rng, level=0.95):
    """You add up the results of each resample. Take their mean, so that the ends are accuracies."""
    return _between(len(correct) * _means(correct, rounds, rng), (1 - level) / 2, (1 + level) / 2)


def bootstrap_interval__smallest_and_largest(correct, rounds, rng, level=0.95):
    """You return the smallest and the largest mean, which lie further apart the more resamples you
    draw. Cut off (1 − level)/2 at each end."""
    return _between(_means(correct, rounds, rng), 0.0, 1.0)


def bootstrap_interval__errors(correct, rounds, rng, level=0.95):
    """Your interval is the one for the share of *wrong* answers. `correct` says what was right."""
    return _between(1 - _means(correct, rounds, rng), (1 - level) / 2, (1 + level) / 2)


def bootstrap_interval__without_rng(correct, rounds, rng, level=0.95):
    """You never use `rng`: the draws come from a generator of your own, with a fixed seed, so
    every call gives the same interval. Draw from the one passed in."""
    means = _means(correct, rounds, np.random.default_rng(0))
    return _between(means, (1 - level) / 2, (1 + level) / 2)


def bootstrap_interval__global_generator(correct, rounds, rng, level=0.95):
    """You draw from NumPy's global generator, so the caller's seed decides nothing, and a run
    can't be repeated. Use `rng`, which was passed in for that."""
    correct = np.asarray(correct, dtype=float)
    draws = np.random.randint(len(correct), size=(rounds, len(correct)))  # noqa: NPY002
    return _between(correct[draws].mean(axis=1), (1 - level) / 2, (1 + level) / 2)


def bootstrap_interval__all_the_means(correct, rounds, rng, level=0.95):
    """You return the mean of every resample. The promise is two numbers: their percentiles."""
    return _means(correct, rounds, rng)


def bootstrap_interval__with_the_mean(correct, rounds, rng, level=0.95):
    """You return three numbers, with the accuracy in the middle. The promise is (low, high)."""
    low, high = _between(_means(correct, rounds, rng), (1 - level) / 2, (1 + level) / 2)
    return low, float(np.mean(correct)), high
