"""LBFGS calls its closure several times per step; the closure clears."""

import torch


def run():
    point = torch.tensor([-1.2, 1.0], requires_grad=True)
    optimizer = torch.optim.LBFGS([point], lr=0.5, max_iter=4, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        x, y = point
        loss = (1 - x) ** 2 + 10 * (y - x**2) ** 2
        loss.backward()
        return loss

    return [optimizer.step(closure).item() for _ in range(7)]
