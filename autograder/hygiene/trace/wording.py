"""Numbers and names as a beginner reads them in a message."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from autograder.hygiene.trace.events import Value

_COUNTED = re.compile(r"parameter \d+")


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


def is_known(name: str) -> bool:
    """Whether the student's code has this name; ``parameter 3`` is only how we count."""
    return _COUNTED.fullmatch(name) is None


def named(name: str) -> str:
    """A parameter in a sentence: its name in backticks, or ``parameter 3`` where the code has none for it."""
    return f"`{name}`" if is_known(name) else name


def code(name: str) -> str:
    """A parameter in a line of code that is proposed: its name, or ``p``, which stands for any."""
    return name if is_known(name) else "p"


def grad(name: str) -> str:
    """The gradient of a parameter in a sentence: ``a.grad`` in backticks, or in words."""
    return f"`{name}.grad`" if is_known(name) else f"the gradient of {name}"


def begun(words: str) -> str:
    """The same at the beginning of a sentence."""
    return words[:1].upper() + words[1:]


def listed(names: Sequence[str]) -> str:
    """``a``, ``b`` and ``c``, in backticks, at most five of them."""
    return _several([named(name) for name in dict.fromkeys(names)])


def grads(names: Sequence[str]) -> str:
    """``a.grad`` and ``b.grad``, in backticks."""
    return _several([grad(name) for name in dict.fromkeys(names)])


def _several(words: list[str]) -> str:
    if len(words) > 5:
        words = [*words[:4], f"{len(words) - 4} more"]
    if len(words) < 2:
        return "".join(words)
    return ", ".join(words[:-1]) + " and " + words[-1]
