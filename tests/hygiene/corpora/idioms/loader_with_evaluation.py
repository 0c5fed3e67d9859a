"""DataLoader epochs with a validation under no_grad and eval mode after each."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def run():
    torch.manual_seed(0)
    x = torch.randn(48, 3)
    y = (x.sum(dim=1) > 0).long()
    train = DataLoader(TensorDataset(x[:32], y[:32]), batch_size=16, shuffle=True)
    test = DataLoader(TensorDataset(x[32:], y[32:]), batch_size=16)
    model = nn.Sequential(nn.Linear(3, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 2))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
    history = []
    for _epoch in range(6):
        model.train()
        for inputs, labels in train:
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(inputs), labels).backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            losses = [nn.functional.cross_entropy(model(a), b).item() for a, b in test]
        history.append(sum(losses) / len(losses))
    return history
