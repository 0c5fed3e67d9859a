"""The checks of autograd pitfalls that students get: the worked examples, and how the gradients got there.

Repaired is a function whose value is right *and* in which the rule that names its fault is silent. So every check
looks at a recorded run: a value that happens to be right before the repair earns nothing.
"""

from __future__ import annotations

import pytest
import torch

from autograder.checks import (
    Cause,
    assert_moved,
    assert_tensor,
    assert_types,
    assert_values,
    passes,
    read_number,
    read_numbers,
    require,
)

FAULTS = {
    "detached_chain": "GH301",
    "inplace_update": "GH401",
    "accumulated_gradient": "GH101",
    "wasteful_evaluation": "GH501",
    "double_backward": "GH402",
    "lost_leaf": "GH202",
    "rewrapped_tensor": "GH301",
}
"""The rule that names each fault; that of `vector_backward` is an exception of PyTorch."""
TOLERANCE = 1e-4
"""Of a value, relative to it: float32 has seven digits, and other right formulas lose two of them at most."""


def recorded(submission, name, *arguments):
    """One recorded call, after making sure that it came to its end and that the fault of the handout is gone."""
    trace = getattr(submission.traced, name)(*arguments)
    if trace.outcome is not None:
        trace.expect_clean(training=False, severities="E")
        # No rule explains the exception: this says what Python said.
        getattr(submission, name)(*arguments)
    if any(found.code == FAULTS.get(name) for found in trace.diagnostics()):
        trace.expect_clean(training=False)
    return trace


def expect(call, numbers, expected, slips, names=None):
    """Compare numbers. Where they are those of a well-known slip, say which: (numbers, sentence)."""
    got, right = (row[0] if len(expected) == 1 else tuple(row) for row in (numbers, expected))
    causes = [Cause(said, slip[0] if len(expected) == 1 else tuple(slip)) for slip, said in slips]
    assert_values(got, right, atol=TOLERANCE, rtol=TOLERANCE, names=names, what=call, causes=causes)


def flat(name, result):
    """The numbers of a result, whatever holds them."""
    if isinstance(result, torch.Tensor):
        return result.flatten().tolist()
    return read_numbers(result if isinstance(result, (list, tuple)) else [result], f"The result of {name}")


def expect_answer(name, value, other):
    """Make sure that a result has to do with the arguments: numbers copied from the page stay the same."""
    assert_moved(flat(name, value), flat(name, other), what=f"result of {name}", when="with the arguments")


def expect_hygiene(trace, right, ignore=("GH501",)):
    """Make sure that no rule speaks up, and that there was something to speak about.

    A right value may come from formulas, which leave no gradients. Only Task 5 is about graphs that nobody uses.
    """
    trace.expect_clean(ignore=ignore, training=False)
    require(
        right or any(value is not None for values in trace.gradients.values() for value in values),
        "Your function computed no gradient, and its value is not right: there is nothing to be clean here.",
    )


# Task 1


def check_chain(submission, value):
    call = "detached_chain(2.0)"
    slips = [
        ([48.0], "That is dz/dy = 3y²: the chain goes on from y to x."),
        ([4.0], "That is dy/dx: the chain begins at z."),
        ([64.0], "That is z itself, not its derivative."),
        ([384.0], "That is twice the derivative: did two backward passes add up?"),
    ]
    expect(call, [read_number(value, f"The result of {call}")], [192.0], slips)
    expect_answer("detached_chain", value, submission.detached_chain(1.0))


@pytest.mark.task("1", points=1, category="correctness")
def test_chain_is_repaired(submission):
    """The derivative of z at x = 2 is 192, a float, and the chain is whole."""
    value = recorded(submission, "detached_chain", 2.0).value
    check_chain(submission, value)
    assert_types(value, 192.0, what="detached_chain(2.0)")


@pytest.mark.task("1", points=1, category="hygiene")
def test_chain_hygiene(submission):
    """The graph leads from z back to x."""
    trace = recorded(submission, "detached_chain", 2.0)
    expect_hygiene(trace, passes(check_chain, submission, trace.value))


