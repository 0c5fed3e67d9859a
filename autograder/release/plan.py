"""A whole release: every artefact of some assignments, proven to give nothing away, then written or compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.assignment import Assignment, Course
from autograder.release import grading, wheel
from autograder.release.artefact import Files, below, differences, write_files, zip_bytes
from autograder.release.leaks import expect_listed, expect_no_leak
from autograder.release.nbgrader_course import course_files, nbgrader_files
from autograder.release.student import student_files

ZIP_EXTRAS = ("wheels/*.whl",)
_WHEELS = "wheels/"


@dataclass
class Release:
    """What is handed out: committed folders, and files for the platforms."""

    folders: dict[str, Files] = field(default_factory=dict)
    """Slug to the student's folder ``release/<slug>``, which is committed."""
    wheel: bytes = b""
    """The package itself. It lies in each of the folders, but is not committed: every change of the code changes it."""
    dist: Files = field(default_factory=dict)
    """Zips and the nbgrader course, by their path below ``dist/``: never committed."""

    def stale(self, course: Course) -> list[str]:
        """How the committed folders differ from what their sources say, one sentence per file."""
        return [
            f"release/{slug}/{problem}"
            for slug, files in self.folders.items()
            for problem in differences(course.root / "release" / slug, files)
            if not problem.startswith(_WHEELS)
        ]

    def unbuilt(self, course: Course) -> list[str]:
        """What the folders lack that is not committed, a sentence per folder: without it, nothing can be installed."""
        package = self.wheel or wheel.wheel_bytes()
        found = []
        for slug in self.folders:
            path = course.root / "release" / slug / wheel.wheel_path()
            if not path.is_file():
                found.append(f"release/{slug}/{_WHEELS} does not hold {path.name} yet")
            elif path.read_bytes() != package:
                found.append(f"release/{slug}/{wheel.wheel_path()} is of another state of the package")
        return found

    def write(self, course: Course, out: Path) -> list[Path]:
        """Writes everything; the paths that were written, folders as a whole."""
        written = []
        for slug, files in self.folders.items():
            write_files(course.root / "release" / slug, files | {wheel.wheel_path(): self.wheel})
            written.append(course.root / "release" / slug)
        for path, content in sorted(self.dist.items()):
            if "/" not in path:
                out.mkdir(parents=True, exist_ok=True)
                (out / path).write_bytes(content)
                written.append(out / path)
        for name in ("nbgrader", "course-image"):
            inside = f"{name}/"
            part = {path.removeprefix(inside): data for path, data in self.dist.items() if path.startswith(inside)}
            if part:
                _write_beside(out / name, part)
                written.append(out / name)
        return written


def build_release(assignments: Sequence[Assignment], *, with_dist: bool = True) -> Release:
    """The release of ``assignments``; raises AssignmentError where it would give a solution away."""
    release = Release(wheel=wheel.wheel_bytes() if with_dist else b"")
    for assignment in assignments:
        slug = assignment.slug
        student = student_files(assignment)
        expect_listed(student, _student_patterns(assignment), f"release/{slug}")
        if not with_dist:
            expect_no_leak(assignment, student, f"release/{slug}")
        release.folders[slug] = student
        if with_dist:
            release.dist |= _zips(assignment, student, release.wheel)
            release.dist |= below("nbgrader", nbgrader_files(assignment))
    if with_dist:
        release.dist |= below("nbgrader", course_files(assignments))
        release.dist |= below("course-image", grading.set_up_files(assignments))
    return release


def _zips(assignment: Assignment, student: Files, package: bytes) -> Files:
    slug = assignment.slug
    handed_out = student | {wheel.wheel_path(): package}
    shown = f"{slug}-student.zip"
    expect_listed(handed_out, [*_student_patterns(assignment), *ZIP_EXTRAS], shown)
    expect_listed(wheel.package_files(), wheel.PATTERNS, "the wheel")
    expect_no_leak(assignment, handed_out, shown)
    graded = grading.autograder_files(assignment)
    expect_listed(graded, grading.PATTERNS, f"{slug}-autograder.zip")
    return {shown: zip_bytes(handed_out), f"{slug}-autograder.zip": zip_bytes(graded)}


def _student_patterns(assignment: Assignment) -> list[str]:
    slug = assignment.slug
    tests = [f"tests/{task.id}.py" for task in assignment.tasks]
    named = ["assignment.toml", "test_public.py", "README.md", "requirements.txt", "pytest.ini"]
    return [f"{slug}.py", f"{slug}.ipynb", *named, *tests]


def _write_beside(folder: Path, files: Files) -> None:
    """Writes the files; what nbgrader keeps beside the source, or somebody beside the image's set-up, stays."""
    parts: dict[str, Files] = {}
    for path, content in files.items():
        top, _, rest = path.partition("/")
        if rest:
            parts.setdefault(top, {})[rest] = content
        else:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
    for top, inner in parts.items():
        write_files(folder / top, inner)
