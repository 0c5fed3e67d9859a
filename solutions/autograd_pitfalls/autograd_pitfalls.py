# %% [markdown]
# # Autograd pitfalls: eight short programs to repair

# %%
from __future__ import annotations

import torch

# %% [markdown]
# ## Task 1: a chain with a missing link


# %%
def detached_chain(x: float) -> float:
    """Return dz/dx at x as a float, where y = x² and z = y³."""
    leaf = torch.tensor(x, requires_grad=True)
    y = leaf**2
    z = y**3
    z.backward()
    return leaf.grad.item()


# %%
if __name__ == "__main__":
    print("dz/dx at 2 (should be 192):", detached_chain(2.0))

# %%
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    points = [step / 20 for step in range(-24, 25)]
    slopes = [((x + 1e-4) ** 6 - (x - 1e-4) ** 6) / 2e-4 for x in points]
    plt.figure(figsize=(6, 3.5))
    plt.plot(points, slopes, label="slope of $x^6$ between $x - 0.0001$ and $x + 0.0001$")
    plt.plot(points[::4], [detached_chain(x) for x in points[::4]], "o", label="your detached_chain")
    plt.xlabel("$x$")
    plt.ylabel("$dz/dx$")
    plt.legend()
    plt.tight_layout()
    plt.show()

# %% [markdown]
# ## Task 2: changing what is still needed


# %%
def inplace_update(x: float) -> float:
    """Return f'(x) as a float, where y = eˣ and f = y² · (y + 1)."""
    leaf = torch.tensor(x, requires_grad=True)
    y = torch.exp(leaf)
    square = y**2
    f = square * (y + 1)
    f.backward()
    return leaf.grad.item()


# %%
if __name__ == "__main__":
    print("f'(0) (should be 5):", inplace_update(0.0))

# %% [markdown]
# ## Task 3: six instead of two


# %%
def accumulated_gradient(x: float, num_steps: int = 3) -> tuple[float, float]:
    """Return (x, gradient) as floats: where num_steps steps down 2x with the rate 0.1 end, and the last gradient.

    num_steps is at least 1.
    """
    leaf = torch.tensor(x, requires_grad=True)
    for _ in range(num_steps):
        y = 2 * leaf
        y.backward()
        gradient = leaf.grad.item()
        with torch.no_grad():
            leaf -= 0.1 * leaf.grad
        leaf.grad = None
    return leaf.item(), gradient


# %%
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    print("after three steps (should be about 0.4, 2.0):", accumulated_gradient(1.0))

    steps = list(range(1, 11))
    plt.figure(figsize=(6, 3.5))
    plt.plot(steps, [1 - 0.2 * step for step in steps], label="steps of 0.2")
    plt.plot(steps, [accumulated_gradient(1.0, step)[0] for step in steps], "o", label="your accumulated_gradient")
    plt.xlabel("number of steps")
    plt.ylabel("$x$ at the end")
    plt.legend()
    plt.tight_layout()
    plt.show()

# %% [markdown]
# ## Task 4: which of these should I differentiate?


# %%
def vector_backward(x: torch.Tensor) -> torch.Tensor:
    """Return the gradient of the sum of the squares of x: a tensor of the shape of x.

    x is a float32 tensor of any shape.
    """
    leaf = x.clone().requires_grad_(True)
    squares = leaf**2
    squares.sum().backward()
    return leaf.grad


# %%
if __name__ == "__main__":
    print("gradient (should be 2, 4, 6):", vector_backward(torch.tensor([1.0, 2.0, 3.0])))

# %% [markdown]
# ## Task 5: a record that nobody reads


# %%
def wasteful_evaluation(model: torch.nn.Module, inputs: torch.Tensor, targets: torch.Tensor) -> float:
    """Return the mean squared error of the model as a float, without recording a graph.

    inputs has the shape (n, d), targets (n,), the model's output (n, 1).
    """
    with torch.no_grad():
        predictions = model(inputs).flatten()
        loss = ((predictions - targets) ** 2).mean()
    return loss.item()


# %%
if __name__ == "__main__":
    line = torch.nn.Linear(1, 1)
    with torch.no_grad():
        line.weight.fill_(2.0)
        line.bias.fill_(1.0)
    line.register_forward_hook(lambda *call: print("graph recorded (should be False):", call[-1].requires_grad))
    error = wasteful_evaluation(line, torch.tensor([[1.0], [2.0]]), torch.tensor([3.0, 7.0]))
    print("mean squared error (should be 2):", error)

# %% [markdown]
# ## Task 6: twice through the same graph


# %%
def double_backward(x: float) -> tuple[float, float]:
    """Return (d/dx of 3s, d/dx of s²) at x as floats, where s = x²."""
    leaf = torch.tensor(x, requires_grad=True)
    s = leaf**2
    (3 * s).backward(retain_graph=True)
    first = leaf.grad.item()
    leaf.grad = None
    (s**2).backward()
    second = leaf.grad.item()
    return first, second


# %%
if __name__ == "__main__":
    print("derivatives at 2 (should be 12, 32):", double_backward(2.0))

# %% [markdown]
# ## Task 7: the same name, another tensor


# %%
def lost_leaf(start: float, num_steps: int = 10, learning_rate: float = 0.1) -> float:
    """Return w as a float after num_steps steps of gradient descent on (w - 3)², beginning at start."""
    w = torch.tensor(start, requires_grad=True)
    for _ in range(num_steps):
        w.grad = None
        loss = (w - 3) ** 2
        loss.backward()
        with torch.no_grad():
            w -= learning_rate * w.grad
    return w.item()


# %%
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    print("after ten steps (should be about 2.6779):", lost_leaf(0.0))

    steps = list(range(0, 21, 2))
    plt.figure(figsize=(6, 3.5))
    plt.semilogy(steps, [3 * 0.8**step for step in steps], label=r"$3 \cdot 0.8^k$")
    plt.semilogy(steps, [abs(lost_leaf(0.0, step) - 3) for step in steps], "o", label="your lost_leaf")
    plt.xticks(steps)
    plt.xlabel("number of steps $k$")
    plt.ylabel("distance to the minimum")
    plt.legend()
    plt.tight_layout()
    plt.show()

# %% [markdown]
# ## Task 8: copied numbers


# %%
def rewrapped_tensor(u: float, v: float) -> tuple[float, float]:
    """Return (dL/du, dL/dv) as floats, where p = (u·v, u + v) and L is the sum of the squares of p."""
    first = torch.tensor(u, requires_grad=True)
    second = torch.tensor(v, requires_grad=True)
    p = torch.stack([first * second, first + second])
    length = (p**2).sum()
    length.backward()
    return first.grad.item(), second.grad.item()


# %%
if __name__ == "__main__":
    print("gradient at (2, 3) (should be 46, 34):", rewrapped_tensor(2.0, 3.0))
