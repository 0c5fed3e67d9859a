# Attack: has the interpreter itself write to the line, again and again.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# seconds: 1
# ruff: noqa

import faulthandler
import signal

faulthandler.enable(file=3)
faulthandler.dump_traceback_later(0.001, repeat=True, file=3)
faulthandler.register(signal.SIGALRM, file=3)
signal.setitimer(signal.ITIMER_REAL, 0.0001, 0.0001)


def double(x):
    import time
    time.sleep(0.1)
    return x


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
