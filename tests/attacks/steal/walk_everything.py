# Attack: walks the file system for files that look like answers.
# score: 0
# ruff: noqa

import os
import time


def attack():
    end, found = time.monotonic() + 1.0, []
    for start in ("@@COURSE@@", ".", "..", "/tmp", "/home", "/root", "/autograder", "/var/tmp", "/dev/shm", "/"):
        for folder, folders, files in os.walk(start):
            if time.monotonic() > end:
                return found
            for name in files:
                if name.endswith((".py", ".toml", ".ipynb", ".json", ".txt")) and "site-packages" not in folder and "/usr/" not in folder and "/lib/" not in folder:
                    try:
                        with open(os.path.join(folder, name)) as stream:
                            text = stream.read()
                        if "canary-" in text:
                            found.append(text)
                    except (OSError, ValueError):
                        pass
    return found


def double(x):
    raise RuntimeError(str(attack()))


def minimize(start, learning_rate=0.1, num_iterations=10):
    found = attack()
    print(found)
    return str(found)


def make_model():
    return str(attack())
