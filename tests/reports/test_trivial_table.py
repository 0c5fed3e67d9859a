"""The table of what trivial submissions earn."""

from __future__ import annotations

import io

from rich.console import Console

from autograder.reports.trivial_table import trivial_table


def test_one_row_for_each_assignment() -> None:
    points = {"himmelblau": {"nothing": 0.0, "zeros": 0.5}, "mnist_parity": {"nothing": 0.0}}
    console = Console(width=80, record=True, file=io.StringIO())
    console.print(trivial_table(points))
    text = console.export_text()
    assert text.split()[:4] == ["Points", "for", "trivial", "submissions"]
    rows = [line.split() for line in text.splitlines()]
    assert [row for row in rows if row[:1] in (["himmelblau"], ["mnist_parity"])] == [
        ["himmelblau", "0", "0.5"],
        ["mnist_parity", "0"],
    ]
    assert ["nothing", "zeros"] in rows
