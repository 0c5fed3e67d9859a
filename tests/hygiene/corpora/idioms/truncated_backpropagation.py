"""Truncated backpropagation through time: the hidden state is detached between the windows."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    cell, readout = nn.RNNCell(1, 6), nn.Linear(6, 1)
    optimizer = torch.optim.Adam([*cell.parameters(), *readout.parameters()], lr=0.03)
    wave = torch.sin(torch.linspace(0, 18.85, 73)).unsqueeze(1)
    hidden = torch.zeros(1, 6)
    losses = []
    for start in range(0, 72, 6):
        hidden = hidden.detach()
        loss = torch.zeros(())
        for t in range(start, start + 6):
            hidden = cell(wave[t : t + 1], hidden)
            loss = loss + (readout(hidden) - wave[t + 1]).square().mean() / 6
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
