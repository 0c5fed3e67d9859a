"""Names that Python does not find, or finds too early."""

from __future__ import annotations

import ast
import builtins
import difflib

from autograder.bridge.advice.registry import PLACE, Advice, advises
from autograder.bridge.advice.scene import Function, Scene, assigned, enclosing_loop, expressions, path_to

_IMPORTS = {
    "np": "import numpy as np",
    "numpy": "import numpy",
    "plt": "import matplotlib.pyplot as plt",
    "torch": "import torch",
    "nn": "from torch import nn",
    "optim": "from torch import optim",
    "math": "import math",
    "random": "import random",
    "time": "import time",
    "itertools": "import itertools",
    "copy": "import copy",
    "F": "import torch.nn.functional as F",
    "pd": "import pandas as pd",
}
_OTHER_LANGUAGES = {"true": "True", "false": "False", "null": "None", "none": "None", "nil": "None", "NULL": "None"}
_MIN_LENGTH = 3
_ALIKE = 0.8


@advises("NameError")
def unbound_local(scene: Scene) -> Advice | str:
    """A name of the function that has no value yet."""
    name = _missing_name(scene)
    if not isinstance(scene.error, UnboundLocalError) or scene.function is None or not name:
        return ""
    made = scene.assignments(name)
    statement = scene.statement
    if not made or statement is None:
        return ""
    if isinstance(statement, ast.AugAssign) and made == [statement]:
        if name in scene.values:
            return (
                f"A name that `{scene.function.name}` changes is its own, also where there is a `{name}` outside: pass "
                "it in, and return the new value."
            )
        return f"`{ast.unparse(statement.target)}` needs a first value before this line changes it."
    if name in scene.values:  # of the module: the function's own has no value
        if callable(scene.values[name]):
            return Advice(
                f"{PLACE} gives `{name}` a value, so in `{scene.function.name}` the function of that name is not seen: "
                "use another name there.",
                made[0].lineno,
            )
        return Advice(
            f"{PLACE} gives `{name}` a value, so in all of `{scene.function.name}` the name is its own, and the one "
            "outside of it is not seen.",
            made[0].lineno,
        )
    if len(made) == 1 and (holder := _unvisited(scene.function, made[0], statement)) is not None:
        if isinstance(holder, ast.For | ast.While):
            return Advice(
                f"`{name}` gets its value only in the loop on {PLACE}, and that did not run once.", holder.lineno
            )
        return Advice(f"`{name}` gets its value only below the `if` on {PLACE}, which did not run.", holder.lineno)
    if min(one.lineno for one in made) > scene.line and enclosing_loop(scene.function, statement) is None:
        return Advice(f"`{name}` gets its first value later, on {PLACE}.", min(one.lineno for one in made))
    return ""


@advises("NameError")
def missing_import(scene: Scene) -> Advice | str:
    """``np.`` without an import, or with one that does not run when the file is graded."""
    name = _missing_name(scene)
    if isinstance(scene.error, UnboundLocalError) or not name:
        return ""
    for node in ast.walk(scene.tree):
        if isinstance(node, ast.Import | ast.ImportFrom) and name in assigned(node):
            return _unseen(scene, name, node)
    if name not in _IMPORTS or not _used_as_module(scene, name) or _is_made_somewhere(scene, name):
        return ""
    return f"`{_IMPORTS[name]}` is missing at the top of your file."


@advises("NameError")
def made_elsewhere(scene: Scene) -> Advice | str:
    """A variable of another function, or of the block that is not run when the file is graded."""
    name = _missing_name(scene)
    if isinstance(scene.error, UnboundLocalError) or not name:
        return ""
    makers: list[ast.stmt] = []
    for node in ast.walk(scene.tree):
        if isinstance(node, ast.stmt) and not isinstance(node, ast.Import | ast.ImportFrom) and name in assigned(node):
            makers.append(node)
    if not makers:
        return ""
    unseen = [_unseen(scene, name, maker) for maker in makers]
    return unseen[0] if len({advice[:1] for advice in unseen}) == 1 else ""


@advises("NameError")
def method_or_attribute_without_self(scene: Scene) -> str:
    """``layer`` for ``self.layer``."""
    name = _missing_name(scene)
    own = scene.local.get("self")
    if not name or own is None or isinstance(scene.error, UnboundLocalError):
        return ""
    return f"Write `self.{name}`: a method finds the object's parts only there." if hasattr(own, name) else ""


