# expect: GH404
# Fault: the epoch's total adds up loss tensors with their graphs.
"""Digits with a convolutional network, DataLoaders, batch norm and an evaluation after each epoch."""

import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def make_loaders(batch_size):
    digits = load_digits()
    images = torch.tensor(digits.images, dtype=torch.float32).unsqueeze(1) / 16
    labels = torch.tensor(digits.target)
    train = TensorDataset(images[:640], labels[:640])
    test = TensorDataset(images[640:960], labels[640:960])
    return DataLoader(train, batch_size=batch_size, shuffle=True), DataLoader(test, batch_size=160)


def make_model():
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1, bias=False),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(8 * 4 * 4, 10),
    )


def train_epoch(model, loader, optimizer):
    model.train()
    total, count = 0.0, 0
    for images, labels in loader:
        logits = model(images)
        loss = nn.functional.cross_entropy(logits, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss * len(labels)  # <- fault
        count += len(labels)
    return total / count


def evaluate(model, loader):
    model.eval()
    correct = count = 0
    with torch.no_grad():
        for images, labels in loader:
            correct += (model(images).argmax(dim=1) == labels).sum().item()
            count += len(labels)
    return correct / count


def main():
    torch.manual_seed(0)
    train_loader, test_loader = make_loaders(64)
    model = make_model()
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
    for epoch in range(4):
        loss = train_epoch(model, train_loader, optimizer)
        print(f"epoch {epoch}: loss {loss:.4f}, accuracy {evaluate(model, test_loader):.3f}")


if __name__ == "__main__":
    main()
