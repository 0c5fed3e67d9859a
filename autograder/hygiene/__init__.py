"""Gradient hygiene: a linter for training loops that watches them run."""

from __future__ import annotations

from autograder.hygiene.comparison.divergence import Divergence
from autograder.hygiene.comparison.first_divergence import first_divergence
from autograder.hygiene.recording.recorder import Recording, record
from autograder.hygiene.trace.arrival import TraceError
from autograder.hygiene.trace.consistency import consistency_problems
from autograder.hygiene.trace.events import Backward
from autograder.hygiene.trace.places import Places
from autograder.hygiene.trace.window import Window
from autograder.hygiene.verdict.catalogue import Rule, diagnose, rule, rules
from autograder.hygiene.verdict.page import entry, rules_page
from autograder.hygiene.verdict.trace import Trace

__all__ = [
    "Backward",
    "Divergence",
    "Places",
    "Recording",
    "Rule",
    "Trace",
    "TraceError",
    "Window",
    "consistency_problems",
    "diagnose",
    "entry",
    "first_divergence",
    "record",
    "rule",
    "rules",
    "rules_page",
]
