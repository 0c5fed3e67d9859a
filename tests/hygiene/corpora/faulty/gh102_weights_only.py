# expect: GH102
# Fault: the clearing loop looks for "weight" in the name and so skips every bias.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(32, 3)
    y = (x**2).sum(dim=1, keepdim=True)
    net = nn.Sequential(nn.Linear(3, 10), nn.Tanh(), nn.Linear(10, 1))
    for _ in range(8):  # <- fault
        loss = (net(x) - y).square().mean()
        loss.backward()  # <- fault
        with torch.no_grad():
            for name, parameter in net.named_parameters():  # <- fault
                parameter -= 0.02 * parameter.grad  # <- fault
                if "weight" in name:  # <- fault
                    parameter.grad = None  # <- fault
