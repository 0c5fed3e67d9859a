# expect: GH603
# Fault: the hand-written backward of a product has the wrong sign for its second factor.
import torch


class Product(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, upstream):  # <- fault
        a, b = ctx.saved_tensors
        return upstream * b, -upstream * a  # <- fault


def run():
    torch.manual_seed(0)
    x = torch.rand(20) + 0.5
    y = 3 * x
    a = torch.tensor(0.5, requires_grad=True)
    b = torch.tensor(0.7, requires_grad=True)
    losses = []
    for _ in range(7):
        loss = (Product.apply(a, b) * x - y).square().mean()  # <- fault
        loss.backward()
        with torch.no_grad():
            for p in (a, b):
                p -= 0.02 * p.grad
                p.grad = None
        losses.append(loss.item())
    return losses
