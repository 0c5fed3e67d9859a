"""First-order MAML on lines: the inner steps drop their graph on purpose, the outer loss does not."""

import torch


def predict(params, x):
    hidden = torch.tanh(x @ params["w1"] + params["b1"])
    return hidden @ params["w2"] + params["b2"]


def run():
    torch.manual_seed(0)
    meta = {
        "w1": torch.randn(1, 16).requires_grad_(),
        "b1": torch.zeros(16, requires_grad=True),
        "w2": (0.2 * torch.randn(16, 1)).requires_grad_(),
        "b2": torch.zeros(1, requires_grad=True),
    }
    optimizer = torch.optim.Adam(meta.values(), lr=0.02)
    losses = []
    for _ in range(12):
        optimizer.zero_grad()
        total = 0.0
        for slope in (1.0, 2.0, 1.5):
            x = torch.linspace(-2, 2, 20).unsqueeze(1)
            y = slope * x + 1
            fast = {name: value for name, value in meta.items()}
            for _ in range(3):
                loss = (predict(fast, x[::2]) - y[::2]).square().mean()
                grads = torch.autograd.grad(loss, list(fast.values()))
                fast = {name: value - 0.05 * g for (name, value), g in zip(fast.items(), grads)}
            outer = (predict(fast, x[1::2]) - y[1::2]).square().mean() / 3
            outer.backward()
            total += outer.item()
        optimizer.step()
        losses.append(total)
    return losses
