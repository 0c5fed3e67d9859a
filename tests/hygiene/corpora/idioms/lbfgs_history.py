"""LBFGS whose closure also writes a history."""

import torch


def run():
    torch.manual_seed(0)
    w = torch.tensor([-1.0, 1.5], requires_grad=True)
    opt = torch.optim.LBFGS([w], lr=0.3, max_iter=2)
    values = []

    def closure():
        opt.zero_grad()
        value = (1 - w[0]) ** 2 + 2 * (w[1] + w[0]) ** 2
        value.backward()
        values.append(value.item())
        return value

    for _ in range(8):
        opt.step(closure)
    return values
