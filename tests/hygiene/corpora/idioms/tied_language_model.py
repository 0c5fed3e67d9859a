"""A word model whose output layer shares the weight of the embedding, with dropout and perplexity."""

import math

import torch
from torch import nn


class Words(nn.Module):
    def __init__(self, size=12, dim=16):
        super().__init__()
        self.embed = nn.Embedding(size, dim)
        self.rnn = nn.GRU(dim, dim, batch_first=True)
        self.drop = nn.Dropout(0.1)
        self.out = nn.Linear(dim, size)
        self.out.weight = self.embed.weight

    def forward(self, words):
        hidden, _ = self.rnn(self.drop(self.embed(words)))
        return self.out(self.drop(hidden))


def run():
    torch.manual_seed(0)
    start = torch.randint(12, (24, 1))
    words = (start + torch.arange(9)) % 12
    model = Words()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    perplexity = []
    for _ in range(10):
        model.train()
        logits = model(words[:16, :-1])
        loss = nn.functional.cross_entropy(logits.flatten(0, 1), words[:16, 1:].flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        model.eval()
        with torch.no_grad():
            logits = model(words[16:, :-1])
            held_out = nn.functional.cross_entropy(logits.transpose(1, 2), words[16:, 1:])
        perplexity.append(math.exp(held_out.item()))
    return perplexity
