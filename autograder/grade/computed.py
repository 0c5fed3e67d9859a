"""What trusted code of an assignment computed, kept for this user's judges to come: by content, and as plain bytes.

Loading data can take a judge seconds of imports, each time one starts. ``AUTOGRADER_NO_CACHE=1`` keeps and reads
nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path
from typing import Any

import torch

from autograder.assignment import Assignment
from autograder.bridge.messages import Reply, pack, unpack
from autograder.bridge.values import Decoder, Encoder, ValueRefused, refuse_objects
from autograder.grade.atomic import write_atomically
from autograder.grade.circumstances import circumstances_key
from autograder.grade.own_folder import own_folder, read_own

_MOST_BYTES = 64 * 1024 * 1024
"""Of one result."""
_MOST_KEPT = 256 * 1024 * 1024
"""Of all of them: the oldest go first."""
_DIGEST = hashlib.sha256().digest_size


class Computed:
    """The results of one trusted module of an assignment, as it is now, on this machine."""

    def __init__(self, assignment: Assignment, module: str) -> None:
        self._folder = None if os.environ.get("AUTOGRADER_NO_CACHE") else own_folder("computed")
        # Other instructions of a processor, or other threads, give other last digits.
        machine = (torch.backends.cpu.get_cpu_capability(), str(torch.get_num_threads()))
        self._circumstances = circumstances_key(assignment, module, *machine) if self._folder else ""

    def find(self, question: bytes) -> tuple[Any] | None:
        """The result of this call, alone in a tuple; None where it has to be computed."""
        path = self._path(question)
        data = read_own(path, _MOST_BYTES) if path is not None else None
        if data is None or hashlib.sha256(data[_DIGEST:]).digest() != data[:_DIGEST]:
            return None
        try:
            reply, buffers = unpack(data[_DIGEST:], Reply)
            return (Decoder(buffers, lambda node: node).value(reply.value),)
        except (ValueError, RuntimeError):  # another version wrote it
            return None

    def keep(self, question: bytes, result: Any) -> None:
        """Keeps the result where it comes back as it is: plain values and tensors, and no more of them than fit."""
        path = self._path(question)
        if path is None or not _is_plain(result):
            return
        encoder = Encoder(refuse_objects, _MOST_BYTES // 2)
        with contextlib.suppress(ValueRefused, OSError):
            frame = pack(Reply(nonce=0, value=encoder.node(result)), encoder.buffers)
            _make_room(path.parent)
            write_atomically(path, hashlib.sha256(frame).digest() + frame, mode=0o600)  # answers may be among it

    def _path(self, question: bytes) -> Path | None:
        if self._folder is None:
            return None
        return self._folder / hashlib.sha256(self._circumstances.encode() + question).hexdigest()


def _is_plain(value: Any) -> bool:
    """Whether decoding what was encoded gives the same again, to the last bit and property."""
    kind = type(value)
    if kind in (bool, int, float, str, bytes, type(None)):
        return True
    if kind in (list, tuple):
        return all(map(_is_plain, value))
    if kind is dict:
        return all(_is_plain(key) and _is_plain(one) for key, one in value.items())
    if kind is not torch.Tensor or value.layout is not torch.strided or value.device.type != "cpu":
        return False
    return bool(value.is_contiguous() and not value.requires_grad and not value.is_conj() and not value.is_neg())


def _make_room(folder: Path) -> None:
    files = sorted((file.stat().st_mtime, file.stat().st_size, file) for file in folder.iterdir())
    total = sum(size for _, size, _ in files)
    for _, size, file in files:
        if total <= _MOST_KEPT - _MOST_BYTES:
            break
        file.unlink(missing_ok=True)
        total -= size
