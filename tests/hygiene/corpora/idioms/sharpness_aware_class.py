"""SAM as an optimizer wrapper: up to the worst neighbour, a second pass there, back, then the step."""

import torch
from torch import nn


class SAM:
    def __init__(self, params, base, rho=0.05):
        self.params, self.base, self.rho = list(params), base, rho
        self.moved = []

    @torch.no_grad()
    def ascend(self):
        norm = torch.stack([p.grad.norm() for p in self.params]).norm()
        self.moved = [p.grad * (self.rho / (norm + 1e-12)) for p in self.params]
        for p, e in zip(self.params, self.moved):
            p.add_(e)
        self.base.zero_grad()

    @torch.no_grad()
    def descend(self):
        for p, e in zip(self.params, self.moved):
            p.sub_(e)
        self.base.step()
        self.base.zero_grad()


def run():
    torch.manual_seed(0)
    x = torch.randn(32, 3)
    y = x.prod(1, keepdim=True)
    net = nn.Sequential(nn.Linear(3, 16), nn.Tanh(), nn.Linear(16, 1))
    sam = SAM(net.parameters(), torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9))
    losses = []
    for _ in range(10):
        loss = nn.functional.mse_loss(net(x), y)
        loss.backward()
        sam.ascend()
        nn.functional.mse_loss(net(x), y).backward()
        sam.descend()
        losses.append(loss.item())
    return losses
