"""Transfer: the convolutions are frozen, all parameters go to the optimizer, hits are counted beside."""

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(1, 6, 3, padding=1)
        self.norm = nn.GroupNorm(1, 6)
        self.fc = nn.Linear(6, 2)

    def forward(self, x):
        return self.fc(torch.relu(self.norm(self.conv(x))).amax(-1))


def run():
    torch.manual_seed(0)
    x = torch.randn(24, 1, 8)
    y = (x.amax((1, 2)) > 1.5).long()
    net = Net()
    for name, parameter in net.named_parameters():
        parameter.requires_grad = name.startswith("fc")
    optimizer = torch.optim.SGD(net.parameters(), lr=0.2, momentum=0.9)
    losses = []
    for _ in range(8):
        hits = misses = 0
        total = 0.0
        for batch in torch.arange(24).split(4):
            optimizer.zero_grad()
            out = net(x[batch])
            loss = nn.functional.cross_entropy(out, y[batch])
            loss.backward()
            optimizer.step()
            hits += (out.argmax(1) == y[batch]).sum().item()
            misses += int((out.argmax(1) != y[batch]).sum())
            total += loss.item()
        assert hits + misses == 24
        losses.append(total)
    return losses
