# Attack: describes its functions with megabytes of markup.
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


long = "<script>" * 100_000
info = {"kind": "function", "parameters": [long] * 9, "line": 10**6}
names = {name: info for name in ("double", "minimize", "make_model")}
send(msgspec.msgpack.encode({"nonce": asked(), "names": names, "notes": [long]}))
time.sleep(3600)


def double(x):
    return None


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
