"""Where a call was: the line, and the loop that it was in."""

from __future__ import annotations

import linecache
import sys
from typing import Any

import pytest

from autograder.bridge.place import Place, place_of, read_place

SOURCE = """\
def while_around_for(stop):
    while True:
        for n in range(3):
            stop()

def only_for(stop):
    for n in range(3):
        if n:
            stop()

def no_loop(stop):
    return stop()

def called_in_loop(stop):
    while True:
        no_loop(stop)

def defined_in_loop(stop):
    for n in range(1):
        def inner():
            stop()
    inner()

def in_a_match(stop):
    match 1:
        case 1:
            while True:
                stop()

def in_try(stop):
    try:
        1 / 0
    except ZeroDivisionError:
        while True:
            stop()
"""
NAME = "place_of_a_student.py"


class Found(BaseException):
    pass


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        ("while_around_for", Place(4, "stop()", 2, "while True:")),
        ("only_for", Place(9, "stop()", 7, "for n in range(3):")),
        ("no_loop", Place(12, "return stop()")),
        ("called_in_loop", Place(12, "return stop()", 15, "while True:")),
        ("defined_in_loop", Place(21, "stop()")),
        ("in_a_match", Place(28, "stop()", 27, "while True:")),
        ("in_try", Place(35, "stop()", 34, "while True:")),
    ],
)
def test_the_loop_around_the_line(function: str, expected: Place) -> None:
    linecache.cache[NAME] = (len(SOURCE), None, SOURCE.splitlines(keepends=True), NAME)
    names: dict[str, Any] = {}
    exec(compile(SOURCE, NAME, "exec"), names)
    found = []

    def stop() -> None:
        found.append(place_of(sys._getframe(), {NAME}))
        raise Found

    with pytest.raises(Found):
        names[function](stop)
    assert found == [expected]
    assert place_of(sys._getframe(), {NAME}) is None


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"\x00\x00\x00\x01\xc0",
        b"\x82\xa4type\xa5place\xa4line\x00",  # lines count from 1
        b"\x82\xa4type\xa5place\xa4line\xa21",
        b"\x83\xa4type\xa5place\xa4line\x01\xa5score\x05",
        b"\x91" * 100_000,
    ],
)
def test_what_is_no_place_is_none(frame: bytes) -> None:
    assert read_place(frame) is None
