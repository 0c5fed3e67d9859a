"""The checks of autograd pitfalls that students never see: other arguments, shapes, models, and several calls.

Each begins with a recorded call, for a right value with the handout's fault in it is no repair; the calls after it
are plain ones with other arguments, so that what an earlier call left behind shows.
"""

from __future__ import annotations

import math

import pytest
import torch

from autograder.checks import assert_contraction, assert_tensor, read_number, read_numbers, require

FAULTS = {
    "detached_chain": "GH301",
    "inplace_update": "GH401",
    "accumulated_gradient": "GH101",
    "wasteful_evaluation": "GH501",
    "double_backward": "GH402",
    "lost_leaf": "GH202",
    "rewrapped_tensor": "GH301",
}
TOLERANCE = 1e-4
"""Of a value, relative to it: float32 has seven digits, and other right formulas lose two of them at most."""


def expect_repaired(submission, name, *arguments):
    """Make sure that a recorded call comes to its end and that the fault of the handout is gone."""
    trace = getattr(submission.traced, name)(*arguments)
    if trace.outcome is not None:
        trace.expect_clean(training=False, severities="E")
        getattr(submission, name)(*arguments)
    if any(found.code == FAULTS.get(name) for found in trace.diagnostics()):
        trace.expect_clean(training=False)


def same(numbers, expected):
    """Whether these are the expected numbers, within the tolerance."""
    wanted = torch.tensor(expected, dtype=torch.float64)
    return torch.allclose(torch.tensor(numbers, dtype=torch.float64), wanted, rtol=TOLERANCE, atol=TOLERANCE)


def expect(call, numbers, expected, earlier=()):
    """Compare numbers; say so where they are twice the right ones, or hold what an ``earlier`` call returned."""
    cause = ""
    if same(numbers, [2 * value for value in expected]):
        cause = " That is exactly twice the right value: did something add up?"
    elif earlier and same(numbers, [one + other for one, other in zip(expected, earlier, strict=True)]):
        cause = " That is the right value plus that of the call before: something was left behind."
    elif earlier and same(numbers, earlier):
        cause = " That is what the call before returned."
    shown = ", ".join(f"{value:.4f}" for value in numbers)
    require(same(numbers, expected), f"{call} returned {shown}, which is not right.{cause}")


def expect_derivatives(submission, name, cases, names=()):
    """Ask for the derivatives in all ``cases``, one call after the other: pairs of arguments and right numbers."""
    expect_repaired(submission, name, *cases[0][0])
    earlier = []
    for arguments, expected in cases:
        call = f"{name}({', '.join(map(str, arguments))})"
        value, what = getattr(submission, name)(*arguments), f"The result of {call}"
        numbers = read_numbers(value, what, names=names) if names else [read_number(value, what)]
        expect(call, numbers, expected, earlier)
        earlier = expected


@pytest.mark.task("1", points=1, category="correctness")
def test_chain_at_other_points(submission):
    """The derivative is right for other x, call after call."""
    expect_derivatives(submission, "detached_chain", [((x,), [6 * x**5]) for x in (-1.5, 0.5, 1.0, 3.0)])


@pytest.mark.task("2", points=1, category="correctness")
def test_inplace_at_other_points(submission):
    """The derivative is right for other x, call after call."""
    cases = [((x,), [3 * math.exp(3 * x) + 2 * math.exp(2 * x)]) for x in (0.5, -1.0, 1.25, -3.0)]
    expect_derivatives(submission, "inplace_update", cases)


@pytest.mark.task("3", points=1, category="correctness")
def test_accumulated_from_other_starts(submission):
    """The end and the gradient are right for other starts and numbers of steps, small and large."""
    expect_repaired(submission, "accumulated_gradient", -2.5, 4)
    for x, num_steps in ((-2.5, 4), (0.5, 1), (3.0, 25)):
        call = f"accumulated_gradient({x}, num_steps={num_steps})"
        value = submission.accumulated_gradient(x, num_steps=num_steps)
        got, gradient = read_numbers(value, f"The result of {call}", names=("x", "gradient"))
        steps = (x - got) / 0.2
        off = round(steps) - num_steps
        cause = f" That is where {round(steps)} steps end." if off and abs(steps - round(steps)) < 1e-3 else ""
        require(same([got], [x - 0.2 * num_steps]), f"{call} ends at {got:.4f}, which is not right.{cause}")
        require(same([gradient], [2.0]), f"{call} returned {gradient:.4f} as the last gradient; 2x has another slope.")


