"""The checks that you get. Run them with `pytest` as often as you like."""

from __future__ import annotations

import math
from contextlib import suppress
from functools import partial

import pytest
import torch

from autograder.checks import (
    Cause,
    assert_moved,
    assert_types,
    assert_values,
    cause_of,
    history_causes,
    passes,
    read_number,
    read_numbers,
    read_parts,
    require,
    scale_causes,
)

# ---------------------------------------------------------------------------------------------- tasks 1 to 3
WALKS = {
    "sgd_step": [(0.95, 0.5), (0.9025, 0.25), (0.857375, 0.125)],
    "momentum_step": [(0.95, 0.5), (0.8575, -0.2), (0.731375, -0.73)],
    "rmsprop_step": [(0.5, 0.5), (0.275493, 0.275493), (0.154844, 0.154844)],
    "adam_step": [(0.95, 0.95), (0.900083, 0.900083), (0.850312, 0.850312)],
}
# Three steps down the valley in the worker: its gradient is (w[0], 10·w[1]).
WALK = """lambda step: lambda settings: (lambda w, state: [
    (step([w], [w.detach() * torch.tensor([1.0, 10.0])], state, **settings), w.tolist())[1] for _ in range(3)
])(torch.nn.Parameter(torch.ones(2)), {})"""
# Two steps, the gradients of the second written into the tensors of the first; then what is left of everything.
LOOK = """lambda step: lambda start, rows: (lambda parameters, gradients, state: [
    [g.copy_(new) for row in rows for g, new in zip(gradients, row, strict=True)][:0],
    [
        ([g.copy_(new) for g, new in zip(gradients, row, strict=True)],
         step(list(parameters), list(gradients), state),
         [torch.equal(g, new) for g, new in zip(gradients, row, strict=True)])[2]
        for row in rows
    ],
    [p.is_leaf and p.requires_grad for p in parameters],
    torch.is_grad_enabled(),
    [p.detach() for p in parameters],
][1:])([torch.nn.Parameter(p.clone()) for p in start], [torch.zeros_like(p) for p in start], {})"""


def simulated(rule):
    """The walk of a rule: from the gradient, a memory and the number of the step to the way of one coordinate."""
    columns = []
    for slope in (1.0, 10.0):
        w, memory, points = 1.0, {"m": 0.0, "v": 0.0}, []
        for t in (1, 2, 3):
            with suppress(ZeroDivisionError):  # a gradient of zero: the fault stays where it is
                w -= 0.05 * rule(slope * w, memory, t)
            points.append(w)
        columns.append(points)
    return [list(point) for point in zip(*columns, strict=True)]


def mean(memory, key, rate, value, share=None):
    """The running mean under that key, after this value."""
    memory[key] = rate * memory[key] + (1 - rate if share is None else share) * value
    return memory[key]


def adam(g, memory, t, *, beta1=0.9, beta2=0.999, first=True, second=True, root=math.sqrt):
    """The way of Adam, with faults on demand."""
    m, v = mean(memory, "m", beta1, g), mean(memory, "v", beta2, g * g)
    return m / (1 - beta1**t if first else 1) / root(v / (1 - beta2**t if second else 1))


def overwritten(g, memory, t):
    """Adam that goes on with the corrected means."""
    memory["m"] = mean(memory, "m", 0.9, g) / (1 - 0.9**t)
    memory["v"] = mean(memory, "v", 0.999, g * g) / (1 - 0.999**t)
    return memory["m"] / math.sqrt(memory["v"])


