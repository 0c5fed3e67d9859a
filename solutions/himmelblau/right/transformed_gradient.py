# Right: torch.func.grad_and_value on a function of two arguments; the path as a scatter of its points.

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
    torch.manual_seed(0)
    u_now = torch.randn(()) if u is None else torch.as_tensor(u, dtype=torch.float32)
    v_now = torch.randn(()) if v is None else torch.as_tensor(v, dtype=torch.float32)
    slope_and_value = torch.func.grad_and_value(himmelblau, argnums=(0, 1))
    loss_history: list[float] = []
    trajectory: list[tuple[float, float]] = []

    def settled() -> bool:
        if loss_tol is None or len(loss_history) < 2:
            return False
        return abs(loss_history[-1] - loss_history[-2]) < loss_tol

    for step in range(num_steps):
        (slope_u, slope_v), value = slope_and_value(u_now, v_now)
        loss_history.append(value.item())
        trajectory.append((u_now.item(), v_now.item()))
        if verbose and step % 100 == 99:
            print(f"{step + 1}\t{u_now.item():.5f}\t{v_now.item():.5f}\t{value.item():.6f}")
        if settled():
            break
        u_now = u_now - learning_rate * slope_u
        v_now = v_now - learning_rate * slope_v
    return u_now.item(), v_now.item(), loss_history, trajectory


# %%
def plot_history(loss_history: list[float]) -> Axes:
    """Return the Axes of a new figure with the loss drawn against the iteration, both axes labeled."""
    _, ax = plt.subplots()
    ax.plot(loss_history)
    ax.set_xlabel("iteration")
    ax.set_ylabel("loss")
    return ax


# %%
def plot_trajectory(trajectory: list[tuple[float, float]]) -> Axes:
    """Return the Axes of a new figure: heatmap of the function on [-6, 6] x [-6, 6] with the path on it.

    The start is marked with `o`, the end with `x`.
    """
    side = torch.linspace(-6, 6, 300)
    grid = torch.stack([himmelblau(side, v) for v in side])
    _, ax = plt.subplots()
    ax.imshow(torch.log10(grid + 1e-3), extent=(-6, 6, -6, 6), origin="lower")
    us, vs = [point[0] for point in trajectory], [point[1] for point in trajectory]
    ax.scatter(us, vs, s=4, c="white")
    ax.scatter(us[:1] + us[-1:], vs[:1] + vs[-1:], s=0)
    ax.scatter([us[0]], [vs[0]], s=60, marker="o", facecolors="none", edgecolors="white")
    ax.scatter([us[-1]], [vs[-1]], s=60, marker="x", color="white")
    return ax


# %%
if __name__ == "__main__":
    u_final, v_final, loss_history, trajectory = optimize_himmelblau(1.0, 1.0, learning_rate=5e-4)
    print(f"ended at ({u_final:.4f}, {v_final:.4f})")
    plot_history(loss_history)
    plot_trajectory(trajectory)
    plt.show()
