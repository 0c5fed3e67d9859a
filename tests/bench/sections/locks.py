"""What a fork and the locks on it cost: the benchmark of their own."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.measuring import ROOT, Measuring
from tests.bench.page import Table

NAME, ORDER = "locks", 8
_SCRIPT = ROOT / "tests" / "sandbox" / "bench_locks.py"


def measure(run: Measuring) -> Iterator[Table]:
    """What it prints, per tree."""
    for tree in run.trees:
        named = f", {tree.title}" if len(run.trees) > 1 else ""
        run.say(f"{tree.title}: forks and their locks")
        notes = [
            "`tests/sandbox/bench_locks.py`: a fork of the warmed worker until it is locked, has said so and ended."
        ]
        yield Table(f"Forks and their locks{named}", printed=tree.output(str(_SCRIPT)), notes=notes)
