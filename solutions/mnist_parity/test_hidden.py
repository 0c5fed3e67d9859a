"""The checks that students do not see."""

from __future__ import annotations

import copy
import functools

import pytest
import torch
from torch import nn

from autograder.checks import (
    Cause,
    assert_moved,
    assert_values,
    passes,
    read_numbers,
    require,
    rounding_causes,
)

METRICS = ("train_loss", "train_acc", "val_loss", "val_acc")
WATCH_OPTIMIZERS = (
    "lambda: (lambda steps: ("
    "__import__('torch.optim.optimizer', fromlist=['*']).register_optimizer_step_pre_hook("
    "lambda *_: (steps.add_(1), None)[1]), lambda: steps.item()))(torch.zeros(()))"
)
"""Makes (hook, count): the hook lives until its `remove()`, `count()` says how often an optimizer stepped."""


def random(*shape, seed):
    """A tensor of normal numbers that depends on the seed alone."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def pair(result):
    """(loss, accuracy) as floats; whether they should have been floats is the business of a public check."""
    return tuple(read_numbers(result, "The result of compute_metrics", names=("loss", "accuracy")))


def place(model, **wanted):
    """Gives the student's model known parameters, whatever their names and whichever way round they lie."""
    state = model.state_dict()
    free = list(state)
    for name, value in wanted.items():
        exact = [key for key in free if state[key].shape == value.shape]
        turned = [key for key in free if state[key].shape == value.T.shape] if value.dim() == 2 else []
        loose = [key for key in free if state[key].numel() == value.numel()]
        found = (exact or turned or loose)[:1]
        shapes = ", ".join(str(tuple(tensor.shape)) for tensor in state.values()) or "none"
        require(found, f"The model has no parameter that could be {name}, {value.numel()} numbers; it has {shapes}.")
        free.remove(found[0])
        state[found[0]] = value if exact else value.T.contiguous() if turned else value.reshape(state[found[0]].shape)
    require(not free, f"The model has parameters that are not in its formula: {', '.join(free[:4])}.")
    model.load_state_dict(state)


def judges_network():
    """The small network of the checks, in the judge."""
    mine = nn.Sequential(nn.Linear(6, 4), nn.Tanh(), nn.Linear(4, 1), nn.Sigmoid())
    mine.load_state_dict(
        {
            "0.weight": random(4, 6, seed=21) * 0.6,
            "0.bias": random(4, seed=22),
            "2.weight": random(1, 4, seed=23),
            "2.bias": random(1, seed=24),
        }
    )
    return mine


def small_network(submission):
    """The same network twice: a Handle of one made in the worker, and one in the judge."""
    mine = judges_network()
    layers = [
        submission.make("torch.nn.Linear", 6, 4),
        submission.make("torch.nn.Tanh"),
        submission.make("torch.nn.Linear", 4, 1),
        submission.make("torch.nn.Sigmoid"),
    ]
    theirs = submission.make("torch.nn.Sequential", *layers)
    theirs.load_state_dict({key: value.clone() for key, value in mine.state_dict().items()})
    return theirs, mine


def small_data():
    """X_train, y_train, X_val, y_val with a rule that the small network can learn."""
    X = random(50, 6, seed=15)
    y = (X[:, 0] * X[:, 1] + X[:, 2] > 0).float()
    return X[:30], y[:30], X[30:], y[30:]


def metrics(model, X, y):
    """(loss, accuracy) by the formulas of task 2."""
    with torch.no_grad():
        p = model(X).reshape(-1)
    loss = -(y * p.log() + (1 - y) * (1 - p).log()).mean()
    return float(loss), float(((p >= 0.5).float() == y).float().mean())


def descend(model, data, alpha, n_steps):
    """Gradient descent in the judge: the metrics of every tenth step before and after its update."""
    X_train, y_train, X_val, y_val = data
    before = {key: [] for key in METRICS}
    after = copy.deepcopy(before)
    for step in range(n_steps):
        for record, moment in ((before, 0), (after, 1)):
            if moment:
                p = model(X_train).reshape(-1)
                loss = nn.functional.binary_cross_entropy(p, y_train)
                parameters = list(model.parameters())
                gradients = torch.autograd.grad(loss, parameters)
                with torch.no_grad():
                    for parameter, gradient in zip(parameters, gradients, strict=True):
                        parameter -= alpha * gradient
            if step % 10 == 0:
                values = (*metrics(model, X_train, y_train), *metrics(model, X_val, y_val))
                for key, value in zip(METRICS, values, strict=True):
                    record[key].append(value)
    return before, after


def close(one, other):
    """Whether two records have the same numbers."""
    return len(one) == len(other) and all(abs(x - y) <= 1e-3 for x, y in zip(one, other, strict=True))


