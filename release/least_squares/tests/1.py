"""The public checks of task 1, for Otter: The gradient by hand."""

from autograder.student.notebook import PublicChecks
from otter.test_files import test_case

OK_FORMAT = False

name = "1"
points = None

checks = PublicChecks("1")


@test_case(name='The gradient of the example is (-2, -6) at w = (0, 0) and (-1, -2) at w = (1, 1).', points=1, hidden=False)
def test_gradient_of_the_example(env):
    checks.expect("test_gradient_of_the_example", env)


@test_case(name='The gradient comes from the formula, not from autograd.', points=0.5, hidden=False)
def test_gradient_uses_no_autograd(env):
    checks.expect("test_gradient_uses_no_autograd", env)


@test_case(name='X, y and w are what they were before.', points=0.5, hidden=False)
def test_gradient_leaves_its_arguments(env):
    checks.expect("test_gradient_leaves_its_arguments", env)
