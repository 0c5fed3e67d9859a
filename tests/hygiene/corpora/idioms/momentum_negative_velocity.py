"""The velocity holds the negative gradient, so it is added to the parameter."""

import torch


def run():
    position = torch.tensor([2.0, 1.0], requires_grad=True)
    velocity = torch.zeros(2)
    heights = []
    for _ in range(10):
        height = (position**2 * torch.tensor([1.0, 4.0])).sum()
        height.backward()
        with torch.no_grad():
            velocity.mul_(0.5).sub_(position.grad, alpha=0.03)
            position.add_(velocity)
            position.grad.zero_()
        heights.append(height.item())
    return heights
