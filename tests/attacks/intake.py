"""Archives, notebooks and names that attack the intake: each makes one file or folder for ``tiny``.

A builder gets the folder to write into and returns what was handed in. Its docstring says what it tries.
"""

from __future__ import annotations

import io
import json
import os
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

Builder = Callable[[Path], Path]
BUILDERS: dict[str, Builder] = {}

HONEST = (Path(__file__).parent / "honest" / "plain.py").read_text(encoding="utf-8")
EMPTY = "def double(x):\n    return None\n"


def attack(build: Builder) -> Builder:
    """Adds a builder to the suite."""
    BUILDERS[build.__name__] = build
    return build


def _put(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def _zip(files: dict[str, bytes | str], edit: Callable[[zipfile.ZipFile], None] = lambda archive: None) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        edit(archive)
    return buffer.getvalue()


def _notebook(cells: list[object], **changes: object) -> str:
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5} | changes)


def _code(source: object) -> dict[str, object]:
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}


@attack
def zip_bomb(folder: Path) -> Path:
    """Two hundred megabytes of zeros in two hundred kilobytes."""
    return _put(folder, "bomb.zip", _zip({"tiny.py": bytes(200_000_000)}))


@attack
def zip_of_zips(folder: Path) -> Path:
    """Archives in archives in archives."""
    data = _zip({"tiny.py": EMPTY})
    for _ in range(8):
        data = _zip({"inner.zip": data})
    return _put(folder, "nested.zip", data)


@attack
def zip_traversal(folder: Path) -> Path:
    """Members that climb out of the folder, by both kinds of slash and by absolute names."""
    names = ("../../escaped.py", "..\\..\\escaped.py", "/tmp/escaped.py", "C:\\escaped.py", "a/../../tiny.py")
    return _put(folder, "climb.zip", _zip(dict.fromkeys(names, EMPTY)))


@attack
def zip_link(folder: Path) -> Path:
    """A symbolic link to the solution in place of the module."""

    def link(archive: zipfile.ZipFile) -> None:
        member = zipfile.ZipInfo("tiny.py")
        member.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(member, "../course/solutions/tiny/tiny.py")

    return _put(folder, "link.zip", _zip({}, link))


@attack
def zip_device(folder: Path) -> Path:
    """A device in place of the module."""

    def device(archive: zipfile.ZipFile) -> None:
        member = zipfile.ZipInfo("tiny.py")
        member.external_attr = (stat.S_IFCHR | 0o666) << 16
        archive.writestr(member, "")

    return _put(folder, "device.zip", _zip({}, device))