FORGETS = "The memory is lost between the steps: keep it in the dict `state`, which comes back at the next step."
RULES = {
    "sgd_step": {"It climbs: the gradient is to be subtracted.": lambda g, s, t: -g},
    "momentum_step": {
        FORGETS: lambda g, s, t: g,
        "The new gradient enters with the factor 1 - momentum. In this formula it enters whole: b ← momentum·b + g.": (
            lambda g, s, t: mean(s, "m", 0.9, g)
        ),
        "The velocity is a sum of all gradients: the old one is not multiplied by momentum.": (
            lambda g, s, t: mean(s, "m", 1.0, g, 1.0)
        ),
        "These are the points of Nesterov's variant.": lambda g, s, t: g + 0.9 * mean(s, "m", 0.9, g, 1.0),
        "It moves along the velocity of the step before: bring the velocity up to date first.": (
            lambda g, s, t: (s["m"], mean(s, "m", 0.9, g, 1.0))[0]
        ),
    },
    "rmsprop_step": {
        FORGETS: lambda g, s, t: g / math.sqrt(0.01 * g * g),
        "It divides by v itself: the square root of v is missing.": lambda g, s, t: g / mean(s, "v", 0.99, g * g),
        "The new square enters v with the factor alpha, the old v with 1 - alpha: it is the other way round.": (
            lambda g, s, t: g / math.sqrt(mean(s, "v", 0.01, g * g))
        ),
        "The new square enters v whole: its factor 1 - alpha is missing.": (
            lambda g, s, t: g / math.sqrt(mean(s, "v", 0.99, g * g, 1.0))
        ),
        "v is corrected for its start with zero, as Adam does it. RMSprop leaves v as it is.": (
            lambda g, s, t: g / math.sqrt(mean(s, "v", 0.99, g * g) / (1 - 0.99**t))
        ),
        "v begins with the first squared gradient. Let it begin with zero.": (
            lambda g, s, t: g / math.sqrt(mean(s, "v", 0.99 if t > 1 else 0.0, g * g))
        ),
    },
    "adam_step": {
        "There is no bias correction: divide m by 1 - β₁ᵗ and v by 1 - β₂ᵗ.": (
            lambda g, s, t: adam(g, s, t, first=False, second=False)
        ),
        "The bias correction of m is missing: divide it by 1 - β₁ᵗ.": lambda g, s, t: adam(g, s, t, first=False),
        "The bias correction of v is missing: divide it by 1 - β₂ᵗ.": lambda g, s, t: adam(g, s, t, second=False),
        "The number of the step stays 1: count the steps in `state`.": lambda g, s, t: adam(g, s, 1),
        "The number of the step begins with 2: in the first step it is 1.": lambda g, s, t: adam(g, s, t + 1),
        "β₁ and β₂ stand in each other's place.": lambda g, s, t: adam(g, s, t, beta1=0.999, beta2=0.9),
        "The corrected means are kept for the next step. Keep m and v as they were before the correction.": overwritten,
        "It divides by v̂ itself: the square root is missing.": lambda g, s, t: adam(g, s, t, root=lambda v: v),
    },
}
STILL = "The parameters stay where they are. Change the tensors in place, as in `p -= …` or `p.sub_(…)`."


def check_walk(submission, name):
    """Compare the first three points of the walk down the valley with the table."""
    points = submission.around(name, WALK)({"lr": 0.05})
    expected = WALKS[name]
    got = [read_numbers(point, "A point", names=("w1", "w2")) for point in points]
    causes = [
        Cause(STILL, [[1.0, 1.0]] * 3),
        *(Cause(words, partial(simulated, rule)) for words, rule in RULES[name].items()),
    ]
    off = [k for k in range(3) if not passes(assert_values, got[k], list(expected[k]), atol=2e-6)]
    if off:
        k = off[0]
        x, y = got[k]
        right = f"The first {k} points are right, but" if k > 1 else "The first point is right, but" if k else "Already"
        said = f"{right} after step {k + 1} the walk of {name} is at ({x:.6f}, {y:.6f})."
        reason = cause_of(got, [list(point) for point in expected], causes, atol=2e-6)
        wanted = f"Expected ({expected[k][0]:.6f}, {expected[k][1]:.6f}) after step {k + 1}."
        require(False, f"{said}\n{reason}" if reason else said, reveal=wanted)


@pytest.mark.task("1", points=0.5, category="correctness")
def test_sgd_walks_down_the_valley(submission):
    """Three steps of SGD in the valley are those of the table."""
    check_walk(submission, "sgd_step")


@pytest.mark.task("1", points=0.5, category="correctness")
def test_momentum_walks_down_the_valley(submission):
    """Three steps with momentum in the valley are those of the table."""
    check_walk(submission, "momentum_step")


@pytest.mark.task("2", points=0.5, category="correctness")
def test_rmsprop_walks_down_the_valley(submission):
    """Three steps of RMSprop in the valley are those of the table."""
    check_walk(submission, "rmsprop_step")


@pytest.mark.task("3", points=0.5, category="correctness")
def test_adam_walks_down_the_valley(submission):
    """Three steps of Adam in the valley are those of the table."""
    check_walk(submission, "adam_step")


