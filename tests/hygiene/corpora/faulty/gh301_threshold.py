# expect: GH301
# Fault: comparing the probability with 0.5 cuts the graph.
import torch


def run():
    torch.manual_seed(0)
    x = torch.randn(30, 2)
    y = (x[:, 1] > 0).float()
    weights = torch.zeros(2, requires_grad=True)
    for _ in range(6):
        probability = torch.sigmoid(x @ weights)
        decision = (probability > 0.5).float()  # <- fault
        loss = (decision - y).abs().mean()
        loss.backward()
        with torch.no_grad():
            weights -= 0.1 * weights.grad
            weights.grad = None
