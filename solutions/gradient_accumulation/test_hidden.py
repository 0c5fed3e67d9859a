"""The checks of gradient accumulation that students never see: other settings, data, models; convergence."""

from __future__ import annotations

import math

import pytest
import torch

from autograder.checks import (
    Cause,
    assert_contraction,
    assert_descends,
    assert_diverged,
    assert_history,
    assert_moved,
    assert_values,
    passes,
    read_numbers,
    read_parts,
    require,
    rounding_causes,
)

HISTORIES = ("a_vals", "b_vals", "loss_vals")
CURVATURE = 2 * (1.5**2 + 1)
START = {"weight": torch.tensor([[0.4, 0.9, -0.3]]), "bias": torch.tensor([-0.2])}


def histories(demo, steps):
    """The three lists of a demo, as lists of floats; whether they should have been that is asked by one check."""
    parts = read_parts(demo, "The result of run_accumulation_demo", names=HISTORIES, of="lists")
    lists = [read_numbers(part, name) for name, part in zip(HISTORIES, parts, strict=True)]
    for name, values in zip(HISTORIES, lists, strict=True):
        message = f"{name} should have {steps} entries, one per step, but it has {len(values)}."
        require(len(values) == steps, message)
    return lists


def residuals(demo, steps):
    """Return a·x + b - y at every step, after making sure that it moves."""
    a_vals, b_vals, _ = histories(demo, steps)
    found = [a * 1.5 + b - 2.5 for a, b in zip(a_vals, b_vals, strict=True)]
    assert_moved(found[:1], found[1:2], what="residual a·x + b - y", when="from step 1 to step 2")
    return found


# Task 1


@pytest.mark.task("1", points=0.5, category="correctness")
@pytest.mark.parametrize("clear_grad", [True, False])
def test_demo_with_other_settings(submission, reference, clear_grad):
    """The three lists are right for another learning rate and another number of steps."""
    got = histories(submission.run_accumulation_demo(clear_grad, 12, 0.05), 12)
    expected = reference.run_accumulation_demo(clear_grad, 12, 0.05)
    call = f"run_accumulation_demo(clear_grad={clear_grad}, steps=12, learning_rate=0.05)"
    run = reference.run_accumulation_demo
    longer = [values[1:] for values in run(clear_grad, 13, 0.05)]
    causes = [
        Cause("All three are recorded after the update of their step: record them before.", longer),
        Cause("a and b are recorded after the update of their step: record them before.", [*longer[:2], expected[2]]),
        Cause("The gradients are cleared in the other case: where clear_grad is True.", run(not clear_grad, 12, 0.05)),
        Cause("That is where twice the gradient leads.", run(clear_grad, 12, 0.1)),
        Cause("That is where half of the gradient leads.", run(clear_grad, 12, 0.025)),
        Cause(
            "a and b hold their last value only: append numbers, not the tensor that the updates go on changing.",
            [[values[-1]] * 12 for values in longer[:2]] + [expected[2]],
        ),
        *rounding_causes(expected),
    ]
    assert_values(tuple(got), expected, atol=1e-4, names=HISTORIES, what=call, causes=causes)


@pytest.mark.task("1", points=0.25, category="correctness")
def test_demo_called_again(submission, reference):
    """Called for one rate after the other, the demo is as right as at the first call."""
    settings = ((False, 5, 0.03), (False, 6, 0.04), (False, 5, 0.03 + 1e-7))  # the very same call is not made again
    once, second, again = (tuple(histories(submission.run_accumulation_demo(*one), one[1])) for one in settings)
    for before, after in zip(once, second, strict=True):
        assert_moved(before, after[:5], what="record", when="with learning_rate")
    if passes(assert_values, once, reference.run_accumulation_demo(*settings[0]), atol=1e-4):
        expected = reference.run_accumulation_demo(*settings[1])
        assert_values(second, expected, atol=1e-4, names=HISTORIES, what="run_accumulation_demo, called a second time,")
    assert_values(again, once, atol=1e-4, names=HISTORIES, what="run_accumulation_demo, called as at first again,")


