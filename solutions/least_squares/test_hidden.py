"""The checks of least squares that students never see: other tables, models and settings; convergence."""

from __future__ import annotations

import functools

import pytest
import torch

from autograder.checks import (
    Cause,
    assert_contraction,
    assert_diverged,
    assert_moved,
    assert_values,
    history_causes,
    passes,
    read_number,
    read_numbers,
    read_parts,
    require,
    scale_causes,
)

RESULTS = ("w", "losses", "ws")
MANUAL, AUTOGRAD = "gradient_descent_manual", "gradient_descent_autograd"
# What float32 leaves of numbers of size 1 to 10 on tables of up to 200 rows, whatever the order of adding up: 1e-5.
# What is told apart differs by 1e-2.
CLOSE = 2e-4
STEPPED = (
    "lambda: (lambda seen: ("
    "__import__('torch.optim.optimizer', fromlist=['*']).register_optimizer_step_pre_hook("
    "lambda optimizer, *_: (seen.append(type(optimizer).__name__), None)[1]), lambda: list(seen)))([])"
)
"""Makes (hook, names): the hook lives until its `remove()`, `names()` lists the optimizers that stepped."""


def table(rows, columns, seed, scale=1.0):
    """X of that size and targets with a little noise, so that the lowest loss is not 0."""
    generator = torch.Generator().manual_seed(seed)
    X = scale * torch.randn(rows, columns, generator=generator)
    w = torch.randn(columns, generator=generator) / scale
    return X, X @ w + 0.3 * torch.randn(rows, generator=generator)


TABLES = {
    "one_column": table(9, 1, seed=1),
    "one_row": table(1, 3, seed=2),
    "more_columns_than_rows": table(4, 7, seed=3),
    "many_rows": table(200, 5, seed=4),
    "large_numbers": table(30, 4, seed=5, scale=20.0),
}
WALKS = {  # table, alpha as a share of 1/λmax, steps
    "one_step": ("many_rows", 0.5, 1),
    "one_column": ("one_column", 1.3, 60),  # most of them after it has arrived
    "more_columns_than_rows": ("more_columns_than_rows", 0.9, 12),
    "large_numbers": ("large_numbers", 0.7, 5),
    "many_steps": ("many_rows", 0.02, 400),
}


def curvature(X):
    """λmax of the loss on that table."""
    return float(torch.linalg.svdvals(X.double())[0]) ** 2 / len(X)


def vector(value, size, what):
    """The numbers of a vector, however it lies; that it has the right shape is asked by one check of each task."""
    if isinstance(value, torch.Tensor) and value.numel() == size:
        value = value.reshape(-1)
    numbers = [read_number(value, what)] if isinstance(value, float) else read_numbers(value, what)
    require(len(numbers) == size, f"{what} should hold {size} numbers, but it holds {len(numbers)}.")
    return numbers


def walk_of(result, name, steps, size):
    """What a walk returned, (w, losses, ws), as lists of floats, after making sure that it has an entry per step."""
    w, losses, ws = read_parts(result, f"The result of {name}", names=RESULTS, of="things")
    losses = read_numbers(losses, f"losses of {name}")
    ws = [vector(one, size, f"Each entry of ws of {name}") for one in read_parts(ws, f"ws of {name}")]
    for said, found in (("losses", losses), ("ws", ws)):
        message = f"In a walk of {steps} steps {said} of {name} should have {steps} entries, but it has {len(found)}."
        require(len(found) == steps, message)
    return vector(w, size, f"w of {name}"), losses, ws


def gradient(X, y, w):
    """The gradient by its formula, in double precision."""
    X = X.double()
    return X.T @ (X @ torch.as_tensor(w).double() - y.double()) / len(X)


def descend(X, y, alpha, steps, slope=gradient):
    """The walk (w, losses, ws), in double precision, along the gradients of `slope`."""
    w, losses, ws = torch.zeros(X.shape[1], dtype=torch.float64), [], []
    for _ in range(steps):
        losses.append(((X.double() @ w - y.double()) ** 2).mean().item() / 2)
        ws.append(w.tolist())
        w = w - alpha * slope(X, y, w)
    return w.tolist(), losses, ws


def own_slope(submission, X, y):
    """The student's manual_gradient where it is not right on this table but depends on w; None otherwise.

    Whatever it is, it is told apart in Task 1: the walks of Task 3 may go along it.
    """
    size = X.shape[1]

    def slope(X, y, w):
        found = submission.manual_gradient(X, y, w.float())
        return torch.tensor(vector(found, size, "The result of manual_gradient"), dtype=torch.float64)

    def like(points, right):
        for w in points:
            assert_values(slope(X, y, w).tolist(), right(X, y, w).tolist(), atol=CLOSE, rtol=1e-4)

    def moves():
        assert_moved(slope(X, y, torch.zeros(size)).tolist(), slope(X, y, torch.ones(size)).tolist())

    right = passes(like, (torch.zeros(size), torch.ones(size)), gradient)
    return slope if not right and passes(moves) else None


