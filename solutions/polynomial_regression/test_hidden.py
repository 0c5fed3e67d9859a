"""The checks of polynomial regression that students never see: other data, starts, rates; convergence."""

from __future__ import annotations

import math
from itertools import permutations

import pytest
import torch

from autograder.checks import (
    Cause,
    assert_at_most,
    assert_contraction,
    assert_descends,
    assert_diverged,
    assert_moved,
    assert_values,
    passes,
    read_numbers,
    require,
)

NAMES = ("a", "b", "c", "loss")
CLOSED = "regression_polynomial_second_order"
MANUAL = "regression_polynomial_second_order_manual"
AUTOGRAD = "regression_polynomial_second_order_via_gradient"
START = (0.3, -1.1, 0.7)
# torch.manual_seed(1), then three times torch.randn(())
DRAWN = tuple(torch.randn((), generator=generator).item() for generator in [torch.Generator().manual_seed(1)] * 3)
AFTER_8000 = (1.7079, -2.7686, 2.0727, 0.0523)
SEED_0 = "The start is that of seed 0: set torch.manual_seed(1)."
DRAWN_BACKWARD = "The start was drawn in the order c, b, a: draw a first, then b, then c."
RATES = (2e-1, 5e-2, 1e1)


def make_pairs(num, low, high, seed):
    """Return a noisy parabola with a ripple on [low, high]; unlike the given data it is well conditioned."""
    generator = torch.Generator().manual_seed(seed)
    x = low + (high - low) * torch.rand(num, generator=generator)
    noise = torch.randn(num, generator=generator)
    return x, 0.5 - 1.2 * x + 0.8 * x**2 + 0.2 * torch.sin(9 * x) + 0.1 * noise


OTHER = make_pairs(60, -1.6, 1.4, seed=7)
# Of the checks that call a function several times: equal calls of several checks are made once, and these are others.
# As many points in both: what is kept from the one fits the other.
AGAIN, ELSEWHERE = make_pairs(40, -1.2, 1.5, seed=19), make_pairs(40, -1.0, 1.3, seed=23)
DATA_SETS = {"few": make_pairs(12, -1.0, 1.0, seed=3), "shifted": make_pairs(150, 1.0, 3.0, seed=11)}


def quadratic(x, y):
    """Return the exact minimum and the Hessian's eigenvalues (ascending) and eigenvectors, in float64."""
    x, y = x.double(), y.double()
    matrix = torch.stack([torch.ones_like(x), x, x**2], dim=1)
    minimum = torch.linalg.lstsq(matrix, y[:, None]).solution[:, 0]
    eigenvalues, eigenvectors = torch.linalg.eigh(2 / len(x) * matrix.T @ matrix)
    return minimum, eigenvalues, eigenvectors


def fit_of(result, what):
    """Return (a, b, c, loss) as floats; that they should be floats in a tuple is asked by one check of each task."""
    return tuple(read_numbers(result, f"The result of {what}", names=NAMES))


def manual(submission, x, y, learning_rate, iterations):
    """Return what the student's hand-made loop returns from START, as floats."""
    return fit_of(submission.regression_polynomial_second_order_manual(x, y, *START, learning_rate, iterations), MANUAL)


def autograd(submission, x, y, learning_rate, iterations):
    """Return what the student's Task 3 function returns, as floats."""
    return fit_of(submission.regression_polynomial_second_order_via_gradient(x, y, learning_rate, iterations), AUTOGRAD)


def step_mistakes(run, learning_rate, iterations, rows):
    """What goes wrong with a loop: `run(learning_rate, iterations)` says where the right one leads."""
    mistakes = {
        "That is where one iteration fewer leads.": (learning_rate, iterations - 1),
        "That is where one iteration more leads.": (learning_rate, iterations + 1),
        "That is where half of the gradient leads: a factor 2 is missing.": (learning_rate / 2, iterations),
        "That is where twice the gradient leads.": (2 * learning_rate, iterations),
        "That is where going uphill leads: subtract the gradient.": (-learning_rate, iterations),
        f"That is where the sum over the {rows} points leads, not their mean.": (rows * learning_rate, iterations),
        f"That is where half of the sum over the {rows} points leads: a mean, and the factor 2, are missing.": (
            rows * learning_rate / 2,
            iterations,
        ),
    }
    return [Cause(words, lambda made=made: run(*made)[:3]) for words, made in mistakes.items() if made[1] > 0]


