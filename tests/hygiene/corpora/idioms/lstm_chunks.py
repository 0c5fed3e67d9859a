"""Truncated backpropagation with an LSTM: the state is carried from chunk to chunk, detached."""

import torch
from torch import nn


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(1, 12, batch_first=True)
        self.head = nn.Linear(12, 1)

    def forward(self, x, state):
        hidden, state = self.lstm(x, state)
        return self.head(hidden), state


def run():
    torch.manual_seed(0)
    time = torch.arange(121) * 0.3
    wave = torch.stack([torch.sin(time), torch.cos(time)]).unsqueeze(-1)
    net = Tagger()
    optimizer = torch.optim.Adam(net.parameters(), lr=2e-2)
    losses = []
    for _ in range(6):
        state, total = None, 0.0
        for start in range(0, 120, 20):
            if state is not None:
                state = tuple(part.detach() for part in state)
            out, state = net(wave[:, start : start + 20], state)
            loss = nn.functional.mse_loss(out, wave[:, start + 1 : start + 21])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            total += loss.item()
        losses.append(total)
    return losses
