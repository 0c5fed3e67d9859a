# Attack: changes modes, times, owners and labels of files outside.
# score: 0
# ruff: noqa

import os


def attack():
    for step in (
        lambda: os.chmod("@@WITNESS@@/open_to_all.txt", 0o777),
        lambda: os.chmod("@@COURSE@@/solutions", 0o777),
        lambda: os.utime("@@WITNESS@@/open_to_all.txt", (0, 0)),
        lambda: os.utime("@@WITNESS@@/open_to_all.txt"),
        lambda: os.setxattr("@@WITNESS@@/open_to_all.txt", "user.mark", b"x"),
        lambda: os.truncate("@@WITNESS@@/open_to_all.txt", 0),
        lambda: os.open("@@WITNESS@@/open_to_all.txt", os.O_RDONLY | os.O_TRUNC),
        lambda: os.unlink("@@WITNESS@@/open_to_all.txt"),
        lambda: os.rename("@@WITNESS@@/open_to_all.txt", "@@WITNESS@@/gone"),
        lambda: os.mkdir("@@WITNESS@@/folder"),
        lambda: os.mkfifo("@@WITNESS@@/fifo"),
        lambda: os.symlink("/", "@@WITNESS@@/link"),
    ):
        try:
            step()
        except OSError:
            pass


def double(x):
    raise RuntimeError(str(attack()))


def minimize(start, learning_rate=0.1, num_iterations=10):
    found = attack()
    print(found)
    return str(found)


def make_model():
    return str(attack())
