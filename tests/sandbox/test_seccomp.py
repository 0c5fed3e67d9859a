"""The system call filter: read as a program for both architectures, and tried on this one."""

from __future__ import annotations

import errno
import os
import socket
import struct
import threading

import pytest

from autograder.sandbox.locks import identity, kernel, seccomp
from autograder.sandbox.locks.numbers import FIRST_UNKNOWN, number

PID = 4711
ALLOW, KILL = 0x7FFF0000, 0x80000000
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

needs_seccomp = pytest.mark.skipif(not seccomp.is_known_machine(), reason="no filter for this platform")


def decide(machine: str, call: int | str, *arguments: int, audit: int | None = None, no_files: bool = False) -> int:
    """What the kernel would do: a small interpreter of the filter's instructions."""
    called = number(call, machine) if isinstance(call, str) else call
    assert called is not None, f"{machine} has no {call}"
    padded = [*arguments, 0, 0, 0, 0, 0, 0][:6]
    data = struct.pack("<IIQ6Q", called, audit or AUDIT[machine], 0, *padded)
    code = seccomp.program(machine, PID, no_files=no_files)
    at, accumulator = 0, 0
    while True:
        operation, if_true, if_false, value = struct.unpack_from("=HBBI", code, at * 8)
        at += 1
        if operation == 0x20:
            (accumulator,) = struct.unpack_from("<I", data, value)
        elif operation == 0x54:
            accumulator &= value
        elif operation == 0x06:
            return value
        else:
            tests = {0x15: accumulator == value, 0x35: accumulator >= value, 0x45: bool(accumulator & value)}
            at += if_true if tests[operation] else if_false


def refused(error: int) -> int:
    return 0x00050000 | error


machines = pytest.mark.parametrize("machine", ["x86_64", "aarch64"])

EVERYTHING = " ".join(
    (
        seccomp.PROCESSES,
        seccomp.SOCKETS,
        seccomp.OTHER_PROCESSES,
        seccomp.KERNEL_FACILITIES,
        seccomp.MEMORY_OUTSIDE_THE_LIMIT,
        seccomp.IDENTITIES,
        seccomp.NAMESPACES_AND_MOUNTS,
        seccomp.OWNERS_AND_LABELS,
    )
).split()


@machines
def test_refuses_every_call_on_its_lists(machine):
    for name in EVERYTHING:
        if number(name, machine) is not None:
            assert decide(machine, name) == refused(errno.EPERM), name


@machines
def test_allows_what_computing_needs(machine):
    reads, writes, maps = {"x86_64": (0, 1, 9), "aarch64": (63, 64, 222)}[machine]
    for call in (reads, writes, maps):
        assert decide(machine, call, 3, 0, 100) == ALLOW


@machines
def test_allows_threads_and_refuses_processes(machine):
    thread = 0x3D0F00  # what the C library's pthread_create asks for
    assert decide(machine, "clone", thread) == ALLOW
    assert decide(machine, "clone", 17) == refused(errno.EPERM)
    assert decide(machine, "clone", 0x4111) == refused(errno.EPERM)  # vfork
    assert decide(machine, "clone", 0x10000000) == refused(errno.EPERM)  # a user namespace
    assert decide(machine, "clone3") == refused(errno.ENOSYS)


@machines
def test_lets_signals_go_to_the_process_itself_alone(machine):
    for name in ("kill", "tgkill", "tkill"):
        assert decide(machine, name, PID, 9) == ALLOW
        for other in (PID + 1, 0, 1, -1 & 0xFFFFFFFF, -PID & 0xFFFFFFFF, -1 & 0xFFFFFFFFFFFFFFFF):
            assert decide(machine, name, other, 9) == refused(errno.EPERM), (name, other)


@machines
def test_reads_only_the_half_of_a_number_that_the_kernel_reads(machine):
    high = 1 << 40
    assert decide(machine, "kill", PID + high) == ALLOW
    assert decide(machine, "kill", PID + 1 + high) == refused(errno.EPERM)
    assert decide(machine, "ioctl", 0, 0x5412 + high) == refused(errno.EPERM)
    assert decide(machine, "prctl", 1 + high) == refused(errno.EPERM)


@machines
def test_limits_of_other_processes_are_out_of_reach(machine):
    assert decide(machine, "prlimit64", 0) == ALLOW
    assert decide(machine, "prlimit64", PID) == ALLOW
    assert decide(machine, "prlimit64", 1) == refused(errno.EPERM)


