# expect: GH401
# Fault: The output of exp is changed in place before backward.
import torch


def run():
    w = torch.tensor([0.5, -1.0], requires_grad=True)
    out = []
    for _ in range(6):
        e = w.exp()
        e -= 1  # <- fault
        loss = e.square().sum()
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
        w.grad = None
        out.append(loss.item())
    return out
