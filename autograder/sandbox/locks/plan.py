"""Which locks this machine gives, found out by trying them in forks that are thrown away."""

from __future__ import annotations

import os
import site
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox.locks import chroot, identity, kernel, landlock, seccomp

WALL_LANDLOCK, WALL_CHROOT, WALL_NO_FILES, NO_WALL = "landlock", "chroot", "no files", ""

_SYSTEM_FOLDERS = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/share", "/lib", "/lib64")
_SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/localtime", "/etc/fonts", "/sys/devices/system/cpu")
_DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")


@dataclass(frozen=True)
class Plan:
    """The locks that every child gets; a lock that then fails to close ends the child."""

    wall: str = NO_WALL
    """What keeps the child from files: ``landlock``, ``chroot``, ``no files`` or nothing."""
    landlock_version: int = 0
    drop_uid: bool = False
    keep: int | None = None
    """The capability that stays after the change of user, where the libraries lie in a private folder."""
    seccomp: bool = False
    linux: bool = True
    readable: tuple[str, ...] = ()
    unreachable: str = ""
    """The library folder that a user without rights cannot reach."""

    @property
    def is_strong(self) -> bool:
        """A wall before the files and a filter over the system calls: the least for code that nobody trusts."""
        return bool(self.wall) and self.seccomp

    @property
    def locks(self) -> tuple[str, ...]:
        """What a child gets, in the words of reports and ``autograder doctor``."""
        found = [] if self.is_strong else ["reduced isolation"]
        found += ["own session", "resource limits", "clean environment", "no open files"]
        if self.drop_uid:
            found.append("user id of its own")
        if self.linux:
            found += ["no new privileges", "dies with its parent"]
        if self.wall == WALL_LANDLOCK:
            found.append(f"Landlock (version {self.landlock_version})")
        if self.wall == WALL_CHROOT:
            found.append("empty root folder")
        if self.seccomp:
            found.append("system call filter")
        if self.wall == WALL_NO_FILES:
            found.append("no calls that name a file")
        return tuple(found)

    @property
    def missing(self) -> tuple[str, ...]:
        """What is weaker here than it could be, one sentence each."""
        return tuple(self._missing())

    def _missing(self) -> Iterator[str]:
        if not self.linux:
            yield "This is not Linux: reduced isolation. Student code can read your files and use the network."
            return
        if not self.drop_uid:
            yield "Student code runs under your own user id: a user id of its own needs root."
        if self.wall == NO_WALL:
            yield "Nothing keeps student code from reading files: the kernel has no Landlock, and chroot needs root."
        elif self.wall != WALL_LANDLOCK:
            yield (
                "The kernel has no Landlock: student code can open no files at all, and only the modules that "
                "the grader loaded beforehand can be imported."
            )
        elif self.landlock_version < 6:
            yield f"Landlock is version {self.landlock_version}: signals are kept in by the system call filter alone."
        if not self.seccomp:
            yield "There is no system call filter: student code can start processes and use the network."
        if self.unreachable:
            yield (
                f"{self.unreachable} is in a folder that only root may enter"
                + (
                    "; student code reads the libraries there by a capability, fenced in by Landlock."
                    if self.keep
                    else ": modules that the grader did not load beforehand cannot be imported."
                )
            )


def survey() -> Plan:
    """The strongest plan that works here. Forks a few times: for a process with one thread."""
    if not kernel.is_linux():
        return Plan(linux=False)
    identity.read_mapped_ids()  # known once here, not read again in every fork
    filters = seccomp.is_known_machine() and bool(seccomp.program(kernel.machine(), 0)) and _works(_try_seccomp)
    drop_uid = os.geteuid() == 0 and _works(lambda: identity.become(identity.fresh_uid(os.getpid(), 0)))
    version = landlock.abi()
    readable = readable_paths()
    if version and not _works(lambda: _try_landlock(version)):
        version = 0
    wall, keep, unreachable = NO_WALL, None, ""
    if version:
        wall = WALL_LANDLOCK
    elif drop_uid and _works(lambda: chroot.enter(tempfile.gettempdir())):
        wall = WALL_CHROOT
    elif filters:
        wall = WALL_NO_FILES
    if drop_uid and wall == WALL_LANDLOCK:
        unreachable = next((path for path in readable if _is_private(path)), "")
        if unreachable:
            keep = next((number for number in _READERS if _works(lambda: _try_reading(number, unreachable))), None)  # noqa: B023
    return Plan(wall, version, drop_uid, keep, filters, True, readable, unreachable)


_READERS = (identity.CAP_DAC_READ_SEARCH, identity.CAP_DAC_OVERRIDE)


def readable_paths() -> tuple[str, ...]:
    """What an honest submission reads without knowing it: Python's and the system's libraries, fonts, devices.

    Never a folder of sys.path as such: where the grader is installed from its source tree, that folder holds the
    solutions.
    """
    wanted: list[str] = []
    for prefix in dict.fromkeys((sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix)):
        wanted += [os.path.join(prefix, name) for name in ("lib", "lib64", "share")]
    paths = sysconfig.get_paths()
    wanted += [paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    wanted += site.getsitepackages()
    wanted += [entry for entry in sys.path if Path(entry).name in ("site-packages", "dist-packages", "lib-dynload")]
    wanted.append(str(Path(__file__).resolve().parents[2]))  # the package itself, which holds no secrets
    wanted += [*_SYSTEM_FOLDERS, *_SYSTEM_FILES, *_DEVICES]
    real = {os.path.realpath(path) for path in wanted if os.path.exists(path)} - {"/"}
    return tuple(sorted(path for path in real if not any(str(above) in real for above in Path(path).parents)))


def _try_seccomp() -> None:
    identity.forbid_new_privileges()
    seccomp.install(os.getpid())
    try:
        os.fork()
    except PermissionError:
        return
    raise OSError("the filter does not filter")


def _try_landlock(version: int) -> None:
    identity.forbid_new_privileges()
    landlock.restrict(readable=(), writable=(), version=version)
    try:
        os.listdir("/")
    except PermissionError:
        return
    raise OSError("Landlock does not lock")


def _try_reading(capability: int, path: str) -> None:
    identity.become(identity.fresh_uid(os.getpid(), 1), keep=capability)
    os.listdir(path)


def _is_private(path: str) -> bool:
    """Whether a user without rights cannot get to ``path``."""

    def reach() -> None:
        identity.become(identity.fresh_uid(os.getpid(), 1))
        os.stat(path)
        if os.path.isdir(path):
            os.listdir(path)

    return not _works(reach)


def _works(attempt: Callable[[], object]) -> bool:
    """Whether ``attempt`` succeeds in a fork of this process."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            attempt()
            status = 0
        except Exception:  # whatever is in the way, the lock is not to be had  # noqa: BLE001
            status = 1
        finally:
            os._exit(status)
    _, status = os.waitpid(pid, 0)
    return status == 0
