# expect: GH605
# Fault: x @ w with a column w is a column, y is flat.
import torch


def run():
    torch.manual_seed(0)
    x = torch.randn(25, 4)
    y = x @ torch.tensor([1.0, 0.0, -1.0, 2.0])
    w = torch.zeros(4, 1, requires_grad=True)
    for _ in range(8):
        error = x @ w - y  # <- fault
        loss = error.pow(2).mean()
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
            w.grad = None
    return w
