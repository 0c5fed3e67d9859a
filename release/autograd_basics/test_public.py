"""The checks of autograd's basics that students get: the tables of the handout."""

from __future__ import annotations

import math

import pytest
import torch

from autograder.checks import assert_types, assert_values, read_number, read_numbers, read_parts, require
from autograder.hygiene import Backward

CUBIC = ("x³ - 3x", "lambda x: x**3 - 3 * x")
SLOPES = {-1.0: 0.0, 0.0: -3.0, 1.0: 0.0, 2.0: 9.0}


def close(got, expected):
    """Whether two numbers agree to what float32 leaves of a derivative; differences of float32 values are coarser."""
    return abs(got - expected) <= 1e-4 * max(1.0, abs(expected))


def close_tensors(got, expected):
    """The same for every entry of two lists of numbers."""
    return len(got) == len(expected) and all(map(close, got, expected))


def listed(numbers):
    return f"({', '.join(f'{number:.6g}' for number in numbers)})"


def alone(value):
    """What came in a tuple of one, as torch.autograd.grad returns it: that costs the check of the type, no other."""
    return value[0] if isinstance(value, tuple) and len(value) == 1 else value


def entries(tensor, what):
    """The numbers of a tensor in one row, whatever its shape is: that is asked for by a check of its own."""
    tensor = alone(tensor)
    require(isinstance(tensor, torch.Tensor), f"{what} should be a tensor, but it is {type(tensor).__name__}.")
    return tensor.detach().double().flatten().tolist()


def expect_autograd(trace, name):
    """Make sure that the recorded call asked autograd for a gradient."""
    trace.expect_trusted()
    message = f"`{name}` gave the right answer, but no backward pass was seen: let autograd find the gradient."
    require(any(not event.failed for event in trace.of(Backward)), message)


# Tasks 1 and 2


def check_slopes(got, name):
    """Compare the slopes of the table, whatever types hold them; name what a wrong one looks like."""
    for x, expected in SLOPES.items():
        slope, value = read_number(alone(got[x]), f"The result of {name}"), x**3 - 3 * x
        why = ""
        if expected and close(slope, 2 * expected):
            why = " That is exactly twice the slope: something was added to `.grad` that was there before."
        elif close(slope, value) and value != expected:
            why = " That is f(x) itself."
        elif expected and close(slope, -expected):
            why = " The sign is wrong."
        require(
            close(slope, expected),
            f"For f(x) = {CUBIC[0]} at x = {x:g} your `{name}` returns {slope:.6g}, which is not the slope there.{why}",
            reveal=f"Expected {expected:g}.",
        )


def slopes(function, submission):
    """What the function returns at the four places of the table."""
    f = submission.function(CUBIC[1])
    return {x: function(f, x) for x in SLOPES}


@pytest.mark.task("1", points=0.5, category="correctness")
def test_derivative_of_the_table(submission):
    """The slopes of x³ - 3x at -1, 0, 1 and 2 are those of the table."""
    check_slopes(slopes(submission.derivative, submission), "derivative")


@pytest.mark.task("1", points=0.25, category="correctness")
def test_derivative_is_a_float(submission):
    """derivative returns a Python float."""
    got = slopes(submission.derivative, submission)
    assert_types(got[2.0], 9.0, what="derivative")
    check_slopes(got, "derivative")


@pytest.mark.task("1", points=0.25, category="correctness")
def test_derivative_comes_from_backward(submission):
    """The slope comes from a call of backward()."""
    trace = submission.traced.derivative(submission.function(CUBIC[1]), 2.0)
    check_slopes(slopes(submission.derivative, submission) | {2.0: trace.value}, "derivative")
    trace.expect_trusted()
    passes = [event for event in trace.of(Backward) if not event.failed]
    seen = "`torch.autograd.grad` or `torch.func`, which are for Task 2" if passes else "no backward pass"
    require(
        any(not event.functional for event in passes),
        f"This task is about `backward()`, but the recording of your `derivative` shows {seen}.",
    )


