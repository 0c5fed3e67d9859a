"""Newton's method with torch.func.hessian."""

import torch


def run():
    w = torch.tensor([2.0, -1.0])

    def f(w):
        return w[0] ** 4 + w[0] * w[1] + (1 + w[1]) ** 2

    out = []
    for _ in range(7):
        out.append(f(w).item())
        w = w - torch.linalg.solve(torch.func.hessian(f)(w), torch.func.grad(f)(w))
    return out
