# expect: GH206
# Fault: the update adds the gradient and climbs the loss.
import torch


def run():
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 20)
    y = 2 * x
    w = torch.tensor(1.0, requires_grad=True)
    losses = []
    for _ in range(8):
        loss = ((w * x - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            w += 0.1 * w.grad  # <- fault
        w.grad = None
        losses.append(loss.item())
    return losses
