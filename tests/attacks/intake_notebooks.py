"""Notebooks that attack the intake."""

from __future__ import annotations

from pathlib import Path

from tests.attacks.handed_in import EMPTY, HONEST, attack, code, notebook, put


@attack
def notebook_of_many_cells(folder: Path) -> Path:
    """Sixty thousand cells."""
    return put(folder, "cells.ipynb", notebook([code("x = 1")] * 60_000))


@attack
def notebook_deep_json(folder: Path) -> Path:
    """JSON that nests a hundred thousand deep."""
    return put(folder, "deep.ipynb", '{"cells":' + "[" * 100_000 + "]" * 100_000 + "}")


@attack
def notebook_odd_cells(folder: Path) -> Path:
    """Cells of every wrong type."""
    cells = [None, 3, [], "text", {}, code(None), code(7), code([1, None]), {"cell_type": "code"}, {"cell_type": 3}]
    return put(folder, "odd.ipynb", notebook(cells))


@attack
def notebook_odd_metadata(folder: Path) -> Path:
    """Metadata, versions and a kernel that are none."""
    data = notebook([code(EMPTY)], metadata={"kernelspec": {"name": "\x1b[31m<b>", "language": ["R"]}}, nbformat="x")
    return put(folder, "metadata.ipynb", data)


@attack
def notebook_source_of_single_letters(folder: Path) -> Path:
    """A cell whose source is a list of half a million strings, in a notebook of one id."""
    cells = [code(list("x = 1\n" * 100_000)) | {"id": "same"}] * 2
    return put(folder, "letters.ipynb", notebook(cells))


@attack
def notebook_metadata_everywhere(folder: Path) -> Path:
    """Megabytes of markup in every field that is not code."""
    long = "<img src=x onerror=alert(1)>\x1b[31m" * 20_000
    cell = code(EMPTY) | {"metadata": {"name": long, "tags": [long]}, "id": long, "outputs": [{"text": long}]}
    return put(folder, "fields.ipynb", notebook([cell], metadata={"title": long, "kernelspec": {"name": long}}))


@attack
def notebook_magics(folder: Path) -> Path:
    """Magics and input transformers that would run a shell."""
    sources = [
        "!touch escaped\n",
        "%%bash\ntouch escaped\n",
        "%load_ext evil\n",
        "get_ipython().system('touch escaped')\n",
        "%run ../course/solutions/tiny/tiny.py\n",
        "x = !cat /etc/passwd\n",
        "?double\n",
        EMPTY,
    ]
    return put(folder, "magics.ipynb", notebook([code(source) for source in sources]))


@attack
def notebook_huge_number(folder: Path) -> Path:
    """A number of a million digits in the JSON, and NaN."""
    return put(folder, "number.ipynb", '{"cells": [], "nbformat": ' + "9" * 1_000_000 + ', "metadata": NaN}')


@attack
def notebook_redefinitions(folder: Path) -> Path:
    """Cells that delete, redefine and shadow what is graded."""
    sources = [HONEST, "del double\n", "double = minimize = 3\n", "raise SystemExit\n", "while 1:\n    pass\n", EMPTY]
    return put(folder, "again.ipynb", notebook([code(source) for source in sources]))
