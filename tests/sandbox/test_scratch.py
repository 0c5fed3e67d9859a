"""The scratch folder goes away, whatever is in it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from autograder.sandbox import scratch


@pytest.fixture
def folder():
    path = scratch.make()
    yield path
    subprocess.run(["rm", "-rf", path], check=False)


def test_is_new_empty_and_private(folder):
    assert os.listdir(folder) == []
    assert os.stat(folder).st_mode & 0o777 == 0o700


def test_goes_away_with_files_and_folders(folder):
    os.makedirs(f"{folder}/a/b/c")
    for name in ("x", "a/x", "a/b/x", "a/b/c/.autograder-wipe-1"):
        with open(f"{folder}/{name}", "w") as stream:
            stream.write("x")
    os.mkdir(f"{folder}/.autograder-wipe-1")
    scratch.wipe(folder)
    assert not os.path.exists(folder)


def test_never_follows_links(folder, tmp_path):
    (tmp_path / "kept").write_text("kept")
    os.symlink(tmp_path, f"{folder}/folder")
    os.symlink(tmp_path / "kept", f"{folder}/file")
    os.mkdir(f"{folder}/inner")
    os.symlink(tmp_path, f"{folder}/inner/folder")
    scratch.wipe(folder)
    assert (tmp_path / "kept").read_text() == "kept"
    assert not os.path.exists(folder)


def test_goes_away_when_nested_deeper_than_any_stack(folder):
    deep = "import os, sys\nos.chdir(sys.argv[1])\nfor _ in range(1100):\n    os.mkdir('d')\n    os.chdir('d')\n"
    subprocess.run([sys.executable, "-c", deep, folder], check=True)
    scratch.wipe(folder)
    assert not os.path.exists(folder)


def test_goes_away_when_it_cannot_be_read(folder):
    os.makedirs(f"{folder}/closed/inner")
    os.chmod(f"{folder}/closed/inner", 0)
    os.chmod(f"{folder}/closed", 0)
    scratch.wipe(folder)
    assert not os.path.exists(folder)


def test_an_emptied_folder_stays(folder):
    os.makedirs(f"{folder}/a/b")
    scratch.empty(folder)
    assert os.listdir(folder) == []


def test_wiping_twice_is_fine(folder):
    scratch.wipe(folder)
    scratch.wipe(folder)


def test_counts_entries_and_bytes(folder, monkeypatch):
    monkeypatch.setattr(scratch, "MAX_ENTRIES", 5)
    monkeypatch.setattr(scratch, "MAX_BYTES", 100_000)
    assert not scratch.is_overfull(folder)
    for number in range(6):
        os.mkdir(f"{folder}/{number}")
    assert scratch.is_overfull(folder)
    scratch.wipe(folder)
    os.mkdir(folder)
    with open(f"{folder}/big", "wb") as stream:
        stream.write(b"x" * 200_000)
    assert scratch.is_overfull(folder)


def test_a_folder_that_is_gone_is_not_overfull(folder):
    scratch.wipe(folder)
    assert not scratch.is_overfull(folder)


@pytest.mark.parametrize(
    ("before", "now", "eaten"),
    [(4 << 30, 3 << 30, False), (4 << 30, 900 << 20, True), (1200 << 20, 900 << 20, False), (100 << 20, 0, False)],
)
def test_a_disk_is_eaten_when_little_is_left_and_much_was_there(folder, monkeypatch, before, now, eaten):
    real = os.statvfs(folder)
    fields = list(real)
    fields[0], fields[1], fields[4] = 4096, 4096, now // 4096  # f_bsize, f_frsize, f_bavail
    monkeypatch.setattr(os, "statvfs", lambda path: os.statvfs_result(fields))
    assert scratch.free_bytes(folder) == now
    assert scratch.is_disk_eaten(folder, before) is eaten
