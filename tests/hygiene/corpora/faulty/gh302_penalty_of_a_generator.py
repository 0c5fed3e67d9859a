# expect: GH302
# Fault: the gradient penalty is a constant, because autograd.grad() of net.parameters() is not asked for a graph.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 20).unsqueeze(1)
    net = nn.Linear(1, 1)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
    for _ in range(8):
        fit = nn.functional.mse_loss(net(x), 2 * x + 1)
        gradients = torch.autograd.grad(fit, net.parameters(), retain_graph=True)  # <- fault
        loss = fit + 0.1 * sum(g.square().sum() for g in gradients)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
