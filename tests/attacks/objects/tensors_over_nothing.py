# Attack: returns tensors whose memory is gone or was never there.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# ruff: noqa

import torch


def double(x):
    gone = torch.zeros(3, 4)
    gone.untyped_storage().resize_(0)
    return gone


def minimize(start, learning_rate=0.1, num_iterations=10):
    import ctypes
    import numpy
    pointer = ctypes.cast(8, ctypes.POINTER(ctypes.c_double))
    return torch.from_numpy(numpy.ctypeslib.as_array(pointer, (1000,))), []


def make_model():
    class Model:
        def state_dict(self):
            return torch.nn.UninitializedParameter()

        def __call__(self, x):
            kept = []
            torch.vmap(lambda row: kept.append(row) or row)(x)
            return kept[0]

    return Model()
