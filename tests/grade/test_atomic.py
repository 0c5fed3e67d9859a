from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.grade.atomic import remove_unfinished, write_atomically


def test_replaces_the_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    write_atomically(path, b"old and longer")
    write_atomically(path, "né")
    assert path.read_bytes() == "né".encode()
    assert os.listdir(tmp_path) == ["results.json"]


def test_a_failure_leaves_the_old_file_and_no_litter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "results.json"
    write_atomically(path, b"old")

    def fail(source: object, target: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["results.json"]


def test_a_symlink_is_replaced_and_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    link = tmp_path / "results.json"
    link.symlink_to(secret)
    write_atomically(link, b"new")
    assert secret.read_bytes() == b"secret" and link.read_bytes() == b"new"


def test_files_that_were_not_finished_go_and_others_stay(tmp_path: Path) -> None:
    write_atomically(tmp_path / "ada.json", "x")
    long = "a" * 60
    for name in (".ada.json.x1y2z3ab.tmp", f".{long[:40]}.x1y2z3ab.tmp", ".notes.txt.x1y2z3ab.tmp", "ada.tmp"):
        (tmp_path / name).write_text("")
    remove_unfinished(tmp_path, (".json",))
    assert sorted(path.name for path in tmp_path.iterdir()) == [".notes.txt.x1y2z3ab.tmp", "ada.json", "ada.tmp"]
