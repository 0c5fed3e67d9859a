"""The submissions among the paths on the command line. Contents are looked at only where names leave a doubt."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import SubmissionError, UsageError
from autograder.notebook.text import printable
from autograder.submission.evidence import Contents, class_evidence, contents, is_archive
from autograder.submission.exports import METADATA, class_archive, misnamed, module_names, submitter_names
from autograder.submission.folder import FolderTree, read_start, reason
from autograder.submission.names import canvas_name, moodle_name, unique_names
from autograder.submission.types import IGNORED_FOLDERS, SubmissionFile, is_beside, is_ignored, stem, suffix
from autograder.submission.versions import is_module, same_student
from autograder.submission.wanted import Wanted

_LISTED = 200
_DEEPEST = 5


@dataclass(frozen=True)
class Found:
    """What the paths hold."""

    files: list[SubmissionFile]
    notices: tuple[str, ...] = ()
    """What was taken for what, and what is nobody's submission: one sentence each, for the person who grades."""


def find_submissions(paths: Iterable[str | Path], slug: str) -> list[SubmissionFile]:
    """The submissions of :func:`find_class`, going by names alone."""
    return find_class(paths, Wanted(slug)).files


def find_class(
    paths: Iterable[str | Path],
    wanted: Wanted,
    own_names: Callable[[Path], frozenset[str]] = lambda folder: frozenset(),
) -> Found:
    """Every submission that ``paths`` hold, each with a name of its own, and what was passed over.

    A path is a file, a student's folder (it holds ``<slug>.py`` or ``<slug>.ipynb``, and nobody else's), a folder of
    submissions, or an export of Gradescope, Canvas, Moodle or nbgrader. ``own_names`` says what an earlier run wrote
    into a folder, which is nobody's: there may be nothing else. Raises UsageError where there is nothing to grade; what
    is wrong with a single submission is told when it is read.
    """
    given = list(dict.fromkeys(Path(path) for path in paths))
    if not given:
        raise UsageError("No submission was given: name at least one file or folder.")
    modes = {path: _mode(path) for path in given}
    search = _Search(wanted, own_names)
    for path in given:
        if stat.S_ISDIR(modes[path]):
            before = len(search.files)
            search.folder(path)
            if len(search.files) == before and not own_names(path):
                raise UsageError(
                    f"The folder '{_shown(path)}' holds no submission: expected {wanted.slug}.py, {wanted.slug}.ipynb, "
                    + " ".join(["or one file, folder or zip per student.", *search.notices])
                )
        elif not (_is_lone_zip(path, modes) and search.archive(path)):
            search.files.append(SubmissionFile(_file_name(path), path))
    found = unique_names(_told_apart(_one_per_student(search.files, wanted.slug), wanted.slug))
    return Found(found, tuple(search.notices))


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