def follows_its_own(submission, got, X, y, alpha, steps):
    """Whether the walk goes along the student's own manual_gradient, and that one is wrong."""
    slope = own_slope(submission, X, y)
    if slope is None:
        return False
    steps = min(steps, 4)  # each is a call, and the rounding of a walk that explodes grows with it
    own = functools.partial(descend, X, y, alpha, steps, slope)
    try:
        _, losses, ws = own()
    except RuntimeError:
        return False
    return passes(assert_values, (got[1][:steps], got[2][:steps]), (losses, ws), atol=CLOSE, rtol=1e-3)


def check_walk(submission, name, got, X, y, alpha, steps):
    """Compare a walk with the right one, and with that along the student's own gradient where it is by hand."""
    right = descend(X, y, alpha, steps)
    fits = [passes(assert_values, list(part), list(other), atol=CLOSE, rtol=1e-4)
            for part, other in zip(got, right, strict=True)]  # fmt: skip
    if all(fits) or (name == MANUAL and follows_its_own(submission, got, X, y, alpha, steps)):
        return
    more = descend(X, y, alpha, steps + 1)
    wrong = {
        "w": [
            Cause("w is from before the last update: return the weights after it.", right[2][-1]),
            Cause("w has made one update too many.", more[0]),
        ],
        "losses": [*history_causes(right[1], after=more[1][-1]), *scale_causes(right[1], count=len(X), what="loss")],
        "ws": history_causes(right[2], after=right[0]),
    }
    shape = f"{len(X)} row{'s' if len(X) > 1 else ''} and {X.shape[1]} column{'s' if X.shape[1] > 1 else ''}"
    what = f"{name} on a table with {shape}, alpha = {alpha:.4g}, num_steps = {steps}"
    for part, mine, other in zip(RESULTS, got, right, strict=True):
        causes = [Cause(cause.words, [cause.answer], cause.exact) for cause in wrong[part]]
        assert_values([list(mine)], [list(other)], atol=CLOSE, rtol=1e-4, names=[part], what=what, causes=causes)


def check_walk_again(submission, name):
    """The same call twice, and another one between them."""
    X, y = TABLES["one_column"]
    function, again = getattr(submission, name), getattr(submission.again, name)
    alpha = 0.6 / curvature(X)
    for ask, said in ((function, "first"), (again, "second")):
        result = ask(X, y, alpha, 5)
        calls = f"In the {said} of two calls with the same arguments"
        losses = read_parts(result, f"The result of {name}", names=RESULTS, of="things")[1]
        count = len(read_numbers(losses, f"losses of {name}"))
        require(count == 5, f"{calls} there are {count} losses for 5 steps: is something kept between the calls?")
        check_walk(submission, name, walk_of(result, name, 5, 1), X, y, alpha, 5)


def check_contraction(submission, name, direction):
    """From w = 0, with the best weights along an eigenvector, the error shrinks by 1 - α·λ in every step."""
    X, _ = table(40, 3, seed=8)
    X = X * torch.tensor([1.0, 1.6, 0.7])
    eigenvalues, eigenvectors = torch.linalg.eigh(X.double().T @ X.double() / 40)
    index = {"flat": 0, "steep": 2}[direction]
    best = 5 * eigenvectors[:, index]
    y = (X.double() @ best).float()
    alpha, steps = 1.6 / float(eigenvalues[2]), 7
    got = walk_of(getattr(submission, name)(X, y, alpha, steps), name, steps, 3)
    errors = [(torch.tensor(w, dtype=torch.float64) - best).norm().item() for w in (*got[2], got[0])]
    rate = abs(1 - alpha * float(eigenvalues[index]))
    if name == MANUAL and follows_its_own(submission, got, X, y, alpha, steps):
        return
    assert_contraction(errors, rate, rtol=1e-2, what=f"error along the {direction} direction")


def check_divergence(submission, name):
    """Far beyond the limit the walk ends in huge numbers, inf or nan, and not in an exception."""
    X, y = TABLES["large_numbers"]
    small = walk_of(getattr(submission, name)(X, y, 1e-4, 3), name, 3, 4)
    assert_moved(small[2][0], small[2][-1], what="weights in ws at a small alpha", when="from step 1 to step 3")
    w, losses, ws = walk_of(getattr(submission, name)(X, y, 1.0, 60), name, 60, 4)
    assert_diverged([losses[-1], *w, *ws[-1]], what=f"end of {name} with alpha = 1")


