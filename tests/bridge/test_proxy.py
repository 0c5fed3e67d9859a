"""``submission.f(x)``: equal calls are shared, each starts from the same random state, what it prints is kept."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from autograder.bridge import shared_calls
from autograder.bridge.messages import CALL_SEED
from autograder.bridge.proxy import SubmissionProxy
from tests.bridge.conftest import Line, failure


def test_the_second_worker_is_handed_what_the_first_one_read(line: Line, submission: SubmissionProxy) -> None:
    for number in range(3):
        assert submission.double(number) == 2 * number
        submission.end_check()
    loads = [request for request in line.requests if request.op == "load"]
    assert [bool(request.prepared) for request in loads] == [False, True, True]


def test_what_is_secret_is_not_handed_back(line: Line) -> None:
    secret = SubmissionProxy(SubmissionCode(SOURCE, "tiny.py", "tiny_proxied", handed_on=False), line.open, Limits())
    for number in range(2):
        assert secret.double(number) == 2 * number
        secret.end_check()
    assert secret.load_report().prepared == b""
    assert not any(request.prepared for request in line.requests)


def test_equal_calls_are_made_once_and_shared_by_all_checks(submission: SubmissionProxy, line: Line) -> None:
    first = submission.double(torch.ones(2))
    first += 5  # each caller gets a copy of its own
    submission.end_check()
    assert submission.double(torch.ones(2)).tolist() == [2.0, 2.0]
    assert line.calls == ["double"]


@pytest.mark.parametrize(
    "other",
    [torch.tensor([1.0, 2.0]), torch.ones(2, dtype=torch.float64), torch.ones(2, 1), 1.0, 1, True, [1.0], (1.0,)],
)
def test_different_arguments_are_different_calls(submission: SubmissionProxy, line: Line, other: Any) -> None:
    submission.double(torch.ones(2))
    submission.double(other)
    assert len(line.calls) == 2


def test_by_name_and_by_place_are_both_right(submission: SubmissionProxy) -> None:
    assert submission.double(3.0) == submission.double(number=3.0) == 6.0


def test_heavy_answers_are_asked_for_again_rather_than_kept(
    submission: SubmissionProxy, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_calls, "_MOST_KEPT", 5_000)
    for _ in range(2):
        submission.double(torch.zeros(2_000))
        submission.double(2)
    asked = [request for request in line.requests if request.op == "call"]
    assert len(asked) == 3


def test_failures_are_shared_too(submission: SubmissionProxy, line: Line) -> None:
    said = [failure(lambda: submission.double(None)).message for _ in range(2)]
    assert said[0] == said[1]
    assert line.calls == ["double"]


def test_every_call_starts_from_the_same_random_state(submission: SubmissionProxy, line: Line) -> None:
    before = torch.get_rng_state()
    one = submission.noise()
    line.requests.clear()
    submission._shared = shared_calls.SharedCalls()
    other = submission.noise()
    assert line.calls == ["noise"]
    assert one[:2] == other[:2] and torch.equal(one[2], other[2])
    torch.manual_seed(CALL_SEED)
    assert torch.equal(one[2], torch.rand(2))
    torch.set_rng_state(before)


def test_printed_output_belongs_to_the_most_recent_call(submission: SubmissionProxy) -> None:
    submission.chatty(2)
    assert submission.output == "hellohello"
    submission.double(1.0)
    assert submission.output == ""
    submission.chatty(2)  # shared
    assert submission.output == "hellohello"
    submission.end_check()
    assert submission.output == ""


def test_printed_output_is_capped(submission: SubmissionProxy, capsys: pytest.CaptureFixture[str]) -> None:
    submission.chatty(1000)
    assert submission.output == ("hello" * 1000)[:1024]
    assert capsys.readouterr().out == ""


def test_names_of_the_framework_are_no_functions_of_the_student(submission: SubmissionProxy) -> None:
    with pytest.raises(AttributeError):
        _ = submission._private
