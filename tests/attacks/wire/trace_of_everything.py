# Attack: sends a recording with as many events, cuts and leaves as may be.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# seconds: 3
# ruff: noqa

import os
import struct
import sys
import time

import msgspec


def send(head, rest=b""):
    frame = struct.pack("!I", len(head)) + head + rest
    frame = struct.pack("!Q", len(frame)) + frame
    while frame:
        frame = frame[os.write(3, frame) :]


def asked():
    """The number of the question that is being answered."""
    frame = sys._getframe()
    while "request" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["request"].nonce


place = {"file": 0, "line": 1}


def minimize(start, learning_rate=0.1, num_iterations=10):
    from autograder.hygiene.trace.events import FORMAT
    import autograder.hygiene as hygiene
    import torch
    with hygiene.record() as real:
        x = torch.tensor(1.0, requires_grad=True)
        for _ in range(2):
            (x * x).backward()
            with torch.no_grad():
                x -= 0.1 * x.grad
    data = real.plain()
    events = [event for event in data["events"]]
    data["events"] = events + [events[-1]] * 50_000
    data["leaves"] = data["leaves"] * 20_000
    data["losses"] = data["losses"] * 200_000
    send(msgspec.msgpack.encode({"nonce": asked(), "value": 1.0, "trace": data}))
    time.sleep(3600)


def double(x):
    return None


def make_model():
    return None
