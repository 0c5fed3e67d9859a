from __future__ import annotations

import io
import math

import matplotlib
import pytest
from matplotlib.figure import Figure as MatplotlibFigure
from PIL import Image

from autograder.reports import figures
from autograder.reports.figures import describe, figure_png
from autograder.results import Figure

ODD = [math.nan, math.inf, -math.inf, 0.0, -1.0, 1e308, -1e308, 5e-324, 1.0]


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize(
    "series",
    [
        {},
        {"yours": []},
        {"yours": [1.0]},
        {"yours": [math.nan] * 3},
        {"yours": [0.0, -1.0]},
        {"yours": ODD, "expected": ODD[::-1]},
        {"_hidden": [1.0, 2.0], "$\\frac{broken$": [2.0, 1.0], "漢\x1b[1m": [1.0], "\ud800": [3.0]},
        {str(k): [float(k)] for k in range(30)},
    ],
    ids=range(8),
)
def test_every_series_can_be_drawn(series: dict[str, list[float]]) -> None:
    for log_scale in (False, True) if "yours" in series else (True,):
        figure = Figure(kind="loss", title="$\\frac{broken$", series=series, log_scale=log_scale)
        assert opened(figure_png(figure)).size == (960, 560)
        assert describe(figure)


@pytest.mark.parametrize("series", [{}, {"x": [1.0, 2.0]}, {"x": ODD, "y": ODD}, {"x": [1.0, 1.0], "y": [2.0] * 9}])
def test_every_path_can_be_drawn(series: dict[str, list[float]]) -> None:
    assert opened(figure_png(Figure(kind="path", title="Path", series=series))).width == 960


def test_equal_figures_have_equal_bytes_whatever_the_settings() -> None:
    figure = Figure(kind="loss", title="Loss", series={"yours": [3.0, 2.0, 1.0]}, log_scale=True)
    first = figure_png(figure)
    figures._png.cache_clear()
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "red", "savefig.dpi": 30}):
        assert figure_png(figure) == first
    assert len(first) < 40_000
    assert not opened(first).info.get("Software")


@pytest.mark.parametrize(
    "values",
    [[1.23, 0.31, 1.2], [1.0, 1.0 + 1e-6], [0.011, 0.9], [990.0, 1010.0], [5.0]],
    ids=["half a decade", "hardly anything", "two decades", "around a thousand", "one value"],
)
def test_values_can_be_read_off_a_narrow_log_axis(values: list[float]) -> None:
    canvas = MatplotlibFigure()
    axes = canvas.add_subplot()
    figures._draw_loss(axes, [("loss", tuple(values))], log_scale=True)
    canvas.draw_without_rendering()
    low, high = axes.get_ylim()
    numbers = {label.get_text() for label in axes.get_yticklabels() if low <= label.get_position()[1] <= high}
    assert len(numbers - {""}) >= 2, numbers


def test_long_series_are_thinned_with_both_ends_kept() -> None:
    steps, values = figures._thinned([float(k) for k in range(100_001)])
    assert len(steps) <= figures.MAX_POINTS + 1
    assert (steps[0], steps[-1], values[0], values[-1]) == (1, 100_001, 0.0, 100_000.0)


def test_unknown_kinds_are_named() -> None:
    with pytest.raises(ValueError, match="'pie'; known are: loss, path"):
        figure_png(Figure(kind="pie", title="x"))


def test_description_holds_the_ends() -> None:
    figure = Figure(kind="loss", title="Loss", series={"yours": [1.5, math.nan]})
    assert describe(figure) == "Loss: yours from 1.5 to nan in 2 steps."
