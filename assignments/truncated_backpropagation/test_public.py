"""The checks of truncated backpropagation that students get: the numbers of the handout."""

from __future__ import annotations

import pytest
import torch

from autograder.checks import (
    Cause,
    assert_history,
    assert_moved,
    assert_values,
    cause_of,
    history_causes,
    passes,
    read_numbers,
    require,
    step_causes,
)

GIVEN_CELL = (
    "lambda size: type('GivenCell', (torch.nn.Module,), {"
    "'__init__': lambda self: (torch.nn.Module.__init__(self), setattr(self, 'hidden_size', size), "
    "[setattr(self, name, torch.nn.Parameter(torch.zeros(shape))) for name, shape in (('input_weight', (size, 1)), "
    "('recurrent_weight', (size, size)), ('hidden_bias', (size,)), ('output_weight', (1, size)), "
    "('output_bias', (1,)))])[0], "
    "'forward': lambda self, x, state: (lambda new: (self.output_weight @ new + self.output_bias, new))("
    "torch.tanh(self.input_weight @ x + self.recurrent_weight @ state + self.hidden_bias))})()"
)
"""Makes a right cell in the worker, so that a fault in task 1 costs nothing in the other tasks."""
INPUTS = torch.tensor([[1.0], [-1.0], [-1.0], [1.0]])
TARGETS = torch.tensor([[0.0], [1.0], [-1.0], [-1.0]])
LOSSES = {2: [1.4922, 1.1784], 3: [1.0018, 2.1707], 4: [1.3267]}
NAMES = ("input_weight", "recurrent_weight", "hidden_bias", "output_weight", "output_bias")
TRAINED = {  # of one hidden unit, in the order of NAMES
    2: (0.8164, 0.6793, -0.0324, 0.8178, -0.1087),
    3: (0.7159, 0.7345, -0.1470, 0.7737, -0.2517),
    4: (0.8978, 0.5914, -0.0196, 0.8953, -0.0436),
}
STATE_ZERO = "That comes out where every window begins with the state zero: carry the state on."
SUMMED = "That comes out with the sum of the squared errors: asked for is the mean."
MISTAKES = {
    2: [
        Cause(STATE_ZERO, [0.8454, 0.6437, -0.0516, 0.8079, -0.1268]),
        Cause(SUMMED, [0.6904, 0.8401, -0.0655, 0.6757, -0.2641]),
        Cause("Those are the parameters after the first window.", [0.8827, 0.5823, 0.0988, 0.8566, 0.0789]),
    ],
    3: [
        Cause(STATE_ZERO, [0.7896, 0.5556, -0.0733, 0.6506, -0.3037]),
        Cause(SUMMED, [0.5968, 0.8194, 0.0080, 0.6334, -0.1519]),
        Cause(
            "Those are the parameters after the first window: the shorter one at the end is used as well.",
            [0.9251, 0.5556, 0.0622, 0.9127, 0.0429],
        ),
    ],
    4: [],
}
"""What each mistake leads to in the worked example, computed with finite differences in plain Python."""


def parameters(w, u, b, v, c):
    """The state of a cell with these numbers, in the order of the formula."""
    w, u, b, v, c = (torch.tensor(value, dtype=torch.float32) for value in (w, u, b, v, c))
    size = b.numel()
    shapes = ((size, 1), (size, size), (size,), (1, size), (1,))
    return {name: value.reshape(shape) for name, value, shape in zip(NAMES, (w, u, b, v, c), shapes, strict=True)}


def example_cell():
    """The parameters of the worked examples of the tasks 3 and 4."""
    return parameters(1.0, 0.5, 0.0, 1.0, 0.0)


def given_cell(submission, state):
    """A Handle of a right cell with these parameters, in the worker."""
    model = submission.function(GIVEN_CELL)(state["hidden_bias"].numel())
    model.load_state_dict(state)
    return model


