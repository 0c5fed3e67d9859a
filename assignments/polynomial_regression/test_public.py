"""The checks of polynomial regression that students get: the published numbers of the handout."""

from __future__ import annotations

import math

import pytest
import torch

from autograder.checks import (
    assert_clean_runs,
    assert_diverged,
    assert_moved,
    assert_types,
    assert_values,
    passes,
    read_numbers,
    require,
)

NAMES = ("a", "b", "c", "loss")
CLOSED = "regression_polynomial_second_order"
MANUAL = "regression_polynomial_second_order_manual"
AUTOGRAD = "regression_polynomial_second_order_via_gradient"
RATES = (1e0, 1e-1, 1e-2, 1e-3)
# torch.manual_seed(0); torch.randn(3).tolist()
START = tuple(torch.randn(3, generator=torch.Generator().manual_seed(0)).tolist())
THREE_POINTS = (torch.tensor([0.0, 1.0, 2.0]), torch.tensor([1.0, 2.0, 5.0]))

CLOSED_FORM = (1.8195, -3.0787, 2.2214, 0.0503)
MANUAL_BY_DEFAULT = (1.4275, -1.9894, 1.6990, 0.0749)
AUTOGRAD_BY_DEFAULT = (1.4430, -2.0325, 1.7196, 0.0730)
COMPARISON_AT_1E_3 = (0.7073, 0.0478, 0.7156, 0.2522)
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


def fit_of(result, what):
    """Return (a, b, c, loss) as floats; that they should be floats in a tuple is asked by one check of each task."""
    return tuple(read_numbers(result, f"The result of {what}", names=NAMES))


def expect_data_matter(submission, pairs, name, *start, **settings):
    """Make sure that the result has to do with the data: numbers copied from the page stay the same."""
    x, y = pairs
    one, other = (fit_of(getattr(submission, name)(x, data, *start, **settings), name) for data in (y, 2 * y))
    assert_moved(one, other, what=f"result of {name}", when="with the data")


def squared_error(point, x, y):
    """Return the mean squared error of (a, b, c)."""
    a, b, c = point
    return float(((a + b * x.double() + c * x.double() ** 2 - y.double()) ** 2).mean())


def check_loss(fit, before, x, y, iterations):
    """Compare the loss with that of the point where the last iteration began."""
    moved = "with every iteration"
    assert_moved(before[:3], fit[:3], what="point (a, b, c)", when=moved)
    asked, after = squared_error(before[:3], x, y), squared_error(fit[:3], x, y)
    message = f"With num_iterations={iterations} you returned the loss {fit[3]:.6f}. "
    if math.isclose(fit[3], after, rel_tol=1e-3, abs_tol=1e-6):
        message += (
            "That is the loss at the a, b, c that you return. Return the one that the last iteration computed before "
            "it changed them."
        )
    else:
        run = "1 iteration" if iterations == 2 else f"{iterations - 1} iterations"
        where = "at the start" if iterations == 1 else f"where your run of {run} ends"
        message += f"Asked for is the mean squared error at the point where the last iteration begins, {where}."
    require(math.isclose(fit[3], asked, rel_tol=1e-3, abs_tol=1e-3), message, reveal=f"Expected {asked:.6f}.")


def step_in_words(used, name, start, x, y):
    """Return what is known of a first step along `used` that is not the gradient; empty if nothing is."""
    power = NAMES.index(name)
    residuals = start[0] + start[1] * x + start[2] * x**2 - y
    gradients = [(2 * residuals * x**exponent).mean().item() for exponent in range(3)]
    gradient = gradients[power]
    known = [
        (0.0, f"{name} has not moved."),
        (gradient / 2, "That is half of the gradient: the factor 2 of the derivative of the square is missing."),
        (-gradient, "That is the gradient with the other sign."),
        (len(x) * gradient, f"That is {len(x)} times the gradient: the sum over the points instead of their mean."),
        (len(x) * gradient / 2, "That is the sum of the products instead of their mean, and without the factor 2."),
    ]
    known += [
        (gradients[other], f"That is the gradient of {NAMES[other]}: look at the power of x.")
        for other in range(3)
        if other != power
    ]
    for value, words in known:
        if math.isclose(used, value, rel_tol=2e-3, abs_tol=2e-3):
            return words
    return ""


