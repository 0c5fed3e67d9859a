"""The parts of the benchmarks that could be wrong without anybody noticing: who is asked what, and what is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.assignment import Assignment
from tests.bench.__main__ import found_sections
from tests.bench.call_log import call_log
from tests.bench.groups import NoGroups, container
from tests.bench.nbgrader_autograde import solved_notebook
from tests.bench.own_code import own_code
from tests.bench.page import Table, page, seconds, times
from tests.bench.plain_python import in_fork
from tests.bench.samples import class_files
from tests.bench.sections.memory import early_and_late
from tests.conftest import CONFIG, HIDDEN, SOLUTION

COURSE = Path(__file__).parents[2] / "solutions"
BUSY = """
import os, time
def double(number):
    started = time.process_time()
    while time.process_time() < started + 0.02:
        pass
    return 2 * number
def descend(start, steps=3):
    raise ValueError("not today")
"""
LAYER = '''

@pytest.mark.task("1", points=1, category="correctness")
def test_layer(submission):
    """A layer stays with the submission."""
    layer = submission.double(submission.make("torch.nn.Linear", 2, 1))
    assert layer(torch.ones(2)).shape == layer.bias.get().shape == (1,)
    assert submission.function("lambda x: 2 * x")(4) == 8
'''


def test_the_calls_are_those_of_public_and_hidden_checks_in_their_order(tiny: Assignment) -> None:
    log = call_log(tiny)
    assert [call.target for call in log.calls] == ["double", "double", "double", "descend"]
    assert log.calls[0].kwargs == {"number": 21.0}
    assert log.checks == 4
    log.calls += log.calls[:2]
    assert log.distinct() == log.calls[:4]


def test_calls_on_objects_of_the_submission_are_made_of_its_own(new_assignment: Callable[..., Assignment]) -> None:
    solution = SOLUTION.replace("return 2 * number", "return number if callable(number) else 2 * number")
    config = CONFIG.replace("points = 3", "points = 4")
    log = call_log(new_assignment(config=config, solution=solution, hidden=HIDDEN + LAYER))
    assert [call.op for call in log.calls if call.key is None] == ["make", "call", "call", "get", "function", "call"]
    own = own_code(solution, "tiny", log.calls)
    assert (own.made, own.raised) == (len(log.calls), 0)


def test_own_code_is_the_time_of_the_calls(tiny: Assignment, tmp_path: Path) -> None:
    path = tmp_path / "busy.py"
    path.write_text(BUSY)
    own = in_fork(path, "tiny", call_log(tiny).calls)
    assert own is not None
    assert (own.made, own.raised) == (4, 1)
    assert own.seconds >= 3 * 0.02


def test_a_submission_that_ends_its_process_has_no_figure(tiny: Assignment, tmp_path: Path) -> None:
    path = tmp_path / "dies.py"
    path.write_text(BUSY + "os._exit(0)\n")
    assert in_fork(path, "tiny", call_log(tiny).calls) is None


def test_a_class_of_samples_has_no_two_equal_files_and_begins_with_the_reference() -> None:
    for count in (1, 5, 100):
        files = class_files(COURSE / "gradient_accumulation", count)
        assert len(files) == len(set(files.values())) == count
        assert next(iter(files)).startswith("gradient-accumulation-")
    names = list(class_files(COURSE / "gradient_accumulation", 100))
    count = 1 + len([*(COURSE / "gradient_accumulation").glob("*/*.py")])
    assert names[0].rsplit("-", 1)[0] == names[count].rsplit("-", 1)[0], "the reference and all samples, then once more"


def test_a_page_holds_every_table() -> None:
    table = Table("Cost", ("what", "s"), notes=["How it was measured."])
    table.add("a|b", seconds(0.123))
    text = page("# Title", [table, Table("Log", printed="line\n")])
    assert text == (
        "# Title\n\n## Cost\n\n| what | s |\n| --- | ---: |\n| a\\|b | 0.12 |\n\nHow it was measured.\n\n"
        "## Log\n\n```text\nline\n```\n"
    )
    with pytest.raises(ValueError, match="1 cells for the 2 columns of 'Cost'"):
        table.add("alone")


def test_figures() -> None:
    assert (seconds(123.456), seconds(1.234), times(3, 2), times(3, 0)) == ("123.5", "1.23", "1.50×", "–")
    assert early_and_late([900.0, *[100.0] * 3, *[150.0] * 14, 220.0, 220.0]) == (100.0, 220.0)


def test_sections_have_names_and_an_order_of_their_own() -> None:
    found = found_sections()
    assert [module.NAME for module in found][:2] == ["class", "cold"]
    assert len({module.ORDER for module in found}) == len({module.NAME for module in found}) == len(found) > 5


def test_a_small_container_is_a_group_with_its_limits(tmp_path: Path) -> None:
    """Files of a made-up kernel: which groups a process joins, and that a machine without them is told apart."""
    with pytest.raises(NoGroups, match="no control groups"), container(0.5, 768, tmp_path):
        pass
    (tmp_path / "cgroup.controllers").touch()
    with container(0.5, 768, tmp_path) as (group,):
        assert (group / "cpu.max").read_text() == "50000 100000"
        assert (group / "memory.max").read_text() == str(768 * 2**20)
        for file in group.iterdir():  # the kernel removes them with the folder
            file.unlink()
    assert not group.exists()


def test_a_notebook_is_solved_in_its_last_cell_that_asks_for_it() -> None:
    def cell(source: str, **about: object) -> dict[str, object]:
        return {"source": source, "metadata": {"nbgrader": about} if about else {}}

    released = {
        "cells": [cell("import torch"), cell("def f(): ...", solution=True), cell("def g(): ...", solution=True)]
    }
    solved = solved_notebook(released, "f = g = print")
    assert [one["source"] for one in solved["cells"]] == ["import torch", "", "f = g = print"]
    assert released["cells"][1]["source"] == "def f(): ..."
