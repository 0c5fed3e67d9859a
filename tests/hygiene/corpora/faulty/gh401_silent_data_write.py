# expect: GH401
# Fault: tanh's saved output is changed through .data: no error, but a wrong gradient.
import torch


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2)
    y = torch.rand(20)
    w = torch.zeros(2, requires_grad=True)
    losses = []
    for _ in range(8):
        h = torch.tanh(x @ w)
        h.data.add_(0.5)  # <- fault
        loss = (h - y).square().mean()
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
            w.grad = None
        losses.append(loss.item())
    return losses
