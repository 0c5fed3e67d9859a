"""Numbers and names as a beginner reads them in a message."""

from __future__ import annotations

import math
from collections.abc import Sequence

from autograder.hygiene.events import Value


def number(value: float) -> str:
    """``−3.7500``: four decimals where they say enough, else scientific."""
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "−inf"
    text = f"{value:.4f}" if value == 0 or 1e-3 <= abs(value) < 1e5 else f"{value:.3e}"
    return text.replace("-", "−") if text.startswith("-") else text


def numbers(value: Value | None) -> str:
    """A recorded value: the number, the first few numbers, or the norm."""
    if value is None:
        return "None"
    if not value.numbers:
        return f"a tensor with norm {number(value.norm)}" if math.prod(value.shape) else "empty"
    if not value.shape:
        return number(value.numbers[0])
    if len(value.numbers) <= 4:
        return "[" + ", ".join(number(entry) for entry in value.numbers) + "]"
    return f"a tensor with norm {number(norm(value))}"


def norm(value: Value) -> float:
    """The Euclidean norm of a recorded value."""
    if value.numbers:
        return math.sqrt(math.fsum(entry * entry for entry in value.numbers)) if finite(value) else math.nan
    return value.norm


def finite(value: Value) -> bool:
    """Whether all entries are finite numbers."""
    if value.numbers:
        return all(math.isfinite(entry) for entry in value.numbers)
    return math.isfinite(value.norm)


def listed(names: Sequence[str]) -> str:
    """``a``, ``b`` and ``c``, in backticks, at most five of them."""
    quoted = [f"`{name}`" for name in dict.fromkeys(names)]
    if len(quoted) > 5:
        quoted = [*quoted[:4], f"{len(quoted) - 4} more"]
    if len(quoted) < 2:
        return "".join(quoted)
    return ", ".join(quoted[:-1]) + " and " + quoted[-1]


def grads(names: Sequence[str]) -> str:
    """``a.grad`` and ``b.grad``, in backticks."""
    return listed([f"{name}.grad" for name in names])
