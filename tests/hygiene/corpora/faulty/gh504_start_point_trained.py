# expect: GH504
# Fault: the starting point given by the caller is itself made a leaf and updated.
import torch


def arguments():
    return (torch.tensor([1.0, 2.0]),)


def run(start):
    point = start.requires_grad_()  # <- fault
    for _ in range(8):
        value = (point**2).sum()
        value.backward()
        with torch.no_grad():
            point -= 0.1 * point.grad  # <- fault
            point.grad = None
    return point.tolist()
