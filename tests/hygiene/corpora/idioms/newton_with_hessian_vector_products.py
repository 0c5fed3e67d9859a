"""Newton steps by conjugate gradients on Hessian-vector products; no Hessian is made."""

import torch


def run():
    torch.manual_seed(0)
    x = torch.randn(40, 5)
    y = (x[:, 0] + 0.3 * torch.randn(40) > 0).float()
    w = torch.zeros(5, requires_grad=True)
    losses = []
    for _ in range(7):
        loss = torch.nn.functional.binary_cross_entropy_with_logits(x @ w, y) + 0.05 * w.square().sum()
        (g,) = torch.autograd.grad(loss, w, create_graph=True)
        step = torch.zeros(5)
        r = g.detach().clone()
        p = r.clone()
        for _ in range(5):
            (hp,) = torch.autograd.grad(g, w, grad_outputs=p, retain_graph=True)
            alpha = r.dot(r) / p.dot(hp)
            step += alpha * p
            new = r - alpha * hp
            if new.norm() < 1e-8:
                break
            p = new + new.dot(new) / r.dot(r) * p
            r = new
        with torch.no_grad():
            w -= 0.8 * step
        losses.append(loss.item())
    return losses
