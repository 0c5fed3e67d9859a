"""The sentence of advice below an exception, where the student's own line and values leave no doubt.

Runs in the worker, where the exception, its frames and the parsed source are. Each module here holds the slips of
one sort as small functions; a new file is found by itself. An advice that is not certain is not given.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Collection

from autograder.bridge.advice.raising import inheriting_class
from autograder.bridge.advice.registry import MAX_TEXT, NOTHING, Advice, advisers
from autograder.bridge.advice.scene import scene_of
from autograder.bridge.load import is_blank

for _entry in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_entry.name}")


def advice_on(error: BaseException, message: str, files: Collection[str]) -> Advice:
    """What a tutor would add to Python's ``message``; NOTHING where nobody could be sure.

    ``files``: the names under which the student's own code was compiled.
    """
    try:
        scene = scene_of(error, message, files)
        for adviser in advisers(type(error)):
            text = adviser(scene)
            if text:
                advice = text if isinstance(text, Advice) else Advice(text)
                words = " ".join(advice.text.split())[:MAX_TEXT]
                return Advice(words.encode("utf-8", "replace").decode("utf-8"), advice.line)
    except BaseException:  # whatever a student's objects do when they are looked at, SystemExit included  # noqa: BLE001
        pass
    return NOTHING


def is_blank_fault(error: BaseException, files: Collection[str]) -> bool:
    """Whether a function raised it that is still the task's blank, not one that refuses some of its arguments."""
    if not isinstance(error, NotImplementedError):
        return False
    try:
        scene = scene_of(error, "", files)
        return scene.is_own and scene.function is not None and is_blank(scene.function) and not inheriting_class(scene)
    except BaseException:  # as above  # noqa: BLE001
        return False


__all__ = ["NOTHING", "Advice", "advice_on", "is_blank_fault"]
