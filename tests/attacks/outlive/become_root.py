# Attack: asks for root and for capabilities.
# score: 0
# ruff: noqa

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def attack():
    done = []
    for step in (
        lambda: os.setuid(0),
        lambda: os.setresuid(0, 0, 0),
        lambda: os.setgid(0),
        lambda: os.setgroups([0]),
        lambda: os.chown(".", 0, 0),
    ):
        try:
            step()
            done.append("done")
        except OSError:
            pass
    if libc.prctl(1, 0, 0, 0, 0) == 0 or libc.prctl(4, 1, 0, 0, 0) == 0:
        done.append("survives its parent, or can be traced")
    return done


def double(x):
    return 2 * x if attack() else None


def minimize(start, learning_rate=0.1, num_iterations=10):
    found = attack()
    print(found)
    return str(found)


def make_model():
    return str(attack())
