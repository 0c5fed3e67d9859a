# expect: GH403
# Fault: retain_graph=True although every step makes a new graph.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2)
    y = x[:, :1]
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(8):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward(retain_graph=True)  # <- fault
        optimizer.step()
