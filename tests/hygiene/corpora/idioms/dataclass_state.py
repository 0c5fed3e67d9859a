"""The whole training state is a frozen dataclass that each step replaces."""

import dataclasses

import torch


@dataclasses.dataclass(frozen=True)
class State:
    w: torch.Tensor
    v: torch.Tensor
    step: int


def advance(state, x, y):
    w = state.w.detach().requires_grad_()
    loss = ((x @ w - y) ** 2).mean()
    (g,) = torch.autograd.grad(loss, [w])
    with torch.no_grad():
        v = 0.5 * state.v - 0.1 * g
        return State(state.w + v, v, state.step + 1), loss.item()


def run():
    torch.manual_seed(0)
    x = torch.randn(25, 3)
    y = x.sum(1)
    state, losses = State(torch.zeros(3), torch.zeros(3), 0), []
    while state.step < 10:
        state, loss = advance(state, x, y)
        losses.append(loss)
    return losses
