# expect: GH404
# Fault: the running sum takes the loss with its graph, before backward() is called.
import torch


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2)
    w = torch.zeros(2, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)
    total = 0.0
    losses = []
    for _ in range(16):
        loss = (x @ w - x[:, 0]).square().mean()
        total = total + loss  # <- fault
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
