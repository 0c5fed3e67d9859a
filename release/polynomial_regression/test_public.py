"""The checks of polynomial regression that students get: the published numbers of the handout."""

from __future__ import annotations

import math

import pytest
import torch

from autograder.checks import assert_diverged, assert_values, require

NAMES = ("a", "b", "c", "loss")
CLOSED = "regression_polynomial_second_order"
MANUAL = "regression_polynomial_second_order_manual"
AUTOGRAD = "regression_polynomial_second_order_via_gradient"
RATES = (1e0, 1e-1, 1e-2, 1e-3)
# torch.manual_seed(0); torch.randn(3).tolist()
START = tuple(torch.randn(3, generator=torch.Generator().manual_seed(0)).tolist())

CLOSED_FORM = (1.8195, -3.0787, 2.2214, 0.0503)
MANUAL_STEPS = {
    1: (2.194584, 0.746264, -0.469830, 24.080072),
    2: (2.070783, 0.724992, -0.389720, 1.767300),
    7: (1.577004, 0.620183, -0.081342, 0.969312),
}
AUTOGRAD_STEPS = {
    1: (0.799896, 0.463272, 0.397506, 1.194551),
    2: (0.785208, 0.451221, 0.413717, 0.336697),
    7: (0.729424, 0.391001, 0.480215, 0.312254),
}
AUTOGRAD_100 = {
    1e-1: (0.8828, -0.4756, 0.9729, 0.1912),
    1e-2: (0.7115, 0.3569, 0.5112, 0.3005),
}


@pytest.fixture(scope="module")
def pairs(given):
    return given.generate_training_pairs()


def parameters(fit, what):
    """Return (a, b, c) of a result, after making sure that it is a tuple of four floats."""
    is_fit = isinstance(fit, tuple) and len(fit) == 4 and all(type(value) is float for value in fit)
    if not is_fit:  # only the types can be wrong here: the tolerance accepts every number
        assert_values(fit, (0.0, 0.0, 0.0, 0.0), atol=math.inf, names=NAMES, what=what)
    return fit[:3]


def check_loss(fit, expected, what, x, y, iterations):
    """Compare the loss with the one before the last update; say so where it is the one after it."""
    a, b, c = parameters(fit, what)
    after = float(((a + b * x + c * x**2 - y) ** 2).mean())
    message = f"With num_iterations={iterations} you returned the loss {fit[3]:.6f}. "
    if math.isclose(fit[3], after, rel_tol=1e-3):
        message += (
            "That is the loss at the a, b, c that you return, so it was computed after the last update. "
            "Return the one that the last iteration computed before it changed a, b and c."
        )
    else:
        message += "It should be the mean squared error at the point where the last iteration began."
        if iterations == 1:
            message += " With one iteration that is the start."
    require(
        abs(fit[3] - expected) <= 1e-3 + 1e-4 * abs(expected),
        message,
        reveal=f"Expected {expected:.6f}.",
    )


# Task 1


@pytest.mark.task("1", points=1, category="correctness")
def test_closed_form_on_the_given_pairs(submission, pairs):
    """The closed form finds the published coefficients and loss on the given data."""
    fit = submission.regression_polynomial_second_order(*pairs)
    assert_values(fit, CLOSED_FORM, atol=1e-3, names=NAMES, what=CLOSED)


@pytest.mark.task("1", points=0.5, category="correctness")
def test_closed_form_finds_an_exact_parabola(submission):
    """Three points of the parabola 1 + x² give back a=1, b=0, c=1 with loss 0."""
    x = torch.tensor([0.0, 1.0, 2.0])
    fit = submission.regression_polynomial_second_order(x, 1 + x**2)
    assert_values(fit, (1.0, 0.0, 1.0, 0.0), atol=1e-3, names=NAMES, what=CLOSED)


# Task 2


