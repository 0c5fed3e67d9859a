# %%
from __future__ import annotations

import itertools

import torch

# %%
_FACTOR = 2


def _evens(n):
    return list(itertools.islice(itertools.count(0, _FACTOR), n))


def double(x: torch.Tensor) -> torch.Tensor:
    """Return twice x."""
    # the factor is a constant of this module
    return _FACTOR * x


# %%
def count(n: int) -> list[int]:
    """Return [0, 2, 4, ...] with n entries."""
    return _evens(n)


# %%
class Walker:
    """Takes steps."""

    def __init__(self, start: float) -> None:
        self.place = start

    def step(self, by: float) -> float:
        """Return the place after a step."""
        self.place = self.place + by
        return self.place
