# expect: GH101
# Fault: zero_() is applied to a clone of the gradient; the gradient itself stays.
import torch


def run():
    torch.manual_seed(0)
    x = torch.randn(50)
    y = -1.5 * x
    slope = torch.tensor(0.0, requires_grad=True)
    for _ in range(10):  # <- fault
        loss = (slope * x - y).pow(2).mean()
        loss.backward()  # <- fault
        gradient = slope.grad.clone()  # <- fault
        with torch.no_grad():
            slope -= 0.1 * gradient  # <- fault
        gradient.zero_()  # <- fault
    return slope.item()
