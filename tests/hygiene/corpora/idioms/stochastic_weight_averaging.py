"""SWA: an averaged model from the middle on, and its batch-norm statistics made anew in the end."""

import torch
from torch import nn
from torch.optim.swa_utils import SWALR, AveragedModel, update_bn


def run():
    torch.manual_seed(0)
    x = torch.randn(64, 4)
    y = x[:, :1] - x[:, 1:2]
    batches = [(x[i : i + 16], y[i : i + 16]) for i in range(0, 64, 16)]
    model = nn.Sequential(nn.Linear(4, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 1))
    averaged = AveragedModel(model)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    schedule = SWALR(optimizer, swa_lr=0.02, anneal_epochs=2)
    losses = []
    for epoch in range(8):
        total = 0.0
        for bx, by in batches:
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(model(bx), by)
            loss.backward()
            optimizer.step()
            total += loss.item()
        if epoch >= 4:
            averaged.update_parameters(model)
            schedule.step()
        losses.append(total)
    update_bn(batches, averaged)
    averaged.eval()
    with torch.no_grad():
        print(nn.functional.mse_loss(averaged(x), y).item())
    return losses
