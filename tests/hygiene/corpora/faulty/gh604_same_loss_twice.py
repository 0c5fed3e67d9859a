# expect: GH604
# asked: learning_rate=0.01
# Fault: backward() runs twice through one loss, so the gradient is doubled.
import torch


def run():
    u = torch.tensor([1.0, -0.5], requires_grad=True)
    losses = []
    for _ in range(8):
        loss = (u**4).sum()
        loss.backward(retain_graph=True)
        loss.backward()  # <- fault
        with torch.no_grad():
            u -= 0.01 * u.grad  # <- fault
        u.grad = None
        losses.append(loss.item())
    return losses
