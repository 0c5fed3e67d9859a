"""The checks that students never see."""

import pytest
import torch

from autograder.checks import assert_values, require


@pytest.mark.task("1", points=1, category="convergence")
def test_double_of_a_secret_vector(submission, reference):
    """Vectors are doubled as well."""
    secret = torch.tensor([0.125, -7.25, 1234.5])
    assert_values(submission.double(secret), reference.double(secret), atol=1e-6, what="double of a vector")


@pytest.mark.task("2.1", points=2, category="correctness")
@pytest.mark.parametrize("n", [1, 2])
def test_count_further(submission, n):
    """Other lengths are right."""
    require(submission.count(n) == list(range(0, 2 * n, 2)), f"count({n}) is not right.")


@pytest.mark.task("2.1", points=1, category="correctness")
def test_walker_remembers(submission):
    """Two steps add up."""
    walker = submission.Walker(0.5)
    walker.step(1.0)
    require(walker.step(2.0) == 3.5, "After steps of 1 and 2 from 0.5 the place should be 3.5.")
