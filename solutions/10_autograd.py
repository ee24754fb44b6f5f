# %% [markdown]
# # 10 · Autograd: what does `backward()` do?
#
# In lesson 4 you worked out the backward pass of one kind of network by hand.
# Add a skip connection or try another loss, and you have to work it out again.
# People who build large networks hardly ever do that.
# They write the forward pass, call `loss.backward()`, and every parameter has its gradient.
# What does that one call do?
#
# In this lesson you write all of it, then train digits with a network whose backward pass nobody ever wrote down.
#
# **You will build**, from nothing but NumPy:
# `topological_order` → `backprop` → `unbroadcast`, `cases` → `mul_backward` → `matmul_backward` → `sum_backward` → `take_backward` → `log_softmax_backward`
#
# **Time:** about 120 minutes. **You need:** [lesson 4](../04_backprop/04_backprop.ipynb), and Python's dicts and tuples.
# If that is too long for one sitting, a good place to stop for the day is after part one.
#
# **How to work.** Predict, run, explain. If an exercise won't budge, skip it and come back.

# %% given: imports
import numpy as np

from utils import data, gradcheck, plots
from utils.checks import unfinished
from utils.widgets import TapeExplorer

# %% [markdown]
# # Part one: the walk
#
# ## A tape
#
# Any computation is a list of small steps: a product, a sum, a tanh.
# Take three numbers and three steps:
#
# $$ u = a \cdot b, \qquad v = u + c, \qquad L = u \cdot v . $$
#
# While the computer works through them, let it record, for each value, the names of the values it was computed from, its **parents**.
# This record is called the **tape**, or the *computational graph*:
#
# ```python
# parents = {"a": (), "b": (), "c": (),
#            "u": ("a", "b"), "v": ("u", "c"), "L": ("u", "v")}
# ```
#
# Values without parents, such as `a`, are called **leaves**.
# A network's leaves are its parameters and the batch; its last value, the **root**, is the loss.

# %%
with plots.figure("A graph with the leaves a = 2, b = 1 and c = 1 on the left, then u = a·b = 2, then "
                  "v = u + c = 3, and L = u·v = 6 on the right. One line leads from u to v, and "
                  "another one from u straight to L. The gradients are dL = 1, dv = 2, du = 5, dc = 2, "
                  "da = 5, and db = 10.", size=(8.6, 3.6)) as ax:
    plots.tape("u = a*b; v = u + c; L = u*v", {"a": 2.0, "b": 1.0, "c": 1.0}, ax=ax)
    ax.set_title("u reaches L along two paths, a short one and a long one")

# %% [markdown]
# ## By hand: who goes first?
#
# Let $a = 2$, $b = 1$, $c = 1$.
# **Forward:** $u = 2$, $v = 3$, $L = 6$.
#
# **Backward**, lesson 4's two rules are enough: multiply along a path, and add where paths meet.
# Each step has a **rule**: given the gradient `g` of its result, it returns one part for each of its parents.
# A product swaps its factors, and a sum passes `g` on.
#
# | value, from the end | its gradient `g` is complete | its rule returns |
# |---|---|---|
# | $L = u \cdot v$ | $dL = 1$ | for $u$: $g \cdot v = 3$; for $v$: $g \cdot u = 2$ |
# | $v = u + c$ | $dv = 2$ | for $u$: $g = 2$; for $c$: $g = 2$ |
# | $u = a \cdot b$ | $du = 3 + 2 = 5$ | for $a$: $g \cdot b = 5$; for $b$: $g \cdot a = 10$ |
#
# By formula, $L = ab\,(ab + c)$, so $\partial L/\partial a = 2ab^2 + bc = 4 + 1 = 5$.
#
# **Predict:** suppose you had called $u$'s rule second, before $v$'s. What would $da$ have been?
#
# It would have been 3.
# Only the part straight from $L$ had arrived by then; the 2 that comes through $v$ was still missing.
# So `backward()` needs an order in which **no rule is called before its gradient is complete**.
#
# A gradient is complete when all the value's *children*, the values computed from it, have had their turn.
# So line up the names with every parent *before* its children, then walk through the line from its end.
# This is called a **topological order**.
# Here, `a, b, u, c, v, L` is one, and so is `c, b, a, u, v, L`; any of them will do.
#
# ## Exercise 1: a topological order
#
# To place a name, place its parents first.
# A function that calls itself would do, but Python gives up at about 1,000 nested calls, and real tapes can be longer.
# So keep a list of what is *waiting*, and always look at its last name.
# If some of its parents haven't been placed, put those at the end of the list.
# Otherwise, take the name off the list and place it, unless that has been done already.
#
# | waiting | last name | what to do | placed |
# |---|---|---|---|
# | `L` | `L` | put its parents `u`, `v` at the end | |
# | `L u v` | `v` | put its parents `u`, `c` at the end | |
# | `L u v u c` | `c` | no parents: place it | `c` |
# | `L u v u` | `u` | put its parents `a`, `b` at the end | `c` |
# | `L u v u a b` | `b`, then `a`, then `u` | all their parents are placed: place them | `c b a u` |
# | `L u v` | `v` | place it | `c b a u v` |
# | `L u` | `u` | placed already: just take it off | `c b a u v` |
# | `L` | `L` | place it | `c b a u v L` |

# %% exercise: topological_order
def topological_order(parents, root):
    """The names of root and of everything it needs, every parent before its child.

    parents: a dict that maps each name to the tuple of its parents' names, () for a leaf. A tuple
    may contain a name twice, and the dict may contain names that root doesn't need. The order of
    its keys means nothing. Names are strings here, but any key of a dict will do, so don't sort.
    root: the name to end with.
    Returns a list in which each name occurs once and root comes last. Long chains are fine: the
    function doesn't call itself.

    topological_order({"y": ("x",), "z": ("y",), "x": ()}, "y") gives ["x", "y"]
    """
    ### BEGIN SOLUTION
    order, placed, waiting = [], set(), [root]
    while waiting:
        name = waiting[-1]
        missing = [parent for parent in parents[name] if parent not in placed]
        if missing:
            waiting.extend(missing)
        else:
            waiting.pop()
            if name not in placed:
                placed.add(name)
                order.append(name)
    return order
    ### END SOLUTION

# %% tests: topological_order, 4 points
import numpy as np


def _order(parents, root):
    got = check.call(topological_order, parents, root)
    check.true(got is not None, "it returned None. Is a `return` missing?")
    check.true(type(got) in (list, tuple), f"expected a list of names, got a {type(got).__name__}.")
    strange = [name for name in got if not isinstance(name, str) or name not in parents]
    check.true(not strange, "the list should hold names, the keys of the dict.")
    return list(got)


def _shown(order):
    return ", ".join(order) if len(order) <= 12 else f"{', '.join(order[:10])}, …"


def _in_order(parents, root):
    order = _order(parents, root)
    place = {name: k for k, name in reversed(list(enumerate(order)))}
    wrong = [(parent, name) for name in order for parent in parents[name]
             if place.get(parent, len(order)) > place[name]]
    for parent, name in wrong[:1]:
        check.true(parent in place, f"`{name}` is in the list, but its parent `{parent}` is not: {_shown(order)}.")
        check.true(False, f"`{parent}` is a parent of `{name}`, but comes after it: {_shown(order)}.")
    check.true(root in place, f"`{root}`, the root, is not in the list.")
    return order


def _once(parents, root):
    order = _order(parents, root)
    for name in order:
        check.true(order.count(name) == 1, f"`{name}` occurs {order.count(name)} times: {_shown(order)}.")


def _complete(parents, root, order=None):
    order, needed, pending = order or _order(parents, root), set(), [root]
    while pending:
        name = pending.pop()
        if name not in needed:
            needed.add(name)
            pending.extend(parents[name])
    missing, extra = sorted(needed - set(order)), sorted(set(order) - needed)
    check.true(not missing, f"missing: {_shown(missing)}.")
    check.true(not extra, f"`{root}` doesn't need {_shown(extra)}.")
    check.true(order[-1] == root, f"the last name should be the root, `{root}`: {_shown(order)}.")


def _chain(length):
    return {f"n{k}": (f"n{k - 1}",) if k else () for k in reversed(range(length))}


LESSON = {"L": ("u", "v"), "v": ("u", "c"), "u": ("a", "b"), "a": (), "b": (), "c": ()}
with check("puts every parent before its child, on the tape of the lesson and on another one"):
    _in_order(LESSON, "L")
    _in_order({"x": (), "p": ("x",), "q": ("p",), "k": (), "r": ("q", "k")}, "r")
with check("places each name once, where two paths meet"):
    _once({"x": (), "y": ("x",), "z": ("x",), "s": ("y", "z"), "w": ("s", "s")}, "w")
with check("ends with the root, and leaves out what the root doesn't need"):
    _complete({"x": (), "y": ("x",), "z": ("y", "k"), "k": ()}, "y")
    _complete(LESSON, "L")
with check("follows a chain of 5,000 names"):
    _complete(_chain(5000), "n4999", _in_order(_chain(5000), "n4999"))
### BEGIN HIDDEN TESTS
def _random(seed, size):
    """Every name has up to three parents among the six before it; the keys are in random order."""
    rng = np.random.default_rng(seed)
    names = [f"n{k}" for k in rng.permutation(size)]
    made = [(name, tuple(names[j] for j in rng.integers(max(0, k - 6), k, size=rng.integers(4) if k else 0)))
            for k, name in enumerate(names[:-1])]
    made.append((names[-1], (names[-2], names[-4])))
    return {made[k][0]: made[k][1] for k in rng.permutation(size)}, names[-1]


GRAPHS = [_random(1001 + k, size) for k, size in enumerate((8, 12, 12, 20, 40))]
SKIPS = {"a": (), "b": ("a",), "c": ("b",), "d": ("c",), "e": ("d",), "L": ("a", "c", "e", "b", "d")}
BACKWARD = {name: SKIPS[name][::-1] for name in SKIPS}
with check("puts every parent before its child, whatever the graph"):
    for parents, root in (*GRAPHS, (SKIPS, "L"), (BACKWARD, "L")):
        _in_order(parents, root)
with check("places each name once, whatever the graph"):
    for parents, root in (*GRAPHS, (SKIPS, "L"), ({"x": (), "y": ("x", "x")}, "y")):
        _once(parents, root)
with check("contains exactly what the root needs, whatever the graph"):
    for parents, root in GRAPHS:
        _complete(parents, root)
        for name in list(parents)[:4]:
            _complete(parents, name)
with check("gives a list of one for a leaf"):
    check.true(_order({"x": (), "y": ("x",)}, "x") == ["x"], "a leaf needs nothing but itself.")
with check("goes through ten diamonds in a row"):
    diamonds = {"d0": ()}
    for k in range(10):
        diamonds |= {f"l{k}": (f"d{k}",), f"r{k}": (f"d{k}",), f"d{k + 1}": (f"l{k}", f"r{k}")}
    _complete(diamonds, "d10", _in_order(diamonds, "d10"))
with check("leaves its input as it was"):
    check.unchanged(topological_order, dict(LESSON), "L")
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# You need three things: the list to return, a set of the names in it (`name in a_set` is fast, however large the set), and the list of what is waiting.
# What is waiting at the start?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `while waiting:` runs until the list is empty, `waiting[-1]` looks at its last name, `waiting.pop()` takes it off, and `waiting.extend(names)` puts several at the end.
# The table has only two kinds of steps: some parents are missing, or none is.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# In each round, look at the last name and collect those of its parents that are not in the set.
# If there are any, extend the waiting list by them.
# Otherwise pop the name, and if it is not in the set yet, add it to the set and append it to the order.
# After the loop, return the order.
# </details>

