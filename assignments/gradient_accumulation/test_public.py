"""The checks of gradient accumulation that students get: the numbers of the handout."""

from __future__ import annotations

import pytest
import torch

from autograder.checks import (
    assert_clean_runs,
    assert_moved,
    assert_values,
    passes,
    read_number,
    read_numbers,
    read_parts,
    require,
)

HISTORIES = ("a_vals", "b_vals", "loss_vals")
CLEARED = {
    "a_vals": [0.5, 0.875, 1.00625, 1.052187, 1.068266, 1.073893, 1.075863, 1.076552, 1.076793, 1.076878],
    "b_vals": [0.5, 0.75, 0.8375, 0.868125, 0.878844, 0.882595, 0.883908, 0.884368, 0.884529, 0.884585],
    "loss_vals": [1.5625, 0.191406, 0.023447, 0.002872, 0.000352, 0.000043, 0.000005, 0.000001, 0.0, 0.0],
}
UNCLEARED = {
    "a_vals": [0.5, 0.875, 1.38125, 1.689687, 1.599828, 1.170081, 0.679781, 0.447623, 0.624511, 1.095466],
    "b_vals": [0.5, 0.75, 1.0875, 1.293125, 1.233219, 0.94672, 0.619854, 0.465082, 0.583007, 0.896977],
    "loss_vals": [
        1.5625,
        0.191406,
        0.434776,
        1.762671,
        1.2836,
        0.04074,
        0.740418,
        1.859085,
        0.960844,
        0.001614,
    ],
}


def histories(demo, steps=None):
    """The three lists of a demo, as lists of floats; whether they should have been that is asked by one check."""
    parts = read_parts(demo, "The result of run_accumulation_demo", names=HISTORIES, of="lists")
    lists = {name: read_numbers(part, name) for name, part in zip(HISTORIES, parts, strict=True)}
    for name, values in lists.items():
        message = f"{name} should have {steps} entries, one per step, but it has {len(values)}."
        require(steps in (None, len(values)), message)
    return lists


def expect_a_demo(submission):
    """Make sure that the record has to do with the arguments: numbers copied from the page stay the same."""
    one, other = (
        [value for values in histories(submission.run_accumulation_demo(*settings)).values() for value in values]
        for settings in ((True, 10, 0.1), (False, 10, 0.05))
    )
    assert_moved(one, other, what="record", when="with clear_grad and learning_rate")


def check_demo(demo, name, expected, steps=10):
    """Compare one of the three histories; name the first step at which it is off."""
    got = histories(demo, steps)[name]
    for step, (one, other) in enumerate(zip(got, expected, strict=True), start=1):
        require(
            abs(one - other) <= 1e-4,
            f"{name} is right up to step {step - 1}, but at step {step} it is {one:.6f}."
            if step > 1
            else f"{name} begins with {one:.6f}. The first entry is the value before any update.",
            reveal=f"Expected {other:.6f} at step {step}.",
        )


# Task 1


@pytest.mark.task("1", points=0.5, category="correctness")
def test_demo_starts_before_the_first_update(submission):
    """The first entries are a = 0.5, b = 0.5 and the loss 1.5625, before any update; all are floats in three lists."""
    demo = submission.run_accumulation_demo(clear_grad=True, steps=1, learning_rate=0.1)
    assert_values(demo, ([0.5], [0.5], [1.5625]), atol=1e-4, names=HISTORIES, what="run_accumulation_demo(steps=1)")
    often = histories(submission.run_accumulation_demo())
    for name in ("a_vals", "b_vals"):
        assert_moved(often[name][:1], often[name][-1:], what=f"value in {name}", when="in 10 steps")
    expect_a_demo(submission)


@pytest.mark.task("1", points=1.5, category="correctness")
@pytest.mark.parametrize("name", HISTORIES)
def test_demo_with_clearing(submission, name):
    """With clearing the ten recorded values are those of the table."""
    check_demo(submission.run_accumulation_demo(), name, CLEARED[name])
    expect_a_demo(submission)


@pytest.mark.task("1", points=1.5, category="correctness")
@pytest.mark.parametrize("name", HISTORIES)
def test_demo_without_clearing(submission, name):
    """Without clearing the gradients pile up and the ten recorded values are those of the table."""
    check_demo(submission.run_accumulation_demo(clear_grad=False), name, UNCLEARED[name])
    expect_a_demo(submission)


@pytest.mark.task("1", points=2, category="hygiene")
def test_demo_gradient_hygiene(submission, picture):
    """With clear_grad=True every update uses the gradient of its own step and no other."""
    trace = submission.traced(learning_rate=0.1).run_accumulation_demo(clear_grad=True, steps=6, learning_rate=0.1)
    picture.loss("Your loss with clear_grad=True", loss=trace.losses)
    # Right numbers may come from sums of one's own, or from formulas: then there is nothing to record.
    right = all(passes(check_demo, trace.value, name, CLEARED[name][:6], 6) for name in HISTORIES)
    # Some faults show in a longer run only, or where the loss rises, as it does at this rate.
    longer = [
        submission.traced(learning_rate=rate).run_accumulation_demo(clear_grad=True, steps=16, learning_rate=rate)
        for rate in (0.1, 0.35)
    ]
    assert_clean_runs(trace, *longer, training=not right)
    got = histories(trace.value)
    for name in ("a_vals", "b_vals"):
        assert_moved(got[name][:1], got[name][-1:], what=f"value in {name}", when="in 6 steps")
    expect_a_demo(submission)


