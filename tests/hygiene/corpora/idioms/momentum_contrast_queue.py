"""MoCo: a key encoder that follows by momentum and a queue of detached keys as negatives."""

import copy

import torch
import torch.nn.functional as F
from torch import nn


def run():
    torch.manual_seed(0)
    query = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 8))
    key = copy.deepcopy(query).requires_grad_(False)
    queue = F.normalize(torch.randn(64, 8), dim=1)
    optimizer = torch.optim.SGD(query.parameters(), lr=0.1, momentum=0.9)
    base, losses = torch.randn(64, 8), []
    for step in range(20):
        rows = torch.randperm(64)[:16]
        q = F.normalize(query(base[rows] + 0.1 * torch.randn(16, 8)), dim=1)
        with torch.no_grad():
            for slow, fast in zip(key.parameters(), query.parameters()):
                slow.data = slow.data * 0.9 + fast.data * 0.1
            k = F.normalize(key(base[rows] + 0.1 * torch.randn(16, 8)), dim=1)
        positive = (q * k).sum(1, keepdim=True)
        logits = torch.cat([positive, q @ queue.t()], dim=1) / 0.2
        loss = F.cross_entropy(logits, torch.zeros(16, dtype=torch.long))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        queue = torch.cat([k, queue])[:64]
        if step >= 8:  # the queue is full of keys then
            losses.append(1 - positive.mean().item())
    return losses
