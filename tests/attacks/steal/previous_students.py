# Attack: leaves a note for the next worker and looks for notes of the previous one.
# score: 0
# ruff: noqa

import glob
import os
import tempfile


def attack():
    for folder in (tempfile.gettempdir(), "/tmp", "/dev/shm", "/var/tmp", "@@WITNESS@@", "."):
        try:
            with open(os.path.join(folder, f"note-{os.getpid()}"), "w") as stream:
                stream.write("canary-note")
        except OSError:
            pass
    found = []
    for pattern in ("/tmp/**/note-*", "/dev/shm/note-*", "/var/tmp/note-*", "@@WITNESS@@/note-*", "../*/note-*"):
        found += [path for path in glob.glob(pattern) if str(os.getpid()) not in path]
    return found


def double(x):
    return 2 * x if attack() else None


def minimize(start, learning_rate=0.1, num_iterations=10):
    found = attack()
    print(found)
    return str(found)


def make_model():
    return str(attack())
