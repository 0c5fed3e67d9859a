# expect: GH204
# Fault: reset() makes new parameters, the optimizer goes on with the old ones.
import torch


class Model:
    def __init__(self):
        self.reset()
        self.optimizer = torch.optim.SGD([self.w], lr=0.1)  # <- fault

    def reset(self):
        self.w = torch.zeros(2, requires_grad=True)  # <- fault

    def step(self, x, y):
        self.w.grad = None
        loss = (x @ self.w - y).square().mean()
        loss.backward()
        self.optimizer.step()  # <- fault
        return loss.item()


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 2)
    y = x.sum(dim=1)
    model = Model()
    model.reset()  # <- fault
    return [model.step(x, y) for _ in range(8)]
