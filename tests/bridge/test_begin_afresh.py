"""A worker that cannot begin afresh says so, and the judge takes another one."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from autograder.assignment import Limits
from autograder.bridge.local_channel import LocalChannel
from autograder.bridge.proxy import SubmissionCode, SubmissionProxy


@pytest.fixture(autouse=True)
def _forget_modules() -> Iterator[None]:
    yield
    sys.modules.pop("tiny_afresh", None)


class Keeping(LocalChannel):
    """A channel that would serve another check, in a process whose interpreter nobody has remembered."""

    opened = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).opened += 1

    def serves_another(self) -> bool:
        return True


def test_each_check_has_a_worker_of_its_own_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Keeping, "opened", 0)
    code = SubmissionCode("def double(x):\n    return 2 * x\n", "tiny.py", "tiny_afresh")
    submission = SubmissionProxy(code, Keeping, Limits(), share=True)
    for number in range(3):
        assert submission.double(number) == 2 * number
        submission.end_check()
    submission.close()
    assert (Keeping.opened, submission.shared) == (3, False)
