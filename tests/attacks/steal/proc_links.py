# Attack: goes through /proc's links to the judge's folder and files.
# score: 0
# ruff: noqa

import os


def attack():
    found = []
    for process in ("self", os.getppid(), "@@JUDGE@@", "@@ZYGOTE@@"):
        for path in ("cwd/tests/attacks/grading.py", "root/@@COURSE@@/solutions/tiny/tiny.py", "cmdline", "fd/5", "task/self/root/etc/passwd"):
            try:
                with open(f"/proc/{process}/{path}", "rb") as stream:
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
