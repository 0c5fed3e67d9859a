"""Contrastive pre-training, then a linear probe on the frozen encoder in eval mode."""

import torch
import torch.nn.functional as F
from torch import nn


def run():
    torch.manual_seed(0)
    encoder = nn.Sequential(nn.Linear(6, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 6))
    projector = nn.Linear(6, 6)
    optimizer = torch.optim.Adam([*encoder.parameters(), *projector.parameters()], lr=3e-3)
    label = torch.randint(3, (96,))
    data = 2 * torch.randn(3, 6)[label] + torch.randn(96, 6)
    for _ in range(2):
        encoder.train()
        for rows in torch.randperm(96).split(32):
            a = F.normalize(projector(encoder(data[rows] + 0.3 * torch.randn(32, 6))), dim=1)
            b = F.normalize(projector(encoder(data[rows] + 0.3 * torch.randn(32, 6))), dim=1)
            loss = F.cross_entropy(a @ b.t() / 0.2, torch.arange(32))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    encoder.requires_grad_(False)
    encoder.eval()
    probe = nn.Linear(6, 3)
    optimizer = torch.optim.SGD(probe.parameters(), lr=0.3)
    losses = []
    for _ in range(6):
        total, hits = 0.0, 0
        for rows in torch.arange(96).split(16):
            out = probe(encoder(data[rows]))
            loss = F.cross_entropy(out, label[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            hits += (out.argmax(1) == label[rows]).sum().item()
            total += loss.item()
        losses.append(total)
    return losses
