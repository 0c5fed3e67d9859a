# expect: GH401
# Fault: the hidden states are written into one buffer, which overwrites what backward has saved from it.
import torch


def run():
    torch.manual_seed(39)
    T, H = 6, 3
    inputs = torch.randn(T, H)
    target = torch.tensor([0.1, -0.2, 0.3])
    W = (0.4 * torch.randn(H, H)).requires_grad_()
    for epoch in range(8):
        states = torch.zeros(T + 1, H)
        for t in range(T):
            states[t + 1] = torch.tanh(states[t] @ W + inputs[t])  # <- fault
        loss = ((states[T] - target) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            W -= 0.1 * W.grad
            W.grad = None
    return loss.item()
