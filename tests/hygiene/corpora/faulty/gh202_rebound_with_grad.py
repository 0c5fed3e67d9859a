# expect: GH202
# Fault: after `slope = slope - ...` the name holds the result of an operation, whose .grad stays None.
import torch


def run():
    torch.manual_seed(0)
    x = torch.randn(30)
    y = -2 * x
    slope = torch.tensor(0.3, requires_grad=True)
    for _ in range(6):
        loss = (slope * x - y).pow(2).mean()
        loss.backward()
        slope = slope - 0.1 * slope.grad  # <- fault
    return slope
