# Attack: leaves its folder by chdir, chroot, fchdir and new mounts.
# score: 0
# ruff: noqa

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def attack():
    found = []
    for step in (
        lambda: os.chdir("@@COURSE@@/solutions/tiny"),
        lambda: os.chroot("."),
        lambda: os.chdir("../../.."),
        lambda: libc.unshare(0x10000000),
        lambda: libc.mount(b"proc", b"/proc", b"proc", 0, None),
        lambda: libc.setns(3, 0),
    ):
        try:
            found.append(step())
        except Exception as error:
            found.append(repr(error))
    for path in ("tiny.py", "solutions/tiny/tiny.py"):
        try:
            found.append(open(path).read())
        except OSError as error:
            found.append(repr(error))
    return found


def double(x):
    raise RuntimeError(str(attack()))


def minimize(start, learning_rate=0.1, num_iterations=10):
    found = attack()
    print(found)
    return str(found)


def make_model():
    return str(attack())
