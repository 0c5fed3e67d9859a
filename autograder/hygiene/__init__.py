"""Gradient hygiene: a linter for training loops that watches them run."""

from __future__ import annotations

from autograder.hygiene.catalogue import Rule, diagnose, rule, rules
from autograder.hygiene.consistency import consistency_problems
from autograder.hygiene.divergence import Divergence, first_divergence
from autograder.hygiene.recorder import Recording, record
from autograder.hygiene.trace import Trace, TraceError
from autograder.hygiene.windows import Window

__all__ = [
    "Divergence",
    "Recording",
    "Rule",
    "Trace",
    "TraceError",
    "Window",
    "consistency_problems",
    "diagnose",
    "first_divergence",
    "record",
    "rule",
    "rules",
]
