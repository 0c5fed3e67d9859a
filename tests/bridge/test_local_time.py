"""The limits of grading in the student's own process: what hangs ends, and the process is as it was before."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

from autograder.assignment import Limits
from autograder.bridge import local_time
from autograder.bridge.allowance import Timekeeper
from autograder.bridge.code import SubmissionCode
from autograder.bridge.local_channel import LocalChannel
from autograder.bridge.proxy import SubmissionProxy
from autograder.bridge.shared_calls import SharedCalls
from autograder.errors import CheckFailure

COMPUTING = Limits(call_seconds=0.2, load_seconds=0.5, idle_seconds=60)
WAITING = Limits(call_seconds=60, load_seconds=60, idle_seconds=0.8)
SOURCE = """\
import queue, threading, time, torch

def counts():
    x = 0
    while True:
        x += 1

def catches():
    while True:
        try:
            sum(range(100))
        except BaseException:
            pass

def catches_twice():
    while True:
        try:
            while True:
                try:
                    time.sleep(0.01)
                except BaseException:
                    pass
        except:
            pass

def burns_in_threads():
    def burn():
        while True:
            pass
    threads = [threading.Thread(target=burn, daemon=True) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

def sleeps():
    time.sleep(600)

def locks():
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()

def queues():
    queue.Queue().get()

def dawdles():
    time.sleep(0.2)
    return 1

def trains():
    x = torch.ones((), requires_grad=True)
    while True:
        x.grad = None
        (x * x).backward()
        with torch.no_grad():
            x -= 0.1 * x.grad
"""


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Any:
    before = signal.getsignal(signal.SIGVTALRM), sys.gettrace(), set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before[2]:
        thread.join()  # what the call started ends with it
    assert (signal.getsignal(signal.SIGVTALRM), sys.gettrace()) == before[:2]
    sys.modules.pop("tiny_timed", None)


def proxied(limits: Limits, source: str = SOURCE) -> SubmissionProxy:
    code = SubmissionCode(source, "timed.py", "tiny_timed")
    return SubmissionProxy(code, LocalChannel, limits, time=Timekeeper(limits, slower=lambda: 1.0))


def failure(call: Callable[[], Any]) -> CheckFailure:
    with pytest.raises(CheckFailure) as caught:
        call()
    return caught.value


@pytest.mark.parametrize(("name", "loop"), [("counts", 5), ("catches", 9)])
def test_a_loop_that_never_ends_is_stopped_and_named(name: str, loop: int) -> None:
    told = failure(getattr(proxied(COMPUTING), name))
    assert (told.outcome, told.message) == (
        "timed_out",
        f"`{name}` used more than 0.2 seconds of processor time and was stopped in the loop on line {loop}. Look for a "
        "loop that never ends, or for work that grows with every step.\n    while True:",
    )


def test_a_recorded_loop_is_stopped_and_the_recorder_is_gone() -> None:
    backward = vars(__import__("torch").Tensor)["backward"]
    told = failure(proxied(COMPUTING).traced.trains)
    assert told.message.startswith("`trains` used more than 0.2 seconds of processor time and was stopped in the loop")
    assert vars(__import__("torch").Tensor)["backward"] is backward


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("sleeps", "time.sleep(600)"),
        ("catches_twice", "time.sleep(0.01)"),
        ("locks", "lock.acquire()"),
        ("queues", "queue.Queue().get()"),
    ],
)
def test_what_waits_is_stopped_and_named(name: str, line: str) -> None:
    told = failure(getattr(proxied(WAITING), name))
    assert told.outcome == "timed_out"
    assert told.message.startswith(f"`{name}` spent more than 0.8 seconds waiting instead of computing.")
    assert told.message.endswith(f"\n    {line}")


def test_threads_are_counted_together_and_ended() -> None:
    assert failure(proxied(COMPUTING).burns_in_threads).outcome == "timed_out"


def test_a_pause_is_fine_and_what_was_stopped_can_be_called_again() -> None:
    submission = proxied(WAITING)
    assert submission.dawdles() == 1
    failure(submission.sleeps)
    submission._shared = SharedCalls()
    assert submission.dawdles() == 1


@pytest.mark.parametrize(
    ("source", "limits", "did"),
    [
        ("while True:\n    pass\n", COMPUTING, "used more than 0.5 seconds of processor time while it was imported"),
        ("import time\ntime.sleep(600)\n", WAITING, "spent more than 0.8 seconds waiting while it was imported"),
    ],
)
def test_the_import_is_stopped_as_well(source: str, limits: Limits, did: str) -> None:
    told = failure(lambda: proxied(limits, source).f())
    assert told.message.startswith(f"Your file {did}")
    assert told.outcome == "timed_out"


def in_thread(work: Callable[[], Any]) -> Any:
    done: list[Any] = []
    thread = threading.Thread(target=lambda: done.append(work()))
    thread.start()
    thread.join()
    return done[0]


@pytest.mark.parametrize("name", ["counts", "catches", "burns_in_threads"])
def test_outside_of_the_main_thread_python_raises_it(name: str) -> None:
    told = in_thread(lambda: failure(getattr(proxied(COMPUTING), name)))
    assert told.message.startswith(f"`{name}` used more than 0.2 seconds of processor time")


def test_without_signals_python_raises_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_time, "WHERE_ARE_YOU", None)
    assert failure(proxied(COMPUTING).counts).outcome == "timed_out"


def test_an_own_handler_of_the_signal_comes_back() -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGVTALRM, lambda number, frame: heard.append(number))
    try:
        failure(proxied(COMPUTING).counts)
        signal.raise_signal(signal.SIGVTALRM)
        assert heard == [signal.SIGVTALRM]
    finally:
        signal.signal(signal.SIGVTALRM, before)


def test_a_debugger_keeps_its_trace_function() -> None:
    def trace(frame: Any, event: str, argument: Any) -> None: ...

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        failure(proxied(COMPUTING).catches)
        assert sys.gettrace() is trace
    finally:
        sys.settrace(before)
