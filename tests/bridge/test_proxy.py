"""``submission.f(x)``: shared calls, handles, strikes, printed output, seeds, and what a check learns of a failure."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch

from autograder.assignment import Limits
from autograder.bridge import shared_calls
from autograder.bridge.allowance import Allowance
from autograder.bridge.channel import ChannelClosed
from autograder.bridge.code import SubmissionCode
from autograder.bridge.handle import Handle
from autograder.bridge.local_channel import LocalChannel
from autograder.bridge.messages import CALL_SEED, Reply, Request, pack, unpack
from autograder.bridge.proxy import SubmissionProxy
from autograder.errors import AssignmentError, CheckFailure

SOURCE = '''\
import random
import numpy
import torch

def double(number):
    return 2 * number

def noise():
    return random.random(), float(numpy.random.rand()), torch.rand(2)

def chatty(times):
    for _ in range(times):
        print("hello", end="")

def blank(x):
    """Not yet."""
    raise NotImplementedError("blank")

def calls_blank():
    return blank(1)

def lacks_forward():
    return torch.nn.Module()(1)

def refused():
    return [numpy.array([object()])]

class Model(torch.nn.Module):
    def __init__(self, size=2):
        super().__init__()
        self.layer = torch.nn.Linear(size, 1)

    def forward(self, x):
        return self.layer(x)

def make_models():
    return [Model(), Model()]

def apply(model, x):
    return model(x)
'''


class Line:
    """Local workers that are counted, and whose answers can be spoilt: ``spoil(request, frame)`` gives another."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.opened = 0
        self.spoil: Callable[[Request, bytes], bytes] = lambda request, frame: frame

    def open(self) -> LocalChannel:
        self.opened += 1
        line, channel = self, LocalChannel()

        class Spoilt(LocalChannel):
            def exchange(self, frame: bytes, allowance: Allowance) -> bytes:
                request, _ = unpack(frame, Request)
                line.requests.append(request)
                return line.spoil(request, channel.exchange(frame, allowance))

        return Spoilt()

    @property
    def calls(self) -> list[str]:
        return [request.target for request in self.requests if request.op != "load"]


@pytest.fixture
def line() -> Iterator[Line]:
    yield Line()
    sys.modules.pop("tiny_proxied", None)


def proxied(line: Line, source: str = SOURCE, **options: Any) -> SubmissionProxy:
    limits = options.pop("limits", Limits(output_kb=1))
    return SubmissionProxy(SubmissionCode(source, "tiny.py", "tiny_proxied"), line.open, limits, **options)


@pytest.fixture
def submission(line: Line) -> SubmissionProxy:
    return proxied(line)


def failure(call: Callable[[], Any]) -> CheckFailure:
    with pytest.raises(CheckFailure) as caught:
        call()
    return caught.value


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


def test_calls_that_involve_handles_are_not_shared(submission: SubmissionProxy, line: Line) -> None:
    one, other = submission.Model(), submission.Model()
    x = torch.ones(1, 2)
    assert one(x).tolist() == submission.apply(one, x).tolist() == other(x).tolist()
    assert line.calls == ["Model", "Model", "", "apply", ""]


def test_objects_that_stay_there_are_no_answers_to_compare(submission: SubmissionProxy) -> None:
    for size in (1, 2, 3, 4):
        submission.Model(size)
        submission.end_check()
        submission.double(0 * size + 1.5)
    assert submission.answers.constant() == []


def test_handles(submission: SubmissionProxy) -> None:
    model = submission.Model(3)
    assert isinstance(model, Handle)
    assert repr(model) == "<Model of the submission>"
    assert model.layer.in_features.get() == 3
    assert isinstance(model.layer.get(), Handle)
    model.load_state_dict({"layer.weight": torch.ones(1, 3), "layer.bias": torch.zeros(1)})
    assert model(torch.ones(2, 3)).tolist() == [[3.0], [3.0]]
    state = model.state_dict()
    assert type(state["layer.weight"]) is torch.Tensor and not state["layer.weight"].requires_grad
    assert [type(one) for one in submission.make_models()] == [Handle, Handle]


def test_handles_end_with_their_check(submission: SubmissionProxy) -> None:
    model = submission.Model()
    submission.end_check()
    submission.double(1.0)
    for use in (lambda: model(torch.ones(1, 2)), lambda: submission.apply(model, torch.ones(1, 2))):
        told = failure(use)
        assert told.message == "The process that ran your code is gone, so this check could not go on."
        assert told.outcome == "error"


def test_library_objects_and_compiled_functions(submission: SubmissionProxy) -> None:
    linear = submission.make("torch.nn.Linear", 2, 1, bias=False)
    assert list(linear.state_dict()) == ["weight"]
    cube = submission.function("lambda x: x**3 + math.floor(0.5) * torch.ones(())")
    assert cube(2) == torch.tensor(8.0)
    assert submission.apply(cube, 3.0) == torch.tensor(27.0)


def test_library_objects_come_from_torch_and_numpy_only(submission: SubmissionProxy) -> None:
    assert failure(lambda: submission.make("os.getcwd")).message == (
        "`os.getcwd` stopped with ValueError: os.getcwd is not from torch or numpy"
    )


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


def test_missing_blank_and_renamed(line: Line) -> None:
    submission = proxied(line, signatures={"double": ("x",), "blank": ("x",)})
    submission.task_functions = frozenset({"blank"})
    assert failure(submission.duble).message == (
        "`duble` was not found in your submission. Define it at the top level of your file, with exactly this name."
    )
    assert failure(lambda: submission.blank(1)).message == "`blank` is not implemented yet."
    assert failure(lambda: submission.double(x=1)).message == (
        "`double(number)` on line 5 should be `double(x)`: the parameters' names are part of the task. Missing: `x`."
    )
    assert line.calls == []  # all of that is known without a call


def test_only_an_extra_function_of_the_students_own_is_to_be_renamed(line: Line) -> None:
    submission = proxied(line)
    there = "`duble` was not found in your submission. There is `double` on line 5: if that is the one, rename it to "
    assert failure(submission.duble).message == f"{there}`duble`."
    submission.assignment_names = frozenset({"double"})
    assert failure(submission.duble).message == (
        "`duble` was not found in your submission. Define it at the top level of your file, with exactly this name."
    )


def test_a_blank_of_another_task_skips_the_check(submission: SubmissionProxy) -> None:
    submission.task_functions = frozenset({"double"})
    told = failure(lambda: submission.blank(1))
    assert (told.message, told.outcome) == (
        "Skipped: this check needs `blank`, which is not implemented yet.",
        "skipped",
    )


def test_a_blank_below_a_written_function_is_named(submission: SubmissionProxy) -> None:
    assert failure(submission.calls_blank).message == "`blank` is not implemented yet."


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


def test_names_of_the_framework_are_no_functions_of_the_student(submission: SubmissionProxy) -> None:
    with pytest.raises(AttributeError):
        _ = submission._private
