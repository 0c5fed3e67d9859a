# Attack: lets one thread keep the interpreter's lock for ever.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# seconds: 0.5
# ruff: noqa

import gc
import sys
import threading

gc.disable()
sys.setswitchinterval(1e9)


def never():
    while True:
        pass


def double(x):
    threading.Thread(target=never).start()
    return x


def minimize(start, learning_rate=0.1, num_iterations=10):
    gc.callbacks.append(lambda *a: never())
    gc.enable()
    gc.collect()
    return start


def make_model():
    return None
