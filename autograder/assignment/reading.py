"""Reading an ``assignment.toml``: what is wrong with one is said with file, line and what was meant."""

from __future__ import annotations

import difflib
import math
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from autograder.assignment.config import SECTIONS, AssignmentFile
from autograder.assignment.lines import toml_line
from autograder.assignment.numbers import number_problems
from autograder.errors import AssignmentError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

NEEDED = "every assignment needs one"


def read_toml(path: Path) -> tuple[dict[str, Any], str]:
    """What a TOML file holds, and its text; raises AssignmentError where it cannot be read as that."""
    try:
        text = path.read_text(encoding="utf-8")
        return tomllib.loads(text), text
    except FileNotFoundError:
        raise AssignmentError(f"{path} is missing: {NEEDED}.") from None
    except OSError as error:
        raise AssignmentError(f"{path} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AssignmentError(f"{path} is not valid TOML: {error}") from None


def read_config(path: Path) -> AssignmentFile:
    """What the file says; raises AssignmentError where something in it cannot be."""
    raw, text = read_toml(path)
    try:
        config = msgspec.convert(raw, AssignmentFile)
    except msgspec.ValidationError as error:
        raise AssignmentError(f"{path}: {error}{_hint(str(error), text)}") from None
    ids = [task.id for task in config.tasks]
    repeated = sorted({task_id for task_id in ids if ids.count(task_id) > 1})
    if repeated or not ids:
        found = f"task id {repeated[0]!r} twice" if repeated else "no [[tasks]]"
        raise AssignmentError(f"{path}: found {found}; every task needs an id of its own.")
    for problem in _task_problems(config, path, text):
        raise AssignmentError(problem)
    for line, said in number_problems(raw, text):
        raise AssignmentError(f"{_placed(path, line)}: {said}")
    return config


def _task_problems(config: AssignmentFile, path: Path, text: str) -> Iterator[str]:
    for index, task in enumerate(config.tasks):
        if not (math.isfinite(task.points) and task.points > 0):
            place = _placed(path, toml_line(text, index, "points"))
            yield f"{place}: task {task.id} has points = {task.points:g}; a task is worth a number above 0."
        for key in ("functions", "needs"):
            for name in getattr(task, key):
                if not all(part.isidentifier() for part in name.split(".")):
                    place = _placed(path, toml_line(text, index, key))
                    yield f"{place}: task {task.id} lists {name!r} under {key}, which is no name."


def _placed(path: Path, line: int | None) -> str:
    return f"{path}, line {line}" if line else str(path)


def _hint(said: str, text: str) -> str:
    """Which line msgspec means, and which key somebody may have meant."""
    hint = ""
    unknown = re.search(r"unknown field `(\w+)`", said)
    if unknown:
        section = re.search(r"\$\.(\w+)", said)
        known = SECTIONS.get(section[1] if section else "", AssignmentFile).__struct_fields__
        near = difflib.get_close_matches(unknown[1], known, n=1)
        hint = f"; did you mean `{near[0]}`?" if near else ""
    where = re.search(r"\$\.tasks\[(\d+)\](?:\.(\w+))?", said)
    line = toml_line(text, int(where[1]), where[2] or (unknown[1] if unknown else "id")) if where else None
    if line is None and unknown:
        pattern = rf"\s*\[*\s*[\"']?{unknown[1]}\b"
        line = next((n for n, row in enumerate(text.splitlines(), start=1) if re.match(pattern, row)), None)
    return f"{hint} (line {line})" if line else hint
