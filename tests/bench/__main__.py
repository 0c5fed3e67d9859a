"""``make bench``: what grading costs, beside other graders and beside the students' own code, in one run.

    python -m tests.bench [--only class,cold] [--before DIR] [--python PATH]

Each section is a module of tests/bench/sections, found by itself; it yields tables. They are printed as they come and
written to docs/benchmarks.md.
"""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import click
from rich.console import Console

from tests.bench import sections
from tests.bench.machine import commit, load, machine, today, versions
from tests.bench.measuring import ROOT, Measuring, Sizes
from tests.bench.page import Table, page, shown
from tests.bench.tree_meter import INTERVAL, CommandFailed
from tests.bench.trees import Tree, same_course

PAGE = ROOT / "docs" / "benchmarks.md"


def found_sections() -> list[ModuleType]:
    """The sections in the order in which they are measured."""
    names = [module.name for module in pkgutil.iter_modules(sections.__path__)]
    modules = [importlib.import_module(f"{sections.__name__}.{name}") for name in names]
    return sorted(modules, key=lambda module: int(module.ORDER))


def introduction(run: Measuring, busy: float) -> str:
    """What stands above all tables."""
    trees = ", ".join(f"“{tree.title}” is {commit(tree.root) or 'no checkout'}" for tree in run.trees)
    if len(run.trees) > 1 and not same_course(*run.trees):
        trees += ", with another course: these figures are not of the same checks"
    return f"""\
# Benchmarks

Written by `make bench` on {today()}.

- Machine: {machine()}
- Versions: {versions(run.now)}
- Trees: {trees}
- Load when it began: {busy:.1f}. Only on a quiet machine are times worth anything, and those by the clock least.

*Processor seconds* are user and system time of the command and of everything that it started, whoever became its
parent: it runs below a process that adopts orphans and reaps them all (`tests/bench/tree_meter.py`). *Wall* is the time
by the clock until the command ended. *MB* is the largest sum of the proportional set sizes of all these processes that
was seen, libraries' pages included, which the kernel can take back; memory was looked at every {INTERVAL:g} s, and
these looks are not counted. `A×` is one figure divided by another of the same run."""


def measured_tables(run: Measuring, chosen: list[ModuleType], console: Console) -> Iterator[Table]:
    """Every table as soon as it is there; one that says why for a section that could not be measured."""
    for number, module in enumerate(chosen, start=1):
        console.rule(f"{number} of {len(chosen)}: {module.NAME}", align="left")
        started = time.monotonic()
        try:
            yield from module.measure(run)
        except (CommandFailed, subprocess.CalledProcessError, OSError) as error:
            detail = str(getattr(error, "stderr", "") or error)
            console.print(detail, markup=False, style="red")
            first = detail.strip().splitlines()[-1] if detail.strip() else type(error).__name__
            yield Table(str(module.NAME), notes=[f"Not measured: {first}"])
        run.say(f"{module.NAME}: {time.monotonic() - started:.0f} s")


@click.command()
@click.option("--only", default="", metavar="NAME,...", help="These sections instead of all.")
@click.option("--count", default=Sizes.count, show_default=True, help="Submissions of the class.")
@click.option("--others", default=Sizes.others, show_default=True, help="Of them, how many other graders get.")
@click.option("--scale", default=",".join(map(str, Sizes.scale)), show_default=True, help="Sizes of large classes.")
@click.option("--memory", default=Sizes.memory, show_default=True, help="Submissions over which memory is watched.")
@click.option("--repetitions", default=Sizes.repetitions, show_default=True, help="Of what takes seconds.")
@click.option("--slug", default="polynomial_regression", show_default=True, help="The assignment of the class.")
@click.option("--small", default="gradient_accumulation", show_default=True, help="That of the large classes.")
@click.option("--before", type=click.Path(path_type=Path, exists=True), help="Another tree of this project, beside it.")
@click.option("--python", type=click.Path(path_type=Path, exists=True), help="The interpreter that is measured.")
@click.option("--out", type=click.Path(path_type=Path), help="The page; docs/benchmarks.md where all is measured.")
def main(
    only: str,
    count: int,
    others: int,
    scale: str,
    memory: int,
    repetitions: int,
    slug: str,
    small: str,
    before: Path | None,
    python: Path | None,
    out: Path | None,
) -> None:
    """Measures, prints and writes."""
    known = found_sections()
    wanted = [name for name in only.split(",") if name] or [module.NAME for module in known]
    if unknown := set(wanted) - {module.NAME for module in known}:
        raise click.UsageError(f"no section {', '.join(sorted(unknown))}; there are {', '.join(m.NAME for m in known)}")
    console = Console(highlight=False)
    interpreter = Path(python or sys.executable).absolute()
    with tempfile.TemporaryDirectory(prefix="autograder-bench-") as folder:
        trees = []
        for title, root in (("now", ROOT), ("before", before)):
            if root is not None:
                (Path(folder) / title).mkdir()
                trees.append(Tree(title, root.resolve(), interpreter, Path(folder) / title))
        if len(trees) > 1 and not same_course(*trees):
            console.print("The two trees have other courses: their figures are not of the same checks.", style="red")
        sizes = Sizes(count, others, tuple(int(size) for size in scale.split(",")), memory, repetitions)
        say = lambda text: console.print(f"[dim]{time.strftime('%H:%M:%S')}[/dim]", text)  # noqa: E731
        run = Measuring(trees, Path(folder), slug, small, sizes, say)
        console.print(machine(), versions(run.now), sep="\n")
        if (busy := load()) > 0.5:
            console.print(f"The machine is busy (load {busy:.1f}): times will be too long.", style="yellow")
        out = out or (None if only else PAGE)
        tables: list[Table] = []
        for table in measured_tables(run, [module for module in known if module.NAME in wanted], console):
            tables.append(table)
            _show(table, console)
            if out is not None:  # a run that is stopped leaves what it has
                out.write_text(page(introduction(run, busy), tables), encoding="utf-8")
    if out is not None:
        console.print(f"Written to {out}")


def _show(table: Table, console: Console) -> None:
    if table.rows:
        console.print(shown(table))
    else:
        console.print(table.title)
    console.print(table.printed or "", *table.notes, sep="\n", markup=False)


if __name__ == "__main__":
    main()
