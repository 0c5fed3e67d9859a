"""The checks of the optimizers that students never see: many steps, other settings, other networks; theory."""

from __future__ import annotations

import copy
import math

import pytest
import torch

from autograder.checks import (
    Cause,
    assert_contraction,
    assert_diverged,
    assert_moved,
    cause_of,
    history_causes,
    passes,
    read_number,
    read_numbers,
    read_parts,
    require,
)

SGD, RMSPROP, ADAM = torch.optim.SGD, torch.optim.RMSprop, torch.optim.Adam
EXACT = 1e-6
# All points of a run with these gradients, in the worker: one tensor (steps, …) for each parameter.
RUN = """lambda step: lambda start, rows, settings, runs: [
    (lambda parameters, gradients, state: [torch.stack(points) for points in zip(*[
        ([g.copy_(new) for g, new in zip(gradients, row)],
         step(list(parameters), list(gradients), state, **settings),
         [p.detach().clone() for p in parameters])[2]
        for row in zip(*rows)
    ])])([torch.nn.Parameter(p.clone()) for p in start], [torch.zeros_like(p) for p in start], {})
    for _ in range(runs)
]"""
# All points of gradient descent on h·w²/2 from w = 1, in the worker.
PARABOLA = """lambda step: lambda h, num_steps, settings: (lambda w, state: [w.item()] + [
    (step([w], [h * w.detach()], state, **settings), w.item())[1] for _ in range(num_steps)
])(torch.nn.Parameter(torch.ones(())), {})"""


def random(*shape, seed):
    """Random numbers of that shape, always the same."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def start_and_rows(num_steps, scale=1.0):
    """Three parameters of different shapes, and for each of them the gradients of all steps."""
    shapes = ((3,), (2, 4), ())
    start = [random(*shape, seed=seed) for seed, shape in enumerate(shapes)]
    return start, [scale * (random(num_steps, *shape, seed=9 + seed) + 0.3) for seed, shape in enumerate(shapes)]


def judged(optimizer, start, rows, **settings):
    """The points of the run with an optimizer of torch."""
    parameters = [torch.nn.Parameter(part.clone()) for part in start]
    steps, points = optimizer(parameters, **settings), []
    for row in zip(*rows, strict=True):
        for parameter, gradient in zip(parameters, row, strict=True):
            parameter.grad = gradient.clone()
        steps.step()
        points.append([parameter.detach().clone() for parameter in parameters])
    return [torch.stack(column) for column in zip(*points, strict=True)]


def check_run(got, expected, what, start, causes=()):
    """Name the first step and parameter at which a run leaves the right one."""
    said = ""
    for index, (mine, right) in enumerate(zip(got, expected, strict=True)):
        # 10⁻⁶, and a share of 10⁻⁶: the rounding of float32 in 200 steps, in whatever order somebody calculates.
        off = ~torch.isclose(mine.double(), right.double(), atol=EXACT, rtol=EXACT, equal_nan=True)
        rows = off.reshape(len(right), -1).any(1).nonzero()
        if len(rows):
            step = int(rows[0])
            place = int(off[step].reshape(-1).nonzero()[0])
            value = float(mine[step].reshape(-1)[place])
            upto = f"is right up to step {step}, but at step {step + 1}" if step else "is not right: after step 1"
            said = (
                f"{what} {upto} parameter {index + 1} of {len(expected)}, of shape {tuple(start[index].shape)}, "
                f"holds {value:.7g}."
            )
            break
    if said:
        if all(torch.equal(mine, torch.stack([begin] * len(mine))) for mine, begin in zip(got, start, strict=True)):
            reason = "The parameters stay where they are: change the tensors in place."
        else:
            reason = cause_of(got, expected, causes, atol=EXACT, rtol=EXACT)
        require(False, f"{said}\n{reason}" if reason else said)


def run(submission, name, start, rows, settings, runs=1):
    """The points of the student's run, or of several of them, each with a new state."""
    return submission.around(name, RUN)(start, rows, settings, runs)


def check_against_torch(submission, name, optimizer, own, theirs, num_steps=200, scale=1.0, causes=()):
    """Compare a whole run with that of torch.optim; ``causes``: words, and the settings that are taken instead."""
    start, rows = start_and_rows(num_steps, scale)
    (got,) = run(submission, name, start, rows, own)
    expected = judged(optimizer, start, rows, **theirs)
    given = ", ".join(f"{key}={value}" for key, value in own.items())
    what = f"A run of {num_steps} steps of {name} {f'with {given}' if own else 'without further settings'}"
    reasons = [Cause(words, judged(other, start, rows, **settings)) for words, other, settings in causes]
    check_run(got, expected, what, start, reasons)


