# expect: GH301
# Fault: torch.tensor([...]) copies the numbers of the predictions into a new tensor without history.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(8, 2)
    y = x[:, 0]
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(6):
        optimizer.zero_grad()
        predictions = torch.tensor([model(row) for row in x], requires_grad=True)  # <- fault
        loss = nn.functional.mse_loss(predictions, y)
        loss.backward()
        optimizer.step()
