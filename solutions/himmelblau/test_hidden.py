"""The checks that students do not see."""

from __future__ import annotations

import math

import pytest
import torch

from autograder.checks import assert_contraction, assert_diverged, assert_values, require

RATE = 5e-4
MINIMA = [(3.0, 2.0), (-2.805118, 3.131313), (-3.779310, -3.283186), (3.584428, -1.848127)]


def number(value, what):
    """The value as a float; whether it should have been one is the business of a single check."""
    one_number = isinstance(value, (int, float)) or (isinstance(value, torch.Tensor) and value.numel() == 1)
    require(one_number, f"{what} should be a number, yours is a {type(value).__name__}.")
    return float(value)


def walk(submission, u, v, **settings):
    """What the student's walk returned: the final point, the losses and the points, as floats."""
    result = submission.optimize_himmelblau(u, v, **settings)
    require(
        isinstance(result, (tuple, list)) and len(result) == 4,
        "optimize_himmelblau should return four things: u_final, v_final, loss_history, trajectory.",
    )
    for values, name in ((result[2], "loss_history"), (result[3], "trajectory")):
        is_list = isinstance(values, (tuple, list)) or (isinstance(values, torch.Tensor) and values.dim() > 0)
        require(is_list, f"{name} should be a list, yours is a {type(values).__name__}.")
    for point in result[3]:
        pair = isinstance(point, (tuple, list, torch.Tensor)) and len(point) == 2
        require(pair, "Every entry of trajectory should be a pair (u, v).")
    final = (number(result[0], "u_final"), number(result[1], "v_final"))
    losses = [number(loss, "An entry of loss_history") for loss in result[2]]
    points = [tuple(number(value, "A coordinate in trajectory") for value in point) for point in result[3]]
    return final, losses, points


def axes_of(result, name):
    """The Axes that a plot function returned."""
    require(result is not None, f"{name} returned None: end it with `return ax`.")
    alone = not isinstance(result, (tuple, list))
    require(alone, f"{name} should return the Axes alone, yours returned several things.")
    return result


def ranks(values):
    """The rank of each value: what is left of an image when only the order of its values counts."""
    order = torch.empty(values.numel(), dtype=torch.float64)
    order[values.flatten().argsort()] = torch.arange(values.numel(), dtype=torch.float64)
    return order


# ---------------------------------------------------------------------------------------------- task 1
@pytest.mark.task("1", points=1, category="correctness")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
def test_himmelblau_on_a_grid(submission, reference, dtype):
    """On a grid built by broadcasting, every element has its own value, in the dtype of the input."""
    u = torch.linspace(-5, 4, 5, dtype=dtype).reshape(5, 1)
    v = torch.linspace(-4, 3, 4, dtype=dtype)
    assert_values(submission.himmelblau(u, v), reference.himmelblau(u, v), atol=1e-3, what="himmelblau")


# ---------------------------------------------------------------------------------------------- task 2
@pytest.mark.task("2", points=1, category="correctness")
@pytest.mark.parametrize(
    ("u", "v"), [(0.0, 0.0), (None, 2.5), (-1.5, None), (4.0, -0.5)], ids=["zero", "u_drawn", "v_drawn", "given"]
)
def test_walk_from_other_starts(submission, reference, u, v):
    """The walk from another start, given or drawn, records the right points and losses."""
    final, losses, points = walk(submission, u, v, learning_rate=RATE, num_steps=40, verbose=False)
    expected = reference.optimize_himmelblau(u, v, learning_rate=RATE, num_steps=40, verbose=False)
    names = ("u_final", "v_final", "loss_history", "trajectory")
    got = (*final, losses, points)
    assert_values(got, expected, atol=1e-3, rtol=1e-4, names=names, what="optimize_himmelblau")


@pytest.mark.task("2", points=1, category="correctness")
def test_early_stop_makes_no_update(submission):
    """A walk that stops early ends exactly at the last point that it recorded."""
    settings = {"learning_rate": 1e-3, "num_steps": 15, "loss_tol": 1e6, "verbose": False}
    final, _, points = walk(submission, 1.0, 1.0, **settings)
    require(
        len(points) > 0 and final == points[-1],
        f"The step that stops makes no update, so the final point is trajectory[-1]; yours ended at "
        f"({final[0]:.6f}, {final[1]:.6f}) after recording "
        + (f"({points[-1][0]:.6f}, {points[-1][1]:.6f})." if points else "nothing."),
    )


