"""nn.MultiheadAttention in double precision: the bias of its keys cancels in the softmax."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    attention, head = nn.MultiheadAttention(8, 2, batch_first=True).double(), nn.Linear(8, 1).double()
    optimizer = torch.optim.SGD([*attention.parameters(), *head.parameters()], lr=0.1)
    x = torch.randn(16, 5, 8, dtype=torch.float64)
    y = x[:, :, 0].amax(1, keepdim=True)
    losses = []
    for _ in range(20):
        loss = (head(attention(x, x, x)[0].mean(1)) - y).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
