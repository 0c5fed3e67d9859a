"""The meter sees the whole tree."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.bench.tree_meter import CommandFailed, Usage, descendants, measured

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the meter reads /proc and adopts orphans")

ORPHAN = """
import os, time
parent = os.getpid()
if os.fork():
    os._exit(0)
os.setsid()
while os.getppid() == parent:
    time.sleep(0.01)
while time.process_time() < 0.3:
    pass
open("ended", "w").close()
"""
"""The process that was started ends at once; its child works when it is gone, in a session of its own."""
HOLDS = """
import time
kept = bytearray(b"x") * 100_000_000
time.sleep(0.5)
"""


def test_work_of_an_orphan_is_counted(tmp_path: Path) -> None:
    usage = measured([sys.executable, "-c", ORPHAN], cwd=tmp_path)
    assert usage.processor >= 0.3
    assert (tmp_path / "ended").exists(), "the meter waits for orphans"
    assert usage.killed == 0


def test_memory_of_all_processes_counts_shared_pages_once(tmp_path: Path) -> None:
    one_more = "import os\nos.fork()\n"
    apart = measured([sys.executable, "-c", one_more + HOLDS], cwd=tmp_path, interval=0.05)
    shared = measured(
        [sys.executable, "-c", HOLDS.replace("time.sleep", f"{one_more}time.sleep")], cwd=tmp_path, interval=0.05
    )
    assert 190 < apart.peak_mb < 290
    assert 95 < shared.peak_mb < 190
    assert shared.peak_mb == max(size for _, size in shared.samples)


def test_a_command_that_fails_says_what_it_printed(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match="ended with 3: no such thing"):
        measured([sys.executable, "-c", "print('no such thing'); raise SystemExit(3)"], cwd=tmp_path)


def test_descendants_are_all_of_them_and_nobody_else() -> None:
    assert os.getpid() not in descendants(os.getpid())
    assert os.getpid() in descendants(os.getppid())


def test_one_after_the_other_adds_times_and_keeps_the_larger_peak() -> None:
    assert Usage(1, 2, 300) + Usage(10, 20, 30, killed=1) == Usage(11, 22, 300, killed=1)