@machines
@pytest.mark.parametrize(
    ("name", "arguments", "allowed"),
    [
        ("ioctl", (0, 0x5401), True),  # TCGETS
        ("ioctl", (0, 0x5412), False),  # TIOCSTI
        ("ioctl", (0, 0x541C), False),  # TIOCLINUX
        ("ioctl", (3, 0x8901), False),  # FIOSETOWN
        ("ioctl", (3, 0x8912), False),  # SIOCGIFCONF
        ("ioctl", (3, 0x89FF), False),
        ("ioctl", (3, 0x88FF), True),
        ("ioctl", (3, 0x8A00), True),
        ("sendmsg", (3,), False),
        ("fcntl", (3, 3), True),  # F_GETFL
        ("fcntl", (3, 8), False),  # F_SETOWN
        ("fcntl", (3, 15), False),  # F_SETOWN_EX
        ("fcntl", (3, 10), False),  # F_SETSIG
        ("fcntl", (3, 1031), False),  # F_SETPIPE_SZ
        ("prctl", (15,), True),  # PR_SET_NAME
        ("prctl", (1,), False),  # PR_SET_PDEATHSIG
        ("prctl", (4,), False),  # PR_SET_DUMPABLE
        ("openat", (0, 0, os.O_RDONLY), True),
        ("openat", (0, 0, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), True),  # Landlock decides
        ("openat", (0, 0, os.O_RDONLY | os.O_TRUNC), False),
    ],
)
def test_decides_by_arguments(machine, name, arguments, allowed):
    assert decide(machine, name, *arguments) == (ALLOW if allowed else refused(errno.EPERM))


@machines
def test_pretends_to_change_modes_and_times(machine):
    for name in seccomp.PRETENDED.split():
        if number(name, machine) is not None:
            assert decide(machine, name) == refused(0), name


@machines
def test_ends_a_process_that_calls_in_a_foreign_way(machine):
    assert decide(machine, 1, audit=0x40000003) == KILL  # int 0x80
    if machine == "x86_64":
        assert decide(machine, 0x40000000 + 59) == KILL  # x32
        assert decide(machine, 0xFFFFFFFF) == KILL


@machines
def test_refuses_calls_that_are_newer_than_the_table(machine):
    assert decide(machine, FIRST_UNKNOWN) == refused(errno.ENOSYS)
    assert decide(machine, FIRST_UNKNOWN + 100) == refused(errno.ENOSYS)


@machines
def test_without_files_no_call_that_names_a_path_is_left(machine):
    for name in seccomp.FILES.split():
        if number(name, machine) is not None:
            assert decide(machine, name, 0, 0, 0, no_files=True) in (refused(errno.EACCES), refused(errno.ENOSYS)), name


def _install(no_files=False):
    identity.forbid_new_privileges()
    seccomp.install(os.getpid(), no_files=no_files)


@needs_seccomp
def test_a_filtered_process_cannot_fork_or_run_programs(locked):
    def attempt(action):
        def run():
            _install()
            return action()

        return locked(run)

    assert "PermissionError" in attempt(os.fork)
    assert "PermissionError" in attempt(lambda: os.execv("/bin/true", ["true"]))
    assert "PermissionError" in attempt(lambda: os.posix_spawn("/bin/true", ["true"], {}))
    assert "PermissionError" in attempt(lambda: socket.socket().close())
    assert "PermissionError" in attempt(lambda: os.memfd_create("x"))
    assert "PermissionError" in attempt(lambda: os.kill(os.getppid(), 0))


@needs_seccomp
def test_a_filtered_process_can_use_threads_files_and_signals_to_itself(locked, tmp_path):
    def run():
        _install()
        found = []
        thread = threading.Thread(target=found.append, args=(1,))
        thread.start()
        thread.join()
        (tmp_path / "file").write_text("text")
        os.chmod(tmp_path / "file", 0o777)
        os.kill(os.getpid(), 0)
        socket.socketpair()[0].close()
        return found, oct((tmp_path / "file").stat().st_mode & 0o777)

    said = locked(run)
    assert said.startswith("([1]")
    assert "0o777" not in said


@needs_seccomp
def test_the_filter_cannot_be_taken_back(locked):
    def run():
        _install()
        kernel.prctl(22, 0)

    assert "Error" in locked(run)


@needs_seccomp
def test_without_files_open_files_still_work(locked, tmp_path):
    (tmp_path / "file").write_text("text")

    def run():
        with open(tmp_path / "file") as stream:
            _install(no_files=True)
            read = stream.read()
        try:
            os.open(tmp_path / "file", os.O_RDONLY)
        except PermissionError:
            return read
        return "opened"

    assert locked(run) == "text"


@pytest.mark.skipif(kernel.machine() != "x86_64" or not kernel.is_linux(), reason="x32 is a matter of x86_64")
def test_an_x32_call_ends_the_process(locked):
    def run():
        _install()
        return kernel.system_call(0x40000000 + 39)

    assert locked(run).startswith("died")