# %% [markdown]
# ## Exercise 2: the walk
#
# Now the walk itself.
# Start with the gradient 1.0 for the root, then go through the order from its end.
# Call each name's rule with its gradient, and add each part that comes back to the gradient of the parent it belongs to.
# For the tape above, the rules are:
#
# ```python
# rules = {"L": lambda g: (g * v, g * u),    # for u, for v
#          "v": lambda g: (g, g),            # for u, for c
#          "u": lambda g: (g * b, g * a)}    # for a, for b
# ```
#
# There are three traps:
#
# - **A parent that occurs twice.** For $q = x \cdot x$, the parents are `("x", "x")`, and the rule returns two parts, $g \cdot x$ and $g \cdot x$. Both count, as in $2x$.
# - **A part that isn't the first.** Assigning it would overwrite the parts before it. Add it.
# - **Adding in place.** Gradients may be arrays, and a rule may give *the same array* to both parents, as the sum's does. `grads[p] += part` changes that array, and with it the other parent's gradient. `grads[p] = grads[p] + part` makes a new one.

# %% exercise: backprop
def backprop(parents, rules, root):
    """The gradients of root with respect to itself and everything it needs.

    parents: a dict that maps each name to the tuple of its parents' names, () for a leaf.
    rules: a dict that maps names to functions. Given the complete gradient g of a name,
    rules[name](g) returns a tuple or list with one part for each of its parents, in their order.
    Leaves need no rule.
    root: the name of the result.
    Returns a dict that maps root and all the names it needs, and no others, to their gradients:
    numbers or arrays. The root's own gradient is 1.0. The rule of each name with parents is called
    exactly once.
    """
    ### BEGIN SOLUTION
    grads = {root: 1.0}
    for name in reversed(topological_order(parents, root)):
        if parents[name]:
            for parent, part in zip(parents[name], rules[name](grads[name])):
                grads[parent] = grads[parent] + part if parent in grads else part
    return grads
    ### END SOLUTION

# %% tests: backprop, 5 points
import numpy as np


def _gradients(parents, rules, root):
    got = check.call(backprop, parents, rules, root)
    check.true(got is not None, "it returned None. Is a `return` missing?")
    check.true(type(got) is dict, f"expected a dict of gradients, got a {type(got).__name__}.")
    return got


def _compare(got, expected):
    for name, value in expected.items():
        check.true(name in got, f"there is no gradient for `{name}`.")
        check.close((got[name],), (value,), names=(f"the gradient of `{name}`",))


def _lesson(calls, a=2.0, b=1.0, c=1.0):
    """The tape of the lesson; `calls` gets the name and the gradient of each call of a rule."""
    u = a * b
    v = u + c
    parts = {"L": lambda g: (g * v, g * u), "v": lambda g: (g, g), "u": lambda g: (g * b, g * a)}

    def noted(name):
        def rule(g):
            calls.append((name, float(g)))
            return parts[name](g)
        return rule

    return ({"L": ("u", "v"), "v": ("u", "c"), "u": ("a", "b"), "a": (), "b": (), "c": ()},
            {name: noted(name) for name in parts}, "L")


with check("finds the gradients that you worked out by hand"):
    _compare(_gradients(*_lesson([])), {"v": 2.0, "u": 5.0, "a": 5.0, "b": 10.0, "c": 2.0})
with check("has a gradient for all that the root needs, nothing else, and 1.0 for the root itself"):
    parents, rules, root = _lesson([])
    got = _gradients(parents | {"w": ("L", "c")}, rules | {"w": lambda g: (g, 2 * g)}, root)
    missing, extra = sorted(set(parents) - set(got)), sorted(set(got) - set(parents))
    check.true(not missing, f"there is no gradient for {', '.join(missing)}.")
    check.true(not extra, f"the root doesn't need {', '.join(map(str, extra))}.")
    check.floats(got["L"], ())
    check.close((got["L"],), (1.0,), names=("the gradient of `L`",))
with check("calls each rule once, with the complete gradient"):
    calls = []
    check.call(backprop, *_lesson(calls))
    for name, complete in (("L", 1.0), ("v", 2.0), ("u", 5.0)):
        seen = [g for one, g in calls if one == name]
        check.true(len(seen) == 1, f"the rule of `{name}` was called {len(seen)} times.")
        check.true(abs(seen[0] - complete) < 1e-9, f"the rule of `{name}` was called with g = {seen[0]:g}, "
                   f"but its complete gradient is {complete:g}.")
with check("counts a parent twice that occurs twice"):
    _compare(_gradients({"x": (), "q": ("x", "x")}, {"q": lambda g: (3.0 * g, 3.0 * g)}, "q"), {"x": 6.0})
with check("spoils no array that a rule gives to two parents"):
    # s = x + y, t = s + x, L = sum(w t s)
    x, y, w = np.array([1.0, 2.0]), np.array([5.0, -1.0]), np.array([1.0, 10.0])
    s, t = x + y, 2 * x + y
    rules = {"s": lambda g: (g, g), "t": lambda g: (g, g), "L": lambda g: (g * w * s, g * w * t)}
    _compare(_gradients({"x": (), "y": (), "s": ("x", "y"), "t": ("s", "x"), "L": ("t", "s")}, rules, "L"),
             {"t": w * s, "s": w * (s + t), "y": w * (s + t), "x": w * (2 * s + t)})
with check("goes back through a chain of 5,000 steps"):
    chain = {f"n{k}": (f"n{k - 1}",) if k else () for k in range(5000)}
    _compare(_gradients(chain, {name: lambda g: (g,) for name in chain if chain[name]}, "n4999"), {"n0": 1.0, "n2500": 1.0})
### BEGIN HIDDEN TESTS
def _random(seed, size):
    """A random tape, its rules, its root, the gradients by linear algebra, and the calls."""
    rng = np.random.default_rng(seed)
    names = [f"n{k}" for k in rng.permutation(size)]
    made, A = [], np.zeros((size, size))
    for k in range(size):
        count = 0 if k < 2 else 3 if k == size - 1 else int(rng.integers(4))
        chosen, slopes = rng.integers(max(0, k - 6), max(k, 1), size=count), rng.normal(size=count)
        np.add.at(A[k], chosen, slopes)
        made.append((names[k], tuple(names[j] for j in chosen), tuple(slopes.tolist())))
    exact = np.linalg.solve(np.eye(size) - A.T, np.eye(size)[-1])
    reached = np.linalg.matrix_power(np.eye(size) + (A != 0), size)[-1] > 0
    calls = []

    def rule(name, slopes):
        def back(g):
            calls.append((name, float(g)))
            return [slope * g for slope in slopes]
        return back

    made = [made[k] for k in rng.permutation(size)]
    parents = {name: of for name, of, _ in made}
    rules = {name: rule(name, slopes) for k, (name, of, slopes) in enumerate(made) if of or k % 2}
    expected = {names[k]: exact[k] for k in range(size) if reached[k]}
    return parents, rules, names[-1], expected, calls


with check("is right for random tapes, and has the right names"):
    for seed, size in ((1011, 8), (1012, 14), (1013, 30)):
        parents, rules, root, expected, _ = _random(seed, size)
        got = _gradients(parents, rules, root)
        _compare(got, expected)
        check.true(set(got) == set(expected), "it has gradients of names that the root doesn't need.")
with check("calls each rule once and with all of the gradient, on random tapes"):
    for seed, size in ((1014, 10), (1015, 20)):
        parents, rules, root, expected, calls = _random(seed, size)
        check.call(backprop, parents, rules, root)
        inner = [(name, g) for name, g in calls if parents[name]]
        check.true(len(inner) == len({name for name, _ in inner}) == sum(bool(parents[name]) for name in expected),
                   "some rules were called twice, or not at all, or though the root doesn't need them.")
        for name, g in inner:
            check.close((g,), (expected[name],), names=(f"what the rule of `{name}` got",))
with check("is right for a leaf, and for a chain of one step"):
    check.true(_gradients({"x": (), "y": ("x",)}, {"y": lambda g: (g,)}, "x") == {"x": 1.0},
               'the root "x" is a leaf, so the answer is {"x": 1.0}.')
    _compare(_gradients({"x": (), "y": ("x",)}, {"y": lambda g: [-2.5 * g]}, "y"), {"y": 1.0, "x": -2.5})
with check("is right for arrays of different shapes, and where lists hold one array twice"):
    rng = np.random.default_rng(1016)
    A, B, x, w = rng.normal(size=(3, 4)), rng.normal(size=(3, 4)), rng.normal(size=4), rng.normal(size=3)
    p, q = A @ x, B @ x  # L = sum(w (p + q) (p + q)), through r = p + q twice
    r = p + q
    rules = {"p": lambda g: [A.T @ g], "q": lambda g: [B.T @ g], "r": lambda g: [g] * 2,
             "m": lambda g: [g * r] * 2, "L": lambda g: (g * w,)}
    tape = {"L": ("m",), "m": ("r", "r"), "r": ("p", "q"), "p": ("x",), "q": ("x",), "x": ()}
    _compare(_gradients(tape, rules, "L"), {"m": w, "r": 2 * w * r, "p": 2 * w * r, "q": 2 * w * r,
                                            "x": 2 * (A + B).T @ (w * r)})
with check("goes through ten diamonds in a row"):
    tape, rules = {"d0": ()}, {}
    for k in range(10):
        tape |= {f"l{k}": (f"d{k}",), f"r{k}": (f"d{k}",), f"d{k + 1}": (f"l{k}", f"r{k}")}
        rules |= {f"l{k}": lambda g: (g,), f"r{k}": lambda g: (0.5 * g,), f"d{k + 1}": lambda g: (g, g)}
    _compare(_gradients(tape, rules, "d10"), {"d0": 1.5 ** 10, "l0": 1.5 ** 9})
with check("leaves its input as it was"):
    check.unchanged(backprop, *_lesson([]))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# The dict of gradients starts with a single entry, the root's.
# When the walk reaches a name, its gradient is in the dict and complete. Why?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `reversed(topological_order(parents, root))` is the order of the walk.
# `zip(parents[name], parts)` pairs each parent with the part that belongs to it, even if a parent occurs twice.
# Skip the leaves: they have no one to pass anything on to.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# For each name in the reversed order that has parents, call `rules[name]` with `grads[name]`.
# For each pair of a parent and a part: if the parent has a gradient already, store the sum of the two under its name (a new sum, not `+=`); otherwise store the part.
# After the loop, return the dict.
# </details>

# %% [markdown]
# ### Play: the tape
#
# The explorer records *your* functions at work: first the values, in the order of your `topological_order`, then each call of a rule, in the order of your walk.
# Choose a preset, drag the values, or type your own program with `+`, `-`, `*`, `**2`, `tanh(…)`, and the leaves `a`, `b`, `c`.
#
# *The question to answer:* when is it safe to call a value's rule?
#
# 1. "diamond": how many parts does $du$ get, and from whose rules?
# 2. "short and long path": which rules have to be called before $u$'s?
# 3. "same parent twice": $L = u \cdot u$ has one rule. How many parts does it return, and what is $du$?
# 4. "not needed": what becomes of $w$?

# %%
tape = TapeExplorer(topological_order, backprop)
tape

# %% [markdown]
# <details><summary>The answers</summary>
#
# **1.** Two: one from $p$'s rule and one from $q$'s. Only then is $u$'s own rule called.
#
# **2.** All the others: $L$'s, $t$'s, and $v$'s. One part of $du$ is there after the first call; the other one takes the long way.
#
# **3.** Two, each $g \cdot u = 3$ with the values you start from, so $du = 6 = 2u$.
#
# **4.** Nothing: the root doesn't depend on $w$, so $w$ is not in the order and has no gradient.
#
# So a rule is safe to call once all of the value's children have had their turn, and your order ensures just that.
# </details>

