"""Nothing for nothing: a stub whose blanks are filled without thinking earns no point.

``trivial.toml`` beside the solution says what such an answer looks like, a Python expression for each blank that may
use the blank's parameters and what the stub imports::

    [structures]  # what the blank returns, with `fill()` for a number
    "SimpleNN.forward" = "torch.tensor([[fill()] for _ in x])"
    [starts]  # what is there before any work is done: the start, its loss, the first input
    "SimpleNN.forward" = "torch.sigmoid(x[:, :1])"
    [page]  # may be left out: the numbers of the handout, copied
    "SimpleNN.forward" = "torch.full((len(x), 1), 0.7311)"

A blank ``__init__`` needs no entry: it is filled with ``super().__init__()``.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import msgspec

from autograder.assignment import Assignment, key_line, to_repair
from autograder.errors import AssignmentError
from autograder.pairs import blanks
from autograder.results import GradeReport
from autograder.verify.tables import read_table

FILLS = {"zeros": "0.0", "ones": "1.0", "nans": "float('nan')", "random numbers": "torch.rand(()).item()"}
"""What ``fill()`` stands for in turn."""
PLAIN = {
    "nothing": "pass",
    "a number": "return 0.0",
    "an empty list": "return []",
    "an exception": "raise ValueError('later')",
}
"""Bodies that fit every blank."""
FIRST, START, PAGE = "the first argument", "the start", "the page"
KINDS = (*PLAIN, FIRST, START, PAGE, *FILLS)
"""Every way to fill a stub's blanks without thinking."""
TRIVIAL_FILE = "trivial.toml"


class TrivialAnswers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``trivial.toml`` says: blank to expression, three times."""

    structures: dict[str, str]
    starts: dict[str, str]
    page: dict[str, str] = {}


def trivial_kinds(assignment: Assignment) -> tuple[str, ...]:
    """The kinds of trivial answers that can be made: none without a sound ``trivial.toml``."""
    try:
        answers = read_trivial(assignment)
    except AssignmentError:
        return ()
    return tuple(kind for kind in KINDS if kind != PAGE or answers.page)


def read_trivial(assignment: Assignment) -> TrivialAnswers:
    """What ``trivial.toml`` says of every blank; an AssignmentError with all that is wrong or missing in it."""
    path = assignment.solution.parent / TRIVIAL_FILE
    answers, text = read_table(path, TrivialAnswers)
    found = blanks(assignment.stub.read_text(encoding="utf-8"), to_repair(assignment.tasks))
    problems = [*_problems(answers, path, text, [blank.name for blank in found])]
    if problems:
        raise AssignmentError("\n".join(problems))
    return answers


def answered(stub: str, answers: TrivialAnswers, kind: str, repaired: Collection[str] = ()) -> str:
    """The stub with all its blanks filled in that way, one of :data:`KINDS`.

    ``repaired``: the functions of repair tasks, whose bodies are replaced as well.
    """
    tree, empty = ast.parse(stub), {blank.name for blank in blanks(stub, repaired)}

    def fill(nodes: list[ast.stmt], prefix: str) -> None:
        for node in nodes:
            if isinstance(node, ast.ClassDef):
                fill(node.body, f"{prefix}{node.name}.")
            elif isinstance(node, ast.FunctionDef) and prefix + node.name in empty:
                parameters = [argument.arg for argument in node.args.args if argument.arg not in ("self", "ctx")]
                # A `return` outside of a function is no fault of syntax to ast.parse: only the compiler objects to it.
                node.body = ast.parse(_body(answers, kind, prefix + node.name, parameters)).body

    fill(tree.body, "")
    return ast.unparse(tree)


def _body(answers: TrivialAnswers, kind: str, name: str, parameters: list[str]) -> str:
    """The statement that fills the blank of that name."""
    if name.endswith(".__init__"):
        return "super().__init__()"
    if kind == FIRST:
        return f"return {parameters[0]}" if parameters else "pass"
    if kind == START:
        return f"return ({answers.starts[name]}\n)"
    if kind == PAGE:
        return f"return ({answers.page[name]}\n)"
    return PLAIN.get(kind) or f"return ({answers.structures[name]}\n)".replace("fill()", FILLS[kind])


def unearned(report: GradeReport) -> Iterator[str]:
    """Each check that gives points for a trivial answer, and what stopped in checks because of it."""
    for check in report.checks:
        if check.score:
            yield f"{check.check} gives {check.score:g} of {check.max_score:g} points for it"
    if report.status != "graded":
        yield from report.integrity


def _problems(answers: TrivialAnswers, path: Path, text: str, empty: Sequence[str]) -> Iterator[str]:
    names = [name for name in empty if not name.endswith(".__init__")]
    for section in ("structures", "starts", *(["page"] if answers.page else [])):
        table: dict[str, str] = getattr(answers, section)
        for name in names:
            if name not in table:
                yield f'{path}: [{section}] has no entry for the blank `{name}`. Add one: "{name}" = "…".'
        for name, expression in table.items():
            place = f"{path}, line {key_line(text, section, name)}"
            if name not in names:
                near = difflib.get_close_matches(name, names, n=1)
                advice = f"Did you mean {near[0]!r}?" if near else f"There are {', '.join(names) or 'none'}."
                yield f"{place}: [{section}] names {name!r}, which is no blank of the stub. {advice}"
            try:
                ast.parse(f"({expression}\n)", mode="eval")
            except SyntaxError as error:
                yield f"{place}: what [{section}] says of `{name}` is no expression: {error.msg}."
