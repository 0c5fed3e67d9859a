"""Starting the warmed process. Nothing here imports torch, so that two processes can do so at the same time."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

# Only Linux has sockets that keep messages apart; elsewhere the strict to and fro of short ones must do.
_CONTROL_KIND = socket.SOCK_SEQPACKET if sys.platform.startswith("linux") else socket.SOCK_STREAM


class Launched(NamedTuple):
    """A process that is on its way to be a zygote, and the line to it."""

    process: subprocess.Popen[bytes]
    control: socket.socket

    def end(self) -> None:
        """Ends it before anybody has used it."""
        self.control.close()
        self.process.kill()
        self.process.wait()
        if self.process.stderr is not None:
            self.process.stderr.close()


_early: Launched | None = None
"""Started before anybody asked; the first who asks gets it."""


def launch_early() -> None:
    """Starts what :func:`launch` will return next, for a process that still has much to import before it asks."""
    global _early
    _early = _early or _launch()


def end_early() -> None:
    """Ends what was started early, where nobody has asked for it."""
    global _early
    if _early is not None:
        _early.end()
    _early = None


def launch() -> Launched:
    """A new process that imports torch, warms up and then waits for :class:`autograder.sandbox.client.Zygote`."""
    global _early
    launched, _early = _early or _launch(), None
    return launched


def _launch() -> Launched:
    mine, theirs = socket.socketpair(socket.AF_UNIX, _CONTROL_KIND)
    with theirs:
        process = subprocess.Popen(
            # The shell-free way to put the socket at descriptor 3 is a tiny launcher in the new interpreter.
            [sys.executable, "-I", "-c", _LAUNCHER, str(theirs.fileno()), _PACKAGES],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=_clean_environment(),
            pass_fds=(theirs.fileno(),),
            start_new_session=True,
        )
    return Launched(process, mine)


_PACKAGES = str(Path(__file__).resolve().parents[2])
"""Where this package lies: in a grading container it is a folder that was never installed."""

# The folder goes off the path again before any student code runs: it may hold the solutions as well.
# While thousands of objects come that stay, looking for garbage finds none; and a process that has nothing left to
# clean up has no use for taking torch apart.
_LAUNCHER = """
import gc, os, sys
gc.disable()
sys.path.insert(0, sys.argv[2])
if sys.argv[1] != "3":
    os.dup2(int(sys.argv[1]), 3)
    os.close(int(sys.argv[1]))
import autograder.sandbox.zygote as zygote
sys.path.remove(sys.argv[2])
zygote.main()
sys.stderr.flush()
os._exit(0)
"""


def _clean_environment() -> dict[str, str]:
    """What the worker may know of this machine: nothing but what torch needs to start with one thread."""
    return {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "HOME": "/nonexistent",
        # Matplotlib's list of fonts takes seconds to make: it is kept between runs.
        "MPLCONFIGDIR": _own_folder("autograder-matplotlib"),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        "CUDA_VISIBLE_DEVICES": "",
    }


def _own_folder(name: str) -> str:
    """A folder for caches below the temporary one that no other user of this machine can have prepared."""
    path = Path(tempfile.gettempdir()) / f"{name}-{os.getuid()}"
    try:
        path.mkdir(mode=0o700, exist_ok=True)
        found = path.lstat()
    except OSError:
        return "/nonexistent"
    is_ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o022
    return str(path) if is_ours else "/nonexistent"