def same_again(submission, pairs):
    """Make sure that the student's Task 3 function returns the same numbers when it is called again."""
    first, again = (
        fit_of(result, AUTOGRAD)
        for result in (
            submission.regression_polynomial_second_order_via_gradient(*pairs, learning_rate=1e-1, num_iterations=7),
            submission.again.regression_polynomial_second_order_via_gradient(*pairs, 1e-1, 7),
        )
    )
    assert_values(again, first, atol=1e-4, rtol=1e-4, names=NAMES, what=f"{AUTOGRAD}, called once more,")


def own_walk(submission, pairs):
    """Make sure that the student's Task 3 function is one: on other data it ends elsewhere."""
    same_again(submission, pairs)
    here, there = (
        fit_of(
            submission.regression_polynomial_second_order_via_gradient(*data, learning_rate=1e-1, num_iterations=7),
            AUTOGRAD,
        )
        for data in (pairs, THREE_POINTS)
    )
    assert_moved(here[:3], there[:3], what="(a, b, c) of your Task 3 function", when="with the data")


def entry_of(fits, learning_rate, given):
    """Return the entry of one rate in the result of compare_learning_rates."""
    is_dict = isinstance(fits, dict)
    require(is_dict, f"compare_learning_rates should return a dict, yours returned a {type(fits).__name__}.")
    message = (
        f"With the learning rates {given} the dictionary has no entry for {learning_rate:g}; it has {list(fits)!r}."
    )
    require(learning_rate in fits, message)
    return fit_of(fits[learning_rate], f"compare_learning_rates at rate {learning_rate:g}")


# Task 1


@pytest.mark.task("1", points=1, category="correctness")
def test_closed_form_on_the_given_pairs(submission, pairs):
    """The closed form finds the published coefficients and loss on the given data."""
    fit = fit_of(submission.regression_polynomial_second_order(*pairs), CLOSED)
    assert_values(fit, CLOSED_FORM, atol=1e-3, names=NAMES, what=CLOSED)
    expect_data_matter(submission, pairs, CLOSED)


@pytest.mark.task("1", points=0.5, category="correctness")
def test_closed_form_finds_an_exact_parabola(submission):
    """Three points of the parabola 1 + x² give back a=1, b=0, c=1 with loss 0, as four Python floats."""
    fit = submission.regression_polynomial_second_order(*THREE_POINTS)
    assert_values(fit, (1.0, 0.0, 1.0, 0.0), atol=1e-3, names=NAMES, what=CLOSED)


# Task 2


@pytest.mark.task("2", points=0.75, category="correctness")
@pytest.mark.parametrize("name", ["a", "b", "c"])
def test_manual_first_update(submission, pairs, name):
    """The first update moves each parameter by -learning_rate times its gradient."""
    result = submission.regression_polynomial_second_order_manual(*pairs, *START, learning_rate=1e-1, num_iterations=1)
    index = NAMES.index(name)
    got = fit_of(result, MANUAL)[index]
    expected, start = MANUAL_STEPS[1][index], START[index]
    gradient, used = (start - expected) / 1e-1, (start - got) / 1e-1
    known = step_in_words(used, name, START, *pairs)
    asked = f"Asked for is the gradient ∂L/∂{name} of the mean squared error at the start."
    require(
        abs(got - expected) <= 1e-3,
        f"One update with learning rate 0.1 led {name} from {start:.4f} to {got:.4f}: a step along {used:.4f}. "
        + (known or asked),
        reveal=f"The gradient there is {gradient:.4f}, so {name} should become {expected:.4f}.",
    )
    expect_data_matter(submission, pairs, MANUAL, *START, num_iterations=3)


