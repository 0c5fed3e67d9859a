# expect: GH101
# Fault: zero_grad stands before the loop and so clears the gradients only once.
import torch
import torch.nn.functional as F
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(40, 4)
    y = (x.sum(dim=1) > 0).long()
    net = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 2))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    optimizer.zero_grad()  # <- fault
    for _ in range(8):  # <- fault
        loss = F.cross_entropy(net(x), y)
        loss.backward()  # <- fault
        optimizer.step()  # <- fault
