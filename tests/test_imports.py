"""Imports point down: the layers of the package, and what may not import torch."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "autograder"
PREPARED = PACKAGE / "bridge" / "prepared.py"

LAYERS = (
    ("__main__",),
    ("cli", "nbgrader"),
    ("platforms", "release", "verify"),
    ("grade", "student"),
    ("checking",),
    ("sandbox",),
    ("blame",),
    ("checks", "pairs", "reports", "submission"),
    ("bridge",),
    ("assignment", "hygiene", "notebook", "scoring"),
    ("errors", "results"),
)
"""From the top down; a module imports only from lines below its own."""

SIDEWAYS = {
    ("scoring", "assignment"),  # a policy is part of assignment.toml
    ("errors", "results"),  # for the type of a failure's diagnostics
}
"""The imports between neighbors that are meant."""

TORCH_FREE = (
    "assignment",
    "cli",
    "errors",
    "notebook",
    "pairs",
    "reports",
    "results",
    "scoring",
    "submission",
)
"""What must be quick to import: ``autograder --help``, and reading a class's files."""

FILES = sorted(path for path in PACKAGE.rglob("*.py") if "templates" not in path.parts)


def unit(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """The dotted names that a file imports anywhere in it, with their lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: a relative import"
            module = node.module or ""
            names = [f"{module}.{alias.name}" for alias in node.names] if module == "autograder" else [module]
            yield from ((name, node.lineno) for name in names)


def level(name: str) -> int:
    return next(number for number, layer in enumerate(LAYERS) if name in layer)


def test_every_module_has_a_layer() -> None:
    known = {name for layer in LAYERS for name in layer} | {"__init__"}
    assert {unit(path) for path in FILES} - known == set()


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(PACKAGE)) for path in FILES])
def test_imports_point_down(path: Path) -> None:
    here = unit(path)
    if here == "__init__":
        return  # its names are imported on first use
    wrong = []
    for name, line in imported(ast.parse(path.read_text(encoding="utf-8"))):
        parts = name.split(".")
        if parts[0] != "autograder" or len(parts) == 1 or parts[1] == here:
            continue
        if level(parts[1]) <= level(here) and (here, parts[1]) not in SIDEWAYS:
            wrong.append(f"line {line}: {here} imports {name}")
    assert not wrong


@pytest.mark.parametrize("path", [path for path in FILES if unit(path) in TORCH_FREE], ids=str)
def test_what_is_quick_does_not_import_torch(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    top_level = ast.Module(body=[node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)])
    heavy = [name for name, _ in imported(top_level) if name.split(".")[0] in ("torch", "torchvision")]
    assert not heavy


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(PACKAGE)) for path in FILES])
def test_files_are_short_and_pickle_free(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.count("\n") <= 400
    names = {name.split(".")[0] for name, _ in imported(ast.parse(source))}
    if unit(path) in ("bridge", "sandbox", "hygiene", "checking", "checks"):
        allowed = {"marshal"} if path == PREPARED else set()
        assert not names & {"pickle", "dill", "marshal", "shelve", "cloudpickle"} - allowed


def test_only_the_worker_s_own_loading_reads_what_a_worker_prepared() -> None:
    """Compiled code goes from worker to worker through the judge, which must never unpack it."""
    users = {path for path in FILES if "autograder.bridge.prepared" in dict(imported(_tree(path)))}
    assert users == {PACKAGE / "bridge" / "load.py"}
    loaders = {path for path in FILES if "load_again" in path.read_text(encoding="utf-8")}
    assert loaders == {PACKAGE / "bridge" / "load.py", PACKAGE / "bridge" / "answer.py"}


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))
