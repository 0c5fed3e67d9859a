# Honest: writes a checkpoint beside itself and into its home folder.
# needs: scratch
# ruff: noqa

import os
from pathlib import Path
import torch


def double(x):
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
    torch.save(model.state_dict(), "checkpoint.pt")
    cache = Path.home() / ".cache" / "mine"
    cache.mkdir(parents=True)
    (cache / "log.txt").write_text("saved")
    fresh = torch.nn.Linear(2, 1)
    fresh.load_state_dict(torch.load("checkpoint.pt"))
    os.remove("checkpoint.pt")
    return fresh
