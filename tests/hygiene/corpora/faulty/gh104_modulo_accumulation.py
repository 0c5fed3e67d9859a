# expect: GH104
# Fault: the step is made every third batch, the mean losses are not scaled by a third.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 2))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    x = torch.randn(90, 2)
    y = (x[:, 0] * x[:, 1] > 0).long()
    for index in range(18):  # <- fault
        rows = slice(5 * index, 5 * index + 5)
        loss = nn.functional.cross_entropy(model(x[rows]), y[rows])  # <- fault
        loss.backward()  # <- fault
        if index % 3 == 2:
            optimizer.step()  # <- fault
            optimizer.zero_grad()
