"""The checks of neural networks that students never see: other settings, data, models; convergence."""

from __future__ import annotations

import itertools

import pytest
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy, mse_loss

from autograder.checks import (
    assert_at_least,
    assert_at_most,
    assert_contraction,
    assert_diverged,
    assert_values,
    history_causes,
    passes,
    read_numbers,
    require,
)


def random(*shape, seed):
    """A tensor of normal numbers that depends on the seed alone."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def squared(p, y):
    return mse_loss(p, y.reshape(-1, 1))


LOSSES = {"train_regression": squared, "train_classifier": binary_cross_entropy}


def network_pair(submission, name, inputs, hidden=4):
    """The same small network twice: a handle in the worker, and the judge's own."""
    parts = [("Linear", inputs, hidden), ("Tanh",), ("Linear", hidden, 1)]
    parts += [("Sigmoid",)] if name == "train_classifier" else []
    own = nn.Sequential(*(getattr(nn, part)(*arguments) for part, *arguments in parts))
    theirs = submission.make(
        "torch.nn.Sequential", *(submission.make(f"torch.nn.{part}", *arguments) for part, *arguments in parts)
    )
    state = {
        key: 0.7 * random(*old.shape, seed=41 + place) for place, (key, old) in enumerate(own.state_dict().items())
    }
    own.load_state_dict(state)
    theirs.load_state_dict(state)
    return theirs, own


def data_of(name, rows=12, inputs=3):
    """Inputs and targets, in the shapes of that training function."""
    x = random(rows, inputs, seed=51)
    y = x[:, 0] * x[:, -1] + 0.5 * x[:, 0]
    return x, (y > 0).float().reshape(-1, 1) if name == "train_classifier" else y


def descend(model, name, data, learning_rate, num_steps):
    """Gradient descent of the judge, in place; returns the losses."""
    parameters, losses = list(model.parameters()), []
    for _ in range(num_steps):
        loss = LOSSES[name](model(data[0]), data[1])
        losses.append(loss.item())
        gradients = torch.autograd.grad(loss, parameters)
        with torch.no_grad():
            for parameter, gradient in zip(parameters, gradients, strict=True):
                parameter -= learning_rate * gradient
    return losses


def check_state(theirs, own, message):
    """Compare all parameters of the two models: 1e-3 leaves room for double precision and another order of sums."""
    state = theirs.state_dict()
    gap = max((state[name] - value).abs().max().item() for name, value in own.state_dict().items())
    require(gap <= 1e-3, message)


def check_training(submission, name, learning_rate, num_steps, calls):
    """Train a network in several calls and compare its parameters after each of them."""
    theirs, own = network_pair(submission, name, 3)
    data = data_of(name)
    for call in range(1, calls + 1):
        getattr(submission, name)(theirs, *data, learning_rate, num_steps)
        descend(own, name, data, learning_rate, num_steps)
        still = passes(check_state, theirs, network_pair(submission, name, 3)[1], "")
        said = " They are still what they were before the call." if still and call == 1 else ""
        which = "" if call == 1 else " The first call was right; the second should go on where it ended."
        message = f"After {num_steps} steps of {name} (call {call}) the parameters of a small network are not right."
        check_state(theirs, own, f"{message}{said}{which}")


def several(name):
    """What the two training functions are asked in the same way."""
    return pytest.param(name, id=name.removeprefix("train_"))


# Task 1
@pytest.mark.task("1", points=1, category="correctness")
def test_model_is_its_formula(submission):
    """With other known parameters, NonlinearModel is its formula."""
    x = random(6, 1, seed=11)
    values = [random(10, 1, seed=12), random(10, seed=13), random(1, 10, seed=14), random(1, seed=15)]
    expected = torch.tanh(x @ values[0].T + values[1]) @ values[2].T + values[3]
    check_formula(submission.NonlinearModel(), values, x, expected, "NonlinearModel")


@pytest.mark.task("1", points=0.5, category="correctness")
def test_units_of_the_model_start_different(submission):
    """The hidden units of NonlinearModel start with different parameters."""
    check_start(submission.NonlinearModel(), 10)


# Task 2
@pytest.mark.task("2", points=1, category="correctness")
def test_regression_on_other_data(submission):
    """The regression of another network, on inputs with several columns, follows gradient descent."""
    check_training(submission, "train_regression", 0.1, 7, 1)


@pytest.mark.task("2", points=0.5, category="correctness")
def test_regression_goes_on(submission):
    """A second call of train_regression goes on where the first one ended."""
    check_training(submission, "train_regression", 0.1, 4, 2)


