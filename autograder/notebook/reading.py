"""The code cells of an ``.ipynb`` file, read in the judge: JSON and text only, no Python is parsed here.

Notebooks of today (version 4) are read from their JSON directly: nbformat takes seconds to import and its
validator refuses what can safely be repaired. Older versions are upgraded by nbformat.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.errors import SubmissionError
from autograder.notebook.cells import NotebookText, join_cells
from autograder.notebook.magics import drop_magics
from autograder.notebook.text import decode_text, printable

MAX_BYTES = 20 * 2**20
MAX_CODE_BYTES = 2 * 2**20
MAX_CELLS = 10_000
MAX_BRACKETS = 1_000_000  # each costs the judge up to 200 bytes, whatever it costs the sender
_SURROGATE = re.compile("[\ud800-\udfff]")
_RESAVE = "Open it in Jupyter, save it, and hand it in again."


@dataclass
class _Repairs:
    """What was odd in a notebook and could be read all the same."""

    ids: set[str] = field(default_factory=set)
    duplicates: int = 0
    unreadable: list[str] = field(default_factory=list)
    magics: int = 0
    surrogates: bool = False


def notebook_cells(data: bytes) -> NotebookText:
    """The code cells of a notebook as one text, without magics, and notes on what was repaired.

    Raises SubmissionError where there is nothing to read.
    """
    if len(data) > MAX_BYTES:
        raise SubmissionError(
            f"The notebook is {len(data) / 2**20:.0f} MB; at most {MAX_BYTES // 2**20} MB are read. "
            "Clear all outputs, save it, and hand it in again."
        )
    decoded = decode_text(data, shown="The notebook", cookie=False)
    notebook = _notebook(decoded.text)
    notes = list(decoded.notes)
    if not isinstance(notebook.get("metadata"), dict):
        notes.append("The notebook has no metadata; it was read as a Python notebook.")
    _check_language(notebook)
    repairs = _Repairs()
    texts = _code(_cell_list(notebook), repairs)
    if not any(text.strip() for text in texts):
        raise SubmissionError("The notebook has no code cells with code. Was it saved after your work?")
    source, cells = join_cells(texts)
    if "\0" in source:
        where = cells.describe(source.count("\n", 0, source.index("\0")) + 1)
        raise SubmissionError(f"The notebook contains NUL characters (the first in {where}). Delete them.")
    return NotebookText(source, cells, (*notes, *_notes(repairs)))


def _notebook(text: str) -> dict[str, Any]:
    """The notebook's JSON object, upgraded to version 4."""
    if not text.strip():
        raise SubmissionError(f"The notebook is empty. {_RESAVE}")
    if text.count("[") + text.count("{") > MAX_BRACKETS:
        raise SubmissionError(
            "The notebook holds too many values to be read. Clear all outputs, save it, and hand it in again."
        )
    try:
        notebook = json.loads(text, parse_int=_small_int)
    except RecursionError:
        raise SubmissionError(f"The notebook is nested too deeply to be one. {_RESAVE}") from None
    except ValueError as error:
        raise SubmissionError(_not_json(text, error)) from None
    if not isinstance(notebook, dict) or not ({"cells", "worksheets", "nbformat"} & notebook.keys()):
        raise SubmissionError(f"The file is JSON but not a notebook: it has no cells. {_RESAVE}")
    if "cells" in notebook and notebook.get("nbformat", 4) != 1:
        return notebook
    return _upgraded(notebook)


def _small_int(digits: str) -> int:
    return int(digits) if len(digits) < 20 else 0  # huge numbers cost quadratic time and mean nothing here


def _not_json(text: str, error: ValueError) -> str:
    if "<<<<<<<" in text and ">>>>>>>" in text:
        return "The notebook holds an unresolved merge conflict (<<<<<<<). Resolve it, and hand it in again."
    place = f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
    if text.lstrip().startswith("{"):
        return f"The notebook is damaged: its JSON breaks off or is wrong{place}. {_RESAVE}"
    return f"The file is named .ipynb but is not a notebook: it is not JSON{place}. {_RESAVE}"


def _upgraded(old: dict[str, Any]) -> dict[str, Any]:
    """A version 1 to 3 notebook as version 4, without its outputs."""
    from nbformat import convert, from_dict  # slow to import, and old notebooks are rare

    version = old.get("nbformat", 3)
    if not isinstance(version, int) or version not in (1, 2, 3):
        raise SubmissionError(f"The notebook has no list of cells. {_RESAVE}")
    sheets = old.get("worksheets", [])
    if not isinstance(sheets, list):
        raise SubmissionError(f"The notebook has no list of cells. {_RESAVE}")
    holders = [old, *(sheet for sheet in sheets if isinstance(sheet, dict))]
    cells = [cell for holder in holders for cell in _list(holder.get("cells"))]
    kept = [_old_cell(cell) for cell in cells[: MAX_CELLS + 1] if isinstance(cell, dict)]
    plain: dict[str, Any] = {"nbformat": version, "nbformat_minor": 0, "metadata": {"name": ""}}
    if version == 1:
        plain["cells"] = kept
    else:
        plain["worksheets"] = [{"cells": kept, "metadata": {}}]
    try:
        notebook: dict[str, Any] = convert(from_dict(plain), 4)  # type: ignore[no-untyped-call]
    except Exception as error:  # nbformat raises whatever its oldest converters happen to raise  # noqa: BLE001
        raise SubmissionError(
            f"The notebook has the old format {version} and could not be upgraded ({type(error).__name__}). {_RESAVE}"
        ) from None
    return {"metadata": old.get("metadata"), "cells": [dict(cell) for cell in notebook["cells"]]}


