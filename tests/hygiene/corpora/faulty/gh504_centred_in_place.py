# expect: GH504
# Fault: The caller's data are centred in place.
import torch


def arguments():
    torch.manual_seed(0)
    return (torch.randn(20, 3) + 1,)


def run(x):
    x -= x.mean(0)  # <- fault
    w = torch.zeros(3, requires_grad=True)
    out = []
    for _ in range(7):
        loss = (x @ w - x.sum(1)).square().mean()
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
        w.grad = None
        out.append(loss.item())
    return out
