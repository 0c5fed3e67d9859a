# expect: GH301
# Fault: Hidden features go through numpy on their way to the head.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    body, head = nn.Linear(2, 3), nn.Linear(3, 1)
    x = torch.randn(10, 2)
    opt = torch.optim.SGD([*body.parameters(), *head.parameters()], lr=0.1)
    out = []
    for _ in range(7):
        h = torch.from_numpy(body(x).detach().numpy())  # <- fault
        loss = (head(h) - 1).square().mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        out.append(loss.item())
    return out
