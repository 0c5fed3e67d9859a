# expect: GH105
# Fault: the gradient is computed once before the loop and then used for every step.
import torch


def run():
    torch.manual_seed(0)
    position = torch.tensor([2.0, -3.0], requires_grad=True)
    height = (position**2).sum()
    height.backward()  # <- fault
    path = []
    for _ in range(8):  # <- fault
        with torch.no_grad():
            position.sub_(position.grad, alpha=0.1)  # <- fault
        path.append(position.tolist())
    return path
