# Attack: starts processes by every system call that can.
# score: 0
# ruff: noqa

import ctypes
import os
import platform

libc = ctypes.CDLL(None, use_errno=True)


def attack():
    made = []
    numbers = (56, 57, 58, 435) if platform.machine() == "x86_64" else (220, 435)
    for number in numbers:
        arguments = (17, 0, 0, 0, 0) if number in (56, 220) else (0, 0)
        pid = libc.syscall(number, *arguments)
        if pid == 0:
            os._exit(0)
        if pid > 0:
            made.append(pid)
    return made


def double(x):
    return 2 * x if attack() else None


def minimize(start, learning_rate=0.1, num_iterations=10):
    found = attack()
    print(found)
    return str(found)


def make_model():
    return str(attack())
