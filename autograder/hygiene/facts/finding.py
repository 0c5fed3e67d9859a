"""Making a diagnostic out of a rule's finding."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from autograder.hygiene.trace.events import Place
from autograder.results import Diagnostic

if TYPE_CHECKING:
    from autograder.hygiene.trace.view import View


def finding(
    trace: View,
    rule: str,
    message: str,
    *,
    place: Place | None = None,
    step: int | None = None,
    leaves: Sequence[int] = (),
    severity: str | None = None,
) -> Diagnostic:
    """The diagnostic of the rule whose module is named ``rule``; its severity, unless another one is given."""
    module = sys.modules[rule]
    names = sorted({trace.name(leaf) for leaf in leaves if leaf >= 0})
    return Diagnostic(
        code=module.CODE,
        name=module.NAME,
        message=message,
        line=trace.line(place),
        step=step,
        parameter=", ".join(names) or None,
        severity=severity or module.SEVERITY,
        file=trace.file(place),
    )
