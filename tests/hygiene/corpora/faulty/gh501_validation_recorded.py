# expect: GH501
# Fault: the validation pass records a graph that nobody differentiates.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(40, 3)
    y = x.sum(dim=1, keepdim=True)
    model = nn.Linear(3, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _epoch in range(8):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x[:30]), y[:30])
        loss.backward()
        optimizer.step()
        validation = nn.functional.mse_loss(model(x[30:]), y[30:])  # <- fault
        print(validation.item())
