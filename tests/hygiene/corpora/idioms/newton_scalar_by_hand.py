"""Newton's method on a scalar by two calls of autograd.grad."""

import torch


def run():
    u = torch.tensor(3.0, requires_grad=True)
    out = []
    for _ in range(8):
        f = u**4 - 3 * u
        (d,) = torch.autograd.grad(f, u, create_graph=True)
        (d2,) = torch.autograd.grad(d, u)
        with torch.no_grad():
            u -= d / d2
        out.append(f.item())
    return out
