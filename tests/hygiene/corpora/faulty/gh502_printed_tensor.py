# expect: GH502
# Fault: eval() is never called; the accuracy is printed as a tensor.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(64, 8)
    y = x[:, :3].argmax(1)
    model = nn.Sequential(nn.Linear(8, 16), nn.Dropout(0.5), nn.ReLU(), nn.Linear(16, 3))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(8):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
    with torch.no_grad():
        print((model(x).argmax(1) == y).float().mean())  # <- fault
