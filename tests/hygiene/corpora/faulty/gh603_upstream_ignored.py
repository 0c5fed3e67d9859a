# expect: GH603
# Fault: the backward of tanh does not multiply by the gradient that comes from above.
import torch
from torch import nn


class Tanh(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        y = torch.tanh(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, grad_output):  # <- fault
        (y,) = ctx.saved_tensors
        return 1 - y**2  # <- fault


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 3)
    y = x[:, :1]
    first, last = nn.Linear(3, 6), nn.Linear(6, 1)
    optimizer = torch.optim.SGD([*first.parameters(), *last.parameters()], lr=0.02)
    for _ in range(8):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(last(Tanh.apply(first(x))), y)  # <- fault
        loss.backward()
        optimizer.step()
