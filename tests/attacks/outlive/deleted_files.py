# Attack: writes to files that have no name any more.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# ruff: noqa

import mmap
import os


def double(x):
    kept = []
    for number in range(6):
        file = os.open(f"f{number}", os.O_CREAT | os.O_RDWR)
        os.unlink(f"f{number}")
        os.posix_fallocate(file, 0, 32 << 20)
        kept.append(mmap.mmap(file, 4096))
        os.close(file)
    return kept


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
