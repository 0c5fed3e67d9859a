"""The names that nbgrader courses use: what their test cells call, and what their nbgrader_config.py names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograder.platforms.nbgrader.points import hidden_points, public_points

if TYPE_CHECKING:
    from autograder.platforms.nbgrader.preprocessor import AskTheJudge

__all__ = ["AskTheJudge", "hidden_points", "public_points"]


def __getattr__(name: str) -> Any:
    """``AskTheJudge``, which needs nbgrader; the cells of a student's notebook do not."""
    if name == "AskTheJudge":
        from autograder.platforms.nbgrader.preprocessor import AskTheJudge

        return AskTheJudge
    raise AttributeError(f"module 'autograder.nbgrader' has no attribute {name!r}")
