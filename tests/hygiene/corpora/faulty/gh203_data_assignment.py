# expect: GH203
# Fault: a new value is assigned to .data instead of updating under no_grad.
import torch


def run():
    torch.manual_seed(0)
    features = torch.randn(25, 3)
    labels = (features.sum(dim=1) > 0).float()
    theta = torch.zeros(3, requires_grad=True)
    history = []
    for _ in range(8):
        loss = torch.nn.functional.binary_cross_entropy_with_logits(features @ theta, labels)
        loss.backward()
        theta.data = theta.data - 0.5 * theta.grad  # <- fault
        theta.grad.zero_()
        history.append(loss.item())
    return history
