"""What the rules say about the place where runs part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from autograder.hygiene.comparison.divergence import Divergence
from autograder.results import Diagnostic

_EXPLAINING_WARNINGS = frozenset({"GH104"})


def explained(found: Divergence, diagnostics: Iterable[Diagnostic]) -> Divergence:
    """The same with the rules' word on it: the diagnostics at or before the step where the runs part."""
    fitting = sorted(
        (item for item in diagnostics if _fits(item, found)), key=lambda item: (-(item.step or 0), item.code)
    )
    if not fitting:
        return found
    if found.code is not None:
        exact = [item for item in fitting if item.code in (found.code, "GH102")]
        return replace(found, diagnostics=tuple(exact or fitting), code=exact[0].code if exact else found.code)
    first = fitting[0]
    at = f" on {first.where}" if first.where else ""
    reason = f" This is why{at}: {first.message} ({first.code} {first.name})"
    return replace(
        found,
        code=first.code,
        diagnostics=tuple(fitting),
        sentence=found.sentence + reason,
        safe=found.safe + reason,
    )


def _fits(item: Diagnostic, found: Divergence) -> bool:
    return (
        (item.severity == "E" or item.code in _EXPLAINING_WARNINGS)
        and (item.step is None or item.step <= found.step + (found.quantity == "parameter"))
        and (
            found.parameter is None
            or item.parameter is None
            or not set(found.parameter.split(", ")).isdisjoint(item.parameter.split(", "))
        )
    )