@pytest.mark.task("1", points=0.5, category="hygiene")
def test_derivative_hygiene(submission):
    """The graph is freed after its only use, and PyTorch's settings are left alone."""
    trace = submission.traced.derivative(submission.function(CUBIC[1]), 2.0)
    trace.expect_clean(training=False)
    check_slopes(slopes(submission.derivative, submission) | {2.0: trace.value}, "derivative")
    for event in trace.of(Backward):
        what = "create_graph=True" if event.create else "retain_graph=True"
        message = f"`{what}` keeps the graph of this pass, but nothing uses it again. Leave it out."
        require(not event.retain, message)


@pytest.mark.task("2", points=0.5, category="correctness")
def test_functional_derivative_of_the_table(submission):
    """The slopes of x³ - 3x at -1, 0, 1 and 2 are those of the table."""
    check_slopes(slopes(submission.derivative_functional, submission), "derivative_functional")


@pytest.mark.task("2", points=0.25, category="correctness")
def test_functional_derivative_is_a_float(submission):
    """derivative_functional returns a Python float, not a tensor or a tuple."""
    got = slopes(submission.derivative_functional, submission)
    assert_types(got[2.0], 9.0, what="derivative_functional")
    check_slopes(got, "derivative_functional")


@pytest.mark.task("2", points=0.5, category="correctness")
def test_functional_derivative_leaves_no_gradient(submission):
    """A weight inside of f has no .grad before the call, and none after it."""
    model = submission.make("torch.nn.Linear", 1, 1, bias=False)
    model.load_state_dict({"weight": torch.tensor([[2.0]])})
    f = submission.function("lambda model: lambda x: (model.weight.sum() * x) ** 2")(model)
    slope = read_number(alone(submission.derivative_functional(f, 2.5)), "The result of derivative_functional")
    left = model.weight.grad.get()
    message = f"For f(x) = (w·x)² with w = 2 you return {slope:.6g} at x = 2.5, which is not the slope there."
    require(close(slope, 20.0), message, reveal="Expected 20.")
    if left is not None:
        held = read_numbers(left.flatten(), "w.grad")[0]
        message = f"f(x) = (w·x)² uses a weight w. Before your call, w.grad was None; after it, w.grad is {held:.6g}."
        require(False, f"{message} `backward()` fills the .grad of every leaf; `torch.autograd.grad` does not.")


@pytest.mark.task("2", points=0.5, category="hygiene")
def test_functional_derivative_hygiene(submission):
    """PyTorch's settings are left alone."""
    trace = submission.traced.derivative_functional(submission.function(CUBIC[1]), 2.0)
    trace.expect_clean(training=False)
    got = slopes(submission.derivative_functional, submission)
    check_slopes(got | {2.0: trace.value}, "derivative_functional")


# Task 3

PLANES = {
    "x²y + y³": ("lambda x, y: x**2 * y + y**3", (12.0, 31.0)),
    "x² + y³": ("lambda x, y: x**2 + y**3", (4.0, 27.0)),
    "x²": ("lambda x, y: x**2", (4.0, 0.0)),
}


def check_partials(submission, name):
    """Compare the two partial derivatives of a function of the table at (2, 3)."""
    source, expected = PLANES[name]
    result = submission.partial_derivatives(submission.function(source), 2.0, 3.0)
    got = read_numbers(result, "The result of partial_derivatives", names=("∂f/∂x", "∂f/∂y"))
    swapped = " These are the right two numbers in the wrong order." if close_tensors(got[::-1], expected) else ""
    require(
        close_tensors(got, expected),
        f"For f(x, y) = {name} at (2, 3) your partial derivatives are {listed(got)}, which is not right.{swapped}",
        reveal=f"Expected {listed(expected)}.",
    )
    return result


