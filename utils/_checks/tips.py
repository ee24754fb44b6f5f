"""What to do about the error messages of Python and NumPy that beginners meet most."""

import re

_TIPS = tuple((re.compile(pattern), tip) for pattern, tip in (
    (r"only integer scalar arrays can be converted",
     "An array stands where one whole number belongs: as an index of a list, in `range(…)`, or as "
     "an axis. Functions such as `np.concatenate` take their arrays together, in one list."),
    (r"only (length-1|0-dimensional) arrays can be converted",
     "`float(…)`, `int(…)` and the functions of `math` take one number. For a whole array use "
     "NumPy's functions."),
    (r"input arrays must have same number of dimensions",
     "Arrays that are put side by side need the same number of axes. One of shape (n,) becomes a "
     "column of shape (n, 1) with `[:, None]`. Print the shape of each."),
    (r"arrays used as indices must be of integer",
     "Between the square brackets stand whole numbers or booleans. Print what stands there, and "
     "its `dtype`: names, for one, have to be turned into numbers first."),
    (r"operands could not be broadcast",
     "These shapes don't fit together entry by entry: compared from the right, two sizes must be "
     "equal, or one of them 1. Print both shapes."),
    (r"matmul: .*mismatch|shapes .* not aligned",
     "For `A @ B` the last size of A must equal the first size of B. In a stack of matrices (three "
     "or more axes) it is the last two axes that count, and `.T` reverses all of them. Print both "
     "shapes."),
    (r"truth value of an array",
     "`if`, `while`, `and`, `or` and `not` need one True or False, and an array has one for each "
     "entry. Use an operation that decides entry by entry."),
    (r"numpy boolean subtract",
     "Booleans can't be subtracted. Make numbers of them first: `np.asarray(…, dtype=float)`. The "
     "operators that the message names give True or False again."),
    (r"setting an array element with a sequence",
     "One entry of an array holds one number, and several were put there; or rows of different "
     "lengths were to become one array. Print the shape of each part."),
    (r"'NoneType' object is not callable",
     "None is called here as a function. Does a cell assign to this name?"),
    (r"'NoneType' object|unsupported operand .*'NoneType'",
     "None stands where a value belongs. Does a function that you call lack its `return`?"),
    (r"unsupported operand",
     "This operation doesn't know one of the two types. Print the `type(…)` of both; lists, for "
     "one, calculate only after `np.array(…)`."),
    (r"object is not callable",
     "The brackets call something that isn't a function. Is a `*` missing in front of them, or "
     "does a cell assign to this name?")))


def tip(error: BaseException) -> str:
    """What to do about an exception, "" where there is nothing to add to its message."""
    text = str(error)
    return next((advice for pattern, advice in _TIPS if pattern.search(text)), "")
