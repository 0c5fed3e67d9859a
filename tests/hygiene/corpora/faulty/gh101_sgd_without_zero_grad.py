# expect: GH101
# Fault: optimizer.zero_grad() was forgotten.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(32, 3)
    y = x @ torch.tensor([[1.0], [-2.0], [0.5]])
    model = nn.Linear(3, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    criterion = nn.MSELoss()
    for epoch in range(10):  # <- fault
        loss = criterion(model(x), y)
        loss.backward()  # <- fault
        optimizer.step()  # <- fault
        print(f"epoch {epoch}: {loss.item():.4f}")
