"""Wrong answers to the exercises of lesson 10, each with the hint that its author reads.

`EXERCISE__LABEL` is a wrong answer to EXERCISE, written the way students write it, and its
docstring is the hint. `inputs_EXERCISE` yields the arguments on which all of them differ from a
right answer and from each other.

Many orders are right, so `view_topological_order` looks at what an order does and not at the
order. A rule in `inputs_backprop` can be called once, so that calling it again shows.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

Array = np.ndarray

# topological_order

DEEP = 1100  # calls inside one another that Python doesn't allow


def _tape(parents: dict[str, str], root: str) -> tuple[dict, str]:
    """A tape; the parents of u are the letters of a string."""
    return {name: tuple(of) for name, of in parents.items()}, root


def _tapes() -> Iterator[tuple[dict, str]]:
    yield _tape({"L": "uv", "v": "uc", "u": "ab", "a": "", "b": "", "c": ""}, "L")
    yield _tape({"z": "yxw", "y": "x", "x": "w", "w": "v", "v": ""}, "z")
    yield _tape({"v": "", "w": "v", "x": "w", "y": "x", "z": "wxy"}, "z")
    yield _tape({"s": "pq", "p": "x", "q": "x", "x": ""}, "s")
    yield _tape({"y": "xx", "x": ""}, "y")
    yield _tape({"k": "", "x": "", "y": "x", "z": "yk", "a": "y"}, "y")
    yield _tape({"y": "x", "x": "", "a": "", "b": "a"}, "y")
    yield _tape({"a": "", "b": "a", "c": "b"}, "c")
    yield _tape({"a": "b", "b": "c", "c": ""}, "a")
    yield _tape({"p": "x", "q": "p", "k": "", "r": "qk", "s": "r", "t": "rs", "x": ""}, "t")
    yield _tape({"L": "uc", "u": "ab", "a": "", "b": "", "c": ""}, "L")
    yield _tape({"x": ""}, "x")
    yield {f"n{k}": (f"n{k - 1}",) if k else () for k in range(DEEP)}, f"n{DEEP - 1}"


def inputs_topological_order(rng: np.random.Generator) -> Iterator[tuple]:
    yield from _tapes()


def fresh_topological_order(draw):
    graph = draw.graph()
    keys = list(graph)
    return {keys[k]: graph[keys[k]] for k in draw.rng.permutation(len(keys))}, keys[-1]


def view_topological_order(result: Any, parents: dict, root: str) -> Any:
    """What is wrong with an order, one flag for each thing."""
    if not isinstance(result, (list, tuple)):
        return type(result).__name__
    names = [name for name in result if isinstance(name, str)]
    if not names or len(names) < len(result):
        return "no names"
    needed = _needed(parents, root)
    place = {name: k for k, name in reversed(list(enumerate(names)))}
    missing = needed - set(names)
    return [len(place) < len(names), bool(set(names) - needed), root in missing,
            any(not parents[name] for name in missing),
            any(parents[name] and name != root for name in missing),
            any(place[one] > place[name] for name in place for one in parents.get(name, ())
                if one in place),
            all(place[one] > place[name] for name in place for one in parents.get(name, ())
                if one in place), names[-1] == root]


def _needed(parents: dict, root: str) -> set[str]:
    needed, waiting = set(), [root]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting.extend(parents[name])
    return needed


def _ordered(parents: dict, root: str) -> list[str]:
    order, placed, waiting = [], set(), [root]
    while waiting:
        missing = [one for one in parents[waiting[-1]] if one not in placed]
        if missing:
            waiting.extend(missing)
        elif (name := waiting.pop()) not in placed:
            placed.add(name)
            order.append(name)
    return order


def topological_order__breadth_first(parents, root):
    """A name that is reached on a short and on a long path comes too late in your order, as when
    you go from the root level by level and turn the result around. Write a name down only once all
    its parents are: go to the parents first, and add the name itself when you come back."""
    order = [root]
    for name in order:
        for parent in parents[name]:
            if parent not in order:
                order.append(parent)
    return order[::-1]


def topological_order__placed_before_its_parents(parents, root):
    """You place a name on the way down, when you first see it, and turn the result around at the
    end. A name has to wait until *all* of its parents are placed."""
    order, seen, waiting = [], set(), [root]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            order.append(name)
            waiting.extend(reversed(parents[name]))
    return order[::-1]


def topological_order__placed_when_first_seen(parents, root):
    """You place a name on the way down, when you first see it, and turn the result around at the
    end. A name has to wait until *all* of its parents are placed."""
    order, waiting = [], [root]
    while waiting:
        name = waiting.pop()
        if name not in order:
            order.append(name)
            waiting.extend(parents[name])
    return order[::-1]


def topological_order__once_for_each_path(parents, root):
    """A name that is reached on two paths occurs twice. Remember what has been placed, and don't
    place it again."""
    order = []
    for parent in parents[root]:
        order += topological_order__once_for_each_path(parents, parent)
    return [*order, root]


def topological_order__placed_again(parents, root):
    """You place a name whenever it comes to the end of the waiting list, even if it has been placed
    already. Take it off the list, but place it only once."""
    order, placed, waiting = [], set(), [root]
    while waiting:
        missing = [one for one in parents[waiting[-1]] if one not in placed]
        if missing:
            waiting.extend(missing)
        else:
            name = waiting.pop()
            placed.add(name)
            order.append(name)
    return order


def topological_order__root_first(parents, root):
    """Your order runs the other way: the root first, the leaves last. Every parent should come
    *before* its children; `backprop` turns the order around itself."""
    return _ordered(parents, root)[::-1]


def topological_order__names_nobody_needs(parents, root):
    """Your order has names that the root doesn't need. Start from the root, and follow the parents
    from there."""
    return _ordered(parents | {"everything": tuple(parents)}, "everything")[:-1]


def topological_order__recursion(parents, root):
    """Right for small tapes, but your function calls itself once for each step of a chain, and
    Python gives up at about 1,000 calls inside one another. Keep a list of what is waiting."""
    order = []

    def place(name):
        if name not in order:
            for parent in parents[name]:
                place(parent)
            order.append(name)

    place(root)
    return order


def topological_order__order_of_the_keys(parents, root):
    """You take the names in the order of the dict's keys. That order means nothing: go by the
    parents."""
    needed = _needed(parents, root)
    return [name for name in parents if name in needed]


def topological_order__all_keys(parents, root):
    """You return the keys of the dict as they come. Their order means nothing, and the root may
    not need all of them."""
    return list(parents)


def topological_order__alphabetical(parents, root):
    """You sort the names by their letters. A parent has to come before its children, whatever
    they are called."""
    return sorted(_needed(parents, root))


def topological_order__leaves_left_out(parents, root):
    """The leaves are missing. They have no parents, but they are parents: place them too."""
    return [name for name in _ordered(parents, root) if parents[name] or name == root]


def topological_order__root_left_out(parents, root):
    """The root is missing. It comes last, after everything that it needs."""
    return _ordered(parents, root)[:-1]


def topological_order__first_parent_only(parents, root):
    """You follow only the first parent of each name. The others have to be placed as well."""
    order = [root]
    while parents[order[0]]:
        order.insert(0, parents[order[0]][0])
    return order


def topological_order__one_step_back(parents, root):
    """You go only one step back, to the root's own parents. They have parents, too."""
    return [*dict.fromkeys(parents[root]), root]


