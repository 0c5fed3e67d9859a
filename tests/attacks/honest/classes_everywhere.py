# Honest: is all dataclasses, descriptors and decorators.
# ruff: noqa

from __future__ import annotations

from dataclasses import dataclass, field
import torch


def double(x):
    return 2 * x


@dataclass
class Descent:
    x: torch.Tensor
    rate: float
    losses: list[float] = field(default_factory=list)

    def step(self) -> None:
        loss = (self.x - 3).pow(2)
        (gradient,) = torch.autograd.grad(loss, self.x)
        self.losses.append(float(loss))
        self.x = (self.x - self.rate * gradient).detach().requires_grad_()


def minimize(start, learning_rate=0.1, num_iterations=10):
    run = Descent(torch.tensor(start, requires_grad=True), learning_rate)
    for _ in range(num_iterations):
        run.step()
    return float(run.x), run.losses


def make_model():
    model = torch.nn.Linear(2, 1)
    torch.nn.init.ones_(model.weight)
    torch.nn.init.zeros_(model.bias)
    return model
