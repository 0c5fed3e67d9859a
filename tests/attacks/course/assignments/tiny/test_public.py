import pytest
import torch

from autograder.checks import assert_values


@pytest.mark.task("1", points=2, category="correctness")
def test_double_of_two(submission):
    """Twice two is four."""
    assert_values(submission.double(torch.tensor([2.0])), torch.tensor([4.0]), atol=1e-6)
