# Honest: asks about devices, processors, platform and time.
# ruff: noqa

import os
import platform
import sys
import time
import torch


def double(x):
    device = "cuda" if torch.cuda.is_available() else "cpu"
    print(platform.platform(), platform.processor(), os.cpu_count(), sys.version, time.strftime("%Z"), os.getcwd())
    print(torch.__config__.show()[:20], torch.get_num_threads(), torch.backends.mkldnn.is_available())
    return (2 * x).to(device)


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
