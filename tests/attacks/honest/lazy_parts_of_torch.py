# Honest: uses parts of torch that load late.
# ruff: noqa

import torch.nn.functional as F
import torch


def double(x):
    torch.distributions.Normal(0.0, 1.0).log_prob(x)
    torch.func.vmap(lambda row: row * 2)(x)
    torch.fft.fft(x)
    torch.linalg.svd(x if x.dim() == 2 else x.reshape(1, -1))
    torch.autograd.functional.jacobian(lambda v: v**2, x)
    torch.optim.lr_scheduler.StepLR(torch.optim.Adam([torch.nn.Parameter(x.clone())]), 1)
    F.conv1d(torch.ones(1, 1, 4), torch.ones(1, 1, 2))
    torch.nn.LSTM(2, 2)(torch.ones(1, 1, 2))
    torch.nn.TransformerEncoderLayer(4, 2)(torch.ones(1, 1, 4))
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
