"""A walk is compared with the function that it walks on, whatever that is."""

from __future__ import annotations

import math

import pytest
import torch

from autograder.checks import assert_descent
from autograder.errors import CheckFailure

RATE = 5e-4


def hilly(u, v):
    """Himmelblau's function with a wrong sign."""
    return (u**2 - v - 11) ** 2 + (u + v**2 - 7) ** 2


def walk(factor=1.0, steps=20, dtype=torch.float32):
    """Points and losses of gradient descent with ``factor`` times the rate."""
    point, points, losses = torch.tensor([1.0, 1.0], dtype=dtype), [], []
    for _ in range(steps):
        point = point.detach().requires_grad_()
        loss = hilly(*point)
        points.append(tuple(point.tolist()))
        losses.append(loss.item())
        (gradient,) = torch.autograd.grad(loss, point)
        point = point - factor * RATE * gradient
    return [*points, tuple(point.tolist())], losses


def refused(*args, **options):
    with pytest.raises(CheckFailure) as caught:
        assert_descent(*args, **options)
    return caught.value.message


@pytest.mark.parametrize("steps", [1, 20, 300])
def test_a_walk_on_the_function(steps):
    points, losses = walk(steps=steps)
    assert_descent(hilly, points, RATE, losses=losses)
    assert_descent(lambda u, v: hilly(u.float(), v.float()), points, RATE, losses=losses)


@pytest.mark.parametrize("factor", [2.0, 0.5, -1.0, 0.0, 1.1])
def test_other_walks(factor):
    points, _ = walk(factor)
    assert refused(hilly, points, RATE, name="your himmelblau").startswith("Step 1 leads from (1.0000, 1.0000) to (")


def test_one_step_that_is_wrong():
    points, _ = walk()
    points[7] = (points[7][0] + 0.01, points[7][1])
    said = refused(hilly, points, RATE, name="your himmelblau")
    assert said.startswith("Step 7 leads from (")
    assert said.endswith("): not by minus 0.0005 times the gradient of your himmelblau.")


def test_losses_that_are_not_its_values():
    points, losses = walk()
    said = refused(hilly, points, RATE, losses=[*losses[:3], losses[4], *losses[4:]], name="your himmelblau")
    assert said.startswith("The loss of step 4 is ")


def test_functions_that_give_no_values():
    points, _ = walk()
    assert refused(lambda u, v: hilly(u, v).sum(), points, RATE).endswith("it gives a tensor of shape ().")
    assert refused(lambda u, v: None, points, RATE) == (
        "For 21 points, your function should give 21 values; it gives no tensor."
    )
    assert "finite numbers" in refused(hilly, [(1.0, 1.0), (math.nan, 1.0)], RATE)
    assert "finite numbers" in refused(hilly, [(1.0, 1.0)], RATE)
