"""Running the needed statements of a notebook one by one: what fails costs only what depends on it.

Runs in the worker, next to the student's code; standard library only.
"""

from __future__ import annotations

import ast
import inspect
import itertools
import linecache
from collections.abc import Iterable, Mapping
from types import CodeType, FunctionType, MappingProxyType
from typing import Any, NamedTuple

from autograder.notebook.cells import CellMap
from autograder.notebook.changes import SETTINGS
from autograder.notebook.needed import Slice
from autograder.notebook.text import printable
from autograder.notebook.time_limit import Budget, Stopped

_MAX_NOTES = 20
_MAX_NOTE = 300
_MAX_SHOWN = 60
_MOST_LOST = 200
_SHARE_OF_LOADING = 0.6
"""The rest of the time that loading may take is for imports and for a machine in a bad hour."""
_UNCHANGEABLE = (int, float, complex, str, bytes, bool, type(None), range, frozenset)
_UNCHANGEABLE_OF_TORCH = frozenset({"device", "dtype", "Size", "layout", "memory_format"})
_MOST_PAUSES = 1000
_MOST_PASSES = 30


class Ran(NamedTuple):
    """What came of it."""

    failed: tuple[str, ...]
    """What failed and where."""
    lost: dict[str, str]
    """Names that would be there if everything had gone well, with the reason."""


class Step(NamedTuple):
    """One statement, ready to be run. Plain data but for its code, so that another process can have it."""

    code: CodeType | Exception
    """What is wrong with it where the compiler does not take it: it fails when its turn comes."""
    line: int
    binds: frozenset[str]
    changes: frozenset[str]


def steps_of(found: Slice, filename: str) -> list[Step]:
    """The statements of a slice in their order."""
    return [Step(_code(one.node, found.flags, filename), one.node.lineno, *one[1:]) for one in found.statements]


def _code(node: ast.stmt, flags: int, filename: str) -> CodeType | Exception:
    module, flags = ast.Module([node], []), flags | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    try:
        code: CodeType = compile(module, filename, "exec", flags, dont_inherit=True)
    except Exception as error:  # noqa: BLE001
        return error
    return code


def run_steps(
    steps: Iterable[Step],
    names: dict[str, Any],
    source: str,
    filename: str,
    seconds: float,
    unread: Mapping[str, str] = MappingProxyType({}),
) -> Ran:
    """Runs the statements in the namespace ``names``; raises nothing that they raise.

    ``seconds``: the processor time that loading the notebook may take; ``unread``: names that only a broken cell
    binds, with what is wrong with it.
    """
    budget = Budget(_SHARE_OF_LOADING * seconds, filename)
    return _Runner(list(steps), names, CellMap.of_source(source), filename, budget).run(unread)


def notes_on(found: Slice, ran: Ran, source: str) -> tuple[str, ...]:
    """For the student: what was left out, what failed and where."""
    notes = [f"A cell is not valid Python and was left out: {problem}." for problem in found.broken]
    notes += [note[:1].upper() + note[1:] for note in ran.failed]
    if found.left_out:
        many = len(found.left_out)
        count = "1 other statement was" if many == 1 else f"{many} other statements were"
        first = CellMap.of_source(source).describe(found.left_out[0])
        notes.append(
            f"Of your notebook, what the graded functions need is run; {count} left out ({first}"
            f"{'' if many == 1 else ' and below'})."
        )
    return tuple(printable(note, _MAX_NOTE) for note in notes[:_MAX_NOTES])


