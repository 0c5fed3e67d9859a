"""What one check costs beyond the student's own code, in each way of isolation."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.measuring import Measuring
from tests.bench.page import Table, seconds, times
from tests.bench.trees import Tree

NAME, ORDER = "checks", 3
_FEW, _MORE = 2, 8


def measure(run: Measuring) -> Iterator[Table]:
    """One row per assignment and way of isolation."""
    isolated = "isolation"
    columns = (
        "assignment",
        isolated,
        "checks",
        "own code s",
        "processor s per submission",
        "× own code",
        "ms per check",
    )
    table = Table("What a check costs", columns)
    for folder in sorted((run.now.course / "assignments").iterdir()):
        slug = folder.name
        own = run.own_code(slug, _MORE)
        seconds_alone = own.mean(run.classroom(slug, _MORE)[_FEW:])
        for tree in run.trees:
            for isolation in tree.isolations:
                each = _marginal(run, tree, slug, isolation)
                named = ", ".join(filter(None, (isolation, tree.title if len(run.trees) > 1 else "")))
                beyond = (each - seconds_alone) / own.checks
                row = (str(own.checks), seconds(seconds_alone), seconds(each), times(each, seconds_alone))
                table.add(slug, named or "check", *row, f"{1000 * beyond:.1f}")
    table.notes = [
        f"Processor seconds of `autograder grade --jobs 1` on {_MORE} submissions less those on the first {_FEW} of "
        f"them, divided by {_MORE - _FEW}: what starting costs is in neither. `ms per check` is what is left beyond "
        "the own code (equal calls once), divided by the number of checks: recorded calls, second runs of checks that "
        "failed in a shared worker, and reports included."
    ]
    yield table


def _marginal(run: Measuring, tree: Tree, slug: str, isolation: str) -> float:
    files = run.classroom(slug, _MORE)
    few, more = (run.grade(tree, slug, files[:count], isolation, "--jobs", "1") for count in (_FEW, _MORE))
    return (more.processor - few.processor) / (_MORE - _FEW)