@pytest.mark.task("2", points=1, category="correctness")
@pytest.mark.parametrize(
    ("u", "v", "rate", "tol"),
    [(1.0, 1.0, 1e-3, 1e6), (-1.0, -1.0, 0.018, 1e-2)],
    ids=["at_the_second_step", "a_rise_is_a_change"],
)
def test_early_stop_in_rare_cases(submission, reference, u, v, rate, tol):
    """The walk neither stops at step 1, nor because the loss went up."""
    settings = {"learning_rate": rate, "num_steps": 15, "loss_tol": tol, "verbose": False}
    _, losses, _ = walk(submission, u, v, **settings)
    expected = reference.optimize_himmelblau(u, v, **settings)[2]
    require(
        len(losses) == len(expected),
        f"From ({u:g}, {v:g}) at rate {rate:g} with loss_tol={tol:g} your walk stopped after {len(losses)} steps, "
        f"with the losses {', '.join(f'{loss:.4g}' for loss in losses[-3:])} at the end. Compare the size of the "
        "change between two steps with loss_tol, and let step 1 pass.",
        reveal=f"Expected {len(expected)} steps.",
    )


@pytest.mark.task("2", points=1, category="correctness")
def test_walk_reports_a_divergence(submission):
    """At a much too large rate the walk takes all its steps and returns inf or nan as they come."""
    final, losses, points = walk(submission, 1.0, 1.0, learning_rate=0.5, num_steps=15, verbose=False)
    require(
        len(losses) == 15 and len(points) == 15,
        f"All 15 steps are recorded, also when the values explode; yours has {len(losses)} losses and "
        f"{len(points)} points.",
    )
    assert_diverged([*final, losses[-1]], what="walk at rate 0.5")


@pytest.mark.task("2", points=2, category="convergence")
def test_walk_approaches_the_minimum_at_the_right_rate(submission):
    """Near the minimum (3, 2) the distance shrinks per step by the factor that the theory gives."""
    _, _, points = walk(submission, 1.0, 1.0, learning_rate=RATE, num_steps=300, verbose=False)
    errors = [math.dist(point, MINIMA[0]) for point in points[200:]]
    smallest_curvature = float(torch.linalg.eigvalsh(torch.tensor([[74.0, 20.0], [20.0, 34.0]]))[0])
    assert_contraction(errors, 1 - RATE * smallest_curvature, rtol=2e-3, what="distance to the minimum (3, 2)")


# ---------------------------------------------------------------------------------------------- task 3
@pytest.mark.task("3", points=0.5, category="correctness")
def test_loss_curves_do_not_share_a_figure(submission):
    """A second call draws into a new figure."""
    first, second = [5.0, 4.0, 3.0, 2.0], [9.0, 8.0, 7.0]
    axes_of(submission.plot_history(first), "plot_history")
    ax = axes_of(submission.plot_history(second), "plot_history")
    lengths = [len(line.get_xydata()) for line in ax.get_lines()]
    require(
        len(first) not in lengths,
        "The second call drew over the first curve: start each plot with fig, ax = plt.subplots().",
    )


# ---------------------------------------------------------------------------------------------- task 4
@pytest.mark.task("4", points=1, category="correctness")
def test_map_shows_the_function_where_it_is(submission, reference):
    """The heatmap has its valleys where the function has them."""
    ax = axes_of(submission.plot_trajectory([(0.5, 0.5), (2.0, 1.5), (3.0, 2.0)]), "plot_trajectory")
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
    agreement = float(torch.corrcoef(torch.stack([ranks(pixels), ranks(expected)]))[0, 1])
    require(
        agreement > 0.9,  # transposed, flipped or with swapped terms: at most 0.87; clipped at 300: 0.91
        "The heatmap does not show the function at the right places: its valleys should lie at the four minima. Check "
        'that columns are u and rows are v (indexing="xy"), and say origin="lower".',
        reveal=f"Rank correlation with the function: {agreement:.3f}.",
    )


@pytest.mark.task("4", points=0.5, category="correctness")
def test_maps_do_not_share_a_figure(submission):
    """A second call draws into a new figure."""
    axes_of(submission.plot_trajectory([(1.0, 1.0), (2.0, 2.0)]), "plot_trajectory")
    ax = axes_of(submission.plot_trajectory([(-1.0, 1.0), (-2.0, 2.0)]), "plot_trajectory")
    count = len(ax.get_images())
    require(
        count <= 1,
        f"The second call drew over the first map ({count} images): start each plot with fig, ax = plt.subplots().",
    )
