# expect: GH102
# Fault: the class clears the parameters of its body but not those of its head.
import torch
from torch import nn


class Trainer:
    def __init__(self):
        self.body = nn.Linear(4, 4)
        self.head = nn.Linear(4, 1)
        groups = [{"params": self.body.parameters()}, {"params": self.head.parameters(), "lr": 0.01}]
        self.optimizer = torch.optim.SGD(groups, lr=0.05)

    def step(self, x, y):
        self.body.zero_grad()  # <- fault
        loss = nn.functional.mse_loss(self.head(torch.tanh(self.body(x))), y)
        loss.backward()  # <- fault
        self.optimizer.step()  # <- fault
        return loss.item()


def run():
    torch.manual_seed(0)
    x = torch.randn(20, 4)
    y = x[:, :1]
    trainer = Trainer()
    return [trainer.step(x, y) for _ in range(8)]  # <- fault
