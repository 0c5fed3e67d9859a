"""What a fork of the zygote does before and while it serves one check: lock the door, then answer."""

from __future__ import annotations

import os
import resource
import signal
import socket
from typing import NoReturn

from autograder.bridge.answer import serve
from autograder.sandbox.control import Lockdown
from autograder.sandbox.stream import read_frame, write_frame

_CONNECTION_FD = 3


def available_locks() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The locks that a child gets on this machine, and those that it cannot have."""
    return ("own session", "rlimits"), ()


def run(lockdown: Lockdown, connection_fd: int, output_fd: int) -> NoReturn:
    """Becomes the worker: never returns to the zygote's loop."""
    status = 1
    try:
        _arrange_descriptors(connection_fd, output_fd)
        _lock_down(lockdown)
        connection = socket.socket(fileno=_CONNECTION_FD)
        serve(lambda: read_frame(connection), lambda frame: write_frame(connection, frame))
        status = 0
    except BrokenPipeError:
        status = 0  # the judge has heard enough
    finally:
        os._exit(status)


def _arrange_descriptors(connection_fd: int, output_fd: int) -> None:
    """Leaves nothing open but 0 (empty), 1 and 2 (the output pipe) and 3 (the line to the judge)."""
    connection_fd = os.dup(connection_fd)
    output_fd = os.dup(output_fd)
    connection_fd, output_fd = (_above(connection_fd), _above(output_fd))
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(output_fd, 1)
    os.dup2(output_fd, 2)
    os.dup2(connection_fd, _CONNECTION_FD)
    os.closerange(_CONNECTION_FD + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def _above(descriptor: int) -> int:
    """The same file at a number that the arrangement does not overwrite."""
    import fcntl

    return fcntl.fcntl(descriptor, fcntl.F_DUPFD, 16)


def _lock_down(lockdown: Lockdown) -> None:
    os.umask(0o077)
    os.setsid()
    budget = _address_space() + lockdown.memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (budget, budget))
    resource.setrlimit(resource.RLIMIT_CPU, (lockdown.cpu_seconds, lockdown.cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _address_space() -> int:
    """Bytes of address space that this process has already."""
    try:
        with open("/proc/self/statm", encoding="ascii") as stream:
            return int(stream.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 8 * 1024**3
