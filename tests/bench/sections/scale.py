"""Ten, a hundred, a thousand submissions: whether one costs the same in a large class."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.measuring import Measuring
from tests.bench.page import Table, seconds

NAME, ORDER = "scale", 4


def measure(run: Measuring) -> Iterator[Table]:
    """One row per size and tree."""
    columns = ("submissions", "tree", "wall s", "processor s per submission", "wall s per submission", "peak MB")
    table = Table(f"Many submissions: {run.small}", columns)
    for count in run.sizes.scale:
        for tree in run.trees:
            usage = run.grade(tree, run.small, run.classroom(run.small, count))
            each = (seconds(usage.processor / count), seconds(usage.wall / count))
            table.add(str(count), tree.title, seconds(usage.wall), *each, f"{usage.peak_mb:.0f}")
    table.notes = [
        "`autograder grade` with as many judges as there are processors, the reference solution having passed. The "
        "assignment's samples are handed in again and again, each time with another comment."
    ]
    yield table
