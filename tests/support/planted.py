"""A synthetic class, seeded: who answers what, and which wrong answers and copies were planted."""

import ast
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import ClassVar

import numpy as np

from autograder.course import Lesson
from support.answers import (
    HERE,
    cell,
    exercises,
    filled,
    notebook,
    right_answers,
    typed,
    wrong_answers,
)

RELEASED = datetime(2030, 1, 7, 8, tzinfo=UTC)
WEEK = timedelta(days=7)


@dataclass
class Planted:
    """What one student hands in of one lesson.

    answers: texts by cell. wrong: planted misconceptions by exercise. blank: left as released.
    """

    student: str
    lesson: Lesson
    time: datetime
    answers: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    blank: list[str] = field(default_factory=list)

    @property
    def stamp(self) -> str:
        return f"{self.time:%Y-%m-%d %H:%M:%S} UTC"


def due(lesson: Lesson) -> datetime:
    """A week after its release; lessons are released a week apart."""
    return RELEASED + WEEK * int(lesson.name[:2])


def planted(lessons: list[Lesson], students: int = 40, seed: int = 7) -> list[Planted]:
    """A class of mixed skill.

    The last student stops after the first lesson. In every lesson the second student hands in a
    renamed copy of the work of the first, who knows nearly everything.
    """
    rng = np.random.default_rng(seed)
    names = [f"s{number:03}" for number in range(1, students + 1)]
    skills = dict(zip(names, [0.95, *rng.beta(4, 2, size=students - 1)], strict=True))
    made = []
    for lesson in lessons:
        handed_in = names[:-1] if lesson is not lessons[0] else names
        ones = [_one(student, lesson, skills[student], rng) for student in handed_in]
        ones[1].answers = {name: renamed(text) for name, text in ones[0].answers.items()}
        ones[1].wrong, ones[1].blank = dict(ones[0].wrong), list(ones[0].blank)
        made += ones
    return made


def _one(student: str, lesson: Lesson, skill: float, rng: np.random.Generator) -> Planted:
    early = timedelta(hours=rng.gamma(2, 20) - 6 * (skill < 0.5))
    one = Planted(student, lesson, due(lesson) - early)
    reference = filled(lesson)
    for name in exercises(lesson):
        right, wrong = labels(lesson, name)
        luck = rng.random()
        if luck > skill + 0.75 * (1 - skill):
            one.blank.append(name)
        elif luck < skill and right and rng.random() < 0.8:
            one.answers[name] = typed(HERE / "right_answers" / f"{lesson.name}.py", name,
                                      str(rng.choice(right)))
        elif luck < skill:
            one.answers[name] = cell(reference, name).source
        elif wrong:  # the first ones are the most frequent
            label = wrong[min(int(rng.exponential(1.2)), len(wrong) - 1)]
            one.answers[name], one.wrong[name] = typed(lesson.misconceptions, name, label), label
        else:
            one.answers[name] = re.sub(r'return "(\w)"', _next_letter, cell(reference, name).source)
    for name in one.answers:
        one.answers[name] = retyped(one.answers[name], rng)
    for c in notebook(lesson.release).cells:
        if c.cell_type == "markdown" and c.metadata.get("nbgrader", {}).get("solution"):
            one.answers[c.id] = f"I would say it is so, for reason {rng.integers(10**6)}."
    return one


@cache
def labels(lesson: Lesson, name: str) -> tuple[list[str], list[str]]:
    return list(right_answers(lesson, name)), list(wrong_answers(lesson, name))


def _next_letter(match: re.Match[str]) -> str:
    return f'return "{"bca"["abc".index(match[1])] if match[1] in "abc" else "a"}"'


class _Retyped(ast.NodeTransformer):
    """Turns comparisons and products round, calls a function where a method was called, and names
    what is handed on or back."""

    TURNED: ClassVar = {ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE,
                        ast.Eq: ast.Eq, ast.NotEq: ast.NotEq}

    def __init__(self, rng: np.random.Generator, program: ast.Module) -> None:
        taken = {getattr(node, "id", getattr(node, "arg", "")) for node in ast.walk(program)}
        self._rng, self._names = rng, (str(name) for name in rng.permutation(
            ["out", "value", "res", "tmp", "got", "a1", "part", "u", "v", "w1"])
            if name not in taken)
        self._sparse = "sparse" in taken  # np.matmul takes none

    def _maybe(self) -> bool:
        return bool(self._rng.random() < 0.6)

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.Mult) and self._maybe():
            node.left, node.right = node.right, node.left
        elif isinstance(node.op, ast.MatMult) and self._maybe() and not self._sparse:
            return _numpy("matmul", [node.left, node.right], [])
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        match node.func:
            case ast.Attribute(value=of, attr="sum" | "mean" | "max" | "argmax" as name) if not (
                    isinstance(of, ast.Name) and of.id == "np") and self._maybe():
                return _numpy(name, [of, *node.args], node.keywords)
            case ast.Attribute(value=ast.Name("np"), attr="asarray") if self._maybe():
                return _numpy("array", node.args, node.keywords)
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        turned = self.TURNED.get(type(node.ops[0]))
        if len(node.ops) == 1 and turned and self._maybe():
            node.left, node.ops, node.comparators = node.comparators[0], [turned()], [node.left]
        return node

    def _named(self, node: ast.Return | ast.Assign) -> list[ast.stmt]:
        before: list[ast.stmt] = []
        call = node.value
        if isinstance(call, ast.Call) and call.args and isinstance(
                call.args[0], ast.Call | ast.BinOp) and self._maybe():
            name = next(self._names, "x9")
            before.append(ast.Assign([ast.Name(name, ast.Store())], call.args[0], lineno=0))
            call.args[0] = ast.Name(name, ast.Load())
        if isinstance(node, ast.Return) and node.value is not None and self._maybe():
            name = next(self._names, "x9")
            before.append(ast.Assign([ast.Name(name, ast.Store())], node.value, lineno=0))
            node.value = ast.Name(name, ast.Load())
        return [*before, node]

    def visit_Return(self, node: ast.Return) -> list[ast.stmt]:
        self.generic_visit(node)
        return self._named(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        if ast.get_docstring(node):
            node.body = node.body[1:] or [ast.Pass()]
        self.generic_visit(node)
        node.body = [one for line in node.body for one in (
            self._named(line) if isinstance(line, ast.Assign) else [line])]
        return node


def _numpy(name: str, arguments: list[ast.expr], keywords: list[ast.keyword]) -> ast.Call:
    return ast.Call(ast.Attribute(ast.Name("np", ast.Load()), name, ast.Load()), arguments,
                    keywords)


def retyped(text: str, rng: np.random.Generator) -> str:
    """The same program as another person would type it."""
    program = ast.parse(text)
    return ast.unparse(ast.fix_missing_locations(_Retyped(rng, program).visit(program)))


def renamed(text: str) -> str:
    """The same program with every name of its author's changed, and laid out anew."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return text
    own = {node.id for node in ast.walk(tree)
           if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    own |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in own:
            node.id = f"my_{node.id}"
        elif isinstance(node, ast.arg):
            node.arg = f"my_{node.arg}"
        elif isinstance(node, ast.Nonlocal):
            node.names = [f"my_{name}" for name in node.names]
    return "# all my own work\n" + ast.unparse(tree)
