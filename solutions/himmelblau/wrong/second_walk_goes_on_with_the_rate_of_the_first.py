# Fault: The learning rate of the first call is used in all later ones.
# fails: test_walk_called_again, test_walk_gradient_hygiene
# hygiene: GH604

from __future__ import annotations

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes


def himmelblau(u: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """Return h(u, v) for every element of `u` and `v`, as a tensor of their common shape."""
    return (u**2 + v - 11) ** 2 + (u + v**2 - 7) ** 2


_rates: list[float] = []


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
    _rates.append(learning_rate)
    learning_rate = _rates[0]
    if u is None or v is None:
        torch.manual_seed(0)
    u_now = torch.randn(()) if u is None else torch.tensor(float(u))
    v_now = torch.randn(()) if v is None else torch.tensor(float(v))
    u_now.requires_grad_()
    v_now.requires_grad_()

    loss_history: list[float] = []
    trajectory: list[tuple[float, float]] = []
    for step in range(1, num_steps + 1):
        loss = himmelblau(u_now, v_now)
        loss_history.append(loss.item())
        trajectory.append((u_now.item(), v_now.item()))
        if verbose and step % 100 == 0:
            print(f"step {step}: u={u_now.item():.4f} v={v_now.item():.4f} loss={loss.item():.6f}")
        if loss_tol is not None and step > 1 and abs(loss_history[-1] - loss_history[-2]) < loss_tol:
            break

        loss.backward()
        with torch.no_grad():
            u_now -= learning_rate * u_now.grad
            v_now -= learning_rate * v_now.grad
        u_now.grad = None
        v_now.grad = None
    return u_now.item(), v_now.item(), loss_history, trajectory


def plot_history(loss_history: list[float]) -> Axes:
    """Return the Axes of a new figure with the loss drawn against the iteration, both axes labeled."""
    _, ax = plt.subplots()
    ax.plot(loss_history)
    ax.set_xlabel("iteration")
    ax.set_ylabel("loss")
    return ax


def plot_trajectory(trajectory: list[tuple[float, float]]) -> Axes:
    """Return the Axes of a new figure: heatmap of the function on [-6, 6] x [-6, 6] with the path on it.

    The start is marked with `o`, the end with `x`.
    """
    side = torch.linspace(-6, 6, 200)
    u_grid, v_grid = torch.meshgrid(side, side, indexing="xy")
    _, ax = plt.subplots()
    # The logarithm keeps the valleys visible: the corners are beyond 2000.
    image = torch.log1p(himmelblau(u_grid, v_grid))
    ax.imshow(image, extent=(-6, 6, -6, 6), origin="lower")
    us = [u for u, _ in trajectory]
    vs = [v for _, v in trajectory]
    ax.plot(us, vs, color="white")
    ax.plot(us[0], vs[0], "o", color="white", label="start")
    ax.plot(us[-1], vs[-1], "x", color="red", label="end")
    ax.set_xlabel("u")
    ax.set_ylabel("v")
    ax.legend()
    return ax
