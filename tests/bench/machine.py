"""What the figures were measured on."""

from __future__ import annotations

import datetime
import os
import platform
import subprocess
from pathlib import Path

from tests.bench.trees import Tree

_VERSIONS = """
import importlib.metadata as m, platform
names = ("torch", "numpy", "pytest", "otter-grader", "nbgrader")
def version(name):
    try:
        return m.version(name)
    except m.PackageNotFoundError:
        return "not installed"
print(f"Python {platform.python_version()}, " + ", ".join(f"{name} {version(name)}" for name in names))
"""


def machine() -> str:
    """Processors, memory and kernel."""
    model = _after("/proc/cpuinfo", "model name") or platform.machine()
    kilobytes = int((_after("/proc/meminfo", "MemTotal") or "0 kB").split()[0])
    return (
        f"{os.cpu_count()} processors ({model}), {kilobytes / 2**20:.0f} GB, {platform.system()} {platform.release()}, "
        f"as {'root' if os.geteuid() == 0 else 'an ordinary user'}"
    )


def versions(tree: Tree) -> str:
    """Those of Python and of the libraries that matter."""
    return tree.output("-c", _VERSIONS).strip()


def commit(root: Path) -> str:
    """The short name of the tree's commit; empty where it is no checkout."""
    command = ["git", "-C", str(root), "describe", "--always", "--dirty"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    return done.stdout.strip()


def load() -> float:
    """How many processes wanted to run during the last minute."""
    return os.getloadavg()[0]


def today() -> str:
    """The date, as in 2026-03-01."""
    return datetime.date.today().isoformat()


def _after(path: str, key: str) -> str:
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition(":")
        if name.strip() == key:
            return value.strip()
    return ""