@pytest.mark.task("3", points=0.25, category="correctness")
def test_partial_derivatives_of_the_table(submission):
    """The partial derivatives of x²y + y³ and x² + y³ at (2, 3) are those of the table."""
    for name in ("x²y + y³", "x² + y³"):
        check_partials(submission, name)


@pytest.mark.task("3", points=0.25, category="correctness")
def test_partial_derivative_of_what_is_not_used(submission):
    """The derivative with respect to an argument that f does not use is 0."""
    check_partials(submission, "x²")


@pytest.mark.task("3", points=0.25, category="correctness")
def test_partial_derivatives_are_two_floats(submission):
    """partial_derivatives returns a tuple of two Python floats."""
    results = [check_partials(submission, name) for name in ("x²y + y³", "x² + y³")]
    assert_types(results[0], (12.0, 31.0), names=("∂f/∂x", "∂f/∂y"), what="partial_derivatives")


@pytest.mark.task("3", points=0.25, category="hygiene")
def test_partial_derivatives_hygiene(submission):
    """PyTorch's settings are left alone."""
    submission.traced.partial_derivatives(submission.function(PLANES["x²y + y³"][0]), 2.0, 3.0).expect_clean(
        training=False
    )
    check_partials(submission, "x²y + y³")
    check_partials(submission, "x² + y³")


# Task 4

LAYER = ("loss", "grad_w", "grad_b")
EXAMPLES = [
    ([[2.0, 3.0]], [3.0], 9.0, [12.0, 18.0], [6.0]),
    ([[1.0, 0.0], [0.0, 2.0]], [3.0, 1.0], 2.5, [-1.0, 4.0], [1.0]),
]


def layer(call, rows, targets):
    """What a call returns for one of the examples, where all weights and the bias are 1."""
    result = call(torch.tensor(rows), torch.ones(2, 1), torch.ones(1, 1), torch.tensor(targets))
    return read_parts(result, "The result of linear_layer_gradients", names=LAYER)


def check_layer_loss(got, example):
    """Compare the loss of an example."""
    rows, targets, expected = EXAMPLES[example][:3]
    loss = read_number(got, "The loss")
    why = ""
    if example == 1 and close(loss, 1.5):
        why = " It is the mean over all pairs of a prediction and a target: y has to get the shape of z first."
    elif close(loss, len(rows) * expected) and len(rows) > 1:
        why = " It is the sum of the squares, not their mean."
    elif close(loss, expected / 2):
        why = " It is half of the mean squared error."
    message = f"For x = {rows} and y = {targets} your loss is {loss:.6g}, which is not right.{why}"
    require(close(loss, expected), message, reveal=f"Expected {expected:g}.")


def check_layer_gradients(got, example):
    """Compare the gradients of an example, whatever their shapes are."""
    rows, targets, _, *both = EXAMPLES[example]
    for name, tensor, expected in zip(LAYER[1:], got[1:], both, strict=True):
        numbers = entries(tensor, name)
        why = ""
        for factor, words in ((2.0, "exactly twice what it should be"), (0.5, "half of what it should be")):
            if close_tensors(numbers, [factor * entry for entry in expected]):
                why = f" It is {words}."
        require(
            close_tensors(numbers, expected),
            f"For x = {rows} and y = {targets} your {name} holds {listed(numbers)}, which is not right.{why}",
            reveal=f"Expected {listed(expected)}.",
        )


@pytest.mark.task("4", points=0.5, category="correctness")
def test_layer_loss_of_the_examples(submission):
    """The losses of the two examples are 9 and 2.5."""
    for example, (rows, targets, *_) in enumerate(EXAMPLES):
        check_layer_loss(layer(submission.linear_layer_gradients, rows, targets)[0], example)


@pytest.mark.task("4", points=0.5, category="correctness")
def test_layer_gradients_of_the_examples(submission):
    """The gradients of the two examples are those of the table."""
    for example, (rows, targets, *_) in enumerate(EXAMPLES):
        check_layer_gradients(layer(submission.linear_layer_gradients, rows, targets), example)