def check_manners(submission, name):
    """Make two steps: the parameters move and stay leaves, the gradients stay as they were, grad mode stays on."""
    start = [torch.tensor([0.5, -1.0, 2.0]), torch.tensor([[1.0], [3.0]])]
    rows = [[torch.tensor([0.5, -2.0, 1.0]), torch.tensor([[4.0], [-1.0]])], [torch.ones(3), torch.ones(2, 1)]]
    untouched, leaves, enabled, after = submission.around(name, LOOK)(start, rows)
    assert_moved(
        [float(value) for part in start for value in part.reshape(-1)],
        [float(value) for part in after for value in part.reshape(-1)],
        what="parameters",
        when="in two steps",
    )
    for step, same in enumerate(untouched, start=1):
        require(
            all(same),
            f"Step {step} of {name} changes the gradients that it was given. They belong to the caller: make new "
            "tensors, or change only tensors of your own.",
        )
    require(all(leaves), f"After two steps of {name} a parameter is no leaf any more that requires a gradient.")
    require(enabled, f"After {name} gradients are switched off everywhere: use `with torch.no_grad():`.")


@pytest.mark.task("1", points=0.5, category="hygiene")
@pytest.mark.parametrize("name", ["sgd_step", "momentum_step"])
def test_first_steps_leave_all_else_alone(submission, name):
    """The parameters stay leaves, the gradients are only read, and grad mode stays as it was."""
    check_manners(submission, name)


@pytest.mark.task("2", points=0.5, category="hygiene")
def test_rmsprop_leaves_all_else_alone(submission):
    """The parameters stay leaves, the gradients are only read, and grad mode stays as it was."""
    check_manners(submission, "rmsprop_step")


@pytest.mark.task("3", points=0.5, category="hygiene")
def test_adam_leaves_all_else_alone(submission):
    """The parameters stay leaves, the gradients are only read, and grad mode stays as it was."""
    check_manners(submission, "adam_step")


# ---------------------------------------------------------------------------------------------- task 4
# What clip_gradients returns, the gradients after it, whether they are the same tensors, and the parameters.
CLIP = """lambda clip: lambda gradients, max_norm: (lambda parameters, held: [
    [setattr(p, "grad", g) for p, g in zip(parameters, held, strict=True)][:0],
    clip(list(parameters), max_norm),
    [p.grad for p in parameters],
    [p.grad is g for p, g in zip(parameters, held, strict=True)],
    [p.detach() for p in parameters],
][1:])([torch.nn.Parameter(torch.ones(2)) for _ in gradients], [g.clone() for g in gradients])"""
PAIR = [torch.tensor([3.0, 0.0]), torch.tensor([0.0, 4.0])]


def clipped(submission, gradients, max_norm):
    """(what was returned, the gradients after it, whether they are the same tensors, the parameters)"""
    return submission.around("clip_gradients", CLIP)(gradients, max_norm)


@pytest.mark.task("4", points=0.5, category="correctness")
def test_clipping_returns_the_norm(submission):
    """The norm of (3, 0) and (0, 4) together is 5, whether they are clipped or not."""
    for max_norm in (1.0, 10.0):
        norm = read_number(clipped(submission, PAIR, max_norm)[0], "What clip_gradients returns")
        causes = [
            Cause("That is the sum of the norms: square them, add, and take the root.", 7.0),
            Cause("That is the square of the norm: the root is missing.", 25.0),
            Cause("That is the largest of the single norms: all gradients together have one norm.", 4.0),
            Cause("That is the norm after the clipping: measure before you shrink.", min(5.0, max_norm)),
        ]
        assert_values(norm, 5.0, atol=1e-4, what=f"clip_gradients with max_norm={max_norm:g}", causes=causes)
    other = read_number(clipped(submission, [torch.tensor([6.0, 0.0]), torch.tensor([0.0, 8.0])], 1.0)[0])
    assert_values(other, 10.0, atol=1e-4, what="clip_gradients with the gradients (6, 0) and (0, 8)")


