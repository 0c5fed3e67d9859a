# Attack: switches off tracing, profiling and gradient recording.
# score: 0
# ruff: noqa

import sys
import threading

import torch

sys.settrace(None)
sys.setprofile(None)
threading.settrace(None)
torch.set_grad_enabled(False)
torch.autograd.set_detect_anomaly(False)
torch.utils._python_dispatch.TorchDispatchMode.__enter__ = lambda self: self
torch.overrides.TorchFunctionMode.__enter__ = lambda self: self


def double(x):
    return x


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
