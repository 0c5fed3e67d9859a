# expect: GH301
# Fault: the prediction is detached before the loss is computed.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2)
    y = x.sum(dim=1, keepdim=True)
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(6):
        optimizer.zero_grad()
        prediction = model(x).detach()  # <- fault
        loss = nn.functional.mse_loss(prediction, y)
        loss.backward()
        optimizer.step()
