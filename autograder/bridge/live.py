"""A submission that is running already: what the cells of an open notebook have defined so far."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from types import ModuleType


@dataclass(frozen=True)
class LiveCode:
    """What the notebook defines at this moment, and where it stands."""

    module: ModuleType
    """Holds the notebook's own objects: what their code reads and writes beyond that is the notebook's."""
    tree: ast.Module
    """Their definitions, each with the lines of its cell."""
    files: frozenset[str]
    """The names under which Python knows the cells."""
