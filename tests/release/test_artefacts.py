"""Built twice, the same bytes; written, exactly what was built."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from autograder.release.artefact import differences, write_files, zip_bytes

FILES = {"a.py": b"print(1)\n", "run": b"#!/bin/sh\n", "inner/b.txt": b"text\n"}


def test_equal_files_give_equal_zips_whatever_their_order() -> None:
    assert zip_bytes(FILES) == zip_bytes(dict(reversed(FILES.items())))


def test_only_programs_are_executable_in_a_zip() -> None:
    with zipfile.ZipFile(io.BytesIO(zip_bytes(FILES))) as archive:
        modes = {entry.filename: entry.external_attr >> 16 for entry in archive.infolist()}
        assert archive.namelist() == ["a.py", "inner/b.txt", "run"]
    assert modes == {"a.py": 0o100644, "inner/b.txt": 0o100644, "run": 0o100755}


def test_a_written_folder_holds_exactly_the_files(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "stale.py").write_text("")
    write_files(tmp_path, FILES)
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()) == sorted(
        FILES
    )
    assert not (tmp_path / "old").exists()
    assert (tmp_path / "run").stat().st_mode & 0o777 == 0o755
    assert differences(tmp_path, FILES) == []


def test_differences_name_the_file_and_the_line(tmp_path: Path) -> None:
    write_files(tmp_path, FILES)
    (tmp_path / "a.py").write_text("print(2)\n")
    (tmp_path / "inner" / "b.txt").unlink()
    (tmp_path / "new.py").write_text("")
    assert differences(tmp_path, FILES) == [
        "a.py is not what its sources say (line 1)",
        "inner/b.txt is missing",
        "new.py should not be there",
    ]
