"""Whether a number grows for good: the recorder and a rule ask it of the same graphs."""

from __future__ import annotations


class Growth:
    """Counts by how many steps a number has grown for good: what goes away again does not count.

    A list that gets a loss in every tenth step grows as surely as one that gets a loss in each.
    """

    def __init__(self) -> None:
        self._levels: list[int] = []
        """The numbers above zero that it reached one after the other and never fell below again."""

    def follow(self, amount: int) -> int:
        """How often the amount has grown, with this one."""
        levels = self._levels
        while levels and levels[-1] > amount:
            levels.pop()
        if amount and (not levels or levels[-1] < amount):
            levels.append(amount)
        return len(levels)
