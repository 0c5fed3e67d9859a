"""The meter sees the whole tree."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.tree_meter import CommandFailed, Usage, descendants, measured, memory_mb

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
import os, sys
def hold():
    return bytearray(b"x") * 100_000_000
kept = hold() if sys.argv[1] == "shared" else None
heard, told = os.pipe()
child = os.fork()
kept = kept or hold()
os.write(told, b".")
if child:
    while len(os.read(heard, 1)) < 1 or len(os.read(heard, 1)) < 1:
        pass
    print(flush=True)
sys.stdin.read()
"""
"""Two processes that hold 100 MB, the same or each its own; a line says that they do, and both wait for the end."""


def test_work_of_an_orphan_is_counted(tmp_path: Path) -> None:
    usage = measured([sys.executable, "-c", ORPHAN], cwd=tmp_path)
    assert usage.processor >= 0.3
    assert (tmp_path / "ended").exists(), "the meter waits for orphans"
    assert usage.killed == 0


@pytest.mark.parametrize(("how", "least", "most"), [("shared", 95, 160), ("apart", 190, 260)])
def test_memory_of_all_processes_counts_shared_pages_once(how: str, least: int, most: int) -> None:
    command = [sys.executable, "-c", HOLDS, how]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as held:
        assert held.stdin is not None and held.stdout is not None
        held.stdout.readline()
        found = [memory_mb(pid) for pid in (held.pid, *descendants(held.pid))]
        held.stdin.close()
    assert len(found) == 2
    assert least < sum(found) < most


def test_a_command_that_fails_says_what_it_printed(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match="ended with 3: no such thing"):
        measured([sys.executable, "-c", "print('no such thing'); raise SystemExit(3)"], cwd=tmp_path)


def test_descendants_are_all_of_them_and_nobody_else() -> None:
    assert os.getpid() not in descendants(os.getpid())
    assert os.getpid() in descendants(os.getppid())


def test_one_after_the_other_adds_times_and_keeps_the_larger_peak() -> None:
    assert Usage(1, 2, 300) + Usage(10, 20, 30, killed=1) == Usage(11, 22, 300, killed=1)
