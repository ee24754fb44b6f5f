"""What a lesson says of itself, and the table that is made of it."""

import pytest

from autograder.authoring.introduction import BEGIN, END, Introduction, introduction, with_table
from autograder.authoring.start_page import lesson_map
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
        "`double` → `half`", 20, "[lesson 2](../02_x/02_x.ipynb).", (2,))


def test_what_a_lesson_leaves_out_is_empty():
    assert introduction(solution()) == Introduction("A lesson", "", "", 0, "", ())


def lesson(number, needs):
    text = FIRST.replace("# 3 · Doubling: twice as much", f"# {number} · Doubling: twice as much")
    return solution(LESSON.replace("# %% [markdown]\n# # A lesson\n", text.replace(
        "[lesson 2](../02_x/02_x.ipynb)", needs)))


@pytest.mark.parametrize(("needs", "numbers"), [
    ("lessons 3 to 5: forward pass", (3, 4, 5)), ("the loop of lesson 4, and 2 hours", (4,)),
    ("lessons [11](../11_x/11_x.ipynb) and [12](../12_y/12_y.ipynb), and [lesson 14](c)",
     (11, 12, 14)),
    ("lessons 1, 2, and 7, and dicts", (1, 2, 7)), ("Python, 3.11", ())])
def test_the_lessons_that_are_needed_are_read_as_they_are_written(needs, numbers):
    assert introduction(lesson(20, needs)).builds_on == numbers


def test_the_map_has_an_arrow_for_each_need_that_no_other_implies():
    needs = {1: "Python", 2: "lesson 1", 3: "lesson 2", 4: "lessons 1, 2 and 3", 5: "lesson 2",
             6: "lessons 4 and 5", 7: "lesson 99"}
    drawn = lesson_map({f"{number:02d}_x": lesson(number, text) for number, text in needs.items()})
    assert [line.strip() for line in drawn.splitlines() if "-->" in line] == [
        "L1 --> L2", "L2 --> L3", "L3 --> L4", "L2 --> L5", "L4 --> L6", "L5 --> L6"]
    assert '  L7["7 · Doubling"]' in drawn.splitlines()
    assert lesson_map({"01_x": lesson(1, "Python")}) == ""


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
