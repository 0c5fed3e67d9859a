# expect: GH401
# Fault: step before backward in a class.
import torch
from torch import nn


class T:
    def __init__(s):
        s.m = nn.Sequential(nn.Linear(3, 6), nn.Tanh(), nn.Linear(6, 1))
        s.o = torch.optim.AdamW(s.m.parameters(), lr=0.01)

    def step(s, x, y):
        l = nn.functional.mse_loss(s.m(x), y)
        s.o.step()  # <- fault
        s.o.zero_grad()
        l.backward()


def run():
    torch.manual_seed(0)
    t = T()
    for _ in range(5):
        t.step(torch.randn(8, 3), torch.randn(8, 1))
