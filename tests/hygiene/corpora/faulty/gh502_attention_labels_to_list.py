# expect: GH502
# Fault: a transformer layer with dropout is evaluated in train mode, result by tolist of labels.
import torch
from torch import nn


def run():
    torch.manual_seed(0)
    t = nn.TransformerEncoderLayer(8, 2, 16, 0.2, batch_first=True)
    h = nn.Linear(8, 2)
    o = torch.optim.Adam([*t.parameters(), *h.parameters()], lr=0.005)
    x = torch.randn(24, 4, 8)
    y = (x[:, :, 0].mean(1) > 0).long()
    for e in range(6):
        l = nn.functional.cross_entropy(h(t(x).mean(1)), y)
        o.zero_grad()
        l.backward()
        o.step()
    with torch.no_grad():
        answers = h(t(x).mean(1)).argmax(1).tolist()  # <- fault
    print(sum(a == b for a, b in zip(answers, y.tolist())))
