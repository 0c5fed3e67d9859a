"""A class folder in a few words, and refusals as text."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.errors import SubmissionError
from autograder.submission import SubmissionFile, read_submission

SLUG = "himmelblau"
CODE = "def f(x):\n    return x\n"


def notebook(*sources: str) -> bytes:
    cells = [{"cell_type": "code", "metadata": {}, "source": source, "outputs": []} for source in sources]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}).encode()


def zipped(files: dict[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes files below the test's folder; returns the folder."""

    def write_files(files: dict[str, bytes | str]) -> Path:
        for name, data in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data.encode() if isinstance(data, str) else data)
        return tmp_path

    return write_files


def refusal(path: Path, *, members: tuple[str, ...] = ()) -> str:
    with pytest.raises(SubmissionError) as caught:
        read_submission(SubmissionFile("x", path, members), SLUG)
    return str(caught.value)
