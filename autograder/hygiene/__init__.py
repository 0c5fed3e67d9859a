"""Gradient hygiene: a linter for training loops that watches them run."""

from __future__ import annotations

from autograder.hygiene.comparison.divergence import Divergence, first_divergence
from autograder.hygiene.recording.recorder import Recording, record
from autograder.hygiene.trace.arrival import TraceError
from autograder.hygiene.trace.consistency import consistency_problems
from autograder.hygiene.trace.window import Window
from autograder.hygiene.verdict.catalogue import Rule, diagnose, rule, rules
from autograder.hygiene.verdict.trace import Trace

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
