"""A LambdaLR warm-up and gradient clipping."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(16, 4)
    y = x.sum(1)
    net = nn.Linear(4, 1)
    opt = torch.optim.AdamW(net.parameters(), lr=0.1)
    sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda k: min(1.0, (k + 1) / 4))
    out = []
    for _ in range(10):
        loss = (net(x).squeeze(-1) - y).square().mean()
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_value_(net.parameters(), 1.0)
        opt.step()
        sched.step()
        out.append(loss.item())
    return out
