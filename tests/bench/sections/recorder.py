"""What the recorder costs: the benchmark of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

from tests.bench.measuring import ROOT, Measuring
from tests.bench.page import Table
from tests.bench.tree_meter import CommandFailed
from tests.bench.trees import Tree

NAME, ORDER = "recorder", 7
_SCRIPT = ROOT / "tests" / "hygiene" / "recording" / "bench_recorder.py"


def measure(run: Measuring) -> Iterator[Table]:
    """What it prints, per tree."""
    for tree in run.trees:
        named = f", {tree.title}" if len(run.trees) > 1 else ""
        run.say(f"{tree.title}: the recorder")
        notes = ["`tests/hygiene/recording/bench_recorder.py` says what is compared, and how."]
        yield Table(f"The recorder{named}", printed=_printed(tree), notes=notes)


def _printed(tree: Tree) -> str:
    command = [str(tree.python), str(_SCRIPT)]
    done = subprocess.run(command, cwd=tree.work, env=tree.env, capture_output=True, encoding="utf-8", check=False)
    if done.returncode > 1:  # 1: a target is missed, which it says
        raise CommandFailed(f"{_SCRIPT.name}: {done.stderr[-2000:]}")
    if not done.stdout:
        raise CommandFailed(f"{_SCRIPT.name}: {done.stderr[-2000:]}")
    return done.stdout