# Task 2


def check_inplace(submission, value):
    call = "inplace_update(0.0)"
    slips = [
        ([12.0], "That belongs to (y + 1)³: the square has to be that of y before 1 is added."),
        ([3.0], "That belongs to y³: the + 1 is missing."),
        ([4.0], "There the factor y + 1 counts as a constant: the gradient has to flow through it, too."),
        ([1.0], "There the factor y² counts as a constant: the gradient has to flow through it, too."),
        ([2.0], "That is f itself, not its derivative."),
    ]
    expect(call, [read_number(value, f"The result of {call}")], [5.0], slips)
    expect_answer("inplace_update", value, submission.inplace_update(1.0))


@pytest.mark.task("2", points=1, category="correctness")
def test_inplace_is_repaired(submission):
    """The derivative of f at x = 0 is 5, a float, and nothing is changed that backward() needs."""
    value = recorded(submission, "inplace_update", 0.0).value
    check_inplace(submission, value)
    assert_types(value, 5.0, what="inplace_update(0.0)")


@pytest.mark.task("2", points=1, category="hygiene")
def test_inplace_hygiene(submission):
    """No value that backward() needs is changed in place."""
    trace = recorded(submission, "inplace_update", 0.0)
    expect_hygiene(trace, passes(check_inplace, submission, trace.value))


# Task 3


def check_accumulated(submission, value):
    call = "accumulated_gradient(1.0)"
    slips = [
        ([-0.2, 6.0], "That is 2 + 4 + 6: each step used the sum of all gradients so far."),
        ([0.6, 2.0], "There is one step too few."),
        ([0.2, 2.0], "There is one step too many."),
        ([1.6, 2.0], "Your steps go up: the gradient has to be subtracted."),
        ([0.4, 0.0], "The gradient was noted after it had been cleared."),
        ([1.0, 2.0], "x has not moved: was the gradient cleared before the update?"),
        ([2.0, 0.4], "The two numbers are swapped."),
    ]
    names = ("x", "gradient")
    expect(call, read_numbers(value, f"The result of {call}", names=names), [0.4, 2.0], slips, names)
    expect_answer("accumulated_gradient", value, submission.accumulated_gradient(2.0))


@pytest.mark.task("3", points=1, category="correctness")
def test_accumulated_is_repaired(submission):
    """Three steps (the default) from 1 end at 0.4, the last gradient is 2, and both are floats."""
    value = recorded(submission, "accumulated_gradient", 1.0).value
    check_accumulated(submission, value)
    assert_types(value, (0.4, 2.0), names=("x", "gradient"), what="accumulated_gradient(1.0)")


@pytest.mark.task("3", points=1, category="hygiene")
def test_accumulated_hygiene(submission):
    """Every step uses the gradient of that step and no other."""
    trace = recorded(submission, "accumulated_gradient", 1.0)
    expect_hygiene(trace, passes(check_accumulated, submission, trace.value))


# Task 4


def check_vector(submission, value):
    call = "vector_backward(torch.tensor([1.0, 2.0, 3.0]))"
    slips = [
        ([2 / 3, 4 / 3, 2.0], "That is the gradient of the mean of the squares: a sum was asked for."),
        ([2.0, 0.0, 0.0], "That is the gradient of the first square alone."),
        ([0.0, 0.0, 6.0], "That is the gradient of the last square alone."),
        ([2.0, 8.0, 18.0], "Each entry is weighted with x itself: all squares count the same."),
        ([1.0, 4.0, 9.0], "Those are the squares themselves, not their gradient."),
        ([1.0, 1.0, 1.0], "That is the gradient of the sum of x, not of the sum of its squares."),
    ]
    names = ("x[0]", "x[1]", "x[2]")
    expect(call, read_numbers(value, f"The result of {call}", names=names), [2.0, 4.0, 6.0], slips, names)
    expect_answer("vector_backward", value, submission.vector_backward(torch.tensor([0.5, -1.0, 4.0])))


