"""Grades everything that can be handed in with one worker for all checks and with one for each, and compares.

python tests/grade/compare_isolation.py [--kinds KIND,…] [--assignments SLUG,…] [--fuzz N] [PATH…]

Prints a table of counts, then every difference, also where Ctrl-C ends it; ends with 1 where there is one. PATHs are
further submissions, or folders of them, for whichever assignment asks for the functions that they define.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

if not __package__:
    sys.path.insert(0, str(Path(__file__).parents[2]))

import hypothesis

from autograder.assignment import Assignment, Course, find_course, to_repair
from autograder.errors import SubmissionError
from autograder.grade.judge import Judge
from autograder.results import CheckResult, GradeReport
from autograder.submission import Submission, SubmissionFile, find_submissions, read_submission
from autograder.verify.proof import samples
from autograder.verify.trivial import answered, read_trivial, trivial_kinds

ROOT = Path(__file__).parents[2]
WAYS = ("submission", "check")
ASPECTS = ("checks", "outcome", "score", "feedback", "diagnostics", "figure", "remarks")


@dataclass(frozen=True)
class Sample:
    """One submission, and what grades it as the assignment's isolation says."""

    kind: str
    name: str
    assignment: Assignment
    grade: Callable[[], GradeReport]


@dataclass
class Row:
    """What came of one kind."""

    number: int = 0
    equal: int = 0
    gains: int = 0
    """Submissions with a check that has more points where checks share a worker."""
    differing: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ASPECTS, 0))
    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys(WAYS, 0.0))
    """Of the processor: the judge's and the workers'."""


def differences(shared: GradeReport, alone: GradeReport) -> dict[str, list[str]]:
    """By aspect, what one report says and the other does not; seconds aside."""
    found: dict[str, list[str]] = {}

    def compare(aspect: str, where: str, one: object, other: object) -> None:
        if one != other:
            found.setdefault(aspect, []).append(f"{where}: {one!r} shared, {other!r} alone")

    compare("checks", "checks", [check.check for check in shared.checks], [check.check for check in alone.checks])
    for one, other in zip(shared.checks, alone.checks):
        for aspect in ("outcome", "score", "feedback", "diagnostics", "figure"):
            compare(aspect, one.check, getattr(one, aspect), getattr(other, aspect))
        compare("remarks", one.check, (one.fault, one.place), (other.fault, other.place))
    compare("outcome", "status", shared.status, alone.status)
    compare("score", "score", shared.score, alone.score)
    compare("remarks", "notes", shared.notes, alone.notes)
    compare("remarks", "integrity", shared.integrity, alone.integrity)
    return found


def gains(shared: GradeReport, alone: GradeReport) -> list[str]:
    """The checks that have more points where checks share a worker."""

    def points(checks: Iterable[CheckResult]) -> dict[str, float]:
        return {check.check: check.score for check in checks}

    fair = points(alone.checks)
    return [name for name, score in points(shared.checks).items() if score > fair.get(name, 0.0)]


def in_both_ways(sample: Sample, row: Row | None = None) -> dict[str, GradeReport]:
    """The reports of one submission, by ``isolation``."""
    before, reports = sample.assignment.isolation, {}
    try:
        for way in WAYS:
            sample.assignment.isolation = way  # type: ignore[assignment]
            started = time.process_time()
            reports[way] = sample.grade()
            if row is not None:
                row.seconds[way] += time.process_time() - started + reports[way].student_seconds
    finally:
        sample.assignment.isolation = before
    return reports


def course_samples(course: Course, slugs: Iterable[str]) -> Iterator[Sample]:
    """Every sample of every assignment, as a module and as a notebook, and what answers without thinking."""
    import jupytext  # it brings a server with it

    for slug in slugs:
        assignment = course.assignment(slug)
        files = [("reference", assignment.solution), ("stub", assignment.stub)]
        files += [(kind, path) for kind in ("wrong", "right") for path in samples(assignment, kind)]
        with Judge(assignment) as judge, tempfile.TemporaryDirectory() as folder:
            for kind, path in files:
                yield _of_file(judge, kind, path)
            for _, path in files:
                notebook = Path(folder, f"{path.stem}.ipynb")
                jupytext.write(jupytext.read(path), notebook)
                yield _of_file(judge, "notebook", notebook)
            for kind in trivial_kinds(assignment):
                trivial = Path(folder, f"{kind.replace(' ', '_')}.py")
                filled = answered(
                    assignment.stub.read_text("utf-8"), read_trivial(assignment), kind, to_repair(assignment.tasks)
                )
                trivial.write_text(filled, "utf-8")
                yield _of_file(judge, "trivial", trivial)


