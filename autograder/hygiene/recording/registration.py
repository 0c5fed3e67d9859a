"""Torch's own hooks, registered for as long as steps are noted."""

from __future__ import annotations

from typing import Any

import torch
from torch.optim.optimizer import register_optimizer_step_post_hook, register_optimizer_step_pre_hook

from autograder.hygiene.recording.mode_stack import ModeStack
from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.taps.function_mode import Watch
from autograder.hygiene.recording.taps.hooks import ModuleObserver, OptimizerObserver


class Registration:
    """Registers the observers of optimizers and modules, and removes them."""

    def __init__(self, notes: Notes, watch: Watch, stack: ModeStack) -> None:
        self._notes = notes
        self._watch = watch
        self._stack = stack
        self._handles: list[Any] = []

    @property
    def active(self) -> bool:
        """Whether the hooks are registered now."""
        return bool(self._handles)

    def add(self) -> None:
        """Register the hooks, if they are not."""
        if self._handles:
            return
        optimizers = OptimizerObserver(self._notes, self._watch, self._stack.mute, self._stack.unmute)
        modules = ModuleObserver(self._notes, self._watch)
        self._handles = [
            register_optimizer_step_pre_hook(optimizers.before),
            register_optimizer_step_post_hook(optimizers.after),
            torch.nn.modules.module.register_module_forward_pre_hook(modules.before),
            torch.nn.modules.module.register_module_forward_hook(modules.after),
        ]

    def remove(self) -> None:
        """Remove them, if they are registered."""
        while self._handles:
            self._handles.pop(0).remove()
