# expect: GH202
# Fault: `* 0.1` after requires_grad=True: weights is a product, its .grad is never filled.
import torch


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 3)
    y = (x[:, 0] > 0).float()
    weights = torch.randn(3, requires_grad=True) * 0.1  # <- fault
    losses = []
    for _ in range(6):
        loss = torch.nn.functional.binary_cross_entropy_with_logits(x @ weights, y)
        loss.backward()
        with torch.no_grad():
            weights -= 0.5 * weights.grad
            weights.grad.zero_()
        losses.append(loss.item())
    return losses