def topological_order__nearest_leaf_first(parents, root):
    """You sort by the distance to the *nearest* leaf. A name has to wait for its slowest parent:
    what counts is the longest way."""
    distance = {}
    for name in _ordered(parents, root):
        distance[name] = 1 + min((distance[one] for one in parents[name]), default=-1)
    return sorted(distance, key=distance.get)


def topological_order__a_set(parents, root):
    """You return a set. A set has no order: return a list."""
    return _needed(parents, root)


def topological_order__changes_its_input(parents, root):
    """The order is right, but you have removed entries from `parents`, which belongs to the
    caller. Read it without changing it."""
    order = _ordered(parents, root)
    for name in order:
        parents.pop(name)
    return order


def topological_order__no_return(parents, root):
    """Your function gives back None: it gets to its end without a `return`. Return the order."""
    _ordered(parents, root)


# backprop


class _Rule:
    """Slopes times g; it can be called once."""

    def __init__(self, *slopes: float) -> None:
        self.slopes, self.calls = slopes, 0

    def __call__(self, g: Any) -> tuple:
        self.calls += 1
        if self.calls > 1:
            raise RuntimeError
        return tuple(slope * g for slope in self.slopes)


class _Same:
    """A sum's rule: g itself for both parents."""

    def __call__(self, g: Any) -> tuple:
        return g, g


class _Weighted:
    """The rule of the sum of a weighted array."""

    def __init__(self, w: Array) -> None:
        self.w = w

    def __call__(self, g: Any) -> tuple:
        return (g * self.w,)


def inputs_backprop(rng: np.random.Generator) -> Iterator[tuple]:
    for parents, root in _tapes():
        if len(parents) < 100:
            yield (parents, {name: _Rule(*rng.uniform(0.5, 2.0, size=len(of)).tolist())
                             for name, of in parents.items() if of}, root)
    # t = s + x, s = x + y
    yield ({"x": (), "y": (), "s": ("x", "y"), "t": ("s", "x"), "L": ("t",)},
           {"s": _Same(), "t": _Same(), "L": _Weighted(rng.normal(size=3))}, "L")


def fresh_backprop(draw):
    graph, rules = draw.graph(), {}
    for name, of in graph.items():
        if of:
            parts = [f"{draw.between(0.5, 3.0):.4g} * g" for _ in of]
            rules[name] = draw.function(f"lambda g: [{', '.join(parts)}]")
    keys = list(graph)
    return {keys[k]: graph[keys[k]] for k in draw.rng.permutation(len(keys))}, rules, keys[-1]


def _walk(parents, rules, root, order=None, add=lambda old, part: old + part):
    grads = {root: 1.0}
    for name in order or reversed(_ordered(parents, root)):
        if parents[name]:
            for parent, part in zip(parents[name], rules[name](grads[name]), strict=True):
                grads[parent] = add(grads[parent], part) if parent in grads else part
    return grads


def backprop__last_part_only(parents, rules, root):
    """Each part replaces the one before it. Where a value is used twice, the parts are added: `=`
    forgets."""
    return _walk(parents, rules, root, add=lambda old, part: part)


def backprop__first_part_only(parents, rules, root):
    """You keep the first part that arrives and ignore the later ones. Where a value is used twice,
    the parts are added."""
    return _walk(parents, rules, root, add=lambda old, part: old)


def backprop__parts_multiplied(parents, rules, root):
    """You multiply the parts that arrive at a value. You multiply *along* a path, and add where
    paths meet."""
    return _walk(parents, rules, root, add=lambda old, part: old * part)


def backprop__parts_averaged(parents, rules, root):
    """You average the parts that arrive at a value. They are added: a nudge acts on all paths at
    the same time."""
    grads, counts = {root: 1.0}, {}
    for name in reversed(_ordered(parents, root)):
        if parents[name]:
            for parent, part in zip(parents[name], rules[name](grads[name]), strict=True):
                counts[parent] = counts.get(parent, 0) + 1
                old = grads.get(parent, 0.0)
                grads[parent] = old + (part - old) / counts[parent]
    return grads


def backprop__path_by_path(parents, rules, root):
    """You pass every part on as soon as it arrives, so the rules of shared values are called once
    for each path. Walk in the reversed order, and call a rule when its gradient is complete."""
    grads, waiting = {}, [(root, 1.0)]
    while waiting:
        name, g = waiting.pop()
        grads[name] = grads[name] + g if name in grads else g
        if parents[name]:
            waiting.extend(zip(parents[name], rules[name](g), strict=True))
    return grads


def backprop__half_sums_passed_on(parents, rules, root):
    """You call a rule when only a part of its gradient has arrived, and the rest comes too late.
    The order of a dict does that, and so does going level by level from the root. Walk through
    the topological order from its end."""
    order = [root]
    for name in order:
        order.extend(dict.fromkeys(one for one in parents[name] if one not in order))
    return _walk(parents, rules, root, order=order)


def backprop__equal_parents_once(parents, rules, root):
    """A parent that occurs twice in the tuple gets only one of its two parts. Go through the pairs
    of parents and parts, and add each of them."""
    grads = {root: 1.0}
    for name in reversed(_ordered(parents, root)):
        if parents[name]:
            pairs = dict(zip(parents[name], rules[name](grads[name]), strict=True))
            for parent, part in pairs.items():
                grads[parent] = grads[parent] + part if parent in grads else part
    return grads


def backprop__leaves_missing(parents, rules, root):
    """The leaves have no gradients in your dict. They are what a user wants most: the parameters
    are leaves."""
    grads = _walk(parents, rules, root)
    return {name: g for name, g in grads.items() if parents[name] or name == root}


