# %% [markdown]
# # Optimizers from scratch

# %%
from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterable

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes

# %% [markdown]
# ## The valley


# %%
def valley(w: torch.Tensor) -> torch.Tensor:
    """Return (w[0]² + 10·w[1]²) / 2, a tensor of no dimensions."""
    return 0.5 * (w[0] ** 2 + 10 * w[1] ** 2)


def walk(step: Callable[..., None], num_steps: int, **settings: float) -> list[list[float]]:
    """Return the points of a walk down the valley from (1, 1): the start, then one after each step."""
    w = torch.nn.Parameter(torch.ones(2))
    state: dict = {}
    points = [w.tolist()]
    for _ in range(num_steps):
        (gradient,) = torch.autograd.grad(valley(w), [w])
        step([w], [gradient], state, **settings)
        points.append(w.tolist())
    return points


# %% [markdown]
# ## Task 1: SGD and momentum


# %%
def sgd_step(parameters: list[torch.Tensor], gradients: list[torch.Tensor], state: dict, lr: float = 1e-3) -> None:
    """Change the parameters in place by one step of SGD: p ← p - lr·g. The state is not needed."""
    with torch.no_grad():
        for parameter, gradient in zip(parameters, gradients, strict=True):
            parameter -= lr * gradient


# %%
def momentum_step(
    parameters: list[torch.Tensor],
    gradients: list[torch.Tensor],
    state: dict,
    lr: float = 1e-3,
    momentum: float = 0.9,
) -> None:
    """Change the parameters in place by one step of SGD with momentum: b ← momentum·b + g, p ← p - lr·b.

    The velocities b are kept in state; they are zero before the first step.
    """
    velocities = state.setdefault("velocities", [torch.zeros_like(gradient) for gradient in gradients])
    with torch.no_grad():
        for parameter, gradient, velocity in zip(parameters, gradients, velocities, strict=True):
            velocity.mul_(momentum).add_(gradient)
            parameter -= lr * velocity


# %% [markdown]
# ## Task 2: RMSprop


# %%
def rmsprop_step(
    parameters: list[torch.Tensor],
    gradients: list[torch.Tensor],
    state: dict,
    lr: float = 1e-2,
    alpha: float = 0.99,
    eps: float = 1e-8,
) -> None:
    """Change the parameters in place by one step of RMSprop: v ← alpha·v + (1 - alpha)·g², p ← p - lr·g/(√v + eps).

    The running means v are kept in state; they are zero before the first step.
    """
    means = state.setdefault("means", [torch.zeros_like(gradient) for gradient in gradients])
    with torch.no_grad():
        for parameter, gradient, mean in zip(parameters, gradients, means, strict=True):
            mean.mul_(alpha).add_((1 - alpha) * gradient**2)
            parameter -= lr * gradient / (mean.sqrt() + eps)


# %% [markdown]
# ## Task 3: Adam


# %%
def adam_step(
    parameters: list[torch.Tensor],
    gradients: list[torch.Tensor],
    state: dict,
    lr: float = 1e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
) -> None:
    """Change the parameters in place by one step of Adam, with bias correction; betas are (β₁, β₂).

    The running means m and v and the number of the step are kept in state; they are zero before the first step.
    """
    beta1, beta2 = betas
    state["step"] = step = state.get("step", 0) + 1
    means = state.setdefault("means", [torch.zeros_like(gradient) for gradient in gradients])
    squares = state.setdefault("squares", [torch.zeros_like(gradient) for gradient in gradients])
    with torch.no_grad():
        for parameter, gradient, mean, square in zip(parameters, gradients, means, squares, strict=True):
            mean.mul_(beta1).add_((1 - beta1) * gradient)
            square.mul_(beta2).add_((1 - beta2) * gradient**2)
            corrected, root = mean / (1 - beta1**step), (square / (1 - beta2**step)).sqrt()
            parameter -= lr * corrected / (root + eps)


# %%
if __name__ == "__main__":
    _, ax = plt.subplots(figsize=(8, 4))
    across, along = torch.meshgrid(torch.linspace(-1.1, 1.1, 111), torch.linspace(-0.6, 1.1, 171), indexing="ij")
    heights = valley(torch.stack([along, across]))
    ax.contour(along, across, heights, levels=[0.05, 0.2, 0.5, 1, 2, 4], colors="lightgray")
    for step in (sgd_step, momentum_step, rmsprop_step, adam_step):
        points = walk(step, 30, lr=0.05)
        print(f"{step.__name__:14}", *(f"({w1:.6f}, {w2:.6f})" for w1, w2 in points[1:4]))
        wide = {"linewidth": 5, "markersize": 14, "alpha": 0.5} if step is rmsprop_step else {}
        ax.plot(*zip(*points, strict=True), marker=".", label=step.__name__, **wide)
    ax.plot(0, 0, "k*", markersize=12, label="the bottom")
    ax.set(title="30 steps down the valley", xlabel="$w_1$, along the valley", ylabel="$w_2$, across")
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    plt.tight_layout()
    plt.show()

# %% [markdown]
# ## Task 4: clipping gradients


