"""Exports of a whole class: who is who in Gradescope's metadata, and archives with every student in them."""

from __future__ import annotations

import importlib
import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import SubmissionError
from autograder.submission.archive import BROKEN, ArchiveTree, is_file, open_archive
from autograder.submission.evidence import class_evidence, contents
from autograder.submission.folder import read_file
from autograder.submission.names import canvas_name, moodle_name
from autograder.submission.types import MEGABYTE, SubmissionFile, is_beside, is_ignored, stem, suffix
from autograder.submission.versions import is_module, same_student
from autograder.submission.wanted import Wanted

METADATA = "submission_metadata.yml"
_MAX_METADATA = 50 * MEGABYTE
_MAX_ENTRIES = 100_000


def submitter_names(path: Path) -> dict[str, str]:
    """Submission folder to student, from Gradescope's metadata; empty when it cannot be read."""
    try:
        return _submitters(read_file(path, _MAX_METADATA, METADATA))
    except SubmissionError:
        return {}


@dataclass(frozen=True)
class ClassArchive:
    """The submissions in the archive of a whole class."""

    files: list[SubmissionFile]
    evidence: str = ""
    """What shows that it is one, where it is no platform's export."""
    passed_over: tuple[str, ...] = ()
    """Files that are nobody's submission."""


def class_archive(path: Path, wanted: Wanted) -> ClassArchive | None:
    """The submissions in a downloaded archive of a whole class, or None for one student's archive."""
    exported = _export(path)
    if exported is not None:
        return ClassArchive(exported)
    if not wanted.names:
        return None
    try:
        with open(path, "rb") as stream, open_archive(stream, path.name, _MAX_ENTRIES) as archive:
            return _flat_or_nested(path, archive, wanted)
    except (SubmissionError, OSError):
        return None


def module_names(path: Path) -> list[str]:
    """The modules in a zip, for a look; none where it cannot be read."""
    try:
        with open(path, "rb") as stream, open_archive(stream, path.name) as archive:
            names = [info.filename for info in archive.infolist() if is_file(info)]
    except (SubmissionError, OSError):
        return []
    return [name for name in names if is_module(name) and not is_ignored(name)]


def misnamed(name: str) -> str:
    """What is said of a module that is passed over for its name, but defines what is asked for."""
    how = "hidden by its name" if name.startswith(".") else "named like a test"
    return f"{name} ({how}, but defines what is asked for: rename it to grade it)"


def _flat_or_nested(path: Path, archive: zipfile.ZipFile, wanted: Wanted) -> ClassArchive | None:
    """A zipped folder with a file or a folder per student."""
    all_files = [info.filename for info in archive.infolist() if is_file(info)]
    files = [name for name in all_files if not is_ignored(name)]
    root = ""
    while files and all("/" in name[len(root) :] for name in files):
        tops = {name[len(root) :].split("/")[0] for name in files}
        if len(tops) > 1:
            break
        root += f"{tops.pop()}/"
    tree = ArchiveTree(archive, path.name, trusted=True)
    below = contents([name[len(root) :] for name in files], lambda name, limit: tree.read_start(root + name, limit))
    evidence = class_evidence(below, wanted)
    if not evidence:
        return None
    found, over = [], []
    for names in same_student([name for name in below.files if is_module(name)], wanted.slug):
        shortest = min(names, key=lambda name: (len(stem(name)), name))
        members = tuple(root + name for name in names)
        found.append(SubmissionFile(stem(shortest), path, members=members))
    for name in below.files:
        if suffix(name) == ".zip":
            found.append(SubmissionFile(stem(name), path, members=(root + name,)))
        elif not is_module(name) and not is_beside(name):
            over.append(name)
    for name in (name[len(root) :] for name in all_files if name.startswith(root)):
        is_hidden_away = "/" not in name and is_ignored(name) and is_module(name) and not name.startswith("~")
        if is_hidden_away and wanted.defines(below.read(name)):
            over.append(misnamed(name))
    found += [SubmissionFile(top, path, inside=f"{root}{top}/") for top in below.folders]
    return ClassArchive(sorted(found, key=lambda file: file.name), evidence, tuple(over))


def _export(path: Path) -> list[SubmissionFile] | None:
    """The submissions in a platform's archive."""
    try:
        with open(path, "rb") as stream, open_archive(stream, path.name, _MAX_ENTRIES) as archive:
            files = [info.filename for info in archive.infolist() if is_file(info)]
            metadata = next((name for name in files if name.rpartition("/")[2] == METADATA), None)
            if metadata is not None:
                return _gradescope(path, archive, files, metadata)
    except (SubmissionError, OSError):
        return None
    files = [name for name in files if not is_ignored(name)]
    tops = sorted({name.split("/")[0] for name in files})
    students = {top: moodle_name(top) for top in tops}
    if files and all("/" in name for name in files) and all(name is not None for name in students.values()):
        return [SubmissionFile(name, path, inside=f"{top}/") for top, name in students.items() if name] or None
    by_student: dict[tuple[str, str], list[str]] = {}
    for file in files:
        handed_in = canvas_name(file)
        if handed_in is None or "/" in file:
            return None
        by_student.setdefault((handed_in.name, handed_in.user), []).append(file)
    return [SubmissionFile(name, path, members=tuple(names)) for (name, _), names in by_student.items()] or None


def _gradescope(path: Path, archive: zipfile.ZipFile, files: list[str], metadata: str) -> list[SubmissionFile] | None:
    root = metadata[: -len(METADATA)]
    info = archive.getinfo(metadata)
    students: dict[str, str] = {}
    if info.file_size <= _MAX_METADATA and stat.S_IFMT(info.external_attr >> 16) != stat.S_IFLNK:
        try:
            with archive.open(info) as member:
                students = _submitters(member.read(_MAX_METADATA))
        except BROKEN:
            students = {}
    below = [name[len(root) :] for name in files if name.startswith(root)]
    folders = sorted({name.split("/")[0] for name in below if "/" in name and not is_ignored(name)})
    return [SubmissionFile(students.get(top) or top, path, inside=f"{root}{top}/") for top in folders] or None


def _submitters(data: bytes) -> dict[str, str]:
    """Folder to the names of its submitters. Needs PyYAML, which is not a dependency: without it, nobody."""
    try:
        yaml: Any = importlib.import_module("yaml")
    except ImportError:
        return {}
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        content = yaml.load(data, Loader=loader)
    except (yaml.YAMLError, ValueError, RecursionError, TypeError, AttributeError):
        return {}
    found: dict[str, str] = {}
    for folder, about in content.items() if isinstance(content, dict) else ():
        people = about.get(":submitters") if isinstance(about, dict) else None
        names = (
            [person.get(":name") for person in people if isinstance(person, dict)] if isinstance(people, list) else []
        )
        known = [name for name in names if isinstance(name, str) and name.strip()]
        if isinstance(folder, str) and known:
            found[folder] = " and ".join(known)
    return found
