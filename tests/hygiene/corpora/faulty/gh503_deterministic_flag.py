# expect: GH503
# Fault: a seeding function also sets the deterministic flag of the whole process.
import torch


def seed_everything(seed):
    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True)  # <- fault


def run():
    seed_everything(0)  # <- fault
    x = torch.randn(20)
    y = 3 * x
    w = torch.zeros((), requires_grad=True)
    for _ in range(7):
        loss = (w * x - y).square().mean()
        loss.backward()
        with torch.no_grad():
            w -= 0.2 * w.grad
            w.grad.zero_()
    return w.item()
