# expect: GH102
# Fault: `a` is forgotten, `b` is cleared; `c` has no gradient in the first step by itself.
import torch


def run():
    x = torch.tensor([-1.0, 1.0])
    a, b = torch.tensor(1.0, requires_grad=True), torch.tensor(0.0, requires_grad=True)
    c = torch.tensor(0.5, requires_grad=True)
    losses = []
    for _ in range(8):  # <- fault
        loss = (a * x + b + b * c - 2.0).square().mean()
        loss.backward()  # <- fault
        with torch.no_grad():
            for p in (a, b, c):
                p -= 0.05 * p.grad  # <- fault
        b.grad = c.grad = None  # <- fault
        losses.append(loss.item())
    return losses
