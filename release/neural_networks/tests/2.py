"""The public checks of task 2, for Otter: Training for numbers."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "2"
points = None

checks = PublicChecks("2")


@test_case(name='The worked example ends where the table says.', points=1, hidden=False)
def test_regression_example(env):
    checks.expect("test_regression_example", env)


@test_case(name='The losses of the worked example, one float per step, before its update; none without steps.', points=1, hidden=False)
def test_regression_losses(env):
    checks.expect("test_regression_losses", env)


@test_case(name='Every step of the regression uses the gradient of its own loss and no other.', points=1.5, hidden=False)
def test_regression_gradient_hygiene(env):
    checks.expect("test_regression_gradient_hygiene", env)
