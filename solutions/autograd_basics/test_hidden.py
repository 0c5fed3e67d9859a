"""The checks of autograd's basics that students never see: other functions, places and shapes; convergence."""

from __future__ import annotations

import math

import pytest
import torch

from autograder.checks import (
    assert_contraction,
    assert_moved,
    assert_tensor,
    assert_values,
    read_number,
    read_numbers,
    read_parts,
    require,
)
from autograder.hygiene import Backward

CURVES = [
    ("sin(x²) + e⁻ˣ", "lambda x: torch.sin(x**2) + torch.exp(-x)", 0.7, 1.4 * math.cos(0.49) - math.exp(-0.7)),
    ("1 / (1 + x²)", "lambda x: 1 / (1 + x**2)", -1.3, 2.6 / (1 + 1.69) ** 2),
    ("x² if x > 1 else 3x", "lambda x: x**2 if x > 1 else 3 * x", 1.5, 3.0),
    ("x² if x > 1 else 3x", "lambda x: x**2 if x > 1 else 3 * x", -2.0, 3.0),
    ("eˣ", "lambda x: torch.exp(x)", 5.0, math.exp(5.0)),
]
HELD_STILL = "lambda x: x.detach() * x"
"""Its slope is 2x, but autograd takes the first factor for a constant: small differences are not autograd."""


def close(got, expected):
    """Whether two numbers agree to what float32 leaves of a derivative; differences of float32 values are coarser."""
    return abs(got - expected) <= 1e-4 * max(1.0, abs(expected))


def all_close(got, expected):
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


# Tasks 1 and 2


def slope_of(submission, name, source, x):
    """The slope that one of the two functions finds."""
    call = getattr(submission, name)
    return read_number(alone(call(submission.function(source), x)), f"The result of {name}")


def check_curves(submission, name):
    """Compare the slopes of several functions."""
    for formula, source, x, expected in CURVES:
        got = slope_of(submission, name, source, x)
        message = f"For f(x) = {formula} at x = {x:g} your `{name}` returns {got:.6g}, which is not the slope there."
        require(close(got, expected), message)


def check_again(submission, name):
    """Ask the same question twice, and then another one at the same place."""
    f, square = submission.function("lambda x: x**3 - 3 * x"), submission.function("lambda x: x**2")
    call = getattr(submission, name)
    first, second, other = (read_number(alone(call(g, 2.0)), f"The result of {name}") for g in (f, f, square))
    require(close(first, 9.0), f"For f(x) = x³ - 3x at x = 2 the first call returns {first:.6g}, which is not right.")
    why = " That is the sum of both: the first gradient was still there." if close(second, 18.0) else ""
    message = f"For f(x) = x³ - 3x at x = 2 the first call returns {first:.6g}, but the second one {second:.6g}.{why}"
    require(close(second, 9.0), message)
    message = f"After two calls with x³ - 3x, the slope of x² at x = 2 comes out as {other:.6g}."
    require(close(other, 4.0), message)


@pytest.mark.task("1", points=0.5, category="correctness")
def test_derivative_of_other_functions(submission):
    """The slope is right for other functions and places."""
    check_curves(submission, "derivative")


@pytest.mark.task("1", points=0.5, category="correctness")
def test_derivative_again(submission):
    """A second call gives the same answer, and another function its own."""
    check_again(submission, "derivative")


@pytest.mark.task("1", points=0.5, category="convergence")
def test_descent_with_the_derivative(submission):
    """Gradient descent with the derivative shrinks the distance to the minimum of a parabola as theory says."""
    f, x, errors = submission.function("lambda x: 2 * (x - 1) ** 2 + 3"), 6.0, [5.0]
    for _ in range(5):
        x -= 0.1 * read_number(alone(submission.derivative(f, x)), "The result of derivative")
        errors.append(abs(x - 1.0))
    assert_moved(errors[:1], errors[1:2], what="distance to the minimum", when="in the first step")
    assert_contraction(errors, 1 - 0.1 * 4, rtol=1e-3, what="distance to the minimum of 2(x - 1)² + 3")


