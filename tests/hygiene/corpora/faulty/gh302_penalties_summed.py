# expect: GH302
# Fault: .item() makes the weight penalty a constant, so it has no effect on the gradient.
import torch
from torch import nn


def run():
    torch.manual_seed(35)
    x = torch.randn(20, 5)
    y = x[:, :1] + 0.1 * torch.randn(20, 1)
    model = nn.Linear(5, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    weight_decay = 0.1
    for epoch in range(12):
        optimizer.zero_grad()
        mse = nn.functional.mse_loss(model(x), y)
        penalty = 0.0
        for p in model.parameters():
            penalty = penalty + p.pow(2).sum().item()  # <- fault
        loss = mse + weight_decay * penalty
        loss.backward()
        optimizer.step()
    return loss.item()
