"""No check hands a submission what the reference computed, or it has a worker of its own."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch

from autograder.assignment import Assignment
from autograder.bridge.proxy import SubmissionProxy
from autograder.checking.plugin import CheckPlugin
from autograder.checking.trusted import TrustedModule
from autograder.grade.judge import Judge
from autograder.submission import Submission, SubmissionFile, read_submission
from tests.course.conftest import COURSE


def numbers(value: Any) -> Iterator[float]:
    """The numbers with a fraction in a value: others are everywhere."""
    if isinstance(value, float) and math.isfinite(value) and not value.is_integer():
        yield value
    elif isinstance(value, torch.Tensor) and value.is_floating_point():
        yield from numbers(value.detach().flatten().tolist())
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from numbers(part)
    elif isinstance(value, dict):
        yield from numbers(list(value.values()))


def handed_over(judge: Judge, submission: Submission, monkeypatch: pytest.MonkeyPatch) -> dict[str, set[float]]:
    """Check to numbers that it gave the submission, that the reference had computed and nobody had given to it."""
    judge._reference = TrustedModule(judge.assignment.solution, "reference_for_this_test")
    found: dict[str, set[float]] = {}
    inputs: set[float] = set()
    written = {
        rounded
        for path in (judge.assignment.stub, judge.assignment.public_tests, judge.assignment.hidden_tests)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, float)
        for rounded in (node.value, torch.tensor(node.value).item())
    }
    running = [""]
    reply, shared, mark = SubmissionProxy._reply, TrustedModule._shared, CheckPlugin._mark

    def _reply(proxy: SubmissionProxy, op: str, target: str, args: Any, kwargs: Any, *rest: Any, **named: Any) -> Any:
        computed = set(judge._reference.numbers()) - inputs - written
        if common := computed & set(numbers([list(args), dict(kwargs)])):
            found.setdefault(running[0], set()).update(common)
        return reply(proxy, op, target, args, kwargs, *rest, **named)

    def _shared(module: TrustedModule, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            inputs.update(numbers([list(args), kwargs]))
            return shared(module, name, function)(*args, **kwargs)

        return call

    def _mark(plugin: CheckPlugin, item: pytest.Item) -> Any:
        known = mark(plugin, item)
        running[0] = "" if known.isolated else item.name
        return known

    monkeypatch.setattr(SubmissionProxy, "_reply", _reply)
    monkeypatch.setattr(TrustedModule, "_shared", _shared)
    monkeypatch.setattr(CheckPlugin, "_mark", _mark)
    assert judge.grade(submission).status == "graded"
    return {name: values for name, values in found.items() if name}


@pytest.mark.parametrize("slug", COURSE.slugs)
def test_nothing_that_the_reference_computed(
    slug: str, judge_of: Callable[[str], Judge], monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = judge_of(slug)
    solution = judge.assignment.solution
    before = judge._reference
    try:
        found = handed_over(judge, read_submission(SubmissionFile(solution.stem, solution), slug), monkeypatch)
    finally:
        judge._reference = before
    assert not found, "mark these checks isolated=True"


@pytest.mark.parametrize("marked", [False, True])
def test_a_check_that_does_is_found(
    new_assignment: Callable[..., Assignment],
    judge_beside: Callable[[Assignment], Judge],
    solution: str,
    monkeypatch: pytest.MonkeyPatch,
    marked: bool,
) -> None:
    hidden = (
        "import pytest\n\n\n"
        f'@pytest.mark.task("2", points=3, category="correctness", isolated={marked})\n'
        "def test_hands_over(submission, reference):\n"
        "    losses, x = reference.descend(1.7)\n"
        "    assert submission.double(x) == 2 * x\n"
    )
    assignment = new_assignment(hidden=hidden)
    with judge_beside(assignment) as judge:
        found = handed_over(judge, Submission("ada", f"{assignment.slug}.py", "py", solution, (), ""), monkeypatch)
    assert list(found) == ([] if marked else ["test_hands_over"])
