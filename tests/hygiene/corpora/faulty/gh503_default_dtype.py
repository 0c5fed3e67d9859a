# expect: GH503
# Fault: the default dtype is changed for everyone who comes after this call.
import torch


def run():
    torch.manual_seed(0)
    torch.set_default_dtype(torch.float64)  # <- fault
    x = torch.randn(20, 2)
    y = x.sum(dim=1)
    w = torch.zeros(2, requires_grad=True)
    losses = []
    for _ in range(7):
        w.grad = None
        loss = (x @ w - y).square().mean()
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
        losses.append(loss.item())
    return losses
