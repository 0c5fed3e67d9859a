# expect: GH202
# Fault: the list of parameters is replaced by a list of ordinary results.
import torch


def predict(params, x):
    return params[0] * x**2 + params[1] * x + params[2]


def run():
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 15)
    y = x**2
    params = [torch.rand(1, requires_grad=True) for _ in range(3)]
    for _ in range(6):
        loss = (predict(params, x) - y).square().mean()
        loss.backward()
        with torch.no_grad():
            params = [p - 0.1 * p.grad for p in params]  # <- fault
