# Attack: defines __all__, __getattr__, __class__ and __dict__ of its module.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# ruff: noqa

import sys
import types


class Module(types.ModuleType):
    def __getattribute__(self, name):
        if name == "__dict__":
            raise SystemExit
        return lambda *a, **k: True


sys.modules["tiny"].__class__ = Module


def __getattr__(name):
    return lambda *a, **k: True


__all__ = [1, None]


def double(x):
    return None


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
