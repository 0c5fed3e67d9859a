"""What is not there while a submission is graded: other files, other modules, a keyboard, a GPU."""

from __future__ import annotations

import ast
import difflib
import importlib.util
import re
import sys

from autograder.bridge.advice.registry import advises
from autograder.bridge.advice.scene import Scene, expressions
from autograder.notebook.stand_ins import MODULE_NAMES

_NO_GPU = re.compile(
    r"Found no NVIDIA driver|not compiled with CUDA enabled|No CUDA GPUs are available|CUDA driver|"
    r"not linked with support for mps|MPS backend|Cannot re-initialize CUDA in forked subprocess"
)
_ALIKE = 0.8
_LONG_PATH = 60


@advises("FileNotFoundError", "PermissionError")
def other_file(scene: Scene) -> str:
    """A data file, or one that is to be written."""
    if isinstance(scene.statement, ast.Raise) and scene.is_own:
        return ""
    name = getattr(scene.error, "filename", None)
    is_short = isinstance(name, str) and 0 < len(name) <= _LONG_PATH and "`" not in name
    what = f"`{name}`" if is_short else "such file"
    if isinstance(scene.error, FileNotFoundError):
        return f"Where your code is graded there is no {what}, only your own file: do without it."
    return f"Where your code is graded it may not open {what if is_short else 'that file'}: do without it."


@advises("ModuleNotFoundError")
def module(scene: Scene) -> str:
    """A module that the grader does not have."""
    name = getattr(scene.error, "name", None)
    if not isinstance(name, str) or not re.fullmatch(r"[\w.]{1,60}", name):
        return ""
    imported = {
        alias.name if isinstance(node, ast.Import) else node.module
        for node in ast.walk(scene.tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    if name not in imported and not any((one or "").startswith(f"{name}.") for one in imported):
        return ""  # a library did not find it
    meant = MODULE_NAMES.get(name, "")
    if not meant and name.lower() != name and _is_installed(name.lower()):
        meant = name.lower()
    if meant:
        return f"The module is called `{meant}`."
    parent, _, last = name.rpartition(".")
    if parent:
        return f"`{parent}` has no part `{last}`." if parent in sys.modules else ""
    return f"The grader has no module `{name}`: do without it. Code of your own belongs into this one file."


@advises("ImportError")
def name_in_module(scene: Scene) -> str:
    """``from torch import tensors``."""
    found = re.match(r"cannot import name '(\w+)' from '([\w.]+)'", scene.message)
    owner = sys.modules.get(found[2]) if found else None
    if found is None or owner is None:
        return ""
    near = difflib.get_close_matches(found[1], [one for one in dir(owner) if one[0] != "_"], n=1, cutoff=_ALIKE)
    return f"Did you mean `{near[0]}`?" if near else ""


@advises("EOFError")
def keyboard(scene: Scene) -> str:
    """``input()``: nobody types."""
    calls = [node for node in expressions(scene.statement) if isinstance(node, ast.Call)]
    if not any(isinstance(node.func, ast.Name) and node.func.id == "input" for node in calls):
        return ""
    if scene.function is None:
        return '`input()` waits for a person, and here is none: move it below `if __name__ == "__main__":`.'
    return "`input()` waits for a person, and here is none: use the function's arguments."


@advises("RuntimeError", "AssertionError")
def gpu(scene: Scene) -> str:
    """``device="cuda"`` on a machine without one."""
    if not _NO_GPU.search(scene.message):
        return ""
    return 'The grader has no GPU: use one only if there is one (`"cuda" if torch.cuda.is_available() else "cpu"`).'


def _is_installed(name: str) -> bool:
    try:
        return name in sys.modules or importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False
