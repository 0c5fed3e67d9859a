# expect: GH205
# Fault: A layer of the model is never called.
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = nn.Linear(3, 3), nn.Linear(3, 3), nn.Linear(3, 1)

    def forward(self, x):
        return self.c(torch.tanh(self.a(x)))  # <- fault


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 3)
    net = Net()
    opt = torch.optim.Adam(net.parameters(), lr=0.05)
    out = []
    for _ in range(7):
        opt.zero_grad()
        loss = (net(x) - x[:, :1]).square().mean()
        loss.backward()  # <- fault
        opt.step()
        out.append(loss.item())
    return out
