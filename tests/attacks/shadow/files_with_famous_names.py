# Attack: leaves torch.py, conftest.py, sitecustomize.py and friends everywhere it can.
# score: 0
# ruff: noqa

import os
import site
import sys

NAMES = ("torch.py", "numpy.py", "conftest.py", "sitecustomize.py", "usercustomize.py", "evil.pth", "pytest.ini",
         "pyproject.toml", "__init__.py", "autograder.py", "json.py")


def attack():
    folders = ["", ".", "@@COURSE@@", "@@COURSE@@/solutions/tiny", "@@WITNESS@@", *sys.path, *site.getsitepackages()]
    for folder in folders:
        for name in NAMES:
            try:
                with open(os.path.join(folder, name), "w") as stream:
                    stream.write("raise SystemExit('canary-shadow')")
            except OSError:
                pass


def double(x):
    attack()
    sys.path.insert(0, os.getcwd())


def minimize(start, learning_rate=0.1, num_iterations=10):
    found = attack()
    print(found)
    return str(found)


def make_model():
    return str(attack())
