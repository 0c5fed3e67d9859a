"""Tables of figures: in the terminal, and as the page docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rich.table import Table as RichTable


@dataclass
class Table:
    """What one section found."""

    title: str
    columns: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """Sentences: how it was measured, what was left out and why."""
    printed: str = ""
    """What another benchmark printed."""

    def add(self, *cells: str) -> None:
        """One more row, a cell for each column."""
        if len(cells) != len(self.columns):
            raise ValueError(f"{len(cells)} cells for the {len(self.columns)} columns of {self.title!r}")
        self.rows.append(cells)


def shown(table: Table) -> RichTable:
    """The rows for a terminal."""
    rich = RichTable(title=table.title, title_justify="left")
    for index, column in enumerate(table.columns):
        rich.add_column(column, justify="right" if index else "left")
    for row in table.rows:
        rich.add_row(*row)
    return rich


def markdown(table: Table) -> str:
    """The table as a section of a page."""
    parts = [f"## {table.title}"]
    if table.rows:
        rule = ["---", *("---:" for _ in table.columns[1:])]
        parts.append("\n".join(_line(row) for row in (table.columns, rule, *table.rows)))
    if table.printed:
        parts.append(f"```text\n{table.printed.strip()}\n```")
    parts += table.notes
    return "\n\n".join(parts)


def page(introduction: str, tables: Sequence[Table]) -> str:
    """The whole page."""
    return "\n\n".join([introduction.strip(), *map(markdown, tables)]) + "\n"


def seconds(value: float) -> str:
    """With three digits where it is short, in any case to the hundredth."""
    return f"{value:.1f}" if value >= 100 else f"{value:.2f}"


def times(value: float, other: float) -> str:
    """How many times ``other`` goes into ``value``."""
    return f"{value / other:.2f}×" if other > 0 else "–"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
