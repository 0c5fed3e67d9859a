"""The calls that an assignment's checks make of a submission: those of all checks on the reference solution."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.assignment import Assignment
from autograder.bridge.code import SubmissionCode
from autograder.bridge.handle import Handle
from autograder.bridge.messages import Request, pack
from autograder.bridge.proxy import SubmissionProxy
from autograder.bridge.values import Encoder, ValueRefused, refuse_objects
from autograder.checking.bench import Bench
from autograder.checking.plugin import CheckPlugin
from autograder.checking.situation import InFolder, channels_of
from autograder.checking.submitted import submission_code
from autograder.checking.trusted import TrustedModule
from autograder.errors import CheckFailure
from autograder.grade.judge import run_checks
from autograder.results import CheckResult
from autograder.submission import SubmissionFile, read_submission


@dataclass(frozen=True)
class Call:
    """One question of a check. Objects that stay with the submission, such as a model, stand in it as handles."""

    op: str
    """``call``, ``get``, ``make`` or ``function``, as in ``autograder.bridge.messages.Request``."""
    target: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    handle: Handle | None
    answer: Any
    key: bytes | None
    """Equal for equal calls, recorded or not; None where objects take part, or the call is to be made once more."""


@dataclass
class CallLog:
    """The calls in their order, and how many checks made them."""

    calls: list[Call] = field(default_factory=list)
    checks: int = 0

    def distinct(self) -> list[Call]:
        """Of equal calls, the first."""
        seen: set[bytes] = set()
        found = []
        for call in self.calls:
            if call.key not in seen:
                found.append(call)
            if call.key is not None:
                seen.add(call.key)
        return found


def call_log(assignment: Assignment) -> CallLog:
    """The calls that all checks, public and hidden, make of the reference solution; it is run in this process.

    Raises RuntimeError where it does not get full marks: then these would not be all calls.
    """
    log = CallLog()
    results: list[CheckResult] = []
    solution = assignment.solution
    code = submission_code(read_submission(SubmissionFile(solution.stem, solution), assignment.slug), assignment)
    proxy = _Noting(code, assignment, log)
    given = TrustedModule(assignment.stub, f"given_{assignment.slug}")
    reference = TrustedModule(solution, f"reference_{assignment.slug}")
    run_checks(assignment, CheckPlugin(Bench(assignment, proxy, given, reference), results.append))
    proxy.close()
    if lost := [result.check for result in results if result.score < result.max_score]:
        raise RuntimeError(f"the reference solution loses points in {', '.join(lost)}")
    log.checks = len(results)
    return log


def with_objects(value: Any, of_handle: Callable[[Handle], Any]) -> Any:
    """A copy of plain data, with an object of the submission in the place of each handle."""
    if isinstance(value, Handle):
        return of_handle(value)
    if type(value) in (list, tuple):
        return type(value)(with_objects(one, of_handle) for one in value)
    if isinstance(value, dict):
        return {key: with_objects(one, of_handle) for key, one in value.items()}
    return copy.deepcopy(value)


class _Noting(SubmissionProxy):
    """Runs the submission in this process, and notes what it is asked, also where the answer is known already."""

    def __init__(self, code: SubmissionCode, assignment: Assignment, log: CallLog) -> None:
        super().__init__(code, channels_of(InFolder(), assignment.limits), assignment.limits)
        self._log = log

    def _ask(self, op: str, target: str, args: Any, kwargs: Any, *, handle: Handle | None = None, **how: Any) -> Any:
        given = with_objects((args, dict(kwargs)), lambda one: one)
        answer = None
        try:
            answer = super()._ask(op, target, args, kwargs, handle=handle, **how)
        except CheckFailure:  # a check may want that
            self._note(op, target, given, handle, None, **how)
            raise
        self._note(op, target, given, handle, answer, **how)
        return answer

    def _traced_call(self, name: str, args: Any, kwargs: Any, options: Any) -> Any:
        given = with_objects((args, dict(kwargs)), lambda one: one)
        trace = super()._traced_call(name, args, kwargs, options)
        self._note("call", name, given, None, trace.value)
        return trace

    def _note(
        self, op: str, target: str, given: tuple[Any, Any], handle: Handle | None, answer: Any, *, again: bool = False
    ) -> None:
        plain = op == "call" and handle is None and not again and not _holds_handle(answer)
        key = _key(target, *given) if plain else None
        self._log.calls.append(Call(op, target, *given, handle, answer, key))


def _holds_handle(value: Any) -> bool:
    found: list[Handle] = []
    with_objects(value, found.append)
    return bool(found)


def _key(target: str, args: Any, kwargs: Any) -> bytes | None:
    encoder = Encoder(refuse_objects)
    try:
        nodes = {"args": encoder.node(list(args)), "kwargs": encoder.node(kwargs)}
    except ValueRefused:
        return None
    return pack(Request(nonce=0, op="call", target=target, **nodes), encoder.buffers)
