# Attack: hangs in atexit, in __del__ and in threads that never end.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# seconds: 0.5
# ruff: noqa

import atexit
import os
import threading
import time

atexit.register(time.sleep, 3600)
threading.Thread(target=time.sleep, args=(3600,)).start()


class Last:
    def __del__(self):
        time.sleep(3600)


last = Last()


def minimize(start, learning_rate=0.1, num_iterations=10):
    raise SystemExit


def double(x):
    return None


def make_model():
    return None
