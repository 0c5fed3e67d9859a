"""Zips that attack the intake."""

from __future__ import annotations

import stat
import struct
import zipfile
from pathlib import Path

from tests.attacks.handed_in import EMPTY, attack, put, zipped


@attack
def zip_bomb(folder: Path) -> Path:
    """Two hundred megabytes of zeros in two hundred kilobytes."""
    return put(folder, "bomb.zip", zipped({"tiny.py": bytes(200_000_000)}))


@attack
def zip_of_zips(folder: Path) -> Path:
    """Archives in archives in archives."""
    data = zipped({"tiny.py": EMPTY})
    for _ in range(8):
        data = zipped({"inner.zip": data})
    return put(folder, "nested.zip", data)


@attack
def zip_traversal(folder: Path) -> Path:
    """Members that climb out of the folder, by both kinds of slash and by absolute names."""
    names = ("../../escaped.py", "..\\..\\escaped.py", "/tmp/escaped.py", "C:\\escaped.py", "a/../../tiny.py")
    return put(folder, "climb.zip", zipped(dict.fromkeys(names, EMPTY)))


@attack
def zip_link(folder: Path) -> Path:
    """A symbolic link to the solution in place of the module."""

    def link(archive: zipfile.ZipFile) -> None:
        member = zipfile.ZipInfo("tiny.py")
        member.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(member, "../course/solutions/tiny/tiny.py")

    return put(folder, "link.zip", zipped({}, link))


@attack
def zip_device(folder: Path) -> Path:
    """A device in place of the module."""

    def device(archive: zipfile.ZipFile) -> None:
        member = zipfile.ZipInfo("tiny.py")
        member.external_attr = (stat.S_IFCHR | 0o666) << 16
        archive.writestr(member, "")

    return put(folder, "device.zip", zipped({}, device))


@attack
def zip_duplicates(folder: Path) -> Path:
    """The same name twice with different contents."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = zipped({"tiny.py": EMPTY}, lambda archive: archive.writestr("tiny.py", "raise SystemExit\n"))
    return put(folder, "twice.zip", data)


@attack
def zip_million_entries(folder: Path) -> Path:
    """Twenty thousand empty members."""
    return put(folder, "crowd.zip", zipped({f"f{number}.py": "" for number in range(20_000)}))


@attack
def zip_encrypted(folder: Path) -> Path:
    """Claims to be encrypted."""
    data = bytearray(zipped({"tiny.py": EMPTY}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature) + offset
        data[at] |= 1
    return put(folder, "locked.zip", bytes(data))


@attack
def zip_nul_name(folder: Path) -> Path:
    """A member whose name has a zero byte, which Python cuts off."""
    return put(folder, "nul.zip", zipped({"tiny.pyX.exe": EMPTY}).replace(b"tiny.pyX.exe", b"tiny.py\x00.exe"))


@attack
def zip_cut_off(folder: Path) -> Path:
    """Half an archive."""
    data = zipped({"tiny.py": EMPTY})
    return put(folder, "half.zip", data[: len(data) // 2])


@attack
def zip_lying_sizes(folder: Path) -> Path:
    """A directory that claims other sizes than there are."""
    data = bytearray(zipped({"tiny.py": "x = 1\n" * 10_000}))
    at = data.find(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 10)
    return put(folder, "liar.zip", bytes(data))


@attack
def zip_with_famous_files(folder: Path) -> Path:
    """torch.py, conftest.py, sitecustomize.py and pytest.ini beside the module."""
    names = ("torch.py", "conftest.py", "sitecustomize.py", "test_x.py")
    files: dict[str, bytes | str] = dict.fromkeys(names, "raise SystemExit('shadow')\n")
    return put(folder, "famous.zip", zipped(files | {"pytest.ini": "[pytest]\naddopts = -x\n", "tiny.py": EMPTY}))


@attack
def zip_of_endless_names(folder: Path) -> Path:
    """Names of sixty thousand marks, which a search for their ends would read for minutes."""
    names = (f"{number}{'_' * 60_000}.py" for number in range(20))
    return put(folder, "names.zip", zipped(dict.fromkeys(names, EMPTY)))


@attack
def zip_names_of_markup(folder: Path) -> Path:
    """Members whose names are terminal codes, markup, formulas and marks of direction."""
    names = ("\x1b[2Jtiny.py", "<script>alert(1)</script>.py", "=cmd|' !C'!A0.py", "\u202eyp.ynit.py", "a\nb.py")
    return put(folder, "markup.zip", zipped(dict.fromkeys(names, EMPTY)))


@attack
def zip_within_itself(folder: Path) -> Path:
    """An archive behind another archive's bytes, with a comment that looks like a directory."""

    def comment(archive: zipfile.ZipFile) -> None:
        archive.comment = b"PK\x01\x02" * 2000 + b"PK\x05\x06" + bytes(18)

    return put(folder, "polyglot.zip", b"import torch\n" + zipped({"tiny.py": EMPTY}, comment))


@attack
def not_a_zip(folder: Path) -> Path:
    """A tar archive named zip."""
    return put(folder, "tar.zip", b"tiny.py" + bytes(1017))
