# expect: GH301
# Fault: float(w) takes the number out of the graph before the model is computed.
import torch


def predict(w, x):
    return float(w) * x  # <- fault


def run():
    torch.manual_seed(0)
    x = torch.linspace(0, 1, 10)
    y = 3 * x
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(6):
        loss = (predict(w, x) - y).square().mean()
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
        w.grad = None
