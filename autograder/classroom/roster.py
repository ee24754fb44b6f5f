"""A class's roster: a table of students, and who is meant by a name that a file carries. Pure.

The tables that Canvas and Moodle export are recognized by their columns. Nothing is guessed: what
two students could be called is nobody's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from unicodedata import category, normalize

from autograder import csv_table
from autograder.errors import UserError
from autograder.gradebook.records import Student

LONGEST = 128  # letters that nbgrader's gradebook has for an id, a name and an address
COLUMNS = {
    "id": {"id", "student id", "username", "user name", "login"},
    "first": {"first", "first name", "given name"},
    "last": {"last", "last name", "surname", "family name"},
    "email": {"email", "e mail", "email address", "e mail address"},
    "lms": {"lms user id", "lms id", "canvas id", "moodle id"},
}
# Canvas's gradebook: the columns that no other table has, and by which of them a student has an id.
CANVAS = {"student", "id", "section"}
CANVAS_IDS = ("sis login id", "sis user id", "id")
CANVAS_COLUMNS = {"first": {"firstname"}, "last": {"lastname"}, "name": {"student"}, "lms": {"id"}}
TEST_STUDENT = "student, test"  # whom Canvas lists in every course
# Moodle's gradebook and list of participants have names, but no column called id.
MOODLE_IDS = ("username", "id number", "email address")
# Separators of paths and of the exchange's folders, and what nbgrader takes for a pattern.
UNSAFE = frozenset('/\\+*?[]:"<>|')


@dataclass(frozen=True)
class Roster:
    """Students in the roster's order, and what is wrong with the rows that were left out."""

    students: tuple[Student, ...]
    notices: tuple[str, ...]


def read(data: bytes) -> Roster:
    """The students in a CSV file.

    Columns are found by name, in any order; commas, semicolons or tabs stand between them. In
    Canvas's gradebook the row of points and the test student are nobody.
    Raises UserError when there is no table with a column of ids.
    """
    try:
        rows = csv_table.rows(data)
    except UserError as error:
        raise UserError(str(error)) from error
    if not rows:
        raise UserError("It is empty. Its first row names the columns: id, first, last, email.")
    rows[0] = [title.strip() for title in rows[0]]
    is_canvas = set(map(_words, rows[0])) >= CANVAS
    rows[1:] = [[] if is_canvas and _is_nobody(row) else row for row in rows[1:]]
    places = _places(rows[0], rows[1:], is_canvas)
    students: dict[str, Student] = {}
    notices, seen = [], dict[str, int]()
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        values = {name: _cell(row[place]) if place < len(row) else None
                  for name, place in places.items()}
        last, _, first = (values.pop("name", None) or "").partition(",")
        if last:
            values = {"last": last.strip() or None, "first": first.strip() or None, **values}
        student = Student(values.pop("id") or "", **values)
        key = _key(student.id)
        trouble = ("it has more cells than there are columns" if any(
            cell.strip() for cell in row[len(rows[0]):]) else _trouble(student))
        if not trouble and key in seen:
            trouble = (f"the id {student.id!r} is already in row {seen[key]}" if
                       student.id in students else
                       f"the id {student.id!r} is easily confused with the one in row {seen[key]}")
        if trouble:
            notices.append(f"Row {number} was left out: {trouble}.")
            continue
        seen[key] = number
        students[student.id] = student
    return Roster(tuple(students.values()), tuple(notices))


def unsafe(name: str) -> str | None:
    """Why no student can have this id, which names folders and files; None when one can."""
    if not name:
        return "the id is blank"
    if len(name) > LONGEST:
        return f"the id is longer than {LONGEST} letters"
    if any(category(letter)[0] == "C" or category(letter) in ("Zl", "Zp") for letter in name):
        return f"the id {name!a} holds invisible characters"
    if found := sorted(UNSAFE.intersection(name)):
        return f"the id {name!r} holds {' '.join(found)}, which can't be in a folder's name"
    if name[0] in ".-=@":
        return f"the id {name!r} begins with {name[0]!r}"
    if name != name.strip() or name[-1] == ".":
        return f"the id {name!r} begins or ends with a space, or ends with a dot"
    return None


class Names:
    """Who is meant: students by id, by the name that Moodle and Canvas write, by Canvas's id."""

    def __init__(self, students: Iterable[Student]) -> None:
        self._ids: dict[str, set[str]] = {}
        self._names: dict[str, set[str]] = {}
        self._lms: dict[str, set[str]] = {}
        for one in students:
            self._ids.setdefault(_key(one.id), set()).add(one.id)
            if one.lms:
                self._lms.setdefault(one.lms, set()).add(one.id)
            for name in ((one.first, one.last), (one.last, one.first)):
                if letters := _letters("".join(part or "" for part in name)):
                    self._names.setdefault(letters, set()).add(one.id)

    def by_id(self, text: str) -> set[str]:
        """The students with this id; letters of any case."""
        found = self._ids.get(_key(text), set())
        return {text} if text in found else found

    def by_name(self, text: str) -> set[str]:
        """The students called so, first or last name first; only letters and digits count."""
        return self._names.get(_letters(text), set())

    def by_lms(self, text: str) -> set[str]:
        """The students with this id in the learning management system."""
        return self._lms.get(text, set())


def _words(title: str) -> str:
    return " ".join(title.replace("_", " ").replace("-", " ").casefold().split())


def _is_nobody(row: Sequence[str]) -> bool:
    """Is a row of Canvas's the one of points, of posting policies, or of the test student?"""
    name = row[0].strip().casefold() if row else ""
    return (name in ("", "points possible", TEST_STUDENT)
            and not (name == "" and len(row) > 1 and row[1].strip()))


def _places(header: list[str], rows: Sequence[Sequence[str]], is_canvas: bool) -> dict[str, int]:
    """Where each column is."""
    columns = CANVAS_COLUMNS if is_canvas else COLUMNS
    words = [_words(title) for title in header]
    if is_canvas or not COLUMNS["id"].intersection(words):
        # The first of these that somebody has; where a student lacks it, the row is reported.
        ids = [one for one in (CANVAS_IDS if is_canvas else MOODLE_IDS) if one in words]
        filled = next((one for one in ids if any(
            len(row) > (k := words.index(one)) and row[k].strip() for row in rows)), None)
        if filled and (is_canvas or {"first name", "last name", "surname"}.intersection(words)):
            columns = {**columns, "id": {filled}}
    found: dict[str, int] = {}
    for place, title in enumerate(header):
        for name, titles in columns.items():
            if words[place] not in titles:
                continue
            if name in found:
                raise UserError(f"The columns {header[found[name]]!r} and {title!r} mean the "
                                  "same. Keep one.")
            found[name] = place
    if "id" not in found:
        raise UserError(f"None of its columns is called id. They are: {', '.join(header)}. "
                          "The first row names the columns: id, first, last, email.")
    return found


def _cell(text: str) -> str | None:
    return normalize("NFC", " ".join(text.strip(" \t").split(" "))) or None


def _trouble(student: Student) -> str | None:
    if trouble := unsafe(student.id):
        return trouble
    for what, value in (("first name", student.first), ("last name", student.last),
                        ("email", student.email), ("LMS id", student.lms)):
        if value and len(value) > LONGEST:
            return f"the {what} is longer than {LONGEST} letters"
        if value and any(category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in value):
            return f"the {what} {value!a} holds invisible characters"
    return None


def _key(name: str) -> str:
    """What is the same for ids that a file system may take for one."""
    return normalize("NFKC", name).casefold()


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, normalize("NFKC", name).casefold()))
