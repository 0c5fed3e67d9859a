"""Pictures as PNG bytes: the same figure always gives the same bytes, whatever numbers it holds."""

from __future__ import annotations

import importlib
import io
import math
import warnings
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from autograder.reports.text import plain_line
from autograder.results import Figure

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

KINDS = ("loss", "path")

MAX_SERIES = 8
MAX_POINTS = 4000
HUGE = 1e150
"""Beyond this a value is drawn as if it were infinite: axes must be computable in double precision."""

# Okabe and Ito's colors, told apart with every common color blindness; dashes tell them apart in print.
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000", "#7A7A7A")
DASHES = ("solid", (0, (5, 2)), (0, (1.5, 1.5)), (0, (6, 2, 1.5, 2)))
INK, MUTED, GRID = "#1f2933", "#52606d", "#e4e7eb"

# "default" undoes a user's matplotlibrc.
_STYLE: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 10.5,
    "axes.edgecolor": "#9aa5b1",
    "axes.labelcolor": MUTED,
    "axes.titlesize": 12,
    "axes.titleweight": "bold",
    "axes.titlecolor": INK,
    "axes.titlelocation": "left",
    "axes.titlepad": 10,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": GRID,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "legend.framealpha": 0.75,
    "legend.edgecolor": "none",
    "lines.linewidth": 2.0,
    "lines.solid_capstyle": "round",
}


def figure_png(figure: Figure) -> bytes:
    """The figure as a PNG, 960 pixels wide, made to be read at 600. ValueError for an unknown kind."""
    if figure.kind not in KINDS:
        raise ValueError(f"unknown kind of figure {figure.kind!r}; known are: {', '.join(KINDS)}")
    series = tuple((name, tuple(float(v) for v in values)) for name, values in figure.series.items())
    return _png(figure.kind, plain_line(figure.title, 70), series, figure.log_scale)


def load_matplotlib() -> None:
    """Loads what the first picture would wait half a second for, where there is time now."""
    importlib.import_module("matplotlib.backends.backend_agg")
    importlib.import_module("PIL.Image")


def describe(figure: Figure) -> str:
    """What the picture shows, in words, for people who cannot see it."""
    title = plain_line(figure.title, 120)
    if figure.kind == "path":
        points = _points(figure.series)
        if not points:
            return f"{title}: no finite points."
        (x0, y0), (x1, y1) = points[0], points[-1]
        return f"{title}: path from ({x0:.4g}, {y0:.4g}) to ({x1:.4g}, {y1:.4g}) in {len(points)} points."
    parts = []
    for name, values in list(figure.series.items())[:MAX_SERIES]:
        if values:
            ends = f"from {values[0]:.4g} to {values[-1]:.4g}"
            parts.append(f"{plain_line(name, 40)} {ends} in {len(values)} steps")
    return f"{title}: {'; '.join(parts) or 'no values'}."


@lru_cache(maxsize=128)
def _png(kind: str, title: str, series: tuple[tuple[str, tuple[float, ...]], ...], log_scale: bool) -> bytes:
    # Without pyplot: no global figure list, no window system. Imported here: matplotlib costs half a second.
    from matplotlib import rc_context, rcParamsDefault
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Canvas
    from PIL import Image

    out = io.BytesIO()
    kept = ("backend", "interactive", "date.")
    style: dict[Any, Any] = {k: v for k, v in rcParamsDefault.items() if not k.startswith(kept)}
    style.update(_STYLE)
    with warnings.catch_warnings(), rc_context(style):
        # A label in a script that the font lacks is shown with boxes; that is not worth a failed report.
        warnings.simplefilter("ignore")
        canvas = Canvas(figsize=(6.0, 4.6 if kind == "path" else 3.5), dpi=160)
        agg: Any = FigureCanvasAgg(canvas)
        # fixed margins: constrained layout would draw everything three times
        axes = canvas.add_axes((0.14, 0.13, 0.83, 0.76) if kind == "path" else (0.14, 0.16, 0.83, 0.70))
        axes.set_title(title, parse_math=False)
        if kind == "path":
            _draw_path(axes, dict(series))
        else:
            _draw_loss(axes, series, log_scale)
        agg.draw()
    image = Image.frombuffer("RGBA", agg.get_width_height(), agg.buffer_rgba(), "raw", "RGBA", 0, 1)
    method = Image.Quantize.FASTOCTREE
    # 64 colors are plenty for lines and text, and the file is a quarter of the size: pages embed it
    image.convert("RGB").quantize(64, method, dither=Image.Dither.NONE).save(out, format="PNG", optimize=True)
    return out.getvalue()