def check_shrunk(submission):
    """Clip the example to 1 and to 10."""
    for max_norm, expected in ((1.0, [[0.6, 0.0], [0.0, 0.8]]), (10.0, [[3.0, 0.0], [0.0, 4.0]])):
        got = [part.tolist() for part in clipped(submission, PAIR, max_norm)[1]]
        causes = [
            Cause("The gradients are what they were: nothing was shrunk.", [[3.0, 0.0], [0.0, 4.0]]),
            Cause("Each gradient was shrunk to max_norm by itself: there is one factor for all.", [[1.0, 0], [0, 1.0]]),
            Cause("Each single number was cut off at max_norm, as by `clamp`.", [[1.0, 0.0], [0.0, 1.0]]),
            Cause("They were stretched: gradients that are short enough stay as they are.", [[6.0, 0.0], [0.0, 8.0]]),
            Cause("They were divided by the norm, whatever max_norm is.", [[0.6, 0.0], [0.0, 0.8]]),
        ]
        # 1e-4: with 10⁻⁶ added to the norm or without it, the factor differs by less.
        said = f"With max_norm={max_norm:g}, the gradients (3, 0) and (0, 4) become {tuple(got[0])}, {tuple(got[1])}."
        reason = cause_of(got, expected, causes, atol=1e-4)
        right = passes(assert_values, got, expected, atol=1e-4)
        require(right, f"{said}\n{reason}" if reason else said, reveal=f"Expected {expected[0]} and {expected[1]}.")


@pytest.mark.task("4", points=0.5, category="correctness")
def test_clipping_shrinks_all_alike(submission):
    """With max_norm 1 the gradients (3, 0) and (0, 4) become (0.6, 0) and (0, 0.8), with 10 they stay."""
    check_shrunk(submission)


@pytest.mark.task("4", points=0.25, category="correctness")
def test_clipping_returns_a_float(submission):
    """The norm comes back as a Python float."""
    norm = clipped(submission, PAIR, 1.0)[0]
    twice = clipped(submission, [2 * part for part in PAIR], 1.0)[0]
    returned = [[read_number(one, "What clip_gradients returns")] for one in (norm, twice)]
    assert_moved(*returned, what="norm", when="with the gradients")
    assert_values(read_number(norm, "What clip_gradients returns"), 5.0, atol=1e-3, what="clip_gradients")
    assert_types(norm, 5.0, what="clip_gradients")


@pytest.mark.task("4", points=0.5, category="hygiene")
def test_clipping_leaves_all_else_alone(submission):
    """The tensors in .grad stay the same ones, with other numbers in them; the parameters are not changed."""
    _, gradients, same, parameters = clipped(submission, PAIR, 1.0)
    moved = [part.tolist() for part in gradients] != [[3.0, 0.0], [0.0, 4.0]]
    require(moved, "The gradients (3, 0) and (0, 4) stay as they are with max_norm=1: there is nothing to look at.")
    require(
        all(same), "A parameter has a new tensor in .grad. Change the old one in place, as in `p.grad.mul_(factor)`."
    )
    ones = all(part.tolist() == [1.0, 1.0] for part in parameters)
    require(ones, "clip_gradients changes the parameters themselves: only what is in .grad should shrink.")


# ---------------------------------------------------------------------------------------------- task 5
# Plain gradient descent, a step of the checks' own: a wrong step function of yours costs points in its own task only.
DESCENT = """lambda lr: torch.no_grad()(
    lambda parameters, gradients, state: [p.sub_(lr * g) for p, g in zip(parameters, gradients)] and None
)"""
ZEROS = """lambda: (lambda model: (torch.nn.init.zeros_(model.weight), torch.nn.init.zeros_(model.bias), model)[2])(
    torch.nn.Linear(1, 1))"""
X, Y = torch.tensor([[1.0], [2.0]]), torch.tensor([2.0, 4.0])


def read_histories(result, names, num_steps):
    """The histories as lists of floats, in the order of ``names``."""
    require(isinstance(result, dict), f"compare_optimizers should return a dict; yours is a {type(result).__name__}.")
    for name in names:
        require(name in result, f"The dict of compare_optimizers has no key {name!r}; it has {list(map(str, result))}.")
    histories = [read_numbers(result[name], f"The history {name!r}") for name in names]
    for name, losses in zip(names, histories, strict=True):
        said = f"With num_steps={num_steps}, the history {name!r} should have {num_steps} losses; it has {len(losses)}."
        require(len(losses) == num_steps, said)
    return histories


def race(submission, y, num_steps, *rates):
    """The histories of gradient descent on the example at those learning rates."""
    descent = submission.function(DESCENT)
    steps = {f"rate {rate:g}": descent(rate) for rate in rates}
    result = submission.compare_optimizers(submission.function(ZEROS), X, y, steps, num_steps)
    return read_histories(result, list(steps), num_steps)


