"""MAML with second derivatives through the inner step."""

import torch


def run():
    torch.manual_seed(0)
    w = torch.zeros(2, requires_grad=True)
    opt = torch.optim.SGD([w], lr=0.1)
    x = torch.randn(16, 2)
    goals = [torch.tensor([1.0, 2.0]), torch.tensor([2.0, 1.0])]
    out = []
    for _ in range(10):
        opt.zero_grad()
        outer = 0.0
        for goal in goals:
            inner = (x @ (w - goal)).square().mean()
            (g,) = torch.autograd.grad(inner, w, create_graph=True)
            adapted = w - 0.1 * g
            outer = outer + (x @ (adapted - goal)).square().mean() / len(goals)
        outer.backward()
        opt.step()
        out.append(outer.item())
    return out
