# expect: GH105
# Fault: backward is skipped for small batches, but step still uses the stale gradient.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    batches = [torch.randn(rows, 2) for rows in (8, 2, 8, 2, 8, 2, 8, 2)]
    model = nn.Linear(2, 1, bias=False)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    for batch in batches:
        if len(batch) == 8:  # <- fault
            optimizer.zero_grad()
            loss = (model(batch) - batch.sum(dim=1, keepdim=True)).square().mean()
            loss.backward()  # <- fault
        optimizer.step()  # <- fault
