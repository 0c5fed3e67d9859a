"""Over the corpora, steps noted in short give the traces and the diagnostics of a full record."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.hygiene import Window
from tests.hygiene.corpora import corpus
from tests.hygiene.recording.repeat.comparing import WINDOWS, assert_same, recorded

pytestmark = pytest.mark.filterwarnings("ignore")


CORPORA = [*corpus.idioms(), *corpus.faulty()]
WINDOWED = [(case, WINDOWS[1 + number % (len(WINDOWS) - 1)]) for number, case in enumerate(CORPORA)]
"""Each program in one of the windows, in turn: all in all of them is twice the time for the same paths."""


@pytest.mark.parametrize("case", CORPORA, ids=lambda case: case.name)
def test_the_corpora_give_the_same_traces(case: Any) -> None:
    module = corpus.load(case.path)
    assert_same(module.run, lambda: corpus.arguments(module))


@pytest.mark.parametrize(("case", "window"), WINDOWED, ids=[f"{case.name}-{window}" for case, window in WINDOWED])
def test_the_corpora_give_the_same_diagnostics_in_windows(case: Any, window: Window) -> None:
    module = corpus.load(case.path)
    short, full = (
        recorded(module.run, corpus.arguments(module), window=window, short=short).trace for short in (True, False)
    )
    assert short.diagnostics() == full.diagnostics()
    assert repr(short.losses) == repr(full.losses)  # as text: nan is equal to nan there
    assert (short.steps, short.tampered) == (full.steps, full.tampered)
