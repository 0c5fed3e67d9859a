# expect: GH102
# Fault: model.zero_grad() does not know log_scale, which the optimizer updates too.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(30, 2)
    y = 3 * x[:, :1] + 0.1 * torch.randn(30, 1)
    model = nn.Linear(2, 1)
    log_scale = torch.zeros((), requires_grad=True)
    optimizer = torch.optim.SGD([*model.parameters(), log_scale], lr=0.02)
    for _ in range(10):  # <- fault
        model.zero_grad()  # <- fault
        residual = (model(x) - y) / log_scale.exp()
        loss = 0.5 * residual.pow(2).mean() + log_scale
        loss.backward()  # <- fault
        optimizer.step()  # <- fault
