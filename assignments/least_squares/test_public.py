"""The checks of least squares that students get: the numbers of the handout."""

from __future__ import annotations

import pytest
import torch

from autograder.checks import (
    Cause,
    assert_moved,
    assert_types,
    assert_values,
    history_causes,
    passes,
    read_number,
    read_numbers,
    read_parts,
    require,
    scale_causes,
    step_causes,
)

RESULTS = ("w", "losses", "ws")
X = torch.tensor([[1.0, 2.0], [1.0, -2.0], [1.0, -2.0], [1.0, 2.0]])
Y = torch.tensor([6.0, -2.0, 0.0, 4.0])
EXAMPLE = (
    [1.66725, 2.268],
    [7.0, 3.985, 2.526212],
    [[0.0, 0.0], [0.9, 2.7], [1.395, 0.54]],
)
# Float32 leaves the numbers of the example right to 1e-6; what is told apart differs by 1e-1.
CLOSE = 1e-4
# Only numbers come back from a call: what else a tensor is has to be asked beside the function.
LOOK = (
    "lambda walk: lambda *args: (lambda w, losses, ws: [getattr(w, 'requires_grad', False), "
    "any(getattr(one, 'requires_grad', False) for one in ws)])(*walk(*args))"
)


def vector(value, size, what):
    """The numbers of a vector, however it lies; that it has the right shape is asked by one check of each task."""
    if isinstance(value, torch.Tensor) and value.numel() == size:
        value = value.reshape(-1)
    numbers = read_numbers(value, what)
    require(len(numbers) == size, f"{what} should hold {size} numbers, but it holds {len(numbers)}.")
    return numbers


def walk_of(result, name, steps, size=2):
    """What a walk returned, (w, losses, ws), as lists of floats, after making sure that it has an entry per step."""
    w, losses, ws = read_parts(result, f"The result of {name}", names=RESULTS, of="things")
    losses = read_numbers(losses, f"losses of {name}")
    ws = [vector(one, size, f"Each entry of ws of {name}") for one in read_parts(ws, f"ws of {name}")]
    for said, found in (("losses", losses), ("ws", ws)):
        more = " The weights after the last update are the w that is returned." if len(found) == steps + 1 else ""
        require(
            len(found) == steps,
            f"{said} of {name} should have {steps} entries, one per step, but it has {len(found)}.{more}",
        )
    return vector(w, size, f"w of {name}"), losses, ws


def gradient(inputs, targets, w):
    """The gradient by its formula, in double precision."""
    inputs = inputs.double()
    return inputs.T @ (inputs @ torch.as_tensor(w).double() - targets.double()) / len(inputs)


def descend(inputs, targets, alpha, steps, slope=gradient):
    """The walk (w, losses, ws), in double precision, along the gradients of `slope`."""
    w, losses, ws = torch.zeros(inputs.shape[1], dtype=torch.float64), [], []
    for _ in range(steps):
        losses.append(((inputs.double() @ w - targets.double()) ** 2).mean().item() / 2)
        ws.append(w.tolist())
        w = w - alpha * slope(inputs, targets, w)
    return w.tolist(), losses, ws


def own_slope(submission):
    """The student's manual_gradient where it is not right but depends on w; None otherwise."""

    def slope(inputs, targets, w):
        found = submission.manual_gradient(inputs, targets, w.float())
        return torch.tensor(vector(found, len(w), "The result of manual_gradient")).double()

    def moves():
        assert_moved(slope(X, Y, torch.zeros(2)).tolist(), slope(X, Y, torch.ones(2)).tolist())

    right = passes(check_gradient, submission, torch.zeros(2)) and passes(check_gradient, submission, torch.ones(2))
    return slope if not right and passes(moves) else None


