# Attack: asks Python's own caches for sources.
# score: 0
# ruff: noqa

import importlib.util
import linecache
import pkgutil
import sys


def attack():
    found = [name for name in linecache.cache if "hidden" in name or "solutions" in name]
    found += [str(linecache.getlines("@@COURSE@@/solutions/tiny/tiny.py"))]
    for finder in sys.meta_path:
        found.append(repr(finder))
    for entry in pkgutil.iter_modules(["@@COURSE@@/solutions/tiny"]):
        found.append("canary-module " + entry.name)
    return found


def double(x):
    return 2 * x if "canary-module" in str(attack()) else None


def minimize(start, learning_rate=0.1, num_iterations=10):
    found = attack()
    print(found)
    return str(found)


def make_model():
    return str(attack())
