# Attack: replaces torch, numpy, msgspec and the grader in sys.modules.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# ruff: noqa

import sys
import types

for name in ("torch", "numpy", "msgspec", "msgspec.msgpack", "autograder", "autograder.bridge.values", "builtins"):
    sys.modules[name] = types.ModuleType(name)


def double(x):
    return x


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