# %% [markdown]
# ### Why "once" matters
#
# A careless walk passes on every part as soon as it arrives; its sums still come out right.
# The next cell counts its calls to rules on a row of diamonds: a value is used twice, the results are added, and so on.
#
# **Predict:** with 16 diamonds the tape has 49 values. How many calls does the careless walk need?

# %%
def diamonds(count):
    parents = {"d0": ()}
    for k in range(count):
        parents |= {f"l{k}": (f"d{k}",), f"r{k}": (f"d{k}",), f"d{k + 1}": (f"l{k}", f"r{k}")}
    return parents, f"d{count}"


def path_by_path(parents, rules, name, g):
    """Pass every part on at once, without waiting for the others."""
    if parents[name]:
        for parent, part in zip(parents[name], rules[name](g)):
            path_by_path(parents, rules, parent, part)


with unfinished():
    for count in (1, 2, 4, 8, 16):
        parents, root = diamonds(count)
        calls = 0

        def rule(g, of):
            global calls
            calls += 1
            return tuple(g for _ in of)

        rules = {name: lambda g, of=of: rule(g, of) for name, of in parents.items() if of}
        path_by_path(parents, rules, root, 1.0)
        careless, calls = calls, 0
        backprop(parents, rules, root)
        print(f"{count:2d} diamonds: path by path {careless:7,d} calls, your walk {calls:2d}")

# %% [markdown]
# It needs 196,605 calls, compared with your 48.
# Every diamond doubles the number of paths; the careless walk pays for every path, and yours for every value.
# That is why `backward()` is cheap: *wait until the gradient is complete, then do each step once.*
#
# **A good place to stop for the day.** What is missing now is the rules for arrays.

# %% [markdown]
# # Part two: the rules
#
# ## When a small array meets a large one
#
# The bias of a layer has shape (3,), and the scores it is added to have shape (2, 3).
# NumPy **broadcasts** it: the bias is copied to each row.
# What is copied on the way forward has its gradients *summed* on the way back.
#
# $$ \underbrace{\begin{pmatrix} 1 & 2 & 3 \\ 10 & 20 & 30 \end{pmatrix}}_{g,\ \text{shape } (2, 3)} \;\longrightarrow\; \underbrace{(11,\ 22,\ 33)}_{\text{shape } (3,)} \quad\text{or}\quad \underbrace{\begin{pmatrix} 6 \\ 60 \end{pmatrix}}_{\text{shape } (2, 1)} \quad\text{or}\quad \underbrace{66}_{\text{shape } ()} $$
#
# The first is for a bias, which was copied down; the second, for a column, copied to the right; the third, for one number, copied everywhere.
#
# NumPy lines up the shapes *at their right ends*.
# It adds the axes that the small array **lacks** on the left, then stretches every axis on which it has **size 1**.
# So sum over just these axes, numbered as in `g`:
#
# | `g` has shape | the operand had | lacking | size 1 | sum over axes |
# |---|---|---|---|---|
# | (2, 3) | (3,) | axis 0 | | 0 |
# | (2, 3) | (2, 1) | | axis 1 | 1 |
# | (5, 2, 3) | (2, 1) | axis 0 | axis 2 | 0 and 2 |
# | (2, 3) | (2, 3) | | | none: nothing was copied |
#
# ## Exercise 3: undo the broadcasting
#
# In this exercise and all that follow, return a *new* array, even if there is nothing to sum.
# If someone changes it later, `g` should stay as it is.

# %% exercise: unbroadcast
def unbroadcast(g, shape):
    """The gradient of an array that was broadcast, given the gradient of what it became.

    g: the gradient after broadcasting, a number or an array.
    shape: a tuple, the array's own shape, from which NumPy could broadcast it to g's shape.
    Returns a new float64 array of that shape: g summed over the axes that `shape` lacks and over
    those where it has size 1.

    unbroadcast([[1, 2, 3], [10, 20, 30]], (3,)) gives array([11., 22., 33.])
    """
    ### BEGIN SOLUTION
    g = np.array(g, dtype=float)  # a copy
    lacking = g.ndim - len(shape)
    ones = tuple(lacking + k for k, size in enumerate(shape) if size == 1)
    return g.sum(axis=(*range(lacking), *ones)).reshape(shape)
    ### END SOLUTION

# %% tests: unbroadcast, 3 points
import numpy as np

g = np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]])
with check("sums over an axis that the shape lacks, also in a batch of one"):
    check.close(check.call(unbroadcast, g, (3,)), [11.0, 22.0, 33.0])
    check.close(check.call(unbroadcast, g[:1], (3,)), [1.0, 2.0, 3.0])
with check("sums over an axis of size 1, and keeps it"):
    check.close(check.call(unbroadcast, g, (2, 1)), [[6.0], [60.0]])
with check("does both at the same time"):
    check.close(check.call(unbroadcast, np.stack([g, 100 * g]), (2, 1)), [[606.0], [6060.0]])
with check("sums everything for the shape (), and nothing where nothing was copied"):
    check.close(check.call(unbroadcast, g, ()), 66.0)
    check.close(check.call(unbroadcast, g, (2, 3)), g)
with check("gives back a new array"):
    check.new(check.call(unbroadcast, g, (2, 3)), g)
    check.new(check.call(unbroadcast, g[:1], (1, 3)), g)
### BEGIN HIDDEN TESTS
def _summed(g, shape):
    """Entry by entry: each entry of g is added where it was copied from."""
    g, out = np.asarray(g, dtype=float), np.zeros(shape)
    for index in np.ndindex(g.shape):
        own = index[g.ndim - len(shape):]
        out[tuple(0 if size == 1 else k for k, size in zip(own, shape))] += g[index]
    return out


CASES = (((7, 5), (5,)), ((7, 5), (7, 1)), ((7, 5), (1, 5)), ((7, 5), (1, 1)), ((7, 5), (1,)),
         ((4, 4), (4,)), ((4, 4), (4, 1)), ((2, 3, 4), (3, 1)), ((2, 3, 4), (2, 1, 4)),
         ((2, 3, 4), (1, 3, 1)), ((2, 3, 4), (4,)), ((5, 2, 3, 4), (2, 1, 4)), ((6,), ()), ((6,), (1,)),
         ((3, 3, 3), (3, 3)), ((3, 3, 3), (3, 1)), ((1, 5), (5,)), ((1, 1, 3), (1, 3)))
with check("agrees with a loop over all entries, whatever the shapes"):
    rng = np.random.default_rng(1021)
    for large, small in CASES:
        g = rng.normal(size=large)
        check.close(check.call(unbroadcast, g, small), _summed(g, small))
with check("leaves a g alone that already has the shape"):
    rng = np.random.default_rng(1022)
    for shape in ((4,), (3, 4), (1, 3), (1, 1), (2, 1, 3), ()):
        g = rng.normal(size=shape)
        got = check.call(unbroadcast, g, shape)
        check.close(got, g)
        check.new(got, g)
with check("returns float64, for lists, whole numbers and a single number"):
    got = check.call(unbroadcast, [[1, 2], [3, 4]], (2,))
    check.floats(got, (2,))
    check.close(got, [4.0, 6.0])
    check.floats(check.call(unbroadcast, np.array([[1, 2]]), (1, 2)), (1, 2))
    check.close(check.call(unbroadcast, 2.5, ()), 2.5)
    check.floats(check.call(unbroadcast, [[1, 2], [3, 4]], ()), ())
with check("reads any memory order, and leaves its input as it was"):
    g = np.asfortranarray(np.random.default_rng(1023).normal(size=(6, 8)))[::2, ::-2]
    check.close(check.call(unbroadcast, g, (3, 1)), _summed(g, (3, 1)))
    check.close(check.call(unbroadcast, g, (4,)), _summed(g, (4,)))
    check.unchanged(unbroadcast, g.copy(), (4,))
    check.unchanged(unbroadcast, g.copy(), (3, 4))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# How many axes does `shape` lack?
# That is a difference of two numbers.
# These axes are the first ones of `g`.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `g.sum(axis=(0, 2))` sums over several axes at once; with an empty tuple it sums over none and makes a copy.
# `sum` drops the axes it sums over, and `.reshape(shape)` brings back those of size 1.
# Axis `k` of `shape` is axis `k + lacking` of `g`.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Make a float copy of `g`.
# Collect the axes to sum over: `range(lacking)`, and `lacking + k` for every `k` where `shape[k]` is 1.
# Sum over all of them, as a tuple, and reshape the result to `shape`.
# </details>

# %% [markdown]
# ## Catch the bug
#
# We have eight wrong versions of `unbroadcast`.
# Your points are the share of them that at least one of your examples exposes; after you hand in, you see which ones escaped.
#
# With the shapes (2, 3) and (3,), nobody sees what becomes of axes of size 1.
# And where all sizes differ, they tell which axis is which.

# %% exercise: cases
def cases():
    """Return examples on which wrong versions of unbroadcast give themselves away.

    Returns a list of 1 to 8 tuples (g, shape), each the arguments of one call and with at most 200
    numbers. The entries of g lie between -1000 and 1000, and NumPy could broadcast an array of
    this shape to the shape of g: else even right versions disagree, which costs all the points.
    """
    ### BEGIN SOLUTION
    rng = np.random.default_rng(3)
    return [
        (rng.normal(size=(2, 3, 4)), (3, 1)),  # an axis is lacking, and one has size 1
        (rng.normal(size=(3, 3)), (3,)),  # the sizes don't say which axis is lacking
        (rng.normal(size=(1, 3)), (3,)),  # an axis of size 1 that is lacking
    ]
    ### END SOLUTION

# %% tests: cases, 3 points
import math

import numpy as np


def _fit(g, shape):
    g, sizes = np.array(g, dtype=float), np.array(shape)
    if not np.all(np.abs(g) <= 1000):
        return "the entries of g should lie between -1000 and 1000."
    if sizes.ndim != 1 or (sizes.size and sizes.dtype.kind != "i"):
        return "shape should be a tuple of ints."
    if sizes.size > g.ndim or np.any(sizes < 1) or math.prod(sizes.tolist()) > g.size:
        return f"an array of this shape can't be broadcast to {g.shape}."
    return g, tuple(sizes.tolist())


with check("is a list of 1 to 8 examples (g, shape) that can be used", weight=0):
    check.cases(cases, _fit)
### BEGIN HIDDEN TESTS
# right answers to unbroadcast: padded_shape, loop
# wrong answers to unbroadcast: lacking_axes_only, axes_of_one_only, axes_of_one_dropped, ones_counted_in_the_shape, first_copy_only, lined_up_at_the_left, matched_by_size, long_axes_only
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# The rule has two parts, axes that are lacking and axes of size 1.
# Which of your examples would notice if one of the parts were missing?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `rng.normal(size=(2, 3, 4))` makes a `g` of any shape.
# A version that confuses two axes of the same size returns the right *shape*, so look at square arrays, too.
# And some versions ask for the size of an axis of g before they sum over it: what if that is 1?
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Three examples are enough: a `g` with three axes and a shape that lacks the first and has size 1 in the last; a square `g` and a shape with one axis; and a `g` of shape (1, 3) with the shape (3,).
# </details>

# %% [markdown]
# ## Exercise 4: a product
#
# The rule of $a \cdot b$ swaps the factors: $g\,b$ for $a$, and $g\,a$ for $b$; for arrays, entry by entry.
# If a factor was broadcast, its gradient comes out in too large a shape, and you know what to do about that.
#
# **By hand, once.** Let $a = (2, 3)$, let $b = 10$ be a number, and let $g = (1, 1)$ arrive.
# The gradient of $a$ is $(10, 10)$.
# For $b$ you get $(2, 3)$ at first, but $b$ is one number, used twice: its gradient is $2 + 3 = 5$.

