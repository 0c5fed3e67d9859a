"""A container as Gradescope lays it out: root, /autograder, 768 MB, half a processor."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import jsonschema
from docker_engine import docker  # loaded by the conftest

from autograder.assignment import Assignment

SCHEMA = json.loads((Path(__file__).parents[1] / "adapters" / "gradescope.schema.json").read_text(encoding="utf-8"))
PEAK = "{ cat /sys/fs/cgroup/memory.peak /sys/fs/cgroup/memory/memory.max_usage_in_bytes 2>/dev/null || true; }"
LIMITS = ("--memory", "768m", "--memory-swap", "768m", "--cpus", "0.5")


def test_from_set_up_to_results(image: str, zip_file: Path, polynomials: Assignment, tmp_path: Path) -> None:
    root = tmp_path / "autograder"
    for name in ("source", "submission", "results"):
        (root / name).mkdir(parents=True)
    with zipfile.ZipFile(zip_file) as archive:
        archive.extractall(root / "source")
    (root / "run_autograder").write_bytes((root / "source" / "run_autograder").read_bytes())
    (root / "run_autograder").chmod(0o755)
    (root / "source" / "setup.sh").chmod(0o755)
    (root / "submission" / "polynomial_regression.py").write_bytes(polynomials.solution.read_bytes())
    (root / "submission_metadata.json").write_text(json.dumps({"id": 1, "created_at": "2026-03-01T00:00:00Z"}))
    script = f"/autograder/source/setup.sh && /autograder/run_autograder && {PEAK}"
    name = "autograder-gradescope-test"
    docker("rm", "-f", name, check=False)
    docker("create", "--name", name, *LIMITS, "-w", "/autograder", image, "bash", "-c", script)
    try:
        docker("cp", f"{root}/.", f"{name}:/autograder")
        done = docker("start", "-a", name)
        docker("cp", f"{name}:/autograder/results/results.json", str(tmp_path))
    finally:
        docker("rm", "-f", name, check=False)
    results = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(SCHEMA).validate(results)
    print(f"\nGradescope: {results['execution_time']} s; {done.stdout[-200:]}")
    assert results["score"] == polynomials.max_score
    assert results["extra_data"]["status"] == "graded"
