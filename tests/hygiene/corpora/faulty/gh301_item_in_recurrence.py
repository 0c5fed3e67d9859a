# expect: GH301
# Fault: .item() turns every error into a Python float, so the total has no graph to go back through.
import torch
from torch import nn


class Counter(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.RNNCell(1, 4)
        self.read = nn.Linear(4, 1)

    def forward(self, x, h):
        h = self.cell(x, h)
        return self.read(h), h


def run():
    torch.manual_seed(29)
    sequence = torch.sin(torch.linspace(0, 3, 9)).reshape(9, 1, 1)
    model = Counter()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for epoch in range(5):
        optimizer.zero_grad()
        h = torch.zeros(1, 4)
        loss = 0.0
        for t in range(8):
            prediction, h = model(sequence[t], h)
            loss += ((prediction - sequence[t + 1]) ** 2).mean().item()  # <- fault
        loss.backward()
        optimizer.step()
    return loss