@pytest.mark.task("2", points=0.5, category="correctness")
def test_functional_derivative_of_other_functions(submission):
    """The slope is right for other functions and places, and found by autograd."""
    check_curves(submission, "derivative_functional")
    got = slope_of(submission, "derivative_functional", HELD_STILL, 1.7)
    why = " These are differences of its values; let autograd find the slope." if abs(got - 3.4) < 0.05 else ""
    message = (
        f"For f(x) = x.detach() * x at x = 1.7, where the first factor counts as a constant, you return {got:.6g}."
    )
    require(close(got, 1.7), message + why)


@pytest.mark.task("2", points=0.75, category="correctness")
def test_functional_derivative_keeps_gradients(submission):
    """What the .grad of a weight inside of f holds stays there, also when asked twice."""
    model = submission.make("torch.nn.Linear", 1, 1, bias=False)
    model.load_state_dict({"weight": torch.tensor([[1.5]])})
    submission.function("lambda model: (5 * model.weight.sum()).backward()")(model)
    f = submission.function("lambda model: lambda x: (model.weight.sum() * x) ** 2")(model)
    for call in ("first", "second"):
        slope = read_number(alone(submission.derivative_functional(f, -2.0)), "The result of derivative_functional")
        message = f"For f(x) = (w·x)² with w = 1.5 the {call} call returns {slope:.6g} at x = -2: not the slope there."
        require(close(slope, -9.0), message)
        held = model.weight.grad.get()
        found = "None" if held is None else f"{read_numbers(held.flatten(), 'w.grad')[0]:.6g}"
        message = (
            f"f uses a weight w whose w.grad held 5. After the {call} call of derivative_functional it is {found}."
        )
        require(held is not None and close(held.item(), 5.0), message)


# Task 3


def check_plane(submission, formula, source, x, y, expected):
    """Compare the two partial derivatives of a function."""
    result = submission.partial_derivatives(submission.function(source), x, y)
    got = read_numbers(result, "The result of partial_derivatives", names=("∂f/∂x", "∂f/∂y"))
    why = " These are the right two numbers in the wrong order." if all_close(got[::-1], expected) else ""
    message = f"For f(x, y) = {formula} at ({x:g}, {y:g}) your partial derivatives are {listed(got)}: not right.{why}"
    require(all_close(got, expected), message)


@pytest.mark.task("3", points=0.5, category="correctness")
def test_partial_derivatives_of_other_functions(submission):
    """The partial derivatives are right for other functions and places."""
    slope = math.cos(-0.6)
    check_plane(submission, "sin(xy)", "lambda x, y: torch.sin(x * y)", -1.2, 0.5, [0.5 * slope, -1.2 * slope])
    check_plane(submission, "x / y", "lambda x, y: x / y", 3.0, -2.0, [-0.5, -0.75])
    check_plane(submission, "eˣ + xy²", "lambda x, y: torch.exp(x) + x * y**2", 0.0, 4.0, [17.0, 0.0])


@pytest.mark.task("3", points=0.25, category="correctness")
def test_partial_derivative_of_the_first_that_is_not_used(submission):
    """The derivative with respect to x is 0 where f uses y only."""
    check_plane(submission, "y³", "lambda x, y: y**3", 2.0, -1.0, [0.0, 3.0])


@pytest.mark.task("3", points=0.25, category="correctness")
def test_partial_derivatives_again(submission):
    """A second call gives the same answer, found by autograd."""
    for _ in range(2):
        check_plane(submission, "x²y", "lambda x, y: x**2 * y", 2.0, 3.0, [12.0, 4.0])
    check_plane(submission, "x · y.detach() + y²", "lambda x, y: x * y.detach() + y**2", 2.0, 3.0, [3.0, 6.0])


# Task 4

