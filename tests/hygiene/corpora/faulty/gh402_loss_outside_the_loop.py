# expect: GH402
# Fault: the loss is computed once before the loop, so the second step meets a freed graph.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 3)
    y = x.sum(dim=1, keepdim=True)
    model = nn.Linear(3, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    loss = nn.functional.mse_loss(model(x), y)  # <- fault
    for _ in range(6):
        optimizer.zero_grad()
        loss.backward()  # <- fault
        optimizer.step()