def _old_cell(cell: Mapping[str, Any]) -> dict[str, Any]:
    kind = cell.get("cell_type")
    text = _text(cell.get("input", cell.get("code", cell.get("source")))) or ""
    if kind == "code":
        return {
            "cell_type": "code",
            "language": "python",
            "input": text,
            "code": text,
            "outputs": [],
            "metadata": {},
            "collapsed": False,
            "prompt_number": None,
        }
    return {"cell_type": "text" if kind == "text" else "markdown", "source": "", "text": "", "metadata": {}}


def _check_language(notebook: Mapping[str, Any]) -> None:
    """Refuses notebooks of another language than Python."""
    metadata = _dict(notebook.get("metadata"))
    kernel = _dict(metadata.get("kernelspec"))
    language = kernel.get("language") or _dict(metadata.get("language_info")).get("name")
    if isinstance(language, str) and not language.lower().startswith(("python", "ipython")):
        raise SubmissionError(
            f"The notebook is written for {printable(language, 30)}, not for Python. "
            "Choose a Python kernel, check that it runs, save it, and hand it in again."
        )


def _cell_list(notebook: Mapping[str, Any]) -> list[Any]:
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        raise SubmissionError(f"The notebook has no list of cells. {_RESAVE}")
    if not cells:
        raise SubmissionError("The notebook has no cells. Was it saved after your work?")
    if len(cells) > MAX_CELLS:
        raise SubmissionError(f"The notebook has {len(cells):,} cells; at most {MAX_CELLS:,} are read.")
    return cells


def _code(cells: list[Any], repairs: _Repairs) -> list[str]:
    """The text of every code cell, magics made comments; an unreadable cell is an empty text."""
    texts: list[str] = []
    size = 0
    for position, cell in enumerate(cells, start=1):
        if not isinstance(cell, dict):
            repairs.unreadable.append(f"cell {position}")
            continue
        name = cell.get("id")
        if isinstance(name, str):
            repairs.duplicates += name in repairs.ids
            repairs.ids.add(name)
        kind = cell.get("cell_type")
        if kind != "code" and (kind is not None or not {"outputs", "execution_count"} & cell.keys()):
            continue
        text = _text(cell.get("source", ""))
        if text is None:
            repairs.unreadable.append(f"code cell {len(texts) + 1}")
            text = ""
        size += len(text)
        if size > MAX_CODE_BYTES:
            raise SubmissionError(
                f"The notebook holds more than {MAX_CODE_BYTES // 2**20} MB of code. "
                "Load data from files instead of pasting it into cells."
            )
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if _SURROGATE.search(text):
            repairs.surrogates = True
            text = text.encode("utf-8", "replace").decode("utf-8")
        if _is_test_cell(cell):
            text = ""  # nbgrader puts its own text there before it grades; what it defines is no work of a student's
        text, dropped = drop_magics(text)
        repairs.magics += dropped
        texts.append(text)
    return texts


def _is_test_cell(cell: Mapping[str, Any]) -> bool:
    """Whether nbgrader made the cell to hold its tests: graded, and not for an answer."""
    about = _dict(_dict(cell.get("metadata")).get("nbgrader"))
    return about.get("grade") is True and about.get("solution") is False


def _notes(repairs: _Repairs) -> list[str]:
    notes = []
    if repairs.magics:
        lines = "1 line" if repairs.magics == 1 else f"{repairs.magics} lines"
        notes.append(f"{lines} of your notebook that only Jupyter understands (%, ! or ?) were left out.")
    if repairs.unreadable:
        names = ", ".join(repairs.unreadable[:5]) + (", …" if len(repairs.unreadable) > 5 else "")
        notes.append(f"The notebook is damaged: {names} could not be read and was left out.")
    if repairs.duplicates:
        notes.append("Some cells of the notebook share one id (copied cells?); all of them were read.")
    if repairs.surrogates:
        notes.append("The notebook holds characters that are not valid Unicode; they were replaced by '?'.")
    return notes


def _text(value: object) -> str | None:
    """A cell's source, which JSON holds as a string or a list of strings."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return "".join(value)
    return None


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
