from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.grade.file_names import file_names_beside, safe_file_name, unique_file_names

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=300)
SAFE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,118}[A-Za-z0-9_-]|[A-Za-z0-9_]")


@pytest.mark.parametrize("name", ["ada", "student_001", "hw1-ada.py", "a", "ada.lovelace"])
def test_harmless_names_stay(name: str) -> None:
    assert safe_file_name(name) == name


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../../etc/passwd", "/", "a\x00b", "CON", "nul.txt", "-rf", ".bashrc", "x" * 500, "é"],
)
def test_odd_names_become_harmless(name: str) -> None:
    safe = safe_file_name(name)
    assert SAFE.fullmatch(safe) and safe != name
    assert safe.split(".")[0].lower() not in ("con", "nul")


def test_readable_part_is_kept() -> None:
    assert safe_file_name("Brontë, Emily").startswith("Bronte_Emily-")


@settings(max_examples=150)
@given(name=ANY_TEXT)
def test_every_name_is_safe_and_deterministic(name: str) -> None:
    safe = safe_file_name(name)
    assert SAFE.fullmatch(safe) and ".." not in safe[:2]
    assert safe == safe_file_name(name)


@settings(max_examples=60)
@given(names=st.lists(ANY_TEXT | st.sampled_from(["ada", "Ada", "ADA", "a b", "a_b", "a  b"]), max_size=12))
def test_different_names_get_different_files(names: list[str]) -> None:
    chosen = unique_file_names(names)
    assert set(chosen) == set(names)
    assert len({name.casefold() for name in chosen.values()}) == len(chosen)
    assert chosen == unique_file_names(reversed(names))


def test_a_known_name_keeps_its_files(tmp_path: Path) -> None:
    assert file_names_beside({}, ["ada", "bo"]) == {"ada": "ada", "bo": "bo"}
    assert file_names_beside({"ada": "ADA-1", "x": "bo"}, ["ada", "bo"]) == {"ada": "ADA-1", "bo": "bo-2"}