LAYER = ("loss", "grad_w", "grad_b")


def layer(submission, x, w, b, y):
    """The loss and the entries of both gradients."""
    result = submission.linear_layer_gradients(x, w, b, y)
    loss, grad_w, grad_b = read_parts(result, "The result of linear_layer_gradients", names=LAYER)
    return [[read_number(loss, "The loss")], entries(grad_w, "grad_w"), entries(grad_b, "grad_b")]


def formulas(x, w, b, y):
    """The same from the formulas of the handout, in double precision."""
    x, w, b, y = (tensor.double() for tensor in (x, w, b, y))
    difference = x @ w + b - y[:, None]
    back = 2 / len(x) * difference
    return [[difference.square().mean().item()], (x.T @ back).flatten().tolist(), [back.sum().item()]]


def random_layer(n, d, seed):
    """The arguments of linear_layer_gradients."""
    generator = torch.Generator().manual_seed(seed)
    shapes = ((n, d), (d, 1), (1, 1), (n,))
    return [torch.randn(*shape, generator=generator) for shape in shapes]


def check_layer(submission, tensors):
    """Compare with the formulas; say what a wrong loss or gradient looks like."""
    x, w, b, y = tensors
    n, d = x.shape
    got, expected = layer(submission, *tensors), formulas(*tensors)
    pairs = (x @ w + b - y).square().mean().item()
    for name, one, other in zip(LAYER, got, expected, strict=True):
        why = ""
        for factor, words in ((2.0, "exactly twice"), (0.5, "half of"), (float(n), f"{n} times")):
            if factor != 1.0 and all_close(one, [factor * entry for entry in other]):
                why = f" It is {words} what it should be."
        if name == "loss" and n > 1 and close(one[0], pairs):
            why = f" It is the mean over all {n * n} pairs of a prediction and a target."
        what = f"With {n} row{'s' if n > 1 else ''} and {d} column{'s' if d > 1 else ''}"
        require(all_close(one, other), f"{what} your {name} is {listed(one)}, which is not right.{why}")


@pytest.mark.task("4", points=0.75, category="correctness")
@pytest.mark.parametrize(("n", "d"), [(5, 3), (7, 1), (1, 4)])
def test_layer_of_other_data(submission, n, d):
    """Loss and gradients are right for other data, whatever the numbers of rows and columns."""
    check_layer(submission, random_layer(n, d, 10 * n + d))


@pytest.mark.task("4", points=0.25, category="correctness")
def test_layer_again(submission):
    """A second call with other numbers of the same shapes is right, too."""
    for seed in (1, 2):
        check_layer(submission, random_layer(4, 2, seed))


@pytest.mark.task("4", points=0.5, category="convergence")
@pytest.mark.parametrize(("direction", "curvature"), [(0, 8.0), (1, 0.5)], ids=["steep", "flat"])
def test_descent_with_the_layer(submission, direction, curvature):
    """Gradient descent with the gradients of the layer converges at the rate that theory gives."""
    # The columns are orthogonal to each other and to the bias: H = 2/n·xᵀx is diagonal, with the entries 8 and 0.5.
    x = torch.tensor([[2.0, 0.5], [2.0, -0.5], [-2.0, 0.5], [-2.0, -0.5]])
    best, errors = torch.tensor([[1.0], [-2.0]]), [3.0]
    w, b, y = best.clone(), torch.tensor([[0.5]]), (x @ best)[:, 0] + 0.5
    w[direction] += 3.0
    for _ in range(4):
        _, grad_w, grad_b = layer(submission, x, w, b, y)
        message = (
            f"For w of shape (2, 1) and b of shape (1, 1) grad_w has {len(grad_w)} and grad_b {len(grad_b)} numbers."
        )
        require((len(grad_w), len(grad_b)) == (2, 1), message)
        w, b = w - 0.1 * torch.tensor(grad_w).reshape(2, 1), b - 0.1 * torch.tensor(grad_b).reshape(1, 1)
        errors.append(torch.cat([w - best, b - 0.5]).norm().item())
    assert_moved(errors[:1], errors[1:2], what="distance to the best weights", when="in the first step")
    assert_contraction(errors, 1 - 0.1 * curvature, rtol=1e-3, what="distance to the best weights")


