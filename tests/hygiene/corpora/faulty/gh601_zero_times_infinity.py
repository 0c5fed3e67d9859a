# expect: GH601
# Fault: torch.where hides the division by zero in the value, but not in the gradient.
import torch


def run():
    x = torch.tensor([0.0, 0.5, 1.0, 2.0])
    y = torch.tensor([1.0, 0.9, 0.8, 0.4])
    width = torch.tensor(1.5, requires_grad=True)
    losses = []
    for _ in range(6):
        angle = x * width
        sinc = torch.where(x == 0, torch.ones_like(x), torch.sin(angle) / angle)  # <- fault
        loss = (sinc - y).square().mean()
        loss.backward()  # <- fault
        with torch.no_grad():
            width -= 0.1 * width.grad
            width.grad = None
        losses.append(loss.item())
    return losses
