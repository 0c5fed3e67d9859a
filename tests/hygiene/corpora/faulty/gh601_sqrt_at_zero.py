# expect: GH601
# Fault: the square root has an infinite slope at 0, which meets 0 in the chain rule: NaN.
import torch


def run():
    x = torch.tensor([[0.0, 0.0], [1.0, 2.0], [2.0, 1.0]])
    y = torch.tensor([0.0, 2.0, 2.0])
    w = torch.ones(2, requires_grad=True)
    for _ in range(6):
        distance = torch.sqrt(((x * w) ** 2).sum(dim=1))  # <- fault
        loss = (distance - y).square().mean()
        loss.backward()  # <- fault
        with torch.no_grad():
            w -= 0.1 * w.grad
            w.grad = None
    return w.tolist()
