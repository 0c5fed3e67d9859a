"""k-means by gradient: assignments are recomputed by argmin in no_grad, centres move."""

import torch


def run():
    torch.manual_seed(1)
    x = torch.cat([torch.randn(30, 2) + 3, torch.randn(30, 2) - 3])
    c = torch.randn(2, 2, requires_grad=True)
    o = torch.optim.SGD([c], lr=0.5)
    out = []
    for _ in range(15):
        with torch.no_grad():
            a = torch.cdist(x, c).argmin(1)
        l = (x - c[a]).square().sum(1).mean()
        o.zero_grad()
        l.backward()
        o.step()
        out.append(l.item())
        sizes = [int((a == k).sum()) for k in range(2)]
    return out
