# Honest: sets a handler and raises a signal to itself.
# ruff: noqa

import os
import signal
import torch


def double(x):
    heard = []
    signal.signal(signal.SIGUSR1, lambda *a: heard.append(1))
    os.kill(os.getpid(), signal.SIGUSR1)
    signal.raise_signal(signal.SIGUSR1)
    assert len(heard) == 2
    return 2 * x


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
