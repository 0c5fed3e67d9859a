# expect: GH206
# Fault: the functional update adds the gradient of a loss that should fall.
import torch


def run():
    torch.manual_seed(0)
    target = torch.tensor([1.0, -2.0])
    z = torch.zeros(2, requires_grad=True)
    losses = []
    for _ in range(8):
        loss = (z - target).square().sum()
        (gradient,) = torch.autograd.grad(loss, z)
        z = (z + 0.05 * gradient).detach().requires_grad_()  # <- fault
        losses.append(loss.item())
    return losses
