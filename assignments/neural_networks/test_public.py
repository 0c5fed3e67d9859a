"""The checks of neural networks that students get: the numbers of the handout, and the two plots' data."""

from __future__ import annotations

import itertools
import math

import pytest
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy, binary_cross_entropy_with_logits, mse_loss

from autograder.checks import (
    Cause,
    assert_at_least,
    assert_history,
    assert_moved,
    assert_tensor,
    assert_values,
    cause_of,
    history_causes,
    passes,
    read_numbers,
    require,
)

NUMBERS = (torch.tensor([[0.0], [1.0], [2.0]]), torch.tensor([1.0, 3.0, 5.0]))
DECISIONS = (torch.tensor([[1.0, 0.0], [0.0, 2.0], [1.0, 1.0]]), torch.tensor([[1.0], [0.0], [1.0]]))
REGRESSION_LOSSES = [11.6667, 3.2074, 0.8954]
CLASSIFIER_LOSSES = [0.6931, 0.5990, 0.5247]


def placed(model, values):
    """All ways to give the model those parameters, whatever their names, order and orientation; each is loaded."""
    state = model.state_dict()
    sizes = sorted(part.numel() for part in state.values())
    wanted = sorted(value.numel() for value in values)
    require(sizes == wanted, f"The model should have parameters of {wanted} numbers; yours have {sizes}.")
    for order in itertools.permutations(values):
        if all(value.numel() == part.numel() for value, part in zip(order, state.values(), strict=True)):
            turns = [(False, True) if value.dim() == 2 and min(value.shape) > 1 else (False,) for value in order]
            for turned in itertools.product(*turns):
                parts = zip(state.items(), order, turned, strict=True)
                model.load_state_dict(
                    {name: (value.T if turn else value).reshape(part.shape) for (name, part), value, turn in parts}
                )
                yield model


def check_formula(model, values, x, expected, mistakes, what):
    """Compare the outputs with the formula, for one of the ways to place the parameters."""
    found = []
    for candidate in placed(model, values):
        found.append(candidate(x))
        if passes(assert_values, found[-1], expected, atol=1e-4):
            return
    reasons = [cause for got in found if (cause := cause_of(got, expected, mistakes, atol=1e-4))]
    assert_tensor(found[0], shape=tuple(expected.shape), what=what)
    numbers = ", ".join(f"{value:.4f}" for value in found[0].flatten()[:4].tolist())
    message = f"With known parameters, `{what}` begins with {numbers}, which is not what the formula gives."
    require(False, " ".join([message, *reasons[:1]]), reveal=f"Expected {expected.flatten()[:4].tolist()}.")


def check_outputs(model, x, what):
    """One output for each row, and each row's output depends on its own row."""
    got = model(x)
    assert_tensor(got, shape=(len(x), 1), what=what)
    upside_down = model(x.flip(0))
    in_step = isinstance(upside_down, torch.Tensor) and torch.allclose(upside_down, got.flip(0), atol=1e-5)
    require(in_step, "The rows in another order get other outputs: each row should have its own.")
    require(len(model.state_dict()) > 0, "The model has no parameters, so there is nothing that it could learn.")
    return got


def check_count(submission, model, count, name):
    """The number of all numbers that the model can learn."""
    shapes = submission.function("lambda model: [list(p.shape) for p in model.parameters()]")(model)
    found = sum(math.prod(shape) for shape in shapes)
    listed = ", ".join(str(tuple(shape)) for shape in shapes[:6]) or "none"
    require(found == count, f"{name} should have {count} numbers to learn; yours has {found}, in the shapes {listed}.")


def linear(submission, inputs, sigmoid):
    """The model of a worked example, all zeros, in the worker."""
    layer = submission.make("torch.nn.Linear", inputs, 1)
    layer.load_state_dict({"weight": torch.zeros(1, inputs), "bias": torch.zeros(1)})
    return submission.make("torch.nn.Sequential", layer, submission.make("torch.nn.Sigmoid")) if sigmoid else layer


