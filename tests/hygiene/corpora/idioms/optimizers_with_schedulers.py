"""Two optimizers for embedding and body, a scheduler each, one per batch and one per epoch."""

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    embed, body = nn.Embedding(20, 8), nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1))
    slow = torch.optim.SGD(embed.parameters(), lr=0.5, momentum=0.9)
    fast = torch.optim.AdamW(body.parameters(), lr=1e-2)
    per_epoch = torch.optim.lr_scheduler.CosineAnnealingLR(slow, T_max=8)
    per_batch = torch.optim.lr_scheduler.OneCycleLR(fast, max_lr=2e-2, total_steps=8 * 4)
    words = torch.randint(20, (32, 3))
    target = (words.float().mean(1, keepdim=True) - 10) / 5
    losses = []
    for _ in range(8):
        total = 0.0
        for rows in torch.arange(32).split(8):
            loss = nn.functional.mse_loss(body(embed(words[rows]).mean(1)), target[rows])
            slow.zero_grad()
            fast.zero_grad()
            loss.backward()
            slow.step()
            fast.step()
            per_batch.step()
            total += loss.item()
        per_epoch.step()
        losses.append(total)
    return losses
