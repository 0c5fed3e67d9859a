# expect: GH603
# Fault: the backward of the square forgets the factor 2.
import torch


class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**2

    @staticmethod
    def backward(ctx, upstream):  # <- fault
        (x,) = ctx.saved_tensors
        return x * upstream  # <- fault


def run():
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 20)
    y = 2 * x
    w = torch.zeros((), requires_grad=True)
    losses = []
    for _ in range(8):
        loss = Square.apply(w * x - y).mean()  # <- fault
        loss.backward()
        with torch.no_grad():
            w -= 0.2 * w.grad
            w.grad = None
        losses.append(loss.item())
    return losses
