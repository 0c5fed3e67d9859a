"""Every attack is contained: no points, no secret, no file, no process, and no harm to who comes next."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from tests.attacks.grading import HERE, without_times

ATTACKS_IN_A_ROW = 4
JUDGE_SECONDS = 10.0
"""Processor time that one attack may cost the judge, whose work no limit ends."""
JUDGE_BYTES = 900_000_000
"""Memory that the judge may take on the way for one attack."""


def test_attack_is_contained(bench, honest_bytes, attack, isolation):
    before = bench.fingerprint()
    memory, started = bench.judge_memory(), time.process_time()

    report = bench.grade(attack.path, attack.seconds, isolation)

    assert report.status == "graded", [check.feedback for check in report.checks]
    assert report.score == attack.score
    assert bench.leaked(report) == []
    assert {check.outcome.value for check in report.checks} <= (attack.outcomes or {"failed", "error"} | _QUIET)
    assert any(attack.remark in remark for remark in report.integrity) or not attack.remark
    assert time.process_time() - started < JUDGE_SECONDS
    assert bench.judge_memory() - memory < JUDGE_BYTES
    assert bench.fingerprint() == before
    assert bench.strays() == []
    assert bench.left_in_scratch() == []
    expect_honest_grade(bench, honest_bytes, attack)


def expect_honest_grade(bench, honest_bytes, attack):
    """After every few attacks the reference solution gets the report that it got before the first one."""
    bench.since_honest.append(attack.name)
    if len(bench.since_honest) < ATTACKS_IN_A_ROW:
        return
    report = bench.grade(HERE / "honest" / "plain.py")
    assert without_times(report) == honest_bytes, f"after {', '.join(bench.since_honest)}"
    bench.since_honest.clear()


def test_the_honest_grade_is_the_same_after_the_last_attack(bench, honest_bytes):
    assert without_times(bench.grade(HERE / "honest" / "plain.py")) == honest_bytes


def test_honest_control_keeps_full_marks(bench, control, isolation):
    if bench.lacks(control.needs):
        pytest.skip(f"behind the wall of this machine there is no {control.needs}")

    report = bench.grade(control.path, isolation=isolation)

    assert report.score == control.score, [check.feedback for check in report.checks]
    assert bench.left_in_scratch() == []


def test_every_class_has_attacks_and_there_are_enough():
    from tests.attacks.grading import CLASSES, cases

    assert all(cases(name) for name in CLASSES)
    assert len(cases(*CLASSES)) >= 80
    assert len(cases("honest")) >= 20


_QUIET = {"passed", "skipped"}


@pytest.mark.parametrize("name", ["solution_file", "import_the_answers", "run_a_program", "walk_everything"])
def test_without_locks_the_same_attack_would_succeed(bench, name):
    source = bench.submission(HERE / "steal" / f"{name}.py").source
    command = [sys.executable, "-I", "-B", "-c", f"{source}\nprint(attack())"]
    ran = subprocess.run(command, cwd="/", capture_output=True, text=True, check=True)
    assert bench.canaries["solution"] in ran.stdout