def check_anew(submission, name, settings):
    """The same run twice, each with a new state, gives the same points."""
    start, rows = start_and_rows(6)
    first, second = run(submission, name, start, rows, settings, runs=2)
    assert_moved(start[0], first[0][-1], what=f"parameters of {name}", when="in six steps")
    same = all(torch.allclose(one, other, atol=EXACT, rtol=0) for one, other in zip(first, second, strict=True))
    require(
        same,
        f"The same six steps of {name} from the same start, with a new empty state, lead to other points the second "
        "time. Something of the first run is remembered outside of `state`.",
    )


# ---------------------------------------------------------------------------------------------- task 1
LOST = "The velocity is lost between the steps: keep it in `state`."
DAMPED = "The new gradient enters with the factor 1 - momentum: here it enters whole."
NESTEROV = "These are the points of Nesterov's variant."


@pytest.mark.task("1", points=0.5, category="correctness")
def test_sgd_is_that_of_torch(submission):
    """200 steps of SGD on three parameters of different shapes."""
    check_against_torch(submission, "sgd_step", SGD, {"lr": 0.01}, {"lr": 0.01})


@pytest.mark.task("1", points=0.5, category="correctness")
def test_momentum_is_that_of_torch(submission):
    """200 steps with momentum on three parameters of different shapes."""
    own = {"lr": 0.01, "momentum": 0.8}
    causes = [
        (LOST, SGD, {"lr": 0.01}),
        (DAMPED, SGD, {**own, "dampening": 0.8}),
        (NESTEROV, SGD, {**own, "nesterov": True}),
        ("`momentum` is ignored: these are the points with 0.9.", SGD, {"lr": 0.01, "momentum": 0.9}),
    ]
    check_against_torch(submission, "momentum_step", SGD, own, own, causes=causes)


@pytest.mark.task("1", points=0.5, category="correctness")
@pytest.mark.parametrize("name", ["sgd_step", "momentum_step"])
def test_first_steps_by_default(submission, name):
    """Without settings the learning rate is 0.001, and momentum is 0.9."""
    theirs = {"lr": 1e-3, "momentum": 0.9 if name == "momentum_step" else 0.0}
    causes = [
        (f"These are the points with lr={lr:g}; the default is 0.001.", SGD, {**theirs, "lr": lr})
        for lr in (1e-1, 1e-2, 1e-4)
    ]
    # Gradients ten times as large: the rounding of the parameters stays small beside what a wrong default changes.
    check_against_torch(submission, name, SGD, {}, theirs, num_steps=5, scale=10.0, causes=causes)


@pytest.mark.task("1", points=0.5, category="correctness")
@pytest.mark.parametrize("name", ["sgd_step", "momentum_step"])
def test_first_steps_begin_anew(submission, name):
    """A second run with a new state gives the same points as the first."""
    check_anew(submission, name, {"lr": 0.05})


@pytest.mark.task("1", points=0.5, category="convergence")
def test_sgd_contracts(submission):
    """On a parabola of curvature h, each step multiplies the distance to its bottom by 1 - lr·h."""
    walk = submission.around("sgd_step", PARABOLA)(3.0, 12, {"lr": 0.1})
    distances = [abs(value) for value in read_numbers(walk, "The walk of sgd_step")]
    assert_moved(distances[:1], distances[1:2], what="distance to the bottom", when="in one step of sgd_step")
    assert_contraction(distances, 0.7, rtol=1e-3, what="distance to the bottom")


@pytest.mark.task("1", points=0.5, category="convergence")
def test_momentum_swings(submission):
    """On a parabola, three points with momentum follow w₂ = (1 + momentum - lr·h)·w₁ - momentum·w₀."""
    walk = submission.around("momentum_step", PARABOLA)(3.0, 20, {"lr": 0.1, "momentum": 0.8})
    points = read_numbers(walk, "The walk of momentum_step")
    assert_moved(points[:1], points[1:2], what="parameter", when="in one step of momentum_step")
    for step, (first, second, third) in enumerate(zip(points, points[1:], points[2:], strict=False), start=2):
        follows = (1 + 0.8 - 0.1 * 3.0) * second - 0.8 * first
        require(
            abs(third - follows) <= 1e-4,
            f"On the parabola 3·w²/2, with lr=0.1 and momentum=0.8, w goes from {first:.4f} and {second:.4f} to "
            f"{third:.4f} in step {step}. That is not the law of a velocity that keeps 0.8 of itself.",
        )


