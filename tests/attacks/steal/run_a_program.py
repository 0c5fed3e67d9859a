# Attack: lets another program read.
# score: 0
# ruff: noqa

import os
import subprocess


def attack():
    found = []
    for command in (["cat", "@@COURSE@@/solutions/tiny/tiny.py"], ["/bin/sh", "-c", "env; cat @@COURSE@@/solutions/*/*"], ["ps", "aux"]):
        try:
            found.append(subprocess.run(command, capture_output=True, timeout=5).stdout)
        except Exception as error:
            found.append(repr(error))
    try:
        found.append(os.popen("env").read())
    except Exception as error:
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
