"""``autograder lint``: runs a PyTorch script under the recorder and prints what its training loop does wrong."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, Any

import click

from autograder.errors import UsageError

if TYPE_CHECKING:
    from autograder.hygiene import Trace
    from autograder.results import Diagnostic


@dataclass(frozen=True)
class _Run:
    """What one run of a script showed."""

    diagnostics: tuple[Diagnostic, ...]
    failure: str
    """Type and first line of the exception that ended the script, or nothing."""
    line: int | None
    """The script's own line that it failed on."""
    exit_code: int
    """What the script exited with on its own account."""
    seen: str = ""
    """How much training the recorder saw."""
    trained: bool = False
    """Whether it saw any."""


@click.command("lint", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.option("--format", "style", type=click.Choice(["text", "json", "github"]), default="text", show_default=True)
@click.option("--select", metavar="CODES", help="Report these rules only: GH101,GH3 (a prefix names all of its rules).")
@click.option("--ignore", metavar="CODES", help="Do not report these rules.")
@click.argument("script", type=click.Path(path_type=Path))
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def lint_command(
    context: click.Context,
    style: str,
    select: str | None,
    ignore: str | None,
    script: Path,
    arguments: tuple[str, ...],
) -> None:
    """Runs SCRIPT with its ARGUMENTS and reports faults of its training loops, by file and line.

    The script runs as with `python SCRIPT ARGUMENTS`; the options of this command stand before SCRIPT, except
    for --format, --select and --ignore, which may also be the last arguments. Exit code 1: there is an error
    (a rule of severity E, or the script failed). Where there is nothing to report, a line on stderr says how many
    steps were seen. Training in processes that the script starts is not seen.
    """
    if not script.is_file():
        raise UsageError(f"There is no script {script}.")
    options = {"--format": style, "--select": select, "--ignore": ignore}
    arguments = _own_options(arguments, options)
    if options["--format"] not in ("text", "json", "github"):
        raise UsageError(f"--format {options['--format']} is not text, json or github.")
    selected, ignored = _codes(options["--select"]), _codes(options["--ignore"])
    machine = options["--format"] == "json"
    with redirect_stdout(sys.stderr) if machine else _unchanged():
        run = run_script(script, arguments)
    found = [
        item
        for item in run.diagnostics
        if (not selected or item.code.startswith(selected)) and not (ignored and item.code.startswith(ignored))
    ]
    _show(found, run, script, str(options["--format"]))
    if run.seen and not found and not run.failure:
        fault = "no fault of the rules that were asked for" if selected or ignored else "no fault"
        click.echo(f"{script}: {run.seen}, {fault}." if run.trained else f"{script}: {run.seen}.", err=True)
    context.exit(1 if run.exit_code or run.failure or any(item.severity == "E" for item in found) else 0)


def run_script(script: Path, arguments: Sequence[str]) -> _Run:
    """Runs a script as ``python`` would, recorded; its own exceptions are caught and told in the result."""
    from autograder.hygiene import record

    path = str(script)
    try:
        code = compile(script.read_bytes(), os.path.abspath(path), "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        return _Run((), _described(error), line, 1)
    recording = record(whole_program=True)
    failure, line, exit_code = "", None, 0
    with _as_main(code, path, arguments) as module:
        try:
            with recording:
                exec(code, module.__dict__)
        except SystemExit as stop:
            exit_code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
            if isinstance(stop.code, str):
                click.echo(stop.code, err=True)
        except Exception as error:  # noqa: BLE001
            failure, line = _described(error), _line_in(error, code.co_filename)
        except KeyboardInterrupt:
            failure = "KeyboardInterrupt"
        finally:
            sys.stdout.flush()
    return _Run(recording.trace.diagnostics(), failure, line, exit_code, *_seen(recording.trace))


def _seen(trace: Trace) -> tuple[str, bool]:
    """What was there to judge, and whether it was anything: no fault says little where no training was seen."""
    from autograder.hygiene import Backward

    passes = len(trace.of(Backward))
    if not passes:
        return "no training seen: no backward pass ran in this process (those that it starts are not recorded)", False
    if not trace.steps:
        return f"{_count(passes, 'backward pass', 'backward passes')} recorded, but no update of a parameter", True
    until = ", then the recording was full" if trace.truncated else ""
    return f"{_count(trace.steps, 'step', 'steps')} recorded{until}", True


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


@contextmanager
def _as_main(code: CodeType, path: str, arguments: Sequence[str]) -> Iterator[ModuleType]:
    """A fresh ``__main__`` with the argv and the import path that ``python`` gives to a script."""
    module = ModuleType("__main__")
    module.__file__ = code.co_filename
    module.__dict__["__builtins__"] = __builtins__
    argv, search, main = sys.argv, list(sys.path), sys.modules.get("__main__")
    sys.argv = [path, *arguments]
    sys.path[0:0] = [os.path.dirname(code.co_filename)]
    sys.modules["__main__"] = module
    try:
        yield module
    finally:
        sys.argv, sys.path[:] = argv, search
        if main is not None:
            sys.modules["__main__"] = main


@contextmanager
def _unchanged() -> Iterator[None]:
    yield


def _own_options(arguments: tuple[str, ...], options: dict[str, str | None]) -> tuple[str, ...]:
    """Takes this command's own options off the end of the script's arguments."""
    left = list(arguments)
    while left:
        if len(left) >= 2 and left[-2] in options:
            value = left.pop()
            options[left.pop()] = value
        elif left[-1].partition("=")[0] in options and "=" in left[-1]:
            name, _, value = left.pop().partition("=")
            options[name] = value
        else:
            break
    return tuple(left)


def _codes(text: str | None) -> tuple[str, ...]:
    """Codes or their prefixes; a UsageError for what no rule begins with."""
    if not text:
        return ()
    from autograder.hygiene import rules

    codes = tuple(part.strip().upper() for part in text.split(",") if part.strip())
    for code in codes:
        if not any(rule.code.startswith(code) for rule in rules()):
            raise UsageError(f"No rule has the code {code}; `autograder rules` lists them.")
    return codes


# -- printing ---------------------------------------------------------------------------------------------------------


def _show(found: Sequence[Diagnostic], run: _Run, script: Path, style: str) -> None:
    if style == "json":
        entries = [_plain(item) for item in found]
        failure = {"message": run.failure, "file": str(script), "line": run.line} if run.failure else None
        click.echo(json.dumps({"diagnostics": entries, "failure": failure}, indent=2, ensure_ascii=False))
        return
    line = _github if style == "github" else _text
    for item in found:
        click.echo(line(_shown(item.file) or str(script), item))
    if run.failure and style == "github":
        click.echo(f"::error file={_property(str(script))},line={run.line or 1}::{_escaped(run.failure)}")
    elif run.failure:
        at = f":{run.line}" if run.line else ""
        click.echo(f"{script}{at}: {run.failure}")


def _text(path: str, item: Diagnostic) -> str:
    return f"{path}:{item.line or 1}: {item.code} {item.message}"


def _github(path: str, item: Diagnostic) -> str:
    level = "error" if item.severity == "E" else "warning"
    title = f"{item.code} {item.name}"
    return f"::{level} file={_property(path)},line={item.line or 1},title={_property(title)}::{_escaped(item.message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _plain(item: Diagnostic) -> dict[str, Any]:
    return {
        "code": item.code,
        "name": item.name,
        "severity": item.severity,
        "file": _shown(item.file),
        "line": item.line,
        "step": item.step,
        "parameter": item.parameter,
        "message": item.message,
    }


def _shown(file: str | None) -> str | None:
    """A path as it is shortest: relative to the working folder where it lies below it."""
    if file is None:
        return None
    relative = os.path.relpath(file)
    return file if relative.startswith(os.pardir) else relative


def _described(error: BaseException) -> str:
    """The type of an exception and the first line of what it says."""
    said = error.msg if isinstance(error, SyntaxError) else _text_of(error)
    first = next((line.strip() for line in str(said or "").splitlines() if line.strip()), "")
    return f"{type(error).__name__}: {first}" if first else type(error).__name__


def _text_of(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - an exception of the script's own making
        return ""


def _line_in(error: BaseException, filename: str) -> int | None:
    """The innermost line of the script in the traceback."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == filename]
    return lines[-1] if lines else None