# Task 5


def check_sum(submission, matrix):
    """The gradient of the sum, after making sure that it consists of ones that autograd found."""
    trace = submission.traced.gradient_of_sum(matrix)
    got, shape = entries(trace.value, "The result of gradient_of_sum"), tuple(matrix.shape)
    why = " The gradient of an earlier call was still there." if got and all_close(got, [2.0] * len(got)) else ""
    message = f"For a tensor of shape {shape} your gradient of the sum holds {listed(got[:6])}: not right.{why}"
    require(all_close(got, [1.0] * matrix.numel()), message)
    trace.expect_trusted()
    message = (
        f"For a tensor of shape {shape} the answer is right, but autograd did not find it: no backward pass was seen."
    )
    require(any(not event.failed for event in trace.of(Backward)), message)
    return alone(trace.value)


@pytest.mark.task("5", points=0.5, category="correctness")
@pytest.mark.parametrize("shape", [(2, 5), (4,), (2, 3, 2)], ids=["matrix", "vector", "three-dimensions"])
def test_gradient_of_other_sums(submission, shape):
    """The gradient has the shape of the tensor, with one, two or three dimensions."""
    matrix = torch.randn(shape, generator=torch.Generator().manual_seed(len(shape)))
    assert_tensor(check_sum(submission, matrix), shape=shape, what="gradient_of_sum")


@pytest.mark.task("5", points=0.25, category="correctness")
def test_gradient_of_the_sum_has_its_dtype(submission):
    """The gradient of a float64 matrix is float64."""
    got = check_sum(submission, torch.arange(6.0, dtype=torch.float64).reshape(3, 2))
    assert_tensor(got, shape=tuple(got.shape), dtype=torch.float64, what="gradient_of_sum")


@pytest.mark.task("5", points=0.25, category="correctness")
def test_gradient_of_the_sum_again(submission):
    """A second matrix of the same shape gets ones, too."""
    for start in (0.0, 5.0):
        check_sum(submission, start + torch.arange(4.0).reshape(2, 2))


# Task 6


def check_product(submission, formula, source, x, v, expected):
    """Compare a vector-Jacobian product."""
    result = submission.vector_jacobian_product(submission.function(source), torch.tensor(x), torch.tensor(v))
    got = entries(result, "The result of vector_jacobian_product")
    why = " It is exactly twice what it should be." if all_close(got, [2 * entry for entry in expected]) else ""
    message = f"For f(x) = {formula} at {listed(x)} and v = {listed(v)} your vᵀJ is {listed(got)}: not right.{why}"
    require(all_close(got, expected), message)


@pytest.mark.task("6", points=0.75, category="correctness")
def test_products_of_other_functions(submission):
    """vᵀJ is right for functions with as many outputs as inputs, with more, and with fewer."""
    x, v = [0.0, 1.0, -1.0], [0.5, -1.0, 2.0]
    exponentials = [weight * math.exp(entry) for weight, entry in zip(v, x, strict=True)]
    check_product(submission, "eˣ", "lambda x: torch.exp(x)", x, v, exponentials)
    powers = "lambda x: torch.stack([x[0], x[0] ** 2, x[0] ** 3])"
    check_product(submission, "(x, x², x³)", powers, [0.5], [2.0, 3.0, 4.0], [8.0])
    length = "lambda x: (x**2).sum().reshape(1)"
    check_product(submission, "x₁² + … + x₄²", length, [1.0, -2.0, 3.0, 0.5], [3.0], [6.0, -12.0, 18.0, 3.0])
    turned = "lambda x: torch.stack([x[0] + 2 * x[1], 3 * x[0]])"
    check_product(submission, "(x₁ + 2x₂, 3x₁)", turned, [1.0, 1.0], [1.0, -1.0], [-2.0, 2.0])


