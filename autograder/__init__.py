"""Grades PyTorch assignments on correctness, convergence and gradient hygiene.

with autograder.record() as trace:    # what did this training loop do?
    train(model)
print(trace.diagnostics())

autograder.check("1.3")    # in an assignment's notebook: the public checks of a task
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["Window", "__version__", "check", "record"]

_LAZY = {
    "Window": "autograder.hygiene",
    "check": "autograder.student.notebook",
    "record": "autograder.hygiene",
}


def __getattr__(name: str) -> Any:
    """The public names, imported on first use: ``import autograder`` imports neither torch nor what knows versions."""
    if name == "__version__":
        return _version()
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module 'autograder' has no attribute {name!r}")


def _version() -> str:
    from importlib import metadata

    try:
        return metadata.version("torch-autograder")
    except metadata.PackageNotFoundError:  # a source tree that was never installed
        return "0+unknown"
