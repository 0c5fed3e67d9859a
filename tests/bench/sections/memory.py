"""The memory that grading takes with one judge, and whether it grows."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

from tests.bench.measuring import Measuring
from tests.bench.page import Table
from tests.bench.tree_meter import INTERVAL

NAME, ORDER = "memory", 5
_CLASS = 8


def measure(run: Measuring) -> Iterator[Table]:
    """One row per class and tree."""
    columns = ("assignment", "submissions", "tree", "peak MB", "early MB", "late MB", "growth MB per 100")
    table = Table("Memory with `--jobs 1`", columns)
    for slug, count in ((run.slug, _CLASS), (run.small, run.sizes.memory)):
        for tree in run.trees:
            usage = run.grade(tree, slug, run.classroom(slug, count), "", "--jobs", "1")
            early, late = early_and_late([size for _, size in usage.samples])
            # Between the middles of the two tenths lie eight tenths of the class.
            growth = f"{100 * (late - early) / (0.8 * count):.1f}" if count == run.sizes.memory else "–"
            table.add(slug, str(count), tree.title, f"{usage.peak_mb:.0f}", f"{early:.0f}", f"{late:.0f}", growth)
    table.notes = [
        f"The sum of the proportional set sizes of all processes, looked at every {INTERVAL:g} s. Early and late are "
        "the medians of what was seen in the second and in the last tenth of the run."
    ]
    yield table


def early_and_late(sizes: Sequence[float]) -> tuple[float, float]:
    """The medians of the second and of the last tenth."""
    tenth = max(1, len(sizes) // 10)
    return statistics.median(sizes[tenth : 2 * tenth] or sizes), statistics.median(sizes[-tenth:] or [0.0])
