# expect: GH101
# Fault: zero_grad is called once per epoch although every mini-batch makes a step.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def run():
    torch.manual_seed(0)
    x = torch.randn(48, 3)
    y = x.sum(dim=1, keepdim=True)
    loader = DataLoader(TensorDataset(x, y), batch_size=12)
    model = nn.Linear(3, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.02)
    for _epoch in range(3):  # <- fault
        optimizer.zero_grad()  # <- fault
        for inputs, targets in loader:  # <- fault
            loss = ((model(inputs) - targets) ** 2).mean()
            loss.backward()  # <- fault
            optimizer.step()  # <- fault
