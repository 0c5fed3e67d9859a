# Attack: is interrupted a thousand times a millisecond, by signals and by threads.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# seconds: 0.5
# ruff: noqa

import signal
import sys
import threading

signal.signal(signal.SIGALRM, lambda *a: None)
signal.setitimer(signal.ITIMER_REAL, 1e-6, 1e-6)
signal.signal(signal.SIGVTALRM, lambda *a: None)
signal.setitimer(signal.ITIMER_VIRTUAL, 1e-6, 1e-6)
sys.setswitchinterval(1e-9)


def spin():
    while True:
        sum(range(1000))


for _ in range(8):
    threading.Thread(target=spin, daemon=True).start()


def double(x):
    return None


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
