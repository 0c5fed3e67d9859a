"""Huge pages: memory stays what it is, and a kernel that makes none is left alone."""

from __future__ import annotations

import itertools

import pytest

from autograder.sandbox import huge_pages
from autograder.sandbox.locks import kernel


def test_what_is_in_memory_stays(locked):
    def run() -> str:
        kept = [bytes([number % 251]) * 3_000_000 for number in range(8)]
        made = sum(itertools.islice(huge_pages.collapsing(), 400))
        right = all(part == bytes([number % 251]) * 3_000_000 for number, part in enumerate(kept))
        return f"{right} {made >= 0}"

    assert locked(run) == "True True"


def test_a_kernel_that_makes_none_is_asked_a_few_times_only(monkeypatch):
    asked = []

    def refuse(address: int, length: int, advice: int) -> None:
        asked.append(address)
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr(kernel, "madvise", refuse)
    monkeypatch.setattr(huge_pages, "_anonymous", lambda: [(0, 1 << 40)])
    assert len(list(huge_pages.collapsing())) <= 8
    assert len(asked) <= 9


@pytest.mark.parametrize("text", ["", "nonsense\n", "00400000-00401000 r-xp 00000000 08:01 1 /bin/true\n"])
def test_odd_maps_are_no_memory(monkeypatch, tmp_path, text):
    maps = tmp_path / "maps"
    maps.write_text(text)
    monkeypatch.setattr(huge_pages, "_MAPS", maps)
    assert list(huge_pages.collapsing()) == []
    monkeypatch.setattr(huge_pages, "_MAPS", tmp_path / "missing")
    assert list(huge_pages.collapsing()) == []
