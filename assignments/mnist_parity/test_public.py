"""The checks that you get. Run them with `pytest` as often as you like; the last ones train for about ten seconds."""

from __future__ import annotations

import math

import pytest
import torch

from autograder.checks import (
    assert_at_least,
    assert_clean_runs,
    assert_descends,
    assert_moved,
    assert_tensor,
    assert_values,
    passes,
    read_numbers,
    require,
)

KEYS = ("train_loss", "train_acc", "val_loss", "val_acc", "iterations")
INPUTS = torch.tensor([[2.0, 1.0], [0.0, 1.0], [2.0, 0.0]])
LABELS = torch.tensor([1.0, 1.0, 0.0])
WEIGHT = torch.tensor([[1.0, -1.0]])
LABELS_OF_8 = torch.tensor([1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0])
FIRST_LOSS = 1.2512
LEARN = (
    "lambda model, x, y: (lambda optimizer: [(optimizer.zero_grad(), ((model(x).reshape(-1) - y) ** 2).mean()"
    ".backward(), optimizer.step()) for _ in range(3)] and None)(torch.optim.SGD(model.parameters(), lr=0.1))"
)
"""Three steps that any model can learn from, whoever wrote the training loop."""
FULL_SIZE = 5000
"""Pictures that are taken of MNIST; the small digits are fewer."""


def pair(result):
    """(loss, accuracy) as floats; whether they should have been floats is the business of a single check."""
    return tuple(read_numbers(result, "The result of compute_metrics", names=("loss", "accuracy")))


def expect_metrics(submission):
    """Make sure that the metrics have to do with the labels: the same ones again, others with the opposite ones."""
    model = small_logistic(submission)
    one, other, again = (
        pair(submission.compute_metrics(model, INPUTS, labels)) for labels in (LABELS, 1 - LABELS, LABELS)
    )
    assert_moved(one, other, what="pair (loss, accuracy)", when="with the labels")
    assert_values(again, one, atol=1e-4, names=("loss", "accuracy"), what="compute_metrics, called once more,")


def record_of(history):
    """The five lists that train_model returned, as lists of floats."""
    require(isinstance(history, dict), f"train_model should return a dict, yours is a {type(history).__name__}.")
    lists = {}
    for key in KEYS:
        require(key in history, f"The dict of train_model has no key {key!r}; it has {sorted(map(str, history))}.")
        lists[key] = read_numbers(history[key], f"history[{key!r}]")
    return lists


def random_rows(count, width):
    """Rows of normal numbers, always the same ones."""
    return torch.randn(count, width, generator=torch.Generator().manual_seed(3))


def model_with_other_parameters(model):
    """The model with random parameters: one that begins with zeros gives 0.5 for every row until it has learned."""
    generator = torch.Generator().manual_seed(2)
    state = model.state_dict()
    model.load_state_dict({name: torch.randn(old.shape, generator=generator) / 9 for name, old in state.items()})
    return model


def small_logistic(submission):
    """A logistic model of the worked example, made in the worker from PyTorch's own parts."""
    linear = submission.make("torch.nn.Linear", 2, 1, bias=False)
    linear.load_state_dict({"weight": WEIGHT})
    return submission.make("torch.nn.Sequential", linear, submission.make("torch.nn.Sigmoid"))


def small_network(submission):
    """A network with a hidden layer of three units, made in the worker from PyTorch's own parts."""
    layers = [
        submission.make("torch.nn.Linear", 2, 3),
        submission.make("torch.nn.Tanh"),
        submission.make("torch.nn.Linear", 3, 1),
        submission.make("torch.nn.Sigmoid"),
    ]
    return model_with_other_parameters(submission.make("torch.nn.Sequential", *layers))


def noisy_rows():
    """Twelve rows whose labels no model can get all right: with a large alpha the loss goes up and down."""
    return torch.randn(12, 2, generator=torch.Generator().manual_seed(5)), (torch.arange(12) % 3 == 0).float()


def keeps_mode(submission, call, training=True):
    """Whether a model that comes in training mode, or in evaluation mode, is still in it after the call."""
    model = small_network(submission)
    model.train(training)
    call(model)
    return model.training.get() is training


