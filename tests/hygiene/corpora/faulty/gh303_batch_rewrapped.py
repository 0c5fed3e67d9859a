# expect: GH303
# Fault: slices of a tensor are made into tensors again before the model sees them.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    data = torch.randn(40, 3)
    labels = (data[:, 0] > 0).long()
    model = nn.Linear(3, 2)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
    for start in range(0, 40, 5):
        batch = torch.tensor(data[start : start + 5])  # <- fault
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(batch), labels[start : start + 5])
        loss.backward()
        optimizer.step()