def distance(fit, minimum):
    """Return how far the result's a, b, c are from the minimum."""
    return (torch.tensor(fit[:3], dtype=torch.float64) - minimum).norm().item()


def squared_error(point, x, y):
    """Return the mean squared error of (a, b, c)."""
    a, b, c = point
    return float(((a + b * x.double() + c * x.double() ** 2 - y.double()) ** 2).mean())


def check_loss(fit, before, x, y, iterations):
    """Compare the loss with that of the point where the last iteration began."""
    assert_moved(before[:3], fit[:3], what="point (a, b, c)", when="with every iteration")
    asked, after = squared_error(before[:3], x, y), squared_error(fit[:3], x, y)
    message = f"On other data, with num_iterations={iterations}, you returned the loss {fit[3]:.6f}. "
    if math.isclose(fit[3], after, rel_tol=1e-3, abs_tol=1e-6):
        message += (
            "That is the loss at the a, b, c that you return. Return the one that the last iteration computed before "
            "it changed them."
        )
    elif any(math.isclose(fit[3], squared_error(order, x, y), rel_tol=1e-3) for order in permutations(before[:3])):
        message += (
            "It is right at the point where the last iteration begins if a, b and c of that point are taken in another "
            "order: the result is (a, b, c, loss)."
        )
    else:
        message += "Asked for is the mean squared error at the point where the last iteration begins."
    require(abs(fit[3] - asked) <= 1e-3, message, reveal=f"Expected {asked:.6f}.")


def check_start(fit, x, y, learning_rate):
    """Compare the point where a run of one iteration began, if its step was a right one, with the drawn one."""
    matrix = torch.stack([torch.ones_like(x), x, x**2], dim=1).double()
    hessian, slope = 2 / len(x) * matrix.T @ matrix, 2 / len(x) * matrix.T @ y.double()
    reached = torch.tensor(fit[:3], dtype=torch.float64) - learning_rate * slope
    start = torch.linalg.solve(torch.eye(3, dtype=torch.float64) - learning_rate * hessian, reached).tolist()
    own = math.isclose(fit[3], squared_error(start, x, y), rel_tol=1e-3, abs_tol=1e-4)
    drawn = all(math.isclose(one, other, abs_tol=2e-3) for one, other in zip(start, DRAWN, strict=True))
    require(
        drawn or not own,
        f"Your run began at a={start[0]:.4f}, b={start[1]:.4f}, c={start[2]:.4f}. That is not the start of "
        "torch.manual_seed(1) with a, b and c drawn in that order.",
    )


def check_again(submission, reference, name, *start, **settings):
    """Call a function for two data sets, and again for the first: a right first call must not make the others wrong."""
    x, y = AGAIN
    once, second, again = (
        fit_of(getattr(submission, name)(*data, *start, **settings), name)
        for data in ((x, y), ELSEWHERE, (x, y + 1e-6))  # nearly the first data: the very same call is not made again
    )
    assert_moved(once[:3], second[:3], what=f"(a, b, c) of {name}", when="with the data")
    first, expected = (getattr(reference, name)(*data, *start, **settings) for data in (AGAIN, ELSEWHERE))
    if passes(assert_values, once, first, atol=2e-3):
        assert_values(second, expected, atol=2e-3, names=NAMES, what=f"{name}, called a second time, for other data,")
    assert_values(again, once, atol=2e-3, rtol=1e-4, names=NAMES, what=f"{name}, called again for the first data,")


def check_falling(fits):
    """Make sure that the point moves on OTHER, and that the loss falls in every iteration."""
    assert_moved(fits[0][:3], fits[-1][:3], what="point (a, b, c)", when="from 1 iteration to 6")
    losses, errors = [fit[3] for fit in fits], [squared_error(fit[:3], *OTHER) for fit in fits]
    require(
        any(math.isclose(loss, error, rel_tol=1e-2, abs_tol=1e-4) for loss in losses for error in errors),
        f"None of the losses {', '.join(f'{loss:.4g}' for loss in losses)} after 1, 2, 3, 4 and 6 iterations is the "
        f"mean squared error at one of the returned points, {', '.join(f'{error:.4g}' for error in errors)}.",
    )
    assert_descends(losses, what="loss", unit="entry")
    require(losses[-1] < losses[0], f"The loss should fall, but it stays at {losses[0]:.6g} for 6 iterations.")


# Task 1