class _Search:
    """Collects submissions and notices, path by path."""

    def __init__(self, wanted: Wanted, own_names: Callable[[Path], frozenset[str]]) -> None:
        self.wanted = wanted
        self._own_names = own_names
        self.files: list[SubmissionFile] = []
        self.notices: list[str] = []

    def archive(self, path: Path) -> bool:
        """The submissions of a zip that holds a class; false for one student's."""
        found = class_archive(path, self.wanted)
        if found is None:
            return False
        self.files += found.files
        if found.evidence:
            self._say(f"'{_shown(path)}' was taken for a class, not for one student's archive: {found.evidence}.")
        self._pass_over(path.name, found.passed_over)
        return True

    def folder(self, path: Path) -> None:
        """The submissions of a folder: itself, or its children."""
        children = self._children(path)
        names = {child.name for child in children}
        own = {f"{self.wanted.slug}.py", f"{self.wanted.slug}.ipynb"} & names
        beside = [child for child in children if child.name not in own and _counts(child)]
        if own and not beside:
            self._student(path, children)
            return
        if own:
            evidence = class_evidence(_contents(path, children), self.wanted)
            if not evidence:
                self._student(path, children, [child.name + ("/" if _is_folder(child) else "") for child in beside])
                return
            self._say(
                f"The folder '{_shown(path)}' was taken for a class, although it holds {sorted(own)[0]}: {evidence}."
            )
        submitted = next((child for child in children if child.name == "submitted" and _is_folder(child)), None)
        if submitted is not None and not own:  # the root of an nbgrader course
            self.folder(Path(submitted.path))
            return
        self._class(path, children, submitter_names(path / METADATA) if METADATA in names else {})

    def _student(self, path: Path, children: Sequence[os.DirEntry[str]], beside: Sequence[str] = ()) -> None:
        self.files.append(SubmissionFile(_folder_name(path), path))
        if beside:
            self._say(
                f"The folder '{_shown(path)}' was taken for one student's: it holds {self.wanted.slug}, and nothing "
                f"else in it looks like another student's. Not graded: {_listed(beside)}."
            )

    def _class(self, path: Path, children: Sequence[os.DirEntry[str]], students: dict[str, str]) -> None:
        counting = [child for child in children if _counts(child)]
        found: list[SubmissionFile] = []
        canvas: dict[tuple[str, str], list[str]] = {}
        modules: list[str] = []
        over: list[str] = []
        uploads = {child.name.rstrip("_") for child in children}
        for child in children:
            name = child.name
            if _is_folder(child):
                if name in IGNORED_FOLDERS or name.startswith("."):
                    continue
                # Beside others it is one student's folder, who must not hand in under other students' names.
                if len(counting) == 1 and self._is_nested(Path(child.path)):
                    self.folder(Path(child.path))
                    continue
                moodle = moodle_name(name)
                if moodle != "":
                    found.append(SubmissionFile(students.get(name) or moodle or name, Path(child.path)))
                elif f"{name.rpartition('_onlinetext')[0]}_file" not in uploads:
                    over.append(f"{name}/ (text only)")
            elif is_ignored(name):
                if self._is_module_by_another_name(child):
                    over.append(misnamed(name))
            elif handed_in := canvas_name(name):
                canvas.setdefault((handed_in.name, handed_in.user), []).append(name)
            elif is_module(name) and child.is_file(follow_symlinks=False):
                modules.append(name)
            elif is_module(name) or is_archive(name) or (child.is_symlink() and child.is_dir()):
                found.append(SubmissionFile(stem(name), Path(child.path)))
            elif not is_beside(name):
                over.append(name)
        found += [SubmissionFile(stem(name), path / name) for name in modules]
        for (student, _), files in canvas.items():
            if len(files) == 1:
                found.append(SubmissionFile(student, path / files[0]))
            else:
                found.append(SubmissionFile(student, path, members=tuple(files)))
        self.files += sorted(found, key=lambda file: (str(file.path), file.name))
        self._pass_over(path.name, over)

    def _is_nested(self, path: Path, depth: int = 0) -> bool:
        """Whether the only folder in a folder is a class, or holds one."""
        if _is_export(path):
            return True
        children = self._children(path)
        inner = [child for child in children if _counts(child)]
        if len(inner) == 1 and _is_folder(inner[0]) and depth < _DEEPEST:
            return self._is_nested(Path(inner[0].path), depth + 1)
        return bool(self.wanted.names) and bool(class_evidence(_contents(path, children), self.wanted))

    def _children(self, path: Path) -> list[os.DirEntry[str]]:
        own = self._own_names(path)
        return [child for child in _children(path) if child.name not in own]

    def _is_module_by_another_name(self, child: os.DirEntry[str]) -> bool:
        name = child.name
        if not is_module(name) or name.startswith("~") or not child.is_file(follow_symlinks=False):
            return False
        return bool(self.wanted.names) and self.wanted.defines(_start(Path(child.path)))

    def _pass_over(self, where: str, names: Sequence[str]) -> None:
        if names:
            self._say(f"Not graded in '{printable(where, 60)}': {_listed(names)}.")

    def _say(self, notice: str) -> None:
        self.notices.append(notice)


def _counts(child: os.DirEntry[str]) -> bool:
    """Whether the child could be somebody's work, and not a tool's or a system's file."""
    if _is_folder(child):
        return child.name not in IGNORED_FOLDERS and not child.name.startswith(".")
    return (is_module(child.name) and not is_ignored(child.name)) or is_archive(child.name)


def _contents(path: Path, children: Sequence[os.DirEntry[str]]) -> Contents:
    names = [child.name for child in children if not _is_folder(child)]
    for child in children:
        if suffix(child.name) == ".zip" and child.is_file(follow_symlinks=False):
            names += [f"{child.name}/{name}" for name in module_names(Path(child.path))]
    for child in children:
        if _is_folder(child) and child.name not in IGNORED_FOLDERS and not child.name.startswith("."):
            try:
                inner = FolderTree(Path(child.path), child.name).entries()
            except SubmissionError:
                continue
            names += [f"{child.name}/{entry.path}" for entry in inner if entry.kind == "file"]
    return contents(names, lambda name, limit: read_start(path / name, limit, printable(name)))


def _start(path: Path) -> str:
    try:
        return read_start(path, 256 * 1024, printable(path.name)).decode("utf-8", "replace")
    except SubmissionError:
        return ""


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


def _one_per_student(found: list[SubmissionFile], slug: str) -> list[SubmissionFile]:
    """Versions of one file, and a module with its notebook, are one student's: which counts is told when it is read."""
    lone = {file.path: file for file in found if not file.members and file.inside is None and is_module(file.path.name)}
    lone = {path: file for path, file in lone.items() if canvas_name(path.name) is None and _is_regular(path)}
    folders = dict.fromkeys(path.parent for path in lone)
    joined: dict[Path, SubmissionFile | None] = {}
    for folder in folders:
        for names in same_student([path.name for path in lone if path.parent == folder], slug):
            if len(names) > 1:
                shortest = min(names, key=lambda name: (len(stem(name)), name))
                first = next(path for path in lone if path.parent == folder and path.name in names)
                for name in names:
                    joined[folder / name] = None
                joined[first] = SubmissionFile(stem(shortest), folder, members=tuple(names))
    result = [joined.get(file.path, file) if file.path in lone else file for file in found]
    return [file for file in result if file is not None]


def _is_regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except OSError:
        return False


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


def _listed(names: Sequence[str]) -> str:
    shown = [printable(name, 160) for name in names]
    more = f" and {len(shown) - _LISTED} more" if len(shown) > _LISTED else ""
    return ", ".join(shown[:_LISTED]) + more


def _shown(path: Path) -> str:
    return printable(str(path), 200)