# %% exercise: mul_backward
def mul_backward(g, a, b):
    """The gradients of a and b, given the gradient of their product a * b.

    g: the gradient of the product, of its shape.
    a, b: numbers or arrays that NumPy could multiply, broadcasting one or both of them.
    Returns (ga, gb), new float64 arrays with the shapes of a and b.

    mul_backward([1.0, 1.0], [2.0, 3.0], 10.0) gives (array([10., 10.]), array(5.))
    """
    ### BEGIN SOLUTION
    g, a, b = (np.asarray(part, dtype=float) for part in (g, a, b))
    return unbroadcast(g * b, a.shape), unbroadcast(g * a, b.shape)
    ### END SOLUTION

# %% tests: mul_backward, 2 points
import numpy as np

NAMES = ("ga", "gb")
with check("swaps the factors and multiplies by g"):
    g, a, b = np.array([1.0, 10.0]), np.array([2.0, 3.0]), np.array([5.0, 7.0])
    check.close(check.call(mul_backward, g, a, b), (np.array([5.0, 70.0]), np.array([2.0, 30.0])), names=NAMES)
with check("adds up what a number gets that was multiplied by every entry"):
    got = check.parts(check.call(mul_backward, np.array([1.0, 1.0]), np.array([2.0, 3.0]), 10.0), *NAMES)
    check.close(got[1], 5.0)
    check.close(got[0], [10.0, 10.0])
with check("gives both gradients their operand's shape, a column and a row"):
    g = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    got = check.parts(check.call(mul_backward, g, np.array([[1.0], [2.0]]), np.array([1.0, 10.0, 100.0])), *NAMES)
    check.close(got[0], [[321.0], [654.0]])
    check.close(got[1], [9.0, 12.0, 15.0])
### BEGIN HIDDEN TESTS
def _by_entries(g, a, b):
    """Each entry of the product hands its part to the two entries that it was made of."""
    g, a, b = (np.asarray(part, dtype=float) for part in (g, a, b))
    ga, gb = np.zeros(a.shape), np.zeros(b.shape)
    places = [np.broadcast_to(np.arange(part.size).reshape(part.shape), g.shape) for part in (a, b)]
    for index in np.ndindex(g.shape):
        i, j = (int(place[index]) for place in places)
        ga.reshape(-1)[i] += g[index] * b.reshape(-1)[j]
        gb.reshape(-1)[j] += g[index] * a.reshape(-1)[i]
    return ga, gb


with check("agrees with a loop over all entries, whatever the shapes"):
    rng = np.random.default_rng(1031)
    for one, other in (((7, 5), (7, 5)), ((4, 4), (4, 4)), ((4, 4), (4,)), ((3, 1), (1, 4)), ((2, 3, 4), (3, 1)),
                       ((), (2, 3)), ((5,), (2, 1, 5)), ((), ()), ((1, 1), (1,))):
        a, b = rng.normal(size=one), rng.normal(size=other)
        g = rng.normal(size=np.broadcast_shapes(one, other))
        check.close(check.call(mul_backward, g, a, b), _by_entries(g, a, b), names=NAMES)
with check("returns new float64 arrays, for lists and whole numbers too"):
    got = check.parts(check.call(mul_backward, [[1, 2], [3, 4]], [[1, 0], [2, 5]], [3, -1]), *NAMES)
    check.floats(got[0], (2, 2))
    check.floats(got[1], (2,))
    check.close(got, _by_entries([[1, 2], [3, 4]], [[1, 0], [2, 5]], [3, -1]), names=NAMES)
    check.close(check.call(mul_backward, 2, 3, 4), (np.array(8.0), np.array(6.0)), names=NAMES)
    g, ones = np.array([1.0, 2.0]), np.ones(2)
    check.new(check.call(mul_backward, g, ones, ones), g, ones)
with check("reads any memory order, and leaves its input as it was"):
    rng = np.random.default_rng(1032)
    g, a, b = np.asfortranarray(rng.normal(size=(6, 4)))[::2], rng.normal(size=(3, 8))[:, ::-2], rng.normal(size=8)[::2]
    check.close(check.call(mul_backward, g, a, b), _by_entries(g, a, b), names=NAMES)
    check.unchanged(mul_backward, g.copy(), a.copy(), b.copy())
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# First, suppose that all three have the same shape.
# What would you return?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# After the multiplication, both results have the shape of `g`.
# Your `unbroadcast` brings each to its own operand's shape.
# `np.shape(a)` works for arrays, lists, and numbers.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Turn all three into float arrays.
# The first gradient is `g` times `b`, unbroadcast to the shape of `a`; the second is `g` times `a`, unbroadcast to the shape of `b`.
# </details>

# %% [markdown]
# ## Exercise 5: a matrix product
#
# Lesson 4 had this rule, with the weights transposed.
# For $Y = AB$ with shapes $(n, k)$ and $(k, m)$, the gradient $G$ has shape $(n, m)$.
# The entry $A_{ij}$ is in $Y_{il} = \sum_j A_{ij} B_{jl}$ for every $l$, with slope $B_{jl}$, so
#
# $$ dA_{ij} = \sum_l G_{il}\, B_{jl} \;\Longrightarrow\; dA = G B^\top, \qquad\text{and likewise}\qquad dB = A^\top G . $$
#
# **Stacks.** `@` also multiplies whole stacks of matrices: with shapes (8, 2, 3) and (8, 3, 4), NumPy computes eight products.
# The rule stays the same for each, with two changes.
# "Transpose" must swap the *last two* axes only; `.T` would reverse all of them.
# And the axes in front are broadcast: (8, 2, 3) @ (3, 4) uses one matrix eight times, so its gradient is the sum of eight.

# %% exercise: matmul_backward
def matmul_backward(g, a, b):
    """The gradients of a and b, given the gradient of the matrix product a @ b.

    a: (..., n, k).  b: (..., k, m).  g: (..., n, m), the gradient of the product.
    There may be up to two axes in front. They are broadcast: they may differ in number, and in size
    where one of them is 1.
    Returns (ga, gb), new float64 arrays with the shapes of a and b.
    """
    ### BEGIN SOLUTION
    g, a, b = (np.asarray(part, dtype=float) for part in (g, a, b))
    ga = unbroadcast(g @ np.swapaxes(b, -1, -2), a.shape)
    gb = unbroadcast(np.swapaxes(a, -1, -2) @ g, b.shape)
    return ga, gb
    ### END SOLUTION

# %% tests: matmul_backward, 3 points
import numpy as np

NAMES = ("ga", "gb")
with check("is right for two matrices"):
    g, a, b = np.array([[1.0, 10.0]]), np.array([[2.0, 3.0, 5.0]]), np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    check.close(check.call(matmul_backward, g, a, b),
                (np.array([[21.0, 43.0, 65.0]]), np.array([[2.0, 20.0], [3.0, 30.0], [5.0, 50.0]])), names=NAMES)
with check("has the order and the transposes right where all sizes are equal"):
    g, a, b = np.array([[1.0, 2.0], [0.0, 1.0]]), np.array([[1.0, 0.0], [3.0, 1.0]]), np.array([[1.0, 5.0], [0.0, 1.0]])
    check.close(check.call(matmul_backward, g, a, b),
                (np.array([[11.0, 2.0], [5.0, 1.0]]), np.array([[1.0, 5.0], [0.0, 1.0]])), names=NAMES)
with check("does the same for each pair of a stack"):
    rng = np.random.default_rng(1040)
    g, a, b = rng.normal(size=(2, 3, 5)), rng.normal(size=(2, 3, 4)), rng.normal(size=(2, 4, 5))
    got = check.parts(check.call(matmul_backward, g, a, b), *NAMES)
    check.close(got[0], np.array([g[k] @ b[k].T for k in range(2)]))
    check.close(got[1], np.array([a[k].T @ g[k] for k in range(2)]))
with check("sums what a single matrix gets from all of a stack"):
    got = check.parts(check.call(matmul_backward, np.array([[[1.0]], [[10.0]]]), np.array([[[2.0]], [[3.0]]]),
                                 np.array([[7.0]])), *NAMES)
    check.close(got[1], [[32.0]])
    check.close(got[0], [[[7.0]], [[70.0]]])
### BEGIN HIDDEN TESTS
def _complex_step(g, a, b):
    """The slope of sum(g * (a @ b)) for every single entry, by a complex step."""
    parts, found = [np.asarray(part, dtype=complex) for part in (a, b)], []
    for part in parts:
        slope = np.zeros(part.shape)
        for index in np.ndindex(part.shape):
            kept = part[index]
            part[index] = kept + 1e-30j
            slope[index] = np.sum(g * (parts[0] @ parts[1])).imag / 1e-30
            part[index] = kept
        found.append(slope)
    return tuple(found)


def _case(seed, one, other):
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=one), rng.normal(size=other)
    return rng.normal(size=(a @ b).shape), a, b


def _compare(*shapes):
    for seed, (one, other) in enumerate(shapes):
        case = _case(1041 + seed, one, other)
        check.close(check.call(matmul_backward, *case), _complex_step(*case), names=NAMES)


with check("is right for matrices, all sizes different or all equal, down to one"):
    _compare(((7, 5), (5, 3)), ((4, 4), (4, 4)), ((1, 3), (3, 2)), ((4, 1), (1, 3)), ((2, 3), (3, 1)), ((1, 1), (1, 1)))
with check("is right for stacks of matrices, with one and two axes in front"):
    _compare(((4, 2, 3), (4, 3, 5)), ((3, 3, 3), (3, 3, 3)), ((2, 3, 4, 2), (2, 3, 2, 3)), ((2, 2, 2, 2), (2, 2, 2, 2)))
with check("sums over the axes in front that were broadcast"):
    _compare(((4, 2, 3), (3, 5)), ((2, 3), (4, 3, 5)), ((4, 2, 3), (1, 3, 5)), ((1, 2, 3), (4, 3, 2)),
             ((2, 1, 3, 2), (4, 2, 3)), ((5, 2, 3), (2, 1, 3, 2)), ((3, 3, 3), (3, 3)), ((2, 3, 4, 2), (2, 3)))
with check("returns new float64 arrays, for lists and whole numbers too"):
    case = [[1, -1], [0, 2]], [[1, 2, 3], [4, 5, 6]], [[1, 0], [0, 1], [2, 2]]
    got = check.parts(check.call(matmul_backward, *case), *NAMES)
    check.floats(got[0], (2, 3))
    check.floats(got[1], (3, 2))
    check.close(got, _complex_step(*map(np.array, case)), names=NAMES)
with check("reads any memory order, and leaves its input as it was"):
    g, a, b = _case(1060, (8, 6), (6, 5))
    case = np.asfortranarray(g)[::2], np.asfortranarray(a)[::-2], b[:, ::-1]
    check.close(check.call(matmul_backward, *case), _complex_step(*case), names=NAMES)
    check.unchanged(matmul_backward, *(part.copy() for part in case))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Write it for two matrices first.
# Which product of `g` and `b`, perhaps transposed, has the shape of `a`?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `np.swapaxes(b, -1, -2)` transposes every matrix of a stack, and also a single matrix.
# `@` works on stacks as it is.
# Which of your functions sums over axes that were broadcast?
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Turn all three into float arrays.
# The gradient of `a` is `g` times the transposed `b`, and that of `b` is the transposed `a` times `g`, where "transposed" means the last two axes swapped.
# Then unbroadcast each result to the shape of its operand.
# </details>

# %% [markdown]
# ## Exercise 6: a sum
#
# A sum passes its gradient on to every term, so for `x.sum()` one number `g` is copied to all of `x`.
# With an axis, there is one sum for each row or column, and each passes on its own number:
#
# $$ x = \begin{pmatrix} 1 & 2 & 3 \\ 4 & 5 & 6 \end{pmatrix}, \qquad \texttt{x.sum(axis=1)} = (6, 15), \qquad g = (7, 9) \;\longrightarrow\; \begin{pmatrix} 7 & 7 & 7 \\ 9 & 9 & 9 \end{pmatrix} . $$
#
# The difficulty is that the summed axis is gone from `g`.
# Here, `g` has shape (2,) and `x` has shape (2, 3); broadcasting lines up right ends, and 2 doesn't fit 3.
# (In a square `x`, it would fit and silently go wrong.)
# So first put the axis back with size 1, giving (2, 1); then copy.

