# Honest: keeps results in temporary files.
# needs: scratch
# ruff: noqa

import json
import os
import shutil
import tempfile
import torch


def double(x):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "x.pt")
        torch.save(x, path)
        shutil.copy2(path, path + ".copy")
        os.chmod(path, 0o644)
        os.makedirs(os.path.join(folder, "a", "b"))
        os.rename(path + ".copy", os.path.join(folder, "a", "b", "x.pt"))
        with tempfile.NamedTemporaryFile("w+") as stream:
            json.dump([1], stream)
            stream.flush()
            os.fsync(stream.fileno())
        return 2 * torch.load(os.path.join(folder, "a", "b", "x.pt"))


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
