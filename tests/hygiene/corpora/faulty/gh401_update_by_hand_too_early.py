# expect: GH401
# Fault: the hand-written update of this step comes between the forward pass and backward.
import torch


def run():
    torch.manual_seed(0)
    w = torch.randn(3, 4).requires_grad_()
    v = torch.randn(4, 1).requires_grad_()
    x = torch.randn(8, 3)
    for k in range(5):
        l = (torch.tanh(x @ w) @ v).square().mean()
        if w.grad is not None:
            with torch.no_grad():
                for p in (w, v):
                    p -= 0.1 * p.grad  # <- fault
            w.grad = v.grad = None
        l.backward()