# %% exercise: sum_backward
def sum_backward(g, x, axis=None):
    """The gradient of x, given the gradient of x.sum(axis).

    x: an array; only its shape matters here.
    axis: None for all axes, an int, which may be negative, or a tuple of ints.
    g: the gradient of the sum, without the axes that were summed; a number for axis None.
    Returns a new float64 array of x's shape.

    sum_backward([7.0, 9.0], [[1, 2, 3], [4, 5, 6]], 1) gives array([[7., 7., 7.], [9., 9., 9.]])
    """
    ### BEGIN SOLUTION
    g = np.asarray(g, dtype=float)
    if axis is not None:
        g = np.expand_dims(g, axis)
    return np.array(np.broadcast_to(g, np.shape(x)))
    ### END SOLUTION

# %% tests: sum_backward, 3 points
import numpy as np

x = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
with check("copies one number to every entry"):
    check.close(check.call(sum_backward, 7.0, x), np.full((2, 3), 7.0))
with check("gives each row its own number, or each column"):
    check.close(check.call(sum_backward, np.array([7.0, 9.0]), x, 1), [[7.0] * 3, [9.0] * 3])
    check.close(check.call(sum_backward, np.array([7.0, 8.0, 9.0]), x, 0), [[7.0, 8.0, 9.0]] * 2)
with check("does not mix up the axes of a square"):
    check.close(check.call(sum_backward, np.array([7.0, 9.0]), np.ones((2, 2)), 1), [[7.0, 7.0], [9.0, 9.0]])
    check.close(check.call(sum_backward, np.array([7.0, 9.0]), np.ones((2, 2)), -2), [[7.0, 9.0], [7.0, 9.0]])
with check("takes several axes at once, in any order"):
    g = np.array([1.0, 10.0])
    for axes in ((0, 2), (2, 0)):
        check.close(check.call(sum_backward, g, np.ones((3, 2, 4)), axes), g[None, :, None] * np.ones((3, 2, 4)))
with check("gives back a new array"):
    g = np.array([7.0, 8.0, 9.0])
    check.new(check.call(sum_backward, g, x, 0), g, x)
### BEGIN HIDDEN TESTS
def _copied(g, x, axis):
    """Entry by entry: each entry of x gets the gradient of the sum that it is in."""
    g, x = np.asarray(g, dtype=float), np.asarray(x, dtype=float)
    summed = {k % x.ndim for k in (range(x.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,))}
    out = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        out[index] = g[tuple(k for number, k in enumerate(index) if number not in summed)]
    return out


def _compare(*cases):
    rng = np.random.default_rng(1061)
    for shape, axis in cases:
        x = rng.normal(size=shape)
        g = rng.normal(size=np.shape(x.sum(axis)))
        check.close(check.call(sum_backward, g, x, axis), _copied(g, x, axis))


with check("is right for every axis, counted from the front or from the back"):
    _compare(((7, 5), 0), ((7, 5), 1), ((7, 5), -1), ((7, 5), -2), ((4, 4), 0), ((4, 4), 1), ((4, 4), -1),
             ((2, 3, 4), 1), ((2, 3, 4), -2), ((3, 3, 3), 0), ((3, 3, 3), 1), ((3, 3, 3), 2), ((5,), 0), ((5,), -1),
             ((1, 4), 0), ((4, 1), 1))
with check("is right for several axes, in any order"):
    _compare(((2, 3, 4), (0, 1)), ((2, 3, 4), (2, 0)), ((2, 3, 4), (-1, -3)), ((3, 3, 3), (0, 2)), ((3, 3, 3), (-1, 0)),
             ((2, 3, 4), (0, 1, 2)), ((4, 4), (1,)), ((2, 3, 2, 3), (1, -1)), ((2, 2, 2, 2), (3, 0)))
with check("sums over everything when there is no axis"):
    _compare(((3, 4), None), ((5,), None), ((2, 1, 3), None))
    check.close(check.call(sum_backward, -2.5, np.zeros((2, 2))), np.full((2, 2), -2.5))
with check("returns new float64 arrays, for lists and whole numbers too"):
    got = check.call(sum_backward, [1, 2], [[1, 2, 3], [4, 5, 6]], 1)
    check.floats(got, (2, 3))
    check.close(got, [[1.0] * 3, [2.0] * 3])
    got = check.call(sum_backward, 3, [[1, 2], [3, 4]])
    check.floats(got, (2, 2))
    g, x = np.arange(3.0), np.ones((1, 3))
    check.new(check.call(sum_backward, g, x, 0), g, x)
with check("reads any memory order, and leaves its input as it was"):
    rng = np.random.default_rng(1062)
    x, g = np.asfortranarray(rng.normal(size=(6, 8)))[::2, ::-2], rng.normal(size=6)[::2]
    check.close(check.call(sum_backward, g, x, 1), _copied(g, x, 1))
    check.unchanged(sum_backward, g.copy(), x.copy(), 1)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# What is the shape of `x.sum(axis=1, keepdims=True)`?
# If `g` had that shape, broadcasting would do the rest.
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `np.expand_dims(g, axis)` puts axes of size 1 back: for an int or a tuple, negative or not.
# It doesn't take `None`, but then there is nothing to put back.
# `np.broadcast_to(g, shape)` copies without copying: it shows the same memory many times. What has to follow?
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Make a float array of `g`.
# Unless `axis` is None, put the axes back with `np.expand_dims`.
# Broadcast the result to `np.shape(x)`, and return `np.array(...)` of that, which makes a real copy.
# </details>

# %% [markdown]
# ## Exercise 7: taking rows
#
# `x[index]` with an array of ints takes rows of a table: a mini-batch from the data, or the vectors of the letters in a word.
# A row may be taken several times; then it is copied, and its gradients are *added*.
#
# **By hand, once.** The table `x` has three rows, and `index` is `[2, 0, 2]`.
# Three gradients arrive, one for each row taken: $g_0$, $g_1$, $g_2$.
# Row 2 gets $g_0 + g_2$; row 0 gets $g_1$; row 1 was not taken, and gets zeros.
#
# Beware: `gx[index] += g` does *not* do that.
# NumPy reads all the rows, then adds, then writes them all back, so for row 2 the last writer wins and $g_0$ is lost.

# %% exercise: take_backward
def take_backward(g, x, index):
    """The gradient of x, given the gradient of x[index].

    x: (rows, ...), a table; only its shape matters here.
    index: an array or list of ints, of any shape; negative ones count from the end.
    g: the gradient of x[index]. Its shape is index's, followed by the shape of a row.
    Returns a new float64 array of x's shape. What arrives for the same row is added up.

    take_backward([1.0, 2.0, 4.0], [0.0, 0.0, 0.0], [2, 0, 2]) gives array([2., 0., 5.])
    """
    ### BEGIN SOLUTION
    gx = np.zeros(np.shape(x))
    np.add.at(gx, np.asarray(index), np.asarray(g, dtype=float))
    return gx
    ### END SOLUTION

# %% tests: take_backward, 3 points
import numpy as np

with check("puts each gradient where its row came from, and zeros elsewhere"):
    g = np.array([[1.0, 2.0], [3.0, 4.0]])
    check.close(check.call(take_backward, g, np.ones((4, 2)), np.array([3, 0])),
                [[3.0, 4.0], [0.0, 0.0], [0.0, 0.0], [1.0, 2.0]])
with check("adds up what arrives for the same row"):
    check.close(check.call(take_backward, np.array([1.0, 2.0, 4.0]), np.zeros(3), np.array([2, 0, 2])), [2.0, 0.0, 5.0])
with check("counts negative indices from the end"):
    check.close(check.call(take_backward, np.array([1.0, 2.0, 4.0]), np.zeros(4), np.array([-1, 3, 1])), [0.0, 4.0, 0.0, 3.0])
with check("takes an index of any shape, and leaves its arguments as they were"):
    check.close(check.call(take_backward, np.array([[1.0, 2.0], [4.0, 8.0]]), np.zeros(3), np.array([[0, 2], [0, 0]])),
                [13.0, 0.0, 2.0])
    check.unchanged(take_backward, np.array([1.0, 2.0]), np.ones(3), np.array([2, 0]))
### BEGIN HIDDEN TESTS
def _by_rows(g, x, index):
    g, x, index = np.asarray(g, dtype=float), np.asarray(x, dtype=float), np.asarray(index)
    out = np.zeros(x.shape)
    for place in np.ndindex(index.shape):
        out[int(index[place]) % len(x)] = out[int(index[place]) % len(x)] + g[place]
    return out


def _case(seed, shape, of):
    rng = np.random.default_rng(seed)
    x, index = rng.normal(size=shape), rng.integers(-shape[0], shape[0], size=of)
    return rng.normal(size=x[index].shape), x, index


with check("agrees with a loop, whatever the shapes"):
    for seed, (shape, of) in enumerate((((7, 5), 9), ((4, 4), 4), ((5,), 12), ((3, 2, 4), 6), ((6, 3), (2, 5)),
                                        ((4, 4), (4, 4)), ((3,), (2, 2, 3)), ((2, 3), 20))):
        case = _case(1071 + seed, shape, of)
        check.close(check.call(take_backward, *case), _by_rows(*case))
with check("works for one row taken often, and for a single index"):
    g = np.random.default_rng(1081).normal(size=(6, 3))
    check.close(check.call(take_backward, g, np.ones((4, 3)), np.full(6, 2)), _by_rows(g, np.ones((4, 3)), np.full(6, 2)))
    check.close(check.call(take_backward, g[0], np.ones((4, 3)), np.array(1)), _by_rows(g[0], np.ones((4, 3)), np.array(1)))
    check.close(check.call(take_backward, g[:1], np.ones((1, 3)), np.array([0])), g[:1])
with check("returns a new float64 array, for lists and whole numbers too"):
    got = check.call(take_backward, [[1, 2], [3, 4], [5, 6]], [[0, 0], [1, 1]], [1, 1, -2])
    check.floats(got, (2, 2))
    check.close(got, [[5.0, 6.0], [4.0, 6.0]])
    g, x = np.arange(6.0).reshape(3, 2), np.ones((3, 2))
    check.new(check.call(take_backward, g, x, np.arange(3)), g, x)
with check("reads any memory order, and leaves its input as it was"):
    g, x, index = _case(1082, (6, 4), 10)
    case = np.asfortranarray(g)[::2], x[:, ::1], index[::2]
    check.close(check.call(take_backward, *case), _by_rows(*case))
    check.unchanged(take_backward, *(part.copy() for part in case))
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Start with an array of zeros.
# Whose shape does it have, and what is added to which row?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# A loop over the entries of `index` works.
# NumPy can do it in one call: `np.add.at(total, places, parts)` adds every part at its place, one after another, even if a place occurs twice.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Make zeros of the shape `np.shape(x)`.
# Call `np.add.at` with them, `np.asarray(index)`, and `g`; it changes the zeros in place and returns nothing.
# Then return them.
# </details>

