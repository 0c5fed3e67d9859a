"""A Hutchinson estimate of the Hessian's trace is added to the loss: third-order graphs inside one step."""

import torch


def run():
    torch.manual_seed(0)
    w = torch.tensor([2.0, -1.5], requires_grad=True)
    o = torch.optim.SGD([w], lr=0.01)
    out = []
    for _ in range(12):
        l = (w**4).sum()
        (g,) = torch.autograd.grad(l, w, create_graph=True)
        est = 0.0
        for _ in range(6):
            v = torch.randn(2).sign()
            (hv,) = torch.autograd.grad((g * v).sum(), w, create_graph=True)
            est = est + (hv * v).sum() / 6
        t = l + 0.05 * est
        o.zero_grad()
        t.backward()
        o.step()
        out.append(t.item())
    return out
