# expect: GH204
# Fault: the optimizer was given detached tensors, which do not require grad.
import torch


def run():
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 20)
    y = 3 * x + 1
    w = torch.zeros(1, requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([w.detach(), b.detach()], lr=0.1)  # <- fault
    for _ in range(8):
        w.grad = b.grad = None
        loss = (w * x + b - y).square().mean()
        loss.backward()
        optimizer.step()  # <- fault
