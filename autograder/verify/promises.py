"""Every promise of a handout has a check that keeps it, or a reason why none does.

``promises.toml`` beside the solution quotes the stub, word for word, and names the checks::

    [[promise]]
    says = "computed before its update"  # or several: ["…", "…"]
    checks = ["test_manual_returns_the_loss_before_the_update"]
    [[unchecked]]
    says = "Derive the three partial derivatives of $L$ with the chain rule, on paper"
    why = "advice: how somebody got the formulas, nobody can see"

The words of an entry stand once in the stub, or are a whole sentence, wherever it stands. Each place of the stub that
makes a promise (``handout.py`` says which places these are) lies within the words of an entry.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from autograder.assignment import Assignment, toml_line
from autograder.verify.handout import Handout, normal
from autograder.verify.tables import read_table

PROMISES_FILE = "promises.toml"
_SKIPS = ("skip", "skipif", "xfail")


class Promise(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words of the handout, and the checks that fail for who does not keep them."""

    says: str | list[str]
    checks: list[str]


class Unchecked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words of the handout that no check can, or should, ask for."""

    says: str | list[str]
    why: str


class Promises(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``promises.toml`` says."""

    promise: list[Promise] = []
    unchecked: list[Unchecked] = []


def promise_problems(assignment: Assignment) -> list[str]:
    """What is wrong with ``promises.toml``, and each promise of the stub that it leaves out, with file and line.

    Raises AssignmentError where the file cannot be read, or says something else.
    """
    path = assignment.solution.parent / PROMISES_FILE
    promises, text = read_table(path, Promises)
    repaired = [name for task in assignment.tasks if task.kind == "repair" for name in task.functions]
    handout = Handout(assignment.stub.read_text(encoding="utf-8"), repaired)
    problems = [*_check_problems(promises, assignment, path, text)]
    covered: list[tuple[int, int]] = []
    tables: tuple[tuple[str, Sequence[Promise | Unchecked]], ...] = (
        ("promise", promises.promise),
        ("unchecked", promises.unchecked),
    )
    for name, entries in tables:
        for index, entry in enumerate(entries):
            place = f"{path}, line {toml_line(text, index, 'says', name)}"
            for words in [entry.says] if isinstance(entry.says, str) else entry.says:
                found = handout.find(words)
                covered += found
                if not found or (len(found) > 1 and normal(words) not in handout.sentences()):
                    problems.append(f"{place}: {_not_once(words, found, handout, assignment.stub.name)}")
    return [*problems, *_left_out(handout, covered, assignment.stub, path)]


def _check_problems(promises: Promises, assignment: Assignment, path: Path, text: str) -> Iterator[str]:
    checks = _checks(assignment)
    for index, promise in enumerate(promises.promise):
        place = f"{path}, line {toml_line(text, index, 'checks', 'promise')}"
        if not promise.checks:
            yield f'{place}: no check is named. Name one, or make it an [[unchecked]] with why = "…".'
        for name in promise.checks:
            if name not in checks:
                near = difflib.get_close_matches(name.split("[", 1)[0], checks, n=1)
                advice = f"did you mean {near[0]}?" if near else "a check is named without its cases."
                yield f"{place}: {name} is no check; {advice}"
            elif checks[name]:
                yield f"{place}: {name} keeps no promise: it is marked {checks[name]}."
    for index, entry in enumerate(promises.unchecked):
        if not entry.why.strip():
            yield f"{path}, line {toml_line(text, index, 'why', 'unchecked')}: why is empty. Say why nothing checks it."


def _checks(assignment: Assignment) -> dict[str, str]:
    """The names of the checks, each with the mark by which it may be skipped, or ``""``."""
    found = {}
    for path in (assignment.public_tests, assignment.hidden_tests):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                marks = [
                    part.attr
                    for decorator in node.decorator_list
                    for part in ast.walk(decorator)
                    if isinstance(part, ast.Attribute) and part.attr in _SKIPS
                ]
                found[node.name] = marks[0] if marks else ""
    return found


def _not_once(words: str, found: Sequence[tuple[int, int]], handout: Handout, stub: str) -> str:
    said = _short(normal(words))
    if found:
        lines = ", ".join(str(handout.line(start)) for start, _ in found)
        return f"“{said}” stands {len(found)} times in {stub}, on the lines {lines}. Quote more of one of them."
    near = max(
        (place.sentence for place in handout.places()),
        key=lambda sentence: difflib.SequenceMatcher(None, sentence, normal(words)).quick_ratio(),
        default="",
    )
    return f"“{said}” does not stand in {stub}; the nearest there is “{_short(near)}”."


def _left_out(handout: Handout, covered: Sequence[tuple[int, int]], stub: Path, path: Path) -> Iterator[str]:
    """The promises that no entry quotes, by their sentences, and at the end how to add them."""
    sentences: dict[tuple[str, int], list[str]] = {}
    for place in handout.places():
        if not any(start <= place.start and place.end <= end for start, end in covered):
            sentences.setdefault((place.sentence, place.line), []).append(place.words)
    for (sentence, line), words in sentences.items():
        yield f"{stub}, line {line}: no entry of {path.name} quotes {', '.join(words)} in “{_short(sentence)}”"
    if sentences:
        yield (
            f'To add one, write in {path}: [[promise]] says = "the words" checks = ["test_…"], or, where nothing '
            'can check it, [[unchecked]] says = "the words" why = "the reason".'
        )


def _short(words: str) -> str:
    return words if len(words) <= 160 else f"{words[:157]}…"
