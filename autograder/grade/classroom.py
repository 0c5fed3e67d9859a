"""A class: many submissions, several judges, one gradebook; nothing is lost when one of them fails."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from autograder.assignment import Assignment
from autograder.errors import AutograderError
from autograder.grade.class_folder import ClassFolder, claimed
from autograder.grade.file_names import file_names_beside
from autograder.grade.judge_process import Answer, Order
from autograder.grade.judges import Judges
from autograder.grade.merging import merge_sentences
from autograder.grade.unfinished import empty_report, unreadable
from autograder.grade.work import Graded, Work, write
from autograder.results import GradeReport
from autograder.submission import SubmissionFile

__all__ = ["ClassStopped", "default_jobs", "empty_report", "grade_class", "unreadable"]


class ClassStopped(KeyboardInterrupt):
    """Somebody stopped the class; what was done is written."""

    def __init__(self, done: int) -> None:
        super().__init__()
        self.done = done
        """How many of the submissions have their results."""


def default_jobs() -> int:
    """One judge per processor that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def grade_class(
    assignment: Assignment,
    files: Sequence[SubmissionFile],
    out: Path,
    *,
    jobs: int | None = None,
    resume: bool = False,
    fresh: bool = False,
    merge: bool = True,
    intake: Sequence[str] = (),
    on_report: Callable[[GradeReport], None] = lambda report: None,
    on_plan: Callable[[int, int], None] = lambda kept, left: None,
    on_notice: Callable[[str], None] = lambda sentence: None,
) -> list[GradeReport]:
    """The reports of everybody below ``out`` in the order of names; writes everything there as it goes.

    Results of earlier runs stay, and those of ``files`` take the place of earlier ones of their names. ``resume``:
    what an earlier run graded is not run again where neither the submission nor anything that decides its grade has
    changed. ``fresh``: what earlier runs left is removed first. ``merge=False``: the results of others than ``files``
    are dropped. ``intake`` is what was said when ``files`` were looked for; the class page repeats it.

    ``on_plan`` is told how many were kept and how many are left to grade, ``on_report`` of each of these as soon as it
    is graded, ``on_notice`` what a person should know. An assignment that cannot be run raises AssignmentError; a judge
    that breaks costs its submission an ``internal_error``, never the class. KeyboardInterrupt ends within seconds as
    ClassStopped, with everything written that was graded.
    """
    out.mkdir(parents=True, exist_ok=True)
    with claimed(out):
        folder = ClassFolder(out, assignment, on_notice, intake)
        folder.open(fresh=fresh, merge=merge)
        run = _Run(assignment, files, folder, jobs or default_jobs(), on_report, on_notice)
        if not merge:
            folder.drop(set(folder.before) - set(run.work))
        return run.graded(on_plan, resume=resume)


class _Run:
    """One run over a class."""

    def __init__(
        self,
        assignment: Assignment,
        files: Sequence[SubmissionFile],
        folder: ClassFolder,
        jobs: int,
        on_report: Callable[[GradeReport], None],
        on_notice: Callable[[str], None],
    ) -> None:
        # Asked for here, it goes to the judges as it is now: checks that are edited meanwhile are another assignment's.
        self._digest = assignment.digest
        self._folder = folder
        self._jobs = max(1, min(jobs, len(files)))
        self._on_report = on_report
        self._say = on_notice
        self._reports: dict[str, GradeReport] = {}
        stems = file_names_beside(
            {name: kept.stem for name, kept in folder.before.items()}, [file.name for file in files]
        )
        self.work = {file.name: Work(assignment, file, folder.folder, stems[file.name]) for file in files}

    def graded(self, on_plan: Callable[[int, int], None], *, resume: bool) -> list[GradeReport]:
        """The reports of everybody, after grading what there is to grade."""
        before = self._folder.before
        try:
            with Judges(self._jobs) as judges:
                try:
                    kept = self._kept(judges) if resume else set()
                    on_plan(len(kept), len(self.work) - len(kept))
                    self._grade([item for name, item in self.work.items() if name not in kept], judges)
                except KeyboardInterrupt:
                    for order, answer in judges.stop():
                        if answer.error is None:
                            self._take(order, answer)
                    raise
            for sentence in merge_sentences(before, self.work, kept, self._digest, self._folder.folder):
                self._say(sentence)
            return self._written()
        except KeyboardInterrupt:
            raise ClassStopped(self._done(self._written())) from None
        except BaseException:
            with contextlib.suppress(AutograderError):
                self._written()
            raise

    def _kept(self, judges: Judges) -> set[str]:
        """The names of those that an earlier run graded and that have not changed since."""
        kept = set()
        known = [Order(item, is_look_up=True) for name, item in self.work.items() if name in self._folder.before]
        for order, answer in judges.answers(known):
            if isinstance(answer, Answer) and answer.report is not None:
                self._reports[order.work.file.name] = answer.report
                kept.add(order.work.file.name)
        return kept

    def _grade(self, work: Sequence[Work], judges: Judges) -> None:
        again: list[tuple[Order, str]] = []
        for order, answer in judges.answers([Order(item) for item in work]):
            if isinstance(answer, str) or not self._take(order, answer):
                again.append((order, answer if isinstance(answer, str) else ""))
        # What is left was in flight when a judge broke: each gets a second chance, alone.
        for order, _ in again:
            for _, answer in judges.answers([replace(order, is_last_try=True)]):
                if isinstance(answer, str) or not self._take(order, answer):
                    self._give_up(order.work, answer if isinstance(answer, str) else "")

    def _take(self, order: Order, answer: Answer) -> bool:
        """Whether the answer settles it."""
        if answer.error is not None:
            raise answer.error
        if answer.report is None or order.is_look_up:
            return order.is_look_up
        self._reports[answer.report.submission] = answer.report
        self._on_report(answer.report)
        return True

    def _give_up(self, work: Work, last_words: str) -> None:
        reason = "The judge ended twice while it graded this submission: please look at it by hand."
        remarks = (reason, last_words) if last_words else (reason,)
        report = empty_report(work.assignment, work.file.name, "internal_error", integrity=remarks)
        self._reports[report.submission] = write(Graded(report), work)
        self._on_report(report)

    def _done(self, written: Sequence[GradeReport]) -> int:
        """How many of this run's submissions have their results, those included that nobody told any more."""
        before = {name: kept.report for name, kept in self._folder.before.items()}
        new = {report.submission for report in written if report != before.get(report.submission)}
        return len(set(self.work) & (new | set(self._reports)))

    def _written(self) -> list[GradeReport]:
        stems = {name: item.stem for name, item in self.work.items()}
        return self._folder.write(list(self._reports.values()), stems)
