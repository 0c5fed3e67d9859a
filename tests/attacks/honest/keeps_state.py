# Honest: caches in module globals and counts its calls.
# ruff: noqa

import functools

CALLS = []
import torch


@functools.lru_cache(maxsize=None)
def _factor():
    return 2


def double(x):
    CALLS.append(x.sum().item())
    return _factor() * x


def minimize(start, learning_rate=0.1, num_iterations=10):
    x = torch.tensor(start, requires_grad=True)
    losses = []
    for _ in range(num_iterations):
        loss = (x - 3) ** 2
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            x -= learning_rate * x.grad
        x.grad = None
    return x.item(), losses


def make_model():
    model = torch.nn.Linear(2, 1)
    torch.nn.init.ones_(model.weight)
    torch.nn.init.zeros_(model.bias)
    return model
