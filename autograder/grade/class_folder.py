"""The output folder of a class: one run at a time, its store, and the gradebook and page that cover everybody."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from filelock import FileLock, Timeout

from autograder.assignment import Assignment
from autograder.errors import GraderError, UsageError
from autograder.grade.atomic import remove_unfinished, write_atomically
from autograder.grade.kept import FILE, Kept, KeptReports
from autograder.grade.read_back import ReadBack, read_back, result_files
from autograder.grade.work import results_path, write_files
from autograder.reports.gradebook import gradebook_csv
from autograder.reports.html import class_page
from autograder.results import GradeReport

LOCK = ".autograder.lock"
_DAMAGED = "kept.damaged.sqlite"
_GRADEBOOK = "grades.csv"
_PAGE = "index.html"
_FOLDERS = ("results", "reports")
_OWN = frozenset({*_FOLDERS, _GRADEBOOK, _PAGE, FILE, f"{FILE}-journal", _DAMAGED, LOCK})
_SHOWN = 20
"""Damaged files that are named."""


@contextlib.contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """No other run writes below ``folder`` meanwhile; a UsageError where one does already.

    The kernel holds the lock, so it ends with the process, however that ends.
    """
    lock = FileLock(folder / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise UsageError(
            f"Another autograder is writing to {folder} at this moment. "
            "Wait until it has ended, or name another folder with --out."
        ) from None
    except OSError as error:
        raise GraderError(f"{folder} cannot be written to: {error.strerror}. Name another folder with --out.") from None
    try:
        yield
    finally:
        lock.release()


def holds_results(path: Path) -> bool:
    """Whether a run wrote its results there: found beside submissions, it is none."""
    try:
        is_ours = any((path / name).is_file() for name in (FILE, _DAMAGED, LOCK))
        return is_ours and all((path / name).is_dir() for name in _FOLDERS)
    except OSError:  # may not be looked into
        return False


def own_names(path: Path) -> frozenset[str]:
    """What a run wrote directly into that folder, where submissions may lie, too; nothing where none did."""
    return _OWN if holds_results(path) else frozenset()


class ClassFolder:
    """What earlier runs left in a folder that is claimed, and where this run's results go."""

    def __init__(
        self, folder: Path, assignment: Assignment, on_notice: Callable[[str], None], intake: Sequence[str] = ()
    ) -> None:
        self.folder = folder
        self._assignment = assignment
        self._say = on_notice
        self._intake = intake
        self._has_store = True
        self.before: dict[str, Kept] = {}
        """The results of earlier runs by their submissions' names."""

    def open(self, *, fresh: bool, merge: bool) -> None:
        """Finds out what is there; ``fresh`` removes it, as far as this program wrote it.

        Raises UsageError where it is another program's, or another assignment's and is to be merged.
        """
        if not (self.folder / FILE).exists():
            _refuse_strange_files(self.folder)
        for name in ("", *_FOLDERS):
            if (self.folder / name).is_dir():
                remove_unfinished(self.folder / name, (".json", ".html", ".csv"))
        with _explained(self.folder):
            if fresh:
                self._clear()
            for name in _FOLDERS:
                (self.folder / name).mkdir(exist_ok=True)
        self.before = {kept.name: kept for kept in self._stored()}
        others = {kept.report.assignment for kept in self.before.values()} - {self._assignment.slug}
        if others and not merge:
            self._clear()
            self.before = {}
        elif others:
            raise UsageError(
                f"{self.folder} holds the results of {_count(len(self.before), 'submission')} of {min(others)}, "
                f"not of {self._assignment.slug}. Name another folder with --out, or replace them with --fresh."
            )

    def drop(self, names: Iterable[str]) -> None:
        """Removes the results of these submissions."""
        dropped = [self.before.pop(name) for name in list(names)]
        with contextlib.suppress(sqlite3.Error), KeptReports(self.folder) as kept:
            kept.drop(one.name for one in dropped)
        self._remove_files(one.stem for one in dropped)

    def write(self, fresh: Sequence[GradeReport], stems: dict[str, str]) -> list[GradeReport]:
        """Writes the gradebook and the page of everybody, and returns their reports in the order of names.

        ``fresh`` are this run's reports, for the case that the store could not keep them, and ``stems`` the names of
        its submissions' files.
        """
        stored: dict[str, Kept] = {}
        with contextlib.suppress(sqlite3.Error), KeptReports(self.folder) as kept:
            stored = {one.name: one for one in kept.everything()}
        reports = {one.name: one.report for one in {**self.before, **stored}.values()}
        reports |= {report.submission: report for report in fresh}
        unkept = [report for report in fresh if report.submission not in stored]
        if unkept and self._has_store:
            self._say(
                f"{self.folder / FILE} cannot be written: the gradebook is complete, but "
                f"{_count(len(unkept), 'submission')} would be graded again next time."
            )
        if not reports:
            return []
        for one in stored.values():
            # A judge that was ended within its last moments had kept the report, and not yet written it.
            if not results_path(self.folder, one.stem).is_file():
                write_files(one.report, self.folder, one.stem)
        ordered = sorted(reports.values(), key=lambda report: report.submission)
        files = {one.name: one.stem for one in {**self.before, **stored}.values()} | stems
        pages = {report.submission: f"reports/{files[report.submission]}.html" for report in ordered}
        with _explained(self.folder):
            write_atomically(self.folder / _GRADEBOOK, gradebook_csv(ordered))
            page = class_page(ordered, self._assignment.title, pages=pages, intake=self._intake)
            write_atomically(self.folder / _PAGE, page)
        return ordered

    def _stored(self) -> list[Kept]:
        """What the store holds; where there is none, or a damaged one, what the results say."""
        path = self.folder / FILE
        is_new = not path.exists()
        try:
            with KeptReports(self.folder) as kept:
                kept.check()
                kept.drop_former_table()
                found = kept.everything()
                is_whole = len(found) == kept.count()
        except sqlite3.OperationalError as error:  # a disk without locks, a folder of that name, another version's
            self._has_store = False
            self._say(
                f"{path} cannot be used ({error}): the gradebook is complete, but nothing is kept for the next run. "
                "Name another folder with --out, or start anew with --fresh."
            )
            return self._read_back()
        except sqlite3.DatabaseError:
            path.replace(self.folder / _DAMAGED)
            for rest in self.folder.glob(f"{FILE}-*"):
                rest.unlink()
            back = self._read_back()
            self._say(
                f"{path} was damaged and is now {_DAMAGED}: {_count(len(back), 'result')} came back from "
                f"{self.folder / 'results'}. What is named again is graded again."
            )
            return back
        if found and is_whole:
            return found
        names = {one.name for one in found}
        back = [one for one in self._read_back() if one.name not in names]
        if not back:
            return found
        where = "without a store" if is_new else "of an earlier version"
        self._say(
            f"{self.folder} holds {_count(len(back), 'result')} {where}. What is there stays in the gradebook, and is "
            "graded again where its file is named again."
        )
        return [*found, *back]

    def _read_back(self) -> list[Kept]:
        """What the files say; keeps those that the store does not hold, or cannot be read there."""
        back = read_back(self.folder, self._assignment)
        known: list[Kept] = []
        with contextlib.suppress(sqlite3.Error), KeptReports(self.folder) as kept:
            known = kept.everything()
            names = {one.name for one in known}
            kept.keep(one for one in back.kept if one.name not in names)
        self._say_damaged(back, {one.stem for one in known})
        return list(back.kept)

    def _say_damaged(self, back: ReadBack, known: set[str]) -> None:
        lost = [f"{stem}.json" for stem in back.damaged if stem not in known]
        if lost:
            more = f" and {len(lost) - _SHOWN} more" if len(lost) > _SHOWN else ""
            verb = "is" if len(lost) == 1 else "are"
            self._say(
                f"{_count(len(lost), 'result')} in {self.folder / 'results'} cannot be read back and {verb} missing "
                f"from the gradebook until graded again: {', '.join(lost[:_SHOWN])}{more}."
            )

    def _clear(self) -> None:
        stems = set(result_files(self.folder))
        with contextlib.suppress(sqlite3.Error):
            if (self.folder / FILE).exists():
                with KeptReports(self.folder) as kept:
                    stems |= {one.stem for one in kept.everything()}
        self._remove_files(stems)
        for name in (_GRADEBOOK, _PAGE, FILE, f"{FILE}-journal"):
            (self.folder / name).unlink(missing_ok=True)
        if stems:
            self._say(f"Started anew: {_count(len(stems), 'earlier result')} removed from {self.folder}.")

    def _remove_files(self, stems: Iterable[str]) -> None:
        for stem in stems:
            for folder, ending in zip(_FOLDERS, (".json", ".html"), strict=True):
                (self.folder / folder / f"{stem}{ending}").unlink(missing_ok=True)


def _refuse_strange_files(folder: Path) -> None:
    """A gradebook or a page that somebody else made is not overwritten."""
    for name, mark in ((_GRADEBOOK, "submission,status,"), (_PAGE, 'class="class-page"')):
        try:
            text = (folder / name).read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        if text.strip() and mark not in text:
            raise UsageError(
                f"{folder / name} would be overwritten, but autograder did not write it. "
                "Move it, or name another folder with --out."
            )


@contextlib.contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise GraderError(
            f"{folder} cannot be written to: {error.strerror}. What was there is as it was; make room or give access, "
            "and run the same command again."
        ) from None


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
