import pytest
import torch

from autograder.checks import assert_tensor, assert_values, require

CANARY = "HIDDEN_TEST_CANARY"


@pytest.mark.task("1", points=3, category="correctness")
def test_double(submission, reference):
    """Doubles every entry."""
    x = torch.linspace(-3.25, 7.5, 12).reshape(3, 4)
    assert_values(submission.double(x), reference.double(x), atol=1e-6)


@pytest.mark.task("2", points=5, category="convergence")
@pytest.mark.parametrize("start", [-1.75, 5.5])
def test_minimize(submission, reference, start):
    """Takes the steps of gradient descent."""
    got = submission.minimize(start, learning_rate=0.2, num_iterations=7)
    expected = reference.minimize(start, learning_rate=0.2, num_iterations=7)
    assert_values(got, expected, atol=1e-5, names=("x", "losses"))


@pytest.mark.task("2", points=2, category="hygiene")
def test_hygiene(submission):
    """The loop handles its gradients cleanly."""
    trace = submission.traced.minimize(-1.75, learning_rate=0.2, num_iterations=5)
    require(trace.steps == 5, f"The run has {trace.steps} steps instead of 5.")
    trace.expect_clean()
    # The recording must be one of the run that gives the answers, also while nobody looks.
    _, losses = submission.minimize(-1.75, learning_rate=0.2, num_iterations=5)
    assert_values(losses, list(trace.losses), atol=1e-5, what="minimize")


@pytest.mark.task("3", points=2, category="correctness")
def test_model(submission):
    """The model adds up its inputs."""
    model = submission.make_model()
    x = torch.tensor([[1.5, 2.25], [-4.0, 0.5]])
    got = model(x)
    assert_tensor(got, shape=(2, 1))
    assert_values(got, x.sum(dim=1, keepdim=True), atol=1e-6)
    assert_values(model.state_dict()["bias"], torch.zeros(1), atol=0.0)
