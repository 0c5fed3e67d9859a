# Honest: has a fallback where processes are not to be had.
# ruff: noqa

import multiprocessing
import subprocess
import torch


def double(x):
    try:
        with multiprocessing.Pool(2) as pool:
            factor = pool.map(int, ["2"])[0]
    except OSError:
        factor = 2
    try:
        subprocess.run(["nvidia-smi"], check=True)
    except (OSError, subprocess.CalledProcessError):
        pass
    return factor * x


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
