# expect: GH102
# Fault: Two optimizers share a loop, one of them never clears.
import torch


def run():
    torch.manual_seed(0)
    a, b = torch.ones(2, requires_grad=True), torch.zeros(2, requires_grad=True)
    one, two = torch.optim.SGD([a], lr=0.05), torch.optim.Adam([b], lr=0.05)
    out = []
    for _ in range(8):  # <- fault
        one.zero_grad()  # <- fault
        loss = (a * 2 + b - 3).square().sum() + (a - b).square().sum()
        loss.backward()  # <- fault
        one.step()
        two.step()  # <- fault
        out.append(loss.item())
    return out
