"""Which tests stay in one process where several share the work: those of a file, and all of an assignment.

They share fixtures that cost seconds: judges, graded classes, released courses. xdist's own ``--dist loadgroup`` does
this by names that it writes into the tests' ids, which pytest 9.1 and later do not take: there it shares nothing.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

_ROOT = Path(__file__).parents[1]
_SLUGS = sorted(path.parent.name for path in (_ROOT / "assignments").glob("*/assignment.toml"))
_OF_AN_ASSIGNMENT = re.compile(rf"tests/course/[^\[]*\[({'|'.join(_SLUGS)})[-\]]")


def group_of(nodeid: str) -> str:
    """What the test shares a process with: its assignment in tests/course, else its file."""
    found = _OF_AN_ASSIGNMENT.match(nodeid)
    return found[1] if found else nodeid.split("::", 1)[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Hands out whole groups, however ``--dist`` is set."""
    from xdist.scheduler import LoadScopeScheduling

    class ByGroup(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return group_of(nodeid)

    return ByGroup(config, log)
