# expect: GH206
# Fault: the velocity is added to the parameter, as if it held the negative gradient.
import torch


class Momentum:
    def __init__(self, param, rate):
        self.param, self.rate = param, rate
        self.velocity = torch.zeros_like(param)

    @torch.no_grad()
    def step(self):
        self.velocity = 0.5 * self.velocity + self.param.grad
        self.param += self.rate * self.velocity  # <- fault
        self.param.grad = None


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2)
    y = x.sum(dim=1)
    w = torch.zeros(2, requires_grad=True)
    optimizer = Momentum(w, 0.05)
    for _ in range(7):
        loss = (x @ w - y).square().mean()
        loss.backward()
        optimizer.step()
