"""The judge's side of the sandbox: starts the zygote and asks it for children."""

from __future__ import annotations

import os
import socket
import subprocess
from types import TracebackType

import msgspec

from autograder.errors import WorkerError
from autograder.sandbox import scratch
from autograder.sandbox.control import (
    MAX_DATAGRAM,
    Answer,
    Failed,
    Finish,
    Finished,
    Interrupt,
    Interrupted,
    Load,
    Loaded,
    Lockdown,
    Order,
    Part,
    Ready,
    Spawn,
    Spawned,
)
from autograder.sandbox.fork import ForkChannel
from autograder.sandbox.launch import Launched, launch

ALLOW_WEAK = "AUTOGRADER_ALLOW_WEAK_SANDBOX"
_START_SECONDS = 120.0


class Zygote:
    """A warmed process that forks workers; a context manager that ends it and all of them."""

    def __init__(self, launched: Launched | None = None) -> None:
        """``launched``: a process that was started earlier, to warm up while this one did something else."""
        self._process, self._control = launched or launch()
        self._control.settimeout(_START_SECONDS)
        self._due = 1
        """Answers that have not come, or were not what was asked for; the first says that it is ready."""
        self._allow_weak = os.environ.get(ALLOW_WEAK) == "1"
        self._folders: set[str] = set()
        self._spare: list[str] = []
        """Scratch folders that were emptied: making and removing one costs more than a fork on some disks."""
        try:
            ready = self._receive()
            if not isinstance(ready, Ready):
                raise WorkerError(f"The worker process did not start: {ready}.")
            if not ready.strong and not self._allow_weak:
                raise WorkerError(_too_weak(ready.missing))
        except WorkerError:
            self._process.kill()
            self.close()
            raise
        self.locks = ready.locks
        self.missing_locks = ready.missing
        self._has_scratch = ready.scratch
        self._parts: set[Part] = set()

    def __enter__(self) -> Zygote:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the zygote; its children die with it."""
        self._control.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stderr is not None:
            self._process.stderr.close()
        for folder in self._folders:
            scratch.wipe(folder)
        self._folders.clear()

    @property
    def pid(self) -> int:
        """The process number of the zygote."""
        return self._process.pid

    @property
    def is_sound(self) -> bool:
        """Whether it has answered everything that it was asked, as it should."""
        return self._due == 0

    def spawn(self, lockdown: Lockdown) -> ForkChannel:
        """A new worker, locked up and waiting, with a scratch folder of its own where none is given."""
        folder = ""
        if self._has_scratch and not lockdown.scratch:
            folder = self._spare.pop() if self._spare else scratch.make()
            self._folders.add(folder)
        order = Spawn(
            msgspec.structs.replace(lockdown, scratch=folder or lockdown.scratch, require=not self._allow_weak),
            folder,
        )
        mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        read_end, write_end = os.pipe()
        try:
            self._send(order, [theirs.fileno(), write_end])
            spawned = self._receive()
            if not isinstance(spawned, Spawned):
                raise WorkerError(f"The worker process could not fork: {spawned}.")
        except WorkerError:
            mine.close()
            os.close(read_end)
            self._empty(folder)
            raise
        finally:
            theirs.close()
            os.close(write_end)
        return ForkChannel(self, spawned.pid, mine, read_end, order.lockdown, folder)

    def load(self, part: Part) -> None:
        """Has a part of torch loaded, once, so that later workers have it from their first moment."""
        if part in self._parts:
            return
        self._send(Load(part), [])
        answer = self._receive()
        if not isinstance(answer, Loaded):
            raise WorkerError(f"The worker process could not load torch's {part}: {answer}.")
        self._parts |= {part, "symbols"}

    def interrupt(self, pid: int) -> None:
        """Asks a child where it is: see :mod:`autograder.bridge.place`."""
        self._send(Interrupt(pid), [])
        answer = self._receive()
        if not isinstance(answer, Interrupted):
            raise WorkerError(f"A worker could not be interrupted: {answer}.")

    def finish(self, pid: int, folder: str = "", grace_ms: int = 0) -> Finished:
        """Kills and reaps one child, and empties its scratch folder."""
        self._send(Finish(pid, grace_ms), [])
        finished = self._receive()
        self._empty(folder)
        if not isinstance(finished, Finished):
            raise WorkerError(f"A worker could not be ended: {finished}.")
        return finished

    def _empty(self, folder: str) -> None:
        if folder:
            scratch.empty(folder)
            self._spare.append(folder)

    def _send(self, order: Order, descriptors: list[int]) -> None:
        self._due += 1
        try:
            socket.send_fds(self._control, [msgspec.msgpack.encode(order)], descriptors)
        except OSError as error:
            raise WorkerError(f"The worker process is gone ({error}). {self._last_words()}") from None

    def _receive(self) -> Answer:
        try:
            data = self._control.recv(MAX_DATAGRAM)
        except OSError as error:
            raise WorkerError(f"The worker process does not answer ({error}).") from None
        if not data:
            raise WorkerError(f"The worker process ended. {self._last_words()}")
        try:
            answer: Answer = msgspec.msgpack.decode(data, type=Answer)
        except msgspec.MsgspecError as error:
            raise WorkerError(f"The worker process answered nonsense ({error}).") from None
        if isinstance(answer, Failed):
            raise WorkerError(f"The worker process failed: {answer.reason}.")
        self._due -= 1
        return answer

    def _last_words(self) -> str:
        """What the zygote wrote on stderr before it ended."""
        if self._process.stderr is None:
            return ""
        try:
            self._process.wait(timeout=1)  # it has closed the line: it is ending
        except subprocess.TimeoutExpired:
            return ""
        return self._process.stderr.read().decode("utf-8", "replace").strip()[-800:]


def _too_weak(missing: tuple[str, ...]) -> str:
    return (
        "This machine cannot lock up student code, so nothing is graded. "
        f"{' '.join(missing)} `autograder doctor` says more; set {ALLOW_WEAK}=1 to grade all the same, "
        "where you trust every submission."
    )
