# expect: GH301
# Fault: w.data takes the weights out of the graph; only b gets a gradient.
import torch


def run():
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 20)
    y = 4 * x + 1
    w = torch.zeros((), requires_grad=True)
    b = torch.zeros((), requires_grad=True)
    optimizer = torch.optim.SGD([w, b], lr=0.1)
    losses = []
    for _ in range(8):
        optimizer.zero_grad()
        prediction = w.data * x + b  # <- fault
        loss = (prediction - y).square().mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
