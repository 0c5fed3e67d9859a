"""Checks for arguments that the function changes.

**Why is this bad?** The caller's tensors belong to the caller. If a function standardizes, shuffles or trains them in
place, a second call starts from other data.

**Use instead:** ``x = x - x.mean()`` (a new tensor), ``start.clone().requires_grad_()`` for a starting point.

**Severity:** error. It speaks only about arguments that the recording was told of (``inputs=``).

**Missed alarms:** changes that are undone before the function returns; modules are meant to be trained.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch

from autograder.hygiene.facts.finding import Finding
from autograder.hygiene.trace.view import View

SEVERITY = "E"
DATA = torch.arange(4.0)
OPTIONS = {"inputs": (DATA,)}
_WORDS = {"values": "values", "requires_grad": "`requires_grad`", "grad": "`.grad`"}


def check(trace: View) -> Iterable[Finding]:
    """One diagnostic per argument."""
    positions = sorted({change.position for change in trace.input_changes})
    for position in positions:
        changes = [change for change in trace.input_changes if change.position == position]
        what = [_WORDS.get(change.what, "values") for change in changes]
        which = f"`{changes[0].name}`" if changes[0].name else f"Argument {position + 1}"
        place = next((change.place for change in changes if trace.line(change.place)), None)
        verb = "were" if what == ["values"] or len(what) > 1 else "was"
        message = (
            f"{which} belongs to the caller, but its {' and '.join(what)} {verb} changed by the call. "
            "Work on a copy: `.clone()`, or `.detach().clone()`."
        )
        yield Finding(message, place=place)


def bad() -> None:
    """The data are standardized in place."""
    DATA.sub_(DATA.mean() + 1.0)  # <- fault


def good() -> None:
    """A new tensor."""
    data = DATA - DATA.mean()
    print(data.sum().item())


def bad_slice() -> None:
    """A slice shows the same numbers, it is no copy."""
    first = DATA[:2]
    first += 1.0  # <- fault


def good_slice() -> None:
    """A new tensor."""
    first = DATA[:2] + 1.0
    print(first.sum().item())
