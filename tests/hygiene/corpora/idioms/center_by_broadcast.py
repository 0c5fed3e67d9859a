"""k-means by gradient: the (N, 1, D) points minus the (K, D) centers are meant to broadcast."""

import torch


def run():
    torch.manual_seed(0)
    points = torch.cat([torch.randn(15, 2) - 2, torch.randn(15, 2) + 2])
    centers = torch.tensor([[-0.5, 0.0], [0.5, 0.0]], requires_grad=True)
    losses = []
    for _ in range(8):
        distances = (points[:, None, :] - centers).square().sum(dim=2)
        loss = distances.min(dim=1).values.mean()
        loss.backward()
        with torch.no_grad():
            centers -= 0.4 * centers.grad
        centers.grad = None
        losses.append(loss.item())
    return losses
