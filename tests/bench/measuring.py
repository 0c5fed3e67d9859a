"""What the sections measure with: the trees, the classes, and a word about what is going on."""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.samples import write_class
from tests.bench.tree_meter import CommandFailed, Usage, measured
from tests.bench.trees import Tree, isolation_options

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Sizes:
    """How much is measured."""

    count: int = 24
    """Submissions of the class."""
    others: int = 3
    """Of them, how many other graders get."""
    scale: tuple[int, ...] = (10, 100, 1000)
    memory: int = 200
    """Submissions over which the memory is watched."""
    repetitions: int = 3
    """Of what takes seconds."""


@dataclass(frozen=True)
class OwnCode:
    """The students' own code alone, in processor seconds."""

    checks: int
    calls: int
    distinct: int
    once: dict[str, float]
    """By file name: every call once, however often checks make it."""
    every: dict[str, float]

    def mean(self, files: Sequence[Path], *, every: bool = False) -> float:
        """Per submission, of these files; those that did not end well are left out."""
        found = self.every if every else self.once
        kept = [found[file.name] for file in files if file.name in found]
        return sum(kept) / len(kept) if kept else 0.0


@dataclass
class Measuring:
    """One run of the benchmarks."""

    trees: list[Tree]
    """The first is measured against everything; a second is the state before."""
    work: Path
    slug: str
    small: str
    """The assignment that is quickest to grade, for many submissions."""
    sizes: Sizes
    say: Callable[[str], None] = print
    _own: dict[tuple[str, int], OwnCode] = field(default_factory=dict)
    _classes: dict[tuple[str, int], list[Path]] = field(default_factory=dict)
    _passed: set[tuple[str, str]] = field(default_factory=set)
    _outs: int = 0

    @property
    def now(self) -> Tree:
        """The tree that is measured against everything."""
        return self.trees[0]

    def classroom(self, slug: str, count: int) -> list[Path]:
        """The files of a class, in a folder of their own."""
        if (slug, count) not in self._classes:
            folder = self.work / "classes" / f"{slug}-{count}"
            self._classes[slug, count] = write_class(self.now.course / "solutions" / slug, folder, count)
        return self._classes[slug, count]

    def own_code(self, slug: str, count: int) -> OwnCode:
        """What the submissions of that class take by themselves."""
        if (slug, count) not in self._own:
            files = self.classroom(slug, count)
            self.say(f"{slug}: the own code of {count} submissions, in plain Python")
            command = [str(self.now.python), "-m", "tests.bench.plain_python", str(self.now.course), slug]
            env = self.now.env | {"PYTHONPATH": str(ROOT)}
            done = subprocess.run(
                [*command, *map(str, files)], cwd=ROOT, env=env, capture_output=True, encoding="utf-8", check=False
            )
            if done.returncode:
                raise CommandFailed(f"plain Python: {done.stderr[-2000:]}")
            found = json.loads(done.stdout)
            kinds = {
                kind: {Path(file).name: pair[kind]["seconds"] for file, pair in found["files"].items() if pair[kind]}
                for kind in ("once", "every")
            }
            self._own[slug, count] = OwnCode(found["checks"], found["calls"], found["distinct"], **kinds)
        return self._own[slug, count]

    def run(self, tree: Tree, what: str, command: Sequence[str], **more: object) -> Usage:
        """The command's cost; says what it is about to run."""
        self.say(f"{tree.title}: {what}")
        usage = measured(command, cwd=tree.work, env=tree.env, **more)  # type: ignore[arg-type]
        self.say(f"    {usage.processor:.1f} s of processor, {usage.wall:.1f} s, {usage.peak_mb:.0f} MB")
        return usage

    def grade(self, tree: Tree, slug: str, files: Sequence[Path], isolation: str = "", *options: str) -> Usage:
        """What grading these files costs, when the reference solution has passed before and everybody gets a result."""
        usage, _ = self.graded(tree, slug, files, isolation, *options)
        return usage

    def graded(
        self, tree: Tree, slug: str, files: Sequence[Path], isolation: str = "", *options: str
    ) -> tuple[Usage, dict[str, float]]:
        """The same, and each file's points by the stem of its name."""
        self.expect_passed(tree, slug)
        out = self.new_out(tree)
        command = tree.grade(slug, files, out, *isolation_options(isolation), *options)
        how = " ".join(filter(None, (f"isolation {isolation}" if isolation else "", *options)))
        usage = self.run(tree, f"autograder grade {slug}, {len(files)} submissions{how and f', {how}'}", command)
        with (out / "grades.csv").open(encoding="utf-8") as stream:
            points = {row["submission"]: float(row["score"] or "nan") for row in csv.DictReader(stream)}
        if set(points) != {file.stem for file in files}:
            raise CommandFailed(f"{len(files)} submissions got {len(points)} results")
        return usage, points

    def expect_passed(self, tree: Tree, slug: str) -> None:
        """Has the tree grade its reference solution, as it does before any class, and compile its own files."""
        if (tree.title, slug) not in self._passed:
            command = tree.grade(slug, self.classroom(slug, 1), self.new_out(tree))
            self.run(tree, f"{slug}: its reference solution for the first time (not counted)", command)
            self._passed.add((tree.title, slug))

    def new_out(self, tree: Tree) -> Path:
        """A path that is not there yet."""
        self._outs += 1
        return tree.work / f"out-{self._outs}"
