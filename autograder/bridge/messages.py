"""Requests and replies as one frame each: header length, header (msgpack), raw buffers."""

from __future__ import annotations

import contextlib
import gc
import struct
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal, TypeVar

import msgspec

from autograder.bridge.values import MAX_ANSWER_BYTES, MAX_BUFFER_BYTES, ValueRefused

MAX_HEADER_BYTES = 8 * 1024 * 1024
MAX_VALUE_BYTES = 2 * 1024 * 1024
"""Of the header, for the node of an answer: each byte can become an object of 80."""
MAX_FRAME_BYTES = MAX_HEADER_BYTES + MAX_BUFFER_BYTES + 8
MAX_REPLY_BYTES = MAX_HEADER_BYTES + MAX_ANSWER_BYTES + 8
MAX_NAME = 200
MAX_NAMES = 5_000
MAX_PARAMETERS = 255
MAX_NOTES = 50
MAX_REMARKS = 500
MAX_LOST = 200
MAX_REPLACED = 20
MAX_PREPARED = 2 * 1024 * 1024
CALL_SEED = 20_011
"""What every call starts from: no number that an assignment asks for, so that nobody has it without seeding."""
_HEADER_LENGTH = struct.Struct("!I")


# What a worker says of itself is shown to people, or compared name by name: it may not say more than its honest
# side ever does.
_Name = Annotated[str, msgspec.Meta(max_length=MAX_NAME)]
_Message = Annotated[str, msgspec.Meta(max_length=1000)]
_Line = Annotated[int, msgspec.Meta(ge=0, le=10_000_000)]


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the judge asks of the worker."""

    nonce: int
    op: str
    """``load``, ``call``, ``get``, ``make`` or ``function``."""
    target: str = ""
    """A dotted name in the student's module, or below ``handle``."""
    handle: int | None = None
    args: Any = None
    """The node of a list of positional arguments (for ``load``: of autograder.bridge.load.load_module)."""
    kwargs: Any = None
    seed: int = 0
    output_bytes: int = 65_536
    trace: Any = None
    """Options of the recorder, or None for a plain run."""
    prepared: bytes = b""
    """For ``load``: what an earlier worker of the same submission made of it."""


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An exception of the student's code, as text."""

    kind: _Name
    """The exception's class name."""
    message: _Message
    line: _Line | None = None
    function: _Name = ""
    source: _Name = ""
    """The student's own line of code."""
    memory: bool = False
    blank: bool = False
    """Raised by a function that holds nothing else: it has not been written yet."""
    advice: _Message = ""
    """A sentence on what to do; ``{place}`` in it stands for ``advice_line``."""
    advice_line: _Line | None = None


class NameInfo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the submission defines under one name."""

    kind: _Name
    """``function``, ``class`` or ``value``."""
    parameters: Annotated[tuple[_Name, ...], msgspec.Meta(max_length=MAX_PARAMETERS)] = ()
    blank: bool = False
    line: _Line | None = None
    flexible: bool = False
    """Takes ``*args`` or ``**kwargs``: its parameter names say little."""
    form: _Name = ""
    """How it is called, its defaults included, where that is plain (autograder.bridge.spelling)."""


class NameRemark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a name is not the function that it seems to be."""

    name: _Name
    kind: Literal["nested", "guarded", "repeated", "value", "returns nothing"]
    """Defined inside ``detail``; below a condition that did not hold; again as a blank; holds ``detail`` now; a
    function without a ``return`` (``detail``: it prints at its end)."""
    line: _Line
    detail: _Name = ""


class Reply(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the worker answers."""

    nonce: int
    value: Any = None
    fault: Fault | None = None
    output: str = ""
    dropped: int = 0
    """Characters of output beyond the cap."""
    names: Annotated[dict[_Name, NameInfo], msgspec.Meta(max_length=MAX_NAMES)] | None = None
    remarks: Annotated[tuple[NameRemark, ...], msgspec.Meta(max_length=MAX_REMARKS)] = ()
    notes: Annotated[tuple[_Message, ...], msgspec.Meta(max_length=MAX_NOTES)] = ()
    lost: Annotated[dict[_Name, _Message], msgspec.Meta(max_length=MAX_LOST)] = {}
    """Names that a notebook would define if nothing in it had failed, with the reason."""
    replaced: Annotated[tuple[_Name, ...], msgspec.Meta(max_length=MAX_REPLACED)] = ()
    """Names of libraries that the submission had put something else behind, before this check began."""
    prepared: Annotated[bytes, msgspec.Meta(max_length=MAX_PREPARED)] = b""
    """For the next worker of the same submission; nobody else reads it."""
    trace: Any = None
    """The recording, as plain data where it is sent; where it arrived, its undecoded bytes."""


class _Received(Reply, frozen=True, forbid_unknown_fields=True):
    """A reply whose large parts nobody has made objects of yet."""

    value: msgspec.Raw = msgspec.Raw(b"\xc0")
    trace: msgspec.Raw = msgspec.Raw(b"\xc0")


_Header = TypeVar("_Header", Request, Reply)


def pack(header: Request | Reply, buffers: Sequence[bytes] = ()) -> bytes:
    """One frame, without the outer length prefix of the stream."""
    head = msgspec.msgpack.encode(header)
    if len(head) > MAX_HEADER_BYTES:
        raise ValueRefused("the value has too many parts")
    return b"".join([_HEADER_LENGTH.pack(len(head)), head, *buffers])


def unpack(frame: bytes, kind: type[_Header]) -> tuple[_Header, memoryview]:
    """The header and the buffers of a frame; raises ValueRefused on anything malformed."""
    if len(frame) < _HEADER_LENGTH.size:
        raise ValueRefused("a message that is too short")
    (length,) = _HEADER_LENGTH.unpack_from(frame)
    if length > MAX_HEADER_BYTES or _HEADER_LENGTH.size + length > len(frame):
        raise ValueRefused("a message whose header is too long")
    view = memoryview(frame)
    head = view[_HEADER_LENGTH.size : _HEADER_LENGTH.size + length]
    try:
        with _no_collection():
            return _decoded(head, kind), view[_HEADER_LENGTH.size + length :]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ValueRefused(f"a message that is not one ({type(error).__name__})") from None


def encoded_value(node: Any) -> msgspec.Raw:
    """The node of an answer, ready to be sent; raises ValueRefused where it is too large."""
    encoded = msgspec.msgpack.encode(node)
    if len(encoded) > MAX_VALUE_BYTES:
        raise ValueRefused("the value has too many parts")
    return msgspec.Raw(encoded)


def _decoded(head: memoryview, kind: type[_Header]) -> _Header:
    if kind is not Reply:
        return msgspec.msgpack.decode(head, type=kind)
    received = msgspec.msgpack.decode(head, type=_Received)
    value, trace = bytes(received.value), bytes(received.trace)
    if len(value) > MAX_VALUE_BYTES:
        raise ValueRefused("the value has too many parts")
    fields = {name: getattr(received, name) for name in Reply.__struct_fields__}
    return kind(**fields | {"value": msgspec.msgpack.decode(value), "trace": None if trace == b"\xc0" else trace})


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """Millions of empty lists would each few thousand have everything searched for garbage: 20 s for 8 MB."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
