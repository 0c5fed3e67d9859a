"""The inputs of autograd.grad() and backward() come from a generator, a dict's values or a ParameterList."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 20).unsqueeze(1)
    y = 2 * x + 1
    net = nn.Linear(1, 1)
    named = {"w": torch.zeros(1, 1, requires_grad=True), "b": torch.zeros(1, requires_grad=True)}
    listed = nn.ParameterList([nn.Parameter(torch.zeros(1, 1)), nn.Parameter(torch.zeros(1))])
    losses = []
    for _ in range(8):
        of_net = (net(x) - y).square().mean()
        of_named = (x @ named["w"] + named["b"] - y).square().mean()
        of_listed = (x @ listed[0] + listed[1] - y).square().mean()
        gradients = torch.autograd.grad(of_net, net.parameters())
        of_values = torch.autograd.grad(of_named, named.values())
        of_listed.backward(inputs=(p for p in listed))
        with torch.no_grad():
            for p, g in zip(net.parameters(), gradients):
                p -= 0.2 * g
            for p, g in zip(named.values(), of_values):
                p -= 0.2 * g
            for p in listed:
                p -= 0.2 * p.grad
                p.grad = None
        second = (x @ listed[0] + listed[1] - y).square().mean()
        with torch.no_grad():
            for p, g in zip(listed, torch.autograd.grad(second, listed)):
                p -= 0.2 * g
        losses.append(of_net.item() + of_named.item() + second.item())
    return losses
