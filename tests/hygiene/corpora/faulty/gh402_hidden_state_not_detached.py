# expect: GH402
# Fault: the hidden state is carried from batch to batch without detach.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    cell = nn.RNNCell(1, 4)
    readout = nn.Linear(4, 1)
    optimizer = torch.optim.SGD([*cell.parameters(), *readout.parameters()], lr=0.05)
    wave = torch.sin(torch.linspace(0, 12, 49)).unsqueeze(1)
    hidden = torch.zeros(1, 4)
    for start in range(0, 48, 6):
        loss = torch.zeros(())
        for t in range(start, start + 6):
            hidden = cell(wave[t : t + 1], hidden)  # <- fault
            loss = loss + (readout(hidden) - wave[t + 1]).square().mean() / 6
        optimizer.zero_grad()
        loss.backward()  # <- fault
        optimizer.step()
