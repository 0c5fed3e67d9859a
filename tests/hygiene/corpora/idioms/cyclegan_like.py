"""Two generators, cycle loss, discriminators frozen during the generator step."""

import itertools

import torch
from torch import nn


def run():
    torch.manual_seed(0)
    G, Fm = nn.Linear(2, 2), nn.Linear(2, 2)
    DA, DB = (nn.Sequential(nn.Linear(2, 12), nn.LeakyReLU(0.2), nn.Linear(12, 1)) for _ in range(2))
    og = torch.optim.Adam(itertools.chain(G.parameters(), Fm.parameters()), lr=1e-2)
    od = torch.optim.Adam(itertools.chain(DA.parameters(), DB.parameters()), lr=1e-2)
    mse = nn.MSELoss()
    out = []
    for k in range(16):
        a, b = torch.randn(32, 2), torch.randn(32, 2) + 2
        fb, fa = G(a), Fm(b)
        for p in itertools.chain(DA.parameters(), DB.parameters()):
            p.requires_grad = False
        og.zero_grad()
        cyc = (Fm(fb) - a).abs().mean() + (G(fa) - b).abs().mean()
        (mse(DB(fb), torch.ones(32, 1)) + mse(DA(fa), torch.ones(32, 1)) + 10 * cyc).backward()
        og.step()
        for p in itertools.chain(DA.parameters(), DB.parameters()):
            p.requires_grad = True
        od.zero_grad()
        for D, real, fake in ((DA, a, fa), (DB, b, fb)):
            (0.5 * (mse(D(real), torch.ones(32, 1)) + mse(D(fake.detach()), torch.zeros(32, 1)))).backward()
        od.step()
        out.append(cyc.item())
    return out