@attack
def zip_duplicates(folder: Path) -> Path:
    """The same name twice with different contents."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = _zip({"tiny.py": EMPTY}, lambda archive: archive.writestr("tiny.py", "raise SystemExit\n"))
    return _put(folder, "twice.zip", data)


@attack
def zip_million_entries(folder: Path) -> Path:
    """Twenty thousand empty members."""
    return _put(folder, "crowd.zip", _zip({f"f{number}.py": "" for number in range(20_000)}))


@attack
def zip_encrypted(folder: Path) -> Path:
    """Claims to be encrypted."""
    data = bytearray(_zip({"tiny.py": EMPTY}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature) + offset
        data[at] |= 1
    return _put(folder, "locked.zip", bytes(data))


@attack
def zip_nul_name(folder: Path) -> Path:
    """A member whose name has a zero byte, which Python cuts off."""
    return _put(folder, "nul.zip", _zip({"tiny.pyX.exe": EMPTY}).replace(b"tiny.pyX.exe", b"tiny.py\x00.exe"))


@attack
def zip_cut_off(folder: Path) -> Path:
    """Half an archive."""
    data = _zip({"tiny.py": EMPTY})
    return _put(folder, "half.zip", data[: len(data) // 2])


@attack
def zip_lying_sizes(folder: Path) -> Path:
    """A directory that claims other sizes than there are."""
    data = bytearray(_zip({"tiny.py": "x = 1\n" * 10_000}))
    at = data.find(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 10)
    return _put(folder, "liar.zip", bytes(data))


@attack
def zip_with_famous_files(folder: Path) -> Path:
    """torch.py, conftest.py, sitecustomize.py and pytest.ini beside the module."""
    names = ("torch.py", "conftest.py", "sitecustomize.py", "test_x.py")
    files: dict[str, bytes | str] = dict.fromkeys(names, "raise SystemExit('shadow')\n")
    return _put(folder, "famous.zip", _zip(files | {"pytest.ini": "[pytest]\naddopts = -x\n", "tiny.py": EMPTY}))


@attack
def zip_of_endless_names(folder: Path) -> Path:
    """Names of sixty thousand marks, which a search for their ends would read for minutes."""
    names = (f"{number}{'_' * 60_000}.py" for number in range(20))
    return _put(folder, "names.zip", _zip(dict.fromkeys(names, EMPTY)))


@attack
def zip_names_of_markup(folder: Path) -> Path:
    """Members whose names are terminal codes, markup, formulas and marks of direction."""
    names = ("\x1b[2Jtiny.py", "<script>alert(1)</script>.py", "=cmd|' !C'!A0.py", "\u202eyp.ynit.py", "a\nb.py")
    return _put(folder, "markup.zip", _zip(dict.fromkeys(names, EMPTY)))


@attack
def zip_within_itself(folder: Path) -> Path:
    """An archive behind another archive's bytes, with a comment that looks like a directory."""

    def comment(archive: zipfile.ZipFile) -> None:
        archive.comment = b"PK\x01\x02" * 2000 + b"PK\x05\x06" + bytes(18)

    return _put(folder, "polyglot.zip", b"import torch\n" + _zip({"tiny.py": EMPTY}, comment))


@attack
def not_a_zip(folder: Path) -> Path:
    """A tar archive named zip."""
    return _put(folder, "tar.zip", b"tiny.py" + bytes(1017))


@attack
def link_to_the_solution(folder: Path) -> Path:
    """A link in place of the file."""
    path = folder / "linked.py"
    os.symlink("../course/solutions/tiny/tiny.py", path)
    return path


@attack
def named_pipe(folder: Path) -> Path:
    """A pipe that never says anything in place of the file."""
    path = folder / "pipe.py"
    os.mkfifo(path)
    return path


@attack
def folder_of_pipes(folder: Path) -> Path:
    """A folder whose module is a pipe."""
    path = folder / "student"
    path.mkdir()
    os.mkfifo(path / "tiny.py")
    return path


@attack
def folder_of_links(folder: Path) -> Path:
    """A folder whose module is a link to the solution, beside links in circles."""
    path = folder / "student"
    path.mkdir()
    os.symlink("../../course/solutions/tiny/tiny.py", path / "tiny.py")
    os.symlink(".", path / "again")
    os.symlink("loop", path / "loop")
    return path


@attack
def folder_that_is_a_link(folder: Path) -> Path:
    """A link to the folder of the solution."""
    path = folder / "student"
    os.symlink("../course/solutions/tiny", path)
    return path


@attack
def folder_named_like_the_module(folder: Path) -> Path:
    """A folder named tiny.py within folders nested as deep as a path may be."""
    path = folder / "student" / "tiny.py"
    for _ in range(15):
        path /= "d" * 200
    path.mkdir(parents=True)
    (folder / "student" / "other.py").write_text(EMPTY)
    return folder / "student"


@attack
def socket_file(folder: Path) -> Path:
    """A socket in place of the file."""
    import socket

    path = folder / "line.py"
    here = os.getcwd()
    os.chdir(folder)  # the names of sockets are short
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.bind("line.py")
    finally:
        os.chdir(here)
    return path


@attack
def sparse_giant(folder: Path) -> Path:
    """Ten gigabytes of nothing."""
    path = folder / "giant.ipynb"
    with path.open("wb") as stream:
        stream.truncate(10 * 1024**3)
    return path


@attack
def huge_file(folder: Path) -> Path:
    """Three hundred megabytes of source, none of them on disk."""
    path = folder / "huge.py"
    with path.open("wb") as stream:
        stream.truncate(300_000_000)
    return path


