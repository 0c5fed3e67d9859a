"""The layers of the sandbox in words: what each keeps out, and what its absence lets in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from autograder.sandbox.locks.plan import WALL_CHROOT, WALL_LANDLOCK, WALL_NO_FILES, Plan


@dataclass(frozen=True)
class Layer:
    """One layer; ``is_on`` says whether a plan has it."""

    name: str
    keeps_out: str
    without: str
    is_on: Callable[[Plan], bool]
    stands_in: bool = False
    """Of interest only where the wall before it is missing."""


LAYERS = (
    Layer(
        "separate process",
        "answers, points and results are never in the process that runs student code",
        "",
        lambda plan: True,
    ),
    Layer(
        "resource limits",
        "memory, processor time, file sizes and open files are capped",
        "",
        lambda plan: True,
    ),
    Layer(
        "user id of its own",
        "student code owns no file and no process; a new id for every worker",
        "needs root: student code has your own user id",
        lambda plan: plan.drop_uid,
    ),
    Layer(
        "no new privileges",
        "no setuid program helps; the worker dies with the grader",
        "needs Linux",
        lambda plan: plan.linux,
    ),
    Layer(
        "wall: Landlock",
        "reads the libraries, writes one scratch folder, no TCP",
        "the kernel (5.13 or later) does not offer it",
        lambda plan: plan.wall == WALL_LANDLOCK,
    ),
    Layer(
        "wall: empty root",
        "stands in for Landlock: the scratch folder is all there is",
        "needs root",
        lambda plan: plan.wall == WALL_CHROOT,
        stands_in=True,
    ),
    Layer(
        "wall: no files",
        "stands in for both: no call that names a file",
        "needs the system call filter",
        lambda plan: plan.wall == WALL_NO_FILES,
        stands_in=True,
    ),
    Layer(
        "system call filter",
        "no processes, programs, sockets, tracing, mounts or signals to others",
        "needs Linux on x86_64 or aarch64, and a container that allows seccomp",
        lambda plan: plan.seccomp,
    ),
)
