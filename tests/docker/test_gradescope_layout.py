"""A container as Gradescope lays it out: root, /autograder, 768 MB, half a processor."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.assignment import Assignment, Course
from autograder.release.artefact import zip_bytes
from autograder.release.grading import autograder_files
from tests.docker.engine import docker
from tests.platforms.gradescope.schema import RESULTS

ROOT = Path(__file__).parents[2]
PEAK = "{ cat /sys/fs/cgroup/memory.peak /sys/fs/cgroup/memory/memory.max_usage_in_bytes 2>/dev/null || true; }"
LIMITS = ("--memory", "768m", "--memory-swap", "768m", "--cpus", "0.5")
NAME = "autograder-gradescope-test"

Grade = Callable[[Assignment, str], dict[str, Any]]


@pytest.fixture
def grade(image: str, tmp_path: Path) -> Grade:
    """Grades a source text in such a container, from setup.sh on: the valid results.json."""

    def run(assignment: Assignment, source: str) -> dict[str, Any]:
        root = tmp_path / "autograder"
        lay_out(root, assignment, source)
        script = f"/autograder/source/setup.sh && /autograder/run_autograder && {PEAK}"
        docker("rm", "-f", NAME, check=False)
        docker("create", "--name", NAME, *LIMITS, "-w", "/autograder", image, "bash", "-c", script)
        try:
            docker("cp", f"{root}/.", f"{NAME}:/autograder")
            done = docker("start", "-a", NAME)
            docker("cp", f"{NAME}:/autograder/results/results.json", str(tmp_path))
        finally:
            docker("rm", "-f", NAME, check=False)
        results: dict[str, Any] = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
        RESULTS.validate(results)
        print(f"\n{assignment.slug}: {results['execution_time']} s; {done.stdout[-200:]}")
        assert results["extra_data"]["status"] == "graded"
        return results

    return run


def lay_out(root: Path, assignment: Assignment, source: str) -> None:
    for name in ("source", "submission", "results"):
        (root / name).mkdir(parents=True)
    packed = root.parent / "autograder.zip"
    packed.write_bytes(zip_bytes(autograder_files(assignment)))
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(root / "source")
    shutil.copy(root / "source" / "run_autograder", root)
    (root / "run_autograder").chmod(0o755)
    (root / "source" / "setup.sh").chmod(0o755)
    (root / "submission" / f"{assignment.slug}.py").write_text(source, encoding="utf-8")
    (root / "submission_metadata.json").write_text(json.dumps({"id": 1, "created_at": "2026-03-01T00:00:00Z"}))


@pytest.mark.parametrize("slug", ["polynomial_regression", "mnist_parity", "neural_networks", "optimizers"])
def test_the_reference_has_full_marks(grade: Grade, slug: str) -> None:
    assignment = Course(ROOT).assignment(slug)
    results = grade(assignment, assignment.solution.read_text(encoding="utf-8"))
    assert results["score"] == assignment.max_score


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("    import os\n    os._exit(0)\n", "error"),
        ("    while True:\n        pass\n", "timed_out"),
        ("    kept = []\n    while True:\n        kept.append(bytearray(50_000_000))\n", "memory_exceeded"),
    ],
    ids=["ends the process", "hangs", "fills the memory"],
)
def test_a_function_that_breaks_costs_its_own_task_only(
    grade: Grade, assignment: Assignment, body: str, outcome: str
) -> None:
    """The assignment allows a call more memory than this container has: here it is the kernel that ends the worker."""
    (function,) = assignment.task("2").functions
    source = f"{assignment.solution.read_text(encoding='utf-8')}\n\n\ndef {function}(*args, **kwargs):\n{body}"
    results = grade(assignment, source)
    outcomes = {task: Counter[str]() for task in ("1", "2", "3", "4")}
    for test in results["tests"]:
        outcomes[test["extra_data"]["task"]][test["extra_data"]["outcome"]] += 1
    assert set(outcomes.pop("2")) == {outcome}
    assert all(set(one) == {"passed"} for one in outcomes.values())
    assert results["score"] == assignment.max_score - assignment.task("2").points
