"""Huge pages for the warmed process: a fork copies one entry for 2 MB of its memory, not 512.

What torch and its libraries leave in private memory after warming up is some 350 MB. Copying the page tables of that
for every fork, and taking them down again, is most of what a fork costs.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from pathlib import Path

from autograder.sandbox.locks import kernel

_HUGE = 2 * 1024 * 1024
_COLLAPSE = 25
"""MADV_COLLAPSE, since Linux 6.1: whatever the system's setting for huge pages is."""
_MAPS = Path("/proc/self/maps")
_ANONYMOUS = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) rw.p 0+ 00:00 0 *(?:\[heap\])?$", re.MULTILINE)
_MOST_REFUSED = 8


def collapsing() -> Iterator[bool]:
    """Makes huge pages of this process's private memory, one with each step; ends where the kernel makes none.

    A step takes some milliseconds. It can be left off at any time: pages that are small only cost more.
    """
    made, refused = 0, 0
    for start, stop in _anonymous() if kernel.is_linux() and mmap.PAGESIZE < _HUGE else ():
        for address in range(-(-start // _HUGE) * _HUGE, stop - _HUGE + 1, _HUGE):
            try:
                kernel.madvise(address, _HUGE, _COLLAPSE)
            except OSError:
                refused += 1
                if not made and refused > _MOST_REFUSED:
                    return
            else:
                made += 1
            yield True


def _anonymous() -> list[tuple[int, int]]:
    """The ranges of private memory that belongs to no file."""
    try:
        text = _MAPS.read_text(encoding="ascii", errors="replace")
    except OSError:
        return []
    return [(int(start, 16), int(stop, 16)) for start, stop in _ANONYMOUS.findall(text)]
