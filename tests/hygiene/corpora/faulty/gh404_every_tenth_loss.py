# expect: GH404
# Fault: every tenth loss is kept for the plot, with its graph.
import torch
from torch import nn


class Log:
    def __init__(self):
        self.curve = []

    def add(self, step, loss):
        if step % 10 == 0:
            self.curve.append(loss)  # <- fault


def run():
    torch.manual_seed(0)
    x = torch.randn(16, 3)
    model, log = nn.Linear(3, 1), Log()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    for step in range(90):
        loss = (model(x) - x[:, :1]).square().mean()
        log.add(step, loss)  # <- fault
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return [loss.item() for loss in log.curve]