def backprop__leaves_only(parents, rules, root):
    """Your dict has the leaves only. The docstring promises the gradients of everything that the
    root needs, and the root's own."""
    return {name: g for name, g in _walk(parents, rules, root).items() if not parents[name]}


def backprop__root_missing(parents, rules, root):
    """The root's own gradient, 1.0, is missing from the dict."""
    grads = _walk(parents, rules, root)
    del grads[root]
    return grads


def backprop__root_starts_at_zero(parents, rules, root):
    """Everything is 0, because the walk starts with 0. The root rises exactly as fast as itself:
    its gradient is 1.0."""
    return {name: 0.0 * g for name, g in _walk(parents, rules, root).items()}


def backprop__root_is_a_whole_number(parents, rules, root):
    """The root's gradient is the int 1. The docstring promises a float, 1.0."""
    return _walk(parents, rules, root) | {root: 1}


def backprop__rule_called_for_each_parent(parents, rules, root):
    """You call a rule anew for each parent and take one part of what it returns. One call returns
    all the parts: keep them in a variable."""
    grads = {root: 1.0}
    for name in reversed(_ordered(parents, root)):
        for k, parent in enumerate(parents[name]):
            part = rules[name](grads[name])[k]
            grads[parent] = grads[parent] + part if parent in grads else part
    return grads


def backprop__zeros_for_the_rest(parents, rules, root):
    """Your dict also has names that the root doesn't need. Leave them out: only root and what it
    needs."""
    return dict.fromkeys(parents, 0.0) | _walk(parents, rules, root)


def backprop__added_in_place(parents, rules, root):
    """`+=` changes an array in place, and a rule may have given the same array to another parent:
    its gradient changes as well. Write a = a + b, which makes a new array."""
    grads = {root: 1.0}
    for name in reversed(_ordered(parents, root)):
        if parents[name]:
            for parent, part in zip(parents[name], rules[name](grads[name]), strict=True):
                if parent in grads:
                    grads[parent] += part
                else:
                    grads[parent] = part
    return grads


def backprop__first_parent_only(parents, rules, root):
    """You use only the first part that a rule returns. There is one part for each parent."""
    grads = {root: 1.0}
    for name in reversed(_ordered(parents, root)):
        if parents[name] and name in grads:
            parent, part = parents[name][0], rules[name](grads[name])[0]
            grads[parent] = grads[parent] + part if parent in grads else part
    return grads


def backprop__parts_swapped(parents, rules, root):
    """The parts go to the wrong parents: a rule returns them in the order of the tuple of
    parents."""
    grads = {root: 1.0}
    for name in reversed(_ordered(parents, root)):
        if parents[name]:
            parts = rules[name](grads[name])[::-1]
            for parent, part in zip(parents[name], parts, strict=True):
                grads[parent] = grads[parent] + part if parent in grads else part
    return grads


def backprop__upstream_ignored(parents, rules, root):
    """You call every rule with 1, as if its value were the root. Give it the gradient that has
    arrived: `grads[name]`."""
    grads = {root: 1.0}
    for name in reversed(_ordered(parents, root)):
        if parents[name]:
            for parent, part in zip(parents[name], rules[name](1.0), strict=True):
                grads[parent] = grads[parent] + part if parent in grads else part
    return grads


def backprop__changes_its_input(parents, rules, root):
    """The gradients are right, but you have removed entries from `parents`, which belongs to the
    caller. Read it without changing it."""
    grads = _walk(parents, rules, root)
    for name in grads:
        parents.pop(name)
    return grads


def backprop__no_return(parents, rules, root):
    """Your function gives back None: it gets to its end without a `return`. Return the dict."""
    _walk(parents, rules, root)


# unbroadcast


def inputs_unbroadcast(rng: np.random.Generator) -> Iterator[tuple]:
    for large, small in (((6, 5), (5,)), ((6, 5), (6, 1)), ((3, 3), (3,)), ((3, 3), (3, 1)),
                         ((3, 3), (1, 3)), ((2, 4, 3), (4, 1)), ((3, 3, 3), (3, 1)),
                         ((2, 4, 3), (2, 1, 3)), ((4,), ()), ((4, 3), ()), ((4, 3), (4, 3)),
                         ((4, 3), (1, 1)), ((5, 2, 4, 3), (2, 1, 3)), ((1, 4), (4,))):
        yield rng.normal(size=large), small


def fresh_unbroadcast(draw):
    n, d = draw.sizes("n", "d")
    large, small = draw.choice([((n, d), (d,)), ((n, d), (n, 1)), ((n, d), (1, d)), ((n, d), ()),
                                ((n, d), (n, d)), ((2, n, d), (n, 1)), ((n, d), (1,))])
    return draw.array(*large), small