def own_record(submission, key, alpha, n_steps):
    """What the student's compute_metrics says before and after the update of every tenth step; None if it says nothing.

    Where compute_metrics is wrong, which is the business of task 2, the record of task 3 is compared with this.
    """
    mine, data = judges_network(), small_data()
    theirs, _ = small_network(submission)
    part, index = data[:2] if key.startswith("train") else data[2:], int(key.endswith("acc"))
    found = ([], [])
    for step in range(n_steps):
        for record in found:
            if step % 10 == 0:
                theirs.load_state_dict({name: value.clone() for name, value in mine.state_dict().items()})
                record.append(pair(submission.compute_metrics(theirs, *part)))
            if record is found[0]:
                descend(mine, data, alpha, 1)
    says_something = len({loss for loss, _ in found[0]}) > 1
    return [[values[index] for values in record] for record in found] if says_something else None


def state_after(alpha, n_steps):
    """The parameters of the small network after other steps than those that were asked for."""
    mine = judges_network()
    descend(mine, small_data(), alpha, n_steps)
    return dict(mine.state_dict())


@functools.cache
def descended():
    """The parameters of the small network after the 1000 steps at rate 0.01 that are made by default."""
    mine = judges_network()
    descend(mine, small_data(), 0.01, 1000)
    return dict(mine.state_dict())


# ---------------------------------------------------------------------------------------------- task 1
@pytest.mark.task("1", points=0.75, category="correctness")
def test_logistic_is_its_formula(submission):
    """With known weights, Logistic gives the sigmoid of x · w."""
    weight, x = random(1, 9, seed=6), random(6, 9, seed=7)
    model = submission.Logistic(9)
    place(model, w=weight)
    expected = torch.sigmoid(x @ weight.T)
    causes = [
        Cause("Those are the numbers before the sigmoid: it is missing.", x @ weight.T),
        Cause("The sigmoid is applied twice.", torch.sigmoid(expected)),
        Cause("Those are the probabilities of an even digit, 1 - p.", 1 - expected),
    ]
    assert_values(model(x), expected, atol=1e-5, what="Logistic(9)(x)", causes=causes)


@pytest.mark.task("1", points=0.75, category="correctness")
def test_network_is_its_formula(submission):
    """With known weights, SimpleNN gives the sigmoid of its second layer after the ReLU of its first."""
    first, first_bias = random(32, 784, seed=8) / 28, random(32, seed=9)
    second, second_bias = random(1, 32, seed=10) / 4, random(1, seed=11)
    x = random(6, 784, seed=12)
    model = submission.SimpleNN()
    place(model, W1=first, b1=first_bias, W2=second, b2=second_bias)
    hidden = x @ first.T + first_bias
    score = torch.relu(hidden) @ second.T + second_bias
    expected = torch.sigmoid(score)
    causes = [
        Cause("Those are the numbers before the sigmoid: it is missing.", score),
        Cause("The sigmoid is applied twice.", torch.sigmoid(expected)),
        Cause("The ReLU between the layers is missing.", torch.sigmoid(hidden @ second.T + second_bias)),
        Cause("A ReLU stands behind the second layer, too.", torch.sigmoid(torch.relu(score))),
        Cause(
            "Between the layers stands a tanh, where a ReLU was asked for.",
            torch.sigmoid(torch.tanh(hidden) @ second.T + second_bias),
        ),
        Cause(
            "Between the layers stands a sigmoid, where a ReLU was asked for.",
            torch.sigmoid(torch.sigmoid(hidden) @ second.T + second_bias),
        ),
    ]
    assert_values(model(x), expected, atol=1e-4, what="SimpleNN()(x)", causes=causes)


@pytest.mark.task("1", points=0.5, category="correctness")
@pytest.mark.parametrize(("name", "arguments", "width"), [("Logistic", (9,), 9), ("SimpleNN", (), 784)])
def test_models_do_not_share_parameters(submission, name, arguments, width):
    """A second model of a class has parameters of its own."""
    x = random(4, width, seed=31)
    one, other = (getattr(submission, name)(*arguments) for _ in range(2))
    before = one(x).reshape(-1)
    state = other.state_dict()
    require(len(state) > 0, "The model has no parameters, so there is nothing that it could learn.")
    other.load_state_dict({key: random(*value.shape, seed=32) / 9 for key, value in state.items()})
    changed = other(x).reshape(-1)
    assert_moved(changed[:1], changed[1:2], what="probability", when="with the picture")
    assert_moved(before, changed, what="list of probabilities", when="with the parameters")
    assert_values(one(x).reshape(-1), before, atol=1e-5, what=f"{name}()(x), once the parameters of another changed,")