@pytest.mark.task("4", points=1, category="correctness")
def test_vector_of_other_shapes(submission):
    """The gradient is right for other shapes, and has the shape of x."""
    generator = torch.Generator().manual_seed(4)
    expect_repaired(submission, "vector_backward", torch.randn(4, generator=generator))
    for shape in ((2, 3), (5,), (1,), (3, 1, 2), ()):
        x = torch.randn(shape, generator=generator)
        gradient = submission.vector_backward(x)
        call = f"vector_backward of a tensor of the shape {shape}"
        assert_tensor(gradient, shape=shape, dtype=getattr(gradient, "dtype", torch.float32), what=call)
        expect(call, gradient.flatten().tolist(), (2 * x).flatten().tolist())


@pytest.mark.task("5", points=1, category="correctness")
def test_evaluation_of_other_models(submission):
    """The mean squared error is right for a network and for a single row, call after call, and records no graph."""
    generator = torch.Generator().manual_seed(5)
    torch.manual_seed(5)
    own = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1))
    theirs = submission.make(
        "torch.nn.Sequential",
        submission.make("torch.nn.Linear", 3, 4),
        submission.make("torch.nn.Tanh"),
        submission.make("torch.nn.Linear", 4, 1),
    )
    theirs.load_state_dict(own.state_dict())
    expect_repaired(submission, "wasteful_evaluation", theirs, torch.ones(2, 3), torch.ones(2))
    earlier = []
    for rows in (7, 1, 12):
        inputs, targets = torch.randn(rows, 3, generator=generator), torch.randn(rows, generator=generator)
        call = f"The evaluation of a network on {rows} row{'s' if rows > 1 else ''}"
        got = read_number(submission.wasteful_evaluation(theirs, inputs, targets), f"{call}: the result")
        with torch.no_grad():
            errors = (own(inputs)[:, 0] - targets) ** 2
        summed = rows > 1 and same([got], [errors.sum().item()])
        require(not summed, f"{call} returned {got:.4f}: that is the sum of the squares, not their mean.")
        expect(call, [got], [errors.mean().item()], earlier)
        earlier = [errors.mean().item()]


@pytest.mark.task("6", points=1, category="correctness")
def test_double_at_other_points(submission):
    """Both derivatives are right for other x, call after call."""
    cases = [((x,), [6 * x, 4 * x**3]) for x in (-1.5, 0.5, 1.0, 3.0)]
    expect_derivatives(submission, "double_backward", cases, names=("first", "second"))


@pytest.mark.task("7", points=0.5, category="correctness")
def test_leaf_with_other_settings(submission):
    """w is right for other starts, rates and numbers of steps, also for none, for many and close to the minimum."""
    expect_repaired(submission, "lost_leaf", -1.0, 4, 0.05)
    for start, num_steps, rate in ((-1.0, 4, 0.05), (7.5, 1, 0.25), (7.5, 0, 0.25), (-20.0, 40, 0.02), (0.0, 45, 0.1)):
        call = f"lost_leaf({start}, num_steps={num_steps}, learning_rate={rate})"
        got = read_number(submission.lost_leaf(start, num_steps, rate), f"The result of {call}")
        right = {step: 3 + (start - 3) * (1 - 2 * rate) ** step for step in range(num_steps + 2)}
        reached = next((step for step, value in right.items() if step != num_steps and same([got], [value])), None)
        cause = f" That is w after {reached} step{'s' if reached != 1 else ''}." if reached is not None else ""
        require(same([got], [right[num_steps]]), f"{call} returned {got:.4f}, which is not right.{cause}")


@pytest.mark.task("7", points=0.5, category="convergence")
def test_leaf_contracts_as_theory_says(submission):
    """The distance to the minimum shrinks by the factor 1 - 2 · learning_rate in every step."""
    expect_repaired(submission, "lost_leaf", 8.0, 3, 0.15)
    reached = [
        read_number(submission.lost_leaf(8.0, steps, 0.15), f"The result of lost_leaf(8.0, {steps}, 0.15)")
        for steps in range(5)
    ]
    require(reached[0] == 8.0, f"lost_leaf(8.0, 0, 0.15) makes no step, so it ends at 8; yours is {reached[0]:.4f}.")
    assert_contraction([abs(value - 3) for value in reached], 0.7, rtol=1e-3, what="distance of w to the minimum")


@pytest.mark.task("8", points=1, category="correctness")
def test_rewrapped_at_other_points(submission):
    """Both derivatives are right for other u and v, call after call."""
    points = ((-1.5, 0.5), (0.0, 2.0), (1.0, 1.0), (3.0, -2.0))
    cases = [((u, v), [2 * u * v**2 + 2 * (u + v), 2 * u**2 * v + 2 * (u + v)]) for u, v in points]
    expect_derivatives(submission, "rewrapped_tensor", cases, names=("dL/du", "dL/dv"))
