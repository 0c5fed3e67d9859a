"""The checks that you get. Run them with `pytest` as often as you like."""

from __future__ import annotations

import itertools
import math
import re

import pytest
import torch

from autograder.checks import (
    Cause,
    assert_clean_runs,
    assert_descent,
    assert_moved,
    assert_types,
    assert_values,
    passes,
    read_number,
    read_numbers,
    read_parts,
    require,
)
from autograder.errors import CheckFailure

RATE = 5e-4
MAP_LIMITS = [-6.0, 6.0]
PARTS = ("u_final", "v_final", "loss_history", "trajectory")
KNOWN = {(1.0, 1.0): 106.0, (3.0, 2.0): 0.0, (-1.0, 1.0): 130.0, (2.0, -3.0): 116.0}
"""Values of the function that stand on the page."""
PATH = [(1.0, 0.5), (1.5, 2.25), (2.5, 2.75), (3.25, 2.5), (3.0, 2.0)]


def walk(submission, *start, **settings):
    """What the student's walk returned: the final point, the losses and the points, as floats.

    Whether they should have been floats, lists and tuples is the business of a single check.
    """
    result = submission.optimize_himmelblau(*start, **settings)
    u, v, losses, points = read_parts(result, "The result of optimize_himmelblau", names=PARTS)
    final = (read_number(u, "u_final"), read_number(v, "v_final"))
    path = [
        tuple(read_numbers(point, "An entry of trajectory", names=("u", "v")))
        for point in read_parts(points, "trajectory")
    ]
    return final, read_numbers(losses, "loss_history"), path


def expect_another_start(submission):
    """Make sure that the walk has to do with where it begins: numbers copied from the page stay the same."""
    one, other = (walk(submission, u, 1.0, num_steps=2, verbose=False)[0] for u in (1.0, -1.0))
    assert_moved(one, other, what="final point of the walk", when="with the start")


def expect_a_walk(submission):
    """Make sure that the walk moves, and that its losses have to do with the student's function on the way."""
    final, losses, points = walk(submission, 1.0, 1.0, learning_rate=1e-3, num_steps=3, verbose=False)
    # The point after the last step, recorded as well, is the business of the checks of the numbers.
    require(len(points) in (3, 4), f"A walk of 3 steps should record 3 points; yours has {len(points)}.")
    expect_another_start(submission)
    assert_moved(points[0], points[-1], what="point (u, v)", when="from step 1 to step 3")
    near = all(abs(u - 1.0) < 0.5 and abs(v - 1.0) < 0.5 for u, v in points)
    said = "; ".join(f"({u:.4g}, {v:.4g})" for u, v in points[:3])
    require(near, f"Three steps of gradient descent at rate 0.001 stay near (1, 1); yours has the points {said}.")
    values = [
        read_number(submission.himmelblau(torch.tensor(u), torch.tensor(v)), "himmelblau(u, v)")
        for u, v in (*points, final)
    ]
    known = [106.0, *values]  # the right value at the start, too: a wrong function is the business of task 1
    require(
        any(abs(loss - value) <= 1e-3 * max(1.0, abs(value)) for loss in losses for value in known),
        f"A walk of 3 steps has the losses {', '.join(f'{loss:.4g}' for loss in losses[:3]) or 'none'}; at its points "
        f"your function himmelblau is {', '.join(f'{value:.4g}' for value in values[:3])}.",
    )


def own_function(submission):
    """The student's himmelblau where it differs from the handout's, which is the business of task 1; else None."""
    values = [read_number(submission.himmelblau(torch.tensor(u), torch.tensor(v))) for u, v in KNOWN]
    if not all(math.isfinite(value) for value in values) or len(set(values)) < 2:
        return None
    right = all(abs(value - known) <= 1e-3 for value, known in zip(values, KNOWN.values(), strict=True))
    return None if right else submission.himmelblau


