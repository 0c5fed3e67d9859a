# %% [markdown]
# # A tiny assignment
#
# Write the functions. Here is $x^2$, a `code`, and <b>no markup</b>.

# %%
from __future__ import annotations

import torch

# %% [markdown]
# ## Task 1


# %%
def double(x: torch.Tensor) -> torch.Tensor:
    """Return twice x."""
    raise NotImplementedError("Task 1: write double")


# %%
def count(n: int) -> list[int]:
    """Return [0, 2, 4, ...] with n entries."""
    raise NotImplementedError("Task 2.1: write count")


# %%
class Walker:
    """Takes steps."""

    def __init__(self, start: float) -> None:
        self.place = start

    def step(self, by: float) -> float:
        """Return the place after a step."""
        raise NotImplementedError("Task 2.1: write step")


# %%
if __name__ == "__main__":
    print(double(torch.ones(2)), count(3), Walker(1.0).step(2.0))
