"""Courses and assignments as they are found and read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from autograder.assignment import Limits, find_course, read_slug
from autograder.errors import AssignmentError, UsageError

if TYPE_CHECKING:
    from autograder.assignment import Assignment

NewAssignment = Callable[..., "Assignment"]
MINIMAL = 'title = "T"\nversion = "2"\n[[tasks]]\nid = "1"\ntitle = "One"\npoints = 3\n'


def test_an_assignment(tiny: Assignment, tiny_course: Path) -> None:
    assert (tiny.slug, tiny.title, tiny.version, tiny.max_score) == ("tiny", "A tiny assignment", "1", 5.0)
    assert tiny.stub == tiny_course / "assignments" / "tiny" / "tiny.py"
    assert tiny.public_tests.name == "test_public.py"
    assert tiny.solution == tiny_course / "solutions" / "tiny" / "tiny.py"
    assert tiny.hidden_tests.name == "test_hidden.py"
    assert tiny.task("2").needs == ("double",)
    assert tiny.limits.seconds_for == {"descend": 1.0}


def test_defaults(new_assignment: NewAssignment) -> None:
    assignment = new_assignment(config=MINIMAL)
    assert assignment.limits == Limits(10.0, 20.0, 2048, 64, {})
    assert (assignment.tasks[0].functions, assignment.tasks[0].needs) == ((), ())


def test_an_unknown_task(tiny: Assignment) -> None:
    with pytest.raises(AssignmentError, match=r"assignment.toml: a check names task '3', but the tasks are 1, 2\."):
        tiny.task("3")


def test_a_course_without_the_hidden_half(new_assignment: NewAssignment) -> None:
    assignment = new_assignment()
    assignment.solution.unlink()
    with pytest.raises(AssignmentError) as caught:
        _ = assignment.solution
    assert str(caught.value) == (
        f"{assignment.slug}: {assignment.slug}.py is missing from solutions/{assignment.slug}; "
        "grading needs the hidden half."
    )


def test_the_nearest_course_above(tiny_course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUTOGRADER_COURSE", raising=False)
    assert find_course(tiny_course / "assignments" / "tiny").root == tiny_course
    assert find_course(tiny_course).slugs == ("tiny",)


def test_a_named_course_comes_first(tiny_course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOGRADER_COURSE", str(tiny_course))
    assert find_course(tmp_path).root == tiny_course
    with pytest.raises(UsageError):
        find_course(tiny_course, str(tmp_path))


@pytest.mark.parametrize(("there", "missing"), [("assignments", "solutions"), ("solutions", "assignments")])
def test_half_a_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: str, missing: str) -> None:
    monkeypatch.delenv("AUTOGRADER_COURSE", raising=False)
    (tmp_path / there / "x").mkdir(parents=True)
    said = f"it has a folder {there}/, but none named {missing}/."
    with pytest.raises(UsageError) as caught:
        find_course(tmp_path, str(tmp_path))
    assert str(caught.value) == f"{tmp_path} is not a course: {said}"
    with pytest.raises(UsageError) as caught:
        find_course(tmp_path / there / "x")
    assert str(caught.value).startswith(
        f"No course was found in {tmp_path / there / 'x'} or above it. {tmp_path} is none: {said} A"
    )


def test_a_course_without_assignments(tmp_path: Path) -> None:
    (tmp_path / "assignments").mkdir()
    (tmp_path / "solutions").mkdir()
    with pytest.raises(UsageError, match=r"There is no assignment 'x' in .*; the course has: none at all\."):
        find_course(tmp_path).assignment("x")


@pytest.mark.parametrize("slug", ["../tiny", "", ".", "tiny/../tiny"])
def test_a_slug_is_a_folder_of_the_course(tiny_course: Path, slug: str) -> None:
    with pytest.raises(UsageError):
        find_course(tiny_course, str(tiny_course)).assignment(slug)


def test_the_slug_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "assignment.toml").write_text(MINIMAL)
    assert read_slug(tmp_path) == tmp_path.name
    (tmp_path / "assignment.toml").write_text('slug = "polynomial_regression"\n' + MINIMAL)
    assert read_slug(tmp_path) == "polynomial_regression"


def test_the_digest_follows_what_decides_a_grade(new_assignment: NewAssignment) -> None:
    assignment = new_assignment()

    def digest() -> str:
        return find_course(assignment.folder).assignment(assignment.slug).digest

    first = digest()
    assert digest() == first
    (assignment.folder / "notes.txt").write_text("no part of it")
    assert digest() == first
    seen = {first}
    for path in (assignment.public_tests, assignment.hidden_tests, assignment.solution, assignment.stub):
        path.write_text(path.read_text() + "\n")
        seen.add(digest())
    assert len(seen) == 5
