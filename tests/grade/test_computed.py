"""What trusted code computed is read back by later judges, exactly, and only where nothing speaks against it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy
import pytest
import torch

from autograder.checking import trusted
from autograder.checking.trusted import TrustedModule
from autograder.grade import computed
from autograder.grade.computed import Computed

if TYPE_CHECKING:
    from pathlib import Path

    from autograder.assignment import Assignment

QUESTION = b"what"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where it is kept."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("AUTOGRADER_NO_CACHE", raising=False)
    return tmp_path / "cache" / "torch-autograder" / "computed"


def test_it_comes_back_to_the_last_bit(tiny: Assignment, folder: Path) -> None:
    result: dict[Any, Any] = {
        "t": (torch.rand(3, 4), torch.arange(3)),
        1: [0.1] * 9,
        "more": [None, True, -0.0, math.inf, 2**70, b"x"],
    }
    Computed(tiny, "given").keep(QUESTION, result)
    found = Computed(tiny, "given").find(QUESTION)
    assert found is not None and repr(found[0]) == repr(result)
    assert torch.equal(found[0]["t"][0], result["t"][0])
    assert [path.stat().st_mode & 0o777 for path in folder.iterdir()] == [0o600]


def test_other_questions_modules_and_machines_have_their_own(
    tiny: Assignment, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Computed(tiny, "given").keep(QUESTION, 1)
    assert Computed(tiny, "given").find(QUESTION) == (1,)
    assert Computed(tiny, "given").find(b"other") is None
    assert Computed(tiny, "reference").find(QUESTION) is None
    monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: "of another machine")
    assert Computed(tiny, "given").find(QUESTION) is None


@pytest.mark.parametrize(
    "result",
    [
        torch.ones(2, requires_grad=True),
        torch.ones(2, 3).T,
        torch.nn.Parameter(torch.ones(2)),
        torch.ones(2).to_sparse(),
        numpy.float64(1.0),
        [numpy.ones(2)],
        object(),
        len,
    ],
)
def test_what_would_come_back_as_something_else_is_not_kept(tiny: Assignment, folder: Path, result: Any) -> None:
    Computed(tiny, "given").keep(QUESTION, [result])
    assert list(folder.iterdir()) == []


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def change(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def open_to_others(path: Path) -> None:
    path.chmod(0o622)


def open_folder(path: Path) -> None:
    path.parent.chmod(0o777)


def link(path: Path) -> None:
    path.rename(path.parent.parent / "elsewhere")
    path.symlink_to(path.parent.parent / "elsewhere")


@pytest.mark.parametrize("spoil", [cut, change, open_to_others, open_folder, link])
def test_what_is_damaged_or_open_to_others_is_not_believed(
    tiny: Assignment, folder: Path, spoil: Callable[[Path], None]
) -> None:
    Computed(tiny, "given").keep(QUESTION, [0.5] * 9)
    spoil(next(folder.iterdir()))
    assert Computed(tiny, "given").find(QUESTION) is None


def test_it_can_be_switched_off(tiny: Assignment, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Computed(tiny, "given").keep(QUESTION, 1)
    monkeypatch.setenv("AUTOGRADER_NO_CACHE", "1")
    assert Computed(tiny, "given").find(QUESTION) is None
    Computed(tiny, "given").keep(b"other", 1)
    assert len(list(folder.iterdir())) == 1


def test_the_oldest_make_room(tiny: Assignment, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(computed, "_MOST_KEPT", 40_000)
    monkeypatch.setattr(computed, "_MOST_BYTES", 20_000)
    kept = Computed(tiny, "given")
    for number in range(12):
        kept.keep(bytes([number]), torch.zeros(2000))
    assert sum(path.stat().st_size for path in folder.iterdir()) <= 40_000
    assert kept.find(bytes([11])) is not None


class Shelf:
    """What a module keeps, in this process."""

    def __init__(self) -> None:
        self.results: dict[bytes, Any] = {}

    def find(self, question: bytes) -> tuple[Any] | None:
        return (self.results[question],) if question in self.results else None

    def keep(self, question: bytes, result: Any) -> None:
        self.results[question] = result


@pytest.mark.parametrize(("worth", "times"), [(0.0, 1), (1e9, 2)])
def test_a_trusted_module_computes_once_what_took_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, worth: float, times: int
) -> None:
    monkeypatch.setattr(trusted, "_WORTH_SECONDS", worth)
    path, made = tmp_path / "costly.py", tmp_path / "made"
    path.write_text(
        f"def load(x):\n    with open({str(made)!r}, 'a') as file:\n        file.write('x')\n    return [x]\n"
    )
    shelf = Shelf()
    for _ in range(2):
        module = TrustedModule(path, "tests_kept", kept=shelf)
        module.load(1.0).append(2.0)  # each caller gets a copy of its own
        assert module.load(1.0) == [1.0]
    assert made.read_text() == "x" * times
