# expect: GH105
# Fault: The gradient is computed in the first pass of an inner loop only.
import torch


def run():
    w = torch.tensor([2.0, -1.0], requires_grad=True)
    out = []
    for _ in range(6):
        loss = (w**2).sum()
        loss.backward()
        for _ in range(2):  # <- fault
            with torch.no_grad():
                w -= 0.05 * w.grad  # <- fault
        w.grad = None
        out.append(loss.item())
    return out
