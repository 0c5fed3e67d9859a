# expect: GH301
# Fault: The forward pass is inside the no_grad block.
import torch


def run():
    w = torch.tensor([2.0, -1.0], requires_grad=True)
    out = []
    for _ in range(6):
        with torch.no_grad():  # <- fault
            loss = (w**2).sum()  # <- fault
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
        w.grad = None
        out.append(loss.item())
    return out
