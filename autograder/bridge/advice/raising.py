"""Exceptions that the student's own lines raise, and calls that never end."""

from __future__ import annotations

import ast

from autograder.bridge.advice.registry import PLACE, Advice, advises
from autograder.bridge.advice.scene import Scene, own_statements
from autograder.bridge.load import is_blank

_REPEATED = 50
"""So many calls in a row of one function, the innermost ones: it is this function that does not end."""


@advises("AssertionError")
def own_assert(scene: Scene) -> str:
    """The student's own ``assert``."""
    if not scene.is_own or not isinstance(scene.statement, ast.Assert):
        return ""
    return "This is an `assert` of your own, and here it does not hold."


@advises("RecursionError")
def endless_calls(scene: Scene) -> str:
    """A function that calls itself for ever."""
    last = scene.codes[-_REPEATED:]
    if len(last) < _REPEATED or len(set(last)) != 1 or last[0].co_name.startswith("<"):
        return ""
    return f"`{last[0].co_name}` calls itself again and again, deeper than Python allows: let it end, or use a loop."


@advises("NotImplementedError")
def leftover_of_the_stub(scene: Scene) -> Advice | str:
    """The task's ``raise`` below code that the student wrote, or a method that a class was to have."""
    if not isinstance(scene.statement, ast.Raise) or scene.function is None or not scene.is_own:
        return ""
    if heir := inheriting_class(scene):
        return f"`{heir}` has no `{scene.function.name}` of its own."
    returns = any(isinstance(one, ast.Return) and one.lineno < scene.line for one in own_statements(scene.function))
    if is_blank(scene.function) or scene.statement not in scene.function.body or returns:
        return ""  # behind a `return`, it is for cases that the student does not want to handle
    return Advice(f"The `raise` on {PLACE} still stands in `{scene.function.name}`: take it out.", scene.line)


def inheriting_class(scene: Scene) -> str:
    """The class of the object whose method of a parent class ran; empty where the method is the class's own."""
    owner = scene.local.get("self")
    if owner is None or scene.function is None:
        return ""
    definer = next((base for base in type(owner).__mro__ if scene.function.name in vars(base)), type(owner))
    return type(owner).__name__ if definer is not type(owner) else ""
