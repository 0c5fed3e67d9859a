"""Calls in a real worker that use up their time: each ends, with a reason that is true and the student's line."""

from __future__ import annotations

import pytest

from autograder.assignment import Limits
from autograder.bridge.allowance import Timekeeper
from autograder.bridge.channel import ChannelClosed
from autograder.bridge.proxy import SubmissionCode, SubmissionProxy
from autograder.errors import CheckFailure
from autograder.sandbox import oom
from autograder.sandbox.control import Lockdown

COMPUTING = Limits(call_seconds=0.2, load_seconds=5, idle_seconds=60, memory_mb=512)
WAITING = Limits(call_seconds=60, load_seconds=60, idle_seconds=0.6, memory_mb=512)
SOURCE = """\
import ctypes, os, queue, resource, signal, threading, time

def counts():
    x = 0
    while True:
        x += 1

def calls():
    for turn in range(2):
        while True:
            step(turn)

def step(turn):
    return turn + 1

def catches():
    while True:
        try:
            sum(range(100))
        except BaseException:
            pass

def burns_in_threads():
    def burn():
        while True:
            pass
    threads = [threading.Thread(target=burn) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

def answers_nothing():
    signal.signal(signal.SIGVTALRM, signal.SIG_IGN)
    while True:
        pass

def dies_when_asked():
    signal.signal(signal.SIGVTALRM, lambda *a: os._exit(0))
    while True:
        pass

def forges(frame=b""):
    def answer(*a):
        os.write(3, len(frame).to_bytes(8, "big") + frame)
    signal.signal(signal.SIGVTALRM, answer)
    while True:
        pass

def sleeps():
    time.sleep(600)

def naps():
    while True:
        time.sleep(0.01)

def sleeps_in_c():
    while True:
        ctypes.CDLL(None).sleep(600)

def locks():
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()

def joins():
    threading.Thread(target=threading.Event().wait, daemon=True).start()
    for thread in threading.enumerate()[1:]:
        thread.join()

def stops():
    os.kill(os.getpid(), signal.SIGSTOP)

def dawdles():
    time.sleep(0.3)
    return 1

def kills():
    os.kill(os.getpid(), signal.SIGKILL)
"""


def line_of(text):
    return 1 + SOURCE.splitlines().index(next(line for line in SOURCE.splitlines() if line.strip() == text))


@pytest.fixture
def stopped(zygote):
    """What a call's failure says, as (outcome, message)."""

    def call(name, limits, *args, source=SOURCE, **options):
        keeper = Timekeeper(limits, **{"slower": lambda: 1.0} | options)
        lockdown = Lockdown(memory_mb=limits.memory_mb, cpu_seconds=600)
        code = SubmissionCode(source, "work.py", "work")
        proxy = SubmissionProxy(code, lambda: zygote.spawn(lockdown), limits, time=keeper)
        try:
            return "passed", getattr(proxy, name)(*args)
        except CheckFailure as failure:
            return failure.outcome, failure.message
        finally:
            proxy.end_check()

    return call


@pytest.mark.parametrize("name", ["counts", "calls", "catches"])
def test_a_loop_that_never_ends_is_named(stopped, name):
    outcome, said = stopped(name, COMPUTING)
    after = SOURCE.splitlines().index(f"def {name}():") + 1
    loop = next(n for n, text in enumerate(SOURCE.splitlines(), 1) if n > after and text.strip() == "while True:")
    assert (outcome, said) == (
        "timed_out",
        f"`{name}` used more than 0.2 seconds of processor time and was stopped in the loop on line {loop}. Look for a "
        "loop that never ends, or for work that grows with every step.\n    while True:",
    )


def test_threads_are_counted_together(stopped):
    """The thread that made the call waits; the others never let it wait for nothing."""
    outcome, said = stopped("burns_in_threads", COMPUTING)
    assert outcome == "timed_out"
    assert said.startswith("`burns_in_threads` used more than 0.2 seconds of processor time")


@pytest.mark.parametrize("name", ["answers_nothing", "dies_when_asked"])
def test_who_does_not_say_where_it_is_ends_all_the_same(stopped, name):
    outcome, said = stopped(name, COMPUTING)
    assert (outcome, said) == (
        "timed_out",
        f"`{name}` used more than 0.2 seconds of processor time. Look for a loop that never ends, or for work that "
        "grows with every step.",
    )


