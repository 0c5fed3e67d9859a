# expect: GH404
# Fault: the predictions of every step are kept for a later plot without detach.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 20).unsqueeze(1)
    y = torch.sin(3 * x)
    net = nn.Sequential(nn.Linear(1, 8), nn.Tanh(), nn.Linear(8, 1))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.02)
    frames = []
    for _ in range(12):
        optimizer.zero_grad()
        prediction = net(x)
        loss = nn.functional.mse_loss(prediction, y)
        loss.backward()
        optimizer.step()
        frames.append(prediction)  # <- fault
    return len(frames)
