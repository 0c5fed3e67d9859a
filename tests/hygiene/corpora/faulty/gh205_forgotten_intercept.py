# expect: GH205
# Fault: c is given to the optimizer, but the formula of the model leaves it out.
import torch


def run():
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 30)
    y = x**2 + 2 * x + 3
    a = torch.zeros((), requires_grad=True)
    b = torch.zeros((), requires_grad=True)
    c = torch.zeros((), requires_grad=True)  # <- fault
    optimizer = torch.optim.Adam([a, b, c], lr=0.1)  # <- fault
    for _ in range(8):
        optimizer.zero_grad()
        prediction = a * x**2 + b * x  # <- fault
        loss = (prediction - y).square().mean()
        loss.backward()  # <- fault
        optimizer.step()  # <- fault
