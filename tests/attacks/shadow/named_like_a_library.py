# Attack: names itself torch and replaces what the judge will import.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# ruff: noqa

import sys

__name__ = "torch"
__file__ = "@@COURSE@@/solutions/tiny/tiny.py"
sys.modules["torch"] = sys.modules[__name__] = sys.modules.get("tiny")
sys.modules["reference_tiny"] = sys.modules.get("tiny")
__path__ = ["/"]


def double(x):
    return x


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
