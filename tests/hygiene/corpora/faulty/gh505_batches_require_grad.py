# expect: GH505
# Fault: every batch is made to require grad before the model sees it.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    data = torch.randn(40, 3)
    labels = (data[:, 1] > 0).long()
    model = nn.Sequential(nn.Linear(3, 6), nn.Tanh(), nn.Linear(6, 2))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
    for rows in torch.arange(40).split(5):
        batch = data[rows].requires_grad_(True)  # <- fault
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(batch), labels[rows])  # <- fault
        loss.backward()  # <- fault
        optimizer.step()
