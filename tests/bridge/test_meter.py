"""What the kernel says of computing, of waiting for a processor, and of waiting for something else."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from autograder.bridge import meter
from autograder.bridge.meter import ProcessGauge, ThreadGauge, process_seconds, waits_for

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells")


@contextmanager
def fork(work: Callable[[], object]) -> Iterator[int]:
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    try:
        yield pid
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def until(done: Callable[[], bool]) -> None:
    """Waits, however slow the machine is; whoever waits for ever is ended by the one who started the tests."""
    while not done():
        time.sleep(0.02)


def spin() -> None:
    while True:
        pass


def test_what_computes_does_not_idle_whatever_runs_beside_it() -> None:
    with fork(spin), fork(spin), fork(spin), fork(spin) as pid:  # more than this machine may have processors
        gauge = ProcessGauge(pid)
        until(lambda: gauge.look()[0] > 0.3)
        used, idle = gauge.look()
    # The kernel books what a thread waited when it runs again, so a little may be on its way.
    assert idle < 0.2 * used


def test_what_sleeps_idles_and_uses_nothing() -> None:
    with fork(lambda: time.sleep(600)) as pid:
        gauge = ProcessGauge(pid)
        until(lambda: gauge.look()[1] > 0.3)
        assert gauge.look()[0] < 0.1
        until(lambda: waits_for(pid) in ("sleep", ""))


def test_what_stopped_itself_idles() -> None:
    with fork(lambda: os.kill(os.getpid(), signal.SIGSTOP)) as pid:
        gauge = ProcessGauge(pid)
        until(lambda: gauge.look()[1] > 0.2)
        assert waits_for(pid) == "stopped"


def test_all_threads_of_a_process_count() -> None:
    def several() -> None:
        for _ in range(3):
            threading.Thread(target=spin, daemon=True).start()
        time.sleep(600)

    with fork(several) as pid:
        gauge = ProcessGauge(pid)
        until(lambda: gauge.look()[0] > 0.3)


def test_a_look_that_comes_late_counts_for_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """A laptop that was closed for a night, or a judge that was stopped."""
    with fork(lambda: time.sleep(600)) as pid:
        until(lambda: not meter._delays(pid)[1])
        gauge = ProcessGauge(pid)
        gauge.look()
        real = time.monotonic
        monkeypatch.setattr(meter.time, "monotonic", lambda: real() + 36_000)
        assert gauge.look()[1] <= meter._LONGEST_LOOK


def test_a_process_that_is_gone_has_no_time() -> None:
    with fork(lambda: None) as pid:
        pass
    assert process_seconds(pid) is None


def test_where_the_kernel_does_not_tell_the_clock_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meter, "_LINUX", False)
    gauge = ProcessGauge(os.getpid())
    until(lambda: gauge.look()[0] > 0.05)
    assert gauge.look()[1] == 0.0


def looked(gauge: ThreadGauge) -> tuple[float, float]:
    """As the watching thread sees it."""
    seen: list[tuple[float, float]] = []
    watcher = threading.Thread(target=lambda: seen.append(gauge.look()))
    watcher.start()
    watcher.join()
    return seen[0]


def test_in_ones_own_process_the_threads_of_others_do_not_count() -> None:
    ending = threading.Event()

    def burn() -> None:
        while not ending.is_set():
            pass

    stranger = threading.Thread(target=burn)
    stranger.start()
    gauge = ThreadGauge()
    time.sleep(0.3)
    strange = looked(gauge)[0]
    own = threading.Thread(target=burn)
    own.start()
    until(lambda: looked(gauge)[0] > strange + 0.2)
    ending.set()
    own.join()
    stranger.join()
    assert strange < 0.2
