# expect: GH503
# Fault: the number of threads is changed and not put back.
import torch


def run():
    torch.manual_seed(0)
    torch.set_num_threads(torch.get_num_threads() + 1)  # <- fault
    point = torch.tensor([1.0, -1.0], requires_grad=True)
    for _ in range(7):
        value = point.square().sum()
        value.backward()
        with torch.no_grad():
            point -= 0.1 * point.grad
        point.grad = None
    return point.tolist()