def end_causes(inputs, targets, alpha, steps):
    """What the weights after the last update may be instead."""
    w, _, ws = descend(inputs, targets, alpha, steps + 1)
    return [
        Cause("w is from before the last update: return the weights after it.", ws[steps - 1]),
        Cause("w has made one update too many.", w),
        Cause(
            "These are the weights of a walk with twice the gradient in every step: a factor 2 too many.",
            descend(inputs, targets, 2 * alpha, steps)[0],
        ),
        Cause(
            "These are the weights of a walk with half of the gradient in every step.",
            descend(inputs, targets, alpha / 2, steps)[0],
        ),
        Cause(
            "These are the weights of a walk uphill: the update subtracts the gradient.",
            descend(inputs, targets, -alpha, steps)[0],
        ),
    ]


def check_walk(got, expected, alpha, steps, name, part):
    """Compare one of the three results of a walk on the example."""
    names = [f"{part} of {name}"]
    index = RESULTS.index(part)
    if part == "w":
        causes = end_causes(X, Y, alpha, steps)
    else:
        after = descend(X, Y, alpha, steps + 1)[index][-1]
        causes = history_causes(expected[index], after=after)
    if part == "losses":
        causes += scale_causes(expected[index], count=len(X), what="loss")
    wrapped = [Cause(cause.words, [cause.answer], cause.exact) for cause in causes]
    assert_values([got[index]], [expected[index]], atol=CLOSE, rtol=1e-4, names=names, what=name, causes=wrapped)


def check_gradient(submission, w):
    """Compare manual_gradient on the example with the formula, whatever holds its numbers."""
    got = vector(submission.manual_gradient(X, Y, w), 2, "The result of manual_gradient")
    right = gradient(X, Y, w).tolist()
    call = f"manual_gradient(X_EXAMPLE, Y_EXAMPLE, {tuple(w.tolist())})"
    assert_values(got, right, atol=CLOSE, what=call, causes=scale_causes(right, count=len(X), what="gradient"))


# Task 1


@pytest.mark.task("1", points=1, category="correctness")
@pytest.mark.parametrize("w", [(0.0, 0.0), (1.0, 1.0)], ids=["at_0_0", "at_1_1"])
def test_gradient_of_the_example(submission, w):
    """The gradient of the example is (-2, -6) at w = (0, 0) and (-1, -2) at w = (1, 1)."""
    check_gradient(submission, torch.tensor(w))
    one, other = (submission.manual_gradient(X, Y, torch.tensor(at)) for at in ((0.0, 0.0), (1.0, 1.0)))
    assert_moved(vector(one, 2, "The gradient"), vector(other, 2, "The gradient"), what="gradient", when="with w")


def expect_a_gradient(submission):
    """Make sure that manual_gradient has to do with w and with y."""
    points = ((Y, (0.5, 0.5)), (Y, (1.5, 0.0)), (3 * Y, (0.5, 0.5)))
    found = [vector(submission.manual_gradient(X, y, torch.tensor(w)), 2, "The gradient") for y, w in points]
    assert_moved(found[0], found[1], what="gradient", when="with w")
    assert_moved(found[0], found[2], what="gradient", when="with y")


@pytest.mark.task("1", points=0.5, category="correctness")
def test_gradient_uses_no_autograd(submission):
    """The gradient comes from the formula, not from autograd."""
    trace = submission.traced.manual_gradient(X, Y, torch.tensor([0.5, 0.5]))
    require(
        not trace.passes,
        "manual_gradient calls autograd (`backward`, `torch.autograd.grad` or `torch.func.grad`). Here the gradient is "
        "the formula of the page, typed in.",
    )
    expect_a_gradient(submission)


@pytest.mark.task("1", points=0.5, category="hygiene")
def test_gradient_leaves_its_arguments(submission):
    """X, y and w are what they were before."""
    trace = submission.traced.manual_gradient(X, Y, torch.tensor([0.5, 0.5]))
    trace.expect_clean(training=False)  # a formula: there is nothing to train
    expect_a_gradient(submission)


# Task 2


