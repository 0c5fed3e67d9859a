# expect: GH604
# asked: learning_rate=0.05
# Fault: plain gradient descent was asked for, the optimizer has momentum.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 3)
    y = x[:, :1]
    model = nn.Linear(3, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)  # <- fault
    for _ in range(8):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()  # <- fault
