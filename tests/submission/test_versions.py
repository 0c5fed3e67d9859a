"""Which file names are versions of one another, and which of two is the later one."""

from __future__ import annotations

import pytest

from autograder.submission.versions import base_name, version


@pytest.mark.parametrize(
    ("name", "base"),
    [("ada (1)", "ada"), ("ada-2", "ada"), ("ada - Copy", "ada"), ("ada_final_v2", "ada"), ("ada-2024", "ada-2024"),
     ("final", "final"), ("hw_1", "hw_1"), ("(1)", "(1)")],
)  # fmt: skip
def test_base_names(name: str, base: str) -> None:
    assert base_name(name) == base


def test_later_versions_are_later() -> None:
    order = ["ada_old.py", "ada.py", "ada (1).py", "ada (2).py", "ada_final.py", "ada_final_v2.py"]
    assert sorted(order, key=version) == order