@pytest.mark.task("4", points=0.25, category="correctness")
def test_layer_returns_a_float_and_two_tensors(submission):
    """The loss is a Python float; the gradients are tensors of the shapes of w and b."""
    results = []
    for example, (rows, targets, *_) in enumerate(EXAMPLES):
        results.append(layer(submission.linear_layer_gradients, rows, targets))
        check_layer_gradients(results[-1], example)
    assert_types(
        tuple(results[0]), (9.0, torch.ones(2, 1), torch.ones(1, 1)), names=LAYER, what="linear_layer_gradients"
    )


@pytest.mark.task("4", points=0.25, category="correctness")
def test_layer_gradients_come_from_autograd(submission):
    """The gradients come from a backward pass, not from a formula."""
    for example, (rows, targets, *_) in enumerate(EXAMPLES):
        trace = submission.traced.linear_layer_gradients(
            torch.tensor(rows), torch.ones(2, 1), torch.ones(1, 1), torch.tensor(targets)
        )
        check_layer_gradients(read_parts(trace.value, "The result of linear_layer_gradients", names=LAYER), example)
    expect_autograd(trace, "linear_layer_gradients")


@pytest.mark.task("4", points=1, category="hygiene")
def test_layer_hygiene(submission):
    """The four arguments are left as they were, and nothing is broadcast."""
    rows, targets = EXAMPLES[1][:2]
    trace = submission.traced.linear_layer_gradients(
        torch.tensor(rows), torch.ones(2, 1), torch.ones(1, 1), torch.tensor(targets)
    )
    trace.expect_clean(training=False)
    got = read_parts(trace.value, "The result of linear_layer_gradients", names=LAYER)
    expected = EXAMPLES[1][3]
    numbers = entries(got[1], "grad_w")
    # A loss with another factor is the business of other checks; an answer that is not a gradient has no hygiene.
    aligned = any(close_tensors(numbers, [factor * entry for entry in expected]) for factor in (0.5, 1.0, 2.0))
    require(aligned, f"Your grad_w holds {listed(numbers)}, which does not point along the gradient of the loss.")


# Task 5


def summed(submission, matrix):
    """The entries of the gradient of the sum and its recording, after making sure that autograd found it."""
    trace = submission.traced.gradient_of_sum(matrix)
    numbers = entries(trace.value, "The result of gradient_of_sum")
    message = f"Your gradient of the sum holds {listed(numbers[:6])} for a matrix of shape {tuple(matrix.shape)}."
    require(close_tensors(numbers, [1.0] * matrix.numel()), message, reveal="Every entry should be 1.")
    expect_autograd(trace, "gradient_of_sum")
    return trace


@pytest.mark.task("5", points=0.5, category="correctness")
def test_gradient_of_the_sum(submission):
    """The gradient of the sum of a 3 x 3 matrix consists of ones, found by autograd."""
    trace = summed(submission, torch.arange(1.0, 10.0).reshape(3, 3))
    assert_values(trace.value, torch.ones(3, 3), atol=1e-4, what="gradient_of_sum")


@pytest.mark.task("5", points=0.5, category="hygiene")
def test_gradient_of_the_sum_hygiene(submission):
    """The matrix is left as it was."""
    summed(submission, torch.arange(1.0, 7.0).reshape(2, 3)).expect_clean(training=False)


# Task 6

SQUARES = ("(x₁², x₂²)", "lambda x: x**2")
MIXED = ("(x₁x₂, x₁ + x₂, x₂²)", "lambda x: torch.stack([x[0] * x[1], x[0] + x[1], x[1] ** 2])")
PRODUCTS = [
    (SQUARES, [1.0, 1.0], [4.0, 6.0], None),
    (SQUARES, [1.0, 0.0], [4.0, 0.0], [4.0, 6.0]),
    (MIXED, [1.0, 2.0, -1.0], [5.0, -2.0], [4.0, 9.0]),
]
"""The function, v, vᵀJ at (2, 3), and the sum of the rows of J where it differs."""


