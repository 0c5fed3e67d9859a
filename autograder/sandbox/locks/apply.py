"""All locks in the one order that works."""

from __future__ import annotations

import os
import signal

from autograder.sandbox.control import Lockdown
from autograder.sandbox.locks import chroot, identity, landlock, limits, seccomp
from autograder.sandbox.locks.plan import WALL_CHROOT, WALL_LANDLOCK, WALL_NO_FILES, Plan


def lock_down(lockdown: Lockdown, plan: Plan, parent: int, serial: int) -> None:
    """Locks this process up for good; raises OSError where a lock of the plan does not close.

    ``parent`` and ``serial`` (the how-manieth child this is) name a user id that nobody else has.
    """
    os.umask(0o077)
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    limits.apply_limits(memory_mb=lockdown.memory_mb, cpu_seconds=lockdown.cpu_seconds, own_uid=plan.drop_uid)
    if not plan.linux:
        os.chdir(lockdown.scratch or "/")
        return
    _be_killed_first()
    uid = identity.fresh_uid(parent, serial) if plan.drop_uid else None
    if lockdown.scratch and uid is not None:
        os.chown(lockdown.scratch, uid, uid)
    if plan.wall == WALL_CHROOT and lockdown.scratch:
        chroot.enter(lockdown.scratch)
    else:
        os.chdir(lockdown.scratch or "/")
    if uid is not None:
        identity.become(uid, keep=plan.keep)
    identity.die_with(parent)
    identity.hide()
    identity.forbid_new_privileges()
    if plan.wall == WALL_LANDLOCK:
        writable = [lockdown.scratch] if lockdown.scratch else []
        landlock.restrict(readable=plan.readable, writable=[*writable, "/dev/null"], version=plan.landlock_version)
    if plan.seccomp:
        seccomp.install(os.getpid(), no_files=plan.wall == WALL_NO_FILES or _has_no_root(lockdown, plan))


def _has_no_root(lockdown: Lockdown, plan: Plan) -> bool:
    """A child without a scratch folder has nothing to be rooted in."""
    return plan.wall == WALL_CHROOT and not lockdown.scratch


def _be_killed_first() -> None:
    """Asks the kernel to take this process, not the judge, when the machine runs out of memory."""
    try:
        with open("/proc/self/oom_score_adj", "wb", buffering=0) as stream:
            stream.write(b"1000")
    except OSError:
        return
