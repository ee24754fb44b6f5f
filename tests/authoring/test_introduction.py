"""What a lesson says of itself, and the table that is made of it."""

from autograder.authoring.introduction import BEGIN, END, Introduction, introduction, with_table
from support.demo import LESSON, solution

FIRST = '''\
# %% [markdown]
# # 3 · Doubling: twice as much
#
# What is twice as much?
# And who asks?
#
# **You will build**, from nothing but NumPy:
# `double` → `half`
#
# **Time:** about 20 minutes. **You need:** [lesson 2](../02_x/02_x.ipynb).
'''
NOTEBOOK = solution(LESSON.replace("# %% [markdown]\n# # A lesson\n", FIRST))
ROW = ("| 3 | [Doubling: twice as much](lessons/03_demo/03_demo.ipynb) "
       "| `double`, `half` | 20 min |")


def test_a_first_cell_is_read_part_by_part():
    assert introduction(NOTEBOOK) == Introduction(
        "3 · Doubling: twice as much", "What is twice as much?\nAnd who asks?",
        "`double` → `half`", 20, "[lesson 2](../02_x/02_x.ipynb).")


def test_what_a_lesson_leaves_out_is_empty():
    assert introduction(solution()) == Introduction("A lesson", "", "", 0, "")


def test_the_table_stands_between_its_markers_and_nothing_else_changes():
    page = f"# The course\n\n{BEGIN}\nold rows\n{END}\n\nThe rest.\n"
    made = with_table(page, {"03_demo": NOTEBOOK})
    before, _, rest = made.partition(BEGIN)
    table, _, after = rest.partition(END)
    assert (before, after) == ("# The course\n\n", "\n\nThe rest.\n")
    assert table == f"\n\n| | lesson | you build | time |\n|---|---|---|---|\n{ROW}\n\n"
    assert with_table(made, {"03_demo": NOTEBOOK}) == made


def test_a_page_without_markers_stays_as_it_is():
    for page in ("# The course\n", f"{BEGIN}\nno end\n"):
        assert with_table(page, {"03_demo": NOTEBOOK}) == page
