# Attack: sends thirty million numbers as one list, which are a gigabyte as objects.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# seconds: 1
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
    send(msgspec.msgpack.encode({"nonce": asked(), "value": ["f", 240_000_000]}), bytes(240_000_000))
    time.sleep(3600)


def minimize(start, learning_rate=0.1, num_iterations=10):
    return 0.0, [0.0] * 7_000_000


def make_model():
    return None
