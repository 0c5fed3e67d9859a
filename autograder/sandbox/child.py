"""What a fork of the zygote does as a worker: lock the door, then answer until the judge has heard enough."""

from __future__ import annotations

import os
import resource
import socket
import tempfile
from dataclasses import dataclass
from typing import NoReturn

from autograder.bridge.answer import serve
from autograder.sandbox.control import Lockdown
from autograder.sandbox.locks.apply import lock_down
from autograder.sandbox.locks.plan import WALL_CHROOT, Plan
from autograder.sandbox.stream import read_frame, write_frame

LOCKED = b"locked"
_CONNECTION_FD = 3
_STATUS_FD = 4


@dataclass(frozen=True)
class Birth:
    """What a child is born with: its orders, and its open files before they are put in place."""

    lockdown: Lockdown
    plan: Plan
    parent: int
    serial: int
    connection_fd: int
    output_fd: int
    status_fd: int
    """Hears ``LOCKED`` once every lock is closed, else why not."""


def run(birth: Birth) -> NoReturn:
    """Becomes the worker: never returns to the zygote's loop."""
    status = 1
    try:
        _arrange_descriptors(birth)
        if _locked(birth):
            connection = socket.socket(fileno=_CONNECTION_FD)
            serve(lambda: read_frame(connection), lambda frame: write_frame(connection, frame))
            status = 0
    except BrokenPipeError:
        status = 0  # the judge has heard enough
    finally:
        os._exit(status)


def _locked(birth: Birth) -> bool:
    """Closes the locks and tells the zygote, which asks the judge to give up where one does not close."""
    try:
        if birth.lockdown.require and birth.plan.linux and not birth.plan.is_strong:
            raise OSError("the locks of this machine are too weak")
        lock_down(birth.lockdown, birth.plan, birth.parent, birth.serial)
        _point_to_scratch(birth)
    except Exception as error:  # whatever it is, no student code may run behind an open door  # noqa: BLE001
        os.write(_STATUS_FD, f"{type(error).__name__}: {error}".encode("utf-8", "replace")[:400])
        return False
    os.write(_STATUS_FD, LOCKED)
    os.close(_STATUS_FD)
    return True


def _point_to_scratch(birth: Birth) -> None:
    """Temporary files, and the caches that libraries keep in a home folder, go where the child may write."""
    folder = "/" if birth.plan.wall == WALL_CHROOT else birth.lockdown.scratch
    if birth.lockdown.scratch:
        tempfile.tempdir = folder
        for name in ("TMPDIR", "HOME", "XDG_CACHE_HOME"):
            os.environ[name] = folder


def _arrange_descriptors(birth: Birth) -> None:
    """Leaves nothing open but 0 (empty), 1 and 2 (the output pipe), 3 (the line to the judge) and 4 (status)."""
    connection_fd, output_fd = _above(birth.connection_fd), _above(birth.output_fd)
    status_fd = _above(birth.status_fd)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(output_fd, 1)
    os.dup2(output_fd, 2)
    os.dup2(connection_fd, _CONNECTION_FD)
    os.dup2(status_fd, _STATUS_FD)
    os.closerange(_STATUS_FD + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def _above(descriptor: int) -> int:
    """The same file at a number that the arrangement does not overwrite."""
    import fcntl

    return fcntl.fcntl(descriptor, fcntl.F_DUPFD, 16)