def compare_or_go_on(submission, note, compare, walked, start, rate, steps=None):
    """Run `compare`; where it fails and himmelblau is wrong, compare the walk with the student's own function instead.

    One fault costs once. `steps`: how many steps the walk should have; without, the numbers of the walk decide.
    """
    try:
        compare()
    except CheckFailure:
        own = own_function(submission)
        if own is None:
            raise
        note("Your himmelblau() differs from the handout's (task 1). This check went on with yours.")
        final, losses, points = walked
        require(
            len(points) == len(losses) == (len(points) if steps is None else steps) > 0,
            f"The walk should record {steps} losses and points; yours recorded {len(losses)} and {len(points)}.",
        )
        for coordinate, value in zip(points[0], start, strict=True):
            require(value is None or abs(coordinate - value) <= 1e-4, f"The walk should begin at {start}.")
        end = [] if steps is None else [final]
        assert_descent(own, [*points, *end], rate, losses=losses, name="your himmelblau")


def axes_of(submission, result, name, note=None):
    """The Axes that a plot function returned; with `note`, those that it drew into if it returned None.

    One check of each plot asks for the return, and only that one. Plots are drawn `again` for each check: None, once it
    is known for the answer, would draw nothing.
    """
    if result is None and note is not None:
        note(f"{name} returned None; this check looked at the current Axes instead.")
        result = submission.function("lambda: __import__('matplotlib.pyplot').pyplot.gca()")()
    require(result is not None, f"{name} returned None: end it with `return ax`.")
    alone = not isinstance(result, (tuple, list))
    require(alone, f"{name} should return the Axes alone, yours returned several things.")
    return result


def line_points(ax):
    """One tensor of shape (n, 2) for each line in the Axes."""
    return [torch.as_tensor(line.get_xydata()).double() for line in ax.get_lines()]


def scattered(submission, ax):
    """(marker, points) of each `scatter` in the Axes; the marker is told from its outline: o, x or something else."""
    found = []
    for collection in submission.function("lambda ax: list(ax.collections)")(ax):
        offsets = torch.as_tensor(collection.get_offsets().tolist()).double().reshape(-1, 2)
        outline = [torch.as_tensor(path.vertices.get()).double() for path in collection.get_paths()]
        marker = "?"
        if outline and len(outline[0]) >= 20:
            marker = "o"
        elif outline and (len(outline[0]) == 13 or (len(outline[0]) == 4 and bool((outline[0] != 0).all()))):
            marker = "x"  # filled, or the plain one; a plus has zeros
        found.append((marker, offsets))
    return found


def has_point(points, point):
    """Whether one row of `points` is the point."""
    distance = (points - torch.tensor(point, dtype=torch.float64)).abs().amax(dim=1) if len(points) else torch.ones(1)
    return bool((distance < 1e-4).any())


# ---------------------------------------------------------------------------------------------- task 1
@pytest.mark.task("1", points=1, category="correctness")
@pytest.mark.parametrize(
    ("u", "v", "expected"), [(1.0, 1.0, 106.0), (3.0, 2.0, 0.0), (-1.0, 1.0, 130.0), (2.0, -3.0, 116.0)]
)
def test_himmelblau_at_known_points(submission, u, v, expected):
    """The function has the right value at a known point."""
    got = submission.himmelblau(torch.tensor(u), torch.tensor(v))
    elsewhere = submission.himmelblau(torch.tensor(0.5), torch.tensor(-2.0))
    assert_moved([read_number(elsewhere)], [read_number(got)], what="value of himmelblau", when="with u and v")
    assert_values(got, torch.tensor(expected), atol=1e-3, what=f"himmelblau({u:g}, {v:g})")


