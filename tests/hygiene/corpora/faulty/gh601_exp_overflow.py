# expect: GH601
# Fault: the hand-written softmax does not subtract the maximum: exp overflows, inf / inf is NaN.
import torch


def softmax(scores):
    powers = torch.exp(scores)  # <- fault
    return powers / powers.sum(dim=1, keepdim=True)  # <- fault


def run():
    torch.manual_seed(0)
    x = torch.randn(12, 2) * 40
    y = (x[:, 0] > 0).long()
    w = torch.randn(2, 2).mul_(4).requires_grad_()
    for _ in range(6):
        loss = -softmax(x @ w)[torch.arange(12), y].mean()
        loss.backward()  # <- fault
        with torch.no_grad():
            w -= 0.1 * w.grad
            w.grad = None
