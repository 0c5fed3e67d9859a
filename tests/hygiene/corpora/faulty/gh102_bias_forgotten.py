# expect: GH102
# Fault: Only the weights are cleared, in a loop over named parameters.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 3)
    net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
    out = []
    for _ in range(8):  # <- fault
        loss = (net(x) - x[:, :1]).square().mean()
        loss.backward()  # <- fault
        with torch.no_grad():
            for name, p in net.named_parameters():
                p -= 0.05 * p.grad  # <- fault
                if "weight" in name:  # <- fault
                    p.grad = None  # <- fault
        out.append(loss.item())
    return out
