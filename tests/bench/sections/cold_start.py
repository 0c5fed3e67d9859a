"""From nothing to one report."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator

from tests.bench.measuring import Measuring
from tests.bench.page import Table, seconds
from tests.bench.tree_meter import Usage
from tests.bench.trees import Tree

NAME, ORDER = "cold", 2


def measure(run: Measuring) -> Iterator[Table]:
    """The table of one file, beside what nobody can do without."""
    files = run.classroom(run.slug, 1)
    table = Table(f"Cold start: {run.slug}, one file", ("what", "processor s", "wall s", "peak MB"))

    def add(what: str, tree: Tree, once: Callable[[], Usage]) -> None:
        found = [once() for _ in range(run.sizes.repetitions)]
        columns = [(one.processor, one.wall, one.peak_mb) for one in found]
        processor, wall, peak = (statistics.median(column) for column in zip(*columns, strict=True))
        named = f"{what}, {tree.title}" if len(run.trees) > 1 else what
        table.add(named, seconds(processor), seconds(wall), f"{peak:.0f}")

    torch = [str(run.now.python), "-c", "import torch"]
    add("`import torch`", run.now, lambda: run.run(run.now, "import torch", torch))
    for tree in run.trees:
        asked = [str(tree.python), "-m", "autograder", "--help"]
        run.expect_passed(tree, run.slug)
        add("`autograder --help`", tree, lambda tree=tree, asked=asked: run.run(tree, "autograder --help", asked))
        add("`autograder grade`", tree, lambda tree=tree: run.grade(tree, run.slug, files))
        add("`autograder grade`, first time", tree, lambda tree=tree: _first(run, tree))
    own = run.own_code(run.slug, 1)
    table.add("the file's own code, equal calls once", seconds(own.mean(files)), "", "")
    table.notes = [
        f"The file is the reference solution. Medians of {run.sizes.repetitions} runs; files are in the page cache. "
        "The first time that an assignment is used, its reference solution is graded before the submission."
    ]
    yield table


def _first(run: Measuring, tree: Tree) -> Usage:
    cache = tree.work / f"cache-{run.new_out(tree).name}"
    files = run.classroom(run.slug, 1)
    command = tree.grade(run.slug, files, run.new_out(tree))
    # The assignment's mark is kept in the cache: an empty one knows of none.
    return run.run(tree, "the first time", ["/usr/bin/env", f"XDG_CACHE_HOME={cache}", *command])