@pytest.mark.task("2", points=0.5, category="correctness")
@pytest.mark.parametrize("iterations", [2, 7])
def test_manual_first_steps(submission, pairs, iterations):
    """a, b and c after 2 and after 7 iterations are the published ones."""
    result = submission.regression_polynomial_second_order_manual(
        *pairs, *START, learning_rate=1e-1, num_iterations=iterations
    )
    got, call = fit_of(result, MANUAL)[:3], f"{MANUAL}(…, learning_rate=0.1, num_iterations={iterations})"
    assert_values(got, MANUAL_STEPS[iterations][:3], atol=1e-3, names=NAMES[:3], what=call)
    expect_data_matter(submission, pairs, MANUAL, *START, num_iterations=3)


@pytest.mark.task("2", points=0.5, category="correctness")
@pytest.mark.parametrize("iterations", [1, 2])
def test_manual_returns_the_loss_before_the_update(submission, pairs, iterations):
    """The returned loss is the one that the last iteration computed before its update."""
    fits = [START] + [
        fit_of(
            submission.regression_polynomial_second_order_manual(
                *pairs, *START, learning_rate=1e-1, num_iterations=count
            ),
            MANUAL,
        )
        for count in range(1, iterations + 1)
    ]
    check_loss(fits[-1], fits[-2], *pairs, iterations)


@pytest.mark.task("2", points=0.25, category="correctness")
def test_manual_after_100_iterations(submission, pairs):
    """100 iterations at the default learning rate arrive at the published point, and it comes as four Python floats."""
    fit = submission.regression_polynomial_second_order_manual(*pairs, *START, num_iterations=100)
    call = f"{MANUAL}(…, num_iterations=100)"
    assert_types(fit, (0.0, 0.0, 0.0, 0.0), names=NAMES, what=call)
    assert_values(fit[:3], (1.3888, 0.5683, 0.0439), atol=1e-3, names=NAMES[:3], what=call)
    expect_data_matter(submission, pairs, MANUAL, *START, num_iterations=3)


@pytest.mark.task("2", points=0.5, category="correctness")
def test_manual_by_default(submission, pairs):
    """Without learning_rate and num_iterations it makes 4000 iterations at rate 0.01, to the published point."""
    fit = fit_of(submission.regression_polynomial_second_order_manual(*pairs, *START), MANUAL)
    assert_values(fit, MANUAL_BY_DEFAULT, atol=2e-3, names=NAMES, what=f"{MANUAL}(x, y, a, b, c)")
    expect_data_matter(submission, pairs, MANUAL, *START, num_iterations=3)


@pytest.mark.task("2", points=1, category="hygiene")
def test_manual_uses_no_autograd(submission, pairs):
    """The gradients are derived by hand, and the arguments are left as they are."""
    traced = submission.traced(learning_rate=1e-2)
    trace = traced.regression_polynomial_second_order_manual(*pairs, *START, 1e-2, 3)
    require(
        not trace.passes,
        "Your loop calls autograd (`backward` or `torch.autograd.grad`). In this task the gradients are formulas "
        "that you derive on paper and type in.",
    )
    once, again = (
        fit_of(
            submission.regression_polynomial_second_order_manual(
                *pairs, *START, learning_rate=1e-2, num_iterations=count
            ),
            MANUAL,
        )
        for count in (1, 3)
    )
    assert_moved(once[:3], again[:3], what="point (a, b, c)", when="from 1 iteration to 3")
    assert_values(fit_of(trace.value, MANUAL), again, atol=1e-4, names=NAMES, what=f"{MANUAL}, called once more,")
    # There is nothing to record: the gradients are formulas.
    trace.expect_clean(training=False)


# Task 3


def check_point(result, iterations):
    """Compare a, b, c with the published ones after so many iterations at rate 0.1."""
    got, call = fit_of(result, AUTOGRAD)[:3], f"{AUTOGRAD}(…, learning_rate=0.1, num_iterations={iterations})"
    assert_values(got, AUTOGRAD_STEPS[iterations][:3], atol=1e-3, names=NAMES[:3], what=call)