def descend(inputs, sigmoid, loss, data, learning_rate, num_steps):
    """Gradient descent of the judge, from zeros: the losses, and where w and b are in the end."""
    layer = nn.Linear(inputs, 1)
    model = nn.Sequential(layer, nn.Sigmoid()) if sigmoid else layer
    parameters, losses = list(model.parameters()), []
    with torch.no_grad():
        for parameter in parameters:
            parameter.zero_()
    for _ in range(num_steps):
        value = loss(model(data[0]), data[1])
        losses.append(value.item())
        gradients = torch.autograd.grad(value, parameters)
        with torch.no_grad():
            for parameter, gradient in zip(parameters, gradients, strict=True):
                parameter -= learning_rate * gradient
    return losses, [value for parameter in parameters for value in parameter.flatten().tolist()]


def squared(p, y):
    return mse_loss(p, y.reshape(-1, 1))


REGRESSION_MISTAKES = {
    "The differences are those of all predictions with all targets: bring y to the shape of the predictions first.": (
        lambda p, y: ((p - y) ** 2).mean()
    ),
    "The squared errors are summed where their mean was asked for.": lambda p, y: ((p.flatten() - y) ** 2).sum(),
    "The loss is half of the mean squared error.": lambda p, y: squared(p, y) / 2,
    "The gradient is added instead of subtracted.": lambda p, y: -squared(p, y),
}
CLASSIFIER_MISTAKES = {
    "The loss takes the sigmoid of what is a probability already: use binary_cross_entropy, without logits.": (
        binary_cross_entropy_with_logits
    ),
    "The cross-entropy is summed over the rows where its mean was asked for.": (
        lambda p, y: binary_cross_entropy(p, y, reduction="sum")
    ),
    "The loss is the mean squared error instead of the binary cross-entropy.": mse_loss,
    "The gradient is added instead of subtracted.": lambda p, y: -binary_cross_entropy(p, y),
}


def check_parameters(model, inputs, sigmoid, loss, mistakes, data, learning_rate, num_steps):
    """Compare the trained parameters with those of gradient descent; say which mistake leads where they are."""

    def after(wrong, steps=num_steps):
        return descend(inputs, sigmoid, wrong, data, learning_rate, steps)[1]

    got = [value for part in model.state_dict().values() for value in part.flatten().tolist()]
    expected = after(loss)
    unit = "step" if num_steps == 1 else "steps"
    shown = ", ".join(f"{value:.4f}" for value in got)
    message = f"After {num_steps} {unit} the parameters of the model are {shown}, which is not right."
    causes = [
        Cause(
            "They are those from before the training: train the model that is passed in, in place.", [0.0] * len(got)
        ),
        Cause("That is one update too many.", lambda: after(loss, num_steps + 1)),
        *(Cause(words, lambda wrong=wrong: after(wrong)) for words, wrong in mistakes.items()),
    ]
    if num_steps > 1:
        causes.append(Cause("That is one update too few.", lambda: after(loss, num_steps - 1)))
    reason = cause_of(got, expected, causes, atol=1e-4)
    right = all(abs(one - other) <= 1e-3 for one, other in zip(got, expected, strict=True))
    revealed = ", ".join(f"{value:.4f}" for value in expected)
    require(right, f"{message} {reason}".strip(), reveal=f"Expected {revealed}.")


def check_regression(submission, num_steps):
    """Train on the worked example of Task 2."""
    model = linear(submission, 1, False)
    submission.train_regression(model, *NUMBERS, learning_rate=0.1, num_steps=num_steps)
    check_parameters(model, 1, False, squared, REGRESSION_MISTAKES, NUMBERS, 0.1, num_steps)


def check_classifier(submission, num_steps):
    """Train on the worked example of Task 4."""
    model = linear(submission, 2, True)
    submission.train_classifier(model, *DECISIONS, learning_rate=0.6, num_steps=num_steps)
    check_parameters(model, 2, True, binary_cross_entropy, CLASSIFIER_MISTAKES, DECISIONS, 0.6, num_steps)


# Task 1
@pytest.mark.task("1", points=1, category="correctness")
def test_model_gives_one_number_per_row(submission):
    """For n numbers in the shape (n, 1), NonlinearModel gives n numbers in the shape (n, 1)."""
    check_outputs(submission.NonlinearModel(), torch.linspace(-2, 2, 7).reshape(7, 1), "NonlinearModel()(x)")


@pytest.mark.task("1", points=0.5, category="correctness")
def test_model_has_31_numbers_to_learn(submission):
    """NonlinearModel has 31 numbers to learn."""
    check_count(submission, submission.NonlinearModel(), 31, "NonlinearModel")


