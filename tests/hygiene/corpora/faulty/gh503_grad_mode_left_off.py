# expect: GH503
# Fault: recording is switched off for the final evaluation and never switched on again.
import torch


def run():
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 20)
    y = 2 * x
    w = torch.zeros((), requires_grad=True)
    for _ in range(7):
        loss = (w * x - y).square().mean()
        loss.backward()
        with torch.no_grad():
            w -= 0.2 * w.grad
            w.grad = None
    torch.set_grad_enabled(False)  # <- fault
    return (w * x - y).abs().max().item()
