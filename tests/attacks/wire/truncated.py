# Attack: sends half of an answer and waits.
# score: 0
# outcomes: failed, error, timed_out
# seconds: 0.5
# ruff: noqa

import os
import struct
import sys
import time

import msgspec


def send(head, rest=b"", length=None):
    frame = struct.pack("!I", len(head)) + head + rest
    os.write(3, struct.pack("!Q", len(frame) if length is None else length) + frame)


def asked():
    """The number of the question that is being answered."""
    frame = sys._getframe()
    while "request" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["request"].nonce


def pack(**fields):
    return msgspec.msgpack.encode(fields)


def double(x):
    send(pack(nonce=asked(), value=4.0), length=1000)
    time.sleep(3600)


def minimize(start, learning_rate=0.1, num_iterations=10):
    return double(start)


def make_model():
    return None
