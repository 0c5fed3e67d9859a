# expect: GH601
# Fault: The norm of a zero vector has no gradient: sqrt at zero.
import torch


def run():
    w = torch.zeros(2, requires_grad=True)
    out = []
    for _ in range(6):
        loss = torch.sqrt((w**2).sum()) + (w - 1).square().sum()  # <- fault
        loss.backward()  # <- fault
        with torch.no_grad():
            w -= 0.1 * w.grad
        w.grad = None
        out.append(loss.item())
    return out
