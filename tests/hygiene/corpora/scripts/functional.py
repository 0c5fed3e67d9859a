"""Train a two-layer network with torch.func: parameters in, parameters out."""

from itertools import pairwise

import torch
from torch.func import grad_and_value, vmap


def initial_parameters(sizes, generator):
    layers = []
    for fan_in, fan_out in pairwise(sizes):
        weight = torch.randn(fan_in, fan_out, generator=generator) / fan_in**0.5
        layers.append({"weight": weight, "bias": torch.zeros(fan_out)})
    return layers


def apply(layers, x):
    for layer in layers[:-1]:
        x = torch.tanh(x @ layer["weight"] + layer["bias"])
    last = layers[-1]
    return (x @ last["weight"] + last["bias"]).squeeze(-1)


def point_loss(layers, x, y):
    return (apply(layers, x) - y) ** 2


def batch_loss(layers, x, y):
    return vmap(point_loss, in_dims=(None, 0, 0))(layers, x, y).mean()


def descend(layers, gradients, rate):
    moved = []
    for layer, gradient in zip(layers, gradients, strict=True):
        moved.append({name: layer[name] - rate * gradient[name] for name in layer})
    return moved


def main():
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(128, 2, generator=generator) * 2 - 1
    y = torch.sin(3 * x[:, 0]) * x[:, 1]
    layers = initial_parameters([2, 16, 1], generator)
    step = grad_and_value(batch_loss)
    for iteration in range(24):
        gradients, loss = step(layers, x, y)
        layers = descend(layers, gradients, rate=0.2)
        if iteration % 6 == 0:
            print(f"iteration {iteration:2d}  loss {loss.item():.5f}")
    print(f"final loss {batch_loss(layers, x, y).item():.5f}")


if __name__ == "__main__":
    main()
