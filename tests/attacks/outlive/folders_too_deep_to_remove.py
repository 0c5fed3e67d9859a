# Attack: nests folders deeper than any path, unreadable and with links out.
# score: 0
# ruff: noqa

import os


def double(x):
    os.symlink("@@WITNESS@@", "out")
    os.symlink("@@WITNESS@@/open_to_all.txt", "out_file")
    for _ in range(30):
        os.mkdir("a_long_name" * 20, 0o700)
        os.chdir("a_long_name" * 20)
    os.mkdir("closed", 0)
    os.mkdir("odd\nname\x1b[31m")


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
