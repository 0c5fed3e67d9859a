"""What the sections make of what was measured: nothing is run, and the figures are known."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.bench.measuring import Measuring, OwnCode, Sizes
from tests.bench.sections import checks, class_of_students, cold_start, memory, scale
from tests.bench.tree_meter import Usage
from tests.bench.trees import Tree
from tests.conftest import course_files, write_files


@dataclass
class Known(Measuring):
    """A judge that takes 4 s to start, then 2 s for a submission (3 s where checks are isolated), and grows."""

    def own_code(self, slug: str, count: int) -> OwnCode:
        names = [file.name for file in self.classroom(slug, count)]
        return OwnCode(10, 40, 20, dict.fromkeys(names, 1.0), dict.fromkeys(names, 1.5))

    def run(self, tree: Tree, what: str, command: Sequence[str], **more: object) -> Usage:
        return Usage(8.0, 9.0, 500.0, output="3.0")

    def expect_passed(self, tree: Tree, slug: str) -> None:
        pass

    def graded(
        self, tree: Tree, slug: str, files: Sequence[Path], isolation: str = "", *options: str
    ) -> tuple[Usage, dict[str, float]]:
        each = 3.0 if isolation == "check" else 2.0
        samples = tuple((float(second), 800.0 + second) for second in range(100))
        points = dict.fromkeys((file.stem for file in files), 3.0)
        return Usage(4.0 + each * len(files), 2.0 * len(files), 900.0, samples), points


@pytest.fixture
def run(tmp_path: Path) -> Known:
    trees = []
    for title, isolations in (("now", ("submission", "check")), ("before", ("",))):
        root = write_files(tmp_path / f"{title}-root", course_files("tiny"))
        (tmp_path / title).mkdir()
        tree = Tree(title, root, Path(sys.executable), tmp_path / title)
        vars(tree)["isolations"] = isolations  # else its command line would be asked
        trees.append(tree)
    sizes = Sizes(count=4, others=2, scale=(2, 4), memory=8, repetitions=1)
    return Known(trees, tmp_path, "tiny", "tiny", sizes, lambda text: None)


def test_a_class_is_held_against_its_own_code(run: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Tree, "has", lambda tree, module: False)
    (table,) = class_of_students.measure(run)
    assert table.rows == [
        ("own code, equal calls once", "4", "1.00", "1.00×", "", "", ""),
        ("own code, all calls", "4", "1.50", "1.50×", "", "", ""),
        ("`autograder grade` `--isolation submission`, now", "4", "3.00", "3.00×", "–", "2.00", "900"),
        ("`autograder grade` `--isolation check`, now", "4", "4.00", "4.00×", "–", "2.00", "900"),
        ("`autograder grade`, before", "4", "3.00", "3.00×", "–", "2.00", "900"),
        ("pytest by hand, a process per submission", "2", "8.00", "8.00×", "–", "9.00", "500"),
    ]
    assert "Not measured: otter, which this interpreter cannot import." in table.notes
    assert table.notes[-1] == "All of them gave every submission the same points."


def test_other_points_are_said() -> None:
    points = {"one": {"ada": 3.0, "ben": 2.0}, "two": {"ada": 2.5}, "three": {"cleo": 1.0}}
    assert class_of_students._disagreements(points) == [
        "two gave other points than one to ada.",
        "three gave other points than one to everybody.",
    ]


def test_a_check_costs_what_is_beyond_own_code_and_start(run: Known) -> None:
    (table,) = checks.measure(run)
    assert table.rows == [
        ("tiny", "submission, now", "10", "1.00", "2.00", "2.00×", "100.0"),
        ("tiny", "check, now", "10", "1.00", "3.00", "3.00×", "200.0"),
        ("tiny", "before", "10", "1.00", "2.00", "2.00×", "100.0"),
    ]


def test_many_submissions_and_cold_starts(run: Known) -> None:
    (table,) = scale.measure(run)
    assert table.rows[0] == ("2", "now", "4.00", "4.00", "2.00", "900")
    assert [row[:2] for row in table.rows] == [("2", "now"), ("2", "before"), ("4", "now"), ("4", "before")]
    (table,) = cold_start.measure(run)
    assert table.rows[0] == ("`import torch`, now", "8.00", "9.00", "500")
    assert ("`autograder grade`, before", "6.00", "2.00", "900") in table.rows


def test_growth_is_that_between_two_tenths_of_the_class(run: Known) -> None:
    (table,) = memory.measure(run)
    early, late = 800 + 14.5, 800 + 94.5
    assert table.rows[-1][3:] == ("900", f"{early:.0f}", f"{late:.0f}", f"{100 * (late - early) / (0.8 * 8):.1f}")