def _axes(g: Array, shape: tuple) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The axes that the shape lacks, and those on which it has size 1."""
    lacking = g.ndim - len(shape)
    return tuple(range(lacking)), tuple(lacking + k for k, n in enumerate(shape) if n == 1)


def unbroadcast__everything_summed(g, shape):
    """You sum all of g. Only what was copied is summed: the axes that the shape lacks, and those
    where it has size 1."""
    return np.array(g.sum())


def unbroadcast__sum_of_all_everywhere(g, shape):
    """Every entry of your result is the sum of all of g. Sum over the axes that were copied, and
    keep the others apart."""
    return np.full(shape, g.sum())


def unbroadcast__lacking_axes_only(g, shape):
    """You sum over the axes that the shape lacks, and forget those where it has size 1: they were
    stretched as well."""
    return g.sum(axis=_axes(g, shape)[0])


def unbroadcast__axes_of_one_only(g, shape):
    """You sum over the axes of size 1, and forget those that the shape lacks altogether: count
    both numbers of axes."""
    return g.sum(axis=_axes(g, shape)[1], keepdims=True)


def unbroadcast__mean(g, shape):
    """You average over the copies. Their gradients are added: a nudge changes all of the copies at
    the same time."""
    lacking, ones = _axes(g, shape)
    return g.mean(axis=lacking + ones).reshape(shape)


def unbroadcast__cut_to_size(g, shape):
    """You bring g into the shape without summing: most of its entries are lost. Add up those that
    belong to copies of the same entry."""
    return np.resize(g, shape)


def unbroadcast__first_copy_only(g, shape):
    """You keep the gradient of the first copy and drop the others. Sum over the copies instead."""
    lacking, ones = _axes(g, shape)
    return g[tuple(0 if k in lacking else slice(0, 1) if k in ones else slice(None)
                   for k in range(g.ndim))].copy()


def unbroadcast__axes_of_one_dropped(g, shape):
    """The sums are right, but the axes of size 1 are gone: the result needs exactly the shape that
    was asked for."""
    lacking, ones = _axes(g, shape)
    return g.sum(axis=lacking + ones)


def unbroadcast__lacking_axes_kept(g, shape):
    """The sums are right, but the axes that the shape lacks are still there with size 1: the
    result needs exactly the shape that was asked for."""
    lacking, ones = _axes(g, shape)
    return g.sum(axis=lacking + ones, keepdims=True)


def unbroadcast__lined_up_at_the_left(g, shape):
    """You line up the shapes at their left ends. NumPy lines them up at the right: the axes that
    the shape lacks are the *first* ones of g."""
    ones = tuple(k for k, n in enumerate(shape) if n == 1)
    return g.sum(axis=(*ones, *range(len(shape), g.ndim))).reshape(
        [n for k, n in enumerate(g.shape[:len(shape)]) if k not in ones] if not ones else
        [1 if k in ones else n for k, n in enumerate(g.shape[:len(shape)])])


def unbroadcast__ones_counted_in_the_shape(g, shape):
    """You look for the axes of size 1 by their place in the shape, but sum g at the same place.
    When axes are lacking on the left, axis k of the shape is axis k + lacking of g."""
    lacking, _ = _axes(g, shape)
    ones = tuple(k for k, n in enumerate(shape) if n == 1)
    return g.sum(axis=lacking).sum(axis=ones) if not ones else g.sum(
        axis=tuple({*lacking, *ones}))


def unbroadcast__the_other_axes(g, shape):
    """You sum over the axes that were *not* copied. Sum over those that the shape lacks, and those
    where it has size 1."""
    lacking, ones = _axes(g, shape)
    return g.sum(axis=tuple(k for k in range(g.ndim) if k not in lacking + ones))


def unbroadcast__copied_back(g, shape):
    """You give the sums g's shape again. The result should have the shape of the small array,
    before it was broadcast."""
    lacking, ones = _axes(g, shape)
    return np.broadcast_to(g.sum(axis=lacking + ones, keepdims=True), g.shape).copy()


def unbroadcast__unchanged(g, shape):
    """You return g as it is. Where something was copied on the way forward, sum over the
    copies."""
    return g.copy()


def unbroadcast__largest(g, shape):
    """You take the largest of the copies' gradients. They are added."""
    lacking, ones = _axes(g, shape)
    return g.max(axis=lacking + ones).reshape(shape) if lacking + ones else g.copy()


def unbroadcast__matched_by_size(g, shape):
    """You look for the axes to sum by their sizes: those of g that don't occur in the shape. Where
    two sizes are equal, that finds the wrong axes, or none. Go by the places of the axes, counted
    from the right."""
    return g.sum(axis=tuple(k for k, n in enumerate(g.shape) if n not in shape)).reshape(shape)


def unbroadcast__long_axes_only(g, shape):
    """You sum only where g is longer than 1. An axis that the shape lacks has to go even if g has
    size 1 there, as for a batch of one."""
    lacking, ones = _axes(g, shape)
    sums = g.sum(axis=tuple(k for k in lacking if g.shape[k] > 1))
    return sums.sum(axis=tuple(k - len(lacking) for k in ones if g.shape[k] > 1), keepdims=True)


def unbroadcast__no_return(g, shape):
    """Your function gives back None: it gets to its end without a `return`. Return the sums."""
    lacking, ones = _axes(g, shape)
    g.sum(axis=lacking + ones).reshape(shape)


# cases


def inputs_cases(rng: np.random.Generator) -> Iterator[tuple]:
    yield ()


def view_cases(result):
    """What the examples lack first."""
    if result is None or not 1 <= len(result) <= 8:
        return "nothing" if result is None else "another number of examples"
    if not all(isinstance(case, (list, tuple)) and len(case) == 2 for case in result):
        return "no pairs"
    if any(isinstance(shape, np.ndarray) for _, shape in result):
        return "arrays for shapes"
    if any(np.size(part) > 200 for case in result for part in case):
        return "small ones"
    calls = [(np.array(g, dtype=float), tuple(shape)) for g, shape in result]
    for g, shape in calls:
        if np.broadcast_shapes(g.shape, shape) != g.shape:
            return "shapes that fit"
    axes = [(_axes(g, shape), g, shape) for g, shape in calls]
    lacking = {
        "copies": any(g.size > np.prod(shape, dtype=int) for g, shape in calls),
        "lacking axes": any(first for (first, _), _, _ in axes),
        "axes of size 1": any(ones for (_, ones), _, _ in axes),
        "equal sizes": any(any(g.shape[k] in shape for k in first if g.shape[k] > 1)
                           for (first, _), g, shape in axes),
        "a batch of one": any(any(g.shape[k] == 1 for k in first) for (first, _), g, _ in axes)}
    return next((name for name, there in lacking.items() if not there), "nothing at all")


def cases__too_many():
    """You return more examples than allowed. A few are enough if each is there for a reason: which
    mistakes does it show that the others don't?"""
    rng = np.random.default_rng(1)
    return [(rng.normal(size=(2, n)), (n,)) for n in range(2, 12)]


def cases__one_example_without_a_list():
    """You return one example where a list of examples is promised. Put it in a list, even if there
    is only one."""
    return np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]]), (3,)


def cases__an_array_for_the_shape():
    """The second entry of a tuple is the *shape* of the small array, not an array of that shape."""
    return [(np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]]), np.zeros(3))]


def cases__nothing_copied():
    """In all your examples, g has the shape already: nothing was copied, and nothing is summed.
    Even a version that returns g as it is would pass."""
    return [(np.array([[1.0, 2.0], [3.0, 5.0]]), (2, 2)), (np.array([4.0, 5.0, 7.0]), (3,))]


def cases__no_lacking_axes():
    """In all your examples, the shape has as many axes as g. Who sums over an axis that the shape
    lacks, and who forgets to?"""
    rng = np.random.default_rng(2)
    return [(rng.normal(size=(2, 3)), (2, 1)), (rng.normal(size=(3, 3)), (1, 3)),
            (rng.normal(size=(2, 3, 4)), (2, 1, 1))]


