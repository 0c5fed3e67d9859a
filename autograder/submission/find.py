"""The submissions among the paths on the command line. Their contents are not read here."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from autograder.errors import UsageError
from autograder.notebook.text import printable
from autograder.submission.exports import METADATA, class_archive, submitter_names
from autograder.submission.folder import reason
from autograder.submission.names import canvas_name, moodle_name, unique_names
from autograder.submission.types import IGNORED_FOLDERS, SubmissionFile, is_ignored, stem, suffix

_ARCHIVES = (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz")


def find_submissions(paths: Iterable[str | Path], slug: str) -> list[SubmissionFile]:
    """Every submission that ``paths`` hold, each with a name of its own.

    A path is a file, a student's folder (it holds ``<slug>.py`` or ``<slug>.ipynb``), a folder of
    submissions, or an export of Gradescope, Canvas, Moodle or nbgrader. Raises UsageError where there is
    nothing to grade; what is wrong with a single submission is told when it is read.
    """
    given = list(dict.fromkeys(Path(path) for path in paths))
    if not given:
        raise UsageError("No submission was given: name at least one file or folder.")
    modes = {path: _mode(path) for path in given}
    found: list[SubmissionFile] = []
    for path in given:
        if stat.S_ISDIR(modes[path]):
            inside = _folder(path, slug)
            if not inside:
                raise UsageError(
                    f"The folder '{_shown(path)}' holds no submission: expected {slug}.py, {slug}.ipynb, "
                    "or one file, folder or zip per student."
                )
            found += inside
        else:
            whole_class = class_archive(path) if _is_lone_zip(path, modes) else None
            found += whole_class or [SubmissionFile(_file_name(path), path)]
    return unique_names(_told_apart(found, slug))


def _mode(path: Path) -> int:
    try:
        return os.lstat(path).st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise UsageError(f"There is no file or folder '{_shown(path)}'.") from None
    except OSError as error:
        raise UsageError(f"'{_shown(path)}' cannot be read: {reason(error)}.") from None


def _is_lone_zip(path: Path, modes: dict[Path, int]) -> bool:
    # Only a zip that is all that was asked for can be a whole class: among several, each is one student's,
    # who must not be able to hand in names for others.
    return len(modes) == 1 and stat.S_ISREG(modes[path]) and suffix(path.name) == ".zip"


def _folder(path: Path, slug: str) -> list[SubmissionFile]:
    """The submissions of a folder: itself, or its children."""
    children = _children(path)
    names = {child.name for child in children}
    if {f"{slug}.py", f"{slug}.ipynb"} & names:
        return [SubmissionFile(_folder_name(path), path)]
    submitted = next((child for child in children if child.name == "submitted" and _is_folder(child)), None)
    if submitted is not None:  # the root of an nbgrader course
        return _folder(Path(submitted.path), slug)
    students = submitter_names(path / METADATA) if METADATA in names else {}
    found: list[SubmissionFile] = []
    canvas: dict[tuple[str, str], list[str]] = {}
    for child in children:
        name = child.name
        if _is_folder(child):
            if name in IGNORED_FOLDERS or name.startswith("."):
                continue
            # Beside others it is one student's folder, who must not hand in under other students' names.
            if len(children) == 1 and _is_export(Path(child.path)):
                found += _folder(Path(child.path), slug)
                continue
            moodle = moodle_name(name)
            if moodle != "":
                found.append(SubmissionFile(students.get(name) or moodle or name, Path(child.path)))
        elif not is_ignored(name):
            handed_in = canvas_name(name)
            if handed_in:
                canvas.setdefault((handed_in.name, handed_in.user), []).append(name)
            elif suffix(name) in (".py", ".ipynb", *_ARCHIVES) or (child.is_symlink() and child.is_dir()):
                found.append(SubmissionFile(stem(name), Path(child.path)))
    for (student, _), files in canvas.items():
        if len(files) == 1:
            found.append(SubmissionFile(student, path / files[0]))
        else:
            found.append(SubmissionFile(student, path, members=tuple(files)))
    return sorted(found, key=lambda file: (str(file.path), file.name))


def _is_export(path: Path) -> bool:
    try:
        return stat.S_ISREG(os.lstat(path / METADATA).st_mode)
    except OSError:
        return False


def _children(path: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(path) as scan:
            return sorted(scan, key=lambda child: child.name)
    except OSError as error:
        raise UsageError(f"The folder '{_shown(path)}' cannot be read: {reason(error)}.") from None


def _is_folder(child: os.DirEntry[str]) -> bool:
    return child.is_dir(follow_symlinks=False)


def _told_apart(found: list[SubmissionFile], slug: str) -> list[SubmissionFile]:
    """Files that all bear the assignment's name go by the names of their folders."""
    named = Counter(file.name for file in found)
    if named[slug] < 2:
        return found
    return [
        SubmissionFile(_folder_name(file.path.parent), file.path, file.members, file.inside)
        if file.name == slug and file.inside is None and not file.members
        else file
        for file in found
    ]


def _file_name(path: Path) -> str:
    handed_in = canvas_name(path.name)
    return handed_in.name if handed_in else stem(path.name)


def _folder_name(path: Path) -> str:
    name = path.name if path.name not in ("", "..") else Path(os.path.abspath(path)).name
    return moodle_name(name) or name


def _shown(path: Path) -> str:
    return printable(str(path), 200)