@pytest.mark.task("2", points=0.75, category="correctness")
@pytest.mark.parametrize("name", ["a", "b", "c"])
def test_manual_first_update(submission, pairs, name):
    """The first update moves each parameter by -learning_rate times its gradient."""
    fit = submission.regression_polynomial_second_order_manual(*pairs, *START, learning_rate=1e-1, num_iterations=1)
    index = NAMES.index(name)
    got = parameters(fit, MANUAL)[index]
    expected, start = MANUAL_STEPS[1][index], START[index]
    gradient, used = (start - expected) / 1e-1, (start - got) / 1e-1
    require(
        abs(got - expected) <= 1e-3,
        f"One update with learning rate 0.1 moved {name} from {start:.4f} to {got:.4f}. That is a step along "
        f"a gradient of {used:.4f}. Check your formula of ∂L/∂{name}: the factor 2, the mean (not the sum), "
        "the power of x, and that all three gradients use the same residuals.",
        reveal=f"The gradient there is {gradient:.4f}, so {name} should become {expected:.4f}.",
    )


@pytest.mark.task("2", points=0.5, category="correctness")
@pytest.mark.parametrize("iterations", [2, 7])
def test_manual_first_steps(submission, pairs, iterations):
    """a, b and c after 2 and after 7 iterations are the published ones."""
    fit = submission.regression_polynomial_second_order_manual(
        *pairs, *START, learning_rate=1e-1, num_iterations=iterations
    )
    got, call = parameters(fit, MANUAL), f"{MANUAL}(…, learning_rate=0.1, num_iterations={iterations})"
    assert_values(got, MANUAL_STEPS[iterations][:3], atol=1e-3, names=NAMES[:3], what=call)


@pytest.mark.task("2", points=0.5, category="correctness")
@pytest.mark.parametrize("iterations", [1, 2])
def test_manual_returns_the_loss_before_the_update(submission, pairs, iterations):
    """The returned loss is the one that the last iteration computed before its update."""
    fit = submission.regression_polynomial_second_order_manual(
        *pairs, *START, learning_rate=1e-1, num_iterations=iterations
    )
    check_loss(fit, MANUAL_STEPS[iterations][3], MANUAL, *pairs, iterations)


@pytest.mark.task("2", points=0.25, category="correctness")
def test_manual_after_100_iterations(submission, pairs):
    """100 iterations at the default learning rate arrive at the published point."""
    fit = submission.regression_polynomial_second_order_manual(*pairs, *START, num_iterations=100)
    got = parameters(fit, MANUAL)
    assert_values(got, (1.3888, 0.5683, 0.0439), atol=1e-3, names=NAMES[:3], what=f"{MANUAL}(…, num_iterations=100)")


@pytest.mark.task("2", points=1, category="hygiene")
def test_manual_uses_no_autograd(submission, pairs):
    """The gradients are derived by hand, and the arguments are left as they are."""
    traced = submission.traced(learning_rate=1e-2)
    trace = traced.regression_polynomial_second_order_manual(*pairs, *START, 1e-2, 3)
    require(
        not trace.losses,
        "Your loop calls autograd (`backward` or `torch.autograd.grad`). In this task the gradients are formulas "
        "that you derive on paper and type in.",
    )
    trace.expect_clean()


# Task 3


@pytest.mark.task("3", points=0.75, category="correctness")
@pytest.mark.parametrize("iterations", [1, 2, 7])
def test_autograd_first_steps(submission, pairs, iterations):
    """a, b and c after 1, 2 and 7 iterations are the published ones."""
    fit = submission.regression_polynomial_second_order_via_gradient(
        *pairs, learning_rate=1e-1, num_iterations=iterations
    )
    got, call = parameters(fit, AUTOGRAD), f"{AUTOGRAD}(…, learning_rate=0.1, num_iterations={iterations})"
    assert_values(got, AUTOGRAD_STEPS[iterations][:3], atol=1e-3, names=NAMES[:3], what=call)


