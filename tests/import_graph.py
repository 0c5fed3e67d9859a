"""What imports what in the package, read from its source: nothing is imported to find it out."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "autograder"
FILES = sorted(path for path in PACKAGE.rglob("*.py") if "templates" not in path.parts)


@dataclass(frozen=True)
class Import:
    """One line's import of one thing: ``from module import name``, or ``import module``."""

    module: str
    name: str
    line: int


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(tree: ast.AST) -> Iterator[Import]:
    """Everything that is imported anywhere in a file: in a function, and for types only, too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, "", node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: a relative import"
            yield from (Import(node.module or "", alias.name, node.lineno) for alias in node.names)


def module_of(path: Path) -> str:
    """The dotted name of a file; a package's is that of its folder."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in FILES}
IMPORTS = {name: tuple(imports(parsed(path))) for name, path in MODULES.items()}


def declared(package: str) -> frozenset[str]:
    """What ``__all__`` of a package names; empty where it names nothing, and for a plain module."""
    path = MODULES[package]
    if path.name != "__init__.py":
        return frozenset()
    for node in parsed(path).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return frozenset(ast.literal_eval(node.value))
    return frozenset()


DECLARED = {name: declared(name) for name in MODULES}


def target(one: Import) -> str | None:
    """The module of the package that an import is of; None for other packages' and for the package as a whole."""
    submodule = f"{one.module}.{one.name}"
    if submodule in MODULES and one.name not in DECLARED.get(one.module, ()):
        return submodule
    return one.module if one.module in MODULES and one.module != PACKAGE.name else None


def edges() -> Iterator[tuple[str, str, int]]:
    """Who imports whom on which line."""
    for name, found in IMPORTS.items():
        for one in found:
            to = target(one)
            if to is not None and to != name:
                yield name, to, one.line


def within(package: str) -> dict[str, set[str]]:
    """What the files and folders in a package import of each other; a folder stands for all that is in it."""
    depth = package.count(".") + 2
    children = {name for name in MODULES if name.startswith(f"{package}.")}
    graph: dict[str, set[str]] = {}
    for importer, imported, _ in edges():
        if importer in children and imported in children:
            one, other = (".".join(name.split(".")[:depth]) for name in (importer, imported))
            if one != other:
                graph.setdefault(one, set()).add(other)
    return graph


def circles(graph: Mapping[str, Iterable[str]]) -> set[frozenset[str]]:
    """The largest sets of names in which each leads to each."""
    reached = {name: _reached(graph, name) for name in graph}
    return {
        frozenset(other for other in found if name in reached.get(other, ()))
        for name, found in reached.items()
        if name in found
    }


def _reached(graph: Mapping[str, Iterable[str]], start: str) -> set[str]:
    found: set[str] = set()
    pending = list(graph.get(start, ()))
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending += graph.get(name, ())
    return found
