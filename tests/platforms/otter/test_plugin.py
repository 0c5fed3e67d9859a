"""`otter run` on the zip: Otter's own process, our judge."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.assignment import Assignment
from autograder.release.artefact import zip_bytes
from autograder.release.grading import autograder_files


@pytest.mark.slow
def test_otter_run_shows_the_judges_verdicts_and_never_runs_the_submission(
    tiny: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = pytest.importorskip("otter.run", exc_type=ImportError)
    (tmp_path / "autograder.zip").write_bytes(zip_bytes(autograder_files(tiny)))
    canary = tmp_path / "ran"
    source = tiny.solution.read_text(encoding="utf-8").replace("_FACTOR * x", "x")
    mark = f"try:\n    open({str(canary)!r}, 'w').close()\nexcept OSError:\n    pass\n"
    (tmp_path / "ada.py").write_text(f"{source}\n{mark}")
    monkeypatch.chdir(tmp_path)
    results = run.main("ada.py", autograder="autograder.zip", output_dir=None, no_logo=True)
    assert {name: one.score for name, one in results.results.items()} == {"1": 0, "2.1": 4}
    assert not canary.exists(), "the submission ran outside the sandbox"
