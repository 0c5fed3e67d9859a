# Attack: answers True ahead of time for every number that a question may have.
# score: 0
# ruff: noqa

import os
import struct

import msgspec


def double(x):
    for nonce in range(200):
        head = msgspec.msgpack.encode({"nonce": nonce, "value": True})
        frame = struct.pack("!I", len(head)) + head
        os.write(3, struct.pack("!Q", len(frame)) + frame)
    return x


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