# %% [markdown]
# ## Exercise 8: log-softmax
#
# Cross-entropy needs the logarithm of the softmax.
# Frameworks compute both in one stable step: $o_j = z_j - \log \sum_k e^{z_k}$.
#
# Let the gradient $g$ arrive at the *output* $o$.
# Nudge the logit $z_i$: it raises its own output, $o_i$, with slope 1, and through the sum it lowers *every* output, with slope $e^{z_i} / \sum_k e^{z_k} = p_i$.
# Together:
#
# $$ dz_i = g_i - p_i \sum_j g_j . $$
#
# The output is enough for this: $o_i$ is the logarithm of $p_i$.
#
# **By hand, once.** For $p = (0.25, 0.75)$, let $g = (-1, 0)$ arrive: the gradient of the loss $-o_0$, so the right class is 0.
# The sum of $g$ is $-1$, so $dz = (-1 + 0.25,\; 0 + 0.75) = (-0.75, 0.75)$.
# That is probability minus truth, as in lesson 4; but this rule takes any $g$, whatever comes after the log-softmax.

# %% exercise: log_softmax_backward
def log_softmax_backward(g, out):
    """The gradient of the logits, given the gradient of their log-softmax over the last axis.

    out: the *output* of the log-softmax, which is the logarithm of the probabilities: (..., c).
    g: the gradient of the output, of the same shape.
    Returns a new float64 array of that shape.
    """
    ### BEGIN SOLUTION
    g = np.asarray(g, dtype=float)
    return g - np.exp(np.asarray(out, dtype=float)) * g.sum(axis=-1, keepdims=True)
    ### END SOLUTION

# %% tests: log_softmax_backward, 3 points
import numpy as np

with check("is probability minus truth when only the right class counts"):
    out = np.log(np.array([[0.25, 0.75]]))
    check.close(check.call(log_softmax_backward, np.array([[-1.0, 0.0]]), out), [[-0.75, 0.75]])
with check("takes any g, and adds up what all outputs of a row say"):
    out = np.log(np.array([[0.5, 0.3, 0.2]]))
    check.close(check.call(log_softmax_backward, np.array([[1.0, 10.0, -1.0]]), out), [[-4.0, 7.0, -3.0]])
with check("keeps the rows apart, also where there are as many as columns, and leaves g as it was"):
    out = np.log(np.array([[0.5, 0.5], [0.1, 0.9]]))
    check.close(check.call(log_softmax_backward, np.array([[2.0, 0.0], [0.0, 10.0]]), out), [[1.0, -1.0], [-1.0, 1.0]])
    check.unchanged(log_softmax_backward, np.array([[2.0, 0.0], [0.0, 10.0]]), out)
### BEGIN HIDDEN TESTS
def _log_softmax(Z):
    Z = np.asarray(Z)
    Z = Z - Z.real.max(axis=-1, keepdims=True)
    return Z - np.log(np.exp(Z).sum(axis=-1, keepdims=True))


def _complex_step(g, Z):
    """The slope of sum(g * log_softmax(Z)) for every logit."""
    Z, slope = np.asarray(Z, dtype=complex), np.zeros(np.shape(Z))
    for index in np.ndindex(Z.shape):
        moved = Z.copy()
        moved[index] += 1e-30j
        slope[index] = np.sum(g * _log_softmax(moved)).imag / 1e-30
    return slope


with check("is the slope of the log-softmax, whatever the shape"):
    rng = np.random.default_rng(1091)
    for shape in ((7, 5), (4, 4), (6,), (1, 3), (2, 3, 4), (3, 3, 3), (5, 1)):
        g, Z = rng.normal(size=shape), 2 * rng.normal(size=shape)
        check.close(check.call(log_softmax_backward, g, _log_softmax(Z)), _complex_step(g, Z))
with check("stays right for very large and very small logits"):
    Z, g = np.array([[1000.0, 0.0, -1000.0], [-1000.0, -1001.0, 3.0]]), np.array([[1.0, 2.0, -5.0], [0.5, -1.0, 2.0]])
    check.close(check.call(log_softmax_backward, g, _log_softmax(Z)), _complex_step(g, Z))
with check("returns a new float64 array, for lists and whole numbers too"):
    got = check.call(log_softmax_backward, [[1, -2], [0, 3]], np.log([[0.25, 0.75], [0.5, 0.5]]).tolist())
    check.floats(got, (2, 2))
    check.close(got, [[1.25, -1.25], [-1.5, 1.5]])
    check.floats(check.call(log_softmax_backward, [[1, 0]], [[0, -1000]]), (1, 2))
    g, out = np.zeros((2, 3)), np.full((2, 3), -np.log(3))
    check.new(check.call(log_softmax_backward, g, out), g, out)
with check("reads any memory order, and leaves its input as it was"):
    rng = np.random.default_rng(1092)
    g, Z = np.asfortranarray(rng.normal(size=(6, 8)))[::2, ::-2], rng.normal(size=(3, 4))
    out = np.asfortranarray(_log_softmax(Z))
    check.close(check.call(log_softmax_backward, g, out), _complex_step(g, Z))
    check.unchanged(log_softmax_backward, g.copy(), out.copy())
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# `out` holds logarithms.
# How do you get the probabilities back?
# </details>
# <details><summary>Hint 2: which tool</summary>
#
# `g.sum(axis=-1, keepdims=True)` has one number per row and broadcasts back over the row.
# Multiply it by the probabilities.
# </details>
# <details><summary>Hint 3: nearly everything</summary>
#
# Turn both into float arrays.
# The probabilities are `np.exp(out)`.
# Subtract from `g` the probabilities times the row's sum of `g`.
# </details>

# %% [markdown]
# # Part three: `loss.backward()`
#
# ## A tensor, line by line
#
# All that is missing is someone to write the tape while the forward pass runs.
# Here is an array that does; read it with the notes below.

# %% given: tensor
from scipy.special import log_softmax


class Tensor:
    """An array that remembers what it was computed from, and the rule for the way back."""

    def __init__(self, data, parents=(), rule=None):
        self.data, self.grad = np.asarray(data, dtype=float), None
        self.parents, self.rule = parents, rule

    def __add__(self, other):
        return Tensor(self.data + other.data, (self, other), lambda g: (
            unbroadcast(g, self.data.shape), unbroadcast(g, other.data.shape)))

    def __mul__(self, other):
        return Tensor(self.data * other.data, (self, other), lambda g: mul_backward(g, self.data, other.data))

    def __matmul__(self, other):
        return Tensor(self.data @ other.data, (self, other), lambda g: matmul_backward(g, self.data, other.data))

    def sum(self, axis=None):
        return Tensor(self.data.sum(axis), (self,), lambda g: (sum_backward(g, self.data, axis),))

    def take(self, index):
        return Tensor(self.data[index], (self,), lambda g: (take_backward(g, self.data, index),))

    def log_softmax(self):
        out = log_softmax(self.data, axis=-1)
        return Tensor(out, (self,), lambda g: (log_softmax_backward(g, out),))

    def backward(self):
        parents, waiting = {}, [self]
        while waiting:
            tensor = waiting.pop()
            if tensor not in parents:
                parents[tensor] = tensor.parents
                waiting.extend(tensor.parents)
        rules = {tensor: tensor.rule for tensor in parents if tensor.rule}
        for tensor, grad in backprop(parents, rules, self).items():
            tensor.grad = grad

# %% [markdown]
# - **`class Tensor`** makes a new kind of object, and `__init__` says what each one holds: `data`, an ordinary array; `grad`, None until someone calls `backward`; its `parents`, a tuple of Tensors; and its `rule`. `Tensor(5.0)` is a leaf.
# - **`__add__`** is what Python calls for `x + y`, with `x` as `self` and `y` as `other`. It makes a new Tensor from three things. The first is the value of the sum: the forward pass.
# - **`(self, other)`** are its parents. With these few characters, the tape is written.
# - **`lambda g: …`** is its rule: not a result but a function, kept for later. A sum passes `g` on to both operands, unbroadcast to their shapes.
# - **`__mul__`** (`x * y`), **`__matmul__`** (`x @ y`), **`sum`**, and **`take`** follow the same pattern with your rules. The lambda keeps alive the values of the forward pass that its rule needs. With one parent, `(self,)` and `(…,)` are tuples of one.
# - **`log_softmax`** uses SciPy's function (inside the method, the name means SciPy's), and its rule keeps the output.
# - **`backward`** collects the tape: it follows the parents until nothing new turns up. `parents` is a dict as in part one, except that the Tensors themselves serve as names.
# - **`rules`** holds the rules of all the Tensors that have one. Then your `backprop` does the work, and each gradient is stored in its Tensor's `grad`.
#
# Nowhere is there a formula for the gradient of a whole network.
# PyTorch works the same way, with many more rules, and most of them written in C++.

# %%
with unfinished():
    a, b, c = Tensor(2.0), Tensor(1.0), Tensor(1.0)
    u = a * b
    v = u + c
    L = u * v
    L.backward()
    print("by hand: 5, 10, 2.   The tape says:", *(float(leaf.grad) for leaf in (a, b, c)))

# %% [markdown]
# ### A new operation takes two lines
#
# A network also needs tanh, with lesson 4's rule $g\,(1 - \tanh^2)$, and, since our `W` has shape (out, in), a transpose, whose gradient is transposed back.

# %% given: operations
def tanh(x):
    out = np.tanh(x.data)
    return Tensor(out, (x,), lambda g: (g * (1 - out ** 2),))


def transpose(x):
    return Tensor(x.data.T, (x,), lambda g: (np.transpose(g),))

# %% [markdown]
# ## Is it right?
#
# Here is a loss that uses all of your rules, with broadcasting, repeated rows, and a table `T` that is used twice.
# We check its gradients by differences, as in lesson 4.

# %%
rng = np.random.default_rng(1)
start = {"T": rng.normal(size=(4, 3)), "W": rng.normal(size=(5, 3)), "b": rng.normal(size=5), "s": rng.normal(size=(6, 1))}
rows, mask = np.array([0, 2, 2, 3, 2, 0]), rng.normal(size=(6, 5))


def strange_loss(T, W, b, s):
    rows_of_T = T.take(rows)
    scores = tanh(rows_of_T @ transpose(W) + b) * s
    return (scores.log_softmax() * Tensor(mask)).sum() + (T.sum(axis=0) * T).sum()


with unfinished():
    leaves = {name: Tensor(value) for name, value in start.items()}
    strange_loss(**leaves).backward()
    for name, leaf in leaves.items():
        def f(moved):
            return float(strange_loss(**{key: Tensor(moved if key == name else value)
                                         for key, value in start.items()}).data)

        report = gradcheck.gradient_check(f, start[name], leaf.grad)
        print(f"d{name}: shape {leaf.grad.shape}, largest relative error {report.error:.0e}")

# %% [markdown]
# With the model solution, the largest error is $8 \cdot 10^{-8}$, so all four gradients are right.
#
# ## Train the digits
#
# Now a network that lesson 4's code could not train.
# A pixel of our digits is a whole number from 0, white, to 16, black.
# So far we divided by 16, as if twice as black meant twice as much.
# Instead, give the network a *table* with a number for each of the 17 gray levels, and let it learn that, too.
#
# $$ X = \texttt{table.take(pixels)} \;\to\; H = \tanh(X W_1^\top + b_1) \;\to\; H W_2^\top + b_2 \;\to\; \text{log-softmax} \;\to\; L $$
#
# For the mean cross-entropy, multiply the log-softmax by a mask that is $-1/n$ at each right class and 0 elsewhere, and sum.
# First, compare the gradients with lesson 4's `mlp_backward` on one batch.
#
# **Predict:** to how many decimal places will the two agree?

# %% earlier: pieces
# from 03_forward_pass: mlp_forward, softmax
# from 04_backprop: cross_entropy_grad, mlp_backward

# %%
# To use your own pieces instead, remove the # in front of the next three lines.
# from utils import earlier
# mlp_forward, softmax = earlier.mine("03_forward_pass", "mlp_forward", "softmax")
# cross_entropy_grad, mlp_backward = earlier.mine("04_backprop", "cross_entropy_grad", "mlp_backward")

# %%
digits = data.digits()
pixels, labels = digits.X.astype(int), digits.y


