"""Dropout that is on where it should not be."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

from autograder.hygiene.recording.effects.arguments import Arguments, Function, Options
from autograder.hygiene.recording.effects.following import ordinary
from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.trace.events import Dropout


def dropout(notes: Notes, func: Function, args: Arguments, kwargs: Options, out: Any) -> None:
    """``torch.nn.functional.dropout``: is it on inside of a module that is in eval mode?"""
    training = kwargs.get("training", args[2] if len(args) > 2 else True)
    chance = kwargs.get("p", args[1] if len(args) > 1 else 0.5)
    if training and chance and notes.running.modes and not notes.running.modes[-1]:
        place = notes.lines.running()
        frame = notes.files.student_frame(sys._getframe(1))
        if not _says_training(frame) and not notes.events.often("dropout", place, 2):
            notes.events.emit(Dropout(notes.steps.number, place))
    ordinary(notes, func, args, kwargs, out)


def _says_training(frame: FrameType | None) -> bool:
    """Whether the running function gives a ``training=`` to anything: then dropout is on because it says so."""
    constants = () if frame is None else frame.f_code.co_consts
    return any(isinstance(names, tuple) and "training" in names for names in constants)
