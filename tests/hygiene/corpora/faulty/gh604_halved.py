# expect: GH604
# asked: learning_rate=0.05
# Fault: the update divides by two although the loss was not doubled.
import torch


@torch.no_grad()
def descend(params, rate):
    for p in params:
        p -= rate * p.grad / 2  # <- fault
        p.grad.zero_()


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2)
    y = x @ torch.tensor([1.0, 2.0]) + 1
    w = torch.zeros(2, requires_grad=True)
    b = torch.zeros((), requires_grad=True)
    losses = []
    for _ in range(8):
        loss = (x @ w + b - y).square().mean()
        loss.backward()
        descend([w, b], 0.05)
        losses.append(loss.item())
    return losses
