# expect: GH402
# Fault: two losses share the trunk, and the first backward frees its graph.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(16, 3)
    trunk = nn.Sequential(nn.Linear(3, 6), nn.Tanh())
    mean_head, sign_head = nn.Linear(6, 1), nn.Linear(6, 1)
    modules = nn.ModuleList([trunk, mean_head, sign_head])
    optimizer = torch.optim.SGD(modules.parameters(), lr=0.05)
    for _ in range(6):
        optimizer.zero_grad()
        features = trunk(x)
        regression = (mean_head(features) - x.mean(dim=1, keepdim=True)).square().mean()
        target = (x[:, :1] > 0).float()
        sign = nn.functional.binary_cross_entropy_with_logits(sign_head(features), target)
        regression.backward()  # <- fault
        sign.backward()  # <- fault
        optimizer.step()
