# Attack: puts a finder before all others and a hook into __import__.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# ruff: noqa

import builtins
import importlib.machinery
import sys
import types


class Finder:
    def find_spec(self, name, path=None, target=None):
        return importlib.machinery.ModuleSpec(name, self)

    def create_module(self, spec):
        return types.ModuleType(spec.name)

    def exec_module(self, module):
        module.__getattr__ = lambda name: (lambda *a, **k: True)


sys.meta_path.insert(0, Finder())
original = builtins.__import__
builtins.__import__ = lambda name, *a, **k: original(name, *a, **k)
sys.path_hooks.insert(0, lambda path: Finder())
sys.path_importer_cache.clear()


def double(x):
    import torch

    return torch.zeros_like(x)


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
