"""A line to one forked worker: talks to it until it answers, has used up what it may, or is gone."""

from __future__ import annotations

import os
import selectors
import signal
import socket
import time
from typing import Protocol

from autograder.bridge.allowance import Allowance, Expiry
from autograder.bridge.channel import ChannelClosed
from autograder.bridge.messages import MAX_REPLY_BYTES
from autograder.bridge.meter import ProcessGauge, process_seconds, thread_count, waits_for
from autograder.bridge.place import read_place
from autograder.sandbox import oom, scratch
from autograder.sandbox.control import Finished, Lockdown
from autograder.sandbox.stream import LENGTH

_TICK = 0.1
"""How often a running worker's use of the processor is looked at."""
_SCRATCH_SECONDS = 0.25
"""How often its scratch folder is."""
_DYING_MS = 200
_LAST_WORDS = Allowance(seconds=0.5, idle_seconds=0.5)
"""What a worker may use to say where it was when its time was over."""
_CHUNK = 1 << 18


class Parent(Protocol):
    """What the channel needs of the zygote."""

    def finish(self, pid: int, folder: str = "", grace_ms: int = 0) -> Finished:
        """Kills and reaps one child, and empties its scratch folder."""

    def interrupt(self, pid: int) -> None:
        """Asks a child where it is."""


class ForkChannel:
    """The line to a locked process of its own: it may answer anything, or nothing, and the kernel says how it ended."""

    def __init__(
        self,
        zygote: Parent,
        pid: int,
        connection: socket.socket,
        output_fd: int,
        lockdown: Lockdown,
        folder: str = "",
    ) -> None:
        self.pid = pid
        self._lockdown = lockdown
        self._folder = folder
        """The scratch folder, where it is ours to wipe."""
        self._free_before = scratch.free_bytes(folder) if folder else 0
        self._zygote = zygote
        self._connection = connection
        self._connection.setblocking(False)
        self._output_fd = output_fd
        os.set_blocking(output_fd, False)
        self._finished: Finished | None = None
        self._outgoing = memoryview(b"")
        self._next_scratch_look = 0.0
        self._killed_before = oom.kills()

    def exchange(self, frame: bytes, allowance: Allowance) -> bytes:
        """The reply's frame; keeps draining the worker's output so that a flood stalls nobody."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._connection, selectors.EVENT_READ | selectors.EVENT_WRITE)
            selector.register(self._output_fd, selectors.EVENT_READ)
            self._outgoing = memoryview(LENGTH.pack(len(frame)) + frame)
            reply, reason = self._heard(selector, allowance)
            if reply is not None:
                return reply
            if reason == "unfinished":
                raise ChannelClosed("unfinished")
            if reason == "waiting":
                reason = waits_for(self.pid) or reason
            if reason == "stopped":
                raise ChannelClosed("timed_out", reason)
            try:
                self._zygote.interrupt(self.pid)
                reply, _ = self._heard(selector, _LAST_WORDS)
            except ChannelClosed:
                reply = None  # it ended, or wrote nonsense: its time was over in any case
        place = read_place(reply) if reply is not None else None
        if reply is not None and place is None:
            return reply  # it came to its end just then
        raise ChannelClosed("timed_out", reason, place)

    def _heard(self, selector: selectors.BaseSelector, allowance: Allowance) -> tuple[bytes | None, str]:
        """The next frame that the worker writes; or None and why it may not go on."""
        expiry = Expiry(allowance, ProcessGauge(self.pid))
        incoming = bytearray()
        expected: int | None = None
        next_look = time.monotonic() + _TICK
        while expected is None or len(incoming) < expected:
            if time.monotonic() >= next_look:
                self._expect_room_on_disk()
                reason = expiry.reason()
                if reason:
                    return None, reason
                next_look = time.monotonic() + _TICK
            for key, events in selector.select(max(0.0, next_look - time.monotonic())):
                if key.fd == self._output_fd:
                    if not self._drain():
                        selector.unregister(self._output_fd)
                    continue
                if events & selectors.EVENT_WRITE and self._outgoing:
                    self._send_some()
                    if not self._outgoing:
                        selector.modify(self._connection, selectors.EVENT_READ)
                if events & selectors.EVENT_READ:
                    self._receive_some(incoming)
            if expected is None and len(incoming) >= LENGTH.size:
                (length,) = LENGTH.unpack_from(incoming)
                if length > MAX_REPLY_BYTES:
                    raise ChannelClosed("garbled", "an answer that is too long")
                expected = LENGTH.size + length
        if len(incoming) > expected:
            raise ChannelClosed("garbled", "more than one answer")
        return bytes(memoryview(incoming)[LENGTH.size :]), ""

    def _expect_room_on_disk(self) -> None:
        if not self._folder or time.monotonic() < self._next_scratch_look:
            return
        if scratch.is_overfull(self._folder) or scratch.is_disk_eaten(self._folder, self._free_before):
            raise ChannelClosed("exited", "it wrote more files than the grader allows")
        self._next_scratch_look = time.monotonic() + _SCRATCH_SECONDS

    def serves_another(self) -> bool:
        """See :class:`autograder.bridge.channel.Channel`; asked of the kernel, not of the worker."""
        return self._finished is None and thread_count(self.pid) == 1 and scratch.is_empty(self._folder)

    def spent(self) -> float:
        """The CPU seconds that the kernel has counted for the worker so far."""
        return process_seconds(self.pid) or 0.0

    def close(self) -> float:
        """Ends the worker; the CPU seconds that the kernel counted for it."""
        self._connection.close()
        os.close(self._output_fd)
        return self._ended().cpu_seconds

    @property
    def peak_kb(self) -> int:
        """The most memory that the worker held, once it has ended."""
        return self._ended().peak_kb

    def _ended(self, grace_ms: int = 0) -> Finished:
        if self._finished is None:
            self._finished = self._zygote.finish(self.pid, self._folder, grace_ms)
        return self._finished

    def _gone(self) -> ChannelClosed:
        """Why the worker went away, in the kernel's words rather than its own."""
        finished = self._ended(_DYING_MS)
        if finished.killed:
            return ChannelClosed("exited", "it closed its line to the grader")
        spent = finished.cpu_seconds >= self._lockdown.cpu_seconds
        if finished.signal == signal.SIGXCPU or (finished.signal == signal.SIGKILL and spent):
            return ChannelClosed("timed_out", "computing")
        if finished.signal == signal.SIGKILL and oom.may_have_killed_since(self._killed_before):
            return ChannelClosed("memory_exceeded")  # the judge did not send it, nor, most likely, the worker itself
        if finished.signal is not None:
            return ChannelClosed("exited", f"signal {_signal_name(finished.signal)}")
        return ChannelClosed("exited", f"exit code {finished.exit_code}")

    def _send_some(self) -> None:
        try:
            self._outgoing = self._outgoing[self._connection.send(self._outgoing[:_CHUNK]) :]
        except BlockingIOError:
            return
        except OSError:
            raise self._gone() from None

    def _receive_some(self, incoming: bytearray) -> None:
        try:
            chunk = self._connection.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError:
            raise self._gone() from None
        if not chunk:
            raise self._gone()
        incoming += chunk

    def _drain(self) -> bool:
        """Reads and forgets what the worker wrote on its output; False at its end."""
        try:
            return bool(os.read(self._output_fd, _CHUNK))
        except BlockingIOError:
            return True


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # real-time signals have no names
        return str(number)
