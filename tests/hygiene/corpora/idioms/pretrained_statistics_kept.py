"""Fine-tuning with the batch norm's loaded statistics: the whole model is in eval mode all the time."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 1))
    loaded = dict(model.state_dict())
    loaded["1.running_mean"] = 0.1 * torch.randn(16)
    loaded["1.num_batches_tracked"] = torch.tensor(500)
    model.load_state_dict(loaded)
    model.eval()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    x = torch.randn(32, 4)
    y = x[:, :1]
    losses = []
    for _ in range(10):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
