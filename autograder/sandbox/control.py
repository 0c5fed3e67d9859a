"""What the judge says to the zygote and hears back: one datagram each, on a socket that only these two hold."""

from __future__ import annotations

from typing import Literal

import msgspec

MAX_DATAGRAM = 65_536


class Lockdown(msgspec.Struct, frozen=True):
    """How a child is locked up."""

    memory_mb: int
    """Address space on top of what the warmed process holds."""
    cpu_seconds: int
    """A backstop for the judge's own measure."""
    scratch: str = ""
    """A folder that the child may write to; empty for none."""
    require: bool = False
    """Refuse to run where the locks that this platform should have are missing."""


class Spawn(msgspec.Struct, frozen=True, tag="spawn"):
    """Fork a child; its socket and its output pipe come along as file descriptors."""

    lockdown: Lockdown
    to_wipe: str = ""
    """The scratch folder, where it is to go when the judge is gone, however that ended."""


class Finish(msgspec.Struct, frozen=True, tag="finish"):
    """Kill the child if it still lives, reap it, and say what it used."""

    pid: int
    grace_ms: int = 0
    """How long a child that is dying already may take to do so by itself, so that its own end is told."""


class Interrupt(msgspec.Struct, frozen=True, tag="interrupt"):
    """Ask the child where it is, by a signal."""

    pid: int


Part = Literal["symbols", "compiler"]
"""Of torch, what is loaded only for those who may need it: gradients of given vectors do the arithmetic of symbols,
optimizers and torch.func the compiler, which has the other one in it."""


class Load(msgspec.Struct, frozen=True, tag="load"):
    """Load a part of torch, for every later fork."""

    part: Part


class Loaded(msgspec.Struct, frozen=True, tag="loaded"):
    pass


class Interrupted(msgspec.Struct, frozen=True, tag="interrupted"):
    pid: int


class Spawned(msgspec.Struct, frozen=True, tag="spawned"):
    pid: int


class Finished(msgspec.Struct, frozen=True, tag="finished"):
    """How the child ended, as the kernel says."""

    exit_code: int | None
    signal: int | None
    cpu_seconds: float
    peak_kb: int
    killed: bool = False
    """It was alive, and the zygote killed it."""


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """The zygote is warm."""

    locks: tuple[str, ...]
    """The locks that a child gets here, weakest platform first in mind: see ``autograder doctor``."""
    missing: tuple[str, ...]
    """What is weaker on this machine than it could be, one sentence each."""
    strong: bool = True
    """A wall before the files and a filter over the system calls; or no Linux, where neither exists."""
    scratch: bool = True
    """Whether a child can use a scratch folder."""


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    reason: str


Order = Spawn | Finish | Interrupt | Load
Answer = Spawned | Finished | Interrupted | Loaded | Ready | Failed
