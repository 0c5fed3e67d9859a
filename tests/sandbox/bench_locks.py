"""What the locks cost: milliseconds per fork, with and without them, taken in turns in one run.

python tests/sandbox/bench_locks.py [FORKS]
"""

from __future__ import annotations

import gc
import os
import shutil
import statistics
import sys
import time

from autograder.sandbox import scratch
from autograder.sandbox.control import Lockdown
from autograder.sandbox.locks import apply
from autograder.sandbox.locks.plan import Plan, survey
from autograder.sandbox.zygote import warm_up


def fork_once(plan: Plan | None, serial: int, folder: str) -> tuple[float, float]:
    """Milliseconds until a fork has closed its locks, said so and ended: by the clock, and of processor time.

    The second is what a busy machine cannot blur.
    """
    started, worked = time.perf_counter(), time.process_time()
    parent = os.getpid()
    heard, told = os.pipe()
    pid = os.fork()
    if pid == 0:
        if plan is not None:
            apply.lock_down(Lockdown(memory_mb=512, cpu_seconds=60, scratch=folder), plan, parent, serial)
        os.write(told, b"x")
        os._exit(0)
    os.close(told)
    locked = os.read(heard, 1) == b"x"
    os.close(heard)
    _, _, usage = os.wait4(pid, 0)
    assert locked
    spent = time.process_time() - worked + usage.ru_utime + usage.ru_stime
    return 1000 * (time.perf_counter() - started), 1000 * spent


def main(forks: int) -> None:
    """Prints a table."""
    warm_up()
    plan, folder = survey(), scratch.make()
    gc.collect()
    gc.freeze()
    times: dict[str, list[tuple[float, float]]] = {"without locks": [], "with all locks": []}
    for serial in range(forks):
        times["without locks"].append(fork_once(None, serial, folder))
        times["with all locks"].append(fork_once(plan, serial, folder))
    shutil.rmtree(folder)
    print(", ".join(plan.locks))
    for name, taken in times.items():
        print(f"{name:<15}", "   ".join(_line(*pair) for pair in zip(_KINDS, zip(*taken, strict=True), strict=True)))
    with_locks, without = (
        [statistics.median(column) for column in zip(*times[name], strict=True)]
        for name in ("with all locks", "without locks")
    )
    costs = [f"{kind} {a - b:6.2f} ms" for kind, a, b in zip(_KINDS, with_locks, without, strict=True)]
    print(f"{'the locks':<15}", "   ".join(costs))


_KINDS = ("clock", "processor")


def _line(kind: str, column: tuple[float, ...]) -> str:
    return f"{kind} median {statistics.median(column):6.2f} ms, p95 {sorted(column)[int(0.95 * len(column))]:6.2f} ms"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