def check_products(submission):
    """Compare the three rows of the table; the last result."""
    for (name, source), v, expected, ignored in PRODUCTS:
        f, x = submission.function(source), torch.tensor([2.0, 3.0])
        result = submission.vector_jacobian_product(f, x, torch.tensor(v))
        got = entries(result, "The result of vector_jacobian_product")
        why = " It is what v = (1, 1, …) would give." if ignored and close_tensors(got, ignored) else ""
        require(
            close_tensors(got, expected),
            f"For f(x) = {name} at (2, 3) and v = {listed(v)} your vᵀJ is {listed(got)}, which is not right.{why}",
            reveal=f"Expected {listed(expected)}.",
        )
    return result


@pytest.mark.task("6", points=0.75, category="correctness")
def test_products_of_the_table(submission):
    """The three vector-Jacobian products at (2, 3) are those of the table."""
    check_products(submission)


@pytest.mark.task("6", points=0.25, category="correctness")
def test_product_has_the_shape_of_x(submission):
    """vector_jacobian_product returns a tensor of the shape of x."""
    assert_types(check_products(submission), torch.zeros(2), what="vector_jacobian_product")


@pytest.mark.task("6", points=0.75, category="hygiene")
def test_product_hygiene(submission):
    """x and v are left as they were."""
    x, v = torch.tensor([2.0, 3.0]), torch.tensor([1.0, 2.0, -1.0])
    trace = submission.traced.vector_jacobian_product(submission.function(MIXED[1]), x, v)
    trace.expect_clean(training=False)
    got = entries(trace.value, "The result of vector_jacobian_product")
    message = f"Without changing x and v your vᵀJ should be right, too; it is {listed(got)}."
    require(close_tensors(got, [5.0, -2.0]), message, reveal="Expected (5, -2).")


# Task 7

POLYNOMIAL = ("x³ + x²", "lambda x: x**3 + x**2", 2.0, [12.0, 16.0, 14.0, 6.0, 0.0])
SINE = ("sin x", "lambda x: torch.sin(x)", 0.0, [0.0, 1.0, 0.0, -1.0, 0.0])


def check_derivatives(submission):
    """Compare the first four derivatives of both functions of the table; the last result."""
    for name, source, x, values in (POLYNOMIAL, SINE):
        f = submission.function(source)
        for n in (1, 2, 3, 4):
            result = submission.nth_derivative(f, x, n)
            got = read_number(alone(result), "The result of nth_derivative")
            others = [k for k, value in enumerate(values) if close(got, value)] if name == POLYNOMIAL[0] else []
            why = f" It is what n = {others[0]} should give." if others and others[0] else ""
            require(
                close(got, values[n]),
                f"For f(x) = {name} at x = {x:g} and n = {n} you return {got:.6g}, which is not right.{why}",
                reveal=f"Expected {values[n]:g}.",
            )
    return result


@pytest.mark.task("7", points=0.5, category="correctness")
def test_derivatives_of_the_table(submission):
    """The first four derivatives of x³ + x² at 2 and of sin x at 0 are those of the table."""
    check_derivatives(submission)


@pytest.mark.task("7", points=0.25, category="correctness")
def test_nth_derivative_is_a_float(submission):
    """nth_derivative returns a Python float."""
    assert_types(check_derivatives(submission), 0.0, what="nth_derivative")


@pytest.mark.task("7", points=0.25, category="hygiene")
def test_nth_derivative_hygiene(submission):
    """PyTorch's settings are left alone."""
    submission.traced.nth_derivative(submission.function(POLYNOMIAL[1]), 2.0, 3).expect_clean(training=False)
    check_derivatives(submission)


# Task 8


