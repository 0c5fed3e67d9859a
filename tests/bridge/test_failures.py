"""What a check learns of a call that gave no answer: in words, with the student's line, and whose turn it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from autograder.assignment import Limits
from autograder.bridge.channel import ChannelClosed
from autograder.bridge.messages import Reply, Request, pack, unpack
from autograder.bridge.proxy import SubmissionProxy
from autograder.errors import AssignmentError
from tests.bridge.conftest import Line, failure, proxied


def test_a_function_that_times_out_is_called_twice_and_no_more(line: Line) -> None:
    def hang(request: Request, frame: bytes) -> bytes:
        if request.target == "double":
            raise ChannelClosed("timed_out")
        return frame

    line.spoil = hang
    submission = proxied(line, limits=Limits(call_seconds=3, seconds_for={"double": 1.5}))
    said = [failure(lambda number=number: submission.double(number)).message for number in (1, 1, 2, 3, 4)]
    assert said == [
        *[
            "`double` used more than 1.5 seconds of processor time. Look for a loop that never ends, or for work that "
            "grows with every step."
        ]
        * 3,
        *["`double` ran out of time in earlier checks and was not called again."] * 2,
    ]
    assert line.calls == ["double", "double"]
    assert submission.chatty(1) is None  # the others are not punished


def test_a_dying_worker_is_replaced(submission: SubmissionProxy, line: Line) -> None:
    def die(request: Request, frame: bytes) -> bytes:
        if request.target == "noise":
            raise ChannelClosed("exited", "exit code 3")
        return frame

    line.spoil = die
    model = submission.Model()
    told = failure(submission.noise)
    assert (told.message, told.outcome) == ("`noise` ended the Python process (exit code 3).", "error")
    assert submission.double(2.0) == 4.0
    assert line.opened == 2
    assert "process that ran your code is gone" in failure(lambda: model(torch.ones(1, 2))).message


def with_nonce(frame: bytes) -> bytes:
    reply, buffers = unpack(frame, Reply)
    return pack(Reply(nonce=reply.nonce + 1, value=reply.value), [bytes(buffers)])


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (with_nonce, "an answer to another question"),
        (lambda frame: b"", "a message that is too short"),
        (lambda frame: frame + b"more", "there are bytes that belong to no value"),
        (lambda frame: pack(Reply(nonce=2, value=["x"])), "unknown kind of value 'x'"),
    ],
)
def test_rubbish_costs_the_check_and_nothing_else(
    submission: SubmissionProxy, line: Line, spoil: Callable[[bytes], bytes], said: str
) -> None:
    line.spoil = lambda request, frame: spoil(frame) if request.target == "noise" else frame
    told = failure(submission.noise)
    assert (told.message, told.outcome) == (f"The answer of `noise` could not be read ({said}).", "error")
    assert submission.double(2.0) == 4.0


@pytest.mark.parametrize("kind", ["T", "A"])
def test_an_absurd_shape_costs_the_check(submission: SubmissionProxy, line: Line, kind: str) -> None:
    shape = [kind, "float32", [2**28] * 4 + [0], 0]
    line.spoil = lambda request, frame: pack(Reply(nonce=2, value=shape)) if request.target == "noise" else frame
    assert failure(submission.noise).message.startswith("The answer of `noise` could not be read (")


def test_a_library_that_lacks_something_is_no_blank(submission: SubmissionProxy) -> None:
    told = failure(submission.lacks_forward)
    assert told.message == (
        "`lacks_forward` stopped with NotImplementedError on line 23: Module [Module] is missing the required "
        '"forward" function\n    return torch.nn.Module()(1)'
    )


def test_a_value_that_cannot_cross(submission: SubmissionProxy) -> None:
    assert failure(submission.refused).message == (
        "What `refused` returned cannot be graded: an array of dtype object cannot be graded."
    )


@pytest.mark.parametrize("argument", [object(), torch.nn.Linear(1, 1), lambda x: x])
def test_what_a_check_may_not_pass_is_the_authors_fault(submission: SubmissionProxy, argument: object) -> None:
    with pytest.raises(AssignmentError, match="only plain data, tensors and handles cross to the worker"):
        submission.double(argument)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (
            "def f(x:\n    return x\n",
            "Python cannot read your file: SyntaxError on line 1: '(' was never closed.\n    def f(x:",
        ),
        ("x = 1\n\n1 / 0\n", "Your file cannot be imported: ZeroDivisionError on line 3: division by zero.\n    1 / 0"),
        ("exit()\n", "Your file ends the program on line 1 while it is imported. Take that line out.\n    exit()"),
        (
            "raise NotImplementedError\n",
            "Your file cannot be imported: NotImplementedError on line 1.\n    raise NotImplementedError",
        ),
    ],
)
def test_a_file_that_cannot_be_imported(line: Line, source: str, said: str) -> None:
    submission = proxied(line, source)
    told = failure(lambda: submission.f(1))
    assert (told.message, told.outcome) == (said, "error")
    assert failure(lambda: submission.g(1)).message == said
    assert line.opened == 1


@pytest.mark.parametrize(
    "body",
    [
        "def __str__(self): raise RuntimeError",
        "def __str__(self): return 1",
        "def __str__(self): raise SystemExit",
        "def __str__(self): raise KeyboardInterrupt",
        "__str__ = None",
    ],
)
def test_an_exception_that_cannot_be_shown(line: Line, body: str) -> None:
    source = f"class Odd(Exception):\n    {body}\n\ndef f():\n    raise Odd\n"
    assert failure(proxied(line, source).f).message == "`f` stopped with Odd on line 5.\n    raise Odd"


def test_an_exception_with_endless_text_is_cut(line: Line) -> None:
    told = failure(proxied(line, "def f():\n    raise ValueError('a' * 10**6)\n").f)
    assert told.message == f"`f` stopped with ValueError on line 2: {'a' * 600}\n    raise ValueError('a' * 10**6)"


def test_exit_inside_a_function(line: Line) -> None:
    told = failure(proxied(line, "def f():\n    exit(3)\n").f)
    assert told.message == "`f` ended the program on line 2 (SystemExit). A function should return its result instead."
