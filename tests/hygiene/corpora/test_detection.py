"""All rules over the corpora: every fault is found with its code and line, no correct program has a diagnostic."""

from __future__ import annotations

import math
import os
from typing import Any

import pytest

from autograder.hygiene import Window
from tests.hygiene.corpora import corpus, score

pytestmark = pytest.mark.filterwarnings("ignore")


EQUIVALENTS = corpus.equivalents()[:: 1 if os.environ.get("AUTOGRADER_ALL_EQUIVALENTS") else 2]
"""Every second one (over 400), or all: they take half of the suite's time where the corpora are large."""


@pytest.mark.parametrize("idiom", corpus.idioms(), ids=lambda idiom: idiom.name)
def test_idiom_has_no_diagnostic(idiom: Any) -> None:
    assert [item for item in score.diagnosed(idiom.path) if item.code not in idiom.ignored] == []


@pytest.mark.parametrize("program", corpus.faulty(), ids=lambda program: program.name)
def test_fault_is_found_with_its_code_and_line(program: Any) -> None:
    found = score.diagnosed(program.path, **program.asked)
    assert {item.code for item in found} == {program.code}
    assert {item.line for item in found} <= program.lines


@pytest.mark.parametrize("idiom", corpus.idioms(), ids=lambda idiom: idiom.name)
def test_idiom_has_no_diagnostic_in_a_window(idiom: Any) -> None:
    found = score.diagnosed(idiom.path, window=Window.first())
    assert [item for item in found if item.code not in idiom.ignored] == []


LATER = {
    "gh404_every_fourth_prediction",
    "gh404_every_tenth_loss",
    "gh501_prediction_after_training",
    "gh502_formatted_tensor",
    "gh502_helper_leaves_eval_mode",
    "gh502_printed_tensor",
    "gh503_grad_mode_left_off",
}
"""Faults that come after the first steps. (The last is found without its line.)"""


@pytest.mark.parametrize(
    "program", [case for case in corpus.faulty() if case.name not in LATER], ids=lambda program: program.name
)
def test_fault_is_found_in_a_window(program: Any) -> None:
    found = score.diagnosed(program.path, window=Window.first(), **program.asked)
    assert {item.code for item in found} == {program.code}
    assert {item.line for item in found} <= program.lines


@pytest.mark.slow
@pytest.mark.parametrize(("name", "source"), EQUIVALENTS, ids=[name for name, _ in EQUIVALENTS])
def test_equivalent_trains_and_has_no_diagnostic(name: str, source: str) -> None:
    trace = score.traced_source(name, source)
    assert trace.diagnostics() == ()
    assert len(trace.value) >= 6 and trace.value[-1] < trace.value[0]
    assert all(isinstance(loss, float) and math.isfinite(loss) for loss in trace.value)
