"""Every rule's own examples: bad yields exactly its code on the marked lines, good yields nothing under all rules."""

from __future__ import annotations

import contextlib
import inspect
import re
from collections.abc import Iterable

import pytest
import torch

from autograder.hygiene import record, rules

MARK = "# <- fault"
TWINS = [(rule, twin) for rule in rules() for twin in rule.twins]


def named(twins: Iterable[tuple]) -> list:
    return [pytest.param(rule, twin, id=f"{rule.code}-{twin.run.__name__}") for rule, twin in twins]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("rule, twin", named(pair for pair in TWINS if pair[1].bad))
def test_bad_yields_exactly_its_code(rule, twin) -> None:
    with contextlib.suppress(Exception), record(**rule.options) as recording:
        twin.run()
    found = recording.trace.diagnostics()
    assert {item.code for item in found} == {rule.code}, found
    source, start = inspect.getsourcelines(twin.run)
    marked = {number for number, line in enumerate(source, start) if line.rstrip().endswith(MARK)}
    assert {item.line for item in found} == marked
    for item in found:
        assert item.file == inspect.getsourcefile(twin.run)
        assert item.severity == rule.severity


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("rule, twin", named(pair for pair in TWINS if not pair[1].bad))
def test_good_yields_nothing(rule, twin) -> None:
    with record(**rule.options) as recording:
        twin.run()
    assert recording.trace.diagnostics() == ()
    assert recording.trace.tampered == ()


@pytest.mark.parametrize("rule, twin", named(TWINS))
def test_examples_are_short(rule, twin) -> None:
    source = inspect.getsource(twin.run)
    body = [line for line in source.splitlines()[1:] if '"""' not in line and line.strip()]
    assert 0 < len(body) <= 10
    assert inspect.getdoc(twin.run)
    assert twin.bad or MARK not in source


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.code)
def test_every_bad_twin_is_followed_by_the_good_one_about_the_same(rule) -> None:
    assert {(twin.bad, twin.about) for twin in rule.twins} >= {(True, ""), (False, "")}
    for twin, after in zip(rule.twins, (*rule.twins[1:], None)):
        assert not twin.bad or (after is not None and not after.bad and after.about == twin.about)


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.code)
def test_the_documentation_says_the_severity(rule) -> None:
    said = re.search(r"^\*\*Severity:\*\* (\w+)", rule.documentation, re.MULTILINE)
    assert said is not None and said[1] == rule.severity_in_words


@pytest.fixture(autouse=True)
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
