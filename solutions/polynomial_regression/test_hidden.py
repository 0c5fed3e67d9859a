"""The checks of polynomial regression that students never see: other data, starts, rates; convergence."""

from __future__ import annotations

import math

import pytest
import torch

from autograder.checks import (
    assert_at_most,
    assert_contraction,
    assert_descends,
    assert_diverged,
    assert_values,
    require,
)

NAMES = ("a", "b", "c", "loss")
CLOSED = "regression_polynomial_second_order"
MANUAL = "regression_polynomial_second_order_manual"
AUTOGRAD = "regression_polynomial_second_order_via_gradient"
START = (0.3, -1.1, 0.7)
RATES = (2e-1, 5e-2, 1e1)


def make_pairs(num, low, high, seed):
    """Return a noisy parabola with a ripple on [low, high]; unlike the given data it is well conditioned."""
    generator = torch.Generator().manual_seed(seed)
    x = low + (high - low) * torch.rand(num, generator=generator)
    noise = torch.randn(num, generator=generator)
    return x, 0.5 - 1.2 * x + 0.8 * x**2 + 0.2 * torch.sin(9 * x) + 0.1 * noise


OTHER = make_pairs(60, -1.6, 1.4, seed=7)
DATA_SETS = {"few": make_pairs(12, -1.0, 1.0, seed=3), "shifted": make_pairs(150, 1.0, 3.0, seed=11)}


def quadratic(x, y):
    """Return the exact minimum and the Hessian's eigenvalues (ascending) and eigenvectors, in float64."""
    x, y = x.double(), y.double()
    matrix = torch.stack([torch.ones_like(x), x, x**2], dim=1)
    minimum = torch.linalg.lstsq(matrix, y[:, None]).solution[:, 0]
    eigenvalues, eigenvectors = torch.linalg.eigh(2 / len(x) * matrix.T @ matrix)
    return minimum, eigenvalues, eigenvectors


def parameters(fit, what):
    """Return (a, b, c) of a result, after making sure that it is a tuple of four floats."""
    is_fit = isinstance(fit, tuple) and len(fit) == 4 and all(type(value) is float for value in fit)
    if not is_fit:  # only the types can be wrong here: the tolerance accepts every number
        assert_values(fit, (0.0, 0.0, 0.0, 0.0), atol=math.inf, names=NAMES, what=what)
    return fit[:3]


def distance(fit, minimum, what):
    """Return how far the result's a, b, c are from the minimum."""
    return (torch.tensor(parameters(fit, what), dtype=torch.float64) - minimum).norm().item()


def check_loss(fit, expected, what, x, y, iterations):
    """Compare the loss with the one before the last update; say so where it is the one after it."""
    a, b, c = parameters(fit, what)
    after = float(((a + b * x + c * x**2 - y) ** 2).mean())
    message = f"On other data, with num_iterations={iterations}, you returned the loss {fit[3]:.6f}. "
    if math.isclose(fit[3], after, rel_tol=1e-3):
        message += "That is the loss after the last update; return the one computed before it."
    else:
        message += "It should be the mean squared error at the point where the last iteration began."
    require(abs(fit[3] - expected) <= 1e-3, message, reveal=f"Expected {expected:.6f}.")


# Task 1


@pytest.mark.task("1", points=1, category="correctness")
@pytest.mark.parametrize("name", ["few", "shifted"])
def test_closed_form_on_other_data(submission, reference, name):
    """The closed form is right on other data: few points, and a shifted interval."""
    fit = submission.regression_polynomial_second_order(*DATA_SETS[name])
    expected = reference.regression_polynomial_second_order(*DATA_SETS[name])
    # The shifted data are badly conditioned: float32 normal equations may be off by a few 1e-3
    assert_values(fit, expected, atol=2e-2, names=NAMES, what=CLOSED)


@pytest.mark.task("1", points=0.5, category="correctness")
def test_closed_form_is_the_minimum(submission):
    """The gradient of the mean squared error is zero at the returned coefficients."""
    x, y = OTHER
    a, b, c = parameters(submission.regression_polynomial_second_order(x, y), CLOSED)
    residuals = (a + b * x + c * x**2 - y).double()
    slopes = [(2 * residuals * x**power).mean().item() for power in range(3)]
    steepest = max(range(3), key=lambda index: abs(slopes[index]))
    require(
        abs(slopes[steepest]) <= 1e-3,
        f"At your a={a:.4f}, b={b:.4f}, c={c:.4f} the loss still has the slope {slopes[steepest]:.4f} along "
        f"{NAMES[steepest]}: it is not the lowest point.",
    )


