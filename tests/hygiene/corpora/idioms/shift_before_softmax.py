"""A shift of all logits by the same number changes nothing after softmax: its gradient cancels."""

import torch


def run():
    torch.manual_seed(0)
    x = torch.randn(30, 4, dtype=torch.float64)
    label = x.argmax(1)
    scale = torch.tensor(0.1, dtype=torch.float64, requires_grad=True)
    shift = torch.tensor(0.0, dtype=torch.float64, requires_grad=True)
    losses = []
    for _ in range(60):
        chance = torch.softmax(scale * x + shift, dim=1)
        loss = -chance[torch.arange(30), label].log().mean()
        loss.backward()
        with torch.no_grad():
            scale -= 0.5 * scale.grad
            shift -= 0.5 * shift.grad
        scale.grad = shift.grad = None
        losses.append(loss.item())
    return losses
