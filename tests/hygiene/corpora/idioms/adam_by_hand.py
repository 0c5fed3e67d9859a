"""Adam written by hand with its two moments."""

import torch


class Adam:
    def __init__(self, params, rate=0.1, betas=(0.9, 0.99)):
        self.params, self.rate, self.betas, self.time = list(params), rate, betas, 0
        self.moments = [(torch.zeros_like(p), torch.zeros_like(p)) for p in self.params]

    @torch.no_grad()
    def step(self):
        self.time += 1
        b1, b2 = self.betas
        for p, (m, v) in zip(self.params, self.moments, strict=True):
            m.mul_(b1).add_(p.grad, alpha=1 - b1)
            v.mul_(b2).addcmul_(p.grad, p.grad, value=1 - b2)
            scale = (v / (1 - b2**self.time)).sqrt_().add_(1e-8)
            p.addcdiv_(m, scale, value=-self.rate / (1 - b1**self.time))
            p.grad = None


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2)
    y = x @ torch.tensor([1.0, -1.0]) + 1
    w = torch.zeros(2, requires_grad=True)
    b = torch.zeros((), requires_grad=True)
    optimizer = Adam([w, b])
    losses = []
    for _ in range(8):
        loss = (x @ w + b - y).square().mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