def cases__no_axes_of_one():
    """In all your examples, axes are lacking, but none has size 1. Those are summed as well, and
    they have to stay."""
    rng = np.random.default_rng(3)
    return [(rng.normal(size=(2, 3)), (3,)), (rng.normal(size=(3, 3)), (3,)),
            (rng.normal(size=(1, 3)), (3,)), (rng.normal(size=(4, 2)), ())]


def cases__all_sizes_different():
    """The sizes in your examples are all different, so they give the axes away. Who tells the axes
    by their sizes is caught only where two are equal."""
    rng = np.random.default_rng(5)
    return [(rng.normal(size=(2, 3, 4)), (3, 1)), (rng.normal(size=(1, 3)), (3,))]


def cases__no_batch_of_one():
    """The axes that your shapes lack are all longer than 1 in g. A batch of one has such an axis of
    size 1, and it has to go as well."""
    rng = np.random.default_rng(6)
    return [(rng.normal(size=(2, 3, 4)), (3, 1)), (rng.normal(size=(3, 3)), (3,))]


def cases__no_return():
    """Your function gives back None: it gets to its end without a `return`. Return the list of
    examples."""
    _ = [(np.ones((2, 3)), (3,))]


# mul_backward


def _fit(g: Array, shape: tuple) -> Array:
    lacking, ones = _axes(g, shape)
    return g.sum(axis=lacking + ones).reshape(shape)


def inputs_mul_backward(rng: np.random.Generator) -> Iterator[tuple]:
    for one, other in (((6, 5), (6, 5)), ((3, 3), (3, 3)), ((6, 5), (5,)), ((3, 1), (4,)),
                       ((3, 3), (3,)), ((), (2, 3)), ((2, 4), ()), ((2, 3, 4), (3, 1))):
        yield (rng.normal(size=np.broadcast_shapes(one, other)), rng.normal(size=one),
               rng.normal(size=other))


def fresh_mul_backward(draw):
    n, d = draw.sizes("n", "d")
    one, other = draw.choice([((n, d), (n, d)), ((n, d), (d,)), ((n, 1), (d,)), ((), (n, d)),
                              ((n, d), (n, 1))])
    return draw.array(*np.broadcast_shapes(one, other)), draw.array(*one), draw.array(*other)


def mul_backward__not_swapped(g, a, b):
    """Each factor gets itself as its slope. The slope for a is b, and the slope for b is a: a
    product swaps its factors."""
    return _fit(g * a, np.shape(a)), _fit(g * b, np.shape(b))


def mul_backward__order_of_results(g, a, b):
    """The two gradients come in the wrong order: first the one of a, then the one of b."""
    return _fit(g * a, np.shape(b)), _fit(g * b, np.shape(a))


def mul_backward__upstream_ignored(g, a, b):
    """g is not used: these are the slopes alone. The chain rule multiplies them by what has
    arrived."""
    ones = np.ones(np.shape(g))
    return _fit(ones * b, np.shape(a)), _fit(ones * a, np.shape(b))


def mul_backward__broadcasting_forgotten(g, a, b):
    """Right for equal shapes, but where a factor was broadcast, its gradient comes out too large.
    Unbroadcast each gradient to its operand's shape."""
    return g * b, g * a


def mul_backward__both_in_the_shape_of_a(g, a, b):
    """Both gradients have the shape of a. The second one belongs to b."""
    ga, gb = g * b, g * a
    return _fit(ga, np.shape(a)), (_fit(gb, np.shape(a)) if np.ndim(a) <= gb.ndim else gb)


def mul_backward__only_a_unbroadcast(g, a, b):
    """The gradient of a is right, but that of b is not unbroadcast: b may be the smaller one."""
    return _fit(g * b, np.shape(a)), g * a


def mul_backward__only_b_unbroadcast(g, a, b):
    """The gradient of b is right, but that of a is not unbroadcast: a may be the smaller one."""
    return g * b, _fit(g * a, np.shape(b))


def mul_backward__unbroadcast_too_early(g, a, b):
    """You unbroadcast g first and multiply afterward. Every copy has its own factor: multiply
    first, and then sum."""
    return _fit(g, np.shape(a)) * b, _fit(g, np.shape(b)) * a


def mul_backward__mean_over_copies(g, a, b):
    """You average over the copies of the smaller factor. Their gradients are added."""
    ga, gb = g * b, g * a
    return (_fit(ga, np.shape(a)) * max(1, np.size(a)) / ga.size,
            _fit(gb, np.shape(b)) * max(1, np.size(b)) / gb.size)


def mul_backward__sum_rule(g, a, b):
    """This is the rule of a sum: g goes to both. For a product, g is multiplied by the *other*
    factor."""
    return _fit(1.0 * g, np.shape(a)), _fit(1.0 * g, np.shape(b))


def mul_backward__whole_product(g, a, b):
    """You multiply by the whole product a · b. The slope for a is b alone, and the slope for b is
    a alone."""
    product = g * a * b
    return _fit(product, np.shape(a)), _fit(product, np.shape(b))


def mul_backward__matrix_product(g, a, b):
    """`@` is a matrix product. a * b works entry by entry, and so does its backward pass: `*`."""
    return np.asarray(g) @ np.transpose(b), np.transpose(a) @ np.asarray(g)


def mul_backward__slopes_added(g, a, b):
    """You add the other factor to g. Along a path, slopes are multiplied."""
    return _fit(g + b, np.shape(a)), _fit(g + a, np.shape(b))


def mul_backward__first_only(g, a, b):
    """You return only the gradient of a. b has one, too."""
    return _fit(g * b, np.shape(a))


def mul_backward__no_return(g, a, b):
    """Your function gives back None: it gets to its end without a `return`. Return both
    gradients."""
    _ = g * b, g * a


# matmul_backward


def inputs_matmul_backward(rng: np.random.Generator) -> Iterator[tuple]:
    for one, other in (((6, 5), (5, 2)), ((3, 3), (3, 3)), ((1, 3), (3, 2)), ((4, 2, 3), (4, 3, 5)),
                       ((3, 3, 3), (3, 3, 3)), ((4, 2, 3), (3, 5)), ((2, 3), (4, 3, 5)),
                       ((4, 2, 3), (1, 3, 5)), ((2, 3, 4, 2), (2, 3, 2, 3)), ((3, 3, 3), (3, 3)),
                       ((2, 2, 2, 2), (2, 2, 2, 2)), ((2, 1, 3, 2), (4, 2, 3))):
        a, b = rng.normal(size=one), rng.normal(size=other)
        yield rng.normal(size=(a @ b).shape), a, b


