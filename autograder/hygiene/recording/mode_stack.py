"""The place of the watch on torch's stack of function modes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

_size: Callable[[], int] = torch._C._len_torch_function_stack
_at: Callable[[int], Any] = torch._C._get_function_stack_at
_pop: Callable[[], Any] = torch._C._pop_torch_function_stack
_push: Callable[[Any], None] = torch._C._push_on_torch_function_stack


class ModeStack:
    """Puts one function mode on the stack and takes it off, for the whole block or for a moment."""

    def __init__(self, mode: TorchFunctionMode) -> None:
        self._mode = mode
        self._below = 0
        """How many modes were there before."""
        self._muted = False

    def enter(self) -> None:
        """Put the mode on the stack for the first time."""
        self._below = _size()
        _push(self._mode)

    def put_on(self) -> None:
        """Put the mode on again."""
        _push(self._mode)

    def take_off(self) -> None:
        """Take the mode off, which is on top."""
        _pop()

    def on_top(self) -> bool:
        """Whether the mode is the one that sees a call first."""
        size = _size()
        return size > self._below and _at(size - 1) is self._mode

    def quietly(self, run: Callable[[], Any]) -> bool:
        """Run something with the mode off; False (and nothing happens) if it is not on top."""
        if not self.on_top():
            return False
        _pop()
        try:
            run()
        finally:
            _push(self._mode)
        return True

    def mute(self) -> None:
        """Take the mode off until :meth:`unmute`, if it is on top."""
        if self.on_top():
            _pop()
            self._muted = True

    def unmute(self) -> None:
        """Put it on again, if it was muted."""
        if self._muted:
            self._muted = False
            _push(self._mode)

    def leave(self, *, watching: bool) -> list[str]:
        """Take the mode off, wherever the run left it; what was wrong, if it was ``watching`` and is not where it was.

        The modes above it stay if it was not watching; else they are the run's, and go, too.
        """
        if not watching or self._muted:
            self._restack([mode for mode in _popped() if mode is not self._mode])
            return []
        if self.on_top() and _size() == self._below + 1:
            _pop()
            return []
        stack = _popped()
        others = [mode for mode in stack if mode is not self._mode]
        self._restack(others[-self._below :] if self._below else [])
        if any(mode is self._mode for mode in stack):
            return ["the stack of torch function modes changed during the run"]
        return ["the recorder was removed during the run"]

    def _restack(self, modes: list[Any]) -> None:
        for mode in reversed(modes):
            _push(mode)


def _popped() -> list[Any]:
    """All modes, the uppermost first, taken off."""
    return [_pop() for _ in range(_size())]
