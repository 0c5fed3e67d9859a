"""`add_` with a negative alpha."""

import torch


def run():
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 15)
    y = x**3
    coefficients = torch.zeros(4, requires_grad=True)
    powers = torch.stack([x**k for k in range(4)], dim=1)
    losses = []
    for _ in range(8):
        loss = (powers @ coefficients - y).square().mean()
        loss.backward()
        with torch.no_grad():
            coefficients.add_(coefficients.grad, alpha=-0.3)
        coefficients.grad = None
        losses.append(loss.item())
    return losses
