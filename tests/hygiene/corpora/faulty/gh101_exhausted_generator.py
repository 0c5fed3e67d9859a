# expect: GH101
# Fault: the generator of parameters was used up by the optimizer, so the clearing loop runs over nothing.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2)
    y = x.prod(dim=1, keepdim=True)
    model = nn.Sequential(nn.Linear(2, 6), nn.Tanh(), nn.Linear(6, 1))
    parameters = model.parameters()
    optimizer = torch.optim.SGD(parameters, lr=0.05)
    for _ in range(8):  # <- fault
        for p in parameters:  # <- fault
            p.grad = None  # <- fault
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()  # <- fault
        optimizer.step()  # <- fault
