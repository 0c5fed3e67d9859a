# expect: GH401
# Fault: the assignment to a slice changes the hidden layer after the product has saved it.
import torch


def run():
    torch.manual_seed(0)
    x = torch.randn(10, 4)
    y = torch.randn(10, 1)
    w1 = torch.randn(4, 4, requires_grad=True)
    w2 = torch.randn(4, 1, requires_grad=True)
    for _ in range(6):
        hidden = x @ w1
        output = hidden @ w2
        hidden[:, 0] = 0  # <- fault
        loss = (output - y).square().mean() + 1e-3 * hidden.square().mean()
        loss.backward()
        with torch.no_grad():
            for w in (w1, w2):
                w -= 0.01 * w.grad
                w.grad = None