# Task 2


def check_gradients(got, x, num_backward, clear):
    """Compare the gradients of 2x after each pass, whatever types hold them."""
    call = f"accumulated_gradients({x}, {num_backward}, clear={clear})"
    expected = [2.0 if clear else 2.0 * (step + 1) for step in range(num_backward)]
    assert_values(read_numbers(got, f"The result of {call}"), expected, atol=1e-5, what=call)


@pytest.mark.task("2", points=1.5, category="correctness")
@pytest.mark.parametrize("clear", [False, True])
def test_gradients_of_three_passes(submission, clear):
    """Three backward passes of 2x give 2, 4, 6 without clearing and 2, 2, 2 with it."""
    got, other = submission.accumulated_gradients(3.0, 3, clear), submission.accumulated_gradients(3.0, 2, not clear)
    check_gradients(got, 3.0, 3, clear)
    what = "result of accumulated_gradients"
    assert_moved(read_numbers(got), read_numbers(other), what=what, when="with num_backward and clear")


# Task 3


def linear_model(submission):
    """Return a handle of the model w·x + b with w = b = 0."""
    model = submission.make("torch.nn.Linear", 1, 1)
    model.load_state_dict({"weight": torch.zeros(1, 1), "bias": torch.zeros(1)})
    return model


def check_parameters(model, weight, bias, situation):
    """Compare the model's two parameters."""
    state = model.state_dict()
    got = (read_number(state["weight"]), read_number(state["bias"]))
    still = " They have not moved." if got == (0.0, 0.0) else ""
    require(
        abs(got[0] - weight) <= 1e-4 and abs(got[1] - bias) <= 1e-4,
        f"{situation} your model has w = {got[0]:.4f} and b = {got[1]:.4f}.{still}",
        reveal=f"Expected w = {weight:.4f} and b = {bias:.4f}.",
    )


def check_example(submission):
    """Train on the worked example and compare the parameters."""
    model, inputs = linear_model(submission), torch.tensor([[1.0], [2.0], [3.0], [4.0]])
    submission.train_with_accumulation(model, inputs, 2 * inputs[:, 0], 1, 2, 0.1)
    check_parameters(model, 3.08, 1.18, "After two windows of two micro-batches with one row each,")


@pytest.mark.task("3", points=1, category="correctness")
def test_training_reaches_the_example(submission):
    """The worked example ends at w = 3.08 and b = 1.18."""
    check_example(submission)


@pytest.mark.task("3", points=0.5, category="correctness")
def test_training_returns_the_losses_of_the_example(submission):
    """The worked example returns the unscaled losses 4, 16, 5.76 and 11.56."""
    inputs = torch.tensor([[1.0], [2.0], [3.0], [4.0]])
    losses, other = (
        read_numbers(
            submission.train_with_accumulation(linear_model(submission), inputs, factor * inputs[:, 0], 1, 2, 0.1),
            "The result of train_with_accumulation",
        )
        for factor in (2, 3)
    )
    assert_values(losses, [4.0, 16.0, 5.76, 11.56], atol=1e-3, what="train_with_accumulation")
    assert_moved(losses, other, what="list of losses", when="with the targets")


@pytest.mark.task("3", points=1, category="correctness")
def test_training_skips_an_incomplete_window(submission):
    """Three micro-batches of two rows with accumulation_steps=2 make one update, not two."""
    model, inputs = linear_model(submission), torch.tensor([[1.0], [2.0], [3.0], [4.0], [5.0], [6.0]])
    submission.train_with_accumulation(model, inputs, 2 * inputs[:, 0], 2, 2, 0.01)
    check_parameters(model, 0.3, 0.1, "After one complete window (rows 1 to 4) and an incomplete one (rows 5, 6),")


@pytest.mark.task("3", points=2, category="hygiene")
def test_training_gradient_hygiene(submission, given, picture):
    """The gradients add up within a window, scaled, and never from one window into the next."""
    model, (inputs, targets) = submission.make("torch.nn.Linear", 3, 1), given.make_regression_data(16)
    before = model.state_dict()
    trace = submission.traced.train_with_accumulation(model, inputs, targets, 2, 2, 0.05)
    picture.loss("The losses of your micro-batches", loss=trace.losses)
    # Right parameters may come from torch.func, which leaves no gradients to look at.
    after = model.state_dict()
    other = submission.make("torch.nn.Linear", 3, 1)
    longer = submission.traced.train_with_accumulation(other, *given.make_regression_data(48), 2, 2, 0.05)
    assert_clean_runs(trace, longer, training=not passes(check_example, submission))
    for name in ("weight", "bias"):
        assert_moved(before[name].flatten(), after[name].flatten(), what=f"{name} of the model", when="in four windows")