# Task 1


@pytest.mark.task("1", points=1, category="correctness")
@pytest.mark.parametrize("name", TABLES)
def test_gradient_of_other_tables(submission, name):
    """The gradient is a tensor of shape (d,) with the right numbers on tables of all sizes."""
    X, y = TABLES[name]
    generator = torch.Generator().manual_seed(7)
    w = torch.randn(X.shape[1], generator=generator)
    right = gradient(X, y, w).float()
    got = submission.manual_gradient(X, y, w)
    got = got.float() if isinstance(got, torch.Tensor) and got.dtype == torch.float64 else got
    what = f"manual_gradient with X of shape {tuple(X.shape)}"
    causes = scale_causes(right, count=len(X), what="gradient")
    assert_values(got, right, atol=CLOSE, rtol=1e-4, what=what, causes=causes)


# Task 2


@pytest.mark.task("2", points=1.5, category="correctness")
@pytest.mark.parametrize("name", TABLES)
def test_step_size_of_other_tables(submission, name):
    """The step size is right for tables of all sizes and scales, within 1e-3 of it (a σ by power iteration will do)."""
    X, _ = TABLES[name]
    sigma = torch.linalg.svdvals(X.double())
    n, largest, total = len(X), float(sigma[0]), float((sigma**2).sum())
    right = 1.8 * n / largest**2
    sums = "That is 1.8·n divided by the sum of all squares of X, not by the largest singular value squared."
    columns = "That is with the number of columns in place of the number of rows."
    causes = [
        Cause(sums, 1.8 * n / total),
        Cause(columns, 1.8 * X.shape[1] / largest**2),
        Cause("That is 1.8 divided by σ²: the number of rows is missing.", 1.8 / largest**2),
        Cause("That is 1.8·n divided by σ: the square is missing.", 1.8 * n / largest),
        Cause("That is 1.8 times the number of all entries of X, divided by σ².", 1.8 * X.numel() / largest**2),
    ]
    got = read_number(submission.step_size(X), "The result of step_size")
    what = f"step_size(X) with X of shape {tuple(X.shape)}"
    assert_values(got, right, atol=0.0, rtol=1e-3, what=what, causes=causes)


# Task 3


@pytest.mark.task("3", points=1.5, category="correctness")
@pytest.mark.parametrize("setting", WALKS)
def test_manual_walk_on_other_tables(submission, setting):
    """The walk is right on tables of other sizes, for few and for many steps."""
    check_setting(submission, MANUAL, setting)


def check_setting(submission, name, setting):
    """Make one of the walks of the table of settings."""
    table_name, share, steps = WALKS[setting]
    X, y = TABLES[table_name]
    alpha = share / curvature(X)
    result = getattr(submission, name)(X, y, alpha, steps)
    check_walk(submission, name, walk_of(result, name, steps, X.shape[1]), X, y, alpha, steps)


@pytest.mark.task("3", points=0.5, category="correctness")
def test_manual_walk_a_second_time(submission):
    """A second call begins at w = 0 again and returns the same."""
    check_walk_again(submission, MANUAL)


@pytest.mark.task("3", points=0.75, category="convergence")
@pytest.mark.parametrize("direction", ["flat", "steep"])
def test_manual_walk_contracts(submission, direction):
    """The error shrinks by the factor 1 - α·λ in every step."""
    check_contraction(submission, MANUAL, direction)


@pytest.mark.task("3", points=0.25, category="convergence")
def test_manual_walk_diverges(submission):
    """With too large an alpha the walk comes back as numbers."""
    check_divergence(submission, MANUAL)


# Task 4


@pytest.mark.task("4", points=0.75, category="correctness")
@pytest.mark.parametrize("setting", WALKS)
def test_autograd_walk_on_other_tables(submission, setting):
    """The walk is right on tables of other sizes, for few and for many steps."""
    check_setting(submission, AUTOGRAD, setting)


@pytest.mark.task("4", points=0.25, category="correctness")
def test_autograd_walk_a_second_time(submission):
    """A second call begins at w = 0 again and returns the same."""
    check_walk_again(submission, AUTOGRAD)


@pytest.mark.task("4", points=0.75, category="convergence")
@pytest.mark.parametrize("direction", ["flat", "steep"])
def test_autograd_walk_contracts(submission, direction):
    """The error shrinks by the factor 1 - α·λ in every step."""
    check_contraction(submission, AUTOGRAD, direction)