def check_example(submission):
    """Compare the first two losses of the example."""
    expected = [10.0, 1.06]
    causes = [
        *history_causes(expected, after=0.1284),
        *scale_causes(expected, count=2, what="loss"),
        Cause("The loss does not fall: the parameters of the model do not move.", [10.0, 10.0]),
        Cause("The targets have the shape (n,), the output (n, 1): their difference is an n × n table.", [10.0, None]),
    ]
    for steps in (2, 1):
        (got,) = race(submission, Y, steps, 0.1)
        what = f"compare_optimizers on the worked example with num_steps={steps}"
        assert_values(got, expected[:steps], atol=1e-3, what=what, causes=causes if steps == 2 else ())
    (other,) = race(submission, 2 * Y, 1, 0.1)
    assert_values(other, [40.0], atol=1e-3, what="compare_optimizers on the example with targets twice as large")


@pytest.mark.task("5", points=0.5, category="correctness")
def test_race_of_the_example(submission):
    """The worked example has the losses 10 and 1.06."""
    check_example(submission)


@pytest.mark.task("5", points=0.5, category="correctness")
def test_race_is_fair(submission):
    """All optimizers begin with the same loss, though the model has random parameters."""
    factory = submission.function("lambda: torch.nn.Linear(1, 1)")
    descent = submission.function(DESCENT)
    steps = {name: descent(0.05) for name in ("one", "two", "three")}
    result = submission.compare_optimizers(factory, X, Y, steps, 3)
    histories = read_histories(result, list(steps), 3)
    assert_moved(histories[2][:1], histories[2][-1:], what="loss of the third run", when="from step 1 to step 3")
    first = ", ".join(f"{losses[0]:.6g}" for losses in histories)
    fair = max(losses[0] for losses in histories) - min(losses[0] for losses in histories) <= 1e-5
    require(
        fair,
        f"The three runs begin with the losses {first}. Fair is a race from one start: call model_factory once and "
        "train a copy for each optimizer.",
    )


@pytest.mark.task("5", points=0.5, category="correctness")
def test_race_returns_plain_numbers(submission):
    """The result is a dict with the names of the optimizers, in their order, and lists of floats."""
    race(submission, Y, 2, 0.1)
    descent = submission.function(DESCENT)
    steps = {"second": descent(0.1), "first": descent(0.05)}
    result = submission.compare_optimizers(submission.function(ZEROS), X, Y, steps, 2)
    losses = read_histories(result, list(steps), 2)
    moved = passes(assert_moved, losses[0], losses[1])
    require(moved, "Two runs at different learning rates have the same losses: the types of such a record say nothing.")
    begin = [float(history[0]) for history in losses]
    require(
        abs(begin[0] - begin[1]) <= 1e-5,
        f"Both runs start with the same model, so both histories should begin with its loss; yours begin with "
        f"{begin[0]:.6g} and {begin[1]:.6g}.",
    )
    assert_types(result, {"second": [1.0, 1.0], "first": [1.0, 1.0]}, what="compare_optimizers")
    require(list(result) == list(steps), f"The names should be in the order {list(steps)}; yours is {list(result)}.")


@pytest.mark.task("5", points=1.5, category="hygiene")
def test_race_gradient_hygiene(submission, picture):
    """Every step uses its own fresh gradient, and the histories keep no old graphs alive."""
    steps = {"descent": submission.function(DESCENT)(0.05)}
    trace = submission.traced.compare_optimizers(submission.function(ZEROS), X, Y, steps, 6)
    picture.loss("Your losses of six steps", loss=trace.losses)
    # Right numbers may come from torch.func, which leaves no gradients to look at.
    trace.expect_clean(training=not passes(check_example, submission))
    (losses,) = read_histories(trace.value, ["descent"], 6)
    assert_moved(losses[:1], losses[-1:], what="loss", when="from step 1 to step 6")
    (other,) = race(submission, 2 * Y, 6, 0.05)
    assert_moved(losses, other, what="list of losses", when="with the targets")


# ---------------------------------------------------------------------------------------------- task 6
# norms, Axes, the gradients and the parameters after the call, which began with a .grad of ones.
FLOW = """lambda flow: lambda model, X, y: [
    [setattr(p, "grad", torch.ones_like(p)) for p in model.parameters()][:0],
    [p.detach().clone() for p in model.parameters()],
    flow(model, ((model(X)[:, 0] - y) ** 2).mean()),
    [p.grad for p in model.parameters()],
    [p.detach() for p in model.parameters()],
][1:]"""


def flow_of(submission, model, x, y):
    """norms as a dict of floats, the Axes, the parameters before, and both after it."""
    before, result, gradients, after = submission.around("gradient_flow", FLOW)(model, x, y)
    norms, ax = read_parts(result, "What gradient_flow returns", names=("norms", "ax"))
    require(isinstance(norms, dict), f"norms should be a dict; yours is a {type(norms).__name__}.")
    return {name: read_number(norm, f"norms[{name!r}]") for name, norm in norms.items()}, ax, before, gradients, after


