# expect: GH602
# Fault: the weights start so small that the product of the layers kills the gradient of the first one.
import torch


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 3)
    y = x.sum(dim=1, keepdim=True)
    shapes = [(3, 8), (8, 8), (8, 8), (8, 8), (8, 1)]
    weights = [(1e-4 * torch.randn(shape)).requires_grad_() for shape in shapes]  # <- fault
    bias = torch.zeros(1, requires_grad=True)
    losses = []
    for _ in range(7):
        h = x
        for w in weights:
            h = h @ w  # <- fault
        loss = (h + bias - y).square().mean()  # <- fault
        loss.backward()  # <- fault
        with torch.no_grad():
            for p in [*weights, bias]:
                p -= 0.1 * p.grad  # <- fault
                p.grad = None
        losses.append(loss.item())
    return losses