# %%
def clip_gradients(parameters: Iterable[torch.Tensor], max_norm: float) -> float:
    """Return the norm of all gradients together, as a float, and shrink them in place to at most max_norm."""
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    norm = math.sqrt(sum(gradient.double().square().sum().item() for gradient in gradients))
    if norm > max_norm:
        with torch.no_grad():
            for gradient in gradients:
                gradient *= max_norm / (norm + 1e-6)
    return norm


# %% [markdown]
# ## Task 5: a fair race


# %%
def make_wave_data(num: int = 64, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Return X of shape (num, 1), between -3 and 3, and y of shape (num,): a sine with a little noise."""
    generator = torch.Generator().manual_seed(seed)
    X = 6 * torch.rand(num, 1, generator=generator) - 3
    return X, torch.sin(X[:, 0]) + 0.1 * torch.randn(num, generator=generator)


def small_network() -> torch.nn.Module:
    """Return a new network 1 → 16 → 1 with tanh."""
    return torch.nn.Sequential(torch.nn.Linear(1, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1))


# %%
def compare_optimizers(
    model_factory: Callable[[], torch.nn.Module],
    X: torch.Tensor,
    y: torch.Tensor,
    optimizers: dict[str, Callable[..., None]] | None = None,
    num_steps: int = 100,
) -> dict[str, list[float]]:
    """Return for each optimizer the list of its losses, one float per step, recorded before the update.

    All models begin with the same parameters. Without optimizers, the four step functions race with their defaults.
    """
    if optimizers is None:
        optimizers = {"sgd": sgd_step, "momentum": momentum_step, "rmsprop": rmsprop_step, "adam": adam_step}
    start = model_factory()
    histories = {}
    for name, step in optimizers.items():
        model, state, losses = copy.deepcopy(start), {}, []
        parameters = list(model.parameters())
        for _ in range(num_steps):
            output = model(X)
            loss = ((output - y.reshape(output.shape)) ** 2).mean()
            losses.append(loss.item())
            step(parameters, list(torch.autograd.grad(loss, parameters)), state)
        histories[name] = losses
    return histories


# %%
if __name__ == "__main__":
    import functools

    X, y = make_wave_data()
    races = {
        "the defaults": None,
        "learning rate 0.05, RMSprop 0.01": {
            "sgd": functools.partial(sgd_step, lr=0.05),
            "momentum": functools.partial(momentum_step, lr=0.05),
            "rmsprop": rmsprop_step,
            "adam": functools.partial(adam_step, lr=0.05),
        },
    }
    _, axes = plt.subplots(1, 2, figsize=(10, 4), sharey=True)
    for ax, (title, optimizers) in zip(axes, races.items(), strict=True):
        torch.manual_seed(0)
        for name, losses in compare_optimizers(small_network, X, y, optimizers, num_steps=300).items():
            ax.semilogy(losses, label=name)
        ax.set(title=title, xlabel="step", ylabel="loss")
        ax.legend()
    plt.show()

# %% [markdown]
# ## Task 6: where the gradient vanishes


# %%
def deep_network(activation: str = "Sigmoid") -> torch.nn.Module:
    """Return a new network of 8 layers, 1 → 10 → … → 10 → 1, with that activation of torch.nn between them."""
    layers = [torch.nn.Linear(1, 10)]
    for _ in range(6):
        layers += [getattr(torch.nn, activation)(), torch.nn.Linear(10, 10)]
    return torch.nn.Sequential(*layers, getattr(torch.nn, activation)(), torch.nn.Linear(10, 1))


# %%
def gradient_flow(model: torch.nn.Module, loss: torch.Tensor) -> tuple[dict[str, float], Axes]:
    """Return (norms, ax): the norm of the loss's gradient for each layer, and the Axes of a bar chart of them."""
    trained = {name: parameter for name, parameter in model.named_parameters() if parameter.requires_grad}
    found = torch.autograd.grad(loss, list(trained.values()), allow_unused=True)
    gradients = dict(zip(trained, found, strict=True))
    squares: dict[str, float] = {}
    for name, _ in model.named_parameters():
        layer, gradient = name.rpartition(".")[0], gradients.get(name)
        squares[layer] = squares.get(layer, 0.0) + (0.0 if gradient is None else gradient.square().sum().item())
    norms = {layer: math.sqrt(square) for layer, square in squares.items()}
    _, ax = plt.subplots()
    ax.bar(range(len(norms)), list(norms.values()))
    ax.set_xticks(range(len(norms)), list(norms))
    ax.set_yscale("log")
    ax.set_xlabel("layer")
    ax.set_ylabel("norm of the gradient")
    return norms, ax


# %%
if __name__ == "__main__":
    X, y = make_wave_data()
    for activation in ("Sigmoid", "ReLU"):
        torch.manual_seed(0)
        model = deep_network(activation)
        norms, ax = gradient_flow(model, ((model(X)[:, 0] - y) ** 2).mean())
        ax.set_title(f"{activation}: the first layer has {norms['0'] / norms['14']:.1e} of the last one's gradient")
        ax.set_ylim(1e-6, 10)
    plt.show()
