# expect: GH101
# Fault: the parameter list is updated in an inner loop, but nobody clears the gradients.
import torch


def model(params, x):
    a, b, c = params
    return a * x**2 + b * x + c


def run():
    torch.manual_seed(1)
    x = torch.linspace(-2, 2, 30)
    y = 0.5 * x**2 - x + 2
    params = [torch.randn((), requires_grad=True) for _ in range(3)]
    history = []
    for _ in range(8):  # <- fault
        error = model(params, x) - y
        loss = error.pow(2).mean()
        loss.backward()  # <- fault
        with torch.no_grad():
            for p in params:  # <- fault
                p.sub_(0.02 * p.grad)  # <- fault
        history.append(float(loss.detach()))
    return history
