"""Resource limits: memory, processor time, files, descriptors, threads."""

from __future__ import annotations

import resource
from collections.abc import Iterator

_MEGABYTE = 1024 * 1024
FILE_MB = 64
DESCRIPTORS = 256
THREADS = 64


def apply_limits(*, memory_mb: int, cpu_seconds: int, own_uid: bool) -> None:
    """Caps what this process may take, for good: the hard limits go down with the soft ones.

    ``memory_mb`` comes on top of the address space that is in use already. ``own_uid``: nobody else runs under
    this process's uid (to be), so that its number of threads can be capped as well.
    """
    for name, soft, hard in _limits(memory_mb, cpu_seconds, own_uid):
        _lower(name, soft, hard)


def _limits(memory_mb: int, cpu_seconds: int, own_uid: bool) -> Iterator[tuple[str, int, int]]:
    space = address_space() + memory_mb * _MEGABYTE
    yield "RLIMIT_AS", space, space
    # SIGXCPU at the soft limit can be caught; SIGKILL at the hard one cannot.
    yield "RLIMIT_CPU", cpu_seconds, cpu_seconds + 1
    yield "RLIMIT_CORE", 0, 0
    yield "RLIMIT_FSIZE", FILE_MB * _MEGABYTE, FILE_MB * _MEGABYTE
    yield "RLIMIT_NOFILE", DESCRIPTORS, DESCRIPTORS
    yield "RLIMIT_MSGQUEUE", 0, 0
    yield "RLIMIT_MEMLOCK", 0, 0
    if own_uid:
        yield "RLIMIT_NPROC", THREADS, THREADS


def _lower(name: str, soft: int, hard: int) -> None:
    number = getattr(resource, name, None)
    if number is None:
        return  # not on this platform
    _, ceiling = resource.getrlimit(number)
    if ceiling != resource.RLIM_INFINITY:
        soft, hard = min(soft, ceiling), min(hard, ceiling)
    resource.setrlimit(number, (soft, hard))


def address_space() -> int:
    """Bytes of address space that this process holds."""
    try:
        # Unbuffered: a fork pays for every page that it touches first.
        with open("/proc/self/statm", "rb", buffering=0) as stream:
            return int(stream.read(100).split()[0]) * resource.getpagesize()
    except OSError:
        return 8 * 1024**3
