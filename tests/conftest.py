"""A tiny course (one assignment, two functions, four checks), and one judge for it: a judge costs seconds to start.

Beside it one whole report, and this repository's own course.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from autograder.assignment import Assignment, Course
    from autograder.grade.judge import Judge
    from autograder.results import GradeReport

pytest_plugins = (
    "tests.checking.checks_here",
    "tests.grade.one_zygote",
    "tests.grade.quick_judges",
    "tests.processes",
)

ROOT = Path(__file__).parents[1]

# Before anything imports torch, and for every process that a test starts. Judges and workers compute in one thread
# anyhow; a second one beside other test processes spins while it waits, and would be there until a judge's test came.
os.environ["OMP_NUM_THREADS"] = "1"

# The same examples in every run; how long one takes is the machine's business.
settings.register_profile("tests", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")

CONFIG = """\
title = "A tiny assignment"
version = "1"
summary = "Double numbers and walk down a slope."

[limits]
call_seconds = 20
load_seconds = 30
idle_seconds = 2
memory_mb = 300
output_kb = 1

[limits.seconds_for]
descend = 1

[[tasks]]
id = "1"
title = "Doubling"
points = 3
functions = ["double"]

[[tasks]]
id = "2"
title = "Descending"
points = 2
functions = ["descend"]
needs = ["double"]
"""

STUB = '''\
# %% [markdown]
# # A tiny assignment

# %%
import torch


def given_number() -> float:
    """Return the number that the checks double."""
    return 21.0


# %%
def double(number):
    """Return twice the number."""
    raise NotImplementedError("double")


# %%
def descend(start, steps=3):
    """Return the losses x² of gradient descent on x² at rate 0.25, one per step, and the final x."""
    raise NotImplementedError("descend")
'''

SOLUTION = STUB.replace('raise NotImplementedError("double")', "return 2 * number").replace(
    'raise NotImplementedError("descend")',
    """x, losses = torch.tensor(start, requires_grad=True), []
    for _ in range(steps):
        loss = x**2
        (gradient,) = torch.autograd.grad(loss, x)
        losses.append(loss.item())
        x = (x - 0.25 * gradient).detach().requires_grad_()
    return losses, x.item()""",
)

PUBLIC = '''\
import pytest

from autograder.checks import assert_values


@pytest.mark.task("1", points=2, category="correctness")
@pytest.mark.parametrize("factor", [1.0, -3.0])
def test_doubles(submission, given, factor):
    """A number is doubled."""
    number = factor * given.given_number()
    assert_values(submission.double(number=number), 2 * number, atol=1e-6, what="double")
'''

HIDDEN = '''\
import pytest
import torch

from autograder.checks import assert_values


@pytest.mark.task("1", points=1, category="correctness", visibility="hidden")
def test_doubles_a_tensor(submission):
    """A tensor is doubled, too."""
    number = torch.tensor([1.5, 2.5])
    assert_values(submission.double(number), torch.tensor([3.0, 5.0]), atol=1e-6, what="double")


@pytest.mark.task("2", points=2, category="convergence", visibility="after_published")
def test_descends(submission, reference):
    """The walk on x² arrives where the reference does."""
    assert_values(submission.descend(4.0), reference.descend(4.0), atol=1e-6, names=("losses", "x"), what="descend")
'''


WriteCourse = Callable[..., "Path"]
_numbers = itertools.count(1)


def write_files(folder: Path, files: dict[str, str]) -> Path:
    """Writes texts below ``folder`` and returns it."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def course_files(slug: str, **changes: str) -> dict[str, str]:
    """The files of a course with one assignment; ``changes`` replaces config, stub, solution, public or hidden."""
    parts = {"config": CONFIG, "stub": STUB, "solution": SOLUTION, "public": PUBLIC, "hidden": HIDDEN} | changes
    return {
        f"assignments/{slug}/assignment.toml": parts["config"],
        f"assignments/{slug}/{slug}.py": parts["stub"],
        f"assignments/{slug}/test_public.py": parts["public"],
        f"solutions/{slug}/{slug}.py": parts["solution"],
        f"solutions/{slug}/test_hidden.py": parts["hidden"],
    }


@pytest.fixture
def new_assignment(tmp_path: Path) -> Callable[..., Assignment]:
    """Writes a course of its own below the test's folder and returns its assignment, under a slug never used yet.

    pytest keeps imported test modules by name, so two assignments of one process must not share a slug.
    """
    from autograder.assignment import find_course

    def write(**changes: str) -> Assignment:
        slug = f"tiny_{next(_numbers)}"
        return find_course(write_files(tmp_path / "course", course_files(slug, **changes))).assignment(slug)

    return write


@pytest.fixture(scope="session")
def tiny_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a course whose only assignment is ``tiny``."""
    return write_files(tmp_path_factory.mktemp("course"), course_files("tiny"))


@pytest.fixture(scope="session")
def tiny(tiny_course: Path) -> Assignment:
    """The tiny assignment."""
    from autograder.assignment import find_course

    return find_course(tiny_course).assignment("tiny")


@pytest.fixture(scope="session")
def judge(tiny: Assignment) -> Iterator[Judge]:
    """The judge of the tiny assignment, shared by every test."""
    from autograder.grade.judge import Judge

    with Judge(tiny) as one:
        yield one


@pytest.fixture(scope="session")
def solution() -> str:
    """A submission that earns full marks in the tiny assignment."""
    return SOLUTION


@pytest.fixture(scope="session")
def stub() -> str:
    """The tiny assignment's handout."""
    return STUB


@pytest.fixture
def grade(judge: Judge) -> Callable[[str], GradeReport]:
    """Grades a source text as a submission of the tiny assignment."""
    from autograder.submission import Submission

    def run(source: str, **fields: object) -> GradeReport:
        values = {"name": "student", "filename": "tiny.py", "kind": "py", "notes": (), "digest": ""} | fields
        return judge.grade(Submission(source=source, **values))

    return run


@pytest.fixture
def report() -> GradeReport:
    """One whole report, of which the goldens in tests/reports are made."""
    import msgspec

    from autograder.results import GradeReport

    data = (ROOT / "tests" / "reports" / "golden" / "report.json").read_bytes()
    return msgspec.json.decode(data, type=GradeReport)


@pytest.fixture(scope="session")
def course() -> Course:
    """The course of this repository."""
    from autograder.assignment import Course

    return Course(ROOT)


@pytest.fixture(scope="session")
def small(course: Course) -> Assignment:
    """Its assignment that is cheapest to grade."""
    return course.assignment("polynomial_regression")
