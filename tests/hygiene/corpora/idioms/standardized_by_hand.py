"""Batch standardization by hand: the bias below it cancels, in a list of tensors without names of layers."""

import torch


def run():
    torch.manual_seed(0)
    x = torch.randn(50, 3, dtype=torch.float64)
    y = x[:, :1].tanh()
    params = [torch.randn(3, 8), torch.zeros(8), 0.1 * torch.randn(8, 1)]
    params = [p.double().requires_grad_() for p in params]
    optimizer = torch.optim.Adam(params, lr=0.01)
    losses = []
    for _ in range(30):
        hidden = x @ params[0] + params[1]
        hidden = (hidden - hidden.mean(0)) / (hidden.std(0) + 1e-5)
        loss = (torch.relu(hidden) @ params[2] - y).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