@pytest.mark.task("4", points=0.25, category="convergence")
def test_autograd_walk_diverges(submission):
    """With too large an alpha the walk comes back as numbers."""
    check_divergence(submission, AUTOGRAD)


# Task 5


def place(model, weight, bias):
    """Give the model two numbers, in the shapes that it has."""
    state, values = model.state_dict(), {"weight": weight, "bias": bias}
    for name in values:
        require(name in state, f"LinearModel() has no parameter that is called {name}.")
    model.load_state_dict({name: torch.full_like(state[name], value) for name, value in values.items()})


@pytest.mark.task("5", points=0.75, category="correctness")
@pytest.mark.parametrize(
    "shape", [(6,), (6, 1), (2, 3), (2, 1, 4), (1,)], ids=["vector", "column", "matrix", "three_dimensions", "one"]
)
def test_line_keeps_the_shape(submission, shape):
    """The output has the shape of the input, and each number goes through the line by itself."""
    model = submission.LinearModel()
    place(model, -1.5, 0.25)
    x = torch.randn(shape, generator=torch.Generator().manual_seed(9))
    assert_values(model(x), -1.5 * x + 0.25, atol=1e-5, what=f"LinearModel()(x) with x of shape {shape}")


@pytest.mark.task("5", points=0.75, category="correctness")
@pytest.mark.parametrize("name", ["weight", "bias"])
def test_line_passes_gradients_on(submission, name):
    """The sum of the outputs has the gradient Σx in weight and n in bias."""
    model, x = submission.LinearModel(), torch.tensor([[0.5], [2.0], [-1.0], [4.0]])
    place(model, -1.5, 0.25)
    source = (
        "lambda model, x: [(sum_, [None if p.grad is None else p.grad.sum().item() for p in "
        "(model.weight, model.bias)]) for sum_ in [model(x).sum()] if [sum_.requires_grad and sum_.backward()]][0][1]"
    )
    found = dict(zip(("weight", "bias"), submission.function(source)(model, x), strict=True))
    none = f"{name} of LinearModel() gets no gradient: no way leads from the output back to it."
    require(found[name] is not None, none)
    expected = {"weight": 5.5, "bias": 4.0}[name]
    assert_values(float(found[name]), expected, atol=1e-4, what=f"the gradient of the summed output in {name}")


@pytest.mark.task("5", points=0.5, category="correctness")
def test_lines_are_independent(submission):
    """What is done to one model leaves the other as it is."""
    one, other = submission.LinearModel(), submission.LinearModel()
    place(other, 1.0, 1.0)
    place(one, 3.0, 2.0)
    x = torch.tensor([[1.0], [2.0]])
    assert_values(one(x).reshape(-1).tolist(), [5.0, 8.0], atol=1e-5, what="LinearModel()(x) with weight 3 and bias 2")
    shared = Cause(
        "Two models share their parameters: what was loaded into one has changed the other, too.", [5.0, 8.0]
    )
    what = "LinearModel()(x) with weight 1 and bias 1"
    assert_values(other(x).reshape(-1).tolist(), [2.0, 3.0], atol=1e-5, what=what, causes=[shared])


# Task 6


def points(rows, seed):
    """x and y of shape (rows, 1), not on a line."""
    generator = torch.Generator().manual_seed(seed)
    x = 2 * torch.rand(rows, 1, generator=generator) - 0.5
    return x, torch.sin(3 * x) + 0.1 * torch.randn(rows, 1, generator=generator)


def two_networks(submission):
    """A small network twice: a handle in the worker, and the judge's own in double precision."""
    own = torch.nn.Sequential(torch.nn.Linear(1, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1))
    generator = torch.Generator().manual_seed(12)
    state = {name: torch.randn(value.shape, generator=generator) for name, value in own.state_dict().items()}
    layers = ("torch.nn.Linear", 1, 3), ("torch.nn.Tanh",), ("torch.nn.Linear", 3, 1)
    theirs = submission.make("torch.nn.Sequential", *(submission.make(*layer) for layer in layers))
    for model in (theirs, own):
        model.load_state_dict({name: value.clone() for name, value in state.items()})
    return theirs, own.double()


def two_lines(submission, weight=0.0, bias=0.0):
    """A line twice, as layers of PyTorch's own."""
    theirs, own = submission.make("torch.nn.Linear", 1, 1), torch.nn.Linear(1, 1)
    for model in (theirs, own):
        model.load_state_dict({"weight": torch.full((1, 1), weight), "bias": torch.full((1,), bias)})
    return theirs, own.double()