class _Runner:
    def __init__(
        self, steps: list[Step], names: dict[str, Any], places: CellMap, filename: str, budget: Budget
    ) -> None:
        self.steps = steps
        self.names = names
        self.places = places
        self.filename = filename
        self.budget = budget
        self.failed: list[str] = []
        self.lost: dict[str, str] = {}

    def run(self, unread: Mapping[str, str]) -> Ran:
        waiting = self.steps
        for _ in range(_MOST_PASSES):  # each gets what ran in another order than it stands in one link further
            before = len(waiting)
            waiting = [one for one in waiting if not self._run(one, may_wait=True)]
            if len(waiting) in (0, before):
                break
        for one in waiting:
            self._run(one, may_wait=False)
        for name, problem in unread.items():
            if name not in self.names:
                self.lost.setdefault(name, f"`{name}` stands in a cell that is not valid Python ({problem}).")
        lost = {name: printable(reason, _MAX_NOTE) for name, reason in self.lost.items() if name not in self.names}
        return Ran(tuple(self.failed), dict(itertools.islice(lost.items(), _MOST_LOST)))

    def _run(self, one: Step, *, may_wait: bool) -> bool:
        """Whether the statement is done with; False where it needs a name that only a later one binds."""
        if not one.binds and not self._may_change(one.changes):
            return True
        try:
            with self.budget.share() as seconds:
                _execute(one.code, self.names)
        except Stopped:
            self._fail(one, f"it used more than {seconds:.2g} s of processor time and was stopped")
        except NameError as error:
            if may_wait and any(error.name in other.binds for other in self.steps):
                return False
            self._fail(one, unreached(self.lost, error) or _said(error))
        except BaseException as error:  # the student's code may raise anything, SystemExit included  # noqa: BLE001
            if one.binds or one.changes - {SETTINGS}:
                self._fail(one, _said(error))
        return True

    def _may_change(self, changed: frozenset[str]) -> bool:
        """Whether one of the names has an object that can be changed: a training run does not change a device."""
        if SETTINGS in changed:
            return True
        return any(not _is_unchangeable(self.names[name]) for name in changed if name in self.names)

    def _fail(self, one: Step, why: str) -> None:
        where = self.places.describe(one.line)
        text = printable(linecache.getline(self.filename, one.line).strip(), _MAX_SHOWN)
        what = f"{where}: `{text}`: {why.rstrip(chr(46))}"
        missing = sorted(name for name in one.binds if name not in self.names)
        for name in missing:
            self.lost.setdefault(name, f"`{name}` is missing because of {what}.")
        named = ", ".join(f"`{name}`" for name in missing[:3]) + (", …" if missing[3:] else "")
        if missing:
            self.failed.append(f"{what}, so {named} {'is' if len(missing) == 1 else 'are'} missing.")
        else:
            touched = sorted((one.binds | one.changes) - {SETTINGS})
            named = ", ".join(f"`{name}`" for name in touched[:3]) + (", …" if touched[3:] else "")
            self.failed.append(f"{what}, so {named or 'it'} stays as it was then.")


def _execute(code: CodeType | Exception, names: dict[str, Any]) -> None:
    """Runs a statement, a coroutine's as well: notebooks may ``await`` at top level."""
    if isinstance(code, Exception):
        raise code
    if not code.co_flags & inspect.CO_COROUTINE:
        exec(code, names)
        return
    running = FunctionType(code, names)()
    for _ in range(_MOST_PAUSES):  # no event loop: it would need sockets, which the worker has not
        try:
            running.send(None)
        except StopIteration:
            return
    raise RuntimeError("it waits for something that does not come")


def _said(error: BaseException) -> str:
    try:
        text = str(error).strip().split("\n")[0]
    except BaseException:  # a student's __str__ may raise anything  # noqa: BLE001
        text = ""
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _is_unchangeable(value: object) -> bool:
    kind = type(value)
    if kind is tuple:
        return all(_is_unchangeable(part) for part in value)  # type: ignore[attr-defined]
    return kind in _UNCHANGEABLE or (kind.__module__ == "torch" and kind.__name__ in _UNCHANGEABLE_OF_TORCH)


def unreached(lost: Mapping[str, str], error: BaseException) -> str:
    """Why the name that ``error`` misses is not there; empty where that is not known."""
    name = getattr(error, "name", None) if isinstance(error, NameError) else None
    return lost.get(name, "") if isinstance(name, str) else ""
