"""One coordinate at a time, the other one held fixed by detach."""

import torch


def run():
    a = torch.tensor(3.0, requires_grad=True)
    b = torch.tensor(-2.0, requires_grad=True)
    out = []
    for k in range(12):
        here = a if k % 2 == 0 else b
        one, two = (a, b.detach()) if k % 2 == 0 else (a.detach(), b)
        value = (one - 1) ** 2 + (two + 1) ** 2 + 0.5 * one * two
        value.backward()
        with torch.no_grad():
            here -= 0.2 * here.grad
        here.grad.zero_()
        out.append(float(value))
    return out
