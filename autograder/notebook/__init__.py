"""The code of a notebook: its cells as one text (judge), then its definitions as a syntax tree (worker)."""

from __future__ import annotations

from autograder.notebook.cells import CellMap, NotebookText
from autograder.notebook.reading import notebook_cells

__all__ = ["CellMap", "NotebookText", "notebook_cells"]
