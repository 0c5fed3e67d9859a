"""Checks for switches of torch that are left in another position than before.

**Why is this bad?** Grad mode, anomaly mode, the default dtype, the number of threads and the deterministic flag hold
for the whole process. A function that changes one and does not put it back changes what all later code does.

**Use instead:** the context managers (``torch.no_grad()``, ``torch.autograd.detect_anomaly()``), or remember the old
setting and put it back in ``finally``.

**Severity:** error. For a whole program (``autograder lint``) only grad mode and anomaly mode count.

**Missed alarms:** changes that are put back before the run ends.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch

from autograder.hygiene.facts.finding import Finding
from autograder.hygiene.trace.events import Switch
from autograder.hygiene.trace.view import View

SEVERITY = "E"
_WORDS = {
    "grad_mode": ("Grad mode", "Use `with torch.no_grad():`, which puts it back."),
    "anomaly": ("Anomaly mode", "It is for debugging: use `with torch.autograd.detect_anomaly():`."),
    "dtype": ("The default dtype", "Give `dtype=` to the tensors instead."),
    "threads": ("The number of threads", "Leave it to the caller, or put it back."),
    "deterministic": ("The deterministic flag", "Leave it to the caller, or put it back."),
}


def check(trace: View) -> Iterable[Finding]:
    """One diagnostic per switch."""
    for what, (words, advice) in _WORDS.items():
        before, after = getattr(trace.start, what), getattr(trace.end, what)
        if before == after or (trace.whole_program and what not in ("grad_mode", "anomaly")):
            continue
        if trace.outcome is not None and what == "grad_mode":
            continue
        last = next((event for event in reversed(trace.of(Switch)) if event.what == what), None)
        message = f"{words} was {_shown(before)} before the call and is {_shown(after)} after it. {advice}"
        place, step = (None, None) if last is None else (last.place, last.step)
        yield Finding(message, place=place, step=step)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"`{value}`" if isinstance(value, str) else str(value)


def bad() -> None:
    """Grad mode stays off."""
    torch.set_grad_enabled(False)  # <- fault
    print(torch.ones(2).mean().item())


def good() -> None:
    """Grad mode comes back by itself."""
    with torch.no_grad():
        print(torch.ones(2).mean().item())


def bad_dtype() -> None:
    """All tensors that are made afterwards have another dtype."""
    torch.set_default_dtype(torch.float64)  # <- fault
    print(torch.ones(2).mean().item())


def good_dtype() -> None:
    """The dtype of this tensor alone."""
    print(torch.ones(2, dtype=torch.float64).mean().item())
