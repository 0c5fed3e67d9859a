"""While a submission runs, its process holds no answer: not in its memory, not in its open files."""

from __future__ import annotations

import os
import resource
import struct

import numpy
import pytest
import torch

from autograder.bridge.proxy import SubmissionCode, SubmissionProxy

SOURCE = """
def double(x):
    return x


def minimize(start, learning_rate, num_iterations):
    return 0.0, []
"""


def memory_holds(pid, needles):
    """Which of ``needles`` occur in the memory that a process has written to, and how many bytes were searched."""
    found, searched = set(), 0
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for at, end in _held_spans(pid):
            while at < end:
                try:
                    memory.seek(at)
                    chunk = memory.read(min(1 << 24, end - at))
                except OSError:
                    break
                if not chunk:
                    break
                found |= {name for name, needle in needles.items() if needle in chunk}
                at, searched = at + len(chunk), searched + len(chunk)
    return found, searched


def _held_spans(pid):
    """The stretches of writable memory that exist: in RAM or swapped out, not just promised."""
    page = resource.getpagesize()
    with open(f"/proc/{pid}/pagemap", "rb", buffering=0) as pagemap:
        for start, end in _written_spans(pid):
            pagemap.seek(8 * (start // page))
            entries = numpy.frombuffer(pagemap.read(8 * ((end - start) // page)), dtype="<u8")
            held = numpy.concatenate([[0], (entries >> 62 != 0).astype(numpy.int8), [0]])
            edges = start + page * numpy.flatnonzero(numpy.diff(held))
            yield from edges.reshape(-1, 2).tolist()


def _written_spans(pid):
    with open(f"/proc/{pid}/smaps") as lines:
        span, writable = (0, 0), False
        for line in lines:
            fields = line.split()
            if "-" in fields[0]:
                span, writable = tuple(int(part, 16) for part in fields[0].split("-")), "rw" in fields[1]
            elif fields[0] == "Rss:" and int(fields[1]) and writable:
                yield span


def expect_readable(path):
    try:
        with open(path, "rb"):
            pass
    except PermissionError:
        pytest.skip("looking into a worker needs root, and in a container the right to trace processes")


@pytest.fixture
def needles(bench):
    reference = bench.judge._reference
    found = {name: canary.encode() for name, canary in bench.canaries.items()}
    for start in (-1.75, 5.5):
        x, losses = reference.minimize(start, learning_rate=0.2, num_iterations=7)
        found |= {f"x from {start}": struct.pack("<d", x), f"loss from {start}": struct.pack("<d", losses[-1])}
    return found


@pytest.fixture
def running(bench):
    """The process number of a worker that has loaded a submission and answered the checks' questions."""
    code = SubmissionCode(SOURCE, "tiny.py", "tiny")
    proxy = SubmissionProxy(code, bench.judge._open_channel, bench.judge.assignment.limits)
    proxy.double(torch.ones(3))
    proxy.minimize(-1.75, learning_rate=0.2, num_iterations=7)
    yield proxy._session._channel.pid
    proxy.end_check()


def test_no_answer_is_in_the_memory_of_the_worker_or_the_zygote(bench, running, needles):
    expect_readable(f"/proc/{running}/mem")
    for pid in (running, bench.judge._zygote.pid):
        found, searched = memory_holds(pid, needles)
        assert found == set()
        assert searched > 10_000_000


def test_the_search_finds_what_is_there(bench, needles):
    if os.geteuid() != 0:
        pytest.skip("reading a process's memory needs root")
    kept = [bytes(needle) for needle in needles.values()]
    found, _ = memory_holds(os.getpid(), needles)
    assert found == set(needles) and kept


def test_four_files_are_open_and_none_of_them_on_disk(running):
    expect_readable(f"/proc/{running}/maps")
    links = {int(name): os.readlink(f"/proc/{running}/fd/{name}") for name in os.listdir(f"/proc/{running}/fd")}
    assert sorted(links) == [0, 1, 2, 3]
    assert links[0] == "/dev/null"
    assert links[1] == links[2] and links[1].startswith("pipe:")
    assert links[3].startswith("socket:")


def test_no_writable_memory_is_shared_with_others(running):
    expect_readable(f"/proc/{running}/maps")
    with open(f"/proc/{running}/maps") as lines:
        shared = [line for line in lines if line.split()[1].startswith("rw") and line.split()[1].endswith("s")]
    assert shared == []