def digit_loss(parameters, pixels, labels):
    """The mean cross-entropy of a batch, as a Tensor; parameters: table, W1, b1, W2, b2."""
    table, W1, b1, W2, b2 = parameters
    hidden = tanh(table.take(pixels) @ transpose(W1) + b1)
    scores = hidden @ transpose(W2) + b2
    mask = np.zeros(scores.data.shape)
    mask[np.arange(len(labels)), labels] = -1 / len(labels)
    return (scores.log_softmax() * Tensor(mask)).sum()


def new_parameters(rng):
    W1, W2 = rng.normal(size=(32, 64)) / 8, rng.normal(size=(10, 32)) / np.sqrt(32)
    return [Tensor(part) for part in (np.arange(17) / 16, W1, np.zeros(32), W2, np.zeros(10))]


with unfinished():
    parameters = new_parameters(np.random.default_rng(2))
    digit_loss(parameters, pixels[:50], labels[:50]).backward()
    table, W1, b1, W2, b2 = parameters
    Z, cache = mlp_forward(pixels[:50] / 16, [W1.data, W2.data], [b1.data, b2.data], np.tanh)
    dWs, dbs = mlp_backward(cross_entropy_grad(Z, labels[:50]), cache, [W1.data, W2.data])
    for name, tensor, by_hand in (("W1", W1, dWs[0]), ("b1", b1, dbs[0]), ("W2", W2, dWs[1]), ("b2", b2, dbs[1])):
        print(f"d{name}: largest difference from lesson 4 {np.max(np.abs(tensor.grad - by_hand)):.0e}, "
              f"largest entry {np.max(np.abs(by_hand)):.2f}")
    print(f"dtable: {np.round(table.grad[[0, 8, 16]], 3)} for white, medium gray, and black; lesson 4 has nothing to compare")

# %% [markdown]
# They agree to 16 decimal places, as far as rounding allows: the largest difference is $3 \cdot 10^{-17}$.
# It *is* the same computation, built from its parts.
# And the tape has one gradient more, the table's.
#
# Now train with mini-batches of 50 digits and gradient descent.
#
# **Predict:** will the learned table still be a straight line from 0 to 1?

# %%
def train(learns_table, epochs=15):
    """Parameters and losses after some epochs on 1,200 digits; the table may stay as it is."""
    rng = np.random.default_rng(3)
    parameters, losses = new_parameters(np.random.default_rng(2)), []
    for _ in range(epochs):
        total = 0.0
        for batch in np.split(rng.permutation(1200), 24):
            loss = digit_loss(parameters, pixels[batch], labels[batch])
            loss.backward()
            table = parameters[0]
            parameters = [Tensor(p.data - 0.5 * p.grad) for p in parameters]
            if not learns_table:
                parameters[0] = table
            total += float(loss.data) / 24
        losses.append(total)
    return parameters, losses


def share_right(parameters):
    table, W1, b1, W2, b2 = (p.data for p in parameters)
    Z, _ = mlp_forward(table[pixels[1200:]], [W1, W2], [b1, b2], np.tanh)
    return np.mean(Z.argmax(axis=1) == labels[1200:])


with plots.figure("Left: the loss on the training digits falls steeply over 15 epochs. Right: the number for each "
                  "gray level. At the start it rises in a straight line from 0 to 1; the learned ones rise "
                  "unevenly, and more steeply at both ends.", columns=2) as (left, right):
    parameters, losses = train(learns_table=True)
    fixed, _ = train(learns_table=False)
    table = parameters[0].data
    plots.loss(losses, title=f"The loss falls from {losses[0]:.2f} to {losses[-1]:.3f}", ax=left)
    plots.curves(range(17), {"start": np.arange(17) / 16, "learned": table}, ax=right, xlabel="gray level of the pixel",
                 ylabel="number in the table", title="White and black are moved furthest")
    print(f"new digits right with a learned table: {share_right(parameters):.1%}, with a fixed one: {share_right(fixed):.1%}")
    print(f"the table at white, medium gray, and black: {table[0]:.2f}, {table[8]:.2f}, {table[16]:.2f}")

# %% [markdown]
# No, it isn't straight anymore.
# White has moved from 0 to $-1.79$ and black from 1 to 2.60, and the step from no ink to a little ink counts the most.
# Is the network any better for it?
# It gets 92.8% of the 597 new digits right, against 92.0% with a fixed table: five digits, and with two of four other seeds it went the other way, so no.
# What you have gained is freedom: you changed the network and derived nothing.

# %% [markdown]
# ## What it costs
#
# Every rule is called once, and it costs little more than its step did on the way forward: a matrix product needs two products on the way back, a tanh a few multiplications.
# So the whole walk costs a small constant times the forward pass, *whatever the program*.
# This is the **cheap gradient principle** (Baur and Strassen, 1983): value and gradient together take at most about five times the operations of the value alone.
# Differences need at least one forward pass for each parameter.
#
# **Predict:** from 1,000 parameters to 300,000, how will the ratio of `backward()` to the forward pass change?

# %%
from time import perf_counter

from threadpoolctl import threadpool_limits


def seconds(task, repeats=9):
    """The shortest time of a call, on one core."""
    times = []
    with threadpool_limits(1):
        for _ in range(repeats):
            start = perf_counter()
            task()
            times.append(perf_counter() - start)
    return min(times)


def timed(width, count=200):
    """Parameters, and the seconds of a forward pass and of a forward pass with backward()."""
    rng = np.random.default_rng(4)
    sizes = ((width, 64), (width,), (width, width), (width,), (10, width), (10,))
    parts = [Tensor(rng.normal(size=size) / np.sqrt(size[-1])) for size in sizes]
    X, mask = Tensor(pixels[:count] / 16), Tensor(rng.normal(size=(count, 10)))

    def loss():
        W1, b1, W2, b2, W3, b3 = parts
        hidden = tanh(tanh(X @ transpose(W1) + b1) @ transpose(W2) + b2)
        return ((hidden @ transpose(W3) + b3).log_softmax() * mask).sum()

    return sum(part.data.size for part in parts), seconds(loss), seconds(lambda: loss().backward())


with plots.figure("Seconds for one gradient against the number of parameters, on logarithmic axes. The line for "
                  "differences climbs steeply to more than half an hour; the line for backward stays in the "
                  "milliseconds, a little above the one for a single forward pass.", size=(6.8, 4.4)) as ax:
    P, forward, both = np.array([timed(width) for width in (8, 16, 32, 64, 128, 256, 512)]).T
    plots.curves(P, {"differences": 2 * P * forward, "forward and backward": both, "forward": forward}, log="xy", ax=ax,
                 xlabel="parameters P", ylabel="seconds for one gradient", colors={"differences": plots.WRONG},
                 title=f"The gap grows to a factor of {float(f'{2 * P[-1] * forward[-1] / both[-1]:.1g}'):,.0f}")
    for k in range(len(P)):
        print(f"{P[k]:8,.0f} parameters: forward {1e3 * forward[k]:5.2f} ms, "
              f"backward {(both[k] - forward[k]) / forward[k]:.1f} times that, "
              f"differences {2 * P[k] * forward[k]:7.1f} s")

# %% [markdown]
# Hardly at all.
# In our run, on an idle computer, `backward()` took 2.6 times as long as the forward pass with 682 parameters, where bookkeeping for the tape takes a larger share, and 2.0 times with 301,066.
# That is lesson 4's "about two", now for any program.
# For the largest network, differences would take more than half an hour, some 200,000 times as long as one gradient by `backward()`.
#
# ### The other price: memory
#
# The rules need values from the forward pass, so the tape keeps *all* of them until the walk is done.
# To trade time for memory, divide the $L$ layers into $\sqrt{L}$ segments of $\sqrt{L}$ layers, and on the way forward keep only the input of each segment, a **checkpoint**.
# On the way back, from the last segment to the first, run each one forward again from its checkpoint, this time with a tape, and go back through it.
#
# **Predict:** with 64 layers, what fraction of the memory will that need? And how much longer will it take?

# %%
import tracemalloc

layer = Tensor(np.random.default_rng(5).normal(size=(64, 64)) / 8)
batch = np.random.default_rng(6).normal(size=(256, 64))


def run(x, layers):
    for _ in range(layers):
        x = tanh(x @ layer)
    return x


def plain(layers):
    x = Tensor(batch)
    run(x, layers).sum().backward()
    return x.grad