def load(cell, state):
    """Give the student's cell known parameters; say which are missing."""
    shapes = {name: tuple(value.shape) for name, value in cell.state_dict().items()}
    for name, value in state.items():
        found = (
            f"it has {shapes[name]}" if name in shapes else f"there is none; there are {', '.join(shapes) or 'none'}"
        )
        message = f"The cell should have a parameter `{name}` of shape {tuple(value.shape)}, but {found}."
        require(shapes.get(name) == tuple(value.shape), message)
    more = [name for name in shapes if name not in state]
    require(not more, f"The cell has more parameters than its formula: {', '.join(more[:4])}.")
    cell.load_state_dict(state)


# Task 1


@pytest.mark.task("1", points=1, category="correctness")
@pytest.mark.parametrize("size", [8, 3])
def test_cell_has_its_parameters(submission, size):
    """The cell has the five parameters of the formula, with their names and shapes, for the default size and others."""
    cell = submission.RecurrentCell() if size == 8 else submission.RecurrentCell(size)
    shape = [0.0] * size
    load(cell, parameters(shape, [shape] * size, shape, shape, 0.0))
    listed = submission.function("lambda cell: [name for name, _ in cell.named_parameters()]")(cell)
    for name in NAMES:
        message = f"`{name}` is no parameter that can be trained: make it a `torch.nn.Parameter`."
        require(isinstance(listed, list) and name in listed, message)
    kept = submission.function("lambda cell: getattr(cell, 'hidden_size', None)")(cell)
    require(kept == size, f"The attribute `hidden_size` of a cell with {size} hidden units should be {size}.")


@pytest.mark.task("1", points=1, category="correctness")
def test_cell_of_the_worked_example(submission):
    """The cell of the worked example gives the output 0.1974 and the new state (0.4621, 0.1974)."""
    cell = submission.RecurrentCell(2)
    load(cell, parameters([1.0, 0.0], [[0.0, 0.0], [1.0, 0.0]], [0.0, 0.0], [0.0, 1.0], 0.0))
    x, state = torch.tensor([0.5]), torch.tensor([0.2, 0.0])
    expected = (torch.tensor([0.1974]), torch.tensor([0.4621, 0.1974]))
    causes = [
        Cause(
            "The output is read off the old state; it should be read off the new one.", [torch.zeros(1), expected[1]]
        ),
        Cause("It looks as if U was transposed: `recurrent_weight @ state` is U h.", [torch.zeros(1), [0.4621, 0.0]]),
        Cause("The tanh is missing.", [[0.2], [0.5, 0.2]]),
        Cause("Output and new state stand in each other's place.", [expected[1], expected[0]]),
    ]
    assert_values(
        cell(x, state), expected, atol=1e-3, names=("output", "new state"), what="cell(x, state)", causes=causes
    )


# Task 2


def reach(submission, state, inputs):
    """The result of gradient_reach for a right cell with these parameters, as a list of floats."""
    got = submission.gradient_reach(given_cell(submission, state), inputs)
    return read_numbers(got, "The result of gradient_reach")


@pytest.mark.task("2", points=1, category="correctness")
def test_reach_of_the_worked_example(submission):
    """One unit with U = 0.5 and V = 2 gives 0.25, 0.5, 1 and 2, as a list of floats."""
    state, other = parameters(1.0, 0.5, 0.0, 2.0, 0.0), parameters(1.0, 0.25, 0.0, 2.0, 0.0)
    got = submission.gradient_reach(given_cell(submission, state), torch.zeros(4, 1))
    expected = [0.25, 0.5, 1.0, 2.0]
    causes = [
        *history_causes(expected, unit="state"),
        Cause("These are the gradients with respect to the state *before* each step.", [0.125, 0.25, 0.5, 1.0]),
        Cause(
            "This is the gradient of the sum of all outputs; asked for is that of the last one.", [3.75, 3.5, 3.0, 2.0]
        ),
        Cause("The norms are squared: the root is missing.", [0.0625, 0.25, 1.0, 4.0]),
    ]
    assert_values(got, expected, atol=1e-5, what="gradient_reach(model, inputs)", causes=causes)
    assert_moved(got, reach(submission, other, torch.zeros(4, 1)), what="result of gradient_reach", when="with U")


