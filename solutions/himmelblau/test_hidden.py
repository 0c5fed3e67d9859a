"""The checks that students do not see."""

from __future__ import annotations

import itertools
import math
import re

import pytest
import torch

from autograder.checks import (
    Cause,
    assert_contraction,
    assert_descent,
    assert_diverged,
    assert_moved,
    assert_values,
    passes,
    read_number,
    read_numbers,
    read_parts,
    require,
)
from autograder.errors import CheckFailure

RATE = 5e-4
PARTS = ("u_final", "v_final", "loss_history", "trajectory")
KNOWN = {(1.0, 1.0): 106.0, (3.0, 2.0): 0.0, (-1.0, 1.0): 130.0, (2.0, -3.0): 116.0}
"""Values of the function that stand on the page."""
MINIMA = [(3.0, 2.0), (-2.805118, 3.131313), (-3.779310, -3.283186), (3.584428, -1.848127)]


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


def same(line, curve):
    """Whether a line has the heights of that curve."""
    return len(line) == len(curve) and all(abs(one - other) < 1e-4 for one, other in zip(line, curve, strict=True))


def ranks(values):
    """The rank of each value: what is left of an image when only the order of its values counts."""
    order = torch.empty(values.numel(), dtype=torch.float64)
    order[values.flatten().argsort()] = torch.arange(values.numel(), dtype=torch.float64)
    return order


def likeness(values, others):
    """The rank correlation of two images."""
    return float(torch.corrcoef(torch.stack([ranks(values), ranks(others)]))[0, 1])


# ---------------------------------------------------------------------------------------------- task 1
@pytest.mark.task("1", points=1, category="correctness")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
def test_himmelblau_on_a_grid(submission, reference, dtype):
    """On a grid built by broadcasting, every element has its own value, in the dtype of the input."""
    first = submission.himmelblau(torch.tensor(0.25, dtype=dtype), torch.tensor([-0.5, 1.5], dtype=dtype))
    assert_moved(read_numbers(first)[:1], read_numbers(first)[1:], what="value of himmelblau", when="with v")
    u = torch.linspace(-5, 4, 5, dtype=dtype).reshape(5, 1)
    v = torch.linspace(-4, 3, 4, dtype=dtype)
    assert_values(submission.himmelblau(u, v), reference.himmelblau(u, v), atol=1e-3, what="himmelblau")


# ---------------------------------------------------------------------------------------------- task 2
@pytest.mark.task("2", points=0.5, category="correctness")
@pytest.mark.parametrize(
    ("u", "v"), [(0.0, 0.0), (None, 2.5), (-1.5, None), (4.0, -0.5)], ids=["zero", "u_drawn", "v_drawn", "given"]
)
def test_walk_from_other_starts(submission, reference, note, u, v):
    """The walk from another start, given or drawn, records the right points and losses."""
    final, losses, points = walk(submission, u, v, learning_rate=RATE, num_steps=40, verbose=False)
    settings = {"learning_rate": RATE, "num_steps": 40, "verbose": False}
    expected = reference.optimize_himmelblau(u, v, **settings)
    first, second = (number.item() for number in torch.randn(2, generator=torch.Generator().manual_seed(0)))
    other_starts = {
        "A start of 0.0 was taken for a missing one: ask `is None`.": (u or first, v or (first if u else second)),
        "Both coordinates were drawn though one was given: draw only what is missing.": (
            first if u is None else u,
            second if v is None else v,
        ),
    }
    causes = [
        Cause("That is where one update fewer leads.", lambda: (*expected[3][-1], *expected[2:])),
        Cause(
            "The points are those after the update of their step.",
            (*expected[:2], expected[2], [*expected[3][1:], expected[:2]]),
        ),
        *(
            Cause(words, lambda start=start: reference.optimize_himmelblau(*start, **settings))
            for words, start in other_starts.items()
        ),
    ]
    got = (*final, losses, points)
    compare_or_go_on(
        submission,
        note,
        lambda: assert_values(
            got, expected, atol=1e-3, rtol=1e-4, names=PARTS, what="optimize_himmelblau", causes=causes
        ),
        (final, losses, points),
        expected[3][0],
        RATE,
        40,
    )