@pytest.mark.task("1", points=0.75, category="correctness")
@pytest.mark.parametrize("name", ["few", "shifted"])
def test_closed_form_on_other_data(submission, reference, name):
    """The closed form is right on other data: few points, and a shifted interval."""
    fit = fit_of(submission.regression_polynomial_second_order(*DATA_SETS[name]), CLOSED)
    expected = reference.regression_polynomial_second_order(*DATA_SETS[name])
    # The shifted data are badly conditioned: float32 normal equations may be off by a few 1e-3
    assert_values(fit, expected, atol=2e-2, names=NAMES, what=CLOSED)


@pytest.mark.task("1", points=0.25, category="hygiene")
def test_closed_form_leaves_the_data_alone(submission):
    """x and y are after the call what they were before."""
    trace = submission.traced.regression_polynomial_second_order(*AGAIN)
    trace.expect_clean(training=False)
    there = fit_of(submission.regression_polynomial_second_order(*ELSEWHERE), CLOSED)
    assert_moved(fit_of(trace.value, CLOSED)[:3], there[:3], what=f"(a, b, c) of {CLOSED}", when="with the data")


@pytest.mark.task("1", points=0.25, category="correctness")
def test_closed_form_is_the_minimum(submission):
    """The gradient of the mean squared error is zero at the returned coefficients."""
    x, y = OTHER
    a, b, c, _ = fit_of(submission.regression_polynomial_second_order(x, y), CLOSED)
    residuals = (a + b * x + c * x**2 - y).double()
    slopes = [(2 * residuals * x**power).mean().item() for power in range(3)]
    steepest = max(range(3), key=lambda index: abs(slopes[index]))
    require(
        abs(slopes[steepest]) <= 1e-3,
        f"At your a={a:.4f}, b={b:.4f}, c={c:.4f} the loss still has the slope {slopes[steepest]:.4f} along "
        f"{NAMES[steepest]}: it is not the lowest point.",
    )


@pytest.mark.task("1", points=0.25, category="correctness")
def test_closed_form_called_again(submission, reference):
    """Called for one data set after the other, the closed form is as right as at the first call."""
    check_again(submission, reference, CLOSED)


# Task 2


@pytest.mark.task("2", points=0.25, category="correctness")
@pytest.mark.parametrize("iterations", [1, 3])
def test_manual_steps_on_other_data(submission, reference, iterations):
    """a, b and c after a few iterations are right for other data, another start and another rate."""
    got = manual(submission, *OTHER, 5e-2, iterations)[:3]
    expected = reference.regression_polynomial_second_order_manual(*OTHER, *START, 5e-2, iterations)
    call = f"{MANUAL}(…, learning_rate=0.05, num_iterations={iterations})"
    causes = step_mistakes(
        lambda rate, count: reference.regression_polynomial_second_order_manual(*OTHER, *START, rate, count),
        5e-2,
        iterations,
        len(OTHER[0]),
    )
    assert_values(got, expected[:3], atol=5e-4, names=NAMES[:3], what=call, causes=causes)


@pytest.mark.task("2", points=0.5, category="correctness")
@pytest.mark.parametrize("iterations", [1, 3])
def test_manual_loss_on_other_data(submission, iterations):
    """On other data, too, the returned loss is the one before the last update."""
    fit = manual(submission, *OTHER, 5e-2, iterations)
    before = START if iterations == 1 else manual(submission, *OTHER, 5e-2, iterations - 1)
    check_loss(fit, before, *OTHER, iterations)


@pytest.mark.task("2", points=0.25, category="correctness")
def test_manual_called_again(submission, reference):
    """Called for one data set after the other, the loop is as right as at the first call."""
    check_again(submission, reference, MANUAL, *START, learning_rate=5e-2, num_iterations=3)


@pytest.mark.task("2", points=0.25, category="correctness")
def test_manual_makes_all_iterations_of_a_long_run(submission, reference):
    """4500 iterations lead where gradient descent does, not only the 4000 of the handout."""
    whole = manual(submission, *OTHER, 1e-3, 4500)
    expected = reference.regression_polynomial_second_order_manual(*OTHER, *START, 1e-3, 4500)
    assert_moved(START, whole[:3], what="point (a, b, c)", when="in 4500 iterations at rate 0.001")
    call = f"{MANUAL}(…, learning_rate=0.001, num_iterations=4500)"
    assert_values(whole, expected, atol=1e-3, names=NAMES, what=call)


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
        errors.append(distance(fit_of(fit, MANUAL), minimum))
    rate = abs(1 - 0.15 * eigenvalues[index].item())
    assert_contraction(errors, rate, rtol=1e-3, what=f"error along the {direction} direction")


