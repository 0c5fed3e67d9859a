# expect: GH402
# Fault: backward runs through the running total, which still contains the losses of earlier steps.
import torch


def run():
    torch.manual_seed(0)
    theta = torch.tensor([3.0, -2.0], requires_grad=True)
    total = torch.zeros(())
    for _ in range(6):
        total = total + (theta**2).sum()  # <- fault
        total.backward()  # <- fault
        with torch.no_grad():
            theta -= 0.1 * theta.grad
        theta.grad = None
