# expect: GH401
# Fault: `hidden += 1` overwrites the output that sigmoid needs for its backward pass.
import torch


def run():
    torch.manual_seed(0)
    x = torch.randn(10, 2)
    y = torch.rand(10)
    w = torch.randn(2, requires_grad=True)
    for _ in range(6):
        hidden = torch.sigmoid(x @ w)
        hidden += 1  # <- fault
        loss = (hidden - y).square().mean()
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
            w.grad = None
