# expect: GH201
# Fault: The in-place update is not under no_grad.
import torch


def run():
    torch.manual_seed(0)
    w = torch.randn(3, requires_grad=True)
    out = []
    for _ in range(6):
        loss = (w**2).sum()
        loss.backward()
        w.add_(w.grad, alpha=-0.1)  # <- fault
        w.grad = None
        out.append(loss.item())
    return out
