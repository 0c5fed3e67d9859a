"""Block coordinate descent: in each step one of two parameters is updated, both are cleared."""

import torch


def run():
    torch.manual_seed(0)
    table = torch.outer(torch.arange(1.0, 4.0), torch.tensor([1.0, 0.5, 2.0]))
    u = torch.ones(3, requires_grad=True)
    v = torch.ones(3, requires_grad=True)
    losses = []
    for step in range(12):
        loss = (torch.outer(u, v) - table).square().mean()
        loss.backward()
        active = u if step % 2 == 0 else v
        with torch.no_grad():
            active -= 0.2 * active.grad
        u.grad = v.grad = None
        losses.append(loss.item())
    return losses
