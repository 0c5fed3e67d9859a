"""The programs on which the hygiene linter is judged, and what PyTorch itself says about each of them."""

from __future__ import annotations

import functools
import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.hygiene.corpora.equivalents import equivalents as equivalent_loops
from tests.hygiene.corpora.rewritten import rewritten

HERE = Path(__file__).parent
MARK = "# <- fault"


@dataclass(frozen=True)
class Idiom:
    """A correct program; `ignored` are the rules that its assignment switches off."""

    path: Path
    ignored: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.path.stem


@dataclass(frozen=True)
class Faulty:
    """A program with one planted fault, the code it must get and the lines that count as its cause."""

    path: Path
    code: str
    lines: frozenset[int]
    fault: str = ""
    asked: dict[str, float] = field(default_factory=dict, hash=False)

    @property
    def name(self) -> str:
        return self.path.stem


def load(path: Path) -> ModuleType:
    """The program as a freshly imported module."""
    spec = importlib.util.spec_from_file_location(f"hygiene_corpus_{path.stem}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def arguments(module: ModuleType) -> tuple[Any, ...]:
    """What run() is called with: nothing, or the tensors that the program's arguments() makes."""
    return tuple(module.arguments()) if hasattr(module, "arguments") else ()


def _header(text: str, key: str) -> str:
    found = re.search(rf"^# {key}: (.*)$", text, re.MULTILINE)
    return found.group(1).strip() if found else ""


def _read_faulty(path: Path) -> Faulty:
    text = path.read_text(encoding="utf-8")
    lines = frozenset(n for n, line in enumerate(text.splitlines(), 1) if MARK in line)
    asked = {key: float(value) for key, value in re.findall(r"(\w+)=([\d.e-]+)", _header(text, "asked"))}
    return Faulty(path, _header(text, "expect"), lines, _header(text, "Fault"), asked)


def idioms() -> list[Idiom]:
    """Correct programs: no diagnostic is allowed."""
    found = []
    for path in sorted((HERE / "idioms").glob("*.py")):
        ignored = _header(path.read_text(encoding="utf-8"), "ignore")
        found.append(Idiom(path, tuple(code.strip() for code in ignored.split(",") if code.strip())))
    return found


def faulty() -> list[Faulty]:
    """Programs with one planted fault each."""
    return [_read_faulty(path) for path in sorted((HERE / "faulty").glob("*.py"))]


def scripts() -> list[tuple[Path, Faulty]]:
    """Real training scripts: the clean one and the one with a planted fault, in pairs."""
    clean = sorted((HERE / "scripts").glob("*.py"))
    return [(path, _read_faulty(HERE / "scripts" / "planted" / path.name)) for path in clean]


@functools.cache  # they take seconds to write, and several files of tests ask for them
def equivalents() -> tuple[tuple[str, str], ...]:
    """Name and source of each program equivalent to a legal idiom."""
    return (*equivalent_loops(), *rewritten([idiom.path for idiom in idioms() if not idiom.ignored]))


_PLAIN = """
import contextlib, importlib.util, io, json, sys, warnings
import torch

def said_about(path):
    spec = importlib.util.spec_from_file_location("program", path)
    module = importlib.util.module_from_spec(spec)
    said = []
    with warnings.catch_warnings(record=True) as caught, contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("always")
        try:
            spec.loader.exec_module(module)
            if hasattr(module, "run"):
                module.run(*(module.arguments() if hasattr(module, "arguments") else ()))
            else:
                module.main()
        except Exception as error:
            said.append(f"{type(error).__name__}: {error}")
    kept = [w for w in caught if not issubclass(w.category, (DeprecationWarning, FutureWarning))]
    said += [f"{w.category.__name__}: {w.message}" for w in kept]
    return "\\n".join(dict.fromkeys(text.strip().splitlines()[0] for text in said))

threads = torch.get_num_threads()
torch.set_warn_always(True)  # otherwise a warning is given to the first program only
for path in sys.argv[1:]:
    sys.argv[:] = [path]
    text = said_about(path)
    torch.set_grad_enabled(True)
    torch.autograd.set_detect_anomaly(False)
    torch.use_deterministic_algorithms(False)
    torch.set_default_dtype(torch.float32)
    torch.set_num_threads(threads)
    print(json.dumps([path, text]), flush=True)
"""


def what_torch_says_of(paths: Iterable[Path], *, seconds: float = 600.0) -> dict[Path, str]:
    """Exception and warnings of each program in plain torch, first lines only; empty where it runs in silence."""
    command = [sys.executable, "-c", _PLAIN, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=True)
    return {Path(path): text for path, text in map(json.loads, done.stdout.splitlines())}


def what_torch_says(path: Path) -> str:
    """What PyTorch itself says about one program."""
    return what_torch_says_of([path])[path]
