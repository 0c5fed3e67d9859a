# expect: GH103
# Fault: The trainer's backward method clears right after differentiating.
import torch


class Fit:
    def __init__(self):
        self.w = torch.tensor([2.0, 1.0], requires_grad=True)

    def differentiate(self):
        loss = (self.w - 1).square().sum()
        loss.backward()
        self.w.grad.zero_()  # <- fault
        return loss.item()

    @torch.no_grad()
    def update(self):
        self.w -= 0.1 * self.w.grad  # <- fault


def run():
    fit, out = Fit(), []
    for _ in range(8):
        out.append(fit.differentiate())
        fit.update()
    return out