@pytest.mark.task("1", points=0.5, category="convergence")
@pytest.mark.parametrize("name", ["sgd_step", "momentum_step"])
def test_first_steps_explode_without_an_exception(submission, name):
    """A learning rate that is too large comes back as huge, inf or nan numbers."""
    walk = submission.around(name, PARABOLA)
    calm = read_numbers(walk(3.0, 2, {"lr": 0.1}), f"The walk of {name}")
    assert_moved(calm[:1], calm[1:], what="parameter", when="in two steps")
    wild = read_numbers(walk(3.0, 150, {"lr": 5.0}), f"The walk of {name}")
    assert_diverged(wild[-1:], what=f"parameter after 150 steps of {name} at lr=5")


# ---------------------------------------------------------------------------------------------- task 2
@pytest.mark.task("2", points=0.5, category="correctness")
def test_rmsprop_is_that_of_torch(submission):
    """200 steps of RMSprop on three parameters of different shapes."""
    own = {"lr": 0.003, "alpha": 0.9}
    causes = [
        ("`alpha` is ignored: these are the points with 0.99.", RMSPROP, {"lr": 0.003, "alpha": 0.99}),
        ("These are the points with alpha and 1 - alpha in each other's place.", RMSPROP, {"lr": 0.003, "alpha": 0.1}),
    ]
    check_against_torch(submission, "rmsprop_step", RMSPROP, own, own, causes=causes)


@pytest.mark.task("2", points=0.5, category="correctness")
@pytest.mark.parametrize("scale", [1.0, 1e-7], ids=["usual-gradients", "tiny-gradients"])
def test_rmsprop_by_default(submission, scale):
    """Without settings lr is 0.01, alpha 0.99 and eps 1e-8, which tiny gradients feel."""
    causes = [
        (f"These are the points with lr={lr:g}; the default is 0.01.", RMSPROP, {"lr": lr}) for lr in (1e-1, 1e-3)
    ]
    causes += [("These are the points with alpha=0.9; the default is 0.99.", RMSPROP, {"alpha": 0.9})]
    check_against_torch(submission, "rmsprop_step", RMSPROP, {}, {}, num_steps=8, scale=scale, causes=causes)


@pytest.mark.task("2", points=0.5, category="correctness")
def test_rmsprop_adds_eps_to_the_root(submission):
    """With a large eps the points are still those of the formula, and gradients of zero move nothing."""
    own = {"lr": 0.01, "eps": 0.1}
    check_against_torch(submission, "rmsprop_step", RMSPROP, own, own, num_steps=6)
    check_zeros(submission, "rmsprop_step")


def check_zeros(submission, name):
    """A gradient of zero moves nothing, and divides nothing by zero."""
    start, rows = start_and_rows(2)
    (moved,) = run(submission, name, start, rows, {})
    assert_moved(start[0], moved[0][-1], what=f"parameters of {name}", when="in two steps")
    (got,) = run(submission, name, start, [torch.zeros_like(part) for part in rows], {})
    for begin, points in zip(start, got, strict=True):
        nan = bool(torch.isnan(points).any())
        said = "become nan: zero is divided by zero" if nan else "move"
        require(torch.equal(points[-1], begin), f"With gradients of zero the parameters {said} in {name}.")


@pytest.mark.task("2", points=0.25, category="correctness")
def test_rmsprop_begins_anew(submission):
    """A second run with a new state gives the same points as the first."""
    check_anew(submission, "rmsprop_step", {"lr": 0.05})


def first_way(submission, name, h, settings):
    """How far the first step goes on a parabola of that curvature."""
    points = read_numbers(submission.around(name, PARABOLA)(h, 2, settings), f"The walk of {name}")
    assert_moved(points[:1], points[1:2], what="parameter", when=f"in one step of {name}")
    return points[0] - points[1]


@pytest.mark.task("2", points=0.25, category="convergence")
def test_rmsprop_first_step_has_one_length(submission):
    """The first step has the length lr / √(1 - alpha), for large and for small gradients."""
    for h in (100.0, 0.01):
        way = first_way(submission, "rmsprop_step", h, {"lr": 0.01, "alpha": 0.96})
        said = f"With the gradient {h:g}, lr=0.01 and alpha=0.96 the first step of rmsprop_step goes {way:.5g} downhill"
        require(abs(way - 0.05) <= 1e-5, f"{said}; it should not depend on the gradient, and be lr / √(1 - alpha).")


# ---------------------------------------------------------------------------------------------- task 3
@pytest.mark.task("3", points=0.5, category="correctness")
def test_adam_is_that_of_torch(submission):
    """200 steps of Adam on three parameters of different shapes."""
    check_against_torch(submission, "adam_step", ADAM, {"lr": 0.005}, {"lr": 0.005})