def swings_on(errors, first, last):
    """Make sure that from step to step the residual follows from an update with the sum of all gradients so far."""
    for step in range(first, last):
        predicted = (2 - 0.05 * CURVATURE) * errors[step] - errors[step - 1]
        require(
            abs(errors[step + 1] - predicted) <= 1e-3,
            f"Without clearing, the residual a·x + b - y goes from {errors[step - 1]:.4f} and "
            f"{errors[step]:.4f} to {errors[step + 1]:.4f} at step {step + 2}. That does not follow from an "
            "update with the sum of all gradients so far.",
        )


@pytest.mark.task("1", points=0.25, category="correctness")
def test_demo_makes_all_steps_of_a_long_run(submission):
    """500 steps without clearing begin as 12 steps do, and the residual swings on to the end."""
    short = residuals(submission.run_accumulation_demo(False, 12, 0.05), 12)
    long = residuals(submission.run_accumulation_demo(False, 500, 0.05), 500)
    assert_values(long[:12], short, atol=1e-4, what="the first 12 residuals of 500 steps, compared with 12 steps,")
    if passes(swings_on, short, 1, 11):  # how it swings is asked elsewhere; here it must go on like that
        swings_on(long, 1, 499)


@pytest.mark.task("1", points=0.5, category="convergence")
def test_demo_with_clearing_contracts(submission):
    """With clearing the residual shrinks by the factor 1 - 6.5 · learning_rate in every step."""
    errors = [abs(error) for error in residuals(submission.run_accumulation_demo(True, 12, 0.05), 12)]
    assert_contraction(errors[:8], 1 - 0.05 * CURVATURE, rtol=1e-2, what="residual a·x + b - y")


@pytest.mark.task("1", points=0.5, category="convergence")
def test_demo_without_clearing_swings(submission):
    """Without clearing the residual swings like a pendulum without friction."""
    errors = residuals(submission.run_accumulation_demo(False, 12, 0.05), 12)
    swings_on(errors, 1, 11)


@pytest.mark.task("1", points=0.5, category="convergence")
def test_demo_diverges_without_an_exception(submission):
    """A learning rate of 1 comes back as huge, inf or nan numbers."""
    residuals(submission.run_accumulation_demo(True, 12, 0.05), 12)
    demo = histories(submission.run_accumulation_demo(True, 100, 1.0), 100)
    assert_diverged([history[-1] for history in demo], what="last entries at learning rate 1")


# Task 2


@pytest.mark.task("2", points=1, category="correctness")
@pytest.mark.parametrize(
    ("x", "num_backward", "clear"),
    [(-1.5, 5, False), (0.0, 4, True), (3.25, 0, False)],
    ids=["piling-up", "cleared", "no-pass"],
)
def test_gradients_of_other_passes(submission, x, num_backward, clear):
    """The gradients are right for other x and other numbers of passes, also for none."""
    call = f"accumulated_gradients({x}, {num_backward}, clear={clear})"
    got = submission.accumulated_gradients(x, num_backward, clear)
    expected = [2.0 if clear else 2.0 * (step + 1) for step in range(num_backward)]
    if num_backward:
        got = read_numbers(got, f"The result of {call}")
    else:  # an empty list is right only of a function that has something to tell of a pass: a list of floats
        one = submission.accumulated_gradients(1.0, 1, False)
        assert_values(one, [2.0], atol=1e-5, what="accumulated_gradients(1.0, 1, clear=False)")
    assert_values(got, expected, atol=1e-5, what=call)


@pytest.mark.task("2", points=0.25, category="correctness")
def test_gradients_called_again(submission):
    """A second call begins with no gradient, whatever the first one left."""
    calls = ((1.25, 2, False), (-0.75, 3, False), (1.25 + 1e-6, 2, False))
    once, second, again = (read_numbers(submission.accumulated_gradients(*one)) for one in calls)
    assert_moved(once[:1], second[-1:], what="list of gradients", when="with num_backward")
    what = "accumulated_gradients(-0.75, 3, clear=False), compared with two passes at x = 1.25 before it,"
    assert_values(second[:2], once, atol=1e-5, what=what)
    assert_values(second, [second[0] * (step + 1) for step in range(3)], atol=1e-5, what=what)
    assert_values(again, once, atol=1e-5, what="accumulated_gradients, called once more,")


@pytest.mark.task("2", points=0.25, category="correctness")
def test_gradients_of_many_passes(submission):
    """300 passes without clearing give 2, 4, 6 and so on to 600."""
    got = read_numbers(submission.accumulated_gradients(0.5, 300, False), "The result of accumulated_gradients")
    require(len(got) == 300, f"300 passes should give 300 gradients; yours are {len(got)}.")
    assert_values(got, [2.0 * (step + 1) for step in range(300)], atol=1e-3, what="accumulated_gradients of 300 passes")


