# expect: GH302
# Fault: a smoothness term is added whose gradients were asked for without create_graph.
import torch


def run():
    torch.manual_seed(0)
    points = torch.randn(16, 3)
    w = torch.randn(3, 1).requires_grad_()
    losses = []
    for _ in range(8):
        x = points.clone().requires_grad_()
        slopes = torch.autograd.grad(torch.tanh(x @ w).sum(), x)[0]  # <- fault
        loss = (torch.tanh(points @ w) - 1).square().mean() + 0.5 * slopes.pow(2).sum(1).mean()
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
        w.grad = None
        losses.append(loss.item())
    return losses