@pytest.mark.task("3", points=0.5, category="correctness")
@pytest.mark.parametrize("scale", [1.0, 1e-7], ids=["usual-gradients", "tiny-gradients"])
def test_adam_by_default(submission, scale):
    """Without settings lr is 0.001, betas are (0.9, 0.999) and eps is 1e-8, which tiny gradients feel."""
    causes = [(f"These are the points with lr={lr:g}; the default is 0.001.", ADAM, {"lr": lr}) for lr in (1e-1, 1e-2)]
    causes += [
        (f"These are the points with betas={betas}; the default is (0.9, 0.999).", ADAM, {"betas": betas})
        for betas in ((0.9, 0.99), (0.999, 0.9), (0.9, 0.9))
    ]
    check_against_torch(submission, "adam_step", ADAM, {}, {}, num_steps=40, scale=scale, causes=causes)


@pytest.mark.task("3", points=0.5, category="correctness")
def test_adam_with_other_settings(submission):
    """Other betas and a large eps, which is added to the root."""
    own = {"lr": 0.01, "betas": (0.7, 0.95), "eps": 0.1}
    causes = [
        ("`betas` are ignored: these are the points with (0.9, 0.999).", ADAM, {"lr": 0.01, "eps": 0.1}),
        ("`eps` is ignored: these are the points with 1e-8.", ADAM, {"lr": 0.01, "betas": (0.7, 0.95)}),
    ]
    check_against_torch(submission, "adam_step", ADAM, own, own, num_steps=20, causes=causes)


@pytest.mark.task("3", points=0.25, category="correctness")
def test_adam_stands_still_without_gradients(submission):
    """Gradients of zero move nothing."""
    check_zeros(submission, "adam_step")


@pytest.mark.task("3", points=0.5, category="correctness")
def test_adam_begins_anew(submission):
    """A second run with a new state gives the same points as the first, also the number of the step."""
    check_anew(submission, "adam_step", {"lr": 0.05})


@pytest.mark.task("3", points=0.75, category="convergence")
def test_adam_does_not_feel_the_scale(submission):
    """Gradients that are 1000 times as large give the same walk, and its first step has the length lr."""
    for h in (100.0, 0.01):
        way = first_way(submission, "adam_step", h, {"lr": 0.01})
        said = f"With the gradient {h:g} and lr=0.01 the first step of adam_step goes {way:.5g} downhill"
        require(abs(way - 0.01) <= 1e-5, f"{said}; it should not depend on the gradient, and be lr.")
    start, rows = start_and_rows(30)
    (small,) = run(submission, "adam_step", start, rows, {"lr": 0.01})
    (large,) = run(submission, "adam_step", start, [1000 * part for part in rows], {"lr": 0.01})
    same = all(torch.allclose(one, other, atol=1e-4, rtol=0) for one, other in zip(small, large, strict=True))
    require(same, "With gradients 1000 times as large, adam_step makes another walk. The factor should cancel.")


# ---------------------------------------------------------------------------------------------- task 4
# What clip_gradients returns, and the gradients after it (zeros for None); ``calls`` times, on an iterator or a list.
CLIP = """lambda clip: lambda gradients, max_norm, calls, once: (lambda parameters: [
    [setattr(p, "grad", None if g is None else g.clone()) for p, g in zip(parameters, gradients)][:0],
    [clip(iter(parameters) if once else list(parameters), max_norm) for _ in range(calls)],
    [torch.zeros_like(p) if p.grad is None else p.grad for p in parameters],
    [p.grad is None for p in parameters],
][1:])([torch.nn.Parameter(torch.zeros(()) if g is None else torch.zeros_like(g)) for g in gradients])"""


def clipped(submission, gradients, max_norm, calls=1, once=False):
    """(the norms that were returned, the gradients after it, which are None)"""
    norms, after, none = submission.around("clip_gradients", CLIP)(gradients, max_norm, calls, once)
    return [read_number(norm, "What clip_gradients returns") for norm in norms], after, none


def check_clipped(submission, gradients, max_norm, situation, once=False):
    """Compare the norm and the gradients with those of torch."""
    (norm,), after, _ = clipped(submission, gradients, max_norm, once=once)
    whole = torch.cat([part.reshape(-1) for part in gradients if part is not None]).double()
    right = whole.norm().item()
    require(abs(norm - right) <= 1e-4 * right, f"{situation} clip_gradients returns the norm {norm:.6g}, not theirs.")
    factor = min(1.0, max_norm / right) if right else 1.0
    length = torch.cat([part.reshape(-1) for part in after]).double().norm().item()
    same = all(
        torch.allclose(one.double(), factor * other.double(), atol=0, rtol=1e-4)
        for one, other in zip(after, gradients, strict=True)
        if other is not None
    )
    message = f"{situation} with the norm {right:.6g} and max_norm={max_norm:g}, the gradients after it are not right."
    require(same, f"{message} Together they have the norm {length:.6g}.")