def expect_training(submission):
    """Make sure that train_model trains: the model moves, or the record at least begins with the loss that it has."""
    model = small_logistic(submission)
    history = submission.train_model(model, INPUTS, LABELS, INPUTS, LABELS, alpha=0.3, n_steps=25)
    (weight,) = model.state_dict().values()
    losses = record_of(history)["train_loss"]
    recorded = bool(losses) and abs(losses[0] - FIRST_LOSS) <= 1e-3
    if recorded and torch.equal(weight, WEIGHT):  # a record copied from the page stays the same with other labels
        model = small_logistic(submission)
        other = record_of(submission.train_model(model, INPUTS, 1 - LABELS, INPUTS, 1 - LABELS, alpha=0.3, n_steps=1))
        recorded = other["train_loss"][:1] != losses[:1]
    require(
        recorded or not torch.equal(weight, WEIGHT),
        f"25 steps of train_model leave the weights of the model as they were, and the first recorded loss is "
        f"{losses[0]:.4g}, not the loss of this model."
        if losses
        else "train_model changes no weight and records nothing.",
    )


@pytest.fixture(scope="module")
def data(given):
    """X_train, y_train, X_val, y_val."""
    return given.load_parity_data()


def trained(submission, model, data):
    """The record of the 1000 steps that are made by default, and the probabilities on the validation pictures."""
    X_train, y_train, X_val, y_val = data
    history = submission.train_model(model, X_train, y_train, X_val, y_val)
    return history, model(X_val)


@pytest.fixture(scope="module")
def logistic_run(submission, data):
    """The one long training of Logistic."""
    return trained(submission, submission.Logistic(784), data)


@pytest.fixture(scope="module")
def network_run(submission, data):
    """The one long training of SimpleNN."""
    return trained(submission, submission.SimpleNN(), data)


def accuracy(run, data):
    """The share of right answers on the validation pictures, from the predictions of the trained model."""
    probability, labels = run[1], data[3]
    right_size = isinstance(probability, torch.Tensor) and probability.numel() == len(labels)
    require(right_size, f"The model should give one probability for each of the {len(labels)} validation pictures.")
    return float(((probability.reshape(-1) >= 0.5).float() == labels).double().mean())


def bounds(data):
    """The accuracies asked for of Logistic and of SimpleNN: the small digits are easier than MNIST."""
    return (0.86, 0.89) if len(data[1]) + len(data[3]) >= FULL_SIZE else (0.88, 0.91)


# ---------------------------------------------------------------------------------------------- task 1
@pytest.mark.task("1", points=1, category="correctness")
@pytest.mark.parametrize(("name", "arguments", "width"), [("Logistic", (12,), 12), ("SimpleNN", (), 784)])
def test_model_gives_probabilities(submission, name, arguments, width):
    """For 5 rows the model gives 5 numbers between 0 and 1, in the shape (5, 1)."""
    x = torch.linspace(-3, 3, 5 * width).reshape(5, width).sin()
    model = getattr(submission, name)(*arguments)
    got = model(x)
    assert_tensor(got, shape=(5, 1), what=f"{name}()(x)")
    low, high = float(got.min()), float(got.max())
    require(low >= 0 and high <= 1, f"Probabilities lie between 0 and 1; yours go from {low:.4g} to {high:.4g}.")
    if low == high:
        got = model_with_other_parameters(model)(x)
        differs = isinstance(got, torch.Tensor) and got.shape == (5, 1) and bool(got.min() < got.max())
        require(differs, f"The model gives the same probability, {low:.4g}, for five different rows.")
    upside_down = model(x.flip(0))
    in_step = isinstance(upside_down, torch.Tensor) and torch.allclose(upside_down, got.flip(0), atol=1e-5)
    require(in_step, "The five rows in another order get other probabilities: each row should have its own.")
    require(len(model.state_dict()) > 0, "The model has no parameters, so there is nothing that it could learn.")


@pytest.mark.task("1", points=1, category="correctness")
@pytest.mark.parametrize(("name", "arguments", "count"), [("Logistic", (784,), 784), ("SimpleNN", (), 25153)])
def test_model_has_the_right_number_of_parameters(submission, name, arguments, count):
    """The model has exactly as many numbers to learn as its formula."""
    model = getattr(submission, name)(*arguments)
    shapes = submission.function("lambda model: [list(p.shape) for p in model.parameters()]")(model)
    found = sum(math.prod(shape) for shape in shapes)
    listed = ", ".join(str(tuple(shape)) for shape in shapes[:6]) or "none"
    require(found == count, f"{name} should have {count} parameters, yours has {found}, in the shapes {listed}.")


@pytest.mark.task("1", points=1, category="hygiene")
@pytest.mark.parametrize(("name", "arguments", "width"), [("Logistic", (12,), 12), ("SimpleNN", (), 784)])
def test_gradient_reaches_every_layer(submission, name, arguments, width):
    """Nothing in the model cuts the graph: whoever trains it, every parameter gets a gradient."""
    x = random_rows(8, width)
    trace = submission.traced.of(submission.function(LEARN))(getattr(submission, name)(*arguments), x, LABELS_OF_8)
    trace.expect_clean(severities="E")
    trace.expect_all_reached()


