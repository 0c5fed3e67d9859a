# expect: GH101
# Fault: Gradients are cleared only when the loss went up.
import torch


def run():
    w = torch.tensor([2.0, -1.0], requires_grad=True)
    last, out = float("inf"), []
    for _ in range(8):  # <- fault
        loss = (w**2).sum()
        if loss.item() > last:  # <- fault
            w.grad = None  # <- fault
        last = loss.item()
        loss.backward()  # <- fault
        with torch.no_grad():
            w -= 0.02 * w.grad  # <- fault
        out.append(last)
    return out
