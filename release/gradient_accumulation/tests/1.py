"""The public checks of task 1, for Otter: A loop with and without clearing."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "1"
points = None

checks = PublicChecks("1")


@test_case(name='The first entries are a = 0.5, b = 0.5 and the loss 1.5625, before any update; all are floats in three lists.', points=0.5, hidden=False)
def test_demo_starts_before_the_first_update(env):
    checks.expect("test_demo_starts_before_the_first_update", env)


@test_case(name='With clearing the ten recorded values are those of the table.', points=1.5, hidden=False)
def test_demo_with_clearing(env):
    checks.expect("test_demo_with_clearing", env)


@test_case(name='Without clearing the gradients pile up and the ten recorded values are those of the table.', points=1.5, hidden=False)
def test_demo_without_clearing(env):
    checks.expect("test_demo_without_clearing", env)


@test_case(name='With clear_grad=True every update uses the gradient of its own step and no other.', points=2, hidden=False)
def test_demo_gradient_hygiene(env):
    checks.expect("test_demo_gradient_hygiene", env)
