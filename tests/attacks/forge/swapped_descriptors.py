# Attack: swaps the line to the judge with its output.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# seconds: 0.5
# ruff: noqa

import os


def double(x):
    os.dup2(3, 1)
    os.dup2(3, 2)
    os.write(1, b"\0" * 8 + b"score: 14")
    print("score: 14")
    return x


def minimize(start, learning_rate=0.1, num_iterations=10):
    os.dup2(1, 3)
    return start, []


def make_model():
    os.close(1)
    os.close(2)
    os.dup2(0, 3)
