# Honest: draws and saves a figure.
# needs: library files
# ruff: noqa

import matplotlib.pyplot as plt
import torch


def double(x):
    return 2 * x


def minimize(start, learning_rate=0.1, num_iterations=10):
    x = torch.tensor(start, requires_grad=True)
    losses = []
    for _ in range(num_iterations):
        loss = (x - 3) ** 2
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            x -= learning_rate * x.grad
        x.grad = None
    figure, axes = plt.subplots()
    axes.plot(losses, label="$\\mathcal{L}$")
    axes.set_title("losses", fontfamily="serif")
    axes.legend()
    plt.savefig("losses.png")
    plt.show()
    plt.close(figure)
    return x.item(), losses


def make_model():
    model = torch.nn.Linear(2, 1)
    torch.nn.init.ones_(model.weight)
    torch.nn.init.zeros_(model.bias)
    return model