def check_intermediate(result, x):
    """Compare (dz/dx, dz/dy) at x, whatever types hold them."""
    got = read_numbers(result, "The result of intermediate_gradient", names=("dz/dx", "dz/dy"))
    expected = [6 * x**5, 3 * x**4]
    why = ""
    if close_tensors(got[::-1], expected) and not close_tensors(got, expected):
        why = " These are the right two numbers in the wrong order."
    elif close(got[0], expected[0]) and close(got[1], 3 * x**2):
        why = " 3y² is meant with y = x², not with y = x."
    require(
        close_tensors(got, expected),
        f"At x = {x:g} you return {listed(got)}, which is not (dz/dx, dz/dy).{why}",
        reveal=f"Expected {listed(expected)}.",
    )


@pytest.mark.task("8", points=0.25, category="correctness")
def test_intermediate_gradient_of_the_table(submission):
    """The two gradients at x = 1 and x = 2 are those of the table."""
    for x in (1.0, 2.0):
        check_intermediate(submission.intermediate_gradient(x), x)


@pytest.mark.task("8", points=0.25, category="correctness")
def test_intermediate_gradient_is_two_floats(submission):
    """intermediate_gradient returns a tuple of two Python floats."""
    for x in (1.0, 2.0):
        check_intermediate(submission.intermediate_gradient(x), x)
    result = submission.intermediate_gradient(2.0)
    assert_types(result, (192.0, 48.0), names=("dz/dx", "dz/dy"), what="intermediate_gradient")


@pytest.mark.task("8", points=0.25, category="correctness")
def test_intermediate_gradient_comes_from_autograd(submission):
    """The two gradients come from a backward pass, not from a formula."""
    for x in (1.0, 2.0):
        trace = submission.traced.intermediate_gradient(x)
        check_intermediate(trace.value, x)
    expect_autograd(trace, "intermediate_gradient")


@pytest.mark.task("8", points=0.25, category="hygiene")
def test_intermediate_gradient_hygiene(submission):
    """PyTorch's settings are left alone."""
    submission.traced.intermediate_gradient(2.0).expect_clean(training=False)
    for x in (1.0, 2.0):
        check_intermediate(submission.intermediate_gradient(x), x)


# Task 9

GRADIENT = "lambda square, x, weight: torch.autograd.grad((weight * square.apply(x.requires_grad_())).sum(), x)[0]"


def my_square(submission):
    """An object of the student's class: `apply` belongs to the class, but is found on its objects as well."""
    return submission.MySquare()


@pytest.mark.task("9", points=0.25, category="correctness")
def test_square_of_three(submission):
    """MySquare.apply gives 9 for 3, and the squares of a whole vector."""
    square = my_square(submission)
    assert_values(square.apply(torch.tensor(3.0)), torch.tensor(9.0), atol=1e-4, what="MySquare.apply(3)")
    got = square.apply(torch.tensor([-2.0, 0.5, 1.0]))
    assert_values(got, torch.tensor([4.0, 0.25, 1.0]), atol=1e-4, what="MySquare.apply((-2, 0.5, 1))")


@pytest.mark.task("9", points=0.5, category="correctness")
def test_gradient_of_the_square(submission):
    """The gradient at 3 is 6 for the square itself, and 30 for five times the square."""
    square, gradient = my_square(submission), submission.function(GRADIENT)
    for weight, loss in ((1.0, "MySquare.apply(x)"), (5.0, "5 * MySquare.apply(x)")):
        got = read_number(gradient(square, torch.tensor(3.0), weight), "The gradient of x")
        expected = 6.0 * weight
        why = ""
        if weight > 1 and close(got, 6.0):
            why = " It is right without the 5: multiply with `grad_output`."
        elif close(got, expected / 2):
            why = " It is half of what it should be: the derivative of x² is 2x."
        elif close(got, 18.0 * weight):
            why = " It is 2x², as if the square had been kept for the way back instead of x."
        message = f"The loss {loss} at x = 3 gets the gradient {got:.6g} from your backward, which is not right.{why}"
        require(math.isfinite(got) and close(got, expected), message, reveal=f"Expected {expected:g}.")
