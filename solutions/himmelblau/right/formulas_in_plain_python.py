# Right: the derivatives by hand on Python floats, without autograd; the map drawn from the top row down.

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
    if u is None:
        u = torch.randn(()).item()
    if v is None:
        v = torch.randn(()).item()
    losses, points = [], []
    for step in range(1, num_steps + 1):
        # Products instead of powers: float ** raises OverflowError where a product becomes inf.
        first, second = u * u + v - 11, u + v * v - 7
        losses.append(first * first + second * second)
        points.append((u, v))
        if verbose and step % 100 == 0:
            print(f"step={step:04d}")
            print(f"  u={u:.4f}, v={v:.4f}")
            print(f"  loss={losses[-1]:.6f}")
        if loss_tol is not None and step > 1 and -loss_tol < losses[-1] - losses[-2] < loss_tol:
            break
        u, v = (
            u - learning_rate * (4 * u * first + 2 * second),
            v - learning_rate * (2 * first + 4 * v * second),
        )
    return u, v, losses, points


# %%
def plot_history(loss_history: list[float]) -> Axes:
    """Return the Axes of a new figure with the loss drawn against the iteration, both axes labeled."""
    _, (ax, zoomed) = plt.subplots(1, 2)
    for panel in (ax, zoomed):
        panel.plot(loss_history)
        panel.set_xlabel("step")
        panel.set_ylabel("loss")
    zoomed.set_yscale("log")
    return zoomed


# %%
def plot_trajectory(trajectory: list[tuple[float, float]]) -> Axes:
    """Return the Axes of a new figure: heatmap of the function on [-6, 6] x [-6, 6] with the path on it.

    The start is marked with `o`, the end with `x`.
    """
    rows = torch.linspace(6, -6, 80).reshape(-1, 1)
    columns = torch.linspace(-6, 6, 90).reshape(1, -1)
    fig = plt.figure()
    ax = fig.gca()
    values = himmelblau(columns, rows).sqrt().tolist()
    ax.imshow(values, extent=(-6, 6, -6, 6), origin="upper", interpolation="bilinear")
    us, vs = zip(*trajectory, strict=True)
    ax.plot(us, vs, "-o", color="gray", markevery=[0])
    ax.plot(us, vs, linestyle="none", marker="x", markevery=[-1])
    return ax


# %%
if __name__ == "__main__":
    u_final, v_final, loss_history, trajectory = optimize_himmelblau(1.0, 1.0, learning_rate=5e-4)
    print(f"ended at ({u_final:.4f}, {v_final:.4f})")
    plot_history(loss_history)
    plot_trajectory(trajectory)
    plt.show()
