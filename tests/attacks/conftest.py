"""One judge, with canaries around it, for the whole suite."""

from __future__ import annotations

import os

import pytest

from tests.attacks import grading

# Attacks are data: pytest never collects them.
collect_ignore_glob = ["*/*.py"]


@pytest.fixture(scope="session")
def bench(tmp_path_factory):
    """A judge of the tiny course."""
    with grading.Suite(tmp_path_factory.mktemp("attacks")) as bench:
        yield bench


@pytest.fixture(scope="session")
def honest_bytes(bench):
    """What the judge says of the reference solution before any attack."""
    return grading.without_times(bench.grade(grading.HERE / "honest" / "plain.py"))


WAYS = {"both": ("submission", "check")}
"""``AUTOGRADER_TEST_ISOLATION`` is ``both``, or one of the two; without it, as by default."""


def pytest_generate_tests(metafunc):
    if "isolation" in metafunc.fixturenames:
        asked = os.environ.get("AUTOGRADER_TEST_ISOLATION", "submission")
        metafunc.parametrize("isolation", WAYS.get(asked, (asked,)))
    if "attack" in metafunc.fixturenames:
        found = grading.cases(*grading.CLASSES)
        metafunc.parametrize("attack", found, ids=[case.name for case in found])
    if "control" in metafunc.fixturenames:
        found = grading.cases("honest")
        metafunc.parametrize("control", found, ids=[case.path.stem for case in found])
