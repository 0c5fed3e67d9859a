"""First-order MAML with a copy of the model per task: the copy's gradients are given to the meta model."""

import copy

import torch
from torch import nn


def run():
    torch.manual_seed(2)
    meta = nn.Sequential(nn.Linear(3, 16), nn.ReLU(), nn.Linear(16, 1))
    meta_optimizer = torch.optim.SGD(meta.parameters(), lr=0.1)
    losses = []
    for _ in range(10):
        meta_optimizer.zero_grad()
        for parameter in meta.parameters():
            parameter.grad = torch.zeros_like(parameter)
        total = 0.0
        for sign in (1.0, 2.0):
            x = torch.randn(24, 3)
            y = sign * x[:, :1] + 1
            learner = copy.deepcopy(meta)
            optimizer = torch.optim.SGD(learner.parameters(), lr=0.05)
            for _ in range(4):
                loss = nn.functional.mse_loss(learner(x[:12]), y[:12])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            query = nn.functional.mse_loss(learner(x[12:]), y[12:])
            grads = torch.autograd.grad(query, list(learner.parameters()))
            for parameter, grad in zip(meta.parameters(), grads):
                parameter.grad += grad / 2
            total += query.item()
        meta_optimizer.step()
        losses.append(total)
    return losses
