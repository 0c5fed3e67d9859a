"""What a submission answered to which question, to tell what does not depend on the question or on being watched."""

from __future__ import annotations

import hashlib
from collections import defaultdict

import msgspec

from autograder.bridge.messages import Reply

_ENOUGH = 3


class Answers:
    """Fingerprints of the plain and the recorded answers of one submission."""

    def __init__(self) -> None:
        self._plain: dict[str, dict[bytes, bytes]] = defaultdict(dict)
        self._recorded: dict[str, dict[bytes, bytes]] = defaultdict(dict)

    def note(self, function: str, question: bytes, reply: Reply, buffers: memoryview, *, recorded: bool) -> None:
        """Remembers an answer that is no exception."""
        if reply.fault is None:
            answer = hashlib.sha256(msgspec.msgpack.encode(reply.value) + buffers).digest()
            kept = self._recorded if recorded else self._plain
            kept[function][hashlib.sha256(question).digest()] = answer

    def constant(self) -> list[str]:
        """The functions that gave one and the same answer to at least three different questions."""
        return [name for name, found in self._plain.items() if len(found) >= _ENOUGH and len(set(found.values())) == 1]

    def changed_by_recording(self) -> list[str]:
        """The functions that answered otherwise while they were recorded."""
        return [
            name
            for name, found in self._recorded.items()
            if any(self._plain[name].get(question, answer) != answer for question, answer in found.items())
        ]
