# Attack: replaces itself by a program that writes to the judge.
# score: 0
# ruff: noqa

import os


def attack():
    os.execv("/bin/cat", ["cat", "@@COURSE@@/solutions/tiny/tiny.py"])


def double(x):
    try:
        attack()
    except OSError:
        os.posix_spawn("/bin/cat", ["cat", "@@COURSE@@/solutions/tiny/tiny.py"], {})


def minimize(start, learning_rate=0.1, num_iterations=10):
    found = attack()
    print(found)
    return str(found)


def make_model():
    return str(attack())
