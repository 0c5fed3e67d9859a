"""How the rules do on the corpora: a table by rule.

    python -m tests.hygiene.corpora.score [-v] [-e]

``-v`` names every program that is not found as it should be, ``-e`` adds the equivalents of the idioms.
"""

from __future__ import annotations

import contextlib
import io
import sys
import warnings
from collections import defaultdict
from pathlib import Path
from types import ModuleType
from typing import Any

import torch

from autograder.hygiene import Trace, record
from autograder.results import Diagnostic
from tests.hygiene.corpora import corpus


def traced(run: Any, arguments: tuple[Any, ...], files: set[str], **options: Any) -> Trace:
    """The trace of one program, through plain data as in grading."""
    recording = record(inputs=arguments, files=files, **options)
    result = None
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        with contextlib.suppress(Exception), recording:
            result = run(*arguments)
    trace = Trace.from_plain(recording.plain())
    trace.value = result
    return trace


def diagnosed(path: Path, **options: Any) -> tuple[Diagnostic, ...]:
    """The diagnostics of one program of the corpora."""
    module = corpus.load(path)
    trace = traced(module.run, corpus.arguments(module), {str(path)}, **options)
    if trace.tampered:
        raise AssertionError(f"{path.name}: {trace.tampered}")
    trace.expect_trusted()
    return trace.diagnostics()


def traced_source(name: str, source: str) -> Trace:
    """The trace of one generated program; its value are the losses."""
    module = sys.modules[name] = ModuleType(name)  # dataclasses look their module up
    try:
        exec(compile(source, name, "exec"), module.__dict__)
        return traced(module.run, (), {name})
    finally:
        del sys.modules[name]


def main() -> None:
    """Print the table."""
    torch.set_num_threads(1)
    verbose = "-v" in sys.argv
    rows: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0, 0])
    said = corpus.what_torch_says_of([program.path for program in corpus.faulty()])
    for program in corpus.faulty():
        found = diagnosed(program.path, **program.asked)
        row = rows[program.code]
        row[0] += 1
        right = [item for item in found if item.code == program.code]
        row[1] += bool(right)
        row[2] += any(item.line in program.lines for item in right)
        row[3] += len({item.code for item in found} - {program.code})
        row[4] += "Error" in said[program.path]
        row[5] += "Warning" in said[program.path] and "Error" not in said[program.path]
        if verbose and (len(found) != 1 or not right or right[0].line not in program.lines):
            print(program.name, sorted(program.lines), [(item.code, item.line, item.message) for item in found])
    print("rule  programs  right code  right line  other codes  PyTorch: error  warning only")
    rows["total"] = [sum(row[column] for row in rows.values()) for column in range(6)]
    for code in [*sorted(rows.keys() - {"total"}), "total"]:
        counts = "".join(f"{count:{width}d}" for count, width in zip(rows[code], (9, 12, 12, 13, 16, 14)))
        print(f"{code:<5}{counts}")
    alarms = 0
    for idiom in corpus.idioms():
        found = [item for item in diagnosed(idiom.path) if item.code not in idiom.ignored]
        alarms += bool(found)
        if found:
            print("FALSE ALARM", idiom.name, [(item.code, item.line, item.message) for item in found])
    print("idioms:", len(corpus.idioms()), "with false alarms:", alarms)
    if "-e" in sys.argv:
        wrong: dict[str, list[str]] = defaultdict(list)
        count = 0
        for name, source in corpus.equivalents():
            count += 1
            for item in traced_source(name, source).diagnostics():
                wrong[name].append(f"{item.code} {item.line}")
        for name, items in wrong.items():
            print("FALSE ALARM", name, items)
        print("equivalents:", count, "with false alarms:", len(wrong))


if __name__ == "__main__":
    main()
