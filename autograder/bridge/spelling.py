"""What makes two spellings of one call the same: by name or by place, a default left out or written down.

The judge reads the stub and a worker looks at the student's function. Only where both say the same of a function, its
defaults included, is a call bound, and always by what the stub says.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from inspect import CO_VARARGS, CO_VARKEYWORDS, Parameter, Signature
from types import FunctionType
from typing import Any

from autograder.bridge.messages import MAX_NAME
from autograder.bridge.values import Encoder

_PLAIN = (bool, int, float, str, type(None))


@dataclass(frozen=True)
class Spelling:
    """One call, bound: whichever way it is written, these are the same."""

    given: dict[str, Any]
    """What the call says, by the parameters' names and in their order."""
    whole: dict[str, Any]
    """The same with the defaults that it leaves out."""

    def nodes(self, encoder: Encoder, args: Sequence[Any], kwargs: Mapping[str, Any]) -> CallNodes:
        """The call as it is written, and what it is in every spelling, encoded once."""
        # Defaults are plain: they add no buffers to those of the call as it is written.
        by_name = {name: encoder.node(value, 1) for name, value in self.whole.items()}
        written = ["l", [by_name[name] for name in list(by_name)[: len(args)]]]
        named = ["d", [[name, by_name[name]] for name in kwargs]]
        return CallNodes(written, named, [[name, by_name[name]] for name in self.given], [*map(list, by_name.items())])


@dataclass(frozen=True)
class CallNodes:
    """The nodes of one call; see :mod:`autograder.bridge.values`."""

    args: Any
    kwargs: Any
    given: Any
    whole: Any


def forms(source: str) -> dict[str, Signature]:
    """How each top-level function of a trusted source is called, where its parameters and defaults are plain."""
    found = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and not node.decorator_list and (form := _declared(node)) is not None:
            found[node.name] = form
    return found


def form_of(function: object) -> str:
    """The same of a student's function as it is now, such as ``(x, rate=0.01)``; "" where there is more to it."""
    if type(function) is not FunctionType or vars(function):  # decorated, or told what its signature is
        return ""
    code = function.__code__
    if code.co_flags & (CO_VARARGS | CO_VARKEYWORDS):
        return ""
    by_place, by_name, unnamed = code.co_argcount, code.co_kwonlyargcount, code.co_posonlyargcount
    names = code.co_varnames[: by_place + by_name]
    kinds: list[Any] = [Parameter.POSITIONAL_ONLY] * unnamed + [Parameter.POSITIONAL_OR_KEYWORD] * (by_place - unnamed)
    kinds += [Parameter.KEYWORD_ONLY] * by_name
    last = function.__defaults__ or ()
    try:
        defaults = dict(zip(names[by_place - len(last) : by_place], last, strict=True)) | (
            function.__kwdefaults__ or {}
        )
        signature = _signature(list(zip(names, kinds, strict=True)), defaults)
    except (TypeError, ValueError):  # put together by hand
        return ""
    text = str(signature) if signature is not None else ""
    return text if len(text) <= MAX_NAME else ""


def spelling(form: Signature, theirs: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Spelling | None:
    """The call bound by the stub's ``form``; None where the student's function is another, or does not take it."""
    if str(form) != theirs:
        return None
    try:
        bound = form.bind(*args, **kwargs)
    except TypeError:
        return None
    given = dict(bound.arguments)
    bound.apply_defaults()
    return Spelling(given, dict(bound.arguments))


def _declared(node: ast.FunctionDef) -> Signature | None:
    arguments = node.args
    if arguments.vararg or arguments.kwarg:
        return None
    by_place = [*arguments.posonlyargs, *arguments.args]
    kinds: list[tuple[str, Any]] = [(one.arg, Parameter.POSITIONAL_ONLY) for one in arguments.posonlyargs]
    kinds += [(one.arg, Parameter.POSITIONAL_OR_KEYWORD) for one in arguments.args]
    kinds += [(one.arg, Parameter.KEYWORD_ONLY) for one in arguments.kwonlyargs]
    written = list(zip(by_place[len(by_place) - len(arguments.defaults) :], arguments.defaults, strict=True))
    written += [
        (one, value)
        for one, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if value is not None
    ]
    try:
        defaults = {one.arg: ast.literal_eval(value) for one, value in written}
    except (TypeError, ValueError):  # computed: only running it would tell
        return None
    return _signature(kinds, defaults)


def _signature(kinds: Sequence[tuple[str, Any]], defaults: Mapping[str, Any]) -> Signature | None:
    if not all(map(_is_plain, defaults.values())):
        return None  # a list can change from call to call
    return inspect.Signature(
        [Parameter(name, kind, default=defaults.get(name, Parameter.empty)) for name, kind in kinds]
    )


def _is_plain(value: object) -> bool:
    return type(value) in _PLAIN or (type(value) is tuple and all(type(one) in _PLAIN for one in value))
