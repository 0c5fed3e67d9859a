# expect: GH403
# Fault: create_graph=True records the gradient, but nothing differentiates it.
import torch


def run():
    w = torch.tensor([2.0, -1.0], requires_grad=True)
    values = []
    for _ in range(8):
        value = (w**4).sum()
        (gradient,) = torch.autograd.grad(value, w, create_graph=True)  # <- fault
        with torch.no_grad():
            w -= 0.02 * gradient
        values.append(value.item())
    return values
