"""Everything that attacks the intake, from the files ``intake_*.py`` beside this one."""

from __future__ import annotations

import importlib
from pathlib import Path

from tests.attacks.handed_in import BUILDERS

for _path in sorted(Path(__file__).parent.glob("intake_*.py")):
    importlib.import_module(f"tests.attacks.{_path.stem}")

__all__ = ["BUILDERS"]