def _draw_loss(axes: Axes, series: Sequence[tuple[str, tuple[float, ...]]], log_scale: bool) -> None:
    from matplotlib.ticker import MaxNLocator, NullLocator

    log_scale = log_scale and any(_drawable(v, log_scale) for _, values in series for v in values)
    handles, labels, drawn = [], [], []
    for index, (name, values) in enumerate(series[:MAX_SERIES]):
        steps, shown = _thinned([v if _drawable(v, log_scale) else math.nan for v in values])
        color = COLORS[index % len(COLORS)]
        (line,) = axes.plot(
            steps,
            shown,
            color=color,
            linestyle=DASHES[index % len(DASHES)],
            marker="o" if len(values) <= 20 else None,
            markersize=4.5,
            zorder=3 + index,
        )
        lost = next((k for k, v in enumerate(values, start=1) if not _drawable(v)), None)
        label = _label(name)
        if lost is not None:
            before = [(k, v) for k, v in zip(steps, shown, strict=True) if k < lost and not math.isnan(v)]
            if before:
                axes.plot(*before[-1], marker="X", markersize=10, color=color, markeredgecolor="white", zorder=20)
            label += f" — {_word(values[lost - 1])} from step {lost}"
        drawn += [(float(k), math.log(v) if log_scale else v) for k, v in zip(steps, shown, strict=True)]
        handles.append(line)
        labels.append(label)
    if not any(_drawable(v) for _, values in series for v in values):
        _say(axes, "no finite values to draw")
    if log_scale:
        axes.set_yscale("log")
        axes.yaxis.set_minor_locator(NullLocator())
        _label_narrow_log_axis(axes, [v for _, v in drawn if not math.isnan(v)])
    axes.set_xlabel("iteration")
    axes.set_ylabel("loss (log scale)" if log_scale else "loss")
    axes.margins(x=0.03)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    if len(handles) > 1 or labels not in ([], ["loss"]):  # the axis says that already
        _legend(axes, handles, labels, drawn)


def _label_narrow_log_axis(axes: Axes, logarithms: Sequence[float]) -> None:
    """Gives an axis of less than two decades enough numbers to read values off; matplotlib labels decades only."""
    from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator

    if not logarithms:
        return
    span = (max(logarithms) - min(logarithms)) / math.log(10)
    if span < 2:
        several = LogLocator(base=10, subs=(1, 2, 3, 5)) if span > 0.5 else MaxNLocator(nbins=5, steps=[1, 2, 5, 10])
        axes.yaxis.set_major_locator(several)
        digits = min(15, max(4, 2 - math.floor(math.log10(span)))) if span else 4
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.{digits}g}"))


def _draw_path(axes: Axes, series: dict[str, Sequence[float]]) -> None:
    points = _points(series)
    axes.set_xlabel("x")
    axes.set_ylabel("y")
    axes.margins(0.1)
    if not points:
        _say(axes, "no finite points to draw")
        return
    _, kept = _thinned(list(range(len(points))))
    shown = [points[int(k)] for k in kept]
    axes.plot(
        [x for x, _ in shown],
        [y for _, y in shown],
        color=COLORS[0],
        marker="." if len(shown) <= 200 else None,
        markersize=6,
        linewidth=1.6,
        zorder=3,
    )
    start, end = points[0], points[-1]
    (first,) = axes.plot(
        *start, "o", markersize=11, color=COLORS[2], markeredgecolor="white", markeredgewidth=1.5, zorder=5
    )
    (last,) = axes.plot(
        *end, "X", markersize=12, color=COLORS[1], markeredgecolor="white", markeredgewidth=1.5, zorder=6
    )
    labels = [f"start ({start[0]:.4g}, {start[1]:.4g})", f"end ({end[0]:.4g}, {end[1]:.4g})"]
    _legend(axes, [first, last], labels, points)


def _points(series: dict[str, Sequence[float]] | dict[str, list[float]]) -> list[tuple[float, float]]:
    pairs = zip(series.get("x", []), series.get("y", []), strict=False)
    return [(x, y) for x, y in pairs if _drawable(x) and _drawable(y)]


def _thinned(values: Sequence[float]) -> tuple[list[int], list[float]]:
    """Steps (from 1) and values, at most MAX_POINTS of them, first and last included."""
    stride = max(1, math.ceil(len(values) / MAX_POINTS))
    kept = list(range(0, len(values), stride))
    if values and kept[-1] != len(values) - 1:
        kept.append(len(values) - 1)
    return [k + 1 for k in kept], [values[k] for k in kept]


def _legend(
    axes: Axes, handles: Sequence[Artist], labels: Sequence[str], points: Sequence[tuple[float, float]]
) -> None:
    corner: Any = _free_corner(points)
    legend = axes.legend(handles, labels, loc=corner, fontsize=10, labelcolor=INK)
    for text in legend.get_texts():
        text.set_parse_math(False)  # names of series are not ours: a $ is a $


def _free_corner(points: Sequence[tuple[float, float]]) -> str:
    """The corner with the fewest points nearby: a legend there hides the least."""
    finite = [(x, y) for x, y in points if not (math.isnan(x) or math.isnan(y))]
    if not finite:
        return "upper right"
    low_x, high_x = min(x for x, _ in finite), max(x for x, _ in finite)
    low_y, high_y = min(y for _, y in finite), max(y for _, y in finite)
    middle, third = low_x + (high_x - low_x) / 2, (high_y - low_y) / 3

    def crowd(corner: str) -> int:
        upper, right = corner.startswith("upper"), corner.endswith("right")
        near = [y for x, y in finite if (x >= middle) == right]
        return sum(y >= high_y - third if upper else y <= low_y + third for y in near)

    return min(("upper right", "upper left", "lower left", "lower right"), key=crowd)


def _drawable(value: float, log_scale: bool = False) -> bool:
    return math.isfinite(value) and abs(value) <= HUGE and (value > 0 or not log_scale)


def _word(value: float) -> str:
    return "nan" if math.isnan(value) else ("infinite" if math.isinf(value) else "huge")


def _label(name: str) -> str:
    # matplotlib leaves labels with a leading underscore out of the legend
    return plain_line(name, 40).lstrip("_") or "values"


def _say(axes: Axes, message: str) -> None:
    axes.text(0.5, 0.5, message, transform=axes.transAxes, ha="center", va="center", color=MUTED, fontsize=12)
    axes.set_xticks([])
    axes.set_yticks([])