@pytest.mark.task("2", points=1, category="hygiene")
def test_reach_leaves_the_model_as_it_was(submission):
    """Measuring changes neither the parameters of the model nor what is in their .grad."""
    state, inputs = parameters([1.0, 0.5], [[0.5, 0.1], [0.3, 0.2]], [0.0, 0.1], [1.0, 2.0], 0.3), torch.zeros(5, 1)
    other = {**state, "recurrent_weight": state["recurrent_weight"] / 2}
    model = given_cell(submission, state)
    submission.function("lambda model: [setattr(p, 'grad', torch.ones_like(p)) for p in model.parameters()] and 0")(
        model
    )
    trace = submission.traced.gradient_reach(model, inputs)
    trace.expect_clean(ignore=("GH501",), training=False)  # who measures may record more than is asked for in the end
    got = read_numbers(trace.value, "The result of gradient_reach")
    assert_moved(got, reach(submission, other, inputs), what="result of gradient_reach", when="with U")
    look = "lambda model: [torch.zeros(()) if p.grad is None else p.grad for p in model.parameters()]"
    kept = submission.function(look)(model)
    for name, gradient in zip(NAMES, kept, strict=True):
        message = (
            f"`{name}.grad` was all ones before the call and is not any more. `torch.autograd.grad(y, tensors)` "
            "returns gradients without touching `.grad`."
        )
        require(gradient.numel() == state[name].numel() and bool((gradient == 1).all()), message)
    assert_values(model.state_dict(), state, atol=0.0, what="model.state_dict() after gradient_reach")


# Task 3


def train_example(submission, window):
    """(losses, state of the model) after one epoch of the worked example."""
    model = given_cell(submission, example_cell())
    losses = submission.train_truncated(model, INPUTS, TARGETS, window, learning_rate=0.1, num_epochs=1)
    return losses, model.state_dict()


def check_trained(state, window):
    """Compare the parameters after one epoch with those of the handout."""
    got, expected = [float(state[name]) for name in NAMES], list(TRAINED[window])
    steps = step_causes([1.0, 0.5, 0.0, 1.0, 0.0], expected, count=4) if window == 4 else []
    cause = cause_of(got, expected, [*MISTAKES[window], *steps], atol=1e-3)
    shown = ", ".join(f"{value:.4f}" for value in got)
    require(
        all(abs(one - other) <= 1e-3 for one, other in zip(got, expected, strict=True)),
        f"With window={window}, after one epoch W, U, b, V, c are {shown}.{' ' + cause if cause else ''}",
        reveal=f"Expected {', '.join(f'{value:.4f}' for value in expected)}.",
    )


@pytest.mark.task("3", points=1, category="correctness")
@pytest.mark.parametrize("window", [2, 3, 4])
def test_training_returns_the_losses_of_the_example(submission, window):
    """The worked example returns one loss per window, those of the handout."""
    got, expected = train_example(submission, window)[0], LOSSES[window]
    assert_values(got, expected, atol=1e-3, what="train_truncated", causes=history_causes(expected, unit="window"))
    model = given_cell(submission, example_cell())
    other = submission.train_truncated(model, INPUTS, 2 * TARGETS, window, learning_rate=0.1, num_epochs=1)
    assert_moved(got, read_numbers(other), what="list of losses", when="with the targets")
    model = given_cell(submission, example_cell())
    twice = read_numbers(submission.train_truncated(model, INPUTS, TARGETS, window, learning_rate=0.1, num_epochs=2))
    assert_moved(twice[: len(got)], twice[len(got) :], what="list of losses", when="from epoch to epoch")


@pytest.mark.task("3", points=1.5, category="correctness")
@pytest.mark.parametrize("window", [2, 3, 4])
def test_training_reaches_the_example(submission, window):
    """After one epoch of the worked example the parameters are those of the handout."""
    check_trained(train_example(submission, window)[1], window)