# ---------------------------------------------------------------------------------------------- task 2
@pytest.mark.task("2", points=2, category="correctness")
@pytest.mark.parametrize(
    ("start", "rows", "final"),
    [
        (
            (1.0, 1.0),
            ((2.8298, 2.0261, 0.938195), (2.9880, 2.0220, 0.008313), (2.9974, 2.0062, 0.000588)),
            (2.9974, 2.0061),
        ),
        (
            (-1.0, -1.0),
            ((-3.1413, -2.1422, 41.550198), (-3.7448, -3.2243, 0.161758), (-3.7783, -3.2816, 0.000130)),
            (-3.7783, -3.2816),
        ),
    ],
    ids=["from_1_1", "from_-1_-1"],
)
def test_walk_has_the_published_numbers(submission, picture, note, start, rows, final):
    """The walk passes through the points of the table and ends where it says."""
    got_final, losses, points = walk(submission, *start, learning_rate=RATE, verbose=False)
    picture.path(f"Your walk from ({start[0]:g}, {start[1]:g}): u to the right, v upward", points)
    require(
        len(losses) == 300 and len(points) == 300,
        f"The 300 steps that are made where num_steps is not given should leave 300 losses and 300 points; yours left "
        f"{len(losses)} and {len(points)}.",
    )

    def compare():
        for step, expected in zip((100, 200, 300), rows, strict=True):
            got = (*points[step - 1], losses[step - 1])
            names = [f"{name} at step {step}" for name in ("u", "v", "loss")]
            assert_values(got, expected, atol=1e-3, names=names, what="optimize_himmelblau")
        assert_values(got_final, final, atol=1e-3, names=("u_final", "v_final"), what="optimize_himmelblau")

    compare_or_go_on(submission, note, compare, (got_final, losses, points), start, RATE, 300)


@pytest.mark.task("2", points=1, category="correctness")
def test_first_step_is_recorded_before_its_update(submission, note):
    """A walk of one step records the start, and returns the point after the update."""
    final, losses, points = walk(submission, 1.0, 1.0, learning_rate=1e-3, num_steps=1, verbose=False)
    names = ("u_final", "v_final", "loss_history", "trajectory")
    expected = (1.046, 1.038, [106.0], [(1.0, 1.0)])
    after = Cause(
        "The point is recorded after the update: record it before, as the loss is.",
        (1.046, 1.038, [106.0], [(1.046, 1.038)]),
    )
    compare_or_go_on(
        submission,
        note,
        lambda: assert_values(
            (*final, losses, points), expected, atol=1e-4, names=names, what="optimize_himmelblau", causes=[after]
        ),
        (final, losses, points),
        (1.0, 1.0),
        1e-3,
        1,
    )
    expect_another_start(submission)


@pytest.mark.task("2", points=1, category="correctness")
def test_default_start_is_drawn_with_seed_0(submission):
    """Called without any argument, the walk begins at the random point of seed 0."""
    _, _, points = walk(submission)
    require(len(points) > 1, f"optimize_himmelblau() should record 300 points; yours has {len(points)}.")
    assert_moved(points[0], points[1], what="point (u, v) of optimize_himmelblau()", when="from step 1 to step 2")
    names = ("u at step 1", "v at step 1")
    causes = [
        Cause("v was drawn first, then u: draw u first.", (-0.2934, 1.5410)),
        Cause("Those are the first numbers of seed 1: set torch.manual_seed(0).", (0.6614, 0.2669)),
        Cause("That is the second number of seed 0: something was drawn before u.", (-0.2934, -2.1788)),
    ]
    assert_values(points[0], (1.5410, -0.2934), atol=1e-3, names=names, what="optimize_himmelblau()", causes=causes)
    expect_another_start(submission)


@pytest.mark.task("2", points=1, category="correctness")
def test_walk_stops_when_the_loss_settles(submission, note):
    """With loss_tol=1e-4 the walk from (-1, 1) stops at step 233."""
    final, losses, points = walk(submission, -1.0, 1.0, learning_rate=RATE, num_steps=300, loss_tol=1e-4, verbose=False)
    count = len(losses)
    require(count == len(points), f"Your walk recorded {count} losses, but {len(points)} points.")
    # The last bits of the losses decide: a right function, written in another way, stops a few steps earlier or later.
    changes = [abs(after - before) for before, after in itertools.pairwise(losses)]
    by_the_rule = [step for step, change in enumerate(changes, start=2) if change < 1e-4][:1] == [count]

    def compare():
        require(
            count == 233 or (by_the_rule and abs(count - 233) <= 8),
            f"The walk of the table stops at step 233, with 233 losses and points; yours has {count} of each.",
        )
        names = ("loss of the last step",)
        assert_values((losses[-1],), (0.001436,), atol=1e-3, names=names, what="optimize_himmelblau")

    settled = not any(change < 1e-4 for change in changes) and count == 300
    own_steps = count if by_the_rule or settled else None
    compare_or_go_on(submission, note, compare, (final, losses, points), (-1.0, 1.0), RATE)
    if own_steps is None and not passes(compare):
        require(False, f"Your walk has {count} steps; by its own losses it should have stopped elsewhere.")


