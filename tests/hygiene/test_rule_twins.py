"""Every rule's own examples: bad yields exactly its code, good yields nothing under all rules."""

from __future__ import annotations

import contextlib
import inspect

import pytest
import torch

from autograder.hygiene import record, rules


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.code)
def test_bad_yields_exactly_its_code(rule) -> None:
    with contextlib.suppress(Exception), record(**rule.options) as recording:
        rule.bad()
    found = recording.trace.diagnostics()
    assert {item.code for item in found} == {rule.code}, found
    source, start = inspect.getsourcelines(rule.bad)
    for item in found:
        assert item.file == inspect.getsourcefile(rule.bad)
        assert item.line is not None and start <= item.line < start + len(source)
        assert item.severity == rule.severity


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.code)
def test_good_yields_nothing(rule) -> None:
    with record(**rule.options) as recording:
        rule.good()
    assert recording.trace.diagnostics() == ()
    assert recording.trace.tampered == ()


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.code)
def test_examples_are_short(rule) -> None:
    for example in (rule.bad, rule.good):
        body = [line for line in inspect.getsource(example).splitlines()[1:] if '"""' not in line and line.strip()]
        assert 0 < len(body) <= 10


@pytest.fixture(autouse=True)
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
