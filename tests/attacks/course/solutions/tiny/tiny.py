# %% [markdown]
# # Tiny

# %%
import torch

_CANARY = "SOLUTION_CANARY"


def double(x):
    """Twice the tensor ``x``."""
    return 2 * x


def minimize(start, learning_rate=0.1, num_iterations=10):
    """The last x and the losses of gradient descent on (x - 3)^2."""
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
    """A linear layer whose weights are all one and whose bias is zero."""
    model = torch.nn.Linear(2, 1)
    torch.nn.init.ones_(model.weight)
    torch.nn.init.zeros_(model.bias)
    return model
