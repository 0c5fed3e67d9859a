"""Means to make files for ``tiny`` that attack the intake, and the list of those who do."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

Builder = Callable[[Path], Path]
"""Gets the folder to write into and returns what was handed in. Its docstring says what it tries."""
BUILDERS: dict[str, Builder] = {}
"""Each by its name."""

HONEST = (Path(__file__).parent / "honest" / "plain.py").read_text(encoding="utf-8")
EMPTY = "def double(x):\n    return None\n"


def attack(build: Builder) -> Builder:
    """Adds a builder to the suite."""
    BUILDERS[build.__name__] = build
    return build


def put(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def zipped(files: dict[str, bytes | str], edit: Callable[[zipfile.ZipFile], None] = lambda archive: None) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        edit(archive)
    return buffer.getvalue()


def notebook(cells: list[object], **changes: object) -> str:
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5} | changes)


def code(source: object) -> dict[str, object]:
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
