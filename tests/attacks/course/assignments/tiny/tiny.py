# %% [markdown]
# # Tiny

# %%
import torch


def double(x):
    """Twice the tensor ``x``."""
    raise NotImplementedError("double")


def minimize(start, learning_rate=0.1, num_iterations=10):
    """The last x and the losses of gradient descent on (x - 3)^2."""
    raise NotImplementedError("minimize")


def make_model():
    """A linear layer whose weights are all one and whose bias is zero."""
    raise NotImplementedError("make_model")
