# expect: GH203
# Fault: the class writes its momentum step into .data with copy_.
import torch


class Momentum:
    def __init__(self, params, rate, beta):
        self.params = list(params)
        self.velocity = [torch.zeros_like(p) for p in self.params]
        self.rate, self.beta = rate, beta

    def step(self):
        for p, v in zip(self.params, self.velocity, strict=True):
            v.mul_(self.beta).add_(p.grad)
            p.data.copy_(p.data - self.rate * v)  # <- fault
            p.grad = None


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2)
    y = x.sum(dim=1)
    w = torch.zeros(2, requires_grad=True)
    optimizer = Momentum([w], 0.05, 0.5)
    for _ in range(8):
        loss = (x @ w - y).square().mean()
        loss.backward()
        optimizer.step()
