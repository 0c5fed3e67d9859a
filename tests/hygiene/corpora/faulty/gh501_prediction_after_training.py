# expect: GH501
# Fault: the predictions after training are recorded and then detached.
import torch
from torch import nn


def predict(model, x):
    return model(x).detach().numpy()  # <- fault


def run():
    torch.manual_seed(0)
    x = torch.rand(20, 2)
    y = x[:, 1:]
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.2)
    for _ in range(8):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
    return float(predict(model, x[:5]).sum())
