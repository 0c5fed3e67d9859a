"""A batch whose loss is not finite is skipped, and the loop is left when the loss is small: still training passes."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 3)
    net = nn.Sequential(nn.Linear(3, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.1), nn.Linear(8, 1))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.05)
    losses = []
    for step in range(200):
        batch = x[step % 2 :: 2]
        scale = float("inf") if step == 4 else 1.0
        loss = nn.functional.mse_loss(net(batch), scale * batch[:, :1])
        if not torch.isfinite(loss):
            print("skipped", step, loss.item())
            continue
        losses.append(loss.item())
        if step > 8 and loss < 0.9 * losses[0]:
            break
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return losses
