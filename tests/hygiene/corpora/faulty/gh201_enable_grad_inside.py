# expect: GH201
# Fault: enable_grad, added for a debug print, also covers the update inside no_grad.
import torch


def run():
    torch.manual_seed(0)
    theta = torch.randn(4, requires_grad=True)
    target = torch.tensor([1.0, 2.0, 3.0, 4.0])
    for _ in range(6):
        loss = (theta - target).square().sum()
        loss.backward()
        with torch.no_grad():
            with torch.enable_grad():
                theta.add_(theta.grad, alpha=-0.1)  # <- fault
            theta.grad.zero_()
