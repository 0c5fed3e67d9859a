"""Whether the kernel killed processes for lack of memory: nothing else tells its SIGKILL from one's own."""

from __future__ import annotations


def kills() -> int | None:
    """How many processes the kernel of this machine has killed for lack of memory; None where it does not say."""
    try:
        with open("/proc/vmstat", "rb", buffering=0) as stream:
            text = stream.read()
    except OSError:
        return None
    for line in text.splitlines():
        name, _, count = line.partition(b" ")
        if name == b"oom_kill":
            return int(count)
    return None


def may_have_killed_since(before: int | None) -> bool:
    """Whether the kernel has killed a process since there were ``before``, or does not say."""
    now = kills()
    return now is None or now != before
