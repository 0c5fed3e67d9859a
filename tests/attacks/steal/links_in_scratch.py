# Attack: links the solution into its own folder and reads it there.
# score: 0
# ruff: noqa

import os
import shutil


def attack():
    found = []
    for how in (os.symlink, os.link, shutil.copy, shutil.move, os.rename):
        name = f"stolen-{how.__name__}"
        try:
            how("@@COURSE@@/solutions/tiny/tiny.py", name)
            with open(name) as stream:
                found.append(stream.read())
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