# ---------------------------------------------------------------------------------------------- task 2
@pytest.mark.task("2", points=0.75, category="correctness")
@pytest.mark.parametrize("part", ["training", "validation"])
def test_metrics_of_a_network(submission, part):
    """Loss and accuracy of another model on more rows."""
    theirs, mine = small_network(submission)
    data = small_data()
    X, y = data[:2] if part == "training" else data[2:]
    got, expected = pair(submission.compute_metrics(theirs, X, y)), metrics(mine, X, y)
    loss, accuracy = expected
    table = ((mine(X) >= 0.5).float() == y).float().mean().item()  # (N, 1) against (N,)
    causes = [
        Cause("The accuracy is in percent: it is a share between 0 and 1.", (loss, 100 * accuracy)),
        Cause("The accuracy counts the right answers: divide by their number.", (loss, len(X) * accuracy)),
        Cause("The accuracy is the share of wrong answers.", (loss, 1 - accuracy)),
        Cause("The loss is the sum over the rows, not their mean.", (len(X) * loss, accuracy)),
        Cause("The loss has the wrong sign.", (-loss, accuracy)),
        Cause("The accuracy compares every output with every label: bring the labels to (N, 1).", (loss, table)),
    ]
    assert_values(got, expected, atol=1e-3, names=("loss", "accuracy"), what="compute_metrics", causes=causes)


@pytest.mark.task("2", points=0.25, category="correctness")
def test_metrics_called_again(submission):
    """Called for other labels, for other rows and for the first ones again, the metrics are as right as at first."""
    theirs, mine = small_network(submission)
    X, y = small_data()[:2]
    calls = ((X, y), (X, 1 - y), (X[:12], y[:12]), (X, y))
    got = [pair(submission.compute_metrics(theirs, *data)) for data in calls]
    assert_moved(got[0], got[1], what="pair (loss, accuracy)", when="with the labels")
    names = ("loss", "accuracy")
    if passes(assert_values, got[0], metrics(mine, X, y), atol=1e-3):
        for values, data in zip(got[1:3], calls[1:3], strict=True):
            expected = metrics(mine, *data)
            assert_values(values, expected, atol=1e-3, names=names, what="compute_metrics, called once more,")
    assert_values(got[3], got[0], atol=1e-4, names=names, what="compute_metrics, called as at first again,")


@pytest.mark.task("2", points=1, category="correctness")
def test_one_half_counts_as_odd(submission):
    """A probability of exactly 0.5 is the answer "odd"."""
    linear = submission.make("torch.nn.Linear", 3, 1, bias=False)
    linear.load_state_dict({"weight": torch.zeros(1, 3)})
    model = submission.make("torch.nn.Sequential", linear, submission.make("torch.nn.Sigmoid"))
    _, accuracy = pair(submission.compute_metrics(model, random(4, 3, seed=13), torch.tensor([1.0, 0.0, 1.0, 1.0])))
    require(
        abs(accuracy - 0.75) < 1e-4,
        f'All probabilities are exactly 0.5 here, so every answer is "odd"; your accuracy is {accuracy:.4g}.',
        reveal="Expected 0.75.",
    )


# ---------------------------------------------------------------------------------------------- task 3
@pytest.mark.task("3", points=1, category="correctness")
def test_training_by_default(submission):
    """Without alpha and n_steps, 1000 steps at rate 0.01 are made and recorded."""
    theirs, _ = small_network(submission)
    history = submission.train_model(theirs, *small_data())
    require(isinstance(history, dict), f"train_model should return a dict, yours is a {type(history).__name__}.")
    steps = read_numbers(history.get("iterations"), "history['iterations']")
    message = f"Without n_steps, 1000 steps should leave 100 entries in history['iterations']; yours has {len(steps)}."
    require(len(steps) == 100, message)
    got, expected = theirs.state_dict(), descended()
    assert_values(got, expected, atol=1e-3, what="model.state_dict() after train_model without alpha and n_steps")


def trained(submission, model, own, data, n_steps):
    """Train both; whether the student's model ends where gradient descent leads, and its record."""
    start = {name: value.clone() for name, value in own.state_dict().items()}
    history = submission.train_model(model, *data, alpha=0.05, n_steps=n_steps)
    descend(own, data, 0.05, n_steps)
    state = model.state_dict()
    moved = not all(torch.equal(state[name], value) for name, value in start.items())
    return moved, passes(assert_values, state, dict(own.state_dict()), atol=1e-3), history


@pytest.mark.task("3", points=0.25, category="correctness")
def test_training_of_a_second_model(submission):
    """When a second model is passed in, that one is trained."""
    first, second = (trained(submission, *small_network(submission), small_data(), steps) for steps in (3, 4))
    require(first[0], "Three steps of train_model leave the parameters of the model as they were.")
    require(
        second[0] and second[1] >= first[1],
        "A first model is trained, but a second one, passed in at a second call, is not trained as it should be: "
        "something of the first call was left.",
    )


