# expect: GH605
# Fault: squeeze was forgotten, so the logits (N, 1) meet labels (N,) in a hand-written loss.
"""Classify two moons with a small network, dropout and Adam."""

import torch
from sklearn.datasets import make_moons
from torch import nn


class MoonNet(nn.Module):
    def __init__(self, width=24, dropout=0.1):
        super().__init__()
        self.body = nn.Sequential(
            nn.Linear(2, width),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(width, width),
            nn.ReLU(),
        )
        self.head = nn.Linear(width, 1)

    def forward(self, x):
        return self.head(self.body(x))


def squared_error(logits, labels):
    return (torch.sigmoid(logits) - labels).square().mean()  # <- fault


def load_data():
    points, labels = make_moons(n_samples=300, noise=0.15, random_state=0)
    x = torch.tensor(points, dtype=torch.float32)
    y = torch.tensor(labels, dtype=torch.float32)
    return (x[:200], y[:200]), (x[200:], y[200:])


@torch.no_grad()
def accuracy(model, x, y):
    model.eval()
    correct = ((model(x).squeeze(1) > 0).float() == y).float().mean().item()
    model.train()
    return correct


def main():
    torch.manual_seed(1)
    train, test = load_data()
    model = MoonNet()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    for epoch in range(60):
        optimizer.zero_grad()
        loss = squared_error(model(train[0]), train[1])
        loss.backward()
        optimizer.step()
        if epoch % 15 == 0:
            print(f"epoch {epoch:2d}  loss {loss.item():.4f}  test accuracy {accuracy(model, *test):.3f}")
    print(f"final test accuracy {accuracy(model, *test):.3f}")


if __name__ == "__main__":
    main()