@pytest.mark.task("4", points=0.5, category="correctness")
@pytest.mark.parametrize("max_norm", [0.5, 3.0, 100.0])
def test_clipping_of_other_gradients(submission, max_norm):
    """Norm and gradients are right for tensors of several shapes."""
    gradients = [random(2, 3, seed=31), random(4, seed=32), random(seed=33), random(2, 2, 2, seed=34)]
    check_clipped(submission, gradients, max_norm, "For four gradients of different shapes,")


@pytest.mark.task("4", points=0.5, category="correctness")
def test_clipping_skips_what_has_no_gradient(submission):
    """Parameters without a gradient are skipped, and gradients of zero stay zero."""
    gradients = [random(3, seed=35), None, random(2, 2, seed=36)]
    check_clipped(submission, gradients, 0.7, "Where one parameter of three has no gradient,")
    _, _, none = clipped(submission, gradients, 0.7)
    require(none[1], "The parameter whose .grad was None has a gradient after clip_gradients: leave it alone.")
    for gradients, said in (([None, None], "Where no parameter has a gradient"), ([torch.zeros(3)], "For zeros")):
        (norm,), after, _ = clipped(submission, gradients, 1.0)
        require(norm == 0.0, f"{said}, clip_gradients should return 0.0; yours returns {norm:.6g}.")
        require(not any(part.any() for part in after), f"{said}, the gradients should stay as they are.")


@pytest.mark.task("4", points=0.25, category="correctness")
def test_clipping_takes_an_iterator(submission):
    """It works with what can be walked through only once, and a second call changes nothing more."""
    gradients = [random(2, 3, seed=37), random(4, seed=38)]
    check_clipped(submission, gradients, 0.5, "For parameters that can be walked through only once,", once=True)
    norms, *_ = clipped(submission, gradients, 0.5, calls=2)
    said = f"A second call with max_norm=0.5 should find the norm 0.5; yours returns {norms[1]:.6g}."
    require(abs(norms[1] - 0.5) <= 1e-4, said)


# ---------------------------------------------------------------------------------------------- task 5
DESCENT = """lambda lr: torch.no_grad()(
    lambda parameters, gradients, state: [p.sub_(lr * g) for p, g in zip(parameters, gradients)] and None
)"""
# Momentum that keeps its velocities in the state that it is given.
HEAVY = """lambda lr: torch.no_grad()(
    lambda parameters, gradients, memory: [
        p.sub_(lr * memory.setdefault(i, torch.zeros_like(p)).mul_(0.9).add_(g))
        for i, (p, g) in enumerate(zip(parameters, gradients))
    ] and None
)"""
NETWORK = """lambda state: lambda: (lambda model: (model.load_state_dict(state), model)[1])(torch.nn.Sequential(
    torch.nn.Linear(3, 5), torch.nn.Tanh(), torch.nn.Linear(5, 1)))"""
LINE = """lambda state: lambda: (lambda model: (model.load_state_dict(state), model)[1])(torch.nn.Linear(2, 1))"""
# The losses of a student's own step function in a loop of the checks.
LOOP = """lambda step: lambda factory, X, y, num_steps: (lambda model, state: [
    (lambda loss: (
        step(list(model.parameters()), list(torch.autograd.grad(loss, list(model.parameters()))), state), loss.item()
    )[1])(((model(X)[:, 0] - y) ** 2).mean())
    for _step in range(num_steps)
])(factory(), {})"""
NAMES = ("sgd", "momentum", "rmsprop", "adam")


def network():
    """The small network of the checks, and its data."""
    model = torch.nn.Sequential(torch.nn.Linear(3, 5), torch.nn.Tanh(), torch.nn.Linear(5, 1))
    state = {name: random(*value.shape, seed=41 + k) / 2 for k, (name, value) in enumerate(model.state_dict().items())}
    model.load_state_dict(state)
    X = random(12, 3, seed=46)
    return model, state, X, X[:, 0] * X[:, 1] + 0.5 * X[:, 2]


def judged_losses(model, X, y, optimizer, num_steps, **settings):
    """The losses of an optimizer of torch, each before its update."""
    model = copy.deepcopy(model)
    steps, losses = optimizer(model.parameters(), **settings), []
    for _ in range(num_steps):
        loss = ((model(X)[:, 0] - y) ** 2).mean()
        losses.append(loss.item())
        steps.zero_grad()
        loss.backward()
        steps.step()
    return losses