@pytest.mark.task("4", points=1, category="correctness")
def test_vector_is_repaired(submission):
    """The gradient at (1, 2, 3) is (2, 4, 6), a float32 tensor of the shape of x."""
    value = recorded(submission, "vector_backward", torch.tensor([1.0, 2.0, 3.0])).value
    check_vector(submission, value)
    assert_tensor(value, shape=(3,), what="vector_backward(x)")


@pytest.mark.task("4", points=1, category="hygiene")
def test_vector_hygiene(submission):
    """The gradient is computed without a change to x."""
    trace = recorded(submission, "vector_backward", torch.tensor([1.0, 2.0, 3.0]))
    expect_hygiene(trace, passes(check_vector, submission, trace.value))


# Task 5


def line(submission):
    """A handle of the model 2x + 1, in training mode."""
    model = submission.make("torch.nn.Linear", 1, 1)
    model.load_state_dict({"weight": torch.tensor([[2.0]]), "bias": torch.tensor([1.0])})
    return model


def evaluated(submission, model):
    """The recorded evaluation of the worked example."""
    inputs, targets = torch.tensor([[1.0], [2.0]]), torch.tensor([3.0, 7.0])
    return recorded(submission, "wasteful_evaluation", model, inputs, targets)


def check_evaluation(submission, model, value):
    call = "wasteful_evaluation of 2x + 1 on the rows 1, 2"
    slips = [
        ([4.0], "That is the sum of the squares, not their mean."),
        ([1.0], "That is half of the mean of the squares, or the mean of the absolute differences."),
        ([2**0.5], "That is the root of the mean squared error."),
        # predictions of shape (2, 1) minus targets of shape (2,): all four differences 0, -4, 2, -2
        ([6.0], "Shapes (n, 1) and (n,) were subtracted, which makes a table of n times n differences."),
    ]
    expect(call, [read_number(value, f"The result of {call}")], [2.0], slips)
    other = submission.wasteful_evaluation(model, torch.tensor([[1.0], [2.0]]), torch.tensor([3.0, 8.0]))
    expect_answer("wasteful_evaluation", value, other)


@pytest.mark.task("5", points=1, category="correctness")
def test_evaluation_is_repaired(submission):
    """The mean squared error of the example is 2, a float, and no graph is recorded for it."""
    model = line(submission)
    value = evaluated(submission, model).value
    check_evaluation(submission, model, value)
    assert_types(value, 2.0, what="wasteful_evaluation")


@pytest.mark.task("5", points=1, category="hygiene")
def test_evaluation_hygiene(submission):
    """The evaluation records no graph and leaves the model as it was."""
    model = line(submission)
    trace = evaluated(submission, model)
    expect_hygiene(trace, passes(check_evaluation, submission, model, trace.value), ignore=())
    state = model.state_dict()
    require(
        read_number(state["weight"]) == 2.0 and read_number(state["bias"]) == 1.0,
        "After the call the model has other parameters than before: evaluation only looks at them.",
    )
    require(
        model.weight.requires_grad.get() and model.bias.requires_grad.get(),
        "After the call the model's parameters do not require gradients any more: nobody could train it now.",
    )
    require(model.training.get(), "The model was in training mode before the call and is in evaluation mode after it.")


# Task 6


def check_double(submission, value):
    call = "double_backward(2.0)"
    slips = [
        ([12.0, 44.0], "The second is the sum of both, 12 + 32: the first gradient was still in `.grad`."),
        ([44.0, 44.0], "Both are the sum of the two derivatives, 12 + 32."),
        ([32.0, 12.0], "The two derivatives are swapped."),
        ([3.0, 8.0], "Those are the derivatives with respect to s: the chain goes on from s to x."),
        ([12.0, 8.0], "The second is the derivative with respect to s: the chain goes on from s to x."),
        ([12.0, 0.0], "No gradient of s² arrives at x: is s cut off, or cleared too late?"),
    ]
    names = ("first", "second")
    expect(call, read_numbers(value, f"The result of {call}", names=names), [12.0, 32.0], slips, names)
    expect_answer("double_backward", value, submission.double_backward(1.0))


