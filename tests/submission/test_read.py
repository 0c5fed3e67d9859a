"""One submission's source: encodings, choices between files, and the sentence for each refusal."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.errors import SubmissionError
from autograder.submission import Submission, SubmissionFile, read_submission, types
from tests.submission.conftest import CODE, SLUG, notebook, refusal, zipped

Write = Callable[..., Path]


def read(path: Path, stub: str | None = None) -> Submission:
    return read_submission(SubmissionFile("x", path), SLUG, stub)


def test_a_module(write: Write) -> None:
    path = write({"himmelblau.py": CODE}) / "himmelblau.py"
    digest = hashlib.sha256(b"py\0" + CODE.encode()).hexdigest()
    assert read(path) == Submission("x", "himmelblau.py", "py", CODE, (), digest, None)


def test_a_notebook(write: Write) -> None:
    found = read(write({"himmelblau.ipynb": notebook("%pylab", CODE)}) / "himmelblau.ipynb")
    assert (found.kind, found.source) == ("ipynb", f"# cell 1\n# %pylab\n# cell 2\n{CODE}\n")
    assert found.cell_map is not None and found.cell_map.locate(4) == (2, 1)
    assert found.notes == ("1 line of your notebook that only Jupyter understands (%, ! or ?) were left out.",)


@pytest.mark.parametrize(
    ("data", "source", "note"),
    [
        (b"\xef\xbb\xbfx = '\xc3\xa9'\r\ny = 1\r", "x = 'é'\ny = 1\n", ""),
        (
            "x = 'é'\n".encode("utf-16"),
            "x = 'é'\n",
            "x.py is saved as UTF-16 and was read as that. Please save it as UTF-8.",
        ),
        (
            "x = 'é'\n".encode("utf-32"),
            "x = 'é'\n",
            "x.py is saved as UTF-32 and was read as that. Please save it as UTF-8.",
        ),
        (b"# -*- coding: latin-1 -*-\nx = '\xe9'\n", "# -*- coding: latin-1 -*-\nx = 'é'\n", ""),
        (b"#!/usr/bin/python\n# vim: set fileencoding=gbk :\nx = '\xc4\xe3'", "你", ""),
        (b"# coding: rot13\nx = 1\n", "# coding: rot13\nx = 1\n", ""),
        (b"# coding: nonsense\nx = 1\n", "# coding: nonsense\nx = 1\n", ""),
        (b"\n# coding: latin-1\nx = '\xc3\xa9'\n", "\n# coding: latin-1\nx = 'Ã©'\n", ""),
        (
            b"\nx = 'caf\xe9'\n",
            "\nx = 'café'\n",
            "x.py is not UTF-8 (byte 0xE9 on line 2), so it was read as Latin-1. Please save it as UTF-8.",
        ),
        (
            b"x = '\x80'\n",
            "x = '€'\n",
            "x.py is not UTF-8 (byte 0x80 on line 1), so it was read as Windows-1252. Please save it as UTF-8.",
        ),
        (
            b"x = '\x81'\n",
            "x = '\x81'\n",
            "x.py is not UTF-8 (byte 0x81 on line 1), so it was read as Latin-1. Please save it as UTF-8.",
        ),
    ],
)
def test_encodings(write: Write, data: bytes, source: str, note: str) -> None:
    found = read(write({"x.py": data}) / "x.py")
    assert found.source == source or source in found.source.split("'")
    assert found.notes == ((note,) if note else ())


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("x.py", b"", "x.py is empty. Was it saved before you handed it in?"),
        (
            "x.py",
            b"a = 1\nb = '\0'",
            "x.py contains NUL bytes (the first on line 2), so it is not a text file. "
            "Save it again as plain text in UTF-8.",
        ),
        (
            "x.py",
            b"\xff\xfea",
            "x.py begins like UTF-16 text but is damaged at byte 2. Save it again as UTF-8.",
        ),
        (
            "x.py",
            b"PK\x03\x04",
            "x.py is really a zip archive (or an Office document). Hand in the module itself.",
        ),
        ("x.docx", b"a", "x.docx is neither a .py nor an .ipynb nor a .zip file. Hand in himmelblau.py."),
        ("x", b"a", "x is neither a .py nor an .ipynb nor a .zip file. Hand in himmelblau.py."),
        (
            "x.ipynb",
            b"a",
            "x.ipynb: The file is named .ipynb but is not a notebook: it is not JSON (line 1, column 1). "
            "Open it in Jupyter, save it, and hand it in again.",
        ),
        (
            "x.zip",
            b"a",
            "x.zip is named .zip but is not a readable zip archive. "
            "Zip your files again with your system's own tool, or hand in the module itself.",
        ),
        (
            "a/README.md",
            b"",
            "The folder a holds no .py or .ipynb file (found: README.md). Hand in himmelblau.py or himmelblau.ipynb.",
        ),
        (
            "a/.git/x.py",
            b"",
            "The folder a is empty: it holds no module. Hand in himmelblau.py or himmelblau.ipynb.",
        ),
    ],
)
def test_refused(write: Write, name: str, data: bytes, message: str) -> None:
    root = write({name: data})
    assert refusal(root / name.split("/")[0]) == message


def test_a_notebook_named_py_is_read(write: Write) -> None:
    found = read(write({"x.py": notebook(CODE)}) / "x.py")
    assert found.kind == "ipynb"
    assert found.notes == ("x.py is a notebook although it is named .py; it was read as a notebook.",)


@pytest.mark.parametrize(("name", "limit"), [("x.py", 2), ("x.ipynb", 20), ("x.zip", 50)])
def test_a_huge_file_is_refused_unread(tmp_path: Path, name: str, limit: int) -> None:
    path = tmp_path / name
    with open(path, "wb") as stream:
        stream.truncate(200 * 2**20)
    assert refusal(path) == (
        f"{name} is 200 MB; at most {limit} MB are read. Hand in your code only, without data and outputs."
    )


def test_links_and_devices(write: Write) -> None:
    root = write({"secret.py": CODE})
    link = "is a symbolic link, and links are not followed. Hand in the file itself."
    (root / "x.py").symlink_to(root / "secret.py")
    assert refusal(root / "x.py") == f"x.py {link}"
    (root / "folder").mkdir()
    (root / "folder" / "himmelblau.py").symlink_to(root / "secret.py")
    assert refusal(root / "folder") == f"himmelblau.py {link}"
    (root / "linked").symlink_to(root / "folder")
    assert refusal(root / "linked") == f"linked {link}"
    (root / "outer").mkdir()
    (root / "outer" / "sub").symlink_to(root / "folder")
    assert refusal(root / "outer").startswith("The folder outer holds no .py or .ipynb file (found: sub).")
    os.mkfifo(root / "pipe.py")
    assert refusal(root / "pipe.py") == "pipe.py is not an ordinary file, so it was not opened."
    (root / "folder" / "himmelblau.py").unlink()
    os.mkfifo(root / "folder" / "himmelblau.py")
    assert refusal(root / "folder") == "himmelblau.py is not an ordinary file, so it was not opened."
    assert refusal(root / "gone.py") == "gone.py cannot be read: no such file or directory."


def test_device(tmp_path: Path) -> None:
    assert refusal(Path("/dev/null")).startswith("null is neither")


@pytest.mark.parametrize(
    ("files", "chosen"),
    [
        (("himmelblau.py", "extra.py"), "himmelblau.py"),
        (("mine.py", "test_public.py", "conftest.py", "setup.py", "__init__.py"), "mine.py"),
        (("mine.py", "lib/a.py", "lib/b.py"), "mine.py"),
        (("deep/himmelblau.py", "a.py"), "himmelblau.py"),
        (("himmelblau.py", "old/himmelblau.py"), "himmelblau.py"),
        (("Himmelblau (1).py", "a.py"), "Himmelblau (1).py"),
        (("himmelblau-2.py", "a.py"), "himmelblau-2.py"),
        ((".ipynb_checkpoints/himmelblau.py", "__pycache__/x.py", "__MACOSX/._x.py", "a.py"), "a.py"),
        (("himmelblau/a.py", "other/b.py"), "a.py"),
    ],
)
def test_the_module_is_chosen(write: Write, files: tuple[str, ...], chosen: str) -> None:
    root = write({f"s/{name}": CODE if name.endswith(chosen) else "other = 1" for name in files})
    assert read(root / "s").filename == chosen
    archive = write({"s.zip": zipped(dict.fromkeys(files, CODE))}) / "s.zip"
    assert read(archive).filename == chosen


def test_what_was_passed_over_is_said(write: Write) -> None:
    assert read(write({"s/himmelblau.py": CODE, "s/extra.py": CODE}) / "s").notes == (
        "Only himmelblau.py was graded; other modules that came with it were not read: extra.py.",
    )


def test_several_modules_are_refused(write: Write) -> None:
    root = write({"s/b.py": CODE, "s/a.py": CODE, "t/a/x.py": CODE, "t/b/x.py": CODE})
    assert refusal(root / "s") == (
        "The folder s: found a.py and b.py; name yours himmelblau.py and hand in only that one."
    )
    assert refusal(root / "t") == (
        "The folder t: found a/x.py and b/x.py; name yours himmelblau.py and hand in only that one."
    )
    many = write({f"u/m{number}.py": CODE for number in range(6)}) / "u"
    assert refusal(many) == "The folder u: found 6 modules; name yours himmelblau.py and hand in only that one."


STUB = "# %% [markdown]\n# Prose\n\n# %%\nimport torch\n\n# %%\ndef f(x):\n    raise NotImplementedError\n"
STUB_CELLS = ("import torch", "def f(x):\n    raise NotImplementedError")
BOTH = "Found both himmelblau.py and himmelblau.ipynb; "
HANDOUT = "was graded, because the other is the unchanged handout."
FIRST = "was graded, because the .py file comes first; hand in only the one that you want graded."
NUL = (
    "himmelblau.py contains NUL bytes (the first on line 1), so it is not a text file. "
    "Save it again as plain text in UTF-8."
)


@pytest.mark.parametrize(
    ("module", "book", "stub", "kind", "note"),
    [
        (CODE, notebook(*STUB_CELLS), STUB, "py", f"himmelblau.py {HANDOUT}"),
        (STUB, notebook(CODE), STUB, "ipynb", f"himmelblau.ipynb {HANDOUT}"),
        (CODE, notebook(CODE), STUB, "py", "himmelblau.py was graded, because both hold the same code."),
        (CODE, notebook("x = 1"), STUB, "py", f"himmelblau.py {FIRST}"),
        (CODE, notebook("x = 1"), None, "py", f"himmelblau.py {FIRST}"),
        (b"\0", notebook(CODE), STUB, "ipynb",
         f"himmelblau.ipynb was graded, because the other cannot be read ({NUL})."),
    ],
)  # fmt: skip
def test_module_and_notebook(
    write: Write, module: bytes | str, book: bytes, stub: str | None, kind: str, note: str
) -> None:
    found = read(write({"s/himmelblau.py": module, "s/himmelblau.ipynb": book}) / "s", stub)
    assert found.kind == kind
    assert found.notes == (BOTH + note,)


def test_module_and_notebook_both_unreadable(write: Write) -> None:
    root = write({"s/himmelblau.py": b"", "s/himmelblau.ipynb": b"{"})
    assert refusal(root / "s") == "himmelblau.py is empty. Was it saved before you handed it in?"


def test_a_folder_with_one_zip(write: Write) -> None:
    root = write({"s/work.zip": zipped({"himmelblau.py": CODE}), "t/a.zip": b"", "t/b.zip": b""})
    assert read(root / "s").source == CODE
    assert refusal(root / "t") == "The folder t: found 2 zip files and no module; hand in himmelblau.py."


def test_too_many_files(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.submission.folder._MAX_ENTRIES", 3)
    root = write({f"s/{number}.txt": "" for number in range(5)})
    assert refusal(root / "s") == "The folder s holds more than 3 files. Hand in your module only."


def test_names_in_messages_are_harmless(write: Write) -> None:
    root = write({"s/a\n\x1b[31m.py": CODE, "s/b.py": CODE})
    assert "found a??[31m.py and b.py" in refusal(root / "s")


def test_one_bad_submission_does_not_stop_the_others(write: Write) -> None:
    root = write({"a.py": b"\0", "b.py": CODE})
    with pytest.raises(SubmissionError):
        read(root / "a.py")
    assert read(root / "b.py").source == CODE
    assert types.MAX_BYTES[".py"] == 2 * 2**20


def test_every_source_that_is_read_can_be_sent_to_a_worker() -> None:
    from autograder.bridge.values import MAX_TEXT
    from autograder.notebook.reading import MAX_CELLS, MAX_CODE_BYTES
    from autograder.submission.types import MAX_BYTES

    assert MAX_BYTES[".py"] < MAX_TEXT
    assert MAX_CODE_BYTES + MAX_CELLS * len("\n# cell 10000\n") < MAX_TEXT