# ---------------------------------------------------------------------------------------------- task 2
@pytest.mark.task("2", points=1.5, category="correctness")
def test_metrics_of_the_worked_example(submission):
    """Loss and accuracy of the three rows worked out on the page."""
    got = pair(submission.compute_metrics(small_logistic(submission), INPUTS, LABELS))
    assert_values(got, (1.2512, 1 / 3), atol=1e-3, names=("loss", "accuracy"), what="compute_metrics")
    expect_metrics(submission)


@pytest.mark.task("2", points=0.5, category="correctness")
def test_metrics_are_floats(submission):
    """compute_metrics returns two Python floats in a tuple."""
    expect_metrics(submission)
    got = submission.compute_metrics(small_logistic(submission), INPUTS, LABELS)
    require(type(got) is tuple and len(got) == 2, "compute_metrics should return a tuple of two, (loss, accuracy).")
    for value, name in zip(got, ("loss", "accuracy"), strict=True):
        require(type(value) is float, f"The {name} should be a float, yours is a {type(value).__name__}: use .item().")


@pytest.mark.task("2", points=1, category="hygiene")
def test_metrics_record_no_graph(submission):
    """Measuring a model records no graph and leaves it in its mode: nobody will ever call backward() on it."""
    trace = submission.traced.compute_metrics(small_logistic(submission), INPUTS, LABELS)
    trace.expect_clean(training=False)
    for training, came, left in ((True, "training", "evaluation"), (False, "evaluation", "training")):
        require(
            keeps_mode(submission, lambda model: submission.compute_metrics(model, INPUTS, LABELS), training),
            f"The model came in {came} mode, and compute_metrics left it in {left} mode. Put it back with "
            f"`model.train({training})`, or leave the mode alone.",
        )
    expect_metrics(submission)


# ---------------------------------------------------------------------------------------------- task 3
def check_step(submission, alpha, expected):
    """Make one step on the worked example and compare the weights."""
    model = small_logistic(submission)
    submission.train_model(model, INPUTS, LABELS, INPUTS, LABELS, alpha=alpha, n_steps=1)
    (weight,) = model.state_dict().values()
    got = tuple(weight.reshape(-1).tolist())
    require(
        got != (1.0, -1.0),
        "After one step the model that was passed in still has the weights (1, -1): change its parameters in place.",
    )
    assert_values(got, expected, atol=1e-3, names=("w[0] after one step", "w[1] after one step"), what="train_model")


@pytest.mark.task("3", points=2, category="correctness")
@pytest.mark.parametrize(("alpha", "expected"), [(0.3, (0.8776, -0.9)), (1.2, (0.5105, -0.6))])
def test_one_step_is_alpha_times_the_gradient(submission, alpha, expected):
    """After one step, every parameter has moved by minus alpha times its gradient."""
    check_step(submission, alpha, expected)


@pytest.mark.task("3", points=1, category="correctness")
@pytest.mark.parametrize(("n_steps", "iterations"), [(1, [0]), (25, [0, 10, 20])])
def test_record_has_every_tenth_step(submission, n_steps, iterations):
    """The five lists have one entry for each of the steps 0, 10, 20 and so on."""
    expect_training(submission)
    model = small_logistic(submission)
    history = record_of(submission.train_model(model, INPUTS, LABELS, INPUTS, LABELS, alpha=0.3, n_steps=n_steps))
    found = [f"{step:g}" for step in history["iterations"]]
    require(
        history["iterations"] == iterations,
        f"With n_steps={n_steps}, iterations should be {iterations}; yours is [{', '.join(found)}].",
    )
    for key in KEYS[:4]:
        count = len(history[key])
        wanted = len(iterations)
        require(count == wanted, f"With n_steps={n_steps}, {key} should have {wanted} entries; yours has {count}.")


