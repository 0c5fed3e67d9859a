"""An ensemble trained at once: stacked parameters, vmap over functional_call, plain steps."""

import copy

import torch
from torch import nn
from torch.func import functional_call, grad_and_value, stack_module_state, vmap


def run():
    torch.manual_seed(0)
    x = torch.randn(32, 3)
    y = x[:, :1].tanh()
    nets = [nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1)) for _ in range(4)]
    params, buffers = stack_module_state(nets)
    params = {name: value.detach() for name, value in params.items()}
    base = copy.deepcopy(nets[0]).to("meta")

    def loss_of(p, b):
        return nn.functional.mse_loss(functional_call(base, (p, b), (x,)), y)

    losses = []
    for _ in range(8):
        grads, values = vmap(grad_and_value(loss_of))(params, buffers)
        params = {name: (params[name] - 0.2 * grads[name]).detach() for name in params}
        losses.append(values.mean().item())
    return losses
