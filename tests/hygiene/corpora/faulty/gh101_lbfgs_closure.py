# expect: GH101
# Fault: the closure given to LBFGS does not clear the gradients.
import torch


def run():
    torch.manual_seed(0)
    point = torch.tensor([-1.2, 1.0], requires_grad=True)
    optimizer = torch.optim.LBFGS([point], lr=0.1, max_iter=4)

    def closure():
        x, y = point
        loss = (1 - x) ** 2 + 10 * (y - x**2) ** 2
        loss.backward()  # <- fault
        return loss

    for _ in range(6):  # <- fault
        optimizer.step(closure)  # <- fault
    return point.tolist()
