"""Equal calls of several checks are made once: what came of them is kept, however they are written.

A call that leaves a default out is always made, so that it is the student's own default that counts. One that spells it
out afterwards is the same call where the student declared that very default (:mod:`autograder.bridge.spelling`).
"""

from __future__ import annotations

from autograder.bridge.messages import Reply
from autograder.bridge.session import Exchange
from autograder.bridge.values import MAX_NODES

_MOST_KEPT = 512 * 1024 * 1024


class SharedCalls:
    """The exchanges of one submission by what was asked, failures as well, as far as there is room for them."""

    def __init__(self) -> None:
        self._kept: dict[bytes, Exchange] = {}
        self._weight = 0

    def find(self, question: bytes) -> Exchange | None:
        """What came of the same question before."""
        return self._kept.get(question)

    def keep(self, question: bytes, exchange: Exchange, *, also: bytes = b"") -> None:
        """Keeps it where there is room; what is too heavy is asked for again.

        ``also``: another question that it answers, unless that one has been asked.
        """
        if self._weight + exchange.weight <= _MOST_KEPT:
            self._weight += exchange.weight
            self._kept[question] = exchange
            if also:
                self._kept.setdefault(also, exchange)


def holds_handle(reply: Reply | None) -> bool:
    """Whether the answer stands for an object of its worker; true as well for more parts than any answer has."""
    pending = [reply.value if reply is not None else None]
    for _ in range(2 * MAX_NODES):
        if not pending:
            return False
        node = pending.pop()
        if isinstance(node, list):
            if len(node) == 3 and node[0] == "h":
                return True
            pending.extend(node)
    return True