def test_a_forged_place_is_text_like_any_other(stopped):
    import msgspec

    forged = msgspec.msgpack.encode({"type": "place", "line": 99, "source": "<b>\x1b[31m", "score": 100})
    assert stopped("forges", COMPUTING, forged)[0] == "error"  # neither a place nor an answer
    allowed = msgspec.msgpack.encode({"type": "place", "line": 99, "source": "<b>"})
    assert stopped("forges", COMPUTING, allowed)[1].endswith("every step.\n    <b>")


@pytest.mark.parametrize(
    ("name", "line", "did"),
    [
        ("sleeps", "time.sleep(600)", "sleep"),
        ("naps", "time.sleep(0.01)", "sleep"),
        ("sleeps_in_c", "ctypes.CDLL(None).sleep(600)", "sleep"),
        ("locks", "lock.acquire()", "lock"),
        ("joins", "thread.join()", "lock"),
    ],
)
def test_what_waits_is_told_so(stopped, name, line, did):
    outcome, said = stopped(name, WAITING)
    assert outcome == "timed_out"
    assert said.startswith(
        f"`{name}` spent more than 0.6 seconds waiting instead of computing. When it was stopped, it "
    )
    # What it waits for is told to whoever may look into the process: root, here.
    words = {"sleep": "was asleep", "lock": "was waiting for a lock or a thread"}[did]
    assert words in said or "was waiting for something (such as a sleep, `input()`, a lock or a thread)" in said
    if name != "sleeps_in_c":  # the signal may wake it where there is no line of the student's
        assert said.endswith(f"\n    {line}")


def test_what_stopped_itself_is_told_so(stopped):
    assert stopped("stops", WAITING) == (
        "timed_out",
        "`stops` stopped its own process (SIGSTOP), and it did not go on.",
    )


def test_a_pause_is_fine(stopped):
    assert stopped("dawdles", WAITING) == ("passed", 1)


@pytest.mark.parametrize(
    ("source", "limits", "said"),
    [
        (
            "x = 0\nwhile True:\n    x += 1\n",
            Limits(load_seconds=0.2),
            "Your file used more than 0.2 seconds of processor time while it was imported and was stopped in the loop "
            'on line 2. Move experiments below `if __name__ == "__main__":`.\n    while True:',
        ),
        (
            "import time\ntime.sleep(600)\n",
            WAITING,
            "Your file spent more than 0.6 seconds waiting while it was imported. When it was stopped, it was asleep "
            'on line 2. Move experiments below `if __name__ == "__main__":`.\n    time.sleep(600)',
        ),
    ],
)
def test_the_import_has_limits_as_well(stopped, source, limits, said):
    outcome, heard = stopped("f", limits, source=source)
    assert outcome == "timed_out"
    unknown = "was waiting for something (such as a sleep, `input()`, a lock or a thread)"
    assert heard.replace(unknown, "was asleep") == said


def test_a_slow_machine_takes_nothing_away(stopped):
    """What a machine of half the speed computes in 0.6 seconds is 0.3 seconds' worth."""
    source = (
        "import time\n\n\ndef f():\n    end = time.process_time() + 0.6\n"
        "    while time.process_time() < end:\n        pass\n    return 1\n"
    )
    assert stopped("f", COMPUTING, source=source)[0] == "timed_out"
    assert stopped("f", COMPUTING, source=source, slower=lambda: 8.0) == ("passed", 1)
    assert stopped("f", COMPUTING, source=source, cost=lambda *call: 0.5) == ("passed", 1)


def test_where_the_clock_ends_a_call_a_person_looks(stopped):
    outcome, said = stopped("sleeps", WAITING, ends=lambda: 0.0)
    assert outcome == "internal_error"
    assert "was still running when the time for its check was over. That says nothing about your work" in said


def test_who_kills_itself_did_not_run_out_of_memory(stopped):
    if oom.kills() is None:
        pytest.skip("the kernel does not count")
    assert stopped("kills", WAITING) == ("error", "`kills` ended the Python process (signal SIGKILL).")


@pytest.mark.parametrize(("counts", "reason"), [([3, 4], "memory_exceeded"), ([None, None], "memory_exceeded")])
def test_what_the_kernel_kills_did(zygote, monkeypatch, counts, reason):
    import os
    import signal

    monkeypatch.setattr(oom, "kills", iter(counts).__next__)
    channel = zygote.spawn(Lockdown(memory_mb=256, cpu_seconds=20))
    os.kill(channel.pid, signal.SIGKILL)
    with pytest.raises(ChannelClosed) as closed:
        from autograder.bridge.allowance import Allowance

        channel.exchange(b"anything", Allowance(5.0))
    channel.close()
    assert closed.value.reason == reason
