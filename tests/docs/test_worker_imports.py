"""What the page says that the worker may import is what it imports: followed through the source, nothing is run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOUND_BY_ITSELF = [f"autograder.bridge.advice.{path.stem}" for path in ROOT.glob("autograder/bridge/advice/*.py")]
WORKER = ["autograder.sandbox.zygote", *FOUND_BY_ITSELF]
QUESTION = "| What may the worker import? |"


def files_of(module: str) -> Iterator[Path]:
    """The files that are run when a module is imported: those of the packages above it, too."""
    parts = module.split(".")
    for length in range(1, len(parts) + 1):
        path = ROOT.joinpath(*parts[:length])
        yield from (one for one in (path / "__init__.py", path.with_suffix(".py")) if one.is_file())


def imported(path: Path) -> Iterator[str]:
    """The names that a file imports anywhere in it, but for its types."""
    pending: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        pending += ast.iter_child_nodes(node)


def reached(starts: Iterable[str]) -> set[Path]:
    """The package's files that importing these modules runs, sooner or later."""
    found: set[Path] = set()
    pending = [*starts]
    while pending:
        for path in files_of(pending.pop()):
            if path not in found:
                found.add(path)
                pending += (name for name in imported(path) if name.startswith("autograder."))
    return found


def test_the_page_names_the_rooms_that_a_worker_imports() -> None:
    parts = {path.relative_to(ROOT / "autograder").parts for path in reached(WORKER)}
    rooms = {f"{first}/" if rest else first for first, *rest in parts} - {"__init__.py"}
    lines = (ROOT / "docs" / "how-it-works.md").read_text(encoding="utf-8").splitlines()
    (answer,) = (line.removeprefix(QUESTION) for line in lines if line.startswith(QUESTION))
    assert set(re.findall(r"`([^`]+)`", answer.split("The student's code")[0])) == rooms