@pytest.mark.task("3", points=0.5, category="correctness")
def test_record_holds_plain_numbers(submission, note):
    """The dict has exactly the five keys; the metrics are floats, the iterations ints."""
    expect_training(submission)
    model = small_logistic(submission)
    history = submission.train_model(model, INPUTS, LABELS, INPUTS, LABELS, alpha=0.3, n_steps=25)
    record_of(history)
    more = sorted(str(key) for key in history if key not in KEYS)
    require(not more, f"The dict of train_model should have five keys only; yours has {', '.join(more)} as well.")
    own = submission.compute_metrics(small_logistic(submission), INPUTS, LABELS)
    measured = {type(value) for value in own} if isinstance(own, (tuple, list)) else set()
    for key in KEYS:
        wanted = int if key == "iterations" else float
        if key != "iterations" and measured - {float} and {type(value) for value in history[key]} <= measured:
            note("What your compute_metrics() returns are no floats (task 2). This check went on with them.")
            continue
        require(type(history[key]) is list, f"history[{key!r}] should be a list, not a {type(history[key]).__name__}.")
        for value in history[key]:
            right = type(value) is wanted
            require(right, f"history[{key!r}] should hold {wanted.__name__}s, yours holds a {type(value).__name__}.")


@pytest.mark.task("3", points=2, category="hygiene")
def test_training_gradient_hygiene(submission, picture):
    """Every step of the training loop uses its own, fresh gradients, and the last one still changes the model."""
    example, noisy = (INPUTS, LABELS, INPUTS, LABELS), noisy_rows() * 2
    traces = [
        submission.traced.train_model(small_logistic(submission), *example, alpha=0.3, n_steps=5),
        submission.traced.train_model(small_logistic(submission), *noisy, alpha=8.0, n_steps=25),
        submission.traced.train_model(small_network(submission), *noisy, alpha=0.5, n_steps=65),
    ]
    picture.loss("The loss of your first 5 steps", loss=traces[0].losses)
    # A right step may come from torch.func, which leaves no gradients to look at. The graph of the metrics is the
    # business of task 2.
    right = passes(check_step, submission, 0.3, (0.8776, -0.9))
    assert_clean_runs(*traces, ignore=("GH501",), training=not right, to_the_end=True)
    require(
        keeps_mode(submission, lambda model: submission.train_model(model, *example, alpha=0.3, n_steps=1))
        or not keeps_mode(submission, lambda model: submission.compute_metrics(model, INPUTS, LABELS)),
        "The model came in training mode, and train_model left it in evaluation mode.",
    )
    expect_training(submission)


# ---------------------------------------------------------------------------------------------- task 4
@pytest.mark.task("4", points=1, category="convergence")
def test_logistic_reaches_its_accuracy(logistic_run, data):
    """After 1000 steps, Logistic is right on most of the validation pictures."""
    assert_at_least(accuracy(logistic_run, data), bounds(data)[0], what="validation accuracy of Logistic")


@pytest.mark.task("4", points=1, category="convergence")
def test_network_reaches_its_accuracy(network_run, data):
    """After 1000 steps, SimpleNN is right on nine of ten validation pictures."""
    assert_at_least(accuracy(network_run, data), bounds(data)[1], what="validation accuracy of SimpleNN")


@pytest.mark.task("4", points=1, category="convergence")
def test_network_is_ahead_of_logistic(logistic_run, network_run, data):
    """On the same pictures the network is right more often than the logistic model, by one in a hundred at least."""
    line, network = accuracy(logistic_run, data), accuracy(network_run, data)
    learned = line >= bounds(data)[0] and network >= bounds(data)[1]
    require(learned, "The comparison counts as soon as both models reach the accuracy that is asked for.")
    assert_at_least(round(network - line, 6), 0.01, what="lead of SimpleNN over Logistic in validation accuracy")


@pytest.mark.task("4", points=1, category="convergence")
@pytest.mark.parametrize("name", ["Logistic", "SimpleNN"])
def test_training_loss_falls(request, name):
    """The recorded training loss falls from record to record."""
    run = request.getfixturevalue("logistic_run" if name == "Logistic" else "network_run")
    record, labels = record_of(run[0]), request.getfixturevalue("data")[3]
    losses = record["train_loss"]
    require(len(losses) == 100, f"The record of 1000 steps should have 100 entries, yours has {len(losses)}.")
    # The record must be one of this model: one that has learned, or else one that is still as the record begins.
    reached = accuracy(run, request.getfixturevalue("data"))
    p = run[1].reshape(-1).double().clamp(1e-12, 1 - 1e-12)
    loss = float(-(labels * p.log() + (1 - labels) * (1 - p).log()).mean())
    require(
        reached > 0.6 or any(abs(loss - value) < 1e-3 for value in record["val_loss"][:1]),
        f"The trained model is right on {reached:.1%} of the validation pictures, little more than by guessing: its "
        "recorded loss says nothing.",
    )
    assert_descends(losses, rtol=1e-3, what=f"recorded training loss of {name}", unit="entry")
    require(losses[-1] < losses[0], f"The recorded training loss of {name} stays at {losses[0]:.4g}.")