@pytest.mark.task("3", points=0.5, category="correctness")
@pytest.mark.parametrize("learning_rate", [1e-1, 1e-2])
def test_autograd_after_100_iterations(submission, pairs, learning_rate):
    """100 iterations at rates 1e-1 and 1e-2 arrive at the published points."""
    fit = submission.regression_polynomial_second_order_via_gradient(
        *pairs, learning_rate=learning_rate, num_iterations=100
    )
    call = f"{AUTOGRAD}(…, learning_rate={learning_rate:g}, num_iterations=100)"
    assert_values(fit, AUTOGRAD_100[learning_rate], atol=3e-3, names=NAMES, what=call)


@pytest.mark.task("3", points=0.5, category="convergence")
def test_autograd_reaches_the_closed_form(submission, pairs):
    """The default 4000 iterations at rate 1e-1 end at the closed-form solution."""
    fit = submission.regression_polynomial_second_order_via_gradient(*pairs, learning_rate=1e-1)
    assert_values(
        fit,
        (1.8195, -3.0786, 2.2214, 0.0503),
        atol=1e-3,
        names=NAMES,
        what=f"{AUTOGRAD}(…, learning_rate=0.1)",
    )


@pytest.mark.task("3", points=0.25, category="convergence")
def test_autograd_diverges_at_rate_one(submission, pairs):
    """A learning rate of 1 comes back as huge, inf or nan numbers, not as an exception."""
    fit = submission.regression_polynomial_second_order_via_gradient(*pairs, learning_rate=1e0, num_iterations=60)
    parameters(fit, AUTOGRAD)
    assert_diverged(fit, what="result at learning rate 1")


@pytest.mark.task("3", points=2, category="hygiene")
def test_autograd_gradient_hygiene(submission, picture, pairs):
    """Every step of the autograd loop uses its own, fresh gradient."""
    traced = submission.traced(learning_rate=1e-1)
    trace = traced.regression_polynomial_second_order_via_gradient(*pairs, learning_rate=1e-1, num_iterations=8)
    picture.loss("The loss of your first 8 iterations", loss=trace.losses)
    trace.expect_clean()
    once = submission.regression_polynomial_second_order_via_gradient(*pairs, learning_rate=1e-1, num_iterations=1)
    require(
        trace.value != once,
        "8 iterations return the same numbers as 1: there is no training loop whose gradients could be looked at.",
    )


# Task 4


@pytest.mark.task("4", points=0.5, category="correctness")
def test_comparison_has_the_four_rates(submission, pairs):
    """The keys of the dictionary are the given learning rates."""
    fits = submission.compare_learning_rates(*pairs, num_iterations=7)
    require(
        isinstance(fits, dict),
        f"compare_learning_rates must return a dict, yours returned {type(fits).__name__}.",
    )
    require(
        sorted(fits, key=str) == sorted(RATES, key=str),
        f"The keys must be the learning rates themselves, as floats. Yours are {list(fits)!r}.",
        reveal=f"Expected the keys {list(RATES)!r}.",
    )


@pytest.mark.task("4", points=1, category="correctness")
@pytest.mark.parametrize("learning_rate", [1e-1, 1e-2])
def test_comparison_agrees_with_task_3(submission, pairs, learning_rate):
    """Each entry is what your Task 3 function returns for that rate and number of iterations."""
    fits = submission.compare_learning_rates(*pairs, num_iterations=7)
    own = submission.regression_polynomial_second_order_via_gradient(
        *pairs, learning_rate=learning_rate, num_iterations=7
    )
    require(
        isinstance(fits, dict) and learning_rate in fits,
        f"The dictionary has no entry for the learning rate {learning_rate:g}.",
    )
    assert_values(
        fits[learning_rate], own, atol=1e-4, names=NAMES, what=f"compare_learning_rates(…)[{learning_rate:g}]"
    )