def check_step_size(submission, table, name):
    """Compare step_size with 1.8·n/σ²; 1e-3 of it leaves room for a σ by power iteration."""
    n, sigma = len(table), torch.linalg.svdvals(table.double())
    right, largest = 1.8 * n / float(sigma[0]) ** 2, float(sigma[0])
    causes = [
        Cause("That is 1.8·n divided by the sum of all squares of X, not by the largest singular value squared.",
              1.8 * n / float((sigma**2).sum())),
        Cause("That is 1.8·n divided by σ: the square is missing.", 1.8 * n / largest),
        Cause("That is 1.8 divided by σ²: the number of rows is missing.", 1.8 / largest**2),
        Cause("That is with the smallest singular value in place of the largest.", 1.8 * n / float(sigma[-1]) ** 2),
        Cause("That is 2·n/σ², the limit itself: the step size is nine tenths of it.", 2 * n / largest**2),
        Cause("That is n/σ²: the factor 1.8 is missing.", n / largest**2),
    ]  # fmt: skip
    got = read_number(submission.step_size(table), "The result of step_size")
    assert_values(got, right, atol=0.0, rtol=1e-3, what=f"step_size({name})", causes=causes)


@pytest.mark.task("2", points=0.75, category="correctness")
@pytest.mark.parametrize("table", ["X_EXAMPLE", "make_table()"], ids=["example", "make_table"])
def test_step_size_of_the_page(submission, given, table):
    """The step size of the example is 0.45, that of make_table() is 1.6433."""
    check_step_size(submission, X if table == "X_EXAMPLE" else given.make_table()[0], table)
    one, other = (read_number(submission.step_size(factor * X), "The result of step_size") for factor in (1, 2))
    assert_moved([one], [other], what="step size", when="with X")


@pytest.mark.task("2", points=0.5, category="correctness")
def test_step_size_is_a_float(submission):
    """The step size is a Python float."""
    assert_types(submission.step_size(X), 0.0, what="step_size(X_EXAMPLE)")
    one, other = (read_number(submission.step_size(factor * X)) for factor in (1, 2))
    assert_moved([one], [other], what="step size", when="with X")


@pytest.mark.task("2", points=0.25, category="hygiene")
def test_step_size_leaves_its_argument(submission):
    """X is what it was before."""
    trace = submission.traced.step_size(X)
    trace.expect_clean(training=False)
    one, other = (read_number(submission.step_size(factor * X), "The result of step_size") for factor in (1, 2))
    assert_moved([one], [other], what="step size", when="with X")


# Task 3


def expect_a_walk(submission, name):
    """Make sure that the walk moves, and that it has to do with y and with alpha."""
    settings = ((X, Y, 0.3, 4), (X, 2 * Y, 0.3, 4), (X, Y, 0.2, 4))
    walks = [walk_of(getattr(submission, name)(*setting), name, 4) for setting in settings]
    assert_moved(walks[0][0], walks[1][0], what="w", when="with y")
    assert_moved(walks[0][0], walks[2][0], what="w", when="with alpha")


def manual_walk(submission, alpha, steps):
    """The student's walk on the example and the one to compare it with: along their own gradient if it is wrong."""
    got = walk_of(submission.gradient_descent_manual(X, Y, alpha, steps), "gradient_descent_manual", steps)
    right, slope = descend(X, Y, alpha, steps), own_slope(submission)
    if slope is not None and not passes(assert_values, got, right, atol=CLOSE):
        own = descend(X, Y, alpha, steps, slope)
        return got, own if passes(assert_values, got, own, atol=CLOSE, rtol=1e-4) else right
    return got, right


@pytest.mark.task("3", points=1.5, category="correctness")
@pytest.mark.parametrize("part", RESULTS)
def test_manual_walk_of_the_example(submission, picture, part):
    """Three steps with alpha = 0.45 on the example give the numbers of the table."""
    got, expected = manual_walk(submission, 0.45, 3)
    picture.path("Your walk: the first weight to the right, the second upward", [*got[2], got[0]])
    check_walk(got, expected, 0.45, 3, "gradient_descent_manual", part)
    expect_a_walk(submission, "gradient_descent_manual")


@pytest.mark.task("3", points=0.5, category="correctness")
def test_manual_walk_returns_the_asked_types(submission):
    """w is a tensor of shape (d,), losses a list of floats, ws a list of tensors of shape (d,)."""
    check_types(submission.gradient_descent_manual(X, Y, 0.3, 4), "gradient_descent_manual")
    expect_a_walk(submission, "gradient_descent_manual")