# Task 2


@pytest.mark.task("2", points=1, category="correctness")
@pytest.mark.parametrize("iterations", [1, 3])
def test_manual_steps_on_other_data(submission, reference, iterations):
    """a, b and c after a few iterations are right for other data, another start and another rate."""
    arguments = (*OTHER, *START, 5e-2, iterations)
    got = parameters(submission.regression_polynomial_second_order_manual(*arguments), MANUAL)
    expected = reference.regression_polynomial_second_order_manual(*arguments)
    call = f"{MANUAL}(…, learning_rate=0.05, num_iterations={iterations})"
    assert_values(got, expected[:3], atol=5e-4, names=NAMES[:3], what=call)


@pytest.mark.task("2", points=0.5, category="correctness")
@pytest.mark.parametrize("iterations", [1, 3])
def test_manual_loss_on_other_data(submission, reference, iterations):
    """On other data, too, the returned loss is the one before the last update."""
    arguments = (*OTHER, *START, 5e-2, iterations)
    fit = submission.regression_polynomial_second_order_manual(*arguments)
    check_loss(fit, reference.regression_polynomial_second_order_manual(*arguments)[3], MANUAL, *OTHER, iterations)


@pytest.mark.task("2", points=0.75, category="convergence")
@pytest.mark.parametrize("direction", ["flat", "middle", "steep"])
def test_manual_contracts_as_theory_says(submission, given, direction):
    """Started along an eigenvector of H, the error shrinks by |1 - learning_rate · eigenvalue| per step."""
    x, y = given.generate_training_pairs()
    minimum, eigenvalues, eigenvectors = quadratic(x, y)
    index = ("flat", "middle", "steep").index(direction)
    start = minimum + 10 * eigenvectors[:, index]
    errors = [10.0]
    for iterations in (1, 2, 3):
        fit = submission.regression_polynomial_second_order_manual(x, y, *start.tolist(), 0.15, iterations)
        errors.append(distance(fit, minimum, MANUAL))
    rate = abs(1 - 0.15 * eigenvalues[index].item())
    assert_contraction(errors, rate, rtol=1e-3, what=f"error along the {direction} direction")


@pytest.mark.task("2", points=0.25, category="convergence")
def test_manual_loss_falls(submission):
    """At a small enough rate the loss falls in every iteration."""
    losses = []
    for iterations in (1, 2, 3, 4, 6):
        fit = submission.regression_polynomial_second_order_manual(*OTHER, *START, 2e-1, iterations)
        parameters(fit, MANUAL)
        losses.append(fit[3])
    assert_descends(losses, what="loss")
    require(losses[-1] < losses[0], f"The loss should fall, but it stays at {losses[0]:.6g} for 6 iterations.")


@pytest.mark.task("2", points=0.5, category="convergence")
def test_manual_diverges_without_an_exception(submission):
    """A learning rate of 10 comes back as huge, inf or nan numbers."""
    fit = submission.regression_polynomial_second_order_manual(*OTHER, *START, 1e1, 40)
    parameters(fit, MANUAL)
    assert_diverged(fit, what="result at learning rate 10")


# Task 3


@pytest.mark.task("3", points=1, category="correctness")
@pytest.mark.parametrize("learning_rate", [5e-2, 2e-1])
def test_autograd_steps_on_other_data(submission, reference, learning_rate):
    """a, b and c after 3 iterations are right for other data and other rates."""
    got = parameters(submission.regression_polynomial_second_order_via_gradient(*OTHER, learning_rate, 3), AUTOGRAD)
    expected = reference.regression_polynomial_second_order_via_gradient(*OTHER, learning_rate, 3)
    call = f"{AUTOGRAD}(…, learning_rate={learning_rate:g}, num_iterations=3)"
    assert_values(got, expected[:3], atol=5e-4, names=NAMES[:3], what=call)


