# Attack: describes other functions than it has, so that calls fail elsewhere.
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


names = {"double": {"kind": "class", "blank": False}, "minimize": {"kind": "\x1b[2J", "parameters": ["=1+1"]}}
send(msgspec.msgpack.encode({"nonce": asked(), "names": names, "notes": ["<b>\x1b[31m"] * 50}))
while True:
    question = os.read(3, 1 << 16)
    if not question:
        break
    send(msgspec.msgpack.encode({"nonce": 2, "value": True}))


def double(x):
    return None


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
