"""Positive parameters by optimising their logarithms."""

import torch


def run():
    torch.manual_seed(0)
    data = torch.distributions.Gamma(2.0, 3.0).sample((200,))
    log_a, log_b = torch.zeros((), requires_grad=True), torch.zeros((), requires_grad=True)
    opt = torch.optim.Rprop([log_a, log_b], lr=0.05)
    out = []
    for _ in range(12):
        opt.zero_grad()
        nll = -torch.distributions.Gamma(log_a.exp(), log_b.exp()).log_prob(data).mean()
        nll.backward()
        opt.step()
        out.append(nll.item())
    return out
