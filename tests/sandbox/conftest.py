"""Forks to lock up, and one zygote for the tests that need a real one."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable

import pytest


def in_fork(action: Callable[[], object]) -> str:
    """What ``action`` returns, as text, in a fork that is thrown away; ``died: …`` where it says nothing."""
    heard, told = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(heard)
        try:
            said = str(action())
        except BaseException as error:  # noqa: BLE001
            said = f"{type(error).__name__}: {error}"
            if not isinstance(error, OSError):
                said += traceback.format_exc()
        os.write(told, said.encode()[:60_000])
        os._exit(0)
    os.close(told)
    with os.fdopen(heard, "rb") as stream:
        said = stream.read().decode()
    _, status = os.waitpid(pid, 0)
    return said or f"died: {status}"


@pytest.fixture
def locked():
    """Runs a function in a fork; see :func:`in_fork`."""
    return in_fork


@pytest.fixture(scope="session")
def zygote():
    """A warmed process that forks locked workers."""
    from autograder.sandbox.client import Zygote

    with Zygote() as zygote:
        yield zygote
