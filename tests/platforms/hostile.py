"""Dies, hangs and fills the memory: each in a function of its own."""

import os

import torch


def double(x):
    os._exit(7)


def count(n):
    if n in (0, 1):
        while True:
            pass
    return [torch.ones(2**28) for _ in range(64)]


class Walker:
    def __init__(self, start):
        print("<script>alert(1)</script>")
        raise ValueError("<img src=x onerror=alert(1)>")
