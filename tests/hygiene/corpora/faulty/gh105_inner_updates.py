# expect: GH105
# Fault: three inner updates reuse the gradient of the point at which it was taken.
import torch


class Descent:
    def __init__(self, start, rate):
        self.x = torch.tensor(start, requires_grad=True)
        self.rate = rate

    def gradient(self):
        self.x.grad = None
        value = self.x**4 - 2 * self.x**2
        value.backward()  # <- fault
        return value.item()

    @torch.no_grad()
    def update(self):
        self.x -= self.rate * self.x.grad  # <- fault


def run():
    descent = Descent(1.6, 0.01)
    values = []
    for _ in range(6):
        values.append(descent.gradient())
        for _inner in range(3):  # <- fault
            descent.update()  # <- fault
    return values
