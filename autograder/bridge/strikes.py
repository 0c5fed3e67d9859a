"""Functions that ran out of time are not called for ever: their other checks would only wait as well."""

from __future__ import annotations

from collections import defaultdict


class Strikes:
    """Counts the time-outs of one submission by what was called: after ``most`` of them it is not called again."""

    def __init__(self, most: int) -> None:
        self.most = most
        """How many a function has."""
        self._reasons: defaultdict[str, list[str]] = defaultdict(list)

    def note(self, title: str, reason: str) -> None:
        """One more: ``timed_out`` or ``unfinished``."""
        self._reasons[title].append(reason)

    def out(self, title: str) -> str:
        """The last reason where it is not to be called again; empty while it may be."""
        reasons = self._reasons.get(title, [])
        return reasons[-1] if len(reasons) >= self.most else ""
