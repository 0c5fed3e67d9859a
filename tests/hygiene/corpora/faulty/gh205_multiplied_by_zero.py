# expect: GH205
# Fault: the scale of the second term is an integer division that gives 0: beta never moves.
import torch


def run():
    torch.manual_seed(0)
    x = torch.linspace(0, 1, 20)
    y = 2 * x + x**3
    alpha = torch.ones((), requires_grad=True)
    beta = torch.ones((), requires_grad=True)  # <- fault
    strength = 1 // 2  # <- fault
    for _ in range(8):
        loss = (alpha * x + strength * beta * x**3 - y).square().mean()  # <- fault
        loss.backward()  # <- fault
        with torch.no_grad():
            for p in (alpha, beta):
                p -= 0.3 * p.grad  # <- fault
                p.grad = None
    return alpha.item(), beta.item()