# Task 3


def mean_squared_error(model, inputs, targets):
    return ((model(inputs)[:, 0] - targets) ** 2).mean()


def train_with_large_batches(model, inputs, targets, rows, learning_rate):
    """Update the judge's own model once per complete batch of that many rows."""
    for start in range(0, len(inputs) - rows + 1, rows):
        model.zero_grad()
        mean_squared_error(model, inputs[start : start + rows], targets[start : start + rows]).backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= learning_rate * parameter.grad


def linear_pair(submission):
    """Return the same linear model twice: a handle in the worker, and the judge's own."""
    theirs, own = submission.make("torch.nn.Linear", 3, 1), torch.nn.Linear(3, 1)
    theirs.load_state_dict(START)
    own.load_state_dict(START)
    return theirs, own


def check_state(theirs, own, message, start=START):
    """Compare all parameters of the two models; say so where they are still at the start."""
    state, expected = theirs.state_dict(), own.state_dict()
    if all(torch.equal(state[name], value) for name, value in start.items()):
        message += " They are still what they were before the call."
    gap = max((state[name] - value).abs().max().item() for name, value in expected.items())
    require(gap <= 1e-4, message)


@pytest.mark.task("3", points=1.25, category="correctness")
@pytest.mark.parametrize(("batch_size", "accumulation_steps"), [(8, 1), (4, 2), (2, 4)])
def test_training_equals_large_batches(submission, given, batch_size, accumulation_steps):
    """Windows of 8 rows, however they are split, give the updates of batches of 8 rows."""
    inputs, targets = given.make_regression_data(24, 5)
    theirs, own = linear_pair(submission)
    submission.train_with_accumulation(theirs, inputs, targets, batch_size, accumulation_steps, 0.1)
    train_with_large_batches(own, inputs, targets, 8, 0.1)
    check_state(
        theirs,
        own,
        f"With batch_size={batch_size} and accumulation_steps={accumulation_steps} the trained "
        "parameters are not those that batches of 8 rows give.",
    )


def trained(submission, inputs, targets):
    """Train a new model in windows of two rows, and say whether it ends where batches of two rows do."""
    theirs, own = linear_pair(submission)
    losses = submission.train_with_accumulation(theirs, inputs, targets, 1, 2, 0.02)
    train_with_large_batches(own, inputs, targets, 2, 0.02)
    state = theirs.state_dict()
    for name, value in START.items():
        assert_moved(value.flatten(), state[name].flatten(), what=f"{name} of the model", when="in one call")
    return losses, passes(assert_values, state, dict(own.state_dict()), atol=1e-3)


@pytest.mark.task("3", points=0.25, category="correctness")
def test_training_of_a_second_model(submission, given):
    """When a second model is passed in, that one is trained."""
    data = given.make_regression_data(6, 14)
    _, first_right = trained(submission, *data)
    _, right = trained(submission, *data)
    require(
        right or not first_right,
        "A first model is trained right, but a second one, passed in at a second call, is not: something of the "
        "first call was left.",
    )


@pytest.mark.task("3", points=0.25, category="correctness")
def test_training_with_many_micro_batches(submission, given):
    """A pass over 300 micro-batches trains to the last one."""
    inputs, targets = given.make_regression_data(300, 15)
    _, few_right = trained(submission, inputs[:6], targets[:6])
    losses, right = trained(submission, inputs, targets)
    count = len(read_numbers(losses, "The result of train_with_accumulation"))
    require(count == 300, f"300 micro-batches should give 300 losses; yours are {count}.")
    require(
        right or not few_right,
        "Six micro-batches are trained right, but 300 do not lead where batches of their windows lead.",
    )


@pytest.mark.task("3", points=0.25, category="correctness")
def test_training_works_for_other_models(submission, given):
    """A network with a hidden layer is trained just as well as a linear model."""
    inputs, targets = given.make_regression_data(24, 6)
    torch.manual_seed(3)
    own = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1))
    theirs = submission.make(
        "torch.nn.Sequential",
        submission.make("torch.nn.Linear", 3, 4),
        submission.make("torch.nn.Tanh"),
        submission.make("torch.nn.Linear", 4, 1),
    )
    start = {name: value.clone() for name, value in own.state_dict().items()}
    theirs.load_state_dict(start)
    submission.train_with_accumulation(theirs, inputs, targets, 4, 3, 0.2)
    train_with_large_batches(own, inputs, targets, 12, 0.2)
    check_state(theirs, own, "On a network with a hidden layer the trained parameters are not right.", start)


