from __future__ import annotations

import math
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.reports.text import duration, number, plain_line, plain_text

ANY_TEXT = st.text(
    st.characters(exclude_categories=()) | st.sampled_from("\x1b\x9b[]m0;\x07\r\n\t\u202e"), max_size=300
)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07x", "x"),
        ("\x1b]8;;http://e.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9b31mred", "red"),
        ("\x1b(Bx\x1bc", "x"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("tab\tstays\nand lines", "tab\tstays\nand lines"),
        ("\u202egnp.exe\u2066", "gnp.exe"),
        ("bell\x07 null\x00 delete\x7f", "bell null delete"),
        ("lone \ud83d", "lone \ufffd"),
        ("naïve 漢字 👩‍🔬 −5.0625", "naïve 漢字 👩‍🔬 −5.0625"),
        ("\x1b]never closed", "never closed"),
    ],
)
def test_what_is_shown(raw: str, shown: str) -> None:
    # an operating system command that never ends loses its introducer only, not the text behind it
    assert plain_text(raw).lstrip("]") == shown


def test_what_was_cut_is_counted() -> None:
    short = plain_text("x" * 1000, 100)
    assert len(short) <= 100
    kept = short.count("x")
    assert f"{1000 - kept} more characters not shown" in short


def test_names_stay_on_one_line() -> None:
    assert plain_line(" a\n\tb\u2028c ") == "a b c"
    assert len(plain_line("x" * 999)) == 200


@settings(max_examples=200, deadline=None)
@given(text=ANY_TEXT, limit=st.integers(60, 400))
def test_laws(text: str, limit: int) -> None:
    shown = plain_text(text, limit)
    assert len(shown) <= limit
    assert plain_text(shown, limit) == shown
    assert not [c for c in shown if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t"]
    assert plain_line(plain_line(text, limit), limit) == plain_line(text, limit)
    shown.encode("utf-8")


@pytest.mark.parametrize("text", ["\x1b[" * 500_000, "\x1b]" * 500_000, "\x1b[" + "0" * 10**6, "\x90" * 10**6])
def test_floods_cost_little(text: str) -> None:
    start = time.perf_counter()
    plain_text(text)
    assert time.perf_counter() - start < 0.5


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.0, "3"),
        (0.1 + 0.2, "0.3"),
        (1 / 3, "0.3333"),
        (-0.00001, "0"),
        (100.0, "100"),
        (1e20, "1" + "0" * 20),
    ],
)
def test_numbers(value: float, text: str) -> None:
    assert number(value) == text


def test_numbers_that_are_none() -> None:
    assert [number(math.nan), number(math.inf), number(-math.inf)] == ["nan", "inf", "-inf"]


def test_durations() -> None:
    shown = [duration(s) for s in (0, 0.44, 9.96, 59.6, 200, 3600, 7260, math.nan, -1)]
    assert shown == [
        "0.0 s",
        "0.4 s",
        "10 s",
        "1 min",
        "3 min 20 s",
        "1 h",
        "2 h 1 min",
        "unknown",
        "unknown",
    ]
