"""What changes in a dict or a function is seen, whether this Python tells or not."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any

import pytest

from autograder.bridge import untouched
from autograder.bridge.untouched import Untouched


def function(number: int = 1, *, word: str = "") -> int:
    return number


def _replaced_and_put_back(names: dict[str, Any]) -> None:
    names["a"], kept = 5, names["a"]
    names["a"] = kept


CHANGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "a value": lambda names: names.update(a=5),
    "another of the same length": lambda names: [names.pop("b"), names.update(c=2)],
    "one more": lambda names: names.update(c=2),
    "one less": lambda names: names.pop("b"),
    "in the program": lambda names: exec("a = 5", names),
    "put back": _replaced_and_put_back,
}
HELD: dict[str, Callable[[], object]] = {
    "its code": lambda: setattr(function, "__code__", _replaced_and_put_back.__code__),
    "its defaults": lambda: setattr(function, "__defaults__", (2,)),
    "its defaults by name": lambda: setattr(function, "__kwdefaults__", {"word": "x"}),
    "its attributes": lambda: setattr(function, "__dict__", {"x": 1}),
}


@pytest.fixture(autouse=True)
def put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("__code__", "__defaults__", "__kwdefaults__", "__dict__"):
        monkeypatch.setattr(function, name, getattr(function, name))


@pytest.fixture(params=[True, False], ids=["told", "not told"])
def tells(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    tells = request.param and untouched._python_tells()
    monkeypatch.setattr(untouched, "_python_tells", lambda: tells)
    return tells


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_changed_dict_is_seen(tells: bool, change: Callable[[dict[str, Any]], object]) -> None:
    names: list[dict[str, Any]] = [{}, {"a": 1, "b": 2, "__builtins__": {}}, {"a": 1}]
    watched = Untouched(dict, names)
    change(names[1])
    assert list(watched.changed()) == ([1] if tells else [0, 1, 2])


@pytest.mark.parametrize("change", HELD.values(), ids=HELD)
def test_a_changed_function_is_seen(tells: bool, change: Callable[[], object]) -> None:
    watched = Untouched(FunctionType, [_replaced_and_put_back, function])
    change()
    assert list(watched.changed()) == ([1] if tells else [0, 1])


def test_what_is_accepted_is_no_change_any_more_but_what_comes_after_the_look_is() -> None:
    if not untouched._python_tells():
        pytest.skip("this Python does not tell")
    names = {"a": 1}
    watched = Untouched(dict, [names])
    assert not watched.changed()
    names["a"] = 2
    assert [list(watched.changed()), list(watched.changed())] == [[0], [0]]
    watched.accept()
    assert not watched.changed()
    names["a"] = 3
    assert watched.changed()
    names["a"] = 4
    watched.accept()
    assert watched.changed()


def test_where_nobody_is_watched_nothing_changes() -> None:
    assert not list(Untouched(dict, []).changed())
