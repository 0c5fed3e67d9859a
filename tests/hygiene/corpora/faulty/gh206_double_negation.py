# expect: GH206
# Fault: the direction is already the negative gradient and is subtracted once more.
import torch


@torch.no_grad()
def update(params, rate):
    for p in params:
        direction = -p.grad
        p.sub_(rate * direction)  # <- fault
        p.grad = None


def run():
    torch.manual_seed(0)
    x = torch.randn(25, 2)
    y = x @ torch.tensor([1.0, -1.0]) + 0.5
    w = torch.zeros(2, requires_grad=True)
    b = torch.zeros((), requires_grad=True)
    for _ in range(8):
        loss = torch.mean((x @ w + b - y) ** 2)
        loss.backward()
        update([w, b], 0.05)
