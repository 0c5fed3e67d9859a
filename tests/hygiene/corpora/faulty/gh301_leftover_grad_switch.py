# expect: GH301
# Fault: recording is switched off for an evaluation and switched on again only after the next forward pass.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2)
    y = x.sum(dim=1, keepdim=True)
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    try:
        for _ in range(6):
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(model(x), y)  # <- fault
            loss.backward()
            optimizer.step()
            torch.set_grad_enabled(False)  # <- fault
            print("error", (model(x) - y).abs().max().item())
    finally:
        torch.set_grad_enabled(True)
