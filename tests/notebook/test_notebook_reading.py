"""Reading notebooks in the judge: what is repaired, what is refused, and the sentence for each."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.errors import SubmissionError
from autograder.notebook import reading
from autograder.notebook.cells import CellMap
from autograder.notebook.reading import notebook_cells

FUNCTION = "def f(x):\n    return x\n"
RESAVE = "Open it in Jupyter, save it, and hand it in again."


def notebook(*sources: Any, **top: Any) -> bytes:
    cells = [
        {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "id": f"c{number}"}
        for number, source in enumerate(sources)
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **top}).encode()


def refusal(data: bytes) -> str:
    with pytest.raises(SubmissionError) as caught:
        notebook_cells(data)
    return str(caught.value)


def test_cells_are_joined_and_can_be_found_again() -> None:
    text = notebook_cells(notebook("import torch", "", ["a = 1\n", "b = 2"]))
    assert text.source == "# cell 1\nimport torch\n# cell 2\n\n# cell 3\na = 1\nb = 2\n"
    assert text.notes == ()
    assert text.cells.locate(7) == (3, 2)
    assert text.cells.describe(7) == "code cell 3, line 2"
    assert text.cells.locate(1) is None
    assert CellMap.of_source(text.source) == text.cells
    assert CellMap().describe(4) == "line 4"


def test_only_code_cells_count() -> None:
    data = json.loads(notebook(FUNCTION, FUNCTION))
    data["cells"].insert(0, {"cell_type": "markdown", "metadata": {}, "source": "# Title"})
    data["cells"].append({"cell_type": "raw", "metadata": {}, "source": "raw"})
    assert len(notebook_cells(json.dumps(data).encode()).cells.starts) == 2


def test_a_student_line_cannot_pose_as_a_marker() -> None:
    text = notebook_cells(notebook("# cell 2\nx = 1", "y = 2"))
    assert CellMap.of_source(text.source) == text.cells
    assert text.cells.describe(text.source.split("\n").index("y = 2") + 1) == "code cell 2, line 1"


def test_line_ends_and_byte_order_mark() -> None:
    assert notebook_cells(b"\xef\xbb\xbf" + notebook("a = 1\r\nb = 2")).source == "# cell 1\na = 1\nb = 2\n"
    assert notebook_cells(json.dumps(json.loads(notebook("a = 1"))).encode("utf-16")).source == "# cell 1\na = 1\n"


def test_latin_1_is_read_with_a_note() -> None:
    data = notebook("s = 'XYZ'").replace(b"XYZ", "é".encode("latin-1"))
    text = notebook_cells(data)
    assert "'é'" in text.source
    assert text.notes[0] == (
        "The notebook is not UTF-8 (byte 0xE9 on line 1), so it was read as Latin-1. Please save it as UTF-8."
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", f"The notebook is empty. {RESAVE}"),
        (
            b"print(1)",
            f"The file is named .ipynb but is not a notebook: it is not JSON (line 1, column 1). {RESAVE}",
        ),
        (
            b'{"cells": [',
            f"The notebook is damaged: its JSON breaks off or is wrong (line 1, column 12). {RESAVE}",
        ),
        (
            b'{"cells": [\n<<<<<<< HEAD\n=======\n>>>>>>> b\n]}',
            "The notebook holds an unresolved merge conflict (<<<<<<<). Resolve it, and hand it in again.",
        ),
        (b"[1, 2]", f"The file is JSON but not a notebook: it has no cells. {RESAVE}"),
        (b'{"a": 1}', f"The file is JSON but not a notebook: it has no cells. {RESAVE}"),
        (b'{"cells": 3, "nbformat": 4}', f"The notebook has no list of cells. {RESAVE}"),
        (b'{"nbformat": 4}', f"The notebook has no list of cells. {RESAVE}"),
        (b'{"nbformat": 3, "worksheets": 1}', f"The notebook has no list of cells. {RESAVE}"),
        (b'{"cells": [], "nbformat": 4}', "The notebook has no cells. Was it saved after your work?"),
        (notebook("", "  \n"), "The notebook has no code cells with code. Was it saved after your work?"),
        (
            notebook("x <- 1", metadata={"kernelspec": {"language": "R", "name": "ir"}}),
            "The notebook is written for R, not for Python. "
            "Choose a Python kernel, check that it runs, save it, and hand it in again.",
        ),
        (
            notebook("x = 1", metadata={"language_info": {"name": "julia\x1b[31m"}}),
            "The notebook is written for julia?[31m, not for Python. "
            "Choose a Python kernel, check that it runs, save it, and hand it in again.",
        ),
        (
            notebook("a = 1", "b = 1\nc = '\0'"),
            "The notebook contains NUL characters (the first in code cell 2, line 2). Delete them.",
        ),
        (b'{"cells":' + b"[" * 100_000, f"The notebook is nested too deeply to be one. {RESAVE}"),
    ],
)
def test_refused(data: bytes, message: str) -> None:
    assert refusal(data) == message


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(notebook(*["a"] * 10_001)) == "The notebook has 10,001 cells; at most 10,000 are read."
    assert refusal(notebook("#" * 2**21 + "x")) == (
        "The notebook holds more than 2 MB of code. Load data from files instead of pasting it into cells."
    )
    monkeypatch.setattr(reading, "MAX_BRACKETS", 10)
    assert refusal(notebook("[[[[[[[[[[")) == (
        "The notebook holds too many values to be read. Clear all outputs, save it, and hand it in again."
    )
    monkeypatch.setattr(reading, "MAX_BYTES", 2**20)
    assert refusal(b" " * (2**21)) == (
        "The notebook is 2 MB; at most 1 MB are read. Clear all outputs, save it, and hand it in again."
    )


def test_repairs_are_said() -> None:
    data = json.loads(notebook(FUNCTION, 7, "s = '\ud800'"))
    del data["metadata"]
    for cell in data["cells"]:
        cell["id"] = "same"
    data["cells"] += ["rubbish", {"source": "a = 1", "outputs": []}, {"source": "prose"}]
    text = notebook_cells(json.dumps(data).encode())
    assert text.notes == (
        "The notebook has no metadata; it was read as a Python notebook.",
        "The notebook is damaged: code cell 2, cell 4 could not be read and was left out.",
        "Some cells of the notebook share one id (copied cells?); all of them were read.",
        "The notebook holds characters that are not valid Unicode; they were replaced by '?'.",
    )
    assert "a = 1" in text.source and "prose" not in text.source and "'?'" in text.source


def test_huge_numbers_do_not_matter() -> None:
    assert notebook_cells(notebook("a = 1")[:-1] + b', "n": ' + b"9" * 100_000 + b"}").source == "# cell 1\na = 1\n"


@pytest.mark.parametrize("version", [1, 2, 3])
def test_old_formats_are_upgraded(version: int) -> None:
    code = {"cell_type": "code", "language": "python", "input": "a = 1", "code": "a = 1", "outputs": []}
    cells = [{"cell_type": "markdown", "source": "x"}, code]
    old: dict[str, Any] = {"nbformat": version, "metadata": {"name": ""}}
    old.update({"cells": [code]} if version == 1 else {"worksheets": [{"cells": cells}]})
    assert notebook_cells(json.dumps(old).encode()).source == "# cell 1\na = 1\n"


def test_what_nbformat_writes_is_read() -> None:
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(FUNCTION), nbformat.v4.new_markdown_cell("x")])
    assert notebook_cells(nbformat.writes(book).encode()).source == f"# cell 1\n{FUNCTION}\n"
    downgraded = nbformat.writes(nbformat.convert(book, 3), version=3).encode()
    assert notebook_cells(downgraded).source == f"# cell 1\n{FUNCTION}\n"


def test_the_worker_part_and_new_notebooks_need_no_nbformat() -> None:
    code = (
        "import sys; from autograder.notebook.reading import notebook_cells; "
        "from autograder.notebook.needed import slice_notebook; import autograder.submission; "
        f"notebook_cells({notebook('a = 1')!r}); "
        f"assert not {{'nbformat', 'torch', 'msgspec'}} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["cells", "nbformat", "metadata", "worksheets", "source", "input", "cell_type", "id"]),
            inner | st.sampled_from(["code", 3, 4, 2, 1, [{"cell_type": "code", "source": "a = 1"}]]),
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(json_values | st.builds(lambda cells: {"nbformat": 4, "cells": cells}, st.lists(json_values, max_size=4)))
def test_fuzzed_json_is_read_or_refused(value: object) -> None:
    try:
        notebook_cells(json.dumps(value).encode())
    except SubmissionError as error:
        assert str(error)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60) | st.builds(lambda cut, byte: _damaged(cut, byte), st.integers(0, 200), st.binary()))
def test_fuzzed_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        notebook_cells(data)
    except SubmissionError as error:
        assert str(error)


def _damaged(cut: int, byte: bytes) -> bytes:
    whole = notebook(FUNCTION, "a = 1")
    return whole[:cut] + byte + whole[cut + 1 :]


def test_cells_that_nbgrader_fills_with_its_tests_are_empty() -> None:
    def cell(source: str, **about: object) -> dict[str, object]:
        return {"cell_type": "code", "source": source, "metadata": {"nbgrader": about} if about else {}, "outputs": []}

    cells = [
        cell("a = 1", grade=False, solution=True, locked=False),
        cell("b = 2", grade=True, solution=False, locked=True),
        cell("c = 3", grade=True, solution=True, locked=False),
        cell("d = 4", grade=False, solution=False, locked=True),
        cell("e = 5"),
    ]
    text = notebook_cells(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode())
    assert text.source == "# cell 1\na = 1\n# cell 2\n\n# cell 3\nc = 3\n# cell 4\nd = 4\n# cell 5\ne = 5\n"
