"""Domain-adversarial training with a gradient reversal layer."""

import torch
from torch import nn


class Reverse(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, strength):
        ctx.strength = strength
        return x.view_as(x)

    @staticmethod
    def backward(ctx, upstream):
        return -ctx.strength * upstream, None


def run():
    torch.manual_seed(0)
    source, target = torch.randn(32, 4), torch.randn(32, 4) + torch.tensor([0.0, 0.0, 0.0, 2.0])
    label = (source[:, 0] > 0).long()
    features = nn.Sequential(nn.Linear(4, 16), nn.ReLU())
    classify, domain = nn.Linear(16, 2), nn.Linear(16, 2)
    params = [*features.parameters(), *classify.parameters(), *domain.parameters()]
    optimizer = torch.optim.SGD(params, lr=0.1, momentum=0.9)
    origin = torch.cat([torch.zeros(32), torch.ones(32)]).long()
    losses = []
    for step in range(12):
        hidden = features(torch.cat([source, target]))
        class_loss = nn.functional.cross_entropy(classify(hidden[:32]), label)
        domain_loss = nn.functional.cross_entropy(domain(Reverse.apply(hidden, step / 12)), origin)
        optimizer.zero_grad()
        (class_loss + 0.3 * domain_loss).backward()
        optimizer.step()
        losses.append(class_loss.item())
    return losses
