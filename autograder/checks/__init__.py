"""The words that an assignment's checks are written in."""

from autograder.checks.causes import (
    Cause,
    cause_of,
    exchange_causes,
    history_causes,
    rounding_causes,
    scale_causes,
    step_causes,
)
from autograder.checks.convergence import (
    assert_at_least,
    assert_at_most,
    assert_contraction,
    assert_descends,
    assert_diverged,
    assert_moved,
)
from autograder.checks.descent import assert_descent
from autograder.checks.reading import read_number, read_numbers, read_parts
from autograder.checks.require import passes, require
from autograder.checks.training import assert_clean_runs, assert_same_run
from autograder.checks.values import assert_history, assert_tensor, assert_types, assert_values

__all__ = [
    "Cause",
    "assert_at_least",
    "assert_at_most",
    "assert_clean_runs",
    "assert_contraction",
    "assert_descends",
    "assert_descent",
    "assert_diverged",
    "assert_history",
    "assert_moved",
    "assert_same_run",
    "assert_tensor",
    "assert_types",
    "assert_values",
    "cause_of",
    "exchange_causes",
    "history_causes",
    "passes",
    "read_number",
    "read_numbers",
    "read_parts",
    "require",
    "rounding_causes",
    "scale_causes",
    "step_causes",
]
