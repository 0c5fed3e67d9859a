"""MC dropout in one call: the batch holds many copies of one point, or of each point."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 30).unsqueeze(1)
    net = nn.Sequential(nn.Linear(1, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 1))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.02)
    losses = []
    for _ in range(12):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(net(x), x.sin())
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    net.train()
    with torch.no_grad():
        of_one = net(torch.tensor([[0.3]]).expand(50, -1))
        print(of_one.mean().item(), of_one.std().item())
        of_all = net(x.repeat(20, 1)).view(20, 30)
        print(of_all.mean(0)[:3].tolist(), of_all.std(0).mean().item())
        in_turn = net(x.repeat_interleave(20, 0)).view(30, 20)
        print(in_turn.std(1).mean().item())
    return losses
