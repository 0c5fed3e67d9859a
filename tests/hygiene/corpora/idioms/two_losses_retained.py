"""Two losses share a trunk; the retained graph is used by the second backward."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 3)
    trunk = nn.Sequential(nn.Linear(3, 6), nn.Tanh())
    mean_head, sign_head = nn.Linear(6, 1), nn.Linear(6, 1)
    params = [*trunk.parameters(), *mean_head.parameters(), *sign_head.parameters()]
    optimizer = torch.optim.SGD(params, lr=0.1)
    losses = []
    for _ in range(8):
        optimizer.zero_grad()
        features = trunk(x)
        first = nn.functional.mse_loss(mean_head(features), x.mean(dim=1, keepdim=True))
        sign = (x[:, :1] > 0).float()
        second = nn.functional.binary_cross_entropy_with_logits(sign_head(features), sign)
        first.backward(retain_graph=True)
        second.backward()
        optimizer.step()
        losses.append(first.item() + second.item())
    return losses
