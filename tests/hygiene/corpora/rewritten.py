"""Whole programs rewritten without changing what they do."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path


class _Renaming(ast.NodeTransformer):
    def __init__(self, table: dict[str, str]) -> None:
        self.table = table

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self.table.get(node.id, node.id)
        return node


def rewritten(paths: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Name and source of every program with its variables renamed, once inside a closure, once inside a class."""
    for path in paths:
        text = path.read_text(encoding="utf-8")
        for wrap in ("closure", "class"):
            tree = ast.parse(text)
            run = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "run")
            _rename_variables(run, suffix="_1" if wrap == "closure" else "_of_it")
            run.name = "inner"
            rest = [node for node in tree.body if node is not run]
            if wrap == "closure":
                outer = ast.parse("def run():\n    pass\n    return inner()").body[0]
                assert isinstance(outer, ast.FunctionDef)
                outer.body[0] = run
                rest.append(outer)
            else:
                run.name, run.args.args = "train", [ast.arg("self")]
                outer_class = ast.parse("class Experiment:\n    pass").body[0]
                assert isinstance(outer_class, ast.ClassDef)
                outer_class.body[0] = run
                rest += [outer_class, *ast.parse("def run():\n    return Experiment().train()").body]
            tree.body = rest
            yield f"idiom-{path.stem}-{wrap}", ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def _rename_variables(run: ast.FunctionDef, suffix: str) -> None:
    arguments = {node.arg for node in ast.walk(run) if isinstance(node, ast.arg)}
    stored = {n.id for n in ast.walk(run) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    _Renaming({name: name.rstrip("_") + suffix for name in stored - arguments}).visit(run)
