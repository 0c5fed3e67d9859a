# expect: GH502
# Fault: backbone and head are evaluated in training mode; the labels go to numpy.
import numpy as np
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    x = torch.randn(40, 4)
    y = (x[:, 0] > 0).long()
    body, head = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Dropout(0.4)), nn.Linear(16, 2)
    optimizer = torch.optim.Adam([*body.parameters(), *head.parameters()], lr=0.01)
    scores = []
    for _ in range(8):
        optimizer.zero_grad()
        nn.functional.cross_entropy(head(body(x)), y).backward()
        optimizer.step()
        with torch.no_grad():
            answer = head(body(x)).argmax(1).numpy()  # <- fault
        scores.append(float(np.mean(answer == y.numpy())))
    return scores
