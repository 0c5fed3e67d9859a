# Honest: shows a progress bar and logs.
# ruff: noqa

import logging

try:
    from tqdm import tqdm
except ImportError:
    tqdm = iter

logging.basicConfig(level=logging.DEBUG)
import torch


def double(x):
    return 2 * x


def minimize(start, learning_rate=0.1, num_iterations=10):
    x = torch.tensor(start, requires_grad=True)
    losses = []
    for _ in tqdm(range(num_iterations)):
        loss = (x - 3) ** 2
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            x -= learning_rate * x.grad
        x.grad = None
        logging.info('loss %s', loss)
    return x.item(), losses


def make_model():
    model = torch.nn.Linear(2, 1)
    torch.nn.init.ones_(model.weight)
    torch.nn.init.zeros_(model.bias)
    return model
