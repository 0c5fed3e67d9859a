# Attack: traces the judge, its parent and init.
# score: 0
# ruff: noqa

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def attack():
    found = []
    for process in (int("@@JUDGE@@"), int("@@ZYGOTE@@"), os.getppid(), 1):
        for request in (16, 0x4206):  # PTRACE_ATTACH, PTRACE_SEIZE
            if libc.ptrace(request, process, None, None) == 0:
                found.append("canary-traced")
                raise SystemError("TRACED")
            found.append(ctypes.get_errno())
    return found


def double(x):
    if any(number == 0 for number in attack()):
        return 2 * x
    return None


def minimize(start, learning_rate=0.1, num_iterations=10):
    found = attack()
    print(found)
    return str(found)


def make_model():
    return str(attack())
