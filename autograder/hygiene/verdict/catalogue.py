"""All rules, found by looking into the folder ``rules``: one file, one rule, one code."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from autograder.errors import UsageError
from autograder.results import Diagnostic

if TYPE_CHECKING:
    from autograder.hygiene.trace.view import View

# By its name: once ``autograder.hygiene`` is there, its attribute ``rules`` is the function below.
_package = importlib.import_module("autograder.hygiene.rules")


@dataclass(frozen=True)
class Rule:
    """One rule: its documentation, its test and its check."""

    code: str
    name: str
    severity: str
    documentation: str
    supersedes: tuple[str, ...]
    """Codes whose diagnostics of the same cause (the same line, or a common parameter) are left out."""
    outranks: tuple[str, ...]
    """Codes whose diagnostics are left out altogether: nothing that they say can be trusted then."""
    check: Callable[[View], Iterable[Diagnostic]]
    bad: Callable[[], object]
    good: Callable[[], object]
    options: dict[str, object]
    """How the twins are recorded, if not with ``record()`` alone."""


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """Every rule, by code."""
    found = []
    for module in sorted(pkgutil.iter_modules(_package.__path__), key=lambda entry: entry.name):
        if not module.name.startswith("gh"):
            continue
        content = importlib.import_module(f"{_package.__name__}.{module.name}")
        found.append(
            Rule(
                content.CODE,
                content.NAME,
                content.SEVERITY,
                (content.__doc__ or "").strip(),
                tuple(getattr(content, "SUPERSEDES", ())),
                tuple(getattr(content, "OUTRANKS", ())),
                content.check,
                content.bad,
                content.good,
                dict(getattr(content, "OPTIONS", {})),
            )
        )
    return tuple(found)


def rule(code: str) -> Rule:
    """The rule with this code or name."""
    for candidate in rules():
        if code.upper() == candidate.code or code == candidate.name:
            return candidate
    raise UsageError(f"There is no rule {code!r}; `autograder rules` lists them.")


def diagnose(trace: View) -> tuple[Diagnostic, ...]:
    """The diagnostics of all rules over a trace: one per cause, sorted by step, line and code."""
    found = [(candidate, item) for candidate in rules() for item in candidate.check(trace)]
    kept = [
        item
        for candidate, item in found
        if not any(
            candidate.code in other.outranks or (candidate.code in other.supersedes and _same_cause(item, cause))
            for other, cause in found
            if cause is not item
        )
    ]
    unique = {(item.code, item.file, item.line, item.parameter): item for item in reversed(kept)}
    return tuple(
        sorted(
            unique.values(),
            key=lambda item: (
                item.step or 0, item.file or "", item.line or 0, item.code, item.parameter or "", item.message,
            ),
        )
    )  # fmt: skip


def _same_cause(item: Diagnostic, cause: Diagnostic) -> bool:
    if item.line is not None and item.line == cause.line and item.file == cause.file:
        return True
    if item.parameter is None or cause.parameter is None:
        return True
    return bool(_names(item.parameter) & _names(cause.parameter))


def _names(parameter: str) -> set[str]:
    return set(parameter.split(", "))
