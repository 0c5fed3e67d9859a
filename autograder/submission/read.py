"""The source text of one submission, wherever in a file, folder or archive it lies."""

from __future__ import annotations

import hashlib
import io
import stat
from collections.abc import Sequence
from dataclasses import replace

from autograder.errors import SubmissionError
from autograder.notebook import notebook_cells
from autograder.notebook.text import decode_text, printable
from autograder.submission.archive import ArchiveTree, open_archive
from autograder.submission.choose import choose
from autograder.submission.folder import LINK, NOT_A_FILE, FolderTree, read_file, reason, status
from autograder.submission.types import MAX_BYTES, Kind, Submission, SubmissionFile, Tree, suffix

_MAX_CLASS_ENTRIES = 100_000


def read_submission(file: SubmissionFile, slug: str, stub_source: str | None = None) -> Submission:
    """The module that one student handed in, decoded, with notes on what was repaired or passed over.

    ``stub_source``: the handout, to tell which of a ``.py`` and an ``.ipynb`` the student worked on.
    Raises SubmissionError, and nothing else, for whatever cannot be graded.
    """
    shown = printable(file.path.name)
    if suffix(file.path.name) == ".zip" and (file.inside is not None or file.members):
        return _from_class(file, slug, stub_source)
    mode = status(file.path, shown).st_mode
    if stat.S_ISLNK(mode):
        raise SubmissionError(f"{shown} {LINK}")
    if stat.S_ISDIR(mode):
        shown = f"The folder {shown}"
        return _from_tree(file.name, FolderTree(file.path, shown, file.members), slug, stub_source, shown, 1)
    ending = suffix(file.path.name)
    if ending not in MAX_BYTES:
        raise SubmissionError(f"{shown} is neither a .py nor an .ipynb nor a .zip file. Hand in {slug}.py.")
    data = read_file(file.path, MAX_BYTES[ending], shown)
    if ending == ".zip":
        return _from_archive(file.name, data, slug, stub_source, shown)
    return _module(file.name, shown, data)


def _from_class(file: SubmissionFile, slug: str, stub: str | None) -> Submission:
    """One student's part of the archive of a class."""
    shown = f"The folder {printable((file.inside or file.name).rstrip('/').rpartition('/')[2])}"
    try:
        with open(file.path, "rb") as stream, open_archive(stream, shown, _MAX_CLASS_ENTRIES) as archive:
            tree = ArchiveTree(archive, shown, inside=file.inside or "", members=file.members, trusted=True)
            return _from_tree(file.name, tree, slug, stub, shown, 1)
    except OSError as error:
        raise SubmissionError(f"{shown} cannot be read: {reason(error)}.") from None


def _from_archive(name: str, data: bytes, slug: str, stub: str | None, shown: str) -> Submission:
    with open_archive(io.BytesIO(data), shown) as archive:
        return _from_tree(name, ArchiveTree(archive, shown), slug, stub, shown, 0)


def _from_tree(name: str, tree: Tree, slug: str, stub: str | None, shown: str, archives: int) -> Submission:
    """The module of a folder or archive. ``archives``: how many more archives may be opened on the way."""
    choice = choose(tree.entries(), slug, shown)
    for entry in choice.entries:
        if entry.kind == "link":
            raise SubmissionError(f"{printable(entry.path)} {LINK}")
        if entry.kind == "other":
            raise SubmissionError(f"{printable(entry.path)} {NOT_A_FILE}")
    paths = [entry.path for entry in choice.entries]
    if suffix(paths[0]) == ".zip":
        if not archives:
            raise SubmissionError(f"{shown} holds nothing but another zip file. Hand in the module itself.")
        inner = paths[0].rpartition("/")[2]
        return _from_archive(name, tree.read(paths[0], MAX_BYTES[".zip"]), slug, stub, printable(inner))
    if len(paths) == 1:
        submission = _read(name, tree, paths[0])
    else:
        submission = _worked_on(name, tree, paths, stub)
    if choice.others:
        others = ", ".join(printable(path, 40) for path in choice.others[:3]) + (", …" if choice.others[3:] else "")
        note = f"Only {submission.filename} was graded; other modules that came with it were not read: {others}."
        submission = replace(submission, notes=(*submission.notes, note))
    return submission


def _worked_on(name: str, tree: Tree, paths: Sequence[str], stub: str | None) -> Submission:
    """Of a module and a notebook of the same name, the one that differs from the handout."""
    read: list[Submission] = []
    errors: list[SubmissionError] = []
    for path in paths:
        try:
            read.append(_read(name, tree, path))
        except SubmissionError as error:
            errors.append(error)
    if not read:
        raise errors[0]
    both = " and ".join(printable(path.rpartition("/")[2]) for path in paths)
    chosen = read[0]
    changed = [one for one in read if stub is None or _code_lines(one.source) != _code_lines(stub)]
    if errors:
        why = f"the other cannot be read ({errors[0]})"
    elif len(changed) == 1:
        chosen = changed[0]
        why = "the other is the unchanged handout"
    elif _code_lines(read[0].source) == _code_lines(read[1].source):
        why = "both hold the same code"
    else:
        why = "the .py file comes first; hand in only the one that you want graded"
    note = f"Found both {both}; {chosen.filename} was graded, because {why.rstrip('.')}."
    return replace(chosen, notes=(note, *chosen.notes))


def _code_lines(source: str) -> list[str]:
    """The lines that are neither blank nor comments: what a module and its notebook have in common."""
    return [line.strip() for line in source.split("\n") if line.strip() and not line.lstrip().startswith("#")]


def _read(name: str, tree: Tree, path: str) -> Submission:
    return _module(name, printable(path.rpartition("/")[2]), tree.read(path, MAX_BYTES[suffix(path)]))


def _module(name: str, filename: str, data: bytes) -> Submission:
    """The submission that the bytes of one file are."""
    if not data.strip():
        raise SubmissionError(f"{filename} is empty. Was it saved before you handed it in?")
    if data.startswith(b"PK\x03\x04"):
        raise SubmissionError(f"{filename} is really a zip archive (or an Office document). Hand in the module itself.")
    kind: Kind = "ipynb" if suffix(filename) == ".ipynb" else "py"
    notes: tuple[str, ...] = ()
    if kind == "py" and data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and b'"cells"' in data:
        kind = "ipynb"
        notes = (f"{filename} is a notebook although it is named .py; it was read as a notebook.",)
    digest = hashlib.sha256(kind.encode() + b"\0" + data).hexdigest()
    if kind == "py":
        decoded = decode_text(data, shown=filename)
        return Submission(name, filename, kind, decoded.text, decoded.notes, digest)
    try:
        text = notebook_cells(data)
    except SubmissionError as error:
        raise SubmissionError(f"{filename}: {error}") from None
    return Submission(name, filename, kind, text.source, (*notes, *text.notes), digest, text.cells)