def checkpointed(layers):
    length = round(np.sqrt(layers))
    kept = [batch]
    for _ in range(layers // length - 1):
        kept.append(run(Tensor(kept[-1]), length).data)  # the segment's tape is dropped here
    g = np.ones_like(batch)
    while kept:
        x = Tensor(kept.pop())
        (run(x, length) * Tensor(g)).sum().backward()  # sends g back through the segment
        g = x.grad
    return g


def peak(task):
    """The most memory in use at any moment of a call, in megabytes."""
    tracemalloc.start()
    with threadpool_limits(1):
        task()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 1e6


with plots.figure("Peak memory against depth. Without checkpoints it rises in a straight line; with them it "
                  "rises like a square root.", size=(6.8, 4.2)) as ax:
    depths = np.array([4, 16, 36, 64, 100])
    memory = {"all kept": [peak(lambda: plain(depth)) for depth in depths.tolist()],
              "√L checkpoints": [peak(lambda: checkpointed(depth)) for depth in depths.tolist()]}
    same = np.allclose(plain(64), checkpointed(64))
    slower = seconds(lambda: checkpointed(64)) / seconds(lambda: plain(64))
    plots.curves(depths, memory, xlabel="layers", ylabel="peak memory (MB)", ax=ax,
                 title=f"At 100 layers, checkpoints need {memory['all kept'][-1] / memory['√L checkpoints'][-1]:.1f} times less")
    for k, depth in enumerate(depths):
        print(f"{depth:3d} layers: all kept {memory['all kept'][k]:5.1f} MB, with checkpoints {memory['√L checkpoints'][k]:5.1f} MB")
    print(f"the same gradient: {same}; time with checkpoints: {slower:.2f} times as long")

# %% [markdown]
# With 64 layers, it takes 5.9 MB instead of 33.9, about a sixth; with 100 layers, a seventh.
#
# The price is one more forward pass.
# If going forward takes 1 and going back 2, the total rises from 3 to 4, so it should take 1.33 times as long; on an idle computer, we measured 1.34.
# Large language models are often trained this way.

# %% [markdown]
# ## Check your understanding
#
# Return the letter of the one right answer.

# %% [markdown]
# **Question 1.** You call `loss.backward()`. Where do the gradients come from?
#
# - **a**  Each parameter is nudged a little, and the loss is computed again.
# - **b**  The recorded steps are walked through from the end, each with its own rule.
# - **c**  A formula for the gradient of the loss is derived, then evaluated.
# - **d**  The network runs in reverse and reconstructs its inputs from its outputs.

# %% exercise: quiz_backward
def quiz_backward():
    """The letter of your answer to question 1, for example return "a"."""
    ### BEGIN SOLUTION
    return "b"
    ### END SOLUTION

# %% tests: quiz_backward, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_backward())
### BEGIN HIDDEN TESTS
with check("what backward() does"):
    check.letter(quiz_backward(), right="b", why={
        "a": "Those are difference quotients. They take a forward pass or two for each parameter, and they are "
             "not exact. backward() takes a single walk.",
        "b": "The tape says which steps there were, each rule knows its own slopes, and the walk multiplies and adds.",
        "c": "That is symbolic differentiation, as in computer algebra. A tape holds numbers and rules, and never a "
             "formula for the whole, which could be enormous.",
        "d": "Gradients travel back, not values. The inputs are known; they are on the tape."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 2.** A value $h$ is used in three places. When does its rule have to be called?
#
# - **a**  Three times, once for each part that arrives, with that part.
# - **b**  Once, as soon as the first of the three parts has arrived.
# - **c**  Once, with the mean of the three parts that have arrived.
# - **d**  Once, with the sum, after all three parts have arrived.

# %% exercise: quiz_complete
def quiz_complete():
    """The letter of your answer to question 2, for example return "a"."""
    ### BEGIN SOLUTION
    return "d"
    ### END SOLUTION

# %% tests: quiz_complete, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_complete())
### BEGIN HIDDEN TESTS
with check("when a rule is called"):
    check.letter(quiz_complete(), right="d", why={
        "a": "The sums would come out right, but everything upstream of h would be done three times, and behind the "
             "next such value nine times. You saw what that means for 16 diamonds.",
        "b": "Then two thirds of the blame never get any further: that was da = 3 where it should have been 5.",
        "c": "Nothing is averaged. A nudge of h acts in all three places at the same time.",
        "d": "Where paths meet, parts add up, and the topological order makes sure that all of them are there."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 3.** `x` has shape (32, 1, 10) and `y` has shape (5, 1). Over which axes of the gradient of `x + y` do you sum to get the gradient of `y`?
#
# - **a**  0 and 2
# - **b**  0 and 1
# - **c**  1 and 2
# - **d**  0 only

# %% exercise: quiz_broadcast
def quiz_broadcast():
    """The letter of your answer to question 3, for example return "a"."""
    ### BEGIN SOLUTION
    return "a"
    ### END SOLUTION

# %% tests: quiz_broadcast, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_broadcast())
### BEGIN HIDDEN TESTS
with check("which axes are summed"):
    check.letter(quiz_broadcast(), right="a", why={
        "a": "The sum has shape (32, 5, 10). Lined up at the right, y lacks axis 0, and its own last axis of size 1 "
             "was stretched to 10, which is axis 2.",
        "b": "Axis 1 has size 5, and y has a number of its own for each of these five: nothing was copied there. "
             "(It is x that was copied along axis 1.)",
        "c": "That would leave 32 numbers, and y has 5. Line up the shapes at their right ends: (32, 5, 10) over (5, 1).",
        "d": "That leaves shape (5, 10). What about y's axis of size 1?"})
### END HIDDEN TESTS

# %% [markdown]
# **Question 4.** A table has one row for each letter of the alphabet. A batch takes the row of "e" 40 times and the row of "q" not at all. What are the gradients of these two rows?
#
# - **a**  For "e" the last of its 40 parts, for "q" zeros.
# - **b**  For "e" the mean of its 40 parts, for "q" zeros.
# - **c**  For "e" the sum of its 40 parts, for "q" zeros.
# - **d**  For "e" the sum of its 40 parts, for "q" no gradient.

# %% exercise: quiz_rows
def quiz_rows():
    """The letter of your answer to question 4, for example return "a"."""
    ### BEGIN SOLUTION
    return "c"
    ### END SOLUTION

# %% tests: quiz_rows, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_rows())
### BEGIN HIDDEN TESTS
with check("what the rows of a table get"):
    check.letter(quiz_rows(), right="c", why={
        "a": "That is what gx[index] += g computes, and it is wrong: NumPy reads first and writes later, so 39 parts "
             "are lost.",
        "b": "The 1/n of the mean loss is already in each part. Dividing by 40 as well would make frequent letters "
             "learn more slowly for no reason.",
        "c": "Taking a row copies it, and what is copied has its gradients added. A row that was not taken has no "
             "influence on the loss, so its slope is zero.",
        "d": "The gradient has the shape of the whole table, so there is a row for q as well. The loss doesn't "
             "depend on it: its slope is zero."})
### END HIDDEN TESTS

# %% [markdown]
# **Question 5.** Training runs out of memory, but using the trained network on the same batch does not. What takes up the space?
#
# - **a**  The gradients of the weights, which are far larger than the weights.
# - **b**  The activations of all layers, which the rules need on the way back.
# - **c**  The difference quotients, one for each weight and example.
# - **d**  The names on the tape, since there is one for every number.

# %% exercise: quiz_memory
def quiz_memory():
    """The letter of your answer to question 5, for example return "a"."""
    ### BEGIN SOLUTION
    return "b"
    ### END SOLUTION

# %% tests: quiz_memory, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_memory())
### BEGIN HIDDEN TESTS
with check("what the tape keeps"):
    check.letter(quiz_memory(), right="b", why={
        "a": "A gradient has exactly the shape of its weights. That doubles their memory, whatever the depth and "
             "the batch.",
        "b": "Each rule keeps the arrays it needs, for every layer and every example. If you only predict, you can drop "
             "them at once. A smaller batch, or checkpoints, would help.",
        "c": "backward() computes no differences.",
        "d": "There is one name for every step, and a step makes a whole array. A few hundred names weigh nothing."})
### END HIDDEN TESTS

# %% [markdown]
# ## Questions people ask you
#
# Answer each one out loud before you open it.
#
# <details><summary>Which part of the chain rule does autograd automate, and which part is left to people?</summary>
#
# The chain rule says: multiply local slopes along each path, and add over the paths.
# Multiplying and adding in the right order is the walk, and it is automatic.
# The local slopes of each operation are the rules; somebody had to work them out, once per operation.
# Nobody has to work out anything for each network.
#
# **A good answer says:** automatic: multiplying along paths and adding over them, in the right order; by hand: the local slopes, once per operation; nothing is worked out for each network.
# </details>
# <details><summary>Some texts say that a backward pass costs the same as a forward pass. Is that right?</summary>
#
# It is right in the sense of "a constant times as much, whatever the number of parameters".
# The constant is not 1.
# For networks made of matrix products it is about 2: one product for each of the two operands.
# You measured it here and in lesson 4.
# Together with the forward pass, that makes 3.
#
# **A good answer says:** a constant times as much, whatever the number of parameters; about 2 for matrix products; because each has two operands.
# </details>
# <details><summary>What is the difference between reverse mode and forward mode?</summary>
#
# Both apply the chain rule to the same tape.
# Forward mode starts from one input and carries "how fast does this value change as that input changes" along with the values; one sweep gives the slopes of all outputs for *one* input.
# Reverse mode starts from one output; one sweep gives the slopes of *one* output for all inputs.
# With one loss and a million parameters, that is one sweep against a million.
#
# **A good answer says:** both apply the chain rule to the same steps; forward: one input, all outputs; reverse: one output, all inputs; one loss and many parameters, so reverse.
# </details>
# <details><summary>In PyTorch, why do you call optimizer.zero_grad() before each step?</summary>
#
# Because PyTorch *adds* the new gradients to what is in `.grad` already.
# This is useful if you want to sum the gradients of several small batches.
# If you forget to clear them, every step follows the sum of all gradients so far.
# Our Tensor stores a new gradient each time, so there is nothing to clear.
#
# **A good answer says:** PyTorch adds to what is in .grad; without clearing, steps follow the sum of all gradients so far; adding is useful for several small batches.
# </details>
# <details><summary>What do torch.no_grad() and detach() do?</summary>
#
# Both stop the recording.
# Inside `no_grad()`, results have no parents and no rules, so nothing is kept for a way back: use it for predictions, to save memory and time.
# `x.detach()` gives you the values of one tensor as a new leaf; gradients stop there.
# With our Tensor, you would write `Tensor(x.data)`.
#
# **A good answer says:** no_grad records nothing, which saves memory and time in prediction; detach gives the values as a new leaf, where gradients stop.
# </details>
# <details><summary>Can a tape go through if and for?</summary>
#
# Yes.
# The tape records the steps that were actually taken, so an `if` leaves only the branch that was taken, and a loop leaves all its rounds, one after the other.
# The next forward pass writes a new tape, which may look different.
# The choice itself has no slope: a gradient can't tell you what the other branch would have done.
#
# **A good answer says:** yes, it records the steps actually taken; each forward pass writes a new tape; the choice itself has no slope.
# </details>
# <details><summary>What is gradient checkpointing?</summary>
#
# Keep only some of the activations and recompute the others when the backward pass needs them.
# With √L checkpoints in L layers, memory grows like √L instead of L, for about one more forward pass.
#
# **A good answer says:** keep some activations, recompute the others on the way back; memory like √L for about one more forward pass.
# </details>

# %% [markdown]
# ## In an interview
#
# *What does `backward()` do, and why does it cost no more than a few forward passes, however many parameters there are?*
#
# Answer in the cell below, in six to ten sentences.
# Say what the forward pass records, in what order the steps are visited on the way back and why, and what happens at each.
# Then account for the cost, in time and in memory.
# A teacher reads this answer; it is worth 4 points.
#
# <!-- A good answer says: what the forward pass records; the order on the way back, and why; what happens at each step; the cost in time and memory -->

# %% answer: interview_autograd, 4 points [markdown]
# While the forward pass runs, every operation records its result, its parents, and a rule that turns the gradient of the result into one part for each parent; together these records are the tape, or computational graph.
# `backward()` starts at the loss with the gradient 1 and visits the recorded values in reverse topological order, so every value comes after all the values that were computed from it.
# At each of them it calls the rule once, with the gradient of the loss for that value, and adds the parts to the parents' gradients, because a value that is used in several places affects the loss along several paths. The order guarantees that a gradient is complete before it is passed on. At the end, the leaves, among them the parameters, hold their gradients.
# It is exact, unlike differences, and it derives no formula for the whole.
# As for the cost, each step is handled exactly once, and its rule costs a small multiple of the step itself: a matrix product needs two products of the same size on the way back. So the total is about two forward passes, whatever the number of parameters, while differences need at least one forward pass per parameter.
# Without waiting for complete gradients, the work would grow with the number of paths, which can double with every step.
# The price is memory: the values the rules need have to be kept until the walk has used them. Checkpoints reduce that by recomputing some of them.
#
# ### BEGIN MARK SCHEME
# One point for each, half points where it is incomplete:
#
# 1. **Tape:** the forward pass records, for each operation, what it was computed from and how to go back (a local rule or slope, with the values that it needs).
# 2. **Walk:** from the loss, with gradient 1, backward in an order in which every value comes after all that was computed from it; a rule gets a complete gradient. "Reverse topological order" with no reason is half.
# 3. **Sum:** the chain rule at each step, and contributions from several uses of a value are added.
# 4. **Cost:** each operation once, and going back through it costs a small constant times going forward (about two for matrix products), independent of the number of parameters; and memory for the stored values.
#
# These cost the point in parentheses: "it perturbs the parameters" (1); "layer by layer" with no idea of a graph or order, where a value is used twice (2); contributions are averaged, or the last one counts (3); "the same cost as a forward pass because of the GPU", or a cost that grows with the square of the parameters (4).
# ### END MARK SCHEME

# %% [markdown]
# ## What to remember
#
# > - The forward pass writes a tape: for each step, its result, its parents, and a rule. `backward()` is a walk over this tape.
# > - Walk in reverse topological order: every gradient is complete before it is passed on, and each rule is called once.
# > - Parts add up: where a value is used twice, was broadcast, or was taken repeatedly.
# > - $Y = AB$ gives $dA = G B^\top$ and $dB = A^\top G$; a sum copies its gradient; log-softmax gives $g - p \sum g$.
# > - `backward()` costs about two forward passes, whatever the number of parameters, and memory for the activations; checkpoints trade memory for time.
#
# **Back:** [lesson 9, tuning](../09_tuning/09_tuning.ipynb). **Next:** [lesson 11, normalization](../11_normalization/11_normalization.ipynb): a gradient that is wrong, a network that learns all the same, and how to find out.
#
# <details><summary>Sources</summary>
#
# W. Baur and V. Strassen, "The complexity of partial derivatives" (1983). A. Griewank and A. Walther, "Evaluating Derivatives" (2008). T. Chen and others, "Training deep nets with sublinear memory cost" (2016). The digits are E. Alpaydin and C. Kaynak's (1998), from scikit-learn.
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

HandIn("10_autograd")