@pytest.mark.task("6", points=0.25, category="correctness")
def test_product_again(submission):
    """A second call gives the same answer, and another v its own."""
    for v in ([1.0, 2.0], [1.0, 2.0], [-1.0, 0.0]):
        expected = [4.0 * v[0], 6.0 * v[1]]
        check_product(submission, "(x₁², x₂²)", "lambda x: x**2", [2.0, 3.0], v, expected)


@pytest.mark.task("6", points=0.25, category="correctness")
def test_product_comes_from_autograd(submission):
    """A factor that is detached counts as a constant."""
    check_product(submission, "x.detach() * x", HELD_STILL, [2.0, -3.0], [1.0, 2.0], [2.0, -6.0])


# Task 7


def check_derivative(submission, formula, source, x, n, expected):
    """Compare the n-th derivative of a function."""
    result = submission.nth_derivative(submission.function(source), x, n)
    got = read_number(alone(result), "The result of nth_derivative")
    message = f"For f(x) = {formula} at x = {x:g} and n = {n} you return {got:.6g}, which is not right."
    require(close(got, expected), message)


@pytest.mark.task("7", points=0.5, category="correctness")
def test_derivatives_of_other_functions(submission):
    """Derivatives up to the sixth are right for other functions and places."""
    for n in (1, 2, 3, 4, 5, 6):
        check_derivative(submission, "sin x", "lambda x: torch.sin(x)", 0.8, n, math.sin(0.8 + n * math.pi / 2))
        inverse = (-1) ** n * math.factorial(n) / 2 ** (n + 1)
        check_derivative(submission, "1/x", "lambda x: 1 / x", 2.0, n, inverse)
    check_derivative(submission, "e²ˣ", "lambda x: torch.exp(2 * x)", 0.3, 6, 64 * math.exp(0.6))


@pytest.mark.task("7", points=0.5, category="correctness")
def test_derivatives_beyond_a_constant(submission):
    """Where a derivative is constant, all further ones are 0."""
    line, cubic = "lambda x: 2 * x", "lambda x: x * x * x + x**2"
    for n, expected in ((1, 2.0), (2, 0.0), (3, 0.0)):
        check_derivative(submission, "2x", line, 1.5, n, expected)
    for n, expected in ((3, 6.0), (4, 0.0), (6, 0.0)):
        check_derivative(submission, "x·x·x + x²", cubic, 2.0, n, expected)


@pytest.mark.task("7", points=0.25, category="correctness")
def test_nth_derivative_again(submission):
    """A second call gives the same answer, and another function its own."""
    for _ in range(2):
        check_derivative(submission, "x³ + x²", "lambda x: x**3 + x**2", 2.0, 2, 14.0)
    check_derivative(submission, "x⁴", "lambda x: x**4", 2.0, 2, 48.0)


@pytest.mark.task("7", points=0.25, category="convergence")
def test_newton_with_two_derivatives(submission):
    """Newton's method with the first two derivatives converges quadratically."""
    f, x = submission.function("lambda x: torch.exp(x) - 2 * x"), 1.2
    for step in (1, 2, 3):
        slope, curvature = (
            read_number(alone(submission.nth_derivative(f, x, n)), "The result of nth_derivative") for n in (1, 2)
        )
        require(curvature != 0, f"The second derivative of eˣ - 2x is never 0; at x = {x:.6g} you return 0.")
        reached, error = x - slope / curvature, abs(x - math.log(2))
        left = abs(reached - math.log(2))
        # For f' = eˣ - 2 Newton's step leaves e - 1 + exp(-e) of an error e, at most half of its square.
        require(
            left <= 0.5 * error**2 + 1e-5,
            f"Step {step} of Newton's method with your derivatives goes from {x:.6g} to {reached:.6g}. The distance to "
            f"the minimum of eˣ - 2x at 0.693147 should become at most half of its square, {0.5 * error**2:.3g}, "
            f"but it is {left:.3g}.",
        )
        x = reached