def check_types(result, name):
    """Ask for (w, losses, ws) as the page says; any floating dtype will do."""
    like = (torch.zeros(2), [0.0] * 4, [torch.zeros(2)] * 4)
    if isinstance(result, tuple) and len(result) == 3 and isinstance(result[2], list):
        w, losses, ws = result
        result = (plain(w), losses, [plain(one) for one in ws])
    assert_types(result, like, names=RESULTS, what=name)


def plain(value):
    """The tensor as float32, if it is one of a floating dtype."""
    return value.float() if isinstance(value, torch.Tensor) and value.is_floating_point() else value


@pytest.mark.task("3", points=0.5, category="correctness")
def test_manual_walk_uses_no_autograd(submission):
    """The walk goes along the gradient of the formula, without autograd."""
    trace = submission.traced.gradient_descent_manual(X, Y, 0.3, 4)
    # That manual_gradient itself calls autograd is the business of Task 1.
    inherited = submission.traced.manual_gradient(X, Y, torch.ones(2)).passes if trace.passes else 0
    require(
        not trace.passes or inherited,
        "gradient_descent_manual calls autograd (`backward`, `torch.autograd.grad` or `torch.func.grad`). In this task "
        "the gradient is what your `manual_gradient` returns.",
    )
    expect_a_walk(submission, "gradient_descent_manual")


@pytest.mark.task("3", points=0.5, category="hygiene")
def test_manual_walk_hygiene(submission):
    """The arguments are what they were before, and no graph is recorded for nothing."""
    trace = submission.traced.gradient_descent_manual(X, Y, 0.3, 4)
    trace.expect_clean(training=False)  # the gradients are formulas: there is nothing to record
    expect_a_walk(submission, "gradient_descent_manual")


# Task 4


@pytest.mark.task("4", points=1, category="correctness")
@pytest.mark.parametrize("part", RESULTS)
def test_autograd_walk_of_the_example(submission, picture, part):
    """Three steps with alpha = 0.45 on the example give the numbers of the table of Task 3."""
    name = "gradient_descent_autograd"
    got = walk_of(submission.gradient_descent_autograd(X, Y, 0.45, 3), name, 3)
    picture.path("Your walk: the first weight to the right, the second upward", [*got[2], got[0]])
    check_walk(got, EXAMPLE, 0.45, 3, name, part)
    expect_a_walk(submission, name)


@pytest.mark.task("4", points=0.5, category="correctness")
def test_autograd_walk_of_make_table(submission, given):
    """Thirty steps on make_table() pass through the numbers of the page, with the same weights as by the formula."""
    name, table, steps = "gradient_descent_autograd", given.make_table(), 30
    w, losses, ws = walk_of(submission.gradient_descent_autograd(*table, 1.6433222, steps), name, steps)
    rows = {1: (0.612083, 0.0, 0.0), 2: (0.276742, 1.7176, -0.5881), 3: (0.161936, 0.4558, -0.5428)}
    rows |= {10: (0.006949, 1.1089, -0.4713), 30: (0.000001, 1.0013, -0.4997)}
    for step, expected in rows.items():
        names = [f"{part} at step {step}" for part in ("the loss", "the first weight", "the second weight")]
        assert_values((losses[step - 1], *ws[step - 1]), expected, atol=CLOSE, names=names, what=name)
    assert_values(w, [0.9990, -0.5003], atol=CLOSE, what=f"w of {name}")
    # Float32 gives six digits: two right walks, added up in another order, differ by less than 1e-6 here.
    right = descend(*table, 1.6433222, steps)
    assert_values((w, ws), (right[0], right[2]), atol=1e-5, names=("w", "ws"), what=name)


@pytest.mark.task("4", points=0.5, category="correctness")
def test_autograd_walk_returns_the_asked_types(submission):
    """w is a tensor of shape (d,), losses a list of floats, ws a list of tensors of shape (d,)."""
    check_types(submission.gradient_descent_autograd(X, Y, 0.3, 4), "gradient_descent_autograd")
    expect_a_walk(submission, "gradient_descent_autograd")


