# expect: GH404
# Fault: A dictionary of lists keeps the losses with their graphs.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    net = nn.Linear(3, 1)
    x = torch.randn(20, 3)
    opt = torch.optim.SGD(net.parameters(), lr=0.1)
    history = {"loss": []}
    for _ in range(14):
        opt.zero_grad()
        loss = (net(x) - 1).square().mean()
        loss.backward()
        opt.step()
        history["loss"].append(loss)  # <- fault
    return [v.item() for v in history["loss"]]
