# Honest: imports half of the standard library, some of it late.
# ruff: noqa

import collections
import dataclasses
import statistics
import torch


def double(x):
    import colorsys
    import decimal
    import email.message
    import fractions
    import graphlib
    import html.parser
    import ipaddress
    import plistlib
    import pprint
    import sched
    import wave
    import xml.dom.minidom
    import zoneinfo

    assert statistics.mean([1, 3]) == 2 and fractions.Fraction(1, 2) + decimal.Decimal(0).adjusted() == 0.5
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
    return x.item(), losses


def make_model():
    model = torch.nn.Linear(2, 1)
    torch.nn.init.ones_(model.weight)
    torch.nn.init.zeros_(model.bias)
    return model