@pytest.mark.task("2", points=0.5, category="correctness")
def test_regression_records_other_losses(submission):
    """The losses of another network are those before each update; without steps, nothing moves."""
    check_losses(submission, "train_regression", 0.1, 9)


@pytest.mark.task("2", points=0.5, category="correctness")
def test_regression_makes_many_steps(submission):
    """1500 steps of train_regression are 1500 steps of gradient descent."""
    check_training(submission, "train_regression", 0.05, 1500, 1)


@pytest.mark.task("2", points=1, category="convergence")
def test_regression_contracts_as_theory_says(submission):
    """On a linear model the error shrinks by the factor that gradient descent has on this quadratic."""
    x = random(20, 1, seed=61)
    x = (x - x.mean()) / x.std(unbiased=False)  # the mean squared error is then round: one factor for w and b
    model = submission.make("torch.nn.Linear", 1, 1)
    model.load_state_dict({"weight": torch.tensor([[3.0]]), "bias": torch.tensor([-2.0])})
    errors = [(2.0**2 + 3.0**2) ** 0.5]
    for _ in range(4):
        submission.train_regression(model, x, x[:, 0] + 1, 0.2, 1)
        state = model.state_dict()
        errors.append(((state["weight"].item() - 1) ** 2 + (state["bias"].item() - 1) ** 2) ** 0.5)
    assert_contraction(errors, 1 - 0.2 * 2, rtol=1e-3, what="distance from the best line")


@pytest.mark.task("2", points=0.5, category="convergence")
def test_regression_learns_the_wave(submission, given):
    """A network of 10 tanh units gets far below the best straight line on the wave."""
    theirs, _ = network_pair(submission, "train_regression", 1, hidden=10)
    x, y = given.make_wave()
    submission.train_regression(theirs, x, y, 0.1, 1000)
    reached = float(((theirs(x)[:, 0] - y) ** 2).mean())
    assert_at_most(reached, 0.2, what="mean squared error of the network on the wave after 1000 steps")


@pytest.mark.task("2", points=0.5, category="convergence")
def test_regression_diverges_without_an_exception(submission):
    """A learning rate that is far too large comes back as huge, inf or nan numbers."""
    model = submission.make("torch.nn.Linear", 3, 1)
    state = {"weight": random(1, 3, seed=62), "bias": random(1, seed=63)}
    own = nn.Linear(3, 1)
    model.load_state_dict(state)
    own.load_state_dict(state)
    data = data_of("train_regression")
    losses = read_numbers(submission.train_regression(model, *data, 5.0, 200), "The result of train_regression")
    first = descend(own, "train_regression", data, 5.0, 1)[0]
    begins = f"{losses[0]:.4g}" if losses else "nothing"
    require(len(losses) > 1 and abs(losses[0] - first) <= 1e-2, f"At rate 5 the list of losses begins with {begins}.")
    assert_diverged(losses[-1:], what="last loss at learning rate 5")


# Task 3
@pytest.mark.task("3", points=0.5, category="correctness")
@pytest.mark.parametrize("hidden", [10, 7])
def test_classifier_is_its_formula(submission, hidden):
    """With other known parameters, NeuralClassifier is its formula."""
    x = random(6, 2, seed=21)
    values = [random(hidden, 2, seed=22), random(hidden, seed=23), random(1, hidden, seed=24), random(1, seed=25)]
    expected = torch.sigmoid(torch.tanh(x @ values[0].T + values[1]) @ values[2].T + values[3])
    check_formula(submission.NeuralClassifier(hidden), values, x, expected, f"NeuralClassifier({hidden})")


@pytest.mark.task("3", points=0.5, category="correctness")
def test_units_of_the_classifier_start_different(submission):
    """The hidden units of NeuralClassifier start with different parameters."""
    check_start(submission.NeuralClassifier(6), 6)


@pytest.mark.task("3", points=0.5, category="convergence")
def test_classifier_can_learn_the_spirals(submission, given):
    """Trained by the checks, a NeuralClassifier separates the spirals."""
    X, y = given.make_spirals()
    model = submission.NeuralClassifier()
    require(len(model.state_dict()) > 0, "The model has no parameters, so there is nothing that it could learn.")
    train = (
        "lambda model, X, y: (lambda optimizer: [(optimizer.zero_grad(), "
        "torch.nn.functional.binary_cross_entropy(model(X).clamp(0, 1), y).backward(), optimizer.step()) and None "
        "for _ in range(400)])(torch.optim.Adam(model.parameters(), lr=0.05)) and None"
    )
    submission.function(train)(model, X, y)
    accuracy = float(((model(X) >= 0.5).float() == y).double().mean())
    assert_at_least(accuracy, 0.95, what="accuracy of a NeuralClassifier that the checks have trained on the spirals")


