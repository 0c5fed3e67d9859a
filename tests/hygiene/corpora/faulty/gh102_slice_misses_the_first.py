# expect: GH102
# Fault: the loop that clears starts at the second parameter.
import torch


def forward(params, x):
    w1, b1, w2 = params
    return torch.tanh(x @ w1 + b1) @ w2


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2)
    y = x.sum(dim=1, keepdim=True)
    params = [torch.randn(2, 5), torch.zeros(5), torch.randn(5, 1)]
    for p in params:
        p.requires_grad_()
    for _ in range(6):  # <- fault
        loss = torch.nn.functional.mse_loss(forward(params, x), y)
        loss.backward()  # <- fault
        with torch.no_grad():
            for p in params:  # <- fault
                p.add_(p.grad, alpha=-0.05)  # <- fault
        for p in params[1:]:  # <- fault
            p.grad.zero_()  # <- fault