@pytest.mark.task("4", points=0.5, category="correctness")
def test_autograd_walk_uses_autograd(submission):
    """Autograd finds the gradient in every step."""
    trace = submission.traced.gradient_descent_autograd(X, Y, 0.3, 4)
    passed = trace.passes
    require(
        passed >= 4,
        f"In a walk of 4 steps autograd was asked for {passed or 'no'} gradient{'' if passed == 1 else 's'}. In this "
        "task `backward()`, `torch.autograd.grad` or `torch.func.grad` differentiates the loss in each step.",
    )
    expect_a_walk(submission, "gradient_descent_autograd")


@pytest.mark.task("4", points=1.5, category="hygiene")
def test_autograd_walk_hygiene(submission, picture):
    """Every step uses its own fresh gradient, and nothing that is kept holds a graph."""
    name = "gradient_descent_autograd"
    trace = submission.traced(learning_rate=0.3).gradient_descent_autograd(X, Y, 0.3, 6)
    picture.loss("The losses of your first 6 steps", loss=trace.losses)
    # A right walk by torch.func or torch.autograd.grad leaves no updates along a `.grad` to look at.
    right = trace.passes and passes(lambda: assert_values(
        walk_of(trace.value, name, 6)[2], descend(X, Y, 0.3, 6)[2], atol=CLOSE))  # fmt: skip
    trace.expect_clean(training=not right)
    expect_a_walk(submission, name)
    for what, kept in zip(("The w", "An entry of ws"), submission.around(name, LOOK)(X, Y, 0.3, 3), strict=True):
        require(
            not kept,
            f"{what} that you return still requires a gradient, so it holds on to a graph. Return detached copies: "
            "`w.detach().clone()`.",
        )


# Task 5


def parameter(model, name):
    """A parameter of the student's LinearModel, by its name."""
    state = model.state_dict()
    known = ", ".join(state) or "none"
    require(name in state, f"LinearModel() has no parameter that is called {name}; it has {known}.")
    return state[name]


def place(model, weight, bias):
    """Give the model two numbers, in the shapes that it has."""
    values = {"weight": weight, "bias": bias}
    model.load_state_dict({name: torch.full_like(parameter(model, name), value) for name, value in values.items()})


def outputs(model, x):
    """The output as a list of floats; its shape is the business of another check."""
    got = model(x)
    is_tensor = isinstance(got, torch.Tensor) and got.numel() == x.numel()
    require(is_tensor, f"LinearModel()(x) should return {x.numel()} numbers for {x.numel()} numbers.")
    return got.reshape(-1).tolist()


@pytest.mark.task("5", points=0.5, category="correctness")
def test_line_of_the_example(submission):
    """With weight 2 and bias -1 the input (0, 1, 3) gives (-1, 1, 5)."""
    model, x = submission.LinearModel(), torch.tensor([[0.0], [1.0], [3.0]])
    place(model, 2.0, -1.0)
    exchanged = Cause("weight and bias stand in each other's place.", [2.0, 1.0, -1.0])
    without = Cause("The bias is missing.", [0.0, 2.0, 6.0])
    what = "LinearModel()(x) with weight 2 and bias -1"
    assert_values(outputs(model, x), [-1.0, 1.0, 5.0], atol=CLOSE, what=what, causes=[exchanged, without])


@pytest.mark.task("5", points=0.5, category="correctness")
@pytest.mark.parametrize("name", ["weight", "bias"])
def test_line_has_its_parameters(submission, name):
    """weight and bias are the only parameters, hold a single number, shape (), and start at 0."""
    model = submission.LinearModel()
    start = parameter(model, name)
    shapes = submission.function("lambda model: {n: list(p.shape) for n, p in model.named_parameters()}")(model)
    isnt = f"{name} of LinearModel() is no parameter: make it an nn.Parameter."
    require(isinstance(shapes, dict) and name in shapes, isnt)
    message = f"LinearModel() should have the parameters weight and bias alone; it has {', '.join(map(str, shapes))}."
    require(set(shapes) == {"weight", "bias"}, message)
    shape = tuple(start.shape)
    require(shape == (), f"{name} should hold a single number, shape (), but its shape is {shape}.")
    message = f"{name} should start at 0, but it starts at {start.item():.4g}."
    require(start.item() == 0, message)