@pytest.mark.task("3", points=0.5, category="correctness")
def test_training_returns_every_loss(submission, given):
    """The unscaled losses of all micro-batches are returned, also those of an incomplete window."""
    inputs, targets = given.make_regression_data(22, 7)
    theirs, own = linear_pair(submission)
    losses = submission.train_with_accumulation(theirs, inputs, targets, 4, 4, 0.1)
    expected = []
    for number, start in enumerate(range(0, 22, 4)):
        if number == 4:
            train_with_large_batches(own, inputs[:16], targets[:16], 16, 0.1)
        expected.append(mean_squared_error(own, inputs[start : start + 4], targets[start : start + 4]).item())
    call = "train_with_accumulation on 22 rows in micro-batches of 4"
    assert_history(losses, length=len(expected), what=call)
    assert_values(losses, expected, atol=1e-3, what=call)


@pytest.mark.task("3", points=0.5, category="correctness")
def test_training_twice_starts_clean(submission, given):
    """What an incomplete window left behind does not leak into the next call."""
    inputs, targets = given.make_regression_data(20, 8)
    theirs, own = linear_pair(submission)
    call = "With five micro-batches and accumulation_steps=2"
    said = (
        f"{call}, the parameters after the call are not those that two updates give.",
        f"{call}, the parameters are right after one call, but not after a second one. Something of the first call was "
        "left, such as the gradients of its incomplete window.",
    )
    for message in said:
        submission.train_with_accumulation(theirs, inputs, targets, 4, 2, 0.1)
        train_with_large_batches(own, inputs[:16], targets[:16], 8, 0.1)
        check_state(theirs, own, message)


@pytest.mark.task("3", points=1, category="convergence")
@pytest.mark.parametrize("direction", ["flat", "steep"])
def test_training_contracts_as_theory_says(submission, given, direction):
    """Called again and again, it converges at the rate of gradient descent with the whole data."""
    inputs, targets = given.make_regression_data(24, 9)
    matrix = torch.cat([inputs, torch.ones(24, 1)], dim=1).double()
    minimum = torch.linalg.lstsq(matrix, targets.double()[:, None]).solution[:, 0]
    eigenvalues, eigenvectors = torch.linalg.eigh(2 / 24 * matrix.T @ matrix)
    index = {"flat": 0, "steep": 3}[direction]
    start = (minimum + 5 * eigenvectors[:, index]).float()
    model = submission.make("torch.nn.Linear", 3, 1)
    model.load_state_dict({"weight": start[None, :3], "bias": start[3:]})
    errors = [5.0]
    for _ in range(3):
        submission.train_with_accumulation(model, inputs, targets, 6, 4, 0.1)
        state = model.state_dict()
        reached = torch.cat([state["weight"][0], state["bias"]]).double()
        errors.append((reached - minimum).norm().item())
    rate = abs(1 - 0.1 * eigenvalues[index].item())
    assert_contraction(errors, rate, rtol=1e-3, what=f"error along the {direction} direction")


@pytest.mark.task("3", points=0.5, category="convergence")
def test_training_loss_falls_over_epochs(submission, given):
    """Over repeated calls the mean loss falls every time."""
    inputs, targets = given.make_regression_data(24, 10)
    theirs, _ = linear_pair(submission)
    means = []
    for _ in range(5):
        losses = submission.train_with_accumulation(theirs, inputs, targets, 6, 4, 0.1)
        found = read_numbers(losses, "The result of train_with_accumulation")
        require(len(found) == 4, f"Four micro-batches should give four losses; yours are {len(found)}.")
        means.append(math.fsum(found) / 4)
    state = theirs.state_dict()
    for name, value in START.items():
        assert_moved(value.flatten(), state[name].flatten(), what=f"{name} of the model", when="in five calls")
    assert_descends(means, what="mean loss per call", unit="call")
    require(means[-1] < means[0], f"Over five calls the mean loss stays at {means[0]:.4f}: nothing is learned.")
