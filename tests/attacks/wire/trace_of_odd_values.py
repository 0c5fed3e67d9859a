# Attack: sends recordings with numbers that no run has.
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


def minimize(start, learning_rate=0.1, num_iterations=10):
    import autograder.hygiene as hygiene
    import torch
    with hygiene.record() as real:
        x = torch.tensor([1.0, 2.0], requires_grad=True)
        for _ in range(5):
            (x * x).sum().backward()
            with torch.no_grad():
                x -= 0.1 * x.grad
            x.grad = None

    def spoiled(node, depth=0):
        if type(node) is dict:
            return {key: spoiled(value, depth + 1) for key, value in node.items()}
        if type(node) is list:
            return [spoiled(value, depth + 1) for value in node]
        if type(node) is float:
            return float("nan")
        if type(node) is int and depth > 3 and node == 2:
            return 1 << 60
        return node

    send(msgspec.msgpack.encode({"nonce": asked(), "value": None, "trace": spoiled(real.plain())}))
    time.sleep(3600)


def double(x):
    return None


def make_model():
    return None
