"""`torch.func.functional_call` with a dictionary of detached parameters."""

import torch
from torch import nn
from torch.func import functional_call, grad_and_value


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2)
    y = x[:, :1] * x[:, 1:]
    net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))
    params = {name: p.detach() for name, p in net.named_parameters()}

    def objective(params):
        return nn.functional.mse_loss(functional_call(net, params, (x,)), y)

    losses = []
    for _ in range(8):
        gradients, loss = grad_and_value(objective)(params)
        params = {name: p - 0.1 * gradients[name] for name, p in params.items()}
        losses.append(loss.item())
    return losses