def chain(submission, second=3.0):
    """The two layers of the example, made in the worker."""
    layers = [submission.make("torch.nn.Linear", 1, 1, bias=False), submission.make("torch.nn.Linear", 1, 1)]
    layers[0].load_state_dict({"weight": torch.tensor([[2.0]])})
    layers[1].load_state_dict({"weight": torch.tensor([[second]]), "bias": torch.zeros(1)})
    return submission.make("torch.nn.Sequential", *layers)


def check_flow(submission):
    """Compare the norms of the example, and of the same with another weight."""
    one = torch.ones(1, 1), torch.zeros(1)
    norms = flow_of(submission, chain(submission), *one)[0]
    causes = [
        Cause("Only the weights were counted: the bias belongs to its layer, too.", {"0": 36.0, "1": 24.0}),
        Cause("The norms of weight and bias were added: square them, add, take the root.", {"0": 36.0, "1": 36.0}),
        Cause("The ones that were in .grad before were added to the gradients.", {"0": 37.0, "1": math.hypot(25, 13)}),
        Cause("These are the squares of the norms: the root is missing.", {"0": 1296.0, "1": 720.0}),
        Cause("That is what was in .grad before: compute the gradient of the loss.", {"0": 1.0, "1": math.sqrt(2)}),
    ]
    what = "gradient_flow on the worked example"
    assert_values(norms, {"0": 36.0, "1": 26.8328}, atol=1e-3, what=what, causes=causes)
    norms = flow_of(submission, chain(submission, 1.0), *one)[0]
    # z = 2, so dL/dz = 4: 4 for the first weight, (8, 4) for the second layer.
    assert_values(norms, {"0": 4.0, "1": 8.9443}, atol=1e-3, what="gradient_flow with the weights 2 and 1")


@pytest.mark.task("6", points=0.5, category="correctness")
def test_flow_of_the_example(submission):
    """The worked example has the norms 36 and 26.8328."""
    check_flow(submission)


@pytest.mark.task("6", points=0.5, category="hygiene")
def test_flow_only_looks(submission):
    """gradient_flow changes no .grad and no parameter."""
    norms, _, before, gradients, after = flow_of(submission, chain(submission), torch.ones(1, 1), torch.zeros(1))
    other, *_ = flow_of(submission, chain(submission), torch.ones(1, 1), torch.full((1,), 4.0))
    assert_moved(list(norms.values()), list(other.values()), what="list of norms", when="with the targets")
    kept = all(isinstance(part, torch.Tensor) and bool((part == 1).all()) for part in gradients)
    require(
        kept,
        "Before the call every .grad held ones, after it they hold something else. Use torch.autograd.grad, which "
        "touches no .grad.",
    )
    same = all(torch.equal(one, other) for one, other in zip(before, after, strict=True))
    require(same, "gradient_flow changes the parameters of the model: it should only look.")


def bars_of(submission, ax):
    """(middle, height) of every bar, from left to right."""
    require(ax is not None, "The second value of gradient_flow is None: return the Axes.")
    boxes = submission.function("lambda ax: [[p.get_x() + p.get_width() / 2, p.get_height()] for p in ax.patches]")(ax)
    return sorted((float(x), float(height)) for x, height in boxes)


@pytest.mark.task("6", points=0.5, category="correctness")
def test_flow_draws_its_norms(submission):
    """There is one bar for each layer, in order, as high as the norm that was returned."""
    norms, ax, *_ = flow_of(submission, chain(submission), torch.ones(1, 1), torch.zeros(1))
    other, *_ = flow_of(submission, chain(submission, 1.0), torch.ones(1, 1), torch.zeros(1))
    assert_moved(list(norms.values()), list(other.values()), what="list of norms", when="with the weights")
    heights = [height for _, height in bars_of(submission, ax)]
    listed = ", ".join(f"{height:.4g}" for height in heights[:8]) or "none"
    same = len(heights) == len(norms) and all(
        math.isclose(height, norm, rel_tol=1e-4, abs_tol=1e-9)
        for height, norm in zip(heights, norms.values(), strict=True)
    )
    mine = ", ".join(f"{norm:.4g}" for norm in norms.values())
    require(same, f"The bars have the heights {listed}; the norms that you returned are {mine}.")
