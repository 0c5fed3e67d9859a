"""MC dropout: at prediction the dropout layers are on, on purpose, and many samples are averaged."""

import torch
from torch import nn


def with_dropout(model):
    model.eval()
    for part in model.modules():
        if isinstance(part, nn.Dropout):
            part.train()
    return model


def run():
    torch.manual_seed(0)
    x = torch.randn(40, 3)
    y = x[:, :1] + 0.1 * torch.randn(40, 1)
    model = nn.Sequential(nn.Linear(3, 24), nn.ReLU(), nn.Dropout(0.2), nn.Linear(24, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    losses = []
    for _ in range(10):
        model.train()
        loss = nn.functional.mse_loss(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    with_dropout(model)
    with torch.no_grad():
        samples = torch.stack([model(x) for _ in range(20)])
    spread = samples.std(0).mean().item()
    error = (samples.mean(0) - y).square().mean().item()
    print(f"error {error:.3f} spread {spread:.3f}")
    return losses
