"""VQ-VAE: argmin picks the code, straight-through, codebook and commitment losses."""

import torch
import torch.nn.functional as F
from torch import nn


def run():
    torch.manual_seed(0)
    enc, dec, code = nn.Linear(4, 2), nn.Linear(2, 4), nn.Embedding(8, 2)
    opt = torch.optim.Adam([*enc.parameters(), *dec.parameters(), *code.parameters()], lr=2e-2)
    x = torch.randn(64, 2) @ torch.randn(2, 4)
    out = []
    for _ in range(20):
        z = enc(x)
        idx = torch.cdist(z, code.weight).argmin(1)
        q = code(idx)
        st = z + (q - z).detach()
        loss = F.mse_loss(dec(st), x) + F.mse_loss(q, z.detach()) + 0.25 * F.mse_loss(z, q.detach())
        opt.zero_grad()
        loss.backward()
        opt.step()
        out.append(loss.item())
        used = idx.unique().numel()
    return out
