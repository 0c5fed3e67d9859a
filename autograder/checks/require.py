"""The plainest check: a condition, and the author's words for a student who misses it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograder.errors import CheckFailure


def require(condition: object, message: str, *, reveal: str = "") -> None:
    """Passes if ``condition`` is true, else fails the check with ``message``.

    ``reveal`` may hold expected values: students see it in public checks only.
    """
    if not condition:
        raise CheckFailure(message, reveal=reveal)


def passes(check: Callable[..., Any], *args: Any, **options: Any) -> bool:
    """Whether ``check(*args, **options)`` passes, for conditions that another check depends on."""
    try:
        check(*args, **options)
    except CheckFailure:
        return False
    return True
