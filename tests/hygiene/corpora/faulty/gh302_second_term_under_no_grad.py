# expect: GH302
# Fault: the smoothness term of the loss is computed under no_grad.
import torch
from torch import nn


def smoothness(model, x):
    with torch.no_grad():
        return (model(x + 0.1) - model(x)).square().mean()  # <- fault


def run():
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 20).unsqueeze(1)
    y = torch.sin(4 * x)
    model = nn.Sequential(nn.Linear(1, 8), nn.Tanh(), nn.Linear(8, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(8):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y) + 10 * smoothness(model, x)  # <- fault
        loss.backward()
        optimizer.step()
