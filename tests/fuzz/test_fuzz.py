"""A slice of the fuzzer, and every input that once broke something. ``make fuzz`` runs all of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz import fuzz, kinds

HERE = Path(__file__).parent
EXAMPLES = 300


NAMES = ("submission", "file", "notebook", "zip", "metadata", "message", "recording")


@pytest.fixture(scope="module")
def desk():
    desk = kinds.Desk()
    yield {kind.name: kind for kind in desk.kinds()}
    desk.close()


@pytest.mark.parametrize("name", NAMES)
def test_no_input_is_an_internal_error(desk, name, monkeypatch):
    monkeypatch.setattr(fuzz, "keep", lambda kind, value: None)
    kind = desk[name]
    examples = round(kind.share * EXAMPLES)
    counts, errors = fuzz.run(kind, examples, number=1)
    assert errors == []
    assert sum(counts.values()) >= examples // 2  # hypothesis may run out of new ones


def test_every_kind_is_tried_and_the_shares_add_up(desk):
    assert set(desk) == set(NAMES)
    assert sum(kind.share for kind in desk.values()) == pytest.approx(1.0)


@pytest.mark.parametrize("path", sorted((HERE / "corpus").iterdir()), ids=lambda path: path.name)
def test_what_broke_something_once_breaks_nothing_now(desk, path):
    name, data = path.name.partition("-")[0], path.read_bytes()
    kind = desk[name]
    assert kind.happens(data.decode("utf-8", "surrogatepass") if name == "submission" else data)
