# Attack: leaves timers, lower limits, closed files and a handler that raises to whatever runs after it.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# ruff: noqa

import atexit
import gc
import os
import resource
import signal
import sys
import weakref


class Last:
    def __del__(self):
        raise SystemExit(0)


def late(*_):
    raise KeyboardInterrupt


last = Last()
weakref.finalize(last, sys.setrecursionlimit, 30)


def double(x):
    for timer, number in ((signal.ITIMER_PROF, signal.SIGPROF), (signal.ITIMER_REAL, signal.SIGALRM)):
        signal.signal(number, late)
        signal.setitimer(timer, 0.001, 0.001)
    gc.callbacks.append(late)
    gc.set_threshold(1)
    atexit.register(os._exit, 0)
    for limit in (resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE, resource.RLIMIT_STACK):
        resource.setrlimit(limit, (8, 8))
    os.close(0)
    os.close(1)
    return None


def minimize(start, learning_rate=0.1, num_iterations=10):
    return double(start)


def make_model():
    return double(None)