@pytest.mark.task("6", points=1, category="correctness")
def test_double_is_repaired(submission):
    """The two derivatives at x = 2 are 12 and 32, both floats, and no graph is used that is gone."""
    value = recorded(submission, "double_backward", 2.0).value
    check_double(submission, value)
    assert_types(value, (12.0, 32.0), names=("first", "second"), what="double_backward(2.0)")


@pytest.mark.task("6", points=1, category="hygiene")
def test_double_hygiene(submission):
    """No backward pass goes through a graph that is gone."""
    trace = recorded(submission, "double_backward", 2.0)
    expect_hygiene(trace, passes(check_double, submission, trace.value))


# Task 7


def check_leaf(submission, value):
    call = "lost_leaf(0.0)"
    slips = [
        ([3 - 3 * 0.8**9], "That is w after nine steps: there is one too few."),
        ([3 - 3 * 0.8**11], "That is w after eleven steps: there is one too many."),
        ([3 - 3 * 0.9**10], "Each step is half as long as it should be: the gradient is 2(w - 3)."),
        ([3 - 3 * 1.2**10], "Your steps go away from 3: the gradient has to be subtracted."),
        ([0.6], "That is w after a single step."),
        ([0.0], "w has not moved."),
    ]
    expect(call, [read_number(value, f"The result of {call}")], [3 - 3 * 0.8**10], slips)
    expect_answer("lost_leaf", value, submission.lost_leaf(5.0))


@pytest.mark.task("7", points=1, category="correctness")
def test_leaf_is_repaired(submission):
    """Ten steps (the default) from 0 end at 2.6779, a float."""
    value = recorded(submission, "lost_leaf", 0.0).value
    check_leaf(submission, value)
    assert_types(value, 2.6779, what="lost_leaf(0.0)")


@pytest.mark.task("7", points=1, category="hygiene")
def test_leaf_hygiene(submission):
    """The parameter is a leaf in every step, and every step uses the gradient of that step only."""
    trace = recorded(submission, "lost_leaf", 0.0)
    expect_hygiene(trace, passes(check_leaf, submission, trace.value))


# Task 8


def check_rewrapped(submission, value):
    call = "rewrapped_tensor(2.0, 3.0)"
    slips = [
        ([34.0, 46.0], "The two derivatives are swapped."),
        ([23.0, 17.0], "That is half of it: the derivative of a square has a factor of 2."),
        ([36.0, 24.0], "Only u·v contributes: the gradient of u + v is missing."),
        ([10.0, 10.0], "Only u + v contributes: the gradient of u·v is missing."),
        ([4.0, 3.0], "That is the gradient of u·v + u + v: the squares are missing."),
    ]
    names = ("dL/du", "dL/dv")
    expect(call, read_numbers(value, f"The result of {call}", names=names), [46.0, 34.0], slips, names)
    expect_answer("rewrapped_tensor", value, submission.rewrapped_tensor(1.0, 1.0))


@pytest.mark.task("8", points=1, category="correctness")
def test_rewrapped_is_repaired(submission):
    """The two derivatives at (2, 3) are 46 and 34, both floats, and the graph leads back to u and v."""
    value = recorded(submission, "rewrapped_tensor", 2.0, 3.0).value
    check_rewrapped(submission, value)
    assert_types(value, (46.0, 34.0), names=("dL/du", "dL/dv"), what="rewrapped_tensor(2.0, 3.0)")


@pytest.mark.task("8", points=1, category="hygiene")
def test_rewrapped_hygiene(submission):
    """The graph leads from L back to u and v."""
    trace = recorded(submission, "rewrapped_tensor", 2.0, 3.0)
    expect_hygiene(trace, passes(check_rewrapped, submission, trace.value))
