"""System calls that Python has no function for, with errors as OSError."""

from __future__ import annotations

import ctypes
import os
import platform
import sys

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_KEEPCAPS = 8
PR_SET_NO_NEW_PRIVS = 38

_libc: ctypes.CDLL | None = None


def is_linux() -> bool:
    """Whether these calls exist at all."""
    return sys.platform.startswith("linux")


def machine() -> str:
    """The processor's name as the tables of this package know it: ``x86_64``, ``aarch64`` or something else."""
    name = platform.machine().lower()
    return {"amd64": "x86_64", "arm64": "aarch64"}.get(name, name)


def system_call(number: int, *arguments: int | ctypes.c_void_p | None) -> int:
    """What the kernel returns; raises OSError with the kernel's error number."""
    result = _library().syscall(ctypes.c_long(number), *(_word(argument) for argument in arguments))
    return _checked(int(result))


def prctl(option: int, value: int, third: int | ctypes.c_void_p = 0) -> int:
    """``prctl(2)`` with unused arguments zero; raises OSError."""
    zero = ctypes.c_ulong(0)
    return _checked(int(_library().prctl(ctypes.c_int(option), ctypes.c_ulong(value), _word(third), zero, zero)))


def madvise(address: int, length: int, advice: int) -> None:
    """``madvise(2)`` on a range of this process's memory; raises OSError."""
    pointer, size = ctypes.c_void_p(address), ctypes.c_size_t(length)
    _checked(int(_library().madvise(pointer, size, ctypes.c_int(advice))))


def address_of(structure: ctypes.Structure | ctypes.Array[ctypes.c_char]) -> ctypes.c_void_p:
    """A pointer argument; the caller keeps the structure alive."""
    return ctypes.c_void_p(ctypes.addressof(structure))


def _library() -> ctypes.CDLL:
    global _libc
    if _libc is None:
        _libc = ctypes.CDLL(None, use_errno=True)
        _libc.syscall.restype = ctypes.c_long
    return _libc


def _word(argument: int | ctypes.c_void_p | None) -> ctypes.c_long | ctypes.c_void_p | None:
    return ctypes.c_long(argument) if isinstance(argument, int) else argument


def _checked(result: int) -> int:
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
