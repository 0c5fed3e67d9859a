# Attack: replaces builtins, codecs and the type of exceptions.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# ruff: noqa

import builtins
import codecs

builtins.len = lambda thing: 7
builtins.isinstance = lambda thing, kind: True
builtins.type = lambda *a: float
codecs.register(lambda name: (_ for _ in ()).throw(SystemExit))
builtins.open = builtins.print = builtins.str = builtins.bytes = None


def double(x):
    return x


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
