"""Frames on a stream socket: an eight-byte length, then the bytes. The worker's blocking end."""

from __future__ import annotations

import socket
import struct

from autograder.bridge.messages import MAX_FRAME_BYTES

LENGTH = struct.Struct("!Q")


def read_frame(connection: socket.socket) -> bytes | None:
    """The next frame, or None when the other end is closed."""
    head = _read_exactly(connection, LENGTH.size)
    if head is None:
        return None
    (length,) = LENGTH.unpack(head)
    if length > MAX_FRAME_BYTES:
        return None
    return _read_exactly(connection, length)


def write_frame(connection: socket.socket, frame: bytes) -> None:
    """Sends one frame whole."""
    connection.sendall(LENGTH.pack(len(frame)))
    connection.sendall(frame)


def _read_exactly(connection: socket.socket, length: int) -> bytes | None:
    received = bytearray(length)
    view = memoryview(received)
    at = 0
    while at < length:
        count = connection.recv_into(view[at:])
        if not count:
            return None
        at += count
    return bytes(received)
