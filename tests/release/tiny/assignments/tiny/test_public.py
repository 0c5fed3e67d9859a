"""The checks that students get."""

import pytest
import torch

from autograder.checks import assert_values, require


@pytest.mark.task("1", points=1, category="correctness")
def test_double(submission):
    """Twice 1.5 is 3."""
    assert_values(submission.double(torch.tensor(1.5)), torch.tensor(3.0), atol=1e-6, what="double(1.5)")


@pytest.mark.task("2.1", points=1, category="correctness")
@pytest.mark.parametrize("n", [0, 3])
def test_count(submission, n):
    """The even numbers are counted."""
    require(submission.count(n) == [0, 2, 4][:n], f"count({n}) is not right.")
