# expect: GH301
# Fault: the forward pass stands under torch.no_grad().
import torch
from torch import nn


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 2))

    @torch.no_grad()  # <- fault
    def forward(self, x):
        return self.layers(x)  # <- fault


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2)
    y = (x[:, 0] > 0).long()
    model = Classifier()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(6):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)  # <- fault
        loss.backward()
        optimizer.step()
