"""The arguments of a watched call."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from autograder.hygiene.recording.sources.flows import TENSORS

Function = Callable[..., Any]
Arguments = Sequence[Any]
Options = dict[str, Any]


def flat(arguments: Arguments) -> Iterator[Any]:
    """The arguments, those in lists and tuples one by one."""
    for argument in arguments:
        if type(argument) is tuple or type(argument) is list:
            yield from argument[:256]
        else:
            yield argument


def has_graph(argument: Any) -> bool:
    """Whether this is a tensor that gradients are wanted for."""
    return type(argument) in TENSORS and argument.requires_grad
