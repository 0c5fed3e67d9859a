# expect: GH701
# Fault: the function that draws a batch sets the seed, so all the batches are the same.
import torch


def draw_batch(x, y, size):
    torch.manual_seed(42)  # <- fault
    rows = torch.randint(len(x), (size,))
    return x[rows], y[rows]


def run():
    x = torch.linspace(-1, 1, 50)
    y = 1 - 2 * x
    w = torch.zeros((), requires_grad=True)
    b = torch.zeros((), requires_grad=True)
    losses = []
    for _ in range(8):
        xb, yb = draw_batch(x, y, 8)  # <- fault
        loss = (w * xb + b - yb).square().mean()
        loss.backward()
        with torch.no_grad():
            for p in (w, b):
                p -= 0.2 * p.grad
                p.grad = None
        losses.append(loss.item())
    return losses