@pytest.mark.task("3", points=0.5, category="correctness")
@pytest.mark.parametrize("iterations", [1, 3])
def test_autograd_returns_the_loss_before_the_update(submission, reference, iterations):
    """The returned loss is the one that the last iteration computed before its update."""
    fit = submission.regression_polynomial_second_order_via_gradient(*OTHER, 2e-1, iterations)
    expected = reference.regression_polynomial_second_order_via_gradient(*OTHER, 2e-1, iterations)
    check_loss(fit, expected[3], AUTOGRAD, *OTHER, iterations)


@pytest.mark.task("3", points=0.5, category="convergence")
def test_autograd_contracts_as_theory_says(submission):
    """Once the steep directions have died out, the error shrinks at the rate of the flattest one."""
    minimum, eigenvalues, _ = quadratic(*OTHER)
    errors = [
        distance(
            submission.regression_polynomial_second_order_via_gradient(*OTHER, 2e-1, iterations),
            minimum,
            AUTOGRAD,
        )
        for iterations in (20, 21, 22)
    ]
    rate = 1 - 2e-1 * eigenvalues[0].item()
    assert_contraction(errors, rate, rtol=5e-3, what="error after 20, 21 and 22 iterations")


@pytest.mark.task("3", points=0.25, category="convergence")
def test_autograd_converges_on_other_data(submission):
    """100 iterations at a good rate reach the closed-form solution of other data."""
    minimum, _, _ = quadratic(*OTHER)
    fit = submission.regression_polynomial_second_order_via_gradient(*OTHER, 2e-1, 100)
    assert_at_most(distance(fit, minimum, AUTOGRAD), 1e-3, what="distance to the closed-form solution")


@pytest.mark.task("3", points=0.25, category="convergence")
def test_autograd_loss_falls(submission):
    """At a small enough rate the loss falls in every iteration."""
    losses = []
    for iterations in (1, 2, 3, 4, 6):
        fit = submission.regression_polynomial_second_order_via_gradient(*OTHER, 2e-1, iterations)
        parameters(fit, AUTOGRAD)
        losses.append(fit[3])
    assert_descends(losses, what="loss")
    require(losses[-1] < losses[0], f"The loss should fall, but it stays at {losses[0]:.6g} for 6 iterations.")


@pytest.mark.task("3", points=0.5, category="convergence")
def test_autograd_diverges_without_an_exception(submission):
    """A learning rate of 10 comes back as huge, inf or nan numbers."""
    fit = submission.regression_polynomial_second_order_via_gradient(*OTHER, 1e1, 40)
    parameters(fit, AUTOGRAD)
    assert_diverged(fit, what="result at learning rate 10")


# Task 4


@pytest.mark.task("4", points=1, category="correctness")
@pytest.mark.parametrize("learning_rate", [2e-1, 5e-2])
def test_comparison_on_other_data(submission, learning_rate):
    """For other data, rates and iterations each entry agrees with your own Task 3 function."""
    fits = submission.compare_learning_rates(*OTHER, learning_rates=RATES, num_iterations=3)
    own = submission.regression_polynomial_second_order_via_gradient(*OTHER, learning_rate, 3)
    require(
        isinstance(fits, dict) and learning_rate in fits,
        f"With learning_rates={RATES} the result has no entry for the rate {learning_rate:g}.",
    )
    assert_values(
        fits[learning_rate], own, atol=1e-4, names=NAMES, what=f"compare_learning_rates(…)[{learning_rate:g}]"
    )


@pytest.mark.task("4", points=0.5, category="correctness")
def test_comparison_keeps_a_diverging_run(submission):
    """A rate at which the run diverges is in the dictionary too, with its huge, inf or nan numbers."""
    fits = submission.compare_learning_rates(*OTHER, learning_rates=RATES, num_iterations=40)
    own = submission.regression_polynomial_second_order_via_gradient(*OTHER, 1e1, 40)
    require(
        isinstance(fits, dict) and 1e1 in fits,
        f"With learning_rates={RATES} there is no entry for the rate 10.",
    )
    entry = "compare_learning_rates(…)[10]"
    parameters(fits[1e1], entry)
    if all(math.isfinite(value) for value in own):
        assert_values(fits[1e1], own, atol=1e-4, rtol=1e-4, names=NAMES, what=entry)
    else:
        assert_diverged(fits[1e1], what="entry for rate 10")