def given_samples(course: Course, paths: Iterable[Path]) -> Iterator[Sample]:
    """Those of the command line, each for the assignment most of whose functions it names."""
    files = sorted(file for path in paths for file in (path.iterdir() if path.is_dir() else [path]))
    files = [file for file in files if file.suffix in (".py", ".ipynb", ".zip")]

    def meant(file: Path) -> str:
        text = file.read_text("utf-8", "replace")
        asked = {slug: [name for task in course.assignment(slug).tasks for name in task.functions] for slug in slugs}
        return max(slugs, key=lambda slug: sum(f"def {name}(" in text for name in asked[slug]) / len(asked[slug]))

    slugs = course.slugs
    for slug, group in itertools.groupby(sorted(files, key=meant), key=meant):
        with Judge(course.assignment(slug)) as judge:
            for file in group:
                yield _of_file(judge, "given", file)


def tiny_samples() -> Iterator[Sample]:
    """What leaves something behind, on purpose or not."""
    from tests.conftest import SOLUTION, course_files, write_files
    from tests.grade.test_isolation import SUBMISSIONS

    with tempfile.TemporaryDirectory() as folder:
        assignment = find_course(write_files(Path(folder), course_files("tiny"))).assignment("tiny")
        with Judge(assignment) as judge:
            for name, end in SUBMISSIONS.items():
                yield _of_source(judge, "leftover", name, f"{SOLUTION}\n\n{end}")


def attack_samples() -> Iterator[Sample]:
    """Attacks and honest controls, what carries something from check to check, and odd files as handed in."""
    from tests.attacks import grading
    from tests.attacks.carriers import CARRIERS, source_of
    from tests.attacks.intake import BUILDERS

    with tempfile.TemporaryDirectory() as folder, grading.Suite(Path(folder)) as bench:
        for kind, names in (("attack", grading.CLASSES), ("honest", ("honest",))):
            for case in grading.cases(*names):
                yield Sample(
                    kind, case.name, bench.judge.assignment, lambda one=case: bench.grade(one.path, one.seconds)
                )
        for name in CARRIERS:
            yield _of_source(bench.judge, "carrier", name, source_of(name))
        for name, build in BUILDERS.items():
            place = Path(folder, "handed_in", name)
            place.mkdir(parents=True)
            with contextlib.suppress(SubmissionError):
                for file in find_submissions([build(place)], "tiny"):
                    read = read_submission(file, "tiny", bench.judge._stub)
                    yield Sample("intake", name, bench.judge.assignment, lambda one=read: bench.judge.grade(one))


