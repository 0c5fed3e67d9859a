# Attack: writes perfect results when the process ends.
# score: 0
# ruff: noqa

import atexit
import weakref


def write():
    for place in ("/autograder/results/results.json", "@@WITNESS@@/results.json", "@@WITNESS@@/open_to_all.txt"):
        try:
            with open(place, "w") as stream:
                stream.write('{"score": 100}')
        except OSError:
            pass


class Last:
    def __del__(self):
        write()


atexit.register(write)
last = Last()
weakref.finalize(last, write)


def double(x):
    return None


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