@pytest.mark.task("3", points=0.75, category="correctness")
@pytest.mark.parametrize("iterations", [1, 2, 7])
def test_autograd_first_steps(submission, pairs, iterations):
    """a, b and c after 1, 2 and 7 iterations are the published ones."""
    result = submission.regression_polynomial_second_order_via_gradient(
        *pairs, learning_rate=1e-1, num_iterations=iterations
    )
    check_point(result, iterations)
    expect_data_matter(submission, pairs, AUTOGRAD, num_iterations=3)


@pytest.mark.task("3", points=0.25, category="correctness")
def test_autograd_returns_four_floats(submission, pairs):
    """The result of a run is a tuple of four Python floats."""
    fits = [
        submission.regression_polynomial_second_order_via_gradient(*pairs, learning_rate=1e-1, num_iterations=count)
        for count in (1, 7)
    ]
    assert_types(fits[1], (0.0, 0.0, 0.0, 0.0), names=NAMES, what=AUTOGRAD)
    same_again(submission, pairs)
    once, often = (fit_of(fit, AUTOGRAD) for fit in fits)
    if not all(math.isclose(one, two, abs_tol=0.02) for one, two in zip(often, CLOSED_FORM, strict=True)):
        assert_moved(once[:3], often[:3], what="point (a, b, c)", when="from 1 iteration to 7")


@pytest.mark.task("3", points=0.5, category="correctness")
@pytest.mark.parametrize("learning_rate", [1e-1, 1e-2])
def test_autograd_after_100_iterations(submission, pairs, learning_rate):
    """100 iterations at rates 1e-1 and 1e-2 arrive at the published points."""
    result = submission.regression_polynomial_second_order_via_gradient(
        *pairs, learning_rate=learning_rate, num_iterations=100
    )
    call = f"{AUTOGRAD}(…, learning_rate={learning_rate:g}, num_iterations=100)"
    assert_values(fit_of(result, AUTOGRAD), AUTOGRAD_100[learning_rate], atol=3e-3, names=NAMES, what=call)
    expect_data_matter(submission, pairs, AUTOGRAD, num_iterations=3)


@pytest.mark.task("3", points=0.5, category="correctness")
def test_autograd_by_default(submission, pairs):
    """Without learning_rate and num_iterations it makes 4000 iterations at rate 0.01, to the published point."""
    fit = fit_of(submission.regression_polynomial_second_order_via_gradient(*pairs), AUTOGRAD)
    assert_values(fit, AUTOGRAD_BY_DEFAULT, atol=3e-3, names=NAMES, what=f"{AUTOGRAD}(x, y)")
    expect_data_matter(submission, pairs, AUTOGRAD, num_iterations=3)


@pytest.mark.task("3", points=0.5, category="convergence")
def test_autograd_reaches_the_closed_form(submission, pairs):
    """The default 4000 iterations at rate 1e-1 end at the closed-form solution."""
    result = submission.regression_polynomial_second_order_via_gradient(*pairs, learning_rate=1e-1)
    call = f"{AUTOGRAD}(…, learning_rate=0.1)"
    assert_values(fit_of(result, AUTOGRAD), (1.8195, -3.0786, 2.2214, 0.0503), atol=1e-3, names=NAMES, what=call)
    expect_data_matter(submission, pairs, AUTOGRAD, num_iterations=3)


@pytest.mark.task("3", points=0.25, category="convergence")
def test_autograd_diverges_at_rate_one(submission, pairs):
    """A learning rate of 1 comes back as huge, inf or nan numbers, not as an exception."""
    once, often = (
        fit_of(
            submission.regression_polynomial_second_order_via_gradient(
                *pairs, learning_rate=1e-1, num_iterations=count
            ),
            AUTOGRAD,
        )
        for count in (1, 2)
    )
    assert_moved(once[:3], often[:3], what="point (a, b, c) at learning rate 0.1", when="from 1 iteration to 2")
    fit = submission.regression_polynomial_second_order_via_gradient(*pairs, learning_rate=1e0, num_iterations=60)
    assert_diverged(fit_of(fit, AUTOGRAD), what="result at learning rate 1")


