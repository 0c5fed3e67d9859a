# Attack: looks for shared memory and semaphores of others, and leaves some behind.
# score: 0
# ruff: noqa

import os


def attack():
    found = []
    for folder in ("/dev/shm", "/dev/mqueue", "/run", "/var/run", "/run/user"):
        try:
            found += os.listdir(folder)
        except OSError:
            pass
    try:
        from multiprocessing import shared_memory
        block = shared_memory.SharedMemory("autograder_left", create=True, size=1 << 20)
        found.append(block.name)
    except (OSError, ImportError):
        pass
    try:
        import _multiprocessing
        found.append(_multiprocessing.SemLock(1, 1, 1, "/autograder_left", False).name)
    except OSError:
        pass
    return found


def double(x):
    return 2 * x if attack() else None


def minimize(start, learning_rate=0.1, num_iterations=10):
    found = attack()
    print(found)
    return str(found)


def make_model():
    return str(attack())
