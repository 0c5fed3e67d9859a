"""Untrusted text made harmless, in one place: what students and their code wrote is only ever text."""

from __future__ import annotations

import math
import re

LIMIT = 6000
"""Characters of one piece of feedback that a report shows at most."""

LINE_LIMIT = 200
"""Characters of a name or title that a report shows at most."""

# Every part stops at what could start another match, so that the cost stays linear.
_ANSI = re.compile(
    r"""(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,16}[@-~]                  # colors, cursor movement
      | (?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9c-\x9f]*(?:\x07|\x1b\\|\x9c)  # titles, links
      | \x1b[ -/]{0,16}[0-~]                                       # character sets, reset
    """,
    re.VERBOSE,
)
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Everything that moves the cursor, is invisible or reorders its neighbors. Zero-width joiners stay: emoji and
# several scripts need them.
_CONTROL = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\u206a-\u206f\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
_SURROGATES = re.compile("[\ud800-\udfff]")


def plain_text(text: str, limit: int = LIMIT) -> str:
    """The text without terminal codes, control characters, tricks of direction; at most ``limit`` long.

    Newlines and tabs stay. What was cut off is said at the end. Applying it twice changes nothing.
    """
    if len(text) > 4 * limit + 4096:  # nothing beyond is shown anyhow: keeps the cost bounded
        dropped = len(text) - (4 * limit + 4096)
        text = text[: 4 * limit + 4096]
    else:
        dropped = 0
    text = _ANSI.sub("", text)
    text = _LINE_ENDS.sub("\n", text)
    text = _CONTROL.sub("", text)
    text = _SURROGATES.sub("\ufffd", text)
    if len(text) + dropped <= limit:
        return text
    return _shortened(text, limit, dropped)


def plain_line(text: str, limit: int = LINE_LIMIT) -> str:
    """The text as :func:`plain_text` gives it, on one line with single spaces."""
    line = " ".join(plain_text(text, 4 * limit).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def number(value: float, digits: int = 4) -> str:
    """The number as a person writes it: ``3``, ``0.5``, ``0.3333``; ``nan`` and ``inf`` are spelled."""
    if not math.isfinite(value):
        return "nan" if math.isnan(value) else ("inf" if value > 0 else "-inf")
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:.0f}"
    return "0" if text in ("-0", "") else text


def duration(seconds: float) -> str:
    """A length of time for people: ``0.4 s``, ``12 s``, ``3 min 20 s``."""
    if not math.isfinite(seconds) or seconds < 0:
        return "unknown"
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def _shortened(text: str, limit: int, dropped: int) -> str:
    keep = max(0, limit - 48)
    note = f"\n[… {len(text) - keep + dropped} more characters not shown]"
    return (text[:keep] + note)[:limit]
