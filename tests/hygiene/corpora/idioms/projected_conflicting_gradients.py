"""PCGrad: the gradients of two tasks are taken one by one and projected before they are assigned."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(32, 4)
    targets = [x[:, :1], (x[:, :1] - 0.5 * x[:, 1:2]) * 2]
    trunk = nn.Sequential(nn.Linear(4, 16), nn.Tanh(), nn.Linear(16, 2))
    params = list(trunk.parameters())
    optimizer = torch.optim.Adam(params, lr=1e-2)
    losses = []
    for _ in range(10):
        out = trunk(x)
        tasks = [nn.functional.mse_loss(out[:, i : i + 1], t) for i, t in enumerate(targets)]
        flat = []
        for task in tasks:
            grads = torch.autograd.grad(task, params, retain_graph=True)
            flat.append(torch.cat([g.flatten() for g in grads]))
        dot = flat[0].dot(flat[1])
        if dot < 0:
            flat = [flat[0] - dot / flat[1].dot(flat[1]) * flat[1], flat[1] - dot / flat[0].dot(flat[0]) * flat[0]]
        merged = flat[0] + flat[1]
        start = 0
        for p in params:
            p.grad = merged[start : start + p.numel()].view_as(p).clone()
            start += p.numel()
        optimizer.step()
        losses.append(sum(task.item() for task in tasks))
    return losses