def histories_of(result, names):
    """The histories as lists of floats."""
    require(isinstance(result, dict), f"compare_optimizers should return a dict; yours is a {type(result).__name__}.")
    for name in names:
        require(name in result, f"The dict of compare_optimizers has no key {name!r}; it has {list(map(str, result))}.")
    return {name: read_numbers(result[name], f"The history {name!r}") for name in names}


SWINGS_FROM = 60
"""The step after which RMSprop, by default, is at the bottom of the test's network."""


def check_losses(losses, expected, name):
    """Compare a history; say why it is off where that can be seen."""
    count = len(expected)
    said = f"The history {name!r} of {count} steps"
    reason = cause_of(losses, expected, history_causes(expected), atol=1e-4)
    end = f"\n{reason}" if reason else ""
    require(len(losses) == count, f"{said} has {len(losses)} losses.{end}")
    for step, (mine, right) in enumerate(zip(losses, expected, strict=True), start=1):
        # 10⁻⁴: the rounding of float32 grows with the steps of a network.
        # RMSprop's steps do not get shorter: in the end it swings, and what float32 rounds decides where to.
        near = 0.3 * right if name == "rmsprop" and step > SWINGS_FROM else 1e-4 * max(1.0, right)
        upto = f"is right up to step {step - 1}, but at step {step} the loss" if step > 1 else "has a first loss that"
        require(abs(mine - right) <= near, f"{said} {upto} is {mine:.6g}.{end}")


@pytest.mark.task("5", points=1, category="correctness")
@pytest.mark.parametrize("num_steps", [2, 150])
def test_race_of_a_network(submission, num_steps):
    """Another model, other data, few and many steps: every history is that of its optimizer, with its own state."""
    model, state, X, y = network()
    heavy = submission.function(HEAVY)
    steps = {"heavy": heavy(0.02), "plain": submission.function(DESCENT)(0.1), "heavier": heavy(0.05)}
    factory = submission.function(NETWORK)(state)
    result = histories_of(submission.compare_optimizers(factory, X, y, steps, num_steps), list(steps))
    settings = {"heavy": (0.02, 0.9), "plain": (0.1, 0.0), "heavier": (0.05, 0.9)}
    for name, (lr, momentum) in settings.items():
        check_losses(result[name], judged_losses(model, X, y, SGD, num_steps, lr=lr, momentum=momentum), name)
    _, _, _, other = network()
    (again,) = histories_of(submission.compare_optimizers(factory, X, 3 * other, {"a": heavy(0.02)}, 1), ["a"]).values()
    check_losses(again, judged_losses(model, X, 3 * other, SGD, 1, lr=0.02), "a")


@pytest.mark.task("5", points=0.5, category="correctness")
def test_race_of_the_four(submission):
    """Without optimizers and num_steps, your four step functions race for 100 steps, with their default settings."""
    model, state, X, y = network()
    factory = submission.function(NETWORK)(state)
    result = submission.compare_optimizers(factory, X, y)
    histories = histories_of(result, NAMES)
    require(list(result) == list(NAMES), f"The names should be {list(NAMES)}, in this order; yours: {list(result)}.")
    judges = {"sgd": (SGD, {}), "momentum": (SGD, {"momentum": 0.9}), "rmsprop": (RMSPROP, {}), "adam": (ADAM, {})}
    for name, losses in histories.items():
        optimizer, settings = judges[name]
        right = judged_losses(model, X, y, optimizer, 100, **settings)
        if passes(check_losses, losses, right, name):
            continue
        # A wrong step function is the business of its own task: here its losses in a right loop are right.
        own = read_numbers(submission.around(f"{name}_step", LOOP)(factory, X, y, 100), f"The losses of {name}_step")
        check_losses(losses, own, name)
        require(losses[0] != losses[-1], f"In 100 steps of {name} the loss stays at {losses[0]:.6g}: nothing moves.")
        started = abs(own[0] - right[0]) <= 1e-4
        require(started, f"The history {name!r} begins with {losses[0]:.6g}, which is not the loss of the model.")


@pytest.mark.task("5", points=0.5, category="correctness")
def test_race_is_the_same_again(submission):
    """A second call on the same objects gives the same histories, and the data stay as they are."""
    _, state, X, y = network()
    factory, steps = submission.function(NETWORK)(state), {"heavy": submission.function(HEAVY)(0.05)}
    first, second = (
        histories_of(submission.compare_optimizers(factory, X, y, steps, 8), ["heavy"])["heavy"] for _ in range(2)
    )
    (other,) = histories_of(submission.compare_optimizers(factory, X, 2 * y, steps, 8), ["heavy"]).values()
    assert_moved(first, other, what="history", when="with the targets")
    assert_moved(first[:1], first[-1:], what="loss", when="in eight steps")
    require(
        len(first) == len(second) and all(abs(a - b) <= 1e-6 for a, b in zip(first, second, strict=True)),
        "The same call gives other losses the second time. Something of the first call is remembered.",
    )


