# expect: GH401
# Fault: div_ changes the result of exp, which exp's backward needs.
import torch
from torch import nn


class Softmax(nn.Module):
    def forward(self, scores):
        powers = scores.exp()
        powers.div_(powers.sum(dim=1, keepdim=True))  # <- fault
        return powers


def run():
    torch.manual_seed(0)
    x = torch.randn(12, 3)
    y = (x[:, 0] > 0).long()
    model = nn.Sequential(nn.Linear(3, 2), Softmax())
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(6):
        optimizer.zero_grad()
        loss = nn.functional.nll_loss(model(x).log(), y)
        loss.backward()
        optimizer.step()
