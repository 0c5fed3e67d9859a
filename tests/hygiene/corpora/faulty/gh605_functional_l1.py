# expect: GH605
# Fault: inside a loss function the target column (N, 1) meets a flat prediction (N,).
import torch
import torch.nn.functional as F


def objective(params, x, y):
    slope, intercept = params
    prediction = slope * x + intercept
    return F.l1_loss(prediction, y)  # <- fault


def run():
    torch.manual_seed(0)
    x = torch.randn(18)
    y = (0.5 * x + 2).unsqueeze(1)
    params = (torch.zeros(()), torch.zeros(()))
    gradient = torch.func.grad(objective)
    for _ in range(8):
        steps = gradient(params, x, y)
        params = tuple(p - 0.1 * g for p, g in zip(params, steps, strict=True))
    return params
