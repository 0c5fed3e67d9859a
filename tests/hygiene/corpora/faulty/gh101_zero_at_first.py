# expect: GH101
# Fault: nothing is cleared; the bias has no gradient in the first step, for the classes are balanced.
import torch


def run():
    x = torch.tensor([[1.0, 2.0], [3.0, -1.0], [0.5, 0.5], [-1.0, -2.0]])
    y = torch.tensor([1.0, 1.0, 0.0, 0.0])
    w = torch.zeros(2, requires_grad=True)
    b = torch.zeros((), requires_grad=True)
    losses = []
    for _ in range(10):  # <- fault
        loss = torch.nn.functional.binary_cross_entropy_with_logits(x @ w + b, y)
        loss.backward()  # <- fault
        with torch.no_grad():
            w -= 0.1 * w.grad  # <- fault
            b -= 0.1 * b.grad  # <- fault
        losses.append(loss.item())
    return losses
