# expect: GH302
# Fault: the prediction is divided by the float of its own norm, which the gradient then ignores.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(16, 3)
    y = nn.functional.normalize(x.sum(dim=1, keepdim=True), dim=0)
    model = nn.Linear(3, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    for _ in range(8):
        optimizer.zero_grad()
        raw = model(x)
        prediction = raw / float(raw.norm())  # <- fault
        loss = (prediction - y).square().sum()
        loss.backward()
        optimizer.step()
