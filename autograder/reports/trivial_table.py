"""What trivial submissions earn, assignment by assignment: all zeros where the checks are good."""

from __future__ import annotations

from collections.abc import Mapping

from rich import box
from rich.table import Table
from rich.text import Text

from autograder.reports.text import number


def trivial_table(points: Mapping[str, Mapping[str, float]]) -> Table:
    """A table of points, a row for each assignment and a column for each kind of trivial submission.

    ``points`` maps slug to kind to points; a kind that an assignment does not have is left blank.
    """
    title = Text("Points for trivial submissions")
    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", padding=(0, 0))
    table.add_column("", no_wrap=True)
    kinds = list(dict.fromkeys(kind for row in points.values() for kind in row))
    for kind in kinds:
        table.add_column(kind, justify="right", min_width=max(map(len, kind.split())))
    for slug, row in points.items():
        table.add_row(Text(slug), *(_cell(row.get(kind)) for kind in kinds))
    return table


def _cell(points: float | None) -> Text:
    return Text() if points is None else Text(number(points), style="bold red" if points else "")
