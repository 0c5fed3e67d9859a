# Attack: sets PYTHON* and LD_* variables and start-up files.
# score: 0
# ruff: noqa

import os
import sys

for name in ("PYTHONPATH", "PYTHONSTARTUP", "PYTHONHOME", "LD_PRELOAD", "LD_LIBRARY_PATH", "PYTEST_ADDOPTS", "PYTHONINSPECT"):
    os.environ[name] = "@@WITNESS@@"
    os.putenv(name, "@@WITNESS@@")
sys.ps1 = "x"
sys.dont_write_bytecode = False
sys.pycache_prefix = "@@WITNESS@@"


def double(x):
    import this

    return this


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