@pytest.mark.task("3", points=0.25, category="correctness")
def test_long_training_makes_all_steps(submission):
    """1300 steps are made and recorded, not only the 1000 of the handout."""
    few = trained(submission, *small_network(submission), small_data(), 5)
    many = trained(submission, *small_network(submission), small_data(), 1300)
    require(few[0], "Five steps of train_model leave the parameters of the model as they were.")
    require(isinstance(many[2], dict), f"train_model should return a dict, yours is a {type(many[2]).__name__}.")
    losses = read_numbers(many[2].get("train_loss"), "history['train_loss']")
    require(len(losses) == 130, f"With n_steps=1300, train_loss should have 130 entries; yours has {len(losses)}.")
    require(
        many[1] >= few[1],
        "Five steps are right, but 1300 steps do not lead where gradient descent does.",
    )


@pytest.mark.task("3", points=0.5, category="correctness")
@pytest.mark.parametrize(("alpha", "n_steps"), [(0.5, 25), (10.0, 8)], ids=["downhill", "up_and_down"])
def test_several_steps_follow_gradient_descent(submission, alpha, n_steps):
    """Every parameter is where gradient descent leads, also where the loss goes up on the way."""
    theirs, mine = small_network(submission)
    data = small_data()
    submission.train_model(theirs, *data, alpha=alpha, n_steps=n_steps)
    descend(mine, data, alpha, n_steps)
    got, expected = theirs.state_dict(), dict(mine.state_dict())
    causes = [
        Cause("That is where one step fewer leads.", lambda: state_after(alpha, n_steps - 1)),
        Cause("That is where one step more leads.", lambda: state_after(alpha, n_steps + 1)),
        Cause("That is where twice the gradient leads.", lambda: state_after(2 * alpha, n_steps)),
        Cause("That is where half of the gradient leads.", lambda: state_after(alpha / 2, n_steps)),
        Cause("That is where going uphill leads: subtract the gradient.", lambda: state_after(-alpha, n_steps)),
        Cause("That is where the loss leads that is a sum, not a mean.", lambda: state_after(30 * alpha, n_steps)),
    ]
    what = f"model.state_dict() after {n_steps} steps of train_model"
    assert_values(got, expected, atol=1e-4, rtol=1e-4, what=what, causes=causes)


@pytest.mark.task("3", points=1.5, category="correctness")
@pytest.mark.parametrize("key", METRICS)
def test_record_agrees_with_the_model(submission, note, key):
    """What is recorded is the metric of the model at that step, on the right part of the data."""
    theirs, mine = small_network(submission)
    data = small_data()
    history = submission.train_model(theirs, *data, alpha=0.5, n_steps=25)
    require(isinstance(history, dict) and key in history, f"train_model should return a dict with the key {key!r}.")
    got = read_numbers(history[key], f"history[{key!r}]")
    before, after = descend(mine, data, 0.5, 25)
    if close(got, before[key]) or close(got, after[key]):
        return
    trained = all((theirs.state_dict()[name] - value).abs().max() <= 1e-3 for name, value in mine.state_dict().items())
    own = own_record(submission, key, 0.5, 25) if trained else None
    if own is not None and any(close(got, record) for record in own):
        note("Your compute_metrics() differs from the handout's (task 2). This check went on with yours.")
        return
    other = key.replace("val", "train") if key.startswith("val") else key.replace("train", "val")
    causes = [
        Cause("Those are the metrics on the other part of the data, training for validation.", (before[other],)),
        *rounding_causes((before[key],)),
    ]
    names = (f"history[{key!r}]",)
    assert_values((got,), (before[key],), atol=1e-3, names=names, what="train_model", causes=causes)


@pytest.mark.task("3", points=1, category="correctness")
def test_update_is_written_by_hand(submission):
    """The training loop makes its own updates, without an optimizer of torch.optim."""
    theirs, mine = small_network(submission)
    hook, count = submission.function(WATCH_OPTIMIZERS)()
    try:
        history = submission.train_model(theirs, *small_data(), alpha=0.5, n_steps=3)
        steps = count()
    finally:
        hook.remove()
    start, state = mine.state_dict(), theirs.state_dict()
    losses = read_numbers(history.get("train_loss"), "history['train_loss']") if isinstance(history, dict) else []
    recorded = any(abs(loss - metrics(mine, *small_data()[:2])[0]) <= 1e-3 for loss in losses[:1])
    require(
        recorded or not all(torch.equal(state[name], value) for name, value in start.items()),
        "Three steps of train_model leave the parameters of the model as they were: there is no update to look at.",
    )
    require(
        steps == 0,
        f"Your loop made {steps:g} of its updates through torch.optim. Here the update is to be written by hand: "
        "subtract alpha times the gradient from every parameter.",
    )
