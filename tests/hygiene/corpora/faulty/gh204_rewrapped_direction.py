# expect: GH204
# Fault: after the first step the direction is re-wrapped as a new leaf, but the optimizer still holds the old one.
import torch


def run():
    torch.manual_seed(24)
    X = torch.randn(40, 3) * torch.tensor([3.0, 1.0, 0.3])
    direction = torch.tensor([0.3, 0.8, 0.5], requires_grad=True)
    optimizer = torch.optim.SGD([direction], lr=0.02)  # <- fault
    errors = []
    for step in range(12):
        direction.grad = None
        projection = X @ direction
        error = (X - projection[:, None] * direction).pow(2).mean()
        error.backward()
        optimizer.step()
        direction = (direction / direction.norm()).detach().requires_grad_()  # <- fault
        errors.append(error.item())
    return errors
