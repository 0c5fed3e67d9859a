"""What is handed out of a repair task: the faulty body as it stands, and nothing of the repaired one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.assignment import Assignment, Course, untouched
from autograder.release import student_files
from autograder.release.leaks import find_leaks
from autograder.release.nbgrader_course import BEGIN, source_cells

Make = Callable[[str, str], Assignment]


@pytest.fixture(scope="module")
def pitfalls(course: Course) -> Assignment:
    """An assignment of repair tasks only."""
    return course.assignment("autograd_pitfalls")


@pytest.fixture
def make(pitfalls: Assignment, tmp_path: Path) -> Make:
    """A copy with another text in its stub."""

    def changed(old: str, new: str) -> Assignment:
        for folder, kind in ((pitfalls.folder, "assignments"), (pitfalls.solution.parent, "solutions")):
            shutil.copytree(folder, tmp_path / kind / pitfalls.slug)
        path = tmp_path / "assignments" / pitfalls.slug / pitfalls.stub.name
        stub = path.read_text(encoding="utf-8")
        assert stub.count(old) == 1
        path.write_text(stub.replace(old, new), encoding="utf-8")
        return Course(tmp_path).assignment(pitfalls.slug)

    return changed


def test_the_faulty_body_is_no_leak(pitfalls: Assignment) -> None:
    files = student_files(pitfalls)
    assert find_leaks(pitfalls, files) == []
    assert "y = (leaf**2).detach()" in files[f"{pitfalls.slug}.py"].decode()
    assert "y = (leaf**2).detach()" in files[f"{pitfalls.slug}.ipynb"].decode()


@pytest.mark.parametrize(
    ("place", "hint"),
    [
        ("    (3 * s).backward()\n", "    # (3 * s).backward(retain_graph=True)\n"),
        ("    p = torch.tensor([first", "    # p = torch.stack([first * second, first + second])\n"),
        ('    """Return f\'(x) as a float', "    # f = square * (y + 1)\n"),
    ],
)
def test_the_repaired_line_in_a_comment_is_a_leak(make: Make, place: str, hint: str) -> None:
    assignment = make(place, place + hint if place.endswith("\n") else hint + place)
    (leak,) = find_leaks(assignment, student_files(assignment))
    assert hint.strip().removeprefix("# ") in leak or "the whole body" in leak


def test_the_toml_tells_a_students_folder_what_was_handed_out(pitfalls: Assignment, tmp_path: Path) -> None:
    stub = pitfalls.stub.read_text(encoding="utf-8")
    (tmp_path / "assignment.toml").write_bytes(student_files(pitfalls)["assignment.toml"])
    (tmp_path / pitfalls.stub.name).write_text(pitfalls.solution.read_text(encoding="utf-8"), encoding="utf-8")
    theirs = Assignment(pitfalls.slug, tmp_path, None)
    assert untouched(theirs, stub) == {name for task in pitfalls.tasks for name in task.functions}
    assert untouched(theirs, pitfalls.solution.read_text(encoding="utf-8")) == set()


def test_the_page_says_repair(pitfalls: Assignment, small: Assignment) -> None:
    page = student_files(pitfalls)["README.md"].decode()
    assert "| task | what | you repair | points |" in page
    assert "Repair the functions, and keep the names and parameters." in page
    assert "NotImplementedError" not in page
    assert "| task | what | you write | points |" in student_files(small)["README.md"].decode()


def test_nbgrader_hands_the_faulty_body_out(pitfalls: Assignment) -> None:
    """In an ordinary cell: what stands in a cell for solutions, nbgrader takes out."""
    (cell,) = [cell for cell in source_cells(pitfalls) if "def detached_chain" in cell["source"]]
    assert "y = (leaf**2).detach()" in cell["source"]
    assert "nbgrader" not in cell["metadata"]
    assert BEGIN not in json.dumps(source_cells(pitfalls))
