# expect: GH103
# Fault: the gradients are "initialized" with zeros after backward has already filled them.
import torch


def run():
    torch.manual_seed(0)
    x = torch.randn(30, 2)
    y = x @ torch.tensor([1.0, -1.0])
    theta = torch.zeros(2, requires_grad=True)
    for _ in range(6):
        loss = (x @ theta - y).pow(2).mean()
        loss.backward()
        theta.grad = torch.zeros_like(theta)  # <- fault
        with torch.no_grad():
            theta.sub_(0.1 * theta.grad)
    return theta.tolist()
