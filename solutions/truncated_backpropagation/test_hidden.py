"""The checks of truncated backpropagation that students never see: other cells and sequences, theory, the lag."""

from __future__ import annotations

import itertools
import math

import pytest
import torch

from autograder.checks import (
    Cause,
    assert_at_most,
    assert_contraction,
    assert_history,
    assert_values,
    history_causes,
    passes,
    read_numbers,
    read_parts,
    require,
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
NAMES = ("input_weight", "recurrent_weight", "hidden_bias", "output_weight", "output_bias")
GRADIENTS = (
    "lambda cell, x, state: (lambda s: (lambda out: [torch.zeros(()) if g is None else g + torch.zeros(g.shape) "
    "for g in torch.autograd.grad(sum(part.sum() for part in out if part.requires_grad), [*(getattr(cell, name) "
    f"for name in {NAMES}), s], allow_unused=True)] if any(part.requires_grad for part in out) else [])"
    "(cell(x, s)))(state.clone().requires_grad_())"
)
"""The gradients of output + new state, summed, with respect to the five parameters and the state."""


def shapes(size):
    """The shapes of the five parameters."""
    return ((size, 1), (size, size), (size,), (1, size), (1,))


def random_state(size, seed):
    """Parameters as they are drawn at the start, that depend on the seed alone."""
    generator, bound = torch.Generator().manual_seed(seed), size**-0.5
    return {
        name: (2 * torch.rand(shape, generator=generator) - 1) * bound
        for name, shape in zip(NAMES, shapes(size), strict=True)
    }


def random(*shape, seed):
    """Normal numbers that depend on the seed alone."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def given_cell(submission, state):
    """A Handle of a right cell with these parameters, in the worker."""
    model = submission.function(GIVEN_CELL)(state["hidden_bias"].numel())
    model.load_state_dict(state)
    return model


def step(state, x, hidden):
    """(output, new state) of one step, by the formulas of task 1."""
    w, u, b, v, c = (state[name] for name in NAMES)
    hidden = torch.tanh(w @ x + u @ hidden + b)
    return v @ hidden + c, hidden


def unroll(state, inputs, hidden):
    """(outputs, last state) of the judge's own cell."""
    outputs = []
    for x in inputs:
        output, hidden = step(state, x, hidden)
        outputs.append(output)
    return torch.stack(outputs), hidden


def descend(state, inputs, targets, window, rate, epochs, *, carried=True, reset=True, short=True, summed=False):
    """(state, losses) of training by the formulas of task 3; with an option turned round, of a known mistake."""
    state = {name: value.clone().requires_grad_() for name, value in state.items()}
    hidden, losses = torch.zeros(state["hidden_bias"].numel()), []
    for _ in range(epochs):
        hidden = torch.zeros_like(hidden) if reset else hidden
        for start in range(0, len(inputs), window):
            part = slice(start, start + window)
            if not short and start + window > len(inputs):
                break
            outputs, last = unroll(state, inputs[part], hidden if carried else torch.zeros_like(hidden))
            errors = (outputs - targets[part]) ** 2
            loss = errors.sum() if summed else errors.mean()
            losses.append(loss.item())
            gradients = torch.autograd.grad(loss, list(state.values()))
            with torch.no_grad():
                for value, gradient in zip(state.values(), gradients, strict=True):
                    value -= rate * gradient
            hidden = last.detach()
    return {name: value.detach() for name, value in state.items()}, losses


def training_causes(pick, *arguments):
    """What descend answers with each known mistake; ``pick``: 0 for the parameters, 1 for the losses."""
    *same, epochs = arguments

    def answer(number, **mistake):
        return lambda: descend(*same, number, **mistake)[pick]

    return [
        Cause(
            "That comes out where every window begins with the state zero: carry it on.", answer(epochs, carried=False)
        ),
        Cause(
            "That comes out where an epoch goes on with the state of the last one: begin with zero.",
            answer(epochs, reset=False),
        ),
        Cause(
            "That comes out where the shorter window at the end is left out: it is used as well.",
            answer(epochs, short=False),
        ),
        Cause("That comes out with the sum of the squared errors: asked for is the mean.", answer(epochs, summed=True)),
        Cause("That is what one epoch less gives.", answer(epochs - 1)),
        Cause("That is what one epoch more gives.", answer(epochs + 1)),
    ]


def measured(state, inputs, targets):
    """The mean squared error over the whole sequence."""
    outputs, _ = unroll(state, inputs, torch.zeros(state["hidden_bias"].numel()))
    return float(((outputs - targets) ** 2).mean())


# Task 1


@pytest.mark.task("1", points=1.5, category="correctness")
@pytest.mark.parametrize("size", [1, 2, 6])
def test_cell_follows_its_formula(submission, size):
    """With known parameters, two steps in a row give the outputs and states of the formula."""
    state, inputs = random_state(size, 40 + size), random(2, 1, seed=3)
    cell = submission.RecurrentCell(size)
    has = {name: tuple(value.shape) for name, value in cell.state_dict().items()}
    wanted = dict(zip(NAMES, shapes(size), strict=True))
    require(has == wanted, f"The parameters of the cell should have the shapes {wanted}; yours are {has}.")
    cell.load_state_dict(state)
    hidden = random(size, seed=4)
    w, u, b, v, c = (state[name] for name in NAMES)
    for x in inputs:
        expected = step(state, x, hidden)
        before = w @ x + u @ hidden + b
        turned = torch.tanh(w @ x + u.T @ hidden + b)
        unbiased = torch.tanh(w @ x + u @ hidden)
        causes = [
            Cause(
                "The output is read off the old state; it should be read off the new one.",
                [v @ hidden + c, expected[1]],
            ),
            Cause("U is transposed: `recurrent_weight @ state` is U h.", [v @ turned + c, turned]),
            Cause("The tanh is missing.", [v @ before + c, before]),
            Cause("The bias b is missing.", [v @ unbiased + c, unbiased]),
            Cause("The bias c is missing.", [v @ expected[1], expected[1]]),
            Cause("The output went through a tanh: only the state does.", [torch.tanh(expected[0]), expected[1]]),
            Cause("Output and new state stand in each other's place.", [expected[1], expected[0]]),
        ]
        got = cell(x, hidden)
        # float32 and sums of at most six terms: another order of them moves the last digits only.
        assert_values(got, expected, atol=1e-5, names=("output", "new state"), what="cell(x, state)", causes=causes)
        hidden = expected[1]


@pytest.mark.task("1", points=0.5, category="correctness")
def test_cell_starts_at_random(submission):
    """The parameters begin at random numbers, uniform between -1/√H and 1/√H."""
    size = 50
    state = submission.RecurrentCell(size).state_dict()
    bound = size**-0.5
    for name in NAMES:
        require(name in state, f"The cell has no parameter `{name}`.")
        value = state[name].double()
        worst = float(value.abs().max())
        message = f"With H = 50 all numbers lie between ±{bound:.4f}; `{name}` holds one of size {worst:.4f}."
        require(worst <= bound + 1e-6, message)
        require(worst > 0, f"`{name}` begins with zeros; asked for are random numbers.")
        if value.numel() > 1:
            require(float(value.std()) > 0, f"All numbers in `{name}` are the same; asked for are random ones.")
    numbers = state["recurrent_weight"].double()
    # 2500 numbers: the mean of right ones is off by more than 0.1 bound, or their spread by 10 %, never (over 8 sigma).
    spread, mean = float(numbers.std()), float(numbers.mean())
    uniform = abs(spread - bound / math.sqrt(3)) <= 0.1 * bound / math.sqrt(3) and abs(mean) <= 0.1 * bound
    require(
        uniform,
        f"The numbers of `recurrent_weight` have the mean {mean:.4f} and the standard deviation {spread:.4f} with "
        "H = 50: they are not drawn uniformly from the whole interval.",
    )


@pytest.mark.task("1", points=1, category="correctness")
def test_gradient_flows_through_the_cell(submission):
    """The gradient of output and new state reaches all five parameters and the old state."""
    state, x, hidden = random_state(4, 9), random(1, seed=5), random(4, seed=6)
    cell = submission.RecurrentCell(4)
    has = {name: tuple(value.shape) for name, value in cell.state_dict().items()}
    require(
        has == dict(zip(NAMES, shapes(4), strict=True)), f"The parameters of the cell are not those asked for: {has}."
    )
    cell.load_state_dict(state)
    got = submission.function(GRADIENTS)(cell, x, hidden)
    require(len(got) == 6, "Nothing that the cell returns has a graph: no gradient could flow through it.")
    leaves = [*(value.clone().requires_grad_() for value in state.values()), hidden.clone().requires_grad_()]
    output, new = step(dict(zip(NAMES, leaves, strict=False)), x, leaves[-1])
    expected = torch.autograd.grad(output.sum() + new.sum(), leaves)
    for name, one, other in zip((*NAMES, "state"), got, expected, strict=True):
        right = one.shape == other.shape and torch.allclose(one, other, atol=1e-5)
        require(right, f"The gradient with respect to `{name}` is not right: is something cut off inside the cell?")


# Task 2


def reach_by_formula(state, inputs):
    """The norms by the product of task 2, in double precision, and those of known mistakes."""
    w, u, b, v, _ = (state[name].double() for name in NAMES)
    states = [torch.zeros(len(b), dtype=torch.float64)]
    for x in inputs.double():
        states.append(torch.tanh(w @ x + u @ states[-1] + b))
    last = [v[0]]
    for hidden in states[:1:-1]:
        last.append((last[-1] * (1 - hidden**2)) @ u)
    last.reverse()
    norms = [float(row.norm()) for row in last]
    summed = [v[0]]
    for hidden in states[:1:-1]:
        summed.append(v[0] + (summed[-1] * (1 - hidden**2)) @ u)
    before = float(((last[0] * (1 - states[1] ** 2)) @ u).norm())
    return norms, [
        *history_causes(norms, unit="state"),
        Cause("These are the gradients with respect to the state *before* each step.", [before, *norms[:-1]]),
        Cause(
            "This is the gradient of the sum of all outputs; asked for is that of the last one.",
            [float(row.norm()) for row in reversed(summed)],
        ),
        Cause("The norms are squared: the root is missing.", [value**2 for value in norms]),
        Cause(
            "Those are sums of absolute values; asked for is the Euclidean length.",
            [float(row.abs().sum()) for row in last],
        ),
        Cause(
            "Those are largest absolute values; asked for is the Euclidean length.",
            [float(row.abs().max()) for row in last],
        ),
    ]


@pytest.mark.task("2", points=1.5, category="correctness")
@pytest.mark.parametrize(("size", "length"), [(3, 1), (4, 7), (6, 30)])
def test_reach_of_other_cells(submission, size, length):
    """The norms are floats, those of the product of the chain rule, for other cells and lengths."""
    state, inputs = random_state(size, 60 + size), random(length, 1, seed=length)
    state["recurrent_weight"] *= 2  # the gradient of 30 steps is then still larger than the tolerance
    expected, causes = reach_by_formula(state, inputs)
    norms = submission.gradient_reach(given_cell(submission, state), inputs)
    got = read_numbers(norms, "The result of gradient_reach")
    # float32: 30 factors are off by 30 roundings at most, 4e-6 of the value; 1e-3 leaves room for any order of sums.
    assert_values(got, expected, atol=1e-6, rtol=1e-3, what=f"gradient_reach with T = {length}", causes=causes)
    assert_history(norms, length=length, what="gradient_reach")
    if length == 1:  # the only norm is that of the output weights: more than one has to be seen
        state, inputs = random_state(size, 61 + size), random(2, 1, seed=2)
        got = read_numbers(submission.gradient_reach(given_cell(submission, state), inputs), "gradient_reach")
        assert_values(got, reach_by_formula(state, inputs)[0], atol=1e-6, rtol=1e-3, what="gradient_reach with T = 2")


@pytest.mark.task("2", points=0.5, category="correctness")
def test_reach_remembers_nothing(submission):
    """A second call on the same model, and one on another sequence, are as right as the first."""
    state, inputs = random_state(3, 70), random(5, 1, seed=7)
    model = given_cell(submission, state)
    for call, part in (("first", inputs), ("second", inputs), ("third, shorter", inputs[:3])):
        got = read_numbers(submission.gradient_reach(model, part), "The result of gradient_reach")
        expected, _ = reach_by_formula(state, part)
        assert_values(got, expected, atol=1e-6, rtol=1e-3, what=f"gradient_reach, {call} call on the same model,")


@pytest.mark.task("2", points=1, category="convergence")
@pytest.mark.parametrize("factor", [0.8, 1.25], ids=["vanishing", "exploding"])
def test_reach_changes_at_the_rate_of_theory(submission, factor):
    """Near the state zero, each step back multiplies the norm by the length of U, here a rotation times a factor."""
    angle = 0.7
    turn = torch.tensor([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    state = {name: torch.zeros(shape) for name, shape in zip(NAMES, shapes(2), strict=True)}
    state |= {"recurrent_weight": factor * turn, "output_weight": torch.tensor([[0.6, -0.8]])}
    got = submission.gradient_reach(given_cell(submission, state), torch.zeros(25, 1))
    norms = read_numbers(got, "The result of gradient_reach")[::-1]
    require(len(norms) == 25, f"For 25 steps there should be 25 norms; there are {len(norms)}.")
    for back, (one, other) in enumerate(itertools.pairwise(norms)):
        ratio = other / one if one else math.nan
        require(
            abs(ratio - factor) <= 1e-3,
            f"From {back} steps back to {back + 1} your norm goes from {one:.4g} to {other:.4g}. U is a rotation times "
            "a factor here and all states are zero: each step back should multiply the norm by that factor.",
        )


# Task 3


@pytest.mark.task("3", points=1.5, category="correctness")
@pytest.mark.parametrize(("length", "window"), [(7, 3), (6, 10), (5, 1), (26, 4)])
def test_training_of_other_sequences(submission, length, window):
    """After three epochs every parameter is where gradient descent, window by window, leads."""
    size = 4
    state, inputs, targets = random_state(size, length), random(length, 1, seed=1), random(length, 1, seed=2)
    model = given_cell(submission, state)
    submission.train_truncated(model, inputs, targets, window, 0.05, 3)
    expected, _ = descend(state, inputs, targets, window, 0.05, 3)
    causes = [
        Cause("Those are the parameters from before the training.", state),
        *training_causes(0, state, inputs, targets, window, 0.05, 3),
    ]
    what = f"model.state_dict() after train_truncated on {length} steps with window={window}"
    # At most 21 updates at rate 0.05: rounding stays near 1e-6, and every mistake in the list moves more than 1e-3.
    assert_values(model.state_dict(), expected, atol=5e-5, what=what, causes=causes)


@pytest.mark.task("3", points=1, category="correctness")
@pytest.mark.parametrize(("length", "window"), [(7, 3), (4, 9)])
def test_training_returns_every_loss(submission, length, window):
    """There is one loss per window and epoch, a float, from before the update of its window."""
    state, inputs, targets = random_state(3, 81), random(length, 1, seed=3), random(length, 1, seed=4)
    got = submission.train_truncated(given_cell(submission, state), inputs, targets, window, 0.1, 3)
    _, expected = descend(state, inputs, targets, window, 0.1, 3)
    what = f"train_truncated on {length} steps with window={window} and num_epochs=3"
    causes = [*history_causes(expected, unit="window"), *training_causes(1, state, inputs, targets, window, 0.1, 3)]
    if not passes(lambda: assert_values(got, expected, atol=1e-4)):
        assert_values(read_numbers(got, f"The result of {what}"), expected, atol=1e-4, what=what, causes=causes)
    assert_history(got, length=len(expected), what=what)


@pytest.mark.task("3", points=1, category="correctness")
@pytest.mark.parametrize("epochs", [None, 150], ids=["default", "many"])
def test_training_by_default_and_for_long(submission, epochs):
    """Without the last two arguments there are 40 epochs at rate 0.1; and many epochs are many epochs."""
    state, inputs, targets = random_state(2, 90), random(6, 1, seed=5), random(6, 1, seed=6) / 2
    model = given_cell(submission, state)
    settings = () if epochs is None else (0.02, epochs)
    losses = read_numbers(submission.train_truncated(model, inputs, targets, 3, *settings), "The result")
    count = 2 * (epochs or 40)
    call = "Without learning_rate and num_epochs" if epochs is None else f"With num_epochs={epochs}"
    require(
        len(losses) == count, f"{call}, two windows per epoch should leave {count} losses; there are {len(losses)}."
    )
    expected, _ = descend(state, inputs, targets, 3, *(settings or (0.1, 40)))
    # 300 updates that lead downhill: rounding does not add up to 1e-4, and one epoch more or less moves 1e-3.
    assert_values(model.state_dict(), expected, atol=2e-4, what=f"model.state_dict(). {call}: train_truncated")


@pytest.mark.task("3", points=0.5, category="correctness")
def test_training_twice_goes_on(submission):
    """A second call on the same model goes on with its parameters and with nothing else of the first call."""
    state, inputs, targets = random_state(3, 95), random(5, 1, seed=8), random(5, 1, seed=9)
    model = given_cell(submission, state)
    said = (
        "After train_truncated with window=2 on 5 steps the parameters are not right.",
        "After a first call the parameters are right, but not after a second one on the same model: something of the "
        "first call was left, such as its last state or its gradients.",
    )
    for message in said:
        submission.train_truncated(model, inputs, targets, 2, 0.1, 2)
        state, _ = descend(state, inputs, targets, 2, 0.1, 2)
        got = model.state_dict()
        require(all(torch.allclose(got[name], state[name], atol=5e-5) for name in NAMES), message)


@pytest.mark.task("3", points=0.5, category="convergence")
@pytest.mark.parametrize("window", [2, 6])
def test_training_contracts_as_theory_says(submission, window):
    """Where only c can move, each window brings it closer to a constant target by the factor 1 - 2·rate."""
    state = {name: torch.zeros(shape) for name, shape in zip(NAMES, shapes(2), strict=True)}
    model, inputs, targets = given_cell(submission, state), torch.zeros(6, 1), torch.ones(6, 1)
    errors = [1.0]
    for _ in range(4):
        submission.train_truncated(model, inputs, targets, window, 0.1, 1)
        errors.append(abs(1 - float(model.state_dict()["output_bias"])))
    what = f"distance of c from the targets, epoch by epoch with {6 // window} update(s) each,"
    assert_contraction(errors, 0.8 ** (6 // window), rtol=1e-3, what=what)


@pytest.mark.task("3", points=1, category="convergence")
@pytest.mark.parametrize("seed", [0, 1])
def test_training_learns_the_lag(submission, given, seed):
    """With windows of 10 steps, 40 epochs at rate 0.1 are enough to repeat the input of three steps ago."""
    inputs, targets = given.make_signal(seed=seed)
    model = given_cell(submission, random_state(8, seed))
    submission.train_truncated(model, inputs, targets, 10, 0.1, 40)
    loss = measured(model.state_dict(), inputs, targets)
    # The seeds 0 to 9 gave 0.002 to 0.012; with windows of 1 or 2 steps, which cannot learn the lag, 0.50 to 2.69.
    assert_at_most(loss, 0.1, what="mean squared error after training with windows of 10 steps")


# Task 4


def table(result, windows):
    """The result of compare_windows as plain floats, after making sure that it has the windows as its keys."""
    require(isinstance(result, dict), f"compare_windows should return a dict, yours is a {type(result).__name__}.")
    keys = list(result)
    require(sorted(map(repr, keys)) == sorted(map(repr, windows)), f"The keys should be {windows}; yours are {keys}.")
    numbers = read_parts([result[key] for key in windows], "The dict of compare_windows")
    return dict(zip(windows, read_numbers(numbers, "The dict of compare_windows"), strict=True))


def by_own_training(submission, state, inputs, targets, windows, *settings):
    """The dict of losses that follows from the student's own train_truncated: a fault in task 3 costs nothing here."""
    result = {}
    for window in windows:
        model = given_cell(submission, state)
        submission.train_truncated(model, inputs, targets, window, *settings)
        result[window] = measured(model.state_dict(), inputs, targets)
    return result


@pytest.mark.task("4", points=1, category="correctness")
@pytest.mark.parametrize("case", ["other", "again", "default"])
def test_comparison_of_other_models(submission, case):
    """The losses are right for another model and sequence, in a second call, and with the default arguments."""
    state, inputs, targets = random_state(3, 97), random(12, 1, seed=10), random(12, 1, seed=11) / 2
    model = given_cell(submission, state)
    windows, settings = ((1, 2, 10), ()) if case == "default" else ((5, 3, 20), (0.05, 4))
    arguments = () if case == "default" else (windows, *settings)
    got = submission.compare_windows(model, inputs, targets, *arguments)
    if case == "again":
        got = submission.compare_windows(model, inputs, targets, *arguments)
    expected = by_own_training(submission, state, inputs, targets, windows, *(settings or (0.1, 40)))
    before = measured(state, inputs, targets)
    moved = any(abs(value - before) > 1e-6 for value in expected.values())
    require(moved, "train_truncated changes nothing in the model, so there is nothing to compare.")
    title = {"other": "compare_windows(…, (5, 3, 20), 0.05, 4)", "again": "compare_windows, called a second time,"}
    causes = [Cause("Those are the losses before any training.", dict.fromkeys(windows, before))]
    what = title.get(case, "compare_windows with its default arguments")
    assert_values(table(got, windows), expected, atol=1e-3, what=what, causes=causes)


@pytest.mark.task("4", points=1, category="convergence")
def test_comparison_shows_what_a_short_window_cannot_learn(submission, given):
    """With a lag of 3, windows of 2 steps stay far behind windows of 10."""
    inputs, targets = given.make_signal(seed=0)
    state, windows = random_state(8, 0), (2, 10)
    losses = table(
        submission.compare_windows(given_cell(submission, state), inputs, targets, windows, 0.1, 40), windows
    )
    expected = by_own_training(submission, state, inputs, targets, windows, 0.1, 40)
    before = measured(state, inputs, targets)
    moved = any(abs(value - before) > 1e-6 for value in expected.values())
    require(moved, "train_truncated changes nothing in the model, so there is nothing to compare.")
    assert_values(losses, expected, atol=1e-3, rtol=0.05, what="compare_windows(model, …, windows=(2, 10))")
    learned = expected[10] < before / 10
    require(
        losses[10] <= losses[2] / 10 or not learned,
        f"After training with windows of 2 steps the loss is {losses[2]:.4f}, with windows of 10 steps "
        f"{losses[10]:.4f}. The longer window should be ahead by a factor of 10 at least, for only "
        "there a gradient reaches back 3 steps.",
    )
