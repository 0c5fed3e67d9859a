"""A class made of an assignment's own samples: the reference, right and wrong programs, copies under other names."""

from __future__ import annotations

import itertools
from pathlib import Path


def class_files(solutions: Path, count: int) -> dict[str, str]:
    """``count`` submissions by their file names, from ``solutions/SLUG``.

    First the reference, then right and wrong samples in the proportion in which they are there, spread evenly; where
    they are not enough, all once more. Copies differ in a comment: equal files would be graded once.
    """
    reference = solutions / f"{solutions.name}.py"
    others = sorted(solutions.glob("right/*.py")) + sorted(solutions.glob("wrong/*.py"))
    if 1 < count <= len(others):
        step = len(others) / (count - 1)
        others = [others[int(index * step)] for index in range(count - 1)]
    files = {}
    for number, path in enumerate(itertools.islice(itertools.cycle([reference, *others]), count)):
        text = path.read_text(encoding="utf-8").rstrip()
        files[f"{path.stem.replace('_', '-')}-{number:04d}.py"] = f"{text}\n\n# Handed in as number {number}\n"
    return files


def write_class(solutions: Path, folder: Path, count: int) -> list[Path]:
    """Writes that class to ``folder``; its files in order."""
    folder.mkdir(parents=True)
    written = []
    for name, text in class_files(solutions, count).items():
        (folder / name).write_text(text, encoding="utf-8")
        written.append(folder / name)
    return written
