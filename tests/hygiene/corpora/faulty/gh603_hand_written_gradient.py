# expect: GH603
# Fault: the gradient that is assigned by hand belongs to the sum of squares, the loss is their mean.
import torch


def gradient(w, x, y):
    return 2 * x.T @ (x @ w - y)  # <- fault


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2)
    y = x @ torch.tensor([1.0, -1.0])
    w = torch.zeros(2, requires_grad=True)
    losses = []
    for _ in range(8):
        loss = (x @ w - y).square().mean()
        loss.backward()
        with torch.no_grad():
            w.grad = gradient(w, x, y)  # <- fault
            w -= 0.01 * w.grad
        w.grad = None
        losses.append(loss.item())
    return losses
