"""What a command costs with everything that it starts: processor seconds, seconds by the clock, peak memory.

The command runs below a process of its own that adopts orphans (``PR_SET_CHILD_SUBREAPER``) and reaps them all, so
that ``RUSAGE_CHILDREN`` of that process is the user and system time of the whole tree, judges, warmed workers and
whatever outlived its parent included. Not counted is a child that its parent never waits for while it ignores SIGCHLD:
the kernel keeps no account of those. Memory is the sum of the proportional set sizes (PSS: a page that n processes
share counts 1/n in each), looked at every so often: what comes and goes between two looks is not seen. Linux only.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

INTERVAL = 0.5
"""Seconds between two looks at the memory, at least."""
_LOOKING = 0.02
"""The share of the time that looking may take: it walks through every page, and stops what is measured shortly."""
_PR_SET_CHILD_SUBREAPER = 36
_GRACE = 10.0
"""Seconds that orphans have to end by themselves."""
_TAIL = 2000


@dataclass(frozen=True)
class Usage:
    """What one command, or several in a row, cost."""

    processor: float
    """Seconds, user and system, of the whole tree."""
    wall: float
    """Seconds by the clock until the command ended."""
    peak_mb: float
    samples: tuple[tuple[float, float], ...] = ()
    """Seconds since the start, and the tree's memory then in MB."""
    killed: int = 0
    """Orphans that had to be ended."""
    output: str = ""

    def __add__(self, other: Usage) -> Usage:
        """The two one after the other; without samples, whose clocks differ."""
        return Usage(
            self.processor + other.processor,
            self.wall + other.wall,
            max(self.peak_mb, other.peak_mb),
            killed=self.killed + other.killed,
        )


class CommandFailed(Exception):
    """The command that was to be measured ended with an error."""


def measured(
    command: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    interval: float = INTERVAL,
    groups: Sequence[Path] = (),
) -> Usage:
    """Runs the command and says what it cost; raises CommandFailed with the end of what it printed.

    ``groups``: control groups that it runs in.
    """
    with tempfile.TemporaryDirectory() as folder:
        report, printed = Path(folder, "report"), Path(folder, "printed")
        order = json.dumps({"report": str(report), "interval": interval, "groups": list(map(str, groups))})
        with printed.open("wb") as stream:
            meter = [sys.executable, str(Path(__file__).resolve()), order, *command]
            subprocess.run(meter, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, check=False)
        output = printed.read_text(encoding="utf-8", errors="replace")
        if not report.is_file():
            raise CommandFailed(f"{command[0]} could not be measured: {output[-_TAIL:]}")
        found = json.loads(report.read_text(encoding="utf-8"))
    status = found.pop("status")
    if status:
        raise CommandFailed(f"{' '.join(command)} ended with {status}: {output[-_TAIL:]}")
    return Usage(**found | {"samples": tuple(map(tuple, found["samples"]))}, output=output)


def descendants(root: int) -> list[int]:
    """The processes below ``root``, whoever their parents are by now."""
    children: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(OSError):
                # The name in parentheses may hold anything; the parent is the second field after it.
                fields = Path("/proc", entry, "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2]
                children.setdefault(int(fields.split()[1]), []).append(int(entry))
    found, pending = [], [root]
    while pending:
        below = children.get(pending.pop(), [])
        found += below
        pending += below
    return found


def memory_mb(pid: int) -> float:
    """The proportional set size; where that may not be read, the resident set size, which is at least as large."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        with contextlib.suppress(OSError):
            pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
            return pages * resource.getpagesize() / 2**20
    return 0.0  # it has ended meanwhile


def _watch(started: float, interval: float, over: threading.Event, samples: list[tuple[float, float]]) -> None:
    pause = interval
    while not over.wait(pause):
        looked = time.monotonic()
        total = sum(map(memory_mb, descendants(os.getpid())))
        samples.append((round(looked - started, 3), round(total, 1)))
        pause = max(interval, (time.monotonic() - looked) / _LOOKING)


def _reap(main: int, started: float) -> tuple[int, float, int]:
    """The status of ``main``, seconds until it ended, and how many orphans had to be ended."""
    status, wall, ends, killed = 1, 0.0, 0.0, 0
    while True:
        try:
            pid, code = os.waitpid(-1, os.WNOHANG if wall else 0)
        except ChildProcessError:
            return status, wall, killed
        if pid == main:
            wall = time.monotonic() - started
            status, ends = os.waitstatus_to_exitcode(code), time.monotonic() + _GRACE
        elif pid == 0:
            if time.monotonic() > ends:
                killed += _kill_all()
                ends = time.monotonic() + _GRACE
            time.sleep(0.01)


def _kill_all() -> int:
    left = descendants(os.getpid())
    for pid in left:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)
    return len(left)


def _run(order: Mapping[str, object], command: Sequence[str]) -> None:
    """Runs the command below this process and writes the report."""
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        sys.exit("orphans cannot be adopted here")
    groups = [Path(group) / "cgroup.procs" for group in order["groups"]]  # type: ignore[attr-defined]

    def join_groups() -> None:
        for group in groups:
            group.write_text(str(os.getpid()))

    samples: list[tuple[float, float]] = []
    over = threading.Event()
    started = time.monotonic()
    # Popen would wait for its child itself, and leave none to reap.
    child = subprocess.Popen(command, preexec_fn=join_groups if groups else None)
    watch = threading.Thread(target=_watch, args=(started, order["interval"], over, samples))
    watch.start()
    try:
        status, wall, killed = _reap(child.pid, started)
    finally:
        _kill_all()
        over.set()
        watch.join()
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = {
        "status": status,
        "wall": wall,
        "processor": usage.ru_utime + usage.ru_stime,
        "peak_mb": max((size for _, size in samples), default=0.0),
        "samples": samples,
        "killed": killed,
    }
    Path(str(order["report"])).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    _run(json.loads(sys.argv[1]), sys.argv[2:])
