"""A user of its own, no way back, and limits that hold."""

from __future__ import annotations

import os
import resource
import time
from pathlib import Path

import pytest

from autograder.sandbox.locks import chroot, identity, kernel, limits

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="changing the user id needs root")
on_linux = pytest.mark.skipif(not kernel.is_linux(), reason="a matter of Linux")

MEGABYTE = 1024 * 1024


@on_linux
def test_a_user_id_is_not_used_again_soon():
    ids = {identity.fresh_uid(parent, serial) for parent in (10, 11, 4_000_000) for serial in range(256)}
    assert len(ids) == 3 * 256
    assert all(uid >= 1 << 30 for uid in ids) or identity.read_mapped_ids() != [(0, 1 << 32)]


def test_a_container_with_few_user_ids_gets_one_that_exists(monkeypatch):
    monkeypatch.setattr(identity, "read_mapped_ids", lambda: [(0, 65536)])
    ids = [identity.fresh_uid(123, serial) for serial in range(300)]
    assert all(10_000 <= uid < 65_536 for uid in ids)
    assert len(set(ids)) == 300


def test_a_container_without_user_ids_says_so(monkeypatch):
    monkeypatch.setattr(identity, "read_mapped_ids", lambda: [(1000, 1)])
    with pytest.raises(OSError, match="only 1 user ids"):
        identity.fresh_uid(1, 1)


@as_root
def test_becomes_a_user_without_rights_or_groups(locked, tmp_path):
    (tmp_path / "private").write_text("secret")
    (tmp_path / "private").chmod(0o600)

    def run():
        identity.become(identity.fresh_uid(os.getppid(), 1))
        try:
            (tmp_path / "private").read_text()
        except PermissionError:
            return os.getgroups(), identity.capabilities(), os.getuid() >= 10_000, os.getgid() == os.getuid()
        return "read it"

    assert locked(run) == "([], 0, True, True)"


@as_root
def test_there_is_no_way_back(locked):
    def run():
        identity.become(identity.fresh_uid(os.getppid(), 2))
        os.setuid(0)

    assert "PermissionError" in locked(run)


@as_root
@on_linux
@pytest.mark.parametrize("capability", [identity.CAP_DAC_READ_SEARCH, identity.CAP_DAC_OVERRIDE])
def test_keeps_one_capability_and_no_other(locked, capability):
    if not identity.capabilities() & 1 << capability:
        pytest.skip("a container keeps this capability from its root")

    def run():
        identity.become(identity.fresh_uid(os.getppid(), 3), keep=capability)
        os.listdir("/root" if os.path.isdir("/root") else "/")
        return identity.capabilities()

    assert locked(run) == str(1 << capability)


@on_linux
def test_dies_with_its_parent(tmp_path):
    pid = os.fork()
    if pid == 0:
        parent = os.getpid()
        grandchild = os.fork()
        if grandchild == 0:
            identity.die_with(parent)
            (tmp_path / "pid").write_text(str(os.getpid()))
            time.sleep(60)
            os._exit(0)
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
            time.sleep(0.01)
        os._exit(0)
    os.waitpid(pid, 0)
    orphan = int((tmp_path / "pid").read_text())
    for _ in range(200):
        try:
            state = Path(f"/proc/{orphan}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return
        if state == "Z":
            return
        time.sleep(0.01)
    raise AssertionError("the orphan lives on")


@on_linux
def test_notices_that_its_parent_is_gone_already(locked):
    assert "ended" in locked(lambda: identity.die_with(1 << 30))


def test_memory_is_capped_on_top_of_what_is_held(locked):
    def run():
        limits.apply_limits(memory_mb=64, cpu_seconds=10, own_uid=False)
        kept = bytes(30 * MEGABYTE)
        try:
            bytes(200 * MEGABYTE)
        except MemoryError:
            return len(kept)
        return "took it"

    assert locked(run) == str(30 * MEGABYTE)


def test_limits_cannot_be_raised_again(locked):
    def run():
        limits.apply_limits(memory_mb=64, cpu_seconds=10, own_uid=False)
        soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
        if os.geteuid() == 0:
            identity.become(identity.fresh_uid(os.getppid(), 4))
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (hard + 1, hard + 1))
        except ValueError:
            return soft, hard
        return "raised"

    assert locked(run) == "(10, 11)"


def test_files_and_descriptors_are_capped(locked, tmp_path):
    def run():
        limits.apply_limits(memory_mb=512, cpu_seconds=10, own_uid=False)
        try:
            with open(tmp_path / "big", "wb") as stream:
                for _ in range(limits.FILE_MB + 1):
                    stream.write(bytes(MEGABYTE))
        except OSError:
            pass
        opened = []
        try:
            while True:
                opened.append(os.open(os.devnull, os.O_RDONLY))
        except OSError:
            return len(opened) <= limits.DESCRIPTORS, os.path.getsize(tmp_path / "big") <= limits.FILE_MB * MEGABYTE

    assert locked(run) == "(True, True)"


def test_a_lower_ceiling_of_the_machine_is_kept(locked):
    def run():
        resource.setrlimit(resource.RLIMIT_NOFILE, (50, 50))
        limits.apply_limits(memory_mb=64, cpu_seconds=10, own_uid=False)
        return resource.getrlimit(resource.RLIMIT_NOFILE)

    assert locked(run) == "(50, 50)"


@as_root
def test_one_folder_becomes_the_whole_file_system(locked, tmp_path):
    (tmp_path / "inside").write_text("x")

    def run():
        chroot.enter(str(tmp_path))
        identity.become(identity.fresh_uid(os.getppid(), 5))
        try:
            os.chdir("../../..")
            os.chroot("/")
        except PermissionError:
            return os.path.exists("/inside"), os.path.exists("/etc")
        return "left"

    tmp_path.chmod(0o755)
    assert locked(run) == "(True, False)"
