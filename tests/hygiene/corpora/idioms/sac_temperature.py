"""SAC: twin critics with a minimum, a learned temperature, target nets by lerp_."""

import copy

import torch
from torch import nn
from torch.distributions import Normal


def mlp(i, o):
    return nn.Sequential(nn.Linear(i, 24), nn.ReLU(), nn.Linear(24, o))


def run():
    torch.manual_seed(0)
    pi, q1, q2 = mlp(2, 2), mlp(3, 1), mlp(3, 1)
    t1, t2 = copy.deepcopy(q1), copy.deepcopy(q2)
    log_alpha = torch.zeros((), requires_grad=True)
    op, oq, oa = (
        torch.optim.Adam(pi.parameters(), 1e-2),
        torch.optim.Adam([*q1.parameters(), *q2.parameters()], 1e-2),
        torch.optim.Adam([log_alpha], 1e-2),
    )

    def act(s):
        m, ls = pi(s).chunk(2, 1)
        d = Normal(m, ls.clamp(-3, 1).exp())
        u = d.rsample()
        a = u.tanh()
        return a, (d.log_prob(u) - torch.log(1 - a**2 + 1e-6)).sum(1, keepdim=True)

    out = []
    for _ in range(30):
        s, s2 = torch.randn(64, 2), torch.randn(64, 2)
        a = torch.rand(64, 1) * 2 - 1
        r = -((a - s[:, :1].tanh()) ** 2)
        with torch.no_grad():
            a2, lp2 = act(s2)
            x2 = torch.cat([s2, a2], 1)
            y = r + 0.3 * (torch.min(t1(x2), t2(x2)) - log_alpha.exp() * lp2)
        x = torch.cat([s, a], 1)
        lq = nn.functional.mse_loss(q1(x), y) + nn.functional.mse_loss(q2(x), y)
        oq.zero_grad()
        lq.backward()
        oq.step()
        an, lp = act(s)
        xn = torch.cat([s, an], 1)
        lpi = (log_alpha.exp().detach() * lp - torch.min(q1(xn), q2(xn))).mean()
        op.zero_grad()
        lpi.backward()
        op.step()
        la = -(log_alpha * (lp.detach() - 1.0)).mean()
        oa.zero_grad()
        la.backward()
        oa.step()
        with torch.no_grad():
            for t, q in ((t1, q1), (t2, q2)):
                for tp, p in zip(t.parameters(), q.parameters()):
                    tp.lerp_(p, 0.05)
        out.append(lq.item())
    return [sum(out[i : i + 5]) for i in range(0, 30, 5)]
