# expect: GH101
# Fault: `g = None` forgets the local name g; weight.grad still holds the old gradient.
import torch


def run():
    torch.manual_seed(0)
    features = torch.randn(30, 2)
    target = features @ torch.tensor([2.0, -1.0])
    weight = torch.zeros(2, requires_grad=True)
    for _ in range(6):  # <- fault
        loss = torch.mean((features @ weight - target) ** 2)
        loss.backward()  # <- fault
        g = weight.grad
        with torch.no_grad():
            weight.add_(g, alpha=-0.1)  # <- fault
        g = None  # <- fault
    return weight.tolist()
