# expect: GH102
# Fault: the line that clears was copied but not renamed, so w is cleared twice and b never.
import torch


def run():
    torch.manual_seed(0)
    x = torch.randn(40, 3)
    y = x @ torch.tensor([1.0, 2.0, 3.0]) + 4
    w = torch.zeros(3, requires_grad=True)
    b = torch.zeros((), requires_grad=True)
    for _ in range(8):  # <- fault
        loss = torch.mean((x @ w + b - y) ** 2)
        loss.backward()  # <- fault
        with torch.no_grad():
            w -= 0.05 * w.grad
            b -= 0.05 * b.grad  # <- fault
            w.grad.zero_()
            w.grad.zero_()  # <- fault
