# expect: GH101
# Fault: the gradients are cleared at every fifth step only, but the optimizer steps every time.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    data = torch.randn(60, 5)
    labels = (data[:, 0] > 0).float().unsqueeze(1)
    model = nn.Sequential(nn.Linear(5, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.5)
    loss_function = nn.BCEWithLogitsLoss()
    for step in range(10):  # <- fault
        if step % 5 == 0:
            optimizer.zero_grad()  # <- fault
        loss = loss_function(model(data), labels)
        loss.backward()  # <- fault
        optimizer.step()  # <- fault
