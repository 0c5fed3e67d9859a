"""Tests that share a fixture of seconds share a process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import group_of


@pytest.mark.parametrize(
    ("nodeid", "group"),
    [
        ("tests/test_pairs.py::test_a", "tests/test_pairs.py"),
        ("tests/test_pairs.py::TestIt::test_a[x-y::z]", "tests/test_pairs.py"),
        ("tests/grade/test_x.py::test_a[himmelblau-stub]", "tests/grade/test_x.py"),
        ("tests/course/test_every_assignment.py::test_promise[himmelblau-wrong/x.py]", "himmelblau"),
        ("tests/course/test_trivial_answers.py::test_a[himmelblau-nothing]", "himmelblau"),
        ("tests/course/test_every_assignment.py::test_pair[himmelblau]", "himmelblau"),
        ("tests/course/test_every_assignment.py::test_there_are_assignments", "tests/course/test_every_assignment.py"),
    ],
)
def test_the_group_of_a_test(nodeid: str, group: str) -> None:
    assert group_of(nodeid) == group


def test_a_group_stays_in_one_process(tmp_path: Path) -> None:
    """Asked of pytest and xdist as they are installed: what they do with a group has changed before."""
    pytest.importorskip("xdist")
    once = (
        "import os, pytest\n"
        "@pytest.mark.parametrize('number', range(6))\n"
        "def test_one(number):\n"
        "    with open(__file__ + '.seen', 'a') as file:\n"
        "        file.write(os.environ['PYTEST_XDIST_WORKER'] + ' ')\n"
    )
    for name in ("test_a.py", "test_b.py"):
        (tmp_path / name).write_text(once)
    root = Path(__file__).parents[1]
    plugins = ["-pxdist", "-ptests.processes", "-pno:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n2", *plugins, f"-c{os.devnull}", f"--rootdir={tmp_path}", str(tmp_path)],
        cwd=root,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert "12 passed" in done.stdout, done.stdout + done.stderr
    seen = [set((tmp_path / f"{name}.seen").read_text().split()) for name in ("test_a.py", "test_b.py")]
    assert [len(workers) for workers in seen] == [1, 1]
    assert seen[0] != seen[1]