@pytest.mark.task("1", points=1, category="correctness")
def test_model_of_the_worked_example(submission):
    """With the parameters of the worked example, the model gives tanh(x) + 0.5."""
    x = torch.tensor([[-1.0], [0.0], [1.0]])
    values = [torch.ones(10, 1), torch.zeros(10), torch.full((1, 10), 0.1), torch.tensor([0.5])]
    mistakes = [
        Cause("There is no tanh between the layers.", x + 0.5),
        Cause("There is a second tanh, after the second layer.", torch.tanh(torch.tanh(x) + 0.5)),
        Cause("Between the layers is a ReLU instead of tanh.", torch.relu(x) + 0.5),
    ]
    check_formula(submission.NonlinearModel(), values, x, torch.tanh(x) + 0.5, mistakes, "NonlinearModel()(x)")


# Task 2
@pytest.mark.task("2", points=1, category="correctness")
@pytest.mark.parametrize("num_steps", [1, 3])
def test_regression_example(submission, num_steps):
    """The worked example ends where the table says."""
    check_regression(submission, num_steps)


@pytest.mark.task("2", points=1, category="correctness")
def test_regression_losses(submission):
    """The losses of the worked example, one float per step, before its update; none without steps."""
    losses = submission.train_regression(linear(submission, 1, False), *NUMBERS, 0.1, 3)
    assert_history(losses, length=3, what="train_regression(…, num_steps=3)")
    causes = history_causes(REGRESSION_LOSSES, after=0.2500)
    assert_values(losses, REGRESSION_LOSSES, atol=1e-3, what="train_regression", causes=causes)
    none = submission.train_regression(linear(submission, 1, False), *NUMBERS, 0.1, 0)
    assert_history(none, length=0, what="train_regression(…, num_steps=0)")
    other = submission.train_regression(linear(submission, 1, False), NUMBERS[0], NUMBERS[1] + 1, 0.1, 3)
    assert_moved(losses, read_numbers(other), what="list of losses", when="with the targets")


@pytest.mark.task("2", points=1.5, category="hygiene")
def test_regression_gradient_hygiene(submission, picture):
    """Every step of the regression uses the gradient of its own loss and no other."""
    model = linear(submission, 1, False)
    trace = submission.traced.train_regression(model, *NUMBERS, 0.1, 6)
    picture.loss("The loss of your first 6 steps", loss=trace.losses)
    # Right parameters may come from torch.func, which leaves no gradients to look at.
    trace.expect_clean(training=not passes(check_regression, submission, 3))
    moved = [value for part in model.state_dict().values() for value in part.flatten().tolist()]
    assert_moved([0.0, 0.0], moved, what="parameters of the model", when="in 6 steps")
    require(model.training.get() is True, "The model came in training mode and came back in evaluation mode.")


# Task 3
@pytest.mark.task("3", points=1, category="correctness")
@pytest.mark.parametrize("arguments", [(), (3,)], ids=["default", "three-units"])
def test_classifier_gives_probabilities(submission, arguments):
    """For n points, NeuralClassifier gives n numbers between 0 and 1, in the shape (n, 1)."""
    x = torch.linspace(-3, 3, 14).sin().reshape(7, 2) * 3
    got = check_outputs(submission.NeuralClassifier(*arguments), x, "NeuralClassifier()(x)")
    low, high = float(got.min()), float(got.max())
    require(low >= 0 and high <= 1, f"Probabilities lie between 0 and 1; yours go from {low:.4g} to {high:.4g}.")


@pytest.mark.task("3", points=0.5, category="correctness")
@pytest.mark.parametrize(("arguments", "count"), [((), 41), ((3,), 13)], ids=["default", "three-units"])
def test_classifier_has_the_right_number_of_parameters(submission, arguments, count):
    """NeuralClassifier has 4H + 1 numbers to learn: 41 for its usual 10 units, 13 for 3."""
    name = f"NeuralClassifier({', '.join(map(str, arguments))})"
    check_count(submission, submission.NeuralClassifier(*arguments), count, name)