@pytest.mark.task("2", points=0.25, category="convergence")
def test_manual_loss_falls(submission):
    """At a small enough rate the loss falls in every iteration."""
    check_falling([manual(submission, *OTHER, 2e-1, iterations) for iterations in (1, 2, 3, 4, 6)])


@pytest.mark.task("2", points=0.25, category="convergence")
def test_manual_diverges_without_an_exception(submission):
    """A learning rate of 10 comes back as huge, inf or nan numbers."""
    once, often = (manual(submission, *OTHER, 5e-2, iterations) for iterations in (1, 3))
    assert_moved(once[:3], often[:3], what="point (a, b, c) at learning rate 0.05", when="from 1 iteration to 3")
    assert_diverged(manual(submission, *OTHER, 1e1, 40), what="result at learning rate 10")


# Task 3


@pytest.mark.task("3", points=0.25, category="correctness")
@pytest.mark.parametrize("learning_rate", [5e-2, 2e-1])
def test_autograd_steps_on_other_data(submission, reference, learning_rate):
    """a, b and c after 3 iterations are right for other data and other rates."""
    got = autograd(submission, *OTHER, learning_rate, 3)[:3]
    expected = reference.regression_polynomial_second_order_via_gradient(*OTHER, learning_rate, 3)
    call = f"{AUTOGRAD}(…, learning_rate={learning_rate:g}, num_iterations=3)"
    causes = step_mistakes(
        lambda rate, count: reference.regression_polynomial_second_order_via_gradient(*OTHER, rate, count),
        learning_rate,
        3,
        len(OTHER[0]),
    )
    drawn = [torch.randn(3, generator=torch.Generator().manual_seed(0)), torch.tensor(DRAWN).flip(0)]
    run = reference.regression_polynomial_second_order_manual
    for words, start in zip((SEED_0, DRAWN_BACKWARD), drawn, strict=True):
        causes.append(Cause(words, lambda start=start: run(*OTHER, *start.tolist(), learning_rate, 3)[:3]))
    assert_values(got, expected[:3], atol=5e-4, names=NAMES[:3], what=call, causes=causes)


@pytest.mark.task("3", points=0.5, category="correctness")
@pytest.mark.parametrize("iterations", [1, 3])
def test_autograd_returns_the_loss_before_the_update(submission, iterations):
    """The returned loss is the one that the last iteration computed before its update."""
    fit = autograd(submission, *OTHER, 2e-1, iterations)
    if iterations == 1:
        check_start(fit, *OTHER, 2e-1)
    before = DRAWN if iterations == 1 else autograd(submission, *OTHER, 2e-1, iterations - 1)
    check_loss(fit, before, *OTHER, iterations)


@pytest.mark.task("3", points=0.25, category="correctness")
def test_autograd_called_again(submission, reference):
    """Called for one data set after the other, the loop is as right as at the first call."""
    check_again(submission, reference, AUTOGRAD, learning_rate=5e-2, num_iterations=3)


@pytest.mark.task("3", points=0.25, category="correctness")
def test_autograd_after_8000_iterations(submission, given):
    """8000 iterations at rate 1e-2 arrive at the published point."""
    pairs = given.generate_training_pairs()
    fit = autograd(submission, *pairs, 1e-2, 8000)
    assert_values(fit, AFTER_8000, atol=3e-3, names=NAMES, what=f"{AUTOGRAD}(…, num_iterations=8000)")
    few = autograd(submission, pairs[0], 2 * pairs[1], 1e-2, 3)  # numbers copied from the page stay the same
    assert_moved(fit, few, what=f"result of {AUTOGRAD}", when="with the data and num_iterations")


@pytest.mark.task("3", points=0.25, category="convergence")
def test_autograd_contracts_as_theory_says(submission):
    """Once the steep directions have died out, the error shrinks at the rate of the flattest one."""
    minimum, eigenvalues, _ = quadratic(*OTHER)
    errors = [distance(autograd(submission, *OTHER, 2e-1, iterations), minimum) for iterations in (20, 21, 22)]
    rate = 1 - 2e-1 * eigenvalues[0].item()
    assert_contraction(errors, rate, rtol=5e-3, what="error after 20, 21 and 22 iterations")


