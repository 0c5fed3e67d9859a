"""Landlock: the files that a process may read and the one folder that it may write to; no TCP, no stray signals."""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Iterable

from autograder.sandbox.locks import kernel

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446  # the same on every architecture
_GET_VERSION = 1
_PATH_BENEATH = 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REMOVE_DIR, _REMOVE_FILE, _MAKE_CHAR, _MAKE_DIR = 1 << 4, 1 << 5, 1 << 6, 1 << 7
_MAKE_REG, _MAKE_SOCK, _MAKE_FIFO, _MAKE_BLOCK = 1 << 8, 1 << 9, 1 << 10, 1 << 11
_MAKE_SYM, _REFER, _TRUNCATE, _IOCTL_DEVICE = 1 << 12, 1 << 13, 1 << 14, 1 << 15

_READ = _READ_FILE | _READ_DIR
_WRITE = _READ | _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _MAKE_SYM | _REFER | _TRUNCATE
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEVICE

_TCP_BIND_AND_CONNECT = 0b11
_SCOPE_SOCKETS_AND_SIGNALS = 0b11


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def abi() -> int:
    """The version of Landlock that this kernel speaks; 0 where it has none or does not let us ask."""
    if not kernel.is_linux():
        return 0
    try:
        return kernel.system_call(_CREATE, None, 0, _GET_VERSION)
    except OSError:
        return 0


def handled_file_rights(version: int) -> int:
    """Every right over files that a kernel of that version can withhold."""
    rights = (1 << 13) - 1
    for since, right in ((2, _REFER), (3, _TRUNCATE), (5, _IOCTL_DEVICE)):
        if version >= since:
            rights |= right
    return rights


def restrict(*, readable: Iterable[str], writable: Iterable[str], version: int) -> None:
    """Forbids this process all files but those below ``readable`` and ``writable``. Raises OSError.

    Paths that do not exist are passed over. Needs ``no new privileges`` or CAP_SYS_ADMIN.
    """
    handled = handled_file_rights(version)
    attributes = _Ruleset(
        handled,
        _TCP_BIND_AND_CONNECT if version >= 4 else 0,
        _SCOPE_SOCKETS_AND_SIGNALS if version >= 6 else 0,
    )
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = kernel.system_call(_CREATE, kernel.address_of(attributes), size, 0)
    try:
        for path in readable:
            _allow(ruleset, path, _READ & handled)
        for path in writable:
            _allow(ruleset, path, _WRITE & handled)
        kernel.system_call(_RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            rights &= _OF_FILES
        rule = _PathBeneath(rights, descriptor)
        kernel.system_call(_ADD_RULE, ruleset, _PATH_BENEATH, kernel.address_of(rule), 0)
    finally:
        os.close(descriptor)