def fresh_matmul_backward(draw):
    n, k, m = draw.sizes("n", "k", "m")
    front = draw.choice([((), (), ()), ((2,), (2,), (2,)), ((2,), (2,), ()), ((2,), (), (2,))])
    return tuple(draw.array(*before, *shape) for before, shape in
                 zip(front, ((n, m), (n, k), (k, m)), strict=True))


def _turned(a: Array) -> Array:
    return np.swapaxes(a, -1, -2)


def matmul_backward__orders_swapped(g, a, b):
    """Your factors are in the wrong order. Write the shapes side by side: g is (n, m), and for a
    (n, k) must come out."""
    return _fit(_turned(b) @ g, a.shape), _fit(g @ _turned(a), b.shape)


def matmul_backward__no_transposes(g, a, b):
    """The transposes are missing. With square matrices nothing complains: check with three
    different sizes."""
    return _fit(g @ b, a.shape), _fit(a @ g, b.shape)


def matmul_backward__upstream_transposed(g, a, b):
    """You transpose g in the gradient of b. Transpose the *other* factor: which product of a and
    g has the shape of b?"""
    return _fit(g @ _turned(b), a.shape), _fit(_turned(g) @ a, b.shape)


def matmul_backward__all_axes_reversed(g, a, b):
    """`.T` reverses *all* axes of a stack. Only the last two should be swapped:
    `np.swapaxes(b, -1, -2)`."""
    return _fit(g @ b.T, a.shape), _fit(a.T @ g, b.shape)


def matmul_backward__all_axes_reversed_and_none_summed(g, a, b):
    """Two things go wrong with stacks. `.T` reverses *all* axes: swap only the last two. And a
    matrix that was used for a whole stack gets the sum of the stack's gradients: unbroadcast."""
    return g @ b.T, a.T @ g


def matmul_backward__batch_axes_not_summed(g, a, b):
    """Right when both have the same axes in front. Where one matrix was used for a whole stack,
    its gradient is the sum over the stack: unbroadcast."""
    return g @ _turned(b), _turned(a) @ g


def matmul_backward__only_b_unbroadcast(g, a, b):
    """The gradient of b is summed over the axes in front, that of a is not. It may be a that was
    used for a whole stack."""
    return g @ _turned(b), _fit(_turned(a) @ g, b.shape)


def matmul_backward__only_a_unbroadcast(g, a, b):
    """The gradient of a is summed over the axes in front, that of b is not. It may be b that was
    used for a whole stack."""
    return _fit(g @ _turned(b), a.shape), _turned(a) @ g


def matmul_backward__all_batch_axes_summed(g, a, b):
    """You sum over all axes in front, even those that both operands have. A stack of matrices
    has a stack of gradients."""
    front = tuple(range(g.ndim - 2))
    return (g @ _turned(b)).sum(axis=front), (_turned(a) @ g).sum(axis=front)


def matmul_backward__mean_over_stack(g, a, b):
    """You average over the axes in front that were broadcast. One matrix that is used eight times
    gets the *sum* of eight gradients."""
    ga, gb = g @ _turned(b), _turned(a) @ g
    return _fit(ga, a.shape) * a.size / ga.size, _fit(gb, b.shape) * b.size / gb.size


def matmul_backward__order_of_results(g, a, b):
    """The two gradients come in the wrong order: first the one of a, then the one of b."""
    return _fit(_turned(a) @ g, b.shape), _fit(g @ _turned(b), a.shape)


def matmul_backward__upstream_ignored(g, a, b):
    """g is not used, as if ones had arrived. It is the first thing to multiply by."""
    ones = np.ones_like(g)
    return _fit(ones @ _turned(b), a.shape), _fit(_turned(a) @ ones, b.shape)


def matmul_backward__np_dot(g, a, b):
    """`np.dot` pairs every matrix of one stack with every matrix of the other. `@` multiplies them
    one by one."""
    return (_fit(np.dot(g, _turned(b)), a.shape),
            _fit(np.dot(_turned(a), g), b.shape))


def matmul_backward__as_for_layers(g, a, b):
    """This is lesson 4's rule, for X Wᵀ. Here the product is a @ b, and b is not transposed."""
    return _fit(g @ b, a.shape), _fit(_turned(g) @ a, b.shape)


def matmul_backward__first_only(g, a, b):
    """You return only the gradient of a. b has one, too."""
    return _fit(g @ _turned(b), a.shape)


def matmul_backward__no_return(g, a, b):
    """Your function gives back None: it gets to its end without a `return`. Return both
    gradients."""
    _ = g @ _turned(b), _turned(a) @ g


# sum_backward


def inputs_sum_backward(rng: np.random.Generator) -> Iterator[tuple]:
    for shape, axis in (((6, 5), None), ((6, 5), 0), ((6, 5), 1), ((6, 5), -1), ((3, 3), 0),
                        ((3, 3), 1), ((3, 3), -1), ((3, 3), -2), ((2, 4, 3), 1), ((2, 4, 3), -2),
                        ((3, 3, 3), 1), ((2, 4, 3), (0, 2)), ((2, 4, 3), (-1, 0)),
                        ((3, 3, 3), (0, 1)), ((3, 3, 3), (1, 2)), ((3, 3, 3), (1, 0)),
                        ((2, 4, 3), (2, 0)), ((4,), 0), ((1, 4), 0)):
        x = rng.normal(size=shape)
        yield ((rng.normal(size=np.shape(x.sum(axis))) if axis is not None else float(rng.normal()),
                x, axis))
    x = rng.normal(size=(2, 3))
    yield float(rng.normal()), x


def fresh_sum_backward(draw):
    n, d = draw.sizes("n", "d")
    axis = draw.choice([None, 0, 1, -1, (0, 1)])
    kept = {None: (), 0: (d,), 1: (n,), -1: (n,), (0, 1): ()}[axis]
    return draw.array(*kept), draw.array(n, d), axis


def view_sum_backward(result: Any) -> Any:
    """The values, and whether they are in memory of their own."""
    return [result, result.flags.writeable] if isinstance(result, np.ndarray) else result


def _spread(g: Any, x: Array, axis: Any) -> Array:
    g = np.asarray(g, dtype=float)
    if axis is not None:
        g = np.expand_dims(g, axis)
    return np.array(np.broadcast_to(g, x.shape))


def _count(x: Array, axis: Any) -> int:
    return x.size // max(1, np.size(x.sum(axis)))


def sum_backward__not_spread(g, x, axis=None):
    """You return g as it is. Every entry of x gets the gradient of the sum that it is in: the
    result has x's shape."""
    return np.array(g, dtype=float)


