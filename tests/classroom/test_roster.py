"""A roster: every student is read, every odd row is told by its number, no name is guessed."""

import pytest

from autograder.classroom.roster import Names, read, unsafe
from autograder.errors import UserError
from autograder.gradebook.records import Student

ANN = Student("ann", "Ann", "Lee", "ann@example.org")


@pytest.mark.parametrize("data", [
    b"id,first,last,email\nann,Ann,Lee,ann@example.org\n",
    b"\xef\xbb\xbfEmail;Last_Name;First Name;Student-ID\r\nann@example.org;Lee;Ann;ann\r\n",
    b"username\tsurname\tgroup\tfirst\te-mail\n ann \tLee\tA\tAnn\tann@example.org",
    "id,first,last,email\nann,Ann,Lee,ann@example.org\n".encode("utf-16"),
    b'"id","first","last","email"\n\n"ann","Ann","Lee","ann@example.org"\n,,,\n',
], ids=["plain", "semicolons and BOM", "tabs", "UTF-16", "quotes and blank rows"])
def test_columns_are_found_by_name(data):
    assert read(data).students == (ANN,)
    assert read(data).notices == ()


def test_what_is_not_said_is_none():
    assert read(b"id,email\nann,\nbob").students == (Student("ann"), Student("bob"))


@pytest.mark.parametrize(("row", "why"), [
    ("ann", "the id 'ann' is already in row 2"),
    ("ANN", "the id 'ANN' is easily confused with the one in row 2"),
    (" ,Zoe", "the id is blank"),
    ("../bob", r"the id '../bob' holds /, which can't be in a folder's name"),
    ("b\\ob", "holds \\, which can't"),
    ("b+ob", "holds +, which can't"),
    ("b*b", "holds *, which can't"),
    (".bob", "the id '.bob' begins with '.'"),
    ("=1+1", "holds +"),
    ("=SUM(A1)", "begins with '='"),
    ("bob.", "or ends with a dot"),
    ("bo\x07b", r"the id 'bo\x07b' holds invisible characters"),
    ("bo\u202eb", r"the id 'bo\u202eb' holds invisible characters"),
    ("b" * 129, "the id is longer than 128 letters"),
    ("bob," + "B" * 129, "the first name is longer than 128 letters"),
    ("bob,B\x1bob", r"the first name 'B\x1bob' holds invisible characters"),
    ("bob,Bob,Ray,more", "it has more cells than there are columns"),
], ids=lambda value: ascii(value)[:20])
def test_an_odd_row_is_told_and_the_rest_goes_on(row, why):
    roster = read(f"id,first,last\nann,Ann,Lee\n{row}\ncem,Cem,Oz\n".encode())
    assert [student.id for student in roster.students] == ["ann", "cem"]
    [line] = roster.notices
    assert line.startswith("Row 3 was left out: ")
    assert why in line
    assert "\n" not in line


@pytest.mark.parametrize(("data", "why"), [
    (b"", "It is empty"),
    (b"\n ,\n", "None of its columns is called id"),
    (b"name,email\nann,x\n", "None of its columns is called id. They are: name, email"),
    (b"id,username\nann,x\n", "The columns 'id' and 'username' mean the same"),
    ("id,first\nj\u00f6rg,J".encode("latin-1"), "It is not text in UTF-8"),
    (b"id,first\nann,\"Ann\nbob,Bob\n", "Is a quotation mark left open?"),
    (b"id\nann\0", "zero bytes"),
    (b"PK\x03\x04\xff\xff", "It is not text in UTF-8"),
])
def test_what_is_no_roster_is_told_in_a_line(data, why):
    with pytest.raises(UserError) as error:
        read(data)
    assert why in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", ["ann", "s001", "ann@example.org", "Ann Lee", "j\u00f6rg", "1",
                                  "a.b-c_d"])
def test_usual_ids_are_safe(name):
    assert unsafe(name) is None


@pytest.fixture
def names():
    return Names([ANN, Student("bob", "Bob", "O'Neil-Ray", lms="77"),
                  Student("cem1", "Cem", "Oz"), Student("cem2", "Cem", "\u00d6z"),
                  Student("cem3", "Cem", "Oz")])


def test_a_name_is_told_by_its_letters(names):
    assert names.by_name("Bob ONeil-Ray") == {"bob"}
    assert names.by_name("oneilraybob") == {"bob"}
    assert names.by_name("Cem \u00d6z") == {"cem2"}
    assert names.by_lms("77") == {"bob"}
    assert names.by_id("ANN") == {"ann"}


def test_nothing_is_guessed(names):
    assert names.by_name("Cem Oz") == {"cem1", "cem3"}
    for name in ("", "Ann", "Lee", "Participant 1", "anne lee"):
        assert names.by_name(name) == set()
    assert names.by_id("an") == names.by_lms("7") == names.by_lms("") == set()


CANVAS = ('"Student","ID","SIS User ID","SIS Login ID","Section","Perceptron (4711)",'
          '"Current Score","Unposted Final Score"\n'
          '"","","","","","Manual Posting","",""\n'
          '"    Points Possible","","","","","20.0","(read only)","(read only)"\n'
          '"Lee, Ann","55","u1","ann","Neural networks","17","85","85"\n'
          '"Oz, jr, Zoe","56","u2","zoe@school.edu","Neural networks","","",""\n'
          '"Student, Test","57","","","Neural networks","","",""\n')
MOODLE = ('First name,Last name,ID number,Institution,Email address,"Assignment: One (Real)",'
          'Last downloaded from this course\nAnn,Lee,{},TU,ann@example.org,17,1767225600\n')


def test_canvass_gradebook_is_recognized_by_its_columns():
    roster = read(CANVAS.encode("utf-8-sig"))
    assert roster.students == (Student("ann", "Ann", "Lee", lms="55"),
                               Student("zoe@school.edu", "jr, Zoe", "Oz", lms="56"))
    assert roster.notices == ()
    without = CANVAS.replace('"ann"', '""').replace('"zoe@school.edu"', '""')
    assert [one.id for one in read(without.encode()).students] == ["u1", "u2"]
    one_lacks_it = read(CANVAS.replace('"ann"', '""').encode())
    assert [one.id for one in one_lacks_it.students] == ["zoe@school.edu"]
    assert one_lacks_it.notices == ("Row 4 was left out: the id is blank.",)


@pytest.mark.parametrize(("text", "student"), [
    (MOODLE.format("m1"), Student("m1", "Ann", "Lee", "ann@example.org")),
    (MOODLE.format(""), Student("ann@example.org", "Ann", "Lee", "ann@example.org")),
    ("First name;Last name;Username;Email address;Groups\nAnn;Lee;ann;ann@example.org;A\n", ANN),
    ("\ufeffSurname,First name,Email address\nLee,Ann,ann@example.org\n",
     Student("ann@example.org", "Ann", "Lee", "ann@example.org")),
], ids=["gradebook", "without numbers", "participants", "names and addresses"])
def test_moodles_tables_are_recognized_by_their_columns(text, student):
    assert read(text.encode()).students == (student,)


@pytest.mark.parametrize("line", ["sep=;\r\n", '"sep=;"\n', "SEP=;\n"])
def test_excels_line_on_the_separator_is_no_row(line):
    assert read(f"{line}id;first\nann;Ann\n;Bob\n".encode()) == read(b"id;first\nann;Ann\n;Bob\n")
