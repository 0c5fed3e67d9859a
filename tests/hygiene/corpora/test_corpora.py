"""The corpora themselves: correct programs train in plain torch, faulty ones are marked and cover every rule."""

from __future__ import annotations

import contextlib
import io
import math
from collections import Counter
from typing import Any

import pytest
import torch

from autograder.hygiene import rules
from tests.hygiene.corpora import corpus

pytestmark = pytest.mark.filterwarnings("ignore")


EQUIVALENTS = corpus.equivalents()
RULES_PER_GROUP = Counter(rule.code[2] for rule in rules())
CODES = {f"GH{group}{n:02d}" for group, count in RULES_PER_GROUP.items() for n in range(1, count + 1)}
"""Rules of a group are numbered from 1 without a gap."""


@pytest.mark.parametrize("idiom", corpus.idioms(), ids=lambda idiom: idiom.name)
def test_idiom_trains(idiom: Any) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        losses = corpus.load(idiom.path).run()
    assert len(losses) >= 6
    assert all(isinstance(value, float) and math.isfinite(value) for value in losses)
    assert losses[-1] < losses[0]
    assert torch.is_grad_enabled()


def test_equivalents_are_many_distinct_and_in_a_fixed_order() -> None:
    assert len(EQUIVALENTS) >= 320
    assert len({name for name, _ in EQUIVALENTS}) == len(EQUIVALENTS)
    assert len({source for _, source in EQUIVALENTS}) == len(EQUIVALENTS)
    assert corpus.equivalents.__wrapped__() == EQUIVALENTS


def test_corpora_are_large_enough() -> None:
    counted = Counter(program.code for program in corpus.faulty())
    assert len(corpus.idioms()) >= 64 and sum(counted.values()) >= 84
    assert set(counted) == CODES
    assert min(counted.values()) >= 2 and counted["GH101"] >= 10 and counted["GH301"] >= 8


@pytest.mark.parametrize("program", corpus.faulty(), ids=lambda program: program.name)
def test_faulty_program_is_marked(program: Any) -> None:
    assert program.lines and program.fault.endswith(".")
    assert program.name.startswith(program.code.lower() + "_")


@pytest.mark.slow
def test_scripts_run() -> None:
    pairs = corpus.scripts()
    assert len(pairs) == 5
    said = corpus.what_torch_says_of([path for clean, planted in pairs for path in (clean, planted.path)])
    for clean, planted in pairs:
        assert planted.code in CODES and planted.lines
        assert (said[clean], "Error" in said[planted.path]) == ("", False)
