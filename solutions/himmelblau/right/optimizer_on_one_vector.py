# Right: torch.optim.SGD on a vector of both coordinates; all plots through pyplot's state.

# %%
from __future__ import annotations

import math

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
    start = [torch.randn(()) if value is None else torch.tensor(value) for value in (u, v)]
    point = torch.nn.Parameter(torch.stack(start).float())
    optimizer = torch.optim.SGD([point], lr=learning_rate)
    loss_history, trajectory = [], []
    previous = math.inf
    for k in range(num_steps):
        optimizer.zero_grad()
        loss = himmelblau(point[0], point[1])
        current = loss.item()
        loss_history.append(current)
        trajectory.append(tuple(point.tolist()))
        if verbose and (k + 1) % 100 == 0:
            print(f"[{k + 1:5d}/{num_steps}] {current:.3e} at {point.tolist()}")
        if loss_tol is not None and abs(current - previous) < loss_tol:
            break
        previous = current
        loss.backward()
        optimizer.step()
    u_final, v_final = point.tolist()
    return u_final, v_final, loss_history, trajectory


# %%
def plot_history(loss_history: list[float]) -> Axes:
    """Return the Axes of a new figure with the loss drawn against the iteration, both axes labeled."""
    plt.figure()
    plt.plot(range(len(loss_history)), loss_history, "r")
    plt.xlabel("iteration k")
    plt.ylabel("$h(u_k, v_k)$")
    return plt.gca()


# %%
def plot_trajectory(trajectory: list[tuple[float, float]]) -> Axes:
    """Return the Axes of a new figure: heatmap of the function on [-6, 6] x [-6, 6] with the path on it.

    The start is marked with `o`, the end with `x`.
    """
    plt.figure(figsize=(5, 5))
    steps = torch.arange(-6, 6.01, 0.1)
    v_grid, u_grid = torch.meshgrid(steps, steps, indexing="ij")
    plt.imshow(himmelblau(u_grid, v_grid).clamp(max=300), origin="lower", extent=[-6.05, 6.05, -6.05, 6.05])
    path = list(zip(*trajectory, strict=True))
    plt.plot(path[0], path[1], color="white")
    plt.plot([path[0][0]], [path[1][0]], marker="o", markersize=10)
    plt.plot([path[0][-1]], [path[1][-1]], marker="x", markersize=10)
    return plt.gca()


# %%
if __name__ == "__main__":
    u_final, v_final, loss_history, trajectory = optimize_himmelblau(1.0, 1.0, learning_rate=5e-4)
    print(f"ended at ({u_final:.4f}, {v_final:.4f})")
    plot_history(loss_history)
    plot_trajectory(trajectory)
    plt.show()