@pytest.mark.task("3", points=2, category="hygiene")
def test_autograd_gradient_hygiene(submission, picture, pairs):
    """Every step of the autograd loop uses its own, fresh gradient."""
    traced = submission.traced(learning_rate=1e-1)
    trace = traced.regression_polynomial_second_order_via_gradient(*pairs, learning_rate=1e-1, num_iterations=7)
    picture.loss("The loss of your first 7 iterations", loss=trace.losses)
    # A right run that differentiates in another way than by .grad leaves nothing to object to.
    right = trace.passes and passes(check_point, trace.value, 7)
    # Some faults show in a longer run only, or where the loss rises, as it does at this rate.
    longer = [
        submission.traced(learning_rate=rate).regression_polynomial_second_order_via_gradient(
            *pairs, learning_rate=rate, num_iterations=16
        )
        for rate in (1e-1, 2.5e-1)
    ]
    assert_clean_runs(trace, *longer, training=not right)
    once = submission.regression_polynomial_second_order_via_gradient(*pairs, learning_rate=1e-1, num_iterations=1)
    often = fit_of(trace.value, AUTOGRAD)
    assert_moved(fit_of(once, AUTOGRAD)[:3], often[:3], what="point (a, b, c)", when="from 1 iteration to 7")


# Task 4


@pytest.mark.task("4", points=0.5, category="correctness")
def test_comparison_has_the_four_rates(submission, pairs):
    """The keys of the dictionary are the given learning rates."""
    own_walk(submission, pairs)
    fits = submission.compare_learning_rates(*pairs, num_iterations=7)
    is_dict = isinstance(fits, dict)
    require(is_dict, f"compare_learning_rates should return a dict, yours returned a {type(fits).__name__}.")
    numbers = all(isinstance(key, (int, float)) for key in fits)
    require(numbers, f"The keys must be the learning rates themselves, as floats. Yours are {list(fits)!r}.")
    for rate in RATES:
        entry_of(fits, rate, RATES)
    more = [key for key in fits if key not in RATES]
    require(not more, f"The dictionary has the keys {more!r}, which are none of the learning rates {RATES}.")
    slow, fast = (entry_of(fits, rate, RATES) for rate in (1e-3, 1e-1))
    own = [
        fit_of(
            submission.regression_polynomial_second_order_via_gradient(*pairs, learning_rate=rate, num_iterations=7),
            AUTOGRAD,
        )
        for rate in (1e-3, 1e-1)
    ]
    if own[0] != own[1]:
        assert_moved(slow, fast, what="entry of your dictionary", when="from rate 1e-3 to 1e-1")


@pytest.mark.task("4", points=1, category="correctness")
@pytest.mark.parametrize("learning_rate", [1e-1, 1e-2])
def test_comparison_agrees_with_task_3(submission, pairs, learning_rate):
    """Each entry is what your Task 3 function returns for that rate and number of iterations."""
    own_walk(submission, pairs)
    fits = submission.compare_learning_rates(*pairs, num_iterations=7)
    own = fit_of(
        submission.regression_polynomial_second_order_via_gradient(
            *pairs, learning_rate=learning_rate, num_iterations=7
        ),
        AUTOGRAD,
    )
    call = f"compare_learning_rates(…)[{learning_rate:g}]"
    assert_values(entry_of(fits, learning_rate, RATES), own, atol=1e-4, names=NAMES, what=call)


@pytest.mark.task("4", points=0.5, category="correctness")
def test_comparison_by_default(submission, pairs):
    """Called without num_iterations, it makes 4000 iterations: at rate 1e-3 the entry is the published one."""
    own_walk(submission, pairs)
    entry = entry_of(submission.compare_learning_rates(*pairs, learning_rates=(1e-3,)), 1e-3, (1e-3,))
    if all(math.isclose(one, two, abs_tol=1e-3) for one, two in zip(entry, COMPARISON_AT_1E_3, strict=True)):
        return
    own = fit_of(submission.regression_polynomial_second_order_via_gradient(*pairs, learning_rate=1e-3), AUTOGRAD)
    call = "compare_learning_rates(x, y, learning_rates=(1e-3,))[0.001]"
    assert_values(entry, own, atol=1e-4, rtol=1e-4, names=NAMES, what=call)
