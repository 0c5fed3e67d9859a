"""Which locks are planned, what is said of them, and that weak ones are refused."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import autograder
from autograder.cli import cli
from autograder.errors import WorkerError
from autograder.sandbox import child, client
from autograder.sandbox.control import Lockdown, Ready
from autograder.sandbox.layers import LAYERS
from autograder.sandbox.locks import plan as planning
from autograder.sandbox.locks.plan import Plan, readable_paths, survey

STRONG = Plan(wall="landlock", landlock_version=7, drop_uid=True, seccomp=True)


def test_the_survey_of_this_machine_is_stable():
    assert survey() == survey()


@pytest.mark.parametrize(
    ("plan", "strong"),
    [
        (STRONG, True),
        (Plan(wall="chroot", drop_uid=True, seccomp=True), True),
        (Plan(wall="no files", seccomp=True), True),
        (Plan(wall="landlock", landlock_version=1), False),
        (Plan(seccomp=True), False),
        (Plan(), False),
        (Plan(linux=False), False),
    ],
)
def test_a_wall_and_a_filter_are_the_least(plan, strong):
    assert plan.is_strong is strong


def test_the_strongest_plan_lacks_nothing():
    assert STRONG.missing == ()
    assert "Landlock (version 7)" in STRONG.locks and "system call filter" in STRONG.locks


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (Plan(wall="landlock", landlock_version=3, seccomp=True), "your own user id"),
        (Plan(wall="landlock", landlock_version=3, seccomp=True), "version 3"),
        (Plan(wall="chroot", drop_uid=True, seccomp=True), "no Landlock"),
        (Plan(drop_uid=True, seccomp=True), "Nothing keeps student code from reading files"),
        (Plan(wall="landlock", landlock_version=7), "no system call filter"),
        (Plan(linux=False), "reduced isolation"),
        (
            Plan(wall="landlock", landlock_version=7, drop_uid=True, seccomp=True, unreachable="/root/lib"),
            "/root/lib is in a folder that only root may enter",
        ),
    ],
)
def test_says_what_is_weaker(plan, words):
    assert words in " ".join(plan.missing)


def test_libraries_can_be_read_and_the_course_cannot():
    paths = list(readable_paths())
    package = Path(autograder.__file__).parent.resolve()
    assert str(package) in paths
    assert str(package.parent) not in paths
    assert "/" not in paths and os.path.expanduser("~") not in paths
    for path in paths:
        assert not (package.parent / "solutions").is_relative_to(path), path


def test_an_attempt_that_fails_changes_nothing_here():
    assert planning._works(lambda: None)
    assert not planning._works(lambda: os.chdir("/no/such/folder"))
    assert not planning._works(lambda: os._exit(3))


def test_a_child_refuses_to_run_behind_weak_locks():
    heard, told = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.dup2(told, child._STATUS_FD)
        lockdown = Lockdown(memory_mb=1, cpu_seconds=1, require=True)
        child._locked(child.Birth(lockdown, Plan(), os.getppid(), 1, 0, 0, 0))
        os._exit(0)
    os.close(told)
    with os.fdopen(heard, "rb") as stream:
        said = stream.read()
    os.waitpid(pid, 0)
    assert b"too weak" in said and child.LOCKED not in said


class _Said:
    """A process that has ended, in place of a zygote."""

    stderr = None

    def __init__(self, *args, **kwargs):
        pass

    def kill(self):
        pass

    def wait(self, timeout=None):
        return 0


def _start(monkeypatch, ready):
    monkeypatch.setattr(client.subprocess, "Popen", _Said)
    monkeypatch.setattr(client.Zygote, "_receive", lambda self: ready)
    zygote = client.Zygote()
    zygote.close()
    return zygote


def test_a_weak_machine_grades_nothing(monkeypatch):
    monkeypatch.delenv(client.ALLOW_WEAK, raising=False)
    with pytest.raises(WorkerError, match=r"cannot lock up student code.*Nothing keeps.*ALLOW_WEAK_SANDBOX=1"):
        _start(monkeypatch, Ready(("resource limits",), Plan(seccomp=True).missing, strong=False))


def test_a_weak_machine_grades_when_it_is_told_to(monkeypatch):
    monkeypatch.setenv(client.ALLOW_WEAK, "1")
    zygote = _start(monkeypatch, Ready(Plan().locks, Plan().missing, strong=False))
    assert zygote.locks[0] == "reduced isolation"


def test_the_doctor_names_every_layer_and_is_content():
    result = CliRunner().invoke(cli, ["doctor"])
    assert result.exit_code == 0
    plan = survey()
    for layer in LAYERS:
        if layer.is_on(plan):
            assert f"on   {layer.name}" in result.output
    assert all(sentence in result.output for sentence in plan.missing)
    assert result.output.splitlines()[-1].startswith(("Student code is locked up", "Nothing is graded", "Reduced"))


def test_the_doctor_starts_without_torch():
    code = (
        "import sys, autograder.cli.doctor\n"
        "from autograder.sandbox.locks.plan import survey\n"
        "survey()\n"
        "print('torch' in sys.modules)\n"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"


@pytest.mark.parametrize("plan", [STRONG, Plan(), Plan(linux=False), Plan(wall="chroot"), Plan(wall="no files")])
def test_the_doctor_has_words_for_every_machine(monkeypatch, plan):
    monkeypatch.setattr("autograder.sandbox.locks.plan.survey", lambda: plan)
    result = CliRunner().invoke(cli, ["doctor"])
    assert result.exit_code == 0 and len(result.output.splitlines()) >= 6
