# expect: GH404
# Fault: epoch_loss += loss before backward, hand-written update.
import torch


def run():
    torch.manual_seed(0)
    x = torch.randn(30, 2)
    w = torch.zeros(2, requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    epoch_loss = torch.zeros(())
    for i in range(20):
        l = (x @ w + b - x[:, 1]).abs().mean()
        epoch_loss += l  # <- fault
        l.backward()
        with torch.no_grad():
            for p in (w, b):
                p -= 0.05 * p.grad
        w.grad = b.grad = None