@pytest.mark.task("3", points=2, category="hygiene")
def test_training_gradient_hygiene(submission, picture):
    """Every window uses its own fresh gradients, and no graph of an earlier window stays alive."""
    state = parameters(
        [0.5, -0.3, 0.2], [[0.3, 0.1, 0.0], [0.2, -0.4, 0.1], [0.0, 0.3, 0.2]], [0.1, 0.0, -0.1], [0.5, 0.4, -0.6], 0.1
    )
    model, inputs = given_cell(submission, state), torch.linspace(-2, 2, 16).sin().reshape(16, 1)
    trace = submission.traced(learning_rate=0.05).train_truncated(model, inputs, inputs.flip(0), 2, 0.05, 1)
    picture.loss("The losses of your windows", loss=trace.losses)
    # Right parameters may come from torch.func, which leaves no gradients to look at.
    trace.expect_clean(training=not passes(lambda: check_trained(train_example(submission, 2)[1], 2)))
    after = model.state_dict()
    for name in NAMES:
        assert_moved(state[name].flatten(), after[name].flatten(), what=f"{name} of the model", when="in eight windows")


# Task 4


def measured(state, inputs, targets):
    """The mean squared error over the whole sequence of a cell with these parameters."""
    w, u, b, v, c = (state[name] for name in NAMES)
    hidden, errors = torch.zeros(len(b)), []
    for x, target in zip(inputs, targets, strict=True):
        hidden = torch.tanh(w @ x + u @ hidden + b)
        errors.append((v @ hidden + c - target) ** 2)
    return float(torch.stack(errors).mean())


def by_own_training(submission, state, inputs, targets, windows, *settings):
    """The dict of losses that follows from the student's own train_truncated: a fault in task 3 costs nothing here."""
    result = {}
    for window in windows:
        model = given_cell(submission, state)
        submission.train_truncated(model, inputs, targets, window, *settings)
        result[window] = measured(model.state_dict(), inputs, targets)
    return result


def table(result, windows):
    """The result of compare_windows as plain floats, after making sure that it has the windows as its keys."""
    require(isinstance(result, dict), f"compare_windows should return a dict, yours is a {type(result).__name__}.")
    keys = list(result)
    require(sorted(map(repr, keys)) == sorted(map(repr, windows)), f"The keys should be {windows}; yours are {keys}.")
    return dict(
        zip(windows, read_numbers([result[key] for key in windows], "The dict of compare_windows"), strict=True)
    )


@pytest.mark.task("4", points=1, category="correctness")
def test_comparison_follows_from_the_training(submission):
    """The losses are those of copies of the model, trained with each window from the same start."""
    model, windows = given_cell(submission, example_cell()), (2, 4)
    got = submission.compare_windows(model, INPUTS, TARGETS, windows, 0.1, 5)
    expected = by_own_training(submission, example_cell(), INPUTS, TARGETS, windows, 0.1, 5)
    losses = table(got, windows)
    before = measured(example_cell(), INPUTS, TARGETS)
    untrained = Cause("Those are the losses before any training.", dict.fromkeys(windows, before))
    moved = any(abs(value - before) > 1e-6 for value in expected.values())
    require(moved, "train_truncated changes nothing in the model, so there is nothing to compare.")
    assert_values(losses, expected, atol=1e-4, what="compare_windows(model, …, windows=(2, 4))", causes=[untrained])
    assert_history(list(got.values()), length=2, what="list(compare_windows(…).values())")


@pytest.mark.task("4", points=1, category="hygiene")
def test_comparison_leaves_the_model_as_it_was(submission):
    """The model that is passed in does not change, though copies of it are trained."""
    state, windows = example_cell(), (2, 4)
    model = given_cell(submission, state)
    trace = submission.traced.compare_windows(model, INPUTS, TARGETS, windows, 0.1, 3)
    training = submission.traced.train_truncated(given_cell(submission, state), INPUTS, TARGETS, 2, 0.1, 3)
    # What the training does is the business of task 3.
    trace.expect_clean(ignore={item.code for item in training.diagnostics()}, training=False)
    assert_values(model.state_dict(), state, atol=0.0, what="model.state_dict() after compare_windows")
    losses = table(trace.value, windows)
    before = measured(state, INPUTS, TARGETS)
    trained = any(abs(losses[window] - before) > 1e-6 for window in windows)
    require(trained, "compare_windows trains nothing: its losses are those of the model that was passed in.")
    other = table(submission.compare_windows(model, INPUTS, 2 * TARGETS, windows, 0.1, 3), windows)
    assert_moved([*losses.values()], [*other.values()], what="losses of compare_windows", when="with the targets")
