"""`nbgrader autograde` on the course that a release makes: one command for all submissions."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.bench.measuring import Measuring
from tests.bench.tree_meter import Usage


def nbgrader_autograde(
    run: Measuring, slug: str, files: Sequence[Path], course: Path
) -> tuple[Usage, dict[str, float]]:
    """What it costs, and the points by the stems of the files' names."""
    nbgrader = [str(run.now.python), "-m", "nbgrader"]

    def call(*arguments: str) -> None:
        command = [*nbgrader, *arguments]
        subprocess.run(command, cwd=course, env=run.now.env, capture_output=True, check=True)

    run.say("nbgrader: the version of students")
    call("generate_assignment", slug)
    released = course / "release" / slug
    notebook = json.loads((released / f"{slug}.ipynb").read_text(encoding="utf-8"))
    for file in files:
        handed_in = course / "submitted" / file.stem / slug
        shutil.copytree(released, handed_in)
        solved = solved_notebook(notebook, file.read_text(encoding="utf-8"))
        (handed_in / f"{slug}.ipynb").write_text(json.dumps(solved), encoding="utf-8")
    # It works on the folder where it is started.
    command = ["/usr/bin/env", "-C", str(course), *nbgrader, "autograde", slug]
    usage = run.run(run.now, f"nbgrader autograde, {len(files)} submissions", command)
    call("export", "--to", "points.csv")
    with (course / "points.csv").open(encoding="utf-8") as stream:
        points = {row["student_id"]: float(row["score"]) for row in csv.DictReader(stream)}
    return usage, points


def solved_notebook(released: dict[str, Any], source: str) -> dict[str, Any]:
    """The students' notebook with the whole source in its last cell that asks for a solution, and nothing in others.

    A cell that defines what the source defines as well may come before, not after.
    """
    solved: dict[str, Any] = json.loads(json.dumps(released))
    asked = [cell for cell in solved["cells"] if cell["metadata"].get("nbgrader", {}).get("solution")]
    for cell in asked:
        cell["source"] = ""
    asked[-1]["source"] = source
    return solved