def sum_backward__divided_by_count(g, x, axis=None):
    """You divide by the number of terms. That is the rule of the mean: a sum passes its whole
    gradient on to each term."""
    return _spread(g, x, axis) / _count(x, axis)


def sum_backward__another_axis(g, x, axis=None):
    """The axis comes back at the wrong place. Put it back where it was before it was summed:
    which axis did the sum remove?"""
    if axis is None:
        return _spread(g, x, axis)
    turned = x.ndim - 1 - np.asarray(axis) % x.ndim
    return _spread(g, x, tuple(np.atleast_1d(turned).tolist()))


def sum_backward__axis_not_put_back(g, x, axis=None):
    """You let NumPy broadcast g to x's shape without putting the summed axis back. Shapes are
    lined up at the right: for axis 1 of a square the numbers go to the wrong entries."""
    return np.array(np.broadcast_to(np.asarray(g, dtype=float), x.shape))


def sum_backward__axis_put_at_the_end(g, x, axis=None):
    """You put the summed axis back at the end, always. It belongs at the place where it was."""
    g = np.asarray(g, dtype=float)
    while g.ndim < x.ndim and axis is not None:
        g = g[..., None]
    return np.array(np.broadcast_to(g, x.shape))


def sum_backward__ones(g, x, axis=None):
    """You return ones: the slopes alone. Multiply them by the gradient that has arrived."""
    return np.ones_like(x)


def sum_backward__times_x(g, x, axis=None):
    """You multiply by x. The slope of a sum is 1 for each of its terms, whatever their values."""
    return _spread(g, x, axis) * x


def sum_backward__no_memory_of_its_own(g, x, axis=None):
    """The values are right, but `np.broadcast_to` only shows g's memory many times over. Make a
    copy: np.array(...)."""
    g = np.asarray(g, dtype=float)
    if axis is not None:
        g = np.expand_dims(g, axis)
    return np.broadcast_to(g, x.shape)


def sum_backward__axis_ignored(g, x, axis=None):
    """You add up all of g and give the total to every entry. With an axis, each row or column has
    a number of its own."""
    return np.full(x.shape, float(np.sum(g)))


def sum_backward__negative_axis_counted_in_g(g, x, axis=None):
    """For a negative axis, you count from the end of g. Count from the end of x, which has the
    summed axis still: it is `axis % x.ndim`."""
    if axis is None:
        return _spread(g, x, axis)
    g = np.asarray(g, dtype=float)
    places = sorted(k if k >= 0 else max(0, k + g.ndim) for k in np.atleast_1d(axis).tolist())
    for place in places:
        g = np.expand_dims(g, min(place, g.ndim))
    return np.array(np.broadcast_to(g, x.shape))


def sum_backward__axes_put_back_in_the_given_order(g, x, axis=None):
    """You put several axes back one after another, in the order in which they are given. Each place
    counts the axes before it, so that is right only from the smallest to the largest: what about
    (2, 0)?"""
    g = np.asarray(g, dtype=float)
    for k in () if axis is None else np.atleast_1d(axis).tolist():
        g = np.expand_dims(g, k)
    return np.array(np.broadcast_to(g, x.shape))


def sum_backward__only_first_entry(g, x, axis=None):
    """Only the first entry along the summed axis gets the gradient. All the terms of a sum do."""
    spread = _spread(g, x, axis)
    axes = range(x.ndim) if axis is None else np.atleast_1d(axis) % x.ndim
    for k in axes:
        np.moveaxis(spread, k, 0)[1:] = 0
    return spread


def sum_backward__sum_again(g, x, axis=None):
    """You sum x again: that is the way forward. On the way back, g is copied to the entries of
    x."""
    return np.array(x.sum(axis))


def sum_backward__axes_kept(g, x, axis=None):
    """You put the axes back, but don't copy along them: the result has size 1 there, and x has
    more."""
    g = np.asarray(g, dtype=float)
    return np.array(g.reshape((1,) * x.ndim) if axis is None else np.expand_dims(g, axis))


def sum_backward__no_return(g, x, axis=None):
    """Your function gives back None: it gets to its end without a `return`. Return the
    gradient."""
    _spread(g, x, axis)


# take_backward


def inputs_take_backward(rng: np.random.Generator) -> Iterator[tuple]:
    for shape, index in (((5, 3), [4, 0, 2]), ((5, 3), [1, 3, 1, 1, 0]), ((4,), [2, 0, 2, 2]),
                         ((4, 4), [3, 3, 0, 1]), ((3, 2), [[0, 2], [2, 2]]),
                         ((5, 2), [-1, 0, -1, 4]), ((4, 4), [-2, 1, 0, 3]), ((3, 2, 2), [2, 2]),
                         ((3,), [2, 0, 1])):
        x = rng.normal(size=shape)
        yield rng.normal(size=x[np.array(index)].shape), x, np.array(index)


def fresh_take_backward(draw):
    n, rows, d = draw.sizes("n", "rows", "d")
    index = draw.rng.integers(rows, size=draw.choice([(n,), (n, 2)])) - draw.choice([0, rows])
    return draw.array(*index.shape, d), draw.array(rows, d), draw.given(index)


def _scattered(g: Array, x: Array, index: Array) -> Array:
    out = np.zeros(x.shape)
    np.add.at(out, index, g)
    return out


def take_backward__last_part_only(g, x, index):
    """A row that was taken several times keeps only the last part. NumPy reads first and writes
    later, even with `+=`: use np.add.at, or a loop."""
    out = np.zeros(x.shape)
    out[index] += g
    return out


def take_backward__first_part_only(g, x, index):
    """A row that was taken several times keeps only the first part. All of its parts are added."""
    out = np.zeros(x.shape)
    out[index.ravel()[::-1]] = g.reshape(-1, *x.shape[1:])[::-1]
    return out


def take_backward__mean_over_repeats(g, x, index):
    """You average over the parts of a row that was taken several times. They are added."""
    counts = np.bincount(index.ravel() % len(x), minlength=len(x))
    return _scattered(g, x, index) / np.maximum(counts, 1).reshape(-1, *[1] * (x.ndim - 1))


def take_backward__not_scattered(g, x, index):
    """You return g as it arrived, with one row for each row taken. The gradient has x's shape:
    each part goes to the row that it came from."""
    return g.copy()


def take_backward__counts(g, x, index):
    """You count how often each row was taken. That would be right if only ones arrived: add up
    the parts of g."""
    return _scattered(np.ones_like(g), x, index)


