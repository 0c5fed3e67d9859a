"""Zips: what is refused, and that nothing but SubmissionError ever comes out of them."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.errors import SubmissionError
from autograder.submission import archive as archive_module
from autograder.submission.archive import ArchiveTree, open_archive
from autograder.submission.read import _from_archive
from tests.submission.conftest import CODE, SLUG, notebook, zipped

AGAIN = "Zip your files again with your system's own tool, or hand in the module itself."


def refused(data: bytes) -> str:
    with pytest.raises(SubmissionError) as caught:
        _from_archive("x", data, SLUG, None, "x.zip")
    return str(caught.value)


def test_modules_and_notebooks_are_read() -> None:
    assert _from_archive("x", zipped({"himmelblau.py": CODE}), SLUG, None, "x.zip").source == CODE
    assert CODE in _from_archive("x", zipped({"a/b.ipynb": notebook(CODE)}), SLUG, None, "x.zip").source


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "x.zip is empty: it holds no module. Hand in himmelblau.py or himmelblau.ipynb."),
        (
            {"a.txt": b"", "b.txt": b"", "c.txt": b"", "d.txt": b""},
            "x.zip holds no .py or .ipynb file (found: a.txt, b.txt, c.txt, …). "
            "Hand in himmelblau.py or himmelblau.ipynb.",
        ),
        ({"a.py": b"", "b.py": b""},
         "x.zip: found a.py and b.py; name yours himmelblau.py and hand in only that one."),
        ({"x.zip": b""}, "x.zip holds nothing but another zip file. Hand in the module itself."),
        ({"/etc/x.py": b""}, f"x.zip holds the name '/etc/x.py', which is an absolute path. {AGAIN}"),
        ({"C:/x.py": b""}, f"x.zip holds the name 'C:/x.py', which is an absolute path. {AGAIN}"),
        ({"a/../../x.py": b""},
         f"x.zip holds the name 'a/../../x.py', which points out of the archive. {AGAIN}"),
        ({"a\\x.py": b""}, f"x.zip holds the name 'a\\x.py', which contains a backslash. {AGAIN}"),
        ({"x.py": b" " * (2**21 + 1)},
         "x.py in x.zip is 2 MB; at most 2 MB are read. Hand in your code only, without data and outputs."),
    ],
)  # fmt: skip
def test_refused(files: dict[str, bytes | str], message: str) -> None:
    assert refused(zipped(files)) == message


def test_nul_names() -> None:
    data = zipped({"x.py#evil": CODE}).replace(b"#", b"\0")
    assert refused(data) == f"x.zip holds the name 'x.py?evil', which contains a NUL character. {AGAIN}"


def test_empty_names() -> None:
    data = bytearray(zipped({"x": CODE}))
    data[26:28] = b"\0\0"
    start = data.index(b"PK\x01\x02")
    data[start + 28 : start + 30] = b"\0\0"
    data[start + 32 : start + 34] = b"\1\0"  # the old name becomes the comment
    assert refused(bytes(data)) == f"x.zip holds the name '', which is empty. {AGAIN}"


def test_encrypted() -> None:
    data = bytearray(zipped({"x.py": CODE}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert refused(bytes(data)) == "x.zip is protected by a password. Hand it in without one."


def test_symbolic_links() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("x.py")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    assert refused(buffer.getvalue()) == "x.zip holds the symbolic link 'x.py'. Put in the file itself."


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_duplicates_of_the_module() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("x.py", CODE)
        archive.writestr("x.py", "other = 1")
    assert refused(buffer.getvalue()) == f"x.zip holds 2 files named x.py. {AGAIN}"


def test_too_many_entries() -> None:
    many = zipped({f"{number}.py": b"" for number in range(1001)})
    assert refused(many) == "x.zip holds more than 1,000 files. Hand in your module only."


def test_a_directory_that_understates_itself_is_not_believed() -> None:
    many = bytearray(zipped({f"{number}.py": b"" for number in range(1001)}))
    many[-14:-10] = struct.pack("<HH", 1, 1)
    assert refused(bytes(many)) == "x.zip holds more than 1,000 files. Hand in your module only."


def test_too_much_to_unpack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "MAX_UNPACKED", 2**20)
    data = zipped({"x.py": CODE, "data.bin": b"\0" * (3 * 2**20)})
    assert refused(data) == ("x.zip would unpack to 3 MB; at most 1 MB are read. Hand in your module only.")


def test_a_bomb_that_lies_about_its_size_is_cut_off() -> None:
    data = bytearray(zipped({"x.py": b" " * 30 * 2**20}))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.index(signature) + offset
        data[at : at + 4] = struct.pack("<I", 100)
    with open_archive(io.BytesIO(bytes(data)), "x.zip") as archive:
        tree = ArchiveTree(archive, "x.zip")
        with pytest.raises(SubmissionError):
            tree.read("x.py", 2**20)


def test_unusual_compression() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("x.py", CODE)
    assert refused(buffer.getvalue()) == f"x.zip is compressed by an unusual method. {AGAIN}"


def test_damaged_data() -> None:
    data = bytearray(zipped({"x.py": CODE}))
    data[40:45] = b"\xff" * 5
    assert refused(bytes(data)) == f"x.zip is damaged: x.py cannot be unpacked. {AGAIN}"


def test_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    _from_archive("x", zipped({"himmelblau.py": CODE}), SLUG, None, "x.zip")
    assert list(tmp_path.iterdir()) == []


WHOLE = zipped({"a/": b"", "himmelblau.py": CODE, "b.ipynb": notebook(CODE)})


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=6),
    st.integers(0, 40),
)
def test_fuzzed_archives(changes: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(WHOLE)
    for at, value in changes:
        data[at] = value
    _attempt(bytes(data[: len(data) - cut] if cut > 20 else data))


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.text(max_size=12).filter(lambda name: name < "\ud800"), st.binary(max_size=40), max_size=4))
def test_fuzzed_contents(files: dict[str, bytes]) -> None:
    try:
        data = zipped(dict(files))
    except (ValueError, UnicodeError, IndexError):  # zipfile cannot write such a name
        return
    _attempt(data)


def _attempt(data: bytes) -> None:
    try:
        _from_archive("x", data, SLUG, None, "x.zip")
    except SubmissionError as error:
        assert str(error).isprintable()
