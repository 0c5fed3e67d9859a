# expect: GH301
# Fault: the error is computed in numpy, which autograd does not follow.
import numpy as np
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(16, 3)
    y = np.ones((16, 1), dtype=np.float32)
    model = nn.Linear(3, 1)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    for _ in range(6):
        optimizer.zero_grad()
        error = model(x).detach().numpy() - y  # <- fault
        loss = torch.from_numpy(error**2).mean()
        loss.requires_grad_(True)
        loss.backward()
        optimizer.step()
