"""An autoencoder whose decoder uses the transposed weights of the encoder."""

import torch
from torch import nn


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.randn(2, 5) * 0.3)
        self.b = nn.Parameter(torch.zeros(5))

    def forward(self, x):
        return torch.tanh(x @ self.w.T) @ self.w + self.b


def run():
    torch.manual_seed(0)
    x = torch.randn(40, 2) @ torch.randn(2, 5)
    net = Tied()
    opt = torch.optim.Adam(net.parameters(), lr=0.05)
    out = []
    for _ in range(12):
        opt.zero_grad(set_to_none=False)
        loss = (net(x) - x).square().mean()
        loss.backward()
        opt.step()
        out.append(loss.item())
    return out
