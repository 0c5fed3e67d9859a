"""The source text of one submission, wherever in a file, folder or archive it lies."""

from __future__ import annotations

import hashlib
import io
import stat
from dataclasses import replace

from autograder.errors import SubmissionError
from autograder.notebook.reading import notebook_cells
from autograder.notebook.text import decode_text, printable
from autograder.submission.archive import ArchiveTree, open_archive
from autograder.submission.choose import choose
from autograder.submission.folder import LINK, NOT_A_FILE, FolderTree, read_file, reason, status
from autograder.submission.pick import Handout, pick
from autograder.submission.remarks import remarks_on
from autograder.submission.types import MAX_BYTES, Entry, Kind, Submission, SubmissionFile, Tree, suffix
from autograder.submission.wanted import Wanted

_MAX_CLASS_ENTRIES = 100_000


def read_submission(
    file: SubmissionFile, slug: str, stub_source: str | None = None, wanted: Wanted | None = None
) -> Submission:
    """The module that one student handed in, decoded, with notes on what was repaired or passed over.

    ``stub_source``: the handout, to tell which of several files the student worked on. ``wanted``: the names that
    a module of this assignment defines, to tell it from others and to remark what is none.
    Raises SubmissionError, and nothing else, for whatever cannot be graded.
    """
    asked = wanted or Wanted(slug)
    submission = _found(file, Handout(slug, stub_source, asked))
    remarks = (*file.remarks, *submission.remarks, *remarks_on(submission, stub_source, asked))
    return replace(submission, remarks=remarks)


def _found(file: SubmissionFile, handout: Handout) -> Submission:
    slug = handout.slug
    shown = printable(file.path.name)
    if suffix(file.path.name) == ".zip" and (file.inside is not None or file.members):
        return _from_class(file, handout)
    mode = status(file.path, shown).st_mode
    if stat.S_ISLNK(mode):
        raise SubmissionError(f"{shown} {LINK}")
    if stat.S_ISDIR(mode):
        shown = f"The folder {shown}"
        return _from_tree(file.name, FolderTree(file.path, shown, file.members), handout, shown, 1)
    ending = suffix(file.path.name)
    if ending not in MAX_BYTES:
        raise SubmissionError(f"{shown} is neither a .py nor an .ipynb nor a .zip file. Hand in {slug}.py.")
    data = read_file(file.path, MAX_BYTES[ending], shown)
    if ending == ".zip":
        return _from_archive(file.name, data, slug, handout.stub, shown, handout.wanted)
    return _module(file.name, shown, data)


def _from_class(file: SubmissionFile, handout: Handout) -> Submission:
    """One student's part of the archive of a class."""
    shown = f"The folder {printable((file.inside or file.name).rstrip('/').rpartition('/')[2])}"
    try:
        with open(file.path, "rb") as stream, open_archive(stream, shown, _MAX_CLASS_ENTRIES) as archive:
            tree = ArchiveTree(archive, shown, inside=file.inside or "", members=file.members, trusted=True)
            return _from_tree(file.name, tree, handout, shown, 1)
    except OSError as error:
        raise SubmissionError(f"{shown} cannot be read: {reason(error)}.") from None


def _from_archive(
    name: str, data: bytes, slug: str, stub: str | None, shown: str, wanted: Wanted | None = None
) -> Submission:
    handout = Handout(slug, stub, wanted or Wanted(slug))
    with open_archive(io.BytesIO(data), shown) as archive:
        return _from_tree(name, ArchiveTree(archive, shown), handout, shown, 0)


def _from_tree(name: str, tree: Tree, handout: Handout, shown: str, archives: int) -> Submission:
    """The module of a folder or archive. ``archives``: how many more archives may be opened on the way."""
    choice = choose(tree.entries(), handout.slug, shown)
    if suffix(choice.entries[0].path) == ".zip":
        _expect_file(choice.entries[0])
        if not archives:
            raise SubmissionError(f"{shown} holds nothing but another zip file. Hand in the module itself.")
        path = choice.entries[0].path
        inner = path.rpartition("/")[2]
        data = tree.read(path, MAX_BYTES[".zip"])
        return _from_archive(name, data, handout.slug, handout.stub, printable(inner), handout.wanted)
    return pick(choice, lambda entry: _read(name, tree, entry), handout)


def _expect_file(entry: Entry) -> None:
    if entry.kind == "link":
        raise SubmissionError(f"{printable(entry.path)} {LINK}")
    if entry.kind == "other":
        raise SubmissionError(f"{printable(entry.path)} {NOT_A_FILE}")


def _read(name: str, tree: Tree, entry: Entry) -> Submission:
    _expect_file(entry)
    path = entry.path
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
