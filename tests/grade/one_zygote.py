"""``one_zygote``, ``judge_beside``: judges that fork their workers from the zygote of the session's judge.

A zygote knows no assignment, and starting one takes seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from autograder.assignment import Assignment
    from autograder.grade.judge import Judge


class _Borrowed:
    """The zygote of the session's judge, which stays."""

    def __init__(self, zygote: Any) -> None:
        self._zygote = zygote

    def __getattr__(self, name: str) -> Any:
        return getattr(self._zygote, name)

    def close(self) -> None: ...


def _lend(judge: Judge, patch: pytest.MonkeyPatch) -> None:
    patch.setattr("autograder.grade.judge.Zygote", lambda launched: _Borrowed(judge._zygote))


@pytest.fixture
def one_zygote(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets all judges of this process fork their workers from one zygote."""
    monkeypatch.setattr("autograder.grade.start.launch", lambda: SimpleNamespace(end=lambda: None))
    _lend(judge, monkeypatch)


@pytest.fixture(scope="session")
def judge_beside(judge: Judge) -> Callable[[Assignment], Judge]:
    """A judge of another assignment, for tests that are not about how its workers come about."""
    from autograder.grade.judge import Judge

    def start(assignment: Assignment) -> Judge:
        with pytest.MonkeyPatch.context() as patch:
            _lend(judge, patch)
            return Judge(assignment)

    return start