def take_backward__ones_where_taken(g, x, index):
    """You mark the rows that were taken with ones. Add up the parts of g there."""
    out = np.zeros(x.shape)
    out[index] = 1.0
    return out


def take_backward__negative_left_out(g, x, index):
    """Negative indices are left out. They count from the end: -1 is the last row."""
    out = np.zeros(x.shape)
    for place in np.ndindex(index.shape):
        if index[place] >= 0:
            out[index[place]] += g[place]
    return out


def take_backward__negative_without_sign(g, x, index):
    """You drop the sign of negative indices. They count from the end: -1 is the last row, not row
    1."""
    return _scattered(g, x, np.abs(index) % len(x))


def take_backward__rows_taken_again(g, x, index):
    """You take rows of g by the index: that is the way forward again. On the way back, part k goes
    *to* row index[k]."""
    return g[np.resize(index.ravel(), len(x)) % len(g)].copy()


def take_backward__added_to_x(g, x, index):
    """You add the parts to x itself. A gradient starts from zeros."""
    return x + _scattered(g, x, index)


def take_backward__changes_x(g, x, index):
    """You write the gradient into x, which belongs to the caller. Start from an array of
    zeros."""
    out = _scattered(g, x, index)
    x[...] = out
    return x


def take_backward__flat(g, x, index):
    """You add to single entries of the flattened table. An index is the number of a whole row."""
    out = np.zeros(x.size)
    np.add.at(out, index, g.reshape(*index.shape, -1).sum(axis=-1))
    return out.reshape(x.shape)


def take_backward__columns(g, x, index):
    """You add to columns, the last axis. The index runs over the first axis: rows."""
    out = np.zeros(x.shape)
    np.add.at(out, (..., index), np.moveaxis(g, range(index.ndim), range(-index.ndim, 0)))
    return out


def take_backward__all_rows_alike(g, x, index):
    """Every row gets everything. A row gets only the parts of the places where it was taken."""
    return np.zeros(x.shape) + g.reshape(-1, *x.shape[1:]).sum(axis=0)


def take_backward__no_return(g, x, index):
    """Your function gives back None: it gets to its end without a `return`. (np.add.at returns
    nothing; it changes its first argument.)"""
    _scattered(g, x, index)


# log_softmax_backward


def inputs_log_softmax_backward(rng: np.random.Generator) -> Iterator[tuple]:
    for shape in ((6, 5), (4, 4), (5,), (1, 3), (2, 4, 3), (3, 3, 3)):
        Z = 1.5 * rng.normal(size=shape)
        yield rng.normal(size=shape), Z - np.log(np.exp(Z).sum(axis=-1, keepdims=True))


def fresh_log_softmax_backward(draw):
    n, c = draw.sizes("n", "c")
    Z = draw.between(-2.0, 2.0, n, c)
    return draw.array(n, c), draw.given(Z - np.log(np.exp(Z).sum(axis=1, keepdims=True)))


def _row_sums(g: Array) -> Array:
    return g.sum(axis=-1, keepdims=True)


def log_softmax_backward__cross_entropy(g, out):
    """You subtract g from the probabilities, as if g were the one-hot truth: that is
    cross-entropy's formula, for a g of one particular kind. Here any g may arrive."""
    return np.exp(out) - g


def log_softmax_backward__right_class_only(g, out):
    """This is right only when the entries of g sum to -1, as they do for cross-entropy. In
    general, the probabilities are multiplied by the sum of g."""
    return g + np.exp(out)


def log_softmax_backward__sum_over_examples(g, out):
    """You sum over the first axis, so examples get mixed. Sum within each row: the last axis."""
    return g - np.exp(out) * g.sum(axis=0)


def log_softmax_backward__sum_of_everything(g, out):
    """You sum all of g. Each row has its own sum: axis=-1, with keepdims=True."""
    return g - np.exp(out) * g.sum()


def log_softmax_backward__output_as_probabilities(g, out):
    """You take `out` for the probabilities. It holds their logarithms: which function undoes
    that?"""
    return g - out * _row_sums(g)


def log_softmax_backward__mean(g, out):
    """You take the mean of g over the row. All outputs depend on each logit, and their parts are
    added: it is the sum."""
    return g - np.exp(out) * g.mean(axis=-1, keepdims=True)


def log_softmax_backward__softmaxs_rule(g, out):
    """This is the rule of the softmax itself. Here the logarithm is taken as well, and the
    formula gets simpler."""
    P = np.exp(out)
    return P * (g - _row_sums(g * P))


def log_softmax_backward__own_output_only(g, out):
    """You count only a logit's own output, with slope 1 - p. It also lowers all the *other*
    outputs of its row."""
    return g * (1 - np.exp(out))


def log_softmax_backward__sign(g, out):
    """The signs are turned around. A logit raises its own output: g comes with a plus."""
    return np.exp(out) * _row_sums(g) - g


def log_softmax_backward__sum_added(g, out):
    """You add the second term. A larger logit makes the sum in the denominator larger, and that
    lowers every output: minus."""
    return g + np.exp(out) * _row_sums(g)


def log_softmax_backward__first_term_missing(g, out):
    """g itself is missing: you have only the part that comes through the sum. A logit also raises
    its own output, with slope 1."""
    return -np.exp(out) * _row_sums(g)


def log_softmax_backward__second_term_missing(g, out):
    """You pass g on unchanged. Each logit is also in the sum, through which it lowers all outputs
    of its row."""
    return g.copy()


def log_softmax_backward__probabilities_missing(g, out):
    """You subtract the whole sum of g from every entry. Each logit has a share in that sum: its
    probability."""
    return g - _row_sums(g)


def log_softmax_backward__logarithm_again(g, out):
    """You take the logarithm once more. `out` holds logarithms already; the exponential brings the
    probabilities back."""
    return g - np.log(np.abs(out)) * _row_sums(g)


def log_softmax_backward__one_minus_sum(g, out):
    """You multiply g by one minus the sum. The sum belongs to the second term: p times the sum of
    g."""
    return g * (1 - np.exp(out) * _row_sums(g))


def log_softmax_backward__changes_its_input(g, out):
    """The values are right, but g is changed: `-=` works on the caller's array. Use a plain
    minus."""
    g -= np.exp(out) * _row_sums(g)
    return g


def log_softmax_backward__no_return(g, out):
    """Your function gives back None: it gets to its end without a `return`. Return the
    gradient."""
    _ = g - np.exp(out) * _row_sums(g)
