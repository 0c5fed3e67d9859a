# Honest: uses an optimizer and seeds of its own.
# ruff: noqa

import random

torch_seed = 7
import torch


def double(x):
    return 2 * x


def minimize(start, learning_rate=0.1, num_iterations=10):
    torch.manual_seed(torch_seed)
    random.seed(7)
    x = torch.nn.Parameter(torch.tensor(start))
    optimizer = torch.optim.SGD([x], lr=learning_rate)
    losses = []
    for _ in range(num_iterations):
        optimizer.zero_grad()
        loss = (x - 3).square()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return x.item(), losses


def make_model():
    model = torch.nn.Linear(2, 1)
    torch.nn.init.ones_(model.weight)
    torch.nn.init.zeros_(model.bias)
    return model