# Task 4
@pytest.mark.task("4", points=1, category="correctness")
def test_training_on_other_data(submission):
    """The classification of another network, on inputs with several columns, follows gradient descent."""
    check_training(submission, "train_classifier", 0.5, 7, 1)


@pytest.mark.task("4", points=0.5, category="correctness")
def test_training_goes_on(submission):
    """A second call of train_classifier goes on where the first one ended."""
    check_training(submission, "train_classifier", 0.5, 4, 2)


@pytest.mark.task("4", points=0.5, category="correctness")
def test_training_records_other_losses(submission):
    """The losses of another network are those before each update; without steps, nothing moves."""
    check_losses(submission, "train_classifier", 0.5, 9)


@pytest.mark.task("4", points=1, category="convergence")
def test_logistic_model_reaches_the_smallest_loss(submission, given):
    """On the spirals a logistic model reaches the parameters with the smallest loss that there is."""
    X, y = given.make_spirals(50)
    layer = submission.make("torch.nn.Linear", 2, 1)
    layer.load_state_dict({"weight": torch.tensor([[1.0, -1.0]]), "bias": torch.tensor([0.5])})
    model = submission.make("torch.nn.Sequential", layer, submission.make("torch.nn.Sigmoid"))
    submission.train_classifier(model, X, y, 0.5, 250)
    state = layer.state_dict()
    weight = torch.cat([state["weight"].flatten(), state["bias"]]).double()
    design = torch.cat([X, torch.ones(len(X), 1)], dim=1).double()
    best = torch.zeros(3, dtype=torch.float64)
    for _ in range(12):  # Newton's method: the loss is convex, so there is one minimum
        p = torch.sigmoid(design @ best)
        hessian = design.T @ ((p * (1 - p))[:, None] * design)
        best = best - torch.linalg.solve(hessian, design.T @ (p - y[:, 0].double()))
    far = (weight - best).abs().max().item()
    require(
        far <= 1e-2,
        f"250 steps of train_classifier at rate 0.5 should lead a logistic model to the minimum of its loss; your "
        f"parameters are {', '.join(f'{value:.4f}' for value in weight.tolist())}, which is {far:.4f} away from it.",
    )


def check_losses(submission, name, learning_rate, num_steps):
    """Compare the losses of a small network with those before each update; without steps, nothing moves."""
    theirs, own = network_pair(submission, name, 3)
    data = data_of(name)
    got = read_numbers(getattr(submission, name)(theirs, *data, learning_rate, num_steps), f"The result of {name}")
    *expected, after = descend(own, name, data, learning_rate, num_steps + 1)
    assert_values(got, expected, atol=1e-3, what=name, causes=history_causes(expected, after=after))
    theirs, own = network_pair(submission, name, 3)
    getattr(submission, name)(theirs, *data, learning_rate, 0)
    check_state(theirs, own, f"With num_steps=0 nothing should happen, but {name} moved the parameters of the model.")


def check_start(model, hidden):
    """The weights that lead into the hidden units, whichever way they lie, are not all equal."""
    parts = [part.flatten().tolist() for part in model.state_dict().values() if part.numel() >= hidden]
    require(parts, "The model has no parameters for its hidden units.")
    different = any(abs(one - other) > 1e-6 for part in parts for one, other in itertools.pairwise(part))
    require(different, "All hidden units start with the same parameters, so they will stay equal forever.")


def check_formula(model, values, x, expected, name):
    """Compare the outputs with the formula, for one of the ways to place the parameters."""
    state = model.state_dict()
    sizes, wanted = sorted(part.numel() for part in state.values()), sorted(value.numel() for value in values)
    require(sizes == wanted, f"{name} should have parameters of {wanted} numbers; yours have {sizes}.")
    got = None
    for order in itertools.permutations(values):
        if any(value.numel() != part.numel() for value, part in zip(order, state.values(), strict=True)):
            continue
        for turned in (False, True):
            parts = zip(state.items(), order, strict=True)
            given = {
                key: (value.T if turned and value.dim() == 2 else value).reshape(part.shape)
                for (key, part), value in parts
            }
            model.load_state_dict(given)
            got = model(x)
            if passes(assert_values, got, expected, atol=1e-4):
                return
    shown = ", ".join(f"{value:.4f}" for value in got.flatten()[:3].tolist()) if isinstance(got, torch.Tensor) else got
    require(False, f"With known parameters, {name} gives {shown}, …, which is not what the formula gives.")
