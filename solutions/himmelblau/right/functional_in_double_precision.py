# Right: torch.autograd.grad with new tensors every step, in float64; markers by scatter, a logarithmic curve.

# %%
from __future__ import annotations

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes

# %%
def himmelblau(u: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """Return h(u, v) for every element of `u` and `v`, as a tensor of their common shape."""
    return (u**2 + v - 11) ** 2 + (u + v**2 - 7) ** 2


# %%
def optimize_himmelblau(
    u: float | None = None,
    v: float | None = None,
    learning_rate: float = 1e-3,
    num_steps: int = 300,
    loss_tol: float | None = None,
    verbose: bool = True,
) -> tuple[float, float, list[float], list[tuple[float, float]]]:
    """Return (u_final, v_final, loss_history, trajectory) of gradient descent on Himmelblau's function.

    Losses and points are recorded before the update of their step. With `loss_tol`, the walk stops at the
    first step whose loss changed by less than that, before its update.
    """
    if u is None or v is None:
        torch.manual_seed(0)
    u = torch.randn(()).item() if u is None else u
    v = torch.randn(()).item() if v is None else v
    point = (torch.tensor(u, dtype=torch.float64), torch.tensor(v, dtype=torch.float64))

    losses: list[float] = []
    points: list[tuple[float, float]] = []
    while len(losses) < num_steps:
        point = tuple(coordinate.detach().requires_grad_() for coordinate in point)
        loss = himmelblau(*point)
        losses += [float(loss)]
        points += [(float(point[0]), float(point[1]))]
        if verbose and not len(losses) % 100:
            print("Step", len(losses), "of", num_steps, "u", points[-1][0], "v", points[-1][1], "loss", losses[-1])
        if loss_tol is not None and len(losses) >= 2 and abs(losses[-2] - losses[-1]) < loss_tol:
            return (*points[-1], losses, points)
        gradient = torch.autograd.grad(loss, point)
        point = tuple(value - learning_rate * slope for value, slope in zip(point, gradient, strict=True))
    return float(point[0]), float(point[1]), losses, points


# %%
def plot_history(loss_history: list[float]) -> Axes:
    """Return the Axes of a new figure with the loss drawn against the iteration, both axes labeled."""
    figure = plt.figure(figsize=(6, 4))
    ax = figure.add_subplot(1, 1, 1)
    steps = list(range(1, len(loss_history) + 1))
    ax.semilogy(steps, loss_history, marker=".", linestyle="--", label="h(u, v)")
    ax.set(xlabel="Step", ylabel="Function value", title="Descent")
    ax.grid(True)
    return ax


# %%
def plot_trajectory(trajectory: list[tuple[float, float]]) -> Axes:
    """Return the Axes of a new figure: heatmap of the function on [-6, 6] x [-6, 6] with the path on it.

    The start is marked with `o`, the end with `x`.
    """
    axis = torch.linspace(-6, 6, 121, dtype=torch.float64)
    values = himmelblau(axis.reshape(1, -1), axis.reshape(-1, 1)).numpy()
    figure, ax = plt.subplots()
    image = ax.imshow(values, extent=[-6, 6, -6, 6], origin="lower", cmap="magma", vmax=300, aspect="auto")
    figure.colorbar(image)
    path = torch.tensor(trajectory)
    ax.plot(path[:, 0], path[:, 1], "w-", linewidth=1)
    ax.scatter(*trajectory[0], marker="o", c="lime")
    ax.scatter(*trajectory[-1], marker="x", c="cyan")
    return ax


# %%
if __name__ == "__main__":
    u_final, v_final, loss_history, trajectory = optimize_himmelblau(1.0, 1.0, learning_rate=5e-4)
    print(f"ended at ({u_final:.4f}, {v_final:.4f})")
    plot_history(loss_history)
    plot_trajectory(trajectory)
    plt.show()
