"""Objects that stay in the worker: used through handles, never shared, gone with their check."""

from __future__ import annotations

import torch

from autograder.bridge.handle import Handle
from autograder.bridge.proxy import SubmissionProxy
from tests.bridge.conftest import Line, failure


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


def test_what_lives_in_the_worker_can_be_traced(submission: SubmissionProxy) -> None:
    model = submission.make("torch.nn.Linear", 2, 1)
    loop = submission.function(
        "lambda model, x: (lambda optimizer: [(optimizer.zero_grad(), model(x).square().mean().backward(), "
        "optimizer.step()) for _ in range(3)] and None)(torch.optim.SGD(model.parameters(), lr=0.1))"
    )
    before = model.state_dict()["weight"]
    trace = submission.traced.of(loop)(model, torch.ones(4, 2))
    trace.expect_clean()
    assert len(trace.losses) == 3
    assert trace.value is None
    assert not torch.equal(model.state_dict()["weight"], before)
    told = failure(lambda: submission.traced.of(model)(torch.ones(4, 3)))
    assert told.message.startswith("`Linear` stopped with RuntimeError")


def test_a_function_around_the_students_own(submission: SubmissionProxy) -> None:
    twice = submission.around("double", "lambda double: lambda x: double(double(x))")
    assert twice(3) == 12
    assert repr(twice) == "<double of the submission>"
    assert failure(lambda: twice(None)).message.startswith("`double` stopped with TypeError")
    assert "not implemented yet" in failure(lambda: submission.around("blank", "lambda f: lambda: f(1)")()).message
    assert "`doubles`" in failure(lambda: submission.around("doubles", "lambda f: lambda: f(1)")).message
