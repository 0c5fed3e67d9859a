# expect: GH303
# Fault: the target is wrapped by torch.tensor again inside the loss function.
import torch


def loss_function(prediction, target):
    target = torch.tensor(target, dtype=torch.float32)  # <- fault
    return (prediction - target).square().mean()


def run():
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 20)
    y = 2 * x
    w = torch.zeros((), requires_grad=True)
    for _ in range(7):
        loss = loss_function(w * x, y)
        loss.backward()
        with torch.no_grad():
            w -= 0.2 * w.grad
            w.grad = None
