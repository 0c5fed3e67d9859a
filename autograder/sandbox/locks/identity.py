"""Who the process is: a user id that owns nothing, no way back to privileges, no life after its parent."""

from __future__ import annotations

import ctypes
import functools
import os
import signal

from autograder.sandbox.locks import kernel

CAP_DAC_OVERRIDE = 1
CAP_DAC_READ_SEARCH = 2

_CAPSET = {"x86_64": 126, "aarch64": 91}
_CAPABILITY_VERSION_3 = 0x20080522
_LOWEST = 1 << 30
_PER_PARENT = 256


def fresh_uid(parent: int, serial: int) -> int:
    """A user id that no account and no other worker has at this moment.

    Unique for a parent process number and 256 forks in a row. A user id is not used again at once, since the
    kernel counts the processes of a user until they are reaped. In a user namespace only the mapped ids exist.
    """
    wanted = _LOWEST + (parent % (1 << 22)) * _PER_PARENT + serial % _PER_PARENT
    for first, count in read_mapped_ids():
        if first <= wanted < first + count:
            return wanted
    first, count = max(read_mapped_ids(), key=lambda span: span[1])
    if count <= 20_000:
        raise OSError(f"only {count} user ids exist in this container")
    reserved = 10_000  # ids of real accounts are low
    return first + reserved + (parent * 17 + serial) % (min(count, 60_000) - reserved)


def become(uid: int, *, keep: int | None = None) -> None:
    """Gives up root for a user id without groups; ``keep`` is the one capability that stays."""
    if keep is not None:
        kernel.prctl(kernel.PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    if keep is not None:
        _keep_only(keep)
    if os.getresuid() != (uid, uid, uid) or os.getresgid() != (uid, uid, uid):
        raise OSError("the user id did not change")


def die_with(parent: int) -> None:
    """Has the kernel kill this process when its parent ends. After a change of user id, which resets it."""
    kernel.prctl(kernel.PR_SET_PDEATHSIG, int(signal.SIGKILL))
    if os.getppid() != parent:
        raise OSError("the parent process has ended")


def hide() -> None:
    """No core file, and no ptrace or /proc/self/mem by processes of the same user."""
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)


def forbid_new_privileges() -> None:
    """No later execve can gain rights; Landlock and seccomp ask for it."""
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)


def capabilities() -> int:
    """The effective capabilities of this process, as a bit set; 0 where there are none."""
    try:
        with open("/proc/self/status", encoding="ascii", errors="replace") as stream:
            fields = dict(line.split(":", 1) for line in stream if ":" in line)
        return int(fields["CapEff"], 16)
    except (OSError, KeyError, ValueError):
        return 0


@functools.lru_cache(maxsize=1)
def read_mapped_ids() -> list[tuple[int, int]]:
    """The user ids that exist in this process's user namespace, as (first, how many)."""
    try:
        with open("/proc/self/uid_map", encoding="ascii") as stream:
            spans = [line.split() for line in stream]
        return [(int(first), int(count)) for first, _, count in spans] or [(0, 1 << 32)]
    except (OSError, ValueError):
        return [(0, 1 << 32)]


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Sets(ctypes.Structure):
    _fields_ = (("words", ctypes.c_uint32 * 6),)


def _keep_only(capability: int) -> None:
    bit = 1 << capability
    # Two sets of (effective, permitted, inheritable): the first holds capabilities 0 to 31.
    sets = _Sets((ctypes.c_uint32 * 6)(bit, bit, 0, 0, 0, 0))
    header = _Header(_CAPABILITY_VERSION_3, 0)
    kernel.system_call(_CAPSET[kernel.machine()], kernel.address_of(header), kernel.address_of(sets))
