# expect: GH303
# Fault: torch.tensor(x) copies a tensor that is a tensor already, in every forward pass.
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(2, 1)

    def forward(self, x):
        x = torch.tensor(x)  # <- fault
        return self.layer(x)


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2)
    y = x.sum(dim=1, keepdim=True)
    net = Net()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for _ in range(8):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(net(x), y)
        loss.backward()
        optimizer.step()
