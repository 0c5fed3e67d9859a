"""A filter over system calls: threads yes; processes, programs, sockets and everybody else's business no.

The filter is a classic BPF program that starts with the architecture, then names each refused call. A refused
call fails with an error number, as it would for lack of rights, so that honest code meets an OSError that it can
print; a call in a foreign calling convention ends the process.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import struct
import sys

from autograder.sandbox.locks import kernel
from autograder.sandbox.locks.numbers import FIRST_UNKNOWN, number

_AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32_BIT = 0x4000_0000

_LOAD, _JUMP_EQUAL, _JUMP_ABOVE, _JUMP_ANY_BIT, _AND, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_ALLOW, _KILL_PROCESS, _ERRNO = 0x7FFF_0000, 0x8000_0000, 0x0005_0000
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16

_SET_MODE_FILTER = 2
_PR_SET_SECCOMP = 22

_CLONE_THREAD = 0x0001_0000

PROCESSES = "execve execveat fork vfork setpriority ioprio_set sched_setscheduler sched_setparam sched_setattr"
# Files sent through sockets lie in the kernel, and take their buffers along: memory outside of every limit.
SOCKETS = "socket connect bind listen accept accept4 sendmsg sendmmsg"
OTHER_PROCESSES = (
    "ptrace process_vm_readv process_vm_writev process_madvise process_mrelease pidfd_open pidfd_getfd "
    "pidfd_send_signal kcmp migrate_pages move_pages rt_sigqueueinfo rt_tgsigqueueinfo sched_setaffinity"
)
KERNEL_FACILITIES = (
    "keyctl add_key request_key io_uring_setup io_uring_enter io_uring_register userfaultfd perf_event_open bpf "
    "fanotify_init fanotify_mark inotify_init inotify_init1 inotify_add_watch syslog acct quotactl quotactl_fd "
    "modify_ldt uselib vhangup iopl ioperm swapon swapoff reboot kexec_load kexec_file_load init_module "
    "finit_module delete_module sethostname setdomainname settimeofday adjtimex clock_settime clock_adjtime "
    "lsm_set_self_attr"
)
MEMORY_OUTSIDE_THE_LIMIT = "memfd_create memfd_secret shmget shmat msgget semget mq_open"
IDENTITIES = "setuid setgid setreuid setregid setresuid setresgid setfsuid setfsgid setgroups capset"
NAMESPACES_AND_MOUNTS = (
    "unshare setns mount umount2 pivot_root chroot open_tree open_tree_attr move_mount fsopen fsconfig fsmount "
    "fspick mount_setattr statmount listmount open_by_handle_at name_to_handle_at"
)
# Landlock does not guard what these change.
OWNERS_AND_LABELS = (
    "chown fchown lchown fchownat setxattr lsetxattr fsetxattr setxattrat removexattr lremovexattr fremovexattr "
    "removexattrat file_setattr truncate"
)
# Honest code copies modes and times with its files: let it believe that it did.
PRETENDED = "chmod fchmod fchmodat fchmodat2 utime utimes futimesat utimensat"
# Python and the C library try these first and fall back to older calls.
UNKNOWN_TO_US = "clone3 openat2"

FILES = (
    "open openat creat mknod mknodat mkdir mkdirat unlink unlinkat rmdir rename renameat renameat2 link linkat "
    "symlink symlinkat readlink readlinkat stat lstat newfstatat statx access faccessat faccessat2 chdir statfs"
)

_REFUSED = " ".join(
    (
        PROCESSES,
        SOCKETS,
        OTHER_PROCESSES,
        KERNEL_FACILITIES,
        MEMORY_OUTSIDE_THE_LIMIT,
        IDENTITIES,
        NAMESPACES_AND_MOUNTS,
        OWNERS_AND_LABELS,
    )
)

# fcntl: signals sent to a chosen process, and pipes that hold megabytes outside the memory limit.
_FCNTL = (8, 10, 15, 1031)  # F_SETOWN, F_SETSIG, F_SETOWN_EX, F_SETPIPE_SZ
_IOCTL = (0x5412, 0x541C)  # TIOCSTI, TIOCLINUX
_SOCKET_IOCTLS = (0x8900, 0x8A00)  # owners of signals; the machine's network, asked through any socket
_PRCTL = (kernel.PR_SET_PDEATHSIG, kernel.PR_SET_DUMPABLE)


def is_known_machine() -> bool:
    """Whether there are tables for this processor."""
    return kernel.is_linux() and kernel.machine() in _AUDIT and sys.byteorder == "little"


def install(own_pid: int, *, no_files: bool = False) -> None:
    """Filters this process's system calls from now on. Needs ``no new privileges``. Raises OSError."""
    instructions = program(kernel.machine(), own_pid, no_files=no_files)
    code = ctypes.create_string_buffer(instructions, len(instructions))
    filter_program = _Program(len(instructions) // 8, ctypes.addressof(code))
    kernel.prctl(_PR_SET_SECCOMP, _SET_MODE_FILTER, kernel.address_of(filter_program))


def program(machine: str, own_pid: int, *, no_files: bool = False) -> bytes:
    """The filter's instructions for ``machine``; ``no_files`` refuses every call that names a path."""
    template = _template(machine, no_files)
    return template.replace(_OWN_PID.to_bytes(4, sys.byteorder), own_pid.to_bytes(4, sys.byteorder))


_OWN_PID = 0x7FFF_A5A5
"""Stands for the process's number in the template: beyond any real one."""


@functools.lru_cache(maxsize=2)
def _template(machine: str, no_files: bool) -> bytes:
    """Made once in the zygote (it tries the filter) rather than in every fork."""
    own_pid = _OWN_PID
    code = [_load(_ARCHITECTURE_AT), _jump(_JUMP_EQUAL, _AUDIT[machine], 1, 0), _ret(_KILL_PROCESS)]
    code += [_load(_NUMBER_AT)]
    if machine == "x86_64":
        code += [_jump(_JUMP_ABOVE, _X32_BIT, 0, 1), _ret(_KILL_PROCESS)]
    code += [_jump(_JUMP_ABOVE, FIRST_UNKNOWN, 0, 1), _refuse(errno.ENOSYS)]
    rules: list[tuple[str, list[bytes]]] = []
    if no_files:
        rules += [(name, [_refuse(errno.EACCES)]) for name in FILES.split()]
    rules += [(name, [_refuse(errno.EPERM)]) for name in _REFUSED.split()]
    rules += [(name, [_refuse(0)]) for name in PRETENDED.split()]
    rules += [(name, [_refuse(errno.ENOSYS)]) for name in UNKNOWN_TO_US.split()]
    rules += [("clone", [_argument(0), _jump(_JUMP_ANY_BIT, _CLONE_THREAD, 0, 1), _ret(_ALLOW), _refuse(errno.EPERM)])]
    rules += [(name, _only(0, (own_pid,))) for name in ("kill", "tgkill", "tkill")]
    rules += [("prlimit64", _only(0, (0, own_pid)))]
    rules += [("fcntl", _none_of(1, _FCNTL)), ("ioctl", _ioctl()), ("prctl", _none_of(0, _PRCTL))]
    if not no_files:
        rules += [("openat", _no_secret_truncation(2)), ("open", _no_secret_truncation(1))]
    for name, body in rules:
        called = number(name, machine)
        if called is not None:
            code += [_jump(_JUMP_EQUAL, called, 0, len(body)), *body]
    return b"".join([*code, _ret(_ALLOW)])


def _only(argument: int, values: tuple[int, ...]) -> list[bytes]:
    """Allows the call where the argument's low half is one of ``values``: the kernel reads an int there."""
    tests = [_jump(_JUMP_EQUAL, value, len(values) - at, 0) for at, value in enumerate(values)]
    return [_argument(argument), *tests, _refuse(errno.EPERM), _ret(_ALLOW)]


def _none_of(argument: int, values: tuple[int, ...]) -> list[bytes]:
    tests = [_jump(_JUMP_EQUAL, value, len(values) - at, 0) for at, value in enumerate(values)]
    return [_argument(argument), *tests, _ret(_ALLOW), _refuse(errno.EPERM)]


def _ioctl() -> list[bytes]:
    first, end = _SOCKET_IOCTLS
    beyond = [_jump(_JUMP_ABOVE, first, 0, 2), _jump(_JUMP_ABOVE, end, 1, 0), _refuse(errno.EPERM)]
    load, *tests = _none_of(1, _IOCTL)
    return [load, *beyond, *tests]


def _no_secret_truncation(argument: int) -> list[bytes]:
    # O_RDONLY | O_TRUNC empties a file, and Landlock before its third version takes it for reading.
    return [
        _argument(argument),
        _statement(_AND, 0o1003),
        _jump(_JUMP_EQUAL, 0o1000, 0, 1),
        _refuse(errno.EPERM),
        _ret(_ALLOW),
    ]


def _load(offset: int) -> bytes:
    return _statement(_LOAD, offset)


def _argument(index: int) -> bytes:
    return _load(_ARGUMENTS_AT + 8 * index)


def _refuse(error: int) -> bytes:
    return _ret(_ERRNO | error)


def _ret(action: int) -> bytes:
    return _statement(_RETURN, action)


def _statement(operation: int, value: int) -> bytes:
    return struct.pack("=HBBI", operation, 0, 0, value)


def _jump(operation: int, value: int, if_true: int, if_false: int) -> bytes:
    return struct.pack("=HBBI", operation, if_true, if_false, value)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))