@pytest.mark.task("5", points=0.25, category="convergence")
def test_race_shows_an_explosion(submission):
    """A learning rate that is too large comes back as huge, inf or nan losses, and harms no other run."""
    model, state, X, y = network()
    descent = submission.function(DESCENT)
    steps, factory = {"wild": descent(1e6), "calm": descent(0.05)}, submission.function(NETWORK)(state)
    histories = histories_of(submission.compare_optimizers(factory, X, y, steps, 12), list(steps))
    check_losses(histories["calm"], judged_losses(model, X, y, SGD, 12, lr=0.05), "calm")
    require(len(histories["wild"]) == 12, f"The run that explodes has {len(histories['wild'])} losses of 12.")
    assert_diverged(histories["wild"][-1:], what="last loss at the learning rate 10⁶")


@pytest.mark.task("5", points=0.75, category="convergence")
def test_race_falls_at_the_rate_of_theory(submission):
    """The loss of a linear model falls to its minimum with the factor (1 - lr·λ)² per step."""
    X, y = random(20, 2, seed=51), random(20, seed=52)
    matrix = torch.cat([X, torch.ones(20, 1)], 1).double()
    minimum = torch.linalg.lstsq(matrix, y.double()[:, None]).solution[:, 0]
    eigenvalues, vectors = torch.linalg.eigh(2 / 20 * matrix.T @ matrix)
    start = (minimum + 5 * vectors[:, 2]).float()
    factory = submission.function(LINE)({"weight": start[None, :2], "bias": start[2:]})
    steps = {"descent": submission.function(DESCENT)(0.1)}
    (losses,) = histories_of(submission.compare_optimizers(factory, X, y, steps, 6), list(steps)).values()
    least = ((matrix @ minimum - y) ** 2).mean().item()
    above = [loss - least for loss in losses]
    assert_moved(above[:1], above[-1:], what="loss above its minimum", when="in six steps")
    rate = (1 - 0.1 * eigenvalues[2].item()) ** 2
    assert_contraction(above, rate, rtol=1e-2, what="loss above its minimum")


# ---------------------------------------------------------------------------------------------- task 6
FLOW = "lambda flow: lambda model, X, y: flow(model, ((model(X)[:, 0] - y) ** 2).mean())"
DEEP = """lambda activation: torch.nn.Sequential(torch.nn.Linear(1, 10), *[
    layer for k in range(7) for layer in (getattr(torch.nn, activation)(), torch.nn.Linear(10, 1 if k == 6 else 10))
])"""


def deep(activation):
    """The judge's own network of eight layers."""
    layers = [torch.nn.Linear(1, 10)]
    for width in (10,) * 6 + (1,):
        layers += [getattr(torch.nn, activation)(), torch.nn.Linear(10, width)]
    return torch.nn.Sequential(*layers)


def flow_of(submission, model, x, y):
    """norms as a dict of floats, and the Axes."""
    norms, ax = read_parts(
        submission.around("gradient_flow", FLOW)(model, x, y), "What gradient_flow returns", names=("norms", "ax")
    )
    require(isinstance(norms, dict), f"norms should be a dict; yours is a {type(norms).__name__}.")
    return {layer: read_number(norm, f"norms[{layer!r}]") for layer, norm in norms.items()}, ax


def judged_norms(model, x, y):
    """The norms of the judge's own model."""
    parameters = {name: p for name, p in model.named_parameters() if p.requires_grad}
    loss = ((model(x)[:, 0] - y) ** 2).mean()
    found = dict(zip(parameters, torch.autograd.grad(loss, list(parameters.values()), allow_unused=True), strict=True))
    squares = {}
    for name, _ in model.named_parameters():
        layer, gradient = name.rpartition(".")[0], found.get(name)
        squares[layer] = squares.get(layer, 0.0) + (
            0.0 if gradient is None else gradient.double().square().sum().item()
        )
    return {layer: math.sqrt(square) for layer, square in squares.items()}


def check_norms(got, expected, situation):
    """Compare names, order and norms."""
    require(list(got) == list(expected), f"{situation} the layers are {list(expected)}; yours are {list(got)}.")
    for layer, norm in got.items():
        # Float32: a share of 10⁻³ for gradients that went through eight layers.
        right = math.isclose(norm, expected[layer], rel_tol=1e-3, abs_tol=1e-9)
        require(right, f"{situation} layer {layer!r} has the norm {norm:.4g}, which is not right.")


