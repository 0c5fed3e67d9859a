"""`maximize=True` asks the optimizer to ascend."""

import torch


def run():
    torch.manual_seed(0)
    probabilities = torch.tensor([0.2, 0.5, 0.3])
    logits = torch.zeros(3, requires_grad=True)
    optimizer = torch.optim.SGD([logits], lr=0.5, maximize=True)
    negative = []
    for _ in range(8):
        optimizer.zero_grad()
        reward = (probabilities * torch.log_softmax(logits, dim=0)).sum()
        reward.backward()
        optimizer.step()
        negative.append(-reward.item())
    return negative
