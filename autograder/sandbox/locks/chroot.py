"""The wall where Landlock is missing and the grader is root: one folder becomes the whole file system."""

from __future__ import annotations

import os


def enter(folder: str) -> None:
    """Makes ``folder`` this process's root and working directory. Before root is given up: root could get out."""
    os.chdir(folder)
    os.chroot(".")
    os.chdir("/")