@pytest.mark.task("3", points=0.25, category="convergence")
def test_autograd_converges_on_other_data(submission):
    """100 iterations at a good rate reach the closed-form solution of other data."""
    minimum, _, _ = quadratic(*OTHER)
    reached = distance(autograd(submission, *OTHER, 2e-1, 100), minimum)
    assert_at_most(reached, 1e-3, what="distance to the closed-form solution")


@pytest.mark.task("3", points=0.25, category="convergence")
def test_autograd_loss_falls(submission):
    """At a small enough rate the loss falls in every iteration."""
    check_falling([autograd(submission, *OTHER, 2e-1, iterations) for iterations in (1, 2, 3, 4, 6)])


@pytest.mark.task("3", points=0.25, category="convergence")
def test_autograd_diverges_without_an_exception(submission):
    """A learning rate of 10 comes back as huge, inf or nan numbers."""
    once, often = (autograd(submission, *OTHER, 2e-1, iterations) for iterations in (1, 3))
    assert_moved(once[:3], often[:3], what="point (a, b, c) at learning rate 0.2", when="from 1 iteration to 3")
    assert_diverged(autograd(submission, *OTHER, 1e1, 40), what="result at learning rate 10")


# Task 4


def own_walk(submission):
    """Make sure that the student's Task 3 function is one: on other data it ends elsewhere."""
    here, there = (autograd(submission, *data, 5e-2, 3) for data in (OTHER, DATA_SETS["few"]))
    assert_moved(here[:3], there[:3], what="(a, b, c) of your Task 3 function", when="with the data")


def entry_of(fits, learning_rate):
    """Return the entry of one rate in the result of compare_learning_rates."""
    is_dict = isinstance(fits, dict)
    require(is_dict, f"compare_learning_rates should return a dict, yours returned a {type(fits).__name__}.")
    message = f"With learning_rates={RATES} the result has no entry for the rate {learning_rate:g}."
    require(learning_rate in fits, message)
    return fit_of(fits[learning_rate], f"compare_learning_rates at rate {learning_rate:g}")


@pytest.mark.task("4", points=0.25, category="correctness")
@pytest.mark.parametrize("learning_rate", [2e-1, 5e-2])
def test_comparison_on_other_data(submission, learning_rate):
    """For other data, rates and iterations each entry agrees with your own Task 3 function."""
    own_walk(submission)
    fits = submission.compare_learning_rates(*OTHER, learning_rates=RATES, num_iterations=3)
    own = autograd(submission, *OTHER, learning_rate, 3)
    call = f"compare_learning_rates(…)[{learning_rate:g}]"
    assert_values(entry_of(fits, learning_rate), own, atol=1e-4, names=NAMES, what=call)


@pytest.mark.task("4", points=0.25, category="correctness")
def test_comparison_called_again(submission):
    """Called a second time, for other data and rates, each entry still agrees with your own Task 3 function."""
    own_walk(submission)
    submission.compare_learning_rates(*AGAIN, learning_rates=(1e-1, 2e-2), num_iterations=2)
    fits = submission.compare_learning_rates(*ELSEWHERE, learning_rates=(2e-2, 3e-2), num_iterations=4)
    own = [autograd(submission, *ELSEWHERE, rate, 4) for rate in (2e-2, 3e-2)]
    require(
        isinstance(fits, dict) and len(fits) == 2,
        "Called a second time, compare_learning_rates should return a dict of the rates of that call, two here.",
    )
    for rate, fit in zip((2e-2, 3e-2), own, strict=True):
        call = f"compare_learning_rates, called a second time, at rate {rate:g},"
        assert_values(fit_of(fits.get(rate), call), fit, atol=1e-4, rtol=1e-4, names=NAMES, what=call)


@pytest.mark.task("4", points=0.5, category="correctness")
def test_comparison_keeps_a_diverging_run(submission):
    """A rate at which the run diverges is in the dictionary too, with its huge, inf or nan numbers."""
    own_walk(submission)
    fits = submission.compare_learning_rates(*OTHER, learning_rates=RATES, num_iterations=40)
    own, entry = autograd(submission, *OTHER, 1e1, 40), entry_of(fits, 1e1)
    if all(math.isfinite(value) for value in own):
        assert_values(entry, own, atol=1e-4, rtol=1e-4, names=NAMES, what="compare_learning_rates(…)[10]")
    else:
        assert_diverged(entry, what="entry for rate 10")
