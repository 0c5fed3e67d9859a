# expect: GH604
# asked: learning_rate=0.02
# Fault: the loss is differentiated three times.
import torch


def run():
    w = torch.tensor([0.5, 2.0], requires_grad=True)
    for k in range(5):
        l = (w**2).sum()
        for _ in range(3):
            l.backward(retain_graph=True)  # <- fault
        with torch.no_grad():
            w.sub_(w.grad, alpha=0.02)  # <- fault
        w.grad.zero_()
