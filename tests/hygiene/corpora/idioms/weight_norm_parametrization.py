"""Weight normalization through torch.nn.utils.parametrizations and a custom positive weight."""
import torch
from torch import nn
from torch.nn.utils import parametrize
from torch.nn.utils.parametrizations import weight_norm


class Positive(nn.Module):
    def forward(self, w):
        return nn.functional.softplus(w)


def run():
    torch.manual_seed(35)
    first = weight_norm(nn.Linear(3, 10))
    last = nn.Linear(10, 1)
    parametrize.register_parametrization(last, "weight", Positive())
    net = nn.Sequential(first, nn.Sigmoid(), last)
    opt = torch.optim.Adam(net.parameters(), lr=0.05)
    x = torch.randn(50, 3)
    y = x[:, :1].clamp(-1, 1)
    losses = []
    for _ in range(30):
        loss = nn.functional.huber_loss(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    with torch.no_grad():
        assert (last.weight > 0).all()
    return losses