@advises("NameError")
def misspelt(scene: Scene) -> str:
    """A name that is nearly one of those that the line can see."""
    name = _missing_name(scene)
    if not name or isinstance(scene.error, UnboundLocalError) or _is_made_somewhere(scene, name) or name in _IMPORTS:
        return ""
    if name in _OTHER_LANGUAGES:
        return f"In Python it is written `{_OTHER_LANGUAGES[name]}`."
    known = [one for one in scene.values if not one.startswith("_")]
    same = [one for one in known if one.lower() == name.lower()]
    # The function's own names first: a builtin that looks alike is seldom what was meant.
    near = (
        same
        or difflib.get_close_matches(name, [one for one in scene.local if one in known], n=1, cutoff=_ALIKE)
        or difflib.get_close_matches(name, [one for one in known if not hasattr(builtins, one)], n=1, cutoff=_ALIKE)
        or difflib.get_close_matches(name, known, n=1, cutoff=_ALIKE)
    )
    return f"Did you mean `{near[0]}`?" if near and len(name) >= _MIN_LENGTH else ""


def _missing_name(scene: Scene) -> str:
    name = getattr(scene.error, "name", None)
    if not isinstance(name, str):
        quoted = scene.message.split("'")
        name = quoted[1] if len(quoted) > 2 else ""
    used = {node.id for node in expressions(scene.statement) if isinstance(node, ast.Name)}
    return name if scene.is_own and name in used and name.isidentifier() else ""


def _unseen(scene: Scene, name: str, maker: ast.stmt) -> Advice | str:
    """Why the line does not see the name that ``maker`` makes; empty where that cannot be told."""
    path = path_to(scene.tree, maker)[:-1]
    functions = [node for node in path if isinstance(node, Function)]
    if functions:
        if scene.function in functions or len(functions) > 1 or any(isinstance(node, ast.ClassDef) for node in path):
            return ""
        if isinstance(maker, ast.Import | ast.ImportFrom):
            return f"`{name}` is imported only inside `{functions[0].name}`: import it at the top of your file."
        return Advice(
            f"`{name}` belongs to `{functions[0].name}` ({PLACE}); another function gets it only as an argument.",
            maker.lineno,
        )
    if any(isinstance(node, ast.ClassDef) for node in path):
        return ""
    if any(isinstance(node, ast.If) and "__name__" in ast.unparse(node.test) for node in path):
        is_import = isinstance(maker, ast.Import | ast.ImportFrom)
        act, way = ("imported", "import it at the top") if is_import else ("made", "pass it in, or make it above")
        return Advice(
            f'`{name}` is {act} only below `if __name__ == "__main__":` ({PLACE}), which is not run here: {way}.',
            maker.lineno,
        )
    if len(path) == 1 and scene.function is None and maker.lineno > scene.line:
        return Advice(f"`{name}` is made later, on {PLACE}: move it above this line.", maker.lineno)
    return ""


def _is_made_somewhere(scene: Scene, name: str) -> bool:
    """Whether any line of the file makes the name: then it is not misspelt, but not seen here."""
    return any(isinstance(node, ast.stmt) and name in assigned(node) for node in ast.walk(scene.tree))


def _used_as_module(scene: Scene, name: str) -> bool:
    return any(
        isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name
        for node in expressions(scene.statement)
    )


def _unvisited(function: Function, maker: ast.stmt, reader: ast.stmt) -> ast.stmt | None:
    """The loop or ``if`` around ``maker`` only, above ``reader``: its body cannot have run to the end."""
    above = path_to(function, maker)
    below = path_to(function, reader)
    if isinstance(maker, ast.For) and len(above) == 2 and maker not in below and maker.lineno < reader.lineno:
        return maker  # the loop's own variable
    holders = [node for node in above[1:-1] if node not in below]
    if len(holders) != 1 or maker.lineno > reader.lineno:
        return None
    (holder,) = holders
    if isinstance(holder, ast.For | ast.While) and maker in holder.body:
        # What stands above it in the body may have left the body early.
        first = holder.body[: holder.body.index(maker)]
        early = (ast.Break, ast.Continue)
        return holder if not any(isinstance(node, early) for one in first for node in ast.walk(one)) else None
    return holder if isinstance(holder, ast.If) and maker in holder.body else None
