# expect: GH101
# Fault: zero_grad is never called; the last layer starts at zero, so the first one has zeros for a gradient at first.
import torch


def run():
    torch.manual_seed(0)
    x = torch.randn(12, 2)
    y = x[:, :1]
    first = torch.randn(2, 4).requires_grad_()
    last = torch.zeros(4, 1, requires_grad=True)
    optimizer = torch.optim.SGD([first, last], lr=0.01)
    losses = []
    for _ in range(8):  # <- fault
        loss = (torch.tanh(x @ first) @ last - y).square().mean()
        loss.backward()  # <- fault
        optimizer.step()  # <- fault
        losses.append(loss.item())
    return losses