@pytest.mark.task("2", points=1, category="correctness")
def test_walk_returns_plain_numbers(submission):
    """The results are Python floats in lists, not tensors."""
    expect_a_walk(submission)
    _, losses, points = walk(submission, 1.0, 1.0, learning_rate=1e-3, num_steps=3, verbose=False)
    result = submission.optimize_himmelblau(1.0, 1.0, learning_rate=1e-3, num_steps=3, verbose=False)
    like = (0.0, 0.0, [0.0] * len(losses), [(0.0, 0.0)] * len(points))
    assert_types(tuple(result), like, names=PARTS, what="optimize_himmelblau")


@pytest.mark.task("2", points=0.5, category="correctness")
def test_verbose_prints_every_100_steps(submission):
    """A walk of 350 steps prints at steps 100, 200 and 300, unless it is asked to be quiet."""
    expect_a_walk(submission)
    submission.optimize_himmelblau(1.0, 1.0, learning_rate=RATE, num_steps=350)
    lines = [line for line in submission.output.splitlines() if line.strip()]
    whole_numbers = {int(text) for line in lines for text in re.findall(r"(?<![\d.])\d+(?!\d|\.\d)", line)}
    missing = [step for step in (100, 200, 300) if step not in whole_numbers]
    printed = "nothing" if not lines else f"{len(lines)} line(s), the first one {lines[0].strip()[:60]!r}"
    require(not missing, f"No printed line names step {missing[:1]}; yours printed {printed}.")
    require(len(lines) <= 30, f"Print every 100 steps only: yours printed {len(lines)} lines in 350 steps.")


@pytest.mark.task("2", points=0.5, category="correctness")
def test_quiet_walk_prints_nothing(submission):
    """With verbose=False nothing is printed."""
    expect_a_walk(submission)
    submission.optimize_himmelblau(1.0, 1.0, learning_rate=RATE, num_steps=300, verbose=False)
    printed = submission.output.strip()
    require(not printed, f"verbose=False should print nothing, yours printed {printed[:60]!r}.")


def check_steps(submission, settings):
    """Compare each step of a walk with minus the rate times the gradient, by the formulas of the page."""
    _, _, points = walk(submission, 1.0, 1.0, **settings)
    require(len(points) == settings["num_steps"], "The walk has another number of steps.")
    for (u, v), after in itertools.pairwise(points):
        gradient = (
            4 * u * (u**2 + v - 11) + 2 * (u + v**2 - 7),
            2 * (u**2 + v - 11) + 4 * v * (u + v**2 - 7),
        )
        rate = settings["learning_rate"]
        assert_values(after, (u - rate * gradient[0], v - rate * gradient[1]), atol=1e-3)


@pytest.mark.task("2", points=3, category="hygiene")
def test_walk_gradient_hygiene(submission, picture):
    """Every step of the walk uses its own, fresh gradient, and the history keeps numbers only."""
    settings = {"learning_rate": RATE, "num_steps": 16, "verbose": False}
    trace = submission.traced(learning_rate=RATE).optimize_himmelblau(1.0, 1.0, **settings)
    # At this rate the loss goes up and down, and it ends early where a loss_tol is given.
    rough = {"learning_rate": 0.018, "num_steps": 16, "verbose": False}
    traces = [
        trace,
        submission.traced(learning_rate=0.018).optimize_himmelblau(-1.0, -1.0, **rough),
        submission.traced(learning_rate=RATE).optimize_himmelblau(1.0, 1.0, **settings, loss_tol=1e-9),
    ]
    picture.loss("The loss of your first 16 steps", loss=trace.losses)
    # A walk whose every step is right may take its gradients from the formulas: then there is nothing to record.
    assert_clean_runs(*traces, training=not passes(check_steps, submission, settings))
    expect_a_walk(submission)


