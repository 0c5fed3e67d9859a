# expect: GH202
# Fault: `.double()` after requires_grad=True makes w the result of a conversion, not a leaf.
import torch


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2, dtype=torch.float64)
    y = x.sum(dim=1)
    w = torch.zeros(2, requires_grad=True).double()  # <- fault
    for _ in range(6):
        loss = (x @ w - y).square().mean()
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
            w.grad = None
