# expect: GH502
# Fault: an LSTM with dropout between its layers stays in eval mode after validation.
import torch
from torch import nn


class N(nn.Module):
    def __init__(s):
        super().__init__()
        s.r = nn.LSTM(2, 8, 2, dropout=0.4, batch_first=True)
        s.h = nn.Linear(8, 1)

    def forward(s, x):
        return s.h(s.r(x)[0][:, -1])


def run():
    torch.manual_seed(0)
    n = N()
    o = torch.optim.Adam(n.parameters(), lr=0.01)
    x = torch.randn(30, 5, 2)
    y = x[:, -1, :1]
    for e in range(4):
        for i in torch.arange(24).split(8):
            l = nn.functional.mse_loss(n(x[i]), y[i])  # <- fault
            o.zero_grad()
            l.backward()
            o.step()
        n.eval()  # <- fault
        with torch.no_grad():
            print(nn.functional.mse_loss(n(x[24:]), y[24:]).item())
