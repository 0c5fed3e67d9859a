"""Layers that do something else in training than in evaluation."""

from __future__ import annotations

import torch


def has_statistics(module: torch.nn.Module) -> bool:
    """Whether the mode matters for nothing but batch norms that have learned before: they may be frozen on purpose."""
    matters = [part for part in module.modules() if _mode_matters(part)]
    return all(getattr(part, "num_batches_tracked", None) is not None and part.num_batches_tracked for part in matters)


def sensitive_layers(module: torch.nn.Module) -> tuple[list[str], list[str]]:
    """The kinds of layers for which the mode matters: all of them, and those in training mode."""
    every: set[str] = set()
    training: set[str] = set()
    for part in module.modules():
        kind = _mode_matters(part)
        if kind:
            every.add(kind)
            if part.training:
                training.add(kind)
    return sorted(every), sorted(training)


def _mode_matters(part: torch.nn.Module) -> str:
    """The kind of layer that this is, if its mode matters, else nothing."""
    if isinstance(part, torch.nn.modules.dropout._DropoutNd):
        return type(part).__name__ if part.p else ""
    if isinstance(part, torch.nn.modules.batchnorm._BatchNorm):
        return "" if part.running_mean is None else type(part).__name__
    inside = isinstance(part, torch.nn.MultiheadAttention) or (
        isinstance(part, torch.nn.RNNBase) and part.num_layers > 1
    )
    return "Dropout" if inside and part.dropout else ""