def fuzz_samples(examples: int) -> Iterator[Sample]:
    """Spoiled sources, and whatever of the kept and the made-up files can be read."""
    from tests.fuzz.fuzz import CORPUS
    from tests.fuzz.kinds import Desk, notebooks, sources

    desk = Desk()
    judge = desk._judge
    try:
        for path in sorted(CORPUS.iterdir()):
            yield from _of_bytes(judge, desk.folder, "corpus", path.name, path.read_bytes())
        for number, text in enumerate(_made(sources(), examples)):
            yield _of_source(judge, "fuzz", f"source {number}", text)
        for number, data in enumerate(_made(notebooks(), examples // 4)):
            yield from _of_bytes(judge, desk.folder, "fuzz", f"notebook-{number}", data)
    finally:
        desk.close()


def _made(strategy: hypothesis.strategies.SearchStrategy[object], number: int) -> list[object]:
    made: list[object] = []
    checks = list(hypothesis.HealthCheck)
    phases = [hypothesis.Phase.generate]

    @hypothesis.seed(1)
    @hypothesis.settings(
        max_examples=max(1, number), deadline=None, database=None, suppress_health_check=checks, phases=phases
    )
    @hypothesis.given(strategy)
    def keep(value: object) -> None:
        made.append(value)

    keep()
    return made


def _of_bytes(judge: Judge, folder: Path, kind: str, name: str, data: bytes) -> Iterator[Sample]:
    end = {"notebook": "ipynb", "zip": "zip"}.get(name.partition("-")[0], "py")
    path = folder / f"tiny.{end}"
    path.write_bytes(data)
    with contextlib.suppress(SubmissionError):
        for file in find_submissions([path], "tiny"):
            read = read_submission(file, "tiny", judge._stub)
            yield Sample(kind, name, judge.assignment, lambda one=read: judge.grade(one))


def _of_file(judge: Judge, kind: str, path: Path) -> Sample:
    slug = judge.assignment.slug

    def grade() -> GradeReport:
        return judge.grade(read_submission(SubmissionFile(path.stem, path), slug))

    return Sample(kind, f"{slug}/{path.name}", judge.assignment, grade)


def _of_source(judge: Judge, kind: str, name: str, source: str) -> Sample:
    submission = Submission(name, f"{judge.assignment.slug}.py", "py", source, (), "")
    return Sample(kind, name, judge.assignment, lambda: judge.grade(submission))


def main() -> int:
    """Prints the table; 1 where anything differs."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--kinds", default="", help="only these, with commas between them")
    parser.add_argument("--assignments", default="", help="only the samples of these")
    parser.add_argument("--fuzz", type=int, default=200, help="made-up sources (a quarter as many notebooks)")
    arguments = parser.parse_args()
    course, wanted = Course(ROOT), frozenset(filter(None, arguments.kinds.split(",")))
    slugs = list(filter(None, arguments.assignments.split(","))) or course.slugs
    sources: list[tuple[frozenset[str], Callable[[], Iterator[Sample]]]] = [
        (frozenset({"leftover"}), tiny_samples),
        (frozenset({"attack", "honest", "carrier", "intake"}), attack_samples),
        (frozenset({"corpus", "fuzz"}), lambda: fuzz_samples(arguments.fuzz)),
        (
            frozenset({"reference", "stub", "wrong", "right", "notebook", "trivial"}),
            lambda: course_samples(course, slugs),
        ),
        (frozenset({"given"}), lambda: given_samples(course, arguments.paths)),
    ]
    rows: dict[str, Row] = {}
    told: list[str] = []
    stopped: list[int] = []
    signal.signal(signal.SIGINT, lambda number, frame: stopped.append(number))  # what is being graded is finished
    for kinds, made in sources:
        for sample in made() if not wanted or wanted & kinds else ():
            if stopped:
                break
            if wanted and sample.kind not in wanted:
                continue
            row = rows.setdefault(sample.kind, Row())
            reports = in_both_ways(sample, row)
            told += _count(sample, row, reports["submission"], reports["check"])
    print("\n".join([*_table(rows), *told]))
    return 1 if told else 0


def _count(sample: Sample, row: Row, shared: GradeReport, alone: GradeReport) -> list[str]:
    found, gained = differences(shared, alone), gains(shared, alone)
    row.number += 1
    row.equal += not found
    row.gains += bool(gained)
    for aspect in found:
        row.differing[aspect] += 1
    told = [f"{sample.kind} {sample.name}: {aspect}: {text}" for aspect, texts in found.items() for text in texts]
    print(*told, sep="\n", end="\n" * bool(told), file=sys.stderr, flush=True)
    return told


def _table(rows: dict[str, Row]) -> Iterator[str]:
    yield f"{'kind':<10}{'number':>7}{'equal':>7}{'gains':>7}" + "".join(f"{one:>12}" for one in (*ASPECTS, *WAYS))
    total = Row()
    for row in rows.values():
        total.number, total.equal, total.gains = (
            total.number + row.number,
            total.equal + row.equal,
            total.gains + row.gains,
        )
        total.differing = {one: total.differing[one] + row.differing[one] for one in ASPECTS}
        total.seconds = {way: total.seconds[way] + row.seconds[way] for way in WAYS}
    for kind, row in (*rows.items(), ("all", total)):
        counts = "".join(f"{row.differing[one]:>12}" for one in ASPECTS)
        seconds = "".join(f"{row.seconds[way]:>10.1f} s" for way in WAYS)
        yield f"{kind:<10}{row.number:>7}{row.equal:>7}{row.gains:>7}{counts}{seconds}"


if __name__ == "__main__":
    sys.exit(main())
