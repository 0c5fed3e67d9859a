"""What is wrong with an assignment's own files, as far as it can be told without running them.

Every sentence names the file, the line where there is one, and what to do.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder.assignment.assignment import Assignment, read_slug
from autograder.assignment.lines import key_line, toml_line

_RULES = Path(__file__).parents[1] / "hygiene" / "rules"


def assignment_problems(assignment: Assignment) -> list[str]:
    """The faults of an assignment's files, one sentence each; empty where nothing is seen."""
    problems: list[str] = []
    trees = {}
    for path, what in _parts(assignment):
        tree, problem = _parsed(path, what)
        problems += [problem] if problem else []
        if tree is not None:
            trees[path] = tree
    if assignment.stub in trees:
        problems += _unknown_names(assignment, trees[assignment.stub])
        problems += _unknown_limits(assignment, trees[assignment.stub])
    problems += _shared_names(assignment)
    problems += _own_needs(assignment)
    problems += _unknown_rules(assignment)
    problems += _other_slug(assignment)
    for path, tree in trees.items():
        if path.name.startswith("test_"):
            problems += _repeated_checks(path, tree)
    return problems


def _parts(assignment: Assignment) -> Iterator[tuple[Path, str]]:
    yield assignment.stub, "the stub that students fill in"
    yield assignment.public_tests, "the checks that students get"
    solutions = assignment.solution_folder or assignment.folder.parent.parent / "solutions" / assignment.slug
    yield solutions / f"{assignment.slug}.py", "the reference solution"
    yield solutions / "test_hidden.py", "the checks that students never see"


def _parsed(path: Path, what: str) -> tuple[ast.Module | None, str]:
    try:
        source = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        found = sorted(other.name for other in path.parent.glob("*.py")) if path.parent.is_dir() else []
        beside = f"its folder holds {', '.join(found)}" if found else "there is no Python file beside it"
        return None, f"{path} is missing: it should be {what}; {beside}."
    except OSError as error:
        return None, f"{path} cannot be read: {error.strerror}."
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return (
            None,
            f"{path}, line {line}: the byte 0x{error.object[error.start]:02x} is no UTF-8. Save the file as UTF-8.",
        )
    if source.startswith("\ufeff"):
        return None, f"{path}, line 1: the file begins with a byte order mark. Save it as UTF-8 without one."
    if "\0" in source:
        line = source.count("\n", 0, source.index("\0")) + 1
        return None, f"{path}, line {line}: there is a null byte, which no Python file may hold."
    try:
        return ast.parse(source, str(path)), ""
    except SyntaxError as error:
        place = f"{path}, line {error.lineno}" if error.lineno else str(path)
        return None, f"{place}: {type(error).__name__}: {error.msg}"
    except (RecursionError, MemoryError):
        return None, f"{path} is nested too deeply for Python to read it."


def _unknown_names(assignment: Assignment, stub: ast.Module) -> Iterator[str]:
    defined = _defined(stub)
    for index, task in enumerate(assignment.tasks):
        for key in ("functions", "needs"):
            for name in getattr(task, key):
                if name.split(".")[0] not in defined:
                    near = difflib.get_close_matches(name, defined, n=1)
                    advice = f"Did you mean {near[0]!r}?" if near else f"It defines {', '.join(defined) or 'nothing'}."
                    yield (
                        f"{_in_toml(assignment, index, key)}: task {task.id} lists {name!r} under {key}, but "
                        f"{assignment.stub.name} does not define it. {advice}"
                    )


def _defined(tree: ast.Module) -> list[str]:
    found: list[str] = []
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.append(node.name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found += [target.id for target in targets if isinstance(target, ast.Name)]
    return found


def _shared_names(assignment: Assignment) -> Iterator[str]:
    owner: dict[str, str] = {}
    for index, task in enumerate(assignment.tasks):
        for name in dict.fromkeys(task.functions):
            if name in owner:
                yield (
                    f"{_in_toml(assignment, index, 'functions')}: {name!r} is a function of task {owner[name]} and of "
                    f"task {task.id}. List it once; a task that only relies on it has it under needs."
                )
            owner.setdefault(name, task.id)
        for name, times in _repeated(task.functions):
            yield f"{_in_toml(assignment, index, 'functions')}: task {task.id} lists {name!r} {times} times."


def _own_needs(assignment: Assignment) -> Iterator[str]:
    for index, task in enumerate(assignment.tasks):
        others = {name for other in assignment.tasks if other is not task for name in other.functions}
        for name in task.needs:
            if name in task.functions and name not in others:
                yield (
                    f"{_in_toml(assignment, index, 'needs')}: task {task.id} lists {name!r} under needs, and it is a "
                    "function of that task itself. List there what it relies on of other tasks."
                )


def _unknown_limits(assignment: Assignment, stub: ast.Module) -> Iterator[str]:
    asked = [name for task in assignment.tasks for name in (*task.functions, *task.needs)]
    known = [*dict.fromkeys([*asked, *_defined(stub)])]
    for name in assignment.limits.seconds_for:
        place = _key_in_toml(assignment, "limits.seconds_for", name)
        if "." in name and name.split(".")[0] in known:
            yield f"{place}: {name!r} is a method; the seconds count for all of a class: write {name.split('.')[0]!r}."
        elif name not in known:
            yield f"{place}: seconds_for names {name!r}, which no task has. {_advice(name, known)}"


def _unknown_rules(assignment: Assignment) -> Iterator[str]:
    known = sorted(path.name[:5].upper() for path in _RULES.glob("gh*.py"))  # to import them is to import torch
    policy = assignment.hygiene
    for section, key, codes in (("hygiene.deductions", "", policy.deductions), ("hygiene", "ignore", policy.ignore)):
        for code in codes:
            if code not in known:
                place = _key_in_toml(assignment, section, key or code)
                near = difflib.get_close_matches(code.upper(), known, n=1)
                advice = f"Did you mean {near[0]!r}? " if near else ""
                yield f"{place}: {code!r} is no rule. {advice}`autograder rules` lists them."


def _other_slug(assignment: Assignment) -> Iterator[str]:
    """In a course, the folder's name is the slug; a student's folder may have any name."""
    named = read_slug(assignment.folder)
    if assignment.folder.name == assignment.slug != named:
        place = _key_in_toml(assignment, "", "slug")
        yield (
            f"{place}: slug = {named!r}, but the folder, and with it the assignment, is named {assignment.slug!r}. "
            "Take the line out, or rename one of them."
        )


def _advice(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"Did you mean {near[0]!r}?" if near else f"There are {', '.join(known) or 'none'}."


def _repeated(names: Iterable[str]) -> Iterator[tuple[str, int]]:
    names = list(names)
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            yield name, names.count(name)


def _repeated_checks(path: Path, tree: ast.Module) -> Iterator[str]:
    """A second definition replaces the first without a word."""
    lines: dict[str, int] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            if node.name in lines:
                yield (
                    f"{path}, line {node.lineno}: {node.name} is defined on line {lines[node.name]}, too, and only the "
                    "last one would run; rename one."
                )
            lines.setdefault(node.name, node.lineno)


def _key_in_toml(assignment: Assignment, section: str, key: str) -> str:
    path = assignment.folder / "assignment.toml"
    line = key_line(path.read_text(encoding="utf-8"), section, key)
    return f"{path}, line {line}" if line else str(path)


def _in_toml(assignment: Assignment, index: int, key: str) -> str:
    path = assignment.folder / "assignment.toml"
    line = toml_line(path.read_text(encoding="utf-8"), index, key)
    return f"{path}, line {line}" if line else str(path)