@pytest.mark.task("6", points=1, category="correctness")
def test_flow_of_nested_and_frozen_layers(submission):
    """A network in a network; a frozen layer and one that the loss does not depend on count as zero."""
    mine = torch.nn.ModuleDict({"body": torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.Tanh())})
    mine["head"], mine["spare"] = torch.nn.Linear(4, 1), torch.nn.Linear(4, 1)
    for k, parameter in enumerate(mine.parameters()):
        parameter.data = random(*parameter.shape, seed=61 + k)
    x, y = random(6, 2, seed=71), random(6, seed=72)
    flow = submission.around("gradient_flow", NESTED)
    for frozen in (False, True):
        norms, _ = read_parts(
            flow(dict(mine.state_dict()), x, y, frozen), "The result of gradient_flow", names=("n", "a")
        )
        require(isinstance(norms, dict), f"norms should be a dict; yours is a {type(norms).__name__}.")
        mine["body"].requires_grad_(not frozen)
        whole = torch.nn.Module()
        whole.forward = lambda x: mine["head"](mine["body"](x))
        whole.named_parameters = mine.named_parameters
        got = {name: read_number(norm, f"norms[{name!r}]") for name, norm in norms.items()}
        check_norms(got, judged_norms(whole, x, y), f"In a nested network{' with a frozen layer' if frozen else ''},")


NESTED = """lambda flow: lambda state, x, y, frozen: (lambda model: [
    model.load_state_dict(state),
    model["body"].requires_grad_(not frozen),
    flow(model, ((model["head"](model["body"](x))[:, 0] - y) ** 2).mean()),
][2])(torch.nn.ModuleDict({
    "body": torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.Tanh()),
    "head": torch.nn.Linear(4, 1),
    "spare": torch.nn.Linear(4, 1),
}))"""


@pytest.mark.task("6", points=0.75, category="convergence")
@pytest.mark.parametrize(("activation", "least", "most"), [("Sigmoid", 0.0, 1e-4), ("ReLU", 1e-3, 1.0)])
def test_flow_shows_what_vanishes(submission, given, activation, least, most):
    """Through eight layers of sigmoids the gradient vanishes; through ReLUs it does not so badly."""
    torch.manual_seed(0)
    mine, (x, y) = deep(activation), given.make_wave_data()
    theirs = submission.function(DEEP)(activation)
    theirs.load_state_dict(dict(mine.state_dict()))
    norms, _ = flow_of(submission, theirs, x, y)
    check_norms(norms, judged_norms(mine, x, y), f"In the deep network of {activation}s,")
    share = norms["0"] / norms["14"]
    said = f"The first of eight layers of {activation}s has {share:.2g} of the last one's gradient in your norms."
    require(least <= share <= most, said)


def shown(submission):
    """The Axes of a small network, after making sure that it shows something."""
    model = submission.function("lambda: torch.nn.Sequential(torch.nn.Linear(1, 3), torch.nn.Linear(3, 1))")()
    _, ax = flow_of(submission, model, torch.ones(4, 1), torch.zeros(4))
    require(ax is not None, "The second value of gradient_flow is None: return the Axes.")
    bars = submission.function("lambda ax: [float(p.get_height()) for p in ax.patches]")(ax)
    high = [float(bar) for bar in bars]
    require(len(set(high)) > 1, "There are no bars of different heights in the Axes: draw the norms with `ax.bar`.")
    return ax


@pytest.mark.task("6", points=0.25, category="correctness")
def test_flow_has_a_logarithmic_scale_and_labels(submission):
    """The vertical axis is logarithmic, the bars have the names of the layers, both axes have a label."""
    ax = shown(submission)
    require(ax.get_yscale() == "log", "The vertical axis should be logarithmic: `ax.set_yscale('log')`.")
    for label, axis in ((ax.get_xlabel(), "horizontal"), (ax.get_ylabel(), "vertical")):
        require(isinstance(label, str) and label.strip(), f"The {axis} axis has no label.")
    ticks = submission.function("lambda ax: [label.get_text() for label in ax.get_xticklabels()]")(ax)
    found = [str(tick) for tick in ticks if str(tick).strip()]
    require(found == ["0", "1"], f"Below the bars of the layers '0' and '1' there are the names {found}.")


@pytest.mark.task("6", points=0.5, category="correctness")
def test_flow_draws_into_a_new_figure(submission):
    """A second call draws into a new figure."""
    shown(submission)
    count = len(submission.function("lambda ax: [float(p.get_height()) for p in ax.patches]")(shown(submission)))
    require(count == 2, f"After a second call there are {count} bars in the Axes, where the network has 2 layers.")
