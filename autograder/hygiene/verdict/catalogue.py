"""All rules, found by looking into the folder ``rules``: one file, one rule, one code."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType

from autograder.errors import GraderError, UsageError
from autograder.hygiene.facts.finding import Finding
from autograder.hygiene.trace.view import View
from autograder.results import Diagnostic

_SEVERITIES = {"E": "error", "W": "warning", "S": "style"}


@dataclass(frozen=True)
class Twin:
    """A small program that shows a rule's fault, or how to do without it."""

    bad: bool
    about: str
    """What sets it apart from the other twins of its rule; empty for the first pair."""
    run: Callable[[], object]


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
    check: Callable[[View], Iterable[Finding]]
    twins: tuple[Twin, ...]
    """In the order of the file, where a good one follows its bad one."""
    options: dict[str, object]
    """How the twins are recorded, if not with ``record()`` alone."""

    @property
    def title(self) -> str:
        """What the rule finds, in one line."""
        return self.documentation.splitlines()[0]

    @property
    def severity_in_words(self) -> str:
        """``error``, ``warning`` or ``style``."""
        return _SEVERITIES[self.severity]

    def diagnostics(self, trace: View) -> list[Diagnostic]:
        """What this rule alone says about a run."""
        return [self._diagnostic(trace, found) for found in self.check(trace)]

    def _diagnostic(self, trace: View, found: Finding) -> Diagnostic:
        names = sorted({trace.name(leaf) for leaf in found.leaves if leaf >= 0})
        return Diagnostic(
            code=self.code,
            name=self.name,
            message=found.message,
            line=trace.line(found.place),
            step=found.step,
            parameter=", ".join(names) or None,
            severity=found.severity or self.severity,
            file=trace.file(found.place),
        )


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """Every rule, by code."""
    names = sorted(entry.name for entry in pkgutil.iter_modules(_package.__path__) if entry.name.startswith("gh"))
    return tuple(_rule(importlib.import_module(f"{_package.__name__}.{name}")) for name in names)


def _rule(module: ModuleType) -> Rule:
    code, _, name = module.__name__.rpartition(".")[2].partition("_")
    return Rule(
        code=code.upper(),
        name=name.replace("_", "-"),
        severity=_severity(module),
        documentation=(module.__doc__ or "").strip(),
        supersedes=getattr(module, "SUPERSEDES", ()),
        outranks=getattr(module, "OUTRANKS", ()),
        check=module.check,
        twins=tuple(_twins(module)),
        options=getattr(module, "OPTIONS", {}),
    )


def _severity(module: ModuleType) -> str:
    severity: object = getattr(module, "SEVERITY", None)
    if not isinstance(severity, str) or severity not in _SEVERITIES:
        found = "no SEVERITY" if severity is None else f"SEVERITY = {severity!r}"
        raise GraderError(f'{module.__file__} has {found}; write SEVERITY = "E" (error), "W" (warning) or "S" (style).')
    return severity


def _twins(module: ModuleType) -> Iterable[Twin]:
    for name, content in vars(module).items():
        kind, _, about = name.partition("_")
        if kind in ("bad", "good") and inspect.isfunction(content):
            yield Twin(kind == "bad", about.replace("_", " "), content)


def rule(code: str) -> Rule:
    """The rule with this code or name."""
    for candidate in rules():
        if code.upper() == candidate.code or code == candidate.name:
            return candidate
    raise UsageError(f"There is no rule {code!r}; `autograder rules` lists them.")


def diagnose(trace: View) -> tuple[Diagnostic, ...]:
    """The diagnostics of all rules over a trace: one per cause, sorted by step, line and code."""
    found = [(candidate, item) for candidate in rules() for item in candidate.diagnostics(trace)]
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
