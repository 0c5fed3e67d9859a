"""`otter run` on the course's own zip: one command per submission."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from tests.bench.measuring import Measuring
from tests.bench.tree_meter import Usage


def otter_run(run: Measuring, files: Sequence[Path], package: Path) -> tuple[Usage, dict[str, float]]:
    """What all of them cost together, and the points by the stems of their names."""
    total, points = Usage(0, 0, 0), {}
    for file in files:
        out = run.new_out(run.now)
        out.mkdir()
        command = [str(run.now.python), "-m", "otter", "run", "-a", str(package), "-o", str(out), str(file)]
        total += run.run(run.now, f"otter run {file.name}", command)
        results = json.loads((out / "results.json").read_text(encoding="utf-8"))
        points[file.stem] = round(sum(test.get("score") or 0 for test in results["tests"]), 6)
    return total, points