@attack
def binary_source(folder: Path) -> Path:
    """Bytes that are no text."""
    return _put(folder, "binary.py", bytes(range(256)) * 20)


@attack
def sixteen_bit_source(folder: Path) -> Path:
    """UTF-16 with a lone surrogate."""
    return _put(folder, "utf16.py", b"\xff\xfex\x00 \x00=\x00 \x00\x00\xd8")


@attack
def notebook_of_many_cells(folder: Path) -> Path:
    """Sixty thousand cells."""
    return _put(folder, "cells.ipynb", _notebook([_code("x = 1")] * 60_000))


@attack
def notebook_deep_json(folder: Path) -> Path:
    """JSON that nests a hundred thousand deep."""
    return _put(folder, "deep.ipynb", '{"cells":' + "[" * 100_000 + "]" * 100_000 + "}")


@attack
def notebook_odd_cells(folder: Path) -> Path:
    """Cells of every wrong type."""
    cells = [None, 3, [], "text", {}, _code(None), _code(7), _code([1, None]), {"cell_type": "code"}, {"cell_type": 3}]
    return _put(folder, "odd.ipynb", _notebook(cells))


@attack
def notebook_odd_metadata(folder: Path) -> Path:
    """Metadata, versions and a kernel that are none."""
    data = _notebook([_code(EMPTY)], metadata={"kernelspec": {"name": "\x1b[31m<b>", "language": ["R"]}}, nbformat="x")
    return _put(folder, "metadata.ipynb", data)


@attack
def notebook_source_of_single_letters(folder: Path) -> Path:
    """A cell whose source is a list of half a million strings, in a notebook of one id."""
    cells = [_code(list("x = 1\n" * 100_000)) | {"id": "same"}] * 2
    return _put(folder, "letters.ipynb", _notebook(cells))


@attack
def notebook_metadata_everywhere(folder: Path) -> Path:
    """Megabytes of markup in every field that is not code."""
    long = "<img src=x onerror=alert(1)>\x1b[31m" * 20_000
    cell = _code(EMPTY) | {"metadata": {"name": long, "tags": [long]}, "id": long, "outputs": [{"text": long}]}
    return _put(folder, "fields.ipynb", _notebook([cell], metadata={"title": long, "kernelspec": {"name": long}}))


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
    return _put(folder, "magics.ipynb", _notebook([_code(source) for source in sources]))


@attack
def notebook_huge_number(folder: Path) -> Path:
    """A number of a million digits in the JSON, and NaN."""
    return _put(folder, "number.ipynb", '{"cells": [], "nbformat": ' + "9" * 1_000_000 + ', "metadata": NaN}')


@attack
def notebook_redefinitions(folder: Path) -> Path:
    """Cells that delete, redefine and shadow what is graded."""
    sources = [HONEST, "del double\n", "double = minimize = 3\n", "raise SystemExit\n", "while 1:\n    pass\n", EMPTY]
    return _put(folder, "again.ipynb", _notebook([_code(source) for source in sources]))


@attack
def name_with_markup(folder: Path) -> Path:
    """A file name of HTML."""
    return _put(folder, "<img src=x onerror=alert(1)>.py", EMPTY)


@attack
def name_with_codes(folder: Path) -> Path:
    """A file name with a newline, terminal codes and marks of direction."""
    return _put(folder, "two\nlines\x1b[31m\u202ehtml.py", EMPTY)


@attack
def name_of_a_formula(folder: Path) -> Path:
    """A file name that a spreadsheet would run."""
    return _put(folder, "=cmd|' !C calc'!A0.py", EMPTY)


@attack
def name_that_is_no_text(folder: Path) -> Path:
    """A file name that is not valid UTF-8."""
    path = os.path.join(os.fsencode(folder), b"\xff\xfe\x80.py")
    with open(path, "wb") as stream:
        stream.write(EMPTY.encode())
    return Path(os.fsdecode(path))


@attack
def name_as_long_as_possible(folder: Path) -> Path:
    """A file name of 255 bytes."""
    return _put(folder, "n" * 252 + ".py", EMPTY)
