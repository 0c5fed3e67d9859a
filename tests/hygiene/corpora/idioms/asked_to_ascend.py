# ignore: GH206
"""An exercise that asks for gradient ascent on the log-likelihood; the value returned is its negative."""

import torch


def run():
    torch.manual_seed(0)
    x = 1.5 + torch.randn(50)
    mean = torch.tensor(0.0, requires_grad=True)
    negative = []
    for _ in range(8):
        log_likelihood = -0.5 * (x - mean).square().mean()
        log_likelihood.backward()
        with torch.no_grad():
            mean += 0.3 * mean.grad
        mean.grad = None
        negative.append(-log_likelihood.item())
    return negative
