# expect: GH205
# Fault: the layer `skip` is created but forward never uses it.
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(3, 8)
        self.skip = nn.Linear(3, 1)  # <- fault
        self.out = nn.Linear(8, 1)

    def forward(self, x):
        return self.out(torch.tanh(self.hidden(x)))  # <- fault


def run():
    torch.manual_seed(0)
    x = torch.randn(24, 3)
    y = x.sum(dim=1, keepdim=True)
    net = Net()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05)  # <- fault
    for _ in range(8):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(net(x), y)
        loss.backward()  # <- fault
        optimizer.step()  # <- fault
