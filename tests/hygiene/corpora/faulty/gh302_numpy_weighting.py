# expect: GH302
# Fault: the quadratic term of the model goes through numpy, the linear one does not.
import numpy as np
import torch


def run():
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 20)
    y = x + 2 * x**2
    theta = torch.zeros(2, requires_grad=True)
    for _ in range(8):
        curve = np.square(x.numpy()) * theta.detach().numpy()[1]  # <- fault
        prediction = theta[0] * x + torch.from_numpy(curve)
        loss = (prediction - y).square().mean()
        loss.backward()
        with torch.no_grad():
            theta -= 0.1 * theta.grad
            theta.grad.zero_()
    return theta.tolist()