# ---------------------------------------------------------------------------------------------- task 3
@pytest.mark.task("3", points=1, category="correctness")
def test_loss_curve_shows_the_history(submission):
    """One line of the plot holds the values of loss_history, in their order."""
    history = [106.0, 40.5, 12.25, 3.0, 0.5, 0.125]
    ax = axes_of(submission, submission.again.plot_history(history), "plot_history")
    lines = line_points(ax)
    require(len(lines) > 0, "There is no line in the Axes: draw one with ax.plot(loss_history).")
    expected = torch.tensor(history, dtype=torch.float64)
    heights = [line[:, 1] for line in lines]
    found = any(len(y) == len(history) and torch.allclose(y, expected, atol=1e-4) for y in heights)
    shown = ", ".join(f"{y:g}" for y in heights[-1][:6].tolist())
    require(found, f"No line has the values of loss_history as its heights; your last line begins {shown}.")


@pytest.mark.task("3", points=0.5, category="correctness")
@pytest.mark.parametrize("axis", ["x", "y"])
def test_loss_curve_is_labeled(submission, note, axis):
    """The axis has a label."""
    ax = axes_of(submission, submission.again.plot_history([3.0, 2.0, 1.0]), "plot_history", note)
    drawn = any(len(line) == 3 for line in line_points(ax))
    require(drawn, "The Axes have no line of three points, so there is nothing yet that a label could belong to.")
    label = ax.get_xlabel() if axis == "x" else ax.get_ylabel()
    require(bool(label.strip()), f"The {axis} axis has no label: use ax.set_{axis}label(...).")


# ---------------------------------------------------------------------------------------------- task 4
@pytest.mark.task("4", points=1, category="correctness")
def test_map_covers_the_square(submission):
    """A heatmap lies behind the path, on [-6, 6] x [-6, 6]."""
    ax = axes_of(submission, submission.again.plot_trajectory(PATH), "plot_trajectory")
    images = ax.get_images()
    require(len(images) > 0, "There is no image in the Axes: draw the heatmap with ax.imshow.")
    pixels = torch.as_tensor(images[-1].get_array()).double()
    require(
        pixels.numel() > 1 and bool(pixels.min() < pixels.max()),
        "All values of the heatmap are the same: it should show the values of the function.",
    )
    left, right, bottom, top = (float(value) for value in images[-1].get_extent())
    for low, high in (sorted((left, right)), sorted((bottom, top))):
        require(
            abs(low - MAP_LIMITS[0]) < 0.1 and abs(high - MAP_LIMITS[1]) < 0.1,
            f"The heatmap should cover [-6, 6] in both directions; yours covers {left:g} to {right:g} and "
            f"{bottom:g} to {top:g}. Give imshow extent=(-6, 6, -6, 6).",
        )


@pytest.mark.task("4", points=0.5, category="correctness")
def test_map_shows_the_path(submission, note):
    """Every point of the trajectory is drawn, u to the right and v upward."""
    ax = axes_of(submission, submission.again.plot_trajectory(PATH), "plot_trajectory", note)
    drawn = [*line_points(ax), *(points for _, points in scattered(submission, ax))]
    require(len(drawn) > 0, "Nothing is drawn on the map: draw the path with ax.plot.")
    everything = torch.cat(drawn)
    for u, v in PATH:
        drawn_there = has_point(everything, (u, v))
        require(drawn_there, f"The point u={u:g}, v={v:g} of the trajectory is not drawn at ({u:g}, {v:g}).")


@pytest.mark.task("4", points=1, category="correctness")
@pytest.mark.parametrize(("marker", "where"), [("o", 0), ("x", -1)], ids=["start", "end"])
def test_map_marks_start_and_end(submission, note, marker, where):
    """The start carries the marker o, the end the marker x."""
    ax = axes_of(submission, submission.again.plot_trajectory(PATH), "plot_trajectory", note)
    marked = [points for found, points in scattered(submission, ax) if found == marker]
    for line in ax.get_lines():
        style = line.get_marker()
        if isinstance(style, str) and style.lower() == marker:
            marked.append(torch.as_tensor(line.get_xydata()).double())
    name = "start" if where == 0 else "end"
    u, v = PATH[where]
    require(
        any(has_point(points, (u, v)) for points in marked),
        f"There is no marker '{marker}' at the {name} of the path, ({u:g}, {v:g}).",
    )
