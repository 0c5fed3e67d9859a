"""The students' own code alone, each in a fork of one warmed process; prints JSON.

    python -m tests.bench.plain_python COURSE SLUG FILE...

Every file's ``every`` is all calls that the checks make, its ``once`` counts equal calls once, as the judge does.
"""

from __future__ import annotations

import dataclasses
import gc
import json
import os
import resource
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from autograder.assignment import Course
from tests.bench.call_log import Call, call_log
from tests.bench.own_code import Own, own_code

_MOST_SECONDS = 300
"""Processor seconds after which a submission's code is ended; then it has no figure."""


def in_fork(path: Path, slug: str, calls: Sequence[Call]) -> Own | None:
    """What the file's own code took in a process of its own; None where that did not end well."""
    heard, told = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(heard)
            resource.setrlimit(resource.RLIMIT_CPU, (_MOST_SECONDS, _MOST_SECONDS))
            own = own_code(path.read_text(encoding="utf-8"), slug, calls)
            os.write(told, json.dumps(dataclasses.asdict(own)).encode())
        finally:
            os._exit(0)
    os.close(told)
    with os.fdopen(heard, "rb") as line:
        said = line.read()
    os.waitpid(pid, 0)
    return Own(**json.loads(said)) if said else None


def main(course: str, slug: str, *files: str) -> None:
    """Prints a JSON object: the number of checks and of calls, and per file what it took."""
    torch.set_num_threads(1)  # as in the worker
    log = call_log(Course(Path(course)).assignment(slug))
    once = log.distinct()
    gc.collect()
    gc.freeze()  # the students' garbage is collected, not ours
    found = {}
    for file in files:
        pair = {"once": in_fork(Path(file), slug, once), "every": in_fork(Path(file), slug, log.calls)}
        found[file] = {kind: dataclasses.asdict(own) if own else None for kind, own in pair.items()}
    print(json.dumps({"checks": log.checks, "calls": len(log.calls), "distinct": len(once), "files": found}))


if __name__ == "__main__":
    main(*sys.argv[1:])