@pytest.mark.task("2", points=0.25, category="correctness")
def test_printed_lines_say_where_the_walk_is(submission):
    """What is printed at step 100 holds u, v and the loss of that step, as they were recorded."""
    _, losses, points = walk(submission, -1.0, 1.0, learning_rate=RATE, num_steps=120)
    require(
        len(points) > 100 and len(losses) > 100, f"A walk of 120 steps should record 120 points, not {len(points)}."
    )
    printed = [float(text) for text in re.findall(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?", submission.output)]
    # Before or after the update of that step, and rounded to two digits: how it is printed is a student's choice.
    for name, values in (
        ("u", (points[99][0], points[100][0])),
        ("v", (points[99][1], points[100][1])),
        ("loss", losses[99:101]),
    ):
        found = any(abs(number - value) <= 6e-3 + 2e-3 * abs(value) for number in printed for value in values)
        require(found, f"Nothing that is printed in a walk of 120 steps is {name} at step 100, {values[0]:.4f}.")


@pytest.mark.task("2", points=0.75, category="correctness")
def test_walk_by_default(submission, reference, note):
    """Called without any argument, the walk makes 300 steps at the rate 1e-3 and never stops early."""
    final, losses, points = walk(submission)
    require(
        len(losses) == len(points) == 300,
        f"optimize_himmelblau() should make 300 steps; yours recorded {len(losses)} losses and {len(points)} points.",
    )
    u, v, _, path = reference.optimize_himmelblau()
    compare_or_go_on(
        submission,
        note,
        lambda: assert_values(final, (u, v), atol=2e-3, rtol=1e-3, names=PARTS[:2], what="optimize_himmelblau()"),
        (final, losses, points),
        path[0],
        1e-3,
        300,
    )
    _, longer, _ = walk(submission, num_steps=1000, verbose=False)
    message = f"Without loss_tol, a walk of 1000 steps never stops early; yours recorded {len(longer)} losses."
    require(len(longer) == 1000, message)


@pytest.mark.task("2", points=0.25, category="correctness")
def test_walk_called_again(submission, reference):
    """Called from one start after the other, the walk is as right as at the first call."""
    calls = (
        ((None, None), {"learning_rate": 2e-4, "num_steps": 3, "verbose": False}),
        ((2.5, None), {"learning_rate": 4e-4, "num_steps": 4, "verbose": False}),
        ((None, None), {"learning_rate": 2e-4 + 1e-10, "num_steps": 3, "verbose": False}),  # the same call is made once
    )
    once, second, again = (walk(submission, *start, **settings) for start, settings in calls)
    require(len(once[2]) > 0, "A walk of three steps should record three points, yours records none.")
    assert_moved(once[2][0], once[0], what="point (u, v)", when="in three steps")
    assert_moved(once[0], second[0], what="final point of the walk", when="with the start")
    expected, other = (reference.optimize_himmelblau(*start, **settings) for start, settings in calls[:2])
    if passes(assert_values, (*once[0], *once[1:]), expected, atol=1e-2):
        what = "optimize_himmelblau, called a second time,"
        assert_values((*second[0], *second[1:]), other, atol=1e-2, rtol=1e-4, names=PARTS, what=what)
    what = "optimize_himmelblau, called from the first start again,"
    assert_values((*again[0], *again[1:]), (*once[0], *once[1:]), atol=1e-2, rtol=1e-4, names=PARTS, what=what)


def follows_the_slope(points, first, rate):
    """Make sure that each step is the rate times the gradient of the page."""
    for step, ((u, v), after) in enumerate(itertools.pairwise(points[first:]), start=first + 1):
        slope = (4 * u * (u**2 + v - 11) + 2 * (u + v**2 - 7), 2 * (u**2 + v - 11) + 4 * v * (u + v**2 - 7))
        right = all(
            abs(before - rate * one - now) <= 2e-3 for before, one, now in zip((u, v), slope, after, strict=True)
        )
        require(right, f"The first steps are right, but step {step} leads from ({u:.4f}, {v:.4f}) elsewhere.")


@pytest.mark.task("2", points=0.25, category="correctness")
def test_long_walk_swings_on(submission):
    """At a rate at which the walk swings around a minimum for ever, its 600th step is as right as its first."""
    _, _, points = walk(submission, 3.2, 2.2, learning_rate=0.026, num_steps=600, verbose=False)
    require(len(points) == 600, f"A walk of 600 steps should record 600 points; yours has {len(points)}.")
    assert_values(points[0], (3.2, 2.2), atol=1e-5, names=("u", "v"), what="the first recorded point")
    assert_moved(points[0], points[1], what="point (u, v)", when="from step 1 to step 2")
    assert_moved(points[-2], points[-1], what="point (u, v)", when="from step 599 to step 600")
    if passes(follows_the_slope, points[:5], 0, 0.026):
        follows_the_slope(points, 0, 0.026)


@pytest.mark.task("2", points=1, category="correctness")
def test_early_stop_makes_no_update(submission):
    """A walk that stops early ends exactly at the last point that it recorded."""
    expect_a_walk(submission)
    settings = {"learning_rate": 1e-3, "num_steps": 15, "loss_tol": 1e6, "verbose": False}
    final, _, points = walk(submission, 1.0, 1.0, **settings)
    require(
        0 < len(points) < 15,
        f"With loss_tol=1e6 every change of the loss is small enough to stop at; yours recorded {len(points)} points "
        "in a walk of at most 15 steps.",
    )
    require(
        final == points[-1],
        f"The step that stops makes no update, so the final point is trajectory[-1]; yours ended at "
        f"({final[0]:.6f}, {final[1]:.6f}) after recording ({points[-1][0]:.6f}, {points[-1][1]:.6f}).",
    )


def why_other_steps(losses, expected, tol):
    """What the walk's own losses say of an early stop at the wrong step."""
    count = len(losses)
    changes = [abs(after - before) for before, after in itertools.pairwise(losses)]
    if count == 1:
        return "Step 1 has no step before it to compare with: the first step that may stop, and is recorded, is step 2."
    if count < expected and changes[-1] >= tol:
        return (
            f"It stopped at step {count}, though the loss changed there from {losses[-2]:.4g} to {losses[-1]:.4g}, "
            f"by {changes[-1]:.4g}."
        )
    missed = next((step for step, change in enumerate(changes, start=2) if change < tol and step < count), None)
    if missed is not None:
        return f"It went on at step {missed}, though the loss changed there by {changes[missed - 2]:.4g} only."
    return "Its losses at the end are " + ", ".join(f"{loss:.4g}" for loss in losses[-3:]) + "."


@pytest.mark.task("2", points=1, category="correctness")
@pytest.mark.parametrize(
    ("u", "v", "rate", "tol"),
    [(1.0, 1.0, 1e-3, 1e6), (-1.0, -1.0, 0.018, 1e-2)],
    ids=["at_the_second_step", "a_rise_is_a_change"],
)
def test_early_stop_in_rare_cases(submission, reference, note, u, v, rate, tol):
    """The walk neither stops at step 1, nor because the loss went up."""
    expect_a_walk(submission)
    settings = {"learning_rate": rate, "num_steps": 15, "loss_tol": tol, "verbose": False}
    _, losses, _ = walk(submission, u, v, **settings)
    expected = reference.optimize_himmelblau(u, v, **settings)[2]
    if own_function(submission) is not None:  # then the losses of the walk itself say where it should stop
        note("Your himmelblau() differs from the handout's (task 1). This check went on with yours.")
        changes = [abs(after - before) for before, after in itertools.pairwise(losses)]
        expected = losses[: next((step for step, change in enumerate(changes, start=2) if change < tol), 15)]
        expected += [math.nan] * (15 - len(expected) if not any(change < tol for change in changes) else 0)
    require(
        len(losses) == len(expected),
        f"From ({u:g}, {v:g}) at rate {rate:g} with loss_tol={tol:g} your walk recorded "
        f"{len(losses)} {'loss' if len(losses) == 1 else 'losses'}. " + why_other_steps(losses, len(expected), tol),
        reveal=f"Expected {len(expected)} steps.",
    )
    stopping = {"learning_rate": 1e-3, "num_steps": 15, "loss_tol": 1e6, "verbose": False}
    _, stopped, _ = walk(submission, 1.0, 1.0, **stopping)
    require(len(stopped) < 15, "Your walk does not stop early at all: with loss_tol=1e6, too, it makes all its steps.")


@pytest.mark.task("2", points=1, category="correctness")
def test_walk_reports_a_divergence(submission):
    """At a much too large rate the walk takes all its steps and returns inf or nan as they come."""
    expect_a_walk(submission)
    final, losses, points = walk(submission, 1.0, 1.0, learning_rate=0.5, num_steps=15, verbose=False)
    require(
        len(losses) == 15 and len(points) == 15,
        f"All 15 steps are recorded, also when the values explode; yours has {len(losses)} losses and "
        f"{len(points)} points.",
    )
    assert_diverged([*final, losses[-1]], what="walk at rate 0.5")


@pytest.mark.task("2", points=1, category="convergence")
def test_walk_approaches_the_minimum_at_the_right_rate(submission, note):
    """Near the minimum (3, 2) the distance shrinks per step by the factor that the theory gives."""
    final, losses, points = walk(submission, 1.0, 1.0, learning_rate=RATE, num_steps=300, verbose=False)
    require(len(points) == 300, f"A walk of 300 steps should record 300 points; yours has {len(points)}.")
    errors = [math.dist(point, MINIMA[0]) for point in points[200:]]
    smallest_curvature = float(torch.linalg.eigvalsh(torch.tensor([[74.0, 20.0], [20.0, 34.0]]))[0])
    rate = 1 - RATE * smallest_curvature
    compare_or_go_on(
        submission,
        note,
        lambda: assert_contraction(errors, rate, rtol=2e-3, what="distance to the minimum (3, 2)"),
        (final, losses, points),
        (1.0, 1.0),
        RATE,
        300,
    )


# ---------------------------------------------------------------------------------------------- task 3
@pytest.mark.task("3", points=0.5, category="correctness")
def test_loss_curves_do_not_share_a_figure(submission, note):
    """A second call draws into a new figure."""
    first, second = [5.0, 4.0, 3.0, 2.0], [9.0, 8.0, 7.0]
    axes_of(submission, submission.again.plot_history(first), "plot_history", note)
    ax = axes_of(submission, submission.again.plot_history(second), "plot_history", note)
    # In either direction: which axis is which is the business of another check.
    columns = [column.tolist() for line in ax.get_lines() for column in torch.as_tensor(line.get_xydata()).double().T]
    drawn = {name: any(same(column, curve) for column in columns) for name, curve in (("1", first), ("2", second))}
    require(drawn["2"], "The second curve, with the heights 9, 8 and 7, is not in the Axes that you returned.")
    require(
        not drawn["1"],
        "The second call drew over the first curve: start each plot with fig, ax = plt.subplots().",
    )


# ---------------------------------------------------------------------------------------------- task 4
@pytest.mark.task("4", points=1, category="correctness")
def test_map_shows_the_function_where_it_is(submission, reference, note):
    """The heatmap has its valleys where the function has them."""
    ax = axes_of(
        submission, submission.again.plot_trajectory([(0.5, 0.5), (2.0, 1.5), (3.0, 2.0)]), "plot_trajectory", note
    )
    images = ax.get_images()
    require(len(images) > 0, "There is no image in the Axes: draw the heatmap with ax.imshow.")
    image = images[-1]
    pixels = torch.as_tensor(image.get_array()).double()
    require(pixels.dim() == 2, "Give imshow a two-dimensional array of function values.")
    rows, columns = pixels.shape
    require(min(rows, columns) >= 20, f"The heatmap has only {rows} x {columns} values: use at least 20 x 20.")
    left, right, bottom, top = (float(value) for value in image.get_extent())
    upside = image.origin.get() == "upper"
    first, last = (top, bottom) if upside else (bottom, top)
    u = left + (torch.arange(columns, dtype=torch.float64) + 0.5) / columns * (right - left)
    v = first + (torch.arange(rows, dtype=torch.float64) + 0.5) / rows * (last - first)
    expected = reference.himmelblau(u.reshape(1, -1), v.reshape(-1, 1))
    require(bool(pixels.min() < pixels.max()), "All values of the heatmap are the same.")
    agreement = likeness(pixels, expected)
    own = own_function(submission) if agreement <= 0.9 else None
    if own is not None:
        shown = own(u.reshape(1, -1), v.reshape(-1, 1))
        if isinstance(shown, torch.Tensor) and shown.shape == pixels.shape and bool(shown.min() < shown.max()):
            note("Your himmelblau() differs from the handout's (task 1). This check went on with yours.")
            expected = shown.double()
            agreement = likeness(pixels, expected)
    turned = {
        'Its rows and columns are swapped: columns are u and rows are v (indexing="xy").': expected.T,
        'It is upside down: with origin="lower" the first row is drawn at v = -6.': expected.flip(0),
        "Left and right are swapped: the first column belongs to u = -6.": expected.flip(1),
        "It falls where the function rises.": -expected,
    }
    seen = [words for words, other in turned.items() if other.shape == pixels.shape and likeness(pixels, other) > 0.95]
    require(
        agreement > 0.9,  # transposed, flipped or with swapped terms: at most 0.87; clipped at 300: 0.91
        " ".join(
            ["The heatmap does not show the function where it is: its valleys should lie at the four minima.", *seen]
        ),
        reveal=f"Rank correlation with the function: {agreement:.3f}.",
    )


@pytest.mark.task("4", points=0.5, category="correctness")
def test_maps_do_not_share_a_figure(submission, note):
    """A second call draws into a new figure."""
    axes_of(submission, submission.again.plot_trajectory([(1.0, 1.0), (2.0, 2.0)]), "plot_trajectory", note)
    ax = axes_of(submission, submission.again.plot_trajectory([(-1.0, 1.0), (-2.0, 2.0)]), "plot_trajectory", note)
    images = ax.get_images()
    count = len(images)
    require(count > 0, "There is no image in the Axes of the second call: draw the heatmap with ax.imshow.")
    pixels = torch.as_tensor(images[-1].get_array()).double()
    require(pixels.numel() > 1 and bool(pixels.min() < pixels.max()), "All values of the heatmap are the same.")
    require(
        count == 1,
        f"The second call drew over the first map ({count} images): start each plot with fig, ax = plt.subplots().",
    )
