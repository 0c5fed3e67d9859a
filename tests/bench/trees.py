"""A tree of this project with an interpreter: what its commands are called with."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Tree:
    """A checkout of this project whose package is used, and whose course is graded."""

    title: str
    root: Path
    python: Path
    work: Path
    """A folder of its own: a copy of its course, caches, what it writes."""

    @functools.cached_property
    def course(self) -> Path:
        """A copy of its course, since a release writes into it."""
        folder = self.work / "course"
        for part in ("assignments", "solutions"):
            shutil.copytree(self.root / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        return folder

    @property
    def env(self) -> dict[str, str]:
        """Its package before an installed one, its own cache, the interpreter's own commands."""
        path = os.pathsep.join((str(self.python.parent), os.environ.get("PATH", "")))
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        own = {"PYTHONPATH": str(self.root), "PATH": path, "XDG_CACHE_HOME": str(self.work / "cache")}
        return kept | own | {"MPLBACKEND": "agg"}

    def grade(self, slug: str, paths: Sequence[Path], out: Path, *options: str) -> list[str]:
        """The command `autograder grade`, which begins anew in ``out``."""
        command = [str(self.python), "-m", "autograder", "grade", slug, *map(str, paths), "--course", str(self.course)]
        return [*command, "--out", str(out), "--fresh", *options]

    @functools.cached_property
    def isolations(self) -> tuple[str, ...]:
        """The ways of isolation that its `autograder grade` offers; one without a name where it knows none."""
        said = self.output("-m", "autograder", "grade", "--help")
        return ("submission", "check") if "--isolation" in said else ("",)

    def has(self, module: str) -> bool:
        """Whether its interpreter can import the module."""
        found = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({module!r}) is None)"
        return self._run("-c", found).returncode == 0

    def output(self, *arguments: str) -> str:
        """What its interpreter prints when it is called so; raises CalledProcessError."""
        done = self._run(*arguments)
        done.check_returncode()
        return done.stdout

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(self.python), *arguments]
        return subprocess.run(
            command, cwd=self.work, env=self.env, capture_output=True, encoding="utf-8", errors="replace", check=False
        )


def same_course(one: Tree, other: Tree) -> bool:
    """Whether the two grade the same submissions with the same checks, byte for byte."""
    return _contents(one.course) == _contents(other.course)


def _contents(folder: Path) -> dict[Path, bytes]:
    """Without what a release has written beside the sources."""
    files = [path for part in ("assignments", "solutions") for path in (folder / part).rglob("*") if path.is_file()]
    return {path.relative_to(folder): path.read_bytes() for path in files}


def isolation_options(isolation: str) -> list[str]:
    """The options of `autograder grade` for one of :attr:`Tree.isolations`."""
    return ["--isolation", isolation] if isolation else []