def train(model, x, y, rate, epochs):
    """Full-batch gradient descent in the judge; the losses before each update."""
    losses, parameters = [], list(model.parameters())
    for _ in range(epochs):
        loss = ((model(x.double()) - y.double()) ** 2).mean()
        losses.append(loss.item())
        slopes = torch.autograd.grad(loss, parameters)
        with torch.no_grad():
            for parameter, slope in zip(parameters, slopes, strict=True):
                parameter -= rate * slope
    return losses


def check_parameters(theirs, own, what):
    """Compare all parameters of the two models."""
    state = {name: value.float() for name, value in own.state_dict().items()}
    assert_values(theirs.state_dict(), state, atol=CLOSE, what=what)


@pytest.mark.task("6", points=0.5, category="correctness")
@pytest.mark.parametrize(
    ("models", "rows", "rate", "epochs"),
    [(two_networks, 12, 0.2, 5), (two_lines, 1, 0.05, 4), (two_lines, 60, 0.01, 250)],
    ids=["network", "one_point", "many_epochs"],
)
def test_training_with_other_settings(submission, models, rows, rate, epochs):
    """Other models, data and settings have the right losses and end at the right parameters."""
    theirs, own = models(submission)
    x, y = points(rows, seed=rows)
    losses = submission.train_linear_model(theirs, x, y, learning_rate=rate, num_epochs=epochs)
    right, what = train(own, x, y, rate, epochs), f"train_linear_model with {epochs} epochs at rate {rate:g}"
    check_parameters(theirs, own, f"model.state_dict() after {what}")
    losses = read_numbers(losses, "The result of train_linear_model")
    message = f"{what} should return {epochs} losses, one per epoch; yours are {len(losses)}."
    require(len(losses) == epochs, message)
    causes = history_causes(right, unit="epoch") + scale_causes(right, count=rows, what="loss")
    assert_values(losses, right, atol=CLOSE, rtol=1e-4, what=what, causes=causes)


@pytest.mark.task("6", points=0.25, category="correctness")
def test_training_steps_with_sgd(submission):
    """torch.optim.SGD makes one update per epoch."""
    theirs, _ = two_lines(submission)
    hook, names = submission.function(STEPPED)()
    try:
        submission.train_linear_model(theirs, *points(10, seed=5), 0.05, 4)
        stepped = [str(name) for name in names()]
    finally:
        hook.remove()
    others = sorted(set(stepped) - {"SGD"})
    require(not others, f"The updates are made by {', '.join(others)}: torch.optim.SGD was asked for.")
    count = len(stepped)
    times = "no update" if not count else "1 update" if count == 1 else f"{count} updates"
    require(count == 4, f"In 4 epochs torch.optim.SGD made {times}; one per epoch was asked for.")


@pytest.mark.task("6", points=0.25, category="correctness")
def test_training_goes_on(submission):
    """A second call goes on from where the first ended, returns its own losses; with another model, it trains that."""
    theirs, own = two_lines(submission, 0.5, -0.25)
    x, y = points(10, seed=6)
    for call in ("first", "second"):
        losses = submission.train_linear_model(theirs, x, y, 0.1, 3)
        right = train(own, x, y, 0.1, 3)
        check_parameters(theirs, own, f"model.state_dict() after the {call} call of train_linear_model on one model")
        found = read_numbers(losses, "The result of train_linear_model")
        count = len(found)
        require(count == 3, f"The {call} call, with 3 epochs, returned {count} losses: is a list kept between calls?")
        assert_values(found, right, atol=CLOSE, what=f"The {call} call of train_linear_model")
    other, own = two_lines(submission, 0.5, -0.25)
    submission.train_linear_model(other, x, y, 0.2, 2)
    train(own, x, y, 0.2, 2)
    check_parameters(other, own, "model.state_dict() after train_linear_model with another model and rate 0.2")


@pytest.mark.task("6", points=0.5, category="convergence")
@pytest.mark.parametrize("name", ["weight", "bias"])
def test_training_contracts(submission, name):
    """The error of weight shrinks by 1 - 2·rate·mean(x²) per epoch, that of bias by 1 - 2·rate."""
    theirs, _ = two_lines(submission)
    x = torch.linspace(-2, 2, 21).reshape(-1, 1)
    errors = []
    for _ in range(5):
        submission.train_linear_model(theirs, x, 2 * x - 1, 0.1, 1)
        state = theirs.state_dict()
        errors.append(abs(read_number(state[name]) - {"weight": 2.0, "bias": -1.0}[name]))
    rate = 1 - 2 * 0.1 * (float((x**2).mean()) if name == "weight" else 1.0)
    assert_contraction(errors, abs(rate), rtol=1e-2, what=f"error of {name}")