@pytest.mark.task("3", points=1, category="correctness")
def test_classifier_of_the_worked_example(submission):
    """With the parameters of the worked example, one hidden unit compares the two coordinates."""
    x = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    difference = x[:, :1] - x[:, 1:]
    z = 2 * torch.tanh(difference)
    values = [torch.tensor([[1.0, -1.0]]), torch.zeros(1), torch.tensor([[2.0]]), torch.zeros(1)]
    mistakes = [
        Cause("There is no sigmoid at the end.", z),
        Cause("The sigmoid is applied twice.", torch.sigmoid(torch.sigmoid(z))),
        Cause("There is no tanh between the layers.", torch.sigmoid(2 * difference)),
        Cause("Between the layers is a ReLU instead of tanh.", torch.sigmoid(2 * torch.relu(difference))),
        Cause("Between the layers is a sigmoid instead of tanh.", torch.sigmoid(2 * torch.sigmoid(difference))),
    ]
    what = "NeuralClassifier(1)(x)"
    check_formula(submission.NeuralClassifier(hidden_size=1), values, x, torch.sigmoid(z), mistakes, what)


# Task 4
@pytest.mark.task("4", points=1.5, category="correctness")
@pytest.mark.parametrize("num_steps", [1, 3])
def test_training_example(submission, num_steps):
    """The worked example of logistic regression ends where the table says."""
    check_classifier(submission, num_steps)


@pytest.mark.task("4", points=1, category="correctness")
def test_training_losses(submission):
    """The losses of the worked example, one float per step, before its update; none without steps."""
    losses = submission.train_classifier(linear(submission, 2, True), *DECISIONS, 0.6, 3)
    assert_history(losses, length=3, what="train_classifier(…, num_steps=3)")
    causes = history_causes(CLASSIFIER_LOSSES, after=0.4666)
    assert_values(losses, CLASSIFIER_LOSSES, atol=1e-3, what="train_classifier", causes=causes)
    none = submission.train_classifier(linear(submission, 2, True), *DECISIONS, 0.6, 0)
    assert_history(none, length=0, what="train_classifier(…, num_steps=0)")
    other = submission.train_classifier(
        linear(submission, 2, True), DECISIONS[0], torch.tensor([[1.0], [1.0], [0.0]]), 0.6, 3
    )
    assert_moved(losses, read_numbers(other), what="list of losses", when="with the labels")


@pytest.mark.task("4", points=1.5, category="hygiene")
def test_training_gradient_hygiene(submission, picture):
    """Every step of the classification uses the gradient of its own loss and no other."""
    model = linear(submission, 2, True)
    trace = submission.traced.train_classifier(model, *DECISIONS, 0.6, 6)
    picture.loss("The loss of your first 6 steps", loss=trace.losses)
    trace.expect_clean(training=not passes(check_classifier, submission, 3))
    moved = [value for part in model.state_dict().values() for value in part.flatten().tolist()]
    assert_moved([0.0, 0.0, 0.0], moved, what="parameters of the model", when="in 6 steps")
    require(model.training.get() is True, "The model came in training mode and came back in evaluation mode.")


@pytest.mark.task("4", points=1, category="convergence")
def test_network_separates_the_spirals(submission, given, picture):
    """A network of 10 tanh units, trained with 3000 steps at rate 0.5, is right on 95 of 100 points of the spirals."""
    X, y = given.make_spirals()
    generator = torch.Generator().manual_seed(0)
    start = {
        name: (2 * torch.rand(shape, generator=generator) - 1) / math.sqrt(inputs)
        for name, shape, inputs in (
            ("0.weight", (10, 2), 2),
            ("0.bias", (10,), 2),
            ("2.weight", (1, 10), 10),
            ("2.bias", (1,), 10),
        )
    }
    parts = [("Linear", 2, 10), ("Tanh",), ("Linear", 10, 1), ("Sigmoid",)]
    layers = [submission.make(f"torch.nn.{name}", *arguments) for name, *arguments in parts]
    model = submission.make("torch.nn.Sequential", *layers)
    model.load_state_dict(start)
    losses = read_numbers(submission.train_classifier(model, X, y, 0.5, 3000), "The result of train_classifier")
    picture.loss("Your loss on the spirals", loss=losses, log_scale=False)
    accuracy = float(((model(X) >= 0.5).float() == y).double().mean())
    assert_at_least(accuracy, 0.95, what="accuracy of the trained network on the spirals")
    require(len(losses) == 3000, f"3000 steps should leave 3000 losses; yours are {len(losses)}.")
