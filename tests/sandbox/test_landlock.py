"""Landlock: what can be read and written, and what cannot."""

from __future__ import annotations

import os
import shutil

import pytest

from autograder.sandbox.locks import identity, landlock

VERSION = landlock.abi()
pytestmark = pytest.mark.skipif(not VERSION, reason="this kernel has no Landlock")


@pytest.fixture
def folders(tmp_path):
    for name in ("library", "scratch", "secret"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    return tmp_path


@pytest.fixture
def behind_the_wall(locked, folders):
    """Runs a function that may read ``library`` and write ``scratch``."""

    def run(action, version=VERSION):
        def restricted():
            identity.forbid_new_privileges()
            landlock.restrict(
                readable=[str(folders / "library"), "/no/such/folder"],
                writable=[str(folders / "scratch")],
                version=version,
            )
            return action()

        return locked(restricted)

    return run


def test_reads_the_libraries(behind_the_wall, folders):
    assert behind_the_wall(lambda: (folders / "library" / "file").read_text()) == "library"


def test_cannot_write_to_the_libraries(behind_the_wall, folders):
    assert "PermissionError" in behind_the_wall(lambda: (folders / "library" / "new").write_text("x"))
    assert "PermissionError" in behind_the_wall(lambda: (folders / "library" / "file").unlink())


def test_works_in_the_scratch_folder(behind_the_wall, folders):
    def work():
        inner = folders / "scratch" / "a" / "b"
        inner.mkdir(parents=True)
        (inner / "file").write_text("x")
        os.rename(inner / "file", folders / "scratch" / "moved")
        os.symlink("moved", folders / "scratch" / "link")
        shutil.rmtree(folders / "scratch" / "a")
        return sorted(os.listdir(folders / "scratch"))

    assert behind_the_wall(work) == "['file', 'link', 'moved']"


@pytest.mark.parametrize("name", ["secret/file", "secret", "scratch/../secret/file", "."])
def test_reads_nothing_else(behind_the_wall, folders, name):
    assert "PermissionError" in behind_the_wall(lambda: os.open(folders / name, os.O_RDONLY))


def test_no_way_in_by_links(behind_the_wall, folders):
    def follow():
        os.symlink(folders / "secret", folders / "scratch" / "way")
        return (folders / "scratch" / "way" / "file").read_text()

    assert "PermissionError" in behind_the_wall(follow)
    assert "Error" in behind_the_wall(lambda: os.link(folders / "secret" / "file", folders / "scratch" / "hard"))


def test_makes_no_sockets_and_devices_in_scratch(behind_the_wall, folders):
    import socket

    def bind():
        with socket.socket(socket.AF_UNIX) as line:
            line.bind(str(folders / "scratch" / "line"))

    assert "PermissionError" in behind_the_wall(bind)
    assert "Error" in behind_the_wall(lambda: os.mkfifo(folders / "scratch" / "fifo"))


@pytest.mark.skipif(VERSION < 4, reason="Landlock guards TCP since its fourth version")
def test_connects_nowhere(behind_the_wall):
    import socket

    def connect():
        with socket.socket() as line:
            line.settimeout(1)
            line.connect(("127.0.0.1", 9))

    assert "PermissionError" in behind_the_wall(connect)


@pytest.mark.skipif(VERSION < 6, reason="Landlock guards signals since its sixth version")
def test_signals_nobody_outside(behind_the_wall):
    assert "PermissionError" in behind_the_wall(lambda: os.kill(os.getppid(), 0))


def test_every_older_version_still_makes_a_wall(behind_the_wall, folders):
    for version in range(1, VERSION + 1):
        said = behind_the_wall(lambda: (folders / "secret" / "file").read_text(), version)
        assert "PermissionError" in said, version


def test_rights_grow_with_the_version():
    rights = [landlock.handled_file_rights(version) for version in range(1, 8)]
    assert rights == sorted(rights)
    assert rights[0] == 0x1FFF and rights[-1] == 0xFFFF
