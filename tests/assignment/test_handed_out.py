"""Which bodies of a repair task are still those of the handout."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.assignment import Assignment, body_digests, to_repair, untouched
from autograder.errors import AssignmentError

TOML = """\
title = "T"
version = "1"

[[tasks]]
id = "1"
title = "Repair"
kind = "repair"
points = 1
functions = ["cut"]

[[tasks]]
id = "2"
title = "Write"
points = 1
functions = ["fit"]
"""
STUB = '''\
def cut(x):
    """Returns x."""
    return x.detach()


def fit(x):
    raise NotImplementedError
'''


def assignment(folder: Path, toml: str = TOML, stub: str = STUB) -> Assignment:
    (folder / "assignment.toml").write_text(toml)
    (folder / "work.py").write_text(stub)
    return Assignment("work", folder, None)


def test_the_functions_of_repair_tasks(tmp_path: Path) -> None:
    assert to_repair(assignment(tmp_path).tasks) == {"cut"}


@pytest.mark.parametrize(
    ("source", "names"),
    [
        (STUB, {"cut"}),
        ("import torch\n# Mine.\ndef cut(x):\n    # Hm.\n    return (x.detach())\n", {"cut"}),
        (STUB.replace("x.detach()", "x"), set()),
        (STUB.replace("return x.detach()", "x = x.detach()\n    return x"), set()),
        ("def other(x):\n    return x.detach()\n", set()),
        ("def cut(:", set()),
    ],
    ids=["as handed out", "formatted and commented", "repaired", "written otherwise", "missing", "no Python"],
)
def test_untouched(tmp_path: Path, source: str, names: set[str]) -> None:
    assert untouched(assignment(tmp_path), source) == names


def test_a_students_folder_knows_it_from_the_digests(tmp_path: Path) -> None:
    """There, the module is what the student works on, and no stub is left."""
    (digest,) = body_digests(STUB, {"cut"}).values()
    repaired = STUB.replace("x.detach()", "x")
    theirs = assignment(tmp_path, f'{TOML}\n[handout]\ncut = "{digest}"\n', repaired)
    assert untouched(theirs, repaired) == set()
    assert untouched(theirs, STUB) == {"cut"}


def test_a_class_is_one_body() -> None:
    source = 'class Net:\n    def f(self):\n        """Words."""\n        return 1\n'
    assert body_digests(source, {"Net"}) == body_digests(source.replace("Words.", "Others."), {"Net"})
    assert body_digests(source, {"Net"}) != body_digests(source.replace("return 1", "return 2"), {"Net"})


def test_an_unknown_kind_is_named(tmp_path: Path) -> None:
    with pytest.raises(AssignmentError, match=r"line 7"):
        assignment(tmp_path, TOML.replace('"repair"', '"mend"'))