# Task 8


@pytest.mark.task("8", points=0.5, category="correctness")
def test_intermediate_gradient_elsewhere(submission):
    """The two gradients are right for other x, zero and negative ones too, and in a second call."""
    for x in (-1.0, 0.5, 0.0, -1.5, 0.5):
        result = submission.intermediate_gradient(x)
        got = read_numbers(result, "The result of intermediate_gradient", names=("dz/dx", "dz/dy"))
        expected = [6 * x**5, 3 * x**4]
        message = f"At x = {x:g} you return {listed(got)}, which is not (dz/dx, dz/dy)."
        require(all_close(got, expected), message)


# Task 9

GRADIENT = "lambda square, x: torch.autograd.grad(square.apply(x.requires_grad_()).sum(), x)[0]"
NESTED = "lambda square, x: torch.autograd.grad(square.apply(square.apply(x.requires_grad_())).sum(), x)[0]"
SHIFTED = "lambda square, w: torch.autograd.grad(square.apply(w.requires_grad_() - 3.0), w)[0]"
CHECKED = "lambda square, x: torch.autograd.gradcheck(square.apply, x.requires_grad_(), raise_exception=False)"


def check_gradient(square, gradient, x):
    """Compare the gradient of the sum of the squares."""
    got = gradient(square, x)
    assert_values(got, 2 * x, atol=1e-4, rtol=1e-4, what=f"the gradient for x of shape {tuple(x.shape)}")


@pytest.mark.task("9", points=0.75, category="correctness")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
def test_square_of_any_shape(submission, dtype):
    """Values and gradients are right for any shape, in float32 and in float64."""
    square, gradient = submission.MySquare(), submission.function(GRADIENT)
    for shape in ((), (5,), (2, 3), (2, 1, 4)):
        x = torch.randn(shape, generator=torch.Generator().manual_seed(len(shape)), dtype=dtype)
        assert_values(square.apply(x), x**2, atol=1e-4, rtol=1e-4, what=f"MySquare.apply for x of shape {shape}")
        check_gradient(square, gradient, x)


@pytest.mark.task("9", points=0.5, category="correctness")
def test_square_passes_gradcheck(submission):
    """torch.autograd.gradcheck finds that backward fits forward."""
    square, x = submission.MySquare(), torch.linspace(-2, 2, 6, dtype=torch.float64)
    check_gradient(square, submission.function(GRADIENT), x)
    fits = submission.function(CHECKED)(square, x)
    require(fits is True, "torch.autograd.gradcheck says that your backward does not fit your forward.")


@pytest.mark.task("9", points=0.5, category="correctness")
def test_square_of_the_square(submission):
    """The gradient of the square of the square, x⁴, is 4x³."""
    x = torch.tensor([-1.5, 0.5, 2.0])
    got = submission.function(NESTED)(submission.MySquare(), x)
    assert_values(got, 4 * x**3, atol=1e-3, rtol=1e-4, what="the gradient of MySquare.apply(MySquare.apply(x))")


@pytest.mark.task("9", points=0.5, category="convergence")
def test_descent_on_the_square(submission):
    """Gradient descent on the square of w - 3 shrinks the distance to 3 as theory says."""
    square, gradient, w, errors = submission.MySquare(), submission.function(SHIFTED), 8.0, [5.0]
    for _ in range(5):
        w -= 0.2 * read_number(gradient(square, torch.tensor(w)), "The gradient of w")
        errors.append(abs(w - 3.0))
    assert_moved(errors[:1], errors[1:2], what="distance to 3", when="in the first step")
    assert_contraction(errors, 1 - 0.2 * 2, rtol=1e-3, what="distance of w to 3")