# Task 6


def line_at_zero(submission):
    """A handle of the line through a layer of PyTorch's own, so that Task 5 has no part in it."""
    model = submission.make("torch.nn.Linear", 1, 1)
    model.load_state_dict({"weight": torch.zeros(1, 1), "bias": torch.zeros(1)})
    return model


def trained(model):
    """(weight, bias) of the line."""
    state = model.state_dict()
    return read_number(state["weight"]), read_number(state["bias"])


TWO_POINTS = (torch.tensor([[1.0], [2.0]]), torch.tensor([[1.0], [3.0]]))


def check_points(submission, epochs=2, expected=(0.93, 0.51)):
    """Train on the two points of the page and compare the parameters."""
    model = line_at_zero(submission)
    submission.train_linear_model(model, *TWO_POINTS, 0.1, epochs)
    names = ("weight", "bias")
    first = step_causes((0.0, 0.0), expected, of=" of weight and bias") if epochs == 1 else []
    more = [Cause("That is one update too few.", (0.7, 0.4)), Cause("That is one update too many.", (1.012, 0.529))]
    said = f"{epochs} epoch{'s' if epochs > 1 else ''} of train_linear_model"
    assert_values(trained(model), expected, atol=CLOSE, names=names, what=said, causes=[*first, *more])


@pytest.mark.task("6", points=0.5, category="correctness")
@pytest.mark.parametrize(
    ("epochs", "expected"), [(1, (0.7, 0.4)), (3, (1.012, 0.529))], ids=["one_epoch", "three_epochs"]
)
def test_training_on_two_points(submission, epochs, expected):
    """The line of the page is at (0.7, 0.4) after one epoch and at (1.012, 0.529) after three."""
    check_points(submission, epochs, expected)


@pytest.mark.task("6", points=0.5, category="correctness")
def test_training_returns_the_losses_of_two_points(submission):
    """The losses of the page, 5, 0.725 and 0.29525, come back as a list of floats."""
    losses = submission.train_linear_model(line_at_zero(submission), *TWO_POINTS, 0.1, 3)
    right = [5.0, 0.725, 0.29525]
    causes = [*history_causes(right, after=0.246245, unit="epoch"), *scale_causes(right, what="loss")]
    assert_values(losses, right, atol=CLOSE, what="train_linear_model on the two points", causes=causes)
    x, y = TWO_POINTS
    other = submission.train_linear_model(line_at_zero(submission), x, 2 * y, 0.1, 3)
    assert_moved(read_numbers(losses), read_numbers(other), what="list of losses", when="with y")


@pytest.mark.task("6", points=0.5, category="correctness")
def test_training_by_default(submission, given):
    """Without learning_rate and num_epochs, 100 epochs at rate 0.01 lead the line to weight 1.9999 and bias -0.8513."""
    model = line_at_zero(submission)
    losses = read_numbers(submission.train_linear_model(model, *given.make_line()), "The result of train_linear_model")
    message = f"Without num_epochs, 100 epochs should leave 100 losses; yours are {len(losses)}."
    require(len(losses) == 100, message)
    what = "train_linear_model(model, x, y)"
    assert_values(trained(model), (1.9999, -0.8513), atol=5e-4, names=("weight", "bias"), what=what)


@pytest.mark.task("6", points=1, category="hygiene")
def test_training_hygiene(submission, given, picture):
    """Every step uses its own fresh gradient."""
    model = line_at_zero(submission)
    trace = submission.traced(learning_rate=0.02).train_linear_model(model, *given.make_line(20), 0.02, 6)
    picture.loss("The losses of your first 6 epochs", loss=trace.losses)
    trace.expect_clean()
    assert_moved((0.0, 0.0), trained(model), what="line (weight, bias)", when="in 6 epochs")
