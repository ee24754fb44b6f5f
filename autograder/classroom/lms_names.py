"""Whose a file is, by its path in what a learning management system packs. Pure."""

import re
from dataclasses import dataclass

from autograder.classroom.roster import Names

# A folder, or with "download in folders" off the beginning of a file's name.
# What comes behind the system's own beginning is the student's to choose: the first match counts.
MOODLE = re.compile(r"(?P<name>.+?)_\d+_assignsubmission_(?P<kind>file|onlinetext)(_.*)?",
                    re.DOTALL)
CANVAS = re.compile(r"(?P<name>.+?)_(?P<late>late_)?(?P<user>\d+)_(?P<file>\d+)_.+",
                    re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Owner:
    """The students who may be meant; one of them, if it is clear.

    called: by which part of the path. late: the system says that it came late.
    plain: the path is a folder's with the student's id, as nbgrader lays it out.
    """

    students: frozenset[str]
    called: str
    late: bool = False
    plain: bool = False


def owner_of(parts: tuple[str, ...], names: Names) -> Owner:
    """Who handed in the file with this path, part by part.

    Moodle: `Ann Lee_123_assignsubmission_file_/x.ipynb`. Canvas: `leeann_LATE_12_345_x.ipynb`.
    Else a folder, or the file itself, is named by the student's id.
    """
    for part in parts:
        if match := MOODLE.fullmatch(part):
            name = match["name"]
            return Owner(frozenset(names.by_id(name) or names.by_name(name)), name)
    if match := CANVAS.fullmatch(parts[-1]):
        found = names.by_lms(match["user"]) or names.by_name(match["name"])
        if found:
            return Owner(frozenset(found), match["name"], bool(match["late"]))
    stem = parts[-1].rpartition(".")[0]
    for named in (parts[:-1], (stem,)):
        ids = {one: part for part in named for one in names.by_id(part)}
        if ids:
            called = next(iter(ids.values()))
            plain = len(parts) > 2 and parts[-2] == stem and called == parts[-3]
            return Owner(frozenset(ids), called, plain=plain)
    return Owner(frozenset(), "/".join(parts))
