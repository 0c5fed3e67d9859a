"""A tensor as plain numbers, and what is to be told of a gradient at a glance."""

from __future__ import annotations

import torch

from autograder.hygiene.trace.events import FULL_VALUES, NO_GRADIENT, SOME_GRADIENT, ZERO_GRADIENT, Value


def value_of(tensor: torch.Tensor) -> Value | None:
    """A tensor as plain numbers, or None where it has none (functorch wrappers, integers, meta tensors)."""
    try:
        if tensor.dim() == 0:
            return Value([], [float(tensor.item())])
        plain = tensor.detach()
        if plain.is_complex():
            plain = torch.view_as_real(plain)
        if plain.numel() <= FULL_VALUES:
            numbers = plain.tolist() if plain.dim() == 1 else plain.reshape(-1).tolist()
            return Value(
                list(tensor.shape), numbers if plain.is_floating_point() else [float(item) for item in numbers]
            )
        if not plain.is_floating_point() or plain.is_sparse:
            plain = plain.to_dense().to(torch.float32) if plain.is_sparse else plain.to(torch.float32)
        norm = float(torch.linalg.vector_norm(plain).item())
        return Value(list(tensor.shape), [], norm, float(plain.sum().item()))
    except (RuntimeError, TypeError, NotImplementedError):
        return None


def state_of(gradient: torch.Tensor | None) -> int:
    """NO_GRADIENT, ZERO_GRADIENT or SOME_GRADIENT (NaN counts as some)."""
    if gradient is None:
        return NO_GRADIENT
    if gradient.is_sparse:
        gradient = gradient.coalesce().values()
    if gradient.numel() == 1:
        return SOME_GRADIENT if gradient.item() else ZERO_GRADIENT
    return SOME_GRADIENT if bool(torch.count_nonzero(gradient.detach()).item()) else ZERO_GRADIENT


def state_of_value(value: Value | None) -> int:
    """The same, from recorded numbers."""
    if value is None:
        return SOME_GRADIENT
    if value.numbers:
        return SOME_GRADIENT if any(value.numbers) else ZERO_GRADIENT
    return SOME_GRADIENT if value.norm != 0 else ZERO_GRADIENT


def direction(change: torch.Tensor, gradient: torch.Tensor) -> tuple[float | None, float | None]:
    """How far a change goes along a gradient, and the cosine between the two; None where that cannot be said."""
    if change.shape != gradient.shape or gradient.is_sparse:
        return None, None
    dot = float((change * gradient).sum().item())
    square = float((gradient * gradient).sum().item())
    length = float((change * change).sum().item())
    if not square or not length or not square < float("inf") or not length < float("inf"):
        return None, None
    return dot / square, dot / (square * length) ** 0.5
