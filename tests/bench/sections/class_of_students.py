"""One class, graded in every way that there is."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.measuring import ROOT, Measuring, OwnCode
from tests.bench.nbgrader_autograde import nbgrader_autograde
from tests.bench.otter_run import otter_run
from tests.bench.page import Table, seconds, times
from tests.bench.tree_meter import CommandFailed, Usage

NAME, ORDER = "class", 1
_OTTER = "`otter run`"
_COLUMNS = (
    "how",
    "submissions",
    "processor s per submission",
    "× own code",
    f"{_OTTER} takes",
    "wall s per submission",
    "peak MB",
)


@dataclass(frozen=True)
class _Row:
    how: str
    files: Sequence[Path]
    usage: Usage
    own: float
    """Seconds per submission of these files."""

    @property
    def each(self) -> float:
        return self.usage.processor / len(self.files)


def measure(run: Measuring) -> Iterator[Table]:
    """The table of the class."""
    files = run.classroom(run.slug, run.sizes.count)
    own = run.own_code(run.slug, run.sizes.count)
    typical = _typical(files, own, run.sizes.others)
    table = Table(f"A class of {len(files)}: {run.slug}", _COLUMNS, notes=_definitions(run, own, typical, files))
    rows: list[_Row] = []
    points: dict[str, Mapping[str, float]] = {}

    def add(how: str, graded: Sequence[Path], found: tuple[Usage, Mapping[str, float]]) -> None:
        rows.append(_Row(how, graded, found[0], own.mean(graded)))
        points[how] = found[1]

    for isolation in run.now.isolations:
        for tree in run.trees:
            if isolation in tree.isolations:
                how = " ".join(["`autograder grade`", *([f"`--isolation {isolation}`"] if isolation else [])])
                add(f"{how}{_of(tree.title, run)}", files, run.graded(tree, run.slug, files, isolation))
    for tree in run.trees[1:]:
        if tree.isolations == ("",) != run.now.isolations:
            add(f"`autograder grade`{_of(tree.title, run)}", files, run.graded(tree, run.slug, files))
    add("pytest by hand, a process per submission", typical, _by_hand(run, typical))
    lacking = [name for name in ("otter", "nbgrader") if not run.now.has(name)]
    if len(lacking) < 2:
        dist = _released(run)
        if "otter" not in lacking:
            package = dist / f"{run.slug}-autograder.zip"
            add(_OTTER, typical, otter_run(run, typical, package))
        if "nbgrader" not in lacking:
            add("`nbgrader autograde`", typical, nbgrader_autograde(run, run.slug, typical, dist / "nbgrader"))
    table.notes += [f"Not measured: {name}, which this interpreter cannot import." for name in lacking]
    table.notes += _disagreements(points)
    _fill(table, rows, files, own)
    yield table


def _typical(files: Sequence[Path], own: OwnCode, count: int) -> list[Path]:
    """Those whose own code takes about as long as that of the class in the mean."""
    mean = own.mean(files)
    known = [file for file in files if file.name in own.once]
    return sorted(known, key=lambda file: (abs(own.once[file.name] - mean), file.name))[:count]


def _fill(table: Table, rows: Sequence[_Row], files: Sequence[Path], own: OwnCode) -> None:
    otter = next((row for row in rows if row.how == _OTTER), None)
    for name, every in (("own code, equal calls once", False), ("own code, all calls", True)):
        mean = own.mean(files, every=every)
        table.add(name, str(len(files)), seconds(mean), times(mean, own.mean(files)), "", "", "")
    for row in rows:
        table.add(
            row.how,
            str(len(row.files)),
            seconds(row.each),
            times(row.each, row.own),
            times(otter.each, row.each) if otter else "–",
            seconds(row.usage.wall / len(row.files)),
            f"{row.usage.peak_mb:.0f}",
        )


def _of(title: str, run: Measuring) -> str:
    return f", {title}" if len(run.trees) > 1 else ""


def _by_hand(run: Measuring, files: Sequence[Path]) -> tuple[Usage, dict[str, float]]:
    total, points = Usage(0, 0, 0), {}
    script = ROOT / "tests" / "bench" / "checks_in_process.py"
    for file in files:
        command = [str(run.now.python), str(script), str(run.now.course), run.slug, str(file)]
        usage = run.run(run.now, f"pytest by hand, {file.name}", command)
        points[file.stem] = float(usage.output.splitlines()[-1])
        total += usage
    return total, points


def _released(run: Measuring) -> Path:
    """The folder with the zips and the nbgrader course that the tree's release writes."""
    dist = run.now.work / "dist"
    command = [str(run.now.python), "-m", "autograder", "release", run.slug, "--course", str(run.now.course)]
    run.run(run.now, "autograder release (not counted)", [*command, "--out", str(dist)])
    if not zipfile.is_zipfile(dist / f"{run.slug}-autograder.zip"):
        raise CommandFailed("autograder release wrote no zip")
    return dist


def _disagreements(points: Mapping[str, Mapping[str, float]]) -> list[str]:
    """A sentence for each way that does not give the points of the first."""
    first, *others = points
    found = []
    for how in others:
        shared = points[how].keys() & points[first].keys()
        other = [name for name in sorted(shared) if not math.isclose(points[how][name], points[first][name])]
        if other or not shared:
            found.append(f"{how} gave other points than {first} to {', '.join(other) or 'everybody'}.")
    return found or ["All of them gave every submission the same points."]


def _definitions(run: Measuring, own: OwnCode, typical: Sequence[Path], files: Sequence[Path]) -> list[str]:
    return [
        f"The class: the reference solution, right and wrong samples of the course, {len(files)} in all, "
        f"{own.checks} checks each. Own code: the {own.calls} calls that the checks make of the reference solution "
        f"({own.distinct} of them different), made of each submission as a plain module, in a fork of one process that "
        "has imported torch: no recorder, no sandbox, no comparison, one thread. No grader that asks these questions "
        "can take less.",
        f"Graders that take one submission at a time got {len(typical)} of the class: those whose own code takes about "
        f"as long as the mean of the class ({', '.join(file.stem for file in typical)}). `× own code` is with respect "
        "to the own code of the submissions of that row, equal calls counted once.",
        "`autograder grade` ran with as many judges as there are processors, after the reference solution had passed. "
        "By hand: pytest with the same checks in the process that imports the submission, without a sandbox; the "
        f"reference's answers are computed anew in each process. {_OTTER} and nbgrader: on what `autograder release` "
        "makes; their plugins ask this project's judge, once per submission.",
    ]
